/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * undo.c: the part of taking back that is the same for every backend. See nixie/undo.h.
 */
#include <nixie/undo.h>

#include "store/store-private.h"

static NxTakenBack *
leave (NxStore *store, gboolean own, NxTakenBack *taken_back, GError **error)
{
	if (nx_store_leave_write (store, own, taken_back != NULL, error))
		return taken_back;
	nx_taken_back_free (taken_back);
	return NULL;
}

NxTakenBack *
nx_store_set_aside (NxStore *store, const NxEventScope *scope, const char *note, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL && scope != NULL && note != NULL, NULL);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return NULL;
	return leave (store, own, store->interface->set_aside (store, scope, note, now, error), error);
}

NxTakenBack *
nx_store_undo_transition (NxStore *store, gint64 transition, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return NULL;
	return leave (store, own, store->interface->undo_transition (store, transition, NULL, NULL, now, error), error);
}

NxTakenBack *
nx_store_undo_address (NxStore *store, const char *list, const char *address, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && address != NULL, NULL);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return NULL;
	return leave (store, own, store->interface->undo_transition (store, 0, list, address, now, error), error);
}

void
nx_change_free (NxChange *change)
{
	if (change == NULL)
		return;
	g_free (change->list);
	g_free (change->address);
	g_free (change);
}

void
nx_taken_back_free (NxTakenBack *taken_back)
{
	if (taken_back == NULL)
		return;
	g_clear_pointer (&taken_back->changes, g_ptr_array_unref);
	g_free (taken_back);
}
