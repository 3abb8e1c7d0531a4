/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report.c: message to report: asks the readers in turn and gathers what all kinds have in common. See nixie/report.h.
 *
 * The order of the readers is from the best proof to the weakest: machine-readable parts (RFC 3464, RFC 5965, RFC
 * 8098), then prose by its marks, then automatic replies. A report that is only carried along (forwarded, quoted, in a
 * digest) is not this message's own: enclosed parts are never read as reports.
 */
#include "report/report-private.h"

#include "base/limits.h"
#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

static const struct {
	NxKind kind;
	const char *name;
} kinds[] = {
	{ NX_KIND_NONE, "none" },           { NX_KIND_FAILURE, "failure" },         { NX_KIND_DELAYED, "delayed" },
	{ NX_KIND_DELIVERED, "delivered" }, { NX_KIND_RELAYED, "relayed" },         { NX_KIND_EXPANDED, "expanded" },
	{ NX_KIND_FEEDBACK, "feedback" },   { NX_KIND_DISPOSITION, "disposition" }, { NX_KIND_VACATION, "vacation" },
};

const char *
nx_kind_to_string (NxKind kind)
{
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "none";
}

gboolean
nx_kind_from_string (const char *text, NxKind *kind_out)
{
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
		if (strcmp (kinds[i].name, text) == 0) {
			*kind_out = kinds[i].kind;
			return TRUE;
		}
	return FALSE;
}

NxRecipient *
nx_recipient_new (void)
{
	NxRecipient *recipient = g_new0 (NxRecipient, 1);
	char **texts[] = { &recipient->original_recipient,
			   &recipient->original_recipient_raw,
			   &recipient->final_recipient,
			   &recipient->actual_recipient,
			   &recipient->action_text,
			   &recipient->remote_mta,
			   &recipient->diagnostic_type,
			   &recipient->diagnostic_code,
			   &recipient->localized_diagnostic,
			   &recipient->final_log_id,
			   &recipient->transcript };
	for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
		*texts[i] = g_strdup ("");
	return recipient;
}

void
nx_recipient_free (NxRecipient *recipient)
{
	if (recipient == NULL)
		return;
	g_free (recipient->original_recipient);
	g_free (recipient->original_recipient_raw);
	g_free (recipient->final_recipient);
	g_free (recipient->actual_recipient);
	g_free (recipient->action_text);
	g_free (recipient->remote_mta);
	g_free (recipient->diagnostic_type);
	g_free (recipient->diagnostic_code);
	g_free (recipient->localized_diagnostic);
	g_free (recipient->final_log_id);
	g_free (recipient->transcript);
	g_free (recipient);
}

static void
recipient_free_cb (gpointer data)
{
	nx_recipient_free (data);
}

NxRecipient *
nx_report_add_recipient (NxReport *report)
{
	if (report->recipients->len >= NX_LIMIT_RECIPIENTS) {
		nx_report_add_defect (report, "too-many-recipients");
		return NULL;
	}
	NxRecipient *recipient = nx_recipient_new ();
	g_ptr_array_add (report->recipients, recipient);
	return recipient;
}

const NxRecipient *
nx_report_get_recipient (const NxReport *report, guint index)
{
	g_return_val_if_fail (report != NULL, NULL);
	return index < report->recipients->len ? g_ptr_array_index (report->recipients, index) : NULL;
}

void
nx_report_add_defect (NxReport *report, const char *name)
{
	g_auto (GStrv) known = g_strsplit (report->defects, " ", -1);
	if (g_strv_contains ((const char *const *)known, name))
		return;
	nx_text_take (&report->defects,
		      *report->defects == '\0' ? g_strdup (name) : g_strconcat (report->defects, " ", name, NULL));
}

static char *
dup_fields (const NxHeaders *headers)
{
	g_autoptr (GString) fields = g_string_new (NULL);
	for (guint i = 0; i < nx_headers_get_count (headers); i++) {
		const NxHeader *field = nx_headers_get_at (headers, i);
		gsize length = strlen (field->name) + strlen (field->value);
		if (fields->len + length <= NX_LIMIT_ORIGINAL_FIELDS_BYTES)
			g_string_append_printf (fields, "%s: %s\n", field->name, field->value);
	}
	return g_strdup (fields->str);
}

void
nx_report_read_original (NxReport *report, const NxHeaders *headers)
{
	NxOriginal *original = &report->original;
	nx_text_take (&original->message_id, nx_headers_dup (headers, "Message-ID"));
	nx_text_take (&original->return_path, nx_headers_dup (headers, "Return-Path"));
	nx_text_take (&original->from, nx_headers_dup (headers, "From"));
	nx_text_take (&original->to, nx_headers_dup (headers, "To"));
	nx_text_take (&original->list_id, nx_headers_dup (headers, "List-Id"));
	nx_text_take (&original->list_unsubscribe, nx_headers_dup (headers, "List-Unsubscribe"));
	nx_text_take (&original->fields, dup_fields (headers));
}

