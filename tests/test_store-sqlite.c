/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-sqlite.c: what holds for the SQLite backend alone: files of all kinds, old schemas, a full disk, the
 * tables byte by byte.
 */
#include "store-helpers.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* ---- SQLite without nixie ---- */

static sqlite3 *
open_raw (const char *path)
{
	sqlite3 *handle = NULL;
	assert_int_equal (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
	return handle;
}

static void
run_raw (const char *path, const char *sql)
{
	char *message = NULL;
	sqlite3 *handle = open_raw (path);
	if (sqlite3_exec (handle, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg ("%s: %s", sql, message);
	sqlite3_close (handle);
}

static void
append_rows (sqlite3 *handle, const char *sql, GString *dump)
{
	sqlite3_stmt *statement = NULL;
	assert_int_equal (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step (statement) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count (statement); i++) {
			gboolean is_blob = sqlite3_column_type (statement, i) == SQLITE_BLOB;
			const guchar *bytes = sqlite3_column_blob (statement, i);
			int length = sqlite3_column_bytes (statement, i);
			g_string_append_printf (dump, "%d:", sqlite3_column_type (statement, i));
			for (int j = 0; is_blob && j < length; j++)
				g_string_append_printf (dump, "%02x", bytes[j]);
			if (!is_blob && length > 0)
				g_string_append_len (dump, (const char *)bytes, length);
			g_string_append_c (dump, '|');
		}
		g_string_append_c (dump, '\n');
	}
	sqlite3_finalize (statement);
}

/* The same information as the shell's .dump, without the table of runs. */
static char *
dump_tables (const char *path)
{
	GString *dump = g_string_new (NULL);
	sqlite3 *handle = open_raw (path);
	append_rows (handle, "SELECT name, sql FROM sqlite_schema WHERE sql <> '' ORDER BY name", dump);
	append_rows (handle, "SELECT * FROM lists", dump);
	append_rows (handle, "SELECT * FROM subscribers", dump);
	append_rows (handle, "SELECT * FROM events", dump);
	append_rows (handle,
		     "SELECT subscriber_id, number, event_id, step_id, date, from_state, to_state, score, cause FROM "
		     "transitions"
		     " ORDER BY 1, 2",
		     dump);
	append_rows (handle, "SELECT * FROM proposals", dump);
	append_rows (handle, "SELECT * FROM incidents", dump);
	sqlite3_close (handle);
	return g_string_free (dump, FALSE);
}

static char *
query_raw (const char *path, const char *sql)
{
	GString *dump = g_string_new (NULL);
	sqlite3 *handle = open_raw (path);
	append_rows (handle, sql, dump);
	sqlite3_close (handle);
	return g_string_free (dump, FALSE);
}

static void
check_integrity (const char *path)
{
	g_autofree char *integrity = query_raw (path, "PRAGMA integrity_check");
	g_autofree char *references = query_raw (path, "PRAGMA foreign_key_check");
	assert_string_equal (integrity, "3:ok|\n");
	assert_string_equal (references, "");
}

/* ---- files that are no database of nixie ---- */

static void
must_refuse (const Place *place, NxStoreFlags flags, const char *words)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = nx_store_open (place->uri, flags, &error);
	assert_null (store);
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_STORE));
	if (strstr (error->message, place->path) == NULL || strstr (error->message, words) == NULL)
		fail_msg ("names no path, or not “%s”: %s", words, error->message);
}

static void
test_nx_store_open__files_that_are_no_database (void **state)
{
	static const char html[] = "<html><body>This is where the readers are.</body></html>\n";
	const Place *place = *state;
	for (guint copies = 1; copies < 2000; copies *= 40) {
		g_autoptr (GString) text = g_string_new (NULL);
		for (guint i = 0; i < copies; i++)
			g_string_append (text, html);
		assert_true (g_file_set_contents (place->path, text->str, (gssize)text->len, NULL));
		must_refuse (place, NX_STORE_CREATE, "not a SQLite database; give another --database or move it away");
		must_refuse (place, NX_STORE_READ_ONLY, "not a SQLite database");
		g_autofree char *after = NULL;
		assert_true (g_file_get_contents (place->path, &after, NULL, NULL));
		assert_string_equal (after, text->str);
	}
}

