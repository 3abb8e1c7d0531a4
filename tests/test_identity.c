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
		cmocka_unit_test (test_proof__names_go_both_ways),
		cmocka_unit_test (test_pipeline_read__makes_one_event_of_ordinary_mail),
		cmocka_unit_test (test_pipeline_read__tells_cut_reports),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
