/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-posts.c: what the lists sent: see nixie/post.h.
 *
 * A post says something only on subscribers who failed both before and behind it. A list of a million members may have
 * thousands of posts, so those are looked for once a batch, from whichever side of the posts has fewer events: for a
 * post of today that is nobody, however many have failed before.
 */
#include "store/sqlite-incidents.h"

#include <string.h>

static gint64 *
copy_id (gint64 id)
{
	gint64 *copy = g_new (gint64, 1);
	*copy = id;
	return copy;
}

static int
compare_dates (gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a;
	gint64 y = *(const gint64 *)b;
	return (x > y) - (x < y);
}

/* ---- adding ---- */

static void
note_new (NxSqlite *db, gint64 list, gint64 date)
{
	GArray *dates = g_hash_table_lookup (db->new_posts, &list);
	if (dates == NULL) {
		dates = g_array_new (FALSE, FALSE, sizeof (gint64));
		g_hash_table_insert (db->new_posts, copy_id (list), dates);
	}
	g_array_append_val (dates, date);
}

static gboolean
find_post (NxSqlite *db, gint64 list, const char *message_id, gint64 *date_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT date FROM posts WHERE list_id = ?1 AND message_id = ?2", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_text (statement, 2, message_id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*date_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	return TRUE;
}

gboolean
nx_sqlite_learn_post (NxSqlite *db, gint64 list, const char *message_id, gint64 date, gboolean *added_out,
		      GError **error)
{
	static const char sql[] = "INSERT INTO posts (list_id, message_id, date) VALUES (?1, ?2, ?3)"
				  " ON CONFLICT (list_id, message_id) DO UPDATE SET date = excluded.date";
	gint64 known = 0;
	if (!find_post (db, list, message_id, &known, error))
		return FALSE;
	*added_out = known == 0 || date < known;
	if (!*added_out)
		return TRUE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_text (statement, 2, message_id);
	nx_sqlite_bind_int (statement, 3, date);
	g_hash_table_remove (db->posts, &list);
	note_new (db, list, date);
	/* It is there no longer. */
	if (known != 0)
		note_new (db, list, known);
	return nx_sqlite_run (db, statement, error) && nx_sqlite_mark_stale (db, list, date, error) &&
	       (known == 0 || nx_sqlite_mark_stale (db, list, known, error));
}

gboolean
nx_sqlite_add_post (NxStore *store, const char *list, const char *message_id, gint64 date, gboolean *added_out,
		    GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	return nx_sqlite_require_list (db, list, &list_id, error) &&
	       nx_sqlite_learn_post (db, list_id, message_id, date, added_out, error);
}

/* ---- whose states they may change ---- */

/* One step of a query for subscribers; those it finds go into @ids. */
static gboolean
collect_one (NxSqlite *db, NxStatement *statement, GHashTable *ids, gboolean *row_out, GError **error)
{
	if (!nx_sqlite_step (db, statement, row_out, error))
		return FALSE;
	gint64 id = *row_out ? sqlite3_column_int64 (statement, 0) : 0;
	if (id != 0 && !g_hash_table_contains (ids, &id))
		g_hash_table_add (ids, copy_id (id));
	return TRUE;
}

/* Who failed at @first or later, or who failed at @last or before: what is found sooner. Both hold all who are meant.
 */
