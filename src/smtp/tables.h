/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tables.h: the two tables of this room, as status.c and reply.c read them. Both are ordered for bsearch().
 */
#pragma once

#include <nixie/reply.h>
#include <nixie/status.h>

G_BEGIN_DECLS

extern const NxStatusInfo nx_status_infos[];
extern const guint nx_status_infos_count;

extern const NxReplyInfo nx_reply_infos[];
extern const guint nx_reply_infos_count;

G_END_DECLS
