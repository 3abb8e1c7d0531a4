/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-crowd.c: the promises of nixie/store.h that hold across orders, processes and crashes: whatever the order,
 * the batches and the number of readers, and whenever one is killed, the database ends up the same.
 */
#include "store-helpers.h"

#include <signal.h>

#define REPORTS 80
#define MEMBERS 8
#define ADDRESSES 12
#define CROWD 32

static const char *const list_names[] = { "news", "talk", "dev" };

static const char *const addresses[] = { "a0@example.org",
					 "a1@example.org",
					 "a2@example.org",
					 "a3@example.org",
					 "a4@example.org",
					 "a5@example.org",
					 "a6@example.org",
					 "a7@example.org",
					 "a8@example.org",
					 "a9@example.org",
					 "a10@example.org",
					 "a11@example.org",
					 "",
					 "shared@x.example",
					 NULL };

/* ---- a made-up archive ---- */

/* A copy of a report: what the report says is the same in all copies, what the route added is not. */
typedef struct {
	GPtrArray *specs;
	gint64 fallback_date;
} Copy;

typedef struct {
	GPtrArray *texts;
	GPtrArray *copies;
} Archive;

static const char *
keep (Archive *archive, char *text)
{
	g_ptr_array_add (archive->texts, text);
	return text;
}

static void
free_copy (gpointer data)
{
	Copy *copy = data;
	g_ptr_array_unref (copy->specs);
	g_free (copy);
}

static Spec
make_random_spec (Archive *archive, GRand *random, guint report, guint recipient)
{
	static const struct {
		NxKind kind;
		NxVerdict verdict;
	} kinds[] = { { NX_KIND_FAILURE, NX_VERDICT_PERMANENT }, { NX_KIND_FAILURE, NX_VERDICT_PERMANENT },
		      { NX_KIND_FAILURE, NX_VERDICT_TRANSIENT }, { NX_KIND_FAILURE, NX_VERDICT_BLOCKED },
		      { NX_KIND_DELAYED, NX_VERDICT_BENIGN },    { NX_KIND_DELIVERED, NX_VERDICT_BENIGN } };
	guint kind = (guint)g_rand_int_range (random, 0, G_N_ELEMENTS (kinds));
	guint forward = (guint)g_rand_int_range (random, 0, 8);
	guint who = (report + recipient * 5) % ADDRESSES;
	return (Spec){
		.fingerprint = keep (archive, g_strdup_printf ("report-%u", report)),
		.recipient = who == 8   ? "shared@x.example"
			     : who == 9 ? ""
					: addresses[who],
		.verp = who == 9 ? addresses[6 + report % 6] : "",
		.original = who == 8 ? addresses[report % ADDRESSES] : "",
		.date = report % 5 == 0 ? 0 : START + g_rand_int_range (random, 0, 60) * DAY / 4,
		.kind = kinds[kind].kind,
		.verdict = kinds[kind].verdict,
		.forward = forward < 2 ? keep (archive, g_strdup_printf ("n%u@new.example", forward)) : "",
		.diagnostic = keep (archive, g_strdup_printf ("550 said by report %u", report)),
	};
}

static Copy *
make_copy (GRand *random, const GArray *specs)
{
	static const char *const hints[] = { "", "", "news@lists.example.org", "talk.example.org", "unknown.example" };
	Copy *copy = g_new0 (Copy, 1);
	copy->specs = g_ptr_array_new_with_free_func (g_free);
	copy->fallback_date = START + g_rand_int_range (random, 0, 10) * DAY;
	for (guint i = 0; i < specs->len; i++) {
		Spec *spec = g_new (Spec, 1);
		*spec = g_array_index (specs, Spec, i);
		spec->list = hints[g_rand_int_range (random, 0, G_N_ELEMENTS (hints))];
		spec->proof = (NxProof)g_rand_int_range (random, NX_PROOF_NONE, NX_PROOF_SIGNED + 1);
		if (g_rand_boolean (random))
			spec->verp = "";
		if (spec->date != 0 && g_rand_int_range (random, 0, 4) == 0)
			spec->date += g_rand_int_range (random, 0, 3) * DAY;
		g_ptr_array_add (copy->specs, spec);
	}
	return copy;
}

