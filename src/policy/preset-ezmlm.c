/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-ezmlm.c: as ezmlm-idx: a bounce, a warning that bounces, a probe that bounces: unsubscribed.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->life_seconds = 864000;
	policy->cookie_seconds = 3000000;
}

const NxPolicyEngine nx_preset_ezmlm = {
	.meaning = "as ezmlm-idx: a bounce, a warning that bounces, a probe that bounces: unsubscribed",
	.init = init,
};
