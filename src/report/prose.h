/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose.h: reads recipients and their diagnoses out of a bounce's text, told by a format what to look for.
 */
#pragma once

#include "mime/part.h"
#include "report/pattern.h"

#include <nixie/report.h>

G_BEGIN_DECLS

/**
 * NxProseSection: a line that says what the following recipients are about.
 */
typedef struct {
	NxKind kind;
	NxPattern *pattern;
} NxProseSection;

/**
 * NxProse: one format's way of writing. All arrays are of NxPattern, but @header_recipients (utf8) and @sections.
 * @starts: recipients stand behind such a line only. @ends: nothing counts from such a line on. @recipients: empty:
 * addresses at the beginning of lines. @diagnostics: a pattern with {text} gives the diagnosis; one without says that
 * the next paragraph is it; empty: what stands beside and below the recipient.
 */
typedef struct {
	NxKind kind;
	GPtrArray *starts;
	GPtrArray *ends;
	GPtrArray *recipients;
	GPtrArray *diagnostics;
	GPtrArray *header_recipients;
	GArray *sections;
} NxProse;

void nx_prose_init (NxProse *prose);
void nx_prose_clear (NxProse *prose);

/**
 * nx_prose_dup_text: the text that a person reads first: all text/plain parts of the message's own, else its HTML.
 */
char *nx_prose_dup_text (const NxMessage *message);

/**
 * nx_prose_read: fills the report. @ends: further end patterns. Returns: FALSE, with the report unchanged, when a
 * failure or delay names no recipient.
 */
gboolean nx_prose_read (const NxProse *prose, const GPtrArray *ends, const NxMessage *message, const char *text,
			NxReport *report);

G_END_DECLS
