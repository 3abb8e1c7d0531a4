/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * headers.c: header fields, unfolded and decoded. See headers.h. RFC 5322 2.2, RFC 2047.
 */
#include "mime/headers.h"

#include "base/limits.h"
#include "base/text.h"

#include <gmime/gmime.h>
#include <string.h>

struct _NxHeaders {
	GArray *fields;
	char *memory; /* of all names and values: each with its NUL is no longer than the lines it stands on */
	char *end;
};

static gboolean
is_name_char (char c)
{
	return c > 32 && c < 127 && c != ':';
}

/* The length of "Name" when the line is "Name:" or "Name :", else 0. */
static gsize
find_name (const char *line, gsize length, gsize *colon_out)
{
	gsize name = 0;
	while (name < length && is_name_char (line[name]))
		name++;
	gsize colon = name;
	while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
		colon++;
	if (name == 0 || colon >= length || line[colon] != ':')
		return 0;
	*colon_out = colon;
	return name;
}

/* Adds to the value that begins at @value and ends at headers->end. */
static void
append_value (NxHeaders *headers, const char *value, const char *text, gsize length)
{
	while (length > 0 && g_ascii_isspace (*text)) {
		text++;
		length--;
	}
	while (length > 0 && g_ascii_isspace (text[length - 1]))
		length--;
	gsize used = (gsize)(headers->end - value);
	if (used + length > NX_LIMIT_HEADER_BYTES)
		length = used < NX_LIMIT_HEADER_BYTES ? NX_LIMIT_HEADER_BYTES - used : 0;
	if (used > 0 && length > 0)
		*headers->end++ = ' ';
	memcpy (headers->end, text, length);
	headers->end += length;
}

static void
end_field (NxHeaders *headers, const NxHeader *field)
{
	*headers->end++ = '\0';
	g_array_append_val (headers->fields, *field);
}

NxHeaders *
nx_headers_parse (const char *text, gboolean lenient, const char **end_out)
{
	NxHeaders *headers = g_new0 (NxHeaders, 1);
	NxHeader current = { 0 };
	headers->fields = g_array_new (FALSE, TRUE, sizeof (NxHeader));
	headers->memory = headers->end = g_malloc (strlen (text) + 2);
	while (*text != '\0') {
		gsize length = (gsize)(strchrnul (text, '\n') - text);
		gsize bare = length > 0 && text[length - 1] == '\r' ? length - 1 : length;
		gsize colon = 0;
		gsize name = g_ascii_isspace (*text) ? 0 : find_name (text, bare, &colon);
		const char *line = text;
		text += length + (text[length] == '\n');
		if (bare == 0 || strspn (line, " \t") == bare) {
			if (current.name != NULL || headers->fields->len > 0)
				break;
			continue;
		}
		if (name > 0) {
			if (current.name != NULL)
				end_field (headers, &current);
			current.name = NULL;
			if (headers->fields->len >= NX_LIMIT_HEADERS)
				continue;
			current.name = memcpy (headers->end, line, name);
			current.name[name] = '\0';
			current.value = headers->end = current.name + name + 1;
			append_value (headers, current.value, line + colon + 1, bare - colon - 1);
		} else if (current.name != NULL && (lenient || g_ascii_isspace (*line))) {
			append_value (headers, current.value, line, bare);
		}
	}
	if (current.name != NULL)
		end_field (headers, &current);
	if (end_out != NULL)
		*end_out = text;
	return headers;
}

void
nx_headers_free (NxHeaders *headers)
{
	if (headers == NULL)
		return;
	g_array_unref (headers->fields);
	g_free (headers->memory);
	g_free (headers);
}

guint
nx_headers_get_count (const NxHeaders *headers)
{
	return headers->fields->len;
}

const NxHeader *
nx_headers_get_at (const NxHeaders *headers, guint index)
{
	return index < headers->fields->len ? &g_array_index (headers->fields, NxHeader, index) : NULL;
}

const char *
nx_headers_get (const NxHeaders *headers, const char *name)
{
	for (guint i = 0; i < headers->fields->len; i++) {
		const NxHeader *field = &g_array_index (headers->fields, NxHeader, i);
		if (g_ascii_strcasecmp (field->name, name) == 0)
			return field->value;
	}
	return NULL;
}

