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
	g_clear_pointer (&history->posts, g_array_unref);
	g_string_chunk_free (history->texts);
	g_free (history);
}

static const char *
keep_text (NxSqliteHistory *history, NxStatement *statement, int column)
{
	return g_string_chunk_insert_const (history->texts, nx_sqlite_get_text (statement, column));
}

static gboolean
load_events (NxSqlite *db, gint64 subscriber, NxSqliteHistory *history, GError **error)
{
	static const char sql[] = "SELECT id, hex(key), date, arrival, kind, verdict, reason, proof, address_key,"
				  " feedback_type, instr(defects, 'verp-'), incident_id,"
				  " (SELECT max(a.step_id) FROM asides a JOIN steps t ON t.id = a.step_id"
				  " WHERE a.event_id = e.id AND t.undone IS NULL), step_id, status"
				  " FROM events e WHERE subscriber_id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		NxHistory one = {
			.id = sqlite3_column_int64 (statement, 0),
			.key = keep_text (history, statement, 1),
			.date = sqlite3_column_int64 (statement, 2),
			.arrival = sqlite3_column_int64 (statement, 3),
			.kind = nx_sqlite_get_kind (statement, 4),
			.verdict = nx_sqlite_get_verdict (statement, 5),
			.reason = nx_sqlite_get_reason (statement, 6),
			.proof = nx_sqlite_get_proof (statement, 7),
			.address = keep_text (history, statement, 8),
		};
		one.complains = nx_policy_is_complaint (one.kind, nx_sqlite_get_text (statement, 9));
		one.refused = sqlite3_column_int (statement, 10) > 0;
		one.held = sqlite3_column_int64 (statement, 11);
		one.aside = sqlite3_column_int64 (statement, 12);
		one.answers = sqlite3_column_int64 (statement, 13);
		nx_status_parse (nx_sqlite_get_text (statement, 14), &one.status, NULL);
		g_array_append_val (history->rows, one);
	}
}

/* Their keys sort behind those of events: what was decided in the second of a report was decided knowing it. */
static gboolean
load_steps (NxSqlite *db, gint64 subscriber, NxSqliteHistory *history, GError **error)
{
	static const char sql[] = "SELECT id, printf('step %020d', id), date, kind, new_key, old_key FROM steps"
				  " WHERE subscriber_id = ?1 AND undone IS NULL";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		NxHistory one = {
			.id = sqlite3_column_int64 (statement, 0),
			.key = keep_text (history, statement, 1),
			.date = sqlite3_column_int64 (statement, 2),
			.deed = nx_sqlite_get_deed (statement, 3),
			.address = keep_text (history, statement, 4),
			.left = keep_text (history, statement, 5),
		};
		if (one.deed != NX_DEED_NONE)
			g_array_append_val (history->rows, one);
	}
}

static gboolean
load_list (NxSqlite *db, gint64 subscriber, gint64 *list_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT list_id FROM subscribers WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*list_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	return TRUE;
}

NxSqliteHistory *
nx_sqlite_load_history (NxSqlite *db, gint64 subscriber, GError **error)
{
	gint64 list = 0;
	g_autoptr (NxSqliteHistory) history = g_new0 (NxSqliteHistory, 1);
	history->rows = g_array_new (FALSE, FALSE, sizeof (NxHistory));
	history->texts = g_string_chunk_new (1024);
	if (!load_events (db, subscriber, history, error) || !load_steps (db, subscriber, history, error) ||
	    !load_list (db, subscriber, &list, error) || !nx_sqlite_load_posts (db, list, &history->posts, error) ||
	    !nx_sqlite_load_policy (db, list, &history->policy, error))
		return NULL;
	return g_steal_pointer (&history);
}

/* ---- the journal ---- */

