/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_identity.c: where the subscriber is looked for, and how much each finding proves.
 */
#include "core-helpers.h"
#include "identity/identity.h"

#define REPORT(to, original)                                                                                      \
	"From: mailer-daemon@mx.example\nTo: " to "\nContent-Type: multipart/report; boundary=b\n\n--b\n"         \
	"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; joan@post.example\nAction: failed\n\n" \
	"--b\nContent-Type: text/rfc822-headers\n\n" original "\n--b--\n"

static void
test_find__grades_the_proof (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *envelope_to;
		NxProof proof;
		const char *recipient;
		const char *list;
	} rows[] = {
		{ REPORT ("a@lists.example", ""), NULL, NX_PROOF_CLAIM, "", "" },
		{ REPORT ("news-bounces@lists.example", ""), NULL, NX_PROOF_CLAIM, "", "news@lists.example" },
		{ REPORT ("news-bounces+joan=post.example@lists.example", ""), NULL, NX_PROOF_VERP, "joan@post.example",
		  "news@lists.example" },
		{ REPORT ("a@lists.example", ""), "news-bounces+joan=post.example@lists.example", NX_PROOF_VERP,
		  "joan@post.example", "news@lists.example" },
		{ REPORT ("news-bounces@lists.example", "Message-ID: <1@lists.example>\n"), NULL, NX_PROOF_ORIGINAL, "",
		  "news@lists.example" },
		{ REPORT ("news-bounces@lists.example", "Message-ID: <1@sub.lists.example>\n"), NULL, NX_PROOF_ORIGINAL,
		  "", "news@lists.example" },
		{ REPORT ("news-bounces@lists.example", "Message-ID: <1@evillists.example>\n"), NULL, NX_PROOF_CLAIM,
		  "", "news@lists.example" },
		{ REPORT ("news-bounces@lists.example", "Message-ID: <1@lists.example.evil.example>\n"), NULL,
		  NX_PROOF_CLAIM, "", "news@lists.example" },
		{ REPORT ("a@lists.example", "List-Id: The News <news.lists.example>\n"), NULL, NX_PROOF_ORIGINAL, "",
		  "news.lists.example" },
		{ REPORT ("a@lists.example", "List-Id: news.other.example\n"), NULL, NX_PROOF_CLAIM, "",
		  "news.other.example" },
		{ REPORT ("a@lists.example", "List-Id: no brackets here\n"), NULL, NX_PROOF_CLAIM, "", "" },
		{ REPORT ("a@lists.example", "List-Id: <\n"), NULL, NX_PROOF_CLAIM, "", "" },
		/* where it came to, the caller knows best */
		{ REPORT ("a@x.example", "Message-ID: <1@lists.example>\n"), "b@lists.example", NX_PROOF_ORIGINAL, "",
		  "" },
		/* the other list headers (RFC 2369) are worth what a List-Id is */
		{ REPORT ("a@lists.example", "List-Post: <mailto:news@lists.example>\n"), NULL, NX_PROOF_ORIGINAL, "",
		  "" },
		{ REPORT ("a@lists.example", "List-Post: <mailto:news@lists.example?subject=x>\n"), NULL,
		  NX_PROOF_ORIGINAL, "", "" },
		{ REPORT ("a@lists.example", "List-Post: NO\n"), NULL, NX_PROOF_CLAIM, "", "" },
		{ REPORT ("a@lists.example", "List-Post: <mailto:lists.example@other.example>\n"), NULL, NX_PROOF_CLAIM,
		  "", "" },
		{ REPORT ("a@lists.example", "List-Unsubscribe: <https://www.lists.example:8443/u?x#lists.example>\n"),
		  NULL, NX_PROOF_ORIGINAL, "", "" },
		{ REPORT ("a@lists.example", "List-Unsubscribe: <<https://x.example/>, <mailto:u@lists.example>\n"),
		  NULL, NX_PROOF_ORIGINAL, "", "" },
		{ REPORT ("a@lists.example", "List-Unsubscribe: <https://lists.example@evil.example/lists.example>\n"),
		  NULL, NX_PROOF_CLAIM, "", "" },
		{ REPORT ("a@lists.example", "List-Unsubscribe: <https://evil.example/?.lists.example>\n"), NULL,
		  NX_PROOF_CLAIM, "", "" },
		{ REPORT ("a@lists.example", "List-Unsubscribe: <ftp://lists.example/>, <lists.example\n"), NULL,
		  NX_PROOF_CLAIM, "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxReport) report = make_report (rows[i].text, "");
		NxIdentity identity = { 0 };
		const NxIdentityRules none = { 0 };
		nx_identity_find (&none, report, rows[i].envelope_to, &identity);
		if (identity.proof != rows[i].proof || strcmp (identity.verp_recipient, rows[i].recipient) != 0 ||
		    strcmp (identity.list, rows[i].list) != 0)
			fail_msg ("row %u: proof %s, \"%s\" on \"%s\"", (guint)i, nx_proof_to_string (identity.proof),
				  identity.verp_recipient, identity.list);
		nx_identity_clear (&identity);
	}
}

