/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-failing.c: the rows that incidents are found by: failures of a day, what was counted of it (failing_days), and
 * which days are to be counted anew (stale_days). What they mean is policy/incident.h's business.
 */
#include "store/sqlite-incidents.h"

#include <string.h>

/* ---- marks ---- */

static gboolean
mark_day (NxSqlite *db, gint64 list, gint64 day, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (
		db, "INSERT INTO stale_days (list_id, day) VALUES (?1, ?2) ON CONFLICT DO NOTHING", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, day);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_mark_stale (NxSqlite *db, gint64 list, gint64 date, GError **error)
{
	return mark_day (db, list, nx_incident_get_day (date), error);
}

gboolean
nx_sqlite_mark_members (NxSqlite *db, gint64 list, GError **error)
{
	return mark_day (db, list, NX_SQLITE_MEMBERS, error);
}

gboolean
nx_sqlite_mark_step (NxSqlite *db, gint64 step, GError **error)
{
	static const char sql[] = "INSERT INTO stale_days (list_id, day) SELECT list_id, ?2 FROM steps WHERE id = ?1 "
				  "AND list_id IS NOT NULL"
				  " AND kind IN ('close', 'count', 'hold') ON CONFLICT DO NOTHING";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, step);
	nx_sqlite_bind_int (statement, 2, NX_SQLITE_RULINGS);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_mark_all_days (NxSqlite *db, gint64 list, GError **error)
{
	static const char sql[] = "INSERT INTO stale_days (list_id, day)"
				  " SELECT DISTINCT list_id, (date - 86399 * (date < 0)) / 86400 FROM events"
				  " WHERE list_id = ?1 AND domain <> 0 ON CONFLICT DO NOTHING";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	return nx_sqlite_run (db, statement, error);
}

/* ---- failing_days ---- */

#define DAY_COLUMNS                                                                                            \
	"scope, verdict, name, day, addresses, fits, unusual, until, claimed, first, last, reason, event_id, " \
	"incident_id"

static NxSqliteDay
read_day (NxStatement *statement)
{
	return (NxSqliteDay){
		.group = {
			.scope = nx_scope_from_string (nx_sqlite_get_text (statement, 0)),
			.verdict = nx_sqlite_get_verdict (statement, 1),
			.name = sqlite3_column_int64 (statement, 2),
			.day = sqlite3_column_int64 (statement, 3),
			.addresses = (guint)sqlite3_column_int64 (statement, 4),
			.fits = sqlite3_column_int (statement, 5) != 0,
			.unusual = sqlite3_column_int (statement, 6) != 0,
			.until = sqlite3_column_int64 (statement, 7),
			.claimed = (guint)sqlite3_column_int64 (statement, 8),
			.first = sqlite3_column_int64 (statement, 9),
			.last = sqlite3_column_int64 (statement, 10),
			.reason = nx_sqlite_get_reason (statement, 11),
			.example = sqlite3_column_int64 (statement, 12),
			.chain = -1,
		},
		.incident = sqlite3_column_int64 (statement, 13),
	};
}

static gboolean
read_days (NxSqlite *db, NxStatement *statement, GArray *rows, GError **error)
{
	for (gboolean more = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &more, error))
			return FALSE;
		if (!more)
			return TRUE;
		const NxSqliteDay row = read_day (statement);
		g_array_append_val (rows, row);
	}
}

static void
bind_group (NxStatement *statement, gint64 list, const NxGroupDay *group)
{
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_text (statement, 2, nx_scope_to_string (group->scope));
	nx_sqlite_bind_text (statement, 3, nx_sqlite_verdict_word (group->verdict));
	nx_sqlite_bind_int (statement, 4, group->name);
}

gboolean
nx_sqlite_load_group (NxSqlite *db, gint64 list, const NxGroupDay *group, gint64 first, GArray *rows, GError **error)
{
	static const char sql[] = "SELECT " DAY_COLUMNS " FROM failing_days WHERE list_id = ?1 AND scope = ?2"
				  " AND verdict = ?3 AND name = ?4 AND day >= ?5 ORDER BY day";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	bind_group (statement, list, group);
	nx_sqlite_bind_int (statement, 5, first);
	return read_days (db, statement, rows, error);
}

gboolean
nx_sqlite_load_day (NxSqlite *db, gint64 list, gint64 day, GArray *rows, GError **error)
{
	static const char sql[] = "SELECT " DAY_COLUMNS " FROM failing_days WHERE list_id = ?1 AND day = ?2";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, day);
	return read_days (db, statement, rows, error);
}

