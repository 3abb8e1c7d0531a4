/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_status.c: enhanced status codes: reading, finding, and the registry's table.
 */
#include <nixie/status.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MEGABYTE (1u << 20)

typedef struct {
	const char *input;
	const char *want; /* "": nothing */
} Pair;

/* A copy without a spare byte behind its NUL: a sanitizer sees every look too far. */
static char *
copy_exact (const char *text)
{
	gsize size = strlen (text) + 1;
	char *copy = g_malloc (size);
	memcpy (copy, text, size);
	return copy;
}

static NxStatus
read_status (const char *text)
{
	NxStatus status = { 0 };
	assert_true (nx_status_parse (text, &status, NULL));
	return status;
}

static void
test_parse__reads_a_code_at_the_begin (void **state)
{
	(void)state;
	static const struct {
		const char *input;
		NxStatus want;
		const char *rest;
	} rows[] = {
		{ "5.1.1", { 5, 1, 1 }, "" },
		{ "4.4.7 (delivery time expired)", { 4, 4, 7 }, " (delivery time expired)" },
		{ "2.0.0", { 2, 0, 0 }, "" },
		{ "5.7.511 x", { 5, 7, 511 }, " x" },
		{ "5.999.999", { 5, 999, 999 }, "" },
		{ "5.1.1.", { 5, 1, 1 }, "." },
		{ "5.1.1. Gone", { 5, 1, 1 }, ". Gone" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *input = copy_exact (rows[i].input);
		NxStatus status = { 0 };
		const char *end = NULL;
		assert_true (nx_status_parse (input, &status, &end));
		assert_true (nx_status_equal (status, rows[i].want));
		assert_string_equal (end, rows[i].rest);
	}
}

static void
test_parse__leaves_out_parameters_alone_when_there_is_none (void **state)
{
	(void)state;
	static const char *const inputs[] = {
		"",         "5",        "5.",      "5.1",     "5.1.",   "5..1",   "3.1.1", "1.1.1", "6.1.1", "55.1.1",
		"5.1.1234", "5.1234.1", "4.2.2.1", "5.1.1.7", " 5.1.1", "x5.1.1", "5,1,1", "5.x.1", "5.1.x", "-5.1.1",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
		g_autofree char *input = copy_exact (inputs[i]);
		NxStatus status = { 9, 9, 9 };
		const char *end = "untouched";
		if (nx_status_parse (input, &status, &end))
			fail_msg ("\"%s\" is no code", input);
		assert_int_equal (status.class_, 9);
		assert_string_equal (end, "untouched");
	}
}

static void
check_find (const Pair *pairs, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autofree char *input = copy_exact (pairs[i].input);
		NxStatus status = { 0 };
		char buffer[NX_STATUS_STRLEN];
		gboolean found = nx_status_find (input, &status);
		if (found != nx_status_is_set (status) ||
		    strcmp (nx_status_format (status, buffer), pairs[i].want) != 0)
			fail_msg ("\"%s\": wanted \"%s\", got \"%s\"", input, pairs[i].want, buffer);
	}
}

static void
test_find__finds_codes_where_replies_carry_them (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "550 5.1.1 gone", "5.1.1" },
		{ "550-5.1.1 gone", "5.1.1" },
		{ "550 #5.1.1 gone", "5.1.1" },
		{ "550 (5.1.1) gone", "5.1.1" },
		{ "550 (#5.1.1 gone)", "5.1.1" },
		{ "550_5.1.1_gone", "5.1.1" },
		{ "550-'5.1.1 gone'", "5.1.1" },
		{ "(550, b'5.1.1 gone')", "5.1.1" },
		{ "550\r\n 5.1.1\r\n gone", "5.1.1" },
		{ "5.1.1 gone", "5.1.1" },
		{ "5.1.1", "5.1.1" },
		{ "gone 5.1.1", "5.1.1" },
		{ "gone (5.1.1)", "5.1.1" },
		{ "gone (#5.1.1)", "5.1.1" },
		{ "gone [5.1.1]", "5.1.1" },
		{ "gone; see 5.1.1.", "5.1.1" },
		{ "gone (#5.1.1 - local)", "5.1.1" },
		{ "code:5.1.1: gone", "5.1.1" },
		{ "dsn=5.1.1, stat=gone", "5.1.1" },
		{ "gone -- 5.1.1; bye", "5.1.1" },
		{ "550 host7 5.1.1 gone", "5.1.1" },
		{ "550 5.7.511 banned", "5.7.511" },
		{ "250 5.1.1 contradicts itself", "5.1.1" },
		{ "252 2.1.5 ok", "2.1.5" },
		{ "550 5.9.1 not registered", "5.9.1" },
		{ "5.1.0 unknown error 550-5.7.1 denied", "5.7.1" },
		{ "4.2.0 first, 5.1.1 second", "4.2.0" },
		{ "192.0.2.1 4.2.0 later", "4.2.0" },
	};
	check_find (pairs, G_N_ELEMENTS (pairs));
}

