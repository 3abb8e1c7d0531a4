/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * main.c: nixie(1): finds the command, prints every error, picks the exit status.
 *
 * The statuses are those of sysexits(3), so that an MTA or a script can tell "try again" from "never". deliver is the
 * exception: everything but success is 75, since any other status loses the bounce with one mail system or another.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "deliver.h"
#include "help.h"
#include "options.h"
#include "screen.h"
#include "suggest.h"

/* clang-format off */
static const NxCommand *const commands[] = {
	&nx_command_deliver,
	&nx_command_serve,
	&nx_command_scan,
	&nx_command_check,
	&nx_command_explain,
	&nx_command_list,
	&nx_command_subscriber,
	&nx_command_why,
	&nx_command_forward,
	&nx_command_incident,
	&nx_command_run,
	&nx_command_outbox,
	&nx_command_undo,
	&nx_command_policy,
	&nx_command_post,
	&nx_command_purge,
	&nx_command_forget,
	&nx_command_verp,
	&nx_command_rules,
	&nx_command_doctor,
	NULL,
};
/* clang-format on */

static const struct {
	NxError code;
	int status;
} statuses[] = {
	{ NX_ERROR_USAGE, EX_USAGE },       { NX_ERROR_SOURCE, EX_NOINPUT },    { NX_ERROR_RULES, EX_CONFIG },
	{ NX_ERROR_CONFIG, EX_CONFIG },     { NX_ERROR_STORE, EX_CANTCREAT },   { NX_ERROR_STORE_BUSY, EX_TEMPFAIL },
	{ NX_ERROR_OUTPUT, EX_IOERR },      { NX_ERROR_NOT_FOUND, EX_NOINPUT }, { NX_ERROR_DATA, EX_DATAERR },
	{ NX_ERROR_INTERNAL, EX_SOFTWARE },
};

/* The exit status of the first error that did not stop the command. */
static int warned_status;

static int
get_status (const GError *error)
{
	for (guint i = 0; error->domain == NX_ERROR && i < G_N_ELEMENTS (statuses); i++) {
		if (statuses[i].code == (NxError)error->code)
			return statuses[i].status;
	}
	return EX_SOFTWARE;
}

static void
print_line (const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	nx_screen_clear_status ();
	fprintf (stderr, "nixie: %s\n", safe);
}

void
nx_main_warn (NxCli *cli, const GError *error)
{
	(void)cli;
	if (warned_status == 0)
		warned_status = get_status (error);
	print_line (error->message);
}

void
nx_main_log (const GError *error)
{
	print_line (error->message);
}

static void print_formatted (const char *format, va_list arguments) G_GNUC_PRINTF (1, 0);

static void
print_formatted (const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf (format, arguments);

	print_line (text);
}

void
nx_main_say (const NxCli *cli, const char *format, ...)
{
	va_list arguments;

	if (cli->quiet)
		return;
	va_start (arguments, format);
	print_formatted (format, arguments);
	va_end (arguments);
}

void
nx_main_note (const NxCli *cli, const char *format, ...)
{
	va_list arguments;

	if (!cli->verbose)
		return;
	va_start (arguments, format);
	print_formatted (format, arguments);
	va_end (arguments);
}

/* A closed descriptor would be given to the next file opened: the database, with stderr's words in it. What is opened
 * instead fails on use, as the closed one does. */
static void
occupy_descriptors (void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl (fd, F_GETFD) == -1 && errno == EBADF)
			(void)!open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

/* Both are found by the failing write. */
static void
ignore_signals (void)
{
	signal (SIGPIPE, SIG_IGN);
	signal (SIGXFSZ, SIG_IGN);
}

static const NxCommand *
find_command (const char *name)
{
	for (const NxCommand *const *p = commands; *p != NULL; p++) {
		if (strcmp ((*p)->name, name) == 0)
			return *p;
	}
	return NULL;
}

