/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reason.c: the table of reasons and verdicts: their names, what each means for the address, and a sentence for people.
 * See nixie/verdict.h.
 */
#include <nixie/verdict.h>

#include <string.h>

static const struct {
	NxVerdict verdict;
	const char *name;
} verdicts[] = {
	{ NX_VERDICT_NONE, "" },           { NX_VERDICT_PERMANENT, "permanent" }, { NX_VERDICT_TRANSIENT, "transient" },
	{ NX_VERDICT_BLOCKED, "blocked" }, { NX_VERDICT_BENIGN, "benign" },
};

static const struct {
	NxReason reason;
	NxVerdict verdict;
	const char *name;
	const char *meaning;
} reasons[] = {
	{ NX_REASON_NONE, NX_VERDICT_NONE, "", "Nothing is known of the reason." },
	{ NX_REASON_USER_UNKNOWN, NX_VERDICT_PERMANENT, "user-unknown", "There is no such mailbox." },
	{ NX_REASON_DOMAIN_UNKNOWN, NX_VERDICT_PERMANENT, "domain-unknown",
	  "The domain does not exist or takes no mail." },
	{ NX_REASON_MOVED, NX_VERDICT_PERMANENT, "moved", "The mailbox has another address now." },
	{ NX_REASON_DISABLED, NX_VERDICT_PERMANENT, "disabled", "The mailbox was closed, suspended or left unused." },
	{ NX_REASON_MAILBOX_FULL, NX_VERDICT_TRANSIENT, "mailbox-full", "The mailbox is full." },
	{ NX_REASON_TOO_BIG, NX_VERDICT_BLOCKED, "too-big", "This message is larger than the receiver takes." },
	{ NX_REASON_GREYLISTED, NX_VERDICT_TRANSIENT, "greylisted", "The receiver asked to try again a little later." },
	{ NX_REASON_RATE_LIMITED, NX_VERDICT_TRANSIENT, "rate-limited", "Too much mail came at once." },
	{ NX_REASON_TIMEOUT, NX_VERDICT_TRANSIENT, "timeout", "The receiver did not answer in time." },
	{ NX_REASON_EXPIRED, NX_VERDICT_TRANSIENT, "expired",
	  "The sending server tried for as long as it was told to and gave up." },
	{ NX_REASON_NETWORK, NX_VERDICT_TRANSIENT, "network",
	  "The way to the receiver was broken: routing, DNS or connection." },
	{ NX_REASON_SYSTEM, NX_VERDICT_TRANSIENT, "system", "The receiving system had a trouble of its own." },
	{ NX_REASON_SPAM, NX_VERDICT_BLOCKED, "spam", "The message was taken for spam." },
	{ NX_REASON_VIRUS, NX_VERDICT_BLOCKED, "virus", "The message was taken for malware." },
	{ NX_REASON_REPUTATION, NX_VERDICT_BLOCKED, "reputation",
	  "The sending host or domain is not trusted or is on a block list." },
	{ NX_REASON_AUTH, NX_VERDICT_BLOCKED, "auth", "SPF, DKIM, DMARC or another proof of the sender failed." },
	{ NX_REASON_POLICY, NX_VERDICT_BLOCKED, "policy",
	  "A rule of the receiver refused this message or its sender." },
	{ NX_REASON_RELAY_DENIED, NX_VERDICT_BLOCKED, "relay-denied",
	  "The server that was asked does not serve this domain for this sender." },
	{ NX_REASON_PROTOCOL, NX_VERDICT_TRANSIENT, "protocol", "The two servers did not understand each other." },
	{ NX_REASON_SYNTAX, NX_VERDICT_TRANSIENT, "syntax", "An address or command was not well formed." },
	{ NX_REASON_CONTENT, NX_VERDICT_BLOCKED, "content", "The form or content of this message was not acceptable." },
	{ NX_REASON_FEEDBACK, NX_VERDICT_BENIGN, "feedback",
	  "The reader or their provider complained about a message, or took that back." },
	{ NX_REASON_VACATION, NX_VERDICT_BENIGN, "vacation", "An automatic answer of a mailbox that works." },
	{ NX_REASON_ACCEPTED, NX_VERDICT_BENIGN, "accepted", "The message was taken." },
	{ NX_REASON_OTHER, NX_VERDICT_TRANSIENT, "other", "The report does not say enough to tell." },
};

const char *
nx_verdict_to_string (NxVerdict verdict)
{
	for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
		if (verdicts[i].verdict == verdict)
			return verdicts[i].name;
	return "";
}

gboolean
nx_verdict_from_string (const char *text, NxVerdict *verdict_out)
{
	for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
		if (strcmp (verdicts[i].name, text) == 0) {
			*verdict_out = verdicts[i].verdict;
			return TRUE;
		}
	return FALSE;
}

const char *
nx_reason_to_string (NxReason reason)
{
	for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
		if (reasons[i].reason == reason)
			return reasons[i].name;
	return "";
}

gboolean
nx_reason_from_string (const char *text, NxReason *reason_out)
{
	for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
		if (strcmp (reasons[i].name, text) == 0) {
			*reason_out = reasons[i].reason;
			return TRUE;
		}
	return FALSE;
}

NxVerdict
nx_reason_get_verdict (NxReason reason)
{
	for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
		if (reasons[i].reason == reason)
			return reasons[i].verdict;
	return NX_VERDICT_NONE;
}

const char *
nx_reason_get_meaning (NxReason reason)
{
	for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
		if (reasons[i].reason == reason)
			return reasons[i].meaning;
	return "";
}
