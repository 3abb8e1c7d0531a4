/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * verdict.c: the decision: what a report means for one address. See nixie/verdict.h.
 *
 * The order of evidence: what kind of report it is (RFC 3464 2.3.3) · codes that contradict a failure · the words, by
 * the phrase stanzas · the enhanced code in the text · the Status field · the reply code. Laws above all rules: nothing
 * of class 4 is permanent, and a failed action with a code of success is a contradiction, so transient.
 */
#include <nixie/verdict.h>

#include "base/limits.h"
#include "base/text.h"
#include "verdict/codes.h"
#include "verdict/forward.h"
#include "verdict/names.h"
#include "verdict/phrase.h"

#include <nixie/address.h>
#include <nixie/reply.h>

#include <string.h>

/* One thing that was said: the Diagnostic-Code, or the words in the human-readable part. */
typedef struct {
	NxReply *reply;
	char *match;
} Saying;

/* All that is known about one recipient. */
typedef struct {
	Saying sayings[2];
	guint count;
	guint reply;
	NxStatus text_status;
	NxStatus status; /* the field's */
	GPtrArray *hosts;
	GPtrArray *known; /* addresses that can't be a forward */
	GPtrArray *lists; /* of the lists whose mail it was: nor can what begins with their names */
	char *domain;
	char *recipient; /* in match form, as the next */
	char *sender;    /* of the post: its return path */
} Facts;

void
nx_decision_free (NxDecision *decision)
{
	if (decision == NULL)
		return;
	g_free (decision->forward);
	g_free (decision->rule);
	g_free (decision->diagnostic);
	g_free (decision);
}

static NxDecision *
decision_new (void)
{
	NxDecision *decision = g_new0 (NxDecision, 1);
	decision->forward = g_strdup ("");
	decision->rule = g_strdup ("");
	decision->diagnostic = g_strdup ("");
	return decision;
}

static void
decide (NxDecision *decision, NxVerdict verdict, NxReason reason, const char *rule)
{
	decision->verdict = verdict;
	decision->reason = reason;
	nx_text_set (&decision->rule, rule);
}

/* ---- gathering the facts ---- */

