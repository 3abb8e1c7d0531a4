/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_report-kinds.c: reports that are no delivery status: feedback (RFC 5965), dispositions (RFC 8098), automatic
 * replies (RFC 3834), and bounces in prose by small formats made here.
 */
#include "core-helpers.h"
#include "report/pattern.h"

static const NxRecipient *
get_first (const NxReport *report)
{
	const NxRecipient *recipient = nx_report_get_recipient (report, 0);
	assert_non_null (recipient);
	return recipient;
}

/* ---- RFC 5965 ---- */

#define FEEDBACK                                                                                             \
	"From: fbl@provider.example\nTo: abuse@lists.example\n"                                              \
	"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\ncomplaint\n--b\n" \
	"Content-Type: message/feedback-report\n\nUser-Agent: x/1\nVersion: 1\n"

static void
test_arf__reads_its_fields (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = make_report (
		FEEDBACK "Feedback-Type: abuse\nReporting-MTA: dns; mx.provider.example\nOriginal-Envelope-Id: E1\n"
			 "Original-Rcpt-To: <joan@post.example>\nOriginal-Rcpt-To: JOAN@post.example\n"
			 "Original-Rcpt-To: jim@post.example\n--b\nContent-Type: message/rfc822\n\n"
			 "Message-ID: <1@lists.example>\nTo: other@post.example\n\nhi\n--b--\n",
		"");
	assert_int_equal (report->kind, NX_KIND_FEEDBACK);
	assert_string_equal (report->format, "rfc5965");
	assert_string_equal (report->feedback_type, "abuse");
	assert_string_equal (report->reporting_mta, "mx.provider.example");
	assert_string_equal (report->original_envelope_id, "E1");
	assert_string_equal (report->original.message_id, "<1@lists.example>");
	assert_int_equal (report->recipients->len, 2);
	assert_string_equal (get_first (report)->final_recipient, "joan@post.example");
	assert_int_equal (get_first (report)->kind, NX_KIND_FEEDBACK);
}

static void
test_arf__falls_back_to_the_original (void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		const char *want; /* NULL: nobody */
	} rows[] = {
		{ "To: joan@post.example\n", "joan@post.example" },
		{ "To: news@lists.example\nList-Id: <news.lists.example>\n", NULL },
		{ "To: news@lists.example\nList-Id: <news.lists.example>\nDelivered-To: joan@post.example\n",
		  "joan@post.example" },
		{ "X-HmXmrOriginalRecipient: joan@post.example\nTo: x@y.example\n", "joan@post.example" },
		{ "Subject: redacted\n", NULL },
		{ "To: redacted@post.example\n", NULL },
		{ "To: [redacted]@post.example\nDelivered-To: joan@post.example\n", "joan@post.example" },
		{ "X-HmXmrOriginalRecipient: ***@post.example\nTo: joan@post.example\n", "joan@post.example" },
		/* the list, although no List-Id says so */
		{ "To: news@lists.example\n", NULL },
		{ "To: news@other.example\nReturn-Path: <news-bounces@other.example>\n", NULL },
		{ "To: news@other.example\nReturn-Path: <newsletter-bounces@other.example>\n", "news@other.example" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat (FEEDBACK "Feedback-Type: abuse\nOriginal-Rcpt-To: redacted\n--b\n"
							      "Content-Type: text/rfc822-headers\n\n",
						     rows[i].headers, "--b--\n", NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		const NxRecipient *recipient = nx_report_get_recipient (report, 0);
		assert_int_equal (report->kind, NX_KIND_FEEDBACK);
		if (g_strcmp0 (recipient != NULL ? recipient->final_recipient : NULL, rows[i].want) != 0)
			fail_msg ("%s: %s", rows[i].headers, recipient != NULL ? recipient->final_recipient : "nobody");
	}
}

static void
test_arf__takes_no_redacted_recipient (void **state)
{
	(void)state;
	static const char *const values[] = { "",
					      "<>",
					      "[redacted]@post.example",
					      "redacted@post.example",
					      "<redacted>",
					      "@post.example",
					      "***@post.example",
					      "QmFzZTY0IG9mIGEgaGFzaA@post.example",
					      "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12@post.example" };
	for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
		g_autofree char *text = g_strconcat (
			FEEDBACK "Feedback-Type: abuse\nOriginal-Rcpt-To: ", values[i],
			"\nRemoval-Recipient: ", values[i],
			"\nOriginal-Mail-From: <news-bounces+joan=post.example@lists.example>\n--b--\n", NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		assert_int_equal (report->kind, NX_KIND_FEEDBACK);
		assert_string_equal (report->original_mail_from, "news-bounces+joan=post.example@lists.example");
		if (report->recipients->len > 0)
			fail_msg ("%s gives %s", values[i], get_first (report)->final_recipient);
	}
}

static void
test_arf__says_what_kind_of_complaint (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ FEEDBACK "Feedback-Type: Not-Spam\n--b--\n", "not-spam" },
		{ FEEDBACK "Feedback-Type: ABUSE\n--b--\n", "abuse" },
		{ FEEDBACK "Original-Rcpt-To: joan@post.example\n--b--\n", "" },
		{ "From: staff@hotmail.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
		  "Content-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: joan@post.example\n\nhi\n--b--\n",
		  "abuse" },
		{ "From: a@b.example\n\n{\"notificationType\": \"Complaint\", \"complaint\": "
		  "{\"complainedRecipients\": "
		  "[{\"emailAddress\": \"joan@post.example\"}], \"complaintFeedbackType\": \"Not-Spam\"}}\n",
		  "not-spam" },
		{ "From: a@b.example\n\n{\"notificationType\": \"Complaint\", \"complaint\": "
		  "{\"complainedRecipients\": "
		  "[{\"emailAddress\": \"joan@post.example\"}], \"complaintFeedbackType\": null}}\n",
		  "abuse" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxReport) report = make_report (rows[i].text, "");
		if (report->kind != NX_KIND_FEEDBACK || strcmp (report->feedback_type, rows[i].want) != 0)
			fail_msg ("row %u: \"%s\"", (guint)i, report->feedback_type);
	}
}

