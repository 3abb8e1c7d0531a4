/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-helpers.h: a subscriber's life as one line of text, and a small `nixie run` that does what is due.
 *
 * A timeline is words: a letter, a day, and perhaps seconds: "F0 F1+3600" are failures on the first day and an hour
 * into the second. "F0..4" is one each day, "F0..28/7" each week. Days count from START, a Monday, 0:00 UTC. F failure,
 * permanent (5.1.1)   T transient (4.2.2)   B blocked (5.7.1)   M permanent, moved D delayed (4.4.1)   V automatic
 * reply   K delivered   C complaint (proof verp)   N failure with no status c a failure that nothing but its word
 * proves   f one that is set aside by step 7   h one that incident 12 holds v an automatic reply at the reader's return
 * path   . a post W P X E R Z the deeds warn, probe, expire, enable, restore, remove w p the bounce of the latest
 * warning, probe before What comes of it is a line too: changes of state and the mails that the run sent, in time
 * order, then score and due: "suspended@2 warn@2 score=2.97 due=warn@9".
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nixie/policy.h>

#define DAY ((gint64)86400)
#define START ((gint64)1795392000) /* 2026-11-23T00:00:00Z, a Monday */

/* @dead: what the run sends comes back a minute later. */
typedef struct {
	NxPolicy policy;
	GArray *history;
	GArray *posts;
	GPtrArray *keys;
	GArray *transitions;
	GArray *effects;
	NxStanding standing;
	gboolean dead;
} Life;

static inline Life *
life_new (const char *preset, const char *keys)
{
	Life *life = g_new0 (Life, 1);
	g_autoptr (GError) error = NULL;
	g_auto (GStrv) words = g_strsplit (keys, " ", -1);
	NxPreset value;
	if (!nx_preset_from_string (preset, &value))
		fail_msg ("no preset %s", preset);
	nx_policy_init_preset (&life->policy, value);
	for (guint i = 0; words[i] != NULL; i++) {
		char *sign = strchr (words[i], '=');
		if (sign == NULL)
			continue;
		*sign = '\0';
		if (!nx_policy_set (&life->policy, words[i], sign + 1, &error))
			fail_msg ("%s", error->message);
	}
	life->history = g_array_new (FALSE, TRUE, sizeof (NxHistory));
	life->posts = g_array_new (FALSE, FALSE, sizeof (gint64));
	life->keys = g_ptr_array_new_with_free_func (g_free);
	return life;
}

static inline void
life_free (Life *life)
{
	g_clear_pointer (&life->history, g_array_unref);
	g_clear_pointer (&life->posts, g_array_unref);
	g_clear_pointer (&life->keys, g_ptr_array_unref);
	g_clear_pointer (&life->transitions, g_array_unref);
	g_clear_pointer (&life->effects, g_array_unref);
	g_free (life);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Life, life_free)

/* Returns: its id. */
static inline gint64
life_put (Life *life, NxHistory one)
{
	one.id = (gint64)life->history->len + 1;
	char *key = g_strdup_printf ("%s%05u", one.deed != NX_DEED_NONE ? "step " : "", life->history->len);
	g_ptr_array_add (life->keys, key);
	one.key = key;
	g_array_append_val (life->history, one);
	return one.id;
}

static inline gint64
life_find_latest (const Life *life, NxDeed deed, gint64 date)
{
	const NxHistory *found = NULL;
	for (guint i = 0; i < life->history->len; i++) {
		const NxHistory *one = &g_array_index (life->history, NxHistory, i);
		if (one->deed == deed && one->date <= date && (found == NULL || one->date >= found->date))
			found = one;
	}
	if (found == NULL)
		fail_msg ("nothing was sent yet that could come back");
	return found->id;
}

