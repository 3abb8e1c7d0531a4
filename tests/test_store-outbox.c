/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-outbox.c: what waits to be told: queued once, claimed by one, put off, given up; what is due; readers who
 * come back (nixie/outbox.h).
 */
#include "store-helpers.h"

#include <sqlite3.h>

#include <nixie/outbox.h>

#define NOW (START + 10 * DAY)
#define TOKEN "0ezyx1n5cxqy47a2xnz3kb6t"

/* ---- helpers ---- */

/* What no public call shows. */
static gint64
query (const Place *place, const char *sql)
{
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	assert_int_equal (sqlite3_open (place->path, &handle), SQLITE_OK);
	sqlite3_busy_timeout (handle, 10000);
	if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg ("%s: %s", sql, sqlite3_errmsg (handle));
	int result = sqlite3_step (statement);
	assert_true (result == SQLITE_ROW || result == SQLITE_DONE);
	gint64 value = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : -1;
	sqlite3_finalize (statement);
	sqlite3_close (handle);
	return value;
}

static void
set_due (const Place *place, const char *address, const char *due, gint64 date)
{
	char *sql = sqlite3_mprintf ("UPDATE subscribers SET due = %Q, due_date = %lld WHERE address = %Q", due,
				     (long long)date, address);
	query (place, sql);
	sqlite3_free (sql);
}

static NxOutboxItem *
claim (const Place *place, NxOutboxKind kind, gint64 now)
{
	g_autoptr (GError) error = NULL;
	NxOutboxItem *item = NULL;
	must (nx_store_claim_item (place->store, kind, now, 100, &item, &error));
	return item;
}

static void
finish (const Place *place, const NxOutboxItem *item, gint64 now)
{
	g_autoptr (GError) error = NULL;
	must (nx_store_finish_item (place->store, item, now, &error));
}

static guint
queue (const Place *place, const char *list, gint64 now)
{
	g_autoptr (GError) error = NULL;
	guint count = 4711;
	must (nx_store_queue_hooks (place->store, list, now, 100, &count, &error));
	return count;
}

static const char *
get (const NxOutboxItem *item, const char *name)
{
	const char *value = g_hash_table_lookup (item->values, name);
	return value != NULL ? value : "";
}

/* The next call of the hook, told at once; "" when there is none. */
static char *
tell_hook (const Place *place, const char *list, gint64 now)
{
	queue (place, list, now);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_HOOK, now);
	if (item == NULL)
		return g_strdup ("");
	finish (place, item, now);
	return g_strdup_printf ("%s %s %s", get (item, "action"), get (item, "old_address"), get (item, "address"));
}

#define assert_told(want)                                               \
	do {                                                            \
		g_autofree char *told = tell_hook (place, "news", NOW); \
		assert_string_equal (told, want);                       \
	} while (0)

static NxDeeds
perform (const Place *place, gint64 now)
{
	g_autoptr (GError) error = NULL;
	NxDeeds deeds = { 0 };
	must (nx_store_perform_due (place->store, now, 100, &deeds, &error));
	return deeds;
}

static NxState
get_state (const Place *place, const char *address)
{
	return get_standing (place->store, "news", address).state;
}

static void
remove_by_hand (const Place *place, const char *address)
{
	g_autoptr (GError) error = NULL;
	must (nx_store_remove_subscriber (place->store, "news", address, NOW, NULL, &error));
}

static void
restore_by_hand (const Place *place, const char *address)
{
	g_autoptr (GError) error = NULL;
	must (nx_store_restore_subscriber (place->store, "news", address, NOW, NULL, &error));
}

/* ---- hooks ---- */

static void
test_nx_store_queue_hooks__what_is_told_and_when (void **state)
{
	const Place *place = *state;
	assert_told ("");
	record_dead_days (place->store, "bob@example.org", "news");
	assert_told ("suspend  bob@example.org");
	assert_told ("");
	restore_by_hand (place, "bob@example.org");
	assert_told ("restore  bob@example.org");
	remove_by_hand (place, "bob@example.org");
	assert_told ("remove  bob@example.org");
	restore_by_hand (place, "bob@example.org");
	assert_told ("add  bob@example.org");
	assert_told ("");
}

