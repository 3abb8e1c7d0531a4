/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_rules-built.c: what the build made of the rules (rules/make-tables.c) against what a process makes of the same
 * files: the same stanzas, the same tables, the same hits in random texts, the same rule for every example. And that
 * the rules of a local folder take their place beside and instead of the built ones.
 */
#include "base/glob.h"
#include "base/rules-builtin.h"
#include "base/stanza.h"
#include "base/text.h"
#include "core-helpers.h"
#include "verdict/forward.h"
#include "verdict/phrase-table.h"
#include "verdict/phrase.h"

#include <nixie/reply.h>

static NxRules *built;
static NxRules *parsed;

static void
add_all (NxRules *rules)
{
	g_autoptr (GError) error = NULL;
	for (guint i = 0; nx_rules_data[i].name != NULL; i++)
		if (!nx_rules_add_text (rules, nx_rules_data[i].name, nx_rules_data[i].text, &error))
			fail_msg ("%s", error->message);
}

static int
setup (void **state)
{
	(void)state;
	built = nx_rules_new_builtin ();
	parsed = nx_rules_new_empty ();
	add_all (parsed);
	return 0;
}

static int
teardown (void **state)
{
	(void)state;
	nx_rules_free (built);
	nx_rules_free (parsed);
	return 0;
}

/* ---- the same ---- */

static void
test_built__holds_the_stanzas_of_the_files (void **state)
{
	(void)state;
	const GPtrArray *a = nx_rules_get_stanzas (built);
	const GPtrArray *b = nx_rules_get_stanzas (parsed);
	assert_true (a->len > 500);
	assert_int_equal (a->len, b->len);
	for (guint i = 0; i < a->len; i++) {
		const NxStanza *x = g_ptr_array_index (a, i);
		const NxStanza *y = g_ptr_array_index (b, i);
		assert_string_equal (x->type, y->type);
		assert_string_equal (x->id, y->id);
		assert_string_equal (x->file, y->file);
		assert_int_equal (x->line, y->line);
		assert_int_equal (x->lines->len, y->lines->len);
		for (guint k = 0; k < x->lines->len; k++) {
			const NxStanzaLine *line = &g_array_index (x->lines, NxStanzaLine, k);
			const NxStanzaLine *other = &g_array_index (y->lines, NxStanzaLine, k);
			g_autofree char *match = nx_stanza_dup_match (line);
			g_autofree char *want = nx_text_make_match (other->value);
			assert_string_equal (line->key, other->key);
			assert_string_equal (line->value, other->value);
			assert_int_equal (line->line, other->line);
			assert_string_equal (match, want);
		}
	}
}

static void
assert_same_bytes (gconstpointer a, gconstpointer b, gsize count, gsize size)
{
	if (count > 0)
		assert_memory_equal (a, b, count * size);
}

static void
assert_same_table (const NxPhraseTable *a, const NxPhraseTable *b)
{
	assert_int_equal (a->row_count, b->row_count);
	assert_int_equal (a->text_count, b->text_count);
	assert_int_equal (a->list_count, b->list_count);
	assert_int_equal (a->provider_count, b->provider_count);
	assert_int_equal (a->bare_count, b->bare_count);
	assert_int_equal (a->ends, b->ends);
	assert_int_equal (a->string_bytes, b->string_bytes);
	assert_int_equal (a->matcher.count, b->matcher.count);
	assert_same_bytes (a->strings, b->strings, a->string_bytes, 1);
	assert_same_bytes (a->rows, b->rows, a->row_count, sizeof (NxPhraseRow));
	assert_same_bytes (a->texts, b->texts, a->text_count, sizeof (NxPhraseText));
	assert_same_bytes (a->lists, b->lists, a->list_count, sizeof (guint32));
	assert_same_bytes (a->providers, b->providers, a->provider_count, sizeof (NxPhraseProvider));
	assert_same_bytes (a->bare, b->bare, a->bare_count, sizeof (guint32));
	assert_same_bytes (a->first_uses, b->first_uses, a->matcher.count + 1, sizeof (guint32));
	assert_same_bytes (a->uses, b->uses, a->first_uses[a->matcher.count], sizeof (NxPhraseUse));
	assert_same_bytes (a->matcher.literals, b->matcher.literals, a->matcher.count, sizeof (NxMatcherLiteral));
	assert_same_bytes (a->matcher.buckets, b->matcher.buckets, NX_MATCHER_BUCKETS, sizeof (guint32));
}

