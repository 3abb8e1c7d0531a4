/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_rules.c: the reader of rules files, and every stanza that is built in: each example hits its own rule, each text
 * is hit by an example, no two rules of equal right disagree on an example.
 */
#include "base/limits.h"
#include "base/rules-data.h"
#include "base/stanza.h"
#include "base/text.h"
#include "core-helpers.h"
#include "verdict/phrase.h"

#include <nixie/reply.h>

#include <glib/gstdio.h>
#include <stdio.h>

/* ---- the reader ---- */

static const NxStanza *
find_stanza (const NxRules *rules, const char *type, const char *id)
{
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (strcmp (stanza->type, type) == 0 && strcmp (stanza->id, id) == 0)
			return stanza;
	}
	return NULL;
}

static void
test_add_text__reads_the_grammar (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = make_rules ("# comment\r\n"
						"\n"
						"[phrase a-1.b_c]\n"
						"reason=user-unknown\n"
						"  \t\n"
						"text   =  one = 1 # not a comment  \n"
						"\tgoes on\n"
						"text = two\n"
						"source = x\n"
						"[format f]\n"
						"header.x-failed-recipients = *\n"
						"section.delayed = late\n"
						"[provider p]\n"
						"mta = *.a.example  *.b.example\n"
						"  *.c.example");
	const NxStanza *phrase = find_stanza (rules, "phrase", "a-1.b_c");
	assert_non_null (phrase);
	assert_int_equal (phrase->line, 3);
	assert_string_equal (phrase->file, "test.rules");
	assert_int_equal (phrase->lines->len, 4);
	assert_string_equal (nx_stanza_get (phrase, "reason"), "user-unknown");
	assert_string_equal (nx_stanza_get (phrase, "text"), "one = 1 # not a comment goes on");
	assert_string_equal (g_array_index (phrase->lines, NxStanzaLine, 2).value, "two");
	assert_int_equal (g_array_index (phrase->lines, NxStanzaLine, 2).line, 8);
	assert_null (nx_stanza_get (phrase, "mta"));
	assert_non_null (find_stanza (rules, "format", "f"));
	g_autoptr (GPtrArray) words = nx_stanza_split (find_stanza (rules, "provider", "p"), "mta");
	assert_int_equal (words->len, 3);
	assert_string_equal (g_ptr_array_index (words, 2), "*.c.example");
	assert_null (nx_stanza_split (phrase, "reply"));
}

static void
test_add_text__names_file_and_line_of_errors (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "\n\nreason = x\n", "bad.rules:3: " },
		{ "[phrase a\n", "bad.rules:1: " },
		{ "[\n", "bad.rules:1: " },
		{ "[]\n", "bad.rules:1: " },
		{ "[phrase]\n", "bad.rules:1: " },
		{ "[phrase  a]\n", "bad.rules:1: " },
		{ "[phrase a b]\n", "bad.rules:1: " },
		{ "[phrase A]\n", "bad.rules:1: " },
		{ "[phrase a/b]\n", "bad.rules:1: " },
		{ "[rule a]\n", "bad.rules:1: " },
		{ "[phrase a]\nreason = other\n\n[phrase b]\ncolour = red\n", "bad.rules:5: " },
		{ "[phrase a]\nwhat is this\n", "bad.rules:2: " },
		{ "[phrase a]\n= x\n", "bad.rules:2: " },
		{ "  continues nothing\n", "bad.rules:1: " },
		{ "[phrase a]\n  continues nothing\n", "bad.rules:2: " },
		{ "[phrase a]\nreason = other\n[phrase a]\n", "bad.rules:3: " },
		{ "[provider a]\ntext = x\n", "bad.rules:2: " },
		{ "[phrase a]\nreason = other\n\377\n", "bad.rules:" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxRules) rules = nx_rules_new_empty ();
		g_autoptr (GError) error = NULL;
		g_autofree char *text = copy_exact (rows[i].text, strlen (rows[i].text) + 1);
		assert_false (nx_rules_add_text (rules, "bad.rules", text, &error));
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_RULES));
		if (!g_str_has_prefix (error->message, rows[i].want))
			fail_msg ("row %u: %s", (guint)i, error->message);
		assert_int_equal (nx_rules_get_stanzas (rules)->len, 0);
	}
}

