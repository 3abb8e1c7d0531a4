/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules.c: reads rules files into stanzas. See nixie/rules.h for the grammar.
 *
 * The built-in rules were read when nixie was built (src/rules/make-tables.c): their stanzas are made when somebody
 * asks for their type, of strings that lie in the program.
 *
 * An own small reader and not GKeyFile: a second group of one name would silently overwrite keys of the first there,
 * and its errors carry no line. It checks types, keys and ids; what the values mean is not its business.
 */
#include "base/stanza.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

struct _NxRules {
	const NxStoredRules *stored; /* NULL: none */
	GPtrArray *stanzas;          /* the stored ones first; NULL for one that nobody asked for yet */
	GHashTable *by_name;         /* "type id" to its place, counted from 1; NULL until a text is read */
};

/* The types of stanzas and the keys of each; a key ending in "." takes any name behind it. */
static const struct {
	const char *type;
	const char *keys[22];
} types[] = {
	{ "provider", { "mta", "domain", "source" } },
	{ "phrase",
	  { "reason", "verdict", "reply", "status", "mta", "text", "unless", "over", "example", "example-mta",
	    "source" } },
	{ "doubt", { "verdict", "reason", "of", "reply", "status", "text", "unless", "over", "example", "source" } },
	{ "bystander", { "near", "before", "after", "unless", "example", "source" } },
	{ "format",
	  { "header.", "mark", "state", "without", "automatic", "evidence", "kind", "start", "end", "recipient",
	    "diagnostic", "header-recipient", "section.", "skip", "reporting-mta", "as", "over", "example-file",
	    "source" } },
	{ "sign", { "means", "header.", "address", "text", "example", "source" } },
};

NxStanza *
nx_stanza_ref (NxStanza *stanza)
{
	g_atomic_ref_count_inc (&stanza->references);
	return stanza;
}

void
nx_stanza_unref (NxStanza *stanza)
{
	if (stanza == NULL || !g_atomic_ref_count_dec (&stanza->references))
		return;
	for (guint i = 0; i < stanza->lines->len && stanza->memory != NULL; i++)
		g_free (g_array_index (stanza->lines, NxStanzaLine, i).memory);
	g_array_unref (stanza->lines);
	g_free (stanza->memory);
	g_free (stanza);
}

static void
stanza_free_cb (gpointer data)
{
	nx_stanza_unref (data);
}

NxRules *
nx_rules_new_empty (void)
{
	NxRules *rules = g_new0 (NxRules, 1);
	rules->stanzas = g_ptr_array_new_with_free_func (stanza_free_cb);
	return rules;
}

NxRules *
nx_rules_new_stored (const NxStoredRules *stored)
{
	NxRules *rules = nx_rules_new_empty ();
	rules->stored = stored;
	g_ptr_array_set_size (rules->stanzas, (gint)stored->count);
	return rules;
}

void
nx_rules_free (NxRules *rules)
{
	if (rules == NULL)
		return;
	g_clear_pointer (&rules->by_name, g_hash_table_unref);
	g_ptr_array_unref (rules->stanzas);
	g_free (rules);
}

/* ---- stored stanzas ---- */

static NxStanza *
make_stored (const NxStoredRules *stored, guint index)
{
	const NxStoredStanza *source = &stored->stanzas[index];
	NxStanza *stanza = g_new0 (NxStanza, 1);
	g_atomic_ref_count_init (&stanza->references);
	stanza->type = stored->strings + source->type;
	stanza->id = stored->strings + source->id;
	stanza->file = stored->strings + source->file;
	stanza->line = source->line;
	stanza->lines = g_array_sized_new (FALSE, FALSE, sizeof (NxStanzaLine), source->count);
	g_array_set_size (stanza->lines, source->count);
	for (guint i = 0; i < source->count; i++) {
		const NxStoredLine *line = &stored->lines[source->first + i];
		g_array_index (stanza->lines, NxStanzaLine, i) =
			(NxStanzaLine){ .key = stored->strings + line->key,
					.value = stored->strings + line->value,
					.match = line->match != 0 ? stored->strings + line->match : NULL,
					.line = line->line };
	}
	return stanza;
}

static gboolean
is_stored (const NxRules *rules, guint index)
{
	if (rules->stored == NULL || index >= rules->stored->count)
		return FALSE;
	const NxStanza *stanza = g_ptr_array_index (rules->stanzas, index);
	return stanza == NULL || stanza->memory == NULL;
}

