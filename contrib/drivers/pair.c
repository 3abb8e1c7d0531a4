/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pair.c: see pair.h.
 */
#include "pair.h"

static gboolean
find (const NxPair *pair, NxPairSet set, const char *address, char **entry_out, GError **error)
{
	g_free (*entry_out);
	*entry_out = NULL;
	return pair->find (pair->data, set, address, entry_out, error);
}

static gboolean
find_anywhere (const NxPair *pair, const char *address, gboolean *found_out, GError **error)
{
	*found_out = FALSE;
	for (guint set = 0; set < NX_PAIR_SETS && !*found_out; set++) {
		g_autofree char *entry = NULL;

		if (!find (pair, (NxPairSet)set, address, &entry, error))
			return FALSE;
		*found_out = entry != NULL;
	}
	return TRUE;
}

static gboolean
carry (const NxPair *pair, NxPairSet from, NxPairSet to, const char *address, GError **error)
{
	const char *verb = to == NX_PAIR_ASIDE ? "suspend" : "restore";
	g_autofree char *entry = NULL;

	if (!find (pair, from, address, &entry, error))
		return FALSE;
	if (entry == NULL) {
		nx_driver_note ("%s is not %s on %s: nothing to do", address,
				to == NX_PAIR_ASIDE ? "an active member" : "suspended by nixie", pair->list);
		return TRUE;
	}
	return !nx_driver_begin ("%s %s on %s", verb, address, pair->list) ||
	       (pair->add (pair->data, to, address, entry, error) && pair->drop (pair->data, from, address, error));
}

static gboolean
remove_member (const NxPair *pair, const char *address, GError **error)
{
	gboolean found = FALSE;

	if (!find_anywhere (pair, address, &found, error))
		return FALSE;
	if (!found) {
		nx_driver_note ("%s is no member of %s: nothing to do", address, pair->list);
		return TRUE;
	}
	if (!nx_driver_begin ("remove %s from %s", address, pair->list))
		return TRUE;
	for (guint set = 0; set < NX_PAIR_SETS; set++) {
		if (!pair->drop (pair->data, (NxPairSet)set, address, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
add_member (const NxPair *pair, const char *address, GError **error)
{
	g_autofree char *entry = NULL;
	gboolean found = FALSE;

	if (!find (pair, NX_PAIR_ASIDE, address, &entry, error))
		return FALSE;
	if (entry != NULL)
		return carry (pair, NX_PAIR_ASIDE, NX_PAIR_ACTIVE, address, error);
	if (!find_anywhere (pair, address, &found, error))
		return FALSE;
	if (found) {
		nx_driver_note ("%s is a member of %s: nothing to do", address, pair->list);
		return TRUE;
	}
	return !nx_driver_begin ("subscribe %s to %s", address, pair->list) ||
	       pair->add (pair->data, NX_PAIR_ACTIVE, address, NULL, error);
}

static gboolean
move_in (const NxPair *pair, NxPairSet set, const char *from, const char *to, gboolean *moved, GError **error)
{
	g_autofree char *entry = NULL;
	gboolean found = FALSE;

	if (!find (pair, set, from, &entry, error) || !find_anywhere (pair, to, &found, error))
		return FALSE;
	if (entry == NULL)
		return TRUE;
	*moved = TRUE;
	if (!nx_driver_begin (found ? "remove %s from %s: %s is a member" : "change the address of %s on %s to %s",
			      from, pair->list, to))
		return TRUE;
	return (found || pair->add (pair->data, set, to, entry, error)) && pair->drop (pair->data, set, from, error);
}

static gboolean
move_member (const NxPair *pair, const char *from, const char *to, GError **error)
{
	gboolean moved = FALSE;

	for (guint set = 0; set < NX_PAIR_SETS && !nx_driver_is_same (from, to); set++) {
		if (!move_in (pair, (NxPairSet)set, from, to, &moved, error))
			return FALSE;
	}
	if (!moved)
		nx_driver_note ("%s is no member of %s (any more): nothing to do", from, pair->list);
	return TRUE;
}

gboolean
nx_pair_apply (const NxPair *pair, const NxDriverCall *call, GError **error)
{
	switch (call->action) {
	case NX_DRIVER_SUSPEND:
		return carry (pair, NX_PAIR_ACTIVE, NX_PAIR_ASIDE, call->address, error);
	case NX_DRIVER_RESTORE:
		return carry (pair, NX_PAIR_ASIDE, NX_PAIR_ACTIVE, call->address, error);
	case NX_DRIVER_REMOVE:
		return remove_member (pair, call->address, error);
	case NX_DRIVER_MOVE:
		return move_member (pair, call->old_address, call->address, error);
	case NX_DRIVER_ADD:
	default:
		return add_member (pair, call->address, error);
	}
}
