/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bookmark.h: how far files were read, kept in the database.
 *
 * A bookmark set in the transaction that records what was read (nx_store_begin) says exactly what is recorded: after a
 * crash, nx_source_open_at() goes on there. It is a saving and no more: without it everything is read again, and what
 * is known already changes nothing.
 */
#pragma once

#include <nixie/source.h>
#include <nixie/store.h>

G_BEGIN_DECLS

/**
 * NxBookmark: as in NxSourcePosition, whose path the caller knows.
 */
typedef struct {
	char *member;
	char *identity;
	guint64 offset;
} NxBookmark;

/**
 * nx_store_set_bookmark: @name: by what the file will be known, UTF-8; not the position's path, which may be relative.
 * @terms: what the reading depended on, in any words.
 */
NX_API gboolean nx_store_set_bookmark (NxStore *store, const char *name, const char *terms,
				       const NxSourcePosition *position, GError **error);

/**
 * nx_store_find_bookmark: @bookmark_out: (transfer full): NULL when there is none, or one for other terms.
 */
NX_API gboolean nx_store_find_bookmark (NxStore *store, const char *name, const char *terms, NxBookmark **bookmark_out,
					GError **error);

/**
 * nx_store_drop_bookmark: one that is not there is no failure.
 */
NX_API gboolean nx_store_drop_bookmark (NxStore *store, const char *name, GError **error);

typedef gboolean (*NxBookmarkFunc) (const char *name, gpointer user_data);

/**
 * nx_store_drop_bookmarks: drops those below @folder (a name without a slash at its end) that @is_gone says TRUE of.
 */
NX_API gboolean nx_store_drop_bookmarks (NxStore *store, const char *folder, NxBookmarkFunc is_gone, gpointer user_data,
					 GError **error);

NX_API void nx_bookmark_free (NxBookmark *bookmark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxBookmark, nx_bookmark_free)

G_END_DECLS
