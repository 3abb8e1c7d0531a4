/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.c: nixie forward: the new addresses that servers and readers offered.
 *
 * They are proposals only: whoever can forge a bounce could take over a subscription. So the evidence stands beside
 * each.
 */
#include <string.h>

#include "cli.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

#define LABEL_WIDTH 8

static const char *const verbs[] = { "list", NULL };

static void
print_labelled (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	if (*safe != '\0')
		nx_screen_print_labelled (label, LABEL_WIDTH, safe);
}

static void
print_proposal (const NxProposal *proposal)
{
	g_autofree char *from = nx_output_escape_terminal (proposal->subscriber);
	g_autofree char *to = nx_output_escape_terminal (proposal->forward);
	g_autofree char *head = g_strdup_printf ("%s -> %s", from, to);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, head);
	g_autofree char *day = nx_screen_format_day (proposal->date);

	nx_screen_print ("%" G_GINT64_FORMAT "  %s\n", proposal->id, painted);
	print_labelled ("List", *proposal->list == '\0' ? "none: the address is no subscriber" : proposal->list);
	print_labelled ("Date", day);
	print_labelled ("Said", proposal->evidence);
	print_labelled ("Rule", proposal->rule);
	print_labelled ("Proof", nx_proof_to_string (proposal->proof));
}

static gboolean
list_proposals (NxCli *cli, NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (store, NULL, cli->list, NULL, error);
	guint open = 0;

	if (proposals == NULL)
		return FALSE;
	for (guint i = 0; i < proposals->len; i++) {
		const NxProposal *proposal = g_ptr_array_index (proposals, i);

		if (strcmp (proposal->state, "open") != 0)
			continue;
		if (open++ > 0)
			nx_screen_print ("\n");
		print_proposal (proposal);
		if (!nx_screen_check (error))
			return FALSE;
	}
	if (open == 0)
		nx_main_say (cli, "no proposal is open");
	return nx_screen_flush (error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;

	if (nx_options_find_verb (verbs, "forward", argc == 0 ? NULL : argv[0], error) < 0 ||
	    !nx_options_check_count (argc, argv, 0, 1, "", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	return list_proposals (cli, store, error);
}

const NxCommand nx_command_forward = {
	.name = "forward",
	.summary = "new addresses that servers offered, with their evidence",
	.usage = "forward [list]",
	.about = "Prints the open proposals: an address that a report named as a reader's new one, with\n"
		 "the words it was read from, the rule that found it, and how well it is proven that\n"
		 "the report is about a mail of yours. Anybody can forge a bounce: let the new address\n"
		 "confirm before you use it.\n",
	.examples = "nixie forward list\n"
		    "nixie forward list --list news",
	.statuses = " 0  done\n"
		    "66  there is no such database or list\n"
		    "73  the database cannot be opened or read\n"
		    "74  the output cannot be written",
	.run = run,
};
