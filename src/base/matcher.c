/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * matcher.c: a four-byte index over literals. See matcher.h.
 *
 * Each literal is entered under the rarest of its four-byte substrings (rarest among all literals, so that the buckets
 * stay short). A scan hashes the four bytes at each place of the text and compares the few literals of that bucket.
 * Against an automaton its table is a tenth of the size. No regular expressions: no backtracking.
 */
#include "base/matcher.h"

#include <string.h>

struct _NxMatcher {
	const NxMatcherTable *base; /* NULL: none */
	GString *texts;             /* of the literals beyond the base, each with its NUL */
	GArray *literals;
	GHashTable *by_text; /* to its number, counted from 1 */
	guint32 *buckets;    /* NULL until compiled, and when the base holds all */
};

/* The same on every machine: a table may be written on another than it is used on. */
static guint
hash_four (const char *p)
{
	const guchar *c = (const guchar *)p;
	guint32 value = c[0] | (guint32)c[1] << 8 | (guint32)c[2] << 16 | (guint32)c[3] << 24;
	return (value * 2654435761u) >> (32 - NX_MATCHER_HASH_BITS);
}

NxMatcher *
nx_matcher_new (const NxMatcherTable *base)
{
	NxMatcher *matcher = g_new0 (NxMatcher, 1);
	matcher->base = base;
	matcher->texts = g_string_new (NULL);
	matcher->literals = g_array_new (FALSE, TRUE, sizeof (NxMatcherLiteral));
	matcher->by_text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	return matcher;
}

void
nx_matcher_free (NxMatcher *matcher)
{
	if (matcher == NULL)
		return;
	g_hash_table_unref (matcher->by_text);
	g_string_free (matcher->texts, TRUE);
	g_array_unref (matcher->literals);
	g_free (matcher->buckets);
	g_free (matcher);
}

/* Its number in a table, counted from 1; 0 when it is not there. */
static guint
find_literal (const NxMatcherTable *table, const char *text, gsize length)
{
	for (gsize at = 0; at + NX_MATCHER_MIN_BYTES <= length; at++) {
		guint number = table->buckets[hash_four (text + at)];
		while (number != 0) {
			const NxMatcherLiteral *literal = &table->literals[number - 1];
			if (literal->anchor == at && literal->length == length &&
			    memcmp (table->texts + literal->text, text, length) == 0)
				return number;
			number = literal->next;
		}
	}
	return 0;
}

guint
nx_matcher_add (NxMatcher *matcher, const char *literal)
{
	gsize length = strlen (literal);
	g_assert (matcher->buckets == NULL);
	g_assert (length >= NX_MATCHER_MIN_BYTES);
	guint base = matcher->base != NULL ? (guint)matcher->base->count : 0;
	guint known = base > 0 ? find_literal (matcher->base, literal, length) : 0;
	if (known > 0)
		return known - 1;
	known = GPOINTER_TO_UINT (g_hash_table_lookup (matcher->by_text, literal));
	if (known > 0)
		return base + known - 1;
	NxMatcherLiteral entry = { .text = (guint32)matcher->texts->len, .length = (guint32)length };
	g_string_append_len (matcher->texts, literal, (gssize)length + 1);
	g_array_append_val (matcher->literals, entry);
	g_hash_table_insert (matcher->by_text, g_strdup (literal), GUINT_TO_POINTER (matcher->literals->len));
	return base + matcher->literals->len - 1;
}

void
nx_matcher_compile (NxMatcher *matcher)
{
	g_assert (matcher->buckets == NULL);
	if (matcher->literals->len == 0 && matcher->base != NULL)
		return;
	matcher->buckets = g_new0 (guint32, NX_MATCHER_BUCKETS);
	g_autofree guint *uses = g_new0 (guint, NX_MATCHER_BUCKETS);
	for (guint i = 0; i < matcher->literals->len; i++) {
		const NxMatcherLiteral *literal = &g_array_index (matcher->literals, NxMatcherLiteral, i);
		const char *text = matcher->texts->str + literal->text;
		for (guint at = 0; at + NX_MATCHER_MIN_BYTES <= literal->length; at++)
			uses[hash_four (text + at)]++;
	}
	for (guint i = 0; i < matcher->literals->len; i++) {
		NxMatcherLiteral *literal = &g_array_index (matcher->literals, NxMatcherLiteral, i);
		const char *text = matcher->texts->str + literal->text;
		for (guint at = 1; at + NX_MATCHER_MIN_BYTES <= literal->length; at++)
			if (uses[hash_four (text + at)] < uses[hash_four (text + literal->anchor)])
				literal->anchor = at;
		guint32 *bucket = &matcher->buckets[hash_four (text + literal->anchor)];
		literal->next = *bucket;
		*bucket = i + 1;
	}
}

NxMatcherTable
nx_matcher_get_table (const NxMatcher *matcher)
{
	return (NxMatcherTable){ matcher->texts->str, &g_array_index (matcher->literals, NxMatcherLiteral, 0),
				 matcher->buckets, matcher->literals->len };
}

/* What of @table stands at one place. @first: the number of its first literal. */
static inline void
scan_place (const NxMatcherTable *table, guint first, const char *text, gsize length, gsize at, NxMatcherFunc func,
	    gpointer user_data)
{
	guint number = table->buckets[hash_four (text + at)];
	while (number != 0) {
		const NxMatcherLiteral *literal = &table->literals[number - 1];
		if (at >= literal->anchor && at - literal->anchor + literal->length <= length) {
			gsize start = at - literal->anchor;
			if (memcmp (text + start, table->texts + literal->text, literal->length) == 0)
				func (first + number - 1, start, start + literal->length, user_data);
		}
		number = literal->next;
	}
}

void
nx_matcher_scan_table (const NxMatcherTable *table, const char *text, gsize length, NxMatcherFunc func,
		       gpointer user_data)
{
	for (gsize at = 0; at + NX_MATCHER_MIN_BYTES <= length; at++)
		scan_place (table, 0, text, length, at, func, user_data);
}

void
nx_matcher_scan (const NxMatcher *matcher, const char *text, gsize length, NxMatcherFunc func, gpointer user_data)
{
	const NxMatcherTable *base = matcher->base;
	if (matcher->buckets == NULL) {
		g_assert (base != NULL);
		nx_matcher_scan_table (base, text, length, func, user_data);
		return;
	}
	NxMatcherTable own = nx_matcher_get_table (matcher);
	for (gsize at = 0; at + NX_MATCHER_MIN_BYTES <= length; at++) {
		if (base != NULL)
			scan_place (base, 0, text, length, at, func, user_data);
		scan_place (&own, base != NULL ? (guint)base->count : 0, text, length, at, func, user_data);
	}
}
