/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_matcher.c: the search for many literals at once, compared with the plain search for each.
 */
#include "base/matcher.h"

#include "core-helpers.h"

typedef struct {
	guint count;
	guint number;
	gsize start;
	gsize end;
} Hits;

static void
count_cb (guint number, gsize start, gsize end, gpointer user_data)
{
	Hits *hits = user_data;
	hits->count++;
	hits->number = number;
	hits->start = start;
	hits->end = end;
}

static void
test_add__gives_one_number_to_one_literal (void **state)
{
	(void)state;
	g_autoptr (NxMatcher) matcher = nx_matcher_new (NULL);
	assert_int_equal (nx_matcher_add (matcher, "mailbox"), 0);
	assert_int_equal (nx_matcher_add (matcher, "unknown"), 1);
	assert_int_equal (nx_matcher_add (matcher, "mailbox"), 0);
}

static void
test_scan__finds_at_both_ends (void **state)
{
	(void)state;
	g_autoptr (NxMatcher) matcher = nx_matcher_new (NULL);
	nx_matcher_add (matcher, "full");
	nx_matcher_compile (matcher);
	static const struct {
		const char *text;
		guint count;
		gsize start;
	} rows[] = {
		{ "full", 1, 0 }, { "is full", 1, 3 },  { "full up", 1, 0 }, { "ful", 0, 0 },
		{ "", 0, 0 },     { "fullfull", 2, 4 }, { "ffull", 1, 1 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		Hits hits = { 0 };
		gsize length = strlen (rows[i].text);
		g_autofree char *text = copy_exact (rows[i].text, length);
		nx_matcher_scan (matcher, text, length, count_cb, &hits);
		assert_int_equal (hits.count, rows[i].count);
		assert_int_equal (hits.start, rows[i].start);
		assert_int_equal (hits.end, hits.count > 0 ? rows[i].start + 4 : 0);
	}
}

static void
test_scan__takes_an_empty_matcher (void **state)
{
	(void)state;
	Hits hits = { 0 };
	g_autoptr (NxMatcher) matcher = nx_matcher_new (NULL);
	nx_matcher_compile (matcher);
	nx_matcher_scan (matcher, "anything", 8, count_cb, &hits);
	assert_int_equal (hits.count, 0);
}

static void
set_cb (guint number, gsize start, gsize end, gpointer user_data)
{
	(void)end;
	GHashTable *found = user_data;
	g_hash_table_add (found, GUINT_TO_POINTER (number * 1000 + (guint)start + 1));
}

/* Texts over a tiny alphabet: every kind of overlap comes up. */
static void
test_scan__finds_what_a_plain_search_finds (void **state)
{
	(void)state;
	GRand *random = g_rand_new_with_seed (20240229);
	for (guint round = 0; round < 200; round++) {
		g_autoptr (NxMatcher) matcher = nx_matcher_new (NULL);
		g_autoptr (GPtrArray) literals = g_ptr_array_new_with_free_func (g_free);
		for (guint i = 0; i < 20; i++) {
			char literal[16] = { 0 };
			gsize length = (gsize)g_rand_int_range (random, NX_MATCHER_MIN_BYTES, 10);
			for (gsize c = 0; c < length; c++)
				literal[c] = (char)('a' + g_rand_int_range (random, 0, 2));
			if (nx_matcher_add (matcher, literal) == literals->len)
				g_ptr_array_add (literals, g_strdup (literal));
		}
		nx_matcher_compile (matcher);
		char text[200];
		for (gsize c = 0; c < sizeof text; c++)
			text[c] = (char)('a' + g_rand_int_range (random, 0, 2));
		g_autofree char *exact = copy_exact (text, sizeof text);
		g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
		nx_matcher_scan (matcher, exact, sizeof text, set_cb, found);
		guint want = 0;
		for (guint i = 0; i < literals->len; i++) {
			const char *literal = g_ptr_array_index (literals, i);
			for (gsize at = 0; at + strlen (literal) <= sizeof text; at++) {
				if (memcmp (text + at, literal, strlen (literal)) != 0)
					continue;
				want++;
				assert_true (
					g_hash_table_contains (found, GUINT_TO_POINTER (i * 1000 + (guint)at + 1)));
			}
		}
		assert_int_equal (g_hash_table_size (found), want);
	}
	g_rand_free (random);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_add__gives_one_number_to_one_literal),
		cmocka_unit_test (test_scan__finds_at_both_ends),
		cmocka_unit_test (test_scan__takes_an_empty_matcher),
		cmocka_unit_test (test_scan__finds_what_a_plain_search_finds),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
