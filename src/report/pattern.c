/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pattern.c: line patterns without regular expressions. See pattern.h.
 */
#include "report/pattern.h"

#include "base/limits.h"
#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

typedef enum {
	PIECE_LITERAL,
	PIECE_ADDRESS,
	PIECE_ORIGINAL,
	PIECE_USER,
	PIECE_HOST,
	PIECE_TEXT,
	PIECE_REPLY,
	PIECE_ANY,
} PieceType;

typedef struct {
	PieceType type;
	char *literal;
} Piece;

struct _NxPattern {
	Piece pieces[NX_LIMIT_PATTERN_PIECES];
	guint count;
};

static const struct {
	const char *name;
	PieceType type;
} placeholders[] = {
	{ "{address}", PIECE_ADDRESS },
	{ "{original}", PIECE_ORIGINAL },
	{ "{user}", PIECE_USER },
	{ "{host}", PIECE_HOST },
	{ "{text}", PIECE_TEXT },
	{ "{reply}", PIECE_REPLY },
	{ "*", PIECE_ANY },
};

void
nx_pattern_free (NxPattern *pattern)
{
	if (pattern == NULL)
		return;
	for (guint i = 0; i < pattern->count; i++)
		g_free (pattern->pieces[i].literal);
	g_free (pattern);
}

void
nx_capture_clear (NxCapture *capture)
{
	g_clear_pointer (&capture->address, g_free);
	g_clear_pointer (&capture->original, g_free);
	g_clear_pointer (&capture->user, g_free);
	g_clear_pointer (&capture->host, g_free);
	g_clear_pointer (&capture->text, g_free);
}

static gsize
find_placeholder (const char *source, PieceType *type_out)
{
	for (guint i = 0; i < G_N_ELEMENTS (placeholders); i++)
		if (g_str_has_prefix (source, placeholders[i].name)) {
			*type_out = placeholders[i].type;
			return strlen (placeholders[i].name);
		}
	return 0;
}

NxPattern *
nx_pattern_new (const char *source, const char **problem_out)
{
	NxPattern *pattern = g_new0 (NxPattern, 1);
	g_autofree char *lower = nx_text_make_match (source);
	const char *p = lower;
	*problem_out = NULL;
	while (*p != '\0' && *problem_out == NULL) {
		PieceType type = PIECE_LITERAL;
		gsize length = find_placeholder (p, &type);
		if (length == 0 && *p == '{')
			*problem_out = "a placeholder is {address}, {original}, {user}, {host}, {text} or {reply}";
		if (length == 0)
			length = strcspn (p + 1, "{*") + 1;
		if (pattern->count == NX_LIMIT_PATTERN_PIECES)
			*problem_out = "the pattern has too many pieces";
		if (*problem_out != NULL)
			break;
		Piece *piece = &pattern->pieces[pattern->count++];
		piece->type = type;
		piece->literal = type == PIECE_LITERAL ? g_strndup (p, length) : NULL;
		p += length;
	}
	if (pattern->count == 0)
		*problem_out = "the pattern is empty";
	if (*problem_out != NULL)
		g_clear_pointer (&pattern, nx_pattern_free);
	return pattern;
}

gboolean
nx_pattern_has_text (const NxPattern *pattern)
{
	for (guint i = 0; i < pattern->count; i++)
		if (pattern->pieces[i].type == PIECE_TEXT || pattern->pieces[i].type == PIECE_REPLY)
			return TRUE;
	return FALSE;
}

/* The end of a literal that @line begins with, without case in any script and whatever the quotes look like; NULL when
 * it begins otherwise. */
static const char *
match_literal (const char *line, const char *literal)
{
	while (*literal != '\0') {
		if (*line == '\0' || nx_text_fold_char (g_utf8_get_char (line)) != g_utf8_get_char (literal))
			return NULL;
		line = nx_text_skip_char (line);
		literal = nx_text_skip_char (literal);
	}
	return line;
}

