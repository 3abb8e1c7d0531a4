/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.c: events to state, by arithmetic alone: what holds for all presets. See nixie/policy.h.
 *
 * The whole history is evaluated each time, in event-time order, so that the answer cannot depend on the order in which
 * reports were read. What it will not do: look at the clock. A score at rest decays only when somebody asks for it at a
 * date (nx_policy_get_score_at()), and no state changes by waiting: what waiting leads to is said to be due.
 */
#include "policy/policy-private.h"

#include <math.h>
#include <string.h>

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

/* ---- times ---- */

gint64
nx_policy_get_day (gint64 date)
{
	gint64 day = date / NX_POLICY_DAY;
	return date % NX_POLICY_DAY < 0 ? day - 1 : day;
}

gint64
nx_policy_get_midnight (gint64 day)
{
	if (day > G_MAXINT64 / NX_POLICY_DAY)
		return G_MAXINT64;
	return day < G_MININT64 / NX_POLICY_DAY ? G_MININT64 : day * NX_POLICY_DAY;
}

guint64
nx_policy_get_age (gint64 from, gint64 to)
{
	return to <= from ? 0 : (guint64)to - (guint64)from;
}

gint64
nx_policy_add_seconds (gint64 date, gint64 seconds)
{
	if (seconds > 0 && date > G_MAXINT64 - seconds)
		return G_MAXINT64;
	if (seconds < 0 && date < G_MININT64 - seconds)
		return G_MININT64;
	return date + seconds;
}

gint64
nx_policy_get_seconds (double days)
{
	return (gint64)llround (days * (double)NX_POLICY_DAY);
}

/* How many posts went out at @date or before. */
static guint
count_until (const NxEvaluation *evaluation, gint64 date)
{
	guint low = 0;
	guint high = evaluation->post_count;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (evaluation->posts[middle] <= date)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

guint
nx_policy_count_posts (const NxEvaluation *evaluation, gint64 after, gint64 until)
{
	return until <= after ? 0 : count_until (evaluation, until) - count_until (evaluation, after);
}

/* ---- what the presets call ---- */

void
nx_policy_drop (NxPolicyEntry *entry, const char *format, ...)
{
	va_list arguments;
	entry->weight = 0;
	entry->heals = FALSE;
	entry->complains = FALSE;
	va_start (arguments, format);
	g_vsnprintf (entry->note, sizeof entry->note, format, arguments);
	va_end (arguments);
}

void
nx_policy_judge_failure (const NxPolicy *policy, NxPolicyEntry *entry)
{
	if (entry->history->kind == NX_KIND_FAILURE)
		entry->weight = 1;
	else
		nx_policy_drop (entry, "%s counts failures alone", nx_preset_to_string (policy->preset));
}

void
nx_policy_change_state (NxEvaluation *evaluation, const NxHistory *history, NxState to, const char *cause)
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
	standing->warnings = 0;
	evaluation->memory.warned = NX_POLICY_NEVER;
	evaluation->memory.reached = NX_POLICY_NEVER;
}

void
nx_policy_take_warning (NxEvaluation *evaluation, const NxHistory *step)
{
	if (step->deed != NX_DEED_WARN || evaluation->standing.state != NX_STATE_SUSPENDED)
		return;
	evaluation->standing.warnings++;
	evaluation->memory.warned = step->date;
}

void
nx_policy_set_score (NxEvaluation *evaluation, double score, gint64 date)
{
	evaluation->standing.score = score;
	evaluation->standing.score_date = date;
}

void
nx_policy_forget (NxEvaluation *evaluation, gint64 date)
{
	evaluation->memory = (NxPolicyMemory){
		.first = NX_POLICY_NEVER,
		.last = NX_POLICY_NEVER,
		.failed = NX_POLICY_NEVER,
		.warned = NX_POLICY_NEVER,
		.probed = NX_POLICY_NEVER,
		.returned = NX_POLICY_NEVER,
		.reached = NX_POLICY_NEVER,
	};
	evaluation->standing.warnings = 0;
	nx_policy_set_score (evaluation, 0, date);
}

