/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * arf.c: feedback reports: message/feedback-report (RFC 5965, RFC 6430 not-spam, RFC 6591 auth-failure), and the older
 * forms of Hotmail, AOL and Comcast.
 *
 * The recipient is often redacted (RFC 6590); then the report names nobody, and what the original carries must tell:
 * its return path, its headers. A feedback report says nothing on whether an address works.
 */
#include "report/report-private.h"

#include "base/limits.h"
#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

static void
add_recipient (NxReport *report, GHashTable *seen, const char *value)
{
	g_autofree char *decoded = nx_headers_decode (value);
	g_autofree char *address = nx_address_parse (decoded);
	if (address == NULL || nx_address_is_redacted (decoded) || nx_address_is_redacted (address))
		return;
	if (!g_hash_table_add (seen, nx_address_make_key (address)))
		return;
	NxRecipient *recipient = nx_report_add_recipient (report);
	if (recipient == NULL)
		return;
	recipient->kind = NX_KIND_FEEDBACK;
	nx_text_take (&recipient->final_recipient, g_steal_pointer (&address));
}

/* The headers of the mail complained about. */
static NxHeaders *
read_original_headers (const NxMessage *message)
{
	for (guint i = 0; i < nx_message_get_part_count (message); i++) {
		if (nx_message_get_part (message, i)->enclosed)
			continue;
		NxHeaders *headers = nx_message_read_part_headers (message, i);
		if (headers != NULL)
			return headers;
	}
	return NULL;
}

/*
 * A post's To is its list, whatever else was taken out of it: it lies in the domain that complaints come to, or its
 * return path begins like it.
 */
static gboolean
is_list (const NxReport *report, const char *value)
{
	g_autofree char *address = nx_address_parse (value);
	g_autofree char *path = nx_address_parse (report->original.return_path);
	const char *domain = address != NULL ? nx_address_get_domain (address) : "";
	for (guint i = 0; address != NULL && i < report->envelope_recipients->len; i++)
		if (strcmp (nx_address_get_domain (g_ptr_array_index (report->envelope_recipients, i)), domain) == 0)
			return TRUE;
	return address != NULL && (nx_report_is_list_of (report->original_mail_from, address) ||
				   (path != NULL && nx_report_is_list_of (path, address)));
}

/*
 * Who got the mail, when the report does not say: what the complaint's carrier wrote on it, else its To. A list's post
 * is addressed to the list, so there the delivery headers go first; elsewhere they may be those of an earlier hop.
 */
static void
add_recipient_of_original (const NxMessage *message, NxReport *report, GHashTable *seen)
{
	static const char *const list_names[] = { "X-HmXmrOriginalRecipient",
						  "X-Original-Recipient",
						  "Delivered-To",
						  "X-Original-To",
						  "X-Envelope-To",
						  "Envelope-To" };
	static const char *const names[] = { "X-HmXmrOriginalRecipient",
					     "X-Original-Recipient",
					     "To",
					     "Delivered-To",
					     "X-Original-To",
					     "X-Envelope-To",
					     "Envelope-To" };
	/* Cut off, the List-Id may be what is missing: then its To is a list. */
	if (nx_message_is_open (message))
		return;
	g_autoptr (NxHeaders) headers = read_original_headers (message);
	gboolean list = headers != NULL && nx_headers_get (headers, "List-Id") != NULL;
	guint count = list ? G_N_ELEMENTS (list_names) : G_N_ELEMENTS (names);
	for (guint n = 0; headers != NULL && report->recipients->len == 0 && n < count; n++) {
		const char *name = list ? list_names[n] : names[n];
		const char *value = nx_headers_get (headers, name);
		if (value != NULL && (strcmp (name, "To") != 0 || !is_list (report, value)))
			add_recipient (report, seen, value);
	}
}

static gboolean
read_fields (const NxMessage *message, guint index, NxReport *report, GHashTable *seen)
{
	g_autofree char *text = nx_message_dup_part_text (message, index);
	g_autoptr (NxHeaders) fields = nx_headers_parse (text, TRUE, NULL);
	g_autofree char *type = nx_headers_dup (fields, "Feedback-Type");
	nx_text_take (&report->feedback_type, g_ascii_strdown (type, -1));
	g_autofree char *sender = nx_headers_dup (fields, "Original-Mail-From");
	nx_text_take (&report->original_mail_from, nx_address_parse (sender));
	g_autofree char *mta = nx_headers_dup (fields, "Reporting-MTA");
	nx_text_take (&report->reporting_mta, nx_report_split_type (mta, NULL));
	nx_text_take (&report->original_envelope_id, nx_headers_dup (fields, "Original-Envelope-Id"));
	for (guint i = 0; i < nx_headers_get_count (fields); i++) {
		const NxHeader *field = nx_headers_get_at (fields, i);
		if (g_ascii_strcasecmp (field->name, "Original-Rcpt-To") == 0 ||
		    g_ascii_strcasecmp (field->name, "Removal-Recipient") == 0)
			add_recipient (report, seen, field->value);
	}
	return TRUE;
}

/* The first words of the letters that loops sent in text before ARF. */
static gboolean
begins_complaint (const NxSigns *signs, const char *text)
{
	g_autofree char *line = nx_text_make_line (text, NX_LIMIT_DIAGNOSTIC_BYTES);
	g_autofree char *match = nx_text_make_match (line);
	return nx_signs_get_prefix (signs, NX_SIGN_COMPLAINT, match) > 0;
}

/*
 * Complaints before ARF: a letter that encloses the original, with Hotmail's X-HmXmrOriginalRecipient in it, or behind
 * words that only programs begin with.
 */
static gboolean
is_old_form (const NxSigns *signs, const NxMessage *message)
{
	g_autoptr (NxHeaders) headers = read_original_headers (message);
	if (headers == NULL)
		return FALSE;
	if (nx_headers_get (headers, "X-HmXmrOriginalRecipient") != NULL)
		return TRUE;
	guint index = nx_message_find_part (message, "text/plain");
	g_autofree char *text = index != NX_PART_NONE ? nx_message_dup_part_text (message, index) : g_strdup ("");
	return begins_complaint (signs, text);
}

gboolean
nx_arf_read (const NxMessage *message, const NxAuthor *author, NxReport *report)
{
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL); /* keys */
	guint index = nx_message_find_part (message, "message/feedback-report");
	if (index != NX_PART_NONE)
		read_fields (message, index, report, seen);
	else if (is_old_form (author->signs, message))
		nx_text_set (&report->feedback_type, "abuse");
	else
		return FALSE;
	add_recipient_of_original (message, report, seen);
	nx_text_set (&report->format, "rfc5965");
	report->kind = NX_KIND_FEEDBACK;
	return TRUE;
}
