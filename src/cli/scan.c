/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan.c: nixie scan: archives to the database.
 *
 * Messages are read and judged first, then a batch of them is recorded in one short transaction together with how far
 * the run came, so that deliveries at the same time wait for milliseconds only. Killed at any instant, the same command
 * goes on: a report that is known is passed over. It writes, moves and deletes nothing of what it reads.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "ask.h"
#include "caps.h"
#include "cli.h"
#include "progress.h"
#include "screen.h"
#include "setup.h"
#include "tally.h"

#define LABEL_WIDTH 11
#define SIGNAL_STATUS 128

/* How many subscribers there are, over all lists. */
typedef struct {
	gint64 active;
	gint64 suspended;
	gint64 removed;
	gint64 incidents;
	guint lists;
	guint proposals;
} Standing;

typedef struct {
	GPtrArray *events;
	gint64 fallback_date;
} Pending;

/*
 * @store: NULL with --dry-run. @pending: reports that are read but not recorded. @file, @offset: the last message read.
 * @read_bytes: of the sources that are done.
 */
typedef struct {
	NxCli *cli;
	NxPipeline *pipeline;
	NxStore *store;
	NxProgress *progress;
	NxTally tally;
	GArray *pending;
	guint pending_messages;
	guint pending_events;
	gint64 batch_began;
	char *file;
	guint64 offset;
	guint64 read_bytes;
	gint64 run;
	gint64 began;
} Scan;

static gboolean dry_run;
static char *progress_mode;
static volatile sig_atomic_t caught_signal;

static const GOptionEntry options[] = {
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "read and count, record nothing", NULL },
	{ "progress", 0, 0, G_OPTION_ARG_FILENAME, &progress_mode, "auto, bar, plain or none (default auto)", "HOW" },
	G_OPTION_ENTRY_NULL,
};

static void
catch_signal (int number)
{
	caught_signal = number;
}

/* The second one ends the program at once: the first may wait for a message that never comes. */
static void
install_handlers (void)
{
	struct sigaction action = { .sa_handler = catch_signal, .sa_flags = (int)SA_RESETHAND };

	sigemptyset (&action.sa_mask);
	sigaction (SIGINT, &action, NULL);
	sigaction (SIGTERM, &action, NULL);
}

static gint64
get_now (void)
{
	return g_get_real_time () / G_USEC_PER_SEC;
}

static void
clear_pending (gpointer data)
{
	g_ptr_array_unref (((Pending *)data)->events);
}

static gboolean
write_batch (Scan *scan, gint64 finished, guint *added_out, GError **error)
{
	const char *list = nx_setup_get_list (scan->cli);
	guint sum = 0;

	for (guint i = 0; i < scan->pending->len; i++) {
		Pending *pending = &g_array_index (scan->pending, Pending, i);
		guint added = 0;

		if (!nx_store_record (scan->store, pending->events, list, pending->fallback_date, &added, error))
			return FALSE;
		sum += added;
	}
	*added_out = sum;
	return nx_store_update_run (scan->store, scan->run, scan->file, scan->offset, scan->tally.messages,
				    scan->tally.events, finished, error);
}

static gboolean
commit_batch (Scan *scan, gint64 finished, GError **error)
{
	guint added = 0;

	if (scan->store != NULL) {
		if (!nx_store_begin (scan->store, error))
			return FALSE;
		if (!write_batch (scan, finished, &added, error)) {
			nx_store_rollback (scan->store);
			return FALSE;
		}
		if (!nx_store_commit (scan->store, error))
			return FALSE;
	}
	scan->tally.added += added;
	g_array_set_size (scan->pending, 0);
	scan->pending_messages = 0;
	scan->pending_events = 0;
	scan->batch_began = g_get_monotonic_time ();
	return TRUE;
}

static gboolean
is_batch_full (const Scan *scan)
{
	return scan->pending_messages >= NX_CLI_BATCH_MESSAGES || scan->pending_events >= NX_CLI_BATCH_EVENTS ||
	       g_get_monotonic_time () - scan->batch_began >= NX_CLI_BATCH_USEC;
}

/* A report without any date: the file's time, so that reading the archive again elsewhere gives the same. */
static gint64
get_fallback_date (const NxRawMessage *raw, gint64 now)
{
	if (raw->envelope_date != 0 && raw->envelope_date <= now)
		return raw->envelope_date;
	return raw->modified != 0 ? MIN (raw->modified, now) : now;
}

