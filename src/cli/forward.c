/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.c: nixie forward: the new addresses that servers and readers offered, and what is decided on them.
 *
 * They are proposals only: whoever can forge a bounce could take over a subscription. So the evidence stands beside
 * each, and nothing happens by itself.
 */
#include <string.h>

#include "ask.h"
#include "cli.h"
#include "journal.h"
#include "options.h"
#include "screen.h"
#include "setup.h"
#include "suggest.h"

#define LABEL_WIDTH 8

enum {
	VERB_LIST,
	VERB_SHOW,
	VERB_ACCEPT,
	VERB_REJECT,
	VERB_CONFIRM
};

static const char *const verbs[] = { "list", "show", "accept", "reject", "confirm", NULL };

static char *state_name;
static char *token_text;
static gboolean to_stdout;

static const GOptionEntry options[] = {
	{ "state", 0, 0, G_OPTION_ARG_FILENAME, &state_name,
	  "list: open, asked, accepted, rejected, expired or all (default: open and asked)", "STATE" },
	{ "token", 0, 0, G_OPTION_ARG_FILENAME, &token_text, "confirm: what the new address sent back", "TOKEN" },
	{ "stdout", 0, 0, G_OPTION_ARG_NONE, &to_stdout, "confirm: write the mail to stdout, send nothing", NULL },
	G_OPTION_ENTRY_NULL,
};

/* ---- list, show ---- */

static void
print_labelled (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	if (*safe != '\0')
		nx_screen_print_labelled (label, LABEL_WIDTH, safe);
}

static void
print_notes (const NxProposal *proposal)
{
	gboolean undecided = strcmp (proposal->state, "accepted") != 0 && strcmp (proposal->state, "rejected") != 0;

	if (strcmp (proposal->state, "open") != 0)
		print_labelled ("State", proposal->state);
	if (undecided && *proposal->obstacle != '\0' && *proposal->list != '\0')
		print_labelled ("Cannot", proposal->obstacle);
	if (undecided && proposal->member)
		print_labelled ("Member",
				"the new address is a subscriber already; accepting ends the old subscription");
}

static void
print_proposal (const NxProposal *proposal)
{
	g_autofree char *from = nx_output_escape_terminal (proposal->subscriber);
	g_autofree char *to = nx_output_escape_terminal (proposal->forward);
	g_autofree char *head = g_strdup_printf ("%s -> %s", from, to);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, head);
	g_autofree char *first = nx_screen_format_day (proposal->date);
	g_autofree char *last = nx_screen_format_day (proposal->last_date);
	g_autofree char *day =
		strcmp (first, last) == 0 ? g_strdup (first) : g_strdup_printf ("%s, last on %s", first, last);

	nx_screen_print ("%" G_GINT64_FORMAT "  %s\n", proposal->id, painted);
	print_labelled ("List", *proposal->list == '\0' ? "none: the address is no subscriber" : proposal->list);
	print_labelled ("Date", day);
	print_labelled ("Said", proposal->evidence);
	print_labelled ("Rule", proposal->rule);
	print_labelled ("Proof", nx_proof_to_string (proposal->proof));
	print_notes (proposal);
}

static gboolean
is_wanted (const NxProposal *proposal)
{
	if (state_name == NULL)
		return strcmp (proposal->state, "open") == 0 || strcmp (proposal->state, "asked") == 0;
	return strcmp (state_name, "all") == 0 || strcmp (state_name, proposal->state) == 0;
}

static gboolean
list_proposals (NxCli *cli, NxStore *store, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (store, NULL, cli->list, &terms, error);
	guint shown = 0;
	guint expired = 0;

	if (proposals == NULL)
		return FALSE;
	for (guint i = 0; i < proposals->len; i++) {
		const NxProposal *proposal = g_ptr_array_index (proposals, i);

		expired += strcmp (proposal->state, "expired") == 0;
		if (!is_wanted (proposal))
			continue;
		if (shown++ > 0)
			nx_screen_print ("\n");
		print_proposal (proposal);
		if (!nx_screen_check (error))
			return FALSE;
	}
	if (shown == 0 && state_name == NULL)
		nx_main_say (cli, "no proposal is open");
	else if (shown == 0)
		nx_main_say (cli, "there is no such proposal");
	if (expired > 0 && state_name == NULL)
		nx_main_say (cli, "%u expired; see --state expired", expired);
	return nx_screen_flush (error);
}