void
nx_policy_set_due (NxStanding *standing, NxAction action, gint64 date)
{
	standing->due = action;
	standing->due_date = action == NX_ACTION_NONE ? 0 : date;
}

/* ---- entries ---- */

/* A list that begins to ask for more does not take back what was right before. */
static gboolean
is_within_terms (const NxPolicy *policy, const NxHistory *history)
{
	return history->refused || history->arrival == 0 || history->arrival >= policy->proof_since;
}

static void
judge_complaint (const NxPolicy *policy, NxPolicyEntry *entry)
{
	if (policy->complaint <= NX_COMPLAINT_RECORD) {
		nx_policy_drop (entry, "complaints are only recorded on this list");
		return;
	}
	entry->complains = TRUE;
	g_strlcpy (entry->note, "a complaint", sizeof entry->note);
}

/* What does not count whatever the preset says. */
static void
weigh (const NxPolicy *policy, NxPolicyEntry *entry)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (policy->preset);
	const NxHistory *history = entry->history;
	gboolean complaint = history->complains && history->kind == NX_KIND_FEEDBACK;
	if (history->deed != NX_DEED_NONE)
		return;
	if (complaint && !engine->counts_complaints)
		judge_complaint (policy, entry);
	else
		engine->judge (policy, entry);
	if (entry->weight <= 0 && !entry->heals && !entry->complains)
		return;
	if (history->aside != 0)
		nx_policy_drop (entry, "set aside by step %" G_GINT64_FORMAT, history->aside);
	else if (history->held != 0 && policy->guard)
		nx_policy_drop (entry, "held by incident %" G_GINT64_FORMAT, history->held);
	else if (entry->away)
		nx_policy_drop (entry, "about an address that was left");
	else if (history->proof < policy->least_proof && is_within_terms (policy, history))
		nx_policy_drop (entry, "proven too weakly for this list");
	else if (complaint && history->proof < NX_PROOF_VERP)
		nx_policy_drop (entry, "a complaint that nothing proves");
	else if (policy->moved == NX_MOVED_RECORD && history->kind == NX_KIND_FAILURE &&
		 history->reason == NX_REASON_MOVED)
		nx_policy_drop (entry, "that an address has moved is only recorded on this list");
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
	const NxHistory *x = ((const NxPolicyEntry *)a)->history;
	const NxHistory *y = ((const NxPolicyEntry *)b)->history;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return g_strcmp0 (x->key, y->key);
}

/* Which entries are about an address that was not, or no longer, the subscription's. */
static void
find_away (GArray *entries)
{
	const char *current = NULL;
	for (guint i = 0; i < entries->len && current == NULL; i++) {
		const NxPolicyEntry *entry = &g_array_index (entries, NxPolicyEntry, i);
		if (entry->history->deed == NX_DEED_MOVE)
			current = entry->history->left;
	}
	for (guint i = 0; i < entries->len && current != NULL; i++) {
		NxPolicyEntry *entry = &g_array_index (entries, NxPolicyEntry, i);
		if (entry->history->deed == NX_DEED_MOVE)
			current = entry->history->address;
		else if (entry->history->address != NULL)
			entry->away = strcmp (entry->history->address, current) != 0;
	}
}

/* Which warnings and probes came back. */
static void
find_answered (GArray *entries)
{
	g_autoptr (GHashTable) steps = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < entries->len; i++) {
		NxPolicyEntry *entry = &g_array_index (entries, NxPolicyEntry, i);
		NxDeed deed = entry->history->deed;
		if (deed == NX_DEED_WARN || deed == NX_DEED_PROBE)
			g_hash_table_insert (steps, g_memdup2 (&entry->history->id, sizeof (gint64)), entry);
	}
	if (g_hash_table_size (steps) == 0)
		return;
	for (guint i = 0; i < entries->len; i++) {
		NxPolicyEntry *entry = &g_array_index (entries, NxPolicyEntry, i);
		const NxPolicyEntry *answered = NULL;
		if (entry->history->deed == NX_DEED_NONE && entry->history->answers != 0)
			answered = g_hash_table_lookup (steps, &entry->history->answers);
		if (answered != NULL)
			entry->step = answered->history;
	}
}

