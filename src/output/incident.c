/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident.c: an incident in plain words: what happened, and what its owner can do. See nixie/incident.h.
 *
 * The knowledge is in the two tables. It will not look anything up: it says where to look.
 */
#include <nixie/incident.h>

#include <string.h>

#include "base/text.h"
#include "output/json.h"

#include <nixie/output.h>

/*
 * The first row that fits is taken: of this reason, or of any when it is NONE; with one of these words in the
 * diagnostic ("|" between them), or whatever it says when there are none; of this verdict, or any when it is NONE.
 */
static const struct {
	NxReason reason;
	NxVerdict verdict;
	const char *words;
	const char *title;
	const char *cause;
	const char *cure;
} advices[] = {
	{ NX_REASON_NONE, NX_VERDICT_BLOCKED, "dmarc", "refused because of DMARC",
	  "The author's domain publishes a DMARC policy that lets nobody else send in its name, and the list changed "
	  "the "
	  "mail or sent it from its own servers.",
	  "Let the list put its own address into From for authors whose domain has p=reject or p=quarantine (Mailman: "
	  "dmarc_moderation_action / \"munge from\"; Sympa: dmarc_protection_mode), and sign with DKIM for the list's "
	  "domain. The readers are not to blame." },
	{ NX_REASON_NONE, NX_VERDICT_BLOCKED, "dkim", "refused because of DKIM",
	  "The provider asks for a DKIM signature that verifies, and there was none, or the list changed what was "
	  "signed.",
	  "Sign all mail of the list with DKIM for the list's own domain, after footers and subject tags are added; "
	  "look "
	  "whether the public key in the DNS is the one that signs." },
	{ NX_REASON_NONE, NX_VERDICT_BLOCKED, "spf", "refused because of SPF",
	  "The sending server's IP address is not in the SPF record of the return path's domain.",
	  "Add every IP address that sends the list's mail, IPv6 too, to the SPF record of the domain in its return "
	  "paths, and use return paths of that domain only." },
	{ NX_REASON_NONE, NX_VERDICT_BLOCKED,
	  "reverse dns|rdns|ptr record|ptr-record|no ptr|reverse hostname|reverse lookup", "refused: no reverse DNS",
	  "The provider found no PTR record for the sending server's IP address, or one whose name does not lead back.",
	  "Let whoever gave you the IP address set its PTR record to the name that the server says in EHLO, and give "
	  "that "
	  "name an A or AAAA record with the same address. If only IPv6 lacks it, send over IPv4 until it is there." },
	{ NX_REASON_NONE, NX_VERDICT_BLOCKED, "helo|ehlo", "refused: the name in EHLO",
	  "The provider does not like the name by which the sending server introduces itself.",
	  "Let the server say its full host name in EHLO, one that is in the DNS (Postfix: smtp_helo_name; Exim: "
	  "primary_hostname)." },
	{ NX_REASON_AUTH, NX_VERDICT_NONE, NULL, "refused: the sender is not authenticated",
	  "The provider asks for SPF, DKIM or DMARC, and the mail passed none of them.",
	  "Set up SPF for the domain of the return paths, DKIM for the list's domain, and rewriting of From for "
	  "authors "
	  "whose domain has a strict DMARC policy." },
	{ NX_REASON_REPUTATION, NX_VERDICT_NONE, NULL, "refused: the sending server's reputation",
	  "The sending server's IP address or domain is on a blocklist, or the provider has seen too much unwanted "
	  "mail "
	  "from it.",
	  "Look the IP address up at the blocklist that the answer names, mend what got it there (an open relay, a "
	  "stolen "
	  "password, old addresses), then ask to be taken off. Providers have forms of their own for that; the "
	  "diagnostic often has the link." },
	{ NX_REASON_RATE_LIMITED, NX_VERDICT_NONE, NULL, "too much mail at once",
	  "The provider takes only so many mails from one server in a time.",
	  "Send to this provider more slowly: fewer connections at once and a pause between mails (Postfix: "
	  "default_destination_concurrency_limit, destination_rate_delay; Exim: remote_max_parallel). The mails are "
	  "tried again by themselves." },
	{ NX_REASON_GREYLISTED, NX_VERDICT_NONE, NULL, "greylisting",
	  "The provider turns first attempts away and takes the mail when it is tried again.",
	  "Nothing is wrong if your mail server tries again for some days. If these are final reports, let it: "
	  "greylisting "
	  "needs a second attempt from the same IP address after some minutes." },
	{ NX_REASON_SPAM, NX_VERDICT_NONE, NULL, "refused as spam", "A filter of the provider took this post for spam.",
	  "Look at what the post had in it: links, attachments, few words. If it was spam, the list let it through: "
	  "moderate first posts. If not, report it to the provider as a mistake." },
	{ NX_REASON_VIRUS, NX_VERDICT_NONE, NULL, "refused as a virus",
	  "A scanner of the provider found something in this post.",
	  "Look at the attachments of the post, and let the list take them off or scan them before it sends." },
	{ NX_REASON_CONTENT, NX_VERDICT_NONE, NULL, "the post's content was refused",
	  "Something in this post is not taken there: an attachment, a header, its form.",
	  "Look at the post; let the list take attachments of that kind off." },
	{ NX_REASON_TOO_BIG, NX_VERDICT_NONE, NULL, "the post was too big",
	  "This post is bigger than what the provider takes.",
	  "Lower the list's size limit (10 MB reach nearly everybody), or put big files where readers can fetch "
	  "them." },
	{ NX_REASON_RELAY_DENIED, NX_VERDICT_NONE, NULL, "relaying denied",
	  "The server that was asked does not take mail for this domain: its MX records or its own set-up are wrong.",
	  "Look at the MX records of the domain and at your own routes to it (smart host, transport table). If both "
	  "are "
	  "right, it is the provider's mistake: wait." },
	{ NX_REASON_POLICY, NX_VERDICT_NONE, NULL, "refused by a rule of the provider",
	  "A rule of the provider, not the readers' mailboxes, turned this mail away.",
	  "Read what the server said; if it names a page, that tells the rule. Ask its postmaster when it does not." },
	{ NX_REASON_MAILBOX_FULL, NX_VERDICT_NONE, NULL, "full disks",
	  "Very many mailboxes are said to be full at once: that is the provider's disk, not its users.",
	  "Wait; it passes." },
	{ NX_REASON_USER_UNKNOWN, NX_VERDICT_NONE, NULL, "many addresses unknown at once",
	  "Far more addresses than usual are said not to exist. Living accounts are called unknown when a provider's "
	  "user "
	  "database is not to be reached, or after a faulty change.",
	  "Wait. If the addresses are really gone, the failures go on, and count by "
	  "themselves "
	  "after the third time. If you know that they are: nixie incident close NUMBER --count." },
	{ NX_REASON_DOMAIN_UNKNOWN, NX_VERDICT_NONE, NULL, "the domain is not found",
	  "The domain has no mail server, or does not exist any more; or the DNS had a fault, here or there.",
	  "Look whether it resolves now, and whether your own resolver works. If the domain is gone for good, its "
	  "failures "
	  "count by themselves after the third time." },
	{ NX_REASON_DISABLED, NX_VERDICT_NONE, NULL, "many accounts disabled at once",
	  "The provider calls very many accounts disabled: a fault, or it closes down.",
	  "Wait. If it closes down, the failures go on, and count by themselves after the third time." },
	{ NX_REASON_MOVED, NX_VERDICT_NONE, NULL, "a domain has moved",
	  "The provider says that very many readers have new addresses: a firm or a school changed its domain.",
	  "Look at nixie forward list. The offers are recorded; nothing changes by itself." },
	{ NX_REASON_TIMEOUT, NX_VERDICT_NONE, NULL, "no connection", "The provider's servers were not to be reached.",
	  "Wait. If it lasts, look whether your server reaches others, and whether a firewall is in between." },
	{ NX_REASON_EXPIRED, NX_VERDICT_NONE, NULL, "no delivery for days",
	  "Mail to the provider was tried for days and given up.",
	  "Look in your mail server's log for what was answered each time; the provider may be turning your server "
	  "away "
	  "with temporary refusals." },
	{ NX_REASON_NETWORK, NX_VERDICT_NONE, NULL, "the network or the DNS",
	  "The way to the provider was broken: routing, DNS or TLS.",
	  "Wait. If it lasts, look whether your own server resolves and reaches other domains." },
	{ NX_REASON_SYSTEM, NX_VERDICT_NONE, NULL, "a fault at the provider",
	  "The provider's servers report a fault of their own.", "Wait; it passes." },
	{ NX_REASON_NONE, NX_VERDICT_BLOCKED, NULL, "mail of the list was refused",
	  "Servers refused this mail or its sender; that says nothing about the readers' addresses.",
	  "Read what the server said; if it names a page, that tells why." },
	{ NX_REASON_NONE, NX_VERDICT_NONE, NULL, "many failures alike",
	  "Far more addresses than usual failed in the same way at once.", "Wait and read what the server said." },
};

