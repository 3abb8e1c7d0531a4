/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-worker.c: see serve-worker.h.
 *
 * It takes all messages that have come, reads them, and records them in one transaction; meanwhile the next ones come.
 * So the more there is to do, the more messages share one sync of the disk, and a lone message waits for nobody.
 *
 * When a transaction fails, its messages are tried alone, so that one which cannot be recorded holds up no other. A
 * message is read once for each of its recipients, since the return path tells whose it is. What an answer means to the
 * client, lmtp.c says.
 */
#include "serve-worker.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "caps.h"
#include "intake.h"
#include "lmtp.h"
#include "setup.h"

/* @events: of one recipient's copy; NULL when there is nothing to record. */
typedef struct {
	GPtrArray *events;
	guint8 answer;
} Copy;

/* @input: what came from the parent, read as far as @at. @copies, @results: of the batch;
 * of @copies the first @stored are recorded. @events: of those that are not. @device, @inode: the file
 * that
 * @store has open. */
typedef struct {
	NxCli *cli;
	NxPipeline *pipeline;
	NxServeStatus *status;
	NxStore *store;
	GByteArray *input;
	GArray *copies;
	GArray *results;
	gsize at;
	dev_t device;
	ino_t inode;
	guint stored;
	guint events;
	int fd;
	int lock_fd;
} Worker;

static void
clear_copy (gpointer data)
{
	g_clear_pointer (&((Copy *)data)->events, g_ptr_array_unref);
}

static void
set_stage (Worker *worker, NxServeStage stage, guint64 message)
{
	worker->status->since = g_get_monotonic_time ();
	worker->status->message = message;
	worker->status->stage = (int)stage;
}

/* ---- the database ---- */

static gboolean
look_at_file (const Worker *worker, struct stat *info_out)
{
	g_autofree char *uri = nx_setup_get_database (worker->cli);
	const char *path = g_str_has_prefix (uri, "sqlite:") ? uri + strlen ("sqlite:") : uri;

	return stat (path, info_out) == 0;
}

/* A database that was moved away or replaced takes what is written with it: it must be opened anew. */
static gboolean
open_store (Worker *worker, GError **error)
{
	struct stat info;

	if (worker->store != NULL && look_at_file (worker, &info) && info.st_dev == worker->device &&
	    info.st_ino == worker->inode)
		return TRUE;
	g_clear_pointer (&worker->store, nx_store_free);
	worker->store = nx_setup_open_store (worker->cli, NX_STORE_CREATE, error);
	if (worker->store == NULL)
		return FALSE;
	nx_store_set_wait (worker->store, worker->cli->settings->serve.values[NX_SERVE_STORE_SECONDS] * 1000);
	if (look_at_file (worker, &info)) {
		worker->device = info.st_dev;
		worker->inode = info.st_ino;
	}
	return TRUE;
}

/* SQLite lets writers wait by naps; workers of one server wait in line instead. The kernel unlocks for one that ends.
 */
static void
lock (const Worker *worker, short type)
{
	struct flock range = { .l_type = type, .l_whence = SEEK_SET };

	while (fcntl (worker->lock_fd, F_SETLKW, &range) != 0 && errno == EINTR)
		continue;
}

