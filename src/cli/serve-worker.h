/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-worker.h: the child process of nixie serve that reads messages and records them, and what it says to its
 * parent.
 *
 * Parent and child are the same program on the same machine, forked: structs go through the socket as they lie in
 * memory.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * NxServeFrame: the head of a message on its way to the worker. Behind it @envelope_bytes octets: the sender and the
 * recipients, each with its NUL; then @body_bytes octets.
 */
typedef struct {
	guint64 id;
	guint64 body_bytes;
	guint64 envelope_bytes;
	guint64 recipients;
} NxServeFrame;

/**
 * NxServeResult: the head of an answer; behind it @recipients octets (NxLmtpAnswer). Answers come in the order of the
 * messages.
 */
typedef struct {
	guint64 id;
	guint64 recipients;
} NxServeResult;

/**
 * NxServeStage: what a worker does, for how long it may do it.
 */
typedef enum {
	NX_SERVE_STAGE_IDLE,
	NX_SERVE_STAGE_READING,
	NX_SERVE_STAGE_STORING,
} NxServeStage;

/**
 * NxServeStatus: in memory that worker and parent share, so that the parent knows what a worker was at that ended, or
 * that takes too long. @message: that is being read, 0 for none. @since: of g_get_monotonic_time().
 */
typedef struct {
	_Atomic guint64 message;
	_Atomic gint64 since;
	_Atomic int stage;
} NxServeStatus;

/**
 * nx_serve_worker_run: reads messages from @fd and writes answers there until the parent closes it. @lock_fd: a file
 * that the workers lock around a transaction. Returns: in the child, when there is nothing more to do.
 */
void nx_serve_worker_run (NxCli *cli, NxPipeline *pipeline, int fd, int lock_fd, NxServeStatus *status);

G_END_DECLS