static void
test_add_text__caps_a_value (void **state)
{
	(void)state;
	g_autoptr (GString) text = g_string_new ("[phrase a]\ntext = ");
	append_repeated (text, "x", NX_LIMIT_RULE_VALUE_BYTES);
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	g_autoptr (GError) error = NULL;
	assert_true (nx_rules_add_text (rules, "long.rules", text->str, &error));
	g_string_append (text, "\n y");
	assert_false (nx_rules_add_text (rules, "long.rules", text->str, &error));
	assert_has (error->message, "long.rules:3: ");
}

static void
test_add_text__later_stanza_replaces_earlier (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = make_rules ("[phrase a]\nreason = other\n[phrase b]\nreason = spam\n"
						"[provider a]\nmta = x\n");
	g_autoptr (GError) error = NULL;
	assert_true (nx_rules_add_text (rules, "local.rules", "[phrase a]\nreason = moved\n", &error));
	assert_int_equal (nx_rules_get_stanzas (rules)->len, 3);
	const NxStanza *stanza = find_stanza (rules, "phrase", "a");
	assert_string_equal (nx_stanza_get (stanza, "reason"), "moved");
	assert_string_equal (stanza->file, "local.rules");
	assert_string_equal (nx_stanza_get (find_stanza (rules, "provider", "a"), "mta"), "x");
	assert_false (nx_rules_add_text (rules, "local.rules", "[phrase a]\nreason = full\nnonsense\n", &error));
	assert_string_equal (nx_stanza_get (find_stanza (rules, "phrase", "a"), "reason"), "moved");
}

typedef struct {
	char *folder;
	GPtrArray *files;
} Folder;

static void
folder_init (Folder *folder)
{
	folder->folder = g_dir_make_tmp ("nx-rules-XXXXXX", NULL);
	folder->files = g_ptr_array_new_with_free_func (g_free);
	assert_non_null (folder->folder);
}

static void
folder_put (Folder *folder, const char *name, const char *bytes, gssize length)
{
	char *path = g_build_filename (folder->folder, name, NULL);
	g_ptr_array_add (folder->files, path);
	assert_true (g_file_set_contents (path, bytes, length, NULL));
}

static void
folder_clear (Folder *folder)
{
	for (guint i = 0; i < folder->files->len; i++)
		g_remove (g_ptr_array_index (folder->files, i));
	g_rmdir (folder->folder);
	g_ptr_array_unref (folder->files);
	g_free (folder->folder);
}

static void
test_add_folder__reads_rules_files_by_name (void **state)
{
	(void)state;
	Folder folder;
	folder_init (&folder);
	folder_put (&folder, "20-b.rules", "[phrase a]\nreason = moved\n", -1);
	folder_put (&folder, "10-a.rules", "[phrase a]\nreason = other\n[phrase b]\nreason = spam\n", -1);
	folder_put (&folder, "notes.txt", "this is no rule", -1);
	folder_put (&folder, ".hidden.rules", "nor is this", -1);
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	g_autoptr (GError) error = NULL;
	gboolean good = nx_rules_add_folder (rules, folder.folder, &error);
	folder_clear (&folder);
	assert_true (good);
	assert_int_equal (nx_rules_get_stanzas (rules)->len, 2);
	assert_string_equal (nx_stanza_get (find_stanza (rules, "phrase", "a"), "reason"), "moved");
}

static void
test_add_folder__takes_a_missing_folder (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	g_autoptr (GError) error = NULL;
	assert_true (nx_rules_add_folder (rules, "/nonexistent/nixie/rules.d", &error));
	assert_null (error);
}

