/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reply.c: reads SMTP replies out of the texts that bounces carry (RFC 5321 section 4.2, RFC 2034 section 4).
 *
 * Two questions: where does the reply begin, and which of the later numbers are the repeated codes of its further
 * lines? The first is answered by place: at the begin of the text or a line, behind "said:", "smtp;", "<<<", "error"
 * and their like, or anywhere when an enhanced code of the same class follows. The first such place wins, so that of
 * nested replies the outer one speaks. The second is answered by the hyphen of RFC 5321 4.2.1: only behind "550-" are
 * further codes taken for line begins. What it will not do: judge a reply, or correct a code that contradicts its
 * enhanced code. Every step moves forward, so the time is linear in the text.
 */
#include "base/limits.h"
#include "base/text.h"
#include "smtp/status-find.h"
#include "smtp/tables.h"

#include <stdlib.h>
#include <string.h>

/* Words are compared up to this length. */
#define WORD_BYTES 24

/* Brackets around a reply that are taken off its end. */
#define BRACKET_DEPTH 4

/**
 * Head: a code and what belongs to it. @more: "550-". @text: the first character behind.
 * @quote: a quotation mark opened behind the code, in "550-'5.7.1 …'" and in Python's (550, '5.7.1 …').
 * @python: the text has Python's escapes.
 */
typedef struct {
	guint code;
	NxStatus status;
	gboolean more;
	gboolean python;
	char quote;
	const char *text;
} Head;

/* Words that announce a reply. */
static const char *const announcing_words[] = {
	"answer", "answered", "code",    "error_code", "diagnostic", "dsn",       "error",    "esmtp",
	"lmtp",   "reason",   "replied", "replies",    "reply",      "responded", "response", "responses",
	"result", "returned", "returns", "said",       "says",       "smtp",      "stat",     "status",
};

/* Diagnostic types (RFC 3464 2.3.6) as mailers write them, besides "x-…". */
static const char *const diagnostic_types[] = {
	"smtp", "esmtp", "lmtp", "dns", "unknown", "x400", "local", "uucp",
};

/* What follows a number that measures or counts. The first is never a reply's text, the second may be one. */
static const char *const measures[] = {
	"b",       "byte", "bytes",  "d",   "day",  "days",   "gb",      "gib",  "h",     "hour",
	"hours",   "kb",   "kbytes", "kib", "mb",   "mbytes", "mib",     "min",  "mins",  "minute",
	"minutes", "ms",   "octets", "sec", "secs", "second", "seconds", "week", "weeks",
};
static const char *const counts[] = {
	"addresses", "attempts", "connections", "errors", "lines",      "mails", "messages",
	"of",        "per",      "percent",     "points", "recipients", "times", "users",
};

static gboolean
is_blank (char c)
{
	return g_ascii_isspace (c) || c == '\v';
}

static gboolean
is_one_of (char c, const char *set)
{
	return c != '\0' && strchr (set, c) != NULL;
}

static const char *
skip_blanks (const char *p)
{
	while (is_blank (*p))
		p++;
	return p;
}

/* Compares the word [begin, end) with a list, without regard to case. */
static gboolean
is_word_in (const char *begin, const char *end, const char *const *list, gsize count)
{
	gsize length = (gsize)(end - begin);
	for (gsize i = 0; i < count; i++)
		if (strlen (list[i]) == length && g_ascii_strncasecmp (begin, list[i], length) == 0)
			return TRUE;
	return FALSE;
}

static const char *
find_word_begin (const char *text, const char *end)
{
	const char *p = end;
	while (p > text && end - p < WORD_BYTES && (g_ascii_isalnum (p[-1]) || p[-1] == '-' || p[-1] == '_'))
		p--;
	return p;
}

static gboolean
is_announced (const char *text, const char *end)
{
	return is_word_in (find_word_begin (text, end), end, announcing_words, G_N_ELEMENTS (announcing_words));
}