static void
test_nx_store_queue_hooks__the_payload (void **state)
{
	const Place *place = *state;
	record_dead_days (place->store, "bob@example.org", "news");
	assert_int_equal (queue (place, "news", NOW), 1);
	assert_int_equal (queue (place, "news", NOW), 0);
	assert_int_equal (queue (place, "talk", NOW), 0);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_HOOK, NOW);
	assert_non_null (item);
	assert_string_equal (
		item->payload,
		"{\"id\":1,\"action\":\"suspend\",\"list\":\"news\",\"list_address\":\"news@lists.example.org\","
		"\"address\":\"bob@example.org\",\"cause\":\"the score reached the threshold\",\"score\":2.97,"
		"\"date\":\"2026-11-25T00:00:00Z\",\"state\":\"suspended\",\"previous_state\":\"active\"}");
	assert_string_equal (item->list, "news");
	assert_string_equal (item->subscriber, "bob@example.org");
	assert_int_equal (item->attempts, 1);
}

/* An address that changed twice before anybody was told is one change; one that changed back is none. */
static void
test_nx_store_queue_hooks__addresses (void **state)
{
	static const NxForwardTerms terms = { .now = NOW, .expire_days = 365, .token_days = 7 };
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	gint64 step = 0;
	const Spec moved = {
		.fingerprint = "moved", .recipient = "bob@example.org", .date = START, .forward = "rob@example.net"
	};
	record_one (place->store, &moved, "news");
	must (nx_store_accept_proposal (place->store, 1, &terms, &step, &error));
	assert_int_equal (queue (place, "news", NOW), 1);
	must (nx_store_undo_step (place->store, step, NOW, &error));
	assert_told ("");
	must (nx_store_accept_proposal (place->store, 1, &terms, &step, &error));
	assert_told ("move bob@example.org rob@example.net");
	assert_told ("");
	must (nx_store_undo_step (place->store, step, NOW, &error));
	assert_told ("move rob@example.net bob@example.org");
	/* Removed under a name that the list manager never heard of. */
	must (nx_store_accept_proposal (place->store, 1, &terms, &step, &error));
	remove_by_hand (place, "rob@example.net");
	assert_told ("remove  bob@example.org");
	restore_by_hand (place, "rob@example.net");
	assert_told ("add  rob@example.net");
	assert_told ("");
}

/* A hook that failed may have done its work all the same. */
static void
test_nx_store_queue_hooks__overtaken (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "bob@example.org", "news");
	assert_int_equal (queue (place, "news", NOW), 1);
	restore_by_hand (place, "bob@example.org");
	assert_told ("");
	assert_int_equal (query (place, "SELECT count(*) FROM outbox"), 0);

	remove_by_hand (place, "bob@example.org");
	queue (place, "news", NOW);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_HOOK, NOW);
	restore_by_hand (place, "bob@example.org");
	/* Somebody is at it. */
	assert_int_equal (queue (place, "news", NOW), 0);
	must (nx_store_postpone_item (place->store, item, "it hung", NOW, &error));
	assert_told ("add  bob@example.org");
	assert_told ("");
}

/* An index answers who has something to tell; a million subscribers are not looked at. */
static void
test_nx_store_queue_hooks__by_an_index (void **state)
{
	const Place *place = *state;
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	g_autoptr (GString) plan = g_string_new (NULL);
	assert_int_equal (sqlite3_open (place->path, &handle), SQLITE_OK);
	assert_int_equal (sqlite3_prepare_v2 (handle,
					      "EXPLAIN QUERY PLAN SELECT id FROM subscribers WHERE list_id = 1 AND"
					      " CASE told_state WHEN 'removed' THEN state <> 'removed'"
					      " ELSE state <> iif(told_state = '', 'active', told_state) OR"
					      " (told_address <> '' AND told_address <> address) END",
					      -1, &statement, NULL),
			  SQLITE_OK);
	while (sqlite3_step (statement) == SQLITE_ROW)
		g_string_append (plan, (const char *)sqlite3_column_text (statement, 3));
	sqlite3_finalize (statement);
	sqlite3_close (handle);
	if (strstr (plan->str, "subscribers_untold") == NULL)
		fail_msg ("%s", plan->str);
}

