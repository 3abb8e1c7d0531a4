/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_hostile.c: mails that are made to harm: each must be read in time, under the caps, with its defect told. All of
 * them go the whole way from bytes to events.
 */
#include "base/limits.h"
#include "core-helpers.h"
#include "mime/part.h"
#include "mime/prescan.h"

static NxPipeline *pipeline;

static int
setup (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	pipeline = nx_pipeline_new (rules, NULL);
	return pipeline != NULL ? 0 : -1;
}

static int
teardown (void **state)
{
	(void)state;
	nx_pipeline_free (pipeline);
	return 0;
}

static GPtrArray *
read_quickly (const GString *text)
{
	g_autofree char *exact = copy_exact (text->str, text->len);
	NxRawMessage raw = { .file = "-", .data = exact, .length = text->len, .envelope_sender = "" };
	gint64 since = g_get_monotonic_time ();
	GPtrArray *events = nx_pipeline_read (pipeline, &raw, NULL);
	assert_quick (since);
	assert_true (events->len > 0);
	return events;
}

/* Reads a mail, wants it to be nobody's bounce, and its defect. */
static void
check_harmless (const GString *text, const char *defect)
{
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 1);
	assert_int_equal (((const NxEvent *)g_ptr_array_index (events, 0))->kind, NX_KIND_NONE);
	g_autofree char *exact = copy_exact (text->str, text->len);
	g_autoptr (NxMessage) message = nx_message_new (exact, text->len);
	assert_has (nx_message_get_defects (message), defect);
}

static void
test_nesting__multiparts (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("From: a@b.example\n");
	for (guint i = 0; i < 20000; i++)
		g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	check_harmless (text, "too-deep");
}

static void
test_nesting__messages_of_every_name (void **state)
{
	(void)state;
	static const char *const types[] = { "message/rfc822", "message/global", "message/rfc2822",
					     "message/news",   "MESSAGE/RFC822", "message/partial" };
	static const char *const encodings[] = { "", "Content-Transfer-Encoding: base64\n",
						 "Content-Transfer-Encoding: quoted-printable\n",
						 "Content-Transfer-Encoding: (x) base64\n",
						 "Content-Transfer-Encoding: x-uuencode\n" };
	for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
		for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++) {
			g_autoptr (GString) text = g_string_new ("From: a@b.example\n");
			for (guint i = 0; i < 5000; i++)
				g_string_append_printf (text, "%sContent-Type: %s\n\n", encodings[e], types[t]);
			g_autoptr (GPtrArray) events = read_quickly (text);
			assert_int_equal (events->len, 1);
			g_autoptr (NxMessage) message = make_message (text->str);
			if (nx_message_get_part_count (message) > NX_LIMIT_MIME_DEPTH + 2)
				fail_msg ("%s, \"%s\": %u parts", types[t], encodings[e],
					  nx_message_get_part_count (message));
		}
}

static void
test_parts__two_hundred_thousand (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("Content-Type: multipart/mixed; boundary=b\n\n");
	append_repeated (text, "--b\n\nx\n", 200000);
	check_harmless (text, "too-many-parts");
}

/* Each part's Content-Type is as long and as full as it may be. */
static void
test_parts__full_of_parameters (void **state)
{
	(void)state;
	g_autoptr (GString) type = g_string_new ("--b\nContent-Type: text/plain");
	for (guint i = 0; type->len < NX_LIMIT_HEADER_BYTES - 40; i++)
		g_string_append_printf (type, "; a*%u*=''%%41", i);
	g_autoptr (GString) text = g_string_new ("Content-Type: multipart/mixed; boundary=b\n\n");
	for (guint i = 0; i < 200; i++)
		g_string_append_printf (text, "%s\n\nx\n", type->str);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 1);
}

static void
test_headers__a_million (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("From: a@b.example\n");
	append_repeated (text, "X-A: b\n", 1000000);
	check_harmless (text, "too-many-headers");
}

static void
test_headers__fifty_megabytes_of_subject (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("Subject: ");
	append_repeated (text, "0123456789 =?utf-8?q?a?= <a@b.example> \303\274   ", (50u << 20) / 46);
	g_string_append (text, "\n\nbody\n");
	check_harmless (text, "long-header");
}

static void
test_headers__folded_without_end (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("To: a@b.example,\n");
	append_repeated (text, " c@d.example,\n", 200000);
	check_harmless (text, "long-header");
}

