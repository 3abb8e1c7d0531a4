/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-bookmarks.c: how far files were read: the table sources. See nixie/bookmark.h.
 */
#include "store/sqlite-private.h"

#include <nixie/bookmark.h>

/* Names that are dropped are gathered, so that no row goes while the table is read; so many at a time. */
#define DROP_BATCH 1000

gboolean
nx_sqlite_set_bookmark (NxStore *store, const char *name, const char *terms, const NxSourcePosition *position,
			GError **error)
{
	static const char sql[] =
		"INSERT INTO sources (name, terms, member, identity, \"offset\") VALUES (?1, ?2, ?3, ?4, ?5)"
		" ON CONFLICT (name) DO UPDATE SET terms = excluded.terms, member = excluded.member,"
		" identity = excluded.identity, \"offset\" = excluded.\"offset\"";
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, name);
	nx_sqlite_bind_text (statement, 2, terms);
	nx_sqlite_bind_text (statement, 3, position->member);
	nx_sqlite_bind_text (statement, 4, position->identity);
	nx_sqlite_bind_int (statement, 5, (gint64)position->offset);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_find_bookmark (NxStore *store, const char *name, const char *terms, NxBookmark **bookmark_out, GError **error)
{
	static const char sql[] = "SELECT member, identity, \"offset\" FROM sources WHERE name = ?1 AND terms = ?2";
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	gboolean row;
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, name);
	nx_sqlite_bind_text (statement, 2, terms);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row)
		return TRUE;
	NxBookmark *bookmark = g_new0 (NxBookmark, 1);
	bookmark->member = g_strdup (nx_sqlite_get_text (statement, 0));
	bookmark->identity = g_strdup (nx_sqlite_get_text (statement, 1));
	bookmark->offset = (guint64)sqlite3_column_int64 (statement, 2);
	*bookmark_out = bookmark;
	return TRUE;
}

gboolean
nx_sqlite_drop_bookmark (NxStore *store, const char *name, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "DELETE FROM sources WHERE name = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, name);
	return nx_sqlite_run (db, statement, error);
}

/* Gathers names behind @last, which moves on. */
static gboolean
list_gone (NxSqlite *db, const char *folder, char **last, NxBookmarkFunc is_gone, gpointer user_data, GPtrArray *gone,
	   gboolean *more_out, GError **error)
{
	/* '0' follows '/'. */
	static const char sql[] = "SELECT name FROM sources WHERE name > ?2 AND name > ?1 || '/' AND name < ?1 || '0'"
				  " ORDER BY name";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, folder);
	nx_sqlite_bind_text (statement, 2, *last);
	for (*more_out = TRUE; gone->len < DROP_BATCH;) {
		if (!nx_sqlite_step (db, statement, more_out, error))
			return FALSE;
		if (!*more_out)
			return TRUE;
		const char *name = nx_sqlite_get_text (statement, 0);
		if (is_gone (name, user_data))
			g_ptr_array_add (gone, g_strdup (name));
	}
	g_free (*last);
	*last = g_strdup (g_ptr_array_index (gone, gone->len - 1));
	return TRUE;
}

static gboolean
drop_names (NxStore *store, const GPtrArray *names, GError **error)
{
	for (guint i = 0; i < names->len; i++)
		if (!nx_sqlite_drop_bookmark (store, g_ptr_array_index (names, i), error))
			return FALSE;
	return TRUE;
}

gboolean
nx_sqlite_drop_bookmarks (NxStore *store, const char *folder, NxBookmarkFunc is_gone, gpointer user_data,
			  GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_autofree char *last = g_strdup ("");
	for (gboolean more = TRUE; more;) {
		g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
		if (!list_gone (db, folder, &last, is_gone, user_data, gone, &more, error) ||
		    !drop_names (store, gone, error))
			return FALSE;
	}
	return TRUE;
}
