/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maildir.c: see maildir.h. A move is one rename, so a mail is in one place or in the other whatever happens; it copies
 * nothing, and so leaves no file system.
 */
#include "maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Mail is private. */
#define FOLDER_MODE 0700

struct _NxMaildir {
	char *path;
};

static gboolean
fail (GError **error, const char *what, const char *path, int failure)
{
	g_autofree char *name = g_filename_display_name (path);

	g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "%s %s: %s", what, name, g_strerror (failure));
	return FALSE;
}

gboolean
nx_maildir_is (const char *path)
{
	g_autofree char *cur = g_build_filename (path, "cur", NULL);
	g_autofree char *new = g_build_filename (path, "new", NULL);

	return g_file_test (cur, G_FILE_TEST_IS_DIR) && g_file_test (new, G_FILE_TEST_IS_DIR);
}

static gboolean
make_folders (const char *path, GError **error)
{
	static const char *const parts[] = { "tmp", "new", "cur" };

	if (nx_maildir_is (path))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
		g_autofree char *part = g_build_filename (path, parts[i], NULL);

		if (g_mkdir_with_parents (part, FOLDER_MODE) != 0)
			return fail (error, "--move-to: cannot make", part, errno);
	}
	return TRUE;
}

static gboolean
check_source (const char *source, const char *path, const struct stat *target, GError **error)
{
	g_autofree char *shown = g_filename_display_name (source);
	struct stat info = { 0 };

	if (!nx_maildir_is (source)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "--move-to takes mails out of Maildirs only, and %s is none: it has not both cur and new",
			     shown);
		return FALSE;
	}
	if (stat (source, &info) != 0)
		return fail (error, "cannot read", source, errno);
	if (info.st_dev == target->st_dev && info.st_ino == target->st_ino) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--move-to is the Maildir that is read: %s", shown);
		return FALSE;
	}
	if (info.st_dev != target->st_dev) {
		g_autofree char *to = g_filename_display_name (path);

		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "--move-to %s is on another file system than %s; mails can only be renamed, so give a "
			     "folder beside that one",
			     to, shown);
		return FALSE;
	}
	return TRUE;
}

NxMaildir *
nx_maildir_new (const char *path, char **sources, GError **error)
{
	g_autoptr (NxMaildir) maildir = g_new0 (NxMaildir, 1);
	struct stat info = { 0 };

	maildir->path = g_strdup (path);
	if (!make_folders (path, error))
		return NULL;
	if (stat (path, &info) != 0) {
		fail (error, "--move-to: cannot read", path, errno);
		return NULL;
	}
	for (; *sources != NULL; sources++) {
		if (!check_source (*sources, path, &info, error))
			return NULL;
	}
	return g_steal_pointer (&maildir);
}

void
nx_maildir_free (NxMaildir *maildir)
{
	if (maildir == NULL)
		return;
	g_free (maildir->path);
	g_free (maildir);
}

/* Without writing over another file; where the file system cannot promise that, by looking first. */
static int
rename_new (const char *from, const char *to)
{
	if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	if (g_file_test (to, G_FILE_TEST_EXISTS))
		return EEXIST;
	return rename (from, to) == 0 ? 0 : errno;
}

gboolean
nx_maildir_take (const NxMaildir *maildir, const char *file, GError **error)
{
	g_autofree char *folder = g_path_get_dirname (file);
	g_autofree char *part = g_path_get_basename (folder);
	g_autofree char *name = g_path_get_basename (file);
	g_autofree char *target = g_build_filename (maildir->path, part, name, NULL);
	int failure = rename_new (file, target);

	if (failure == EEXIST)
		return fail (error, "not moved, there is a mail of that name already:", target, failure);
	return failure == 0 || failure == ENOENT || fail (error, "cannot move", file, failure);
}
