/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-policies.c: the contract of nixie/replay.h: which policy is in force, what another one changes, and that
 * putting it in force can be taken back. The same cases hold for every backend.
 */
#include "store-helpers.h"

#include <nixie/replay.h>

static const char *const people[] = { "ann@example.org", "bob@example.org", NULL };

static NxPolicy
make_policy (const char *text)
{
	g_autoptr (GError) error = NULL;
	NxPolicy policy;
	must (nx_policy_from_text (text, &policy, &error));
	return policy;
}

/* Returns the step. */
static gint64
set_policy (NxStore *store, const char *list, const char *text, gint64 now)
{
	g_autoptr (GError) error = NULL;
	NxPolicy policy = make_policy (text != NULL ? text : "");
	gint64 step = -1;
	must (nx_store_set_policy (store, list, text != NULL ? &policy : NULL, now, &step, &error));
	return step;
}

static void
assert_in_force (NxStore *store, const char *list, const char *want, gboolean want_own)
{
	g_autoptr (GError) error = NULL;
	gboolean own = !want_own;
	g_autofree char *text = nx_store_dup_policy_text (store, list, &own, &error);
	must (text != NULL);
	assert_string_equal (text, want);
	assert_int_equal (own, want_own);
	NxPolicy policy;
	NxPolicy expected = make_policy (want);
	must (nx_store_get_policy (store, list, &policy, &error));
	assert_true (nx_policy_equal (&policy, &expected));
}

static void
test_nx_store_set_policy__lists_follow_the_database_until_they_have_their_own (void **state)
{
	Place *place = *state;
	assert_in_force (place->store, NULL, "", FALSE);
	assert_in_force (place->store, "news", "", FALSE);
	assert_int_equal (set_policy (place->store, NULL, "", START), 0);
	gint64 first = set_policy (place->store, NULL, "threshold = 5", START);
	assert_true (first > 0);
	assert_int_equal (set_policy (place->store, NULL, "threshold = 5\n# the same", START), 0);
	assert_in_force (place->store, NULL, "threshold = 5\n", FALSE);
	assert_in_force (place->store, "news", "threshold = 5\n", FALSE);
	assert_true (set_policy (place->store, "NEWS", "preset = mailman3", START) > first);
	assert_in_force (place->store, "news", "preset = mailman3\n", TRUE);
	assert_in_force (place->store, "talk", "threshold = 5\n", FALSE);
	/* The default one as a list's own is no following. */
	set_policy (place->store, "talk", "", START);
	assert_in_force (place->store, "talk", "preset = nixie\n", TRUE);
	set_policy (place->store, "news", NULL, START);
	assert_in_force (place->store, "news", "threshold = 5\n", FALSE);
	set_policy (place->store, NULL, NULL, START);
	assert_in_force (place->store, "news", "", FALSE);
}

static void
test_nx_store_set_policy__refusals (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const NxPolicy policy = make_policy ("");
	must_fail (nx_store_set_policy (place->store, "other", &policy, START, NULL, &error), NX_ERROR_NOT_FOUND);
	must_fail (nx_store_dup_policy_text (place->store, "other", NULL, &error) != NULL, NX_ERROR_NOT_FOUND);
	g_autoptr (NxStore) reader = nx_store_open (place->uri, NX_STORE_READ_ONLY, &error);
	must (reader != NULL);
	must_fail (nx_store_set_policy (reader, "news", &policy, START, NULL, &error), NX_ERROR_STORE);
}

