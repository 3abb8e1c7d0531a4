/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-steps.c: the journal of what people decided, and taking a step back.
 *
 * A step is never changed or deleted; undoing one adds another that names it. What follows from steps (a subscription's
 * state, a proposal's) is worked out anew from those that stand, so that undoing needs no memory of what was before.
 * The one thing that is not worked out is the subscription's address: a MOVE writes it, and its undoing writes it back.
 */
#include "store/sqlite-incidents.h"

#include <nixie/address.h>

#include <string.h>

#include "base/text.h"

/* ---- words ---- */

static const struct {
	const char *name;
	NxStepKind kind;
	NxDeed deed;
} kinds[] = {
	{ "", NX_STEP_NONE, NX_DEED_NONE },           { "ask", NX_STEP_ASK, NX_DEED_NONE },
	{ "confirm", NX_STEP_CONFIRM, NX_DEED_NONE }, { "returned", NX_STEP_RETURNED, NX_DEED_NONE },
	{ "move", NX_STEP_MOVE, NX_DEED_MOVE },       { "merge", NX_STEP_MERGE, NX_DEED_MERGE },
	{ "reject", NX_STEP_REJECT, NX_DEED_NONE },   { "restore", NX_STEP_RESTORE, NX_DEED_RESTORE },
	{ "remove", NX_STEP_REMOVE, NX_DEED_REMOVE }, { "undo", NX_STEP_UNDO, NX_DEED_NONE },
	{ "warn", NX_STEP_WARN, NX_DEED_WARN },       { "probe", NX_STEP_PROBE, NX_DEED_PROBE },
	{ "enable", NX_STEP_ENABLE, NX_DEED_ENABLE }, { "expire", NX_STEP_EXPIRE, NX_DEED_EXPIRE },
	{ "aside", NX_STEP_ASIDE, NX_DEED_NONE },     { "close", NX_STEP_CLOSE, NX_DEED_NONE },
	{ "count", NX_STEP_COUNT, NX_DEED_NONE },     { "hold", NX_STEP_HOLD, NX_DEED_NONE },
	{ "policy", NX_STEP_POLICY, NX_DEED_NONE },
};

static guint
find_kind (const char *name)
{
	for (guint i = 1; i < G_N_ELEMENTS (kinds); i++)
		if (strcmp (kinds[i].name, name) == 0)
			return i;
	return 0;
}

const char *
nx_step_kind_to_string (NxStepKind kind)
{
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return kinds[0].name;
}

NxDeed
nx_sqlite_get_deed (sqlite3_stmt *statement, int column)
{
	return kinds[find_kind (nx_sqlite_get_text (statement, column))].deed;
}

/* ---- what follows from a proposal's steps ---- */

/* The last step that stands decides. A mail that came back asks nobody any more. */
static gboolean
derive_proposal (NxSqlite *db, gint64 proposal, GError **error)
{
	static const char sql[] =
		"UPDATE proposals SET state = ifnull((SELECT CASE kind WHEN 'move' THEN 'accepted'"
		" WHEN 'merge' THEN 'accepted' WHEN 'reject' THEN 'rejected' WHEN 'ask' THEN 'asked' ELSE 'open' END"
		" FROM steps WHERE proposal_id = ?1 AND undone IS NULL AND kind <> 'undo' ORDER BY id DESC LIMIT 1), "
		"'open')"
		" WHERE id = ?1";
	static const char drop_token[] = "UPDATE proposals SET token_hash = '' WHERE id = ?1 AND state <> 'asked'";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	g_autoptr (NxStatement) dropper = statement != NULL ? nx_sqlite_prepare (db, drop_token, error) : NULL;
	if (dropper == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, proposal);
	nx_sqlite_bind_int (dropper, 1, proposal);
	return nx_sqlite_run (db, statement, error) && nx_sqlite_run (db, dropper, error);
}

static gboolean
derive_all (NxSqlite *db, gint64 subscriber, gint64 proposal, GError **error)
{
	if (subscriber != 0 && !nx_sqlite_touch (db, subscriber, error))
		return FALSE;
	return proposal == 0 || derive_proposal (db, proposal, error);
}

/* ---- adding ---- */

static gboolean
insert_step (NxSqlite *db, NxStepKind kind, gint64 subscriber, gint64 proposal, const NxSqliteMove *move, gint64 undoes,
	     gint64 now, gint64 *step_out, GError **error)
{
	static const char sql[] = "INSERT INTO steps (date, kind, subscriber_id, proposal_id, old_address, old_key,"
				  " new_address, new_key, undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
	static const NxSqliteMove none = { "", "", "", "" };
	if (move == NULL)
		move = &none;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, now);
	nx_sqlite_bind_text (statement, 2, nx_step_kind_to_string (kind));
	nx_sqlite_bind_id (statement, 3, subscriber);
	nx_sqlite_bind_id (statement, 4, proposal);
	nx_sqlite_bind_text (statement, 5, move->old_address);
	nx_sqlite_bind_text (statement, 6, move->old_key);
	nx_sqlite_bind_text (statement, 7, move->new_address);
	nx_sqlite_bind_text (statement, 8, move->new_key);
	nx_sqlite_bind_id (statement, 9, undoes);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*step_out = sqlite3_last_insert_rowid (db->handle);
	return TRUE;
}

