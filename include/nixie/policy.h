/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy.h: from a subscriber's events to its state. A pure function: no clock, no I/O, no order of arrival.
 *
 * A policy is data: a preset, which says whose arithmetic is used, and keys, which say its numbers. The preset nixie:
 * each counted event adds its weight to a score that halves every half-life. On one UTC day only the heaviest event
 * counts, and of the reports that came in on one day too, whatever dates they give themselves. A score at the threshold
 * suspends, after so many events and days. Mail that came through heals; a suspended subscriber is warned, then
 * removed. The other presets reckon as other list managers do, each in its own file (src/policy/preset-*.c).
 *
 * Steps (what people and `nixie run` did) stand among the events, at their own time. Whatever the preset: a move to
 * another address begins anew, what is about an address that the subscription has left does not count, nor what is held
 * by an incident, set aside, or proven too weakly.
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
 * NxPreset: whose arithmetic. RECORD_ONLY: events are kept and change no state.
 */
typedef enum {
	NX_PRESET_NIXIE,
	NX_PRESET_MAILMAN3,
	NX_PRESET_MAILMAN2,
	NX_PRESET_SYMPA,
	NX_PRESET_MLMMJ,
	NX_PRESET_EZMLM,
	NX_PRESET_LISTMONK,
	NX_PRESET_LISTSERV,
	NX_PRESET_RECORD_ONLY,
} NxPreset;

/**
 * NxMoved: what a failure with the reason moved does. COUNT: it counts as any other. ASK: it counts, and `nixie run`
 * asks at the new address by itself when the proof is signed. RECORD: it does not count.
 */
typedef enum {
	NX_MOVED_COUNT,
	NX_MOVED_ASK,
	NX_MOVED_RECORD,
} NxMoved;

/**
 * NxMeasure: what Sympa (NONE, NOTIFY, DELETE) and listmonk (all but NOTIFY) do with a subscriber who bounces.
 */
typedef enum {
	NX_MEASURE_NONE,
	NX_MEASURE_NOTIFY,
	NX_MEASURE_UNSUBSCRIBE,
	NX_MEASURE_BLOCKLIST,
	NX_MEASURE_DELETE,
} NxMeasure;

#define NX_POLICY_REASONS (NX_REASON_OTHER + 1)
#define NX_POLICY_PROOFS (NX_PROOF_SIGNED + 1)

/**
 * NxPolicy: the numbers. A plain value: copy it by =. Members are set by the keys of nx_policy_get_key(), which has
 * their meanings;
 * @proof_since alone has none.
 * @weight_reason: by NxReason; below 0: the verdict's weight. @factor: by NxProof.
 * @threshold: 0: nothing suspends. @least_proof: what is proven less changes no state, if it came in at @proof_since or
 * later, or nothing tells when. A complaint acts at once, so it needs NX_PROOF_VERP at least.
 * @level_rate, @level_measure: of Sympa. @count, @measure: of listmonk, by soft, hard, complaint.
 */
typedef struct {
	double weight_permanent;
	double weight_transient;
	double weight_blocked;
	double weight_reason[NX_POLICY_REASONS];
	double factor[NX_POLICY_PROOFS];
	double half_life_days;
	double threshold;
	double quiet_days;
	double warn_interval_days;
	double remove_after_days;
	double stale_after_days;
	double level_rate[2];
	double delay_days;
	double period_days;
	gint64 life_seconds;
	gint64 wait_seconds;
	gint64 cookie_seconds;
	gint64 proof_since;
	NxPreset preset;
	NxProof least_proof;
	NxComplaint complaint;
	NxMoved moved;
	NxMeasure level_measure[2];
	NxMeasure measure[3];
	guint count[3];
	guint min_events;
	guint min_days;
	guint quiet_posts;
	guint warnings;
	gboolean heal;
	gboolean remove;
	gboolean guard;
	gboolean probes;
} NxPolicy;

/**
 * NxPolicyKey: one key. @name: as it stands in configurations ("half-life-days"). @meaning: one line. @allowed: what it
 * can be ("a number from 0 to 36500"). Static text.
 */
typedef struct {
	const char *name;
	const char *meaning;
	const char *allowed;
} NxPolicyKey;

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

#define NX_EFFECT_NOTE_SIZE 96

/**
 * NxEffect: what one event did: @weight it added (0 when it did not count) and the @score after it. @note: why it did
 * not count, or what else it did: half a sentence, "" when there is nothing to say.
 */
typedef struct {
	gint64 id;
	double weight;
	double score;
	char note[NX_EFFECT_NOTE_SIZE];
} NxEffect;

/**
 * nx_policy_init_default: the preset nixie, which is right for most lists: any proof will do, a complaint unsubscribes.
 */
