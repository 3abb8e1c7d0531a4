/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_doubt.c: what keeps words from killing an address: names that hold words, talk of the sender, of the message and
 * of what will pass.
 */
#include "core-helpers.h"
#include "verdict/names.h"
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

/* ---- names ---- */

/* In @want, "@" stands for a byte of an address, "#" for one of a host or URL. */
static void
test_names_mask__covers_names_only (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "", "" },
		{ "user unknown", "user unknown" },
		{ "please try <full@a.example>", "please try <@@@@@@@@@@@@@@>" },
		{ "full@a.example:blocked", "@@@@@@@@@@@@@@:blocked" },
		{ "@a.example", "@#########" },
		{ "a@", "a@" },
		{ "a@@b", "a@@b" },
		{ "see http://a.example/user-unknown now", "see http://###################### now" },
		{ "host a.example[192.0.2.1]", "host #########[192.0.2.1]" },
		{ "www.a.example/spam)", "###################" },
		{ "5.1.1 resolver.adr.notfound", "5.1.1 resolver.adr.notfound" },
		{ "user unknown.please ask", "user unknown.please ask" },
		{ "is not in mx.de.", "is not in #####." },
		{ "://", "://" },
		{ "d\xc3\xb6rte@b\xc3\xbc.example x", "@@@@@@@@@@@@@@@@@@ x" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = copy_exact (rows[i].text, strlen (rows[i].text) + 1);
		g_autofree char *mask = nx_names_mask (text);
		assert_int_equal (strlen (mask), strlen (text));
		for (char *p = mask; *p != '\0'; p++)
			*p = *p == NX_NAME_ADDRESS ? '@' : *p == NX_NAME_HOST ? '#' : *p;
		if (strcmp (mask, rows[i].want) != 0)
			fail_msg ("%s: got %s", text, mask);
	}
}

static void
test_names_cut_address__leaves_the_clause (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want; /* NULL: none or several */
		const char *clause;
	} rows[] = {
		{ "user a@b.example unknown", "user unknown", "user unknown" },
		{ "sorry, user <a@b.example> unknown.", "sorry, user unknown.", "user unknown" },
		{ "user (a@b.example) unknown; mx.a.example", "user unknown; mx.a.example", "user unknown" },
		{ "a@b.example", " ", " " },
		{ "<a@b.example>: gone", " : gone", " " },
		{ "\xe7\x94\xa8\xe6\x88\xb7 <a@b.example> \xe4\xb8\x8d", "\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d",
		  "\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d" },
		{ "a@b.example or c@b.example unknown", NULL, NULL },
		{ "user unknown", NULL, NULL },
		{ "", NULL, NULL },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = copy_exact (rows[i].text, strlen (rows[i].text) + 1);
		g_autofree char *clause = NULL;
		g_autofree char *got = nx_names_cut_address (text, &clause);
		if (g_strcmp0 (got, rows[i].want) != 0 || g_strcmp0 (clause, rows[i].clause) != 0)
			fail_msg ("%s: got <%s> <%s>", text, got, clause);
	}
}

static void
test_names_say__begins_at_a_word (void **state)
{
	(void)state;
	assert_true (nx_names_say ("the host is", "host"));
	assert_true (nx_names_say ("localhost, host", "host"));
	assert_true (nx_names_say ("hosts", "host"));
	assert_true (nx_names_say ("x rule", " rule"));
	assert_false (nx_names_say ("localhost", "host"));
	assert_false (nx_names_say ("", "host"));
}

/* ---- doubts ---- */

static void
test_phrases_find_doubt__tells_whose_trouble (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		NxVerdict want; /* NONE: no doubt */
	} rows[] = {
		{ "user unknown", NX_VERDICT_NONE },
		{ "<tomorrow@a.example>: user unknown", NX_VERDICT_NONE },
		{ "no such user, see http://a.example/password", NX_VERDICT_NONE },
		{ "mailbox disabled for maintenance", NX_VERDICT_TRANSIENT },
		{ "user not found or password incorrect", NX_VERDICT_BLOCKED },
		{ "domain in your message does not exist", NX_VERDICT_BLOCKED },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		NxEvidence evidence = { .text = rows[i].text };
		const NxPhrase *doubt =
			nx_phrases_find_doubt (builtin, &evidence, NX_VERDICT_PERMANENT, NX_REASON_USER_UNKNOWN);
		if ((doubt != NULL ? doubt->verdict : NX_VERDICT_NONE) != rows[i].want)
			fail_msg ("%s: %s", rows[i].text, doubt != NULL ? doubt->id : "no doubt");
	}
}

/* ---- the whole ---- */

static void
test_decide_reply__words_in_names_say_nothing (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *verdict;
	} rows[] = {
		{ "550 5.1.1 <virus@a.example>: user unknown", "permanent" },
		{ "550 5.1.1 <sender@a.example>: user unknown", "permanent" },
		{ "550 5.1.1 <listed@rbl.a.example>: mailbox does not exist", "permanent" },
		{ "550 5.1.1 user unknown, host client.sender.example", "permanent" },
		{ "554 5.7.1 <dormant@a.example>: listed at zen.spamhaus.org", "blocked" },
		{ "550 5.7.1 rejected, see https://a.example/nxdomain", "blocked" },
		{ "552 5.2.2 <moved@a.example>: mailbox full", "transient" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, rows[i].text);
		if (strcmp (nx_verdict_to_string (decision->verdict), rows[i].verdict) != 0)
			fail_msg ("%s: %s by %s", rows[i].text, nx_verdict_to_string (decision->verdict),
				  decision->rule);
	}
}

