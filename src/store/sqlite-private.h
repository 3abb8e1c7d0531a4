/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-private.h: the SQLite backend's struct and the helpers its files share.
 *
 * All SQL is literal text, all values are bound. Statements are prepared once and kept, by the address of their text.
 */
#pragma once

#include <sqlite3.h>

#include "store/store-private.h"

G_BEGIN_DECLS

/**
 * NxSqlite: @touched, @touched_lists: ids of the subscribers whose state has to be derived anew before the transaction
 * commits or anything is read, once a batch, however many events it adds; ids of lists whose subscribers are all meant.
 * @posts: when each list's posts went out, by the list's id, as far as anybody asked; @new_posts: those that were added
 * since something was derived: both arrays of gint64; true only inside of a transaction.
 * @policies: of NxPolicy, by the list's id, as far as anybody asked; true only inside of a transaction.
 * @lists: of NxKnownList, NULL when it has to be read; true only inside of a transaction. @hint, @hint_list: the last
 * one matched.
 */
typedef struct {
	NxStore base;
	sqlite3 *handle;
	char *path;
	GHashTable *statements;
	gint64 deadline;
	GHashTable *touched;
	GHashTable *touched_lists;
	GHashTable *posts;
	GHashTable *new_posts;
	GHashTable *policies;
	GPtrArray *lists;
	char *hint;
	const NxKnownList *hint_list;
} NxSqlite;

/* A borrowed, cached statement: reset when it goes out of scope, so that no read is left open. */
typedef sqlite3_stmt NxStatement;
/* A statement of its own, for queries during which the caller's code runs. */
typedef sqlite3_stmt NxCursor;

void nx_statement_reset (NxStatement *statement);
void nx_cursor_free (NxCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxStatement, nx_statement_reset)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxCursor, nx_cursor_free)

/* ---- sqlite.c ---- */

/**
 * nx_sqlite_set_error: @result as a GError: what, which file, what to do. Marks an open transaction as failed.
 * Returns: FALSE.
 */
gboolean nx_sqlite_set_error (NxSqlite *db, int result, GError **error);

/**
 * nx_sqlite_prepare: @sql must be a literal. Returns: NULL on an error.
 */
NxStatement *nx_sqlite_prepare (NxSqlite *db, const char *sql, GError **error);
NxCursor *nx_sqlite_open_cursor (NxSqlite *db, const char *sql, GError **error);

void nx_sqlite_bind_text (sqlite3_stmt *statement, int index, const char *text);
void nx_sqlite_bind_int (sqlite3_stmt *statement, int index, gint64 value);
void nx_sqlite_bind_real (sqlite3_stmt *statement, int index, double value);
void nx_sqlite_bind_key (sqlite3_stmt *statement, int index, const NxEventKey *key);

/**
 * nx_sqlite_bind_id: 0 becomes NULL.
 */
void nx_sqlite_bind_id (sqlite3_stmt *statement, int index, gint64 id);

/**
 * nx_sqlite_get_text: never NULL; lives until the next step.
 */
const char *nx_sqlite_get_text (sqlite3_stmt *statement, int column);

/**
 * nx_sqlite_step: @row_out: TRUE when there is a row.
 */
gboolean nx_sqlite_step (NxSqlite *db, sqlite3_stmt *statement, gboolean *row_out, GError **error);

/**
 * nx_sqlite_run: a statement that gives no rows; leaves it ready for the next binding.
 */
gboolean nx_sqlite_run (NxSqlite *db, sqlite3_stmt *statement, GError **error);

/**
 * nx_sqlite_execute: literal SQL without values, several statements at once.
 * nx_sqlite_execute_waiting: tries again while others hold the database, up to NxStore.wait_msec.
 */
gboolean nx_sqlite_execute (NxSqlite *db, const char *sql, GError **error);
gboolean nx_sqlite_execute_waiting (NxSqlite *db, const char *sql, GError **error);

/**
 * nx_sqlite_may_retry: TRUE after a short sleep when @result says that others are at work, and there is time left since
 * nx_sqlite_start_waiting().
 */
void nx_sqlite_start_waiting (NxSqlite *db);
gboolean nx_sqlite_may_retry (NxSqlite *db, int result);

/**
 * nx_sqlite_begin_read: several queries see one state of the database; derives what is touched first.
 */
gboolean nx_sqlite_begin_read (NxSqlite *db, gboolean *own_out, GError **error);
void nx_sqlite_end_read (NxSqlite *db, gboolean own);

