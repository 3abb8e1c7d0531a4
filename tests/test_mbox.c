/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_mbox.c: how nixie/source.h cuts a stream into messages: From_ lines, mbox dialects, line ends, caps; and that
 * what was written in any dialect is read back.
 */
#include "base/limits.h"
#include "source/source-private.h"
#include "source-reader.h"

/* From_ lines */

static void
test_from_line_parse__takes_the_shapes_of_the_wild (void **state)
{
	static const struct {
		const char *line, *sender;
		gint64 date;
	} cases[] = {
		{ "From a@b.org Mon Jan  2 10:00:00 2006", "a@b.org", 1136196000 },
		{ "From a@b.org  Mon Jan  2 10:00:00 2006", "a@b.org", 1136196000 },
		{ "From a@b.org Mon Jan 02 10:00:00 2006   ", "a@b.org", 1136196000 },
		{ "From a@b.org\tMon\tJan\t2\t10:00:00\t2006", "a@b.org", 1136196000 },
		{ "From MAILER-DAEMON Fri Jul 8 12:08:34 2011", "MAILER-DAEMON", 1310126914 },
		{ "From - Mon Jan  2 10:00:00 2006", "", 1136196000 },
		{ "From <>  Mon Jan  2 10:00:00 2006", "", 1136196000 },
		{ "From  Mon Jan  2 10:00:00 2006", "", 1136196000 },
		{ "From <a@b.org> Mon Jan  2 10:00:00 2006", "a@b.org", 1136196000 },
		{ "From a@b.org Mon Jan  2 10:00 2006", "a@b.org", 1136196000 },
		{ "From a@b.org Mon Jan  2 9:07:01 2006", "a@b.org", 1136192821 },
		{ "From a@b.org  Mon Jan  2 10:00:00 +0200 2006", "a@b.org", 1136188800 },
		{ "From a@b.org Mon Jan  2 10:00:00 2006 +0200", "a@b.org", 1136188800 },
		{ "From a@b.org Mon Jan  2 10:00:00 2006 -05:30", "a@b.org", 1136215800 },
		{ "From a@b.org Mon Jan  2 10:00:00 EST 2006", "a@b.org", 1136214000 },
		{ "From a@b.org Mon Jan  2 10:00:00 2006 CET", "a@b.org", 1136192400 },
		{ "From a@b.org Mon Jan  2 10:00:00 MET DST 2006", "a@b.org", 1136188800 },
		{ "From a@b.org Mon Jan  2 10:00:00 2006 +0100 (CET)", "a@b.org", 1136192400 },
		{ "From a@b.org Mon Jan  2 10:00:00 XYZ 2006", "a@b.org", 1136196000 },
		{ "From a@b.org Mon, 2 Jan 2006 10:00:00 +0000", "a@b.org", 1136196000 },
		{ "From MAILER-DAEMON Mon 1 Jan 2015 00:00:00 +0900", "MAILER-DAEMON", 1420038000 },
		{ "From a@b.org 2 Jan 2006 10:00:00 GMT", "a@b.org", 1136196000 },
		{ "From a@b.org Monday January 2 10:00:00 2006", "a@b.org", 1136196000 },
		{ "From a@b.org mon jan 2 10:00:00 2006", "a@b.org", 1136196000 },
		{ "From a@b.org Mon Jan  2 10:00:00 06", "a@b.org", 1136196000 },
		{ "From a@b.org Sat Jan  1 00:00:00 19100", "a@b.org", 946684800 },
		{ "From a@b.org Sat Jan  1 00:00:00 100", "a@b.org", 946684800 },
		{ "From () 2019-10-02 05:04:34 +0000", "", 1569992674 },
		{ "From a@b.org 2006-01-02T10:00:00Z", "a@b.org", 1136196000 },
		{ "From a@b.org 2006-01-02T10:00:00.250+02:00", "a@b.org", 1136188800 },
		{ "From a@b.org 2006/01/02 10:00", "a@b.org", 1136196000 },
		{ "From host!user Mon Jan  2 10:00:00 2006 remote from host", "host!user", 1136196000 },
		{ "From \"John Doe\"@b.org Mon Jan  2 10:00:00 2006", "\"John Doe\"@b.org", 1136196000 },
		{ "From Mail Delivery System Mon Jan  2 10:00:00 2006", "Mail Delivery System", 1136196000 },
		{ "From Mon Mon Jan  2 10:00:00 2006", "Mon", 1136196000 },
		{ "From a@b.org Thu Jan  1 00:00:00 1970", "a@b.org", 0 },
		{ "From a@b.org Thu Feb 29 23:59:60 2024", "a@b.org", 1709251200 },
		{ "From a@b.org Mon Dec  1 12:00:00 1969", "a@b.org", -2635200 },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxFromLine from;
		gsize length = strlen (cases[i].line);
		g_autofree char *exact = g_memdup2 (cases[i].line, length);
		if (!nx_from_line_parse (exact, length, &from))
			fail_msg ("not taken: %s", cases[i].line);
		g_autofree char *sender = g_strndup (from.sender, from.sender_length);
		assert_string_equal (sender, cases[i].sender);
		if (from.date != cases[i].date)
			fail_msg ("%s: got %" G_GINT64_FORMAT, cases[i].line, from.date);
	}
}

