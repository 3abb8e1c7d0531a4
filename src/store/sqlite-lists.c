/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-lists.c: lists, subscribers and runs: the tables that people and commands fill themselves.
 */
#include "store/sqlite-incidents.h"

#include <string.h>

#include <nixie/address.h>

#include "base/text.h"

/* ---- lists ---- */

static gboolean
set_list_missing (const char *name, GError **error)
{
	g_autofree char *shown = nx_text_make_line (name, 100);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "there is no list named “%s”", shown);
	return FALSE;
}

gboolean
nx_sqlite_require_list (NxSqlite *db, const char *name, gint64 *id_out, GError **error)
{
	gboolean row;
	if (*name == '\0') {
		*id_out = 0;
		return TRUE;
	}
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "SELECT id FROM lists WHERE name = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, name);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row)
		return set_list_missing (name, error);
	*id_out = sqlite3_column_int64 (statement, 0);
	return TRUE;
}

void
nx_sqlite_forget_lists (NxSqlite *db)
{
	g_clear_pointer (&db->lists, g_ptr_array_unref);
	g_clear_pointer (&db->hint, g_free);
	db->hint_list = NULL;
}

static void
free_known_list (gpointer list)
{
	nx_known_list_free (list);
}

gboolean
nx_sqlite_load_lists (NxSqlite *db, GError **error)
{
	if (db->lists != NULL)
		return TRUE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT id, name, address_key, keyed FROM lists ORDER BY name", error);
	if (statement == NULL)
		return FALSE;
	g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (free_known_list);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			break;
		NxKnownList *list =
			nx_known_list_new (sqlite3_column_int64 (statement, 0), nx_sqlite_get_text (statement, 1),
					   nx_sqlite_get_text (statement, 2));
		list->keyed = sqlite3_column_int64 (statement, 3);
		g_ptr_array_add (lists, list);
	}
	db->lists = g_steal_pointer (&lists);
	return TRUE;
}

gboolean
nx_sqlite_add_list (NxStore *store, const char *name, const char *address, GError **error)
{
	static const char sql[] = "INSERT INTO lists (name, address, address_key) VALUES (?1, ?2, ?3)"
				  " ON CONFLICT (name) DO UPDATE SET address = ?2, address_key = ?3"
				  " WHERE ?2 <> '' AND address <> ?2";
	NxSqlite *db = (NxSqlite *)store;
	g_autofree char *key = *address != '\0' ? nx_address_make_key (address) : g_strdup ("");
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, name);
	nx_sqlite_bind_text (statement, 2, address);
	nx_sqlite_bind_text (statement, 3, key);
	nx_sqlite_forget_lists (db);
	return nx_sqlite_run (db, statement, error);
}

char *
nx_sqlite_find_list (NxStore *store, const char *hint, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gboolean own;
	char *name = NULL;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	if (nx_sqlite_load_lists (db, error)) {
		const NxKnownList *list = nx_store_match_list (db->lists, hint);
		name = list != NULL ? g_strdup (list->name) : NULL;
	}
	if (own)
		nx_sqlite_forget_lists (db);
	nx_sqlite_end_read (db, own);
	return name;
}

static void
free_list (gpointer list)
{
	nx_list_free (list);
}

static GPtrArray *
read_lists (NxSqlite *db, GError **error)
{
	static const char sql[] = "SELECT l.name, l.address, ifnull(sum(s.state = 'active'), 0),"
				  " ifnull(sum(s.state = 'suspended'), 0), ifnull(sum(s.state = 'removed'), 0), "
				  "l.least_proof, l.complaint,"
				  " l.keyed, l.proof_since FROM lists l LEFT JOIN subscribers s ON s.list_id = l.id "
				  "GROUP BY l.name ORDER BY l.name";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (free_list);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&lists);
		NxList *list = g_new0 (NxList, 1);
		list->name = g_strdup (nx_sqlite_get_text (statement, 0));
		list->address = g_strdup (nx_sqlite_get_text (statement, 1));
		list->active = sqlite3_column_int64 (statement, 2);
		list->suspended = sqlite3_column_int64 (statement, 3);
		list->removed = sqlite3_column_int64 (statement, 4);
		list->least_proof = nx_sqlite_get_proof (statement, 5);
		list->complaint = nx_sqlite_get_complaint (statement, 6);
		list->keyed = sqlite3_column_int64 (statement, 7);
		list->proof_since = sqlite3_column_int64 (statement, 8);
		g_ptr_array_add (lists, list);
	}
}

