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

#define LIST_PREFIX "list "
#define MAX_DAYS 3650

typedef enum {
	GROUP_NONE,
	GROUP_NIXIE,
	GROUP_VERP,
	GROUP_FORWARD,
	GROUP_ADDRESS,
	GROUP_PROOF,
	GROUP_SERVE,
	GROUP_LIST,
} Group;

static const char *const groups[] = { "nixie", "verp", "address", "proof", "forward", "serve", "list NAME", NULL };

enum {
	KEY_DATABASE,
	KEY_LIST,
	KEY_RULES,
	KEY_SUBSCRIBER_HEADER,
	KEY_KEY_FILE,
	KEY_MAX_AGE_DAYS,
	KEY_SENDMAIL,
	KEY_EXPIRE_DAYS,
	KEY_TOKEN_DAYS,
	KEY_LOCAL_PART_CASE,
	KEY_SUBADDRESS,
	KEY_SAME_DOMAINS,
	KEY_AUTHSERV_ID,
	KEY_VERP,
	KEY_CONFIRM,
	N_KEYS
};

static const struct {
	Group group;
	const char *name;
} keys[N_KEYS] = {
	[KEY_DATABASE] = { GROUP_NIXIE, "database" },
	[KEY_LIST] = { GROUP_NIXIE, "list" },
	[KEY_RULES] = { GROUP_NIXIE, "rules" },
	[KEY_SUBSCRIBER_HEADER] = { GROUP_NIXIE, "subscriber-header" },
	[KEY_KEY_FILE] = { GROUP_VERP, "key-file" },
	[KEY_MAX_AGE_DAYS] = { GROUP_VERP, "max-age-days" },
	[KEY_SENDMAIL] = { GROUP_FORWARD, "sendmail" },
	[KEY_EXPIRE_DAYS] = { GROUP_FORWARD, "expire-days" },
	[KEY_TOKEN_DAYS] = { GROUP_FORWARD, "token-days" },
	[KEY_LOCAL_PART_CASE] = { GROUP_ADDRESS, "local-part-case" },
	[KEY_SUBADDRESS] = { GROUP_ADDRESS, "subaddress" },
	[KEY_SAME_DOMAINS] = { GROUP_ADDRESS, "same-domains" },
	[KEY_AUTHSERV_ID] = { GROUP_PROOF, "authserv-id" },
	[KEY_VERP] = { GROUP_LIST, "verp" },
	[KEY_CONFIRM] = { GROUP_LIST, "confirm" },
};

/* Where each key stands, 0 when it does not; those of a [list NAME] stand with it. */
typedef struct {
	const char *file;
	guint line;
	guint key_lines[N_KEYS];
	Group group;
	GPtrArray *lists;
	NxServeSettings *serve;
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

static const NxListSettings *
find_list (const GPtrArray *lists, const char *name)
{
	for (guint i = 0; i < lists->len; i++) {
		const NxListSettings *list = g_ptr_array_index (lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0)
			return list;
	}
	return NULL;
}

static gboolean
check_list_group (Lines *lines, const char *name, GError **error)
{
	const NxListSettings *known = find_list (lines->lists, name);
	NxListSettings *list = NULL;

	if (*name == '\0')
		return fail (lines->file, lines->line, error, "the list has no name; write [list NAME]");
	if (known != NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:%u: [list %s] stands in line %u already; remove one of them", lines->file, lines->line,
			     name, known->line);
		return FALSE;
	}
	list = g_new0 (NxListSettings, 1);
	list->name = g_strdup (name);
	list->verp = g_strdup ("");
	list->confirm = g_strdup ("");
	list->line = lines->line;
	g_ptr_array_add (lines->lists, list);
	lines->group = GROUP_LIST;
	return TRUE;
}

