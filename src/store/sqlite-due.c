/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-due.c: from what a subscriber's standing says is due to a step and the mail that goes with it; and the way
 * back of a reader who answers such a mail. See nixie/outbox.h.
 */
#include "store/sqlite-private.h"

#include <string.h>

/* ---- what is due ---- */

/* What each due action is: a step and a mail. */
static const struct {
	NxAction action;
	NxStepKind step;
	NxOutboxKind mail;
} deeds[] = {
	{ NX_ACTION_WARN, NX_STEP_WARN, NX_OUTBOX_WARNING },
	{ NX_ACTION_PROBE, NX_STEP_PROBE, NX_OUTBOX_PROBE },
	{ NX_ACTION_REMOVE, NX_STEP_EXPIRE, NX_OUTBOX_REMOVED },
};

/* @active: of a preset that acts on readers who get the list's mail. */
typedef struct {
	gint64 subscriber;
	guint deed;
	gboolean active;
} Due;

/* Whoever still gets the list's mail is not to be told that he does not: he is asked whether it arrives. */
static NxOutboxKind
get_mail (const Due *due)
{
	NxOutboxKind mail = deeds[due->deed].mail;
	return mail == NX_OUTBOX_WARNING && due->active ? NX_OUTBOX_PROBE : mail;
}

static gboolean
list_due (NxSqlite *db, gint64 now, guint most, GArray *dues, GError **error)
{
	/* Who was to be warned and does not know it yet must not be removed, nor warned again. */
	static const char sql[] =
		"SELECT id, due, state FROM subscribers s WHERE due_date <> 0 AND due_date <= ?1 AND NOT "
		"EXISTS "
		"(SELECT 1 FROM"
		" outbox o WHERE o.subscriber_id = s.id AND o.kind IN ('warning', 'probe') AND o.done = 0)"
		" ORDER BY due_date, id LIMIT ?2";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, now);
	nx_sqlite_bind_int (statement, 2, most);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		Due due = { .subscriber = sqlite3_column_int64 (statement, 0),
			    .active = nx_sqlite_get_state (statement, 2) == NX_STATE_ACTIVE };
		while (due.deed < G_N_ELEMENTS (deeds) &&
		       strcmp (nx_action_to_string (deeds[due.deed].action), nx_sqlite_get_text (statement, 1)) != 0)
			due.deed++;
		if (due.deed < G_N_ELEMENTS (deeds))
			g_array_append_val (dues, due);
	}
}

/* When the subscription ends if nothing comes in between: 0 when it does not. */
static gboolean
find_end (NxSqlite *db, gint64 subscriber, gint64 now, gint64 *end_out, GError **error)
{
	NxForetold foretold = { 0 };
	g_autoptr (NxSqliteHistory) history = nx_sqlite_load_history (db, subscriber, error);
	if (history == NULL)
		return FALSE;
	nx_policy_foretell_end (&history->policy, (const NxHistory *)(void *)history->rows->data, history->rows->len,
				(const gint64 *)(void *)history->posts->data, history->posts->len, now, &foretold);
	*end_out = foretold.end;
	return TRUE;
}

static gboolean
queue_mail (NxSqlite *db, const Due *due, gint64 step, gint64 end, gint64 now, GError **error)
{
	static const char sql[] =
		"INSERT INTO outbox (key, kind, list_id, subscriber_id, step_id, payload, created, next)"
		" SELECT ?3 || ' ' || ?2, ?3, s.list_id, s.id, ?2, json_object('state', s.state,"
		" 'since', iif(s.since = 0, '', date(s.since, 'unixepoch')),"
		" 'until', iif(?4 = 0, '', date(?4, 'unixepoch')),"
		" 'date', ifnull(date(e.date, 'unixepoch'), ''), 'diagnostic', ifnull(coalesce(nullif(e.diagnostic, "
		"''),"
		" trim(iif(e.reply = 0, '', e.reply) || ' ' || e.status)), '')), ?5, ?5"
		" FROM subscribers s LEFT JOIN events e ON e.id = (SELECT id FROM events WHERE subscriber_id = s.id AND"
		" kind = 'failure' ORDER BY date DESC, key DESC LIMIT 1) WHERE s.id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, due->subscriber);
	nx_sqlite_bind_int (statement, 2, step);
	nx_sqlite_bind_text (statement, 3, nx_outbox_kind_to_string (get_mail (due)));
	nx_sqlite_bind_int (statement, 4, end);
	nx_sqlite_bind_int (statement, 5, now);
	return nx_sqlite_run (db, statement, error);
}

