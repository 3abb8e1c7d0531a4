/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * key-file.c: see key-file.h. What the text means is the library's business; here it is read, guarded and replaced.
 */
#include "key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caps.h"

static gboolean
fail (NxError code, const char *path, const char *what, int number, GError **error)
{
	g_set_error (error, NX_ERROR, (gint)code, "%s: %s%s%s", path, what, number == 0 ? "" : ": ",
		     number == 0 ? "" : g_strerror (number));
	return FALSE;
}

static gboolean
check_file (int fd, const char *path, struct stat *info_out, GError **error)
{
	if (fstat (fd, info_out) != 0)
		return fail (NX_ERROR_CONFIG, path, "cannot be looked at", errno, error);
	if (!S_ISREG (info_out->st_mode))
		return fail (NX_ERROR_CONFIG, path, "this is no file of keys", 0, error);
	if ((info_out->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return fail (
			NX_ERROR_CONFIG, path,
			"others than the owner may read or write the keys; run chmod 600, and \"nixie verp key\" if "
			"somebody did",
			0, error);
	return TRUE;
}

/* @info_out: of the file. */
static char *
read_text (const char *path, struct stat *info_out, GError **error)
{
	g_autofree char *text = g_malloc0 (NX_CLI_KEY_FILE_BYTES + 2);
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	gsize length = 0;
	gssize count = 0;

	if (fd < 0) {
		fail (NX_ERROR_CONFIG, path, "the keys cannot be read", errno, error);
		return NULL;
	}
	if (!check_file (fd, path, info_out, error)) {
		close (fd);
		return NULL;
	}
	while (length <= NX_CLI_KEY_FILE_BYTES &&
	       (count = read (fd, text + length, NX_CLI_KEY_FILE_BYTES + 1 - length)) > 0)
		length += (gsize)count;
	if (count < 0)
		fail (NX_ERROR_CONFIG, path, "the keys cannot be read", errno, error);
	else if (length > NX_CLI_KEY_FILE_BYTES || memchr (text, '\0', length) != NULL)
		fail (NX_ERROR_CONFIG, path, "this is no file of keys", 0, error);
	close (fd);
	if (count < 0 || length > NX_CLI_KEY_FILE_BYTES || memchr (text, '\0', length) != NULL) {
		explicit_bzero (text, length);
		return NULL;
	}
	return g_steal_pointer (&text);
}

static NxVerpKeys *
load (const char *path, guint max_age_days, struct stat *info_out, GError **error)
{
	g_autofree char *text = read_text (path, info_out, error);
	NxVerpKeys *keys = text == NULL ? NULL : nx_verp_keys_new (path, text, error);

	if (text != NULL)
		explicit_bzero (text, strlen (text));
	if (keys != NULL)
		nx_verp_keys_set_max_age (keys, max_age_days);
	return keys;
}

NxVerpKeys *
nx_key_file_load (const char *path, guint max_age_days, GError **error)
{
	struct stat info = { 0 };

	return load (path, max_age_days, &info, error);
}

static gboolean
write_text (int fd, const char *text)
{
	gsize length = strlen (text);

	while (length > 0) {
		gssize count = write (fd, text, length);

		if (count < 0 && errno != EINTR)
			return FALSE;
		if (count > 0) {
			text += count;
			length -= (gsize)count;
		}
	}
	return fsync (fd) == 0;
}

static void
sync_folder (const char *path)
{
	g_autofree char *folder = g_path_get_dirname (path);
	int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync (fd);
	close (fd);
}

/* The new text of the file. @info_out: of the old one; its mode is 0 when there is none. */
static char *
make_text (const char *path, guint max_age_days, gint64 now, struct stat *info_out, GError **error)
{
	guint8 secret[NX_VERP_SECRET_BYTES];
	g_autoptr (NxVerpKeys) keys = NULL;
	char *text = NULL;

	if (access (path, F_OK) == 0 || errno != ENOENT) {
		keys = load (path, max_age_days, info_out, error);
		if (keys == NULL)
			return NULL;
	}
	if (getrandom (secret, sizeof secret, 0) != (gssize)sizeof secret) {
		fail (NX_ERROR_INTERNAL, path, "there are no random numbers", errno, error);
		return NULL;
	}
	text = nx_verp_keys_rotate (keys, secret, now, error);
	explicit_bzero (secret, sizeof secret);
	return text;
}

/* @fd: open on @fresh, which is ours alone. */
static gboolean
replace (int fd, const char *fresh, const char *path, guint max_age_days, gint64 now, GError **error)
{
	struct stat info = { 0 };
	g_autofree char *text = make_text (path, max_age_days, now, &info, error);
	gboolean written = FALSE;
	int number = 0;

	if (text == NULL)
		return FALSE;
	/* root adds a key to the file of the user that the mail system runs nixie as. */
	if (info.st_mode != 0 && geteuid () == 0 && fchown (fd, info.st_uid, info.st_gid) != 0)
		number = errno;
	written = number == 0 && write_text (fd, text) && rename (fresh, path) == 0;
	if (!written && number == 0)
		number = errno;
	explicit_bzero (text, strlen (text));
	if (!written)
		return fail (NX_ERROR_OUTPUT, path, "the new key cannot be written", number, error);
	sync_folder (path);
	return TRUE;
}

gboolean
nx_key_file_rotate (const char *path, guint max_age_days, gint64 now, GError **error)
{
	g_autofree char *fresh = g_strconcat (path, ".new", NULL);
	/* Its being there also keeps a second one out. */
	int fd = open (fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	gboolean done = FALSE;

	if (fd < 0 && errno == EEXIST)
		return fail (NX_ERROR_OUTPUT, fresh,
			     "is there: another \"nixie verp key\" is at work, or was ended; then remove it", 0, error);
	if (fd < 0)
		return fail (NX_ERROR_OUTPUT, fresh, "cannot be made", errno, error);
	done = fchmod (fd, S_IRUSR | S_IWUSR) == 0 && replace (fd, fresh, path, max_age_days, now, error);
	close (fd);
	if (!done)
		unlink (fresh);
	return done;
}