static void
test_nx_store_open__databases_of_other_programs (void **state)
{
	static const char *const others[] = {
		"CREATE TABLE lists (id INTEGER PRIMARY KEY)",
		"PRAGMA application_id = 252006673",
		"PRAGMA user_version = 1",
		"PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE events (a)",
	};
	const Place *place = *state;
	for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
		g_unlink (place->path);
		run_raw (place->path, others[i]);
		g_autofree char *before = NULL;
		g_autofree char *after = NULL;
		gsize length = 0;
		gsize length_after = 0;
		assert_true (g_file_get_contents (place->path, &before, &length, NULL));
		must_refuse (place, NX_STORE_CREATE, "another program; give another --database or move it away");
		assert_true (g_file_get_contents (place->path, &after, &length_after, NULL));
		assert_int_equal (length, length_after);
		assert_memory_equal (before, after, length);
	}
}

static void
test_nx_store_open__newer_than_this_program (void **state)
{
	const Place *place = *state;
	nx_store_free (open_store (place->uri));
	run_raw (place->path, "PRAGMA user_version = 4711");
	must_refuse (place, NX_STORE_CREATE, "newer nixie (schema 4711");
	must_refuse (place, NX_STORE_READ_ONLY, "update nixie");
}

static void
test_nx_store_open__older_for_reading_only (void **state)
{
	const Place *place = *state;
	nx_store_free (open_store (place->uri));
	run_raw (place->path, "PRAGMA user_version = 0");
	must_refuse (place, NX_STORE_READ_ONLY, "older nixie");
}

static void
test_nx_store_open__a_folder (void **state)
{
	const Place *place = *state;
	assert_int_equal (g_mkdir (place->path, 0700), 0);
	must_refuse (place, NX_STORE_CREATE, "is a folder; name a database file");
}

static void
test_nx_store_open__a_file_where_a_folder_should_be (void **state)
{
	const Place *place = *state;
	g_autofree char *inner = g_build_filename (place->path, "inner.db", NULL);
	g_autoptr (GError) error = NULL;
	assert_true (g_file_set_contents (place->path, "x", 1, NULL));
	must_fail (nx_store_open (inner, NX_STORE_CREATE, &error) != NULL, NX_ERROR_STORE);
}

static void
test_nx_store_open__an_empty_file (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	assert_true (g_file_set_contents (place->path, "", 0, NULL));
	must_refuse (place, NX_STORE_NONE, "is empty");
	must_refuse (place, NX_STORE_READ_ONLY | NX_STORE_CREATE, "is empty");
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_CREATE, &error);
	must (store != NULL);
	must (nx_store_add_list (store, "news", "", &error));
}

static void
spoil_page (const char *path, const char *table)
{
	g_autofree char *sql = g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
	g_autofree char *row = query_raw (path, sql);
	guint64 page = g_ascii_strtoull (row + strlen ("1:"), NULL, 10);
	g_autofree char *bytes = NULL;
	gsize length = 0;
	assert_true (g_file_get_contents (path, &bytes, &length, NULL));
	assert_true (page > 1 && length >= page * 4096);
	memset (bytes + (page - 1) * 4096, 0x5a, 4096);
	assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
}

