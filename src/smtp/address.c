/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address.c: finds and reads mail addresses (RFC 5321 section 4.1.2, RFC 6531 section 3.3).
 *
 * Three readings, from strict to loose: nx_address_is_valid() wants what may be mailed; a path between angle brackets
 * takes what the brackets hold, a bare host name or an odd local part included; in free text an address begins at an
 * "@" and grows both ways, and needs a dot in its domain. Dots in odd places of a local part are taken: such mailboxes
 * exist. What it will not do: groups, comments inside an address, obsolete syntax with blanks, percent and bang paths
 * (these stay in the local part). Every look ahead or back is capped by NX_LIMIT_ADDRESS_BYTES.
 */
#include <nixie/address.h>

#include "base/limits.h"
#include "base/text.h"
#include "smtp/address-text.h"

#include <string.h>

/* RFC 5321 4.5.3.1: octets; a path is 256 with its angle brackets. */
#define LOCAL_BYTES 64
#define DOMAIN_BYTES 255
#define LABEL_BYTES 63
#define ADDRESS_BYTES 254

/* What a place allows. */
typedef enum {
	PLACE_FREE,      /* amid other text */
	PLACE_BRACKETED, /* alone or between angle brackets */
} Place;

/* The parts of an address in a text. A trailing dot is behind @domain_end. */
typedef struct {
	const char *local;
	const char *at;
	const char *domain_end;
} Span;

