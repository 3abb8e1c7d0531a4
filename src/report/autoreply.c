/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * autoreply.c: automatic replies that say so in a header (RFC 3834 5, and the marks that mailers used before it).
 *
 * Auto-Submitted: auto-replied alone makes no vacation: delivery reports carry it too; they are read before. Replies
 * that only their words give away are the business of the format stanzas.
 */
#include "report/report-private.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

/* Headers whose presence, with a value that holds this word ("" for any), marks an automatic reply to a person's mail.
 */
static const struct {
	const char *name;
	const char *word;
} marks[] = {
	{ "Auto-Submitted", "auto-replied" },
	{ "X-Autoreply", "" },
	{ "X-Autorespond", "" },
	{ "X-Autoresponder", "" },
	{ "X-Auto-Reply", "" },
	{ "X-Autoreply-From", "" },
	{ "X-Mail-Autoreply", "" },
	{ "X-AutoReply-From", "" },
	{ "X-Apple-Action", "vacation" },
	{ "X-Mailer", "vacation" },
	{ "Precedence", "auto_reply" },
	{ "Precedence", "auto-reply" },
	{ "Delivered-By-The-Graces-Of", "vacation" },
	{ "X-POST-MessageClass", "autoresponder" },
	{ "X-FC-MachineGenerated", "true" },
};

static gboolean
is_marked (const NxMessage *message)
{
	for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
		if (nx_headers_get (nx_message_get_headers (message), marks[i].name) == NULL)
			continue;
		g_autofree char *value = g_ascii_strdown (nx_message_get_header (message, marks[i].name), -1);
		if (strstr (value, marks[i].word) != NULL && strcmp (value, "no") != 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
nx_autoreply_read (const NxMessage *message, NxReport *report)
{
	if (!is_marked (message))
		return FALSE;
	/* A list's own machinery answers too, but says that it is a list; and a mailer is never on holiday. */
	g_autofree char *from = nx_address_parse (report->from);
	if (nx_headers_get (nx_message_get_headers (message), "List-Id") != NULL || nx_report_is_mailer (message))
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
