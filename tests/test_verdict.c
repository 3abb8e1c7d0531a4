/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_verdict.c: the laws of the verdict, the tables of codes, which addresses a report itself names, and how phrases
 * contend.
 */
#include "base/limits.h"
#include "core-helpers.h"
#include "verdict/codes.h"
#include "verdict/phrase.h"

static NxPhrases *builtin;

static int
setup (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	builtin = nx_phrases_new (rules, NULL);
	return builtin != NULL ? 0 : -1;
}

static int
teardown (void **state)
{
	(void)state;
	nx_phrases_free (builtin);
	return 0;
}

/* A report with one recipient, joan@post.example. @fields: more of its fields. */
static NxDecision *
decide (const NxPhrases *phrases, const char *action, const char *fields)
{
	g_autofree char *text = g_strconcat (
		"From: mailer-daemon@mx.example\nTo: news-bounces@lists.example\n"
		"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
		"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; joan@post.example\nAction: ",
		action, "\n", fields, "\n--b--\n", NULL);
	g_autoptr (NxReport) report = make_report (text, "");
	return nx_verdict_decide (phrases, report, nx_report_get_recipient (report, 0));
}

typedef struct {
	const char *action;
	const char *fields;
	const char *verdict;
	const char *reason;
	const char *status;
} Case;

static void
check_cases (const NxPhrases *phrases, const Case *cases, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autoptr (NxDecision) decision = decide (phrases, cases[i].action, cases[i].fields);
		char status[NX_STATUS_STRLEN];
		nx_status_format (decision->status, status);
		if (strcmp (nx_verdict_to_string (decision->verdict), cases[i].verdict) != 0 ||
		    strcmp (nx_reason_to_string (decision->reason), cases[i].reason) != 0 ||
		    (cases[i].status != NULL && strcmp (status, cases[i].status) != 0))
			fail_msg ("%s / %s: got %s %s %s by %s", cases[i].action, cases[i].fields,
				  nx_verdict_to_string (decision->verdict), nx_reason_to_string (decision->reason),
				  status, decision->rule);
		assert_true (*decision->rule != '\0');
	}
}

static void
test_decide__codes_alone (void **state)
{
	(void)state;
	static const Case cases[] = {
		{ "failed", "Status: 5.1.1\n", "permanent", "user-unknown", "5.1.1" },
		{ "failed", "Status: 5.1.2\n", "permanent", "domain-unknown", "5.1.2" },
		{ "failed", "Status: 5.1.6\n", "permanent", "moved", "5.1.6" },
		{ "failed", "Status: 5.1.10\n", "permanent", "domain-unknown", "5.1.10" },
		{ "failed", "Status: 5.2.1\n", "permanent", "disabled", "5.2.1" },
		{ "failed", "Status: 5.2.2\n", "transient", "mailbox-full", "5.2.2" },
		{ "failed", "Status: 5.7.1\n", "blocked", "policy", "5.7.1" },
		{ "failed", "Status: 5.7.515\n", "blocked", "policy", "5.7.515" },
		{ "failed", "Status: 5.7.26\n", "blocked", "auth", "5.7.26" },
		{ "failed", "Status: 5.0.0\n", "transient", "other", "5.0.0" },
		{ "failed", "Status: 5.9.9\n", "transient", "other", "5.9.9" },
		{ "failed", "", "transient", "other", "" },
		{ "failed", "Status: 4.4.7\n", "transient", "expired", "4.4.7" },
		{ "failed", "Diagnostic-Code: smtp; 550\n", "transient", "other", "" },
		{ "failed", "Diagnostic-Code: smtp; 551\n", "permanent", "moved", "" },
		{ "failed", "Diagnostic-Code: smtp; 552\n", "transient", "mailbox-full", "" },
		{ "failed", "Diagnostic-Code: smtp; 521\n", "transient", "domain-unknown", "" },
		{ "failed", "Diagnostic-Code: smtp; 556\n", "permanent", "domain-unknown", "" },
		{ "failed", "Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 xyzzy\n", "permanent", "user-unknown",
		  "5.1.1" },
		{ "failed", "Status: 5.7.2\nDiagnostic-Code: smtp; 550 5.7.26 xyzzy\n", "blocked", "auth", "5.7.26" },
		{ "failed", "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.0.0 xyzzy\n", "permanent", "user-unknown",
		  "5.1.1" },
	};
	g_autoptr (NxPhrases) none = make_phrases ("");
	check_cases (none, cases, G_N_ELEMENTS (cases));
}

