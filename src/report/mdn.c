/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mdn.c: message disposition notifications (RFC 8098): "displayed", "deleted" and the refusals that sieve sends in this
 * form (RFC 5429 2.2.1).
 *
 * A notification that a person or a filter did something with a mail proves that the address lives. A sieve "reject" is
 * a refusal of this mail: it is told as a failure so that the owner sees it, and its words decide that it is blocked,
 * never permanent.
 */
#include "report/report-private.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

static char *
read_address (const NxHeaders *fields, const char *name)
{
	g_autofree char *value = nx_headers_dup (fields, name);
	g_autofree char *type = NULL;
	g_autofree char *rest = nx_report_split_type (value, &type);
	g_autofree char *decoded = strcmp (type, "utf-8") == 0 ? nx_address_decode_utf8 (rest) : g_strdup (rest);
	char *address = nx_address_parse (decoded);
	return address != NULL ? address : g_strdup ("");
}

/* The words of the human-readable part, one line. */
static char *
read_words (const NxMessage *message)
{
	guint index = nx_message_find_part (message, "text/plain");
	g_autofree char *text = index != NX_PART_NONE ? nx_message_dup_part_text (message, index) : g_strdup ("");
	return nx_text_make_line (text, 1000);
}

/* "automatic-action/MDN-sent-automatically; deleted" with words about a rejection: RFC 5429 asks for exactly this. */
static gboolean
is_rejection (const NxSigns *signs, const char *disposition, const char *words)
{
	g_autofree char *type = g_ascii_strdown (disposition, -1);
	g_autofree char *match = nx_text_make_match (words);
	return g_str_has_prefix (type, "automatic-action") && strstr (type, "deleted") != NULL &&
	       nx_signs_has_text (signs, NX_SIGN_REFUSAL, match);
}

gboolean
nx_mdn_read (const NxMessage *message, const NxAuthor *author, NxReport *report)
{
	guint index = nx_message_find_part (message, "message/disposition-notification");
	if (index == NX_PART_NONE)
		index = nx_message_find_part (message, "message/global-disposition-notification");
	if (index == NX_PART_NONE)
		return FALSE;
	g_autofree char *text = nx_message_dup_part_text (message, index);
	g_autoptr (NxHeaders) fields = nx_headers_parse (text, TRUE, NULL);
	nx_text_take (&report->disposition, nx_headers_dup (fields, "Disposition"));
	g_autofree char *words = read_words (message);
	report->kind = is_rejection (author->signs, report->disposition, words) ? NX_KIND_FAILURE : NX_KIND_DISPOSITION;
	NxRecipient *recipient = nx_report_add_recipient (report);
	recipient->kind = report->kind;
	nx_text_take (&recipient->final_recipient, read_address (fields, "Final-Recipient"));
	nx_text_take (&recipient->original_recipient, read_address (fields, "Original-Recipient"));
	if (*recipient->final_recipient == '\0')
		nx_text_set (&recipient->final_recipient, recipient->original_recipient);
	nx_text_take (&recipient->transcript, g_steal_pointer (&words));
	nx_text_set (&report->format, "rfc8098");
	return TRUE;
}
