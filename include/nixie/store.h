/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store.h: the database: events are the truth, every other row follows from them.
 *
 * An event is kept once: recording the same report again changes nothing. A subscriber's state is recomputed from its
 * events, and from the steps that people took (forward.h), by its list's policy (policy.h) whenever one of
 * these changes, so the order of arrival does not matter. A call that changes something is
 * one transaction, or part of the one between nx_store_begin() and nx_store_commit(). Several processes may use one
 * database at once: a writer waits for the others, and NX_ERROR_STORE_BUSY comes only after NX_LIMIT_STORE_WAIT_MSEC. A
 * store is for one thread.
 *
 * URIs: a path, or sqlite:PATH.
 */
#pragma once

#include <nixie/address.h>
#include <nixie/event.h>
#include <nixie/policy.h>

G_BEGIN_DECLS

typedef struct _NxStore NxStore;

/**
 * NxStoreFlags: CREATE: make the database, and its folder, when it is not there. READ_ONLY: change nothing.
 */
typedef enum {
	NX_STORE_NONE = 0,
	NX_STORE_CREATE = 1 << 0,
	NX_STORE_READ_ONLY = 1 << 1,
} NxStoreFlags;

/**
 * nx_store_open: opens a database and brings its schema up to date (not with READ_ONLY).
 * Returns: (transfer full): NULL with NX_ERROR_STORE (not a database of nixie, newer than this nixie, no permission,
 * disk full …) or NX_ERROR_STORE_BUSY.
 */
NX_API NxStore *nx_store_open (const char *uri, NxStoreFlags flags, GError **error);
NX_API void nx_store_free (NxStore *store);

/**
 * nx_store_set_wait: how long a call waits for other writers from now on, instead of NX_LIMIT_STORE_WAIT_MSEC.
 */
NX_API void nx_store_set_wait (NxStore *store, guint msec);

/**
 * nx_store_set_keyed: this site sends with keyed return paths (verp.h): every list for which a report is recorded from
 * now on counts as keyed since @since, unless it is already. Not stored by itself.
 */
NX_API void nx_store_set_keyed (NxStore *store, gint64 since);

/**
 * nx_store_set_address_rules: what nx_store_record() knows of mailboxes from now on; kept by this NxStore, not in the
 * database. @rules: copied. An address is looked for as it is named; then at domains that are the same; then, with
 * NxAddressRules.ignore_subaddress, "user" finds the only "user+tag" of a list, and "user+tag" finds "user", but never
 * another tag. Where several subscriptions of one list fit and none of them is the very address, it is none of them,
 * and no other address of the report is tried. With NxAddressRules.keep_case a list still holds one subscription for
 * all spellings of a local part: reports on the others are about nobody.
 */
NX_API void nx_store_set_address_rules (NxStore *store, const NxAddressRules *rules);

/**
 * nx_store_begin, nx_store_commit, nx_store_rollback: one transaction around several calls. They do not nest. After a
 * commit all is durable.
 */
NX_API gboolean nx_store_begin (NxStore *store, GError **error);
NX_API gboolean nx_store_commit (NxStore *store, GError **error);
NX_API void nx_store_rollback (NxStore *store);

/* ---- lists ---- */

/**
 * NxList: @name: what commands call it. @address: its posting address, or "". @least_proof: as it was set;
 * NX_PROOF_NONE when nobody did; @proof_since: for reports since then. @complaint: NONE when nobody chose. @keyed:
 * since when it is known to send with keyed return paths (the first that came back valid, or nx_store_set_keyed()); 0
 * when it is not.
 */
typedef struct {
	char *name;
	char *address;
	NxProof least_proof;
	gint64 proof_since;
	NxComplaint complaint;
	gint64 keyed;
	gint64 active;
	gint64 suspended;
	gint64 removed;
} NxList;

/**
 * nx_store_add_list: adding one that is there changes its address when @address is not "".
 */
