/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-settings.c: see serve-settings.h. All values are numbers, so that settings.c hands the lines over as they are.
 */
#include "serve-settings.h"

#include <string.h>

#include <nixie/error.h>

#include "caps.h"
#include "suggest.h"

#define DECIMAL 10
#define OCTAL 8

/* The caps are in caps.h; what may be set stays within them, or begins where a server would be of no use. */
static const struct {
	const char *name;
	guint base;
	guint64 least;
	guint64 most;
	guint64 usual;
} keys[NX_SERVE_SETTINGS] = {
	[NX_SERVE_WORKERS] = { "workers", DECIMAL, 1, NX_CLI_SERVE_MAX_WORKERS, NX_CLI_SERVE_WORKERS },
	[NX_SERVE_CONNECTIONS] = { "connections", DECIMAL, 1, NX_CLI_SERVE_MAX_CONNECTIONS, NX_CLI_SERVE_CONNECTIONS },
	/* RFC 5321 4.5.3.1.8 and 4.5.3.1.4. */
	[NX_SERVE_RECIPIENTS] = { "recipients", DECIMAL, 100, NX_CLI_SERVE_MAX_RECIPIENTS, NX_CLI_SERVE_RECIPIENTS },
	[NX_SERVE_MESSAGE_BYTES] = { "message-bytes", DECIMAL, 65536, NX_CLI_MESSAGE_BYTES, NX_CLI_MESSAGE_BYTES },
	[NX_SERVE_MEMORY_BYTES] = { "memory-bytes", DECIMAL, 65536, NX_CLI_SERVE_MAX_MEMORY_BYTES,
				    NX_CLI_SERVE_MEMORY_BYTES },
	[NX_SERVE_LINE_BYTES] = { "line-bytes", DECIMAL, 512, NX_CLI_LINE_BYTES, NX_CLI_SERVE_LINE_BYTES },
	[NX_SERVE_BAD_COMMANDS] = { "bad-commands", DECIMAL, 1, NX_CLI_SERVE_MAX_BAD_COMMANDS,
				    NX_CLI_SERVE_BAD_COMMANDS },
	[NX_SERVE_IDLE_SECONDS] = { "idle-seconds", DECIMAL, 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_IDLE_SECONDS },
	[NX_SERVE_TOTAL_SECONDS] = { "total-seconds", DECIMAL, 1, NX_CLI_SERVE_MAX_SECONDS,
				     NX_CLI_SERVE_TOTAL_SECONDS },
	[NX_SERVE_PARSE_SECONDS] = { "parse-seconds", DECIMAL, 1, NX_CLI_SERVE_MAX_SECONDS,
				     NX_CLI_SERVE_PARSE_SECONDS },
	[NX_SERVE_STORE_SECONDS] = { "store-seconds", DECIMAL, 1, NX_CLI_SERVE_MAX_SECONDS,
				     NX_CLI_SERVE_STORE_SECONDS },
	[NX_SERVE_STOP_SECONDS] = { "stop-seconds", DECIMAL, 1, NX_CLI_SERVE_MAX_SECONDS, NX_CLI_SERVE_STOP_SECONDS },
	[NX_SERVE_SOCKET_MODE] = { "socket-mode", OCTAL, 0, 0777, NX_CLI_SERVE_SOCKET_MODE },
};

void
nx_serve_settings_init (NxServeSettings *settings)
{
	*settings = (NxServeSettings){ 0 };
	for (guint i = 0; i < NX_SERVE_SETTINGS; i++)
		settings->values[i] = keys[i].usual;
}

static gboolean
fail_unknown (const char *file, guint line, const char *key, GError **error)
{
	const char *names[NX_SERVE_SETTINGS + 1] = { NULL };
	g_autoptr (GString) known = g_string_new (NULL);
	g_autoptr (GError) local = NULL;

	for (guint i = 0; i < NX_SERVE_SETTINGS; i++) {
		names[i] = keys[i].name;
		g_string_append_printf (known, "%s%s", i == 0 ? "" : ", ", names[i]);
	}
	nx_suggest_set_error (names, "key", key, &local);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s; known is: %s", file, line, local->message,
		     known->str);
	return FALSE;
}

gboolean
nx_serve_settings_take (NxServeSettings *settings, const char *file, guint line, const char *key, const char *value,
			GError **error)
{
	guint i = 0;

	while (i < NX_SERVE_SETTINGS && strcmp (keys[i].name, key) != 0)
		i++;
	if (i == NX_SERVE_SETTINGS)
		return fail_unknown (file, line, key, error);
	if (settings->lines[i] != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:%u: %s stands in line %u already; remove one of them", file, line, key,
			     settings->lines[i]);
		return FALSE;
	}
	settings->lines[i] = line;
	if (g_ascii_string_to_unsigned (value, keys[i].base, keys[i].least, keys[i].most, &settings->values[i], NULL))
		return TRUE;
	if (keys[i].base == OCTAL)
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s is no octal number from 0 to 777", file, line,
			     key);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s:%u: %s is no number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, file, line, key,
			     keys[i].least, keys[i].most);
	return FALSE;
}