gboolean
nx_sqlite_add_step (NxSqlite *db, NxStepKind kind, gint64 subscriber, gint64 proposal, const NxSqliteMove *move,
		    gint64 now, gint64 *step_out, GError **error)
{
	return insert_step (db, kind, subscriber, proposal, move, 0, now, step_out, error) &&
	       derive_all (db, subscriber, proposal, error);
}

gboolean
nx_sqlite_add_note (NxSqlite *db, NxStepKind kind, gint64 subscriber, const char *note, gint64 now, gint64 *step_out,
		    GError **error)
{
	if (!nx_sqlite_add_step (db, kind, subscriber, 0, NULL, now, step_out, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "UPDATE steps SET note = ?2 WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, *step_out);
	nx_sqlite_bind_text (statement, 2, note);
	return nx_sqlite_run (db, statement, error);
}

/* What is set aside, or comes back, may end an incident or open one. */
static gboolean
mark_aside_days (NxSqlite *db, gint64 step, GError **error)
{
	static const char sql[] = "INSERT INTO stale_days (list_id, day) SELECT DISTINCT e.list_id,"
				  " (e.date - 86399 * (e.date < 0)) / 86400 FROM asides a JOIN events e"
				  " ON e.id = a.event_id WHERE a.step_id = ?1 AND e.list_id IS NOT NULL"
				  " AND e.domain <> 0 ON CONFLICT DO NOTHING";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, step);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_touch_asides (NxSqlite *db, gint64 step, GError **error)
{
	static const char sql[] = "SELECT DISTINCT e.subscriber_id FROM asides a JOIN events e ON e.id = a.event_id"
				  " WHERE a.step_id = ?1 AND e.subscriber_id IS NOT NULL ORDER BY 1";
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, step);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			break;
		gint64 id = sqlite3_column_int64 (statement, 0);
		g_array_append_val (ids, id);
	}
	for (guint i = 0; i < ids->len; i++)
		if (!nx_sqlite_touch (db, g_array_index (ids, gint64, i), error))
			return FALSE;
	return mark_aside_days (db, step, error);
}

gboolean
nx_sqlite_readdress (NxSqlite *db, gint64 subscriber, const char *address, const char *key, GError **error)
{
	/* The hook's list manager knows the subscription by the address that it has had so far. */
	static const char sql[] = "UPDATE subscribers SET told_address = iif(told_address = '', address, told_address),"
				  " address = ?2, address_key = ?3, domain = ?4 WHERE id = ?1 RETURNING list_id";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	nx_sqlite_bind_text (statement, 2, address);
	nx_sqlite_bind_text (statement, 3, key);
	nx_sqlite_bind_int (statement, 4, nx_store_make_domain_name (key));
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	gint64 list = row ? sqlite3_column_int64 (statement, 0) : 0;
	nx_statement_reset (statement);
	return !row || nx_sqlite_mark_members (db, list, error);
}

/* ---- undoing ---- */

typedef struct {
	gint64 id;
	NxStepKind kind;
	gint64 subscriber;
	gint64 proposal;
	gint64 undoes;
	gint64 undone;
	char *old_address;
	char *old_key;
	char *new_address;
	char *new_key;
} Taken;

static void
taken_clear (Taken *taken)
{
	g_free (taken->old_address);
	g_free (taken->old_key);
	g_free (taken->new_address);
	g_free (taken->new_key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taken, taken_clear)

static gboolean
load_step (NxSqlite *db, gint64 id, Taken *taken_out, GError **error)
{
	static const char sql[] = "SELECT kind, subscriber_id, proposal_id, undone, old_address, old_key, new_address,"
				  " new_key, undoes FROM steps WHERE id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "there is no step %" G_GINT64_FORMAT "; nixie why ADDRESS shows those of an address", id);
		return FALSE;
	}
	*taken_out = (Taken){
		.id = id,
		.kind = kinds[find_kind (nx_sqlite_get_text (statement, 0))].kind,
		.subscriber = sqlite3_column_int64 (statement, 1),
		.proposal = sqlite3_column_int64 (statement, 2),
		.undone = sqlite3_column_int64 (statement, 3),
		.old_address = g_strdup (nx_sqlite_get_text (statement, 4)),
		.old_key = g_strdup (nx_sqlite_get_text (statement, 5)),
		.new_address = g_strdup (nx_sqlite_get_text (statement, 6)),
		.new_key = g_strdup (nx_sqlite_get_text (statement, 7)),
		.undoes = sqlite3_column_int64 (statement, 8),
	};
	return TRUE;
}

