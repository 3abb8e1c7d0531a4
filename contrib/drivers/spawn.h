/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn.h: runs another program with its arguments; no shell is near.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_spawn_run: waits until it has ended. It stays in the caller's process group, so that who kills that kills both.
 * @input: (nullable): for its stdin. @status_out: its exit status.
 * @output_out: (nullable): what it wrote to stdout.
 * @said_out: (nullable): what it wrote to stderr, or to stdout when that was silent.
 * Returns: FALSE when it cannot be started (NX_ERROR_CONFIG), or was ended by a signal.
 */
gboolean nx_spawn_run (const char *const *argv, const char *input, int *status_out, char **output_out, char **said_out,
		       GError **error);

/**
 * nx_spawn_check: the same, for a program for which only 0 is good: the last line that it said is the error.
 */
gboolean nx_spawn_check (const char *const *argv, GError **error);

/**
 * nx_spawn_get_first_line: Returns: (transfer full)
 */
char *nx_spawn_get_first_line (const char *text);

G_END_DECLS
