/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_proof.c: whose server may speak for whom, and what that does to the proof of each event.
 */
#include "core-helpers.h"
#include "identity/proof.h"

static void
test_is_same_organisation__spares_registries (void **state)
{
	(void)state;
	static const struct {
		const char *a;
		const char *b;
		gboolean want;
	} rows[] = {
		{ "post.example", "post.example", TRUE },
		{ "mx.post.example", "post.example", TRUE },
		{ "post.example", "mail.post.example", TRUE },
		{ "a.b.c.post.example", "post.example", TRUE },
		{ "post.co.uk", "mx.post.co.uk", TRUE },
		{ "wp.pl", "wp.pl", TRUE },
		{ "gmx.de", "mout.gmx.de", TRUE },
		{ "me.com", "mx.me.com", TRUE },
		{ "qq.com", "mx.qq.com", TRUE },
		{ "mx1.post.example", "mx2.post.example", FALSE },
		{ "evilpost.example", "post.example", FALSE },
		{ "post.example.evil.example", "post.example", FALSE },
		{ "example", "example", FALSE },
		{ "post.example", "example", FALSE },
		{ "example", "post.example", FALSE },
		{ "co.uk", "co.uk", FALSE },
		{ "co.uk", "post.co.uk", FALSE },
		{ "post.co.uk", "co.uk", FALSE },
		{ "evil.com.br", "com.br", FALSE },
		{ "evil.eu.org", "eu.org", FALSE },
		{ "evil.uk.com", "uk.com", FALSE },
		{ "evil.qc.ca", "qc.ca", FALSE },
		{ "evil.k12.ca.us", "k12.ca.us", FALSE },
		{ "1.192.0.2", "192.0.2", FALSE },
		{ "", "", FALSE },
		{ "post.example", "", FALSE },
		{ ".", "post.example", FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		if (nx_proof_is_same_organisation (rows[i].a, rows[i].b) != rows[i].want)
			fail_msg ("%s and %s", rows[i].a, rows[i].b);
		if (nx_proof_is_same_organisation (rows[i].b, rows[i].a) != rows[i].want)
			fail_msg ("%s and %s", rows[i].b, rows[i].a);
	}
}

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOW ((gint64)20000 * 86400)

static NxPipeline *
make_pipeline (void)
{
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	NxPipeline *pipeline = nx_pipeline_new (rules, NULL);
	assert_non_null (pipeline);
	assert_true (nx_pipeline_add_authserv_id (pipeline, "mx.example.org", NULL));
	nx_pipeline_set_verp_keys (pipeline, nx_verp_keys_new ("keys", "a " SECRET " 2020-01-01\n", NULL), NOW);
	return pipeline;
}

static GPtrArray *
read_text (const NxPipeline *pipeline, const char *text)
{
	g_autofree char *copy = copy_exact (text, strlen (text));
	const NxRawMessage raw = { .file = "f", .data = copy, .length = strlen (text), .envelope_sender = "" };
	return nx_pipeline_read (pipeline, &raw, NULL);
}

#define RESULTS "Authentication-Results: mx.example.org; "
#define JOAN "Final-Recipient: rfc822; joan@post.example\nAction: failed\nStatus: 5.1.1\n"
#define JIM "Final-Recipient: rfc822; jim@other.example\nAction: failed\nStatus: 5.1.1\n"

static char *
make_text (const char *results, const char *to, const char *fields, const char *original)
{
	return g_strconcat (results, "From: mailer-daemon@mx.post.example\nTo: ", to,
			    "\nContent-Type: multipart/report; boundary=b\n\n--b\n"
			    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.post.example\n\n",
			    fields, "\n--b\nContent-Type: text/rfc822-headers\n\n", original, "\n--b--\n", NULL);
}

static void
test_pipeline_read__weighs_what_our_server_checked (void **state)
{
	(void)state;
	g_autoptr (NxVerpKeys) keys = nx_verp_keys_new ("keys", "a " SECRET " 2020-01-01\n", NULL);
	g_autofree char *keyed = nx_verp_make (keys, "n@l.example", NULL, "joan@post.example", NOW, NULL);
	g_autofree char *old =
		nx_verp_make (keys, "n@l.example", NULL, "joan@post.example", NOW - 99 * (gint64)86400, NULL);
	const struct {
		const char *results;
		const char *to;
		const char *fields;
		const char *original;
		NxProof proofs[2];
		const char *defects[2];
	} rows[] = {
		{ "", "c@l.example", JOAN, "", { NX_PROOF_CLAIM }, { "" } },
		/* raised */
		{ RESULTS "dkim=pass header.d=post.example\n", "c@l.example", JOAN, "", { NX_PROOF_ORIGINAL }, { "" } },
		{ RESULTS "spf=pass smtp.helo=mx.post.example\n",
		  "c@l.example",
		  JOAN,
		  "",
		  { NX_PROOF_ORIGINAL },
		  { "" } },
		{ RESULTS "dmarc=pass header.from=post.example\n",
		  "c@l.example",
		  JOAN,
		  "",
		  { NX_PROOF_ORIGINAL },
		  { "" } },
		{ RESULTS "dkim=pass header.d=post.example\n",
		  "n-bounces+joan=post.example@l.example",
		  JOAN,
		  "",
		  { NX_PROOF_ORIGINAL },
		  { "" } },
		/* another organisation */
		{ RESULTS "dkim=pass header.d=evil.example\n", "c@l.example", JOAN, "", { NX_PROOF_CLAIM }, { "" } },
		{ RESULTS "dkim=pass header.d=example\n", "c@l.example", JOAN, "", { NX_PROOF_CLAIM }, { "" } },
		/* only for those whose server it is */
		{ RESULTS "dkim=pass header.d=post.example\n",
		  "c@l.example",
		  JOAN "\n" JIM,
		  "",
		  { NX_PROOF_ORIGINAL, NX_PROOF_CLAIM },
		  { "", "" } },
		/* one's own mailbox named beside another one's subscription */
		{ RESULTS "dkim=pass header.d=post.example\n",
		  "c@l.example",
		  "Original-Recipient: rfc822; jim@other.example\n" JOAN,
		  "",
		  { NX_PROOF_CLAIM },
		  { "" } },
		{ RESULTS "dkim=pass header.d=post.example\n",
		  "n-bounces+jim=other.example@l.example",
		  JOAN,
		  "",
		  { NX_PROOF_VERP },
		  { "" } },
		{ RESULTS "dkim=pass header.d=post.example; dkim=pass header.d=other.example\n",
		  "n-bounces+jim=other.example@l.example",
		  JOAN,
		  "",
		  { NX_PROOF_ORIGINAL },
		  { "" } },
		/* lowered */
		{ RESULTS "dmarc=fail header.from=post.example\n",
		  "c@l.example",
		  JOAN,
		  "Message-ID: <1@l.example>\n",
		  { NX_PROOF_CLAIM },
		  { "auth-failed" } },
		{ RESULTS "dmarc=fail\n",
		  "n-bounces+joan=post.example@l.example",
		  JOAN "\n" JIM,
		  "",
		  { NX_PROOF_CLAIM, NX_PROOF_CLAIM },
		  { "auth-failed", "auth-failed" } },
		{ RESULTS "dmarc=fail; spf=pass smtp.helo=mx.post.example\n",
		  "c@l.example",
		  JOAN,
		  "",
		  { NX_PROOF_CLAIM },
		  { "auth-failed" } },
		/* not lowered */
		{ RESULTS "dmarc=none; spf=softfail; dkim=fail\n",
		  "c@l.example",
		  JOAN,
		  "Message-ID: <1@l.example>\n",
		  { NX_PROOF_ORIGINAL },
		  { "" } },
		{ RESULTS "dmarc=temperror\n",
		  "c@l.example",
		  JOAN,
		  "Message-ID: <1@l.example>\n",
		  { NX_PROOF_ORIGINAL },
		  { "" } },
		{ RESULTS "dmarc=fail\n", keyed, JOAN, "", { NX_PROOF_SIGNED }, { "" } },
		{ RESULTS "dkim=pass header.d=post.example\n", keyed, JOAN, "", { NX_PROOF_SIGNED }, { "" } },
		/* no pass makes up for a token that was refused */
		{ RESULTS "dkim=pass header.d=post.example\n", old, JOAN, "", { NX_PROOF_CLAIM }, { "verp-expired" } },
		{ RESULTS "dmarc=fail\n", old, JOAN, "", { NX_PROOF_CLAIM }, { "verp-expired auth-failed" } },
	};
	g_autoptr (NxPipeline) pipeline = make_pipeline ();
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = make_text (rows[i].results, rows[i].to, rows[i].fields, rows[i].original);
		g_autoptr (GPtrArray) events = read_text (pipeline, text);
		assert_int_equal (events->len, rows[i].defects[1] != NULL ? 2 : 1);
		for (guint j = 0; j < events->len; j++) {
			const NxEvent *event = g_ptr_array_index (events, j);
			if (event->proof != rows[i].proofs[j] || strcmp (event->defects, rows[i].defects[j]) != 0)
				fail_msg ("row %u: %s is %s, \"%s\"", (guint)i, event->recipient,
					  nx_proof_to_string (event->proof), event->defects);
		}
	}
}

