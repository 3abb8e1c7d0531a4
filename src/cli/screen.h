/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * screen.h: stdout for people and programs: widths, wrapping, colours, and the one transient line on stderr.
 *
 * Text that came from a mail must have gone through nx_output_escape_terminal() before it gets here. Widths are columns
 * of a terminal: a wide character (CJK) takes two, a combining one none.
 */
#pragma once

#include <nixie/nixie.h>

G_BEGIN_DECLS

typedef enum {
	NX_STYLE_NONE,
	NX_STYLE_BOLD,
	NX_STYLE_DIM,
	NX_STYLE_RED,
	NX_STYLE_GREEN,
	NX_STYLE_YELLOW,
	NX_STYLE_MAGENTA,
} NxStyle;

/**
 * nx_screen_print: writes to stdout. A failure is kept for nx_screen_check().
 */
void nx_screen_print (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * nx_screen_check: FALSE with NX_ERROR_OUTPUT when something of stdout could not be written.
 */
gboolean nx_screen_check (GError **error);

/**
 * nx_screen_flush: writes out what is buffered, and checks.
 */
gboolean nx_screen_flush (GError **error);

/**
 * nx_screen_is_pipe_closed: TRUE when the reader of stdout went away: nothing to complain about.
 */
gboolean nx_screen_is_pipe_closed (void);

/**
 * nx_screen_get_width: $COLUMNS, else the terminal's width, else 80.
 */
guint nx_screen_get_width (void);

/**
 * nx_screen_get_text_width: columns of @text.
 */
guint nx_screen_get_text_width (const char *text);

/**
 * nx_screen_pad: @text and blanks up to @width columns; longer text stays. Returns: (transfer full)
 */
char *nx_screen_pad (const char *text, guint width);

/**
 * nx_screen_cut: @text cut to @width columns, the last three "..." when something went. Returns: (transfer full)
 */
char *nx_screen_cut (const char *text, guint width);

/**
 * nx_screen_wrap: lines of at most @width columns, broken at blanks; a longer word is broken anywhere.
 * Returns: (transfer full) (element-type utf8): never empty.
 */
GPtrArray *nx_screen_wrap (const char *text, guint width);

/**
 * nx_screen_print_labelled: "  label  text", the text wrapped beside the label, which takes @label_width columns.
 */
void nx_screen_print_labelled (const char *label, guint label_width, const char *text);

/**
 * nx_screen_paint: @text in a colour, when stdout is a terminal that has some and NO_COLOR is unset.
 * Returns: (transfer full)
 */
char *nx_screen_paint (NxStyle style, const char *text);

/**
 * nx_screen_get_verdict_style: red for permanent …
 */
NxStyle nx_screen_get_verdict_style (NxVerdict verdict);

/**
 * nx_screen_format_codes: "550 5.1.1", either alone, or "-". Returns: (transfer full)
 */
char *nx_screen_format_codes (guint reply, NxStatus status);

/**
 * nx_screen_format_day: "2026-11-23" (UTC), "no date" for 0. Returns: (transfer full)
 */
char *nx_screen_format_day (gint64 date);

/**
 * nx_screen_format_count: "12,345". Returns: (transfer full)
 */
char *nx_screen_format_count (guint64 count);

/**
 * nx_screen_format_bytes: "23.4 MB". Returns: (transfer full)
 */
char *nx_screen_format_bytes (guint64 bytes);

/**
 * nx_screen_set_status, nx_screen_clear_status: the transient line on stderr, a terminal.
 */
void nx_screen_set_status (const char *text);
void nx_screen_clear_status (void);

G_END_DECLS
