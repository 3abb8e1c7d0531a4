/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * output.h: events and decisions as text for programs (JSON) and for people (terminals, CSV).
 *
 * What a mail says is never trusted: JSON escapes it, nx_output_escape_terminal() takes the control and direction
 * characters out.
 */
#pragma once

#include <nixie/event.h>

G_BEGIN_DECLS

/**
 * nx_output_format_event: one JSON object on one line, no newline at its end. Members in this order, left out when they
 * have no value: file offset message_id date kind recipient original_recipient verdict reason status reply forward
 * diagnostic reporting_mta remote_mta list subscriber proof rule defects. date is RFC 3339 in UTC; offset and reply are
 * numbers. Returns: (transfer full)
 */
NX_API char *nx_output_format_event (const NxEvent *event);

/**
 * nx_output_format_decision: verdict reason status reply forward rule, as above. Returns: (transfer full)
 */
NX_API char *nx_output_format_decision (const NxDecision *decision);

/**
 * NxOutputMember: one member of an object. @text: NULL for a @number.
 */
typedef struct {
	const char *key;
	const char *text;
	double number;
} NxOutputMember;

/**
 * nx_output_format_members: a JSON object in one line. Members whose text is "" are left out. Returns: (transfer full)
 */
NX_API char *nx_output_format_members (const NxOutputMember *members, guint count);

/**
 * nx_output_format_csv: one record (RFC 4180) of @count fields, without its line end. A field that a spreadsheet would
 * take for a formula gets a "'" before it. Returns: (transfer full)
 */
NX_API char *nx_output_format_csv (const char *const *fields, guint count);

/**
 * nx_output_escape_terminal: @text without control characters, escape sequences and invisible direction marks, each
 * shown as \x{HEX}; newlines too. Returns: (transfer full)
 */
NX_API char *nx_output_escape_terminal (const char *text);

/**
 * nx_output_format_date: "2026-11-23T14:05:00Z", or "" for 0. Returns: (transfer full)
 */
NX_API char *nx_output_format_date (gint64 date);

/**
 * nx_output_anonymize: a mail that can be shown to others: addresses (in return paths and encodings, too), names,
 * hosts, IP addresses, ids, subjects and the returned letter are replaced or left out, the same one always by the same
 * stand-in. nixie reads it as it reads the mail itself, unless a rule asks for a host's name. Who is named in a
 * sentence alone is not found: read it before you give it away. Returns: (transfer full): UTF-8 with LF line ends.
 */
NX_API char *nx_output_anonymize (const char *data, gsize length);

/**
 * nx_output_format_rule: one stanza as a JSON object: type id summary file line text. Returns: (transfer full)
 */
NX_API char *nx_output_format_rule (const NxRuleInfo *info);

/**
 * nx_output_find_rule: the stanza of this type and id. Returns: FALSE, with @info_out untouched, when there is none.
 */
NX_API gboolean nx_output_find_rule (const NxRules *rules, const char *type, const char *id, NxRuleInfo *info_out);

/**
 * nx_output_format_explanation: one JSON object: format, bids (of id bid chosen), events: the members of an event, then
 * matches (of id weight verdict reason file line chosen) and decided, a sentence. @rules: where the phrases stand.
 * Returns: (transfer full)
 */
NX_API char *nx_output_format_explanation (const NxExplanation *explanation, const NxRules *rules);

/**
 * nx_output_describe_decision: one sentence on what decided, and on what overruled a phrase. @matches: (element-type
 * NxRuleMatch): the event's. Returns: (transfer full)
 */
NX_API char *nx_output_describe_decision (const NxEvent *event, const GPtrArray *matches);

/**
 * nx_output_draft_phrase: a phrase stanza for what a server said of an event that no phrase fits. Meant for an event of
 * an anonymised mail. @name: its id. Returns: (transfer full) (nullable): NULL when there is nothing to know it by.
 */
NX_API char *nx_output_draft_phrase (const char *name, const NxEvent *event);

/**
 * nx_output_draft_format: a format stanza for a bounce that nothing reads: guessed, for a person to mend. @data: the
 * anonymised mail. Returns: (transfer full) (nullable): as above.
 */
NX_API char *nx_output_draft_format (const char *name, const char *data, gsize length);

G_END_DECLS
