/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-incident.c: nixie/incident.h: the store finds day by day what policy/incident.h finds in the whole list,
 * whatever the order, batches and processes; what it holds does not count; what people decide can be taken back.
 */
#include "store-helpers.h"

#include "incident-helpers.h"
#include "store/sqlite-incidents.h"

#include <nixie/incident.h>
#include <nixie/post.h>
#include <nixie/replay.h>
#include <nixie/undo.h>

#define MEMBERS 90
#define POSTS 30
#define STEPS 60
#define CROWD 4

/* ---- an invented list ---- */

/* One thing that is written; @joins: a member, when it is no report; @posts: a post that is told; @step: what was done
 * to a member. */
typedef struct {
	char *fingerprint;
	char *recipient;
	char *remote;
	char *original;
	gint64 date;
	NxVerdict verdict;
	NxReason reason;
	NxProof proof;
	NxStepKind step;
	gboolean joins;
	gboolean posts;
} Item;

static void
free_item (gpointer data)
{
	Item *item = data;
	g_free (item->fingerprint);
	g_free (item->recipient);
	g_free (item->remote);
	g_free (item->original);
	g_free (item);
}

static char *
make_address (guint member)
{
	static const char *const domains[] = { "big.example",   "big.example",  "big.example",
					       "small.example", "firm.example", "school.example" };
	return g_strdup_printf ("reader%u@%s", member, domains[member % G_N_ELEMENTS (domains)]);
}

static Item *
add_item (GPtrArray *items, guint member, gint64 date)
{
	Item *item = g_new0 (Item, 1);
	item->fingerprint = g_strdup_printf ("report-%u", items->len);
	item->recipient = make_address (member);
	item->remote = g_strdup_printf ("mx%u.%s.example", member % 3, member % 6 < 3 ? "big" : "hoster");
	item->original = g_strdup_printf ("post%d@lists.example.org", (int)(date / DAY % 1000));
	item->date = date;
	item->verdict = NX_VERDICT_PERMANENT;
	item->reason = NX_REASON_USER_UNKNOWN;
	item->proof = NX_PROOF_ORIGINAL;
	g_ptr_array_add (items, item);
	return item;
}

/* Each at a second of its own: what was decided in one second goes by its number, and so by who was first. */
static void
add_steps (GPtrArray *items, GRand *random)
{
	static const NxStepKind kinds[] = { NX_STEP_WARN,   NX_STEP_WARN,   NX_STEP_EXPIRE,
					    NX_STEP_ENABLE, NX_STEP_REMOVE, NX_STEP_RESTORE };
	for (guint i = 0; i < STEPS; i++) {
		gint64 date = START + g_rand_int_range (random, 0, POSTS * 3) * DAY + i;
		Item *item = add_item (items, (guint)g_rand_int_range (random, 0, MEMBERS), date);
		item->step = kinds[g_rand_int_range (random, 0, G_N_ELEMENTS (kinds))];
	}
}

/* Members, posts, scattered failures, deliveries, what people and nixie run did, and days on which many fail. */
static GPtrArray *
make_items (guint32 seed, gboolean with_list)
{
	g_autoptr (GRand) random = g_rand_new_with_seed (seed);
	GPtrArray *items = g_ptr_array_new_with_free_func (free_item);
	for (guint i = 0; with_list && i < MEMBERS; i++)
		add_item (items, i, START)->joins = TRUE;
	for (guint post = 0; post < POSTS; post++) {
		gint64 date = START + post * 3 * DAY;
		guint bad = (guint)g_rand_int_range (random, 0, 8);
		if (with_list)
			add_item (items, 0, date)->posts = TRUE;
		for (guint i = 0; i < MEMBERS; i++) {
			gboolean hit = g_rand_int_range (random, 0, 60) == 0;
			if ((bad == 1 && i % 6 == 4) || (bad == 2 && i % 6 > 3) || (bad == 3 && i % 2 == 0) ||
			    (bad == 4 && i % 6 == 5 && i < 40))
				hit = g_rand_int_range (random, 0, 10) < 8;
			if (!hit)
				continue;
			Item *item = add_item (items, i, date + g_rand_int_range (random, 0, 40) * 3600);
			if (bad == 3)
				item->verdict = NX_VERDICT_BLOCKED;
			if (bad == 3)
				item->reason = NX_REASON_AUTH;
			if (g_rand_int_range (random, 0, 30) == 0)
				item->proof = NX_PROOF_NONE;
			if (g_rand_int_range (random, 0, 30) == 0)
				item->verdict = NX_VERDICT_TRANSIENT;
			if (g_rand_int_range (random, 0, 40) == 0)
				item->verdict = NX_VERDICT_BENIGN;
		}
	}
	add_steps (items, random);
	return items;
}

