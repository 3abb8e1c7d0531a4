/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.h: the new address that a reply offers (RFC 5321 3.4: 251 and 551; 5.1.6 texts; "has moved to").
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_forward_find: the first address in @text that may be the new one.
 * @known: (element-type utf8) (nullable): addresses that can't be: the failed one, the list's own, where the report
 * went. Returns: (transfer full) (nullable): never a role address, never one inside a URL or a contact notice.
 */
char *nx_forward_find (const char *text, const GPtrArray *known);

G_END_DECLS
