/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_policy-presets.c: each preset reckons as its list manager does, at its borders; and whatever the preset, a state
 * depends on nothing but the history.
 */
#include "policy-helpers.h"

static void
test_preset__mailman3 (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "one below the threshold", "mailman3", "", "F0..3", "score=4", 0, 0, 0 },
		{ "the threshold", "mailman3", "", "F0..4", "suspended@4 score=5 due=warn@4", 0, 0, 0 },
		{ "another threshold", "mailman3", "bounce-score-threshold=2", "F0 F1",
		  "suspended@1 score=2 due=warn@1", 0, 0, 0 },
		{ "every failure is permanent; a delay, a reply, a delivery is none", "mailman3", "",
		  "T0 B1 F2 D3 V4 v5 K6", "score=3", 0, 0, 0 },
		{ "a week old is not stale", "mailman3", "", "F0 F7", "score=2", 0, 0, 0 },
		{ "a second more is", "mailman3", "", "F0 F7+1", "score=1", 0, 0, 0 },
		{ "another age", "mailman3", "bounce-info-stale-after-days=1", "F0 F2", "score=1", 0, 0, 0 },
		{ "one a date", "mailman3", "", "F0 F0+86399 F1", "score=2", 0, 0, 0 },
		{ "another of the date makes the last younger", "mailman3", "", "F0 F0+86399 F7+86399", "score=2", 0, 0,
		  0 },
		{ "a complaint is nothing", "mailman3", "", "C0", "score=0", 0, 0, 0 },
		{ "what comes in while it is off is ignored", "mailman3", "", "F0..9", "suspended@4 score=5 due=warn@4",
		  0, 0, 0 },
		{ "three warnings, then deleted", "mailman3", "", "F0..4",
		  "suspended@4 warn@4 warn@11 warn@18 removed@25 score=5", 3600, 40, 0 },
		{ "the warnings come back", "mailman3", "", "F0..4",
		  "suspended@4 warn@4 warn@11 warn@18 removed@25 score=5", 3600, 40, TRUE },
		{ "an interval by the second", "mailman3", "", "F0..4 W4+77",
		  "suspended@4 warn@4+77 score=5 due=warn@11+77", 0, 0, 0 },
		{ "no warnings: deleted at once", "mailman3", "bounce-you-are-disabled-warnings=0", "F0..4",
		  "suspended@4 score=5 due=remove@4", 0, 0, 0 },
		{ "other warnings", "mailman3",
		  "bounce-you-are-disabled-warnings=1 bounce-you-are-disabled-warnings-interval-days=2", "F0..4",
		  "suspended@4 warn@4 removed@6 score=5", 3600, 40, 0 },
		{ "never deleted", "mailman3", "remove=no", "F0..4", "suspended@4 warn@4 warn@11 warn@18 score=5", 3600,
		  40, 0 },
		{ "who is back has the score he had", "mailman3", "", "F0..4 E5 F6",
		  "suspended@4 active@5 suspended@6 score=6 due=warn@6", 0, 0, 0 },
		{ "by hand too", "mailman3", "", "F0..4 R5 F6", "suspended@4 active@5 suspended@6 score=6 due=warn@6",
		  0, 0, 0 },
		{ "until it is stale", "mailman3", "", "F0..4 E5 F11+1", "suspended@4 active@5 score=1", 0, 0, 0 },
		{ "on the date of the last nothing counts", "mailman3", "", "F0..4 E4+10 F4+20",
		  "suspended@4 active@4+10 score=5", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
	check_note ("mailman3", "", "F0..5", 5, "delivery was off already");
	check_note ("mailman3", "", "D0", 0, "mailman3 counts failures alone");
}

