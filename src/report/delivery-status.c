/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * delivery-status.c: message/delivery-status (RFC 3464 2) and message/global-delivery-status (RFC 6533 5) to
 * recipients.
 *
 * What is taken beside the standards: no empty line between the message's fields and the first recipient's (Dovecot),
 * continuation lines that are not folded (nullmailer, fetchmail), other words for the action, addresses without a type,
 * and a report part under another name. It judges nothing: a failed recipient with Status 2.0.0 is written down as
 * such.
 */
#include "report/report-private.h"

#include "base/limits.h"
#include "base/text.h"
#include "report/prose.h"
#include "smtp/address-text.h"

#include <nixie/address.h>

#include <string.h>

/* What RFC 3464 2.3.3 names; what else is met in the wild are signs. */
static const struct {
	const char *word;
	NxSign sign;
	NxKind kind;
} actions[] = {
	{ "failed", NX_SIGN_ACTION_FAILURE, NX_KIND_FAILURE },
	{ "delayed", NX_SIGN_ACTION_DELAYED, NX_KIND_DELAYED },
	{ "delivered", NX_SIGN_ACTION_DELIVERED, NX_KIND_DELIVERED },
	{ "relayed", NX_SIGN_ACTION_RELAYED, NX_KIND_RELAYED },
	{ "expanded", NX_SIGN_ACTION_EXPANDED, NX_KIND_EXPANDED },
};

char *
nx_report_split_type (const char *value, char **type_out)
{
	const char *semicolon = strchr (value, ';');
	gsize length = semicolon != NULL ? (gsize)(semicolon - value) : 0;
	if (length > 40 || memchr (value, '@', length) != NULL)
		length = 0; /* a ";" later in a text that has no type */
	g_autofree char *type = g_strstrip (g_ascii_strdown (value, (gssize)length));
	char *rest = g_strstrip (g_strdup (length > 0 ? semicolon + 1 : value));
	if (type_out != NULL)
		*type_out = g_steal_pointer (&type);
	return rest;
}

/* An address field's value, decoded by its type. @raw_out: (nullable): as it stood behind the type. */
static char *
read_address (const char *value, gboolean xtext, char **raw_out)
{
	g_autofree char *type = NULL;
	g_autofree char *line = nx_headers_decode (value);
	g_autofree char *rest = nx_report_split_type (line, &type);
	g_autofree char *octal = nx_text_decode_octal (rest);
	g_autofree char *decoded = NULL;
	if (strcmp (type, "utf-8") == 0 || strstr (octal, "\\x{") != NULL)
		decoded = nx_address_decode_utf8 (octal);
	else if (xtext)
		decoded = nx_address_decode_xtext (octal);
	else
		decoded = g_strdup (octal);
	if (raw_out != NULL) {
		char *raw = nx_address_is_split (octal) ? NULL : nx_address_parse (octal);
		*raw_out = raw != NULL ? raw : nx_text_make_line (octal, NX_LIMIT_ADDRESS_BYTES);
	}
	char *address = nx_address_is_split (decoded) ? NULL : nx_address_parse (decoded);
	return address != NULL ? address : nx_text_make_line (decoded, NX_LIMIT_ADDRESS_BYTES);
}

static char *
read_host (const char *value)
{
	g_autofree char *line = nx_headers_decode (value);
	g_autofree char *rest = nx_report_split_type (line, NULL);
	return g_strndup (rest, strcspn (rest, " \t("));
}

