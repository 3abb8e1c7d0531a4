/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings-values.h: the kinds of values in the configuration file.
 *
 * Each nx_settings_take_*() leaves what it is to fill in as it is when the file is silent on the key, and is FALSE with
 * NX_ERROR_CONFIG "FILE:LINE: …" when the value is none.
 */
#pragma once

#include "settings-lines.h"

G_BEGIN_DECLS

/**
 * nx_settings_take_text: any text, not empty. @field: freed when it is replaced.
 */
gboolean nx_settings_take_text (const NxSettingsLines *lines, const char *group, const char *key, char **field,
				GError **error);

/**
 * nx_settings_take_path: a full path: who starts nixie does so in a folder of his own choice. @scheme: (nullable): what
 * may stand in front.
 */
gboolean nx_settings_take_path (const NxSettingsLines *lines, const char *group, const char *key, const char *scheme,
				char **field, GError **error);

/**
 * nx_settings_take_number: from @least to @most.
 */
gboolean nx_settings_take_number (const NxSettingsLines *lines, const char *group, const char *key, guint least,
				  guint most, guint *field, GError **error);

/**
 * nx_settings_take_days: from 1 to ten years.
 */
gboolean nx_settings_take_days (const NxSettingsLines *lines, const char *group, const char *key, guint *field,
				GError **error);

/**
 * nx_settings_take_word: one of two words: FALSE for the first.
 */
gboolean nx_settings_take_word (const NxSettingsLines *lines, const char *group, const char *key,
				const char *const words[2], gboolean *field, GError **error);

/**
 * nx_settings_take_command: a program by its full path, and arguments. No shell reads it: quotes are taken off, nothing
 * else is done to it. @example: for the error.
 */
gboolean nx_settings_take_command (const NxSettingsLines *lines, const char *group, const char *key,
				   const char *example, GStrv *field, GError **error);

G_END_DECLS
