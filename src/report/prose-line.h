/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose-line.h: what one line of a bounce in prose is made of, when no format's pattern says it. Pure functions of the
 * line; @signs has the words.
 */
#pragma once

#include "report/signs.h"

G_BEGIN_DECLS

/**
 * nx_line_begins_reply: "550 …", "421-…".
 */
gboolean nx_line_begins_reply (const char *line);

/**
 * nx_line_skip_label: Returns: behind what lists put before an address: "*", "1.", "Recipient:", "Empfänger:".
 */
const char *nx_line_skip_label (const NxSigns *signs, const char *line);

/**
 * nx_line_is_labelled: TRUE when nx_line_skip_label() skips a label, or the line is a row of a table.
 */
gboolean nx_line_is_labelled (const NxSigns *signs, const char *line);

/**
 * nx_line_begins_cause: TRUE when a label says that the cause follows: "Reason:", "Grund:".
 */
gboolean nx_line_begins_cause (const NxSigns *signs, const char *line);

/**
 * nx_line_skip_lead: Returns: behind the signs that stand between an address and what is said about it: ":", "--",
 * "=>".
 */
const char *nx_line_skip_lead (const char *words);

/**
 * nx_line_skip_prompt: Returns: behind what marks a server's line in the record of a session: "<<<", "Rcvd:"; the line
 * itself when nothing does.
 */
const char *nx_line_skip_prompt (const char *line);

/**
 * nx_line_find_rcpt: the address of a RCPT command (RFC 5321 4.1.1.3) in the record of a session.
 * Returns: (transfer full) NULL when the line is no such command.
 */
char *nx_line_find_rcpt (const char *line);

/**
 * nx_line_find_listed: the next address of an enumeration, "a@b, c@d and e@f", when @rest stands behind its last one.
 * Returns: (transfer full) NULL at its end. @rest_out: behind what was read.
 */
char *nx_line_find_listed (const NxSigns *signs, const char *rest, const char **rest_out);

/**
 * nx_line_is_offered: TRUE when the words before the address at @start offer it ("please try", "contact") rather than
 * report on it.
 */
gboolean nx_line_is_offered (const NxSigns *signs, const char *line, const char *start);

/**
 * nx_line_find_alias: the address that an alias leads to ("aliased to a@b"), or, with @source_out TRUE, the one that it
 * was written as ("expanded from a@b"). Not in a reply: what that says is for the phrases. Returns: (transfer full)
 * NULL when the line says neither.
 */
char *nx_line_find_alias (const NxSigns *signs, const char *line, gboolean *source_out);

G_END_DECLS