static void
facts_clear (Facts *facts)
{
	for (guint i = 0; i < facts->count; i++) {
		nx_reply_free (facts->sayings[i].reply);
		g_free (facts->sayings[i].match);
	}
	g_ptr_array_unref (facts->hosts);
	g_ptr_array_unref (facts->known);
	g_ptr_array_unref (facts->lists);
	g_free (facts->domain);
	g_free (facts->recipient);
	g_free (facts->sender);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

static void
facts_init (Facts *facts)
{
	facts->hosts = g_ptr_array_new_with_free_func (g_free);
	facts->known = g_ptr_array_new_with_free_func (g_free);
	facts->lists = g_ptr_array_new_with_free_func (g_free);
}

/*
 * Host names inside a text: who spoke, when no field tells ("… [AB1FT012.mail.example.com]") or when the field names
 * only the relay that passed it on. Where a URL points says nothing on who spoke.
 */
static void
add_hosts_of_text (Facts *facts, const char *match)
{
	const char *p = match;
	while (*p != '\0' && facts->hosts->len < NX_LIMIT_HOSTS) {
		gsize length = 0;
		gboolean dot = FALSE, letter = FALSE;
		while (g_ascii_isalnum (p[length]) || p[length] == '-' || p[length] == '.' || p[length] == '_') {
			dot = dot || (p[length] == '.' && g_ascii_isalnum (p[length + 1]));
			letter = letter || g_ascii_isalpha (p[length]);
			length++;
		}
		gboolean address = p > match && (p[-1] == '@' || p[-1] == '/');
		if (dot && letter && !address && p[length] != '@')
			g_ptr_array_add (facts->hosts, g_strndup (p, length));
		p += length + (p[length] != '\0');
	}
}

static void
add_saying (Facts *facts, const char *text)
{
	if (nx_text_is_empty (text))
		return;
	Saying *saying = &facts->sayings[facts->count++];
	saying->reply = nx_reply_parse (text);
	saying->match = nx_text_make_match (saying->reply->text);
	if (facts->reply == 0)
		facts->reply = saying->reply->code;
	if (!nx_status_is_set (facts->text_status))
		facts->text_status = saying->reply->status;
	add_hosts_of_text (facts, saying->match);
}

static void
add_known (GPtrArray *known, const char *address)
{
	g_autofree char *parsed = nx_text_is_empty (address) ? NULL : nx_address_parse (address);
	if (parsed != NULL)
		g_ptr_array_add (known, g_steal_pointer (&parsed));
}

/* "News <news.lists.example>" (RFC 2919): the list's posting address mostly is news@lists.example. */
static void
add_known_list (Facts *facts, const char *list_id)
{
	const char *open = strrchr (list_id, '<');
	g_autofree char *id = g_strdup (open != NULL ? open + 1 : list_id);
	char *dot = strchr (id, '.');
	id[strcspn (id, "> ")] = '\0';
	if (dot == NULL || *id == '\0')
		return;
	*dot = '@';
	add_known (facts->lists, id);
}

static void
gather (Facts *facts, const NxReport *report, const NxRecipient *recipient)
{
	facts->status = recipient->status;
	if (*recipient->remote_mta != '\0')
		g_ptr_array_add (facts->hosts, g_ascii_strdown (recipient->remote_mta, -1));
	add_saying (facts, recipient->diagnostic_code);
	add_saying (facts, recipient->transcript);
	/* Without a Remote-MTA the diagnosis is the reporting server's own (RFC 3464 2.3.5). */
	if (*recipient->remote_mta == '\0' && *report->reporting_mta != '\0')
		g_ptr_array_add (facts->hosts, g_ascii_strdown (report->reporting_mta, -1));
	facts->domain = g_ascii_strdown (nx_address_get_domain (recipient->final_recipient), -1);
	facts->recipient = nx_text_make_match (recipient->final_recipient);
	facts->sender = nx_text_make_match (report->original.return_path);
	add_known (facts->known, recipient->final_recipient);
	add_known (facts->known, recipient->original_recipient);
	/* Without a diagnosis it may be what sendmail makes of a redirection: the new address itself. */
	if (*recipient->diagnostic_code != '\0')
		add_known (facts->known, recipient->actual_recipient);
	add_known (facts->lists, report->original.return_path);
	add_known (facts->known, report->original.from);
	add_known (facts->known, report->original.to); /* a list's post is addressed to the list */
	add_known_list (facts, report->original.list_id);
	for (guint i = 0; i < report->envelope_recipients->len; i++)
		add_known (facts->lists, g_ptr_array_index (report->envelope_recipients, i));
}

/* ---- deciding ---- */

/* TRUE when the text's code is the field's, written out: some servers cut the field to one digit ("5.7.26" to "5.7.2").
 */
static gboolean
is_cut (NxStatus field, NxStatus text)
{
	guint detail = text.detail;
	while (detail > field.detail && detail >= 10)
		detail /= 10;
	return field.class_ == text.class_ && field.subject == text.subject && text.detail > field.detail &&
	       detail == field.detail;
}

/* TRUE when the field is the text's code with another class, and the reply is of the text's class: who gave up on a
 * "450 4.2.0" may write 5.2.0. */
static gboolean
is_class_changed (const Facts *facts)
{
	return facts->status.subject == facts->text_status.subject &&
	       facts->status.detail == facts->text_status.detail && facts->reply / 100 == facts->text_status.class_;
}

/* The more specific of the field and the text's code. */
static NxStatus
pick_status (const Facts *facts)
{
	if (!nx_status_is_set (facts->text_status))
		return facts->status;
	if (!nx_status_is_set (facts->status) || is_cut (facts->status, facts->text_status) || is_class_changed (facts))
		return facts->text_status;
	if (nx_status_is_generic (facts->status) && !nx_status_is_generic (facts->text_status))
		return facts->text_status;
	return facts->status;
}

static gboolean
is_class (const Facts *facts, guint class_)
{
	if (facts->reply / 100 == class_ || facts->text_status.class_ == class_)
		return TRUE;
	return facts->reply == 0 && facts->status.class_ == class_;
}

/* The words: the diagnosis first, then the human-readable part. @candidates_out: (nullable): as nx_phrases_match(). */
static const NxPhrase *
match_words (const NxPhrases *phrases, const Facts *facts, GArray *candidates_out)
{
	NxEvidence evidence = { .text = "", .reply = facts->reply, .hosts = facts->hosts, .domain = facts->domain };
	evidence.status = nx_status_is_set (facts->text_status) ? facts->text_status : facts->status;
	if (facts->count == 0)
		return nx_phrases_match (phrases, &evidence, candidates_out, NULL);
	const NxPhrase *phrase = NULL;
	for (guint i = 0; i < facts->count && phrase == NULL; i++) {
		evidence.text = facts->sayings[i].match;
		phrase = nx_phrases_match (phrases, &evidence, candidates_out, NULL);
	}
	return phrase;
}

static guint
count_words (const char *text)
{
	g_auto (GStrv) words = g_strsplit (text, " ", -1);
	guint count = 0;
	for (guint i = 0; words[i] != NULL; i++)
		count += *words[i] != '\0';
	return count;
}

/*
 * "User a@b.example unknown": the words that an address parts, read as if it were not there. Weaker than all others:
 * it is asked only when neither words nor codes tell, and of a clause so short that it can't speak of something else.
 */
static const NxPhrase *
match_around_address (const NxPhrases *phrases, const Facts *facts, GArray *candidates_out)
{
	NxEvidence evidence = { .reply = facts->reply, .hosts = facts->hosts, .domain = facts->domain };
	evidence.status = nx_status_is_set (facts->text_status) ? facts->text_status : facts->status;
	const NxPhrase *phrase = NULL;
	for (guint i = 0; i < facts->count && phrase == NULL; i++) {
		g_autofree char *clause = NULL;
		g_autofree char *words = nx_names_cut_address (facts->sayings[i].match, &clause);
		if (words == NULL || count_words (clause) > NX_LIMIT_CLAUSE_WORDS)
			continue;
		evidence.text = clause;
		const NxPhrase *said = nx_phrases_match (phrases, &evidence, NULL, NULL);
		evidence.text = words;
		phrase = said != NULL ? nx_phrases_match (phrases, &evidence, candidates_out, NULL) : NULL;
		if (phrase != NULL && phrase->verdict == NX_VERDICT_PERMANENT &&
		    (said->verdict != phrase->verdict ||
		     nx_phrases_find_doubt (phrases, &evidence, phrase->verdict, phrase->reason) != NULL))
			phrase = NULL;
	}
	return phrase;
}

static void
judge_codes (NxDecision *decision, const Facts *facts)
{
	NxMeaning meaning = { NX_VERDICT_TRANSIENT, NX_REASON_OTHER, "RFC 3463 2" };
	if (nx_codes_judge_status (facts->text_status, &meaning) || nx_codes_judge_status (facts->status, &meaning))
		decide (decision, meaning.verdict, meaning.reason, meaning.section);
	else if (nx_codes_judge_reply (facts->reply, &meaning))
		decide (decision, meaning.verdict, meaning.reason, meaning.section);
	else
		decide (decision, meaning.verdict, meaning.reason,
			nx_status_is_set (facts->status) ? meaning.section : "RFC 3464 2.3.3");
}

/*
 * TRUE when what was said names the post's return path and not the recipient: a server that verifies senders found ours
 * wanting ("Verification failed for <list-bounces@…> 550 no such user").
 */
static gboolean
is_about_sender (const Facts *facts)
{
	gboolean named = FALSE;
	if (facts->sender == NULL || facts->recipient == NULL || *facts->sender == '\0' || *facts->recipient == '\0')
		return FALSE;
	for (guint i = 0; i < facts->count; i++) {
		if (strstr (facts->sayings[i].match, facts->recipient) != NULL)
			return FALSE;
		named = named || strstr (facts->sayings[i].match, facts->sender) != NULL;
	}
	return named;
}

/* Words of trouble under a code of refusal: who says 5.7.x and "limit" means the sender, 5.6.x the message. */
static gboolean
is_refusal (const Facts *facts, const NxDecision *decision)
{
	NxStatus status = nx_status_is_set (facts->text_status) ? facts->text_status : facts->status;
	if (decision->verdict != NX_VERDICT_TRANSIENT || status.class_ != 5 ||
	    (status.subject != 6 && status.subject != 7) || nx_status_is_generic (status) || facts->reply / 100 == 4)
		return FALSE;
	switch (decision->reason) {
	case NX_REASON_RATE_LIMITED:
	case NX_REASON_NETWORK:
	case NX_REASON_PROTOCOL:
	case NX_REASON_OTHER:
		return TRUE;
	default:
		return FALSE;
	}
}

/* Codes that speak of the sender's address or his proofs, whatever the words (RFC 3463 3.2, RFC 7372). */
static gboolean
is_sender_status (NxStatus status)
{
	return status.class_ == 5 && ((status.subject == 1 && (status.detail == 7 || status.detail == 8)) ||
				      (status.subject == 7 && status.detail >= 20 && status.detail <= 29));
}

/*
 * The doubt that the diagnosis casts on what was decided, or NULL. A refusal may pass only where the code says so too
 * (class 4); no code saves a death.
 */
static const NxPhrase *
find_doubt (const NxDecision *decision, const NxPhrases *phrases, const Facts *facts)
{
	gboolean passing = decision->verdict == NX_VERDICT_BLOCKED && is_class (facts, 4);
	if (facts->count == 0 || (!passing && decision->verdict != NX_VERDICT_PERMANENT))
		return NULL;
	NxEvidence evidence = { .text = facts->sayings[0].match, .reply = facts->reply };
	evidence.status = nx_status_is_set (facts->text_status) ? facts->text_status : facts->status;
	const NxPhrase *doubt = nx_phrases_find_doubt (phrases, &evidence, decision->verdict, decision->reason);
	return doubt != NULL && passing && doubt->verdict != NX_VERDICT_TRANSIENT ? NULL : doubt;
}

/* Nothing that is said of the sender tells that the recipient is dead; nor is he dead for a while. */
static void
spare_recipient (NxDecision *decision, const NxPhrases *phrases, const Facts *facts)
{
	NxMeaning meaning;
	if (is_refusal (facts, decision))
		decision->verdict = NX_VERDICT_BLOCKED;
	const NxPhrase *doubt = find_doubt (decision, phrases, facts);
	if (decision->verdict == NX_VERDICT_BLOCKED && doubt != NULL)
		decide (decision, doubt->verdict, decision->reason, doubt->id);
	if (decision->verdict != NX_VERDICT_PERMANENT)
		return;
	NxStatus status = nx_status_is_set (facts->text_status) ? facts->text_status : facts->status;
	if (decision->reason == NX_REASON_MOVED && status.subject == 7 && nx_codes_judge_status (status, &meaning) &&
	    meaning.verdict == NX_VERDICT_BLOCKED) /* "551 5.7.1 … please try": a refusal, whatever it offers */
		decide (decision, meaning.verdict, meaning.reason, meaning.section);
	else if (is_sender_status (facts->text_status) && nx_codes_judge_status (facts->text_status, &meaning))
		decide (decision, meaning.verdict, meaning.reason, meaning.section);
	else if (is_about_sender (facts))
		decide (decision, NX_VERDICT_BLOCKED, NX_REASON_AUTH, "RFC 5321 4.1.1.2");
	else if (doubt != NULL)
		decide (decision, doubt->verdict, doubt->reason != NX_REASON_NONE ? doubt->reason : decision->reason,
			doubt->id);
}

/* The words, else the codes, else the words again. Returns: the phrase that decided, or NULL. */
static const NxPhrase *
judge_words (NxDecision *decision, const NxPhrases *phrases, const Facts *facts, GArray *candidates_out)
{
	const NxPhrase *phrase = match_words (phrases, facts, candidates_out);
	if (phrase == NULL)
		judge_codes (decision, facts);
	if (phrase == NULL && decision->verdict == NX_VERDICT_TRANSIENT && decision->reason == NX_REASON_OTHER)
		phrase = match_around_address (phrases, facts, candidates_out);
	if (phrase != NULL)
		decide (decision, phrase->verdict, phrase->reason, phrase->id);
	return phrase;
}

static void
judge_failure (NxDecision *decision, const NxPhrases *phrases, const Facts *facts)
{
	const NxPhrase *phrase = judge_words (decision, phrases, facts, NULL);
	spare_recipient (decision, phrases, facts);
	/* Who gave up on a 4.x.x says so in the field; that the domain does not exist is true all the same. */
	gboolean said = facts->reply != 0 || nx_status_is_set (facts->text_status);
	gboolean certain = phrase != NULL && !said && decision->reason == NX_REASON_DOMAIN_UNKNOWN;
	if (decision->verdict == NX_VERDICT_PERMANENT && is_class (facts, 4) && !certain)
		decision->verdict = NX_VERDICT_TRANSIENT;
}

static void
find_forward (NxDecision *decision, const NxPhrases *phrases, const Facts *facts)
{
	for (guint i = 0; i < facts->count && *decision->forward == '\0'; i++)
		nx_text_take (&decision->forward,
			      nx_forward_find (nx_phrases_get_bystanders (phrases), facts->sayings[i].reply->text,
					       facts->known, facts->lists));
}

/*
 * A move, or a code whose text is meant for programs (RFC 5321 4.2): 251 and 551 name the forward-path. A 551 that
 * offers one is about a move, whatever words stand beside it.
 */
static void
offer_forward (NxDecision *decision, const NxPhrases *phrases, const Facts *facts)
{
	gboolean refused = facts->reply == 551 && decision->verdict == NX_VERDICT_PERMANENT;
	if (decision->reason != NX_REASON_MOVED && facts->reply != 251 && !refused)
		return;
	find_forward (decision, phrases, facts);
	if (refused && decision->reason != NX_REASON_MOVED && *decision->forward != '\0')
		decide (decision, NX_VERDICT_PERMANENT, NX_REASON_MOVED, "RFC 5321 3.4");
}

/* What was judged, for people: with its codes in front. */
static void
set_diagnostic (NxDecision *decision, const NxRecipient *recipient)
{
	const char *text = *recipient->diagnostic_code != '\0' ? recipient->diagnostic_code : recipient->transcript;
	nx_text_take (&decision->diagnostic, nx_text_make_line (text, NX_LIMIT_DIAGNOSTIC_BYTES));
}

static void
judge_recipient (NxDecision *decision, const NxPhrases *phrases, const Facts *facts, NxKind kind)
{
	judge_failure (decision, phrases, facts);
	switch (kind) {
	case NX_KIND_FAILURE:
		if (is_class (facts, 2))
			decide (decision, NX_VERDICT_TRANSIENT, NX_REASON_OTHER, "RFC 3464 2.3.3");
		break;
	case NX_KIND_DELAYED: /* the reason stays: why it is late */
		decide (decision, NX_VERDICT_BENIGN, decision->reason, "RFC 3464 2.3.3");
		break;
	default:
		decide (decision, NX_VERDICT_BENIGN, NX_REASON_ACCEPTED, "RFC 3464 2.3.3");
		break;
	}
	offer_forward (decision, phrases, facts);
}

/* Kinds that say nothing about delivery. */
static gboolean
judge_kind (NxDecision *decision, NxKind kind)
{
	switch (kind) {
	case NX_KIND_NONE:
		decide (decision, NX_VERDICT_BENIGN, NX_REASON_NONE, "");
		return TRUE;
	case NX_KIND_FEEDBACK:
		decide (decision, NX_VERDICT_BENIGN, NX_REASON_FEEDBACK, "RFC 5965 2");
		return TRUE;
	case NX_KIND_DISPOSITION:
		decide (decision, NX_VERDICT_BENIGN, NX_REASON_ACCEPTED, "RFC 8098 3.2.6");
		return TRUE;
	case NX_KIND_VACATION:
		decide (decision, NX_VERDICT_BENIGN, NX_REASON_VACATION, "RFC 3834 5");
		return TRUE;
	default:
		return FALSE;
	}
}

/*
 * The stanza by which a letter announces its writer's own new address, or NULL. In refusals "please use <a@b>" is where
 * the reader went; in letters it mostly is a colleague. So only the stanzas for what is said behind 250 count: the
 * mailbox took the mail.
 */
static const NxPhrase *
match_announcement (const NxPhrases *phrases, Facts *facts)
{
	g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (NxCandidate));
	facts->reply = 250;
	match_words (phrases, facts, candidates);
	for (guint i = 0; i < candidates->len; i++) {
		const NxPhrase *phrase = g_array_index (candidates, NxCandidate, i).phrase;
		if (phrase->reason == NX_REASON_MOVED && g_str_has_prefix (phrase->id, "moved-"))
			return phrase;
	}
	return NULL;
}