static void
test_add_folder__refuses_what_is_no_text (void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		gssize length;
	} rows[] = { { "[phrase a]\nreason = other\0x\n", 28 },
		     { "[phrase a]\nreason = \374\n", -1 },
		     { "junk\n", -1 } };
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		Folder folder;
		folder_init (&folder);
		folder_put (&folder, "x.rules", rows[i].bytes, rows[i].length);
		g_autoptr (NxRules) rules = nx_rules_new_empty ();
		g_autoptr (GError) error = NULL;
		gboolean good = nx_rules_add_folder (rules, folder.folder, &error);
		folder_clear (&folder);
		assert_false (good);
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_RULES));
		assert_has (error->message, "x.rules");
	}
}

static void
test_add_text__survives_any_bytes (void **state)
{
	(void)state;
	static const char *const bits[] = { "[",    "]",       "phrase",       " ",          "a",
					    "=",    "\n",      "\r\n",         "\t",         "#",
					    "text", "reason",  "[phrase b]\n", "text = x\n", "\303\274",
					    "\377", "[format", "header.",      "*" };
	GRand *random = g_rand_new_with_seed (99);
	for (guint round = 0; round < 3000; round++) {
		g_autoptr (GString) text = g_string_new (NULL);
		for (guint i = 0; i < 30; i++)
			g_string_append (text, bits[g_rand_int_range (random, 0, G_N_ELEMENTS (bits))]);
		g_autofree char *exact = copy_exact (text->str, text->len + 1);
		g_autoptr (NxRules) rules = nx_rules_new_empty ();
		g_autoptr (GError) error = NULL;
		assert_true (nx_rules_add_text (rules, "any", exact, &error) == (error == NULL));
	}
	g_rand_free (random);
}

/* ---- what is built in ---- */

/* One evidence of an example, and what holds it. */
typedef struct {
	NxReply *reply;
	char *match;
	GPtrArray *hosts;
	NxEvidence evidence;
} Sample;

static void
sample_init (Sample *sample, const NxStanza *stanza, const char *example)
{
	const char *mta = nx_stanza_get (stanza, "example-mta");
	sample->reply = nx_reply_parse (example);
	sample->match = nx_text_make_match (sample->reply->text);
	sample->hosts = g_ptr_array_new_with_free_func (g_free);
	if (mta != NULL)
		g_ptr_array_add (sample->hosts, g_ascii_strdown (mta, -1));
	sample->evidence = (NxEvidence){ .text = sample->match,
					 .reply = sample->reply->code,
					 .status = sample->reply->status,
					 .hosts = sample->hosts,
					 .domain = "" };
}

static void
sample_clear (Sample *sample)
{
	nx_reply_free (sample->reply);
	g_free (sample->match);
	g_ptr_array_unref (sample->hosts);
}

static guint failures;

static void G_GNUC_PRINTF (2, 3) complain (const NxStanza *stanza, const char *format, ...)
{
	va_list args;
	va_start (args, format);
	g_autofree char *text = g_strdup_vprintf (format, args);
	va_end (args);
	fprintf (stderr, "# %s:%u: [%s %s] %s\n", stanza->file, stanza->line, stanza->type, stanza->id, text);
	failures++;
}

typedef void (*ExampleFunc) (const NxPhrases *phrases, const NxStanza *stanza, const char *example);

static void
foreach_stanza (const NxRules *rules, const char *type, void (*func) (const NxStanza *stanza))
{
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (type == NULL || strcmp (stanza->type, type) == 0)
			func (stanza);
	}
}

static void
foreach_example (ExampleFunc func)
{
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (GError) error = NULL;
	g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, &error);
	if (phrases == NULL)
		fail_msg ("%s", error->message);
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		for (guint n = 0; n < stanza->lines->len && strcmp (stanza->type, "phrase") == 0; n++) {
			const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, n);
			if (strcmp (line->key, "example") == 0)
				func (phrases, stanza, line->value);
		}
	}
}

