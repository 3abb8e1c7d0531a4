/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tally.c: see tally.h.
 */
#include "tally.h"

#include "screen.h"

/* The most frequent reasons that stand beside a verdict. */
#define TOP_REASONS 4

#define VERDICT_WIDTH 11
#define COUNT_WIDTH 10

void
nx_tally_add (NxTally *tally, const GPtrArray *events, gsize bytes)
{
	gboolean report = FALSE;

	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);
		guint verdict = MIN ((guint)event->verdict, NX_TALLY_VERDICTS - 1);
		guint reason = MIN ((guint)event->reason, NX_TALLY_REASONS - 1);

		if (event->kind == NX_KIND_NONE)
			continue;
		report = TRUE;
		tally->events++;
		tally->verdicts[verdict]++;
		tally->counts[verdict][reason]++;
	}
	tally->messages++;
	tally->bytes += bytes;
	if (report)
		tally->reports++;
}

char *
nx_tally_format_number (guint64 number, const char *noun)
{
	g_autofree char *count = nx_screen_format_count (number);

	return g_strdup_printf ("%s %s%s", count, noun, number == 1 ? "" : "s");
}

char *
nx_tally_format_messages (const NxTally *tally)
{
	g_autofree char *messages = nx_tally_format_number (tally->messages, "message");
	g_autofree char *reports = nx_tally_format_number (tally->reports, "report");
	g_autofree char *others = nx_tally_format_number (tally->messages - tally->reports, "other mail");

	return g_strdup_printf ("%s: %s, %s", messages, reports, others);
}

static guint
find_most_frequent (const guint64 *counts, const gboolean *done)
{
	guint best = NX_TALLY_REASONS;

	for (guint i = 0; i < NX_TALLY_REASONS; i++) {
		if (done[i] || counts[i] == 0)
			continue;
		if (best == NX_TALLY_REASONS || counts[i] > counts[best])
			best = i;
	}
	return best;
}

static char *
format_reasons (const guint64 *counts)
{
	GString *out = g_string_new (NULL);
	gboolean done[NX_TALLY_REASONS] = { FALSE };
	guint reason = 0;

	for (guint i = 0; i < TOP_REASONS; i++) {
		g_autofree char *count = NULL;

		reason = find_most_frequent (counts, done);
		if (reason == NX_TALLY_REASONS)
			return g_string_free (out, FALSE);
		count = nx_screen_format_count (counts[reason]);
		g_string_append_printf (out, "%s%s %s", i == 0 ? "" : ", ",
					reason == NX_REASON_NONE ? "no reason" : nx_reason_to_string ((NxReason)reason),
					count);
		done[reason] = TRUE;
	}
	if (find_most_frequent (counts, done) != NX_TALLY_REASONS)
		g_string_append (out, ", ...");
	return g_string_free (out, FALSE);
}

void
nx_tally_print_verdicts (const NxTally *tally)
{
	for (guint verdict = NX_VERDICT_PERMANENT; verdict < NX_TALLY_VERDICTS; verdict++) {
		g_autofree char *name = nx_screen_pad (nx_verdict_to_string ((NxVerdict)verdict), VERDICT_WIDTH);
		g_autofree char *painted = nx_screen_paint (nx_screen_get_verdict_style ((NxVerdict)verdict), name);
		g_autofree char *count = nx_screen_format_count (tally->verdicts[verdict]);
		g_autofree char *reasons = format_reasons (tally->counts[verdict]);

		nx_screen_print ("  %s%*s%s%s\n", painted, COUNT_WIDTH, count, *reasons == '\0' ? "" : "  ", reasons);
	}
}