static void
shuffle (GPtrArray *array, GRand *random)
{
	for (guint i = array->len; i > 1; i--) {
		guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
		gpointer other = array->pdata[i - 1];
		array->pdata[i - 1] = array->pdata[j];
		array->pdata[j] = other;
	}
}

/* Beneath the checks of what may be done to whom now: in another order other things may. */
static gboolean
write_step (NxStore *store, const Item *item, GError **error)
{
	gboolean own = FALSE;
	gint64 subscriber = 0;
	gint64 step = 0;
	NxSqlite *db = (NxSqlite *)store;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = nx_sqlite_require_subscriber (db, "news", item->recipient, &subscriber, error) &&
			nx_sqlite_add_step (db, item->step, subscriber, 0, NULL, item->date, &step, error);
	return nx_store_leave_write (store, own, done, error);
}

/* Runs in children too: no cmocka in here. */
static gboolean
write_item (NxStore *store, const Item *item, GError **error)
{
	if (item->joins)
		return nx_store_add_subscriber (store, "news", item->recipient, NULL, NULL, error);
	if (item->posts)
		return nx_store_add_post (store, "news", item->original, item->date, NULL, error);
	if (item->step != NX_STEP_NONE)
		return write_step (store, item, error);
	const Spec spec = { .fingerprint = item->fingerprint,
			    .recipient = item->recipient,
			    .kind = item->verdict == NX_VERDICT_BENIGN ? NX_KIND_DELIVERED : NX_KIND_FAILURE,
			    .date = item->date,
			    .verdict = item->verdict,
			    .proof = item->proof,
			    .diagnostic = item->recipient };
	g_autoptr (GPtrArray) events = make_events (&spec, 1);
	NxEvent *event = g_ptr_array_index (events, 0);
	event->reason = item->reason;
	set_text (&event->remote_mta, item->remote);
	set_text (&event->original_message_id, item->original);
	return nx_store_record (store, events, "news", START, NULL, error);
}

