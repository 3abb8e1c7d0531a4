/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phrase.c: compiles phrase, doubt and provider stanzas and finds the ones that fit. See phrase.h, nixie/rules.h and
 * CONTRIBUTING.md. Doubts are a set of their own, with the same grammar and the same right.
 *
 * All texts are looked for in one pass (base/matcher.h). The heaviest match wins; at equal weight "over" says which,
 * else a text that holds the other's text is the more specific; then the more cautious verdict, then the lower id. File
 * order never counts.
 */
#include "verdict/phrase.h"

#include "base/limits.h"
#include "base/matcher.h"
#include "base/stanza.h"
#include "base/text.h"
#include "verdict/names.h"

#include <string.h>

enum {
	WEIGHT_TEXT = 2,
	WEIGHT_FIELD = 1
};

/* TRUE when a literal looks for a name itself: "prs.proofpoint", "?p=overquota"; not "rbl.", which ends a sentence too.
 */
static gboolean
is_name_literal (const char *literal)
{
	if (strpbrk (literal, "@/=?") != NULL)
		return TRUE;
	const char *dot = strchr (literal, '.');
	return dot != NULL && dot > literal && g_ascii_isalnum (dot[-1]) && g_ascii_isalnum (dot[1]);
}

/* One "text" line: its pieces between "*", in order, as numbers of the matcher. */
typedef struct {
	char *literal; /* the line in match form */
	guint count;
	guint first; /* where its pieces' ends stand in Scan.ends */
	guint rule;
} Text;

typedef struct {
	NxPhrase phrase; /* first: a const NxPhrase * is borrowed from here */
	char *id;
	GPtrArray *reply; /* globs, NULL when not constrained; so are the next */
	GPtrArray *status;
	GPtrArray *mta;
	GPtrArray *domains; /* of the providers named in mta */
	GPtrArray *unless;  /* literals */
	GPtrArray *over;
	GPtrArray *of; /* of a doubt: names of verdicts and reasons; NULL: permanent */
	guint texts;
} Rule;

/* Which text, and which of its pieces, a literal of the matcher serves. */
typedef struct {
	guint text;
	guint piece;
	gboolean name; /* it looks for a name itself: "prs.proofpoint", "?p=overquota" */
} Use;

struct _NxPhrases {
	GPtrArray *rules;
	GArray *texts;
	GArray *bare; /* indices of rules without texts */
	NxMatcher *matcher;
	GPtrArray *uses; /* by literal: GArray of Use */
	guint piece_count;
	GHashTable *providers; /* id to Provider */
	gboolean at_words;     /* texts begin where a word begins */
	NxPhrases *doubts;     /* NULL in the set of doubts itself, as is the next */
	NxBystanders *bystanders;
};

typedef struct {
	GPtrArray *mta;
	GPtrArray *domains;
} Provider;

static void
pointers_free (GPtrArray *array)
{
	if (array != NULL)
		g_ptr_array_unref (array);
}

static void
provider_free (gpointer data)
{
	Provider *provider = data;
	pointers_free (provider->mta);
	pointers_free (provider->domains);
	g_free (provider);
}

static void
rule_free (gpointer data)
{
	Rule *rule = data;
	g_free (rule->id);
	pointers_free (rule->reply);
	pointers_free (rule->status);
	pointers_free (rule->mta);
	pointers_free (rule->domains);
	pointers_free (rule->unless);
	pointers_free (rule->over);
	pointers_free (rule->of);
	g_free (rule);
}

static void
text_clear (gpointer data)
{
	g_free (((Text *)data)->literal);
}

static void
uses_free (gpointer data)
{
	g_array_unref (data);
}

void
nx_phrases_free (NxPhrases *phrases)
{
	if (phrases == NULL)
		return;
	g_ptr_array_unref (phrases->rules);
	g_array_unref (phrases->texts);
	g_array_unref (phrases->bare);
	nx_matcher_free (phrases->matcher);
	g_ptr_array_unref (phrases->uses);
	g_hash_table_unref (phrases->providers);
	nx_phrases_free (phrases->doubts);
	nx_bystanders_free (phrases->bystanders);
	g_free (phrases);
}

/* ---- compiling ---- */

