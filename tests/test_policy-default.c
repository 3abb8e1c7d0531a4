/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_policy-default.c: whole lives under the preset nixie (src/policy/preset-nixie.c), with the run's warnings and
 * removals. The arithmetic of single events is in test_policy.c.
 */
#include "policy-helpers.h"

/* What the README promises. */
static void
test_policy_default__rhythms (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "daily: two do not suspend", "nixie", "", "F0 F1", "score=1.989", 0, 0, 0 },
		{ "daily: the third day", "nixie", "", "F0..2", "suspended@2 score=2.966 due=warn@2", 0, 0, 0 },
		{ "weekly: two", "nixie", "", "F0 F7", "score=1.922", 0, 0, 0 },
		{ "weekly: the third bounce", "nixie", "", "F0..14/7", "suspended@14 score=2.773 due=warn@14", 0, 0,
		  0 },
		{ "monthly: three", "nixie", "", "F0..60/30", "score=2.207", 0, 0, 0 },
		{ "monthly: the fourth bounce", "nixie", "", "F0..90/30", "suspended@90 score=2.561 due=warn@90", 0, 0,
		  0 },
		{ "full, daily: 29 days", "nixie", "", "T0..28", "score=2.478", 0, 0, 0 },
		{ "full, daily: 30 days", "nixie", "", "T0..29", "suspended@29 score=2.55 due=warn@29", 0, 0, 0 },
		{ "full, weekly: never", "nixie", "", "T0..728/7", "score=1.287", 0, 0, 0 },
		{ "blocked: never", "nixie", "", "B0..400", "score=0", 0, 0, 0 },
		{ "dead, the list's posts known: not healed by them", "nixie", "", ".0..90/30 F0..90/30+60",
		  "suspended@90+60 score=2.561 due=warn@90+60", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_policy_default__before_a_suspension (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "exactly the threshold", "nixie", "half-life-days=0 threshold=3", "F0..2",
		  "suspended@2 score=3 due=warn@2", 0, 0, 0 },
		{ "a little more than is there", "nixie", "half-life-days=0 threshold=3.000001", "F0..2", "score=3", 0,
		  0, 0 },
		{ "tenths add up exactly", "nixie", "half-life-days=0 threshold=0.3", "T0..2",
		  "suspended@2 score=0.3 due=warn@2", 0, 0, 0 },
		{ "none suspends", "nixie", "threshold=0", "F0..50", "score=38.76", 0, 0, 0 },
		{ "min-events, one too few", "nixie", "threshold=1 min-events=4", "F0..2", "score=2.966", 0, 0, 0 },
		{ "min-events, met", "nixie", "threshold=1 min-events=4", "F0..3", "suspended@3 score=3.932 due=warn@3",
		  0, 0, 0 },
		{ "min-days, one too few", "nixie", "threshold=1 min-days=4", "F0..2", "score=2.966", 0, 0, 0 },
		{ "min-days, met to the second", "nixie", "threshold=1 min-days=2 min-events=0", "F0+86399 F1",
		  "suspended@1 score=2 due=warn@1", 0, 0, 0 },
		{ "both off", "nixie", "threshold=1 min-days=0 min-events=0", "F0", "suspended@0 score=1 due=warn@0", 0,
		  0, 0 },
		{ "a heavy weight alone does not do", "nixie", "weight-permanent=5", "F0 F1", "score=9.943", 0, 0, 0 },
		{ "deliveries begin the count anew", "nixie", "threshold=1", "F0 F1 K2 F3 F4", "score=1.989", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_policy_default__weights (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "of a reason", "nixie", "weight-user-unknown=0.5", "F0", "score=0.5", 0, 0, 0 },
		{ "of a reason goes before the verdict's, 0 too", "nixie", "weight-user-unknown=0", "F0 T1",
		  "score=0.1", 0, 0, 0 },
		{ "of another reason", "nixie", "weight-moved=0.5", "F0", "score=1", 0, 0, 0 },
		{ "of what is blocked", "nixie", "weight-blocked=0.2", "B0", "score=0.2", 0, 0, 0 },
		{ "of a blocked reason", "nixie", "weight-spam=0.3", "B0", "score=0.3", 0, 0, 0 },
		{ "of a proof", "nixie", "factor-claim=0.25", "c0", "score=0.25", 0, 0, 0 },
		{ "of another proof", "nixie", "factor-claim=0.25", "F0", "score=1", 0, 0, 0 },
		{ "of reason and proof", "nixie", "factor-original=0.5 weight-mailbox-full=0.4", "T0", "score=0.2", 0,
		  0, 0 },
		{ "moved counts", "nixie", "moved=count", "M0", "score=1", 0, 0, 0 },
		{ "moved is asked, and counts", "nixie", "moved=ask", "M0", "score=1", 0, 0, 0 },
		{ "moved is only recorded", "nixie", "moved=record", "M0 F1", "score=1", 0, 0, 0 },
		{ "moved is only recorded, in a preset too", "mailman3", "moved=record", "M0 F1", "score=1", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_policy_default__quiet_posts_heal (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "weekly: two came through", "nixie", "", ".0..70/7 F0 F7 F28", "suspended@28 score=2.508 due=warn@28",
		  0, 0, 0 },
		{ "weekly: three came through", "nixie", "", ".0..70/7 F0 F7 F35", "score=1", 0, 0, 0 },
		{ "posts unknown", "nixie", "", "F0 F7 F35", "score=2.391", 0, 0, 0 },
		{ "quiet-days: a second too few", "nixie", "", ".0..30 F0 F14+-1", "score=1.851", 0, 0, 0 },
		{ "quiet-days: exactly", "nixie", "", ".0..30 F0 F14", "score=1", 0, 0, 0 },
		{ "a post may fail for five days: too young by a second", "nixie", "", ".2 .3 .15+1 F0 F20",
		  "score=1.794", 0, 0, 0 },
		{ "a post may fail for five days: old enough", "nixie", "", ".2 .3 .15 F0 F20", "score=1", 0, 0, 0 },
		{ "three posts at once, monthly, and all bounce", "nixie", "",
		  ".0 .0+1 .0+2 .30 .30+1 .30+2 .60 .60+1 .60+2 .90 .90+1 .90+2 F0..90/30+60",
		  "suspended@90+60 score=2.561 due=warn@90+60", 0, 0, 0 },
		{ "what was refused did not come through", "nixie", "", ".0..60 F0 B1..29 F30", "score=1.707", 0, 0,
		  0 },
		{ "after the last refusal enough did", "nixie", "", ".0..60 F0 B1..20 F30", "score=1", 0, 0, 0 },
		{ "what was set aside never was", "nixie", "", ".0..60 F0 f1..29 F30", "score=1", 0, 0, 0 },
		{ "off", "nixie", "quiet-posts=0", ".0..60 F0 F30", "score=1.707", 0, 0, 0 },
		{ "one post, no days", "nixie", "quiet-posts=1 quiet-days=0", ".1 F0 F6 F7", "score=1.989", 0, 0, 0 },
		{ "the suspended get no posts", "nixie", "", ".0..90 F0..2 F60", "suspended@2 score=2.517 due=warn@2",
		  0, 0, 0 },
		{ "days and events count anew too", "nixie", "threshold=1", ".0..60 F0 F1 F30 F31", "score=1.989", 0, 0,
		  0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_policy_default__warnings_and_removal (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "nobody answers", "nixie", "", "F0..2", "suspended@2 warn@2 warn@9 warn@16 removed@23 score=2.966",
		  3600, 40, 0 },
		{ "the warnings bounce", "nixie", "", "F0..2",
		  "suspended@2 warn@2 warn@9 warn@16 removed@23 score=4.445", 3600, 40, TRUE },
		{ "between two runs", "nixie", "", "F0..2+1",
		  "suspended@2+1 warn@2+3600 warn@9+3600 warn@16+3600 removed@23+3600 score=2.966", 3600, 40, 0 },
		{ "the next is due an interval after the last, not sooner", "nixie", "", "F0..2 W2+5",
		  "suspended@2 warn@2+5 score=2.966 due=warn@9+5", 0, 0, 0 },
		{ "behind the last warning", "nixie", "", "F0..2 W2 W9 W16+1",
		  "suspended@2 warn@2 warn@9 warn@16+1 score=2.966 due=remove@23+1", 0, 0, 0 },
		{ "other numbers", "nixie", "warnings=1 warn-interval-days=30 remove-after-days=0.5", "F0..2",
		  "suspended@2 warn@2 removed@2+43200 score=2.966", 3600, 40, 0 },
		{ "no warnings", "nixie", "warnings=0", "F0..2", "suspended@2 removed@9 score=2.966", 3600, 40, 0 },
		{ "nobody is removed", "nixie", "remove=no", "F0..2", "suspended@2 warn@2 warn@9 warn@16 score=2.966",
		  3600, 40, 0 },
		{ "the reader answers", "nixie", "", "F0..2 E10", "suspended@2 warn@2 warn@9 active@10 score=0", 3600,
		  40, 0 },
		{ "a delivery heals meanwhile", "nixie", "", "F0..2 K10", "suspended@2 warn@2 warn@9 active@10 score=0",
		  3600, 40, 0 },
		{ "deliveries do not heal", "nixie", "heal=no", "F0..2 K10 K11", "suspended@2 score=2.966 due=warn@2",
		  0, 0, 0 },
		{ "suspended again: warned anew", "nixie", "", "F0..2 E10 F20..22",
		  "suspended@2 warn@2 warn@9 active@10 suspended@22 warn@22 warn@29 warn@36 removed@43 score=2.966",
		  3600, 60, 0 },
		{ "who complained is neither warned nor removed", "nixie", "complaint=suspend", "C0",
		  "suspended@0 score=0", 3600, 40, 0 },
		{ "an answer after the end", "nixie", "", "F0..2 X23 E24", "suspended@2 removed@23 active@24 score=0",
		  0, 0, 0 },
		{ "no answer undoes what a person decided", "nixie", "", "F0..2 Z3 E4",
		  "suspended@2 removed@3 score=2.966", 0, 0, 0 },
		{ "nor what the reader said", "nixie", "", "C0 E1", "removed@0 score=0", 0, 0, 0 },
		{ "removed by the policy, then by hand", "nixie", "", "F0..2 X23 Z24 E25",
		  "suspended@2 removed@23 score=2.966", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

/* What is known later takes back what was done on what was known before. */
static void
test_policy_default__late_knowledge (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "as it was", "nixie", "", "F0..2 W2 W9 W16 X23",
		  "suspended@2 warn@2 warn@9 warn@16 removed@23 score=2.966", 0, 0, 0 },
		{ "a delivery comes to light", "nixie", "", "F0..2 W2 W9 W16 X23 K10",
		  "suspended@2 warn@2 warn@9 active@10 warn@16 score=0", 0, 0, 0 },
		{ "one is set aside", "nixie", "", "F0 f1 F2 W2 W9 W16 X23", "warn@2 warn@9 warn@16 score=1.977", 0, 0,
		  0 },
		{ "one is held", "nixie", "", "F0 h1 F2 W2 X23", "warn@2 score=1.977", 0, 0, 0 },
		{ "held, without the guard", "nixie", "guard=no", "F0 h1 F2", "suspended@2 score=2.966 due=warn@2", 0,
		  0, 0 },
		{ "what failed after the removal counts nothing, and does when it is taken back", "nixie", "",
		  "F0 f1 F2 X23 F30", "score=2.431", 0, 0, 0 },
		{ "suspended later than it was warned: warned anew", "nixie", "", "f0..2 W2 W9 W16 X23 F20..22",
		  "warn@2 warn@9 warn@16 suspended@22 removed@23 score=2.966", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_policy_default__notes (void **state G_GNUC_UNUSED)
{
	check_note ("nixie", "", "F0 h1", 1, "held by incident 12");
	check_note ("nixie", "", "F0 f1", 1, "set aside by step 7");
	check_note ("nixie", "guard=no", "F0 h1", 1, "");
	check_note ("nixie", "", "F0 B1", 1, "blocked never counts");
	check_note ("nixie", "weight-user-unknown=0", "F0", 0, "has no weight in this policy");
	check_note ("nixie", "", ".0..60/7 F0 F35", 1, "4 posts came through since the last failure: begins anew");
	check_note ("nixie", "quiet-posts=1", ".1 F0 F35", 1,
		    "1 post came through since the last failure: begins anew");
	check_note ("nixie", "", "F0 K1", 1, "delivery heals");
	check_note ("nixie", "heal=no", "F0 K1", 1, "delivery does not heal on this list");
	check_note ("nixie", "moved=record", "M0", 0, "that an address has moved is only recorded on this list");
	check_note ("nixie", "", "F0+1 T0", 0, "same day as a heavier one");
	check_note ("nixie", "", "F0 F0+1", 1, "same day as one that counts");
	check_note ("nixie", "least-proof=verp", "c0", 0, "proven too weakly for this list");
}

static void
test_policy_default__causes (void **state G_GNUC_UNUSED)
{
	static const struct {
		const char *preset;
		const char *timeline;
		const char *causes;
	} cases[] = {
		{ "nixie", "F0..2 K3 F4..6 X30 R31 C32 R33 Z34",
		  "the score reached the threshold|mail was delivered|the score reached the threshold|was suspended "
		  "for too "
		  "long|restored by hand|the reader complained|restored by hand|removed by hand" },
		{ "nixie", "F0..2 E3", "the score reached the threshold|the reader came back" },
		{ "mailman3", "F0..4 X30",
		  "the bounce score reached the threshold|delivery was off by bounces, and nobody turned it on" },
		{ "mailman2", "P0 p1 X30", "the probe bounced|delivery was off by bounces, and nobody turned it on" },
		{ "sympa", ".0..74 F0..74 X77", "the bounce score reached a level that removes" },
		{ "mlmmj", "F0 P6 p6+1 X6+2", "bounced for too long, and its probes came back" },
		{ "ezmlm", "P0 p1", "the probe bounced" },
		{ "listmonk", "F0 R1 C2",
		  "the hard bounces reached their count|restored by hand|the reader complained" },
		{ "listserv", "F0 F4", "failed for too many days" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (Life) life = life_new (cases[i].preset, "");
		g_autoptr (GString) causes = g_string_new (NULL);
		life_add (life, cases[i].timeline);
		life_evaluate (life);
		for (guint n = 0; n < life->transitions->len; n++)
			g_string_append_printf (causes, "%s%s", n > 0 ? "|" : "",
						g_array_index (life->transitions, NxTransition, n).cause);
		assert_string_equal (causes->str, cases[i].causes);
	}
}

/* ---- what would come next ---- */

static char *
foretell (const Life *life, gint64 now)
{
	NxForetold foretold = { 0 };
	const NxHistory *rows = (const NxHistory *)(void *)life->history->data;
	const gint64 *posts = (const gint64 *)(void *)life->posts->data;
	nx_policy_foretell_end (&life->policy, rows, life->history->len, posts, life->posts->len, now, &foretold);
	nx_policy_foretell_failures (&life->policy, rows, life->history->len, posts, life->posts->len, now, &foretold);
	const char *outcome = foretold.action != NX_ACTION_NONE ? nx_action_to_string (foretold.action)
			      : foretold.days > 0               ? nx_state_to_string (foretold.state)
								: "";
	return g_strdup_printf ("end=%d mails=%u sent=%u days=%u %s",
				foretold.end != 0 ? (int)((foretold.end - START) / DAY) : 0, foretold.mails,
				foretold.sent, foretold.days, outcome);
}

static void
test_nx_policy_foretell__every_preset (void **state G_GNUC_UNUSED)
{
	static const struct {
		const char *preset;
		const char *keys;
		const char *timeline;
		int now;
		const char *want;
	} cases[] = {
		{ "nixie", "", "", 0, "end=0 mails=0 sent=0 days=3 suspended" },
		{ "nixie", "", "F0 F1", 1, "end=0 mails=0 sent=0 days=1 suspended" },
		/* The score alone would do with the next. */
		{ "nixie", "min-days=5", "F0 F1", 1, "end=0 mails=0 sent=0 days=3 suspended" },
		{ "nixie", "min-events=7", "F0 F1", 1, "end=0 mails=0 sent=0 days=5 suspended" },
		{ "nixie", "threshold=0", "F0..5", 5, "end=0 mails=0 sent=0 days=0 " },
		{ "nixie", "least-proof=signed", "F0 F1", 1, "end=0 mails=0 sent=0 days=3 suspended" },
		{ "nixie", "", "F0..2", 2, "end=23 mails=3 sent=0 days=0 " },
		/* Late: what was due on the second day leaves today. */
		{ "nixie", "", "F0..2", 12, "end=33 mails=3 sent=0 days=0 " },
		{ "nixie", "", "F0..2 W3", 4, "end=24 mails=2 sent=1 days=0 " },
		{ "nixie", "remove=no", "F0..2 W3", 4, "end=0 mails=2 sent=1 days=0 " },
		{ "nixie", "warnings=0 remove-after-days=30", "F0..2", 2, "end=32 mails=0 sent=0 days=0 " },
		{ "mailman3", "", "F0..4", 4, "end=25 mails=3 sent=0 days=0 " },
		{ "mailman3", "", "F0..2", 2, "end=0 mails=0 sent=0 days=2 suspended" },
		{ "mailman3", "verp-probes=yes", "F0..2", 2, "end=0 mails=0 sent=0 days=2 probe" },
		{ "sympa", "", ".0..10 F0..10", 10, "end=0 mails=0 sent=0 days=34 warn" },
		{ "mlmmj", "", "", 0, "end=0 mails=0 sent=0 days=1 probe" },
		{ "ezmlm", "", "", 0, "end=0 mails=0 sent=0 days=1 warn" },
		{ "listmonk", "", "", 0, "end=0 mails=0 sent=0 days=1 suspended" },
		{ "listserv", "", "F0", 0, "end=0 mails=0 sent=0 days=4 removed" },
		{ "record-only", "", "F0", 0, "end=0 mails=0 sent=0 days=0 " },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (Life) life = life_new (cases[i].preset, cases[i].keys);
		life_add (life, cases[i].timeline);
		g_autofree char *got = foretell (life, START + cases[i].now * DAY);
		if (strcmp (got, cases[i].want) != 0)
			fail_msg ("%s %s %s: %s, not %s", cases[i].preset, cases[i].keys, cases[i].timeline, got,
				  cases[i].want);
	}
}

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_policy_default__rhythms),
		cmocka_unit_test (test_policy_default__before_a_suspension),
		cmocka_unit_test (test_policy_default__weights),
		cmocka_unit_test (test_policy_default__quiet_posts_heal),
		cmocka_unit_test (test_policy_default__warnings_and_removal),
		cmocka_unit_test (test_policy_default__late_knowledge),
		cmocka_unit_test (test_policy_default__notes),
		cmocka_unit_test (test_policy_default__causes),
		cmocka_unit_test (test_nx_policy_foretell__every_preset),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
