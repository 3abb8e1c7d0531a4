/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bystander.c: who is named in a reply beside the new address: postmasters, colleagues, senders, who has moved away.
 * See bystander.h and CONTRIBUTING.md.
 *
 * "near" words count in the sentence before the address, "before" and "after" words only when they touch it. Whether an
 * address could be offered at all is forward.c's business. RFC 5321 3.4 knows one address in a reply; the world writes
 * more.
 */
#include "verdict/bystander.h"

#include "base/limits.h"
#include "base/rules-builtin.h"
#include "base/stanza.h"
#include "base/text.h"

#include <string.h>

typedef struct {
	char *id;
	GPtrArray *before; /* of char *, in match form; so are the next */
	GPtrArray *after;
	GPtrArray *unless;
} Stanza;

struct _NxBystanders {
	GPtrArray *stanzas;
	NxMatcher *near;
	GPtrArray *near_stanzas; /* by literal of the matcher: GPtrArray of Stanza, borrowed */
};

static void
stanza_free (gpointer data)
{
	Stanza *stanza = data;
	g_free (stanza->id);
	g_ptr_array_unref (stanza->before);
	g_ptr_array_unref (stanza->after);
	g_ptr_array_unref (stanza->unless);
	g_free (stanza);
}

static void
pointers_free (gpointer data)
{
	g_ptr_array_unref (data);
}

void
nx_bystanders_free (NxBystanders *bystanders)
{
	if (bystanders == NULL)
		return;
	g_ptr_array_unref (bystanders->stanzas);
	nx_matcher_free (bystanders->near);
	g_ptr_array_unref (bystanders->near_stanzas);
	g_free (bystanders);
}

/* ---- compiling ---- */

static gboolean
add_near (NxBystanders *bystanders, const NxStanza *source, const NxStanzaLine *line, const char *words, GError **error)
{
	if (strlen (words) < NX_MATCHER_MIN_BYTES)
		return nx_stanza_fail (source, line->line, error,
				       "near words have at least %d bytes; \"before\" takes less",
				       NX_MATCHER_MIN_BYTES);
	guint literal = nx_matcher_add (bystanders->near, words);
	while (literal >= bystanders->near_stanzas->len) /* the build may know words that a local stanza took out */
		g_ptr_array_add (bystanders->near_stanzas, g_ptr_array_new ());
	g_ptr_array_add (g_ptr_array_index (bystanders->near_stanzas, literal),
			 g_ptr_array_index (bystanders->stanzas, bystanders->stanzas->len - 1));
	return TRUE;
}

static gboolean
add_stanza (NxBystanders *bystanders, const NxStanza *source, GError **error)
{
	Stanza *stanza = g_new0 (Stanza, 1);
	guint count = 0;
	stanza->id = g_strdup (source->id);
	stanza->before = g_ptr_array_new_with_free_func (g_free);
	stanza->after = g_ptr_array_new_with_free_func (g_free);
	stanza->unless = g_ptr_array_new_with_free_func (g_free);
	g_ptr_array_add (bystanders->stanzas, stanza);
	for (guint i = 0; i < source->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (source->lines, NxStanzaLine, i);
		GPtrArray *list = strcmp (line->key, "before") == 0   ? stanza->before
				  : strcmp (line->key, "after") == 0  ? stanza->after
				  : strcmp (line->key, "unless") == 0 ? stanza->unless
								      : NULL;
		gboolean near = strcmp (line->key, "near") == 0;
		if (list == NULL && !near)
			continue;
		g_autofree char *words = nx_stanza_dup_match (line);
		if (*words == '\0')
			return nx_stanza_fail (source, line->line, error, "%s has no words", line->key);
		if (near && !add_near (bystanders, source, line, words, error))
			return FALSE;
		count += list != stanza->unless;
		if (list != NULL)
			g_ptr_array_add (list, g_steal_pointer (&words));
	}
	if (count == 0)
		return nx_stanza_fail (source, 0, error, "a bystander needs words: near, before or after");
	return TRUE;
}

NxBystanders *
nx_bystanders_new (const NxRules *rules, GError **error)
{
	g_autoptr (NxBystanders) bystanders = g_new0 (NxBystanders, 1);
	bystanders->stanzas = g_ptr_array_new_with_free_func (stanza_free);
	bystanders->near = nx_matcher_new (nx_rules_get_stored (rules) == &nx_rules_stored ? &nx_rules_near : NULL);
	bystanders->near_stanzas = g_ptr_array_new_with_free_func (pointers_free);
	g_autoptr (GPtrArray) stanzas = nx_rules_list_stanzas (rules, "bystander", FALSE);
	for (guint i = 0; i < stanzas->len; i++)
		if (!add_stanza (bystanders, g_ptr_array_index (stanzas, i), error))
			return NULL;
	nx_matcher_compile (bystanders->near);
	return g_steal_pointer (&bystanders);
}

