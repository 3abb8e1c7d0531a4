/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report-private.h: the readers of report.c, one a kind of report. Each returns FALSE and leaves the report alone when
 * the message is not its own.
 */
#pragma once

#include "mime/part.h"
#include "report/author.h"

#include <nixie/report.h>

G_BEGIN_DECLS

NxRecipient *nx_recipient_new (void);
void nx_recipient_free (NxRecipient *recipient);

/**
 * nx_report_add_recipient: a new recipient at the end, or NULL when there are NX_LIMIT_RECIPIENTS already. Owned by the
 * report.
 */
NxRecipient *nx_report_add_recipient (NxReport *report);

/**
 * nx_report_add_defect: once each.
 */
void nx_report_add_defect (NxReport *report, const char *name);

/**
 * nx_report_is_own_list: TRUE for the posting address of a list whose return path the report went to:
 * "news@lists.example" when it went to "news-bounces+…@lists.example". Such an address is nobody's failed mailbox.
 */
gboolean nx_report_is_own_list (const NxReport *report, const char *address);

/**
 * nx_report_is_list_of: the same for one return path.
 */
gboolean nx_report_is_list_of (const char *return_path, const char *address);

/**
 * nx_report_split_type: "rfc822; a@b" to "rfc822" and "a@b". Without ";" the type is "". @type_out: lower case.
 */
char *nx_report_split_type (const char *value, char **type_out);

/**
 * nx_report_read_original: fills report->original from a block of returned headers.
 */
void nx_report_read_original (NxReport *report, const NxHeaders *headers);

/* RFC 3464, RFC 6533 */
gboolean nx_delivery_status_read (const NxMessage *message, const NxAuthor *author, NxReport *report);

/**
 * nx_delivery_status_read_text: reads field groups out of @text, as far as it has any. Returns: how many recipients
 * were added.
 */
guint nx_delivery_status_read_text (const NxSigns *signs, const char *text, NxReport *report);

/**
 * nx_transcript_read: gives each recipient what the human-readable part says about it, and completes diagnostics that
 * the server cut to their first line.
 */
void nx_transcript_read (const NxSigns *signs, const char *text, NxReport *report);

/* RFC 5965 */
gboolean nx_arf_read (const NxMessage *message, const NxAuthor *author, NxReport *report);

/* RFC 8098 */
gboolean nx_mdn_read (const NxMessage *message, const NxAuthor *author, NxReport *report);

/* Amazon SES in JSON */
gboolean nx_notification_read (const NxMessage *message, NxReport *report);

/* RFC 3834 and what came before it */
gboolean nx_autoreply_read (const NxMessage *message, const NxAuthor *author, NxReport *report);

/* bounces in prose, by the format stanzas */
gboolean nx_formats_read (const NxFormats *formats, const NxMessage *message, const NxAuthor *author, NxReport *report);

/**
 * nx_formats_find_author: by the sign stanzas of the same rules.
 */
NxAuthor nx_formats_find_author (const NxFormats *formats, const NxMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxRecipient, nx_recipient_free)

G_END_DECLS
