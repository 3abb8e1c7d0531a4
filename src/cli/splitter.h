/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * splitter.h: the PATHs of a scan, one message after the other, without what earlier scans have read.
 */
#pragma once

#include "cli.h"
#include "maildir.h"

G_BEGIN_DECLS

/**
 * NxPiece: one message, or why something could not be read (@error, and nothing else but the bytes). @raw: its texts
 * and its data are the piece's own. @bookmark: by what the file is known, NULL when one cannot come back there;
 * @position: what is read once this message is recorded; its path is the file. @in_maildir: the file may be moved.
 * @done_bytes, @passed_bytes: of all sources so far. @events: what the message says, once somebody has read it.
 * @has_token: it brings an answer.
 */
typedef struct {
	NxRawMessage raw;
	NxSourcePosition position;
	GPtrArray *events;
	GError *error;
	char *bookmark;
	guint64 done_bytes;
	guint64 passed_bytes;
	gboolean in_maildir;
	gboolean has_token;
	gboolean is_ready;
} NxPiece;

void nx_piece_free (NxPiece *piece);

/**
 * NxSplitterTerms: @paths: stay the caller's. @database: NULL for a scan that knows of no earlier one. @terms: of the
 * bookmarks. @again: read from the beginning, whatever is known. @maildir: (nullable): where messages go that an
 * earlier scan has recorded.
 */
typedef struct {
	char **paths;
	const char *database;
	const char *terms;
	const NxMaildir *maildir;
	gboolean again;
} NxSplitterTerms;

typedef struct _NxSplitter NxSplitter;

NxSplitter *nx_splitter_new (const NxSplitterTerms *terms, GError **error);
void nx_splitter_free (NxSplitter *splitter);

/**
 * nx_splitter_next: Returns: (transfer full): NULL at the end. May wait for stdin.
 */
NxPiece *nx_splitter_next (NxSplitter *splitter);

/**
 * nx_splitter_drop_gone: drops the bookmarks of files that are not there any more. To be called at the end, and not
 * after a scan that was stopped.
 */
gboolean nx_splitter_drop_gone (const NxSplitter *splitter, NxStore *store, GError **error);

/**
 * nx_splitter_get_bytes: as in NxPiece.
 */
void nx_splitter_get_bytes (const NxSplitter *splitter, guint64 *done_out, guint64 *passed_out);

/**
 * nx_splitter_get_moved: how many messages went away that an earlier scan had recorded.
 */
guint64 nx_splitter_get_moved (const NxSplitter *splitter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxPiece, nx_piece_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSplitter, nx_splitter_free)

G_END_DECLS
