/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * codes.c: enhanced status codes and replies to verdicts. See codes.h. RFC 3463 and its registry (RFC 5248), RFC
 * 5321 4.2.
 *
 * The tables are about failures: class 2 is benign whatever its detail, and class 4 is never permanent; both are said
 * once, in code.
 */
#include "verdict/codes.h"

#include <nixie/reply.h>

/* A row holds for class 5. NX_VERDICT_NONE: the reason's own verdict. Codes that are not here tell nothing on the
 * address: other. */
static const struct {
	guint16 subject;
	guint16 detail;
	NxReason reason;
	NxVerdict verdict;
} status_rows[] = {
	{ 1, 1, NX_REASON_USER_UNKNOWN, NX_VERDICT_NONE },    { 1, 2, NX_REASON_DOMAIN_UNKNOWN, NX_VERDICT_NONE },
	{ 1, 3, NX_REASON_SYNTAX, NX_VERDICT_PERMANENT }, /* of the recipient's address: it can never work */
	{ 1, 5, NX_REASON_ACCEPTED, NX_VERDICT_TRANSIENT },   { 1, 6, NX_REASON_MOVED, NX_VERDICT_NONE },
	{ 1, 7, NX_REASON_POLICY, NX_VERDICT_NONE }, /* the sender's address */
	{ 1, 8, NX_REASON_POLICY, NX_VERDICT_NONE },          { 1, 10, NX_REASON_DOMAIN_UNKNOWN, NX_VERDICT_NONE },
	{ 2, 1, NX_REASON_DISABLED, NX_VERDICT_NONE },        { 2, 2, NX_REASON_MAILBOX_FULL, NX_VERDICT_NONE },
	{ 2, 3, NX_REASON_TOO_BIG, NX_VERDICT_NONE },         { 2, 4, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 3, 0, NX_REASON_SYSTEM, NX_VERDICT_NONE },          { 3, 1, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 3, 2, NX_REASON_SYSTEM, NX_VERDICT_NONE },          { 3, 3, NX_REASON_CONTENT, NX_VERDICT_NONE },
	{ 3, 4, NX_REASON_TOO_BIG, NX_VERDICT_NONE },         { 3, 5, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 4, 0, NX_REASON_NETWORK, NX_VERDICT_NONE },         { 4, 1, NX_REASON_TIMEOUT, NX_VERDICT_NONE },
	{ 4, 2, NX_REASON_NETWORK, NX_VERDICT_NONE },         { 4, 3, NX_REASON_NETWORK, NX_VERDICT_NONE },
	{ 4, 4, NX_REASON_NETWORK, NX_VERDICT_NONE },         { 4, 5, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 4, 6, NX_REASON_SYSTEM, NX_VERDICT_NONE },          { 4, 7, NX_REASON_EXPIRED, NX_VERDICT_NONE },
	{ 5, 0, NX_REASON_PROTOCOL, NX_VERDICT_NONE },        { 5, 1, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 5, 2, NX_REASON_PROTOCOL, NX_VERDICT_NONE },        { 5, 3, NX_REASON_RATE_LIMITED, NX_VERDICT_NONE },
	{ 5, 4, NX_REASON_PROTOCOL, NX_VERDICT_NONE },        { 5, 5, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 5, 6, NX_REASON_PROTOCOL, NX_VERDICT_NONE },        { 6, 0, NX_REASON_CONTENT, NX_VERDICT_NONE },
	{ 6, 1, NX_REASON_CONTENT, NX_VERDICT_NONE },         { 6, 2, NX_REASON_CONTENT, NX_VERDICT_NONE },
	{ 6, 3, NX_REASON_CONTENT, NX_VERDICT_NONE },         { 6, 5, NX_REASON_CONTENT, NX_VERDICT_NONE },
	{ 6, 6, NX_REASON_CONTENT, NX_VERDICT_NONE },         { 6, 7, NX_REASON_CONTENT, NX_VERDICT_NONE },
	{ 6, 8, NX_REASON_CONTENT, NX_VERDICT_NONE },         { 6, 9, NX_REASON_CONTENT, NX_VERDICT_NONE },
	{ 6, 10, NX_REASON_CONTENT, NX_VERDICT_NONE },        { 7, 13, NX_REASON_DISABLED, NX_VERDICT_NONE },
	{ 7, 17, NX_REASON_USER_UNKNOWN, NX_VERDICT_NONE }, /* the mailbox has another owner: not the subscriber any
							       more */
	{ 7, 18, NX_REASON_DOMAIN_UNKNOWN, NX_VERDICT_NONE }, { 7, 20, NX_REASON_AUTH, NX_VERDICT_NONE },
	{ 7, 21, NX_REASON_AUTH, NX_VERDICT_NONE },           { 7, 22, NX_REASON_AUTH, NX_VERDICT_NONE },
	{ 7, 23, NX_REASON_AUTH, NX_VERDICT_NONE },           { 7, 24, NX_REASON_AUTH, NX_VERDICT_NONE },
	{ 7, 25, NX_REASON_REPUTATION, NX_VERDICT_NONE },     { 7, 26, NX_REASON_AUTH, NX_VERDICT_NONE },
	{ 7, 27, NX_REASON_POLICY, NX_VERDICT_NONE },         { 7, 28, NX_REASON_RATE_LIMITED, NX_VERDICT_BLOCKED },
	{ 7, 29, NX_REASON_AUTH, NX_VERDICT_NONE },
};

