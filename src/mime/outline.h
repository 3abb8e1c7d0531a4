/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * outline.h: the parts of a mail as places in its bytes, written down while prescan.c walks over the lines.
 */
#pragma once

#include "mime/content-type.h"

#include <nixie/error.h>

G_BEGIN_DECLS

#define NX_OUTLINE_NONE G_MAXUINT

/**
 * NxOutlineKind: a leaf has content; a multipart has parts; a message has one part, whose header block is the enclosed
 * message's own.
 */
typedef enum {
	NX_OUTLINE_LEAF,
	NX_OUTLINE_MULTIPART,
	NX_OUTLINE_MESSAGE,
} NxOutlineKind;

/**
 * NxOutlinePart: @type: its Content-Type. @parent: the part around it, or NX_OUTLINE_NONE. Its header block lies from
 * @header up to @body, its content up to @end.
 */
typedef struct {
	NxContentType *type;
	gsize header;
	gsize body;
	gsize end;
	guint parent;
	NxOutlineKind kind;
} NxOutlinePart;

typedef struct _NxOutline NxOutline;

NxOutline *nx_outline_new (void);
void nx_outline_free (NxOutline *outline);

/**
 * nx_outline_add: a part begins, and is a leaf. @content_type: (nullable): the value of its header. Returns: its
 * number.
 */
guint nx_outline_add (NxOutline *outline, guint parent, const char *content_type);

void nx_outline_set_kind (NxOutline *outline, guint part, NxOutlineKind kind);

/**
 * nx_outline_set_opaque: it stays a leaf, whatever its Content-Type says.
 */
void nx_outline_set_opaque (NxOutline *outline, guint part);

/**
 * nx_outline_set_type: another Content-Type than what it had at first. @content_type: (nullable).
 */
void nx_outline_set_type (NxOutline *outline, guint part, const char *content_type);

/**
 * nx_outline_set_place: where its header block stands, and its content begins.
 */
void nx_outline_set_place (NxOutline *outline, guint part, gsize header, gsize body);

/**
 * nx_outline_drop: the part that was added last is none.
 */
void nx_outline_drop (NxOutline *outline);

/**
 * nx_outline_end: the content of the part that was placed last ends here; nothing when it did before.
 */
void nx_outline_end (NxOutline *outline, gsize end);

/**
 * nx_outline_finish: the mail ends here; nothing reaches further.
 */
void nx_outline_finish (NxOutline *outline, gsize end);

guint nx_outline_get_count (const NxOutline *outline);
const NxOutlinePart *nx_outline_get_part (const NxOutline *outline, guint part);

/**
 * nx_outline_get_type: Borrowed.
 */
const NxContentType *nx_outline_get_type (const NxOutline *outline, guint part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxOutline, nx_outline_free)

G_END_DECLS
