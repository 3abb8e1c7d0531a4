/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store.c: the contract of nixie/store.h, sentence by sentence, through its public functions alone: the same cases
 * hold for every backend (make_uri() in store-helpers.h says which). Here: opening, transactions, lists, subscribers,
 * runs; what is recorded is in test_store-events.c.
 */
#include "store-helpers.h"

#include "store/store-private.h"

/* ---- opening ---- */

static void
test_nx_store_open__creates_database_and_folder (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *folder = g_build_filename (place->folder, "a", "b", NULL);
	g_autofree char *uri = make_uri (folder);
	g_autoptr (NxStore) store = nx_store_open (uri, NX_STORE_CREATE, &error);
	must (store != NULL);
	must (nx_store_add_list (store, "news", "", &error));
	nx_store_free (g_steal_pointer (&store));
	store = nx_store_open (uri, NX_STORE_NONE, &error);
	must (store != NULL);
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, &error);
	must (lists != NULL);
	assert_int_equal (lists->len, 1);
}

static void
test_nx_store_open__missing_database_without_create (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	must_fail (nx_store_open (place->uri, NX_STORE_NONE, &error) != NULL, NX_ERROR_STORE);
	must_fail (nx_store_open (place->uri, NX_STORE_READ_ONLY, &error) != NULL, NX_ERROR_STORE);
	must_fail (nx_store_open (place->uri, NX_STORE_READ_ONLY | NX_STORE_CREATE, &error) != NULL, NX_ERROR_STORE);
	g_autoptr (GDir) dir = g_dir_open (place->folder, 0, NULL);
	assert_null (g_dir_read_name (dir));
}

static void
test_nx_store_open__bad_uris (void **state)
{
	static const char *const uris[] = { "", "sqlite:", "mysql://localhost/nixie", "nonsense:x" };
	g_autoptr (GError) error = NULL;
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
		must_fail (nx_store_open (uris[i], NX_STORE_CREATE, &error) != NULL, NX_ERROR_USAGE);
}

static void
test_nx_store_open__read_only_changes_nothing (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_READ_ONLY, &error);
	must (store != NULL);
	const Spec spec = { .fingerprint = "f1", .recipient = "ann@example.org", .date = START };
	g_autoptr (GPtrArray) events = make_events (&spec, 1);
	gint64 run = 0;
	must_fail (nx_store_add_list (store, "new", "", &error), NX_ERROR_STORE);
	must_fail (nx_store_add_subscriber (store, "news", "x@example.org", NULL, NULL, &error), NX_ERROR_STORE);
	must_fail (nx_store_record (store, events, NULL, START, NULL, &error), NX_ERROR_STORE);
	must_fail (nx_store_start_run (store, "scan", START, &run, &error), NX_ERROR_STORE);
	assert_int_equal (count_events (store, "ann@example.org"), 0);
	assert_int_equal (get_standing (store, "news", "ann@example.org").state, NX_STATE_ACTIVE);
}

static void
test_nx_store_open__read_only_sees_one_state_in_a_transaction (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) reader = nx_store_open (place->uri, NX_STORE_READ_ONLY, &error);
	must (reader != NULL);
	const Spec spec = { .fingerprint = "f1", .recipient = "ann@example.org", .date = START };
	must (nx_store_begin (reader, &error));
	assert_int_equal (count_events (reader, "ann@example.org"), 0);
	record_one (place->store, &spec, "news");
	assert_int_equal (count_events (reader, "ann@example.org"), 0);
	must (nx_store_commit (reader, &error));
	assert_int_equal (count_events (reader, "ann@example.org"), 1);
}

static void
test_nx_store_free__takes_null_and_open_transactions (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	nx_store_free (NULL);
	must (nx_store_begin (place->store, &error));
	must (nx_store_add_list (place->store, "lost", "", &error));
	nx_store_free (place->store);
	place->store = open_store (place->uri);
	g_autoptr (GPtrArray) lists = nx_store_list_lists (place->store, &error);
	assert_int_equal (lists->len, 2);
}

