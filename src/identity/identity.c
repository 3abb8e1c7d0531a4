/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * identity.c: plain VERP return paths and the proof that a report is about a mail of ours. See identity.h.
 *
 * Plain VERP proves little: anyone who knows the list can write such an address. Keyed return paths are not read here
 * yet.
 */
#include "identity/identity.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

/* What list managers put between the list's name and the subscriber, longest first. A mark ends in the delimiter that
 * VERP follows. */
static const char *const marks[] = { "-bounces+", "-bounces-", "+bounces-", "+bounces+", "-bounce+", "-bounce-",
				     "+bounce-",  "-return-",  "+return-",  "-request+", "-owner+",  "-errors+",
				     "-admin+",   "-return+",  "-verp-",    "+verp-" };

/* The same before the list's name. */
static const char *const prefixes[] = { "owner-", "bounces-", "bounce-", "return-" };

/* Return paths of lists that carry no subscriber: the list's name ends here. */
static const char *const suffixes[] = { "-bounces", "-bounce", "-return", "-owner",
					"-request", "-errors", "-admin",  "+bounces" };

/* Forwarders wrap once each; more is no way that a mail went. */
#define WRAPPINGS 4

/* "HHH=TT=domain=local", what follows "SRS0=": the address inside, or NULL. */
static char *
read_srs0 (const char *text)
{
	g_auto (GStrv) fields = g_strsplit (text, "=", 4);
	return g_strv_length (fields) == 4 ? g_strconcat (fields[3], "@", fields[2], NULL) : NULL;
}

/* "prvs=KDDDSSSSSS=local" (BATV), "SRS0=HHH=TT=domain=local", "SRS1=HHH=forwarder==HHH=TT=domain=local": the address
 * inside, or NULL. */
static char *
unwrap_once (const char *address)
{
	const char *at = strrchr (address, '@');
	if (at == NULL)
		return NULL;
	g_autofree char *local = g_strndup (address, (gsize)(at - address));
	if (g_ascii_strncasecmp (local, "prvs=", 5) == 0) {
		const char *equals = strchr (local + 5, '=');
		return equals != NULL ? g_strconcat (equals + 1, at, NULL) : NULL;
	}
	if (strlen (local) < 5 || strchr ("=+-", local[4]) == NULL)
		return NULL;
	if (g_ascii_strncasecmp (local, "SRS0", 4) == 0)
		return read_srs0 (local + 5);
	if (g_ascii_strncasecmp (local, "SRS1", 4) != 0)
		return NULL;
	g_auto (GStrv) fields = g_strsplit (local + 5, "=", 3);
	gboolean whole = g_strv_length (fields) == 3 && *fields[2] != '\0' && strchr ("=+-", *fields[2]) != NULL;
	return whole ? read_srs0 (fields[2] + 1) : NULL;
}

static char *
unwrap (const char *return_path)
{
	g_autofree char *address = g_strdup (return_path);
	for (guint i = 0; i < WRAPPINGS; i++) {
		char *inner = unwrap_once (address);
		if (inner == NULL)
			break;
		g_free (address);
		address = inner;
	}
	return g_steal_pointer (&address);
}

/* "user=host" to "user@host"; the last "=" parts them. */
static char *
read_pair (const char *text)
{
	const char *equals = strrchr (text, '=');
	if (equals == NULL || equals == text || strchr (equals, '.') == NULL)
		return NULL;
	g_autofree char *user = g_strndup (text, (gsize)(equals - text));
	g_autofree char *address = g_strconcat (user, "@", equals + 1, NULL);
	return nx_address_is_valid (address) ? g_steal_pointer (&address) : NULL;
}

/* "bounce+user==a==host==list": Sympa's. */
static char *
read_sympa (const char *local, const char *domain, char **list_out)
{
	const char *plus = strchr (local, '+');
	const char *at = plus != NULL ? strstr (plus, "==a==") : NULL;
	if (at == NULL)
		return NULL;
	g_autofree char *user = g_strndup (plus + 1, (gsize)(at - plus - 1));
	const char *host = at + strlen ("==a==");
	const char *list = strstr (host, "==");
	g_autofree char *host_only = list != NULL ? g_strndup (host, (gsize)(list - host)) : g_strdup (host);
	g_autofree char *address = g_strconcat (user, "@", host_only, NULL);
	if (!nx_address_is_valid (address))
		return NULL;
	if (list != NULL)
		nx_text_take (list_out, g_strconcat (list + 2, "@", domain, NULL));
	return g_steal_pointer (&address);
}

static void
set_list (char **list_out, const char *name, gsize length, const char *domain)
{
	if (length == 0)
		return;
	g_autofree char *local = g_strndup (name, length);
	nx_text_take (list_out, g_strconcat (local, "@", domain, NULL));
}

