/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-listserv.c: bounces as LISTSERV reckons with them (Auto-Delete= Yes,Semi-Auto,Delay(days),Max(errors)).
 *
 * Permanent errors count; any other goes to the owner or his daily report, and changes nothing. An address that still
 * fails delay-days after its first error, or that failed max-errors times, is deleted at that error. Delay(0), or
 * Max(1), deletes at the first one, as LISTSERV Lite does. The numbers 4 and 100 are those of its manual. auto-delete =
 * no is Manual: everything goes to the owner.
 *
 * What it cannot see: what LISTSERV calls permanent (here: the verdict), whether and when it drops an address from its
 * report that fails no more (here: never), and passive probing, which is a way of finding bounces, not of weighing
 * them.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->delay_days = 4;
	policy->min_events = 100;
}

static void
judge (const NxPolicy *policy, NxPolicyEntry *entry)
{
	const NxHistory *history = entry->history;
	if (!policy->remove)
		nx_policy_drop (entry, "goes to the owner: auto-delete is off");
	else if (history->kind == NX_KIND_FAILURE && history->verdict == NX_VERDICT_PERMANENT)
		entry->weight = 1;
	else
		nx_policy_drop (entry, "goes to the owner: not a permanent error");
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	const NxPolicy *policy = evaluation->policy;
	NxPolicyMemory *memory = &evaluation->memory;
	gint64 date = entry->history->date;
	if (memory->count++ == 0)
		memory->first = date;
	nx_policy_set_score (evaluation, memory->count, date);
	if (memory->count >= policy->min_events)
		nx_policy_change_state (evaluation, entry->history, NX_STATE_REMOVED,
					"the errors reached their number");
	else if (nx_policy_get_age (memory->first, date) >= (guint64)nx_policy_get_seconds (policy->delay_days))
		nx_policy_change_state (evaluation, entry->history, NX_STATE_REMOVED, "failed for too many days");
}

const NxPolicyEngine nx_preset_listserv = {
	.meaning = "as LISTSERV: permanent errors over some days, or so many of them, delete",
	.init = init,
	.judge = judge,
	.apply = apply,
};
