/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * exec.c: the driver for any list manager that has commands: one of them is run for each action. No shell reads them.
 *
 * A command is split into words first, and then each {name} in a word is replaced, so that no address makes two words
 * of one. An address that could be taken for an option stops the call, unless "--" stands before it.
 */
#include "driver.h"

#include <string.h>

#include "spawn.h"

static char *commands[NX_DRIVER_ACTIONS];
static char *any_command;
static char *import_command;
static char **done_statuses;

static const GOptionEntry options[] = {
	{ "suspend", 0, 0, G_OPTION_ARG_STRING, &commands[NX_DRIVER_SUSPEND], "run for suspend", "COMMAND" },
	{ "restore", 0, 0, G_OPTION_ARG_STRING, &commands[NX_DRIVER_RESTORE], "run for restore", "COMMAND" },
	{ "remove", 0, 0, G_OPTION_ARG_STRING, &commands[NX_DRIVER_REMOVE], "run for remove", "COMMAND" },
	{ "move", 0, 0, G_OPTION_ARG_STRING, &commands[NX_DRIVER_MOVE], "run for move", "COMMAND" },
	{ "add", 0, 0, G_OPTION_ARG_STRING, &commands[NX_DRIVER_ADD], "run for add", "COMMAND" },
	{ "command", 0, 0, G_OPTION_ARG_STRING, &any_command, "run for every action that has none of its own",
	  "COMMAND" },
	{ "import", 0, 0, G_OPTION_ARG_STRING, &import_command, "run for import: prints one address a line",
	  "COMMAND" },
	{ "done-status", 0, 0, G_OPTION_ARG_STRING_ARRAY, &done_statuses,
	  "an exit status that says \"was so already\", beside 0; may be given again", "NUMBER" },
	G_OPTION_ENTRY_NULL,
};

static char **
split (const char *command, GError **error)
{
	g_autoptr (GError) local = NULL;
	char **words = NULL;

	if (g_shell_parse_argv (command, NULL, &words, &local))
		return words;
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "the command \"%s\" is no list of words: %s", command,
		     local->message);
	return NULL;
}

static const char *
get_value (const NxDriverCall *call, const char *name, gsize length)
{
	const struct {
		const char *name;
		const char *value;
	} values[] = {
		{ "action", nx_driver_action_get_name (call->action) },
		{ "address", call->address },
		{ "old_address", call->old_address },
		{ "list", call->list },
		{ "list_address", call->list_address },
		{ "cause", call->cause },
	};

	for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
		if (strlen (values[i].name) == length && memcmp (values[i].name, name, length) == 0)
			return values[i].value;
	}
	return NULL;
}

static gboolean
append_value (GString *out, const NxDriverCall *call, const char *open, gsize length, GError **error)
{
	const char *value = get_value (call, open + 1, length);

	if (value != NULL) {
		g_string_append (out, value);
		return TRUE;
	}
	g_set_error (
		error, NX_ERROR, NX_ERROR_CONFIG,
		"{%.*s} in a command is unknown; there are {action}, {address}, {old_address}, {list}, {list_address} "
		"and {cause}",
		(int)length, open + 1);
	return FALSE;
}

static char *
replace (const char *word, const NxDriverCall *call, gboolean may_be_option, GError **error)
{
	g_autoptr (GString) out = g_string_new (NULL);
	const char *p = word;

	while (*p != '\0') {
		const char *close = *p == '{' ? strchr (p, '}') : NULL;

		if (close == NULL) {
			g_string_append_c (out, *p++);
			continue;
		}
		if (!append_value (out, call, p, (gsize)(close - p - 1), error))
			return NULL;
		p = close + 1;
	}
	if (may_be_option && *word == '{' && out->str[0] == '-') {
		g_set_error (
			error, NX_ERROR, NX_ERROR_CONFIG,
			"\"%s\" could be taken for an option: put -- before %s in the command, if the program knows it",
			out->str, word);
		return NULL;
	}
	return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Returns: (transfer full) (nullable): the words to run. */
static GPtrArray *
make_words (const char *command, const NxDriverCall *call, GError **error)
{
	g_auto (GStrv) words = split (command, error);
	g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
	gboolean may_be_option = TRUE;

	for (char **word = words; word != NULL && *word != NULL; word++) {
		char *text = replace (*word, call, may_be_option, error);

		if (text == NULL)
			return NULL;
		g_ptr_array_add (out, text);
		may_be_option = may_be_option && strcmp (*word, "--") != 0;
	}
	g_ptr_array_add (out, NULL);
	return words == NULL ? NULL : g_steal_pointer (&out);
}

static gboolean
is_done (int status)
{
	g_autofree char *text = g_strdup_printf ("%d", status);

	return status == 0 || (done_statuses != NULL && g_strv_contains ((const char *const *)done_statuses, text));
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	const char *name = nx_driver_action_get_name (call->action);
	const char *command = commands[call->action] == NULL ? any_command : commands[call->action];
	g_autoptr (GPtrArray) words = NULL;
	g_autofree char *line = NULL;
	g_autofree char *said = NULL;
	g_autofree char *reason = NULL;
	int status = 0;

	if (command == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "no command is given for %s: add --%s or --command to the hook's line (--%s true to do "
			     "nothing)",
			     name, name, name);
		return FALSE;
	}
	words = make_words (command, call, error);
	if (words == NULL)
		return FALSE;
	line = g_strjoinv (" | ", (char **)words->pdata);
	if (!nx_driver_begin ("run %s", line))
		return TRUE;
	if (!nx_spawn_run ((const char *const *)words->pdata, call->text, &status, NULL, &said, error))
		return FALSE;
	if (is_done (status))
		return TRUE;
	reason = nx_spawn_get_first_line (said);
	g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s ended with status %d: %s",
		     (const char *)g_ptr_array_index (words, 0), status, reason);
	return FALSE;
}

static gboolean
import (GError **error)
{
	g_auto (GStrv) words = NULL;
	g_auto (GStrv) lines = NULL;
	g_autofree char *output = NULL;
	g_autofree char *said = NULL;
	g_autofree char *reason = NULL;
	int status = 0;

	if (!nx_driver_require ("--import", import_command, error))
		return FALSE;
	words = split (import_command, error);
	if (words == NULL || !nx_spawn_run ((const char *const *)words, NULL, &status, &output, &said, error))
		return FALSE;
	if (status != 0) {
		reason = nx_spawn_get_first_line (said);
		g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT, "%s ended with status %d: %s", words[0], status, reason);
		return FALSE;
	}
	nx_driver_print_header ();
	lines = g_strsplit (output, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (*g_strstrip (*line) != '\0')
			nx_driver_print_member (&(NxDriverMember){ *line, "", "" });
	}
	return TRUE;
}

const NxDriver nx_driver_exec = {
	.name = "exec",
	.summary = "any list manager that has commands",
	.about =
		"Runs a command for each action. A command is a line of words, with quotes as in a shell, but no shell "
		"reads\n"
		"it: there are no variables, pipes and redirections. In each word {action}, {address}, {old_address},\n"
		"{list}, {list_address} and {cause} are replaced. On its standard input it finds the call, as JSON. "
		"Exit\n"
		"status 0 says that it is done.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver exec --suspend 'listctl nomail {list} {address}' --command "
		   "'listctl "
		   "{action} {list} {address} {old_address}'\n",
	.options = options,
	.import = import,
	.apply = apply,
};
