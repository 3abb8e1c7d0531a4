/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_outline.c: the parts that nixie sees in a mail, beside those that GMime's parser sees in the same bytes: of
 * every mail of fixtures/mail, whole and with lines lost, doubled, moved and cut.
 */
#include "base/text.h"
#include "core-helpers.h"
#include "mime/part.h"
#include "mime/prescan.h"
#include "mime/ptr.h"

#include <stdio.h>

/* ---- what GMime sees ---- */

static void
append_content (GString *out, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content (part);
	g_autoptr (GMimeStream) memory = g_mime_stream_mem_new ();
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream (content, memory);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (memory));
	const char *charset =
		g_mime_content_type_get_parameter (g_mime_object_get_content_type (GMIME_OBJECT (part)), "charset");
	g_autofree char *text = nx_text_to_utf8 ((const char *)bytes->data, bytes->len, charset);
	for (const char *p = text; *p != '\0'; p++)
		if (p[0] != '\r' || p[1] != '\n')
			g_string_append_c (out, *p);
}

static void
append_object (GString *out, GMimeObject *object, guint parent, gboolean enclosed, guint *count)
{
	if (object == NULL)
		return;
	guint index = (*count)++;
	g_autofree char *type = g_mime_content_type_get_mime_type (g_mime_object_get_content_type (object));
	g_autofree char *lower = g_ascii_strdown (type, -1);
	g_string_append_printf (out, "[%u %s %d %d]\n", index, lower, (int)parent, enclosed);
	if (GMIME_IS_MULTIPART (object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART (object);
		for (gint i = 0; i < g_mime_multipart_get_count (multipart); i++)
			append_object (out, g_mime_multipart_get_part (multipart, i), index, enclosed, count);
	} else if (GMIME_IS_MESSAGE_PART (object)) {
		GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (object));
		g_autofree char *block = inner != NULL ? g_mime_object_get_headers (GMIME_OBJECT (inner), NULL) : NULL;
		g_autoptr (NxHeaders) headers = nx_headers_parse (block != NULL ? block : "", FALSE, NULL);
		for (guint i = 0; i < nx_headers_get_count (headers); i++)
			g_string_append_printf (out, "%s=%s\n", nx_headers_get_at (headers, i)->name,
						nx_headers_get_at (headers, i)->value);
		if (inner != NULL)
			append_object (out, g_mime_message_get_mime_part (inner), index, TRUE, count);
	} else if (GMIME_IS_PART (object) && strcmp (lower, "text/html") != 0) {
		append_content (out, GMIME_PART (object));
	}
}

static char *
dump_by_gmime (const NxPrescan *prescan)
{
	GString *out = g_string_new (NULL);
	guint count = 0;
	g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (prescan->bytes->str, prescan->bytes->len);
	g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
	g_mime_parser_set_format (parser, GMIME_FORMAT_MESSAGE);
	g_mime_parser_set_persist_stream (parser, FALSE);
	GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
	if (message != NULL) {
		append_object (out, g_mime_message_get_mime_part (message), NX_PART_NONE, FALSE, &count);
		g_object_unref (message);
	}
	return g_string_free (out, FALSE);
}

/* ---- what nixie sees ---- */

static char *
dump_by_outline (const NxMessage *message)
{
	GString *out = g_string_new (NULL);
	for (guint i = 0; i < nx_message_get_part_count (message); i++) {
		const NxPart *part = nx_message_get_part (message, i);
		g_string_append_printf (out, "[%u %s %d %d]\n", i, part->type, (int)part->parent, part->enclosed);
		gboolean leaf = i + 1 == nx_message_get_part_count (message) ||
				nx_message_get_part (message, i + 1)->parent != i;
		g_autofree char *text = nx_message_dup_part_text (message, i);
		if (*text == '\0' && !(leaf && g_str_has_prefix (part->type, "text/"))) {
			g_autoptr (NxHeaders) headers = nx_message_read_part_headers (message, i);
			for (guint h = 0; headers != NULL && h < nx_headers_get_count (headers); h++)
				g_string_append_printf (out, "%s=%s\n", nx_headers_get_at (headers, h)->name,
							nx_headers_get_at (headers, h)->value);
		}
		if (strcmp (part->type, "text/html") != 0)
			g_string_append (out, text);
	}
	return g_string_free (out, FALSE);
}

/* ---- mails ---- */

