/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-tell.c: what a list's hook and its owner have still to be told, as rows of the outbox. See nixie/outbox.h.
 *
 * A mail's payload has the words of its template's placeholders as names, and lines that are complete; a hook's is what
 * the program reads, but for the number.
 */
#include "store/sqlite-private.h"

#include "base/limits.h"

static gboolean
run_counted (NxSqlite *db, NxStatement *statement, guint *count_out, GError **error)
{
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*count_out += (guint)sqlite3_changes (db->handle);
	return TRUE;
}

/* ---- hooks ---- */

/* What the hook of subscriber s is to be told next. */
#define WANTED_ACTION                                                                           \
	" CASE WHEN s.told_state = 'removed' THEN 'add' WHEN s.state = 'removed' THEN 'remove'" \
	" WHEN s.told_address <> '' AND s.told_address <> s.address THEN 'move'"                \
	" WHEN s.state = 'suspended' THEN 'suspend' ELSE 'restore' END"
#define WANTED_ADDRESS " iif(s.state = 'removed' AND s.told_address <> '', s.told_address, s.address)"

/* Calls that wait, or were given up, and that no longer say what is so. */
static gboolean
list_overtaken (NxSqlite *db, gint64 list, gint64 now, GArray *ids, GError **error)
{
	static const char sql[] = "SELECT o.id FROM outbox o JOIN subscribers s ON s.id = o.subscriber_id"
				  " WHERE o.kind = 'hook' AND o.done = 0 AND o.list_id = ?1 AND o.leased <= ?2"
				  " AND (s.id NOT IN (SELECT id FROM subscribers WHERE" NX_SQLITE_UNTOLD ")"
				  " OR json_extract(o.payload, '$.action') <>" WANTED_ACTION
				  " OR json_extract(o.payload, '$.address') <>" WANTED_ADDRESS ")";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, now);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		gint64 id = sqlite3_column_int64 (statement, 0);
		g_array_append_val (ids, id);
	}
}

/* A call that was tried may have done its work and failed behind it: it counts as told, so that the next call tells the
 * opposite. One that was not tried is as if it had never been. */
