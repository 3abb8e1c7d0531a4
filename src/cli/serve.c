/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve.c: nixie serve: LMTP on a socket, so that no process is started for a message.
 *
 * This file is the command: options, signals, reload and stop. The protocol is lmtp.c, sockets are serve-socket.c,
 * sessions serve-connection.c, workers serve-pool.c and serve-worker.c. What deliver promises holds here for the reply:
 * 250 only when the report is durably recorded, or there is nothing to record; what may work later is 4xx.
 */
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "serve-connection.h"
#include "serve-pool.h"
#include "serve-socket.h"
#include "setup.h"

/* Descriptors beside those of the clients. */
#define OWN_DESCRIPTORS 200

/* @accepting: GSources of the listeners; none while there are no descriptors left. @stop_at: 0 until it is told to. */
typedef struct {
	NxCli *cli;
	GMainLoop *loop;
	GPtrArray *listeners;
	GPtrArray *accepting;
	NxServePool *pool;
	NxServeConnections *connections;
	gint64 stop_at;
	int signal_fd;
} Serve;

static char **places;

static const GOptionEntry options[] = {
	{ "listen", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &places, "a path, 127.0.0.1:PORT or [::1]:PORT; several will do",
	  "PLACE" },
	G_OPTION_ENTRY_NULL,
};

/* ---- clients ---- */

static void
source_free_cb (gpointer data)
{
	g_source_destroy (data);
	g_source_unref (data);
}

static gboolean
accept_cb (GSocket *listener, GIOCondition condition, gpointer user_data)
{
	Serve *serve = user_data;
	g_autoptr (GError) error = NULL;
	GSocket *socket = g_socket_accept (listener, NULL, &error);

	(void)condition;
	if (socket != NULL) {
		if (g_socket_get_family (socket) != G_SOCKET_FAMILY_UNIX)
			g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
		nx_serve_connections_add (serve->connections, socket);
		return G_SOURCE_CONTINUE;
	}
	if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
	    g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
		return G_SOURCE_CONTINUE;
	/* No descriptors, no memory: the client waits in the backlog until tick_cb() looks again. */
	nx_main_say (serve->cli, "cannot take a client: %s", error->message);
	g_ptr_array_set_size (serve->accepting, 0);
	return G_SOURCE_REMOVE;
}

static void
start_accepting (Serve *serve)
{
	for (guint i = 0; i < serve->listeners->len; i++) {
		const NxServeListener *listener = g_ptr_array_index (serve->listeners, i);
		GSource *source = g_socket_create_source (listener->socket, G_IO_IN, NULL);

		g_source_set_callback (source, G_SOURCE_FUNC (accept_cb), serve, NULL);
		g_source_attach (source, NULL);
		g_ptr_array_add (serve->accepting, source);
	}
}

/* ---- reload and stop ---- */

/* Reads all that the configuration names, without letting go of what is in use. */
static NxPipeline *
read_configuration (NxCli *cli, GError **error)
{
	NxSettings *old = g_steal_pointer (&cli->settings);
	g_autoptr (NxPipeline) pipeline = nx_setup_new_pipeline (cli, error);

	if (pipeline != NULL && nx_setup_add_keys (cli, pipeline, NULL, g_get_real_time () / G_USEC_PER_SEC, error)) {
		nx_settings_free (old);
		return g_steal_pointer (&pipeline);
	}
	if (old != NULL) {
		nx_settings_free (cli->settings);
		cli->settings = old;
	}
	return NULL;
}

static void
reload (Serve *serve)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *message =
		g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
	NxPipeline *pipeline = NULL;

	nx_serve_notify (message);
	pipeline = read_configuration (serve->cli, &error);
	if (pipeline != NULL) {
		nx_serve_pool_renew (serve->pool, pipeline);
		nx_main_say (serve->cli, "the configuration was read again");
	} else {
		nx_main_log (error);
		nx_main_say (serve->cli, "the configuration of before stays in use");
	}
	nx_serve_notify ("READY=1");
}

static gboolean
quit_cb (gpointer user_data)
{
	g_main_loop_quit (user_data);
	return G_SOURCE_REMOVE;
}

static void
stop (Serve *serve)
{
	const guint *values = serve->cli->settings->serve.values;

	if (serve->stop_at != 0) {
		g_main_loop_quit (serve->loop);
		return;
	}
	nx_serve_notify ("STOPPING=1");
	serve->stop_at = g_get_monotonic_time () + (gint64)values[NX_SERVE_STOP_SECONDS] * G_USEC_PER_SEC;
	g_ptr_array_set_size (serve->accepting, 0);
	g_ptr_array_set_size (serve->listeners, 0);
	nx_serve_connections_drain (serve->connections, quit_cb, serve->loop);
}

static gboolean
signal_cb (int fd, GIOCondition condition, gpointer user_data)
{
	Serve *serve = user_data;
	struct signalfd_siginfo info;

	(void)condition;
	if (read (fd, &info, sizeof info) != (gssize)sizeof info)
		return G_SOURCE_CONTINUE;
	if (info.ssi_signo == SIGHUP && serve->stop_at == 0)
		reload (serve);
	else if (info.ssi_signo != SIGHUP)
		stop (serve);
	return G_SOURCE_CONTINUE;
}

