/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * outbox.h: what is to be told to the outside: by a list's hook, and by mails to its readers and its owner.
 *
 * Nothing is told while the database is locked. What is to be told is a row with a key, written in the transaction in
 * which the need for it arose; whoever is to tell it claims the row for a while (the lease), tells, and marks it done.
 * Two at once never claim one row; what nobody marked when the lease is over, since he was killed, is claimed again. So
 * it is told at least once, and twice only after a crash between the telling and the mark.
 *
 * The clock enters here: what a subscriber's standing (policy.h) says is due becomes a step, and with it a mail.
 */
#pragma once

#include <nixie/forward.h>

G_BEGIN_DECLS

/**
 * NxOutboxKind: HOOK: the list's program is run. The others are mails: WARNING, PROBE, REMOVED to a reader, ASK to a
 * new address that a report offered, INCIDENT and DIGEST to the list's owner.
 */
typedef enum {
	NX_OUTBOX_NONE,
	NX_OUTBOX_HOOK,
	NX_OUTBOX_WARNING,
	NX_OUTBOX_PROBE,
	NX_OUTBOX_REMOVED,
	NX_OUTBOX_ASK,
	NX_OUTBOX_INCIDENT,
	NX_OUTBOX_DIGEST,
} NxOutboxKind;

NX_API const char *nx_outbox_kind_to_string (NxOutboxKind kind);

/**
 * NxOutboxItem: @list_address: the list's posting address, or "". @subscriber: the address that the subscription has
 * now, "" when it is about none. @step: of a WARNING, PROBE and REMOVED; @proposal: of an ASK; else 0. @payload: JSON;
 * of a HOOK what the program reads. @values: its members as texts (utf8 to utf8). @error: why it did not work the last
 * time. @created, @next (not before then), @leased (somebody is at it until then), @done, @failed (given up): times.
 */
typedef struct {
	gint64 id;
	gint64 step;
	gint64 proposal;
	gint64 created;
	gint64 next;
	gint64 leased;
	gint64 done;
	gint64 failed;
	char *list;
	char *list_address;
	char *subscriber;
	char *payload;
	char *error;
	GHashTable *values;
	NxOutboxKind kind;
	guint attempts;
} NxOutboxItem;

NX_API void nx_outbox_item_free (NxOutboxItem *item);

/* ---- what is due ---- */

/**
 * NxDeeds: how many subscribers were warned, probed and removed, or will be once their mails have left.
 */
typedef struct {
	guint warned;
	guint probed;
	guint removed;
} NxDeeds;

/**
 * nx_store_perform_due: does what is due at @now: a step WARN, PROBE or EXPIRE, with the mail to the reader. Nobody
 * gets to his next step while the mail of the one before has not left. At most @most subscribers, in one transaction;
 * call it until @deeds_out is all 0.
 */
NX_API gboolean nx_store_perform_due (NxStore *store, gint64 now, guint most, NxDeeds *deeds_out, GError **error);

/**
 * nx_store_queue_hooks: for each subscriber of @list whose state or address is another than its hook was told last: one
 * call, of the first thing that it does not know. What was queued before and is no longer so goes. At most @most; call
 * it until @count_out is 0.
 */
NX_API gboolean nx_store_queue_hooks (NxStore *store, const char *list, gint64 now, guint most, guint *count_out,
				      GError **error);

/**
 * nx_store_queue_incidents: a mail to the owner for each incident of @list that has gone on within the last
 * NX_OUTBOX_NEWS_DAYS, once.
 */
NX_API gboolean nx_store_queue_incidents (NxStore *store, const char *list, gint64 now, guint *count_out,
					  GError **error);

/**
 * nx_store_queue_digest: a mail to the owner when @days have passed since the last one, and something happened. The
 * first call only notes the time.
 */
NX_API gboolean nx_store_queue_digest (NxStore *store, const char *list, gint64 now, guint days, guint *count_out,
				       GError **error);