static const char *
get_type (const NxRules *rules, guint index)
{
	const NxStanza *stanza = g_ptr_array_index (rules->stanzas, index);
	return stanza != NULL ? stanza->type : rules->stored->strings + rules->stored->stanzas[index].type;
}

static NxStanza *
open_stanza (const NxRules *rules, guint index)
{
	if (g_ptr_array_index (rules->stanzas, index) == NULL)
		g_ptr_array_index (rules->stanzas, index) = make_stored (rules->stored, index);
	return g_ptr_array_index (rules->stanzas, index);
}

const GPtrArray *
nx_rules_get_stanzas (const NxRules *rules)
{
	for (guint i = 0; i < rules->stanzas->len; i++)
		open_stanza (rules, i);
	return rules->stanzas;
}

GPtrArray *
nx_rules_list_stanzas (const NxRules *rules, const char *type, gboolean own)
{
	GPtrArray *list = g_ptr_array_new ();
	for (guint i = 0; i < rules->stanzas->len; i++)
		if (!(own && is_stored (rules, i)) && strcmp (get_type (rules, i), type) == 0)
			g_ptr_array_add (list, open_stanza (rules, i));
	return list;
}

const NxStoredRules *
nx_rules_get_stored (const NxRules *rules)
{
	return rules->stored;
}

guint8 *
nx_rules_list_replaced (const NxRules *rules, const char *type)
{
	guint count = 0;
	guint8 *replaced = NULL;
	for (guint i = 0; rules->stored != NULL && i < rules->stored->count; i++) {
		if (strcmp (get_type (rules, i), type) != 0)
			continue;
		if (!is_stored (rules, i)) {
			if (replaced == NULL)
				replaced = g_new0 (guint8, rules->stored->count);
			replaced[count] = TRUE;
		}
		count++;
	}
	return replaced;
}

/* ---- what they hold ---- */

guint
nx_rules_get_count (const NxRules *rules)
{
	g_return_val_if_fail (rules != NULL, 0);
	return rules->stanzas->len;
}

/* What tells most of a stanza, by its type: the keys of its summary and of its text. */
static const char *
get_first (const NxStanza *stanza, const char *const *keys)
{
	for (guint i = 0; keys[i] != NULL; i++) {
		const char *value = nx_stanza_get (stanza, keys[i]);
		if (value != NULL)
			return value;
	}
	return "";
}

void
nx_rules_get_info (const NxRules *rules, guint index, NxRuleInfo *info_out)
{
	static const char *const summaries[] = { "reason", "verdict", "kind", "means", "mta", NULL };
	static const char *const texts[] = { "text", "mark",   "header.subject", "header.from", "address",
					     "near", "before", "after",          NULL };
	g_return_if_fail (rules != NULL && index < rules->stanzas->len && info_out != NULL);
	const NxStanza *stanza = open_stanza (rules, index);
	*info_out = (NxRuleInfo){ .type = stanza->type,
				  .id = stanza->id,
				  .file = stanza->file,
				  .line = stanza->line,
				  .summary = get_first (stanza, summaries),
				  .text = get_first (stanza, texts) };
}

const char *
nx_stanza_get (const NxStanza *stanza, const char *key)
{
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, key) == 0)
			return line->value;
	}
	return NULL;
}

char *
nx_stanza_dup_match (const NxStanzaLine *line)
{
	return line->match != NULL ? g_strdup (line->match) : nx_text_make_match (line->value);
}

GPtrArray *
nx_stanza_split (const NxStanza *stanza, const char *key)
{
	GPtrArray *words = NULL;
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, key) != 0)
			continue;
		if (words == NULL)
			words = g_ptr_array_new_with_free_func (g_free);
		g_auto (GStrv) split = g_strsplit_set (line->value, " \t\n", -1);
		for (guint w = 0; split[w] != NULL; w++)
			if (*split[w] != '\0')
				g_ptr_array_add (words, g_strdup (split[w]));
	}
	return words;
}

gboolean
nx_stanza_fail (const NxStanza *stanza, guint line, GError **error, const char *format, ...)
{
	va_list args;
	va_start (args, format);
	g_autofree char *message = g_strdup_vprintf (format, args);
	va_end (args);
	g_set_error (error, NX_ERROR, NX_ERROR_RULES, "%s:%u: [%s %s] %s", stanza->file,
		     line != 0 ? line : stanza->line, stanza->type, stanza->id, message);
	return FALSE;
}