static gboolean
drop_overtaken (NxSqlite *db, gint64 list, gint64 now, GError **error)
{
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "DELETE FROM outbox WHERE id = ?1 AND attempts = 0", error);
	if (statement == NULL || !list_overtaken (db, list, now, ids, error))
		return FALSE;
	for (guint i = 0; i < ids->len; i++) {
		gint64 id = g_array_index (ids, gint64, i);
		nx_sqlite_bind_int (statement, 1, id);
		if (!nx_sqlite_run (db, statement, error) ||
		    !nx_sqlite_settle_hook (db, id, now, "overtaken by what came later", error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
insert_hooks (NxSqlite *db, gint64 list, gint64 now, guint most, guint *count_out, GError **error)
{
	static const char sql[] =
		"INSERT INTO outbox (key, kind, list_id, subscriber_id, payload, created, next)"
		" SELECT 'hook ' || s.id, 'hook', s.list_id, s.id, json_object('action'," WANTED_ACTION
		", 'list', l.name,"
		" 'list_address', l.address, 'address'," WANTED_ADDRESS ", 'old_address', iif(" WANTED_ACTION
		" = 'move', s.told_address, NULL), 'cause', ifnull(x.cause, ''), 'score', round(s.score, 2),"
		" 'date', strftime('%Y-%m-%dT%H:%M:%SZ', ifnull(x.date, ?2), 'unixepoch'), 'state', s.state,"
		" 'previous_state', iif(s.told_state = '', 'active', s.told_state)), ?2, ?2"
		" FROM subscribers s JOIN lists l ON l.id = s.list_id LEFT JOIN transitions x ON x.subscriber_id = s.id"
		" AND x.number = (SELECT max(number) FROM transitions WHERE subscriber_id = s.id) WHERE s.id IN"
		" (SELECT id FROM subscribers WHERE list_id = ?1 AND" NX_SQLITE_UNTOLD
		" AND NOT EXISTS (SELECT 1 FROM outbox"
		" WHERE key = 'hook ' || subscribers.id) LIMIT ?3)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, now);
	nx_sqlite_bind_int (statement, 3, most);
	return run_counted (db, statement, count_out, error);
}

gboolean
nx_sqlite_queue_hooks (NxStore *store, const char *list, gint64 now, guint most, guint *count_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 id = 0;
	return nx_sqlite_derive_touched (db, error) && nx_sqlite_require_list (db, list, &id, error) &&
	       drop_overtaken (db, id, now, error) && insert_hooks (db, id, now, most, count_out, error);
}

/* ---- incidents ---- */

/* An event by which an incident is known again, whatever its number and name. */
#define FIRST_HELD "(SELECT min(id) FROM events WHERE incident_id = i.id)"
#define IS_TOLD " o.kind = 'incident' AND o.list_id = i.list_id AND "

/* A report that comes late may make an incident begin earlier; it is the same one all the same. */
#define SAME_NAME                                                                                              \
	"SELECT 1 FROM outbox o WHERE" IS_TOLD "json_extract(o.payload, '$.scope') = i.scope"                  \
	" AND json_extract(o.payload, '$.name') = i.name AND json_extract(o.payload, '$.verdict') = i.verdict" \
	" AND json_extract(o.payload, '$.opened-at') BETWEEN i.opened - ?4 AND i.last + ?4"
/* What began as one domain's and turned out to be the whole post's. */
#define SAME_EVENT                                                                                        \
	"SELECT 1 FROM outbox o JOIN events e ON e.id = json_extract(o.payload, '$.event') WHERE" IS_TOLD \
	"e.incident_id = i.id"
/* What may turn out so: where one of the same post is told already, the next waits for a day without failures. */
#define SAME_POST                                                                                 \
	"SELECT 1 FROM outbox o JOIN events e ON e.id = json_extract(o.payload, '$.event')"       \
	" JOIN events f ON f.id = " FIRST_HELD " WHERE" IS_TOLD "e.post = f.post AND e.post <> 0" \
	" AND i.last > ?2 - ?5"

/* The biggest that is not told; @queued_out: FALSE when there is none. */
static gboolean
queue_incident (NxSqlite *db, gint64 list, gboolean guard, gint64 now, gboolean *queued_out, GError **error)
{
	static const char sql[] =
		"INSERT INTO outbox (key, kind, list_id, payload, created, next)"
		" SELECT 'incident ' || i.list_id || ' ' || i.scope || ' ' || i.verdict || ' ' || i.name || ' ' || "
		"i.opened,"
		" 'incident', i.list_id, json_object('scope', i.scope, 'name', i.name, 'verdict', i.verdict,"
		" 'opened-at', i.opened, 'number', i.id, 'addresses', i.addresses, 'opened', date(i.opened, "
		"'unixepoch'),"
		" 'last', date(i.last, 'unixepoch'), 'reason', i.reason, 'diagnostic', i.diagnostic, 'note', i.note,"
		" 'held', iif(" FIRST_HELD " IS NULL OR NOT ?6, '', 'yes'), 'event', " FIRST_HELD "), ?2, ?2"
		" FROM incidents i WHERE i.list_id = ?1 AND i.last >= ?2 - ?3 AND NOT EXISTS (" SAME_NAME ")"
		" AND NOT EXISTS (" SAME_EVENT ") AND NOT EXISTS (" SAME_POST ")"
		" ORDER BY i.addresses DESC, i.opened, i.scope, i.name LIMIT 1 ON CONFLICT (key) DO NOTHING";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, now);
	nx_sqlite_bind_int (statement, 3, NX_OUTBOX_NEWS_DAYS * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 4, 3 * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 5, NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 6, guard);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*queued_out = sqlite3_changes (db->handle) > 0;
	return TRUE;
}

gboolean
nx_sqlite_queue_incidents (NxStore *store, const char *list, gint64 now, guint *count_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 id = 0;
	gboolean queued = TRUE;
	NxPolicy policy;
	if (!nx_sqlite_derive_touched (db, error) || !nx_sqlite_require_list (db, list, &id, error) ||
	    !nx_sqlite_load_policy (db, id, &policy, error))
		return FALSE;
	while (queued) {
		if (!queue_incident (db, id, policy.guard, now, &queued, error))
			return FALSE;
		*count_out += queued;
	}
	return TRUE;
}

/* ---- the digest ---- */

/* The time up to which the owner was told; the first time that anybody asks, from now on. */
static gboolean
load_told (NxSqlite *db, gint64 list, gint64 now, gint64 *told_out, GError **error)
{
	static const char sql[] = "INSERT INTO facts (name, value) VALUES ('digest ' || ?1, ?2)"
				  " ON CONFLICT (name) DO UPDATE SET value = value RETURNING value";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, now);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*told_out = sqlite3_column_int64 (statement, 0);
	return TRUE;
}

static gboolean
set_told (NxSqlite *db, gint64 list, gint64 now, GError **error)
{
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "UPDATE facts SET value = ?2 WHERE name = 'digest ' || ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, now);
	return nx_sqlite_run (db, statement, error);
}

#define MOST " LIMIT " G_STRINGIFY (NX_LIMIT_DIGEST_LINES) ")"
#define LINES(text) "(SELECT ifnull(group_concat('  ' || " text ", char(10)), '') FROM (SELECT * FROM "
#define CHANGED(state)                                                                       \
	LINES ("address || '  ' || day || iif(said = '', '', char(10) || '      ' || said)") \
	"changed WHERE to_state = '" state "'" MOST ")"

/* ?1: the list. ?2, ?3: from when to when. */
static const char digest_sql[] =
	"WITH changed AS MATERIALIZED (SELECT x.to_state, s.address, date(x.date, 'unixepoch') AS day, "
	"substr(coalesce("
	"nullif(e.diagnostic, ''), x.cause), 1, 200) AS said FROM subscribers s JOIN transitions x ON"
	" x.subscriber_id = s.id LEFT JOIN events e ON e.id = x.event_id WHERE s.list_id = ?1 AND s.since "
	">= ?2"
	" AND x.date >= ?2 AND x.date < ?3 AND x.to_state = s.state ORDER BY x.date, s.address_key),"
	" moves AS (SELECT t.old_address AS old, t.new_address AS new FROM steps t JOIN subscribers s ON"
	" s.id = t.subscriber_id WHERE s.list_id = ?1 AND t.kind IN ('move', 'merge') AND t.undone IS NULL"
	" AND t.date >= ?2 AND t.date < ?3 ORDER BY t.id),"
	" offers AS (SELECT p.id, p.address, p.forward FROM proposals p JOIN subscribers s ON s.id ="
	" p.subscriber_id WHERE s.list_id = ?1 AND p.state = 'open' AND p.last_date >= ?2 AND p.last_date "
	"< ?3"
	" ORDER BY p.id),"
	" troubles AS (SELECT scope, name, verdict, addresses, date(opened, 'unixepoch') AS day FROM "
	"incidents"
	" WHERE list_id = ?1 AND last >= ?2 AND opened < ?3 ORDER BY opened),"
	" complaints AS (SELECT s.address, date(e.date, 'unixepoch') AS day FROM events e JOIN "
	"subscribers s ON"
	" s.id = e.subscriber_id WHERE e.list_id = ?1 AND e.kind = 'feedback' AND e.date >= ?2 AND e.date "
	"< ?3"
	" ORDER BY e.date),"
	" stuck AS (SELECT o.id, o.kind, ifnull(s.address, '') AS address, o.error FROM outbox o LEFT JOIN"
	" subscribers s ON s.id = o.subscriber_id WHERE o.list_id = ?1 AND o.failed <> 0 AND o.done = 0 "
	"ORDER BY"
	" o.id),"
	" told AS (SELECT json_object('from', date(?2, 'unixepoch'), 'until', date(?3, 'unixepoch'), "
	"'suspended', " CHANGED (
		"suspended") ", 'suspended-count', (SELECT count(*) FROM changed WHERE to_state = "
			     "'suspended'),"
			     " 'removed', " CHANGED (
				     "removed") ", 'removed-count', (SELECT count(*) FROM changed WHERE "
						"to_state ="
						" 'removed'), 'restored', " CHANGED (
							"active") ", 'restored-count', (SELECT count(*) "
								  "FROM changed WHERE"
								  " to_state = 'active'), "
								  "'moved', " LINES (
									  "old || ' -> ' || "
									  "new") "moves" MOST
										 "), 'proposals', " LINES (
											 "id "
											 "|| "
											 "'  "
											 "' "
											 "|| "
											 "add"
											 "res"
											 "s "
											 "|| "
											 "' "
											 "-> "
											 "' "
											 "|| "
											 "for"
											 "war"
											 "d") "offers" MOST
											      "), 'incidents', " LINES (
												      "day || '  ' || "
												      "name "
												      "|| '  ' || "
												      "verdict || ' (' "
												      "|| "
												      "addresses "
												      "|| ')'") "troubl"
														"e"
														"s" MOST
														"), "
														"'compl"
														"aints"
														"',"
														" " LINES (
															"add"
															"res"
															"s "
															"|| "
															"'  "
															"' "
															"|| "
															"da"
															"y") "complaints" MOST
															     "), 'failed', " LINES (
																     "id || '  ' "
																     "|| kind || ' "
																     " ' || "
																     "address || "
																     "char(10) || "
																     "'      ' || "
																     "error") "stuc"
																	      "k" MOST
																	      ")) "
																	      "AS "
																	      "payl"
																	      "oad,"
																	      " EXI"
																	      "STS "
																	      "(SEL"
																	      "ECT "
																	      "1 "
																	      "FROM"
																	      " cha"
																	      "nged"
																	      ") "
																	      "OR "
																	      "EXIS"
																	      "TS "
																	      "(SEL"
																	      "ECT "
																	      "1 "
																	      "FROM"
																	      " mov"
																	      "es) "
																	      "OR "
																	      "EXIS"
																	      "TS "
																	      "(SEL"
																	      "ECT "
																	      "1 "
																	      "FROM"
																	      " off"
																	      "ers)"
																	      " OR "
																	      "EXIS"
																	      "TS"
																	      " ("
																	      "SELE"
																	      "CT "
																	      "1 "
																	      "FROM"
																	      " tro"
																	      "uble"
																	      "s) "
																	      "OR "
																	      "EXIS"
																	      "TS "
																	      "(SEL"
																	      "ECT "
																	      "1 "
																	      "FROM"
																	      " com"
																	      "plai"
																	      "nts)"
																	      " OR "
																	      "EXIS"
																	      "TS "
																	      "(SEL"
																	      "ECT "
																	      "1 "
																	      "FROM"
																	      " stu"
																	      "ck) "
																	      "AS "
																	      "news"
																	      ")"
																	      " INS"
																	      "ERT "
																	      "INTO"
																	      " out"
																	      "box "
																	      "(key"
																	      ", "
																	      "kind"
																	      ", "
																	      "list"
																	      "_id,"
																	      " pay"
																	      "load"
																	      ", "
																	      "crea"
																	      "ted,"
																	      " nex"
																	      "t)"
																	      " SEL"
																	      "ECT "
																	      "'dig"
																	      "est "
																	      "' "
																	      "|| "
																	      "?1 "
																	      "|| "
																	      "' ' "
																	      "|| "
																	      "?3, "
																	      "'dig"
																	      "est'"
																	      ", "
																	      "?1, "
																	      "payl"
																	      "oad,"
																	      " ?3,"
																	      " ?3 "
																	      "FROM"
																	      " tol"
																	      "d "
																	      "WHER"
																	      "E "
																	      "news"
																	      " ON "
																	      "CONF"
																	      "LICT"
																	      " ("
																	      "key)"
																	      " DO "
																	      "NOTH"
																	      "ING";

static gboolean
insert_digest (NxSqlite *db, gint64 list, gint64 since, gint64 now, guint *count_out, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, digest_sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_int (statement, 2, since);
	nx_sqlite_bind_int (statement, 3, now);
	return run_counted (db, statement, count_out, error);
}

gboolean
nx_sqlite_queue_digest (NxStore *store, const char *list, gint64 now, guint days, guint *count_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 id = 0;
	gint64 told = 0;
	if (!nx_sqlite_derive_touched (db, error) || !nx_sqlite_require_list (db, list, &id, error) ||
	    !load_told (db, id, now, &told, error))
		return FALSE;
	if (now - told < (gint64)days * NX_STORE_DAY_SECONDS)
		return TRUE;
	return insert_digest (db, id, told, now, count_out, error) && set_told (db, id, now, error);
}

/* ---- asking new addresses ---- */

static gboolean
list_unasked (NxSqlite *db, gint64 list, GArray *ids, GError **error)
{
	static const char sql[] =
		"SELECT p.id FROM proposals p JOIN subscribers s ON s.id = p.subscriber_id WHERE s.list_id = ?1 AND"
		" p.state = 'open' AND p.proof = 'signed' AND NOT EXISTS (SELECT 1 FROM steps WHERE proposal_id = p.id)"
		" AND NOT EXISTS (SELECT 1 FROM outbox WHERE key = 'ask ' || p.id) ORDER BY p.id";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		gint64 id = sqlite3_column_int64 (statement, 0);
		g_array_append_val (ids, id);
	}
}

