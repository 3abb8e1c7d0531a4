/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * verp.c: nixie verp: makes and opens keyed return paths, and their keys. What they are, nixie/verp.h says.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "cli.h"
#include "key-file.h"
#include "moment.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

#define LABEL_WIDTH 10

enum {
	VERB_MAKE,
	VERB_OPEN,
	VERB_KEY
};

static const char *const verbs[] = { "make", "open", "key", NULL };

static char *key_file;
static char *date_text;

static const GOptionEntry options[] = {
	{ "key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "the keys (default: the configuration's)", "FILE" },
	{ "date", 0, 0, G_OPTION_ARG_FILENAME, &date_text, "as of TIME instead of now", "TIME" },
	G_OPTION_ENTRY_NULL,
};

static gint64
get_now (void)
{
	gint64 moment = 0;

	if (date_text != NULL && nx_moment_parse (date_text, FALSE, &moment, NULL))
		return moment;
	return g_get_real_time () / G_USEC_PER_SEC;
}

/* FALSE with NX_ERROR_USAGE when nobody says where the keys are. */
static gboolean
find_key_file (NxCli *cli, GError **error)
{
	if (!nx_setup_load (cli, error))
		return FALSE;
	if (key_file == NULL && *cli->settings->key_file != '\0')
		key_file = g_strdup (cli->settings->key_file);
	if (key_file != NULL)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
		     "no key file is known; name one with --key-file FILE, or in the configuration: key-file = FILE in "
		     "the group [verp]");
	return FALSE;
}

/* ---- words of the command line, or lines of stdin for "-" ---- */

typedef gboolean (*WordFunc) (const char *word, gpointer user_data, GError **error);

static gboolean
foreach_line (WordFunc func, gpointer user_data, GError **error)
{
	char *line = NULL;
	size_t size = 0;
	gboolean good = TRUE;

	while (good && getline (&line, &size, stdin) >= 0) {
		g_strstrip (line);
		good = *line == '\0' || func (line, user_data, error);
	}
	free (line);
	if (good && ferror (stdin)) {
		g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "cannot read stdin: %s", g_strerror (errno));
		return FALSE;
	}
	return good;
}

