/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-events.c: recording: which subscriptions a report is about, and its rows, once.
 *
 * All rows of one (report, recipient) have keys with the same beginning. Either one of them is linked to no
 * subscription and stands alone, or all are linked, each to another list's. Copies of a report may know more or less
 * than each other (an envelope, a date); all rows take the earliest date and the best proof of any copy. Each of these
 * rules gives the same rows in whatever order the copies come.
 */
#include "store/sqlite-incidents.h"

#include <string.h>

#include "base/text.h"

/* ---- words ---- */

const char *
nx_sqlite_kind_word (NxKind kind)
{
	return kind == NX_KIND_NONE ? "" : nx_kind_to_string (kind);
}

const char *
nx_sqlite_verdict_word (NxVerdict verdict)
{
	return verdict == NX_VERDICT_NONE ? "" : nx_verdict_to_string (verdict);
}

const char *
nx_sqlite_reason_word (NxReason reason)
{
	return reason == NX_REASON_NONE ? "" : nx_reason_to_string (reason);
}

const char *
nx_sqlite_proof_word (NxProof proof)
{
	return proof == NX_PROOF_NONE ? "" : nx_proof_to_string (proof);
}

NxKind
nx_sqlite_get_kind (sqlite3_stmt *statement, int column)
{
	NxKind kind = NX_KIND_NONE;
	nx_kind_from_string (nx_sqlite_get_text (statement, column), &kind);
	return kind;
}

NxVerdict
nx_sqlite_get_verdict (sqlite3_stmt *statement, int column)
{
	NxVerdict verdict = NX_VERDICT_NONE;
	nx_verdict_from_string (nx_sqlite_get_text (statement, column), &verdict);
	return verdict;
}

NxReason
nx_sqlite_get_reason (sqlite3_stmt *statement, int column)
{
	NxReason reason = NX_REASON_NONE;
	nx_reason_from_string (nx_sqlite_get_text (statement, column), &reason);
	return reason;
}

NxProof
nx_sqlite_get_proof (sqlite3_stmt *statement, int column)
{
	NxProof proof = NX_PROOF_NONE;
	nx_proof_from_string (nx_sqlite_get_text (statement, column), &proof);
	return proof;
}

NxState
nx_sqlite_get_state (sqlite3_stmt *statement, int column)
{
	NxState state = NX_STATE_NONE;
	nx_state_from_string (nx_sqlite_get_text (statement, column), &state);
	return state;
}

NxComplaint
nx_sqlite_get_complaint (sqlite3_stmt *statement, int column)
{
	NxComplaint complaint = NX_COMPLAINT_NONE;
	nx_complaint_from_string (nx_sqlite_get_text (statement, column), &complaint);
	return complaint;
}

/* ---- one event on its way into the tables ---- */

static const NxKnownList *
find_list (const NxSqlite *db, gint64 id)
{
	for (guint i = 0; i < db->lists->len; i++) {
		const NxKnownList *list = g_ptr_array_index (db->lists, i);
		if (list->id == id)
			return list;
	}
	return NULL;
}

/* A subscription that the event is about. */
typedef NxSqliteMatch Match;

/* A row that stands already. */
typedef struct {
	gint64 id;
	NxEventKey key;
	gint64 list;
	gint64 subscriber;
	char *address_key;
	gint64 date;
	gint64 arrival;
	gint64 original_date;
	NxProof proof;
} Row;

typedef struct {
	NxSqlite *db;
	const NxEvent *event;
	const NxKnownList *list;
	gint64 date;
	gint64 arrival;
	gint64 original_date;
	GArray *matches;
	GArray *rows;
	gint64 step;
	NxProof proof;
	gboolean answers;
	guint added;
	NxEventKey key; /* while it is linked to no subscription */
} Recording;

static void
clear_row (gpointer data)
{
	Row *row = data;
	g_free (row->address_key);
}

static gboolean
add_member (Recording *recording, gint64 subscriber, GError **error)
{
	static const char sql[] = "SELECT s.id, s.list_id, l.name, s.address, s.address_key FROM subscribers s"
				  " JOIN lists l ON l.id = s.list_id WHERE s.id = ?1";
	NxSqlite *db = recording->db;
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, subscriber);
	if (!nx_sqlite_step (db, statement, &row, error) || !row)
		return !row;
	const Match match = { .subscriber = sqlite3_column_int64 (statement, 0),
			      .list = sqlite3_column_int64 (statement, 1),
			      .list_name = g_strdup (nx_sqlite_get_text (statement, 2)),
			      .address = g_strdup (nx_sqlite_get_text (statement, 3)),
			      .address_key = g_strdup (nx_sqlite_get_text (statement, 4)) };
	g_array_append_val (recording->matches, match);
	return TRUE;
}

