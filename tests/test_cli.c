/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_cli.c: the parts of nixie(1) that are functions of text: widths, suggestions, codes; and that its copy of the
 * caps is true. The commands themselves are tested by tests/cli.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "cli/caps.h"
#include "cli/code.h"
#include "cli/screen.h"
#include "cli/suggest.h"

static void
test_caps__are_those_of_the_library (void **state)
{
	(void)state;
	assert_int_equal (NX_CLI_MESSAGE_BYTES, NX_LIMIT_MESSAGE_BYTES);
	assert_int_equal (NX_CLI_LINE_BYTES, NX_LIMIT_LINE_BYTES);
	assert_int_equal (NX_CLI_BATCH_MESSAGES, NX_LIMIT_BATCH_MESSAGES);
	assert_int_equal (NX_CLI_RULES_FILE_BYTES, NX_LIMIT_RULES_FILE_BYTES);
}

static void
test_nx_suggest_nearest__table (void **state)
{
	static const char *const words[] = { "deliver", "scan", "why", "list", "--database", NULL };
	static const struct {
		const char *word;
		const char *want;
	} cases[] = {
		{ "delivr", "deliver" },
		{ "dleiver", "deliver" },
		{ "deliverr", "deliver" },
		{ "scam", "scan" },
		{ "wyh", "why" },
		{ "lits", "list" },
		{ "--databse", "--database" },
		{ "xyzzy", NULL },
		{ "", NULL },
		{ "w", NULL },
		{ "deliver-something-that-is-very-much-longer-than-any-word", NULL },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		const char *got = nx_suggest_nearest (words, cases[i].word);

		if (cases[i].want == NULL)
			assert_null (got);
		else
			assert_string_equal (got, cases[i].want);
	}
}

static void
test_nx_code_parse__table (void **state)
{
	static const struct {
		const char *word;
		const char *want;
	} cases[] = {
		{ "551", "551" },
		{ "5.1.6", "5.1.6" },
		{ "551-5.1.6", "551 5.1.6" },
		{ "551 5.1.6", "551 5.1.6" },
		{ "2.0.0", "2.0.0" },
		{ "4.999.999", "4.999.999" },
		{ "199", NULL },
		{ "600", NULL },
		{ "55", NULL },
		{ "5511", NULL },
		{ "551-", NULL },
		{ "551x", NULL },
		{ "551--5.1.6", NULL },
		{ "5.1", NULL },
		{ "5.1.6.7", NULL },
		{ "3.1.1", NULL },
		{ "5.1.1000", NULL },
		{ "", NULL },
		{ "x", NULL },
		{ "551 5.1.6 x", NULL },
		{ "-", NULL },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *exact = g_memdup2 (cases[i].word, strlen (cases[i].word) + 1);
		NxCode code = { .text = "untouched" };
		gboolean found = nx_code_parse (exact, &code);

		assert_int_equal (found, cases[i].want != NULL);
		assert_string_equal (code.text, found ? cases[i].want : "untouched");
	}
}

static void
test_nx_screen_wrap__table (void **state)
{
	static const struct {
		const char *text;
		guint width;
		const char *want;
	} cases[] = {
		{ "", 10, "" },
		{ "   ", 10, "" },
		{ "one two three", 7, "one two|three" },
		{ "one two three", 8, "one two|three" },
		{ "one two three", 13, "one two three" },
		{ "  one   two", 20, "one   two" },
		{ "abcdefghij kl", 4, "abcd|efgh|ij|kl" },
		{ "abc", 1, "a|b|c" },
		{ "abc", 0, "a|b|c" },
		{ "\u4E2D\u6587\u4E2D\u6587", 4, "\u4E2D\u6587|\u4E2D\u6587" },
		{ "\u4E2D\u6587", 1, "\u4E2D|\u6587" },
		{ "a\u0301b c", 2, "a\u0301b|c" },
		{ "\xff\xfe x", 2, "\xff\xfe|x" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GPtrArray) lines = nx_screen_wrap (cases[i].text, cases[i].width);
		g_autofree char *got = NULL;

		g_ptr_array_add (lines, NULL);
		got = g_strjoinv ("|", (char **)lines->pdata);
		assert_string_equal (got, cases[i].want);
	}
}

static void
test_nx_screen_cut__counts_columns (void **state)
{
	g_autofree char *whole = nx_screen_cut ("abcdef", 6);
	g_autofree char *cut = nx_screen_cut ("abcdefg", 6);
	g_autofree char *wide = nx_screen_cut ("\u4E2D\u6587\u4E2D\u6587", 7);
	g_autofree char *padded = nx_screen_pad ("\u4E2D", 4);

	(void)state;
	assert_string_equal (whole, "abcdef");
	assert_string_equal (cut, "abc...");
	assert_string_equal (wide, "\u4E2D\u6587...");
	assert_string_equal (padded, "\u4E2D  ");
}

static void
test_nx_screen_format_count__groups_thousands (void **state)
{
	static const struct {
		guint64 count;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ 123456, "123,456" },
		{ 1234567, "1,234,567" },
		{ G_MAXUINT64, "18,446,744,073,709,551,615" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *got = nx_screen_format_count (cases[i].count);

		assert_string_equal (got, cases[i].want);
	}
}

static void
test_nx_screen_format_bytes__table (void **state)
{
	static const struct {
		guint64 bytes;
		const char *want;
	} cases[] = {
		{ 0, "0 bytes" },     { 999, "999 bytes" },    { 1000, "1.0 kB" }, { 999949, "999.9 kB" },
		{ 999950, "1.0 MB" }, { 23400000, "23.4 MB" }, { 1e12, "1.0 TB" }, { (guint64)5e15, "5000.0 TB" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *got = nx_screen_format_bytes (cases[i].bytes);

		assert_string_equal (got, cases[i].want);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_caps__are_those_of_the_library),
		cmocka_unit_test (test_nx_suggest_nearest__table),
		cmocka_unit_test (test_nx_code_parse__table),
		cmocka_unit_test (test_nx_screen_wrap__table),
		cmocka_unit_test (test_nx_screen_cut__counts_columns),
		cmocka_unit_test (test_nx_screen_format_count__groups_thousands),
		cmocka_unit_test (test_nx_screen_format_bytes__table),
	};

	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
