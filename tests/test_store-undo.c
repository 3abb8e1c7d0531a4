/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-undo.c: the contract of nixie/undo.h: what is set aside does not count, all else is as it was, and taking
 * that back gives what was there before.
 */
#include "store-helpers.h"

#include <nixie/undo.h>

#define NOW (START + 100 * DAY)

static const char *const everybody[] = { "ann@example.org", "bob@example.org", "eve@other.example", NULL };

static const NxChange *
get_change (const NxTakenBack *taken_back, guint index)
{
	assert_true (index < taken_back->changes->len);
	return g_ptr_array_index (taken_back->changes, index);
}

/* Bob and ann (on news) are suspended by three days each, ann on talk has one event. */
static void
prepare (NxStore *store)
{
	const Spec single = { .fingerprint = "single", .recipient = "ann@example.org", .date = START + 9 * DAY };
	record_dead_days (store, "bob@example.org", NULL);
	record_dead_days (store, "ann@example.org", "news");
	record_one (store, &single, "talk");
	assert_int_equal (get_standing (store, "news", "ann@example.org").state, NX_STATE_SUSPENDED);
}

static void
test_nx_store_set_aside__by_domain_and_time (void **state)
{
	static const struct {
		NxEventScope scope;
		guint events;
		guint changes;
		gboolean bob_active;
	} cases[] = {
		{ { .domain = "example.org" }, 7, 3, TRUE },
		{ { .domain = "EXAMPLE.org" }, 7, 3, TRUE },
		{ { .domain = "example.org", .list = "talk" }, 1, 1, FALSE },
		{ { .domain = "example.org", .since = START + 2 * DAY }, 3, 3, TRUE },
		{ { .domain = "example.org", .since = START + 2 * DAY + 1 }, 1, 1, FALSE },
		{ { .domain = "example.org", .until = START }, 2, 2, TRUE },
		{ { .domain = "xample.org" }, 0, 0, FALSE },
		{ { .domain = "ample.org" }, 0, 0, FALSE },
		{ { .domain = "org" }, 0, 0, FALSE },
		{ { .domain = "" }, 0, 0, FALSE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		void *inner = NULL;
		set_up_store (&inner);
		NxStore *store = ((Place *)inner)->store;
		g_autoptr (GError) error = NULL;
		prepare (store);
		g_autofree char *before = dump_store (store, everybody);
		g_autoptr (NxTakenBack) taken_back =
			nx_store_set_aside (store, &cases[i].scope, "an outage", NOW, &error);
		must (taken_back != NULL);
		assert_int_equal (taken_back->events, cases[i].events);
		assert_int_equal (taken_back->changes->len, cases[i].changes);
		assert_true ((taken_back->step != 0) == (cases[i].events > 0));
		assert_true ((get_standing (store, "news", "bob@example.org").state == NX_STATE_ACTIVE) ==
			     cases[i].bob_active);
		if (taken_back->step != 0)
			must (nx_store_undo_step (store, taken_back->step, NOW + 1, &error));
		g_autofree char *after = dump_store (store, everybody);
		assert_string_equal (after, before);
		tear_down_place (&inner);
	}
}

static void
test_nx_store_set_aside__by_run (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 first = 0;
	gint64 second = 0;
	must (nx_store_start_run (store, "scan a", START, &first, &error));
	record_dead_days (store, "bob@example.org", NULL);
	must (nx_store_start_run (store, "scan b", START, &second, &error));
	/* What is known already stays of the run that brought it. */
	record_dead_days (store, "bob@example.org", NULL);
	record_dead_days (store, "ann@example.org", NULL);
	const NxEventScope scope = { .run = second };
	g_autoptr (NxTakenBack) taken_back = nx_store_set_aside (store, &scope, "", NOW, &error);
	must (taken_back != NULL);
	assert_int_equal (taken_back->events, 6);
	assert_int_equal (taken_back->changes->len, 2);
	assert_string_equal (get_change (taken_back, 0)->list, "news");
	assert_string_equal (get_change (taken_back, 0)->address, "Ann@Example.org");
	assert_int_equal (get_change (taken_back, 0)->before.state, NX_STATE_SUSPENDED);
	assert_int_equal (get_change (taken_back, 0)->after.state, NX_STATE_ACTIVE);
	assert_string_equal (get_change (taken_back, 1)->list, "talk");
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
	/* Once aside, nothing is left to do. */
	g_autoptr (NxTakenBack) again = nx_store_set_aside (store, &scope, "", NOW, &error);
	must (again != NULL);
	assert_int_equal (again->events, 0);
	assert_int_equal (again->step, 0);
	const NxEventScope none = { .run = second + 1 };
	must_fail (nx_store_set_aside (store, &none, "", NOW, &error) != NULL, NX_ERROR_NOT_FOUND);
	const NxEventScope nowhere = { .run = second, .list = "nowhere" };
	must_fail (nx_store_set_aside (store, &nowhere, "", NOW, &error) != NULL, NX_ERROR_NOT_FOUND);
}

/* Two steps name the same event: it counts again when neither stands. */
static void
test_nx_store_set_aside__steps_overlap (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	const NxEventScope scope = { .domain = "example.org" };
	record_dead_days (store, "bob@example.org", NULL);
	g_autoptr (NxTakenBack) first = nx_store_set_aside (store, &scope, "", NOW, &error);
	must (first != NULL);
	must (nx_store_undo_step (store, first->step, NOW, &error));
	g_autoptr (NxTakenBack) second = nx_store_set_aside (store, &scope, "", NOW, &error);
	must (second != NULL);
	assert_int_equal (second->events, 3);
	/* The undo of the first is undone: both stand. */
	must (nx_store_undo_step (store, first->step + 1, NOW, &error));
	must (nx_store_undo_step (store, second->step, NOW, &error));
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
	must (nx_store_undo_step (store, first->step, NOW, &error));
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
}

/* What comes in later counts, also when it is dated within the scope: it was not known when people decided. */
static void
test_nx_store_set_aside__later_reports_count (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	const NxEventScope scope = { .domain = "example.org" };
	const Spec late = { .fingerprint = "late", .recipient = "bob@example.org", .date = START + DAY };
	record_dead_days (store, "bob@example.org", NULL);
	g_autoptr (NxTakenBack) taken_back = nx_store_set_aside (store, &scope, "", NOW, &error);
	must (taken_back != NULL);
	record_one (store, &late, NULL);
	assert_true (get_standing (store, "news", "bob@example.org").score > 0);
	/* The same reports, read again, stay aside. */
	record_dead_days (store, "bob@example.org", NULL);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
}

static gint64
get_transition (NxStore *store, const char *address, guint index)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (store, address, NULL, &error);
	must (transitions != NULL);
	assert_true (index < transitions->len);
	return ((const NxStoredTransition *)g_ptr_array_index (transitions, index))->id;
}