static void
read_action (const NxSigns *signs, const char *value, NxRecipient *recipient)
{
	const char *field = value;
	if (*value == '(' && strchr (value, ')') != NULL) /* a comment before the word (RFC 5322 3.2.2) */
		value = strchr (value, ')') + 1;
	value += strspn (value, " \t");
	g_autofree char *word =
		g_ascii_strdown (value, (gssize)strspn (value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"));
	for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
		if (strcmp (actions[i].word, word) == 0 || nx_signs_is_text (signs, actions[i].sign, word))
			recipient->kind = actions[i].kind;
	nx_text_take (&recipient->action_text, nx_headers_decode (field));
}

static void
read_diagnostic (const char *value, NxRecipient *recipient)
{
	g_autofree char *decoded = nx_headers_decode (value);
	g_autofree char *line = nx_text_decode_octal (decoded);
	g_autofree char *type = NULL;
	g_autofree char *rest = nx_report_split_type (line, &type);
	if (strpbrk (type, " \t") != NULL)
		nx_text_take (&recipient->diagnostic_code,
			      g_steal_pointer (&line)); /* no type, and a ";" in the text */
	else {
		nx_text_take (&recipient->diagnostic_type, g_steal_pointer (&type));
		nx_text_take (&recipient->diagnostic_code, g_steal_pointer (&rest));
	}
}

/*
 * "Status: 5.1.2 (550 Tried all …)": Haraka, for what no remote server said. A comment that begins with a reply is the
 * only diagnosis there is; a Diagnostic-Code behind it takes its place.
 */
static void
read_status_comment (const char *value, NxRecipient *recipient)
{
	const char *open = strchr (value, '(');
	if (open == NULL || strspn (open + 1, "0123456789") != 3 || strchr ("45", open[1]) == NULL || open[4] != ' ')
		return;
	g_autofree char *comment = nx_headers_decode (open + 1);
	g_strchomp (comment);
	if (g_str_has_suffix (comment, ")"))
		comment[strlen (comment) - 1] = '\0';
	nx_text_take (&recipient->diagnostic_code, g_steal_pointer (&comment));
}

static void
read_status (const char *value, NxRecipient *recipient)
{
	NxStatus status = { 0 };
	const char *text = value;
	while (*value != '\0' && !g_ascii_isdigit (*value))
		value++;
	if (nx_status_parse (value, &status, NULL)) {
		recipient->status = status;
		if (*recipient->diagnostic_code == '\0')
			read_status_comment (value, recipient);
	} else if (*recipient->diagnostic_code == '\0') /* "Status: 553 Exceeded …": a reply in the wrong field */
		nx_text_take (&recipient->diagnostic_code, nx_headers_decode (text));
}

/* The per-recipient fields of RFC 3464 2.3 and RFC 6533; each reads one value. */
typedef enum {
	FIELD_ORIGINAL_RECIPIENT,
	FIELD_FINAL_RECIPIENT,
	FIELD_ACTUAL_RECIPIENT,
	FIELD_ACTION,
	FIELD_STATUS,
	FIELD_REMOTE_MTA,
	FIELD_DIAGNOSTIC_CODE,
	FIELD_LAST_ATTEMPT_DATE,
	FIELD_FINAL_LOG_ID,
	FIELD_WILL_RETRY_UNTIL,
	FIELD_LOCALIZED_DIAGNOSTIC,
	FIELD_REPORTING_MTA,
	FIELD_RECEIVED_FROM_MTA,
	FIELD_ARRIVAL_DATE,
	FIELD_ORIGINAL_ENVELOPE_ID,
	FIELD_NONE,
} Field;

static const struct {
	const char *name;
	Field field;
} fields[] = {
	{ "Original-Recipient", FIELD_ORIGINAL_RECIPIENT },
	{ "Final-Recipient", FIELD_FINAL_RECIPIENT },
	{ "X-Actual-Recipient", FIELD_ACTUAL_RECIPIENT },
	{ "Action", FIELD_ACTION },
	{ "Status", FIELD_STATUS },
	{ "Remote-MTA", FIELD_REMOTE_MTA },
	{ "Diagnostic-Code", FIELD_DIAGNOSTIC_CODE },
	{ "Last-Attempt-Date", FIELD_LAST_ATTEMPT_DATE },
	{ "Final-Log-ID", FIELD_FINAL_LOG_ID },
	{ "Will-Retry-Until", FIELD_WILL_RETRY_UNTIL },
	{ "Localized-Diagnostic", FIELD_LOCALIZED_DIAGNOSTIC },
	{ "Reporting-MTA", FIELD_REPORTING_MTA },
	{ "Received-From-MTA", FIELD_RECEIVED_FROM_MTA },
	{ "Arrival-Date", FIELD_ARRIVAL_DATE },
	{ "Original-Envelope-Id", FIELD_ORIGINAL_ENVELOPE_ID },
};

static Field
find_field (const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
		if (g_ascii_strcasecmp (fields[i].name, name) == 0)
			return fields[i].field;
	return FIELD_NONE;
}

static void
read_recipient_field (const NxSigns *signs, Field field, const char *value, NxRecipient *recipient)
{
	switch (field) {
	case FIELD_ORIGINAL_RECIPIENT: {
		char *raw = NULL;
		nx_text_take (&recipient->original_recipient, read_address (value, TRUE, &raw));
		nx_text_take (&recipient->original_recipient_raw, raw);
		break;
	}
	case FIELD_FINAL_RECIPIENT:
		nx_text_take (&recipient->final_recipient, read_address (value, FALSE, NULL));
		break;
	case FIELD_ACTUAL_RECIPIENT:
		nx_text_take (&recipient->actual_recipient, read_address (value, FALSE, NULL));
		break;
	case FIELD_ACTION:
		read_action (signs, value, recipient);
		break;
	case FIELD_STATUS:
		read_status (value, recipient);
		break;
	case FIELD_REMOTE_MTA:
		nx_text_take (&recipient->remote_mta, read_host (value));
		break;
	case FIELD_DIAGNOSTIC_CODE:
		read_diagnostic (value, recipient);
		break;
	case FIELD_LAST_ATTEMPT_DATE:
		recipient->last_attempt_date = nx_headers_parse_date (value);
		break;
	case FIELD_FINAL_LOG_ID:
		nx_text_take (&recipient->final_log_id, nx_headers_decode (value));
		break;
	case FIELD_WILL_RETRY_UNTIL:
		recipient->will_retry_until = nx_headers_parse_date (value);
		break;
	case FIELD_LOCALIZED_DIAGNOSTIC:
		nx_text_take (&recipient->localized_diagnostic, nx_headers_decode (value));
		break;
	default:
		break;
	}
}

static gboolean
read_message_field (Field field, const char *value, NxReport *report)
{
	switch (field) {
	case FIELD_REPORTING_MTA:
		nx_text_take (&report->reporting_mta, read_host (value));
		return TRUE;
	case FIELD_RECEIVED_FROM_MTA:
		nx_text_take (&report->received_from_mta, read_host (value));
		return TRUE;
	case FIELD_ARRIVAL_DATE:
		report->arrival_date = nx_headers_parse_date (value);
		return TRUE;
	case FIELD_ORIGINAL_ENVELOPE_ID:
		nx_text_take (&report->original_envelope_id, nx_headers_decode (value));
		return TRUE;
	default:
		return FALSE;
	}
}

guint
nx_delivery_status_read_text (const NxSigns *signs, const char *text, NxReport *report)
{
	guint added = 0;
	while (*text != '\0') {
		const char *end = NULL;
		g_autoptr (NxHeaders) group = nx_headers_parse (text, TRUE, &end);
		NxRecipient *recipient = NULL;
		gboolean final = FALSE; /* the group has named its recipient: another name opens another one */
		for (guint i = 0; i < nx_headers_get_count (group); i++) {
			const NxHeader *header = nx_headers_get_at (group, i);
			Field field = find_field (header->name);
			if (field == FIELD_NONE || read_message_field (field, header->value, report))
				continue;
			if (recipient == NULL || (final && field == FIELD_FINAL_RECIPIENT)) {
				recipient = nx_report_add_recipient (report);
				if (recipient == NULL)
					return added;
				added++;
				final = FALSE;
			}
			final = final || field == FIELD_FINAL_RECIPIENT;
			read_recipient_field (signs, field, header->value, recipient);
		}
		if (end == text)
			break;
		text = end;
	}
	return added;
}

static gboolean
is_full_address (const char *address)
{
	const char *domain = nx_address_get_domain (address);
	return strchr (domain, '.') != NULL || *domain == '[';
}

/* The shape of an address, be it longer than any that works. A bare word may be a local user, or debris of some markup
 * ("br"). */
static gboolean
is_plausible (const char *recipient)
{
	const char *domain = nx_address_get_domain (recipient);
	if (*domain == '\0' || *recipient == '@')
		return FALSE;
	for (const char *p = domain; *p != '\0'; p++)
		if (!g_ascii_isalnum (*p) && strchr ("._+-[]:", *p) == NULL && (guchar)*p < 0x80)
			return FALSE;
	return TRUE;
}

/*
 * Groups that name nobody say nothing. A Final-Recipient that only its own host understands ("user", "user@server")
 * gives way to the address that the mail was sent to.
 */
static void
clean_recipients (NxReport *report)
{
	gboolean any = FALSE;
	for (guint i = 0; i < report->recipients->len; i++) {
		NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		if (!is_full_address (recipient->final_recipient)) {
			if (is_full_address (recipient->original_recipient))
				nx_text_set (&recipient->final_recipient, recipient->original_recipient);
			else if (is_full_address (recipient->actual_recipient))
				nx_text_set (&recipient->final_recipient, recipient->actual_recipient);
		}
		if (!is_plausible (recipient->final_recipient))
			nx_text_set (&recipient->final_recipient, "");
		any = any || *recipient->final_recipient != '\0';
	}
	/* Beside recipients with a name, groups without one say nothing; so do groups that say nothing else either. */
	for (guint i = report->recipients->len; i-- > 0;) {
		const NxRecipient *recipient = nx_report_get_recipient (report, i);
		gboolean silent = recipient->kind == NX_KIND_NONE && !nx_status_is_set (recipient->status);
		if (*recipient->final_recipient == '\0' && (any || silent))
			g_ptr_array_remove_index (report->recipients, i);
	}
}

/* The kind of a recipient whose Action is missing or no word that anybody knows. */
static NxKind
guess_kind (const NxRecipient *recipient)
{
	return recipient->status.class_ == 2 ? NX_KIND_DELIVERED : NX_KIND_FAILURE;
}

/*
 * The report part: by its type; else, under a multipart/report, the second part whatever its type says, when it has the
 * fields (RFC 6522 3 allows no other there).
 */
static guint
find_part (const NxMessage *message)
{
	static const char *const types[] = { "message/delivery-status", "message/global-delivery-status",
					     "message/delivery-report" };
	for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
		guint index = nx_message_find_part (message, types[i]);
		if (index != NX_PART_NONE)
			return index;
	}
	guint report = nx_message_find_part (message, "multipart/report");
	for (guint i = 0; report != NX_PART_NONE && i < nx_message_get_part_count (message); i++) {
		const NxPart *part = nx_message_get_part (message, i);
		if (part->enclosed || part->parent != report || g_str_has_prefix (part->type, "multipart/"))
			continue;
		g_autofree char *text = nx_message_dup_part_text (message, i);
		const char *fields_begin = text + strspn (text, " \t\n");
		if (g_ascii_strncasecmp (fields_begin, "Reporting-MTA:", 14) == 0 ||
		    g_ascii_strncasecmp (fields_begin, "Final-Recipient:", 16) == 0)
			return i;
	}
	return NX_PART_NONE;
}

/* A line on which the fields of a report begin, in a text that no part sets apart (mail without MIME, boundaries gone
 * astray). */
static const char *
find_fields (const char *text)
{
	static const char *const names[] = { "Reporting-MTA:", "Final-Recipient:", "Original-Recipient:" };
	for (const char *line = text; line != NULL; line = strchr (line, '\n')) {
		line += *line == '\n';
		for (guint i = 0; i < G_N_ELEMENTS (names); i++)
			if (g_ascii_strncasecmp (line, names[i], strlen (names[i])) == 0)
				return line;
	}
	return NULL;
}

/* What the readers of a report part have in common. */
static void
finish (NxReport *report)
{
	clean_recipients (report);
	for (guint i = 0; i < report->recipients->len; i++) {
		NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		if (recipient->kind == NX_KIND_NONE) {
			recipient->kind = guess_kind (recipient);
			nx_report_add_defect (report, "no-action");
		}
		if (!nx_status_is_set (recipient->status))
			nx_report_add_defect (report, "no-status");
	}
	nx_text_set (&report->format, "rfc3464");
	report->kind = report->recipients->len > 0 ? nx_report_get_recipient (report, 0)->kind : NX_KIND_FAILURE;
}

/* A report that a gateway has wrapped once more: it is this message's own when a mailer sent the wrapping. */
static guint
find_wrapped_part (const NxMessage *message, const NxAuthor *author)
{
	guint around = nx_message_find_part (message, "message/rfc822");
	if (around == NX_PART_NONE || !author->automatic)
		return NX_PART_NONE;
	for (guint i = around + 1; i < nx_message_get_part_count (message); i++) {
		const NxPart *part = nx_message_get_part (message, i);
		gboolean report = strcmp (part->type, "message/delivery-status") == 0;
		/* message/rfc822, multipart/report, message/delivery-status: no deeper */
		if (report && part->parent == around + 1 && nx_message_get_part (message, around + 1)->parent == around)
			return i;
	}
	return NX_PART_NONE;
}

static const char *
get_last_line (const char *text)
{
	const char *newline = strrchr (text, '\n');
	return newline != NULL ? newline + 1 : text;
}

/* Somebody is named, and it is said what happened. */
static gboolean
is_complete (const NxReport *report)
{
	for (guint i = 0; i < report->recipients->len; i++) {
		const NxRecipient *recipient = nx_report_get_recipient (report, i);
		if (*recipient->final_recipient != '\0' && *recipient->action_text != '\0')
			return TRUE;
	}
	return FALSE;
}

/* Who is no mail system may show such fields to others: in a manual, a post, a log. */
static gboolean
may_quote (const NxAuthor *author)
{
	return author->list || author->answer ||
	       (!nx_author_is_mail_system (author) && (author->generated || author->to_self));
}

static gboolean
read_loose_fields (const NxMessage *message, const NxAuthor *author, NxReport *report)
{
	if (!author->automatic || may_quote (author))
		return FALSE;
	g_autofree char *text = nx_prose_dup_text (message);
	if (nx_message_is_unfinished (message)) /* the last line may be half a field */
		text[strlen (g_strchomp (text)) - strlen (get_last_line (text))] = '\0';
	const char *fields_begin = find_fields (text);
	/* Far down in a text that may be anybody's it is an example. */
	if (fields_begin != NULL && !nx_author_is_mail_system (author) &&
	    fields_begin - text > NX_LIMIT_CLAIM_HEAD_BYTES)
		return FALSE;
	if (fields_begin == NULL || nx_delivery_status_read_text (author->signs, fields_begin, report) == 0)
		return FALSE;
	clean_recipients (report);
	if (!is_complete (report)) {
		g_ptr_array_set_size (report->recipients, 0);
		return FALSE;
	}
	nx_report_add_defect (report, "no-report-part");
	finish (report);
	return TRUE;
}

/*
 * nullmailer hands a message over once for all its recipients and writes the first refusal under each of them, also
 * under those whom the server had taken. It alone calls its Reporting-MTA x-local-hostname.
 */
static void
note_shared_diagnosis (const char *text, NxReport *report)
{
	const char *end = NULL;
	g_autoptr (NxHeaders) group = nx_headers_parse (text, TRUE, &end);
	const char *reporting = nx_headers_get (group, "Reporting-MTA");
	if (reporting == NULL || g_ascii_strncasecmp (reporting, "x-local-hostname", 16) != 0)
		return;
	for (guint i = 1; i < report->recipients->len; i++)
		if (strcmp (nx_report_get_recipient (report, i)->diagnostic_code,
			    nx_report_get_recipient (report, i - 1)->diagnostic_code) != 0)
			return;
	if (report->recipients->len > 1)
		nx_report_add_defect (report, "shared-diagnosis");
}

/*
 * The text, the status and the original side by side, as in RFC 6522 3, under another multipart: a gateway's work. A
 * person who passes a report on attaches it, or writes something of their own in front.
 */
static gboolean
is_report_by_order (const NxMessage *message, guint status, const NxAuthor *author)
{
	guint parent = nx_message_get_part (message, status)->parent;
	if (author->list || author->answer || parent == NX_PART_NONE || status != parent + 2 ||
	    status + 1 >= nx_message_get_part_count (message))
		return FALSE;
	const NxPart *before = nx_message_get_part (message, status - 1);
	const NxPart *behind = nx_message_get_part (message, status + 1);
	g_autofree char *disposition = nx_message_dup_part_header (message, status, "Content-Disposition");
	return parent == 0 && g_str_has_prefix (before->type, "text/") && behind->parent == parent &&
	       (strcmp (behind->type, "message/rfc822") == 0 || strcmp (behind->type, "text/rfc822-headers") == 0) &&
	       g_ascii_strncasecmp (disposition, "attachment", 10) != 0;
}

gboolean
nx_delivery_status_read (const NxMessage *message, const NxAuthor *author, NxReport *report)
{
	guint index = find_part (message);
	if (index == NX_PART_NONE)
		index = find_wrapped_part (message, author);
	if (index == NX_PART_NONE)
		return read_loose_fields (message, author, report);
	if (nx_message_find_part (message, "multipart/report") == NX_PART_NONE && !author->automatic &&
	    !is_report_by_order (message, index, author))
		return FALSE; /* a person's letter with a status attached */
	g_autofree char *text = nx_message_dup_part_text (message, index);
	nx_delivery_status_read_text (author->signs, text, report);
	finish (report);
	note_shared_diagnosis (text, report);
	return TRUE;
}
