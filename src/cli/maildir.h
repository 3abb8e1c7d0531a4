/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maildir.h: mails that are done with go to another Maildir.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

typedef struct _NxMaildir NxMaildir;

/**
 * nx_maildir_new: where mails are to go. It is made when it is not there. @sources: the Maildirs that they come from:
 * on the same file system, and none of them @path itself.
 * Returns: (transfer full): NULL with NX_ERROR_USAGE or NX_ERROR_SOURCE.
 */
NxMaildir *nx_maildir_new (const char *path, char **sources, GError **error);
void nx_maildir_free (NxMaildir *maildir);

/**
 * nx_maildir_is: whether a path is a Maildir.
 */
gboolean nx_maildir_is (const char *path);

/**
 * nx_maildir_take: moves one mail there, into cur or new as it lies; none is ever written over. One that is not there
 * any more is no failure: a mail reader has renamed it, and the next scan finds it.
 */
gboolean nx_maildir_take (const NxMaildir *maildir, const char *file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxMaildir, nx_maildir_free)

G_END_DECLS
