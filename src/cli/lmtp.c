/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lmtp.c: the session of lmtp.h: lines to commands, data and chunks to messages, replies in their order.
 *
 * Only CR LF ends a line, and only CR LF "." CR LF ends data (RFC 5321 2.3.8, 4.1.1.4): whoever takes a bare LF for a
 * line end lets a mail smuggle commands. It does not judge addresses: what stands between the angle brackets is kept
 * unless it cannot be a path at all. 5xx is only for what the same client would get again.
 */
#include "lmtp.h"

#include <string.h>

/* Replies that wait behind a message; then no more commands are taken. */
#define REPLY_BYTES 65536

typedef enum {
	STATE_COMMAND,
	STATE_DATA,
	STATE_CHUNK,
	STATE_CLOSED,
} State;

/* Where in a line of data the next octet stands. */
typedef enum {
	AT_START,
	AT_DOT,
	AT_DOT_CR,
	AT_TEXT,
	AT_CR,
} At;

/* @id: the message whose answers are to stand here; 0 for a text that is ready. */
typedef struct {
	guint64 id;
	GString *text;
} Reply;

/*
 * @body: NULL once the message cannot be taken; @refusal then says why. @sender: NULL outside a transaction.
 * @chunked: BDAT has begun. @chunk_failed: a chunk was refused; all that follow are too (RFC 3030 2).
 * @chunk_orphan: the chunk is passed over. @fresh: nothing has gone in or out.
 */
struct _NxLmtp {
	NxLmtpLimits limits;
	char *host;
	GString *line;
	GQueue replies;
	GQueue messages;
	char *sender;
	GPtrArray *recipients;
	GByteArray *body;
	const char *refusal;
	guint64 next_id;
	guint64 chunk_left;
	gsize reply_bytes;
	guint waiting;
	guint bad;
	State state;
	At at;
	gboolean fresh;
	gboolean overlong;
	gboolean greeted;
	gboolean chunked;
	gboolean chunk_failed;
	gboolean chunk_last;
	gboolean chunk_orphan;
	gboolean draining;
};

static const char *const answer_texts[NX_LMTP_ANSWERS] = {
	[NX_LMTP_RECORDED] = "250 2.0.0 recorded",
	[NX_LMTP_NOTHING] = "250 2.0.0 taken; there is nothing in it to record",
	[NX_LMTP_BUSY] = "451 4.3.0 the database is busy; try again later",
	[NX_LMTP_FAILED] = "451 4.3.0 the database cannot be written; try again later",
	[NX_LMTP_CRASHED] = "451 4.3.0 the message could not be read; try again later",
	[NX_LMTP_NO_ROOM] = "452 4.3.1 no room for the message now; try again later",
};

static const char *const end_texts[] = {
	[NX_LMTP_END_STOPPING] = "421 4.3.2 shutting down; try again later",
	[NX_LMTP_END_IDLE] = "421 4.4.2 nothing came for too long",
	[NX_LMTP_END_TOTAL] = "421 4.4.2 this session took too long",
	[NX_LMTP_END_CROWD] = "421 4.3.2 too many sessions; try again later",
};

#define TOO_BIG "552 5.3.4 the message is too big"

/* ---- replies ---- */

static void
reply_free (gpointer data)
{
	Reply *reply = data;

	g_string_free (reply->text, TRUE);
	g_free (reply);
}

static void
push_text (NxLmtp *lmtp, const char *text)
{
	Reply *last = g_queue_peek_tail (&lmtp->replies);

	if (last == NULL || last->id != 0) {
		last = g_new0 (Reply, 1);
		last->text = g_string_new (NULL);
		g_queue_push_tail (&lmtp->replies, last);
	}
	g_string_append (last->text, text);
	g_string_append (last->text, "\r\n");
	lmtp->reply_bytes += strlen (text) + 2;
}

static void
push_slot (NxLmtp *lmtp, guint64 id)
{
	Reply *slot = g_new0 (Reply, 1);

	slot->id = id;
	slot->text = g_string_new (NULL);
	g_queue_push_tail (&lmtp->replies, slot);
	lmtp->waiting++;
}

static void
clear_replies (NxLmtp *lmtp)
{
	g_queue_clear_full (&lmtp->replies, reply_free);
	lmtp->reply_bytes = 0;
}

