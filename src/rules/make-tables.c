/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * make-tables.c: a program of the build: reads the embedded rules files (src/rules/embed.py) and writes C arrays of
 * what nixie needs of them (base/rules-builtin.h, verdict/phrase-table.h). What a process would have to read, fold and
 * index at each start is done once, here.
 *
 * usage: make-tables OUTPUT.c. It knows no rule and judges none: a stanza that makes no sense ends the build with the
 * message that the library has for it.
 */
#include "base/rules-builtin.h"
#include "base/rules-data.h"
#include "base/stanza.h"
#include "base/text.h"
#include "verdict/phrase-table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One array of strings, each of them once. */
typedef struct {
	GString *bytes;
	GHashTable *places;
} Pool;

static FILE *output;

static void
die (const char *message)
{
	fprintf (stderr, "make-tables: %s\n", message);
	exit (1);
}

static guint32
add_string (Pool *pool, const char *string)
{
	gpointer known = NULL;
	if (g_hash_table_lookup_extended (pool->places, string, NULL, &known))
		return GPOINTER_TO_UINT (known);
	guint32 place = (guint32)pool->bytes->len;
	g_string_append_len (pool->bytes, string, (gssize)strlen (string) + 1);
	g_hash_table_insert (pool->places, g_strdup (string), GUINT_TO_POINTER (place));
	return place;
}

/* Octal escapes have three digits, so that no digit behind one belongs to it. */
static void
write_bytes (const char *name, const char *bytes, gsize length)
{
	fprintf (output, "static const char %s[] =\n\t\"", name);
	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)bytes[i];
		if (g_ascii_isalnum (c) || (c != '\0' && strchr (" .,:;-_()<>@/*{}[]+=#!'", c) != NULL))
			fputc (c, output);
		else
			fprintf (output, "\\%03o", c);
		if (i % 96 == 95)
			fputs ("\"\n\t\"", output);
	}
	fputs ("\";\n\n", output);
}

/* An array of records that are made of guint32 alone. */
static void
write_numbers (const char *type, const char *name, gconstpointer data, gsize records, gsize width)
{
	const guint32 *numbers = data;
	fprintf (output, "static const %s %s[] = {\n", type, name);
	for (gsize i = 0; i < records; i++) {
		fputs (width > 1 ? "\t{ " : i % 12 == 0 ? "\t" : " ", output);
		for (gsize k = 0; k < width; k++)
			fprintf (output, "%u%s", numbers[i * width + k], k + 1 < width ? ", " : "");
		fputs (width > 1 ? " },\n" : i % 12 == 11 || i + 1 == records ? ",\n" : ",", output);
	}
	if (records == 0) /* C has no empty array */
		fputs (width > 1 ? "\t{ 0 },\n" : "\t0,\n", output);
	fputs ("};\n\n", output);
}

/* ---- stanzas ---- */

static gboolean
is_for_readers (const char *key)
{
	return g_str_has_prefix (key, "example") || strcmp (key, "source") == 0;
}

/* Phrases and doubts have tables of their own. */
static gboolean
is_matched (const NxStanza *stanza, const char *key)
{
	return strcmp (stanza->type, "phrase") != 0 && strcmp (stanza->type, "doubt") != 0 && !is_for_readers (key);
}

/* What is read often lies together: the texts for readers come behind all others. */
static void
add_strings (Pool *pool, const GPtrArray *stanzas, gboolean for_readers)
{
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		add_string (pool, stanza->type);
		add_string (pool, stanza->id);
		add_string (pool, stanza->file);
		for (guint k = 0; k < stanza->lines->len; k++) {
			const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, k);
			add_string (pool, line->key);
			if (is_matched (stanza, line->key) == for_readers)
				continue;
			g_autofree char *match = nx_stanza_dup_match (line);
			add_string (pool, line->value);
			if (is_matched (stanza, line->key))
				add_string (pool, match);
		}
	}
}

