/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-check.c: what is wrong with the phrase, doubt and bystander stanzas as a set. See nx_phrases_check() in
 * nixie/verdict.h.
 *
 * Behind "nixie rules check" and the test of the built-in rules: a stanza's examples are its tests.
 */
#include "verdict/phrase.h"

#include "base/limits.h"
#include "base/stanza.h"
#include "base/text.h"
#include "verdict/forward.h"

#include <nixie/reply.h>

#include <string.h>

typedef struct {
	const NxRules *rules;
	NxPhrases *phrases;
	NxBystanders *nobody; /* no bystander stanza at all */
	GPtrArray *problems;
} Check;

static void G_GNUC_PRINTF (4, 5) complain (Check *check, const NxStanza *stanza, guint line, const char *format, ...)
{
	va_list args;
	va_start (args, format);
	g_autofree char *text = g_strdup_vprintf (format, args);
	va_end (args);
	g_ptr_array_add (check->problems,
			 g_strdup_printf ("%s:%u: [%s %s] %s", stanza->file, line != 0 ? line : stanza->line,
					  stanza->type, stanza->id, text));
}

/* The names and weights of all that fit, for the message about a tie. */
static char *
list_candidates (const GArray *candidates)
{
	GString *names = g_string_new (NULL);
	for (guint i = 0; i < candidates->len; i++) {
		const NxCandidate *candidate = &g_array_index (candidates, NxCandidate, i);
		g_string_append_printf (names, "%s%s (%u)", i > 0 ? ", " : "", candidate->phrase->id,
					candidate->weight);
	}
	return g_string_free (names, FALSE);
}

static gboolean
has_candidate (const GArray *candidates, const char *id)
{
	for (guint i = 0; i < candidates->len; i++)
		if (strcmp (g_array_index (candidates, NxCandidate, i).phrase->id, id) == 0)
			return TRUE;
	return FALSE;
}

static void
check_example (Check *check, const NxStanza *stanza, const NxStanzaLine *line)
{
	const char *mta = nx_stanza_get (stanza, "example-mta");
	g_autoptr (NxReply) reply = nx_reply_parse (line->value);
	g_autofree char *match = nx_text_make_match (reply->text);
	g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_free);
	if (mta != NULL)
		g_ptr_array_add (hosts, g_ascii_strdown (mta, -1));
	NxEvidence evidence = {
		.text = match, .reply = reply->code, .status = reply->status, .hosts = hosts, .domain = ""
	};
	g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (NxCandidate));
	gboolean tie = FALSE;
	const NxPhrase *phrase = nx_phrases_match (check->phrases, &evidence, candidates, &tie);
	g_autofree char *names = list_candidates (candidates);
	if (phrase == NULL || !has_candidate (candidates, stanza->id))
		complain (check, stanza, line->line, "the stanza does not fit its own example; these do: %s",
			  *names != '\0' ? names : "none");
	else if (strcmp (phrase->id, stanza->id) != 0)
		complain (check, stanza, line->line, "%s wins the example; give one of them an \"over\": %s",
			  phrase->id, names);
	else if (tie)
		complain (check, stanza, line->line,
			  "stanzas of equal right disagree on the example; say with \"over\" which is right: %s",
			  names);
}

/* TRUE when the pieces of a text stand in @match in their order, close enough. */
static gboolean
is_shown (const char *text, const char *match)
{
	g_autofree char *literal = nx_text_make_match (text);
	g_auto (GStrv) pieces = g_strsplit (literal, "*", -1);
	const char *first = g_strstrip (pieces[0]);
	for (const char *from = strstr (match, first); from != NULL; from = strstr (from + 1, first)) {
		const char *at = from + strlen (first);
		for (guint i = 1; pieces[i] != NULL && at != NULL; i++) {
			const char *piece = g_strstrip (pieces[i]);
			const char *found = strstr (at, piece);
			gboolean close = found != NULL && found - at <= NX_LIMIT_RULE_GAP_BYTES;
			at = close ? found + strlen (piece) : NULL;
		}
		if (at != NULL)
			return TRUE;
	}
	return FALSE;
}

static void
check_text (Check *check, const NxStanza *stanza, const NxStanzaLine *text)
{
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "example") != 0)
			continue;
		g_autoptr (NxReply) reply = nx_reply_parse (line->value);
		g_autofree char *match = nx_text_make_match (reply->text);
		if (is_shown (text->value, match))
			return;
	}
	complain (check, stanza, text->line, "no example shows this text; add one");
}

