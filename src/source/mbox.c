/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mbox.c: cuts one stream of bytes into messages, in memory that does not grow with the stream. RFC 4155.
 *
 * What the stream is: an mbox when a From_ line is its first line, empty lines in front of it and a byte order mark not
 * counted; else one message, and then nothing in it is looked at.
 *
 * Where a message ends: before a From_ line (from-line.c) that stands after an empty line or right after another From_
 * line, or at the end of the stream. The one empty line before it belongs to the mbox, also at the end (RFC 4155). Two
 * From_ lines with nothing between them hold an empty message: a message that was lost is still one. Line ends are LF,
 * CRLF (also CRCRLF) or CR, and may change within an mbox; a message keeps its own.
 *
 * Content-Length (mboxcl, mboxcl2): believed only when behind so many octets of body, and two line ends at most, there
 * is a From_ line or the end. Then From_ lines within the body do not separate, and nothing is unquoted: mboxcl2 does
 * not quote, and mboxcl cannot be told from it. Only the first one of a header block is asked, none that goes beyond
 * NX_LIMIT_MESSAGE_BYTES.
 *
 * Quoting: in the body one ">" is taken off every line that begins with one or more ">" and "From ", as mboxrd asks
 * for. An mboxo that holds a line which really began with ">From " loses that ">"; nothing that nixie looks for begins
 * so. In the header block ">From " stays: that is an older From_ line, and unquoted it would be worse.
 *
 * A message longer than NX_LIMIT_MESSAGE_BYTES is cut there; what is left of it is read past, up to the next From_
 * line. A stream that may never end (a character device) is not read any further after such a message.
 *
 * The window on the stream: the current message and what was read beyond it; at most about twice the cap (once for the
 * message, once for looking ahead to what Content-Length points at). It moves only when at least as much was consumed
 * as has to be copied, so the time is linear. Offsets inside this file are relative to mbox->begin since reading moves
 * the buffer.
 */
#include "source/source-private.h"

#include "base/limits.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* "From ", and how far back from it the empty line can be told: "\n" of the line before, and "\r\r\n". */
#define FROM "From "
#define FROM_LENGTH 5
#define CONTEXT 4

/* What a Content-Length and a separator may have between them. */
#define MAX_LINE_ENDS 2

/* A buffer that one large message has blown up is given back with the next stream. */
#define KEEP_BYTES (8u << 20)

/**
 * Scan: a search for the next From_ line. @floor: where the data begins, @floor_is_line: at the start of a line.
 * @from: how far it came. @stop: a From_ line behind that is not wanted. Found: @at, @cut: where the data before it
 * ends. @quoted: where the first "From " behind a ">" is, G_MAXSIZE when there was none.
 */
typedef struct {
	gsize floor;
	gboolean floor_is_line;
	gsize from;
	gsize stop;
	gsize at;
	gsize cut;
	gsize quoted;
} Scan;

/**
 * Line: a From_ line. @next: where the line after it begins. @eol: how its line ends.
 */
typedef struct {
	NxFromLine from;
	gsize next;
	char eol;
} Line;

void
nx_mbox_init (NxMbox *mbox)
{
	*mbox = (NxMbox){ .fd = -1, .eof = TRUE, .sender = g_string_new (NULL) };
}

void
nx_mbox_clear (NxMbox *mbox)
{
	g_clear_pointer (&mbox->buffer, g_free);
	if (mbox->sender != NULL)
		g_string_free (mbox->sender, TRUE);
	*mbox = (NxMbox){ .fd = -1, .eof = TRUE };
}

void
nx_mbox_start (NxMbox *mbox, int fd, guint64 offset, NxMboxFlags flags)
{
	if (mbox->capacity > KEEP_BYTES) {
		g_clear_pointer (&mbox->buffer, g_free);
		mbox->capacity = 0;
	}
	mbox->fd = fd;
	mbox->flags = flags;
	mbox->base = offset;
	mbox->begin = mbox->end = mbox->next = 0;
	mbox->eof = mbox->started = mbox->is_mbox = mbox->skipping = FALSE;
	mbox->error = 0;
}

guint64
nx_mbox_get_offset (const NxMbox *mbox)
{
	return mbox->base + mbox->begin + mbox->next;
}

static const char *
get_data (const NxMbox *mbox)
{
	return mbox->buffer + mbox->begin;
}

static gsize
get_available (const NxMbox *mbox)
{
	return mbox->end - mbox->begin;
}

/* Has the stream more than one message? */
static gboolean
is_split (const NxMbox *mbox)
{
	return mbox->is_mbox && !(mbox->flags & NX_MBOX_FLAG_SINGLE);
}

