/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_message.c: header fields, parts, decoded texts, fingerprints, HTML, and mails that are made to harm.
 */
#include "base/limits.h"
#include "core-helpers.h"
#include "mime/html.h"
#include "mime/part.h"
#include "mime/prescan.h"

/* ---- headers ---- */

static void
test_headers_parse__unfolds (void **state)
{
	(void)state;
	const char *end = NULL;
	const char *text = "A: one\r\n two\r\n\tthree\r\nb : x\nJunk line\nC:\n  \nD: behind\n";
	g_autoptr (NxHeaders) headers = nx_headers_parse (text, FALSE, &end);
	assert_int_equal (nx_headers_get_count (headers), 3);
	assert_string_equal (nx_headers_get (headers, "a"), "one two three");
	assert_string_equal (nx_headers_get (headers, "B"), "x");
	assert_string_equal (nx_headers_get (headers, "c"), "");
	assert_null (nx_headers_get (headers, "D"));
	assert_string_equal (end, "D: behind\n");
	assert_null (nx_headers_get_at (headers, 3));
}

static void
test_headers_parse__takes_unfolded_lines_when_lenient (void **state)
{
	(void)state;
	g_autoptr (NxHeaders) headers = nx_headers_parse ("Diagnostic-Code: 551-a\n551 b\nStatus: 5.1.6\n", TRUE, NULL);
	assert_string_equal (nx_headers_get (headers, "Diagnostic-Code"), "551-a 551 b");
	assert_string_equal (nx_headers_get (headers, "Status"), "5.1.6");
}

static void
test_headers_parse__caps_count_and_length (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("Long: ");
	append_repeated (text, "x", 3 * NX_LIMIT_HEADER_BYTES);
	append_repeated (text, "\n y", 1000);
	append_repeated (text, "\nA: b", 2 * NX_LIMIT_HEADERS);
	g_autoptr (NxHeaders) headers = nx_headers_parse (text->str, TRUE, NULL);
	assert_int_equal (nx_headers_get_count (headers), NX_LIMIT_HEADERS);
	assert_in_range (strlen (nx_headers_get (headers, "Long")), NX_LIMIT_HEADER_BYTES - 1,
			 NX_LIMIT_HEADER_BYTES + 1);
}

