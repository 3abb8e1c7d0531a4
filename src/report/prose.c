/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose.c: a walk over the lines of a bounce in prose. See prose.h.
 *
 * It never takes for a recipient: the addresses that the bounce itself was sent to, who sent it, role addresses
 * (postmaster, abuse, support), and what stands behind quotation marks (">"): somebody answers a bounce there.
 */
#include "report/prose.h"

#include "base/limits.h"
#include "base/text.h"
#include "report/prose-line.h"
#include "report/prose-walk.h"
#include "report/report-private.h"

#include <nixie/address.h>
#include <nixie/reply.h>

#include <string.h>

typedef NxWalk Walk;

/* ---- one walk ---- */

static void
add_stranger (Walk *walk, const char *address)
{
	g_autofree char *parsed = nx_text_is_empty (address) ? NULL : nx_address_parse (address);
	if (parsed != NULL)
		g_hash_table_add (walk->strangers, nx_address_make_key (parsed));
}

static NxRecipient *
add_recipient (Walk *walk, const char *address, gboolean whole)
{
	if (walk->kind == NX_KIND_NONE)
		return NULL; /* a section about those that nothing happened to */
	g_autofree char *key = nx_address_make_key (address);
	NxRecipient *known = g_hash_table_lookup (walk->seen, key);
	if (known != NULL)
		return known;
	walk->own_reader = walk->own_reader || g_hash_table_contains (walk->strangers, key);
	if (nx_address_is_role (address) || g_hash_table_contains (walk->strangers, key) ||
	    nx_report_is_own_list (walk->report, address) || (whole && !nx_address_is_valid (address)))
		return NULL;
	NxRecipient *recipient = nx_report_add_recipient (walk->report);
	if (recipient == NULL)
		return NULL;
	recipient->kind = walk->kind;
	nx_text_set (&recipient->final_recipient, address);
	g_hash_table_insert (walk->seen, g_steal_pointer (&key), recipient);
	return recipient;
}

static void
append_words (char **field, const char *words)
{
	words += strspn (words, " \t:,;>");
	gsize length = strlen (words);
	char last = length > 0 ? words[length - 1] : '\0';
	/* "(user unknown)", "'550 …'": what the pattern took the opening half of */
	if ((last == ')' && strchr (words, '(') == NULL && strchr (*field, '(') == NULL) ||
	    (last == ']' && strchr (words, '[') == NULL && strchr (*field, '[') == NULL) ||
	    (last == '\'' && strchr (words, '\'') == words + length - 1 && strchr (*field, '\'') == NULL))
		length--;
	g_autofree char *bare = g_strndup (words, length);
	nx_text_append_words (field, bare, NX_LIMIT_DIAGNOSTIC_BYTES);
}

static gboolean
match_any (const GPtrArray *patterns, const char *line, NxCapture *capture_out)
{
	for (guint i = 0; i < patterns->len; i++)
		if (nx_pattern_match (g_ptr_array_index (patterns, i), line, capture_out))
			return TRUE;
	return FALSE;
}

/* A line of headers of the returned original: it begins here when nothing marks it. */
static gboolean
begins_original (const char *line)
{
	static const char *const names[] = { "Return-Path:", "Received:",     "Delivered-To:",
					     "Message-ID:",  "MIME-Version:", "DKIM-Signature:",
					     "X-Mailer:",    "Content-Type:", "Content-Transfer-Encoding:" };
	for (guint i = 0; i < G_N_ELEMENTS (names); i++)
		if (g_ascii_strncasecmp (line, names[i], strlen (names[i])) == 0)
			return TRUE;
	return FALSE;
}

/* May this be a recipient's address, whatever stands around it? */
static gboolean
is_acceptable (Walk *walk, const char *address)
{
	g_autofree char *key = nx_address_make_key (address);
	walk->own_reader = walk->own_reader || g_hash_table_contains (walk->strangers, key);
	return !nx_address_is_role (address) && !g_hash_table_contains (walk->strangers, key) &&
	       !nx_report_is_own_list (walk->report, address) && nx_address_is_valid (address);
}

