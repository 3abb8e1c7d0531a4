/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_lmtp.c: the LMTP session as a function of bytes. Every conversation is fed whole, an octet at a time, and split
 * at each place in two; what comes out must be the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/lmtp.h"

#define HELLO "220 mx LMTP nixie\r\n"
#define GREETING                                                                                              \
	HELLO "250-mx\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n" \
	      "250 ENHANCEDSTATUSCODES\r\n"
#define MAIL_OK "250 2.1.0 go on\r\n"
#define RCPT_OK "250 2.1.5 go on\r\n"
#define DATA_OK "354 go on, and end with a dot\r\n"
#define CHUNK_OK "250 2.0.0 go on\r\n"
#define RECORDED "250 2.0.0 recorded\r\n"
#define BYE "221 2.0.0 farewell\r\n"
#define TOO_BIG "552 5.3.4 the message is too big\r\n"
#define BAD_LINE "500 5.5.2 a line ends with CR LF, and has no other control characters\r\n"
#define BAD_FROM "501 5.1.7 this is no MAIL FROM:<path>\r\n"
#define BAD_TO "501 5.1.3 this is no RCPT TO:<path>\r\n"
#define NO_RCPT "503 5.5.1 there is no recipient\r\n"
#define NO_CHUNK "503 5.5.1 there is no recipient, or an earlier chunk was refused\r\n"

#define LHLO "LHLO client\r\n"
#define ENVELOPE "MAIL FROM:<>\r\nRCPT TO:<a@x.example>\r\n"

static const NxLmtpLimits usual = {
	.message_bytes = 1000, .line_bytes = 100, .recipients = 3, .bad_commands = 5, .waiting = 2
};

/* What a conversation came to: the replies, and the messages as "sender|recipient,recipient|body;". */
typedef struct {
	GString *output;
	GString *messages;
} Result;

static void
answer_all (NxLmtp *lmtp, Result *result)
{
	for (NxLmtpMessage *message = NULL; (message = nx_lmtp_take_message (lmtp)) != NULL;) {
		const guint8 answers[3] = { NX_LMTP_RECORDED, NX_LMTP_RECORDED, NX_LMTP_RECORDED };

		g_string_append_printf (result->messages, "%s|", message->sender);
		for (guint i = 0; i < message->recipients->len; i++)
			g_string_append_printf (result->messages, "%s%s", i == 0 ? "" : ",",
						(const char *)g_ptr_array_index (message->recipients, i));
		g_string_append_c (result->messages, '|');
		g_string_append_len (result->messages, (const char *)message->body->data, message->body->len);
		g_string_append_c (result->messages, ';');
		nx_lmtp_answer (lmtp, message->id, answers, message->recipients->len);
		nx_lmtp_message_free (message);
	}
}

/* A copy without a byte behind it, so that the sanitizers see a read beyond the end. */
static void
feed (NxLmtp *lmtp, const char *bytes, gsize length, Result *result)
{
	while (length > 0) {
		g_autofree char *copy = g_memdup2 (bytes, length);
		gsize used = nx_lmtp_feed (lmtp, copy, length);

		answer_all (lmtp, result);
		nx_lmtp_take_output (lmtp, result->output);
		bytes += used;
		length -= used;
	}
}

static Result
result_new (void)
{
	return (Result){ .output = g_string_new (NULL), .messages = g_string_new (NULL) };
}

static void
check_result (Result *result, const char *output, const char *messages)
{
	assert_string_equal (result->output->str, output);
	assert_string_equal (result->messages->str, messages);
	g_string_free (result->output, TRUE);
	g_string_free (result->messages, TRUE);
}

/* @step: octets at a time; 0: in two, split at @at. */
static void
check_split (const char *input, gsize length, gsize step, gsize at, const char *output, const char *messages)
{
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);
	Result result = result_new ();

	if (step == 0) {
		feed (lmtp, input, at, &result);
		feed (lmtp, input + at, length - at, &result);
	}
	for (gsize i = 0; step > 0 && i < length; i += step)
		feed (lmtp, input + i, MIN (step, length - i), &result);
	check_result (&result, output, messages);
}

static void
check_octets (const char *input, gsize length, const char *output, const char *messages)
{
	check_split (input, length, 1, 0, output, messages);
	for (gsize at = 0; at <= length; at++)
		check_split (input, length, 0, at, output, messages);
}

