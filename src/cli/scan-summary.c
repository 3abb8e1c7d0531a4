/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan-summary.c: see scan-summary.h.
 */
#include "scan-summary.h"

#include <string.h>

#include "screen.h"

#define LABEL_WIDTH 11

gboolean
nx_standings_read (NxStore *store, NxStandings *standings, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);
	g_autoptr (GPtrArray) proposals =
		lists == NULL ? NULL : nx_store_list_proposals (store, NULL, NULL, NULL, error);
	g_autoptr (GPtrArray) incidents = NULL;

	if (lists == NULL || proposals == NULL)
		return FALSE;
	incidents = nx_store_list_incidents (store, NULL, error);
	if (incidents == NULL)
		return FALSE;
	*standings = (NxStandings){ .lists = lists->len, .incidents = incidents->len };
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		standings->filled += list->active + list->suspended + list->removed > 0;
		standings->active += list->active;
		standings->suspended += list->suspended;
		standings->removed += list->removed;
	}
	for (guint i = 0; i < proposals->len; i++) {
		const NxProposal *proposal = g_ptr_array_index (proposals, i);

		if (strcmp (proposal->state, "open") == 0)
			standings->proposals++;
	}
	return TRUE;
}

/* " (+3)", or "" when nothing changed. */
static char *
format_change (gint64 before, gint64 after)
{
	if (before == after)
		return g_strdup ("");
	return g_strdup_printf (" (%+" G_GINT64_FORMAT ")", after - before);
}

static void
print_counts (const NxScanSummary *summary)
{
	const NxTally *tally = summary->tally;
	g_autofree char *messages = nx_tally_format_messages (tally);
	g_autofree char *bytes = nx_screen_format_bytes (summary->read_bytes);
	g_autofree char *events = nx_tally_format_number (tally->events, "event");
	g_autofree char *added = nx_screen_format_count (tally->added);
	g_autofree char *known = nx_screen_format_count (tally->events - tally->added);

	nx_screen_print ("Read %s; %s in %.1f s.\n\n", messages, bytes, summary->seconds);
	if (summary->after == NULL)
		nx_screen_print ("%s; nothing was recorded (--dry-run)\n", events);
	else
		nx_screen_print ("%s: %s new, %s known before\n", events, added, known);
	nx_tally_print_verdicts (tally);
}

static void
print_row (const char *label, const char *text)
{
	g_autofree char *cell = nx_screen_pad (label, LABEL_WIDTH);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, cell);

	nx_screen_print ("%s  %s\n", painted, text);
}

static void
print_standing (const NxStandings *before, const NxStandings *after)
{
	g_autofree char *active = nx_screen_format_count ((guint64)after->active);
	g_autofree char *suspended = nx_screen_format_count ((guint64)after->suspended);
	g_autofree char *removed = nx_screen_format_count ((guint64)after->removed);
	g_autofree char *change = format_change (before->suspended, after->suspended);
	g_autofree char *subscribers =
		g_strdup_printf ("%s active, %s suspended%s, %s removed", active, suspended, change, removed);
	g_autofree char *proposals = nx_tally_format_number (after->proposals, "proposal");
	g_autofree char *more = format_change (before->proposals, after->proposals);
	g_autofree char *forwarding = g_strdup_printf ("%s open%s", proposals, more);

	print_row ("Subscribers", subscribers);
	print_row ("Forwarding", forwarding);
	if (after->incidents > 0) {
		g_autofree char *found = format_change (before->incidents, after->incidents);
		g_autofree char *incidents = g_strdup_printf ("%" G_GINT64_FORMAT "%s", after->incidents, found);

		print_row ("Incidents", incidents);
	}
}

static void
print_next (const NxStandings *standing)
{
	if (standing->lists == 0) {
		print_row ("Next", "nixie list add NAME, nixie subscriber import FILE, and scan again:");
		print_row ("", "no list is known yet, so the events are nobody's");
		return;
	}
	print_row ("Next", "nixie why ADDRESS    what was held against a subscriber");
	if (standing->proposals > 0)
		print_row ("", "nixie forward list   the new addresses that were offered");
	if (standing->incidents > 0)
		print_row ("", "nixie incident       when many failed alike: that does not count");
}

/* What was not read, not taken or not left where it was. */
static void
print_rest (const NxScanSummary *summary)
{
	const NxTally *tally = summary->tally;

	if (tally->outside > 0) {
		g_autofree char *events = nx_tally_format_number (tally->outside, "event");
		g_autofree char *text = g_strdup_printf ("%s before --since or after --until", events);

		print_row ("Left out", text);
	}
	if (summary->passed_bytes > 0) {
		g_autofree char *bytes = nx_screen_format_bytes (summary->passed_bytes);
		g_autofree char *text = g_strdup_printf ("%s that a scan has read before (--again reads all)", bytes);

		print_row ("Passed over", text);
	}
	if (summary->moved > 0) {
		g_autofree char *text = nx_tally_format_number (summary->moved, "message");

		print_row ("Moved", text);
	}
	if (tally->unreadable > 0) {
		g_autofree char *text = nx_screen_format_count (tally->unreadable);

		print_row ("Unreadable", text);
	}
}

void
nx_scan_summary_print (const NxScanSummary *summary)
{
	const NxTally *tally = summary->tally;
	g_autofree char *safe = nx_output_escape_terminal (summary->database);

	print_counts (summary);
	if (tally->outside > 0 || summary->passed_bytes > 0 || tally->unreadable > 0 || summary->after != NULL)
		nx_screen_print ("\n");
	print_rest (summary);
	if (summary->after == NULL)
		return;
	print_standing (summary->before, summary->after);
	print_row ("Database", safe);
	print_next (summary->after);
}
