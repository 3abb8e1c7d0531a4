/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prescan.c: one walk over the lines of a mail before GMime sees it. See prescan.h. RFC 2045, RFC 2046 5.1, RFC 5322 2.
 *
 * It follows headers and boundaries just far enough to know where a header block begins and how deep it lies. Why:
 * GMime 3.2.13 recurses once per nested address group, takes any number of headers and parts of any size, makes objects
 * of every address and parameter, and compares each line that begins with "--" with every boundary around it. Here each
 * of these meets its cap, one by one and all together. It decodes nothing and understands no header but Content-Type
 * and Content-Transfer-Encoding.
 *
 * What is left out of a part is its end: only its first NX_LIMIT_TEXT_BYTES are read as text, and a returned picture by
 * nobody. So a mail of 64 MiB is here once, and once more in small.
 */
#include "mime/prescan.h"

#include "base/limits.h"
#include "mime/ptr.h"

#include <string.h>

typedef struct {
	char *boundary; /* with its two dashes; NULL for an enclosed message */
	gsize length;
} Level;

typedef struct {
	GString *out;
	GString *block; /* the header block being read */
	GArray *levels; /* of Level: what encloses this place */
	GString *defects;
	GString *clean; /* a line without its NULs */
	gsize field;    /* where the current field begins in block */
	gsize body;
	gsize part_bytes; /* of the body of this part, and of all that were closed */
	gsize body_bytes;
	guint parts;
	guint headers; /* in this block, and in all */
	guint all_headers;
	guint pieces;      /* addresses and parameters */
	guint comparisons; /* of lines with boundaries */
	gboolean dropping; /* the current field is left out */
	gboolean is_long;  /* so is the rest of this part */
	gboolean machine;  /* the whole body is for programs: a message/… type */
	char newline;
} Scan;

/* The headers that GMime parses as addresses when it sees them. */
static const char *const address_headers[] = { "bcc",           "cc",        "from",        "reply-to",
					       "resent-bcc",    "resent-cc", "resent-from", "resent-reply-to",
					       "resent-sender", "resent-to", "sender",      "to" };

static void
add_defect (Scan *scan, const char *name)
{
	if (strstr (scan->defects->str, name) != NULL)
		return;
	if (scan->defects->len > 0)
		g_string_append_c (scan->defects, ' ');
	g_string_append (scan->defects, name);
}

static void
level_clear (gpointer data)
{
	g_free (((Level *)data)->boundary);
}

static gsize
get_name_length (const char *line, gsize length)
{
	gsize name = 0;
	while (name < length && line[name] > 32 && line[name] < 127 && line[name] != ':')
		name++;
	gsize colon = name;
	while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
		colon++;
	return name > 0 && colon < length && line[colon] == ':' ? name : 0;
}

static gboolean
is_address_header (const char *name, gsize length)
{
	for (guint i = 0; i < G_N_ELEMENTS (address_headers); i++)
		if (strlen (address_headers[i]) == length &&
		    g_ascii_strncasecmp (address_headers[i], name, length) == 0)
			return TRUE;
	return FALSE;
}

static guint
count_char (const char *text, gsize length, char wanted)
{
	guint count = 0;
	for (gsize i = 0; i < length; i++)
		count += text[i] == wanted;
	return count;
}

/* Why GMime must not see this field, or NULL. */
static const char *
judge_field (Scan *scan, const char *field, gsize length)
{
	static const char content[] = "content-";
	gsize name = get_name_length (field, length);
	if (name == 0)
		return NULL;
	if (is_address_header (field, name)) {
		/* the colon behind the name is no group */
		if (count_char (field, length, ':') - 1 > NX_LIMIT_ADDRESS_GROUPS)
			return "address-groups";
		scan->pieces += count_char (field, length, ',');
	} else if (name >= sizeof content && g_ascii_strncasecmp (field, content, sizeof content - 1) == 0) {
		scan->pieces += count_char (field, length, ';');
	}
	return scan->pieces > NX_LIMIT_HEADER_PIECES ? "too-many-pieces" : NULL;
}

/* Ends the current field, and takes it out when it is harmful. */
static void
close_field (Scan *scan)
{
	const char *defect = judge_field (scan, scan->block->str + scan->field, scan->block->len - scan->field);
	if (defect != NULL) {
		add_defect (scan, defect);
		g_string_truncate (scan->block, scan->field);
	}
	scan->field = scan->block->len;
}