/* An automatic reply that announces a new address (RFC 3834 is silent on it; people do). */
static void
judge_reply (NxDecision *decision, const NxPhrases *phrases, const NxReport *report, const NxRecipient *recipient)
{
	g_auto (Facts) facts = { 0 };
	facts_init (&facts);
	gather (&facts, report, recipient);
	const NxPhrase *phrase = match_announcement (phrases, &facts);
	if (phrase == NULL)
		return;
	find_forward (decision, phrases, &facts);
	if (*decision->forward != '\0')
		decide (decision, NX_VERDICT_BENIGN, NX_REASON_MOVED, phrase->id);
}

static gboolean
is_named (const Facts *facts, const NxRecipient *recipient)
{
	const char *const names[] = { recipient->final_recipient, recipient->original_recipient,
				      recipient->actual_recipient };
	for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
		g_autofree char *match = nx_text_make_match (names[i]);
		for (guint j = 0; *match != '\0' && j < facts->count; j++)
			if (strstr (facts->sayings[j].match, match) != NULL)
				return TRUE;
	}
	return FALSE;
}

/*
 * TRUE when the words belong to another recipient of the same report: they name that one and not this one, or the
 * server writes one refusal under all of them ("shared-diagnosis"). In prose the lines of several run into each other,
 * and a name more tells nothing.
 */