static void
make_room (NxMbox *mbox)
{
	gsize live = get_available (mbox);
	if (mbox->begin > 0 && live <= mbox->begin) {
		memcpy (mbox->buffer, get_data (mbox), live);
		mbox->base += mbox->begin;
		mbox->begin = 0;
		mbox->end = live;
	}
	if (mbox->capacity - mbox->end >= NX_LIMIT_READ_BYTES)
		return;
	mbox->capacity = MAX (mbox->capacity * 2, 2 * NX_LIMIT_READ_BYTES);
	mbox->buffer = g_realloc (mbox->buffer, mbox->capacity);
}

/* Reads some more. Returns: FALSE at the end of the stream or on an error, which then is its end. */
static gboolean
fill (NxMbox *mbox)
{
	if (mbox->eof)
		return FALSE;
	make_room (mbox);
	while (TRUE) {
		ssize_t got = read (mbox->fd, mbox->buffer + mbox->end, NX_LIMIT_READ_BYTES);
		if (got > 0) {
			mbox->end += (gsize)got;
			return TRUE;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN) {
			/* Standard input is sometimes left in this state by who had it before. */
			struct pollfd wait = { .fd = mbox->fd, .events = POLLIN };
			poll (&wait, 1, -1);
			continue;
		}
		mbox->error = got < 0 ? errno : 0;
		mbox->eof = TRUE;
		return FALSE;
	}
}

/* Returns: FALSE when the stream ends before. */
static gboolean
fill_to (NxMbox *mbox, gsize size)
{
	while (get_available (mbox) < size)
		if (!fill (mbox))
			return FALSE;
	return TRUE;
}

/* How long the line end at the front of @data is: 0 when there is none. */
static gsize
get_line_end (const char *data, gsize length)
{
	gsize cr = 0;
	while (cr < length && cr < 2 && data[cr] == '\r')
		cr++;
	if (cr < length && data[cr] == '\n')
		return cr + 1;
	return MIN (cr, 1);
}

/* Is there a From_ line? Reads as much as is needed to tell. */
static gboolean
read_from_line (NxMbox *mbox, gsize at, Line *line_out)
{
	gsize length;
	while (TRUE) {
		const char *text = get_data (mbox) + at;
		gsize known = get_available (mbox) - at;
		gsize checked = MIN (known, FROM_LENGTH);
		if (memcmp (text, FROM, checked) != 0)
			return FALSE;
		gsize seen = MIN (known, NX_LIMIT_FROM_LINE_BYTES + 1);
		const char *lf = memchr (text, '\n', seen);
		const char *cr = memchr (text, '\r', lf != NULL ? (gsize)(lf - text) : seen);
		const char *eol = cr != NULL ? cr : lf;
		length = eol != NULL ? (gsize)(eol - text) : seen;
		/* Whether a CR is a line end of its own shows only after what follows it. */
		if (eol != NULL && (*eol == '\n' || known >= length + 3))
			break;
		if (eol == NULL && length > NX_LIMIT_FROM_LINE_BYTES)
			return FALSE;
		if (!fill (mbox))
			break;
	}
	const char *text = get_data (mbox) + at;
	if (!nx_from_line_parse (text, length, &line_out->from))
		return FALSE;
	gsize end = get_line_end (text + length, get_available (mbox) - at - length);
	line_out->next = at + length + end;
	line_out->eol = end > 0 ? text[length + end - 1] : '\n';
	return TRUE;
}

/* Is the line that ends before @at empty? @cut_out: where it begins. */
static gboolean
follows_empty_line (const char *data, gsize floor, gboolean floor_is_line, gsize at, gsize *cut_out)
{
	gsize cut = at;
	if (at > floor) {
		cut--;
		if (data[cut] != '\n' && data[cut] != '\r')
			return FALSE;
		for (guint i = 0; i < 2 && data[at - 1] == '\n' && cut > floor && data[cut - 1] == '\r'; i++)
			cut--;
	}
	*cut_out = cut;
	return cut == floor ? floor_is_line : data[cut - 1] == data[at - 1];
}

/* Searches on from scan->from. Returns: FALSE at scan->stop or at the end of the stream. */
static gboolean
find_from_line (NxMbox *mbox, Scan *scan)
{
	while (TRUE) {
		const char *data = get_data (mbox);
		gsize known = get_available (mbox);
		const char *hit = memmem (data + scan->from, known - scan->from, FROM, FROM_LENGTH);
		if (hit == NULL) {
			scan->from = MAX (scan->from, known - MIN (known, FROM_LENGTH - 1));
			if (scan->from > scan->stop || !fill (mbox))
				return FALSE;
			continue;
		}
		gsize at = (gsize)(hit - data);
		Line line;
		scan->from = at;
		if (at > scan->stop)
			return FALSE;
		if (follows_empty_line (data, scan->floor, scan->floor_is_line, at, &scan->cut) &&
		    read_from_line (mbox, at, &line)) {
			scan->at = at;
			return TRUE;
		}
		if (scan->quoted == G_MAXSIZE && at > scan->floor && get_data (mbox)[at - 1] == '>')
			scan->quoted = at;
		scan->from = at + FROM_LENGTH;
	}
}

