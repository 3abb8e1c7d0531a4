/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-aside.c: setting events aside, and finding those that led to a transition.
 *
 * An event that is aside stays where it is and is evaluated as one that does not count (policy.h), while the step that
 * set it aside stands. What changed by it is told by comparing the subscribers' rows before and after.
 */
#include "store/sqlite-incidents.h"
#include "store/sqlite-private.h"

#include <nixie/address.h>
#include <nixie/undo.h>

#include <string.h>

/* @events, @subscribers: ids; the latter without doubles. */
typedef struct {
	NxSqlite *db;
	GArray *events;
	GHashTable *subscribers;
} Taking;

static void
taking_clear (Taking *taking)
{
	g_clear_pointer (&taking->events, g_array_unref);
	g_clear_pointer (&taking->subscribers, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taking, taking_clear)

static void
taking_init (Taking *taking, NxSqlite *db)
{
	taking->db = db;
	taking->events = g_array_new (FALSE, FALSE, sizeof (gint64));
	taking->subscribers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

static void
take_event (Taking *taking, gint64 event, gint64 subscriber)
{
	g_array_append_val (taking->events, event);
	if (subscriber != 0)
		g_hash_table_add (taking->subscribers, g_memdup2 (&subscriber, sizeof subscriber));
}

/* ---- which events ---- */

static gboolean
require_run (NxSqlite *db, gint64 run, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "SELECT 1 FROM runs WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, run);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (row)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "there is no run %" G_GINT64_FORMAT "; nixie undo --runs lists them", run);
	return FALSE;
}

/* "@domain" as the keys of addresses have it; "" for NULL. */
static char *
make_domain_suffix (const char *domain)
{
	if (domain == NULL)
		return g_strdup ("");
	g_autofree char *address = g_strconcat ("x@", domain, NULL);
	g_autofree char *key = nx_address_make_key (address);
	const char *at = strrchr (key, '@');
	return g_strdup (at != NULL ? at : "@");
}

static gboolean
find_events (Taking *taking, const NxEventScope *scope, gint64 list, GError **error)
{
	static const char sql[] =
		"SELECT id, subscriber_id FROM events e WHERE (?1 = 0 OR list_id = ?1) AND (?2 = 0 OR run_id = ?2)"
		" AND (?3 = '' OR substr(address_key, -length(?3)) = ?3) AND date >= ?4 AND (?5 = 0 OR date <= ?5)"
		" AND NOT EXISTS (SELECT 1 FROM asides a JOIN steps t ON t.id = a.step_id"
		" WHERE a.event_id = e.id AND t.undone IS NULL) ORDER BY id";
	g_autofree char *suffix = make_domain_suffix (scope->domain);
	NxSqlite *db = taking->db;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, scope->run);
	nx_sqlite_bind_text (statement, 3, suffix);
	nx_sqlite_bind_int (statement, 4, scope->since);
	nx_sqlite_bind_int (statement, 5, scope->until);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		take_event (taking, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1));
	}
}

/* ---- rows before and after ---- */

static void
free_change (gpointer change)
{
	nx_change_free (change);
}

static gboolean
read_standing (NxSqlite *db, gint64 subscriber, NxStanding *standing_out, NxChange *names_out, GError **error)
{
	static const char sql[] = "SELECT s.state, s.score, s.score_date, s.since, s.due_date, l.name, s.address"
				  " FROM subscribers s JOIN lists l ON l.id = s.list_id WHERE s.id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "a row of an event names no subscriber that there is");
		return FALSE;
	}
	*standing_out = (NxStanding){
		.state = nx_sqlite_get_state (statement, 0),
		.score = sqlite3_column_double (statement, 1),
		.score_date = sqlite3_column_int64 (statement, 2),
		.since = sqlite3_column_int64 (statement, 3),
		.due_date = sqlite3_column_int64 (statement, 4),
	};
	if (names_out != NULL) {
		names_out->list = g_strdup (nx_sqlite_get_text (statement, 5));
		names_out->address = g_strdup (nx_sqlite_get_text (statement, 6));
	}
	return TRUE;
}

static gint64
get_id (gpointer key)
{
	return *(const gint64 *)key;
}

/* Returns: (transfer full) (element-type NxChange): each subscriber as it stands now; NULL on an error. */
static GPtrArray *
note_before (Taking *taking, GArray *ids, GError **error)
{
	g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (free_change);
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init (&iter, taking->subscribers);
	while (g_hash_table_iter_next (&iter, &key, NULL)) {
		gint64 id = get_id (key);
		NxChange *change = g_new0 (NxChange, 1);
		g_ptr_array_add (changes, change);
		g_array_append_val (ids, id);
		if (!read_standing (taking->db, id, &change->before, change, error))
			return NULL;
	}
	return g_steal_pointer (&changes);
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
	const NxChange *x = *(const NxChange *const *)a;
	const NxChange *y = *(const NxChange *const *)b;
	int order = g_ascii_strcasecmp (x->list, y->list);
	return order != 0 ? order : strcmp (x->address, y->address);
}

