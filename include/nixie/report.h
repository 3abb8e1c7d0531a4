/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report.h: what a report says, recipient by recipient, before anybody judges it.
 *
 * The fields have the names and the meaning of RFC 3464 (delivery status), RFC 6533 (UTF-8 addresses), RFC 5965
 * (feedback), RFC 8098 (disposition) and RFC 3834 (automatic replies). Bounces in prose are read by the format stanzas
 * of the rules and fill the same fields.
 */
#pragma once

#include <nixie/message.h>
#include <nixie/rules.h>
#include <nixie/status.h>

G_BEGIN_DECLS

/**
 * NxKind: what a message is, or what it says of one recipient. NONE: no report at all.
 */
typedef enum {
	NX_KIND_NONE,
	NX_KIND_FAILURE,
	NX_KIND_DELAYED,
	NX_KIND_DELIVERED,
	NX_KIND_RELAYED,
	NX_KIND_EXPANDED,
	NX_KIND_FEEDBACK,
	NX_KIND_DISPOSITION,
	NX_KIND_VACATION,
} NxKind;

/**
 * NxRecipient: one recipient's block (RFC 3464 2.3). Texts are "" when absent.
 * @original_recipient: decoded from xtext or RFC 6533. @original_recipient_raw: as the field had it, without its type.
 * @final_recipient: decoded. @actual_recipient: where an alias led: X-Actual-Recipient, or as the text says.
 * @also_taken: it failed, and the same report says of the same address that it was delivered, relayed or expanded: an
 * alias leads to several.
 * @action_text: the field's word when @kind could not be told from it.
 * @status: the Status field. @remote_mta: the host's name alone.
 * @diagnostic_type: "smtp", "x-unix" … in lower case. @diagnostic_code: one line.
 * @transcript: what the human-readable part says about this recipient, one line: some servers put the reply only there.
 */
typedef struct {
	char *original_recipient;
	char *original_recipient_raw;
	char *final_recipient;
	char *actual_recipient;
	NxKind kind;
	gboolean also_taken;
	char *action_text;
	NxStatus status;
	char *remote_mta;
	char *diagnostic_type;
	char *diagnostic_code;
	char *localized_diagnostic;
	char *final_log_id;
	gint64 last_attempt_date;
	gint64 will_retry_until;
	char *transcript;
} NxRecipient;

/**
 * NxOriginal: what the report returned of the original message; all "" when it returned nothing. @fields: all returned
 * header fields, undecoded, one a line, unfolded: where the headers that a site writes into its mails are looked for.
 */
typedef struct {
	char *message_id;
	char *return_path;
	char *from;
	char *to;
	char *list_id;
	char *list_unsubscribe;
	char *fields;
} NxOriginal;

/**
 * NxReport: one message, understood. @kind is the first recipient's, or the message's own when it names no
 * recipient. A feedback report's recipients are without those that were redacted (nx_address_is_redacted()).
 * @format: how it was read: "rfc3464", "rfc5965", "rfc8098", "rfc3834", or a format stanza's id; "" for
 * NONE.
 * @recipients: of NxRecipient, in the report's order. @envelope_recipients: of char *, the addresses that the report
 * itself was sent to, by the envelope headers (Delivered-To, X-Original-To …) and To: where VERP is read from.
 * @feedback_type: "abuse", "not-spam" … (RFC 5965 3.1), in lower case; "" when the report does not say. The forms from
 * before RFC 5965 that are for nothing else are "abuse".
 * @original_mail_from: the return path of the mail complained about (RFC 5965 3.2).
 * @arrival_date: when the original came in. @defects: as nx_message_get_defects(), with the report's own.
 */
typedef struct {
	NxKind kind;
	char *format;
	char *message_id;
	gint64 date;
	char *subject;
	char *from;
	char *reporting_mta;
	char *received_from_mta;
	char *original_envelope_id;
	gint64 arrival_date;
	char *feedback_type;
	char *original_mail_from;
	char *disposition;
	GPtrArray *recipients;
	GPtrArray *envelope_recipients;
	NxOriginal original;
	char *fingerprint;
	char *defects;
} NxReport;

/**
 * NxFormats: the format and sign stanzas of the rules, ready for use. Keeps nothing of @rules.
 */
typedef struct _NxFormats NxFormats;

/**
 * nx_formats_new: Returns: (transfer full): NULL with NX_ERROR_RULES when a stanza makes no sense.
 */
NX_API NxFormats *nx_formats_new (const NxRules *rules, GError **error);
NX_API void nx_formats_free (NxFormats *formats);

/**
 * NxFormatBid: a format that would read a message, for nx_formats_list_bids(). @bid: 2 for its marks, 1 for each header
 * that fits. @chosen: it reads.
 */
typedef struct {
	char *id;
	guint bid;
	gboolean chosen;
} NxFormatBid;

/**
 * nx_formats_list_bids: every format stanza that fits a message, in the order in which they are asked.
 * Returns: (transfer full) (element-type NxFormatBid): empty when none fits.
 */
NX_API GPtrArray *nx_formats_list_bids (const NxFormats *formats, const NxMessage *message);
NX_API void nx_format_bid_free (NxFormatBid *bid);

/**
 * nx_report_new: understands a message. Never fails: what is no report has the kind NONE and no recipients.
 * Returns: (transfer full)
 */
NX_API NxReport *nx_report_new (const NxMessage *message, const NxFormats *formats);
NX_API void nx_report_free (NxReport *report);

/**
 * nx_report_get_recipient: the recipient number @index, counted from 0. Borrowed; NULL behind the last.
 */
NX_API const NxRecipient *nx_report_get_recipient (const NxReport *report, guint index);

/**
 * nx_kind_to_string, nx_kind_from_string: "failure", "delayed" …; an unknown word gives FALSE.
 */
NX_API const char *nx_kind_to_string (NxKind kind);
NX_API gboolean nx_kind_from_string (const char *text, NxKind *kind_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxFormats, nx_formats_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxReport, nx_report_free)

G_END_DECLS
