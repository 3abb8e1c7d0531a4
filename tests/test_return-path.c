/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_return-path.c: return paths of every style, each also in every wrapping that a forwarder or a sender puts around
 * it, and the patterns of a configuration.
 */
#include "core-helpers.h"
#include "identity/return-path.h"

typedef struct {
	const char *path;
	const char *style;
	const char *list;
	const char *recipient;
	const char *token;
} Row;

#define HEX40 "0123456789abcdef0123456789abcdef01234567"
#define HEX32 "0123456789abcdef0123456789abcdef"
#define KEYED "1ayx3kq0123456789"
#define KEYED_ALONE "1ayx3kq0123456789abcdef"

static const Row rows[] = {
	/* Mailman 2 and 3, Postfix */
	{ "news-bounces+joan=post.example@lists.example", "mailman", "news@lists.example", "joan@post.example", "" },
	{ "News-Bounces+Joan=Post.Example@lists.example", "mailman", "News@lists.example", "Joan@post.example", "" },
	{ "news-bounces+" HEX40 "@lists.example", "mailman-probe", "news@lists.example", "", HEX40 },
	/* qmail, ezmlm */
	{ "news-return-12-joan=post.example@lists.example", "ezmlm", "news@lists.example", "joan@post.example", "" },
	{ "news-return-joan=post.example@lists.example", "ezmlm", "news@lists.example", "joan@post.example", "" },
	{ "news-return-probe-1790000000.abcdefghijklmnopqrst-joan=post.example@lists.example", "ezmlm",
	  "news@lists.example", "joan@post.example", "" },
	{ "news-return-warn-1790000000.abcdefghijklmnopqrst-joan=post.example@lists.example", "ezmlm",
	  "news@lists.example", "joan@post.example", "" },
	{ "the-daily-news-return-7-jo-an=post.example@lists.example", "ezmlm", "the-daily-news@lists.example",
	  "jo-an@post.example", "" },
	{ "news-owner-joan=post.example@lists.example", "xverp", "news@lists.example", "joan@post.example", "" },
	/* mlmmj */
	{ "news+bounces-3-joan=post.example@lists.example", "mlmmj", "news@lists.example", "joan@post.example", "" },
	{ "news+bounces-joan=post.example@lists.example", "mlmmj", "news@lists.example", "joan@post.example", "" },
	{ "news+bounces-probe-joan=post.example@lists.example", "mlmmj", "news@lists.example", "joan@post.example",
	  "" },
	/* Sympa */
	{ "bounce+joan==a==post.example==news@lists.example", "sympa", "news@lists.example", "joan@post.example", "" },
	{ "bounce+joan==a==post.example==news==w@lists.example", "sympa", "news@lists.example", "joan@post.example",
	  "" },
	{ "bounce+joan==a==post.example==news==r@lists.example", "sympa", "news@lists.example", "joan@post.example",
	  "" },
	{ "bounce+joan==a==post.example==the.news@lists.example", "sympa", "the.news@lists.example",
	  "joan@post.example", "" },
	{ "bounce+joan==a==post.example@lists.example", "sympa", "", "joan@post.example", "" },
	/* XVERP: Postfix's two delimiters are the site's choice */
	{ "news-bounces-joan=post.example@lists.example", "xverp", "news@lists.example", "joan@post.example", "" },
	{ "news-bounces=joan=post.example@lists.example", "xverp", "news@lists.example", "joan@post.example", "" },
	{ "news-bounces=joan+post.example@lists.example", "xverp", "news@lists.example", "joan@post.example", "" },
	{ "news-bounces-joan+post.example@lists.example", "xverp", "news@lists.example", "joan@post.example", "" },
	{ "news-bounces+joan+tag+post.example@lists.example", "xverp", "news@lists.example", "joan+tag@post.example",
	  "" },
	{ "owner-news+joan=post.example@lists.example", "xverp", "news@lists.example", "joan@post.example", "" },
	{ "owner-the-news+joan=post.example@lists.example", "xverp", "the-news@lists.example", "joan@post.example",
	  "" },
	{ "site+joan=post.example@lists.example", "xverp", "", "joan@post.example", "" },
	/* others */
	{ "owner-news*joan**post.example@lists.example", "listserv", "news@lists.example", "joan@post.example", "" },
	{ "bounces+1234567-ab12-joan=post.example@em.example", "sendgrid", "", "joan@post.example", "" },
	{ "bounce+7ba1a6.d4e4-joan=post.example@mg.example", "mailgun", "", "joan@post.example", "" },
	{ "incoming+verp-" HEX32 "@talk.example", "discourse", "", "", HEX32 },
	{ "news+bncBCQ2RSF3BI2A@groups.example", "google-groups", "news@groups.example", "", "BCQ2RSF3BI2A" },
	{ "news-bounces+7f3k.9Qx_2@lists.example", "opaque", "news@lists.example", "", "7f3k.9Qx_2" },
	{ "bounces+7f3k9Qx2@lists.example", "opaque", "", "", "7f3k9Qx2" },
	/* keyed, with every delimiter and in any case */
	{ "news-bounces+" KEYED "-joan=post.example@lists.example", "mailman", "news@lists.example",
	  "joan@post.example", KEYED },
	{ "news-bounces-" KEYED "+joan=post.example@lists.example", "xverp", "news@lists.example", "joan@post.example",
	  KEYED },
	{ "NEWS-BOUNCES+1AYX3KQ0123456789-JOAN=POST.EXAMPLE@LISTS.EXAMPLE", "mailman", "NEWS@LISTS.EXAMPLE",
	  "JOAN@post.example", "1AYX3KQ0123456789" },
	{ "news-return-" KEYED "-joan=post.example@lists.example", "ezmlm", "news@lists.example", "joan@post.example",
	  KEYED },
	{ "news-bounces+" KEYED_ALONE "@lists.example", "keyed", "news@lists.example", "", KEYED_ALONE },
	{ "news-bounces-" KEYED_ALONE "@lists.example", "keyed", "news@lists.example", "", KEYED_ALONE },
	/* one that is too short is a name */
	{ "news-bounces+1ayx3kq012345678-joan=post.example@lists.example", "mailman", "news@lists.example",
	  "1ayx3kq012345678-joan@post.example", "" },
	/* the last "=" parts them; tags and dashes belong to the user */
	{ "news-bounces+joan=x=post.example@lists.example", "mailman", "news@lists.example", "joan=x@post.example",
	  "" },
	{ "news-bounces+joan+tag=post.example@lists.example", "mailman", "news@lists.example", "joan+tag@post.example",
	  "" },
	{ "c++-users-bounces+joan=post.example@lists.example", "mailman", "c++-users@lists.example",
	  "joan@post.example", "" },
	{ "\"news-bounces+jo an=post.example\"@lists.example", "mailman", "news@lists.example",
	  "\"jo an\"@post.example", "" },
	{ "news-bounces+jörg=grün.example@lists.example", "mailman", "news@lists.example", "jörg@grün.example", "" },
	/* the mark furthest left counts: behind it all is the user's */
	{ "news-bounces+x-return-y=post.example@lists.example", "mailman", "news@lists.example",
	  "x-return-y@post.example", "" },
	{ "news-return-7-x-bounces+y=post.example@lists.example", "ezmlm", "news@lists.example",
	  "x-bounces+y@post.example", "" },
	{ "owner-news+x-bounces+y=post.example@lists.example", "xverp", "news@lists.example",
	  "x-bounces+y@post.example", "" },
	/* a list, and no subscriber */
	{ "news-bounces@lists.example", "list", "news@lists.example", "", "" },
	{ "news-return@lists.example", "list", "news@lists.example", "", "" },
	{ "owner-news@lists.example", "list", "news@lists.example", "", "" },
	{ "news+bounces@lists.example", "list", "news@lists.example", "", "" },
	{ "news-request@lists.example", "list", "news@lists.example", "", "" },
	{ "news-bounces+joan=nodots@lists.example", "list", "news@lists.example", "", "" },
	{ "news-bounces+=post.example@lists.example", "list", "news@lists.example", "", "" },
	{ "news-bounces+joan=@lists.example", "list", "news@lists.example", "", "" },
	/* nothing */
	{ "joan@post.example", "", "", "", "" },
	{ "joan+tag@post.example", "", "", "", "" },
};

