/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-listmonk.c: bounces as listmonk reckons with them (queries/bounces.sql, internal/bounce/mailbox/pop.go).
 *
 * A mail with a status 5.x.x is a hard bounce (a refusal for spam too), any other a soft one, a complaint its own type.
 * All that were ever stored of a type, and this one, are counted: from soft-count, hard-count or complaint-count on the
 * action follows, and what comes in beyond the count is not stored. blocklist suspends, unsubscribe and delete end the
 * subscription. Nothing is forgotten, so who is restored by hand is blocklisted by his next hard bounce.
 *
 * What it cannot see: the words by which listmonk tells hard from soft when there is no status (the verdict stands in
 * for them), that it finds subscribers by X-Listmonk-Subscriber alone, and its other lists (a blocklist is for all of
 * them).
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->count[NX_LISTMONK_SOFT] = 2;
	policy->measure[NX_LISTMONK_SOFT] = NX_MEASURE_NONE;
	policy->count[NX_LISTMONK_HARD] = 1;
	policy->measure[NX_LISTMONK_HARD] = NX_MEASURE_BLOCKLIST;
	policy->count[NX_LISTMONK_COMPLAINT] = 1;
	policy->measure[NX_LISTMONK_COMPLAINT] = NX_MEASURE_BLOCKLIST;
}

static void
judge (const NxPolicy *policy G_GNUC_UNUSED, NxPolicyEntry *entry)
{
	const NxHistory *history = entry->history;
	if (history->kind == NX_KIND_FEEDBACK && !history->complains)
		nx_policy_drop (entry, "feedback that is no complaint never counts");
	else
		entry->weight = 1;
}

static guint
get_type (const NxHistory *history)
{
	if (history->kind == NX_KIND_FEEDBACK)
		return NX_LISTMONK_COMPLAINT;
	gboolean hard = nx_status_is_set (history->status) ? history->status.class_ == 5
							   : history->verdict == NX_VERDICT_PERMANENT;
	return hard ? NX_LISTMONK_HARD : NX_LISTMONK_SOFT;
}

static void
act (NxEvaluation *evaluation, const NxHistory *history, NxMeasure measure, guint type)
{
	static const char *const causes[] = {
		[NX_LISTMONK_SOFT] = "the soft bounces reached their count",
		[NX_LISTMONK_HARD] = "the hard bounces reached their count",
		[NX_LISTMONK_COMPLAINT] = "the reader complained",
	};
	gboolean ends = measure == NX_MEASURE_UNSUBSCRIBE || measure == NX_MEASURE_DELETE;
	if (measure != NX_MEASURE_NONE && type == NX_LISTMONK_COMPLAINT)
		evaluation->complained = TRUE;
	if (ends)
		nx_policy_change_state (evaluation, history, NX_STATE_REMOVED, causes[type]);
	else if (measure == NX_MEASURE_BLOCKLIST && evaluation->standing.state == NX_STATE_ACTIVE)
		nx_policy_change_state (evaluation, history, NX_STATE_SUSPENDED, causes[type]);
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	static const char *const notes[] = {
		[NX_LISTMONK_SOFT] = "a soft bounce",
		[NX_LISTMONK_HARD] = "a hard bounce",
		[NX_LISTMONK_COMPLAINT] = "a complaint",
	};
	const NxPolicy *policy = evaluation->policy;
	guint type = get_type (entry->history);
	guint number = evaluation->memory.counts[type] + 1;
	if (number <= policy->count[type])
		evaluation->memory.counts[type] = number;
	if (number > policy->count[type])
		nx_policy_drop (entry, "%s beyond the count", notes[type]);
	else
		g_strlcpy (entry->note, notes[type], sizeof entry->note);
	nx_policy_set_score (evaluation, evaluation->memory.counts[type], entry->history->date);
	if (number >= policy->count[type])
		act (evaluation, entry->history, policy->measure[type], type);
}

const NxPolicyEngine nx_preset_listmonk = {
	.meaning = "as listmonk: one hard bounce blocklists, soft ones do nothing; nothing is ever forgotten",
	.init = init,
	.judge = judge,
	.apply = apply,
	.keeps_score = TRUE,
	.counts_complaints = TRUE,
};