static void
check (const char *input, const char *output, const char *messages)
{
	check_octets (input, strlen (input), output, messages);
}

/* ---- messages ---- */

static void
test_nx_lmtp_feed__takes_a_pipelined_conversation (void **state)
{
	(void)state;
	check (LHLO "MAIL FROM:<s@y.example> SIZE=5 BODY=8BITMIME SMTPUTF8\r\n"
		    "RCPT TO:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
		    "Hi\r\n.\r\n" ENVELOPE "DATA\r\nSecond\r\n.\r\nQUIT\r\n",
	       GREETING MAIL_OK RCPT_OK RCPT_OK DATA_OK RECORDED RECORDED MAIL_OK RCPT_OK DATA_OK RECORDED BYE,
	       "s@y.example|a@x.example,b@x.example|Hi\r\n;|a@x.example|Second\r\n;");
}

static void
test_nx_lmtp_feed__takes_dots_off (void **state)
{
	static const struct {
		const char *data;
		const char *body;
	} cases[] = {
		{ ".\r\n", "" },
		{ "..\r\n.\r\n", ".\r\n" },
		{ "...\r\n.\r\n", "..\r\n" },
		{ ".a\r\n.\r\n", "a\r\n" },
		{ "a.\r\n.\r\n", "a.\r\n" },
		{ "a\r\n..b\r\n.\r\n", "a\r\n.b\r\n" },
		{ "\r\n.\r\n", "\r\n" },
		{ "\r\r\n.\r\n", "\r\r\n" },
		/* None of these ends the data: whoever thought so could be sent commands inside a mail. */
		{ "a\n.\n.\r\n.\r\n", "a\n.\n.\r\n" },
		{ "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n" },
		{ "a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n" },
		{ "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n" },
		{ "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n" },
		{ "a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *input = g_strconcat (LHLO ENVELOPE "DATA\r\n", cases[i].data, "NOOP\r\n", NULL);
		g_autofree char *messages = g_strconcat ("|a@x.example|", cases[i].body, ";", NULL);

		check (input, GREETING MAIL_OK RCPT_OK DATA_OK RECORDED "250 2.0.0 nothing done\r\n", messages);
	}
}

static void
test_nx_lmtp_feed__takes_chunks (void **state)
{
	(void)state;
	check (LHLO ENVELOPE "BDAT 4\r\nab\r\nBDAT 3 LAST\r\n.\r\n" ENVELOPE "BDAT 0 LAST\r\n" ENVELOPE
			     "bdat 6 last\r\nQUIT\r\nQUIT\r\n",
	       GREETING MAIL_OK RCPT_OK CHUNK_OK RECORDED MAIL_OK RCPT_OK RECORDED MAIL_OK RCPT_OK RECORDED BYE,
	       "|a@x.example|ab\r\n.\r\n;|a@x.example|;|a@x.example|QUIT\r\n;");
}

static void
test_nx_lmtp_feed__passes_over_chunks_that_it_does_not_want (void **state)
{
	(void)state;
	check (LHLO "BDAT 6 LAST\r\nQUIT\r\nMAIL FROM:<>\r\nBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\n" ENVELOPE
		    "BDAT 1 LAST\r\nx",
	       GREETING NO_CHUNK MAIL_OK NO_CHUNK NO_CHUNK MAIL_OK RCPT_OK RECORDED, "|a@x.example|x;");
	/* DATA and BDAT do not mix (RFC 3030 2), and nobody joins once the message has begun. */
	check (LHLO ENVELOPE "BDAT 1\r\nxDATA\r\nRCPT TO:<b@x.example>\r\nBDAT 1 LAST\r\ny",
	       GREETING MAIL_OK RCPT_OK CHUNK_OK
	       "503 5.5.1 BDAT has begun\r\n503 5.5.1 the message has begun\r\n" RECORDED,
	       "|a@x.example|xy;");
	check (LHLO ENVELOPE "BDAT 1\r\nxRSET\r\nBDAT 1 LAST\r\ny",
	       GREETING MAIL_OK RCPT_OK CHUNK_OK "250 2.0.0 forgotten\r\n" NO_CHUNK, "");
}

static void
test_nx_lmtp_feed__ends_when_a_chunk_has_no_size (void **state)
{
	static const char *const cases[] = { "BDAT\r\n",         "BDAT x\r\n",        "BDAT -1\r\n",
					     "BDAT 1 FIRST\r\n", "BDAT 1 LAST x\r\n", "BDAT 99999999999999999999\r\n" };

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *input = g_strconcat (LHLO ENVELOPE, cases[i], ENVELOPE "DATA\r\nx\r\n.\r\n", NULL);

		check (input,
		       GREETING MAIL_OK RCPT_OK "501 5.5.4 this is no BDAT SIZE [LAST]\r\n"
						"421 4.7.0 commands and chunks cannot be told apart any more\r\n",
		       "");
	}
}