static Archive *
make_archive (guint32 seed)
{
	Archive *archive = g_new0 (Archive, 1);
	g_autoptr (GRand) random = g_rand_new_with_seed (seed);
	archive->texts = g_ptr_array_new_with_free_func (g_free);
	archive->copies = g_ptr_array_new_with_free_func (free_copy);
	for (guint report = 0; report < REPORTS; report++) {
		g_autoptr (GArray) specs = g_array_new (FALSE, FALSE, sizeof (Spec));
		guint recipients = (guint)g_rand_int_range (random, 1, 4);
		for (guint i = 0; i < recipients; i++) {
			Spec spec = make_random_spec (archive, random, report, i);
			g_array_append_val (specs, spec);
		}
		guint copies = (guint)g_rand_int_range (random, 1, 4);
		for (guint i = 0; i < copies; i++)
			g_ptr_array_add (archive->copies, make_copy (random, specs));
	}
	return archive;
}

static void
archive_free (Archive *archive)
{
	g_ptr_array_unref (archive->texts);
	g_ptr_array_unref (archive->copies);
	g_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_free)

static void
shuffle (GPtrArray *array, GRand *random)
{
	for (guint i = array->len; i > 1; i--) {
		guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
		gpointer other = array->pdata[i - 1];
		array->pdata[i - 1] = array->pdata[j];
		array->pdata[j] = other;
	}
}

/* Runs in children too: no cmocka in here. */
static gboolean
record_copy (NxStore *store, const Copy *copy, GError **error)
{
	g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (free_event);
	for (guint i = 0; i < copy->specs->len; i++)
		g_ptr_array_add (events, make_event (g_ptr_array_index (copy->specs, i)));
	return nx_store_record (store, events, NULL, copy->fallback_date, NULL, error);
}

/* @batch: at most so many copies a transaction; 0: each is its own. */
static gboolean
record_copies (NxStore *store, const GPtrArray *copies, GRand *random, guint batch, GError **error)
{
	guint left = 0;
	for (guint i = 0; i < copies->len; i++) {
		if (batch > 0 && left == 0) {
			if (!nx_store_begin (store, error))
				return FALSE;
			left = (guint)g_rand_int_range (random, 1, (gint32)batch + 1);
		}
		if (!record_copy (store, g_ptr_array_index (copies, i), error))
			return FALSE;
		if (left > 0 && (--left == 0 || i + 1 == copies->len)) {
			left = 0;
			if (!nx_store_commit (store, error))
				return FALSE;
		}
	}
	return TRUE;
}

static void
fill_lists (NxStore *store)
{
	g_autoptr (GError) error = NULL;
	must (nx_store_add_list (store, "news", "news@lists.example.org", &error));
	must (nx_store_add_list (store, "talk", "talk@example.org", &error));
	must (nx_store_add_list (store, "dev", "", &error));
	for (guint i = 0; i < MEMBERS; i++)
		for (guint list = 0; list < G_N_ELEMENTS (list_names); list++)
			if ((i + list) % 3 != 0 || i == 7)
				must (nx_store_add_subscriber (store, list_names[list], addresses[i], NULL, NULL,
							       &error));
}

static char *
dump_straight (const Place *place, const Archive *archive, const char *name)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *folder = g_build_filename (place->folder, name, NULL);
	g_autofree char *uri = make_uri (folder);
	g_autoptr (NxStore) store = open_store (uri);
	fill_lists (store);
	must (record_copies (store, archive->copies, NULL, 0, &error));
	return dump_store (store, addresses);
}

/* ---- orders and batches ---- */

