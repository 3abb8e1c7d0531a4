/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-mlmmj.c: as mlmmj: probes as long as anything bounces; unsubscribed when probes bounce for too long.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->life_seconds = 432000;
	policy->wait_seconds = 43200;
}

const NxPolicyEngine nx_preset_mlmmj = {
	.meaning = "as mlmmj: probes as long as anything bounces; unsubscribed when probes bounce for too long",
	.init = init,
};
