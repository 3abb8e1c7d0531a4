/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * deliver.c: nixie deliver: one message on stdin to the database, for aliases, pipe(8), procmail, maildrop and Sieve.
 *
 * It promises two things: stdin is read to its end, and the exit status is 0 only when the bounce is durably recorded
 * (or there is nothing to record), else 75. To keep the second even when the parser crashes, a child does the work and
 * the parent only waits: it touches no byte of the mail. The child tells its result through a pipe, so that its own
 * exit status never has to be told from a crash's.
 */
#include "deliver.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "ask.h"
#include "caps.h"
#include "intake.h"
#include "setup.h"

#define RESULT_RECORDED 'r'
#define RESULT_NOT_A_BOUNCE 'n'

static char *envelope_to;
static char *not_a_bounce;
static gboolean input_read;

static const GOptionEntry options[] = {
	{ "envelope-to", 0, 0, G_OPTION_ARG_FILENAME, &envelope_to, "the address that the bounce was sent to",
	  "ADDRESS" },
	{ "not-a-bounce", 0, 0, G_OPTION_ARG_FILENAME, &not_a_bounce, "exit status for other mail (default 0)",
	  "STATUS" },
	G_OPTION_ENTRY_NULL,
};

/* As read(2), also of a descriptor that somebody made non-blocking. */
static gssize
read_chunk (char *buffer, gsize size)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };

	for (;;) {
		gssize count = read (STDIN_FILENO, buffer, size);

		if (count >= 0 || (errno != EINTR && errno != EAGAIN))
			return count;
		if (errno == EAGAIN)
			poll (&ready, 1, -1);
	}
}

static gboolean
write_all (int fd, const char *bytes, gsize count)
{
	while (count > 0) {
		gssize written = write (fd, bytes, count);

		if (written < 0 && errno != EINTR)
			return FALSE;
		if (written > 0) {
			bytes += written;
			count -= (gsize)written;
		}
	}
	return TRUE;
}

/* Into @fd goes one octet more than the cap, so that the source sees that there was more. After a failure of the
 * memory stdin is still read to its end. */
static gboolean
read_input (int fd, GError **error)
{
	char chunk[65536];
	gsize room = (gsize)NX_CLI_MESSAGE_BYTES + 1;
	int memory_errno = 0;
	gssize count = 0;

	while ((count = read_chunk (chunk, sizeof chunk)) > 0) {
		gsize kept = MIN (room, (gsize)count);

		if (memory_errno == 0 && !write_all (fd, chunk, kept))
			memory_errno = errno;
		room -= kept;
	}
	input_read = TRUE;
	if (count < 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "cannot read the message from stdin: %s",
			     g_strerror (errno));
		return FALSE;
	}
	if (memory_errno != 0 || lseek (fd, 0, SEEK_SET) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot keep the message in memory: %s",
			     g_strerror (memory_errno != 0 ? memory_errno : errno));
		return FALSE;
	}
	return TRUE;
}

void
nx_deliver_drain_input (void)
{
	char chunk[65536];

	while (!input_read && read_chunk (chunk, sizeof chunk) > 0)
		continue;
	input_read = TRUE;
}

static gboolean
check_options (int argc, int *status_out, GError **error)
{
	guint64 status = 0;

	if (argc > 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "deliver takes no file; it reads one message from stdin (see scan)");
		return FALSE;
	}
	if (not_a_bounce != NULL && !g_ascii_string_to_unsigned (not_a_bounce, 10, 0, 255, &status, NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--not-a-bounce wants a number from 0 to 255, not \"%s\"",
			     not_a_bounce);
		return FALSE;
	}
	*status_out = (int)status;
	return TRUE;
}

/* Postfix sets the first and the last, Dovecot's Sieve the second and the last, Exim and Courier the last. */
static const char *
get_envelope_to (void)
{
	static const char *const variables[] = { "ORIGINAL_RECIPIENT", "ORIG_RECIPIENT", "RECIPIENT" };

	if (envelope_to != NULL)
		return envelope_to;
	for (guint i = 0; i < G_N_ELEMENTS (variables); i++) {
		const char *value = g_getenv (variables[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

static gboolean
record (NxCli *cli, GPtrArray *events, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_CREATE, error);
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;
	guint added = 0;

	if (store == NULL)
		return FALSE;
	nx_intake_set_dates (events, now);
	if (!nx_store_record (store, events, nx_setup_get_list (cli), now, &added, error))
		return FALSE;
	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);

		nx_main_note (cli, "%s: %s, %s", event->recipient, nx_verdict_to_string (event->verdict),
			      nx_reason_to_string (event->reason));
	}
	nx_main_note (cli, "%u new of %u events", added, events->len);
	return TRUE;
}

static gboolean
deliver_events (NxCli *cli, const NxRawMessage *raw, GPtrArray *events, char *result_out, GError **error)
{
	gboolean taken = FALSE;

	if (!nx_ask_take_answer (cli, NULL, raw, get_envelope_to (), events, &taken, error))
		return FALSE;
	*result_out = taken || nx_intake_is_report (events) ? RESULT_RECORDED : RESULT_NOT_A_BOUNCE;
	if (nx_intake_is_report (events))
		return record (cli, events, error);
	if (!taken)
		nx_main_note (cli, "not a report; nothing to record");
	return TRUE;
}

/* In the child. */
static gboolean
deliver_message (NxCli *cli, int input_fd, int result_fd, GError **error)
{
	g_autoptr (NxPipeline) pipeline = nx_setup_new_pipeline (cli, error);
	g_autoptr (NxSource) source = pipeline == NULL ? NULL : nx_source_open_fd (input_fd, "-", error);
	g_autoptr (GPtrArray) events = NULL;
	const NxRawMessage *raw = NULL;
	char result = RESULT_NOT_A_BOUNCE;

	if (source == NULL || !nx_setup_add_keys (cli, pipeline, NULL, g_get_real_time () / G_USEC_PER_SEC, error))
		return FALSE;
	nx_source_set_single (source);
	if (!nx_source_next (source, &raw, error))
		return FALSE;
	/* An empty stdin has no message. */
	if (raw != NULL) {
		events = nx_pipeline_read (pipeline, raw, get_envelope_to ());
		if (!deliver_events (cli, raw, events, &result, error))
			return FALSE;
	}
	if (write (result_fd, &result, 1) != 1) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot tell the result: %s", g_strerror (errno));
		return FALSE;
	}
	return TRUE;
}

