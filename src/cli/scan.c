/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan.c: nixie scan: archives to the database.
 *
 * Messages are read and judged first (feed.h), then a batch of them is recorded in one short transaction together with
 * how far the files were read, so that deliveries at the same time wait for milliseconds only. Killed at any instant,
 * the same command goes on behind the last batch. What is read twice all the same is known, and changes nothing. It
 * writes and deletes nothing of what it reads, and moves it with --move-to only, once it is recorded.
 */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "ask.h"
#include "caps.h"
#include "cli.h"
#include "feed.h"
#include "intake.h"
#include "maildir.h"
#include "moment.h"
#include "progress.h"
#include "scan-summary.h"
#include "screen.h"
#include "setup.h"
#include "tally.h"

#define SIGNAL_STATUS 128

typedef struct {
	GPtrArray *events;
	gint64 fallback_date;
} Pending;

/* How far a file was read. */
typedef struct {
	char *bookmark;
	NxSourcePosition position;
} Mark;

/* A message that is done with. */
typedef struct {
	char *file;
	char *bookmark;
} Mail;

/**
 * Scan: @store: NULL with --dry-run. @pending: reports that are read but not recorded. @marks: how far that is. @mail:
 * the message of a Maildir that was read last; @mails: those before it, which go away when they are recorded; @gone:
 * bookmarks of those that went. @file, @offset: the last message read.
 */
typedef struct {
	NxCli *cli;
	NxPipeline *pipeline;
	NxStore *store;
	NxMaildir *maildir;
	NxProgress *progress;
	NxTally tally;
	GArray *pending;
	GArray *marks;
	GArray *mails;
	GPtrArray *gone;
	Mail mail;
	char *terms;
	char *file;
	guint64 offset;
	guint64 done_bytes;
	guint64 passed_bytes;
	guint64 moved;
	gint64 since;
	gint64 until;
	gint64 batch_began;
	gint64 run;
	gint64 began;
	guint pending_messages;
	guint pending_events;
} Scan;

static gboolean dry_run;
static gboolean again;
static char *progress_mode;
static char *move_to;
static char *since_text;
static char *until_text;
static int jobs;
static volatile sig_atomic_t caught_signal;

