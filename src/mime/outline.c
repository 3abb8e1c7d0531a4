/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * outline.c: see outline.h. RFC 2045 5.2 and RFC 2046 5.1.5 for the type of a part that names none.
 *
 * It reads no line: prescan.c knows what begins and ends. A tree of GMime objects tells the same, at ten times the
 * time: an object for each header field of each part, of which nothing is asked (tests/test_outline.c holds one beside
 * the other).
 */
#include "mime/outline.h"

#include <string.h>

struct _NxOutline {
	GArray *parts;
	guint open; /* whose content goes on */
};

static void
part_clear (gpointer data)
{
	nx_content_type_free (((NxOutlinePart *)data)->type);
}

NxOutline *
nx_outline_new (void)
{
	NxOutline *outline = g_new0 (NxOutline, 1);
	outline->parts = g_array_new (FALSE, TRUE, sizeof (NxOutlinePart));
	outline->open = NX_OUTLINE_NONE;
	g_array_set_clear_func (outline->parts, part_clear);
	return outline;
}

void
nx_outline_free (NxOutline *outline)
{
	if (outline == NULL)
		return;
	g_array_unref (outline->parts);
	g_free (outline);
}

static NxOutlinePart *
get_part (const NxOutline *outline, guint part)
{
	return &g_array_index (outline->parts, NxOutlinePart, part);
}

/* The parts of a digest are messages unless they say otherwise. */
static NxContentType *
make_type (const NxOutline *outline, guint parent, const char *content_type)
{
	if (content_type != NULL)
		return nx_content_type_parse (content_type);
	const NxContentType *around = parent != NX_OUTLINE_NONE ? get_part (outline, parent)->type : NULL;
	gboolean digest = around != NULL && strcmp (nx_content_type_get_name (around), "multipart/digest") == 0;
	return nx_content_type_new (digest ? "message/rfc822" : "text/plain");
}

guint
nx_outline_add (NxOutline *outline, guint parent, const char *content_type)
{
	NxOutlinePart part = { .type = make_type (outline, parent, content_type), .parent = parent };
	g_array_append_val (outline->parts, part);
	return outline->parts->len - 1;
}

void
nx_outline_set_kind (NxOutline *outline, guint part, NxOutlineKind kind)
{
	get_part (outline, part)->kind = kind;
}

void
nx_outline_set_opaque (NxOutline *outline, guint part)
{
	nx_content_type_free (get_part (outline, part)->type);
	get_part (outline, part)->type = nx_content_type_new ("application/octet-stream");
}

void
nx_outline_set_type (NxOutline *outline, guint part, const char *content_type)
{
	NxContentType *type = make_type (outline, get_part (outline, part)->parent, content_type);
	nx_content_type_free (get_part (outline, part)->type);
	get_part (outline, part)->type = type;
}

void
nx_outline_set_place (NxOutline *outline, guint part, gsize header, gsize body)
{
	NxOutlinePart *place = get_part (outline, part);
	place->header = header;
	place->body = body;
	place->end = body;
	outline->open = part;
}

void
nx_outline_drop (NxOutline *outline)
{
	g_array_set_size (outline->parts, outline->parts->len - 1);
	if (outline->open == outline->parts->len)
		outline->open = NX_OUTLINE_NONE;
}

void
nx_outline_end (NxOutline *outline, gsize end)
{
	if (outline->open == NX_OUTLINE_NONE)
		return;
	NxOutlinePart *part = get_part (outline, outline->open);
	part->end = MAX (part->body, end);
	outline->open = NX_OUTLINE_NONE;
}

void
nx_outline_finish (NxOutline *outline, gsize end)
{
	nx_outline_end (outline, end);
	for (guint i = 0; i < outline->parts->len; i++) {
		NxOutlinePart *part = get_part (outline, i);
		part->header = MIN (part->header, end);
		part->body = MIN (part->body, end);
		part->end = MIN (part->end, end);
	}
}

guint
nx_outline_get_count (const NxOutline *outline)
{
	return outline->parts->len;
}

const NxOutlinePart *
nx_outline_get_part (const NxOutline *outline, guint part)
{
	return get_part (outline, part);
}

const NxContentType *
nx_outline_get_type (const NxOutline *outline, guint part)
{
	return get_part (outline, part)->type;
}
