/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store-private.h: what a store backend has to offer, and the part of the work that is the same for all of them.
 *
 * A backend is a NxStoreInterface and one row in the table of store.c. It derives its own struct from NxStore (first
 * member). store.c opens and closes the transaction around every call that writes, so a backend's writing functions
 * always find one open. A backend never sees NULL where store.h allows it only in a public call: absent texts are "".
 */
#pragma once

#include <nixie/address.h>
#include <nixie/bookmark.h>
#include <nixie/forward.h>
#include <nixie/health.h>
#include <nixie/incident.h>
#include <nixie/outbox.h>
#include <nixie/post.h>
#include <nixie/privacy.h>
#include <nixie/replay.h>
#include <nixie/undo.h>

G_BEGIN_DECLS

#define NX_STORE_DAY_SECONDS 86400

/* 10 octets for the report and recipient, then 6 for the list: all rows of one (report, recipient) lie side by side. */
#define NX_EVENT_KEY_BYTES 16
#define NX_EVENT_KEY_PREFIX_BYTES 10

typedef struct {
	guint8 bytes[NX_EVENT_KEY_BYTES];
} NxEventKey;

/**
 * NxOutboxInterface: one function for each of outbox.h that reads or writes. Tokens come as their hash.
 */
typedef struct {
	gboolean (*perform_due) (NxStore *store, gint64 now, guint most, NxDeeds *deeds_out, GError **error);
	gboolean (*queue_hooks) (NxStore *store, const char *list, gint64 now, guint most, guint *count_out,
				 GError **error);
	gboolean (*queue_incidents) (NxStore *store, const char *list, gint64 now, guint *count_out, GError **error);
	gboolean (*queue_digest) (NxStore *store, const char *list, gint64 now, guint days, guint *count_out,
				  GError **error);
	gboolean (*queue_asks) (NxStore *store, const char *list, const NxForwardTerms *terms, guint *count_out,
				GError **error);
	gboolean (*claim_item) (NxStore *store, NxOutboxKind kind, gint64 now, guint lease, NxOutboxItem **item_out,
				GError **error);
	gboolean (*finish_item) (NxStore *store, const NxOutboxItem *item, gint64 now, GError **error);
	gboolean (*postpone_item) (NxStore *store, const NxOutboxItem *item, const char *why, gint64 now,
				   GError **error);
	GPtrArray *(*list_items) (NxStore *store, const char *list, guint most, GError **error);
	gboolean (*count_items) (NxStore *store, NxOutboxCounts *counts_out, GError **error);
	gboolean (*retry_item) (NxStore *store, gint64 id, gint64 now, GError **error);
	gboolean (*drop_item) (NxStore *store, gint64 id, gint64 now, GError **error);
	gboolean (*clean) (NxStore *store, gint64 now, GError **error);
	gboolean (*add_token) (NxStore *store, gint64 step, const char *hash, GError **error);
	gboolean (*enable_subscriber) (NxStore *store, const char *hash, gint64 now, gint64 *step_out, char **list_out,
				       char **address_out, GError **error);
} NxOutboxInterface;

/**
 * NxStoreInterface: one function for each of store.h. @begin: waits for other writers up to NxStore.wait_msec.
 * @commit: undoes everything itself when it fails. @set_list: NULL for what stays.
 * @list_proposals: @id: 0 for all. @decide_proposal: @kind: ASK (with the token's hash), CONFIRM (which accepts),
 * RETURNED, REJECT, or MOVE for accepting, be it by a MOVE or a MERGE. @find_token: @id_out: 0 when nothing waits for
 * it; @asked_out: when it was sent. @decide_subscriber: @kind: RESTORE or REMOVE. @undo_transition: @list: NULL, or why
 * @address is not active there, and then @transition does not matter. @find_list: (transfer full): NULL without an
 * error when @hint means none. @add_post: @message_id: with its brackets. @set_policy: @text: NULL for none of its own.
 * @replay: @more_out: FALSE when @func stopped it.
 * @list_incidents: @id: 0 for all. @decide_incident: @kind: CLOSE, COUNT or HOLD; HOLD undoes what the others did.
 * @settle: within a transaction.
 */
