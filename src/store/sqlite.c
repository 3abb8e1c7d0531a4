/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite.c: the SQLite backend: opening, transactions, statements, and what SQLite's results mean to a person.
 *
 * Durability: WAL with synchronous=FULL, so that a commit is on the disk when it returns. Concurrency: every write
 * begins with BEGIN IMMEDIATE, so that waiting happens before any work is done, and no lock is ever upgraded (an
 * upgrade fails at once, without waiting). SQLite does not call the busy handler in all cases (switching to WAL,
 * recovery, the last connection's checkpoint), therefore what takes the first lock is also tried again here.
 */
#include "store/sqlite-incidents.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* ---- errors ---- */

/* What to do, by primary result code. */
static const struct {
	int result;
	NxError code;
	const char *cure;
} cures[] = {
	{ SQLITE_BUSY, NX_ERROR_STORE_BUSY, "other programs held it for too long; try again" },
	{ SQLITE_LOCKED, NX_ERROR_STORE_BUSY, "other programs held it for too long; try again" },
	{ SQLITE_PROTOCOL, NX_ERROR_STORE_BUSY, "other programs held it for too long; try again" },
	{ SQLITE_FULL, NX_ERROR_STORE, "make room on the disk and run this again" },
	{ SQLITE_IOERR, NX_ERROR_STORE, "look at the disk (space, quota, file size limit, health) and run this again" },
	{ SQLITE_CANTOPEN, NX_ERROR_STORE,
	  "look whether it is there, and whether file and folder may be read and written" },
	{ SQLITE_READONLY, NX_ERROR_STORE,
	  "look at the permissions of the file and its folder; readers too need to make a lock file there" },
	{ SQLITE_PERM, NX_ERROR_STORE, "look at the permissions of the file and its folder" },
	{ SQLITE_AUTH, NX_ERROR_STORE, "look at the permissions of the file and its folder" },
	{ SQLITE_CORRUPT, NX_ERROR_STORE, "restore it from a backup, or save what is left with sqlite3's “.recover”" },
	{ SQLITE_NOTADB, NX_ERROR_STORE, "it is not a SQLite database; give another --database or move it away" },
	{ SQLITE_CONSTRAINT, NX_ERROR_INTERNAL, "this is a fault of nixie; please report it" },
	{ SQLITE_MISUSE, NX_ERROR_INTERNAL, "this is a fault of nixie; please report it" },
};

gboolean
nx_sqlite_set_error (NxSqlite *db, int result, GError **error)
{
	NxError code = NX_ERROR_STORE;
	const char *cure = "give another --database or restore it from a backup";
	for (guint i = 0; i < G_N_ELEMENTS (cures); i++) {
		if (cures[i].result != (result & 0xff))
			continue;
		code = cures[i].code;
		cure = cures[i].cure;
	}
	int system_error = db->handle != NULL ? sqlite3_system_errno (db->handle) : 0;
	gboolean shows_system = (result & 0xff) == SQLITE_IOERR || (result & 0xff) == SQLITE_CANTOPEN;
	const char *text = db->handle != NULL ? sqlite3_errmsg (db->handle) : sqlite3_errstr (result);
	db->base.failed = db->base.in_transaction;
	if (shows_system && system_error != 0)
		g_set_error (error, NX_ERROR, (int)code, "%s: %s (%s); %s", db->path, text, g_strerror (system_error),
			     cure);
	else
		g_set_error (error, NX_ERROR, (int)code, "%s: %s; %s", db->path, text, cure);
	return FALSE;
}

/* ---- waiting ---- */

void
nx_sqlite_start_waiting (NxSqlite *db)
{
	db->deadline = g_get_monotonic_time () + (gint64)db->base.wait_msec * 1000;
}

/* Uneven naps, so that a crowd of writers does not come back in step. */
static gboolean
take_nap (const NxSqlite *db)
{
	gint64 left = db->deadline - g_get_monotonic_time ();
	if (left <= 0)
		return FALSE;
	gint64 nap = 500 + (gint64)(g_random_int () % 9500);
	g_usleep ((gulong)MIN (left, nap));
	return TRUE;
}

static int
wait_cb (void *data, int count)
{
	(void)count;
	return take_nap (data);
}

gboolean
nx_sqlite_may_retry (NxSqlite *db, int result)
{
	int primary = result & 0xff;
	if (primary != SQLITE_BUSY && primary != SQLITE_LOCKED && primary != SQLITE_PROTOCOL)
		return FALSE;
	return take_nap (db);
}

/* ---- statements ---- */

void
nx_statement_reset (NxStatement *statement)
{
	sqlite3_reset (statement);
	sqlite3_clear_bindings (statement);
}

void
nx_cursor_free (NxCursor *cursor)
{
	sqlite3_finalize (cursor);
}

NxStatement *
nx_sqlite_prepare (NxSqlite *db, const char *sql, GError **error)
{
	sqlite3_stmt *statement = g_hash_table_lookup (db->statements, sql);
	if (statement != NULL)
		return statement;
	int result = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
	if (result != SQLITE_OK) {
		nx_sqlite_set_error (db, result, error);
		return NULL;
	}
	g_hash_table_insert (db->statements, (gpointer)(guintptr)sql, statement);
	return statement;
}

NxCursor *
nx_sqlite_open_cursor (NxSqlite *db, const char *sql, GError **error)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL);
	if (result == SQLITE_OK)
		return statement;
	nx_sqlite_set_error (db, result, error);
	return NULL;
}

