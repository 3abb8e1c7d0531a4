/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * matcher.h: finds which of many literals stand in a text, in one pass.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/* A literal is at least this long: the index is over substrings of this length. */
#define NX_MATCHER_MIN_BYTES 4

typedef struct _NxMatcher NxMatcher;

/**
 * NxMatcherFunc: the literal @number stands at @start of the text, up to @end.
 */
typedef void (*NxMatcherFunc) (guint number, gsize start, gsize end, gpointer user_data);

NxMatcher *nx_matcher_new (void);
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
 * nx_matcher_scan: calls @func for every occurrence, ordered by where their indexed substrings stand (so nearly by
 * position). Linear in the text: the work at one place is bounded by the set of literals.
 */
void nx_matcher_scan (const NxMatcher *matcher, const char *text, gsize length, NxMatcherFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxMatcher, nx_matcher_free)

G_END_DECLS
