/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings-values.c: see settings-values.h.
 */
#include "settings-values.h"

#include <string.h>

#define MAX_DAYS 3650

gboolean
nx_settings_take_text (const NxSettingsLines *lines, const char *group, const char *key, char **field, GError **error)
{
	guint line = nx_settings_lines_find (lines, group, key);
	g_autoptr (GError) local = NULL;
	g_autofree char *value = NULL;

	if (line == 0)
		return TRUE;
	value = g_key_file_get_string (lines->key_file, group, key, &local);
	/* With a bad escape there are both, a value and an error. */
	if (local != NULL)
		return nx_settings_lines_fail (lines, line, error, "%s", local->message);
	g_strstrip (value);
	if (*value == '\0')
		return nx_settings_lines_fail (lines, line, error, "the value is empty; give one, or remove the line");
	g_free (*field);
	*field = g_steal_pointer (&value);
	return TRUE;
}

gboolean
nx_settings_take_path (const NxSettingsLines *lines, const char *group, const char *key, const char *scheme,
		       char **field, GError **error)
{
	g_autofree char *text = NULL;
	const char *path = NULL;

	if (!nx_settings_take_text (lines, group, key, &text, error))
		return FALSE;
	if (text == NULL)
		return TRUE;
	path = scheme != NULL && g_str_has_prefix (text, scheme) ? text + strlen (scheme) : text;
	if (*path != '\0' && *path != '/')
		return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, group, key), error,
					       "%s is no full path; begin it with \"/\"", key);
	g_free (*field);
	*field = g_steal_pointer (&text);
	return TRUE;
}

gboolean
nx_settings_take_number (const NxSettingsLines *lines, const char *group, const char *key, guint least, guint most,
			 guint *field, GError **error)
{
	g_autofree char *text = NULL;
	guint64 number = 0;

	if (!nx_settings_take_text (lines, group, key, &text, error))
		return FALSE;
	if (text == NULL)
		return TRUE;
	if (!g_ascii_string_to_unsigned (text, 10, least, most, &number, NULL))
		return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, group, key), error,
					       "%s is no number from %u to %u", key, least, most);
	*field = (guint)number;
	return TRUE;
}

gboolean
nx_settings_take_days (const NxSettingsLines *lines, const char *group, const char *key, guint *field, GError **error)
{
	return nx_settings_take_number (lines, group, key, 1, MAX_DAYS, field, error);
}

gboolean
nx_settings_take_word (const NxSettingsLines *lines, const char *group, const char *key, const char *const words[2],
		       gboolean *field, GError **error)
{
	g_autofree char *text = NULL;

	if (!nx_settings_take_text (lines, group, key, &text, error))
		return FALSE;
	if (text == NULL)
		return TRUE;
	*field = strcmp (text, words[1]) == 0;
	if (*field || strcmp (text, words[0]) == 0)
		return TRUE;
	return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, group, key), error,
				       "%s is neither \"%s\" nor \"%s\"; write one of them", key, words[0], words[1]);
}

gboolean
nx_settings_take_command (const NxSettingsLines *lines, const char *group, const char *key, const char *example,
			  GStrv *field, GError **error)
{
	guint line = nx_settings_lines_find (lines, group, key);
	g_autofree char *text = NULL;
	g_auto (GStrv) words = NULL;

	if (!nx_settings_take_text (lines, group, key, &text, error))
		return FALSE;
	if (text == NULL)
		return TRUE;
	if (!g_shell_parse_argv (text, NULL, &words, NULL))
		return nx_settings_lines_fail (lines, line, error, "%s is no command; a quote is not closed", key);
	if (*words[0] != '/')
		return nx_settings_lines_fail (lines, line, error, "%s is no full path; write %s = %s", key, key,
					       example);
	g_strfreev (*field);
	*field = g_steal_pointer (&words);
	return TRUE;
}
