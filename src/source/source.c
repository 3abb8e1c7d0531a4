/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source.c: one path or descriptor as one stream of messages. See nixie/source.h.
 *
 * It opens and closes files one after the other and goes into what is packed in them: compressed bytes are unpacked,
 * archives are gone through member by member, and what is no packing is given to mbox.c. The archives that it is inside
 * of lie on a stack, so that a tar in a zip in a folder needs no special case. What is in a file is mbox.c's to know,
 * what is in a folder folder.c's, in compressed bytes unpack.c's, in an archive archive.c's.
 *
 * What may be read: files, pipes and sockets to their end; a character device too, but no further than one message
 * beyond the cap, since /dev/urandom has no end. A pipe or device inside a folder is not touched: opening it could wait
 * for ever.
 */
#include "source/source-private.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *path, const char *problem)
{
	g_autofree char *name = g_filename_display_name (path);
	g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "%s: %s", name, problem);
	return FALSE;
}

static void
clear_level (gpointer data)
{
	nx_archive_free (((NxSourceLevel *)data)->archive);
}

static NxSource *
source_new (const char *path)
{
	NxSource *source = g_new0 (NxSource, 1);
	nx_mbox_init (&source->mbox);
	source->fd = -1;
	source->path = g_strdup (path);
	source->name = g_string_new (path);
	source->member = g_string_new (NULL);
	source->identity = g_string_new (NULL);
	source->levels = g_array_new (FALSE, FALSE, sizeof (NxSourceLevel));
	g_array_set_clear_func (source->levels, clear_level);
	return source;
}

/* A stream reads from the archive below it, an archive from the stream below that. */
static void
leave_all (NxSource *source)
{
	g_clear_pointer (&source->stream, nx_stream_free);
	g_clear_pointer (&source->pending, nx_stream_free);
	while (source->levels->len > 0)
		g_array_set_size (source->levels, source->levels->len - 1);
}

static void
close_file (NxSource *source)
{
	if (!source->is_open)
		return;
	leave_all (source);
	source->fd = -1;
	source->is_open = FALSE;
	source->done_bytes += source->size > 0 ? source->size : source->meter.read;
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
		return fail (error, source->path, g_strerror (failure));
	}
	off_t at = S_ISREG (status.st_mode) ? lseek (fd, 0, SEEK_CUR) : 0;
	source->meter = (NxMeter){ 0 };
	source->pending = nx_stream_new_fd (fd, owns_fd, &source->meter);
	source->fd = fd;
	source->is_open = TRUE;
	source->is_device = S_ISCHR (status.st_mode);
	source->modified = S_ISREG (status.st_mode) ? status.st_mtime : 0;
	source->start = at > 0 ? (guint64)at : 0;
	source->size = 0;
	if (S_ISREG (status.st_mode) && (guint64)status.st_size > source->start)
		source->size = (guint64)status.st_size - source->start;
	if (source->size > 0)
		posix_fadvise (fd, at, 0, POSIX_FADV_SEQUENTIAL);
	return TRUE;
}