static void
test_from_line_parse__refuses_sentences (void **state)
{
	static const char *const cases[] = {
		"",
		"From",
		"From ",
		"From a@b.org",
		"from a@b.org Mon Jan  2 10:00:00 2006",
		"From: a@b.org Mon Jan  2 10:00:00 2006",
		">From a@b.org Mon Jan  2 10:00:00 2006",
		"From the beginning of the year 2006",
		"From Monday, Jan 2 at 10:00 2006",
		"From Mon Jan 2 2006 on",
		"From a@b.org Mon Jan  2 2006",
		"From a@b.org Mon Jan  2 10:00:00",
		"From a@b.org Mon 10:00:00 2006",
		"From a@b.org Mon Jan 10:00:00",
		"From a@b.org Mon Jan  2 10:00:00 2006 and so on",
		"From a@b.org Mon Jan  2 10:00:00 2006.",
		"From a@b.org Mon Jan  2 10:00:00 2006 2007",
		"From a@b.org Mon Mon Jan  2 Jan 10:00:00 2006",
		"From a@b.org Mon Jan  2 25:00:00 2006",
		"From a@b.org Mon Jan  2 10:60:00 2006",
		"From a@b.org Mon Jan  2 10:00:99 2006",
		"From a@b.org Mon Jan 32 10:00:00 2006",
		"From a@b.org Mon Jan  0 10:00:00 2006",
		"From a@b.org Mon Jan  2 10:00:00 123456",
		"From a@b.org Mon Jan  2 10:00:00 0006",
		"From a@b.org 2006-13-02 10:00:00",
		"From Jan 2 10:00:00 2006",
		"From ours to yours Jan 2 10:00:00 2006",
		"From one two three four five six seven Mon Jan  2 10:00:00 2006",
		"From a@b\001.org Mon Jan  2 10:00:00 2006",
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxFromLine from;
		gsize length = strlen (cases[i]);
		g_autofree char *exact = g_memdup2 (cases[i], length);
		if (nx_from_line_parse (exact, length, &from))
			fail_msg ("taken: %s", cases[i]);
	}
}

static void
test_from_line_parse__has_a_cap_on_length (void **state)
{
	static const char date[] = " Mon Jan  2 10:00:00 2006";
	(void)state;
	for (gsize surplus = 0; surplus <= 1; surplus++) {
		NxFromLine from;
		gsize length = NX_LIMIT_FROM_LINE_BYTES + surplus;
		g_autofree char *line = g_malloc (length);
		memset (line, 'a', length);
		memcpy (line, "From ", 5);
		memcpy (line + length - (sizeof date - 1), date, sizeof date - 1);
		assert_int_equal (nx_from_line_parse (line, length, &from), surplus == 0);
	}
}

/* One message or an mbox? */

static void
test_source_next__reads_a_single_message (void **state)
{
	const char *text = "Subject: x\n\n" F1 "body\n\n" F2 ">From here\n";
	assert_messages (state, text, text, NULL);
	assert_messages (state, "no header at all", "no header at all", NULL);
	assert_messages (state, "\n\nbody\n\n", "\n\nbody\n\n", NULL);
	assert_messages (state, "\n\r\n", "\n\r\n", NULL);
	assert_messages (state, "From the beginning\n\n" F1, "From the beginning\n\n" F1, NULL);
	assert_messages (state, "\xEF\xBB\xBFSubject: x\n", "\xEF\xBB\xBFSubject: x\n", NULL);
}

static void
test_source_next__tells_file_offset_sender_and_date (void **state)
{
	const char *text = "\n" F1 "Subject: x\n\nbody\n\nFrom <> Tue Jan  3 11:00:00 2006\nSubject: y\n";
	g_autofree char *path = write_bytes (state, "archive", text, strlen (text));
	g_autoptr (GPtrArray) mails = read_path (path);
	assert_int_equal (mails->len, 2);
	assert_string_equal (get_mail (mails, 0)->file, path);
	assert_int_equal (get_mail (mails, 0)->offset, 1);
	assert_string_equal (get_mail (mails, 0)->sender, "a@example.org");
	assert_int_equal (get_mail (mails, 0)->date, 1136196000);
	assert_int_equal (get_mail (mails, 1)->offset, strstr (text, "From <>") - text);
	assert_string_equal (get_mail (mails, 1)->sender, "");
	assert_int_equal (get_mail (mails, 1)->date, 1136286000);

	g_autoptr (GPtrArray) single = read_bytes (state, "Subject: x\n", 11);
	assert_int_equal (get_mail (single, 0)->offset, 0);
	assert_string_equal (get_mail (single, 0)->sender, "");
	assert_int_equal (get_mail (single, 0)->date, 0);
	assert_false (get_mail (single, 0)->truncated);
}