static GHashTable *
find_candidates (NxSqlite *db, gint64 list, gint64 first, gint64 last, GError **error)
{
	static const char behind[] = "SELECT subscriber_id FROM events WHERE list_id = ?1 AND date >= ?2";
	static const char before[] = "SELECT subscriber_id FROM events WHERE list_id = ?1 AND date <= ?2";
	g_autoptr (NxStatement) late = nx_sqlite_prepare (db, behind, error);
	g_autoptr (NxStatement) early = late != NULL ? nx_sqlite_prepare (db, before, error) : NULL;
	if (early == NULL)
		return NULL;
	g_autoptr (GHashTable) late_ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr (GHashTable) early_ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	nx_sqlite_bind_int (late, 1, list);
	nx_sqlite_bind_int (late, 2, first);
	nx_sqlite_bind_int (early, 1, list);
	nx_sqlite_bind_int (early, 2, last);
	for (gboolean row = TRUE;;) {
		if (!collect_one (db, late, late_ids, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&late_ids);
		if (!collect_one (db, early, early_ids, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&early_ids);
	}
}

/* @dates: ascending. */
static gboolean
is_any_between (const GArray *dates, gint64 first, gint64 last)
{
	guint low = 0;
	guint high = dates->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (g_array_index (dates, gint64, middle) < first)
			low = middle + 1;
		else
			high = middle;
	}
	return low < dates->len && g_array_index (dates, gint64, low) <= last;
}

static gboolean
touch_candidate (NxSqlite *db, gint64 subscriber, const GArray *dates, GError **error)
{
	static const char sql[] = "SELECT (SELECT min(date) FROM events WHERE subscriber_id = ?1),"
				  " (SELECT max(date) FROM events WHERE subscriber_id = ?1)";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	gint64 first = sqlite3_column_int64 (statement, 0);
	gint64 last = sqlite3_column_int64 (statement, 1);
	return !is_any_between (dates, first, last) || nx_sqlite_touch (db, subscriber, error);
}

static gboolean
touch_for_list (NxSqlite *db, gint64 list, GArray *dates, GError **error)
{
	g_array_sort (dates, compare_dates);
	g_autoptr (GHashTable) ids = find_candidates (db, list, g_array_index (dates, gint64, 0),
						      g_array_index (dates, gint64, dates->len - 1), error);
	if (ids == NULL)
		return FALSE;
	GHashTableIter iter;
	gpointer id = NULL;
	g_hash_table_iter_init (&iter, ids);
	while (g_hash_table_iter_next (&iter, &id, NULL))
		if (!g_hash_table_contains (db->touched, id) &&
		    !touch_candidate (db, *(const gint64 *)id, dates, error))
			return FALSE;
	return TRUE;
}

gboolean
nx_sqlite_touch_posts (NxSqlite *db, GError **error)
{
	GHashTableIter iter;
	gpointer list = NULL;
	gpointer dates = NULL;
	g_hash_table_iter_init (&iter, db->new_posts);
	while (g_hash_table_iter_next (&iter, &list, &dates)) {
		if (!g_hash_table_contains (db->touched_lists, list) &&
		    !touch_for_list (db, *(const gint64 *)list, dates, error))
			return FALSE;
		g_hash_table_iter_remove (&iter);
	}
	return TRUE;
}

/* ---- reading ---- */

void
nx_sqlite_forget_posts (NxSqlite *db)
{
	g_hash_table_remove_all (db->posts);
	g_hash_table_remove_all (db->new_posts);
}

static GArray *
read_dates (NxSqlite *db, gint64 list, GError **error)
{
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT date FROM posts WHERE list_id = ?1 ORDER BY date", error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, list);
	g_autoptr (GArray) dates = g_array_new (FALSE, FALSE, sizeof (gint64));
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&dates);
		gint64 date = sqlite3_column_int64 (statement, 0);
		g_array_append_val (dates, date);
	}
}

gboolean
nx_sqlite_load_posts (NxSqlite *db, gint64 list, GArray **posts_out, GError **error)
{
	GArray *dates = g_hash_table_lookup (db->posts, &list);
	if (dates == NULL) {
		dates = read_dates (db, list, error);
		if (dates == NULL)
			return FALSE;
		g_hash_table_insert (db->posts, copy_id (list), dates);
	}
	*posts_out = g_array_ref (dates);
	return TRUE;
}

static void
free_post (gpointer post)
{
	nx_post_free (post);
}

static GPtrArray *
read_posts (NxSqlite *db, gint64 list, gint64 since, GError **error)
{
	static const char sql[] = "SELECT l.name, p.message_id, p.date FROM posts p JOIN lists l ON l.id = p.list_id"
				  " WHERE (?1 = 0 OR p.list_id = ?1) AND p.date >= ?2"
				  " ORDER BY p.date, l.name, p.message_id";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, since);
	g_autoptr (GPtrArray) posts = g_ptr_array_new_with_free_func (free_post);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&posts);
		NxPost *post = g_new0 (NxPost, 1);
		post->list = g_strdup (nx_sqlite_get_text (statement, 0));
		post->message_id = g_strdup (nx_sqlite_get_text (statement, 1));
		post->date = sqlite3_column_int64 (statement, 2);
		g_ptr_array_add (posts, post);
	}
}

GPtrArray *
nx_sqlite_list_posts (NxStore *store, const char *list, gint64 since, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	GPtrArray *posts = NULL;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	if (nx_sqlite_require_list (db, list, &list_id, error))
		posts = read_posts (db, list_id, since, error);
	nx_sqlite_end_read (db, own);
	return posts;
}
