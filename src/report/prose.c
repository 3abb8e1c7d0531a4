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
#include "report/claim.h"
#include "report/report-private.h"

#include <nixie/address.h>
#include <nixie/reply.h>

#include <string.h>

static void
pattern_free_cb (gpointer data)
{
	nx_pattern_free (data);
}

static void
section_clear (gpointer data)
{
	nx_pattern_free (((NxProseSection *)data)->pattern);
}

void
nx_prose_init (NxProse *prose)
{
	prose->kind = NX_KIND_FAILURE;
	prose->starts = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->ends = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->recipients = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->diagnostics = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->skips = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->reporters = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->header_recipients = g_ptr_array_new_with_free_func (g_free);
	prose->sections = g_array_new (FALSE, TRUE, sizeof (NxProseSection));
	g_array_set_clear_func (prose->sections, section_clear);
}

void
nx_prose_clear (NxProse *prose)
{
	g_ptr_array_unref (prose->starts);
	g_ptr_array_unref (prose->ends);
	g_ptr_array_unref (prose->recipients);
	g_ptr_array_unref (prose->diagnostics);
	g_ptr_array_unref (prose->skips);
	g_ptr_array_unref (prose->reporters);
	g_ptr_array_unref (prose->header_recipients);
	g_array_unref (prose->sections);
}

char *
nx_prose_dup_text (const NxMessage *message)
{
	static const char *const types[] = { "text/plain", "text/html" };
	GString *all = g_string_new (NULL);
	for (guint t = 0; t < G_N_ELEMENTS (types) && all->len == 0; t++) {
		for (guint i = 0; i < nx_message_get_part_count (message) && all->len < NX_LIMIT_TEXT_BYTES; i++) {
			const NxPart *part = nx_message_get_part (message, i);
			if (part->enclosed || strcmp (part->type, types[t]) != 0)
				continue;
			g_autofree char *text = nx_message_dup_part_text (message, i);
			g_string_append (all, text);
			g_string_append_c (all, '\n');
		}
	}
	if (all->len == 0) /* boundaries that fit nothing leave no parts */
		g_string_append (all, nx_message_get_body (message));
	return g_string_free (all, FALSE);
}

/* ---- one walk ---- */

typedef struct {
	const NxProse *prose;
	const NxProseSource *source;
	NxReport *report;
	NxKind kind;
	NxRecipient *current; /* whose words the next lines are; NULL between recipients */
	gboolean started;
	gboolean own_reader; /* an address was no recipient because the mail itself went there */
	gsize indent;        /* of this line, and of the one that named the current recipient */
	gsize current_indent;
	gboolean loose;     /* no line begins with a recipient: the first address in a sentence is taken */
	gboolean expecting; /* the next paragraph is a diagnosis */
	gsize read_bytes;   /* before the returned original */
	GString *reply;     /* the first reply that stands in no recipient's words, to the end of its paragraph */
	gboolean replying;
	GString *general;      /* a diagnosis that belongs to no single recipient */
	char *reporter;        /* the host that names itself */
	GString *original;     /* the returned original's header fields, when the text has them */
	GHashTable *strangers; /* keys of addresses that are never recipients */
	GHashTable *seen;      /* keys of recipients to NxRecipient */
} Walk;

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