/* ---- sqlite-schema.c ---- */

/*
 * A subscriber whose list's hook was told something else than is so, or nothing while there is something to tell: that
 * he is active, everybody believes untold. Word for word in the index and in the queries that use it.
 */
#define NX_SQLITE_UNTOLD                                                                                       \
	" CASE told_state WHEN 'removed' THEN state <> 'removed'"                                              \
	" ELSE state <> iif(told_state = '', 'active', told_state) OR (told_address <> '' AND told_address <>" \
	" address) END"

/**
 * nx_sqlite_prepare_schema: looks whose file it is and makes or migrates the schema.
 */
gboolean nx_sqlite_prepare_schema (NxSqlite *db, GError **error);

/* ---- sqlite-lists.c ---- */

/**
 * nx_sqlite_require_list: @id_out: the list with this name; 0 for "". NX_ERROR_NOT_FOUND when there is none.
 */
gboolean nx_sqlite_require_list (NxSqlite *db, const char *name, gint64 *id_out, GError **error);

/**
 * nx_sqlite_load_lists: fills NxSqlite.lists. nx_sqlite_forget_lists: drops them.
 */
gboolean nx_sqlite_load_lists (NxSqlite *db, GError **error);
void nx_sqlite_forget_lists (NxSqlite *db);

/**
 * nx_sqlite_set_keyed: the list is known to send with keys since then.
 */
gboolean nx_sqlite_set_keyed (NxSqlite *db, gint64 list, gint64 since, GError **error);

gboolean nx_sqlite_set_list (NxStore *store, const char *name, const NxProof *least_proof, gint64 since,
			     const NxComplaint *complaint, GError **error);
gboolean nx_sqlite_add_list (NxStore *store, const char *name, const char *address, GError **error);
GPtrArray *nx_sqlite_list_lists (NxStore *store, GError **error);
char *nx_sqlite_find_list (NxStore *store, const char *hint, GError **error);
gboolean nx_sqlite_add_subscriber (NxStore *store, const char *list, const char *address, const char *name,
				   gboolean *added_out, GError **error);
gboolean nx_sqlite_foreach_subscriber (NxStore *store, const char *list, const char *address, NxState state,
				       NxSubscriberFunc func, gpointer user_data, GError **error);
gboolean nx_sqlite_start_run (NxStore *store, const char *command, gint64 now, gint64 *run_out, GError **error);
gboolean nx_sqlite_update_run (NxStore *store, gint64 run, const char *file, guint64 offset, guint64 messages,
			       guint64 events, gint64 finished, GError **error);
GPtrArray *nx_sqlite_list_runs (NxStore *store, guint count, GError **error);

/* ---- sqlite-bookmarks.c ---- */
gboolean nx_sqlite_set_bookmark (NxStore *store, const char *name, const char *terms, const NxSourcePosition *position,
				 GError **error);
gboolean nx_sqlite_find_bookmark (NxStore *store, const char *name, const char *terms, NxBookmark **bookmark_out,
				  GError **error);
gboolean nx_sqlite_drop_bookmark (NxStore *store, const char *name, GError **error);
gboolean nx_sqlite_drop_bookmarks (NxStore *store, const char *folder, NxBookmarkFunc is_gone, gpointer user_data,
				   GError **error);

/* ---- sqlite-policies.c ---- */

/**
 * nx_sqlite_load_policy: @list: 0 for the database's. nx_sqlite_forget_policies: at the end of a transaction, and when
 * one of them has changed.
 */
gboolean nx_sqlite_load_policy (NxSqlite *db, gint64 list, NxPolicy *policy_out, GError **error);
void nx_sqlite_forget_policies (NxSqlite *db);

/**
 * nx_sqlite_apply_settings: what `list set` chose, and what keyed return paths bring along, goes above a policy.
 */
gboolean nx_sqlite_apply_settings (NxSqlite *db, gint64 list, NxPolicy *policy, GError **error);

/**
 * nx_sqlite_swap_policy: @step: a POLICY: what it notes comes into force, and it notes what was: so it is taken back,
 * and so that is taken back.
 */
gboolean nx_sqlite_swap_policy (NxSqlite *db, gint64 step, GError **error);

