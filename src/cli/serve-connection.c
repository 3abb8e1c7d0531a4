/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-connection.c: see serve-connection.h.
 *
 * A client that does not fetch its replies is not read from, and one that sends faster than messages are recorded
 * waits: what one session may hold is bounded, and what all of them hold by memory-bytes. A client that goes away
 * before its answer has its messages recorded all the same; when it sends them again, nothing counts twice.
 */
#include "serve-connection.h"

#include <string.h>

#include "caps.h"

/* @stash: octets that the session did not take yet. @held: of the message that comes in, as counted in the sum. @jobs:
 * messages with the workers. @ended: the client sends no more, but may still fetch. @closed: it is gone; this waits for
 * its jobs. */
typedef struct {
	NxServeConnections *all;
	GSocket *socket;
	NxLmtp *lmtp;
	GSource *read_source;
	GSource *write_source;
	GString *output;
	GByteArray *stash;
	gsize held;
	gint64 began;
	gint64 active;
	guint idle_seconds;
	guint total_seconds;
	guint jobs;
	gboolean ended;
	gboolean closed;
} Connection;

/* @gone: those that are closed and have jobs. */
struct _NxServeConnections {
	NxCli *cli;
	NxServePool *pool;
	GPtrArray *open;
	GPtrArray *gone;
	GSourceFunc empty_func;
	gpointer empty_data;
	guint64 held;
	gboolean draining;
};

static gboolean readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data);
static gboolean writable_cb (GSocket *socket, GIOCondition condition, gpointer user_data);

/* ---- ends ---- */

static void
drop_source (GSource **source)
{
	if (*source == NULL)
		return;
	g_source_destroy (*source);
	g_clear_pointer (source, g_source_unref);
}

static void
connection_free (Connection *connection)
{
	drop_source (&connection->read_source);
	drop_source (&connection->write_source);
	g_object_unref (connection->socket);
	nx_lmtp_free (connection->lmtp);
	g_string_free (connection->output, TRUE);
	g_byte_array_unref (connection->stash);
	g_free (connection);
}

static void
count_held (Connection *connection, gsize held)
{
	connection->all->held += held;
	connection->all->held -= connection->held;
	connection->held = held;
}

static void
close_connection (Connection *connection)
{
	NxServeConnections *all = connection->all;

	connection->closed = TRUE;
	count_held (connection, 0);
	drop_source (&connection->read_source);
	drop_source (&connection->write_source);
	g_socket_close (connection->socket, NULL);
	g_ptr_array_remove_fast (all->open, connection);
	if (connection->jobs > 0)
		g_ptr_array_add (all->gone, connection);
	else
		connection_free (connection);
	if (all->draining && all->open->len == 0 && all->empty_func != NULL) {
		g_idle_add (all->empty_func, all->empty_data);
		all->empty_func = NULL;
	}
}

/* ---- replies ---- */

static void
watch (Connection *connection, GSource **source, GIOCondition condition, GSocketSourceFunc func)
{
	if (*source != NULL)
		return;
	*source = g_socket_create_source (connection->socket, condition, NULL);
	g_source_set_callback (*source, G_SOURCE_FUNC (func), connection, NULL);
	g_source_attach (*source, NULL);
}

/* Returns: FALSE when the client is gone. */
static gboolean
send_output (Connection *connection)
{
	GString *output = connection->output;

	while (output->len > 0) {
		g_autoptr (GError) error = NULL;
		gssize count = g_socket_send (connection->socket, output->str, output->len, NULL, &error);

		if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
			watch (connection, &connection->write_source, G_IO_OUT, writable_cb);
			return TRUE;
		}
		if (count <= 0)
			return FALSE;
		g_string_erase (output, 0, count);
	}
	drop_source (&connection->write_source);
	return TRUE;
}

/* ---- messages ---- */

static void advance (Connection *connection);

