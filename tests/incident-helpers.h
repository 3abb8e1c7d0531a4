/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident-helpers.h: finding the incidents of a whole list at once, straight from policy/incident.h: what the store
 * must come to day by day.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/incident.h"

/* A list: @failures of NxFailure, @posts of gint64 dates. @count_members: how many subscribers a domain has. */
typedef struct {
	GArray *failures;
	GArray *posts;
	GArray *rulings;
	guint (*count_members) (gint64 domain);
	guint subscribers;
} Case;

/* @groups: of NxGroupDay, all days, judged and claimed. @outcomes: of Found. @held: ids. */
typedef struct {
	GArray *groups;
	GArray *outcomes;
	GHashTable *held;
} Result;

typedef struct {
	NxGroupDay group;
	NxOutcome outcome;
} Found;

static inline void
result_free (Result *result)
{
	g_array_unref (result->groups);
	g_array_unref (result->outcomes);
	g_hash_table_unref (result->held);
	g_free (result);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Result, result_free)

static inline int
compare_dates (gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a;
	gint64 y = *(const gint64 *)b;
	return (x > y) - (x < y);
}

/* Days with a post or a failure. */
static inline GArray *
find_days (const Case *list)
{
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	GArray *days = g_array_new (FALSE, FALSE, sizeof (gint64));
	for (guint i = 0; i < list->failures->len + list->posts->len; i++) {
		gint64 date = i < list->failures->len ? g_array_index (list->failures, NxFailure, i).date
						      : g_array_index (list->posts, gint64, i - list->failures->len);
		gint64 day = nx_incident_get_day (date);
		if (g_hash_table_add (seen, g_memdup2 (&day, sizeof day)))
			g_array_append_val (days, day);
	}
	g_array_sort (days, compare_dates);
	return days;
}

static inline GArray *
take_day (const GArray *failures, gint64 day)
{
	GArray *taken = g_array_new (FALSE, FALSE, sizeof (NxFailure));
	for (guint i = 0; i < failures->len; i++)
		if (nx_incident_get_day (g_array_index (failures, NxFailure, i).date) == day)
			g_array_append_val (taken, g_array_index (failures, NxFailure, i));
	return taken;
}

static inline GArray *
find_posting (const Case *list, const GArray *days)
{
	g_autoptr (GArray) markers = g_array_new (FALSE, FALSE, sizeof (NxGroupDay));
	for (guint i = 0; i < days->len; i++) {
		gint64 day = g_array_index (days, gint64, i);
		gboolean posted = FALSE;
		g_autoptr (GArray) failures = take_day (list->failures, day);
		nx_incident_sort (failures);
		for (guint j = 0; j < list->posts->len; j++)
			posted = posted || nx_incident_get_day (g_array_index (list->posts, gint64, j)) == day;
		const NxGroupDay marker = nx_incident_make_marker (failures, day, posted);
		g_array_append_val (markers, marker);
	}
	return nx_incident_find_posting (markers);
}

static inline gboolean
is_group (const NxGroupDay *a, const NxGroupDay *b)
{
	return a->scope == b->scope && a->name == b->name && a->verdict == b->verdict;
}

static inline GArray *
take_group (const GArray *groups, const NxGroupDay *wanted)
{
	GArray *taken = g_array_new (FALSE, FALSE, sizeof (NxGroupDay));
	for (guint i = 0; i < groups->len; i++)
		if (is_group (&g_array_index (groups, NxGroupDay, i), wanted))
			g_array_append_val (taken, g_array_index (groups, NxGroupDay, i));
	return taken;
}

/* Calls back for each group once, with its days; they are written back. */
static inline void
foreach_group_of (const Case *list, Result *result, GArray *posting, gboolean sum_up)
{
	g_autoptr (GArray) done = g_array_new (FALSE, FALSE, sizeof (NxGroupDay));
	for (guint i = 0; i < result->groups->len; i++) {
		const NxGroupDay key = g_array_index (result->groups, NxGroupDay, i);
		const NxGroupDay measure = { .scope = NX_SCOPE_LIST, .verdict = key.verdict };
		gboolean known = key.scope == NX_SCOPE_LIST;
		for (guint j = 0; j < done->len; j++)
			known = known || is_group (&g_array_index (done, NxGroupDay, j), &key);
		if (known)
			continue;
		g_array_append_val (done, key);
		g_autoptr (GArray) days = take_group (result->groups, &key);
		g_autoptr (GArray) usual = take_group (result->groups, &measure);
		const NxSurroundings around = {
			.posting = posting,
			.usual = usual,
			.rulings = list->rulings,
			.members = key.scope == NX_SCOPE_DOMAIN ? list->count_members (key.name) : 0,
			.subscribers = list->subscribers,
		};
		if (!sum_up)
			nx_incident_judge (days, &around);
		for (guint j = 0, next = 0; j < result->groups->len && !sum_up; j++)
			if (is_group (&g_array_index (result->groups, NxGroupDay, j), &key))
				g_array_index (result->groups, NxGroupDay, j) =
					g_array_index (days, NxGroupDay, next++);
		if (!sum_up)
			continue;
		g_autoptr (GArray) outcomes = nx_incident_sum_up (days, &around);
		for (guint j = 0; j < outcomes->len; j++) {
			const Found found = { key, g_array_index (outcomes, NxOutcome, j) };
			g_array_append_val (result->outcomes, found);
		}
	}
}

static inline void
claim_day (const Case *list, Result *result, gint64 day)
{
	g_autoptr (GArray) failures = take_day (list->failures, day);
	g_autoptr (GArray) groups = g_array_new (FALSE, FALSE, sizeof (NxGroupDay));
	for (guint i = 0; i < result->groups->len; i++)
		if (g_array_index (result->groups, NxGroupDay, i).day == day)
			g_array_append_val (groups, g_array_index (result->groups, NxGroupDay, i));
	nx_incident_sort (failures);
	nx_incident_claim (failures, groups);
	for (guint i = 0; i < failures->len; i++) {
		const NxFailure *failure = &g_array_index (failures, NxFailure, i);
		if (failure->group >= 0 && failure->date <= g_array_index (groups, NxGroupDay, failure->group).until)
			g_hash_table_add (result->held, g_memdup2 (&failure->id, sizeof failure->id));
	}
	for (guint i = 0; i < groups->len; i++)
		for (guint j = 0; j < result->groups->len; j++) {
			NxGroupDay *group = &g_array_index (result->groups, NxGroupDay, j);
			if (group->day == day && is_group (group, &g_array_index (groups, NxGroupDay, i)))
				*group = g_array_index (groups, NxGroupDay, i);
		}
}

static inline Result *
detect (const Case *list)
{
	Result *result = g_new0 (Result, 1);
	g_autoptr (GArray) days = find_days (list);
	g_autoptr (GArray) posting = find_posting (list, days);
	result->groups = g_array_new (FALSE, FALSE, sizeof (NxGroupDay));
	result->outcomes = g_array_new (FALSE, FALSE, sizeof (Found));
	result->held = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < days->len; i++) {
		gint64 day = g_array_index (days, gint64, i);
		g_autoptr (GArray) failures = take_day (list->failures, day);
		g_autoptr (GArray) groups = nx_incident_count (failures, day);
		g_array_append_vals (result->groups, groups->data, groups->len);
	}
	foreach_group_of (list, result, posting, FALSE);
	for (guint i = 0; i < days->len; i++)
		claim_day (list, result, g_array_index (days, gint64, i));
	foreach_group_of (list, result, posting, TRUE);
	return result;
}
