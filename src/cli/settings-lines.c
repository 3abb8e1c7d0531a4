/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings-lines.c: see settings-lines.h.
 *
 * GKeyFile takes the values apart, but its errors carry no line numbers, and it knows no unknown keys. So the lines are
 * looked at here first; what that pass lets through, GKeyFile reads.
 */
#include "settings-lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "suggest.h"

/* In the order in which an error names them. A group "KIND NAME" stands for each list that has one. */
static const char *const groups[] = { "nixie",   "verp",  "address",   "proof",  "forward",     "notices", "run",
				      "privacy", "serve", "list NAME", "policy", "policy NAME", NULL };

#define NAME_SUFFIX " NAME"

static const NxSettingsKey keys[] = {
	{ "nixie", "database" },
	{ "nixie", "list" },
	{ "nixie", "rules" },
	{ "nixie", "subscriber-header" },
	{ "verp", "key-file" },
	{ "verp", "max-age-days" },
	{ "forward", "sendmail" },
	{ "forward", "expire-days" },
	{ "forward", "token-days" },
	{ "address", "local-part-case" },
	{ "address", "subaddress" },
	{ "address", "same-domains" },
	{ "proof", "authserv-id" },
	{ "notices", "sendmail" },
	{ "notices", "templates" },
	{ "notices", "language" },
	{ "notices", "digest-days" },
	{ "run", "hook-seconds" },
	{ "privacy", "diagnostics-days" },
	{ "privacy", "addresses-days" },
	{ "serve", "workers" },
	{ "serve", "connections" },
	{ "serve", "recipients" },
	{ "serve", "message-bytes" },
	{ "serve", "memory-bytes" },
	{ "serve", "line-bytes" },
	{ "serve", "bad-commands" },
	{ "serve", "idle-seconds" },
	{ "serve", "total-seconds" },
	{ "serve", "parse-seconds" },
	{ "serve", "store-seconds" },
	{ "serve", "stop-seconds" },
	{ "serve", "socket-mode" },
	{ "list NAME", "verp" },
	{ "list NAME", "confirm" },
	{ "list NAME", "owner" },
	{ "list NAME", "language" },
	{ "list NAME", "hook" },
};

const NxSettingsKey *
nx_settings_list_keys (guint *count_out)
{
	*count_out = G_N_ELEMENTS (keys);
	return keys;
}

/* The line that is looked at: @group: the row of groups that it stands below, @text: as it stands in the file. */
typedef struct {
	NxSettingsLines *lines;
	guint line;
	const char *group;
	char *text;
} Place;

