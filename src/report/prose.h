/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose.h: reads recipients and their diagnoses out of a bounce's text, told by a format what to look for.
 */
#pragma once

#include "mime/part.h"
#include "report/author.h"
#include "report/pattern.h"

#include <nixie/report.h>

G_BEGIN_DECLS

/**
 * NxProseSection: a line that says what the following recipients are about. With an {address} it names one itself.
 */
typedef struct {
	NxKind kind;
	NxPattern *pattern;
} NxProseSection;

/**
 * NxProse: one format's way of writing. All arrays are of NxPattern, but @header_recipients (utf8) and @sections.
 * @starts: recipients stand behind such a line only. @ends: nothing counts from such a line on. @recipients: empty:
 * addresses at the beginning of lines. @diagnostics: a pattern with {text} gives the diagnosis; one without says that
 * the next paragraph is it; empty: what stands beside and below the recipient. @skips: other lines
 * that say nothing.
 * @reporters: lines that name the host that reports.
 */
typedef struct {
	NxKind kind;
	GPtrArray *starts;
	GPtrArray *ends;
	GPtrArray *recipients;
	GPtrArray *diagnostics;
	GPtrArray *skips;
	GPtrArray *reporters;
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
 * nx_prose_read: fills the report, and its original from the text when no part held one. @ends: further end patterns.
 * @doubtful: the sender is no mail system by its name, so that a reply of SMTP or a returned original must show that
 * mail is meant: parcels are not delivered either.
 * Returns: FALSE, with the report unchanged, when a failure or delay names no recipient. A format of kind none reads
 * nothing and returns TRUE.
 */
gboolean nx_prose_read (const NxProse *prose, const GPtrArray *ends, const NxMessage *message, const NxAuthor *author,
			const char *text, gboolean doubtful, NxReport *report);

G_END_DECLS
