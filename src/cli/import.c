/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * import.c: see import.h.
 *
 * Records are gathered and added a thousand at a time, each time in one short transaction: reading may be slow (a
 * pipe), and nobody shall wait for it.
 */
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "csv-reader.h"

#define BATCH_ROWS 1000

/* The rest of the bad lines are counted only. */
#define MAX_WARNINGS 20

#define NO_COLUMN G_MAXUINT

/* @problem: (nullable): why the line cannot be taken; then there is nothing else. */
typedef struct {
	guint line;
	char *address;
	char *name;
	char *problem;
} Row;

/* @address_column, @name_column: as the header says, else 0 and NO_COLUMN. */
typedef struct {
	NxCli *cli;
	NxStore *store;
	const char *list;
	const char *file;
	gboolean started;
	guint address_column;
	guint name_column;
	GArray *rows;
	NxImport result;
} Import;

static void
clear_row (gpointer data)
{
	Row *row = data;

	g_free (row->address);
	g_free (row->name);
	g_free (row->problem);
}

static void
report_bad (Import *import, guint line, const char *problem)
{
	g_autoptr (GError) error = NULL;

	import->result.bad++;
	if (import->result.bad == MAX_WARNINGS + 1)
		nx_main_say (import->cli, "%s:%u: from here on, bad lines are only counted", import->file, line);
	if (import->result.bad > MAX_WARNINGS)
		return;
	error = g_error_new (NX_ERROR, NX_ERROR_DATA, "%s:%u: %s", import->file, line, problem);
	nx_main_warn (import->cli, error);
}

/* Returns: FALSE for what ends the import; a bad row does not. */
static gboolean
add_row (Import *import, const Row *row, NxImport *batch, GError **error)
{
	g_autoptr (GError) local = NULL;
	gboolean added = FALSE;

	if (row->problem != NULL) {
		report_bad (import, row->line, row->problem);
		return TRUE;
	}
	if (!nx_store_add_subscriber (import->store, import->list, row->address, row->name, &added, &local)) {
		if (!g_error_matches (local, NX_ERROR, NX_ERROR_DATA)) {
			g_propagate_error (error, g_steal_pointer (&local));
			return FALSE;
		}
		report_bad (import, row->line, local->message);
		return TRUE;
	}
	if (added)
		batch->added++;
	else
		batch->known++;
	return TRUE;
}

static gboolean
add_rows (Import *import, GError **error)
{
	NxImport batch = { 0 };

	if (import->rows->len == 0)
		return TRUE;
	if (!nx_store_begin (import->store, error))
		return FALSE;
	for (guint i = 0; i < import->rows->len; i++) {
		if (!add_row (import, &g_array_index (import->rows, Row, i), &batch, error)) {
			nx_store_rollback (import->store);
			return FALSE;
		}
	}
	if (!nx_store_commit (import->store, error))
		return FALSE;
	import->result.added += batch.added;
	import->result.known += batch.known;
	g_array_set_size (import->rows, 0);
	return TRUE;
}

static guint
find_column (const char *const *fields, const char *const *names)
{
	for (guint i = 0; fields[i] != NULL; i++) {
		for (guint j = 0; names[j] != NULL; j++) {
			if (g_ascii_strcasecmp (fields[i], names[j]) == 0)
				return i;
		}
	}
	return NO_COLUMN;
}

/* The first record is a header when it has a column of addresses. */
static gboolean
take_header (Import *import, const char *const *fields)
{
	static const char *const address_names[] = { "address", "email", "e-mail", "email address", NULL };
	static const char *const name_names[] = { "name", "real name", "full name", NULL };
	guint column = find_column (fields, address_names);

	import->started = TRUE;
	import->address_column = column == NO_COLUMN ? 0 : column;
	import->name_column = column == NO_COLUMN ? NO_COLUMN : find_column (fields, name_names);
	return column != NO_COLUMN;
}

/* What nx_output_format_csv() puts before a formula goes again. */
static const char *
skip_guard (const char *field)
{
	return field[0] == '\'' && field[1] != '\0' && strchr ("=+-@", field[1]) != NULL ? field + 1 : field;
}

/* "Name <a@b>" is what people copy from their mail program. */
static char *
take_address (const char *field)
{
	char *address = strchr (field, '<') == NULL ? NULL : nx_address_parse (field);

	return address == NULL ? g_strdup (skip_guard (field)) : address;
}

static void
fill_row (const Import *import, Row *row, const char *const *fields)
{
	guint count = 0;

	while (fields[count] != NULL)
		count++;
	if (import->address_column >= count || *fields[import->address_column] == '\0') {
		row->problem = g_strdup ("there is no address in this line");
		return;
	}
	row->address = take_address (fields[import->address_column]);
	row->name = g_strdup (import->name_column < count ? skip_guard (fields[import->name_column]) : "");
}

static gboolean
take_record (guint line, const char *const *fields, const char *problem, gpointer user_data, GError **error)
{
	Import *import = user_data;
	Row row = { .line = line };

	if (fields != NULL && !import->started && take_header (import, fields))
		return TRUE;
	if (fields != NULL)
		fill_row (import, &row, fields);
	else
		row.problem = g_strdup (problem);
	g_array_append_val (import->rows, row);
	return import->rows->len < BATCH_ROWS || add_rows (import, error);
}

static gboolean
open_file (const char *path, int *fd_out, GError **error)
{
	int fd = strcmp (path, "-") == 0 ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "%s: %s", path, g_strerror (errno));
		return FALSE;
	}
	*fd_out = fd;
	return TRUE;
}

gboolean
nx_import_read (NxCli *cli, NxStore *store, const char *list, const char *path, NxImport *import_out, GError **error)
{
	Import import = { .cli = cli, .store = store, .list = list, .file = path, .name_column = NO_COLUMN };
	gboolean done = FALSE;
	int fd = -1;

	*import_out = import.result;
	if (!open_file (path, &fd, error))
		return FALSE;
	import.rows = g_array_new (FALSE, FALSE, sizeof (Row));
	g_array_set_clear_func (import.rows, clear_row);
	done = nx_csv_reader_read (fd, path, take_record, &import, error) && add_rows (&import, error);
	g_array_unref (import.rows);
	if (fd != STDIN_FILENO)
		close (fd);
	*import_out = import.result;
	return done;
}