static void
place_clear (Place *place)
{
	g_free (place->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

gboolean
nx_settings_lines_fail (const NxSettingsLines *lines, guint line, GError **error, const char *format, ...)
{
	va_list arguments;
	g_autofree char *what = NULL;

	va_start (arguments, format);
	what = g_strdup_vprintf (format, arguments);
	va_end (arguments);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s", lines->file, line, what);
	return FALSE;
}

static gboolean
fail_unknown (const Place *place, const char *const *words, const char *what, const char *word, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autofree char *known = g_strjoinv (", ", (char **)(void *)(guintptr)words);

	nx_suggest_set_error (words, what, word, &local);
	return nx_settings_lines_fail (place->lines, place->line, error, "%s; known is: %s", local->message, known);
}

/* ---- where things stand ---- */

/* Neither may hold a line break. */
static char *
make_place (const char *group, const char *key)
{
	return g_strconcat (group, "\n", key, NULL);
}

guint
nx_settings_lines_find (const NxSettingsLines *lines, const char *group, const char *key)
{
	g_autofree char *place = make_place (group, key == NULL ? "" : key);

	return GPOINTER_TO_UINT (g_hash_table_lookup (lines->lines, place));
}

static void
keep_place (const Place *place, const char *key)
{
	g_hash_table_insert (place->lines->lines, make_place (place->text, key), GUINT_TO_POINTER (place->line));
}

GStrv
nx_settings_lines_list_names (const NxSettingsLines *lines, const char *kind)
{
	g_auto (GStrv) found = g_key_file_get_groups (lines->key_file, NULL);
	g_autofree char *prefix = g_strconcat (kind, " ", NULL);
	g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

	for (guint i = 0; found[i] != NULL; i++) {
		if (g_str_has_prefix (found[i], prefix))
			g_strv_builder_add (names, found[i] + strlen (prefix));
	}
	return g_strv_builder_end (names);
}

/* ---- groups ---- */

/* Names of lists are the same in any case. */
static guint
find_named (const NxSettingsLines *lines, const char *text)
{
	GHashTableIter iter;
	gpointer place = NULL;
	gpointer line = NULL;

	g_hash_table_iter_init (&iter, lines->lines);
	while (g_hash_table_iter_next (&iter, &place, &line)) {
		g_autofree char *group = make_place (text, "");

		if (g_ascii_strcasecmp (place, group) == 0)
			return GPOINTER_TO_UINT (line);
	}
	return 0;
}

static gboolean
check_named (const Place *place, GError **error)
{
	guint known = find_named (place->lines, place->text);
	gsize kind = strlen (place->group) - strlen (NAME_SUFFIX);

	if (place->text[kind + 1] == '\0')
		return nx_settings_lines_fail (place->lines, place->line, error,
					       "the list has no name; write [%.*s NAME]", (int)kind, place->group);
	if (known != 0)
		return nx_settings_lines_fail (place->lines, place->line, error,
					       "[%s] stands in line %u already; remove one of them", place->text,
					       known);
	return TRUE;
}

/* "list news" is of "list NAME". */
static gboolean
is_of_group (const char *group, const char *text)
{
	gsize kind = strlen (group) - strlen (NAME_SUFFIX);

	if (!g_str_has_suffix (group, NAME_SUFFIX))
		return strcmp (group, text) == 0;
	return strncmp (group, text, kind) == 0 && text[kind] == ' ';
}

static gboolean
check_group (Place *place, char *line, GError **error)
{
	char *end = strchr (line, ']');
	guint i = 0;

	if (end == NULL || end[1] != '\0')
		return nx_settings_lines_fail (place->lines, place->line, error,
					       "this is no group; write [nixie] on a line of its own");
	*end = '\0';
	while (groups[i] != NULL && !is_of_group (groups[i], line + 1))
		i++;
	if (groups[i] == NULL)
		return fail_unknown (place, groups, "group", line + 1, error);
	place->group = groups[i];
	g_free (place->text);
	place->text = g_strdup (line + 1);
	if (g_str_has_suffix (place->group, NAME_SUFFIX) && !check_named (place, error))
		return FALSE;
	keep_place (place, "");
	return TRUE;
}

/* ---- keys ---- */

/* Which keys a policy has, and what they can be, the library says: see settings-policy.h. */
static gboolean
check_known (const Place *place, const char *word, GError **error)
{
	const char *names[G_N_ELEMENTS (keys) + 1] = { NULL };
	guint count = 0;

	if (g_str_has_prefix (place->group, "policy"))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
		if (strcmp (keys[i].group, place->group) == 0)
			names[count++] = keys[i].name;
	}
	return g_strv_contains (names, word) || fail_unknown (place, names, "key", word, error);
}

static gboolean
check_key (const Place *place, char *line, GError **error)
{
	char *equals = strchr (line, '=');
	guint known = 0;

	if (equals == NULL)
		return nx_settings_lines_fail (place->lines, place->line, error,
					       "this is no group, no key = value and no comment; a comment begins "
					       "with #");
	if (place->group == NULL)
		return nx_settings_lines_fail (place->lines, place->line, error,
					       "a key before the first group; write [nixie] above it");
	*equals = '\0';
	g_strchomp (line);
	if (!check_known (place, line, error))
		return FALSE;
	known = nx_settings_lines_find (place->lines, place->text, line);
	if (known != 0)
		return nx_settings_lines_fail (place->lines, place->line, error,
					       "%s stands in line %u already; remove one of them", line, known);
	keep_place (place, line);
	return TRUE;
}

/* ---- the file ---- */

static gboolean
check_lines (NxSettingsLines *lines, const char *text, GError **error)
{
	g_auto (GStrv) split = g_strsplit (text, "\n", -1);
	g_auto (Place) place = { .lines = lines };

	for (guint i = 0; split[i] != NULL; i++) {
		char *line = g_strstrip (split[i]);
		gboolean good = TRUE;

		place.line = i + 1;
		if (!g_utf8_validate (line, -1, NULL))
			return nx_settings_lines_fail (lines, place.line, error,
						       "this is no UTF-8; save the file as UTF-8");
		if (*line == '\0' || *line == '#')
			continue;
		good = *line == '[' ? check_group (&place, line, error) : check_key (&place, line, error);
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

NxSettingsLines *
nx_settings_lines_new (const char *path, GError **error)
{
	g_autofree char *text = read_file (path, error);
	g_autoptr (NxSettingsLines) lines = g_new0 (NxSettingsLines, 1);
	g_autoptr (GError) local = NULL;

	lines->file = g_strdup (path);
	lines->key_file = g_key_file_new ();
	lines->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	if (text == NULL || !check_lines (lines, text, error))
		return NULL;
	if (g_key_file_load_from_data (lines->key_file, text, (gsize)-1, G_KEY_FILE_NONE, &local))
		return g_steal_pointer (&lines);
	nx_settings_lines_fail (lines, 1, error, "%s", local->message);
	return NULL;
}

void
nx_settings_lines_free (NxSettingsLines *lines)
{
	if (lines == NULL)
		return;
	g_free (lines->file);
	g_clear_pointer (&lines->key_file, g_key_file_unref);
	g_clear_pointer (&lines->lines, g_hash_table_unref);
	g_free (lines);
}