/* Binding fails only for a wrong index or without memory: the one is a mistake in here, with the other GLib aborts. */
static void
check_bound (int result)
{
	g_assert (result == SQLITE_OK);
}

void
nx_sqlite_bind_text (sqlite3_stmt *statement, int index, const char *text)
{
	check_bound (sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC));
}

void
nx_sqlite_bind_int (sqlite3_stmt *statement, int index, gint64 value)
{
	check_bound (sqlite3_bind_int64 (statement, index, value));
}

void
nx_sqlite_bind_real (sqlite3_stmt *statement, int index, double value)
{
	check_bound (sqlite3_bind_double (statement, index, value));
}

void
nx_sqlite_bind_key (sqlite3_stmt *statement, int index, const NxEventKey *key)
{
	check_bound (sqlite3_bind_blob (statement, index, key->bytes, sizeof key->bytes, SQLITE_STATIC));
}

void
nx_sqlite_bind_id (sqlite3_stmt *statement, int index, gint64 id)
{
	if (id == 0)
		check_bound (sqlite3_bind_null (statement, index));
	else
		nx_sqlite_bind_int (statement, index, id);
}

const char *
nx_sqlite_get_text (sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text (statement, column);
	return text != NULL ? text : "";
}

gboolean
nx_sqlite_step (NxSqlite *db, sqlite3_stmt *statement, gboolean *row_out, GError **error)
{
	int result = sqlite3_step (statement);
	if (result != SQLITE_ROW && result != SQLITE_DONE)
		return nx_sqlite_set_error (db, result, error);
	*row_out = result == SQLITE_ROW;
	return TRUE;
}

gboolean
nx_sqlite_run (NxSqlite *db, sqlite3_stmt *statement, GError **error)
{
	gboolean row;
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	sqlite3_reset (statement);
	return TRUE;
}

gboolean
nx_sqlite_execute (NxSqlite *db, const char *sql, GError **error)
{
	int result = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);
	return result == SQLITE_OK || nx_sqlite_set_error (db, result, error);
}

gboolean
nx_sqlite_execute_waiting (NxSqlite *db, const char *sql, GError **error)
{
	int result;
	nx_sqlite_start_waiting (db);
	do
		result = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);
	while (result != SQLITE_OK && nx_sqlite_may_retry (db, result));
	return result == SQLITE_OK || nx_sqlite_set_error (db, result, error);
}

/* ---- transactions ---- */

static gboolean
begin (NxStore *store, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gboolean read_only = (store->flags & NX_STORE_READ_ONLY) != 0;
	return nx_sqlite_execute_waiting (db, read_only ? "BEGIN" : "BEGIN IMMEDIATE", error);
}

static void
rollback (NxStore *store)
{
	NxSqlite *db = (NxSqlite *)store;
	/* A full disk makes SQLite roll back by itself. */
	if (!sqlite3_get_autocommit (db->handle))
		sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
	nx_sqlite_forget_touched (db);
	nx_sqlite_forget_lists (db);
	nx_sqlite_forget_posts (db);
	nx_sqlite_forget_policies (db);
}

static gboolean
commit (NxStore *store, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	if (!nx_sqlite_settle_changes (db, error) || !nx_sqlite_derive_touched (db, error) ||
	    !nx_sqlite_execute_waiting (db, "COMMIT", error)) {
		rollback (store);
		return FALSE;
	}
	nx_sqlite_forget_lists (db);
	nx_sqlite_forget_posts (db);
	nx_sqlite_forget_policies (db);
	return TRUE;
}

static gboolean
settle (NxStore *store, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	return nx_sqlite_settle_changes (db, error) && nx_sqlite_settle_stale (db, error);
}