static void
test_pipeline_read__says_nothing_of_ordinary_mail (void **state)
{
	(void)state;
	g_autoptr (NxPipeline) pipeline = make_pipeline ();
	g_autoptr (GPtrArray) events =
		read_text (pipeline, RESULTS "dmarc=fail header.from=post.example\nFrom: a@post.example\n\nhi\n");
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_int_equal (event->kind, NX_KIND_NONE);
	assert_int_equal (event->proof, NX_PROOF_NONE);
	assert_string_equal (event->defects, "");
}

/* The field of an enclosed mail, or of one further down, is what a forger brings. */
static void
test_pipeline_read__reads_the_outermost_header_only (void **state)
{
	(void)state;
	g_autoptr (NxPipeline) pipeline = make_pipeline ();
	g_autofree char *text =
		make_text ("", "c@x.example", JOAN, RESULTS "dkim=pass header.d=post.example; dmarc=fail\n");
	g_autoptr (GPtrArray) events = read_text (pipeline, text);
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_int_equal (event->proof, NX_PROOF_CLAIM);
	assert_string_equal (event->defects, "");
	/* cut at its cap, a field's last domain may be half of one */
	g_autoptr (GString) results = g_string_new (RESULTS "dkim=pass header.d=post.example; x=");
	append_repeated (results, "y", 20000);
	g_string_append (results, "\n");
	g_autofree char *longer = make_text (results->str, "c@x.example", JOAN, "");
	g_autoptr (GPtrArray) cut = read_text (pipeline, longer);
	event = g_ptr_array_index (cut, 0);
	assert_has (event->defects, "long-header");
	assert_int_equal (event->proof, NX_PROOF_CLAIM);
}

