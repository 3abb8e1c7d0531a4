/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * autoreply.c: automatic replies that say so in a header (RFC 3834 5, and the marks that mailers used before it, which
 * are sign stanzas).
 *
 * Auto-Submitted: auto-replied alone makes no vacation: delivery reports carry it too; they are read before. Replies
 * that only their words give away are the business of the format stanzas.
 */
#include "report/report-private.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

gboolean
nx_autoreply_read (const NxMessage *message, const NxAuthor *author, NxReport *report)
{
	if (!nx_signs_has_header (author->signs, NX_SIGN_AUTO_REPLY, message))
		return FALSE;
	/* A list's own machinery answers too, but says that it is a list; and a mailer is never on holiday. */
	g_autofree char *from = nx_address_parse (report->from);
	if (nx_headers_get (nx_message_get_headers (message), "List-Id") != NULL || author->mailer)
		return FALSE;
	NxRecipient *recipient = nx_report_add_recipient (report);
	recipient->kind = NX_KIND_VACATION;
	if (from != NULL && !nx_address_is_role (from))
		nx_text_take (&recipient->final_recipient, g_steal_pointer (&from));
	guint index = nx_message_find_part (message, "text/plain");
	if (index == NX_PART_NONE)
		index = nx_message_find_part (message, "text/html");
	g_autofree char *text = index != NX_PART_NONE ? nx_message_dup_part_text (message, index) : g_strdup ("");
	nx_text_take (&recipient->transcript, nx_text_make_line (text, 2000));
	nx_text_set (&report->format, "rfc3834");
	report->kind = NX_KIND_VACATION;
	return TRUE;
}
