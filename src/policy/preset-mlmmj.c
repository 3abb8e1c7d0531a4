/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-mlmmj.c: bounces as mlmmj reckons with them (src/mlmmj-bounce.c, src/mlmmj-maintd.c).
 *
 * Nothing is parsed: whatever comes to a subscriber's bounce address counts, delays, automatic replies, refusals for
 * spam and delivery reports too. What mlmmj-maintd does in each run, in this order: a probe that was sent longer than
 * waitprobe-seconds ago, and did not come back, says that the address is healthy: all is forgotten. Without a probe
 * out, bouncelife-seconds and waitprobe-seconds after the first bounce: unsubscribed. Else, without a probe out: a
 * probe. A probe that came back only says that none is out any more. Who is removed was never suspended.
 *
 * What it cannot see: mail to that address that is no report of any kind and was therefore not recorded. A run of
 * `nixie run` later than it should be sends the probe that was due, where mlmmj-maintd might unsubscribe at once.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->life_seconds = 432000;
	policy->wait_seconds = 43200;
}

static void
judge (const NxPolicy *policy G_GNUC_UNUSED, NxPolicyEntry *entry)
{
	entry->weight = 1;
}

static gboolean
is_out (const NxEvaluation *evaluation)
{
	return evaluation->memory.probed != NX_POLICY_NEVER;
}

static void
settle (NxEvaluation *evaluation, gint64 date)
{
	if (is_out (evaluation) &&
	    nx_policy_get_age (evaluation->memory.probed, date) > (guint64)evaluation->policy->wait_seconds)
		nx_policy_forget (evaluation, date);
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	gint64 date = entry->history->date;
	if (entry->step != NULL && entry->step->deed == NX_DEED_PROBE) {
		gboolean out = is_out (evaluation);
		nx_policy_drop (entry, out ? "a probe came back: the address still bounces"
					   : "a probe came back that none waited for");
		memory->probed = NX_POLICY_NEVER;
		if (out)
			memory->returned = date;
		return;
	}
	if (memory->count++ == 0)
		memory->first = date;
	nx_policy_set_score (evaluation, memory->count, date);
}

static void
step (NxEvaluation *evaluation, const NxHistory *step)
{
	if (step->deed == NX_DEED_PROBE && evaluation->memory.count > 0)
		evaluation->memory.probed = step->date;
}

static void
find_due (const NxEvaluation *evaluation, NxStanding *standing)
{
	const NxPolicy *policy = evaluation->policy;
	const NxPolicyMemory *memory = &evaluation->memory;
	if (memory->count == 0 || is_out (evaluation))
		return;
	gint64 end = nx_policy_add_seconds (memory->first, policy->life_seconds + policy->wait_seconds);
	gint64 now = MAX (memory->first, memory->returned);
	nx_policy_set_due (standing, now >= end ? NX_ACTION_REMOVE : NX_ACTION_PROBE, now);
}

const NxPolicyEngine nx_preset_mlmmj = {
	.meaning = "as mlmmj: probes as long as anything comes back; unsubscribed when probes do for too long",
	.expired = "bounced for too long, and its probes came back",
	.init = init,
	.judge = judge,
	.settle = settle,
	.apply = apply,
	.step = step,
	.find_due = find_due,
	.removes_active = TRUE,
};
