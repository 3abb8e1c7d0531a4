/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-proposals.c: new addresses that reports offer.
 *
 * One proposal for each (old address's subscription, new address), with the best proven event as its evidence, of these
 * the earliest, whatever the order in which events come. Once somebody has decided on a proposal it stays as it was
 * decided upon. What it will not do is apply one (sqlite-decide.c): the address comes out of a mail that anybody may
 * have written.
 */
#include "store/sqlite-private.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

/* An event that offers an address. */
typedef struct {
	gint64 id;
	NxEventKey key;
	gint64 subscriber;
	char *address;
	char *address_key;
	char *recipient_key;
	char *original_key;
	char *forward;
	char *forward_key;
	gint64 date;
	char *proof;
	char *evidence;
	char *rule;
} Offer;

static void
offer_free (Offer *offer)
{
	if (offer == NULL)
		return;
	g_free (offer->address);
	g_free (offer->address_key);
	g_free (offer->recipient_key);
	g_free (offer->original_key);
	g_free (offer->forward);
	g_free (offer->forward_key);
	g_free (offer->proof);
	g_free (offer->evidence);
	g_free (offer->rule);
	g_free (offer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offer, offer_free)

static char *
copy_text (NxStatement *statement, int column)
{
	return g_strdup (nx_sqlite_get_text (statement, column));
}

/* *offer_out: NULL when the event offers nothing. */
static gboolean
load_offer (NxSqlite *db, gint64 id, Offer **offer_out, GError **error)
{
	static const char sql[] =
		"SELECT e.id, e.key, e.subscriber_id, e.address_key, e.recipient, e.original_recipient,"
		/* An automatic reply is its writer's word and no server's, whatever path it came back on. */
		" e.forward, e.date, iif(e.kind = 'vacation' AND e.proof <> '', 'claim', e.proof), e.diagnostic, "
		"e.rule,"
		" coalesce(s.address, nullif(e.recipient, ''), nullif(e.original_recipient, ''),"
		" e.address_key)"
		" FROM events e LEFT JOIN subscribers s ON s.id = e.subscriber_id"
		" WHERE e.id = ?1 AND e.forward <> ''"
		/* What a server says of an address that was left says nothing on the one that came after it. */
		" AND (s.id IS NULL OR s.address_key = e.address_key)";
	gboolean row;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row) {
		*offer_out = NULL;
		return TRUE;
	}
	Offer *offer = g_new0 (Offer, 1);
	offer->id = sqlite3_column_int64 (statement, 0);
	memcpy (offer->key.bytes, sqlite3_column_blob (statement, 1), sizeof offer->key.bytes);
	offer->subscriber = sqlite3_column_int64 (statement, 2);
	offer->address_key = copy_text (statement, 3);
	offer->recipient_key = nx_address_make_key (nx_sqlite_get_text (statement, 4));
	offer->original_key = nx_address_make_key (nx_sqlite_get_text (statement, 5));
	offer->forward = copy_text (statement, 6);
	offer->forward_key = nx_address_make_key (offer->forward);
	offer->date = sqlite3_column_int64 (statement, 7);
	offer->proof = copy_text (statement, 8);
	offer->evidence = copy_text (statement, 9);
	offer->rule = copy_text (statement, 10);
	offer->address = copy_text (statement, 11);
	*offer_out = offer;
	return TRUE;
}

/* How well an event proves what it offers, for comparing in SQL. */
#define PROOF_RANK(column)                                                                                           \
	"CASE " column " WHEN 'claim' THEN 1 WHEN 'verp' THEN 2 WHEN 'original' THEN 3 WHEN 'signed' THEN 4 ELSE 0 " \
	"END"

static gboolean
insert_offer (NxSqlite *db, const Offer *offer, GError **error)
{
	static const char sql[] =
		"INSERT INTO proposals (event_id, subscriber_id, address, address_key, forward, forward_key, date,"
		" last_date, proof, evidence, rule) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10)"
		" ON CONFLICT (address_key, forward_key, ifnull(subscriber_id, 0)) DO UPDATE SET event_id = ?1,"
		" address = ?3, forward = ?5, date = ?7, proof = ?8, evidence = ?9, rule = ?10"
		" WHERE state IN ('open', 'asked') AND (" PROOF_RANK ("proof") " < " PROOF_RANK (
			"?8") " OR (proof = ?8 AND (date > ?7 OR (date = ?7"
			      " AND (SELECT key FROM events WHERE id = proposals.event_id) >= ?11))))";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, offer->id);
	nx_sqlite_bind_id (statement, 2, offer->subscriber);
	nx_sqlite_bind_text (statement, 3, offer->address);
	nx_sqlite_bind_text (statement, 4, offer->address_key);
	nx_sqlite_bind_text (statement, 5, offer->forward);
	nx_sqlite_bind_text (statement, 6, offer->forward_key);
	nx_sqlite_bind_int (statement, 7, offer->date);
	nx_sqlite_bind_text (statement, 8, offer->proof);
	nx_sqlite_bind_text (statement, 9, offer->evidence);
	nx_sqlite_bind_text (statement, 10, offer->rule);
	nx_sqlite_bind_key (statement, 11, &offer->key);
	return nx_sqlite_run (db, statement, error);
}

