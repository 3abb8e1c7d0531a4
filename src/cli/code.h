/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * code.h: reply codes and enhanced codes as words on the command line, and what there is to say of them.
 */
#pragma once

#include <nixie/nixie.h>

G_BEGIN_DECLS

/**
 * NxCode: @reply 0, or @status unset, when the word had none of that kind; one is always there. @text: as it is shown.
 */
typedef struct {
	guint reply;
	NxStatus status;
	char text[24];
} NxCode;

/**
 * nx_code_parse: "551", "5.1.6", "551-5.1.6" or "551 5.1.6".
 */
gboolean nx_code_parse (const char *word, NxCode *code_out);

/**
 * nx_code_print: one code in full.
 */
void nx_code_print (const NxPipeline *pipeline, const NxCode *code);

/**
 * nx_code_print_beside: several in columns, and below how they differ.
 */
void nx_code_print_beside (const NxPipeline *pipeline, const NxCode *codes, guint count);

/**
 * nx_code_get_verdict_meaning: what a verdict means for the address and for the subscriber's score.
 */
const char *nx_code_get_verdict_meaning (NxVerdict verdict);

G_END_DECLS