/* ---- claiming ---- */

static void
test_nx_store_claim_item__leases (void **state)
{
	const Place *place = *state;
	g_autoptr (NxStore) other = open_store (place->uri);
	g_autoptr (GError) error = NULL;
	remove_by_hand (place, "ann@example.org");
	remove_by_hand (place, "bob@example.org");
	assert_int_equal (queue (place, "news", NOW), 2);
	g_autoptr (NxOutboxItem) first = claim (place, NX_OUTBOX_HOOK, NOW);
	NxOutboxItem *item = NULL;
	must (nx_store_claim_item (other, NX_OUTBOX_HOOK, NOW, 100, &item, &error));
	g_autoptr (NxOutboxItem) second = item;
	assert_non_null (second);
	assert_int_not_equal (first->id, second->id);
	assert_null (claim (place, NX_OUTBOX_HOOK, NOW));
	assert_null (claim (place, NX_OUTBOX_HOOK, NOW + 99));
	finish (place, second, NOW);
	/* Whoever had the first one was killed. */
	g_autoptr (NxOutboxItem) again = claim (place, NX_OUTBOX_HOOK, NOW + 100);
	assert_non_null (again);
	assert_int_equal (again->id, first->id);
	assert_int_equal (again->attempts, 2);
	finish (place, again, NOW + 100);
	assert_null (claim (place, NX_OUTBOX_HOOK, NOW + 1000));
	/* The dead one comes back to life: it changes nothing. */
	finish (place, first, NOW + 200);
	assert_int_equal (query (place, "SELECT count(*) FROM outbox WHERE done = 0"), 0);
}

static void
claim_all_cb (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = nx_store_open (place->uri, NX_STORE_NONE, &error);
	child_must (store != NULL);
	g_autofree char *path = g_strdup_printf ("%s/claimed", place->folder);
	(void)number;
	(void)data;
	for (;;) {
		g_autoptr (NxOutboxItem) item = NULL;
		child_must (nx_store_claim_item (store, NX_OUTBOX_HOOK, NOW, 100, &item, &error));
		if (item == NULL)
			return;
		FILE *file = fopen (path, "a");
		fprintf (file, "%d\n", (int)item->id);
		fclose (file);
		child_must (nx_store_finish_item (store, item, NOW, &error));
	}
}

static void
test_nx_store_claim_item__two_at_once (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *path = g_strdup_printf ("%s/claimed", place->folder);
	g_autofree char *text = NULL;
	g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
	must (nx_store_begin (place->store, &error));
	for (guint i = 0; i < 40; i++) {
		g_autofree char *address = g_strdup_printf ("reader%u@example.org", i);
		must (nx_store_add_subscriber (place->store, "news", address, NULL, NULL, &error));
		must (nx_store_remove_subscriber (place->store, "news", address, NOW, NULL, &error));
	}
	must (nx_store_commit (place->store, &error));
	assert_int_equal (queue (place, "news", NOW), 40);
	pid_t children[3];
	for (guint i = 0; i < G_N_ELEMENTS (children); i++)
		children[i] = start_child (place, i, claim_all_cb, NULL);
	for (guint i = 0; i < G_N_ELEMENTS (children); i++)
		await_child (children[i]);
	assert_true (g_file_get_contents (path, &text, NULL, NULL));
	g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
	assert_int_equal (g_strv_length (lines), 40);
	for (guint i = 0; lines[i] != NULL; i++)
		if (!g_hash_table_add (seen, lines[i]))
			fail_msg ("row %s was claimed twice", lines[i]);
}

