/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-nixie.c: a score that fades, healed by mail that comes through; suspends, warns, then removes.
 */
#include "policy/policy-private.h"

/*
 * Why these numbers. With a half-life of 60 days a dead address (1.0 a day on which mail goes out) has
 *     on a daily list    1, 1.99, 2.97: suspended on the third day of failures;
 *     on a weekly list   1, 1.92, 2.77: with the third;
 *     on a monthly list  1, 1.71, 2.21, 2.56: with the fourth bounce;
 * so one wrong report, or two, never suspends, and a dead address does not stay for half a year. A full mailbox (0.1)
 * on a daily list comes to 2.5 after 30 days of being full without a break; on a weekly list it stays below 1.3, for
 * ever: mail comes too seldom there to say that the mailbox is abandoned.
 */
static void
init (NxPolicy *policy)
{
	policy->weight_permanent = 1.0;
	policy->weight_transient = 0.1;
	policy->half_life_days = 60.0;
	policy->threshold = 2.5;
	policy->min_events = 3;
	policy->min_days = 3;
	policy->quiet_posts = 3;
	policy->quiet_days = 14;
	policy->heal = TRUE;
	policy->warnings = 3;
	policy->warn_interval_days = 7;
	policy->remove_after_days = 7;
	policy->complaint = NX_COMPLAINT_UNSUBSCRIBE;
	policy->guard = TRUE;
}

const NxPolicyEngine nx_preset_nixie = {
	.meaning = "a score that fades, healed by mail that comes through; suspends, warns, then removes",
	.init = init,
};
