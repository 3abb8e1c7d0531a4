/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-mailman2.c: as Mailman 2.1: the same numbers, by whole days; the first warning at once.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->threshold = 5;
	policy->stale_after_days = 7;
	policy->warnings = 3;
	policy->warn_interval_days = 7;
}

const NxPolicyEngine nx_preset_mailman2 = {
	.meaning = "as Mailman 2.1: the same numbers, by whole days; the first warning at once",
	.init = init,
};
