/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pair.h: list managers that cannot suspend a member: he is put aside, into a second set of members, and back.
 *
 * Each step can be done again, and adding comes before dropping: a call that was killed in between leaves a member in
 * two sets, never in none, and the next call mends that.
 */
#pragma once

#include "driver.h"

G_BEGIN_DECLS

/**
 * NxPairSet: @NX_PAIR_ACTIVE: gets mail. @NX_PAIR_ASIDE: put there by nixie. @NX_PAIR_OTHER: gets no mail, as he wants
 * it.
 */
typedef enum {
	NX_PAIR_ACTIVE,
	NX_PAIR_ASIDE,
	NX_PAIR_OTHER,
	NX_PAIR_SETS,
} NxPairSet;

/**
 * NxPair: @list: its name in messages. @data: for the functions.
 * @find: *entry_out is (transfer full) what the set has of the address, or NULL when he is not in it.
 * @add: does nothing when he is in it. @entry: (nullable): of another set, or of another address of his.
 * @drop: does nothing when he is not in it.
 */
typedef struct {
	const char *list;
	gpointer data;
	gboolean (*find) (gpointer data, NxPairSet set, const char *address, char **entry_out, GError **error);
	gboolean (*add) (gpointer data, NxPairSet set, const char *address, const char *entry, GError **error);
	gboolean (*drop) (gpointer data, NxPairSet set, const char *address, GError **error);
} NxPair;

/**
 * nx_pair_apply: does what @call says.
 */
gboolean nx_pair_apply (const NxPair *pair, const NxDriverCall *call, GError **error);

G_END_DECLS