static void
write_stanzas (const NxRules *rules)
{
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	Pool pool = { g_string_new (NULL), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
	g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (NxStoredStanza));
	g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (NxStoredLine));
	add_string (&pool, "");
	add_strings (&pool, stanzas, FALSE);
	add_strings (&pool, stanzas, TRUE);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		NxStoredStanza record = { .type = add_string (&pool, stanza->type),
					  .id = add_string (&pool, stanza->id),
					  .file = add_string (&pool, stanza->file),
					  .line = stanza->line,
					  .first = lines->len,
					  .count = stanza->lines->len };
		g_array_append_val (records, record);
		for (guint k = 0; k < stanza->lines->len; k++) {
			const NxStanzaLine *source = &g_array_index (stanza->lines, NxStanzaLine, k);
			NxStoredLine line = { .key = add_string (&pool, source->key),
					      .value = add_string (&pool, source->value),
					      .line = source->line };
			g_autofree char *match = nx_stanza_dup_match (source);
			if (is_matched (stanza, source->key))
				line.match = add_string (&pool, match);
			g_array_append_val (lines, line);
		}
	}
	write_bytes ("stanza_strings", pool.bytes->str, pool.bytes->len);
	write_numbers ("NxStoredStanza", "stanzas", records->data, records->len, sizeof (NxStoredStanza) / 4);
	write_numbers ("NxStoredLine", "stanza_lines", lines->data, lines->len, sizeof (NxStoredLine) / 4);
	fprintf (output, "const NxStoredRules nx_rules_stored = { stanza_strings, stanzas, stanza_lines, %u };\n\n",
		 records->len);
	g_string_free (pool.bytes, TRUE);
	g_hash_table_unref (pool.places);
}

/* ---- tables ---- */

/* The arrays "NAME_texts", "NAME_literals" and "NAME_buckets". */
static void
write_matcher (const char *name, const NxMatcherTable *table)
{
	g_autofree char *texts = g_strconcat (name, "_texts", NULL);
	g_autofree char *literals = g_strconcat (name, "_literals", NULL);
	g_autofree char *buckets = g_strconcat (name, "_buckets", NULL);
	gsize bytes = 0;
	for (gsize i = 0; i < table->count; i++)
		bytes = MAX (bytes, table->literals[i].text + table->literals[i].length + 1);
	write_bytes (texts, table->texts, bytes);
	write_numbers ("NxMatcherLiteral", literals, table->literals, table->count, sizeof (NxMatcherLiteral) / 4);
	write_numbers ("guint32", buckets, table->buckets, NX_MATCHER_BUCKETS, 1);
}

static void
write_words (const NxRules *rules, const char *type, const char *const *keys, const char *name)
{
	g_autoptr (NxMatcher) matcher = nx_matcher_new (NULL);
	g_autoptr (GPtrArray) stanzas = nx_rules_list_stanzas (rules, type, FALSE);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		for (guint k = 0; k < stanza->lines->len; k++) {
			const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, k);
			g_autofree char *match = nx_stanza_dup_match (line);
			if (g_strv_contains (keys, line->key) && strlen (match) >= NX_MATCHER_MIN_BYTES)
				nx_matcher_add (matcher, match);
		}
	}
	nx_matcher_compile (matcher);
	NxMatcherTable table = nx_matcher_get_table (matcher);
	write_matcher (name, &table);
	fprintf (output, "const NxMatcherTable nx_rules_%s = { %s_texts, %s_literals, %s_buckets, %zu };\n\n", name,
		 name, name, name, table.count);
}

static void
write_uses (const char *name, const NxPhraseTable *table)
{
	fprintf (output, "static const NxPhraseUse %s[] = {\n", name);
	for (guint i = 0; i < table->first_uses[table->matcher.count]; i++)
		fprintf (output, "\t{ %u, %u, %u },\n", table->uses[i].text, table->uses[i].piece, table->uses[i].name);
	fputs ("\t{ 0 },\n};\n\n", output);
}

