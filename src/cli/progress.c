/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * progress.c: the bar and the plain lines. See progress.h.
 *
 * The bar lies behind the text: so much of the line as is done is in reverse video. So it needs no room of its own, and
 * a terminal of 80 columns has room for all that there is to say.
 */
#include "progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "screen.h"

#define BAR_USEC (G_USEC_PER_SEC / 10)
#define PLAIN_USEC (5 * G_USEC_PER_SEC)

typedef enum {
	MODE_NONE,
	MODE_BAR,
	MODE_PLAIN,
} Mode;

struct _NxProgress {
	const NxCli *cli;
	Mode mode;
	gboolean has_escapes;
	guint64 total;
	guint64 passed;
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
	progress->has_escapes = g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
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

void
nx_progress_set_passed (NxProgress *progress, guint64 bytes)
{
	progress->passed = bytes;
}

static double
get_share (const NxProgress *progress, guint64 done_bytes)
{
	if (progress->total == 0)
		return 0;
	return MIN (1.0, (double)done_bytes / (double)progress->total);
}

/* Of what takes time. */
static double
get_read_share (const NxProgress *progress, guint64 done_bytes)
{
	guint64 passed = MIN (progress->passed, done_bytes);

	if (progress->total <= passed)
		return 0;
	return MIN (1.0, (double)(done_bytes - passed) / (double)(progress->total - passed));
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

/* How much is told: less and less until the line fits. */
typedef enum {
	FACTS_ALL,
	FACTS_SHORT,
	FACTS_NO_BYTES,
	FACTS_NO_RATE,
	N_FACTS,
} Facts;

static void
append_verdicts (GString *out, const NxTally *tally, gboolean is_short)
{
	static const char *const short_names[NX_TALLY_VERDICTS] = { "", "perm", "trans", "block", "ok" };

	for (guint verdict = NX_VERDICT_PERMANENT; verdict < NX_TALLY_VERDICTS; verdict++) {
		g_autofree char *count = nx_screen_format_count (tally->verdicts[verdict]);

		g_string_append_printf (out, "%s %s %s", verdict == NX_VERDICT_PERMANENT ? ";" : ",",
					is_short ? short_names[verdict] : nx_verdict_to_string ((NxVerdict)verdict),
					count);
	}
}

static char *
format_facts (const NxProgress *progress, const NxTally *tally, guint64 done_bytes, gint64 now, Facts facts)
{
	double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;
	double share = get_share (progress, done_bytes);
	g_autofree char *messages = nx_tally_format_number (tally->messages, facts == FACTS_ALL ? "message" : "msg");
	g_autofree char *bytes = nx_screen_format_bytes (done_bytes);
	g_autofree char *rate = nx_screen_format_count (seconds > 0 ? (guint64)((double)tally->messages / seconds) : 0);
	g_autofree char *left = format_left (get_read_share (progress, done_bytes), seconds);
	GString *out = g_string_new (NULL);

	if (progress->total > 0)
		g_string_append_printf (out, "%3d%%  ", (int)(share * 100));
	g_string_append (out, messages);
	if (facts < FACTS_NO_BYTES)
		g_string_append_printf (out, ", %s", bytes);
	if (facts < FACTS_NO_RATE)
		g_string_append_printf (out, ", %s/s", rate);
	g_string_append (out, left);
	append_verdicts (out, tally, facts != FACTS_ALL);
	return g_string_free (out, FALSE);
}

static guint
get_terminal_width (void)
{
	struct winsize size = { 0 };

	if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		return size.ws_col;
	return nx_screen_get_width ();
}

/* @text: ASCII: octets are columns. */
static void
draw_text (const NxProgress *progress, const char *text, guint width, double share)
{
	guint done = (guint)(share * width);
	g_autofree char *cut = nx_screen_cut (text, width);
	g_autofree char *padded = NULL;
	g_autofree char *line = NULL;

	if (!progress->has_escapes || done == 0) {
		nx_screen_set_status (cut);
		return;
	}
	padded = nx_screen_pad (cut, done);
	line = g_strdup_printf ("\033[7m%.*s\033[0m%s", (int)done, padded, padded + done);
	nx_screen_set_status (line);
}

static void
draw_bar (const NxProgress *progress, const NxTally *tally, guint64 done_bytes, gint64 now)
{
	/* One column less: a full line would make some terminals scroll. */
	guint width = get_terminal_width () - 1;
	g_autofree char *text = NULL;

	for (guint facts = FACTS_ALL; facts < N_FACTS && (text == NULL || strlen (text) > width); facts++) {
		g_free (text);
		text = format_facts (progress, tally, done_bytes, now, (Facts)facts);
	}
	draw_text (progress, text, width, get_share (progress, done_bytes));
}

static void
show (NxProgress *progress, const NxTally *tally, guint64 done_bytes, gint64 now)
{
	g_autofree char *facts = NULL;

	progress->drawn = now;
	if (progress->mode == MODE_BAR) {
		draw_bar (progress, tally, done_bytes, now);
		return;
	}
	facts = format_facts (progress, tally, done_bytes, now, FACTS_ALL);
	nx_main_say (progress->cli, "%s", facts);
}

static gboolean
is_time (const NxProgress *progress, gint64 now)
{
	return now - progress->drawn >= (progress->mode == MODE_BAR ? BAR_USEC : PLAIN_USEC);
}

void
nx_progress_count (NxProgress *progress, guint64 done, guint64 total, const char *noun)
{
	gint64 now = progress->mode == MODE_NONE ? 0 : g_get_monotonic_time ();
	double share = total == 0 ? 0 : MIN (1.0, (double)done / (double)total);
	g_autofree char *left = NULL;
	g_autofree char *done_text = NULL;
	g_autofree char *total_text = NULL;
	g_autofree char *text = NULL;

	if (progress->mode == MODE_NONE || !is_time (progress, now))
		return;
	progress->drawn = now;
	left = format_left (share, (double)(now - progress->started) / G_USEC_PER_SEC);
	done_text = nx_screen_format_count (done);
	total_text = nx_screen_format_count (total);
	text = g_strdup_printf ("%3d%%  %s of %s %s%s", (int)(share * 100), done_text, total_text, noun, left);
	if (progress->mode == MODE_BAR)
		draw_text (progress, text, get_terminal_width () - 1, share);
	else
		nx_main_say (progress->cli, "%s", text);
}

void
nx_progress_update (NxProgress *progress, const NxTally *tally, guint64 done_bytes)
{
	gint64 now = 0;

	if (progress->mode == MODE_NONE)
		return;
	now = g_get_monotonic_time ();
	if (is_time (progress, now))
		show (progress, tally, done_bytes, now);
}

void
nx_progress_finish (NxProgress *progress, const NxTally *tally, guint64 done_bytes)
{
	if (progress->mode == MODE_PLAIN)
		show (progress, tally, done_bytes, g_get_monotonic_time ());
	nx_screen_clear_status ();
}
