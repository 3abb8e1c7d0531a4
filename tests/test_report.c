/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_report.c: what is read out of delivery status notifications (RFC 3464, RFC 6533) and the text beside them.
 * test_report-kinds.c has the other kinds of reports.
 */
#include "core-helpers.h"
#include "mime/part.h"

#define HEAD "From: mailer-daemon@mx.example\nTo: news-bounces@lists.example\nDate: Mon, 23 Nov 2026 13:05:00 +0000\n"
#define TYPE "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\n"

static NxReport *
read_status (const char *words, const char *fields)
{
	g_autofree char *text = g_strconcat (HEAD TYPE "--b\n\n", words, "\n" STATUS, fields, "\n--b--\n", NULL);
	return make_report (text, "");
}

static const NxRecipient *
get_first (const NxReport *report)
{
	const NxRecipient *recipient = nx_report_get_recipient (report, 0);
	assert_non_null (recipient);
	return recipient;
}

static void
test_delivery_status__reads_all_fields (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = read_status (
		"",
		"Original-Envelope-Id: QQ314159\nReporting-MTA: dns; mx.example (the one)\n"
		"Received-From-MTA: DNS; from.example\nArrival-Date: Mon, 23 Nov 2026 13:05:00 +0000\n"
		"X-Extension: unknown\n\n"
		"ORIGINAL-RECIPIENT: rfc822;joan+2Btag@post.example\nFinal-Recipient: RFC822; Joan+tag@POST.example\n"
		"X-Actual-Recipient: rfc822; jo@host.example\nAction: failed (after retries)\n"
		"Status: 5.1.1 (bad mailbox)\nRemote-MTA: dns; mx.post.example (192.0.2.1)\n"
		"Diagnostic-Code: SMTP; 550 5.1.1\n\tno such user\n  here\n"
		"Last-Attempt-Date: Mon, 23 Nov 2026 13:05:01 +0000\nFinal-Log-ID: LOG77\n"
		"Will-Retry-Until: Mon, 23 Nov 2026 13:05:02 +0000\nLocalized-Diagnostic: de; weg\n");
	const NxRecipient *recipient = get_first (report);
	assert_int_equal (report->recipients->len, 1);
	assert_int_equal (report->kind, NX_KIND_FAILURE);
	assert_string_equal (report->format, "rfc3464");
	assert_string_equal (report->reporting_mta, "mx.example");
	assert_string_equal (report->received_from_mta, "from.example");
	assert_string_equal (report->original_envelope_id, "QQ314159");
	assert_int_equal (report->arrival_date, 1795439100);
	assert_int_equal (report->date, 1795439100);
	assert_string_equal (recipient->original_recipient, "joan+tag@post.example");
	assert_string_equal (recipient->original_recipient_raw, "joan+2Btag@post.example");
	assert_string_equal (recipient->final_recipient, "Joan+tag@post.example");
	assert_string_equal (recipient->actual_recipient, "jo@host.example");
	assert_int_equal (recipient->kind, NX_KIND_FAILURE);
	assert_true (nx_status_equal (recipient->status, (NxStatus){ 5, 1, 1 }));
	assert_string_equal (recipient->remote_mta, "mx.post.example");
	assert_string_equal (recipient->diagnostic_type, "smtp");
	assert_string_equal (recipient->diagnostic_code, "550 5.1.1 no such user here");
	assert_string_equal (recipient->final_log_id, "LOG77");
	assert_int_equal (recipient->last_attempt_date, 1795439101);
	assert_int_equal (recipient->will_retry_until, 1795439102);
	assert_has (recipient->localized_diagnostic, "weg");
	assert_string_equal (report->defects, "");
}