static void
check_winner (const NxPhrases *phrases, const NxStanza *stanza, const char *example)
{
	Sample sample;
	sample_init (&sample, stanza, example);
	g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (NxCandidate));
	const NxPhrase *phrase = nx_phrases_match (phrases, &sample.evidence, candidates, NULL);
	if (phrase == NULL || strcmp (phrase->id, stanza->id) != 0) {
		gboolean hit = FALSE;
		for (guint i = 0; i < candidates->len; i++)
			hit = hit || strcmp (g_array_index (candidates, NxCandidate, i).phrase->id, stanza->id) == 0;
		complain (stanza, "example \"%s\": %s wins; this one %s", example,
			  phrase != NULL ? phrase->id : "nobody",
			  hit ? "fits too: give it an \"over\"" : "does not fit");
	}
	sample_clear (&sample);
}

static void
test_builtin__examples_hit_their_own_rule (void **state)
{
	(void)state;
	failures = 0;
	foreach_example (check_winner);
	assert_int_equal (failures, 0);
}

static void
check_tie (const NxPhrases *phrases, const NxStanza *stanza, const char *example)
{
	Sample sample;
	sample_init (&sample, stanza, example);
	g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (NxCandidate));
	gboolean tie = FALSE;
	nx_phrases_match (phrases, &sample.evidence, candidates, &tie);
	g_autoptr (GString) names = g_string_new (NULL);
	for (guint i = 0; i < candidates->len; i++) {
		NxCandidate candidate = g_array_index (candidates, NxCandidate, i);
		g_string_append_printf (names, " %s(%u)", candidate.phrase->id, candidate.weight);
	}
	if (tie)
		complain (stanza, "example \"%s\": say with \"over\" which of these is right:%s", example, names->str);
	sample_clear (&sample);
}

static void
test_builtin__no_example_ends_in_a_tie (void **state)
{
	(void)state;
	failures = 0;
	foreach_example (check_tie);
	assert_int_equal (failures, 0);
}

/* TRUE when the pieces of a text stand in @match in their order, close enough. */
static gboolean
hits (const char *text, const char *match)
{
	g_autofree char *literal = nx_text_make_match (text);
	g_auto (GStrv) pieces = g_strsplit (literal, "*", -1);
	for (const char *from = strstr (match, g_strstrip (pieces[0])); from != NULL;
	     from = strstr (from + 1, pieces[0])) {
		const char *at = from;
		for (guint i = 0; pieces[i] != NULL && at != NULL; i++) {
			const char *piece = g_strstrip (pieces[i]);
			const char *found = strstr (at, piece);
			if (found != NULL && i > 0 && found - at > NX_LIMIT_RULE_GAP_BYTES)
				found = NULL;
			at = found != NULL ? found + strlen (piece) : NULL;
		}
		if (at != NULL)
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_example_for (const NxStanza *stanza, const char *text)
{
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "example") != 0)
			continue;
		g_autoptr (NxReply) reply = nx_reply_parse (line->value);
		g_autofree char *match = nx_text_make_match (reply->text);
		if (hits (text, match))
			return TRUE;
	}
	return FALSE;
}

static void
check_texts (const NxStanza *stanza)
{
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "text") == 0 && !has_example_for (stanza, line->value))
			complain (stanza, "line %u: no example has \"%s\"", line->line, line->value);
	}
}

static void
test_builtin__texts_are_hit_by_an_example (void **state)
{
	(void)state;
	failures = 0;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	foreach_stanza (rules, "phrase", check_texts);
	assert_int_equal (failures, 0);
}

static void
check_keys (const NxStanza *stanza)
{
	gboolean phrase = strcmp (stanza->type, "phrase") == 0;
	const char *source = nx_stanza_get (stanza, "source");
	/* A provider is a list of host names, which prove themselves. */
	if (strcmp (stanza->type, "provider") != 0 && (source == NULL || *source == '\0'))
		complain (stanza, "has no source");
	if (phrase && nx_stanza_get (stanza, "example") == NULL)
		complain (stanza, "has no example");
	if (phrase && nx_stanza_get (stanza, "mta") != NULL && nx_stanza_get (stanza, "example-mta") == NULL)
		complain (stanza, "has an mta and no example-mta");
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (*line->value == '\0')
			complain (stanza, "line %u: %s is empty", line->line, line->key);
	}
}