static void
test_source_next__makes_the_sender_utf8 (void **state)
{
	const char *text = "From b\xFC"
			   "b@example.org Mon Jan  2 10:00:00 2006\nx: y\n";
	g_autoptr (GPtrArray) mails = read_bytes (state, text, strlen (text));
	assert_string_equal (get_mail (mails, 0)->sender, "b\xEF\xBF\xBD"
							  "b@example.org");
}

static void
test_source_next__takes_a_from_line_off_one_message (void **state)
{
	assert_messages (state, F1 "Subject: x\n\nbody\n", "Subject: x\n\nbody\n", NULL);
	assert_messages (state, F1 "Subject: x\n\nbody\n\n", "Subject: x\n\nbody\n", NULL);
	assert_messages (state, F1 "Subject: x\n\nbody", "Subject: x\n\nbody", NULL);
}

static void
test_source_next__takes_empty_lines_and_a_mark_before_an_mbox (void **state)
{
	assert_messages (state, "\n\r\n\n" F1 "x: 1\n\n" F2 "x: 2\n", "x: 1\n", "x: 2\n", NULL);
	assert_messages (state, "\xEF\xBB\xBF" F1 "x: 1\n\n" F2 "x: 2\n", "x: 1\n", "x: 2\n", NULL);
}

static void
test_source_next__gives_nothing_for_an_empty_file (void **state)
{
	assert_messages (state, "", NULL);
}

/* Where an mbox splits */

static char *
write_sparse (void **state, const char *head, gsize hole, const char *tail)
{
	char *path = make_path (state, "sparse");
	int fd = g_open (path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	assert_true (fd >= 0);
	assert_int_equal (pwrite (fd, head, strlen (head), 0), strlen (head));
	assert_int_equal (ftruncate (fd, (off_t)(strlen (head) + hole)), 0);
	assert_int_equal (pwrite (fd, tail, strlen (tail), (off_t)(strlen (head) + hole)), strlen (tail));
	close (fd);
	return path;
}

static void
test_source_next__splits_after_an_empty_line_only (void **state)
{
	assert_messages (state, F1 "x: 1\n\na\n" F2 "b\n\n" F3 "x: 2\n", "x: 1\n\na\n" F2 "b\n", "x: 2\n", NULL);
	assert_messages (state, F1 "x: 1\n\na\n \n" F2 "b\n", "x: 1\n\na\n \n" F2 "b\n", NULL);
	assert_messages (state, F1 "x: 1\n\na\n\nsee " F2 "b\n", "x: 1\n\na\n\nsee " F2 "b\n", NULL);
}

/* Programs that leave the empty line out. */
static void
test_source_next__splits_without_an_empty_line_when_a_header_follows (void **state)
{
	assert_messages (state, F1 "x: 1\n\na\n" F2 "x: 2\n\nb\n" F3 "X-Y:\tz\n", "x: 1\n\na\n", "x: 2\n\nb\n",
			 "X-Y:\tz\n", NULL);
	assert_messages (state, F1 "x: 1\r\n\r\na\r\n" F2 "x: 2\r\n", "x: 1\r\n\r\na\r\n", "x: 2\r\n", NULL);
	/* the shape or the header is missing, or another word stands before it */
	static const char *const bodies[] = {
		"x: 1\n\na\nFrom a b Tue Jan  3 11:00:00 2006\nx: 2\n",
		"x: 1\n\na\nFrom a 3 Jan 2006 11:00\nx: 2\n",
		"x: 1\n\na\n" F2 "no header: x\n",
		"x: 1\n\na\n" F2 ": x\n",
		"x: 1\n\na\n" F2 "http://a\n",
		"x: 1\n\na\n" F2,
		"x: 1\n\na\n " F2 "x: 2\n",
	};
	for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
		g_autofree char *text = g_strconcat (F1, bodies[i], "\n", F3, "x: 3\n", NULL);
		assert_messages (state, text, bodies[i], "x: 3\n", NULL);
	}
}

static void
test_source_next__splits_mmdf (void **state)
{
#define M "\1\1\1\1\n"
	assert_messages (state, M "x: 1\n\na\n\n" F2 "b\n" M M F3 "x: 2\n" M M "x: 3\n\n \1\1\1\1\n\1\1\1\1x\n",
			 "x: 1\n\na\n\n" F2 "b\n", "x: 2\n", "x: 3\n\n \1\1\1\1\n\1\1\1\1x\n", NULL);
	assert_messages (state, "\1\1\1\1\r\nx: 1\r\n\1\1\1\1\r\n\1\1\1\1\r\nx: 2\r\n\1\1\1\1", "x: 1\r\n", "x: 2\r\n",
			 NULL);
	assert_messages (state, M M M, NULL);
	g_autofree char *path =
		write_sparse (state, M "x: 1\n\n", NX_LIMIT_MESSAGE_BYTES + 300000, "\n" M M "x: 2\n" M);
	g_autoptr (GPtrArray) mails = read_path (path);
	assert_int_equal (mails->len, 2);
	assert_true (get_mail (mails, 0)->truncated);
	assert_text (mails, 1, "x: 2\n");
#undef M
}

