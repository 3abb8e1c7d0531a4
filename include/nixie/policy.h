/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.h: from a subscriber's events to its state. A pure function: no clock, no I/O, no order of arrival.
 *
 * Each counted event adds its verdict's weight to a score that halves every half-life. On one UTC day only the heaviest
 * event counts. A score at the threshold suspends. A delivered or relayed report heals: the score goes to 0 and a
 * suspended subscriber is active again. blocked and benign never count.
 */
#pragma once

#include <nixie/event.h>

G_BEGIN_DECLS

typedef enum {
	NX_STATE_NONE,
	NX_STATE_ACTIVE,
	NX_STATE_SUSPENDED,
	NX_STATE_REMOVED,
} NxState;

/**
 * NxPolicy: the numbers. Weights are points; the half-life is in days.
 */
typedef struct {
	double weight_permanent;
	double weight_transient;
	double half_life_days;
	double threshold;
} NxPolicy;

/**
 * NxHistory: what the policy sees of an event. @id: the caller's number for it, given back in transitions. @key: breaks
 * ties between events of one second, so that the order is the same everywhere; borrowed.
 */
typedef struct {
	gint64 id;
	const char *key;
	gint64 date;
	NxKind kind;
	NxVerdict verdict;
	NxReason reason;
	NxProof proof;
} NxHistory;

/**
 * NxStanding: where a subscriber stands after its events. @score is as of @score_date; use nx_policy_get_score_at() for
 * another day.
 */
typedef struct {
	NxState state;
	double score;
	gint64 score_date;
	gint64 since;
} NxStanding;

/**
 * NxTransition: one change of state. @event_id: NxHistory.id of the event that caused it. @cause: a sentence; static
 * text.
 */
typedef struct {
	gint64 date;
	NxState from;
	NxState to;
	double score;
	gint64 event_id;
	const char *cause;
} NxTransition;

/**
 * NxStep: what one event did: @weight it added (0 when it did not count, @note says why) and the @score after it.
 */
typedef struct {
	gint64 event_id;
	double weight;
	double score;
	const char *note;
} NxStep;

/**
 * nx_policy_init_default: the policy that is right for most lists.
 */
NX_API void nx_policy_init_default (NxPolicy *policy);

/**
 * nx_policy_evaluate: @history in any order; it is not changed.
 * @transitions_out: (nullable) (transfer full) (element-type NxTransition): in time order.
 * @steps_out: (nullable) (transfer full) (element-type NxStep): one per event, in time order.
 */
NX_API NxStanding nx_policy_evaluate (const NxPolicy *policy, const NxHistory *history, guint count,
				      GArray **transitions_out, GArray **steps_out);

/**
 * nx_policy_get_score_at: a standing's score at a later time, decayed.
 */
NX_API double nx_policy_get_score_at (const NxPolicy *policy, const NxStanding *standing, gint64 date);

NX_API const char *nx_state_to_string (NxState state);
NX_API gboolean nx_state_from_string (const char *text, NxState *state_out);

G_END_DECLS