static void
test_nx_lmtp_feed__keeps_every_octet (void **state)
{
	static const char head[] = LHLO ENVELOPE "BDAT 258 LAST\r\n";
	GString *input = g_string_new (head);
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);
	g_autoptr (NxLmtpMessage) message = NULL;

	(void)state;
	for (guint i = 0; i < 258; i++)
		g_string_append_c (input, (char)(i % 256));
	assert_int_equal (nx_lmtp_feed (lmtp, input->str, input->len), input->len);
	message = nx_lmtp_take_message (lmtp);
	assert_non_null (message);
	assert_int_equal (message->body->len, 258);
	assert_memory_equal (message->body->data, input->str + strlen (head), 258);
	g_string_free (input, TRUE);
}

/* Whatever comes, in whatever pieces: the same replies, and no octet is lost or read twice. */
static void
test_nx_lmtp_feed__does_not_depend_on_pieces (void **state)
{
	static const char *const pieces[] = { LHLO,
					      ENVELOPE,
					      "DATA\r\n",
					      "BDAT 3\r\n",
					      "BDAT 5 LAST\r\n",
					      "abc",
					      "\r\n.\r\n",
					      ".\r\n",
					      "..",
					      "\r",
					      "\n",
					      "RSET\r\n",
					      "NOOP\r\n",
					      "\xff",
					      "RCPT TO:<b@x>\r\n",
					      "QUI",
					      "BDAT 2000 LAST\r\n",
					      "MAIL FROM:<a@b> SIZE=9\r\n" };
	g_autoptr (GRand) rand = g_rand_new_with_seed (5);

	(void)state;
	for (guint i = 0; i < 3000; i++) {
		GString *input = g_string_new (i % 2 == 0 ? LHLO : "");
		g_autoptr (NxLmtp) whole = nx_lmtp_new ("mx", &usual);
		Result result = result_new ();

		for (gint32 left = g_rand_int_range (rand, 1, 25); left > 0; left--)
			g_string_append (input, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
		feed (whole, input->str, input->len, &result);
		check_split (input->str, input->len, 1, 0, result.output->str, result.messages->str);
		check_split (input->str, input->len, 7, 0, result.output->str, result.messages->str);
		g_string_free (result.output, TRUE);
		g_string_free (result.messages, TRUE);
		g_string_free (input, TRUE);
	}
}

/* ---- sizes ---- */

static void
test_nx_lmtp_feed__refuses_what_is_too_big (void **state)
{
	g_autofree char *big = g_strnfill (1001, 'x');
	g_autofree char *fits = g_strnfill (998, 'x');
	g_autofree char *data = g_strconcat (LHLO "MAIL FROM:<>\r\nRCPT TO:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n"
						  "DATA\r\n",
					     big, "\r\n.\r\n", ENVELOPE, "DATA\r\n", fits, "\r\n.\r\n", NULL);
	g_autofree char *messages = g_strconcat ("|a@x.example|", fits, "\r\n;", NULL);
	g_autofree char *chunks = g_strconcat (LHLO ENVELOPE "BDAT 1001\r\n", big, "BDAT 1 LAST\r\nx", ENVELOPE,
					       "BDAT 1001 LAST\r\n", big, NULL);

	(void)state;
	check (data, GREETING MAIL_OK RCPT_OK RCPT_OK DATA_OK TOO_BIG TOO_BIG MAIL_OK RCPT_OK DATA_OK RECORDED,
	       messages);
	check (chunks, GREETING MAIL_OK RCPT_OK TOO_BIG NO_CHUNK MAIL_OK RCPT_OK TOO_BIG, "");
	check (LHLO "MAIL FROM:<> SIZE=1001\r\nMAIL FROM:<> SIZE=1000\r\n", GREETING TOO_BIG MAIL_OK, "");
}

static void
test_nx_lmtp_feed__refuses_long_lines (void **state)
{
	g_autofree char *fits = g_strnfill (93, 'x');
	g_autofree char *input = g_strconcat ("LHLO ", fits, "\r\nLHLO x", fits, "\r\nNOOP\r\n", NULL);

	(void)state;
	check (input, GREETING "500 5.5.2 the line is too long\r\n250 2.0.0 nothing done\r\n", "");
}

static void
test_nx_lmtp_feed__refuses_too_many_recipients_for_now (void **state)
{
	(void)state;
	check (LHLO ENVELOPE "RCPT TO:<b@x.example>\r\nRCPT TO:<c@x.example>\r\nRCPT TO:<d@x.example>\r\nDATA\r\n.\r\n",
	       GREETING MAIL_OK RCPT_OK RCPT_OK RCPT_OK
	       "452 4.5.3 too many recipients; send them another time\r\n" DATA_OK RECORDED RECORDED RECORDED,
	       "|a@x.example,b@x.example,c@x.example|;");
}

static void
test_nx_lmtp_drop_body__says_try_again (void **state)
{
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);
	Result result = result_new ();

	(void)state;
	feed (lmtp, LHLO ENVELOPE "DATA\r\nabc", strlen (LHLO ENVELOPE "DATA\r\nabc"), &result);
	assert_int_equal (nx_lmtp_get_held_bytes (lmtp), 3);
	nx_lmtp_drop_body (lmtp);
	assert_int_equal (nx_lmtp_get_held_bytes (lmtp), 0);
	feed (lmtp, "def\r\n.\r\n", 8, &result);
	check_result (&result,
		      GREETING MAIL_OK RCPT_OK DATA_OK "452 4.3.1 no room for the message now; try again later\r\n",
		      "");
}

