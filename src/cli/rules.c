/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules.c: nixie rules: the rules themselves: what there is, whether it is sound, why it decided so, and new ones.
 *
 * list and check are here; explain and learn have files of their own.
 */
#include "rules.h"

#include <string.h>
#include <sysexits.h>

#include "caps.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

static gboolean json;
static char *output;

static const GOptionEntry options[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "list, explain: one JSON object a line", NULL },
	{ "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "learn: write the two files there", "FOLDER" },
	G_OPTION_ENTRY_NULL,
};

enum {
	VERB_LIST,
	VERB_CHECK,
	VERB_EXPLAIN,
	VERB_LEARN
};

static const char *const verbs[] = { "list", "check", "explain", "learn", NULL };

/* ---- list ---- */

static gboolean
holds (const char *text, const char *folded)
{
	g_autofree char *key = g_utf8_casefold (text, -1);

	return strstr (key, folded) != NULL;
}

static void
print_rule (const NxRuleInfo *info)
{
	g_autofree char *head = g_strdup_printf ("%s %s", info->type, info->id);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, head);
	g_autofree char *file = nx_output_escape_terminal (info->file);
	g_autofree char *text = nx_output_escape_terminal (info->text);

	nx_screen_print ("%s  %s%s%s:%u\n", painted, info->summary, *info->summary == '\0' ? "" : "  ", file,
			 info->line);
	if (*text != '\0')
		nx_screen_print ("    %s\n", text);
}

static gboolean
list_rules (NxCli *cli, const char *word, GError **error)
{
	g_autoptr (NxRules) rules = nx_setup_new_rules (cli, error);
	g_autofree char *folded = word == NULL ? g_strdup ("") : g_utf8_casefold (word, -1);
	guint shown = 0;

	if (rules == NULL)
		return FALSE;
	for (guint i = 0; i < nx_rules_get_count (rules); i++) {
		NxRuleInfo info;

		nx_rules_get_info (rules, i, &info);
		if (!holds (info.id, folded) && !holds (info.summary, folded) && !holds (info.text, folded))
			continue;
		shown++;
		if (json) {
			g_autofree char *line = nx_output_format_rule (&info);

			nx_screen_print ("%s\n", line);
		} else {
			print_rule (&info);
		}
		if (!nx_screen_check (error))
			return FALSE;
	}
	if (shown == 0)
		nx_main_say (cli, "no stanza holds \"%s\"", word == NULL ? "" : word);
	return TRUE;
}

/* ---- check ---- */

static gboolean
add_file (NxRules *rules, const char *path, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autofree char *text = NULL;
	gsize length = 0;

	if (!g_file_get_contents (path, &text, &length, &local)) {
		const char *why = strrchr (local->message, ':'); /* GLib puts the name into curly quotes */

		g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "%s%s", path, why != NULL ? why : ": cannot be read");
		return FALSE;
	}
	if (length > NX_CLI_RULES_FILE_BYTES || strlen (text) != length) {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "%s: too long for a rules file, or not text", path);
		return FALSE;
	}
	return nx_rules_add_text (rules, path, text, error);
}

/* All that is to be checked, together: a local stanza may be over a built-in one. */
static NxRules *
collect_rules (NxCli *cli, char **paths, GError **error)
{
	g_autoptr (NxRules) rules = nx_setup_new_rules (cli, error);

	for (; rules != NULL && *paths != NULL; paths++) {
		if (!add_file (rules, *paths, error))
			return NULL;
	}
	return g_steal_pointer (&rules);
}

/* Here a broken rules file is the data that was asked about, and no broken configuration. */
static void
set_data_error (GError *local, GError **error)
{
	if (g_error_matches (local, NX_ERROR, NX_ERROR_RULES))
		local->code = NX_ERROR_DATA;
	g_propagate_error (error, local);
}