static gboolean
check_group (Lines *lines, char *line, GError **error)
{
	char *end = strchr (line, ']');

	if (end == NULL || end[1] != '\0')
		return fail (lines->file, lines->line, error, "this is no group; write [nixie] on a line of its own");
	*end = '\0';
	if (g_str_has_prefix (line + 1, LIST_PREFIX))
		return check_list_group (lines, line + 1 + strlen (LIST_PREFIX), error);
	if (strcmp (line + 1, "nixie") == 0)
		lines->group = GROUP_NIXIE;
	else if (strcmp (line + 1, "verp") == 0)
		lines->group = GROUP_VERP;
	else if (strcmp (line + 1, "forward") == 0)
		lines->group = GROUP_FORWARD;
	else if (strcmp (line + 1, "address") == 0)
		lines->group = GROUP_ADDRESS;
	else if (strcmp (line + 1, "proof") == 0)
		lines->group = GROUP_PROOF;
	else if (strcmp (line + 1, "serve") == 0)
		lines->group = GROUP_SERVE;
	else
		return fail_unknown (lines, groups, "group", line + 1, error);
	return TRUE;
}

/* The keys of the group that a line stands in. */
static gboolean
fail_unknown_key (const Lines *lines, const char *word, GError **error)
{
	const char *names[N_KEYS + 1] = { NULL };
	guint count = 0;

	for (guint i = 0; i < N_KEYS; i++) {
		if (keys[i].group == lines->group)
			names[count++] = keys[i].name;
	}
	return fail_unknown (lines, names, "key", word, error);
}

/* Where the line of a key is kept. */
static guint *
get_key_line (Lines *lines, guint key)
{
	NxListSettings *list = NULL;

	if (keys[key].group != GROUP_LIST)
		return &lines->key_lines[key];
	list = g_ptr_array_index (lines->lists, lines->lists->len - 1);
	return key == KEY_CONFIRM ? &list->confirm_line : &list->verp_line;
}

static gboolean
check_key (Lines *lines, char *line, GError **error)
{
	char *equals = strchr (line, '=');
	guint *key_line = NULL;
	guint key = 0;

	if (equals == NULL)
		return fail (lines->file, lines->line, error,
			     "this is no group, no key = value and no comment; a comment begins with #");
	if (lines->group == GROUP_NONE)
		return fail (lines->file, lines->line, error, "a key before the first group; write [nixie] above it");
	*equals = '\0';
	g_strchomp (line);
	if (lines->group == GROUP_SERVE)
		return nx_serve_settings_take (lines->serve, lines->file, lines->line, line, g_strchug (equals + 1),
					       error);
	while (key < N_KEYS && (keys[key].group != lines->group || strcmp (keys[key].name, line) != 0))
		key++;
	if (key == N_KEYS)
		return fail_unknown_key (lines, line, error);
	key_line = get_key_line (lines, key);
	if (*key_line != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:%u: %s stands in line %u already; remove one of them", lines->file, lines->line, line,
			     *key_line);
		return FALSE;
	}
	*key_line = lines->line;
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
take_text (GKeyFile *key_file, const char *file, guint line, const char *group, guint key, char **field, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autofree char *value = NULL;

	if (line == 0)
		return TRUE;
	value = g_key_file_get_string (key_file, group, keys[key].name, &local);
	/* With a bad escape there are both, a value and an error. */
	if (local != NULL)
		return fail (file, line, error, local->message);
	g_strstrip (value);
	if (*value == '\0')
		return fail (file, line, error, "the value is empty; give one, or remove the line");
	g_free (*field);
	*field = g_steal_pointer (&value);
	return TRUE;
}

static gboolean
take_value (GKeyFile *key_file, const Lines *lines, guint key, char **field, GError **error)
{
	static const char *const names[] = {
		[GROUP_NIXIE] = "nixie", [GROUP_VERP] = "verp",       [GROUP_FORWARD] = "forward",
		[GROUP_PROOF] = "proof", [GROUP_ADDRESS] = "address",
	};

	return take_text (key_file, lines->file, lines->key_lines[key], names[keys[key].group], key, field, error);
}

static gboolean
take_days (GKeyFile *key_file, const Lines *lines, guint key, guint *days_out, GError **error)
{
	g_autofree char *text = g_strdup ("");
	guint64 days = 0;

	if (!take_value (key_file, lines, key, &text, error))
		return FALSE;
	if (*text == '\0')
		return TRUE;
	if (!g_ascii_string_to_unsigned (text, 10, 1, MAX_DAYS, &days, NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s is no number from 1 to %d", lines->file,
			     lines->key_lines[key], keys[key].name, MAX_DAYS);
		return FALSE;
	}
	*days_out = (guint)days;
	return TRUE;
}

