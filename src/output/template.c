/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * template.c: see template.h. A text is taken apart only when it is filled in: it is short, and rarely used.
 */
#include "output/template.h"

#include <string.h>

#include "base/text.h"

#define SUBJECT "Subject:"

/* What each kind of mail may show, beside what all may. */
static const char *const common_names[] = { "list", "list-address", "address", "reply", "mark", NULL };
static const char *const failure_names[] = { "diagnostic", "date", "since", NULL };
static const char *const warning_names[] = { "diagnostic", "date", "since", "until", NULL };
static const char *const ask_names[] = { "old-address", "new-address", "days", NULL };
static const char *const incident_names[] = { "domain",     "provider",  "post",   "permanent", "transient",
					      "blocked",    "addresses", "opened", "last",      "reason",
					      "diagnostic", "advice",    "number", "held",      NULL };
static const char *const digest_names[] = {
	"from",           "until", "suspended", "suspended-count", "removed",    "removed-count", "restored",
	"restored-count", "moved", "proposals", "incidents",       "complaints", "failed",        NULL
};

static const struct {
	NxOutboxKind kind;
	const char *const *names;
} kinds[] = {
	{ NX_OUTBOX_WARNING, warning_names },   { NX_OUTBOX_PROBE, failure_names },
	{ NX_OUTBOX_REMOVED, failure_names },   { NX_OUTBOX_ASK, ask_names },
	{ NX_OUTBOX_INCIDENT, incident_names }, { NX_OUTBOX_DIGEST, digest_names },
};

static const char *const *
get_names (NxOutboxKind kind)
{
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].names;
	return common_names;
}

/* ---- placeholders ---- */

/* A placeholder in a text: @name: between the braces. @asks: it is {?name}. @end: behind it. */
typedef struct {
	const char *start;
	const char *end;
	char *name;
	gboolean asks;
} Hole;

