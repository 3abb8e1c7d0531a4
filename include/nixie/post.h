/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * post.h: the mails that a list sent, as far as it is known.
 *
 * What did not come back came through: so many posts without a failure between two failures make the policy begin anew
 * (policy.h, quiet-posts). Posts are told by nx_store_add_post(), and learned by nx_store_record() from events that are
 * proven by NX_PROOF_ORIGINAL at least and name the Message-ID and the Date of the mail that came back. Whatever comes
 * first, reports or posts, the states are the same.
 */
#pragma once

#include <nixie/store.h>

G_BEGIN_DECLS

/**
 * NxPost: @message_id: with its angle brackets. @date: the earliest that was told.
 */
typedef struct {
	char *list;
	char *message_id;
	gint64 date;
} NxPost;

/**
 * nx_store_add_post: @message_id: as in its header field, or without the brackets; NX_ERROR_DATA when it is none.
 * @date: when it was sent; NX_ERROR_DATA when it is not later than 0. Told again, the earlier date stays.
 * @added_out: (nullable): FALSE when nothing changed. NX_ERROR_NOT_FOUND when there is no such list.
 */
NX_API gboolean nx_store_add_post (NxStore *store, const char *list, const char *message_id, gint64 date,
				   gboolean *added_out, GError **error);

/**
 * nx_store_list_posts: those sent at @since or later, oldest first. @list: (nullable).
 * Returns: (transfer full) (element-type NxPost)
 */
NX_API GPtrArray *nx_store_list_posts (NxStore *store, const char *list, gint64 since, GError **error);
NX_API void nx_post_free (NxPost *post);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxPost, nx_post_free)

G_END_DECLS