static gboolean
is_changed (const NxChange *change)
{
	return change->before.state != change->after.state || change->before.score < change->after.score ||
	       change->before.score > change->after.score;
}

/* Leaves those that did change. */
static gboolean
note_after (Taking *taking, const GArray *ids, GPtrArray *changes, GError **error)
{
	for (guint i = ids->len; i > 0; i--) {
		NxChange *change = g_ptr_array_index (changes, i - 1);
		gint64 id = g_array_index (ids, gint64, i - 1);
		if (!read_standing (taking->db, id, &change->after, NULL, error))
			return FALSE;
		if (!is_changed (change))
			g_ptr_array_remove_index_fast (changes, i - 1);
	}
	g_ptr_array_sort (changes, compare_changes);
	return TRUE;
}

/* ---- setting aside ---- */

static gboolean
insert_asides (Taking *taking, gint64 step, GError **error)
{
	NxSqlite *db = taking->db;
	static const char sql[] = "INSERT INTO asides (event_id, step_id) VALUES (?1, ?2)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	for (guint i = 0; i < taking->events->len; i++) {
		nx_sqlite_bind_int (statement, 1, g_array_index (taking->events, gint64, i));
		nx_sqlite_bind_int (statement, 2, step);
		if (!nx_sqlite_run (db, statement, error))
			return FALSE;
	}
	return nx_sqlite_touch_asides (db, step, error);
}

/* @undoes: the step to be undone; 0: the events of @taking are set aside. */
static NxTakenBack *
take_back (Taking *taking, gint64 undoes, gint64 subscriber, const char *note, gint64 now, GError **error)
{
	NxSqlite *db = taking->db;
	g_autoptr (NxTakenBack) taken_back = g_new0 (NxTakenBack, 1);
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	taken_back->events = taking->events->len;
	taken_back->changes = note_before (taking, ids, error);
	if (taken_back->changes == NULL)
		return NULL;
	if (undoes != 0) {
		if (!nx_sqlite_undo_step (&db->base, undoes, now, error))
			return NULL;
		taken_back->step = sqlite3_last_insert_rowid (db->handle);
	} else if (taking->events->len > 0) {
		if (!nx_sqlite_add_note (db, NX_STEP_ASIDE, subscriber, note, now, &taken_back->step, error) ||
		    !insert_asides (taking, taken_back->step, error))
			return NULL;
	}
	if (!nx_sqlite_settle_stale (db, error) || !nx_sqlite_derive_touched (db, error) ||
	    !note_after (taking, ids, taken_back->changes, error))
		return NULL;
	return g_steal_pointer (&taken_back);
}

NxTakenBack *
nx_sqlite_set_aside (NxStore *store, const NxEventScope *scope, const char *note, gint64 now, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_auto (Taking) taking = { 0 };
	gint64 list = 0;
	taking_init (&taking, db);
	if (!nx_sqlite_require_list (db, scope->list != NULL ? scope->list : "", &list, error) ||
	    (scope->run != 0 && !require_run (db, scope->run, error)) || !nx_sqlite_derive_touched (db, error) ||
	    !find_events (&taking, scope, list, error))
		return NULL;
	return take_back (&taking, 0, 0, note, now, error);
}

/* ---- a transition ---- */

typedef struct {
	gint64 subscriber;
	gint64 event;
	gint64 step;
	gint64 date;
	gboolean by_policy;
	gboolean heals;
} Change;

static gboolean
read_change (NxSqlite *db, NxStatement *statement, Change *change_out, GError **error)
{
	gboolean row = FALSE;
	*change_out = (Change){ 0 };
	if (!nx_sqlite_step (db, statement, &row, error) || !row)
		return row;
	change_out->subscriber = sqlite3_column_int64 (statement, 0);
	change_out->event = sqlite3_column_int64 (statement, 1);
	change_out->step = sqlite3_column_int64 (statement, 2);
	change_out->date = sqlite3_column_int64 (statement, 3);
	change_out->by_policy = strcmp (nx_sqlite_get_text (statement, 4), "expire") == 0;
	change_out->heals = change_out->event != 0 && nx_sqlite_get_state (statement, 5) == NX_STATE_ACTIVE;
	return TRUE;
}

/* FALSE without an error when there is none. */
static gboolean
find_change (NxSqlite *db, gint64 id, Change *change_out, GError **error)
{
	static const char sql[] =
		"SELECT t.subscriber_id, t.event_id, t.step_id, t.date, ifnull(s.kind, ''), t.to_state"
		" FROM transitions t LEFT JOIN steps s ON s.id = t.step_id WHERE t.id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	return read_change (db, statement, change_out, error);
}

