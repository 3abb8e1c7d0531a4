/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * help.c: see help.h. GOption's own help knows neither examples nor exit statuses.
 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "screen.h"

#define COMMAND_WIDTH 10
#define OPTION_WIDTH 22
#define ABOUT_WIDTH 79

static const char statuses[] = "   0   done\n"
			       "  64   wrong usage\n"
			       "  65   a data file holds something that cannot be taken\n"
			       "  66   an input, a list or an address is not there or not readable\n"
			       "  70   a fault of nixie itself\n"
			       "  73   the database cannot be opened, read or written\n"
			       "  74   the output cannot be written\n"
			       "  75   not now: the database is locked by others; try again\n"
			       "  78   the configuration or a rules file is wrong\n"
			       "deliver knows only 0 and 75.\n";

static const char places[] =
	"Database: --database, else $NIXIE_DATABASE, else the configuration's, else\n"
	"/var/lib/nixie/nixie.db if that folder exists, else nixie/nixie.db in\n"
	"$XDG_DATA_HOME. Configuration: --config, else $NIXIE_CONFIG, else\n" NX_SETTINGS_FILE " if it exists.\n";

void
nx_help_print_usage (const NxCommand *const *commands)
{
	fputs ("Usage: nixie [OPTION...] COMMAND [ARGUMENT...]\n\n", stderr);
	for (; *commands != NULL; commands++)
		fprintf (stderr, "  %-*s  %s\n", COMMAND_WIDTH, (*commands)->name, (*commands)->summary);
	fputs ("\nnixie --help says more, nixie COMMAND --help all about one command.\n", stderr);
}

static void
print_options (const char *title, const GOptionEntry *entries)
{
	nx_screen_print ("\n%s:\n", title);
	for (; entries->long_name != NULL; entries++) {
		g_autoptr (GString) left = g_string_new (NULL);

		if (entries->short_name != 0)
			g_string_append_printf (left, "-%c, ", entries->short_name);
		g_string_append_printf (left, "--%s", entries->long_name);
		if (entries->arg_description != NULL)
			g_string_append_printf (left, " %s", entries->arg_description);
		nx_screen_print ("  %-*s  %s\n", OPTION_WIDTH, left->str, entries->description);
	}
}

static void
print_indented (const char *title, const char *text)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

	nx_screen_print ("\n%s:\n", title);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (*lines[i] != '\0')
			nx_screen_print ("  %s\n", lines[i]);
	}
}

void
nx_help_print_program (const NxCommand *const *commands, const GOptionEntry *global)
{
	nx_screen_print ("Usage: nixie [OPTION...] COMMAND [ARGUMENT...]\n\n"
			 "nixie reads the bounces of mailing lists, says what each one means for the\n"
			 "address it names, and keeps a subscriber database true.\n"
			 "\nCommands:\n");
	for (; *commands != NULL; commands++)
		nx_screen_print ("  %-*s  %s\n", COMMAND_WIDTH, (*commands)->name, (*commands)->summary);
	nx_screen_print ("  %-*s  %s\n", COMMAND_WIDTH, "help", "the help of a command");
	print_options ("Options, before or after the command", global);
	nx_screen_print ("\n%s", places);
	print_indented ("Examples", "nixie explain 252 551\n"
				    "nixie check bounce.eml\n"
				    "nixie list add news news@example.org\n"
				    "nixie subscriber import readers.csv --list news\n"
				    "nixie scan ~/Maildir/.bounces\n"
				    "nixie why reader@example.com");
	nx_screen_print ("\nExit status:\n%s", statuses);
}

/* Paragraphs are wrapped, so that nobody has to break lines in the source. */
static void
print_about (const char *about)
{
	g_auto (GStrv) paragraphs = g_strsplit (about, "\n\n", -1);

	for (guint i = 0; paragraphs[i] != NULL; i++) {
		g_autoptr (GPtrArray) lines = NULL;

		g_strdelimit (paragraphs[i], "\n", ' ');
		lines = nx_screen_wrap (paragraphs[i], MIN (nx_screen_get_width (), ABOUT_WIDTH));
		nx_screen_print ("\n");
		for (guint j = 0; j < lines->len; j++)
			nx_screen_print ("%s\n", (const char *)g_ptr_array_index (lines, j));
	}
}

void
nx_help_print_command (const NxCommand *command, const GOptionEntry *global)
{
	g_auto (GStrv) usages = g_strsplit (command->usage, "\n", -1);

	for (guint i = 0; usages[i] != NULL; i++)
		nx_screen_print ("%s nixie %s\n", i == 0 ? "Usage:" : "      ", usages[i]);
	print_about (command->about);
	if (command->options != NULL)
		print_options ("Options", command->options);
	print_options ("Global options", global);
	print_indented ("Examples", command->examples);
	print_indented ("Exit status", command->statuses);
}
