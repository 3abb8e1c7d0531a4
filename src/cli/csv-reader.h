/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * csv-reader.h: the records of a CSV file (RFC 4180, and what spreadsheets make of it), with their lines.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * NxCsvFunc: one record. @line: where it begins. @fields: borrowed, NULL-terminated, white space trimmed; NULL for what
 * is no record: then @problem says why, and it is passed over.
 * Returns: FALSE to stop, with @error set.
 */
typedef gboolean (*NxCsvFunc) (guint line, const char *const *fields, const char *problem, gpointer user_data,
			       GError **error);

/**
 * nx_csv_reader_read: reads @fd to its end. Fields are parted by ",", or by ";" or a tabulator when the first line has
 * no comma. Empty lines are passed over, a byte order mark too. A record that is longer than NX_CLI_LINE_BYTES or whose
 * quotes are wrong is passed over up to the end of the line in which that shows.
 * @name: the file's, for messages.
 * Returns: FALSE with @func's error, with NX_ERROR_SOURCE when the file cannot be read, NX_ERROR_DATA when it is no
 * text.
 */
gboolean nx_csv_reader_read (int fd, const char *name, NxCsvFunc func, gpointer user_data, GError **error);

G_END_DECLS