gboolean nx_sqlite_get_policy (NxStore *store, const char *list, NxPolicy *policy_out, GError **error);
char *nx_sqlite_dup_policy_text (NxStore *store, const char *list, gboolean *own_out, GError **error);
gboolean nx_sqlite_set_policy (NxStore *store, const char *list, const char *text, gint64 now, gint64 *step_out,
			       GError **error);

/* ---- sqlite-replay.c ---- */

gboolean nx_sqlite_compare (NxStore *store, const char *list, const NxPolicy *policy, NxReplayFunc func,
			    gpointer user_data, GError **error);
gboolean nx_sqlite_replay (NxStore *store, const char *list, NxReplayFunc func, gpointer user_data, gboolean *more_out,
			   GError **error);

/* ---- sqlite-find.c ---- */

/**
 * NxSqliteMatch: a subscription that an event is about.
 */
typedef struct {
	gint64 subscriber;
	gint64 list;
	char *list_name;
	char *address;
	char *address_key;
} NxSqliteMatch;

/**
 * nx_sqlite_new_matches: an empty array of NxSqliteMatch.
 */
GArray *nx_sqlite_new_matches (void);

/**
 * nx_sqlite_find: adds the subscriptions that an event is about to @matches, at most one of each list, in the order of
 * the lists' names. @list: 0 for any.
 */
gboolean nx_sqlite_find (NxSqlite *db, const NxEvent *event, gint64 list, GArray *matches, GError **error);

/* ---- sqlite-events.c ---- */

gboolean nx_sqlite_record (NxStore *store, GPtrArray *events, const char *list, gint64 fallback_date, guint *added_out,
			   GError **error);

/**
 * Words as the tables have them: "" for NONE; a word that this nixie does not know reads as NONE.
 */
const char *nx_sqlite_kind_word (NxKind kind);
const char *nx_sqlite_verdict_word (NxVerdict verdict);
const char *nx_sqlite_reason_word (NxReason reason);
const char *nx_sqlite_proof_word (NxProof proof);
NxKind nx_sqlite_get_kind (sqlite3_stmt *statement, int column);
NxVerdict nx_sqlite_get_verdict (sqlite3_stmt *statement, int column);
NxReason nx_sqlite_get_reason (sqlite3_stmt *statement, int column);
NxProof nx_sqlite_get_proof (sqlite3_stmt *statement, int column);
NxState nx_sqlite_get_state (sqlite3_stmt *statement, int column);

/**
 * nx_sqlite_get_complaint: NONE for "".
 */
NxComplaint nx_sqlite_get_complaint (sqlite3_stmt *statement, int column);

/**
 * nx_sqlite_get_deed: what a step of this kind does to the state.
 */
NxDeed nx_sqlite_get_deed (sqlite3_stmt *statement, int column);

/* ---- sqlite-derive.c ---- */

/**
 * NxSqliteHistory: a subscriber's events and steps as the policy sees them, and its list's policy and posts. @rows: of
 * NxHistory. @posts: of gint64, ascending; shared with others.
 */
typedef struct {
	GArray *rows;
	GArray *posts;
	GStringChunk *texts;
	NxPolicy policy;
} NxSqliteHistory;

NxSqliteHistory *nx_sqlite_load_history (NxSqlite *db, gint64 subscriber, GError **error);
void nx_sqlite_history_free (NxSqliteHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSqliteHistory, nx_sqlite_history_free)

/**
 * nx_sqlite_evaluate: @policy: (nullable): NULL for the one in force. @transitions_out: (transfer full).
 * nx_sqlite_write_derived: writes what differs from what is there.
 */
gboolean nx_sqlite_evaluate (NxSqlite *db, gint64 subscriber, const NxPolicy *policy, NxStanding *standing_out,
			     GArray **transitions_out, GError **error);
gboolean nx_sqlite_write_derived (NxSqlite *db, gint64 subscriber, const NxStanding *standing,
				  const GArray *transitions, GError **error);

/**
 * nx_sqlite_touch: this subscriber must be derived anew. nx_sqlite_touch_list: all of a list's that have events, since
 * its policy has changed. nx_sqlite_derive_touched: does it for all of them. nx_sqlite_forget_touched: after a
 * rollback.
 */
gboolean nx_sqlite_touch (NxSqlite *db, gint64 subscriber, GError **error);
void nx_sqlite_touch_list (NxSqlite *db, gint64 list);
gboolean nx_sqlite_derive_touched (NxSqlite *db, GError **error);
void nx_sqlite_forget_touched (NxSqlite *db);

/* ---- sqlite-posts.c ---- */

