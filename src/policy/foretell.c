/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foretell.c: what would come next for a subscriber, by evaluating his history with what has not happened added to it.
 * See nixie/policy.h.
 *
 * So it knows no arithmetic of its own, and is right for every preset. What it will not do: say what will happen.
 */
#include "policy/policy-private.h"

#include "base/limits.h"

/* RFC 3463 3.2: the mailbox does not exist. */
static const NxStatus dead_status = { 5, 1, 1 };

static NxStanding
evaluate (const NxPolicy *policy, const GArray *history, const GArray *posts)
{
	return nx_policy_evaluate (policy, (const NxHistory *)(const void *)history->data, history->len,
				   (const gint64 *)(const void *)posts->data, posts->len, NULL, NULL);
}

static GArray *
copy_history (const NxHistory *history, guint count)
{
	GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (NxHistory), count + 1);
	if (count > 0)
		g_array_append_vals (copy, history, count);
	return copy;
}

static GArray *
copy_posts (const gint64 *posts, guint count)
{
	GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (gint64), count + 1);
	if (count > 0)
		g_array_append_vals (copy, posts, count);
	return copy;
}

/* Each mail leaves when it is due; nobody answers, and none of them comes back. */
static void
foretell_end (const NxPolicy *policy, GArray *history, const GArray *posts, gint64 now, NxForetold *foretold)
{
	NxStanding standing = evaluate (policy, history, posts);
	foretold->sent = standing.warnings;
	for (guint i = 0; i < NX_LIMIT_POLICY_AHEAD; i++) {
		const NxHistory step = {
			.key = "~",
			.date = MAX (standing.due_date, now),
			.deed = standing.due == NX_ACTION_WARN ? NX_DEED_WARN : NX_DEED_PROBE,
		};
		if (standing.due == NX_ACTION_REMOVE)
			foretold->end = step.date;
		if (standing.due == NX_ACTION_REMOVE || standing.due == NX_ACTION_NONE)
			return;
		foretold->mails++;
		g_array_append_val (history, step);
		standing = evaluate (policy, history, posts);
	}
}

static void
add_failing_post (GArray *history, GArray *posts, gint64 date, NxProof proof)
{
	const NxHistory failure = {
		.key = "~",
		.date = date,
		.arrival = date,
		.status = dead_status,
		.kind = NX_KIND_FAILURE,
		.verdict = NX_VERDICT_PERMANENT,
		.reason = NX_REASON_USER_UNKNOWN,
		.proof = MAX (proof, NX_PROOF_ORIGINAL),
	};
	g_array_append_val (history, failure);
	if (posts->len == 0 || g_array_index (posts, gint64, posts->len - 1) <= date)
		g_array_append_val (posts, date);
}

static void
foretell_failures (const NxPolicy *policy, GArray *history, GArray *posts, gint64 now, NxForetold *foretold)
{
	const NxStanding standing = evaluate (policy, history, posts);
	for (guint days = 1; days <= NX_LIMIT_POLICY_AHEAD; days++) {
		add_failing_post (history, posts, now + days * NX_POLICY_DAY, policy->least_proof);
		const NxStanding ahead = evaluate (policy, history, posts);
		if (ahead.state == standing.state && (ahead.due == NX_ACTION_NONE || ahead.due == standing.due))
			continue;
		foretold->days = days;
		foretold->state = ahead.state;
		foretold->action = ahead.state == standing.state ? ahead.due : NX_ACTION_NONE;
		return;
	}
}

void
nx_policy_foretell_end (const NxPolicy *policy, const NxHistory *history, guint count, const gint64 *posts,
			guint post_count, gint64 now, NxForetold *foretold)
{
	g_autoptr (GArray) own = copy_history (history, count);
	g_autoptr (GArray) own_posts = copy_posts (posts, post_count);
	foretell_end (policy, own, own_posts, now, foretold);
}

void
nx_policy_foretell_failures (const NxPolicy *policy, const NxHistory *history, guint count, const gint64 *posts,
			     guint post_count, gint64 now, NxForetold *foretold)
{
	g_autoptr (GArray) own = copy_history (history, count);
	g_autoptr (GArray) own_posts = copy_posts (posts, post_count);
	foretell_failures (policy, own, own_posts, now, foretold);
}
