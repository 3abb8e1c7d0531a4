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
#include <nixie/verp.h>

G_BEGIN_DECLS

/**
 * NxProof: how well it is proven that the report is about a mail of ours, weakest first.
 * CLAIM: only what the report says; also when a keyed return path does not verify, or DMARC failed for the report's
 * From (nx_pipeline_add_authserv_id()), whatever else the report holds. VERP: it came back to a plain per-recipient
 * return path. ORIGINAL: it returned something of ours: a Message-ID, List-Id, List-Post or List-Unsubscribe in the
 * domain that the report came to, or a configured subscriber header that holds a token or names verp_recipient. Or the
 * recipient's own server wrote it, as ours has checked (nx_pipeline_add_authserv_id()). Who has seen one mail of ours
 * can copy the former; the latter nobody can. SIGNED: a keyed return path that verifies (verp.h); the event then is
 * about verp_recipient and nobody else.
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
 * @arrival: the date in the topmost Received header, which our own server wrote; 0 when there is none, or it has no
 * date. Never the From_ line's: exports write the day of the export there. Unlike @date no forger chooses it, as long
 * as the mail came in by SMTP.
 * @recipient: the failed address as the report names it, decoded. @original_recipient: only when another one is given.
 * @original_recipient_raw: undecoded, for look-up.
 * @actual_recipient: where the report says that an alias led from the recipient, for look-up when the alias is unknown.
 * @list: the list's address or List-Id as the return path or the returned original tells, else "". @verp_recipient: the
 * address in the return path that the report came back to; else in the returned original's Return-Path, subscriber
 * headers or List-Unsubscribe.
 * @token: an opaque token in the return path, or what a subscriber header holds that is no address: for who keeps a
 * table of them.
 * @defects: the report's, and "verp-forged", "verp-expired" … (nx_verp_result_to_string()) when a keyed return path was
 * refused, "auth-failed" when DMARC failed and the event is not SIGNED.
 * @feedback_type: of a feedback report (report.h): "abuse", "not-spam" …, in lower case; "" when it says none.
 * @answers: the token (confirmation.h) of our own mail that it is the bounce of, when it came back with it: the caller
 * of nx_pipeline_read() says so. The event then is about whom that mail went to, as SIGNED as a keyed return path.
 * @subscriber: the subscription that the store found; "" before that, or when the address is unknown there.
 * @fingerprint: the report's (message.h). @original_message_id: of the mail that bounced. @original_date: the Date of
 * that mail; 0 when nothing tells, or when it makes no sense: it is later than the report, or NX_EVENT_ORIGINAL_DAYS
 * before it.
 */
typedef struct {
	char *file;
	guint64 offset;
	char *message_id;
	gint64 date;
	gint64 arrival;
	NxKind kind;
	char *recipient;
	char *original_recipient;
	char *original_recipient_raw;
	char *actual_recipient;
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
	char *token;
	char *subscriber;
	NxProof proof;
	char *rule;
	char *defects;
	char *fingerprint;
	char *original_message_id;
	char *feedback_type;
	char *answers;
	gint64 original_date;
} NxEvent;

/* No mail server tries for longer. */
#define NX_EVENT_ORIGINAL_DAYS 30

typedef struct _NxPipeline NxPipeline;

/**
 * nx_pipeline_new: Returns: (transfer full): NULL with NX_ERROR_RULES. Keeps nothing of @rules.
 */
NX_API NxPipeline *nx_pipeline_new (const NxRules *rules, GError **error);
NX_API void nx_pipeline_free (NxPipeline *pipeline);

/**
 * nx_pipeline_add_return_path: how a list writes its return paths, when it is no style that is built in:
 * "news-verp-{token}@lists.example.org", "bounce.{user}={domain}@lists.example.org". {user} and {domain} are the
 * subscriber's address, {token} is opaque or keyed, {number} are digits. @list: what events shall call the list.
 * Patterns are asked before the built-in styles, in the order of adding. Returns: FALSE with NX_ERROR_CONFIG.
 */
NX_API gboolean nx_pipeline_add_return_path (NxPipeline *pipeline, const char *list, const char *pattern,
					     GError **error);

/**
 * nx_pipeline_add_subscriber_header: a header that the site writes into its mails, with the subscriber's address, a
 * return path or a token. X-Listmonk-Subscriber and CFBL-Feedback-ID (RFC 9477) are read without; but only what is
 * configured counts for a proof. Returns: FALSE with NX_ERROR_CONFIG when it is no field name.
 */
NX_API gboolean nx_pipeline_add_subscriber_header (NxPipeline *pipeline, const char *name, GError **error);

/**
 * nx_pipeline_add_authserv_id: a server of the site, by the name that it begins its Authentication-Results with (RFC
 * 8601); case does not count. Without any, no such field is looked at; those of other names never are. The server has
 * to remove fields with this name from what comes in (RFC 8601 5).
 * A pass of DKIM, SPF or DMARC for the domain of the failed recipient, one above or one below it raises the event's
 * proof to ORIGINAL: no registry's domain such as co.uk, and only when every address that the event names or that its
 * return path names lies in such a domain. A fail of DMARC (no softer word) lowers it to CLAIM, with the defect
 * "auth-failed". Neither touches SIGNED, and no pass makes up for a keyed return path that was refused.
 * Returns: FALSE with NX_ERROR_CONFIG when @id is no host name.
 */
NX_API gboolean nx_pipeline_add_authserv_id (NxPipeline *pipeline, const char *id, GError **error);

/**
 * nx_pipeline_set_verp_keys: keys for keyed return paths. @keys: (transfer full). Without keys no token is checked, and
 * an address beside one is plain VERP.
 * @now: the time that a token's age is counted to; 0: the time at which the report came in, the latest of its Date, its
 * topmost Received header and its From_ line. Whoever reads a mail as it comes gives the clock's time, since all of
 * these can be written by the sender.
 */
NX_API void nx_pipeline_set_verp_keys (NxPipeline *pipeline, NxVerpKeys *keys, gint64 now);

/**
 * nx_pipeline_set_verp_now: changes @now of nx_pipeline_set_verp_keys(), for who goes on reading as time goes on.
 */
NX_API void nx_pipeline_set_verp_now (NxPipeline *pipeline, gint64 now);

/**
 * nx_pipeline_set_verp_lookup: finds the subscriber of a token that stands alone, when it is none whom the report
 * names. Called from within nx_pipeline_read().
 */
NX_API void nx_pipeline_set_verp_lookup (NxPipeline *pipeline, NxVerpLookupFunc lookup, gpointer user_data);

/**
 * nx_pipeline_open_return_path: as nx_verp_open(), with the pipeline's patterns, keys and look-up. Returns: (transfer
 * full)
 */
NX_API NxReturnPath *nx_pipeline_open_return_path (const NxPipeline *pipeline, const char *return_path, gint64 now);

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