gboolean
nx_sqlite_begin_read (NxSqlite *db, gboolean *own_out, GError **error)
{
	if (db->base.in_transaction && db->base.failed) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "an earlier write of this transaction failed; roll it back");
		return FALSE;
	}
	*own_out = !db->base.in_transaction && sqlite3_get_autocommit (db->handle);
	if (!*own_out && (db->base.flags & NX_STORE_READ_ONLY) != 0)
		return TRUE;
	if (!*own_out)
		return nx_sqlite_settle_changes (db, error) && nx_sqlite_derive_touched (db, error);
	if (!nx_sqlite_execute (db, "BEGIN", error))
		return FALSE;
	if (nx_sqlite_execute_waiting (db, "SELECT 1 FROM sqlite_schema LIMIT 1", error))
		return TRUE;
	nx_sqlite_end_read (db, TRUE);
	return FALSE;
}

void
nx_sqlite_end_read (NxSqlite *db, gboolean own)
{
	if (!own)
		return;
	if (!sqlite3_get_autocommit (db->handle))
		sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
	nx_sqlite_forget_posts (db);
	nx_sqlite_forget_policies (db);
}

/* ---- opening ---- */

static void
close_store (NxStore *store)
{
	NxSqlite *db = (NxSqlite *)store;
	if (db == NULL)
		return;
	nx_sqlite_forget_lists (db);
	g_hash_table_unref (db->touched);
	g_hash_table_unref (db->touched_lists);
	g_hash_table_unref (db->posts);
	g_hash_table_unref (db->new_posts);
	g_hash_table_unref (db->policies);
	g_hash_table_unref (db->statements);
	sqlite3_close (db->handle);
	g_free (db->path);
	g_free (db);
}

static const NxOutboxInterface outbox = {
	.perform_due = nx_sqlite_perform_due,
	.queue_hooks = nx_sqlite_queue_hooks,
	.queue_incidents = nx_sqlite_queue_incidents,
	.queue_digest = nx_sqlite_queue_digest,
	.queue_asks = nx_sqlite_queue_asks,
	.claim_item = nx_sqlite_claim_item,
	.finish_item = nx_sqlite_finish_item,
	.postpone_item = nx_sqlite_postpone_item,
	.list_items = nx_sqlite_list_items,
	.count_items = nx_sqlite_count_items,
	.retry_item = nx_sqlite_retry_item,
	.drop_item = nx_sqlite_drop_item,
	.clean = nx_sqlite_clean_outbox,
	.add_token = nx_sqlite_add_token,
	.enable_subscriber = nx_sqlite_enable_subscriber,
};

static const NxStoreInterface interface = {
	.outbox = &outbox,
	.free = close_store,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.add_list = nx_sqlite_add_list,
	.list_lists = nx_sqlite_list_lists,
	.add_subscriber = nx_sqlite_add_subscriber,
	.foreach_subscriber = nx_sqlite_foreach_subscriber,
	.record = nx_sqlite_record,
	.list_events = nx_sqlite_list_events,
	.list_transitions = nx_sqlite_list_transitions,
	.set_list = nx_sqlite_set_list,
	.get_policy = nx_sqlite_get_policy,
	.foretell = nx_sqlite_foretell,
	.decide_subscriber = nx_sqlite_decide_subscriber,
	.list_steps = nx_sqlite_list_steps,
	.undo_step = nx_sqlite_undo_step,
	.set_aside = nx_sqlite_set_aside,
	.undo_transition = nx_sqlite_undo_transition,
	.list_proposals = nx_sqlite_list_proposals,
	.decide_proposal = nx_sqlite_decide_proposal,
	.find_token = nx_sqlite_find_token,
	.list_incidents = nx_sqlite_list_incidents,
	.count_incident_domains = nx_sqlite_count_incident_domains,
	.decide_incident = nx_sqlite_decide_incident,
	.settle = settle,
	.dup_policy_text = nx_sqlite_dup_policy_text,
	.set_policy = nx_sqlite_set_policy,
	.compare = nx_sqlite_compare,
	.replay = nx_sqlite_replay,
	.find_list = nx_sqlite_find_list,
	.add_post = nx_sqlite_add_post,
	.list_posts = nx_sqlite_list_posts,
	.start_run = nx_sqlite_start_run,
	.update_run = nx_sqlite_update_run,
	.list_runs = nx_sqlite_list_runs,
	.check_health = nx_sqlite_check_health,
	.set_bookmark = nx_sqlite_set_bookmark,
	.find_bookmark = nx_sqlite_find_bookmark,
	.drop_bookmark = nx_sqlite_drop_bookmark,
	.drop_bookmarks = nx_sqlite_drop_bookmarks,
	.purge = nx_sqlite_purge,
	.forget = nx_sqlite_forget,
};

