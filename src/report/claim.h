/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * claim.h: is a text that names recipients a report on them, or does it only speak of bounces?
 */
#pragma once

#include "report/author.h"

#include <nixie/report.h>

G_BEGIN_DECLS

/**
 * NxClaim: what a walk over a text has found beside the recipients. @match: the text in match form. @failures: (gsize):
 * where in @match words of failure begin, in order. @delivery: the first of these by which a mail did not arrive,
 * G_MAXSIZE for none. @labelled: a label, a command or a table named somebody, not a sentence. @read_bytes: how much
 * was read before the returned original.
 * @original: the mail that was not delivered comes back; @trace: with what only mail systems put into it, or as a part;
 * @part: as a part.
 * @loose: no line begins with a recipient. @replied: a recipient's own words hold a reply. @subject: the subject speaks
 * of a failure. @own_reader: it names whom it went to.
 */
typedef struct {
	const NxAuthor *author;
	const char *match;
	const GArray *failures;
	gsize delivery;
	gsize read_bytes;
	gboolean original;
	gboolean trace;
	gboolean part;
	gboolean labelled;
	gboolean loose;
	gboolean replied;
	gboolean subject;
	gboolean own_reader;
} NxClaim;

/**
 * nx_claim_is_credible: for the readings of formats that do not know where recipients stand.
 */
gboolean nx_claim_is_credible (const NxClaim *claim, const NxReport *report);

/**
 * nx_claim_is_by_person: TRUE when people speak before the first recipient is named, or, where nothing comes back and
 * the format is a general one, anywhere; or nothing says there, before or beside that recipient, that a mail did not
 * arrive: somebody tells of a bounce under a mail system's name. What such a letter says is kept, but it kills no
 * address.
 */
gboolean nx_claim_is_by_person (const NxClaim *claim, gboolean general, const NxReport *report);

/**
 * nx_claim_is_credible_of_nobody: the same for a bounce that names nobody.
 */
gboolean nx_claim_is_credible_of_nobody (const NxClaim *claim);

G_END_DECLS