static gboolean
has_stanza (const NxRules *rules, const char *type, const char *id)
{
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (strcmp (stanza->type, type) == 0 && strcmp (stanza->id, id) == 0)
			return TRUE;
	}
	return FALSE;
}

/* "over" that names nobody is a rule that was renamed. */
static void
check_over (Check *check, const NxStanza *stanza)
{
	g_autoptr (GPtrArray) names = nx_stanza_split (stanza, "over");
	for (guint i = 0; names != NULL && i < names->len; i++) {
		const char *name = g_ptr_array_index (names, i);
		NxReason reason;
		gboolean known = *name == '@' ? nx_reason_from_string (name + 1, &reason)
					      : has_stanza (check->rules, stanza->type, name);
		if (!known)
			complain (check, stanza, 0, "is over \"%s\", which is not there", name);
	}
}

static void
check_keys (Check *check, const NxStanza *stanza)
{
	if (nx_text_is_empty (nx_stanza_get (stanza, "source")))
		complain (check, stanza, 0, "has no source; say where the text is known from");
	if (nx_stanza_get (stanza, "example") == NULL)
		complain (check, stanza, 0, "has no example; the example is its test");
	if (nx_stanza_get (stanza, "mta") != NULL && nx_stanza_get (stanza, "example-mta") == NULL)
		complain (check, stanza, 0, "has an mta and no example-mta");
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (*line->value == '\0')
			complain (check, stanza, line->line, "%s is empty", line->key);
	}
}

/* The whole judge is asked: a doubt counts only where something was decided that it undoes. */
static void
check_doubt_example (Check *check, const NxStanza *stanza, const NxStanzaLine *line)
{
	g_autoptr (NxDecision) decision = nx_verdict_decide_reply (check->phrases, line->value);
	if (strcmp (decision->rule, stanza->id) != 0)
		complain (check, stanza, line->line, "the doubt undoes nothing in its own example: \"%s\" decides (%s)",
			  decision->rule, nx_verdict_to_string (decision->verdict));
}

static void
check_bystander_example (Check *check, const NxStanza *stanza, const NxStanzaLine *line)
{
	g_autoptr (NxReply) reply = nx_reply_parse (line->value);
	g_autofree char *with = nx_forward_find (nx_phrases_get_bystanders (check->phrases), reply->text, NULL, NULL);
	g_autofree char *without = nx_forward_find (check->nobody, reply->text, NULL, NULL);
	if (with != NULL)
		complain (check, stanza, line->line, "the example still offers %s; its words do not stand beside it",
			  with);
	else if (without == NULL)
		complain (check, stanza, line->line, "the example offers no address even without bystanders");
}

/* How the examples of a type are tried, and which keys they must show. */
static const struct {
	const char *type;
	void (*check_example) (Check *check, const NxStanza *stanza, const NxStanzaLine *line);
	const char *shown[4];
} kinds[] = {
	{ "phrase", check_example, { "text" } },
	{ "doubt", check_doubt_example, { "text" } },
	{ "bystander", check_bystander_example, { "near", "before", "after" } },
};

static void
check_stanza (Check *check, const NxStanza *stanza)
{
	guint kind = 0;
	while (kind < G_N_ELEMENTS (kinds) && strcmp (kinds[kind].type, stanza->type) != 0)
		kind++;
	if (kind == G_N_ELEMENTS (kinds))
		return;
	check_keys (check, stanza);
	check_over (check, stanza);
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "example") == 0)
			kinds[kind].check_example (check, stanza, line);
		else if (g_strv_contains (kinds[kind].shown, line->key))
			check_text (check, stanza, line);
	}
}

GPtrArray *
nx_phrases_check (const NxRules *rules)
{
	g_return_val_if_fail (rules != NULL, NULL);
	g_autoptr (GError) error = NULL;
	Check check = { .rules = rules, .problems = g_ptr_array_new_with_free_func (g_free) };
	check.phrases = nx_phrases_new (rules, &error);
	if (check.phrases == NULL) {
		g_ptr_array_add (check.problems, g_strdup (error->message));
		return check.problems;
	}
	g_autoptr (NxRules) none = nx_rules_new_empty ();
	check.nobody = nx_bystanders_new (none, NULL);
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		check_stanza (&check, g_ptr_array_index (stanzas, i));
	}
	nx_phrases_free (check.phrases);
	nx_bystanders_free (check.nobody);
	return check.problems;
}