static gboolean
write_offer (NxSqlite *db, const Offer *offer, GError **error)
{
	static const char sql[] = "UPDATE proposals SET last_date = ?4 WHERE address_key = ?1 AND forward_key = ?2"
				  " AND ifnull(subscriber_id, 0) = ?3 AND last_date < ?4";
	if (!insert_offer (db, offer, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, offer->address_key);
	nx_sqlite_bind_text (statement, 2, offer->forward_key);
	nx_sqlite_bind_int (statement, 3, offer->subscriber);
	nx_sqlite_bind_int (statement, 4, offer->date);
	return nx_sqlite_run (db, statement, error);
}

gboolean
nx_sqlite_offer (NxSqlite *db, gint64 id, GError **error)
{
	g_autoptr (Offer) offer = NULL;
	if (!load_offer (db, id, &offer, error) || !nx_sqlite_load_lists (db, error))
		return FALSE;
	if (offer == NULL)
		return TRUE;
	const char *const failed[] = { offer->address_key, offer->recipient_key, offer->original_key, NULL };
	if (!nx_store_is_offerable (offer->forward, offer->forward_key, failed, db->lists))
		return TRUE;
	return write_offer (db, offer, error);
}

/* ---- when an event gets its subscription ---- */

/* The proposal that rests on the event goes with it, decided upon or not, unless the subscription has one already. */
static gboolean
move_proposal (NxSqlite *db, gint64 id, const char *address_key, gboolean *moved_out, GError **error)
{
	static const char move[] =
		"UPDATE OR IGNORE proposals SET (subscriber_id, address, address_key) ="
		" (SELECT s.id, s.address, s.address_key FROM events e JOIN subscribers s ON s.id = e.subscriber_id"
		" WHERE e.id = ?1) WHERE event_id = ?1 AND address_key = ?2 AND subscriber_id IS NULL";
	static const char drop[] = "DELETE FROM proposals WHERE event_id = ?1 AND address_key = ?2"
				   " AND subscriber_id IS NULL AND state = 'open'"
				   " AND NOT EXISTS (SELECT 1 FROM steps WHERE proposal_id = proposals.id)";
	g_autoptr (NxStatement) mover = nx_sqlite_prepare (db, move, error);
	g_autoptr (NxStatement) dropper = mover != NULL ? nx_sqlite_prepare (db, drop, error) : NULL;
	if (dropper == NULL)
		return FALSE;
	nx_sqlite_bind_int (mover, 1, id);
	nx_sqlite_bind_text (mover, 2, address_key);
	nx_sqlite_bind_int (dropper, 1, id);
	nx_sqlite_bind_text (dropper, 2, address_key);
	if (!nx_sqlite_run (db, mover, error))
		return FALSE;
	*moved_out = sqlite3_changes (db->handle) > 0;
	if (!nx_sqlite_run (db, dropper, error))
		return FALSE;
	*moved_out = *moved_out || sqlite3_changes (db->handle) > 0;
	return TRUE;
}

static gboolean
offer_listed (NxSqlite *db, NxStatement *statement, GError **error)
{
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	for (gboolean row = TRUE; row;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		gint64 id = row ? sqlite3_column_int64 (statement, 0) : 0;
		if (row)
			g_array_append_val (ids, id);
	}
	for (guint i = 0; i < ids->len; i++)
		if (!nx_sqlite_offer (db, g_array_index (ids, gint64, i), error))
			return FALSE;
	return TRUE;
}

/* The other unlinked events of the address may offer what the moved one did. */
static gboolean
offer_unlinked (NxSqlite *db, const char *address_key, GError **error)
{
	static const char sql[] =
		"SELECT id FROM events WHERE address_key = ?1 AND subscriber_id IS NULL AND forward <> ''"
		" ORDER BY date, key";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, address_key);
	return offer_listed (db, statement, error);
}