/* No shell reads the command: quotes are taken off, nothing else is done to it. */
static gboolean
take_sendmail (GKeyFile *key_file, const Lines *lines, char ***words_out, GError **error)
{
	guint line = lines->key_lines[KEY_SENDMAIL];
	g_autofree char *text = g_strdup ("");
	g_auto (GStrv) words = NULL;

	if (!take_value (key_file, lines, KEY_SENDMAIL, &text, error))
		return FALSE;
	if (*text == '\0')
		return TRUE;
	if (!g_shell_parse_argv (text, NULL, &words, NULL))
		return fail (lines->file, line, error, "sendmail is no command; a quote is not closed");
	if (*words[0] != '/')
		return fail (lines->file, line, error,
			     "sendmail is no full path; write sendmail = /usr/sbin/sendmail -i -t");
	*words_out = g_steal_pointer (&words);
	return TRUE;
}

/* A key that is one of two words: FALSE for the first. */
static gboolean
take_word (GKeyFile *key_file, const Lines *lines, guint key, const char *const words[2], gboolean *second_out,
	   GError **error)
{
	g_autofree char *text = g_strdup (words[0]);

	if (!take_value (key_file, lines, key, &text, error))
		return FALSE;
	*second_out = strcmp (text, words[1]) == 0;
	if (*second_out || strcmp (text, words[0]) == 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s is neither \"%s\" nor \"%s\"; write one of them",
		     lines->file, lines->key_lines[key], keys[key].name, words[0], words[1]);
	return FALSE;
}

static gboolean
take_same_domains (GKeyFile *key_file, const Lines *lines, NxAddressRules *rules, GError **error)
{
	guint line = lines->key_lines[KEY_SAME_DOMAINS];
	g_autofree char *text = g_strdup ("");
	g_auto (GStrv) split = NULL;
	g_autoptr (GError) local = NULL;

	if (!take_value (key_file, lines, KEY_SAME_DOMAINS, &text, error))
		return FALSE;
	split = g_strsplit (text, ";", -1);
	for (guint i = 0; split[i] != NULL; i++) {
		/* One at the end closes the last group. */
		if (*g_strstrip (split[i]) == '\0' && split[i + 1] == NULL)
			continue;
		if (nx_address_rules_add_domains (rules, split[i], &local))
			continue;
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:%u: same-domains: %s; write \"a.example b.example; c.example d.example\"", lines->file,
			     line, local->message);
		return FALSE;
	}
	return TRUE;
}

static gboolean
take_address_rules (GKeyFile *key_file, const Lines *lines, NxAddressRules *rules, GError **error)
{
	static const char *const cases[] = { "ignore", "keep" };
	static const char *const tags[] = { "keep", "ignore" };

	return take_word (key_file, lines, KEY_LOCAL_PART_CASE, cases, &rules->keep_case, error) &&
	       take_word (key_file, lines, KEY_SUBADDRESS, tags, &rules->ignore_subaddress, error) &&
	       take_same_domains (key_file, lines, rules, error);
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
take_authserv_ids (GKeyFile *key_file, const Lines *lines, GStrv *ids, GError **error)
{
	g_autofree char *text = g_strdup ("");
	g_auto (GStrv) words = NULL;
	g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

	if (!take_value (key_file, lines, KEY_AUTHSERV_ID, &text, error))
		return FALSE;
	words = g_strsplit_set (text, " \t", -1);
	for (guint i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		if (!is_host_name (words[i])) {
			g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
				     "%s:%u: authserv-id: \"%s\" is no host name; give the names of your mail servers, "
				     "with blanks between",
				     lines->file, lines->key_lines[KEY_AUTHSERV_ID], words[i]);
			return FALSE;
		}
		g_strv_builder_add (builder, words[i]);
	}
	g_strfreev (*ids);
	*ids = g_strv_builder_end (builder);
	return TRUE;
}