/* The first place of a literal at or behind @line. */
static const char *
find_literal (const char *line, const char *literal)
{
	for (; *line != '\0'; line = nx_text_skip_char (line))
		if (match_literal (line, literal) != NULL)
			return line;
	return NULL;
}

/* Takes what a {text} or "*" covers: up to the next literal, or to the line's end. */
static const char *
take_span (const NxPattern *pattern, guint index, const char *line)
{
	if (index + 1 == pattern->count)
		return line + strlen (line);
	const Piece *next = &pattern->pieces[index + 1];
	if (next->type == PIECE_LITERAL)
		return find_literal (line, next->literal);
	if (next->type == PIECE_ADDRESS || next->type == PIECE_ORIGINAL) {
		const char *start = NULL;
		g_autofree char *address = nx_address_find (line, &start, NULL);
		return address != NULL ? start : NULL;
	}
	return line;
}

static const char *
take_address (const char *line, char **address_out)
{
	const char *start = NULL;
	const char *end = NULL;
	char *address = nx_address_find (line, &start, &end);
	if (address == NULL)
		return NULL;
	if (start != line && strspn (line, " '\"(") != (gsize)(start - line)) {
		g_free (address);
		return NULL;
	}
	g_free (*address_out);
	*address_out = address;
	return end;
}

/* RFC 5322 3.2.3 dot-atom, at most 64 octets (RFC 5321 4.5.3.1.1), and no whole address. */
static const char *
take_user (const char *line, NxCapture *capture)
{
	const char *end = line;
	while (g_ascii_isalnum (*end) || (*end != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", *end) != NULL))
		end++;
	while (end > line && end[-1] == '.')
		end--; /* "user... User unknown" */
	if (end == line || end - line > 64 || *end == '@')
		return NULL;
	g_free (capture->user);
	capture->user = g_strndup (line, (gsize)(end - line));
	return end;
}

/* RFC 5321 4.2: a reply that refuses. */
static gboolean
begins_reply (const char *line)
{
	return (line[0] == '4' || line[0] == '5') && g_ascii_isdigit (line[1]) && g_ascii_isdigit (line[2]) &&
	       (line[3] == '\0' || line[3] == ' ' || line[3] == '-');
}

static const char *
take_piece (const NxPattern *pattern, guint index, const char *line, NxCapture *capture)
{
	const Piece *piece = &pattern->pieces[index];
	const char *end = NULL;
	switch (piece->type) {
	case PIECE_LITERAL:
		return match_literal (line, piece->literal);
	case PIECE_ADDRESS:
		return take_address (line, &capture->address);
	case PIECE_ORIGINAL:
		return take_address (line, &capture->original);
	case PIECE_USER:
		return take_user (line, capture);
	case PIECE_HOST:
		end = line + strcspn (line, " \t,;:()[]<>");
		while (end > line && end[-1] == '.')
			end--; /* the sentence's */
		if (end == line)
			return NULL;
		g_free (capture->host);
		capture->host = g_strndup (line, (gsize)(end - line));
		return end;
	case PIECE_REPLY:
		if (!begins_reply (line))
			return NULL;
		/* fall through */
	case PIECE_TEXT:
		end = take_span (pattern, index, line);
		if (end == NULL)
			return NULL;
		g_free (capture->text);
		capture->text = g_strndup (line, (gsize)(end - line));
		return end;
	default:
		return take_span (pattern, index, line);
	}
}

gboolean
nx_pattern_match (const NxPattern *pattern, const char *line, NxCapture *capture_out)
{
	g_auto (NxCapture) capture = { 0 };
	for (guint i = 0; i < pattern->count; i++) {
		line = take_piece (pattern, i, line, &capture);
		if (line == NULL)
			return FALSE;
	}
	if (capture_out != NULL) {
		*capture_out = capture;
		capture = (NxCapture){ 0 };
	}
	return TRUE;
}