/* Amazon passes the original's header on where the sender asked for it. */
static void
test_notification__reads_the_headers_of_the_original (void **state)
{
	(void)state;
	g_autoptr (NxReport) report = make_report (
		"From: a@b.example\n\n{\"notificationType\": \"Complaint\", \"complaint\": {\"complainedRecipients\": "
		"[{\"emailAddress\": \"redacted@post.example\"}]}, \"mail\": {\"source\": "
		"\"news-bounces@lists.example\", "
		"\"headers\": [{\"name\": \"X-Reader\", \"value\": \"joan@post.example\"}, {\"name\": \"\", \"value\": "
		"3}, 4, "
		"{\"name\": \"Message-ID\", \"value\": \"<1@lists.example>\"}, "
		"{\"name\": \"List-Id\", \"value\": \"a\\r\\n\\r\\nb\"}]}}\n",
		"");
	assert_int_equal (report->kind, NX_KIND_FEEDBACK);
	assert_int_equal (report->recipients->len, 0);
	assert_string_equal (report->original.message_id, "<1@lists.example>");
	assert_string_equal (report->original.return_path, "news-bounces@lists.example");
	assert_string_equal (report->original.list_id, "a b");
	assert_has (report->original.fields, "X-Reader: joan@post.example\n");
}

/* ---- RFC 8098 ---- */

static NxReport *
read_disposition (const char *words, const char *fields)
{
	g_autofree char *text = g_strconcat ("From: joan@post.example\nContent-Type: multipart/report; boundary=b; "
					     "report-type=disposition-notification\n\n--b\n\n",
					     words,
					     "\n--b\nContent-Type: message/disposition-notification\n\n"
					     "Reporting-UA: x\n",
					     fields, "--b--\n", NULL);
	return make_report (text, "");
}

