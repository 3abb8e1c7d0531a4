/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_confirmation.c: tokens that go out with a mail, and their way back (nixie/confirmation.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nixie/confirmation.h>

#define ALPHABET "0123456789abcdefghjkmnpqrstvwxyz"
#define TOKEN "0ezyx1n5cxqy47a2xnz3kb6t"
#define LIST "news@lists.example.org"
#define ANSWERS "news-bounces+confirm-" TOKEN "@lists.example.org"

/* ---- tokens ---- */

static void
test_nx_confirmation_make_token__digits_of_the_alphabet (void **state)
{
	guint8 random[NX_CONFIRMATION_RANDOM_BYTES];
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	(void)state;
	for (guint bit = 0; bit < 8 * NX_CONFIRMATION_RANDOM_BYTES; bit++) {
		memset (random, 0, sizeof random);
		random[bit / 8] = (guint8)(1u << (bit % 8));
		char *token = nx_confirmation_make_token (random);
		assert_int_equal (strlen (token), NX_CONFIRMATION_TOKEN_BYTES);
		assert_int_equal (strspn (token, ALPHABET), NX_CONFIRMATION_TOKEN_BYTES);
		/* No bit is lost. */
		assert_true (g_hash_table_add (seen, token));
	}
}

static void
test_nx_confirmation_make_token__first_and_last (void **state)
{
	static const struct {
		guint8 octet;
		const char *want;
	} cases[] = { { 0x00, "000000000000000000000000" }, { 0xff, "zzzzzzzzzzzzzzzzzzzzzzzz" } };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		guint8 random[NX_CONFIRMATION_RANDOM_BYTES];
		memset (random, cases[i].octet, sizeof random);
		g_autofree char *token = nx_confirmation_make_token (random);
		NxAnswer answer = NX_ANSWER_CONFIRM;
		g_autofree char *back = nx_confirmation_parse_token (token, &answer);
		assert_int_equal (answer, NX_ANSWER_NONE);
		assert_string_equal (token, cases[i].want);
		assert_string_equal (back, cases[i].want);
	}
}