static gboolean
is_atext (char c)
{
	return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* Scripts that are written without blanks between words: there an address ends where the script changes. */
static gboolean
is_unspaced (gunichar c)
{
	switch (g_unichar_get_script (c)) {
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_HANGUL:
	case G_UNICODE_SCRIPT_THAI:
	case G_UNICODE_SCRIPT_LAO:
	case G_UNICODE_SCRIPT_KHMER:
	case G_UNICODE_SCRIPT_MYANMAR:
		return TRUE;
	default:
		return FALSE;
	}
}

static gboolean
is_foreign (gunichar c, Place place)
{
	if (nx_address_is_hidden_char (c))
		return FALSE;
	/* Emoji make mailboxes too (RFC 6531 allows any UTF-8 beyond ASCII). */
	return place == PLACE_BRACKETED || g_unichar_isalnum (c) || g_unichar_ismark (c) ||
	       g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL;
}

static gboolean
is_local_char (gunichar c, Place place)
{
	return c < 0x80 ? is_atext ((char)c) : is_foreign (c, place);
}

static gboolean
is_domain_char (gunichar c, Place place)
{
	if (c < 0x80)
		return g_ascii_isalnum ((char)c) || c == '-' || c == '_' || c == '.';
	/* The ideographic full stop ends sentences more often than labels. */
	return c != 0x3002 && is_foreign (c, place);
}

static const char *
skip_blanks (const char *p)
{
	while (g_ascii_isspace (*p))
		p++;
	return p;
}

/* Behind the closing mark of the quoted string at @p; folded lines inside are taken. NULL when it is none. */
static const char *
scan_quoted (const char *p)
{
	const char *begin = p++;
	while (*p != '"') {
		if (*p == '\\')
			p++;
		gunichar c = nx_address_read_char (p);
		gboolean fold = *p == '\n' || *p == '\r' || *p == '\t' || *p == ' ';
		if (*p == '\0' || (!fold && nx_address_is_hidden_char (c)) || p - begin > NX_LIMIT_ADDRESS_BYTES)
			return NULL;
		p = nx_text_skip_char (p);
	}
	return p + 1;
}

/* Behind the address literal at @p (RFC 5321 4.1.3), or NULL. */
static const char *
scan_literal (const char *p)
{
	const char *begin = ++p;
	while (g_ascii_isxdigit (*p) || *p == '.' || *p == ':' || g_ascii_isalnum (*p) || *p == '-')
		if (++p - begin > DOMAIN_BYTES)
			return NULL;
	if (*p != ']')
		return NULL;
	g_autofree char *content = g_strndup (begin, (gsize)(p - begin));
	const char *host = g_ascii_strncasecmp (content, "IPv6:", 5) == 0 ? content + 5 : content;
	gboolean colon = strchr (content, ':') != NULL;
	if (!g_hostname_is_ip_address (host) || colon != (host != content))
		return NULL;
	return p + 1;
}

/* Behind the last label of the domain at @p, without a trailing dot; NULL when there is none. */
static const char *
scan_domain (const char *p, Place place)
{
	if (*p == '[')
		return scan_literal (p);
	const char *begin = p;
	gunichar before = '.';
	while (p - begin <= NX_LIMIT_ADDRESS_BYTES) {
		gunichar c = nx_address_read_char (p);
		if (c == 0 || !is_domain_char (c, place) || (before == '.' && (c == '.' || c == '-')))
			break;
		if (place == PLACE_FREE && before < 0x80 && g_ascii_isalnum ((char)before) && is_unspaced (c))
			break;
		before = c;
		p = nx_text_skip_char (p);
	}
	if (p - begin > NX_LIMIT_ADDRESS_BYTES)
		return NULL;
	while (p > begin && (p[-1] == '.' || (place == PLACE_FREE && (p[-1] == '-' || p[-1] == '_'))))
		p--;
	return p > begin ? p : NULL;
}

/* In free text only a name with a dot, and a top level that is no number, is a domain. */
static gboolean
is_qualified (const char *begin, const char *end)
{
	if (*begin == '[')
		return TRUE;
	const char *label = end;
	while (label > begin && label[-1] != '.')
		label--;
	if (label == begin)
		return FALSE;
	for (const char *p = label; p < end; p++)
		if (!g_ascii_isdigit (*p))
			return TRUE;
	return FALSE;
}

/* The source route "@a,@b:" (RFC 5321 4.1.2 A-d-l) at @p, if there is one. Returns: what follows; NULL: malformed. */
static const char *
skip_route (const char *p)
{
	if (*p != '@')
		return p;
	for (;;) {
		p = scan_domain (p + 1, PLACE_BRACKETED);
		if (p == NULL)
			return NULL;
		p = skip_blanks (p);
		if (*p == ':')
			return skip_blanks (p + 1);
		if (*p == ',')
			p = skip_blanks (p + 1);
		if (*p != '@')
			return NULL;
	}
}

static const char *
skip_mailto (const char *p)
{
	return g_ascii_strncasecmp (p, "mailto:", 7) == 0 ? p + 7 : p;
}

/* A path that stands alone: [route] local@domain at @p. */
static gboolean
scan_path (const char *p, Span *span_out)
{
	Span span = { 0 };
	p = skip_route (skip_mailto (skip_blanks (p)));
	if (p == NULL)
		return FALSE;
	span.local = p;
	if (*p == '"') {
		p = scan_quoted (p);
		if (p == NULL)
			return FALSE;
	} else {
		for (gunichar c; p - span.local <= NX_LIMIT_ADDRESS_BYTES; p = nx_text_skip_char (p)) {
			c = nx_address_read_char (p);
			if (c == 0 || !is_local_char (c, PLACE_BRACKETED))
				break;
		}
	}
	if (p == span.local || *p != '@')
		return FALSE;
	span.at = p;
	span.domain_end = scan_domain (p + 1, PLACE_BRACKETED);
	if (span.domain_end == NULL || *span.domain_end == '@' ||
	    (*span.domain_end == '.' && span.domain_end[1] == '@'))
		return FALSE;
	*span_out = span;
	return TRUE;
}

/* "<path>" at @p. */
static gboolean
scan_angle (const char *p, Span *span_out, const char **end_out)
{
	Span span;
	if (!scan_path (p + 1, &span))
		return FALSE;
	const char *end = span.domain_end;
	if (*end == '.')
		end++;
	end = skip_blanks (end);
	if (*end != '>')
		return FALSE;
	*span_out = span;
	*end_out = end + 1;
	return TRUE;
}

/* The opening mark of the quoted string that ends before @at, or NULL. */
static const char *
find_quoted_begin (const char *text, const char *at)
{
	const char *closing = at - 1;
	for (const char *p = closing; p > text && closing - p < NX_LIMIT_ADDRESS_BYTES;) {
		p--;
		if (*p != '"')
			continue;
		const char *slash = p;
		while (slash > text && slash[-1] == '\\' && closing - slash < NX_LIMIT_ADDRESS_BYTES)
			slash--;
		if ((p - slash) % 2 == 1) {
			p = slash;
			continue;
		}
		gboolean joined = p > text && is_atext (p[-1]) && p[-1] != '=';
		return !joined && scan_quoted (p) == at ? p : NULL;
	}
	return NULL;
}

/* The escapes of RFC 6533 and of Exim begin like names: half of one is no address. */
static gboolean
is_escape (const char *p)
{
	return p[0] == '\\' && ((p[1] == 'x' && p[2] == '{') || (g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2])));
}