void
nx_headers_start_gmime (void)
{
	static gsize once = 0;
	if (g_once_init_enter (&once)) {
		g_mime_init ();
		g_once_init_leave (&once, 1);
	}
}

char *
nx_headers_decode (const char *value)
{
	g_autofree char *utf8 = nx_text_to_utf8 (value, strlen (value), NULL);
	if (strstr (utf8, "=?") == NULL)
		return nx_text_make_line (utf8, NX_LIMIT_HEADER_BYTES);
	nx_headers_start_gmime ();
	g_autofree char *decoded = g_mime_utils_header_decode_text (NULL, utf8);
	return nx_text_make_line (decoded, NX_LIMIT_HEADER_BYTES);
}

char *
nx_headers_dup (const NxHeaders *headers, const char *name)
{
	const char *value = nx_headers_get (headers, name);
	return value != NULL ? nx_headers_decode (value) : g_strdup ("");
}

/* A number of @least to @most digits; -1 for none. Moves *p behind it. */
static int
take_number (const char **p, int least, int most)
{
	int number = 0;
	int digits = 0;
	for (; digits < most && g_ascii_isdigit (**p); digits++)
		number = 10 * number + *(*p)++ - '0';
	return digits >= least ? number : -1;
}

static gboolean
take_char (const char **p, char c)
{
	if (**p != c)
		return FALSE;
	(*p)++;
	return TRUE;
}

static int
take_month (const char **p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int i = 0; i < 12; i++)
		if (strncmp (*p, names + 3 * (gsize)i, 3) == 0) {
			*p += 3;
			return i + 1;
		}
	return 0;
}

/* Days from 1970-01-01, proleptic Gregorian; the year begins in March, so that the leap day is its last. */
static gint64
count_days (int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int days = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return (gint64)y * 365 + y / 4 - y / 100 + y / 400 + days - 719468;
}

/* "Fri, 27 Nov 2026 09:43:46 +0100 (CET)", as RFC 5322 3.3 has it and nearly all write it; 0 for any other form. */
static gint64
parse_plain_date (const char *p)
{
	while (*p == ' ')
		p++;
	if (g_ascii_isalpha (p[0]) && g_ascii_isalpha (p[1]) && g_ascii_isalpha (p[2]) && p[3] == ',' && p[4] == ' ')
		p += 5;
	int day = take_number (&p, 1, 2);
	int month = take_char (&p, ' ') ? take_month (&p) : 0;
	int year = month > 0 && take_char (&p, ' ') ? take_number (&p, 4, 4) : -1;
	int hour = year >= 1971 && take_char (&p, ' ') ? take_number (&p, 2, 2) : -1;
	int minute = hour >= 0 && take_char (&p, ':') ? take_number (&p, 2, 2) : -1;
	int second = minute >= 0 && take_char (&p, ':') ? take_number (&p, 2, 2) : -1;
	if (day < 1 || day > 28 + (month != 2) * 2 || hour > 23 || minute > 59 || second < 0 || second > 59)
		return 0;
	if (!take_char (&p, ' ') || (*p != '+' && *p != '-'))
		return 0;
	int sign = *p++ == '-' ? -1 : 1;
	int zone = take_number (&p, 4, 4);
	if (zone < 0 || zone > 1200 || zone % 100 > 59 || (*p != '\0' && (p[0] != ' ' || p[1] != '(')))
		return 0;
	int east = sign * (zone / 100 * 60 + zone % 100);
	return count_days (year, month, day) * 86400 + hour * 3600 + (minute - east) * 60 + second;
}

gint64
nx_headers_parse_date (const char *value)
{
	if (nx_text_is_empty (value))
		return 0;
	gint64 plain = parse_plain_date (value);
	if (plain > 0)
		return plain;
	nx_headers_start_gmime ();
	g_autoptr (GDateTime) date = g_mime_utils_header_decode_date (value);
	gint64 seconds = date != NULL ? g_date_time_to_unix (date) : 0;
	return MAX (seconds, 0);
}
