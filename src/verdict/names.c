/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * names.c: addresses, host names and URLs in a reply. See names.h.
 *
 * The mailbox is called "full@…", the host "spam.example", the help page ends in "/user-unknown": words of names are
 * not what the server says. It does not check names for validity; a word with a dot is a host only when it ends like
 * one, since servers also write "RESOLVER.ADR.RecipNotFound" and "unknown.please".
 */
#include "verdict/names.h"

#include <string.h>

/* Last labels of hosts, besides all of two letters. The last ones are RFC 2606's and what people call their own. */
static const char *const last_labels[] = {
	"com",  "net",  "org",  "edu",   "gov",   "mil",    "int",     "info",      "biz",
	"name", "mobi", "asia", "cloud", "email", "online", "site",    "app",       "dev",
	"arpa", "cat",  "test", "corp",  "lan",   "local",  "example", "localhost", "invalid",
};

/* White space and what encloses or separates names. */
static gboolean
is_break (char c)
{
	return g_ascii_isspace (c) || strchr ("<>()[]{},;:\"'|`", c) != NULL;
}

static gboolean
is_host_char (char c)
{
	return g_ascii_isalnum (c) || strchr ("-._", c) != NULL || (guchar)c >= 0x80;
}

static gsize
measure_host (const char *text)
{
	gsize length = 0;
	while (text[length] != '\0' && is_host_char (text[length]))
		length++;
	while (length > 0 && text[length - 1] == '.')
		length--;
	return length;
}

static gboolean
is_host (const char *text, gsize length)
{
	const char *dot = g_strrstr_len (text, (gssize)length, ".");
	if (dot == NULL || dot == text)
		return FALSE;
	gsize rest = length - (gsize)(dot + 1 - text);
	for (gsize i = 0; i < rest; i++)
		if (!g_ascii_isalpha (dot[1 + i]))
			return FALSE;
	if (rest == 2)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS (last_labels); i++)
		if (strlen (last_labels[i]) == rest && strncmp (dot + 1, last_labels[i], rest) == 0)
			return TRUE;
	return FALSE;
}

/* A URL goes on to the next blank or closing bracket. */
static gsize
measure_url (const char *text)
{
	return strcspn (text, " \t\r\n<>\"'");
}

/* The local part's begin is looked for no further back than @floor, so that the time stays linear. */
static gsize
mark_address (const char *text, char *mask, gsize at, gsize floor)
{
	gsize start = at;
	while (start > floor && !is_break (text[start - 1]) && text[start - 1] != '@')
		start--;
	gsize domain = measure_host (text + at + 1);
	if (start == at || domain == 0)
		return at + 1;
	memset (mask + start, NX_NAME_ADDRESS, at + 1 + domain - start);
	return at + 1 + domain;
}

char *
nx_names_mask (const char *text)
{
	char *mask = g_strdup (text);
	gsize floor = 0; /* what is before is done */
	for (gsize i = 0; text[i] != '\0';) {
		gsize length = 0;
		if (strncmp (text + i, "://", 3) == 0) {
			i += 3;
			length = measure_url (text + i);
			memset (mask + i, NX_NAME_HOST, length);
		} else if (text[i] == '@') {
			i = floor = mark_address (text, mask, i, floor);
			continue;
		} else if (g_ascii_isalnum (text[i]) && (i == 0 || !is_host_char (text[i - 1]))) {
			length = measure_host (text + i);
			if (text[i + length] == '@') { /* the next turn's */
				i += length;
				continue;
			}
			if (is_host (text + i, length))
				memset (mask + i, NX_NAME_HOST,
					text[i + length] == '/' ? length = measure_url (text + i) : length);
			else
				length = 1;
		} else {
			i++;
			continue;
		}
		i += length;
		floor = length > 1 ? i : floor;
	}
	return mask;
}

/* In scripts that set no blanks, none is left where the address stood. */
static gboolean
joins (const char *text, gsize start, gsize end)
{
	const char *before = g_utf8_find_prev_char (text, text + start);
	return before != NULL && g_unichar_iswide (g_utf8_get_char (before)) &&
	       g_unichar_iswide (g_utf8_get_char (text + end));
}

char *
nx_names_cut_address (const char *text, char **clause_out)
{
	static const char stops[] = ".,;:!?()=";
	g_autofree char *mask = nx_names_mask (text);
	const char *open = strchr (mask, NX_NAME_ADDRESS);
	gsize start = open != NULL ? (gsize)(open - mask) : 0;
	gsize end = start;
	*clause_out = NULL;
	while (mask[end] == NX_NAME_ADDRESS)
		end++;
	if (open == NULL || strchr (mask + end, NX_NAME_ADDRESS) != NULL)
		return NULL;
	while (start > 0 && strchr ("<[(\"'` ", text[start - 1]) != NULL)
		start--;
	end += strspn (text + end, ">])\"'` ");
	gsize first = start;
	while (first > 0 && strchr (stops, text[first - 1]) == NULL)
		first--;
	first += strspn (text + first, " ");
	gsize last = end + strcspn (text + end, stops);
	const char *blank = joins (text, start, end) ? "" : " ";
	*clause_out = g_strdup_printf ("%.*s%s%.*s", (int)(start - MIN (start, first)), text + first, blank,
				       (int)(last - end), text + end);
	return g_strdup_printf ("%.*s%s%s", (int)start, text, blank, text + end);
}

gboolean
nx_names_is_word (const char *text, gsize at)
{
	return at == 0 || !g_ascii_isalnum (text[at]) || !g_ascii_isalnum (text[at - 1]);
}

gboolean
nx_names_say (const char *mask, const char *words)
{
	for (const char *p = strstr (mask, words); p != NULL; p = strstr (p + 1, words))
		if (nx_names_is_word (mask, (gsize)(p - mask)))
			return TRUE;
	return FALSE;
}
