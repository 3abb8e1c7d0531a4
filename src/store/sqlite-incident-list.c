/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-incident-list.c: incidents for people, and what people decide on them. A decision is a step; it names its
 * incident by what it is about and a day on which it lasted, for numbers may change.
 */
#include "store/sqlite-incidents.h"

#include "base/text.h"

static const struct {
	const char *step;
	NxStepKind kind;
	NxRulingKind ruling;
} decisions[] = {
	{ "close", NX_STEP_CLOSE, NX_RULING_CLOSE },
	{ "count", NX_STEP_COUNT, NX_RULING_COUNT },
	{ "hold", NX_STEP_HOLD, NX_RULING_HOLD },
};

/* ---- decisions that stand ---- */

static NxRulingKind
get_ruling (NxStatement *statement, int column)
{
	const char *word = nx_sqlite_get_text (statement, column);
	for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
		if (g_str_equal (decisions[i].step, word))
			return decisions[i].ruling;
	return NX_RULING_NONE;
}

GArray *
nx_sqlite_load_rulings (NxSqlite *db, gint64 list, GError **error)
{
	static const char sql[] = "SELECT kind, scope, name, verdict, day, date FROM steps WHERE list_id = ?1"
				  " AND kind IN ('close', 'count', 'hold') AND undone IS NULL ORDER BY id";
	g_autoptr (GArray) rulings = g_array_new (FALSE, FALSE, sizeof (NxRuling));
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, list);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&rulings);
		const NxRuling ruling = {
			.kind = get_ruling (statement, 0),
			.scope = nx_scope_from_string (nx_sqlite_get_text (statement, 1)),
			.name = nx_incident_make_name (nx_sqlite_get_text (statement, 2)),
			.verdict = nx_sqlite_get_verdict (statement, 3),
			.day = sqlite3_column_int64 (statement, 4),
			.date = sqlite3_column_int64 (statement, 5),
		};
		g_array_append_val (rulings, ruling);
	}
}

/* ---- reading ---- */

static void
free_incident (gpointer incident)
{
	nx_incident_free (incident);
}

static NxStepKind
get_kind (NxStatement *statement, int column)
{
	NxRulingKind ruling = get_ruling (statement, column);
	for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
		if (decisions[i].ruling == ruling)
			return decisions[i].kind;
	return NX_STEP_NONE;
}

static NxIncident *
read_incident (NxStatement *statement)
{
	NxIncident *incident = g_new0 (NxIncident, 1);
	incident->id = sqlite3_column_int64 (statement, 0);
	incident->list = g_strdup (nx_sqlite_get_text (statement, 1));
	incident->scope = g_strdup (nx_sqlite_get_text (statement, 2));
	incident->name = g_strdup (nx_sqlite_get_text (statement, 3));
	incident->verdict = nx_sqlite_get_verdict (statement, 4);
	incident->opened = sqlite3_column_int64 (statement, 5);
	incident->last = sqlite3_column_int64 (statement, 6);
	incident->closed = sqlite3_column_int64 (statement, 7);
	incident->addresses = sqlite3_column_int64 (statement, 8);
	incident->reason = nx_sqlite_get_reason (statement, 9);
	incident->diagnostic = g_strdup (nx_sqlite_get_text (statement, 10));
	incident->note = g_strdup (nx_sqlite_get_text (statement, 11));
	incident->held = sqlite3_column_int64 (statement, 12);
	incident->step = sqlite3_column_int64 (statement, 13);
	incident->ruling = get_kind (statement, 15);
	return incident;
}

/* The step that rules: the last that names a day of the incident's. */
#define RULING                                                                                                      \
	"(SELECT max(t.id) FROM steps t WHERE t.list_id = i.list_id AND t.kind IN ('close', 'count', 'hold')"       \
	" AND t.undone IS NULL AND t.scope = i.scope AND t.name = i.name AND t.verdict = i.verdict"                 \
	" AND t.day >= (i.opened - 86399 * (i.opened < 0)) / 86400 AND t.day <= (i.last - 86399 * (i.last < 0)) / " \
	"86400)"

/* Where the policy has no guard, what an incident would hold counts. */
static gboolean
note_guard (NxSqlite *db, gint64 list, NxIncident *incident, GError **error)
{
	NxPolicy policy;
	if (!nx_sqlite_load_policy (db, list, &policy, error))
		return FALSE;
	incident->held = policy.guard ? incident->held : 0;
	return TRUE;
}

