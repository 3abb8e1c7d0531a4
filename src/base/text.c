/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.c: charset conversion and the forms of a text. See text.h.
 *
 * Conversion is iconv's, through GLib. What it will not do: guess among legacy charsets beyond "is it UTF-8?".
 */
#include "base/text.h"

#include <string.h>

static gboolean
is_ascii (const char *text, gsize length)
{
	guchar all = 0;
	for (gsize i = 0; i < length; i++)
		all |= (guchar)text[i];
	return all < 0x80;
}

/* g_utf8_validate() of text without a NUL; most of it is ASCII. */
static gboolean
is_valid (const char *text, gsize length)
{
	return is_ascii (text, length) || g_utf8_validate (text, (gssize)length, NULL);
}

const char *
nx_text_skip_char (const char *p)
{
	return p + g_utf8_skip[*(const guchar *)p];
}

gboolean
nx_text_is_empty (const char *text)
{
	return text == NULL || *text == '\0';
}

void
nx_text_take (char **field, char *value)
{
	g_free (*field);
	*field = value != NULL ? value : g_strdup ("");
}

void
nx_text_set (char **field, const char *value)
{
	nx_text_take (field, g_strdup (value));
}

/* "unknown-8bit" and friends say that the sender did not know either (RFC 1428). */
static gboolean
is_undeclared (const char *charset)
{
	static const char *const names[] = { "us-ascii", "ascii",  "unknown-8bit", "x-unknown", "8bit",
					     "7bit",     "binary", "default",      "utf-8",     "utf8" };
	if (nx_text_is_empty (charset))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS (names); i++)
		if (g_ascii_strcasecmp (charset, names[i]) == 0)
			return TRUE;
	return FALSE;
}

/* In these, ASCII is itself: nothing to convert. */
static gboolean
holds_ascii (const char *charset)
{
	return g_ascii_strncasecmp (charset, "iso-8859-", 9) == 0 ||
	       g_ascii_strncasecmp (charset, "windows-125", 11) == 0;
}

static char *
remove_nul (char *text, gsize length)
{
	char *end = text + length;
	for (char *p = memchr (text, '\0', length); p != NULL; p = memchr (p, '\0', (gsize)(end - p)))
		*p = ' ';
	return text;
}

/* Japanese and Korean servers write 7-bit escape sequences without declaring them. */
static const char *
guess_escape_charset (const char *bytes, gsize length)
{
	static const struct {
		const char *escape;
		const char *charset;
	} escapes[] = { { "\033$B", "ISO-2022-JP" }, { "\033$@", "ISO-2022-JP" }, { "\033$)C", "ISO-2022-KR" } };
	if (memchr (bytes, '\033', length) == NULL)
		return NULL;
	for (guint i = 0; i < G_N_ELEMENTS (escapes); i++)
		if (memmem (bytes, length, escapes[i].escape, strlen (escapes[i].escape)) != NULL)
			return escapes[i].charset;
	return NULL;
}

