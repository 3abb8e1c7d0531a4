/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings-lines.h: the configuration file line by line: which groups and keys there are, and where each stands.
 *
 * What a value means is none of its business: see settings.c, and settings-values.h for the kinds of values.
 */
#pragma once

#include <nixie/nixie.h>

G_BEGIN_DECLS

/**
 * NxSettingsKey: a key that may stand in the file. @group: as it stands there, with NAME for the name of a list.
 */
typedef struct {
	const char *group;
	const char *name;
} NxSettingsKey;

/**
 * nx_settings_list_keys: all of them, group by group, but those of policies (nx_policy_get_key()). Returns: static.
 */
const NxSettingsKey *nx_settings_list_keys (guint *count_out);

/**
 * NxSettingsLines: a file in which all groups and keys are known and stand once. @key_file: the values.
 */
typedef struct {
	char *file;
	GKeyFile *key_file;
	GHashTable *lines;
} NxSettingsLines;

/**
 * nx_settings_lines_new: Returns: (transfer full): NULL with NX_ERROR_CONFIG "FILE:LINE: what is wrong; what to do".
 */
NxSettingsLines *nx_settings_lines_new (const char *path, GError **error);
void nx_settings_lines_free (NxSettingsLines *lines);

/**
 * nx_settings_lines_find: @group: as it stands in the file. @key: (nullable): NULL for the group itself.
 * Returns: the line, 0 when it is not there.
 */
guint nx_settings_lines_find (const NxSettingsLines *lines, const char *group, const char *key);

/**
 * nx_settings_lines_list_names: the NAMEs of the groups "[@kind NAME]", in the file's order. Returns: (transfer full)
 */
GStrv nx_settings_lines_list_names (const NxSettingsLines *lines, const char *kind);

/**
 * nx_settings_lines_fail: sets NX_ERROR_CONFIG "FILE:LINE: what". Returns: FALSE.
 */
gboolean nx_settings_lines_fail (const NxSettingsLines *lines, guint line, GError **error, const char *format, ...)
	G_GNUC_PRINTF (4, 5);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSettingsLines, nx_settings_lines_free)

G_END_DECLS