static gboolean
read_message (Scan *scan, const NxRawMessage *raw, GError **error)
{
	Pending pending = { .events = nx_pipeline_read (scan->pipeline, raw, NULL) };
	guint64 events = scan->tally.events;
	gint64 now = get_now ();
	gboolean taken = FALSE;

	/* A folder of mails that could not be delivered at first may hold answers too. */
	if (scan->store != NULL &&
	    !nx_ask_take_answer (scan->cli, scan->store, raw, NULL, pending.events, &taken, error)) {
		g_ptr_array_unref (pending.events);
		return FALSE;
	}
	nx_tally_add (&scan->tally, pending.events, raw->length);
	scan->pending_messages++;
	if (g_strcmp0 (scan->file, raw->file) != 0) {
		g_free (scan->file);
		scan->file = g_strdup (raw->file);
	}
	scan->offset = raw->offset;
	if (scan->tally.events == events || scan->store == NULL) {
		g_ptr_array_unref (pending.events);
	} else {
		nx_setup_drop_future_dates (pending.events, now);
		pending.fallback_date = get_fallback_date (raw, now);
		scan->pending_events += pending.events->len;
		g_array_append_val (scan->pending, pending);
	}
	return !is_batch_full (scan) || commit_batch (scan, 0, error);
}

static void
report_unreadable (Scan *scan, const GError *error)
{
	scan->tally.unreadable++;
	nx_main_warn (scan->cli, error);
}

/* An input that cannot be read is reported, and the others go on; FALSE is for what ends the run. */
static gboolean
scan_path (Scan *scan, const char *path, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autoptr (NxSource) source = nx_source_open (path, &local);
	const NxRawMessage *raw = NULL;

	if (source == NULL) {
		report_unreadable (scan, local);
		return TRUE;
	}
	while (caught_signal == 0) {
		if (!nx_source_next (source, &raw, &local)) {
			report_unreadable (scan, local);
			g_clear_error (&local);
			continue;
		}
		if (raw == NULL)
			break;
		if (!read_message (scan, raw, error))
			return FALSE;
		nx_progress_update (scan->progress, &scan->tally, scan->read_bytes + nx_source_get_done_bytes (source));
	}
	scan->read_bytes += nx_source_get_done_bytes (source);
	return TRUE;
}

/* The sources are opened once more for this, one at a time: there may be more of them than open files allowed. */
static guint64
sum_totals (char **paths)
{
	guint64 sum = 0;

	for (; *paths != NULL; paths++) {
		g_autoptr (NxSource) source = NULL;
		guint64 total = 0;
		struct stat info = { 0 };

		if (stat (*paths, &info) == 0 && S_ISREG (info.st_mode)) {
			sum += (guint64)info.st_size;
			continue;
		}
		if (strcmp (*paths, "-") == 0)
			return 0;
		source = nx_source_open (*paths, NULL);
		total = source == NULL ? 0 : nx_source_get_total_bytes (source);
		if (source != NULL && total == 0 && !S_ISDIR (info.st_mode))
			return 0;
		sum += total;
	}
	return sum;
}

static gboolean
get_standing (NxStore *store, Standing *standing, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);
	g_autoptr (GPtrArray) proposals =
		lists == NULL ? NULL : nx_store_list_proposals (store, NULL, NULL, NULL, error);
	g_autoptr (GPtrArray) incidents = NULL;

	if (lists == NULL || proposals == NULL)
		return FALSE;
	incidents = nx_store_list_incidents (store, NULL, error);
	if (incidents == NULL)
		return FALSE;
	*standing = (Standing){ .lists = lists->len, .incidents = incidents->len };
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		standing->active += list->active;
		standing->suspended += list->suspended;
		standing->removed += list->removed;
	}
	for (guint i = 0; i < proposals->len; i++) {
		const NxProposal *proposal = g_ptr_array_index (proposals, i);

		if (strcmp (proposal->state, "open") == 0)
			standing->proposals++;
	}
	return TRUE;
}

/* " (+3)", or "" when nothing changed. */
static char *
format_change (gint64 before, gint64 after)
{
	if (before == after)
		return g_strdup ("");
	return g_strdup_printf (" (%+" G_GINT64_FORMAT ")", after - before);
}

