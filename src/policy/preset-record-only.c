/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-record-only.c: events are kept and change no state.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->remove = FALSE;
}

const NxPolicyEngine nx_preset_record_only = {
	.meaning = "events are kept and change no state",
	.init = init,
};