/* No crash, no wrong answer, a clear word. */
static void
test_nx_store__corrupt_pages (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "bob@example.org", "news");
	nx_store_free (g_steal_pointer (&place->store));
	spoil_page (place->path, "subscribers");
	spoil_page (place->path, "events");
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	must (store != NULL);
	const Spec spec = { .fingerprint = "f", .recipient = "ann@example.org" };
	g_autoptr (GPtrArray) events = make_events (&spec, 1);
	must_fail (nx_store_list_events (store, "bob@example.org", NULL, &error) != NULL, NX_ERROR_STORE);
	must_fail (nx_store_foreach_subscriber (store, NULL, NULL, NX_STATE_NONE, dump_subscriber_cb, NULL, &error),
		   NX_ERROR_STORE);
	assert_false (nx_store_record (store, events, NULL, START, NULL, &error));
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_STORE));
	assert_non_null (strstr (error->message, place->path));
	assert_non_null (strstr (error->message, "backup"));
}

static void
test_nx_store_open__a_corrupt_schema (void **state)
{
	Place *place = *state;
	g_autofree char *bytes = NULL;
	gsize length = 0;
	nx_store_free (g_steal_pointer (&place->store));
	assert_true (g_file_get_contents (place->path, &bytes, &length, NULL));
	memset (bytes + 100, 0x5a, length - 100);
	assert_true (g_file_set_contents (place->path, bytes, (gssize)length, NULL));
	must_refuse (place, NX_STORE_NONE, "backup");
}

/* ---- the file that nixie makes ---- */

static void
test_nx_store_open__file_and_settings (void **state)
{
	Place *place = *state;
	struct stat info;
	assert_int_equal (stat (place->path, &info), 0);
	assert_int_equal (info.st_mode & 0777, 0600);
	g_autofree char *journal = query_raw (place->path, "PRAGMA journal_mode");
	assert_string_equal (journal, "3:wal|\n");
	g_autofree char *identity = query_raw (place->path, "SELECT a.*, v.* FROM pragma_application_id a,"
							    " pragma_user_version v");
	assert_string_equal (identity, "1:1315534953|1:3|\n");
	g_autofree char *loose = query_raw (place->path, "SELECT name FROM pragma_table_list WHERE schema = 'main'"
							 " AND NOT strict AND name NOT LIKE 'sqlite%'");
	assert_string_equal (loose, "");
}

static void
test_nx_store_open__folder_for_its_owner_alone (void **state)
{
	const Place *place = *state;
	struct stat info;
	g_autofree char *folder = g_build_filename (place->folder, "var", NULL);
	g_autofree char *path = g_build_filename (folder, "nixie.db", NULL);
	nx_store_free (open_store (path));
	assert_int_equal (stat (folder, &info), 0);
	assert_int_equal (info.st_mode & 0777, 0700);
}

static void
test_nx_store_open__odd_file_names (void **state)
{
	static const char *const names[] = {
		":memory:", "a?mode=memory", "file:b", "c#d%20.db", "x:y", "d\xc3\xb6.db"
	};
	const Place *place = *state;
	for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
		g_autofree char *path = g_build_filename (place->folder, names[i], NULL);
		g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
		nx_store_free (open_store (uri));
		assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
	}
}

static void
test_nx_store_free__leaves_one_file (void **state)
{
	Place *place = *state;
	record_dead_days (place->store, "bob@example.org", NULL);
	nx_store_free (g_steal_pointer (&place->store));
	g_autoptr (GDir) dir = g_dir_open (place->folder, 0, NULL);
	assert_string_equal (g_dir_read_name (dir), "nixie.db");
	assert_null (g_dir_read_name (dir));
	check_integrity (place->path);
}

/* ---- the tables ---- */

static void
record_archive (NxStore *store, gint64 now)
{
	g_autoptr (GError) error = NULL;
	gint64 run = 0;
	must (nx_store_start_run (store, "scan", now, &run, &error));
	must (nx_store_begin (store, &error));
	record_dead_days (store, "ann@example.org", NULL);
	record_dead_days (store, "x@example.net", NULL);
	const Spec specs[] = {
		{ .fingerprint = "f1", .recipient = "bob@example.org", .date = START, .forward = "b@new.example" },
		{ .fingerprint = "f1", .recipient = "x@example.net", .date = START, .forward = "x@new.example" },
		{ .fingerprint = "f2",
		  .recipient = "'; DROP TABLE events; --",
		  .forward = "\"');\"@new.example",
		  .diagnostic = "%s%n \\x00 ?1 :a @b $c" },
	};
	g_autoptr (GPtrArray) events = make_events (specs, G_N_ELEMENTS (specs));
	must (nx_store_record (store, events, NULL, now, NULL, &error));
	must (nx_store_update_run (store, run, "a.mbox", 1000, 8, 8, now, &error));
	must (nx_store_commit (store, &error));
}