static inline NxHistory
life_make (const Life *life, char code, gint64 date)
{
	const NxStatus unknown = { 5, 1, 1 };
	const NxStatus full = { 4, 2, 2 };
	const NxStatus refused = { 5, 7, 1 };
	const NxStatus slow = { 4, 4, 1 };
	NxHistory one = { .date = date, .kind = NX_KIND_FAILURE, .verdict = NX_VERDICT_PERMANENT, .status = unknown };
	one.reason = NX_REASON_USER_UNKNOWN;
	one.proof = NX_PROOF_ORIGINAL;
	switch (code) {
	case 'F':
		return one;
	case 'N':
		one.status = (NxStatus){ 0 };
		return one;
	case 'M':
		one.reason = NX_REASON_MOVED;
		return one;
	case 'c':
		one.proof = NX_PROOF_CLAIM;
		return one;
	case 'f':
		one.aside = 7;
		return one;
	case 'h':
		one.held = 12;
		return one;
	case 'w':
		one.answers = life_find_latest (life, NX_DEED_WARN, date);
		return one;
	case 'p':
		one.answers = life_find_latest (life, NX_DEED_PROBE, date);
		return one;
	case 'T':
		one.verdict = NX_VERDICT_TRANSIENT;
		one.reason = NX_REASON_MAILBOX_FULL;
		one.status = full;
		return one;
	case 'B':
		one.verdict = NX_VERDICT_BLOCKED;
		one.reason = NX_REASON_SPAM;
		one.status = refused;
		return one;
	case 'D':
		one.kind = NX_KIND_DELAYED;
		one.verdict = NX_VERDICT_BENIGN;
		one.status = slow;
		return one;
	case 'V':
	case 'v':
		one.kind = NX_KIND_VACATION;
		one.verdict = NX_VERDICT_BENIGN;
		one.status = (NxStatus){ 0 };
		one.proof = code == 'v' ? NX_PROOF_VERP : NX_PROOF_CLAIM;
		return one;
	case 'K':
		one.kind = NX_KIND_DELIVERED;
		one.verdict = NX_VERDICT_BENIGN;
		one.status = (NxStatus){ 2, 0, 0 };
		return one;
	case 'C':
		one.kind = NX_KIND_FEEDBACK;
		one.verdict = NX_VERDICT_BENIGN;
		one.status = (NxStatus){ 0 };
		one.complains = TRUE;
		one.proof = NX_PROOF_VERP;
		return one;
	default:
		break;
	}
	static const char deeds[] = "RZWPEX";
	static const NxDeed values[] = { NX_DEED_RESTORE, NX_DEED_REMOVE, NX_DEED_WARN,
					 NX_DEED_PROBE,   NX_DEED_ENABLE, NX_DEED_EXPIRE };
	const char *found = strchr (deeds, code);
	if (found == NULL)
		fail_msg ("no such code: %c", code);
	return (NxHistory){ .date = date, .deed = values[found - deeds] };
}

static inline int
compare_dates (gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a;
	gint64 y = *(const gint64 *)b;
	return (x > y) - (x < y);
}

static inline void
life_add (Life *life, const char *timeline)
{
	g_auto (GStrv) words = g_strsplit (timeline, " ", -1);
	for (guint i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		char *rest = NULL;
		gint64 first = strtol (words[i] + 1, &rest, 10);
		gint64 last = strncmp (rest, "..", 2) == 0 ? strtol (rest + 2, &rest, 10) : first;
		gint64 every = *rest == '/' ? strtol (rest + 1, &rest, 10) : 1;
		gint64 seconds = *rest == '+' ? strtol (rest + 1, &rest, 10) : 0;
		if (*rest != '\0')
			fail_msg ("no word of a timeline: %s", words[i]);
		for (gint64 day = first; day <= last; day += every) {
			gint64 date = START + day * DAY + seconds;
			if (words[i][0] == '.')
				g_array_append_val (life->posts, date);
			else
				life_put (life, life_make (life, words[i][0], date));
		}
	}
	g_array_sort (life->posts, compare_dates);
}

/* By what had happened and gone out by @now. */
static inline void
life_evaluate_at (Life *life, gint64 now)
{
	g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (NxHistory));
	guint posts = 0;
	for (guint i = 0; i < life->history->len; i++) {
		NxHistory one = g_array_index (life->history, NxHistory, i);
		if (one.date <= now)
			g_array_append_val (known, one);
	}
	while (posts < life->posts->len && g_array_index (life->posts, gint64, posts) <= now)
		posts++;
	g_clear_pointer (&life->transitions, g_array_unref);
	g_clear_pointer (&life->effects, g_array_unref);
	life->standing = nx_policy_evaluate (&life->policy, (const NxHistory *)(void *)known->data, known->len,
					     (const gint64 *)(void *)life->posts->data, posts, &life->transitions,
					     &life->effects);
}

static inline void
life_evaluate (Life *life)
{
	life_evaluate_at (life, G_MAXINT64);
}

