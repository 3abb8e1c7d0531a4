/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-replay.c: all states of a list once more, by the policy in force or by another: see nixie/replay.h.
 */
#include "store/sqlite-incidents.h"

/* Subscribers read at once: between two portions others' statements run. */
#define PORTION "1000"

typedef struct {
	gint64 id;
	char *address;
	NxStanding standing;
} Member;

typedef struct {
	NxSqlite *db;
	const char *list;
	gint64 list_id;
	const NxPolicy *policy;
	gboolean writes;
	guint64 done;
	guint64 total;
	NxReplayFunc func;
	gpointer user_data;
} Walk;

static void
clear_member (gpointer data)
{
	Member *member = data;
	g_free (member->address);
}

static gboolean
count_members (Walk *walk, GError **error)
{
	static const char sql[] = "SELECT count(*) FROM subscribers s WHERE list_id = ?1"
				  " AND (EXISTS (SELECT 1 FROM events WHERE subscriber_id = s.id)"
				  " OR EXISTS (SELECT 1 FROM steps WHERE subscriber_id = s.id))";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (walk->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, walk->list_id);
	if (!nx_sqlite_step (walk->db, statement, &row, error))
		return FALSE;
	walk->total = (guint64)sqlite3_column_int64 (statement, 0);
	return TRUE;
}

static gboolean
read_portion (const Walk *walk, gint64 last, GArray *members, GError **error)
{
	static const char sql[] =
		"SELECT id, address, state, score, score_date, since, due, due_date FROM subscribers s"
		" WHERE list_id = ?1 AND id > ?2 AND (EXISTS (SELECT 1 FROM events WHERE subscriber_id = s.id)"
		" OR EXISTS (SELECT 1 FROM steps WHERE subscriber_id = s.id)) ORDER BY id LIMIT " PORTION;
	NxSqlite *db = walk->db;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, walk->list_id);
	nx_sqlite_bind_int (statement, 2, last);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		Member member = {
			.id = sqlite3_column_int64 (statement, 0),
			.address = g_strdup (nx_sqlite_get_text (statement, 1)),
			.standing = { .state = nx_sqlite_get_state (statement, 2),
				      .score = sqlite3_column_double (statement, 3),
				      .score_date = sqlite3_column_int64 (statement, 4),
				      .since = sqlite3_column_int64 (statement, 5),
				      .due_date = sqlite3_column_int64 (statement, 7) },
		};
		g_array_append_val (members, member);
	}
}

/* @cause_out: (transfer full) */
static gboolean
read_cause (NxSqlite *db, gint64 subscriber, char **cause_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (
		db, "SELECT cause FROM transitions WHERE subscriber_id = ?1 ORDER BY number DESC LIMIT 1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*cause_out = g_strdup (row ? nx_sqlite_get_text (statement, 0) : "");
	return TRUE;
}

/* @more_out: FALSE when it shall stop. */
static gboolean
replay_member (Walk *walk, const Member *member, gboolean *more_out, GError **error)
{
	NxReplayed replayed = { .list = walk->list,
				.address = member->address,
				.before_cause = "",
				.cause = "",
				.before = member->standing };
	g_autofree char *before_cause = NULL;
	g_autoptr (GArray) transitions = NULL;
	if (!nx_sqlite_evaluate (walk->db, member->id, walk->policy, &replayed.after, &transitions, error) ||
	    !read_cause (walk->db, member->id, &before_cause, error))
		return FALSE;
	if (walk->writes && !nx_sqlite_write_derived (walk->db, member->id, &replayed.after, transitions, error))
		return FALSE;
	if (transitions->len > 0) {
		const NxTransition *last = &g_array_index (transitions, NxTransition, transitions->len - 1);
		replayed.cause = last->cause;
		replayed.cause_date = last->date;
	}
	replayed.before_cause = before_cause;
	walk->done++;
	*more_out = walk->func == NULL || walk->func (&replayed, walk->done, walk->total, walk->user_data);
	return TRUE;
}

static gboolean
walk_list (Walk *walk, gboolean *more_out, GError **error)
{
	g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
	g_array_set_clear_func (members, clear_member);
	*more_out = TRUE;
	if (!count_members (walk, error))
		return FALSE;
	for (gint64 last = 0;;) {
		g_array_set_size (members, 0);
		if (!read_portion (walk, last, members, error))
			return FALSE;
		for (guint i = 0; i < members->len && *more_out; i++) {
			const Member *member = &g_array_index (members, Member, i);
			last = member->id;
			if (!replay_member (walk, member, more_out, error))
				return FALSE;
		}
		if (members->len == 0 || !*more_out)
			return TRUE;
	}
}

gboolean
nx_sqlite_compare (NxStore *store, const char *list, const NxPolicy *policy, NxReplayFunc func, gpointer user_data,
		   GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	NxPolicy whole = *policy;
	Walk walk = { .db = db, .list = list, .policy = &whole, .func = func, .user_data = user_data };
	gboolean more = TRUE;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return FALSE;
	gboolean done = nx_sqlite_require_list (db, list, &walk.list_id, error) &&
			nx_sqlite_apply_settings (db, walk.list_id, &whole, error) && walk_list (&walk, &more, error);
	nx_sqlite_end_read (db, own);
	return done;
}

gboolean
nx_sqlite_replay (NxStore *store, const char *list, NxReplayFunc func, gpointer user_data, gboolean *more_out,
		  GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	Walk walk = { .db = db, .list = list, .writes = TRUE, .func = func, .user_data = user_data };
	if (!nx_sqlite_require_list (db, list, &walk.list_id, error))
		return FALSE;
	if (!walk_list (&walk, more_out, error))
		return FALSE;
	/* Other proof may be asked for now: incidents are looked for anew, and whom they held is derived once more. */
	if (*more_out && g_hash_table_remove (db->touched_lists, &walk.list_id))
		return nx_sqlite_mark_all_days (db, walk.list_id, error);
	return TRUE;
}
