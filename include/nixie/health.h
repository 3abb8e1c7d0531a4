/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * health.h: whether a database is sound, and what waits in it.
 *
 * Looks at every page of the database once, which takes as long as reading the file. Changes nothing.
 */
#pragma once

#include <nixie/store.h>

G_BEGIN_DECLS

/**
 * NxHealth: @damage: the first thing that is wrong with the file, "" for nothing. @schema: its number. @strays: rows
 * that refer to what is not there. @stale_days: days whose incidents are to be looked for anew; the next command that
 * writes does so. @ran: when nixie run came to its end (nx_store_clean_outbox()), 0 for never.
 */
typedef struct {
	char *damage;
	gint64 schema;
	gint64 strays;
	gint64 stale_days;
	gint64 ran;
} NxHealth;

/**
 * nx_store_check_health: @health_out: (out caller-allocates): to be cleared with nx_health_clear(), also after an
 * error. A file that is damaged in such a way that it cannot be read is NX_ERROR_STORE.
 */
NX_API gboolean nx_store_check_health (NxStore *store, NxHealth *health_out, GError **error);
NX_API void nx_health_clear (NxHealth *health);

G_END_DECLS