/* The arrays of one table, named "TYPE_…". */
static void
write_phrases (const char *type, const NxPhraseTable *table)
{
	char name[64];
#define NAME(what) (g_snprintf (name, sizeof name, "%s_%s", type, what), name)
	write_matcher (type, &table->matcher);
	write_bytes (NAME ("strings"), table->strings, table->string_bytes);
	write_numbers ("NxPhraseRow", NAME ("rows"), table->rows, table->row_count, sizeof (NxPhraseRow) / 4);
	write_numbers ("NxPhraseText", NAME ("pieces"), table->texts, table->text_count, sizeof (NxPhraseText) / 4);
	write_uses (NAME ("uses"), table);
	write_numbers ("guint32", NAME ("first_uses"), table->first_uses, table->matcher.count + 1, 1);
	write_numbers ("guint32", NAME ("lists"), table->lists, table->list_count, 1);
	write_numbers ("NxPhraseProvider", NAME ("providers"), table->providers, table->provider_count,
		       sizeof (NxPhraseProvider) / 4);
	write_numbers ("guint32", NAME ("bare"), table->bare, table->bare_count, 1);
#undef NAME
}

static void
write_table (const char *member, const char *type, const NxPhraseTable *table)
{
	fprintf (output,
		 "\t.%s = {\n\t\t.matcher = { %s_texts, %s_literals, %s_buckets, %zu },\n\t\t.strings = %s_strings,\n"
		 "\t\t.rows = %s_rows,\n\t\t.texts = %s_pieces,\n\t\t.uses = %s_uses,\n"
		 "\t\t.first_uses = %s_first_uses,\n\t\t.lists = %s_lists,\n\t\t.providers = %s_providers,\n"
		 "\t\t.bare = %s_bare,\n",
		 member, type, type, type, table->matcher.count, type, type, type, type, type, type, type, type);
	fprintf (output,
		 "\t\t.row_count = %u,\n\t\t.text_count = %u,\n\t\t.list_count = %u,\n\t\t.provider_count = %u,\n"
		 "\t\t.bare_count = %u,\n\t\t.ends = %u,\n\t\t.string_bytes = %zu,\n\t},\n",
		 table->row_count, table->text_count, table->list_count, table->provider_count, table->bare_count,
		 table->ends, table->string_bytes);
}

static NxRules *
read_rules (void)
{
	NxRules *rules = nx_rules_new_empty ();
	g_autoptr (GError) error = NULL;
	for (guint i = 0; nx_rules_data[i].name != NULL; i++)
		if (!nx_rules_add_text (rules, nx_rules_data[i].name, nx_rules_data[i].text, &error))
			die (error->message);
	return rules;
}

int
main (int argc, char **argv)
{
	static const char *const mark_keys[] = { "mark", "state", NULL };
	static const char *const near_keys[] = { "near", NULL };
	g_autoptr (GError) error = NULL;
	if (argc != 2)
		die ("usage: make-tables OUTPUT.c");
	output = fopen (argv[1], "w");
	if (output == NULL)
		die ("cannot write the output");
	g_autoptr (NxRules) rules = read_rules ();
	g_autoptr (NxPhraseBuild) phrases = nx_phrase_build_new (rules, "phrase", NULL, &error);
	g_autoptr (NxPhraseBuild) doubts = phrases != NULL ? nx_phrase_build_new (rules, "doubt", NULL, &error) : NULL;
	if (doubts == NULL)
		die (error->message);
	fputs ("/* Made by src/rules/make-tables.c; do not edit. */\n#include \"base/rules-builtin.h\"\n"
	       "#include \"verdict/phrase-table.h\"\n\n",
	       output);
	write_stanzas (rules);
	write_words (rules, "format", mark_keys, "marks");
	write_words (rules, "bystander", near_keys, "near");
	write_phrases ("phrase", nx_phrase_build_get_table (phrases));
	write_phrases ("doubt", nx_phrase_build_get_table (doubts));
	fputs ("const NxPhraseTables nx_phrase_tables = {\n", output);
	write_table ("phrases", "phrase", nx_phrase_build_get_table (phrases));
	write_table ("doubts", "doubt", nx_phrase_build_get_table (doubts));
	fputs ("};\n", output);
	if (fclose (output) != 0)
		die ("cannot write the output");
	return 0;
}