GPtrArray *
nx_sqlite_list_lists (NxStore *store, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	GPtrArray *lists = read_lists (db, error);
	nx_sqlite_end_read (db, own);
	return lists;
}

/* ---- what a list asks for ---- */

gboolean
nx_sqlite_set_keyed (NxSqlite *db, gint64 list, gint64 since, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "UPDATE lists SET keyed = ?2 WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, since);
	nx_sqlite_touch_list (db, list);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_set_list (NxStore *store, const char *name, const NxProof *least_proof, gint64 since,
		    const NxComplaint *complaint, GError **error)
{
	static const char sql[] =
		"UPDATE lists SET least_proof = iif(?2, ?3, least_proof),"
		" proof_since = iif(?2, ?5, proof_since), complaint = iif(?6, ?4, complaint) WHERE id = ?1";
	NxSqlite *db = (NxSqlite *)store;
	gint64 list = 0;
	if (!nx_sqlite_require_list (db, name, &list, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, least_proof != NULL);
	nx_sqlite_bind_text (statement, 3, least_proof != NULL ? nx_sqlite_proof_word (*least_proof) : "");
	nx_sqlite_bind_text (statement, 4,
			     complaint != NULL && *complaint != NX_COMPLAINT_NONE ? nx_complaint_to_string (*complaint)
										  : "");
	nx_sqlite_bind_int (statement, 5, since);
	nx_sqlite_bind_int (statement, 6, complaint != NULL);
	nx_sqlite_touch_list (db, list);
	return nx_sqlite_run (db, statement, error);
}

/* ---- subscribers ---- */

gboolean
nx_sqlite_add_subscriber (NxStore *store, const char *list, const char *address, const char *name, gboolean *added_out,
			  GError **error)
{
	static const char sql[] =
		"INSERT INTO subscribers (list_id, address, address_key, name, domain) VALUES (?1, ?2, ?3, ?4, ?5)"
		" ON CONFLICT (list_id, address_key) DO NOTHING";
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	if (*list == '\0')
		return set_list_missing (list, error);
	if (!nx_sqlite_require_list (db, list, &list_id, error))
		return FALSE;
	g_autofree char *key = nx_address_make_key (address);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list_id);
	nx_sqlite_bind_text (statement, 2, address);
	nx_sqlite_bind_text (statement, 3, key);
	nx_sqlite_bind_text (statement, 4, name);
	nx_sqlite_bind_int (statement, 5, nx_store_make_domain_name (key));
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*added_out = sqlite3_changes (db->handle) > 0;
	return !*added_out || nx_sqlite_mark_members (db, list_id, error);
}

/* Ordered by the key, which is the address in one spelling, so that the indexes give the order and nothing is sorted.
 */
#define SUBSCRIBER_COLUMNS                                                           \
	"SELECT l.name, s.address, s.name, s.state, s.score, s.score_date, s.since," \
	" (SELECT count(*) FROM events e WHERE e.subscriber_id = s.id), s.due, s.due_date"
#define SUBSCRIBER_FILTER " (?1 = 0 OR s.list_id = ?1) AND (?2 = '' OR s.state = ?2)"

static NxAction
get_action (sqlite3_stmt *statement, int column)
{
	for (NxAction action = NX_ACTION_WARN; action <= NX_ACTION_REMOVE; action++)
		if (strcmp (nx_action_to_string (action), nx_sqlite_get_text (statement, column)) == 0)
			return action;
	return NX_ACTION_NONE;
}

static gboolean
pass_subscriber (NxCursor *cursor, NxSubscriberFunc func, gpointer user_data)
{
	g_autoptr (NxSubscriber) subscriber = g_new0 (NxSubscriber, 1);
	subscriber->list = g_strdup (nx_sqlite_get_text (cursor, 0));
	subscriber->address = g_strdup (nx_sqlite_get_text (cursor, 1));
	subscriber->name = g_strdup (nx_sqlite_get_text (cursor, 2));
	subscriber->standing.state = nx_sqlite_get_state (cursor, 3);
	subscriber->standing.score = sqlite3_column_double (cursor, 4);
	subscriber->standing.score_date = sqlite3_column_int64 (cursor, 5);
	subscriber->standing.since = sqlite3_column_int64 (cursor, 6);
	subscriber->events = sqlite3_column_int64 (cursor, 7);
	subscriber->standing.due = get_action (cursor, 8);
	subscriber->standing.due_date = sqlite3_column_int64 (cursor, 9);
	return func (subscriber, user_data);
}

static gboolean
stream_subscribers (NxSqlite *db, gint64 list_id, const char *address, NxState state, NxSubscriberFunc func,
		    gpointer user_data, GError **error)
{
	static const char all[] = SUBSCRIBER_COLUMNS " FROM lists l CROSS JOIN subscribers s ON s.list_id = l.id"
						     " WHERE" SUBSCRIBER_FILTER " ORDER BY l.name, s.address_key";
	static const char one[] =
		SUBSCRIBER_COLUMNS " FROM subscribers s JOIN lists l ON l.id = s.list_id"
				   " WHERE s.address_key = ?3 AND" SUBSCRIBER_FILTER " ORDER BY l.name";
	gboolean has_address = *address != '\0';
	g_autofree char *key = has_address ? nx_address_make_key (address) : NULL;
	g_autoptr (NxCursor) cursor = nx_sqlite_open_cursor (db, has_address ? one : all, error);
	if (cursor == NULL)
		return FALSE;
	nx_sqlite_bind_int (cursor, 1, list_id);
	nx_sqlite_bind_text (cursor, 2, state == NX_STATE_NONE ? "" : nx_state_to_string (state));
	if (has_address)
		nx_sqlite_bind_text (cursor, 3, key);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, cursor, &row, error))
			return FALSE;
		if (!row || !pass_subscriber (cursor, func, user_data))
			return TRUE;
	}
}