static void
add_header_line (Scan *scan, const char *line, gsize length)
{
	gboolean continues = *line == ' ' || *line == '\t' ||
			     (scan->block->len > 0 && scan->block->str[scan->block->len - 1] == ' ');
	if (!continues) {
		close_field (scan);
		scan->dropping = ++scan->headers > NX_LIMIT_HEADERS || ++scan->all_headers > NX_LIMIT_ALL_HEADERS;
		if (scan->dropping)
			add_defect (scan, "too-many-headers");
	}
	if (scan->dropping)
		return;
	gsize used = scan->block->len - scan->field;
	if (used + length > NX_LIMIT_HEADER_BYTES) {
		add_defect (scan, "long-header");
		length = used < NX_LIMIT_HEADER_BYTES ? NX_LIMIT_HEADER_BYTES - used : 0;
		scan->dropping = TRUE;
		if (length == 0)
			return;
	}
	g_string_append_len (scan->block, line, (gssize)length);
	g_string_append_c (scan->block, '\n');
}

/* The unfolded value of the block's first header of this name, or NULL. */
static char *
find_value (const Scan *scan, const char *name)
{
	gsize name_length = strlen (name);
	const char *p = scan->block->str;
	while (*p != '\0') {
		gsize length = strcspn (p, "\n");
		if (get_name_length (p, length) == name_length && g_ascii_strncasecmp (p, name, name_length) == 0) {
			GString *value =
				g_string_new_len (strchr (p, ':') + 1, (gssize)(p + length - strchr (p, ':') - 1));
			p += length + 1;
			while (*p == ' ' || *p == '\t') {
				length = strcspn (p, "\n");
				g_string_append_len (value, p, (gssize)length);
				p += length + 1;
			}
			return g_string_free (value, FALSE);
		}
		p += length + (p[length] == '\n');
	}
	return NULL;
}

/* Renames the block's Content-Type headers behind the first @keep: GMime must not see another one than this file did.
 */
static void
mask_content_types (Scan *scan, guint keep)
{
	static const char name[] = "Content-Type";
	for (char *p = scan->block->str; *p != '\0';) {
		gsize length = strcspn (p, "\n");
		if (get_name_length (p, length) == sizeof name - 1 &&
		    g_ascii_strncasecmp (p, name, sizeof name - 1) == 0) {
			if (keep == 0)
				*p = 'X';
			else
				keep--;
		}
		p += length + (p[length] == '\n');
	}
}

/* Puts an opaque type in place of the block's own, so that GMime does not go deeper. */
static void
make_opaque (Scan *scan)
{
	add_defect (scan, "too-deep");
	mask_content_types (scan, 0);
	g_string_prepend (scan->block, "Content-Type: application/octet-stream\n");
}

static void
push_level (Scan *scan, const char *boundary)
{
	Level level = { 0 };
	if (boundary != NULL) {
		level.boundary = g_strconcat ("--", boundary, NULL);
		level.length = strlen (level.boundary);
	}
	g_array_append_val (scan->levels, level);
}

static gboolean
is_encoded (const Scan *scan)
{
	g_autofree char *encoding = find_value (scan, "Content-Transfer-Encoding");
	if (encoding == NULL)
		return FALSE;
	g_strstrip (encoding);
	return g_ascii_strcasecmp (encoding, "base64") == 0 || g_ascii_strcasecmp (encoding, "quoted-printable") == 0;
}

/* A header block is complete. Returns TRUE when another header block follows at once (an enclosed message). */
static gboolean
close_block (Scan *scan)
{
	close_field (scan);
	gboolean again = FALSE;
	mask_content_types (scan, 1);
	g_autofree char *value = find_value (scan, "Content-Type");
	if (value != NULL) {
		g_autoptr (GMimeContentType) type = g_mime_content_type_parse (NULL, value);
		gboolean multipart = g_mime_content_type_is_type (type, "multipart", "*");
		const char *boundary = g_mime_content_type_get_parameter (type, "boundary");
		gboolean message = !multipart &&
				   (g_mime_content_type_is_type (type, "message", "rfc822") ||
				    g_mime_content_type_is_type (type, "message", "rfc2822") ||
				    g_mime_content_type_is_type (type, "message", "global") ||
				    g_mime_content_type_is_type (type, "message", "news")) &&
				   !is_encoded (scan);
		if (scan->body == 0)
			scan->machine = g_mime_content_type_is_type (type, "message", "*");
		if ((multipart || message) && scan->levels->len >= NX_LIMIT_MIME_DEPTH)
			make_opaque (scan);
		else if (multipart && boundary != NULL && *boundary != '\0')
			push_level (scan, boundary);
		else if (message) {
			push_level (scan, NULL);
			again = TRUE;
		}
	}
	g_string_append_len (scan->out, scan->block->str, (gssize)scan->block->len);
	g_string_append_c (scan->out, '\n');
	if (scan->body == 0)
		scan->body = scan->out->len;
	g_string_truncate (scan->block, 0);
	scan->headers = 0;
	scan->field = 0;
	scan->dropping = FALSE;
	return again;
}

