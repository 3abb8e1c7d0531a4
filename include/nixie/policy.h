/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.h: from a subscriber's events to its state. A pure function: no clock, no I/O, no order of arrival.
 *
 * Each counted event adds its verdict's weight to a score that halves every half-life. On one UTC day only the heaviest
 * event counts, and of the reports that came in on one day too, whatever dates they give themselves. A score at the
 * threshold suspends. A delivered or relayed report heals: the score goes to 0 and a suspended subscriber is active
 * again. blocked and benign never count. A complaint acts at once. What is proven too weakly does nothing of all that.
 *
 * Steps (what people decided) stand among the events, at their own time: a move to another address begins with a score
 * of 0, and what is about an address that the subscription has left does not count.
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
 * NxComplaint: what a reader's complaint (RFC 5965) does. NONE is no choice; RECORD: nothing.
 */
typedef enum {
	NX_COMPLAINT_NONE,
	NX_COMPLAINT_RECORD,
	NX_COMPLAINT_SUSPEND,
	NX_COMPLAINT_UNSUBSCRIBE,
} NxComplaint;

/**
 * NxPolicy: the numbers. Weights are points; the half-life is in days.
 * @least_proof: what is proven less changes no state, if it came in at @proof_since or later, or nothing tells when. A
 * complaint acts at once, so it needs NX_PROOF_VERP at least.
 */
typedef struct {
	double weight_permanent;
	double weight_transient;
	double half_life_days;
	double threshold;
	NxProof least_proof;
	gint64 proof_since;
	NxComplaint complaint;
} NxPolicy;

/**
 * NxDeed: what a step does. NONE: the entry is a report. MOVE: the subscription has another address from then on.
 * RESTORE: it is active again, with a score of 0. REMOVE: it has ended. MERGE: it has ended, since its new address is a
 * subscriber too. WARN, PROBE: a mail about its suspension went to the subscriber, or one that only asks whether mail
 * arrives. ENABLE: the subscriber answered it, and is active again. EXPIRE: the policy ended a suspended subscription.
 */
typedef enum {
	NX_DEED_NONE,
	NX_DEED_MOVE,
	NX_DEED_RESTORE,
	NX_DEED_REMOVE,
	NX_DEED_MERGE,
	NX_DEED_WARN,
	NX_DEED_PROBE,
	NX_DEED_ENABLE,
	NX_DEED_EXPIRE,
} NxDeed;

/**
 * NxAction: what a policy wants done next. WARN, PROBE: send the subscriber a mail, then add the deed of that name.
 * REMOVE: end the subscription, by EXPIRE.
 */
typedef enum {
	NX_ACTION_NONE,
	NX_ACTION_WARN,
	NX_ACTION_PROBE,
	NX_ACTION_REMOVE,
} NxAction;

/**
 * NxHistory: what the policy sees of an event or a step. @id: the caller's number for it, given back in transitions.
 * @key: breaks ties between entries of one second, so that the order is the same everywhere; borrowed.
 * @arrival: when the report came in; 0 when nothing tells.
 * @address: the key of the address that it is about; of a MOVE the new one, and @left the old one. Borrowed; NULL or
 * "" when it does not matter.
 * @complains: nx_policy_is_complaint() of it. @refused: its return path had a key that did not verify: whoever wrote it
 * knew that there are keys, so NxPolicy.proof_since does not excuse it. @held: the incident that holds it, @aside: the
 * step that set it aside; 0 for none; what either of them has does not count. @answers: the warning or probe that it is
 * the bounce of; 0 for none. @status: as the report carries it.
 */
typedef struct {
	gint64 id;
	const char *key;
	gint64 date;
	gint64 arrival;
	const char *address;
	const char *left;
	gint64 held;
	gint64 aside;
	gint64 answers;
	NxStatus status;
	NxDeed deed;
	gboolean complains;
	gboolean refused;
	NxKind kind;
	NxVerdict verdict;
	NxReason reason;
	NxProof proof;
} NxHistory;

/**
 * NxStanding: where a subscriber stands after its events. @score is as of @score_date; use nx_policy_get_score_at() for
 * another day. @warnings: how many were sent since @since. @due: what the policy wants done at @due_date or later, if
 * nothing comes in between; 0 for nothing.
 */
typedef struct {
	double score;
	gint64 score_date;
	gint64 since;
	gint64 due_date;
	NxState state;
	NxAction due;
	guint warnings;
} NxStanding;

/**
 * NxTransition: one change of state. @id, @deed: NxHistory's of what caused it. @cause: a sentence; static text.
 */
typedef struct {
	gint64 date;
	NxState from;
	NxState to;
	double score;
	gint64 id;
	NxDeed deed;
	const char *cause;
} NxTransition;

/**
 * NxEffect: what one event did: @weight it added (0 when it did not count, @note says why) and the @score after it.
 */
typedef struct {
	gint64 id;
	double weight;
	double score;
	const char *note;
} NxEffect;

/**
 * nx_policy_init_default: the policy that is right for most lists: any proof will do, a complaint unsubscribes.
 */
NX_API void nx_policy_init_default (NxPolicy *policy);

/**
 * nx_policy_evaluate: @history in any order; it is not changed. @posts: (nullable): when the list's posts went out,
 * ascending.
 * @transitions_out: (nullable) (transfer full) (element-type NxTransition): in time order.
 * @effects_out: (nullable) (transfer full) (element-type NxEffect): one per event (none for a step), in time order.
 */
NX_API NxStanding nx_policy_evaluate (const NxPolicy *policy, const NxHistory *history, guint count,
				      const gint64 *posts, guint post_count, GArray **transitions_out,
				      GArray **effects_out);

/**
 * nx_policy_get_score_at: a standing's score at a later time, decayed.
 */
NX_API double nx_policy_get_score_at (const NxPolicy *policy, const NxStanding *standing, gint64 date);

/**
 * nx_policy_is_complaint: TRUE for a report by which a reader says that he does not want such mail: of these feedback
 * types (RFC 5965 7.3 and its registry) "abuse", "fraud", "opt-out", "opt-out-list". "not-spam" says the opposite;
 * "auth-failure" and "virus" come from machines.
 */
NX_API gboolean nx_policy_is_complaint (NxKind kind, const char *feedback_type);

NX_API const char *nx_complaint_to_string (NxComplaint complaint);
NX_API gboolean nx_complaint_from_string (const char *text, NxComplaint *complaint_out);
NX_API const char *nx_state_to_string (NxState state);
NX_API gboolean nx_state_from_string (const char *text, NxState *state_out);
NX_API const char *nx_action_to_string (NxAction action);

G_END_DECLS