static gboolean
is_about_other (const Facts *facts, const NxReport *report, const NxRecipient *recipient)
{
	if (report->recipients->len < 2 || strcmp (report->format, "rfc3464") != 0 || is_named (facts, recipient))
		return FALSE;
	if (strstr (report->defects, "shared-diagnosis") != NULL)
		return TRUE;
	for (guint i = 0; i < MIN (report->recipients->len, NX_LIMIT_OTHER_RECIPIENTS); i++)
		if (is_named (facts, nx_report_get_recipient (report, i)))
			return TRUE;
	return FALSE;
}

NxDecision *
nx_verdict_decide (const NxPhrases *phrases, const NxReport *report, const NxRecipient *recipient)
{
	g_return_val_if_fail (phrases != NULL && report != NULL, NULL);
	NxDecision *decision = decision_new ();
	NxKind kind = recipient != NULL ? recipient->kind : report->kind;
	if (judge_kind (decision, kind)) {
		if (recipient != NULL && kind != NX_KIND_NONE)
			set_diagnostic (decision, recipient);
		if (recipient != NULL && kind == NX_KIND_VACATION)
			judge_reply (decision, phrases, report, recipient);
		return decision;
	}
	if (recipient == NULL) {
		decide (decision, kind == NX_KIND_FAILURE ? NX_VERDICT_TRANSIENT : NX_VERDICT_BENIGN, NX_REASON_OTHER,
			"RFC 3464 2.3");
		return decision;
	}
	g_auto (Facts) facts = { 0 };
	facts_init (&facts);
	gather (&facts, report, recipient);
	judge_recipient (decision, phrases, &facts, kind);
	/* A filter that rejects by a disposition notification (RFC 5429 2.2.1) runs in a mailbox that is there. */
	if (decision->verdict == NX_VERDICT_PERMANENT && strcmp (report->format, "rfc8098") == 0)
		decide (decision, NX_VERDICT_BLOCKED, NX_REASON_POLICY, "RFC 5429 2.2.1");
	if (decision->verdict == NX_VERDICT_PERMANENT && is_about_other (&facts, report, recipient)) {
		decide (decision, NX_VERDICT_TRANSIENT, NX_REASON_OTHER, "RFC 3464 2.3");
		nx_text_set (&decision->forward, "");
	}
	/* A person tells of a bounce; or another target of the alias has the mail. */
	if (decision->verdict == NX_VERDICT_PERMANENT &&
	    (recipient->also_taken || strstr (report->defects, "letter") != NULL))
		decide (decision, NX_VERDICT_TRANSIENT, decision->reason, decision->rule);
	/* A report cut before its Action and Status may have been a delay's. */
	if (decision->verdict == NX_VERDICT_PERMANENT && strcmp (report->format, "rfc3464") == 0 &&
	    *recipient->action_text == '\0' && !nx_status_is_set (recipient->status) &&
	    strstr (report->defects, "cut") != NULL)
		decision->verdict = NX_VERDICT_TRANSIENT;
	decision->status = pick_status (&facts);
	decision->reply = facts.reply;
	set_diagnostic (decision, recipient);
	return decision;
}

