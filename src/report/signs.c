/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signs.c: compiles the sign stanzas of the rules and asks them. See signs.h.
 *
 * It only finds that a line fits. What follows from it is the business of who asks.
 */
#include "report/signs.h"

#include "base/glob.h"
#include "base/limits.h"
#include "base/stanza.h"
#include "base/text.h"
#include "mime/part.h"

#include <string.h>

/* What the lines of a stanza look at. */
typedef enum {
	PLACE_HEADER,  /* header.NAME: globs */
	PLACE_ADDRESS, /* address: globs */
	PLACE_TEXT,    /* text: literals */
} Place;

static const struct {
	const char *name;
	Place place;
} meanings[NX_SIGNS] = {
	[NX_SIGN_MAIL_SYSTEM] = { "mail-system", PLACE_HEADER },
	[NX_SIGN_POSTMASTER] = { "postmaster", PLACE_HEADER },
	[NX_SIGN_FAILED_HEADER] = { "failed-header", PLACE_HEADER },
	[NX_SIGN_LIST] = { "list", PLACE_HEADER },
	[NX_SIGN_CRON] = { "cron", PLACE_HEADER },
	[NX_SIGN_ANSWER] = { "answer", PLACE_HEADER },
	[NX_SIGN_FORWARD] = { "forward", PLACE_HEADER },
	[NX_SIGN_AUTO_REPLY] = { "auto-reply", PLACE_HEADER },
	[NX_SIGN_PROGRAM] = { "program", PLACE_HEADER },
	[NX_SIGN_RETURN_PATH] = { "return-path", PLACE_ADDRESS },
	[NX_SIGN_OWNER] = { "owner", PLACE_ADDRESS },
	[NX_SIGN_MAIL_WORD] = { "mail-word", PLACE_TEXT },
	[NX_SIGN_DELIVERY] = { "delivery", PLACE_TEXT },
	[NX_SIGN_LETTER] = { "letter", PLACE_TEXT },
	[NX_SIGN_LABEL] = { "label", PLACE_TEXT },
	[NX_SIGN_CAUSE] = { "cause", PLACE_TEXT },
	[NX_SIGN_OFFER] = { "offer", PLACE_TEXT },
	[NX_SIGN_ALIAS_TARGET] = { "alias-target", PLACE_TEXT },
	[NX_SIGN_ALIAS_SOURCE] = { "alias-source", PLACE_TEXT },
	[NX_SIGN_CONJUNCTION] = { "conjunction", PLACE_TEXT },
	[NX_SIGN_ACTION_FAILURE] = { "action-failure", PLACE_TEXT },
	[NX_SIGN_ACTION_DELAYED] = { "action-delayed", PLACE_TEXT },
	[NX_SIGN_ACTION_DELIVERED] = { "action-delivered", PLACE_TEXT },
	[NX_SIGN_ACTION_RELAYED] = { "action-relayed", PLACE_TEXT },
	[NX_SIGN_ACTION_EXPANDED] = { "action-expanded", PLACE_TEXT },
	[NX_SIGN_ABSENCE] = { "absence", PLACE_TEXT },
	[NX_SIGN_COMPLAINT] = { "complaint", PLACE_TEXT },
	[NX_SIGN_REFUSAL] = { "refusal", PLACE_TEXT },
	[NX_SIGN_EXPIRED] = { "expired", PLACE_TEXT },
};

static const char *const place_keys[] = { "header.", "address", "text" };

/* One line of a stanza. */
typedef struct {
	char *header; /* NULL but in a PLACE_HEADER */
	char *text;   /* in match form: a glob, or in a PLACE_TEXT a literal */
} Line;

struct _NxSigns {
	GArray *lines[NX_SIGNS]; /* of Line */
};

static void
line_clear (gpointer data)
{
	Line *line = data;
	g_free (line->header);
	g_free (line->text);
}

void
nx_signs_free (NxSigns *signs)
{
	if (signs == NULL)
		return;
	for (guint i = 0; i < NX_SIGNS; i++)
		g_array_unref (signs->lines[i]);
	g_free (signs);
}

/* ---- asking ---- */

static gboolean
fits_glob (const Line *line, const char *match)
{
	return nx_glob_match (line->text, match);
}