static void
finalize_statement (gpointer statement)
{
	sqlite3_finalize (statement);
}

static void
free_array (gpointer array)
{
	g_array_unref (array);
}

static NxSqlite *
new_database (const char *place, NxStoreFlags flags)
{
	NxSqlite *db = g_new0 (NxSqlite, 1);
	db->base.interface = &interface;
	db->base.flags = flags;
	db->base.wait_msec = NX_LIMIT_STORE_WAIT_MSEC;
	/* An absolute path keeps its meaning in messages, and SQLite's special names (":memory:") are plain files. */
	db->path = g_canonicalize_filename (place, NULL);
	db->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize_statement);
	db->touched = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	db->touched_lists = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	db->posts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_array);
	db->policies = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
	db->new_posts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_array);
	return db;
}

/* The addresses of readers are nobody else's business: folder and file are for their owner alone. */
static gboolean
create_file (NxSqlite *db, GError **error)
{
	g_autofree char *folder = g_path_get_dirname (db->path);
	if (g_mkdir_with_parents (folder, 0700) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "%s: the folder cannot be made: %s", folder,
			     g_strerror (errno));
		return FALSE;
	}
	/* O_EXCL: closing a second descriptor of an open database would drop this process's locks on it. */
	int fd = open (db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EEXIST) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "%s: the database cannot be made: %s", db->path,
			     g_strerror (errno));
		return FALSE;
	}
	if (fd >= 0)
		close (fd);
	return TRUE;
}

static gboolean
check_place (NxSqlite *db, GError **error)
{
	struct stat info;
	if (stat (db->path, &info) == 0) {
		if (S_ISREG (info.st_mode))
			return TRUE;
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "%s: is %s; name a database file", db->path,
			     S_ISDIR (info.st_mode) ? "a folder" : "no regular file");
		return FALSE;
	}
	if (errno == ENOENT && (db->base.flags & NX_STORE_CREATE) != 0 && (db->base.flags & NX_STORE_READ_ONLY) == 0)
		return create_file (db, error);
	if (errno == ENOENT)
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "%s: there is no database; give another --database, or add a list to make one", db->path);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "%s: %s; give another --database or look at permissions",
			     db->path, g_strerror (errno));
	return FALSE;
}

static gboolean
configure (NxSqlite *db, GError **error)
{
	static const char settings[] =
		"PRAGMA foreign_keys = ON;"
		"PRAGMA trusted_schema = OFF;"
		"PRAGMA cell_size_check = ON;"
		"PRAGMA synchronous = FULL;"
		"PRAGMA wal_autocheckpoint = " G_STRINGIFY (
			NX_LIMIT_STORE_LOG_PAGES) ";"
						  "PRAGMA cache_size = -" G_STRINGIFY (NX_LIMIT_STORE_CACHE_KIB) ";";
	sqlite3_busy_handler (db->handle, wait_cb, db);
	sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (!nx_sqlite_execute_waiting (db, settings, error))
		return FALSE;
	if ((db->base.flags & NX_STORE_READ_ONLY) != 0 || sqlite3_db_readonly (db->handle, "main") == 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_STORE,
		     "%s: may be read but not written; look at the permissions of the file", db->path);
	return FALSE;
}

/*
 * SQLite looks a word up in "CHECK (kind IN (…))" by making a table of the words for each row: more than half of what
 * an event cost. The words come from tables in C; what others write into the file is checked all the same.
 */
static gboolean
trust_words (NxSqlite *db, GError **error)
{
	return nx_sqlite_execute (db, "PRAGMA ignore_check_constraints = ON", error);
}

NxStore *
nx_sqlite_open (const char *place, NxStoreFlags flags, GError **error)
{
	NxSqlite *db = new_database (place, flags);
	/* READ_ONLY too is opened for writing if possible: only a writer can recover and clean up after a crash. */
	int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	gboolean good = check_place (db, error);
	if (good) {
		int result = sqlite3_open_v2 (db->path, &db->handle, mode, NULL);
		good = result == SQLITE_OK || nx_sqlite_set_error (db, result, error);
	}
	good = good && configure (db, error) && nx_sqlite_prepare_schema (db, error) && trust_words (db, error);
	if (good && (flags & NX_STORE_READ_ONLY) != 0)
		good = nx_sqlite_execute (db, "PRAGMA query_only = ON", error);
	if (good)
		return &db->base;
	close_store (&db->base);
	return NULL;
}