static gboolean
is_transition (NxStatement *statement, const NxTransition *transition)
{
	double score = sqlite3_column_double (statement, 4);
	int column = transition->deed == NX_DEED_NONE ? 0 : 6;
	return sqlite3_column_int64 (statement, column) == transition->id &&
	       sqlite3_column_int64 (statement, 1) == transition->date &&
	       nx_sqlite_get_state (statement, 2) == transition->from &&
	       nx_sqlite_get_state (statement, 3) == transition->to && !(score < transition->score) &&
	       !(score > transition->score) && strcmp (nx_sqlite_get_text (statement, 5), transition->cause) == 0;
}

/* @same_out: how many, from the first, stand there already. @more_out: whether others stand behind these. */
static gboolean
compare_transitions (NxSqlite *db, gint64 subscriber, const GArray *transitions, guint *same_out, gboolean *more_out,
		     GError **error)
{
	static const char sql[] = "SELECT event_id, date, from_state, to_state, score, cause, step_id FROM transitions"
				  " WHERE subscriber_id = ?1 ORDER BY number";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	for (guint i = 0;; i++) {
		*same_out = i;
		if (!nx_sqlite_step (db, statement, more_out, error))
			return FALSE;
		if (!*more_out || i >= transitions->len ||
		    !is_transition (statement, &g_array_index (transitions, NxTransition, i)))
			return TRUE;
	}
}

static gboolean
insert_transition (NxSqlite *db, gint64 subscriber, guint number, const NxTransition *transition, GError **error)
{
	static const char sql[] =
		"INSERT INTO transitions (subscriber_id, number, event_id, date, from_state, to_state,"
		" score, cause, step_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
	gboolean by_step = transition->deed != NX_DEED_NONE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_int (statement, 2, number);
	nx_sqlite_bind_id (statement, 3, by_step ? 0 : transition->id);
	nx_sqlite_bind_int (statement, 4, transition->date);
	nx_sqlite_bind_text (statement, 5, nx_state_to_string (transition->from));
	nx_sqlite_bind_text (statement, 6, nx_state_to_string (transition->to));
	nx_sqlite_bind_real (statement, 7, transition->score);
	nx_sqlite_bind_text (statement, 8, transition->cause);
	nx_sqlite_bind_id (statement, 9, by_step ? transition->id : 0);
	return nx_sqlite_run (db, statement, error);
}

/* What stays keeps its number, by which people may have named it. */
static gboolean
write_transitions (NxSqlite *db, gint64 subscriber, const GArray *transitions, GError **error)
{
	static const char sql[] = "DELETE FROM transitions WHERE subscriber_id = ?1 AND number > ?2";
	guint same = 0;
	gboolean more = FALSE;
	if (!compare_transitions (db, subscriber, transitions, &same, &more, error))
		return FALSE;
	if (more) {
		g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
		if (statement == NULL)
			return FALSE;
		nx_sqlite_bind_int (statement, 1, subscriber);
		nx_sqlite_bind_int (statement, 2, same);
		if (!nx_sqlite_run (db, statement, error))
			return FALSE;
	}
	for (guint i = same; i < transitions->len; i++)
		if (!insert_transition (db, subscriber, i + 1, &g_array_index (transitions, NxTransition, i), error))
			return FALSE;
	return TRUE;
}

/* ---- the subscriber's row ---- */

