/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_rules-words.c: the doubt and bystander stanzas that are built in: every word of theirs does something that an
 * example shows, and nothing without it; what is wrong with a stanza is said with its place.
 */
#include "base/rules-data.h"
#include "base/stanza.h"
#include "core-helpers.h"
#include "verdict/forward.h"
#include "verdict/phrase.h"

#include <nixie/reply.h>

#include <stdio.h>

static guint failures;

static void
complain (const NxStanza *stanza, const NxStanzaLine *line, const char *what)
{
	fprintf (stderr, "# %s:%u: [%s %s] \"%s\": %s\n", stanza->file, line->line, stanza->type, stanza->id,
		 line->value, what);
	failures++;
}

/* The stanza as text, without its line @left_out. */
static char *
write_stanza (const NxStanza *stanza, guint left_out)
{
	GString *out = g_string_new (NULL);
	g_string_append_printf (out, "[%s %s]\n", stanza->type, stanza->id);
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (i != left_out)
			g_string_append_printf (out, "%s = %s\n", line->key, line->value);
		else /* a stanza needs words: some that nobody says */
			g_string_append_printf (out, "%s = qqqq xxxx\n", line->key);
	}
	return g_string_free (out, FALSE);
}

typedef gboolean (*DiffersFunc) (const NxPhrases *with, const NxPhrases *without, const char *id, const char *example);

static gboolean
doubt_differs (const NxPhrases *with, const NxPhrases *without, const char *id, const char *example)
{
	g_autoptr (NxDecision) a = nx_verdict_decide_reply (with, example);
	g_autoptr (NxDecision) b = nx_verdict_decide_reply (without, example);
	return strcmp (a->rule, id) == 0 && (a->verdict != b->verdict || a->reason != b->reason);
}

static gboolean
bystander_differs (const NxPhrases *with, const NxPhrases *without, const char *id, const char *example)
{
	(void)id;
	g_autoptr (NxReply) reply = nx_reply_parse (example);
	g_autofree char *a = nx_forward_find (nx_phrases_get_bystanders (with), reply->text, NULL, NULL);
	g_autofree char *b = nx_forward_find (nx_phrases_get_bystanders (without), reply->text, NULL, NULL);
	return a == NULL && b != NULL;
}

/* Of all rules the bystanders alone, who need no others: it is a matter of time. */
static NxRules *
make_bystanders (void)
{
	NxRules *rules = nx_rules_new_empty ();
	for (guint i = 0; nx_rules_data[i].name != NULL; i++)
		if (strcmp (nx_rules_data[i].name, "bystander.rules") == 0)
			assert_true (nx_rules_add_text (rules, "bystander.rules", nx_rules_data[i].text, NULL));
	return rules;
}

static void
check_words (const NxPhrases *with, const NxStanza *stanza, guint at, DiffersFunc differs)
{
	const NxStanzaLine *word = &g_array_index (stanza->lines, NxStanzaLine, at);
	g_autoptr (NxRules) rules =
		strcmp (stanza->type, "bystander") == 0 ? make_bystanders () : nx_rules_new_builtin ();
	g_autofree char *text = write_stanza (stanza, at);
	g_autoptr (GError) error = NULL;
	if (!nx_rules_add_text (rules, "without", text, &error))
		fail_msg ("%s", error->message);
	g_autoptr (NxPhrases) without = nx_phrases_new (rules, &error);
	if (without == NULL)
		fail_msg ("%s", error->message);
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "example") == 0 && differs (with, without, stanza->id, line->value))
			return;
	}
	complain (stanza, word, "no example needs these words");
}

static void
check_type (const char *type, const char *const *keys, DiffersFunc differs)
{
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (NxPhrases) with = nx_phrases_new (rules, NULL);
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	guint count = 0;
	failures = 0;
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		for (guint n = 0; n < stanza->lines->len && strcmp (stanza->type, type) == 0; n++)
			if (g_strv_contains (keys, g_array_index (stanza->lines, NxStanzaLine, n).key)) {
				check_words (with, stanza, n, differs);
				count++;
			}
	}
	assert_true (count > 50);
	assert_int_equal (failures, 0);
}

static void
test_builtin__every_doubt_undoes_something (void **state)
{
	(void)state;
	static const char *const keys[] = { "text", NULL };
	check_type ("doubt", keys, doubt_differs);
}

static void
test_builtin__every_bystander_hides_an_address (void **state)
{
	(void)state;
	static const char *const keys[] = { "near", "before", "after", NULL };
	check_type ("bystander", keys, bystander_differs);
}