static void
test_nx_store_record__tables_are_the_same_after_a_second_reading (void **state)
{
	Place *place = *state;
	record_archive (place->store, START);
	g_autofree char *before = dump_tables (place->path);
	record_archive (place->store, START + 77);
	g_autofree char *after = dump_tables (place->path);
	assert_string_equal (after, before);
	assert_non_null (strstr (before, "DROP TABLE events; --"));
	check_integrity (place->path);
}

static void
test_nx_store_record__batches_give_the_same_tables (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *first = NULL;
	for (guint batch = 1; batch <= 50; batch += 7) {
		g_autofree char *path = g_strdup_printf ("%s/%u.db", place->folder, batch);
		NxStore *store = open_store (path);
		fill_members (store);
		for (guint i = 0; i < 60; i++) {
			g_autofree char *fingerprint = g_strdup_printf ("f%u", i);
			g_autofree char *forward = g_strdup_printf ("n%u@new.example", i % 5);
			const Spec spec = { .fingerprint = fingerprint,
					    .recipient = i % 3 == 0 ? "bob@example.org" : "ann@example.org",
					    .date = START + (gint64)((i * 37) % 60) * DAY,
					    .forward = forward };
			if (i % batch == 0)
				must (nx_store_begin (store, &error));
			record_one (store, &spec, NULL);
			if (i % batch == batch - 1 || i == 59)
				must (nx_store_commit (store, &error));
		}
		nx_store_free (store);
		g_autofree char *tables = dump_tables (path);
		if (first != NULL)
			assert_string_equal (tables, first);
		g_free (first);
		first = g_steal_pointer (&tables);
	}
}

static void
test_nx_store_record__the_removed_stay_removed (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	must (nx_store_remove_subscriber (place->store, "news", "bob@example.org", START - 5, NULL, &error));
	record_dead_days (place->store, "bob@example.org", NULL);
	NxStanding standing = get_standing (place->store, "news", "bob@example.org");
	assert_int_equal (standing.state, NX_STATE_REMOVED);
	assert_int_equal (standing.since, START - 5);
	assert_true (standing.score < 0.1);
	assert_int_equal (count_events (place->store, "bob@example.org"), 3);
}

static void
test_nx_store_record__decided_proposals_stay (void **state)
{
	const Spec late = { .fingerprint = "2",
			    .recipient = "bob@example.org",
			    .date = START + DAY,
			    .forward = "b@new.example",
			    .diagnostic = "late" };
	const Spec early = { .fingerprint = "1",
			     .recipient = "bob@example.org",
			     .date = START,
			     .forward = "b@new.example",
			     .diagnostic = "early" };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_one (place->store, &late, NULL);
	run_raw (place->path, "UPDATE proposals SET state = 'rejected'");
	record_one (place->store, &early, NULL);
	record_one (place->store, &late, NULL);
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (place->store, NULL, NULL, NULL, &error);
	assert_int_equal (proposals->len, 1);
	const NxProposal *proposal = g_ptr_array_index (proposals, 0);
	assert_string_equal (proposal->state, "rejected");
	assert_string_equal (proposal->evidence, "late");
}

