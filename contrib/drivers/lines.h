/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lines.h: files with one member a line: "a@b", "Name <a@b>", "a@b (Name)".
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_lines_find: the line of @address in @text. Returns: (transfer full) (nullable)
 */
char *nx_lines_find (const char *text, const char *address);

/**
 * nx_lines_add: @path with one more @line, unless @address has one. A file that is not there is made.
 */
gboolean nx_lines_add (const char *path, const char *address, const char *line, GError **error);

/**
 * nx_lines_drop: @path without the lines of @address. All others stay as they are.
 */
gboolean nx_lines_drop (const char *path, const char *address, GError **error);

/**
 * nx_lines_get_address: of one line. Returns: (transfer full) (nullable)
 */
char *nx_lines_get_address (const char *line);

G_END_DECLS