static void
add_use (NxPhrases *phrases, const char *piece, guint text, guint number)
{
	guint literal = nx_matcher_add (phrases->matcher, piece);
	if (literal == phrases->uses->len)
		g_ptr_array_add (phrases->uses, g_array_new (FALSE, FALSE, sizeof (Use)));
	Use use = { text, number, is_name_literal (piece) };
	g_array_append_val ((GArray *)g_ptr_array_index (phrases->uses, literal), use);
}

static gboolean
add_text (NxPhrases *phrases, const NxStanza *stanza, const NxStanzaLine *line, GError **error)
{
	Text text = { .rule = phrases->rules->len, .first = phrases->piece_count };
	text.literal = nx_text_make_match (line->value);
	g_auto (GStrv) pieces = g_strsplit (text.literal, "*", -1);
	guint index = phrases->texts->len;
	g_array_append_val (phrases->texts, text);
	Text *added = &g_array_index (phrases->texts, Text, index);
	if (pieces[0] == NULL)
		return nx_stanza_fail (stanza, line->line, error, "the text is empty");
	for (guint i = 0; pieces[i] != NULL; i++) {
		const char *piece = g_strstrip (pieces[i]);
		if (strlen (piece) < NX_MATCHER_MIN_BYTES)
			return nx_stanza_fail (stanza, line->line, error, "each piece of a text has at least %d bytes",
					       NX_MATCHER_MIN_BYTES);
		if (added->count == NX_LIMIT_RULE_PIECES)
			return nx_stanza_fail (stanza, line->line, error, "a text has at most %d pieces between \"*\"",
					       NX_LIMIT_RULE_PIECES);
		add_use (phrases, piece, index, added->count++);
		phrases->piece_count++;
	}
	return TRUE;
}

static void
append_all (GPtrArray **to, const GPtrArray *from)
{
	if (*to == NULL)
		*to = g_ptr_array_new_with_free_func (g_free);
	for (guint i = 0; from != NULL && i < from->len; i++)
		g_ptr_array_add (*to, g_ascii_strdown (g_ptr_array_index (from, i), -1));
}

/* "@google" stands for what the provider's stanza says. */
static gboolean
resolve_mta (const NxPhrases *phrases, const NxStanza *stanza, Rule *rule, GError **error)
{
	g_autoptr (GPtrArray) words = nx_stanza_split (stanza, "mta");
	for (guint i = 0; words != NULL && i < words->len; i++) {
		const char *word = g_ptr_array_index (words, i);
		if (*word != '@') {
			g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func (g_free);
			g_ptr_array_add (one, g_ascii_strdown (word, -1));
			append_all (&rule->mta, one);
			continue;
		}
		const Provider *provider = g_hash_table_lookup (phrases->providers, word + 1);
		if (provider == NULL)
			return nx_stanza_fail (stanza, 0, error,
					       "mta names the provider \"%s\", which no stanza describes", word + 1);
		append_all (&rule->mta, provider->mta);
		append_all (&rule->domains, provider->domains);
	}
	return TRUE;
}

static gboolean
read_result (const NxStanza *stanza, Rule *rule, GError **error)
{
	const char *reason = nx_stanza_get (stanza, "reason");
	if (reason == NULL)
		return nx_stanza_fail (stanza, 0, error, "a phrase needs a reason");
	if (*reason == '\0' || !nx_reason_from_string (reason, &rule->phrase.reason))
		return nx_stanza_fail (stanza, 0, error, "unknown reason \"%s\"", reason);
	const char *verdict = nx_stanza_get (stanza, "verdict");
	rule->phrase.verdict = nx_reason_get_verdict (rule->phrase.reason);
	if (verdict != NULL && (*verdict == '\0' || !nx_verdict_from_string (verdict, &rule->phrase.verdict)))
		return nx_stanza_fail (stanza, 0, error, "unknown verdict \"%s\"", verdict);
	return TRUE;
}

