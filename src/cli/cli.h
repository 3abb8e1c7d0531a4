/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cli.h: what the files of nixie(1) share: the global options, and what a command is.
 *
 * One file a command. A command fills in an NxCommand, writes its result to stdout through screen.h, and returns a
 * GError; only main.c prints errors and picks the exit status. The program sees of the library what <nixie/...> shows.
 */
#pragma once

#include <nixie/nixie.h>

#include "settings.h"

G_BEGIN_DECLS

/**
 * NxCli: the global options, and what a command tells main.c.
 * @settings: read by nx_setup_load(); NULL before.
 * @status: exit status of a command that did what it could, 0 by default.
 */
typedef struct {
	char *database;
	char *config;
	char *list;
	gboolean quiet;
	gboolean verbose;
	gboolean help;
	gboolean version;
	NxSettings *settings;
	int status;
} NxCli;

/**
 * NxCommand: a command, and its help in full.
 * @usage: one form a line, each behind "nixie ". @about: paragraphs, an empty line between them; they are wrapped.
 * @examples, @statuses: lines as they shall appear. @options: (nullable).
 * @run: @argv holds what stands behind the command's name, options taken out.
 */
typedef struct {
	const char *name;
	const char *summary;
	const char *usage;
	const char *about;
	const char *examples;
	const char *statuses;
	const GOptionEntry *options;
	gboolean (*run) (NxCli *cli, int argc, char **argv, GError **error);
} NxCommand;

extern const NxCommand nx_command_check;
extern const NxCommand nx_command_deliver;
extern const NxCommand nx_command_doctor;
extern const NxCommand nx_command_explain;
extern const NxCommand nx_command_forget;
extern const NxCommand nx_command_forward;
extern const NxCommand nx_command_incident;
extern const NxCommand nx_command_list;
extern const NxCommand nx_command_outbox;
extern const NxCommand nx_command_policy;
extern const NxCommand nx_command_post;
extern const NxCommand nx_command_purge;
extern const NxCommand nx_command_rules;
extern const NxCommand nx_command_run;
extern const NxCommand nx_command_scan;
extern const NxCommand nx_command_serve;
extern const NxCommand nx_command_subscriber;
extern const NxCommand nx_command_undo;
extern const NxCommand nx_command_verp;
extern const NxCommand nx_command_why;

/**
 * nx_main_warn: prints an error that did not stop the command. The first one decides the exit status.
 */
void nx_main_warn (NxCli *cli, const GError *error);

/**
 * nx_main_log: prints an error that does not decide the exit status: a server goes on after it.
 */
void nx_main_log (const GError *error);

/**
 * nx_main_say: prints a line on stderr, not with --quiet.
 */
void nx_main_say (const NxCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * nx_main_note: prints a line on stderr with --verbose only.
 */
void nx_main_note (const NxCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