NX_API gboolean nx_store_add_list (NxStore *store, const char *name, const char *address, GError **error);

/**
 * nx_store_set_list_proof: what is proven less than @least, and came in at @since or later (0: whenever), changes
 * nobody's state on this list. NX_PROOF_NONE: as the policy says; when that does not, SIGNED since the list is keyed,
 * else any proof will do. States are computed anew. nx_store_set_list_complaint: what a complaint does on this list;
 * NONE: as the policy says.
 */
NX_API gboolean nx_store_set_list_proof (NxStore *store, const char *name, NxProof least, gint64 since, GError **error);
NX_API gboolean nx_store_set_list_complaint (NxStore *store, const char *name, NxComplaint complaint, GError **error);

/**
 * nx_store_get_policy: what holds for a list: the policy in force (replay.h), with what is set for the list above it.
 * @list: (nullable): NULL for what lists without a policy of their own have.
 */
NX_API gboolean nx_store_get_policy (NxStore *store, const char *list, NxPolicy *policy_out, GError **error);

/**
 * nx_store_foretell: what would come next for the subscriber of @list with this address (policy.h).
 * NX_ERROR_NOT_FOUND: there is none.
 */
NX_API gboolean nx_store_foretell (NxStore *store, const char *list, const char *address, gint64 now,
				   NxForetold *foretold_out, GError **error);

/**
 * nx_store_list_lists: Returns: (transfer full) (element-type NxList): ordered by name.
 */
NX_API GPtrArray *nx_store_list_lists (NxStore *store, GError **error);
NX_API void nx_list_free (NxList *list);

/**
 * nx_store_find_list: the list that @hint means: its name, its posting address, a List-Id made of either, or, when that
 * tells none, a name equal to the hint's local part or first label. Returns: (transfer full) its name: NULL with
 * NX_ERROR_NOT_FOUND when it means none, or fits several alike.
 */
NX_API char *nx_store_find_list (NxStore *store, const char *hint, GError **error);

/* ---- subscribers ---- */

/**
 * NxSubscriber: one subscription: an address on a list, and where it stands.
 */
typedef struct {
	char *list;
	char *address;
	char *name;
	gint64 events;
	NxStanding standing;
} NxSubscriber;

/**
 * nx_store_add_subscriber: @added_out: (nullable): FALSE when the address is on the list already (then nothing
 * changes). The list must exist (NX_ERROR_NOT_FOUND). A bad address is NX_ERROR_DATA. @name: (nullable)
 */
NX_API gboolean nx_store_add_subscriber (NxStore *store, const char *list, const char *address, const char *name,
					 gboolean *added_out, GError **error);

/**
 * nx_store_restore_subscriber: a step that makes the subscription active again with a score of 0, even one that had
 * ended. nx_store_remove_subscriber: a step that ends it. @now: the step's date. Nothing happens when it is so already.
 * @step_out: (nullable): the step's number, 0 for none. NX_ERROR_NOT_FOUND when @address is not on @list.
 */
NX_API gboolean nx_store_restore_subscriber (NxStore *store, const char *list, const char *address, gint64 now,
					     gint64 *step_out, GError **error);
NX_API gboolean nx_store_remove_subscriber (NxStore *store, const char *list, const char *address, gint64 now,
					    gint64 *step_out, GError **error);

/**
 * NxSubscriberFunc: called with a borrowed subscriber; must not change the store. Returns FALSE to stop.
 */
typedef gboolean (*NxSubscriberFunc) (const NxSubscriber *subscriber, gpointer user_data);

/**
 * nx_store_foreach_subscriber: ordered by list and address. @list, @address: (nullable): only these. @state:
 * NX_STATE_NONE for all. Memory does not grow with their number.
 */
NX_API gboolean nx_store_foreach_subscriber (NxStore *store, const char *list, const char *address, NxState state,
					     NxSubscriberFunc func, gpointer user_data, GError **error);
