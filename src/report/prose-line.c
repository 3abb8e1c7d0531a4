/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose-line.c: labels, lists, aliases and offers in a line of prose. See prose-line.h.
 *
 * It knows places and punctuation; the words are sign stanzas (labels.rules). Whose recipient an address is, prose.c
 * decides.
 */
#include "report/prose-line.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

gboolean
nx_line_begins_reply (const char *line)
{
	return (line[0] == '4' || line[0] == '5') && g_ascii_isdigit (line[1]) && g_ascii_isdigit (line[2]) &&
	       (line[3] == ' ' || line[3] == '-');
}

static const char *
skip_prefix (const char *p, const char *prefix)
{
	gsize length = strlen (prefix);
	return g_ascii_strncasecmp (p, prefix, length) == 0 ? p + length : p;
}

/* "1.", "12)", "(3)", "[2]" */
static const char *
skip_number (const char *line)
{
	const char *p = line + (*line == '(' || *line == '[');
	const char *digits = p;
	while (g_ascii_isdigit (*p))
		p++;
	if (p == digits || p - digits > 3 || strchr (".)]:", *p) == NULL || *p == '\0' || p[1] != ' ')
		return line;
	return p + 2;
}

static const char *
skip_bullets (const char *line)
{
	static const char *const bullets[] = { "•", "·", "‣", "–", "—", "→", "■", "□", "●", "○", "・", "※", "　", "»" };
	/* "| a@b | 5.1.1 |" is a row of a table; "| To: a@b" somebody's quotation. */
	const char *row = *line == '|' && strchr (line + 1, '|') != NULL ? line + 1 : line;
	const char *p = row + strspn (row, "*-+=\"' \t");
	if (*p == '>' && p > row && strchr ("-=", p[-1]) != NULL)
		p += 1 + strspn (p + 1, " \t");
	for (guint i = 0; i < G_N_ELEMENTS (bullets); i++)
		if (g_str_has_prefix (p, bullets[i]))
			return p + strlen (bullets[i]) + strspn (p + strlen (bullets[i]), "\"' \t");
	return p;
}

/* The colon behind a label, "(s)" and blanks before it; NULL when there is none. */
static const char *
skip_colon (const char *p)
{
	static const char *const plurals[] = { "(s)", "(es)", "(n)", "(r)", "(en)", "(i)", "(er)", "(ului)" };
	for (guint i = 0; i < G_N_ELEMENTS (plurals); i++)
		p = skip_prefix (p, plurals[i]);
	p = skip_prefix (p, "\302\240"); /* a French colon's no-break space */
	p += strspn (p, " \t.");
	const char *colon = skip_prefix (p, "：");
	if (colon == p && (*p == ':' || *p == '='))
		colon = p + 1;
	if (colon == p)
		return *p == '<' || *p == '[' ? p : NULL;
	colon += strspn (colon, " \t:[\"'");
	return skip_prefix (skip_prefix (colon, "rfc822;"), "smtp:") + strspn (skip_prefix (colon, "rfc822;"), " \t");
}

/* Behind the label and its colon; NULL when there is none. */
static const char *
skip_label (const NxSigns *signs, const char *at)
{
	gsize length = nx_signs_get_prefix (signs, NX_SIGN_LABEL, at);
	return length > 0 ? skip_colon (at + length) : NULL;
}

const char *
nx_line_skip_label (const NxSigns *signs, const char *line)
{
	const char *at = skip_bullets (line);
	at = skip_bullets (skip_number (at));
	const char *address = skip_label (signs, at);
	return address != NULL ? address : at;
}

gboolean
nx_line_is_labelled (const NxSigns *signs, const char *line)
{
	return *line == '|' || skip_label (signs, skip_bullets (skip_number (skip_bullets (line)))) != NULL;
}

gboolean
nx_line_begins_cause (const NxSigns *signs, const char *line)
{
	const char *at = skip_bullets (line);
	gsize length = nx_signs_get_prefix (signs, NX_SIGN_CAUSE, at);
	return length > 0 && skip_colon (at + length) != NULL && at[length] != '<' && at[length] != '[';
}

