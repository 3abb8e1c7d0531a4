/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source.h: where messages come from: stdin, a file with one message, an mbox, a Maildir, a folder.
 *
 * A source is a stream: it holds one message at a time, whatever the archive's size. It decides what a
 * path is by looking at it, not at its name. mbox dialects (RFC 4155 and the older ones): mboxo and
 * mboxrd (">From " quoting), mboxcl and mboxcl2 (Content-Length); line ends LF, CRLF or bare CR; a From_
 * line separates only at the file's start or after an empty line. A leading From_ line of a single
 * message is taken off. Two From_ lines with nothing between them hold an empty message; an empty file holds none.
 * A source reads and never writes, moves or deletes.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxSource NxSource;

/**
 * NxRawMessage: one message as it lies in its source. All of it is borrowed until the next call on the
 * source. @file: the path as given, or the file inside the folder; "-" for stdin. @offset: where its
 * first byte lies in @file (of the From_ line when it has one). @data: without its From_ line and without mbox quoting;
 * longer messages are cut at NX_LIMIT_MESSAGE_BYTES with @truncated set. @envelope_sender and @envelope_date: of the
 * From_ line, "" and 0 when there is none.
 */
typedef struct {
	const char *file;
	guint64 offset;
	const char *data;
	gsize length;
	gboolean truncated;
	const char *envelope_sender;
	gint64 envelope_date;
} NxRawMessage;

/**
 * nx_source_open: opens a path: a file (one message or an mbox), a Maildir (cur and new), or a folder, whose files and
 * folders are read in the order of their names. "-" reads stdin.
 * Returns: (transfer full): NULL with NX_ERROR_SOURCE when it is not there or not readable.
 */
NX_API NxSource *nx_source_open (const char *path, GError **error);

/**
 * nx_source_open_fd: reads from an open file descriptor, which stays the caller's. @name: for NxRawMessage.file.
 */
NX_API NxSource *nx_source_open_fd (int fd, const char *name, GError **error);
NX_API void nx_source_free (NxSource *source);

/**
 * nx_source_set_single: each file is one message, whatever From_ lines are in it; only a leading one is taken off. For
 * who is handed one message: a program that pipes mail puts a From_ line in front and quotes none behind it. To be
 * called before the first nx_source_next().
 */
NX_API void nx_source_set_single (NxSource *source);

/**
 * nx_source_next: the next message.
 * @message_out: set to a borrowed message, or to NULL at the end.
 * Returns: FALSE on a failure to read one file (NX_ERROR_SOURCE, it names the file). The next call goes
 * on with what follows that file.
 */
NX_API gboolean nx_source_next (NxSource *source, const NxRawMessage **message_out, GError **error);

/**
 * nx_source_get_total_bytes: how many bytes the source will read, 0 when that is not known (stdin).
 */
NX_API guint64 nx_source_get_total_bytes (const NxSource *source);

/**
 * nx_source_get_done_bytes: how many bytes it has read, for progress.
 */
NX_API guint64 nx_source_get_done_bytes (const NxSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSource, nx_source_free)

G_END_DECLS
