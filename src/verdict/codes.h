/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * codes.h: what a code means for the address when no words are known: the last resort of the verdict.
 */
#pragma once

#include <nixie/verdict.h>

G_BEGIN_DECLS

/**
 * NxMeaning: @section: the standard that says so, for NxDecision.rule.
 */
typedef struct {
	NxVerdict verdict;
	NxReason reason;
	const char *section;
} NxMeaning;

/**
 * nx_codes_judge_status: FALSE for codes that tell no more than their class (X.0.0 and those not registered).
 */
gboolean nx_codes_judge_status (NxStatus status, NxMeaning *meaning_out);

/**
 * nx_codes_judge_reply: FALSE for 0 and codes that no standard defines.
 */
gboolean nx_codes_judge_reply (guint reply, NxMeaning *meaning_out);

G_END_DECLS