/* Reads past the rest of a message that was cut, keeping no more than the place where an empty line may be. */
static void
skip_rest (NxMbox *mbox)
{
	mbox->skipping = FALSE;
	if (mbox->flags & NX_MBOX_FLAG_ENDLESS) {
		mbox->eof = TRUE;
		mbox->begin = mbox->end;
		return;
	}
	gsize from = 0;
	while (is_split (mbox)) {
		Scan scan = { .from = from, .stop = from + NX_LIMIT_READ_BYTES, .quoted = G_MAXSIZE };
		if (find_from_line (mbox, &scan)) {
			mbox->begin += scan.at;
			return;
		}
		if (mbox->eof && scan.from + FROM_LENGTH > get_available (mbox))
			break;
		from = MIN (scan.from, CONTEXT);
		mbox->begin += scan.from - from;
	}
	do {
		mbox->begin = mbox->end;
	} while (fill (mbox));
}

/* The number in a header's value, at most ten times the cap. Returns: FALSE when it is none or has more digits. */
static gboolean
parse_length (const char *text, gsize length, gsize *number_out)
{
	gsize number = 0, digits = 0, i = 0;
	while (i < length && (text[i] == ' ' || text[i] == '\t'))
		i++;
	for (; i < length && g_ascii_isdigit (text[i]) && number <= NX_LIMIT_MESSAGE_BYTES; i++, digits++)
		number = number * 10 + (gsize)(text[i] - '0');
	while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'))
		i++;
	if (digits == 0 || i < length)
		return FALSE;
	*number_out = number;
	return TRUE;
}

/**
 * Walks a header block. @body_out: where the body begins, @end when there is none.
 * Returns: where the body ends by Content-Length, 0 when it does not say.
 */
static gsize
read_header_block (const char *data, gsize at, gsize end, char eol, gsize *body_out)
{
	static const char name[] = "content-length:";
	const gsize name_length = sizeof name - 1;
	gsize claimed = 0;
	gboolean asked = FALSE;
	*body_out = end;
	while (at < end) {
		const char *line = data + at;
		const char *stop = memchr (line, eol, end - at);
		gsize length = stop != NULL ? (gsize)(stop - line) : end - at;
		gsize next = stop != NULL ? at + length + 1 : end;
		/* "\r" and "\r\r" are empty too: the line ends of CRLF and CRCRLF */
		if (length == 0 || (length <= 2 && line[0] == '\r' && line[length - 1] == '\r')) {
			*body_out = next;
			return asked ? next + claimed : 0;
		}
		if (!asked && length > name_length && (line[0] == 'C' || line[0] == 'c') &&
		    g_ascii_strncasecmp (line, name, name_length) == 0)
			asked = parse_length (line + name_length, length - name_length, &claimed);
		at = next;
	}
	return 0;
}

/* Is there a From_ line or the end at @end, or behind two line ends at most? @next_out: where. */
static gboolean
confirm_length (NxMbox *mbox, gsize end, gsize *next_out)
{
	if (!fill_to (mbox, end))
		return FALSE;
	for (guint line_ends = 0;; line_ends++) {
		Line line;
		fill_to (mbox, end + FROM_LENGTH);
		gsize known = get_available (mbox) - end;
		const char *data = get_data (mbox) + end;
		if ((known == 0 && mbox->error == 0) ||
		    ((data[-1] == '\n' || data[-1] == '\r') && known > 0 && read_from_line (mbox, end, &line))) {
			*next_out = end;
			return TRUE;
		}
		data = get_data (mbox) + end;
		gsize step = get_line_end (data, known);
		if (step == 0 || line_ends == MAX_LINE_ENDS)
			return FALSE;
		end += step;
	}
}

/* Takes one ">" off the lines that are quoted. @hit: "From " behind the first one. Returns: the new length. */
static gsize
unquote (char *data, gsize body, gsize length, gsize hit, char eol)
{
	gsize read = 0, written = 0;
	while (TRUE) {
		gsize quote = hit;
		while (quote > body && data[quote - 1] == '>')
			quote--;
		if (quote < hit && (quote == body || data[quote - 1] == eol)) {
			if (written < read)
				memmove (data + written, data + read, quote - read);
			written += quote - read;
			read = quote + 1;
		}
		gsize from = hit + FROM_LENGTH;
		const char *found = from < length ? memmem (data + from, length - from, FROM, FROM_LENGTH) : NULL;
		if (found == NULL)
			break;
		hit = (gsize)(found - data);
	}
	if (written < read)
		memmove (data + written, data + read, length - read);
	return written + length - read;
}