/* Of a dump only the lines that tell parts. */
static void
keep_parts (char *dump)
{
	char *to = dump;
	for (const char *line = dump; *line != '\0';) {
		gsize length = strcspn (line, "\n");
		length += line[length] == '\n';
		if (*line == '[' && g_ascii_isdigit (line[1])) {
			memmove (to, line, length);
			to += length;
		}
		line += length;
	}
	*to = '\0';
}

static guint compared;
static guint differing;

static void
compare (const char *path, const char *bytes, gsize length)
{
	g_autofree char *exact = copy_exact (bytes, length);
	g_autoptr (NxPrescan) prescan = nx_prescan_new (exact, length);
	g_autoptr (NxMessage) message = nx_message_new (exact, length);
	compared++;
	g_autofree char *want = dump_by_gmime (prescan);
	g_autofree char *got = dump_by_outline (message);
	if (nx_message_is_open (message)) { /* half a line is left out of texts: that is test_message.c's */
		keep_parts (want);
		keep_parts (got);
	}
	if (strcmp (want, got) == 0)
		return;
	differing++;
	if (g_getenv ("NX_DUMP") != NULL) {
		g_autofree char *base = g_strdup_printf ("%s/%u", g_getenv ("NX_DUMP"), differing);
		g_autofree char *a = g_strconcat (base, ".gmime", NULL);
		g_autofree char *b = g_strconcat (base, ".nixie", NULL);
		g_autofree char *c = g_strconcat (base, ".eml", NULL);
		g_file_set_contents (a, want, -1, NULL);
		g_file_set_contents (b, got, -1, NULL);
		g_file_set_contents (c, bytes, (gssize)length, NULL);
	}
	fprintf (stderr, "# %s: the parts differ\n", path);
}

static void
add_lines (GString *out, GPtrArray *lines, guint from, guint to)
{
	for (guint i = from; i < to && i < lines->len; i++)
		g_string_append_printf (out, "%s\n", (const char *)g_ptr_array_index (lines, i));
}

/* One line lost, doubled, moved to another place, or the mail cut there, at its end or inside it. */
static void
mutate (GRand *random, const char *path, char **split)
{
	g_autoptr (GPtrArray) lines = g_ptr_array_new ();
	for (guint i = 0; split[i] != NULL; i++)
		g_ptr_array_add (lines, split[i]);
	if (lines->len < 4)
		return;
	guint at = (guint)g_rand_int_range (random, 0, (gint32)lines->len);
	guint to = (guint)g_rand_int_range (random, 0, (gint32)lines->len);
	g_autoptr (GString) text = g_string_new (NULL);
	switch (g_rand_int_range (random, 0, 5)) {
	case 0:
		add_lines (text, lines, 0, at);
		add_lines (text, lines, at + 1, lines->len);
		break;
	case 1:
		add_lines (text, lines, 0, at + 1);
		add_lines (text, lines, at, lines->len);
		break;
	case 2:
		add_lines (text, lines, 0, to);
		add_lines (text, lines, at, at + 1);
		add_lines (text, lines, to, lines->len);
		break;
	case 3:
		add_lines (text, lines, 0, at);
		break;
	default:
		add_lines (text, lines, 0, at + 1);
		g_string_truncate (text, text->len - MIN (text->len, (gsize)g_rand_int_range (random, 1, 20)));
		break;
	}
	compare (path, text->str, text->len);
}

static void
compare_folder (GRand *random, const char *folder, guint rounds)
{
	g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
	for (const char *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL;
	     name = g_dir_read_name (dir)) {
		g_autofree char *path = g_build_filename (folder, name, NULL);
		g_autofree char *text = NULL;
		gsize length = 0;
		if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
			compare_folder (random, path, rounds);
			continue;
		}
		if (!g_file_get_contents (path, &text, &length, NULL) || length > 100000)
			continue;
		compare (path, text, length);
		g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
		for (guint i = 0; i < rounds; i++)
			mutate (random, path, lines);
	}
}

static void
test_outline__has_the_parts_that_gmime_has (void **state)
{
	(void)state;
	GRand *random = g_rand_new_with_seed (20261127);
	const char *rounds = g_getenv ("NX_ROUNDS");
	compare_folder (random, g_getenv ("NX_FIXTURES"), rounds != NULL ? (guint)atoi (rounds) : 10);
	g_rand_free (random);
	assert_true (compared > 1000);
	assert_int_equal (differing, 0);
}

