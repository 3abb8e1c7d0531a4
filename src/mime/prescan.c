/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prescan.c: one walk over the lines of a mail, before anything else reads it. See prescan.h. RFC 2045, RFC 2046 5.1,
 * RFC 5322 2.
 *
 * It follows headers and boundaries, notes the parts (outline.h), and lets nothing through that costs more than any
 * mail is worth: headers, parts, levels, addresses and parameters, lines that begin with "--" and the sizes of bodies
 * meet their caps, one by one and all together. A parser of GMime 3.2.13 can read what comes out, too: it recurses once
 * per nested address group, makes objects of every address and parameter, and compares each "--" line with every
 * boundary around it. It decodes nothing and understands no header but Content-Type and Content-Transfer-Encoding.
 *
 * What is left out of a part is its end: only its first NX_LIMIT_TEXT_BYTES are read as text, and a returned picture by
 * nobody. So a mail of 64 MiB is here once, and once more in small.
 */
#include "mime/prescan.h"

#include "base/limits.h"

#include <string.h>

typedef struct {
	char *boundary; /* with its two dashes; NULL for an enclosed message */
	gsize length;
	guint part; /* in the outline */
} Level;

typedef struct {
	GString *out;
	GString *block; /* the header block being read */
	GArray *levels; /* of Level: what encloses this place */
	GString *defects;
	NxOutline *outline;
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
push_level (Scan *scan, const char *boundary, guint part)
{
	Level level = { .part = part };
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

/* What encloses this place, as a part. */
static guint
get_parent (const Scan *scan)
{
	return scan->levels->len > 0 ? g_array_index (scan->levels, Level, scan->levels->len - 1).part
				     : NX_OUTLINE_NONE;
}

static gboolean
is_message (const char *type)
{
	static const char *const types[] = { "message/rfc822", "message/rfc2822", "message/global", "message/news",
					     NULL };
	return g_strv_contains (types, type);
}

/* A header block is complete. @parent: what encloses it. @cut: a boundary ended it. Returns TRUE when another header
 * block follows at once (an enclosed message). */
static gboolean
close_block (Scan *scan, guint parent, gboolean cut)
{
	close_field (scan);
	gboolean again = FALSE;
	mask_content_types (scan, 1);
	g_autofree char *value = find_value (scan, "Content-Type");
	guint part = nx_outline_add (scan->outline, parent, value);
	const NxContentType *type = nx_outline_get_type (scan->outline, part);
	const char *name = nx_content_type_get_name (type);
	gboolean multipart = g_str_has_prefix (name, "multipart/");
	const char *boundary = multipart ? nx_content_type_get_parameter (type, "boundary") : NULL;
	gboolean message = is_message (name) && !is_encoded (scan);
	if (scan->body == 0)
		scan->machine = value != NULL && g_str_has_prefix (name, "message/");
	if ((multipart || message) && scan->levels->len >= NX_LIMIT_MIME_DEPTH) {
		make_opaque (scan);
		nx_outline_set_opaque (scan->outline, part);
	} else if (multipart) {
		nx_outline_set_kind (scan->outline, part, NX_OUTLINE_MULTIPART);
		if (boundary != NULL && *boundary != '\0' && !cut)
			push_level (scan, boundary, part);
	} else if (message) {
		nx_outline_set_kind (scan->outline, part, NX_OUTLINE_MESSAGE);
		if (!cut)
			push_level (scan, NULL, part);
		again = TRUE;
	}
	gsize start = scan->out->len;
	g_string_append_len (scan->out, scan->block->str, (gssize)scan->block->len);
	g_string_append_c (scan->out, '\n');
	nx_outline_set_place (scan->outline, part, start, scan->out->len);
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
	return is_garbage (scan, next, next_length);
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

/* A boundary ends a part, or opens the next. Returns: FALSE when there are too many. @parent: of what it ends. */
static gboolean
close_part (Scan *scan, guint parent, gboolean in_headers, gboolean opens)
{
	if (in_headers && scan->block->len > 0) /* of nothing at all there is no part */
		close_block (scan, parent, TRUE);
	scan->body_bytes += scan->part_bytes;
	scan->part_bytes = 0;
	scan->is_long = FALSE;
	if (opens && ++scan->parts > NX_LIMIT_MIME_PARTS) {
		add_defect (scan, "too-many-parts");
		return FALSE;
	}
	nx_outline_end (scan->outline, scan->out->len > 0 ? scan->out->len - 1 : 0);
	return TRUE;
}

static void
scan_lines (Scan *scan, const char *data, gsize length)
{
	gboolean in_headers = TRUE;
	for (gsize at = 0; at < length;) {
		const char *start = data + at;
		const char *newline = memchr (start, scan->newline, length - at);
		gsize full = newline != NULL ? (gsize)(newline - start) : length - at;
		gsize bare = full;
		while (bare > 0 && start[bare - 1] == '\r')
			bare--;
		if (in_headers && full - bare > 1)
			add_defect (scan, "bad-header");
		at += full + (newline != NULL);
		/* Such a line is no header and no boundary, and in a body its end is left out. */
		bare = MIN (bare, NX_LIMIT_PART_BYTES);
		/* What is left out anyway only has to be asked where it ends. */
		if (!in_headers && scan->is_long && (bare < 2 || *start != '-'))
			continue;
		const char *line = clean_line (scan, start, bare);
		guint parent = get_parent (scan);
		gboolean opens = FALSE;
		if (take_boundary (scan, line, bare, &opens)) {
			if (!close_part (scan, parent, in_headers, opens))
				return;
			in_headers = opens;
			g_string_append_len (scan->out, line, (gssize)bare);
			g_string_append_c (scan->out, '\n');
		} else if (!in_headers) {
			add_body_line (scan, line, bare);
		} else if (bare == 0) {
			/* not the empty lines before the first header */
			if (scan->out->len > 0 || scan->block->len > 0)
				in_headers = close_block (scan, parent, FALSE);
		} else if (!take_header_line (scan, line, bare, data + at, length - at)) {
			in_headers = close_block (scan, parent, FALSE);
			at = (gsize)(start - data); /* it may be a boundary */
		}
	}
	if (in_headers)
		close_block (scan, get_parent (scan), FALSE);
}

static gboolean
has_open_boundary (const Scan *scan)
{
	for (guint i = 0; i < scan->levels->len; i++)
		if (g_array_index (scan->levels, Level, i).boundary != NULL)
			return TRUE;
	return FALSE;
}

/* Where a line of the last header block was left out, the part is what the rest of the block says; without a rest, and
 * in another part, it is none. */
static void
reread_last_block (Scan *scan)
{
	guint part = nx_outline_get_count (scan->outline) - 1;
	const NxOutlinePart *place = nx_outline_get_part (scan->outline, part);
	if (place->body <= scan->out->len)
		return;
	if (place->header >= scan->out->len && place->parent != NX_OUTLINE_NONE) {
		nx_outline_drop (scan->outline);
		return;
	}
	g_string_assign (scan->block, scan->out->str + MIN (place->header, scan->out->len));
	g_autofree char *value = find_value (scan, "Content-Type");
	nx_outline_set_type (scan->outline, part, value);
	const char *name = nx_content_type_get_name (nx_outline_get_type (scan->outline, part));
	NxOutlineKind kind = NX_OUTLINE_LEAF;
	if (g_str_has_prefix (name, "multipart/"))
		kind = NX_OUTLINE_MULTIPART;
	else if (is_message (name) && !is_encoded (scan))
		kind = NX_OUTLINE_MESSAGE;
	nx_outline_set_kind (scan->outline, part, kind);
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
	reread_last_block (scan);
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
	scan.outline = nx_outline_new ();
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
	prescan->outline = scan.outline;
	nx_outline_finish (scan.outline, scan.out->len);
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
	nx_outline_free (prescan->outline);
	g_free (prescan->defects);
	g_free (prescan);
}