static void
test_headers_decode__takes_words_and_raw_octets (void **state)
{
	(void)state;
	static const struct {
		const char *value;
		const char *want;
	} rows[] = {
		{ "plain", "plain" },
		{ "=?utf-8?q?j=C3=BCtta?=", "j\303\274tta" },
		{ "=?iso-8859-1?B?/A==?= =?iso-8859-1?Q?_b?=", "\303\274 b" },
		{ "j\374tta", "j\303\274tta" },
		{ "=?no-such-charset?q?a=40b?=", "a@b" },
		{ "=?utf-8?q?unfinished", "=?utf-8?q?unfinished" },
		{ "=?utf-8?q?a=0Ab=00c=1B?=", "a b?c" },
		{ "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *value = copy_exact (rows[i].value, strlen (rows[i].value) + 1);
		g_autofree char *got = nx_headers_decode (value);
		if (strcmp (got, rows[i].want) != 0)
			fail_msg ("\"%s\": wanted \"%s\", got \"%s\"", value, rows[i].want, got);
	}
}

static void
test_headers_parse_date__reads_dates_and_nothing_else (void **state)
{
	(void)state;
	assert_int_equal (nx_headers_parse_date ("Mon, 23 Nov 2026 14:05:00 +0100"), 1795439100);
	assert_int_equal (nx_headers_parse_date ("23 Nov 2026 13:05 GMT (comment)"), 1795439100);
	static const char *const none[] = { "", "yesterday", "-1", "Mon, 99 Foo 20x6", "31 Dec 1969 10:00:00 +0000" };
	for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
		assert_int_equal (nx_headers_parse_date (none[i]), 0);
	assert_int_equal (nx_headers_parse_date (NULL), 0);
}

/* ---- messages ---- */

static void
test_get_header__is_decoded_and_first (void **state)
{
	(void)state;
	g_autoptr (NxMessage) message =
		make_message ("Subject: =?utf-8?q?=C3=BCber?=\n all\nSubject: second\n\nSubject: in the body\n");
	assert_string_equal (nx_message_get_header (message, "subject"), "\303\274ber all");
	assert_string_equal (nx_message_get_header (message, "X-None"), "");
	assert_string_equal (nx_message_get_defects (message), "");
}

static void
test_get_header__never_comes_from_the_body (void **state)
{
	(void)state;
	static const char *const texts[] = {
		"no header\nat all\n\nSubject: fake\n\n",
		"\n\n\n",
		"-- \n\nSubject: fake\n",
		"word\n\nSubject: fake\n\n",
		"",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
		g_autoptr (NxMessage) message = make_message (texts[i]);
		assert_string_equal (nx_message_get_header (message, "Subject"), "");
	}
}

static void
test_get_date__falls_back_to_received (void **state)
{
	(void)state;
	g_autoptr (NxMessage) message = make_message ("Received: from a by b;\n Mon, 23 Nov 2026 13:05:00 +0000\n"
						      "Received: x; Mon, 23 Nov 2020 13:05:00 +0000\nDate: soon\n\n");
	assert_int_equal (nx_message_get_date (message), 1795439100);
	g_autoptr (NxMessage) none = make_message ("Received: nowhere\n\n");
	assert_int_equal (nx_message_get_date (none), 0);
}

#define MIXED                                                                                                      \
	"From: a@b.example\nContent-Type: multipart/mixed; boundary=\"b\"\n\nprologue\n--b\n\nfirst\n--b\n"        \
	"Content-Type: TEXT/HTML; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>zw=F6lf\n" \
	"--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: text/plain\n\nenclosed\n--b--\nepilogue\n"

static void
check_mixed (const NxMessage *message)
{
	static const struct {
		const char *type;
		guint parent;
		gboolean enclosed;
	} want[] = { { "multipart/mixed", NX_PART_NONE, FALSE },
		     { "text/plain", 0, FALSE },
		     { "text/html", 0, FALSE },
		     { "message/rfc822", 0, FALSE },
		     { "text/plain", 3, TRUE } };
	assert_int_equal (nx_message_get_part_count (message), G_N_ELEMENTS (want));
	for (guint i = 0; i < G_N_ELEMENTS (want); i++) {
		const NxPart *part = nx_message_get_part (message, i);
		assert_string_equal (part->type, want[i].type);
		assert_int_equal (part->parent, want[i].parent);
		assert_int_equal (part->enclosed, want[i].enclosed);
	}
	g_autofree char *first = nx_message_dup_part_text (message, 1);
	g_autofree char *second = nx_message_dup_part_text (message, 2);
	assert_string_equal (g_strstrip (first), "first");
	assert_string_equal (g_strstrip (second), "zw\303\266lf");
	g_autoptr (NxHeaders) inner = nx_message_read_part_headers (message, 3);
	assert_string_equal (nx_headers_get (inner, "Subject"), "inner");
	assert_null (nx_message_read_part_headers (message, 1));
	assert_int_equal (nx_message_find_part (message, "text/plain"), 1);
	assert_null (nx_message_get_part (message, 5));
	g_autofree char *none = nx_message_dup_part_text (message, 99);
	assert_string_equal (none, "");
	assert_string_equal (nx_message_get_part_parameter (message, 2, "charset"), "iso-8859-1");
}

/* The same mail with other line ends is the same mail. */
static void
test_new__takes_any_line_end (void **state)
{
	(void)state;
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	g_autofree char *fingerprint = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
		g_auto (GStrv) lines = g_strsplit (MIXED, "\n", -1);
		g_autofree char *text = g_strjoinv (ends[i], lines);
		g_autoptr (NxMessage) message = make_message (text);
		check_mixed (message);
		if (fingerprint == NULL)
			fingerprint = g_strdup (nx_message_get_fingerprint (message));
		assert_string_equal (nx_message_get_fingerprint (message), fingerprint);
	}
}

