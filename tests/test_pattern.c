/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_pattern.c: the line patterns of format stanzas (report/pattern.h): what each placeholder takes, and where a
 * pattern does not fit.
 */
#include "report/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static NxPattern *
make_pattern (const char *source)
{
	const char *problem = NULL;
	NxPattern *pattern = nx_pattern_new (source, &problem);
	if (pattern == NULL)
		fail_msg ("%s: %s", source, problem);
	return pattern;
}

/* NULL wants no capture; a case that does not fit has all four NULL and @fits FALSE. */
static const struct {
	const char *pattern;
	const char *line;
	gboolean fits;
	const char *address;
	const char *other; /* the original, the user or the host */
	const char *text;
} cases[] = {
	{ "<{address}>:", "<a@b.example>: host said", TRUE, "a@b.example", NULL, NULL },
	{ "<{address}>:", "to <a@b.example>:", FALSE, NULL, NULL, NULL },
	{ "Failed Address: {address}", "failed address: a@b.example", TRUE, "a@b.example", NULL, NULL },
	{ "{address}: {text}", "a@b.example: 550 no", TRUE, "a@b.example", NULL, "550 no" },
	{ "{text}: {address}", "Unknown user: a@b.example", TRUE, "a@b.example", NULL, "Unknown user" },
	{ "{text}: {address}", "Unknown user: nobody", FALSE, NULL, NULL, NULL },
	{ "<{address}> (expanded from <{original}>)", "<a@b.example> (expanded from <c@d.example>): no", TRUE,
	  "a@b.example", "c@d.example", NULL },
	{ "{user}... user unknown", "anton... User unknown", TRUE, NULL, "anton", NULL },
	{ "{user}... user unknown", "anton@b.example... User unknown", FALSE, NULL, NULL, NULL },
	{ "program at {host}", "program at mx.b.example.", TRUE, NULL, "mx.b.example", NULL },
	{ "host {host}[*] said: {text}", "host mx.b.example[192.0.2.7] said: no", TRUE, NULL, "mx.b.example", "no" },
	{ "* <-- {reply}", "10:01: <-- 550 5.1.1 no", TRUE, NULL, NULL, "550 5.1.1 no" },
	{ "* <-- {reply}", "10:01: <-- 250 yes", FALSE, NULL, NULL, NULL },
	{ "* <-- {reply}", "10:01: <-- 5501 no", FALSE, NULL, NULL, NULL },
	{ "meldung: {text}", "MELDUNG: öfter", TRUE, NULL, NULL, "öfter" },
};

static void
assert_capture (const char *got, const char *want)
{
	if (want == NULL)
		assert_null (got);
	else
		assert_string_equal (got, want);
}

static void
test_pattern_match__takes_what_the_placeholders_say (void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxPattern *pattern = make_pattern (cases[i].pattern);
		g_autofree char *line = g_memdup2 (cases[i].line, strlen (cases[i].line) + 1);
		g_auto (NxCapture) capture = { 0 };
		print_message ("# %s\n", cases[i].pattern);
		assert_int_equal (nx_pattern_match (pattern, line, &capture), cases[i].fits);
		const char *other = capture.original != NULL ? capture.original
				    : capture.user != NULL   ? capture.user
							     : capture.host;
		assert_capture (capture.address, cases[i].address);
		assert_capture (other, cases[i].other);
		assert_capture (capture.text, cases[i].text);
		nx_pattern_free (pattern);
	}
}

static void
test_pattern_match__takes_no_local_part_that_is_too_long (void **state)
{
	(void)state;
	NxPattern *pattern = make_pattern ("{user} unknown");
	g_autofree char *name = g_strnfill (65, 'a');
	g_autofree char *line = g_strconcat (name, " unknown", NULL);
	assert_false (nx_pattern_match (pattern, line, NULL));
	assert_true (nx_pattern_match (pattern, line + 1, NULL)); /* RFC 5321 4.5.3.1.1: 64 octets */
	nx_pattern_free (pattern);
}

static void
test_pattern_new__names_what_is_wrong (void **state)
{
	(void)state;
	const char *problem = NULL;
	assert_null (nx_pattern_new ("<{adress}>", &problem));
	assert_non_null (strstr (problem, "{original}"));
	assert_null (nx_pattern_new ("", &problem));
	assert_non_null (strstr (problem, "empty"));
	assert_null (nx_pattern_new ("a*b*c*d*e*f*g*h*i*j*k*", &problem));
	assert_non_null (strstr (problem, "too many"));
}

static void
test_pattern_has_text__is_true_for_texts_and_replies (void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		gboolean want;
	} table[] = { { "a {text}", TRUE }, { "a {reply}", TRUE }, { "a *", FALSE }, { "{address}", FALSE } };
	for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
		NxPattern *pattern = make_pattern (table[i].pattern);
		assert_int_equal (nx_pattern_has_text (pattern), table[i].want);
		nx_pattern_free (pattern);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_pattern_match__takes_what_the_placeholders_say),
		cmocka_unit_test (test_pattern_match__takes_no_local_part_that_is_too_long),
		cmocka_unit_test (test_pattern_new__names_what_is_wrong),
		cmocka_unit_test (test_pattern_has_text__is_true_for_texts_and_replies),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