static void
test_delivery_status__reads_actions (void **state)
{
	(void)state;
	static const struct {
		const char *fields;
		NxKind kind;
		const char *defect;
	} rows[] = {
		{ "Action: failed\nStatus: 5.0.0\n", NX_KIND_FAILURE, "" },
		{ "Action: FAILED (x)\nStatus: 5.0.0\n", NX_KIND_FAILURE, "" },
		{ "Action: failure\nStatus: 5.0.0\n", NX_KIND_FAILURE, "" },
		{ "Action: error\nStatus: 5.0.0\n", NX_KIND_FAILURE, "" },
		{ "Action: expired\nStatus: 4.4.7\n", NX_KIND_FAILURE, "" },
		{ "Action: delayed\nStatus: 4.4.7\n", NX_KIND_DELAYED, "" },
		{ "Action: delivered (to mailing list)\nStatus: 2.0.0\n", NX_KIND_DELIVERED, "" },
		{ "Action: relayed (to non-DSN-aware mailer)\nStatus: 2.0.0\n", NX_KIND_RELAYED, "" },
		{ "Action: expanded\nStatus: 2.0.0\n", NX_KIND_EXPANDED, "" },
		{ "Status: 5.1.1\n", NX_KIND_FAILURE, "no-action" },
		{ "Status: 2.1.5\n", NX_KIND_DELIVERED, "no-action" },
		{ "Action: perhaps\nStatus: 5.1.1\n", NX_KIND_FAILURE, "no-action" },
		{ "Action: failed\n", NX_KIND_FAILURE, "no-status" },
		{ "Action: failed\nStatus: unknown\n", NX_KIND_FAILURE, "no-status" },
		{ "Action: failed\nStatus: 5.1.1.1\n", NX_KIND_FAILURE, "no-status" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *fields = g_strconcat ("Final-Recipient: rfc822; a@b.example\n", rows[i].fields, NULL);
		g_autoptr (NxReport) report = read_status ("", fields);
		if (get_first (report)->kind != rows[i].kind || strcmp (report->defects, rows[i].defect) != 0)
			fail_msg ("%s: %s, %s", rows[i].fields, nx_kind_to_string (report->kind), report->defects);
	}
}

static void
test_delivery_status__reads_addresses_of_any_type (void **state)
{
	(void)state;
	static const struct {
		const char *field;
		const char *want;
	} rows[] = {
		{ "Final-Recipient: rfc822; a@b.example\n", "a@b.example" },
		{ "Final-Recipient: a@b.example\n", "a@b.example" },
		{ "Final-Recipient: rfc822; <a@b.example>\n", "a@b.example" },
		{ "Final-Recipient: rfc822;\n a@b.example\n", "a@b.example" },
		{ "Final-Recipient: LOCAL; a@b.example (Joan)\n", "a@b.example" },
		{ "Final-Recipient: rfc822; \"a b\"@b.example\n", "\"a b\"@b.example" },
		{ "Final-Recipient: utf-8; \\x{FC}ber@b.example\n", "\303\274ber@b.example" },
		{ "Final-Recipient: utf-8; \303\274ber@b.example\n", "\303\274ber@b.example" },
		{ "Final-Recipient: utf-8; \303\274\\x{62}er@b.example\n", "\303\274ber@b.example" },
		{ "Final-Recipient: rfc822; \303\274ber@b.example\n", "\303\274ber@b.example" },
		{ "Final-Recipient: rfc822; \\303\\274ber@b.example\n", "\303\274ber@b.example" },
		{ "Final-Recipient: rfc822; joan\nOriginal-Recipient: rfc822; a@b.example\n", "a@b.example" },
		{ "Final-Recipient: rfc822; joan@host\nOriginal-Recipient: rfc822; a@b.example\n", "a@b.example" },
		{ "Original-Recipient: rfc822; a@b.example\n", "a@b.example" },
		{ "X-Actual-Recipient: rfc822; a@b.example\n", "a@b.example" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *fields = g_strconcat (rows[i].field, "Action: failed\nStatus: 5.1.1\n", NULL);
		g_autoptr (NxReport) report = read_status ("", fields);
		if (strcmp (get_first (report)->final_recipient, rows[i].want) != 0)
			fail_msg ("%s: %s", rows[i].field, get_first (report)->final_recipient);
	}
}

static void
test_delivery_status__reads_diagnostics_of_any_type (void **state)
{
	(void)state;
	static const struct {
		const char *field;
		const char *type;
		const char *code;
	} rows[] = {
		{ "smtp; 550 no", "smtp", "550 no" },
		{ "X-Unix; 67; more", "x-unix", "67; more" },
		{ "550 no; really", "", "550 no; really" },
		{ "550 no such user", "", "550 no such user" },
		{ "smtp;\n 550-one\n 550 two", "smtp", "550-one 550 two" },
		{ "smtp; 550-one\n550 two (not folded)", "smtp", "550-one 550 two (not folded)" },
		{ "smtp; 550 j\\303\\274tta \374", "smtp", "550 j\303\274tta \303\274" },
		{ "", "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *fields = g_strconcat ("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
						       "Diagnostic-Code: ",
						       rows[i].field, "\n", NULL);
		g_autoptr (NxReport) report = read_status ("", fields);
		const NxRecipient *recipient = get_first (report);
		if (strcmp (recipient->diagnostic_type, rows[i].type) != 0 ||
		    strcmp (recipient->diagnostic_code, rows[i].code) != 0)
			fail_msg ("%s: [%s] %s", rows[i].field, recipient->diagnostic_type, recipient->diagnostic_code);
	}
}

static void
test_delivery_status__reads_several_recipients (void **state)
{
	(void)state;
	static const char *const texts[] = {
		/* as the standard has it, and with more empty lines */
		"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: x; a@b.example\nAction: failed\n\n\n\n"
		"Final-Recipient: x; c@d.example\nAction: delayed\n",
		/* all in one block */
		"Reporting-MTA: dns; mx.example\nFinal-Recipient: x; a@b.example\nAction: failed\n"
		"Final-Recipient: x; c@d.example\nAction: delayed\n",
		/* blanks in the empty line */
		"Reporting-MTA: dns; mx.example\n \nFinal-Recipient: x; a@b.example\nAction: failed\n \t\n"
		"Final-Recipient: x; c@d.example\nAction: delayed\n",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
		g_autoptr (NxReport) report = read_status ("", texts[i]);
		assert_int_equal (report->recipients->len, 2);
		assert_string_equal (report->reporting_mta, "mx.example");
		assert_string_equal (get_first (report)->final_recipient, "a@b.example");
		assert_string_equal (nx_report_get_recipient (report, 1)->final_recipient, "c@d.example");
		assert_int_equal (nx_report_get_recipient (report, 1)->kind, NX_KIND_DELAYED);
		assert_int_equal (report->kind, NX_KIND_FAILURE);
		assert_null (nx_report_get_recipient (report, 2));
	}
}

#define FIELDS "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"

static void
test_delivery_status__finds_its_part (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		gboolean found;
	} rows[] = {
		{ HEAD TYPE "--b\n\nx\n" STATUS FIELDS "--b--\n", TRUE },
		/* no report-type, other containers */
		{ HEAD "Content-Type: multipart/report; boundary=b\n\n" STATUS FIELDS, TRUE },
		{ HEAD "Content-Type: multipart/mixed; boundary=b\n\n" STATUS FIELDS, TRUE },
		{ HEAD "Content-Type: message/delivery-status\n\n" FIELDS, TRUE },
		/* nested */
		{ HEAD "Content-Type: multipart/mixed; boundary=c\n\n--c\n" TYPE STATUS FIELDS "--b--\n--c--\n", TRUE },
		/* RFC 6533, encoded */
		{ HEAD TYPE "--b\nContent-Type: message/global-delivery-status\n"
			    "Content-Transfer-Encoding: quoted-printable\n\nFinal-Recipient: rfc822=3B a=40b.example\n"
			    "Action: failed\n",
		  TRUE },
		{ HEAD TYPE "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
			    "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFAYi5leGFtcGxlCkFjdGlvbjogZmFpbGVkCg==\n",
		  TRUE },
		/* mislabelled */
		{ HEAD TYPE "--b\n\nx\n--b\nContent-Type: text/plain\n\n" FIELDS, TRUE },
		/* fields in the text */
		{ HEAD "\nYour mail failed.\n\n" FIELDS, TRUE },
		/* a letter of a person */
		{ "From: joan@post.example\nContent-Type: multipart/mixed; boundary=b\n\n" STATUS FIELDS, FALSE },
		{ "From: joan@post.example\n\nlook at this:\n\n" FIELDS, FALSE },
		/* enclosed: somebody else's */
		{ "From: joan@post.example\nContent-Type: message/rfc822\n\n" HEAD TYPE STATUS FIELDS "--b--\n",
		  FALSE },
		{ "From: joan@post.example\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nsee\n--c\n"
		  "Content-Type: message/rfc822\n\n" HEAD TYPE STATUS FIELDS "--b--\n--c--\n",
		  FALSE },
		{ "From: digest@lists.example\nContent-Type: multipart/digest; boundary=c\n\n--c\n\n" HEAD TYPE STATUS
			  FIELDS "--b--\n--c--\n",
		  FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxReport) report = make_report (rows[i].text, "");
		gboolean found = report->recipients->len == 1 &&
				 strcmp (get_first (report)->final_recipient, "a@b.example") == 0 &&
				 report->kind == NX_KIND_FAILURE;
		if (found != rows[i].found || (!found && report->kind != NX_KIND_NONE))
			fail_msg ("row %u: %u recipients, %s", (guint)i, report->recipients->len,
				  nx_kind_to_string (report->kind));
	}
}

static void
test_delivery_status__a_wrapped_report_of_a_mailer_counts (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = make_report (
		HEAD
		"Content-Type: multipart/mixed; boundary=c\n\n--c\n\nsee\n--c\nContent-Type: message/rfc822\n\n" HEAD
			TYPE STATUS FIELDS "--b--\n--c--\n",
		"");
	assert_int_equal (report->recipients->len, 1);
	assert_string_equal (get_first (report)->final_recipient, "a@b.example");
}

static void
test_delivery_status__names_nobody_else (void **state)
{
	(void)state;
	static const char *const fields[] = { "", "Reporting-MTA: dns; a@b.example\n", "\n\n\n", "a@b.example\n",
					      "X-Foo: a@b.example\n\nX-Bar: c@d.example\n" };
	for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
		g_autoptr (NxReport) report = read_status ("", fields[i]);
		assert_int_equal (report->recipients->len, 0);
		assert_int_equal (report->kind, NX_KIND_FAILURE);
		assert_has (report->defects, "no-recipient");
	}
}