static const struct {
	guint reply;
	NxReason reason;
	NxVerdict verdict;
} reply_rows[] = {
	{ 421, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 432, NX_REASON_POLICY, NX_VERDICT_NONE },
	{ 450, NX_REASON_OTHER, NX_VERDICT_NONE },
	{ 451, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 452, NX_REASON_SYSTEM, NX_VERDICT_NONE },
	{ 454, NX_REASON_AUTH, NX_VERDICT_TRANSIENT },
	{ 455, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 500, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 501, NX_REASON_SYNTAX, NX_VERDICT_NONE },
	{ 502, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 503, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 504, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 521, NX_REASON_DOMAIN_UNKNOWN,
	  NX_VERDICT_TRANSIENT }, /* RFC 7504; in the wild mostly a refusal of the sending host */
	{ 523, NX_REASON_TOO_BIG, NX_VERDICT_NONE },
	{ 530, NX_REASON_POLICY, NX_VERDICT_NONE },
	{ 534, NX_REASON_POLICY, NX_VERDICT_NONE },
	{ 535, NX_REASON_AUTH, NX_VERDICT_NONE },
	{ 538, NX_REASON_POLICY, NX_VERDICT_NONE },
	{ 550, NX_REASON_OTHER,
	  NX_VERDICT_NONE }, /* "mailbox unavailable", and every policy: the number alone is no proof */
	{ 551, NX_REASON_MOVED, NX_VERDICT_NONE },
	{ 552, NX_REASON_MAILBOX_FULL, NX_VERDICT_NONE },
	{ 553, NX_REASON_SYNTAX, NX_VERDICT_NONE },
	{ 554, NX_REASON_OTHER, NX_VERDICT_NONE },
	{ 555, NX_REASON_PROTOCOL, NX_VERDICT_NONE },
	{ 556, NX_REASON_DOMAIN_UNKNOWN, NX_VERDICT_NONE },
};

static void
set_meaning (NxMeaning *meaning, NxReason reason, NxVerdict verdict, const char *section)
{
	meaning->reason = reason;
	meaning->verdict = verdict != NX_VERDICT_NONE ? verdict : nx_reason_get_verdict (reason);
	meaning->section = section;
}

gboolean
nx_codes_judge_status (NxStatus status, NxMeaning *meaning_out)
{
	const NxStatusInfo *info = nx_status_get_info (status);
	if (status.class_ == 2) {
		set_meaning (meaning_out, NX_REASON_ACCEPTED, NX_VERDICT_NONE,
			     info != NULL ? info->section : "RFC 3463 2");
		return TRUE;
	}
	if (!nx_status_is_set (status) || nx_status_is_generic (status))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (status_rows); i++)
		if (status_rows[i].subject == status.subject && status_rows[i].detail == status.detail) {
			set_meaning (meaning_out, status_rows[i].reason, status_rows[i].verdict,
				     info != NULL ? info->section : "RFC 3463 3");
			return TRUE;
		}
	if (status.subject == 7) { /* all of security and policy, and what vendors number there */
		set_meaning (meaning_out, NX_REASON_POLICY, NX_VERDICT_NONE,
			     info != NULL ? info->section : "RFC 3463 3.8");
		return TRUE;
	}
	return FALSE;
}

gboolean
nx_codes_judge_reply (guint reply, NxMeaning *meaning_out)
{
	const NxReplyInfo *info = nx_reply_get_info (reply);
	const char *section = info != NULL ? info->section : "RFC 5321 4.2.1";
	if (reply >= 200 && reply < 300) {
		set_meaning (meaning_out, NX_REASON_ACCEPTED, NX_VERDICT_NONE, section);
		return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS (reply_rows); i++)
		if (reply_rows[i].reply == reply) {
			set_meaning (meaning_out, reply_rows[i].reason, reply_rows[i].verdict, section);
			return TRUE;
		}
	return FALSE;
}
