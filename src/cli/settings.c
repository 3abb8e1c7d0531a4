/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.c: reads the configuration file. See settings.h.
 *
 * GKeyFile takes the values apart, but its errors carry no line numbers, and it knows no unknown keys. So the lines are
 * looked at here first; what that pass lets through, GKeyFile reads.
 */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "suggest.h"

#define GROUP "nixie"

enum {
	KEY_DATABASE,
	KEY_LIST,
	KEY_RULES,
	N_KEYS
};

static const char *const groups[] = { GROUP, NULL };
static const char *const keys[N_KEYS + 1] = { "database", "list", "rules", NULL };

/* Where each key stands, 0 when it does not. */
typedef struct {
	const char *file;
	guint line;
	guint key_lines[N_KEYS];
	gboolean in_group;
} Lines;

static gboolean
fail (const char *file, guint line, GError **error, const char *what)
{
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s", file, line, what);
	return FALSE;
}

static gboolean
fail_unknown (const Lines *lines, const char *const *words, const char *what, const char *word, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autoptr (GString) known = g_string_new (NULL);

	for (guint i = 0; words[i] != NULL; i++)
		g_string_append_printf (known, "%s%s", i == 0 ? "" : ", ", words[i]);
	nx_suggest_set_error (words, what, word, &local);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s; known is: %s", lines->file, lines->line,
		     local->message, known->str);
	return FALSE;
}

static gboolean
check_group (Lines *lines, char *line, GError **error)
{
	char *end = strchr (line, ']');

	if (end == NULL || end[1] != '\0')
		return fail (lines->file, lines->line, error,
			     "this is no group; write [" GROUP "] on a line of its own");
	*end = '\0';
	if (strcmp (line + 1, GROUP) != 0)
		return fail_unknown (lines, groups, "group", line + 1, error);
	lines->in_group = TRUE;
	return TRUE;
}

static gboolean
check_key (Lines *lines, char *line, GError **error)
{
	char *equals = strchr (line, '=');
	guint key = 0;

	if (equals == NULL)
		return fail (lines->file, lines->line, error,
			     "this is no group, no key = value and no comment; a comment begins with #");
	if (!lines->in_group)
		return fail (lines->file, lines->line, error,
			     "a key before the first group; write [" GROUP "] above it");
	*equals = '\0';
	g_strchomp (line);
	while (key < N_KEYS && strcmp (keys[key], line) != 0)
		key++;
	if (key == N_KEYS)
		return fail_unknown (lines, keys, "key", line, error);
	if (lines->key_lines[key] != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:%u: %s stands in line %u already; remove one of them", lines->file, lines->line, line,
			     lines->key_lines[key]);
		return FALSE;
	}
	lines->key_lines[key] = lines->line;
	return TRUE;
}

static gboolean
check_lines (Lines *lines, const char *text, GError **error)
{
	g_auto (GStrv) split = g_strsplit (text, "\n", -1);

	for (guint i = 0; split[i] != NULL; i++) {
		char *line = g_strstrip (split[i]);
		gboolean good = TRUE;

		lines->line = i + 1;
		if (!g_utf8_validate (line, -1, NULL))
			return fail (lines->file, lines->line, error, "this is no UTF-8; save the file as UTF-8");
		if (*line == '\0' || *line == '#')
			continue;
		good = *line == '[' ? check_group (lines, line, error) : check_key (lines, line, error);
		if (!good)
			return FALSE;
	}
	return TRUE;
}

static char *
read_file (const char *path, GError **error)
{
	g_autofree char *text = g_malloc (NX_CLI_CONFIG_BYTES + 1);
	FILE *file = fopen (path, "re");
	gsize length = 0;
	int code = errno;

	if (file != NULL) {
		errno = 0;
		length = fread (text, 1, NX_CLI_CONFIG_BYTES + 1, file);
		code = ferror (file) ? errno : 0;
		fclose (file);
	}
	if (file == NULL || code != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "cannot read the configuration %s: %s; see --config and NIXIE_CONFIG", path,
			     g_strerror (code));
		return NULL;
	}
	if (length > NX_CLI_CONFIG_BYTES || memchr (text, '\0', length) != NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:1: this is no configuration file", path);
		return NULL;
	}
	text[length] = '\0';
	return g_steal_pointer (&text);
}

static gboolean
take_value (GKeyFile *key_file, const Lines *lines, guint key, char **field, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autofree char *value = NULL;

	if (lines->key_lines[key] == 0)
		return TRUE;
	value = g_key_file_get_string (key_file, GROUP, keys[key], &local);
	/* With a bad escape there are both, a value and an error. */
	if (local != NULL)
		return fail (lines->file, lines->key_lines[key], error, local->message);
	g_strstrip (value);
	if (*value == '\0')
		return fail (lines->file, lines->key_lines[key], error,
			     "the value is empty; give one, or remove the line");
	g_free (*field);
	*field = g_steal_pointer (&value);
	return TRUE;
}

/* An MTA starts nixie in a folder of its own choice, so that a relative path would lead anywhere. */
static gboolean
check_values (const NxSettings *settings, const Lines *lines, GError **error)
{
	const char *path = settings->database;

	if (g_str_has_prefix (path, "sqlite:"))
		path += strlen ("sqlite:");
	if (*path != '\0' && *path != '/')
		return fail (lines->file, lines->key_lines[KEY_DATABASE], error,
			     "database is no full path; begin it with \"/\"");
	if (lines->key_lines[KEY_RULES] == 0)
		return TRUE;
	if (*settings->rules != '/')
		return fail (lines->file, lines->key_lines[KEY_RULES], error,
			     "rules is no full path; begin it with \"/\"");
	if (!g_file_test (settings->rules, G_FILE_TEST_IS_DIR))
		return fail (lines->file, lines->key_lines[KEY_RULES], error,
			     "rules is no folder; make it, or remove the line");
	return TRUE;
}

static gboolean
read_values (NxSettings *settings, const char *path, GError **error)
{
	g_autofree char *text = read_file (path, error);
	g_autoptr (GKeyFile) key_file = g_key_file_new ();
	g_autoptr (GError) local = NULL;
	Lines lines = { .file = path };

	if (text == NULL || !check_lines (&lines, text, error))
		return FALSE;
	if (!g_key_file_load_from_data (key_file, text, (gsize)-1, G_KEY_FILE_NONE, &local))
		return fail (path, 1, error, local->message);
	return take_value (key_file, &lines, KEY_DATABASE, &settings->database, error) &&
	       take_value (key_file, &lines, KEY_LIST, &settings->list, error) &&
	       take_value (key_file, &lines, KEY_RULES, &settings->rules, error) &&
	       check_values (settings, &lines, error);
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
	g_free (settings);
}
