/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-derive.c: from a subscriber's events to its row and its journal, by policy.h.
 *
 * Nothing here remembers what was there before: the whole history is evaluated and only what came out different is
 * written. So it does not matter in which order, batches or processes the events came.
 */
#include "store/sqlite-private.h"

#include "base/limits.h"

#include <string.h>

void
nx_sqlite_history_free (NxSqliteHistory *history)
{
	if (history == NULL)
		return;
	g_array_unref (history->rows);
	g_string_chunk_free (history->keys);
	g_free (history);
}

NxSqliteHistory *
nx_sqlite_load_history (NxSqlite *db, gint64 subscriber, GError **error)
{
	static const char sql[] = "SELECT id, hex(key), date, kind, verdict, reason, proof FROM events"
				  " WHERE subscriber_id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, subscriber);
	g_autoptr (NxSqliteHistory) history = g_new0 (NxSqliteHistory, 1);
	history->rows = g_array_new (FALSE, FALSE, sizeof (NxHistory));
	history->keys = g_string_chunk_new (1024);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&history);
		NxHistory one = {
			.id = sqlite3_column_int64 (statement, 0),
			.key = g_string_chunk_insert (history->keys, nx_sqlite_get_text (statement, 1)),
			.date = sqlite3_column_int64 (statement, 2),
			.kind = nx_sqlite_get_kind (statement, 3),
			.verdict = nx_sqlite_get_verdict (statement, 4),
			.reason = nx_sqlite_get_reason (statement, 5),
			.proof = nx_sqlite_get_proof (statement, 6),
		};
		g_array_append_val (history->rows, one);
	}
}

/* ---- the journal ---- */

static gboolean
is_transition (NxStatement *statement, const NxTransition *transition)
{
	double score = sqlite3_column_double (statement, 4);
	return sqlite3_column_int64 (statement, 0) == transition->event_id &&
	       sqlite3_column_int64 (statement, 1) == transition->date &&
	       nx_sqlite_get_state (statement, 2) == transition->from &&
	       nx_sqlite_get_state (statement, 3) == transition->to && !(score < transition->score) &&
	       !(score > transition->score) && strcmp (nx_sqlite_get_text (statement, 5), transition->cause) == 0;
}

static gboolean
compare_transitions (NxSqlite *db, gint64 subscriber, const GArray *transitions, gboolean *same_out, GError **error)
{
	static const char sql[] = "SELECT event_id, date, from_state, to_state, score, cause FROM transitions"
				  " WHERE subscriber_id = ?1 ORDER BY number";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	gboolean row;
	for (guint i = 0;; i++) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		gboolean expected = i < transitions->len;
		*same_out = row == expected;
		if (!row || !expected)
			return TRUE;
		*same_out = is_transition (statement, &g_array_index (transitions, NxTransition, i));
		if (!*same_out)
			return TRUE;
	}
}

static gboolean
insert_transition (NxSqlite *db, gint64 subscriber, guint number, const NxTransition *transition, GError **error)
{
	static const char sql[] =
		"INSERT INTO transitions (subscriber_id, number, event_id, date, from_state, to_state,"
		" score, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_int (statement, 2, number);
	nx_sqlite_bind_id (statement, 3, transition->event_id);
	nx_sqlite_bind_int (statement, 4, transition->date);
	nx_sqlite_bind_text (statement, 5, nx_state_to_string (transition->from));
	nx_sqlite_bind_text (statement, 6, nx_state_to_string (transition->to));
	nx_sqlite_bind_real (statement, 7, transition->score);
	nx_sqlite_bind_text (statement, 8, transition->cause);
	return nx_sqlite_run (db, statement, error);
}

static gboolean
write_transitions (NxSqlite *db, gint64 subscriber, const GArray *transitions, GError **error)
{
	gboolean same = FALSE;
	if (!compare_transitions (db, subscriber, transitions, &same, error))
		return FALSE;
	if (same)
		return TRUE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "DELETE FROM transitions WHERE subscriber_id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	for (guint i = 0; i < transitions->len; i++)
		if (!insert_transition (db, subscriber, i + 1, &g_array_index (transitions, NxTransition, i), error))
			return FALSE;
	return TRUE;
}

/* ---- the subscriber's row ---- */

/* A removed subscriber keeps its score, for the day it comes back, but its events do not bring it back. */
static gboolean
write_standing (NxSqlite *db, gint64 subscriber, const NxStanding *standing, GError **error)
{
	static const char sql[] = "UPDATE subscribers SET score = ?3, score_date = ?4,"
				  " since = iif(state = 'removed', since, ?5),"
				  " state = iif(state = 'removed', state, ?2)"
				  " WHERE id = ?1 AND (score <> ?3 OR score_date <> ?4"
				  " OR (state <> 'removed' AND (state <> ?2 OR since <> ?5)))";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_text (statement, 2, nx_state_to_string (standing->state));
	nx_sqlite_bind_real (statement, 3, standing->score);
	nx_sqlite_bind_int (statement, 4, standing->score_date);
	nx_sqlite_bind_int (statement, 5, standing->since);
	return nx_sqlite_run (db, statement, error);
}

static gboolean
derive_subscriber (NxSqlite *db, gint64 subscriber, GError **error)
{
	g_autoptr (NxSqliteHistory) history = nx_sqlite_load_history (db, subscriber, error);
	if (history == NULL)
		return FALSE;
	g_autoptr (GArray) transitions = NULL;
	NxStanding standing = nx_policy_evaluate (&db->base.policy, (const NxHistory *)(void *)history->rows->data,
						  history->rows->len, &transitions, NULL);
	return write_standing (db, subscriber, &standing, error) &&
	       write_transitions (db, subscriber, transitions, error);
}

/* ---- what is to be derived ---- */

void
nx_sqlite_forget_touched (NxSqlite *db)
{
	g_hash_table_remove_all (db->touched);
}

gboolean
nx_sqlite_touch (NxSqlite *db, gint64 subscriber, GError **error)
{
	gint64 *id = g_new (gint64, 1);
	*id = subscriber;
	g_hash_table_add (db->touched, id);
	return g_hash_table_size (db->touched) < NX_LIMIT_STORE_TOUCHED || nx_sqlite_derive_touched (db, error);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
	gint64 x = **(const gint64 *const *)a;
	gint64 y = **(const gint64 *const *)b;
	return (x > y) - (x < y);
}

gboolean
nx_sqlite_derive_touched (NxSqlite *db, GError **error)
{
	guint count = 0;
	if (g_hash_table_size (db->touched) == 0)
		return TRUE;
	/* In the order of the table: neighbours share pages. */
	g_autofree gpointer *ids = g_hash_table_get_keys_as_array (db->touched, &count);
	qsort (ids, count, sizeof ids[0], compare_ids);
	for (guint i = 0; i < count; i++)
		if (!derive_subscriber (db, *(const gint64 *)ids[i], error))
			return FALSE;
	nx_sqlite_forget_touched (db);
	return TRUE;
}