static void
close_session (NxLmtp *lmtp, const char *text)
{
	if (lmtp->state == STATE_CLOSED)
		return;
	if (lmtp->fresh)
		clear_replies (lmtp);
	push_text (lmtp, text);
	lmtp->state = STATE_CLOSED;
	g_clear_pointer (&lmtp->body, g_byte_array_unref);
}

/* A reply to a command that the client should not have sent. */
static void
push_bad (NxLmtp *lmtp, const char *text)
{
	push_text (lmtp, text);
	if (++lmtp->bad >= lmtp->limits.bad_commands)
		close_session (lmtp, "421 4.7.0 too many errors");
}

/* ---- transactions ---- */

static void
clear_transaction (NxLmtp *lmtp)
{
	g_clear_pointer (&lmtp->sender, g_free);
	g_ptr_array_set_size (lmtp->recipients, 0);
	g_clear_pointer (&lmtp->body, g_byte_array_unref);
	lmtp->chunked = FALSE;
	lmtp->chunk_failed = FALSE;
}

static void
end_when_drained (NxLmtp *lmtp)
{
	if (lmtp->draining && lmtp->sender == NULL && lmtp->waiting == 0 && lmtp->state == STATE_COMMAND)
		close_session (lmtp, end_texts[NX_LMTP_END_STOPPING]);
}

static void
refuse_body (NxLmtp *lmtp, const char *refusal)
{
	g_clear_pointer (&lmtp->body, g_byte_array_unref);
	lmtp->refusal = refusal;
}

static void
append_body (NxLmtp *lmtp, const char *bytes, gsize length)
{
	if (lmtp->body == NULL)
		return;
	if (length > lmtp->limits.message_bytes - lmtp->body->len)
		refuse_body (lmtp, TOO_BIG);
	else
		g_byte_array_append (lmtp->body, (const guint8 *)bytes, (guint)length);
}

static void
start_body (NxLmtp *lmtp)
{
	lmtp->body = g_byte_array_new ();
	lmtp->refusal = answer_texts[NX_LMTP_NO_ROOM];
}

/* The whole message is there: one reply for each recipient (RFC 2033 4.2). */
static void
finish_message (NxLmtp *lmtp)
{
	if (lmtp->body != NULL) {
		NxLmtpMessage *message = g_new0 (NxLmtpMessage, 1);

		message->id = lmtp->next_id++;
		message->sender = g_steal_pointer (&lmtp->sender);
		message->recipients = lmtp->recipients;
		message->body = g_steal_pointer (&lmtp->body);
		lmtp->recipients = g_ptr_array_new_with_free_func (g_free);
		push_slot (lmtp, message->id);
		g_queue_push_tail (&lmtp->messages, message);
	} else {
		for (guint i = 0; i < lmtp->recipients->len; i++)
			push_text (lmtp, lmtp->refusal);
	}
	clear_transaction (lmtp);
	lmtp->state = STATE_COMMAND;
	end_when_drained (lmtp);
}

/* ---- paths and parameters ---- */

static gboolean
is_path_text (const char *text, gsize length)
{
	gboolean quoted = FALSE;

	if (!g_utf8_validate (text, (gssize)length, NULL))
		return FALSE;
	for (gsize i = 0; i < length; i++) {
		if (g_ascii_iscntrl (text[i]) || (!quoted && strchr (" <>", text[i]) != NULL))
			return FALSE;
		if (text[i] == '"')
			quoted = !quoted;
		else if (text[i] == '\\' && quoted)
			i++;
	}
	return !quoted;
}

/* The length of what stands in front of the first unquoted @stop; the whole length when there is none. */
static gsize
find_unquoted (const char *text, char stop)
{
	gboolean quoted = FALSE;
	gsize i = 0;

	for (; text[i] != '\0' && (quoted || text[i] != stop); i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (text[i] == '\\' && quoted && text[i + 1] != '\0')
			i++;
	}
	return i;
}

/* "FROM:<path> parameters". Returns: NULL when it is not that. A source route is taken off (RFC 5321 4.1.1.3). */
static char *
parse_path (const char *arguments, const char *word, const char **parameters_out)
{
	gsize length = strlen (word);
	gsize route = 0;
	const char *path = arguments + length;

	if (g_ascii_strncasecmp (arguments, word, length) != 0)
		return NULL;
	while (*path == ' ')
		path++;
	if (*path++ != '<')
		return NULL;
	length = find_unquoted (path, '>');
	if (path[length] != '>' || (path[length + 1] != '\0' && path[length + 1] != ' '))
		return NULL;
	if (!is_path_text (path, length))
		return NULL;
	*parameters_out = path + length + 1;
	if (*path == '@')
		route = find_unquoted (path, ':') + 1;
	return route < length ? g_strndup (path + route, length - route) : g_strndup (path, length);
}

