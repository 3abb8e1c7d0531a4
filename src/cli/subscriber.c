/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subscriber.c: nixie subscriber: who is on the lists, in and out.
 */
#include <string.h>

#include "cli.h"
#include "import.h"
#include "options.h"
#include "screen.h"
#include "setup.h"
#include "suggest.h"
#include "tally.h"

#define STATE_WIDTH 9
#define DAY_WIDTH 10
#define LABEL_WIDTH 8

enum {
	VERB_LIST,
	VERB_ADD,
	VERB_IMPORT,
	VERB_SHOW,
	VERB_EXPORT,
	VERB_REMOVE,
	VERB_RESTORE
};

static const char *const verbs[] = { "list", "add", "import", "show", "export", "remove", "restore", NULL };
static char *state_name;

static const GOptionEntry options[] = {
	{ "state", 0, 0, G_OPTION_ARG_FILENAME, &state_name, "only active, suspended or removed ones", "STATE" },
	G_OPTION_ENTRY_NULL,
};

/* What the callbacks of nx_store_foreach_subscriber() need. */
typedef struct {
	guint list_width;
	guint count;
	NxPolicy policy;
	gint64 now;
} Table;

/* ---- add, import ---- */

/* @added: set for each address. */
static gboolean
add_addresses (NxStore *store, const char *list, int count, char **addresses, gboolean *added, GError **error)
{
	if (!nx_store_begin (store, error))
		return FALSE;
	for (int i = 0; i < count; i++) {
		if (!nx_store_add_subscriber (store, list, addresses[i], NULL, &added[i], error)) {
			nx_store_rollback (store);
			return FALSE;
		}
	}
	return nx_store_commit (store, error);
}

static void
print_added (const char *address, const char *list, gboolean added)
{
	g_autofree char *safe = nx_output_escape_terminal (address);
	g_autofree char *name = nx_output_escape_terminal (list);

	nx_screen_print ("%s %s %s\n", safe, added ? "is now on" : "was already on", name);
}

