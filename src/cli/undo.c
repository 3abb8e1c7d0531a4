/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * undo.c: nixie undo: takes steps back, or shows them.
 */
#include <string.h>

#include "cli.h"
#include "journal.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

static gboolean
parse_step (const char *word, gint64 *step_out, GError **error)
{
	guint64 step = 0;

	if (g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, &step, NULL)) {
		*step_out = (gint64)step;
		return TRUE;
	}
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "\"%s\" is no number of a step; nixie undo lists them", word);
	return FALSE;
}

/* All of them or none. */
static gboolean
undo_steps (NxCli *cli, NxStore *store, char **words, GError **error)
{
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;
	gint64 step = 0;

	if (!nx_store_begin (store, error))
		return FALSE;
	for (char **p = words; *p != NULL; p++) {
		if (parse_step (*p, &step, error) && nx_store_undo_step (store, step, now, error))
			continue;
		nx_store_rollback (store);
		return FALSE;
	}
	if (!nx_store_commit (store, error))
		return FALSE;
	for (char **p = words; *p != NULL; p++)
		nx_main_say (cli, "step %s is taken back", *p);
	return TRUE;
}

static gboolean
show_steps (NxCli *cli, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	g_autoptr (GPtrArray) steps = NULL;

	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	steps = nx_store_list_steps (store, NULL, cli->list, error);
	if (steps == NULL)
		return FALSE;
	for (guint i = 0; i < steps->len; i++) {
		const NxStep *step = g_ptr_array_index (steps, i);
		g_autofree char *line = nx_journal_format_step (step);
		g_autofree char *list = nx_output_escape_terminal (step->list);

		nx_screen_print ("%s%s%s%s\n", line, *list == '\0' ? "" : " (", list, *list == '\0' ? "" : ")");
	}
	if (steps->len == 0)
		nx_main_say (cli, "nothing was decided yet");
	return nx_screen_flush (error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;

	if (argc == 0)
		return show_steps (cli, error);
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	return store != NULL && undo_steps (cli, store, argv, error);
}

const NxCommand nx_command_undo = {
	.name = "undo",
	.summary = "takes decisions back: addresses, removals, rejections",
	.usage = "undo\n"
		 "undo STEP...",
	.about = "Every decision is a step with a number: a new address that was accepted, confirmed or\n"
		 "rejected, a mail that asked for one, a subscriber removed or restored. Without a STEP\n"
		 "the steps are listed; nixie why shows those of one address.\n"
		 "\n"
		 "undo takes STEPs back, all of them or none, and what followed from them is as before.\n"
		 "The step stays in the journal, beside the one that took it back. A step that a later\n"
		 "one rests on has to wait until that is taken back.\n",
	.examples = "nixie undo\n"
		    "nixie undo 12",
	.statuses = " 0  done\n"
		    "65  a STEP cannot be taken back\n"
		    "66  there is no such database, list or step\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.run = run,
};
