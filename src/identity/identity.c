/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * identity.c: whose subscription, and the proof that a report is about a mail of ours. See identity.h.
 *
 * Looked at in this order: the envelope recipient, the headers that repeat it, then the returned original: its
 * Return-Path, what a complaint says it was, the site's own headers, CFBL-Address (RFC 9477), List-Unsubscribe (RFC
 * 2369). Plain VERP proves little: anyone who knows the list can write such an address. What stands in the returned
 * original proves little more: that its writer knows what our mails look like. A complaint's addresses may be redacted
 * (RFC 6590); such a one names nobody.
 */
#include "identity/identity.h"

#include "base/limits.h"
#include "base/text.h"
#include "identity/return-path.h"
#include "mime/headers.h"

#include <nixie/address.h>

#include <string.h>

/* Subscriber headers that are known without configuration. Anybody can look them up here. */
static const char *const known_headers[] = { "X-Listmonk-Subscriber", "CFBL-Feedback-ID" };

/* Parameters that an unsubscription URL names its reader by. */
static const char *const url_parameters[] = { "email", "e",    "mail",       "address",   "addr", "user",
					      "usr",   "rcpt", "subscriber", "recipient", "to",   "email_address" };

typedef struct {
	const NxIdentityRules *rules;
	NxIdentity *identity;
	GPtrArray *addresses; /* borrowed: whom the report names */
	gboolean named;       /* the list is what named the recipient */
	gboolean redacted;    /* addresses may be: it is a complaint */
	gboolean own_token;   /* a configured subscriber header holds a token */
	char *own_address;    /* a configured subscriber header names somebody */
} Search;

/* Every address of a report that a token may be checked against. */
static GPtrArray *
list_addresses (const NxReport *report)
{
	GPtrArray *addresses = g_ptr_array_new ();
	for (guint i = 0; i < report->recipients->len; i++) {
		const NxRecipient *recipient = nx_report_get_recipient (report, i);
		const char *const all[] = { recipient->final_recipient, recipient->original_recipient,
					    recipient->original_recipient_raw, recipient->actual_recipient };
		for (guint j = 0; j < G_N_ELEMENTS (all); j++)
			if (*all[j] != '\0')
				g_ptr_array_add (addresses, (gpointer)(guintptr)all[j]);
	}
	return addresses;
}

static void
take_list (Search *search, const char *list, gboolean names_recipient)
{
	if (*list == '\0' || (*search->identity->list != '\0' && (!names_recipient || search->named)))
		return;
	nx_text_set (&search->identity->list, list);
	search->named = search->named || names_recipient;
}