/* @batch: items a transaction, 0 for one each. */
static gboolean
write_items (NxStore *store, const GPtrArray *items, guint batch, GError **error)
{
	for (guint i = 0; i < items->len; i++) {
		if (batch > 0 && i % batch == 0 && !nx_store_begin (store, error))
			return FALSE;
		if (!write_item (store, g_ptr_array_index (items, i), error))
			return FALSE;
		if (batch > 0 && (i % batch == batch - 1 || i + 1 == items->len) && !nx_store_commit (store, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- what the tables hold ---- */

typedef void (*RowFunc) (sqlite3_stmt *statement, gpointer data);

static void
foreach_row (NxStore *store, const char *sql, RowFunc func, gpointer data)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxCursor) cursor = nx_sqlite_open_cursor ((NxSqlite *)store, sql, &error);
	must (cursor != NULL);
	while (sqlite3_step (cursor) == SQLITE_ROW)
		func (cursor, data);
}

static void
append_row (sqlite3_stmt *statement, gpointer data)
{
	for (int i = 0; i < sqlite3_column_count (statement); i++)
		g_string_append_printf (data, "%s|", nx_sqlite_get_text (statement, i));
	g_string_append_c (data, '\n');
}

/* All that follows, but numbers of rows. */
static char *
dump_derived (NxStore *store)
{
	GString *text = g_string_new (NULL);
	foreach_row (store,
		     "SELECT address, state, score, score_date, since, due, due_date, domain FROM subscribers ORDER BY"
		     " address_key",
		     append_row, text);
	foreach_row (store,
		     "SELECT scope, name, verdict, opened, last, closed, addresses, reason, diagnostic, note,"
		     " (SELECT count(*) FROM events e WHERE e.incident_id = i.id) FROM incidents i"
		     " ORDER BY opened, scope, name, verdict",
		     append_row, text);
	foreach_row (
		store,
		"SELECT f.scope, f.verdict, f.name, day, f.addresses, fits, unusual, until, claimed, first, f.last,"
		" f.reason, i.name, e.fingerprint FROM failing_days f LEFT JOIN incidents i ON i.id = f.incident_id"
		" LEFT JOIN events e ON e.id = event_id ORDER BY f.scope, f.verdict, f.name, day",
		append_row, text);
	foreach_row (store, "SELECT * FROM stale_days", append_row, text);
	foreach_row (store,
		     "SELECT address, number, x.date, from_state, to_state, x.score, cause FROM transitions x JOIN"
		     " subscribers s ON s.id = x.subscriber_id ORDER BY address_key, number",
		     append_row, text);
	return g_string_free (text, FALSE);
}

static char *
dump (NxStore *store)
{
	g_autofree char *derived = dump_derived (store);
	g_autoptr (GString) text = g_string_new (derived);
	foreach_row (store,
		     "SELECT e.fingerprint, e.domain, e.provider, e.post, i.name FROM events e"
		     " LEFT JOIN incidents i ON i.id = e.incident_id ORDER BY e.key",
		     append_row, text);
	return g_strdup (text->str);
}

static NxStore *
open_list (const Place *place, const char *name)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *folder = g_build_filename (place->folder, name, NULL);
	g_autofree char *uri = make_uri (folder);
	NxStore *store = open_store (uri);
	must (nx_store_add_list (store, "news", "news@lists.example.org", &error));
	return store;
}

/* ---- against the whole ---- */

static NxStore *counted;

static guint
count_members (gint64 domain)
{
	g_autofree char *sql =
		g_strdup_printf ("SELECT count(*) FROM subscribers WHERE domain = %" G_GINT64_FORMAT, domain);
	g_autoptr (GString) text = g_string_new (NULL);
	foreach_row (counted, sql, append_row, text);
	return (guint)g_ascii_strtoull (text->str, NULL, 10);
}

static void
add_failure (sqlite3_stmt *statement, gpointer data)
{
	const NxFailure failure = {
		.id = sqlite3_column_int64 (statement, 0),
		.subscriber = sqlite3_column_int64 (statement, 1),
		.date = sqlite3_column_int64 (statement, 2),
		.domain = sqlite3_column_int64 (statement, 3),
		.provider = sqlite3_column_int64 (statement, 4),
		.post = sqlite3_column_int64 (statement, 5),
		.verdict = nx_sqlite_get_verdict (statement, 6),
		.reason = nx_sqlite_get_reason (statement, 7),
		.held = sqlite3_column_int64 (statement, 8),
	};
	g_array_append_val ((GArray *)data, failure);
}

static void
add_date (sqlite3_stmt *statement, gpointer data)
{
	gint64 date = sqlite3_column_int64 (statement, 0);
	g_array_append_val ((GArray *)data, date);
}

/* The store holds what a look at the whole list holds, and nothing else. */
static void
check_whole (NxStore *store, guint *held_out, guint *incidents_out)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GArray) failures = g_array_new (FALSE, FALSE, sizeof (NxFailure));
	g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (GArray) rulings = nx_sqlite_load_rulings ((NxSqlite *)store, 1, &error);
	foreach_row (store,
		     "SELECT id, subscriber_id, date, domain, provider, post, verdict, reason, incident_id FROM events"
		     " WHERE domain <> 0",
		     add_failure, failures);
	foreach_row (store, "SELECT date FROM posts", add_date, posts);
	counted = store;
	const Case list = { .failures = failures,
			    .posts = posts,
			    .rulings = rulings,
			    .count_members = count_members,
			    .subscribers = MEMBERS };
	g_autoptr (Result) result = detect (&list);
	g_autoptr (GPtrArray) incidents = nx_store_list_incidents (store, NULL, &error);
	must (incidents != NULL);
	for (guint i = 0; i < failures->len; i++) {
		const NxFailure *failure = &g_array_index (failures, NxFailure, i);
		assert_int_equal (failure->held != 0, g_hash_table_contains (result->held, &failure->id));
	}
	assert_int_equal (incidents->len, result->outcomes->len);
	*held_out += g_hash_table_size (result->held);
	*incidents_out += incidents->len;
}

