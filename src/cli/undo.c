/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * undo.c: nixie undo: takes steps back, or what reports did; or shows what there is to take back.
 *
 * With --dry-run it does the same, says what changed, and rolls it back.
 */
#include <string.h>

#include "cli.h"
#include "journal.h"
#include "moment.h"
#include "options.h"
#include "screen.h"
#include "setup.h"
#include "tally.h"

#define RUNS_SHOWN 20
#define STATE_WIDTH 9

static gboolean dry_run;
static gboolean show_runs;
static char *run_name;
static char *domain;
static char *since_text;
static char *until_text;
static char *transition_name;

static const GOptionEntry options[] = {
	{ "run", 0, 0, G_OPTION_ARG_FILENAME, &run_name, "what run N recorded", "N" },
	{ "runs", 0, 0, G_OPTION_ARG_NONE, &show_runs, "show the last runs of nixie scan", NULL },
	{ "domain", 0, 0, G_OPTION_ARG_FILENAME, &domain, "reports on addresses of DOMAIN", "DOMAIN" },
	{ "since", 0, 0, G_OPTION_ARG_FILENAME, &since_text, "only reports of TIME or later", "TIME" },
	{ "until", 0, 0, G_OPTION_ARG_FILENAME, &until_text, "only reports of TIME or earlier", "TIME" },
	{ "transition", 0, 0, G_OPTION_ARG_FILENAME, &transition_name, "one change of state, by its number", "N" },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "say what would change, change nothing", NULL },
	G_OPTION_ENTRY_NULL,
};

static gint64
get_now (void)
{
	return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
parse_number (const char *word, const char *what, gint64 *number_out, GError **error)
{
	guint64 number = 0;

	if (g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, &number, NULL)) {
		*number_out = (gint64)number;
		return TRUE;
	}
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "\"%s\" is no number of a %s; nixie undo and nixie why show them",
		     word, what);
	return FALSE;
}

/* ---- what changed ---- */

static void
print_change (const NxChange *change)
{
	g_autofree char *list = nx_output_escape_terminal (change->list);
	g_autofree char *address = nx_output_escape_terminal (change->address);

	nx_screen_print ("%-*s -> %-*s  %5.2f -> %5.2f  %s  %s\n", STATE_WIDTH,
			 nx_state_to_string (change->before.state), STATE_WIDTH,
			 nx_state_to_string (change->after.state), change->before.score, change->after.score, list,
			 address);
}

static gboolean
finish (NxStore *store, gboolean done, GError **error)
{
	if (done && !dry_run)
		return nx_store_commit (store, error);
	nx_store_rollback (store);
	return done;
}

static gboolean
report (NxCli *cli, const NxTakenBack *taken_back, GError **error)
{
	g_autofree char *events = nx_tally_format_number (taken_back->events, "report");
	g_autofree char *changes = nx_tally_format_number (taken_back->changes->len, "subscription");

	for (guint i = 0; i < taken_back->changes->len; i++)
		print_change (g_ptr_array_index (taken_back->changes, i));
	if (!nx_screen_flush (error))
		return FALSE;
	if (taken_back->step == 0)
		nx_main_say (cli, "there is nothing to take back");
	else if (dry_run)
		nx_main_say (cli, "%s would be set aside, %s would change; nothing was done", events, changes);
	else
		nx_main_say (cli,
			     "step %" G_GINT64_FORMAT ": %s set aside, %s changed; nixie undo %" G_GINT64_FORMAT
			     " takes that back",
			     taken_back->step, events, changes, taken_back->step);
	return TRUE;
}

/* ---- steps ---- */

/* All of them or none. */
static gboolean
undo_steps (NxCli *cli, NxStore *store, char **words, GError **error)
{
	gint64 step = 0;
	gboolean done = TRUE;

	if (!nx_store_begin (store, error))
		return FALSE;
	for (char **p = words; *p != NULL && done; p++)
		done = parse_number (*p, "step", &step, error) && nx_store_undo_step (store, step, get_now (), error);
	if (!finish (store, done, error))
		return FALSE;
	for (char **p = words; *p != NULL; p++)
		nx_main_say (cli, "step %s %s taken back", *p, dry_run ? "can be" : "is");
	return TRUE;
}

