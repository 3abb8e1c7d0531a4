/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.h: the new address that a reply offers (RFC 5321 3.4: 251 and 551; 5.1.6 texts; "has moved to").
 */
#pragma once

#include "verdict/bystander.h"

G_BEGIN_DECLS

/**
 * nx_forward_find: the one address in @text that may be the new one.
 * @known: (element-type utf8) (nullable): addresses that can't be: the failed one, the writer's; with any "+detail".
 * @lists: (element-type utf8) (nullable): return paths and addresses of lists: neither they nor what their lists' names
 * begin ("news-request" of "news-bounces") can be.
 * Returns: (transfer full) (nullable): NULL when the text offers none, or two. Never a role address, never one inside a
 * URL or that a bystander stanza tells of, never one with a route in its local part ("a%b@c", "b!a@c") or made by a
 * mailer ("SRS0=…", "bounce-a=b@c").
 */
char *nx_forward_find (const NxBystanders *bystanders, const char *text, const GPtrArray *known,
		       const GPtrArray *lists);

G_END_DECLS
