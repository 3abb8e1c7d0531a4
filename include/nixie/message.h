/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * message.h: one mail, taken apart under limits (RFC 5322, RFC 2045, RFC 2047).
 *
 * Any bytes make a message; what is wrong with them is in its defects. Line ends of any kind are taken.
 * Nesting, parts, headers and decoded text are capped; what lies beyond a cap is left out and a defect says so.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxMessage NxMessage;

/**
 * nx_message_new: takes a mail apart. @data is not kept. Returns: (transfer full): never NULL.
 */
NX_API NxMessage *nx_message_new (const char *data, gsize length);
NX_API void nx_message_free (NxMessage *message);

/**
 * nx_message_get_header: the first header with this name, unfolded, decoded to UTF-8, without control characters; ""
 * when there is none.
 */
NX_API const char *nx_message_get_header (const NxMessage *message, const char *name);

/**
 * nx_message_get_date: the Date header, else the newest Received header's date; 0 when neither tells one.
 */
NX_API gint64 nx_message_get_date (const NxMessage *message);

/**
 * nx_message_get_fingerprint: 32 hex digits of a hash over the headers that identify a mail (Message-ID, Date, From,
 * Subject, To) and its body, with line ends, trailing white space and ">From " quoting made alike: the same for every
 * copy of a mail, whatever route it took to the archive.
 */
NX_API const char *nx_message_get_fingerprint (const NxMessage *message);

/**
 * nx_message_get_defects: short names of what was wrong ("too-many-parts"), parted by blanks; "" when nothing.
 */
NX_API const char *nx_message_get_defects (const NxMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxMessage, nx_message_free)

G_END_DECLS