static gboolean
list_steps (NxCli *cli, NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) steps = nx_store_list_steps (store, NULL, cli->list, error);

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
list_runs (NxCli *cli, NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) runs = nx_store_list_runs (store, RUNS_SHOWN, error);

	if (runs == NULL)
		return FALSE;
	for (guint i = 0; i < runs->len; i++) {
		const NxRun *one = g_ptr_array_index (runs, i);
		g_autofree char *day = nx_screen_format_day (one->started);
		g_autofree char *messages = nx_tally_format_number ((guint64)one->messages, "message");
		g_autofree char *command = nx_output_escape_terminal (one->command);

		nx_screen_print ("%s  run %" G_GINT64_FORMAT "  %s%s: %s\n", day, one->id, messages,
				 one->finished == 0 ? ", not finished" : "", command);
	}
	if (runs->len == 0)
		nx_main_say (cli, "nothing was scanned yet");
	return nx_screen_flush (error);
}

static gboolean
show (NxCli *cli, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);

	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	return show_runs ? list_runs (cli, store, error) : list_steps (cli, store, error);
}

/* ---- what reports did ---- */

static gboolean
parse_scope (const NxCli *cli, NxEventScope *scope, GError **error)
{
	*scope = (NxEventScope){ .list = cli->list, .domain = domain };
	if (domain != NULL && since_text == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "--domain needs --since TIME, so that years of good reports are not taken back with it");
		return FALSE;
	}
	return (run_name == NULL || parse_number (run_name, "run", &scope->run, error)) &&
	       (since_text == NULL || nx_moment_parse (since_text, FALSE, &scope->since, error)) &&
	       (until_text == NULL || nx_moment_parse (until_text, TRUE, &scope->until, error));
}

static gboolean
set_aside (NxCli *cli, NxStore *store, GError **error)
{
	NxEventScope scope;
	g_autoptr (NxTakenBack) taken_back = NULL;
	g_autoptr (GString) note = g_string_new (NULL);

	if (!parse_scope (cli, &scope, error) || !nx_setup_check_list (store, cli->list, error) ||
	    !nx_store_begin (store, error))
		return FALSE;
	if (scope.run != 0)
		g_string_append_printf (note, "run %" G_GINT64_FORMAT, scope.run);
	if (domain != NULL)
		g_string_append_printf (note, "%sdomain %s", note->len > 0 ? ", " : "", domain);
	if (since_text != NULL)
		g_string_append_printf (note, ", since %s", since_text);
	if (until_text != NULL)
		g_string_append_printf (note, ", until %s", until_text);
	taken_back = nx_store_set_aside (store, &scope, note->str, get_now (), error);
	return finish (store, taken_back != NULL, error) && report (cli, taken_back, error);
}

static gboolean
undo_transition (NxCli *cli, NxStore *store, GError **error)
{
	gint64 number = 0;
	g_autoptr (NxTakenBack) taken_back = NULL;

	if (!parse_number (transition_name, "change", &number, error) || !nx_store_begin (store, error))
		return FALSE;
	taken_back = nx_store_undo_transition (store, number, get_now (), error);
	return finish (store, taken_back != NULL, error) && report (cli, taken_back, error);
}

static gboolean
collect_list (const NxSubscriber *subscriber, gpointer user_data)
{
	g_ptr_array_add (user_data, g_strdup (subscriber->list));
	return TRUE;
}

