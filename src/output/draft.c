/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * draft.c: first drafts of stanzas (nixie/rules.h), guessed from an anonymised mail, for a person to mend.
 *
 * What varies from mail to mail is left open: addresses, hosts, numbers, ids. Whether a draft is right only its reader
 * and "nixie rules check" can tell.
 */
#include <nixie/output.h>

#include "base/limits.h"
#include "base/matcher.h"
#include "base/text.h"
#include "mime/part.h"
#include "output/vocabulary.h"
#include "report/prose.h"
#include "report/report-private.h"

#include <nixie/address.h>
#include <nixie/reply.h>

#include <string.h>

/* How much of a reply or of a sentence is worth to be known by, and how many sentences. */
#define TEXT_MAX_BYTES 80
#define MARK_MIN_BYTES 16
#define MARK_MIN_WORDS 3
#define MARK_MAX 2

/* ---- what stays the same ---- */

/* A word that another mail would have differently: a number, an id, a host, a stand-in. */
static gboolean
is_variable (const char *word)
{
	return strpbrk (word, "0123456789@*{}=") != NULL || strstr (word, ".example") != NULL ||
	       strstr (word, "://") != NULL;
}

/* The words of @text in match form, what varies as one "*"; addresses first, for they may hold blanks. */
static char *
make_stable (const char *text)
{
	g_autoptr (GString) plain = g_string_new (NULL);
	const char *start = NULL;
	const char *end = NULL;
	g_autofree char *match = nx_text_make_match (text);
	const char *p = match;
	for (char *address = nx_address_find (p, &start, &end); address != NULL;
	     address = nx_address_find (p, &start, &end)) {
		g_free (address);
		g_string_append_len (plain, p, start - p);
		g_string_append (plain, " * ");
		p = end;
	}
	g_string_append (plain, p);
	g_auto (GStrv) words = g_strsplit (plain->str, " ", -1);
	GString *out = g_string_new (NULL);
	for (guint i = 0; words[i] != NULL; i++) {
		gboolean open = is_variable (words[i]);
		if (*words[i] == '\0' || (open && g_str_has_suffix (out->str, "*")))
			continue;
		g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", open ? "*" : words[i]);
	}
	return g_string_free (out, FALSE);
}

/* The pieces that are long enough for a text of a phrase, joined again; "" when there is none. */
static char *
make_text (const char *said)
{
	g_autofree char *stable = make_stable (said);
	g_auto (GStrv) pieces = g_strsplit (stable, "*", -1);
	GString *out = g_string_new (NULL);
	guint count = 0;
	for (guint i = 0; pieces[i] != NULL && count < NX_LIMIT_RULE_PIECES && out->len < TEXT_MAX_BYTES; i++) {
		g_strdelimit (pieces[i], "<>()[]\"", ' ');
		g_strstrip (pieces[i]);
		const char *piece = pieces[i] + strspn (pieces[i], " .,:;'-");
		gsize length = strlen (piece);
		while (length > 0 && strchr (" .,:;'-", piece[length - 1]) != NULL)
			length--;
		while (length > TEXT_MAX_BYTES) { /* back to a blank */
			length = TEXT_MAX_BYTES;
			while (length > 0 && piece[length] != ' ')
				length--;
		}
		g_autofree char *core = g_strndup (piece, length);
		if (strlen (core) < NX_MATCHER_MIN_BYTES || strstr (core, "  ") != NULL)
			continue;
		g_string_append_printf (out, "%s%s", count++ > 0 ? " * " : "", core);
	}
	return g_string_free (out, FALSE);
}

/* ---- phrases ---- */

char *
nx_output_draft_phrase (const char *name, const NxEvent *event)
{
	g_return_val_if_fail (name != NULL && event != NULL, NULL);
	g_autoptr (NxReply) reply = nx_reply_parse (event->diagnostic);
	g_autofree char *text = make_text (reply->text);
	if (*text == '\0')
		return NULL;
	NxReason reason = event->reason != NX_REASON_NONE ? event->reason : NX_REASON_OTHER;
	return g_strdup_printf ("[phrase %s]\n"
				"# A guess by its codes. Is it right? CONTRIBUTING.md lists the reasons.\n"
				"reason  = %s\n"
				"text    = %s\n"
				"example = %s\n"
				"source  = observed\n",
				name, nx_reason_to_string (reason), text, event->diagnostic);
}