static gboolean
fits_header (const Line *line, const char *match)
{
	return *match != '\0' && strcmp (match, "no") != 0 && fits_glob (line, match);
}

gboolean
nx_signs_has_header (const NxSigns *signs, NxSign sign, const NxMessage *message)
{
	const GArray *lines = signs->lines[sign];
	const char *match = NULL; /* of the header that the line before asked for: stanzas keep them together */
	const char *name = NULL;
	for (guint i = 0; i < lines->len; i++) {
		const Line *line = &g_array_index (lines, Line, i);
		if (name == NULL || strcmp (name, line->header) != 0) {
			match = nx_message_get_header_match (message, line->header);
			name = line->header;
		}
		if (fits_header (line, match))
			return TRUE;
	}
	return FALSE;
}

gboolean
nx_signs_has_address (const NxSigns *signs, NxSign sign, const char *address)
{
	g_autofree char *match = nx_text_make_match (address);
	const GArray *lines = signs->lines[sign];
	for (guint i = 0; i < lines->len; i++)
		if (fits_glob (&g_array_index (lines, Line, i), match))
			return TRUE;
	return FALSE;
}

gboolean
nx_signs_has_text (const NxSigns *signs, NxSign sign, const char *match)
{
	const GArray *lines = signs->lines[sign];
	for (guint i = 0; i < lines->len; i++)
		if (strstr (match, g_array_index (lines, Line, i).text) != NULL)
			return TRUE;
	return FALSE;
}

gboolean
nx_signs_is_text (const NxSigns *signs, NxSign sign, const char *match)
{
	for (guint i = 0; i < signs->lines[sign]->len; i++)
		if (strcmp (match, nx_signs_get_text (signs, sign, i)) == 0)
			return TRUE;
	return FALSE;
}

const char *
nx_signs_get_text (const NxSigns *signs, NxSign sign, guint index)
{
	const GArray *lines = signs->lines[sign];
	return index < lines->len ? g_array_index (lines, Line, index).text : NULL;
}

/* Behind @text at the beginning of @line, which need not be in match form; NULL when it begins otherwise. */
static const char *
skip_text (const char *line, const char *text)
{
	while (*text != '\0') {
		if (nx_text_is_empty (line) || nx_text_fold_char (g_utf8_get_char (line)) != g_utf8_get_char (text))
			return NULL;
		line = nx_text_skip_char (line);
		text = nx_text_skip_char (text);
	}
	return line;
}

gsize
nx_signs_get_prefix (const NxSigns *signs, NxSign sign, const char *line)
{
	gsize longest = 0;
	for (guint i = 0; i < signs->lines[sign]->len; i++) {
		const char *end = skip_text (line, nx_signs_get_text (signs, sign, i));
		if (end != NULL)
			longest = MAX (longest, (gsize)(end - line));
	}
	return longest;
}

/* ---- compiling ---- */

static gboolean
read_meaning (const NxStanza *stanza, NxSign *sign_out, GError **error)
{
	const char *means = nx_stanza_get (stanza, "means");
	if (means == NULL)
		return nx_stanza_fail (stanza, 0, error, "does not say what it means; give it a \"means\"");
	for (guint i = 0; i < NX_SIGNS; i++)
		if (strcmp (meanings[i].name, means) == 0) {
			*sign_out = (NxSign)i;
			return TRUE;
		}
	g_autoptr (GString) names = g_string_new (NULL);
	for (guint i = 0; i < NX_SIGNS; i++)
		g_string_append_printf (names, " %s", meanings[i].name);
	return nx_stanza_fail (stanza, 0, error, "unknown meaning \"%s\"; these are known:%s", means, names->str);
}

/* The place that a key looks at, or -1 for keys that look nowhere (means, example, source). */
static int
get_place (const char *key)
{
	if (g_str_has_prefix (key, place_keys[PLACE_HEADER]))
		return PLACE_HEADER;
	for (int place = PLACE_ADDRESS; place <= PLACE_TEXT; place++)
		if (strcmp (key, place_keys[place]) == 0)
			return place;
	return -1;
}

