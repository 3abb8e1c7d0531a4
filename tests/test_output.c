/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_output.c: what programs and terminals get to read (nixie/output.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <nixie/output.h>

static void
set (char **field, const char *value)
{
	g_free (*field);
	*field = g_strdup (value);
}

static NxEvent *
make_full_event (void)
{
	NxEvent *event = nx_event_new ();

	set (&event->file, "in.mbox");
	event->offset = 4711;
	set (&event->message_id, "m1@example.net");
	event->date = 1795442700;
	event->kind = NX_KIND_FAILURE;
	set (&event->recipient, "a@example.org");
	set (&event->original_recipient, "b@example.org");
	event->verdict = NX_VERDICT_PERMANENT;
	event->reason = NX_REASON_MOVED;
	event->status = (NxStatus){ 5, 1, 6 };
	event->reply = 551;
	set (&event->forward, "c@example.com");
	set (&event->diagnostic, "551 moved");
	set (&event->reporting_mta, "mx.example.net");
	set (&event->remote_mta, "mx.example.org");
	set (&event->list, "news");
	set (&event->subscriber, "b@example.org");
	event->proof = NX_PROOF_VERP;
	set (&event->rule, "RFC 3463 3.2");
	set (&event->defects, "no-boundary");
	return event;
}

static void
test_nx_output_format_event__all_members_in_order (void **state)
{
	g_autoptr (NxEvent) event = make_full_event ();
	g_autofree char *line = nx_output_format_event (event);

	(void)state;
	assert_string_equal (line,
			     "{\"file\":\"in.mbox\",\"offset\":4711,\"message_id\":\"m1@example.net\","
			     "\"date\":\"2026-11-23T14:05:00Z\",\"kind\":\"failure\",\"recipient\":\"a@example.org\","
			     "\"original_recipient\":\"b@example.org\",\"verdict\":\"permanent\",\"reason\":\"moved\","
			     "\"status\":\"5.1.6\",\"reply\":551,\"forward\":\"c@example.com\","
			     "\"diagnostic\":\"551 moved\",\"reporting_mta\":\"mx.example.net\","
			     "\"remote_mta\":\"mx.example.org\",\"list\":\"news\",\"subscriber\":\"b@example.org\","
			     "\"proof\":\"verp\",\"rule\":\"RFC 3463 3.2\",\"defects\":\"no-boundary\"}");
}

static void
test_nx_output_format_event__leaves_out_what_is_absent (void **state)
{
	g_autoptr (NxEvent) event = nx_event_new ();
	g_autofree char *line = NULL;

	(void)state;
	set (&event->file, "-");
	event->verdict = NX_VERDICT_BENIGN;
	line = nx_output_format_event (event);
	assert_string_equal (line, "{\"file\":\"-\",\"offset\":0,\"kind\":\"none\",\"verdict\":\"benign\"}");
}

static void
test_nx_output_format_event__is_one_valid_line_for_any_bytes (void **state)
{
	g_autoptr (NxEvent) event = nx_event_new ();

	(void)state;
	for (guint byte = 1; byte < 256; byte++) {
		const char text[] = { 'a', (char)byte, 'b', '\0' };
		g_autofree char *line = NULL;
		json_t *object = NULL;

		set (&event->diagnostic, text);
		line = nx_output_format_event (event);
		object = json_loads (line, 0, NULL);
		assert_non_null (object);
		assert_null (strpbrk (line, "\n\r\x1b\x7f"));
		if (byte < 0x80)
			assert_string_equal (json_string_value (json_object_get (object, "diagnostic")), text);
		json_decref (object);
	}
}

static void
test_nx_output_format_event__escapes_what_turns_a_terminal_around (void **state)
{
	g_autoptr (NxEvent) event = nx_event_new ();
	g_autofree char *line = NULL;
	json_t *object = NULL;

	(void)state;
	set (&event->diagnostic, "x\u202Ey\xC2\x9Bz\U000E0041 D\u00F6rte");
	line = nx_output_format_event (event);
	assert_non_null (strstr (line, "\"x\\u202Ey\\u009Bz\\uDB40\\uDC41 D\u00F6rte\""));
	object = json_loads (line, 0, NULL);
	assert_string_equal (json_string_value (json_object_get (object, "diagnostic")), event->diagnostic);
	json_decref (object);
}

static void
test_nx_output_format_decision__all_members_in_order (void **state)
{
	NxDecision decision = { .verdict = NX_VERDICT_TRANSIENT,
				.reason = NX_REASON_MAILBOX_FULL,
				.status = { 4, 2, 2 },
				.reply = 452,
				.forward = (char[]){ "" },
				.rule = (char[]){ "full" },
				.diagnostic = (char[]){ "452 4.2.2 full" } };
	g_autofree char *line = nx_output_format_decision (&decision);

	(void)state;
	assert_string_equal (line, "{\"verdict\":\"transient\",\"reason\":\"mailbox-full\",\"status\":\"4.2.2\","
				   "\"reply\":452,\"rule\":\"full\"}");
}

static void
test_nx_output_format_csv__quotes_and_disarms (void **state)
{
	static const struct {
		const char *fields[3];
		guint count;
		const char *want;
	} cases[] = {
		{ { "news", "a@b.org", "" }, 3, "news,a@b.org," },
		{ { "a,b", "say \"hi\"", "two\nlines" }, 3, "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"" },
		{ { "=1+1", "+x@y.org", "-2" }, 3, "'=1+1,'+x@y.org,'-2" },
		{ { "@cmd", "\tx", "a=1" }, 3, "'@cmd,\"'\tx\",a=1" },
		{ { "\uFF1D1", NULL, " x" }, 3, "'\uFF1D1,,\" x\"" },
		{ { "=a,\"b\"" }, 1, "\"'=a,\"\"b\"\"\"" },
		{ { "" }, 1, "\"\"" },
		{ { "\xff=" }, 1, "\xff=" },
		{ { NULL }, 0, "" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *got = nx_output_format_csv (cases[i].fields, cases[i].count);

		assert_string_equal (got, cases[i].want);
	}
}

static void
test_nx_output_escape_terminal__table (void **state)
{
	static const struct {
		const char *input;
		const char *want;
	} cases[] = {
		{ "", "" },
		{ "plain text", "plain text" },
		{ "D\u00F6rte \u4E2D \U0001F600", "D\u00F6rte \u4E2D \U0001F600" },
		{ "\x1b[31mred", "\\x{1B}[31mred" },
		{ "a\nb\tc\r", "a\\x{A}b\\x{9}c\\x{D}" },
		{ "\x7f", "\\x{7F}" },
		{ "\xC2\x9B"
		  "2J",
		  "\\x{9B}2J" },
		{ "x\u202Egro.\u202C", "x\\x{202E}gro.\\x{202C}" },
		{ "\u2066\u2069\u200E\u061C\uFEFF\u200B", "\\x{2066}\\x{2069}\\x{200E}\\x{61C}\\x{FEFF}\\x{200B}" },
		{ "a\u2028b\u2029", "a\\x{2028}b\\x{2029}" },
		{ "\U000E0041", "\\x{E0041}" },
		{ "caf\xe9", "caf\\x{E9}" },
		{ "\xff\xc3", "\\x{FF}\\x{C3}" },
		{ "\xed\xa0\x80", "\\x{ED}\\x{A0}\\x{80}" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		gsize size = strlen (cases[i].input) + 1;
		g_autofree char *exact = g_memdup2 (cases[i].input, size);
		g_autofree char *got = nx_output_escape_terminal (exact);

		assert_string_equal (got, cases[i].want);
	}
}

static void
test_nx_output_format_date__table (void **state)
{
	static const struct {
		gint64 date;
		const char *want;
	} cases[] = {
		{ 0, "" },
		{ 1, "1970-01-01T00:00:01Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951826554, "2000-02-29T12:15:54Z" },
		{ -62135596800, "0001-01-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ 253402300800, "" },
		{ G_MAXINT64, "" },
		{ G_MININT64, "" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *got = nx_output_format_date (cases[i].date);

		assert_string_equal (got, cases[i].want);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nx_output_format_event__all_members_in_order),
		cmocka_unit_test (test_nx_output_format_event__leaves_out_what_is_absent),
		cmocka_unit_test (test_nx_output_format_event__is_one_valid_line_for_any_bytes),
		cmocka_unit_test (test_nx_output_format_event__escapes_what_turns_a_terminal_around),
		cmocka_unit_test (test_nx_output_format_decision__all_members_in_order),
		cmocka_unit_test (test_nx_output_format_csv__quotes_and_disarms),
		cmocka_unit_test (test_nx_output_escape_terminal__table),
		cmocka_unit_test (test_nx_output_format_date__table),
	};

	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