static void
test_nx_store_update_run__writes_the_resume_point (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	gint64 run = 0;
	must (nx_store_start_run (place->store, "scan a.mbox", START, &run, &error));
	must (nx_store_update_run (place->store, run, "a.mbox", 1234567890123, 10, 5, START + 9, &error));
	g_autofree char *row = query_raw (place->path, "SELECT * FROM runs");
	assert_string_equal (row, "1:1|3:scan a.mbox|1:1795392000|1:1795392009|3:a.mbox|1:1234567890123|1:10|1:5|\n");
}

/* ---- old schemas ---- */

static void
copy_fixture (const Place *place, const char *name)
{
	g_autofree char *path = g_build_filename (g_getenv ("NX_FIXTURES"), "store", name, NULL);
	g_autofree char *bytes = NULL;
	gsize length = 0;
	assert_true (g_file_get_contents (path, &bytes, &length, NULL));
	assert_true (g_file_set_contents (place->path, bytes, (gssize)length, NULL));
}

static void
test_nx_store_open__schema_1_has_its_rows (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	copy_fixture (place, "v1.db");
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	must (store != NULL);
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, &error);
	assert_int_equal (lists->len, 2);
	assert_string_equal (((const NxList *)g_ptr_array_index (lists, 0))->address, "news@lists.example.org");
	assert_int_equal (get_standing (store, "news", "ann@example.org").state, NX_STATE_ACTIVE);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
	assert_int_equal (get_standing (store, "news", "d\xc3\xb6rte@example.org").state, NX_STATE_REMOVED);
	assert_int_equal (count_events (store, "ann@example.org"), 3);
	assert_int_equal (count_events (store, "bob@example.org"), 4);
	assert_int_equal (count_events (store, "gone@example.net"), 1);
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (store, "bob@example.org", NULL, &error);
	assert_int_equal (transitions->len, 1);
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (store, NULL, NULL, NULL, &error);
	assert_int_equal (proposals->len, 2);
	assert_string_equal (((const NxProposal *)g_ptr_array_index (proposals, 0))->state, "rejected");
	assert_string_equal (((const NxProposal *)g_ptr_array_index (proposals, 1))->state, "open");
	check_integrity (place->path);
}

/* Event keys and identification did not change: old archives, read once more, add nothing. */
static void
test_nx_store_open__schema_1_knows_its_reports (void **state)
{
	const Spec linked = { .fingerprint = "fixture-2",
			      .recipient = "bob@example.org",
			      .date = START + 3 * DAY,
			      .forward = "bob@new.example",
			      .proof = NX_PROOF_SIGNED };
	const Spec unlinked = { .fingerprint = "fixture-3",
				.recipient = "gone@example.net",
				.date = START + DAY,
				.forward = "here@example.net",
				.proof = NX_PROOF_CLAIM };
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	copy_fixture (place, "v1.db");
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	must (store != NULL);
	/* The first reading tells since when the list has keys, which schema 1 did not note. */
	g_autofree char *before = NULL;
	for (guint i = 0; i < 2; i++) {
		g_autofree char *after = NULL;
		record_dead_days (store, "bob@example.org", "news");
		assert_int_equal (record_one (store, &linked, NULL), 0);
		assert_int_equal (record_one (store, &unlinked, NULL), 0);
		assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
		after = dump_tables (place->path);
		if (before != NULL)
			assert_string_equal (after, before);
		g_free (before);
		before = g_steal_pointer (&after);
	}
}

