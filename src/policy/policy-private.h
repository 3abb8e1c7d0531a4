/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-private.h: what the presets share. A preset is one NxPolicyEngine, in a file of its own (preset-*.c), and one
 * row in presets.c; policy.c drives it through a history.
 */
#pragma once

#include <nixie/policy.h>

G_BEGIN_DECLS

/* How much of a wrong key or value an error message shows. */
#define NX_POLICY_SHOWN 80

typedef struct {
	const char *name;
	guint value;
} NxPolicyWord;

extern const NxPolicyWord nx_policy_preset_words[];

/**
 * nx_policy_word_to_string: @words end with a NULL. Returns: the first word for a value that has none.
 */
const char *nx_policy_word_to_string (const NxPolicyWord *words, guint value);
gboolean nx_policy_word_from_string (const NxPolicyWord *words, const char *text, guint *value_out);

/* The indexes of NxPolicy.count and NxPolicy.measure. */
enum {
	NX_LISTMONK_SOFT,
	NX_LISTMONK_HARD,
	NX_LISTMONK_COMPLAINT,
};

#define NX_POLICY_DAY ((gint64)86400)

/* A time that never was. */
#define NX_POLICY_NEVER G_MININT64

/**
 * NxPolicyEntry: an event or a step on its way through a preset. @weight: above 0 for what counts. @step: of what
 * answers a warning or a probe, that. @away: about an address that the subscription had left, or did not have yet.
 */
typedef struct {
	const NxHistory *history;
	const NxHistory *step;
	double weight;
	gboolean away;
	gboolean heals;
	gboolean complains;
	char note[NX_EFFECT_NOTE_SIZE];
} NxPolicyEntry;

/**
 * NxPolicyMemory: what presets remember from one entry to the next; each uses what it needs. Times are
 * NX_POLICY_NEVER when there was none.
 */
typedef struct {
	gint64 first;    /* of what is counted now */
	gint64 last;     /* of what is counted now */
	gint64 failed;   /* the last failure, counted or not */
	gint64 warned;   /* the last warning */
	gint64 probed;   /* the last probe that nothing has come back from */
	gint64 returned; /* a warning or probe came back */
	gint64 reached;  /* what is wanted next is wanted since then */
	guint count;
	guint counts[3];
	gboolean temporary; /* the last one was of class 4 */
	NxAction missed;    /* what was due and not done when something new came in */
} NxPolicyMemory;

/**
 * NxEvaluation: a walk through a history. @complained: a delivery does not undo what the reader said. @expired: the
 * policy, not a person, has ended the subscription.
 */
typedef struct {
	const NxPolicy *policy;
	const gint64 *posts;
	guint post_count;
	NxPolicyMemory memory;
	NxStanding standing;
	gboolean complained;
	gboolean expired;
	GArray *transitions;
	GArray *effects;
} NxEvaluation;

/**
 * NxPolicyEngine: one preset. @init: what differs from all others' numbers. @judge: what an event would do, were it
 * proven: sets @weight, @heals or @complains, or a note. @select: (nullable): which of all entries, in time order, keep
 * their weight.
 * @settle: (nullable): what became true before an entry at @date. @apply: an event that counts or heals. @step:
 * (nullable): a WARN or PROBE. @find_due: (nullable): what is wanted next, into the standing, which holds nothing then.
 * @expired: the cause of an EXPIRE. @keeps_score: a subscriber who comes back has the score he had. @removes_active:
 * removes those who are not suspended too: an EXPIRE acts when it is due, not when they are suspended.
 * @counts_complaints: @judge judges complaints too, instead of NxPolicy.complaint.
 */
typedef struct {
	const char *meaning;
	const char *expired;
	void (*init) (NxPolicy *policy);
	void (*judge) (const NxPolicy *policy, NxPolicyEntry *entry);
	void (*select) (GArray *entries);
	void (*settle) (NxEvaluation *evaluation, gint64 date);
	void (*apply) (NxEvaluation *evaluation, NxPolicyEntry *entry);
	void (*step) (NxEvaluation *evaluation, const NxHistory *step);
	void (*find_due) (const NxEvaluation *evaluation, NxStanding *standing);
	gboolean keeps_score;
	gboolean removes_active;
	gboolean counts_complaints;
} NxPolicyEngine;

extern const NxPolicyEngine nx_preset_nixie;
extern const NxPolicyEngine nx_preset_mailman3;
extern const NxPolicyEngine nx_preset_mailman2;
extern const NxPolicyEngine nx_preset_sympa;
extern const NxPolicyEngine nx_preset_mlmmj;
extern const NxPolicyEngine nx_preset_ezmlm;
extern const NxPolicyEngine nx_preset_listmonk;
extern const NxPolicyEngine nx_preset_listserv;
extern const NxPolicyEngine nx_preset_record_only;

const NxPolicyEngine *nx_policy_get_engine (NxPreset preset);

/* ---- times; none overflows ---- */

/**
 * nx_policy_get_day: the number of a UTC day since 1970; dates before 1970 occur in bounces and have days too.
 */
gint64 nx_policy_get_day (gint64 date);

/**
 * nx_policy_get_midnight: when a day begins.
 */
gint64 nx_policy_get_midnight (gint64 day);

/**
 * nx_policy_get_age: the seconds from @from to @to; 0 when @to is not later.
 */
guint64 nx_policy_get_age (gint64 from, gint64 to);
gint64 nx_policy_add_seconds (gint64 date, gint64 seconds);
gint64 nx_policy_get_seconds (double days);

/**
 * nx_policy_count_posts: how many posts went out later than @after, and not later than @until.
 */
guint nx_policy_count_posts (const NxEvaluation *evaluation, gint64 after, gint64 until);

/* ---- for the presets ---- */

/**
 * nx_policy_drop: an entry that does nothing, since.
 */
void nx_policy_drop (NxPolicyEntry *entry, const char *format, ...) G_GNUC_PRINTF (2, 3);
void nx_policy_change_state (NxEvaluation *evaluation, const NxHistory *history, NxState to, const char *cause);

/**
 * nx_policy_forget: nothing has happened yet, as of @date.
 */
void nx_policy_forget (NxEvaluation *evaluation, gint64 date);
void nx_policy_set_score (NxEvaluation *evaluation, double score, gint64 date);
void nx_policy_set_due (NxStanding *standing, NxAction action, gint64 date);

/**
 * nx_policy_judge_failure: as most list managers: a failure counts 1, whatever its verdict; nothing else does.
 */
void nx_policy_judge_failure (const NxPolicy *policy, NxPolicyEntry *entry);

/**
 * nx_policy_take_warning: the step of a preset that warns the suspended.
 */
void nx_policy_take_warning (NxEvaluation *evaluation, const NxHistory *step);

/* ---- both Mailmans (mailman.c) ---- */

void nx_mailman_init (NxPolicy *policy);
void nx_mailman_step (NxEvaluation *evaluation, const NxHistory *step);

/**
 * nx_mailman_disable: delivery is off; the warnings begin anew.
 */
void nx_mailman_disable (NxEvaluation *evaluation, const NxHistory *history, const char *cause);

/**
 * nx_mailman_is_probe: TRUE for the bounce of a probe whose token was still good.
 */
gboolean nx_mailman_is_probe (const NxPolicyEntry *entry);

/**
 * nx_mailman_find_due: @warned: what the interval begins with: the last warning, or its day.
 */
void nx_mailman_find_due (const NxEvaluation *evaluation, gint64 warned, NxStanding *standing);

G_END_DECLS