static void
print_steps (const GPtrArray *steps, gint64 proposal)
{
	for (guint i = 0; i < steps->len; i++) {
		const NxStep *step = g_ptr_array_index (steps, i);
		g_autofree char *line = NULL;

		if (step->proposal != proposal)
			continue;
		line = nx_journal_format_step (step);
		nx_screen_print_labelled ("Step", LABEL_WIDTH, line);
	}
}

static gboolean
show_proposal (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &terms, error);
	g_autoptr (GPtrArray) steps = NULL;

	if (proposal == NULL)
		return FALSE;
	steps = nx_store_list_steps (store, NULL, NULL, error);
	if (steps == NULL)
		return FALSE;
	print_proposal (proposal);
	print_steps (steps, id);
	return nx_screen_check (error);
}

/* ---- deciding ---- */

static gboolean
parse_id (const char *word, gint64 *id_out, GError **error)
{
	guint64 id = 0;

	if (!g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, &id, NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "\"%s\" is no number of a proposal; nixie forward list shows them", word);
		return FALSE;
	}
	*id_out = (gint64)id;
	return TRUE;
}

static gboolean
accept_proposal (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &terms, error);
	gint64 step = 0;

	if (proposal == NULL || !nx_store_accept_proposal (store, id, &terms, &step, error))
		return FALSE;
	if (proposal->member)
		nx_main_say (cli, "step %" G_GINT64_FORMAT ": %s was a subscriber of %s already; %s is none any more",
			     step, proposal->forward, proposal->list, proposal->subscriber);
	else
		nx_main_say (cli, "step %" G_GINT64_FORMAT ": %s is %s on %s from now on", step, proposal->subscriber,
			     proposal->forward, proposal->list);
	return TRUE;
}

static gboolean
reject_proposal (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	gint64 step = 0;

	if (!nx_store_reject_proposal (store, id, &terms, &step, error))
		return FALSE;
	nx_main_say (cli, "step %" G_GINT64_FORMAT ": proposal %" G_GINT64_FORMAT " is rejected", step, id);
	return TRUE;
}

static gboolean
confirm_proposal (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	return nx_ask_proposal (cli, store, id, to_stdout, error);
}

static gboolean
confirm_token (NxCli *cli, NxStore *store, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	NxAnswer answer = NX_ANSWER_NONE;
	g_autofree char *token = nx_confirmation_parse_token (token_text, &answer);
	gint64 id = 0;

	if (token == NULL || (answer != NX_ANSWER_NONE && answer != NX_ANSWER_CONFIRM)) {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "\"%s\" is no token: those have %d characters, behind \"confirm-\"", token_text,
			     NX_CONFIRMATION_TOKEN_BYTES);
		return FALSE;
	}
	if (!nx_store_confirm_proposal (store, token, &terms, &id, error))
		return FALSE;
	nx_main_say (cli, "the new address has confirmed proposal %" G_GINT64_FORMAT "; the subscription has it now",
		     id);
	return TRUE;
}

typedef gboolean (*DecideFunc) (NxCli *cli, NxStore *store, gint64 id, GError **error);

/* One that cannot be done is reported, and the others are done. */
static gboolean
decide_each (NxCli *cli, NxStore *store, char **words, DecideFunc func, GError **error)
{
	for (; *words != NULL; words++) {
		g_autoptr (GError) local = NULL;
		gint64 id = 0;

		if (!parse_id (*words, &id, error))
			return FALSE;
		if (func (cli, store, id, &local))
			continue;
		if (!g_error_matches (local, NX_ERROR, NX_ERROR_NOT_FOUND) &&
		    !g_error_matches (local, NX_ERROR, NX_ERROR_DATA)) {
			g_propagate_error (error, g_steal_pointer (&local));
			return FALSE;
		}
		nx_main_warn (cli, local);
	}
	return nx_screen_flush (error);
}

/* ---- the command ---- */

