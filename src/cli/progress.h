/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * progress.h: how far a long run has come, on stderr.
 */
#pragma once

#include "cli.h"
#include "tally.h"

G_BEGIN_DECLS

typedef struct _NxProgress NxProgress;

/**
 * nx_progress_new: @mode: (nullable): "auto" (a bar when stderr is a terminal), "bar", "plain" (a line now and then) or
 * "none". --quiet is "none".
 * Returns: (transfer full): NULL with NX_ERROR_USAGE for another @mode.
 */
NxProgress *nx_progress_new (const NxCli *cli, const char *mode, GError **error);

/**
 * nx_progress_free: takes the bar away.
 */
void nx_progress_free (NxProgress *progress);

/**
 * nx_progress_is_shown: FALSE when it is not worth to find out how much there is to read.
 */
gboolean nx_progress_is_shown (const NxProgress *progress);

/**
 * nx_progress_set_total: how much there is to read, 0 when nobody knows.
 */
void nx_progress_set_total (NxProgress *progress, guint64 bytes);

/**
 * nx_progress_set_passed: how much of what is done was not read, which takes no time.
 */
void nx_progress_set_passed (NxProgress *progress, guint64 bytes);

/**
 * nx_progress_update: cheap enough to be called for every message.
 */
void nx_progress_update (NxProgress *progress, const NxTally *tally, guint64 done_bytes);

/**
 * nx_progress_count: the same for a run that counts @noun ("subscribers") and reads no mail.
 */
void nx_progress_count (NxProgress *progress, guint64 done, guint64 total, const char *noun);

/**
 * nx_progress_finish: the last plain line; the bar goes.
 */
void nx_progress_finish (NxProgress *progress, const NxTally *tally, guint64 done_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxProgress, nx_progress_free)

G_END_DECLS