static void
test_decide__class_four_is_never_permanent (void **state)
{
	(void)state;
	static const Case cases[] = {
		{ "failed", "Status: 4.1.1\n", "transient", "user-unknown", "4.1.1" },
		{ "failed", "Diagnostic-Code: smtp; 450 4.1.1 user unknown\n", "transient", "user-unknown", "4.1.1" },
		{ "failed", "Diagnostic-Code: smtp; 450 user unknown\n", "transient", "user-unknown", "" },
		{ "failed", "Status: 5.1.1\nDiagnostic-Code: smtp; 450 user unknown\n", "transient", "user-unknown",
		  NULL },
		{ "failed", "Status: 5.0.0\nDiagnostic-Code: smtp; 421 4.2.1 account disabled\n", "transient",
		  "disabled", NULL },
	};
	check_cases (builtin, cases, G_N_ELEMENTS (cases));
	for (guint subject = 0; subject < 8; subject++)
		for (guint detail = 0; detail < 60; detail++) {
			NxMeaning meaning = { NX_VERDICT_TRANSIENT, NX_REASON_OTHER, "" };
			NxStatus status = { 4, (guint16)subject, (guint16)detail };
			nx_codes_judge_status (status, &meaning);
			g_autofree char *field = g_strdup_printf ("Status: 4.%u.%u\n", subject, detail);
			g_autoptr (NxDecision) decision = decide (builtin, "failed", field);
			if (decision->verdict == NX_VERDICT_PERMANENT)
				fail_msg ("%s: permanent by %s", field, decision->rule);
		}
	for (guint reply = 400; reply < 500; reply++) { /* beyond RFC 5321 4.2.1, whose second digit ends at 5 */
		g_autofree char *field = g_strdup_printf ("Diagnostic-Code: smtp; %u no such user here\n", reply);
		g_autoptr (NxDecision) decision = decide (builtin, "failed", field);
		if (decision->verdict == NX_VERDICT_PERMANENT)
			fail_msg ("%s: permanent by %s", field, decision->rule);
	}
}

static void
test_decide__a_failure_with_success_is_transient (void **state)
{
	(void)state;
	static const Case cases[] = {
		{ "failed", "Status: 2.0.0\n", "transient", "other", "2.0.0" },
		{ "failed", "Status: 5.1.1\nDiagnostic-Code: smtp; 250 2.1.5 ok\n", "transient", "other", NULL },
		{ "failed", "Status: 5.1.1\nDiagnostic-Code: smtp; 251 will forward to <new@post.example>\n",
		  "transient", "other", NULL },
		{ "failed", "Diagnostic-Code: smtp; 252 cannot verify, no such user\n", "transient", "other", NULL },
	};
	check_cases (builtin, cases, G_N_ELEMENTS (cases));
}

static void
test_decide__other_actions_are_benign (void **state)
{
	(void)state;
	static const Case cases[] = {
		{ "delayed", "Status: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 mailbox full\n", "benign", "mailbox-full",
		  "4.2.2" },
		{ "delayed", "Diagnostic-Code: smtp; 550 5.1.1 user unknown\n", "benign", "user-unknown", "5.1.1" },
		{ "delivered", "Status: 2.0.0\n", "benign", "accepted", "2.0.0" },
		{ "relayed", "Diagnostic-Code: smtp; 252 ok\n", "benign", "accepted", NULL },
		{ "expanded", "Status: 2.0.0\n", "benign", "accepted", NULL },
		{ "delivered", "Status: 5.1.1\n", "benign", "accepted", NULL },
	};
	check_cases (builtin, cases, G_N_ELEMENTS (cases));
}