/**
 * nx_store_queue_asks: a mail to the new address of each open proposal of @list that is signed, that nobody has asked
 * or decided yet, and that nothing speaks against.
 */
NX_API gboolean nx_store_queue_asks (NxStore *store, const char *list, const NxForwardTerms *terms, guint *count_out,
				     GError **error);

#define NX_OUTBOX_NEWS_DAYS 7
#define NX_OUTBOX_GIVE_UP_DAYS 30
#define NX_OUTBOX_KEEP_DAYS 30

/* ---- telling ---- */

/**
 * nx_store_claim_item: the oldest row of a kind that waits, claimed until @now + @lease seconds. What nobody needs any
 * more (the reader is not suspended now) is marked done. @item_out: (transfer full): NULL when nothing waits.
 */
NX_API gboolean nx_store_claim_item (NxStore *store, NxOutboxKind kind, gint64 now, guint lease,
				     NxOutboxItem **item_out, GError **error);

/**
 * nx_store_finish_item: it was told. The hook's list manager now knows of it; a warning's step gets the time at which
 * it left.
 */
NX_API gboolean nx_store_finish_item (NxStore *store, const NxOutboxItem *item, gint64 now, GError **error);

/**
 * nx_store_postpone_item: it was not told. Again after 1 minute, 2, 4 … at most a day; given up when it has waited for
 * NX_OUTBOX_GIVE_UP_DAYS. @why: one line.
 */
NX_API gboolean nx_store_postpone_item (NxStore *store, const NxOutboxItem *item, const char *why, gint64 now,
					GError **error);

/**
 * nx_store_list_items: what waits, or was given up; oldest first. @list: (nullable). @most: 0 for all. Returns:
 * (transfer full) (element-type NxOutboxItem)
 */
NX_API GPtrArray *nx_store_list_items (NxStore *store, const char *list, guint most, GError **error);

/**
 * NxOutboxCounts: what waits, and what was given up.
 */
typedef struct {
	guint hooks;
	guint mails;
	guint failed;
} NxOutboxCounts;

NX_API gboolean nx_store_count_items (NxStore *store, NxOutboxCounts *counts_out, GError **error);

/**
 * nx_store_retry_item: the next one to tell it may do so at once. nx_store_drop_item: it is not told; what a hook was
 * to be told counts as told. NX_ERROR_NOT_FOUND when nothing of this number waits.
 */
NX_API gboolean nx_store_retry_item (NxStore *store, gint64 id, gint64 now, GError **error);
NX_API gboolean nx_store_drop_item (NxStore *store, gint64 id, gint64 now, GError **error);

/**
 * nx_store_clean_outbox: marks mails done that nobody needs any more (as nx_store_claim_item() does), and forgets what
 * was told more than NX_OUTBOX_KEEP_DAYS ago; of incidents, a year.
 */
NX_API gboolean nx_store_clean_outbox (NxStore *store, gint64 now, GError **error);

/* ---- readers who come back ---- */

/**
 * nx_store_add_token: @token (confirmation.h) is about to be sent in the mail of @step. Only a hash of it is kept.
 */
NX_API gboolean nx_store_add_token (NxStore *store, gint64 step, const char *token, GError **error);

/**
 * nx_store_enable_subscriber: the reader has sent @token back: a step ENABLE makes the subscription active again, when
 * it is suspended, or was ended by the policy. A token is good once, and with it those that he was sent before.
 * NX_ERROR_NOT_FOUND when it is none; NX_ERROR_DATA when it was used, or there is nothing to come back from.
 * @list_out, @address_out: (nullable) (transfer full).
 */
NX_API gboolean nx_store_enable_subscriber (NxStore *store, const char *token, gint64 now, gint64 *step_out,
					    char **list_out, char **address_out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxOutboxItem, nx_outbox_item_free)

G_END_DECLS