/* ---- formats ---- */

/* "*the * came home*": a glob of the words that stay; NULL when nothing tells. */
static char *
make_glob (const char *value)
{
	g_auto (GStrv) words = g_strsplit (value, " ", -1);
	GString *out = g_string_new (NULL);
	gsize told = 0;
	for (guint i = 0; words[i] != NULL; i++) {
		gboolean open = strcmp (words[i], "xxx") == 0 || is_variable (words[i]) ||
				strpbrk (words[i], "?") != NULL || strcmp (words[i], "Subject") == 0 ||
				strcmp (words[i], "Person") == 0;
		if (open && g_str_has_suffix (out->str, "*"))
			continue;
		g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", open ? "*" : words[i]);
		told += open ? 0 : strlen (words[i]);
	}
	g_autofree char *glob = g_string_free (out, FALSE);
	return told >= NX_MATCHER_MIN_BYTES ? nx_text_make_match (glob) : NULL;
}

static void
draft_headers (GString *out, const NxMessage *message)
{
	g_autofree char *subject = make_glob (nx_message_get_header (message, "Subject"));
	g_autofree char *from = nx_address_parse (nx_message_get_header (message, "From"));
	if (from != NULL && nx_address_is_role (from)) {
		g_autofree char *local = g_ascii_strdown (from, (gssize)strcspn (from, "@"));
		g_string_append_printf (out, "header.from = *%s@*\n", local);
	}
	if (subject != NULL)
		g_string_append_printf (out, "header.subject = %s\n", subject);
}

static gboolean
is_sentence (const char *line)
{
	g_auto (GStrv) words = g_strsplit (line, " ", -1);
	guint count = g_strv_length (words);
	gboolean wide = g_utf8_strlen (line, -1) * 2 < (glong)strlen (line); /* no blanks between words */
	return strlen (line) >= MARK_MIN_BYTES && (count >= MARK_MIN_WORDS || wide) && strchr (line, ':') == NULL;
}

/* Sentences that only this server would write: without names and numbers. */
static guint
draft_marks (GString *out, char **lines)
{
	guint count = 0;
	for (guint i = 0; lines[i] != NULL && count < MARK_MAX; i++) {
		g_autofree char *match = nx_text_make_match (lines[i]);
		gsize length = strlen (match);
		while (length > 0 && strchr (" .,:;!", match[length - 1]) != NULL)
			match[--length] = '\0';
		if (strpbrk (match, "0123456789@*{}<>") != NULL || strchr ("-=_", *match) != NULL ||
		    !is_sentence (match) || g_str_has_prefix (match, "(the letter") ||
		    strstr (match, ".example") != NULL)
			continue;
		if (strstr (lines[i], "Person") != NULL || strstr (lines[i], "Subject") != NULL)
			continue; /* it holds somebody's name */
		g_string_append_printf (out, "mark = %s\n", match);
		count++;
	}
	return count;
}

/* The literal in front of something: what varies in it is left open. */
static void
append_prefix (GString *out, const char *line, gsize length)
{
	g_autofree char *before = g_strndup (line, length);
	g_autofree char *stable = make_stable (before);
	if (*stable != '\0')
		g_string_append_printf (out, "%s%s", stable, g_str_has_suffix (before, " ") ? " " : "");
}

/* Is it one of those that a report of a failure is not about? */
static gboolean
is_stranger (const NxMessage *message, const char *address)
{
	static const char *const names[] = { "From", "To", "Delivered-To", "Return-Path" };
	for (guint i = 0; i < G_N_ELEMENTS (names); i++)
		if (strstr (nx_message_get_header (message, names[i]), address) != NULL)
			return TRUE;
	return nx_address_is_role (address);
}

/* "  addressee: <anna@reader.example>, moved away" gives "addressee: {address}, {text}". Returns: FALSE when the line
 * names nobody. */
