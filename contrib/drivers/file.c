/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * file.c: see file.h.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver.h"

#define NAP_USEC (G_USEC_PER_SEC / 10)

static gboolean
fail (const char *what, const char *path, GError **error)
{
	int code = errno;
	gboolean ours = code == EACCES || code == EPERM || code == ENOENT || code == ENOTDIR || code == EROFS;

	g_set_error (error, NX_ERROR, ours ? NX_ERROR_CONFIG : NX_ERROR_OUTPUT, "%s cannot be %s: %s%s", path, what,
		     g_strerror (code),
		     ours ? "; see the options, and whether the user that nixie run runs as may do that" : "");
	return FALSE;
}

char *
nx_file_read (const char *path, gboolean may_lack, gsize *length_out, GError **error)
{
	g_autoptr (GError) local = NULL;
	char *text = NULL;
	gsize length = 0;

	if (!g_file_get_contents (path, &text, &length, &local)) {
		if (!may_lack || !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
			g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s; see the options", local->message);
			return NULL;
		}
		text = g_strdup ("");
		length = 0;
	}
	if (length > NX_DRIVER_FILE_BYTES) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s has more than %u octets; is it the right file?",
			     path, NX_DRIVER_FILE_BYTES);
		g_free (text);
		return NULL;
	}
	if (length_out != NULL)
		*length_out = length;
	return text;
}

static gboolean
write_all (int fd, const char *bytes, gsize length)
{
	for (gsize done = 0; done < length;) {
		gssize count = write (fd, bytes + done, length - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return FALSE;
		done += (gsize)count;
	}
	return TRUE;
}

/* As the old one; who may not give files away writes as who he is, when the group and all others see no more by that.
 */
static gboolean
copy_owner (int fd, const char *path)
{
	struct stat old;
	struct stat new;

	if (stat (path, &old) != 0)
		return errno == ENOENT && fchmod (fd, 0644) == 0;
	if (fstat (fd, &new) != 0)
		return FALSE;
	if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) && fchown (fd, old.st_uid, old.st_gid) != 0)
		return FALSE;
	return fchmod (fd, old.st_mode & 07777) == 0;
}

static gboolean
write_temporary (const char *temporary, const char *path, const char *bytes, gsize length)
{
	int fd = open (temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	gboolean done = fd >= 0 && write_all (fd, bytes, length) && copy_owner (fd, path) && fsync (fd) == 0;
	int code = errno;

	if (fd >= 0)
		close (fd);
	errno = code;
	return done;
}

static gboolean
sync_folder (const char *path)
{
	g_autofree char *folder = g_path_get_dirname (path);
	int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean done = fd >= 0 && fsync (fd) == 0;

	if (fd >= 0)
		close (fd);
	return done;
}

gboolean
nx_file_replace (const char *path, const char *temporary, const char *bytes, gsize length, GError **error)
{
	if (!write_temporary (temporary, path, bytes, length)) {
		fail ("written", temporary, error);
		unlink (temporary);
		return FALSE;
	}
	if (rename (temporary, path) != 0) {
		fail ("replaced", path, error);
		unlink (temporary);
		return FALSE;
	}
	return sync_folder (path) || fail ("synced", path, error);
}

/* ---- locks ---- */

static gint64
get_deadline (void)
{
	return g_get_monotonic_time () + NX_FILE_LOCK_SECONDS * G_USEC_PER_SEC;
}

static gboolean
fail_locked (const char *path, GError **error)
{
	g_set_error (error, NX_ERROR, NX_ERROR_STORE_BUSY, "%s is locked by another program", path);
	return FALSE;
}

/* Which of the two a list manager uses was settled when it was built. */
static gboolean
try_lock (int fd)
{
	const struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return flock (fd, LOCK_EX | LOCK_NB) == 0 && fcntl (fd, F_SETLK, &all) == 0;
}

int
nx_file_lock (const char *path, GError **error)
{
	gint64 deadline = get_deadline ();
	int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		fail ("locked", path, error);
		return -1;
	}
	while (!try_lock (fd)) {
		if (g_get_monotonic_time () > deadline) {
			fail_locked (path, error);
			close (fd);
			return -1;
		}
		g_usleep (NAP_USEC);
	}
	return fd;
}

static gboolean
is_stale (const char *path)
{
	g_autofree char *text = NULL;
	gint64 number = 0;

	if (!g_file_get_contents (path, &text, NULL, NULL))
		return FALSE;
	number = g_ascii_strtoll (text, NULL, 10);
	return number > 0 && number <= G_MAXINT32 && kill ((pid_t)number, 0) != 0 && errno == ESRCH;
}

gboolean
nx_file_lock_by_name (const char *path, GError **error)
{
	g_autofree char *mine = g_strdup_printf ("%s.%d", path, (int)getpid ());
	g_autofree char *number = g_strdup_printf ("%d\n", (int)getpid ());
	gint64 deadline = get_deadline ();
	gboolean held = FALSE;

	if (!write_temporary (mine, path, number, strlen (number))) {
		fail ("locked", mine, error);
		unlink (mine);
		return FALSE;
	}
	while (!(held = link (mine, path) == 0) && errno == EEXIST && g_get_monotonic_time () < deadline) {
		if (is_stale (path))
			unlink (path);
		else
			g_usleep (NAP_USEC);
	}
	if (!held)
		fail_locked (path, error);
	unlink (mine);
	return held;
}

void
nx_file_unlock_by_name (const char *path)
{
	unlink (path);
}
