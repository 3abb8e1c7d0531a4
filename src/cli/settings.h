/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.h: the configuration file, a GLib key file.
 *
 *     [nixie]
 *     database = /var/lib/nixie/nixie.db
 *     list = news
 *     rules = /etc/nixie/rules.d
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

#define NX_SETTINGS_FILE "/etc/nixie/nixie.conf"
#define NX_SETTINGS_RULES "/etc/nixie/rules.d"

/**
 * NxSettings: what the file says; "" when it is silent, but @rules, which then is NX_SETTINGS_RULES. @file: "" when
 * no file was read.
 */
typedef struct {
	char *file;
	char *database;
	char *list;
	char *rules;
} NxSettings;

/**
 * nx_settings_new: @path: (nullable): NULL for NX_SETTINGS_FILE if there is one.
 * Returns: (transfer full): NULL with NX_ERROR_CONFIG "FILE:LINE: what is wrong; what to do".
 */
NxSettings *nx_settings_new (const char *path, GError **error);
void nx_settings_free (NxSettings *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSettings, nx_settings_free)

G_END_DECLS