static gboolean
begins_reply (const char *line)
{
	return (line[0] == '4' || line[0] == '5') && g_ascii_isdigit (line[1]) && g_ascii_isdigit (line[2]) &&
	       (line[3] == ' ' || line[3] == '-');
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
 * reply about the address ("550 5.1.1 <a@b>... User unknown").
 */
static gboolean
find_named_address (const NxSigns *signs, const char *line, gboolean anywhere, NxCapture *capture_out)
{
	const char *at = line + strspn (line, "*-\"' \t");
	gboolean reply = begins_reply (at);
	gsize label = nx_signs_get_prefix (signs, NX_SIGN_LABEL, at);
	if (label > 0 && strchr (" \t<:", at[label]) != NULL) {
		at += label;
		at += strspn (at, " \t:");
	}
	const char *start = NULL;
	const char *end = NULL;
	capture_out->address = nx_address_find (at, &start, &end);
	if (capture_out->address == NULL || (start != at && !reply && (!anywhere || names_sender (at))))
		return FALSE;
	capture_out->text = g_strdup (start == at ? end : line);
	return TRUE;
}

static void
set_original_recipient (NxRecipient *recipient, const char *address)
{
	if (!nx_address_equal (recipient->final_recipient, address))
		nx_text_set (&recipient->original_recipient, address);
}

/* A line that names a recipient. Its other captures are the beginning of the diagnosis. */
static gboolean
read_recipient (Walk *walk, const char *line)
{
	const GPtrArray *patterns = walk->prose->recipients;
	g_auto (NxCapture) capture = { 0 };
	if (patterns->len > 0) {
		if (!match_any (patterns, line, &capture) || (capture.address == NULL && capture.user == NULL))
			return FALSE;
	} else if (walk->current != NULL && walk->indent > walk->current_indent) {
		return FALSE; /* deeper than the recipient's own line: the words go on */
	} else if (!find_named_address (walk->source->author->signs, line,
					walk->loose && walk->report->recipients->len == 0, &capture)) {
		return FALSE;
	}
	gboolean whole = capture.address != NULL;
	NxRecipient *recipient = add_recipient (walk, whole ? capture.address : capture.user, whole);
	if (recipient == NULL)
		return FALSE;
	if (patterns->len > 0 && recipient == walk->current && !begins_reply (line))
		return strlen (line) <= strlen (recipient->final_recipient) + 4; /* named again: inside its diagnosis */
	walk->current = recipient;
	walk->current_indent = walk->indent;
	if (capture.host != NULL)
		nx_text_set (&recipient->remote_mta, capture.host);
	/* "550 5.1.1 <a@b>... User unknown": all of the line is the reply. */
	const char *words = patterns->len > 0 && begins_reply (line) ? line : capture.text;
	gboolean reply = words != NULL && begins_reply (words);
	walk->expecting = reply && patterns->len > 0;
	gboolean again = reply && patterns->len > 0 && *recipient->diagnostic_code != '\0';
	if (words != NULL && !again)
		append_words (reply ? &recipient->diagnostic_code : &recipient->transcript, words);
	if (capture.original != NULL)
		set_original_recipient (recipient, capture.original);
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
	return begins_reply (diagnosis) && begins_reply (line) && strncmp (diagnosis, line, 3) != 0;
}

static void
read_words (Walk *walk, const char *line)
{
	if (line[strspn (line, "*-=_#~|. ")] == '\0')
		return; /* a line drawn across the page */
	if (walk->expecting && walk->current != NULL && begins_other_reply (walk->current->diagnostic_code, line)) {
		walk->expecting = FALSE;
		walk->current = NULL;
	}
	if (walk->expecting) {
		if (walk->current != NULL)
			append_words (&walk->current->diagnostic_code, line);
		else if (walk->general->len < NX_LIMIT_DIAGNOSTIC_BYTES)
			g_string_append_printf (walk->general, " %s", line);
	} else if (walk->current != NULL && *walk->current->diagnostic_code == '\0' && begins_reply (line)) {
		append_words (&walk->current->diagnostic_code, line);
		walk->expecting = TRUE;
	} else if (walk->current != NULL) {
		append_words (&walk->current->transcript, line);
	} else {
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

/* "Name: value": RFC 5322 2.2, behind blanks and quotation marks, whose number goes to @indent_out. */
static gboolean
is_field (const char *line, gsize *indent_out)
{
	gsize indent = strspn (line, " \t>|");
	const char *name = line + indent;
	gsize length = 0;
	while (g_ascii_isalnum (name[length]) || name[length] == '-' || name[length] == '_')
		length++;
	*indent_out = indent;
	return length > 1 && name[length] == ':' && (name[length + 1] == ' ' || name[length + 1] == '\t');
}

/* Keeps the header fields of the original that begins at or soon behind a line; before it when the mark was a field. */
static void
keep_original (Walk *walk, char **lines, guint number)
{
	gsize indent = 0;
	gsize other = 0;
	if (is_field (lines[number], &indent))
		while (number > 0 && is_field (lines[number - 1], &other))
			number--;
	for (guint passed = 0; lines[number] != NULL && !is_field (lines[number], &indent); passed++, number++)
		if (passed == NX_LIMIT_PROSE_GAP_LINES)
			return;
	g_string_truncate (walk->original, 0);
	for (; lines[number] != NULL && walk->original->len < NX_LIMIT_PROSE_BYTES; number++) {
		gsize quoted = strspn (lines[number], " \t>|");
		if (lines[number][quoted] == '\0' || lines[number][quoted] == '\r')
			return;
		g_string_append_printf (walk->original, "%s\n", lines[number] + MIN (indent, quoted));
	}
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

static void
walk_lines (Walk *walk, const char *text)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *line = nx_text_make_line (lines[i], NX_LIMIT_DIAGNOSTIC_BYTES);
		walk->indent = strspn (lines[i], " \t");
		walk->read_bytes += strlen (line);
		if (g_str_has_prefix (line, "> "))
			continue;
		if (*line == '\0')
			read_empty (walk);
		else if (is_half_address (walk, lines, i))
			return;
		else if (!read_line (walk, line)) {
			keep_original (walk, lines, i);
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

static gboolean
has_fields (const Walk *walk, const char *const *names, guint least)
{
	guint count = 0;
	for (guint i = 0; names[i] != NULL; i++)
		count += strcasestr (walk->original->str, names[i]) != NULL;
	return count >= least;
}

/* The mail that was not delivered comes back as a part. */
static gboolean
has_part (const Walk *walk)
{
	const NxOriginal *original = &walk->report->original;
	return *original->from != '\0' || *original->message_id != '\0';
}

/* The mail that was not delivered comes back as a part, or with fields that only mail systems write. */
static gboolean
has_trace (const Walk *walk)
{
	static const char *const names[] = { "Message-ID:", "Received:", NULL };
	return has_part (walk) || has_fields (walk, names, 1);
}

/* It comes back in any way. */
static gboolean
has_original (const Walk *walk)
{
	static const char *const names[] = { "From:", "To:", "Subject:", "Date:", NULL };
	return has_trace (walk) || has_fields (walk, names, 2);
}

/* A return path of ours: the only address that a bounce went to and that still is nobody's mailbox. */
static gboolean
is_return_path (gpointer key, gpointer value, gpointer user_data)
{
	const Walk *walk = user_data;
	const NxSigns *signs = walk->source->author->signs;
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
 * nobody: then somebody wrote to their own address, and the bounce came to whom it is about.
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
	if (general && !has_original (walk) && !(author->null_path && author->to_return_path))
		return;
	g_hash_table_foreach_remove (walk->strangers, is_no_return_path, walk);
	restart (walk, text);
}

/* A reply that a standard defines, or a status as servers set it: 402 is a house, and 4.4.0 a version. */
static gboolean
is_clear_reply (const char *text)
{
	g_autoptr (NxReply) reply = nx_reply_parse (text);
	if (reply->code >= 400)
		return nx_reply_get_info (reply->code) != NULL || nx_status_is_set (reply->status);
	if (!nx_status_is_set (reply->status) || reply->status.class_ == 2)
		return FALSE;
	return strstr (text, "(5.") != NULL || strstr (text, "(4.") != NULL || strstr (text, "#5.") != NULL ||
	       strstr (text, "#4.") != NULL || strstr (text, "[5.") != NULL || g_str_has_prefix (text, "5.") ||
	       g_str_has_prefix (text, "4.");
}

static gboolean
has_replied (const NxReport *report)
{
	for (guint i = 0; i < report->recipients->len; i++) {
		const NxRecipient *recipient = nx_report_get_recipient (report, i);
		if (is_clear_reply (recipient->diagnostic_code) || is_clear_reply (recipient->transcript))
			return TRUE;
	}
	return FALSE;
}

static NxClaim
make_claim (const Walk *walk)
{
	return (NxClaim){ .author = walk->source->author,
			  .match = walk->source->match,
			  .failures = walk->source->failures,
			  .read_bytes = walk->read_bytes,
			  .original = has_original (walk),
			  .trace = has_trace (walk),
			  .part = has_part (walk),
			  .loose = walk->loose,
			  .replied = has_replied (walk->report),
			  .subject = walk->source->subject,
			  .own_reader = walk->own_reader };
}

/* A recipient of whom only the local part was named is the one that the original went to, if that has the same. */
static void
complete_user (NxRecipient *recipient, const char *to)
{
	if (*nx_address_get_domain (recipient->final_recipient) != '\0')
		return;
	g_autofree char *address = nx_address_parse (to);
	gsize length = strlen (recipient->final_recipient);
	if (address != NULL && g_ascii_strncasecmp (address, recipient->final_recipient, length) == 0 &&
	    address[length] == '@')
		nx_text_take (&recipient->final_recipient, g_steal_pointer (&address));
}

/* "A message sent by <a@b> could not be delivered to": its author is no recipient beside others. */
static void
drop_author (NxReport *report)
{
	g_autofree char *author = nx_address_parse (report->original.from);
	for (guint i = report->recipients->len; author != NULL && i-- > 0 && report->recipients->len > 1;) {
		const NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		if (nx_address_equal (recipient->final_recipient, author))
			g_ptr_array_remove_index (report->recipients, i);
	}
}

static void
finish (Walk *walk)
{
	NxReport *report = walk->report;
	if (walk->reporter != NULL)
		nx_text_set (&report->reporting_mta, walk->reporter);
	const NxOriginal *original = &report->original;
	if (*original->from == '\0' && *original->message_id == '\0' && walk->original->len > 0) {
		g_autoptr (NxHeaders) headers = nx_headers_parse (walk->original->str, FALSE, NULL);
		nx_report_read_original (report, headers);
	}
	drop_author (report);
	for (guint i = 0; i < report->recipients->len; i++)
		complete_user (g_ptr_array_index (report->recipients, i), original->to);
}

static void
walk_init (Walk *walk, const NxProse *prose, const NxProseSource *source, NxReport *report)
{
	*walk = (Walk){ .prose = prose,
			.source = source,
			.report = report,
			.kind = prose->kind,
			.started = prose->starts->len == 0,
			.general = g_string_new (NULL),
			.reply = g_string_new (NULL),
			.original = g_string_new (NULL),
			.strangers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
			.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

static void
walk_clear (Walk *walk)
{
	g_string_free (walk->general, TRUE);
	g_string_free (walk->reply, TRUE);
	g_string_free (walk->original, TRUE);
	g_free (walk->reporter);
	g_hash_table_unref (walk->strangers);
	g_hash_table_unref (walk->seen);
}

gboolean
nx_prose_read (const NxProse *prose, const NxProseSource *source, gboolean general, NxReport *report)
{
	if (prose->kind == NX_KIND_NONE)
		return TRUE;
	Walk walk;
	walk_init (&walk, prose, source, report);
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
	spread_general (&walk);
	NxClaim claim = make_claim (&walk);
	if (general && report->recipients->len > 0 && !nx_claim_is_credible (&claim, report))
		g_ptr_array_set_size (report->recipients, 0);
	if (report->recipients->len > 0)
		finish (&walk);
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
	NxClaim claim = make_claim (&walk);
	g_ptr_array_set_size (report->recipients, 0); /* they were not credible */
	walk_clear (&walk);
	return nx_claim_is_credible_of_nobody (&claim);
}