NX_API void nx_subscriber_free (NxSubscriber *subscriber);

/* ---- events ---- */

/**
 * nx_store_record: records the events of one report (of nx_pipeline_read()): finds the subscriptions that they are
 * about (by the return path's recipient, else by whom the list wrote to, else by the recipient, else by where an alias
 * led), adds what is new, recomputes those subscribers' states, and makes a proposal of each forwarding address.
 * Events of kind NONE are passed over. Each event's subscriber and list are set to what was found; of several
 * subscriptions the first by list, and then the event's list stays as it was. Copies of a report may differ in date and
 * proof: the earliest and the best are kept. An event that stood without a subscription is linked when one is found.
 * @list: (nullable): the list that the report is for, when the caller knows. Must exist (NX_ERROR_NOT_FOUND).
 * @fallback_date: the event time for reports that carry no date.
 * @added_out: (nullable): how many events were new.
 */
NX_API gboolean nx_store_record (NxStore *store, GPtrArray *events, const char *list, gint64 fallback_date,
				 guint *added_out, GError **error);

/**
 * NxStoredEvent: an event as the store has it, with what the policy made of it.
 */
typedef struct {
	NxEvent *event;
	double weight;
	double score;
	char *note;
} NxStoredEvent;

/**
 * NxStoredTransition: a row for people; @id: for nx_store_undo_transition() (undo.h); @subscriber is the address.
 * @step: the step that caused it, 0 when an event did.
 */
typedef struct {
	gint64 id;
	char *list;
	char *subscriber;
	gint64 date;
	NxState from;
	NxState to;
	double score;
	char *cause;
	char *rule;
	gint64 step;
} NxStoredTransition;

/**
 * nx_store_list_events: all events on an address, whether subscribed or not, oldest first. @list: (nullable)
 * Returns: (transfer full) (element-type NxStoredEvent)
 */
NX_API GPtrArray *nx_store_list_events (NxStore *store, const char *address, const char *list, GError **error);

/**
 * nx_store_list_transitions: the journal of an address, oldest first. @list: (nullable)
 * Returns: (transfer full) (element-type NxStoredTransition)
 */
NX_API GPtrArray *nx_store_list_transitions (NxStore *store, const char *address, const char *list, GError **error);

NX_API void nx_stored_event_free (NxStoredEvent *event);
NX_API void nx_stored_transition_free (NxStoredTransition *transition);

/* ---- runs ---- */

/**
 * nx_store_start_run: writes that a command began: what this NxStore records from now on belongs to it. @run_out: its
 * number. Runs are the only table that differs between two readings of one archive.
 */
NX_API gboolean nx_store_start_run (NxStore *store, const char *command, gint64 now, gint64 *run_out, GError **error);

/**
 * nx_store_update_run: how far it came: @file and @offset are the resume point. @finished: 0 while it goes on.
 */
NX_API gboolean nx_store_update_run (NxStore *store, gint64 run, const char *file, guint64 offset, guint64 messages,
				     guint64 events, gint64 finished, GError **error);

/**
 * NxRun: a command that read mail. @finished: 0 while it goes on, or when it was interrupted. @messages: how many were
 * read. @events: how many reports' events they had, new or known.
 */
typedef struct {
	gint64 id;
	char *command;
	gint64 started;
	gint64 finished;
	gint64 messages;
	gint64 events;
} NxRun;

/**
 * nx_store_list_runs: the last @count, oldest first. Returns: (transfer full) (element-type NxRun)
 */
NX_API GPtrArray *nx_store_list_runs (NxStore *store, guint count, GError **error);
NX_API void nx_run_free (NxRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxRun, nx_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxStore, nx_store_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxList, nx_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSubscriber, nx_subscriber_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxStoredEvent, nx_stored_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxStoredTransition, nx_stored_transition_free)

G_END_DECLS