/* Begins a stream: what is it, and where does its first message begin? */
static void
open_stream (NxMbox *mbox)
{
	gsize at = 0;
	Line line;
	mbox->started = TRUE;
	if (fill_to (mbox, 3) && memcmp (get_data (mbox), "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	while (at < NX_LIMIT_MBOX_LEADING_BYTES && fill_to (mbox, at + 1) &&
	       (get_data (mbox)[at] == '\n' || get_data (mbox)[at] == '\r'))
		at++;
	mbox->is_mbox = get_available (mbox) > at && read_from_line (mbox, at, &line);
	if (mbox->is_mbox)
		mbox->begin += at;
}

/* The whole stream as one message, from @start on. */
static gsize
read_single (NxMbox *mbox, gsize start)
{
	fill_to (mbox, start + NX_LIMIT_MESSAGE_BYTES + 1);
	mbox->next = get_available (mbox);
	return mbox->next;
}

/* One message of an mbox. Returns: where its data ends. @start: where it begins, @quoted: its quoting. */
static gsize
read_message (NxMbox *mbox, const Line *line, gsize *body_out, gsize *quoted_out)
{
	Scan scan = { .floor = line->next, .floor_is_line = TRUE, .from = line->next, .quoted = G_MAXSIZE };
	scan.stop = line->next + NX_LIMIT_MESSAGE_BYTES + CONTEXT;
	gsize data_end, next;
	gboolean found = find_from_line (mbox, &scan);
	if (found) {
		data_end = scan.cut;
		next = scan.at;
	} else {
		next = data_end = get_available (mbox);
		if (follows_empty_line (get_data (mbox), line->next, TRUE, data_end, &scan.cut))
			data_end = scan.cut;
	}
	*quoted_out = scan.quoted;
	gsize claimed = read_header_block (get_data (mbox), line->next, next, line->eol, body_out);
	if (claimed > 0 && claimed - line->next <= NX_LIMIT_MESSAGE_BYTES && confirm_length (mbox, claimed, &next)) {
		data_end = claimed;
		*quoted_out = G_MAXSIZE;
	}
	mbox->next = next;
	return data_end;
}

static void
set_message (NxMbox *mbox, NxRawMessage *message, gsize start, gsize end)
{
	gboolean truncated = end - start > NX_LIMIT_MESSAGE_BYTES;
	if (truncated)
		end = start + NX_LIMIT_MESSAGE_BYTES;
	/* Whether a From_ line follows is known only when it begins within reach of the cap. */
	if (truncated && (mbox->next > end + CONTEXT || !is_split (mbox))) {
		mbox->next = end;
		mbox->skipping = TRUE;
	}
	*message = (NxRawMessage){
		.file = "",
		.offset = mbox->base + mbox->begin,
		.data = get_data (mbox) + start,
		.length = end - start,
		.truncated = truncated,
		.envelope_sender = mbox->sender->str,
	};
}

static void
keep_sender (NxMbox *mbox, const NxFromLine *from)
{
	g_string_truncate (mbox->sender, 0);
	if (g_utf8_validate (from->sender, (gssize)from->sender_length, NULL)) {
		g_string_append_len (mbox->sender, from->sender, (gssize)from->sender_length);
		return;
	}
	g_autofree char *valid = g_utf8_make_valid (from->sender, (gssize)from->sender_length);
	g_string_append (mbox->sender, valid);
}

NxMboxResult
nx_mbox_next (NxMbox *mbox, NxRawMessage *message_out)
{
	mbox->begin += mbox->next;
	mbox->next = 0;
	if (mbox->skipping)
		skip_rest (mbox);
	if (!mbox->started)
		open_stream (mbox);
	if (get_available (mbox) == 0 && !fill (mbox))
		return mbox->error != 0 ? NX_MBOX_FAILED : NX_MBOX_END;

	Line line = { .from.sender = "", .eol = '\n' };
	gsize body = 0, quoted = G_MAXSIZE, data_end;
	if (mbox->is_mbox)
		read_from_line (mbox, 0, &line);
	keep_sender (mbox, &line.from);
	if (is_split (mbox))
		data_end = read_message (mbox, &line, &body, &quoted);
	else
		data_end = read_single (mbox, line.next);
	/* What a failed read has cut off is no message. Those before it are. */
	if (mbox->error != 0 && mbox->next == get_available (mbox)) {
		mbox->begin = mbox->end;
		mbox->next = 0;
		return NX_MBOX_FAILED;
	}
	set_message (mbox, message_out, line.next, data_end);
	message_out->envelope_date = line.from.date;
	if (quoted < line.next + message_out->length)
		message_out->length = unquote (mbox->buffer + mbox->begin + line.next, body - MIN (body, line.next),
					       message_out->length, quoted - line.next, line.eol);
	return NX_MBOX_MESSAGE;
}
