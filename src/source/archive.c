/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * archive.c: a tar or a zip as a row of members, read from front to back through libarchive. See archive.h.
 *
 * Nothing is written anywhere, so a member's name is a label and no path. What is passed over: folders, links and
 * devices, names that begin with a dot (as folder.c has it), and the indexes that mail servers keep beside their mails.
 * A folder whose name begins with a dot is looked into: in an archive of a Maildir, ".bounces/" is what one wants.
 *
 * A zip is read by its members' own headers and not by its list at the end, so that one that was cut, and one from a
 * pipe, can be read as far as it goes. libarchive gets the packed bytes from a stream; it unpacks what zip deflates,
 * all other compression is unpack.c's.
 */
#include "source/archive.h"

#include "base/limits.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

/* A tar ends with two blocks of zeros; one is enough to believe that it was not cut. */
#define TAR_BLOCK 512

/**
 * NxArchive: @zeros: how many there are at the end of what was read. @next: the number of the next member. @is_at_end:
 * more was wanted than there is. @is_broken: a header was. @is_done: nothing more can be read.
 */
struct _NxArchive {
	struct archive *reader;
	NxStream *inner;
	NxMeter *meter;
	char *problem;
	char *name;
	gsize zeros;
	NxPacking packing;
	guint next;
	gboolean is_open;
	gboolean is_at_end;
	gboolean is_broken;
	gboolean is_done;
	char block[65536];
};

/**
 * MemberStream: @data: a block of libarchive's that is handed out from @at on; it belongs at @offset of the member, and
 * what is missing before that is a hole.
 */
typedef struct {
	NxStream stream;
	NxArchive *archive;
	const char *data;
	gsize at;
	gsize length;
	guint64 offset;
	guint64 read_before;
	guint64 made;
} MemberStream;

static la_ssize_t
read_inner (struct archive *reader, void *data, const void **buffer_out)
{
	NxArchive *self = data;
	gssize got = nx_stream_read (self->inner, self->block, sizeof self->block);
	*buffer_out = self->block;
	gssize zeros = 0;
	while (zeros < got && self->block[got - 1 - zeros] == 0)
		zeros++;
	self->zeros = (zeros == got ? self->zeros : 0) + (gsize)MAX (zeros, 0);
	self->is_at_end = got == 0;
	if (got < 0)
		archive_set_error (reader, EIO, "%s", self->inner->problem);
	return got < 0 ? ARCHIVE_FATAL : (la_ssize_t)got;
}

static la_int64_t
skip_inner (struct archive *reader, void *data, la_int64_t count)
{
	NxArchive *self = data;
	(void)reader;
	self->zeros = 0;
	/* The rest is read, so that a failure there is told. */
	return count > 0 ? (la_int64_t)nx_stream_skip (self->inner, (guint64)count) : 0;
}

NxArchive *
nx_archive_new (NxStream *inner, NxPacking packing, NxMeter *meter)
{
	NxArchive *self = g_new0 (NxArchive, 1);
	self->inner = inner;
	self->meter = meter;
	self->packing = packing;
	self->reader = archive_read_new ();
	g_assert (self->reader != NULL);
	if (packing == NX_PACKING_ZIP) {
		archive_read_support_format_zip_streamable (self->reader);
	} else {
		archive_read_support_format_tar (self->reader);
		archive_read_set_options (self->reader, "tar:read_concatenated_archives");
	}
	return self;
}

void
nx_archive_free (NxArchive *archive)
{
	if (archive == NULL)
		return;
	archive_read_free (archive->reader);
	nx_stream_free (archive->inner);
	g_free (archive->problem);
	g_free (archive->name);
	g_free (archive);
}

const char *
nx_archive_get_problem (const NxArchive *archive)
{
	return archive->problem;
}

/* In the words of the innermost stream that failed, else in libarchive's. */
static const char *
describe_failure (const NxArchive *self)
{
	if (self->inner->problem != NULL)
		return self->inner->problem;
	if (self->is_at_end)
		return "ends too early; what is there is read";
	const char *text = archive_error_string (self->reader);
	return text != NULL ? text : "damaged; what stands before that is read";
}

static int
report (NxArchive *self, const char *problem)
{
	g_free (self->problem);
	self->problem = g_strdup (problem);
	return -1;
}

static int
fail (NxArchive *self)
{
	self->is_done = TRUE;
	return report (self, describe_failure (self));
}

static gboolean
is_wanted (const char *name)
{
	static const char *const indexes[] = { "courierimap", "dovecot", "maildirfolder", "maildirsize" };
	const char *slash = strrchr (name, '/');
	const char *base = slash != NULL ? slash + 1 : name;
	if (*base == '.' || *base == '\0')
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (indexes); i++)
		if (g_str_has_prefix (base, indexes[i]))
			return FALSE;
	return TRUE;
}

