/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phrase-table.c: compiles phrase, doubt and provider stanzas. See phrase-table.h, nixie/rules.h and CONTRIBUTING.md.
 *
 * It runs when nixie is built, for the built-in rules, and in a process only for the stanzas of a local folder. It
 * matches nothing: that is phrase.c's business.
 */
#include "verdict/phrase-table.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

struct _NxPhraseBuild {
	NxPhraseTable table; /* into the arrays below, when all is built */
	const NxPhraseTable *base;
	NxMatcher *matcher;
	GString *strings;
	GHashTable *by_string;
	GArray *rows;
	GArray *texts;
	GArray *uses;
	GArray *first_uses;
	GArray *lists;
	GArray *providers;
	GArray *bare;
	GPtrArray *uses_of; /* by literal: GArray of NxPhraseUse */
	gboolean doubts;
};

gboolean
nx_phrase_is_name (const char *literal)
{
	if (strpbrk (literal, "@/=?") != NULL)
		return TRUE;
	const char *dot = strchr (literal, '.');
	return dot != NULL && dot > literal && g_ascii_isalnum (dot[-1]) && g_ascii_isalnum (dot[1]);
}

static void
array_free_cb (gpointer data)
{
	g_array_unref (data);
}

static guint32
add_string (NxPhraseBuild *build, const char *string)
{
	gpointer known = NULL;
	if (g_hash_table_lookup_extended (build->by_string, string, NULL, &known))
		return GPOINTER_TO_UINT (known);
	guint32 at = (guint32)build->strings->len;
	g_string_append_len (build->strings, string, (gssize)strlen (string) + 1);
	g_hash_table_insert (build->by_string, g_strdup (string), GUINT_TO_POINTER (at));
	return at;
}

static guint32
add_list (NxPhraseBuild *build, const GPtrArray *strings)
{
	if (strings == NULL)
		return 0;
	guint32 end = 0;
	guint32 at = build->lists->len;
	for (guint i = 0; i < strings->len; i++) {
		guint32 string = add_string (build, g_ptr_array_index (strings, i));
		g_array_append_val (build->lists, string);
	}
	g_array_append_val (build->lists, end);
	return at;
}

static guint32
split_list (NxPhraseBuild *build, const NxStanza *stanza, const char *key)
{
	g_autoptr (GPtrArray) words = nx_stanza_split (stanza, key);
	return add_list (build, words);
}

/* Hosts and domains are matched in lower case. */
static guint32
split_lower (NxPhraseBuild *build, const NxStanza *stanza, const char *key)
{
	g_autoptr (GPtrArray) words = nx_stanza_split (stanza, key);
	g_autoptr (GPtrArray) lower = g_ptr_array_new_with_free_func (g_free);
	for (guint i = 0; words != NULL && i < words->len; i++)
		g_ptr_array_add (lower, g_ascii_strdown (g_ptr_array_index (words, i), -1));
	return add_list (build, lower->len > 0 ? lower : NULL);
}

static void
add_use (NxPhraseBuild *build, const char *piece, guint text, guint number)
{
	guint literal = nx_matcher_add (build->matcher, piece);
	if (literal == build->uses_of->len)
		g_ptr_array_add (build->uses_of, g_array_new (FALSE, FALSE, sizeof (NxPhraseUse)));
	NxPhraseUse use = { text, (guint16)number, (guint16)nx_phrase_is_name (piece) };
	g_array_append_val ((GArray *)g_ptr_array_index (build->uses_of, literal), use);
}

static gboolean
add_text (NxPhraseBuild *build, const NxStanza *stanza, const NxStanzaLine *line, GError **error)
{
	g_autofree char *literal = nx_stanza_dup_match (line);
	g_auto (GStrv) pieces = g_strsplit (literal, "*", -1);
	NxPhraseText text = { .row = build->rows->len,
			      .literal = add_string (build, literal),
			      .first = build->table.ends };
	if (pieces[0] == NULL)
		return nx_stanza_fail (stanza, line->line, error, "the text is empty");
	for (guint i = 0; pieces[i] != NULL; i++) {
		const char *piece = g_strstrip (pieces[i]);
		if (strlen (piece) < NX_MATCHER_MIN_BYTES)
			return nx_stanza_fail (stanza, line->line, error, "each piece of a text has at least %d bytes",
					       NX_MATCHER_MIN_BYTES);
		if (text.count == NX_LIMIT_RULE_PIECES)
			return nx_stanza_fail (stanza, line->line, error, "a text has at most %d pieces between \"*\"",
					       NX_LIMIT_RULE_PIECES);
		add_use (build, piece, build->texts->len, text.count++);
	}
	if (text.count > 1)
		build->table.ends += text.count;
	g_array_append_val (build->texts, text);
	return TRUE;
}