/* What half a line said of the mail's parts is left out with it. */
static void
test_new__forgets_a_type_that_was_cut (void **state)
{
	(void)state;
	static const struct {
		const char *head;
		const char *type;
	} rows[] = {
		{ "Subject: x\nContent-Type: multipart/report; boundary=b", "text/plain" },
		{ "Content-Type: multipart/report;\n report-type=delivery-status;\n boundary=b", "multipart/report" },
		{ "Subject: x\nContent-Type: message/rfc822", "text/plain" },
		{ "Content-Type: multipart/digest; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c",
		  "multipart/digest" },
		{ "Content-Type: multipart/digest; boundary=b\n\n--b\nX: y\nContent-Type: multipart/mixed; boundary=c",
		  "message/rfc822" },
		{ "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
		  "text/html\n\nwhole\n--b\nContent-Type: te",
		  "text/html" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *exact = copy_exact (rows[i].head, strlen (rows[i].head));
		g_autoptr (NxMessage) message = nx_message_new (exact, strlen (rows[i].head));
		guint last = nx_message_get_part_count (message) - 1;
		assert_string_equal (nx_message_get_part (message, last)->type, rows[i].type);
		assert_string_equal (nx_message_get_defects (message), "cut");
	}
}

/* A part that a boundary closed has come whole, though its last line end belongs to the boundary. */
static void
test_dup_part_text__keeps_the_last_line_of_a_closed_part (void **state)
{
	(void)state;
	static const char head[] =
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\nlast\n--b\nContent-Type: te";
	g_autofree char *exact = copy_exact (head, strlen (head));
	g_autoptr (NxMessage) message = nx_message_new (exact, strlen (head));
	g_autofree char *text = nx_message_dup_part_text (message, 1);
	assert_int_equal (nx_message_get_part_count (message), 2);
	assert_string_equal (text, "first\nlast");
}

static void
test_get_fingerprint__ignores_the_route_and_sees_the_mail (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		gboolean same;
	} rows[] = {
		{ "Received: x\nMessage-ID: <1@a>\nSubject: s\n\nbody\nFrom here\n", TRUE },
		{ "Message-ID:\n <1@a>\nX-Spam: no\nSubject: s\n\nbody  \n>From here\n\n\n", TRUE },
		{ "Message-ID: <1@a>\nSubject: s\n\nbody\n>>From here\n", TRUE },
		{ "Message-ID: <2@a>\nSubject: s\n\nbody\nFrom here\n", FALSE },
		{ "Message-ID: <1@a>\nSubject: t\n\nbody\nFrom here\n", FALSE },
		{ "Message-ID: <1@a>\nSubject: s\n\nbody\nFrom there\n", FALSE },
		{ "Message-ID: <1@a>\nSubject: s\n\nbody\n> From here\n", FALSE },
	};
	g_autoptr (NxMessage) first = make_message ("Message-ID: <1@a>\nSubject: s\n\nbody\nFrom here\n");
	assert_int_equal (strlen (nx_message_get_fingerprint (first)), 32);
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxMessage) message = make_message (rows[i].text);
		gboolean same = strcmp (nx_message_get_fingerprint (message), nx_message_get_fingerprint (first)) == 0;
		if (same != rows[i].same)
			fail_msg ("row %u", (guint)i);
	}
}

static void
test_dup_part_text__decodes (void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		const char *body;
		const char *want;
	} rows[] = {
		{ "Content-Transfer-Encoding: base64\n", "YQ0KYg==\n", "a\nb" },
		{ "Content-Transfer-Encoding: BASE64\n", "Y Q\n=\n=\n", "a" },
		{ "Content-Transfer-Encoding: quoted-printable\n", "a=\nb=3D=ZZ\n", "ab==ZZ\n" },
		{ "Content-Transfer-Encoding: x-uuencode\n", "begin 644 x\n#86)C\n`\nend\n", "abc" },
		{ "Content-Transfer-Encoding: no-such\n", "a\n", "a\n" },
		{ "Content-Type: text/plain; charset=no-such\n", "a@b.example \374\n", "a@b.example \303\274\n" },
		{ "Content-Type: text/plain; charset=\"\"\n", "a\n", "a\n" },
		{ "Content-Type: text/plain; charset=iso-8859-1\n", "", "" },
		{ "Content-Type: nonsense\n", "a\n", "a\n" },
		{ "Content-Type: text/plain; charset=iso-2022-jp\n", "\033$B%f\033(B\n", "\343\203\246\n" },
		{ "Content-Type: text/html\n", "<p>a&lt;b@c.example&gt;", "\na<b@c.example> " },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat (rows[i].headers, "X: y\n\n", rows[i].body, NULL);
		g_autoptr (NxMessage) message = make_message (text);
		g_autofree char *got = nx_message_dup_part_text (message, 0);
		if (strcmp (got, rows[i].want) != 0)
			fail_msg ("row %u: wanted \"%s\", got \"%s\"", (guint)i, rows[i].want, got);
	}
}

static void
test_dup_part_text__cuts_at_a_character (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("X: y\n\n.");
	append_repeated (text, "\303\274", NX_LIMIT_TEXT_BYTES);
	g_autoptr (NxMessage) message = make_message (text->str);
	g_autofree char *got = nx_message_dup_part_text (message, 0);
	assert_in_range (strlen (got), NX_LIMIT_TEXT_BYTES - 8, NX_LIMIT_TEXT_BYTES);
	assert_memory_equal (got, ".\303\274\303\274", 5);
}

static void
test_read_part_headers__decodes_an_encoded_message (void **state)
{
	(void)state;
	static const char *const types[] = { "message/rfc822", "message/global", "text/rfc822-headers",
					     "message/global-headers" };
	for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
		g_autofree char *text =
			g_strconcat ("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: ", types[i],
				     "\nContent-Transfer-Encoding: base64\n\n"
				     "U3ViamVjdDogaW5uZXIKCmJvZHkK\n--b--\n",
				     NULL);
		g_autoptr (NxMessage) message = make_message (text);
		g_autoptr (NxHeaders) headers = nx_message_read_part_headers (message, 1);
		assert_non_null (headers);
		const char *subject = nx_headers_get (headers, "Subject");
		assert_non_null (subject);
		assert_string_equal (subject, "inner");
	}
}