static void
test_mdn__tells_notices_from_refusals (void **state)
{
	(void)state;
	static const struct {
		const char *words;
		const char *disposition;
		NxKind kind;
	} rows[] = {
		{ "was displayed", "manual-action/MDN-sent-manually; displayed", NX_KIND_DISPOSITION },
		{ "was deleted unread", "automatic-action/MDN-sent-automatically; deleted", NX_KIND_DISPOSITION },
		{ "was automatically rejected: go away", "automatic-action/MDN-sent-automatically; deleted",
		  NX_KIND_FAILURE },
		{ "I rejected it", "manual-action/MDN-sent-manually; deleted", NX_KIND_DISPOSITION },
		{ "refused", "automatic-action/MDN-sent-automatically; displayed", NX_KIND_DISPOSITION },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *fields = g_strconcat (
			"Final-Recipient: rfc822; joan@post.example\nDisposition: ", rows[i].disposition, "\n", NULL);
		g_autoptr (NxReport) report = read_disposition (rows[i].words, fields);
		assert_int_equal (report->kind, rows[i].kind);
		assert_int_equal (get_first (report)->kind, rows[i].kind);
		assert_string_equal (report->format, "rfc8098");
		assert_string_equal (report->disposition, rows[i].disposition);
		assert_string_equal (get_first (report)->final_recipient, "joan@post.example");
	}
}

static void
test_mdn__reads_its_recipient (void **state)
{
	(void)state;
	static const struct {
		const char *fields;
		const char *want;
	} rows[] = {
		{ "Final-Recipient: utf-8; \\x{FC}ber@post.example\n", "\303\274ber@post.example" },
		{ "Original-Recipient: rfc822; joan@post.example\n", "joan@post.example" },
		{ "Final-Recipient: nobody\n", "" },
		{ "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxReport) report = read_disposition ("x", rows[i].fields);
		assert_string_equal (get_first (report)->final_recipient, rows[i].want);
	}
}

/* ---- RFC 3834 ---- */

static void
test_autoreply__is_known_by_its_headers (void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		gboolean reply;
	} rows[] = {
		{ "Auto-Submitted: auto-replied\n", TRUE },
		{ "Auto-Submitted: Auto-Replied (vacation)\n", TRUE },
		{ "X-Autoreply: yes\n", TRUE },
		{ "X-Autoreply: no\n", FALSE },
		{ "Precedence: auto_reply\n", TRUE },
		{ "X-Apple-Action: VACATION\n", TRUE },
		{ "Auto-Submitted: no\n", FALSE },
		{ "Auto-Submitted: auto-generated\n", FALSE },
		{ "Precedence: bulk\n", FALSE },
		{ "Auto-Submitted: auto-replied\nList-Id: <a.b.example>\n", FALSE },
		{ "X-Other: auto-replied\n", FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat ("From: Joan <joan@post.example>\nTo: news@lists.example\n",
						     rows[i].headers, "\nI am\naway.\n", NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		if ((report->kind == NX_KIND_VACATION) != rows[i].reply)
			fail_msg ("%s: %s", rows[i].headers, nx_kind_to_string (report->kind));
		if (!rows[i].reply)
			continue;
		assert_string_equal (report->format, "rfc3834");
		assert_string_equal (get_first (report)->final_recipient, "joan@post.example");
		assert_string_equal (get_first (report)->transcript, "I am away.");
	}
}

/* ---- patterns ---- */

static void
test_pattern__matches_a_line (void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		const char *line;
		const char *address; /* NULL: not taken; so are the next */
		const char *host;
		const char *text;
		gboolean match;
	} rows[] = {
		{ "<{address}>:", "<a@b.example>:", "a@b.example", NULL, NULL, TRUE },
		{ "{address}:{text}", "<a@b.example>: 550 no", "a@b.example", NULL, " 550 no", TRUE },
		{ "{address}", "see a@b.example", NULL, NULL, NULL, FALSE },
		{ "* {address}", "see a@b.example", "a@b.example", NULL, NULL, TRUE },
		{ "HOST {host} said: {text}", "Host MX.example said: 550 No", NULL, "MX.example", "550 No", TRUE },
		{ "host {host} said", "host  said", NULL, NULL, NULL, FALSE },
		{ "a * b {text}", "A x b y b z", NULL, NULL, "y b z", TRUE },
		{ "a {text} z", "a b z", NULL, NULL, "b", TRUE },
		{ "\303\234ber", "\303\274BER uns", NULL, NULL, NULL, TRUE },
		{ "l'adresse", "L\342\200\231adresse", NULL, NULL, NULL, TRUE },
		{ "l'adresse \"x\"", "L'adresse \342\200\234x\342\200\235", NULL, NULL, NULL, TRUE },
		{ "abc", "ab", NULL, NULL, NULL, FALSE },
		{ "abc", "", NULL, NULL, NULL, FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		const char *problem = NULL;
		NxPattern *pattern = nx_pattern_new (rows[i].pattern, &problem);
		assert_non_null (pattern);
		g_auto (NxCapture) capture = { 0 };
		g_autofree char *line = copy_exact (rows[i].line, strlen (rows[i].line) + 1);
		gboolean match = nx_pattern_match (pattern, line, &capture);
		if (match != rows[i].match || g_strcmp0 (capture.address, rows[i].address) != 0 ||
		    g_strcmp0 (capture.host, rows[i].host) != 0 || g_strcmp0 (capture.text, rows[i].text) != 0)
			fail_msg ("\"%s\" on \"%s\": %d <%s> %s %s", rows[i].pattern, line, match, capture.address,
				  capture.host, capture.text);
		nx_pattern_free (pattern);
	}
}

static void
test_pattern__refuses_nonsense (void **state)
{
	(void)state;
	static const char *const bad[] = { "", "{what}", "{address", "x {host", "a*b*c*d*e*f*g*h*i*j*k*l*m*n" };
	for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
		const char *problem = NULL;
		assert_null (nx_pattern_new (bad[i], &problem));
		assert_non_null (problem);
	}
}

/* ---- prose ---- */

#define BOUNCE "From: MAILER-DAEMON@mx.example\nTo: news-bounces@lists.example\nSubject: failed\n"

typedef struct {
	const char *stanzas;
	const char *message;
	guint count;
	const char *recipient; /* of the first; NULL: not looked at; so are the next */
	const char *diagnostic;
	NxKind kind;
} Prose;

static void
check_prose (const Prose *rows, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autoptr (NxReport) report = make_report (rows[i].message, rows[i].stanzas);
		if (report->recipients->len != rows[i].count || report->kind != rows[i].kind)
			fail_msg ("row %u: %u recipients, %s", (guint)i, report->recipients->len,
				  nx_kind_to_string (report->kind));
		if (rows[i].count == 0)
			continue;
		const NxRecipient *recipient = get_first (report);
		g_autofree char *said =
			g_strstrip (g_strconcat (recipient->diagnostic_code, " ", recipient->transcript, NULL));
		if (strcmp (recipient->final_recipient, rows[i].recipient) != 0 ||
		    (rows[i].diagnostic != NULL && strcmp (said, rows[i].diagnostic) != 0))
			fail_msg ("row %u: <%s> %s", (guint)i, recipient->final_recipient, said);
	}
}

