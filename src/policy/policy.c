/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.c: events to state, by arithmetic alone. See nixie/policy.h.
 *
 * The whole history is evaluated each time, in event-time order, so that the answer cannot depend on the order in which
 * reports were read. What it will not do: look at the clock. A score at rest decays only when somebody asks for it at a
 * date (nx_policy_get_score_at()), and no state changes by waiting.
 */
#include <nixie/policy.h>

#include <math.h>

#define DAY_SECONDS 86400.0

/* Scores are kept to six digits: machines whose exp2() differs in its last bit agree on what the database holds. */
#define SCORE_UNIT 1e-6

typedef struct {
	const NxHistory *history;
	double weight;
	const char *note;
} Entry;

typedef struct {
	const NxPolicy *policy;
	NxStanding standing;
	GArray *transitions;
	GArray *steps;
} Evaluation;

static const struct {
	NxState state;
	const char *name;
} states[] = {
	{ NX_STATE_NONE, "none" },
	{ NX_STATE_ACTIVE, "active" },
	{ NX_STATE_SUSPENDED, "suspended" },
	{ NX_STATE_REMOVED, "removed" },
};

const char *
nx_state_to_string (NxState state)
{
	for (guint i = 0; i < G_N_ELEMENTS (states); i++)
		if (states[i].state == state)
			return states[i].name;
	return states[0].name;
}

gboolean
nx_state_from_string (const char *text, NxState *state_out)
{
	for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
		if (g_strcmp0 (states[i].name, text) != 0)
			continue;
		*state_out = states[i].state;
		return TRUE;
	}
	return FALSE;
}

/*
 * Why these numbers. With a half-life of 60 days a dead address (1.0 a day on which mail goes out) has
 *     on a daily list    1, 1.99, 2.97: suspended on the third day of failures;
 *     on a weekly list   1, 1.92, 2.77: with the third;
 *     on a monthly list  1, 1.71, 2.21, 2.56: with the fourth bounce;
 * so one wrong report, or two, never suspends, and a dead address does not stay for half a year. A full mailbox (0.1)
 * on a daily list comes to 2.5 after 30 days of being full without a break; on a weekly list it stays below 1.3, for
 * ever: mail comes too seldom there to say that the mailbox is abandoned.
 */
void
nx_policy_init_default (NxPolicy *policy)
{
	*policy = (NxPolicy){
		.weight_permanent = 1.0,
		.weight_transient = 0.1,
		.half_life_days = 60.0,
		.threshold = 2.5,
	};
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

static void
weigh (const NxPolicy *policy, Entry *entry)
{
	static const char *const kind_notes[] = {
		[NX_KIND_NONE] = "not a report",
		[NX_KIND_FEEDBACK] = "feedback never counts",
		[NX_KIND_DISPOSITION] = "a disposition never counts",
		[NX_KIND_VACATION] = "an automatic reply never counts",
	};
	NxKind kind = entry->history->kind;
	if ((guint)kind < G_N_ELEMENTS (kind_notes) && kind_notes[kind] != NULL) {
		entry->note = kind_notes[kind];
		return;
	}
	switch (entry->history->verdict) {
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
		entry->note = is_healing (entry->history) ? "delivery heals" : "benign";
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

static GArray *
make_entries (const NxPolicy *policy, const NxHistory *history, guint count)
{
	GArray *entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), count);
	for (guint i = 0; i < count; i++) {
		Entry entry = { .history = &history[i], .note = "" };
		weigh (policy, &entry);
		g_array_append_val (entries, entry);
	}
	g_array_sort (entries, compare_entries);
	Entry *all = (Entry *)(void *)entries->data;
	for (guint first = 0, next; first < count; first = next) {
		gint64 day = get_day (all[first].history->date);
		for (next = first + 1; next < count && get_day (all[next].history->date) == day;)
			next++;
		keep_heaviest (&all[first], next - first);
	}
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
		.event_id = history->id,
		.cause = cause,
	};
	g_array_append_val (evaluation->transitions, transition);
	standing->state = to;
	standing->since = history->date;
}

static void
apply_entry (Evaluation *evaluation, const Entry *entry)
{
	NxStanding *standing = &evaluation->standing;
	const NxHistory *history = entry->history;
	double score = nx_policy_get_score_at (evaluation->policy, standing, history->date);

	if (is_healing (history)) {
		score = 0;
		standing->score = 0;
		standing->score_date = history->date;
		if (standing->state == NX_STATE_SUSPENDED)
			change_state (evaluation, history, NX_STATE_ACTIVE, "mail was delivered");
	} else if (entry->weight > 0) {
		score += entry->weight;
		standing->score = score;
		standing->score_date = history->date;
		if (standing->state == NX_STATE_ACTIVE && score >= evaluation->policy->threshold)
			change_state (evaluation, history, NX_STATE_SUSPENDED, "the score reached the threshold");
	}
	NxStep step = { .event_id = history->id, .weight = entry->weight, .score = score, .note = entry->note };
	g_array_append_val (evaluation->steps, step);
}

NxStanding
nx_policy_evaluate (const NxPolicy *policy, const NxHistory *history, guint count, GArray **transitions_out,
		    GArray **steps_out)
{
	Evaluation evaluation = {
		.policy = policy,
		.standing = { .state = NX_STATE_ACTIVE },
		.transitions = g_array_new (FALSE, FALSE, sizeof (NxTransition)),
		.steps = g_array_new (FALSE, FALSE, sizeof (NxStep)),
	};
	g_autoptr (GArray) entries = make_entries (policy, history, count);
	for (guint i = 0; i < entries->len; i++)
		apply_entry (&evaluation, &g_array_index (entries, Entry, i));
	g_autoptr (GArray) transitions = evaluation.transitions;
	g_autoptr (GArray) steps = evaluation.steps;
	if (transitions_out != NULL)
		*transitions_out = g_steal_pointer (&transitions);
	if (steps_out != NULL)
		*steps_out = g_steal_pointer (&steps);
	return evaluation.standing;
}