/**
 * nx_sqlite_learn_post: @message_id: as nx_store_make_message_id() writes it. Whose states it may change is found out
 * by nx_sqlite_touch_posts().
 */
gboolean nx_sqlite_learn_post (NxSqlite *db, gint64 list, const char *message_id, gint64 date, gboolean *added_out,
			       GError **error);
gboolean nx_sqlite_touch_posts (NxSqlite *db, GError **error);

/**
 * nx_sqlite_load_posts: @posts_out: (transfer full): when the list's posts went out, ascending; of gint64.
 * nx_sqlite_forget_posts: at the end of a transaction.
 */
gboolean nx_sqlite_load_posts (NxSqlite *db, gint64 list, GArray **posts_out, GError **error);
void nx_sqlite_forget_posts (NxSqlite *db);

gboolean nx_sqlite_add_post (NxStore *store, const char *list, const char *message_id, gint64 date, gboolean *added_out,
			     GError **error);
GPtrArray *nx_sqlite_list_posts (NxStore *store, const char *list, gint64 since, GError **error);

/* ---- sqlite-proposals.c ---- */

/**
 * nx_sqlite_offer: makes the proposal that event @id gives, or makes the event its evidence when it is better than what
 * there is.
 */
gboolean nx_sqlite_offer (NxSqlite *db, gint64 id, GError **error);

/**
 * nx_sqlite_offer_all: what the events of @subscriber offer, now that it has another address.
 */
gboolean nx_sqlite_offer_all (NxSqlite *db, gint64 subscriber, GError **error);

/**
 * nx_sqlite_move_offer: event @id, which stood unlinked with @address_key, is linked now.
 */
gboolean nx_sqlite_move_offer (NxSqlite *db, gint64 id, const char *address_key, GError **error);

GPtrArray *nx_sqlite_list_proposals (NxStore *store, gint64 id, const char *address, const char *list,
				     const NxForwardTerms *terms, GError **error);

/* ---- sqlite-obstacles.c ---- */

/**
 * nx_sqlite_find_obstacle: @obstacle_out: (transfer full): why the proposal cannot be accepted, a sentence; "" when it
 * can. @terms: (nullable): NULL when time does not matter.
 */
gboolean nx_sqlite_find_obstacle (NxSqlite *db, gint64 id, const NxForwardTerms *terms, char **obstacle_out,
				  GError **error);

/* ---- sqlite-decide.c ---- */

gboolean nx_sqlite_decide_proposal (NxStore *store, gint64 id, NxStepKind kind, const char *token_hash,
				    const NxForwardTerms *terms, gint64 *step_out, GError **error);
gboolean nx_sqlite_find_token (NxStore *store, const char *token_hash, gint64 *id_out, gint64 *asked_out,
			       GError **error);
gboolean nx_sqlite_decide_subscriber (NxStore *store, const char *list, const char *address, NxStepKind kind,
				      gint64 now, gint64 *step_out, GError **error);

/* ---- sqlite-steps.c ---- */

/**
 * NxSqliteMove: which addresses a MOVE or MERGE is between; keys and addresses, borrowed.
 */
typedef struct {
	const char *old_address;
	const char *old_key;
	const char *new_address;
	const char *new_key;
} NxSqliteMove;

/**
 * nx_sqlite_add_step: @subscriber, @proposal: 0 for none. @move: (nullable). The subscriber is derived anew, the
 * proposal's state follows.
 */
gboolean nx_sqlite_add_step (NxSqlite *db, NxStepKind kind, gint64 subscriber, gint64 proposal,
			     const NxSqliteMove *move, gint64 now, gint64 *step_out, GError **error);

/**
 * nx_sqlite_add_note: the same for a step that changes no address, with a note.
 */
gboolean nx_sqlite_add_note (NxSqlite *db, NxStepKind kind, gint64 subscriber, const char *note, gint64 now,
			     gint64 *step_out, GError **error);

/**
 * nx_sqlite_touch_asides: the subscribers of the events that a step set aside.
 */
gboolean nx_sqlite_touch_asides (NxSqlite *db, gint64 step, GError **error);

/**
 * nx_sqlite_readdress: gives a subscription another address.
 */
gboolean nx_sqlite_readdress (NxSqlite *db, gint64 subscriber, const char *address, const char *key, GError **error);

gboolean nx_sqlite_undo_step (NxStore *store, gint64 step, gint64 now, GError **error);
GPtrArray *nx_sqlite_list_steps (NxStore *store, const char *address, const char *list, GError **error);