/* Returns: the reply when a parameter is not to be had, NULL when all is well. */
static const char *
check_mail_parameter (const NxLmtp *lmtp, const char *word)
{
	guint64 size = 0;

	if (g_ascii_strncasecmp (word, "SIZE=", 5) == 0) {
		if (!g_ascii_string_to_unsigned (word + 5, 10, 0, G_MAXUINT64, &size, NULL))
			return "501 5.5.4 SIZE wants a number";
		return size > lmtp->limits.message_bytes ? TOO_BIG : NULL;
	}
	if (g_ascii_strcasecmp (word, "BODY=7BIT") == 0 || g_ascii_strcasecmp (word, "BODY=8BITMIME") == 0 ||
	    g_ascii_strcasecmp (word, "SMTPUTF8") == 0)
		return NULL;
	return "555 5.5.4 a parameter is not known here";
}

static const char *
check_mail_parameters (const NxLmtp *lmtp, const char *parameters)
{
	g_auto (GStrv) words = g_strsplit (parameters, " ", -1);
	const char *reply = NULL;

	for (guint i = 0; words[i] != NULL && reply == NULL; i++) {
		if (*words[i] != '\0')
			reply = check_mail_parameter (lmtp, words[i]);
	}
	return reply;
}

/* ---- commands ---- */

static void
run_lhlo (NxLmtp *lmtp, const char *arguments)
{
	g_autofree char *first = g_strconcat ("250-", lmtp->host, NULL);
	g_autofree char *size = g_strdup_printf ("250-SIZE %" G_GSIZE_FORMAT, lmtp->limits.message_bytes);

	if (*arguments == '\0') {
		push_bad (lmtp, "501 5.5.4 LHLO wants a host name");
		return;
	}
	clear_transaction (lmtp);
	lmtp->greeted = TRUE;
	push_text (lmtp, first);
	push_text (lmtp, "250-PIPELINING");
	push_text (lmtp, size);
	push_text (lmtp, "250-8BITMIME");
	push_text (lmtp, "250-SMTPUTF8");
	push_text (lmtp, "250-CHUNKING");
	push_text (lmtp, "250 ENHANCEDSTATUSCODES");
}

/* RFC 2033 4.1. */
static void
run_helo (NxLmtp *lmtp, const char *arguments)
{
	(void)arguments;
	push_bad (lmtp, "500 5.5.1 this is LMTP; say LHLO");
}

static void
run_mail (NxLmtp *lmtp, const char *arguments)
{
	const char *parameters = NULL;
	const char *refusal = NULL;
	g_autofree char *path = parse_path (arguments, "FROM:", &parameters);

	if (!lmtp->greeted || lmtp->sender != NULL) {
		push_bad (lmtp, lmtp->greeted ? "503 5.5.1 there is a sender already" : "503 5.5.1 say LHLO first");
		return;
	}
	if (lmtp->draining) {
		close_session (lmtp, end_texts[NX_LMTP_END_STOPPING]);
		return;
	}
	if (path == NULL) {
		push_bad (lmtp, "501 5.1.7 this is no MAIL FROM:<path>");
		return;
	}
	refusal = check_mail_parameters (lmtp, parameters);
	if (refusal != NULL) {
		push_bad (lmtp, refusal);
		return;
	}
	lmtp->sender = g_steal_pointer (&path);
	push_text (lmtp, "250 2.1.0 go on");
}

static void
run_rcpt (NxLmtp *lmtp, const char *arguments)
{
	const char *parameters = NULL;
	g_autofree char *path = parse_path (arguments, "TO:", &parameters);

	if (lmtp->sender == NULL || lmtp->chunked) {
		push_bad (lmtp, lmtp->chunked ? "503 5.5.1 the message has begun" : "503 5.5.1 MAIL comes first");
	} else if (path == NULL || *path == '\0') {
		push_bad (lmtp, "501 5.1.3 this is no RCPT TO:<path>");
	} else if (parameters[strspn (parameters, " ")] != '\0') {
		push_bad (lmtp, "555 5.5.4 a parameter is not known here");
	} else if (lmtp->recipients->len >= lmtp->limits.recipients) {
		push_text (lmtp, "452 4.5.3 too many recipients; send them another time");
	} else {
		g_ptr_array_add (lmtp->recipients, g_steal_pointer (&path));
		push_text (lmtp, "250 2.1.5 go on");
	}
}

