/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-nixie.c: the default: a score that fades, healed by mail that comes through; suspends, warns, then removes.
 *
 * What it will not do: suspend by what says nothing on the address (blocked), or by what happened on one day only.
 */
#include "policy/policy-private.h"

#include <math.h>

/* Scores are kept to six digits: machines whose exp2() differs in its last bit agree on what the database holds. */
#define SCORE_UNITS 1e6

/* RFC 5321 4.5.4.1: a server tries for four or five days before it tells the sender. So a post this young may fail yet.
 */
#define GIVE_UP_SECONDS (5 * NX_POLICY_DAY)

/*
 * Why these numbers. With a half-life of 60 days a dead address (1.0 a day on which mail goes out) has
 *     on a daily list    1, 1.99, 2.97: suspended on the third day of failures;
 *     on a weekly list   1, 1.92, 2.77: with the third;
 *     on a monthly list  1, 1.71, 2.21, 2.56: with the fourth bounce;
 * so one wrong report, or two, never suspends, and a dead address does not stay for half a year. A full mailbox (0.1)
 * on a daily list comes to 2.5 after 30 days of being full without a break; on a weekly list it stays below 1.3, for
 * ever: mail comes too seldom there to say that the mailbox is abandoned.
 */
static void
init (NxPolicy *policy)
{
	policy->weight_permanent = 1.0;
	policy->weight_transient = 0.1;
	policy->half_life_days = 60.0;
	policy->threshold = 2.5;
	policy->min_events = 3;
	policy->min_days = 3;
	policy->quiet_posts = 3;
	policy->quiet_days = 14;
	policy->heal = TRUE;
	policy->warnings = 3;
	policy->warn_interval_days = 7;
	policy->remove_after_days = 7;
	policy->complaint = NX_COMPLAINT_UNSUBSCRIBE;
	policy->guard = TRUE;
}

static double
round_score (double score)
{
	return round (score * SCORE_UNITS) / SCORE_UNITS;
}

double
nx_policy_get_score_at (const NxPolicy *policy, const NxStanding *standing, gint64 date)
{
	double score = standing->score;
	guint64 age = nx_policy_get_age (standing->score_date, date);
	if (score <= 0 || age == 0 || policy->half_life_days <= 0)
		return score;
	double days = (double)age / (double)NX_POLICY_DAY;
	return round_score (score * exp2 (-days / policy->half_life_days));
}

/* ---- what an event weighs ---- */

static double
get_weight (const NxPolicy *policy, const NxHistory *history)
{
	double weight = 0;
	if (history->verdict == NX_VERDICT_PERMANENT)
		weight = policy->weight_permanent;
	else if (history->verdict == NX_VERDICT_TRANSIENT)
		weight = policy->weight_transient;
	else
		weight = policy->weight_blocked;
	if ((guint)history->reason < NX_POLICY_REASONS && policy->weight_reason[history->reason] >= 0)
		weight = policy->weight_reason[history->reason];
	return (guint)history->proof < NX_POLICY_PROOFS ? weight * policy->factor[history->proof] : weight;
}

static void
judge_benign (const NxPolicy *policy, NxPolicyEntry *entry)
{
	NxKind kind = entry->history->kind;
	gboolean delivered = kind == NX_KIND_DELIVERED || kind == NX_KIND_RELAYED;
	if (!delivered) {
		nx_policy_drop (entry, "benign");
		return;
	}
	nx_policy_drop (entry, policy->heal ? "delivery heals" : "delivery does not heal on this list");
	entry->heals = policy->heal;
}

static void
judge (const NxPolicy *policy, NxPolicyEntry *entry)
{
	static const char *const kind_notes[] = {
		[NX_KIND_NONE] = "not a report",
		[NX_KIND_FEEDBACK] = "feedback that is no complaint never counts",
		[NX_KIND_DISPOSITION] = "a disposition never counts",
		[NX_KIND_VACATION] = "an automatic reply never counts",
	};
	const NxHistory *history = entry->history;
	if ((guint)history->kind < G_N_ELEMENTS (kind_notes) && kind_notes[history->kind] != NULL) {
		nx_policy_drop (entry, "%s", kind_notes[history->kind]);
		return;
	}
	if (history->verdict == NX_VERDICT_BENIGN) {
		judge_benign (policy, entry);
		return;
	}
	if (history->verdict == NX_VERDICT_NONE) {
		nx_policy_drop (entry, "no verdict");
		return;
	}
	entry->weight = get_weight (policy, history);
	if (entry->weight <= 0)
		nx_policy_drop (entry, history->verdict == NX_VERDICT_BLOCKED ? "blocked never counts"
									      : "has no weight in this policy");
}

/* ---- one a day ---- */

/* Of the events of one day only the first of the heaviest keeps its weight. */
static void
keep_heaviest (NxPolicyEntry *entries, guint count)
{
	const NxPolicyEntry *heaviest = &entries[0];
	for (guint i = 1; i < count; i++)
		if (entries[i].weight > heaviest->weight)
			heaviest = &entries[i];
	double most = heaviest->weight;
	for (guint i = 0; i < count; i++) {
		if (&entries[i] == heaviest || entries[i].weight <= 0)
			continue;
		nx_policy_drop (&entries[i], "%s",
				entries[i].weight < most ? "same day as a heavier one" : "same day as one that counts");
	}
}

