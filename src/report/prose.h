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
 * @reporters: lines that name the host that reports. @evidence: what the claim asks of who is no mail system is asked
 * of every sender (claim.h); of a vacation, that something beside the subject tells of a program or an absence.
 */
typedef struct {
	NxKind kind;
	gboolean evidence;
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
 * NxProseSource: what is read. @ends: further end patterns. @text: as it stands; @match: in match form. @failures:
 * (gsize): where in @match the marks of formats stand that do not know where recipients are. @delivery: the first of
 * these that says that a mail did not arrive, not only how a mailbox is; G_MAXSIZE for none. @subject: such a format
 * fits the headers.
 */
typedef struct {
	const NxMessage *message;
	const NxAuthor *author;
	const GPtrArray *ends;
	const char *text;
	const char *match;
	const GArray *failures;
	gsize delivery;
	gboolean subject;
} NxProseSource;

/**
 * nx_prose_read: fills the report, and its original from the text when no part held one. @general: the format does not
 * know where recipients stand, so that the text must show that it is a report and no letter about bounces (claim.h).
 * Returns: FALSE, with the report unchanged, when a failure or delay names no recipient. A format of kind none reads
 * nothing and returns TRUE.
 */
gboolean nx_prose_read (const NxProse *prose, const NxProseSource *source, gboolean general, NxReport *report);

/**
 * nx_prose_is_nameless: TRUE when the text is that of a bounce that names nobody. Adds no recipients.
 */
gboolean nx_prose_is_nameless (const NxProse *prose, const NxProseSource *source, NxReport *report);

G_END_DECLS
