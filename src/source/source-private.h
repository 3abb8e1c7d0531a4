/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source-private.h: the parts that source.c puts together.
 *
 * from-line.c tells a From_ line from a sentence; mbox.c cuts one stream of bytes into messages; folder.c lists the
 * files of a tree in order; stream.h and archive.h have the bytes of files and of what is packed in them; position.c
 * finds a place again. Only mbox.c knows what is in a mail archive, only folder.c walks.
 */
#pragma once

#include <nixie/source.h>

#include "source/archive.h"

G_BEGIN_DECLS

/**
 * NxFromLine: what an mbox's From_ line tells. @sender: borrowed from the line, no NUL at its end; empty for the null
 * sender and for placeholders ("<>", "-", "()"). @date: 0 when it says 1970-01-01 00:00:00. @is_plain: one word of a
 * sender and a date with a weekday, as nearly every program writes it.
 */
typedef struct {
	const char *sender;
	gsize sender_length;
	gint64 date;
	gboolean is_plain;
} NxFromLine;

/**
 * nx_from_line_parse: reads a line without its line end.
 * Returns: FALSE when it has not the shape of a From_ line.
 */
gboolean nx_from_line_parse (const char *line, gsize length, NxFromLine *from_out);

/**
 * NxMboxResult: MESSAGE: there is one; END: the stream is at its end; FAILED: reading failed, the stream says why.
 */
typedef enum {
	NX_MBOX_MESSAGE,
	NX_MBOX_END,
	NX_MBOX_FAILED,
} NxMboxResult;

/**
 * NxMboxFlags: SINGLE: the stream is one message, whatever lines it holds. ENDLESS: nothing may be waited for beyond a
 * message that is longer than the cap.
 */
typedef enum {
	NX_MBOX_FLAG_NONE = 0,
	NX_MBOX_FLAG_SINGLE = 1 << 0,
	NX_MBOX_FLAG_ENDLESS = 1 << 1,
} NxMboxFlags;

/**
 * NxMboxMark: by what a message is known again: @hash of its first @length bytes, from @offset on.
 */
typedef struct {
	guint64 offset;
	guint64 hash;
	guint length;
} NxMboxMark;

/**
 * NxMbox: a stream of bytes with a window on it, @buffer from @begin to @end. @begin: where the current message lies,
 * @next: how far from there the next one does. @base: the offset of buffer[0] in the stream. @mark: of the current
 * message.
 */
typedef struct {
	NxStream *stream;
	guint64 base;
	char *buffer;
	gsize capacity;
	gsize begin;
	gsize end;
	gsize next;
	NxMboxMark mark;
	GString *sender;
	NxMboxFlags flags;
	gboolean eof;
	gboolean failed;
	gboolean started;
	gboolean is_mbox;
	gboolean is_mmdf;
	gboolean skipping;
} NxMbox;

/**
 * nx_mbox_init: @mbox is memory of the caller's. nx_mbox_clear() frees what it holds.
 */
void nx_mbox_init (NxMbox *mbox);
void nx_mbox_clear (NxMbox *mbox);

/**
 * nx_mbox_start: begins to read @stream, which stays the caller's; the buffer of the stream before is used again.
 * @offset: where @stream stands.
 */
void nx_mbox_start (NxMbox *mbox, NxStream *stream, guint64 offset, NxMboxFlags flags);

/**
 * nx_mbox_resume: after nx_mbox_start() with a stream that stands where a message ended.
 * Returns: FALSE when there is neither the next one nor the end.
 */
gboolean nx_mbox_resume (NxMbox *mbox);

/**
 * nx_mbox_hash: for marks: of bytes.
 */
guint64 nx_mbox_hash (const void *data, gsize length);

/**
 * nx_mbox_next: @message_out: all but its file, borrowed until the next call; set with NX_MBOX_MESSAGE only.
 */
NxMboxResult nx_mbox_next (NxMbox *mbox, NxRawMessage *message_out);

/**
 * nx_mbox_get_offset: where what follows the current message begins in the stream; of one that was cut at the cap,
 * where it begins itself.
 */
guint64 nx_mbox_get_offset (const NxMbox *mbox);

/**
 * NxFolderEntry: a file to read, or a file or folder that cannot be read. @problem: NULL, or why it cannot.
 * @in_maildir: as in NxSourceFile.
 */
typedef struct {
	const char *name;
	const char *problem;
	guint64 size;
	guint32 folder;
	gboolean in_maildir;
} NxFolderEntry;

/**
 * NxFolder: the files of a tree in order. @entries: of NxFolderEntry; @folders: the paths they count into; @names: what
 * their texts live in.
 */
typedef struct {
	GArray *entries;
	GPtrArray *folders;
	GStringChunk *names;
	guint64 total_bytes;
} NxFolder;

/**
 * nx_folder_new: lists a tree. Returns: (transfer full): NULL with NX_ERROR_SOURCE when @path itself cannot be read.
 */
NxFolder *nx_folder_new (const char *path, GError **error);
void nx_folder_free (NxFolder *folder);

/**
 * nx_folder_get_path: Returns: (transfer full): the path of an entry.
 */
char *nx_folder_get_path (const NxFolder *folder, const NxFolderEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxFolder, nx_folder_free)

/**
 * NxSourceLevel: an archive that the source is inside of, and where in it. @name_length: how long the name of the
 * archive itself is, @depth: how often it is packed.
 */
typedef struct {
	NxArchive *archive;
	gint64 modified;
	gsize name_length;
	guint number;
	guint depth;
} NxSourceLevel;

/**
 * NxSource: what is read of one file after the other. @path: the file. @name: the same, with the members on the way.
 * @pending: a file's bytes that nobody has looked at yet; @stream: those that @mbox reads. @levels: of NxSourceLevel.
 * @is_open: there is a file. @is_plain: @stream is what the file holds. @size: what it adds to the progress once it is
 * done, as far as that is known beforehand.
 * @start: where in the file reading began. @member, @identity: what nx_source_get_position() handed out.
 */
struct _NxSource {
	NxMbox mbox;
	NxMeter meter;
	NxRawMessage message;
	NxFolder *folder;
	NxStream *pending;
	NxStream *stream;
	GArray *levels;
	GString *name;
	GString *member;
	GString *identity;
	char *path;
	NxSourceChooseFunc choose;
	gpointer choose_data;
	guint64 size;
	guint64 start;
	guint64 done_bytes;
	guint64 passed_bytes;
	guint64 total_bytes;
	gint64 modified;
	guint index;
	int fd;
	gboolean is_open;
	gboolean is_single;
	gboolean is_device;
	gboolean is_plain;
	gboolean has_message;
};

/**
 * nx_source_open_entry: opens the next file of the folder. Its failure is told as nx_source_next() has it.
 */
gboolean nx_source_open_entry (NxSource *source, GError **error);

/**
 * nx_source_go_on: from a file that was opened just now to the place in it.
 * Returns: FALSE when that is not there any more; the file is of no use then, and to be opened anew.
 */
gboolean nx_source_go_on (NxSource *source, const NxSourcePosition *position);

/**
 * nx_source_enter: finds out what @stream is, and goes into it. @stream: (transfer full). @depth: how often it is
 * packed.
 */
gboolean nx_source_enter (NxSource *source, NxStream *stream, guint depth, GError **error);

/**
 * nx_source_enter_member: goes to the next member of the innermost archive, none before @first, or leaves the archive.
 */
gboolean nx_source_enter_member (NxSource *source, guint first, GError **error);

G_END_DECLS
