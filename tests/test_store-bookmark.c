/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-bookmark.c: the contract of nixie/bookmark.h: how far files were read goes with the transaction that
 * records what was read. The same cases hold for every backend.
 */
#include "store-helpers.h"

#include <nixie/bookmark.h>

static void
set_bookmark (NxStore *store, const char *name, const char *terms, guint64 offset)
{
	g_autoptr (GError) error = NULL;
	const NxSourcePosition position = { "elsewhere", "1.0", "some identity", offset };
	must (nx_store_set_bookmark (store, name, terms, &position, &error));
}

/* @want: 0 when there is to be none. */
static void
assert_bookmark (NxStore *store, const char *name, const char *terms, guint64 want)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxBookmark) bookmark = NULL;
	must (nx_store_find_bookmark (store, name, terms, &bookmark, &error));
	assert_int_equal (bookmark != NULL, want != 0);
	if (bookmark == NULL)
		return;
	assert_int_equal (bookmark->offset, want);
	assert_string_equal (bookmark->member, "1.0");
	assert_string_equal (bookmark->identity, "some identity");
}

static void
test_nx_store_set_bookmark__the_last_one_stays (void **state)
{
	NxStore *store = ((Place *)*state)->store;
	assert_bookmark (store, "/a", "t", 0);
	set_bookmark (store, "/a", "t", 5);
	set_bookmark (store, "/a", "t", 7);
	set_bookmark (store, "/A", "t", 9);
	assert_bookmark (store, "/a", "t", 7);
	assert_bookmark (store, "/a", "other", 0);
	set_bookmark (store, "/a", "other", G_MAXINT64);
	assert_bookmark (store, "/a", "other", G_MAXINT64);
	assert_bookmark (store, "/a", "t", 0);
	assert_bookmark (store, "/A", "t", 9);
}

static void
test_nx_store_set_bookmark__goes_with_its_transaction (void **state)
{
	NxStore *store = ((Place *)*state)->store;
	g_autoptr (GError) error = NULL;
	set_bookmark (store, "/a", "t", 5);
	must (nx_store_begin (store, &error));
	set_bookmark (store, "/a", "t", 6);
	must (nx_store_drop_bookmark (store, "/b", &error));
	nx_store_rollback (store);
	assert_bookmark (store, "/a", "t", 5);
	must (nx_store_drop_bookmark (store, "/a", &error));
	assert_bookmark (store, "/a", "t", 0);
}

/* Those with an even number. */
static gboolean
is_gone_cb (const char *name, gpointer user_data)
{
	guint *asked = user_data;
	(*asked)++;
	return strchr ("02468", name[strlen (name) - 1]) != NULL;
}

static void
test_nx_store_drop_bookmarks__below_one_folder (void **state)
{
	enum {
		COUNT = 2500
	};
	NxStore *store = ((Place *)*state)->store;
	g_autoptr (GError) error = NULL;
	guint asked = 0;
	must (nx_store_begin (store, &error));
	for (guint i = 0; i < COUNT; i++) {
		g_autofree char *name = g_strdup_printf ("/d/e%u/%u", i % 3, i);
		set_bookmark (store, name, "t", i + 1);
	}
	set_bookmark (store, "/d", "t", 1);
	set_bookmark (store, "/d0", "t", 1);
	set_bookmark (store, "/d.0", "t", 1);
	set_bookmark (store, "/da/0", "t", 1);
	must (nx_store_commit (store, &error));
	must (nx_store_drop_bookmarks (store, "/d", is_gone_cb, &asked, &error));
	assert_int_equal (asked, COUNT);
	for (guint i = 0; i < COUNT; i++) {
		g_autofree char *name = g_strdup_printf ("/d/e%u/%u", i % 3, i);
		assert_bookmark (store, name, "t", i % 2 == 0 ? 0 : i + 1);
	}
	assert_bookmark (store, "/d", "t", 1);
	assert_bookmark (store, "/d0", "t", 1);
	assert_bookmark (store, "/d.0", "t", 1);
	assert_bookmark (store, "/da/0", "t", 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_store_set_bookmark__the_last_one_stays),
		TEST (test_nx_store_set_bookmark__goes_with_its_transaction),
		TEST (test_nx_store_drop_bookmarks__below_one_folder),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