static gboolean
is_diagnostic_type (const char *begin, const char *end)
{
	if (end - begin > 2 && g_ascii_tolower (begin[0]) == 'x' && begin[1] == '-')
		return TRUE;
	return is_word_in (begin, end, diagnostic_types, G_N_ELEMENTS (diagnostic_types));
}

/* "smtp; ", "X-Postfix; " */
static const char *
skip_diagnostic_type (const char *text)
{
	const char *end = text;
	while (g_ascii_isalnum (*end) || is_one_of (*end, "-_."))
		end++;
	const char *semicolon = skip_blanks (end);
	if (*semicolon != ';' || !is_diagnostic_type (text, end))
		return text;
	return skip_blanks (semicolon + 1);
}

/* Is the number behind which @p stands the size or the count of something? */
static gboolean
is_quantity (const char *p, gboolean counts_too)
{
	if (!is_blank (*p))
		return *p == '%';
	const char *begin = skip_blanks (p);
	const char *end = begin;
	while (g_ascii_isalpha (*end) && end - begin < WORD_BYTES)
		end++;
	return is_word_in (begin, end, measures, G_N_ELEMENTS (measures)) ||
	       (counts_too && is_word_in (begin, end, counts, G_N_ELEMENTS (counts)));
}

/* What separates codes from text: "550 - text", "550 : text", "550_5.1.1_text", "550=" of broken quoted-printable. */
static const char *
skip_separators (const char *p)
{
	while (is_blank (*p) || is_one_of (*p, "-_:,;="))
		p++;
	return p;
}

/* "5.1.1", "#5.1.1", "(#5.1.1)", "[5.1.1]" at @p. */
static gboolean
read_status (const char *p, NxStatus *status_out, const char **end_out)
{
	static const char openers[] = "([<";
	static const char closers[] = ")]>";
	const char *opener = is_one_of (*p, openers) ? strchr (openers, *p) : NULL;
	const char *end;
	NxStatus status;
	if (opener != NULL)
		p++;
	if (*p == '#')
		p++;
	if (!nx_status_parse (p, &status, &end) || g_ascii_isalnum (*end) || *end == '@')
		return FALSE;
	if (opener != NULL) {
		if (*end != closers[opener - openers])
			return FALSE;
		end++;
	}
	*status_out = status;
	*end_out = end;
	return TRUE;
}

/* The quotation mark that the text behind the code at @p is wrapped in, if any. Returns: where the text begins. */
static const char *
read_quote (const char *p, Head *head)
{
	const char *text = skip_blanks (p + 1);
	if (*p == ',') {
		if (*text == 'b' && is_one_of (text[1], "'\""))
			text++;
		head->python = is_one_of (*text, "'\"");
	}
	if (!is_one_of (*text, "'\"") || !(head->python || (*p == '-' && text == p + 1)))
		return NULL;
	head->quote = *text;
	return text + 1;
}