/* A word or three and a colon. */
static gboolean
is_label (const char *line, const char *start)
{
	const char *colon = start;
	while (colon > line && strchr (" \t\"'[", colon[-1]) != NULL)
		colon--;
	return start - line < NX_LIMIT_PROSE_LABEL_BYTES && colon > line &&
	       (colon[-1] == ':' || (colon - line > 3 && strncmp (colon - 3, "：", 3) == 0));
}

/* A field of the returned letter that names who wrote it (RFC 5322 3.6). */
static gboolean
names_sender (const char *line)
{
	static const char *const names[] = { "From:", "Sender:", "Reply-To:", "Return-Path:", "Cc:", "Message-ID:" };
	for (guint i = 0; i < G_N_ELEMENTS (names); i++)
		if (g_ascii_strncasecmp (line, names[i], strlen (names[i])) == 0)
			return TRUE;
	return FALSE;
}

/*
 * How most servers name a recipient: the line begins with the address, or with "To:" and the like before it, or it is a
 * reply about the address ("550 5.1.1 <a@b>... User unknown"). @rest_out: behind the address. All of the line is its
 * words when it stands inside, else the rest.
 */
static gboolean
find_named_address (Walk *walk, const char *line, NxCapture *capture_out, const char **rest_out)
{
	const char *at = nx_line_skip_label (walk->signs, line);
	gboolean anywhere = nx_line_begins_reply (at) || (walk->loose && walk->report->recipients->len == 0);
	const char *start = NULL;
	if (walk->label != NULL && g_str_has_prefix (line, walk->label))
		at = line + strlen (walk->label);
	*rest_out = at;
	do {
		g_free (capture_out->address);
		capture_out->address = nx_address_find (*rest_out, &start, rest_out);
		if (capture_out->address == NULL || (start != at && !anywhere))
			return FALSE;
	} while (anywhere && (!is_acceptable (walk, capture_out->address) ||
			      nx_line_is_offered (walk->signs, line, start) || names_sender (at)));
	walk->labelled =
		walk->labelled || (start == at && nx_line_is_labelled (walk->signs, line)) || is_label (line, start);
	if (start == at)
		return TRUE;
	capture_out->text = g_strdup (line);
	if (walk->label == NULL && is_label (line, start))
		walk->label = g_strndup (line, (gsize)(start - line));
	return TRUE;
}

/*
 * "<<< 551-5.1.6 text": in the transcript of a session, what the server answered. A line of the reporter's own that
 * follows ("550 5.1.1 <a@b>... User unknown", "554 5.0.0 Service unavailable") says the same of whatever was answered.
 */
static void
read_answer (Walk *walk, const char *line)
{
	if (walk->answered)
		g_string_truncate (walk->answer, 0);
	walk->answered = strlen (line) < 8 || line[7] != '-';
	if (walk->answer->len < NX_LIMIT_DIAGNOSTIC_BYTES)
		g_string_append_printf (walk->answer, "%s%s", walk->answer->len > 0 ? " " : "", line + 4);
}

static gboolean
is_answer (const char *line)
{
	return g_str_has_prefix (line, "<<< ");
}

/* The answer that @line repeats in words of its own; NULL when it does not. */
static const char *
find_answer (const Walk *walk, const char *line)
{
	return nx_line_begins_reply (line) && nx_line_begins_reply (walk->answer->str) ? walk->answer->str : NULL;
}

/* "anna@newtown.example.REDIRECT" is what sendmail's FEATURE(redirect) makes of an alias: no address. */
static gboolean
is_redirection (const char *address)
{
	const char *domain = nx_address_get_domain (address);
	const char *dot = strrchr (domain, '.');
	return dot != NULL && g_ascii_strcasecmp (dot, ".redirect") == 0;
}

