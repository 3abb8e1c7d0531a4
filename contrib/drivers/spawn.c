/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn.c: GSubprocess does it. See spawn.h.
 *
 * The input lies in a file of memory before the program starts: whether it reads it is its own matter.
 */
#include "spawn.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gio/gio.h>

static int
open_input (const char *input, GError **error)
{
	gsize length = input == NULL ? 0 : strlen (input);
	int fd = memfd_create ("input", MFD_CLOEXEC);

	if (fd >= 0 && write (fd, input, length) == (gssize)length && lseek (fd, 0, SEEK_SET) == 0)
		return fd;
	g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "the input of a program cannot be kept in memory: %s",
		     g_strerror (errno));
	if (fd >= 0)
		close (fd);
	return -1;
}

static GSubprocess *
start (const char *const *argv, const char *input, GError **error)
{
	g_autoptr (GSubprocessLauncher) launcher =
		g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autoptr (GError) local = NULL;
	GSubprocess *child = NULL;
	int fd = open_input (input, error);

	if (fd < 0)
		return NULL;
	g_subprocess_launcher_take_stdin_fd (launcher, fd);
	child = g_subprocess_launcher_spawnv (launcher, argv, &local);
	if (child == NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s cannot be started: %s", argv[0], local->message);
	return child;
}

static char *
copy_text (GBytes *bytes)
{
	gsize length = 0;
	const char *data = g_bytes_get_data (bytes, &length);

	return g_utf8_make_valid (data == NULL ? "" : data, (gssize)length);
}

/* What programs begin with is often no more than what they do. */
static char *
copy_last_line (const char *text)
{
	g_autofree char *copy = g_strchomp (g_strdup (text));
	const char *newline = strrchr (copy, '\n');

	return g_strdup (newline == NULL ? copy : newline + 1);
}

char *
nx_spawn_get_first_line (const char *text)
{
	text += strspn (text, " \t\r\n");
	return g_strndup (text, strcspn (text, "\r\n"));
}

gboolean
nx_spawn_run (const char *const *argv, const char *input, int *status_out, char **output_out, char **said_out,
	      GError **error)
{
	g_autoptr (GSubprocess) child = start (argv, input, error);
	g_autoptr (GBytes) output = NULL;
	g_autoptr (GBytes) words = NULL;
	g_autoptr (GError) local = NULL;
	g_autofree char *text = NULL;
	g_autofree char *said = NULL;

	if (child == NULL)
		return FALSE;
	if (!g_subprocess_communicate (child, NULL, NULL, &output, &words, &local)) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "%s: %s", argv[0], local->message);
		return FALSE;
	}
	if (!g_subprocess_get_if_exited (child)) {
		g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s was ended by signal %d", argv[0],
			     g_subprocess_get_term_sig (child));
		return FALSE;
	}
	text = copy_text (output);
	said = copy_text (words);
	*status_out = g_subprocess_get_exit_status (child);
	if (said_out != NULL)
		*said_out = g_strdup (*said == '\0' ? text : said);
	if (output_out != NULL)
		*output_out = g_steal_pointer (&text);
	return TRUE;
}

gboolean
nx_spawn_check (const char *const *argv, GError **error)
{
	g_autofree char *said = NULL;
	g_autofree char *reason = NULL;
	int status = 0;

	if (!nx_spawn_run (argv, NULL, &status, NULL, &said, error))
		return FALSE;
	reason = copy_last_line (said);
	if (status == 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s ended with status %d: %s", argv[0], status, reason);
	return FALSE;
}
