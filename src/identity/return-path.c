/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * return-path.c: return paths of every style, by patterns. See return-path.h.
 *
 * First what forwarders and senders wrapped around it comes off: SRS1 and SRS0 (Sender Rewriting Scheme), BATV
 * (draft-levine-smtp-batv). Then the patterns are asked, those of the configuration first. Between styles that are
 * built in the mark that stands furthest left decides: what is behind it is the subscriber's, and may look like
 * anything. It will not check a signature of any wrapping: their keys are others'.
 */
#include "identity/return-path.h"

#include "base/limits.h"
#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

typedef enum {
	FIELD_NONE,
	FIELD_LIST,
	FIELD_USER,
	FIELD_DOMAIN,
	FIELD_TOKEN,
	N_FIELDS,
} Field;

static gboolean
is_any (char c)
{
	return c != '\0';
}

static gboolean
is_list (char c)
{
	return c != '=' && c != '@' && (guchar)c > ' ';
}

static gboolean
is_box (char c)
{
	return is_list (c) && c != '+';
}

static gboolean
is_user (char c)
{
	return (guchar)c >= ' ' && c != 0x7f;
}

static gboolean
is_domain (char c)
{
	return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_' || (guchar)c >= 0x80;
}

static gboolean
is_token (char c)
{
	return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_' || c == '~';
}

static gboolean
is_word (char c)
{
	return g_ascii_isalnum (c);
}

static gboolean
is_hex (char c)
{
	return g_ascii_isxdigit (c);
}

static gboolean
is_digit (char c)
{
	return g_ascii_isdigit (c);
}

static gboolean
is_delimiter (char c)
{
	return c == '+' || c == '-' || c == '=';
}

static gboolean
is_separator (char c)
{
	return c == '=' || c == '+';
}

#define MOST NX_LIMIT_RETURN_PATH_BYTES

/*
 * What may stand between braces. Postfix lets a site choose "+", "-" and "=" for both delimiters of VERP: {d} is the
 * first, {s} the second. The second is never "-", which domains hold, nor the first in styles that put a word before
 * the list's name, which holds it too; whoever uses these has to configure a pattern.
 */
static const struct {
	const char *name;
	Field field;
	gboolean (*takes) (char c);
	gsize least;
	gsize most;
	gboolean greedy;
	gboolean configurable;
} slots[] = {
	{ "user", FIELD_USER, is_user, 1, MOST, TRUE, TRUE },
	{ "domain", FIELD_DOMAIN, is_domain, 3, MOST, TRUE, TRUE },
	{ "token", FIELD_TOKEN, is_token, 1, MOST, FALSE, TRUE },
	{ "number", FIELD_NONE, is_digit, 1, 10, TRUE, TRUE },
	{ "list", FIELD_LIST, is_list, 1, MOST, FALSE, FALSE },
	{ "box", FIELD_NONE, is_box, 1, MOST, FALSE, FALSE },
	{ "opaque", FIELD_TOKEN, is_token, 8, MOST, FALSE, FALSE },
	{ "keyed", FIELD_TOKEN, is_word, NX_VERP_TOKEN_ALONE_BYTES, NX_VERP_TOKEN_ALONE_BYTES, FALSE, FALSE },
	{ "hex32", FIELD_TOKEN, is_hex, 32, 32, FALSE, FALSE },
	{ "hex40", FIELD_TOKEN, is_hex, 40, 40, FALSE, FALSE },
	{ "hex", FIELD_NONE, is_hex, 1, 16, TRUE, FALSE },
	{ "word", FIELD_NONE, is_word, 1, 40, TRUE, FALSE },
	{ "any", FIELD_NONE, is_any, 0, MOST, FALSE, FALSE },
	{ "d", FIELD_NONE, is_delimiter, 1, 1, FALSE, FALSE },
	{ "s", FIELD_NONE, is_separator, 1, 1, FALSE, FALSE },
};

/* A lower tier is asked first: TOKENS and Sympa cannot be mistaken; GENERIC takes whatever has a "+" and a "=". */
enum {
	TIER_CERTAIN,
	TIER_MARKED,
	TIER_GENERIC,
	TIER_LIST,
	N_TIERS,
};