static void
test_find__passes_over_other_numbers (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "", "" },
		{ "550 gone", "" },
		{ "550 [4.2.2.1] is listed", "" },
		{ "5.1.1.7 is listed", "" },
		{ "10.5.1.1 is listed", "" },
		{ "192.5.1.1", "" },
		{ "2001:db8::5.1.1.2", "" },
		{ "version 4.2.1", "" },
		{ "Version: 4.2.1", "" },
		{ "V5.1.2", "" },
		{ "v 5.1.2", "" },
		{ "Exim 4.96", "" },
		{ "Exim 4.96.1 on host", "" },
		{ "Sendmail (5.5.1)", "" },
		{ "IDENT/4.2.1", "" },
		{ "libfoo-4.2.1", "" },
		{ "4.2.1-rc1", "" },
		{ "4.2.1beta", "" },
		{ "see RFC 5321 4.5.3", "" },
		{ "see RFC5321 4.5.3", "" },
		{ "section 4.2.1", "" },
		{ "on 5.1.24 at noon", "" },
		{ "5.01.24", "" },
		{ "5.1.04", "" },
		{ "5.12.2024", "" },
		{ "(#id-5.9.4)", "" },
		{ "queued as 5.9.4", "" },
		{ "size=4.2.1", "" },
		{ "5.1.1@post.example", "" },
		{ "3.5.1", "" },
		{ "x5.1.1", "" },
		{ "5.1", "" },
		{ "5.1.", "" },
		{ "4.", "" },
	};
	check_find (pairs, G_N_ELEMENTS (pairs));
}

static void
test_find__is_linear (void **state)
{
	(void)state;
	static const char *const units[] = { "5",      "5.",     "5.1.1",     "5.1.1 ",         "5.9.1 ",
					     " ",      "550 ",   "550-5.1.1", "((((5.1.1",      "v 5.1.1 ",
					     "5.1.1(", "a5.1.1", "----5.1.1", "rfc 5321 5.1.1 " };
	gint64 begin = g_get_monotonic_time ();
	for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
		GString *text = g_string_new ("x");
		while (text->len < MEGABYTE)
			g_string_append (text, units[i]);
		g_autofree char *input = g_string_free (text, FALSE);
		NxStatus status;
		nx_status_find (input, &status);
	}
	assert_true (g_get_monotonic_time () - begin < 60 * G_USEC_PER_SEC);
}

static void
test_format__writes_what_parse_reads (void **state)
{
	(void)state;
	static const char *const codes[] = { "2.0.0", "4.4.7", "5.1.10", "5.7.511", "5.999.999" };
	char buffer[NX_STATUS_STRLEN];
	for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
		assert_string_equal (nx_status_format (read_status (codes[i]), buffer), codes[i]);
	assert_string_equal (nx_status_format ((NxStatus){ 0 }, buffer), "");
}

static void
test_is_generic__is_x_0_0 (void **state)
{
	(void)state;
	assert_true (nx_status_is_generic (read_status ("5.0.0")));
	assert_true (nx_status_is_generic (read_status ("4.0.0")));
	assert_false (nx_status_is_generic (read_status ("5.1.0")));
	assert_false (nx_status_is_generic (read_status ("5.0.1")));
	assert_false (nx_status_is_generic ((NxStatus){ 0 }));
	assert_false (nx_status_is_set ((NxStatus){ 0 }));
}

static void
test_equal__compares_all_three_numbers (void **state)
{
	(void)state;
	NxStatus status = read_status ("5.1.1");
	assert_true (nx_status_equal (status, read_status ("5.1.1")));
	assert_false (nx_status_equal (status, read_status ("4.1.1")));
	assert_false (nx_status_equal (status, read_status ("5.2.1")));
	assert_false (nx_status_equal (status, read_status ("5.1.2")));
}