static void
test_built__tables_are_what_a_process_makes (void **state)
{
	(void)state;
	g_autoptr (NxPhraseBuild) phrases = nx_phrase_build_new (parsed, "phrase", NULL, NULL);
	g_autoptr (NxPhraseBuild) doubts = nx_phrase_build_new (parsed, "doubt", NULL, NULL);
	assert_true (nx_phrase_tables.phrases.row_count > 500);
	assert_same_table (&nx_phrase_tables.phrases, nx_phrase_build_get_table (phrases));
	assert_same_table (&nx_phrase_tables.doubts, nx_phrase_build_get_table (doubts));
}

/* What formats are known by is in the stored table, each text once, and nothing else is. */
static void
test_built__knows_every_mark (void **state)
{
	(void)state;
	g_autoptr (NxMatcher) marks = nx_matcher_new (&nx_rules_marks);
	g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
	g_autoptr (GPtrArray) stanzas = nx_rules_list_stanzas (parsed, "format", FALSE);
	guint states = 0;
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		for (guint k = 0; k < stanza->lines->len; k++) {
			const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, k);
			gboolean is_state = strcmp (line->key, "state") == 0;
			if (!is_state && strcmp (line->key, "mark") != 0)
				continue;
			g_autofree char *match = nx_stanza_dup_match (line);
			guint number = nx_matcher_add (marks, match);
			if (number >= nx_rules_marks.count)
				fail_msg ("[format %s] %s = %s: not in the table", stanza->id, line->key, line->value);
			g_hash_table_add (seen, GUINT_TO_POINTER (number + 1));
			states += is_state;
		}
	}
	assert_true (states > 0);
	assert_int_equal (g_hash_table_size (seen), nx_rules_marks.count);
}

/* ---- the same hits ---- */

static void
note_cb (guint number, gsize start, gsize end, gpointer user_data)
{
	g_string_append_printf (user_data, "%u@%zu-%zu ", number, start, end);
}

/* Pieces of literals, whole ones and noise, one behind the other. */
static void
fill_text (GRand *random, const NxMatcherTable *table, GString *text)
{
	g_string_truncate (text, 0);
	while (text->len < 400) {
		const NxMatcherLiteral *literal = &table->literals[g_rand_int_range (random, 0, (gint32)table->count)];
		gint32 from = g_rand_boolean (random) ? 0 : g_rand_int_range (random, 0, (gint32)literal->length);
		gint32 length = g_rand_boolean (random)
					? (gint32)literal->length - from
					: g_rand_int_range (random, 0, (gint32)literal->length - from + 1);
		g_string_append_len (text, table->texts + literal->text + from, length);
		if (g_rand_boolean (random))
			g_string_append_c (text, (char)g_rand_int_range (random, 1, 256));
	}
}

/* A built table alone, and the same as the base of a matcher that knows nothing more, and one made at run time. */
static void
compare_hits (const NxMatcherTable *table, GRand *random)
{
	g_autoptr (NxMatcher) on_base = nx_matcher_new (table);
	g_autoptr (NxMatcher) alone = nx_matcher_new (NULL);
	for (guint i = 0; i < table->count; i++) {
		const char *text = table->texts + table->literals[i].text;
		assert_int_equal (strlen (text), table->literals[i].length);
		assert_int_equal (nx_matcher_add (on_base, text), i);
		assert_int_equal (nx_matcher_add (alone, text), i);
	}
	nx_matcher_compile (on_base);
	nx_matcher_compile (alone);
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint round = 0; round < 300; round++) {
		g_autoptr (GString) a = g_string_new (NULL);
		g_autoptr (GString) b = g_string_new (NULL);
		g_autoptr (GString) c = g_string_new (NULL);
		fill_text (random, table, text);
		g_autofree char *exact = copy_exact (text->str, text->len);
		nx_matcher_scan_table (table, exact, text->len, note_cb, a);
		nx_matcher_scan (on_base, exact, text->len, note_cb, b);
		nx_matcher_scan (alone, exact, text->len, note_cb, c);
		assert_string_equal (a->str, b->str);
		assert_string_equal (a->str, c->str);
	}
}

static void
test_built__finds_what_a_matcher_of_the_process_finds (void **state)
{
	(void)state;
	GRand *random = g_rand_new_with_seed (20241127);
	compare_hits (&nx_phrase_tables.phrases.matcher, random);
	compare_hits (&nx_phrase_tables.doubts.matcher, random);
	compare_hits (&nx_rules_marks, random);
	compare_hits (&nx_rules_near, random);
	g_rand_free (random);
}