/* ---- values ---- */

static void
compare_type (const char *value)
{
	static const char *const names[] = { "boundary", "charset", "report-type", "x" };
	g_autofree char *exact = copy_exact (value, strlen (value) + 1);
	g_autoptr (NxContentType) type = nx_content_type_parse (exact);
	g_autoptr (GMimeContentType) other = g_mime_content_type_parse (NULL, value);
	g_autofree char *name = g_mime_content_type_get_mime_type (other);
	g_autofree char *lower = g_ascii_strdown (name, -1);
	if (strcmp (nx_content_type_get_name (type), lower) != 0)
		fail_msg ("%s: %s, not %s", value, nx_content_type_get_name (type), lower);
	for (guint i = 0; i < G_N_ELEMENTS (names); i++)
		if (g_strcmp0 (nx_content_type_get_parameter (type, names[i]),
			       g_mime_content_type_get_parameter (other, names[i])) != 0)
			fail_msg ("%s: another %s", value, names[i]);
}

/* Values made of what plain and other ones are made of. */
static void
test_content_type__is_read_as_gmime_reads_it (void **state)
{
	(void)state;
	static const char *const pieces[] = { "text/plain",
					      "Multipart/Report",
					      "message/rfc822",
					      ";",
					      "; ",
					      " ",
					      "charset",
					      "boundary=",
					      "=",
					      "utf-8",
					      "\"",
					      "x",
					      "a b",
					      "*0=",
					      "*=",
					      "(c)",
					      "\\",
					      "=_4.2",
					      "%20",
					      "=?utf-8?q?=41?=",
					      "\t",
					      "/",
					      ":",
					      "charset=us-ascii",
					      "x=\"y z\"",
					      "x=1'2",
					      ",",
					      "",
					      "\n",
					      "boundary=\"b\";" };
	GRand *random = g_rand_new_with_seed (2045);
	for (guint round = 0; round < 200000; round++) {
		g_autoptr (GString) value = g_string_new (round % 3 == 0 ? "" : "multipart/mixed; ");
		for (gint n = g_rand_int_range (random, 0, 8); n > 0; n--)
			g_string_append (value, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
		compare_type (value->str);
	}
	g_rand_free (random);
}

static void
compare_date (const char *value)
{
	g_autofree char *exact = copy_exact (value, strlen (value) + 1);
	g_autoptr (GDateTime) date = g_mime_utils_header_decode_date (value);
	gint64 want = date != NULL ? MAX (g_date_time_to_unix (date), 0) : 0;
	gint64 got = nx_headers_parse_date (exact);
	if (got != want)
		fail_msg ("%s: %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, value, got, want);
}

static void
test_date__is_read_as_gmime_reads_it (void **state)
{
	(void)state;
	static const char *const days[] = { "", "Fri, ", "Fri,", "fri, ", "Xyz, ", "Friday, " };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
					      "Aug", "Sep", "Oct", "Nov", "Dec", "nov", "June" };
	static const char *const zones[] = { " +0000", " -0000", " +0200", " -0730",   " +1200",
					     " GMT",   "",       " +02",   " EST (x)", " +0100 (CET)",
					     " +9999", " +0175", "+0100",  " +0100  " };
	GRand *random = g_rand_new_with_seed (5322);
	for (guint round = 0; round < 50000; round++) {
		g_autofree char *date = g_strdup_printf (
			"%s%0*d %s %d %02d:%02d:%02d%s", days[g_rand_int_range (random, 0, G_N_ELEMENTS (days))],
			g_rand_int_range (random, 1, 3), g_rand_int_range (random, 0, 33),
			months[g_rand_int_range (random, 0, G_N_ELEMENTS (months))],
			g_rand_int_range (random, 1960, 2110), g_rand_int_range (random, 0, 25),
			g_rand_int_range (random, 0, 61), g_rand_int_range (random, 0, 61),
			zones[g_rand_int_range (random, 0, G_N_ELEMENTS (zones))]);
		compare_date (date);
	}
	g_rand_free (random);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_outline__has_the_parts_that_gmime_has),
		cmocka_unit_test (test_content_type__is_read_as_gmime_reads_it),
		cmocka_unit_test (test_date__is_read_as_gmime_reads_it),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	nx_headers_start_gmime ();
	return cmocka_run_group_tests (tests, NULL, NULL);
}