/* Blocklists by the end of their names, and where a person looks an IP address or a domain up. */
static const struct {
	const char *domain;
	const char *look_up;
} blocklists[] = {
	{ "spamhaus.org", "https://check.spamhaus.org/" },
	{ "spamcop.net", "https://www.spamcop.net/bl.shtml" },
	{ "barracudacentral.org", "https://www.barracudacentral.org/lookups" },
	{ "abuseat.org", "https://check.spamhaus.org/" },
	{ "uceprotect.net", "https://www.uceprotect.net/en/rblcheck.php" },
	{ "surriel.com", "https://psbl.org/" },
	{ "psbl.org", "https://psbl.org/" },
	{ "manitu.net", "https://www.dnsbl.manitu.net/" },
	{ "mailspike.net", "https://www.mailspike.org/iplookup.html" },
	{ "mailspike.org", "https://www.mailspike.org/iplookup.html" },
	{ "surbl.org", "https://surbl.org/surbl-analysis" },
	{ "uribl.com", "https://admin.uribl.com/" },
	{ "dronebl.org", "https://dronebl.org/lookup" },
	{ "gbudb.net", "https://www.gbudb.com/truncate/" },
	{ "backscatterer.org", "https://www.backscatterer.org/" },
	{ "junkemailfilter.com", "https://wiki.junkemailfilter.com/" },
	{ "spameatingmonkey.net", "https://spameatingmonkey.com/lookup" },
	{ "sorbs.net", "" },
	{ "cloudmark.com", "https://csi.cloudmark.com/en/reset/" },
	{ "senderscore.org", "https://senderscore.org/" },
	{ "invaluement.com", "https://www.invaluement.com/lookup/" },
	{ "abusix.zone", "https://lookup.abusix.com/" },
	{ "abusix.com", "https://lookup.abusix.com/" },
};