/* Whether a pattern makes sense, the library says; here it is told where it stands. */
static gboolean
check_pattern (const char *file, guint line, const char *pattern, GError **error)
{
	g_autoptr (GError) local = NULL;

	if (*pattern == '\0' || nx_verp_check_pattern (pattern, &local))
		return TRUE;
	return fail (file, line, error, local->message);
}

/* Nobody's name can stand in an address that is to answer for a proposal. */
static gboolean
check_answers (const char *file, const NxListSettings *list, GError **error)
{
	if (!check_pattern (file, list->confirm_line, list->confirm, error))
		return FALSE;
	if (*list->confirm == '\0' || strstr (list->confirm, "{user}") == NULL)
		return TRUE;
	return fail (file, list->confirm_line, error, "confirm takes {token} and no {user}");
}

static gboolean
take_lists (GKeyFile *key_file, const Lines *lines, GError **error)
{
	for (guint i = 0; i < lines->lists->len; i++) {
		NxListSettings *list = g_ptr_array_index (lines->lists, i);
		g_autofree char *group = g_strconcat (LIST_PREFIX, list->name, NULL);

		if (!take_text (key_file, lines->file, list->verp_line, group, KEY_VERP, &list->verp, error) ||
		    !take_text (key_file, lines->file, list->confirm_line, group, KEY_CONFIRM, &list->confirm, error) ||
		    !check_pattern (lines->file, list->verp_line, list->verp, error) ||
		    !check_answers (lines->file, list, error))
			return FALSE;
	}
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
	if (*settings->key_file != '\0' && *settings->key_file != '/')
		return fail (lines->file, lines->key_lines[KEY_KEY_FILE], error,
			     "key-file is no full path; begin it with \"/\"");
	if (strpbrk (settings->subscriber_header, " \t:,;") != NULL)
		return fail (lines->file, lines->key_lines[KEY_SUBSCRIBER_HEADER], error,
			     "subscriber-header is no name of a header field; give one name");
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
	Lines lines = { .file = path, .lists = settings->lists, .serve = &settings->serve };

	if (text == NULL || !check_lines (&lines, text, error))
		return FALSE;
	if (!g_key_file_load_from_data (key_file, text, (gsize)-1, G_KEY_FILE_NONE, &local))
		return fail (path, 1, error, local->message);
	return take_value (key_file, &lines, KEY_DATABASE, &settings->database, error) &&
	       take_value (key_file, &lines, KEY_LIST, &settings->list, error) &&
	       take_value (key_file, &lines, KEY_RULES, &settings->rules, error) &&
	       take_value (key_file, &lines, KEY_SUBSCRIBER_HEADER, &settings->subscriber_header, error) &&
	       take_value (key_file, &lines, KEY_KEY_FILE, &settings->key_file, error) &&
	       take_days (key_file, &lines, KEY_MAX_AGE_DAYS, &settings->max_age_days, error) &&
	       take_sendmail (key_file, &lines, &settings->sendmail, error) &&
	       take_days (key_file, &lines, KEY_EXPIRE_DAYS, &settings->expire_days, error) &&
	       take_days (key_file, &lines, KEY_TOKEN_DAYS, &settings->token_days, error) &&
	       take_address_rules (key_file, &lines, settings->address_rules, error) &&
	       take_authserv_ids (key_file, &lines, &settings->authserv_ids, error) &&
	       take_lists (key_file, &lines, error) && check_values (settings, &lines, error);
}

static void
list_free_cb (gpointer data)
{
	NxListSettings *list = data;

	g_free (list->name);
	g_free (list->verp);
	g_free (list->confirm);
	g_free (list);
}

const NxListSettings *
nx_settings_find_list (const NxSettings *settings, const char *name)
{
	return find_list (settings->lists, name);
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
	settings->address_rules = nx_address_rules_new ();
	settings->authserv_ids = g_new0 (char *, 1);
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
	g_clear_pointer (&settings->address_rules, nx_address_rules_free);
	g_strfreev (settings->authserv_ids);
	g_clear_pointer (&settings->lists, g_ptr_array_unref);
	g_free (settings);
}
