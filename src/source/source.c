/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source.c: one path or descriptor as one stream of messages. See nixie/source.h.
 *
 * It opens and closes files one after the other, gives each to mbox.c and turns errno into sentences. What is in a file
 * is mbox.c's to know, what is in a folder folder.c's.
 *
 * What may be read: files, pipes and sockets to their end; a character device too, but no further than one message
 * beyond the cap, since /dev/urandom has no end. A pipe or device inside a folder is not touched: opening it could wait
 * for ever.
 */
#include "source/source-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * NxSource: @fd: the open file, -1 between two of them; @owns_fd: it is to be closed. @file: its name. @size: what it
 * adds to the progress once it is done, as far as that is known beforehand. @start: where in the file reading began.
 */
struct _NxSource {
	NxMbox mbox;
	NxFolder *folder;
	guint index;
	int fd;
	gboolean owns_fd;
	gboolean is_single;
	char *file;
	guint64 size;
	guint64 start;
	guint64 done_bytes;
	guint64 total_bytes;
	NxRawMessage message;
};

static gboolean
fail (GError **error, const char *path, const char *problem)
{
	g_autofree char *name = g_filename_display_name (path);
	g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "%s: %s", name, problem);
	return FALSE;
}

static NxSource *
source_new (const char *file)
{
	NxSource *source = g_new0 (NxSource, 1);
	nx_mbox_init (&source->mbox);
	source->fd = -1;
	source->file = g_strdup (file);
	return source;
}

static void
close_file (NxSource *source)
{
	if (source->fd < 0)
		return;
	if (source->owns_fd)
		close (source->fd);
	source->fd = -1;
	guint64 read = nx_mbox_get_offset (&source->mbox) - source->start;
	source->done_bytes += source->size > 0 ? source->size : read;
}

/* Begins to read @fd. Takes it over in any case when @owns_fd. */
static gboolean
start_file (NxSource *source, int fd, gboolean owns_fd, GError **error)
{
	struct stat status;
	int failure = fstat (fd, &status) != 0 ? errno : 0;
	if (failure == 0 && S_ISDIR (status.st_mode))
		failure = EISDIR;
	if (failure != 0) {
		if (owns_fd)
			close (fd);
		return fail (error, source->file, g_strerror (failure));
	}
	off_t at = S_ISREG (status.st_mode) ? lseek (fd, 0, SEEK_CUR) : 0;
	source->fd = fd;
	source->owns_fd = owns_fd;
	source->start = at > 0 ? (guint64)at : 0;
	source->size = 0;
	if (S_ISREG (status.st_mode) && (guint64)status.st_size > source->start)
		source->size = (guint64)status.st_size - source->start;
	if (source->size > 0)
		posix_fadvise (fd, at, 0, POSIX_FADV_SEQUENTIAL);
	nx_mbox_start (&source->mbox, fd, source->start,
		       (S_ISCHR (status.st_mode) ? NX_MBOX_FLAG_ENDLESS : NX_MBOX_FLAG_NONE) |
			       (source->is_single ? NX_MBOX_FLAG_SINGLE : NX_MBOX_FLAG_NONE));
	return TRUE;
}

/* The next file of the folder. */
static gboolean
open_entry (NxSource *source, GError **error)
{
	const NxFolderEntry *entry = &g_array_index (source->folder->entries, NxFolderEntry, source->index++);
	g_free (source->file);
	source->file = nx_folder_get_path (source->folder, entry);
	if (entry->problem != NULL)
		return fail (error, source->file, entry->problem);
	/* Not to wait when a pipe has taken the file's place since it was listed. */
	int fd = open (source->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		source->done_bytes += entry->size;
		return fail (error, source->file, g_strerror (errno));
	}
	struct stat status;
	if (fstat (fd, &status) == 0 && !S_ISREG (status.st_mode)) {
		close (fd);
		source->done_bytes += entry->size;
		return fail (error, source->file, "no longer a regular file");
	}
	if (!start_file (source, fd, TRUE, error))
		return FALSE;
	source->size = entry->size;
	return TRUE;
}

NxSource *
nx_source_open (const char *path, GError **error)
{
	g_return_val_if_fail (path != NULL, NULL);
	if (strcmp (path, "-") == 0)
		return nx_source_open_fd (STDIN_FILENO, path, error);

	g_autoptr (NxSource) source = source_new (path);
	if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
		source->folder = nx_folder_new (path, error);
		if (source->folder == NULL)
			return NULL;
		source->total_bytes = source->folder->total_bytes;
		return g_steal_pointer (&source);
	}
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		fail (error, path, g_strerror (errno));
		return NULL;
	}
	if (!start_file (source, fd, TRUE, error))
		return NULL;
	source->total_bytes = source->size;
	return g_steal_pointer (&source);
}

NxSource *
nx_source_open_fd (int fd, const char *name, GError **error)
{
	g_return_val_if_fail (name != NULL, NULL);
	g_autoptr (NxSource) source = source_new (name);
	if (!start_file (source, fd, FALSE, error))
		return NULL;
	source->total_bytes = source->size;
	return g_steal_pointer (&source);
}

void
nx_source_free (NxSource *source)
{
	if (source == NULL)
		return;
	close_file (source);
	nx_mbox_clear (&source->mbox);
	nx_folder_free (source->folder);
	g_free (source->file);
	g_free (source);
}

void
nx_source_set_single (NxSource *source)
{
	g_return_if_fail (source != NULL);
	source->is_single = TRUE;
	source->mbox.flags |= NX_MBOX_FLAG_SINGLE;
}

gboolean
nx_source_next (NxSource *source, const NxRawMessage **message_out, GError **error)
{
	g_return_val_if_fail (source != NULL && message_out != NULL, FALSE);
	while (TRUE) {
		if (source->fd < 0 && (source->folder == NULL || source->index == source->folder->entries->len)) {
			*message_out = NULL;
			return TRUE;
		}
		if (source->fd < 0 && !open_entry (source, error))
			return FALSE;
		switch (nx_mbox_next (&source->mbox, &source->message)) {
		case NX_MBOX_MESSAGE:
			source->message.file = source->file;
			*message_out = &source->message;
			return TRUE;
		case NX_MBOX_FAILED:
			close_file (source);
			return fail (error, source->file, g_strerror (source->mbox.error));
		case NX_MBOX_END:
			close_file (source);
			break;
		}
	}
}

guint64
nx_source_get_total_bytes (const NxSource *source)
{
	g_return_val_if_fail (source != NULL, 0);
	return source->total_bytes;
}

guint64
nx_source_get_done_bytes (const NxSource *source)
{
	g_return_val_if_fail (source != NULL, 0);
	guint64 done = source->done_bytes;
	if (source->fd >= 0) {
		guint64 read = nx_mbox_get_offset (&source->mbox) - source->start;
		done += source->size > 0 ? MIN (read, source->size) : read;
	}
	/* A file may have grown since it was listed. */
	return source->total_bytes > 0 ? MIN (done, source->total_bytes) : done;
}
