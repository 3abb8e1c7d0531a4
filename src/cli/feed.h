/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * feed.h: the messages of a scan, read and judged ahead of the one who records them, by as many threads as asked for.
 *
 * The pieces come in the order of the sources, whatever thread had them, so the database is the same for any number of
 * threads. How much is read ahead is bounded in messages and in bytes: when the recorder is slow, the readers wait.
 */
#pragma once

#include "splitter.h"

G_BEGIN_DECLS

typedef struct _NxFeed NxFeed;

/**
 * NxFeedResult: PIECE: there is one; WAITING: none yet, ask again; END: there are no more.
 */
typedef enum {
	NX_FEED_PIECE,
	NX_FEED_WAITING,
	NX_FEED_END,
} NxFeedResult;

/**
 * nx_feed_new: @splitter: stays the caller's, as @pipeline; neither is to be used before nx_feed_free(). @jobs: how
 * many messages are judged at a time; with 1 there are no threads.
 */
NxFeed *nx_feed_new (NxSplitter *splitter, const NxPipeline *pipeline, guint jobs);

/**
 * nx_feed_next: @piece_out: (transfer full): with its events, or its error.
 */
NxFeedResult nx_feed_next (NxFeed *feed, NxPiece **piece_out);

/**
 * nx_feed_free: ends the threads, and what was read ahead is forgotten. It may wait for a message on stdin.
 */
void nx_feed_free (NxFeed *feed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxFeed, nx_feed_free)

G_END_DECLS
