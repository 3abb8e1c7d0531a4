/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sql.h: one way to SQLite and PostgreSQL, for list managers that keep their members there.
 *
 * Statements are literal text with $1, $2 …; values are bound, never pasted. Both databases take that form.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

#define NX_SQL_BUSY_SECONDS 20
#define NX_SQL_MAX_VALUES 8

typedef struct NxSql NxSql;

/**
 * NxSqlRow: called with each row; NULL stands for SQL's NULL. Returns: FALSE to get no more.
 */
typedef gboolean (*NxSqlRow) (const char *const *fields, gpointer user_data);

/**
 * nx_sql_open: @database: "sqlite:PATH", or what libpq takes: "postgresql://…" or "host=… dbname=…".
 */
NxSql *nx_sql_open (const char *database, GError **error);
void nx_sql_free (NxSql *sql);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSql, nx_sql_free)

/**
 * nx_sql_run: @values: ends with NULL, NX_SQL_MAX_VALUES at most. @row: (nullable). @changed_out: (nullable): rows that
 * a change met.
 */
gboolean nx_sql_run (NxSql *sql, const char *statement, const char *const *values, NxSqlRow row, gpointer user_data,
		     guint *changed_out, GError **error);

/**
 * nx_sql_begin, nx_sql_commit: what lies between them is done as a whole. nx_sql_free() takes back what was not
 * committed.
 */
gboolean nx_sql_begin (NxSql *sql, GError **error);
gboolean nx_sql_commit (NxSql *sql, GError **error);

G_END_DECLS
