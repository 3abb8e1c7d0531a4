/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * suggest.h: the word that somebody may have meant.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_suggest_nearest: the one of @words (NULL-terminated) that differs least from @word: by letters left out, added,
 * changed or swapped. Returns: NULL when none is near.
 */
const char *nx_suggest_nearest (const char *const *words, const char *word);

/**
 * nx_suggest_set_error: sets NX_ERROR_USAGE "unknown WHAT "WORD"; did you mean …?".
 */
void nx_suggest_set_error (const char *const *words, const char *what, const char *word, GError **error);

G_END_DECLS