/* Does the word that goes on up to @at begin as a URL, or hold the query of one? What it names is a parameter. */
static gboolean
is_in_url (const char *text, const char *begin, const char *at)
{
	const char *query = memchr (begin, '?', (gsize)(at - begin));
	if (query != NULL && memchr (begin, '/', (gsize)(query - begin)) != NULL)
		return TRUE;
	const char *p = begin;
	while (p > text && at - p < NX_LIMIT_ADDRESS_BYTES && strchr (" \t\r\n<>\"(),;", p[-1]) == NULL)
		p--;
	for (; p + 2 < at; p++)
		if (p[0] == ':' && p[1] == '/' && p[2] == '/')
			return TRUE;
	return FALSE;
}

/* "list/user@home.example?role=member": the end of a URL that was broken; a mailto URL names an address all the same.
 */
static gboolean
is_url_end (const char *text, const char *local, const char *end)
{
	if (*end != '?' || strcspn (end, "=") >= strcspn (end, " \t\r\n"))
		return FALSE;
	return local - text < 7 || g_ascii_strncasecmp (local - 7, "mailto:", 7) != 0;
}

/* The begin of the dot-string that ends before @at, or NULL. */
static const char *
find_local_begin (const char *text, const char *at)
{
	const char *p = at;
	gunichar after = '@';
	while (p > text) {
		const char *before = nx_address_find_char_before (text, p);
		gunichar c = nx_address_read_char (before);
		if (!is_local_char (c, PLACE_FREE))
			break;
		if (after < 0x80 && g_ascii_isalnum ((char)after) && is_unspaced (c))
			break;
		if (at - before > NX_LIMIT_ADDRESS_BYTES)
			return NULL;
		after = c;
		p = before;
	}
	if ((p > text && (p[-1] == '@' || is_escape (p - 1))) || is_in_url (text, p, at))
		return NULL;
	/* Marks that quote or emphasize an address are no part of it. */
	while (p < at && strchr ("'`*=|/.{}", *p) != NULL)
		p++;
	return p < at ? p : NULL;
}

/* An address in free text around the "@" at @at. */
static gboolean
scan_free (const char *text, const char *at, Span *span_out)
{
	if (at == text)
		return FALSE;
	Span span = { .at = at };
	const char *end = scan_domain (at + 1, PLACE_FREE);
	if (end == NULL || !is_qualified (at + 1, end) || *end == '@' || is_escape (end))
		return FALSE;
	/* "john@home.example"@x.example: the first "@" is quoted. */
	if (end[0] == '"' && end[1] == '@')
		return FALSE;
	span.local = at[-1] == '"' ? find_quoted_begin (text, at) : find_local_begin (text, at);
	if (span.local == NULL || is_url_end (text, span.local, end))
		return FALSE;
	span.domain_end = end;
	*span_out = span;
	return TRUE;
}