static const GOptionEntry options[] = {
	{ "again", 0, 0, G_OPTION_ARG_NONE, &again, "from the beginning, also what scans have read before", NULL },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "read and count, record nothing", NULL },
	{ "jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "so many threads (default: one a processor, at most 8)", "N" },
	{ "move-to", 0, 0, G_OPTION_ARG_FILENAME, &move_to, "a Maildir that mails go to when they are recorded",
	  "FOLDER" },
	{ "progress", 0, 0, G_OPTION_ARG_FILENAME, &progress_mode, "auto, bar, plain or none (default auto)", "HOW" },
	{ "since", 0, 0, G_OPTION_ARG_STRING, &since_text, "no reports of before that time", "TIME" },
	{ "until", 0, 0, G_OPTION_ARG_STRING, &until_text, "no reports of after that time", "TIME" },
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

static void
clear_mark (gpointer data)
{
	Mark *mark = data;

	g_free (mark->bookmark);
	g_free ((char *)(guintptr)mark->position.path);
	g_free ((char *)(guintptr)mark->position.member);
	g_free ((char *)(guintptr)mark->position.identity);
}

static void
clear_mail (gpointer data)
{
	Mail *mail = data;

	g_clear_pointer (&mail->file, g_free);
	g_clear_pointer (&mail->bookmark, g_free);
}

/* ---- recording ---- */

static gboolean
write_marks (Scan *scan, GError **error)
{
	for (guint i = 0; i < scan->marks->len; i++) {
		const Mark *mark = &g_array_index (scan->marks, Mark, i);

		if (!nx_store_set_bookmark (scan->store, mark->bookmark, scan->terms, &mark->position, error))
			return FALSE;
	}
	for (guint i = 0; i < scan->gone->len; i++) {
		if (!nx_store_drop_bookmark (scan->store, g_ptr_array_index (scan->gone, i), error))
			return FALSE;
	}
	return TRUE;
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
	return write_marks (scan, error) &&
	       nx_store_update_run (scan->store, scan->run, scan->file, scan->offset, scan->tally.messages,
				    scan->tally.events, finished, error);
}

/* One that cannot be moved stays where it is, and is known. */
static void
move_mails (Scan *scan)
{
	for (guint i = 0; i < scan->mails->len; i++) {
		Mail *mail = &g_array_index (scan->mails, Mail, i);
		g_autoptr (GError) local = NULL;

		if (nx_maildir_take (scan->maildir, mail->file, &local)) {
			g_ptr_array_add (scan->gone, g_steal_pointer (&mail->bookmark));
			scan->moved++;
		} else {
			nx_main_warn (scan->cli, local);
		}
	}
	g_array_set_size (scan->mails, 0);
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
	g_array_set_size (scan->marks, 0);
	g_ptr_array_set_size (scan->gone, 0);
	scan->pending_messages = 0;
	scan->pending_events = 0;
	scan->batch_began = g_get_monotonic_time ();
	move_mails (scan);
	return TRUE;
}

static gboolean
is_batch_full (const Scan *scan)
{
	return scan->pending_messages >= NX_CLI_BATCH_MESSAGES || scan->pending_events >= NX_CLI_BATCH_EVENTS ||
	       g_get_monotonic_time () - scan->batch_began >= NX_CLI_BATCH_USEC;
}

/* ---- taking messages ---- */

/* A report without any date: the file's time, so that reading the archive again elsewhere gives the same. */
static gint64
get_fallback_date (const NxRawMessage *raw, gint64 now)
{
	if (raw->envelope_date != 0 && raw->envelope_date <= now)
		return raw->envelope_date;
	return raw->modified != 0 ? MIN (raw->modified, now) : now;
}

static gboolean
is_outside (const Scan *scan, const NxEvent *event, gint64 fallback_date)
{
	gint64 date = event->date != 0 ? event->date : fallback_date;

	return event->kind != NX_KIND_NONE &&
	       ((since_text != NULL && date < scan->since) || (until_text != NULL && date > scan->until));
}

static void
count_message (Scan *scan, const NxPiece *piece, gint64 fallback_date)
{
	gboolean report = nx_intake_is_report (piece->events);

	for (guint i = piece->events->len; i-- > 0;) {
		if (!is_outside (scan, g_ptr_array_index (piece->events, i), fallback_date))
			continue;
		g_ptr_array_remove_index (piece->events, i);
		scan->tally.outside++;
	}
	nx_tally_add (&scan->tally, piece->events, piece->raw.length);
	if (report && !nx_intake_is_report (piece->events))
		scan->tally.reports++;
}

static void
mark_file (Scan *scan, NxPiece *piece)
{
	Mark mark = { .bookmark = g_steal_pointer (&piece->bookmark), .position = piece->position };
	const Mark *last = scan->marks->len == 0 ? NULL : &g_array_index (scan->marks, Mark, scan->marks->len - 1);

	piece->position = (NxSourcePosition){ 0 };
	if (last != NULL && strcmp (last->bookmark, mark.bookmark) == 0)
		g_array_set_size (scan->marks, scan->marks->len - 1);
	g_array_append_val (scan->marks, mark);
}

/* That the next file is there shows that the one before was read to its end. */
static void
leave_mail (Scan *scan)
{
	if (scan->mail.file != NULL)
		g_array_append_val (scan->mails, scan->mail);
	scan->mail = (Mail){ 0 };
}

static void
note_mail (Scan *scan, const NxPiece *piece)
{
	if (scan->mail.file != NULL && g_strcmp0 (scan->mail.bookmark, piece->bookmark) == 0)
		return;
	leave_mail (scan);
	if (!piece->in_maildir || piece->bookmark == NULL)
		return;
	scan->mail.file = g_strdup (piece->position.path);
	scan->mail.bookmark = g_strdup (piece->bookmark);
}

/* A folder of mails that could not be delivered at first may hold answers too. What was read before comes first. */
static gboolean
take_answer (Scan *scan, const NxPiece *piece, GError **error)
{
	gboolean taken = FALSE;

	return scan->store == NULL || !piece->has_token ||
	       (commit_batch (scan, 0, error) &&
		nx_ask_take_answer (scan->cli, scan->store, &piece->raw, NULL, piece->events, &taken, error));
}

static gboolean
take_message (Scan *scan, NxPiece *piece, GError **error)
{
	gint64 now = get_now ();
	Pending pending = { .fallback_date = get_fallback_date (&piece->raw, now) };

	if (scan->maildir != NULL)
		note_mail (scan, piece);
	if (!take_answer (scan, piece, error))
		return FALSE;
	nx_setup_drop_future_dates (piece->events, now);
	count_message (scan, piece, pending.fallback_date);
	scan->pending_messages++;
	if (g_strcmp0 (scan->file, piece->raw.file) != 0) {
		g_free (scan->file);
		scan->file = g_strdup (piece->raw.file);
	}
	scan->offset = piece->raw.offset;
	if (scan->store != NULL && piece->bookmark != NULL)
		mark_file (scan, piece);
	if (scan->store != NULL && nx_intake_is_report (piece->events)) {
		pending.events = g_steal_pointer (&piece->events);
		scan->pending_events += pending.events->len;
		g_array_append_val (scan->pending, pending);
	}
	return !is_batch_full (scan) || commit_batch (scan, 0, error);
}

/* An input that cannot be read is reported, and the others go on; FALSE is for what ends the run. */
static gboolean
take_piece (Scan *scan, NxPiece *piece, GError **error)
{
	scan->done_bytes = piece->done_bytes;
	scan->passed_bytes = piece->passed_bytes;
	nx_progress_set_passed (scan->progress, piece->passed_bytes);
	if (piece->error == NULL)
		return take_message (scan, piece, error);
	/* What is behind the last message of its file is not known. */
	clear_mail (&scan->mail);
	scan->tally.unreadable++;
	nx_main_warn (scan->cli, piece->error);
	return TRUE;
}

static gboolean
take_all (Scan *scan, NxFeed *feed, GError **error)
{
	while (caught_signal == 0) {
		g_autoptr (NxPiece) piece = NULL;
		NxFeedResult result = nx_feed_next (feed, &piece);

		if (result == NX_FEED_END)
			break;
		if (result == NX_FEED_PIECE && !take_piece (scan, piece, error))
			return FALSE;
		if (result == NX_FEED_WAITING && scan->pending_messages > 0 && is_batch_full (scan) &&
		    !commit_batch (scan, 0, error))
			return FALSE;
		nx_progress_update (scan->progress, &scan->tally, scan->done_bytes);
	}
	if (caught_signal == 0)
		leave_mail (scan);
	/* Incidents are looked for once, at the end: an archive need not be in the order of time. */
	if (scan->store != NULL)
		nx_store_set_settling (scan->store, TRUE);
	return commit_batch (scan, caught_signal == 0 ? get_now () : 0, error);
}

/* ---- the run ---- */

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

/* What else than the files decides what is recorded: when it changes, they are read again. Lists that are new, or have
 * subscribers for the first time, may be what old reports are about. */
static char *
format_terms (const Scan *scan, const NxStandings *standings)
{
	const char *list = nx_setup_get_list (scan->cli);
	GString *out = g_string_new (NULL);

	g_string_append_printf (out, "lists=%u subscribed=%u", standings->lists, standings->filled);
	if (list != NULL)
		g_string_append_printf (out, " list=%s", list);
	if (since_text != NULL)
		g_string_append_printf (out, " since=%" G_GINT64_FORMAT, scan->since);
	if (until_text != NULL)
		g_string_append_printf (out, " until=%" G_GINT64_FORMAT, scan->until);
	return g_string_free (out, FALSE);
}

static gboolean
start_recording (Scan *scan, char **paths, NxStandings *before, GError **error)
{
	g_autofree char *joined = g_strjoinv (" ", paths);
	g_autofree char *command = g_strdup_printf ("scan %s", joined);
	g_autofree char *valid = g_utf8_make_valid (command, -1);

	scan->store = nx_setup_open_store (scan->cli, NX_STORE_CREATE, error);
	if (scan->store == NULL || !nx_setup_check_list (scan->store, nx_setup_get_list (scan->cli), error) ||
	    !nx_standings_read (scan->store, before, error))
		return FALSE;
	if (move_to != NULL) {
		scan->maildir = nx_maildir_new (move_to, paths, error);
		if (scan->maildir == NULL)
			return FALSE;
	}
	scan->terms = format_terms (scan, before);
	if (!nx_store_start_run (scan->store, valid, get_now (), &scan->run, error))
		return FALSE;
	nx_store_set_settling (scan->store, FALSE);
	return TRUE;
}

static gboolean
start (Scan *scan, char **paths, NxStandings *before, GError **error)
{
	scan->pipeline = nx_setup_new_pipeline (scan->cli, error);
	/* An archive's mails came in when they say, not today. */
	return scan->pipeline != NULL && nx_setup_add_keys (scan->cli, scan->pipeline, NULL, 0, error) &&
	       (dry_run || start_recording (scan, paths, before, error));
}

static NxSplitter *
open_splitter (const Scan *scan, char **paths, GError **error)
{
	g_autofree char *database = nx_setup_get_database (scan->cli);
	NxSplitterTerms terms = { .paths = paths, .terms = scan->terms, .maildir = scan->maildir, .again = again };

	terms.database = scan->store == NULL ? NULL : database;
	return nx_splitter_new (&terms, error);
}

static guint
choose_jobs (void)
{
	if (jobs > 0)
		return (guint)jobs;
	return MIN (g_get_num_processors (), NX_CLI_SCAN_JOBS);
}

static gboolean
finish (Scan *scan, const NxSplitter *splitter, GError **error)
{
	nx_splitter_get_bytes (splitter, &scan->done_bytes, &scan->passed_bytes);
	scan->moved += nx_splitter_get_moved (splitter);
	if (scan->store == NULL)
		return TRUE;
	if (!nx_store_begin (scan->store, error))
		return FALSE;
	if (!write_marks (scan, error) || !nx_splitter_drop_gone (splitter, scan->store, error)) {
		nx_store_rollback (scan->store);
		return FALSE;
	}
	return nx_store_commit (scan->store, error);
}

static gboolean
scan_paths (Scan *scan, char **paths, GError **error)
{
	g_autoptr (NxSplitter) splitter = open_splitter (scan, paths, error);
	NxFeed *feed = NULL;
	gboolean done = FALSE;

	if (splitter == NULL)
		return FALSE;
	feed = nx_feed_new (splitter, scan->pipeline, choose_jobs ());
	done = take_all (scan, feed, error);
	nx_feed_free (feed);
	return done && (caught_signal != 0 || finish (scan, splitter, error));
}

static gboolean
print_summary (const Scan *scan, const NxStandings *before, GError **error)
{
	g_autofree char *database = nx_setup_get_database (scan->cli);
	NxStandings after = { 0 };
	NxScanSummary summary = { .tally = &scan->tally, .database = database, .moved = scan->moved };

	if (scan->store != NULL && !nx_standings_read (scan->store, &after, error))
		return FALSE;
	if (scan->cli->quiet)
		return TRUE;
	if (scan->store != NULL) {
		summary.before = before;
		summary.after = &after;
	}
	summary.read_bytes = scan->done_bytes - MIN (scan->passed_bytes, scan->done_bytes);
	summary.passed_bytes = scan->passed_bytes;
	summary.seconds = (double)(g_get_monotonic_time () - scan->began) / G_USEC_PER_SEC;
	nx_scan_summary_print (&summary);
	return nx_screen_flush (error);
}

static gboolean
run_scan (Scan *scan, char **paths, GError **error)
{
	NxStandings before = { 0 };
	gboolean done = FALSE;

	install_handlers ();
	if (!start (scan, paths, &before, error))
		return FALSE;
	if (nx_progress_is_shown (scan->progress))
		nx_progress_set_total (scan->progress, sum_totals (paths));
	scan->began = scan->batch_began = g_get_monotonic_time ();
	done = scan_paths (scan, paths, error);
	nx_progress_finish (scan->progress, &scan->tally, scan->done_bytes);
	if (!done || caught_signal != 0)
		explain_stop (scan);
	if (caught_signal != 0)
		scan->cli->status = SIGNAL_STATUS + caught_signal;
	return done && print_summary (scan, &before, error);
}

static gboolean
check_usage (Scan *scan, int argc, GError **error)
{
	if (argc == 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "a PATH is missing: a file, an mbox, a Maildir, a folder or an archive; \"-\" is stdin");
		return FALSE;
	}
	if (jobs < 0 || jobs > NX_CLI_SCAN_MAX_JOBS) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--jobs wants a number from 1 to %d, not %d",
			     NX_CLI_SCAN_MAX_JOBS, jobs);
		return FALSE;
	}
	return (since_text == NULL || nx_moment_parse (since_text, FALSE, &scan->since, error)) &&
	       (until_text == NULL || nx_moment_parse (until_text, TRUE, &scan->until, error));
}

