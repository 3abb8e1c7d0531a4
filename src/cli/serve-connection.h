/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-connection.h: the sessions of nixie serve: sockets on one side, lmtp.h in the middle, the workers on the other.
 */
#pragma once

#include <gio/gio.h>

#include "serve-pool.h"

G_BEGIN_DECLS

typedef struct _NxServeConnections NxServeConnections;

/**
 * nx_serve_connections_new: What cli->settings says when a client comes holds for its session.
 */
NxServeConnections *nx_serve_connections_new (NxCli *cli, NxServePool *pool);

/**
 * nx_serve_connections_free: only when the pool is gone, which would call back.
 */
void nx_serve_connections_free (NxServeConnections *connections);

/**
 * nx_serve_connections_add: a client has come. @socket: (transfer full)
 */
void nx_serve_connections_add (NxServeConnections *connections, GSocket *socket);

/**
 * nx_serve_connections_drain: sessions end as soon as no transaction is open; @empty_func is called when the last one
 * has. Never from within.
 */
void nx_serve_connections_drain (NxServeConnections *connections, GSourceFunc empty_func, gpointer user_data);

/**
 * nx_serve_connections_check: to be called about every second: ends sessions that take too long.
 */
void nx_serve_connections_check (NxServeConnections *connections);

G_END_DECLS
