/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-posts.c: the contract of nixie/post.h: what a list sent, told and learned, and that the states are the
 * same in whatever order posts and reports come. The same cases hold for every backend.
 */
#include "store-helpers.h"

#include <nixie/post.h>

static void
add_post (NxStore *store, const char *list, const char *message_id, gint64 date, gboolean expect_added)
{
	g_autoptr (GError) error = NULL;
	gboolean added = !expect_added;
	must (nx_store_add_post (store, list, message_id, date, &added, &error));
	assert_int_equal (added, expect_added);
}

/* "news <1> 0, talk <2> 1": days since START. */
static char *
dump_posts (NxStore *store, const char *list, gint64 since)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) posts = nx_store_list_posts (store, list, since, &error);
	must (posts != NULL);
	GString *dump = g_string_new (NULL);
	for (guint i = 0; i < posts->len; i++) {
		const NxPost *post = g_ptr_array_index (posts, i);
		g_string_append_printf (dump, "%s%s %s %g", i > 0 ? ", " : "", post->list, post->message_id,
					(double)(post->date - START) / (double)DAY);
	}
	return g_string_free (dump, FALSE);
}

static void
assert_posts (NxStore *store, const char *list, gint64 since, const char *want)
{
	g_autofree char *got = dump_posts (store, list, since);
	assert_string_equal (got, want);
}

/* ---- told ---- */

static void
test_nx_store_add_post__the_earliest_date_stays (void **state)
{
	Place *place = *state;
	add_post (place->store, "news", "<b@x>", START + DAY, TRUE);
	add_post (place->store, "NEWS", " junk <b@x> junk", START + DAY, FALSE);
	add_post (place->store, "news", "b@x", START + 2 * DAY, FALSE);
	assert_posts (place->store, NULL, 0, "news <b@x> 1");
	add_post (place->store, "news", "<b@x>", START, TRUE);
	add_post (place->store, "talk", "<b@x>", START + DAY, TRUE);
	add_post (place->store, "news", "<a@x>", START + DAY, TRUE);
	assert_posts (place->store, NULL, 0, "news <b@x> 0, news <a@x> 1, talk <b@x> 1");
	assert_posts (place->store, "talk", 0, "talk <b@x> 1");
	assert_posts (place->store, "news", START + DAY, "news <a@x> 1");
}