/* Later decisions on the same proposal rest on this one, and so do those that changed the same subscription. */
static gboolean
find_later (NxSqlite *db, const Taken *taken, gint64 *later_out, GError **error)
{
	static const char sql[] =
		"SELECT max(id) FROM steps WHERE id > ?1 AND undone IS NULL AND kind <> 'undo'"
		" AND (proposal_id = ?2 OR (subscriber_id = ?3"
		" AND kind IN ('move', 'merge', 'restore', 'remove', 'enable'))"
		" OR (?4 AND kind = 'policy' AND list_id IS (SELECT list_id FROM steps WHERE id = ?1)))";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, taken->id);
	nx_sqlite_bind_id (statement, 2, taken->proposal);
	nx_sqlite_bind_id (statement, 3, taken->subscriber);
	nx_sqlite_bind_int (statement, 4, taken->kind == NX_STEP_POLICY);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*later_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	return TRUE;
}

static gboolean
check_last (NxSqlite *db, const Taken *taken, GError **error)
{
	gint64 later = 0;
	if (!find_later (db, taken, &later, error))
		return FALSE;
	if (later == 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "step %" G_GINT64_FORMAT " rests on step %" G_GINT64_FORMAT "; undo it first", later, taken->id);
	return FALSE;
}

static gboolean
check_undoable (NxSqlite *db, const Taken *taken, GError **error)
{
	if (taken->undone == 0)
		return check_last (db, taken, error);
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "step %" G_GINT64_FORMAT " was taken back already, by step %" G_GINT64_FORMAT, taken->id,
		     taken->undone);
	return FALSE;
}

/* The address that it would get (back) may have been subscribed anew since. */
static gboolean
check_free (NxSqlite *db, const Taken *taken, const char *address, const char *key, GError **error)
{
	static const char sql[] = "SELECT 1 FROM subscribers WHERE address_key = ?2"
				  " AND list_id = (SELECT list_id FROM subscribers WHERE id = ?1) AND id <> ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, taken->subscriber);
	nx_sqlite_bind_text (statement, 2, key);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "step %" G_GINT64_FORMAT " cannot be taken back: %s is a subscriber of its own again", taken->id,
		     address);
	return FALSE;
}

static gboolean
mark_undone (NxSqlite *db, gint64 step, gint64 by, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "UPDATE steps SET undone = ?2 WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, step);
	nx_sqlite_bind_id (statement, 2, by);
	return nx_sqlite_run (db, statement, error);
}

static gboolean
move_to (NxSqlite *db, const Taken *taken, const char *address, const char *key, GError **error)
{
	if (nx_sqlite_is_hashed (key)) {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "step %" G_GINT64_FORMAT " cannot be taken back: the other address was forgotten",
			     taken->id);
		return FALSE;
	}
	return check_free (db, taken, address, key, error) &&
	       nx_sqlite_readdress (db, taken->subscriber, address, key, error) &&
	       nx_sqlite_offer_all (db, taken->subscriber, error);
}

/* Only the last token's hash is kept, and that went out with this step: the token of an ask before it is void too. */
static gboolean
void_token (NxSqlite *db, const Taken *taken, GError **error)
{
	static const char sql[] = "UPDATE proposals SET token_hash = '' WHERE id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, taken->proposal);
	return nx_sqlite_run (db, statement, error);
}

/* What a step did beyond what follows from its standing in the journal. */
static gboolean
reverse (NxSqlite *db, const Taken *taken, GError **error)
{
	switch (taken->kind) {
	case NX_STEP_MOVE:
		return move_to (db, taken, taken->old_address, taken->old_key, error);
	case NX_STEP_ASK:
		return void_token (db, taken, error);
	case NX_STEP_ASIDE:
		return nx_sqlite_touch_asides (db, taken->id, error);
	case NX_STEP_POLICY:
		return nx_sqlite_swap_policy (db, taken->id, error);
	default:
		return TRUE;
	}
}