static void
test_source_next__splits_at_the_shape_only (void **state)
{
	const char *body = "x: 1\n\na\n\nFrom the beginning of the year 2006 on\n\nFrom now\n\nFrom \n\nFrom";
	g_autofree char *text = g_strconcat (F1, body, "\n\n", F2, "x: 2\n", NULL);
	g_autofree char *first = g_strconcat (body, "\n", NULL);
	assert_messages (state, text, first, "x: 2\n", NULL);
}

static void
test_source_next__takes_one_empty_line_off (void **state)
{
	assert_messages (state, F1 "x: 1\n\na\n\n\n\n" F2 "x: 2\n\nb\n\n\n", "x: 1\n\na\n\n\n", "x: 2\n\nb\n\n", NULL);
}

static void
test_source_next__hands_out_empty_messages (void **state)
{
	assert_messages (state, F1 F2 "x: 1\n", "", "x: 1\n", NULL);
	assert_messages (state, F1 "\n" F2 "\n\n" F3, "", "\n", "", NULL);
	assert_messages (state, F1, "", NULL);
	assert_messages (state, F1 "\n", "", NULL);
	assert_messages (state, "From a@example.org Mon Jan  2 10:00:00 2006", "", NULL);
}

static void
test_source_next__takes_a_last_from_line_without_line_end (void **state)
{
	assert_messages (state, F1 "x: 1\n\nFrom a@example.org Mon Jan  2 10:00:00 2006", "x: 1\n", "", NULL);
}

static void
test_source_next__takes_any_line_ends (void **state)
{
	static const char *const ends[] = { "\n", "\r\n", "\r", "\r\r\n" };
	for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
		g_auto (GStrv) lines =
			g_strsplit (F1 "x: 1\n\nFrom time\n>From a\n\n" F2 "\n" F3 "x: 2\n\nb\n", "\n", -1);
		g_autofree char *text = g_strjoinv (ends[i], lines);
		g_autofree char *first = g_strjoin (ends[i], "x: 1", "", "From time", "From a", "", NULL);
		g_autofree char *last = g_strjoin (ends[i], "x: 2", "", "b", "", NULL);
		assert_messages (state, text, first, "", last, NULL);
	}
}

static void
test_source_next__takes_line_ends_that_change (void **state)
{
	assert_messages (state, F1 "x: 1\r\n\r\na\r\n\n" F2 "x: 2\n\nb\n\r\n" F3 "x: 3\n", "x: 1\r\n\r\na\r\n",
			 "x: 2\n\nb\n", "x: 3\n", NULL);
	assert_messages (state,
			 F1 "x: 1\n\n\n"
			    "From b@example.org Tue Jan  3 11:00:00 2006\r\nx: 2\r\n\r\nb\r\n\r\n" F3,
			 "x: 1\n\n", "x: 2\r\n\r\nb\r\n", "", NULL);
}

static void
test_source_next__takes_nul_bytes (void **state)
{
	const char text[] = F1 "x: \0\n\n\0\0From \0\n\0\n\n" F2 "x: 2\n\0";
	g_autoptr (GPtrArray) mails = read_bytes (state, text, sizeof text - 1);
	assert_int_equal (mails->len, 2);
	assert_data (mails, 0, "x: \0\n\n\0\0From \0\n\0\n", 17);
	assert_data (mails, 1, "x: 2\n\0", 6);
}

/* Quoting */

static void
test_source_next__takes_one_quote_off_the_body (void **state)
{
	assert_messages (state, F1 "x: 1\n\n>From a\n>>From b\n>>>From c\n> From d\na >From e\n>From\n\n" F2 "x: 2\n",
			 "x: 1\n\nFrom a\n>From b\n>>From c\n> From d\na >From e\n>From\n", "x: 2\n", NULL);
	assert_messages (state, F1 "x: 1\n\n>From ", "x: 1\n\nFrom ", NULL);
	assert_messages (state, F1 "\n>From a\nb\n", "\nFrom a\nb\n", NULL);
}

static void
test_source_next__leaves_quotes_in_the_header (void **state)
{
	assert_messages (state, F1 ">From a@b Mon Jan  2 10:00:00 2006\nx: 1\n\n>From b\n",
			 ">From a@b Mon Jan  2 10:00:00 2006\nx: 1\n\nFrom b\n", NULL);
}

/* Content-Length */

static void
test_source_next__believes_a_confirmed_content_length (void **state)
{
	/* mboxcl2: the body quotes nothing and holds what looks like a separator */
#define BODY "a\n\n" F2 ">From b\n"
	char text[512];
	static const char *const betweens[] = {
		"\n" F3 "x: 2\n", F3 "x: 2\n", "\n\n" F3 "x: 2\n", "", "\n", "\r\n\r\n"
	};
	for (guint i = 0; i < G_N_ELEMENTS (betweens); i++) {
		g_snprintf (text, sizeof text, F1 "x: 1\ncontent-LENGTH:  %u \n\n" BODY "%s", (guint)strlen (BODY),
			    betweens[i]);
		g_autofree char *head = g_strdup_printf ("x: 1\ncontent-LENGTH:  %u \n\n" BODY, (guint)strlen (BODY));
		assert_messages (state, text, head, i < 3 ? "x: 2\n" : NULL, NULL);
	}
}

