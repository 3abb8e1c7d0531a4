/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * organisation.c: public suffixes (publicsuffix.org), by libpsl. See organisation.h.
 *
 * The list is the one that was compiled into libpsl, never a newer file beside it: two processes of one machine agree,
 * whenever either was started.
 */
#include "smtp/organisation.h"

#include <nixie/address.h>

#include <libpsl.h>
#include <string.h>

#include "smtp/address-text.h"

static gboolean
is_ip_address (const char *name)
{
	return *name == '[' || strchr (name, ':') != NULL || strspn (name, "0123456789.") == strlen (name);
}

gboolean
nx_organisation_is_registry (const char *domain)
{
	const psl_ctx_t *list = psl_builtin ();
	if (*domain == '\0' || is_ip_address (domain) || strchr (domain, '.') == NULL)
		return TRUE;
	return list != NULL && psl_is_public_suffix (list, domain) != 0;
}

char *
nx_organisation_make_name (const char *host)
{
	gsize length = strcspn (host, " \t\r\n(");
	while (length > 0 && host[length - 1] == '.')
		length--;
	g_autofree char *cut = g_strndup (host, length);
	g_autofree char *name = nx_address_make_domain_key (cut);
	if (*name == '\0' || is_ip_address (name) || strchr (name, '.') == NULL)
		return g_strdup ("");
	const psl_ctx_t *list = psl_builtin ();
	const char *registered = list != NULL ? psl_registrable_domain (list, name) : name;
	return g_strdup (registered != NULL ? registered : "");
}