static gboolean
write_standing (NxSqlite *db, gint64 subscriber, const NxStanding *standing, GError **error)
{
	static const char sql[] =
		"UPDATE subscribers SET state = ?2, score = ?3, score_date = ?4, since = ?5, due = ?6, due_date = ?7"
		" WHERE id = ?1 AND (state, score, score_date, since, due, due_date) <> (?2, ?3, ?4, ?5, ?6, ?7)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_text (statement, 2, nx_state_to_string (standing->state));
	nx_sqlite_bind_real (statement, 3, standing->score);
	nx_sqlite_bind_int (statement, 4, standing->score_date);
	nx_sqlite_bind_int (statement, 5, standing->since);
	nx_sqlite_bind_text (statement, 6, standing->due == NX_ACTION_NONE ? "" : nx_action_to_string (standing->due));
	nx_sqlite_bind_int (statement, 7, standing->due_date);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_evaluate (NxSqlite *db, gint64 subscriber, const NxPolicy *policy, NxStanding *standing_out,
		    GArray **transitions_out, GError **error)
{
	g_autoptr (NxSqliteHistory) history = nx_sqlite_load_history (db, subscriber, error);
	if (history == NULL)
		return FALSE;
	*standing_out = nx_policy_evaluate (policy != NULL ? policy : &history->policy,
					    (const NxHistory *)(void *)history->rows->data, history->rows->len,
					    (const gint64 *)(void *)history->posts->data, history->posts->len,
					    transitions_out, NULL);
	return TRUE;
}

gboolean
nx_sqlite_write_derived (NxSqlite *db, gint64 subscriber, const NxStanding *standing, const GArray *transitions,
			 GError **error)
{
	return write_standing (db, subscriber, standing, error) &&
	       write_transitions (db, subscriber, transitions, error);
}

static gboolean
derive_subscriber (NxSqlite *db, gint64 subscriber, GError **error)
{
	NxStanding standing;
	g_autoptr (GArray) transitions = NULL;
	return nx_sqlite_evaluate (db, subscriber, NULL, &standing, &transitions, error) &&
	       nx_sqlite_write_derived (db, subscriber, &standing, transitions, error);
}

/* ---- what is to be derived ---- */

/* In portions: a list may have a million subscribers. */
static gboolean
list_some (NxSqlite *db, gint64 list, gint64 *last, GArray *ids, GError **error)
{
	static const char sql[] =
		"SELECT id FROM subscribers s WHERE list_id = ?1 AND id > ?2"
		" AND EXISTS (SELECT 1 FROM events WHERE subscriber_id = s.id) ORDER BY id LIMIT 1000";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, *last);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		*last = sqlite3_column_int64 (statement, 0);
		g_array_append_val (ids, *last);
	}
}

void
nx_sqlite_forget_touched (NxSqlite *db)
{
	g_hash_table_remove_all (db->touched);
	g_hash_table_remove_all (db->touched_lists);
}

static gint64 *
copy_id (gint64 id)
{
	gint64 *copy = g_new (gint64, 1);
	*copy = id;
	return copy;
}

void
nx_sqlite_touch_list (NxSqlite *db, gint64 list)
{
	nx_sqlite_forget_policies (db);
	g_hash_table_add (db->touched_lists, copy_id (list));
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
	gint64 x = **(const gint64 *const *)a;
	gint64 y = **(const gint64 *const *)b;
	return (x > y) - (x < y);
}

static gboolean
derive_some (NxSqlite *db, GError **error)
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
	g_hash_table_remove_all (db->touched);
	return TRUE;
}

gboolean
nx_sqlite_touch (NxSqlite *db, gint64 subscriber, GError **error)
{
	g_hash_table_add (db->touched, copy_id (subscriber));
	return g_hash_table_size (db->touched) < NX_LIMIT_STORE_TOUCHED || derive_some (db, error);
}

static gboolean
touch_members (NxSqlite *db, gint64 list, GError **error)
{
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	for (gint64 last = 0;;) {
		g_array_set_size (ids, 0);
		if (!list_some (db, list, &last, ids, error))
			return FALSE;
		for (guint i = 0; i < ids->len; i++)
			if (!nx_sqlite_touch (db, g_array_index (ids, gint64, i), error))
				return FALSE;
		if (ids->len == 0)
			return TRUE;
	}
}

gboolean
nx_sqlite_derive_touched (NxSqlite *db, GError **error)
{
	guint count = 0;
	if (!nx_sqlite_touch_posts (db, error))
		return FALSE;
	g_autofree gpointer *lists = g_hash_table_get_keys_as_array (db->touched_lists, &count);
	for (guint i = 0; i < count; i++)
		if (!touch_members (db, *(const gint64 *)lists[i], error))
			return FALSE;
	g_hash_table_remove_all (db->touched_lists);
	return derive_some (db, error);
}