static void
test_source_next__believes_it_when_the_body_begins_with_a_from_line (void **state)
{
	assert_messages (state, F1 "Content-Length: 44\n\n" F1 "\n" F2 "x: 2\n", "Content-Length: 44\n\n" F1, "x: 2\n",
			 NULL);
	assert_messages (state, F1 "Content-Length: 0\n\n" F2 "x: 2\n", "Content-Length: 0\n\n", "x: 2\n", NULL);
}

static void
test_source_next__ignores_an_unconfirmed_content_length (void **state)
{
	static const char *const values[] = {
		"0",
		"1",
		"8",
		"9",
		"100",
		"-8",
		"8x",
		"0x8",
		"",
		"51",
		"5000",
		"64",
		"63",
		"4294967304",
		"18446744073709551624",
		"999999999999999999999999999",
	};
	for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
		g_autofree char *head = g_strdup_printf ("Content-Length: %s\nx: 1\n\n", values[i]);
		g_autofree char *text =
			g_strconcat (F1, head, "abc\n>From d\nef\n\n", F2 "x: 2\n\nbody\nof two\n", NULL);
		g_autofree char *want = g_strconcat (head, "abc\nFrom d\nef\n", NULL);
		assert_messages (state, text, want, "x: 2\n\nbody\nof two\n", NULL);
	}
}

static void
test_source_next__asks_where_content_length_points_exactly (void **state)
{
	/* into a line; in front of three empty lines; no number; a second one */
	assert_messages (state, F1 "Content-Length: 4\n\nsee " F2 "x\n", "Content-Length: 4\n\nsee " F2 "x\n", NULL);
	assert_messages (state, F1 "Content-Length: 8\n\n>From b\n\n\n\n" F2 "x: 2\n",
			 "Content-Length: 8\n\nFrom b\n\n\n", "x: 2\n", NULL);
	assert_messages (state, F1 "Content-Length: \n\n" F2 "x: 2\n", "Content-Length: \n", "x: 2\n", NULL);
	assert_messages (state, F1 "Content-Length: 3\nContent-Length: 8\n\n>From b\n\n" F2 "x: 2\n",
			 "Content-Length: 3\nContent-Length: 8\n\nFrom b\n", "x: 2\n", NULL);
}

static void
test_source_next__never_reads_content_length_from_the_body (void **state)
{
	const char *first = "x: 1\n\nContent-Length: 60\n\na\n";
	g_autofree char *text = g_strconcat (F1, first, "\n" F2 "x: 2\n", NULL);
	assert_messages (state, text, first, "x: 2\n", NULL);
}

/* Caps: archives are sparse files, so the long lines are made of NUL */

static void
test_source_next__cuts_a_message_at_the_cap (void **state)
{
	/* what the cap leaves of "x: 1\n\n", the hole and "\n" */
	static const struct {
		int surplus;
		gboolean truncated;
	} cases[] = { { 0, FALSE }, { 1, TRUE }, { 2, TRUE }, { 5, TRUE }, { 6, TRUE }, { 300000, TRUE } };
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		gsize hole = (gsize)((int)NX_LIMIT_MESSAGE_BYTES - 7 + cases[i].surplus);
		g_autofree char *path = write_sparse (state, F1 "x: 1\n\n", hole, "\n\n" F2 "x: 2\n");
		g_autoptr (GPtrArray) mails = read_path (path);
		assert_int_equal (mails->len, 2);
		assert_int_equal (g_bytes_get_size (get_mail (mails, 0)->data), NX_LIMIT_MESSAGE_BYTES);
		assert_int_equal (get_mail (mails, 0)->truncated, cases[i].truncated);
		assert_text (mails, 1, "x: 2\n");
		assert_int_equal (get_mail (mails, 1)->offset, strlen (F1) + 6 + hole + 2);
		assert_false (get_mail (mails, 1)->truncated);
	}
}

static void
test_source_next__cuts_the_last_and_the_only_message (void **state)
{
	static const char *const heads[] = { F1 "x: 1\n\n", "x: 1\n\n" };
	for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
		for (gsize surplus = 0; surplus < 5; surplus += 1 + surplus) {
			g_autofree char *path =
				write_sparse (state, heads[i], NX_LIMIT_MESSAGE_BYTES - 6 + surplus, "");
			g_autoptr (GPtrArray) mails = read_path (path);
			assert_int_equal (mails->len, 1);
			assert_int_equal (g_bytes_get_size (get_mail (mails, 0)->data), NX_LIMIT_MESSAGE_BYTES);
			assert_int_equal (get_mail (mails, 0)->truncated, surplus > 0);
		}
	}
}