/* Where the subscriber is looked for, the nearest to the envelope first. */
static void
test_find__looks_in_this_order (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *envelope_to;
		const char *recipient;
		const char *list;
		const char *token;
	} rows[] = {
		{ "Delivered-To: b-bounces+two=x.example@l.example\n" REPORT ("c-bounces+three=x.example@l.example",
									      ""),
		  "a-bounces+one=x.example@l.example", "one@x.example", "a@l.example", "" },
		{ "X-Original-To: d-bounces+four=x.example@l.example\n"
		  "Envelope-To: e-bounces+five=x.example@l.example\n"
		  "Delivered-To: b-bounces+two=x.example@l.example\n" REPORT ("c@l.example", ""),
		  NULL, "two@x.example", "b@l.example", "" },
		{ "X-Original-To: d-bounces+four=x.example@l.example\nDelivered-To: box@l.example\n" REPORT (
			  "c@l.example", ""),
		  NULL, "four@x.example", "d@l.example", "" },
		{ "Envelope-To: e-bounces+five=x.example@l.example\n" REPORT ("f-bounces+six=x.example@l.example", ""),
		  NULL, "five@x.example", "e@l.example", "" },
		{ REPORT ("f-bounces+six=x.example@l.example",
			  "Return-Path: <g-bounces+seven=x.example@l.example>\nMessage-ID: <1@x>\n"),
		  NULL, "six@x.example", "f@l.example", "" },
		{ REPORT ("c@l.example",
			  "Return-Path: <g-bounces+seven=x.example@l.example>\nX-Reader: eight@x.example\n"),
		  NULL, "seven@x.example", "g@l.example", "" },
		{ REPORT ("c@l.example", "X-Reader: Eight <eight@x.example>\nList-Unsubscribe: "
					 "<https://l.example/?email=nine@x.example>\n"),
		  NULL, "eight@x.example", "", "" },
		{ REPORT ("c@l.example", "X-Reader: h-bounces+eight=x.example@l.example\nList-Id: <h.l.example>\n"),
		  NULL, "eight@x.example", "h.l.example", "" },
		{ REPORT ("c@l.example", "List-Unsubscribe: <mailto:i-unsubscribe-nine=x.example@l.example>\n"), NULL,
		  "nine@x.example", "i@l.example", "" },
		{ REPORT ("c@l.example", "List-Unsubscribe: <mailto:i-request@l.example?subject=unsubscribe>,\n"
					 " <https://l.example/u?list=i&email=nine%2Btag%40x.example>\n"),
		  NULL, "nine+tag@x.example", "i@l.example", "" },
		{ REPORT ("c@l.example", "X-Listmonk-Subscriber: 5f8c2e0a-1111-4222-8333-abcdefabcdef\n"
					 "List-Unsubscribe: <https://l.example/subscription/1/2>\n"),
		  NULL, "", "", "5f8c2e0a-1111-4222-8333-abcdefabcdef" },
		/* none of these is a reader */
		{ REPORT ("c@l.example",
			  "List-Unsubscribe: <https://l.example/u?email=postmaster@x.example&q=ten@x.example>\n"),
		  NULL, "", "", "" },
		{ REPORT ("c@l.example",
			  "List-Unsubscribe: <https://l.example/u?email=%zz&e=%00a@x.example&mail>, <?=\n"),
		  NULL, "", "", "" },
	};
	g_autoptr (GPtrArray) headers = g_ptr_array_new ();
	g_ptr_array_add (headers, (gpointer)(guintptr) "X-Reader");
	const NxIdentityRules rules = { .headers = headers };
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxReport) report = make_report (rows[i].text, "");
		NxIdentity identity = { 0 };
		nx_identity_find (&rules, report, rows[i].envelope_to, &identity);
		if (strcmp (identity.verp_recipient, rows[i].recipient) != 0 ||
		    strcmp (identity.list, rows[i].list) != 0 || strcmp (identity.token, rows[i].token) != 0)
			fail_msg ("row %u: \"%s\" on \"%s\", token \"%s\"", (guint)i, identity.verp_recipient,
				  identity.list, identity.token);
		nx_identity_clear (&identity);
	}
}

