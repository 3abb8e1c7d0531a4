/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings-policy.h: the groups [policy] and [policy NAME] of the configuration file.
 *
 * [policy NAME] goes above [policy]; one that names a preset of its own stands alone. In a group the preset comes
 * first, wherever it stands. The keys are the library's (nixie/policy.h). What is configured is not what is in force:
 * see nixie/replay.h.
 */
#pragma once

#include "settings-lines.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * NxPolicySetting: one key, and where it stands.
 */
typedef struct {
	char *key;
	guint line;
} NxPolicySetting;

/**
 * NxPolicySettings: a group. @name: of the list, "" for [policy]. @policy: the whole policy that it makes. @keys: of
 * NxPolicySetting. @alone: it has a preset of its own.
 */
typedef struct {
	char *name;
	GPtrArray *keys;
	NxPolicy policy;
	guint line;
	gboolean alone;
} NxPolicySettings;

/**
 * nx_settings_new_policies: for NxSettings.policies. nx_settings_take_policies: fills it.
 */
GPtrArray *nx_settings_new_policies (void);
gboolean nx_settings_take_policies (NxSettings *settings, const NxSettingsLines *lines, GError **error);

/**
 * nx_settings_find_policy: the group of a list, in any case; of all lists for "". Returns: NULL when there is none.
 */
const NxPolicySettings *nx_settings_find_policy (const NxSettings *settings, const char *list);

/**
 * nx_settings_get_policy: what is configured for a list, with all that is default; for those without a group for "".
 */
NxPolicy nx_settings_get_policy (const NxSettings *settings, const char *list);

/**
 * nx_settings_get_policy_line: where the value of a key of that policy stands; 0 when nowhere: it is the preset's.
 */
guint nx_settings_get_policy_line (const NxSettings *settings, const char *list, const char *key);

G_END_DECLS