/* A doubt without a reason leaves the one that was found. */
static gboolean
read_doubt (const NxStanza *stanza, Rule *rule, GError **error)
{
	const char *reason = nx_stanza_get (stanza, "reason");
	const char *verdict = nx_stanza_get (stanza, "verdict");
	if (reason != NULL && (*reason == '\0' || !nx_reason_from_string (reason, &rule->phrase.reason)))
		return nx_stanza_fail (stanza, 0, error, "unknown reason \"%s\"", reason);
	if (verdict == NULL)
		return nx_stanza_fail (stanza, 0, error, "a doubt needs a verdict: transient, blocked or benign");
	if (*verdict == '\0' || !nx_verdict_from_string (verdict, &rule->phrase.verdict))
		return nx_stanza_fail (stanza, 0, error, "unknown verdict \"%s\"", verdict);
	if (rule->phrase.verdict == NX_VERDICT_PERMANENT)
		return nx_stanza_fail (stanza, 0, error,
				       "a doubt spares an address; what says that it is dead is a phrase");
	for (guint i = 0; rule->of != NULL && i < rule->of->len; i++) {
		const char *name = g_ptr_array_index (rule->of, i);
		NxVerdict of_verdict;
		NxReason of_reason;
		if (!nx_verdict_from_string (name, &of_verdict) && !nx_reason_from_string (name, &of_reason))
			return nx_stanza_fail (stanza, 0, error, "of names \"%s\", which is no verdict and no reason",
					       name);
	}
	return TRUE;
}

static gboolean
add_phrase (NxPhrases *phrases, const NxStanza *stanza, GError **error)
{
	g_autoptr (GPtrArray) owner = g_ptr_array_new_with_free_func (rule_free);
	Rule *rule = g_new0 (Rule, 1);
	g_ptr_array_add (owner, rule);
	rule->id = g_strdup (stanza->id);
	rule->phrase.id = rule->id;
	rule->reply = nx_stanza_split (stanza, "reply");
	rule->status = nx_stanza_split (stanza, "status");
	rule->over = nx_stanza_split (stanza, "over");
	rule->of = nx_stanza_split (stanza, "of");
	if (!(phrases->at_words ? read_doubt (stanza, rule, error) : read_result (stanza, rule, error)) ||
	    !resolve_mta (phrases, stanza, rule, error))
		return FALSE;
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "text") == 0) {
			if (!add_text (phrases, stanza, line, error))
				return FALSE;
			rule->texts++;
		} else if (strcmp (line->key, "unless") == 0) {
			if (rule->unless == NULL)
				rule->unless = g_ptr_array_new_with_free_func (g_free);
			g_ptr_array_add (rule->unless, nx_text_make_match (line->value));
		}
	}
	if (rule->texts == 0 && phrases->at_words)
		return nx_stanza_fail (stanza, 0, error, "a doubt needs a text");
	if (rule->texts == 0 && rule->status == NULL && rule->reply == NULL)
		return nx_stanza_fail (stanza, 0, error, "a phrase needs a text, a status or a reply");
	if (rule->texts == 0)
		g_array_append_val (phrases->bare, phrases->rules->len);
	g_ptr_array_set_free_func (owner, NULL);
	g_ptr_array_add (phrases->rules, rule);
	return TRUE;
}

static NxPhrases *
make_set (const NxRules *rules, const char *type, GError **error)
{
	g_autoptr (NxPhrases) phrases = g_new0 (NxPhrases, 1);
	phrases->at_words = strcmp (type, "doubt") == 0;
	phrases->rules = g_ptr_array_new_with_free_func (rule_free);
	phrases->texts = g_array_new (FALSE, TRUE, sizeof (Text));
	g_array_set_clear_func (phrases->texts, text_clear);
	phrases->bare = g_array_new (FALSE, FALSE, sizeof (guint));
	phrases->matcher = nx_matcher_new ();
	phrases->uses = g_ptr_array_new_with_free_func (uses_free);
	phrases->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, provider_free);
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (strcmp (stanza->type, "provider") != 0)
			continue;
		Provider *provider = g_new0 (Provider, 1);
		provider->mta = nx_stanza_split (stanza, "mta");
		provider->domains = nx_stanza_split (stanza, "domain");
		g_hash_table_replace (phrases->providers, g_strdup (stanza->id), provider);
	}
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (strcmp (stanza->type, type) == 0 && !add_phrase (phrases, stanza, error))
			return NULL;
	}
	nx_matcher_compile (phrases->matcher);
	return g_steal_pointer (&phrases);
}

NxPhrases *
nx_phrases_new (const NxRules *rules, GError **error)
{
	g_return_val_if_fail (rules != NULL, NULL);
	g_autoptr (NxPhrases) phrases = make_set (rules, "phrase", error);
	if (phrases == NULL)
		return NULL;
	phrases->doubts = make_set (rules, "doubt", error);
	if (phrases->doubts == NULL)
		return NULL;
	phrases->bystanders = nx_bystanders_new (rules, error);
	return phrases->bystanders != NULL ? g_steal_pointer (&phrases) : NULL;
}

