/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mailer.c: see mailer.h.
 *
 * No word of the command line comes out of a mail: the return path is made of our list's address, and the recipient
 * stands in the message.
 */
#include "mailer.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static gboolean
fail (const char *program, const char *what, GError **error)
{
	g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT,
		     "%s: %s; nobody was asked. See sendmail in the group [forward] of the configuration", program,
		     what);
	return FALSE;
}

/* The whole message lies there before the program starts, so that neither waits for the other. */
static int
open_message (const char *message)
{
	gsize length = strlen (message);
	int fd = memfd_create ("message", MFD_CLOEXEC);

	for (gsize done = 0; fd >= 0 && done < length;) {
		gssize count = write (fd, message + done, length - done);

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

static gboolean
wait_for (const char *program, GPid child, GError **error)
{
	int status = 0;
	g_autofree char *what = NULL;

	while (waitpid (child, &status, 0) == -1)
		if (errno != EINTR)
			return fail (program, g_strerror (errno), error);
	if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
		return TRUE;
	what = WIFEXITED (status) ? g_strdup_printf ("it ended with status %d", WEXITSTATUS (status))
				  : g_strdup_printf ("it was ended by signal %d", WTERMSIG (status));
	return fail (program, what, error);
}

gboolean
nx_mailer_send (const char *const *command, const char *return_path, const char *message, GError **error)
{
	g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
	g_autoptr (GError) local = NULL;
	int fd = open_message (message);
	GPid child = 0;
	gboolean started = FALSE;

	if (fd < 0)
		return fail (command[0], "the message cannot be kept in memory", error);
	for (guint i = 0; command[i] != NULL; i++)
		g_ptr_array_add (arguments, (gpointer)(guintptr)command[i]);
	g_ptr_array_add (arguments, (gpointer)(guintptr) "-f");
	g_ptr_array_add (arguments, (gpointer)(guintptr)return_path);
	g_ptr_array_add (arguments, NULL);
	started = g_spawn_async_with_fds (NULL, (char **)arguments->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
					  &child, fd, -1, -1, &local);
	close (fd);
	if (!started)
		return fail (command[0], local->message, error);
	return wait_for (command[0], child, error);
}
