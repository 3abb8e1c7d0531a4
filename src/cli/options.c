/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * options.c: GOption does the parsing. See options.h.
 *
 * Its own help is off (help.c writes it), and its "unknown option" is replaced by one that suggests the nearest.
 * Texts are taken as file names, that is as bytes: an address or a list's name needs no locale.
 */
#include "options.h"

#include <string.h>

#include "suggest.h"

const GOptionEntry *
nx_options_get_global (NxCli *cli)
{
	static GOptionEntry entries[8];

	const GOptionEntry filled[G_N_ELEMENTS (entries)] = {
		{ "database", 0, 0, G_OPTION_ARG_FILENAME, &cli->database, "the database: a path, or sqlite:PATH",
		  "URI" },
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &cli->config, "the configuration file", "FILE" },
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &cli->list, "the mailing list", "NAME" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &cli->quiet, "say nothing but errors", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, "say more", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &cli->version, "print the version", NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &cli->help, "print this help", NULL },
		G_OPTION_ENTRY_NULL,
	};

	memcpy (entries, filled, sizeof filled);
	return entries;
}

static void
collect_names (GPtrArray *names, const GOptionEntry *entries)
{
	for (; entries != NULL && entries->long_name != NULL; entries++)
		g_ptr_array_add (names, g_strdup_printf ("--%s", entries->long_name));
}

static gboolean
has_letter (const GOptionEntry *entries, char letter)
{
	for (; entries != NULL && entries->long_name != NULL; entries++) {
		if (entries->short_name == letter)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_known (const GPtrArray *names, const char *word)
{
	for (guint i = 0; i + 1 < names->len; i++) {
		if (strcmp (g_ptr_array_index (names, i), word) == 0)
			return TRUE;
	}
	return FALSE;
}

/* GOption names the unknown option in a translated sentence only; so it is looked for again. */
static void
set_unknown_error (NxCli *cli, const NxCommand *command, char **argv, GError **error)
{
	const GOptionEntry *global = nx_options_get_global (cli);
	const GOptionEntry *own = command == NULL ? NULL : command->options;
	g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

	collect_names (names, own);
	collect_names (names, global);
	g_ptr_array_add (names, NULL);
	for (char **p = argv + 1; *p != NULL && strcmp (*p, "--") != 0; p++) {
		const char *equals = strchr (*p, '=');
		g_autofree char *word = equals == NULL ? g_strdup (*p) : g_strndup (*p, (gsize)(equals - *p));

		if (word[0] != '-' || word[1] == '\0')
			continue;
		if (word[1] != '-' && (has_letter (own, word[1]) || has_letter (global, word[1])))
			continue;
		if (is_known (names, word))
			continue;
		nx_suggest_set_error ((const char *const *)names->pdata, "option", word, error);
		return;
	}
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "unknown option");
}

gboolean
nx_options_parse (NxCli *cli, const NxCommand *command, int *argc, char **argv, GError **error)
{
	g_autoptr (GOptionContext) context = g_option_context_new (NULL);
	g_autoptr (GError) local = NULL;
	g_auto (GStrv) copy = g_strdupv (argv);
	int kept = 1;

	g_option_context_set_help_enabled (context, FALSE);
	g_option_context_set_strict_posix (context, command == NULL);
	g_option_context_add_main_entries (context, nx_options_get_global (cli), NULL);
	if (command != NULL && command->options != NULL)
		g_option_context_add_main_entries (context, command->options, NULL);
	if (!g_option_context_parse (context, argc, &argv, &local)) {
		if (g_error_matches (local, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
			set_unknown_error (cli, command, copy, error);
		else
			g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "%s", local->message);
		return FALSE;
	}
	if (command == NULL)
		return TRUE;
	/* GOption leaves a "--" in place when the word behind it begins with "-". */
	for (int i = 1; i < *argc; i++) {
		if (kept == i && strcmp (argv[i], "--") == 0)
			continue;
		argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	*argc = kept;
	return TRUE;
}

int
nx_options_find_verb (const char *const *verbs, const char *command, const char *word, GError **error)
{
	g_autofree char *what = g_strdup_printf ("\"%s\" command", command);

	if (word == NULL)
		return 0;
	for (int i = 0; verbs[i] != NULL; i++) {
		if (strcmp (verbs[i], word) == 0)
			return i;
	}
	nx_suggest_set_error (verbs, what, word, error);
	return -1;
}

gboolean
nx_options_check_count (int argc, char **argv, int least, int most, const char *what, GError **error)
{
	if (argc >= least && argc <= most)
		return TRUE;
	if (argc < least)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "%s is missing", what);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "there are too many words, from \"%s\" on", argv[most]);
	return FALSE;
}