/* What NxDecision.rule names must be one stanza. */
static void
test_builtin__no_doubt_has_the_id_of_a_phrase (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (GHashTable) phrases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (strcmp (stanza->type, "phrase") == 0)
			g_hash_table_add (phrases, g_strdup (stanza->id));
	}
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (strcmp (stanza->type, "doubt") == 0 && g_hash_table_contains (phrases, stanza->id))
			fail_msg ("%s is a phrase and a doubt", stanza->id);
	}
}

static void
test_builtin__check_has_no_complaint (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (GPtrArray) problems = nx_phrases_check (rules);
	for (guint i = 0; i < problems->len; i++)
		fprintf (stderr, "# %s\n", (const char *)g_ptr_array_index (problems, i));
	assert_int_equal (problems->len, 0);
}

static void
test_phrases_new__names_the_place_of_a_wrong_stanza (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "[doubt a]\ntext = x y z\n", "test.rules:1: [doubt a] a doubt needs a verdict" },
		{ "[doubt a]\nverdict = maybe\ntext = x y z\n", "test.rules:1: [doubt a] unknown verdict \"maybe\"" },
		{ "[doubt a]\nverdict = permanent\ntext = x y z\n", "test.rules:1: [doubt a] a doubt spares" },
		{ "[doubt a]\nverdict = blocked\nreason = x\ntext = x y z\n", "[doubt a] unknown reason \"x\"" },
		{ "[doubt a]\nverdict = blocked\nof = dead\ntext = x y z\n", "[doubt a] of names \"dead\"" },
		{ "[doubt a]\nverdict = blocked\n", "test.rules:1: [doubt a] a doubt needs a text" },
		{ "[doubt a]\nverdict = blocked\nreply = 550\n", "test.rules:1: [doubt a] a doubt needs a text" },
		{ "[doubt a]\nverdict = blocked\ntext = x\n", "test.rules:3: [doubt a] each piece of a text has" },
		{ "[bystander a]\nsource = x\n", "test.rules:1: [bystander a] a bystander needs words" },
		{ "[bystander a]\nunless = ask me\n", "test.rules:1: [bystander a] a bystander needs words" },
		{ "[bystander a]\nnear = x\n", "test.rules:2: [bystander a] near words have at least" },
		{ "[bystander a]\nbefore =\n", "test.rules:2: [bystander a] before has no words" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxRules) rules = make_rules (rows[i].text);
		g_autoptr (GError) error = NULL;
		g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, &error);
		assert_null (phrases);
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_RULES));
		assert_has (error->message, rows[i].want);
	}
}

/* A local stanza with the id of a built-in one takes its place. */
static void
test_phrases_new__takes_local_doubts_and_bystanders (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (GError) error = NULL;
	assert_true (nx_rules_add_text (rules, "local.rules",
					"[doubt said-to-pass]\nverdict = blocked\nreason = policy\ntext = gnome\n"
					"[bystander contact-english]\nnear = burrow\n",
					&error));
	g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, &error);
	static const struct {
		const char *text;
		const char *verdict;
		const char *rule;
		const char *forward;
	} rows[] = {
		{ "550 5.1.1 User unknown, try again later", "permanent", "smtp-user-unknown", "" },
		{ "550 5.1.1 User unknown, says the gnome", "blocked", "said-to-pass", "" },
		{ "551 User has moved; contact joan@new.example", "permanent", "smtp-moved", "joan@new.example" },
		{ "551 User has moved; ask the burrow joan@new.example", "permanent", "smtp-moved", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxDecision) decision = nx_verdict_decide_reply (phrases, rows[i].text);
		if (strcmp (nx_verdict_to_string (decision->verdict), rows[i].verdict) != 0 ||
		    strcmp (decision->rule, rows[i].rule) != 0 || strcmp (decision->forward, rows[i].forward) != 0)
			fail_msg ("%s: %s by %s, <%s>", rows[i].text, nx_verdict_to_string (decision->verdict),
				  decision->rule, decision->forward);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_builtin__every_doubt_undoes_something),
		cmocka_unit_test (test_builtin__every_bystander_hides_an_address),
		cmocka_unit_test (test_builtin__no_doubt_has_the_id_of_a_phrase),
		cmocka_unit_test (test_builtin__check_has_no_complaint),
		cmocka_unit_test (test_phrases_new__names_the_place_of_a_wrong_stanza),
		cmocka_unit_test (test_phrases_new__takes_local_doubts_and_bystanders),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