#define PLAIN "[format f]\nmark = could not be delivered\nsource = x\n"

static void
test_formats__read_prose (void **state)
{
	(void)state;
	static const Prose rows[] = {
		{ PLAIN, BOUNCE "\nYour mail could not be delivered:\n\n<joan@post.example>:\n550 no such user\n", 1,
		  "joan@post.example", "550 no such user", NX_KIND_FAILURE },
		/* two, and one twice */
		{ PLAIN,
		  BOUNCE
		  "\nIt could not be delivered:\n\n<joan@post.example>: 550 one\n\n<jim@post.example>: 550 two\n\n"
		  "<JOAN@post.example>: 550 again\n",
		  2, "joan@post.example", NULL, NX_KIND_FAILURE },
		/* nobody's: the bounce's own addresses, roles */
		{ PLAIN,
		  BOUNCE "\nIt could not be delivered:\n\n<news-bounces@lists.example>:\n<postmaster@post.example>:\n",
		  0, NULL, NULL, NX_KIND_NONE },
		/* the original is not looked at */
		{ PLAIN,
		  BOUNCE
		  "\nIt could not be delivered\n\nReceived: from x\nTo: <joan@post.example>\n<jim@post.example>\n",
		  0, NULL, NULL, NX_KIND_NONE },
		{ PLAIN "end = -- the mail --\n",
		  BOUNCE
		  "\nIt could not be delivered\n\n<joan@post.example>: 550 no\n\n-- The Mail --\n<jim@post.example>:\n",
		  1, "joan@post.example", "550 no", NX_KIND_FAILURE },
		/* HTML alone */
		{ PLAIN,
		  BOUNCE
		  "Content-Type: text/html\n\n<p>It could not be delivered<p>&lt;joan@post.example&gt;: 550 no<p>",
		  1, "joan@post.example", "550 no", NX_KIND_FAILURE },
		/* no mark, and no program */
		{ PLAIN, BOUNCE "\nHello <joan@post.example>,\n", 0, NULL, NULL, NX_KIND_NONE },
		{ PLAIN,
		  "From: jim@post.example\nTo: b@c.example\n\nIt could not be delivered\n<joan@post.example>: 550 no\n",
		  0, NULL, NULL, NX_KIND_NONE },
		/* enclosed */
		{ PLAIN,
		  "From: jim@post.example\nContent-Type: message/rfc822\n\n" BOUNCE
		  "\nIt could not be delivered\n\n<joan@post.example>: 550 no\n",
		  0, NULL, NULL, NX_KIND_NONE },
		{ PLAIN "without = not really\n",
		  BOUNCE "\nIt could not be delivered\n<joan@post.example>: 550 not really\n", 0, NULL, NULL,
		  NX_KIND_NONE },
	};
	check_prose (rows, G_N_ELEMENTS (rows));
}