/* ---- transactions ---- */

static void
test_nx_store_begin__does_not_nest (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	must (nx_store_begin (place->store, &error));
	must_fail (nx_store_begin (place->store, &error), NX_ERROR_USAGE);
	must (nx_store_commit (place->store, &error));
	must_fail (nx_store_commit (place->store, &error), NX_ERROR_USAGE);
}

static void
test_nx_store_commit__makes_all_calls_visible_at_once (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) other = open_store (place->uri);
	must (nx_store_begin (place->store, &error));
	record_dead_days (place->store, "bob@example.org", NULL);
	assert_int_equal (count_events (other, "bob@example.org"), 0);
	must (nx_store_commit (place->store, &error));
	assert_int_equal (count_events (other, "bob@example.org"), 3);
	assert_int_equal (get_standing (other, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
}

static void
test_nx_store_begin__own_reads_see_what_was_written (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	must (nx_store_begin (place->store, &error));
	record_dead_days (place->store, "bob@example.org", NULL);
	assert_int_equal (get_standing (place->store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
	assert_int_equal (count_events (place->store, "bob@example.org"), 3);
	must (nx_store_commit (place->store, &error));
}

static void
test_nx_store_rollback__undoes_all_calls (void **state)
{
	static const char *const addresses[] = { "ann@example.org", "bob@example.org", NULL };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *before = dump_store (place->store, addresses);
	must (nx_store_begin (place->store, &error));
	must (nx_store_add_list (place->store, "third", "", &error));
	must (nx_store_add_subscriber (place->store, "third", "carl@example.org", NULL, NULL, &error));
	record_dead_days (place->store, "bob@example.org", NULL);
	nx_store_rollback (place->store);
	nx_store_rollback (place->store);
	g_autofree char *after = dump_store (place->store, addresses);
	assert_string_equal (after, before);
	record_dead_days (place->store, "bob@example.org", NULL);
	assert_int_equal (count_events (place->store, "bob@example.org"), 3);
}

static void
test_nx_store_begin__refused_input_does_not_spoil_it (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	must (nx_store_begin (place->store, &error));
	must_fail (nx_store_add_subscriber (place->store, "news", "no address", NULL, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_subscriber (place->store, "nowhere", "x@example.org", NULL, NULL, &error),
		   NX_ERROR_NOT_FOUND);
	must (nx_store_add_subscriber (place->store, "news", "x@example.org", NULL, NULL, &error));
	must (nx_store_commit (place->store, &error));
	get_standing (place->store, "news", "x@example.org");
}

static void
test_nx_store_begin__waits_then_says_busy (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) other = open_store (place->uri);
	nx_store_set_wait (other, 300);
	must (nx_store_begin (place->store, &error));
	gint64 began = g_get_monotonic_time ();
	must_fail (nx_store_add_list (other, "third", "", &error), NX_ERROR_STORE_BUSY);
	gint64 waited = g_get_monotonic_time () - began;
	assert_true (waited >= 300000 && waited < 5000000);
	must (nx_store_commit (place->store, &error));
	must (nx_store_add_list (other, "third", "", &error));
}

/* ---- lists ---- */

static void
test_nx_store_add_list__again_changes_the_address (void **state)
{
	static const struct {
		const char *name;
		const char *address;
		const char *want;
	} cases[] = {
		{ "news", "", "news@lists.example.org" },
		{ "NEWS", "", "news@lists.example.org" },
		{ "news", "news@example.org", "news@example.org" },
		{ "News", "n@example.org", "n@example.org" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		must (nx_store_add_list (place->store, cases[i].name, cases[i].address, &error));
		g_autoptr (GPtrArray) lists = nx_store_list_lists (place->store, &error);
		assert_int_equal (lists->len, 2);
		const NxList *list = g_ptr_array_index (lists, 0);
		assert_string_equal (list->name, "news");
		assert_string_equal (list->address, cases[i].want);
	}
}

static void
test_nx_store_add_list__bad_names_and_addresses (void **state)
{
	static const struct {
		const char *name;
		const char *address;
	} cases[] = {
		{ "", "" },     { "a\nb", "" },         { "a\x1b[2J", "" },
		{ "\xff", "" }, { "ok", "no address" }, { "ok", "a@b\n.c" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
		must_fail (nx_store_add_list (place->store, cases[i].name, cases[i].address, &error), NX_ERROR_DATA);
}

static void
test_nx_store_list_lists__counts_states_in_order_of_names (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	must (nx_store_add_list (place->store, "Alpha", "", &error));
	record_dead_days (place->store, "bob@example.org", "news");
	g_autoptr (GPtrArray) lists = nx_store_list_lists (place->store, &error);
	must (lists != NULL);
	static const NxList want[] = {
		{ .name = NULL },
		{ .active = 1, .suspended = 1 },
		{ .active = 1 },
	};
	static const char *const names[] = { "Alpha", "news", "talk" };
	assert_int_equal (lists->len, G_N_ELEMENTS (want));
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);
		assert_string_equal (list->name, names[i]);
		assert_int_equal (list->active, want[i].active);
		assert_int_equal (list->suspended, want[i].suspended);
		assert_int_equal (list->removed, 0);
	}
}

/* ---- subscribers ---- */

static void
test_nx_store_add_subscriber__once_by_key (void **state)
{
	static const struct {
		const char *list;
		const char *address;
		gboolean added;
	} cases[] = {
		{ "news", "carl@example.org", TRUE },  { "news", "carl@example.org", FALSE },
		{ "news", "CARL@EXAMPLE.ORG", FALSE }, { "NEWS", "Carl@Example.org", FALSE },
		{ "talk", "carl@example.org", TRUE },  { "news", "d\xc3\xb6rte@example.org", TRUE },
		{ "news", "carl@example.com", TRUE },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		gboolean added = !cases[i].added;
		must (nx_store_add_subscriber (place->store, cases[i].list, cases[i].address, "x", &added, &error));
		assert_int_equal (added, cases[i].added);
	}
}

static void
test_nx_store_add_subscriber__again_changes_nothing (void **state)
{
	static const char *const addresses[] = { NULL };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "bob@example.org", "news");
	g_autofree char *before = dump_store (place->store, addresses);
	must (nx_store_add_subscriber (place->store, "news", "BOB@example.org", "Robert", NULL, &error));
	g_autofree char *after = dump_store (place->store, addresses);
	assert_string_equal (after, before);
}

static void
test_nx_store_add_subscriber__bad_addresses (void **state)
{
	static const char *const bad[] = { "", "x", "a b@example.org", "a@", "@b", "a@b\n@c", "\xff@example.org" };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	gboolean added = 7;
	for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
		must_fail (nx_store_add_subscriber (place->store, "news", bad[i], NULL, &added, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_subscriber (place->store, "gone", "a@example.org", NULL, &added, &error),
		   NX_ERROR_NOT_FOUND);
	must_fail (nx_store_add_subscriber (place->store, "", "a@example.org", NULL, &added, &error),
		   NX_ERROR_NOT_FOUND);
	assert_int_equal (added, 7);
}

static gboolean
collect_cb (const NxSubscriber *subscriber, gpointer data)
{
	GString *all = data;
	g_string_append_printf (all, "%s/%s/%s ", subscriber->list, subscriber->address, subscriber->name);
	return TRUE;
}

static gboolean
collect_one_cb (const NxSubscriber *subscriber, gpointer data)
{
	collect_cb (subscriber, data);
	return FALSE;
}

static void
test_nx_store_foreach_subscriber__filters_and_order (void **state)
{
	static const struct {
		const char *list;
		const char *address;
		NxState state;
		const char *want;
	} cases[] = {
		{ NULL, NULL, NX_STATE_NONE, "news/Ann@Example.org/Ann news/bob@example.org/ talk/ann@example.org/ " },
		{ "NEWS", NULL, NX_STATE_NONE, "news/Ann@Example.org/Ann news/bob@example.org/ " },
		{ NULL, "ANN@example.org", NX_STATE_NONE, "news/Ann@Example.org/Ann talk/ann@example.org/ " },
		{ "talk", "ann@example.org", NX_STATE_NONE, "talk/ann@example.org/ " },
		{ "talk", "bob@example.org", NX_STATE_NONE, "" },
		{ NULL, NULL, NX_STATE_SUSPENDED, "news/bob@example.org/ " },
		{ NULL, NULL, NX_STATE_ACTIVE, "news/Ann@Example.org/Ann talk/ann@example.org/ " },
		{ NULL, "bob@example.org", NX_STATE_ACTIVE, "" },
		{ NULL, NULL, NX_STATE_REMOVED, "" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "bob@example.org", "news");
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GString) all = g_string_new (NULL);
		must (nx_store_foreach_subscriber (place->store, cases[i].list, cases[i].address, cases[i].state,
						   collect_cb, all, &error));
		assert_string_equal (all->str, cases[i].want);
	}
}

static void
test_nx_store_foreach_subscriber__stops_when_told (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (GString) all = g_string_new (NULL);
	must (nx_store_foreach_subscriber (place->store, NULL, NULL, NX_STATE_NONE, collect_one_cb, all, &error));
	assert_string_equal (all->str, "news/Ann@Example.org/Ann ");
}

static void
test_nx_store_foreach_subscriber__unknown_list (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (GString) all = g_string_new (NULL);
	must_fail (nx_store_foreach_subscriber (place->store, "gone", NULL, NX_STATE_NONE, collect_cb, all, &error),
		   NX_ERROR_NOT_FOUND);
}

/* ---- runs ---- */

static void
test_nx_store_start_run__numbers_and_updates (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	gint64 first = 0;
	gint64 second = 0;
	must (nx_store_start_run (place->store, "scan a", START, &first, &error));
	must (nx_store_start_run (place->store, "scan b", START, &second, &error));
	assert_true (first > 0);
	assert_int_not_equal (first, second);
	must (nx_store_update_run (place->store, first, "a.mbox", G_GUINT64_CONSTANT (1) << 40, 10, 5, 0, &error));
	must (nx_store_update_run (place->store, first, NULL, 0, 10, 5, START + 1, &error));
	must_fail (nx_store_update_run (place->store, 4711, "a.mbox", 1, 1, 1, 0, &error), NX_ERROR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)
#define EMPTY(name) cmocka_unit_test_setup_teardown (name, set_up_place, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		EMPTY (test_nx_store_open__creates_database_and_folder),
		EMPTY (test_nx_store_open__missing_database_without_create),
		EMPTY (test_nx_store_open__bad_uris),
		TEST (test_nx_store_open__read_only_changes_nothing),
		TEST (test_nx_store_open__read_only_sees_one_state_in_a_transaction),
		TEST (test_nx_store_free__takes_null_and_open_transactions),
		TEST (test_nx_store_begin__does_not_nest),
		TEST (test_nx_store_commit__makes_all_calls_visible_at_once),
		TEST (test_nx_store_begin__own_reads_see_what_was_written),
		TEST (test_nx_store_rollback__undoes_all_calls),
		TEST (test_nx_store_begin__refused_input_does_not_spoil_it),
		TEST (test_nx_store_begin__waits_then_says_busy),
		TEST (test_nx_store_add_list__again_changes_the_address),
		TEST (test_nx_store_add_list__bad_names_and_addresses),
		TEST (test_nx_store_list_lists__counts_states_in_order_of_names),
		TEST (test_nx_store_add_subscriber__once_by_key),
		TEST (test_nx_store_add_subscriber__again_changes_nothing),
		TEST (test_nx_store_add_subscriber__bad_addresses),
		TEST (test_nx_store_foreach_subscriber__filters_and_order),
		TEST (test_nx_store_foreach_subscriber__stops_when_told),
		TEST (test_nx_store_foreach_subscriber__unknown_list),
		TEST (test_nx_store_start_run__numbers_and_updates),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
