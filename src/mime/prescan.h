/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prescan.h: makes a mail's bytes safe: one kind of line end, no NUL, every cap of limits.h enforced; and tells its
 * parts.
 */
#pragma once

#include "mime/outline.h"

G_BEGIN_DECLS

/**
 * NxPrescan: @bytes: the mail. @outline: its parts, as places in @bytes. @body: where the body of the message begins in
 * @bytes. @unfinished: the last line has no end. @open: a multipart was not closed: with @unfinished the mail was cut,
 * and the last line was left out.
 * @defects: names of what was wrong, parted by blanks.
 */
typedef struct {
	GString *bytes;
	NxOutline *outline;
	gsize body;
	gboolean unfinished;
	gboolean open;
	char *defects;
} NxPrescan;

NxPrescan *nx_prescan_new (const char *data, gsize length);
void nx_prescan_free (NxPrescan *prescan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxPrescan, nx_prescan_free)

G_END_DECLS