static void
run_data (NxLmtp *lmtp, const char *arguments)
{
	if (*arguments != '\0') {
		push_bad (lmtp, "501 5.5.4 DATA stands alone");
	} else if (lmtp->recipients->len == 0) {
		/* RFC 2033 4.2: a MUST. */
		push_bad (lmtp, "503 5.5.1 there is no recipient");
	} else if (lmtp->chunked) {
		push_bad (lmtp, "503 5.5.1 BDAT has begun");
	} else {
		start_body (lmtp);
		lmtp->state = STATE_DATA;
		lmtp->at = AT_START;
		push_text (lmtp, "354 go on, and end with a dot");
	}
}

static void
finish_chunk (NxLmtp *lmtp)
{
	lmtp->state = STATE_COMMAND;
	if (lmtp->chunk_orphan) {
		push_bad (lmtp, "503 5.5.1 there is no recipient, or an earlier chunk was refused");
		if (lmtp->chunk_last)
			clear_transaction (lmtp);
		end_when_drained (lmtp);
	} else if (lmtp->chunk_last) {
		finish_message (lmtp);
	} else {
		lmtp->chunk_failed = lmtp->body == NULL;
		push_text (lmtp, lmtp->chunk_failed ? lmtp->refusal : "250 2.0.0 go on");
	}
}

/* What stands behind a BDAT that makes no sense may be anything; to take it for commands would be worse than to end. */
static void
run_bdat (NxLmtp *lmtp, const char *arguments)
{
	g_auto (GStrv) words = g_strsplit (arguments, " ", 3);
	guint count = g_strv_length (words);
	guint64 size = 0;

	if (count == 0 || count > 2 || !g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT64, &size, NULL) ||
	    (count == 2 && g_ascii_strcasecmp (words[1], "LAST") != 0)) {
		push_text (lmtp, "501 5.5.4 this is no BDAT SIZE [LAST]");
		close_session (lmtp, "421 4.7.0 commands and chunks cannot be told apart any more");
		return;
	}
	lmtp->chunk_last = count == 2;
	lmtp->chunk_left = size;
	lmtp->chunk_orphan = lmtp->recipients->len == 0 || lmtp->chunk_failed;
	if (!lmtp->chunk_orphan && !lmtp->chunked) {
		start_body (lmtp);
		lmtp->chunked = TRUE;
	}
	lmtp->state = STATE_CHUNK;
	if (size == 0)
		finish_chunk (lmtp);
}

static void
run_rset (NxLmtp *lmtp, const char *arguments)
{
	(void)arguments;
	clear_transaction (lmtp);
	push_text (lmtp, "250 2.0.0 forgotten");
	end_when_drained (lmtp);
}

static void
run_noop (NxLmtp *lmtp, const char *arguments)
{
	(void)arguments;
	push_text (lmtp, "250 2.0.0 nothing done");
}

static void
run_vrfy (NxLmtp *lmtp, const char *arguments)
{
	(void)arguments;
	push_text (lmtp, "252 2.5.0 send the mail, and see");
}

static void
run_quit (NxLmtp *lmtp, const char *arguments)
{
	(void)arguments;
	close_session (lmtp, "221 2.0.0 farewell");
}

static const struct {
	const char *verb;
	void (*run) (NxLmtp *lmtp, const char *arguments);
} commands[] = {
	{ "LHLO", run_lhlo }, { "MAIL", run_mail }, { "RCPT", run_rcpt }, { "DATA", run_data },
	{ "BDAT", run_bdat }, { "RSET", run_rset }, { "NOOP", run_noop }, { "VRFY", run_vrfy },
	{ "QUIT", run_quit }, { "HELO", run_helo }, { "EHLO", run_helo },
};

static gboolean
has_control (const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (g_ascii_iscntrl (text[i]))
			return TRUE;
	}
	return FALSE;
}