static void
test_formats__follow_their_keys (void **state)
{
	(void)state;
	static const Prose rows[] = {
		/* start, recipient and diagnostic patterns */
		{ "[format f]\nheader.subject = fail*\nstart = failed recipients\nrecipient = to: {address}\n"
		  "diagnostic = reason: {text}\n",
		  BOUNCE
		  "\nto: <jim@post.example>\nFailed recipients:\nTo: <joan@post.example>\nReason: 550 5.1.1 gone\n",
		  1, "joan@post.example", "550 5.1.1 gone", NX_KIND_FAILURE },
		/* sections */
		{ "[format f]\nmark = could not be delivered\nsection.delayed = still trying\nsection.failure = gave "
		  "up\n",
		  BOUNCE "\nIt could not be delivered\n\nStill trying:\n<joan@post.example>: 450 later\n\nGave up:\n"
			 "<jim@post.example>: 550 no\n",
		  2, "joan@post.example", "450 later", NX_KIND_DELAYED },
		{ "[format f]\nmark = could not be delivered\nkind = delayed\n",
		  BOUNCE "\nIt could not be delivered yet\n\n<joan@post.example>: 450 later\n", 1, "joan@post.example",
		  "450 later", NX_KIND_DELAYED },
		/* recipients from a header */
		{ "[format f]\nmark = could not be delivered\nheader-recipient = X-Failed-Recipients\n",
		  BOUNCE "X-Failed-Recipients: joan@post.example,\n jim@post.example\n\nIt could not be delivered: "
			 "user unknown\n",
		  2, "joan@post.example", "It could not be delivered: user unknown", NX_KIND_FAILURE },
		/* the higher bid, and over */
		{ "[format a]\nmark = could not be delivered\nkind = delayed\n[format b]\nmark = could not be "
		  "delivered\n"
		  "header.subject = *\n",
		  BOUNCE "\nIt could not be delivered\n\n<joan@post.example>: 550 no\n", 1, "joan@post.example", NULL,
		  NX_KIND_FAILURE },
		{ "[format a]\nmark = could not be delivered\nkind = delayed\nover = b\n[format b]\n"
		  "mark = could not be delivered\nheader.subject = *\n",
		  BOUNCE "\nIt could not be delivered\n\n<joan@post.example>: 550 no\n", 1, "joan@post.example", NULL,
		  NX_KIND_DELAYED },
		/* a format that finds nobody leaves the mail to the next */
		{ "[format a]\nmark = could not be delivered\nheader.subject = *\nrecipient = nobody {address}\n"
		  "[format b]\nmark = could not be delivered\n",
		  BOUNCE "\nIt could not be delivered\n\n<joan@post.example>: 550 no\n", 1, "joan@post.example", NULL,
		  NX_KIND_FAILURE },
		/* one reads as another one does, when that fits too, and bids more */
		{ "[format a]\nheader.from = mailer*\nas = b\n[format b]\nmark = could not be delivered\n"
		  "recipient = to {address}\n[format c]\nmark = could not be delivered\nheader.to = *\n",
		  BOUNCE "\nIt could not be delivered\n\nto joan@post.example\n<jim@post.example>: 550 no\n", 1,
		  "joan@post.example", NULL, NX_KIND_FAILURE },
		{ "[format a]\nheader.from = mailer*\nas = b\n[format b]\nmark = went astray\n"
		  "recipient = to {address}\n[format c]\nmark = could not be delivered\n",
		  BOUNCE "\nIt could not be delivered\n\nto joan@post.example\n<jim@post.example>: 550 no\n", 1,
		  "jim@post.example", NULL, NX_KIND_FAILURE },
		/* replies that only their words give away */
		{ "[format v]\nmark = i am on holiday\nkind = vacation\nautomatic = no\n",
		  "From: Joan <joan@post.example>\nTo: a@b.example\n\nHi, I am on holiday.\n", 1, "joan@post.example",
		  "Hi, I am on holiday.", NX_KIND_VACATION },
	};
	check_prose (rows, G_N_ELEMENTS (rows));
}