/* ---- commands ---- */

static void
test_nx_lmtp_feed__reads_paths (void **state)
{
	static const struct {
		const char *argument;
		const char *path;
	} cases[] = {
		{ "TO:<a@x>", "a@x" },
		{ "to: <a@x> ", "a@x" },
		{ "TO:<news+a=b.example@x>", "news+a=b.example@x" },
		{ "TO:<\"a >b\"@x>", "\"a >b\"@x" },
		{ "TO:<\"a\\\">\"@x>", "\"a\\\">\"@x" },
		{ "TO:<@r.example,@s.example:a@x>", "a@x" },
		{ "TO:<\xc3\xa4@x>", "\xc3\xa4@x" },
		{ "TO:<postmaster>", "postmaster" },
		{ "TO:<a@[IPv6:::1]>", "a@[IPv6:::1]" },
		{ "TO:<>", NULL },
		{ "TO:a@x", NULL },
		{ "TO:<a@x", NULL },
		{ "TO:<a@x>y", NULL },
		{ "TO:<a b@x>", NULL },
		{ "TO:<\"a@x>", NULL },
		{ "TO:<a<b@x>", NULL },
		{ "TO:<\xff@x>", NULL },
		{ "TO", NULL },
		{ "", NULL },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *input =
			g_strconcat (LHLO "MAIL FROM:<>\r\nRCPT ", cases[i].argument, "\r\nDATA\r\n.\r\n", NULL);
		g_autofree char *messages = g_strconcat ("|", cases[i].path, "|;", NULL);

		if (cases[i].path != NULL)
			check (input, GREETING MAIL_OK RCPT_OK DATA_OK RECORDED, messages);
		else
			check (input, GREETING MAIL_OK BAD_TO NO_RCPT "500 5.5.1 this command is not known\r\n", "");
	}
}

