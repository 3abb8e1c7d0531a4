/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * program.h: runs another program: hands it a text, waits so long and no longer, and keeps what it complains of.
 */
#pragma once

#include <nixie/nixie.h>

G_BEGIN_DECLS

/**
 * nx_program_run: runs @argv (full path first; no shell) with @input on its stdin. It gets a process group of its own,
 * and when @seconds have passed (0: no limit) the whole group is killed.
 * @environment: (nullable): NULL for our own, and our folder; with one it is started in "/".
 * Returns: FALSE with NX_ERROR_OUTPUT when it cannot be started, does not end with 0 or is killed: "PROGRAM: it ended
 * with status 1: the first line that it wrote to stderr".
 */
gboolean nx_program_run (const char *const *argv, const char *input, char **environment, guint seconds, GError **error);

G_END_DECLS