static void
test_headers__nested_address_groups (void **state)
{
	(void)state;
	static const char *const names[] = { "To", "From", "cc", "Reply-To", "Resent-Sender", "Sender" };
	for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
		g_autoptr (GString) text = g_string_new (names[i]);
		g_string_append (text, ": ");
		append_repeated (text, "a:", 1000000);
		g_string_append (text, "\n\nbody\n");
		g_autoptr (GPtrArray) events = read_quickly (text);
		assert_int_equal (events->len, 1);
		g_autoptr (GString) folded = g_string_new (names[i]);
		g_string_append (folded, ": ");
		append_repeated (folded, "a:\n ", 7000);
		g_string_append (folded, "\n\nbody\n");
		check_harmless (folded, "address-groups");
	}
}

static void
test_headers__comments_and_quotes_without_end (void **state)
{
	(void)state;
	static const char *const bits[] = { "(", "\"", "<", "[", "\\", "@", ",", ";", "=?utf-8?b?", "a@[", "((x)" };
	static const char *const names[] = {
		"To: ",         "From: ",     "Content-Type: ",        "Date: ",
		"Message-ID: ", "Received: ", "Content-Disposition: ", "Content-Type: multipart/mixed; boundary="
	};
	for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
		for (gsize b = 0; b < G_N_ELEMENTS (bits); b++) {
			g_autoptr (GString) text = g_string_new (names[n]);
			append_repeated (text, bits[b], 16000 / strlen (bits[b]));
			g_string_append (text, "\n\nbody\n");
			g_autoptr (GPtrArray) events = read_quickly (text);
			assert_int_equal (events->len, 1);
		}
}

static void
test_boundary__huge (void **state)
{
	(void)state;
	g_autoptr (GString) boundary = g_string_new (NULL);
	append_repeated (boundary, "-", 15000);
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint i = 0; i < 30; i++)
		g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=\"%s%u\"\n\n--%s%u\n",
					boundary->str, i, boundary->str, i);
	for (guint i = 0; i < 500; i++)
		g_string_append_printf (text, "--%s\n", boundary->str);
	append_repeated (text, "--\n---\n------------------------\n", 20000);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 1);
}

static void
test_boundary__many_look_alikes (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint i = 0; i < 30; i++)
		g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	append_repeated (text, "\n--b\n--c0\n--b1x\n", 100000);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 1);
}

/* GMime compares each line that begins with "--" with every boundary around it. */
static void
test_boundary__dashes_under_many_levels (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint i = 0; i < 25; i++)
		g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append (text, "Content-Type: text/plain\n\n");
	append_repeated (text, "--\n", 3400000);
	check_harmless (text, "dashes");
}

/* Caps hold for all parts together, not only for each. */
static void
test_parts__full_of_headers_addresses_and_parameters (void **state)
{
	(void)state;
	static const struct {
		const char *before, *bit, *behind, *defect;
		guint count;
	} cases[] = {
		{ "", "a:b\n", "", "too-many-headers", 999 },
		{ "Content-Type: message/rfc822\n\nTo: ", "a@b,", "\n", "too-many-pieces", 4000 },
		{ "Content-Type: text/plain", ";a=b", "\n", "too-many-pieces", 4000 },
		{ "Content-Disposition: attachment", ";a*0=b", "\n", "too-many-pieces", 2600 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GString) text =
			g_string_new ("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n");
		for (guint part = 0; part < 999; part++) {
			g_string_append_printf (text, "--b\n%s", cases[i].before);
			append_repeated (text, cases[i].bit, cases[i].count);
			g_string_append_printf (text, "%s\nx\n", cases[i].behind);
		}
		check_harmless (text, cases[i].defect);
	}
}

/* What fills a message up to its cap: of the bodies little is kept. */
static void
test_body__of_sixty_megabytes (void **state)
{
	(void)state;
	static const struct {
		const char *type, *bit;
	} cases[] = {
		{ "", "\n" },
		{ "", "a" },
		{ "", "550 5.1.1 user unknown, a line of text\n" },
		{ "Content-Type: text/plain; charset=utf-8\n", "\xFF\xFE\xFA\xFF\xFE\xFA\xFF\xFE\xFA\xFF\xFE\n" },
		{ "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n", "QUJDREVGR0hJSktMTU5PUFFS" },
		{ "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n",
		  "QUJDREVGR0hJSktMTU5PUFFS" },
		{ "Content-Transfer-Encoding: quoted-printable\n", "=C3=A4=C3=A4=C3=A4=C3=A4=\n" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GString) text = g_string_new ("From: a@b.example\nMIME-Version: 1.0\n");
		g_string_append_printf (text, "%s\n", cases[i].type);
		append_repeated (text, cases[i].bit, (60u << 20) / strlen (cases[i].bit));
		check_harmless (text, "long-part");
		g_autoptr (NxPrescan) prescan = nx_prescan_new (text->str, text->len);
		assert_in_range (prescan->bytes->len, NX_LIMIT_PART_BYTES, NX_LIMIT_BODY_BYTES);
	}
	g_autoptr (GString) zeros = g_string_new ("From: a@b.example\n\n");
	g_string_set_size (zeros, 60u << 20);
	memset (zeros->str + 20, 0, zeros->len - 20);
	check_harmless (zeros, "long-part");
}