static void
test_nx_lmtp_feed__refuses_what_is_no_command (void **state)
{
	static const struct {
		const char *input;
		const char *output;
	} cases[] = {
		{ "HELO x\r\n", HELLO "500 5.5.1 this is LMTP; say LHLO\r\n" },
		{ "EHLO x\r\n", HELLO "500 5.5.1 this is LMTP; say LHLO\r\n" },
		{ "LHLO\r\n", HELLO "501 5.5.4 LHLO wants a host name\r\n" },
		{ "MAIL FROM:<>\r\n", HELLO "503 5.5.1 say LHLO first\r\n" },
		{ LHLO "RCPT TO:<a@x>\r\n", GREETING "503 5.5.1 MAIL comes first\r\n" },
		{ LHLO "DATA\r\n", GREETING NO_RCPT },
		{ LHLO "MAIL FROM:<>\r\nDATA\r\n", GREETING MAIL_OK NO_RCPT },
		{ LHLO "DATA x\r\n", GREETING "501 5.5.4 DATA stands alone\r\n" },
		{ LHLO "MAIL FROM:<>\r\nMAIL FROM:<>\r\n", GREETING MAIL_OK "503 5.5.1 there is a sender already\r\n" },
		{ LHLO "MAIL FROM:a@x\r\n", GREETING BAD_FROM },
		{ LHLO "MAIL TO:<a@x>\r\n", GREETING BAD_FROM },
		{ LHLO "MAIL FROM:<> SIZE=x\r\n", GREETING "501 5.5.4 SIZE wants a number\r\n" },
		{ LHLO "MAIL FROM:<> RET=HDRS\r\n", GREETING "555 5.5.4 a parameter is not known here\r\n" },
		{ LHLO "MAIL FROM:<> BODY=BINARYMIME\r\n", GREETING "555 5.5.4 a parameter is not known here\r\n" },
		{ LHLO "MAIL FROM:<>\r\nRCPT TO:<a@x> NOTIFY=NEVER\r\n",
		  GREETING MAIL_OK "555 5.5.4 a parameter is not known here\r\n" },
		{ "NOOP\n", HELLO BAD_LINE },
		{ "NO\rOP\r\n", HELLO BAD_LINE },
		{ "NOOP\tx\r\n", HELLO BAD_LINE },
		{ "\r\n", HELLO "500 5.5.1 this command is not known\r\n" },
		{ "\n", HELLO BAD_LINE },
		{ "XYZZY\r\n", HELLO "500 5.5.1 this command is not known\r\n" },
		{ "NOOPX\r\n", HELLO "500 5.5.1 this command is not known\r\n" },
		{ "noop x\r\nVRFY a\r\nrset\r\n", HELLO "250 2.0.0 nothing done\r\n252 2.5.0 send the mail, and see\r\n"
							"250 2.0.0 forgotten\r\n" },
		{ "QUIT\r\nNOOP\r\n", HELLO BYE },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
		check (cases[i].input, cases[i].output, "");
	check_octets ("NO\0OP\r\n", 7, HELLO BAD_LINE, "");
}

static void
test_nx_lmtp_feed__ends_after_too_many_errors (void **state)
{
	(void)state;
	check ("A\r\nB\r\nC\r\nD\r\nE\r\nNOOP\r\n",
	       HELLO "500 5.5.1 this command is not known\r\n500 5.5.1 this command is not known\r\n"
		     "500 5.5.1 this command is not known\r\n500 5.5.1 this command is not known\r\n"
		     "500 5.5.1 this command is not known\r\n421 4.7.0 too many errors\r\n",
	       "");
}

/* ---- answers ---- */

static void
feed_only (NxLmtp *lmtp, const char *input, gsize taken)
{
	assert_int_equal (nx_lmtp_feed (lmtp, input, strlen (input)), taken);
}

static void
check_output (NxLmtp *lmtp, const char *want)
{
	GString *output = g_string_new (NULL);

	nx_lmtp_take_output (lmtp, output);
	assert_string_equal (output->str, want);
	g_string_free (output, TRUE);
}

static guint64
take_id (NxLmtp *lmtp)
{
	g_autoptr (NxLmtpMessage) message = nx_lmtp_take_message (lmtp);

	assert_non_null (message);
	return message->id;
}

static void
test_nx_lmtp_answer__replies_stand_in_line (void **state)
{
	static const char first[] = LHLO "MAIL FROM:<>\r\nRCPT TO:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n.\r\n";
	static const char second[] = ENVELOPE "BDAT 1 LAST\r\nx";
	const guint8 answers[2] = { NX_LMTP_RECORDED, NX_LMTP_BUSY };
	const guint8 nothing[1] = { NX_LMTP_NOTHING };
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);
	guint64 ids[2];

	(void)state;
	feed_only (lmtp, first, strlen (first));
	ids[0] = take_id (lmtp);
	check_output (lmtp, GREETING MAIL_OK RCPT_OK RCPT_OK DATA_OK);
	feed_only (lmtp, second, strlen (second));
	ids[1] = take_id (lmtp);
	check_output (lmtp, "");
	/* As many as may wait: nothing more is taken. */
	feed_only (lmtp, "QUIT\r\n", 0);
	nx_lmtp_answer (lmtp, ids[1], nothing, 1);
	check_output (lmtp, "");
	assert_true (nx_lmtp_is_waiting (lmtp));
	nx_lmtp_answer (lmtp, ids[0], answers, 2);
	assert_false (nx_lmtp_is_waiting (lmtp));
	check_output (lmtp, RECORDED "451 4.3.0 the database is busy; try again later\r\n" MAIL_OK RCPT_OK
				     "250 2.0.0 taken; there is nothing in it to record\r\n");
	feed_only (lmtp, "QUIT\r\n", 6);
	assert_false (nx_lmtp_is_finished (lmtp));
	check_output (lmtp, BYE);
	assert_true (nx_lmtp_is_finished (lmtp));
}