static void
run_line (NxLmtp *lmtp)
{
	GString *line = lmtp->line;
	gsize verb_length = 0;
	const char *arguments = NULL;

	if (lmtp->overlong) {
		push_bad (lmtp, "500 5.5.2 the line is too long");
		return;
	}
	if (line->len < 2 || line->str[line->len - 2] != '\r' || has_control (line->str, line->len - 2)) {
		push_bad (lmtp, "500 5.5.2 a line ends with CR LF, and has no other control characters");
		return;
	}
	g_string_truncate (line, line->len - 2);
	verb_length = strcspn (line->str, " ");
	arguments = line->str + verb_length;
	arguments += strspn (arguments, " ");
	g_strchomp (line->str + verb_length);
	for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
		if (strlen (commands[i].verb) == verb_length &&
		    g_ascii_strncasecmp (commands[i].verb, line->str, verb_length) == 0) {
			commands[i].run (lmtp, arguments);
			return;
		}
	}
	push_bad (lmtp, "500 5.5.1 this command is not known");
}

/* ---- bytes ---- */

static gsize
feed_line (NxLmtp *lmtp, const char *bytes, gsize length)
{
	const char *end = memchr (bytes, '\n', length);
	gsize taken = end == NULL ? length : (gsize)(end - bytes) + 1;

	if (taken > lmtp->limits.line_bytes - lmtp->line->len)
		lmtp->overlong = TRUE;
	else
		g_string_append_len (lmtp->line, bytes, (gssize)taken);
	if (end != NULL) {
		run_line (lmtp);
		g_string_truncate (lmtp->line, 0);
		lmtp->overlong = FALSE;
	}
	return taken;
}

/* One octet of data that is not in the midst of a line. Returns: FALSE when it is to be looked at again. */
static gboolean
feed_mark (NxLmtp *lmtp, char byte)
{
	switch (lmtp->at) {
	case AT_START:
		lmtp->at = byte == '.' ? AT_DOT : AT_TEXT;
		return byte == '.';
	case AT_DOT:
		/* The dot is the client's own (RFC 5321 4.5.2). */
		lmtp->at = byte == '\r' ? AT_DOT_CR : AT_TEXT;
		if (byte != '.')
			return byte == '\r';
		append_body (lmtp, &byte, 1);
		return TRUE;
	case AT_DOT_CR:
		if (byte == '\n') {
			finish_message (lmtp);
			return TRUE;
		}
		append_body (lmtp, "\r", 1);
		lmtp->at = AT_CR;
		return FALSE;
	case AT_CR:
		lmtp->at = byte == '\n' ? AT_START : AT_TEXT;
		if (byte != '\n')
			return FALSE;
		append_body (lmtp, &byte, 1);
		return TRUE;
	case AT_TEXT:
		break;
	}
	return FALSE;
}

static gsize
feed_data (NxLmtp *lmtp, const char *bytes, gsize length)
{
	gsize used = 0;

	while (used < length && lmtp->state == STATE_DATA) {
		const char *end = NULL;
		gsize taken = 0;

		if (lmtp->at != AT_TEXT) {
			used += feed_mark (lmtp, bytes[used]) ? 1 : 0;
			continue;
		}
		end = memchr (bytes + used, '\r', length - used);
		taken = end == NULL ? length - used : (gsize)(end - (bytes + used)) + 1;
		append_body (lmtp, bytes + used, taken);
		if (end != NULL)
			lmtp->at = AT_CR;
		used += taken;
	}
	return used;
}

static gsize
feed_chunk (NxLmtp *lmtp, const char *bytes, gsize length)
{
	gsize taken = (gsize)MIN (lmtp->chunk_left, length);

	if (!lmtp->chunk_orphan)
		append_body (lmtp, bytes, taken);
	lmtp->chunk_left -= taken;
	if (lmtp->chunk_left == 0)
		finish_chunk (lmtp);
	return taken;
}

static gboolean
is_blocked (const NxLmtp *lmtp)
{
	return lmtp->waiting >= lmtp->limits.waiting || lmtp->reply_bytes >= REPLY_BYTES;
}

