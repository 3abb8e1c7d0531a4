/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.c: nixie policy: what makes a subscriber suspended, warned, removed, healed; and what if it were another.
 */
#include "cli.h"
#include "options.h"
#include "policies.h"

enum {
	VERB_SHOW,
	VERB_REPLAY,
	VERB_COMPARE
};

static const char *const verbs[] = { "show", "replay", "compare", NULL };

static gboolean all;
static gboolean json;
static gboolean dry_run;
static char *with_file;
static char *progress_mode;

static const GOptionEntry options[] = {
	{ "all", 0, 0, G_OPTION_ARG_NONE, &all, "show: all keys, also those that are as by default", NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "show, compare: one JSON object a line", NULL },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "replay: say what would change, change nothing", NULL },
	{ "with", 0, 0, G_OPTION_ARG_FILENAME, &with_file, "compare: a configuration with other policies", "FILE" },
	{ "progress", 0, 0, G_OPTION_ARG_FILENAME, &progress_mode, "auto, bar, plain or none", "HOW" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
check_options (int verb, GError **error)
{
	const char *wrong = NULL;

	if (all && verb != VERB_SHOW)
		wrong = "--all goes with show only";
	else if (json && verb == VERB_REPLAY)
		wrong = "--json goes with show and compare only";
	else if (dry_run && verb != VERB_REPLAY)
		wrong = "--dry-run goes with replay only";
	else if (with_file != NULL && verb != VERB_COMPARE)
		wrong = "--with goes with compare only";
	if (wrong == NULL)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "%s", wrong);
	return FALSE;
}

static gboolean
run_verb (NxCli *cli, int verb, int argc, char **argv, GError **error)
{
	g_autoptr (NxProgress) progress = NULL;

	if (!check_options (verb, error) || !nx_options_check_count (argc, argv, 0, 0, "", error))
		return FALSE;
	if (verb == VERB_SHOW)
		return nx_policies_show (cli, all, json, error);
	progress = nx_progress_new (cli, progress_mode, error);
	if (progress == NULL)
		return FALSE;
	if (verb == VERB_REPLAY)
		return nx_policies_replay (cli, dry_run, progress, error);
	return nx_policies_compare (cli, with_file, json, progress, error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "policy", argc == 0 ? NULL : argv[0], error);
	gboolean done = verb >= 0 && run_verb (cli, verb, MAX (argc - 1, 0), argv + MIN (argc, 1), error);

	g_clear_pointer (&with_file, g_free);
	g_clear_pointer (&progress_mode, g_free);
	return done;
}

const NxCommand nx_command_policy = {
	.name = "policy",
	.summary = "what suspends, warns, removes: show it, try another, replay",
	.usage = "policy [show] [--list NAME] [--all] [--json]\n"
		 "policy compare [--with FILE] [--list NAME] [--json]\n"
		 "policy replay [--dry-run]",
	.about = "A policy is a preset (nixie, or another list manager whose arithmetic it follows) and\n"
		 "keys above it. They stand in the configuration, in [policy] for all lists and in\n"
		 "[policy NAME] for one. What is in force stands in the database: show says what that\n"
		 "is, where each value comes from and what it means, and whether the configuration\n"
		 "says something else by now. Without --all only what differs from the preset is shown,\n"
		 "without --list what holds for lists that have no policy of their own.\n"
		 "\n"
		 "compare says who would stand elsewhere, and why, if the configuration were in force,\n"
		 "or the one in FILE. It changes nothing. Scores are as of the last report.\n"
		 "\n"
		 "replay puts what is configured in force and computes all states anew from the reports,\n"
		 "as if it had always been so, in one transaction. For each policy that changed there is\n"
		 "a step, which nixie undo takes back. A list that is added gets what is configured then.\n",
	.examples = "nixie policy show --list news --all\n"
		    "nixie policy compare --with new.conf\n"
		    "nixie policy replay --dry-run",
	.statuses = " 0  done\n"
		    "66  there is no such database or list\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long\n"
		    "78  a policy in the configuration, or in FILE, is wrong",
	.options = options,
	.run = run,
};
