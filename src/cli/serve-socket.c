/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-socket.c: see serve-socket.h. The two protocols of systemd are a few lines each, which is less than a library.
 */
#include "serve-socket.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <nixie/error.h>

#define LISTEN_FDS_START 3
#define LISTEN_FDS_MOST 64
#define BACKLOG 128

static void
fail (const char *place, const char *what, NxError code, GError **error)
{
	g_set_error (error, NX_ERROR, (int)code, "%s: %s", place, what);
}

/* ---- addresses ---- */

static GSocketAddress *
parse_inet (const char *place, GError **error)
{
	const char *colon = strrchr (place, ':');
	g_autofree char *host = colon == NULL ? NULL : g_strndup (place, (gsize)(colon - place));
	g_autoptr (GInetAddress) address = NULL;
	gsize length = host == NULL ? 0 : strlen (host);
	guint64 port = 0;

	if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		memmove (host, host + 1, length - 1);
	} else if (host != NULL && strchr (host, ':') != NULL) {
		length = 0;
	}
	address = length == 0 ? NULL : g_inet_address_new_from_string (host);
	if (address == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL)) {
		fail (place,
		      "this is no place to listen at; give a full path, or a port of this machine: 127.0.0.1:2424, "
		      "[::1]:2424",
		      NX_ERROR_USAGE, error);
		return NULL;
	}
	if (!g_inet_address_get_is_loopback (address)) {
		fail (place,
		      "others than this machine could reach it, and LMTP does not ask who they are; listen at a path, "
		      "127.0.0.1 or [::1]",
		      NX_ERROR_USAGE, error);
		return NULL;
	}
	return g_inet_socket_address_new (address, (guint16)port);
}

static GSocketAddress *
parse_place (const char *place, GError **error)
{
	struct sockaddr_un address;

	if (*place != '/')
		return parse_inet (place, error);
	if (strlen (place) < sizeof address.sun_path)
		return g_unix_socket_address_new (place);
	fail (place, "a path of a socket has at most 107 octets; give a shorter one", NX_ERROR_USAGE, error);
	return NULL;
}

/* ---- listening ---- */

/* A server that was killed leaves its file behind; one that runs answers, and a file that is no socket is not ours. */
static gboolean
remove_stale (const char *path, GSocketAddress *address, GError **error)
{
	struct stat info;
	g_autoptr (GSocket) probe = NULL;

	if (lstat (path, &info) != 0)
		return TRUE;
	if (!S_ISSOCK (info.st_mode)) {
		fail (path, "there is a file that is no socket; move it away, or listen elsewhere", NX_ERROR_SOURCE,
		      error);
		return FALSE;
	}
	probe = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
	if (probe != NULL && g_socket_connect (probe, address, NULL, NULL)) {
		fail (path, "another server listens there; stop it, or listen elsewhere", NX_ERROR_SOURCE, error);
		return FALSE;
	}
	if (unlink (path) == 0)
		return TRUE;
	fail (path, g_strerror (errno), NX_ERROR_SOURCE, error);
	return FALSE;
}

static gboolean
bind_socket (NxServeListener *listener, GSocketAddress *address, guint mode, GError **error)
{
	mode_t mask = umask ((mode_t)(0777 & ~mode));
	gboolean bound = g_socket_bind (listener->socket, address, TRUE, error);
	struct stat info;

	umask (mask);
	if (!bound)
		return FALSE;
	if (listener->path != NULL && lstat (listener->path, &info) == 0) {
		listener->device = info.st_dev;
		listener->inode = info.st_ino;
	}
	g_socket_set_listen_backlog (listener->socket, BACKLOG);
	g_socket_set_blocking (listener->socket, FALSE);
	return g_socket_listen (listener->socket, error);
}

