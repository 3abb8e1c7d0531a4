/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_auth-results.c: what is read in Authentication-Results, and what a stranger cannot write into it.
 */
#include "core-helpers.h"
#include "identity/auth-results.h"

#include "base/limits.h"

/* "id! dkim=pass:domain? …": "!" for a field, "?" for a result that proves nothing. */
static char *
describe (const NxAuthField *field)
{
	g_autoptr (GString) out = g_string_new (field->authserv_id);
	if (field->broken)
		g_string_append_c (out, '!');
	for (guint i = 0; i < field->results->len; i++) {
		const NxAuthResult *result = g_ptr_array_index (field->results, i);
		g_autofree char *domain = nx_auth_result_dup_domain (result);
		g_string_append_printf (out, " %s=%s%s%s%s", result->method, result->result, domain != NULL ? ":" : "",
					domain != NULL ? domain : "", result->unclear ? "?" : "");
	}
	return g_strdup (out->str);
}

static NxAuthField *
parse (const char *value)
{
	g_autofree char *copy = copy_exact (value, strlen (value) + 1);
	return nx_auth_field_parse (copy);
}

static void
test_parse__reads_what_servers_write (void **state)
{
	(void)state;
	static const struct {
		const char *value;
		const char *want;
	} rows[] = {
		{ "mx.example.org; none", "mx.example.org" },
		{ "mx.example.org 1; none", "mx.example.org" },
		{ "MX.Example.Org", "mx.example.org" },
		{ "\"mx.example.org\"; dkim=pass header.d=post.example", "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org 1; dkim=pass header.d=post.example", "mx.example.org dkim=pass:post.example" },
		{ "(a) mx.example.org (b) 1 (c) ; (d) dkim (e) = (f) pass (g) header (h) . (i) d (j) = (k) "
		  "Post.Example (l)",
		  "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org; dkim/1=pass header.d=post.example", "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org; dkim / 1 = pass header.d=post.example", "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org;\tDKIM=PASS\r\n\theader.D=post.example;\r\n spf=Fail smtp.mailfrom=a@b.example",
		  "mx.example.org dkim=pass:post.example spf=fail:b.example" },
		{ "mx.example.org; dkim=pass (2048-bit key; unprotected) header.d=post.example header.i=@post.example "
		  "header.b=\"aBc=/+\"",
		  "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org; dkim=pass header.i=@mail.post.example header.s=k header.b=abc",
		  "mx.example.org dkim=pass:mail.post.example" },
		{ "mx.example.org; dkim=pass header.i=joan@x.example header.d=post.example",
		  "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org; dkim=pass reason=\"good; signature (1)\" header.d=post.example",
		  "mx.example.org dkim=pass:post.example" },
		{ "mx.example.org; spf=pass smtp.mailfrom=post.example", "mx.example.org spf=pass:post.example" },
		{ "mx.example.org; spf=pass smtp.mailfrom=<joan@post.example>",
		  "mx.example.org spf=pass:post.example" },
		{ "mx.example.org; spf=pass smtp.helo=mx.post.example", "mx.example.org spf=pass:mx.post.example" },
		{ "mx.example.org; spf=pass smtp.mailfrom=\"\" smtp.helo=mx.post.example.",
		  "mx.example.org spf=pass:mx.post.example" },
		{ "mx.example.org; spf=pass smtp.mailfrom=<> smtp.helo=mx.post.example",
		  "mx.example.org spf=pass:mx.post.example" },
		{ "mx.example.org; spf=softfail (x) smtp.mailfrom=a@b.example; dmarc=fail (p=none dis=none) "
		  "action=none "
		  "header.from=b.example policy.dmarc=none",
		  "mx.example.org spf=softfail:b.example dmarc=fail:b.example" },
		{ "mx.example.org; arc=pass (i=1 spf=pass dmarc=pass header.d=x.example); dmarc=pass "
		  "header.from=Joan@B.example",
		  "mx.example.org arc=pass dmarc=pass:b.example" },
		{ "mx.example.org; iprev=pass smtp.remote-ip=192.0.2.1; auth=pass smtp.auth=x; dkim=none",
		  "mx.example.org dkim=none" },
		{ "mx.example.org; dkim=pass header.d=B\xc3\x9c"
		  "cher.example",
		  "mx.example.org dkim=pass:xn--bcher-kva.example" },
		{ "mx.example.org; ; dkim=temperror header.d=a.example ;", "mx.example.org dkim=temperror:a.example" },
		/* no id: these name no server */
		{ "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=none", "! dkim=none" },
		{ "", "" },
		{ ";", "" },
		{ "; dkim=pass header.d=a.example", " dkim=pass:a.example" },
		{ "mx.example.org dkim=pass header.d=a.example", "mx.example.org!" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxAuthField) field = parse (rows[i].value);
		g_autofree char *got = describe (field);
		if (strcmp (got, rows[i].want) != 0)
			fail_msg ("%s: got \"%s\"", rows[i].value, got);
	}
}

