/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-ezmlm.c: bounces as ezmlm-idx reckons with them (bin/ezmlm-return.c, ezmlm-warn.c, lib/idx.h).
 *
 * The first failure is kept; further ones only add to the numbers that were missed, until nothing was added for three
 * times timeout-seconds. A kept failure older than timeout-seconds, and of an older bucket of 10,000 s, leads to a
 * warning. The warning's own bounce is kept too; as old, it leads to a probe. The probe's bounce, not more than
 * cookie-seconds after the probe, unsubscribes at once. A warning or probe that does not come back: nothing further
 * happens.
 *
 * What it cannot see: that ezmlm-weed drops reports with the header Auto-Submitted before it looks at them (Postfix's
 * among them). ezmlm-warn runs with the next post, unless it ran shortly before; here `nixie run` does what is due.
 */
#include "policy/policy-private.h"

/* ezmlm-return sorts what it keeps into folders of so many seconds, and ezmlm-warn takes whole folders. */
#define BUCKET_SECONDS ((gint64)10000)

#define HISTORY_TIMEOUTS 3

static void
init (NxPolicy *policy)
{
	policy->life_seconds = 864000;
	policy->cookie_seconds = 3000000;
}

/* When what was kept at @date is old enough. */
static gint64
get_end (const NxPolicy *policy, gint64 date)
{
	gint64 bucket = date / BUCKET_SECONDS - (date % BUCKET_SECONDS < 0 ? 1 : 0);
	gint64 begin = bucket < G_MININT64 / BUCKET_SECONDS ? G_MININT64 : bucket * BUCKET_SECONDS;
	return nx_policy_add_seconds (begin, BUCKET_SECONDS + policy->life_seconds);
}

static void
take_probe (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	const NxPolicy *policy = evaluation->policy;
	const NxHistory *history = entry->history;
	if (nx_policy_get_age (entry->step->date, history->date) > (guint64)policy->cookie_seconds) {
		nx_policy_drop (entry, "the probe was too long ago");
		return;
	}
	nx_policy_drop (entry, "the bounce of a probe ends the subscription");
	if (policy->remove)
		nx_policy_change_state (evaluation, history, NX_STATE_REMOVED, "the probe bounced");
	else if (evaluation->standing.state == NX_STATE_ACTIVE)
		nx_policy_change_state (evaluation, history, NX_STATE_SUSPENDED, "the probe bounced");
}

static void
take_failure (NxEvaluation *evaluation, const NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	gint64 date = entry->history->date;
	guint64 limit = HISTORY_TIMEOUTS * (guint64)evaluation->policy->life_seconds;
	gboolean anew = memory->count == 0 || nx_policy_get_age (memory->last, date) > limit;
	if (anew)
		memory->count = 0;
	if (anew && memory->first == NX_POLICY_NEVER)
		memory->first = date;
	memory->count++;
	memory->last = date;
	nx_policy_set_score (evaluation, memory->count, date);
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	if (entry->step == NULL) {
		take_failure (evaluation, entry);
	} else if (entry->step->deed == NX_DEED_PROBE) {
		take_probe (evaluation, entry);
	} else {
		nx_policy_drop (entry, "the bounce of a warning");
		if (memory->returned == NX_POLICY_NEVER)
			memory->returned = entry->history->date;
	}
}

/* What by the history as it is known now was not due yet has no effect. */
static void
step (NxEvaluation *evaluation, const NxHistory *step)
{
	gint64 *kept = step->deed == NX_DEED_PROBE ? &evaluation->memory.returned : &evaluation->memory.first;
	if (*kept == NX_POLICY_NEVER || get_end (evaluation->policy, *kept) > step->date)
		return;
	*kept = NX_POLICY_NEVER;
	if (step->deed == NX_DEED_WARN)
		evaluation->standing.warnings++;
}

static void
find_due (const NxEvaluation *evaluation, NxStanding *standing)
{
	const NxPolicy *policy = evaluation->policy;
	gint64 first = evaluation->memory.first;
	gint64 returned = evaluation->memory.returned;
	if (standing->state != NX_STATE_ACTIVE)
		return;
	if (returned != NX_POLICY_NEVER && (first == NX_POLICY_NEVER || returned <= first))
		nx_policy_set_due (standing, NX_ACTION_PROBE, get_end (policy, returned));
	else if (first != NX_POLICY_NEVER)
		nx_policy_set_due (standing, NX_ACTION_WARN, get_end (policy, first));
}

const NxPolicyEngine nx_preset_ezmlm = {
	.meaning = "as ezmlm-idx: a bounce, a warning that bounces, a probe that bounces: unsubscribed",
	.init = init,
	.judge = nx_policy_judge_failure,
	.apply = apply,
	.step = step,
	.find_due = find_due,
};