static void
test_formats_new__refuses_nonsense (void **state)
{
	(void)state;
	static const char *const bad[] = {
		"[format f]\nsource = x\n",
		"[format f]\nmark = abc\n",
		"[format f]\nmark = long enough\nkind = sometimes\n",
		"[format f]\nmark = long enough\nrecipient = {who}\n",
		"[format f]\nmark = long enough\nstart =\n",
		"[format f]\nmark = long enough\nsection.never = x\n",
		"[format common]\nend = {x}\n",
		"[format f]\nmark = long enough\nas = nobody\n",
		"[format f]\nmark = long enough\nas = g\nrecipient = {address}\n[format g]\nmark = long enough\n",
		"[format f]\nmark = long enough\nas = g\n[format g]\nmark = long enough\nas = f\n",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
		g_autoptr (NxRules) rules = make_rules (bad[i]);
		g_autoptr (GError) error = NULL;
		g_autoptr (NxFormats) formats = nx_formats_new (rules, &error);
		if (formats != NULL)
			fail_msg ("taken: %s", bad[i]);
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_RULES));
		assert_has (error->message, "test.rules:");
	}
}

static void
test_signs__errors_name_line_cause_and_cure (void **state)
{
	(void)state;
	static const struct {
		const char *stanza;
		const char *message;
	} bad[] = {
		{ "[sign s]\ntext = x\n", "test.rules:1: [sign s] does not say what it means; give it" },
		{ "[sign s]\nmeans = weather\n", "[sign s] unknown meaning \"weather\"; these are known: mail-system" },
		{ "[sign s]\nmeans = list\n", "test.rules:1: [sign s] has no line to be known by; give it" },
		{ "[sign s]\nmeans = list\ntext = x\n", "test.rules:3: [sign s] a sign that means list is made of" },
		{ "[sign s]\nmeans = owner\naddress = *\n", "test.rules:3: [sign s] \"*\" fits every address" },
		{ "[sign s]\nmeans = owner\naddress =\n", "test.rules:3: [sign s] address is empty" },
		{ "[sign s]\nmeans = owner\naddress = a@*\nexample = a@b.example\n", "has no source; say" },
		{ "[sign s]\nmeans = owner\naddress = a@*\nsource = x\n", "has no example; the example is its test" },
		{ "[sign s]\nmeans = owner\naddress = a@*\nsource = x\nexample = b@b.example\n",
		  "test.rules:5: [sign s] none of its lines fits this example; mend" },
		{ "[sign s]\nmeans = list\nheader.x-l = y*\nsource = x\nexample = X-M: yes\n", "test.rules:5: " },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
		g_autoptr (NxRules) rules = make_rules (bad[i].stanza);
		g_autoptr (GError) error = NULL;
		g_autoptr (NxFormats) formats = nx_formats_new (rules, &error);
		if (formats != NULL)
			fail_msg ("taken: %s", bad[i].stanza);
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_RULES));
		assert_has (error->message, bad[i].message);
	}
}

static void
test_signs__a_stanza_of_the_same_id_takes_the_place (void **state)
{
	(void)state;
	static const char *const mail = "From: gnome-daemon@mushroom.example\nTo: a@b.example\n\n"
					"nobody at <anna@burrow.example>\n";
	static const char *const format = "[format gnome]\nmark = nobody at\nrecipient = nobody at <{address}>\n";
	static const char *const sign = "[sign mailer-names]\nmeans = mail-system\nheader.from = gnome-daemon@*\n"
					"example = From: gnome-daemon@b.example\nsource = x\n";
	g_autofree char *both = g_strconcat (sign, format, NULL);
	g_autoptr (NxReport) unknown = make_report (mail, format);
	g_autoptr (NxReport) known = make_report (mail, both);
	assert_int_equal (unknown->kind, NX_KIND_NONE);
	assert_int_equal (known->kind, NX_KIND_FAILURE);
}

