/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * presets.c: the table of presets. See policy/policy-private.h.
 */
#include "policy/policy-private.h"

static const NxPolicyEngine *const engines[] = {
	[NX_PRESET_NIXIE] = &nx_preset_nixie,
	[NX_PRESET_MAILMAN3] = &nx_preset_mailman3,
	[NX_PRESET_MAILMAN2] = &nx_preset_mailman2,
	[NX_PRESET_SYMPA] = &nx_preset_sympa,
	[NX_PRESET_MLMMJ] = &nx_preset_mlmmj,
	[NX_PRESET_EZMLM] = &nx_preset_ezmlm,
	[NX_PRESET_LISTMONK] = &nx_preset_listmonk,
	[NX_PRESET_LISTSERV] = &nx_preset_listserv,
	[NX_PRESET_RECORD_ONLY] = &nx_preset_record_only,
};

const NxPolicyEngine *
nx_policy_get_engine (NxPreset preset)
{
	return engines[(guint)preset < G_N_ELEMENTS (engines) ? preset : NX_PRESET_NIXIE];
}

const char *
nx_preset_get_meaning (NxPreset preset)
{
	return nx_policy_get_engine (preset)->meaning;
}

void
nx_policy_init_preset (NxPolicy *policy, NxPreset preset)
{
	*policy = (NxPolicy){ .preset = preset, .remove = TRUE, .complaint = NX_COMPLAINT_RECORD };
	for (guint i = 0; i < NX_POLICY_REASONS; i++)
		policy->weight_reason[i] = -1;
	for (guint i = 0; i < NX_POLICY_PROOFS; i++)
		policy->factor[i] = 1;
	nx_policy_get_engine (preset)->init (policy);
}

void
nx_policy_init_default (NxPolicy *policy)
{
	nx_policy_init_preset (policy, NX_PRESET_NIXIE);
}
