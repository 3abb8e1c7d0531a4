/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * matcher.c: a four-byte index over literals. See matcher.h.
 *
 * Each literal is entered under the rarest of its four-byte substrings (rarest among all literals, so that the buckets
 * stay short). A scan hashes the four bytes at each place of the text and compares the few literals of that bucket.
 * Against an automaton it needs no state table: it is ready in some hundred microseconds, which is what counts for a
 * process that lives for one message. No regular expressions: no backtracking.
 */
#include "base/matcher.h"

#include <string.h>

#define HASH_BITS 14
#define HASH_SIZE (1u << HASH_BITS)

typedef struct {
	char *text;
	guint length;
	guint anchor; /* where its indexed substring begins */
	guint next;   /* in its bucket, counted from 1; 0 ends */
} Literal;

struct _NxMatcher {
	GArray *literals;
	GHashTable *by_text;
	guint *buckets; /* number of the first literal, counted from 1 */
};

static guint
hash_four (const char *p)
{
	guint32 value;
	memcpy (&value, p, sizeof value);
	return (value * 2654435761u) >> (32 - HASH_BITS);
}

NxMatcher *
nx_matcher_new (void)
{
	NxMatcher *matcher = g_new0 (NxMatcher, 1);
	matcher->literals = g_array_new (FALSE, TRUE, sizeof (Literal));
	matcher->by_text = g_hash_table_new (g_str_hash, g_str_equal);
	return matcher;
}

void
nx_matcher_free (NxMatcher *matcher)
{
	if (matcher == NULL)
		return;
	g_hash_table_unref (matcher->by_text);
	for (guint i = 0; i < matcher->literals->len; i++)
		g_free (g_array_index (matcher->literals, Literal, i).text);
	g_array_unref (matcher->literals);
	g_free (matcher->buckets);
	g_free (matcher);
}

guint
nx_matcher_add (NxMatcher *matcher, const char *literal)
{
	g_assert (matcher->buckets == NULL);
	g_assert (strlen (literal) >= NX_MATCHER_MIN_BYTES);
	gpointer known = NULL;
	if (g_hash_table_lookup_extended (matcher->by_text, literal, NULL, &known))
		return GPOINTER_TO_UINT (known);
	Literal entry = { .text = g_strdup (literal), .length = (guint)strlen (literal) };
	guint number = matcher->literals->len;
	g_array_append_val (matcher->literals, entry);
	g_hash_table_insert (matcher->by_text, entry.text, GUINT_TO_POINTER (number));
	return number;
}

void
nx_matcher_compile (NxMatcher *matcher)
{
	g_assert (matcher->buckets == NULL);
	matcher->buckets = g_new0 (guint, HASH_SIZE);
	g_autofree guint *uses = g_new0 (guint, HASH_SIZE);
	for (guint i = 0; i < matcher->literals->len; i++) {
		const Literal *literal = &g_array_index (matcher->literals, Literal, i);
		for (guint at = 0; at + NX_MATCHER_MIN_BYTES <= literal->length; at++)
			uses[hash_four (literal->text + at)]++;
	}
	for (guint i = 0; i < matcher->literals->len; i++) {
		Literal *literal = &g_array_index (matcher->literals, Literal, i);
		for (guint at = 1; at + NX_MATCHER_MIN_BYTES <= literal->length; at++)
			if (uses[hash_four (literal->text + at)] < uses[hash_four (literal->text + literal->anchor)])
				literal->anchor = at;
		guint *bucket = &matcher->buckets[hash_four (literal->text + literal->anchor)];
		literal->next = *bucket;
		*bucket = i + 1;
	}
}

void
nx_matcher_scan (const NxMatcher *matcher, const char *text, gsize length, NxMatcherFunc func, gpointer user_data)
{
	g_assert (matcher->buckets != NULL);
	for (gsize at = 0; at + NX_MATCHER_MIN_BYTES <= length; at++) {
		guint number = matcher->buckets[hash_four (text + at)];
		while (number != 0) {
			const Literal *literal = &g_array_index (matcher->literals, Literal, number - 1);
			if (at >= literal->anchor && at - literal->anchor + literal->length <= length) {
				gsize start = at - literal->anchor;
				if (memcmp (text + start, literal->text, literal->length) == 0)
					func (number - 1, start, start + literal->length, user_data);
			}
			number = literal->next;
		}
	}
}
