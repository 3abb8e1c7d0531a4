/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source-private.h: the three parts that source.c puts together.
 *
 * from-line.c tells a From_ line from a sentence; mbox.c cuts one stream of bytes into messages; folder.c lists the
 * files of a tree in order. Only mbox.c reads what is in a file, only folder.c walks.
 */
#pragma once

#include <nixie/source.h>

G_BEGIN_DECLS

/**
 * NxFromLine: what an mbox's From_ line tells. @sender: borrowed from the line, no NUL at its end; empty for the null
 * sender and for placeholders ("<>", "-", "()"). @date: 0 when it says 1970-01-01 00:00:00.
 */
typedef struct {
	const char *sender;
	gsize sender_length;
	gint64 date;
} NxFromLine;

/**
 * nx_from_line_parse: reads a line without its line end.
 * Returns: FALSE when it has not the shape of a From_ line.
 */
gboolean nx_from_line_parse (const char *line, gsize length, NxFromLine *from_out);

/**
 * NxMboxResult: MESSAGE: there is one; END: the stream is at its end; FAILED: read() failed, NxMbox.error says why.
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
 * NxMbox: a stream of bytes with a window on it, @buffer from @begin to @end. @begin: where the current message lies,
 * @next: how far from there the next one does. @base: the offset of buffer[0] in the file.
 */
typedef struct {
	int fd;
	NxMboxFlags flags;
	guint64 base;
	char *buffer;
	gsize capacity;
	gsize begin;
	gsize end;
	gsize next;
	gboolean eof;
	int error;
	gboolean started;
	gboolean is_mbox;
	gboolean skipping;
	GString *sender;
} NxMbox;

/**
 * nx_mbox_init: @mbox is memory of the caller's. nx_mbox_clear() frees what it holds.
 */
void nx_mbox_init (NxMbox *mbox);
void nx_mbox_clear (NxMbox *mbox);

/**
 * nx_mbox_start: begins to read @fd, which stays the caller's; the buffer of the stream before is used again. @offset:
 * where in its file @fd stands.
 */
void nx_mbox_start (NxMbox *mbox, int fd, guint64 offset, NxMboxFlags flags);

/**
 * nx_mbox_next: @message_out: all but its file, borrowed until the next call; set with NX_MBOX_MESSAGE only.
 */
NxMboxResult nx_mbox_next (NxMbox *mbox, NxRawMessage *message_out);

/**
 * nx_mbox_get_offset: where what follows the current message begins in the file.
 */
guint64 nx_mbox_get_offset (const NxMbox *mbox);

/**
 * NxFolderEntry: a file to read, or a file or folder that cannot be read. @problem: NULL, or why it cannot.
 */
typedef struct {
	const char *name;
	const char *problem;
	guint64 size;
	guint32 folder;
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

G_END_DECLS