/* A bounce of our own mail is about whom that went to, and nobody else; but it knows by which address. */
static gboolean
keep_member (Recording *recording, gint64 subscriber, GError **error)
{
	gboolean found = FALSE;
	for (guint i = recording->matches->len; i-- > 0;) {
		if (g_array_index (recording->matches, Match, i).subscriber == subscriber)
			found = TRUE;
		else
			g_array_remove_index (recording->matches, i);
	}
	return found || add_member (recording, subscriber, error);
}

static gboolean
find_matches (Recording *recording, GError **error)
{
	NxSqlite *db = recording->db;
	const char *token = recording->event->answers;
	gint64 list = recording->list != NULL ? recording->list->id : 0;
	gint64 subscriber = 0;
	g_autofree char *hash = *token != '\0' ? nx_store_hash_token (token) : NULL;
	if (hash != NULL && !nx_sqlite_find_mail (db, hash, &recording->step, &subscriber, error))
		return FALSE;
	if (!nx_sqlite_find (db, recording->event, subscriber != 0 ? 0 : list, recording->matches, error))
		return FALSE;
	if (subscriber == 0)
		return TRUE;
	recording->proof = NX_PROOF_SIGNED;
	recording->answers = TRUE;
	return keep_member (recording, subscriber, error);
}

static gboolean
load_rows (Recording *recording, GError **error)
{
	static const char sql[] =
		"SELECT id, key, list_id, subscriber_id, address_key, date, proof, arrival, original_date, step_id"
		" FROM events"
		" WHERE key BETWEEN ?1 AND ?2 ORDER BY key";
	NxSqlite *db = recording->db;
	NxEventKey last = recording->key;
	memset (last.bytes + NX_EVENT_KEY_PREFIX_BYTES, 0xff, sizeof last.bytes - NX_EVENT_KEY_PREFIX_BYTES);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_key (statement, 1, &recording->key);
	nx_sqlite_bind_key (statement, 2, &last);
	for (gboolean found = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &found, error))
			return FALSE;
		if (!found)
			return TRUE;
		Row row = {
			.id = sqlite3_column_int64 (statement, 0),
			.list = sqlite3_column_int64 (statement, 2),
			.subscriber = sqlite3_column_int64 (statement, 3),
			.address_key = g_strdup (nx_sqlite_get_text (statement, 4)),
			.date = sqlite3_column_int64 (statement, 5),
			.proof = nx_sqlite_get_proof (statement, 6),
			.arrival = sqlite3_column_int64 (statement, 7),
			.original_date = sqlite3_column_int64 (statement, 8),
		};
		/* Another copy may have come with its token. */
		recording->answers |= sqlite3_column_int64 (statement, 9) != 0;
		memcpy (row.key.bytes, sqlite3_column_blob (statement, 1), sizeof row.key.bytes);
		g_array_append_val (recording->rows, row);
	}
}

/* ---- incidents ---- */

/* Only failures of subscribers take part in incidents. */
static gboolean
is_failure (const NxEvent *event)
{
	return event->kind == NX_KIND_FAILURE &&
	       (event->verdict == NX_VERDICT_PERMANENT || event->verdict == NX_VERDICT_TRANSIENT ||
		event->verdict == NX_VERDICT_BLOCKED);
}

static gint64
get_domain_name (const NxEvent *event, const char *address_key)
{
	return is_failure (event) ? nx_store_make_domain_name (address_key) : 0;
}

static gboolean
mark_failure (const Recording *recording, gint64 list, gint64 date, GError **error)
{
	return !is_failure (recording->event) || nx_sqlite_mark_stale (recording->db, list, date, error);
}

/* ---- copies of a report ---- */

static gint64
get_earlier (gint64 a, gint64 b)
{
	if (a == 0 || b == 0)
		return a == 0 ? b : a;
	return MIN (a, b);
}

static gboolean
update_row (Recording *recording, const Row *row, GError **error)
{
	NxSqlite *db = recording->db;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db,
				   "UPDATE events SET date = ?2, proof = ?3, arrival = ?4, original_date = ?5"
				   " WHERE id = ?1",
				   error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, row->id);
	nx_sqlite_bind_int (statement, 2, recording->date);
	nx_sqlite_bind_text (statement, 3, nx_sqlite_proof_word (recording->proof));
	nx_sqlite_bind_int (statement, 4, recording->arrival);
	nx_sqlite_bind_int (statement, 5, recording->original_date);
	if (!nx_sqlite_run (db, statement, error) || !nx_sqlite_offer (db, row->id, error))
		return FALSE;
	return row->subscriber == 0 || (mark_failure (recording, row->list, row->date, error) &&
					mark_failure (recording, row->list, recording->date, error) &&
					nx_sqlite_touch (db, row->subscriber, error));
}

