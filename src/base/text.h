/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.h: bytes from mails to UTF-8, and UTF-8 to one line or to a form to match on.
 *
 * Nothing here fails: what cannot be converted becomes U+FFFD, so that an address in ASCII is never lost to a bad
 * charset.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_text_to_utf8: converts @length bytes from @charset (nullable: undeclared). A wrong or unknown charset falls back
 * to UTF-8 when the bytes are valid UTF-8, else to windows-1252. The result holds no NUL.
 */
char *nx_text_to_utf8 (const char *bytes, gsize length, const char *charset);

/**
 * nx_text_make_line: one line: white space folded to single blanks and trimmed, control characters gone, at most
 * @max_bytes (cut at a character; 0: no cap).
 */
char *nx_text_make_line (const char *text, gsize max_bytes);

/**
 * nx_text_append_words: adds @words, made one line, to *field, which is one; a blank between. Nothing beyond
 * @max_bytes. Gathering a text line by line costs no more than its length.
 */
void nx_text_append_words (char **field, const char *words, gsize max_bytes);

/**
 * nx_text_make_match: the form that rules are matched on: one line, lower case, compatible forms unified (NFKC),
 * typographic quotes and dashes as ASCII, "\303\274" octal escapes decoded.
 */
char *nx_text_make_match (const char *text);

/**
 * nx_text_fold_char: one character of that form: lower case in any locale, typographic quotes and dashes as ASCII.
 */
gunichar nx_text_fold_char (gunichar c);

/**
 * nx_text_decode_octal: "j\303\274tta" to "jütta": Exim prints 8-bit octets so. Sequences that are no UTF-8 stay.
 */
char *nx_text_decode_octal (const char *text);

/**
 * nx_text_skip_char: behind the character at @p, which is valid UTF-8. (GLib's macro for it casts const away.)
 */
const char *nx_text_skip_char (const char *p);

/**
 * nx_text_set: replaces *field, a text that is never NULL. A NULL @value gives "".
 */
void nx_text_set (char **field, const char *value);

/**
 * nx_text_take: the same, taking ownership of @value.
 */
void nx_text_take (char **field, char *value);

/**
 * nx_text_is_empty: TRUE for NULL and "".
 */
gboolean nx_text_is_empty (const char *text);

G_END_DECLS
