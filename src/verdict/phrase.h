/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phrase.h: the phrase stanzas against what a server said.
 */
#pragma once

#include <nixie/verdict.h>

G_BEGIN_DECLS

/**
 * NxEvidence: what is known of one failure. @text: the reply's words in match form (nx_text_make_match). @reply: 0 when
 * unknown.
 * @status: the enhanced code in the text, else the Status field. @hosts: (element-type utf8) (nullable): who spoke:
 * lower case. @domain: of the recipient, lower case.
 */
typedef struct {
	const char *text;
	guint reply;
	NxStatus status;
	const GPtrArray *hosts;
	const char *domain;
} NxEvidence;

/**
 * NxPhrase: one stanza; only what outsiders need.
 */
typedef struct {
	const char *id;
	NxReason reason;
	NxVerdict verdict;
} NxPhrase;

/**
 * NxCandidate: a phrase that matched. @weight: text 2, mta 1, reply 1, status 1.
 */
typedef struct {
	const NxPhrase *phrase;
	guint weight;
} NxCandidate;

/**
 * nx_phrases_match: the phrase that fits best, or NULL. @candidates_out: (nullable) (element-type NxCandidate): all
 * that fit, appended.
 * @tie_out: (nullable): TRUE when one of equal right gives another result: the rules should say which outranks the
 * other.
 */
const NxPhrase *nx_phrases_match (const NxPhrases *phrases, const NxEvidence *evidence, GArray *candidates_out,
				  gboolean *tie_out);

G_END_DECLS
