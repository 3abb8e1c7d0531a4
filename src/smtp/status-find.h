/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * status-find.h: what reply.c asks of status.c beyond the public header.
 */
#pragma once

#include <nixie/status.h>

G_BEGIN_DECLS

/**
 * nx_status_find_place: as nx_status_find(), and says whether the code stands right behind a three-digit reply.
 */
gboolean nx_status_find_place (const char *text, NxStatus *status_out, gboolean *behind_reply_out);

/**
 * nx_status_is_reply_code: TRUE when @p begins a number that may be a reply: class 2, 4 or 5, second digit 0 to 5
 * (RFC 5321 4.2.1), or 57x and 46x to 49x, which are met in the wild, and no fourth digit.
 */
gboolean nx_status_is_reply_code (const char *p);

G_END_DECLS