static void
test_nx_store_set_policy__what_is_set_for_the_list_goes_above (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPolicy policy;
	set_policy (place->store, "news", "complaint = record\nleast-proof = verp", START);
	must (nx_store_get_policy (place->store, "news", &policy, &error));
	assert_int_equal (policy.complaint, NX_COMPLAINT_RECORD);
	assert_int_equal (policy.least_proof, NX_PROOF_VERP);
	assert_int_equal (policy.proof_since, 0);
	must (nx_store_set_list_complaint (place->store, "news", NX_COMPLAINT_SUSPEND, &error));
	must (nx_store_set_list_proof (place->store, "news", NX_PROOF_ORIGINAL, START, &error));
	must (nx_store_get_policy (place->store, "news", &policy, &error));
	assert_int_equal (policy.complaint, NX_COMPLAINT_SUSPEND);
	assert_int_equal (policy.least_proof, NX_PROOF_ORIGINAL);
	assert_int_equal (policy.proof_since, START);
	must (nx_store_set_list_complaint (place->store, "news", NX_COMPLAINT_NONE, &error));
	must (nx_store_set_list_proof (place->store, "news", NX_PROOF_NONE, 0, &error));
	must (nx_store_get_policy (place->store, "news", &policy, &error));
	assert_int_equal (policy.complaint, NX_COMPLAINT_RECORD);
	assert_int_equal (policy.least_proof, NX_PROOF_VERP);
}

/* Keys in use ask for signatures, unless the policy says what is to be asked for. */
static void
test_nx_store_get_policy__keys_in_use_ask_for_signatures (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPolicy policy;
	const Spec spec = {
		.fingerprint = "1", .recipient = "bob@example.org", .date = START, .proof = NX_PROOF_SIGNED
	};
	record_one (place->store, &spec, NULL);
	must (nx_store_get_policy (place->store, "news", &policy, &error));
	assert_int_equal (policy.least_proof, NX_PROOF_SIGNED);
	assert_int_equal (policy.proof_since, START);
	set_policy (place->store, "news", "least-proof = claim", START);
	must (nx_store_get_policy (place->store, "news", &policy, &error));
	assert_int_equal (policy.least_proof, NX_PROOF_CLAIM);
}

static NxState
get_state (NxStore *store, const char *list, const char *address)
{
	return get_standing (store, list, address).state;
}

static void
test_nx_store_set_policy__states_follow_and_a_step_takes_it_back (void **state)
{
	Place *place = *state;
	NxStore *store = place->store;
	g_autoptr (GError) error = NULL;
	record_dead_days (store, "bob@example.org", "news");
	record_dead_days (store, "ann@example.org", "talk");
	g_autofree char *before = dump_store (store, people);
	assert_int_equal (get_state (store, "news", "bob@example.org"), NX_STATE_SUSPENDED);
	gint64 all = set_policy (store, NULL, "threshold = 50", START + 9 * DAY);
	assert_int_equal (get_state (store, "news", "bob@example.org"), NX_STATE_ACTIVE);
	assert_int_equal (get_state (store, "talk", "ann@example.org"), NX_STATE_ACTIVE);
	gint64 one = set_policy (store, "talk", "min-days = 1", START + 9 * DAY);
	assert_int_equal (get_state (store, "talk", "ann@example.org"), NX_STATE_SUSPENDED);
	gint64 two = set_policy (store, "talk", "threshold = 60", START + 9 * DAY);
	must_fail (nx_store_undo_step (store, one, START + 10 * DAY, &error), NX_ERROR_DATA);
	must (nx_store_undo_step (store, two, START + 10 * DAY, &error));
	assert_in_force (store, "talk", "min-days = 1\n", TRUE);
	assert_int_equal (get_state (store, "talk", "ann@example.org"), NX_STATE_SUSPENDED);
	must (nx_store_undo_step (store, one, START + 10 * DAY, &error));
	assert_int_equal (get_state (store, "talk", "ann@example.org"), NX_STATE_ACTIVE);
	must (nx_store_undo_step (store, all, START + 10 * DAY, &error));
	assert_in_force (store, "talk", "", FALSE);
	g_autofree char *after = dump_store (store, people);
	assert_string_equal (after, before);
	must_fail (nx_store_undo_step (store, all, START + 10 * DAY, &error), NX_ERROR_DATA);
}