static void
set_original_recipient (NxRecipient *recipient, const char *address)
{
	if (!nx_address_equal (recipient->final_recipient, address))
		nx_text_set (&recipient->original_recipient, address);
}

static gboolean
is_silent (const NxRecipient *recipient)
{
	return *recipient->diagnostic_code == '\0' && *recipient->transcript == '\0';
}

/* "garden@a: this address is aliased to: anna@b", "anna@b (forwarded from garden@a)": one recipient by two names. */
static gboolean
read_alias (Walk *walk, const char *line)
{
	if (walk->current == NULL || walk->prose->recipients->len > 0)
		return FALSE;
	gboolean source = FALSE;
	g_autofree char *address = nx_line_find_alias (walk->signs, line, &source);
	if (address == NULL)
		return FALSE;
	if (source) {
		set_original_recipient (walk->current, address);
		return FALSE; /* the rest of the line is said of the recipient all the same */
	}
	g_autofree char *key = nx_address_make_key (address);
	if (!is_acceptable (walk, address) || g_hash_table_contains (walk->seen, key))
		return FALSE;
	g_autofree char *alias = g_strdup (walk->current->final_recipient);
	nx_text_set (&walk->current->final_recipient, address);
	set_original_recipient (walk->current, alias);
	g_hash_table_insert (walk->seen, g_steal_pointer (&key), walk->current);
	return TRUE;
}

/* Recipients that follow each other without a word share what is said below the last of them. */
static void
set_current (Walk *walk, NxRecipient *recipient)
{
	if (walk->current != NULL && walk->current != recipient && is_silent (walk->current))
		g_ptr_array_add (walk->listed, walk->current);
	walk->current = recipient;
	walk->last = recipient;
	walk->current_indent = walk->indent;
}

/* "a@b, c@d and e@f": those behind the first. Returns: behind them all. */
static const char *
read_listed (Walk *walk, const char *rest)
{
	g_autofree char *address = NULL;
	const char *end = NULL;
	while ((address = nx_line_find_listed (walk->signs, rest, &end)) != NULL) {
		rest = end;
		if (is_acceptable (walk, address))
			set_current (walk, add_recipient (walk, address, TRUE));
		g_clear_pointer (&address, g_free);
	}
	return rest;
}

/* The words beside a recipient's address. */
static void
read_beside (Walk *walk, const char *line, const char *text)
{
	NxRecipient *recipient = walk->current;
	gboolean patterned = walk->prose->recipients->len > 0;
	/* "550 5.1.1 <a@b>... User unknown": all of the line is the reply. */
	const char *words = patterned && nx_line_begins_reply (line) ? line : text;
	words = words != NULL ? nx_line_skip_lead (words) : NULL;
	gboolean reply = words != NULL && nx_line_begins_reply (words);
	walk->expecting = reply && patterned;
	gboolean again = reply && patterned && *recipient->diagnostic_code != '\0';
	const char *answer = patterned ? find_answer (walk, line) : NULL;
	if (answer != NULL)
		nx_text_take (&recipient->diagnostic_code, nx_text_make_line (answer, NX_LIMIT_DIAGNOSTIC_BYTES));
	else if (words != NULL && !again)
		append_words (reply ? &recipient->diagnostic_code : &recipient->transcript, words);
}

/*
 * The record of a session: whom a RCPT named and the answer refused is a recipient, with that for a reply. Lines of a
 * session that say nothing of the kind are nobody's words.
 */
static gboolean
read_session (Walk *walk, const char *line)
{
	const char *answer = nx_line_skip_prompt (line);
	g_autofree char *asked = nx_line_find_rcpt (line);
	if (asked != NULL) {
		g_free (walk->asked);
		walk->asked = g_steal_pointer (&asked);
		return TRUE;
	}
	if (walk->asked == NULL || answer == line || !g_ascii_isdigit (*answer))
		return FALSE;
	g_autofree char *refused = g_steal_pointer (&walk->asked);
	NxRecipient *recipient = nx_line_begins_reply (answer) ? add_recipient (walk, refused, TRUE) : NULL;
	if (recipient == NULL)
		return TRUE;
	walk->labelled = TRUE;
	set_current (walk, recipient);
	if (*recipient->diagnostic_code == '\0')
		append_words (&recipient->diagnostic_code, answer);
	return TRUE;
}

