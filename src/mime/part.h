/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * part.h: the parts of a message, flattened in reading order, for the modules that read reports.
 */
#pragma once

#include "mime/headers.h"

#include <nixie/message.h>

G_BEGIN_DECLS

#define NX_PART_NONE G_MAXUINT

/**
 * NxPart: one MIME part. @type: "text/plain" in lower case. @parent: index of the multipart or message around it,
 * NX_PART_NONE for the first.
 * @enclosed: TRUE when it lies inside an enclosed message (message/rfc822): it belongs to a mail that this one only
 * carries.
 */
typedef struct {
	const char *type;
	guint parent;
	gboolean enclosed;
} NxPart;

guint nx_message_get_part_count (const NxMessage *message);
const NxPart *nx_message_get_part (const NxMessage *message, guint index);

/**
 * nx_message_find_part: the first part of this type that is not enclosed in another mail, or NX_PART_NONE. @type:
 * "message/delivery-status".
 */
guint nx_message_find_part (const NxMessage *message, const char *type);

/**
 * nx_message_get_part_parameter: a parameter of its Content-Type, or NULL.
 */
const char *nx_message_get_part_parameter (const NxMessage *message, guint index, const char *name);

/**
 * nx_message_dup_part_header: a header of the part itself ("Content-Description"), decoded; "" when absent.
 */
char *nx_message_dup_part_header (const NxMessage *message, guint index, const char *name);

/**
 * nx_message_dup_part_text: a leaf part's content, decoded to UTF-8, with LF line ends, at most NX_LIMIT_TEXT_BYTES; ""
 * for multiparts. HTML comes out as its visible text.
 */
char *nx_message_dup_part_text (const NxMessage *message, guint index);

/**
 * nx_message_read_part_headers: the headers that a part carries as its content: those of an enclosed message, or the
 * content of text/rfc822-headers and its kin. Returns: (nullable): NULL for other parts.
 */
NxHeaders *nx_message_read_part_headers (const NxMessage *message, guint index);

/**
 * nx_message_get_body: everything behind the message's headers, as it came but for its line ends.
 */
const char *nx_message_get_body (const NxMessage *message);

/**
 * nx_message_is_unfinished: TRUE when the last line has no end: it may be half a line.
 */
gboolean nx_message_is_unfinished (const NxMessage *message);

/**
 * nx_message_is_open: TRUE when a multipart's last boundary never comes: the mail was cut, or its writer forgot.
 */
gboolean nx_message_is_open (const NxMessage *message);

/**
 * nx_message_get_header_match: nx_message_get_header() in match form (base/text.h). Borrowed.
 */
const char *nx_message_get_header_match (const NxMessage *message, const char *name);

/**
 * nx_message_get_headers: the message's own headers.
 */
const NxHeaders *nx_message_get_headers (const NxMessage *message);

G_END_DECLS
