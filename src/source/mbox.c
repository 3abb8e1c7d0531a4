/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mbox.c: cuts one stream of bytes into messages, in memory that does not grow with the stream. RFC 4155.
 *
 * What the stream is: an mbox when a From_ line is its first line, empty lines in front of it and a byte order mark not
 * counted; else one message, and then nothing in it is looked at.
 *
 * Where a message ends: before a From_ line (from-line.c) that stands after an empty line or right after another From_
 * line, or at the end of the stream. Programs that leave out the empty line exist too: then the From_ line must have
 * the plain shape, and a header must follow it. The one empty line before it belongs to the mbox, also at the end (RFC
 * 4155). Two From_ lines with nothing between them hold an empty message: a message that was lost is still one. Line
 * ends are LF, CRLF (also CRCRLF) or CR, and may change within an mbox; a message keeps its own.
 *
 * MMDF: the first line is four times the octet 1, and so are the lines around each message; nothing is quoted.
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
 * Where the bytes are damaged, what came before is a message, without its last half line, and marked as cut. Where
 * reading fails it is none: the next attempt may read all of it.
 *
 * A message longer than NX_LIMIT_MESSAGE_BYTES is cut there; what is left of it is read past, up to the next From_
 * line. A stream that may never end (a character device) is not read any further after such a message.
 *
 * The window on the stream: the current message and what was read beyond it, at most a little more than the cap. It
 * moves only when a quarter of what has to be copied was consumed, so the time is linear. Offsets inside this file are
 * relative to mbox->begin since reading moves the buffer.
 */
#include "source/source-private.h"

#include "base/limits.h"

#include <string.h>

/* "From ", and how far back from it the empty line can be told: "\n" of the line before, and "\r\r\n". */
#define FROM "From "
#define FROM_LENGTH 5
#define CONTEXT 4

/* The line around a message of MMDF. */
#define MMDF "\1\1\1\1"
#define MMDF_LENGTH 4

/* What a Content-Length and a separator may have between them. */
#define MAX_LINE_ENDS 2

/* The name of a header field, as far as anybody needs one. */
#define MAX_NAME_BYTES 80

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
	*mbox = (NxMbox){ .eof = TRUE, .sender = g_string_new (NULL) };
}

void
nx_mbox_clear (NxMbox *mbox)
{
	g_clear_pointer (&mbox->buffer, g_free);
	if (mbox->sender != NULL)
		g_string_free (mbox->sender, TRUE);
	*mbox = (NxMbox){ .eof = TRUE };
}

void
nx_mbox_start (NxMbox *mbox, NxStream *stream, guint64 offset, NxMboxFlags flags)
{
	if (mbox->capacity > KEEP_BYTES) {
		g_clear_pointer (&mbox->buffer, g_free);
		mbox->capacity = 0;
	}
	mbox->stream = stream;
	mbox->flags = flags;
	mbox->base = offset;
	mbox->begin = mbox->end = mbox->next = 0;
	mbox->eof = mbox->failed = mbox->started = mbox->is_mbox = mbox->is_mmdf = mbox->skipping = FALSE;
}

guint64
nx_mbox_get_offset (const NxMbox *mbox)
{
	return mbox->base + mbox->begin + (mbox->skipping ? 0 : mbox->next);
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
	return (mbox->is_mbox || mbox->is_mmdf) && !(mbox->flags & NX_MBOX_FLAG_SINGLE);
}

