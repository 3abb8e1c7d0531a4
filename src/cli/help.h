/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * help.h: the help texts, made from the table of commands and its rows.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_help_print_usage: the short form, on stderr: what to type to get on.
 */
void nx_help_print_usage (const NxCommand *const *commands);

/**
 * nx_help_print_program: "nixie --help", on stdout.
 */
void nx_help_print_program (const NxCommand *const *commands, const GOptionEntry *global);

/**
 * nx_help_print_command: "nixie COMMAND --help", on stdout.
 */
void nx_help_print_command (const NxCommand *command, const GOptionEntry *global);

G_END_DECLS
