/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address-redacted.c: addresses that somebody has made unreadable before he passed them on (RFC 6590).
 *
 * Complaints come so: with a word for the local part, stars over some of it, or a hash of it. It will not guess what
 * was there; what is not surely redacted is an address.
 */
#include <nixie/address.h>

#include <string.h>

/* Words that nobody is called by. */
static const char *const words[] = { "redacted", "undisclosed", "anonymized", "anonymised", "obfuscated" };

/* Words that somebody may be called by, unless brackets or underscores stand around them. */
static const char *const bracketed_words[] = { "anonymous", "deleted", "hidden",     "masked",  "private",
					       "recipient", "removed", "suppressed", "withheld" };

/* The shortest local part that is taken for a hash, in base64 and in hex. */
#define BASE64_LETTERS 20
#define HEX_DIGITS 32

static gboolean
is_among (const char *word, const char *const *list, gsize count)
{
	for (gsize i = 0; i < count; i++)
		if (strcmp (list[i], word) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
holds_word (const char *local)
{
	g_auto (GStrv) parts = g_strsplit_set (local, "-_.+ []{}()<>\"'", -1);
	for (guint i = 0; parts[i] != NULL; i++)
		if (is_among (parts[i], words, G_N_ELEMENTS (words)))
			return TRUE;
	return FALSE;
}

static gboolean
is_bracketed_word (const char *local)
{
	static const char opening[] = "[{(<_";
	static const char closing[] = "]})>_";
	gsize length = strlen (local);
	const char *open = length > 2 ? strchr (opening, local[0]) : NULL;
	if (open == NULL || local[length - 1] != closing[open - opening])
		return FALSE;
	g_autofree char *inner = g_strndup (local + 1, length - 2);
	return is_among (inner, bracketed_words, G_N_ELEMENTS (bracketed_words)) || is_bracketed_word (inner);
}

/* "***", "j***n", "xxx", "j...": no address is written with these. */
static gboolean
is_masked (const char *local)
{
	gsize length = strlen (local);
	return strchr (local, '*') != NULL || strstr (local, "...") != NULL || strstr (local, "\u2026") != NULL ||
	       (length > 2 && strspn (local, "x") == length);
}

/* @local: as it came. In base64 digits stand between letters, and those are of both cases; names put theirs behind. */
static gboolean
is_hash (const char *local)
{
	gsize length = strlen (local);
	gboolean digits = strpbrk (local, "0123456789") != NULL;
	if (strspn (local, "0123456789abcdefABCDEF") == length)
		return length >= HEX_DIGITS && digits && strpbrk (local, "abcdefABCDEF") != NULL;
	gboolean upper = FALSE;
	gboolean lower = FALSE;
	gboolean between = FALSE;
	gsize i = 0;
	for (; g_ascii_isalnum (local[i]) || (local[i] != '\0' && strchr ("+/-_", local[i]) != NULL); i++) {
		upper = upper || g_ascii_isupper (local[i]);
		lower = lower || g_ascii_islower (local[i]);
		between = between || (i > 0 && g_ascii_isdigit (local[i]) && g_ascii_isalpha (local[i - 1]) &&
				      g_ascii_isalpha (local[i + 1]));
	}
	return strspn (local + i, "=") == length - i && i >= BASE64_LETTERS && upper && lower && between;
}

/* "[redacted]@redacted.invalid" */
static gboolean
is_redacted_domain (const char *domain)
{
	g_auto (GStrv) labels = g_strsplit (domain, ".", -1);
	guint count = g_strv_length (labels);
	for (guint i = 0; i < count; i++)
		if (is_among (labels[i], words, G_N_ELEMENTS (words)) || strcmp (labels[i], "[redacted]") == 0)
			return TRUE;
	return count > 1 && strcmp (labels[count - 1], "invalid") == 0;
}

gboolean
nx_address_is_redacted (const char *text)
{
	g_return_val_if_fail (text != NULL, FALSE);
	g_autofree char *bare = g_strstrip (g_strdup (text));
	gsize length = strlen (bare);
	const char *start = bare;
	if (length > 1 && bare[0] == '<' && bare[length - 1] == '>') {
		bare[length - 1] = '\0';
		start++;
	}
	const char *at = strrchr (start, '@');
	g_autofree char *raw = at != NULL ? g_strndup (start, (gsize)(at - start)) : g_strdup (start);
	length = strlen (raw);
	if (length > 1 && raw[0] == '"' && raw[length - 1] == '"') {
		raw[length - 1] = ' ';
		raw[0] = ' ';
		g_strstrip (raw);
	}
	g_autofree char *local = g_ascii_strdown (raw, -1);
	g_autofree char *domain = g_ascii_strdown (at != NULL ? at + 1 : "", -1);
	return holds_word (local) || is_bracketed_word (local) || is_masked (local) || is_hash (raw) ||
	       is_redacted_domain (domain);
}