/* A line that names a recipient. Its other captures are the beginning of the diagnosis. */
static gboolean
read_recipient (Walk *walk, const char *line)
{
	const GPtrArray *patterns = walk->prose->recipients;
	g_auto (NxCapture) capture = { 0 };
	const char *rest = NULL;
	if (patterns->len > 0) {
		if (!match_any (patterns, line, &capture) || (capture.address == NULL && capture.user == NULL))
			return FALSE;
	} else if (read_session (walk, line) || read_alias (walk, line)) {
		return TRUE;
	} else if (walk->current != NULL && walk->indent > walk->current_indent) {
		return FALSE; /* deeper than the recipient's own line: the words go on */
	} else if (!find_named_address (walk, line, &capture, &rest)) {
		return FALSE;
	}
	if (capture.address != NULL && is_redirection (capture.address)) {
		walk->current = NULL; /* the next line names who was written to */
		return TRUE;
	}
	gboolean whole = capture.address != NULL;
	NxRecipient *recipient = add_recipient (walk, whole ? capture.address : capture.user, whole);
	if (recipient == NULL)
		return FALSE;
	if (patterns->len > 0 && recipient == walk->current && !nx_line_begins_reply (line))
		return strlen (line) <= strlen (recipient->final_recipient) + 4; /* named again: inside its diagnosis */
	set_current (walk, recipient);
	if (capture.host != NULL)
		nx_text_set (&recipient->remote_mta, capture.host);
	if (capture.original != NULL)
		set_original_recipient (recipient, capture.original);
	if (rest == NULL) {
		read_beside (walk, line, capture.text);
		return TRUE;
	}
	rest = read_listed (walk, rest);
	read_alias (walk, rest);
	read_beside (walk, line, capture.text != NULL ? capture.text : rest);
	return TRUE;
}

/* A line that gives a diagnosis, or announces that one follows. */
static gboolean
read_diagnostic (Walk *walk, const char *line)
{
	g_auto (NxCapture) capture = { 0 };
	const GPtrArray *patterns = walk->prose->diagnostics;
	for (guint i = 0; i < patterns->len; i++) {
		const NxPattern *pattern = g_ptr_array_index (patterns, i);
		if (!nx_pattern_match (pattern, line, &capture))
			continue;
		/* Where mail goes on to a program, the address that it was sent to is the only one. */
		if (capture.original != NULL && walk->current == NULL)
			walk->current = add_recipient (walk, capture.original, TRUE);
		else if (capture.original != NULL)
			set_original_recipient (walk->current, capture.original);
		if (walk->current != NULL && capture.host != NULL)
			nx_text_set (&walk->current->remote_mta, capture.host);
		if (capture.text != NULL && *capture.text != '\0') {
			if (walk->current != NULL)
				append_words (&walk->current->diagnostic_code, capture.text);
			else
				g_string_append_printf (walk->general, " %s", capture.text);
		}
		walk->expecting = TRUE;
		return TRUE;
	}
	return FALSE;
}

/* A line that says what happened to the recipients behind it; it may name the first of them. */
static gboolean
read_section (Walk *walk, const char *line)
{
	for (guint i = 0; i < walk->prose->sections->len; i++) {
		const NxProseSection *section = &g_array_index (walk->prose->sections, NxProseSection, i);
		g_auto (NxCapture) capture = { 0 };
		if (!nx_pattern_match (section->pattern, line, &capture))
			continue;
		walk->kind = section->kind;
		walk->current = capture.address != NULL ? add_recipient (walk, capture.address, TRUE) : NULL;
		if (walk->current != NULL && capture.text != NULL)
			append_words (&walk->current->transcript, capture.text);
		walk->started = TRUE;
		return TRUE;
	}
	return FALSE;
}