static void
test_decide__words_outweigh_codes (void **state)
{
	(void)state;
	static const Case cases[] = {
		{ "failed", "Diagnostic-Code: smtp; 550 5.1.1 mailbox full\n", "transient", "mailbox-full", "5.1.1" },
		{ "failed", "Diagnostic-Code: smtp; 551 5.7.1 blocked due to poor reputation\n", "blocked",
		  "reputation", "5.7.1" },
		{ "failed", "Diagnostic-Code: smtp; 554 user unknown\n", "permanent", "user-unknown", NULL },
		{ "failed",
		  "Status: 4.4.3\nDiagnostic-Code: X-Postfix; Host or domain name not found. Name service error for\n"
		  " name=post.example type=MX: Host not found, try again\n",
		  "transient", "network", "4.4.3" },
	};
	check_cases (builtin, cases, G_N_ELEMENTS (cases));
}

static void
test_decide__kinds_that_are_no_delivery (void **state)
{
	(void)state;
	static const struct {
		NxKind kind;
		NxVerdict verdict;
		NxReason reason;
	} rows[] = {
		{ NX_KIND_NONE, NX_VERDICT_BENIGN, NX_REASON_NONE },
		{ NX_KIND_FEEDBACK, NX_VERDICT_BENIGN, NX_REASON_FEEDBACK },
		{ NX_KIND_DISPOSITION, NX_VERDICT_BENIGN, NX_REASON_ACCEPTED },
		{ NX_KIND_VACATION, NX_VERDICT_BENIGN, NX_REASON_VACATION },
		{ NX_KIND_FAILURE, NX_VERDICT_TRANSIENT, NX_REASON_OTHER },
		{ NX_KIND_DELAYED, NX_VERDICT_BENIGN, NX_REASON_OTHER },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxReport) report = make_report ("Subject: x\n\n", "");
		report->kind = rows[i].kind;
		g_autoptr (NxDecision) decision = nx_verdict_decide (builtin, report, NULL);
		assert_int_equal (decision->verdict, rows[i].verdict);
		assert_int_equal (decision->reason, rows[i].reason);
		assert_string_equal (decision->forward, "");
	}
}

/* ---- bare replies ---- */

static void
test_decide_reply__judges_a_reply (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *verdict;
		guint reply;
		const char *forward;
	} rows[] = {
		{ "550 5.1.1 User unknown", "permanent", 550, "" },
		{ "250 2.1.5 ok", "benign", 250, "" },
		{ "250 ok, no such user is unknown to me", "benign", 250, "" },
		{ "250 5.1.1 ok", "benign", 250, "" },
		{ "251 User not local; will forward to <new@post.example>", "benign", 251, "new@post.example" },
		{ "252 Cannot VRFY user, but will accept message and attempt delivery", "benign", 252, "" },
		{ "551 User not local; please try <new@post.example>", "permanent", 551, "new@post.example" },
		{ "551 5.1.6 User not local; please try <@relay.example:new@post.example>", "permanent", 551,
		  "new@post.example" },
		{ "551-5.1.6 gone 551 5.1.6 please try <new@post.example>", "permanent", 551, "new@post.example" },
		{ "551 5.7.1 blocked, write to <abuse@post.example>", "blocked", 551, "" },
		{ "551 5.7.1 rejected, please try <new@post.example>", "blocked", 551, "" },
		{ "551 User unknown; use <new@post.example>", "permanent", 551, "new@post.example" },
		{ "551 User not local; please try <new@localhost>", "permanent", 551, "" },
		{ "551 User not local; please try <new@[192.0.2.1]>", "permanent", 551, "" },
		{ "450 4.2.0 greylisted, try again later", "transient", 450, "" },
		{ "", "transient", 0, "" },
		{ "xyzzy", "transient", 0, "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = copy_exact (rows[i].text, strlen (rows[i].text) + 1);
		g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, text);
		if (strcmp (nx_verdict_to_string (decision->verdict), rows[i].verdict) != 0 ||
		    decision->reply != rows[i].reply || strcmp (decision->forward, rows[i].forward) != 0)
			fail_msg ("%s: %s %u <%s> by %s", text, nx_verdict_to_string (decision->verdict),
				  decision->reply, decision->forward, decision->rule);
	}
}