/* Literals split between a base and what is added later are found as if they had come together. */
static void
test_matcher__base_and_more_find_what_one_finds (void **state)
{
	(void)state;
	static const char *const words[] = { "full", "mailbox full", "box f", "fullfull", "user unknown", "unknown" };
	static const char text[] = "mailbox fullfull: user unknown, unknown";
	guint want[G_N_ELEMENTS (words)] = { 0 };
	for (guint i = 0; i < G_N_ELEMENTS (words); i++)
		for (const char *p = strstr (text, words[i]); p != NULL; p = strstr (p + 1, words[i]))
			want[i]++;
	for (guint split = 0; split <= G_N_ELEMENTS (words); split++) {
		g_autoptr (NxMatcher) base = nx_matcher_new (NULL);
		for (guint i = 0; i < split; i++)
			nx_matcher_add (base, words[i]);
		nx_matcher_compile (base);
		NxMatcherTable table = nx_matcher_get_table (base);
		g_autoptr (NxMatcher) all = nx_matcher_new (&table);
		for (guint i = 0; i < G_N_ELEMENTS (words); i++)
			assert_int_equal (nx_matcher_add (all, words[i]), i);
		nx_matcher_compile (all);
		g_autoptr (GString) hits = g_string_new (" ");
		nx_matcher_scan (all, text, strlen (text), note_cb, hits);
		for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
			g_autofree char *mark = g_strdup_printf (" %u@", i);
			guint count = 0;
			for (const char *p = strstr (hits->str, mark); p != NULL; p = strstr (p + 1, mark))
				count++;
			assert_int_equal (count, want[i]);
		}
	}
}

/* Every example of a phrase or doubt: the same decision by built and by read rules. */
static void
test_built__decides_as_read_rules_do (void **state)
{
	(void)state;
	g_autoptr (NxPhrases) a = nx_phrases_new (built, NULL);
	g_autoptr (NxPhrases) b = nx_phrases_new (parsed, NULL);
	const GPtrArray *stanzas = nx_rules_get_stanzas (built);
	guint examples = 0;
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		for (guint k = 0; k < stanza->lines->len; k++) {
			const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, k);
			if (strcmp (line->key, "example") != 0 || (examples++ % 4 != 0)) /* a matter of time */
				continue;
			g_autoptr (NxDecision) x = nx_verdict_decide_reply (a, line->value);
			g_autoptr (NxDecision) y = nx_verdict_decide_reply (b, line->value);
			assert_string_equal (x->rule, y->rule);
			assert_string_equal (x->forward, y->forward);
			assert_int_equal (x->verdict, y->verdict);
			assert_int_equal (x->reason, y->reason);
		}
	}
	assert_true (examples > 1000);
}

/* Formats that the build read are believed; here the library reads all of their patterns and the examples of signs. */
static void
test_built__formats_and_signs_have_no_errors (void **state)
{
	(void)state;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxFormats) formats = nx_formats_new (parsed, &error);
	if (formats == NULL)
		fail_msg ("%s", error->message);
}

/* ---- a local folder ---- */

static char *
decide (const char *local, const char *text)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	assert_true (nx_rules_add_text (rules, "local.rules", local, NULL));
	g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, &error);
	if (phrases == NULL)
		return g_strdup (error->message);
	g_autoptr (NxDecision) decision = nx_verdict_decide_reply (phrases, text);
	return g_strdup_printf ("%s %s %s", decision->rule, nx_reason_to_string (decision->reason), decision->forward);
}

