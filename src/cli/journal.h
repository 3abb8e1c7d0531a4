/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal.h: steps (nixie/forward.h) as people read them.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_journal_format_step: "2026-11-23  step 3  the address was changed: a@x -> b@y", fit for a terminal.
 * Returns: (transfer full)
 */
char *nx_journal_format_step (const NxStep *step);

G_END_DECLS