static void
print_counts (const Scan *scan)
{
	double seconds = (double)(g_get_monotonic_time () - scan->began) / G_USEC_PER_SEC;
	g_autofree char *messages = nx_tally_format_messages (&scan->tally);
	g_autofree char *bytes = nx_screen_format_bytes (scan->read_bytes);
	g_autofree char *events = nx_tally_format_number (scan->tally.events, "event");
	g_autofree char *added = nx_screen_format_count (scan->tally.added);
	g_autofree char *known = nx_screen_format_count (scan->tally.events - scan->tally.added);

	nx_screen_print ("Read %s; %s in %.1f s.\n\n", messages, bytes, seconds);
	if (scan->store == NULL)
		nx_screen_print ("%s; nothing was recorded (--dry-run)\n", events);
	else
		nx_screen_print ("%s: %s new, %s known before\n", events, added, known);
	nx_tally_print_verdicts (&scan->tally);
}

static void
print_row (const char *label, const char *text)
{
	g_autofree char *cell = nx_screen_pad (label, LABEL_WIDTH);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, cell);

	nx_screen_print ("%s  %s\n", painted, text);
}

static void
print_standing (const Standing *before, const Standing *after)
{
	g_autofree char *active = nx_screen_format_count ((guint64)after->active);
	g_autofree char *suspended = nx_screen_format_count ((guint64)after->suspended);
	g_autofree char *removed = nx_screen_format_count ((guint64)after->removed);
	g_autofree char *change = format_change (before->suspended, after->suspended);
	g_autofree char *subscribers =
		g_strdup_printf ("%s active, %s suspended%s, %s removed", active, suspended, change, removed);
	g_autofree char *proposals = nx_tally_format_number (after->proposals, "proposal");
	g_autofree char *more = format_change (before->proposals, after->proposals);
	g_autofree char *forwarding = g_strdup_printf ("%s open%s", proposals, more);

	print_row ("Subscribers", subscribers);
	print_row ("Forwarding", forwarding);
	if (after->incidents > 0) {
		g_autofree char *found = format_change (before->incidents, after->incidents);
		g_autofree char *incidents = g_strdup_printf ("%" G_GINT64_FORMAT "%s", after->incidents, found);

		print_row ("Incidents", incidents);
	}
}

static void
print_next (const Standing *standing)
{
	if (standing->lists == 0) {
		print_row ("Next", "nixie list add NAME, nixie subscriber import FILE, and scan again:");
		print_row ("", "no list is known yet, so the events are nobody's");
		return;
	}
	print_row ("Next", "nixie why ADDRESS    what was held against a subscriber");
	if (standing->proposals > 0)
		print_row ("", "nixie forward list   the new addresses that were offered");
	if (standing->incidents > 0)
		print_row ("", "nixie incident       when many failed alike: that does not count");
}

static gboolean
print_summary (const Scan *scan, const Standing *before, GError **error)
{
	g_autofree char *database = nx_setup_get_database (scan->cli);
	g_autofree char *safe = nx_output_escape_terminal (database);
	Standing after = { 0 };

	if (scan->store != NULL && !get_standing (scan->store, &after, error))
		return FALSE;
	if (scan->cli->quiet)
		return TRUE;
	print_counts (scan);
	if (scan->tally.unreadable > 0 || scan->store != NULL)
		nx_screen_print ("\n");
	if (scan->tally.unreadable > 0) {
		g_autofree char *unreadable = nx_screen_format_count (scan->tally.unreadable);

		print_row ("Unreadable", unreadable);
	}
	if (scan->store != NULL) {
		print_standing (before, &after);
		print_row ("Database", safe);
		print_next (&after);
	}
	return nx_screen_flush (error);
}

static gboolean
scan_paths (Scan *scan, char **paths, GError **error)
{
	for (; *paths != NULL && caught_signal == 0; paths++) {
		if (!scan_path (scan, *paths, error))
			return FALSE;
	}
	/* Incidents are looked for once, at the end: an archive need not be in the order of time. */
	if (scan->store != NULL)
		nx_store_set_settling (scan->store, TRUE);
	return commit_batch (scan, caught_signal == 0 ? get_now () : 0, error);
}