/* No class 2 or 4, with whatever words, makes an address dead. */
static void
test_decide_reply__laws_hold_for_any_words (void **state)
{
	(void)state;
	static const char *const words[] = { "5.1.1 user unknown",
					     "5.1.6 has moved to <a@b.example>",
					     "5.1.2 no such domain",
					     "account disabled",
					     "5.2.1 x",
					     "5.1.10 null mx" };
	static const guint codes[] = { 250, 251, 252, 421, 450, 451, 452, 459 };
	for (gsize c = 0; c < G_N_ELEMENTS (codes); c++)
		for (gsize w = 0; w < G_N_ELEMENTS (words); w++) {
			g_autofree char *text = g_strdup_printf ("%u %s", codes[c], words[w]);
			g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, text);
			if (decision->verdict == NX_VERDICT_PERMANENT || decision->verdict == NX_VERDICT_NONE)
				fail_msg ("%s: %s", text, nx_verdict_to_string (decision->verdict));
		}
}

/* ---- forwarding addresses ---- */

static void
test_decide__offers_no_address_of_the_report_itself (void **state)
{
	(void)state;
	static const struct {
		const char *fields;
		const char *want;
	} rows[] = {
		{ "Diagnostic-Code: smtp; 551 please try <new@post.example>\n", "new@post.example" },
		{ "Diagnostic-Code: smtp; 551 please try <JOAN@post.example>\n", "" },
		{ "Diagnostic-Code: smtp; 551 please try <news-bounces@lists.example>\n", "" },
		{ "Original-Recipient: rfc822;jo@alias.example\nDiagnostic-Code: smtp; 551 please try "
		  "<jo@alias.example>\n",
		  "" },
		{ "X-Actual-Recipient: rfc822; jo@host.example\n"
		  "Diagnostic-Code: smtp; 551 <jo@host.example> moved; please try <new@post.example>\n",
		  "new@post.example" },
		{ "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown, ask <new@post.example>\n", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxDecision) decision = decide (builtin, "failed", rows[i].fields);
		if (strcmp (decision->forward, rows[i].want) != 0)
			fail_msg ("%s: got <%s> by %s", rows[i].fields, decision->forward, decision->rule);
	}
}

/* ---- phrases ---- */

typedef struct {
	const char *rules;
	const char *text;
	guint reply;
	NxStatus status;
	const char *host;
	const char *domain;
	const char *want; /* the winner's id; NULL: nobody */
	gboolean tie;
} Contest;

#define RULE(id, reason, rest) "[phrase " id "]\nreason = " reason "\n" rest

static void
check_contests (const Contest *contests, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		const Contest *contest = &contests[i];
		g_autoptr (NxPhrases) phrases = make_phrases (contest->rules);
		g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_free);
		if (contest->host != NULL)
			g_ptr_array_add (hosts, g_strdup (contest->host));
		NxEvidence evidence = { contest->text, contest->reply, contest->status, hosts,
					contest->domain != NULL ? contest->domain : "" };
		gboolean tie = FALSE;
		const NxPhrase *phrase = nx_phrases_match (phrases, &evidence, NULL, &tie);
		if (g_strcmp0 (phrase != NULL ? phrase->id : NULL, contest->want) != 0 || tie != contest->tie)
			fail_msg ("row %u: %s wins%s", (guint)i, phrase != NULL ? phrase->id : "nobody",
				  tie ? " in a tie" : "");
	}
}

