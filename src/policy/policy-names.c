/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-names.c: the words for states, actions, presets and choices, as they stand in configurations and databases.
 * See nixie/policy.h.
 */
#include "policy/policy-private.h"

static const NxPolicyWord state_words[] = {
	{ "none", NX_STATE_NONE },
	{ "active", NX_STATE_ACTIVE },
	{ "suspended", NX_STATE_SUSPENDED },
	{ "removed", NX_STATE_REMOVED },
	{ NULL, 0 },
};

static const NxPolicyWord action_words[] = {
	{ "none", NX_ACTION_NONE },
	{ "warn", NX_ACTION_WARN },
	{ "probe", NX_ACTION_PROBE },
	{ "remove", NX_ACTION_REMOVE },
	{ NULL, 0 },
};

static const NxPolicyWord complaint_words[] = {
	{ "none", NX_COMPLAINT_NONE },
	{ "record", NX_COMPLAINT_RECORD },
	{ "suspend", NX_COMPLAINT_SUSPEND },
	{ "unsubscribe", NX_COMPLAINT_UNSUBSCRIBE },
	{ NULL, 0 },
};

const NxPolicyWord nx_policy_preset_words[] = {
	{ "nixie", NX_PRESET_NIXIE },
	{ "mailman3", NX_PRESET_MAILMAN3 },
	{ "mailman2", NX_PRESET_MAILMAN2 },
	{ "sympa", NX_PRESET_SYMPA },
	{ "mlmmj", NX_PRESET_MLMMJ },
	{ "ezmlm", NX_PRESET_EZMLM },
	{ "listmonk", NX_PRESET_LISTMONK },
	{ "listserv", NX_PRESET_LISTSERV },
	{ "record-only", NX_PRESET_RECORD_ONLY },
	{ NULL, 0 },
};

const char *
nx_policy_word_to_string (const NxPolicyWord *words, guint value)
{
	for (guint i = 0; words[i].name != NULL; i++)
		if (words[i].value == value)
			return words[i].name;
	return words[0].name;
}

gboolean
nx_policy_word_from_string (const NxPolicyWord *words, const char *text, guint *value_out)
{
	for (guint i = 0; words[i].name != NULL; i++) {
		if (g_strcmp0 (words[i].name, text) != 0)
			continue;
		*value_out = words[i].value;
		return TRUE;
	}
	return FALSE;
}

const char *
nx_state_to_string (NxState state)
{
	return nx_policy_word_to_string (state_words, state);
}

gboolean
nx_state_from_string (const char *text, NxState *state_out)
{
	guint value;
	if (!nx_policy_word_from_string (state_words, text, &value))
		return FALSE;
	*state_out = (NxState)value;
	return TRUE;
}

const char *
nx_action_to_string (NxAction action)
{
	return nx_policy_word_to_string (action_words, action);
}

const char *
nx_complaint_to_string (NxComplaint complaint)
{
	return nx_policy_word_to_string (complaint_words, complaint);
}

gboolean
nx_complaint_from_string (const char *text, NxComplaint *complaint_out)
{
	guint value;
	if (!nx_policy_word_from_string (complaint_words, text, &value))
		return FALSE;
	*complaint_out = (NxComplaint)value;
	return TRUE;
}

const char *
nx_preset_to_string (NxPreset preset)
{
	return nx_policy_word_to_string (nx_policy_preset_words, preset);
}

gboolean
nx_preset_from_string (const char *text, NxPreset *preset_out)
{
	guint value;
	if (!nx_policy_word_from_string (nx_policy_preset_words, text, &value))
		return FALSE;
	*preset_out = (NxPreset)value;
	return TRUE;
}