/* A fold inside a quoted string becomes one blank (RFC 5322 2.2.3). */
static void
append_local (GString *out, const char *p, const char *end)
{
	while (p < end) {
		const char *next = p;
		while (next < end && (*next == '\r' || *next == '\n'))
			next++;
		if (next > p) {
			while (next < end && g_ascii_isspace (*next))
				next++;
			g_string_append_c (out, ' ');
			p = next;
			continue;
		}
		g_string_append_c (out, *p++);
	}
}

static char *
make_address (const Span *span)
{
	GString *address = g_string_sized_new ((gsize)(span->domain_end - span->local) + 1);
	append_local (address, span->local, span->at);
	g_string_append_c (address, '@');
	g_autofree char *domain = g_strndup (span->at + 1, (gsize)(span->domain_end - span->at - 1));
	g_autofree char *lower = nx_address_lower (domain);
	g_string_append (address, lower);
	return g_string_free (address, FALSE);
}

char *
nx_address_find (const char *text, const char **start_out, const char **end_out)
{
	for (const char *p = text; (p = strpbrk (p, "<@")) != NULL; p++) {
		Span span;
		const char *start = NULL;
		const char *end = NULL;
		if (*p == '<' && scan_angle (p, &span, &end))
			start = p;
		else if (*p == '@' && scan_free (text, p, &span)) {
			start = span.local;
			end = span.domain_end;
		} else
			continue;
		if (start_out != NULL)
			*start_out = start;
		if (end_out != NULL)
			*end_out = end;
		return make_address (&span);
	}
	return NULL;
}

/* Behind the comment at @p (RFC 5322 3.2.2), or NULL when it is not closed. */
static const char *
skip_comment (const char *p)
{
	guint depth = 0;
	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* The first path in angle brackets outside of comments and of quoted display names. */
static gboolean
find_angle (const char *text, Span *span_out)
{
	gboolean comments = TRUE;
	for (const char *p = text; (p = strpbrk (p, "<\"(")) != NULL;) {
		const char *end = NULL;
		if (*p == '<' && scan_angle (p, span_out, &end))
			return TRUE;
		if (*p == '"')
			end = scan_quoted (p);
		if (*p == '(' && comments) {
			end = skip_comment (p);
			comments = end != NULL;
		}
		p = end != NULL ? end : p + 1;
	}
	return FALSE;
}

char *
nx_address_parse (const char *text)
{
	Span span;
	if (find_angle (text, &span) || scan_path (text, &span))
		return make_address (&span);
	const char *bracket = strchr (text, '<');
	if (bracket != NULL && nx_address_is_split (bracket + 1))
		return NULL;
	return nx_address_find (text, NULL, NULL);
}

static gboolean
are_labels_valid (const char *domain)
{
	for (const char *label = domain; label != NULL;) {
		const char *dot = strchr (label, '.');
		const char *end = dot != NULL ? dot : label + strlen (label);
		glong length = g_utf8_strlen (label, end - label);
		if (length == 0 || length > LABEL_BYTES || end[-1] == '-')
			return FALSE;
		label = dot != NULL ? dot + 1 : NULL;
	}
	return TRUE;
}

gboolean
nx_address_is_valid (const char *address)
{
	Span span;
	if (strlen (address) > ADDRESS_BYTES || !g_utf8_validate (address, -1, NULL) || !scan_path (address, &span))
		return FALSE;
	if (span.local != address || *span.domain_end != '\0')
		return FALSE;
	if (span.at - span.local > LOCAL_BYTES || span.domain_end - span.at - 1 > DOMAIN_BYTES)
		return FALSE;
	for (const char *p = span.local; p < span.at; p++)
		if (*p == '\r' || *p == '\n' || *p == '\t')
			return FALSE;
	return span.at[1] == '[' || are_labels_valid (span.at + 1);
}

const char *
nx_address_get_domain (const char *address)
{
	const char *at = strrchr (address, '@');
	return at != NULL ? at + 1 : "";
}
