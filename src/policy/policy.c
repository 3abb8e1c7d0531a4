/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.c: events to state, by arithmetic alone. See nixie/policy.h.
 *
 * The whole history is evaluated each time, in event-time order, so that the answer cannot depend on the order in which
 * reports were read. What it will not do: look at the clock. A score at rest decays only when somebody asks for it at a
 * date (nx_policy_get_score_at()), and no state changes by waiting.
 */
#include "policy/policy-private.h"

#include <math.h>
#include <string.h>

#define DAY_SECONDS 86400.0

/* Scores are kept to six digits: machines whose exp2() differs in its last bit agree on what the database holds. */
#define SCORE_UNIT 1e-6

/* @away: about an address that the subscription had left by then. */
typedef struct {
	const NxHistory *history;
	double weight;
	const char *note;
	gboolean away;
	gboolean heals;
	gboolean complains;
} Entry;

typedef struct {
	const NxPolicy *policy;
	NxStanding standing;
	gboolean complained; /* a delivery does not undo what the reader said */
	GArray *transitions;
	GArray *effects;
} Evaluation;

/* Feedback types by which a reader says that he does not want such mail. */
static const char *const complaint_types[] = { "abuse", "fraud", "opt-out", "opt-out-list" };

gboolean
nx_policy_is_complaint (NxKind kind, const char *feedback_type)
{
	if (kind != NX_KIND_FEEDBACK)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (complaint_types); i++)
		if (g_ascii_strcasecmp (complaint_types[i], feedback_type) == 0)
			return TRUE;
	return FALSE;
}

static double
decay (const NxPolicy *policy, double score, gint64 from, gint64 to)
{
	if (score <= 0 || to <= from || policy->half_life_days <= 0)
		return score;
	double days = ((double)to - (double)from) / DAY_SECONDS;
	return round (score * exp2 (-days / policy->half_life_days) / SCORE_UNIT) * SCORE_UNIT;
}

double
nx_policy_get_score_at (const NxPolicy *policy, const NxStanding *standing, gint64 date)
{
	return decay (policy, standing->score, standing->score_date, date);
}

/* A day is a UTC day; dates before 1970 occur in bounces and have days too. */
static gint64
get_day (gint64 date)
{
	gint64 day = date / 86400;
	return date % 86400 < 0 ? day - 1 : day;
}

static gboolean
is_healing (const NxHistory *history)
{
	return history->verdict == NX_VERDICT_BENIGN &&
	       (history->kind == NX_KIND_DELIVERED || history->kind == NX_KIND_RELAYED);
}

/* What an event would do, were it proven. */
static void
weigh_event (const NxPolicy *policy, Entry *entry)
{
	static const char *const kind_notes[] = {
		[NX_KIND_NONE] = "not a report",
		[NX_KIND_FEEDBACK] = "feedback that is no complaint never counts",
		[NX_KIND_DISPOSITION] = "a disposition never counts",
		[NX_KIND_VACATION] = "an automatic reply never counts",
	};
	const NxHistory *history = entry->history;
	NxKind kind = history->kind;
	if (history->complains && kind == NX_KIND_FEEDBACK) {
		entry->complains = policy->complaint > NX_COMPLAINT_RECORD;
		entry->note = entry->complains ? "a complaint" : "complaints are only recorded on this list";
		return;
	}
	if ((guint)kind < G_N_ELEMENTS (kind_notes) && kind_notes[kind] != NULL) {
		entry->note = kind_notes[kind];
		return;
	}
	switch (history->verdict) {
	case NX_VERDICT_PERMANENT:
		entry->weight = policy->weight_permanent;
		break;
	case NX_VERDICT_TRANSIENT:
		entry->weight = policy->weight_transient;
		break;
	case NX_VERDICT_BLOCKED:
		entry->note = "blocked never counts";
		return;
	case NX_VERDICT_BENIGN:
		entry->heals = is_healing (history);
		entry->note = entry->heals ? "delivery heals" : "benign";
		return;
	case NX_VERDICT_NONE:
	default:
		entry->note = "no verdict";
		return;
	}
	if (entry->weight <= 0) {
		entry->weight = 0;
		entry->note = "has no weight in this policy";
	}
}

static void
drop (Entry *entry, const char *note)
{
	entry->weight = 0;
	entry->heals = FALSE;
	entry->complains = FALSE;
	entry->note = note;
}

/* A list that begins to ask for more does not take back what was right before. */
static gboolean
is_within_terms (const NxPolicy *policy, const NxHistory *history)
{
	return history->refused || history->arrival == 0 || history->arrival >= policy->proof_since;
}