/* Tells whether a line is one of the open boundaries, and closes what it ends. */
static gboolean
take_boundary (Scan *scan, const char *line, gsize length, gboolean *opens_out)
{
	if (length < 3 || line[0] != '-' || line[1] != '-')
		return FALSE;
	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	for (guint i = scan->levels->len; i-- > 0;) {
		const Level *level = &g_array_index (scan->levels, Level, i);
		if (level->boundary == NULL || length < level->length ||
		    memcmp (line, level->boundary, level->length) != 0)
			continue;
		gboolean closes = length == level->length + 2 && line[length - 1] == '-' && line[length - 2] == '-';
		if (length != level->length && !closes)
			continue;
		g_array_set_size (scan->levels, closes ? i : i + 1);
		*opens_out = !closes;
		return TRUE;
	}
	return FALSE;
}

/* A line that is no header: garbage between headers when headers go on behind it, else the body's beginning. */
static gboolean
is_garbage (const Scan *scan, const char *next, gsize length)
{
	gsize line = 0;
	while (line < length && line < NX_LIMIT_HEADER_BYTES && next[line] != scan->newline)
		line++;
	return get_name_length (next, line) > 0;
}

/* "Content-Type: multipart/mixed;" and then "boundary=…" at the line's beginning: a fold that somebody took the blank
 * from. */
static gboolean
is_unfolded_parameter (const Scan *scan, const char *line, gsize length)
{
	const GString *block = scan->block;
	if (block->len < 2 || block->str[block->len - 2] != ';' || memchr (line, '=', length) == NULL)
		return FALSE;
	return get_name_length (line, length) == 0;
}

/* The next part's body begins. */
static void
start_part (Scan *scan)
{
	scan->body_bytes += scan->part_bytes;
	scan->part_bytes = 0;
	scan->is_long = FALSE;
}

static void
add_body_line (Scan *scan, const char *line, gsize length)
{
	if (scan->is_long)
		return;
	gsize room = MIN (NX_LIMIT_PART_BYTES - scan->part_bytes,
			  NX_LIMIT_BODY_BYTES - MIN (scan->body_bytes + scan->part_bytes, NX_LIMIT_BODY_BYTES));
	if (length >= room) {
		add_defect (scan, "long-part");
		scan->is_long = TRUE;
		length = room;
	}
	if (length >= 2 && line[0] == '-' && line[1] == '-') {
		scan->comparisons += scan->levels->len;
		if (scan->comparisons > NX_LIMIT_BOUNDARY_COMPARISONS) {
			/* With a blank before it no line is compared. */
			add_defect (scan, "dashes");
			g_string_append_c (scan->out, ' ');
		}
	}
	g_string_append_len (scan->out, line, (gssize)length);
	g_string_append_c (scan->out, '\n');
	scan->part_bytes += length + !scan->is_long;
}

/* Returns: FALSE when it belongs to the body, whose beginning it then is. */
static gboolean
take_header_line (Scan *scan, const char *line, gsize length, const char *next, gsize next_length)
{
	gboolean folded = (*line == ' ' || *line == '\t') && scan->block->len > 0;
	if (!folded && is_unfolded_parameter (scan, line, length)) {
		add_defect (scan, "bad-header");
		g_string_append_c (scan->block, ' ');
		folded = TRUE;
	}
	if (folded || get_name_length (line, length) > 0) {
		add_header_line (scan, line, length);
		return TRUE;
	}
	add_defect (scan, "bad-header");
	if (is_garbage (scan, next, next_length))
		return TRUE;
	close_block (scan);
	return FALSE;
}

