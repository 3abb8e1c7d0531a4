/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_text.c: charset conversion, one-line texts and the form that rules are matched on.
 */
#include "base/text.h"

#include "core-helpers.h"

typedef struct {
	const char *input;
	const char *want;
} Pair;

typedef char *(*Transform) (const char *text);

static void
check_transform (Transform transform, const Pair *pairs, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autofree char *input = copy_exact (pairs[i].input, strlen (pairs[i].input) + 1);
		g_autofree char *got = transform (input);
		if (strcmp (got, pairs[i].want) != 0)
			fail_msg ("\"%s\": wanted \"%s\", got \"%s\"", input, pairs[i].want, got);
	}
}

static void
test_to_utf8__converts_by_charset (void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		const char *charset;
		const char *want;
	} rows[] = {
		{ "j\303\274tta", NULL, "j\303\274tta" },
		{ "j\303\274tta", "us-ascii", "j\303\274tta" },
		{ "j\303\274tta", "", "j\303\274tta" },
		{ "j\374tta", "iso-8859-1", "j\303\274tta" },
		{ "j\374tta", "ISO-8859-1", "j\303\274tta" },
		{ "j\374tta", "utf-8", "j\303\274tta" },
		{ "j\374tta", NULL, "j\303\274tta" },
		{ "\200 5", NULL, "\342\202\254 5" },
		{ "\201 5", NULL, "\302\201 5" },
		{ "\320\317\336\324\301", "koi8-r", "\320\277\320\276\321\207\321\202\320\260" },
		{ "a@b.example \303\274", "no-such-charset", "a@b.example \303\274" },
		{ "a@b.example \374", "no-such-charset", "a@b.example \303\274" },
		{ "a@b.example \377\377", "gb2312", "a@b.example \303\277\303\277" },
		{ "\033$B%f!<%6!<\033(B a@b.example", NULL,
		  "\343\203\246\343\203\274\343\202\266\343\203\274 a@b.example" },
		{ "", NULL, "" },
		{ "", "iso-8859-1", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		gsize length = strlen (rows[i].bytes);
		g_autofree char *bytes = copy_exact (rows[i].bytes, length);
		g_autofree char *got = nx_text_to_utf8 (bytes, length, rows[i].charset);
		if (strcmp (got, rows[i].want) != 0)
			fail_msg ("row %u: wanted \"%s\", got \"%s\"", (guint)i, rows[i].want, got);
	}
}

static void
test_to_utf8__takes_no_bytes_at_all (void **state)
{
	(void)state;
	static const char *const charsets[] = { NULL, "utf-8", "iso-8859-1", "no-such-charset" };
	for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++) {
		g_autofree char *got = nx_text_to_utf8 (NULL, 0, charsets[i]);
		assert_string_equal (got, "");
	}
}

static void
test_to_utf8__holds_no_nul (void **state)
{
	(void)state;
	static const char *const charsets[] = { NULL, "iso-8859-1", "utf-8" };
	for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++) {
		g_autofree char *bytes = copy_exact ("a\0b@c.example\0", 14);
		g_autofree char *got = nx_text_to_utf8 (bytes, 14, charsets[i]);
		assert_string_equal (got, "a b@c.example ");
	}
}

/* Whatever the bytes and the charset: valid UTF-8 comes out, and addresses in ASCII stay. */
static void
test_to_utf8__is_always_valid (void **state)
{
	(void)state;
	static const char *const charsets[] = { NULL,     "utf-8",         "utf-7",   "iso-2022-jp", "big5",
						"euc-kr", "utf-16",        "gb18030", "hz",          "windows-1255",
						"//",     "utf-8//IGNORE", "\377" };
	GRand *random = g_rand_new_with_seed (4711);
	for (guint round = 0; round < 2000; round++) {
		char bytes[64];
		gsize length = (gsize)g_rand_int_range (random, 0, sizeof bytes);
		for (gsize i = 0; i < length; i++)
			bytes[i] = (char)g_rand_int_range (random, 0, 256);
		g_autofree char *exact = copy_exact (bytes, length);
		g_autofree char *got = nx_text_to_utf8 (exact, length, charsets[round % G_N_ELEMENTS (charsets)]);
		assert_true (g_utf8_validate (got, -1, NULL));
	}
	g_rand_free (random);
}