NxServeListener *
nx_serve_listener_open (const char *place, guint mode, GError **error)
{
	g_autoptr (GSocketAddress) address = parse_place (place, error);
	g_autoptr (NxServeListener) listener = g_new0 (NxServeListener, 1);
	g_autoptr (GError) local = NULL;

	if (address == NULL || (*place == '/' && !remove_stale (place, address, error)))
		return NULL;
	listener->socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
					 G_SOCKET_PROTOCOL_DEFAULT, &local);
	if (listener->socket != NULL && *place == '/')
		listener->path = g_strdup (place);
	if (listener->socket != NULL && bind_socket (listener, address, mode, &local))
		return g_steal_pointer (&listener);
	fail (place, local->message, NX_ERROR_SOURCE, error);
	return NULL;
}

void
nx_serve_listener_free (NxServeListener *listener)
{
	struct stat info;

	if (listener == NULL)
		return;
	if (listener->inode != 0 && lstat (listener->path, &info) == 0 && info.st_dev == listener->device &&
	    info.st_ino == listener->inode)
		unlink (listener->path);
	if (listener->socket != NULL)
		g_socket_close (listener->socket, NULL);
	g_clear_object (&listener->socket);
	g_free (listener->path);
	g_free (listener);
}

/* ---- socket activation ---- */

static void
listener_free_cb (gpointer data)
{
	nx_serve_listener_free (data);
}

static gboolean
is_of_use (GSocket *socket)
{
	g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);
	int listens = 0;

	if (address == NULL || g_socket_get_socket_type (socket) != G_SOCKET_TYPE_STREAM ||
	    !g_socket_get_option (socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, NULL) || listens == 0)
		return FALSE;
	if (G_IS_UNIX_SOCKET_ADDRESS (address))
		return TRUE;
	return G_IS_INET_SOCKET_ADDRESS (address) &&
	       g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static NxServeListener *
inherit (int fd)
{
	g_autoptr (NxServeListener) listener = g_new0 (NxServeListener, 1);

	fcntl (fd, F_SETFD, FD_CLOEXEC);
	listener->socket = g_socket_new_from_fd (fd, NULL);
	if (listener->socket == NULL || !is_of_use (listener->socket))
		return NULL;
	g_socket_set_blocking (listener->socket, FALSE);
	return g_steal_pointer (&listener);
}

GPtrArray *
nx_serve_listener_inherit (GError **error)
{
	g_autoptr (GPtrArray) listeners = g_ptr_array_new_with_free_func (listener_free_cb);
	const char *pid_text = g_getenv ("LISTEN_PID");
	const char *count_text = g_getenv ("LISTEN_FDS");
	guint64 pid = 0;
	guint64 count = 0;

	if (pid_text == NULL || count_text == NULL ||
	    !g_ascii_string_to_unsigned (pid_text, 10, 1, G_MAXINT32, &pid, NULL) || (pid_t)pid != getpid ())
		return g_steal_pointer (&listeners);
	if (!g_ascii_string_to_unsigned (count_text, 10, 0, LISTEN_FDS_MOST, &count, NULL))
		count = 0;
	for (guint64 i = 0; i < count; i++) {
		NxServeListener *listener = inherit (LISTEN_FDS_START + (int)i);

		if (listener == NULL) {
			g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
				     "LISTEN_FDS: socket %" G_GUINT64_FORMAT
				     " is no stream socket that listens at a path or at this machine alone",
				     i + 1);
			return NULL;
		}
		g_ptr_array_add (listeners, listener);
	}
	g_unsetenv ("LISTEN_PID");
	g_unsetenv ("LISTEN_FDS");
	g_unsetenv ("LISTEN_FDNAMES");
	return g_steal_pointer (&listeners);
}

/* ---- notification ---- */

void
nx_serve_notify (const char *state)
{
	const char *path = g_getenv ("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	gsize length = path == NULL ? 0 : strlen (path);
	int fd = -1;

	if (length < 2 || length >= sizeof address.sun_path || (*path != '/' && *path != '@'))
		return;
	memcpy (address.sun_path, path, length);
	/* The name of an abstract socket begins with NUL. */
	if (*path == '@')
		address.sun_path[0] = '\0';
	fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto (fd, state, strlen (state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
		       (socklen_t)(offsetof (struct sockaddr_un, sun_path) + length));
	close (fd);
}
