/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * difference.h: how two codes differ.
 */
#pragma once

#include "code.h"

G_BEGIN_DECLS

/**
 * nx_difference_explain: in one or a few sentences. Returns: (transfer full)
 */
char *nx_difference_explain (const NxCode *a, const NxCode *b);

G_END_DECLS
