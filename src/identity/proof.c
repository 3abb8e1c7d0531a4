/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * proof.c: whether the recipient's own server wrote the report (RFC 8601, RFC 7489). See proof.h.
 *
 * Everybody can have a domain that passes. So a pass counts only when the domain is that of every address by which the
 * event's subscriber may be looked up: a stranger's server may report its own mailbox dead, and nobody else's. It will
 * not ask which hosts a domain has.
 */
#include "identity/proof.h"

#include "base/text.h"
#include "smtp/organisation.h"

#include <nixie/address.h>

#include <string.h>

static gboolean
is_below (const char *name, const char *domain)
{
	gsize name_length = strlen (name);
	gsize length = strlen (domain);
	return name_length > length && strcmp (name + name_length - length, domain) == 0 &&
	       name[name_length - length - 1] == '.';
}

gboolean
nx_proof_is_same_organisation (const char *a, const char *b)
{
	const char *upper = is_below (a, b) ? b : a;
	return (strcmp (a, b) == 0 || upper == b || is_below (b, a)) && !nx_organisation_is_registry (upper);
}

static gboolean
is_vouched_address (const char *address, const GPtrArray *domains)
{
	g_autofree char *key = nx_address_make_key (address);
	const char *domain = nx_address_get_domain (key);
	for (guint i = 0; i < domains->len; i++)
		if (nx_proof_is_same_organisation (g_ptr_array_index (domains, i), domain))
			return TRUE;
	return FALSE;
}

/* The addresses are those by which the store looks for the subscriber, one after the other. */
static gboolean
is_vouched (const NxEvent *event, const GPtrArray *domains)
{
	const char *const addresses[] = { event->verp_recipient, event->original_recipient_raw,
					  event->original_recipient, event->recipient };
	guint count = 0;
	for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
		if (*addresses[i] == '\0')
			continue;
		if (!is_vouched_address (addresses[i], domains))
			return FALSE;
		count++;
	}
	return count > 0;
}

void
nx_proof_settle (NxEvent *event, const NxAuthentication *authentication, NxVerpResult refused)
{
	if (event->kind == NX_KIND_NONE || event->proof == NX_PROOF_SIGNED)
		return;
	if (authentication->failed) {
		event->proof = NX_PROOF_CLAIM;
		nx_event_add_defect (event, "auth-failed");
	} else if (refused == NX_VERP_NONE && event->proof < NX_PROOF_ORIGINAL &&
		   is_vouched (event, authentication->domains))
		event->proof = NX_PROOF_ORIGINAL;
}

void
nx_event_add_defect (NxEvent *event, const char *name)
{
	nx_text_take (&event->defects,
		      *event->defects == '\0' ? g_strdup (name) : g_strconcat (event->defects, " ", name, NULL));
}
