/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doubt.h: words beside which no other words prove that an address is dead.
 */
#pragma once

#include "verdict/codes.h"

G_BEGIN_DECLS

/**
 * nx_doubt_find: what @text, in match form, speaks of, when that is not the recipient's death. The meaning's reason is
 * NX_REASON_NONE where the reason that was found may stay. Returns: FALSE when nothing casts doubt.
 */
gboolean nx_doubt_find (const char *text, NxMeaning *meaning_out);

G_END_DECLS