/* All of them or none. */
static gboolean
run_add (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	g_autofree char *list = NULL;
	g_autofree gboolean *added = NULL;

	if (!nx_options_check_count (argc, argv, 1, G_MAXINT, "an ADDRESS", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	list = store == NULL ? NULL : nx_setup_choose_list (cli, store, error);
	added = g_new0 (gboolean, (gsize)argc);
	if (list == NULL || !add_addresses (store, list, argc, argv, added, error))
		return FALSE;
	for (int i = 0; i < argc && !cli->quiet; i++)
		print_added (argv[i], list, added[i]);
	return nx_screen_flush (error);
}

static void
print_import (const NxImport *import, const char *list)
{
	g_autofree char *added = nx_screen_format_count (import->added);
	g_autofree char *known = nx_screen_format_count (import->known);
	g_autofree char *bad = nx_tally_format_number (import->bad, "bad line");
	g_autofree char *safe = nx_output_escape_terminal (list);

	nx_screen_print ("%s: %s added, %s there before, %s\n", safe, added, known, bad);
}

static gboolean
run_import (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	g_autofree char *list = NULL;
	NxImport import = { 0 };

	if (!nx_options_check_count (argc, argv, 1, 1, "the FILE, or \"-\" for stdin,", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	list = store == NULL ? NULL : nx_setup_choose_list (cli, store, error);
	if (list == NULL || !nx_import_read (cli, store, list, argv[0], &import, error))
		return FALSE;
	if (!cli->quiet)
		print_import (&import, list);
	return nx_screen_flush (error);
}

/* ---- remove, restore ---- */

typedef gboolean (*DecideFunc) (NxStore *store, const char *list, const char *address, gint64 now, gint64 *step_out,
				GError **error);

/* All of them or none. @steps: set for each address. */
static gboolean
decide_addresses (NxStore *store, const char *list, DecideFunc func, char **addresses, gint64 *steps, GError **error)
{
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;

	if (!nx_store_begin (store, error))
		return FALSE;
	for (guint i = 0; addresses[i] != NULL; i++) {
		if (!func (store, list, addresses[i], now, &steps[i], error)) {
			nx_store_rollback (store);
			return FALSE;
		}
	}
	return nx_store_commit (store, error);
}

static gboolean
run_decide (NxCli *cli, int verb, int argc, char **argv, GError **error)
{
	const char *state = verb == VERB_REMOVE ? "removed" : "active";
	g_autoptr (NxStore) store = NULL;
	g_autofree char *list = NULL;
	g_autofree gint64 *steps = g_new0 (gint64, (gsize)argc + 1);

	if (!nx_options_check_count (argc, argv, 1, G_MAXINT, "an ADDRESS", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	list = store == NULL ? NULL : nx_setup_choose_list (cli, store, error);
	if (list == NULL ||
	    !decide_addresses (store, list,
			       verb == VERB_REMOVE ? nx_store_remove_subscriber : nx_store_restore_subscriber, argv,
			       steps, error))
		return FALSE;
	for (int i = 0; i < argc; i++) {
		if (steps[i] == 0)
			nx_main_say (cli, "%s was %s already", argv[i], state);
		else
			nx_main_say (cli, "step %" G_GINT64_FORMAT ": %s is %s", steps[i], argv[i], state);
	}
	return TRUE;
}

/* ---- show, list, export ---- */

static gboolean
init_table (Table *table, NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	*table = (Table){ .now = g_get_real_time () / G_USEC_PER_SEC, .list_width = (guint)strlen ("LIST") };
	nx_policy_init_default (&table->policy);
	for (guint i = 0; lists != NULL && i < lists->len; i++) {
		g_autofree char *name = nx_output_escape_terminal (((NxList *)g_ptr_array_index (lists, i))->name);

		table->list_width = MAX (table->list_width, nx_screen_get_text_width (name));
	}
	return lists != NULL;
}

static gboolean
show_one (const NxSubscriber *subscriber, gpointer user_data)
{
	Table *table = user_data;
	const NxStanding *standing = &subscriber->standing;
	g_autofree char *address = nx_output_escape_terminal (subscriber->address);
	g_autofree char *list = nx_output_escape_terminal (subscriber->list);
	g_autofree char *name = nx_output_escape_terminal (subscriber->name);
	g_autofree char *day = nx_screen_format_day (standing->since);
	g_autofree char *state =
		g_strdup_printf ("%s%s%s", nx_state_to_string (standing->state), standing->since == 0 ? "" : " since ",
				 standing->since == 0 ? "" : day);
	g_autofree char *score = g_strdup_printf (
		"%.2f of %.2f", nx_policy_get_score_at (&table->policy, standing, table->now), table->policy.threshold);
	g_autofree char *events = nx_screen_format_count ((guint64)subscriber->events);

	if (table->count++ > 0)
		nx_screen_print ("\n");
	nx_screen_print ("%s\n", address);
	nx_screen_print_labelled ("List", LABEL_WIDTH, list);
	if (*name != '\0')
		nx_screen_print_labelled ("Name", LABEL_WIDTH, name);
	nx_screen_print_labelled ("State", LABEL_WIDTH, state);
	nx_screen_print_labelled ("Score", LABEL_WIDTH, score);
	nx_screen_print_labelled ("Events", LABEL_WIDTH, events);
	return nx_screen_check (NULL);
}

static gboolean
run_show (NxCli *cli, NxStore *store, const char *address, GError **error)
{
	Table table;

	if (!init_table (&table, store, error) ||
	    !nx_store_foreach_subscriber (store, cli->list, address, NX_STATE_NONE, show_one, &table, error))
		return FALSE;
	if (table.count > 0)
		return nx_screen_flush (error);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "%s is on no list%s%s; \"nixie why\" also finds events on addresses that are no subscribers",
		     address, cli->list == NULL ? "" : " named ", cli->list == NULL ? "" : cli->list);
	return FALSE;
}

static gboolean
list_one (const NxSubscriber *subscriber, gpointer user_data)
{
	Table *table = user_data;
	const NxStanding *standing = &subscriber->standing;
	g_autofree char *address = nx_output_escape_terminal (subscriber->address);
	g_autofree char *name = nx_output_escape_terminal (subscriber->list);
	g_autofree char *list = nx_screen_pad (name, table->list_width);
	g_autofree char *day = standing->since == 0 ? g_strdup ("-") : nx_screen_format_day (standing->since);

	if (table->count++ == 0)
		nx_screen_print ("%-*s  SCORE  %-*s  %-*s  ADDRESS\n", STATE_WIDTH, "STATE", DAY_WIDTH, "SINCE",
				 (int)table->list_width, "LIST");
	nx_screen_print ("%-*s  %5.2f  %-*s  %s  %s\n", STATE_WIDTH, nx_state_to_string (standing->state),
			 nx_policy_get_score_at (&table->policy, standing, table->now), DAY_WIDTH, day, list, address);
	return nx_screen_check (NULL);
}

static gboolean
parse_state (NxState *state_out, GError **error)
{
	static const char *const names[] = { "active", "suspended", "removed", NULL };

	*state_out = NX_STATE_NONE;
	if (state_name == NULL)
		return TRUE;
	if (nx_state_from_string (state_name, state_out) && *state_out != NX_STATE_NONE)
		return TRUE;
	nx_suggest_set_error (names, "state", state_name, error);
	return FALSE;
}

static gboolean
run_list (NxCli *cli, NxStore *store, NxState state, GError **error)
{
	Table table;

	if (!init_table (&table, store, error) ||
	    !nx_store_foreach_subscriber (store, cli->list, NULL, state, list_one, &table, error))
		return FALSE;
	if (table.count == 0)
		nx_main_say (cli, "there is no such subscriber");
	return nx_screen_flush (error);
}

static void
print_csv (const char *const *fields, guint count)
{
	g_autofree char *line = nx_output_format_csv (fields, count);

	nx_screen_print ("%s\n", line);
}

static gboolean
export_one (const NxSubscriber *subscriber, gpointer user_data)
{
	char score[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *since = nx_output_format_date (subscriber->standing.since);
	const char *const fields[] = { subscriber->list,
				       subscriber->address,
				       subscriber->name,
				       nx_state_to_string (subscriber->standing.state),
				       g_ascii_formatd (score, sizeof score, "%.4f", subscriber->standing.score),
				       since };

	(void)user_data;
	print_csv (fields, G_N_ELEMENTS (fields));
	return nx_screen_check (NULL);
}

/* All that is held of one address, for the person to whom it belongs. */
static gboolean
export_address (NxCli *cli, NxStore *store, const char *address, GError **error)
{
	g_autoptr (NxHoldings) holdings = nx_holdings_new (store, address, cli->list, NULL, error);
	g_autofree char *text = NULL;

	if (holdings == NULL)
		return FALSE;
	if (nx_holdings_is_empty (holdings)) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "nothing is held of %s", address);
		return FALSE;
	}
	text = nx_holdings_format (holdings);
	nx_screen_print ("%s\n", text);
	return nx_screen_flush (error);
}

static gboolean
run_export (NxCli *cli, NxStore *store, NxState state, GError **error)
{
	static const char *const header[] = { "list", "address", "name", "state", "score", "since" };

	print_csv (header, G_N_ELEMENTS (header));
	if (!nx_store_foreach_subscriber (store, cli->list, NULL, state, export_one, NULL, error))
		return FALSE;
	return nx_screen_flush (error);
}

/* The verbs that read only. */
static gboolean
run_reading (NxCli *cli, int verb, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	NxState state = NX_STATE_NONE;
	int least = verb == VERB_SHOW ? 1 : 0;
	int most = verb == VERB_LIST ? 0 : 1;

	if (!parse_state (&state, error) || !nx_options_check_count (argc, argv, least, most, "the ADDRESS", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	if (verb == VERB_SHOW)
		return run_show (cli, store, argv[0], error);
	if (verb == VERB_EXPORT && argc == 1)
		return export_address (cli, store, argv[0], error);
	return verb == VERB_EXPORT ? run_export (cli, store, state, error) : run_list (cli, store, state, error);
}

static gboolean
run_verb (NxCli *cli, int verb, int argc, char **argv, GError **error)
{
	if (verb == VERB_ADD)
		return run_add (cli, argc, argv, error);
	if (verb == VERB_IMPORT)
		return run_import (cli, argc, argv, error);
	if (verb == VERB_REMOVE || verb == VERB_RESTORE)
		return run_decide (cli, verb, argc, argv, error);
	return run_reading (cli, verb, argc, argv, error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "subscriber", argc == 0 ? NULL : argv[0], error);
	gboolean done = verb >= 0 && run_verb (cli, verb, MAX (argc - 1, 0), argv + MIN (argc, 1), error);

	g_clear_pointer (&state_name, g_free);
	return done;
}

const NxCommand nx_command_subscriber = {
	.name = "subscriber",
	.summary = "the subscribers: add, import, show, list, export, remove, restore",
	.usage = "subscriber [list] [--state STATE]\n"
		 "subscriber add ADDRESS...\n"
		 "subscriber import FILE.csv\n"
		 "subscriber show ADDRESS\n"
		 "subscriber export [--state STATE]\n"
		 "subscriber export ADDRESS\n"
		 "subscriber remove ADDRESS...\n"
		 "subscriber restore ADDRESS...",
	.about = "add and import put addresses on --list NAME, which may be left out when there is only\n"
		 "one list. Reports that were read before the subscription was there count for it when\n"
		 "they are scanned again.\n"
		 "\n"
		 "import reads CSV: a column \"address\" or \"email\", and \"name\" if there is one; without\n"
		 "such a header the first column is the address. \"-\" is stdin. A line that cannot be\n"
		 "taken is reported with its number, and the others are imported.\n"
		 "\n"
		 "remove ends a subscription; its events stay. restore makes one active again with a score\n"
		 "of 0: a suspended one, or one that ended by a complaint or by hand. Both are steps, which\n"
		 "nixie undo takes back.\n"
		 "\n"
		 "list prints the state and today's score of each; export writes CSV with the columns\n"
		 "list,address,name,state,score,since, the score as of the last event. An address that\n"
		 "a spreadsheet would take for a formula gets a \"'\" before it, which import takes off.\n"
		 "export ADDRESS writes all that is held of one address as JSON: its subscriptions, events,\n"
		 "changes, offers and steps; nixie forget deletes that.\n",
	.examples = "nixie subscriber import readers.csv --list news\n"
		    "nixie subscriber list --state suspended\n"
		    "nixie subscriber export --list news > news.csv",
	.statuses = " 0  done\n"
		    "65  an address or a line of the CSV file cannot be taken\n"
		    "66  there is no such database, list, file or subscriber\n"
		    "73  the database cannot be opened, read or written\n"
		    "74  the output cannot be written\n"
		    "75  the database was locked for too long",
	.options = options,
	.run = run,
};
