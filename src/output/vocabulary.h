/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vocabulary.h: the words of the built-in rules: what servers say, as opposed to what people are called.
 */
#pragma once

#include <nixie/report.h>

G_BEGIN_DECLS

/**
 * nx_vocabulary_has_word: @word: one word, or several with dots between them ("storedrv.deliver"); in match form.
 */
gboolean nx_vocabulary_has_word (const char *word);

/**
 * nx_vocabulary_has_header: TRUE for a header that a format looks at. In lower case.
 */
gboolean nx_vocabulary_has_header (const char *name);

/**
 * nx_vocabulary_find_format: the format stanza that reads a mail, or another name. Borrowed until @report_out is freed.
 */
const char *nx_vocabulary_find_format (const char *data, gsize length, NxReport **report_out);

/**
 * nx_vocabulary_is_automatic: TRUE when a mail's headers show that a program answered another mail.
 */
gboolean nx_vocabulary_is_automatic (const NxMessage *message);

/**
 * nx_vocabulary_is_end: TRUE when the returned letter begins at this line of a mail that @format reads.
 */
gboolean nx_vocabulary_is_end (const char *format, const char *line);

/**
 * nx_vocabulary_knows: TRUE when all words of @text are known, or are numbers.
 */
gboolean nx_vocabulary_knows (const char *text);

/**
 * nx_vocabulary_is_word_char: what words are made of.
 */
gboolean nx_vocabulary_is_word_char (gunichar c);

G_END_DECLS