static const struct {
	guint8 tier;
	const char *style;
	const char *pattern;
} styles[] = {
	{ TIER_CERTAIN, "keyed", "{list}-bounces{d}{keyed}" },
	{ TIER_CERTAIN, "keyed", "{list}+bounces{d}{keyed}" },
	{ TIER_CERTAIN, "keyed", "{list}-return{d}{keyed}" },
	{ TIER_CERTAIN, "keyed", "owner-{list}{s}{keyed}" },
	{ TIER_CERTAIN, "mailman-probe", "{list}-bounces+{hex40}" },
	{ TIER_CERTAIN, "discourse", "{box}+verp-{hex32}" },
	{ TIER_CERTAIN, "google-groups", "{list}+bnc{opaque}" },
	{ TIER_CERTAIN, "sympa", "{box}+{user}==a=={domain}=={list}==w" }, /* welcome, */
	{ TIER_CERTAIN, "sympa", "{box}+{user}==a=={domain}=={list}==r" }, /* remind: probes */
	{ TIER_CERTAIN, "sympa", "{box}+{user}==a=={domain}=={list}" },
	{ TIER_CERTAIN, "sympa", "{box}+{user}==a=={domain}" },
	{ TIER_CERTAIN, "listserv", "owner-{list}*{user}**{domain}" },
	{ TIER_CERTAIN, "mailgun", "bounce+{hex}.{hex}-{user}={domain}" },
	{ TIER_CERTAIN, "sendgrid", "bounces+{number}-{word}-{user}={domain}" },

	{ TIER_MARKED, "mailman", "{list}-bounces+{user}={domain}" },
	{ TIER_MARKED, "mlmmj", "{list}+bounces-probe-{user}={domain}" },
	{ TIER_MARKED, "mlmmj", "{list}+bounces-{number}-{user}={domain}" },
	{ TIER_MARKED, "mlmmj", "{list}+bounces-{user}={domain}" },
	{ TIER_MARKED, "ezmlm", "{list}-return-probe-{number}.{word}-{user}={domain}" },
	{ TIER_MARKED, "ezmlm", "{list}-return-warn-{number}.{word}-{user}={domain}" },
	{ TIER_MARKED, "ezmlm", "{list}-return-{number}-{user}={domain}" },
	{ TIER_MARKED, "ezmlm", "{list}-return-{user}={domain}" },
	{ TIER_MARKED, "xverp", "{list}-bounces{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}+bounces{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}-bounce{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}+bounce{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}+return-{number}-{user}={domain}" },
	{ TIER_MARKED, "xverp", "{list}-return{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}+return{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}-owner{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}-request{s}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}-errors{s}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}-admin{s}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}-verp{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "{list}+verp{d}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "owner-{list}{s}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "bounces-{list}{s}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "bounce-{list}{s}{user}{s}{domain}" },
	{ TIER_MARKED, "xverp", "return-{list}{s}{user}{s}{domain}" },
	{ TIER_MARKED, "unsubscribe", "{list}-unsubscribe{d}{user}={domain}" }, /* in List-Unsubscribe */
	{ TIER_MARKED, "unsubscribe", "{list}+unsubscribe{d}{user}={domain}" },
	{ TIER_MARKED, "opaque", "{list}-bounces+{opaque}" }, /* Exim, and whoever keeps a table */
	{ TIER_MARKED, "opaque", "{list}-bounces={opaque}" },
	{ TIER_MARKED, "opaque", "{list}-verp-{opaque}" },
	{ TIER_MARKED, "opaque", "bounce+{opaque}" },
	{ TIER_MARKED, "opaque", "bounces+{opaque}" },

	{ TIER_GENERIC, "xverp", "{box}+{user}={domain}" },

	{ TIER_LIST, "list", "{list}-bounces" },
	{ TIER_LIST, "list", "{list}-bounces{d}{any}" },
	{ TIER_LIST, "list", "{list}+bounces" },
	{ TIER_LIST, "list", "{list}+bounces{d}{any}" },
	{ TIER_LIST, "list", "{list}-bounce" },
	{ TIER_LIST, "list", "{list}-bounce{d}{any}" },
	{ TIER_LIST, "list", "{list}+bounce-{any}" },
	{ TIER_LIST, "list", "{list}-return" },
	{ TIER_LIST, "list", "{list}-return{d}{any}" },
	{ TIER_LIST, "list", "{list}+return-{any}" },
	{ TIER_LIST, "list", "{list}-owner" },
	{ TIER_LIST, "list", "{list}-owner+{any}" },
	{ TIER_LIST, "list", "{list}-request" },
	{ TIER_LIST, "list", "{list}-request+{any}" },
	{ TIER_LIST, "list", "{list}-errors" },
	{ TIER_LIST, "list", "{list}-errors+{any}" },
	{ TIER_LIST, "list", "{list}-admin" },
	{ TIER_LIST, "list", "{list}-admin+{any}" },
	{ TIER_LIST, "list", "owner-{list}" },
	{ TIER_LIST, "list", "owner-{list}+{any}" },
	{ TIER_LIST, "list", "bounces-{list}" },
	{ TIER_LIST, "list", "bounces-{list}+{any}" },
	{ TIER_LIST, "list", "bounce-{list}" },
	{ TIER_LIST, "list", "bounce-{list}+{any}" },
	{ TIER_LIST, "list", "return-{list}" },
	{ TIER_LIST, "list", "return-{list}+{any}" },
};

