/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-outbox.c: the rows of the outbox: claimed, done, put off, given up, shown. See nixie/outbox.h.
 *
 * What goes into it is written elsewhere: sqlite-due.c and sqlite-tell.c. Here nothing is sent.
 */
#include "store/sqlite-private.h"

#include <string.h>

#include "base/limits.h"

/* ---- reading ---- */

#define COLUMNS                                                                                          \
	"SELECT o.id, o.kind, o.step_id, o.proposal_id, o.created, o.next, o.leased, o.done, o.failed,"  \
	" o.attempts, o.error, ifnull(l.name, ''), ifnull(l.address, ''), ifnull(s.address, ''),"        \
	" iif(o.kind = 'hook', json_patch(json_object('id', o.id), o.payload), o.payload) FROM outbox o" \
	" LEFT JOIN lists l ON l.id = o.list_id LEFT JOIN subscribers s ON s.id = o.subscriber_id"

static gboolean
read_values (NxSqlite *db, NxOutboxItem *item, GError **error)
{
	static const char sql[] = "SELECT key, value FROM json_each(?1)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, item->payload);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		g_hash_table_insert (item->values, g_strdup (nx_sqlite_get_text (statement, 0)),
				     g_strdup (nx_sqlite_get_text (statement, 1)));
	}
}

static NxOutboxItem *
read_item (NxStatement *statement)
{
	NxOutboxItem *item = g_new0 (NxOutboxItem, 1);
	item->id = sqlite3_column_int64 (statement, 0);
	item->kind = nx_outbox_kind_from_string (nx_sqlite_get_text (statement, 1));
	item->step = sqlite3_column_int64 (statement, 2);
	item->proposal = sqlite3_column_int64 (statement, 3);
	item->created = sqlite3_column_int64 (statement, 4);
	item->next = sqlite3_column_int64 (statement, 5);
	item->leased = sqlite3_column_int64 (statement, 6);
	item->done = sqlite3_column_int64 (statement, 7);
	item->failed = sqlite3_column_int64 (statement, 8);
	item->attempts = (guint)sqlite3_column_int64 (statement, 9);
	item->error = g_strdup (nx_sqlite_get_text (statement, 10));
	item->list = g_strdup (nx_sqlite_get_text (statement, 11));
	item->list_address = g_strdup (nx_sqlite_get_text (statement, 12));
	item->subscriber = g_strdup (nx_sqlite_get_text (statement, 13));
	item->payload = g_strdup (nx_sqlite_get_text (statement, 14));
	item->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
	return item;
}

/* @item_out: NULL when there is none. */
static gboolean
load_item (NxSqlite *db, gint64 id, NxOutboxItem **item_out, GError **error)
{
	static const char sql[] = COLUMNS " WHERE o.id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxOutboxItem) item = NULL;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	item = row ? read_item (statement) : NULL;
	if (item != NULL && !read_values (db, item, error))
		return FALSE;
	*item_out = g_steal_pointer (&item);
	return TRUE;
}

static void
free_item (gpointer item)
{
	nx_outbox_item_free (item);
}

static GPtrArray *
read_items (NxSqlite *db, gint64 list, guint most, GError **error)
{
	static const char sql[] =
		COLUMNS " WHERE o.done = 0 AND (?1 = 0 OR o.list_id = ?1) ORDER BY o.created, o.id LIMIT ?2";
	g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, most == 0 ? -1 : (gint64)most);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			break;
		g_ptr_array_add (items, read_item (statement));
	}
	for (guint i = 0; i < items->len; i++)
		if (!read_values (db, g_ptr_array_index (items, i), error))
			return NULL;
	return g_steal_pointer (&items);
}

GPtrArray *
nx_sqlite_list_items (NxStore *store, const char *list, guint most, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	GPtrArray *items = NULL;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	if (nx_sqlite_require_list (db, list, &list_id, error))
		items = read_items (db, list_id, most, error);
	nx_sqlite_end_read (db, own);
	return items;
}