static void
test_nx_store_postpone_item__back_off_and_giving_up (void **state)
{
	static const gint64 pauses[] = { 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720, 61440, 86400, 86400 };
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	gint64 now = NOW;
	NxOutboxCounts counts = { 0 };
	remove_by_hand (place, "bob@example.org");
	queue (place, "news", NOW);
	for (guint i = 0; counts.failed == 0; i++) {
		g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_HOOK, now);
		assert_non_null (item);
		must (nx_store_postpone_item (place->store, item, "no\nluck\x1b[31m", now, &error));
		must (nx_store_count_items (place->store, &counts, &error));
		assert_int_equal (counts.hooks + counts.failed, 1);
		assert_int_equal (counts.failed, now - NOW >= 30 * DAY);
		gint64 pause = pauses[MIN (i, G_N_ELEMENTS (pauses) - 1)];
		assert_null (claim (place, NX_OUTBOX_HOOK, now + pause - 1));
		now += pause;
	}
	assert_null (claim (place, NX_OUTBOX_HOOK, now + 100 * DAY));
	assert_int_equal (queue (place, "news", now + 100 * DAY), 0);
	g_autoptr (GPtrArray) items = nx_store_list_items (place->store, "news", 0, &error);
	assert_int_equal (items->len, 1);
	const NxOutboxItem *item = g_ptr_array_index (items, 0);
	assert_string_equal (item->error, "no luck[31m");
	assert_true (item->failed > 0);
	must (nx_store_retry_item (place->store, item->id, now, &error));
	g_autoptr (NxOutboxItem) again = claim (place, NX_OUTBOX_HOOK, now);
	assert_non_null (again);
	must (nx_store_postpone_item (place->store, again, "no", now, &error));
	must (nx_store_count_items (place->store, &counts, &error));
	assert_int_equal (counts.hooks, 1);
	must (nx_store_drop_item (place->store, item->id, now, &error));
	/* Whoever drops it says that the list manager knows. */
	assert_int_equal (queue (place, "news", now), 0);
	must_fail (nx_store_drop_item (place->store, item->id, now, &error), NX_ERROR_NOT_FOUND);
	must_fail (nx_store_retry_item (place->store, 4711, now, &error), NX_ERROR_NOT_FOUND);
}

static void
test_nx_store_clean_outbox__keeps_what_is_new (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	remove_by_hand (place, "bob@example.org");
	assert_told ("remove  bob@example.org");
	must (nx_store_clean_outbox (place->store, NOW + 30 * DAY, &error));
	assert_int_equal (query (place, "SELECT count(*) FROM outbox"), 1);
	must (nx_store_clean_outbox (place->store, NOW + 30 * DAY + 1, &error));
	assert_int_equal (query (place, "SELECT count(*) FROM outbox"), 0);
	/* Numbers are not given twice: a hook may keep them. */
	restore_by_hand (place, "bob@example.org");
	queue (place, "news", NOW);
	assert_int_equal (query (place, "SELECT id FROM outbox"), 2);
}

/* ---- what is due ---- */

static void
test_nx_store_perform_due__steps_and_mails (void **state)
{
	const Place *place = *state;
	record_dead_days (place->store, "bob@example.org", "news");
	set_due (place, "bob@example.org", "warn", NOW);
	NxDeeds deeds = perform (place, NOW - 1);
	assert_int_equal (deeds.warned + deeds.probed + deeds.removed, 0);
	deeds = perform (place, NOW);
	assert_int_equal (deeds.warned, 1);
	assert_int_equal (query (place, "SELECT count(*) FROM steps WHERE kind = 'warn'"), 1);

	/* While the mail has not left, he is neither warned again nor removed. */
	set_due (place, "bob@example.org", "remove", NOW);
	deeds = perform (place, NOW + 10 * DAY);
	assert_int_equal (deeds.removed, 0);
	assert_int_equal (get_state (place, "bob@example.org"), NX_STATE_SUSPENDED);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_WARNING, NOW + 10 * DAY);
	assert_non_null (item);
	assert_string_equal (item->subscriber, "bob@example.org");
	assert_string_equal (get (item, "since"), "2026-11-25");
	assert_string_equal (get (item, "date"), "2026-11-25");
	assert_string_equal (get (item, "diagnostic"), "550 5.1.1");
	assert_int_equal (item->step, query (place, "SELECT id FROM steps WHERE kind = 'warn'"));

	/* It left ten days late: the time to answer begins then. */
	finish (place, item, NOW + 10 * DAY);
	assert_int_equal (query (place, "SELECT date FROM steps WHERE kind = 'warn'"), NOW + 10 * DAY);
	set_due (place, "bob@example.org", "remove", NOW);
	deeds = perform (place, NOW + 20 * DAY);
	assert_int_equal (deeds.removed, 1);
	assert_int_equal (get_state (place, "bob@example.org"), NX_STATE_REMOVED);
	g_autoptr (NxOutboxItem) removed = claim (place, NX_OUTBOX_REMOVED, NOW + 20 * DAY);
	assert_non_null (removed);
}

