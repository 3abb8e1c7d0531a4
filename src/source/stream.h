/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stream.h: bytes from somewhere: a descriptor, compressed bytes unpacked, a member of an archive.
 *
 * Streams lie one in the other: an mbox in a gzip in a tar on a descriptor. Each reads the one below it, holds one
 * block of it, and does not know what is above.
 */
#pragma once

#include <nixie/error.h>

#include <sys/types.h>

G_BEGIN_DECLS

/**
 * NxPacking: what bytes are packed in, as their first ones tell.
 */
typedef enum {
	NX_PACKING_NONE,
	NX_PACKING_GZIP,
	NX_PACKING_BZIP2,
	NX_PACKING_XZ,
	NX_PACKING_ZSTD,
	NX_PACKING_TAR,
	NX_PACKING_ZIP,
} NxPacking;

/* How many bytes nx_packing_recognise() likes to see: a header of tar. */
#define NX_PACKING_BYTES 512

/**
 * nx_packing_recognise: no text and no mail begins as one of these does.
 */
NxPacking nx_packing_recognise (const guint8 *data, gsize length);

/**
 * NxMeter: one file. @read: bytes that came from its descriptor; @unpacked: bytes that all that was unpacked in it
 * made.
 * @is_exhausted: the caps of limits.h were met: no more of this file.
 */
typedef struct {
	guint64 read;
	guint64 unpacked;
	gboolean is_exhausted;
} NxMeter;

/**
 * NxStream: @read: more than 0 bytes, 0 at the end, -1 with a problem. @skip: may be NULL: passes over at most so many,
 * and tells how many. @close: frees what the kind of stream has, the memory of @stream included.
 * @problem: NULL, or why reading failed. @is_damage: it is the bytes that are wrong, and those before them are right;
 * else reading itself failed. @ahead: bytes that were looked at and not yet read, from @ahead_at on.
 */
typedef struct _NxStream NxStream;
struct _NxStream {
	gssize (*read) (NxStream *stream, char *buffer, gsize size);
	guint64 (*skip) (NxStream *stream, guint64 count);
	void (*close) (NxStream *stream);
	char *problem;
	GByteArray *ahead;
	guint ahead_at;
	gboolean is_damage;
};

/**
 * nx_stream_new_fd: @fd: closed with the stream when @owns_fd. @meter: outlives the stream.
 * Returns: (transfer full)
 */
NxStream *nx_stream_new_fd (int fd, gboolean owns_fd, NxMeter *meter);

/**
 * nx_stream_new_unpacked: what the compressed bytes of @inner were. @packing: GZIP to ZSTD. @inner: (transfer full).
 * Returns: (transfer full)
 */
NxStream *nx_stream_new_unpacked (NxStream *inner, NxPacking packing, NxMeter *meter);

void nx_stream_free (NxStream *stream);

/**
 * nx_stream_read: Returns: how many bytes, 0 at the end, -1 on failure with @problem set; then always -1.
 */
gssize nx_stream_read (NxStream *stream, char *buffer, gsize size);

/**
 * nx_stream_peek: looks at what comes next. Returns: how many bytes of @want there are; fewer at the end or a failure,
 * which then is told by nx_stream_read().
 */
gsize nx_stream_peek (NxStream *stream, gsize want, const guint8 **data_out);

/**
 * nx_stream_skip: passes over @count bytes. Returns: how many there were.
 */
guint64 nx_stream_skip (NxStream *stream, guint64 count);

/**
 * nx_stream_fail: for the kinds of streams: notes the first problem. Returns: -1
 */
gssize nx_stream_fail (NxStream *stream, gboolean is_damage, const char *problem);

/**
 * nx_stream_count_unpacked: for those that unpack: @made bytes of this stream so far, the last @got of them just now.
 * @read_before: NxMeter.read when it began. Returns: @got, or -1 when it unpacks to too much.
 */
gssize nx_stream_count_unpacked (NxStream *stream, NxMeter *meter, guint64 read_before, guint64 made, gsize got);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxStream, nx_stream_free)

G_END_DECLS