static gboolean
record_copies (Worker *worker, guint first, guint count, GError **error)
{
	const char *list = nx_setup_get_list (worker->cli);
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;

	for (guint i = first; i < first + count; i++) {
		const Copy *copy = &g_array_index (worker->copies, Copy, i);

		if (copy->events != NULL && !nx_store_record (worker->store, copy->events, list, now, NULL, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
commit_copies (Worker *worker, guint first, guint count, GError **error)
{
	if (!open_store (worker, error) || !nx_store_begin (worker->store, error))
		return FALSE;
	if (!record_copies (worker, first, count, error)) {
		nx_store_rollback (worker->store);
		return FALSE;
	}
	return nx_store_commit (worker->store, error);
}

static void
set_answers (Worker *worker, guint first, guint count, NxLmtpAnswer answer)
{
	for (guint i = first; i < first + count; i++) {
		Copy *copy = &g_array_index (worker->copies, Copy, i);

		if (copy->events != NULL)
			copy->answer = (guint8)answer;
	}
}

static gboolean
store_copies (Worker *worker, guint first, guint count)
{
	g_autoptr (GError) error = NULL;
	guint failures = 0;
	gboolean busy = FALSE;

	set_stage (worker, NX_SERVE_STAGE_STORING, 0);
	if (commit_copies (worker, first, count, &error)) {
		set_answers (worker, first, count, NX_LMTP_RECORDED);
		return TRUE;
	}
	busy = g_error_matches (error, NX_ERROR, NX_ERROR_STORE_BUSY);
	set_answers (worker, first, count, busy ? NX_LMTP_BUSY : NX_LMTP_FAILED);
	if (count == 1 || busy) {
		nx_main_log (error);
		return FALSE;
	}
	/* Is it one of them, or the disk? */
	for (guint i = first; i < first + count && failures < NX_CLI_SERVE_FAILURES; i++)
		failures = store_copies (worker, i, 1) ? 0 : failures + 1;
	return FALSE;
}

static void
store_batch (Worker *worker)
{
	if (worker->events > 0) {
		set_stage (worker, NX_SERVE_STAGE_IDLE, 0);
		lock (worker, F_WRLCK);
		store_copies (worker, worker->stored, worker->copies->len - worker->stored);
		lock (worker, F_UNLCK);
	}
	for (; worker->stored < worker->copies->len; worker->stored++)
		clear_copy (&g_array_index (worker->copies, Copy, worker->stored));
	worker->events = 0;
}

/* ---- reading ---- */

/* Some put a From_ line in front; no header field looks like it. */
static void
skip_from_line (NxRawMessage *raw)
{
	const char *end = NULL;

	if (raw->length < 5 || memcmp (raw->data, "From ", 5) != 0)
		return;
	end = memchr (raw->data, '\n', raw->length);
	if (end == NULL)
		return;
	raw->length -= (gsize)(end + 1 - raw->data);
	raw->data = end + 1;
}

/* An answer to a confirmation mail is carried out at once, in its own transaction: there are few. */
static void
read_copy (Worker *worker, const NxRawMessage *raw, const char *envelope_to)
{
	g_autoptr (GPtrArray) events = nx_pipeline_read (worker->pipeline, raw, envelope_to);
	g_autoptr (GError) error = NULL;
	Copy copy = { .answer = NX_LMTP_NOTHING };
	gboolean taken = FALSE;

	if (!nx_ask_take_answer (worker->cli, NULL, raw, envelope_to, events, &taken, &error)) {
		nx_main_log (error);
		copy.answer = g_error_matches (error, NX_ERROR, NX_ERROR_STORE_BUSY) ? NX_LMTP_BUSY : NX_LMTP_FAILED;
	} else if (nx_intake_is_report (events)) {
		nx_intake_set_dates (events, g_get_real_time () / G_USEC_PER_SEC);
		worker->events += events->len;
		copy.events = g_steal_pointer (&events);
	} else if (taken) {
		copy.answer = NX_LMTP_RECORDED;
	}
	g_array_append_val (worker->copies, copy);
}

/* @octets: the frame's envelope and body. */
static void
read_message (Worker *worker, const NxServeFrame *frame, const char *octets)
{
	const char *sender = octets;
	const char *recipient = sender + strlen (sender) + 1;
	NxServeResult result = { .id = frame->id, .recipients = frame->recipients };

	set_stage (worker, NX_SERVE_STAGE_READING, frame->id);
	nx_pipeline_set_verp_now (worker->pipeline, g_get_real_time () / G_USEC_PER_SEC);
	for (guint64 i = 0; i < frame->recipients; i++) {
		NxRawMessage raw = { .file = "-",
				     .data = octets + frame->envelope_bytes,
				     .length = (gsize)frame->body_bytes,
				     .envelope_sender = sender };

		skip_from_line (&raw);
		read_copy (worker, &raw, recipient);
		recipient += strlen (recipient) + 1;
		if (worker->events < NX_CLI_BATCH_EVENTS)
			continue;
		store_batch (worker);
		set_stage (worker, NX_SERVE_STAGE_READING, frame->id);
	}
	g_array_append_val (worker->results, result);
}

/* Returns: FALSE when no whole message has come. */
static gboolean
read_next_frame (Worker *worker)
{
	NxServeFrame frame;
	gsize there = worker->input->len - worker->at;
	gsize size = 0;

	if (there < sizeof frame)
		return FALSE;
	memcpy (&frame, worker->input->data + worker->at, sizeof frame);
	size = sizeof frame + (gsize)(frame.envelope_bytes + frame.body_bytes);
	if (there < size)
		return FALSE;
	read_message (worker, &frame, (const char *)worker->input->data + worker->at + sizeof frame);
	worker->at += size;
	return TRUE;
}

/* What was read makes room; a buffer that a big message has made big is given back. */
static void
tidy_input (Worker *worker)
{
	if (worker->at == 0)
		return;
	if (worker->at == worker->input->len && worker->at > NX_CLI_SERVE_MEMORY_BYTES / 64) {
		g_byte_array_unref (worker->input);
		worker->input = g_byte_array_new ();
	} else {
		g_byte_array_remove_range (worker->input, 0, (guint)worker->at);
	}
	worker->at = 0;
}

/* Returns: FALSE when there is nothing: at the end, and without @wait for now. */
static gboolean
receive (Worker *worker, gboolean wait)
{
	static guint8 chunk[NX_CLI_SERVE_READ_BYTES];
	gssize count = 0;

	tidy_input (worker);
	do
		count = recv (worker->fd, chunk, sizeof chunk, wait ? 0 : MSG_DONTWAIT);
	while (count < 0 && errno == EINTR);
	if (count <= 0)
		return FALSE;
	g_byte_array_append (worker->input, chunk, (guint)count);
	return TRUE;
}

/* ---- batches ---- */

static gboolean
is_batch_full (const Worker *worker, gint64 began)
{
	return worker->results->len >= NX_CLI_SERVE_BATCH_MESSAGES ||
	       g_get_monotonic_time () - began >= NX_CLI_SERVE_BATCH_USEC;
}

static void
read_batch (Worker *worker)
{
	gint64 began = g_get_monotonic_time ();

	do {
		while (!is_batch_full (worker, began) && read_next_frame (worker))
			continue;
		set_stage (worker, NX_SERVE_STAGE_IDLE, 0);
	} while (!is_batch_full (worker, began) && receive (worker, FALSE));
}

/* Returns: FALSE when the parent is gone. */
static gboolean
send_answers (Worker *worker)
{
	g_autoptr (GByteArray) output = g_byte_array_new ();
	guint copy = 0;

	for (guint i = 0; i < worker->results->len; i++) {
		const NxServeResult *result = &g_array_index (worker->results, NxServeResult, i);

		g_byte_array_append (output, (const guint8 *)result, sizeof *result);
		for (guint64 j = 0; j < result->recipients; j++)
			g_byte_array_append (output, &g_array_index (worker->copies, Copy, copy++).answer, 1);
	}
	for (gsize done = 0; done < output->len;) {
		gssize count = send (worker->fd, output->data + done, output->len - done, MSG_NOSIGNAL);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return FALSE;
		done += (gsize)count;
	}
	return TRUE;
}

/* What the configuration promises and the disk does not keep is said at once, not with the first bounce. */
static void
try_store (Worker *worker)
{
	g_autoptr (GError) error = NULL;

	set_stage (worker, NX_SERVE_STAGE_STORING, 0);
	if (!open_store (worker, &error))
		nx_main_log (error);
	set_stage (worker, NX_SERVE_STAGE_IDLE, 0);
}

void
nx_serve_worker_run (NxCli *cli, NxPipeline *pipeline, int fd, int lock_fd, NxServeStatus *status)
{
	Worker worker = {
		.cli = cli,
		.pipeline = pipeline,
		.status = status,
		.input = g_byte_array_new (),
		.copies = g_array_new (FALSE, FALSE, sizeof (Copy)),
		.results = g_array_new (FALSE, FALSE, sizeof (NxServeResult)),
		.fd = fd,
		.lock_fd = lock_fd,
	};
	gboolean goes_on = TRUE;

	g_array_set_clear_func (worker.copies, clear_copy);
	try_store (&worker);
	while (goes_on && receive (&worker, TRUE)) {
		/* What did not fit into one batch makes the next, without waiting for more. */
		do {
			read_batch (&worker);
			store_batch (&worker);
			set_stage (&worker, NX_SERVE_STAGE_IDLE, 0);
			goes_on = worker.results->len == 0 || send_answers (&worker);
			if (worker.results->len == 0)
				break;
			g_array_set_size (worker.copies, 0);
			g_array_set_size (worker.results, 0);
			worker.stored = 0;
		} while (goes_on);
	}
	g_clear_pointer (&worker.store, nx_store_free);
	g_array_unref (worker.copies);
	g_array_unref (worker.results);
	g_byte_array_unref (worker.input);
}
