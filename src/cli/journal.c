/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal.c: see journal.h.
 */
#include "journal.h"

#include "screen.h"

/* What a step did; its addresses follow. */
static const char *const sentences[] = {
	[NX_STEP_NONE] = "something that this nixie does not know",
	[NX_STEP_ASK] = "the new address was asked",
	[NX_STEP_CONFIRM] = "the new address has confirmed",
	[NX_STEP_RETURNED] = "the mail that asked the new address came back",
	[NX_STEP_MOVE] = "the address was changed",
	[NX_STEP_MERGE] = "ended, since its new address is a subscriber already",
	[NX_STEP_REJECT] = "the new address was rejected",
	[NX_STEP_RESTORE] = "restored",
	[NX_STEP_REMOVE] = "removed",
	[NX_STEP_UNDO] = "took back",
	[NX_STEP_WARN] = "a warning was sent",
	[NX_STEP_PROBE] = "a mail was sent to see whether it arrives",
	[NX_STEP_ENABLE] = "the reader came back",
	[NX_STEP_EXPIRE] = "removed by the policy",
	[NX_STEP_ASIDE] = "reports were set aside",
	[NX_STEP_CLOSE] = "an incident was closed",
	[NX_STEP_COUNT] = "it was no incident",
	[NX_STEP_HOLD] = "an incident holds again",
	[NX_STEP_POLICY] = "another policy came into force",
};

char *
nx_journal_format_step (const NxStep *step)
{
	gboolean known = (guint)step->kind < G_N_ELEMENTS (sentences) && sentences[step->kind] != NULL;
	guint kind = known ? (guint)step->kind : NX_STEP_NONE;
	g_autofree char *day = nx_screen_format_day (step->date);
	g_autofree char *subscriber = nx_output_escape_terminal (step->subscriber);
	g_autofree char *old_address = nx_output_escape_terminal (step->old_address);
	g_autofree char *new_address = nx_output_escape_terminal (step->new_address);
	g_autofree char *note = nx_output_escape_terminal (step->kind == NX_STEP_ASIDE ? step->note : "");
	g_autoptr (GString) line = g_string_new (NULL);

	g_string_append_printf (line, "%s  step %" G_GINT64_FORMAT "  %s", day, step->id, sentences[kind]);
	if (step->undoes != 0)
		g_string_append_printf (line, " step %" G_GINT64_FORMAT, step->undoes);
	if (*new_address != '\0')
		g_string_append_printf (line, ": %s -> %s", old_address, new_address);
	else if (*subscriber != '\0')
		g_string_append_printf (line, ": %s", subscriber);
	if (*note != '\0')
		g_string_append_printf (line, ": %s", note);
	if (step->proposal != 0)
		g_string_append_printf (line, ", proposal %" G_GINT64_FORMAT, step->proposal);
	if (step->undone != 0)
		g_string_append_printf (line, "; taken back by step %" G_GINT64_FORMAT, step->undone);
	return g_string_free (g_steal_pointer (&line), FALSE);
}