typedef struct {
	const NxOutboxInterface *outbox;
	void (*free) (NxStore *store);
	gboolean (*begin) (NxStore *store, GError **error);
	gboolean (*commit) (NxStore *store, GError **error);
	void (*rollback) (NxStore *store);
	gboolean (*add_list) (NxStore *store, const char *name, const char *address, GError **error);
	GPtrArray *(*list_lists) (NxStore *store, GError **error);
	gboolean (*add_subscriber) (NxStore *store, const char *list, const char *address, const char *name,
				    gboolean *added_out, GError **error);
	gboolean (*foreach_subscriber) (NxStore *store, const char *list, const char *address, NxState state,
					NxSubscriberFunc func, gpointer user_data, GError **error);
	gboolean (*record) (NxStore *store, GPtrArray *events, const char *list, gint64 fallback_date, guint *added_out,
			    GError **error);
	GPtrArray *(*list_events) (NxStore *store, const char *address, const char *list, GError **error);
	GPtrArray *(*list_transitions) (NxStore *store, const char *address, const char *list, GError **error);
	gboolean (*set_list) (NxStore *store, const char *name, const NxProof *least_proof, gint64 since,
			      const NxComplaint *complaint, GError **error);
	gboolean (*get_policy) (NxStore *store, const char *list, NxPolicy *policy_out, GError **error);
	gboolean (*foretell) (NxStore *store, const char *list, const char *address, gint64 now,
			      NxForetold *foretold_out, GError **error);
	gboolean (*decide_subscriber) (NxStore *store, const char *list, const char *address, NxStepKind kind,
				       gint64 now, gint64 *step_out, GError **error);
	GPtrArray *(*list_steps) (NxStore *store, const char *address, const char *list, GError **error);
	gboolean (*undo_step) (NxStore *store, gint64 step, gint64 now, GError **error);
	NxTakenBack *(*set_aside) (NxStore *store, const NxEventScope *scope, const char *note, gint64 now,
				   GError **error);
	NxTakenBack *(*undo_transition) (NxStore *store, gint64 transition, const char *list, const char *address,
					 gint64 now, GError **error);
	GPtrArray *(*list_proposals) (NxStore *store, gint64 id, const char *address, const char *list,
				      const NxForwardTerms *terms, GError **error);
	gboolean (*decide_proposal) (NxStore *store, gint64 id, NxStepKind kind, const char *token_hash,
				     const NxForwardTerms *terms, gint64 *step_out, GError **error);
	gboolean (*find_token) (NxStore *store, const char *token_hash, gint64 *id_out, gint64 *asked_out,
				GError **error);
	GPtrArray *(*list_incidents) (NxStore *store, gint64 id, const char *list, GError **error);
	GPtrArray *(*count_incident_domains) (NxStore *store, gint64 id, GError **error);
	gboolean (*decide_incident) (NxStore *store, gint64 id, NxStepKind kind, gint64 now, gint64 *step_out,
				     GError **error);
	gboolean (*settle) (NxStore *store, GError **error);
	char *(*dup_policy_text) (NxStore *store, const char *list, gboolean *own_out, GError **error);
	gboolean (*set_policy) (NxStore *store, const char *list, const char *text, gint64 now, gint64 *step_out,
				GError **error);
	gboolean (*compare) (NxStore *store, const char *list, const NxPolicy *policy, NxReplayFunc func,
			     gpointer user_data, GError **error);
	gboolean (*replay) (NxStore *store, const char *list, NxReplayFunc func, gpointer user_data, gboolean *more_out,
			    GError **error);
	char *(*find_list) (NxStore *store, const char *hint, GError **error);
	gboolean (*add_post) (NxStore *store, const char *list, const char *message_id, gint64 date,
			      gboolean *added_out, GError **error);
	GPtrArray *(*list_posts) (NxStore *store, const char *list, gint64 since, GError **error);
	gboolean (*start_run) (NxStore *store, const char *command, gint64 now, gint64 *run_out, GError **error);
	gboolean (*update_run) (NxStore *store, gint64 run, const char *file, guint64 offset, guint64 messages,
				guint64 events, gint64 finished, GError **error);
	GPtrArray *(*list_runs) (NxStore *store, guint count, GError **error);
	gboolean (*check_health) (NxStore *store, NxHealth *health, GError **error);
	gboolean (*set_bookmark) (NxStore *store, const char *name, const char *terms, const NxSourcePosition *position,
				  GError **error);
	gboolean (*find_bookmark) (NxStore *store, const char *name, const char *terms, NxBookmark **bookmark_out,
				   GError **error);
	gboolean (*drop_bookmark) (NxStore *store, const char *name, GError **error);
	gboolean (*drop_bookmarks) (NxStore *store, const char *folder, NxBookmarkFunc is_gone, gpointer user_data,
				    GError **error);
	gboolean (*purge) (NxStore *store, const NxPurgeTerms *terms, NxPurged *purged, GError **error);
	gboolean (*forget) (NxStore *store, const char *address, const NxPurgeTerms *terms, NxPurged *purged,
			    GError **error);
} NxStoreInterface;