static void
check_row (const Row *row, const char *path)
{
	g_autofree char *copy = copy_exact (path, strlen (path) + 1);
	g_autoptr (NxReturnPath) read = nx_return_path_read (copy, NULL);
	if (strcmp (read->style, row->style) != 0 || strcmp (read->list, row->list) != 0 ||
	    strcmp (read->recipient, row->recipient) != 0 || strcmp (read->token, row->token) != 0)
		fail_msg ("%s: %s, \"%s\" on \"%s\", token \"%s\"", path, read->style, read->recipient, read->list,
			  read->token);
	assert_int_equal (read->result, NX_VERP_NONE);
}

static void
test_read__knows_every_style (void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
		check_row (&rows[i], rows[i].path);
}

static void
test_read__sees_through_every_wrapping (void **state)
{
	(void)state;
	/* %1$s: the local part, %2$s: the domain. */
	static const char *const wrappings[] = {
		"SRS0=abcd=XY=%2$s=%1$s@relay.example",
		"srs0=abcd=XY=%2$s=%1$s@relay.example",
		"SRS0+abcd=XY=%2$s=%1$s@relay.example",
		"SRS0-abcd=XY=%2$s=%1$s@relay.example",
		"SRS1=wxyz=relay.example==abcd=XY=%2$s=%1$s@other.example",
		"SRS1+wxyz=relay.example==abcd=XY=%2$s=%1$s@other.example",
		"SRS1=wxyz=relay.example=+abcd=XY=%2$s=%1$s@other.example",
		"SRS1-wxyz=relay.example=-abcd=XY=%2$s=%1$s@other.example",
		"prvs=0123abcdef=%1$s@%2$s",
		"PRVS=0123ABCDEF=%1$s@%2$s",
		"prvs=%1$s/0123abcdef@%2$s",
		"btv1==0123abcdef==%1$s@%2$s",
		"SRS0=abcd=XY=%2$s=prvs=0123abcdef=%1$s@relay.example",
		"SRS1=wxyz=relay.example==abcd=XY=%2$s=btv1==0123abcdef==%1$s@other.example",
		"prvs=0123abcdef=SRS0=abcd=XY=%2$s=%1$s@relay.example",
		"<%1$s@%2$s>",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		const char *at = strrchr (rows[i].path, '@');
		if (*rows[i].path == '"')
			continue; /* there the wrapping comes into the quotes */
		g_autofree char *local = g_strndup (rows[i].path, (gsize)(at - rows[i].path));
		for (gsize j = 0; j < G_N_ELEMENTS (wrappings); j++) {
			g_autoptr (GString) path = g_string_new (wrappings[j]);
			g_string_replace (path, "%1$s", local, 0);
			g_string_replace (path, "%2$s", at + 1, 0);
			check_row (&rows[i], path->str);
		}
	}
}