gboolean
nx_sqlite_foreach_subscriber (NxStore *store, const char *list, const char *address, NxState state,
			      NxSubscriberFunc func, gpointer user_data, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return FALSE;
	gboolean done = nx_sqlite_require_list (db, list, &list_id, error) &&
			stream_subscribers (db, list_id, address, state, func, user_data, error);
	nx_sqlite_end_read (db, own);
	return done;
}

/* ---- runs ---- */

gboolean
nx_sqlite_start_run (NxStore *store, const char *command, gint64 now, gint64 *run_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "INSERT INTO runs (command, started) VALUES (?1, ?2)", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, command);
	nx_sqlite_bind_int (statement, 2, now);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*run_out = sqlite3_last_insert_rowid (db->handle);
	return TRUE;
}

gboolean
nx_sqlite_update_run (NxStore *store, gint64 run, const char *file, guint64 offset, guint64 messages, guint64 events,
		      gint64 finished, GError **error)
{
	static const char sql[] =
		"UPDATE runs SET file = ?2, \"offset\" = ?3, messages = ?4, events = ?5, finished = ?6"
		" WHERE id = ?1";
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, run);
	nx_sqlite_bind_text (statement, 2, file);
	nx_sqlite_bind_int (statement, 3, (gint64)offset);
	nx_sqlite_bind_int (statement, 4, (gint64)messages);
	nx_sqlite_bind_int (statement, 5, (gint64)events);
	nx_sqlite_bind_int (statement, 6, finished);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	if (sqlite3_changes (db->handle) > 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "there is no run %" G_GINT64_FORMAT, run);
	return FALSE;
}

static void
free_run (gpointer run)
{
	nx_run_free (run);
}

GPtrArray *
nx_sqlite_list_runs (NxStore *store, guint count, GError **error)
{
	static const char sql[] = "SELECT * FROM (SELECT id, command, started, finished, messages, events FROM runs "
				  "ORDER BY id DESC LIMIT ?1)"
				  " ORDER BY id";
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (free_run);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, count);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&runs);
		NxRun *run = g_new0 (NxRun, 1);
		run->id = sqlite3_column_int64 (statement, 0);
		run->command = g_strdup (nx_sqlite_get_text (statement, 1));
		run->started = sqlite3_column_int64 (statement, 2);
		run->finished = sqlite3_column_int64 (statement, 3);
		run->messages = sqlite3_column_int64 (statement, 4);
		run->events = sqlite3_column_int64 (statement, 5);
		g_ptr_array_add (runs, run);
	}
}
