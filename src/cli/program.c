/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * program.c: see program.h.
 *
 * The input lies in a file of memory before the program starts, so that neither waits for the other. What it writes to
 * stderr is read as it comes, the head of it kept; a grandchild that stays behind with the pipe open is not waited for.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caps.h"

#define NAP_MSEC 20
#define GRACE_USEC (2 * G_USEC_PER_SEC)

/* @words: what it wrote, up to a cap. */
typedef struct {
	const char *name;
	GString *words;
	GPid child;
	int output;
	int status;
	gboolean ended;
} Program;

static int
open_input (const char *input)
{
	gsize length = strlen (input);
	int fd = memfd_create ("input", MFD_CLOEXEC);

	for (gsize done = 0; fd >= 0 && done < length;) {
		gssize count = write (fd, input + done, length - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			close (fd);
			return -1;
		}
		done += (gsize)count;
	}
	if (fd >= 0)
		lseek (fd, 0, SEEK_SET);
	return fd;
}

/* In the child: only what may be called there. */
static void
set_up_cb (gpointer data)
{
	(void)data;
	setpgid (0, 0);
	signal (SIGPIPE, SIG_DFL);
	signal (SIGXFSZ, SIG_DFL);
}

/* What it writes to stdout is for nobody. */
static gboolean
start (Program *program, const char *const *argv, char **environment, int input, GError **error)
{
	int nowhere = open ("/dev/null", O_WRONLY | O_CLOEXEC);
	gboolean started = FALSE;
	int fds[2];
	g_autoptr (GError) local = NULL;

	if (nowhere < 0 || pipe2 (fds, O_CLOEXEC) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot make a pipe: %s", g_strerror (errno));
		if (nowhere >= 0)
			close (nowhere);
		return FALSE;
	}
	started = g_spawn_async_with_fds (environment != NULL ? "/" : NULL, (char **)(guintptr)argv, environment,
					  G_SPAWN_DO_NOT_REAP_CHILD, set_up_cb, NULL, &program->child, input, nowhere,
					  fds[1], &local);
	close (nowhere);
	close (fds[1]);
	program->output = fds[0];
	if (started) {
		fcntl (fds[0], F_SETFL, O_NONBLOCK);
		return TRUE;
	}
	close (fds[0]);
	g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s: it cannot be started: %s", program->name, local->message);
	return FALSE;
}

static void
look_whether_ended (Program *program)
{
	pid_t ended = program->ended ? program->child : waitpid (program->child, &program->status, WNOHANG);

	program->ended = ended == program->child || (ended == -1 && errno == ECHILD);
}

/* Returns: FALSE at its end. */
static gboolean
read_output (Program *program)
{
	char chunk[4096];
	gssize count = read (program->output, chunk, sizeof chunk);

	if (count > 0 && program->words->len < NX_CLI_PROGRAM_BYTES)
		g_string_append_len (program->words, chunk, count);
	return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

static gboolean
is_late (gint64 deadline)
{
	return deadline != 0 && g_get_monotonic_time () >= deadline;
}

/* Until it has ended, or @deadline (monotonic; 0 for none). */
static void
watch (Program *program, gint64 deadline)
{
	struct pollfd ready = { .fd = program->output, .events = POLLIN };
	gboolean open = program->output >= 0;

	while (!program->ended && !is_late (deadline)) {
		if (open && poll (&ready, 1, NAP_MSEC) > 0)
			open = read_output (program);
		else if (!open)
			g_usleep (NAP_MSEC * 1000 / 10);
		look_whether_ended (program);
	}
	/* What it wrote last may still lie in the pipe. */
	for (guint i = 0; open && i < 16 && poll (&ready, 1, 0) > 0; i++)
		open = read_output (program);
}

/* Politely first; nothing of its group stays. */
static void
stop (Program *program)
{
	kill (-program->child, SIGTERM);
	watch (program, g_get_monotonic_time () + GRACE_USEC);
	kill (-program->child, SIGKILL);
	watch (program, 0);
}

static char *
get_first_line (const Program *program)
{
	g_autofree char *valid = g_utf8_make_valid (program->words->str, (gssize)program->words->len);

	g_strstrip (valid);
	return g_strndup (valid, MIN (strcspn (valid, "\r\n"), NX_CLI_PROGRAM_BYTES));
}

static gboolean
judge (const Program *program, gboolean killed, guint seconds, GError **error)
{
	g_autofree char *line = get_first_line (program);
	const char *colon = *line == '\0' ? "" : ": ";

	if (!killed && WIFEXITED (program->status) && WEXITSTATUS (program->status) == 0)
		return TRUE;
	if (killed)
		g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s: it did not end within %u s and was killed%s%s",
			     program->name, seconds, colon, line);
	else if (WIFEXITED (program->status))
		g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s: it ended with status %d%s%s", program->name,
			     WEXITSTATUS (program->status), colon, line);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s: it was ended by signal %d%s%s", program->name,
			     WTERMSIG (program->status), colon, line);
	return FALSE;
}

gboolean
nx_program_run (const char *const *argv, const char *input, char **environment, guint seconds, GError **error)
{
	Program program = { .name = argv[0], .output = -1 };
	int fd = open_input (input);
	gboolean started = FALSE;
	gboolean killed = FALSE;
	g_autoptr (GString) words = g_string_new (NULL);

	program.words = words;
	if (fd < 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "%s: its input cannot be kept in memory: %s", argv[0],
			     g_strerror (errno));
		return FALSE;
	}
	started = start (&program, argv, environment, fd, error);
	close (fd);
	if (!started)
		return FALSE;
	watch (&program, seconds == 0 ? 0 : g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC);
	killed = !program.ended;
	if (killed)
		stop (&program);
	close (program.output);
	return judge (&program, killed, seconds, error);
}