static void
test_nx_store_undo_transition__events_behind_it (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	prepare (store);
	g_autofree char *before = dump_store (store, everybody);
	gint64 transition = get_transition (store, "bob@example.org", 0);
	g_autoptr (NxTakenBack) taken_back = nx_store_undo_transition (store, transition, NOW, &error);
	must (taken_back != NULL);
	assert_int_equal (taken_back->events, 3);
	assert_int_equal (taken_back->changes->len, 1);
	assert_string_equal (get_change (taken_back, 0)->address, "bob@example.org");
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
	assert_int_equal (get_standing (store, "news", "ann@example.org").state, NX_STATE_SUSPENDED);
	must (nx_store_undo_step (store, taken_back->step, NOW, &error));
	g_autofree char *after = dump_store (store, everybody);
	assert_string_equal (after, before);
	must_fail (nx_store_undo_transition (store, 4711, NOW, &error) != NULL, NX_ERROR_NOT_FOUND);
}

/* Only what came since the score was 0 for the last time led to it. */
static void
test_nx_store_undo_transition__after_a_delivery (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	const Spec early = { .fingerprint = "early", .recipient = "bob@example.org", .date = START - 9 * DAY };
	const Spec delivered = { .fingerprint = "delivered",
				 .recipient = "bob@example.org",
				 .date = START - 8 * DAY,
				 .kind = NX_KIND_DELIVERED,
				 .verdict = NX_VERDICT_BENIGN };
	record_one (store, &early, NULL);
	record_one (store, &delivered, NULL);
	record_dead_days (store, "bob@example.org", NULL);
	gint64 transition = get_transition (store, "bob@example.org", 0);
	g_autoptr (NxTakenBack) taken_back = nx_store_undo_transition (store, transition, NOW, &error);
	must (taken_back != NULL);
	assert_int_equal (taken_back->events, 3);
}