static void
test_nx_store_undo_step__an_undone_policy_comes_back (void **state)
{
	Place *place = *state;
	NxStore *store = place->store;
	g_autoptr (GError) error = NULL;
	gint64 first = set_policy (store, "talk", "threshold = 5", START);
	must (nx_store_undo_step (store, first, START, &error));
	assert_in_force (store, "talk", "", FALSE);
	must (nx_store_undo_step (store, first + 1, START, &error));
	assert_in_force (store, "talk", "threshold = 5\n", TRUE);
	must (nx_store_undo_step (store, first, START, &error));
	assert_in_force (store, "talk", "", FALSE);
	/* Another one rests on what was before. */
	set_policy (store, "talk", "threshold = 6", START);
	must_fail (nx_store_undo_step (store, first + 3, START, &error), NX_ERROR_DATA);
	assert_in_force (store, "talk", "threshold = 6\n", TRUE);
}

static void
test_nx_store_list_steps__a_policy_is_of_its_list (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	set_policy (place->store, NULL, "threshold = 5", START);
	set_policy (place->store, "talk", "threshold = 6", START);
	set_policy (place->store, "news", "threshold = 6", 0);
	g_autoptr (GPtrArray) steps = nx_store_list_steps (place->store, NULL, NULL, &error);
	must (steps != NULL);
	assert_int_equal (steps->len, 2);
	const NxStep *first = g_ptr_array_index (steps, 0);
	const NxStep *second = g_ptr_array_index (steps, 1);
	assert_int_equal (first->kind, NX_STEP_POLICY);
	assert_string_equal (first->list, "");
	assert_int_equal (second->kind, NX_STEP_POLICY);
	assert_string_equal (second->list, "talk");
}

/* ---- before or behind the events ---- */

static void
test_nx_store_set_policy__before_or_behind_the_events_is_the_same (void **state)
{
	(void)state;
	char *dumps[3];
	for (guint i = 0; i < G_N_ELEMENTS (dumps); i++) {
		void *own = NULL;
		set_up_store (&own);
		Place *place = own;
		g_autoptr (GError) error = NULL;
		if (i == 0)
			set_policy (place->store, "news", "threshold = 1\nmin-days = 1\nmin-events = 1", START);
		if (i == 2)
			must (nx_store_begin (place->store, &error));
		record_dead_days (place->store, "bob@example.org", "news");
		record_dead_days (place->store, "ann@example.org", "talk");
		if (i > 0)
			set_policy (place->store, "news", "threshold = 1\nmin-days = 1\nmin-events = 1", START);
		if (i == 2)
			must (nx_store_commit (place->store, &error));
		dumps[i] = dump_store (place->store, people);
		tear_down_place (&own);
	}
	assert_non_null (strstr (dumps[0], "suspended"));
	assert_string_equal (dumps[1], dumps[0]);
	assert_string_equal (dumps[2], dumps[0]);
	for (guint i = 0; i < G_N_ELEMENTS (dumps); i++)
		g_free (dumps[i]);
}

/* ---- compare and replay ---- */

typedef struct {
	GString *told;
	guint64 stop_at;
} Listener;

static gboolean
hear_cb (const NxReplayed *replayed, guint64 done, guint64 total, gpointer user_data)
{
	Listener *listener = user_data;
	g_string_append_printf (listener->told, "%d/%d %s %s: %s %.2f -> %s %.2f (%s) (%s)\n", (int)done, (int)total,
				replayed->list, replayed->address, nx_state_to_string (replayed->before.state),
				replayed->before.score, nx_state_to_string (replayed->after.state),
				replayed->after.score, replayed->before_cause, replayed->cause);
	return done != listener->stop_at;
}

static const char expected[] =
	"1/2 news Ann@Example.org: active 1.00 -> active 1.00 () ()\n"
	"2/2 news bob@example.org: suspended 2.97 -> active 2.97 (the score reached the threshold) ()\n";

