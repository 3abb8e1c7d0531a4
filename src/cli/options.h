/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * options.h: the command line taken apart, with errors that say what was meant.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_options_get_global: the options that every command takes.
 */
const GOptionEntry *nx_options_get_global (NxCli *cli);

/**
 * nx_options_parse: takes the options out of @argv; argv[0] stays.
 * @command: (nullable): NULL for what stands before the command: then it stops at the first word that is no option.
 * Returns: FALSE with NX_ERROR_USAGE.
 */
gboolean nx_options_parse (NxCli *cli, const NxCommand *command, int *argc, char **argv, GError **error);

/**
 * nx_options_find_verb: the second word of a command ("add" of "list add"). @verbs: NULL-terminated.
 * @word: (nullable): NULL is @verbs[0].
 * Returns: the index in @verbs, or -1 with NX_ERROR_USAGE.
 */
int nx_options_find_verb (const char *const *verbs, const char *command, const char *word, GError **error);

/**
 * nx_options_check_count: FALSE with NX_ERROR_USAGE when there are fewer or more words than that.
 * @what: what is to be given ("an ADDRESS").
 */
gboolean nx_options_check_count (int argc, char **argv, int least, int most, const char *what, GError **error);

G_END_DECLS
