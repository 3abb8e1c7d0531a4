/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-obstacles.c: why a proposed address cannot be accepted.
 *
 * One row of the table an obstacle: a query that gives a row when it is met, and the sentence for it. What it will not
 * do is weigh the evidence: that is for whoever decides.
 */
#include "store/sqlite-private.h"

/* After a move the next one waits: a new address that moves on at once is a chain, or somebody's game. */
#define REST_DAYS 30

/* The old address's subscription, if it has one. */
#define PROPOSAL " FROM proposals p LEFT JOIN subscribers s ON s.id = p.subscriber_id"

/* Of the key K, "@" and domain; a local part may hold "@" only in quotes, and nobody's list has those. */
#define DOMAIN_OF(key) "substr(" key ", instr(" key ", '@'))"

/*
 * In the order in which they are told. Queries: ?1: the proposal. ?2: what was offered last before this is expired.
 * ?3: moves after this are recent. Their only column goes into the sentence at %s.
 */
static const struct {
	const char *sql;
	const char *sentence;
} obstacles[] = {
	{ "SELECT state FROM proposals WHERE id = ?1 AND state IN ('accepted', 'rejected')",
	  "it is %s already; nixie undo takes that back" },
	{ "SELECT '' FROM proposals WHERE id = ?1 AND subscriber_id IS NULL", "the old address is no subscriber" },
	{ "SELECT ''" PROPOSAL " WHERE p.id = ?1 AND s.state = 'removed'", "the subscription has ended" },
	{ "SELECT s.address" PROPOSAL " WHERE p.id = ?1 AND s.address_key <> p.address_key",
	  "the subscription's address is %s by now" },
	{ "SELECT '' FROM proposals WHERE id = ?1 AND last_date < ?2",
	  "it is expired: no report has offered it for a long time" },
	{ "SELECT l.name FROM proposals p JOIN lists l ON l.address_key <> '' AND " DOMAIN_OF (
		  "l.address_key") " = substr(p.forward_key, -length(" DOMAIN_OF ("l.address_key") ")) WHERE p.id = ?1",
	  "the new address lies in a domain of our own, that of list %s" },
	{ "SELECT t.old_address" PROPOSAL " JOIN steps t ON t.subscriber_id = s.id AND t.kind = 'move'"
	  " AND t.undone IS NULL AND t.old_key = p.forward_key WHERE p.id = ?1",
	  "a loop: the subscription had the address %s before" },
	{ "SELECT q.address FROM proposals p JOIN proposals q ON q.address_key = p.forward_key"
	  " AND q.forward_key = p.address_key AND q.state <> 'rejected' WHERE p.id = ?1",
	  "a loop: %s is said to have moved to the old address" },
	{ "SELECT q.forward FROM proposals p JOIN proposals q ON q.address_key = p.forward_key"
	  " AND q.state <> 'rejected' WHERE p.id = ?1",
	  "a chain: the new address is said to have moved on to %s" },
	{ "SELECT date(t.date, 'unixepoch') FROM proposals p JOIN steps t ON t.subscriber_id = p.subscriber_id"
	  " AND t.kind = 'move' AND t.undone IS NULL AND t.date > ?3 WHERE p.id = ?1",
	  "a chain: the subscription has moved on %s, only just" },
	{ "SELECT date(e.date, 'unixepoch') FROM proposals p JOIN events e ON e.address_key = p.forward_key"
	  " AND e.verdict = 'permanent' WHERE p.id = ?1 AND NOT EXISTS (SELECT 1 FROM events d"
	  " WHERE d.address_key = p.forward_key AND d.kind IN ('delivered', 'relayed') AND d.date > e.date)",
	  "mail to the new address has failed for good on %s" },
	{ "SELECT '' FROM proposals p JOIN subscribers s ON s.id = p.subscriber_id"
	  " JOIN subscribers m ON m.list_id = s.list_id AND m.address_key = p.forward_key AND m.state = 'removed'"
	  " WHERE p.id = ?1",
	  "the new address was a subscriber of the list, and left it" },
};

static gboolean
meet_obstacle (NxSqlite *db, guint index, gint64 id, const NxForwardTerms *terms, char **found_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, obstacles[index].sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	if (sqlite3_bind_parameter_count (statement) >= 2)
		nx_sqlite_bind_int (statement, 2, terms->now - (gint64)terms->expire_days * NX_STORE_DAY_SECONDS);
	if (sqlite3_bind_parameter_count (statement) >= 3)
		nx_sqlite_bind_int (statement, 3, terms->now - (gint64)REST_DAYS * NX_STORE_DAY_SECONDS);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (row)
		*found_out = g_strdup (nx_sqlite_get_text (statement, 0));
	return TRUE;
}

/* The table's sentences hold at most one %s, and no other "%". */
static char *
write_sentence (const char *sentence, const char *found)
{
	g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);
	return g_strjoinv (found, parts);
}

gboolean
nx_sqlite_find_obstacle (NxSqlite *db, gint64 id, const NxForwardTerms *terms, char **obstacle_out, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS (obstacles); i++) {
		g_autofree char *found = NULL;
		if (!meet_obstacle (db, i, id, terms, &found, error))
			return FALSE;
		if (found == NULL)
			continue;
		*obstacle_out = write_sentence (obstacles[i].sentence, found);
		return TRUE;
	}
	*obstacle_out = g_strdup ("");
	return TRUE;
}
