/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-sympa.c: as Sympa: a score by how regularly posts bounce, evaluated daily, acted on weekly.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->min_events = 10;
	policy->period_days = 10;
	policy->level_rate[0] = 45;
	policy->level_measure[0] = NX_MEASURE_NOTIFY;
	policy->level_rate[1] = 75;
	policy->level_measure[1] = NX_MEASURE_DELETE;
	policy->stale_after_days = 10;
}

const NxPolicyEngine nx_preset_sympa = {
	.meaning = "as Sympa: a score by how regularly posts bounce, evaluated daily, acted on weekly",
	.init = init,
};
