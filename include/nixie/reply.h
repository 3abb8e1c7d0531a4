/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reply.h: SMTP replies: the three-digit code and its text (RFC 5321 section 4.2, RFC 4954, RFC 7504).
 *
 * In bounces a multi-line reply arrives in many shapes: line by line, folded anywhere, or glued to
 * "550-5.1.1 one 550-5.1.1 two 550 5.1.1 three". nx_reply_parse() makes one line of each of them.
 */
#pragma once

#include <nixie/error.h>
#include <nixie/status.h>

G_BEGIN_DECLS

/**
 * NxReply: a reply as one line. @code 0: none found. @status: the enhanced code inside, if any.
 * @text: everything behind the codes; codes repeated by a multi-line reply are gone; white space is
 * folded; control characters are gone.
 */
typedef struct {
	guint code;
	NxStatus status;
	char *text;
} NxReply;

/**
 * NxReplyInfo: what the standards say of a code. @machine: RFC 5321 4.2 means the text for programs
 * (220, 221, 251, 421, 551).
 */
typedef struct {
	guint code;
	gboolean machine;
	const char *name;
	const char *meaning;
	const char *seen;
	const char *cure;
	const char *section;
} NxReplyInfo;

/**
 * nx_reply_parse: reads @text, which may be several lines. Never fails: a text without a code gives code 0.
 * The code is the last line's (RFC 5321 4.2.1 wants the same on each line). Numbers inside addresses,
 * IP addresses, versions, dates and queue ids are no codes. A host's name and "said:" before the reply,
 * and a "smtp;" type, are skipped when a reply follows.
 * Returns: (transfer full)
 */
NX_API NxReply *nx_reply_parse (const char *text);
NX_API void nx_reply_free (NxReply *reply);

/**
 * nx_reply_get_info: the table's row, or NULL when no standard defines the code.
 */
NX_API const NxReplyInfo *nx_reply_get_info (guint code);

/**
 * nx_reply_list_infos: all rows, ordered by code. @count_out: their number.
 */
NX_API const NxReplyInfo *nx_reply_list_infos (guint *count_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxReply, nx_reply_free)

G_END_DECLS
