/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * intake.h: what deliver and serve do alike with a mail that comes in now.
 */
#pragma once

#include <nixie/event.h>

G_BEGIN_DECLS

/**
 * nx_intake_is_report: FALSE when there is nothing in the events to record.
 */
gboolean nx_intake_is_report (const GPtrArray *events);

/**
 * nx_intake_set_dates: takes dates in the future away, and notes that the mail came in at @now where no server has
 * noted when it did.
 */
void nx_intake_set_dates (GPtrArray *events, gint64 now);

G_END_DECLS
