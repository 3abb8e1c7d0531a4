/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings-policy.c: see settings-policy.h.
 */
#include "settings-policy.h"

#include <string.h>

#include "settings-values.h"
#include "suggest.h"

#define PRESET "preset"

static void
setting_free_cb (gpointer data)
{
	NxPolicySetting *setting = data;

	g_free (setting->key);
	g_free (setting);
}

static void
policy_free_cb (gpointer data)
{
	NxPolicySettings *policy = data;

	g_free (policy->name);
	g_clear_pointer (&policy->keys, g_ptr_array_unref);
	g_free (policy);
}

GPtrArray *
nx_settings_new_policies (void)
{
	return g_ptr_array_new_with_free_func (policy_free_cb);
}

/* ---- reading ---- */

static gboolean
is_key (const char *word)
{
	for (guint i = 0; nx_policy_get_key (i) != NULL; i++) {
		if (strcmp (nx_policy_get_key (i)->name, word) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
fail_unknown (const NxSettingsLines *lines, guint line, const char *word, GError **error)
{
	g_autoptr (GPtrArray) names = g_ptr_array_new ();
	g_autoptr (GError) local = NULL;

	for (guint i = 0; nx_policy_get_key (i) != NULL; i++)
		g_ptr_array_add (names, (gpointer)(guintptr)nx_policy_get_key (i)->name);
	g_ptr_array_add (names, NULL);
	nx_suggest_set_error ((const char *const *)names->pdata, "key", word, &local);
	return nx_settings_lines_fail (lines, line, error, "%s; nixie policy show --all lists what there is",
				       local->message);
}

/* One key of a group that has it. */
static gboolean
take_key (NxPolicySettings *policy, const NxSettingsLines *lines, const char *group, const char *key, GError **error)
{
	guint line = nx_settings_lines_find (lines, group, key);
	NxPolicySetting *setting = NULL;
	g_autofree char *value = NULL;
	g_autoptr (GError) local = NULL;

	if (!is_key (key))
		return fail_unknown (lines, line, key, error);
	if (!nx_settings_take_text (lines, group, key, &value, error))
		return FALSE;
	if (!nx_policy_set (&policy->policy, key, value, &local))
		return nx_settings_lines_fail (lines, line, error, "%s", local->message);
	setting = g_new0 (NxPolicySetting, 1);
	setting->key = g_strdup (key);
	setting->line = line;
	g_ptr_array_add (policy->keys, setting);
	return TRUE;
}

static gboolean
take_group (NxSettings *settings, const NxSettingsLines *lines, const char *name, GError **error)
{
	g_autofree char *group = *name == '\0' ? g_strdup ("policy") : g_strconcat ("policy ", name, NULL);
	g_auto (GStrv) keys = g_key_file_get_keys (lines->key_file, group, NULL, NULL);
	NxPolicySettings *policy = NULL;

	if (keys == NULL)
		return TRUE;
	policy = g_new0 (NxPolicySettings, 1);
	policy->name = g_strdup (name);
	policy->keys = g_ptr_array_new_with_free_func (setting_free_cb);
	policy->line = nx_settings_lines_find (lines, group, NULL);
	policy->alone = nx_settings_lines_find (lines, group, PRESET) != 0;
	policy->policy = nx_settings_get_policy (settings, "");
	g_ptr_array_add (settings->policies, policy);
	if (policy->alone && !take_key (policy, lines, group, PRESET, error))
		return FALSE;
	for (guint i = 0; keys[i] != NULL; i++) {
		if (strcmp (keys[i], PRESET) != 0 && !take_key (policy, lines, group, keys[i], error))
			return FALSE;
	}
	return TRUE;
}

gboolean
nx_settings_take_policies (NxSettings *settings, const NxSettingsLines *lines, GError **error)
{
	g_auto (GStrv) names = nx_settings_lines_list_names (lines, "policy");

	if (!take_group (settings, lines, "", error))
		return FALSE;
	for (guint i = 0; names[i] != NULL; i++) {
		if (!take_group (settings, lines, names[i], error))
			return FALSE;
	}
	return TRUE;
}

/* ---- asking ---- */

const NxPolicySettings *
nx_settings_find_policy (const NxSettings *settings, const char *list)
{
	for (guint i = 0; i < settings->policies->len; i++) {
		const NxPolicySettings *policy = g_ptr_array_index (settings->policies, i);

		if (g_ascii_strcasecmp (policy->name, list) == 0)
			return policy;
	}
	return NULL;
}

NxPolicy
nx_settings_get_policy (const NxSettings *settings, const char *list)
{
	const NxPolicySettings *found = nx_settings_find_policy (settings, list);
	NxPolicy policy;

	if (found == NULL)
		found = nx_settings_find_policy (settings, "");
	if (found != NULL)
		return found->policy;
	nx_policy_init_default (&policy);
	return policy;
}

static guint
find_line (const NxPolicySettings *policy, const char *key)
{
	for (guint i = 0; policy != NULL && i < policy->keys->len; i++) {
		const NxPolicySetting *setting = g_ptr_array_index (policy->keys, i);

		if (strcmp (setting->key, key) == 0)
			return setting->line;
	}
	return 0;
}

guint
nx_settings_get_policy_line (const NxSettings *settings, const char *list, const char *key)
{
	const NxPolicySettings *own = *list == '\0' ? NULL : nx_settings_find_policy (settings, list);
	guint line = find_line (own, key);

	if (line != 0 || (own != NULL && own->alone))
		return line;
	return find_line (nx_settings_find_policy (settings, ""), key);
}