static gboolean
check_rules (NxCli *cli, char **paths, GError **error)
{
	GError *local = NULL;
	g_autoptr (NxRules) rules = collect_rules (cli, paths, &local);
	g_autoptr (NxFormats) formats = rules == NULL ? NULL : nx_formats_new (rules, &local);
	g_autoptr (GPtrArray) problems = NULL;
	g_autofree char *count = NULL;

	if (formats == NULL) {
		set_data_error (local, error);
		return FALSE;
	}
	problems = nx_phrases_check (rules);
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *safe = nx_output_escape_terminal (g_ptr_array_index (problems, i));

		nx_screen_print ("%s\n", safe);
	}
	count = nx_screen_format_count (nx_rules_get_count (rules));
	if (problems->len > 0)
		cli->status = EX_DATAERR;
	else if (!cli->quiet)
		nx_screen_print ("%s stanzas, no problem\n", count);
	return TRUE;
}

/* ---- the command ---- */

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "rules", argc == 0 ? NULL : argv[0], error);
	gboolean single = verb == VERB_EXPLAIN || verb == VERB_LEARN;

	if (verb < 0)
		return FALSE;
	if (json && (verb == VERB_CHECK || verb == VERB_LEARN)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "rules %s has no --json", verbs[verb]);
		return FALSE;
	}
	if (output != NULL && verb != VERB_LEARN) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "rules %s has no --output", verbs[verb]);
		return FALSE;
	}
	if (verb != VERB_CHECK && !nx_options_check_count (argc, argv, single ? 2 : 0, 2, "a FILE", error))
		return FALSE;
	if (verb == VERB_CHECK)
		return check_rules (cli, argv + 1, error) && nx_screen_flush (error);
	if (verb == VERB_EXPLAIN)
		return nx_rules_explain_file (cli, argv[1], json, error) && nx_screen_flush (error);
	if (verb == VERB_LEARN)
		return nx_rules_learn_file (cli, argv[1], output, error) && nx_screen_flush (error);
	return list_rules (cli, argc > 1 ? argv[1] : NULL, error) && nx_screen_flush (error);
}

const NxCommand nx_command_rules = {
	.name = "rules",
	.summary = "what servers say: list, check, explain a message, learn",
	.usage = "rules list [--json] [WORD]\n"
		 "rules check [FILE...]\n"
		 "rules explain [--json] FILE\n"
		 "rules learn [--output FOLDER] FILE",
	.about = "The rules are text: a stanza for each phrase that a server says, for what casts doubt\n"
		 "on it, for who is named beside a new address, and for each way to write a bounce. list\n"
		 "prints them, with the file and the line where each stands; only those whose id, reason\n"
		 "or text holds the WORD.\n"
		 "\n"
		 "check tries every phrase, doubt and bystander on its own examples: the built-in ones,\n"
		 "those of the local folder, and those of the FILEs, all as one set.\n"
		 "\n"
		 "explain tells of each message of FILE (\"-\" is stdin) what read it and which formats\n"
		 "bid for it; and for each recipient what is known, which phrases fit with what\n"
		 "weight, which of them won, and what decided.\n"
		 "\n"
		 "learn takes the first message of FILE. If nothing recognises it, or only its codes\n"
		 "decided, it drafts the stanza that is missing and an anonymised copy of the mail to\n"
		 "test it with, and tries the one on the other. Read both before you give them away:\n"
		 "who is named in a sentence alone is not found.\n",
	.examples = "nixie rules list mailbox-full\n"
		    "nixie rules check my.rules\n"
		    "nixie rules explain bounce.eml\n"
		    "nixie rules learn --output . bounce.eml",
	.statuses = " 0  done; check: no problem\n"
		    "64  wrong usage\n"
		    "65  check: there is a problem; learn: no message, or nothing to know it by\n"
		    "66  FILE is not there or not readable\n"
		    "73  learn: the files are there already, or cannot be made\n"
		    "74  the output cannot be written\n"
		    "78  the configuration or a rules file of the local folder is wrong",
	.options = options,
	.run = run,
};
