/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-health.c: is the database sound? See nixie/health.h. It mends nothing.
 */
#include "store/sqlite-private.h"

static gboolean
read_number (NxSqlite *db, const char *sql, gint64 *number_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL || !nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*number_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	return TRUE;
}

static gboolean
read_damage (NxSqlite *db, char **damage_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT quick_check FROM pragma_quick_check(1)", error);
	if (statement == NULL || !nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	const char *text = row ? nx_sqlite_get_text (statement, 0) : "";
	*damage_out = g_strdup (g_str_equal (text, "ok") ? "" : text);
	return TRUE;
}

static gboolean
check (NxSqlite *db, NxHealth *health, GError **error)
{
	return read_damage (db, &health->damage, error) &&
	       read_number (db, "SELECT user_version FROM pragma_user_version", &health->schema, error) &&
	       read_number (db, "SELECT count(*) FROM pragma_foreign_key_check", &health->strays, error) &&
	       read_number (db, "SELECT count(*) FROM stale_days", &health->stale_days, error) &&
	       read_number (db, "SELECT value FROM facts WHERE name = 'ran'", &health->ran, error);
}

gboolean
nx_sqlite_check_health (NxStore *store, NxHealth *health, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gboolean own = FALSE;
	if (!nx_sqlite_begin_read (db, &own, error))
		return FALSE;
	gboolean done = check (db, health, error);
	nx_sqlite_end_read (db, own);
	return done;
}