static void
set_crash_error (int wait_status, GError **error)
{
	if (WIFSIGNALED (wait_status))
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL,
			     "the reading of this message was ended by signal %d (%s); keep the message and report it",
			     WTERMSIG (wait_status), g_strsignal (WTERMSIG (wait_status)));
	else
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL,
			     "the reading of this message ended with status %d; keep the message and report it",
			     WEXITSTATUS (wait_status));
}

/* In the parent. */
static gboolean
wait_for_child (NxCli *cli, pid_t child, int result_fd, int other_status, GError **error)
{
	char result = 0;
	int wait_status = 0;
	pid_t ended = 0;

	do
		ended = waitpid (child, &wait_status, 0);
	while (ended == -1 && errno == EINTR);
	if (ended == -1) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot wait for the child: %s", g_strerror (errno));
		return FALSE;
	}
	if (read (result_fd, &result, 1) != 1)
		result = 0;
	if (WIFEXITED (wait_status) && WEXITSTATUS (wait_status) == EX_TEMPFAIL) {
		/* The child has said why. */
		cli->status = EX_TEMPFAIL;
		return TRUE;
	}
	if (!WIFEXITED (wait_status) || WEXITSTATUS (wait_status) != 0 || result == 0) {
		set_crash_error (wait_status, error);
		return FALSE;
	}
	cli->status = result == RESULT_NOT_A_BOUNCE ? other_status : 0;
	return TRUE;
}

static gboolean
fork_and_deliver (NxCli *cli, int input_fd, int other_status, GError **error)
{
	int fds[2];
	pid_t child = -1;
	gboolean done = FALSE;

	if (pipe (fds) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot make a pipe: %s", g_strerror (errno));
		return FALSE;
	}
	/* Whoever started nixie may ignore SIGCHLD; then nothing would be left to wait for. */
	signal (SIGCHLD, SIG_DFL);
	fflush (NULL);
	child = fork ();
	if (child == 0) {
		/* When nobody waits any more, it goes too. */
		prctl (PR_SET_PDEATHSIG, SIGTERM);
		close (fds[0]);
		return deliver_message (cli, input_fd, fds[1], error);
	}
	close (fds[1]);
	if (child > 0)
		done = wait_for_child (cli, child, fds[0], other_status, error);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot start the child: %s", g_strerror (errno));
	close (fds[0]);
	return done;
}

static void
try_later (int number)
{
	(void)number;
	_exit (EX_TEMPFAIL);
}

/* A shutdown, or a filter whose patience is over: to exim and courier a death by signal is not "try again". The child
 * may end like this too; what it had not committed is rolled back. */
static void
install_handlers (void)
{
	struct sigaction action = { .sa_handler = try_later };

	sigemptyset (&action.sa_mask);
	sigaction (SIGHUP, &action, NULL);
	sigaction (SIGINT, &action, NULL);
	sigaction (SIGTERM, &action, NULL);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int input_fd = memfd_create ("message", MFD_CLOEXEC);
	int other_status = 0;
	gboolean done = FALSE;

	(void)argv;
	install_handlers ();
	if (input_fd < 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot keep the message in memory: %s",
			     g_strerror (errno));
		return FALSE;
	}
	done = read_input (input_fd, error) && check_options (argc, &other_status, error) &&
	       fork_and_deliver (cli, input_fd, other_status, error);
	close (input_fd);
	g_clear_pointer (&envelope_to, g_free);
	g_clear_pointer (&not_a_bounce, g_free);
	return done;
}

const NxCommand nx_command_deliver = {
	.name = "deliver",
	.summary = "one message on stdin to the database: for aliases and filters",
	.usage = "deliver [--envelope-to ADDRESS] [--not-a-bounce STATUS] < MESSAGE",
	.about = "Reads one message from stdin, to its end, and records what it reports. Made for\n"
		 "pipe(8), aliases, .forward, procmail, maildrop and Sieve. The database is made\n"
		 "when it is not there yet. The same message again changes nothing, so a mail\n"
		 "system may try as often as it likes. --list NAME says which list the bounces\n"
		 "are for, when their return path does not.\n"
		 "\n"
		 "The envelope recipient carries the subscriber's address where the list sends\n"
		 "with VERP. Without --envelope-to it is taken from the environment:\n"
		 "ORIGINAL_RECIPIENT, ORIG_RECIPIENT or RECIPIENT, whichever is set first.\n",
	.examples = "news-bounces: \"|/usr/bin/nixie deliver --list news\"      (in /etc/aliases)\n"
		    "nixie deliver --list news < bounce.eml",
	.statuses = " 0  the report is durably recorded, or there was nothing to record\n"
		    "75  anything else: keep the message, try again\n"
		    "STATUS of --not-a-bounce, when the message is no report",
	.options = options,
	.run = run,
};