typedef struct {
	const char *start;
	gsize length;
} Span;

typedef struct {
	Span fields[N_FIELDS];
	guint steps;
} Match;

static guint
find_slot (const char *name, gsize length)
{
	guint i = 0;
	while (i < G_N_ELEMENTS (slots) &&
	       (*slots[i].name != *name || strncmp (slots[i].name, name, length) != 0 || slots[i].name[length] != '\0'))
		i++;
	return i;
}

static gboolean match_text (Match *match, const char *pattern, const char *text);

/* The slot at @pattern takes octets of @text, as few or as many as the rest of the pattern allows. */
static gboolean
match_slot (Match *match, const char *pattern, const char *text)
{
	const char *close = strchr (pattern, '}');
	guint slot = find_slot (pattern + 1, (gsize)(close - pattern - 1));
	gsize most = 0;
	g_assert (slot < G_N_ELEMENTS (slots));
	while (most < slots[slot].most && slots[slot].takes (text[most]))
		most++;
	const char next = g_ascii_tolower (close[1]);
	for (gsize i = slots[slot].least; i <= most; i++) {
		gsize length = slots[slot].greedy ? most + slots[slot].least - i : i;
		if (next != '{' && g_ascii_tolower (text[length]) != next) { /* a step, but a short one */
			if (match->steps >= NX_LIMIT_RETURN_PATH_STEPS)
				return FALSE;
			match->steps++;
			continue;
		}
		if (!match_text (match, close + 1, text + length))
			continue;
		match->fields[slots[slot].field] = (Span){ text, length };
		return TRUE;
	}
	return FALSE;
}

static gboolean
match_text (Match *match, const char *pattern, const char *text)
{
	if (match->steps >= NX_LIMIT_RETURN_PATH_STEPS)
		return FALSE;
	match->steps++;
	for (; *pattern != '\0' && *pattern != '{'; pattern++, text++)
		if (g_ascii_tolower (*pattern) != g_ascii_tolower (*text))
			return FALSE;
	return *pattern == '{' ? match_slot (match, pattern, text) : *text == '\0';
}

/* FALSE when @text lacks a character that stands in the pattern: most styles are told so. */
static gboolean
may_match (const char *pattern, const gboolean *present)
{
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '{')
			pattern = strchr (pattern, '}');
		else if (!present[(guchar)g_ascii_tolower (*pattern)])
			return FALSE;
	}
	return TRUE;
}

static gboolean
match_begin (Match *match, const char *pattern, const char *text)
{
	*match = (Match){ 0 };
	return match_text (match, pattern, text);
}

/* ---- wrappings ---- */

/* "=HHH=TT=domain=local" (also "+…" and "-…"), behind "SRS0". */
static char *
unwrap_srs0 (const char *text, const char *domain G_GNUC_UNUSED)
{
	if (strchr ("=+-", *text) == NULL || *text == '\0')
		return NULL;
	g_auto (GStrv) fields = g_strsplit (text + 1, "=", 4);
	return g_strv_length (fields) == 4 && *fields[2] != '\0' && *fields[3] != '\0'
		       ? g_strconcat (fields[3], "@", fields[2], NULL)
		       : NULL;
}

