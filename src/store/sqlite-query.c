/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-query.c: what is known of one address, for people: its events with what each did to the score, its journal.
 *
 * The weights and notes are not in the tables: they are worked out when asked for, so they are those of the policy that
 * holds now.
 */
#include "store/sqlite-private.h"

#include <nixie/address.h>

#include "base/text.h"

static void
take_column (char **field, NxStatement *statement, int column)
{
	nx_text_set (field, nx_sqlite_get_text (statement, column));
}

/* ---- events ---- */

typedef struct {
	gint64 id;
	gint64 subscriber;
} Origin;

/* @events: of NxStoredEvent; @origins: their rows, in the same order. @effects: of NxEffect, by event id. */
typedef struct {
	NxSqlite *db;
	GPtrArray *events;
	GArray *origins;
	GHashTable *effects;
	GHashTable *evaluated;
} Listing;

static void
free_stored_event (gpointer event)
{
	nx_stored_event_free (event);
}

static NxEvent *
read_event (NxStatement *statement)
{
	NxEvent *event = nx_event_new ();
	const char *end = NULL;
	event->date = sqlite3_column_int64 (statement, 2);
	event->kind = nx_sqlite_get_kind (statement, 3);
	event->verdict = nx_sqlite_get_verdict (statement, 4);
	event->reason = nx_sqlite_get_reason (statement, 5);
	nx_status_parse (nx_sqlite_get_text (statement, 6), &event->status, &end);
	event->reply = (guint)sqlite3_column_int64 (statement, 7);
	take_column (&event->recipient, statement, 8);
	take_column (&event->original_recipient, statement, 9);
	take_column (&event->forward, statement, 10);
	take_column (&event->diagnostic, statement, 11);
	take_column (&event->message_id, statement, 12);
	take_column (&event->original_message_id, statement, 13);
	take_column (&event->reporting_mta, statement, 14);
	take_column (&event->remote_mta, statement, 15);
	event->proof = nx_sqlite_get_proof (statement, 16);
	take_column (&event->rule, statement, 17);
	take_column (&event->defects, statement, 18);
	take_column (&event->fingerprint, statement, 19);
	take_column (&event->list, statement, 20);
	take_column (&event->subscriber, statement, 21);
	take_column (&event->feedback_type, statement, 22);
	event->arrival = sqlite3_column_int64 (statement, 23);
	return event;
}

/* @column: of the incident's number, scope and name. Returns: (nullable): NULL when none holds the event. */
static char *
describe_holder (NxStatement *statement, int column)
{
	gint64 incident = sqlite3_column_int64 (statement, column);
	if (incident == 0)
		return NULL;
	return g_strdup_printf ("held by incident %" G_GINT64_FORMAT " (%s %s)", incident,
				nx_sqlite_get_text (statement, column + 1), nx_sqlite_get_text (statement, column + 2));
}

static gboolean
read_events (Listing *listing, const char *address, gint64 list, GError **error)
{
	static const char sql[] =
		"SELECT e.id, e.subscriber_id, e.date, e.kind, e.verdict, e.reason, e.status, e.reply, e.recipient,"
		" e.original_recipient, e.forward, e.diagnostic, e.message_id, e.original_message_id, e.reporting_mta,"
		" e.remote_mta, e.proof, e.rule, e.defects, e.fingerprint, l.name, s.address, e.feedback_type,"
		" e.arrival, i.id, i.scope, i.name"
		" FROM events e LEFT JOIN lists l ON l.id = e.list_id LEFT JOIN subscribers s ON s.id = e.subscriber_id"
		" LEFT JOIN incidents i ON i.id = e.incident_id"
		" WHERE (e.address_key = ?1 OR e.subscriber_id IN (SELECT id FROM subscribers WHERE address_key = ?1))"
		" AND (?2 = 0 OR e.list_id = ?2) ORDER BY e.date, e.key";
	g_autofree char *key = nx_address_make_key (address);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (listing->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, key);
	nx_sqlite_bind_int (statement, 2, list);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (listing->db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		Origin origin = { .id = sqlite3_column_int64 (statement, 0),
				  .subscriber = sqlite3_column_int64 (statement, 1) };
		NxStoredEvent *stored = g_new0 (NxStoredEvent, 1);
		stored->event = read_event (statement);
		stored->note = describe_holder (statement, 24);
		g_ptr_array_add (listing->events, stored);
		g_array_append_val (listing->origins, origin);
	}
}

static gint64 *
copy_id (gint64 id)
{
	gint64 *copy = g_new (gint64, 1);
	*copy = id;
	return copy;
}

static gboolean
evaluate_subscriber (Listing *listing, gint64 subscriber, GError **error)
{
	if (g_hash_table_contains (listing->evaluated, &subscriber))
		return TRUE;
	g_autoptr (NxSqliteHistory) history = nx_sqlite_load_history (listing->db, subscriber, error);
	if (history == NULL)
		return FALSE;
	g_autoptr (GArray) effects = NULL;
	nx_policy_evaluate (&history->policy, (const NxHistory *)(void *)history->rows->data, history->rows->len,
			    (const gint64 *)(void *)history->posts->data, history->posts->len, NULL, &effects);
	for (guint i = 0; i < effects->len; i++) {
		const NxEffect *effect = &g_array_index (effects, NxEffect, i);
		NxEffect *copy = g_new (NxEffect, 1);
		*copy = *effect;
		g_hash_table_insert (listing->effects, copy_id (effect->id), copy);
	}
	g_hash_table_add (listing->evaluated, copy_id (subscriber));
	return TRUE;
}

