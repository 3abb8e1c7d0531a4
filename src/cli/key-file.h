/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * key-file.h: the file with the keys of return paths: read, and given a new key.
 */
#pragma once

#include <nixie/verp.h>

G_BEGIN_DECLS

/**
 * nx_key_file_load: Returns: (transfer full): NULL with NX_ERROR_CONFIG when it is not there, not readable, readable
 * for others than its owner, or wrong. @max_age_days: how old tokens may be.
 */
NxVerpKeys *nx_key_file_load (const char *path, guint max_age_days, GError **error);

/**
 * nx_key_file_rotate: adds a key, or makes the file. Whoever reads it meanwhile sees the old or the new one, never half
 * of it; two at once do not lose a key. Owner and group stay as they are. Returns: FALSE with NX_ERROR_CONFIG,
 * NX_ERROR_DATA or NX_ERROR_OUTPUT.
 */
gboolean nx_key_file_rotate (const char *path, guint max_age_days, gint64 now, GError **error);

G_END_DECLS