/* The registry has no gaps: subject by subject, the highest detail. */
static void
test_list_infos__holds_the_whole_registry (void **state)
{
	(void)state;
	static const guint16 highest[] = { 0, 10, 4, 6, 7, 6, 10, 30 };
	guint count = 0;
	nx_status_list_infos (&count);
	guint want = 0;
	for (guint16 subject = 0; subject < G_N_ELEMENTS (highest); subject++)
		for (guint16 detail = 0; detail <= highest[subject]; detail++, want++) {
			const NxStatusInfo *info = nx_status_get_info ((NxStatus){ 5, subject, detail });
			if (info == NULL)
				fail_msg ("no row X.%u.%u", subject, detail);
			assert_int_equal (info->subject, subject);
			assert_int_equal (info->detail, detail);
		}
	assert_int_equal (count, want);
}

static void
test_list_infos__is_ordered_and_unique (void **state)
{
	(void)state;
	guint count = 0;
	const NxStatusInfo *infos = nx_status_list_infos (&count);
	for (guint i = 1; i < count; i++)
		if (infos[i - 1].subject * 1000 + infos[i - 1].detail >= infos[i].subject * 1000 + infos[i].detail)
			fail_msg ("X.%u.%u is out of order", infos[i].subject, infos[i].detail);
}

static void
check_sentence (const char *text)
{
	assert_non_null (text);
	if (strlen (text) < 5 || !g_str_has_suffix (text, ".") || strstr (text, "  ") != NULL ||
	    g_ascii_islower (text[0]))
		fail_msg ("no sentence: \"%s\"", text);
}

static void
test_list_infos__every_row_is_complete (void **state)
{
	(void)state;
	guint count = 0;
	const NxStatusInfo *infos = nx_status_list_infos (&count);
	for (guint i = 0; i < count; i++) {
		check_sentence (infos[i].meaning);
		check_sentence (infos[i].seen);
		check_sentence (infos[i].cure);
		assert_true (strlen (infos[i].name) > 0 && !g_str_has_suffix (infos[i].name, "."));
		assert_true (g_str_has_prefix (infos[i].section, "RFC ") ||
			     g_str_has_prefix (infos[i].section, "IANA "));
		assert_true (strlen (infos[i].classes) > 0 &&
			     strspn (infos[i].classes, "245") == strlen (infos[i].classes));
		for (guint j = 0; j < i; j++)
			assert_string_not_equal (infos[i].name, infos[j].name);
	}
}

static void
test_get_info__does_not_mind_the_class (void **state)
{
	(void)state;
	const NxStatusInfo *info = nx_status_get_info (read_status ("5.2.2"));
	assert_non_null (info);
	assert_string_equal (info->name, "Mailbox full");
	assert_ptr_equal (nx_status_get_info (read_status ("4.2.2")), info);
}

static void
test_get_info__knows_no_unregistered_code (void **state)
{
	(void)state;
	static const char *const codes[] = { "5.1.11", "5.7.31", "5.7.511", "5.8.0", "5.0.1", "5.999.999" };
	for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
		assert_null (nx_status_get_info (read_status (codes[i])));
	assert_null (nx_status_get_info ((NxStatus){ 0 }));
}

static void
test_get_subject_name__knows_eight (void **state)
{
	(void)state;
	assert_string_equal (nx_status_get_subject_name (1), "addressing status");
	assert_string_equal (nx_status_get_subject_name (7), "security or policy status");
	assert_null (nx_status_get_subject_name (8));
}

static void
test_get_class_name__knows_three (void **state)
{
	(void)state;
	assert_string_equal (nx_status_get_class_name (2), "success");
	assert_string_equal (nx_status_get_class_name (4), "persistent transient failure");
	assert_string_equal (nx_status_get_class_name (5), "permanent failure");
	assert_null (nx_status_get_class_name (0));
	assert_null (nx_status_get_class_name (3));
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_parse__reads_a_code_at_the_begin),
		cmocka_unit_test (test_parse__leaves_out_parameters_alone_when_there_is_none),
		cmocka_unit_test (test_find__finds_codes_where_replies_carry_them),
		cmocka_unit_test (test_find__passes_over_other_numbers),
		cmocka_unit_test (test_find__is_linear),
		cmocka_unit_test (test_format__writes_what_parse_reads),
		cmocka_unit_test (test_is_generic__is_x_0_0),
		cmocka_unit_test (test_equal__compares_all_three_numbers),
		cmocka_unit_test (test_list_infos__holds_the_whole_registry),
		cmocka_unit_test (test_list_infos__is_ordered_and_unique),
		cmocka_unit_test (test_list_infos__every_row_is_complete),
		cmocka_unit_test (test_get_info__does_not_mind_the_class),
		cmocka_unit_test (test_get_info__knows_no_unregistered_code),
		cmocka_unit_test (test_get_subject_name__knows_eight),
		cmocka_unit_test (test_get_class_name__knows_three),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("status", tests, NULL, NULL);
}