static gboolean
check_options (int verb, int count, GError **error)
{
	static const char *const states[] = { "open", "asked", "accepted", "rejected", "expired", "all", NULL };

	if (state_name != NULL && !g_strv_contains (states, state_name)) {
		nx_suggest_set_error (states, "state", state_name, error);
		return FALSE;
	}
	if (state_name != NULL && verb != VERB_LIST)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--state goes with list only");
	else if ((token_text != NULL || to_stdout) && verb != VERB_CONFIRM)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--token and --stdout go with confirm only");
	else if (token_text != NULL && (count > 0 || to_stdout))
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--token stands alone: it tells which proposal it is");
	else
		return TRUE;
	return FALSE;
}

static gboolean
run_verb (NxCli *cli, int verb, int count, char **words, GError **error)
{
	static const DecideFunc functions[] = {
		[VERB_SHOW] = show_proposal,
		[VERB_ACCEPT] = accept_proposal,
		[VERB_REJECT] = reject_proposal,
		[VERB_CONFIRM] = confirm_proposal,
	};
	gboolean reads = verb == VERB_LIST || verb == VERB_SHOW;
	int least = verb == VERB_LIST || token_text != NULL ? 0 : 1;
	int most = verb == VERB_LIST || token_text != NULL ? 0 : G_MAXINT;
	g_autoptr (NxStore) store = NULL;

	if (!check_options (verb, count, error) ||
	    !nx_options_check_count (count, words, least, most, "the number of a proposal", error))
		return FALSE;
	/* Mails that follow one another on a pipe are no mail. */
	if (verb == VERB_CONFIRM && count > 1 && (to_stdout || cli->settings->sendmail == NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "one mail at a time goes to stdout; give one number");
		return FALSE;
	}
	store = nx_setup_open_store (cli, reads ? NX_STORE_READ_ONLY : NX_STORE_NONE, error);
	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	if (verb == VERB_LIST)
		return list_proposals (cli, store, error);
	if (token_text != NULL)
		return confirm_token (cli, store, error);
	return decide_each (cli, store, words, functions[verb], error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "forward", argc == 0 ? NULL : argv[0], error);
	gboolean done = verb >= 0 && nx_setup_load (cli, error) &&
			run_verb (cli, verb, MAX (argc - 1, 0), argv + MIN (argc, 1), error);

	g_clear_pointer (&state_name, g_free);
	g_clear_pointer (&token_text, g_free);
	return done;
}

const NxCommand nx_command_forward = {
	.name = "forward",
	.summary = "new addresses that servers offered: show, accept, reject, ask",
	.usage = "forward [list] [--state STATE]\n"
		 "forward show NUMBER...\n"
		 "forward accept NUMBER...\n"
		 "forward reject NUMBER...\n"
		 "forward confirm [--stdout] NUMBER...\n"
		 "forward confirm --token TOKEN",
	.about = "A proposal is an address that a report named as a reader's new one. list prints the\n"
		 "open ones, with the words they were read from, the rule that found them, and how well\n"
		 "it is proven that the report is about a mail of yours. Anybody can forge a bounce, so\n"
		 "nothing happens by itself.\n"
		 "\n"
		 "accept gives the subscription the new address; its history stays with it, and its\n"
		 "score begins anew. When the new address is a subscriber already, the old subscription\n"
		 "ends. What would be a loop, a chain or an address of your own domains is refused, and\n"
		 "so is what no report has offered for a year. reject settles a proposal for good.\n"
		 "\n"
		 "confirm asks at the new address: it writes a mail with a token that is good once, for\n"
		 "a week, to stdout, or hands it to the sendmail of the configuration. When the mail is\n"
		 "answered and the answer gets to nixie deliver, the address is accepted; a token that\n"
		 "reached you in another way goes to --token.\n"
		 "\n"
		 "Each decision is a step with a number; nixie undo takes it back.\n",
	.examples = "nixie forward list --list news\n"
		    "nixie forward confirm 3 | sendmail -i -t\n"
		    "nixie forward accept 3",
	.statuses = " 0  done\n"
		    "65  a proposal cannot be accepted; the others are done\n"
		    "66  there is no such database, list, proposal or token\n"
		    "73  the database cannot be opened, read or written\n"
		    "74  the output cannot be written, or the mail not be sent\n"
		    "75  the database was locked for too long\n"
		    "78  the configuration is wrong",
	.options = options,
	.run = run,
};