static void
test_phrases_match__constraints_must_hold (void **state)
{
	(void)state;
	static const Contest contests[] = {
		{ RULE ("a", "moved", "text = has moved\n"), "he has moved on", 0, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "text = has moved\n"), "he moved", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "text = has moved\nunless = not\n"),
		  "has not has moved",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  NULL,
		  FALSE },
		{ RULE ("a", "moved", "reply = 551 45?\n"), "", 450, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "reply = 551 45?\n"), "", 550, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "reply = *\n"), "", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "reply = none\n"), "", 0, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "reply = none\n"), "", 550, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "status = 5.7.*\n"), "", 0, { 5, 7, 26 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "status = 5.7.*\n"), "", 0, { 5, 1, 1 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "status = *\n"), "", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "text = gone\nmta = *.B.example\n"),
		  "gone",
		  0,
		  { 0 },
		  "mx.b.example",
		  NULL,
		  "a",
		  FALSE },
		{ RULE ("a", "moved", "text = gone\nmta = *.b.example\n"),
		  "gone",
		  0,
		  { 0 },
		  "b.example",
		  NULL,
		  NULL,
		  FALSE },
		{ RULE ("a", "moved", "text = gone\nmta = *\n"), "gone", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ "[provider p]\nmta = *.P.example\ndomain = d.example\n" RULE ("a", "moved",
										"text = gone\nmta = @p\n"),
		  "gone",
		  0,
		  { 0 },
		  "mx.p.example",
		  NULL,
		  "a",
		  FALSE },
		{ "[provider p]\nmta = *.p.example\ndomain = d.example\n" RULE ("a", "moved",
										"text = gone\nmta = @p\n"),
		  "gone",
		  0,
		  { 0 },
		  NULL,
		  "d.example",
		  "a",
		  FALSE },
		{ "[provider p]\ndomain = d.example\n" RULE ("a", "moved", "text = gone\nmta = @p\n"),
		  "gone",
		  0,
		  { 0 },
		  "x.example",
		  "e.example",
		  NULL,
		  FALSE },
	};
	check_contests (contests, G_N_ELEMENTS (contests));
}

static void
test_phrases_match__stars_span_a_gap (void **state)
{
	(void)state;
	static const Contest contests[] = {
		{ RULE ("a", "moved", "text = user * gone\n"), "user joan is gone", 0, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "text = user*gone\n"), "usergone", 0, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "text = user * gone\n"), "gone user", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "text = user * gone\n"), "gone user gone", 0, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "text = user * user\n"), "user and user", 0, { 0 }, NULL, NULL, "a", FALSE },
		{ RULE ("a", "moved", "text = user * user\n"), "one user", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "text = user * user * user\n"), "user user", 0, { 0 }, NULL, NULL, NULL, FALSE },
		{ RULE ("a", "moved", "text = user * user * user\n"),
		  "user user user",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "a",
		  FALSE },
		{ RULE ("a", "moved", "text = the user * users gone\n"),
		  "the users gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  NULL,
		  FALSE },
	};
	check_contests (contests, G_N_ELEMENTS (contests));
	g_autoptr (NxPhrases) phrases = make_phrases (RULE ("a", "moved", "text = user * gone\n"));
	for (guint gap = NX_LIMIT_RULE_GAP_BYTES - 1; gap <= NX_LIMIT_RULE_GAP_BYTES + 1; gap++) {
		g_autoptr (GString) text = g_string_new ("user");
		append_repeated (text, "x", gap);
		g_string_append (text, "gone");
		NxEvidence evidence = { .text = text->str, .domain = "" };
		const NxPhrase *phrase = nx_phrases_match (phrases, &evidence, NULL, NULL);
		assert_true ((phrase != NULL) == (gap <= NX_LIMIT_RULE_GAP_BYTES));
	}
}

