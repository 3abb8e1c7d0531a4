/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-settings.h: the group [serve] of the configuration: how much nixie serve takes on.
 *
 *     [serve]
 *     workers = 2
 *     connections = 100
 *     recipients = 1000
 *     message-bytes = 67108864
 *     memory-bytes = 268435456
 *     line-bytes = 4096
 *     bad-commands = 20
 *     idle-seconds = 300
 *     total-seconds = 3600
 *     parse-seconds = 60
 *     store-seconds = 30
 *     stop-seconds = 30
 *     socket-mode = 660
 */
#pragma once

#include "settings-lines.h"

G_BEGIN_DECLS

typedef enum {
	NX_SERVE_WORKERS,
	NX_SERVE_CONNECTIONS,
	NX_SERVE_RECIPIENTS,
	NX_SERVE_MESSAGE_BYTES,
	NX_SERVE_MEMORY_BYTES,
	NX_SERVE_LINE_BYTES,
	NX_SERVE_BAD_COMMANDS,
	NX_SERVE_IDLE_SECONDS,
	NX_SERVE_TOTAL_SECONDS,
	NX_SERVE_PARSE_SECONDS,
	NX_SERVE_STORE_SECONDS,
	NX_SERVE_STOP_SECONDS,
	NX_SERVE_SOCKET_MODE,
	NX_SERVE_SETTINGS
} NxServeSetting;

/**
 * NxServeSettings: @values: by NxServeSetting.
 */
typedef struct {
	guint values[NX_SERVE_SETTINGS];
} NxServeSettings;

/**
 * nx_serve_settings_init: what holds without a word.
 */
void nx_serve_settings_init (NxServeSettings *settings);

/**
 * nx_serve_settings_take: what the file says. Returns: FALSE with NX_ERROR_CONFIG "FILE:LINE: what is wrong; what to
 * do".
 */
gboolean nx_serve_settings_take (NxServeSettings *settings, const NxSettingsLines *lines, GError **error);

G_END_DECLS