/* Digits and their delimiter before the pair: the post's number (qmail, mlmmj). */
static const char *
skip_number (const char *text)
{
	gsize digits = strspn (text, "0123456789");
	return digits > 0 && text[digits] == '-' ? text + digits + 1 : text;
}

static char *
read_local (const char *local, const char *domain, char **list_out)
{
	g_autofree char *lower = g_ascii_strdown (local, -1);
	for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
		const char *mark = strstr (lower, marks[i]);
		if (mark == NULL)
			continue;
		set_list (list_out, local, (gsize)(mark - lower), domain);
		char *address = read_pair (skip_number (local + (mark - lower) + strlen (marks[i])));
		if (address != NULL)
			return address;
	}
	for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
		if (!g_str_has_prefix (lower, prefixes[i]))
			continue;
		const char *name = local + strlen (prefixes[i]);
		gsize length = strcspn (name, "+");
		set_list (list_out, name, length, domain);
		return name[length] == '+' ? read_pair (name + length + 1) : NULL;
	}
	for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
		if (g_str_has_suffix (lower, suffixes[i])) {
			set_list (list_out, local, strlen (local) - strlen (suffixes[i]), domain);
			return NULL;
		}
	const char *plus = strchr (local, '+'); /* "anything+user=host": XVERP with the site's own names */
	return plus != NULL ? read_pair (plus + 1) : NULL;
}

gboolean
nx_identity_decode_verp (const char *return_path, char **recipient_out, char **list_out)
{
	g_autofree char *address = unwrap (return_path);
	nx_text_set (recipient_out, "");
	nx_text_set (list_out, "");
	const char *domain = nx_address_get_domain (address);
	if (*domain == '\0')
		return FALSE;
	g_autofree char *local = g_strndup (address, strlen (address) - strlen (domain) - 1);
	g_autofree char *recipient = read_sympa (local, domain, list_out);
	if (recipient == NULL)
		recipient = read_local (local, domain, list_out);
	if (recipient == NULL)
		return FALSE;
	nx_text_take (recipient_out, nx_address_parse (recipient));
	return **recipient_out != '\0';
}

/* "Example News <news.lists.example.org>" to "news.lists.example.org" (RFC 2919). */
static char *
read_list_id (const char *value)
{
	const char *open = strrchr (value, '<');
	const char *close = open != NULL ? strchr (open, '>') : NULL;
	if (close != NULL)
		return g_ascii_strdown (open + 1, close - open - 1);
	return strpbrk (value, " \t@<>") == NULL ? g_ascii_strdown (value, -1) : g_strdup ("");
}

static gboolean
is_within (const char *name, const char *domain)
{
	gsize name_length = strlen (name);
	gsize domain_length = strlen (domain);
	if (domain_length == 0 || name_length < domain_length ||
	    g_ascii_strcasecmp (name + name_length - domain_length, domain) != 0)
		return FALSE;
	return name_length == domain_length || name[name_length - domain_length - 1] == '.';
}

/* The returned original is ours when its Message-ID or List-Id lies in the domain that the report was sent to. */
static gboolean
is_our_original (const NxReport *report, const char *list_id)
{
	g_autofree char *message_id = nx_address_parse (report->original.message_id);
	const char *id_domain = message_id != NULL ? nx_address_get_domain (message_id) : "";
	for (guint i = 0; i < report->envelope_recipients->len; i++) {
		const char *domain = nx_address_get_domain (g_ptr_array_index (report->envelope_recipients, i));
		if (is_within (id_domain, domain) || is_within (list_id, domain))
			return TRUE;
	}
	return FALSE;
}

void
nx_identity_find (const NxReport *report, const char *envelope_to, NxIdentity *identity_out)
{
	NxIdentity identity = { g_strdup (""), g_strdup (""), NX_PROOF_CLAIM };
	gboolean found =
		envelope_to != NULL && nx_identity_decode_verp (envelope_to, &identity.verp_recipient, &identity.list);
	for (guint i = 0; i < report->envelope_recipients->len && !found; i++) {
		g_autofree char *list = g_strdup ("");
		found = nx_identity_decode_verp (g_ptr_array_index (report->envelope_recipients, i),
						 &identity.verp_recipient, &list);
		if (*list != '\0' && (found || *identity.list == '\0'))
			nx_text_take (&identity.list, g_steal_pointer (&list));
	}
	g_autofree char *list_id = read_list_id (report->original.list_id);
	if (*identity.list == '\0')
		nx_text_set (&identity.list, list_id);
	if (is_our_original (report, list_id))
		identity.proof = NX_PROOF_ORIGINAL;
	else if (found)
		identity.proof = NX_PROOF_VERP;
	*identity_out = identity;
}

void
nx_identity_clear (NxIdentity *identity)
{
	g_clear_pointer (&identity->verp_recipient, g_free);
	g_clear_pointer (&identity->list, g_free);
}
