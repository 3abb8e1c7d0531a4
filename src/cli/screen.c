/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * screen.c: see screen.h. Its state is the process's own: stdout's first failure and the transient line.
 */
#include "screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80
#define MIN_WIDTH 20
#define MAX_WIDTH 1000

/* errno of the first write to stdout that failed; a later one may have another, or none. */
static int output_errno;
static gboolean status_shown;

static void
remember_failure (void)
{
	if (output_errno == 0)
		output_errno = errno == 0 ? EIO : errno;
}

void
nx_screen_print (const char *format, ...)
{
	va_list arguments;

	if (output_errno != 0)
		return;
	errno = 0;
	va_start (arguments, format);
	if (vprintf (format, arguments) < 0)
		remember_failure ();
	va_end (arguments);
}

gboolean
nx_screen_check (GError **error)
{
	if (output_errno == 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "cannot write the output: %s", g_strerror (output_errno));
	return FALSE;
}

gboolean
nx_screen_flush (GError **error)
{
	errno = 0;
	if (output_errno == 0 && (fflush (stdout) != 0 || ferror (stdout)))
		remember_failure ();
	return nx_screen_check (error);
}

gboolean
nx_screen_is_pipe_closed (void)
{
	return output_errno == EPIPE;
}

guint
nx_screen_get_width (void)
{
	const char *columns = g_getenv ("COLUMNS");
	guint64 width = 0;
	struct winsize size = { 0 };

	if (columns != NULL && g_ascii_string_to_unsigned (columns, 10, 1, G_MAXUINT, &width, NULL))
		return (guint)CLAMP (width, MIN_WIDTH, MAX_WIDTH);
	if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return CLAMP (size.ws_col, MIN_WIDTH, MAX_WIDTH);
	return DEFAULT_WIDTH;
}

static guint
get_character_width (gunichar c)
{
	if (g_unichar_iszerowidth (c))
		return 0;
	return g_unichar_iswide (c) ? 2 : 1;
}

/* The next character's bytes; 1 for what is no UTF-8, so that every walk ends. */
static gsize
get_character_bytes (const char *text, guint *width_out)
{
	gunichar c = g_utf8_get_char_validated (text, -1);

	if (c == (gunichar)-1 || c == (gunichar)-2) {
		*width_out = 1;
		return 1;
	}
	*width_out = get_character_width (c);
	return g_utf8_skip[(guchar)*text];
}

guint
nx_screen_get_text_width (const char *text)
{
	guint sum = 0;
	guint width = 0;

	while (*text != '\0') {
		text += get_character_bytes (text, &width);
		sum += width;
	}
	return sum;
}

/* How many bytes of @text fit into @width columns; at least one character, so that callers get on. */
static gsize
fit (const char *text, guint width)
{
	guint sum = 0;
	guint add = 0;
	const char *p = text;

	while (*p != '\0') {
		gsize bytes = get_character_bytes (p, &add);

		if (sum + add > width && p > text)
			break;
		sum += add;
		p += bytes;
	}
	return (gsize)(p - text);
}

char *
nx_screen_pad (const char *text, guint width)
{
	guint have = nx_screen_get_text_width (text);

	return g_strdup_printf ("%s%*s", text, have < width ? (int)(width - have) : 0, "");
}

char *
nx_screen_cut (const char *text, guint width)
{
	if (nx_screen_get_text_width (text) <= width || width <= 3)
		return g_strdup (text);
	return g_strdup_printf ("%.*s...", (int)fit (text, width - 3), text);
}

GPtrArray *
nx_screen_wrap (const char *text, guint width)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

	width = MAX (width, 1);
	text += strspn (text, " ");
	while (*text != '\0') {
		gsize length = fit (text, width);
		gsize end = length;

		/* Back to the last blank, unless the line ends at one anyway. */
		if (text[length] != '\0' && text[length] != ' ') {
			while (end > 0 && text[end - 1] != ' ')
				end--;
		}
		if (end == 0)
			end = length;
		length = end;
		while (end > 0 && text[end - 1] == ' ')
			end--;
		g_ptr_array_add (lines, g_strndup (text, end));
		text += length;
		text += strspn (text, " ");
	}
	if (lines->len == 0)
		g_ptr_array_add (lines, g_strdup (""));
	return lines;
}