/* The interned name of a key that the type knows, or NULL. */
static const char *
find_key (const char *type, const char *key)
{
	for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
		if (strcmp (types[t].type, type) != 0)
			continue;
		for (guint k = 0; types[t].keys[k] != NULL; k++) {
			const char *known = types[t].keys[k];
			if (g_str_has_suffix (known, ".") ? g_str_has_prefix (key, known) : strcmp (key, known) == 0)
				return g_intern_string (key);
		}
	}
	return NULL;
}

static gboolean
is_type (const char *type)
{
	for (guint t = 0; t < G_N_ELEMENTS (types); t++)
		if (strcmp (types[t].type, type) == 0)
			return TRUE;
	return FALSE;
}

/* The state of one nx_rules_add_text(). */
typedef struct {
	const char *name;
	guint number;
	GPtrArray *stanzas;
	GHashTable *seen; /* "type id" */
} Reader;

static gboolean
fail_line (const Reader *reader, GError **error, const char *message)
{
	g_set_error (error, NX_ERROR, NX_ERROR_RULES, "%s:%u: %s", reader->name, reader->number, message);
	return FALSE;
}

/* "[type id]" */
static gboolean
read_head (Reader *reader, const char *line, GError **error)
{
	gsize length = strlen (line);
	if (line[length - 1] != ']')
		return fail_line (reader, error, "a stanza's head must end with \"]\"");
	g_autofree char *inner = g_strndup (line + 1, length - 2);
	g_auto (GStrv) words = g_strsplit (inner, " ", -1);
	if (g_strv_length (words) != 2 || *words[0] == '\0' || *words[1] == '\0')
		return fail_line (reader, error, "a stanza's head is \"[TYPE ID]\", with one blank");
	if (!is_type (words[0]))
		return fail_line (
			reader, error,
			"unknown type of stanza; phrase, doubt, bystander, format, provider and sign are known");
	for (const char *p = words[1]; *p != '\0'; p++)
		if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && strchr ("-._", *p) == NULL)
			return fail_line (reader, error, "an id is made of a-z, 0-9, \"-\", \".\" and \"_\"");
	if (!g_hash_table_add (reader->seen, g_strdup (inner)))
		return fail_line (reader, error, "this id came before in the same file");
	NxStanza *stanza = g_new0 (NxStanza, 1);
	g_atomic_ref_count_init (&stanza->references);
	stanza->memory = g_strdup (inner);
	stanza->memory[strlen (words[0])] = '\0';
	stanza->type = stanza->memory;
	stanza->id = stanza->memory + strlen (words[0]) + 1;
	stanza->file = g_intern_string (reader->name);
	stanza->line = reader->number;
	stanza->lines = g_array_new (FALSE, TRUE, sizeof (NxStanzaLine));
	g_ptr_array_add (reader->stanzas, stanza);
	return TRUE;
}

static gboolean
read_continuation (Reader *reader, NxStanza *stanza, const char *line, GError **error)
{
	if (stanza == NULL || stanza->lines->len == 0)
		return fail_line (reader, error,
				  "a line that begins with white space continues a value, and there is none before it");
	NxStanzaLine *last = &g_array_index (stanza->lines, NxStanzaLine, stanza->lines->len - 1);
	g_autofree char *rest = g_strstrip (g_strdup (line));
	g_autofree char *before = last->memory;
	last->memory = g_strconcat (before, *before != '\0' ? " " : "", rest, NULL);
	last->value = last->memory;
	if (strlen (last->value) > NX_LIMIT_RULE_VALUE_BYTES)
		return fail_line (reader, error, "the value is too long");
	return TRUE;
}

/* "key = value" */
static gboolean
read_pair (Reader *reader, NxStanza *stanza, const char *line, GError **error)
{
	if (stanza == NULL)
		return fail_line (reader, error, "a key before the first stanza; open one with [TYPE ID]");
	const char *equals = strchr (line, '=');
	if (equals == NULL)
		return fail_line (reader, error, "neither \"[TYPE ID]\", nor \"key = value\", nor a \"#\" comment");
	g_autofree char *key = g_strstrip (g_strndup (line, (gsize)(equals - line)));
	NxStanzaLine pair = { .key = find_key (stanza->type, key), .line = reader->number };
	if (pair.key == NULL) {
		g_autofree char *message = g_strdup_printf ("a %s has no key \"%s\"", stanza->type, key);
		return fail_line (reader, error, message);
	}
	pair.memory = g_strstrip (g_strdup (equals + 1));
	pair.value = pair.memory;
	g_array_append_val (stanza->lines, pair);
	if (strlen (pair.value) > NX_LIMIT_RULE_VALUE_BYTES)
		return fail_line (reader, error, "the value is too long");
	return TRUE;
}

