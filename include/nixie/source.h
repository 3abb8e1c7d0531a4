/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source.h: where messages come from: stdin, a file with one message, an mbox, a Maildir, a folder, an archive.
 *
 * A source is a stream: it holds one message at a time, whatever the archive's size. It decides what a
 * path is by looking at it, not at its name. mbox dialects (RFC 4155 and the older ones): mboxo and
 * mboxrd (">From " quoting), mboxcl and mboxcl2 (Content-Length), MMDF; line ends LF, CRLF or bare CR; a From_
 * line separates only at the file's start or after an empty line, or where its shape and a header behind it leave no
 * doubt. A leading From_ line of a single message is taken off. Two From_ lines with nothing between them hold an empty
 * message; an empty file holds none. A source reads and never writes, moves or deletes.
 *
 * What is packed is unpacked on the way, also from a pipe: gzip, bzip2, xz and zstd; the members of tar and zip
 * archives in their order; and what is packed in these, a few times over. Of what was cut or damaged all is read that
 * is there, and then nx_source_next() fails once. What unpacks to hundreds of times its size is given up
 * (src/base/limits.h).
 *
 * A message's place is a file and an offset. Compression has no name of its own: "in.mbox.gz" is the file, the offset
 * counts the bytes of the mbox in it. A member is "mails.tar.gz/folder/in.mbox", in a nested archive
 * "all.zip/mails.tar/in.mbox", and the offset counts within it. Archives may hold two members of one name; an
 * NxSourcePosition tells them apart.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxSource NxSource;

/**
 * NxRawMessage: one message as it lies in its source. All of it is borrowed until the next call on the
 * source. @file: the path as given, or the file inside the folder, or the member of an archive; "-" for stdin. @offset:
 * where its first byte lies in @file, unpacked (of the From_ line when it has one). @data: without its From_ line and
 * without mbox quoting; longer messages are cut at NX_LIMIT_MESSAGE_BYTES, and where an archive is damaged, with
 * @truncated set. @envelope_sender and @envelope_date: of the From_ line, "" and 0 when there is none. @modified: when
 * the file, or the member, was last written; 0 when that is not known (stdin).
 */
typedef struct {
	const char *file;
	guint64 offset;
	const char *data;
	gsize length;
	gboolean truncated;
	const char *envelope_sender;
	gint64 envelope_date;
	gint64 modified;
} NxRawMessage;

/**
 * NxSourcePosition: where the source stands behind a message; what another run needs to go on there. Text of no
 * particular charset, to be kept as it is. @path: the file, as nx_source_open() or its folder has it. @member: "" for a
 * file that is no archive, else the numbers of the members on the way, counted from 0: "3", "3.0". @identity: by what
 * the file and the message are known again. @offset: where the next message begins, unpacked, in @member.
 */
typedef struct {
	const char *path;
	const char *member;
	const char *identity;
	guint64 offset;
} NxSourcePosition;

/**
 * nx_source_open: opens a path: a file (one message, an mbox, an archive, or one of these compressed), a Maildir (cur
 * and new), or a folder, whose files and folders are read in the order of their names. "-" reads stdin.
 * Returns: (transfer full): NULL with NX_ERROR_SOURCE when it is not there or not readable.
 */
NX_API NxSource *nx_source_open (const char *path, GError **error);

/**
 * nx_source_open_fd: reads from an open file descriptor, which stays the caller's. @name: for NxRawMessage.file.
 */
NX_API NxSource *nx_source_open_fd (int fd, const char *name, GError **error);
NX_API void nx_source_free (NxSource *source);

/**
 * nx_source_open_at: as nx_source_open(), and goes to where another source of the same @path stood: in a plain file at
 * once, in a compressed one and in an archive by unpacking what is before. Of a folder nothing is read that comes
 * before the file in the order of names, also what was put there since. A file that grew is read on.
 * @found_out: (nullable): FALSE when the place is not there any more (the file or what is around the place has
 * changed, or @path is "-"): then the source begins at its beginning.
 * Returns: (transfer full): NULL as nx_source_open().
 */
NX_API NxSource *nx_source_open_at (const char *path, const NxSourcePosition *position, gboolean *found_out,
				    GError **error);

/**
 * nx_source_get_position: where the source stands. To be called when nx_source_next() has given a message.
 * @position_out: borrowed until the next call on the source. Of a message that was cut at NX_LIMIT_MESSAGE_BYTES it is
 * the message's own place: that will be read once more.
 * Returns: FALSE when one cannot come back there: stdin, a pipe.
 */
NX_API gboolean nx_source_get_position (NxSource *source, NxSourcePosition *position_out);

/**
 * NxSourceFile: a file of a folder. All of it is borrowed. @size: as the folder has it. @in_maildir: it is a message of
 * a Maildir: its name up to the ":" is its own for ever, wherever in the Maildir it lies.
 */
typedef struct {
	const char *path;
	guint64 size;
	gboolean in_maildir;
} NxSourceFile;

/**
 * NxSourceChoice: READ: from its beginning; GO_ON: from a position on, or from its beginning when that is not there any
 * more; PASS: not at all.
 */
typedef enum {
	NX_SOURCE_READ,
	NX_SOURCE_GO_ON,
	NX_SOURCE_PASS,
} NxSourceChoice;

/**
 * NxSourceChooseFunc: @position_out: to be set for GO_ON, but for its path; must stay until the source is asked for the
 * next message.
 */
typedef NxSourceChoice (*NxSourceChooseFunc) (const NxSourceFile *file, NxSourcePosition *position_out,
					      gpointer user_data);

/**
 * nx_source_set_choose: @choose is asked for each file of a folder before it is opened, by nx_source_next(). A source
 * that is no folder asks nobody.
 */
NX_API void nx_source_set_choose (NxSource *source, NxSourceChooseFunc choose, gpointer user_data);

/**
 * nx_source_set_single: each file is one message, whatever From_ lines are in it; only a leading one is taken off, and
 * nothing is unpacked. For
 * who is handed one message: a program that pipes mail puts a From_ line in front and quotes none behind it. To be
 * called before the first nx_source_next().
 */
NX_API void nx_source_set_single (NxSource *source);

/**
 * nx_source_next: the next message.
 * @message_out: set to a borrowed message, or to NULL at the end.
 * Returns: FALSE on a failure to read one file (NX_ERROR_SOURCE, it names the file). The next call goes
 * on with what follows that file, or in an archive that member.
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

/**
 * nx_source_get_passed_bytes: how many of the done bytes lie before the places where reading began, or were passed
 * over.
 */
NX_API guint64 nx_source_get_passed_bytes (const NxSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSource, nx_source_free)

G_END_DECLS