/* All parts together have their cap too, and the mail behind the long ones is read. */
static void
test_body__of_many_long_parts (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n");
	for (guint i = 0; i < 60; i++) {
		g_string_append (text, "--b\nContent-Type: text/plain\n\n");
		append_repeated (text, "a line of some text in here\n", 36000);
	}
	check_harmless (text, "long-part");
	g_autoptr (NxPrescan) prescan = nx_prescan_new (text->str, text->len);
	assert_in_range (prescan->bytes->len, NX_LIMIT_BODY_BYTES, NX_LIMIT_BODY_BYTES + 65536);
}

#define REPORT(type) \
	"From: mailer-daemon@a.example\nContent-Type: multipart/report; report-type=" type "; boundary=b\n\n"

/* Five thousand recipients, and a session of twenty thousand replies beside them. */
static void
test_report__recipients_times_session_lines (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (REPORT ("delivery-status") "--b\n\n");
	for (guint i = 0; i < 20000; i++)
		g_string_append_printf (text, "<<< 550 no %u\n", i);
	g_string_append (text, "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n");
	for (guint i = 0; i < NX_LIMIT_RECIPIENTS; i++)
		g_string_append_printf (text,
					"Final-Recipient: rfc822; u%u@b.example\nAction: failed\nStatus: 5.0.0\n"
					"Diagnostic-Code: smtp; 550 no thing of this kind is known here\n\n",
					i);
	g_string_append (text, "--b--\n");
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, NX_LIMIT_RECIPIENTS);
}

static void
test_report__a_hundred_thousand_recipients (void **state)
{
	(void)state;
	g_autoptr (GString) text =
		g_string_new (REPORT ("delivery-status") "--b\nContent-Type: message/delivery-status\n\n");
	for (guint i = 0; i < 100000; i++)
		g_string_append_printf (text, "Final-Recipient: x;u%u@b.example\n\n", i);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, NX_LIMIT_RECIPIENTS);
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_has (event->defects, "too-many-recipients");
}

/* Words beside recipients, one letter a line. */
static void
test_report__words_letter_by_letter (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (REPORT ("delivery-status") "--b\n\n");
	for (guint i = 0; i < 60; i++) {
		g_string_append_printf (text, "<u%u@b.example>:\n", i);
		append_repeated (text, "a\n", 1000);
		g_string_append (text, "\n");
	}
	g_string_append (text, "--b\nContent-Type: message/delivery-status\n\n");
	for (guint i = 0; i < 60; i++)
		g_string_append_printf (text, "Final-Recipient: rfc822;u%u@b.example\nAction: failed\n\n", i);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 60);
}

/* A diagnosis that holds as many phrases as fit, for many recipients. */
static void
test_report__diagnoses_full_of_phrases (void **state)
{
	(void)state;
	static const char *const phrases[] = { "user unknown ",      "mailbox full ",    "spam ",
					       "message too large ", "blocked using ",   "relaying denied ",
					       "access denied ",     "no such user ",    "over quota ",
					       "greylisted ",        "try again later ", "account disabled " };
	g_autoptr (GString) words = g_string_new ("550 5.7.1 ");
	while (words->len < NX_LIMIT_DIAGNOSTIC_BYTES)
		for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
			g_string_append (words, phrases[i]);
	g_autoptr (GString) text =
		g_string_new (REPORT ("delivery-status") "--b\nContent-Type: message/delivery-status\n\n");
	for (guint i = 0; i < 200; i++)
		g_string_append_printf (
			text, "Final-Recipient: x;u%u@b.example\nAction: failed\nDiagnostic-Code: smtp; %s\n\n", i,
			words->str);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 200);
}

static void
test_report__feedback_with_a_thousand_recipients (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (
		REPORT ("feedback-report") "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n");
	for (guint i = 0; i < 20000; i++)
		g_string_append_printf (text, "Original-Rcpt-To: u%u@b\303\274.example\n", i);
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_true (events->len <= NX_LIMIT_HEADERS);
}