static void
test_read__takes_nothing_from_what_is_none (void **state)
{
	(void)state;
	static const char *const paths[] = {
		"",
		"@",
		"<>",
		"<@>",
		"no address",
		"news-bounces+joan=post.example@",
		"prvs=joan@post.example",
		"prvs=/0123abcdef@post.example",
		"btv1==@post.example",
		"SRS0=a=b@relay.example",
		"SRS0=a=b==c@relay.example",
		"SRS0@relay.example",
		"SRS1=a=b@relay.example",
		"SRS1=a==b@relay.example",
		"SRS1=a=b=c=d@relay.example",
		"news-bounces+\xff=post.example@lists.example",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
		g_autofree char *copy = copy_exact (paths[i], strlen (paths[i]) + 1);
		g_autoptr (NxReturnPath) read = nx_return_path_read (copy, NULL);
		if (*read->style != '\0' || *read->recipient != '\0' || *read->list != '\0')
			fail_msg ("%s: %s, \"%s\" on \"%s\"", paths[i], read->style, read->recipient, read->list);
	}
}

static void
test_read__survives_wrapping_without_end (void **state)
{
	(void)state;
	static const char *const bits[] = {
		"prvs=0123abcdef=", "SRS0=a=b=c=", "SRS1=a=b==", "btv1==a==", "=", "+", "==a==",
		"-bounces+",        "-return-",    "-"
	};
	static const gsize counts[] = { 8, 40, 400, 20000 };
	gint64 since = g_get_monotonic_time ();
	for (gsize b = 0; b < G_N_ELEMENTS (bits); b++)
		for (gsize c = 0; c < G_N_ELEMENTS (counts); c++) {
			g_autoptr (GString) path = g_string_new (NULL);
			append_repeated (path, bits[b], counts[c]);
			g_string_append (path, "joan=post.example@lists.example");
			g_autoptr (NxReturnPath) read = nx_return_path_read (path->str, NULL);
			assert_true (strlen (read->recipient) < 300);
		}
	assert_quick (since);
}