static void
test_new__takes_nul_bytes (void **state)
{
	(void)state;
	static const char bytes[] = "Subject: a\0b\n\nc\0d\n";
	g_autofree char *exact = copy_exact (bytes, sizeof bytes - 1);
	g_autoptr (NxMessage) message = nx_message_new (exact, sizeof bytes - 1);
	assert_string_equal (nx_message_get_header (message, "Subject"), "a b");
	g_autofree char *text = nx_message_dup_part_text (message, 0);
	assert_string_equal (text, "c d\n");
	g_autoptr (NxMessage) empty = nx_message_new (NULL, 0);
	assert_string_equal (nx_message_get_header (empty, "Subject"), "");
}

/* ---- HTML ---- */

static void
test_html_to_text__keeps_the_words (void **state)
{
	(void)state;
	static const struct {
		const char *html;
		const char *want;
	} rows[] = {
		{ "a<br>b<b>c</b>d", "a\nbcd" },
		{ "<style>p{}</style>a<script>if (1<2) x</script>b", "ab" },
		{ "<!-- a@b.example -->c", "c" },
		{ "<!-- never closed", "<!-- never closed" },
		{ "<user@b.example> is gone", "<user@b.example> is gone" },
		{ "&lt;u&#64;b&gt; &amp;&nbsp;&auml;&#xe4;&#X0;&nope;&", "<u@b> & \303\244\303\244 &nope;&" },
		{ "1 < 2 and <b", "1 < 2 and <b" },
		{ "<", "<" },
		{ "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *html = copy_exact (rows[i].html, strlen (rows[i].html) + 1);
		g_autofree char *got = nx_html_to_text (html);
		if (strcmp (g_strstrip (got), rows[i].want) != 0)
			fail_msg ("row %u: wanted \"%s\", got \"%s\"", (guint)i, rows[i].want, got);
	}
}

static void
test_html_to_text__is_linear (void **state)
{
	(void)state;
	static const char *const bits[] = { "<a",      "<",  "&",   "<!", "<!--", "<style",
					    "<style>", "</", "<a@", "&#", "<b <", "&lt" };
	static const char *const tails[] = { "@>", ">", "", ";", " " };
	for (gsize b = 0; b < G_N_ELEMENTS (bits); b++)
		for (gsize t = 0; t < G_N_ELEMENTS (tails); t++) {
			g_autoptr (GString) html = g_string_new (NULL);
			append_repeated (html, bits[b], 200000);
			g_string_append (html, tails[t]);
			gint64 since = g_get_monotonic_time ();
			g_autofree char *text = nx_html_to_text (html->str);
			assert_non_null (text);
			if (g_get_monotonic_time () - since > G_USEC_PER_SEC)
				fail_msg ("\"%s\" many times, then \"%s\": too slow", bits[b], tails[t]);
		}
}

/* GMime wants to be told that it is used; reading a message does. */
static int
setup (void **state)
{
	(void)state;
	nx_message_free (nx_message_new ("\n", 1));
	return 0;
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_headers_parse__unfolds),
		cmocka_unit_test (test_headers_parse__takes_unfolded_lines_when_lenient),
		cmocka_unit_test (test_headers_parse__caps_count_and_length),
		cmocka_unit_test (test_headers_decode__takes_words_and_raw_octets),
		cmocka_unit_test (test_headers_parse_date__reads_dates_and_nothing_else),
		cmocka_unit_test (test_get_header__is_decoded_and_first),
		cmocka_unit_test (test_get_header__never_comes_from_the_body),
		cmocka_unit_test (test_get_date__falls_back_to_received),
		cmocka_unit_test (test_new__takes_any_line_end),
		cmocka_unit_test (test_new__takes_nul_bytes),
		cmocka_unit_test (test_new__forgets_a_type_that_was_cut),
		cmocka_unit_test (test_dup_part_text__keeps_the_last_line_of_a_closed_part),
		cmocka_unit_test (test_get_fingerprint__ignores_the_route_and_sees_the_mail),
		cmocka_unit_test (test_dup_part_text__decodes),
		cmocka_unit_test (test_dup_part_text__cuts_at_a_character),
		cmocka_unit_test (test_read_part_headers__decodes_an_encoded_message),
		cmocka_unit_test (test_html_to_text__keeps_the_words),
		cmocka_unit_test (test_html_to_text__is_linear),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, setup, NULL);
}
