/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * waiting.h: one row of the outbox in words.
 */
#pragma once

#include <nixie/nixie.h>

G_BEGIN_DECLS

/**
 * nx_waiting_describe: "warn ann@example.org on news", escaped for terminals. Returns: (transfer full)
 */
char *nx_waiting_describe (const NxOutboxItem *item);

G_END_DECLS
