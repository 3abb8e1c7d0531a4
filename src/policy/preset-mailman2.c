/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-mailman2.c: bounces as Mailman 2.1 reckons with them (Mailman/Bouncer.py, Defaults.py.in).
 *
 * As preset-mailman3.c, but: the weight is 1.0 always; a mail to a VERP return path in which nothing is recognised
 * scores too (a delay does not). Ages are whole days: the score is stale when more days than
 * bounce-info-stale-after-days lie between two bounces, and a warning's interval begins with its day. With verp-probes
 * the score is 0 once a probe is wanted. Turning delivery on forgets the score.
 *
 * What it cannot see: the local time zone (days are UTC days), sibling lists, and whether what is proven by a returned
 * original came to a VERP return path too.
 */
#include "policy/policy-private.h"

static void
judge (const NxPolicy *policy, NxPolicyEntry *entry)
{
	const NxHistory *history = entry->history;
	gboolean verp = history->proof == NX_PROOF_VERP || history->proof == NX_PROOF_SIGNED;
	if (history->kind == NX_KIND_DELAYED)
		nx_policy_drop (entry, "mailman2 ignores what is temporary");
	else if (history->kind != NX_KIND_FAILURE && verp)
		entry->weight = 1;
	else
		nx_policy_judge_failure (policy, entry);
}

static void
reach (NxEvaluation *evaluation, const NxHistory *history)
{
	if (!evaluation->policy->probes) {
		nx_mailman_disable (evaluation, history, "the bounce score reached the threshold");
		return;
	}
	nx_policy_set_score (evaluation, 0, history->date);
	if (evaluation->memory.reached == NX_POLICY_NEVER)
		evaluation->memory.reached = history->date;
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	const NxHistory *history = entry->history;
	if (evaluation->standing.state == NX_STATE_SUSPENDED) {
		nx_policy_drop (entry, "delivery was off already");
		return;
	}
	if (nx_mailman_is_probe (entry)) {
		nx_policy_drop (entry, "the bounce of a probe turns delivery off");
		nx_mailman_disable (evaluation, history, "the probe bounced");
		return;
	}
	gint64 day = nx_policy_get_day (history->date);
	gint64 before = nx_policy_get_day (memory->last);
	gboolean first = memory->last == NX_POLICY_NEVER;
	memory->last = history->date;
	if (!first && day == before) {
		nx_policy_drop (entry, "same day as one that counts");
		return;
	}
	gboolean stale = first || (double)(day - before) > evaluation->policy->stale_after_days;
	nx_policy_set_score (evaluation, stale ? 1 : evaluation->standing.score + 1, history->date);
	if (evaluation->standing.score >= evaluation->policy->threshold)
		reach (evaluation, history);
}

static void
find_due (const NxEvaluation *evaluation, NxStanding *standing)
{
	gint64 warned = evaluation->memory.warned;
	if (warned != NX_POLICY_NEVER)
		warned = nx_policy_get_midnight (nx_policy_get_day (warned));
	nx_mailman_find_due (evaluation, warned, standing);
}

const NxPolicyEngine nx_preset_mailman2 = {
	.meaning = "as Mailman 2.1: the numbers of Mailman 3, by whole days, and any mail to a VERP path scores",
	.expired = "delivery was off by bounces, and nobody turned it on",
	.init = nx_mailman_init,
	.judge = judge,
	.apply = apply,
	.step = nx_mailman_step,
	.find_due = find_due,
};