/* The first enclosed message or headers part that is this message's own. */
static void
find_original (const NxMessage *message, NxReport *report)
{
	for (guint i = 0; i < nx_message_get_part_count (message); i++) {
		if (nx_message_get_part (message, i)->enclosed)
			continue;
		g_autoptr (NxHeaders) headers = nx_message_read_part_headers (message, i);
		if (headers == NULL || nx_headers_get_count (headers) == 0)
			continue;
		nx_report_read_original (report, headers);
		return;
	}
}

/* All addresses that the report itself went to: where a VERP return path shows. */
static void
find_envelope_recipients (const NxMessage *message, NxReport *report)
{
	static const char *const names[] = { "Delivered-To",  "X-Original-To",  "Envelope-To",
					     "X-Envelope-To", "X-Delivered-To", "To" };
	const NxHeaders *headers = nx_message_get_headers (message);
	for (guint n = 0; n < G_N_ELEMENTS (names); n++) {
		for (guint i = 0; i < nx_headers_get_count (headers); i++) {
			const NxHeader *field = nx_headers_get_at (headers, i);
			if (g_ascii_strcasecmp (field->name, names[n]) != 0 ||
			    report->envelope_recipients->len >= NX_LIMIT_ENVELOPE_RECIPIENTS)
				continue;
			g_autofree char *value = nx_headers_decode (field->value);
			char *address = nx_address_find (value, NULL, NULL);
			if (address != NULL)
				g_ptr_array_add (report->envelope_recipients, address);
		}
	}
}

/* Some call their last notice "delayed" although they have given up: what the text says counts. */
static void
correct_kinds (const NxSigns *signs, NxReport *report)
{
	static const NxStatus expired = { 4, 4, 7 };
	for (guint i = 0; i < report->recipients->len; i++) {
		NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		if (recipient->kind != NX_KIND_DELAYED || !nx_status_equal (recipient->status, expired))
			continue;
		g_autofree char *words = nx_text_make_match (recipient->transcript);
		if (nx_signs_has_text (signs, NX_SIGN_EXPIRED, words))
			recipient->kind = NX_KIND_FAILURE;
	}
	if (report->recipients->len > 0)
		report->kind = nx_report_get_recipient (report, 0)->kind;
}

gboolean
nx_report_is_list_of (const char *return_path, const char *address)
{
	const char *domain = nx_address_get_domain (address);
	gsize local = strlen (address) - strlen (domain);
	if (*domain == '\0' || local < 2)
		return FALSE;
	local--; /* the "@" */
	return g_ascii_strcasecmp (nx_address_get_domain (return_path), domain) == 0 &&
	       g_ascii_strncasecmp (return_path, address, local) == 0 &&
	       (return_path[local] == '-' || return_path[local] == '+');
}

gboolean
nx_report_is_own_list (const NxReport *report, const char *address)
{
	for (guint i = 0; i < report->envelope_recipients->len; i++)
		if (nx_report_is_list_of (g_ptr_array_index (report->envelope_recipients, i), address))
			return TRUE;
	return FALSE;
}

/* Headers that end in the middle of a line may have had a List-Id further down. */
static gboolean
is_cut (const NxMessage *message)
{
	return nx_message_is_open (message) && nx_message_is_unfinished (message);
}

static gboolean
is_nameless (const NxReport *report)
{
	return report->recipients->len == 1 && *nx_report_get_recipient (report, 0)->final_recipient == '\0';
}

/* TRUE when nobody is named: no recipient at all, or one group without an address. */
static gboolean
is_nobody_named (const NxReport *report)
{
	return report->recipients->len == 0 || is_nameless (report);
}

/* Every address of a header field. */
static void
add_recipients_of (NxReport *report, const char *value)
{
	const char *end = value;
	while (end != NULL && *end != '\0') {
		g_autofree char *address = nx_address_find (end, NULL, &end);
		if (address == NULL)
			return;
		if (nx_address_is_role (address) || nx_report_is_own_list (report, address))
			continue;
		NxRecipient *recipient = is_nameless (report) ? g_ptr_array_index (report->recipients, 0)
							      : nx_report_add_recipient (report);
		if (recipient == NULL)
			return;
		if (recipient->kind == NX_KIND_NONE)
			recipient->kind = NX_KIND_FAILURE;
		nx_text_take (&recipient->final_recipient, g_steal_pointer (&address));
	}
}

/*
 * A delivery report whose machine part names nobody: the header that Exim and Google write, else whom the returned
 * original was addressed to, if that was one reader and no list.
 */
static void
find_missing_recipients (const NxMessage *message, NxReport *report)
{
	if (is_nobody_named (report))
		add_recipients_of (report, nx_message_get_header (message, "X-Failed-Recipients"));
	const NxOriginal *original = &report->original;
	if (is_nobody_named (report) && !is_cut (message) && *original->list_id == '\0' &&
	    *original->list_unsubscribe == '\0' && strchr (original->to, ',') == NULL)
		add_recipients_of (report, original->to);
	if (is_nobody_named (report))
		nx_report_add_defect (report, "no-recipient");
}

