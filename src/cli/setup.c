/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup.c: see setup.h.
 */
#include "setup.h"

#include <string.h>

#include "suggest.h"

#define SYSTEM_FOLDER "/var/lib/nixie"
#define DATABASE_FILE "nixie.db"
#define SQLITE_SCHEME "sqlite:"

static const char *
get_environment (const char *name)
{
	const char *value = g_getenv (name);

	return value == NULL || *value == '\0' ? NULL : value;
}

gboolean
nx_setup_load (NxCli *cli, GError **error)
{
	const char *path = cli->config != NULL ? cli->config : get_environment ("NIXIE_CONFIG");

	if (cli->settings != NULL)
		return TRUE;
	cli->settings = nx_settings_new (path, error);
	if (cli->settings == NULL)
		return FALSE;
	if (*cli->settings->file != '\0')
		nx_main_note (cli, "configuration: %s", cli->settings->file);
	return TRUE;
}

NxPipeline *
nx_setup_new_pipeline (NxCli *cli, GError **error)
{
	g_autoptr (NxRules) rules = NULL;

	if (!nx_setup_load (cli, error))
		return NULL;
	rules = nx_rules_new_builtin ();
	if (!nx_rules_add_folder (rules, cli->settings->rules, error))
		return NULL;
	return nx_pipeline_new (rules, error);
}

char *
nx_setup_get_database (const NxCli *cli)
{
	const char *variable = get_environment ("NIXIE_DATABASE");

	if (cli->database != NULL)
		return g_strdup (cli->database);
	if (variable != NULL)
		return g_strdup (variable);
	if (*cli->settings->database != '\0')
		return g_strdup (cli->settings->database);
	if (g_file_test (SYSTEM_FOLDER, G_FILE_TEST_IS_DIR))
		return g_build_filename (SYSTEM_FOLDER, DATABASE_FILE, NULL);
	return g_build_filename (g_get_user_data_dir (), "nixie", DATABASE_FILE, NULL);
}

/* So that a typing error, or a first visit, does not read like a broken disk. */
static gboolean
check_exists (const char *uri, GError **error)
{
	const char *path = g_str_has_prefix (uri, SQLITE_SCHEME) ? uri + strlen (SQLITE_SCHEME) : uri;

	if (strstr (uri, "://") != NULL || *path == '\0' || g_file_test (path, G_FILE_TEST_EXISTS))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "there is no database %s yet; make one with \"nixie list add NAME\" or \"nixie scan PATH\", "
		     "or name another with --database",
		     path);
	return FALSE;
}

NxStore *
nx_setup_open_store (NxCli *cli, NxStoreFlags flags, GError **error)
{
	g_autofree char *uri = NULL;

	if (!nx_setup_load (cli, error))
		return NULL;
	uri = nx_setup_get_database (cli);
	nx_main_note (cli, "database: %s", uri);
	if ((flags & NX_STORE_CREATE) == 0 && !check_exists (uri, error))
		return NULL;
	return nx_store_open (uri, flags, error);
}

const char *
nx_setup_get_list (const NxCli *cli)
{
	if (cli->list != NULL)
		return cli->list;
	return cli->settings == NULL || *cli->settings->list == '\0' ? NULL : cli->settings->list;
}

static void
set_unknown_list_error (const GPtrArray *lists, const char *name, GError **error)
{
	g_autoptr (GPtrArray) names = g_ptr_array_new ();
	const char *nearest = NULL;

	for (guint i = 0; i < lists->len; i++)
		g_ptr_array_add (names, ((NxList *)g_ptr_array_index (lists, i))->name);
	g_ptr_array_add (names, NULL);
	nearest = nx_suggest_nearest ((const char *const *)names->pdata, name);
	if (nearest != NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "there is no list \"%s\"; did you mean \"%s\"?", name,
			     nearest);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "there is no list \"%s\"; see nixie list, and nixie list add", name);
}

/* The database takes names in any case, so the list's own spelling is given back. */
static const char *
find_list (const GPtrArray *lists, const char *name)
{
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0)
			return list->name;
	}
	return NULL;
}

char *
nx_setup_choose_list (const NxCli *cli, NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);
	const char *name = nx_setup_get_list (cli);

	if (lists == NULL)
		return NULL;
	if (name == NULL && lists->len == 1)
		name = ((const NxList *)g_ptr_array_index (lists, 0))->name;
	if (name == NULL && lists->len == 0)
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "there is no list yet; make one with \"nixie list add NAME\"");
	else if (name == NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "there are %u lists; say which one with --list NAME (see nixie list)", lists->len);
	else if (find_list (lists, name) != NULL)
		return g_strdup (find_list (lists, name));
	else
		set_unknown_list_error (lists, name, error);
	return NULL;
}

gboolean
nx_setup_check_list (NxStore *store, const char *name, GError **error)
{
	g_autoptr (GPtrArray) lists = NULL;

	if (name == NULL)
		return TRUE;
	lists = nx_store_list_lists (store, error);
	if (lists == NULL)
		return FALSE;
	if (find_list (lists, name) == NULL) {
		set_unknown_list_error (lists, name, error);
		return FALSE;
	}
	return TRUE;
}