static void
test_nx_store_claim_item__what_nobody_needs_any_more (void **state)
{
	const Place *place = *state;
	record_dead_days (place->store, "bob@example.org", "news");
	set_due (place, "bob@example.org", "warn", NOW);
	perform (place, NOW);
	restore_by_hand (place, "bob@example.org");
	assert_null (claim (place, NX_OUTBOX_WARNING, NOW));
	assert_int_equal (query (place, "SELECT done <> 0 AND error <> '' FROM outbox"), 1);
	/* Where nobody can send, nobody claims. */
	query (place, "UPDATE outbox SET done = 0");
	g_autoptr (GError) error = NULL;
	must (nx_store_clean_outbox (place->store, NOW, &error));
	assert_int_equal (query (place, "SELECT done <> 0 AND error <> '' FROM outbox"), 1);
}

/* ---- readers who come back ---- */

static gint64
warn (const Place *place, const char *address, const char *token, gint64 now)
{
	g_autoptr (GError) error = NULL;
	set_due (place, address, "warn", now);
	assert_int_equal (perform (place, now).warned, 1);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_WARNING, now);
	assert_non_null (item);
	must (nx_store_add_token (place->store, item->step, token, &error));
	finish (place, item, now);
	return item->step;
}

static void
test_nx_store_enable_subscriber__once (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *list = NULL;
	g_autofree char *address = NULL;
	gint64 step = 0;
	record_dead_days (place->store, "bob@example.org", "news");
	warn (place, "bob@example.org", TOKEN, NOW);
	warn (place, "bob@example.org", "1ezyx1n5cxqy47a2xnz3kb6t", NOW + DAY);
	assert_int_equal (query (place, "SELECT count(*) FROM tokens WHERE hash LIKE '%" TOKEN "%'"), 0);
	must_fail (
		nx_store_enable_subscriber (place->store, "zzzzzzzzzzzzzzzzzzzzzzzz", NOW, &step, NULL, NULL, &error),
		NX_ERROR_NOT_FOUND);
	/* Its case may have changed on the way. */
	must (nx_store_enable_subscriber (place->store, "0EZYX1N5CXQY47A2XNZ3KB6T", NOW + DAY, &step, &list, &address,
					  &error));
	assert_string_equal (list, "news");
	assert_string_equal (address, "bob@example.org");
	assert_int_equal (get_state (place, "bob@example.org"), NX_STATE_ACTIVE);
	must_fail (nx_store_enable_subscriber (place->store, TOKEN, NOW, &step, NULL, NULL, &error), NX_ERROR_DATA);
	/* Undone, he is suspended again; the token stays used, and so does the other one that he had. */
	must (nx_store_undo_step (place->store, step, NOW + DAY, &error));
	assert_int_equal (get_state (place, "bob@example.org"), NX_STATE_SUSPENDED);
	must_fail (nx_store_enable_subscriber (place->store, TOKEN, NOW, &step, NULL, NULL, &error), NX_ERROR_DATA);
	must_fail (
		nx_store_enable_subscriber (place->store, "1ezyx1n5cxqy47a2xnz3kb6t", NOW, &step, NULL, NULL, &error),
		NX_ERROR_DATA);
}