/* One recipient begins its line; the other one has a label before it. */
#define LABELLED(label) BOUNCE "\nIt could not be delivered:\n\n<joan@post.example>\n" label "jim@post.example\n"

static void
test_signs__labels_count_in_any_case_of_any_script (void **state)
{
	(void)state;
	static const Prose rows[] = {
		{ PLAIN, LABELLED ("Empfänger: "), 2, "joan@post.example", NULL, NX_KIND_FAILURE },
		{ PLAIN, LABELLED ("1. EMPFÄNGER(N):"), 2, "joan@post.example", NULL, NX_KIND_FAILURE },
		{ PLAIN, LABELLED ("АДРЕС ПОЛУЧАТЕЛЯ: "), 2, "joan@post.example", NULL, NX_KIND_FAILURE },
		{ PLAIN, LABELLED ("收件人："), 2, "joan@post.example", NULL, NX_KIND_FAILURE },
		{ PLAIN, LABELLED ("Empfängerin: "), 1, "joan@post.example", NULL, NX_KIND_FAILURE },
		{ PLAIN, LABELLED ("Gnome: "), 1, "joan@post.example", NULL, NX_KIND_FAILURE },
		{ PLAIN "[sign gnomes]\nmeans = label\ntext = gnome\nexample = Gnome: a@b.example\nsource = x\n",
		  LABELLED ("Gnome: "), 2, "joan@post.example", NULL, NX_KIND_FAILURE },
	};
	check_prose (rows, G_N_ELEMENTS (rows));
}

static void
test_signs__actions_are_whole_words (void **state)
{
	(void)state;
	static const struct {
		const char *action;
		NxKind kind; /* the status is of class 5: what no word tells is a failure */
	} rows[] = {
		{ "delayed", NX_KIND_DELAYED },       { "Deferred (queue full)", NX_KIND_DELAYED },
		{ "Deliverable", NX_KIND_DELIVERED }, { "relay", NX_KIND_RELAYED },
		{ "gnomed", NX_KIND_EXPANDED },       { "gnomed-away", NX_KIND_EXPANDED },
		{ "gnomedly", NX_KIND_FAILURE },      { "gnome", NX_KIND_FAILURE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = g_strconcat (
			"From: mailer-daemon@mx.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
			"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
			"Final-Recipient: rfc822; joan@post.example\nStatus: 5.0.0\nAction: ",
			rows[i].action, "\n\n--b--\n", NULL);
		g_autoptr (NxReport) report = make_report (
			text, "[sign g]\nmeans = action-expanded\ntext = gnomed\nexample = gnomed\nsource = x\n");
		if (get_first (report)->kind != rows[i].kind)
			fail_msg ("%s: %s", rows[i].action, nx_kind_to_string (get_first (report)->kind));
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_arf__reads_its_fields),
		cmocka_unit_test (test_arf__falls_back_to_the_original),
		cmocka_unit_test (test_arf__takes_no_redacted_recipient),
		cmocka_unit_test (test_arf__says_what_kind_of_complaint),
		cmocka_unit_test (test_notification__reads_the_headers_of_the_original),
		cmocka_unit_test (test_mdn__tells_notices_from_refusals),
		cmocka_unit_test (test_mdn__reads_its_recipient),
		cmocka_unit_test (test_autoreply__is_known_by_its_headers),
		cmocka_unit_test (test_pattern__matches_a_line),
		cmocka_unit_test (test_pattern__refuses_nonsense),
		cmocka_unit_test (test_formats__read_prose),
		cmocka_unit_test (test_formats__follow_their_keys),
		cmocka_unit_test (test_formats_new__refuses_nonsense),
		cmocka_unit_test (test_signs__errors_name_line_cause_and_cure),
		cmocka_unit_test (test_signs__a_stanza_of_the_same_id_takes_the_place),
		cmocka_unit_test (test_signs__labels_count_in_any_case_of_any_script),
		cmocka_unit_test (test_signs__actions_are_whole_words),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