static void
test_parse__trusts_nothing_out_of_shape (void **state)
{
	(void)state;
	static const struct {
		const char *value;
		const char *want;
	} rows[] = {
		/* not closed: what stands before is read, and proves nothing */
		{ "m; dkim=pass header.d=a.example; spf=pass (never; dmarc=pass header.from=b.example",
		  "m! dkim=pass:a.example spf=pass" },
		{ "m; dkim=pass header.d=\"a.example; spf=pass", "m! dkim=pass" },
		{ "m; dkim=pass header.d=a.example (a (b) c", "m! dkim=pass:a.example" },
		{ "m; dkim=pass header.d=a.example (\\)", "m! dkim=pass:a.example" },
		{ "m; dkim=pass header.d=\"a\\", "m! dkim=pass" },
		{ "(", "!" },
		{ "\"", "!" },
		/* quoted local parts that would be results */
		{ "m; spf=pass smtp.mailfrom=\"a; dkim=pass header.d=post.example\"@evil.example",
		  "m spf=pass:evil.example" },
		{ "m; spf=pass smtp.mailfrom=\"a\\\"; dkim=pass header.d=post.example \\\"b\"@evil.example",
		  "m spf=pass:evil.example" },
		{ "m; spf=pass smtp.mailfrom=a@post.example@evil.example", "m spf=pass:evil.example" },
		{ "m; spf=pass smtp.mailfrom=a;dkim=pass header.d=post.example@evil.example",
		  "m spf=pass dkim=pass:evil.example" },
		{ "m; spf=pass (m: domain of \"a) ; dkim=pass header.d=post.example (\"@evil.example designates) "
		  "smtp.mailfrom=evil.example",
		  "m! spf=pass dkim=pass:post.example" },
		/* words that belong to nothing, or two of one kind */
		{ "m; dkim=pass header.d=post.example evil.example", "m dkim=pass:post.example?" },
		{ "m; dkim=pass header.d=post.example )", "m dkim=pass:post.example?" },
		{ "m; dkim=pass header.d=post.example = x", "m dkim=pass:post.example" },
		{ "m; dkim=pass header.d=evil.example header.d=post.example", "m dkim=pass:evil.example?" },
		{ "m; dkim=pass header.d=a.example header.d=A.example", "m dkim=pass:a.example" },
		{ "m; dkim pass header.d=post.example", "m" },
		{ "m; dkim header.d=post.example; dkim=pass", "m dkim=pass" },
		{ "m; =pass header.d=post.example", "m" },
		/* the helo was not what was checked */
		{ "m; spf=pass smtp.mailfrom=joan@evil.example smtp.helo=mx.post.example", "m spf=pass:evil.example" },
		{ "m; spf=pass smtp.mailfrom=nonsense smtp.helo=mx.post.example", "m spf=pass" },
		{ "m; spf=pass header.d=post.example", "m spf=pass" },
		{ "m; dmarc=pass smtp.mailfrom=post.example header.d=post.example", "m dmarc=pass" },
		/* no domain */
		{ "m; dkim=pass header.d=localhost", "m dkim=pass" },
		{ "m; dkim=pass header.d=", "m dkim=pass" },
		{ "m; dkim=pass header.d=.", "m dkim=pass" },
		{ "m; dkim=pass header.d=a..example", "m dkim=pass" },
		{ "m; dkim=pass header.d=[192.0.2.1]", "m dkim=pass" },
		{ "m; dkim=pass header.d=\xff.example", "m dkim=pass" },
		{ "m; dkim=passed header.d=a.example", "m dkim=passed:a.example" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxAuthField) field = parse (rows[i].value);
		g_autofree char *got = describe (field);
		if (strcmp (got, rows[i].want) != 0)
			fail_msg ("%s: got \"%s\"", rows[i].value, got);
	}
}

static void
test_parse__is_bounded (void **state)
{
	(void)state;
	static const char *const pieces[] = {
		"; dkim=pass header.d=a.example", "(", "\"", "; x", " a.b", ")", ";", "()"
	};
	gint64 since = g_get_monotonic_time ();
	for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
		g_autoptr (GString) text = g_string_new ("m");
		append_repeated (text, pieces[i], 10000);
		g_autoptr (NxAuthField) field = parse (text->str);
		assert_true (field->results->len <= NX_LIMIT_AUTH_RESULTS);
		if (i == 0) {
			assert_int_equal (field->results->len, NX_LIMIT_AUTH_RESULTS);
			assert_true (field->broken);
		}
	}
	assert_quick (since);
}

/* ---- fields of a message ---- */

#define OURS "Authentication-Results: mx.example.org; "

