/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mailman.c: what both Mailmans have: a disabled member, the warnings, the probe. See preset-mailman3.c,
 * preset-mailman2.c.
 */
#include "policy/policy-private.h"

/* Mailman's pending_request_life of a probe's token. */
#define TOKEN_SECONDS (10 * NX_POLICY_DAY)

void
nx_mailman_init (NxPolicy *policy)
{
	policy->threshold = 5;
	policy->stale_after_days = 7;
	policy->warnings = 3;
	policy->warn_interval_days = 7;
}

void
nx_mailman_disable (NxEvaluation *evaluation, const NxHistory *history, const char *cause)
{
	if (evaluation->standing.state != NX_STATE_SUSPENDED)
		nx_policy_change_state (evaluation, history, NX_STATE_SUSPENDED, cause);
	evaluation->standing.warnings = 0;
	evaluation->memory.warned = NX_POLICY_NEVER;
	evaluation->memory.reached = history->date;
}

gboolean
nx_mailman_is_probe (const NxPolicyEntry *entry)
{
	return entry->step != NULL && entry->step->deed == NX_DEED_PROBE &&
	       nx_policy_get_age (entry->step->date, entry->history->date) <= TOKEN_SECONDS;
}

void
nx_mailman_step (NxEvaluation *evaluation, const NxHistory *step)
{
	nx_policy_take_warning (evaluation, step);
	if (step->deed == NX_DEED_PROBE && evaluation->standing.state == NX_STATE_ACTIVE)
		evaluation->memory.reached = NX_POLICY_NEVER;
}

void
nx_mailman_find_due (const NxEvaluation *evaluation, gint64 warned, NxStanding *standing)
{
	const NxPolicy *policy = evaluation->policy;
	gint64 reached = evaluation->memory.reached;
	if (standing->state == NX_STATE_ACTIVE && reached != NX_POLICY_NEVER)
		nx_policy_set_due (standing, NX_ACTION_PROBE, reached);
	if (standing->state != NX_STATE_SUSPENDED)
		return;
	gint64 interval = nx_policy_get_seconds (policy->warn_interval_days);
	gint64 date = warned == NX_POLICY_NEVER ? reached : nx_policy_add_seconds (warned, interval);
	gboolean all = standing->warnings >= policy->warnings;
	nx_policy_set_due (standing, all ? NX_ACTION_REMOVE : NX_ACTION_WARN, policy->warnings == 0 ? reached : date);
}
