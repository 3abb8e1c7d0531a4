/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prescan.c: one walk over the lines of a mail before GMime sees it. See prescan.h. RFC 2045, RFC 2046 5.1, RFC 5322 2.
 *
 * It follows headers and boundaries just far enough to know where a header block begins and how deep it lies. Why:
 * GMime 3.2.13 recurses once per nested address group, takes any number of headers and parts of any size, and is slow
 * on boundary-like lines under deep nesting. Here each of these meets its cap. It decodes nothing and understands no
 * header but Content-Type and Content-Transfer-Encoding.
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
	guint parts;
	guint headers;     /* in this block */
	gsize field;       /* where the current field begins in block */
	gboolean dropping; /* the current field is left out */
	gsize body;
	gboolean machine; /* the whole body is for programs: a message/… type */
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

/* Ends the current field: an address header with more groups than any mail has is taken out. */
static void
close_field (Scan *scan)
{
	const char *field = scan->block->str + scan->field;
	gsize length = scan->block->len - scan->field;
	gsize name = get_name_length (field, length);
	if (name > 0 && is_address_header (field, name)) {
		guint colons = 0;
		for (gsize i = name + 1; i < length; i++)
			colons += field[i] == ':';
		if (colons > NX_LIMIT_ADDRESS_GROUPS) {
			add_defect (scan, "address-groups");
			g_string_truncate (scan->block, scan->field);
		}
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
		scan->dropping = ++scan->headers > NX_LIMIT_HEADERS;
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
is_garbage (const char *next, gsize length)
{
	gsize line = 0;
	while (line < length && next[line] != '\n')
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
scan_lines (Scan *scan, const char *data, gsize length)
{
	gboolean in_headers = TRUE;
	for (gsize at = 0; at < length;) {
		const char *line = data + at;
		const char *newline = memchr (line, '\n', length - at);
		gsize full = newline != NULL ? (gsize)(newline - line) : length - at;
		gsize bare = full;
		while (bare > 0 && line[bare - 1] == '\r')
			bare--;
		if (in_headers && full - bare > 1)
			add_defect (scan, "bad-header");
		at += full + (newline != NULL);
		gboolean opens = FALSE;
		guint parent = get_parent (scan);
		if (take_boundary (scan, line, bare, &opens)) {
			if (in_headers && scan->block->len > 0) /* of nothing at all there is no part */
				close_block (scan, parent, TRUE);
			if (opens && ++scan->parts > NX_LIMIT_MIME_PARTS) {
				add_defect (scan, "too-many-parts");
				return;
			}
			nx_outline_end (scan->outline, scan->out->len > 0 ? scan->out->len - 1 : 0);
			in_headers = opens;
		} else if (in_headers) {
			if (bare == 0) {
				if (scan->out->len == 0 && scan->block->len == 0)
					continue; /* empty lines before the first header */
				in_headers = close_block (scan, parent, FALSE);
				continue;
			}
			gboolean folded = (*line == ' ' || *line == '\t') && scan->block->len > 0;
			if (!folded && is_unfolded_parameter (scan, line, bare)) {
				add_defect (scan, "bad-header");
				g_string_append_c (scan->block, ' ');
				folded = TRUE;
			}
			if (folded || get_name_length (line, bare) > 0) {
				add_header_line (scan, line, bare);
				continue;
			}
			add_defect (scan, "bad-header");
			if (is_garbage (data + at, length - at))
				continue;
			in_headers = close_block (scan, parent, FALSE);
			at = (gsize)(line - data); /* it may be a boundary */
			continue;
		}
		g_string_append_len (scan->out, line, (gssize)bare);
		g_string_append_c (scan->out, '\n');
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

/* Old Macintosh archives end lines with CR alone. A lone CR among LFs is no line end. */
static char *
copy_lines (const char *data, gsize length)
{
	char *copy = g_malloc (length + 1);
	gboolean mac = memchr (data, '\n', length) == NULL;
	char *end = copy + length;
	memcpy (copy, data, length);
	*end = '\0';
	for (char *p = memchr (copy, '\0', length); p != NULL; p = memchr (p, '\0', (gsize)(end - p)))
		*p = ' ';
	for (char *p = mac ? memchr (copy, '\r', length) : NULL; p != NULL; p = memchr (p, '\r', (gsize)(end - p)))
		*p = '\n';
	return copy;
}

NxPrescan *
nx_prescan_new (const char *data, gsize length)
{
	Scan scan = { 0 };
	if (length > NX_LIMIT_MESSAGE_BYTES)
		length = NX_LIMIT_MESSAGE_BYTES;
	g_autofree char *copy = copy_lines (length > 0 ? data : "", length);
	scan.out = g_string_sized_new (length + 64);
	scan.block = g_string_new (NULL);
	scan.defects = g_string_new (NULL);
	scan.outline = nx_outline_new ();
	scan.levels = g_array_new (FALSE, TRUE, sizeof (Level));
	g_array_set_clear_func (scan.levels, level_clear);
	gboolean unfinished = length > 0 && copy[length - 1] != '\n';
	scan_lines (&scan, copy, length);
	gboolean open = scan.machine || has_open_boundary (&scan);
	if (unfinished && open)
		drop_last_line (&scan);
	g_string_free (scan.block, TRUE);
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