static void
hole_clear (Hole *hole)
{
	g_clear_pointer (&hole->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Hole, hole_clear)

static gboolean
find_hole (const char *text, Hole *hole_out)
{
	hole_clear (hole_out);
	for (const char *p = text; (p = strchr (p, '{')) != NULL; p++) {
		gboolean asks = p[1] == '?';
		const char *name = p + 1 + asks;
		gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz-");
		if (length == 0 || name[length] != '}')
			continue;
		*hole_out =
			(Hole){ .start = p, .end = name + length + 1, .name = g_strndup (name, length), .asks = asks };
		return TRUE;
	}
	return FALSE;
}

static const char *
get_value (GHashTable *values, const char *name)
{
	const char *value = g_hash_table_lookup (values, name);
	return value != NULL ? value : "";
}

/* Characters that act instead of showing: controls, and those that turn the direction of text around. */
static gboolean
acts (gunichar c)
{
	return g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
	       c == 0x2029;
}

static void
append_value (GString *out, const char *value, gboolean one_line)
{
	g_autofree char *valid = g_utf8_make_valid (value, -1);
	for (const char *p = valid; *p != '\0'; p = nx_text_skip_char (p)) {
		gunichar c = g_utf8_get_char (p);
		if (c == '\n' && !one_line)
			g_string_append_c (out, '\n');
		else if (c == '\n' || c == '\t' || c == '\r')
			g_string_append_c (out, ' ');
		else if (!acts (c))
			g_string_append_unichar (out, c);
	}
}

static void
append_filled (GString *out, const char *text, GHashTable *values, gboolean one_line)
{
	g_auto (Hole) hole = { 0 };
	for (; find_hole (text, &hole); text = hole.end) {
		g_string_append_len (out, text, hole.start - text);
		if (!hole.asks)
			append_value (out, get_value (values, hole.name), one_line);
	}
	g_string_append (out, text);
}

char *
nx_template_fill_subject (const NxTemplate *template, GHashTable *values)
{
	g_autoptr (GString) out = g_string_new (NULL);
	append_filled (out, template->subject, values, TRUE);
	return nx_text_make_line (out->str, 0);
}

/* Behind the question that a paragraph may begin with; NULL when its answer is no. */
static const char *
ask_paragraph (const char *paragraph, GHashTable *values)
{
	g_auto (Hole) hole = { 0 };
	if (!find_hole (paragraph, &hole) || hole.start != paragraph || !hole.asks)
		return paragraph;
	if (*get_value (values, hole.name) == '\0')
		return NULL;
	return *hole.end == '\n' ? hole.end + 1 : hole.end;
}

char *
nx_template_fill_body (const NxTemplate *template, GHashTable *values)
{
	g_autoptr (GString) out = g_string_new (NULL);
	g_auto (GStrv) paragraphs = g_strsplit (template->body, "\n\n", -1);
	for (guint i = 0; paragraphs[i] != NULL; i++) {
		const char *paragraph = ask_paragraph (paragraphs[i], values);
		if (paragraph == NULL)
			continue;
		if (out->len > 0)
			g_string_append (out, "\n\n");
		append_filled (out, paragraph, values, FALSE);
	}
	while (out->len > 0 && out->str[out->len - 1] == '\n')
		g_string_truncate (out, out->len - 1);
	g_string_append_c (out, '\n');
	return g_string_free (g_steal_pointer (&out), FALSE);
}

/* ---- checking ---- */

static guint
count_lines (const char *text, const char *end)
{
	guint lines = 1;
	for (; text < end; text++)
		lines += *text == '\n' ? 1 : 0;
	return lines;
}

static gboolean
check_hole (NxOutboxKind kind, const char *name, guint line, const Hole *hole, GError **error)
{
	const char *const *names = get_names (kind);
	if (g_strv_contains (common_names, hole->name) || g_strv_contains (names, hole->name))
		return TRUE;
	g_autofree char *special = g_strjoinv (", ", (char **)(void *)(guintptr)names);
	g_autofree char *common = g_strjoinv (", ", (char **)(void *)(guintptr)common_names);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
		     "%s:%u: there is no placeholder {%s} in this mail; known are: %s, %s", name, line, hole->name,
		     common, special);
	return FALSE;
}

static gboolean
check_holes (NxOutboxKind kind, const char *name, const char *text, GError **error)
{
	g_auto (Hole) hole = { 0 };
	for (const char *p = text; find_hole (p, &hole); p = hole.end)
		if (!check_hole (kind, name, count_lines (text, hole.start), &hole, error))
			return FALSE;
	return TRUE;
}

NxTemplate *
nx_template_new (NxOutboxKind kind, const char *name, const char *text, GError **error)
{
	if (!g_utf8_validate (text, -1, NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:1: this is no UTF-8; save the file as UTF-8", name);
		return NULL;
	}
	/* An editor of another system may have ended the lines. */
	g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
	g_autofree char *plain = g_strjoinv ("\n", lines);
	const char *end = strstr (plain, "\n\n");
	if (!g_str_has_prefix (plain, SUBJECT) || end == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:1: a template begins with \"Subject: …\" and an empty line, then comes the text",
			     name);
		return NULL;
	}
	if (!check_holes (kind, name, plain, error))
		return NULL;
	g_autofree char *head = g_strndup (plain + strlen (SUBJECT), (gsize)(end - plain) - strlen (SUBJECT));
	g_autoptr (NxTemplate) template = g_new0 (NxTemplate, 1);
	template->subject = nx_text_make_line (head, 0);
	template->body = g_strdup (end + 2);
	if (*template->subject != '\0' && strspn (template->body, " \t\n") < strlen (template->body))
		return g_steal_pointer (&template);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:1: the subject or the text of this template is empty", name);
	return NULL;
}

void
nx_template_free (NxTemplate *template)
{
	if (template == NULL)
		return;
	g_free (template->subject);
	g_free (template->body);
	g_free (template);
}