static gboolean
foreach_word (int argc, char **argv, WordFunc func, gpointer user_data, GError **error)
{
	if (argc == 1 && strcmp (argv[0], "-") == 0)
		return foreach_line (func, user_data, error);
	for (int i = 0; i < argc; i++) {
		if (!func (argv[i], user_data, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- make ---- */

typedef struct {
	NxCli *cli;
	const NxVerpKeys *keys;
	const char *list;
	const char *pattern;
	gint64 now;
} Maker;

static gboolean
make_one (const char *address, gpointer user_data, GError **error)
{
	const Maker *maker = user_data;
	g_autoptr (GError) local = NULL;
	g_autofree char *path = nx_verp_make (maker->keys, maker->list, maker->pattern, address, maker->now, &local);

	if (path != NULL)
		nx_screen_print ("%s\n", path);
	else
		nx_main_warn (maker->cli, local);
	return nx_screen_check (error);
}

/* The posting address of a list that the database knows. */
static char *
find_list_address (NxCli *cli, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	g_autofree char *name = store == NULL ? NULL : nx_setup_choose_list (cli, store, error);
	g_autoptr (GPtrArray) lists = name == NULL ? NULL : nx_store_list_lists (store, error);

	for (guint i = 0; lists != NULL && i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (strcmp (list->name, name) == 0 && *list->address != '\0')
			return g_strdup (list->address);
	}
	if (lists != NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "the list \"%s\" has no posting address; give it one with nixie list add %s ADDRESS", name,
			     name);
	return NULL;
}

static gboolean
make_paths (NxCli *cli, int argc, char **argv, GError **error)
{
	const char *name = nx_setup_get_list (cli);
	const NxListSettings *settings = name == NULL ? NULL : nx_settings_find_list (cli->settings, name);
	g_autoptr (NxVerpKeys) keys = nx_key_file_load (key_file, cli->settings->max_age_days, error);
	g_autofree char *address = NULL;
	Maker maker = { .cli = cli, .keys = keys, .now = get_now () };

	if (keys == NULL || !nx_options_check_count (argc, argv, 1, G_MAXINT, "an ADDRESS", error))
		return FALSE;
	if (settings != NULL && *settings->verp != '\0') {
		maker.list = settings->name;
		maker.pattern = settings->verp;
	} else {
		address = name != NULL && strchr (name, '@') != NULL ? g_strdup (name) : find_list_address (cli, error);
		maker.list = address;
	}
	return maker.list != NULL && foreach_word (argc, argv, make_one, &maker, error) && nx_screen_flush (error);
}

/* ---- open ---- */

typedef struct {
	NxCli *cli;
	const NxPipeline *pipeline;
	gint64 now;
	guint count;
} Opener;

static void
print_labelled (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	if (*safe != '\0')
		nx_screen_print_labelled (label, LABEL_WIDTH, safe);
}

static gboolean
open_one (const char *text, gpointer user_data, GError **error)
{
	Opener *opener = user_data;
	g_autoptr (NxReturnPath) path = nx_pipeline_open_return_path (opener->pipeline, text, opener->now);
	g_autofree char *safe = nx_output_escape_terminal (text);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, safe);
	g_autofree char *day = nx_screen_format_day (path->date);
	const char *name = nx_verp_result_to_string (path->result);
	g_autofree char *result =
		g_strdup_printf ("%s%s%s", name, *name == '\0' ? "" : ": ", nx_verp_result_get_meaning (path->result));

	nx_screen_print ("%s%s\n", opener->count++ == 0 ? "" : "\n", painted);
	print_labelled ("Result", result);
	print_labelled ("Style", *path->style == '\0' ? "none that is known" : path->style);
	print_labelled ("List", path->list);
	print_labelled ("Subscriber", path->recipient);
	print_labelled ("Token", path->token);
	if (path->date != 0)
		print_labelled ("Made", day);
	if (path->result != NX_VERP_VALID) {
		g_autoptr (GError) local = NULL;

		g_set_error (&local, NX_ERROR, NX_ERROR_DATA, "%s proves nothing", text);
		nx_main_warn (opener->cli, local);
	}
	return nx_screen_check (error);
}

static gboolean
open_paths (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxPipeline) pipeline = nx_setup_new_pipeline (cli, error);
	Opener opener = { .cli = cli, .pipeline = pipeline, .now = get_now () };

	if (pipeline == NULL || !nx_options_check_count (argc, argv, 1, G_MAXINT, "a RETURN-PATH", error) ||
	    !nx_setup_add_keys (cli, pipeline, key_file, opener.now, error))
		return FALSE;
	return foreach_word (argc, argv, open_one, &opener, error) && nx_screen_flush (error);
}

/* ---- key ---- */

static gboolean
add_key (NxCli *cli, int argc, char **argv, GError **error)
{
	if (!nx_options_check_count (argc, argv, 0, 0, "", error) ||
	    !nx_key_file_rotate (key_file, cli->settings->max_age_days, get_now (), error))
		return FALSE;
	nx_main_say (cli, "%s: has a new key, which makes the return paths from now on", key_file);
	return TRUE;
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = argc == 0 ? -1 : nx_options_find_verb (verbs, "verp", argv[0], error);
	gboolean done = FALSE;
	gint64 moment = 0;

	if (argc == 0)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "make, open or key is missing");
	if (verb >= 0 && date_text != NULL && !nx_moment_parse (date_text, FALSE, &moment, error))
		verb = -1;
	if (verb >= 0 && find_key_file (cli, error)) {
		if (verb == VERB_MAKE)
			done = make_paths (cli, argc - 1, argv + 1, error);
		else if (verb == VERB_OPEN)
			done = open_paths (cli, argc - 1, argv + 1, error);
		else
			done = add_key (cli, argc - 1, argv + 1, error);
	}
	g_clear_pointer (&key_file, g_free);
	g_clear_pointer (&date_text, g_free);
	return done;
}

const NxCommand nx_command_verp = {
	.name = "verp",
	.summary = "signed return paths: make, open, and their keys",
	.usage = "verp make [--list NAME] ADDRESS...\n"
		 "verp open RETURN-PATH...\n"
		 "verp key",
	.about = "A return path with a key proves that a report is about a mail of yours: nobody else can\n"
		 "write it. make prints one for each ADDRESS, a line each, the same all day: send the\n"
		 "mail to ADDRESS with it. open says what a return path is worth, and whose it is. key\n"
		 "adds a key to the key file, or makes the file; those before it still open what they\n"
		 "made, and are left out when no valid return path can be theirs. For \"-\" make and open\n"
		 "read lines from stdin. --date 2026-11-23 does it as of that day: for mail that goes\n"
		 "out later, or to see what was valid then.\n"
		 "\n"
		 "The list is a NAME of the database, whose posting address is taken; a posting address;\n"
		 "or one with its own pattern in the configuration. Without a pattern the local part\n"
		 "is LIST-bounces+TOKEN-user=domain, or LIST-bounces+TOKEN where that is too long.\n"
		 "contrib/verp/README says how to send so with Postfix, Exim, Mailman and Sympa.\n"
		 "\n"
		 "The key file must be readable by its owner alone: the user that deliver runs as.\n",
	.examples = "nixie verp key --key-file /etc/nixie/verp.keys\n"
		    "nixie verp make --list news reader@example.com\n"
		    "nixie verp open news-bounces+1bm9cwans602k2rkz-reader=example.com@lists.example.org",
	.statuses = " 0  done; open: all are valid\n"
		    "64  no key file is known\n"
		    "65  an ADDRESS cannot be taken, or a RETURN-PATH is not valid; the others are printed\n"
		    "66  there is no such database or list\n"
		    "74  the key file or the output cannot be written\n"
		    "78  the configuration or the key file is wrong, or others may read the keys",
	.options = options,
	.run = run,
};