/* What people decided, and what followed from it, is as it was; and can be taken back as before. */
static void
test_nx_store_open__schema_2_has_its_rows (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPolicy policy;
	copy_fixture (place, "v2.db");
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	must (store != NULL);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
	assert_int_equal (get_standing (store, "news", "dora@example.org").state, NX_STATE_REMOVED);
	assert_int_equal (get_standing (store, "news", "ann@new.example").state, NX_STATE_ACTIVE);
	assert_int_equal (get_standing (store, "talk", "ann@example.org").state, NX_STATE_ACTIVE);
	assert_int_equal (count_events (store, "bob@example.org"), 3);
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (store, "bob@example.org", NULL, &error);
	must (transitions != NULL);
	assert_int_equal (transitions->len, 2);
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (store, NULL, NULL, NULL, &error);
	must (proposals != NULL);
	assert_int_equal (proposals->len, 2);
	assert_string_equal (((const NxProposal *)g_ptr_array_index (proposals, 0))->state, "accepted");
	assert_string_equal (((const NxProposal *)g_ptr_array_index (proposals, 1))->state, "rejected");
	g_autoptr (GPtrArray) steps = nx_store_list_steps (store, NULL, NULL, &error);
	must (steps != NULL);
	assert_int_equal (steps->len, 6);
	assert_int_equal (((const NxStep *)g_ptr_array_index (steps, 2))->undone, 4);
	must (nx_store_get_policy (store, "talk", &policy, &error));
	assert_int_equal (policy.complaint, NX_COMPLAINT_SUSPEND);
	assert_int_equal (policy.least_proof, NX_PROOF_VERP);
	must (nx_store_undo_step (store, 6, START, &error));
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
	must (nx_store_undo_step (store, 1, START, &error));
	assert_int_equal (count_events (store, "ann@new.example"), 0);
	check_integrity (place->path);
}