static void
test_nx_store_record__order_batches_and_repetition_do_not_matter (void **state)
{
	static const guint batches[] = { 0, 1, 7, 1000 };
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	guint incidents = 0;
	for (guint32 seed = 1; seed <= 3; seed++) {
		g_autoptr (Archive) archive = make_archive (seed);
		g_autoptr (GRand) random = g_rand_new_with_seed (seed);
		g_autofree char *name = g_strdup_printf ("straight-%u", seed);
		g_autofree char *want = dump_straight (place, archive, name);
		assert_non_null (strstr (want, "suspended"));
		incidents += strstr (want, "\nincident ") != NULL;
		assert_non_null (strstr (want, "transition"));
		assert_non_null (strstr (want, "proposal"));
		assert_non_null (strstr (want, "not subscribed"));
		for (guint i = 0; i < G_N_ELEMENTS (batches); i++) {
			g_autofree char *folder = g_strdup_printf ("%s/shuffled-%u-%u", place->folder, seed, i);
			g_autofree char *uri = make_uri (folder);
			g_autoptr (NxStore) store = open_store (uri);
			fill_lists (store);
			for (guint round = 0; round < 2; round++) {
				shuffle (archive->copies, random);
				must (record_copies (store, archive->copies, random, batches[i], &error));
				g_autofree char *got = dump_store (store, addresses);
				assert_string_equal (got, want);
			}
		}
	}
	assert_true (incidents > 0);
}

static void
read_archive_child (const Place *place, guint number, gpointer data)
{
	const Archive *archive = data;
	g_autoptr (GError) error = NULL;
	g_autoptr (GRand) random = g_rand_new_with_seed (number + 100);
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	child_must (store != NULL);
	shuffle (archive->copies, random);
	child_must (record_copies (store, archive->copies, random, number * 3, &error));
}

static void
test_nx_store_record__four_readers_at_once (void **state)
{
	const Place *place = *state;
	g_autoptr (Archive) archive = make_archive (11);
	g_autofree char *want = dump_straight (place, archive, "straight");
	NxStore *store = open_store (place->uri);
	fill_lists (store);
	nx_store_free (store);
	pid_t children[4];
	for (guint i = 0; i < G_N_ELEMENTS (children); i++)
		children[i] = start_child (place, i, read_archive_child, archive);
	for (guint i = 0; i < G_N_ELEMENTS (children); i++)
		await_child (children[i]);
	g_autofree char *got = dump_place (place->uri, addresses);
	assert_string_equal (got, want);
}

/* ---- a crowd ---- */

static void
wait_for_start (int pipe_end)
{
	char byte;
	while (read (pipe_end, &byte, 1) < 0)
		continue;
}

static void
deliver_child (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *fingerprint = g_strdup_printf ("crowd-%u", number);
	const Spec spec = { .fingerprint = fingerprint, .recipient = "a1@example.org", .date = START + number * DAY };
	g_autoptr (GPtrArray) events = make_events (&spec, 1);
	const int *start = data;
	guint added = 0;
	close (start[1]);
	wait_for_start (start[0]);
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_CREATE, &error);
	child_must (store != NULL);
	child_must (nx_store_add_list (store, "news", "", &error));
	child_must (nx_store_add_subscriber (store, "news", "a1@example.org", NULL, NULL, &error));
	child_must (nx_store_record (store, events, NULL, START, &added, &error));
	child_must (added == 1);
}

/* No database is there before: they all make it, migrate it, switch it to its journal mode, and write. */
static void
test_nx_store_record__a_crowd_on_a_fresh_database (void **state)
{
	const Place *place = *state;
	for (guint round = 0; round < 3; round++) {
		g_autofree char *folder = g_strdup_printf ("%s/%u", place->folder, round);
		Place fresh = { .uri = make_uri (folder) };
		g_autofree char *uri = fresh.uri;
		pid_t children[CROWD];
		int start[2];
		assert_int_equal (pipe (start), 0);
		for (guint i = 0; i < CROWD; i++)
			children[i] = start_child (&fresh, i, deliver_child, start);
		close (start[0]);
		close (start[1]);
		for (guint i = 0; i < CROWD; i++)
			await_child (children[i]);
		g_autoptr (NxStore) store = open_store (uri);
		assert_int_equal (count_events (store, "a1@example.org"), CROWD);
		NxStanding standing = get_standing (store, "news", "a1@example.org");
		assert_int_equal (standing.state, NX_STATE_SUSPENDED);
		assert_int_equal (standing.since, START + 2 * DAY);
	}
}