static gboolean
fill_effects (Listing *listing, GError **error)
{
	for (guint i = 0; i < listing->events->len; i++) {
		NxStoredEvent *stored = g_ptr_array_index (listing->events, i);
		const Origin *origin = &g_array_index (listing->origins, Origin, i);
		if (origin->subscriber != 0 && !evaluate_subscriber (listing, origin->subscriber, error))
			return FALSE;
		const NxEffect *effect = g_hash_table_lookup (listing->effects, &origin->id);
		stored->weight = effect != NULL ? effect->weight : 0;
		stored->score = effect != NULL ? effect->score : 0;
		/* The policy knows that it is held, the incident tells by what. */
		if (stored->note != NULL && effect != NULL && g_str_has_prefix (effect->note, "held by incident "))
			continue;
		nx_text_set (&stored->note, effect != NULL ? effect->note : "not subscribed");
	}
	return TRUE;
}

GPtrArray *
nx_sqlite_list_events (NxStore *store, const char *address, const char *list, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (free_stored_event);
	g_autoptr (GArray) origins = g_array_new (FALSE, FALSE, sizeof (Origin));
	g_autoptr (GHashTable) effects = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
	g_autoptr (GHashTable) evaluated = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	Listing listing = {
		.db = db, .events = events, .origins = origins, .effects = effects, .evaluated = evaluated
	};
	gboolean done = nx_sqlite_require_list (db, list, &list_id, error) &&
			read_events (&listing, address, list_id, error) && fill_effects (&listing, error);
	nx_sqlite_end_read (db, own);
	return done ? g_steal_pointer (&events) : NULL;
}

/* ---- transitions ---- */

static void
free_stored_transition (gpointer transition)
{
	nx_stored_transition_free (transition);
}

static GPtrArray *
read_transitions (NxSqlite *db, const char *address, gint64 list, GError **error)
{
	static const char sql[] =
		"SELECT l.name, s.address, t.date, t.from_state, t.to_state, t.score, t.cause, e.rule,"
		" t.step_id, t.id"
		" FROM subscribers s JOIN transitions t ON t.subscriber_id = s.id"
		" JOIN lists l ON l.id = s.list_id LEFT JOIN events e ON e.id = t.event_id"
		" WHERE s.address_key = ?1 AND (?2 = 0 OR s.list_id = ?2)"
		" ORDER BY t.date, l.name, t.number";
	g_autofree char *key = nx_address_make_key (address);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return NULL;
	nx_sqlite_bind_text (statement, 1, key);
	nx_sqlite_bind_int (statement, 2, list);
	g_autoptr (GPtrArray) transitions = g_ptr_array_new_with_free_func (free_stored_transition);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return NULL;
		if (!row)
			return g_steal_pointer (&transitions);
		NxStoredTransition *transition = g_new0 (NxStoredTransition, 1);
		take_column (&transition->list, statement, 0);
		take_column (&transition->subscriber, statement, 1);
		transition->date = sqlite3_column_int64 (statement, 2);
		transition->from = nx_sqlite_get_state (statement, 3);
		transition->to = nx_sqlite_get_state (statement, 4);
		transition->score = sqlite3_column_double (statement, 5);
		take_column (&transition->cause, statement, 6);
		take_column (&transition->rule, statement, 7);
		transition->step = sqlite3_column_int64 (statement, 8);
		transition->id = sqlite3_column_int64 (statement, 9);
		g_ptr_array_add (transitions, transition);
	}
}

GPtrArray *
nx_sqlite_list_transitions (NxStore *store, const char *address, const char *list, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	GPtrArray *transitions = NULL;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	if (nx_sqlite_require_list (db, list, &list_id, error))
		transitions = read_transitions (db, address, list_id, error);
	nx_sqlite_end_read (db, own);
	return transitions;
}

/* ---- what would come next ---- */

static gboolean
foretell (NxSqlite *db, gint64 subscriber, gint64 now, NxForetold *foretold_out, GError **error)
{
	g_autoptr (NxSqliteHistory) history = nx_sqlite_load_history (db, subscriber, error);
	if (history == NULL)
		return FALSE;
	const NxHistory *rows = (const NxHistory *)(void *)history->rows->data;
	const gint64 *posts = (const gint64 *)(void *)history->posts->data;
	*foretold_out = (NxForetold){ 0 };
	nx_policy_foretell_end (&history->policy, rows, history->rows->len, posts, history->posts->len, now,
				foretold_out);
	nx_policy_foretell_failures (&history->policy, rows, history->rows->len, posts, history->posts->len, now,
				     foretold_out);
	return TRUE;
}

gboolean
nx_sqlite_foretell (NxStore *store, const char *list, const char *address, gint64 now, NxForetold *foretold_out,
		    GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 subscriber = 0;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return FALSE;
	gboolean done = nx_sqlite_require_subscriber (db, list, address, &subscriber, error) &&
			foretell (db, subscriber, now, foretold_out, error);
	nx_sqlite_end_read (db, own);
	return done;
}
