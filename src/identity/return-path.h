/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * return-path.h: the inside of nixie/verp.h: return paths as patterns, and the tokens inside them.
 */
#pragma once

#include <nixie/verp.h>

G_BEGIN_DECLS

/* The two lengths of a keyed token: beside an address, and alone. */
#define NX_VERP_TOKEN_BYTES 17
#define NX_VERP_TOKEN_ALONE_BYTES 23

/**
 * NxReturnPathPattern: a configured style. @pattern: "news-verp-{token}@lists.example.org".
 */
typedef struct {
	char *list;
	char *pattern;
} NxReturnPathPattern;

/**
 * nx_return_path_pattern_new: Returns: (transfer full): NULL with NX_ERROR_CONFIG when the pattern makes no sense.
 */
NxReturnPathPattern *nx_return_path_pattern_new (const char *list, const char *pattern, GError **error);
void nx_return_path_pattern_free (NxReturnPathPattern *pattern);

/**
 * nx_return_path_fill_pattern: puts values into a pattern. @user and @domain: (nullable): NULL when only the token may
 * tell. Returns: (transfer full): NULL when the pattern wants what is not given, or does not carry all that is.
 */
char *nx_return_path_fill_pattern (const char *pattern, const char *token, const char *user, const char *domain);

/**
 * nx_return_path_read: takes a return path apart; checks no token. @patterns: (nullable) (element-type
 * NxReturnPathPattern): asked before the styles that are built in. Returns: (transfer full)
 */
NxReturnPath *nx_return_path_read (const char *path, const GPtrArray *patterns);

/**
 * nx_verp_encode: the first bits of @bytes in a token's alphabet, five a digit. @out: @digits characters, no NUL
 * behind.
 */
void nx_verp_encode (const guint8 *bytes, guint digits, char *out);

/**
 * nx_verp_measure_digits: how many characters of a token's alphabet @text begins with, in lower case.
 */
gsize nx_verp_measure_digits (const char *text);

/**
 * nx_verp_is_token: TRUE when @text begins with @length characters that look like a keyed token of that length. Says
 * nothing on its worth.
 */
gboolean nx_verp_is_token (const char *text, gsize length);

/**
 * nx_verp_check: sets @path's result and date, and its recipient when the token alone tells. @addresses: (nullable)
 * (element-type utf8): tried before @lookup.
 */
void nx_verp_check (const NxVerpKeys *keys, NxReturnPath *path, gint64 now, const GPtrArray *addresses,
		    NxVerpLookupFunc lookup, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxReturnPathPattern, nx_return_path_pattern_free)

G_END_DECLS
