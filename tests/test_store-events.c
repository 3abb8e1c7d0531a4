/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-events.c: the contract of nixie/store.h for what is recorded: whose it is, that it counts once, what it
 * makes of a subscriber, what is shown of it, what it proposes. The same cases hold for every backend.
 */
#include "store-helpers.h"

/* ---- recording: whose ---- */

static void
test_nx_store_record__finds_the_subscription (void **state)
{
	static const struct {
		const char *name;
		Spec spec;
		const char *list;
		guint added;
		const char *subscriber;
		const char *found_list;
	} cases[] = {
		{ "by recipient, on every list",
		  { .fingerprint = "1", .recipient = "ann@example.org" },
		  NULL,
		  2,
		  "Ann@Example.org",
		  "" },
		{ "on the list of the caller",
		  { .fingerprint = "2", .recipient = "ann@example.org" },
		  "talk",
		  1,
		  "ann@example.org",
		  "talk" },
		{ "the caller knows better than the hint",
		  { .fingerprint = "3", .recipient = "ann@example.org", .list = "news@lists.example.org" },
		  "TALK",
		  1,
		  "ann@example.org",
		  "talk" },
		{ "on the only list",
		  { .fingerprint = "4", .recipient = "BOB@EXAMPLE.ORG" },
		  NULL,
		  1,
		  "bob@example.org",
		  "news" },
		{ "hint: posting address",
		  { .fingerprint = "5", .recipient = "ann@example.org", .list = "News@Lists.Example.org" },
		  NULL,
		  1,
		  "Ann@Example.org",
		  "news" },
		{ "hint: List-Id",
		  { .fingerprint = "6", .recipient = "ann@example.org", .list = "NEWS.lists.example.org" },
		  NULL,
		  1,
		  "Ann@Example.org",
		  "news" },
		{ "hint: name",
		  { .fingerprint = "7", .recipient = "ann@example.org", .list = "Talk" },
		  NULL,
		  1,
		  "ann@example.org",
		  "talk" },
		{ "hint: local part",
		  { .fingerprint = "8", .recipient = "ann@example.org", .list = "talk@any.example" },
		  NULL,
		  1,
		  "ann@example.org",
		  "talk" },
		{ "hint: first label",
		  { .fingerprint = "9", .recipient = "ann@example.org", .list = "talk.any.example" },
		  NULL,
		  1,
		  "ann@example.org",
		  "talk" },
		{ "hint: of no list",
		  { .fingerprint = "10", .recipient = "bob@example.org", .list = "x.any.example" },
		  NULL,
		  1,
		  "bob@example.org",
		  "news" },
		{ "verp comes first",
		  { .fingerprint = "11", .recipient = "ann@example.org", .verp = "bob@example.org" },
		  NULL,
		  1,
		  "bob@example.org",
		  "news" },
		{ "then the raw original recipient",
		  { .fingerprint = "12",
		    .recipient = "x@example.net",
		    .verp = "y@example.net",
		    .original_raw = "bob@example.org",
		    .original = "ann@example.org" },
		  NULL,
		  1,
		  "bob@example.org",
		  "news" },
		{ "then the original recipient",
		  { .fingerprint = "13",
		    .recipient = "ann@example.org",
		    .original_raw = "utf-8;bob@example.org",
		    .original = "bob@example.org" },
		  NULL,
		  1,
		  "bob@example.org",
		  "news" },
		{ "nobody", { .fingerprint = "14", .recipient = "x@example.net" }, NULL, 1, "", "" },
		{ "nobody on that list",
		  { .fingerprint = "15", .recipient = "bob@example.org" },
		  "talk",
		  1,
		  "",
		  "talk" },
		{ "no recipient at all", { .fingerprint = "16", .recipient = "" }, NULL, 1, "", "" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		guint added = 99;
		g_autoptr (GPtrArray) events = make_events (&cases[i].spec, 1);
		const NxEvent *event = g_ptr_array_index (events, 0);
		must (nx_store_record (place->store, events, cases[i].list, START, &added, &error));
		if (added != cases[i].added || strcmp (event->subscriber, cases[i].subscriber) != 0 ||
		    strcmp (event->list, cases[i].found_list) != 0)
			fail_msg ("%s: %u rows, “%s” on “%s”", cases[i].name, added, event->subscriber, event->list);
	}
}

static void
test_nx_store_record__ambiguous_hints_mean_no_list (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const Spec spec = { .fingerprint = "f", .recipient = "ann@example.org", .list = "both@example.org" };
	must (nx_store_add_list (place->store, "news", "both@example.org", &error));
	must (nx_store_add_list (place->store, "talk", "both@example.org", &error));
	assert_int_equal (record_one (place->store, &spec, NULL), 2);
}

static void
test_nx_store_record__one_row_a_subscription (void **state)
{
	Place *place = *state;
	record_dead_days (place->store, "ann@example.org", NULL);
	assert_int_equal (count_events (place->store, "ann@example.org"), 6);
	assert_int_equal (get_standing (place->store, "news", "ann@example.org").state, NX_STATE_SUSPENDED);
	assert_int_equal (get_standing (place->store, "talk", "ann@example.org").state, NX_STATE_SUSPENDED);
	assert_int_equal (get_standing (place->store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
}

static void
test_nx_store_record__ordinary_mail_is_passed_over (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const Spec specs[] = { { .fingerprint = "f", .recipient = "bob@example.org" },
			       { .fingerprint = "f", .recipient = "ann@example.org" } };
	g_autoptr (GPtrArray) events = make_events (specs, 2);
	((NxEvent *)g_ptr_array_index (events, 0))->kind = NX_KIND_NONE;
	guint added = 99;
	must (nx_store_record (place->store, events, "news", START, &added, &error));
	assert_int_equal (added, 1);
	assert_int_equal (count_events (place->store, "bob@example.org"), 0);
	((NxEvent *)g_ptr_array_index (events, 1))->kind = NX_KIND_NONE;
	must (nx_store_record (place->store, events, NULL, START, &added, &error));
	assert_int_equal (added, 0);
	must_fail (nx_store_record (place->store, events, "gone", START, &added, &error), NX_ERROR_NOT_FOUND);
}

static void
test_nx_store_record__unknown_list_records_nothing (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const Spec spec = { .fingerprint = "f", .recipient = "bob@example.org" };
	g_autoptr (GPtrArray) events = make_events (&spec, 1);
	guint added = 99;
	must_fail (nx_store_record (place->store, events, "gone", START, &added, &error), NX_ERROR_NOT_FOUND);
	assert_int_equal (added, 99);
	assert_int_equal (count_events (place->store, "bob@example.org"), 0);
}

/* ---- recording: once ---- */

static void
test_nx_store_record__again_changes_nothing (void **state)
{
	static const char *const addresses[] = { "ann@example.org", "bob@example.org", "x@example.net", NULL };
	const Spec specs[] = {
		{ .fingerprint = "f1", .recipient = "ann@example.org", .date = START },
		{ .fingerprint = "f1", .recipient = "bob@example.org", .date = START, .forward = "bob@new.example" },
		{ .fingerprint = "f1", .recipient = "x@example.net", .forward = "x@new.example" },
		{ .fingerprint = "f1", .recipient = "", .verp = "bob@example.org" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *before = NULL;
	for (guint round = 0; round < 3; round++) {
		guint added = 99;
		g_autoptr (GPtrArray) events = make_events (specs, G_N_ELEMENTS (specs));
		must (nx_store_record (place->store, events, NULL, START + round * DAY, &added, &error));
		assert_int_equal (added, round == 0 ? 5 : 0);
		/* The very same structs once more, as after a failure: what was found does not narrow the search. */
		must (nx_store_record (place->store, events, NULL, START, &added, &error));
		assert_int_equal (added, 0);
		g_autofree char *dump = dump_store (place->store, addresses);
		if (before != NULL)
			assert_string_equal (dump, before);
		g_free (before);
		before = g_steal_pointer (&dump);
	}
}

static void
test_nx_store_record__two_subscribers_behind_one_mailbox (void **state)
{
	const Spec specs[] = {
		{ .fingerprint = "f", .recipient = "shared@example.net", .original = "ann@example.org" },
		{ .fingerprint = "f", .recipient = "shared@example.net", .original = "bob@example.org" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = make_events (specs, 2);
	guint added = 0;
	must (nx_store_record (place->store, events, "news", START, &added, &error));
	assert_int_equal (added, 2);
	assert_int_equal (count_events (place->store, "ann@example.org"), 1);
	assert_int_equal (count_events (place->store, "bob@example.org"), 1);
}

static void
test_nx_store_record__unlinked_rows_are_linked_in_place (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "new@example.org", NULL);
	assert_int_equal (count_events (place->store, "new@example.org"), 3);
	must (nx_store_add_subscriber (place->store, "news", "New@example.org", NULL, NULL, &error));
	assert_int_equal (get_standing (place->store, "news", "new@example.org").state, NX_STATE_ACTIVE);
	for (gint64 day = 0; day < 3; day++) {
		g_autofree char *fingerprint = g_strdup_printf ("dead-new@example.org-%d", (int)day);
		const Spec spec = { .fingerprint = fingerprint,
				    .recipient = "new@example.org",
				    .date = START + day * DAY };
		assert_int_equal (record_one (place->store, &spec, NULL), 0);
	}
	assert_int_equal (count_events (place->store, "new@example.org"), 3);
	assert_int_equal (get_standing (place->store, "news", "new@example.org").state, NX_STATE_SUSPENDED);
}

static void
test_nx_store_record__a_later_subscription_gets_its_own_row (void **state)
{
	const Spec spec = { .fingerprint = "f", .recipient = "bob@example.org", .date = START };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	assert_int_equal (record_one (place->store, &spec, NULL), 1);
	must (nx_store_add_subscriber (place->store, "talk", "bob@example.org", NULL, NULL, &error));
	assert_int_equal (record_one (place->store, &spec, NULL), 1);
	assert_int_equal (record_one (place->store, &spec, NULL), 0);
	assert_int_equal (count_events (place->store, "bob@example.org"), 2);
}

static void
test_nx_store_record__a_copy_without_envelope_adds_nothing (void **state)
{
	const Spec with = {
		.fingerprint = "f", .recipient = "x@example.net", .verp = "bob@example.org", .date = START
	};
	const Spec without = { .fingerprint = "f", .recipient = "x@example.net", .date = START };
	Place *place = *state;
	assert_int_equal (record_one (place->store, &with, NULL), 1);
	assert_int_equal (record_one (place->store, &without, NULL), 0);
	assert_int_equal (count_events (place->store, "bob@example.org"), 1);
	assert_int_equal (count_events (place->store, "x@example.net"), 0);
}

static void
test_nx_store_record__earliest_date_and_best_proof_of_all_copies (void **state)
{
	const Spec copies[] = {
		{ .fingerprint = "f", .recipient = "ann@example.org", .proof = NX_PROOF_CLAIM },
		{ .fingerprint = "f", .recipient = "ann@example.org", .date = START - DAY },
		{ .fingerprint = "f", .recipient = "ann@example.org", .date = START + DAY, .proof = NX_PROOF_SIGNED },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
		record_one (place->store, &copies[i], NULL);
	g_autoptr (GPtrArray) events = nx_store_list_events (place->store, "ann@example.org", NULL, &error);
	assert_int_equal (events->len, 2);
	for (guint i = 0; i < events->len; i++) {
		const NxStoredEvent *stored = g_ptr_array_index (events, i);
		assert_int_equal (stored->event->date, START - DAY);
		assert_int_equal (stored->event->proof, NX_PROOF_SIGNED);
	}
	assert_int_equal (get_standing (place->store, "talk", "ann@example.org").score_date, START - DAY);
}

static void
test_nx_store_record__fallback_date_for_undated_reports (void **state)
{
	const Spec specs[] = { { .fingerprint = "f1", .recipient = "bob@example.org" },
			       { .fingerprint = "f2", .recipient = "bob@example.org", .date = START - DAY } };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < 2; i++)
		record_one (place->store, &specs[i], NULL);
	g_autoptr (GPtrArray) events = nx_store_list_events (place->store, "bob@example.org", NULL, &error);
	assert_int_equal (((const NxStoredEvent *)g_ptr_array_index (events, 0))->event->date, START - DAY);
	assert_int_equal (((const NxStoredEvent *)g_ptr_array_index (events, 1))->event->date, START);
}

static void
test_nx_store_record__events_without_fingerprint_are_refused (void **state)
{
	const Spec specs[] = { { .fingerprint = "f", .recipient = "bob@example.org" },
			       { .fingerprint = "", .recipient = "ann@example.org" } };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = make_events (specs, 2);
	must_fail (nx_store_record (place->store, events, NULL, START, NULL, &error), NX_ERROR_INTERNAL);
	assert_int_equal (count_events (place->store, "bob@example.org"), 0);
}

/* ---- states ---- */

static void
test_nx_store_record__recomputes_the_state_in_event_time (void **state)
{
	static const gint64 days[] = { 2, 0, 1 };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (days); i++) {
		g_autofree char *fingerprint = g_strdup_printf ("f%u", i);
		const Spec spec = { .fingerprint = fingerprint,
				    .recipient = "bob@example.org",
				    .date = START + days[i] * DAY };
		assert_int_equal (get_standing (place->store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
		record_one (place->store, &spec, NULL);
	}
	NxStanding standing = get_standing (place->store, "news", "bob@example.org");
	assert_int_equal (standing.state, NX_STATE_SUSPENDED);
	assert_int_equal (standing.since, START + 2 * DAY);
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (place->store, "BOB@example.org", NULL, &error);
	assert_int_equal (transitions->len, 1);
	const NxStoredTransition *transition = g_ptr_array_index (transitions, 0);
	assert_string_equal (transition->list, "news");
	assert_string_equal (transition->subscriber, "bob@example.org");
	assert_int_equal (transition->date, START + 2 * DAY);
	assert_int_equal (transition->to, NX_STATE_SUSPENDED);
	assert_string_equal (transition->rule, "RFC 3463 3.2");
	assert_true (transition->score > 2.5);
}

static void
test_nx_store_record__an_earlier_delivery_rewrites_the_journal (void **state)
{
	const Spec heal = { .fingerprint = "ok",
			    .recipient = "bob@example.org",
			    .date = START + DAY + 3600,
			    .kind = NX_KIND_DELIVERED,
			    .verdict = NX_VERDICT_BENIGN };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_dead_days (place->store, "bob@example.org", NULL);
	assert_int_equal (get_standing (place->store, "news", "bob@example.org").state, NX_STATE_SUSPENDED);
	record_one (place->store, &heal, NULL);
	NxStanding standing = get_standing (place->store, "news", "bob@example.org");
	assert_int_equal (standing.state, NX_STATE_ACTIVE);
	assert_int_equal (standing.since, 0);
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (place->store, "bob@example.org", NULL, &error);
	assert_int_equal (transitions->len, 0);
}

static void
test_nx_store_list_transitions__oldest_first_and_by_list (void **state)
{
	const Spec heal = { .fingerprint = "ok",
			    .recipient = "ann@example.org",
			    .date = START + 9 * DAY,
			    .kind = NX_KIND_DELIVERED,
			    .verdict = NX_VERDICT_BENIGN };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_one (place->store, &heal, NULL);
	record_dead_days (place->store, "ann@example.org", NULL);
	g_autoptr (GPtrArray) all = nx_store_list_transitions (place->store, "ann@example.org", NULL, &error);
	assert_int_equal (all->len, 4);
	assert_int_equal (((const NxStoredTransition *)g_ptr_array_index (all, 0))->to, NX_STATE_SUSPENDED);
	assert_int_equal (((const NxStoredTransition *)g_ptr_array_index (all, 3))->to, NX_STATE_ACTIVE);
	g_autoptr (GPtrArray) talk = nx_store_list_transitions (place->store, "ann@example.org", "talk", &error);
	assert_int_equal (talk->len, 2);
	assert_string_equal (((const NxStoredTransition *)g_ptr_array_index (talk, 0))->list, "talk");
	must_fail (nx_store_list_transitions (place->store, "ann@example.org", "gone", &error) != NULL,
		   NX_ERROR_NOT_FOUND);
}

/* ---- what is shown ---- */

static void
test_nx_store_list_events__gives_back_what_was_recorded (void **state)
{
	const Spec spec = { .fingerprint = "f1",
			    .recipient = "x@example.net",
			    .date = START,
			    .proof = NX_PROOF_VERP,
			    .verp = "bob@example.org",
			    .original = "y@example.net",
			    .forward = "z@example.net",
			    .diagnostic = "551 moved; \"quoted\" 'n' d\xc3\xb6ne" };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = make_events (&spec, 1);
	NxEvent *event = g_ptr_array_index (events, 0);
	set_text (&event->message_id, "m@example.net");
	set_text (&event->original_message_id, "o@example.org");
	set_text (&event->reporting_mta, "mta.example.net");
	set_text (&event->remote_mta, "mx.example.net");
	set_text (&event->defects, "no-boundary");
	must (nx_store_record (place->store, events, NULL, START, NULL, &error));
	g_autofree char *want = nx_output_format_event (event);
	g_autoptr (GPtrArray) stored = nx_store_list_events (place->store, "bob@example.org", NULL, &error);
	assert_int_equal (stored->len, 1);
	const NxStoredEvent *got = g_ptr_array_index (stored, 0);
	g_autofree char *line = nx_output_format_event (got->event);
	assert_string_equal (line, want);
	assert_string_equal (got->event->fingerprint, "f1");
	assert_string_equal (got->event->original_message_id, "o@example.org");
	assert_string_equal (got->event->subscriber, "bob@example.org");
	assert_string_equal (got->event->list, "news");
}

static void
test_nx_store_list_events__with_what_the_policy_made_of_them (void **state)
{
	const Spec specs[] = {
		{ .fingerprint = "1", .recipient = "bob@example.org", .date = START },
		{ .fingerprint = "2",
		  .recipient = "bob@example.org",
		  .date = START + 60,
		  .verdict = NX_VERDICT_TRANSIENT },
		{ .fingerprint = "3",
		  .recipient = "bob@example.org",
		  .date = START + 60 * DAY,
		  .verdict = NX_VERDICT_BLOCKED },
	};
	static const struct {
		double weight;
		double score;
		const char *note;
	} want[] = { { 1, 1, "" }, { 0, 1, "same day as a heavier one" }, { 0, 0.5, "blocked never counts" } };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 3; i > 0; i--)
		record_one (place->store, &specs[i - 1], NULL);
	g_autoptr (GPtrArray) events = nx_store_list_events (place->store, "bob@example.org", NULL, &error);
	assert_int_equal (events->len, 3);
	for (guint i = 0; i < 3; i++) {
		const NxStoredEvent *stored = g_ptr_array_index (events, i);
		assert_string_equal (stored->note, want[i].note);
		assert_true (stored->weight > want[i].weight - 0.001 && stored->weight < want[i].weight + 0.001);
		assert_true (stored->score > want[i].score - 0.001 && stored->score < want[i].score + 0.001);
	}
}

static void
test_nx_store_list_events__whether_subscribed_or_not (void **state)
{
	const Spec spec = { .fingerprint = "f", .recipient = "Nobody@Example.net", .date = START };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_one (place->store, &spec, "news");
	g_autoptr (GPtrArray) events = nx_store_list_events (place->store, "nobody@example.net", NULL, &error);
	assert_int_equal (events->len, 1);
	const NxStoredEvent *stored = g_ptr_array_index (events, 0);
	assert_string_equal (stored->event->subscriber, "");
	assert_string_equal (stored->event->list, "news");
	assert_string_equal (stored->note, "not subscribed");
	g_autoptr (GPtrArray) news = nx_store_list_events (place->store, "nobody@example.net", "news", &error);
	assert_int_equal (news->len, 1);
	g_autoptr (GPtrArray) talk = nx_store_list_events (place->store, "nobody@example.net", "talk", &error);
	assert_int_equal (talk->len, 0);
	must_fail (nx_store_list_events (place->store, "nobody@example.net", "gone", &error) != NULL,
		   NX_ERROR_NOT_FOUND);
}

static void
test_nx_store_foreach_subscriber__tells_events_and_standing (void **state)
{
	static const char *const addresses[] = { NULL };
	Place *place = *state;
	record_dead_days (place->store, "bob@example.org", NULL);
	g_autofree char *dump = dump_store (place->store, addresses);
	assert_non_null (strstr (dump, "subscriber news bob@example.org “” 3 events, suspended 2.965"));
	assert_non_null (strstr (dump, "subscriber news Ann@Example.org “Ann” 0 events, active 0.000000 0 0"));
}

/* ---- proposals ---- */

static void
test_nx_store_record__forwarding_addresses_become_proposals (void **state)
{
	const Spec spec = { .fingerprint = "f",
			    .recipient = "bob@example.org",
			    .date = START,
			    .proof = NX_PROOF_SIGNED,
			    .forward = "bob@new.example",
			    .diagnostic = "551 please try <bob@new.example>" };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	record_one (place->store, &spec, NULL);
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (place->store, NULL, NULL, NULL, &error);
	must (proposals != NULL);
	assert_int_equal (proposals->len, 1);
	const NxProposal *proposal = g_ptr_array_index (proposals, 0);
	assert_int_equal (proposal->id, 1);
	assert_string_equal (proposal->list, "news");
	assert_string_equal (proposal->subscriber, "bob@example.org");
	assert_string_equal (proposal->forward, "bob@new.example");
	assert_string_equal (proposal->state, "open");
	assert_int_equal (proposal->date, START);
	assert_int_equal (proposal->proof, NX_PROOF_SIGNED);
	assert_string_equal (proposal->evidence, "551 please try <bob@new.example>");
	assert_string_equal (proposal->rule, "RFC 3463 3.2");
	get_standing (place->store, "news", "bob@example.org");
}

static void
test_nx_store_record__a_proposal_is_made_once_from_the_earliest_event (void **state)
{
	const Spec specs[] = {
		{ .fingerprint = "2",
		  .recipient = "bob@example.org",
		  .date = START + DAY,
		  .forward = "Bob@New.example",
		  .diagnostic = "second" },
		{ .fingerprint = "1",
		  .recipient = "bob@example.org",
		  .date = START,
		  .forward = "bob@new.example",
		  .diagnostic = "first" },
		{ .fingerprint = "3",
		  .recipient = "bob@example.org",
		  .date = START + 2 * DAY,
		  .forward = "bob@new.example",
		  .diagnostic = "third" },
		{ .fingerprint = "4",
		  .recipient = "bob@example.org",
		  .date = START + 3 * DAY,
		  .forward = "bob@other.example",
		  .diagnostic = "another" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
		record_one (place->store, &specs[i], NULL);
	g_autoptr (GPtrArray) proposals =
		nx_store_list_proposals (place->store, "bob@example.org", "news", NULL, &error);
	assert_int_equal (proposals->len, 2);
	const NxProposal *first = g_ptr_array_index (proposals, 0);
	assert_string_equal (first->evidence, "first");
	assert_string_equal (first->forward, "bob@new.example");
	assert_int_equal (first->date, START);
	assert_string_equal (((const NxProposal *)g_ptr_array_index (proposals, 1))->evidence, "another");
}

static void
test_nx_store_record__events_of_one_second_offer_the_same (void **state)
{
	const Spec specs[] = {
		{ .fingerprint = "1",
		  .recipient = "bob@example.org",
		  .date = START,
		  .forward = "b@new.example",
		  .diagnostic = "one" },
		{ .fingerprint = "2",
		  .recipient = "bob@example.org",
		  .date = START,
		  .forward = "b@new.example",
		  .diagnostic = "two" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *first = NULL;
	for (guint round = 0; round < 2; round++) {
		g_autofree char *folder = g_strdup_printf ("%s/%u", place->folder, round);
		g_autofree char *uri = make_uri (folder);
		g_autoptr (NxStore) store = open_store (uri);
		fill_members (store);
		record_one (store, &specs[round], NULL);
		record_one (store, &specs[1 - round], NULL);
		g_autoptr (GPtrArray) proposals = nx_store_list_proposals (store, NULL, NULL, NULL, &error);
		assert_int_equal (proposals->len, 1);
		const NxProposal *proposal = g_ptr_array_index (proposals, 0);
		if (first != NULL)
			assert_string_equal (proposal->evidence, first);
		else
			first = g_strdup (proposal->evidence);
	}
}

static void
test_nx_store_record__never_proposed (void **state)
{
	static const char *const never[] = { "BOB@example.org", "x@example.net",        "y@example.net",
					     "no address",      "postmaster@b.example", "news@lists.example.org" };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (never); i++) {
		g_autofree char *fingerprint = g_strdup_printf ("f%u", i);
		const Spec spec = { .fingerprint = fingerprint,
				    .recipient = "x@example.net",
				    .original = "y@example.net",
				    .verp = "bob@example.org",
				    .forward = never[i] };
		record_one (place->store, &spec, NULL);
	}
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (place->store, NULL, NULL, NULL, &error);
	assert_int_equal (proposals->len, 0);
}

static void
test_nx_store_list_proposals__filters (void **state)
{
	const Spec specs[] = {
		{ .fingerprint = "1", .recipient = "ann@example.org", .date = START, .forward = "ann@new.example" },
		{ .fingerprint = "2", .recipient = "bob@example.org", .date = START, .forward = "bob@new.example" },
		{ .fingerprint = "3", .recipient = "x@example.net", .date = START, .forward = "x@new.example" },
	};
	static const struct {
		const char *address;
		const char *list;
		guint count;
	} cases[] = {
		{ NULL, NULL, 4 },   { "ANN@example.org", NULL, 2 }, { "ann@example.org", "talk", 1 },
		{ NULL, "news", 2 }, { "x@example.net", NULL, 1 },   { "z@example.net", NULL, 0 },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
		record_one (place->store, &specs[i], NULL);
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GPtrArray) proposals =
			nx_store_list_proposals (place->store, cases[i].address, cases[i].list, NULL, &error);
		must (proposals != NULL);
		assert_int_equal (proposals->len, cases[i].count);
	}
	must_fail (nx_store_list_proposals (place->store, NULL, "gone", NULL, &error) != NULL, NX_ERROR_NOT_FOUND);
}

static void
test_nx_store_record__a_proposal_follows_its_event (void **state)
{
	const Spec specs[] = {
		{ .fingerprint = "1",
		  .recipient = "new@example.org",
		  .date = START,
		  .forward = "n@new.example",
		  .diagnostic = "first" },
		{ .fingerprint = "2",
		  .recipient = "new@example.org",
		  .date = START + DAY,
		  .forward = "n@new.example",
		  .diagnostic = "second" },
	};
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	for (guint i = 0; i < 2; i++)
		record_one (place->store, &specs[i], NULL);
	must (nx_store_add_subscriber (place->store, "news", "new@example.org", NULL, NULL, &error));
	/* The other event still stands for the unsubscribed address, until it is linked as well. */
	static const guint want[] = { 2, 1 };
	for (guint i = 0; i < 2; i++) {
		record_one (place->store, &specs[i], NULL);
		g_autoptr (GPtrArray) proposals = nx_store_list_proposals (place->store, NULL, NULL, NULL, &error);
		assert_int_equal (proposals->len, want[i]);
		const NxProposal *first = g_ptr_array_index (proposals, 0);
		assert_string_equal (first->list, "news");
		assert_string_equal (first->evidence, "first");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_store_record__finds_the_subscription),
		TEST (test_nx_store_record__ambiguous_hints_mean_no_list),
		TEST (test_nx_store_record__one_row_a_subscription),
		TEST (test_nx_store_record__ordinary_mail_is_passed_over),
		TEST (test_nx_store_record__unknown_list_records_nothing),
		TEST (test_nx_store_record__again_changes_nothing),
		TEST (test_nx_store_record__two_subscribers_behind_one_mailbox),
		TEST (test_nx_store_record__unlinked_rows_are_linked_in_place),
		TEST (test_nx_store_record__a_later_subscription_gets_its_own_row),
		TEST (test_nx_store_record__a_copy_without_envelope_adds_nothing),
		TEST (test_nx_store_record__earliest_date_and_best_proof_of_all_copies),
		TEST (test_nx_store_record__fallback_date_for_undated_reports),
		TEST (test_nx_store_record__events_without_fingerprint_are_refused),
		TEST (test_nx_store_record__recomputes_the_state_in_event_time),
		TEST (test_nx_store_record__an_earlier_delivery_rewrites_the_journal),
		TEST (test_nx_store_list_transitions__oldest_first_and_by_list),
		TEST (test_nx_store_list_events__gives_back_what_was_recorded),
		TEST (test_nx_store_list_events__with_what_the_policy_made_of_them),
		TEST (test_nx_store_list_events__whether_subscribed_or_not),
		TEST (test_nx_store_foreach_subscriber__tells_events_and_standing),
		TEST (test_nx_store_record__forwarding_addresses_become_proposals),
		TEST (test_nx_store_record__a_proposal_is_made_once_from_the_earliest_event),
		TEST (test_nx_store_record__events_of_one_second_offer_the_same),
		TEST (test_nx_store_record__never_proposed),
		TEST (test_nx_store_list_proposals__filters),
		TEST (test_nx_store_record__a_proposal_follows_its_event),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