static gboolean
tick_cb (gpointer user_data)
{
	Serve *serve = user_data;

	nx_serve_pool_check (serve->pool);
	nx_serve_connections_check (serve->connections);
	if (serve->accepting->len == 0 && serve->stop_at == 0)
		start_accepting (serve);
	if (serve->stop_at != 0 && g_get_monotonic_time () >= serve->stop_at) {
		nx_main_say (serve->cli, "some clients did not end in time; what they had no answer for, they keep");
		g_main_loop_quit (serve->loop);
	}
	return G_SOURCE_CONTINUE;
}

/* ---- start ---- */

/* GLib would start a thread for signals, and who has threads must not fork. */
static gboolean
catch_signals (Serve *serve, GError **error)
{
	sigset_t set;

	signal (SIGCHLD, SIG_DFL);
	sigemptyset (&set);
	sigaddset (&set, SIGHUP);
	sigaddset (&set, SIGINT);
	sigaddset (&set, SIGTERM);
	sigprocmask (SIG_BLOCK, &set, NULL);
	serve->signal_fd = signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (serve->signal_fd < 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot wait for signals: %s", g_strerror (errno));
		return FALSE;
	}
	g_unix_fd_add (serve->signal_fd, G_IO_IN, signal_cb, serve);
	return TRUE;
}

static void
raise_limit (const NxCli *cli)
{
	rlim_t wanted = (rlim_t)cli->settings->serve.values[NX_SERVE_CONNECTIONS] + OWN_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = MIN (wanted, limit.rlim_max);
	setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
open_listeners (Serve *serve, GError **error)
{
	guint mode = serve->cli->settings->serve.values[NX_SERVE_SOCKET_MODE];

	serve->listeners = nx_serve_listener_inherit (error);
	if (serve->listeners == NULL)
		return FALSE;
	for (guint i = 0; places != NULL && places[i] != NULL; i++) {
		NxServeListener *listener = nx_serve_listener_open (places[i], mode, error);

		if (listener == NULL)
			return FALSE;
		g_ptr_array_add (serve->listeners, listener);
	}
	if (serve->listeners->len > 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
		     "there is nowhere to listen; give --listen /run/nixie/lmtp, or a socket by systemd");
	return FALSE;
}

static gboolean
start (Serve *serve, GError **error)
{
	NxPipeline *pipeline = read_configuration (serve->cli, error);

	if (pipeline == NULL)
		return FALSE;
	if (!open_listeners (serve, error) || !catch_signals (serve, error)) {
		nx_pipeline_free (pipeline);
		return FALSE;
	}
	raise_limit (serve->cli);
	serve->pool = nx_serve_pool_new (serve->cli, pipeline, error);
	if (serve->pool == NULL)
		return FALSE;
	serve->connections = nx_serve_connections_new (serve->cli, serve->pool);
	serve->accepting = g_ptr_array_new_with_free_func (source_free_cb);
	start_accepting (serve);
	g_timeout_add_seconds (1, tick_cb, serve);
	return TRUE;
}

static void
clear (Serve *serve)
{
	/* The workers end first: their messages' owners are the connections. */
	nx_serve_pool_free (serve->pool);
	nx_serve_connections_free (serve->connections);
	g_clear_pointer (&serve->accepting, g_ptr_array_unref);
	g_clear_pointer (&serve->listeners, g_ptr_array_unref);
	g_main_loop_unref (serve->loop);
	if (serve->signal_fd >= 0)
		close (serve->signal_fd);
	g_clear_pointer (&places, g_strfreev);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	Serve serve = { .cli = cli, .signal_fd = -1 };
	gboolean started = FALSE;

	if (argc > 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "serve takes no word (\"%s\"); --listen says where it listens", argv[0]);
		return FALSE;
	}
	serve.loop = g_main_loop_new (NULL, FALSE);
	started = start (&serve, error);
	if (started) {
		nx_main_say (cli, "ready");
		nx_serve_notify ("READY=1");
		g_main_loop_run (serve.loop);
		nx_main_say (cli, "stopped");
	}
	clear (&serve);
	return started;
}

const NxCommand nx_command_serve = {
	.name = "serve",
	.summary = "LMTP on a socket: deliver, without a process for each message",
	.usage = "serve --listen PLACE",
	.about = "Takes messages by LMTP (RFC 2033) at a Unix socket, or a port that only this machine\n"
		 "reaches, and does with each what deliver does. The recipient of RCPT TO is the\n"
		 "address that the bounce was sent to. Sockets that systemd opened are taken too.\n"
		 "\n"
		 "250 says that the report is durably recorded, or that there is nothing to\n"
		 "record. Messages that come at the same time share one transaction. What may work\n"
		 "later is answered with 4xx: the database is busy, the disk is full, the reading\n"
		 "crashed or took too long. 5xx is for what never will: wrong commands, and\n"
		 "messages above the announced size.\n"
		 "\n"
		 "SIGHUP reads the configuration, the rules and the keys again; when something is\n"
		 "wrong with them, that is said, and those of before stay in use. SIGTERM ends the\n"
		 "server when the messages that are under way are answered. The group [serve] of\n"
		 "the configuration has the limits.\n",
	.examples = "nixie serve --list news --listen /run/nixie/lmtp\n"
		    "nixie serve --listen 127.0.0.1:2424",
	.statuses = " 0  ended by SIGTERM or SIGINT\n"
		    "64  --listen is missing, or no place that may be listened at\n"
		    "66  the socket cannot be made, or another server has it\n"
		    "78  the configuration or a rules file is wrong",
	.options = options,
	.run = run,
};
