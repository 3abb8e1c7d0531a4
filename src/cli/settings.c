/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.c: what the configuration file means. See settings.h; settings-lines.h reads it, settings-values.h knows the
 * kinds of values.
 */
#include "settings.h"

#include <string.h>

#include "caps.h"
#include "settings-lines.h"
#include "settings-policy.h"
#include "settings-values.h"

#define SQLITE_SCHEME "sqlite:"

/* ---- [nixie] ---- */

static gboolean
take_rules (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	guint line = nx_settings_lines_find (lines, "nixie", "rules");

	if (!nx_settings_take_path (lines, "nixie", "rules", NULL, &settings->rules, error))
		return FALSE;
	if (line == 0 || g_file_test (settings->rules, G_FILE_TEST_IS_DIR))
		return TRUE;
	return nx_settings_lines_fail (lines, line, error, "rules is no folder; make it, or remove the line");
}

static gboolean
take_subscriber_header (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	if (!nx_settings_take_text (lines, "nixie", "subscriber-header", &settings->subscriber_header, error))
		return FALSE;
	if (strpbrk (settings->subscriber_header, " \t:,;") == NULL)
		return TRUE;
	return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, "nixie", "subscriber-header"), error,
				       "subscriber-header is no name of a header field; give one name");
}

static gboolean
take_nixie (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	return nx_settings_take_path (lines, "nixie", "database", SQLITE_SCHEME, &settings->database, error) &&
	       nx_settings_take_text (lines, "nixie", "list", &settings->list, error) &&
	       take_rules (settings, lines, error) && take_subscriber_header (settings, lines, error);
}

/* ---- [address] and [proof] ---- */

static gboolean
take_same_domains (NxAddressRules *rules, const NxSettingsLines *lines, GError **error)
{
	guint line = nx_settings_lines_find (lines, "address", "same-domains");
	g_autofree char *text = g_strdup ("");
	g_auto (GStrv) split = NULL;
	g_autoptr (GError) local = NULL;

	if (!nx_settings_take_text (lines, "address", "same-domains", &text, error))
		return FALSE;
	split = g_strsplit (text, ";", -1);
	for (guint i = 0; split[i] != NULL; i++) {
		/* One at the end closes the last group. */
		if (*g_strstrip (split[i]) == '\0' && split[i + 1] == NULL)
			continue;
		if (nx_address_rules_add_domains (rules, split[i], &local))
			continue;
		return nx_settings_lines_fail (lines, line, error,
					       "same-domains: %s; write \"a.example b.example; c.example d.example\"",
					       local->message);
	}
	return TRUE;
}

static gboolean
take_address (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	static const char *const cases[] = { "ignore", "keep" };
	static const char *const tags[] = { "keep", "ignore" };
	NxAddressRules *rules = settings->address_rules;

	return nx_settings_take_word (lines, "address", "local-part-case", cases, &rules->keep_case, error) &&
	       nx_settings_take_word (lines, "address", "subaddress", tags, &rules->ignore_subaddress, error) &&
	       take_same_domains (rules, lines, error);
}

static gboolean
is_host_name (const char *name)
{
	if (!g_ascii_isalnum (*name))
		return FALSE;
	while (g_ascii_isalnum (*name) || (*name != '\0' && strchr (".-_", *name) != NULL))
		name++;
	return *name == '\0';
}

static gboolean
take_authserv_ids (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	g_autofree char *text = g_strdup ("");
	g_auto (GStrv) words = NULL;
	g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

	if (!nx_settings_take_text (lines, "proof", "authserv-id", &text, error))
		return FALSE;
	words = g_strsplit_set (text, " \t", -1);
	for (guint i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		if (!is_host_name (words[i]))
			return nx_settings_lines_fail (
				lines, nx_settings_lines_find (lines, "proof", "authserv-id"), error,
				"authserv-id: \"%s\" is no host name; give the names of your mail servers, "
				"with blanks between",
				words[i]);
		g_strv_builder_add (builder, words[i]);
	}
	g_strfreev (settings->authserv_ids);
	settings->authserv_ids = g_strv_builder_end (builder);
	return TRUE;
}

