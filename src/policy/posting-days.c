/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * posting-days.c: on which days the failures of a list's posts come: by those others are measured. See incident.h.
 *
 * Which days count as posting days. Of a list whose posts are known those alone, though reports trickle in on others
 * too: measured by these, every post would be a bad day. A post late in the evening fails on the day behind it. Where
 * no posts are known, days on which far less failed than on others (a quarter of the third worst of 60 days, so that
 * two outages do not matter; of the worst, while few days are known) are such trickle.
 */
#include "policy/incident.h"

/* What is known to post goes on: a monthly list, with some days to spare. */
#define KNOWN_DAYS 45

static const NxGroupDay *
get_marker (const GArray *markers, guint index)
{
	return &g_array_index (markers, NxGroupDay, index);
}

/* Is it known what the list posts in these days? */
static gboolean
knows_posts (const GArray *markers, guint index)
{
	gint64 day = get_marker (markers, index)->day;
	for (guint i = index; i > 0 && get_marker (markers, i - 1)->day >= day - KNOWN_DAYS; i--)
		if (get_marker (markers, i - 1)->fits)
			return TRUE;
	return FALSE;
}

static gboolean
is_trickle (const GArray *markers, guint index)
{
	const NxGroupDay *marker = get_marker (markers, index);
	guint worst[3] = { 0 };
	guint seen = 0;
	for (guint i = index; i > 0 && get_marker (markers, i - 1)->day >= marker->day - NX_INCIDENT_WINDOW_DAYS; i--) {
		guint number = get_marker (markers, i - 1)->addresses;
		seen++;
		for (guint j = 0; j < G_N_ELEMENTS (worst); j++) {
			guint lower = MIN (worst[j], number);
			worst[j] = MAX (worst[j], number);
			number = lower;
		}
	}
	/* Both are powers of two, rounded down: at least a quarter apart. */
	return (guint64)marker->addresses * 2 < worst[MIN (seen / 8, 2)];
}

/* The day on which a post's failures come. */
static gint64
get_failing_day (const GArray *markers, guint index)
{
	const NxGroupDay *marker = get_marker (markers, index);
	const NxGroupDay *next = index + 1 < markers->len ? get_marker (markers, index + 1) : NULL;
	gboolean late =
		next != NULL && next->day == marker->day + 1 && !next->fits && next->addresses > marker->addresses;
	return late ? next->day : marker->day;
}

GArray *
nx_incident_find_posting (const GArray *markers)
{
	GArray *posting = g_array_new (FALSE, FALSE, sizeof (gint64));
	for (guint i = 0; i < markers->len; i++) {
		const NxGroupDay *marker = get_marker (markers, i);
		gint64 day = marker->day;
		if (marker->fits)
			day = get_failing_day (markers, i);
		else if (knows_posts (markers, i) || is_trickle (markers, i))
			continue;
		if (posting->len == 0 || g_array_index (posting, gint64, posting->len - 1) < day)
			g_array_append_val (posting, day);
	}
	return posting;
}

NxGroupDay
nx_incident_make_marker (const GArray *failures, gint64 day, gboolean posted)
{
	NxGroupDay marker = { .day = day, .scope = NX_SCOPE_LIST, .fits = posted, .chain = -1 };
	guint addresses = 0;
	for (guint i = 0; i < failures->len; i++)
		addresses += i == 0 || g_array_index (failures, NxFailure, i - 1).subscriber !=
					       g_array_index (failures, NxFailure, i).subscriber;
	/* In steps: one more failure should not make all be judged anew. */
	if (addresses > 0)
		marker.addresses = 1u << g_bit_nth_msf (addresses, -1);
	return marker;
}
