/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * verdict.h: what a report means for the address, by evidence.
 *
 * Action, Status, reply code, the enhanced code inside the text, the host that spoke and its words are weighed
 * together; the code alone never decides. The words are known from phrase stanzas (rules.h); the codes from RFC 3463,
 * RFC 5321 and their registry. Calling a living address dead is the worst error: when in doubt, a failure is transient.
 * This module is pure: no clock, no I/O.
 */
#pragma once

#include <nixie/report.h>
#include <nixie/rules.h>
#include <nixie/status.h>

G_BEGIN_DECLS

/**
 * NxVerdict: PERMANENT: the address is dead or has moved. TRANSIENT: it may work later. BLOCKED: this message or its
 * sender was refused, which says nothing on the address. BENIGN: nothing failed.
 */
typedef enum {
	NX_VERDICT_NONE,
	NX_VERDICT_PERMANENT,
	NX_VERDICT_TRANSIENT,
	NX_VERDICT_BLOCKED,
	NX_VERDICT_BENIGN,
} NxVerdict;

/**
 * NxReason: why.
 */
typedef enum {
	NX_REASON_NONE,
	NX_REASON_USER_UNKNOWN,
	NX_REASON_DOMAIN_UNKNOWN,
	NX_REASON_MOVED,
	NX_REASON_DISABLED,
	NX_REASON_MAILBOX_FULL,
	NX_REASON_TOO_BIG,
	NX_REASON_GREYLISTED,
	NX_REASON_RATE_LIMITED,
	NX_REASON_TIMEOUT,
	NX_REASON_EXPIRED,
	NX_REASON_NETWORK,
	NX_REASON_SYSTEM,
	NX_REASON_SPAM,
	NX_REASON_VIRUS,
	NX_REASON_REPUTATION,
	NX_REASON_AUTH,
	NX_REASON_POLICY,
	NX_REASON_RELAY_DENIED,
	NX_REASON_PROTOCOL,
	NX_REASON_SYNTAX,
	NX_REASON_CONTENT,
	NX_REASON_FEEDBACK,
	NX_REASON_VACATION,
	NX_REASON_ACCEPTED,
	NX_REASON_OTHER,
} NxReason;

/**
 * NxPhrases: the phrase, doubt, bystander and provider stanzas of the rules, ready to match in one pass over a text.
 * Keeps nothing of the rules.
 */
typedef struct _NxPhrases NxPhrases;

/**
 * NxDecision: a verdict and how it came about. @rule: the id of the phrase or doubt stanza, or the standard's section
 * ("RFC 3463 3.2").
 * @status: the more specific of the Status field and the code in the text; never invented. @reply: 0 when none was
 * carried.
 * @forward: the new address that the text offers, or "": none, or two that are not alternatives of one offer.
 * @diagnostic: the reply or text that was judged, one line.
 */
typedef struct {
	NxVerdict verdict;
	NxReason reason;
	NxStatus status;
	guint reply;
	char *forward;
	char *rule;
	char *diagnostic;
} NxDecision;

/**
 * nx_phrases_new: Returns: (transfer full): NULL with NX_ERROR_RULES when a stanza makes no sense.
 */
NX_API NxPhrases *nx_phrases_new (const NxRules *rules, GError **error);
NX_API void nx_phrases_free (NxPhrases *phrases);

/**
 * nx_verdict_decide: judges one recipient of a report. @recipient: (nullable): NULL for a report that names none.
 * Returns: (transfer full)
 */
NX_API NxDecision *nx_verdict_decide (const NxPhrases *phrases, const NxReport *report, const NxRecipient *recipient);

/**
 * nx_verdict_decide_reply: judges a bare SMTP reply text, as a server would have said it. Returns: (transfer full)
 */
NX_API NxDecision *nx_verdict_decide_reply (const NxPhrases *phrases, const char *text);
NX_API void nx_decision_free (NxDecision *decision);

/**
 * NxRuleMatch: a phrase that fits what was said, for nx_verdict_list_matches(). @weight: text 2, mta 1, reply 1,
 * status 1.
 * @chosen: this one decided.
 */
typedef struct {
	char *id;
	NxVerdict verdict;
	NxReason reason;
	guint weight;
	gboolean chosen;
} NxRuleMatch;

/**
 * nx_verdict_list_matches: every phrase that fits what a report says of one recipient, the heaviest first.
 * Returns: (transfer full) (element-type NxRuleMatch): empty when codes alone decide.
 */
NX_API GPtrArray *nx_verdict_list_matches (const NxPhrases *phrases, const NxReport *report,
					   const NxRecipient *recipient);
NX_API void nx_rule_match_free (NxRuleMatch *match);

/**
 * nx_phrases_check: what is wrong with the phrase, doubt and bystander stanzas of @rules as a set: an example that does
 * not lead to its own stanza, a text that no example shows, two stanzas of equal right and different result, a doubt
 * that undoes nothing in its example, a bystander's example that still offers its address, a missing example or source,
 * an "over" that names nobody. Returns: (transfer full) (element-type utf8): one sentence each, "FILE:LINE: [TYPE ID]
 * what"; empty when all is well.
 */
NX_API GPtrArray *nx_phrases_check (const NxRules *rules);

/**
 * Names as they stand in JSON and in the database: "permanent", "user-unknown" …
 */
NX_API const char *nx_verdict_to_string (NxVerdict verdict);
NX_API gboolean nx_verdict_from_string (const char *text, NxVerdict *verdict_out);
NX_API const char *nx_reason_to_string (NxReason reason);
NX_API gboolean nx_reason_from_string (const char *text, NxReason *reason_out);

/**
 * nx_reason_get_verdict: what a reason means for the address when nothing says otherwise.
 */
NX_API NxVerdict nx_reason_get_verdict (NxReason reason);

/**
 * nx_reason_get_meaning: one sentence for people.
 */
NX_API const char *nx_reason_get_meaning (NxReason reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxPhrases, nx_phrases_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxDecision, nx_decision_free)

G_END_DECLS
