/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay.h: which policy is in force on a list, and what another one would change.
 *
 * The policy in force stands in the database, since many processes derive states and all must do it alike. A list has
 * one of its own, or follows the database's, which is the default policy (policy.h) until one is set. What
 * nx_store_set_list_proof() and nx_store_set_list_complaint() set goes above either. Putting another policy in force
 * computes all states anew, as if it had always been so; that is a step, which can be taken back (forward.h).
 */
#pragma once

#include <nixie/forward.h>

G_BEGIN_DECLS

/**
 * nx_store_dup_policy_text: the policy in force as nx_policy_to_text() writes it, without what was set for the list
 * alone. @list: (nullable): NULL for the database's. @own_out: (nullable): the list has one of its own.
 * Returns: (transfer full): NULL with NX_ERROR_NOT_FOUND when there is no such list.
 */
NX_API char *nx_store_dup_policy_text (NxStore *store, const char *list, gboolean *own_out, GError **error);

/**
 * nx_store_set_policy: puts a policy in force. @list: (nullable): NULL for the database's, which all lists without one
 * of their own follow. @policy: (nullable): NULL: the list follows the database's from now on, or that becomes the
 * default. Its proof_since is not kept. @now: the step's date; 0: no step, for a list that has just been made.
 * @step_out: (nullable): the step's number; 0 when it was in force already, which changes nothing.
 */
NX_API gboolean nx_store_set_policy (NxStore *store, const char *list, const NxPolicy *policy, gint64 now,
				     gint64 *step_out, GError **error);

/**
 * NxReplayed: a subscriber of whom there are events or steps. @before: where it stands in the database. @after: where
 * it stands by the other policy. @before_cause: of the last transition in the database, "" for none. @cause,
 * @cause_date: of the last transition by the other policy; "" and 0 for none. Borrowed.
 */
typedef struct {
	const char *list;
	const char *address;
	const char *before_cause;
	const char *cause;
	gint64 cause_date;
	NxStanding before;
	NxStanding after;
} NxReplayed;

/**
 * NxReplayFunc: called for each, in the order in which they were added; must not change the store. @done, @total: how
 * many were called for, this one too, and how many there are. Returns FALSE to stop: then nx_store_replay() is undone.
 */
typedef gboolean (*NxReplayFunc) (const NxReplayed *replayed, guint64 done, guint64 total, gpointer user_data);

/**
 * nx_store_compare: where all would stand if @policy were the list's own. Changes nothing.
 * nx_store_replay: computes all states of a list anew from its events, by the policy in force. Needed after a change of
 * nixie's arithmetic only; nx_store_set_policy() has the same effect at the end of its transaction, but tells nothing.
 * Inside of a transaction, after nx_store_set_policy(), it takes that work over.
 */
NX_API gboolean nx_store_compare (NxStore *store, const char *list, const NxPolicy *policy, NxReplayFunc func,
				  gpointer user_data, GError **error);
NX_API gboolean nx_store_replay (NxStore *store, const char *list, NxReplayFunc func, gpointer user_data,
				 GError **error);

G_END_DECLS