static gboolean
insert_ask (NxSqlite *db, gint64 proposal, gint64 now, guint *count_out, GError **error)
{
	static const char sql[] =
		"INSERT INTO outbox (key, kind, list_id, subscriber_id, proposal_id, payload, created, next)"
		" SELECT 'ask ' || p.id, 'ask', s.list_id, s.id, p.id, json_object('old-address', p.address,"
		" 'new-address', p.forward), ?2, ?2 FROM proposals p JOIN subscribers s ON s.id = p.subscriber_id"
		" WHERE p.id = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, proposal);
	nx_sqlite_bind_int (statement, 2, now);
	return run_counted (db, statement, count_out, error);
}

gboolean
nx_sqlite_queue_asks (NxStore *store, const char *list, const NxForwardTerms *terms, guint *count_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	if (!nx_sqlite_derive_touched (db, error) || !nx_sqlite_require_list (db, list, &list_id, error) ||
	    !list_unasked (db, list_id, ids, error))
		return FALSE;
	for (guint i = 0; i < ids->len; i++) {
		g_autofree char *obstacle = NULL;
		gint64 id = g_array_index (ids, gint64, i);
		if (!nx_sqlite_find_obstacle (db, id, terms, &obstacle, error))
			return FALSE;
		if (*obstacle == '\0' && !insert_ask (db, id, terms->now, count_out, error))
			return FALSE;
	}
	return TRUE;
}