static gboolean
has_reply (const char *text)
{
	g_autoptr (NxReply) reply = nx_reply_parse (text);
	return reply->code >= 400 || (nx_status_is_set (reply->status) && reply->status.class_ != 2);
}

/* "Reason: …" in a paragraph of its own is the cause for who was named last; a reply there is read_general()'s. */
static gboolean
read_reason (Walk *walk, const char *line)
{
	if (walk->last == NULL || walk->prose->diagnostics->len > 0 || *walk->last->diagnostic_code != '\0' ||
	    !nx_line_begins_cause (walk->signs, line) || has_reply (line))
		return FALSE;
	walk->current = walk->last;
	append_words (&walk->current->transcript, line);
	return TRUE;
}

/* Words that are nobody's: a reply among them may be what all this is about. */
static void
read_general (Walk *walk, const char *line)
{
	if (walk->reply->len == 0 && has_reply (line))
		walk->replying = TRUE;
	if (walk->replying && walk->reply->len < NX_LIMIT_DIAGNOSTIC_BYTES)
		g_string_append_printf (walk->reply, " %s", line);
	if (walk->prose->diagnostics->len == 0 && walk->general->len < NX_LIMIT_DIAGNOSTIC_BYTES)
		g_string_append_printf (walk->general, " %s", line);
}

/* "421 example.net... Deferred" below "550 <a@b>... User unknown": no continuation of it, and about somebody else. */
static gboolean
begins_other_reply (const char *diagnosis, const char *line)
{
	return nx_line_begins_reply (diagnosis) && nx_line_begins_reply (line) && strncmp (diagnosis, line, 3) != 0;
}

/* The server answers about somebody else when the current recipient's words are complete. */
static gboolean
begins_other_answer (const Walk *walk, const char *line)
{
	gboolean first = walk->answer->len == 0 || walk->answered;
	const NxRecipient *current = walk->current;
	return is_answer (line) && first &&
	       (nx_line_begins_reply (current->diagnostic_code) || *current->transcript != '\0');
}

static void
read_words (Walk *walk, const char *line)
{
	if (line[strspn (line, "*-+=_#~|. ")] == '\0')
		return; /* a line drawn across the page */
	const char *answer = find_answer (walk, line);
	line = answer != NULL ? answer : line;
	if (walk->current != NULL && ((walk->expecting && begins_other_reply (walk->current->diagnostic_code, line)) ||
				      (walk->prose->recipients->len > 0 && begins_other_answer (walk, line)))) {
		walk->expecting = FALSE;
		walk->current = NULL;
	}
	if (walk->expecting) {
		if (walk->current != NULL)
			append_words (&walk->current->diagnostic_code, line);
		else if (walk->general->len < NX_LIMIT_DIAGNOSTIC_BYTES)
			g_string_append_printf (walk->general, " %s", line);
	} else if (walk->current != NULL && *walk->current->diagnostic_code == '\0' && nx_line_begins_reply (line)) {
		append_words (&walk->current->diagnostic_code, line);
		walk->expecting = TRUE;
	} else if (walk->current != NULL) {
		append_words (&walk->current->transcript, line);
	} else if (!read_reason (walk, line)) {
		read_general (walk, line);
	}
}

static gboolean
read_reporter (Walk *walk, const char *line)
{
	g_auto (NxCapture) capture = { 0 };
	if (!match_any (walk->prose->reporters, line, &capture))
		return FALSE;
	if (walk->reporter == NULL)
		walk->reporter = g_steal_pointer (&capture.host);
	return TRUE;
}