static void
test_nx_store_enable_subscriber__only_what_the_policy_ended (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	gint64 step = 0;
	record_dead_days (place->store, "bob@example.org", "news");
	warn (place, "bob@example.org", TOKEN, NOW);
	set_due (place, "bob@example.org", "remove", NOW);
	assert_int_equal (perform (place, NOW + DAY).removed, 1);
	must (nx_store_enable_subscriber (place->store, TOKEN, NOW + 2 * DAY, &step, NULL, NULL, &error));
	assert_int_equal (get_state (place, "bob@example.org"), NX_STATE_ACTIVE);

	record_dead_days (place->store, "ann@example.org", "news");
	warn (place, "Ann@Example.org", "2ezyx1n5cxqy47a2xnz3kb6t", NOW);
	remove_by_hand (place, "ann@example.org");
	must_fail (
		nx_store_enable_subscriber (place->store, "2ezyx1n5cxqy47a2xnz3kb6t", NOW, &step, NULL, NULL, &error),
		NX_ERROR_DATA);
	assert_int_equal (get_state (place, "ann@example.org"), NX_STATE_REMOVED);
}

/* ---- bounces of our own mails ---- */

static void
record_answer (const Place *place, const Spec *spec, const char *token)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = make_events (spec, 1);
	NxEvent *event = g_ptr_array_index (events, 0);
	set_text (&event->answers, token);
	must (nx_store_record (place->store, events, NULL, START, NULL, &error));
}

static void
test_nx_store_record__bounces_of_warnings (void **state)
{
	const Place *place = *state;
	const Spec here = { .fingerprint = "w1", .recipient = "bob@example.org", .date = NOW, .proof = NX_PROOF_CLAIM };
	/* The report names nobody whom we know. */
	const Spec strange = { .fingerprint = "w2", .recipient = "b.o.b@internal.example", .date = NOW + DAY };
	record_dead_days (place->store, "bob@example.org", "news");
	gint64 step = warn (place, "bob@example.org", TOKEN, NOW);
	/* A copy that came without the envelope is known already. */
	record_answer (place, &here, "");
	assert_int_equal (query (place, "SELECT count(*) FROM events WHERE step_id IS NOT NULL"), 0);
	record_answer (place, &here, TOKEN);
	record_answer (place, &here, "");
	record_answer (place, &strange, TOKEN);
	record_answer (place, &(const Spec){ .fingerprint = "w3", .recipient = "bob@example.org", .date = NOW },
		       "zzzzzzzzzzzzzzzzzzzzzzzz");
	assert_int_equal (query (place, "SELECT count(*) FROM events WHERE fingerprint = 'w1'"), 1);
	assert_int_equal (query (place, "SELECT count(*) FROM events WHERE step_id IS NOT NULL AND proof = 'signed'"),
			  2);
	assert_int_equal (query (place, "SELECT max(step_id) FROM events WHERE fingerprint = 'w2'"), step);
	assert_int_equal (query (place, "SELECT count(DISTINCT subscriber_id) FROM events WHERE fingerprint LIKE 'w%'"),
			  1);
	/* Our mail's token says nothing on how the list sends. */
	assert_int_equal (query (place, "SELECT max(keyed) FROM lists"), 0);
}

/* ---- the owner ---- */

static guint
digest (const Place *place, gint64 now)
{
	g_autoptr (GError) error = NULL;
	guint count = 0;
	must (nx_store_queue_digest (place->store, "news", now, 7, &count, &error));
	return count;
}

static void
test_nx_store_queue_digest__weekly_and_only_news (void **state)
{
	const Place *place = *state;
	assert_int_equal (digest (place, START), 0);
	record_dead_days (place->store, "bob@example.org", "news");
	record_dead_days (place->store, "ann@example.org", "talk");
	assert_int_equal (digest (place, START + 7 * DAY - 1), 0);
	assert_int_equal (digest (place, START + 7 * DAY), 1);
	assert_int_equal (digest (place, START + 7 * DAY), 0);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_DIGEST, START + 7 * DAY);
	assert_string_equal (get (item, "from"), "2026-11-23");
	assert_string_equal (get (item, "until"), "2026-11-30");
	assert_string_equal (get (item, "suspended-count"), "1");
	assert_string_equal (get (item, "suspended"),
			     "  bob@example.org  2026-11-25\n      the score reached the threshold");
	assert_string_equal (get (item, "removed"), "");
	assert_string_equal (get (item, "moved"), "");
	/* Nothing happened since; the time goes on all the same. */
	assert_int_equal (digest (place, START + 14 * DAY), 0);
	remove_by_hand (place, "bob@example.org");
	assert_int_equal (digest (place, START + 20 * DAY), 0);
}