static void
test_phrases_match__the_better_right_wins (void **state)
{
	(void)state;
	static const Contest contests[] = {
		/* weight */
		{ RULE ("a", "spam", "text = gone\n") RULE ("b", "moved", "text = gone\nreply = 550\n"),
		  "gone",
		  550,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  FALSE },
		{ RULE ("a", "spam", "reply = 550\nstatus = 5.1.1\n") RULE ("b", "moved", "text = gone\nreply = 55?\n"),
		  "gone",
		  550,
		  { 5, 1, 1 },
		  NULL,
		  NULL,
		  "b",
		  FALSE },
		{ RULE ("a", "spam", "text = gone\ntext = is gone\n") RULE ("b", "moved", "text = gone\nreply = 550\n"),
		  "is gone",
		  550,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  FALSE },
		/* containment */
		{ RULE ("a", "spam", "text = gone\n") RULE ("b", "moved", "text = is gone\n"),
		  "is gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  FALSE },
		/* over, by id and by reason */
		{ RULE ("a", "spam", "text = gone\n") RULE ("b", "moved", "text = user\nover = a\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  FALSE },
		{ RULE ("a", "spam", "text = gone\n") RULE ("b", "moved", "text = user\nover = @spam\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  FALSE },
		{ RULE ("a", "spam", "text = gone\nover = b\n") RULE ("b", "moved", "text = user\nover = a\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "a",
		  TRUE },
		/* a chain of rights needs no third sentence, whatever the file's order */
		{ RULE ("a", "spam", "text = aaaa\n") RULE ("b", "other", "text = bbbb\nover = a\n")
			  RULE ("c", "moved", "text = cccc\nover = b\n"),
		  "aaaa bbbb cccc",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "c",
		  FALSE },
		{ RULE ("c", "moved", "text = cccc\nover = b\n") RULE ("b", "other", "text = bbbb\nover = a\n")
			  RULE ("a", "spam", "text = aaaa\n"),
		  "cccc aaaa bbbb",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "c",
		  FALSE },
		/* ties: caution, then the lower id */
		{ RULE ("a", "moved", "text = gone\n") RULE ("b", "other", "text = user\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  TRUE },
		{ RULE ("a", "other", "text = gone\n") RULE ("b", "spam", "text = user\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  TRUE },
		{ RULE ("b", "moved", "text = gone\n") RULE ("a", "moved", "text = user\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "a",
		  FALSE },
		{ RULE ("a", "moved", "text = gone\n") RULE ("b", "moved", "verdict = transient\ntext = user\n"),
		  "user gone",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "b",
		  TRUE },
		/* a circle */
		{ RULE ("a", "moved", "text = aaaa\nover = b\n") RULE ("b", "other", "text = bbbb\nover = c\n")
			  RULE ("c", "spam", "text = cccc\nover = a\n"),
		  "aaaa bbbb cccc",
		  0,
		  { 0 },
		  NULL,
		  NULL,
		  "c",
		  TRUE },
	};
	check_contests (contests, G_N_ELEMENTS (contests));
}

static void
test_phrases_match__lists_all_candidates (void **state)
{
	(void)state;
	g_autoptr (NxPhrases) phrases = make_phrases (RULE ("a", "spam", "text = gone\n") RULE (
		"b", "moved", "reply = 550\n") RULE ("c", "moved", "text = here\n"));
	g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (NxCandidate));
	NxEvidence evidence = { .text = "gone gone", .reply = 550, .domain = "" };
	assert_string_equal (nx_phrases_match (phrases, &evidence, candidates, NULL)->id, "a");
	assert_int_equal (candidates->len, 2);
	assert_int_equal (g_array_index (candidates, NxCandidate, 0).weight, 2);
	assert_int_equal (g_array_index (candidates, NxCandidate, 1).weight, 1);
}

static void
test_phrases_new__refuses_nonsense (void **state)
{
	(void)state;
	static const char *const bad[] = {
		"[phrase a]\ntext = gone\n",
		"[phrase a]\nreason = nonsense\ntext = gone\n",
		"[phrase a]\nreason = \ntext = gone\n",
		"[phrase a]\nreason = moved\nverdict = dead\ntext = gone\n",
		"[phrase a]\nreason = moved\n",
		"[phrase a]\nreason = moved\nmta = *.b.example\n",
		"[phrase a]\nreason = moved\ntext = abc\n",
		"[phrase a]\nreason = moved\ntext = user * me\n",
		"[phrase a]\nreason = moved\ntext = *\n",
		"[phrase a]\nreason = moved\ntext =\n",
		"[phrase a]\nreason = moved\ntext = aaaa*bbbb*cccc*dddd*eeee*ffff*gggg*hhhh*iiii\n",
		"[phrase a]\nreason = moved\ntext = gone\nmta = @nobody\n",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
		g_autoptr (NxRules) rules = make_rules (bad[i]);
		g_autoptr (GError) error = NULL;
		g_autoptr (NxPhrases) phrases = nx_phrases_new (rules, &error);
		if (phrases != NULL)
			fail_msg ("taken: %s", bad[i]);
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_RULES));
		assert_has (error->message, "test.rules:");
	}
}

/* ---- names ---- */

static void
test_names__go_both_ways (void **state)
{
	(void)state;
	for (guint i = NX_REASON_USER_UNKNOWN; i <= NX_REASON_OTHER; i++) {
		NxReason reason = NX_REASON_NONE;
		assert_true (*nx_reason_to_string (i) != '\0' && *nx_reason_get_meaning (i) != '\0');
		assert_true (nx_reason_from_string (nx_reason_to_string (i), &reason));
		assert_int_equal (reason, i);
		assert_int_not_equal (nx_reason_get_verdict (i), NX_VERDICT_NONE);
	}
	for (guint i = NX_VERDICT_PERMANENT; i <= NX_VERDICT_BENIGN; i++) {
		NxVerdict verdict = NX_VERDICT_NONE;
		assert_true (nx_verdict_from_string (nx_verdict_to_string (i), &verdict));
		assert_int_equal (verdict, i);
	}
	NxReason reason = NX_REASON_SPAM;
	assert_false (nx_reason_from_string ("Spam", &reason));
	assert_int_equal (reason, NX_REASON_SPAM);
}

static void
test_codes__name_their_section (void **state)
{
	(void)state;
	for (guint reply = 200; reply < 600; reply++) {
		NxMeaning meaning = { 0 };
		if (!nx_codes_judge_reply (reply, &meaning))
			continue;
		assert_true (g_str_has_prefix (meaning.section, "RFC "));
		if (reply < 300)
			assert_int_equal (meaning.verdict, NX_VERDICT_BENIGN);
		else if (reply < 500)
			assert_int_not_equal (meaning.verdict, NX_VERDICT_PERMANENT);
	}
	guint count = 0;
	const NxStatusInfo *infos = nx_status_list_infos (&count);
	for (guint i = 0; i < count; i++) {
		NxMeaning meaning = { 0 };
		NxStatus status = { 5, infos[i].subject, infos[i].detail };
		if (nx_codes_judge_status (status, &meaning))
			if (*meaning.section == '\0' || meaning.verdict == NX_VERDICT_NONE)
				fail_msg ("5.%u.%u: %s", infos[i].subject, infos[i].detail, meaning.section);
	}
	NxMeaning untouched = { .reason = NX_REASON_SPAM };
	assert_false (nx_codes_judge_reply (0, &untouched));
	assert_false (nx_codes_judge_status ((NxStatus){ 0 }, &untouched));
	assert_false (nx_codes_judge_status ((NxStatus){ 5, 0, 0 }, &untouched));
	assert_int_equal (untouched.reason, NX_REASON_SPAM);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_decide__codes_alone),
		cmocka_unit_test (test_decide__class_four_is_never_permanent),
		cmocka_unit_test (test_decide__a_failure_with_success_is_transient),
		cmocka_unit_test (test_decide__other_actions_are_benign),
		cmocka_unit_test (test_decide__words_outweigh_codes),
		cmocka_unit_test (test_decide__kinds_that_are_no_delivery),
		cmocka_unit_test (test_decide__offers_no_address_of_the_report_itself),
		cmocka_unit_test (test_decide_reply__judges_a_reply),
		cmocka_unit_test (test_decide_reply__laws_hold_for_any_words),
		cmocka_unit_test (test_phrases_match__constraints_must_hold),
		cmocka_unit_test (test_phrases_match__stars_span_a_gap),
		cmocka_unit_test (test_phrases_match__the_better_right_wins),
		cmocka_unit_test (test_phrases_match__lists_all_candidates),
		cmocka_unit_test (test_phrases_new__refuses_nonsense),
		cmocka_unit_test (test_names__go_both_ways),
		cmocka_unit_test (test_codes__name_their_section),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, setup, teardown);
}