/* "=HHH=forwarder==HHH=TT=domain=local", behind "SRS1": the SRS0 address at the first forwarder. */
static char *
unwrap_srs1 (const char *text, const char *domain G_GNUC_UNUSED)
{
	if (strchr ("=+-", *text) == NULL || *text == '\0')
		return NULL;
	g_auto (GStrv) fields = g_strsplit (text + 1, "=", 3);
	gboolean whole = g_strv_length (fields) == 3 && *fields[1] != '\0' && *fields[2] != '\0' &&
			 strchr ("=+-", *fields[2]) != NULL;
	return whole ? g_strconcat ("SRS0", fields[2], "@", fields[1], NULL) : NULL;
}

static gsize
count_hex (const char *text)
{
	gsize count = 0;
	while (g_ascii_isxdigit (text[count]))
		count++;
	return count;
}

/* "KDDDSSSSSS=local", or as Exim wrote it once, "local/KDDDSSSSSS", behind "prvs=". */
static char *
unwrap_prvs (const char *text, const char *domain)
{
	gsize count = count_hex (text);
	if (count == 10 && text[count] == '=' && text[count + 1] != '\0')
		return g_strconcat (text + count + 1, "@", domain, NULL);
	const char *slash = strrchr (text, '/');
	if (slash == NULL || slash == text || count_hex (slash + 1) != strlen (slash + 1) || strlen (slash + 1) != 10)
		return NULL;
	g_autofree char *local = g_strndup (text, (gsize)(slash - text));
	return g_strconcat (local, "@", domain, NULL);
}

/* "tag==local", behind "btv1==". */
static char *
unwrap_btv1 (const char *text, const char *domain)
{
	const char *end = strstr (text, "==");
	return end != NULL && end > text && end[2] != '\0' ? g_strconcat (end + 2, "@", domain, NULL) : NULL;
}

static const struct {
	const char *prefix;
	char *(*unwrap) (const char *text, const char *domain);
} wrappings[] = {
	{ "SRS1", unwrap_srs1 },
	{ "SRS0", unwrap_srs0 },
	{ "prvs=", unwrap_prvs },
	{ "btv1==", unwrap_btv1 },
};

static char *
unwrap_once (const char *path)
{
	const char *at = strrchr (path, '@');
	if (at == NULL)
		return NULL;
	g_autofree char *local = g_strndup (path, (gsize)(at - path));
	for (guint i = 0; i < G_N_ELEMENTS (wrappings); i++) {
		gsize length = strlen (wrappings[i].prefix);
		if (g_ascii_strncasecmp (local, wrappings[i].prefix, length) == 0)
			return wrappings[i].unwrap (local + length, at + 1);
	}
	return NULL;
}

static char *
unwrap (char *path)
{
	for (guint i = 0; i < NX_LIMIT_RETURN_PATH_WRAPPINGS; i++) {
		char *inner = unwrap_once (path);
		if (inner == NULL)
			break;
		g_free (path);
		path = inner;
	}
	return path;
}

/* ---- what a match says ---- */

static char *
dup_span (const Match *match, Field field)
{
	const Span *span = &match->fields[field];
	return span->start != NULL ? g_strndup (span->start, span->length) : g_strdup ("");
}

/* A keyed token before the user, whatever the style: "news-bounces+TOKEN-joan=post.example". */
static void
split_keyed (char **user, char **token)
{
	if (**token != '\0' || !nx_verp_is_token (*user, NX_VERP_TOKEN_BYTES) ||
	    !is_delimiter ((*user)[NX_VERP_TOKEN_BYTES]) || (*user)[NX_VERP_TOKEN_BYTES + 1] == '\0')
		return;
	nx_text_take (token, g_strndup (*user, NX_VERP_TOKEN_BYTES));
	nx_text_take (user, g_strdup (*user + NX_VERP_TOKEN_BYTES + 1));
}