/* Returns FALSE at the end of what counts. */
static gboolean
read_line (Walk *walk, const char *line)
{
	if (match_any (walk->prose->ends, line, NULL) || match_any (walk->source->ends, line, NULL))
		return FALSE;
	if (walk->started && begins_original (line))
		return FALSE;
	gboolean reporter = read_reporter (walk, line);
	if (read_section (walk, line))
		return TRUE;
	if (!walk->started) {
		walk->started = match_any (walk->prose->starts, line, NULL);
		return TRUE;
	}
	if (!read_recipient (walk, line) && !read_diagnostic (walk, line) && !reporter &&
	    !match_any (walk->prose->skips, line, NULL))
		read_words (walk, line);
	if (is_answer (line))
		read_answer (walk, line);
	else
		g_string_truncate (walk->answer, 0);
	return TRUE;
}

/* An empty line ends a recipient's words when they said something, and a diagnosis that was expected and came. */
static void
read_empty (Walk *walk)
{
	walk->replying = FALSE;
	gboolean diagnosed = walk->current != NULL ? *walk->current->diagnostic_code != '\0' : walk->general->len > 0;
	if (walk->expecting && diagnosed)
		walk->expecting = FALSE;
	if (walk->current != NULL && walk->prose->diagnostics->len == 0 && *walk->current->transcript != '\0')
		walk->current = NULL;
}

/* Half an address is another address: a mail that ends in one, without a line end, may have been cut there. */
static gboolean
is_half_address (const Walk *walk, char **lines, guint index)
{
	const char *last = strrchr (lines[index], ' ');
	if (!nx_message_is_unfinished (walk->source->message) ||
	    strchr (last != NULL ? last : lines[index], '@') == NULL)
		return FALSE;
	for (guint i = index + 1; lines[i] != NULL; i++)
		if (*lines[i] != '\0')
			return FALSE;
	return TRUE;
}

/* "> …", ">…", "| …". The record of a session has ">>>", a row of a table a second "|", a pipe to a program no blank.
 */
static gboolean
is_quotation (const char *line)
{
	return (line[0] == '>' && line[1] != '>') ||
	       (line[0] == '|' && line[1] == ' ' && strchr (line + 1, '|') == NULL);
}

static void
walk_lines (Walk *walk, const char *text)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *line = nx_text_make_line (lines[i], NX_LIMIT_DIAGNOSTIC_BYTES);
		walk->indent = strspn (lines[i], " \t");
		walk->read_bytes +=
			strlen (line) + (*line != '\0'); /* and the blank that the match form has between lines */
		if (is_quotation (line))
			continue;
		if (*line == '\0')
			read_empty (walk);
		else if (is_half_address (walk, lines, i))
			return;
		else if (!read_line (walk, line)) {
			nx_walk_keep_original (walk, lines, i);
			return;
		}
	}
}

/* "X-Failed-Recipients: a@b, c@d" */
static void
read_header_recipients (Walk *walk)
{
	if (nx_message_is_unfinished (walk->source->message) && *nx_message_get_body (walk->source->message) == '\0')
		return; /* cut inside its headers */
	for (guint n = 0; n < walk->prose->header_recipients->len; n++) {
		const char *value = nx_message_get_header (walk->source->message,
							   g_ptr_array_index (walk->prose->header_recipients, n));
		const char *end = value;
		while (end != NULL && *end != '\0') {
			g_autofree char *address = nx_address_find (end, NULL, &end);
			if (address == NULL)
				break;
			add_recipient (walk, address, TRUE);
		}
	}
}

/* What is said below the last of a list is said of all, unless it is a reply that names that one. */
static void
spread_listed (Walk *walk)
{
	GPtrArray *recipients = walk->report->recipients;
	for (guint i = recipients->len; i-- > 1;) {
		NxRecipient *recipient = g_ptr_array_index (recipients, i - 1);
		const NxRecipient *next = g_ptr_array_index (recipients, i);
		if (!is_silent (recipient) || !g_ptr_array_find (walk->listed, recipient, NULL) ||
		    strcasestr (next->diagnostic_code, next->final_recipient) != NULL)
			continue;
		nx_text_set (&recipient->diagnostic_code, next->diagnostic_code);
		nx_text_set (&recipient->transcript, next->transcript);
		nx_text_set (&recipient->remote_mta, next->remote_mta);
	}
}