static gboolean
draft_recipient (GString *out, const NxMessage *message, const char *line)
{
	const char *start = NULL;
	const char *end = NULL;
	g_autofree char *address = nx_address_find (line, &start, &end);
	if (address == NULL || is_stranger (message, address))
		return FALSE;
	const char *rest = end + strspn (end, " .,:;)\"'-");
	g_autofree char *between = g_strndup (end, (gsize)(rest - end));
	g_string_append (out, "recipient = ");
	append_prefix (out, line, (gsize)(start - line));
	g_string_append (out, "{address}");
	if (*rest != '\0')
		g_string_append_printf (out, "%s{text}", between);
	g_string_append_c (out, '\n');
	return TRUE;
}

/* "reason: no such tenant", "550 no such tenant": behind the recipient's line. */
static gboolean
draft_diagnostic (GString *out, const char *line)
{
	static const char *const labels[] = { "reason",   "error", "diagnos", "said",
					      "response", "grund", "motif",   "motivo" };
	g_autofree char *match = nx_text_make_match (line);
	const char *colon = strchr (match, ':');
	g_autoptr (NxReply) reply = nx_reply_parse (line);
	g_autofree char *label = colon != NULL ? g_strndup (match, (gsize)(colon - match)) : g_strdup ("");
	gboolean told = reply->code >= 400;
	for (guint i = 0; i < G_N_ELEMENTS (labels) && !told; i++)
		told = strstr (label, labels[i]) != NULL;
	if (!told)
		return FALSE;
	if (colon == NULL || strpbrk (label, "0123456789") != NULL)
		g_string_append (out, "diagnostic = {reply}\n");
	else
		g_string_append_printf (out, "diagnostic = %s: {text}\n", label);
	return TRUE;
}

/* A line of dashes with words in it: the letter follows. */
static gboolean
draft_end (GString *out, const char *line)
{
	g_autofree char *match = nx_text_make_match (line);
	gsize dashes = strspn (match, "-=_*");
	gsize words = dashes + strspn (match + dashes, " ");
	gsize length = strcspn (match + words, "-=_*");
	if (dashes < 2 || length < MARK_MIN_BYTES / 2 || strpbrk (match + words, "0123456789@{") != NULL)
		return FALSE;
	g_autofree char *text = g_strchomp (g_strndup (match, words + length));
	g_string_append_printf (out, "end = %s\n", text);
	return TRUE;
}

static void
draft_lines (GString *out, const NxMessage *message, char **lines)
{
	gboolean recipient = FALSE, diagnostic = FALSE, end = FALSE;
	for (guint i = 0; lines[i] != NULL && !end; i++) {
		const char *line = lines[i] + strspn (lines[i], " \t");
		if (*line == '\0')
			continue;
		if (!recipient)
			recipient = draft_recipient (out, message, line);
		else if (!diagnostic && draft_diagnostic (out, line))
			diagnostic = TRUE;
		else
			end = draft_end (out, line);
	}
}

static gboolean
is_delay (const char *text)
{
	static const char *const words[] = { "delayed", "still trying", "will retry", "not yet", "verz\xc3\xb6gert" };
	g_autofree char *match = nx_text_make_match (text);
	for (guint i = 0; i < G_N_ELEMENTS (words); i++)
		if (strstr (match, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

char *
nx_output_draft_format (const char *name, const char *data, gsize length)
{
	g_return_val_if_fail (name != NULL && data != NULL, NULL);
	g_autoptr (NxMessage) message = nx_message_new (data, length);
	g_autofree char *text = nx_prose_dup_text (message);
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	g_autoptr (GString) out = g_string_new (NULL);
	g_string_append_printf (out, "[format %s]\n", name);
	gsize head = out->len;
	draft_headers (out, message);
	draft_marks (out, lines);
	if (out->len == head)
		return NULL;
	if (!nx_vocabulary_is_automatic (message))
		g_string_append (out,
				 "# No header says that a program wrote it: make sure that no person's letter fits.\n"
				 "automatic = no\n");
	if (is_delay (text))
		g_string_append (out, "kind = delayed\n");
	draft_lines (out, message, lines);
	g_string_append_printf (out, "example-file = mail/%s/%s.eml\nsource = observed\n", name, name);
	return g_string_free (g_steal_pointer (&out), FALSE);
}
