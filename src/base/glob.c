/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * glob.c: see glob.h. When what follows a "*" does not fit, only the last "*" takes one character more: an earlier one
 * never needs to.
 */
#include "base/glob.h"

#include "base/text.h"

#include <string.h>

gboolean
nx_glob_match (const char *glob, const char *text)
{
	const char *star = NULL;   /* behind the last "*" */
	const char *resume = NULL; /* where in the text what is behind it was tried last */
	while (*text != '\0') {
		if (*glob == '*') {
			star = ++glob;
			resume = text;
		} else if (*glob == '?') {
			glob++;
			text = nx_text_skip_char (text);
		} else if (*glob == *text) {
			glob++;
			text++;
		} else if (star != NULL) {
			glob = star;
			resume = nx_text_skip_char (resume);
			if (*star != '*' && *star != '?' && *star != '\0') /* where what is behind it may begin */
				resume = strchrnul (resume, *star);
			text = resume;
		} else {
			return FALSE;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}