/* Also when a batch could not be written: those before it are. */
static void
explain_stop (const Scan *scan)
{
	if (scan->store == NULL)
		return;
	nx_main_say (scan->cli, "%s; run the same command again to go on, what is known is passed over",
		     caught_signal != 0 ? "stopped; what was read is recorded"
					: "stopped; the batches before this one are recorded");
}

static gboolean
defer_settling (const Scan *scan)
{
	nx_store_set_settling (scan->store, FALSE);
	return TRUE;
}

static gboolean
start (Scan *scan, char **paths, Standing *before, GError **error)
{
	g_autofree char *joined = g_strjoinv (" ", paths);
	g_autofree char *command = g_strdup_printf ("scan %s", joined);
	g_autofree char *valid = g_utf8_make_valid (command, -1);

	scan->pipeline = nx_setup_new_pipeline (scan->cli, error);
	/* An archive's mails came in when they say, not today. */
	if (scan->pipeline == NULL || !nx_setup_add_keys (scan->cli, scan->pipeline, NULL, 0, error))
		return FALSE;
	if (dry_run)
		return TRUE;
	scan->store = nx_setup_open_store (scan->cli, NX_STORE_CREATE, error);
	return scan->store != NULL && nx_setup_check_list (scan->store, nx_setup_get_list (scan->cli), error) &&
	       get_standing (scan->store, before, error) &&
	       nx_store_start_run (scan->store, valid, get_now (), &scan->run, error) && defer_settling (scan);
}

static gboolean
run_scan (Scan *scan, char **paths, GError **error)
{
	Standing before = { 0 };
	gboolean done = FALSE;

	install_handlers ();
	if (!start (scan, paths, &before, error))
		return FALSE;
	if (nx_progress_is_shown (scan->progress))
		nx_progress_set_total (scan->progress, sum_totals (paths));
	scan->began = scan->batch_began = g_get_monotonic_time ();
	done = scan_paths (scan, paths, error);
	nx_progress_finish (scan->progress, &scan->tally, scan->read_bytes);
	if (!done || caught_signal != 0)
		explain_stop (scan);
	if (caught_signal != 0)
		scan->cli->status = SIGNAL_STATUS + caught_signal;
	return done && print_summary (scan, &before, error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	Scan scan = { .cli = cli };
	gboolean done = FALSE;

	if (argc == 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "a PATH is missing: a file, an mbox, a Maildir, a folder or an archive; \"-\" is stdin");
		return FALSE;
	}
	scan.progress = nx_progress_new (cli, progress_mode, error);
	if (scan.progress == NULL)
		return FALSE;
	scan.pending = g_array_new (FALSE, FALSE, sizeof (Pending));
	g_array_set_clear_func (scan.pending, clear_pending);
	done = run_scan (&scan, argv, error);
	g_array_unref (scan.pending);
	g_free (scan.file);
	nx_progress_free (scan.progress);
	nx_pipeline_free (scan.pipeline);
	nx_store_free (scan.store);
	g_clear_pointer (&progress_mode, g_free);
	return done;
}

const NxCommand nx_command_scan = {
	.name = "scan",
	.summary = "archives to the database, with a summary",
	.usage = "scan [--dry-run] [--progress=HOW] PATH...",
	.about = "Reads every message of the PATHs and records what the reports among them say.\n"
		 "A PATH is a file with one message, an mbox, a Maildir or a folder of them; \"-\" is\n"
		 "stdin. All of them may be compressed (gzip, bzip2, xz, zstd) or lie in a tar or zip\n"
		 "archive, whatever their names. Nothing is moved or deleted there. The database is\n"
		 "made when it is not there yet.\n"
		 "\n"
		 "What is in the database already is passed over, so an archive may be scanned as\n"
		 "often as one likes, and a scan that was ended goes on when it is started again.\n"
		 "An input that cannot be read is reported, and the others go on.\n",
	.examples = "nixie scan ~/Maildir/.bounces\n"
		    "nixie scan --list news bounces-2026.tar.gz",
	.statuses = "  0  all was read and recorded\n"
		    " 66  some input could not be read; the others are recorded\n"
		    " 73  the database cannot be opened or written\n"
		    " 75  the database was locked for too long; start again\n"
		    " 78  the configuration or a rules file is wrong\n"
		    "130  ended by SIGINT, 143 by SIGTERM; what was read is recorded",
	.options = options,
	.run = run,
};