const NxPhraseProvider *
nx_phrase_table_find_provider (const NxPhraseTable *table, const char *id)
{
	for (guint i = 0; table != NULL && i < table->provider_count; i++)
		if (strcmp (table->strings + table->providers[i].id, id) == 0)
			return &table->providers[i];
	return NULL;
}

static gboolean
has_provider (const NxPhraseBuild *build, const char *id)
{
	for (guint i = 0; i < build->providers->len; i++)
		if (strcmp (build->strings->str + g_array_index (build->providers, NxPhraseProvider, i).id, id) == 0)
			return TRUE;
	return nx_phrase_table_find_provider (build->base, id) != NULL;
}

static gboolean
check_mta (const NxPhraseBuild *build, const NxStanza *stanza, GError **error)
{
	g_autoptr (GPtrArray) words = nx_stanza_split (stanza, "mta");
	for (guint i = 0; words != NULL && i < words->len; i++) {
		const char *word = g_ptr_array_index (words, i);
		if (*word == '@' && !has_provider (build, word + 1))
			return nx_stanza_fail (stanza, 0, error,
					       "mta names the provider \"%s\", which no stanza describes", word + 1);
	}
	return TRUE;
}

static gboolean
read_result (const NxStanza *stanza, NxPhraseRow *row, GError **error)
{
	const char *name = nx_stanza_get (stanza, "reason");
	NxReason reason = NX_REASON_NONE;
	if (name == NULL)
		return nx_stanza_fail (stanza, 0, error, "a phrase needs a reason");
	if (*name == '\0' || !nx_reason_from_string (name, &reason))
		return nx_stanza_fail (stanza, 0, error, "unknown reason \"%s\"", name);
	NxVerdict verdict = nx_reason_get_verdict (reason);
	name = nx_stanza_get (stanza, "verdict");
	if (name != NULL && (*name == '\0' || !nx_verdict_from_string (name, &verdict)))
		return nx_stanza_fail (stanza, 0, error, "unknown verdict \"%s\"", name);
	row->reason = reason;
	row->verdict = verdict;
	return TRUE;
}

static gboolean
check_of (const NxStanza *stanza, GError **error)
{
	g_autoptr (GPtrArray) names = nx_stanza_split (stanza, "of");
	for (guint i = 0; names != NULL && i < names->len; i++) {
		const char *name = g_ptr_array_index (names, i);
		NxVerdict verdict;
		NxReason reason;
		if (!nx_verdict_from_string (name, &verdict) && !nx_reason_from_string (name, &reason))
			return nx_stanza_fail (stanza, 0, error, "of names \"%s\", which is no verdict and no reason",
					       name);
	}
	return TRUE;
}

/* A doubt without a reason leaves the one that was found. */
static gboolean
read_doubt (const NxStanza *stanza, NxPhraseRow *row, GError **error)
{
	const char *name = nx_stanza_get (stanza, "reason");
	NxReason reason = NX_REASON_NONE;
	NxVerdict verdict = NX_VERDICT_NONE;
	if (name != NULL && (*name == '\0' || !nx_reason_from_string (name, &reason)))
		return nx_stanza_fail (stanza, 0, error, "unknown reason \"%s\"", name);
	name = nx_stanza_get (stanza, "verdict");
	if (name == NULL)
		return nx_stanza_fail (stanza, 0, error, "a doubt needs a verdict: transient, blocked or benign");
	if (*name == '\0' || !nx_verdict_from_string (name, &verdict))
		return nx_stanza_fail (stanza, 0, error, "unknown verdict \"%s\"", name);
	if (verdict == NX_VERDICT_PERMANENT)
		return nx_stanza_fail (stanza, 0, error,
				       "a doubt spares an address; what says that it is dead is a phrase");
	row->reason = reason;
	row->verdict = verdict;
	return check_of (stanza, error);
}

static gboolean
add_row (NxPhraseBuild *build, const NxStanza *stanza, GError **error)
{
	NxPhraseRow row = { .id = add_string (build, stanza->id) };
	g_autoptr (GPtrArray) unless = g_ptr_array_new_with_free_func (g_free);
	row.reply = split_list (build, stanza, "reply");
	row.status = split_list (build, stanza, "status");
	row.over = split_list (build, stanza, "over");
	row.of = split_list (build, stanza, "of");
	row.mta = split_lower (build, stanza, "mta");
	if (!(build->doubts ? read_doubt (stanza, &row, error) : read_result (stanza, &row, error)) ||
	    !check_mta (build, stanza, error))
		return FALSE;
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "text") == 0) {
			if (!add_text (build, stanza, line, error))
				return FALSE;
			row.texts++;
		} else if (strcmp (line->key, "unless") == 0 && *line->value != '\0') {
			g_ptr_array_add (unless, nx_stanza_dup_match (line));
		}
	}
	row.unless = add_list (build, unless->len > 0 ? unless : NULL);
	if (row.texts == 0 && build->doubts)
		return nx_stanza_fail (stanza, 0, error, "a doubt needs a text");
	if (row.texts == 0 && row.status == 0 && row.reply == 0)
		return nx_stanza_fail (stanza, 0, error, "a phrase needs a text, a status or a reply");
	if (row.texts == 0) {
		guint32 number = build->rows->len;
		g_array_append_val (build->bare, number);
	}
	g_array_append_val (build->rows, row);
	return TRUE;
}

