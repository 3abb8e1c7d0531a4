/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-settings.c: see serve-settings.h. settings-lines.c knows the keys; here is what each may say.
 */
#include "serve-settings.h"

#include "caps.h"
#include "settings-values.h"

#define GROUP "serve"

/* The caps are in caps.h; what may be set stays within them, or begins where a server would be of no use. */
static const struct {
	const char *name;
	guint least;
	guint most;
	guint usual;
} keys[NX_SERVE_SETTINGS] = {
	[NX_SERVE_WORKERS] = { "workers", 1, NX_CLI_SERVE_MAX_WORKERS, NX_CLI_SERVE_WORKERS },
	[NX_SERVE_CONNECTIONS] = { "connections", 1, NX_CLI_SERVE_MAX_CONNECTIONS, NX_CLI_SERVE_CONNECTIONS },
	/* RFC 5321 4.5.3.1.8 and 4.5.3.1.4. */
	[NX_SERVE_RECIPIENTS] = { "recipients", 100, NX_CLI_SERVE_MAX_RECIPIENTS, NX_CLI_SERVE_RECIPIENTS },
	[NX_SERVE_MESSAGE_BYTES] = { "message-bytes", 65536, NX_CLI_MESSAGE_BYTES, NX_CLI_MESSAGE_BYTES },
	[NX_SERVE_MEMORY_BYTES] = { "memory-bytes", 65536, NX_CLI_SERVE_MAX_MEMORY_BYTES, NX_CLI_SERVE_MEMORY_BYTES },
	[NX_SERVE_LINE_BYTES] = { "line-bytes", 512, NX_CLI_LINE_BYTES, NX_CLI_SERVE_LINE_BYTES },
	[NX_SERVE_BAD_COMMANDS] = { "bad-commands", 1, NX_CLI_SERVE_MAX_BAD_COMMANDS, NX_CLI_SERVE_BAD_COMMANDS },
	[NX_SERVE_IDLE_SECONDS] = { "idle-seconds", 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_IDLE_SECONDS },
	[NX_SERVE_TOTAL_SECONDS] = { "total-seconds", 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_TOTAL_SECONDS },
	[NX_SERVE_PARSE_SECONDS] = { "parse-seconds", 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_PARSE_SECONDS },
	[NX_SERVE_STORE_SECONDS] = { "store-seconds", 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_STORE_SECONDS },
	[NX_SERVE_STOP_SECONDS] = { "stop-seconds", 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_STOP_SECONDS },
	[NX_SERVE_SOCKET_MODE] = { "socket-mode", 0, 0777, NX_CLI_SERVE_SOCKET_MODE },
};

void
nx_serve_settings_init (NxServeSettings *settings)
{
	for (guint i = 0; i < NX_SERVE_SETTINGS; i++)
		settings->values[i] = keys[i].usual;
}

/* As chmod(1) has it. */
static gboolean
take_mode (const NxSettingsLines *lines, guint *field, GError **error)
{
	const char *key = keys[NX_SERVE_SOCKET_MODE].name;
	g_autofree char *text = NULL;
	guint64 mode = 0;

	if (!nx_settings_take_text (lines, GROUP, key, &text, error))
		return FALSE;
	if (text == NULL)
		return TRUE;
	if (!g_ascii_string_to_unsigned (text, 8, 0, keys[NX_SERVE_SOCKET_MODE].most, &mode, NULL))
		return nx_settings_lines_fail (lines, nx_settings_lines_find (lines, GROUP, key), error,
					       "%s is no octal number from 0 to 777", key);
	*field = (guint)mode;
	return TRUE;
}

gboolean
nx_serve_settings_take (NxServeSettings *settings, const NxSettingsLines *lines, GError **error)
{
	for (guint i = 0; i < NX_SERVE_SETTINGS; i++) {
		if (i != NX_SERVE_SOCKET_MODE && !nx_settings_take_number (lines, GROUP, keys[i].name, keys[i].least,
									   keys[i].most, &settings->values[i], error))
			return FALSE;
	}
	return take_mode (lines, &settings->values[NX_SERVE_SOCKET_MODE], error);
}