/* What `nixie run` does when it starts at @now. */
static inline void
life_run_once (Life *life, gint64 now)
{
	static const NxDeed deeds[] = { NX_DEED_NONE, NX_DEED_WARN, NX_DEED_PROBE, NX_DEED_EXPIRE };
	life_evaluate_at (life, now);
	NxAction due = life->standing.due;
	if (due == NX_ACTION_NONE || life->standing.due_date > now)
		return;
	gint64 id = life_put (life, (NxHistory){ .date = now, .deed = deeds[due] });
	if (!life->dead || due == NX_ACTION_REMOVE)
		return;
	NxHistory answer = life_make (life, 'F', now + 60);
	answer.answers = id;
	life_put (life, answer);
}

static inline void
life_run (Life *life, gint64 every, gint64 days)
{
	for (gint64 now = START; every > 0 && now <= START + days * DAY; now += every)
		life_run_once (life, now);
}

static inline void
append_date (GString *text, gint64 date)
{
	gint64 day = (date - START) / DAY;
	gint64 seconds = (date - START) % DAY;
	g_string_append_printf (text, "@%" G_GINT64_FORMAT, day);
	if (seconds != 0)
		g_string_append_printf (text, "+%" G_GINT64_FORMAT, seconds);
}

typedef struct {
	gint64 date;
	guint order;
	const char *word;
} LifeLine;

static inline int
compare_lines (gconstpointer a, gconstpointer b)
{
	const LifeLine *x = a;
	const LifeLine *y = b;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static inline char *
life_tell (const Life *life)
{
	g_autoptr (GString) text = g_string_new (NULL);
	g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (LifeLine));
	for (guint i = 0; i < life->transitions->len; i++) {
		const NxTransition *transition = &g_array_index (life->transitions, NxTransition, i);
		LifeLine line = { transition->date, i, nx_state_to_string (transition->to) };
		g_array_append_val (lines, line);
	}
	for (guint i = 0; i < life->history->len; i++) {
		const NxHistory *one = &g_array_index (life->history, NxHistory, i);
		LifeLine line = { one->date, 1000 + i, one->deed == NX_DEED_WARN ? "warn" : "probe" };
		if (one->deed == NX_DEED_WARN || one->deed == NX_DEED_PROBE)
			g_array_append_val (lines, line);
	}
	g_array_sort (lines, compare_lines);
	for (guint i = 0; i < lines->len; i++) {
		const LifeLine *line = &g_array_index (lines, LifeLine, i);
		g_string_append (text, line->word);
		append_date (text, line->date);
		g_string_append_c (text, ' ');
	}
	g_string_append_printf (text, "score=%.4g", life->standing.score);
	if (life->standing.due != NX_ACTION_NONE) {
		g_string_append_printf (text, " due=%s", nx_action_to_string (life->standing.due));
		append_date (text, life->standing.due_date);
	}
	return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @every: the run's interval in seconds, until day @days; 0: no run. */
typedef struct {
	const char *name;
	const char *preset;
	const char *keys;
	const char *timeline;
	const char *want;
	gint64 every;
	gint64 days;
	gboolean dead;
} LifeCase;

static inline void
check_lives (const LifeCase *cases, guint count)
{
	g_autoptr (GString) wrong = g_string_new (NULL);
	for (guint i = 0; i < count; i++) {
		g_autoptr (Life) life = life_new (cases[i].preset, cases[i].keys);
		life->dead = cases[i].dead;
		life_add (life, cases[i].timeline);
		life_run (life, cases[i].every, cases[i].days);
		life_evaluate (life);
		g_autofree char *got = life_tell (life);
		if (strcmp (got, cases[i].want) != 0)
			g_string_append_printf (wrong, "%s: %s\n  want %s\n  got  %s\n", cases[i].preset, cases[i].name,
						cases[i].want, got);
	}
	if (wrong->len > 0)
		fail_msg ("\n%s", wrong->str);
}

/* The note of the @index-th event, in time order. */
static inline void
check_note (const char *preset, const char *keys, const char *timeline, guint index, const char *want)
{
	g_autoptr (Life) life = life_new (preset, keys);
	life_add (life, timeline);
	life_evaluate (life);
	assert_true (index < life->effects->len);
	assert_string_equal (g_array_index (life->effects, NxEffect, index).note, want);
}