/* A label of a name by which one knows a list of hosts. */
static const char *const labels[] = { "dnsbl", "rbl", "bl",  "dnsrbl", "sbl",       "xbl",      "pbl",
				      "dbl",   "zen", "cbl", "psbl",   "blacklist", "blocklist" };

static gboolean
has_any (const char *text, const char *words)
{
	g_auto (GStrv) each = g_strsplit (words, "|", -1);
	for (guint i = 0; each[i] != NULL; i++)
		if (strstr (text, each[i]) != NULL)
			return TRUE;
	return FALSE;
}

static guint
find_advice (const NxIncident *incident, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS (advices) - 1; i++) {
		if (advices[i].reason != NX_REASON_NONE && advices[i].reason != incident->reason)
			continue;
		if (advices[i].verdict != NX_VERDICT_NONE && advices[i].verdict != incident->verdict)
			continue;
		if (advices[i].words == NULL || has_any (text, advices[i].words))
			return i;
	}
	return G_N_ELEMENTS (advices) - 1;
}

static gboolean
is_below (const char *name, const char *domain)
{
	gsize length = strlen (name);
	gsize end = strlen (domain);
	if (length < end || strcmp (name + length - end, domain) != 0)
		return FALSE;
	return length == end || name[length - end - 1] == '.';
}

static gboolean
has_label (const char *name)
{
	g_auto (GStrv) parts = g_strsplit (name, ".", -1);
	guint count = g_strv_length (parts);
	for (guint i = 0; count > 2 && i + 2 < count; i++)
		for (guint j = 0; j < G_N_ELEMENTS (labels); j++)
			if (strcmp (parts[i], labels[j]) == 0)
				return TRUE;
	return FALSE;
}

