/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * intake.c: see intake.h.
 */
#include "intake.h"

#include "caps.h"
#include "setup.h"

gboolean
nx_intake_is_report (const GPtrArray *events)
{
	for (guint i = 0; i < events->len; i++) {
		if (((const NxEvent *)g_ptr_array_index (events, i))->kind != NX_KIND_NONE)
			return TRUE;
	}
	return FALSE;
}

void
nx_intake_set_dates (GPtrArray *events, gint64 now)
{
	nx_setup_drop_future_dates (events, now);
	for (guint i = 0; i < events->len; i++) {
		NxEvent *event = g_ptr_array_index (events, i);

		if (event->arrival == 0 || event->arrival > now + NX_CLI_CLOCK_SECONDS)
			event->arrival = now;
	}
}
