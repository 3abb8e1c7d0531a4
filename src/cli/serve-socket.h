/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-socket.h: where nixie serve listens, and what it tells whoever started it (sd_listen_fds(3), sd_notify(3)).
 *
 * A Unix socket, or a TCP port that only this machine reaches: LMTP has no way to ask who speaks (RFC 2033 section 1
 * wants it kept from the open network).
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NxServeListener: @path: the file of a Unix socket that we have made, else NULL.
 */
typedef struct {
	GSocket *socket;
	char *path;
	guint64 device;
	guint64 inode;
} NxServeListener;

/**
 * nx_serve_listener_open: @place: "/path", or "ADDRESS:PORT" with a loopback address, an IPv6 one in square brackets.
 * @mode: of a Unix socket. Returns: (transfer full): NULL with NX_ERROR_USAGE or NX_ERROR_SOURCE.
 */
NxServeListener *nx_serve_listener_open (const char *place, guint mode, GError **error);

/**
 * nx_serve_listener_free: closes it, and removes the file that we have made.
 */
void nx_serve_listener_free (NxServeListener *listener);

/**
 * nx_serve_listener_inherit: the sockets that systemd, or who speaks as it does, has opened for us. Returns: (transfer
 * full) (element-type NxServeListener): empty when there are none; NULL with NX_ERROR_USAGE when they are of no use.
 */
GPtrArray *nx_serve_listener_inherit (GError **error);

/**
 * nx_serve_notify: tells the service manager, if there is one: "READY=1".
 */
void nx_serve_notify (const char *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxServeListener, nx_serve_listener_free)

G_END_DECLS