static void
test_preset__mailman3_probes (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "wanted at the threshold", "mailman3", "verp-probes=yes", "F0..4", "score=5 due=probe@4", 0, 0, 0 },
		{ "and with each further bounce", "mailman3", "verp-probes=yes", "F0..4 P4+10 F5",
		  "probe@4+10 score=6 due=probe@5", 0, 0, 0 },
		{ "not twice before one is sent", "mailman3", "verp-probes=yes", "F0..6", "score=7 due=probe@4", 0, 0,
		  0 },
		{ "sent", "mailman3", "verp-probes=yes", "F0..4 P4+10", "probe@4+10 score=5", 0, 0, 0 },
		{ "its bounce turns delivery off", "mailman3", "verp-probes=yes", "F0..4",
		  "probe@4 suspended@4+60 warn@4+3600 warn@11+3600 warn@18+3600 removed@25+3600 score=5", 3600, 40,
		  TRUE },
		{ "a probe that does not come back does nothing", "mailman3", "verp-probes=yes", "F0..4",
		  "probe@4 score=5", 3600, 40, 0 },
		{ "ten days later still", "mailman3", "verp-probes=yes", "F0..4 P4 p14",
		  "probe@4 suspended@14 score=5 due=warn@14", 0, 0, 0 },
		{ "a second later it is a bounce like others", "mailman3", "verp-probes=yes", "F0..4 P4 p14+1",
		  "probe@4 score=1", 0, 0, 0 },
		{ "a second probe's bounce begins the warnings anew", "mailman3", "verp-probes=yes",
		  "F0..4 P4 F5 P5+9 p6 W6+1 p7", "probe@4 probe@5+9 suspended@6 warn@6+1 score=6 due=warn@7", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_preset__mailman2 (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "one below the threshold", "mailman2", "", "F0..3", "score=4", 0, 0, 0 },
		{ "the threshold", "mailman2", "", "F0..4", "suspended@4 score=5 due=warn@4", 0, 0, 0 },
		{ "seven days are not stale, whatever the hours", "mailman2", "", "F0 F7+86399", "score=2", 0, 0, 0 },
		{ "eight are", "mailman2", "", "F0+86399 F8", "score=1", 0, 0, 0 },
		{ "one a day", "mailman2", "", "F0 F0+86399", "score=1", 0, 0, 0 },
		{ "what is temporary is ignored", "mailman2", "", "D0 F1", "score=1", 0, 0, 0 },
		{ "a reply at the VERP path scores", "mailman2", "", "v0", "score=1", 0, 0, 0 },
		{ "elsewhere it does not", "mailman2", "", "V0", "score=0", 0, 0, 0 },
		{ "the first warning at once, the others by days", "mailman2", "", "F0..4+3600",
		  "suspended@4+3600 warn@4+3600 warn@11 warn@18 removed@25 score=5", 3600, 40, 0 },
		{ "no warnings: deleted at once", "mailman2", "bounce-you-are-disabled-warnings=0", "F0..4",
		  "suspended@4 score=5 due=remove@4", 0, 0, 0 },
		{ "who is back begins anew", "mailman2", "", "F0..4 E5 F6", "suspended@4 active@5 score=1", 0, 0, 0 },
		{ "a probe: the score is 0", "mailman2", "verp-probes=yes", "F0..4", "score=0 due=probe@4", 0, 0, 0 },
		{ "and five days more want another", "mailman2", "verp-probes=yes", "F0..4 P4 F5..9",
		  "probe@4 score=0 due=probe@9", 0, 0, 0 },
		{ "its bounce turns delivery off", "mailman2", "verp-probes=yes", "F0..4 P4+10 p4+99",
		  "probe@4+10 suspended@4+99 score=0 due=warn@4+99", 0, 0, 0 },
		{ "another's while it is off does nothing", "mailman2", "verp-probes=yes", "F0..4 P4+10 p4+99 W5 p6",
		  "probe@4+10 suspended@4+99 warn@5 score=0 due=warn@12", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_preset__sympa_score (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "nine days from first to last", "sympa", "", ".0..20 F0..9", "score=0", 0, 0, 0 },
		{ "ten days: count 11, posts 11", "sympa", "", ".0..20 F0..10", "score=11", 0, 0, 0 },
		{ "nine bounces", "sympa", "", ".0..20 F0..6 F10 F20", "score=0", 0, 0, 0 },
		{ "ten: 10 * 10 / 21", "sympa", "", ".0..20 F0..7 F10 F20", "score=5", 0, 0, 0 },
		{ "posts unknown", "sympa", "", "F0..30", "score=0", 0, 0, 0 },
		{ "posts since day 5: 11 * (11 * 5 / 10 / 6)", "sympa", "", ".5..10 F0..10", "score=10", 0, 0, 0 },
		{ "the last is of class 4: half, rounded", "sympa", "", ".0..20 F0..9 T10", "score=6", 0, 0, 0 },
		{ "an earlier one was", "sympa", "", ".0..20 T0..9 F10", "score=11", 0, 0, 0 },
		{ "a delay counts, a refusal too", "sympa", "", ".0..20 D0..5 B6..9 F10", "score=11", 0, 0, 0 },
		{ "no status does not, nor a reply or a delivery", "sympa", "", ".0..20 N0..5 V6..9 K10 F11", "score=0",
		  0, 0, 0 },
		{ "twice a post: above 100", "sympa", "", ".0..44 F0..44 F0..44+1", "score=180 due=remove@21", 0, 0,
		  0 },
		{ "bounces come a day later: 11 * 11 / 10", "sympa", "bounce-delay=1", ".0..9 F1..11", "score=12", 0, 0,
		  0 },
		{ "other minima", "sympa", "minimum-bouncing-count=2 minimum-bouncing-period=1", ".0..1 F0 F1",
		  "score=2", 0, 0, 0 },
		{ "one day only: not adjusted", "sympa", "minimum-bouncing-count=1 minimum-bouncing-period=0",
		  ".0 F0 F0+1", "score=4", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_preset__sympa_tasks (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "below level 1", "sympa", "", ".0..43 F0..43", "score=44", 0, 0, 0 },
		{ "level 1: on Monday", "sympa", "", ".0..44 F0..44", "score=45 due=warn@49", 0, 0, 0 },
		{ "below level 2", "sympa", "", ".0..73 F0..73 W70+1", "warn@70+1 score=74 due=warn@77", 0, 0, 0 },
		{ "level 2", "sympa", "", ".0..74 F0..74 W70+1", "warn@70+1 score=75 due=remove@77", 0, 0, 0 },
		{ "a Sunday's last second", "sympa", "bouncers-level1-rate=11", ".0..13 F3..12 F13+86399",
		  "score=11 due=warn@14", 0, 0, 0 },
		{ "Monday's first one waits a week", "sympa", "bouncers-level1-rate=11", ".0..14 F4..13 F14",
		  "score=11 due=warn@21", 0, 0, 0 },
		{ "weekly again, then removed", "sympa", "", ".0..80 F0..74",
		  "warn@49 warn@56 warn@63 warn@70 removed@77 score=75", 3600, 80, 0 },
		{ "nothing at level 1", "sympa", "bouncers-level1-action=none", ".0..44 F0..44", "score=45", 0, 0, 0 },
		{ "removed at level 1", "sympa", "bouncers-level1-action=remove_bouncers", ".0..44 F0..44",
		  "score=45 due=remove@49", 0, 0, 0 },
		{ "level 2 only notifies", "sympa", "bouncers-level2-action=notify_bouncers", ".0..74 F0..74 W70+1",
		  "warn@70+1 score=75 due=warn@77", 0, 0, 0 },
		{ "nobody is removed", "sympa", "remove=no", ".0..74 F0..74 W70+1", "warn@70+1 score=75", 0, 0, 0 },
		{ "a task that was missed stays due", "sympa", "", ".0..60 F0..50", "score=51 due=warn@49", 0, 0, 0 },
		{ "a removal that was missed goes before a warning that was", "sympa", "", ".0..90 F0..80 X81",
		  "removed@81 score=81", 0, 0, 0 },
		{ "a removal before it was due", "sympa", "", ".0..74 F0..74 W70+1 X76",
		  "warn@70+1 score=75 due=remove@77", 0, 0, 0 },
		{ "one whose ground is gone", "sympa", "", ".0..74 F0..73 f74 W70+1 X77",
		  "warn@70+1 score=74 due=warn@77", 0, 0, 0 },
		{ "restored: forgotten", "sympa", "", ".0..74 F0..44 R45 F46", "score=0", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_preset__sympa_expire_bounce (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "ten days before the latest post: 12 * 12 / 21", "sympa", "", ".0..20 F0..10 F30", "score=7", 0, 0,
		  0 },
		{ "eleven: forgotten", "sympa", "", ".0..21 F0..10 F30", "score=0", 0, 0, 0 },
		{ "the day's own post is not known at its 0:00", "sympa", "", ".0..21 F0..10 F21+3600", "score=7", 0, 0,
		  0 },
		{ "a day later it is", "sympa", "", ".0..21 F0..10 F22", "score=0", 0, 0, 0 },
		{ "another number", "sympa", "expire-bounce=30", ".0..21 F0..10 F30", "score=7", 0, 0, 0 },
		{ "no posts, nothing is forgotten, and no score", "sympa", "", "F0..10 F300", "score=0", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_preset__mlmmj (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "a probe at once", "mlmmj", "", "F0", "score=1 due=probe@0", 0, 0, 0 },
		{ "anything counts", "mlmmj", "", "V0 D0+1 K0+2 B0+3 T0+4", "score=5 due=probe@0", 0, 0, 0 },
		{ "a probe is out: nothing is due", "mlmmj", "", "F0 P0+10 F0+43210", "probe@0+10 score=2", 0, 0, 0 },
		{ "out for longer than waitprobe: it came through", "mlmmj", "", "F0 P0+10 F0+43211",
		  "probe@0+10 score=1 due=probe@0+43211", 0, 0, 0 },
		{ "another waitprobe", "mlmmj", "waitprobe-seconds=60", "F0 P0 F0+61", "probe@0 score=1 due=probe@0+61",
		  0, 0, 0 },
		{ "it came back: still bouncing, another probe", "mlmmj", "", "F0 P0 p0+60",
		  "probe@0 score=1 due=probe@0+60", 0, 0, 0 },
		{ "too early by a second", "mlmmj", "", "F0 P5 p5+43199", "probe@5 score=1 due=probe@5+43199", 0, 0,
		  0 },
		{ "bouncelife and waitprobe after the first", "mlmmj", "", "F0 P5 p5+43200",
		  "probe@5 score=1 due=remove@5+43200", 0, 0, 0 },
		{ "of the first, not the last", "mlmmj", "", "F0..5 P5 p5+43200", "probe@5 score=6 due=remove@5+43200",
		  0, 0, 0 },
		{ "another bouncelife", "mlmmj", "bouncelife-seconds=0", "F0 P0 p0+43200",
		  "probe@0 score=1 due=remove@0+43200", 0, 0, 0 },
		{ "a dead address", "mlmmj", "", "F0",
		  "probe@0 probe@1 probe@2 probe@3 probe@4 probe@5 probe@6 removed@7 score=1", 86400, 20, TRUE },
		{ "one that works", "mlmmj", "", "F0", "probe@0 score=1", 86400, 20, 0 },
		{ "a removal that was not due", "mlmmj", "", "F0 X9", "score=1 due=probe@0", 0, 0, 0 },
		{ "nobody is removed", "mlmmj", "remove=no", "F0 P5 p5+43200", "probe@5 score=1", 0, 0, 0 },
		{ "a probe that none waited for", "mlmmj", "", "F0 P0 F2 p2+1", "probe@0 score=1 due=probe@2", 0, 0,
		  0 },
		{ "restored", "mlmmj", "", "F0..3 R4", "score=0", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

/* START lies 2,000 s into a bucket of 10,000. */
static void
test_preset__ezmlm (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "ten days, and to the end of the bucket", "ezmlm", "", "F0", "score=1 due=warn@10+8000", 0, 0, 0 },
		{ "the bucket's last second", "ezmlm", "", "F0+7999", "score=1 due=warn@10+8000", 0, 0, 0 },
		{ "the next bucket", "ezmlm", "", "F0+8000", "score=1 due=warn@10+18000", 0, 0, 0 },
		{ "further failures only add", "ezmlm", "", "F0..9", "score=10 due=warn@10+8000", 0, 0, 0 },
		{ "another timeout", "ezmlm", "timeout-seconds=0", "F0", "score=1 due=warn@0+8000", 0, 0, 0 },
		{ "no failure, nothing", "ezmlm", "", "D0 V1 K2", "score=0", 0, 0, 0 },
		{ "warned", "ezmlm", "", "F0 W10+8000", "warn@10+8000 score=1", 0, 0, 0 },
		{ "warned a second too early: no effect", "ezmlm", "", "F0 W10+7999",
		  "warn@10+7999 score=1 due=warn@10+8000", 0, 0, 0 },
		{ "the warning bounces: a probe, ten days later", "ezmlm", "", "F0 W10+8000 w10+9000",
		  "warn@10+8000 score=1 due=probe@20+14000", 0, 0, 0 },
		{ "a dead address", "ezmlm", "", "F0", "warn@10+10800 probe@20+14400 removed@20+14460 score=1", 3600,
		  40, TRUE },
		{ "one that works", "ezmlm", "", "F0..3", "warn@10+10800 score=4", 3600, 40, 0 },
		{ "only the probe does not come back", "ezmlm", "", "F0 W10+8000 w10+9000 P20+14000",
		  "warn@10+8000 probe@20+14000 score=1", 0, 0, 0 },
		{ "the history lasts three timeouts", "ezmlm", "", "F0 W10+8000 F11 F41", "warn@10+8000 score=3", 0, 0,
		  0 },
		{ "a second longer: kept anew", "ezmlm", "", "F0 W10+8000 F11 F41+1",
		  "warn@10+8000 score=1 due=warn@51+5600", 0, 0, 0 },
		{ "the cookie is good", "ezmlm", "", "P0 p34+62400", "probe@0 removed@34+62400 score=0", 0, 0, 0 },
		{ "a second longer it is not", "ezmlm", "", "P0 p34+62401", "probe@0 score=0", 0, 0, 0 },
		{ "another cookie", "ezmlm", "cookie-seconds=60", "P0 p0+61", "probe@0 score=0", 0, 0, 0 },
		{ "nobody is removed", "ezmlm", "remove=no", "P0 p1", "probe@0 suspended@1 score=0", 0, 0, 0 },
		{ "restored", "ezmlm", "", "F0 R1", "score=0", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
}

static void
test_preset__listmonk (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "one hard bounce", "listmonk", "", "F0", "suspended@0 score=1", 0, 0, 0 },
		{ "one refusal for spam is one", "listmonk", "", "B0", "suspended@0 score=1", 0, 0, 0 },
		{ "no status: by the verdict", "listmonk", "", "N0", "suspended@0 score=1", 0, 0, 0 },
		{ "soft ones do nothing, and are not stored beyond the count", "listmonk", "", "T0 T1 T2", "score=2", 0,
		  0, 0 },
		{ "whatever is not hard is soft", "listmonk", "soft-count=9", "D0 V1 K2", "score=3", 0, 0, 0 },
		{ "soft-action", "listmonk", "soft-action=unsubscribe", "T0 T700", "removed@700 score=2", 0, 0, 0 },
		{ "blocklist", "listmonk", "soft-action=blocklist", "T0 T0+1", "suspended@0+1 score=2", 0, 0, 0 },
		{ "delete", "listmonk", "hard-action=delete", "F0", "removed@0 score=1", 0, 0, 0 },
		{ "hard-count, one too few", "listmonk", "hard-count=3", "F0 T1 F2", "score=2", 0, 0, 0 },
		{ "hard-count", "listmonk", "hard-count=3", "F0 T1 F2 F3", "suspended@3 score=3", 0, 0, 0 },
		{ "a soft one, then the hard one that deletes", "listmonk",
		  "soft-count=1 soft-action=blocklist hard-action=delete", "T0 F1", "suspended@0 removed@1 score=1", 0,
		  0, 0 },
		{ "restored, and blocklisted by the next", "listmonk", "hard-count=2", "F0 F1 R2 F3",
		  "suspended@1 active@2 suspended@3 score=2", 0, 0, 0 },
		{ "a complaint", "listmonk", "", "C0", "suspended@0 score=1", 0, 0, 0 },
		{ "complaint-action", "listmonk", "complaint-action=none", "C0", "score=1", 0, 0, 0 },
		{ "complaint-count", "listmonk", "complaint-count=2 complaint-action=delete", "C0 C1",
		  "removed@1 score=2", 0, 0, 0 },
		{ "nothing is due", "listmonk", "", "F0", "suspended@0 score=1", 86400, 90, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
	check_note ("listmonk", "", "T0 T1 T2", 1, "a soft bounce");
	check_note ("listmonk", "", "T0 T1 T2", 2, "a soft bounce beyond the count");
}

static void
test_preset__listserv (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "one error", "listserv", "", "F0", "score=1", 0, 0, 0 },
		{ "four days, less a second", "listserv", "", "F0 F4+-1", "score=2", 0, 0, 0 },
		{ "four days", "listserv", "", "F0 F4", "removed@4 score=2", 0, 0, 0 },
		{ "Max, one too few", "listserv", "max-errors=3", "F0 F0+1", "score=2", 0, 0, 0 },
		{ "Max", "listserv", "max-errors=3", "F0 F0+1 F0+2", "removed@0+2 score=3", 0, 0, 0 },
		{ "as LISTSERV Lite", "listserv", "delay-days=0 max-errors=1", "F0", "removed@0 score=1", 0, 0, 0 },
		{ "what is not permanent goes to the owner", "listserv", "", "T0..9 B0..9 D0..9 V0..9", "score=0", 0, 0,
		  0 },
		{ "Manual", "listserv", "auto-delete=no", "F0..9", "score=0", 0, 0, 0 },
		{ "restored", "listserv", "", "F0 F4 R5 F6", "removed@4 active@5 score=1", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
	check_note ("listserv", "", "T0", 0, "goes to the owner: not a permanent error");
}

static void
test_preset__record_only (void **state G_GNUC_UNUSED)
{
	static const LifeCase cases[] = {
		{ "nothing acts", "record-only", "", "F0..50 B51 C52 K53", "score=0", 3600, 60, 0 },
		{ "people do", "record-only", "", "F0..50 Z51 R52", "removed@51 active@52 score=0", 0, 0, 0 },
	};
	check_lives (cases, G_N_ELEMENTS (cases));
	check_note ("record-only", "", "F0", 0, "this list only records");
}

/* ---- whatever the preset ---- */

static const char *const presets[] = { "nixie", "mailman3", "mailman2", "sympa",      "mlmmj",
				       "ezmlm", "listmonk", "listserv", "record-only" };

/* Settings that make much happen in short histories. */
static const char *const lively[] = {
	"threshold=1.2 min-days=2 min-events=2 quiet-posts=1 quiet-days=2 weight-spam=0.3 complaint=suspend",
	"bounce-score-threshold=2 verp-probes=yes complaint=suspend",
	"bounce-score-threshold=2 complaint=suspend",
	"minimum-bouncing-count=2 minimum-bouncing-period=1 bouncers-level1-rate=1 bouncers-level2-rate=3",
	"bouncelife-seconds=86400",
	"timeout-seconds=86400",
	"soft-action=unsubscribe soft-count=9 hard-count=2",
	"max-errors=5 delay-days=9 complaint=unsubscribe",
	"complaint=suspend",
};

static void
add_random (Life *life, GRand *random)
{
	static const char codes[] = "FFFFFFTTTBBDVvKCNMcfhWWPPXERZ.......";
	guint count = (guint)g_rand_int_range (random, 0, 40);
	for (guint i = 0; i < count; i++) {
		char code = codes[g_rand_int_range (random, 0, (gint32)sizeof codes - 1)];
		/* On a few seconds of a few days: ties and borders are common. */
		gint64 second = (gint64[]){ -1, 0, 1, 43200 }[g_rand_int_range (random, 0, 4)];
		gint64 date = START + g_rand_int_range (random, 0, 30) * DAY + second;
		if (code == '.') {
			g_array_append_val (life->posts, date);
			continue;
		}
		NxHistory one = life_make (life, code, date);
		if (one.deed == NX_DEED_NONE && g_rand_int_range (random, 0, 5) == 0)
			one.answers = g_rand_int_range (random, 1, 40);
		if (one.deed == NX_DEED_NONE && g_rand_int_range (random, 0, 3) == 0)
			one.arrival = date + g_rand_int_range (random, 0, 3) * DAY;
		one.address = g_rand_int_range (random, 0, 9) == 0 ? "old@example.org" : "new@example.org";
		life_put (life, one);
	}
	if (g_rand_boolean (random))
		life_put (life, (NxHistory){ .date = START + 9 * DAY,
					     .deed = NX_DEED_MOVE,
					     .left = "old@example.org",
					     .address = "new@example.org" });
	g_array_sort (life->posts, compare_dates);
}

static void
shuffle (GArray *history, GRand *random)
{
	NxHistory *all = (NxHistory *)(void *)history->data;
	for (guint i = history->len; i > 1; i--) {
		guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
		NxHistory other = all[i - 1];
		all[i - 1] = all[j];
		all[j] = other;
	}
}

/* All of it, to the last digit. */
static char *
print_all (const Life *life)
{
	const NxStanding *standing = &life->standing;
	g_autoptr (GString) text = g_string_new (NULL);
	g_string_append_printf (text, "%s %a %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u %s %" G_GINT64_FORMAT "\n",
				nx_state_to_string (standing->state), standing->score, standing->score_date,
				standing->since, standing->warnings, nx_action_to_string (standing->due),
				standing->due_date);
	for (guint i = 0; i < life->transitions->len; i++) {
		const NxTransition *one = &g_array_index (life->transitions, NxTransition, i);
		g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %d %d %a %s\n", one->id,
					one->date, (int)one->from, (int)one->to, (int)one->deed, one->score,
					one->cause);
	}
	for (guint i = 0; i < life->effects->len; i++) {
		const NxEffect *one = &g_array_index (life->effects, NxEffect, i);
		g_string_append_printf (text, "%" G_GINT64_FORMAT " %a %a %s\n", one->id, one->weight, one->score,
					one->note);
	}
	return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What must hold of every answer. */
static void
check_sense (const Life *life)
{
	const NxStanding *standing = &life->standing;
	NxState before = NX_STATE_ACTIVE;
	gint64 date = G_MININT64;
	for (guint i = 0; i < life->transitions->len; i++) {
		const NxTransition *one = &g_array_index (life->transitions, NxTransition, i);
		assert_int_equal (one->from, before);
		assert_int_not_equal (one->from, one->to);
		assert_true (one->date >= date);
		assert_true (*one->cause != '\0');
		before = one->to;
		date = one->date;
	}
	assert_int_equal (standing->state, before);
	assert_true (standing->score >= 0);
	if (standing->state == NX_STATE_REMOVED)
		assert_int_equal (standing->due, NX_ACTION_NONE);
	if (standing->due == NX_ACTION_NONE)
		assert_int_equal (standing->due_date, 0);
	if (!life->policy.remove)
		assert_int_not_equal (standing->due, NX_ACTION_REMOVE);
	for (guint i = 0; i < life->effects->len; i++) {
		const NxEffect *one = &g_array_index (life->effects, NxEffect, i);
		if (one->weight <= 0)
			assert_true (*one->note != '\0');
	}
}

typedef void (*LifeFunc) (Life *life, GRand *random);

static void
foreach_random_life (guint rounds, LifeFunc func)
{
	for (guint i = 0; i < G_N_ELEMENTS (presets) * 2; i++) {
		for (guint seed = 0; seed < rounds; seed++) {
			g_autoptr (GRand) random = g_rand_new_with_seed (seed * 1000 + i);
			g_autoptr (Life) life = life_new (presets[i / 2], i % 2 == 0 ? "" : lively[i / 2]);
			/* A warning and a probe, so that others may answer them. */
			life_add (life, "W0 P0");
			add_random (life, random);
			func (life, random);
		}
	}
}

static void
check_order (Life *life, GRand *random)
{
	life_evaluate (life);
	check_sense (life);
	g_autofree char *want = print_all (life);
	for (guint round = 0; round < 5; round++) {
		shuffle (life->history, random);
		life_evaluate (life);
		g_autofree char *got = print_all (life);
		assert_string_equal (got, want);
	}
}

static void
test_presets__order_does_not_matter (void **state G_GNUC_UNUSED)
{
	foreach_random_life (300, check_order);
}

/* An event that is set aside is as if it had never come in. */
static void
check_aside (Life *life, GRand *random)
{
	g_autoptr (GArray) rest = g_array_new (FALSE, FALSE, sizeof (NxHistory));
	for (guint i = 0; i < life->history->len; i++) {
		NxHistory *one = &g_array_index (life->history, NxHistory, i);
		if (one->deed == NX_DEED_NONE && g_rand_boolean (random))
			one->aside = 99;
		if (one->aside == 0)
			g_array_append_vals (rest, one, 1);
	}
	life_evaluate (life);
	g_autofree char *want = life_tell (life);
	g_array_set_size (life->history, 0);
	g_array_append_vals (life->history, rest->data, rest->len);
	life_evaluate (life);
	g_autofree char *got = life_tell (life);
	assert_string_equal (got, want);
}

static void
test_presets__what_is_set_aside_never_was (void **state G_GNUC_UNUSED)
{
	foreach_random_life (300, check_aside);
}

/* Doing what is due ends: a run that starts every hour sends no more than so many mails a day, and then rests. */
static void
check_run (Life *life, GRand *random G_GNUC_UNUSED)
{
	life_run (life, 12 * 3600, 90);
	life_evaluate (life);
	check_sense (life);
	guint sent = 0;
	for (guint i = 0; i < life->history->len; i++)
		sent += g_array_index (life->history, NxHistory, i).deed != NX_DEED_NONE ? 1 : 0;
	assert_true (sent < 100);
}

static void
test_presets__a_run_does_not_flood (void **state G_GNUC_UNUSED)
{
	foreach_random_life (10, check_run);
}

static void
test_presets__extreme_dates (void **state G_GNUC_UNUSED)
{
	static const gint64 dates[] = { G_MININT64, G_MININT64 + 1, -1, 0, 1, G_MAXINT64 - 1, G_MAXINT64 };
	for (guint i = 0; i < G_N_ELEMENTS (presets) * 2; i++) {
		g_autoptr (Life) life = life_new (presets[i / 2], i % 2 == 0 ? "" : lively[i / 2]);
		for (guint n = 0; n < G_N_ELEMENTS (dates); n++) {
			g_array_append_val (life->posts, dates[n]);
			life_put (life, life_make (life, 'F', dates[n]));
			life_put (life, life_make (life, 'W', dates[n]));
			life_put (life, life_make (life, 'P', dates[n]));
		}
		life_evaluate (life);
		check_sense (life);
	}
}

static void
test_presets__names_and_meanings (void **state G_GNUC_UNUSED)
{
	for (guint i = 0; i < G_N_ELEMENTS (presets); i++) {
		NxPreset preset;
		assert_true (nx_preset_from_string (presets[i], &preset));
		assert_int_equal (preset, i);
		assert_string_equal (nx_preset_to_string (preset), presets[i]);
		assert_true (*nx_preset_get_meaning (preset) != '\0');
		/* Only the default minds incidents: the others reckon exactly. */
		NxPolicy policy;
		nx_policy_init_preset (&policy, preset);
		assert_int_equal (policy.guard, preset == NX_PRESET_NIXIE);
		if (preset != NX_PRESET_RECORD_ONLY)
			assert_true (policy.remove);
	}
	NxPreset untouched = NX_PRESET_SYMPA;
	assert_false (nx_preset_from_string ("mailman", &untouched));
	assert_int_equal (untouched, NX_PRESET_SYMPA);
}

static void
test_presets__guard_may_be_had (void **state G_GNUC_UNUSED)
{
	check_note ("mailman3", "", "h0", 0, "");
	check_note ("mailman3", "guard=yes", "h0", 0, "held by incident 12");
	check_note ("mlmmj", "guard=yes", "h0", 0, "held by incident 12");
}

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_preset__mailman3),
		cmocka_unit_test (test_preset__mailman3_probes),
		cmocka_unit_test (test_preset__mailman2),
		cmocka_unit_test (test_preset__sympa_score),
		cmocka_unit_test (test_preset__sympa_tasks),
		cmocka_unit_test (test_preset__sympa_expire_bounce),
		cmocka_unit_test (test_preset__mlmmj),
		cmocka_unit_test (test_preset__ezmlm),
		cmocka_unit_test (test_preset__listmonk),
		cmocka_unit_test (test_preset__listserv),
		cmocka_unit_test (test_preset__record_only),
		cmocka_unit_test (test_presets__order_does_not_matter),
		cmocka_unit_test (test_presets__what_is_set_aside_never_was),
		cmocka_unit_test (test_presets__a_run_does_not_flood),
		cmocka_unit_test (test_presets__extreme_dates),
		cmocka_unit_test (test_presets__names_and_meanings),
		cmocka_unit_test (test_presets__guard_may_be_had),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