/* Whoever writes a report chooses its date, but not the day on which it comes in. */
static void
keep_one_arrival (GArray *entries)
{
	g_autoptr (GHashTable) heaviest = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < entries->len; i++) {
		NxPolicyEntry *entry = &g_array_index (entries, NxPolicyEntry, i);
		if (entry->weight <= 0 || entry->history->arrival == 0)
			continue;
		gint64 day = nx_policy_get_day (entry->history->arrival);
		NxPolicyEntry *before = g_hash_table_lookup (heaviest, &day);
		NxPolicyEntry *loser = before != NULL && entry->weight <= before->weight ? entry : before;
		if (loser != NULL)
			nx_policy_drop (loser, "came in with one that counts");
		if (loser != entry)
			g_hash_table_insert (heaviest, g_memdup2 (&day, sizeof day), entry);
	}
}

static void
select_one_a_day (GArray *entries)
{
	NxPolicyEntry *all = (NxPolicyEntry *)(void *)entries->data;
	for (guint first = 0, next; first < entries->len; first = next) {
		gint64 day = nx_policy_get_day (all[first].history->date);
		for (next = first + 1; next < entries->len && nx_policy_get_day (all[next].history->date) == day;)
			next++;
		keep_heaviest (&all[first], next - first);
	}
	keep_one_arrival (entries);
}

/* ---- the score ---- */

/*
 * Mail came through between two failures: the posts that went out after the earlier one and are old enough for their
 * own failure to be known. A refusal that does not count is a failure too here: that post did not come through.
 */
static guint
count_quiet_posts (const NxEvaluation *evaluation, gint64 date)
{
	const NxPolicy *policy = evaluation->policy;
	const NxPolicyMemory *memory = &evaluation->memory;
	if (policy->quiet_posts == 0 || memory->count == 0 || evaluation->standing.state != NX_STATE_ACTIVE ||
	    nx_policy_get_age (memory->last, date) < (guint64)nx_policy_get_seconds (policy->quiet_days))
		return 0;
	guint posts = nx_policy_count_posts (evaluation, MAX (memory->failed, memory->last),
					     nx_policy_add_seconds (date, -GIVE_UP_SECONDS));
	return posts >= policy->quiet_posts ? posts : 0;
}

static gboolean
is_over (const NxEvaluation *evaluation)
{
	const NxPolicy *policy = evaluation->policy;
	const NxPolicyMemory *memory = &evaluation->memory;
	return policy->threshold > 0 && evaluation->standing.score >= policy->threshold &&
	       memory->count >= policy->min_events && memory->counts[0] >= policy->min_days;
}

static void
apply (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	NxPolicyMemory *memory = &evaluation->memory;
	const NxHistory *history = entry->history;
	gint64 date = history->date;
	if (entry->heals) {
		nx_policy_forget (evaluation, date);
		if (evaluation->standing.state == NX_STATE_SUSPENDED && !evaluation->complained)
			nx_policy_change_state (evaluation, history, NX_STATE_ACTIVE, "mail was delivered");
		return;
	}
	guint quiet = count_quiet_posts (evaluation, date);
	if (quiet > 0) {
		nx_policy_forget (evaluation, date);
		g_snprintf (entry->note, sizeof entry->note, "%u %s came through since the last failure: begins anew",
			    quiet, quiet == 1 ? "post" : "posts");
	}
	if (memory->count == 0 || nx_policy_get_day (memory->last) != nx_policy_get_day (date))
		memory->counts[0]++;
	memory->count++;
	memory->last = date;
	double score = nx_policy_get_score_at (evaluation->policy, &evaluation->standing, date);
	nx_policy_set_score (evaluation, round_score (score + entry->weight), date);
	if (evaluation->standing.state == NX_STATE_ACTIVE && is_over (evaluation))
		nx_policy_change_state (evaluation, history, NX_STATE_SUSPENDED, "the score reached the threshold");
}

static void
find_due (const NxEvaluation *evaluation, NxStanding *standing)
{
	const NxPolicy *policy = evaluation->policy;
	gint64 warned = evaluation->memory.warned;
	gboolean never = warned == NX_POLICY_NEVER;
	gint64 interval = nx_policy_get_seconds (policy->warn_interval_days);
	gint64 rest = nx_policy_get_seconds (policy->remove_after_days);
	if (standing->state != NX_STATE_SUSPENDED)
		return;
	if (standing->warnings < policy->warnings)
		nx_policy_set_due (standing, NX_ACTION_WARN,
				   never ? standing->since : nx_policy_add_seconds (warned, interval));
	else
		nx_policy_set_due (standing, NX_ACTION_REMOVE,
				   nx_policy_add_seconds (never ? standing->since : warned, rest));
}

const NxPolicyEngine nx_preset_nixie = {
	.meaning = "a score that fades, healed by mail that comes through; suspends, warns, then removes",
	.init = init,
	.judge = judge,
	.select = select_one_a_day,
	.apply = apply,
	.step = nx_policy_take_warning,
	.find_due = find_due,
};