gboolean
nx_sqlite_offer_all (NxSqlite *db, gint64 subscriber, GError **error)
{
	static const char sql[] = "SELECT id FROM events WHERE subscriber_id = ?1 AND forward <> '' ORDER BY date, key";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	return offer_listed (db, statement, error);
}

gboolean
nx_sqlite_move_offer (NxSqlite *db, gint64 id, const char *address_key, GError **error)
{
	gboolean moved = FALSE;
	if (!move_proposal (db, id, address_key, &moved, error) || !nx_sqlite_offer (db, id, error))
		return FALSE;
	return !moved || offer_unlinked (db, address_key, error);
}

/* ---- for people ---- */

static void
free_proposal (gpointer proposal)
{
	nx_proposal_free (proposal);
}

/* Old offers are old news. */
static gboolean
is_expired (const NxProposal *proposal, const NxForwardTerms *terms)
{
	gboolean undecided = strcmp (proposal->state, "open") == 0 || strcmp (proposal->state, "asked") == 0;
	return undecided && terms != NULL &&
	       proposal->last_date < terms->now - (gint64)terms->expire_days * NX_STORE_DAY_SECONDS;
}

static NxProposal *
read_proposal (NxStatement *statement, const NxForwardTerms *terms)
{
	NxProposal *proposal = g_new0 (NxProposal, 1);
	proposal->id = sqlite3_column_int64 (statement, 0);
	proposal->list = copy_text (statement, 1);
	proposal->subscriber = copy_text (statement, 2);
	proposal->forward = copy_text (statement, 3);
	proposal->state = copy_text (statement, 4);
	proposal->date = sqlite3_column_int64 (statement, 5);
	proposal->proof = nx_sqlite_get_proof (statement, 6);
	proposal->evidence = copy_text (statement, 7);
	proposal->rule = copy_text (statement, 8);
	proposal->last_date = sqlite3_column_int64 (statement, 9);
	proposal->member = sqlite3_column_int (statement, 10) != 0;
	proposal->obstacle = g_strdup ("");
	if (is_expired (proposal, terms))
		nx_text_set (&proposal->state, "expired");
	return proposal;
}

static GPtrArray *
read_proposals (NxSqlite *db, gint64 id, gint64 list, const char *address, const NxForwardTerms *terms, GError **error)
{
	static const char sql[] =
		"SELECT p.id, l.name, p.address, p.forward, p.state, p.date, p.proof, p.evidence, p.rule, p.last_date,"
		" EXISTS (SELECT 1 FROM subscribers m WHERE m.list_id = s.list_id AND m.address_key = p.forward_key"
		" AND m.id <> s.id AND m.state <> 'removed')"
		" FROM proposals p JOIN events e ON e.id = p.event_id LEFT JOIN subscribers s ON s.id = p.subscriber_id"
		" LEFT JOIN lists l ON l.id = coalesce(s.list_id, e.list_id)"
		" WHERE (?1 = '' OR p.address_key = ?1) AND (?2 = 0 OR l.id = ?2) AND (?3 = 0 OR p.id = ?3)"
		" ORDER BY p.date, e.key";
	g_autofree char *key = *address != '\0' ? nx_address_make_key (address) : g_strdup ("");
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_text (statement, 1, key);
	nx_sqlite_bind_int (statement, 2, list);
	nx_sqlite_bind_int (statement, 3, id);
	g_autoptr (GPtrArray) proposals = g_ptr_array_new_with_free_func (free_proposal);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&proposals);
		g_ptr_array_add (proposals, read_proposal (statement, terms));
	}
}

static gboolean
fill_obstacles (NxSqlite *db, GPtrArray *proposals, const NxForwardTerms *terms, GError **error)
{
	for (guint i = 0; i < proposals->len; i++) {
		NxProposal *proposal = g_ptr_array_index (proposals, i);
		char *obstacle = NULL;
		if (!nx_sqlite_find_obstacle (db, proposal->id, terms, &obstacle, error))
			return FALSE;
		nx_text_take (&proposal->obstacle, obstacle);
	}
	return TRUE;
}

GPtrArray *
nx_sqlite_list_proposals (NxStore *store, gint64 id, const char *address, const char *list, const NxForwardTerms *terms,
			  GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	g_autoptr (GPtrArray) proposals = NULL;
	if (nx_sqlite_require_list (db, list, &list_id, error))
		proposals = read_proposals (db, id, list_id, address, terms, error);
	if (proposals != NULL && terms != NULL && !fill_obstacles (db, proposals, terms, error))
		g_clear_pointer (&proposals, g_ptr_array_unref);
	nx_sqlite_end_read (db, own);
	return g_steal_pointer (&proposals);
}
