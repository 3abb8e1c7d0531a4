/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_reply.c: SMTP replies out of the texts that bounces carry, and the table of codes.
 */
#include "base/limits.h"

#include <nixie/reply.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MEGABYTE (1u << 20)

typedef struct {
	const char *input;
	guint code;
	const char *status;
	const char *text;
} Row;

/* A copy without a spare byte behind its NUL: a sanitizer sees every look too far. */
static char *
copy_exact (const char *text)
{
	gsize size = strlen (text) + 1;
	char *copy = g_malloc (size);
	memcpy (copy, text, size);
	return copy;
}

static void
check_rows (const Row *rows, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autofree char *input = copy_exact (rows[i].input);
		g_autoptr (NxReply) reply = nx_reply_parse (input);
		char buffer[NX_STATUS_STRLEN];
		nx_status_format (reply->status, buffer);
		if (reply->code != rows[i].code || strcmp (buffer, rows[i].status) != 0 ||
		    strcmp (reply->text, rows[i].text) != 0)
			fail_msg ("\"%s\": wanted %u \"%s\" \"%s\", got %u \"%s\" \"%s\"", input, rows[i].code,
				  rows[i].status, rows[i].text, reply->code, buffer, reply->text);
	}
}

static void
test_parse__reads_bare_replies (void **state)
{
	(void)state;
	static const Row rows[] = {
		{ "550 5.1.1 no such user", 550, "5.1.1", "no such user" },
		{ "550 no such user", 550, "", "no such user" },
		{ "550", 550, "", "" },
		{ "550 5.1.1", 550, "5.1.1", "" },
		{ "571 delivery not authorized", 571, "", "delivery not authorized" },
		{ "460 no such user", 460, "", "no such user" },
		{ "ERROR_CODE :550, no such user", 550, "", "no such user" },
		{ "560 is no code", 0, "", "560 is no code" },
		{ "550-", 550, "", "" },
		{ "550-no such user", 550, "", "no such user" },
		{ "550: no such user", 550, "", "no such user" },
		{ "550:no such user", 550, "", "no such user" },
		{ "550 : no such user", 550, "", "no such user" },
		{ "550 - no such user", 550, "", "no such user" },
		{ "550. No such user", 550, "", "No such user" },
		{ "550 5.1.1: no such user", 550, "5.1.1", "no such user" },
		{ "550 #5.1.1 no such user", 550, "5.1.1", "no such user" },
		{ "550 (5.1.1) no such user", 550, "5.1.1", "no such user" },
		{ "550 [#5.1.1] no such user", 550, "5.1.1", "no such user" },
		{ "550_5.1.1_no_such_user", 550, "5.1.1", "no_such_user" },
		{ "550=\r\n 5.1.1=\r\n no such user", 550, "5.1.1", "no such user" },
		{ "550 sorry (#5.1.1)", 550, "5.1.1", "sorry (#5.1.1)" },
		{ "550 host7 5.1.1 gone", 550, "5.1.1", "host7 5.1.1 gone" },
		{ "550 5.1.1 550 gone", 550, "5.1.1", "gone" },
		{ "550 5.1.1 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "554 30 sorry (554.30)", 554, "", "30 sorry (554.30)" },
		{ "542 odd code", 542, "", "odd code" },
		{ "250 5.1.1 contradicts itself", 250, "5.1.1", "contradicts itself" },
		{ "252 2.1.5 will try", 252, "2.1.5", "will try" },
		{ "  421\ttry \x01later\r\n", 421, "", "try later" },
		{ "550 192.0.2.1 is listed", 550, "", "192.0.2.1 is listed" },
		{ "550 4.2.2.1 is listed", 550, "", "4.2.2.1 is listed" },
		{ "550 'ada@post.example' is not known", 550, "", "'ada@post.example' is not known" },
		{ "421 messages are too many", 421, "", "messages are too many" },
	};
	check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_parse__joins_lines_and_drops_their_codes (void **state)
{
	(void)state;
	static const Row rows[] = {
		{ "550-5.1.1 one\n550 5.1.1 two", 550, "5.1.1", "one two" },
		{ "550-5.1.1 one\r\n550-5.1.1 two\r\n550 5.1.1 three\r\n", 550, "5.1.1", "one two three" },
		{ "551-5.1.6 one 551-5.1.6 two 551 5.1.6 three", 551, "5.1.6", "one two three" },
		{ "551-5.1.6 one 551-5.1.6\n    two 551\n    5.1.6 three", 551, "5.1.6", "one two three" },
		{ "551-5.1.6 one\n    551-5.1.6 two\n    551 5.1.6 three", 551, "5.1.6", "one two three" },
		{ "551-5.1.6 one.551-5.1.6 two.551 5.1.6 three", 551, "5.1.6", "one. two. three" },
		{ "554-one 554-two 554 three", 554, "", "one two three" },
		{ "550-one: 550 two", 550, "", "one: two" },
		{ "550-one\n550-\n550 two", 550, "", "one two" },
		{ "550-5.1.1 one\n550 two", 550, "5.1.1", "one two" },
		{ "550-one\n550 5.1.1 two", 550, "5.1.1", "one two" },
		{ "550 5.1.1 one\n550 5.1.1 two", 550, "5.1.1", "one two" },
		{ "550 5.1.1 one\n5.1.1 two", 550, "5.1.1", "one two" },
		{ "<<< 551-5.1.6 one\n<<< 551 5.1.6 two", 551, "5.1.6", "one two" },
		{ "550-one\n551 5.1.6 two", 551, "5.1.6", "one two" },
		{ "220-mx 421 4.2.1 refused", 421, "4.2.1", "mx refused" },
		{ "551 5.1.6 one\n554 5.0.0 Service unavailable", 551, "5.1.6", "one 554 5.0.0 Service unavailable" },
		{ "550-550-550-", 550, "", "" },
		{ "550 5.1.1 the number 550 stays", 550, "5.1.1", "the number 550 stays" },
		{ "550-5.1.1 waited for\n 450 seconds, then\n 550 5.1.1 gone", 550, "5.1.1",
		  "waited for 450 seconds, then gone" },
		{ "552-5.2.3 limit is 552 KB\n552 5.2.3 see x-552-y", 552, "5.2.3", "limit is 552 KB see x-552-y" },
	};
	check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_parse__skips_what_stands_before_a_reply (void **state)
{
	(void)state;
	static const Row rows[] = {
		{ "smtp; 550 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "smtp;550 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "SMTP ; 550-gone", 550, "", "gone" },
		{ "host mx.post.example[192.0.2.1] said: 550 5.1.1 gone (in reply to RCPT TO command)", 550, "5.1.1",
		  "gone (in reply to RCPT TO command)" },
		{ "X-Postfix; host mx.post.example[192.0.2.1] said: 550\n    gone", 550, "", "gone" },
		{ "原因：550 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "smtp;host mx.post.example:25 says:\n 550 5.4.1 denied", 550, "5.4.1", "denied" },
		{ "<<< 550 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "... while talking to mx.post.example.:\n>>> RCPT To:<ada@post.example>\n<<< 550 gone", 550, "",
		  "gone" },
		{ "SMTP error from remote mail server after RCPT TO:<ada@post.example> SIZE=2345: host mx [192.0.2.1]: "
		  "550 gone",
		  550, "", "gone" },
		{ "host mx [192.0.2.1]:550 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "192.0.2.1 does not like recipient.\nRemote host said: 550 gone\nGiving up on 192.0.2.1.", 550, "",
		  "gone Giving up on 192.0.2.1." },
		{ "refused to talk to me: 421 busy", 421, "", "busy" },
		{ "(reason: 550 5.1.1 gone)", 550, "5.1.1", "gone" },
		{ "(reason: 550 gone (for good))", 550, "", "gone (for good)" },
		{ "SMTP 550 gone", 550, "", "gone" },
		{ "error 550: gone", 550, "", "gone" },
		{ "error: 550 gone", 550, "", "gone" },
		{ "reply: 550", 550, "", "" },
		{ "code=550 gone", 550, "", "gone" },
		{ "returned (550) gone", 550, "", "gone" },
		{ "it failed with 550 5.1.1 gone", 550, "5.1.1", "gone" },
		{ "Remote Server returned '550 5.1.10 not found'", 550, "5.1.10", "not found" },
		{ "Remote Server returned '550 not found'", 550, "", "not found" },
		{ "#< #5.1.1 smtp;550 5.1.1 <ada@post.example>... gone> #SMTP#", 550, "5.1.1",
		  "<ada@post.example>... gone" },
		{ "<mx.post.example #5.1.1 smtp;550 gone>", 550, "5.1.1", "gone" },
		{ "#550 5.1.1 RESOLVER; not found ##", 550, "5.1.1", "RESOLVER; not found" },
		{ "[{LED=450 4.4.316 refused}]", 450, "4.4.316", "refused" },
		{ "(550, '5.1.1 gone')", 550, "5.1.1", "gone" },
		{ "(550, b'5.1.1 gone\\n5.1.1 for good')", 550, "5.1.1", "gone for good" },
		{ "{'ada@post.example': (550, b\"it's gone\")}", 550, "", "it's gone" },
		{ "5.1.0 unknown error 550-'5.7.1 <ada@post.example> denied' (attempts: 0)", 550, "5.7.1",
		  "<ada@post.example> denied (attempts: 0)" },
		{ "550-\"rejected: [192.0.2.1] is listed\"", 550, "", "rejected: [192.0.2.1] is listed" },
		{ "Could not deliver.\n550 gone", 550, "", "gone" },
	};
	check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_parse__lets_the_outer_reply_speak (void **state)
{
	(void)state;
	static const Row rows[] = {
		{ "550 5.1.1 undeliverable address: host mx said: 550 5.7.1 spam", 550, "5.1.1",
		  "undeliverable address: host mx said: 550 5.7.1 spam" },
		{ "550 undeliverable address: host mx said: 450 4.2.0 later", 550, "",
		  "undeliverable address: host mx said: 450 4.2.0 later" },
		{ "554 4.4.7 expired.<421 4.4.2 timed out>", 554, "4.4.7", "expired.<421 4.4.2 timed out>" },
		{ "550-5.7.1 host mx said: 450 4.2.0 later 550 5.7.1 bye", 550, "5.7.1",
		  "host mx said: 450 4.2.0 later bye" },
	};
	check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_parse__gives_no_code_where_is_none (void **state)
{
	(void)state;
	static const Row rows[] = {
		{ "", 0, "", "" },
		{ " \r\n\t", 0, "", "" },
		{ "5.1.1 gone", 0, "5.1.1", "gone" },
		{ "smtp; 5.1.1 - gone", 0, "5.1.1", "gone" },
		{ "#5.1.1 gone", 0, "5.1.1", "gone" },
		{ "gone (5.1.1)", 0, "5.1.1", "gone (5.1.1)" },
		{ "X-Postfix; unknown user: \"ada\"", 0, "", "unknown user: \"ada\"" },
		{ "x-unix; 255", 0, "", "255" },
		{ "unavailable; try later", 0, "", "unavailable; try later" },
		{ "250 MB limit reached", 0, "", "250 MB limit reached" },
		{ "limit: 450 messages", 0, "", "limit: 450 messages" },
		{ "error: 500 seconds passed", 0, "", "error: 500 seconds passed" },
		{ "there are 421 messages", 0, "", "there are 421 messages" },
		{ "port 587 or 525", 0, "", "port 587 or 525" },
		{ "connect to mx[192.0.2.250]:25: refused", 0, "", "connect to mx[192.0.2.250]:25: refused" },
		{ "connect to mx:525: refused", 0, "", "connect to mx:525: refused" },
		{ "550.1.2.3 is listed", 0, "", "550.1.2.3 is listed" },
		{ "on 2024-05-01 at 12:00:550", 0, "", "on 2024-05-01 at 12:00:550" },
		{ "queued as 550ABC; 4210 items", 0, "", "queued as 550ABC; 4210 items" },
		{ "see https://mx.example/550-blocked", 0, "", "see https://mx.example/550-blocked" },
		{ "561 bad second digit", 0, "", "561 bad second digit" },
		{ "354 go ahead", 0, "", "354 go ahead" },
		{ "5501 gone", 0, "", "5501 gone" },
		{ "code: 10055 (WSAENOBUFS)", 0, "", "code: 10055 (WSAENOBUFS)" },
		{ "55", 0, "", "55" },
		{ "total: 223 x", 0, "", "total: 223 x" },
	};
	check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_parse__makes_clean_text_of_any_bytes (void **state)
{
	(void)state;
	static const char *const pieces[] = { "550",  "-",        " ", "5.1.1", "\n", "\r",   "<<<",
					      "'",    "(",        ")", "\"",    ",",  "b'",   "\\n",
					      "\xff", "\xc3\xbc", "#", "smtp;", ":",  "said", "450 4.2.1",
					      "\x01", "<",        ">", "##",    "KB", "250",  "=" };
	g_autoptr (GRand) random = g_rand_new_with_seed (5321);
	guint codes = 0;
	for (guint i = 0; i < 40000; i++) {
		g_autoptr (GString) text = g_string_new (NULL);
		for (gint32 left = g_rand_int_range (random, 0, 14); left > 0; left--)
			g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
		g_autofree char *input = copy_exact (text->str);
		g_autoptr (NxReply) reply = nx_reply_parse (input);
		codes += reply->code != 0;
		assert_true (g_utf8_validate (reply->text, -1, NULL));
		assert_true (reply->code == 0 || (reply->code >= 200 && reply->code < 560));
		if (strpbrk (reply->text, "\r\n\t\x01") != NULL || strstr (reply->text, "  ") != NULL ||
		    g_str_has_prefix (reply->text, " ") || g_str_has_suffix (reply->text, " "))
			fail_msg ("\"%s\" gives \"%s\"", input, reply->text);
	}
	assert_true (codes > 1000);
}

static void
test_parse__is_linear_and_caps_the_text (void **state)
{
	(void)state;
	static const char *const units[] = {
		"550-",    "550 ",       "5",   " ",      "\n",          "550-5.1.1 a ",    "550 5.1.1 ",
		"550-a\n", "450 4.2.1 ", "\n ", "((550 ", "x550-5.1.1 ", "550-' ",          "\n<<< ",
		"5.1.1 ",  "\\n",        "<",   "-----5", "smtp;",       "550-a 421 4.1.1 "
	};
	static const char *const heads[] = { "", "550-", "550-5.1.1 ", "x ", "(550, '" };
	gint64 begin = g_get_monotonic_time ();
	for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
		for (gsize j = 0; j < G_N_ELEMENTS (heads); j++) {
			GString *text = g_string_new (heads[j]);
			while (text->len < MEGABYTE)
				g_string_append (text, units[i]);
			g_autofree char *input = g_string_free (text, FALSE);
			g_autoptr (NxReply) reply = nx_reply_parse (input);
			assert_true (strlen (reply->text) <= NX_LIMIT_DIAGNOSTIC_BYTES);
		}
	assert_true (g_get_monotonic_time () - begin < 90 * G_USEC_PER_SEC);
}

static void
test_free__takes_null (void **state)
{
	(void)state;
	nx_reply_free (NULL);
}

static void
test_list_infos__is_ordered_unique_and_complete (void **state)
{
	(void)state;
	guint count = 0;
	const NxReplyInfo *infos = nx_reply_list_infos (&count);
	for (guint i = 0; i < count; i++) {
		const char *texts[] = { infos[i].meaning, infos[i].seen, infos[i].cure };
		for (gsize j = 0; j < G_N_ELEMENTS (texts); j++)
			if (!g_str_has_suffix (texts[j], ".") || strstr (texts[j], "  ") != NULL ||
			    g_ascii_islower (texts[j][0]))
				fail_msg ("%u: no sentence: \"%s\"", infos[i].code, texts[j]);
		assert_true (strlen (infos[i].name) > 0);
		assert_true (g_str_has_prefix (infos[i].section, "RFC "));
		assert_true (i == 0 || infos[i - 1].code < infos[i].code);
		assert_ptr_equal (nx_reply_get_info (infos[i].code), &infos[i]);
	}
}

static void
test_list_infos__holds_every_standard_code (void **state)
{
	(void)state;
	static const guint codes[] = { 211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 422, 430, 432, 450,
				       451, 452, 453, 454, 455, 458, 459, 500, 501, 502, 503, 504, 521, 523, 524,
				       525, 530, 533, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556 };
	guint count = 0;
	nx_reply_list_infos (&count);
	assert_int_equal (count, G_N_ELEMENTS (codes));
	for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
		if (nx_reply_get_info (codes[i]) == NULL)
			fail_msg ("no row %u", codes[i]);
	assert_null (nx_reply_get_info (0));
	assert_null (nx_reply_get_info (542));
	assert_null (nx_reply_get_info (999));
}

/* RFC 5321 4.2 names them. */
static void
test_list_infos__marks_the_texts_for_programs (void **state)
{
	(void)state;
	guint count = 0;
	const NxReplyInfo *infos = nx_reply_list_infos (&count);
	for (guint i = 0; i < count; i++) {
		guint code = infos[i].code;
		gboolean want = code == 220 || code == 221 || code == 251 || code == 421 || code == 551;
		if (infos[i].machine != want)
			fail_msg ("%u: wanted %d", code, want);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_parse__reads_bare_replies),
		cmocka_unit_test (test_parse__joins_lines_and_drops_their_codes),
		cmocka_unit_test (test_parse__skips_what_stands_before_a_reply),
		cmocka_unit_test (test_parse__lets_the_outer_reply_speak),
		cmocka_unit_test (test_parse__gives_no_code_where_is_none),
		cmocka_unit_test (test_parse__makes_clean_text_of_any_bytes),
		cmocka_unit_test (test_parse__is_linear_and_caps_the_text),
		cmocka_unit_test (test_free__takes_null),
		cmocka_unit_test (test_list_infos__is_ordered_unique_and_complete),
		cmocka_unit_test (test_list_infos__holds_every_standard_code),
		cmocka_unit_test (test_list_infos__marks_the_texts_for_programs),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("reply", tests, NULL, NULL);
}
