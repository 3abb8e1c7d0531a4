/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phrase.c: finds the phrase and doubt stanzas that fit. See phrase.h, nixie/rules.h and CONTRIBUTING.md. Doubts are a
 * set of their own, with the same grammar and the same right.
 *
 * All texts of the built-in rules are looked for in one pass of a table that the build wrote (phrase-table.h,
 * base/matcher.h); those of a local folder in another. The heaviest match wins; at equal weight "over" says which, else
 * a text that holds the other's text is the more specific; then the more cautious verdict, then the lower id. File
 * order never counts.
 */
#include "verdict/phrase.h"

#include "base/glob.h"
#include "base/limits.h"
#include "base/rules-builtin.h"
#include "verdict/names.h"
#include "verdict/phrase-table.h"

#include <string.h>

enum {
	WEIGHT_TEXT = 2,
	WEIGHT_FIELD = 1
};

/* Rules that were compiled together. */
typedef struct {
	const NxPhraseTable *table;
	NxPhrase *phrases;    /* by row: what outsiders borrow */
	guint8 *replaced;     /* by row: a local stanza took its place; NULL: none */
	NxPhraseBuild *build; /* what owns the table; NULL when the build wrote it */
} Set;

struct _NxPhrases {
	Set sets[2];       /* what is built in, what is not; without a table when there is none */
	gboolean at_words; /* texts begin where a word begins */
	NxPhrases *doubts; /* NULL in the set of doubts itself, as is the next */
	NxBystanders *bystanders;
};

void
nx_phrases_free (NxPhrases *phrases)
{
	if (phrases == NULL)
		return;
	for (guint i = 0; i < G_N_ELEMENTS (phrases->sets); i++) {
		g_free (phrases->sets[i].phrases);
		g_free (phrases->sets[i].replaced);
		nx_phrase_build_free (phrases->sets[i].build);
	}
	nx_phrases_free (phrases->doubts);
	nx_bystanders_free (phrases->bystanders);
	g_free (phrases);
}

/* ---- compiling ---- */

static void
open_set (Set *set, const NxPhraseTable *table)
{
	set->table = table;
	set->phrases = g_new (NxPhrase, table->row_count + 1);
	for (guint i = 0; i < table->row_count; i++)
		set->phrases[i] = (NxPhrase){ .id = table->strings + table->rows[i].id,
					      .reason = (NxReason)table->rows[i].reason,
					      .verdict = (NxVerdict)table->rows[i].verdict };
}

static NxPhrases *
make_sets (const NxRules *rules, const char *type, GError **error)
{
	g_autoptr (NxPhrases) phrases = g_new0 (NxPhrases, 1);
	gboolean doubts = strcmp (type, "doubt") == 0;
	const NxPhraseTable *base = NULL;
	phrases->at_words = doubts;
	if (nx_rules_get_stored (rules) == &nx_rules_stored) {
		base = doubts ? &nx_phrase_tables.doubts : &nx_phrase_tables.phrases;
		open_set (&phrases->sets[0], base);
		phrases->sets[0].replaced = nx_rules_list_replaced (rules, type);
	}
	Set *own = &phrases->sets[1];
	own->build = nx_phrase_build_new (rules, type, base, error);
	if (own->build == NULL)
		return NULL;
	open_set (own, nx_phrase_build_get_table (own->build));
	return g_steal_pointer (&phrases);
}