static gboolean
merge_rows (Recording *recording, GError **error)
{
	for (guint i = 0; i < recording->rows->len; i++) {
		const Row *row = &g_array_index (recording->rows, Row, i);
		recording->date = get_earlier (recording->date, row->date);
		recording->arrival = get_earlier (recording->arrival, row->arrival);
		recording->original_date = get_earlier (recording->original_date, row->original_date);
		recording->proof = MAX (recording->proof, row->proof);
	}
	for (guint i = 0; i < recording->rows->len; i++) {
		const Row *row = &g_array_index (recording->rows, Row, i);
		if (row->date == recording->date && row->proof == recording->proof &&
		    row->arrival == recording->arrival && row->original_date == recording->original_date)
			continue;
		if (!update_row (recording, row, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- rows ---- */

static gboolean
insert_row (Recording *recording, const NxEventKey *key, gint64 list, gint64 subscriber, const char *address_key,
	    GError **error)
{
	static const char sql[] =
		"INSERT INTO events (key, fingerprint, list_id, subscriber_id, address_key, date, kind, verdict, "
		"reason,"
		" status, reply, recipient, original_recipient, forward, diagnostic, message_id, original_message_id,"
		" reporting_mta, remote_mta, proof, rule, defects, feedback_type, arrival, run_id, original_date,"
		" domain, provider, post) "
		"VALUES"
		" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, "
		"?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)";
	NxSqlite *db = recording->db;
	const NxEvent *event = recording->event;
	char status[NX_STATUS_STRLEN];
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_key (statement, 1, key);
	nx_sqlite_bind_text (statement, 2, event->fingerprint);
	nx_sqlite_bind_id (statement, 3, list);
	nx_sqlite_bind_id (statement, 4, subscriber);
	nx_sqlite_bind_text (statement, 5, address_key);
	nx_sqlite_bind_int (statement, 6, recording->date);
	nx_sqlite_bind_text (statement, 7, nx_sqlite_kind_word (event->kind));
	nx_sqlite_bind_text (statement, 8, nx_sqlite_verdict_word (event->verdict));
	nx_sqlite_bind_text (statement, 9, nx_sqlite_reason_word (event->reason));
	nx_sqlite_bind_text (statement, 10, nx_status_format (event->status, status));
	nx_sqlite_bind_int (statement, 11, event->reply);
	nx_sqlite_bind_text (statement, 12, event->recipient);
	nx_sqlite_bind_text (statement, 13, event->original_recipient);
	nx_sqlite_bind_text (statement, 14, event->forward);
	nx_sqlite_bind_text (statement, 15, event->diagnostic);
	nx_sqlite_bind_text (statement, 16, event->message_id);
	nx_sqlite_bind_text (statement, 17, event->original_message_id);
	nx_sqlite_bind_text (statement, 18, event->reporting_mta);
	nx_sqlite_bind_text (statement, 19, event->remote_mta);
	nx_sqlite_bind_text (statement, 20, nx_sqlite_proof_word (recording->proof));
	nx_sqlite_bind_text (statement, 21, event->rule);
	nx_sqlite_bind_text (statement, 22, event->defects);
	nx_sqlite_bind_text (statement, 23, event->feedback_type);
	nx_sqlite_bind_int (statement, 24, recording->arrival);
	nx_sqlite_bind_id (statement, 25, db->base.run);
	nx_sqlite_bind_int (statement, 26, recording->original_date);
	nx_sqlite_bind_int (statement, 27, subscriber != 0 ? get_domain_name (event, address_key) : 0);
	nx_sqlite_bind_int (statement, 28, nx_store_make_provider_name (event->remote_mta));
	nx_sqlite_bind_int (statement, 29, nx_incident_make_name (event->original_message_id));
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	recording->added++;
	return *event->forward == '\0' || nx_sqlite_offer (db, sqlite3_last_insert_rowid (db->handle), error);
}

static gboolean
link_row (Recording *recording, const Row *row, const NxEventKey *key, const Match *match, GError **error)
{
	static const char sql[] = "UPDATE events SET key = ?2, list_id = ?3, subscriber_id = ?4, address_key = ?5,"
				  " domain = ?6 WHERE id = ?1";
	NxSqlite *db = recording->db;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, row->id);
	nx_sqlite_bind_key (statement, 2, key);
	nx_sqlite_bind_int (statement, 3, match->list);
	nx_sqlite_bind_int (statement, 4, match->subscriber);
	nx_sqlite_bind_text (statement, 5, match->address_key);
	nx_sqlite_bind_int (statement, 6, get_domain_name (recording->event, match->address_key));
	return nx_sqlite_run (db, statement, error) && mark_failure (recording, match->list, recording->date, error) &&
	       nx_sqlite_move_offer (db, row->id, row->address_key, error) &&
	       nx_sqlite_touch (db, match->subscriber, error);
}

/* A forgotten row keeps its key, so a later subscription with that address has nothing of it. */
static gboolean
store_match (Recording *recording, const Match *match, GError **error)
{
	const NxEventKey key = nx_store_link_event_key (&recording->key, match->list_name);
	for (guint i = 0; i < recording->rows->len; i++) {
		Row *row = &g_array_index (recording->rows, Row, i);
		if (memcmp (row->key.bytes, key.bytes, sizeof key.bytes) == 0)
			return TRUE;
		if (row->subscriber != 0)
			continue;
		row->subscriber = match->subscriber;
		return link_row (recording, row, &key, match, error);
	}
	return insert_row (recording, &key, match->list, match->subscriber, match->address_key, error) &&
	       mark_failure (recording, match->list, recording->date, error) &&
	       nx_sqlite_touch (recording->db, match->subscriber, error);
}

/*
 * Another copy of a report that stands unlinked may know more: a list, the return path's recipient. Should two copies
 * know different things, the one that sorts first is kept, whichever comes first.
 */
static gboolean
update_unlinked (Recording *recording, const Row *row, const char *address_key, GError **error)
{
	NxSqlite *db = recording->db;
	/* What was forgotten is not to be learned again from the same report. */
	if (nx_sqlite_is_hashed (row->address_key))
		return TRUE;
	const NxKnownList *list = find_list (db, row->list);
	if (list == NULL || (recording->list != NULL && g_ascii_strcasecmp (recording->list->name, list->name) < 0))
		list = recording->list;
	if (*row->address_key != '\0' && (*address_key == '\0' || strcmp (row->address_key, address_key) < 0))
		address_key = row->address_key;
	gint64 list_id = list != NULL ? list->id : 0;
	if (list_id == row->list && strcmp (address_key, row->address_key) == 0)
		return TRUE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "UPDATE events SET list_id = ?2, address_key = ?3 WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, row->id);
	nx_sqlite_bind_id (statement, 2, list_id);
	nx_sqlite_bind_text (statement, 3, address_key);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	return strcmp (address_key, row->address_key) == 0 ||
	       nx_sqlite_move_offer (db, row->id, row->address_key, error);
}

static gboolean
store_unlinked (Recording *recording, GError **error)
{
	g_autofree char *address_key = nx_store_make_unlinked_key (recording->event);
	if (recording->rows->len > 0) {
		const Row *row = &g_array_index (recording->rows, Row, 0);
		return row->subscriber != 0 || update_unlinked (recording, row, address_key, error);
	}
	gint64 list = recording->list != NULL ? recording->list->id : 0;
	return insert_row (recording, &recording->key, list, 0, address_key, error);
}

static gboolean
link_step (Recording *recording, const Match *match, GError **error)
{
	static const char sql[] = "UPDATE events SET step_id = ?3 WHERE key = ?1 AND subscriber_id = ?2";
	NxSqlite *db = recording->db;
	if (recording->step == 0)
		return TRUE;
	const NxEventKey key = nx_store_link_event_key (&recording->key, match->list_name);
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_key (statement, 1, &key);
	nx_sqlite_bind_int (statement, 2, match->subscriber);
	nx_sqlite_bind_int (statement, 3, recording->step);
	return nx_sqlite_run (db, statement, error) && nx_sqlite_touch (db, match->subscriber, error);
}

static gboolean
store_rows (Recording *recording, GError **error)
{
	if (!find_matches (recording, error) || !load_rows (recording, error) || !merge_rows (recording, error))
		return FALSE;
	if (recording->matches->len == 0)
		return store_unlinked (recording, error);
	for (guint i = 0; i < recording->matches->len; i++) {
		const Match *match = &g_array_index (recording->matches, Match, i);
		if (!store_match (recording, match, error) || !link_step (recording, match, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- events of one report ---- */

static const NxKnownList *
find_hint (NxSqlite *db, const char *hint)
{
	if (db->hint == NULL || strcmp (db->hint, hint) != 0) {
		g_free (db->hint);
		db->hint = g_strdup (hint);
		db->hint_list = nx_store_match_list (db->lists, hint);
	}
	return db->hint_list;
}

/*
 * The list stays as it was when there are several: an event that is recorded once more, after a failure, must find them
 * all again.
 */
static void
show_found (NxEvent *event, const Recording *recording)
{
	if (recording->matches->len > 0)
		nx_text_set (&event->subscriber, g_array_index (recording->matches, Match, 0).address);
	if (recording->list != NULL)
		nx_text_set (&event->list, recording->list->name);
	else if (recording->matches->len == 1)
		nx_text_set (&event->list, g_array_index (recording->matches, Match, 0).list_name);
}

/* A list whose keyed return paths come back sends with keys. By the day is fine enough: a report that says a little
 * less makes the whole list be looked at again. */
static gboolean
learn_keyed (const Recording *recording, GError **error)
{
	NxSqlite *db = recording->db;
	/* The report's own date is its writer's. */
	gint64 seen = recording->arrival != 0 ? recording->arrival : recording->date;
	/* Our own mail's token says nothing on how the list sends. */
	gint64 since = recording->proof == NX_PROOF_SIGNED && !recording->answers ? seen : 0;
	if (since == 0)
		since = db->base.keyed;
	if (since == 0)
		return TRUE;
	since -= since % NX_STORE_DAY_SECONDS;
	for (guint i = 0; i < db->lists->len; i++) {
		NxKnownList *list = g_ptr_array_index (db->lists, i);
		gboolean meant = list == recording->list;
		for (guint j = 0; j < recording->matches->len && !meant; j++)
			meant = g_array_index (recording->matches, Match, j).list == list->id;
		if (!meant || (list->keyed != 0 && list->keyed <= since))
			continue;
		list->keyed = since;
		if (!nx_sqlite_set_keyed (db, list->id, since, error))
			return FALSE;
	}
	return TRUE;
}

/* Each copy of a report tells what it tells by itself, so that the order of the copies does not matter. */
static gboolean
learn_post (const Recording *recording, GError **error)
{
	const NxEvent *event = recording->event;
	gboolean added;
	if (event->proof < NX_PROOF_ORIGINAL || event->original_date <= 0)
		return TRUE;
	g_autofree char *message_id = nx_store_make_message_id (event->original_message_id);
	if (message_id == NULL)
		return TRUE;
	if (recording->list != NULL)
		return nx_sqlite_learn_post (recording->db, recording->list->id, message_id, event->original_date,
					     &added, error);
	/* Nothing tells which of several it was sent to. */
	if (recording->matches->len != 1)
		return TRUE;
	return nx_sqlite_learn_post (recording->db, g_array_index (recording->matches, Match, 0).list, message_id,
				     event->original_date, &added, error);
}

static gboolean
record_event (NxSqlite *db, NxEvent *event, const NxKnownList *list, gint64 fallback_date, guint *added, GError **error)
{
	g_autoptr (GArray) matches = nx_sqlite_new_matches ();
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
	g_array_set_clear_func (rows, clear_row);
	Recording recording = {
		.db = db,
		.event = event,
		.list = list != NULL ? list : find_hint (db, event->list),
		.date = event->date != 0 ? event->date : fallback_date,
		.arrival = event->arrival,
		.original_date = event->original_date,
		.matches = matches,
		.rows = rows,
		.proof = event->proof,
		.key = nx_store_make_event_key (event),
	};
	if (!store_rows (&recording, error) || !learn_keyed (&recording, error) || !learn_post (&recording, error))
		return FALSE;
	show_found (event, &recording);
	*added += recording.added;
	return TRUE;
}

gboolean
nx_sqlite_record (NxStore *store, GPtrArray *events, const char *list, gint64 fallback_date, guint *added_out,
		  GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	guint added = 0;
	if (!nx_sqlite_require_list (db, list, &list_id, error) || !nx_sqlite_load_lists (db, error))
		return FALSE;
	const NxKnownList *known = find_list (db, list_id);
	for (guint i = 0; i < events->len; i++) {
		NxEvent *event = g_ptr_array_index (events, i);
		if (event->kind == NX_KIND_NONE)
			continue;
		if (!record_event (db, event, known, fallback_date, &added, error))
			return FALSE;
	}
	*added_out = added;
	return TRUE;
}
