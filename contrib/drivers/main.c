/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * main.c: nixie-driver: tells a list manager what nixie run tells a hook, and prints its members for nixie's import.
 *
 *     nixie-driver MANAGER [OPTION...] [--dry-run]          a hook: one call on stdin
 *     nixie-driver MANAGER [OPTION...] import               the members, as CSV
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <nixie/output.h>

#include "driver.h"

/* clang-format off */
static const NxDriver *const drivers[] = {
	&nx_driver_exec,
	&nx_driver_ezmlm,
	&nx_driver_listmonk,
	&nx_driver_mailman3,
	&nx_driver_majordomo,
	&nx_driver_mlmmj,
	&nx_driver_sympa,
};
/* clang-format on */

static gboolean dry_run;
static gboolean help;

static const GOptionEntry common_options[] = {
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "print what would be done, do nothing", NULL },
	{ "help", 'h', 0, G_OPTION_ARG_NONE, &help, "print this help", NULL },
	G_OPTION_ENTRY_NULL,
};

/* ---- what the drivers print ---- */

static void print_line (const char *before, const char *format, va_list arguments) G_GNUC_PRINTF (2, 0);

static void
print_line (const char *before, const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf (format, arguments);
	g_autofree char *safe = nx_output_escape_terminal (text);

	printf ("%s%s\n", before, safe);
}

gboolean
nx_driver_begin (const char *format, ...)
{
	va_list arguments;

	va_start (arguments, format);
	print_line (dry_run ? "would " : "", format, arguments);
	va_end (arguments);
	return !dry_run;
}

void
nx_driver_note (const char *format, ...)
{
	va_list arguments;

	va_start (arguments, format);
	print_line ("", format, arguments);
	va_end (arguments);
}

static void
print_record (const char *const *fields, guint count)
{
	g_autofree char *line = nx_output_format_csv (fields, count);

	printf ("%s\n", line);
}

void
nx_driver_print_header (void)
{
	static const char *const fields[] = { "address", "name", "delivery_status" };

	print_record (fields, G_N_ELEMENTS (fields));
}

void
nx_driver_print_member (const NxDriverMember *member)
{
	const char *const fields[] = { member->address, member->name, member->delivery };

	print_record (fields, G_N_ELEMENTS (fields));
}

/* ---- what the drivers read ---- */

gboolean
nx_driver_require (const char *option, const char *value, GError **error)
{
	if (value != NULL && *value != '\0')
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s is missing: add it to the hook's line", option);
	return FALSE;
}

char *
nx_driver_read_secret (const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr (GError) local = NULL;
	gsize length = 0;

	if (!g_file_get_contents (path, &text, &length, &local)) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "the password cannot be read: %s; its first line must be the password, and the user that "
			     "nixie run runs as must be able to read it",
			     local->message);
		return NULL;
	}
	text[strcspn (text, "\r\n")] = '\0';
	if (*text == '\0' || length > NX_DRIVER_SECRET_BYTES) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s: its first line must be the password", path);
		return NULL;
	}
	return g_steal_pointer (&text);
}

/* ---- the command line ---- */

static const NxDriver *
find_driver (const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS (drivers); i++) {
		if (strcmp (drivers[i]->name, name) == 0)
			return drivers[i];
	}
	return NULL;
}

static void
print_options (const GOptionEntry *entries)
{
	for (; entries->long_name != NULL; entries++)
		printf ("  --%s%s%s\n        %s\n", entries->long_name, entries->arg_description == NULL ? "" : " ",
			entries->arg_description == NULL ? "" : entries->arg_description, entries->description);
}

static void
print_driver_help (const NxDriver *driver)
{
	printf ("nixie-driver %s: %s\n\nUsage:\n"
		"  nixie-driver %s OPTION... [--dry-run]   a hook: one call of nixie run on stdin\n"
		"  nixie-driver %s OPTION... import        the members as CSV: for nixie subscriber import -\n\n"
		"%s\nOptions:\n",
		driver->name, driver->summary, driver->name, driver->name, driver->about);
	print_options (driver->options);
	print_options (common_options);
	printf ("\nExample, in nixie's configuration:\n%s"
		"\nExit status:\n"
		"   0  done, or was so already\n"
		"  75  not now; nixie run tells it again later\n"
		"  78  the hook's line, a password or a right is wrong; nixie run tells it again later\n",
		driver->example);
}

static void
print_help (void)
{
	printf ("nixie-driver: tells a list manager what nixie decided, and nixie who is on a list\n\n"
		"Usage:\n  nixie-driver MANAGER OPTION... [--dry-run | import]\n"
		"  nixie-driver MANAGER --help\n\nManagers:\n");
	for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
		printf ("  %-10s  %s\n", drivers[i]->name, drivers[i]->summary);
}

static gboolean
parse_options (const NxDriver *driver, int *argc, char ***argv, GError **error)
{
	g_autoptr (GOptionContext) context = g_option_context_new (NULL);
	g_autoptr (GError) local = NULL;

	g_option_context_set_help_enabled (context, FALSE);
	g_option_context_add_main_entries (context, common_options, NULL);
	g_option_context_add_main_entries (context, driver->options, NULL);
	if (g_option_context_parse (context, argc, argv, &local))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "%s; see nixie-driver %s --help", local->message, driver->name);
	return FALSE;
}

static gboolean
apply (const NxDriver *driver, GError **error)
{
	g_autoptr (NxDriverCall) call = nx_driver_call_read (error);

	return call != NULL && driver->apply (call, error);
}

static gboolean
run (int argc, char **argv, GError **error)
{
	const NxDriver *driver = argc > 1 ? find_driver (argv[1]) : NULL;

	if (argc < 2 || strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0) {
		print_help ();
		return argc > 1;
	}
	if (driver == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "no list manager \"%s\" is known; nixie-driver --help names those that are", argv[1]);
		return FALSE;
	}
	argc--;
	argv++;
	if (!parse_options (driver, &argc, &argv, error))
		return FALSE;
	if (help) {
		print_driver_help (driver);
		return TRUE;
	}
	if (argc == 1)
		return apply (driver, error);
	if (argc == 2 && strcmp (argv[1], "import") == 0)
		return driver->import (error);
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "\"%s\" is not understood; the one command is import",
		     argv[strcmp (argv[1], "import") == 0 ? 2 : 1]);
	return FALSE;
}

static int
finish (gboolean done, const GError *error)
{
	g_autofree char *safe = error == NULL ? NULL : nx_output_escape_terminal (error->message);
	gboolean written = fflush (stdout) == 0 && ferror (stdout) == 0;

	if (safe != NULL)
		fprintf (stderr, "nixie-driver: %s\n", safe);
	else if (!written)
		fprintf (stderr, "nixie-driver: standard output cannot be written\n");
	if (done)
		return written ? EX_OK : EX_TEMPFAIL;
	return error == NULL || error->code == NX_ERROR_CONFIG || error->code == NX_ERROR_USAGE ? EX_CONFIG
												: EX_TEMPFAIL;
}

int
main (int argc, char **argv)
{
	g_autoptr (GError) error = NULL;
	gboolean done = FALSE;

	/* A write that fails says so, whoever went away. */
	signal (SIGPIPE, SIG_IGN);
	done = run (argc, argv, &error);
	return finish (done, error);
}