static void
test_original__is_read (void **state)
{
	(void)state;
	static const char *const types[] = { "message/rfc822", "text/rfc822-headers", "message/global",
					     "message/global-headers", "message/rfc822; x=y" };
	for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
		g_autofree char *fields = g_strconcat (
			FIELDS "\n--b\nContent-Type: ", types[i],
			"\n\nReturn-Path: <news-bounces@lists.example>\nMessage-ID: <1@lists.example>\n"
			"From: =?utf-8?q?J=C3=B6?= <jo@c.example>\nTo: news@lists.example\n"
			"List-Id: <news.lists.example>\nList-Unsubscribe: <https://lists.example/u>\n\nhi\n",
			NULL);
		g_autoptr (NxReport) report = read_status ("", fields);
		assert_string_equal (report->original.message_id, "<1@lists.example>");
		assert_string_equal (report->original.return_path, "<news-bounces@lists.example>");
		assert_string_equal (report->original.from, "J\303\266 <jo@c.example>");
		assert_string_equal (report->original.to, "news@lists.example");
		assert_string_equal (report->original.list_id, "<news.lists.example>");
		assert_string_equal (report->original.list_unsubscribe, "<https://lists.example/u>");
	}
}

/* ---- the text beside the report ---- */

static void
test_transcript__gives_words_to_their_recipient (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = read_status ("The following failed:\n\n"
						   "  <c@d.example>: host mx said:\n    550 second\n\n"
						   "  <a@b.example>: 550 first\n    and on\n\nno part of it\n"
						   "<other@d.example>: 550 nobody's\n",
						   "Final-Recipient: x; a@b.example\nAction: failed\n\n"
						   "Final-Recipient: x; c@d.example\nAction: failed\n");
	assert_string_equal (get_first (report)->transcript, "550 first and on");
	assert_string_equal (nx_report_get_recipient (report, 1)->transcript, "host mx said: 550 second");
	g_autoptr (NxReport) empty = read_status ("<a@b.example>\n    (reason: )\n\n<a@b.example>... Deferred: reset\n",
						  "Final-Recipient: x; a@b.example\nAction: failed\n");
	assert_string_equal (get_first (empty)->transcript, "... Deferred: reset");
	assert_int_equal (report->recipients->len, 2);
}