/* Recipients beside which nothing was said share what was said to all. */
static void
spread_general (Walk *walk)
{
	GPtrArray *recipients = walk->report->recipients;
	gboolean replied = FALSE;
	for (guint i = 0; i < recipients->len; i++) {
		NxRecipient *recipient = g_ptr_array_index (recipients, i);
		replied = replied || has_reply (recipient->diagnostic_code) || has_reply (recipient->transcript);
		if (*recipient->diagnostic_code == '\0' && *recipient->transcript == '\0')
			nx_text_take (&recipient->transcript,
				      nx_text_make_line (walk->general->str, NX_LIMIT_DIAGNOSTIC_BYTES));
	}
	if (replied || walk->reply->len == 0)
		return;
	for (guint i = 0; i < recipients->len; i++) {
		NxRecipient *recipient = g_ptr_array_index (recipients, i);
		nx_text_take (&recipient->diagnostic_code,
			      nx_text_make_line (walk->reply->str, NX_LIMIT_DIAGNOSTIC_BYTES));
	}
}

/* A subject that programs write may be a person's all the same. */
static gboolean
is_answered_by_program (const NxProseSource *source)
{
	const NxAuthor *author = source->author;
	return author->null_path || nx_signs_has_header (author->signs, NX_SIGN_AUTO_REPLY, source->message) ||
	       nx_signs_has_header (author->signs, NX_SIGN_PROGRAM, source->message) ||
	       nx_signs_has_text (author->signs, NX_SIGN_ABSENCE, source->match);
}

/* An automatic reply is about its sender, and all of its text is its diagnosis. */
static void
read_reply (Walk *walk, const char *text)
{
	NxRecipient *recipient = nx_report_add_recipient (walk->report);
	if (recipient == NULL)
		return;
	recipient->kind = walk->kind;
	g_autofree char *from = nx_address_parse (walk->report->from);
	if (from != NULL && !nx_address_is_role (from))
		nx_text_take (&recipient->final_recipient, g_steal_pointer (&from));
	nx_text_take (&recipient->transcript, nx_text_make_line (text, NX_LIMIT_DIAGNOSTIC_BYTES));
}

static void
find_strangers (Walk *walk)
{
	for (guint i = 0; i < walk->report->envelope_recipients->len; i++)
		add_stranger (walk, g_ptr_array_index (walk->report->envelope_recipients, i));
	add_stranger (walk, walk->report->from);
	add_stranger (walk, walk->report->original.from);
	add_stranger (walk, walk->report->original.return_path);
}

static void
restart (Walk *walk, const char *text)
{
	walk->started = walk->prose->starts->len == 0;
	walk->expecting = FALSE;
	walk->kind = walk->prose->kind;
	g_string_truncate (walk->general, 0);
	g_string_truncate (walk->reply, 0);
	walk->replying = FALSE;
	walk->read_bytes = 0;
	walk_lines (walk, text);
}

/* A return path of ours: the only address that a bounce went to and that still is nobody's mailbox. */
static gboolean
is_return_path (gpointer key, gpointer value, gpointer user_data)
{
	const Walk *walk = user_data;
	const NxSigns *signs = walk->signs;
	(void)value;
	return nx_signs_has_address (signs, NX_SIGN_RETURN_PATH, key) ||
	       nx_signs_has_address (signs, NX_SIGN_OWNER, key);
}

static gboolean
is_no_return_path (gpointer key, gpointer value, gpointer user_data)
{
	return !is_return_path (key, value, user_data);
}