/* ---- sqlite-outbox.c ---- */

/**
 * nx_sqlite_settle_hook: marks a row done, with a @note; when it is a hook's call, it counts as told.
 */
gboolean nx_sqlite_settle_hook (NxSqlite *db, gint64 id, gint64 now, const char *note, GError **error);

gboolean nx_sqlite_claim_item (NxStore *store, NxOutboxKind kind, gint64 now, guint seconds, NxOutboxItem **item_out,
			       GError **error);
gboolean nx_sqlite_finish_item (NxStore *store, const NxOutboxItem *item, gint64 now, GError **error);
gboolean nx_sqlite_postpone_item (NxStore *store, const NxOutboxItem *item, const char *why, gint64 now,
				  GError **error);
GPtrArray *nx_sqlite_list_items (NxStore *store, const char *list, guint most, GError **error);
gboolean nx_sqlite_count_items (NxStore *store, NxOutboxCounts *counts_out, GError **error);
gboolean nx_sqlite_retry_item (NxStore *store, gint64 id, gint64 now, GError **error);
gboolean nx_sqlite_drop_item (NxStore *store, gint64 id, gint64 now, GError **error);
gboolean nx_sqlite_clean_outbox (NxStore *store, gint64 now, GError **error);

/* ---- sqlite-due.c ---- */

/**
 * nx_sqlite_find_mail: the step of the mail that a token went out with, and whom it went to; 0 for none.
 */
gboolean nx_sqlite_find_mail (NxSqlite *db, const char *hash, gint64 *step_out, gint64 *subscriber_out, GError **error);

gboolean nx_sqlite_perform_due (NxStore *store, gint64 now, guint most, NxDeeds *deeds_out, GError **error);
gboolean nx_sqlite_add_token (NxStore *store, gint64 step, const char *hash, GError **error);
gboolean nx_sqlite_enable_subscriber (NxStore *store, const char *hash, gint64 now, gint64 *step_out, char **list_out,
				      char **address_out, GError **error);

/* ---- sqlite-tell.c ---- */

gboolean nx_sqlite_queue_hooks (NxStore *store, const char *list, gint64 now, guint most, guint *count_out,
				GError **error);
gboolean nx_sqlite_queue_incidents (NxStore *store, const char *list, gint64 now, guint *count_out, GError **error);
gboolean nx_sqlite_queue_digest (NxStore *store, const char *list, gint64 now, guint days, guint *count_out,
				 GError **error);
gboolean nx_sqlite_queue_asks (NxStore *store, const char *list, const NxForwardTerms *terms, guint *count_out,
			       GError **error);
/* ---- sqlite-aside.c ---- */

NxTakenBack *nx_sqlite_set_aside (NxStore *store, const NxEventScope *scope, const char *note, gint64 now,
				  GError **error);
NxTakenBack *nx_sqlite_undo_transition (NxStore *store, gint64 transition, const char *list, const char *address,
					gint64 now, GError **error);

/**
 * nx_sqlite_require_subscriber: NX_ERROR_NOT_FOUND when there is none.
 */
gboolean nx_sqlite_require_subscriber (NxSqlite *db, const char *list, const char *address, gint64 *id_out,
				       GError **error);

/* ---- sqlite-privacy.c ---- */

#define NX_HASHED_PREFIX "hash:"

/**
 * nx_sqlite_is_hashed: TRUE for what stands in the place of an address that was purged or forgotten.
 */
gboolean nx_sqlite_is_hashed (const char *address);

gboolean nx_sqlite_purge (NxStore *store, const NxPurgeTerms *terms, NxPurged *purged, GError **error);
gboolean nx_sqlite_forget (NxStore *store, const char *address, const NxPurgeTerms *terms, NxPurged *purged,
			   GError **error);

/* ---- sqlite-health.c ---- */

gboolean nx_sqlite_check_health (NxStore *store, NxHealth *health, GError **error);

/* ---- sqlite-query.c ---- */

GPtrArray *nx_sqlite_list_events (NxStore *store, const char *address, const char *list, GError **error);
GPtrArray *nx_sqlite_list_transitions (NxStore *store, const char *address, const char *list, GError **error);
gboolean nx_sqlite_foretell (NxStore *store, const char *list, const char *address, gint64 now,
			     NxForetold *foretold_out, GError **error);

G_END_DECLS