static GArray *
make_entries (const NxPolicy *policy, const NxHistory *history, guint count)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (policy->preset);
	GArray *entries = g_array_sized_new (FALSE, FALSE, sizeof (NxPolicyEntry), count);
	for (guint i = 0; i < count; i++) {
		NxPolicyEntry entry = { .history = &history[i] };
		g_array_append_val (entries, entry);
	}
	g_array_sort (entries, compare_entries);
	find_away (entries);
	find_answered (entries);
	for (guint i = 0; i < count; i++)
		weigh (policy, &g_array_index (entries, NxPolicyEntry, i));
	if (engine->select != NULL)
		engine->select (entries);
	return entries;
}

/* ---- the walk ---- */

static void
find_due (NxEvaluation *evaluation)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (evaluation->policy->preset);
	nx_policy_set_due (&evaluation->standing, NX_ACTION_NONE, 0);
	if (engine->find_due != NULL && evaluation->standing.state != NX_STATE_REMOVED && !evaluation->complained)
		engine->find_due (evaluation, &evaluation->standing);
	if (evaluation->standing.due == NX_ACTION_REMOVE && !evaluation->policy->remove)
		nx_policy_set_due (&evaluation->standing, NX_ACTION_NONE, 0);
}

static void
come_back (NxEvaluation *evaluation, const NxHistory *history, const char *cause)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (evaluation->policy->preset);
	evaluation->complained = FALSE;
	evaluation->expired = FALSE;
	if (!engine->keeps_score)
		nx_policy_forget (evaluation, history->date);
	if (evaluation->standing.state != NX_STATE_ACTIVE)
		nx_policy_change_state (evaluation, history, NX_STATE_ACTIVE, cause);
}

static void
apply_expire (NxEvaluation *evaluation, const NxHistory *history)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (evaluation->policy->preset);
	gboolean acts = evaluation->standing.state == NX_STATE_SUSPENDED;
	if (engine->removes_active) {
		find_due (evaluation);
		acts = evaluation->standing.due == NX_ACTION_REMOVE && evaluation->standing.due_date <= history->date;
	}
	if (!acts)
		return;
	evaluation->expired = TRUE;
	nx_policy_change_state (evaluation, history, NX_STATE_REMOVED,
				engine->expired != NULL ? engine->expired : "was suspended for too long");
}

static void
apply_step (NxEvaluation *evaluation, const NxHistory *history)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (evaluation->policy->preset);
	NxState state = evaluation->standing.state;
	switch (history->deed) {
	case NX_DEED_MOVE:
		nx_policy_forget (evaluation, history->date);
		if (state == NX_STATE_SUSPENDED && !evaluation->complained)
			nx_policy_change_state (evaluation, history, NX_STATE_ACTIVE, "the address was changed");
		return;
	case NX_DEED_RESTORE:
		come_back (evaluation, history, "restored by hand");
		return;
	case NX_DEED_ENABLE:
		/* No answer brings back what a person, or the reader's complaint, has ended. */
		if (state != NX_STATE_REMOVED || evaluation->expired)
			come_back (evaluation, history, "the reader came back");
		return;
	case NX_DEED_EXPIRE:
		apply_expire (evaluation, history);
		return;
	case NX_DEED_REMOVE:
	case NX_DEED_MERGE:
		evaluation->expired = FALSE;
		if (state != NX_STATE_REMOVED)
			nx_policy_change_state (evaluation, history, NX_STATE_REMOVED,
						history->deed == NX_DEED_REMOVE
							? "removed by hand"
							: "its new address is a subscriber already");
		return;
	case NX_DEED_WARN:
	case NX_DEED_PROBE:
		if (engine->step != NULL && state != NX_STATE_REMOVED)
			engine->step (evaluation, history);
		return;
	case NX_DEED_NONE:
	default:
		return;
	}
}