static void
weigh (const NxPolicy *policy, Entry *entry)
{
	NxProof proof = entry->history->proof;
	if (entry->history->deed != NX_DEED_NONE)
		return;
	weigh_event (policy, entry);
	if (entry->weight <= 0 && !entry->heals && !entry->complains)
		return;
	if (entry->history->aside != 0)
		drop (entry, "set aside");
	else if (entry->history->held != 0)
		drop (entry, "held by an incident");
	else if (entry->away)
		drop (entry, "about an address that was left");
	else if (proof < policy->least_proof && is_within_terms (policy, entry->history))
		drop (entry, "proven too weakly for this list");
	else if (entry->complains && proof < NX_PROOF_VERP)
		drop (entry, "a complaint that nothing proves");
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
	const NxHistory *x = ((const Entry *)a)->history;
	const NxHistory *y = ((const Entry *)b)->history;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return g_strcmp0 (x->key, y->key);
}

/* Of the events of one day only the first of the heaviest keeps its weight. */
static void
keep_heaviest (Entry *entries, guint count)
{
	const Entry *heaviest = &entries[0];
	for (guint i = 1; i < count; i++)
		if (entries[i].weight > heaviest->weight)
			heaviest = &entries[i];
	for (guint i = 0; i < count; i++) {
		if (&entries[i] == heaviest || entries[i].weight <= 0)
			continue;
		entries[i].note = entries[i].weight < heaviest->weight ? "same day as a heavier one"
								       : "same day as one that counts";
		entries[i].weight = 0;
	}
}

/* Whoever writes a report chooses its date, but not the day on which it comes in. */
static void
keep_one_arrival (GArray *entries)
{
	g_autoptr (GHashTable) heaviest = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < entries->len; i++) {
		Entry *entry = &g_array_index (entries, Entry, i);
		if (entry->weight <= 0 || entry->history->arrival == 0)
			continue;
		gint64 day = get_day (entry->history->arrival);
		Entry *before = g_hash_table_lookup (heaviest, &day);
		Entry *loser = before != NULL && entry->weight <= before->weight ? entry : before;
		if (loser != NULL)
			drop (loser, "came in with one that counts");
		if (loser != entry)
			g_hash_table_insert (heaviest, g_memdup2 (&day, sizeof day), entry);
	}
}

/* Which entries are about an address that was not, or no longer, the subscription's. */
static void
find_away (GArray *entries)
{
	const char *current = NULL;
	for (guint i = 0; i < entries->len && current == NULL; i++) {
		const Entry *entry = &g_array_index (entries, Entry, i);
		if (entry->history->deed == NX_DEED_MOVE)
			current = entry->history->left;
	}
	for (guint i = 0; i < entries->len && current != NULL; i++) {
		Entry *entry = &g_array_index (entries, Entry, i);
		if (entry->history->deed == NX_DEED_MOVE)
			current = entry->history->address;
		else if (entry->history->address != NULL)
			entry->away = strcmp (entry->history->address, current) != 0;
	}
}

static GArray *
make_entries (const NxPolicy *policy, const NxHistory *history, guint count)
{
	GArray *entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), count);
	for (guint i = 0; i < count; i++) {
		Entry entry = { .history = &history[i], .note = "" };
		g_array_append_val (entries, entry);
	}
	g_array_sort (entries, compare_entries);
	find_away (entries);
	Entry *all = (Entry *)(void *)entries->data;
	for (guint i = 0; i < count; i++)
		weigh (policy, &all[i]);
	for (guint first = 0, next; first < count; first = next) {
		gint64 day = get_day (all[first].history->date);
		for (next = first + 1; next < count && get_day (all[next].history->date) == day;)
			next++;
		keep_heaviest (&all[first], next - first);
	}
	keep_one_arrival (entries);
	return entries;
}

static void
change_state (Evaluation *evaluation, const NxHistory *history, NxState to, const char *cause)
{
	NxStanding *standing = &evaluation->standing;
	NxTransition transition = {
		.date = history->date,
		.from = standing->state,
		.to = to,
		.score = standing->score,
		.id = history->id,
		.deed = history->deed,
		.cause = cause,
	};
	g_array_append_val (evaluation->transitions, transition);
	standing->state = to;
	standing->since = history->date;
}

static void
reset_score (Evaluation *evaluation, gint64 date)
{
	evaluation->standing.score = 0;
	evaluation->standing.score_date = date;
}