static void
test_add_authserv_id__wants_a_host_name (void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", ".", "mx example", "mx.example.org;", "\"mx\"", "mx=1", ".example", "a/b"
	};
	static const char *const good[] = { "mx.example.org", "mx", "MX_1.example", "mx.example." };
	g_autoptr (NxPipeline) pipeline = make_pipeline ();
	for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
		g_autoptr (GError) error = NULL;
		if (nx_pipeline_add_authserv_id (pipeline, bad[i], &error))
			fail_msg ("taken: %s", bad[i]);
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_CONFIG));
	}
	for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
		assert_true (nx_pipeline_add_authserv_id (pipeline, good[i], NULL));
}

/* ---- arrival, and the kind of a complaint ---- */

static void
test_pipeline_read__tells_the_arrival (void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		gint64 arrival;
	} rows[] = {
		{ "", 0 },
		{ "Date: Tue, 17 Nov 2026 10:56:00 +0000\n", 0 },
		{ "Received: by mx.example.org; Tue, 17 Nov 2026 10:56:00 +0000\n", 1794912960 },
		{ "Received: by mx.example.org (a; b)\n\twith LMTP; Tue, 17 Nov 2026 11:56:00 +0100 (CET)\n"
		  "Received: by mx.evil.example; Mon, 16 Nov 2026 10:56:00 +0000\n",
		  1794912960 },
		{ "received: by mx.example.org; Tue, 17 Nov 2026 10:56:00 +0000\n", 1794912960 },
		/* the topmost one, or none: those below are the sender's */
		{ "Received: by mx.example.org\nReceived: by mx.evil.example; Mon, 16 Nov 2026 10:56:00 +0000\n", 0 },
		{ "Received: by mx.example.org; some day\n", 0 },
		{ "X-Received: by mx.example.org; Tue, 17 Nov 2026 10:56:00 +0000\n", 0 },
	};
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = make_text (rows[i].headers, "c@l.example", JOAN "\n" JIM, "");
		const NxRawMessage raw = { .file = "f",
					   .data = text,
					   .length = strlen (text),
					   .envelope_sender = "",
					   .envelope_date = 1800000000 };
		g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
		assert_int_equal (events->len, 2);
		for (guint j = 0; j < events->len; j++) {
			const NxEvent *event = g_ptr_array_index (events, j);
			if (event->arrival != rows[i].arrival)
				fail_msg ("row %u: %" G_GINT64_FORMAT, (guint)i, event->arrival);
		}
	}
	g_autoptr (NxEvent) empty = nx_event_new ();
	assert_int_equal (empty->arrival, 0);
	assert_string_equal (empty->feedback_type, "");
}

static void
test_pipeline_read__tells_the_feedback_type (void **state)
{
	(void)state;
	g_autoptr (NxPipeline) pipeline = make_pipeline ();
	g_autoptr (GPtrArray) events = read_text (
		pipeline,
		"From: fbl@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
		"Content-Type: message/feedback-report\n\nFeedback-Type: Not-Spam\nOriginal-Rcpt-To: a@x.example\n"
		"Original-Rcpt-To: b@x.example\n--b--\n");
	assert_int_equal (events->len, 2);
	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);
		assert_int_equal (event->kind, NX_KIND_FEEDBACK);
		assert_string_equal (event->feedback_type, "not-spam");
	}
	g_autofree char *text = make_text ("", "c@l.example", JOAN, "");
	g_autoptr (GPtrArray) bounce = read_text (pipeline, text);
	assert_string_equal (((const NxEvent *)g_ptr_array_index (bounce, 0))->feedback_type, "");
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_is_same_organisation__spares_registries),
		cmocka_unit_test (test_pipeline_read__weighs_what_our_server_checked),
		cmocka_unit_test (test_pipeline_read__says_nothing_of_ordinary_mail),
		cmocka_unit_test (test_pipeline_read__reads_the_outermost_header_only),
		cmocka_unit_test (test_add_authserv_id__wants_a_host_name),
		cmocka_unit_test (test_pipeline_read__tells_the_arrival),
		cmocka_unit_test (test_pipeline_read__tells_the_feedback_type),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("proof", tests, NULL, NULL);
}
