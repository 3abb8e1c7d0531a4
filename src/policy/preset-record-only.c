/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-record-only.c: events are kept and shown, and change no state: only people do.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->remove = FALSE;
}

static void
judge (const NxPolicy *policy G_GNUC_UNUSED, NxPolicyEntry *entry)
{
	nx_policy_drop (entry, "this list only records");
}

static void
apply (NxEvaluation *evaluation G_GNUC_UNUSED, NxPolicyEntry *entry G_GNUC_UNUSED)
{
}

const NxPolicyEngine nx_preset_record_only = {
	.meaning = "events are kept and change no state",
	.init = init,
	.judge = judge,
	.apply = apply,
};