/**
 * NxStore: @address_rules: never NULL once the store is open. @keyed: as from nx_store_set_keyed(). @run: the run that
 * records, 0 for none. @failed: a statement of the open transaction failed, so that it can only be rolled back; the
 * backend sets it. @leaves_stale: a commit does not look for incidents.
 */
struct _NxStore {
	const NxStoreInterface *interface;
	NxStoreFlags flags;
	NxAddressRules *address_rules;
	guint wait_msec;
	gint64 keyed;
	gint64 run;
	gboolean in_transaction;
	gboolean failed;
	gboolean leaves_stale;
};

/**
 * nx_store_enter_write, nx_store_leave_write: every writing call stands between these two. @own_out: TRUE when the
 * transaction is the call's own.
 */
gboolean nx_store_enter_write (NxStore *store, gboolean *own_out, GError **error);
gboolean nx_store_leave_write (NxStore *store, gboolean own, gboolean done, GError **error);

/**
 * NxKnownList: a list as recording needs it. @address_key: "" when it has no address. @keyed: as in NxList.
 */
typedef struct {
	gint64 id;
	char *name;
	char *address_key;
	gint64 keyed;
} NxKnownList;

NxKnownList *nx_known_list_new (gint64 id, const char *name, const char *address_key);
void nx_known_list_free (NxKnownList *list);

/**
 * nx_store_match_list: the list that a hint (NxEvent.list) means: its name, its posting address, a List-Id made of
 * either, or, when that tells none, a name equal to the hint's local part or first label. A hint that fits several
 * lists alike means none.
 * @lists: (element-type NxKnownList). Returns: (nullable): borrowed from @lists.
 */
const NxKnownList *nx_store_match_list (const GPtrArray *lists, const char *hint);

/**
 * NxCloseness: how far an address and a subscription's may differ. EXACT: not at all, by their keys. DOMAIN: their
 * domains may be two that the site calls one. SUBADDRESS: one of them may also have a tag that the other has not.
 */
typedef enum {
	NX_CLOSENESS_EXACT,
	NX_CLOSENESS_DOMAIN,
	NX_CLOSENESS_SUBADDRESS,
} NxCloseness;

/**
 * NxCandidate: an address by which a subscription may be found. @address: borrowed from the event. @any_case: the case
 * of its local part does not count, whatever the site's rules say.
 */
typedef struct {
	const char *address;
	NxCloseness closeness;
	gboolean any_case;
} NxCandidate;

/**
 * nx_store_get_candidates: where to look for the subscription that an event is about, best first: the return path's
 * recipient (if that is signed, nobody else); the original recipient as it came, then decoded: whom the list wrote to;
 * the recipient; where an alias led. Returns: how many.
 */
#define NX_STORE_CANDIDATES 5
guint nx_store_get_candidates (const NxEvent *event, NxCandidate candidates[NX_STORE_CANDIDATES]);

/**
 * nx_store_make_message_id: a Message-ID as posts are known by: in its angle brackets, without what stands around them.
 * Returns: (transfer full) (nullable): NULL when it is empty, or too long to be one.
 */
char *nx_store_make_message_id (const char *text);

/**
 * nx_store_make_event_key: the key of a row that is linked to no subscription. nx_store_link_event_key: made of that,
 * the key of one that is; @list: the name of the subscription's list.
 */
NxEventKey nx_store_make_event_key (const NxEvent *event);
NxEventKey nx_store_link_event_key (const NxEventKey *unlinked, const char *list);

/**
 * nx_store_make_unlinked_key: the address key of an event for which no subscription is found. (transfer full)
 */
char *nx_store_make_unlinked_key (const NxEvent *event);

/**
 * nx_store_make_domain_name: the number (policy/incident.h) of the domain of an address that is a key; 0 without one.
 * nx_store_make_provider_name: of the organisation that a mail host belongs to.
 */
gint64 nx_store_make_domain_name (const char *address_key);
gint64 nx_store_make_provider_name (const char *host);

/**
 * nx_store_is_offerable: TRUE when @forward may be proposed as a new address: it could be mailed, is nobody's function
 * (postmaster), is none of the addresses that failed, and none of our own lists.
 * @failed: NULL-terminated keys. @lists: (element-type NxKnownList)
 */
gboolean nx_store_is_offerable (const char *forward, const char *forward_key, const char *const *failed,
				const GPtrArray *lists);

/**
 * nx_store_hash_token: what the database keeps of a token: SHA-256, in hexadecimal. (transfer full)
 */
char *nx_store_hash_token (const char *token);

NxOutboxKind nx_outbox_kind_from_string (const char *text);

NxStore *nx_sqlite_open (const char *place, NxStoreFlags flags, GError **error);

G_END_DECLS
