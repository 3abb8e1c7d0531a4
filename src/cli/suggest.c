/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * suggest.c: edit distance with swaps of neighbours (optimal string alignment) over short words. See suggest.h.
 */
#include "suggest.h"

#include <string.h>

/* Longer words are compared by their beginning; no command or option is as long. */
#define WORD_BYTES 32

static guint
measure_distance (const char *a, const char *b)
{
	guint rows[3][WORD_BYTES + 1];
	guint a_length = (guint)strnlen (a, WORD_BYTES);
	guint b_length = (guint)strnlen (b, WORD_BYTES);

	for (guint j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (guint i = 1; i <= a_length; i++) {
		guint *row = rows[i % 3];
		const guint *above = rows[(i + 2) % 3];
		const guint *above2 = rows[(i + 1) % 3];

		row[0] = i;
		for (guint j = 1; j <= b_length; j++) {
			guint cost = a[i - 1] == b[j - 1] ? 0 : 1;

			row[j] = MIN (MIN (above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = MIN (row[j], above2[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *
nx_suggest_nearest (const char *const *words, const char *word)
{
	const char *nearest = NULL;
	guint least = 3;

	for (; *words != NULL; words++) {
		guint distance = measure_distance (*words, word);

		/* Of a short word little may differ, else "why" would be near to everything. */
		if (distance < least && distance * 2 <= strlen (*words)) {
			least = distance;
			nearest = *words;
		}
	}
	return nearest;
}

void
nx_suggest_set_error (const char *const *words, const char *what, const char *word, GError **error)
{
	const char *nearest = nx_suggest_nearest (words, word);

	if (nearest != NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "unknown %s \"%s\"; did you mean \"%s\"?", what, word,
			     nearest);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "unknown %s \"%s\"", what, word);
}
