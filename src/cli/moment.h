/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * moment.h: points in time on the command line.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_moment_parse: "2026-11-23", "2026-11-23T14:05:00" or "2026-11-23T14:05:00+01:00" (RFC 3339); UTC when no zone is
 * given. @ends: a day alone means its last second, not its first. Returns: FALSE with NX_ERROR_USAGE.
 */
gboolean nx_moment_parse (const char *text, gboolean ends, gint64 *moment_out, GError **error);

G_END_DECLS
