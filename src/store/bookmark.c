/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bookmark.c: the part of bookmarks that is the same for every backend. See nixie/bookmark.h.
 */
#include <nixie/bookmark.h>

#include "store/store-private.h"

gboolean
nx_store_set_bookmark (NxStore *store, const char *name, const char *terms, const NxSourcePosition *position,
		       GError **error)
{
	g_return_val_if_fail (store != NULL && name != NULL && terms != NULL && position != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->set_bookmark (store, name, terms, position, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_find_bookmark (NxStore *store, const char *name, const char *terms, NxBookmark **bookmark_out, GError **error)
{
	g_return_val_if_fail (store != NULL && name != NULL && terms != NULL && bookmark_out != NULL, FALSE);
	*bookmark_out = NULL;
	return store->interface->find_bookmark (store, name, terms, bookmark_out, error);
}

gboolean
nx_store_drop_bookmark (NxStore *store, const char *name, GError **error)
{
	g_return_val_if_fail (store != NULL && name != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->drop_bookmark (store, name, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_drop_bookmarks (NxStore *store, const char *folder, NxBookmarkFunc is_gone, gpointer user_data, GError **error)
{
	g_return_val_if_fail (store != NULL && folder != NULL && is_gone != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->drop_bookmarks (store, folder, is_gone, user_data, error);
	return nx_store_leave_write (store, own, done, error);
}

void
nx_bookmark_free (NxBookmark *bookmark)
{
	if (bookmark == NULL)
		return;
	g_free (bookmark->member);
	g_free (bookmark->identity);
	g_free (bookmark);
}