/* @returned: the path was not what the report came back to. */
static void
read_path (Search *search, const char *text, gboolean returned)
{
	NxIdentity *identity = search->identity;
	if (identity->proof == NX_PROOF_SIGNED || *text == '\0')
		return;
	const NxIdentityRules *rules = search->rules;
	g_autoptr (NxReturnPath) path = nx_return_path_read (text, rules->patterns);
	if (search->redacted && *path->recipient != '\0' && nx_address_is_redacted (path->recipient)) {
		take_list (search, path->list, FALSE); /* its token would only seem to be forged */
		return;
	}
	if (rules->keys != NULL)
		nx_verp_check (rules->keys, path, rules->now, search->addresses, rules->lookup, rules->lookup_data);
	if (path->result == NX_VERP_VALID) {
		identity->proof = NX_PROOF_SIGNED;
		identity->refused = NX_VERP_NONE;
		nx_text_set (&identity->verp_recipient, path->recipient);
		nx_text_set (&identity->list, path->list);
		return;
	}
	if (path->result != NX_VERP_NONE && identity->refused == NX_VERP_NONE)
		identity->refused = path->result;
	gboolean first = *path->recipient != '\0' && *identity->verp_recipient == '\0';
	take_list (search, path->list, first);
	if (first)
		nx_text_set (&identity->verp_recipient, path->recipient);
	if (first && !returned)
		identity->proof = NX_PROOF_VERP;
	if (*identity->token == '\0')
		nx_text_set (&identity->token, path->token);
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

static void
take_recipient (Search *search, const char *text)
{
	if (*search->identity->verp_recipient != '\0' || !nx_address_is_valid (text) || nx_address_is_role (text) ||
	    (search->redacted && nx_address_is_redacted (text)))
		return;
	nx_text_take (&search->identity->verp_recipient, nx_address_parse (text));
}

/* A subscriber header: a return path, an address, or a token. @own: the site configured it. */
static void
read_subscriber_header (Search *search, const NxHeaders *fields, const char *name, gboolean own)
{
	g_autofree char *value = nx_headers_dup (fields, name);
	g_autofree char *bare = nx_address_parse (value);
	if (*value == '\0' || (search->redacted && nx_address_is_redacted (bare != NULL ? bare : value)))
		return;
	if (bare == NULL) {
		search->own_token = search->own_token || own;
		if (*search->identity->token == '\0')
			nx_text_take (&search->identity->token, nx_text_make_line (value, NX_LIMIT_ADDRESS_BYTES));
		return;
	}
	read_path (search, bare, TRUE);
	take_recipient (search, bare);
	if (!own || search->own_address != NULL)
		return;
	g_autoptr (NxReturnPath) path = nx_return_path_read (bare, search->rules->patterns);
	search->own_token = search->own_token || (*path->recipient == '\0' && *path->token != '\0');
	search->own_address = g_strdup (*path->recipient != '\0' ? path->recipient : bare);
}

/* The parameters of a URL's query (RFC 3986 3.4), as far as they name an address. */
static void
read_query (Search *search, const char *query)
{
	g_auto (GStrv) pairs = g_strsplit_set (query, "&;#", -1);
	for (guint i = 0; pairs[i] != NULL; i++) {
		char *equals = strchr (pairs[i], '=');
		if (equals == NULL)
			continue;
		*equals = '\0';
		g_autofree char *value = g_uri_unescape_string (equals + 1, NULL);
		for (guint j = 0; j < G_N_ELEMENTS (url_parameters) && value != NULL; j++)
			if (g_ascii_strcasecmp (pairs[i], url_parameters[j]) == 0)
				take_recipient (search, value);
	}
}

/* "<mailto:news-unsubscribe-joan=post.example@lists.example>, <https://…?email=joan%40post.example>" (RFC 2369 3.2). */
static void
read_list_unsubscribe (Search *search, const char *field)
{
	for (const char *p = field; (p = strchr (p, '<')) != NULL; p++) {
		g_autofree char *url = g_strndup (p + 1, MIN (strcspn (p + 1, ">"), NX_LIMIT_DIAGNOSTIC_BYTES));
		char *query = strchr (url, '?');
		if (g_ascii_strncasecmp (url, "mailto:", 7) == 0) {
			g_autofree char *raw = g_strndup (url + 7, strcspn (url + 7, "?"));
			g_autofree char *path = g_uri_unescape_string (raw, NULL);
			if (path != NULL)
				read_path (search, path, TRUE);
		}
		if (query != NULL)
			read_query (search, query + 1);
	}
}

/* A field's address as a return path. */
static void
read_returned_path (Search *search, const char *value)
{
	g_autofree char *path = nx_address_parse (value);
	if (path != NULL)
		read_path (search, path, TRUE);
}

static void
read_original (Search *search, const NxReport *report, const NxHeaders *fields)
{
	read_returned_path (search, report->original.return_path);
	read_returned_path (search, report->original_mail_from);
	for (guint i = 0; search->rules->headers != NULL && i < search->rules->headers->len; i++)
		read_subscriber_header (search, fields, g_ptr_array_index (search->rules->headers, i), TRUE);
	for (guint i = 0; i < G_N_ELEMENTS (known_headers); i++)
		read_subscriber_header (search, fields, known_headers[i], FALSE);
	g_autofree char *feedback = nx_headers_dup (fields, "CFBL-Address");
	feedback[strcspn (feedback, ";")] = '\0';
	read_returned_path (search, feedback);
	read_list_unsubscribe (search, report->original.list_unsubscribe);
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

/* A List-Post or List-Unsubscribe (RFC 2369) one of whose URLs leads into the domain. */
static gboolean
is_url_within (const char *field, const char *domain)
{
	for (const char *p = field; (p = strchr (p, '<')) != NULL;) {
		p += strspn (p, "<");
		gsize length = strcspn (p, ">");
		g_autofree char *url = g_strndup (p, MIN (length, NX_LIMIT_DIAGNOSTIC_BYTES));
		p += length;
		const char *host = strstr (url, "://");
		if (g_ascii_strncasecmp (url, "mailto:", 7) == 0) {
			url[strcspn (url, "?")] = '\0';
			if (is_within (nx_address_get_domain (url), domain))
				return TRUE;
		} else if (host != NULL && g_ascii_strncasecmp (url, "http", 4) == 0) {
			g_autofree char *authority = g_strndup (host + 3, strcspn (host + 3, "/?#"));
			const char *at = strrchr (authority, '@');
			char *name = authority + (at != NULL ? at + 1 - authority : 0);
			name[strcspn (name, ":")] = '\0';
			if (is_within (name, domain))
				return TRUE;
		}
	}
	return FALSE;
}

/* The returned original is ours when its Message-ID or its list headers lie in the domain that the report was sent to.
 */
static gboolean
is_our_original (const NxReport *report, const NxHeaders *fields, const char *list_id, const char *envelope_to)
{
	g_autofree char *message_id = nx_address_parse (report->original.message_id);
	g_autofree char *post = nx_headers_dup (fields, "List-Post");
	const char *id_domain = message_id != NULL ? nx_address_get_domain (message_id) : "";
	guint count = report->envelope_recipients->len;
	for (guint i = 0; i <= count; i++) {
		const char *address = i < count ? g_ptr_array_index (report->envelope_recipients, i) : envelope_to;
		const char *domain = address != NULL ? nx_address_get_domain (address) : "";
		if (is_within (id_domain, domain) || is_within (list_id, domain) || is_url_within (post, domain) ||
		    is_url_within (report->original.list_unsubscribe, domain))
			return TRUE;
	}
	return FALSE;
}

/* What the site's own subscriber header holds is a token, or the very reader that the event is about. */
static gboolean
is_our_reader (const Search *search)
{
	const char *recipient = search->identity->verp_recipient;
	return search->own_token ||
	       (search->own_address != NULL && *recipient != '\0' && nx_address_equal (search->own_address, recipient));
}

void
nx_identity_find (const NxIdentityRules *rules, const NxReport *report, const char *envelope_to,
		  NxIdentity *identity_out)
{
	NxIdentity identity = { g_strdup (""), g_strdup (""), g_strdup (""), NX_PROOF_CLAIM, NX_VERP_NONE };
	g_autoptr (GPtrArray) addresses = list_addresses (report);
	g_autoptr (NxHeaders) fields = nx_headers_parse (report->original.fields, FALSE, NULL);
	Search search = { .rules = rules,
			  .identity = &identity,
			  .addresses = addresses,
			  .redacted = report->kind == NX_KIND_FEEDBACK };
	g_autofree char *list_id = read_list_id (report->original.list_id);
	if (envelope_to != NULL)
		read_path (&search, envelope_to, FALSE);
	for (guint i = 0; i < report->envelope_recipients->len; i++)
		read_path (&search, g_ptr_array_index (report->envelope_recipients, i), FALSE);
	take_list (&search, list_id, FALSE);
	search.named = search.named || *identity.list != '\0';
	read_original (&search, report, fields);
	/* Somebody made that token up, or has kept it. Nothing that he says beside it is worth more. */
	if (identity.refused != NX_VERP_NONE && identity.proof != NX_PROOF_SIGNED)
		identity.proof = NX_PROOF_CLAIM;
	else if (identity.proof != NX_PROOF_SIGNED &&
		 (is_our_reader (&search) || is_our_original (report, fields, list_id, envelope_to)))
		identity.proof = NX_PROOF_ORIGINAL;
	g_free (search.own_address);
	*identity_out = identity;
}

void
nx_identity_clear (NxIdentity *identity)
{
	g_clear_pointer (&identity->verp_recipient, g_free);
	g_clear_pointer (&identity->list, g_free);
	g_clear_pointer (&identity->token, g_free);
}