static void
test_nx_store_open__migrated_and_fresh_schemas_are_the_same (void **state)
{
	static const char sql[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";
	static const char *const old[] = { "v1.db", "v2.db" };
	const Place *place = *state;
	g_autofree char *fresh_path = g_build_filename (place->folder, "fresh.db", NULL);
	nx_store_free (open_store (fresh_path));
	g_autofree char *fresh = query_raw (fresh_path, sql);
	for (guint i = 0; i < G_N_ELEMENTS (old); i++) {
		copy_fixture (place, old[i]);
		nx_store_free (open_store (place->uri));
		g_autofree char *migrated = query_raw (place->path, sql);
		assert_string_equal (migrated, fresh);
	}
}

/* ---- a full disk ---- */

static void
limit_file_size (rlim_t bytes)
{
	struct rlimit limit;
	getrlimit (RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit (RLIMIT_FSIZE, &limit);
}

/* Writes until the log is as large as a file may be. Returns FALSE with the error. */
static gboolean
record_until_full (NxStore *store, GError **error)
{
	g_autofree char *diagnostic = g_strnfill (3000, 'x');
	for (guint i = 0; i < 20000; i++) {
		g_autofree char *fingerprint = g_strdup_printf ("big-%u", i);
		const Spec spec = { .fingerprint = fingerprint,
				    .recipient = "bob@example.org",
				    .date = START + i * DAY,
				    .diagnostic = diagnostic };
		g_autoptr (GPtrArray) events = make_events (&spec, 1);
		if (!nx_store_record (store, events, NULL, START, NULL, error))
			return FALSE;
	}
	return TRUE;
}

/* In a child, for the limit. The batch outgrows the cache long before its end, so the failure comes while recording. */
static void
fill_disk_child (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	(void)number;
	(void)data;
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	child_must (store != NULL);
	signal (SIGXFSZ, SIG_IGN);
	limit_file_size (400000);
	child_must (nx_store_begin (store, &error));
	child_must (!record_until_full (store, &error));
	child_must (g_error_matches (error, NX_ERROR, NX_ERROR_STORE));
	child_must (strstr (error->message, place->path) != NULL && strstr (error->message, "disk") != NULL);
	g_clear_error (&error);
	/* Nothing of the batch can be kept, nothing more can be added to it. */
	child_must (!nx_store_add_list (store, "third", "", &error));
	g_clear_error (&error);
	child_must (!nx_store_commit (store, &error));
	g_clear_error (&error);
	limit_file_size (RLIM_INFINITY);
	child_must (nx_store_add_list (store, "later", "", &error));
}

static void
test_nx_store_record__full_disk_leaves_nothing_half_written (void **state)
{
	static const char *const addresses[] = { "ann@example.org", "bob@example.org", NULL };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "bob@example.org", NULL);
	must (nx_store_add_list (place->store, "later", "", &error));
	g_autofree char *before = dump_store (place->store, addresses);
	nx_store_free (g_steal_pointer (&place->store));
	await_child (start_child (place, 0, fill_disk_child, NULL));
	g_autofree char *after = dump_place (place->uri, addresses);
	assert_string_equal (after, before);
	check_integrity (place->path);
}

static void
fill_disk_singly_child (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	(void)number;
	(void)data;
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	child_must (store != NULL);
	signal (SIGXFSZ, SIG_IGN);
	limit_file_size (400000);
	child_must (!record_until_full (store, &error));
	child_must (g_error_matches (error, NX_ERROR, NX_ERROR_STORE));
}

/* What was acknowledged stands; the one that failed does not. */
static void
test_nx_store_record__full_disk_keeps_what_was_acknowledged (void **state)
{
	Place *place = *state;
	nx_store_free (g_steal_pointer (&place->store));
	await_child (start_child (place, 0, fill_disk_singly_child, NULL));
	check_integrity (place->path);
	g_autofree char *rows = query_raw (place->path, "SELECT count(*) = max(id), count(*) > 5,"
							" min(length(diagnostic)) FROM events");
	assert_string_equal (rows, "1:1|1:1|1:3000|\n");
	place->store = open_store (place->uri);
	assert_int_equal (get_standing (place->store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
}

static void
create_on_full_disk_child (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	(void)number;
	(void)data;
	signal (SIGXFSZ, SIG_IGN);
	limit_file_size (1000);
	child_must (nx_store_open (place->uri, NX_STORE_CREATE, &error) == NULL);
	child_must (g_error_matches (error, NX_ERROR, NX_ERROR_STORE));
}

static void
test_nx_store_open__full_disk_can_be_repaired (void **state)
{
	Place *place = *state;
	await_child (start_child (place, 0, create_on_full_disk_child, NULL));
	place->store = open_store (place->uri);
	fill_members (place->store);
	check_integrity (place->path);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)
#define EMPTY(name) cmocka_unit_test_setup_teardown (name, set_up_place, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		EMPTY (test_nx_store_open__files_that_are_no_database),
		EMPTY (test_nx_store_open__databases_of_other_programs),
		EMPTY (test_nx_store_open__newer_than_this_program),
		EMPTY (test_nx_store_open__older_for_reading_only),
		EMPTY (test_nx_store_open__a_folder),
		EMPTY (test_nx_store_open__a_file_where_a_folder_should_be),
		EMPTY (test_nx_store_open__an_empty_file),
		TEST (test_nx_store__corrupt_pages),
		TEST (test_nx_store_open__a_corrupt_schema),
		TEST (test_nx_store_open__file_and_settings),
		EMPTY (test_nx_store_open__folder_for_its_owner_alone),
		EMPTY (test_nx_store_open__odd_file_names),
		TEST (test_nx_store_free__leaves_one_file),
		TEST (test_nx_store_record__tables_are_the_same_after_a_second_reading),
		EMPTY (test_nx_store_record__batches_give_the_same_tables),
		TEST (test_nx_store_record__the_removed_stay_removed),
		TEST (test_nx_store_record__decided_proposals_stay),
		TEST (test_nx_store_update_run__writes_the_resume_point),
		EMPTY (test_nx_store_open__schema_1_has_its_rows),
		EMPTY (test_nx_store_open__schema_1_knows_its_reports),
		EMPTY (test_nx_store_open__schema_2_has_its_rows),
		EMPTY (test_nx_store_open__migrated_and_fresh_schemas_are_the_same),
		TEST (test_nx_store_record__full_disk_leaves_nothing_half_written),
		TEST (test_nx_store_record__full_disk_keeps_what_was_acknowledged),
		EMPTY (test_nx_store_open__full_disk_can_be_repaired),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
