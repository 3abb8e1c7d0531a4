/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-incident-rows.c: the rows of incidents: a group's chains are summed up, and what came out different is
 * written. An incident that stays what it is keeps its number; which one that is tell the days that belong to it.
 */
#include "store/sqlite-incidents.h"

#include "smtp/organisation.h"

static gint64 *
copy_number (gint64 number)
{
	return g_memdup2 (&number, sizeof number);
}

static char *
make_note (const NxOutcome *outcome)
{
	static const char *const rulings[] = {
		[NX_RULING_NONE] = "",
		[NX_RULING_CLOSE] = "closed by hand: what came later counts",
		[NX_RULING_COUNT] = "no incident, by hand: its failures count",
		[NX_RULING_HOLD] = "held by hand, however long it lasts",
	};
	if (outcome->ruling != NX_RULING_NONE || outcome->lasts == 0)
		return g_strdup (rulings[outcome->ruling]);
	g_autoptr (GDateTime) day = g_date_time_new_from_unix_utc (outcome->lasts * NX_STORE_DAY_SECONDS);
	g_autofree char *date = day != NULL ? g_date_time_format (day, "%Y-%m-%d") : g_strdup ("then");
	return g_strdup_printf ("lasts: since %s its failures count", date);
}

/* The name and the words of an incident are those of its example. */
typedef struct {
	char *name;
	char *diagnostic;
} Words;

