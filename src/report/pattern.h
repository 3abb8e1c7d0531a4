/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pattern.h: the line patterns of format stanzas: "<{address}>:", "host {host} said: {text}".
 *
 * A pattern is literal text with placeholders. {address} takes one address, {original} one that mail for it was sent
 * to, {user} a word that is a local part alone, {host} one word, {text} everything up to what follows in the pattern,
 * {reply} the same when it begins with a reply of class 4 or 5, "*" the same without keeping it. Literals are compared
 * without case and with white space folded. A pattern must match from the line's first word on; it need not reach the
 * line's end.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxPattern NxPattern;

/**
 * NxCapture: what the placeholders took; NULL for those that the pattern has not.
 */
typedef struct {
	char *address;
	char *original;
	char *user;
	char *host;
	char *text;
} NxCapture;

/**
 * nx_pattern_new: Returns: NULL when a placeholder is not known or the pattern has too many pieces; @problem_out is set
 * to a sentence then.
 */
NxPattern *nx_pattern_new (const char *source, const char **problem_out);
void nx_pattern_free (NxPattern *pattern);

/**
 * nx_pattern_has_text: TRUE when the pattern keeps a {text} or {reply}.
 */
gboolean nx_pattern_has_text (const NxPattern *pattern);

/**
 * nx_pattern_match: @line: one clean line. Linear: no backtracking.
 */
gboolean nx_pattern_match (const NxPattern *pattern, const char *line, NxCapture *capture_out);
void nx_capture_clear (NxCapture *capture);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NxCapture, nx_capture_clear)

G_END_DECLS
