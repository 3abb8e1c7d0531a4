/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan-summary.h: what a scan says at its end.
 */
#pragma once

#include "cli.h"
#include "tally.h"

G_BEGIN_DECLS

/**
 * NxStandings: how many there are, over all lists. @filled: lists that have subscribers.
 */
typedef struct {
	gint64 active;
	gint64 suspended;
	gint64 removed;
	gint64 incidents;
	guint lists;
	guint filled;
	guint proposals;
} NxStandings;

gboolean nx_standings_read (NxStore *store, NxStandings *standings, GError **error);

/**
 * NxScanSummary: @before, @after: NULL when nothing was recorded (--dry-run). @read_bytes, @passed_bytes: what was
 * read, and what an earlier scan has read. @moved: messages that were moved.
 */
typedef struct {
	const NxTally *tally;
	const NxStandings *before;
	const NxStandings *after;
	const char *database;
	guint64 read_bytes;
	guint64 passed_bytes;
	guint64 moved;
	double seconds;
} NxScanSummary;

void nx_scan_summary_print (const NxScanSummary *summary);

G_END_DECLS