static void
test_local__stands_beside_and_instead_of_the_built (void **state)
{
	(void)state;
	static const char known[] = "552 4.2.2 sorry, the mailbox is full to the brim";
	g_autofree char *before = decide ("", known);
	g_autofree char *id = g_strndup (before, strcspn (before, " "));
	g_autofree char *mute = g_strdup_printf ("[phrase %s]\nreason = other\ntext = zzzz qqqq\n", id);
	g_autofree char *doubt = g_strdup ("[doubt zz]\nverdict = blocked\nreason = policy\ntext = zorglub\n");
	const struct {
		const char *local;
		const char *text;
		const char *want;
	} rows[] = {
		{ "[phrase zz]\nreason = moved\ntext = zorglub*mailbox is full\n", "550 zorglub: mailbox is full",
		  "zz moved " },
		{ "[phrase zz]\nreason = moved\ntext = zorglub*mailbox is full\n", "550 mailbox is full of zorglub",
		  NULL },
		{ "[phrase zz]\nreason = moved\nover = @mailbox-full\nreply = 552\n", "552 qwertz", "zz moved " },
		{ doubt, "550 5.1.1 user unknown zorglub", "zz policy " },
		{ "[phrase zz]\nreason = moved\nmta = @nobody-at-all\ntext = zorglub\n", "550 zorglub",
		  "local.rules:1: [phrase zz] mta names the provider \"nobody-at-all\", which no stanza describes" },
		{ "[bystander zz]\nnear = zorglub is not\n", "551 user moved; zorglub is not a@b.example", NULL },
	};
	assert_string_not_equal (id, "");
	g_autofree char *without = decide (mute, known);
	assert_null (strstr (without, id));
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *got = decide (rows[i].local, rows[i].text);
		g_autofree char *builtin = decide ("", rows[i].text);
		if (rows[i].want != NULL)
			assert_string_equal (got, rows[i].want);
		else if (*rows[i].local == '[' && rows[i].local[1] == 'b')
			assert_string_not_equal (got, builtin);
		else
			assert_string_equal (got, builtin);
	}
}

static void
match_host (const NxPhrases *phrases, const char *host, gboolean want)
{
	g_autoptr (GPtrArray) hosts = g_ptr_array_new ();
	g_autofree char *copy = g_strdup (host);
	g_ptr_array_add (hosts, copy);
	NxEvidence evidence = { .text = "zorglub said no", .hosts = hosts, .domain = "" };
	const NxPhrase *phrase = nx_phrases_match (phrases, &evidence, NULL, NULL);
	assert_int_equal (phrase != NULL && strcmp (phrase->id, "zz") == 0, want);
}

/* A provider that is built in serves a local phrase, until a local stanza says otherwise. */
static void
test_local__providers_are_shared (void **state)
{
	(void)state;
	const NxPhraseTable *table = &nx_phrase_tables.phrases;
	const NxPhraseProvider *provider = nx_phrase_table_find_provider (table, "google");
	static const char phrase[] = "[phrase zz]\nreason = moved\nmta = @google\ntext = zorglub said no\n";
	assert_non_null (provider);
	g_autofree char *host = g_strdelimit (g_strdup (table->strings + table->lists[provider->mta]), "*", 'x');
	for (guint round = 0; round < 2; round++) {
		g_autoptr (NxRules) rules = nx_rules_new_builtin ();
		g_autofree char *local =
			g_strconcat (phrase, round > 0 ? "[provider google]\nmta = *.zorglub.example\n" : "", NULL);
		assert_true (nx_rules_add_text (rules, "local.rules", local, NULL));
		g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, NULL);
		assert_non_null (phrases);
		match_host (phrases, host, round == 0);
		match_host (phrases, "mx.zorglub.example", round == 1);
		match_host (phrases, "mx.other.example", FALSE);
	}
}

/* ---- globs ---- */

/* All globs and texts of a small alphabet, against GLib's own. */
static void
test_glob__fits_what_glib_fits (void **state)
{
	(void)state;
	static const char *const signs[] = { "a", "b", "\xc3\xbc", "*", "?" };
	char glob[16];
	char text[16];
	for (guint g = 0; g < 5 * 5 * 5 * 5 * 5; g++) {
		*glob = '\0';
		for (guint n = g; n > 0; n /= 5)
			g_strlcat (glob, signs[n % 5], sizeof glob);
		for (guint t = 0; t < 3 * 3 * 3 * 3; t++) {
			*text = '\0';
			for (guint n = t; n > 0; n /= 3)
				g_strlcat (text, signs[n % 3], sizeof text);
			assert_int_equal (nx_glob_match (glob, text), g_pattern_match_simple (glob, text));
		}
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_built__holds_the_stanzas_of_the_files),
		cmocka_unit_test (test_built__tables_are_what_a_process_makes),
		cmocka_unit_test (test_built__knows_every_mark),
		cmocka_unit_test (test_built__finds_what_a_matcher_of_the_process_finds),
		cmocka_unit_test (test_built__decides_as_read_rules_do),
		cmocka_unit_test (test_built__formats_and_signs_have_no_errors),
		cmocka_unit_test (test_local__stands_beside_and_instead_of_the_built),
		cmocka_unit_test (test_local__providers_are_shared),
		cmocka_unit_test (test_matcher__base_and_more_find_what_one_finds),
		cmocka_unit_test (test_glob__fits_what_glib_fits),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, setup, teardown);
}
