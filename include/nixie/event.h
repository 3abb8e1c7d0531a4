/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event.h: the pure half of nixie in one call: bytes in, one event per (report, recipient) out.
 *
 * NxPipeline holds the rules; nx_pipeline_read() takes a message through message.h, report.h, verdict.h and the reading
 * of return paths. An event has the members of the JSON contract; the store adds which subscriber it found. No I/O, no
 * clock.
 */
#pragma once

#include <nixie/report.h>
#include <nixie/rules.h>
#include <nixie/source.h>
#include <nixie/verdict.h>

G_BEGIN_DECLS

/**
 * NxProof: how well it is proven that the report is about a mail of ours, weakest first. CLAIM: only what the report
 * says. VERP: it came back to a plain per-recipient return path. ORIGINAL: it returned our Message-ID or list headers.
 * SIGNED: a keyed return path that verifies.
 */
typedef enum {
	NX_PROOF_NONE,
	NX_PROOF_CLAIM,
	NX_PROOF_VERP,
	NX_PROOF_ORIGINAL,
	NX_PROOF_SIGNED,
} NxProof;

/**
 * NxEvent: what one report says of one recipient. Texts are "" when absent.
 * @date: the report's own time (Date, Received, Last-Attempt-Date, the From_ line; in this order), never the time of
 * reading; 0 when nothing tells.
 * @recipient: the failed address as the report names it, decoded. @original_recipient: only when another one is given.
 * @original_recipient_raw: undecoded, for look-up.
 * @list: the list's address or List-Id as the return path or the returned original tells, else "". @verp_recipient: the
 * address in a VERP return path.
 * @subscriber: the subscription that the store found; "" before that, or when the address is unknown there.
 * @fingerprint: the report's (message.h). @original_message_id: of the mail that bounced.
 */
typedef struct {
	char *file;
	guint64 offset;
	char *message_id;
	gint64 date;
	NxKind kind;
	char *recipient;
	char *original_recipient;
	char *original_recipient_raw;
	NxVerdict verdict;
	NxReason reason;
	NxStatus status;
	guint reply;
	char *forward;
	char *diagnostic;
	char *reporting_mta;
	char *remote_mta;
	char *list;
	char *verp_recipient;
	char *subscriber;
	NxProof proof;
	char *rule;
	char *defects;
	char *fingerprint;
	char *original_message_id;
} NxEvent;

typedef struct _NxPipeline NxPipeline;

/**
 * nx_pipeline_new: Returns: (transfer full): NULL with NX_ERROR_RULES. Keeps nothing of @rules.
 */
NX_API NxPipeline *nx_pipeline_new (const NxRules *rules, GError **error);
NX_API void nx_pipeline_free (NxPipeline *pipeline);

/**
 * nx_pipeline_read: reads one message. @raw: file, offset and the From_ line's facts are taken over.
 * @envelope_to: (nullable): the envelope recipient when the caller knows it.
 * Returns: (transfer full) (element-type NxEvent): at least one event; exactly one of kind NONE when the message is no
 * report.
 */
NX_API GPtrArray *nx_pipeline_read (const NxPipeline *pipeline, const NxRawMessage *raw, const char *envelope_to);

/**
 * NxExplanation: how one message was understood. @format: what read it: a format stanza's id or a standard ("rfc3464"),
 * "" when it is no report.
 * @bids: (element-type NxFormatBid). @events: as from nx_pipeline_read(). @matches: (element-type GPtrArray of
 * NxRuleMatch): one array for each event.
 */
typedef struct {
	char *format;
	GPtrArray *bids;
	GPtrArray *events;
	GPtrArray *matches;
} NxExplanation;

/**
 * nx_pipeline_explain_message: reads one message and tells how. Returns: (transfer full)
 */
NX_API NxExplanation *nx_pipeline_explain_message (const NxPipeline *pipeline, const NxRawMessage *raw);
NX_API void nx_explanation_free (NxExplanation *explanation);

/**
 * nx_pipeline_explain: judges a bare reply text. Returns: (transfer full)
 */
NX_API NxDecision *nx_pipeline_explain (const NxPipeline *pipeline, const char *text);

NX_API NxEvent *nx_event_new (void);
NX_API void nx_event_free (NxEvent *event);
NX_API const char *nx_proof_to_string (NxProof proof);
NX_API gboolean nx_proof_from_string (const char *text, NxProof *proof_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxExplanation, nx_explanation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxPipeline, nx_pipeline_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxEvent, nx_event_free)

G_END_DECLS