static void
test_decide_reply__others_than_the_recipient_may_be_dead (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *verdict;
	} rows[] = {
		{ "553 5.1.8 user unknown", "blocked" },
		{ "553 5.1.7 no such user", "blocked" },
		{ "550 5.7.26 no such user", "blocked" },
		{ "550 5.7.1 blocked by rule 7: invalid user", "blocked" },
		{ "550 5.7.1 no such user", "permanent" },
		{ "550 Sender <a@b.example> unknown", "blocked" },
		{ "550 no such user at your domain", "blocked" },
		{ "550 cannot find user database", "transient" },
		{ "550 5.1.1 user unknown, try again later", "transient" },
		{ "550 5.7.1 message rate limit exceeded", "blocked" },
		{ "451 4.7.1 rejected by policy, please retry", "transient" },
		{ "451 4.7.1 virus scanner failure", "transient" },
		{ "550 virus found", "blocked" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, rows[i].text);
		if (strcmp (nx_verdict_to_string (decision->verdict), rows[i].verdict) != 0)
			fail_msg ("%s: %s by %s", rows[i].text, nx_verdict_to_string (decision->verdict),
				  decision->rule);
	}
}

static void
test_decide_reply__an_address_may_part_the_words (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *verdict;
	} rows[] = {
		{ "550 User a@b.example unknown", "permanent" },
		{ "550 Sorry, no user <a@b.example> here", "permanent" },
		{ "550 utente a@b.example sconosciuto", "permanent" },
		{ "550 \xe7\x94\xa8\xe6\x88\xb7 a@b.example \xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8", "permanent" },
		/* whose user, and unknown what */
		{ "550 Sender a@b.example unknown", "blocked" },
		{ "550 login user a@b.example unknown", "transient" },
		{ "550 authentication: user a@b.example not found", "transient" },
		{ "550 user a@b.example unknown file type in attachment", "transient" },
		{ "550 message for user a@b.example unknown encoding", "transient" },
		{ "550 user a@b.example, unknown error", "transient" },
		{ "550 no such a@b.example user may relay here", "transient" },
		{ "550 vacation of user a@b.example not found", "transient" },
		{ "550 user a@b.example or c@b.example unknown", "transient" },
		/* weaker than codes, and no way out of class 4 */
		{ "550 5.7.1 user a@b.example unknown", "blocked" },
		{ "450 user a@b.example unknown", "transient" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, rows[i].text);
		if (strcmp (nx_verdict_to_string (decision->verdict), rows[i].verdict) != 0)
			fail_msg ("%s: %s by %s", rows[i].text, nx_verdict_to_string (decision->verdict),
				  decision->rule);
	}
}

/* A report on joan@post.example, for a post whose return path was news-bounces@lists.example. */
static void
test_decide__a_reply_that_names_our_return_path_is_about_us (void **state)
{
	(void)state;
	static const struct {
		const char *said;
		NxVerdict want;
	} rows[] = {
		{ "550 no such user", NX_VERDICT_PERMANENT },
		{ "550 <joan@post.example> no such user", NX_VERDICT_PERMANENT },
		{ "550 <news-bounces@lists.example> no such user", NX_VERDICT_BLOCKED },
		{ "550 <News-Bounces@lists.example> no such user", NX_VERDICT_BLOCKED },
		{ "550 <joan@post.example> no such user, <news-bounces@lists.example>", NX_VERDICT_PERMANENT },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat (
			"From: mailer-daemon@mx.example\nTo: news-bounces@lists.example\n"
			"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
			"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; joan@post.example\nAction: failed\n"
			"Status: 5.0.0\nDiagnostic-Code: smtp; ",
			rows[i].said,
			"\n\n--b\nContent-Type: text/rfc822-headers\n\nReturn-Path: <news-bounces@lists.example>\n"
			"From: a@lists.example\n\n--b--\n",
			NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		assert_true (report->recipients->len == 1);
		g_autoptr (NxDecision) decision =
			nx_verdict_decide (builtin, report, g_ptr_array_index (report->recipients, 0));
		if (decision->verdict != rows[i].want)
			fail_msg ("%s: %s by %s", rows[i].said, nx_verdict_to_string (decision->verdict),
				  decision->rule);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_names_mask__covers_names_only),
		cmocka_unit_test (test_names_cut_address__leaves_the_clause),
		cmocka_unit_test (test_names_say__begins_at_a_word),
		cmocka_unit_test (test_phrases_find_doubt__tells_whose_trouble),
		cmocka_unit_test (test_decide_reply__words_in_names_say_nothing),
		cmocka_unit_test (test_decide_reply__others_than_the_recipient_may_be_dead),
		cmocka_unit_test (test_decide_reply__an_address_may_part_the_words),
		cmocka_unit_test (test_decide__a_reply_that_names_our_return_path_is_about_us),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, setup, teardown);
}
