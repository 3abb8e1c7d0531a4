/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-privacy.c: the contract of nixie/privacy.h: what is old or forgotten cannot be read any more, anywhere in
 * the file, no state changes by it, and reports that were read once stay known.
 */
#include "store-helpers.h"

#include <nixie/outbox.h>
#include <nixie/privacy.h>

#define NOW (START + 400 * DAY)

static const guint8 salt[NX_PRIVACY_SALT_BYTES] = "thirty-two octets, to be a salt";
static const char *const everybody[] = { "ann@example.org", "bob@example.org", NULL };

static const Spec eve = { .fingerprint = "eve",
			  .recipient = "eve@secret.example",
			  .date = START,
			  .forward = "eve@hidden.example",
			  .diagnostic = "551 eve@secret.example has moved" };

static const Spec alias = { .fingerprint = "alias",
			    .recipient = "eve@secret.example",
			    .original = "bob@example.org",
			    .date = START,
			    .diagnostic = "550 eve@secret.example is unknown" };

/* Three dead days; the made-up fingerprints of the helper's have the address in them, which real ones have not. */
static void
record_three (NxStore *store, const char *recipient)
{
	static const char *const fingerprints[] = { "first", "second", "third" };
	for (guint i = 0; i < G_N_ELEMENTS (fingerprints); i++) {
		const Spec spec = { .fingerprint = fingerprints[i], .recipient = recipient, .date = START + i * DAY };
		record_one (store, &spec, NULL);
	}
}

/* Does the database's file, or its log, hold this text anywhere? */
static gboolean
is_in_file (const Place *place, const char *text)
{
	static const char *const suffixes[] = { "", "-wal" };
	gboolean found = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
		g_autofree char *path = g_strconcat (place->path, suffixes[i], NULL);
		g_autofree char *bytes = NULL;
		gsize length = 0;
		if (g_file_get_contents (path, &bytes, &length, NULL))
			found = found || memmem (bytes, length, text, strlen (text)) != NULL;
	}
	return found;
}

static void
reopen (Place *place)
{
	g_clear_pointer (&place->store, nx_store_free);
	place->store = open_store (place->uri);
}