static void
test_nx_lmtp_answer__never_takes_a_failure_for_good (void **state)
{
	(void)state;
	for (guint answer = 0; answer < NX_LMTP_ANSWERS + 2; answer++) {
		g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);
		GString *output = g_string_new (NULL);
		const guint8 octet = (guint8)answer;

		feed_only (lmtp, LHLO ENVELOPE "DATA\r\n.\r\n", strlen (LHLO ENVELOPE "DATA\r\n.\r\n"));
		nx_lmtp_take_output (lmtp, output);
		g_string_truncate (output, 0);
		nx_lmtp_answer (lmtp, take_id (lmtp), &octet, 1);
		nx_lmtp_take_output (lmtp, output);
		assert_int_equal (output->str[0], answer <= NX_LMTP_NOTHING ? '2' : '4');
		g_string_free (output, TRUE);
	}
}

static void
test_nx_lmtp_feed__stops_when_replies_pile_up (void **state)
{
	const NxLmtpLimits limits = {
		.message_bytes = 1000, .line_bytes = 100, .recipients = 3, .bad_commands = 5, .waiting = 2
	};
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &limits);
	guint count = 0;

	(void)state;
	while (count < 100000 && nx_lmtp_feed (lmtp, "NOOP\r\n", 6) == 6)
		count++;
	assert_in_range (count, 100, 10000);
}

/* ---- ends ---- */

#define STOPPING "421 4.3.2 shutting down; try again later\r\n"

static void
test_nx_lmtp_drain__ends_between_transactions (void **state)
{
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);

	(void)state;
	feed_only (lmtp, LHLO, strlen (LHLO));
	nx_lmtp_drain (lmtp);
	check_output (lmtp, GREETING STOPPING);
	assert_true (nx_lmtp_is_finished (lmtp));
}

static void
test_nx_lmtp_drain__lets_a_transaction_end (void **state)
{
	const guint8 answer = NX_LMTP_RECORDED;
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);

	(void)state;
	feed_only (lmtp, LHLO ENVELOPE "DATA\r\nHi", strlen (LHLO ENVELOPE "DATA\r\nHi"));
	nx_lmtp_drain (lmtp);
	check_output (lmtp, GREETING MAIL_OK RCPT_OK DATA_OK);
	feed_only (lmtp, "\r\n.\r\n", 5);
	check_output (lmtp, "");
	nx_lmtp_answer (lmtp, take_id (lmtp), &answer, 1);
	check_output (lmtp, RECORDED STOPPING);
	assert_true (nx_lmtp_is_finished (lmtp));
}

static void
test_nx_lmtp_drain__takes_no_new_transaction (void **state)
{
	const guint8 answer = NX_LMTP_RECORDED;
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);
	guint64 id = 0;

	(void)state;
	feed_only (lmtp, LHLO ENVELOPE "DATA\r\n.\r\n", strlen (LHLO ENVELOPE "DATA\r\n.\r\n"));
	id = take_id (lmtp);
	nx_lmtp_drain (lmtp);
	feed_only (lmtp, ENVELOPE, strlen (ENVELOPE));
	check_output (lmtp, GREETING MAIL_OK RCPT_OK DATA_OK);
	nx_lmtp_answer (lmtp, id, &answer, 1);
	check_output (lmtp, RECORDED STOPPING);
	assert_true (nx_lmtp_is_finished (lmtp));
}

