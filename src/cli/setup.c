/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup.c: see setup.h.
 */
#include "setup.h"

#include <string.h>

#include "caps.h"
#include "key-file.h"
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

NxRules *
nx_setup_new_rules (NxCli *cli, GError **error)
{
	g_autoptr (NxRules) rules = NULL;

	if (!nx_setup_load (cli, error))
		return NULL;
	rules = nx_rules_new_builtin ();
	if (!nx_rules_add_folder (rules, cli->settings->rules, error))
		return NULL;
	return g_steal_pointer (&rules);
}

NxPipeline *
nx_setup_new_pipeline (NxCli *cli, GError **error)
{
	g_autoptr (NxRules) rules = nx_setup_new_rules (cli, error);

	g_autoptr (NxPipeline) pipeline = rules == NULL ? NULL : nx_pipeline_new (rules, error);
	const NxSettings *settings = cli->settings;

	if (pipeline == NULL)
		return NULL;
	for (guint i = 0; i < settings->lists->len; i++) {
		const NxListSettings *list = g_ptr_array_index (settings->lists, i);

		if (*list->verp != '\0' && !nx_pipeline_add_return_path (pipeline, list->name, list->verp, error))
			return NULL;
	}
	if (*settings->subscriber_header != '\0' &&
	    !nx_pipeline_add_subscriber_header (pipeline, settings->subscriber_header, error))
		return NULL;
	for (guint i = 0; settings->authserv_ids[i] != NULL; i++) {
		if (!nx_pipeline_add_authserv_id (pipeline, settings->authserv_ids[i], error))
			return NULL;
	}
	return g_steal_pointer (&pipeline);
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

typedef struct {
	NxVerpTryFunc try_func;
	gpointer try_data;
	gboolean found;
} Lookup;

static gboolean
try_subscriber_cb (const NxSubscriber *subscriber, gpointer user_data)
{
	Lookup *lookup = user_data;

	lookup->found = lookup->try_func (subscriber->address, lookup->try_data);
	return !lookup->found;
}

/* Lists that a return path may mean: its name, or its posting address; all when there is none such. */
static gboolean
is_list_meant (const NxList *list, const char *hint)
{
	return g_ascii_strcasecmp (list->name, hint) == 0 ||
	       (*list->address != '\0' && nx_address_equal (list->address, hint));
}

/* A database that is not there, or not readable, has no subscribers; who records will say what is wrong with it. */
static void
lookup_cb (const char *hint, NxVerpTryFunc try_func, gpointer try_data, gpointer user_data)
{
	g_autofree char *uri = nx_setup_get_database (user_data);
	g_autoptr (NxStore) store = check_exists (uri, NULL) ? nx_store_open (uri, NX_STORE_READ_ONLY, NULL) : NULL;
	g_autoptr (GPtrArray) lists = store == NULL ? NULL : nx_store_list_lists (store, NULL);
	Lookup lookup = { .try_func = try_func, .try_data = try_data };
	gboolean meant = FALSE;

	for (guint i = 0; lists != NULL && i < lists->len && !lookup.found; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (!is_list_meant (list, hint))
			continue;
		meant = TRUE;
		nx_store_foreach_subscriber (store, list->name, NULL, NX_STATE_NONE, try_subscriber_cb, &lookup, NULL);
	}
	if (lists != NULL && !meant)
		nx_store_foreach_subscriber (store, NULL, NULL, NX_STATE_NONE, try_subscriber_cb, &lookup, NULL);
}

gboolean
nx_setup_add_keys (NxCli *cli, NxPipeline *pipeline, const char *path, gint64 now, GError **error)
{
	NxVerpKeys *keys = NULL;

	if (path == NULL)
		path = cli->settings->key_file;
	if (*path == '\0')
		return TRUE;
	keys = nx_key_file_load (path, cli->settings->max_age_days, error);
	if (keys == NULL)
		return FALSE;
	nx_pipeline_set_verp_keys (pipeline, keys, now);
	nx_pipeline_set_verp_lookup (pipeline, lookup_cb, cli);
	return TRUE;
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

NxStore *
nx_setup_open_store (NxCli *cli, NxStoreFlags flags, GError **error)
{
	g_autofree char *uri = NULL;
	NxStore *store = NULL;

	if (!nx_setup_load (cli, error))
		return NULL;
	uri = nx_setup_get_database (cli);
	nx_main_note (cli, "database: %s", uri);
	if ((flags & NX_STORE_CREATE) == 0 && !check_exists (uri, error))
		return NULL;
	store = nx_store_open (uri, flags, error);
	if (store != NULL)
		nx_store_set_address_rules (store, cli->settings->address_rules);
	/* Who has keys sends with them, and from now on asks for them. */
	if (store != NULL && *cli->settings->key_file != '\0')
		nx_store_set_keyed (store, g_get_real_time () / G_USEC_PER_SEC);
	return store;
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

/* No report comes from the future: that is a wrong clock or a forgery. In the order of time it would stay the last word
 * for years: "delivered", and nothing that really comes would count; or "failed", and no delivery would heal. */
void
nx_setup_drop_future_dates (GPtrArray *events, gint64 now)
{
	for (guint i = 0; i < events->len; i++) {
		NxEvent *event = g_ptr_array_index (events, i);

		if (event->date <= now + NX_CLI_CLOCK_SECONDS)
			continue;
		event->date = 0;
		event->original_date = 0;
	}
}
