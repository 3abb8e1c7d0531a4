/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose-walk.c: what follows from a bounce in prose once all of it is read. See prose-walk.h.
 *
 * Was the letter returned, did a server reply, whom did the letter go to. What it will not do: read lines, or weigh
 * what was found (claim.c).
 */
#include "report/prose-walk.h"

#include "base/limits.h"
#include "base/text.h"
#include "report/report-private.h"

#include <nixie/address.h>
#include <nixie/reply.h>

#include <string.h>

static gboolean
has_fields (const NxWalk *walk, const char *const *names, guint least)
{
	guint count = 0;
	for (guint i = 0; names[i] != NULL; i++)
		count += strcasestr (walk->original->str, names[i]) != NULL;
	return count >= least;
}

/* The mail that was not delivered comes back as a part. */
static gboolean
has_part (const NxWalk *walk)
{
	const NxOriginal *original = &walk->report->original;
	return *original->from != '\0' || *original->message_id != '\0';
}

/* The mail that was not delivered comes back as a part, or with fields that only mail systems write. */
static gboolean
has_trace (const NxWalk *walk)
{
	static const char *const names[] = { "Message-ID:", "Received:", NULL };
	return has_part (walk) || has_fields (walk, names, 1);
}

/* It comes back in any way. */
gboolean
nx_walk_has_original (const NxWalk *walk)
{
	static const char *const names[] = { "From:", "To:", "Subject:", "Date:", NULL };
	return has_trace (walk) || has_fields (walk, names, 2);
}

/* A reply that a standard defines, or a status as servers set it: 402 is a house, and 4.4.0 a version. */
static gboolean
is_clear_reply (const char *text)
{
	g_autoptr (NxReply) reply = nx_reply_parse (text);
	if (reply->code >= 400)
		return nx_reply_get_info (reply->code) != NULL || nx_status_is_set (reply->status);
	if (!nx_status_is_set (reply->status) || reply->status.class_ == 2)
		return FALSE;
	return strstr (text, "(5.") != NULL || strstr (text, "(4.") != NULL || strstr (text, "#5.") != NULL ||
	       strstr (text, "#4.") != NULL || strstr (text, "[5.") != NULL || g_str_has_prefix (text, "5.") ||
	       g_str_has_prefix (text, "4.");
}

static gboolean
has_replied (const NxReport *report)
{
	for (guint i = 0; i < report->recipients->len; i++) {
		const NxRecipient *recipient = nx_report_get_recipient (report, i);
		if (is_clear_reply (recipient->diagnostic_code) || is_clear_reply (recipient->transcript))
			return TRUE;
	}
	return FALSE;
}

NxClaim
nx_walk_make_claim (const NxWalk *walk)
{
	return (NxClaim){ .author = walk->source->author,
			  .match = walk->source->match,
			  .failures = walk->source->failures,
			  .delivery = walk->source->delivery,
			  .labelled = walk->labelled,
			  .read_bytes = walk->read_bytes,
			  .original = nx_walk_has_original (walk),
			  .trace = has_trace (walk),
			  .part = has_part (walk),
			  .loose = walk->loose,
			  .replied = has_replied (walk->report),
			  .subject = walk->source->subject,
			  .own_reader = walk->own_reader };
}

/* A recipient of whom only the local part was named is the one that the original went to, if that has the same. */
static void
complete_user (NxRecipient *recipient, const char *to)
{
	if (*nx_address_get_domain (recipient->final_recipient) != '\0')
		return;
	g_autofree char *address = nx_address_parse (to);
	gsize length = strlen (recipient->final_recipient);
	if (address != NULL && g_ascii_strncasecmp (address, recipient->final_recipient, length) == 0 &&
	    address[length] == '@')
		nx_text_take (&recipient->final_recipient, g_steal_pointer (&address));
}

/* "A message sent by <a@b> could not be delivered to": its author is no recipient beside others. */
static void
drop_author (NxReport *report)
{
	g_autofree char *author = nx_address_parse (report->original.from);
	for (guint i = report->recipients->len; author != NULL && i-- > 0 && report->recipients->len > 1;) {
		const NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		if (nx_address_equal (recipient->final_recipient, author))
			g_ptr_array_remove_index (report->recipients, i);
	}
}

/* "Name: value": RFC 5322 2.2, behind blanks and quotation marks, whose number goes to @indent_out. */
static gboolean
is_field (const char *line, gsize *indent_out)
{
	gsize indent = strspn (line, " \t>|");
	const char *name = line + indent;
	gsize length = 0;
	while (g_ascii_isalnum (name[length]) || name[length] == '-' || name[length] == '_')
		length++;
	*indent_out = indent;
	return length > 1 && name[length] == ':' && (name[length + 1] == ' ' || name[length + 1] == '\t');
}

void
nx_walk_keep_original (NxWalk *walk, char **lines, guint number)
{
	gsize indent = 0;
	gsize other = 0;
	if (is_field (lines[number], &indent))
		while (number > 0 && is_field (lines[number - 1], &other))
			number--;
	for (guint passed = 0; lines[number] != NULL && !is_field (lines[number], &indent); passed++, number++)
		if (passed == NX_LIMIT_PROSE_GAP_LINES)
			return;
	g_string_truncate (walk->original, 0);
	for (; lines[number] != NULL && walk->original->len < NX_LIMIT_PROSE_BYTES; number++) {
		gsize quoted = strspn (lines[number], " \t>|");
		if (lines[number][quoted] == '\0' || lines[number][quoted] == '\r')
			return;
		g_string_append_printf (walk->original, "%s\n", lines[number] + MIN (indent, quoted));
	}
}

void
nx_walk_finish (NxWalk *walk)
{
	NxReport *report = walk->report;
	if (walk->reporter != NULL)
		nx_text_set (&report->reporting_mta, walk->reporter);
	const NxOriginal *original = &report->original;
	if (*original->from == '\0' && *original->message_id == '\0' && walk->original->len > 0) {
		g_autoptr (NxHeaders) headers = nx_headers_parse (walk->original->str, FALSE, NULL);
		nx_report_read_original (report, headers);
	}
	drop_author (report);
	for (guint i = 0; i < report->recipients->len; i++)
		complete_user (g_ptr_array_index (report->recipients, i), original->to);
}