/* NULs are blanks from here on: they end a string too early. */
static const char *
clean_line (Scan *scan, const char *line, gsize length)
{
	if (memchr (line, '\0', length) == NULL)
		return line;
	g_string_truncate (scan->clean, 0);
	g_string_append_len (scan->clean, line, (gssize)length);
	for (gsize i = 0; i < length; i++)
		if (scan->clean->str[i] == '\0')
			scan->clean->str[i] = ' ';
	return scan->clean->str;
}

static void
scan_lines (Scan *scan, const char *data, gsize length)
{
	gboolean in_headers = TRUE;
	for (gsize at = 0; at < length;) {
		const char *line = data + at;
		const char *newline = memchr (line, scan->newline, length - at);
		gsize full = newline != NULL ? (gsize)(newline - line) : length - at;
		gsize bare = full > 0 && line[full - 1] == '\r' ? full - 1 : full;
		at += full + (newline != NULL);
		gboolean opens = FALSE;
		/* Such a line is no header and no boundary, and in a body its end is left out. */
		bare = MIN (bare, NX_LIMIT_PART_BYTES);
		/* What is left out anyway only has to be asked where it ends. */
		if (!in_headers && scan->is_long && (bare < 2 || line[0] != '-'))
			continue;
		line = clean_line (scan, line, bare);
		if (take_boundary (scan, line, bare, &opens)) {
			if (in_headers && scan->block->len > 0)
				close_block (scan);
			start_part (scan);
			if (opens && ++scan->parts > NX_LIMIT_MIME_PARTS) {
				add_defect (scan, "too-many-parts");
				return;
			}
			in_headers = opens;
			g_string_append_len (scan->out, line, (gssize)bare);
			g_string_append_c (scan->out, '\n');
		} else if (in_headers && bare == 0) {
			/* not the empty lines before the first header */
			if (scan->out->len > 0 || scan->block->len > 0)
				in_headers = close_block (scan);
		} else if (in_headers && take_header_line (scan, line, bare, data + at, length - at)) {
			continue;
		} else {
			in_headers = FALSE;
			add_body_line (scan, line, bare);
		}
	}
	if (in_headers)
		close_block (scan);
}

static gboolean
has_open_boundary (const Scan *scan)
{
	for (guint i = 0; i < scan->levels->len; i++)
		if (g_array_index (scan->levels, Level, i).boundary != NULL)
			return TRUE;
	return FALSE;
}

/* A mail that was cut ends inside a line: half an address is another address. */
static void
drop_last_line (Scan *scan)
{
	gsize length = scan->out->len;
	while (length > 0 && scan->out->str[length - 1] == '\n')
		length--;
	while (length > 0 && scan->out->str[length - 1] != '\n')
		length--;
	g_string_truncate (scan->out, length);
	add_defect (scan, "cut");
}

NxPrescan *
nx_prescan_new (const char *data, gsize length)
{
	Scan scan = { 0 };
	if (length > NX_LIMIT_MESSAGE_BYTES)
		length = NX_LIMIT_MESSAGE_BYTES;
	if (length == 0)
		data = "";
	/* Old Macintosh archives end lines with CR alone. A lone CR among LFs is no line end. */
	scan.newline = memchr (data, '\n', length) == NULL ? '\r' : '\n';
	scan.out = g_string_sized_new (MIN (length, NX_LIMIT_BODY_BYTES) + 64);
	scan.block = g_string_new (NULL);
	scan.clean = g_string_new (NULL);
	scan.defects = g_string_new (NULL);
	scan.levels = g_array_new (FALSE, TRUE, sizeof (Level));
	g_array_set_clear_func (scan.levels, level_clear);
	gboolean unfinished = length > 0 && data[length - 1] != scan.newline;
	scan_lines (&scan, data, length);
	gboolean open = scan.machine || has_open_boundary (&scan);
	if (unfinished && open)
		drop_last_line (&scan);
	g_string_free (scan.block, TRUE);
	g_string_free (scan.clean, TRUE);
	g_array_unref (scan.levels);
	NxPrescan *prescan = g_new0 (NxPrescan, 1);
	prescan->bytes = scan.out;
	prescan->body = MIN (scan.body, scan.out->len);
	prescan->unfinished = unfinished;
	prescan->open = open;
	prescan->defects = g_string_free (scan.defects, FALSE);
	return prescan;
}

void
nx_prescan_free (NxPrescan *prescan)
{
	if (prescan == NULL)
		return;
	g_string_free (prescan->bytes, TRUE);
	g_free (prescan->defects);
	g_free (prescan);
}
