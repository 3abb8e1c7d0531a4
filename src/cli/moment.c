/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * moment.c: see moment.h. GLib reads the dates (ISO 8601); what it would also take but nobody means is refused.
 */
#include "moment.h"

#include <string.h>

#define DAY_LENGTH 10
#define LAST_SECOND 86399

gboolean
nx_moment_parse (const char *text, gboolean ends, gint64 *moment_out, GError **error)
{
	gsize length = strlen (text);
	g_autofree char *full = length == DAY_LENGTH ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
	g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
	g_autoptr (GDateTime) moment = length < DAY_LENGTH ? NULL : g_date_time_new_from_iso8601 (full, utc);

	if (moment == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "\"%s\" is no date; write 2026-11-23 or 2026-11-23T14:05:00Z", text);
		return FALSE;
	}
	*moment_out = g_date_time_to_unix (moment) + (ends && length == DAY_LENGTH ? LAST_SECOND : 0);
	return TRUE;
}