static void
test_nx_store_add_post__refusals (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *huge = g_strnfill (2000, 'x');
	must_fail (nx_store_add_post (place->store, "news", "", START, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_post (place->store, "news", "<>", START, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_post (place->store, "news", "<a b>", START, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_post (place->store, "news", huge, START, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_post (place->store, "news", "<a@x>", 0, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_add_post (place->store, "other", "<a@x>", START, NULL, &error), NX_ERROR_NOT_FOUND);
	must_fail (nx_store_list_posts (place->store, "other", 0, &error) != NULL, NX_ERROR_NOT_FOUND);
	assert_posts (place->store, NULL, 0, "");
}

static void
test_nx_store_find_list__table (void **state)
{
	static const struct {
		const char *hint;
		const char *want;
	} cases[] = {
		{ "News", "news" },
		{ "news@lists.example.org", "news" },
		{ "news.lists.example.org", "news" },
		{ "talk@anywhere.example", "talk" },
		{ "other", NULL },
		{ "", NULL },
	};
	Place *place = *state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *name = nx_store_find_list (place->store, cases[i].hint, &error);
		if (cases[i].want == NULL) {
			must_fail (name != NULL, NX_ERROR_NOT_FOUND);
			continue;
		}
		must (name != NULL);
		assert_string_equal (name, cases[i].want);
	}
}

/* ---- learned ---- */

static void
record_returned (NxStore *store, const Spec *spec, const char *message_id, gint64 original_date)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = make_events (spec, 1);
	NxEvent *event = g_ptr_array_index (events, 0);
	set_text (&event->original_message_id, message_id);
	event->original_date = original_date;
	must (nx_store_record (store, events, NULL, START, NULL, &error));
}

static void
test_nx_store_record__learns_posts_from_what_is_proven (void **state)
{
	static const struct {
		const char *name;
		const char *recipient;
		const char *list;
		const char *message_id;
		gint64 date;
		const char *want;
		NxProof proof;
	} cases[] = {
		{ "claim", "bob@example.org", "news", "<1@x>", START, "", NX_PROOF_CLAIM },
		{ "plain return path", "bob@example.org", "news", "<1@x>", START, "", NX_PROOF_VERP },
		{ "no date", "bob@example.org", "news", "<1@x>", 0, "", NX_PROOF_ORIGINAL },
		{ "no Message-ID", "bob@example.org", "news", "", START, "", NX_PROOF_ORIGINAL },
		{ "a broken Message-ID", "bob@example.org", "news", "<1 @x>", START, "", NX_PROOF_ORIGINAL },
		{ "of either list", "ann@example.org", "", "<1@x>", START, "", NX_PROOF_ORIGINAL },
		{ "original", "bob@example.org", "news", "<1@x>", START, "news <1@x> 0", NX_PROOF_ORIGINAL },
		{ "signed", "bob@example.org", "", "<1@x>", START, "news <1@x> 0", NX_PROOF_SIGNED },
		{ "of nobody", "eve@example.org", "talk", "<1@x>", START, "talk <1@x> 0", NX_PROOF_ORIGINAL },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		void *own = NULL;
		set_up_store (&own);
		Place *place = own;
		const Spec spec = { .fingerprint = cases[i].name,
				    .recipient = cases[i].recipient,
				    .date = START + DAY,
				    .list = cases[i].list,
				    .proof = cases[i].proof };
		record_returned (place->store, &spec, cases[i].message_id, cases[i].date);
		g_autofree char *got = dump_posts (place->store, NULL, 0);
		if (strcmp (got, cases[i].want) != 0)
			fail_msg ("%s: “%s”, not “%s”", cases[i].name, got, cases[i].want);
		tear_down_place (&own);
	}
	(void)state;
}

static void
test_nx_store_record__what_a_transaction_learned_goes_with_it (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	const Spec spec = {
		.fingerprint = "1", .recipient = "bob@example.org", .date = START + DAY, .proof = NX_PROOF_ORIGINAL
	};
	must (nx_store_begin (place->store, &error));
	record_returned (place->store, &spec, "<1@x>", START);
	assert_posts (place->store, NULL, 0, "news <1@x> 0");
	nx_store_rollback (place->store);
	assert_posts (place->store, NULL, 0, "");
}

/* ---- any order ---- */

/* One thing that is told: a report when it has a fingerprint, else a post. */
typedef struct {
	const char *fingerprint;
	const char *recipient;
	gint64 day;
	const char *message_id;
	gint64 sent;
} Told;

static const char *const people[] = { "ann@example.org", "bob@example.org", NULL };

/*
 * bob fails on three days, gets posts for a month, and fails again: the old score is worth nothing. ann fails on the
 * days of the posts: nothing came through. One post is learned from a report, with a later date than the list tells.
 */
static const Told tale[] = {
	{ "b0", "bob@example.org", 0, "", 0 },
	{ "b1", "bob@example.org", 1, "", 0 },
	{ "b40", "bob@example.org", 40, "<p5@x>", 39 },
	{ "b41", "bob@example.org", 41, "<p5@x>", 39 },
	{ "a5", "ann@example.org", 5, "<p1@x>", 4 },
	{ "a12", "ann@example.org", 12, "<p2@x>", 11 },
	{ "a19", "ann@example.org", 19, "", 0 },
	{ "a40", "ann@example.org", 40, "<p5@x>", 40 },
	{ NULL, NULL, 0, "<p1@x>", 4 },
	{ NULL, NULL, 0, "<p2@x>", 11 },
	{ NULL, NULL, 0, "<p3@x>", 18 },
	{ NULL, NULL, 0, "<p4@x>", 25 },
	{ NULL, NULL, 0, "<p5@x>", 38 },
};

static void
tell (NxStore *store, const Told *told)
{
	g_autoptr (GError) error = NULL;
	if (told->fingerprint == NULL) {
		must (nx_store_add_post (store, "news", told->message_id, START + told->sent * DAY, NULL, &error));
		return;
	}
	const Spec spec = { .fingerprint = told->fingerprint,
			    .recipient = told->recipient,
			    .date = START + told->day * DAY,
			    .list = "news",
			    .proof = NX_PROOF_ORIGINAL };
	record_returned (store, &spec, told->message_id, told->sent == 0 ? 0 : START + told->sent * DAY);
}

/* Told in the order of @order, in transactions of up to @batch. */
static char *
tell_all (const guint *order, guint batch)
{
	g_autoptr (GError) error = NULL;
	void *own = NULL;
	set_up_store (&own);
	Place *place = own;
	for (guint i = 0; i < G_N_ELEMENTS (tale); i++) {
		if (i % batch == 0)
			must (nx_store_begin (place->store, &error));
		tell (place->store, &tale[order[i]]);
		if (i % batch == batch - 1 || i == G_N_ELEMENTS (tale) - 1)
			must (nx_store_commit (place->store, &error));
	}
	g_autofree char *posts = dump_posts (place->store, NULL, 0);
	g_autofree char *rest = dump_store (place->store, people);
	char *dump = g_strconcat (posts, "\n", rest, NULL);
	tear_down_place (&own);
	return dump;
}

static void
test_nx_store_add_post__any_order_gives_the_same_states (void **state)
{
	(void)state;
	guint order[G_N_ELEMENTS (tale)];
	for (guint i = 0; i < G_N_ELEMENTS (tale); i++)
		order[i] = i;
	g_autofree char *want = tell_all (order, G_N_ELEMENTS (tale));
	for (guint seed = 0; seed < 40; seed++) {
		g_autoptr (GRand) random = g_rand_new_with_seed (seed);
		for (guint i = G_N_ELEMENTS (tale) - 1; i > 0; i--) {
			guint j = (guint)g_rand_int_range (random, 0, (gint32)i + 1);
			guint swapped = order[i];
			order[i] = order[j];
			order[j] = swapped;
		}
		g_autofree char *got = tell_all (order, 1 + seed % 5);
		if (strcmp (got, want) != 0)
			fail_msg ("seed %u:\n%s\nnot\n%s", seed, got, want);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_store_add_post__the_earliest_date_stays),
		TEST (test_nx_store_add_post__refusals),
		TEST (test_nx_store_find_list__table),
		cmocka_unit_test (test_nx_store_record__learns_posts_from_what_is_proven),
		TEST (test_nx_store_record__what_a_transaction_learned_goes_with_it),
		cmocka_unit_test (test_nx_store_add_post__any_order_gives_the_same_states),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
