/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * position.c: where a source stands, in words that another run understands, and the way back there.
 *
 * A place is a file, the members on the way into it, and an offset. Files change between two runs, so the position also
 * has by what to know them again: a hash of the file's first bytes and one of the first bytes of the last message that
 * was read (its From_ line and its nearest headers). Device and inode are not asked: a folder that was restored or
 * copied is still the same, and a file that was written anew in its place is not.
 *
 * The way back reads no message twice and none that was not read: where anything is not as it was, it says so, and the
 * caller begins at the beginning.
 */
#include "source/source-private.h"

#include "base/limits.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * Identity: what is told of in NxSourcePosition.identity. @head_length: how many of the file's first bytes @head is of.
 */
typedef struct {
	guint64 head;
	guint head_length;
	NxMboxMark mark;
} Identity;

/* As much as there is of the file's first @want bytes. */
static guint
hash_head (int fd, guint want, guint64 *hash_out)
{
	guint8 head[NX_LIMIT_IDENTITY_BYTES];
	guint length = 0;
	ssize_t got = 1;
	while (length < MIN (want, sizeof head) && got > 0) {
		got = pread (fd, head + length, MIN (want, sizeof head) - length, (off_t)length);
		length += (guint)MAX (got, 0);
	}
	*hash_out = nx_mbox_hash (head, length);
	return length;
}

static gboolean
is_seekable (const NxSource *source)
{
	struct stat status;
	return source->fd >= 0 && strcmp (source->path, "-") != 0 && fstat (source->fd, &status) == 0 &&
	       S_ISREG (status.st_mode);
}

gboolean
nx_source_get_position (NxSource *source, NxSourcePosition *position_out)
{
	g_return_val_if_fail (source != NULL && position_out != NULL, FALSE);
	guint64 head;
	if (!source->has_message || !is_seekable (source))
		return FALSE;
	const NxMboxMark *mark = &source->mbox.mark;
	guint length = hash_head (source->fd, NX_LIMIT_IDENTITY_BYTES, &head);
	g_string_printf (source->identity,
			 "%u-%016" G_GINT64_MODIFIER "x-%" G_GUINT64_FORMAT "-%u-%016" G_GINT64_MODIFIER "x", length,
			 head, mark->offset, mark->length, mark->hash);
	g_string_truncate (source->member, 0);
	for (guint i = 0; i < source->levels->len; i++)
		g_string_append_printf (source->member, "%s%u", i > 0 ? "." : "",
					g_array_index (source->levels, NxSourceLevel, i).number);
	*position_out = (NxSourcePosition){
		.path = source->path,
		.member = source->member->str,
		.identity = source->identity->str,
		.offset = nx_mbox_get_offset (&source->mbox),
	};
	return TRUE;
}

static gboolean
take_number (const char **text, int base, char end, guint64 *number_out)
{
	char *stop;
	if (!g_ascii_isxdigit (**text))
		return FALSE;
	*number_out = g_ascii_strtoull (*text, &stop, (guint)base);
	if (*stop != end)
		return FALSE;
	*text = stop + (end != '\0');
	return TRUE;
}

static gboolean
read_identity (const char *text, Identity *identity)
{
	guint64 head_length, length;
	if (!take_number (&text, 10, '-', &head_length) || !take_number (&text, 16, '-', &identity->head) ||
	    !take_number (&text, 10, '-', &identity->mark.offset) || !take_number (&text, 10, '-', &length) ||
	    !take_number (&text, 16, '\0', &identity->mark.hash))
		return FALSE;
	identity->head_length = (guint)MIN (head_length, G_MAXUINT);
	identity->mark.length = (guint)MIN (length, G_MAXUINT);
	return head_length <= NX_LIMIT_IDENTITY_BYTES && length <= NX_LIMIT_MARK_BYTES;
}