static void
test_source_set_single__cuts_at_the_cap (void **state)
{
	static const char *const tails[] = { "y", "yz", "\n\n" F2 "x: 2\n" };
	for (guint i = 0; i < G_N_ELEMENTS (tails); i++) {
		g_autofree char *path = write_sparse (state, F1 "x: 1\n\n", NX_LIMIT_MESSAGE_BYTES - 6, tails[i]);
		g_autoptr (NxSource) source = open_path (path);
		nx_source_set_single (source);
		g_autoptr (GPtrArray) mails = read_source (source);
		assert_int_equal (mails->len, 1);
		assert_int_equal (g_bytes_get_size (get_mail (mails, 0)->data), NX_LIMIT_MESSAGE_BYTES);
		assert_true (get_mail (mails, 0)->truncated);
	}
}

static void
test_mbox_next__reads_on_behind_long_messages_in_bounded_memory (void **state)
{
	g_autofree char *path = write_sparse (state, F1 "x: 1\nContent-Length: 314572800\n\n>From a\n", 300u << 20,
					      "\n\n" F2 "x: 2\nContent-Length: 60000000\n\nb\n\n" F3 "x: 3\n");
	NxMeter meter = { 0 };
	g_autoptr (NxStream) stream = nx_stream_new_fd (g_open (path, O_RDONLY, 0), TRUE, &meter);
	NxMbox mbox;
	NxRawMessage message;
	nx_mbox_init (&mbox);
	nx_mbox_start (&mbox, stream, 0, NX_MBOX_FLAG_NONE);
	assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_MESSAGE);
	assert_true (message.truncated);
	assert_memory_equal (message.data, "x: 1\nContent-Length: 314572800\n\nFrom a\n", 39);
	assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_MESSAGE);
	assert_int_equal (message.length, strlen ("x: 2\nContent-Length: 60000000\n\nb\n"));
	assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_MESSAGE);
	assert_int_equal (message.length, strlen ("x: 3\n"));
	assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_END);
	assert_in_range (mbox.capacity, 1, 2 * NX_LIMIT_MESSAGE_BYTES + 2 * NX_LIMIT_READ_BYTES);
	nx_mbox_start (&mbox, stream, 0, NX_MBOX_FLAG_NONE);
	assert_in_range (mbox.capacity, 0, NX_LIMIT_MESSAGE_BYTES / 2);
	nx_mbox_clear (&mbox);
}

static void
test_mbox_next__looks_ahead_for_content_length_in_bounded_memory (void **state)
{
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint i = 0; i < 3000; i++)
		g_string_append (text, F1 "Content-Length: 60000000\n\nbody\n\n");
	g_autofree char *path = write_sparse (state, text->str, 150u << 20, "\n\n" F2 "x: 2\n");
	NxMeter meter = { 0 };
	g_autoptr (NxStream) stream = nx_stream_new_fd (g_open (path, O_RDONLY, 0), TRUE, &meter);
	NxMbox mbox;
	NxRawMessage message;
	nx_mbox_init (&mbox);
	nx_mbox_start (&mbox, stream, 0, NX_MBOX_FLAG_NONE);
	for (guint i = 0; i < 3000; i++) {
		assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_MESSAGE);
		assert_int_equal (message.truncated, i == 2999);
		assert_int_equal (message.length < 100, i != 2999);
	}
	assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_MESSAGE);
	assert_int_equal (message.length, 5);
	assert_int_equal (nx_mbox_next (&mbox, &message), NX_MBOX_END);
	assert_in_range (mbox.capacity, 1, 2 * (NX_LIMIT_MESSAGE_BYTES + NX_LIMIT_READ_BYTES) + NX_LIMIT_READ_BYTES);
	nx_mbox_clear (&mbox);
}

static void
test_mbox_next__needs_little_memory_for_many_messages (void **state)
{
	g_autoptr (GString) text = g_string_new (NULL);
	while (text->len < (8u << 20))
		g_string_append (text, F1 "x: 1\n\nbody\nof\none\n\n");
	g_autofree char *path = write_bytes (state, "many", text->str, text->len);
	NxMeter meter = { 0 };
	g_autoptr (NxStream) stream = nx_stream_new_fd (g_open (path, O_RDONLY, 0), TRUE, &meter);
	NxMbox mbox;
	NxRawMessage message;
	gsize count = 0;
	nx_mbox_init (&mbox);
	nx_mbox_start (&mbox, stream, 0, NX_MBOX_FLAG_NONE);
	for (; nx_mbox_next (&mbox, &message) == NX_MBOX_MESSAGE; count++)
		assert_int_equal (message.length, 18);
	assert_int_equal (count, text->len / strlen (F1 "x: 1\n\nbody\nof\none\n\n"));
	assert_in_range (mbox.capacity, 1, 2 * NX_LIMIT_READ_BYTES);
	nx_mbox_clear (&mbox);
}

