/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_policy.c: from histories to states (nixie/policy.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nixie/policy.h>

#define DAY ((gint64)86400)
#define START ((gint64)1795392000) /* 2026-11-23T00:00:00Z */

#define assert_near(got, want) check_near (got, want, __LINE__)

/* As near as a score that is kept to six digits, and the hours of one day, allow. */
static void
check_near (double got, double want, int line)
{
	if (!(got > want - 0.001 && got < want + 0.001))
		fail_msg ("line %d: %f is not %f", line, got, want);
}

typedef struct {
	NxPolicy policy;
	GArray *history;
	GArray *transitions;
	GArray *effects;
	NxStanding standing;
} Case;

static int
set_up (void **state)
{
	Case *test = g_new0 (Case, 1);
	nx_policy_init_default (&test->policy);
	test->history = g_array_new (FALSE, FALSE, sizeof (NxHistory));
	*state = test;
	return 0;
}

static int
tear_down (void **state)
{
	Case *test = *state;
	g_clear_pointer (&test->history, g_array_unref);
	g_clear_pointer (&test->transitions, g_array_unref);
	g_clear_pointer (&test->effects, g_array_unref);
	g_free (test);
	return 0;
}

/* Ids count from 1. */
static void
add_keyed (Case *test, gint64 date, const char *key, NxKind kind, NxVerdict verdict)
{
	NxHistory one = {
		.id = (gint64)test->history->len + 1,
		.key = key,
		.date = date,
		.kind = kind,
		.verdict = verdict,
	};
	g_array_append_val (test->history, one);
}

static void
add (Case *test, gint64 date, NxKind kind, NxVerdict verdict)
{
	add_keyed (test, date, "", kind, verdict);
}

static void
evaluate (Case *test)
{
	g_clear_pointer (&test->transitions, g_array_unref);
	g_clear_pointer (&test->effects, g_array_unref);
	test->standing = nx_policy_evaluate (&test->policy, (const NxHistory *)(void *)test->history->data,
					     test->history->len, NULL, 0, &test->transitions, &test->effects);
}

static const NxEffect *
get_effect (const Case *test, guint index)
{
	assert_true (index < test->effects->len);
	return &g_array_index (test->effects, NxEffect, index);
}

static const NxTransition *
get_transition (const Case *test, guint index)
{
	assert_true (index < test->transitions->len);
	return &g_array_index (test->transitions, NxTransition, index);
}

static void
test_nx_policy_evaluate__no_events_is_active (void **state)
{
	Case *test = *state;
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
	assert_near (test->standing.score, 0);
	assert_int_equal (test->transitions->len, 0);
	assert_int_equal (test->effects->len, 0);
}

static void
test_nx_policy_evaluate__outputs_may_be_null (void **state)
{
	Case *test = *state;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	NxStanding standing = nx_policy_evaluate (&test->policy, (const NxHistory *)(void *)test->history->data, 1,
						  NULL, 0, NULL, NULL);
	assert_near (standing.score, 1);
	assert_int_equal (standing.score_date, START);
}

/* What the comment on the default policy promises. */
static void
test_nx_policy_init_default__rhythms_of_lists (void **state)
{
	static const struct {
		const char *name;
		NxVerdict verdict;
		gint64 every_days;
		guint suspended_by; /* the event that suspends, counted from 1; 0: none of 400 */
	} cases[] = {
		{ "dead, daily", NX_VERDICT_PERMANENT, 1, 3 },    { "dead, weekly", NX_VERDICT_PERMANENT, 7, 3 },
		{ "dead, monthly", NX_VERDICT_PERMANENT, 30, 4 }, { "full, daily", NX_VERDICT_TRANSIENT, 1, 30 },
		{ "full, weekly", NX_VERDICT_TRANSIENT, 7, 0 },   { "blocked, daily", NX_VERDICT_BLOCKED, 1, 0 },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		void *inner = NULL;
		assert_int_equal (set_up (&inner), 0);
		Case *test = inner;
		for (gint64 n = 0; n < 400; n++)
			add (test, START + n * cases[i].every_days * DAY, NX_KIND_FAILURE, cases[i].verdict);
		evaluate (test);
		guint got = test->transitions->len > 0 ? (guint)get_transition (test, 0)->id : 0;
		if (got != cases[i].suspended_by)
			fail_msg ("%s: suspended by event %u, not %u", cases[i].name, got, cases[i].suspended_by);
		tear_down (&inner);
	}
	(void)state;
}

static void
test_nx_policy_evaluate__score_halves_every_half_life (void **state)
{
	Case *test = *state;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START + 60 * DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_near (test->standing.score, 1.5);
	assert_int_equal (test->standing.score_date, START + 60 * DAY);
}

static void
test_nx_policy_get_score_at__decays_forward_only (void **state)
{
	Case *test = *state;
	NxStanding standing = { .state = NX_STATE_ACTIVE, .score = 2, .score_date = START };
	assert_near (nx_policy_get_score_at (&test->policy, &standing, START), 2);
	assert_near (nx_policy_get_score_at (&test->policy, &standing, START + 120 * DAY), 0.5);
	assert_near (nx_policy_get_score_at (&test->policy, &standing, START - DAY), 2);
	assert_near (nx_policy_get_score_at (&test->policy, &standing, G_MAXINT64), 0);
}

static void
test_nx_policy_evaluate__no_half_life_never_fades (void **state)
{
	Case *test = *state;
	test->policy.half_life_days = 0;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START + 4000 * DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_near (test->standing.score, 2);
}

static void
test_nx_policy_evaluate__a_day_counts_its_heaviest_event (void **state)
{
	static const gboolean heavier_first[] = { TRUE, FALSE };
	for (guint i = 0; i < G_N_ELEMENTS (heavier_first); i++) {
		Case *test = *state;
		guint heavier = heavier_first[i] ? 0 : 1;
		g_array_set_size (test->history, 0);
		add (test, START + 3600, NX_KIND_FAILURE, heavier == 0 ? NX_VERDICT_PERMANENT : NX_VERDICT_TRANSIENT);
		add (test, START + 7200, NX_KIND_FAILURE, heavier == 1 ? NX_VERDICT_PERMANENT : NX_VERDICT_TRANSIENT);
		evaluate (test);
		assert_near (get_effect (test, heavier)->weight, 1);
		assert_string_equal (get_effect (test, heavier)->note, "");
		assert_near (get_effect (test, 1 - heavier)->weight, 0);
		assert_string_equal (get_effect (test, 1 - heavier)->note, "same day as a heavier one");
		assert_near (nx_policy_get_score_at (&test->policy, &test->standing, START + 7200), 1);
	}
}

static void
test_nx_policy_evaluate__equal_events_of_a_day_count_once (void **state)
{
	Case *test = *state;
	for (gint64 n = 0; n < 100; n++)
		add (test, START + n, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_near (test->standing.score, 1);
	assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
	assert_near (get_effect (test, 0)->weight, 1);
	assert_string_equal (get_effect (test, 99)->note, "same day as one that counts");
}

static void
test_nx_policy_evaluate__days_are_utc_days (void **state)
{
	static const struct {
		gint64 first;
		gint64 second;
		guint counted;
	} cases[] = {
		{ START + DAY - 1, START + DAY, 2 },
		{ START, START + DAY - 1, 1 },
		{ -1, 0, 2 },
		{ -86400, -1, 1 },
		{ -86401, -86400, 2 },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		Case *test = *state;
		guint counted = 0;
		g_array_set_size (test->history, 0);
		add (test, cases[i].first, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
		add (test, cases[i].second, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
		evaluate (test);
		for (guint n = 0; n < 2; n++)
			counted += get_effect (test, n)->weight > 0 ? 1 : 0;
		assert_int_equal (counted, cases[i].counted);
	}
}

static void
test_nx_policy_evaluate__what_never_counts (void **state)
{
	static const struct {
		NxKind kind;
		NxVerdict verdict;
		const char *note;
	} cases[] = {
		{ NX_KIND_FAILURE, NX_VERDICT_BLOCKED, "blocked never counts" },
		{ NX_KIND_DELAYED, NX_VERDICT_BENIGN, "benign" },
		{ NX_KIND_EXPANDED, NX_VERDICT_BENIGN, "benign" },
		{ NX_KIND_FAILURE, NX_VERDICT_NONE, "no verdict" },
		{ NX_KIND_NONE, NX_VERDICT_PERMANENT, "not a report" },
		{ NX_KIND_FEEDBACK, NX_VERDICT_PERMANENT, "feedback that is no complaint never counts" },
		{ NX_KIND_DISPOSITION, NX_VERDICT_TRANSIENT, "a disposition never counts" },
		{ NX_KIND_VACATION, NX_VERDICT_PERMANENT, "an automatic reply never counts" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		Case *test = *state;
		g_array_set_size (test->history, 0);
		add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
		add (test, START + DAY, cases[i].kind, cases[i].verdict);
		evaluate (test);
		assert_near (get_effect (test, 1)->weight, 0);
		assert_string_equal (get_effect (test, 1)->note, cases[i].note);
		assert_near (test->standing.score, 1);
		assert_int_equal (test->standing.score_date, START);
	}
}

static void
test_nx_policy_evaluate__weightless_verdicts_say_so (void **state)
{
	Case *test = *state;
	test->policy.weight_transient = 0;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_TRANSIENT);
	evaluate (test);
	assert_string_equal (get_effect (test, 0)->note, "has no weight in this policy");
	assert_near (test->standing.score, 0);
}

static void
test_nx_policy_evaluate__threshold_suspends (void **state)
{
	Case *test = *state;
	for (gint64 n = 0; n < 3; n++)
		add (test, START + n * DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_SUSPENDED);
	assert_int_equal (test->standing.since, START + 2 * DAY);
	assert_int_equal (test->transitions->len, 1);
	const NxTransition *transition = get_transition (test, 0);
	assert_int_equal (transition->from, NX_STATE_ACTIVE);
	assert_int_equal (transition->to, NX_STATE_SUSPENDED);
	assert_int_equal (transition->id, 3);
	assert_int_equal (transition->date, START + 2 * DAY);
	assert_near (transition->score, test->standing.score);
	assert_string_equal (transition->cause, "the score reached the threshold");
}

static void
test_nx_policy_evaluate__exactly_the_threshold_suspends (void **state)
{
	Case *test = *state;
	test->policy.threshold = 2;
	test->policy.half_life_days = 0;
	test->policy.min_events = test->policy.min_days = 0;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START + DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_SUSPENDED);
}

static void
test_nx_policy_evaluate__suspended_scores_on_without_transitions (void **state)
{
	Case *test = *state;
	for (gint64 n = 0; n < 10; n++)
		add (test, START + n * DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_int_equal (test->transitions->len, 1);
	assert_int_equal (test->standing.since, START + 2 * DAY);
	assert_true (test->standing.score > 9);
}

static void
test_nx_policy_evaluate__delivery_heals (void **state)
{
	static const NxKind kinds[] = { NX_KIND_DELIVERED, NX_KIND_RELAYED };
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
		Case *test = *state;
		g_array_set_size (test->history, 0);
		for (gint64 n = 0; n < 4; n++)
			add (test, START + n * DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
		add (test, START + 5 * DAY, kinds[i], NX_VERDICT_BENIGN);
		evaluate (test);
		assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
		assert_near (test->standing.score, 0);
		assert_int_equal (test->standing.since, START + 5 * DAY);
		assert_int_equal (test->transitions->len, 2);
		assert_int_equal (get_transition (test, 1)->to, NX_STATE_ACTIVE);
		assert_int_equal (get_transition (test, 1)->id, 5);
		assert_string_equal (get_effect (test, 4)->note, "delivery heals");
	}
}

static void
test_nx_policy_evaluate__delivery_of_the_active_makes_no_transition (void **state)
{
	Case *test = *state;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START + 1, NX_KIND_DELIVERED, NX_VERDICT_BENIGN);
	add (test, START + DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_int_equal (test->transitions->len, 0);
	assert_near (test->standing.score, 1);
}

static void
test_nx_policy_evaluate__a_failed_delivered_report_does_not_heal (void **state)
{
	Case *test = *state;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START + DAY, NX_KIND_DELIVERED, NX_VERDICT_TRANSIENT);
	evaluate (test);
	assert_true (test->standing.score > 1);
}

static void
test_nx_policy_evaluate__score_after_a_weightless_event_is_decayed (void **state)
{
	Case *test = *state;
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START + 60 * DAY, NX_KIND_FAILURE, NX_VERDICT_BLOCKED);
	evaluate (test);
	assert_near (get_effect (test, 1)->score, 0.5);
}

static void
test_nx_policy_evaluate__keys_break_ties (void **state)
{
	Case *test = *state;
	add_keyed (test, START, "b", NX_KIND_DELIVERED, NX_VERDICT_BENIGN);
	add_keyed (test, START, "a", NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_int_equal (get_effect (test, 0)->id, 2);
	assert_near (test->standing.score, 0);
	g_array_set_size (test->history, 0);
	add_keyed (test, START, "a", NX_KIND_DELIVERED, NX_VERDICT_BENIGN);
	add_keyed (test, START, "b", NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_near (test->standing.score, 1);
}

static void
shuffle (GArray *history, GRand *random)
{
	NxHistory *all = (NxHistory *)(void *)history->data;
	for (guint i = history->len; i > 1; i--) {
		guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
		NxHistory other = all[i - 1];
		all[i - 1] = all[j];
		all[j] = other;
	}
}

static void
test_nx_policy_evaluate__order_of_arrival_does_not_matter (void **state)
{
	static const NxVerdict verdicts[] = { NX_VERDICT_PERMANENT, NX_VERDICT_TRANSIENT, NX_VERDICT_BLOCKED,
					      NX_VERDICT_PERMANENT };
	Case *test = *state;
	g_autoptr (GRand) random = g_rand_new_with_seed (7);
	test->policy.threshold = 1.5;
	test->policy.min_events = test->policy.min_days = 0;
	g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
	for (guint n = 0; n < 60; n++) {
		gboolean heals = g_rand_int_range (random, 0, 8) == 0;
		g_ptr_array_add (keys, g_strdup_printf ("%02u", n));
		add_keyed (test, START + g_rand_int_range (random, 0, 20) * DAY / 2, g_ptr_array_index (keys, n),
			   heals ? NX_KIND_DELIVERED : NX_KIND_FAILURE,
			   heals ? NX_VERDICT_BENIGN : verdicts[g_rand_int_range (random, 0, 4)]);
	}
	evaluate (test);
	assert_true (test->transitions->len > 1);
	NxStanding standing = test->standing;
	g_autoptr (GArray) transitions = g_steal_pointer (&test->transitions);
	g_autoptr (GArray) effects = g_steal_pointer (&test->effects);
	for (guint round = 0; round < 50; round++) {
		shuffle (test->history, random);
		evaluate (test);
		assert_int_equal (test->standing.state, standing.state);
		assert_int_equal (test->standing.since, standing.since);
		assert_int_equal (test->standing.score_date, standing.score_date);
		assert_memory_equal (&test->standing.score, &standing.score, sizeof standing.score);
		assert_int_equal (test->effects->len, effects->len);
		for (guint i = 0; i < effects->len; i++)
			assert_int_equal (get_effect (test, i)->id, g_array_index (effects, NxEffect, i).id);
		assert_int_equal (test->transitions->len, transitions->len);
		for (guint i = 0; i < transitions->len; i++)
			assert_int_equal (get_transition (test, i)->id,
					  g_array_index (transitions, NxTransition, i).id);
	}
}

static void
test_nx_policy_evaluate__history_is_not_changed (void **state)
{
	Case *test = *state;
	add (test, START + DAY, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, START, NX_KIND_FAILURE, NX_VERDICT_TRANSIENT);
	evaluate (test);
	assert_int_equal (g_array_index (test->history, NxHistory, 0).id, 1);
	assert_int_equal (g_array_index (test->history, NxHistory, 1).id, 2);
	assert_int_equal (get_effect (test, 0)->id, 2);
}

static void
test_nx_policy_evaluate__extreme_dates (void **state)
{
	Case *test = *state;
	add (test, G_MININT64, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, 0, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	add (test, G_MAXINT64, NX_KIND_FAILURE, NX_VERDICT_PERMANENT);
	evaluate (test);
	assert_near (test->standing.score, 1);
	assert_int_equal (test->standing.score_date, G_MAXINT64);
}

static void
test_nx_state_to_string__and_back (void **state)
{
	static const NxState states[] = { NX_STATE_NONE, NX_STATE_ACTIVE, NX_STATE_SUSPENDED, NX_STATE_REMOVED };
	static const char *const names[] = { "none", "active", "suspended", "removed" };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
		NxState back = (NxState)99;
		assert_string_equal (nx_state_to_string (states[i]), names[i]);
		assert_true (nx_state_from_string (names[i], &back));
		assert_int_equal (back, states[i]);
	}
}

static void
test_nx_state_from_string__unknown_word (void **state)
{
	NxState untouched = NX_STATE_REMOVED;
	(void)state;
	assert_false (nx_state_from_string ("Active", &untouched));
	assert_false (nx_state_from_string ("", &untouched));
	assert_int_equal (untouched, NX_STATE_REMOVED);
}

/* ---- proof, complaints, arrivals, steps ---- */

/* Ids count from 1, as in add_keyed(). */
static void
put (Case *test, NxHistory one)
{
	one.id = (gint64)test->history->len + 1;
	one.key = one.key != NULL ? one.key : "";
	g_array_append_val (test->history, one);
}

static void
put_step (Case *test, gint64 date, NxDeed deed, const char *left, const char *address)
{
	put (test, (NxHistory){ .date = date, .key = "step", .deed = deed, .left = left, .address = address });
}

static void
put_failure (Case *test, gint64 date, const char *address)
{
	put (test,
	     (NxHistory){ .date = date, .address = address, .kind = NX_KIND_FAILURE, .verdict = NX_VERDICT_PERMANENT });
}

static void
put_complaint (Case *test, gint64 date, NxProof proof)
{
	put (test, (NxHistory){ .date = date, .complains = TRUE, .kind = NX_KIND_FEEDBACK, .proof = proof });
}

static void
test_nx_policy_evaluate__weak_proof_does_not_count (void **state)
{
	static const struct {
		NxProof least;
		NxProof proof;
		gint64 since;
		gint64 arrival;
		gboolean counts;
	} cases[] = {
		{ NX_PROOF_NONE, NX_PROOF_NONE, 0, 0, TRUE },
		{ NX_PROOF_SIGNED, NX_PROOF_SIGNED, START, START + DAY, TRUE },
		{ NX_PROOF_SIGNED, NX_PROOF_ORIGINAL, START, START + DAY, FALSE },
		{ NX_PROOF_SIGNED, NX_PROOF_ORIGINAL, START, START, FALSE },
		{ NX_PROOF_SIGNED, NX_PROOF_NONE, START, START - 1, TRUE },
		{ NX_PROOF_SIGNED, NX_PROOF_ORIGINAL, START, 0, FALSE },
		{ NX_PROOF_VERP, NX_PROOF_CLAIM, 0, START, FALSE },
		{ NX_PROOF_VERP, NX_PROOF_VERP, 0, START, TRUE },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		Case *test = *state;
		g_array_set_size (test->history, 0);
		test->policy.least_proof = cases[i].least;
		test->policy.proof_since = cases[i].since;
		/* Its own date, which the writer chooses, lies before the term began. */
		put (test, (NxHistory){ .date = START - 9 * DAY,
					.arrival = cases[i].arrival,
					.proof = cases[i].proof,
					.kind = NX_KIND_FAILURE,
					.verdict = NX_VERDICT_PERMANENT });
		evaluate (test);
		if ((get_effect (test, 0)->weight > 0) != cases[i].counts)
			fail_msg ("case %u: weight %f (%s)", i, get_effect (test, 0)->weight,
				  get_effect (test, 0)->note);
		if (!cases[i].counts)
			assert_string_equal (get_effect (test, 0)->note, "proven too weakly for this list");
	}
}

static void
test_nx_policy_evaluate__weak_proof_does_not_heal (void **state)
{
	static const NxProof proofs[] = { NX_PROOF_VERP, NX_PROOF_ORIGINAL, NX_PROOF_SIGNED };
	for (guint i = 0; i < G_N_ELEMENTS (proofs); i++) {
		Case *test = *state;
		g_array_set_size (test->history, 0);
		test->policy.least_proof = NX_PROOF_ORIGINAL;
		put (test, (NxHistory){ .date = START,
					.proof = NX_PROOF_SIGNED,
					.kind = NX_KIND_FAILURE,
					.verdict = NX_VERDICT_PERMANENT });
		put (test, (NxHistory){ .date = START + DAY,
					.proof = proofs[i],
					.kind = NX_KIND_DELIVERED,
					.verdict = NX_VERDICT_BENIGN });
		evaluate (test);
		assert_near (test->standing.score, proofs[i] < NX_PROOF_ORIGINAL ? 1 : 0);
	}
}

static void
test_nx_policy_evaluate__complaints_act_at_once (void **state)
{
	static const struct {
		NxComplaint complaint;
		NxProof proof;
		NxState want;
		const char *note;
	} cases[] = {
		{ NX_COMPLAINT_UNSUBSCRIBE, NX_PROOF_VERP, NX_STATE_REMOVED, "a complaint" },
		{ NX_COMPLAINT_UNSUBSCRIBE, NX_PROOF_SIGNED, NX_STATE_REMOVED, "a complaint" },
		{ NX_COMPLAINT_UNSUBSCRIBE, NX_PROOF_CLAIM, NX_STATE_ACTIVE, "a complaint that nothing proves" },
		{ NX_COMPLAINT_UNSUBSCRIBE, NX_PROOF_NONE, NX_STATE_ACTIVE, "a complaint that nothing proves" },
		{ NX_COMPLAINT_SUSPEND, NX_PROOF_VERP, NX_STATE_SUSPENDED, "a complaint" },
		{ NX_COMPLAINT_SUSPEND, NX_PROOF_CLAIM, NX_STATE_ACTIVE, "a complaint that nothing proves" },
		{ NX_COMPLAINT_RECORD, NX_PROOF_SIGNED, NX_STATE_ACTIVE, "complaints are only recorded on this list" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		Case *test = *state;
		g_array_set_size (test->history, 0);
		test->policy.complaint = cases[i].complaint;
		put_complaint (test, START, cases[i].proof);
		evaluate (test);
		if (test->standing.state != cases[i].want)
			fail_msg ("case %u: %s", i, nx_state_to_string (test->standing.state));
		assert_string_equal (get_effect (test, 0)->note, cases[i].note);
		assert_int_equal (test->transitions->len, cases[i].want == NX_STATE_ACTIVE ? 0 : 1);
		assert_near (test->standing.score, 0);
	}
}

static void
test_nx_policy_evaluate__only_a_person_ends_what_a_complaint_began (void **state)
{
	Case *test = *state;
	test->policy.complaint = NX_COMPLAINT_SUSPEND;
	put_complaint (test, START, NX_PROOF_SIGNED);
	put (test, (NxHistory){ .date = START + DAY,
				.proof = NX_PROOF_SIGNED,
				.kind = NX_KIND_DELIVERED,
				.verdict = NX_VERDICT_BENIGN });
	put_step (test, START + 2 * DAY, NX_DEED_MOVE, "a@example.org", "b@example.org");
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_SUSPENDED);
	put_step (test, START + 3 * DAY, NX_DEED_RESTORE, NULL, NULL);
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
	assert_string_equal (get_transition (test, 1)->cause, "restored by hand");
	/* From then on deliveries heal again. */
	for (gint64 day = 4; day < 7; day++)
		put_failure (test, START + day * DAY, "b@example.org");
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_SUSPENDED);
	put (test, (NxHistory){ .date = START + 8 * DAY, .kind = NX_KIND_DELIVERED, .verdict = NX_VERDICT_BENIGN });
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
}

static void
test_nx_policy_is_complaint__table (void **state)
{
	static const struct {
		NxKind kind;
		const char *type;
		gboolean want;
	} cases[] = {
		{ NX_KIND_FEEDBACK, "abuse", TRUE },        { NX_KIND_FEEDBACK, "Abuse", TRUE },
		{ NX_KIND_FEEDBACK, "fraud", TRUE },        { NX_KIND_FEEDBACK, "opt-out", TRUE },
		{ NX_KIND_FEEDBACK, "opt-out-list", TRUE }, { NX_KIND_FEEDBACK, "not-spam", FALSE },
		{ NX_KIND_FEEDBACK, "virus", FALSE },       { NX_KIND_FEEDBACK, "auth-failure", FALSE },
		{ NX_KIND_FEEDBACK, "other", FALSE },       { NX_KIND_FEEDBACK, "", FALSE },
		{ NX_KIND_FEEDBACK, "abuse ", FALSE },      { NX_KIND_FAILURE, "abuse", FALSE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
		if (nx_policy_is_complaint (cases[i].kind, cases[i].type) != cases[i].want)
			fail_msg ("case %u: “%s”", i, cases[i].type);
}

static void
test_nx_policy_evaluate__one_day_of_arrival_counts_once (void **state)
{
	static const struct {
		gint64 apart; /* days between arrivals; -1: nothing tells */
		guint heaviest;
		double score;
		guint counted;
	} cases[] = { { 0, 0, 1, 1 }, { 0, 1, 1, 1 }, { 0, 2, 1, 1 }, { 1, 2, 1.2, 3 }, { -1, 2, 1.2, 3 } };
	for (guint i = 0; i < G_N_ELEMENTS (cases) * 2; i++) {
		Case *test = *state;
		guint c = i / 2;
		guint counted = 0;
		test->policy.half_life_days = 0;
		g_array_set_size (test->history, 0);
		for (guint n = 0; n < 3; n++) {
			guint day = i % 2 == 0 ? n : 2 - n; /* forwards, and backwards */
			gint64 arrival = START + 9 * DAY + (gint64)day * (60 + cases[c].apart * DAY);
			put (test, (NxHistory){ .date = START + day * DAY,
						.arrival = cases[c].apart < 0 ? 0 : arrival,
						.kind = NX_KIND_FAILURE,
						.verdict = day == cases[c].heaviest ? NX_VERDICT_PERMANENT
										    : NX_VERDICT_TRANSIENT });
		}
		evaluate (test);
		assert_near (test->standing.score, cases[c].score);
		assert_near (get_effect (test, cases[c].heaviest)->weight, 1);
		for (guint n = 0; n < 3; n++)
			counted += get_effect (test, n)->weight > 0 ? 1 : 0;
		assert_int_equal (counted, cases[c].counted);
	}
}

static void
test_nx_policy_evaluate__move_begins_anew (void **state)
{
	Case *test = *state;
	for (gint64 day = 0; day < 3; day++)
		put_failure (test, START + day * DAY, "old@example.org");
	put_step (test, START + 3 * DAY, NX_DEED_MOVE, "old@example.org", "new@example.org");
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
	assert_near (test->standing.score, 0);
	assert_int_equal (test->transitions->len, 2);
	assert_int_equal (get_transition (test, 1)->deed, NX_DEED_MOVE);
	assert_int_equal (get_transition (test, 1)->id, 4);
	assert_int_equal (test->effects->len, 3);
	for (gint64 day = 4; day < 9; day++)
		put_failure (test, START + day * DAY, "old@example.org");
	put_failure (test, START + 9 * DAY, "new@example.org");
	evaluate (test);
	assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
	assert_near (test->standing.score, 1);
	assert_string_equal (get_effect (test, 3)->note, "about an address that was left");
	assert_string_equal (get_effect (test, 8)->note, "");
}

/* Nor does a delivery to the left address heal what fails at the new one. */
static void
test_nx_policy_evaluate__what_was_left_heals_nothing (void **state)
{
	Case *test = *state;
	put_step (test, START, NX_DEED_MOVE, "old@example.org", "new@example.org");
	put_failure (test, START + DAY, "new@example.org");
	put (test, (NxHistory){ .date = START + 2 * DAY,
				.address = "old@example.org",
				.kind = NX_KIND_DELIVERED,
				.verdict = NX_VERDICT_BENIGN });
	evaluate (test);
	assert_near (test->standing.score, 1);
	/* And before the move the new address was not yet its own. */
	put_failure (test, START - DAY, "new@example.org");
	evaluate (test);
	assert_string_equal (get_effect (test, 0)->note, "about an address that was left");
}

static void
test_nx_policy_evaluate__nothing_counts_behind_the_end (void **state)
{
	static const struct {
		NxDeed deed;
		const char *cause;
	} ends[] = {
		{ NX_DEED_REMOVE, "removed by hand" },
		{ NX_DEED_MERGE, "its new address is a subscriber already" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
		Case *test = *state;
		g_array_set_size (test->history, 0);
		put_failure (test, START, NULL);
		put_step (test, START + DAY, ends[i].deed, NULL, NULL);
		for (gint64 day = 2; day < 6; day++)
			put_failure (test, START + day * DAY, NULL);
		put (test,
		     (NxHistory){ .date = START + 7 * DAY, .kind = NX_KIND_DELIVERED, .verdict = NX_VERDICT_BENIGN });
		put_complaint (test, START + 8 * DAY, NX_PROOF_SIGNED);
		evaluate (test);
		assert_int_equal (test->standing.state, NX_STATE_REMOVED);
		assert_int_equal (test->standing.since, START + DAY);
		assert_near (test->standing.score, 1);
		assert_int_equal (test->transitions->len, 1);
		assert_string_equal (get_transition (test, 0)->cause, ends[i].cause);
		for (guint n = 1; n < test->effects->len; n++) {
			assert_near (get_effect (test, n)->weight, 0);
			assert_string_equal (get_effect (test, n)->note, "the subscription had ended");
		}
		put_step (test, START + 9 * DAY, NX_DEED_RESTORE, NULL, NULL);
		put_failure (test, START + 10 * DAY, NULL);
		evaluate (test);
		assert_int_equal (test->standing.state, NX_STATE_ACTIVE);
		assert_near (test->standing.score, 1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_policy_evaluate__no_events_is_active),
		TEST (test_nx_policy_evaluate__outputs_may_be_null),
		TEST (test_nx_policy_init_default__rhythms_of_lists),
		TEST (test_nx_policy_evaluate__score_halves_every_half_life),
		TEST (test_nx_policy_get_score_at__decays_forward_only),
		TEST (test_nx_policy_evaluate__no_half_life_never_fades),
		TEST (test_nx_policy_evaluate__a_day_counts_its_heaviest_event),
		TEST (test_nx_policy_evaluate__equal_events_of_a_day_count_once),
		TEST (test_nx_policy_evaluate__days_are_utc_days),
		TEST (test_nx_policy_evaluate__what_never_counts),
		TEST (test_nx_policy_evaluate__weightless_verdicts_say_so),
		TEST (test_nx_policy_evaluate__threshold_suspends),
		TEST (test_nx_policy_evaluate__exactly_the_threshold_suspends),
		TEST (test_nx_policy_evaluate__suspended_scores_on_without_transitions),
		TEST (test_nx_policy_evaluate__delivery_heals),
		TEST (test_nx_policy_evaluate__delivery_of_the_active_makes_no_transition),
		TEST (test_nx_policy_evaluate__a_failed_delivered_report_does_not_heal),
		TEST (test_nx_policy_evaluate__score_after_a_weightless_event_is_decayed),
		TEST (test_nx_policy_evaluate__keys_break_ties),
		TEST (test_nx_policy_evaluate__order_of_arrival_does_not_matter),
		TEST (test_nx_policy_evaluate__history_is_not_changed),
		TEST (test_nx_policy_evaluate__extreme_dates),
		TEST (test_nx_policy_evaluate__weak_proof_does_not_count),
		TEST (test_nx_policy_evaluate__weak_proof_does_not_heal),
		TEST (test_nx_policy_evaluate__complaints_act_at_once),
		TEST (test_nx_policy_evaluate__only_a_person_ends_what_a_complaint_began),
		TEST (test_nx_policy_is_complaint__table),
		TEST (test_nx_policy_evaluate__one_day_of_arrival_counts_once),
		TEST (test_nx_policy_evaluate__move_begins_anew),
		TEST (test_nx_policy_evaluate__what_was_left_heals_nothing),
		TEST (test_nx_policy_evaluate__nothing_counts_behind_the_end),
		TEST (test_nx_state_to_string__and_back),
		TEST (test_nx_state_from_string__unknown_word),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