static void
pattern_free_cb (gpointer data)
{
	nx_return_path_pattern_free (data);
}

static void
test_read__asks_configured_patterns_first (void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		Row row;
	} cases[] = {
		{ "news-verp-{token}@lists.example",
		  { "NEWS-verp-ab.12@Lists.example", "pattern", "News", "", "ab.12" } },
		{ "bounce.{user}={domain}@lists.example",
		  { "bounce.joan=post.example@lists.example", "pattern", "News", "joan@post.example", "" } },
		{ "owner-the-{user}={domain}@lists.example",
		  { "owner-the-jo-an=post.example@lists.example", "pattern", "News", "jo-an@post.example", "" } },
		{ "n-{number}-{token}-{user}={domain}@lists.example",
		  { "n-12-abc-joan=post.example@lists.example", "pattern", "News", "joan@post.example", "abc" } },
		{ "b+{user}={domain}@lists.example",
		  { "b+" KEYED "-joan=post.example@lists.example", "pattern", "News", "joan@post.example", KEYED } },
		/* not its domain, not its shape: the built-in styles */
		{ "b+{user}={domain}@lists.example",
		  { "b+joan=post.example@other.example", "xverp", "", "joan@post.example", "" } },
		{ "b-{token}@lists.example", { "news-bounces@lists.example", "list", "news@lists.example", "", "" } },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
		const Row *row = &cases[i].row;
		g_autoptr (GError) error = NULL;
		g_autoptr (GPtrArray) patterns = g_ptr_array_new_with_free_func (pattern_free_cb);
		NxReturnPathPattern *pattern = nx_return_path_pattern_new ("News", cases[i].pattern, &error);
		if (pattern == NULL)
			fail_msg ("%s", error->message);
		g_ptr_array_add (patterns, pattern);
		g_autoptr (NxReturnPath) read = nx_return_path_read (row->path, patterns);
		if (strcmp (read->style, row->style) != 0 || strcmp (read->list, row->list) != 0 ||
		    strcmp (read->recipient, row->recipient) != 0 || strcmp (read->token, row->token) != 0)
			fail_msg ("%s: %s, \"%s\" on \"%s\", token \"%s\"", cases[i].pattern, read->style,
				  read->recipient, read->list, read->token);
	}
}

static void
test_pattern_new__refuses_what_tells_nobody (void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		const char *message;
	} cases[] = {
		{ "news@lists.example", "tells no subscriber" },
		{ "news-{number}@lists.example", "tells no subscriber" },
		{ "news-{user}@lists.example", "needs both" },
		{ "news-{domain}@lists.example", "needs both" },
		{ "news-{token}", "is no address" },
		{ "{token}@", "is no address" },
		{ "news {token}@lists.example", "is no address" },
		{ "news-{list}-{token}@lists.example", "no other" },
		{ "news-{tokens}@lists.example", "no other" },
		{ "news-{}@lists.example", "no other" },
		{ "news-{token@lists.example", "no other" },
		{ "news-token}@lists.example", "no other" },
		{ "news-{{token}}@lists.example", "no other" },
		{ "news-{token}{user}={domain}@lists.example", "something between" },
		{ "news-{token}-{token}@lists.example", "twice" },
		{ "", "is no address" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *copy = copy_exact (cases[i].pattern, strlen (cases[i].pattern) + 1);
		assert_null (nx_return_path_pattern_new ("news", copy, &error));
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_CONFIG));
		assert_has (error->message, cases[i].message);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_read__knows_every_style),
		cmocka_unit_test (test_read__sees_through_every_wrapping),
		cmocka_unit_test (test_read__takes_nothing_from_what_is_none),
		cmocka_unit_test (test_read__survives_wrapping_without_end),
		cmocka_unit_test (test_read__asks_configured_patterns_first),
		cmocka_unit_test (test_pattern_new__refuses_what_tells_nobody),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