static void
test_nx_store_undo_transition__a_delivery (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	const Spec delivered = { .fingerprint = "delivered",
				 .recipient = "bob@example.org",
				 .date = START + 8 * DAY,
				 .kind = NX_KIND_DELIVERED,
				 .verdict = NX_VERDICT_BENIGN };
	record_dead_days (store, "bob@example.org", NULL);
	record_one (store, &delivered, NULL);
	gint64 transition = get_transition (store, "bob@example.org", 1);
	g_autoptr (NxTakenBack) taken_back = nx_store_undo_transition (store, transition, NOW, &error);
	must (taken_back != NULL);
	assert_int_equal (taken_back->events, 1);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
	/* The first transition stayed what it was, and has its number still. */
	g_autoptr (NxTakenBack) first =
		nx_store_undo_transition (store, get_transition (store, "bob@example.org", 0), NOW, &error);
	must (first != NULL);
}

static void
test_nx_store_undo_transition__what_a_step_did (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	must (nx_store_remove_subscriber (store, "news", "bob@example.org", START, NULL, &error));
	gint64 transition = get_transition (store, "bob@example.org", 0);
	g_autoptr (NxTakenBack) taken_back = nx_store_undo_transition (store, transition, NOW, &error);
	must (taken_back != NULL);
	assert_int_equal (taken_back->events, 0);
	assert_int_equal (taken_back->changes->len, 1);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
	must (nx_store_undo_step (store, taken_back->step, NOW, &error));
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_REMOVED);
}

static void
test_nx_store_undo_address__state_or_score (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	prepare (store);
	g_autoptr (NxTakenBack) suspended = nx_store_undo_address (store, "news", "bob@example.org", NOW, &error);
	must (suspended != NULL);
	assert_int_equal (suspended->events, 3);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
	g_autoptr (NxTakenBack) scored = nx_store_undo_address (store, "talk", "ann@example.org", NOW, &error);
	must (scored != NULL);
	assert_int_equal (scored->events, 1);
	assert_true (get_standing (store, "talk", "ann@example.org").score <= 0);
	g_autoptr (NxTakenBack) nothing = nx_store_undo_address (store, "talk", "ann@example.org", NOW, &error);
	must (nothing != NULL);
	assert_int_equal (nothing->step, 0);
	must_fail (nx_store_undo_address (store, "talk", "bob@example.org", NOW, &error) != NULL, NX_ERROR_NOT_FOUND);
}

/* Rolled back, nothing has happened: the way to know what would change. */
static void
test_nx_store_set_aside__rolled_back (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	const NxEventScope scope = { .domain = "example.org" };
	prepare (store);
	g_autofree char *before = dump_store (store, everybody);
	must (nx_store_begin (store, &error));
	g_autoptr (NxTakenBack) taken_back = nx_store_set_aside (store, &scope, "", NOW, &error);
	must (taken_back != NULL);
	assert_int_equal (taken_back->changes->len, 3);
	nx_store_rollback (store);
	g_autofree char *after = dump_store (store, everybody);
	assert_string_equal (after, before);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, set_up_store, tear_down_place)

int
main (void)
{
	const struct CMUnitTest tests[] = {
		TEST (test_nx_store_set_aside__by_domain_and_time),
		TEST (test_nx_store_set_aside__by_run),
		TEST (test_nx_store_set_aside__steps_overlap),
		TEST (test_nx_store_set_aside__later_reports_count),
		TEST (test_nx_store_set_aside__rolled_back),
		TEST (test_nx_store_undo_transition__events_behind_it),
		TEST (test_nx_store_undo_transition__after_a_delivery),
		TEST (test_nx_store_undo_transition__a_delivery),
		TEST (test_nx_store_undo_transition__what_a_step_did),
		TEST (test_nx_store_undo_address__state_or_score),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