gboolean
nx_source_open_entry (NxSource *source, GError **error)
{
	const NxFolderEntry *entry = &g_array_index (source->folder->entries, NxFolderEntry, source->index++);
	g_free (source->path);
	source->path = nx_folder_get_path (source->folder, entry);
	g_string_assign (source->name, source->path);
	if (entry->problem != NULL)
		return fail (error, source->path, entry->problem);
	/* Not to wait when a pipe has taken the file's place since it was listed. */
	int fd = open (source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		source->done_bytes += entry->size;
		return fail (error, source->path, g_strerror (errno));
	}
	struct stat status;
	if (fstat (fd, &status) == 0 && !S_ISREG (status.st_mode)) {
		close (fd);
		source->done_bytes += entry->size;
		return fail (error, source->path, "no longer a regular file");
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
	leave_all (source);
	nx_mbox_clear (&source->mbox);
	nx_folder_free (source->folder);
	g_array_unref (source->levels);
	g_string_free (source->name, TRUE);
	g_string_free (source->member, TRUE);
	g_string_free (source->identity, TRUE);
	g_free (source->path);
	g_free (source);
}

void
nx_source_set_choose (NxSource *source, NxSourceChooseFunc choose, gpointer user_data)
{
	g_return_if_fail (source != NULL);
	source->choose = choose;
	source->choose_data = user_data;
}

void
nx_source_set_single (NxSource *source)
{
	g_return_if_fail (source != NULL);
	source->is_single = TRUE;
}

static NxMboxFlags
get_flags (const NxSource *source)
{
	return (source->is_single ? NX_MBOX_FLAG_SINGLE : NX_MBOX_FLAG_NONE) |
	       (source->is_device ? NX_MBOX_FLAG_ENDLESS : NX_MBOX_FLAG_NONE);
}

/* A single message is what it is, and a device may give nothing to look at. */
static NxPacking
recognise (const NxSource *source, NxStream *stream)
{
	const guint8 *data;
	if (source->is_single || source->is_device)
		return NX_PACKING_NONE;
	gsize length = nx_stream_peek (stream, NX_PACKING_BYTES, &data);
	return nx_packing_recognise (data, length);
}

gboolean
nx_source_enter (NxSource *source, NxStream *stream, guint depth, GError **error)
{
	NxPacking packing;
	while ((packing = recognise (source, stream)) != NX_PACKING_NONE) {
		if (depth++ == NX_LIMIT_UNPACK_DEPTH) {
			nx_stream_free (stream);
			g_autofree char *problem = g_strdup_printf ("packed more than %d times", NX_LIMIT_UNPACK_DEPTH);
			return fail (error, source->name->str, problem);
		}
		if (packing == NX_PACKING_TAR || packing == NX_PACKING_ZIP) {
			NxSourceLevel level = { .name_length = source->name->len, .depth = depth };
			level.archive = nx_archive_new (stream, packing, &source->meter);
			g_array_append_val (source->levels, level);
			return TRUE;
		}
		stream = nx_stream_new_unpacked (stream, packing, &source->meter);
	}
	source->stream = stream;
	source->is_plain = depth == 0;
	nx_mbox_start (&source->mbox, stream, source->is_plain ? source->start : 0, get_flags (source));
	return TRUE;
}

gboolean
nx_source_enter_member (NxSource *source, guint first, GError **error)
{
	NxSourceLevel *level = &g_array_index (source->levels, NxSourceLevel, source->levels->len - 1);
	NxMember member;
	g_string_truncate (source->name, level->name_length);
	int result = nx_archive_next (level->archive, first, &member);
	if (result < 0)
		return fail (error, source->name->str, nx_archive_get_problem (level->archive));
	if (result == 0) {
		g_array_set_size (source->levels, source->levels->len - 1);
		return TRUE;
	}
	level->number = member.number;
	level->modified = member.modified;
	g_string_append_c (source->name, '/');
	g_string_append (source->name, member.name);
	if (source->name->len > NX_LIMIT_MEMBER_NAME_BYTES)
		g_string_truncate (source->name, MAX (NX_LIMIT_MEMBER_NAME_BYTES, level->name_length));
	return nx_source_enter (source, nx_archive_open_member (level->archive), level->depth, error);
}

static gint64
get_modified (const NxSource *source)
{
	for (guint i = source->levels->len; i-- > 0;) {
		gint64 modified = g_array_index (source->levels, NxSourceLevel, i).modified;
		if (modified > 0)
			return modified;
	}
	return source->modified;
}

/* Tells why the stream failed, and leaves it; and the whole file when it has unpacked to too much. */
static gboolean
leave_failed (NxSource *source, GError **error)
{
	fail (error, source->name->str, source->stream->problem);
	g_clear_pointer (&source->stream, nx_stream_free);
	if (source->meter.is_exhausted)
		leave_all (source);
	return FALSE;
}

static NxSourceChoice
choose_entry (const NxSource *source, NxSourcePosition *position)
{
	const NxFolderEntry *entry = &g_array_index (source->folder->entries, NxFolderEntry, source->index);
	if (source->choose == NULL || entry->problem != NULL)
		return NX_SOURCE_READ;
	g_autofree char *path = nx_folder_get_path (source->folder, entry);
	const NxSourceFile file = { .path = path, .size = entry->size, .in_maildir = entry->in_maildir };
	return source->choose (&file, position, source->choose_data);
}

/* Opens the next file of the folder, or passes it over. */
static gboolean
take_entry (NxSource *source, GError **error)
{
	NxSourcePosition position = { 0 };
	NxSourceChoice choice = choose_entry (source, &position);
	if (choice == NX_SOURCE_PASS) {
		guint64 size = g_array_index (source->folder->entries, NxFolderEntry, source->index++).size;
		source->done_bytes += size;
		source->passed_bytes += size;
		return TRUE;
	}
	if (!nx_source_open_entry (source, error))
		return FALSE;
	if (choice == NX_SOURCE_READ || nx_source_go_on (source, &position))
		return TRUE;
	leave_all (source);
	source->fd = -1;
	source->is_open = FALSE;
	source->index--;
	return nx_source_open_entry (source, error);
}

gboolean
nx_source_next (NxSource *source, const NxRawMessage **message_out, GError **error)
{
	g_return_val_if_fail (source != NULL && message_out != NULL, FALSE);
	source->has_message = FALSE;
	while (TRUE) {
		if (source->stream != NULL) {
			NxMboxResult result = nx_mbox_next (&source->mbox, &source->message);
			if (result == NX_MBOX_FAILED)
				return leave_failed (source, error);
			if (result == NX_MBOX_MESSAGE) {
				source->message.file = source->name->str;
				source->message.modified = get_modified (source);
				source->has_message = TRUE;
				*message_out = &source->message;
				return TRUE;
			}
			g_clear_pointer (&source->stream, nx_stream_free);
		} else if (source->pending != NULL) {
			if (!nx_source_enter (source, g_steal_pointer (&source->pending), 0, error))
				return FALSE;
		} else if (source->levels->len > 0) {
			if (!nx_source_enter_member (source, 0, error))
				return FALSE;
		} else {
			close_file (source);
			if (source->folder == NULL || source->index == source->folder->entries->len) {
				*message_out = NULL;
				return TRUE;
			}
			if (!take_entry (source, error))
				return FALSE;
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
	guint64 done = source->done_bytes, read = source->meter.read;
	if (source->is_plain && source->stream != NULL)
		read = nx_mbox_get_offset (&source->mbox) - source->start;
	if (source->is_open)
		done += source->size > 0 ? MIN (read, source->size) : read;
	/* A file may have grown since it was listed. */
	return source->total_bytes > 0 ? MIN (done, source->total_bytes) : done;
}

guint64
nx_source_get_passed_bytes (const NxSource *source)
{
	g_return_val_if_fail (source != NULL, 0);
	return MIN (source->passed_bytes, nx_source_get_done_bytes (source));
}