static void
clear_scan (Scan *scan)
{
	g_array_unref (scan->pending);
	g_array_unref (scan->marks);
	g_array_unref (scan->mails);
	g_ptr_array_unref (scan->gone);
	clear_mail (&scan->mail);
	g_free (scan->terms);
	g_free (scan->file);
	nx_progress_free (scan->progress);
	nx_pipeline_free (scan->pipeline);
	nx_maildir_free (scan->maildir);
	nx_store_free (scan->store);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	Scan scan = { .cli = cli };
	gboolean done = FALSE;

	if (!check_usage (&scan, argc, error))
		return FALSE;
	scan.progress = nx_progress_new (cli, progress_mode, error);
	if (scan.progress == NULL)
		return FALSE;
	scan.pending = g_array_new (FALSE, FALSE, sizeof (Pending));
	g_array_set_clear_func (scan.pending, clear_pending);
	scan.marks = g_array_new (FALSE, FALSE, sizeof (Mark));
	g_array_set_clear_func (scan.marks, clear_mark);
	scan.mails = g_array_new (FALSE, FALSE, sizeof (Mail));
	g_array_set_clear_func (scan.mails, clear_mail);
	scan.gone = g_ptr_array_new_with_free_func (g_free);
	done = run_scan (&scan, argv, error);
	clear_scan (&scan);
	g_clear_pointer (&progress_mode, g_free);
	g_clear_pointer (&move_to, g_free);
	g_clear_pointer (&since_text, g_free);
	g_clear_pointer (&until_text, g_free);
	return done;
}

const NxCommand nx_command_scan = {
	.name = "scan",
	.summary = "archives to the database, with a summary",
	.usage = "scan [OPTIONS] PATH...",
	.about = "Reads every message of the PATHs and records what the reports among them say.\n"
		 "A PATH is a file with one message, an mbox, a Maildir or a folder of them; \"-\" is\n"
		 "stdin. All of them may be compressed (gzip, bzip2, xz, zstd) or lie in a tar or zip\n"
		 "archive, whatever their names. Nothing is deleted there, and moved with --move-to\n"
		 "only. The database is made when it is not there yet.\n"
		 "\n"
		 "The database knows how far each file was read. A scan that was ended goes on when\n"
		 "it is started again, of a folder only new files are read, and of a file that has\n"
		 "grown what is new. --again reads all; what is known counts once all the same.\n"
		 "An input that cannot be read is reported, and the others go on.\n",
	.examples = "nixie scan ~/Maildir/.bounces\n"
		    "nixie scan --move-to ~/Maildir/.bounces.done ~/Maildir/.bounces\n"
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
