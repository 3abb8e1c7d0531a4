/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list.c: nixie list: the mailing lists that the database knows.
 */
#include "cli.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

#define COUNT_WIDTH 9

enum {
	VERB_SHOW,
	VERB_ADD
};

static const char *const verbs[] = { "show", "add", NULL };

static gboolean
add_list (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;

	if (!nx_options_check_count (argc, argv, 1, 2, "the NAME", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_CREATE, error);
	return store != NULL && nx_store_add_list (store, argv[0], argc == 2 ? argv[1] : "", error);
}

static void
print_row (const char *name, guint name_width, const char *active, const char *suspended, const char *removed,
	   const char *address)
{
	g_autofree char *cell = nx_screen_pad (name, name_width);

	nx_screen_print ("%s  %*s  %*s  %*s%s%s\n", cell, COUNT_WIDTH, active, COUNT_WIDTH, suspended, COUNT_WIDTH,
			 removed, *address == '\0' ? "" : "  ", address);
}

static void
print_list (const NxList *list, guint name_width)
{
	g_autofree char *name = nx_output_escape_terminal (list->name);
	g_autofree char *address = nx_output_escape_terminal (list->address);
	g_autofree char *active = nx_screen_format_count ((guint64)list->active);
	g_autofree char *suspended = nx_screen_format_count ((guint64)list->suspended);
	g_autofree char *removed = nx_screen_format_count ((guint64)list->removed);

	print_row (name, name_width, active, suspended, removed, address);
}

static gboolean
show_lists (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	g_autoptr (GPtrArray) lists = NULL;
	guint width = nx_screen_get_text_width ("LIST");

	if (!nx_options_check_count (argc, argv, 0, 0, "", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	lists = store == NULL ? NULL : nx_store_list_lists (store, error);
	if (lists == NULL)
		return FALSE;
	if (lists->len == 0) {
		nx_main_say (cli, "there is no list yet; make one with \"nixie list add NAME\"");
		return TRUE;
	}
	for (guint i = 0; i < lists->len; i++) {
		g_autofree char *name = nx_output_escape_terminal (((NxList *)g_ptr_array_index (lists, i))->name);

		width = MAX (width, nx_screen_get_text_width (name));
	}
	print_row ("LIST", width, "ACTIVE", "SUSPENDED", "REMOVED", "ADDRESS");
	for (guint i = 0; i < lists->len; i++)
		print_list (g_ptr_array_index (lists, i), width);
	return nx_screen_flush (error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "list", argc == 0 ? NULL : argv[0], error);

	if (verb < 0)
		return FALSE;
	if (verb == VERB_ADD)
		return add_list (cli, argc - 1, argv + 1, error);
	return show_lists (cli, MAX (argc - 1, 0), argv + MIN (argc, 1), error);
}

const NxCommand nx_command_list = {
	.name = "list",
	.summary = "the mailing lists: add, show",
	.usage = "list [show]\n"
		 "list add NAME [ADDRESS]",
	.about = "show prints the lists, and how many subscribers of each are active, suspended and\n"
		 "removed. add makes a list, and the database when it is not there yet; ADDRESS is the\n"
		 "list's posting address, by which its bounces are told from those of other lists. A\n"
		 "list that is there gets the new address.\n",
	.examples = "nixie list add news news@lists.example.org\n"
		    "nixie list",
	.statuses = " 0  done\n"
		    "65  NAME or ADDRESS cannot be taken\n"
		    "66  there is no database\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.run = run,
};
