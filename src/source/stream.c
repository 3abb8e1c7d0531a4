/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stream.c: what all streams of bytes share, and the one on a descriptor. See stream.h.
 *
 * It looks ahead, skips, and counts: what unpacks to far more than it is may never end, so each stream and each file
 * has its cap. What compressed bytes mean is unpack.c's to know, what an archive holds archive.c's.
 */
#include "source/stream.h"

#include "base/limits.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than is asked for: what is small is read at once, and a socket of packets gives a packet or a part of it. */
#define AHEAD_BYTES 65536

typedef struct {
	NxStream stream;
	NxMeter *meter;
	int fd;
	gboolean owns_fd;
} FdStream;

static gssize
read_fd (NxStream *stream, char *buffer, gsize size)
{
	FdStream *self = (FdStream *)stream;
	while (TRUE) {
		ssize_t got = read (self->fd, buffer, size);
		if (got >= 0) {
			self->meter->read += (guint64)got;
			return got;
		}
		if (errno == EAGAIN) {
			/* Standard input is sometimes left in this state by who had it before. */
			struct pollfd wait = { .fd = self->fd, .events = POLLIN };
			poll (&wait, 1, -1);
		} else if (errno != EINTR) {
			return nx_stream_fail (stream, FALSE, g_strerror (errno));
		}
	}
}

/* Never beyond the end of a file: what is missing there must show. */
static guint64
skip_fd (NxStream *stream, guint64 count)
{
	FdStream *self = (FdStream *)stream;
	struct stat status;
	if (fstat (self->fd, &status) != 0 || !S_ISREG (status.st_mode))
		return 0;
	off_t at = lseek (self->fd, 0, SEEK_CUR);
	if (at < 0 || at >= status.st_size)
		return 0;
	count = MIN (count, (guint64)(status.st_size - at));
	if (lseek (self->fd, (off_t)count, SEEK_CUR) < 0)
		return 0;
	self->meter->read += count;
	return count;
}

static void
close_fd (NxStream *stream)
{
	FdStream *self = (FdStream *)stream;
	if (self->owns_fd)
		close (self->fd);
	g_free (self);
}

NxStream *
nx_stream_new_fd (int fd, gboolean owns_fd, NxMeter *meter)
{
	FdStream *self = g_new0 (FdStream, 1);
	self->stream.read = read_fd;
	self->stream.skip = skip_fd;
	self->stream.close = close_fd;
	self->meter = meter;
	self->fd = fd;
	self->owns_fd = owns_fd;
	return &self->stream;
}

void
nx_stream_free (NxStream *stream)
{
	if (stream == NULL)
		return;
	g_free (stream->problem);
	g_clear_pointer (&stream->ahead, g_byte_array_unref);
	stream->close (stream);
}

gssize
nx_stream_fail (NxStream *stream, gboolean is_damage, const char *problem)
{
	if (stream->problem == NULL) {
		stream->problem = g_strdup (problem);
		stream->is_damage = is_damage;
	}
	return -1;
}

gssize
nx_stream_read (NxStream *stream, char *buffer, gsize size)
{
	if (stream->ahead != NULL) {
		gsize known = MIN (stream->ahead->len - stream->ahead_at, size);
		memcpy (buffer, stream->ahead->data + stream->ahead_at, known);
		stream->ahead_at += (guint)known;
		if (stream->ahead_at == stream->ahead->len) {
			g_clear_pointer (&stream->ahead, g_byte_array_unref);
			stream->ahead_at = 0;
		}
		if (known > 0)
			return (gssize)known;
	}
	return stream->problem == NULL ? stream->read (stream, buffer, size) : -1;
}

gsize
nx_stream_peek (NxStream *stream, gsize want, const guint8 **data_out)
{
	if (stream->ahead == NULL)
		stream->ahead = g_byte_array_new ();
	while (stream->ahead->len - stream->ahead_at < want && stream->problem == NULL) {
		guint length = stream->ahead->len;
		g_byte_array_set_size (stream->ahead, length + AHEAD_BYTES);
		gssize got = stream->read (stream, (char *)stream->ahead->data + length, AHEAD_BYTES);
		g_byte_array_set_size (stream->ahead, length + (guint)MAX (got, 0));
		if (got <= 0)
			break;
	}
	*data_out = stream->ahead->data + stream->ahead_at;
	return MIN (want, stream->ahead->len - stream->ahead_at);
}

guint64
nx_stream_skip (NxStream *stream, guint64 count)
{
	char block[16384];
	guint64 done = 0;
	while (done < count) {
		if (stream->ahead == NULL && stream->skip != NULL && stream->problem == NULL)
			done += stream->skip (stream, count - done);
		gssize got = done < count ? nx_stream_read (stream, block, MIN (sizeof block, count - done)) : 0;
		if (got <= 0)
			break;
		done += (guint64)got;
	}
	return done;
}

gssize
nx_stream_count_unpacked (NxStream *stream, NxMeter *meter, guint64 read_before, guint64 made, gsize got)
{
	meter->unpacked += got;
	guint64 read = meter->read - read_before;
	if (meter->unpacked > NX_LIMIT_UNPACK_FILE_BYTES + NX_LIMIT_UNPACK_RATIO * meter->read)
		meter->is_exhausted = TRUE;
	else if (made <= NX_LIMIT_UNPACK_BYTES + NX_LIMIT_UNPACK_RATIO * read)
		return (gssize)got;
	g_autofree char *problem = g_strdup_printf (
		"unpacks to more than %u times its size, which no mail does; what comes behind is not read",
		(guint)NX_LIMIT_UNPACK_RATIO);
	return nx_stream_fail (stream, TRUE, problem);
}