static void
done_cb (gpointer owner, guint64 id, const guint8 *answers, guint count)
{
	Connection *connection = owner;

	connection->jobs--;
	if (connection->closed) {
		if (connection->jobs == 0) {
			g_ptr_array_remove_fast (connection->all->gone, connection);
			connection_free (connection);
		}
		return;
	}
	connection->active = g_get_monotonic_time ();
	nx_lmtp_answer (connection->lmtp, id, answers, count);
	advance (connection);
}

static gboolean
has_room (const NxServeConnections *all, gsize more)
{
	return all->held + nx_serve_pool_get_bytes (all->pool) + more <=
	       all->cli->settings->serve.values[NX_SERVE_MEMORY_BYTES];
}

static void
refuse_message (Connection *connection, NxLmtpMessage *message)
{
	g_autofree guint8 *answers = g_malloc (message->recipients->len);

	memset (answers, NX_LMTP_NO_ROOM, message->recipients->len);
	nx_lmtp_answer (connection->lmtp, message->id, answers, message->recipients->len);
	nx_lmtp_message_free (message);
}

static void
submit_messages (Connection *connection)
{
	NxServeConnections *all = connection->all;

	count_held (connection, nx_lmtp_get_held_bytes (connection->lmtp));
	for (NxLmtpMessage *message = NULL; (message = nx_lmtp_take_message (connection->lmtp)) != NULL;) {
		if (!has_room (all, message->body->len)) {
			refuse_message (connection, message);
			continue;
		}
		connection->jobs++;
		nx_serve_pool_submit (all->pool, message, done_cb, connection);
	}
	if (has_room (all, 0))
		return;
	nx_lmtp_drop_body (connection->lmtp);
	count_held (connection, 0);
}

static gboolean
has_ended (const Connection *connection)
{
	if (connection->output->len > 0)
		return FALSE;
	return nx_lmtp_is_finished (connection->lmtp) ||
	       (connection->ended && connection->stash->len == 0 && !nx_lmtp_is_waiting (connection->lmtp));
}

/* Everything that can be done now: the session takes what is stashed, its messages go to the workers, its replies to
 * the client. May close the connection. */
static void
advance (Connection *connection)
{
	GByteArray *stash = connection->stash;
	gsize used = 0;

	do {
		used = nx_lmtp_feed (connection->lmtp, (const char *)stash->data, stash->len);
		g_byte_array_remove_range (stash, 0, (guint)used);
		submit_messages (connection);
		nx_lmtp_take_output (connection->lmtp, connection->output);
	} while (used > 0 && stash->len > 0 && connection->output->len < NX_CLI_SERVE_OUTPUT_BYTES);
	if (!send_output (connection) || has_ended (connection)) {
		close_connection (connection);
		return;
	}
	if (connection->ended || stash->len > 0 || connection->output->len >= NX_CLI_SERVE_OUTPUT_BYTES)
		drop_source (&connection->read_source);
	else
		watch (connection, &connection->read_source, G_IO_IN, readable_cb);
}

static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
	static char chunk[NX_CLI_SERVE_READ_BYTES];
	Connection *connection = user_data;
	g_autoptr (GError) error = NULL;
	gssize count = g_socket_receive (socket, chunk, sizeof chunk, NULL, &error);

	(void)condition;
	if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		return G_SOURCE_CONTINUE;
	if (count < 0) {
		close_connection (connection);
		return G_SOURCE_REMOVE;
	}
	connection->ended = count == 0;
	connection->active = g_get_monotonic_time ();
	g_byte_array_append (connection->stash, (const guint8 *)chunk, (guint)count);
	advance (connection);
	/* Whoever dropped the source has destroyed it. */
	return G_SOURCE_CONTINUE;
}

static gboolean
writable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
	Connection *connection = user_data;

	(void)socket;
	(void)condition;
	advance (connection);
	return G_SOURCE_CONTINUE;
}

/* ---- all of them ---- */