static gboolean
read_line (const NxStanza *stanza, NxSign sign, const NxStanzaLine *line, GArray *lines, GError **error)
{
	int place = get_place (line->key);
	if (*line->value == '\0')
		return nx_stanza_fail (stanza, line->line, error, "%s is empty", line->key);
	if (place < 0)
		return TRUE;
	if (place != (int)meanings[sign].place)
		return nx_stanza_fail (stanza, line->line, error, "a sign that means %s is made of \"%s\" lines",
				       meanings[sign].name, place_keys[meanings[sign].place]);
	g_autofree char *match = nx_stanza_dup_match (line);
	if (place == PLACE_ADDRESS && strspn (match, "*?") == strlen (match))
		return nx_stanza_fail (stanza, line->line, error, "\"%s\" fits every address", line->value);
	Line one = { 0 };
	if (place == PLACE_HEADER)
		one.header = g_strdup (line->key + strlen (place_keys[PLACE_HEADER]));
	one.text = g_steal_pointer (&match);
	g_array_append_val (lines, one);
	return TRUE;
}

/* "Subject: Re: hello" for headers, an address or a text as it is. */
static gboolean
fits_example (const GArray *lines, Place place, const char *example)
{
	const char *colon = strchr (example, ':');
	g_autofree char *match = nx_text_make_match (place == PLACE_HEADER && colon != NULL ? colon + 1 : example);
	for (guint i = 0; i < lines->len; i++) {
		const Line *line = &g_array_index (lines, Line, i);
		if (place == PLACE_TEXT && strstr (match, line->text) != NULL)
			return TRUE;
		if (place == PLACE_ADDRESS && fits_glob (line, match))
			return TRUE;
		gsize length = place == PLACE_HEADER ? strlen (line->header) : 0;
		if (place == PLACE_HEADER && colon == example + length &&
		    g_ascii_strncasecmp (example, line->header, length) == 0 && fits_header (line, match))
			return TRUE;
	}
	return FALSE;
}

static gboolean
check_stanza (const NxStanza *stanza, Place place, const GArray *lines, GError **error)
{
	if (lines->len == 0)
		return nx_stanza_fail (stanza, 0, error, "has no line to be known by; give it a \"%s\"",
				       place == PLACE_HEADER ? "header.NAME" : place_keys[place]);
	if (nx_text_is_empty (nx_stanza_get (stanza, "source")))
		return nx_stanza_fail (stanza, 0, error, "has no source; say where this is known from");
	if (nx_stanza_get (stanza, "example") == NULL)
		return nx_stanza_fail (stanza, 0, error, "has no example; the example is its test");
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "example") == 0 && !fits_example (lines, place, line->value))
			return nx_stanza_fail (stanza, line->line, error,
					       "none of its lines fits this example; mend the one or the other");
	}
	return TRUE;
}

static gboolean
add_stanza (NxSigns *signs, const NxStanza *stanza, GError **error)
{
	NxSign sign = NX_SIGNS;
	if (!read_meaning (stanza, &sign, error))
		return FALSE;
	g_autoptr (GArray) lines = g_array_new (FALSE, TRUE, sizeof (Line));
	g_array_set_clear_func (lines, line_clear);
	for (guint i = 0; i < stanza->lines->len; i++)
		if (!read_line (stanza, sign, &g_array_index (stanza->lines, NxStanzaLine, i), lines, error))
			return FALSE;
	gboolean tested = stanza->memory == NULL; /* what is built in, by the tests */
	if (!tested && !check_stanza (stanza, meanings[sign].place, lines, error))
		return FALSE;
	g_array_append_vals (signs->lines[sign], lines->data, lines->len);
	g_array_set_clear_func (lines, NULL); /* what they point to has moved */
	return TRUE;
}

NxSigns *
nx_signs_new (const NxRules *rules, GError **error)
{
	g_autoptr (NxSigns) signs = g_new0 (NxSigns, 1);
	for (guint i = 0; i < NX_SIGNS; i++) {
		signs->lines[i] = g_array_new (FALSE, TRUE, sizeof (Line));
		g_array_set_clear_func (signs->lines[i], line_clear);
	}
	g_autoptr (GPtrArray) stanzas = nx_rules_list_stanzas (rules, "sign", FALSE);
	for (guint i = 0; i < stanzas->len; i++)
		if (!add_stanza (signs, g_ptr_array_index (stanzas, i), error))
			return NULL;
	return g_steal_pointer (&signs);
}