static GPtrArray *
read_incidents (NxSqlite *db, gint64 id, gint64 list, GError **error)
{
	static const char sql[] =
		"SELECT n.*, t.kind FROM (SELECT i.id, l.name, i.scope, i.name, i.verdict, i.opened, i.last, "
		"i.closed,"
		" i.addresses, i.reason, i.diagnostic, i.note,"
		" (SELECT count(*) FROM events e WHERE e.incident_id = i.id), " RULING " AS step, i.list_id"
		" FROM incidents i JOIN lists l ON l.id = i.list_id WHERE (?1 = 0 OR i.id = ?1)"
		" AND (?2 = 0 OR i.list_id = ?2)) n LEFT JOIN steps t ON t.id = n.step ORDER BY n.opened, n.id";
	g_autoptr (GPtrArray) incidents = g_ptr_array_new_with_free_func (free_incident);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, id);
	nx_sqlite_bind_int (statement, 2, list);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&incidents);
		NxIncident *incident = read_incident (statement);
		g_ptr_array_add (incidents, incident);
		if (!note_guard (db, sqlite3_column_int64 (statement, 14), incident, error))
			return NULL;
	}
}

GPtrArray *
nx_sqlite_list_incidents (NxStore *store, gint64 id, const char *list, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	GPtrArray *incidents = NULL;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	if (nx_sqlite_require_list (db, list, &list_id, error))
		incidents = read_incidents (db, id, list_id, error);
	nx_sqlite_end_read (db, own);
	return incidents;
}

static void
free_share (gpointer share)
{
	nx_incident_share_free (share);
}

static GPtrArray *
read_shares (NxSqlite *db, gint64 id, GError **error)
{
	static const char sql[] =
		"SELECT address_key, count(DISTINCT subscriber_id) AS addresses FROM events WHERE incident_id = ?1"
		" GROUP BY domain ORDER BY addresses DESC, min(substr(address_key, instr(address_key, '@') + 1))";
	g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func (free_share);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_int (statement, 1, id);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&shares);
		NxIncidentShare *share = g_new0 (NxIncidentShare, 1);
		share->domain = g_strdup (nx_address_get_domain (nx_sqlite_get_text (statement, 0)));
		share->addresses = sqlite3_column_int64 (statement, 1);
		g_ptr_array_add (shares, share);
	}
}

GPtrArray *
nx_sqlite_count_incident_domains (NxStore *store, gint64 id, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	GPtrArray *shares = read_shares (db, id, error);
	nx_sqlite_end_read (db, own);
	return shares;
}

/* ---- deciding ---- */

static gboolean
add_decision (NxSqlite *db, gint64 id, NxStepKind kind, gint64 now, gint64 *step_out, GError **error)
{
	static const char sql[] = "INSERT INTO steps (date, kind, list_id, scope, name, verdict, day) SELECT ?2, ?3, "
				  "list_id, scope, name,"
				  " verdict, (opened - 86399 * (opened < 0)) / 86400 FROM incidents WHERE id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, id);
	nx_sqlite_bind_int (statement, 2, now);
	nx_sqlite_bind_text (statement, 3, nx_step_kind_to_string (kind));
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*step_out = sqlite3_last_insert_rowid (db->handle);
	return nx_sqlite_mark_step (db, *step_out, error);
}

/* Every decision that closes it is taken back; @step_out: the last step that stood, 0 when none did. */
static gboolean
undo_decisions (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error)
{
	for (guint i = 0; i < G_MAXUINT; i++) {
		g_autoptr (NxIncident) incident = nx_store_get_incident (store, id, error);
		if (incident == NULL)
			return FALSE;
		if (incident->ruling != NX_STEP_CLOSE && incident->ruling != NX_STEP_COUNT)
			return TRUE;
		if (!nx_sqlite_undo_step (store, incident->step, now, error))
			return FALSE;
		*step_out = incident->step;
	}
	return TRUE;
}

gboolean
nx_sqlite_decide_incident (NxStore *store, gint64 id, NxStepKind kind, gint64 now, gint64 *step_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 undone = 0;
	if (kind == NX_STEP_HOLD && !undo_decisions (store, id, now, &undone, error))
		return FALSE;
	*step_out = 0;
	return undone != 0 || add_decision (db, id, kind, now, step_out, error);
}