static void
test_nx_store_record__finds_what_the_whole_list_has (void **state)
{
	g_autoptr (GError) error = NULL;
	guint held = 0;
	guint incidents = 0;
	for (guint32 seed = 1; seed <= 8; seed++) {
		g_autofree char *name = g_strdup_printf ("whole-%u", seed);
		g_autoptr (GPtrArray) items = make_items (seed, TRUE);
		g_autoptr (NxStore) store = open_list (*state, name);
		must (write_items (store, items, 40, &error));
		check_whole (store, &held, &incidents);
	}
	assert_true (held > 300);
	assert_true (incidents > 20);
}

/* ---- orders, batches, processes ---- */

static char *
dump_straight (const Place *place, const GPtrArray *items)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = open_list (place, "straight");
	must (write_items (store, items, 0, &error));
	return dump (store);
}

/* Members first: a report links to nobody who joins later. What people did is not done twice. */
static void
check_order (const Place *place, const GPtrArray *all, const NxPolicy *policy, guint batch, const char *want)
{
	static guint number;
	g_autoptr (GError) error = NULL;
	g_autoptr (GRand) random = g_rand_new_with_seed (++number);
	g_autofree char *name = g_strdup_printf ("shuffled-%u", number);
	g_autoptr (NxStore) store = open_list (place, name);
	g_autoptr (GPtrArray) members = g_ptr_array_new ();
	g_autoptr (GPtrArray) others = g_ptr_array_new ();
	for (guint i = 0; i < all->len; i++)
		g_ptr_array_add (i < MEMBERS ? members : others, g_ptr_array_index (all, i));
	must (nx_store_set_policy (store, NULL, policy, START, NULL, &error));
	must (write_items (store, members, 0, &error));
	shuffle (others, random);
	must (write_items (store, others, batch, &error));
	g_autofree char *got = dump (store);
	assert_string_equal (got, want);
	for (guint i = others->len; i > 0; i--)
		if (((const Item *)g_ptr_array_index (others, i - 1))->step != NX_STEP_NONE)
			g_ptr_array_remove_index_fast (others, i - 1);
	shuffle (others, random);
	must (write_items (store, others, batch, &error));
	g_autofree char *again = dump (store);
	assert_string_equal (again, want);
}

static void
test_nx_store_record__order_and_batches_do_not_matter (void **state)
{
	static const guint batches[] = { 0, 1, 13, 1000 };
	static const char *const policies[] = { "", "preset = mailman3\nverp-probes = yes\n", "preset = mlmmj\n",
						"preset = sympa\n" };
	for (guint i = 0; i < G_N_ELEMENTS (policies); i++) {
		g_autoptr (GError) error = NULL;
		g_autoptr (GPtrArray) all = make_items (3 + i, TRUE);
		g_autofree char *name = g_strdup_printf ("straight-%u", i);
		g_autoptr (NxStore) store = open_list (*state, name);
		NxPolicy policy;
		must (nx_policy_from_text (policies[i], &policy, &error));
		must (nx_store_set_policy (store, NULL, &policy, START, NULL, &error));
		must (write_items (store, all, 0, &error));
		g_autofree char *want = dump (store);
		assert_non_null (strstr (want, "domain|"));
		assert_non_null (strstr (want, "provider|"));
		assert_non_null (strstr (want, "post|"));
		check_order (*state, all, &policy, batches[i], want);
		check_order (*state, all, &policy, batches[(i + 1) % G_N_ELEMENTS (batches)], want);
	}
}