/* Reads @data in pieces: with SOCK_SEQPACKET one write is one read. */
static GPtrArray *
read_chunks (const char *data, gsize length, guint32 seed, gsize largest)
{
	int fds[2];
	assert_int_equal (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	Writer writer = { fds[1], data, length, seed, largest };
	GThread *thread = g_thread_new ("writer", write_chunks, &writer);
	g_autoptr (NxSource) source = nx_source_open_fd (fds[0], "chunks", NULL);
	assert_non_null (source);
	GPtrArray *mails = read_source (source);
	g_thread_join (thread);
	close (fds[0]);
	return mails;
}

/* Properties */

typedef enum {
	MBOXO,
	MBOXRD,
	MBOXCL,
	MBOXCL2,
	N_DIALECTS,
} Dialect;

static const char *const body_lines[] = {
	"",
	"text",
	"From the beginning of the year 2006",
	"From a@example.org Mon Jan  2 10:00:00 2006",
	"From ",
	">From x",
	">>From y",
	"> From z",
	">",
	"F",
	"Content-Length: 12",
	"a From b >From c",
	"\xFF\xFE caf\xC3\xA9",
	"the quick brown fox jumps over the lazy dog and over the lazy dog again",
};

static gboolean
is_from_quoted (const char *line)
{
	return g_str_has_prefix (line + strspn (line, ">"), "From ");
}

/* Appends a message as the dialect writes it to @archive, and what is to be read back to @wants. */
static void
write_random (GRand *rand, Dialect dialect, const char *eol, GString *archive, GPtrArray *wants)
{
	g_autoptr (GString) body = g_string_new (NULL);
	g_autoptr (GString) plain = g_string_new (NULL);
	for (gint32 i = g_rand_int_range (rand, 0, 12); i > 0; i--) {
		const char *line = body_lines[g_rand_int_range (rand, 0, G_N_ELEMENTS (body_lines))];
		/* What an mboxo loses is no property. */
		if (dialect == MBOXO && line[0] == '>')
			line = "text";
		gboolean quote = dialect == MBOXO     ? g_str_has_prefix (line, "From ")
				 : dialect == MBOXCL2 ? FALSE
						      : is_from_quoted (line);
		g_string_append_printf (body, "%s%s%s", quote ? ">" : "", line, eol);
		g_string_append_printf (plain, "%s%s", line, eol);
	}
	/* A NUL and a line that is longer than a block, now and then. */
	gsize surplus = g_rand_int_range (rand, 0, 40) == 0 ? NX_LIMIT_READ_BYTES : 1;
	for (gsize i = 0; i < surplus; i++) {
		g_string_append_c (body, i % 7 == 0 ? '\0' : 'x');
		g_string_append_c (plain, i % 7 == 0 ? '\0' : 'x');
	}
	g_string_append (body, eol);
	g_string_append (plain, eol);

	GString *want = g_string_new (NULL);
	g_string_append_printf (want, "Subject: %u%s", g_rand_int (rand), eol);
	if (dialect == MBOXCL || dialect == MBOXCL2)
		g_string_append_printf (want, "Content-Length: %" G_GSIZE_FORMAT "%s", body->len, eol);
	g_string_append (want, eol);
	g_string_append_printf (archive, "From a@example.org Mon Jan  2 10:00:00 2006%s", eol);
	g_string_append_len (archive, want->str, (gssize)want->len);
	g_string_append_len (archive, body->str, (gssize)body->len);
	g_string_append (archive, eol);
	/* A confirmed Content-Length keeps an mboxcl's quotes. */
	const GString *text = dialect == MBOXCL ? body : plain;
	g_string_append_len (want, text->str, (gssize)text->len);
	g_ptr_array_add (wants, g_string_free_to_bytes (want));
}

static void
assert_same (const GPtrArray *mails, const GPtrArray *wants, guint32 seed)
{
	if (mails->len != wants->len)
		fail_msg ("seed %u: %u messages, not %u", seed, mails->len, wants->len);
	for (guint i = 0; i < wants->len; i++)
		if (!g_bytes_equal (get_mail (mails, i)->data, g_ptr_array_index (wants, i)))
			fail_msg ("seed %u: message %u differs", seed, i);
}

static void
test_source_next__reads_back_what_was_written (void **state)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	for (guint32 seed = 0; seed < 40 * N_DIALECTS * G_N_ELEMENTS (ends); seed++) {
		g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
		g_autoptr (GString) archive = g_string_new (NULL);
		g_autoptr (GPtrArray) wants = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
		for (gint32 i = g_rand_int_range (rand, 1, 20); i > 0; i--)
			write_random (rand, seed % N_DIALECTS, ends[seed / N_DIALECTS % G_N_ELEMENTS (ends)], archive,
				      wants);
		g_autoptr (GPtrArray) mails = read_bytes (state, archive->str, archive->len);
		assert_same (mails, wants, seed);
	}
}

static void
assert_same_mails (const GPtrArray *one, const GPtrArray *other, guint32 seed)
{
	if (one->len != other->len)
		fail_msg ("seed %u: %u and %u messages", seed, one->len, other->len);
	for (guint i = 0; i < one->len; i++) {
		const Mail *a = get_mail (one, i), *b = get_mail (other, i);
		if (a->offset != b->offset || a->date != b->date || !g_bytes_equal (a->data, b->data) ||
		    g_strcmp0 (a->sender, b->sender) != 0)
			fail_msg ("seed %u: message %u differs", seed, i);
	}
}

