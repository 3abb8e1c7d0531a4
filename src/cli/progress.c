/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * progress.c: the bar and the plain lines. See progress.h.
 */
#include "progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "screen.h"

#define BAR_USEC (G_USEC_PER_SEC / 10)
#define PLAIN_USEC (5 * G_USEC_PER_SEC)
#define BAR_CELLS 20
#define BAR_MIN_WIDTH 60

typedef enum {
	MODE_NONE,
	MODE_BAR,
	MODE_PLAIN,
} Mode;

struct _NxProgress {
	const NxCli *cli;
	Mode mode;
	guint64 total;
	gint64 started;
	gint64 drawn;
};

static gboolean
parse_mode (const char *text, Mode *mode_out)
{
	if (text == NULL || strcmp (text, "auto") == 0)
		*mode_out = isatty (STDERR_FILENO) ? MODE_BAR : MODE_NONE;
	else if (strcmp (text, "bar") == 0)
		*mode_out = MODE_BAR;
	else if (strcmp (text, "plain") == 0)
		*mode_out = MODE_PLAIN;
	else if (strcmp (text, "none") == 0)
		*mode_out = MODE_NONE;
	else
		return FALSE;
	return TRUE;
}

NxProgress *
nx_progress_new (const NxCli *cli, const char *mode, GError **error)
{
	g_autoptr (NxProgress) progress = g_new0 (NxProgress, 1);

	if (!parse_mode (mode, &progress->mode)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--progress wants auto, bar, plain or none, not \"%s\"",
			     mode);
		return NULL;
	}
	if (cli->quiet)
		progress->mode = MODE_NONE;
	progress->cli = cli;
	progress->started = g_get_monotonic_time ();
	progress->drawn = progress->started;
	return g_steal_pointer (&progress);
}

void
nx_progress_free (NxProgress *progress)
{
	nx_screen_clear_status ();
	g_free (progress);
}

gboolean
nx_progress_is_shown (const NxProgress *progress)
{
	return progress->mode != MODE_NONE;
}

void
nx_progress_set_total (NxProgress *progress, guint64 bytes)
{
	progress->total = bytes;
}

static double
get_share (const NxProgress *progress, guint64 done_bytes)
{
	if (progress->total == 0)
		return 0;
	return MIN (1.0, (double)done_bytes / (double)progress->total);
}

/* "3:05 left", "1:02:03 left"; "" when that cannot be told. */
static char *
format_left (double share, double seconds)
{
	guint64 left = 0;

	if (share < 0.01 || seconds < 0.5)
		return g_strdup ("");
	left = (guint64)(seconds * (1 - share) / share + 0.5);
	if (left >= 3600)
		return g_strdup_printf (", %u:%02u:%02u left", (guint)(left / 3600), (guint)(left / 60 % 60),
					(guint)(left % 60));
	return g_strdup_printf (", %u:%02u left", (guint)(left / 60), (guint)(left % 60));
}

static char *
format_facts (const NxProgress *progress, const NxTally *tally, guint64 done_bytes, gint64 now)
{
	double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;
	double share = get_share (progress, done_bytes);
	g_autofree char *messages = nx_tally_format_number (tally->messages, "message");
	g_autofree char *bytes = nx_screen_format_bytes (done_bytes);
	g_autofree char *rate = nx_screen_format_count (seconds > 0 ? (guint64)((double)tally->messages / seconds) : 0);
	g_autofree char *left = format_left (share, seconds);
	GString *out = g_string_new (NULL);

	if (progress->total > 0)
		g_string_append_printf (out, "%3d%%  ", (int)(share * 100));
	g_string_append_printf (out, "%s, %s, %s/s%s;", messages, bytes, rate, left);
	for (guint verdict = NX_VERDICT_PERMANENT; verdict < NX_TALLY_VERDICTS; verdict++) {
		g_autofree char *count = nx_screen_format_count (tally->verdicts[verdict]);

		g_string_append_printf (out, "%s %s %s", verdict == NX_VERDICT_PERMANENT ? "" : ",",
					nx_verdict_to_string ((NxVerdict)verdict), count);
	}
	return g_string_free (out, FALSE);
}

static guint
get_terminal_width (void)
{
	struct winsize size = { 0 };

	if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return nx_screen_get_width ();
}

static void
draw_bar (const NxProgress *progress, const char *facts, double share)
{
	guint width = get_terminal_width ();
	char bar[BAR_CELLS + 1];
	guint full = (guint)(share * BAR_CELLS);
	g_autofree char *line = NULL;
	g_autofree char *cut = NULL;

	memset (bar, '.', BAR_CELLS);
	memset (bar, '#', full);
	bar[BAR_CELLS] = '\0';
	if (progress->total > 0 && width >= BAR_MIN_WIDTH)
		line = g_strdup_printf ("[%s] %s", bar, facts);
	else
		line = g_strdup (facts);
	/* One column less: a full line would make some terminals scroll. */
	cut = nx_screen_cut (line, width - 1);
	nx_screen_set_status (cut);
}

static void
show (NxProgress *progress, const NxTally *tally, guint64 done_bytes, gint64 now)
{
	g_autofree char *facts = format_facts (progress, tally, done_bytes, now);

	progress->drawn = now;
	if (progress->mode == MODE_BAR)
		draw_bar (progress, facts, get_share (progress, done_bytes));
	else
		nx_main_say (progress->cli, "%s", facts);
}

void
nx_progress_update (NxProgress *progress, const NxTally *tally, guint64 done_bytes)
{
	gint64 now = 0;

	if (progress->mode == MODE_NONE)
		return;
	now = g_get_monotonic_time ();
	if (now - progress->drawn >= (progress->mode == MODE_BAR ? BAR_USEC : PLAIN_USEC))
		show (progress, tally, done_bytes, now);
}

void
nx_progress_finish (NxProgress *progress, const NxTally *tally, guint64 done_bytes)
{
	if (progress->mode == MODE_PLAIN)
		show (progress, tally, done_bytes, g_get_monotonic_time ());
	nx_screen_clear_status ();
}