const NxBystanders *
nx_phrases_get_bystanders (const NxPhrases *phrases)
{
	return phrases->bystanders;
}

/* ---- matching ---- */

typedef struct {
	const NxPhrases *phrases;
	const char *text;
	const char *mask; /* the text by nx_names_mask() */
	gsize *ends;      /* by piece: behind its latest place where the pieces before it fit too; 0 for none */
	GArray *matched;  /* of guint: texts that are complete; may hold one twice */
} Scan;

/* TRUE when a hit lies in a name, where it says nothing. The name of a host or a page may well tell who blocks and why;
 * that an address is dead it never proves. */
static gboolean
is_in_name (const Scan *scan, const Use *use, gsize start, gsize end)
{
	char sort = scan->mask[start];
	if (use->name || (sort != NX_NAME_ADDRESS && sort != NX_NAME_HOST))
		return FALSE;
	for (gsize i = start; i < end; i++)
		if (scan->mask[i] != sort)
			return FALSE;
	const Text *text = &g_array_index (scan->phrases->texts, Text, use->text);
	const Rule *rule = g_ptr_array_index (scan->phrases->rules, text->rule);
	return sort == NX_NAME_ADDRESS || rule->phrase.verdict == NX_VERDICT_PERMANENT;
}

static void
hit_cb (guint literal, gsize start, gsize end, gpointer user_data)
{
	Scan *scan = user_data;
	const GArray *uses = g_ptr_array_index (scan->phrases->uses, literal);
	if (scan->phrases->at_words && !nx_names_is_word (scan->text, start))
		return;
	/* From the last piece to the first: a literal that is both must not follow itself at one place. */
	for (guint i = uses->len; i-- > 0;) {
		Use use = g_array_index (uses, Use, i);
		if (is_in_name (scan, &use, start, end))
			continue;
		const Text *text = &g_array_index (scan->phrases->texts, Text, use.text);
		if (use.piece > 0) {
			gsize before = scan->ends[text->first + use.piece - 1];
			if (before == 0 || start < before || start - before > NX_LIMIT_RULE_GAP_BYTES)
				continue;
		}
		scan->ends[text->first + use.piece] = end;
		if (use.piece + 1 == text->count)
			g_array_append_val (scan->matched, use.text);
	}
}

static gboolean
match_globs (const GPtrArray *globs, const char *value)
{
	for (guint i = 0; i < globs->len; i++)
		if (g_pattern_match_simple (g_ptr_array_index (globs, i), value))
			return TRUE;
	return FALSE;
}

/* Without a reply only "none" fits, no glob. */
static gboolean
match_reply (const GPtrArray *globs, guint reply)
{
	char code[NX_STATUS_STRLEN];
	g_snprintf (code, sizeof code, "%03u", reply);
	for (guint i = 0; i < globs->len && reply == 0; i++)
		if (strcmp (g_ptr_array_index (globs, i), "none") == 0)
			return TRUE;
	return reply != 0 && match_globs (globs, code);
}

static gboolean
match_speaker (const Rule *rule, const NxEvidence *evidence)
{
	if (rule->domains != NULL && evidence->domain != NULL && match_globs (rule->domains, evidence->domain))
		return TRUE;
	for (guint i = 0; evidence->hosts != NULL && i < evidence->hosts->len; i++)
		if (match_globs (rule->mta, g_ptr_array_index (evidence->hosts, i)))
			return TRUE;
	return FALSE;
}

/* "unless" words begin where a word begins ("host" is not in "localhost"), and not in a name. */
static gboolean
is_said (const char *words, const char *text, const char *mask)
{
	return is_name_literal (words) ? strstr (text, words) != NULL : nx_names_say (mask, words);
}