/* However the bytes come in, the messages are the same; they lie in order and do not overlap. */
static void
test_source_next__does_not_depend_on_how_bytes_come_in (void **state)
{
	static const char *const tokens[] = {
		"From a@example.org Mon Jan  2 10:00:00 2006",
		"From ",
		"From",
		">",
		"\n",
		"\n\n",
		"\r\n",
		"\r\n\r\n",
		"\r",
		"\r\r",
		"x: y",
		"Content-Length: 3",
		"Content-Length: 46",
		"abc",
		" ",
		"F",
	};
	for (guint32 seed = 0; seed < 600; seed++) {
		g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
		g_autoptr (GString) text = g_string_new (seed % 4 == 0 ? "" : F1);
		for (gint32 i = g_rand_int_range (rand, 0, 60); i > 0; i--)
			g_string_append (text, tokens[g_rand_int_range (rand, 0, G_N_ELEMENTS (tokens))]);
		g_autoptr (GPtrArray) whole = read_bytes (state, text->str, text->len);
		g_autoptr (GPtrArray) pieces = read_chunks (text->str, text->len, seed, 1 + seed % 9);
		assert_same_mails (whole, pieces, seed);
		guint64 end = 0;
		for (guint i = 0; i < whole->len; i++) {
			const Mail *mail = get_mail (whole, i);
			assert_in_range (mail->offset, end, text->len);
			end = mail->offset + g_bytes_get_size (mail->data);
			assert_in_range (end, 0, text->len);
			if (whole->len > 1)
				assert_memory_equal (text->str + mail->offset, "From ", 5);
		}
	}
}

/* A separator lies across every place where one block ends and the next begins. */
static void
test_source_next__finds_separators_across_blocks (void **state)
{
	for (gsize shift = 0; shift < 64; shift++) {
		g_autoptr (GString) text = g_string_new (F1 "x: 1\n\n");
		while (text->len < NX_LIMIT_READ_BYTES - shift)
			g_string_append_c (text, 'x');
		g_string_append (text, "\r\n\r\n" F2 "x: 2\n");
		g_autoptr (GPtrArray) mails = read_bytes (state, text->str, text->len);
		assert_int_equal (mails->len, 2);
		assert_int_equal (get_mail (mails, 1)->offset, MAX (strlen (F1) + 6, NX_LIMIT_READ_BYTES - shift) + 4);
		assert_text (mails, 1, "x: 2\n");
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, make_dir, remove_dir)

int
main (void)
{
	const struct CMUnitTest tests[] = {
		TEST (test_from_line_parse__takes_the_shapes_of_the_wild),
		TEST (test_from_line_parse__refuses_sentences),
		TEST (test_from_line_parse__has_a_cap_on_length),
		TEST (test_source_next__reads_a_single_message),
		TEST (test_source_next__tells_file_offset_sender_and_date),
		TEST (test_source_next__makes_the_sender_utf8),
		TEST (test_source_next__takes_a_from_line_off_one_message),
		TEST (test_source_next__takes_empty_lines_and_a_mark_before_an_mbox),
		TEST (test_source_next__gives_nothing_for_an_empty_file),
		TEST (test_source_next__splits_after_an_empty_line_only),
		TEST (test_source_next__splits_without_an_empty_line_when_a_header_follows),
		TEST (test_source_next__splits_mmdf),
		TEST (test_source_next__splits_at_the_shape_only),
		TEST (test_source_next__takes_one_empty_line_off),
		TEST (test_source_next__hands_out_empty_messages),
		TEST (test_source_next__takes_a_last_from_line_without_line_end),
		TEST (test_source_next__takes_any_line_ends),
		TEST (test_source_next__takes_line_ends_that_change),
		TEST (test_source_next__takes_nul_bytes),
		TEST (test_source_next__takes_one_quote_off_the_body),
		TEST (test_source_next__leaves_quotes_in_the_header),
		TEST (test_source_next__believes_a_confirmed_content_length),
		TEST (test_source_next__believes_it_when_the_body_begins_with_a_from_line),
		TEST (test_source_next__ignores_an_unconfirmed_content_length),
		TEST (test_source_next__asks_where_content_length_points_exactly),
		TEST (test_source_next__never_reads_content_length_from_the_body),
		TEST (test_source_next__cuts_a_message_at_the_cap),
		TEST (test_source_next__cuts_the_last_and_the_only_message),
		TEST (test_source_set_single__cuts_at_the_cap),
		TEST (test_mbox_next__reads_on_behind_long_messages_in_bounded_memory),
		TEST (test_mbox_next__looks_ahead_for_content_length_in_bounded_memory),
		TEST (test_mbox_next__needs_little_memory_for_many_messages),
		TEST (test_source_next__reads_back_what_was_written),
		TEST (test_source_next__does_not_depend_on_how_bytes_come_in),
		TEST (test_source_next__finds_separators_across_blocks),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("mbox", tests, NULL, NULL);
}