/* Opens the file of the folder that has this path; those before it count as read. */
static gboolean
find_entry (NxSource *source, const char *path)
{
	const GArray *entries = source->folder->entries;
	for (guint i = 0; i < entries->len; i++) {
		const NxFolderEntry *entry = &g_array_index (entries, NxFolderEntry, i);
		g_autofree char *found = nx_folder_get_path (source->folder, entry);
		if (strcmp (found, path) == 0) {
			source->index = i;
			return nx_source_open_entry (source, NULL);
		}
		source->done_bytes += entry->size;
	}
	return FALSE;
}

/* Goes into the archives on the way. */
static gboolean
enter_members (NxSource *source, const char *member)
{
	guint depth = 0;
	if (!nx_source_enter (source, g_steal_pointer (&source->pending), 0, NULL))
		return FALSE;
	while (*member != '\0') {
		guint64 number;
		if (source->levels->len != ++depth ||
		    !take_number (&member, 10, strchr (member, '.') != NULL ? '.' : '\0', &number) ||
		    number > G_MAXUINT || !nx_source_enter_member (source, (guint)number, NULL))
			return FALSE;
		if (source->levels->len < depth ||
		    g_array_index (source->levels, NxSourceLevel, depth - 1).number != number)
			return FALSE;
	}
	return source->levels->len == depth && source->stream != NULL;
}

/* From the beginning of the stream to @offset, past the message that is known. */
static gboolean
skip_to (NxSource *source, const NxMboxMark *mark, guint64 offset)
{
	char bytes[NX_LIMIT_MARK_BYTES];
	guint64 at = source->mbox.base;
	guint length = 0;
	if (mark->offset < at || offset < mark->offset)
		return FALSE;
	if (nx_stream_skip (source->stream, mark->offset - at) != mark->offset - at)
		return FALSE;
	/* Of a message that is to be read once more nothing may be taken. */
	if (offset == mark->offset) {
		const guint8 *data;
		length = (guint)nx_stream_peek (source->stream, mark->length, &data);
		memcpy (bytes, data, length);
	}
	while (offset > mark->offset && length < mark->length) {
		gssize got = nx_stream_read (source->stream, bytes + length, mark->length - length);
		if (got <= 0)
			return FALSE;
		length += (guint)got;
	}
	if (length != mark->length || nx_mbox_hash (bytes, length) != mark->hash)
		return FALSE;
	guint64 left = offset > mark->offset ? offset - mark->offset - length : 0;
	if (offset > mark->offset && offset - mark->offset < length)
		return FALSE;
	return nx_stream_skip (source->stream, left) == left;
}

gboolean
nx_source_go_on (NxSource *source, const NxSourcePosition *position)
{
	Identity identity;
	guint64 head;
	if (!read_identity (position->identity, &identity))
		return FALSE;
	if (!is_seekable (source) || hash_head (source->fd, identity.head_length, &head) != identity.head_length ||
	    head != identity.head)
		return FALSE;
	if (!enter_members (source, position->member) || !skip_to (source, &identity.mark, position->offset))
		return FALSE;
	nx_mbox_start (&source->mbox, source->stream, position->offset, source->mbox.flags);
	if (!nx_mbox_resume (&source->mbox))
		return FALSE;
	source->passed_bytes += source->is_plain ? position->offset - source->start : source->meter.read;
	return TRUE;
}

static gboolean
go_to (NxSource *source, const NxSourcePosition *position)
{
	if (source->folder != NULL ? !find_entry (source, position->path) : strcmp (source->path, position->path) != 0)
		return FALSE;
	source->passed_bytes = source->done_bytes;
	return nx_source_go_on (source, position);
}

NxSource *
nx_source_open_at (const char *path, const NxSourcePosition *position, gboolean *found_out, GError **error)
{
	g_return_val_if_fail (path != NULL && position != NULL, NULL);
	gboolean found = FALSE;
	NxSource *source = nx_source_open (path, error);
	if (source != NULL && strcmp (path, "-") != 0) {
		found = go_to (source, position);
		if (!found) {
			nx_source_free (source);
			source = nx_source_open (path, error);
		}
	}
	if (found_out != NULL)
		*found_out = found;
	return source;
}