/* ---- [notices] and [run] ---- */

static gboolean
take_templates (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	if (!nx_settings_take_path (lines, "notices", "templates", NULL, &settings->templates, error))
		return FALSE;
	if (*settings->templates == '\0' || g_file_test (settings->templates, G_FILE_TEST_IS_DIR))
		return TRUE;
	return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, "notices", "templates"), error,
				       "templates is no folder; make it, or remove the line");
}

/* It becomes the name of a folder. */
static gboolean
take_language (const NxSettingsLines *lines, const char *group, char **field, GError **error)
{
	if (!nx_settings_take_text (lines, group, "language", field, error))
		return FALSE;
	if (strspn (*field, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen (*field))
		return TRUE;
	return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, group, "language"), error,
				       "language is no language; write en, de, fr, es or ja");
}

/* The mails that ask new addresses had a command of their own before there were others. */
static gboolean
take_sendmail (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	static const char example[] = "/usr/sbin/sendmail -i -t";

	return nx_settings_take_command (lines, "forward", "sendmail", example, &settings->sendmail, error) &&
	       nx_settings_take_command (lines, "notices", "sendmail", example, &settings->sendmail, error);
}

static gboolean
take_notices (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	return take_sendmail (settings, lines, error) && take_templates (settings, lines, error) &&
	       take_language (lines, "notices", &settings->language, error) &&
	       nx_settings_take_number (lines, "notices", "digest-days", 0, 366, &settings->digest_days, error) &&
	       nx_settings_take_number (lines, "run", "hook-seconds", 1, 3600, &settings->hook_seconds, error);
}

/* ---- [list NAME] ---- */

static gboolean
take_owner (NxListSettings *list, const NxSettingsLines *lines, const char *group, GError **error)
{
	if (!nx_settings_take_text (lines, group, "owner", &list->owner, error))
		return FALSE;
	if (*list->owner == '\0' || nx_address_is_valid (list->owner))
		return TRUE;
	return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, group, "owner"), error,
				       "owner is no mail address (local@domain)");
}

/* Whether a pattern makes sense, the library says; here it is told where it stands. */
static gboolean
check_pattern (const NxSettingsLines *lines, guint line, const char *pattern, GError **error)
{
	g_autoptr (GError) local = NULL;

	if (*pattern == '\0' || nx_verp_check_pattern (pattern, &local))
		return TRUE;
	return nx_settings_lines_fail (lines, line, error, "%s", local->message);
}

/* Nobody's name can stand in an address that is to answer for a proposal. */
static gboolean
check_answers (const NxSettingsLines *lines, guint line, const char *pattern, GError **error)
{
	if (!check_pattern (lines, line, pattern, error))
		return FALSE;
	if (strstr (pattern, "{user}") == NULL)
		return TRUE;
	return nx_settings_lines_fail (lines, line, error, "confirm takes {token} and no {user}");
}

static gboolean
take_list (NxSettings *settings, const NxSettingsLines *lines, const char *name, GError **error)
{
	g_autofree char *group = g_strconcat ("list ", name, NULL);
	NxListSettings *list = g_new0 (NxListSettings, 1);

	list->name = g_strdup (name);
	list->verp = g_strdup ("");
	list->confirm = g_strdup ("");
	list->owner = g_strdup ("");
	list->language = g_strdup ("");
	g_ptr_array_add (settings->lists, list);
	return nx_settings_take_text (lines, group, "verp", &list->verp, error) &&
	       nx_settings_take_text (lines, group, "confirm", &list->confirm, error) &&
	       check_pattern (lines, nx_settings_lines_find (lines, group, "verp"), list->verp, error) &&
	       check_answers (lines, nx_settings_lines_find (lines, group, "confirm"), list->confirm, error) &&
	       take_owner (list, lines, group, error) && take_language (lines, group, &list->language, error) &&
	       nx_settings_take_command (lines, group, "hook",
					 "/usr/lib/nixie/nixie-driver mlmmj --dir /var/spool/mlmmj/news", &list->hook,
					 error);
}