NxServeConnections *
nx_serve_connections_new (NxCli *cli, NxServePool *pool)
{
	NxServeConnections *connections = g_new0 (NxServeConnections, 1);

	connections->cli = cli;
	connections->pool = pool;
	connections->open = g_ptr_array_new ();
	connections->gone = g_ptr_array_new ();
	return connections;
}

void
nx_serve_connections_free (NxServeConnections *connections)
{
	if (connections == NULL)
		return;
	connections->empty_func = NULL;
	while (connections->open->len > 0)
		close_connection (g_ptr_array_index (connections->open, connections->open->len - 1));
	for (guint i = 0; i < connections->gone->len; i++)
		connection_free (g_ptr_array_index (connections->gone, i));
	g_ptr_array_unref (connections->open);
	g_ptr_array_unref (connections->gone);
	g_free (connections);
}

void
nx_serve_connections_add (NxServeConnections *connections, GSocket *socket)
{
	const guint *values = connections->cli->settings->serve.values;
	const NxLmtpLimits limits = {
		.message_bytes = values[NX_SERVE_MESSAGE_BYTES],
		.line_bytes = values[NX_SERVE_LINE_BYTES],
		.recipients = values[NX_SERVE_RECIPIENTS],
		.bad_commands = values[NX_SERVE_BAD_COMMANDS],
		.waiting = NX_CLI_SERVE_WAITING,
	};
	Connection *connection = g_new0 (Connection, 1);

	connection->all = connections;
	connection->socket = socket;
	connection->lmtp = nx_lmtp_new (g_get_host_name (), &limits);
	connection->output = g_string_new (NULL);
	connection->stash = g_byte_array_new ();
	connection->began = g_get_monotonic_time ();
	connection->active = connection->began;
	connection->idle_seconds = values[NX_SERVE_IDLE_SECONDS];
	connection->total_seconds = values[NX_SERVE_TOTAL_SECONDS];
	g_socket_set_blocking (socket, FALSE);
	if (connections->draining)
		nx_lmtp_drain (connection->lmtp);
	else if (connections->open->len >= values[NX_SERVE_CONNECTIONS])
		nx_lmtp_end (connection->lmtp, NX_LMTP_END_CROWD);
	g_ptr_array_add (connections->open, connection);
	advance (connection);
}

void
nx_serve_connections_drain (NxServeConnections *connections, GSourceFunc empty_func, gpointer user_data)
{
	g_autoptr (GPtrArray) open = g_ptr_array_copy (connections->open, NULL, NULL);

	connections->draining = TRUE;
	connections->empty_func = empty_func;
	connections->empty_data = user_data;
	if (open->len == 0) {
		connections->empty_func = NULL;
		g_idle_add (empty_func, user_data);
	}
	for (guint i = 0; i < open->len; i++) {
		Connection *connection = g_ptr_array_index (open, i);

		nx_lmtp_drain (connection->lmtp);
		advance (connection);
	}
}

/* Who waits for an answer is not idle: that is our time. */
static void
check_connection (Connection *connection, gint64 now)
{
	gint64 idle = (now - connection->active) / G_USEC_PER_SEC;
	gint64 total = (now - connection->began) / G_USEC_PER_SEC;
	gboolean stuck = connection->output->len > 0;

	if (nx_lmtp_is_waiting (connection->lmtp) && !stuck)
		return;
	if (idle < (gint64)connection->idle_seconds && total < (gint64)connection->total_seconds)
		return;
	/* A client that does not even fetch this has had its time. */
	nx_lmtp_end (connection->lmtp, idle >= (gint64)connection->idle_seconds ? NX_LMTP_END_IDLE : NX_LMTP_END_TOTAL);
	if (stuck)
		close_connection (connection);
	else
		advance (connection);
}

void
nx_serve_connections_check (NxServeConnections *connections)
{
	g_autoptr (GPtrArray) open = g_ptr_array_copy (connections->open, NULL, NULL);
	gint64 now = g_get_monotonic_time ();

	for (guint i = 0; i < open->len; i++)
		check_connection (g_ptr_array_index (open, i), now);
}
