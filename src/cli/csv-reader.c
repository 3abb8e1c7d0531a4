/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * csv-reader.c: libcsv does the parsing; it is fed octet by octet so that every record has its line. See csv-reader.h.
 *
 * It is strict about quotes: a quote that is not closed shows at the next one then, and not at the end of the file.
 */
#include "csv-reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <csv.h>

#include "caps.h"

/* @line: being read; @record_line: where the record began; @record_bytes: its length so far. @skipping: to the end of
 * the line. */
typedef struct {
	const char *name;
	NxCsvFunc func;
	gpointer user_data;
	struct csv_parser parser;
	gboolean ready;
	gboolean skipping;
	GPtrArray *fields;
	guint line;
	guint record_line;
	gsize record_bytes;
	gboolean stopped;
	GError **error;
} Reader;

static void
take_field (void *text, size_t length, void *user_data)
{
	Reader *reader = user_data;

	g_ptr_array_add (reader->fields, g_strstrip (g_strndup (text, length)));
}

static gboolean
is_blank (const GPtrArray *fields)
{
	for (guint i = 0; i < fields->len; i++) {
		if (*(const char *)g_ptr_array_index (fields, i) != '\0')
			return FALSE;
	}
	return TRUE;
}

static void
end_record (int terminator, void *user_data)
{
	Reader *reader = user_data;
	gboolean blank = is_blank (reader->fields);

	(void)terminator;
	g_ptr_array_add (reader->fields, NULL);
	if (!reader->stopped && !blank)
		reader->stopped =
			!reader->func (reader->record_line, (const char *const *)(gconstpointer)reader->fields->pdata,
				       NULL, reader->user_data, reader->error);
	g_ptr_array_set_size (reader->fields, 0);
	reader->record_bytes = 0;
}

static gboolean
fail (Reader *reader, NxError code, const char *what)
{
	reader->stopped = TRUE;
	g_set_error (reader->error, NX_ERROR, code, "%s: %s", reader->name, what);
	return FALSE;
}

static void
start_parser (Reader *reader, unsigned char delimiter)
{
	csv_init (&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
	csv_set_delim (&reader->parser, delimiter);
}

static void
pass_over (Reader *reader)
{
	unsigned char delimiter = csv_get_delim (&reader->parser);
	const char *what = reader->record_bytes > NX_CLI_LINE_BYTES ? "this record does not end; is a quote not closed?"
								    : "a quote is not closed, or stands inside a field";
	g_autofree char *problem = NULL;

	if (reader->line == reader->record_line)
		problem = g_strdup (what);
	else
		problem = g_strdup_printf ("%s; passed over up to line %u", what, reader->line);
	csv_free (&reader->parser);
	start_parser (reader, delimiter);
	g_ptr_array_set_size (reader->fields, 0);
	reader->record_bytes = 0;
	reader->stopped = !reader->func (reader->record_line, NULL, problem, reader->user_data, reader->error);
}

static void
feed (Reader *reader, char c)
{
	if (reader->record_bytes == 0)
		reader->record_line = reader->line;
	reader->record_bytes++;
	if (!reader->skipping && (reader->record_bytes > NX_CLI_LINE_BYTES ||
				  csv_parse (&reader->parser, &c, 1, take_field, end_record, reader) != 1)) {
		pass_over (reader);
		reader->skipping = TRUE;
	}
	if (c != '\n')
		return;
	reader->line++;
	/* libcsv passes over empty lines without a word. */
	if (reader->skipping || reader->record_bytes <= 2)
		reader->record_bytes = 0;
	reader->skipping = FALSE;
}

static unsigned char
choose_delimiter (const char *text, gsize length)
{
	const char *end = memchr (text, '\n', length);
	gsize first = end == NULL ? length : (gsize)(end - text);

	if (memchr (text, ',', first) != NULL)
		return ',';
	if (memchr (text, ';', first) != NULL)
		return ';';
	return memchr (text, '\t', first) != NULL ? '\t' : ',';
}

static gboolean
feed_chunk (Reader *reader, const char *text, gsize length)
{
	gsize start = 0;

	if (memchr (text, '\0', length) != NULL)
		return fail (reader, NX_ERROR_DATA, "this is no text; save it as CSV in UTF-8");
	if (!reader->ready) {
		reader->ready = TRUE;
		start_parser (reader, choose_delimiter (text, length));
		if (length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
			start = 3;
	}
	for (gsize i = start; i < length && !reader->stopped; i++)
		feed (reader, text[i]);
	return !reader->stopped;
}

static gboolean
read_all (Reader *reader, int fd)
{
	char chunk[65536];
	gssize count = 0;

	do {
		count = read (fd, chunk, sizeof chunk);
		if (count > 0 && !feed_chunk (reader, chunk, (gsize)count))
			return FALSE;
	} while (count > 0 || (count < 0 && errno == EINTR));
	if (count < 0)
		return fail (reader, NX_ERROR_SOURCE, g_strerror (errno));
	if (reader->ready && csv_fini (&reader->parser, take_field, end_record, reader) != 0)
		pass_over (reader);
	return !reader->stopped;
}

gboolean
nx_csv_reader_read (int fd, const char *name, NxCsvFunc func, gpointer user_data, GError **error)
{
	Reader reader = { .name = name, .func = func, .user_data = user_data, .line = 1, .error = error };
	gboolean done = FALSE;

	reader.fields = g_ptr_array_new_with_free_func (g_free);
	done = read_all (&reader, fd);
	g_ptr_array_unref (reader.fields);
	if (reader.ready)
		csv_free (&reader.parser);
	return done;
}
