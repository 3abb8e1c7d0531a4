/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-pool.h: the worker processes of nixie serve, as their parent sees them: messages go in, answers come out.
 *
 * A worker that ends, or takes too long for a message, costs that message alone: it is answered NX_LMTP_CRASHED, those
 * behind it go to a new worker. The parent reads no mail, opens no database and has no threads, so that it may fork at
 * any time.
 */
#pragma once

#include "cli.h"
#include "lmtp.h"

G_BEGIN_DECLS

typedef struct _NxServePool NxServePool;

/**
 * NxServeDoneFunc: what became of message @id; @answers as for nx_lmtp_answer().
 */
typedef void (*NxServeDoneFunc) (gpointer owner, guint64 id, const guint8 *answers, guint count);

/**
 * nx_serve_pool_new: @pipeline: (transfer full). Returns: NULL with NX_ERROR_INTERNAL.
 */
NxServePool *nx_serve_pool_new (NxCli *cli, NxPipeline *pipeline, GError **error);

/**
 * nx_serve_pool_free: ends the workers. Messages that are not answered never will be.
 */
void nx_serve_pool_free (NxServePool *pool);

/**
 * nx_serve_pool_renew: from now on messages go to new workers, with @pipeline (transfer full) and what cli->settings
 * says now. The old ones end when they have done what they were given.
 */
void nx_serve_pool_renew (NxServePool *pool, NxPipeline *pipeline);

/**
 * nx_serve_pool_submit: @message: (transfer full). @done_func is called later, never from within.
 */
void nx_serve_pool_submit (NxServePool *pool, NxLmtpMessage *message, NxServeDoneFunc done_func, gpointer owner);

/**
 * nx_serve_pool_get_bytes: of all messages that are not answered.
 */
guint64 nx_serve_pool_get_bytes (const NxServePool *pool);

/**
 * nx_serve_pool_check: to be called about every second: ends workers that take too long.
 */
void nx_serve_pool_check (NxServePool *pool);

G_END_DECLS
