/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-decide.c: carrying out what people decide on proposals and subscriptions. See nixie/forward.h.
 *
 * Whatever would be wrong with a new address is looked for again here, under the write lock: between the look and the
 * decision a report may have come.
 */
#include "store/sqlite-private.h"

#include <nixie/address.h>

typedef struct {
	gint64 id;
	gint64 subscriber;
	gint64 list;
	char *address;
	char *address_key;
	char *forward;
	char *forward_key;
} Subject;

static void
subject_clear (Subject *subject)
{
	g_free (subject->address);
	g_free (subject->address_key);
	g_free (subject->forward);
	g_free (subject->forward_key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

static gboolean
set_proposal_missing (gint64 id, GError **error)
{
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "there is no proposal %" G_GINT64_FORMAT "; nixie forward list shows them", id);
	return FALSE;
}

/* @address: as it is subscribed. */
static gboolean
load_subject (NxSqlite *db, gint64 id, Subject *subject_out, GError **error)
{
	static const char sql[] = "SELECT p.subscriber_id, s.list_id, coalesce(s.address, p.address), p.address_key,"
				  " p.forward, p.forward_key FROM proposals p"
				  " LEFT JOIN subscribers s ON s.id = p.subscriber_id WHERE p.id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row)
		return set_proposal_missing (id, error);
	*subject_out = (Subject){
		.id = id,
		.subscriber = sqlite3_column_int64 (statement, 0),
		.list = sqlite3_column_int64 (statement, 1),
		.address = g_strdup (nx_sqlite_get_text (statement, 2)),
		.address_key = g_strdup (nx_sqlite_get_text (statement, 3)),
		.forward = g_strdup (nx_sqlite_get_text (statement, 4)),
		.forward_key = g_strdup (nx_sqlite_get_text (statement, 5)),
	};
	return TRUE;
}

static gboolean
refuse_obstacle (NxSqlite *db, const Subject *subject, const NxForwardTerms *terms, GError **error)
{
	g_autofree char *obstacle = NULL;
	if (!nx_sqlite_find_obstacle (db, subject->id, terms, &obstacle, error))
		return FALSE;
	if (*obstacle == '\0')
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA, "proposal %" G_GINT64_FORMAT " (%s -> %s): %s", subject->id,
		     subject->address, subject->forward, obstacle);
	return FALSE;
}

static gboolean
is_member (NxSqlite *db, const Subject *subject, gboolean *member_out, GError **error)
{
	static const char sql[] = "SELECT 1 FROM subscribers WHERE list_id = ?1 AND address_key = ?2";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subject->list);
	nx_sqlite_bind_text (statement, 2, subject->forward_key);
	return nx_sqlite_step (db, statement, member_out, error);
}

static gboolean
accept (NxSqlite *db, const Subject *subject, const NxForwardTerms *terms, gint64 *step_out, GError **error)
{
	gboolean member = FALSE;
	const NxSqliteMove move = { subject->address, subject->address_key, subject->forward, subject->forward_key };
	if (!refuse_obstacle (db, subject, terms, error) || !is_member (db, subject, &member, error))
		return FALSE;
	if (!member && !nx_sqlite_readdress (db, subject->subscriber, subject->forward, subject->forward_key, error))
		return FALSE;
	return nx_sqlite_add_step (db, member ? NX_STEP_MERGE : NX_STEP_MOVE, subject->subscriber, subject->id, &move,
				   terms->now, step_out, error);
}

static gboolean
ask (NxSqlite *db, const Subject *subject, const char *token_hash, const NxForwardTerms *terms, gint64 *step_out,
     GError **error)
{
	static const char sql[] = "UPDATE proposals SET token_hash = ?2 WHERE id = ?1";
	if (!refuse_obstacle (db, subject, terms, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subject->id);
	nx_sqlite_bind_text (statement, 2, token_hash);
	return nx_sqlite_run (db, statement, error) &&
	       nx_sqlite_add_step (db, NX_STEP_ASK, subject->subscriber, subject->id, NULL, terms->now, step_out,
				   error);
}

static gboolean
refuse_decided (NxSqlite *db, const Subject *subject, GError **error)
{
	static const char sql[] = "SELECT state FROM proposals WHERE id = ?1 AND state IN ('accepted', 'rejected')";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subject->id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (row)
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "proposal %" G_GINT64_FORMAT " is %s already; nixie undo takes that back", subject->id,
			     nx_sqlite_get_text (statement, 0));
	return !row;
}

gboolean
nx_sqlite_decide_proposal (NxStore *store, gint64 id, NxStepKind kind, const char *token_hash,
			   const NxForwardTerms *terms, gint64 *step_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	g_auto (Subject) subject = { 0 };
	/* An obstacle may come from what this transaction has recorded and not yet worked out. */
	if (!nx_sqlite_derive_touched (db, error) || !load_subject (db, id, &subject, error))
		return FALSE;
	switch (kind) {
	case NX_STEP_ASK:
		return ask (db, &subject, token_hash, terms, step_out, error);
	case NX_STEP_MOVE:
		return accept (db, &subject, terms, step_out, error);
	case NX_STEP_REJECT:
		return refuse_decided (db, &subject, error) &&
		       nx_sqlite_add_step (db, kind, subject.subscriber, id, NULL, terms->now, step_out, error);
	case NX_STEP_CONFIRM:
	case NX_STEP_RETURNED:
		return nx_sqlite_add_step (db, kind, subject.subscriber, id, NULL, terms->now, step_out, error);
	case NX_STEP_NONE:
	case NX_STEP_MERGE:
	case NX_STEP_RESTORE:
	case NX_STEP_REMOVE:
	case NX_STEP_UNDO:
	default:
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "no step for a proposal");
		return FALSE;
	}
}

gboolean
nx_sqlite_find_token (NxStore *store, const char *token_hash, gint64 *id_out, gint64 *asked_out, GError **error)
{
	static const char sql[] =
		"SELECT p.id, (SELECT max(date) FROM steps WHERE proposal_id = p.id AND kind = 'ask' AND undone IS "
		"NULL)"
		" FROM proposals p WHERE p.token_hash = ?1 AND p.token_hash <> '' AND p.state = 'asked'";
	NxSqlite *db = (NxSqlite *)store;
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, token_hash);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*id_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	*asked_out = row ? sqlite3_column_int64 (statement, 1) : 0;
	return TRUE;
}

/* ---- subscriptions ---- */

gboolean
nx_sqlite_decide_subscriber (NxStore *store, const char *list, const char *address, NxStepKind kind, gint64 now,
			     gint64 *step_out, GError **error)
{
	static const char sql[] = "SELECT id, state FROM subscribers WHERE list_id = ?1 AND address_key = ?2";
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean row = FALSE;
	g_autofree char *key = nx_address_make_key (address);
	*step_out = 0;
	if (!nx_sqlite_derive_touched (db, error) || !nx_sqlite_require_list (db, list, &list_id, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list_id);
	nx_sqlite_bind_text (statement, 2, key);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "%s is no subscriber of %s", address, list);
		return FALSE;
	}
	gint64 subscriber = sqlite3_column_int64 (statement, 0);
	NxState state = nx_sqlite_get_state (statement, 1);
	if (state == (kind == NX_STEP_REMOVE ? NX_STATE_REMOVED : NX_STATE_ACTIVE))
		return TRUE;
	return nx_sqlite_add_step (db, kind, subscriber, 0, NULL, now, step_out, error);
}