/* Why it is not active; FALSE without an error when it is. */
static gboolean
find_last_change (NxSqlite *db, gint64 subscriber, Change *change_out, GError **error)
{
	static const char sql[] =
		"SELECT t.subscriber_id, t.event_id, t.step_id, t.date, ifnull(s.kind, ''), t.to_state"
		" FROM transitions t LEFT JOIN steps s ON s.id = t.step_id"
		" JOIN subscribers r ON r.id = t.subscriber_id AND r.state <> 'active'"
		" WHERE t.subscriber_id = ?1 ORDER BY t.number DESC LIMIT 1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	return read_change (db, statement, change_out, error);
}

static gint64
get_reset_date (const NxSqliteHistory *history, gint64 until)
{
	gint64 reset = G_MININT64;
	for (guint i = 0; i < history->rows->len; i++) {
		const NxHistory *one = &g_array_index (history->rows, NxHistory, i);
		gboolean resets =
			one->deed == NX_DEED_MOVE || one->deed == NX_DEED_RESTORE || one->deed == NX_DEED_ENABLE;
		if (resets && one->date < until)
			reset = MAX (reset, one->date);
	}
	return reset;
}

static gint64
get_date (const NxSqliteHistory *history, gint64 event)
{
	for (guint i = 0; i < history->rows->len; i++) {
		const NxHistory *one = &g_array_index (history->rows, NxHistory, i);
		if (one->deed == NX_DEED_NONE && one->id == event)
			return one->date;
	}
	return 0;
}

static gboolean
is_complaint (const NxSqliteHistory *history, gint64 event)
{
	for (guint i = 0; i < history->rows->len; i++) {
		const NxHistory *one = &g_array_index (history->rows, NxHistory, i);
		if (one->deed == NX_DEED_NONE && one->id == event)
			return one->complains && one->held == 0 && one->aside == 0;
	}
	return FALSE;
}

/*
 * What makes up the score at @until: the events that counted since it was 0 for the last time. A complaint has no
 * weight, but may be what @change came from.
 */
static gboolean
find_causes (Taking *taking, gint64 subscriber, const Change *change, GError **error)
{
	g_autoptr (NxSqliteHistory) history = nx_sqlite_load_history (taking->db, subscriber, error);
	if (history == NULL)
		return FALSE;
	g_autoptr (GArray) effects = NULL;
	nx_policy_evaluate (&history->policy, (const NxHistory *)(void *)history->rows->data, history->rows->len,
			    (const gint64 *)(void *)history->posts->data, history->posts->len, NULL, &effects);
	gint64 until = change->subscriber != 0 ? change->date : G_MAXINT64;
	gint64 reset = get_reset_date (history, until);
	for (guint i = 0; i < effects->len; i++) {
		const NxEffect *effect = &g_array_index (effects, NxEffect, i);
		gint64 date = get_date (history, effect->id);
		if (date <= reset || date > until)
			continue;
		if (effect->weight > 0 || (effect->id == change->event && is_complaint (history, effect->id)))
			take_event (taking, effect->id, subscriber);
		else if (effect->score <= 0)
			g_array_set_size (taking->events, 0);
	}
	return TRUE;
}

gboolean
nx_sqlite_require_subscriber (NxSqlite *db, const char *list, const char *address, gint64 *id_out, GError **error)
{
	static const char sql[] = "SELECT id FROM subscribers WHERE list_id = ?1 AND address_key = ?2";
	gboolean row = FALSE;
	gint64 list_id = 0;
	g_autofree char *key = nx_address_make_key (address);
	if (!nx_sqlite_require_list (db, list, &list_id, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list_id);
	nx_sqlite_bind_text (statement, 2, key);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "%s is not on %s", address, list);
		return FALSE;
	}
	*id_out = sqlite3_column_int64 (statement, 0);
	return TRUE;
}

NxTakenBack *
nx_sqlite_undo_transition (NxStore *store, gint64 transition, const char *list, const char *address, gint64 now,
			   GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (GError) local = NULL;
	g_auto (Taking) taking = { 0 };
	gint64 subscriber = 0;
	Change change = { 0 };
	taking_init (&taking, db);
	if (!nx_sqlite_derive_touched (db, error) ||
	    (list != NULL && !nx_sqlite_require_subscriber (db, list, address, &subscriber, error)))
		return NULL;
	gboolean found = list != NULL ? find_last_change (db, subscriber, &change, &local)
				      : find_change (db, transition, &change, &local);
	if (local != NULL) {
		g_propagate_error (error, g_steal_pointer (&local));
		return NULL;
	}
	if (!found && list == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "there is no change %" G_GINT64_FORMAT "; nixie why ADDRESS shows those of an address",
			     transition);
		return NULL;
	}
	if (found)
		subscriber = change.subscriber;
	/* A removal by the policy alone would come again as soon as something looks. */
	gboolean decided = change.step != 0 && !change.by_policy;
	g_hash_table_add (taking.subscribers, g_memdup2 (&subscriber, sizeof subscriber));
	if (change.heals)
		take_event (&taking, change.event, subscriber);
	else if (!decided && !find_causes (&taking, subscriber, &change, error))
		return NULL;
	return take_back (&taking, decided ? change.step : 0, subscriber, "", now, error);
}