static gboolean
take_lists (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	g_auto (GStrv) names = nx_settings_lines_list_names (lines, "list");

	for (guint i = 0; names[i] != NULL; i++) {
		if (!take_list (settings, lines, names[i], error))
			return FALSE;
	}
	return TRUE;
}

/* ---- all of it ---- */

static gboolean
read_values (NxSettings *settings, const char *path, GError **error)
{
	g_autoptr (NxSettingsLines) lines = nx_settings_lines_new (path, error);

	return lines != NULL && take_nixie (settings, lines, error) &&
	       nx_settings_take_path (lines, "verp", "key-file", NULL, &settings->key_file, error) &&
	       nx_settings_take_days (lines, "verp", "max-age-days", &settings->max_age_days, error) &&
	       take_notices (settings, lines, error) &&
	       nx_settings_take_days (lines, "forward", "expire-days", &settings->expire_days, error) &&
	       nx_settings_take_days (lines, "forward", "token-days", &settings->token_days, error) &&
	       nx_settings_take_days (lines, "privacy", "diagnostics-days", &settings->diagnostic_days, error) &&
	       nx_settings_take_days (lines, "privacy", "addresses-days", &settings->address_days, error) &&
	       take_address (settings, lines, error) && take_authserv_ids (settings, lines, error) &&
	       nx_serve_settings_take (&settings->serve, lines, error) && take_lists (settings, lines, error) &&
	       nx_settings_take_policies (settings, lines, error);
}

static void
list_free_cb (gpointer data)
{
	NxListSettings *list = data;

	g_free (list->name);
	g_free (list->verp);
	g_free (list->confirm);
	g_free (list->owner);
	g_free (list->language);
	g_strfreev (list->hook);
	g_free (list);
}

const NxListSettings *
nx_settings_find_list (const NxSettings *settings, const char *name)
{
	for (guint i = 0; i < settings->lists->len; i++) {
		const NxListSettings *list = g_ptr_array_index (settings->lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0)
			return list;
	}
	return NULL;
}

NxSettings *
nx_settings_new (const char *path, GError **error)
{
	g_autoptr (NxSettings) settings = g_new0 (NxSettings, 1);

	if (path == NULL && g_file_test (NX_SETTINGS_FILE, G_FILE_TEST_EXISTS))
		path = NX_SETTINGS_FILE;
	settings->file = g_strdup (path == NULL ? "" : path);
	settings->database = g_strdup ("");
	settings->list = g_strdup ("");
	settings->rules = g_strdup (NX_SETTINGS_RULES);
	settings->subscriber_header = g_strdup ("");
	settings->key_file = g_strdup ("");
	settings->max_age_days = NX_VERP_MAX_AGE_DAYS;
	settings->expire_days = NX_FORWARD_EXPIRE_DAYS;
	settings->token_days = NX_FORWARD_TOKEN_DAYS;
	settings->templates = g_strdup ("");
	settings->language = g_strdup ("");
	settings->digest_days = 7;
	settings->hook_seconds = NX_CLI_HOOK_SECONDS;
	settings->address_rules = nx_address_rules_new ();
	settings->authserv_ids = g_new0 (char *, 1);
	settings->policies = nx_settings_new_policies ();
	settings->lists = g_ptr_array_new_with_free_func (list_free_cb);
	nx_serve_settings_init (&settings->serve);
	if (path != NULL && !read_values (settings, path, error))
		return NULL;
	return g_steal_pointer (&settings);
}

void
nx_settings_free (NxSettings *settings)
{
	if (settings == NULL)
		return;
	g_free (settings->file);
	g_free (settings->database);
	g_free (settings->list);
	g_free (settings->rules);
	g_free (settings->subscriber_header);
	g_free (settings->key_file);
	g_strfreev (settings->sendmail);
	g_free (settings->templates);
	g_free (settings->language);
	g_clear_pointer (&settings->address_rules, nx_address_rules_free);
	g_strfreev (settings->authserv_ids);
	g_clear_pointer (&settings->lists, g_ptr_array_unref);
	g_clear_pointer (&settings->policies, g_ptr_array_unref);
	g_free (settings);
}