/* What is aside is as if it had never come, for incidents too; and back again. */
static void
test_nx_store_set_aside__takes_no_part (void **state)
{
	const NxEventScope scope = { .domain = "firm.example", .since = START + 20 * DAY };
	for (guint32 seed = 3; seed < 5; seed++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *name = g_strdup_printf ("aside-%u", seed);
		g_autofree char *other = g_strdup_printf ("never-%u", seed);
		g_autoptr (GPtrArray) items = make_items (seed, TRUE);
		g_autoptr (NxStore) store = open_list (*state, name);
		g_autoptr (NxStore) without = open_list (*state, other);
		must (write_items (store, items, 40, &error));
		g_autofree char *before = dump (store);
		g_autoptr (NxTakenBack) taken = nx_store_set_aside (store, &scope, "", START + 200 * DAY, &error);
		must (taken != NULL);
		assert_true (taken->events > 0);
		for (guint i = items->len; i > MEMBERS; i--) {
			const Item *item = g_ptr_array_index (items, i - 1);
			if (item->step == NX_STEP_NONE && !item->posts && item->date >= scope.since &&
			    g_str_has_suffix (item->recipient, "@firm.example"))
				g_ptr_array_remove_index (items, i - 1);
		}
		must (write_items (without, items, 40, &error));
		g_autofree char *got = dump_derived (store);
		g_autofree char *want = dump_derived (without);
		assert_string_equal (got, want);
		assert_string_not_equal (got, before);
		must (nx_store_undo_step (store, taken->step, START + 201 * DAY, &error));
		g_autofree char *after = dump (store);
		assert_string_equal (after, before);
	}
}

static void
test_nx_store_set_settling__leaves_the_work_to_the_end (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GRand) random = g_rand_new_with_seed (8);
	g_autoptr (GPtrArray) items = make_items (3, FALSE);
	g_autoptr (GPtrArray) members = make_items (3, TRUE);
	g_autoptr (NxStore) one = open_list (*state, "settled");
	g_autoptr (NxStore) two = open_list (*state, "deferred");
	g_ptr_array_set_size (members, MEMBERS);
	must (write_items (one, members, 0, &error) && write_items (two, members, 0, &error));
	must (write_items (one, items, 0, &error));
	nx_store_set_settling (two, FALSE);
	shuffle (items, random);
	must (write_items (two, items, 50, &error));
	g_autofree char *want = dump (one);
	g_autofree char *before = dump (two);
	assert_string_not_equal (before, want);
	must (nx_store_settle (two, &error));
	g_autofree char *after = dump (two);
	assert_string_equal (after, want);
}

static void
test_nx_store_settle__the_next_writer_does_what_was_left (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) items = make_items (4, TRUE);
	g_autofree char *want = dump_straight (*state, items);
	g_autoptr (NxStore) store = open_list (*state, "left");
	nx_store_set_settling (store, FALSE);
	must (write_items (store, items, 50, &error));
	g_clear_pointer (&store, nx_store_free);
	store = open_list (*state, "left");
	g_autofree char *got = dump (store);
	assert_string_equal (got, want);
}

static void
write_part (const Place *place, guint number, gpointer data)
{
	g_autoptr (GError) error = NULL;
	const GPtrArray *items = data;
	g_autofree char *folder = g_build_filename (place->folder, "crowd", NULL);
	g_autofree char *uri = make_uri (folder);
	g_autoptr (NxStore) store = nx_store_open (uri, NX_STORE_CREATE, &error);
	child_must (store != NULL);
	for (guint i = number; i < items->len; i += CROWD)
		child_must (write_item (store, g_ptr_array_index (items, i), &error));
}