/* UTF-8 as it is; anything else as windows-1252. */
static void
append_line (GString *out, const char *line, gsize length)
{
	if (g_utf8_validate (line, (gssize)length, NULL)) {
		g_string_append_len (out, line, (gssize)length);
		return;
	}
	/* windows-1252 leaves five octets undefined; ISO-8859-1 takes every octet. */
	g_autofree char *text = g_convert (line, (gssize)length, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
	if (text == NULL)
		text = g_convert (line, (gssize)length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
	if (text == NULL)
		text = g_utf8_make_valid (line, (gssize)length);
	g_string_append (out, text);
}

char *
nx_text_to_utf8 (const char *bytes, gsize length, const char *charset)
{
	if (length == 0)
		return g_strdup (""); /* @bytes may be NULL */
	if (is_undeclared (charset) || (is_ascii (bytes, length) && holds_ascii (charset)))
		charset = guess_escape_charset (bytes, length);
	if (charset != NULL) {
		gsize written = 0;
		char *text = g_convert_with_fallback (bytes, (gssize)length, "UTF-8", charset, "\xEF\xBF\xBD", NULL,
						      &written, NULL);
		if (text != NULL && g_utf8_validate (text, (gssize)written, NULL))
			return remove_nul (text, written);
		g_free (text);
	}
	g_autofree char *copy = g_malloc (length + 1);
	memcpy (copy, bytes, length);
	copy[length] = '\0';
	remove_nul (copy, length);
	if (is_valid (copy, length))
		return g_steal_pointer (&copy);
	/* One line in another charset must not spoil the lines that are UTF-8. */
	GString *out = g_string_sized_new (length * 2);
	for (const char *line = copy; *line != '\0';) {
		gsize span = strcspn (line, "\n");
		append_line (out, line, span + (line[span] == '\n'));
		line += span + (line[span] == '\n');
	}
	return g_string_free (out, FALSE);
}

/* The bytes of a line under construction: never more than those of the text. */
typedef struct {
	char *bytes;
	gsize length;
	gsize max;      /* 0: no cap */
	gboolean blank; /* white space came since the last character */
} Line;

static gsize
count_plain (const char *text)
{
	gsize length = 0;
	while (text[length] > ' ' && text[length] < 0x7F)
		length++;
	return length;
}

/* Appends characters of @width bytes each, as many as there is room for beside a blank; FALSE when some were left out.
 */
static gboolean
append_chars (Line *line, const char *chars, gsize length, gsize width)
{
	if (line->max != 0 && line->length + width + 1 > line->max)
		return FALSE;
	if (line->blank && line->length > 0)
		line->bytes[line->length++] = ' ';
	line->blank = FALSE;
	gsize room = line->max != 0 && line->max > line->length + 1 ? line->max - line->length - 1 : 0;
	gboolean whole = line->max == 0 || length <= MAX (room, width);
	gsize taken = whole ? length : MAX (room, width);
	memcpy (line->bytes + line->length, chars, taken);
	line->length += taken;
	return whole;
}

char *
nx_text_make_line (const char *text, gsize max_bytes)
{
	g_autofree char *valid = NULL;
	gsize length = strlen (text);
	if (!is_valid (text, length)) {
		valid = g_utf8_make_valid (text, -1);
		text = valid;
		length = strlen (text);
	}
	Line line = { .bytes = g_malloc0 (length + 1), .max = max_bytes };
	for (const char *p = text; *p != '\0';) {
		gsize plain = count_plain (p); /* most text is ASCII */
		if (plain > 0) {
			if (!append_chars (&line, p, plain, 1))
				break;
			p += plain;
			continue;
		}
		gunichar c = g_utf8_get_char (p);
		gsize bytes = (gsize)(nx_text_skip_char (p) - p);
		if (c == ' ' || g_unichar_isspace (c))
			line.blank = TRUE;
		else if (!g_unichar_iscntrl (c) && !append_chars (&line, p, bytes, bytes))
			break;
		p += bytes;
	}
	line.bytes[line.length] = '\0';
	return line.bytes;
}

void
nx_text_append_words (char **field, const char *words, gsize max_bytes)
{
	gsize length = strlen (*field);
	if (length + 2 >= max_bytes)
		return;
	g_autofree char *line = nx_text_make_line (words, max_bytes - length - (length > 0));
	if (*line != '\0')
		nx_text_take (field, g_strconcat (*field, length > 0 ? " " : "", line, NULL));
}

static gboolean
is_octal (const char *p)
{
	return p[0] == '\\' && p[1] >= '2' && p[1] <= '3' && p[2] >= '0' && p[2] <= '7' && p[3] >= '0' && p[3] <= '7';
}

char *
nx_text_decode_octal (const char *text)
{
	if (strchr (text, '\\') == NULL)
		return g_strdup (text);
	GString *out = g_string_sized_new (strlen (text));
	for (const char *p = text; *p != '\0';) {
		if (!is_octal (p)) {
			g_string_append_c (out, *p++);
			continue;
		}
		char octets[8];
		gsize count = 0;
		const char *q = p;
		while (count < sizeof octets && is_octal (q)) {
			octets[count++] = (char)((q[1] - '0') * 64 + (q[2] - '0') * 8 + (q[3] - '0'));
			q += 4;
		}
		const char *end = NULL;
		g_utf8_validate (octets, (gssize)count, &end);
		gsize good = (gsize)(end - octets);
		if (good == 0) {
			g_string_append_c (out, *p++);
			continue;
		}
		g_string_append_len (out, octets, (gssize)good);
		p += 4 * good;
	}
	return g_string_free (out, FALSE);
}

gunichar
nx_text_fold_char (gunichar c)
{
	switch (c) {
	case 0x2018:
	case 0x2019:
	case 0x201A:
	case 0x201B:
	case 0x00B4:
	case 0x0060:
		return '\'';
	case 0x201C:
	case 0x201D:
	case 0x201E:
	case 0x00AB:
	case 0x00BB:
		return '"';
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2212:
		return '-';
	case 0x03C2: /* which sigma ends a word is lost in capitals */
		return 0x03C3;
	default: /* not g_utf8_strdown(): its "I" depends on the locale */
		return g_unichar_tolower (c);
	}
}

/* g_utf8_normalize() is quadratic; no character is composed across a blank. */
#define NORMALIZE_BYTES 256

static gsize
find_chunk (const char *text)
{
	gsize length = 0;
	while (text[length] != '\0' && length < NORMALIZE_BYTES && (length == 0 || text[length] != ' '))
		length = (gsize)(nx_text_skip_char (text + length) - text);
	return length;
}

/* ASCII in match form, at the same place. */
static void
fold_ascii (char *text, gsize length)
{
	for (gsize i = 0; i < length; i++)
		text[i] = text[i] == '`' ? '\'' : g_ascii_tolower (text[i]);
}

char *
nx_text_make_match (const char *text)
{
	g_autofree char *decoded = strchr (text, '\\') != NULL ? nx_text_decode_octal (text) : NULL;
	g_autofree char *line = nx_text_make_line (decoded != NULL ? decoded : text, 0);
	gsize line_length = strlen (line);
	if (is_ascii (line, line_length)) {
		fold_ascii (line, line_length);
		return g_steal_pointer (&line);
	}
	GString *out = g_string_sized_new (line_length);
	gsize length = 0;
	for (char *chunk = line; *chunk != '\0'; chunk += length) {
		length = find_chunk (chunk);
		if (is_ascii (chunk, length)) { /* no character of it composes with the next chunk's blank */
			fold_ascii (chunk, length);
			g_string_append_len (out, chunk, (gssize)length);
			continue;
		}
		g_autofree char *normal = g_utf8_normalize (chunk, (gssize)length, G_NORMALIZE_NFKC);
		for (const char *p = normal; p != NULL && *p != '\0'; p = nx_text_skip_char (p)) {
			gunichar c = g_utf8_get_char (p);
			if (c != 0x200B && c != 0x00AD && c != 0xFEFF)
				g_string_append_unichar (out, nx_text_fold_char (c));
		}
	}
	return g_string_free (out, FALSE);
}