/* The local part may have been quoted for the user's sake. NULL when this cannot be mailed. */
static char *
make_recipient (const char *user, const char *domain)
{
	g_autofree char *plain = g_strconcat (user, "@", domain, NULL);
	if (strchr (domain, '.') == NULL)
		return NULL;
	if (nx_address_is_valid (plain))
		return nx_address_parse (plain);
	g_autoptr (GString) quoted = g_string_new ("\"");
	for (const char *p = user; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c (quoted, '\\');
		g_string_append_c (quoted, *p);
	}
	g_string_append_printf (quoted, "\"@%s", domain);
	/* Quotes heal blanks and the like, not a local part that is too long or ends in a dot by mistake. */
	return strpbrk (user, " \"(),:;<>@[]\\") != NULL && nx_address_is_valid (quoted->str)
		       ? nx_address_parse (quoted->str)
		       : NULL;
}

/* Fills @path from a match. FALSE when it names a user that cannot be. */
static gboolean
take_match (NxReturnPath *path, const Match *match, const char *style, const char *list)
{
	g_autofree char *user = dup_span (match, FIELD_USER);
	g_autofree char *domain = dup_span (match, FIELD_DOMAIN);
	g_autofree char *token = dup_span (match, FIELD_TOKEN);
	g_autofree char *recipient = NULL;
	if (strcmp (style, "keyed") == 0 && !nx_verp_is_token (token, NX_VERP_TOKEN_ALONE_BYTES))
		return FALSE;
	if (*user != '\0') {
		split_keyed (&user, &token);
		recipient = make_recipient (user, domain);
		if (recipient == NULL)
			return FALSE;
	}
	nx_text_set (&path->style, style);
	nx_text_set (&path->list, list);
	nx_text_set (&path->recipient, recipient);
	nx_text_take (&path->token, g_steal_pointer (&token));
	return TRUE;
}

static gboolean
read_configured (NxReturnPath *path, const char *local, const char *domain, const GPtrArray *patterns)
{
	g_autofree char *whole = g_strconcat (local, "@", domain, NULL);
	for (guint i = 0; patterns != NULL && i < patterns->len; i++) {
		const NxReturnPathPattern *pattern = g_ptr_array_index (patterns, i);
		Match match;
		if (match_begin (&match, pattern->pattern, whole) &&
		    take_match (path, &match, "pattern", pattern->list))
			return TRUE;
	}
	return FALSE;
}

static void
read_builtin (NxReturnPath *path, const char *local, const char *domain)
{
	gsize least[N_TIERS] = { MOST + 1, MOST + 1, MOST + 1, MOST + 1 };
	gboolean present[256] = { FALSE };
	for (const char *p = local; *p != '\0'; p++)
		present[(guchar)g_ascii_tolower (*p)] = TRUE;
	for (guint tier = 0; tier < N_TIERS && *path->style == '\0'; tier++) {
		for (guint i = 0; i < G_N_ELEMENTS (styles); i++) {
			Match match;
			if (styles[i].tier != tier || !may_match (styles[i].pattern, present) ||
			    !match_begin (&match, styles[i].pattern, local))
				continue;
			/* How far left its mark stands, the list's name tells. */
			const Span *span = &match.fields[FIELD_LIST];
			g_autofree char *name = dup_span (&match, FIELD_LIST);
			g_autofree char *list = *name != '\0' ? g_strconcat (name, "@", domain, NULL) : g_strdup ("");
			if (span->length < least[tier] && take_match (path, &match, styles[i].style, list))
				least[tier] = span->length;
		}
	}
}

/* A quoted local part as it is meant (RFC 5321 4.1.2). */
static char *
unquote (const char *local)
{
	gsize length = strlen (local);
	if (length < 2 || local[0] != '"' || local[length - 1] != '"')
		return g_strdup (local);
	g_autoptr (GString) plain = g_string_new (NULL);
	for (gsize i = 1; i + 1 < length; i++) {
		if (local[i] == '\\' && i + 2 < length)
			i++;
		g_string_append_c (plain, local[i]);
	}
	return g_strdup (plain->str);
}

