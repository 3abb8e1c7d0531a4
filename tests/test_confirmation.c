/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_confirmation.c: the mail that asks a new address, and its token on the way back (nixie/confirmation.h).
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
		g_autofree char *back = nx_confirmation_parse_token (token);
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
		const char *want;
	} cases[] = {
		{ LIST, NULL, ANSWERS },
		{ LIST, "answers+{token}@bounces.example.net", "answers+confirm-" TOKEN "@bounces.example.net" },
		/* 64 octets before the @, the most that there may be. */
		{ "a2345678901234567890123@lists.example.org", NULL,
		  "a2345678901234567890123-bounces+confirm-" TOKEN "@lists.example.org" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *address =
			nx_confirmation_make_address (cases[i].list, cases[i].pattern, TOKEN, &error);
		if (g_strcmp0 (address, cases[i].want) != 0)
			fail_msg ("%s: %s, not %s", cases[i].list, address != NULL ? address : error->message,
				  cases[i].want);
		g_autofree char *back = nx_confirmation_parse_token (address);
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
		g_autofree char *address =
			nx_confirmation_make_address (cases[i].list, cases[i].pattern, TOKEN, &error);
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
	} cases[] = {
		{ TOKEN, TRUE },
		{ "  " TOKEN "\r\n", TRUE },
		{ "0EZYX1N5CXQY47A2XNZ3KB6T", TRUE },
		{ ANSWERS, TRUE },
		{ "<" ANSWERS ">", TRUE },
		{ "NEWS-BOUNCES+CONFIRM-0EZYX1N5CXQY47A2XNZ3KB6T@LISTS.EXAMPLE.ORG", TRUE },
		{ "Re: News: is this your address now? [confirm-" TOKEN "]", TRUE },
		{ "confirm-" TOKEN, TRUE },
		{ "confirm-nothing, then confirm-" TOKEN, TRUE },
		{ "confirm-confirm-" TOKEN, TRUE },
		{ "confirm-" TOKEN "-and-text", TRUE },
		{ "", FALSE },
		{ "confirm-", FALSE },
		{ "0ezyx1n5cxqy47a2xnz3kb6", FALSE },
		{ TOKEN "7", FALSE },
		{ "confirm-0ezyx1n5cxqy47a2xnz3kb6@lists.example.org", FALSE },
		{ "confirm-" TOKEN "7@lists.example.org", FALSE },
		{ "confirm-" TOKEN "u", FALSE },
		{ "iezyx1n5cxqy47a2xnz3kb6t", FALSE },
		{ "lezyx1n5cxqy47a2xnz3kb6t", FALSE },
		{ "oezyx1n5cxqy47a2xnz3kb6t", FALSE },
		{ "uezyx1n5cxqy47a2xnz3kb6t", FALSE },
		{ "confirm-0ezyx1n5cxqy47a2xnz3kb6u", FALSE },
		{ TOKEN " and text", FALSE },
		{ "text " TOKEN, FALSE },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *token = nx_confirmation_parse_token (cases[i].text);
		if (g_strcmp0 (token, cases[i].found ? TOKEN : NULL) != 0)
			fail_msg ("“%s”: %s", cases[i].text, token != NULL ? token : "none");
	}
}

/* ---- on the way back ---- */

