/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tally.h: what a run has seen, counted.
 */
#pragma once

#include <nixie/nixie.h>

G_BEGIN_DECLS

#define NX_TALLY_VERDICTS (NX_VERDICT_BENIGN + 1)
#define NX_TALLY_REASONS (NX_REASON_OTHER + 1)

/**
 * NxTally: @events: of reports. @added: how many of them were new to the database. @outside:
 * events that were left out because of their date, and are counted nowhere else. @counts: by verdict and reason.
 */
typedef struct {
	guint64 messages;
	guint64 reports;
	guint64 events;
	guint64 added;
	guint64 bytes;
	guint64 unreadable;
	guint64 outside;
	guint64 verdicts[NX_TALLY_VERDICTS];
	guint64 counts[NX_TALLY_VERDICTS][NX_TALLY_REASONS];
} NxTally;

/**
 * nx_tally_add: counts one message. @events: of nx_pipeline_read(). @bytes: its length.
 */
void nx_tally_add (NxTally *tally, const GPtrArray *events, gsize bytes);

/**
 * nx_tally_format_messages: "12 messages: 10 reports, 2 other mails". Returns: (transfer full)
 */
char *nx_tally_format_messages (const NxTally *tally);

/**
 * nx_tally_print_verdicts: one line a verdict, with its most frequent reasons.
 */
void nx_tally_print_verdicts (const NxTally *tally);

/**
 * nx_tally_format_number: "1 event", "2 events". Returns: (transfer full)
 */
char *nx_tally_format_number (guint64 number, const char *noun);

G_END_DECLS