/*
 * Nobody was named at the beginning of a line: a format without patterns of its own looks inside the sentences. Still
 * nobody: then somebody wrote to their own address, and the bounce came to whom it is about. Returns: TRUE for that,
 * which is to be doubted: mail systems write to their users about their mailboxes too.
 */
static void
walk_again (Walk *walk, gboolean general)
{
	const char *text = walk->source->text;
	walk->loose = walk->prose->recipients->len == 0;
	if (walk->loose)
		restart (walk, text);
	if (walk->report->recipients->len > 0)
		return;
	/* Neither the letter that came back nor our return path: it may be a notice to its own reader (full, held). */
	const NxAuthor *author = walk->source->author;
	if (general && !nx_walk_has_original (walk) && !(author->null_path && author->to_return_path))
		return;
	g_hash_table_foreach_remove (walk->strangers, is_no_return_path, walk);
	restart (walk, text);
}

static void
walk_init (Walk *walk, const NxProse *prose, const NxProseSource *source, NxReport *report)
{
	*walk = (Walk){ .prose = prose,
			.source = source,
			.signs = source->author->signs,
			.report = report,
			.kind = prose->kind,
			.started = prose->starts->len == 0,
			.general = g_string_new (NULL),
			.reply = g_string_new (NULL),
			.answer = g_string_new (NULL),
			.original = g_string_new (NULL),
			.strangers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
			.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
			.listed = g_ptr_array_new () };
}

static void
walk_clear (Walk *walk)
{
	g_string_free (walk->general, TRUE);
	g_string_free (walk->reply, TRUE);
	g_string_free (walk->answer, TRUE);
	g_string_free (walk->original, TRUE);
	g_free (walk->reporter);
	g_free (walk->asked);
	g_free (walk->label);
	g_hash_table_unref (walk->strangers);
	g_hash_table_unref (walk->seen);
	g_ptr_array_unref (walk->listed);
}

gboolean
nx_prose_read (const NxProse *prose, const NxProseSource *source, gboolean general, NxReport *report)
{
	if (prose->kind == NX_KIND_NONE)
		return TRUE;
	Walk walk;
	walk_init (&walk, prose, source, report);
	if (prose->kind == NX_KIND_VACATION && prose->evidence && !is_answered_by_program (source)) {
		walk_clear (&walk);
		return FALSE;
	}
	if (prose->kind == NX_KIND_VACATION) {
		read_reply (&walk, source->text);
		walk_clear (&walk);
		report->kind = NX_KIND_VACATION;
		return TRUE;
	}
	find_strangers (&walk);
	walk_lines (&walk, source->text);
	read_header_recipients (&walk);
	if (report->recipients->len == 0)
		walk_again (&walk, general);
	spread_listed (&walk);
	spread_general (&walk);
	NxClaim claim = nx_walk_make_claim (&walk);
	if ((general || prose->evidence) && report->recipients->len > 0 && !nx_claim_is_credible (&claim, report))
		g_ptr_array_set_size (report->recipients, 0);
	if (report->recipients->len > 0 && nx_claim_is_by_person (&claim, general, report))
		nx_report_add_defect (report, "letter");
	if (report->recipients->len > 0)
		nx_walk_finish (&walk);
	walk_clear (&walk);
	if (report->recipients->len == 0)
		return FALSE;
	report->kind = nx_report_get_recipient (report, 0)->kind;
	return TRUE;
}

gboolean
nx_prose_is_nameless (const NxProse *prose, const NxProseSource *source, NxReport *report)
{
	Walk walk;
	walk_init (&walk, prose, source, report);
	for (guint i = 0; i < report->envelope_recipients->len; i++)
		add_stranger (&walk, g_ptr_array_index (report->envelope_recipients, i));
	walk.loose = TRUE;
	walk_lines (&walk, source->text);
	NxClaim claim = nx_walk_make_claim (&walk);
	g_ptr_array_set_size (report->recipients, 0); /* they were not credible */
	walk_clear (&walk);
	return nx_claim_is_credible_of_nobody (&claim);
}