/* On each list that it is on, or on --list. */
static gboolean
undo_address (NxCli *cli, NxStore *store, const char *address, GError **error)
{
	g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (g_free);
	g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)nx_taken_back_free);
	gboolean done = TRUE;

	if (!nx_setup_check_list (store, cli->list, error) ||
	    !nx_store_foreach_subscriber (store, cli->list, address, NX_STATE_NONE, collect_list, lists, error))
		return FALSE;
	if (lists->len == 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "%s is on no list%s%s", address,
			     cli->list == NULL ? "" : " named ", cli->list == NULL ? "" : cli->list);
		return FALSE;
	}
	if (!nx_store_begin (store, error))
		return FALSE;
	for (guint i = 0; i < lists->len && done; i++) {
		NxTakenBack *one =
			nx_store_undo_address (store, g_ptr_array_index (lists, i), address, get_now (), error);

		done = one != NULL;
		if (done)
			g_ptr_array_add (all, one);
	}
	if (!finish (store, done, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++)
		if (!report (cli, g_ptr_array_index (all, i), error))
			return FALSE;
	return TRUE;
}

/* ---- the command ---- */

/* Which of the ways is meant; two of them at once make no sense. */
static gboolean
check_ways (int argc, char **argv, GError **error)
{
	guint ways = (argc > 0) + (transition_name != NULL) + (run_name != NULL || domain != NULL) + (guint)show_runs;
	gboolean bounded = since_text != NULL || until_text != NULL;

	if (ways > 1 || (argc > 1 && strchr (argv[0], '@') != NULL))
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "one thing at a time: STEPs, one ADDRESS, --transition, or --run and --domain");
	else if (bounded && run_name == NULL && domain == NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--since and --until go with --domain or --run");
	else
		return TRUE;
	return FALSE;
}

static gboolean
run_undo (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;

	if (!check_ways (argc, argv, error))
		return FALSE;
	if (argc == 0 && transition_name == NULL && run_name == NULL && domain == NULL)
		return show (cli, error);
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	if (store == NULL)
		return FALSE;
	if (transition_name != NULL)
		return undo_transition (cli, store, error);
	if (argc == 0)
		return set_aside (cli, store, error);
	return strchr (argv[0], '@') != NULL ? undo_address (cli, store, argv[0], error)
					     : undo_steps (cli, store, argv, error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	gboolean done = run_undo (cli, argc, argv, error);

	g_clear_pointer (&run_name, g_free);
	g_clear_pointer (&domain, g_free);
	g_clear_pointer (&since_text, g_free);
	g_clear_pointer (&until_text, g_free);
	g_clear_pointer (&transition_name, g_free);
	return done;
}

const NxCommand nx_command_undo = {
	.name = "undo",
	.summary = "takes decisions back, and what reports did",
	.usage = "undo [--runs]\n"
		 "undo STEP...\n"
		 "undo ADDRESS\n"
		 "undo --transition N\n"
		 "undo --run N\n"
		 "undo --domain DOMAIN --since TIME [--until TIME]",
	.about = "Every decision is a step with a number: a new address that was accepted, confirmed or\n"
		 "rejected, a mail that asked for one, a subscriber warned, removed or restored, reports\n"
		 "set aside. Without arguments the steps are listed, with --runs the last runs of nixie\n"
		 "scan; nixie why shows the steps and changes of one address.\n"
		 "\n"
		 "undo takes STEPs back, all of them or none, and what followed from them is as before.\n"
		 "The step stays in the journal, beside the one that took it back. A step that a later\n"
		 "one rests on has to wait until that is taken back.\n"
		 "\n"
		 "The other forms set reports aside, so that they do not count: those that made up the\n"
		 "score of ADDRESS or led to its suspension, on all lists or on --list; those behind one\n"
		 "change of state; all that one run of nixie scan recorded; all on addresses of a domain\n"
		 "in a time (of that --list). Each is a step, which undo takes back. What was changed by\n"
		 "a step is taken back by undoing that. TIME is 2026-11-23 or 2026-11-23T14:05:00Z.\n"
		 "\n"
		 "With --dry-run everything is only told: which subscriptions would change, and how.\n",
	.examples = "nixie undo 12\n"
		    "nixie undo reader@example.com --dry-run\n"
		    "nixie undo --domain example.com --since 2026-11-20",
	.statuses = " 0  done\n"
		    "65  a STEP cannot be taken back\n"
		    "66  there is no such database, list, step, change, run or subscriber\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.options = options,
	.run = run,
};
