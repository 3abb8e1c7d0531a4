/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-listmonk.c: as listmonk: one hard bounce blocklists, soft ones do nothing; nothing is ever forgotten.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->count[NX_LISTMONK_SOFT] = 2;
	policy->measure[NX_LISTMONK_SOFT] = NX_MEASURE_NONE;
	policy->count[NX_LISTMONK_HARD] = 1;
	policy->measure[NX_LISTMONK_HARD] = NX_MEASURE_BLOCKLIST;
	policy->count[NX_LISTMONK_COMPLAINT] = 1;
	policy->measure[NX_LISTMONK_COMPLAINT] = NX_MEASURE_BLOCKLIST;
}

const NxPolicyEngine nx_preset_listmonk = {
	.meaning = "as listmonk: one hard bounce blocklists, soft ones do nothing; nothing is ever forgotten",
	.init = init,
};