static void
test_read__believes_its_own_servers_only (void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		const char *domains;
		gboolean failed;
	} rows[] = {
		{ "", "", FALSE },
		{ OURS "none\n", "", FALSE },
		{ OURS "dkim=pass header.d=a.example\n", "a.example", FALSE },
		{ OURS "dkim=pass header.d=a.example;\n spf=pass\n smtp.helo=mx.b.example\n", "a.example mx.b.example",
		  FALSE },
		{ "AUTHENTICATION-RESULTS: MX.EXAMPLE.ORG. 1; dkim=pass header.d=a.example\n", "a.example", FALSE },
		{ "Authentication-Results: \"mx2.example.org\"; dkim=pass header.d=a.example\n", "a.example", FALSE },
		{ "Authentication-Results: mx3.example.org; dkim=pass header.d=a.example; dmarc=fail\n", "", FALSE },
		{ "Authentication-Results: mx.example.org.evil.example; dkim=pass header.d=a.example\n", "", FALSE },
		{ "Authentication-Results: x.mx.example.org; dkim=pass header.d=a.example\n", "", FALSE },
		{ "Authentication-Results: dkim=pass header.d=a.example\n", "", FALSE },
		{ "Authentication-Results: ; dkim=pass header.d=a.example\n", "", FALSE },
		{ "ARC-Authentication-Results: i=1; mx.example.org; dkim=pass header.d=a.example\n", "", FALSE },
		{ "X-Authentication-Results: mx.example.org; dkim=pass header.d=a.example\n", "", FALSE },
		/* other results than a pass */
		{ OURS "dkim=fail header.d=a.example; spf=softfail smtp.mailfrom=a.example; dmarc=none "
		       "header.from=a.example\n",
		  "", FALSE },
		{ OURS "spf=neutral smtp.helo=a.example; dmarc=temperror; dkim=policy header.d=a.example\n", "",
		  FALSE },
		{ OURS "arc=pass header.d=a.example\n", "", FALSE },
		{ OURS "spf=fail smtp.mailfrom=a.example; dkim=fail header.d=a.example\n", "", FALSE },
		{ OURS "dmarc=fail header.from=a.example\n", "", TRUE },
		{ OURS "DMARC=FAIL\n", "", TRUE },
		{ OURS "dkim=pass header.d=a.example; dmarc=fail (never closed\n", "", TRUE },
		/* several of one server: one field a milter */
		{ OURS "dkim=pass header.d=a.example\nX: y\n" OURS "spf=pass smtp.helo=b.example\n",
		  "a.example b.example", FALSE },
		{ OURS "dkim=pass header.d=a.example\n" OURS "dmarc=fail\n", "a.example", TRUE },
		{ "Received: by mx.example.org\n" OURS "dkim=pass header.d=a.example\n", "a.example", FALSE },
		/* below the next Received may be what came in with the mail */
		{ OURS "spf=none\nReceived: by mx.example.org\n" OURS "dkim=pass header.d=a.example\n", "", FALSE },
		{ OURS "spf=none\nReceived: by mx.example.org\n" OURS "dmarc=fail\n", "", TRUE },
		{ OURS "spf=none\nReceived: by mx.example.org\nAuthentication-Results: mx2.example.org; dkim=pass "
		       "header.d=a.example\n",
		  "a.example", FALSE },
	};
	g_autoptr (GPtrArray) ids = g_ptr_array_new ();
	g_ptr_array_add (ids, (gpointer)(guintptr) "mx.example.org");
	g_ptr_array_add (ids, (gpointer)(guintptr) "MX2.example.org");
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (NxHeaders) headers = nx_headers_parse (rows[i].headers, FALSE, NULL);
		NxAuthentication found = { 0 };
		nx_authentication_read (headers, ids, FALSE, &found);
		g_ptr_array_add (found.domains, NULL);
		g_autofree char *domains = g_strjoinv (" ", (char **)found.domains->pdata);
		if (strcmp (domains, rows[i].domains) != 0 || found.failed != rows[i].failed)
			fail_msg ("row %u: \"%s\" %d", (guint)i, domains, found.failed);
		nx_authentication_clear (&found);
	}
}

static void
test_read__believes_nobody_unless_told_to (void **state)
{
	(void)state;
	g_autoptr (NxHeaders) headers =
		nx_headers_parse (OURS "dkim=pass header.d=a.example; dmarc=fail\n", FALSE, NULL);
	g_autoptr (GPtrArray) empty = g_ptr_array_new ();
	g_autoptr (GPtrArray) ids = g_ptr_array_new ();
	g_ptr_array_add (ids, (gpointer)(guintptr) "mx.example.org");
	NxAuthentication found = { 0 };
	nx_authentication_read (headers, NULL, FALSE, &found);
	assert_int_equal (found.domains->len, 0);
	assert_false (found.failed);
	nx_authentication_clear (&found);
	nx_authentication_read (headers, empty, FALSE, &found);
	assert_int_equal (found.domains->len, 0);
	assert_false (found.failed);
	nx_authentication_clear (&found);
	/* a header was cut: the failure may be what is left of it, the pass may not */
	nx_authentication_read (headers, ids, TRUE, &found);
	assert_int_equal (found.domains->len, 0);
	assert_true (found.failed);
	nx_authentication_clear (&found);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_parse__reads_what_servers_write),
		cmocka_unit_test (test_parse__trusts_nothing_out_of_shape),
		cmocka_unit_test (test_parse__is_bounded),
		cmocka_unit_test (test_read__believes_its_own_servers_only),
		cmocka_unit_test (test_read__believes_nobody_unless_told_to),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("auth-results", tests, NULL, NULL);
}