static void
test_nx_confirmation_make_address__forms (void **state)
{
	static const struct {
		const char *list;
		const char *pattern;
		NxAnswer answer;
		const char *want;
	} cases[] = {
		{ LIST, NULL, NX_ANSWER_CONFIRM, ANSWERS },
		{ LIST, NULL, NX_ANSWER_ENABLE, "news-bounces+enable-" TOKEN "@lists.example.org" },
		{ LIST, NULL, NX_ANSWER_NOTICE, "news-bounces+notice-" TOKEN "@lists.example.org" },
		{ LIST, "answers+{token}@bounces.example.net", NX_ANSWER_CONFIRM,
		  "answers+confirm-" TOKEN "@bounces.example.net" },
		/* 64 octets before the @, the most that there may be. */
		{ "a2345678901234567890123@lists.example.org", NULL, NX_ANSWER_CONFIRM,
		  "a2345678901234567890123-bounces+confirm-" TOKEN "@lists.example.org" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *address =
			nx_confirmation_make_address (cases[i].list, cases[i].pattern, cases[i].answer, TOKEN, &error);
		if (g_strcmp0 (address, cases[i].want) != 0)
			fail_msg ("%s: %s, not %s", cases[i].list, address != NULL ? address : error->message,
				  cases[i].want);
		NxAnswer answer = NX_ANSWER_NONE;
		g_autofree char *back = nx_confirmation_parse_token (address, &answer);
		assert_int_equal (answer, cases[i].answer);
		assert_string_equal (back, TOKEN);
	}
}

static void
test_nx_confirmation_make_address__impossible (void **state)
{
	static const struct {
		const char *list;
		const char *pattern;
		NxError code;
	} cases[] = {
		{ "a23456789012345678901234@lists.example.org", NULL, NX_ERROR_DATA },
		{ "", NULL, NX_ERROR_DATA },
		{ "news", NULL, NX_ERROR_DATA },
		{ LIST, "a234567890123456789012345678901234567890+{token}@example.org", NX_ERROR_DATA },
		/* A good pattern of a return path, but no subscriber is known here. */
		{ LIST, "answers+{token}+{user}={domain}@example.org", NX_ERROR_DATA },
		{ LIST, "answers@example.org", NX_ERROR_CONFIG },
		{ LIST, "answers+{tokn}@example.org", NX_ERROR_CONFIG },
		{ LIST, "answers+{token@example.org", NX_ERROR_CONFIG },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *address = nx_confirmation_make_address (cases[i].list, cases[i].pattern,
									 NX_ANSWER_CONFIRM, TOKEN, &error);
		if (address != NULL)
			fail_msg ("case %u: made %s", i, address);
		if (!g_error_matches (error, NX_ERROR, (int)cases[i].code))
			fail_msg ("case %u: %s", i, error != NULL ? error->message : "no GError");
	}
}

static void
test_nx_confirmation_parse_token__table (void **state)
{
	static const struct {
		const char *text;
		gboolean found;
		NxAnswer answer;
	} cases[] = {
		{ TOKEN, TRUE, NX_ANSWER_NONE },
		{ "  " TOKEN "\r\n", TRUE, NX_ANSWER_NONE },
		{ "0EZYX1N5CXQY47A2XNZ3KB6T", TRUE, NX_ANSWER_NONE },
		{ ANSWERS, TRUE, NX_ANSWER_CONFIRM },
		{ "<" ANSWERS ">", TRUE, NX_ANSWER_CONFIRM },
		{ "NEWS-BOUNCES+CONFIRM-0EZYX1N5CXQY47A2XNZ3KB6T@LISTS.EXAMPLE.ORG", TRUE, NX_ANSWER_CONFIRM },
		{ "Re: News: is this your address now? [confirm-" TOKEN "]", TRUE, NX_ANSWER_CONFIRM },
		{ "confirm-" TOKEN, TRUE, NX_ANSWER_CONFIRM },
		{ "confirm-nothing, then confirm-" TOKEN, TRUE, NX_ANSWER_CONFIRM },
		{ "confirm-confirm-" TOKEN, TRUE, NX_ANSWER_CONFIRM },
		{ "confirm-" TOKEN "-and-text", TRUE, NX_ANSWER_CONFIRM },
		{ "news-bounces+enable-" TOKEN "@lists.example.org", TRUE, NX_ANSWER_ENABLE },
		{ "Re: [ENABLE-0EZYX1N5CXQY47A2XNZ3KB6T]", TRUE, NX_ANSWER_ENABLE },
		{ "news-bounces+notice-" TOKEN "@lists.example.org", TRUE, NX_ANSWER_NOTICE },
		{ "enable-nothing confirm-" TOKEN, TRUE, NX_ANSWER_CONFIRM },
		{ "[notice-" TOKEN "] [enable-0000000000000000000000zz]", TRUE, NX_ANSWER_NOTICE },
		{ "", FALSE, NX_ANSWER_NONE },
		{ "confirm-", FALSE, NX_ANSWER_NONE },
		{ "0ezyx1n5cxqy47a2xnz3kb6", FALSE, NX_ANSWER_NONE },
		{ TOKEN "7", FALSE, NX_ANSWER_NONE },
		{ "confirm-0ezyx1n5cxqy47a2xnz3kb6@lists.example.org", FALSE, NX_ANSWER_NONE },
		{ "confirm-" TOKEN "7@lists.example.org", FALSE, NX_ANSWER_NONE },
		{ "confirm-" TOKEN "u", FALSE, NX_ANSWER_NONE },
		{ "iezyx1n5cxqy47a2xnz3kb6t", FALSE, NX_ANSWER_NONE },
		{ "lezyx1n5cxqy47a2xnz3kb6t", FALSE, NX_ANSWER_NONE },
		{ "oezyx1n5cxqy47a2xnz3kb6t", FALSE, NX_ANSWER_NONE },
		{ "uezyx1n5cxqy47a2xnz3kb6t", FALSE, NX_ANSWER_NONE },
		{ "confirm-0ezyx1n5cxqy47a2xnz3kb6u", FALSE, NX_ANSWER_NONE },
		{ TOKEN " and text", FALSE, NX_ANSWER_NONE },
		{ "text " TOKEN, FALSE, NX_ANSWER_NONE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxAnswer answer = NX_ANSWER_NONE;
		g_autofree char *token = nx_confirmation_parse_token (cases[i].text, &answer);
		if (g_strcmp0 (token, cases[i].found ? TOKEN : NULL) != 0)
			fail_msg ("“%s”: %s", cases[i].text, token != NULL ? token : "none");
		if (answer != cases[i].answer)
			fail_msg ("“%s”: answer %d", cases[i].text, (int)answer);
	}
}

/* ---- on the way back ---- */

static char *
find (const char *mail, const char *envelope_to, gboolean *automatic_out)
{
	NxRawMessage raw = { .file = "-", .data = mail, .length = strlen (mail) };
	NxAnswer answer = NX_ANSWER_NONE;
	char *token = nx_confirmation_find_token (&raw, envelope_to, &answer, automatic_out);
	assert_int_equal (answer, token != NULL ? NX_ANSWER_CONFIRM : NX_ANSWER_NONE);
	return token;
}

static void
test_nx_confirmation_find_token__carriers (void **state)
{
	static const struct {
		const char *mail;
		const char *envelope_to;
		gboolean found;
	} cases[] = {
		{ "To: " ANSWERS "\n\nYes.\n", NULL, TRUE },
		{ "To: \"News\" <" ANSWERS ">\n\nYes.\n", NULL, TRUE },
		{ "Cc: bob@example.org, " ANSWERS "\n\nYes.\n", NULL, TRUE },
		{ "Delivered-To: " ANSWERS "\nTo: " LIST "\n\nYes.\n", NULL, TRUE },
		{ "X-Original-To: " ANSWERS "\n\nYes.\n", NULL, TRUE },
		{ "To: " LIST "\nSubject: Re: News: is this your\n address now?\n [confirm-" TOKEN "]\n\nYes.\n", NULL,
		  TRUE },
		{ "To: " LIST "\r\nSubject: Re: [confirm-" TOKEN "]\r\n\r\nYes.\r\n", NULL, TRUE },
		{ "To: " LIST "\n\nYes.\n", ANSWERS, TRUE },
		{ "SUBJECT: RE: [CONFIRM-0EZYX1N5CXQY47A2XNZ3KB6T]\n\n", NULL, TRUE },
		{ "To: " LIST "\nSubject: Re: News\n\n[confirm-" TOKEN "]\n", NULL, FALSE },
		{ "To: " LIST "\r\nSubject: Re: News\r\n\r\nSubject: [confirm-" TOKEN "]\r\n", NULL, FALSE },
		{ "To: " LIST "\n\nYes.\n", LIST, FALSE },
		/* Other headers tell of mail that merely has to do with it. */
		{ "In-Reply-To: <confirm-" TOKEN "@lists.example.org>\nTo: " LIST "\n\n", NULL, FALSE },
		{ "", NULL, FALSE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		gboolean automatic = FALSE;
		g_autofree char *token = find (cases[i].mail, cases[i].envelope_to, &automatic);
		if (g_strcmp0 (token, cases[i].found ? TOKEN : NULL) != 0)
			fail_msg ("case %u: %s", i, token != NULL ? token : "none");
		assert_false (automatic);
	}
}

static void
test_nx_confirmation_find_token__automatic_answers (void **state)
{
	static const struct {
		const char *field;
		gboolean automatic;
	} cases[] = {
		{ "Auto-Submitted: auto-replied", TRUE },
		{ "Auto-Submitted: auto-generated (vacation)", TRUE },
		{ "AUTO-SUBMITTED: Auto-Replied", TRUE },
		{ "Precedence: bulk", TRUE },
		{ "Precedence: Junk", TRUE },
		{ "Precedence: auto_reply", TRUE },
		{ "Return-Path: <>", TRUE },
		{ "Auto-Submitted: no", FALSE },
		{ "Auto-Submitted: No", FALSE },
		{ "Precedence: first-class", FALSE },
		{ "Return-Path: <ann@example.org>", FALSE },
		{ "X-Mailer: none", FALSE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases) * 2; i++) {
		const char *eol = i % 2 == 0 ? "\n" : "\r\n";
		gboolean automatic = !cases[i / 2].automatic;
		g_autofree char *mail =
			g_strconcat (cases[i / 2].field, eol, "To: ", ANSWERS, eol, eol, "Yes.", eol, NULL);
		g_autofree char *token = find (mail, NULL, &automatic);
		assert_non_null (token);
		if (automatic != cases[i / 2].automatic)
			fail_msg ("“%s”: %d", cases[i / 2].field, automatic);
	}
}

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nx_confirmation_make_token__digits_of_the_alphabet),
		cmocka_unit_test (test_nx_confirmation_make_token__first_and_last),
		cmocka_unit_test (test_nx_confirmation_make_address__forms),
		cmocka_unit_test (test_nx_confirmation_make_address__impossible),
		cmocka_unit_test (test_nx_confirmation_parse_token__table),
		cmocka_unit_test (test_nx_confirmation_find_token__carriers),
		cmocka_unit_test (test_nx_confirmation_find_token__automatic_answers),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
