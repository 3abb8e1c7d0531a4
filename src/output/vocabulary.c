/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vocabulary.c: gathers the words of the built-in rules, once. See vocabulary.h.
 *
 * Their examples do not count: they name people and hosts.
 */
#include "output/vocabulary.h"

#include "base/stanza.h"
#include "base/text.h"
#include "report/pattern.h"
#include "report/report-private.h"

#include <string.h>

typedef struct {
	GHashTable *words;
	GHashTable *headers;
	GPtrArray *wide;  /* words of scripts that put no blanks between them */
	GHashTable *ends; /* a format's id to its GPtrArray of NxPattern; "common" holds for all */
	NxFormats *formats;
} Vocabulary;

/* The keys whose values are words of servers. */
static const char *const word_keys[] = { "text",      "unless", "mark", "without", "start",
					 "recipient", "skip",   "end",  "mta",     "diagnostic" };

/* What reporting servers and their parts call themselves, where no rule but the code looks for it. */
static const char *const own_words =
	"mailer daemon maildaemon mdaemon postmaster mail delivery system subsystem service services server daemon "
	"administrator admin mailadmin router bounce handler internet notification report message headers header "
	"returned undelivered original status automatic reply auto autoreply re fwd fw aw out of office vacation "
	"no-reply noreply smtp esmtp dns rfc822 utf failure failed delayed success warning error undeliverable "
	"undisclosed recipients abuse feedback complaint complaints root gateway microsoft exchange outlook gmail "
	"google yahoo amazon ses postfix exim sendmail qmail courier domino lotus notes groupwise zimbra ironport "
	"barracuda mimecast proofpoint symantec messagelabs opensmtpd dovecot haraka powermta";