/* Reads "550", "550 5.1.1", "550-5.1.1" … at @p. FALSE when what follows the digits shows that they are no code. */
static gboolean
read_head (const char *p, Head *head_out)
{
	Head head = { 0 };
	if (!nx_status_is_reply_code (p))
		return FALSE;
	head.code = (guint)((p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0'));
	if (p[0] == '2' && nx_reply_get_info (head.code) == NULL)
		return FALSE;
	p += 3;
	head.more = *p == '-';
	const char *quoted = is_one_of (*p, "-,") ? read_quote (p, &head) : NULL;
	const char *rest = is_one_of (*p, "-:,;_=") ? p + 1 : p;
	head.text = quoted != NULL ? quoted : skip_blanks (rest);
	if (read_status (head.text, &head.status, &head.text)) {
		head.text = skip_separators (head.text);
		*head_out = head;
		return TRUE;
	}
	gboolean ends = *p == '\0' || is_blank (*p) || is_one_of (*p, "-:,;)'\"");
	if (is_one_of (*p, ".="))
		ends = p[1] == '\0' || is_blank (p[1]);
	if (!ends)
		return FALSE;
	if (quoted == NULL)
		head.text = skip_separators (is_one_of (*p, ".)") ? p + 1 : p);
	*head_out = head;
	return TRUE;
}

static gboolean
has_class_of_code (const Head *head)
{
	return nx_status_is_set (head->status) && head->status.class_ == head->code / 100;
}

/* Is the word or sign that ends at @end, with blanks behind it when @apart, one that a reply follows? */
static gboolean
is_introduction (const char *text, const char *end, gboolean apart)
{
	switch (end[-1]) {
	case ':': {
		const char *word = end - 1;
		while (word > text && is_blank (word[-1])) /* "ERROR_CODE :550" */
			word--;
		return apart || is_announced (text, word);
	}
	case ';':
		return apart || is_diagnostic_type (find_word_begin (text, end - 1), end - 1);
	case '=':
		return is_announced (text, end - 1);
	case '<':
		return end - text >= 3 && end[-2] == '<' && end[-3] == '<';
	case '>':
		return apart && end - text >= 2 && is_one_of (end[-2], "-=");
	default:
		return apart && is_announced (text, end);
	}
}

/* May a code that is followed by an enhanced code stand behind this character? */
static gboolean
is_boundary (const char *text, const char *p)
{
	if (p[-1] == '-')
		return p - 1 == text || is_blank (p[-2]) || is_one_of (p[-2], "-=>");
	if (p - text >= 3 && strncmp (p - 3, "：", 3) == 0) /* a colon of Chinese and Japanese */
		return TRUE;
	return !g_ascii_isalnum (p[-1]) && !is_one_of (p[-1], "./@_+\\") && (guchar)p[-1] < 0x80;
}

/* Does a reply with this head stand at @p, or only a number? */
static gboolean
is_reply_place (const char *text, const char *p, const Head *head)
{
	gboolean named = nx_status_is_set (head->status);
	if (p == text)
		return named || !is_quantity (p + 3, FALSE);
	if (has_class_of_code (head) && is_boundary (text, p))
		return TRUE;
	const char *opener = is_one_of (p[-1], "'\"([{#") ? p - 1 : p;
	if (opener != p && head->python)
		return TRUE;
	const char *end = opener;
	while (end > text && is_blank (end[-1]))
		end--;
	if (end == text)
		return named || !is_quantity (p + 3, FALSE);
	if (opener == p && p[-1] == '\n')
		return named || !is_quantity (p + 3, TRUE);
	/* An indented line may be a folded one: there the hyphen is wanted as well. */
	if (opener == p && head->more && memchr (end, '\n', (gsize)(opener - end)) != NULL)
		return TRUE;
	return is_introduction (text, end, end < p) && (named || !is_quantity (p + 3, TRUE));
}

static const char *
find_reply (const char *text, Head *head_out)
{
	for (const char *p = text; (p = strpbrk (p, "245")) != NULL; p++)
		if ((p == text || !g_ascii_isdigit (p[-1])) && read_head (p, head_out) &&
		    is_reply_place (text, p, head_out))
			return p;
	return NULL;
}

/* "550 5.7.1 550 User unknown", "550-550-": the same code again says nothing new. */
static void
absorb_repeats (Head *head)
{
	Head next;
	while (read_head (head->text, &next) && next.code == head->code && !is_quantity (head->text + 3, TRUE)) {
		if (!nx_status_is_set (head->status))
			head->status = next.status;
		head->more = next.more;
		head->text = next.text;
	}
	NxStatus again;
	const char *end;
	while (nx_status_is_set (head->status) && read_status (head->text, &again, &end) &&
	       nx_status_equal (head->status, again))
		head->text = skip_separators (end);
}

/* Takes over a further line's codes. The code is the last line's; the enhanced code that of the first with this code.
 */
static void
continue_with (Head *head, const Head *next)
{
	if (next->code != head->code || !nx_status_is_set (head->status))
		head->status = next->status;
	head->code = next->code;
	head->more = next->more;
	head->text = next->text;
	absorb_repeats (head);
}

/* Does a further line of the reply begin at @p, behind a line break? @indented: so it may be a folded line. */
static gboolean
is_next_line (const Head *head, const char *p, const Head *next, gboolean indented)
{
	if (next->code == head->code)
		return nx_status_is_set (next->status) || !is_quantity (p + 3, TRUE);
	return head->more && (!indented || has_class_of_code (next));
}

/* The same within a line, where a mailer glued them: "550-5.1.1 one 550-5.1.1 two 550 5.1.1 three". */
static gboolean
is_glued_line (const Head *head, const char *p, const Head *next, char last)
{
	if (!head->more)
		return FALSE;
	if (!is_blank (p[-1]))
		return next->code == head->code && nx_status_is_set (next->status) &&
		       nx_status_equal (next->status, head->status);
	if (next->code == head->code)
		return nx_status_is_set (next->status) || !is_quantity (p + 3, TRUE);
	return has_class_of_code (next) && last != ':';
}

/* Behind the line break at @p: the codes of the next line, if it has some, are taken. Returns: where its text begins.
 */
static const char *
read_line_begin (const char *p, Head *head)
{
	Head next;
	NxStatus again;
	const char *end;
	const char *begin = skip_blanks (p);
	gboolean indented = begin[-1] != '\n' && begin[-1] != '\r';
	if (g_str_has_prefix (begin, "<<<")) {
		begin = skip_blanks (begin + 3);
		indented = FALSE;
	}
	if (read_head (begin, &next) && is_next_line (head, begin, &next, indented)) {
		continue_with (head, &next);
		return head->text;
	}
	if (nx_status_is_set (head->status) && read_status (begin, &again, &end) &&
	    nx_status_equal (again, head->status))
		return skip_separators (end);
	return skip_blanks (p);
}

/* Is there one of Python's escapes for white space at @p? */
static gboolean
is_python_space (const char *p)
{
	return p[0] == '\\' && is_one_of (p[1], "nrt");
}

/* Everything behind the head's codes, with the codes of further lines taken out. */
static char *
join_lines (Head *head)
{
	GString *out = g_string_new (NULL);
	const char *p = head->text;
	char last = '\0';
	while (*p != '\0') {
		Head next;
		if (*p == '\n' || *p == '\r' || (head->python && is_python_space (p))) {
			g_string_append_c (out, ' ');
			p = read_line_begin (p + (*p == '\\' ? 2 : 1), head);
			continue;
		}
		gboolean digit = g_ascii_isdigit (*p);
		if (digit && p > head->text && !g_ascii_isdigit (p[-1]) && read_head (p, &next) &&
		    is_glued_line (head, p, &next, last)) {
			g_string_append_c (out, ' ');
			continue_with (head, &next);
			p = head->text;
			continue;
		}
		if (!is_blank (*p))
			last = *p;
		g_string_append_c (out, *p++);
	}
	return g_string_free (out, FALSE);
}

static guint
count_char (const char *text, char c)
{
	guint count = 0;
	for (; *text != '\0'; text++)
		count += *text == c;
	return count;
}

static void
trim_end (char *line)
{
	gsize length = strlen (line);
	while (length > 0 && line[length - 1] == ' ')
		line[--length] = '\0';
}

/* The closing mark goes with the opening one: "5.7.1 …' (delivery attempts: 0)", "5.7.1 …')". */
static void
remove_closing_quote (char *line, char quote, gboolean python)
{
	char *closing = strrchr (line, quote);
	if (closing == NULL)
		return;
	const char *rest = closing + 1;
	if (python && rest[strspn (rest, ")]}, ")] == '\0')
		*closing = '\0';
	else if (*rest == '\0' || is_one_of (*rest, " )]"))
		memmove (closing, rest, strlen (rest) + 1);
	trim_end (line);
}

/* Is the last character a bracket that nothing in the line opened? */
static gboolean
ends_with_stray_bracket (const char *line)
{
	static const char openers[] = "([{<";
	static const char closers[] = ")]}>";
	gsize length = strlen (line);
	if (length == 0 || !is_one_of (line[length - 1], closers))
		return FALSE;
	char closer = line[length - 1];
	return count_char (line, closer) > count_char (line, openers[strchr (closers, closer) - closers]);
}

/* What closes something that was opened before the reply: "(reason: 550 …)", "<mx.example #5.1.1 smtp;550 …>". */
static void
remove_closing_marks (char *line)
{
	static const char *const tails[] = { "#SMTP#", "##" };
	for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
		if (g_str_has_suffix (line, tails[i])) {
			line[strlen (line) - strlen (tails[i])] = '\0';
			trim_end (line);
		}
	for (guint i = 0; i < BRACKET_DEPTH && ends_with_stray_bracket (line); i++) {
		line[strlen (line) - 1] = '\0';
		trim_end (line);
	}
}

/* A text without a reply: an enhanced code at its begin goes to the status alone. */
static NxReply *
make_codeless (const char *text)
{
	NxReply *reply = g_new0 (NxReply, 1);
	NxStatus status;
	const char *end;
	if (nx_status_find (text, &reply->status) && read_status (text, &status, &end) &&
	    nx_status_equal (status, reply->status))
		text = skip_separators (end);
	reply->text = nx_text_make_line (text, NX_LIMIT_DIAGNOSTIC_BYTES);
	return reply;
}

/* The enhanced code of a reply that has none right behind its own. Another reply's, nested in the text, is not it. */
static NxStatus
find_distant_status (const char *text, guint code)
{
	NxStatus status = { 0 };
	gboolean behind_reply;
	if (nx_status_find_place (text, &status, &behind_reply) && behind_reply && status.class_ != code / 100)
		status = (NxStatus){ 0 };
	return status;
}

NxReply *
nx_reply_parse (const char *text)
{
	Head head;
	text = skip_diagnostic_type (skip_blanks (text));
	const char *begin = find_reply (text, &head);
	if (begin == NULL)
		return make_codeless (text);
	absorb_repeats (&head);
	g_autofree char *joined = join_lines (&head);
	g_autofree char *line = nx_text_make_line (joined, NX_LIMIT_DIAGNOSTIC_BYTES);
	if (head.quote != '\0')
		remove_closing_quote (line, head.quote, head.python);
	else if (begin > text && is_one_of (begin[-1], "'\""))
		remove_closing_quote (line, begin[-1], FALSE);
	if (begin > text)
		remove_closing_marks (line);
	NxReply *reply = g_new0 (NxReply, 1);
	reply->code = head.code;
	reply->status = nx_status_is_set (head.status) ? head.status : find_distant_status (text, head.code);
	/* What was removed may have stood between blanks. */
	reply->text = nx_text_make_line (line, 0);
	return reply;
}

void
nx_reply_free (NxReply *reply)
{
	if (reply == NULL)
		return;
	g_free (reply->text);
	g_free (reply);
}

static int
compare_code (const void *key, const void *row)
{
	guint code = *(const guint *)key;
	guint other = ((const NxReplyInfo *)row)->code;
	return (code > other) - (code < other);
}

const NxReplyInfo *
nx_reply_get_info (guint code)
{
	return bsearch (&code, nx_reply_infos, nx_reply_infos_count, sizeof nx_reply_infos[0], compare_code);
}

const NxReplyInfo *
nx_reply_list_infos (guint *count_out)
{
	*count_out = nx_reply_infos_count;
	return nx_reply_infos;
}