static void
fill_events (NxStore *store)
{
	const Spec spec = { .fingerprint = "1", .recipient = "ann@example.org", .date = START, .list = "news" };
	record_one (store, &spec, NULL);
	record_dead_days (store, "bob@example.org", "news");
}

static void
test_nx_store_compare__tells_and_changes_nothing (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const NxPolicy policy = make_policy ("threshold = 50");
	fill_events (place->store);
	g_autofree char *before = dump_store (place->store, people);
	g_autoptr (NxStore) reader = nx_store_open (place->uri, NX_STORE_READ_ONLY, &error);
	must (reader != NULL);
	g_autoptr (GString) told = g_string_new (NULL);
	Listener listener = { .told = told };
	must (nx_store_compare (reader, "news", &policy, hear_cb, &listener, &error));
	assert_string_equal (told->str, expected);
	g_autofree char *after = dump_store (place->store, people);
	assert_string_equal (after, before);
	assert_in_force (place->store, "news", "", FALSE);
	must_fail (nx_store_compare (reader, "other", &policy, hear_cb, &listener, &error), NX_ERROR_NOT_FOUND);
}

static void
test_nx_store_compare__what_is_set_for_the_list_goes_above (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const NxPolicy policy = make_policy ("");
	fill_events (place->store);
	must (nx_store_set_list_proof (place->store, "news", NX_PROOF_VERP, 0, &error));
	g_autoptr (GString) told = g_string_new (NULL);
	Listener listener = { .told = told };
	must (nx_store_compare (place->store, "news", &policy, hear_cb, &listener, &error));
	assert_non_null (strstr (told->str, "bob@example.org: active 0.00 -> active 0.00"));
}

static void
test_nx_store_replay__tells_what_it_changes (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const NxPolicy policy = make_policy ("threshold = 50");
	fill_events (place->store);
	g_autoptr (GString) told = g_string_new (NULL);
	Listener listener = { .told = told };
	must (nx_store_begin (place->store, &error));
	must (nx_store_set_policy (place->store, "news", &policy, START, NULL, &error));
	must (nx_store_replay (place->store, "news", hear_cb, &listener, &error));
	must (nx_store_commit (place->store, &error));
	assert_string_equal (told->str, expected);
	assert_int_equal (get_state (place->store, "news", "bob@example.org"), NX_STATE_ACTIVE);
}

static void
test_nx_store_replay__stopped_it_is_undone (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const NxPolicy policy = make_policy ("threshold = 50");
	fill_events (place->store);
	g_autofree char *before = dump_store (place->store, people);
	g_autoptr (GString) told = g_string_new (NULL);
	Listener listener = { .told = told, .stop_at = 2 };
	must (nx_store_begin (place->store, &error));
	must (nx_store_set_policy (place->store, "news", &policy, START, NULL, &error));
	must (nx_store_replay (place->store, "news", hear_cb, &listener, &error));
	must_fail (nx_store_commit (place->store, &error), NX_ERROR_USAGE);
	g_autofree char *after = dump_store (place->store, people);
	assert_string_equal (after, before);
	assert_in_force (place->store, "news", "", FALSE);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_store_set_policy__lists_follow_the_database_until_they_have_their_own),
		TEST (test_nx_store_set_policy__refusals),
		TEST (test_nx_store_set_policy__what_is_set_for_the_list_goes_above),
		TEST (test_nx_store_get_policy__keys_in_use_ask_for_signatures),
		TEST (test_nx_store_set_policy__states_follow_and_a_step_takes_it_back),
		TEST (test_nx_store_undo_step__an_undone_policy_comes_back),
		TEST (test_nx_store_list_steps__a_policy_is_of_its_list),
		cmocka_unit_test (test_nx_store_set_policy__before_or_behind_the_events_is_the_same),
		TEST (test_nx_store_compare__tells_and_changes_nothing),
		TEST (test_nx_store_compare__what_is_set_for_the_list_goes_above),
		TEST (test_nx_store_replay__tells_what_it_changes),
		TEST (test_nx_store_replay__stopped_it_is_undone),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