const char *
nx_line_skip_lead (const char *words)
{
	static const char *const signs[] = { "–", "—", "→", "：", "»" };
	const char *p;
	do {
		p = words;
		words += strspn (words, " \t:,;>=|");
		if (words[0] == '-' && strchr (" -->", words[1]) != NULL)
			words++;
		for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
			words = skip_prefix (words, signs[i]);
	} while (words != p && *words != '\0');
	return words;
}

const char *
nx_line_skip_prompt (const char *line)
{
	static const char *const prompts[] = { "<<<",   "<<",        "<--",   "<-",      "<=", "<",
					       "rcvd:", "received:", "recv:", "server:", "s:", "response:" };
	for (guint i = 0; i < G_N_ELEMENTS (prompts); i++) {
		const char *behind = skip_prefix (line, prompts[i]);
		if (behind != line)
			return behind + strspn (behind, " \t");
	}
	return line;
}

char *
nx_line_find_rcpt (const char *line)
{
	static const char *const prompts[] = { ">>>", ">>", "-->", "->", "=>", ">", "sent:", "send:", "client:", "c:" };
	for (guint i = 0; i < G_N_ELEMENTS (prompts); i++) {
		const char *command = skip_prefix (line, prompts[i]);
		if (command == line)
			continue;
		command += strspn (command, " \t");
		const char *path = skip_prefix (command, "rcpt to:");
		return path != command ? nx_address_parse (path) : NULL;
	}
	return NULL;
}

char *
nx_line_find_listed (const NxSigns *signs, const char *rest, const char **rest_out)
{
	static const char *const commas[] = { "、", "，", "；" };
	const char *p = rest + strspn (rest, " \t,;&/");
	gboolean apart = p != rest;
	for (guint i = 0; i < G_N_ELEMENTS (commas); i++)
		p = skip_prefix (p, commas[i]);
	const char *word = p;
	p += nx_signs_get_prefix (signs, NX_SIGN_CONJUNCTION, p);
	/* "and" is a word; in scripts without blanks a conjunction touches what it joins. */
	if (p != word && g_ascii_isalpha (*word) && (!apart || *p != ' '))
		p = word;
	apart = apart || p != rest;
	p += strspn (p, " \t");
	const char *start = NULL;
	g_autofree char *address = apart ? nx_address_find (p, &start, rest_out) : NULL;
	if (address == NULL || start != p + strspn (p, "\"'"))
		return NULL;
	return g_steal_pointer (&address);
}

gboolean
nx_line_is_offered (const NxSigns *signs, const char *line, const char *start)
{
	g_autofree char *before = g_strndup (line, (gsize)(start - line));
	g_autofree char *match = nx_text_make_match (before);
	gsize length = strlen (match);
	while (length > 0 && strchr (" :<(\"'", match[length - 1]) != NULL)
		length--;
	match[length] = '\0';
	const char *words;
	for (guint i = 0; (words = nx_signs_get_text (signs, NX_SIGN_OFFER, i)) != NULL; i++) {
		gsize begin = length - MIN (length, strlen (words));
		if (strcmp (match + begin, words) == 0 && (begin == 0 || match[begin - 1] == ' '))
			return TRUE;
	}
	return FALSE;
}

/* The address right behind one of the sign's texts, or NULL. @lower: @line in ASCII lower case. */
static char *
find_behind (const NxSigns *signs, NxSign sign, const char *line, const char *lower)
{
	const char *words;
	for (guint i = 0; (words = nx_signs_get_text (signs, sign, i)) != NULL; i++) {
		const char *at = strstr (lower, words);
		if (at == NULL)
			continue;
		const char *behind = line + (at - lower) + strlen (words);
		behind += strspn (behind, " \t:\"'");
		const char *start = NULL;
		g_autofree char *address = nx_address_find (behind, &start, NULL);
		if (address != NULL && start == behind)
			return g_steal_pointer (&address);
	}
	return NULL;
}

char *
nx_line_find_alias (const NxSigns *signs, const char *line, gboolean *source_out)
{
	*source_out = FALSE;
	if (strchr (line, '@') == NULL || nx_line_begins_reply (line))
		return NULL;
	g_autofree char *lower = g_ascii_strdown (line, -1);
	char *target = find_behind (signs, NX_SIGN_ALIAS_TARGET, line, lower);
	if (target != NULL)
		return target;
	*source_out = TRUE;
	return find_behind (signs, NX_SIGN_ALIAS_SOURCE, line, lower);
}