gboolean
nx_sqlite_count_items (NxStore *store, NxOutboxCounts *counts_out, GError **error)
{
	static const char sql[] = "SELECT count(*) FILTER (WHERE failed = 0 AND kind = 'hook'), count(*) FILTER (WHERE"
				  " failed = 0 AND kind <> 'hook'), count(*) FILTER (WHERE failed <> 0)"
				  " FROM outbox WHERE done = 0";
	NxSqlite *db = (NxSqlite *)store;
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL || !nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*counts_out = (NxOutboxCounts){
		.hooks = (guint)sqlite3_column_int64 (statement, 0),
		.mails = (guint)sqlite3_column_int64 (statement, 1),
		.failed = (guint)sqlite3_column_int64 (statement, 2),
	};
	return TRUE;
}

/* ---- marking ---- */

static gboolean
mark_done (NxSqlite *db, gint64 id, gint64 now, const char *note, GError **error)
{
	/* The key of a hook's call names the subscriber while it waits; then the next one may wait. */
	static const char sql[] = "UPDATE outbox SET done = ?2, leased = 0, error = ?3,"
				  " key = iif(kind = 'hook', key || ' ' || id, key) WHERE id = ?1 AND done = 0";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	nx_sqlite_bind_int (statement, 2, now);
	nx_sqlite_bind_text (statement, 3, note);
	return nx_sqlite_run (db, statement, error);
}

/* The hook has done @id, or somebody says so. */
static gboolean
note_told (NxSqlite *db, gint64 id, GError **error)
{
	static const char sql[] =
		"UPDATE subscribers SET told_address = j.address, told_state = CASE j.action WHEN 'add' THEN 'active'"
		" WHEN 'remove' THEN 'removed' WHEN 'suspend' THEN 'suspended' WHEN 'restore' THEN 'active'"
		" ELSE told_state END FROM (SELECT subscriber_id, json_extract(payload, '$.action') AS action,"
		" json_extract(payload, '$.address') AS address FROM outbox WHERE id = ?1 AND kind = 'hook' AND done = "
		"0) AS j"
		" WHERE subscribers.id = j.subscriber_id";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_settle_hook (NxSqlite *db, gint64 id, gint64 now, const char *note, GError **error)
{
	return note_told (db, id, error) && mark_done (db, id, now, note, error);
}

/* Until it left, nobody was warned: what follows is counted from there. */
static gboolean
date_step (NxSqlite *db, const NxOutboxItem *item, gint64 now, GError **error)
{
	static const char sql[] = "UPDATE steps SET date = ?2 WHERE id = ?1 AND kind IN ('warn', 'probe')"
				  " AND undone IS NULL RETURNING subscriber_id";
	gboolean row = FALSE;
	gint64 subscriber = 0;
	if (now - item->created < NX_LIMIT_OUTBOX_PROMPT_SECONDS)
		return TRUE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_id (statement, 1, item->step);
	nx_sqlite_bind_int (statement, 2, now);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	subscriber = row ? sqlite3_column_int64 (statement, 0) : 0;
	return subscriber == 0 || nx_sqlite_touch (db, subscriber, error);
}

gboolean
nx_sqlite_finish_item (NxStore *store, const NxOutboxItem *item, gint64 now, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	if (item->kind == NX_OUTBOX_HOOK)
		return nx_sqlite_settle_hook (db, item->id, now, "", error);
	return date_step (db, item, now, error) && mark_done (db, item->id, now, "", error);
}

gboolean
nx_sqlite_postpone_item (NxStore *store, const NxOutboxItem *item, const char *why, gint64 now, GError **error)
{
	static const char sql[] = "UPDATE outbox SET next = ?2, leased = 0, error = ?3, failed = ?4"
				  " WHERE id = ?1 AND done = 0";
	NxSqlite *db = (NxSqlite *)store;
	guint doublings = MIN (item->attempts, 12) - MIN (item->attempts, 1);
	gint64 pause = MIN ((gint64)60 << doublings, NX_STORE_DAY_SECONDS);
	gboolean given_up = now - item->created >= NX_OUTBOX_GIVE_UP_DAYS * NX_STORE_DAY_SECONDS;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, item->id);
	nx_sqlite_bind_int (statement, 2, now + pause);
	nx_sqlite_bind_text (statement, 3, why);
	nx_sqlite_bind_int (statement, 4, given_up ? now : 0);
	return nx_sqlite_run (db, statement, error);
}

/* ---- claiming ---- */