static void
set_unknown_command_error (const char *name, GError **error)
{
	const char *names[G_N_ELEMENTS (commands)] = { NULL };

	for (guint i = 0; commands[i] != NULL; i++)
		names[i] = commands[i]->name;
	nx_suggest_set_error (names, "command", name, error);
}

/* "nixie --databse x deliver": wrong already, but known to be deliver's. */
static const NxCommand *
guess_command (char **argv)
{
	const NxCommand *command = NULL;

	for (; command == NULL && *argv != NULL; argv++)
		command = find_command (*argv);
	return command;
}

static gboolean
run_help (NxCli *cli, const char *name, GError **error)
{
	const GOptionEntry *global = nx_options_get_global (cli);
	const NxCommand *command = name == NULL ? NULL : find_command (name);

	if (name != NULL && command == NULL) {
		set_unknown_command_error (name, error);
		return FALSE;
	}
	if (command == NULL)
		nx_help_print_program (commands, global);
	else
		nx_help_print_command (command, global);
	return TRUE;
}

static gboolean
run_version (void)
{
	nx_screen_print ("nixie %s\n", NX_VERSION);
	return TRUE;
}

static gboolean
run_without_command (NxCli *cli, GError **error)
{
	if (cli->help)
		return run_help (cli, NULL, error);
	nx_help_print_usage (commands);
	cli->status = EX_USAGE;
	return TRUE;
}

/* @command_out: set as soon as the command is known, so that an error behind that is the command's own. */
static gboolean
run (NxCli *cli, int argc, char **argv, const NxCommand **command_out, GError **error)
{
	const NxCommand *command = NULL;

	*command_out = guess_command (argv + 1);
	if (!nx_options_parse (cli, NULL, &argc, argv, error))
		return FALSE;
	if (cli->version)
		return run_version ();
	if (argc < 2)
		return run_without_command (cli, error);
	if (strcmp (argv[1], "help") == 0)
		return run_help (cli, argc > 2 && *argv[2] != '-' ? argv[2] : NULL, error);
	command = find_command (argv[1]);
	*command_out = command;
	if (command == NULL) {
		set_unknown_command_error (argv[1], error);
		return FALSE;
	}
	argc--;
	argv++;
	if (!nx_options_parse (cli, command, &argc, argv, error))
		return FALSE;
	if (cli->version)
		return run_version ();
	if (cli->help)
		return run_help (cli, command->name, error);
	return command->run (cli, argc - 1, argv + 1, error);
}

static void
print_error (const NxCommand *command, const GError *error)
{
	nx_screen_clear_status ();
	if (g_error_matches (error, NX_ERROR, NX_ERROR_OUTPUT) && nx_screen_is_pipe_closed ())
		return;
	print_line (error->message);
	if (!g_error_matches (error, NX_ERROR, NX_ERROR_USAGE))
		return;
	fprintf (stderr, "Try \"nixie %s%s--help\".\n", command == NULL ? "" : command->name,
		 command == NULL ? "" : " ");
}

static int
finish (const NxCli *cli, const NxCommand *command, GError *error)
{
	g_autoptr (GError) output_error = NULL;

	if (!nx_screen_flush (&output_error) && error == NULL)
		error = output_error;
	if (error != NULL)
		print_error (command, error);
	if (command == &nx_command_deliver && error != NULL) {
		nx_deliver_drain_input ();
		return EX_TEMPFAIL;
	}
	if (error != NULL)
		return get_status (error);
	return cli->status != 0 ? cli->status : warned_status;
}

static void
clear (NxCli *cli)
{
	g_free (cli->database);
	g_free (cli->config);
	g_free (cli->list);
	nx_settings_free (cli->settings);
}

int
main (int argc, char **argv)
{
	static NxCli cli;
	const NxCommand *command = NULL;
	g_autoptr (GError) error = NULL;
	int status = 0;

	occupy_descriptors ();
	ignore_signals ();
	run (&cli, argc, argv, &command, &error);
	status = finish (&cli, command, error);
	clear (&cli);
	return status;
}