/* ---- kill -9 ---- */

static void
die_in_batch_child (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	const int *ready = data;
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	child_must (store != NULL);
	child_must (nx_store_begin (store, &error));
	for (guint i = 0; i < 2000; i++) {
		g_autofree char *fingerprint = g_strdup_printf ("lost-%u-%u", number, i);
		const Spec spec = { .fingerprint = fingerprint,
				    .recipient = "a1@example.org",
				    .date = START + i * DAY };
		g_autoptr (GPtrArray) events = make_events (&spec, 1);
		child_must (nx_store_record (store, events, NULL, START, NULL, &error));
	}
	child_must (write (ready[1], "x", 1) == 1);
	for (;;)
		pause ();
}

static void
test_nx_store_begin__killed_in_the_middle_of_a_batch (void **state)
{
	const Place *place = *state;
	NxStore *store = open_store (place->uri);
	fill_lists (store);
	record_dead_days (store, "a1@example.org", NULL);
	g_autofree char *before = dump_store (store, addresses);
	nx_store_free (store);
	int ready[2];
	int status = 0;
	char byte = '\0';
	assert_int_equal (pipe (ready), 0);
	pid_t child = start_child (place, 0, die_in_batch_child, ready);
	assert_int_equal (read (ready[0], &byte, 1), 1);
	assert_int_equal (kill (child, SIGKILL), 0);
	assert_int_equal (waitpid (child, &status, 0), child);
	assert_true (WIFSIGNALED (status));
	close (ready[0]);
	close (ready[1]);
	g_autofree char *after = dump_place (place->uri, addresses);
	assert_string_equal (after, before);
}

static void
read_batches_child (const Place *place, guint number, gpointer data)
{
	const Archive *archive = data;
	g_autoptr (GError) error = NULL;
	g_autoptr (GRand) random = g_rand_new_with_seed (number);
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_CREATE, &error);
	child_must (store != NULL);
	child_must (record_copies (store, archive->copies, random, 10, &error));
}

/* Killed at any time, from the first byte of the file on, and run again: as if never killed. */
static void
test_nx_store_record__killed_at_any_time_and_run_again (void **state)
{
	const Place *place = *state;
	g_autoptr (Archive) archive = make_archive (5);
	g_autofree char *want = dump_straight (place, archive, "straight");
	g_autoptr (GRand) random = g_rand_new_with_seed (3);
	guint killed = 0;
	for (guint i = 0; i < 25; i++) {
		int status = 0;
		pid_t child = start_child (place, i, read_batches_child, archive);
		g_usleep ((gulong)g_rand_int_range (random, 0, 40) * 1000);
		kill (child, SIGKILL);
		assert_int_equal (waitpid (child, &status, 0), child);
		killed += WIFSIGNALED (status) ? 1 : 0;
		if (i == 8) {
			NxStore *store = open_store (place->uri);
			fill_lists (store);
			nx_store_free (store);
		}
	}
	assert_true (killed > 0);
	await_child (start_child (place, 99, read_batches_child, archive));
	g_autofree char *got = dump_place (place->uri, addresses);
	assert_string_equal (got, want);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_place, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_store_record__order_batches_and_repetition_do_not_matter),
		TEST (test_nx_store_record__four_readers_at_once),
		TEST (test_nx_store_record__a_crowd_on_a_fresh_database),
		TEST (test_nx_store_begin__killed_in_the_middle_of_a_batch),
		TEST (test_nx_store_record__killed_at_any_time_and_run_again),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