/* Names are in UTF-8 or in whatever it was; libarchive has none where it knows neither. */
static char *
dup_name (struct archive_entry *entry, guint number)
{
	const char *name = archive_entry_pathname_utf8 (entry);
	if (name == NULL)
		name = archive_entry_pathname (entry);
	if (name == NULL || *name == '\0')
		return g_strdup_printf ("member-%u", number);
	while (g_str_has_prefix (name, "./"))
		name += 2;
	return g_strndup (name, NX_LIMIT_MEMBER_NAME_BYTES);
}

static gboolean
open_reader (NxArchive *self)
{
	self->is_open = TRUE;
	return archive_read_open2 (self->reader, self, NULL, read_inner, skip_inner, NULL) == ARCHIVE_OK;
}

/* What stands behind an archive's end is read past: who writes it to us waits for that, and its checksum is there. */
static int
finish (NxArchive *self)
{
	self->is_done = TRUE;
	nx_stream_skip (self->inner, G_MAXUINT64);
	if (self->inner->problem != NULL)
		return fail (self);
	if (self->packing == NX_PACKING_TAR && self->zeros < TAR_BLOCK)
		return report (self, "ends without the mark of its end; what is there is read");
	return 0;
}

int
nx_archive_next (NxArchive *archive, guint first, NxMember *member_out)
{
	if (archive->is_done)
		return 0;
	if (!archive->is_open && !open_reader (archive))
		return fail (archive);
	while (TRUE) {
		struct archive_entry *entry;
		int result = archive_read_next_header (archive->reader, &entry);
		if (result == ARCHIVE_EOF)
			return finish (archive);
		/* A broken header: libarchive goes on block by block until it finds a right one. */
		if (result == ARCHIVE_RETRY && archive->is_broken)
			continue;
		if (result == ARCHIVE_RETRY) {
			archive->is_broken = TRUE;
			return report (archive, "damaged; what can be read of it is read");
		}
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail (archive);
		guint number = archive->next++;
		if (number < first || archive_entry_filetype (entry) != AE_IFREG ||
		    archive_entry_hardlink (entry) != NULL)
			continue;
		g_free (archive->name);
		archive->name = dup_name (entry, number);
		if (!is_wanted (archive->name))
			continue;
		*member_out = (NxMember){ archive->name, archive_entry_mtime (entry), number };
		return 1;
	}
}

/* The next block. archive_read_data() would do without, but loses what it has when it fails. Returns: as libarchive. */
static int
read_block (MemberStream *self)
{
	const void *data = NULL;
	la_int64_t offset = 0;
	size_t length = 0;
	int result;
	do {
		result = archive_read_data_block (self->archive->reader, &data, &length, &offset);
	} while (result == ARCHIVE_RETRY || (result >= ARCHIVE_WARN && result != ARCHIVE_EOF && length == 0));
	self->data = data;
	self->length = result == ARCHIVE_OK || result == ARCHIVE_WARN ? length : 0;
	self->at = 0;
	self->offset = MAX (self->made, (guint64)offset);
	return result;
}

static gssize
read_member (NxStream *stream, char *buffer, gsize size)
{
	MemberStream *self = (MemberStream *)stream;
	NxArchive *archive = self->archive;
	int result = self->at == self->length ? read_block (self) : ARCHIVE_OK;
	if (result == ARCHIVE_EOF)
		return 0;
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
		/* What could not even be skipped ends the archive; one message about it is enough. */
		archive->is_done = result == ARCHIVE_FATAL;
		return nx_stream_fail (stream, archive->inner->problem == NULL || archive->inner->is_damage,
				       describe_failure (archive));
	}
	gsize got;
	if (self->made < self->offset) {
		got = (gsize)MIN ((guint64)size, self->offset - self->made);
		memset (buffer, 0, got);
	} else {
		got = MIN (size, self->length - self->at);
		memcpy (buffer, self->data + self->at, got);
		self->at += got;
		self->offset += got;
	}
	self->made += got;
	return nx_stream_count_unpacked (stream, archive->meter, self->read_before, self->made, got);
}

static void
close_member (NxStream *stream)
{
	g_free (stream);
}

NxStream *
nx_archive_open_member (NxArchive *archive)
{
	MemberStream *self = g_new0 (MemberStream, 1);
	self->stream.read = read_member;
	self->stream.close = close_member;
	self->archive = archive;
	self->read_before = archive->meter->read;
	return &self->stream;
}