static void
apply_complaint (NxEvaluation *evaluation, const NxHistory *history)
{
	gboolean ends = evaluation->policy->complaint == NX_COMPLAINT_UNSUBSCRIBE;
	evaluation->complained = TRUE;
	evaluation->expired = FALSE;
	if (ends)
		nx_policy_change_state (evaluation, history, NX_STATE_REMOVED, "the reader complained");
	else if (evaluation->standing.state == NX_STATE_ACTIVE)
		nx_policy_change_state (evaluation, history, NX_STATE_SUSPENDED, "the reader complained");
}

/* What failed tells how long nothing has come through, be it counted or not. */
static void
remember_failure (NxEvaluation *evaluation, const NxPolicyEntry *entry)
{
	const NxHistory *history = entry->history;
	if (history->kind == NX_KIND_FAILURE && history->aside == 0 && !entry->away)
		evaluation->memory.failed = history->date;
}

static void
apply_event (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (evaluation->policy->preset);
	const NxHistory *history = entry->history;
	gboolean acts = entry->weight > 0 || entry->heals || entry->complains;
	if (acts && evaluation->standing.state == NX_STATE_REMOVED)
		nx_policy_drop (entry, "the subscription had ended");
	else if (entry->complains)
		apply_complaint (evaluation, history);
	else if (acts)
		engine->apply (evaluation, entry);
	remember_failure (evaluation, entry);
	NxEffect effect = {
		.id = history->id,
		.weight = entry->weight,
		.score = nx_policy_get_score_at (evaluation->policy, &evaluation->standing, history->date),
	};
	g_strlcpy (effect.note, entry->note, sizeof effect.note);
	g_array_append_val (evaluation->effects, effect);
}

static void
apply_entry (NxEvaluation *evaluation, NxPolicyEntry *entry)
{
	const NxPolicyEngine *engine = nx_policy_get_engine (evaluation->policy->preset);
	gboolean acts = entry->history->deed != NX_DEED_NONE || entry->weight > 0 || entry->heals || entry->complains;
	/* What does nothing does not even tell how late it is: it is as if it had never come in. */
	if (engine->settle != NULL && acts && evaluation->standing.state != NX_STATE_REMOVED)
		engine->settle (evaluation, entry->history->date);
	if (entry->history->deed != NX_DEED_NONE)
		apply_step (evaluation, entry->history);
	else
		apply_event (evaluation, entry);
}

NxStanding
nx_policy_evaluate (const NxPolicy *policy, const NxHistory *history, guint count, const gint64 *posts,
		    guint post_count, GArray **transitions_out, GArray **effects_out)
{
	NxEvaluation evaluation = {
		.policy = policy,
		.posts = posts,
		.post_count = post_count,
		.standing = { .state = NX_STATE_ACTIVE },
		.transitions = g_array_new (FALSE, FALSE, sizeof (NxTransition)),
		.effects = g_array_new (FALSE, FALSE, sizeof (NxEffect)),
	};
	nx_policy_forget (&evaluation, 0);
	g_autoptr (GArray) entries = make_entries (policy, history, count);
	for (guint i = 0; i < entries->len; i++)
		apply_entry (&evaluation, &g_array_index (entries, NxPolicyEntry, i));
	find_due (&evaluation);
	g_autoptr (GArray) transitions = evaluation.transitions;
	g_autoptr (GArray) effects = evaluation.effects;
	if (transitions_out != NULL)
		*transitions_out = g_steal_pointer (&transitions);
	if (effects_out != NULL)
		*effects_out = g_steal_pointer (&effects);
	return evaluation.standing;
}