static gboolean
perform (NxSqlite *db, const Due *due, gint64 now, GError **error)
{
	gint64 step = 0;
	gint64 end = 0;
	if (!nx_sqlite_add_step (db, deeds[due->deed].step, due->subscriber, 0, NULL, now, &step, error))
		return FALSE;
	if (get_mail (due) == NX_OUTBOX_WARNING && !find_end (db, due->subscriber, now, &end, error))
		return FALSE;
	return queue_mail (db, due, step, end, now, error);
}

gboolean
nx_sqlite_perform_due (NxStore *store, gint64 now, guint most, NxDeeds *deeds_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (GArray) dues = g_array_new (FALSE, FALSE, sizeof (Due));
	guint counts[G_N_ELEMENTS (deeds)] = { 0 };
	if (!nx_sqlite_derive_touched (db, error) || !list_due (db, now, most, dues, error))
		return FALSE;
	for (guint i = 0; i < dues->len; i++) {
		const Due *due = &g_array_index (dues, Due, i);
		if (!perform (db, due, now, error))
			return FALSE;
		counts[due->deed]++;
	}
	*deeds_out = (NxDeeds){ .warned = counts[0], .probed = counts[1], .removed = counts[2] };
	return TRUE;
}

/* ---- tokens ---- */

gboolean
nx_sqlite_add_token (NxStore *store, gint64 step, const char *hash, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "INSERT INTO tokens (hash, step_id) VALUES (?1, ?2)", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, hash);
	nx_sqlite_bind_int (statement, 2, step);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_find_mail (NxSqlite *db, const char *hash, gint64 *step_out, gint64 *subscriber_out, GError **error)
{
	static const char sql[] = "SELECT t.id, t.subscriber_id FROM tokens k JOIN steps t ON t.id = k.step_id"
				  " WHERE k.hash = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, hash);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*step_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	*subscriber_out = row ? sqlite3_column_int64 (statement, 1) : 0;
	return TRUE;
}

/* Who may come back: whoever is suspended, and whom the policy has removed. */
static gboolean
check_comes_back (NxSqlite *db, gint64 subscriber, const char *hash, char **list_out, char **address_out,
		  GError **error)
{
	static const char sql[] =
		"SELECT l.name, s.address, s.state, (SELECT used FROM tokens WHERE hash = ?2) <> 0,"
		" ifnull((SELECT t.kind FROM transitions x JOIN steps t ON t.id = x.step_id WHERE x.subscriber_id = "
		"s.id"
		" AND x.number = (SELECT max(number) FROM transitions WHERE subscriber_id = s.id)), '') = 'expire'"
		" FROM subscribers s JOIN lists l ON l.id = s.list_id WHERE s.id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_text (statement, 2, hash);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*list_out = g_strdup (nx_sqlite_get_text (statement, 0));
	*address_out = g_strdup (nx_sqlite_get_text (statement, 1));
	NxState state = nx_sqlite_get_state (statement, 2);
	if (sqlite3_column_int (statement, 3) != 0)
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "the token of %s on %s was used already", *address_out,
			     *list_out);
	else if (state == NX_STATE_ACTIVE)
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "%s is active on %s: there is nothing to come back from",
			     *address_out, *list_out);
	else if (state == NX_STATE_REMOVED && sqlite3_column_int (statement, 4) == 0)
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "the subscription of %s to %s was not ended by the policy, so a token does not bring it "
			     "back; see nixie subscriber restore",
			     *address_out, *list_out);
	else
		return TRUE;
	return FALSE;
}

static gboolean
use_tokens (NxSqlite *db, gint64 subscriber, gint64 now, GError **error)
{
	static const char sql[] = "UPDATE tokens SET used = ?2 WHERE used = 0 AND step_id IN (SELECT id FROM steps"
				  " WHERE subscriber_id = ?1)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_int (statement, 2, now);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_enable_subscriber (NxStore *store, const char *hash, gint64 now, gint64 *step_out, char **list_out,
			     char **address_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 mail = 0;
	gint64 subscriber = 0;
	if (!nx_sqlite_derive_touched (db, error) || !nx_sqlite_find_mail (db, hash, &mail, &subscriber, error))
		return FALSE;
	if (subscriber == 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "no reader was sent this token");
		return FALSE;
	}
	return check_comes_back (db, subscriber, hash, list_out, address_out, error) &&
	       use_tokens (db, subscriber, now, error) &&
	       nx_sqlite_add_step (db, NX_STEP_ENABLE, subscriber, 0, NULL, now, step_out, error);
}