gsize
nx_lmtp_feed (NxLmtp *lmtp, const char *bytes, gsize length)
{
	gsize used = 0;

	lmtp->fresh = FALSE;
	while (used < length && lmtp->state != STATE_CLOSED && !is_blocked (lmtp)) {
		if (lmtp->state == STATE_COMMAND)
			used += feed_line (lmtp, bytes + used, length - used);
		else if (lmtp->state == STATE_DATA)
			used += feed_data (lmtp, bytes + used, length - used);
		else
			used += feed_chunk (lmtp, bytes + used, length - used);
	}
	return lmtp->state == STATE_CLOSED ? length : used;
}

/* ---- the caller's side ---- */

NxLmtp *
nx_lmtp_new (const char *host, const NxLmtpLimits *limits)
{
	NxLmtp *lmtp = g_new0 (NxLmtp, 1);
	g_autofree char *greeting = g_strdup_printf ("220 %s LMTP nixie", host);

	lmtp->limits = *limits;
	lmtp->host = g_strdup (host);
	lmtp->line = g_string_new (NULL);
	lmtp->recipients = g_ptr_array_new_with_free_func (g_free);
	lmtp->next_id = 1;
	lmtp->fresh = TRUE;
	lmtp->refusal = answer_texts[NX_LMTP_NO_ROOM];
	g_queue_init (&lmtp->replies);
	g_queue_init (&lmtp->messages);
	push_text (lmtp, greeting);
	return lmtp;
}

static void
message_free_cb (gpointer data)
{
	nx_lmtp_message_free (data);
}

void
nx_lmtp_free (NxLmtp *lmtp)
{
	if (lmtp == NULL)
		return;
	clear_replies (lmtp);
	g_queue_clear_full (&lmtp->messages, message_free_cb);
	clear_transaction (lmtp);
	g_ptr_array_unref (lmtp->recipients);
	g_string_free (lmtp->line, TRUE);
	g_free (lmtp->host);
	g_free (lmtp);
}

NxLmtpMessage *
nx_lmtp_take_message (NxLmtp *lmtp)
{
	return g_queue_pop_head (&lmtp->messages);
}

void
nx_lmtp_message_free (NxLmtpMessage *message)
{
	if (message == NULL)
		return;
	g_free (message->sender);
	g_ptr_array_unref (message->recipients);
	g_byte_array_unref (message->body);
	g_free (message);
}

void
nx_lmtp_answer (NxLmtp *lmtp, guint64 id, const guint8 *answers, guint count)
{
	for (GList *link = lmtp->replies.head; link != NULL; link = link->next) {
		Reply *slot = link->data;

		if (slot->id != id)
			continue;
		for (guint i = 0; i < count; i++) {
			guint answer = answers[i] < NX_LMTP_ANSWERS ? answers[i] : (guint)NX_LMTP_CRASHED;

			g_string_append (slot->text, answer_texts[answer]);
			g_string_append (slot->text, "\r\n");
		}
		slot->id = 0;
		lmtp->reply_bytes += slot->text->len;
		lmtp->waiting--;
		end_when_drained (lmtp);
		return;
	}
}

void
nx_lmtp_take_output (NxLmtp *lmtp, GString *output)
{
	lmtp->fresh = FALSE;
	for (Reply *reply = NULL; (reply = g_queue_peek_head (&lmtp->replies)) != NULL && reply->id == 0;) {
		g_string_append_len (output, reply->text->str, (gssize)reply->text->len);
		lmtp->reply_bytes -= reply->text->len;
		reply_free (g_queue_pop_head (&lmtp->replies));
	}
}

gsize
nx_lmtp_get_held_bytes (const NxLmtp *lmtp)
{
	return lmtp->body == NULL ? 0 : lmtp->body->len;
}

void
nx_lmtp_drop_body (NxLmtp *lmtp)
{
	if (lmtp->body != NULL)
		refuse_body (lmtp, answer_texts[NX_LMTP_NO_ROOM]);
}

void
nx_lmtp_end (NxLmtp *lmtp, NxLmtpEnd end)
{
	close_session (lmtp, end_texts[end]);
}

void
nx_lmtp_drain (NxLmtp *lmtp)
{
	lmtp->draining = TRUE;
	end_when_drained (lmtp);
}

gboolean
nx_lmtp_is_finished (const NxLmtp *lmtp)
{
	return lmtp->state == STATE_CLOSED && g_queue_is_empty ((GQueue *)(guintptr)&lmtp->replies);
}

gboolean
nx_lmtp_is_waiting (const NxLmtp *lmtp)
{
	return lmtp->waiting > 0;
}