static void
test_make_line__folds_and_trims (void **state)
{
	(void)state;
	static const struct {
		const char *input;
		gsize max;
		const char *want;
	} rows[] = {
		{ "  a \t\r\n b\302\240c  ", 0, "a b c" },
		{ "a\033[31mb\177c\302\205d", 0, "a[31mbcd" },
		{ "\001\002", 0, "" },
		{ "", 0, "" },
		{ "abc", 4, "abc" },
		{ "abcdef", 4, "abc" },
		{ "ab\303\274", 4, "ab" },
		{ "ab\303\274", 5, "ab\303\274" },
		{ "ab\374", 0, "ab\357\277\275" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *input = copy_exact (rows[i].input, strlen (rows[i].input) + 1);
		g_autofree char *got = nx_text_make_line (input, rows[i].max);
		if (strcmp (got, rows[i].want) != 0)
			fail_msg ("row %u: wanted \"%s\", got \"%s\"", (guint)i, rows[i].want, got);
	}
}

static void
test_make_line__never_passes_its_cap (void **state)
{
	(void)state;
	for (gsize max = 1; max < 40; max++) {
		g_autofree char *got = nx_text_make_line ("\303\274ber  den \342\202\254 \360\237\230\200 Wolken", max);
		assert_true (strlen (got) <= max);
		assert_true (g_utf8_validate (got, -1, NULL));
	}
}

static void
test_make_match__unifies (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "User  UNKNOWN\r\n here", "user unknown here" },
		{ "l\342\200\231adresse \342\200\234x\342\200\235", "l'adresse \"x\"" },
		{ "`user'", "'user'" },
		{ "a\342\200\223b \302\253c\302\273", "a-b \"c\"" },
		{ "\357\274\265\357\275\223er", "user" },
		{ "Empf\\303\\244nger", "empf\303\244nger" },
		{ "u\302\255ser\342\200\213", "user" },
		{ "GR\303\234SSE", "gr\303\274sse" },
		{ "u\314\210ber", "\303\274ber" },
		{ "\320\237\320\236\320\247\320\242\320\220", "\320\277\320\276\321\207\321\202\320\260" },
		{ "\316\233\316\237\316\223\316\237\316\243", "\316\273\316\277\316\263\316\277\317\203" },
		{ "\316\273\317\214\316\263\316\277\317\202", "\316\273\317\214\316\263\316\277\317\203" },
		{ "", "" },
	};
	check_transform (nx_text_make_match, pairs, G_N_ELEMENTS (pairs));
}

static void
test_decode_octal__decodes_utf8_alone (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "j\\303\\274tta", "j\303\274tta" },
		{ "j\\374tta", "j\\374tta" },
		{ "\\303", "\\303" },
		{ "\\303\\", "\\303\\" },
		{ "\\30", "\\30" },
		{ "C:\\101\\012", "C:\\101\\012" },
		{ "\\342\\202\\254\\342\\202\\254\\342\\202\\254\\303\\274",
		  "\342\202\254\342\202\254\342\202\254\303\274" },
		{ "\\303\\274\\377\\303\\274", "\303\274\\377\303\274" },
		{ "", "" },
	};
	check_transform (nx_text_decode_octal, pairs, G_N_ELEMENTS (pairs));
}

static void
test_set__never_leaves_null (void **state)
{
	(void)state;
	char *field = g_strdup ("old");
	nx_text_set (&field, NULL);
	assert_string_equal (field, "");
	nx_text_set (&field, "new");
	assert_string_equal (field, "new");
	nx_text_take (&field, NULL);
	assert_string_equal (field, "");
	g_free (field);
}

static void
test_is_empty__knows_null_and_empty (void **state)
{
	(void)state;
	assert_true (nx_text_is_empty (NULL));
	assert_true (nx_text_is_empty (""));
	assert_false (nx_text_is_empty (" "));
}

static void
test_all__are_linear (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (NULL);
	append_repeated (text, "\\303\\274 \342\200\231A\314\210 \374\033$B", 60000);
	gint64 since = g_get_monotonic_time ();
	g_autofree char *utf8 = nx_text_to_utf8 (text->str, text->len, "iso-2022-jp");
	g_autofree char *line = nx_text_make_line (utf8, 0);
	g_autofree char *match = nx_text_make_match (line);
	assert_true (strlen (match) > 60000);
	assert_quick (since);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_to_utf8__converts_by_charset),
		cmocka_unit_test (test_to_utf8__takes_no_bytes_at_all),
		cmocka_unit_test (test_to_utf8__holds_no_nul),
		cmocka_unit_test (test_to_utf8__is_always_valid),
		cmocka_unit_test (test_make_line__folds_and_trims),
		cmocka_unit_test (test_make_line__never_passes_its_cap),
		cmocka_unit_test (test_make_match__unifies),
		cmocka_unit_test (test_decode_octal__decodes_utf8_alone),
		cmocka_unit_test (test_set__never_leaves_null),
		cmocka_unit_test (test_is_empty__knows_null_and_empty),
		cmocka_unit_test (test_all__are_linear),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