NxReturnPath *
nx_return_path_read (const char *path, const GPtrArray *patterns)
{
	NxReturnPath *read = g_new0 (NxReturnPath, 1);
	read->style = g_strdup ("");
	read->list = g_strdup ("");
	read->recipient = g_strdup ("");
	read->token = g_strdup ("");
	gsize length = strnlen (path, NX_LIMIT_RETURN_PATH_BYTES + 1);
	if (length > NX_LIMIT_RETURN_PATH_BYTES || !g_utf8_validate (path, (gssize)length, NULL))
		return read;
	gboolean brackets = length > 1 && path[0] == '<' && path[length - 1] == '>';
	g_autofree char *address = unwrap (g_strndup (path + brackets, length - 2 * (gsize)brackets));
	const char *at = strrchr (address, '@');
	if (at == NULL || at[1] == '\0')
		return read;
	g_autofree char *quoted = g_strndup (address, (gsize)(at - address));
	g_autofree char *local = unquote (quoted);
	if (!read_configured (read, local, at + 1, patterns))
		read_builtin (read, local, at + 1);
	return read;
}

void
nx_return_path_free (NxReturnPath *path)
{
	if (path == NULL)
		return;
	g_free (path->style);
	g_free (path->list);
	g_free (path->recipient);
	g_free (path->token);
	g_free (path);
}

/* ---- configured patterns ---- */

static gboolean
fail (const char *pattern, GError **error, const char *what)
{
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "the pattern \"%s\" %s", pattern, what);
	return FALSE;
}

static gboolean
check_pattern (const char *pattern, GError **error)
{
	guint counts[N_FIELDS] = { 0 };
	const char *previous = NULL;
	for (const char *p = pattern; (p = strpbrk (p, "{}")) != NULL;) {
		const char *close = strchr (p, '}');
		guint slot =
			*p == '{' && close != NULL ? find_slot (p + 1, (gsize)(close - p - 1)) : G_N_ELEMENTS (slots);
		if (slot == G_N_ELEMENTS (slots) || !slots[slot].configurable)
			return fail (pattern, error,
				     "may hold {user}, {domain}, {token} and {number} in braces, no other");
		if (p == previous)
			return fail (pattern, error,
				     "needs something between two braces, so that the parts can be told");
		if (++counts[slots[slot].field] > 1 && slots[slot].field != FIELD_NONE)
			return fail (pattern, error, "has the same part twice");
		p = previous = close + 1;
	}
	const char *at = strrchr (pattern, '@');
	if (strlen (pattern) > NX_LIMIT_RETURN_PATH_BYTES || at == NULL || at == pattern || at[1] == '\0' ||
	    strpbrk (pattern, " \t\"<>") != NULL)
		return fail (pattern, error, "is no address; write local-part@domain");
	if (counts[FIELD_USER] != counts[FIELD_DOMAIN])
		return fail (pattern, error, "needs both of {user} and {domain}, or neither");
	if (counts[FIELD_USER] == 0 && counts[FIELD_TOKEN] == 0)
		return fail (pattern, error, "tells no subscriber; it needs {token}, or {user} and {domain}");
	return TRUE;
}

NxReturnPathPattern *
nx_return_path_pattern_new (const char *list, const char *pattern, GError **error)
{
	if (!check_pattern (pattern, error))
		return NULL;
	NxReturnPathPattern *new = g_new0 (NxReturnPathPattern, 1);
	new->list = g_strdup (list);
	new->pattern = g_strdup (pattern);
	return new;
}

void
nx_return_path_pattern_free (NxReturnPathPattern *pattern)
{
	if (pattern == NULL)
		return;
	g_free (pattern->list);
	g_free (pattern->pattern);
	g_free (pattern);
}

char *
nx_return_path_fill_pattern (const char *pattern, const char *token, const char *user, const char *domain)
{
	const char *const values[N_FIELDS] = {
		[FIELD_TOKEN] = token, [FIELD_USER] = user, [FIELD_DOMAIN] = domain, [FIELD_NONE] = "0"
	};
	gboolean used[N_FIELDS] = { FALSE };
	g_autoptr (GString) filled = g_string_new (NULL);
	for (const char *p = pattern; *p != '\0';) {
		if (*p != '{') {
			g_string_append_c (filled, *p++);
			continue;
		}
		const char *close = strchr (p, '}');
		guint slot = find_slot (p + 1, (gsize)(close - p - 1));
		const char *value = values[slots[slot].field];
		if (value == NULL)
			return NULL;
		g_string_append (filled, value);
		used[slots[slot].field] = TRUE;
		p = close + 1;
	}
	gboolean complete = used[FIELD_TOKEN] && used[FIELD_USER] == (user != NULL);
	return complete ? g_strdup (filled->str) : NULL;
}