static void
make_room (NxMbox *mbox)
{
	gsize live = get_available (mbox);
	if (mbox->begin > 0 && live / 4 <= mbox->begin) {
		memmove (mbox->buffer, get_data (mbox), live);
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
	gssize got = nx_stream_read (mbox->stream, mbox->buffer + mbox->end, NX_LIMIT_READ_BYTES);
	mbox->failed = got < 0;
	mbox->eof = got <= 0;
	mbox->end += (gsize)MAX (got, 0);
	return got > 0;
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

static gboolean
is_line_end (char c)
{
	return c == '\n' || c == '\r';
}

/* Is there a header field? Reads as much as is needed to tell. */
static gboolean
is_header_line (NxMbox *mbox, gsize at)
{
	for (gsize i = 0; i < MAX_NAME_BYTES; i++) {
		if (!fill_to (mbox, at + i + 2))
			return FALSE;
		const char *text = get_data (mbox) + at;
		if (text[i] == ':')
			return i > 0 && (text[i + 1] == ' ' || text[i + 1] == '\t' || is_line_end (text[i + 1]));
		if (text[i] <= 32 || text[i] == 127)
			return FALSE;
	}
	return FALSE;
}

/* Does a From_ line at @at separate? */
static gboolean
is_separator (NxMbox *mbox, Scan *scan, gsize at)
{
	Line line;
	gboolean begins = at == scan->floor ? scan->floor_is_line : is_line_end (get_data (mbox)[at - 1]);
	if (!begins)
		return FALSE;
	gboolean after_empty = follows_empty_line (get_data (mbox), scan->floor, scan->floor_is_line, at, &scan->cut);
	if (!read_from_line (mbox, at, &line))
		return FALSE;
	if (after_empty)
		return TRUE;
	scan->cut = at;
	return line.from.is_plain && is_header_line (mbox, line.next);
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
		scan->from = at;
		if (at > scan->stop)
			return FALSE;
		if (is_separator (mbox, scan, at)) {
			scan->at = at;
			return TRUE;
		}
		if (scan->quoted == G_MAXSIZE && at > scan->floor && get_data (mbox)[at - 1] == '>')
			scan->quoted = at;
		scan->from = at + FROM_LENGTH;
	}
}

/* How long the line of MMDF at @at is: 0 when there is none. */
static gsize
get_mmdf_length (NxMbox *mbox, gsize at)
{
	fill_to (mbox, at + MMDF_LENGTH + 2);
	const char *text = get_data (mbox) + at;
	gsize known = get_available (mbox) - MIN (at, get_available (mbox));
	if (known < MMDF_LENGTH || memcmp (text, MMDF, MMDF_LENGTH) != 0)
		return 0;
	gsize end = get_line_end (text + MMDF_LENGTH, known - MMDF_LENGTH);
	return end > 0 || known == MMDF_LENGTH ? MMDF_LENGTH + end : 0;
}

/* As find_from_line(). */
static gboolean
find_mmdf_line (NxMbox *mbox, Scan *scan)
{
	while (TRUE) {
		const char *data = get_data (mbox);
		gsize known = get_available (mbox);
		const char *hit = memmem (data + scan->from, known - scan->from, MMDF, MMDF_LENGTH);
		if (hit == NULL) {
			scan->from = MAX (scan->from, known - MIN (known, MMDF_LENGTH - 1));
			if (scan->from > scan->stop || !fill (mbox))
				return FALSE;
			continue;
		}
		gsize at = (gsize)(hit - data);
		scan->from = at;
		if (at > scan->stop)
			return FALSE;
		gboolean begins = at == scan->floor ? scan->floor_is_line : is_line_end (data[at - 1]);
		if (begins && get_mmdf_length (mbox, at) > 0) {
			scan->at = scan->cut = at;
			return TRUE;
		}
		scan->from = at + 1;
	}
}

static gboolean
find_separator (NxMbox *mbox, Scan *scan)
{
	return mbox->is_mmdf ? find_mmdf_line (mbox, scan) : find_from_line (mbox, scan);
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
		if (find_separator (mbox, &scan)) {
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
		if ((known == 0 && !mbox->failed) ||
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
	mbox->is_mmdf = get_mmdf_length (mbox, at) > 0;
	mbox->is_mbox = get_available (mbox) > at && read_from_line (mbox, at, &line);
	if (mbox->is_mbox || mbox->is_mmdf)
		mbox->begin += at;
}

gboolean
nx_mbox_resume (NxMbox *mbox)
{
	open_stream (mbox);
	return mbox->is_mbox || mbox->is_mmdf || get_available (mbox) == 0;
}

guint64
nx_mbox_hash (const void *data, gsize length)
{
	/* FNV-1a: nobody gains by making two files look like one */
	guint64 hash = 0xCBF29CE484222325;
	for (gsize i = 0; i < length; i++)
		hash = (hash ^ ((const guint8 *)data)[i]) * 0x100000001B3;
	return hash;
}

static void
set_mark (NxMbox *mbox)
{
	mbox->mark.offset = mbox->base + mbox->begin;
	mbox->mark.length = (guint)MIN (mbox->next, NX_LIMIT_MARK_BYTES);
	mbox->mark.hash = nx_mbox_hash (get_data (mbox), mbox->mark.length);
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
	gboolean found = find_separator (mbox, &scan);
	if (found) {
		data_end = scan.cut;
		next = scan.at;
	} else {
		next = data_end = get_available (mbox);
		if (!mbox->is_mmdf && follows_empty_line (get_data (mbox), line->next, TRUE, data_end, &scan.cut))
			data_end = scan.cut;
	}
	mbox->next = next;
	*quoted_out = scan.quoted;
	if (mbox->is_mmdf)
		return data_end;
	gsize claimed = read_header_block (get_data (mbox), line->next, next, line->eol, body_out);
	if (claimed > 0 && claimed - line->next <= NX_LIMIT_MESSAGE_BYTES && confirm_length (mbox, claimed, &next)) {
		data_end = claimed;
		*quoted_out = G_MAXSIZE;
	}
	mbox->next = next;
	return data_end;
}

/* Where the last line of what is there ends. */
static gsize
find_last_line_end (const NxMbox *mbox, gsize start)
{
	gsize end = get_available (mbox);
	while (end > start && !is_line_end (get_data (mbox)[end - 1]))
		end--;
	return end;
}

/* Past the lines around messages. */
static void
skip_mmdf_lines (NxMbox *mbox)
{
	gsize length;
	while ((length = get_mmdf_length (mbox, 0)) > 0)
		mbox->begin += length;
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
	if (mbox->is_mmdf && is_split (mbox))
		skip_mmdf_lines (mbox);
	if (get_available (mbox) == 0 && !fill (mbox))
		return mbox->failed ? NX_MBOX_FAILED : NX_MBOX_END;

	Line line = { .from.sender = "", .eol = '\n' };
	gsize body = 0, quoted = G_MAXSIZE, data_end;
	if (mbox->is_mbox || mbox->is_mmdf)
		read_from_line (mbox, 0, &line);
	keep_sender (mbox, &line.from);
	if (is_split (mbox))
		data_end = read_message (mbox, &line, &body, &quoted);
	else
		data_end = read_single (mbox, line.next);
	gboolean damaged = mbox->failed && mbox->next == get_available (mbox);
	if (damaged)
		data_end = find_last_line_end (mbox, line.next);
	if (damaged && (!mbox->stream->is_damage || data_end == line.next)) {
		mbox->begin = mbox->end;
		mbox->next = 0;
		return NX_MBOX_FAILED;
	}
	set_message (mbox, message_out, line.next, data_end);
	message_out->truncated = message_out->truncated || damaged;
	message_out->envelope_date = line.from.date;
	set_mark (mbox);
	if (quoted < line.next + message_out->length)
		message_out->length = unquote (mbox->buffer + mbox->begin + line.next, body - MIN (body, line.next),
					       message_out->length, quoted - line.next, line.eol);
	return NX_MBOX_MESSAGE;
}
