/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-mailman3.c: bounces as Mailman 3.3.8 reckons with them (runners/bounce.py, model/bounce.py).
 *
 * A failure counts 1, whatever its status: flufl.bounce calls every "Action: failed" permanent, a full mailbox and a
 * refusal for spam too. A delay or an automatic reply does not. One a calendar date; another of that date only makes
 * the last one younger. When the last is older than bounce-info-stale-after-days (to the second), the score begins
 * with 1. At the threshold delivery is off; or, with verp-probes, a probe is sent, and its bounce within 10 days turns
 * delivery off at once. What comes in while it is off is ignored. The periodic job sends the first warning at once,
 * each further one an interval after the one before, and deletes an interval after the last. A member whose delivery is
 * on again has the score that he had (3.3.8 resets it nowhere).
 *
 * What it cannot see: what flufl.bounce would not have recognised, and that Mailman reckons with the time at which it
 * got the mail; here it is the report's own.
 */
#include "policy/policy-private.h"

static gboolean
is_stale (const NxEvaluation *evaluation, gint64 date)
{
	gint64 last = evaluation->memory.last;
	return last == NX_POLICY_NEVER ||
	       nx_policy_get_age (last, date) > (guint64)nx_policy_get_seconds (evaluation->policy->stale_after_days);
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	const NxHistory *history = entry->history;
	if (nx_mailman_is_probe (entry)) {
		nx_policy_drop (entry, "the bounce of a probe turns delivery off");
		nx_mailman_disable (evaluation, history, "the probe bounced");
		return;
	}
	if (evaluation->standing.state == NX_STATE_SUSPENDED) {
		nx_policy_drop (entry, "delivery was off already");
		return;
	}
	gboolean same_day = memory->last != NX_POLICY_NEVER &&
			    nx_policy_get_day (memory->last) == nx_policy_get_day (history->date);
	gboolean stale = is_stale (evaluation, history->date);
	memory->last = history->date;
	if (same_day) {
		nx_policy_drop (entry, "same day as one that counts");
		return;
	}
	nx_policy_set_score (evaluation, stale ? 1 : evaluation->standing.score + 1, history->date);
	if (evaluation->standing.score < evaluation->policy->threshold)
		return;
	if (!evaluation->policy->probes)
		nx_mailman_disable (evaluation, history, "the bounce score reached the threshold");
	else if (memory->reached == NX_POLICY_NEVER)
		memory->reached = history->date;
}

static void
find_due (const NxEvaluation *evaluation, NxStanding *standing)
{
	nx_mailman_find_due (evaluation, evaluation->memory.warned, standing);
}

const NxPolicyEngine nx_preset_mailman3 = {
	.meaning = "as Mailman 3.3: 5 days of bounces with no week between disable; three warnings, then deletion",
	.expired = "delivery was off by bounces, and nobody turned it on",
	.init = nx_mailman_init,
	.judge = nx_policy_judge_failure,
	.apply = apply,
	.step = nx_mailman_step,
	.find_due = find_due,
	.keeps_score = TRUE,
};
