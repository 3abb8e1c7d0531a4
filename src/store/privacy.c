/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privacy.c: the part of purging and forgetting that is the same for every backend. See nixie/privacy.h.
 */
#include <nixie/privacy.h>

#include "store/store-private.h"

gboolean
nx_store_purge (NxStore *store, const NxPurgeTerms *terms, NxPurged *purged_out, GError **error)
{
	g_return_val_if_fail (store != NULL && terms != NULL && terms->salt != NULL && purged_out != NULL, FALSE);
	gboolean own;
	*purged_out = (NxPurged){ 0 };
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->purge (store, terms, purged_out, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_forget (NxStore *store, const char *address, const NxPurgeTerms *terms, NxPurged *purged_out, GError **error)
{
	g_return_val_if_fail (store != NULL && address != NULL && terms != NULL && terms->salt != NULL, FALSE);
	g_return_val_if_fail (purged_out != NULL, FALSE);
	gboolean own;
	*purged_out = (NxPurged){ 0 };
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->forget (store, address, terms, purged_out, error);
	return nx_store_leave_write (store, own, done, error);
}
