/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-sympa.c: bounces as Sympa reckons with them (Spindle/ProcessBounce.pm, Tracking.pm, Spindle/ProcessTask.pm).
 *
 * Every report with a status 4.x.x or 5.x.x counts, a delay too; the last one's class decides the type. Daily, at 0:00
 * UTC here, whose last bounce is older than the latest post's day by more than expire-bounce days is forgotten, and
 *     score = int (count * regularity * type + 0.5),   type = 0.5 for 4.x.x, else 1,
 *     regularity = count * (last day - first day with a post) / (last day - first day) / posts,
 * where posts are those of the days from the first to the last bounce; no score below minimum-bouncing-count bounces or
 * minimum-bouncing-period days. So the score of a list whose posts are unknown is 0. Weekly, on Monday at 0:00 UTC
 * here, the highest level whose rate the score has acts: notify_bouncers warns, each week again, remove_bouncers
 * removes; who is removed was never suspended.
 *
 * What it cannot see: that a welcome or remind mail bounced (which removes at once), members that are included from
 * elsewhere (which are skipped), and the day of the week on which a site's tasks run. A changed address begins anew
 * here; in Sympa its bounces stick.
 *
 * A task that was due and not yet done when the next report came in stays due.
 */
#include "policy/policy-private.h"

#include <math.h>

#define WEEK_DAYS 7

/* 1970-01-01 was a Thursday: three days behind a Monday. */
#define DAYS_TO_MONDAY 3

static void
init (NxPolicy *policy)
{
	policy->min_events = 10;
	policy->period_days = 10;
	policy->level_rate[0] = 45;
	policy->level_measure[0] = NX_MEASURE_NOTIFY;
	policy->level_rate[1] = 75;
	policy->level_measure[1] = NX_MEASURE_DELETE;
	policy->stale_after_days = 10;
}

static void
judge (const NxPolicy *policy G_GNUC_UNUSED, NxPolicyEntry *entry)
{
	guint class_ = entry->history->status.class_;
	if (entry->history->kind == NX_KIND_FEEDBACK || (class_ != 4 && class_ != 5))
		nx_policy_drop (entry, "sympa counts reports with a status 4.x.x or 5.x.x alone");
	else
		entry->weight = 1;
}

/* ---- daily ---- */

/* How many posts the days from @first to @last had, and the first of these days that had one. */
static guint
count_posts (const NxEvaluation *evaluation, gint64 first, gint64 last, gint64 *day_out)
{
	gint64 begin = nx_policy_add_seconds (nx_policy_get_midnight (first), -1);
	gint64 end = nx_policy_add_seconds (nx_policy_get_midnight (last + 1), -1);
	guint before = nx_policy_count_posts (evaluation, NX_POLICY_NEVER, begin);
	guint count = nx_policy_count_posts (evaluation, begin, end);
	*day_out = count > 0 ? nx_policy_get_day (evaluation->posts[before]) : last;
	return count;
}

static double
get_score (const NxEvaluation *evaluation)
{
	const NxPolicy *policy = evaluation->policy;
	const NxPolicyMemory *memory = &evaluation->memory;
	if (memory->count == 0 || memory->count < policy->min_events)
		return 0;
	gint64 delay = (gint64)policy->delay_days;
	gint64 first = nx_policy_get_day (memory->first) - delay;
	gint64 last = nx_policy_get_day (memory->last) - delay;
	if ((double)(last - first) < policy->period_days)
		return 0;
	gint64 day = 0;
	guint posts = count_posts (evaluation, first, last, &day);
	double count = memory->count;
	double adjusted = last != first ? count * (double)(last - day) / (double)(last - first) : count;
	double regularity = adjusted / (double)MAX (posts, 1);
	return floor (count * regularity * (memory->temporary ? 0.5 : 1) + 0.5);
}

static gboolean
is_forgotten (const NxEvaluation *evaluation, gint64 date)
{
	gint64 border = nx_policy_get_midnight (nx_policy_get_day (date));
	guint posts = nx_policy_count_posts (evaluation, NX_POLICY_NEVER, nx_policy_add_seconds (border, -1));
	if (evaluation->memory.count == 0 || posts == 0)
		return FALSE;
	gint64 latest = nx_policy_get_day (evaluation->posts[posts - 1]);
	gint64 last = nx_policy_get_day (evaluation->memory.last);
	return (double)last < (double)latest - evaluation->policy->stale_after_days;
}

/* ---- weekly ---- */

static gint64
get_next_monday (gint64 date)
{
	gint64 day = nx_policy_get_day (date) + DAYS_TO_MONDAY;
	gint64 weekday = (day % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS;
	return nx_policy_get_midnight (day - weekday - DAYS_TO_MONDAY + WEEK_DAYS);
}

static NxAction
find_task (const NxEvaluation *evaluation, gint64 *date_out)
{
	const NxPolicy *policy = evaluation->policy;
	const NxPolicyMemory *memory = &evaluation->memory;
	double score = get_score (evaluation);
	NxMeasure measure = NX_MEASURE_NONE;
	if (memory->count == 0)
		return NX_ACTION_NONE;
	if (policy->level_rate[1] <= score)
		measure = policy->level_measure[1];
	else if (policy->level_rate[0] <= score)
		measure = policy->level_measure[0];
	if (measure == NX_MEASURE_NONE)
		return NX_ACTION_NONE;
	gboolean notify = measure == NX_MEASURE_NOTIFY;
	*date_out = get_next_monday (notify ? MAX (memory->last, memory->warned) : memory->last);
	return notify ? NX_ACTION_WARN : NX_ACTION_REMOVE;
}

static void
settle (NxEvaluation *evaluation, gint64 date)
{
	NxPolicyMemory *memory = &evaluation->memory;
	gint64 due = 0;
	if (is_forgotten (evaluation, date)) {
		nx_policy_forget (evaluation, date);
		return;
	}
	NxAction task = find_task (evaluation, &due);
	if (task == NX_ACTION_NONE || due > date || memory->missed >= task)
		return;
	memory->missed = task;
	memory->reached = due;
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	const NxHistory *history = entry->history;
	if (memory->count++ == 0)
		memory->first = history->date;
	memory->last = history->date;
	memory->temporary = history->status.class_ == 4;
	nx_policy_set_score (evaluation, get_score (evaluation), history->date);
}

static void
step (NxEvaluation *evaluation, const NxHistory *step)
{
	if (step->deed != NX_DEED_WARN)
		return;
	evaluation->memory.warned = step->date;
	evaluation->standing.warnings++;
	if (evaluation->memory.missed == NX_ACTION_WARN)
		evaluation->memory.missed = NX_ACTION_NONE;
}

static void
find_due (const NxEvaluation *evaluation, NxStanding *standing)
{
	gint64 date = 0;
	NxAction task = find_task (evaluation, &date);
	if (evaluation->memory.missed != NX_ACTION_NONE) {
		task = evaluation->memory.missed;
		date = evaluation->memory.reached;
	}
	nx_policy_set_due (standing, task, date);
	standing->score = get_score (evaluation);
}

const NxPolicyEngine nx_preset_sympa = {
	.meaning = "as Sympa: a score by how regularly posts bounce, found daily, acted on weekly",
	.expired = "the bounce score reached a level that removes",
	.init = init,
	.judge = judge,
	.settle = settle,
	.apply = apply,
	.step = step,
	.find_due = find_due,
	.removes_active = TRUE,
};
