/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phrase.h: the phrase and doubt stanzas against what a server said.
 */
#pragma once

#include "verdict/bystander.h"

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
 * NxPhrase: one stanza; only what outsiders need. @reason: NX_REASON_NONE in a doubt that leaves the one found.
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

/**
 * nx_phrases_find_doubt: the doubt that undoes a decision of @verdict and @reason: words beside which no other words
 * prove that an address is dead. Names in the text do not count. Returns: (nullable): NULL when nothing casts doubt.
 */
const NxPhrase *nx_phrases_find_doubt (const NxPhrases *phrases, const NxEvidence *evidence, NxVerdict verdict,
				       NxReason reason);

/**
 * nx_phrases_get_bystanders: the bystander stanzas of the same rules. Borrowed.
 */
const NxBystanders *nx_phrases_get_bystanders (const NxPhrases *phrases);

G_END_DECLS
