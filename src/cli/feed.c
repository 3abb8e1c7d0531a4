/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * feed.c: see feed.h.
 *
 * One thread splits, some judge, and the caller's thread takes. Between them is a ring of pieces. Three numbers count
 * for ever: what was put in, what was given to a judge, and what was taken out; a number modulo the ring's size is the
 * place. A judge marks its piece as ready; the taker waits for the oldest one only, and so the order stays. The
 * pipeline is shared: it is not changed by reading (nx_pipeline_read() takes it as const), and holds no memory of a
 * message.
 */
#include "feed.h"

#include <signal.h>

#include "caps.h"

#define WAIT_USEC (G_USEC_PER_SEC / 10)

/**
 * NxFeed: @put, @given, @taken: as above. @bytes: of the pieces in the ring. @has_ended: the splitter is at its end.
 */
struct _NxFeed {
	NxSplitter *splitter;
	const NxPipeline *pipeline;
	GThread *split_thread;
	GPtrArray *judges;
	NxPiece *ring[NX_CLI_SCAN_AHEAD];
	guint64 put;
	guint64 given;
	guint64 taken;
	gsize bytes;
	GMutex mutex;
	GCond has_room;
	GCond has_work;
	GCond has_result;
	gboolean has_ended;
	gboolean is_stopped;
};

static void
judge (const NxFeed *feed, NxPiece *piece)
{
	g_autofree char *token = NULL;
	NxAnswer answer = NX_ANSWER_NONE;
	gboolean automatic = FALSE;

	if (piece->error != NULL)
		return;
	piece->events = nx_pipeline_read (feed->pipeline, &piece->raw, NULL);
	token = nx_confirmation_find_token (&piece->raw, NULL, &answer, &automatic);
	piece->has_token = token != NULL;
}

/* A single message may be larger than all that may be read ahead. */
static gboolean
is_full (const NxFeed *feed, const NxPiece *piece)
{
	if (feed->put == feed->taken)
		return FALSE;
	return feed->put - feed->taken == NX_CLI_SCAN_AHEAD ||
	       feed->bytes + piece->raw.length > NX_CLI_SCAN_AHEAD_BYTES;
}

static gpointer
split_cb (gpointer data)
{
	NxFeed *feed = data;
	gboolean goes_on = TRUE;

	while (goes_on) {
		NxPiece *piece = nx_splitter_next (feed->splitter);

		g_mutex_lock (&feed->mutex);
		while (piece != NULL && !feed->is_stopped && is_full (feed, piece))
			g_cond_wait (&feed->has_room, &feed->mutex);
		goes_on = piece != NULL && !feed->is_stopped;
		if (goes_on) {
			feed->bytes += piece->raw.length;
			feed->ring[feed->put++ % NX_CLI_SCAN_AHEAD] = g_steal_pointer (&piece);
			g_cond_signal (&feed->has_work);
		} else {
			feed->has_ended = TRUE;
			g_cond_broadcast (&feed->has_work);
			g_cond_signal (&feed->has_result);
		}
		g_mutex_unlock (&feed->mutex);
		nx_piece_free (piece);
	}
	return NULL;
}

static gpointer
judge_cb (gpointer data)
{
	NxFeed *feed = data;

	g_mutex_lock (&feed->mutex);
	while (TRUE) {
		NxPiece *piece = NULL;

		while (!feed->is_stopped && !feed->has_ended && feed->given == feed->put)
			g_cond_wait (&feed->has_work, &feed->mutex);
		if (feed->is_stopped || feed->given == feed->put)
			break;
		piece = feed->ring[feed->given++ % NX_CLI_SCAN_AHEAD];
		g_mutex_unlock (&feed->mutex);
		judge (feed, piece);
		g_mutex_lock (&feed->mutex);
		piece->is_ready = TRUE;
		if (piece == feed->ring[feed->taken % NX_CLI_SCAN_AHEAD])
			g_cond_signal (&feed->has_result);
	}
	g_mutex_unlock (&feed->mutex);
	return NULL;
}

/* Signals are the main thread's. */
static void
start_threads (NxFeed *feed, guint jobs)
{
	sigset_t ours;
	sigset_t before;

	sigemptyset (&ours);
	sigaddset (&ours, SIGINT);
	sigaddset (&ours, SIGTERM);
	pthread_sigmask (SIG_BLOCK, &ours, &before);
	feed->split_thread = g_thread_new ("split", split_cb, feed);
	for (guint i = 0; i < jobs; i++)
		g_ptr_array_add (feed->judges, g_thread_new ("judge", judge_cb, feed));
	pthread_sigmask (SIG_SETMASK, &before, NULL);
}

NxFeed *
nx_feed_new (NxSplitter *splitter, const NxPipeline *pipeline, guint jobs)
{
	NxFeed *feed = g_new0 (NxFeed, 1);

	feed->splitter = splitter;
	feed->pipeline = pipeline;
	feed->judges = g_ptr_array_new ();
	g_mutex_init (&feed->mutex);
	g_cond_init (&feed->has_room);
	g_cond_init (&feed->has_work);
	g_cond_init (&feed->has_result);
	if (jobs > 1)
		start_threads (feed, jobs);
	return feed;
}

static NxFeedResult
take_oldest (NxFeed *feed, NxPiece **piece_out)
{
	gint64 until = g_get_monotonic_time () + WAIT_USEC;

	while (feed->taken == feed->put || !feed->ring[feed->taken % NX_CLI_SCAN_AHEAD]->is_ready) {
		if (feed->has_ended && feed->taken == feed->put)
			return NX_FEED_END;
		if (!g_cond_wait_until (&feed->has_result, &feed->mutex, until))
			return NX_FEED_WAITING;
	}
	*piece_out = g_steal_pointer (&feed->ring[feed->taken++ % NX_CLI_SCAN_AHEAD]);
	feed->bytes -= (*piece_out)->raw.length;
	g_cond_signal (&feed->has_room);
	return NX_FEED_PIECE;
}

NxFeedResult
nx_feed_next (NxFeed *feed, NxPiece **piece_out)
{
	NxFeedResult result = NX_FEED_PIECE;

	if (feed->split_thread == NULL) {
		*piece_out = nx_splitter_next (feed->splitter);
		if (*piece_out == NULL)
			return NX_FEED_END;
		judge (feed, *piece_out);
		return NX_FEED_PIECE;
	}
	g_mutex_lock (&feed->mutex);
	result = take_oldest (feed, piece_out);
	g_mutex_unlock (&feed->mutex);
	return result;
}

static void
stop_threads (NxFeed *feed)
{
	g_mutex_lock (&feed->mutex);
	feed->is_stopped = TRUE;
	g_cond_broadcast (&feed->has_room);
	g_cond_broadcast (&feed->has_work);
	g_mutex_unlock (&feed->mutex);
	for (guint i = 0; i < feed->judges->len; i++)
		g_thread_join (g_ptr_array_index (feed->judges, i));
	g_thread_join (feed->split_thread);
}

void
nx_feed_free (NxFeed *feed)
{
	if (feed == NULL)
		return;
	if (feed->split_thread != NULL)
		stop_threads (feed);
	for (guint i = 0; i < NX_CLI_SCAN_AHEAD; i++)
		nx_piece_free (feed->ring[i]);
	g_ptr_array_unref (feed->judges);
	g_cond_clear (&feed->has_room);
	g_cond_clear (&feed->has_work);
	g_cond_clear (&feed->has_result);
	g_mutex_clear (&feed->mutex);
	g_free (feed);
}