static void
test_builtin__have_source_and_example (void **state)
{
	(void)state;
	failures = 0;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	foreach_stanza (rules, NULL, check_keys);
	assert_int_equal (failures, 0);
}

static void
test_builtin__ids_are_unique (void **state)
{
	(void)state;
	failures = 0;
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; nx_rules_data[i].name != NULL; i++) {
		g_autoptr (NxRules) rules = make_rules (nx_rules_data[i].text);
		const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
		for (guint n = 0; n < stanzas->len; n++) {
			const NxStanza *stanza = g_ptr_array_index (stanzas, n);
			if (!g_hash_table_add (seen, g_strconcat (stanza->type, " ", stanza->id, NULL)))
				complain (stanza, "%s has an id that came in a file before", nx_rules_data[i].name);
		}
	}
	assert_true (g_hash_table_size (seen) > 100);
	assert_int_equal (failures, 0);
}

/* "over" that names nobody is a rule that was renamed. */
static void
test_builtin__over_names_rules_that_are_there (void **state)
{
	(void)state;
	failures = 0;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		g_autoptr (GPtrArray) names = nx_stanza_split (stanza, "over");
		for (guint n = 0; names != NULL && n < names->len; n++) {
			const char *name = g_ptr_array_index (names, n);
			NxReason reason;
			gboolean known = *name == '@' ? nx_reason_from_string (name + 1, &reason)
						      : find_stanza (rules, stanza->type, name) != NULL;
			if (!known)
				complain (stanza, "is over \"%s\", which is not there", name);
		}
	}
	assert_int_equal (failures, 0);
}

static void
check_fixture (const NxStanza *stanza)
{
	const char *name = nx_stanza_get (stanza, "example-file");
	const char *root = g_getenv ("NX_FIXTURES");
	if (name == NULL)
		return;
	assert_non_null (root);
	g_autofree char *path = g_build_filename (root, name, NULL);
	if (strstr (name, "..") != NULL || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
		complain (stanza, "example-file %s is not there", path);
}

static void
test_builtin__example_files_are_there (void **state)
{
	(void)state;
	failures = 0;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	foreach_stanza (rules, "format", check_fixture);
	assert_int_equal (failures, 0);
}

static void
test_builtin__make_formats_and_phrases (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (GError) error = NULL;
	g_autoptr (NxFormats) formats = nx_formats_new (rules, &error);
	if (formats == NULL)
		fail_msg ("%s", error->message);
	g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, &error);
	if (phrases == NULL)
		fail_msg ("%s", error->message);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_add_text__reads_the_grammar),
		cmocka_unit_test (test_add_text__names_file_and_line_of_errors),
		cmocka_unit_test (test_add_text__caps_a_value),
		cmocka_unit_test (test_add_text__later_stanza_replaces_earlier),
		cmocka_unit_test (test_add_text__survives_any_bytes),
		cmocka_unit_test (test_add_folder__reads_rules_files_by_name),
		cmocka_unit_test (test_add_folder__takes_a_missing_folder),
		cmocka_unit_test (test_add_folder__refuses_what_is_no_text),
		cmocka_unit_test (test_builtin__make_formats_and_phrases),
		cmocka_unit_test (test_builtin__examples_hit_their_own_rule),
		cmocka_unit_test (test_builtin__no_example_ends_in_a_tie),
		cmocka_unit_test (test_builtin__texts_are_hit_by_an_example),
		cmocka_unit_test (test_builtin__have_source_and_example),
		cmocka_unit_test (test_builtin__ids_are_unique),
		cmocka_unit_test (test_builtin__over_names_rules_that_are_there),
		cmocka_unit_test (test_builtin__example_files_are_there),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