static gboolean
read_line (Reader *reader, char *line, GError **error)
{
	g_strchomp (line);
	NxStanza *stanza =
		reader->stanzas->len > 0 ? g_ptr_array_index (reader->stanzas, reader->stanzas->len - 1) : NULL;
	if (*line == '\0' || *line == '#')
		return TRUE;
	if (g_ascii_isspace (*line))
		return read_continuation (reader, stanza, line, error);
	if (*line == '[')
		return read_head (reader, line, error);
	return read_pair (reader, stanza, line, error);
}

static void
note_name (NxRules *rules, const char *type, const char *id, guint index)
{
	g_hash_table_replace (rules->by_name, g_strconcat (type, " ", id, NULL), GUINT_TO_POINTER (index + 1));
}

static void
note_stored (NxRules *rules)
{
	rules->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; rules->stored != NULL && i < rules->stored->count; i++) {
		const NxStoredStanza *stanza = &rules->stored->stanzas[i];
		note_name (rules, rules->stored->strings + stanza->type, rules->stored->strings + stanza->id, i);
	}
}

/* A stanza with a known name takes the older one's place. */
static void
put_stanza (NxRules *rules, NxStanza *stanza)
{
	if (rules->by_name == NULL)
		note_stored (rules);
	g_autofree char *name = g_strconcat (stanza->type, " ", stanza->id, NULL);
	guint place = GPOINTER_TO_UINT (g_hash_table_lookup (rules->by_name, name));
	if (place > 0) {
		nx_stanza_unref (g_ptr_array_index (rules->stanzas, place - 1));
		g_ptr_array_index (rules->stanzas, place - 1) = stanza;
	} else {
		g_ptr_array_add (rules->stanzas, stanza);
		note_name (rules, stanza->type, stanza->id, rules->stanzas->len - 1);
	}
}

gboolean
nx_rules_add_text (NxRules *rules, const char *name, const char *text, GError **error)
{
	g_return_val_if_fail (rules != NULL && name != NULL && text != NULL, FALSE);
	g_autoptr (GPtrArray) stanzas = g_ptr_array_new_with_free_func (stanza_free_cb);
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	Reader reader = { .name = name, .stanzas = stanzas, .seen = seen };
	if (!g_utf8_validate (text, -1, NULL))
		return fail_line (&reader, error, "not UTF-8");
	for (const char *line = text; *line != '\0';) {
		gsize length = strcspn (line, "\n");
		g_autofree char *copy = g_strndup (line, length);
		reader.number++;
		if (!read_line (&reader, copy, error))
			return FALSE;
		line += length + (line[length] == '\n');
	}
	g_ptr_array_set_free_func (stanzas, NULL);
	for (guint i = 0; i < stanzas->len; i++)
		put_stanza (rules, g_ptr_array_index (stanzas, i));
	return TRUE;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
	return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static gboolean
add_file (NxRules *rules, const char *path, GError **error)
{
	g_autofree char *text = NULL;
	gsize length = 0;
	g_autoptr (GError) local = NULL;
	if (!g_file_get_contents (path, &text, &length, &local)) {
		g_set_error (error, NX_ERROR, NX_ERROR_RULES, "%s", local->message);
		return FALSE;
	}
	if (length > NX_LIMIT_RULES_FILE_BYTES || strlen (text) != length) {
		g_set_error (error, NX_ERROR, NX_ERROR_RULES, "%s: too long for a rules file, or not text", path);
		return FALSE;
	}
	return nx_rules_add_text (rules, path, text, error);
}

gboolean
nx_rules_add_folder (NxRules *rules, const char *folder, GError **error)
{
	g_return_val_if_fail (rules != NULL && folder != NULL, FALSE);
	if (!g_file_test (folder, G_FILE_TEST_EXISTS))
		return TRUE;
	g_autoptr (GError) local = NULL;
	g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
	if (dir == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_RULES, "%s", local->message);
		return FALSE;
	}
	g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
	for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
		if (*name != '.' && g_str_has_suffix (name, ".rules"))
			g_ptr_array_add (names, g_strdup (name));
	g_ptr_array_sort (names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);
		if (!add_file (rules, path, error))
			return FALSE;
	}
	return TRUE;
}
