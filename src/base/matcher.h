/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * matcher.h: finds which of many literals stand in a text, in one pass. Its table can be written by the build and then
 * costs a process nothing; literals that come at run time get a second, small one.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/* A literal is at least this long: the index is over substrings of this length. */
#define NX_MATCHER_MIN_BYTES 4

/* The buckets of a table. */
#define NX_MATCHER_HASH_BITS 14
#define NX_MATCHER_BUCKETS (1u << NX_MATCHER_HASH_BITS)

typedef struct _NxMatcher NxMatcher;

/**
 * NxMatcherLiteral: @text: where it begins in the table's texts. @anchor: where its indexed substring begins. @next: in
 * its bucket, counted from 1; 0 ends.
 */
typedef struct {
	guint32 text;
	guint32 length;
	guint32 anchor;
	guint32 next;
} NxMatcherLiteral;

/**
 * NxMatcherTable: @buckets: NX_MATCHER_BUCKETS numbers of a first literal, counted from 1.
 */
typedef struct {
	const char *texts;
	const NxMatcherLiteral *literals;
	const guint32 *buckets;
	gsize count;
} NxMatcherTable;

/**
 * NxMatcherFunc: the literal @number stands at @start of the text, up to @end.
 */
typedef void (*NxMatcherFunc) (guint number, gsize start, gsize end, gpointer user_data);

/**
 * nx_matcher_new: @base: (nullable): a table whose literals are there already, under their numbers. Not copied.
 */
NxMatcher *nx_matcher_new (const NxMatcherTable *base);
void nx_matcher_free (NxMatcher *matcher);

/**
 * nx_matcher_add: Returns: the literal's number; the same literal has one number. At least NX_MATCHER_MIN_BYTES long.
 * Not after the first nx_matcher_compile().
 */
guint nx_matcher_add (NxMatcher *matcher, const char *literal);

/**
 * nx_matcher_compile: call it once, after the last literal.
 */
void nx_matcher_compile (NxMatcher *matcher);

/**
 * nx_matcher_get_table: what was added to a compiled matcher, without its base. Borrowed.
 */
NxMatcherTable nx_matcher_get_table (const NxMatcher *matcher);

/**
 * nx_matcher_scan: calls @func for every occurrence, ordered by where their indexed substrings stand (so nearly by
 * position). Linear in the text: the work at one place is bounded by the set of literals.
 */
void nx_matcher_scan (const NxMatcher *matcher, const char *text, gsize length, NxMatcherFunc func, gpointer user_data);

/**
 * nx_matcher_scan_table: the same for a table alone.
 */
void nx_matcher_scan_table (const NxMatcherTable *table, const char *text, gsize length, NxMatcherFunc func,
			    gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxMatcher, nx_matcher_free)

G_END_DECLS