static gboolean
find_waiting (NxSqlite *db, NxOutboxKind kind, gint64 now, gint64 *id_out, GError **error)
{
	static const char sql[] = "SELECT id FROM outbox WHERE kind = ?1 AND next <= ?2 AND leased <= ?2 AND done = 0"
				  " AND failed = 0 ORDER BY next, id LIMIT 1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, nx_outbox_kind_to_string (kind));
	nx_sqlite_bind_int (statement, 2, now);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*id_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	return TRUE;
}

/* A reader may have come back, or an operator may have taken the step back, while the mail waited. */
static gboolean
is_needed (NxSqlite *db, gint64 id, gboolean *needed_out, GError **error)
{
	static const char sql[] =
		"SELECT t.undone IS NULL AND s.state = iif(o.kind = 'removed', 'removed', 'suspended')"
		" FROM outbox o JOIN steps t ON t.id = o.step_id"
		" JOIN subscribers s ON s.id = o.subscriber_id WHERE o.id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*needed_out = !row || sqlite3_column_int (statement, 0) != 0;
	return TRUE;
}

static gboolean
lease (NxSqlite *db, gint64 id, gint64 until, GError **error)
{
	static const char sql[] = "UPDATE outbox SET next = ?2, leased = ?2, attempts = attempts + 1 WHERE id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	nx_sqlite_bind_int (statement, 2, until);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_claim_item (NxStore *store, NxOutboxKind kind, gint64 now, guint seconds, NxOutboxItem **item_out,
		      GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 id = 0;
	gboolean needed = FALSE;
	*item_out = NULL;
	if (!nx_sqlite_derive_touched (db, error))
		return FALSE;
	for (;;) {
		if (!find_waiting (db, kind, now, &id, error))
			return FALSE;
		if (id == 0)
			return TRUE;
		if (!is_needed (db, id, &needed, error))
			return FALSE;
		if (needed)
			return lease (db, id, now + (gint64)seconds, error) && load_item (db, id, item_out, error);
		if (!mark_done (db, id, now, "not sent: no longer needed", error))
			return FALSE;
	}
}

/* ---- by hand ---- */

static gboolean
require_item (NxSqlite *db, gint64 id, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT 1 FROM outbox WHERE id = ?1 AND done = 0", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row)
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "nothing with the number %" G_GINT64_FORMAT " waits; nixie outbox shows what does", id);
	return row;
}

/* Its time begins anew, so that it is not given up at the first failure. */
gboolean
nx_sqlite_retry_item (NxStore *store, gint64 id, gint64 now, GError **error)
{
	static const char sql[] = "UPDATE outbox SET next = ?2, failed = 0, created = iif(failed <> 0, ?2, created)"
				  " WHERE id = ?1 AND leased <= ?2";
	NxSqlite *db = (NxSqlite *)store;
	if (!require_item (db, id, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	nx_sqlite_bind_int (statement, 2, now);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_drop_item (NxStore *store, gint64 id, gint64 now, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	return require_item (db, id, error) && nx_sqlite_settle_hook (db, id, now, "not sent: dropped by hand", error);
}

/* Also where no sendmail ever claims them. */
static gboolean
drop_needless (NxSqlite *db, gint64 now, GError **error)
{
	static const char sql[] =
		"UPDATE outbox SET done = ?1, error = 'not sent: no longer needed' WHERE done = 0 AND leased <= ?1"
		" AND kind IN ('warning', 'probe', 'removed') AND EXISTS (SELECT 1 FROM steps t JOIN subscribers s ON"
		" s.id = t.subscriber_id WHERE t.id = outbox.step_id AND (t.undone IS NOT NULL OR"
		" s.state <> iif(outbox.kind = 'removed', 'removed', 'suspended')))";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, now);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_clean_outbox (NxStore *store, gint64 now, GError **error)
{
	/* While its row is there, an incident or a proposal is not told a second time. */
	static const char sql[] =
		"DELETE FROM outbox WHERE done <> 0 AND done < ?1 AND (kind NOT IN ('incident', 'ask') OR done < ?2)";
	NxSqlite *db = (NxSqlite *)store;
	if (!drop_needless (db, now, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, now - NX_OUTBOX_KEEP_DAYS * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 2, now - 400 * NX_STORE_DAY_SECONDS);
	return nx_sqlite_run (db, statement, error);
}