void
nx_rule_match_free (NxRuleMatch *match)
{
	if (match == NULL)
		return;
	g_free (match->id);
	g_free (match);
}

static void
match_free_cb (gpointer data)
{
	nx_rule_match_free (data);
}

/* The chosen one first, then by weight. */
static gint
compare_matches (gconstpointer a, gconstpointer b)
{
	const NxRuleMatch *x = *(const NxRuleMatch *const *)a;
	const NxRuleMatch *y = *(const NxRuleMatch *const *)b;
	if (x->chosen != y->chosen)
		return x->chosen ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return strcmp (x->id, y->id);
}

static gboolean
is_listed (const GPtrArray *matches, const char *id)
{
	for (guint i = 0; i < matches->len; i++)
		if (strcmp (((const NxRuleMatch *)g_ptr_array_index (matches, i))->id, id) == 0)
			return TRUE;
	return FALSE;
}

GPtrArray *
nx_verdict_list_matches (const NxPhrases *phrases, const NxReport *report, const NxRecipient *recipient)
{
	g_return_val_if_fail (phrases != NULL && report != NULL, NULL);
	GPtrArray *matches = g_ptr_array_new_with_free_func (match_free_cb);
	if (recipient == NULL)
		return matches;
	g_auto (Facts) facts = { 0 };
	facts_init (&facts);
	gather (&facts, report, recipient);
	g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (NxCandidate));
	g_autoptr (NxDecision) scratch = decision_new ();
	const NxPhrase *best = judge_words (scratch, phrases, &facts, candidates);
	for (guint i = 0; i < candidates->len; i++) {
		const NxCandidate *candidate = &g_array_index (candidates, NxCandidate, i);
		if (is_listed (matches, candidate->phrase->id)) /* another text of it fits as well */
			continue;
		NxRuleMatch *match = g_new0 (NxRuleMatch, 1);
		match->id = g_strdup (candidate->phrase->id);
		match->verdict = candidate->phrase->verdict;
		match->reason = candidate->phrase->reason;
		match->weight = candidate->weight;
		match->chosen = candidate->phrase == best;
		g_ptr_array_add (matches, match);
	}
	g_ptr_array_sort (matches, compare_matches);
	return matches;
}

NxDecision *
nx_verdict_decide_reply (const NxPhrases *phrases, const char *text)
{
	g_return_val_if_fail (phrases != NULL && text != NULL, NULL);
	NxDecision *decision = decision_new ();
	g_auto (Facts) facts = { 0 };
	facts_init (&facts);
	g_autofree char *utf8 = nx_text_to_utf8 (text, strlen (text), NULL);
	g_autofree char *line = nx_text_decode_octal (utf8);
	add_saying (&facts, line);
	/* A reply that accepts is what it says; there is no Action that it could contradict. */
	NxMeaning accepted;
	if (facts.reply / 100 == 2 && nx_codes_judge_reply (facts.reply, &accepted))
		decide (decision, accepted.verdict, accepted.reason, accepted.section);
	else
		judge_failure (decision, phrases, &facts);
	offer_forward (decision, phrases, &facts);
	decision->status = pick_status (&facts);
	decision->reply = facts.reply;
	nx_text_take (&decision->diagnostic, nx_text_make_line (line, NX_LIMIT_DIAGNOSTIC_BYTES));
	return decision;
}