static void
test_nx_store_record__several_processes_at_once (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) items = make_items (5, TRUE);
	g_autofree char *want = dump_straight (*state, items);
	g_autoptr (NxStore) store = open_list (*state, "crowd");
	g_autoptr (GPtrArray) members = make_items (5, TRUE);
	g_ptr_array_set_size (members, MEMBERS);
	must (write_items (store, members, 0, &error));
	g_clear_pointer (&store, nx_store_free);
	pid_t children[CROWD];
	for (guint i = 0; i < CROWD; i++)
		children[i] = start_child (*state, i, write_part, items);
	for (guint i = 0; i < CROWD; i++)
		await_child (children[i]);
	store = open_list (*state, "crowd");
	g_autofree char *got = dump (store);
	assert_string_equal (got, want);
}

/* ---- what is held, what people decide ---- */

/* Twelve readers of one firm, of twenty, fail on the tenth weekly post; one of them before and behind that. */
static NxStore *
make_outage (const Place *place)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = open_list (place, "outage");
	g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
	for (guint i = 0; i < 20; i++)
		add_item (items, i * 6 + 4, START)->joins = TRUE;
	for (guint week = 0; week < 10; week++)
		add_item (items, 0, START + week * 7 * DAY)->posts = TRUE;
	for (guint i = 0; i < 12; i++)
		add_item (items, i * 6 + 4, START + 63 * DAY + i * 60);
	add_item (items, 4, START + 49 * DAY);
	add_item (items, 4, START + 56 * DAY);
	must (write_items (store, items, 0, &error));
	return store;
}

static char *
get_note (NxStore *store, const char *address)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = nx_store_list_events (store, address, NULL, &error);
	must (events != NULL && events->len > 0);
	return g_strdup (((const NxStoredEvent *)g_ptr_array_index (events, events->len - 1))->note);
}

static void
test_nx_store_record__what_is_held_does_not_count (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = make_outage (*state);
	g_autoptr (GPtrArray) incidents = nx_store_list_incidents (store, "news", &error);
	must (incidents != NULL);
	assert_int_equal (incidents->len, 1);
	const NxIncident *incident = g_ptr_array_index (incidents, 0);
	assert_string_equal (incident->list, "news");
	assert_string_equal (incident->scope, "domain");
	assert_string_equal (incident->name, "firm.example");
	assert_string_equal (incident->diagnostic, "reader4@firm.example");
	assert_string_equal (incident->note, "");
	assert_int_equal (incident->addresses, 12);
	assert_int_equal (incident->held, 12);
	assert_int_equal (incident->opened, START + 63 * DAY);
	assert_int_equal (incident->last, START + 63 * DAY + 11 * 60);
	assert_int_equal (incident->closed, incident->last + 3 * DAY);
	assert_int_equal (incident->reason, NX_REASON_USER_UNKNOWN);
	g_autofree char *note = get_note (store, "reader10@firm.example");
	assert_non_null (strstr (note, "held by incident 1"));
	assert_non_null (strstr (note, "firm.example"));
	/* Two counted failures; the third one, held, does not suspend. */
	assert_int_equal (get_standing (store, "news", "reader4@firm.example").state, NX_STATE_ACTIVE);
	assert_true (get_standing (store, "news", "reader10@firm.example").score <= 0);
}

static void
test_nx_store_count_incident__lets_count_until_it_is_taken_back (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = make_outage (*state);
	g_autofree char *before = dump (store);
	gint64 step = 0;
	must_fail (nx_store_count_incident (store, 4711, START, &step, &error), NX_ERROR_NOT_FOUND);
	must (nx_store_count_incident (store, 1, START + 64 * DAY, &step, &error));
	assert_int_not_equal (step, 0);
	assert_int_equal (get_standing (store, "news", "reader4@firm.example").state, NX_STATE_SUSPENDED);
	must_fail (nx_store_count_incident (store, 1, START + 64 * DAY, NULL, &error), NX_ERROR_DATA);
	g_autoptr (NxIncident) counted_one = nx_store_get_incident (store, 1, &error);
	must (counted_one != NULL);
	assert_int_equal (counted_one->held, 0);
	assert_int_equal (counted_one->ruling, NX_STEP_COUNT);
	assert_string_equal (counted_one->note, "no incident, by hand: its failures count");
	must (nx_store_undo_step (store, step, START + 65 * DAY, &error));
	g_autofree char *undone = dump (store);
	assert_string_equal (undone, before);
	/* The other way back. */
	must (nx_store_count_incident (store, 1, START + 64 * DAY, NULL, &error));
	must (nx_store_reopen_incident (store, 1, START + 65 * DAY, &step, &error));
	assert_int_equal (step, 0);
	g_autofree char *reopened = dump (store);
	assert_string_equal (reopened, before);
}

