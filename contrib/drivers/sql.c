/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sql.c: libsqlite3 and libpq behind one door. See sql.h.
 *
 * A locked database and a lost connection are to be tried again; what the configuration names and is not there is said
 * so.
 */
#include "sql.h"

#include <string.h>

#include <libpq-fe.h>
#include <sqlite3.h>

#define SQLITE_PREFIX "sqlite:"

/* One of the two. */
struct NxSql {
	sqlite3 *sqlite;
	PGconn *postgres;
	char *name;
};

void
nx_sql_free (NxSql *sql)
{
	if (sql == NULL)
		return;
	sqlite3_close (sql->sqlite);
	if (sql->postgres != NULL)
		PQfinish (sql->postgres);
	g_free (sql->name);
	g_free (sql);
}

/* ---- SQLite ---- */

static void
set_sqlite_error (const NxSql *sql, GError **error)
{
	gboolean busy = sqlite3_errcode (sql->sqlite) == SQLITE_BUSY || sqlite3_errcode (sql->sqlite) == SQLITE_LOCKED;

	g_set_error (error, NX_ERROR, busy ? NX_ERROR_STORE_BUSY : NX_ERROR_STORE, "%s: %s%s", sql->name,
		     sqlite3_errmsg (sql->sqlite), busy ? "; another program holds it" : "");
}

static gboolean
open_sqlite (NxSql *sql, const char *path, GError **error)
{
	if (sqlite3_open_v2 (path, &sql->sqlite, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s: %s; see --database; the user that nixie run runs as must be able to write it", path,
			     sql->sqlite == NULL ? "no memory" : sqlite3_errmsg (sql->sqlite));
		return FALSE;
	}
	sql->name = g_strdup (path);
	sqlite3_busy_timeout (sql->sqlite, NX_SQL_BUSY_SECONDS * 1000);
	return TRUE;
}

static int
walk_sqlite (sqlite3_stmt *statement, NxSqlRow row, gpointer user_data)
{
	g_autofree const char **fields = g_new0 (const char *, (gsize)sqlite3_column_count (statement) + 1);
	int code = SQLITE_OK;

	while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count (statement); i++)
			fields[i] = (const char *)sqlite3_column_text (statement, i);
		if (row != NULL && !row (fields, user_data))
			return SQLITE_DONE;
	}
	return code;
}

static gboolean
run_sqlite (NxSql *sql, const char *text, const char *const *values, NxSqlRow row, gpointer user_data,
	    guint *changed_out, GError **error)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2 (sql->sqlite, text, -1, &statement, NULL);

	for (int i = 0; code == SQLITE_OK && values[i] != NULL; i++) {
		const char name[] = { '$', (char)('1' + i), '\0' };
		int index = sqlite3_bind_parameter_index (statement, name);

		if (index > 0)
			code = sqlite3_bind_text (statement, index, values[i], -1, SQLITE_TRANSIENT);
	}
	if (code == SQLITE_OK)
		code = walk_sqlite (statement, row, user_data);
	if (code != SQLITE_DONE)
		set_sqlite_error (sql, error);
	sqlite3_finalize (statement);
	if (changed_out != NULL)
		*changed_out = (guint)sqlite3_changes (sql->sqlite);
	return code == SQLITE_DONE;
}

/* ---- PostgreSQL ---- */

static char *
copy_line (const char *text)
{
	return g_strndup (text, strcspn (text, "\n"));
}

static gboolean
open_postgres (NxSql *sql, const char *database, GError **error)
{
	const char *const keys[] = { "dbname", "connect_timeout", "client_encoding", "fallback_application_name",
				     NULL };
	const char *const values[] = { database, G_STRINGIFY (NX_SQL_BUSY_SECONDS), "UTF8", "nixie-driver", NULL };
	g_autofree char *line = NULL;

	sql->postgres = PQconnectdbParams (keys, values, 1);
	if (PQstatus (sql->postgres) == CONNECTION_OK) {
		sql->name = g_strdup (PQdb (sql->postgres));
		return TRUE;
	}
	line = copy_line (PQerrorMessage (sql->postgres));
	g_set_error (error, NX_ERROR, NX_ERROR_STORE_BUSY, "PostgreSQL: %s; see --database", line);
	return FALSE;
}

static gboolean
run_postgres (NxSql *sql, const char *text, const char *const *values, NxSqlRow row, gpointer user_data,
	      guint *changed_out, GError **error)
{
	int count = (int)g_strv_length ((char **)(guintptr)values);
	PGresult *result = PQexecParams (sql->postgres, text, count, NULL, values, NULL, NULL, 0);
	gboolean good = PQresultStatus (result) == PGRES_COMMAND_OK || PQresultStatus (result) == PGRES_TUPLES_OK;
	g_autofree const char **fields = g_new0 (const char *, (gsize)PQnfields (result) + 1);
	gboolean more = row != NULL;

	for (int i = 0; good && more && i < PQntuples (result); i++) {
		for (int column = 0; column < PQnfields (result); column++)
			fields[column] = PQgetisnull (result, i, column) ? NULL : PQgetvalue (result, i, column);
		more = row (fields, user_data);
	}
	if (good && changed_out != NULL)
		*changed_out = (guint)g_ascii_strtoull (PQcmdTuples (result), NULL, 10);
	if (!good) {
		g_autofree char *line = copy_line (PQerrorMessage (sql->postgres));

		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "%s: %s", sql->name, line);
	}
	PQclear (result);
	return good;
}

/* ---- both ---- */

NxSql *
nx_sql_open (const char *database, GError **error)
{
	g_autoptr (NxSql) sql = g_new0 (NxSql, 1);
	gboolean done = FALSE;

	if (g_str_has_prefix (database, SQLITE_PREFIX))
		done = open_sqlite (sql, database + strlen (SQLITE_PREFIX), error);
	else
		done = open_postgres (sql, database, error);
	return done ? g_steal_pointer (&sql) : NULL;
}

gboolean
nx_sql_run (NxSql *sql, const char *statement, const char *const *values, NxSqlRow row, gpointer user_data,
	    guint *changed_out, GError **error)
{
	static const char *const none[] = { NULL };

	if (values == NULL)
		values = none;
	return sql->sqlite != NULL ? run_sqlite (sql, statement, values, row, user_data, changed_out, error)
				   : run_postgres (sql, statement, values, row, user_data, changed_out, error);
}

gboolean
nx_sql_begin (NxSql *sql, GError **error)
{
	return nx_sql_run (sql, sql->sqlite != NULL ? "BEGIN IMMEDIATE" : "BEGIN", NULL, NULL, NULL, NULL, error);
}

gboolean
nx_sql_commit (NxSql *sql, GError **error)
{
	return nx_sql_run (sql, "COMMIT", NULL, NULL, NULL, NULL, error);
}
