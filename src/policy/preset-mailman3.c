/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-mailman3.c: as Mailman 3.3: 5 days of bounces without a week between them disable, three warnings, then
 * deletion.
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

const NxPolicyEngine nx_preset_mailman3 = {
	.meaning =
		"as Mailman 3.3: 5 days of bounces without a week between them disable, three warnings, then deletion",
	.init = init,
};