static void
test_find__proves_nothing_by_what_is_returned (void **state)
{
	(void)state;
	static const char *const originals[] = {
		REPORT ("c@l.example", "Return-Path: <g-bounces+seven=x.example@l.example>\n"),
		REPORT ("c@l.example", "X-Listmonk-Subscriber: seven@x.example\n"),
		REPORT ("c@l.example", "CFBL-Feedback-ID: seven@x.example\n"),
		REPORT ("c@l.example", "CFBL-Address: fbl+seven=x.example@l.example; report=arf\n"),
		REPORT ("c@l.example", "List-Unsubscribe: <https://m.example/?email=seven@x.example>\n"),
	};
	for (gsize i = 0; i < G_N_ELEMENTS (originals); i++) {
		g_autoptr (NxReport) report = make_report (originals[i], "");
		const NxIdentityRules none = { 0 };
		NxIdentity identity = { 0 };
		nx_identity_find (&none, report, NULL, &identity);
		assert_string_equal (identity.verp_recipient, "seven@x.example");
		assert_int_equal (identity.proof, NX_PROOF_CLAIM);
		nx_identity_clear (&identity);
	}
}

/* A header that the site itself configured shows as much as a List-Id does, if it is about the reader. */
static void
test_find__takes_the_configured_header_for_ours (void **state)
{
	(void)state;
	static const struct {
		const char *to;
		const char *original;
		NxProof proof;
	} rows[] = {
		{ "c@l.example", "X-Reader: joan@post.example\n", NX_PROOF_ORIGINAL },
		{ "c@l.example", "X-Reader: 5f8c2e0a-1111-4222\n", NX_PROOF_ORIGINAL },
		{ "c@l.example", "X-Reader: n-bounces+joan=post.example@l.example\n", NX_PROOF_ORIGINAL },
		{ "n-bounces+joan=post.example@l.example", "X-Reader: JOAN@post.example\n", NX_PROOF_ORIGINAL },
		/* one's own mail, returned against somebody else */
		{ "n-bounces+joan=post.example@l.example", "X-Reader: evil@post.example\n", NX_PROOF_VERP },
		{ "c@l.example", "Return-Path: <n-bounces+joan=post.example@l.example>\nX-Reader: evil@post.example\n",
		  NX_PROOF_CLAIM },
		{ "c@l.example", "X-Reader: postmaster@post.example\n", NX_PROOF_CLAIM },
		{ "c@l.example", "X-Reader:\n", NX_PROOF_CLAIM },
		{ "c@l.example", "X-Reader: \n \n", NX_PROOF_CLAIM },
		/* nobody configured these */
		{ "c@l.example", "X-Readers: joan@post.example\n", NX_PROOF_CLAIM },
		{ "c@l.example", "X-Listmonk-Subscriber: 5f8c2e0a-1111-4222\n", NX_PROOF_CLAIM },
		{ "c@l.example", "CFBL-Feedback-ID: 5f8c2e0a\n", NX_PROOF_CLAIM },
	};
	g_autoptr (GPtrArray) headers = g_ptr_array_new ();
	g_ptr_array_add (headers, (gpointer)(guintptr) "X-Reader");
	const NxIdentityRules rules = { .headers = headers };
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat (
			"From: mailer-daemon@mx.example\nTo: ", rows[i].to,
			"\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
			"Final-Recipient: rfc822; joan@post.example\nAction: failed\n\n--b\n"
			"Content-Type: text/rfc822-headers\n\n",
			rows[i].original, "\n--b--\n", NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		NxIdentity identity = { 0 };
		nx_identity_find (&rules, report, NULL, &identity);
		if (identity.proof != rows[i].proof)
			fail_msg ("row %u: %s", (guint)i, nx_proof_to_string (identity.proof));
		nx_identity_clear (&identity);
	}
}

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DAY 20000
#define NOW ((gint64)DAY * 86400)