static void
words_clear (Words *words)
{
	g_free (words->name);
	g_free (words->diagnostic);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
load_words (NxSqliteSettling *settling, NxScope scope, gint64 event, Words *words_out, GError **error)
{
	static const char sql[] = "SELECT address_key, remote_mta, original_message_id, diagnostic FROM events"
				  " WHERE id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, event);
	if (!nx_sqlite_step (settling->db, statement, &row, error))
		return FALSE;
	/* An example that was purged reads as "". */
	if (scope == NX_SCOPE_DOMAIN)
		words_out->name = g_strdup (nx_address_get_domain (nx_sqlite_get_text (statement, 0)));
	else if (scope == NX_SCOPE_PROVIDER)
		words_out->name = nx_organisation_make_name (nx_sqlite_get_text (statement, 1));
	else
		words_out->name = g_strdup (nx_sqlite_get_text (statement, 2));
	words_out->diagnostic = g_strdup (nx_sqlite_get_text (statement, 3));
	return TRUE;
}

static void
bind_outcome (NxStatement *statement, const NxGroupDay *key, const NxOutcome *outcome, const Words *words,
	      const char *note)
{
	nx_sqlite_bind_text (statement, 2, nx_scope_to_string (key->scope));
	nx_sqlite_bind_text (statement, 3, words->name);
	nx_sqlite_bind_text (statement, 4, nx_sqlite_verdict_word (key->verdict));
	nx_sqlite_bind_int (statement, 5, outcome->opened);
	nx_sqlite_bind_int (statement, 6, outcome->last);
	nx_sqlite_bind_int (statement, 7, outcome->closed);
	nx_sqlite_bind_int (statement, 8, outcome->addresses);
	nx_sqlite_bind_text (statement, 9, nx_sqlite_reason_word (outcome->reason));
	nx_sqlite_bind_text (statement, 10, words->diagnostic);
	nx_sqlite_bind_text (statement, 11, note);
}

/* @id: 0 for a new one; it is set then. */
static gboolean
write_outcome (NxSqliteSettling *settling, const NxGroupDay *key, const NxOutcome *outcome, gint64 *id, GError **error)
{
	static const char insert[] =
		"INSERT INTO incidents (list_id, scope, name, verdict, opened, last, closed, addresses, reason,"
		" diagnostic, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
	static const char update[] = "UPDATE incidents SET opened = ?5, last = ?6, closed = ?7, addresses = ?8, reason "
				     "= ?9, diagnostic = ?10,"
				     " note = ?11 WHERE id = ?1 AND scope = ?2 AND name = ?3 AND verdict = ?4"
				     " AND (opened, last, closed, addresses, reason, diagnostic, note)"
				     " <> (?5, ?6, ?7, ?8, ?9, ?10, ?11)";
	g_auto (Words) words = { 0 };
	g_autofree char *note = make_note (outcome);
	if (!load_words (settling, key->scope, outcome->example, &words, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, *id == 0 ? insert : update, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, *id == 0 ? settling->list : *id);
	bind_outcome (statement, key, outcome, &words, note);
	if (!nx_sqlite_run (settling->db, statement, error))
		return FALSE;
	if (*id == 0)
		*id = sqlite3_last_insert_rowid (settling->db->handle);
	return TRUE;
}

/* A day whose failures are not looked at again: it is the incident's number alone that is another. */
static gboolean
renumber_day (NxSqliteSettling *settling, gint64 day, gint64 old, gint64 id, GError **error)
{
	static const char sql[] = "UPDATE events SET incident_id = ?5 WHERE incident_id = ?4 AND list_id = ?1"
				  " AND date >= ?2 AND date < ?3";
	if (old == 0 || g_hash_table_contains (settling->days, &day))
		return TRUE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, settling->list);
	nx_sqlite_bind_int (statement, 2, day * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 3, (day + 1) * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 4, old);
	nx_sqlite_bind_id (statement, 5, id);
	return nx_sqlite_run (settling->db, statement, error);
}

/* @wanted: the number of each row's incident. */
static gboolean
number_days (NxSqliteSettling *settling, NxSqliteGroup *group, const gint64 *wanted, GError **error)
{
	for (guint i = 0; i < group->rows->len; i++) {
		NxSqliteDay *row = &g_array_index (group->rows, NxSqliteDay, i);
		if (row->incident == wanted[i])
			continue;
		if (!renumber_day (settling, row->group.day, row->incident, wanted[i], error))
			return FALSE;
		row->incident = wanted[i];
		if (!nx_sqlite_put_day (settling->db, settling->list, row, error))
			return FALSE;
	}
	return TRUE;
}

/* The number that the chain has by its earliest day that has one; 0 for none. */
static gint64
find_id (NxSqliteSettling *settling, const NxSqliteGroup *group, int chain)
{
	for (guint i = 0; i < group->rows->len; i++) {
		const NxSqliteDay *row = &g_array_index (group->rows, NxSqliteDay, i);
		if (g_array_index (group->days, NxGroupDay, i).chain == chain && row->incident != 0 &&
		    !g_hash_table_contains (settling->kept, &row->incident))
			return row->incident;
	}
	return 0;
}

static void
set_wanted (const NxSqliteGroup *group, int chain, gint64 id, gint64 *wanted)
{
	for (guint i = 0; i < group->days->len; i++) {
		const NxGroupDay *day = &g_array_index (group->days, NxGroupDay, i);
		if (day->chain == chain && day->claimed > 0)
			wanted[i] = id;
	}
}

gboolean
nx_sqlite_sum_up_group (NxSqliteSettling *settling, const NxGroupDay *key, GError **error)
{
	g_auto (NxSqliteGroup) group = { 0 };
	if (!nx_sqlite_open_group (settling, key, &group, error))
		return FALSE;
	if (group.rows->len == 0)
		return TRUE;
	for (guint i = 0; i < group.rows->len; i++) {
		gint64 id = g_array_index (group.rows, NxSqliteDay, i).incident;
		if (id != 0)
			g_hash_table_add (settling->orphans, copy_number (id));
	}
	g_autofree gint64 *wanted = g_new0 (gint64, group.rows->len);
	g_autoptr (GArray) outcomes = nx_incident_sum_up (group.days, &group.around);
	for (guint i = 0; i < outcomes->len; i++) {
		const NxOutcome *outcome = &g_array_index (outcomes, NxOutcome, i);
		gint64 id = find_id (settling, &group, outcome->chain);
		if (!write_outcome (settling, key, outcome, &id, error))
			return FALSE;
		g_hash_table_add (settling->kept, copy_number (id));
		set_wanted (&group, outcome->chain, id, wanted);
	}
	return number_days (settling, &group, wanted, error);
}