static void
apply_step (Evaluation *evaluation, const NxHistory *history)
{
	NxState state = evaluation->standing.state;
	switch (history->deed) {
	case NX_DEED_MOVE:
		reset_score (evaluation, history->date);
		if (state == NX_STATE_SUSPENDED && !evaluation->complained)
			change_state (evaluation, history, NX_STATE_ACTIVE, "the address was changed");
		return;
	case NX_DEED_RESTORE:
	case NX_DEED_ENABLE:
		reset_score (evaluation, history->date);
		evaluation->complained = FALSE;
		if (state != NX_STATE_ACTIVE)
			change_state (evaluation, history, NX_STATE_ACTIVE,
				      history->deed == NX_DEED_RESTORE ? "restored by hand" : "the reader came back");
		return;
	case NX_DEED_EXPIRE:
		if (state == NX_STATE_SUSPENDED)
			change_state (evaluation, history, NX_STATE_REMOVED, "was suspended for too long");
		return;
	case NX_DEED_REMOVE:
	case NX_DEED_MERGE:
		if (state != NX_STATE_REMOVED)
			change_state (evaluation, history, NX_STATE_REMOVED,
				      history->deed == NX_DEED_REMOVE ? "removed by hand"
								      : "its new address is a subscriber already");
		return;
	case NX_DEED_WARN:
	case NX_DEED_PROBE:
	case NX_DEED_NONE:
	default:
		return;
	}
}

static void
apply_complaint (Evaluation *evaluation, const NxHistory *history)
{
	gboolean ends = evaluation->policy->complaint == NX_COMPLAINT_UNSUBSCRIBE;
	evaluation->complained = TRUE;
	if (ends)
		change_state (evaluation, history, NX_STATE_REMOVED, "the reader complained");
	else if (evaluation->standing.state == NX_STATE_ACTIVE)
		change_state (evaluation, history, NX_STATE_SUSPENDED, "the reader complained");
}

/* Returns: the score after it. */
static double
apply_event (Evaluation *evaluation, const Entry *entry)
{
	NxStanding *standing = &evaluation->standing;
	const NxHistory *history = entry->history;
	double score = nx_policy_get_score_at (evaluation->policy, standing, history->date);
	if (entry->complains)
		apply_complaint (evaluation, history);
	if (entry->heals) {
		score = 0;
		reset_score (evaluation, history->date);
		if (standing->state == NX_STATE_SUSPENDED && !evaluation->complained)
			change_state (evaluation, history, NX_STATE_ACTIVE, "mail was delivered");
	} else if (entry->weight > 0) {
		score += entry->weight;
		standing->score = score;
		standing->score_date = history->date;
		if (standing->state == NX_STATE_ACTIVE && score >= evaluation->policy->threshold)
			change_state (evaluation, history, NX_STATE_SUSPENDED, "the score reached the threshold");
	}
	return score;
}

static void
apply_entry (Evaluation *evaluation, Entry *entry)
{
	const NxHistory *history = entry->history;
	if (history->deed != NX_DEED_NONE) {
		apply_step (evaluation, history);
		return;
	}
	gboolean acts = entry->weight > 0 || entry->heals || entry->complains;
	if (acts && evaluation->standing.state == NX_STATE_REMOVED)
		drop (entry, "the subscription had ended");
	double score = apply_event (evaluation, entry);
	NxEffect effect = { .id = history->id, .weight = entry->weight, .score = score };
	g_strlcpy (effect.note, entry->note, sizeof effect.note);
	g_array_append_val (evaluation->effects, effect);
}

NxStanding
nx_policy_evaluate (const NxPolicy *policy, const NxHistory *history, guint count, const gint64 *posts,
		    guint post_count, GArray **transitions_out, GArray **effects_out)
{
	(void)posts;
	(void)post_count;
	Evaluation evaluation = {
		.policy = policy,
		.standing = { .state = NX_STATE_ACTIVE },
		.transitions = g_array_new (FALSE, FALSE, sizeof (NxTransition)),
		.effects = g_array_new (FALSE, FALSE, sizeof (NxEffect)),
	};
	g_autoptr (GArray) entries = make_entries (policy, history, count);
	for (guint i = 0; i < entries->len; i++)
		apply_entry (&evaluation, &g_array_index (entries, Entry, i));
	g_autoptr (GArray) transitions = evaluation.transitions;
	g_autoptr (GArray) effects = evaluation.effects;
	if (transitions_out != NULL)
		*transitions_out = g_steal_pointer (&transitions);
	if (effects_out != NULL)
		*effects_out = g_steal_pointer (&effects);
	return evaluation.standing;
}