/* The weight of a rule whose text is known to fit; 0 when a constraint does not. */
static guint
weigh (const Rule *rule, const NxEvidence *evidence, const char *mask)
{
	guint weight = rule->texts > 0 ? WEIGHT_TEXT : 0;
	char code[NX_STATUS_STRLEN];
	if (rule->reply != NULL) {
		if (!match_reply (rule->reply, evidence->reply))
			return 0;
		weight += WEIGHT_FIELD;
	}
	if (rule->status != NULL) {
		if (!nx_status_is_set (evidence->status) ||
		    !match_globs (rule->status, nx_status_format (evidence->status, code)))
			return 0;
		weight += WEIGHT_FIELD;
	}
	if (rule->mta != NULL) {
		if (!match_speaker (rule, evidence))
			return 0;
		weight += WEIGHT_FIELD;
	}
	for (guint i = 0; rule->unless != NULL && i < rule->unless->len; i++)
		if (is_said (g_ptr_array_index (rule->unless, i), evidence->text, mask))
			return 0;
	return weight;
}

/* One rule that fits, with the text by which it does. */
typedef struct {
	const Rule *rule;
	const Text *text; /* NULL for a rule without texts */
	guint weight;
} Fit;

static gboolean
outranks (const Rule *rule, const Rule *other)
{
	for (guint i = 0; rule->over != NULL && i < rule->over->len; i++) {
		const char *name = g_ptr_array_index (rule->over, i);
		if (*name == '@' ? strcmp (name + 1, nx_reason_to_string (other->phrase.reason)) == 0
				 : strcmp (name, other->id) == 0)
			return TRUE;
	}
	return FALSE;
}

static gint
get_caution (const Rule *rule)
{
	switch (rule->phrase.verdict) {
	case NX_VERDICT_BLOCKED:
		return 3;
	case NX_VERDICT_BENIGN:
		return 2;
	case NX_VERDICT_TRANSIENT:
		return 1;
	default:
		return 0;
	}
}

static gboolean
same_result (const Rule *a, const Rule *b)
{
	return a->phrase.verdict == b->phrase.verdict && a->phrase.reason == b->phrase.reason;
}

/* The fits of one rule: a stretch of an array that is sorted by rules. */
typedef struct {
	const Fit *fits;
	guint count;
} Rival;

static gboolean
holds_text_of (const Rival *a, const Rival *b)
{
	for (guint i = 0; i < a->count; i++)
		for (guint k = 0; k < b->count; k++) {
			const Text *x = a->fits[i].text;
			const Text *y = b->fits[k].text;
			if (x != NULL && y != NULL && strcmp (x->literal, y->literal) != 0 &&
			    strstr (x->literal, y->literal) != NULL)
				return TRUE;
		}
	return FALSE;
}

/* TRUE when @a has the better right: by "over", else by a text that holds the other's text. */
static gboolean
beats (const Rival *a, const Rival *b)
{
	gboolean over_a = outranks (a->fits->rule, b->fits->rule);
	gboolean over_b = outranks (b->fits->rule, a->fits->rule);
	if (over_a != over_b)
		return over_a;
	return holds_text_of (a, b) && !holds_text_of (b, a);
}

static gint
compare_rules (gconstpointer a, gconstpointer b)
{
	return strcmp (((const Fit *)a)->rule->id, ((const Fit *)b)->rule->id);
}

/* The rules of the greatest weight. Sorts @fits; the result points into it. */
static GArray *
find_heaviest (GArray *fits)
{
	GArray *rivals = g_array_new (FALSE, FALSE, sizeof (Rival));
	guint weight = 0;
	g_array_sort (fits, compare_rules);
	for (guint i = 0; i < fits->len; i++)
		weight = MAX (weight, g_array_index (fits, Fit, i).weight);
	for (guint i = 0; i < fits->len; i++) {
		const Fit *fit = &g_array_index (fits, Fit, i);
		if (fit->weight != weight)
			continue;
		Rival rival = { fit, 1 };
		while (i + 1 < fits->len && fit[rival.count].rule == fit->rule) {
			rival.count++;
			i++;
		}
		g_array_append_val (rivals, rival);
	}
	return rivals;
}

/* Right is not transitive: comparing pair by pair, the last of the file might win. So it asks who is beaten by nobody.
 */
static gboolean
is_beaten (const Rival *rival, const GArray *rivals)
{
	for (guint i = 0; i < rivals->len; i++)
		if (beats (&g_array_index (rivals, Rival, i), rival))
			return TRUE;
	return FALSE;
}