/* Undoing an undo: the step that it took back stands again. */
static gboolean
repeat (NxSqlite *db, const Taken *undo, GError **error)
{
	g_auto (Taken) taken = { 0 };
	if (!load_step (db, undo->undoes, &taken, error))
		return FALSE;
	switch (taken.kind) {
	case NX_STEP_UNDO:
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "step %" G_GINT64_FORMAT " made step %" G_GINT64_FORMAT " stand again; undo that one",
			     undo->id, taken.undoes);
		return FALSE;
	case NX_STEP_ASK:
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "step %" G_GINT64_FORMAT " took back a mail that asked a new address, whose token is void "
			     "now; ask again",
			     undo->id);
		return FALSE;
	case NX_STEP_MOVE:
		if (!move_to (db, &taken, taken.new_address, taken.new_key, error))
			return FALSE;
		break;
	case NX_STEP_ASIDE:
		if (!nx_sqlite_touch_asides (db, taken.id, error))
			return FALSE;
		break;
	case NX_STEP_POLICY:
		if (!check_last (db, &taken, error) || !nx_sqlite_swap_policy (db, taken.id, error))
			return FALSE;
		break;
	default:
		break;
	}
	return mark_undone (db, taken.id, 0, error);
}

gboolean
nx_sqlite_undo_step (NxStore *store, gint64 step, gint64 now, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 by = 0;
	g_auto (Taken) taken = { 0 };
	if (!load_step (db, step, &taken, error) || !check_undoable (db, &taken, error))
		return FALSE;
	if (taken.kind == NX_STEP_UNDO ? !repeat (db, &taken, error) : !reverse (db, &taken, error))
		return FALSE;
	return insert_step (db, NX_STEP_UNDO, taken.subscriber, taken.proposal, NULL, step, now, &by, error) &&
	       mark_undone (db, step, by, error) &&
	       nx_sqlite_mark_step (db, taken.undoes != 0 ? taken.undoes : step, error) &&
	       derive_all (db, taken.subscriber, taken.proposal, error);
}

/* ---- for people ---- */

static void
free_step (gpointer step)
{
	nx_step_free (step);
}

static NxStep *
read_step (NxStatement *statement)
{
	NxStep *step = g_new0 (NxStep, 1);
	step->id = sqlite3_column_int64 (statement, 0);
	step->date = sqlite3_column_int64 (statement, 1);
	step->kind = kinds[find_kind (nx_sqlite_get_text (statement, 2))].kind;
	step->list = g_strdup (nx_sqlite_get_text (statement, 3));
	step->subscriber = g_strdup (nx_sqlite_get_text (statement, 4));
	step->old_address = g_strdup (nx_sqlite_get_text (statement, 5));
	step->new_address = g_strdup (nx_sqlite_get_text (statement, 6));
	step->proposal = sqlite3_column_int64 (statement, 7);
	step->undoes = sqlite3_column_int64 (statement, 8);
	step->undone = sqlite3_column_int64 (statement, 9);
	step->note = g_strdup (nx_sqlite_get_text (statement, 10));
	return step;
}

static GPtrArray *
read_steps (NxSqlite *db, const char *address, gint64 list, GError **error)
{
	static const char sql[] =
		"SELECT t.id, t.date, t.kind, l.name, coalesce(s.address, p.address, iif(t.scope <> '', t.scope || ' ' "
		"|| t.name, NULL)),"
		" t.old_address, t.new_address,"
		" t.proposal_id, t.undoes, t.undone, t.note FROM steps t LEFT JOIN subscribers s ON s.id = "
		"t.subscriber_id"
		" LEFT JOIN proposals p ON p.id = t.proposal_id LEFT JOIN lists l ON l.id = coalesce(t.list_id, "
		"s.list_id)"
		" WHERE (?1 = '' OR s.address_key = ?1 OR p.address_key = ?1 OR t.subscriber_id IN"
		" (SELECT subscriber_id FROM steps WHERE kind IN ('move', 'merge') AND (old_key = ?1 OR new_key = ?1)))"
		" AND (?2 = 0 OR l.id = ?2) ORDER BY t.id";
	g_autofree char *key = *address != '\0' ? nx_address_make_key (address) : g_strdup ("");
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_text (statement, 1, key);
	nx_sqlite_bind_int (statement, 2, list);
	g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (free_step);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&steps);
		g_ptr_array_add (steps, read_step (statement));
	}
}

GPtrArray *
nx_sqlite_list_steps (NxStore *store, const char *address, const char *list, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	GPtrArray *steps = NULL;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	if (nx_sqlite_require_list (db, list, &list_id, error))
		steps = read_steps (db, address, list_id, error);
	nx_sqlite_end_read (db, own);
	return steps;
}