static gboolean
is_taken (GHashTable *taken, const char *address)
{
	g_autofree char *key = *address != '\0' ? nx_address_make_key (address) : NULL;
	return key != NULL && g_hash_table_contains (taken, key);
}

/* An alias that leads to several: one target failed, another took the mail, and both are reported under its name. */
static void
note_taken (NxReport *report)
{
	g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < report->recipients->len; i++) {
		const NxRecipient *recipient = nx_report_get_recipient (report, i);
		if (*recipient->final_recipient != '\0' &&
		    (recipient->kind == NX_KIND_DELIVERED || recipient->kind == NX_KIND_RELAYED ||
		     recipient->kind == NX_KIND_EXPANDED))
			g_hash_table_add (taken, nx_address_make_key (recipient->final_recipient));
	}
	for (guint i = 0; i < report->recipients->len && g_hash_table_size (taken) > 0; i++) {
		NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		recipient->also_taken =
			recipient->kind == NX_KIND_FAILURE && (is_taken (taken, recipient->final_recipient) ||
							       is_taken (taken, recipient->original_recipient));
	}
}

/* The human-readable parts beside the machine-readable one. */
static void
read_transcripts (const NxMessage *message, const NxSigns *signs, NxReport *report)
{
	g_autoptr (GString) all = g_string_new (NULL);
	for (guint i = 0; i < nx_message_get_part_count (message) && all->len < NX_LIMIT_TEXT_BYTES; i++) {
		const NxPart *part = nx_message_get_part (message, i);
		if (part->enclosed || (strcmp (part->type, "text/plain") != 0 && strcmp (part->type, "text/html") != 0))
			continue;
		g_autofree char *text = nx_message_dup_part_text (message, i);
		g_string_append (all, text);
		g_string_append (all, "\n\n");
	}
	nx_transcript_read (signs, all->str, report);
	correct_kinds (signs, report);
}

static NxReport *
report_alloc (void)
{
	NxReport *report = g_new0 (NxReport, 1);
	char **texts[] = { &report->format,
			   &report->message_id,
			   &report->subject,
			   &report->from,
			   &report->reporting_mta,
			   &report->received_from_mta,
			   &report->original_envelope_id,
			   &report->feedback_type,
			   &report->original_mail_from,
			   &report->disposition,
			   &report->original.message_id,
			   &report->original.return_path,
			   &report->original.from,
			   &report->original.to,
			   &report->original.list_id,
			   &report->original.list_unsubscribe,
			   &report->original.fields,
			   &report->fingerprint,
			   &report->defects };
	for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
		*texts[i] = g_strdup ("");
	report->recipients = g_ptr_array_new_with_free_func (recipient_free_cb);
	report->envelope_recipients = g_ptr_array_new_with_free_func (g_free);
	return report;
}

NxReport *
nx_report_new (const NxMessage *message, const NxFormats *formats)
{
	g_return_val_if_fail (message != NULL && formats != NULL, NULL);
	NxReport *report = report_alloc ();
	nx_text_set (&report->message_id, nx_message_get_header (message, "Message-ID"));
	nx_text_set (&report->subject, nx_message_get_header (message, "Subject"));
	nx_text_set (&report->from, nx_message_get_header (message, "From"));
	nx_text_set (&report->fingerprint, nx_message_get_fingerprint (message));
	nx_text_set (&report->defects, nx_message_get_defects (message));
	report->date = nx_message_get_date (message);
	find_envelope_recipients (message, report);
	find_original (message, report);
	NxAuthor author = nx_formats_find_author (formats, message);
	if (nx_delivery_status_read (message, &author, report)) {
		find_missing_recipients (message, report);
		read_transcripts (message, author.signs, report);
	} else if (!nx_arf_read (message, &author, report) && !nx_mdn_read (message, &author, report) &&
		   !nx_notification_read (message, report) && !nx_formats_read (formats, message, &author, report))
		nx_autoreply_read (message, &author, report);
	note_taken (report);
	return report;
}

void
nx_report_free (NxReport *report)
{
	if (report == NULL)
		return;
	g_free (report->format);
	g_free (report->message_id);
	g_free (report->subject);
	g_free (report->from);
	g_free (report->reporting_mta);
	g_free (report->received_from_mta);
	g_free (report->original_envelope_id);
	g_free (report->feedback_type);
	g_free (report->original_mail_from);
	g_free (report->disposition);
	g_free (report->original.message_id);
	g_free (report->original.return_path);
	g_free (report->original.from);
	g_free (report->original.to);
	g_free (report->original.list_id);
	g_free (report->original.list_unsubscribe);
	g_free (report->original.fields);
	g_free (report->fingerprint);
	g_free (report->defects);
	g_ptr_array_unref (report->recipients);
	g_ptr_array_unref (report->envelope_recipients);
	g_free (report);
}