static void
test_nx_store_queue_incidents__once (void **state)
{
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	guint count = 0;
	query (place,
	       "INSERT INTO incidents (list_id, scope, name, verdict, opened, last, addresses, reason, diagnostic,"
	       " note) VALUES (1, 'domain', 'example.org', 'permanent', 1796169600, 1796256000, 12, 'user-unknown',"
	       " '550 5.1.1', '')");
	must (nx_store_queue_incidents (place->store, "news", NOW, &count, &error));
	assert_int_equal (count, 1);
	/* Derived anew, with another number, and a report that came late. */
	query (place, "DELETE FROM incidents");
	query (place,
	       "INSERT INTO incidents (id, list_id, scope, name, verdict, opened, last, addresses, reason,"
	       " diagnostic, note) VALUES (77, 1, 'domain', 'example.org', 'permanent', 1796160000, 1796256000, 13,"
	       " 'user-unknown', '550 5.1.1', '')");
	must (nx_store_queue_incidents (place->store, "news", NOW, &count, &error));
	assert_int_equal (count, 0);
	/* What is long past is no news. */
	query (place, "UPDATE incidents SET name = 'example.net', opened = 1790000000, last = 1790000000");
	must (nx_store_queue_incidents (place->store, "news", NOW, &count, &error));
	assert_int_equal (count, 0);
}

static void
test_nx_store_queue_asks__signed_proposals_once (void **state)
{
	static const NxForwardTerms terms = { .now = NOW, .expire_days = 365, .token_days = 7 };
	const Place *place = *state;
	g_autoptr (GError) error = NULL;
	guint count = 0;
	const Spec claimed = {
		.fingerprint = "a", .recipient = "ann@example.org", .date = START, .forward = "ann@example.net"
	};
	Spec moved = { .fingerprint = "b",
		       .recipient = "bob@example.org",
		       .date = START,
		       .forward = "rob@example.net",
		       .proof = NX_PROOF_SIGNED };
	record_one (place->store, &claimed, "news");
	record_one (place->store, &moved, "news");
	must (nx_store_queue_asks (place->store, "news", &terms, &count, &error));
	assert_int_equal (count, 1);
	must (nx_store_queue_asks (place->store, "news", &terms, &count, &error));
	assert_int_equal (count, 0);
	g_autoptr (NxOutboxItem) item = claim (place, NX_OUTBOX_ASK, NOW);
	assert_string_equal (get (item, "new-address"), "rob@example.net");
	assert_int_equal (item->proposal, 2);
}

int
main (void)
{
#define with_store(test) cmocka_unit_test_setup_teardown (test, set_up_store, tear_down_place)
	static const struct CMUnitTest tests[] = {
		with_store (test_nx_store_queue_hooks__what_is_told_and_when),
		with_store (test_nx_store_queue_hooks__the_payload),
		with_store (test_nx_store_queue_hooks__addresses),
		with_store (test_nx_store_queue_hooks__overtaken),
		with_store (test_nx_store_queue_hooks__by_an_index),
		with_store (test_nx_store_claim_item__leases),
		with_store (test_nx_store_claim_item__two_at_once),
		with_store (test_nx_store_postpone_item__back_off_and_giving_up),
		with_store (test_nx_store_clean_outbox__keeps_what_is_new),
		with_store (test_nx_store_perform_due__steps_and_mails),
		with_store (test_nx_store_claim_item__what_nobody_needs_any_more),
		with_store (test_nx_store_enable_subscriber__once),
		with_store (test_nx_store_enable_subscriber__only_what_the_policy_ended),
		with_store (test_nx_store_record__bounces_of_warnings),
		with_store (test_nx_store_queue_digest__weekly_and_only_news),
		with_store (test_nx_store_queue_incidents__once),
		with_store (test_nx_store_queue_asks__signed_proposals_once),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
