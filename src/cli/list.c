/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list.c: nixie list: the mailing lists that the database knows.
 */
#include <string.h>

#include "cli.h"
#include "options.h"
#include "policies.h"
#include "screen.h"
#include "setup.h"
#include "suggest.h"

#define COUNT_WIDTH 9
#define LABEL_WIDTH 10

enum {
	VERB_SHOW,
	VERB_ADD,
	VERB_SET
};

static const char *const verbs[] = { "show", "add", "set", NULL };

static char *proof_name;
static char *since_text;
static char *complaint_name;

static const GOptionEntry options[] = {
	{ "proof", 0, 0, G_OPTION_ARG_FILENAME, &proof_name,
	  "set: the least proof that changes a state: auto, claim, verp, original or signed", "LEVEL" },
	{ "since", 0, 0, G_OPTION_ARG_FILENAME, &since_text, "set: --proof is for reports that came in since then",
	  "DATE" },
	{ "complaint", 0, 0, G_OPTION_ARG_FILENAME, &complaint_name,
	  "set: on a complaint: auto, unsubscribe, suspend, record", "ACTION" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
add_list (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;

	if (!nx_options_check_count (argc, argv, 1, 2, "the NAME", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_CREATE, error);
	if (store == NULL || !nx_store_begin (store, error))
		return FALSE;
	if (nx_policies_add_list (cli, store, argv[0], argc == 2 ? argv[1] : "", error))
		return nx_store_commit (store, error);
	nx_store_rollback (store);
	return FALSE;
}

/* ---- set ---- */

static gboolean
parse_date (gint64 *date_out, GError **error)
{
	g_autofree char *whole = since_text == NULL ? NULL : g_strconcat (since_text, "T00:00:00Z", NULL);
	g_autoptr (GDateTime) date = whole == NULL ? NULL : g_date_time_new_from_iso8601 (whole, NULL);

	*date_out = date == NULL ? 0 : g_date_time_to_unix (date);
	if (whole == NULL || date != NULL)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "\"%s\" is no date; write YYYY-MM-DD", since_text);
	return FALSE;
}

static gboolean
set_proof (NxStore *store, const char *name, GError **error)
{
	static const char *const levels[] = { "auto", "claim", "verp", "original", "signed", NULL };
	NxProof least = NX_PROOF_NONE;
	gint64 since = 0;

	if (proof_name == NULL && since_text != NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--since goes with --proof only");
		return FALSE;
	}
	if (proof_name == NULL)
		return TRUE;
	if (!g_strv_contains (levels, proof_name)) {
		nx_suggest_set_error (levels, "level of proof", proof_name, error);
		return FALSE;
	}
	if (strcmp (proof_name, "auto") != 0)
		nx_proof_from_string (proof_name, &least);
	return parse_date (&since, error) && nx_store_set_list_proof (store, name, least, since, error);
}

static gboolean
set_complaint (NxStore *store, const char *name, GError **error)
{
	static const char *const actions[] = { "auto", "unsubscribe", "suspend", "record", NULL };
	NxComplaint complaint = NX_COMPLAINT_NONE;

	if (complaint_name == NULL)
		return TRUE;
	if (!g_strv_contains (actions, complaint_name)) {
		nx_suggest_set_error (actions, "action", complaint_name, error);
		return FALSE;
	}
	if (strcmp (complaint_name, "auto") != 0)
		nx_complaint_from_string (complaint_name, &complaint);
	return nx_store_set_list_complaint (store, name, complaint, error);
}

static gboolean
set_list (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;

	if (!nx_options_check_count (argc, argv, 1, 1, "the NAME", error))
		return FALSE;
	if (proof_name == NULL && since_text == NULL && complaint_name == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "nothing is to be set; give --proof or --complaint");
		return FALSE;
	}
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	if (store == NULL || !nx_setup_check_list (store, argv[0], error) || !nx_store_begin (store, error))
		return FALSE;
	if (set_proof (store, argv[0], error) && set_complaint (store, argv[0], error))
		return nx_store_commit (store, error);
	nx_store_rollback (store);
	return FALSE;
}

/* ---- show ---- */

static char *
describe_proof (const NxList *list, const NxPolicy *policy)
{
	gboolean chosen = list->least_proof != NX_PROOF_NONE;
	gint64 since = chosen ? list->proof_since : list->keyed;
	g_autofree char *day = nx_screen_format_day (since);
	const char *level = nx_proof_to_string (chosen ? list->least_proof : NX_PROOF_SIGNED);

	if (!chosen && policy->least_proof != NX_PROOF_NONE && policy->proof_since == 0)
		return g_strdup_printf ("at least %s (by its policy)", nx_proof_to_string (policy->least_proof));
	if (!chosen && list->keyed == 0)
		return g_strdup ("any (automatic; signed as soon as keyed return paths are in use)");
	return g_strdup_printf ("at least %s%s%s%s", level, since == 0 ? "" : ", for what came in since ",
				since == 0 ? "" : day, chosen ? "" : " (automatic: its return paths have keys)");
}

/* "preset mailman3, 2 keys set". @text: nx_policy_to_text(). */
static char *
describe_policy (const NxPolicy *policy, const char *text, gboolean own)
{
	guint keys = 0;

	for (const char *p = text; *p != '\0'; p++)
		keys += *p == '\n';
	if (keys > 0 && g_str_has_prefix (text, "preset ="))
		keys--;
	return g_strdup_printf ("preset %s, %u key%s set%s; see nixie policy", nx_preset_to_string (policy->preset),
				keys, keys == 1 ? "" : "s", own ? ", for this list" : "");
}

static char *
describe_complaint (const NxList *list, const NxPolicy *policy)
{
	return g_strdup_printf ("%s%s", nx_complaint_to_string (policy->complaint),
				list->complaint == NX_COMPLAINT_NONE ? "" : " (set for this list)");
}

static gboolean
print_list_settings (NxStore *store, const NxList *list, GError **error)
{
	NxPolicy policy;
	gboolean own = FALSE;
	g_autofree char *text = nx_store_dup_policy_text (store, list->name, &own, error);
	g_autofree char *name = nx_output_escape_terminal (list->name);
	g_autofree char *address = nx_output_escape_terminal (list->address);
	g_autofree char *counts = g_strdup_printf ("%" G_GINT64_FORMAT " active, %" G_GINT64_FORMAT
						   " suspended, %" G_GINT64_FORMAT " removed",
						   list->active, list->suspended, list->removed);

	g_autofree char *proof = NULL;
	g_autofree char *complaint = NULL;
	g_autofree char *in_force = NULL;

	if (text == NULL || !nx_store_get_policy (store, list->name, &policy, error))
		return FALSE;
	proof = describe_proof (list, &policy);
	complaint = describe_complaint (list, &policy);
	in_force = describe_policy (&policy, text, own);
	nx_screen_print ("%s\n", name);
	nx_screen_print_labelled ("Address", LABEL_WIDTH, *address == '\0' ? "none" : address);
	nx_screen_print_labelled ("Readers", LABEL_WIDTH, counts);
	nx_screen_print_labelled ("Proof", LABEL_WIDTH, proof);
	nx_screen_print_labelled ("Complaint", LABEL_WIDTH, complaint);
	nx_screen_print_labelled ("Policy", LABEL_WIDTH, in_force);
	return TRUE;
}

static gboolean
show_settings (NxStore *store, const GPtrArray *lists, const char *name, GError **error)
{
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0 && !print_list_settings (store, list, error))
			return FALSE;
	}
	return nx_screen_flush (error);
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

	if (!nx_options_check_count (argc, argv, 0, 1, "", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	if (store == NULL || !nx_setup_check_list (store, argc == 1 ? argv[0] : NULL, error))
		return FALSE;
	lists = nx_store_list_lists (store, error);
	if (lists == NULL)
		return FALSE;
	if (argc == 1)
		return show_settings (store, lists, argv[0], error);
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
run_verb (NxCli *cli, int verb, int argc, char **argv, GError **error)
{
	if (verb != VERB_SET && (proof_name != NULL || since_text != NULL || complaint_name != NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--proof, --since and --complaint go with set only");
		return FALSE;
	}
	if (verb == VERB_ADD)
		return add_list (cli, argc, argv, error);
	return verb == VERB_SET ? set_list (cli, argc, argv, error) : show_lists (cli, argc, argv, error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "list", argc == 0 ? NULL : argv[0], error);
	gboolean done = verb >= 0 && run_verb (cli, verb, MAX (argc - 1, 0), argv + MIN (argc, 1), error);

	g_clear_pointer (&proof_name, g_free);
	g_clear_pointer (&since_text, g_free);
	g_clear_pointer (&complaint_name, g_free);
	return done;
}

const NxCommand nx_command_list = {
	.name = "list",
	.summary = "the mailing lists: add, show, set what they ask for",
	.usage = "list [show [NAME]]\n"
		 "list add NAME [ADDRESS]\n"
		 "list set NAME [--proof LEVEL [--since DATE]] [--complaint ACTION]",
	.about = "show prints the lists, and how many subscribers of each are active, suspended and\n"
		 "removed; with a NAME, what is set for it. add makes a list, and the database when it is not there "
		 "yet; ADDRESS is the\n"
		 "list's posting address, by which its bounces are told from those of other lists. A\n"
		 "list that is there gets the new address.\n"
		 "\n"
		 "set --proof says what a report must prove to change anybody's state: claim (anything\n"
		 "will do), verp, original, signed; what proves less is recorded only. auto, the\n"
		 "default, is claim until keyed return paths are in use (nixie verp), and signed for\n"
		 "what came in since. All states are worked out anew; with --since only what came in\n"
		 "from that day on has to prove it.\n"
		 "\n"
		 "set --complaint says what a feedback report does, by which a reader tells his provider\n"
		 "that he does not want the list's mail: unsubscribe, suspend, record, or auto, the\n"
		 "default: as the policy says (nixie policy).\n",
	.examples = "nixie list add news news@lists.example.org\n"
		    "nixie list set news --proof signed\n"
		    "nixie list show news",
	.statuses = " 0  done\n"
		    "65  NAME or ADDRESS cannot be taken\n"
		    "66  there is no database\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.options = options,
	.run = run,
};