static void
make_keyed_path (const char *subscriber, char **path_out)
{
	g_autoptr (NxVerpKeys) keys = nx_verp_keys_new ("keys", "a " SECRET " 2020-01-01\n", NULL);
	assert_non_null (keys);
	*path_out = nx_verp_make (keys, "news@l.example", NULL, subscriber, NOW, NULL);
	assert_non_null (*path_out);
}

/* A complaint that names nobody: whatever our mail carried tells who it was. */
static void
test_find__knows_who_complains (void **state)
{
	(void)state;
	g_autofree char *keyed = NULL;
	make_keyed_path ("joan@post.example", &keyed);
	g_autofree char *masked = g_strdup (keyed);
	memcpy (strstr (masked, "joan"), "xxxx", 4);
	const struct {
		const char *to;
		const char *fields;
		const char *header;
		const char *original;
		const char *recipient;
		const char *token;
		NxProof proof;
		NxVerpResult refused;
	} rows[] = {
		/* by the key */
		{ "fbl@l.example", "", "Return-Path: ", keyed, "joan@post.example", "", NX_PROOF_SIGNED, NX_VERP_NONE },
		{ "fbl@l.example", keyed, "X: ", "", "joan@post.example", "", NX_PROOF_SIGNED, NX_VERP_NONE },
		{ keyed, "", "X: ", "", "joan@post.example", "", NX_PROOF_SIGNED, NX_VERP_NONE },
		{ "fbl@l.example", "", "X-Reader: ", keyed, "joan@post.example", "", NX_PROOF_SIGNED, NX_VERP_NONE },
		{ "fbl@l.example", "", "CFBL-Feedback-ID: ", keyed, "joan@post.example", "", NX_PROOF_SIGNED,
		  NX_VERP_NONE },
		/* its address made unreadable: no forgery, but no proof either */
		{ "fbl@l.example", masked, "X: ", "", "", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		/* by plain VERP */
		{ "fbl@l.example", "", "Return-Path: ", "<n-bounces+joan=post.example@m.example>", "joan@post.example",
		  "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "<n-bounces+joan=post.example@m.example>", "X: ", "", "joan@post.example", "",
		  NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "n-bounces+joan=post.example@m.example",
		  "Return-Path: ", "<n-bounces+redacted=post.example@m.example>", "joan@post.example", "",
		  NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "", "CFBL-Address: ", "fbl+joan=post.example@m.example; report=arf",
		  "joan@post.example", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl+joan=post.example@l.example", "", "X: ", "", "joan@post.example", "", NX_PROOF_VERP,
		  NX_VERP_NONE },
		/* by a header */
		{ "fbl@l.example", "", "X-Reader: ", "joan@post.example", "joan@post.example", "", NX_PROOF_ORIGINAL,
		  NX_VERP_NONE },
		{ "fbl@l.example", "", "X-Listmonk-Subscriber: ", "5f8c-11", "", "5f8c-11", NX_PROOF_CLAIM,
		  NX_VERP_NONE },
		{ "fbl@l.example", "", "CFBL-Feedback-ID: ", "111:222:333:4444", "", "111:222:333:4444", NX_PROOF_CLAIM,
		  NX_VERP_NONE },
		{ "fbl@l.example", "", "Feedback-ID: ", "campaign:list:joan", "", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "", "List-Unsubscribe: ", "<mailto:n-unsubscribe-joan=post.example@m.example>",
		  "joan@post.example", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "", "List-Unsubscribe: ", "<https://m.example/u?email=joan%40post.example>",
		  "joan@post.example", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		/* redacted there as well */
		{ "fbl@l.example", "", "List-Unsubscribe: ", "<https://m.example/u?email=redacted%40post.example>", "",
		  "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "", "X-Reader: ", "[redacted]", "", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "", "X-Reader: ", "redacted@post.example", "", "", NX_PROOF_CLAIM, NX_VERP_NONE },
		{ "fbl@l.example", "", "Return-Path: ", "<n-bounces+redacted=post.example@m.example>", "", "",
		  NX_PROOF_CLAIM, NX_VERP_NONE },
	};
	g_autoptr (NxVerpKeys) keys = nx_verp_keys_new ("keys", "a " SECRET " 2020-01-01\n", NULL);
	g_autoptr (GPtrArray) headers = g_ptr_array_new ();
	g_ptr_array_add (headers, (gpointer)(guintptr) "X-Reader");
	const NxIdentityRules rules = { .headers = headers, .keys = keys, .now = NOW };
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat (
			"From: fbl@provider.example\nTo: ", rows[i].to,
			"\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
			"Feedback-Type: abuse\nOriginal-Rcpt-To: [redacted]@post.example\nOriginal-Mail-From: ",
			rows[i].fields, "\n\n--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n", rows[i].header,
			rows[i].original, "\n\n--b--\n", NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		NxIdentity identity = { 0 };
		nx_identity_find (&rules, report, NULL, &identity);
		assert_int_equal (report->kind, NX_KIND_FEEDBACK);
		assert_int_equal (report->recipients->len, 0);
		if (strcmp (identity.verp_recipient, rows[i].recipient) != 0 ||
		    strcmp (identity.token, rows[i].token) != 0 || identity.proof != rows[i].proof ||
		    identity.refused != rows[i].refused)
			fail_msg ("row %u: \"%s\", token \"%s\", %s %s", (guint)i, identity.verp_recipient,
				  identity.token, nx_proof_to_string (identity.proof),
				  nx_verp_result_to_string (identity.refused));
		nx_identity_clear (&identity);
	}
}

static void
test_proof__names_go_both_ways (void **state)
{
	(void)state;
	for (guint proof = NX_PROOF_NONE; proof <= NX_PROOF_SIGNED; proof++) {
		NxProof back = NX_PROOF_NONE;
		assert_true (nx_proof_from_string (nx_proof_to_string ((NxProof)proof), &back));
		assert_int_equal (back, proof);
	}
	NxProof untouched = NX_PROOF_VERP;
	assert_false (nx_proof_from_string ("VERP", &untouched));
	assert_int_equal (untouched, NX_PROOF_VERP);
}

static void
test_pipeline_read__makes_one_event_of_ordinary_mail (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, NULL);
	NxRawMessage raw = { .file = "f",
			     .offset = 7,
			     .data = "Subject: hi\n\nhello\n",
			     .length = 19,
			     .envelope_sender = "",
			     .envelope_date = 5,
			     .truncated = TRUE };
	g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
	assert_int_equal (events->len, 1);
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_int_equal (event->kind, NX_KIND_NONE);
	assert_int_equal (event->verdict, NX_VERDICT_BENIGN);
	assert_int_equal (event->offset, 7);
	assert_int_equal (event->date, 5);
	assert_int_equal (event->proof, NX_PROOF_NONE);
	assert_string_equal (event->file, "f");
	assert_string_equal (event->defects, "");
}

static void
test_pipeline_read__tells_cut_reports (void **state)
{
	(void)state;
	static const char text[] = REPORT ("a@lists.example", "");
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, NULL);
	NxRawMessage raw = {
		.file = "-", .data = text, .length = sizeof text - 1, .envelope_sender = "", .truncated = TRUE
	};
	g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
	assert_int_equal (events->len, 1);
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_string_equal (event->recipient, "joan@post.example");
	assert_int_equal (event->kind, NX_KIND_FAILURE);
	assert_has (event->defects, "cut");
	assert_int_equal (strlen (event->fingerprint), 32);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_find__grades_the_proof),
		cmocka_unit_test (test_find__looks_in_this_order),
		cmocka_unit_test (test_find__proves_nothing_by_what_is_returned),
		cmocka_unit_test (test_find__takes_the_configured_header_for_ours),
		cmocka_unit_test (test_find__knows_who_complains),
		cmocka_unit_test (test_proof__names_go_both_ways),
		cmocka_unit_test (test_pipeline_read__makes_one_event_of_ordinary_mail),
		cmocka_unit_test (test_pipeline_read__tells_cut_reports),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