NxPhrases *
nx_phrases_new (const NxRules *rules, GError **error)
{
	g_return_val_if_fail (rules != NULL, NULL);
	g_autoptr (NxPhrases) phrases = make_sets (rules, "phrase", error);
	if (phrases == NULL)
		return NULL;
	phrases->doubts = make_sets (rules, "doubt", error);
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

/* One row of a set. */
typedef struct {
	const Set *set;
	guint row;
} Rule;

typedef struct {
	const NxPhrases *phrases;
	const Set *set;
	const char *text;
	const char *mask; /* the text by nx_names_mask() */
	gsize *ends;      /* by piece: behind its latest place where the pieces before it fit too; 0 for none */
	guint8 *seen;     /* by text: TRUE when it is complete */
	GArray *matched;  /* of guint: these texts, as they came */
} Scan;

static const NxPhraseRow *
get_row (const Rule *rule)
{
	return &rule->set->table->rows[rule->row];
}

static const NxPhrase *
get_phrase (const Rule *rule)
{
	return &rule->set->phrases[rule->row];
}

/* The next string of a list, and NULL behind the last. @list: where it goes on; 0 for no list. */
static const char *
next_string (const NxPhraseTable *table, guint32 *list)
{
	guint32 string = *list != 0 ? table->lists[(*list)++] : 0;
	return string != 0 ? table->strings + string : NULL;
}

/* TRUE when a hit lies in a name, where it says nothing. The name of a host or a page may well tell who blocks and why;
 * that an address is dead it never proves. */
static gboolean
is_in_name (const Scan *scan, const NxPhraseUse *use, gsize start, gsize end)
{
	char sort = scan->mask[start];
	if (use->name || (sort != NX_NAME_ADDRESS && sort != NX_NAME_HOST))
		return FALSE;
	for (gsize i = start; i < end; i++)
		if (scan->mask[i] != sort)
			return FALSE;
	guint row = scan->set->table->texts[use->text].row;
	return sort == NX_NAME_ADDRESS || scan->set->phrases[row].verdict == NX_VERDICT_PERMANENT;
}

static void
hit_cb (guint literal, gsize start, gsize end, gpointer user_data)
{
	Scan *scan = user_data;
	const NxPhraseTable *table = scan->set->table;
	if (scan->phrases->at_words && !nx_names_is_word (scan->text, start))
		return;
	/* From the last piece to the first: a literal that is both must not follow itself at one place. */
	for (guint i = table->first_uses[literal + 1]; i-- > table->first_uses[literal];) {
		const NxPhraseUse *use = &table->uses[i];
		if (is_in_name (scan, use, start, end))
			continue;
		const NxPhraseText *text = &table->texts[use->text];
		if (use->piece > 0) {
			gsize before = scan->ends[text->first + use->piece - 1];
			if (before == 0 || start < before || start - before > NX_LIMIT_RULE_GAP_BYTES)
				continue;
		}
		if (text->count > 1)
			scan->ends[text->first + use->piece] = end;
		if (use->piece + 1u == text->count && !scan->seen[use->text]) {
			scan->seen[use->text] = TRUE;
			g_array_append_val (scan->matched, use->text);
		}
	}
}

static gboolean
match_list (const NxPhraseTable *table, guint32 list, const char *value)
{
	for (const char *glob = next_string (table, &list); glob != NULL; glob = next_string (table, &list))
		if (nx_glob_match (glob, value))
			return TRUE;
	return FALSE;
}

/* Without a reply only "none" fits, no glob. */
static gboolean
match_reply (const NxPhraseTable *table, guint32 list, guint reply)
{
	char code[NX_STATUS_STRLEN];
	g_snprintf (code, sizeof code, "%03u", reply);
	if (reply != 0)
		return match_list (table, list, code);
	for (const char *word = next_string (table, &list); word != NULL; word = next_string (table, &list))
		if (strcmp (word, "none") == 0)
			return TRUE;
	return FALSE;
}

static gboolean
match_hosts (const char *glob, const NxEvidence *evidence)
{
	for (guint i = 0; evidence->hosts != NULL && i < evidence->hosts->len; i++)
		if (nx_glob_match (glob, g_ptr_array_index (evidence->hosts, i)))
			return TRUE;
	return FALSE;
}

/* What is not built in comes first: it takes the place of what is. */
static gboolean
match_provider (const NxPhrases *phrases, const char *id, const NxEvidence *evidence)
{
	for (guint i = G_N_ELEMENTS (phrases->sets); i-- > 0;) {
		const NxPhraseTable *table = phrases->sets[i].table;
		const NxPhraseProvider *provider = nx_phrase_table_find_provider (table, id);
		if (provider == NULL)
			continue;
		if (evidence->domain != NULL && match_list (table, provider->domain, evidence->domain))
			return TRUE;
		guint32 list = provider->mta;
		for (const char *glob = next_string (table, &list); glob != NULL; glob = next_string (table, &list))
			if (match_hosts (glob, evidence))
				return TRUE;
		return FALSE;
	}
	return FALSE;
}

/* "@google" stands for what the provider's stanza says. */
static gboolean
match_speaker (const NxPhrases *phrases, const Rule *rule, const NxEvidence *evidence)
{
	const NxPhraseTable *table = rule->set->table;
	guint32 list = get_row (rule)->mta;
	for (const char *word = next_string (table, &list); word != NULL; word = next_string (table, &list))
		if (*word == '@' ? match_provider (phrases, word + 1, evidence) : match_hosts (word, evidence))
			return TRUE;
	return FALSE;
}

/* "unless" words begin where a word begins ("host" is not in "localhost"), and not in a name. */
static gboolean
is_said (const char *words, const char *text, const char *mask)
{
	return nx_phrase_is_name (words) ? strstr (text, words) != NULL : nx_names_say (mask, words);
}

/* The weight of a rule whose text is known to fit; 0 when a constraint does not. */
static guint
weigh (const NxPhrases *phrases, const Rule *rule, const NxEvidence *evidence, const char *mask)
{
	const NxPhraseTable *table = rule->set->table;
	const NxPhraseRow *row = get_row (rule);
	guint weight = row->texts > 0 ? WEIGHT_TEXT : 0;
	char code[NX_STATUS_STRLEN];
	if (rule->set->replaced != NULL && rule->set->replaced[rule->row])
		return 0;
	if (row->reply != 0) {
		if (!match_reply (table, row->reply, evidence->reply))
			return 0;
		weight += WEIGHT_FIELD;
	}
	if (row->status != 0) {
		if (!nx_status_is_set (evidence->status) ||
		    !match_list (table, row->status, nx_status_format (evidence->status, code)))
			return 0;
		weight += WEIGHT_FIELD;
	}
	if (row->mta != 0) {
		if (!match_speaker (phrases, rule, evidence))
			return 0;
		weight += WEIGHT_FIELD;
	}
	guint32 list = row->unless;
	for (const char *words = next_string (table, &list); words != NULL; words = next_string (table, &list))
		if (is_said (words, evidence->text, mask))
			return 0;
	return weight;
}

/* One rule that fits, with the text by which it does. */
typedef struct {
	Rule rule;
	const char *text; /* NULL for a rule without texts */
	guint weight;
} Fit;

static gboolean
outranks (const Rule *rule, const Rule *other)
{
	guint32 list = get_row (rule)->over;
	const NxPhraseTable *table = rule->set->table;
	for (const char *name = next_string (table, &list); name != NULL; name = next_string (table, &list))
		if (*name == '@' ? strcmp (name + 1, nx_reason_to_string (get_phrase (other)->reason)) == 0
				 : strcmp (name, get_phrase (other)->id) == 0)
			return TRUE;
	return FALSE;
}

static gint
get_caution (const Rule *rule)
{
	switch (get_phrase (rule)->verdict) {
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
	return get_phrase (a)->verdict == get_phrase (b)->verdict && get_phrase (a)->reason == get_phrase (b)->reason;
}

static gboolean
is_same (const Rule *a, const Rule *b)
{
	return a->set == b->set && a->row == b->row;
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
			const char *x = a->fits[i].text;
			const char *y = b->fits[k].text;
			if (x != NULL && y != NULL && strcmp (x, y) != 0 && strstr (x, y) != NULL)
				return TRUE;
		}
	return FALSE;
}

/* TRUE when @a has the better right: by "over", else by a text that holds the other's text. */
static gboolean
beats (const Rival *a, const Rival *b)
{
	gboolean over_a = outranks (&a->fits->rule, &b->fits->rule);
	gboolean over_b = outranks (&b->fits->rule, &a->fits->rule);
	if (over_a != over_b)
		return over_a;
	return holds_text_of (a, b) && !holds_text_of (b, a);
}

static gint
compare_rules (gconstpointer a, gconstpointer b)
{
	return strcmp (get_phrase (&((const Fit *)a)->rule)->id, get_phrase (&((const Fit *)b)->rule)->id);
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
		while (i + 1 < fits->len && is_same (&fit[rival.count].rule, &fit->rule)) {
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
add_fit (const NxPhrases *phrases, const Rule *rule, const char *text, const NxEvidence *evidence, const char *mask,
	 GArray *fits)
{
	Fit fit = { *rule, text, weigh (phrases, rule, evidence, mask) };
	if (fit.weight > 0)
		g_array_append_val (fits, fit);
}

static void
collect_from_set (const NxPhrases *phrases, const Set *set, const NxEvidence *evidence, const char *mask, GArray *fits)
{
	const NxPhraseTable *table = set->table;
	g_autofree gsize *ends = g_new0 (gsize, table->ends + 1);
	g_autofree guint8 *seen = g_new0 (guint8, table->text_count + 1);
	g_autoptr (GArray) matched = g_array_new (FALSE, FALSE, sizeof (guint));
	Scan scan = { phrases, set, evidence->text, mask, ends, seen, matched };
	if (table->matcher.count > 0)
		nx_matcher_scan_table (&table->matcher, evidence->text, strlen (evidence->text), hit_cb, &scan);
	for (guint i = 0; i < matched->len; i++) {
		const NxPhraseText *text = &table->texts[g_array_index (matched, guint, i)];
		Rule rule = { set, text->row };
		add_fit (phrases, &rule, table->strings + text->literal, evidence, mask, fits);
	}
	for (guint i = 0; i < table->bare_count; i++) {
		Rule rule = { set, table->bare[i] };
		add_fit (phrases, &rule, NULL, evidence, mask, fits);
	}
}

static void
collect_fits (const NxPhrases *phrases, const NxEvidence *evidence, GArray *fits)
{
	g_autofree char *mask = nx_names_mask (evidence->text);
	for (guint i = 0; i < G_N_ELEMENTS (phrases->sets); i++)
		if (phrases->sets[i].table != NULL)
			collect_from_set (phrases, &phrases->sets[i], evidence, mask, fits);
}

/* The best of @fits, or NULL. */
static const NxPhrase *
choose (GArray *fits, gboolean *tie_out)
{
	g_autoptr (GArray) rivals = find_heaviest (fits);
	g_autoptr (GArray) unbeaten = g_array_new (FALSE, FALSE, sizeof (Rule));
	for (guint i = 0; i < rivals->len; i++) {
		const Rival *rival = &g_array_index (rivals, Rival, i);
		if (!is_beaten (rival, rivals))
			g_array_append_val (unbeaten, rival->fits->rule);
	}
	gboolean circle = unbeaten->len == 0; /* they outrank each other */
	for (guint i = 0; i < rivals->len && circle; i++)
		g_array_append_vals (unbeaten, &g_array_index (rivals, Rival, i).fits->rule, 1);
	const Rule *best = NULL;
	gboolean tie = FALSE;
	for (guint i = 0; i < unbeaten->len; i++) { /* in the order of their ids: of equal caution, the lowest stays */
		const Rule *rule = &g_array_index (unbeaten, Rule, i);
		tie = tie || (best != NULL && !same_result (rule, best));
		if (best == NULL || get_caution (rule) > get_caution (best))
			best = rule;
	}
	if (tie_out != NULL)
		*tie_out = tie;
	return best != NULL ? get_phrase (best) : NULL;
}

const NxPhrase *
nx_phrases_match (const NxPhrases *phrases, const NxEvidence *evidence, GArray *candidates_out, gboolean *tie_out)
{
	g_autoptr (GArray) fits = g_array_new (FALSE, FALSE, sizeof (Fit));
	collect_fits (phrases, evidence, fits);
	for (guint i = 0; i < fits->len && candidates_out != NULL; i++) {
		const Fit *fit = &g_array_index (fits, Fit, i);
		NxCandidate candidate = { get_phrase (&fit->rule), fit->weight };
		g_array_append_val (candidates_out, candidate);
	}
	return choose (fits, tie_out);
}

static gboolean
is_of (const Rule *doubt, NxVerdict verdict, NxReason reason)
{
	guint32 list = get_row (doubt)->of;
	if (list == 0)
		return verdict == NX_VERDICT_PERMANENT;
	const NxPhraseTable *table = doubt->set->table;
	for (const char *name = next_string (table, &list); name != NULL; name = next_string (table, &list))
		if (strcmp (name, nx_verdict_to_string (verdict)) == 0 ||
		    strcmp (name, nx_reason_to_string (reason)) == 0)
			return TRUE;
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
		if (!is_of (&g_array_index (fits, Fit, i).rule, verdict, reason))
			g_array_remove_index (fits, i);
	return choose (fits, NULL);
}
