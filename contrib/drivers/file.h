/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * file.h: locks, and files that are replaced as a whole, for list managers that keep their members in files.
 *
 * A file is either the old or the new one at any time, also after a crash: the new one is written beside it, synced,
 * given the old one's owner and mode, and renamed over it; then the folder is synced.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

#define NX_FILE_LOCK_SECONDS 30

/**
 * nx_file_read: Returns: (transfer full) (nullable): all of it, with a NUL behind it; @length_out (nullable) does not
 * count that. A file that is not there is empty when @may_lack.
 */
char *nx_file_read (const char *path, gboolean may_lack, gsize *length_out, GError **error);

/**
 * nx_file_replace: @temporary: beside @path, on the same file system; what lies there is overwritten.
 */
gboolean nx_file_replace (const char *path, const char *temporary, const char *bytes, gsize length, GError **error);

/**
 * nx_file_lock: flock() and fcntl(), of @path, which is made. Returns: a descriptor to close; -1 when another program
 * holds it for NX_FILE_LOCK_SECONDS.
 */
int nx_file_lock (const char *path, GError **error);

/**
 * nx_file_lock_by_name: the lock of shlock: @path is there, with the number of the process in it, as long as it is
 * held. One whose process has gone is taken over.
 */
gboolean nx_file_lock_by_name (const char *path, GError **error);
void nx_file_unlock_by_name (const char *path);

G_END_DECLS