static void
test_nx_store_close_incident__holds_no_more_from_then_on (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = make_outage (*state);
	must (nx_store_close_incident (store, 1, START + 63 * DAY + 299, NULL, &error));
	g_autoptr (NxIncident) incident = nx_store_get_incident (store, 1, &error);
	must (incident != NULL);
	assert_int_equal (incident->held, 5);
	assert_int_equal (incident->closed, START + 63 * DAY + 299);
	must_fail (nx_store_close_incident (store, 1, START + 64 * DAY, NULL, &error), NX_ERROR_DATA);
}

/* With keys in use nobody can hold anything by forging reports. */
static void
test_nx_store_record__what_is_proven_too_weakly_takes_no_part (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = make_outage (*state);
	g_autofree char *before = dump (store);
	must (nx_store_set_list_proof (store, "news", NX_PROOF_SIGNED, 0, &error));
	g_autoptr (GPtrArray) incidents = nx_store_list_incidents (store, NULL, &error);
	must (incidents != NULL);
	assert_int_equal (incidents->len, 0);
	must (nx_store_set_list_proof (store, "news", NX_PROOF_NONE, 0, &error));
	g_autofree char *after = dump (store);
	assert_string_equal (after, before);
}

static void
test_nx_store_set_policy__without_guard_nothing_is_held_back (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = make_outage (*state);
	NxPolicy policy;
	must (nx_store_get_policy (store, "news", &policy, &error));
	assert_true (policy.guard);
	policy.guard = FALSE;
	must (nx_store_set_policy (store, "news", &policy, START + 70 * DAY, NULL, &error));
	g_autoptr (GPtrArray) incidents = nx_store_list_incidents (store, NULL, &error);
	must (incidents != NULL);
	assert_int_equal (incidents->len, 1);
	assert_true (get_standing (store, "news", "reader10@firm.example").score > 0);
	assert_int_equal (get_standing (store, "news", "reader4@firm.example").state, NX_STATE_SUSPENDED);
}

/* An undo that is undone lets the decision stand again. */
static void
test_nx_store_undo_step__a_decision_stands_again (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = make_outage (*state);
	gint64 step = 0;
	must (nx_store_count_incident (store, 1, START + 64 * DAY, &step, &error));
	g_autofree char *want = dump (store);
	must (nx_store_undo_step (store, step, START + 65 * DAY, &error));
	must (nx_store_undo_step (store, step + 1, START + 66 * DAY, &error));
	g_autofree char *got = dump (store);
	assert_string_equal (got, want);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown (test_nx_store_record__finds_what_the_whole_list_has, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_record__order_and_batches_do_not_matter, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_set_aside__takes_no_part, set_up_place, tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_set_settling__leaves_the_work_to_the_end, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_settle__the_next_writer_does_what_was_left, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_record__several_processes_at_once, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_record__what_is_held_does_not_count, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_count_incident__lets_count_until_it_is_taken_back,
						 set_up_place, tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_close_incident__holds_no_more_from_then_on, set_up_place,
						 tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_record__what_is_proven_too_weakly_takes_no_part,
						 set_up_place, tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_set_policy__without_guard_nothing_is_held_back,
						 set_up_place, tear_down_place),
		cmocka_unit_test_setup_teardown (test_nx_store_undo_step__a_decision_stands_again, set_up_place,
						 tear_down_place),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