void
nx_screen_print_labelled (const char *label, guint label_width, const char *text)
{
	guint used = label_width + 4;
	guint width = nx_screen_get_width ();
	g_autoptr (GPtrArray) lines = nx_screen_wrap (text, width > used + MIN_WIDTH ? width - used : MIN_WIDTH);

	for (guint i = 0; i < lines->len; i++) {
		g_autofree char *cell = nx_screen_pad (i == 0 ? label : "", label_width);
		g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, cell);

		nx_screen_print ("  %s  %s\n", painted, (const char *)g_ptr_array_index (lines, i));
	}
}

static gboolean
has_colour (void)
{
	static int known = -1;
	const char *no_color = g_getenv ("NO_COLOR");
	const char *term = g_getenv ("TERM");

	if (known < 0)
		known = isatty (STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && term != NULL &&
			strcmp (term, "dumb") != 0;
	return known;
}

char *
nx_screen_paint (NxStyle style, const char *text)
{
	static const char *const codes[] = {
		[NX_STYLE_NONE] = "",    [NX_STYLE_BOLD] = "1",    [NX_STYLE_DIM] = "2",      [NX_STYLE_RED] = "31",
		[NX_STYLE_GREEN] = "32", [NX_STYLE_YELLOW] = "33", [NX_STYLE_MAGENTA] = "35",
	};

	if (style == NX_STYLE_NONE || *text == '\0' || !has_colour ())
		return g_strdup (text);
	return g_strdup_printf ("\033[%sm%s\033[0m", codes[style], text);
}

NxStyle
nx_screen_get_verdict_style (NxVerdict verdict)
{
	static const NxStyle styles[] = {
		[NX_VERDICT_NONE] = NX_STYLE_NONE,        [NX_VERDICT_PERMANENT] = NX_STYLE_RED,
		[NX_VERDICT_TRANSIENT] = NX_STYLE_YELLOW, [NX_VERDICT_BLOCKED] = NX_STYLE_MAGENTA,
		[NX_VERDICT_BENIGN] = NX_STYLE_GREEN,
	};

	return verdict < G_N_ELEMENTS (styles) ? styles[verdict] : NX_STYLE_NONE;
}

char *
nx_screen_format_codes (guint reply, NxStatus status)
{
	char buffer[NX_STATUS_STRLEN];

	nx_status_format (status, buffer);
	if (reply == 0)
		return g_strdup (*buffer == '\0' ? "-" : buffer);
	return g_strdup_printf ("%u%s%s", reply, *buffer == '\0' ? "" : " ", buffer);
}

char *
nx_screen_format_day (gint64 date)
{
	g_autofree char *full = nx_output_format_date (date);

	return *full == '\0' ? g_strdup ("no date") : g_strndup (full, strlen ("2026-11-23"));
}

char *
nx_screen_format_count (guint64 count)
{
	GString *out = g_string_new (NULL);

	g_string_printf (out, "%" G_GUINT64_FORMAT, count);
	for (gssize i = (gssize)out->len - 3; i > 0; i -= 3)
		g_string_insert_c (out, i, ',');
	return g_string_free (out, FALSE);
}

char *
nx_screen_format_bytes (guint64 bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	double value = (double)bytes / 1000;
	guint unit = 0;

	if (bytes < 1000)
		return g_strdup_printf ("%u bytes", (guint)bytes);
	while (value >= 999.95 && unit + 1 < G_N_ELEMENTS (units)) {
		value /= 1000;
		unit++;
	}
	return g_strdup_printf ("%.1f %s", value, units[unit]);
}

void
nx_screen_set_status (const char *text)
{
	fprintf (stderr, "\r%s\033[K", text);
	fflush (stderr);
	status_shown = TRUE;
}

void
nx_screen_clear_status (void)
{
	if (!status_shown)
		return;
	fputs ("\r\033[K", stderr);
	fflush (stderr);
	status_shown = FALSE;
}