/* ---- matching ---- */

/* The last sentence of @text, or all of it. */
static const char *
find_sentence (const char *text)
{
	const char *begin = text;
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr (".;!", *p) != NULL && g_ascii_isspace (p[1]))
			begin = p + 1;
		else if (g_str_has_prefix (p, "\u3002"))
			begin = p + strlen ("\u3002");
	}
	return begin;
}

static char *
make_window (const char *bytes, gsize length)
{
	g_autofree char *copy = g_strndup (bytes, length);
	g_autofree char *valid = g_utf8_make_valid (copy, -1);
	return nx_text_make_match (valid);
}

/* What leads to an address and says nothing. */
static void
trim_end (char *text)
{
	static const char *const leads[] = { "mailto:", "smtp:", "email:", "e-mail:" };
	for (gsize length = strlen (text); length > 0; length = strlen (text)) {
		gsize cut = strchr (" <(\"'[`", text[length - 1]) != NULL ? 1 : 0;
		for (guint i = 0; i < G_N_ELEMENTS (leads) && cut == 0; i++)
			cut = g_str_has_suffix (text, leads[i]) ? strlen (leads[i]) : 0;
		if (cut == 0)
			return;
		text[length - cut] = '\0';
	}
}

static gboolean
is_letter (gunichar c)
{
	switch (g_unichar_get_script (c)) { /* in these no blank parts the words */
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_HANGUL:
	case G_UNICODE_SCRIPT_THAI:
		return FALSE;
	default:
		return g_unichar_isalnum (c);
	}
}

static gboolean
ends_with (const char *text, const char *words)
{
	if (!g_str_has_suffix (text, words))
		return FALSE;
	const char *at = text + strlen (text) - strlen (words);
	const char *prev = g_utf8_find_prev_char (text, at);
	return prev == NULL || !is_letter (g_utf8_get_char (prev)) || !is_letter (g_utf8_get_char (at));
}

static gboolean
begins_with (const char *text, const char *words)
{
	if (!g_str_has_prefix (text, words))
		return FALSE;
	const char *end = text + strlen (words);
	const char *last = g_utf8_find_prev_char (text, end);
	return *end == '\0' || last == NULL || !is_letter (g_utf8_get_char (last)) ||
	       !is_letter (g_utf8_get_char (end));
}

static gboolean
is_excepted (const Stanza *stanza, const char *sentence)
{
	for (guint i = 0; i < stanza->unless->len; i++)
		if (strstr (sentence, g_ptr_array_index (stanza->unless, i)) != NULL)
			return TRUE;
	return FALSE;
}

typedef struct {
	const NxBystanders *bystanders;
	const char *sentence;
	const Stanza *found;
} Search;

static void
hit_cb (guint literal, gsize start, gsize end, gpointer user_data)
{
	(void)start;
	(void)end;
	Search *search = user_data;
	if (literal >= search->bystanders->near_stanzas->len)
		return;
	const GPtrArray *stanzas = g_ptr_array_index (search->bystanders->near_stanzas, literal);
	for (guint i = 0; i < stanzas->len; i++)
		if (!is_excepted (g_ptr_array_index (stanzas, i), search->sentence))
			search->found = g_ptr_array_index (stanzas, i);
}

const char *
nx_bystanders_find (const NxBystanders *bystanders, const char *mask, gsize start, gsize end)
{
	gsize reach = MIN (start, NX_LIMIT_BYSTANDER_BYTES);
	g_autofree char *before = make_window (mask + start - reach, reach);
	g_autofree char *after = make_window (mask + end, strnlen (mask + end, NX_LIMIT_BYSTANDER_BYTES));
	const char *sentence = find_sentence (before);
	Search search = { bystanders, sentence, NULL };
	nx_matcher_scan (bystanders->near, sentence, strlen (sentence), hit_cb, &search);
	if (search.found != NULL)
		return search.found->id;
	g_autofree char *last = g_strdup (sentence);
	trim_end (last);
	const char *next = after + strspn (after, " >)\"'`,:]");
	for (guint i = 0; i < bystanders->stanzas->len; i++) {
		const Stanza *stanza = g_ptr_array_index (bystanders->stanzas, i);
		gboolean found = FALSE;
		for (guint n = 0; n < stanza->before->len && !found; n++)
			found = ends_with (last, g_ptr_array_index (stanza->before, n));
		for (guint n = 0; n < stanza->after->len && !found; n++)
			found = begins_with (next, g_ptr_array_index (stanza->after, n));
		if (found && !is_excepted (stanza, sentence))
			return stanza->id;
	}
	return NULL;
}
