/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * html.c: HTML to plain lines. See html.h.
 *
 * It wants the words, not the layout: no CSS, no tables, no nesting. What is hidden by styles is shown. An address in
 * angle brackets ("&lt;a@b&gt;") survives.
 */
#include "mime/html.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	gunichar value;
} entities[] = {
	{ "amp", '&' },     { "apos", '\'' },   { "gt", '>' },      { "lt", '<' },      { "nbsp", ' ' },
	{ "quot", '"' },    { "commat", '@' },  { "period", '.' },  { "lsquo", '\'' },  { "rsquo", '\'' },
	{ "ldquo", '"' },   { "rdquo", '"' },   { "ndash", '-' },   { "mdash", '-' },   { "hellip", 0x2026 },
	{ "auml", 0xE4 },   { "ouml", 0xF6 },   { "uuml", 0xFC },   { "Auml", 0xC4 },   { "Ouml", 0xD6 },
	{ "Uuml", 0xDC },   { "szlig", 0xDF },  { "eacute", 0xE9 }, { "egrave", 0xE8 }, { "agrave", 0xE0 },
	{ "ccedil", 0xE7 }, { "ecirc", 0xEA },  { "ocirc", 0xF4 },  { "aacute", 0xE1 }, { "iacute", 0xED },
	{ "oacute", 0xF3 }, { "uacute", 0xFA }, { "ntilde", 0xF1 }, { "atilde", 0xE3 }, { "otilde", 0xF5 },
};

/* Tags that end a line of text. */
static const char *const blocks[] = { "address", "article", "blockquote", "br", "dd", "div",   "dl", "dt", "h1",
				      "h2",      "h3",      "h4",         "h5", "h6", "hr",    "li", "ol", "p",
				      "pre",     "section", "table",      "td", "th", "title", "tr", "ul" };

/* Tags whose content is not text. */
static const char *const hidden[] = { "head", "script", "style" };

static gboolean
is_tag (const char *const *names, guint count, const char *name, gsize length)
{
	for (guint i = 0; i < count; i++)
		if (strlen (names[i]) == length && g_ascii_strncasecmp (names[i], name, length) == 0)
			return TRUE;
	return FALSE;
}

/* Appends what an entity at @p stands for; returns its length, 0 when it is none. */
static gsize
take_entity (GString *out, const char *p)
{
	gsize length = strcspn (p + 1, "; <&\n");
	if (length == 0 || length > 10 || p[1 + length] != ';')
		return 0;
	if (p[1] == '#') {
		gboolean hex = p[2] == 'x' || p[2] == 'X';
		unsigned long value = strtoul (p + (hex ? 3 : 2), NULL, hex ? 16 : 10);
		if (value < 32 || value > 0x10FFFF || !g_unichar_validate ((gunichar)value))
			value = ' ';
		g_string_append_unichar (out, (gunichar)value);
		return length + 2;
	}
	for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
		if (strlen (entities[i].name) == length && strncmp (entities[i].name, p + 1, length) == 0) {
			g_string_append_unichar (out, entities[i].value);
			return length + 2;
		}
	return 0;
}

/* The place behind the end tag of a hidden element, or the text's end. */
static const char *
skip_hidden (const char *p, const char *name, gsize length)
{
	for (p = strchr (p, '<'); p != NULL; p = strchr (p + 1, '<'))
		if (p[1] == '/' && g_ascii_strncasecmp (p + 2, name, length) == 0 && !g_ascii_isalnum (p[2 + length]))
			return p;
	return NULL;
}

static const char *
take_tag (GString *out, const char *p)
{
	if (strncmp (p, "<!--", 4) == 0) {
		const char *end = strstr (p, "-->");
		return end != NULL ? end + 3 : p + strlen (p);
	}
	const char *name = p + 1 + (p[1] == '/');
	gsize length = 0;
	while (g_ascii_isalnum (name[length]))
		length++;
	if (length == 0 && p[1] != '!' && p[1] != '?')
		return NULL;
	if (memchr (p, '@', strcspn (p + 1, " =<>\t\n") + 1) != NULL)
		return NULL; /* "<user@host>": no tag, but an address that nobody escaped */
	const char *end = strchr (p, '>');
	if (end == NULL)
		return NULL;
	if (p[1] != '/' && is_tag (hidden, G_N_ELEMENTS (hidden), name, length)) {
		const char *after = skip_hidden (end, name, length);
		return after != NULL ? after : p + strlen (p);
	}
	g_string_append_c (out, is_tag (blocks, G_N_ELEMENTS (blocks), name, length) ? '\n' : ' ');
	if (out->len > 1 && out->str[out->len - 1] == ' ' && !g_ascii_isspace (out->str[out->len - 2]))
		g_string_truncate (out, out->len - 1); /* inline tags part no words */
	return end + 1;
}

char *
nx_html_to_text (const char *html)
{
	GString *out = g_string_sized_new (strlen (html));
	const char *last = strrchr (html, '>'); /* behind it no tag can end: looking each time would be quadratic */
	for (const char *p = html; *p != '\0';) {
		if (*p == '<' && last != NULL && p < last) {
			const char *after = take_tag (out, p);
			if (after != NULL) {
				p = after;
				continue;
			}
		} else if (*p == '&') {
			gsize length = take_entity (out, p);
			if (length > 0) {
				p += length;
				continue;
			}
		}
		g_string_append_c (out, *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p);
		p++;
	}
	return g_string_free (out, FALSE);
}