static void
add_provider (NxPhraseBuild *build, const NxStanza *stanza)
{
	NxPhraseProvider provider = { .id = add_string (build, stanza->id) };
	provider.mta = split_lower (build, stanza, "mta");
	provider.domain = split_lower (build, stanza, "domain");
	g_array_append_val (build->providers, provider);
}

static void
finish (NxPhraseBuild *build)
{
	nx_matcher_compile (build->matcher);
	guint32 first = 0;
	for (guint i = 0; i < build->uses_of->len; i++) {
		const GArray *uses = g_ptr_array_index (build->uses_of, i);
		g_array_append_val (build->first_uses, first);
		g_array_append_vals (build->uses, uses->data, uses->len);
		first += uses->len;
	}
	g_array_append_val (build->first_uses, first);
	NxPhraseTable *table = &build->table;
	table->matcher = nx_matcher_get_table (build->matcher);
	table->strings = build->strings->str;
	table->string_bytes = build->strings->len;
	table->rows = (const NxPhraseRow *)(gconstpointer)build->rows->data;
	table->row_count = build->rows->len;
	table->texts = (const NxPhraseText *)(gconstpointer)build->texts->data;
	table->text_count = build->texts->len;
	table->uses = (const NxPhraseUse *)(gconstpointer)build->uses->data;
	table->first_uses = (const guint32 *)(gconstpointer)build->first_uses->data;
	table->lists = (const guint32 *)(gconstpointer)build->lists->data;
	table->list_count = build->lists->len;
	table->providers = (const NxPhraseProvider *)(gconstpointer)build->providers->data;
	table->provider_count = build->providers->len;
	table->bare = (const guint32 *)(gconstpointer)build->bare->data;
	table->bare_count = build->bare->len;
}

NxPhraseBuild *
nx_phrase_build_new (const NxRules *rules, const char *type, const NxPhraseTable *base, GError **error)
{
	g_autoptr (NxPhraseBuild) build = g_new0 (NxPhraseBuild, 1);
	build->base = base;
	build->doubts = strcmp (type, "doubt") == 0;
	build->matcher = nx_matcher_new (NULL);
	build->strings = g_string_new (NULL);
	build->by_string = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	build->rows = g_array_new (FALSE, FALSE, sizeof (NxPhraseRow));
	build->texts = g_array_new (FALSE, FALSE, sizeof (NxPhraseText));
	build->uses = g_array_new (FALSE, FALSE, sizeof (NxPhraseUse));
	build->first_uses = g_array_new (FALSE, FALSE, sizeof (guint32));
	build->lists = g_array_new (FALSE, FALSE, sizeof (guint32));
	build->providers = g_array_new (FALSE, FALSE, sizeof (NxPhraseProvider));
	build->bare = g_array_new (FALSE, FALSE, sizeof (guint32));
	build->uses_of = g_ptr_array_new_with_free_func (array_free_cb);
	guint32 nothing = add_string (build, ""); /* so that 0 is no list and no string of one */
	g_array_append_val (build->lists, nothing);
	g_autoptr (GPtrArray) providers = nx_rules_list_stanzas (rules, "provider", base != NULL);
	for (guint i = 0; i < providers->len && !build->doubts; i++)
		add_provider (build, g_ptr_array_index (providers, i));
	g_autoptr (GPtrArray) stanzas = nx_rules_list_stanzas (rules, type, base != NULL);
	for (guint i = 0; i < stanzas->len; i++)
		if (!add_row (build, g_ptr_array_index (stanzas, i), error))
			return NULL;
	finish (build);
	return g_steal_pointer (&build);
}

const NxPhraseTable *
nx_phrase_build_get_table (const NxPhraseBuild *build)
{
	return &build->table;
}

void
nx_phrase_build_free (NxPhraseBuild *build)
{
	if (build == NULL)
		return;
	nx_matcher_free (build->matcher);
	g_string_free (build->strings, TRUE);
	g_hash_table_unref (build->by_string);
	g_array_unref (build->rows);
	g_array_unref (build->texts);
	g_array_unref (build->uses);
	g_array_unref (build->first_uses);
	g_array_unref (build->lists);
	g_array_unref (build->providers);
	g_array_unref (build->bare);
	g_ptr_array_unref (build->uses_of);
	g_free (build);
}