static void
test_prose__much_of_anything (void **state)
{
	(void)state;
	static const char *const bits[] = { "a@b.example ",
					    "<a@b.example>: ",
					    "<",
					    "550 5.1.1 ",
					    "\n",
					    "> ",
					    "@",
					    "\"",
					    "(",
					    "host said: ",
					    "<a@b.example>:\n550 no\n\n",
					    "could not be delivered ",
					    "\303\274",
					    "user unknown\n",
					    "=?",
					    "&",
					    "\\303",
					    "mailto:",
					    "x@y.example, " };
	for (gsize b = 0; b < G_N_ELEMENTS (bits); b++) {
		g_autoptr (GString) text =
			g_string_new ("From: MAILER-DAEMON <>\nSubject: failure notice\nReturn-Path: <>\n"
				      "X-Failed-Recipients: c@d.example\n\n"
				      "This message was created automatically by mail delivery "
				      "software.\nHi. This is the qmail-send program at b.example.\n"
				      "I'm afraid I wasn't able to deliver your message\n"
				      "Your message could not be delivered:\n\n");
		append_repeated (text, bits[b], 60000 / strlen (bits[b]));
		g_autoptr (GPtrArray) events = read_quickly (text);
		assert_true (events->len > 0);
	}
}

/* What fills a mail in front of the machine-readable part does not hide it. */
static void
test_report__behind_a_long_text (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new (REPORT ("delivery-status") "--b\n\n");
	append_repeated (text, "a line of some text in here\n--c\n", 1500000);
	g_string_append (text, "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n"
			       "Final-Recipient: rfc822; u@b.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n");
	g_autoptr (GPtrArray) events = read_quickly (text);
	assert_int_equal (events->len, 1);
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_string_equal (event->recipient, "u@b.example");
	assert_has (event->defects, "long-part");
}

/* Any cut and any damage of a report: no crash, and never more recipients than it named. */
static void
test_report__damaged_anywhere (void **state)
{
	(void)state;
	static const char report[] = REPORT (
		"delivery-status") "--b\n\n<u@b.example>: 550 5.1.1 unknown\n\n--b\n"
				   "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n"
				   "Final-Recipient: rfc822; u@b.example\nAction: failed\nStatus: 5.1.1\n"
				   "Diagnostic-Code: smtp; 550 5.1.1 unknown\n\n--b\nContent-Type: message/rfc822\n\n"
				   "From: l@c.example\nTo: u@b.example\n\nx\n--b--\n";
	GRand *random = g_rand_new_with_seed (7);
	for (gsize i = 0; i < 1200; i++) {
		g_autoptr (GString) text = g_string_new_len (report, sizeof report - 1);
		if (i % 2 == 0)
			g_string_truncate (text, (i / 2) % text->len);
		for (guint n = 0; n < 3 && text->len > 0 && i % 3 != 0; n++)
			text->str[g_rand_int_range (random, 0, (gint32)text->len)] =
				(char)g_rand_int_range (random, 0, 256);
		g_autoptr (GPtrArray) events = read_quickly (text);
		assert_in_range (events->len, 1, 3);
	}
	g_rand_free (random);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nesting__multiparts),
		cmocka_unit_test (test_nesting__messages_of_every_name),
		cmocka_unit_test (test_parts__two_hundred_thousand),
		cmocka_unit_test (test_parts__full_of_parameters),
		cmocka_unit_test (test_headers__a_million),
		cmocka_unit_test (test_headers__fifty_megabytes_of_subject),
		cmocka_unit_test (test_headers__folded_without_end),
		cmocka_unit_test (test_headers__nested_address_groups),
		cmocka_unit_test (test_headers__comments_and_quotes_without_end),
		cmocka_unit_test (test_boundary__huge),
		cmocka_unit_test (test_boundary__many_look_alikes),
		cmocka_unit_test (test_boundary__dashes_under_many_levels),
		cmocka_unit_test (test_parts__full_of_headers_addresses_and_parameters),
		cmocka_unit_test (test_body__of_sixty_megabytes),
		cmocka_unit_test (test_body__of_many_long_parts),
		cmocka_unit_test (test_report__behind_a_long_text),
		cmocka_unit_test (test_report__recipients_times_session_lines),
		cmocka_unit_test (test_report__a_hundred_thousand_recipients),
		cmocka_unit_test (test_report__words_letter_by_letter),
		cmocka_unit_test (test_report__diagnoses_full_of_phrases),
		cmocka_unit_test (test_report__feedback_with_a_thousand_recipients),
		cmocka_unit_test (test_report__damaged_anywhere),
		cmocka_unit_test (test_prose__much_of_anything),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, setup, teardown);
}