gboolean
nx_vocabulary_is_word_char (gunichar c)
{
	return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* As g_utf8_next_char(), which casts const away. */
static const char *
next_char (const char *p)
{
	return p + g_utf8_skip[(guchar)*p];
}

/* The next word at or behind *text; NULL when none is left. */
static char *
take_word (const char **text)
{
	const char *p = *text;
	while (*p != '\0' && !nx_vocabulary_is_word_char (g_utf8_get_char (p)))
		p = next_char (p);
	const char *start = p;
	while (*p != '\0' && nx_vocabulary_is_word_char (g_utf8_get_char (p)))
		p = next_char (p);
	*text = p;
	return p > start ? g_strndup (start, (gsize)(p - start)) : NULL;
}

static gboolean
is_wide (const char *word)
{
	return g_unichar_iswide (g_utf8_get_char (word));
}

/* "storedrv.deliver": a word with a dot in it, which looks like a host's name. */
static void
add_dotted (Vocabulary *vocabulary, const char *token)
{
	if (strchr (token, '.') != NULL && strchr (token, '*') == NULL)
		g_hash_table_add (vocabulary->words, g_strdup (token));
}

static void
add_words (Vocabulary *vocabulary, const char *text)
{
	g_autofree char *match = nx_text_make_match (text);
	const char *p = match;
	for (char *word = take_word (&p); word != NULL; word = take_word (&p)) {
		if (is_wide (word))
			g_ptr_array_add (vocabulary->wide, g_strdup (word));
		g_hash_table_add (vocabulary->words, word);
	}
	g_auto (GStrv) tokens = g_strsplit_set (match, " /:;,()[]<>@\"'", -1);
	for (guint i = 0; tokens[i] != NULL; i++)
		add_dotted (vocabulary, tokens[i]);
}

static void
add_line (Vocabulary *vocabulary, const NxStanzaLine *line)
{
	if (g_str_has_prefix (line->key, "header.")) {
		g_hash_table_add (vocabulary->headers, g_ascii_strdown (line->key + strlen ("header."), -1));
		add_words (vocabulary, line->value);
	}
	if (strcmp (line->key, "header-recipient") == 0)
		g_hash_table_add (vocabulary->headers, g_ascii_strdown (line->value, -1));
	if (g_str_has_prefix (line->key, "section."))
		add_words (vocabulary, line->value);
	for (guint i = 0; i < G_N_ELEMENTS (word_keys); i++)
		if (strcmp (line->key, word_keys[i]) == 0)
			add_words (vocabulary, line->value);
}

/* Where a format's returned letter begins. */
static void
add_end (Vocabulary *vocabulary, const char *format, const NxStanzaLine *line)
{
	const char *problem = NULL;
	NxPattern *end = strcmp (line->key, "end") == 0 ? nx_pattern_new (line->value, &problem) : NULL;
	if (end == NULL)
		return;
	GPtrArray *ends = g_hash_table_lookup (vocabulary->ends, format);
	if (ends == NULL) {
		ends = g_ptr_array_new ();
		g_hash_table_insert (vocabulary->ends, g_strdup (format), ends);
	}
	g_ptr_array_add (ends, end);
}

static Vocabulary *
vocabulary_new (void)
{
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	Vocabulary *vocabulary = g_new0 (Vocabulary, 1);
	vocabulary->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	vocabulary->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	vocabulary->wide = g_ptr_array_new_with_free_func (g_free);
	vocabulary->ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	vocabulary->formats = nx_formats_new (rules, NULL);
	const GPtrArray *stanzas = nx_rules_get_stanzas (rules);
	for (guint i = 0; i < stanzas->len; i++) {
		const NxStanza *stanza = g_ptr_array_index (stanzas, i);
		for (guint k = 0; k < stanza->lines->len; k++) {
			add_line (vocabulary, &g_array_index (stanza->lines, NxStanzaLine, k));
			if (strcmp (stanza->type, "format") == 0)
				add_end (vocabulary, stanza->id, &g_array_index (stanza->lines, NxStanzaLine, k));
		}
	}
	add_words (vocabulary, own_words);
	return vocabulary;
}

/* Made once and kept: it never changes. */
static const Vocabulary *
get_vocabulary (void)
{
	static gsize made;
	if (g_once_init_enter (&made))
		g_once_init_leave (&made, (gsize)vocabulary_new ());
	return (const Vocabulary *)made;
}

gboolean
nx_vocabulary_has_word (const char *word)
{
	return g_hash_table_contains (get_vocabulary ()->words, word);
}

gboolean
nx_vocabulary_has_header (const char *name)
{
	return g_hash_table_contains (get_vocabulary ()->headers, name);
}

const char *
nx_vocabulary_find_format (const char *data, gsize length, NxReport **report_out)
{
	NxMessage *message = nx_message_new (data, length);
	*report_out = nx_report_new (message, get_vocabulary ()->formats);
	nx_message_free (message);
	return (*report_out)->format;
}

gboolean
nx_vocabulary_is_automatic (const NxMessage *message)
{
	return nx_formats_find_author (get_vocabulary ()->formats, message).automatic;
}

gboolean
nx_vocabulary_is_end (const char *format, const char *line)
{
	const char *const names[] = { "common", format };
	for (guint n = 0; n < G_N_ELEMENTS (names); n++) {
		const GPtrArray *ends = g_hash_table_lookup (get_vocabulary ()->ends, names[n]);
		for (guint i = 0; ends != NULL && i < ends->len; i++)
			if (nx_pattern_match (g_ptr_array_index (ends, i), line, NULL))
				return TRUE;
	}
	return FALSE;
}

static gboolean
knows_wide (const char *word)
{
	const GPtrArray *wide = get_vocabulary ()->wide;
	for (guint i = 0; i < wide->len; i++)
		if (strstr (word, g_ptr_array_index (wide, i)) != NULL)
			return TRUE;
	return FALSE;
}

gboolean
nx_vocabulary_knows (const char *text)
{
	g_autofree char *match = nx_text_make_match (text);
	const char *p = match;
	while (TRUE) {
		g_autofree char *word = take_word (&p);
		if (word == NULL)
			return TRUE;
		gboolean number = strspn (word, "0123456789") == strlen (word) && strlen (word) <= 4;
		if (!number && !nx_vocabulary_has_word (word) && !(is_wide (word) && knows_wide (word)))
			return FALSE;
	}
}