gboolean
nx_sqlite_put_day (NxSqlite *db, gint64 list, const NxSqliteDay *row, GError **error)
{
	static const char sql[] =
		"INSERT OR REPLACE INTO failing_days (list_id, scope, verdict, name, day, addresses, fits, unusual, "
		"until,"
		" claimed, first, last, reason, event_id, incident_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		" ?11, ?12, ?13, ?14, ?15)";
	const NxGroupDay *group = &row->group;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	bind_group (statement, list, group);
	nx_sqlite_bind_int (statement, 5, group->day);
	nx_sqlite_bind_int (statement, 6, group->addresses);
	nx_sqlite_bind_int (statement, 7, group->fits);
	nx_sqlite_bind_int (statement, 8, group->unusual);
	nx_sqlite_bind_int (statement, 9, group->until);
	nx_sqlite_bind_int (statement, 10, group->claimed);
	nx_sqlite_bind_int (statement, 11, group->first);
	nx_sqlite_bind_int (statement, 12, group->last);
	nx_sqlite_bind_text (statement, 13, nx_sqlite_reason_word (group->reason));
	nx_sqlite_bind_int (statement, 14, group->example);
	nx_sqlite_bind_int (statement, 15, row->incident);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_drop_day (NxSqlite *db, gint64 list, const NxGroupDay *group, GError **error)
{
	static const char sql[] = "DELETE FROM failing_days WHERE list_id = ?1 AND scope = ?2 AND verdict = ?3"
				  " AND name = ?4 AND day = ?5";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	bind_group (statement, list, group);
	nx_sqlite_bind_int (statement, 5, group->day);
	return nx_sqlite_run (db, statement, error);
}

/* ---- failures ---- */

/* A failure that may not count may not open an incident either: else whoever can forge one can hold what is true. That
 * a refused key is excused by no date does not matter here: such a report holds nothing but others like it. */
static gboolean
takes_part (const NxPolicy *policy, NxProof proof, gint64 arrival)
{
	return proof >= policy->least_proof || (arrival != 0 && arrival < policy->proof_since);
}

/* The words of the row before: on a bad day they are all the same, and reading them is most of the work. */
typedef struct {
	char verdict[16];
	char reason[32];
	char proof[16];
	NxVerdict verdict_read;
	NxReason reason_read;
	NxProof proof_read;
} Words;

static gboolean
is_new_word (NxStatement *statement, int column, char *word, gsize size)
{
	const char *text = nx_sqlite_get_text (statement, column);
	if (strcmp (text, word) == 0)
		return FALSE;
	g_strlcpy (word, text, size);
	return TRUE;
}

static void
read_words (NxStatement *statement, Words *words)
{
	if (is_new_word (statement, 3, words->verdict, sizeof words->verdict))
		words->verdict_read = nx_sqlite_get_verdict (statement, 3);
	if (is_new_word (statement, 4, words->reason, sizeof words->reason))
		words->reason_read = nx_sqlite_get_reason (statement, 4);
	if (is_new_word (statement, 8, words->proof, sizeof words->proof))
		words->proof_read = nx_sqlite_get_proof (statement, 8);
}

gboolean
nx_sqlite_load_failures (NxSqlite *db, gint64 list, gint64 day, const NxPolicy *policy, GArray *failures, GArray *weak,
			 GError **error)
{
	static const char sql[] =
		"SELECT id, subscriber_id, date, verdict, reason, domain, provider, post, proof, arrival,"
		" incident_id, EXISTS (SELECT 1 FROM asides a JOIN steps t ON t.id = a.step_id"
		" WHERE a.event_id = events.id AND t.undone IS NULL) FROM events INDEXED BY failures_by_day"
		" WHERE list_id = ?1 AND date >= ?2 AND date < ?3 AND domain <> 0";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, day * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 3, (day + 1) * NX_STORE_DAY_SECONDS);
	Words words = { 0 };
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		read_words (statement, &words);
		gint64 subscriber = sqlite3_column_int64 (statement, 1);
		const NxFailure failure = {
			.id = sqlite3_column_int64 (statement, 0),
			/* Whoever was forgotten has failed all the same, for the others' sake. */
			.subscriber = subscriber != 0 ? subscriber : -sqlite3_column_int64 (statement, 0),
			.date = sqlite3_column_int64 (statement, 2),
			.verdict = words.verdict_read,
			.reason = words.reason_read,
			.domain = sqlite3_column_int64 (statement, 5),
			.provider = sqlite3_column_int64 (statement, 6),
			.post = sqlite3_column_int64 (statement, 7),
			.held = sqlite3_column_int64 (statement, 10),
			.group = -1,
		};
		/* What was set aside is as if it had not come. */
		gboolean aside = sqlite3_column_int (statement, 11) != 0;
		if (!aside && takes_part (policy, words.proof_read, sqlite3_column_int64 (statement, 9)))
			g_array_append_val (failures, failure);
		else if (failure.held != 0)
			g_array_append_val (weak, failure);
	}
}

gboolean
nx_sqlite_load_numbers (NxSqlite *db, const char *sql, gint64 list, gint64 from, GArray *numbers, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, from);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		gint64 number = sqlite3_column_int64 (statement, 0);
		g_array_append_val (numbers, number);
	}
}