static void
test_nx_store_purge__by_age (void **state)
{
	static const struct {
		guint diagnostic_days;
		guint address_days;
		guint diagnostics;
		guint addresses;
		gboolean keeps_words;
		gboolean keeps_address;
	} cases[] = {
		{ 0, 0, 0, 0, TRUE, TRUE },    { 401, 401, 0, 0, TRUE, TRUE }, { 400, 0, 0, 0, TRUE, TRUE },
		{ 399, 0, 1, 0, FALSE, TRUE }, { 0, 399, 0, 1, FALSE, FALSE }, { 30, 30, 1, 1, FALSE, FALSE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		void *inner = NULL;
		set_up_store (&inner);
		Place *place = inner;
		g_autoptr (GError) error = NULL;
		NxPurged purged;
		const NxPurgeTerms terms = { .now = NOW,
					     .diagnostic_days = cases[i].diagnostic_days,
					     .address_days = cases[i].address_days,
					     .salt = salt };
		record_one (place->store, &eve, NULL);
		must (nx_store_purge (place->store, &terms, &purged, &error));
		assert_int_equal (purged.diagnostics, cases[i].diagnostics);
		assert_int_equal (purged.addresses, cases[i].addresses);
		assert_int_equal (count_events (place->store, "eve@secret.example"), cases[i].keeps_address);
		must (nx_store_purge (place->store, &terms, &purged, &error));
		assert_int_equal (purged.diagnostics + purged.addresses, 0);
		reopen (place);
		assert_true (is_in_file (place, "has moved") == cases[i].keeps_words);
		assert_true (is_in_file (place, "eve@") == (cases[i].keeps_address || cases[i].keeps_words));
		assert_true (is_in_file (place, "hidden.example") == cases[i].keeps_address);
		/* The report is known all the same, and teaches nothing new. */
		assert_int_equal (record_one (place->store, &eve, NULL), 0);
		assert_int_equal (count_events (place->store, "eve@secret.example"), cases[i].keeps_address);
		tear_down_place (&inner);
	}
}

/* Who is a subscriber keeps the score, the state and the journal; what the policy looks at stays. */
static void
test_nx_store_purge__no_state_changes (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPurged purged;
	const NxPurgeTerms terms = { .now = NOW, .diagnostic_days = 1, .address_days = 1, .salt = salt };
	const Spec late = { .fingerprint = "late", .recipient = "bob@example.org", .date = START + 3 * DAY };
	record_three (place->store, "bob@example.org");
	record_one (place->store, &alias, "news");
	NxStanding before = get_standing (place->store, "news", "bob@example.org");
	assert_int_equal (before.state, NX_STATE_SUSPENDED);
	must (nx_store_purge (place->store, &terms, &purged, &error));
	assert_int_equal (purged.addresses, 4);
	assert_int_equal (purged.subscribers, 0);
	assert_int_equal (count_events (place->store, "bob@example.org"), 4);
	record_three (place->store, "bob@example.org");
	NxStanding after = get_standing (place->store, "news", "bob@example.org");
	assert_memory_equal (&after, &before, sizeof before);
	/* And its story goes on. */
	assert_int_equal (record_one (place->store, &late, NULL), 1);
	assert_true (get_standing (place->store, "news", "bob@example.org").score > before.score);
}

static void
test_nx_store_purge__ended_subscriptions_are_forgotten (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPurged purged;
	NxPurgeTerms terms = { .now = START + 30 * DAY, .address_days = 30, .salt = salt };
	record_three (place->store, "bob@example.org");
	must (nx_store_remove_subscriber (place->store, "news", "bob@example.org", START + 5 * DAY, NULL, &error));
	must (nx_store_purge (place->store, &terms, &purged, &error));
	assert_int_equal (purged.subscribers, 0);
	terms.now += 6 * DAY;
	must (nx_store_purge (place->store, &terms, &purged, &error));
	assert_int_equal (purged.subscribers, 1);
	reopen (place);
	assert_false (is_in_file (place, "bob@example.org"));
	assert_int_equal (get_standing (place->store, "news", "ann@example.org").state, NX_STATE_ACTIVE);
}

static void
test_nx_store_forget__everywhere (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPurged purged;
	const NxPurgeTerms terms = { .now = NOW, .salt = salt };
	const Spec offer = { .fingerprint = "offer",
			     .recipient = "bob@example.org",
			     .date = START + 9 * DAY,
			     .forward = "ann@example.org",
			     .diagnostic = "551 try ann@example.org" };
	record_three (place->store, "ann@example.org");
	record_one (place->store, &offer, NULL);
	record_one (place->store, &alias, "news");
	must (nx_store_forget (place->store, "ANN@example.org", &terms, &purged, &error));
	assert_int_equal (purged.subscribers, 2);
	assert_int_equal (purged.addresses, 1);
	must (nx_store_forget (place->store, "eve@secret.example", &terms, &purged, &error));
	assert_int_equal (purged.subscribers, 0);
	assert_int_equal (purged.addresses, 1);
	must_fail (nx_store_forget (place->store, "ann@example.org", &terms, &purged, &error), NX_ERROR_NOT_FOUND);
	reopen (place);
	assert_false (is_in_file (place, "ann@"));
	assert_false (is_in_file (place, "Ann@"));
	assert_false (is_in_file (place, "secret.example"));
	assert_true (is_in_file (place, "bob@example.org"));
	/* Bob's own report counts as before. */
	assert_true (get_standing (place->store, "news", "bob@example.org").score > 0);
	/* Subscribed again, she begins anew, whatever is read once more. */
	must (nx_store_add_subscriber (place->store, "news", "ann@example.org", NULL, NULL, &error));
	record_three (place->store, "ann@example.org");
	assert_int_equal (get_standing (place->store, "news", "ann@example.org").state, NX_STATE_ACTIVE);
	assert_true (get_standing (place->store, "news", "ann@example.org").score <= 0);
	g_autofree char *dump = dump_store (place->store, everybody);
	assert_null (strstr (dump, "Ann"));
}

/* The address that a subscription has left: its history keeps its meaning, but the move cannot be taken back. */
static void
test_nx_store_forget__an_address_that_was_left (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	NxPurged purged;
	const NxPurgeTerms terms = { .now = NOW, .salt = salt };
	const NxForwardTerms forward = { .now = START + 20 * DAY, .expire_days = 365, .token_days = 7 };
	const Spec moved = { .fingerprint = "moved",
			     .recipient = "bob@example.org",
			     .date = START + 2 * DAY,
			     .forward = "bob@new.example",
			     .proof = NX_PROOF_VERP };
	const Spec stale = { .fingerprint = "stale", .recipient = "bob@new.example", .date = START + 30 * DAY };
	gint64 step = 0;
	record_one (place->store, &moved, NULL);
	must (nx_store_accept_proposal (place->store, 1, &forward, &step, &error));
	record_one (place->store, &stale, NULL);
	NxStanding before = get_standing (place->store, "news", "bob@new.example");
	assert_true (before.score > 0.9 && before.score < 1.1);
	guint count = 0;
	/* A hook was to be told of the move, with both addresses. */
	must (nx_store_queue_hooks (place->store, "news", NOW, 10, &count, &error));
	assert_int_equal (count, 1);
	must (nx_store_forget (place->store, "bob@example.org", &terms, &purged, &error));
	must (nx_store_set_list_complaint (place->store, "news", NX_COMPLAINT_RECORD, &error));
	NxStanding after = get_standing (place->store, "news", "bob@new.example");
	assert_memory_equal (&after, &before, sizeof before);
	must_fail (nx_store_undo_step (place->store, step, NOW, &error), NX_ERROR_DATA);
	reopen (place);
	assert_false (is_in_file (place, "bob@example.org"));
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, set_up_store, tear_down_place)

int
main (void)
{
	const struct CMUnitTest tests[] = {
		TEST (test_nx_store_purge__by_age),
		TEST (test_nx_store_purge__no_state_changes),
		TEST (test_nx_store_purge__ended_subscriptions_are_forgotten),
		TEST (test_nx_store_forget__everywhere),
		TEST (test_nx_store_forget__an_address_that_was_left),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