static void
test_transcript__tells_where_an_alias_led (void **state)
{
	(void)state;
	static const struct {
		const char *words;
		const char *final;
		const char *original;
		const char *actual;
	} rows[] = {
		{ "  new@home.example\n    (generated from ann@post.example)\n    gone\n", "ann@post.example", "",
		  "new@home.example" },
		{ "  new@home.example\n    (ultimately generated from ann@post.example)\n", "new@home.example",
		  "ann@post.example", "" },
		{ "<new@home.example> (expanded from <ann@post.example>): 550 gone\n", "new@home.example",
		  "ann@post.example", "" },
		{ "<new@home.example>\n    (reason: 550 gone)\n    (expanded from: <ann@post.example>)\n",
		  "ann@post.example", "", "" },
		{ "<new@home.example>\n    (expanded from: <ann@post.example>)\n", "ann@post.example", "",
		  "new@home.example" },
		{ "  new@home.example\n    (generated from ann@post.example)\n", "eve@post.example", "", "" },
		{ "  new@home.example\n    (generated from a script by ann@post.example)\n", "ann@post.example", "",
		  "" },
		{ "  new@home.example\n\n    (generated from ann@post.example)\n", "ann@post.example", "", "" },
		{ "  new@home.example", "new@home.example", "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *fields =
			g_strconcat ("Final-Recipient: x; ", rows[i].final, "\nAction: failed\n", NULL);
		g_autoptr (NxReport) report = read_status (rows[i].words, fields);
		const NxRecipient *recipient = get_first (report);
		assert_int_equal (report->recipients->len, 1);
		assert_string_equal (recipient->final_recipient, rows[i].final);
		if (strcmp (recipient->original_recipient, rows[i].original) != 0 ||
		    strcmp (recipient->actual_recipient, rows[i].actual) != 0)
			fail_msg ("row %u: from \"%s\" to \"%s\"", (guint)i, recipient->original_recipient,
				  recipient->actual_recipient);
	}
	g_autoptr (NxReport) fields =
		read_status ("  new@home.example\n    (generated from ann@post.example)\n",
			     "Original-Recipient: x; old@post.example\nFinal-Recipient: x; new@home.example\n"
			     "Action: failed\n");
	assert_string_equal (get_first (fields)->original_recipient, "old@post.example");
}

static void
test_transcript__completes_a_cut_diagnosis (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = read_status ("   ----- Transcript of session follows -----\n"
						   "... while talking to mx.b.example.:\n"
						   ">>> RCPT To:<a@b.example>\n"
						   "<<< 551-5.1.6 the user is gone\n"
						   "<<< 551-5.1.6 please try\n"
						   "<<< 551 5.1.6 <new@b.example>\n"
						   "550 5.1.1 <a@b.example>... User unknown\n"
						   "<<< 550 other\n",
						   "Final-Recipient: x; a@b.example\nAction: failed\nStatus: 5.1.6\n"
						   "Diagnostic-Code: SMTP; 551 5.1.6 the user is gone\n\n"
						   "Final-Recipient: x; c@b.example\nAction: failed\n"
						   "Diagnostic-Code: SMTP; 551-5.1.6 the user is gone\n\n"
						   "Final-Recipient: x; e@b.example\nAction: failed\n"
						   "Diagnostic-Code: SMTP; 550 5.1.6 the user is gone\n");
	static const char whole[] = "551-5.1.6 the user is gone 551-5.1.6 please try 551 5.1.6 <new@b.example>";
	assert_string_equal (get_first (report)->diagnostic_code, whole);
	assert_string_equal (nx_report_get_recipient (report, 1)->diagnostic_code, whole);
	assert_string_equal (nx_report_get_recipient (report, 2)->diagnostic_code, "550 5.1.6 the user is gone");
}

static void
test_transcript__knows_an_expiry_called_delay (void **state)
{
	(void)state;
	static const struct {
		const char *words;
		const char *status;
		NxKind kind;
	} rows[] = {
		{ "a@b.example: Envelope expired\n", "4.4.7", NX_KIND_FAILURE },
		{ "a@b.example: still trying\n", "4.4.7", NX_KIND_DELAYED },
		{ "a@b.example: Envelope expired\n", "4.0.0", NX_KIND_DELAYED },
		{ "c@d.example: Envelope expired\n", "4.4.7", NX_KIND_DELAYED },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *fields = g_strconcat (
			"Final-Recipient: x; a@b.example\nAction: delayed\nStatus: ", rows[i].status, "\n", NULL);
		g_autoptr (NxReport) report = read_status (rows[i].words, fields);
		assert_int_equal (get_first (report)->kind, rows[i].kind);
		assert_int_equal (report->kind, rows[i].kind);
	}
}

static void
test_envelope_recipients__come_from_all_headers (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = make_report ("From: x@y.example\nTo: Bounces <c@d.example>\n"
						   "X-Original-To: b@d.example\nDelivered-To: a@d.example\n\nhi\n",
						   "");
	assert_int_equal (report->envelope_recipients->len, 3);
	assert_string_equal (g_ptr_array_index (report->envelope_recipients, 0), "a@d.example");
	assert_string_equal (g_ptr_array_index (report->envelope_recipients, 2), "c@d.example");
	assert_int_equal (report->kind, NX_KIND_NONE);
	assert_string_equal (report->format, "");
	assert_int_equal (report->recipients->len, 0);
}

static void
test_kind__names_go_both_ways (void **state)
{
	(void)state;
	for (guint kind = NX_KIND_NONE; kind <= NX_KIND_VACATION; kind++) {
		NxKind back = NX_KIND_NONE;
		assert_true (nx_kind_from_string (nx_kind_to_string (kind), &back));
		assert_int_equal (back, kind);
	}
	NxKind untouched = NX_KIND_RELAYED;
	assert_false (nx_kind_from_string ("", &untouched));
	assert_int_equal (untouched, NX_KIND_RELAYED);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_delivery_status__reads_all_fields),
		cmocka_unit_test (test_delivery_status__reads_actions),
		cmocka_unit_test (test_delivery_status__reads_addresses_of_any_type),
		cmocka_unit_test (test_delivery_status__reads_diagnostics_of_any_type),
		cmocka_unit_test (test_delivery_status__reads_several_recipients),
		cmocka_unit_test (test_delivery_status__finds_its_part),
		cmocka_unit_test (test_delivery_status__a_wrapped_report_of_a_mailer_counts),
		cmocka_unit_test (test_delivery_status__names_nobody_else),
		cmocka_unit_test (test_original__is_read),
		cmocka_unit_test (test_transcript__gives_words_to_their_recipient),
		cmocka_unit_test (test_transcript__tells_where_an_alias_led),
		cmocka_unit_test (test_transcript__completes_a_cut_diagnosis),
		cmocka_unit_test (test_transcript__knows_an_expiry_called_delay),
		cmocka_unit_test (test_envelope_recipients__come_from_all_headers),
		cmocka_unit_test (test_kind__names_go_both_ways),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