static void
collect_fits (const NxPhrases *phrases, const NxEvidence *evidence, GArray *fits)
{
	g_autofree char *mask = nx_names_mask (evidence->text);
	Scan scan = { phrases, evidence->text, mask, g_new0 (gsize, phrases->piece_count + 1),
		      g_array_new (FALSE, FALSE, sizeof (guint)) };
	nx_matcher_scan (phrases->matcher, evidence->text, strlen (evidence->text), hit_cb, &scan);
	g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
	for (guint i = 0; i < scan.matched->len; i++) {
		guint index = g_array_index (scan.matched, guint, i);
		if (!g_hash_table_add (seen, GUINT_TO_POINTER (index + 1)))
			continue;
		const Text *text = &g_array_index (phrases->texts, Text, index);
		const Rule *rule = g_ptr_array_index (phrases->rules, text->rule);
		Fit fit = { rule, text, weigh (rule, evidence, mask) };
		if (fit.weight > 0)
			g_array_append_val (fits, fit);
	}
	for (guint i = 0; i < phrases->bare->len; i++) {
		const Rule *rule = g_ptr_array_index (phrases->rules, g_array_index (phrases->bare, guint, i));
		Fit fit = { rule, NULL, weigh (rule, evidence, mask) };
		if (fit.weight > 0)
			g_array_append_val (fits, fit);
	}
	g_array_unref (scan.matched);
	g_free (scan.ends);
}

/* The best of @fits, or NULL. */
static const NxPhrase *
choose (GArray *fits, gboolean *tie_out)
{
	g_autoptr (GArray) rivals = find_heaviest (fits);
	g_autoptr (GArray) unbeaten = g_array_new (FALSE, FALSE, sizeof (const Rule *));
	for (guint i = 0; i < rivals->len; i++) {
		const Rival *rival = &g_array_index (rivals, Rival, i);
		if (!is_beaten (rival, rivals))
			g_array_append_val (unbeaten, rival->fits->rule);
	}
	gboolean circle = unbeaten->len == 0; /* they outrank each other */
	for (guint i = 0; i < rivals->len && circle; i++)
		g_array_append_val (unbeaten, g_array_index (rivals, Rival, i).fits->rule);
	const Rule *best = NULL;
	gboolean tie = FALSE;
	for (guint i = 0; i < unbeaten->len; i++) { /* in the order of their ids: of equal caution, the lowest stays */
		const Rule *rule = g_array_index (unbeaten, const Rule *, i);
		tie = tie || (best != NULL && !same_result (rule, best));
		if (best == NULL || get_caution (rule) > get_caution (best))
			best = rule;
	}
	if (tie_out != NULL)
		*tie_out = tie;
	return best != NULL ? &best->phrase : NULL;
}

const NxPhrase *
nx_phrases_match (const NxPhrases *phrases, const NxEvidence *evidence, GArray *candidates_out, gboolean *tie_out)
{
	g_autoptr (GArray) fits = g_array_new (FALSE, FALSE, sizeof (Fit));
	collect_fits (phrases, evidence, fits);
	for (guint i = 0; i < fits->len && candidates_out != NULL; i++) {
		const Fit *fit = &g_array_index (fits, Fit, i);
		NxCandidate candidate = { &fit->rule->phrase, fit->weight };
		g_array_append_val (candidates_out, candidate);
	}
	return choose (fits, tie_out);
}

static gboolean
is_of (const Rule *doubt, NxVerdict verdict, NxReason reason)
{
	if (doubt->of == NULL)
		return verdict == NX_VERDICT_PERMANENT;
	for (guint i = 0; i < doubt->of->len; i++) {
		const char *name = g_ptr_array_index (doubt->of, i);
		if (strcmp (name, nx_verdict_to_string (verdict)) == 0 ||
		    strcmp (name, nx_reason_to_string (reason)) == 0)
			return TRUE;
	}
	return FALSE;
}

const NxPhrase *
nx_phrases_find_doubt (const NxPhrases *phrases, const NxEvidence *evidence, NxVerdict verdict, NxReason reason)
{
	g_autofree char *mask = nx_names_mask (evidence->text); /* names say nothing, not even half of a text */
	NxEvidence masked = *evidence;
	g_autoptr (GArray) fits = g_array_new (FALSE, FALSE, sizeof (Fit));
	masked.text = mask;
	collect_fits (phrases->doubts, &masked, fits);
	for (guint i = fits->len; i-- > 0;)
		if (!is_of (g_array_index (fits, Fit, i).rule, verdict, reason))
			g_array_remove_index (fits, i);
	return choose (fits, NULL);
}