NX_API void nx_policy_init_default (NxPolicy *policy);

/**
 * nx_policy_init_preset: a preset as it is when no key is set.
 */
NX_API void nx_policy_init_preset (NxPolicy *policy, NxPreset preset);

/**
 * nx_policy_get_key: the @index-th key, counted from 0; NULL behind the last one. The first is "preset". The order is
 * that of nx_policy_to_text().
 */
NX_API const NxPolicyKey *nx_policy_get_key (guint index);

/**
 * nx_policy_has_key: TRUE when the policy's preset knows the key. The others have no meaning there.
 */
NX_API gboolean nx_policy_has_key (const NxPolicy *policy, const char *key);

/**
 * nx_policy_set: sets one key. "preset" sets all others too, to what they are in that preset: so it goes first.
 * Returns: FALSE with NX_ERROR_CONFIG, which says what is allowed: no such key, one that the preset does not know, or a
 * value that it cannot be. @policy is untouched then.
 */
NX_API gboolean nx_policy_set (NxPolicy *policy, const char *key, const char *value, GError **error);

/**
 * nx_policy_get: what nx_policy_set() would take to set the key to what it is. Returns: (transfer full) (nullable):
 * NULL for a key that the preset does not know.
 */
NX_API char *nx_policy_get (const NxPolicy *policy, const char *key);

/**
 * nx_policy_to_text: "key = value" lines, the preset first when it is not nixie, then what differs from the preset's
 * default. "" for the default policy. @proof_since is not in it. Returns: (transfer full)
 */
NX_API char *nx_policy_to_text (const NxPolicy *policy);

/**
 * nx_policy_from_text: lines as nx_policy_to_text() writes them, in any order; empty lines and those that begin with #
 * are passed over, a key that occurs twice is wrong. Returns: FALSE with NX_ERROR_CONFIG; the message begins with "line
 * N: ".
 */
NX_API gboolean nx_policy_from_text (const char *text, NxPolicy *policy_out, GError **error);

/**
 * nx_policy_equal: TRUE when all keys, and @proof_since, are the same.
 */
NX_API gboolean nx_policy_equal (const NxPolicy *a, const NxPolicy *b);

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
 * NxForetold: what would come next. @end: when the policy ends the subscription if every mail leaves when it is due and
 * nothing comes in; 0: never. @mails: how many go to the subscriber until then, or until no more is due. @sent: how
 * many went already, since the state is what it is. @days: on so many days in a row, from tomorrow on, one post a day
 * that fails for good would lead to @state, or, when that is the state already, to @action; 0: not within 100 days.
 */
typedef struct {
	gint64 end;
	guint mails;
	guint sent;
	guint days;
	NxState state;
	NxAction action;
} NxForetold;

/**
 * nx_policy_foretell_end: @history and @posts as in nx_policy_evaluate(). Sets @end, @mails and @sent of @foretold,
 * nx_policy_foretell_failures the rest; which is {0} before.
 */
NX_API void nx_policy_foretell_end (const NxPolicy *policy, const NxHistory *history, guint count, const gint64 *posts,
				    guint post_count, gint64 now, NxForetold *foretold);
NX_API void nx_policy_foretell_failures (const NxPolicy *policy, const NxHistory *history, guint count,
					 const gint64 *posts, guint post_count, gint64 now, NxForetold *foretold);

/**
 * nx_policy_get_score_at: a standing's score at a later time, decayed (in the preset nixie; other presets' stay).
 */
NX_API double nx_policy_get_score_at (const NxPolicy *policy, const NxStanding *standing, gint64 date);

/**
 * nx_policy_is_complaint: TRUE for a report by which a reader says that he does not want such mail: of these feedback
 * types (RFC 5965 7.3 and its registry) "abuse", "fraud", "opt-out", "opt-out-list". "not-spam" says the opposite;
 * "auth-failure" and "virus" come from machines.
 */
NX_API gboolean nx_policy_is_complaint (NxKind kind, const char *feedback_type);

NX_API const char *nx_preset_to_string (NxPreset preset);
NX_API gboolean nx_preset_from_string (const char *text, NxPreset *preset_out);

/**
 * nx_preset_get_meaning: one line for people.
 */
NX_API const char *nx_preset_get_meaning (NxPreset preset);
NX_API const char *nx_complaint_to_string (NxComplaint complaint);
NX_API gboolean nx_complaint_from_string (const char *text, NxComplaint *complaint_out);
NX_API const char *nx_state_to_string (NxState state);
NX_API gboolean nx_state_from_string (const char *text, NxState *state_out);
NX_API const char *nx_action_to_string (NxAction action);

G_END_DECLS
