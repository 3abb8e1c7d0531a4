/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doubt.c: what casts doubt on a death. See doubt.h.
 *
 * A phrase knows what "user … does not exist" means where it stands alone. Servers also say it of the one who sent, of
 * what he wrote, and of their own tables. A row here costs at worst a dead address that is found later; a phrase
 * without it costs a reader. RFC 5321 has no say in it.
 */
#include "verdict/doubt.h"

#include "verdict/names.h"

static const struct {
	const char *words;
	NxVerdict verdict;
	NxReason reason;
} doubts[] = {
	/* It will pass, or is theirs to mend. */
	{ "temporar", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "try again later", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "try later", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "retry later", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "please retry", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "tomorrow", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "maintenance", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "migrat", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "being moved", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "is offline", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "find user database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "open user database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "read user database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "user database is", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "user database does", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "find account database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "open account database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "read account database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "account database is", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "account database does", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "alias database", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "user map", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "alias map", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "database unavailable", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "database is unavailable", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "database error", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "lookup error", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "lookup failure", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "locked by", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "no space", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "over quota", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "backup", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "not reachable", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "unreachable", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "directory service", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "service timeout", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "quarantine", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "could not determine", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "cannot determine", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "unable to determine", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "not responding", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "in progress", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "recovery", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	{ "shutting down", NX_VERDICT_TRANSIENT, NX_REASON_NONE },
	/* Of the sender. */
	{ "password", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "credential", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "you are sending from", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "sent from does not", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "helo ", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "ehlo ", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "at your domain", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your domain", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your host", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "in reply to mail from", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "in response to mail from", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your helo", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your sender address", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your from address", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your address could", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your address is", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your address was", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your address does", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your address has", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your site", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your system", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "return address", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your email address", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "your e-mail address", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	{ "envelope sender", NX_VERDICT_BLOCKED, NX_REASON_AUTH },
	/* Of the message, and of who may write. */
	{ "in your message", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "from outside", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "for outside", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "outside mail", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "outside sender", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "strangers", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "permitted senders", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "allowed senders", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "phishing", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "spam:", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "your message contains", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "message contains", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "link to", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "you are blocked", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "you have been blocked", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "is banned", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "are banned", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "harvest", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "owners can", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "members can", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "subscribers can", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "moderators can", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "may post", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "can post", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "members only", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "group closed", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "list closed", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
	{ "spamtrap", NX_VERDICT_BLOCKED, NX_REASON_POLICY },
};

gboolean
nx_doubt_find (const char *text, NxMeaning *meaning_out)
{
	g_autofree char *mask = nx_names_mask (text);
	for (guint i = 0; i < G_N_ELEMENTS (doubts); i++) {
		if (!nx_names_say (mask, doubts[i].words))
			continue;
		*meaning_out = (NxMeaning){ doubts[i].verdict, doubts[i].reason, "RFC 5321 4.2.1" };
		return TRUE;
	}
	return FALSE;
}