/* Takes the blocklist into @advice, if @name is one. A page of its site is not its name in the DNS. */
static gboolean
take_blocklist (NxIncidentAdvice *advice, const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS (blocklists); i++) {
		if (!is_below (name, blocklists[i].domain))
			continue;
		advice->blocklist = g_strdup (g_str_has_prefix (name, "www.") || g_str_has_prefix (name, "check.")
						      ? blocklists[i].domain
						      : name);
		advice->look_up = g_strdup (blocklists[i].look_up);
		return TRUE;
	}
	if (!has_label (name))
		return FALSE;
	advice->blocklist = g_strdup (name);
	return TRUE;
}

/* Host names of the diagnostic, one after the other. */
static void
find_blocklist (NxIncidentAdvice *advice, const char *text)
{
	static const char of_names[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
	for (const char *p = text; *p != '\0';) {
		gsize length = strspn (p, of_names);
		gsize end = length;
		while (end > 0 && (p[end - 1] == '.' || p[end - 1] == '-'))
			end--;
		g_autofree char *name = g_strndup (p, end);
		if (strchr (name, '.') != NULL && take_blocklist (advice, name))
			return;
		p += length > 0 ? length : strcspn (p, of_names);
	}
}

NxIncidentAdvice *
nx_incident_explain (const NxIncident *incident)
{
	g_return_val_if_fail (incident != NULL, NULL);
	NxIncidentAdvice *advice = g_new0 (NxIncidentAdvice, 1);
	g_autofree char *text = nx_text_make_match (incident->diagnostic);
	guint found = find_advice (incident, text);
	advice->title = g_strdup (advices[found].title);
	advice->cause = g_strdup (advices[found].cause);
	advice->cure = g_strdup (advices[found].cure);
	if (incident->verdict == NX_VERDICT_BLOCKED || incident->reason == NX_REASON_REPUTATION)
		find_blocklist (advice, text);
	if (advice->blocklist == NULL)
		advice->blocklist = g_strdup ("");
	if (advice->look_up == NULL)
		advice->look_up = g_strdup ("");
	return advice;
}

void
nx_incident_advice_free (NxIncidentAdvice *advice)
{
	if (advice == NULL)
		return;
	g_free (advice->title);
	g_free (advice->cause);
	g_free (advice->cure);
	g_free (advice->blocklist);
	g_free (advice->look_up);
	g_free (advice);
}

/* ---- for programs ---- */

static void
add_date (json_t *object, const char *key, gint64 date)
{
	g_autofree char *text = nx_output_format_date (date);
	nx_output_add_json_text (object, key, text);
}

char *
nx_output_format_incident (const NxIncident *incident, gboolean open)
{
	g_return_val_if_fail (incident != NULL, NULL);
	g_autoptr (NxIncidentAdvice) advice = nx_incident_explain (incident);
	json_t *object = json_object ();
	json_object_set_new (object, "id", json_integer (incident->id));
	nx_output_add_json_text (object, "list", incident->list);
	nx_output_add_json_text (object, "scope", incident->scope);
	nx_output_add_json_text (object, "name", incident->name);
	nx_output_add_json_verdict (object, incident->verdict, incident->reason);
	add_date (object, "opened", incident->opened);
	add_date (object, "last", incident->last);
	add_date (object, "closed", incident->closed);
	json_object_set_new (object, "open", json_boolean (open));
	json_object_set_new (object, "addresses", json_integer (incident->addresses));
	json_object_set_new (object, "held", json_integer (incident->held));
	nx_output_add_json_text (object, "diagnostic", incident->diagnostic);
	nx_output_add_json_text (object, "note", incident->note);
	nx_output_add_json_text (object, "title", advice->title);
	nx_output_add_json_text (object, "cause", advice->cause);
	nx_output_add_json_text (object, "cure", advice->cure);
	nx_output_add_json_text (object, "blocklist", advice->blocklist);
	nx_output_add_json_text (object, "look_up", advice->look_up);
	char *text = nx_output_dump_json (object);
	json_decref (object);
	return text;
}