static void
test_nx_lmtp_drain__ends_after_rset (void **state)
{
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);

	(void)state;
	feed_only (lmtp, LHLO ENVELOPE, strlen (LHLO ENVELOPE));
	nx_lmtp_drain (lmtp);
	feed_only (lmtp, "RSET\r\n", 6);
	check_output (lmtp, GREETING MAIL_OK RCPT_OK "250 2.0.0 forgotten\r\n" STOPPING);
	assert_true (nx_lmtp_is_finished (lmtp));
}

static void
test_nx_lmtp_end__takes_nothing_more (void **state)
{
	g_autoptr (NxLmtp) lmtp = nx_lmtp_new ("mx", &usual);

	(void)state;
	feed_only (lmtp, LHLO ENVELOPE "DATA\r\nHi", strlen (LHLO ENVELOPE "DATA\r\nHi"));
	nx_lmtp_end (lmtp, NX_LMTP_END_IDLE);
	feed_only (lmtp, "\r\n.\r\n", 5);
	assert_null (nx_lmtp_take_message (lmtp));
	check_output (lmtp, GREETING MAIL_OK RCPT_OK DATA_OK "421 4.4.2 nothing came for too long\r\n");
	assert_true (nx_lmtp_is_finished (lmtp));
}

static void
test_nx_lmtp_end__stands_in_the_place_of_the_greeting (void **state)
{
	g_autoptr (NxLmtp) crowd = nx_lmtp_new ("mx", &usual);
	g_autoptr (NxLmtp) drained = nx_lmtp_new ("mx", &usual);

	(void)state;
	nx_lmtp_end (crowd, NX_LMTP_END_CROWD);
	check_output (crowd, "421 4.3.2 too many sessions; try again later\r\n");
	assert_true (nx_lmtp_is_finished (crowd));
	nx_lmtp_drain (drained);
	check_output (drained, STOPPING);
	assert_true (nx_lmtp_is_finished (drained));
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nx_lmtp_feed__takes_a_pipelined_conversation),
		cmocka_unit_test (test_nx_lmtp_feed__takes_dots_off),
		cmocka_unit_test (test_nx_lmtp_feed__takes_chunks),
		cmocka_unit_test (test_nx_lmtp_feed__passes_over_chunks_that_it_does_not_want),
		cmocka_unit_test (test_nx_lmtp_feed__ends_when_a_chunk_has_no_size),
		cmocka_unit_test (test_nx_lmtp_feed__keeps_every_octet),
		cmocka_unit_test (test_nx_lmtp_feed__does_not_depend_on_pieces),
		cmocka_unit_test (test_nx_lmtp_feed__refuses_what_is_too_big),
		cmocka_unit_test (test_nx_lmtp_feed__refuses_long_lines),
		cmocka_unit_test (test_nx_lmtp_feed__refuses_too_many_recipients_for_now),
		cmocka_unit_test (test_nx_lmtp_drop_body__says_try_again),
		cmocka_unit_test (test_nx_lmtp_feed__reads_paths),
		cmocka_unit_test (test_nx_lmtp_feed__refuses_what_is_no_command),
		cmocka_unit_test (test_nx_lmtp_feed__ends_after_too_many_errors),
		cmocka_unit_test (test_nx_lmtp_answer__replies_stand_in_line),
		cmocka_unit_test (test_nx_lmtp_answer__never_takes_a_failure_for_good),
		cmocka_unit_test (test_nx_lmtp_feed__stops_when_replies_pile_up),
		cmocka_unit_test (test_nx_lmtp_drain__ends_between_transactions),
		cmocka_unit_test (test_nx_lmtp_drain__lets_a_transaction_end),
		cmocka_unit_test (test_nx_lmtp_drain__takes_no_new_transaction),
		cmocka_unit_test (test_nx_lmtp_drain__ends_after_rset),
		cmocka_unit_test (test_nx_lmtp_end__takes_nothing_more),
		cmocka_unit_test (test_nx_lmtp_end__stands_in_the_place_of_the_greeting),
	};

	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