static char *
find (const char *mail, const char *envelope_to, gboolean *automatic_out)
{
	NxRawMessage raw = { .file = "-", .data = mail, .length = strlen (mail) };
	return nx_confirmation_find_token (&raw, envelope_to, automatic_out);
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

/* ---- the mail ---- */

static char *
format (const char *list, const char *old_address, const char *new_address)
{
	const NxConfirmation confirmation = {
		.list = list,
		.list_address = LIST,
		.old_address = old_address,
		.new_address = new_address,
		.reply_address = ANSWERS,
		.token = TOKEN,
		.now = 1795392000, /* 2026-11-23T00:00:00Z */
		.token_days = 7,
	};
	return nx_confirmation_format (&confirmation);
}

/* Unfolded (RFC 5322 2.2.3). Returns: (transfer full): NULL when the mail has no such field, or several. */
static char *
get_field (const char *mail, const char *name)
{
	g_autofree char *head = g_strndup (mail, (gsize)(strstr (mail, "\n\n") - mail));
	g_autofree char *tabless = g_strdelimit (g_strdup (head), "\t", ' ');
	g_auto (GStrv) parts = g_strsplit (tabless, "\n ", -1);
	g_autofree char *unfolded = g_strjoinv (" ", parts);
	g_auto (GStrv) lines = g_strsplit (unfolded, "\n", -1);
	g_autofree char *start = g_strconcat (name, ": ", NULL);
	char *found = NULL;
	for (guint i = 0; lines[i] != NULL; i++) {
		if (!g_str_has_prefix (lines[i], start))
			continue;
		if (found != NULL) {
			g_free (found);
			return NULL;
		}
		found = g_strdup (lines[i] + strlen (start));
	}
	return found;
}

static guint
count_fields (const char *mail)
{
	g_autofree char *head = g_strndup (mail, (gsize)(strstr (mail, "\n\n") - mail));
	g_auto (GStrv) lines = g_strsplit (head, "\n", -1);
	guint count = 0;
	for (guint i = 0; lines[i] != NULL; i++)
		count += lines[i][0] != ' ' && lines[i][0] != '\t' ? 1 : 0;
	return count;
}

static void
check_clean (const char *mail)
{
	for (const char *p = mail; *p != '\0'; p++)
		if ((guchar)*p < ' ' && *p != '\n' && !(*p == '\t' && p > mail && p[-1] == '\n'))
			fail_msg ("control character %d in:\n%s", *p, mail);
	assert_null (strstr (mail, "\x7f"));
	for (const char *p = strstr (mail, "\n\n"); p > mail; p--)
		assert_true ((guchar)*p < 0x80);
}

static void
test_nx_confirmation_format__fields (void **state)
{
	g_autofree char *mail = format ("News", "ann@old.example", "ann@new.example");
	g_autofree char *from = get_field (mail, "From");
	g_autofree char *to = get_field (mail, "To");
	g_autofree char *subject = get_field (mail, "Subject");
	g_autofree char *automatic = get_field (mail, "Auto-Submitted");
	g_autofree char *message_id = get_field (mail, "Message-Id");
	(void)state;
	assert_non_null (strstr (from, ANSWERS));
	assert_non_null (strstr (to, "ann@new.example"));
	assert_null (strstr (to, "old.example"));
	assert_non_null (strstr (subject, "[confirm-" TOKEN "]"));
	assert_string_equal (automatic, "auto-generated");
	assert_null (strstr (message_id, TOKEN));
	assert_non_null (strstr (strstr (mail, "\n\n"), "ann@old.example"));
	assert_non_null (strstr (strstr (mail, "\n\n"), "within 7 days"));
	check_clean (mail);
}

/* What a program answers to it by itself does not confirm, and what comes back with its headers carries the token. */
static void
test_nx_confirmation_format__round_trip (void **state)
{
	gboolean automatic = FALSE;
	g_autofree char *mail = format ("News", "ann@old.example", "ann@new.example");
	g_autofree char *token = find (mail, NULL, &automatic);
	(void)state;
	assert_string_equal (token, TOKEN);
	assert_true (automatic);
}

/* Old and new address come out of mail that anybody may have written. */
static void
test_nx_confirmation_format__nothing_slips_into_the_headers (void **state)
{
	static const struct {
		const char *list;
		const char *old_address;
		const char *new_address;
	} cases[] = {
		{ "Nachrichten für Ännchen", "ännchen@bücher.example", "ann@new.example" },
		{ "News\nBcc: eve@example.net", "ann@old.example", "ann@new.example" },
		{ "News\r\n\r\nText", "ann@old.example", "ann@new.example" },
		{ "News", "ann\r\nBcc: eve@example.net@old.example", "ann@new.example" },
		{ "News", "ann@old.example", "ann@new.example\nBcc: eve@example.net" },
	};
	g_autofree char *plain = format ("News", "ann@old.example", "ann@new.example");
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *mail = format (cases[i].list, cases[i].old_address, cases[i].new_address);
		g_autofree char *bcc = get_field (mail, "Bcc");
		g_autofree char *automatic = get_field (mail, "Auto-Submitted");
		if (bcc != NULL || automatic == NULL)
			fail_msg ("case %u:\n%s", i, mail);
		check_clean (mail);
		/* A text beyond ASCII may need fields of its own; what stood in an address makes none. */
		if (g_str_is_ascii (cases[i].old_address) && g_str_is_ascii (cases[i].list))
			assert_int_equal (count_fields (mail), count_fields (plain));
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
		cmocka_unit_test (test_nx_confirmation_format__fields),
		cmocka_unit_test (test_nx_confirmation_format__round_trip),
		cmocka_unit_test (test_nx_confirmation_format__nothing_slips_into_the_headers),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
