/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_address.c: reading, finding, decoding and comparing addresses.
 */
#include <nixie/address.h>

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MEGABYTE (1u << 20)

typedef struct {
	const char *input;
	const char *want; /* NULL: nothing */
} Pair;

/* A copy without a spare byte behind its NUL: a sanitizer sees every look too far. */
static char *
copy_exact (const char *text)
{
	gsize size = strlen (text) + 1;
	char *copy = g_malloc (size);
	memcpy (copy, text, size);
	return copy;
}

typedef char *(*Transform) (const char *text);

static void
check_transform (Transform transform, const Pair *pairs, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autofree char *input = copy_exact (pairs[i].input);
		g_autofree char *got = transform (input);
		if (g_strcmp0 (got, pairs[i].want) != 0)
			fail_msg ("\"%s\": wanted \"%s\", got \"%s\"", input, pairs[i].want, got);
	}
}

static void
test_decode_xtext__decodes_only_what_is_encoded (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "ada+2Bnews@post.example", "ada+news@post.example" },
		{ "a+3Db+20c@post.example", "a=b c@post.example" },
		{ "d+C3+B6rte@post.example", "d\303\266rte@post.example" },
		{ "ada+news@post.example", "ada+news@post.example" },
		{ "ada+2b@post.example", "ada+2b@post.example" },
		{ "ada+0A@post.example", "ada+0A@post.example" },
		{ "ada+7F@post.example", "ada+7F@post.example" },
		{ "ada+C3@post.example", "ada+C3@post.example" },
		{ "ada+C2+85@post.example", "ada+C2+85@post.example" },
		{ "ada+2", "ada+2" },
		{ "ada+", "ada+" },
		{ "ada+E2+82", "ada+E2+82" },
		{ "", "" },
	};
	check_transform (nx_address_decode_xtext, pairs, G_N_ELEMENTS (pairs));
}

static void
test_encode_xtext__leaves_only_printable_ascii (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "ada+news=x@post.example", "ada+2Bnews+3Dx@post.example" },
		{ "a b\n", "a+20b+0A" },
		{ "\303\266", "+C3+B6" },
		{ "", "" },
	};
	check_transform (nx_address_encode_xtext, pairs, G_N_ELEMENTS (pairs));
}

/* A character that is no control, from all planes, more often from ASCII. */
static gunichar
make_random_char (GRand *random)
{
	for (;;) {
		gunichar c = (gunichar)g_rand_int_range (random, 0x20, g_rand_boolean (random) ? 0x7F : 0x110000);
		if (g_unichar_validate (c) && !g_unichar_iscntrl (c))
			return c;
	}
}

static void
test_decode_xtext__undoes_encode (void **state)
{
	(void)state;
	g_autoptr (GRand) random = g_rand_new_with_seed (1891);
	for (guint i = 0; i < 3000; i++) {
		g_autoptr (GString) text = g_string_new (NULL);
		for (gint32 left = g_rand_int_range (random, 0, 20); left > 0; left--)
			g_string_append_unichar (text, g_rand_int_range (random, 0, 4) == 0
							       ? (gunichar) "+=2BA"[g_rand_int_range (random, 0, 5)]
							       : make_random_char (random));
		g_autofree char *encoded = nx_address_encode_xtext (text->str);
		for (const char *p = encoded; *p != '\0'; p++)
			assert_true (*p > ' ' && *p < 0x7F && *p != '=');
		g_autofree char *decoded = nx_address_decode_xtext (encoded);
		assert_string_equal (decoded, text->str);
	}
}

static void
test_decode_utf8__decodes_hexpoints (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "J\\x{FC}rgen@b\\x{FC}cher.example", "J\303\274rgen@b\303\274cher.example" },
		{ "\\x{1F431}@post.example", "\360\237\220\261@post.example" },
		{ "a\\x{2B}b\\x{20}c\\x{5C}d\\x{3d}", "a+b c\\d=" },
		{ "J\303\274rgen@b\303\274cher.example", "J\303\274rgen@b\303\274cher.example" },
		{ "\\x{D800}", "\\x{D800}" },
		{ "\\x{110000}", "\\x{110000}" },
		{ "\\x{0A}", "\\x{0A}" },
		{ "\\x{85}", "\\x{85}" },
		{ "\\x{A}", "\\x{A}" },
		{ "\\x{00000FC}", "\\x{00000FC}" },
		{ "\\x{FC", "\\x{FC" },
		{ "\\x{", "\\x{" },
		{ "\\x", "\\x" },
		{ "\\", "\\" },
	};
	check_transform (nx_address_decode_utf8, pairs, G_N_ELEMENTS (pairs));
}

static void
test_parse__reads_every_usual_form (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "ada@post.example", "ada@post.example" },
		{ "  <Ada@POST.Example>  ", "Ada@post.example" },
		{ "Ada Lovelace <ada@post.example>", "ada@post.example" },
		{ "\"Lovelace, <Ada>\" <ada@post.example>", "ada@post.example" },
		{ "\"x@y.example\" <ada@post.example>", "ada@post.example" },
		{ "x@y.example <ada@post.example>", "ada@post.example" },
		{ "ada@post.example (was <old@post.example>)", "ada@post.example" },
		{ "ada@post.example (open comment <", "ada@post.example" },
		{ "ada@post.example.", "ada@post.example" },
		{ "<ada@post.example.>", "ada@post.example" },
		{ "< ada@post.example >", "ada@post.example" },
		{ "<@relay.example:ada@post.example>", "ada@post.example" },
		{ "<@a,@b:c@d>", "c@d" },
		{ "<@a, @b: c@d>", "c@d" },
		{ "@a,@b:c@d", "c@d" },
		{ "mailto:ada@post.example?subject=x", "ada@post.example" },
		{ "<MAILTO:ada@post.example>", "ada@post.example" },
		{ "root@localhost", "root@localhost" },
		{ "root@localhost (no such user)", "root@localhost" },
		{ "<\"ada l\"@post.example>", "\"ada l\"@post.example" },
		{ "<\"ada\r\n\tl\"@post.example>", "\"ada l\"@post.example" },
		{ "\"a\\\"@b\"@post.example", "\"a\\\"@b\"@post.example" },
		{ "<J\303\234rgen@B\303\234CHER.example>", "J\303\234rgen@b\303\274cher.example" },
		{ "<\360\237\220\261@post.example>", "\360\237\220\261@post.example" },
		{ "ada@[192.0.2.1]", "ada@[192.0.2.1]" },
		{ "<ada@[IPv6:2001:db8::1]>", "ada@[ipv6:2001:db8::1]" },
		{ "..odd..dots.@post.example", "..odd..dots.@post.example" },
		{ "news-return-ada=post.example@list.example", "news-return-ada=post.example@list.example" },
		{ "please write to ada@post.example instead", "ada@post.example" },
		{ "ada@10.1.2.3", "ada@10.1.2.3" },
		{ "ada@post.example, eve@post.example", "ada@post.example" },
	};
	check_transform (nx_address_parse, pairs, G_N_ELEMENTS (pairs));
}

static void
test_parse__finds_none_where_is_none (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "", NULL },
		{ "   ", NULL },
		{ "@", NULL },
		{ "<>", NULL },
		{ "<@>", NULL },
		{ "<@a:>", NULL },
		{ "<@a:b>", NULL },
		{ "ada", NULL },
		{ "@post.example", NULL },
		{ "ada@", NULL },
		{ "ada@.", NULL },
		{ "ada@b@c", NULL },
		{ "ada@b.example@c.example", NULL },
		{ "ada@[1.2.3]", NULL },
		{ "ada@[2001:db8::1]", NULL },
		{ "ada@[", NULL },
		{ "\"ada@post", NULL },
		{ "\"ada\\", NULL },
		{ "<\"", NULL },
		{ "mailto:", NULL },
		{ "\xff@\xff", NULL },
		{ "<ada lovelace@post.example>", NULL },
		{ "Ada < ada lovelace@post.example>", NULL },
	};
	check_transform (nx_address_parse, pairs, G_N_ELEMENTS (pairs));
}

/* All addresses of a text, joined by a blank. */
static char *
find_all (const char *text)
{
	GString *out = g_string_new (NULL);
	const char *start = NULL;
	const char *end = text;
	for (char *address; (address = nx_address_find (end, &start, &end)) != NULL; g_free (address)) {
		assert_true (start < end);
		if (out->len > 0)
			g_string_append_c (out, ' ');
		g_string_append (out, address);
	}
	return g_string_free (out, FALSE);
}

static void
test_find__reads_free_text (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "write to ada@new.example.", "ada@new.example" },
		{ "(see ada@new.example)", "ada@new.example" },
		{ "ada@new.example, eve@new.example; bob@new.example: gone",
		  "ada@new.example eve@new.example bob@new.example" },
		{ "try <ada@new.example> or <eve@localhost>", "ada@new.example eve@localhost" },
		{ "try <\"ada l\"@new.example>", "\"ada l\"@new.example" },
		{ "try \"ada l\"@new.example now", "\"ada l\"@new.example" },
		{ "try \"john@home.example\"@new.example now", "\"john@home.example\"@new.example" },
		{ "try <\"john@home.example\"@new.example>", "\"john@home.example\"@new.example" },
		{ "he said \"ada@new.example\"", "ada@new.example" },
		{ "he said 'ada@new.example'", "ada@new.example" },
		{ "*ada@new.example* and `eve@new.example`", "ada@new.example eve@new.example" },
		{ "Pat.O'Brien@new.example", "Pat.O'Brien@new.example" },
		{ "mailto:ada@new.example", "ada@new.example" },
		{ "<mailto:ada@new.example?subject=gone>", "ada@new.example" },
		{ "&lt;ada@new.example&gt;", "ada@new.example" },
		{ "<a href=\"mailto:ada@new.example\">", "ada@new.example" },
		{ "<@relay.example:ada@new.example>", "ada@new.example" },
		{ "<@a,@b:c@d>", "c@d" },
		{ "550 5.1.1 ada@new.example... User unknown", "ada@new.example" },
		{ "<ada@new.example>... User unknown", "ada@new.example" },
		{ "\342\200\234ada@new.example\342\200\235", "ada@new.example" },
		{ "\302\253ada@new.example\302\273", "ada@new.example" },
		{ "neu: J\303\274rgen@b\303\274cher.example!", "J\303\274rgen@b\303\274cher.example" },
		{ "\346\226\260ada@new.example\343\201\270\343\200\202", "ada@new.example" },
		{ "\347\224\250\346\210\267@\344\276\213\345\255\220.\346\265\213\350\257\225",
		  "\347\224\250\346\210\267@\344\276\213\345\255\220.\346\265\213\350\257\225" },
		{ "DOMAIN\\ada@new.example", "ada@new.example" },
		{ "ada@[192.0.2.7] is odd", "ada@[192.0.2.7]" },
		{ "two@2.example", "two@2.example" },
	};
	check_transform (find_all, pairs, G_N_ELEMENTS (pairs));
}

static void
test_find__passes_over_what_is_no_address (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "follow @example or me@", "" },
		{ "http://shop.example/open?who=ada@new.example", "" },
		{ "see https://lists.example.org/options/news/ada@new.example now", "" },
		{ "shop.example/open?who=ada@new.example", "" },
		{ "ions/news/ada@new.example?role=member", "" },
		{ "a @ b.example", "" },
		{ "root@localhost in free text", "" },
		{ "a@b@c", "" },
		{ "a@b.example@c.example", "" },
		{ "x@1.2.3", "" },
		{ "<a@b", "" },
		{ "@@@", "" },
		{ "a@-b.example", "" },
		{ "j\\303\\274tta@new.example", "" },
		{ "J\\x{FC}rgen@new.example", "" },
		{ "ada@b\\303\\274cher.example", "" },
		{ "ada@x.b\\303\\274cher", "" },
		{ "ada@new..example", "" },
		{ "a\xff@b.example", "" },
		{ "", "" },
	};
	check_transform (find_all, pairs, G_N_ELEMENTS (pairs));
}

static void
test_find__gives_the_span_with_its_brackets (void **state)
{
	(void)state;
	g_autofree char *text = copy_exact ("to <@r:ada@new.example> and eve@new.example.");
	const char *start = NULL;
	const char *end = NULL;
	g_autofree char *first = nx_address_find (text, &start, &end);
	assert_string_equal (first, "ada@new.example");
	assert_int_equal (start - text, 3);
	assert_int_equal (end - text, 23);
	g_autofree char *second = nx_address_find (end, &start, &end);
	assert_string_equal (second, "eve@new.example");
	assert_int_equal (start - text, 28);
	assert_string_equal (end, ".");
	const char *untouched = start;
	assert_null (nx_address_find (end, &start, &end));
	assert_ptr_equal (start, untouched);
}

/* Each of these would take minutes if a look ahead or back had no cap. */
static void
test_find__is_linear (void **state)
{
	(void)state;
	static const char *const units[] = {
		"@",   "a",        "<",  "\"",      "a@",          "<@", "<\"", "\"@",   "\\\"@",         "a.", "<@a,",
		"a@b", "<a@a:@a:", "\\", " \"@a.b", "x\\\\\"@b.c", "(",  "@[1", "\xff@", "\xe6\x96\xb0@", "<a", "<   "
	};
	gint64 begin = g_get_monotonic_time ();
	for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
		GString *text = g_string_sized_new (MEGABYTE + 16);
		while (text->len < MEGABYTE)
			g_string_append (text, units[i]);
		g_autofree char *input = g_string_free (text, FALSE);
		g_autofree char *all = find_all (input);
		g_autofree char *parsed = nx_address_parse (input);
		assert_true (strlen (all) <= 2 * MEGABYTE && (parsed == NULL || strlen (parsed) <= MEGABYTE));
	}
	assert_true (g_get_monotonic_time () - begin < 60 * G_USEC_PER_SEC);
}

static void
test_find__finds_only_what_parse_reads_back (void **state)
{
	(void)state;
	static const char *const pieces[] = { "a", "B", "@", "<",         ">",    ".",        "\"",           "\\",
					      " ", ":", ",", "x.example", "@b.c", "\303\274", "\346\226\260", "\xff",
					      "[", "]", "1", "(",         ")",    "'",        "mailto:" };
	g_autoptr (GRand) random = g_rand_new_with_seed (5321);
	guint found = 0;
	for (guint i = 0; i < 30000; i++) {
		g_autoptr (GString) text = g_string_new (NULL);
		for (gint32 left = g_rand_int_range (random, 1, 14); left > 0; left--)
			g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
		g_autofree char *input = copy_exact (text->str);
		const char *start = NULL;
		const char *end = NULL;
		g_autofree char *address = nx_address_find (input, &start, &end);
		if (address == NULL)
			continue;
		found++;
		g_autofree char *again = nx_address_parse (address);
		if (g_strcmp0 (again, address) != 0)
			fail_msg ("\"%s\": found \"%s\", read back \"%s\"", input, address, again);
		assert_true (g_utf8_validate (address, -1, NULL));
		assert_true (start >= input && start < end && end <= input + strlen (input));
	}
	assert_true (found > 1000);
}

static void
test_is_valid__wants_what_can_be_mailed (void **state)
{
	(void)state;
	g_autofree char *local_64 = g_strnfill (64, 'a');
	g_autofree char *local_65 = g_strnfill (65, 'a');
	g_autofree char *label_63 = g_strnfill (63, 'b');
	g_autofree char *label_64 = g_strnfill (64, 'b');
	g_autofree char *fits = g_strconcat (local_64, "@", label_63, ".example", NULL);
	g_autofree char *long_local = g_strconcat (local_65, "@post.example", NULL);
	g_autofree char *long_label = g_strconcat ("a@", label_64, ".example", NULL);
	g_autofree char *long_all = g_strconcat (local_64, "@", label_63, ".", label_63, ".", label_63, NULL);
	const struct {
		const char *address;
		gboolean want;
	} rows[] = {
		{ "ada@post.example", TRUE },
		{ "root@localhost", TRUE },
		{ "\"ada l\"@post.example", TRUE },
		{ "\"a@b\"@post.example", TRUE },
		{ "ada@[192.0.2.1]", TRUE },
		{ "ada@[IPv6:2001:db8::1]", TRUE },
		{ "J\303\274rgen@b\303\274cher.example", TRUE },
		{ "odd..dots.@post.example", TRUE },
		{ "a+b=c!d@x_y.example", TRUE },
		{ fits, TRUE },
		{ long_local, FALSE },
		{ long_label, FALSE },
		{ long_all, FALSE },
		{ "", FALSE },
		{ "ada", FALSE },
		{ "@post.example", FALSE },
		{ "ada@", FALSE },
		{ "<ada@post.example>", FALSE },
		{ " ada@post.example", FALSE },
		{ "ada@post.example ", FALSE },
		{ "ada@post.example.", FALSE },
		{ "ada@post..example", FALSE },
		{ "ada@-post.example", FALSE },
		{ "ada@post-.example", FALSE },
		{ "ada@post.example\n", FALSE },
		{ "a\tb@post.example", FALSE },
		{ "\"a\nb\"@post.example", FALSE },
		{ "a b@post.example", FALSE },
		{ "a@b@post.example", FALSE },
		{ "mailto:ada@post.example", FALSE },
		{ "@a:ada@post.example", FALSE },
		{ "a\302\205b@post.example", FALSE },
		{ "a\342\200\256b@post.example", FALSE },
		{ "a\xff@post.example", FALSE },
		{ "ada@[1.2.3]", FALSE },
		{ "ada@[999.1.1.1]", FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *input = copy_exact (rows[i].address);
		if (nx_address_is_valid (input) != rows[i].want)
			fail_msg ("\"%s\": wanted %d", input, rows[i].want);
	}
}

static void
test_make_key__makes_spellings_equal (void **state)
{
	(void)state;
	static const Pair pairs[] = {
		{ "Ada@POST.Example.", "ada@post.example" },
		{ "\"Ada\"@post.example", "ada@post.example" },
		{ "\"\\A\\d\\a\"@post.example", "ada@post.example" },
		{ "\"ada l\"@post.example", "\"ada l\"@post.example" },
		{ "\"a\\@b\"@post.example", "\"a@b\"@post.example" },
		{ "\"a\\\"b\"@post.example", "\"a\\\"b\"@post.example" },
		{ "\"\"@post.example", "\"\"@post.example" },
		{ "\".a\"@post.example", "\".a\"@post.example" },
		{ "ada@B\303\234CHER.example", "ada@xn--bcher-kva.example" },
		{ "ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example" },
		{ "ada@bu\314\210cher.example", "ada@xn--bcher-kva.example" },
		{ "ada@stra\303\237e.example", "ada@xn--strae-oqa.example" },
		{ "Jo\314\210rg@post.example", "j\303\266rg@post.example" },
		{ "J\303\226RG@post.example", "j\303\266rg@post.example" },
		{ "Not An Address", "not an address" },
		{ "@Post", "@post" },
		{ "Ada@", "ada@" },
		{ "", "" },
		{ "A\xff@B", "a\xff@b" },
		{ "\"@b", "\"@b" },
		{ "\"A\xff\"@B", "a\xff@b" },
		{ "\"\xf0\"@b", "\xf0@b" },
	};
	check_transform (nx_address_make_key, pairs, G_N_ELEMENTS (pairs));
}

static void
test_make_key__of_a_key_is_the_key (void **state)
{
	(void)state;
	static const char *const pieces[] = { "A",    "b",        "\"",        "\\",       ".",           "@",
					      " ",    "\303\234", "u\314\210", "\304\260", "ss",          "\303\237",
					      "\xff", "+",        "xn--",      "-",        "\343\200\202" };
	g_autoptr (GRand) random = g_rand_new_with_seed (5891);
	for (guint i = 0; i < 20000; i++) {
		g_autoptr (GString) text = g_string_new (NULL);
		for (gint32 left = g_rand_int_range (random, 0, 10); left > 0; left--)
			g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
		g_string_append (text, "@post.example");
		g_autofree char *key = nx_address_make_key (text->str);
		g_autofree char *again = nx_address_make_key (key);
		assert_string_equal (again, key);
		assert_true (nx_address_equal (key, text->str));
	}
}

static void
test_make_key__of_a_domain_is_the_key (void **state)
{
	(void)state;
	static const char *const pieces[] = { "A",
					      "b",
					      "_",
					      "-",
					      ".",
					      "xn--",
					      "\303\234",
					      "u\314\210",
					      "\304\260",
					      "\xff",
					      "[",
					      "]",
					      "[IPv6:",
					      "::",
					      "1",
					      "001.",
					      "192.0.2.1",
					      "ffff:",
					      "ss",
					      "\303\237",
					      "\342\230\203",
					      "\317\202",
					      "\316\243",
					      "\343\200\202",
					      "\357\274\216",
					      "\342\200\215",
					      "\342\222\210" };
	g_autoptr (GRand) random = g_rand_new_with_seed (5321);
	for (guint i = 0; i < 50000; i++) {
		g_autoptr (GString) text = g_string_new ("ada@");
		for (gint32 left = g_rand_int_range (random, 0, 8); left > 0; left--)
			g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
		g_autofree char *key = nx_address_make_key (text->str);
		g_autofree char *again = nx_address_make_key (key);
		if (strcmp (again, key) != 0)
			fail_msg ("\"%s\" -> \"%s\" -> \"%s\"", text->str, key, again);
	}
}

static void
test_equal__tells_mailboxes_apart (void **state)
{
	(void)state;
	static const struct {
		const char *a;
		const char *b;
		gboolean want;
	} rows[] = {
		/* domains: case, dots, A-labels and U-labels (RFC 5891, nontransitional) */
		{ "ada@POST.Example", "ada@post.example", TRUE },
		{ "ada@post.example.", "ada@post.example", TRUE },
		{ "ada@post.example", "ada@past.example", FALSE },
		{ "ada@post.example", "ada@mail.post.example", FALSE },
		{ "ada@b\303\274cher.example", "ada@xn--bcher-kva.example", TRUE },
		{ "ada@B\303\234CHER.Example", "ada@xn--bcher-kva.example", TRUE },
		{ "ada@B\303\234CHER.Example", "ada@XN--BCHER-KVA.EXAMPLE", TRUE },
		{ "ada@bu\314\210cher.example", "ada@b\303\274cher.example", TRUE },
		{ "ada@post.b\303\274cher.xn--bcher-kva.example", "ada@post.xn--bcher-kva.B\303\274cher.example",
		  TRUE },
		{ "ada@b\303\274cher.example", "ada@bucher.example", FALSE },
		{ "ada@b\303\274cher.example", "ada@buecher.example", FALSE },
		{ "ada@stra\303\237e.example", "ada@xn--strae-oqa.example", TRUE },
		{ "ada@stra\303\237e.example", "ada@strasse.example", FALSE },
		{ "ada@\316\262\317\214\316\273\316\277\317\202.example", "ada@xn--nxasmm1c.example", TRUE },
		{ "ada@\316\262\317\214\316\273\316\277\317\202.example",
		  "ada@\316\262\317\214\316\273\316\277\317\203.example", FALSE },
		{ "ada@\357\275\220ost.example", "ada@post.example", TRUE },                   /* full-width p */
		{ "ada@b\303\274cher\343\200\202example", "ada@b\303\274cher.example", TRUE }, /* ideographic stop */
		{ "ada@b\303\274_cher.example", "ada@B\303\234_CHER.example", TRUE },
		{ "ada@b\303\274_cher.example", "ada@bu_cher.example", FALSE },
		{ "ada@B\303\234CHER.r3---x.example", "ada@xn--bcher-kva.R3---X.example", TRUE },
		{ "ada@b\303\274cher.a\342\200\215b.example", "ada@xn--bcher-kva.a\342\200\215b.example", TRUE },
		{ "ada@b\303\274cher\357\274\216example", "ada@xn--bcher-kva.example", TRUE }, /* full-width stop */
		{ "ada@a\342\200\215b.example", "ada@ab.example", FALSE }, /* a joiner that joins nothing */
		/* address literals are numbers (RFC 5321 4.1.3) */
		{ "ada@[192.0.2.1]", "ada@[192.0.2.1]", TRUE },
		{ "ada@[192.0.2.1]", "ada@[192.000.002.001]", TRUE },
		{ "ada@[192.0.2.1]", "ada@192.0.2.1", FALSE },
		{ "ada@[192.0.2.1]", "ada@[192.0.2.10]", FALSE },
		{ "ada@[192.0.2.256]", "ada@[192.0.2.0]", FALSE },
		{ "ada@[192.0.2.0001]", "ada@[192.0.2.1]", FALSE },
		{ "ada@[IPv6:2001:DB8::1]", "ada@[ipv6:2001:db8:0:0:0:0:0:1]", TRUE },
		{ "ada@[IPv6:2001:db8:0:0:1::]", "ada@[IPv6:2001:0db8::1:0:0:0]", TRUE },
		{ "ada@[IPv6:::ffff:192.0.2.1]", "ada@[IPv6:::ffff:c000:201]", TRUE },
		{ "ada@[IPv6:::ffff:192.0.2.1]", "ada@[192.0.2.1]", FALSE },
		{ "ada@[IPv6:2001:db8::1]", "ada@[IPv6:2001:db8::2]", FALSE },
		{ "ada@[IPv6:2001:db8::1]", "ada@[2001:db8::1]", FALSE },
		{ "ada@[X-net:A]", "ada@[x-NET:a]", TRUE },
		/* local parts: case and normal form */
		{ "ADA@post.example", "ada@post.example", TRUE },
		{ "J\303\226RG@post.example", "j\303\266rg@post.example", TRUE },
		{ "jo\314\210rg@post.example", "J\303\226rg@post.example", TRUE },
		{ "j\303\266rg@post.example", "jorg@post.example", FALSE },
		{ "j\303\266rg@post.example", "joerg@post.example", FALSE },
		{ "\316\235\316\231\316\232\316\237\316\243@post.example",
		  "\316\275\316\271\316\272\316\277\317\202@post.example", TRUE }, /* both sigmas have one capital */
		{ "stra\303\237e@post.example", "strasse@post.example", FALSE },
		{ "\304\260nci@post.example", "inci@post.example", FALSE },
		{ "INCI@post.example", "inci@post.example", TRUE },
		{ "\304\261nci@post.example", "inci@post.example", FALSE },   /* i without a dot */
		{ "\357\275\201da@post.example", "ada@post.example", FALSE }, /* full-width a: NFC, not NFKC */
		{ "\357\275\201da@post.example", "\357\274\241da@post.example", TRUE }, /* its capital */
		{ "ad\320\260@post.example", "ada@post.example", FALSE },               /* Cyrillic a */
		/* quotes and escapes (RFC 5321 4.1.2) */
		{ "\"ada\"@post.example", "ada@post.example", TRUE },
		{ "\"\\a\\d\\a\"@post.example", "Ada@post.example", TRUE },
		{ "\"ada.l\"@post.example", "ada.l@post.example", TRUE },
		{ "\"ada..l\"@post.example", "ada.l@post.example", FALSE },
		{ "\"ada l\"@post.example", "\"ada\\ l\"@post.example", TRUE },
		{ "\"ada l\"@post.example", "adal@post.example", FALSE },
		{ "\"a@b\"@post.example", "\"a\\@b\"@post.example", TRUE },
		{ "\"a@b\"@post.example", "a@post.example", FALSE },
		{ "\"ada+x\"@post.example", "ada+x@post.example", TRUE },
		/* what looks alike to people, or to one provider, is not one mailbox to a mail system */
		{ "ada.l@post.example", "adal@post.example", FALSE },
		{ "a.da@gmail.com", "ada@gmail.com", FALSE },
		{ "ada@googlemail.com", "ada@gmail.com", FALSE },
		{ "ada+news@post.example", "ada@post.example", FALSE },
		{ "ada-news@post.example", "ada@post.example", FALSE },
		{ "ada%post.example@relay.example", "ada@post.example", FALSE },
		{ "relay.example!ada@post.example", "ada@post.example", FALSE },
		{ "ada+2Bnews@post.example", "ada+news@post.example", FALSE }, /* xtext, not decoded here */
		{ "j\\x{F6}rg@post.example", "j\303\266rg@post.example", FALSE },
		{ "=?utf-8?Q?j=C3=B6rg?=@post.example", "j\303\266rg@post.example", FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *a = copy_exact (rows[i].a);
		g_autofree char *b = copy_exact (rows[i].b);
		if (nx_address_equal (a, b) != rows[i].want || nx_address_equal (b, a) != rows[i].want)
			fail_msg ("\"%s\" and \"%s\": wanted %d", a, b, rows[i].want);
	}
}

static void
test_equal__of_what_xtext_and_utf8_decode_to (void **state)
{
	(void)state;
	g_autofree char *xtext = nx_address_decode_xtext ("Ada+2BNews@post.example");
	g_autofree char *hexpoints = nx_address_decode_utf8 ("J\\x{F6}rg@B\\x{FC}cher.example");
	assert_true (nx_address_equal (xtext, "ada+news@post.example"));
	assert_true (nx_address_equal (hexpoints, "j\303\266rg@xn--bcher-kva.example"));
}

/* Where the library runs, somebody else may have chosen a locale in which "I" has another small letter. */
static void
test_make_key__asks_no_locale (void **state)
{
	(void)state;
	static const char *const locales[] = { "tr_TR.UTF-8", "tr_TR.utf8", "tr_TR", "az_AZ.UTF-8", "az_AZ" };
	guint found = 0;
	for (guint i = 0; i < G_N_ELEMENTS (locales); i++) {
		found += setlocale (LC_ALL, locales[i]) != NULL;
		g_autofree char *key = nx_address_make_key ("INCI@post.example");
		setlocale (LC_ALL, "C");
		assert_string_equal (key, "inci@post.example");
	}
	if (found == 0)
		printf ("# no Turkish or Azerbaijani locale is installed here: nothing but C was tried\n");
}

static void
test_rules_add_domains__takes_groups (void **state)
{
	(void)state;
	static const struct {
		const char *domains;
		gboolean good;
	} rows[] = {
		{ "googlemail.com gmail.com", TRUE },
		{ " B\303\274cher.example\t\tbooks.example  third.example. ", TRUE },
		{ "other.example GMAIL.com", FALSE },
		{ "xn--bcher-kva.example other.example", FALSE },
		{ "a.example A.example.", FALSE },
		{ "alone.example", FALSE },
		{ "", FALSE },
		{ "a.example, b.example", FALSE },
		{ "a.example x@b.example", FALSE },
		{ "a.example -", FALSE },
		{ "other.example another.example", TRUE },
	};
	g_autoptr (NxAddressRules) rules = nx_address_rules_new ();
	guint count = 0;
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (GError) error = NULL;
		gboolean good = nx_address_rules_add_domains (rules, rows[i].domains, &error);
		count += good;
		if (good != rows[i].good || good != (error == NULL) || rules->same_domains->len != count)
			fail_msg ("\"%s\": wanted %d", rows[i].domains, rows[i].good);
		if (!good)
			assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_CONFIG));
	}
	g_autoptr (NxAddressRules) copy = nx_address_rules_copy (rules);
	const char *const *group = g_ptr_array_index (copy->same_domains, 1);
	assert_string_equal (group[0], "xn--bcher-kva.example");
	assert_string_equal (group[1], "books.example");
	assert_string_equal (group[2], "third.example");
	assert_null (group[3]);
}

static void
test_get_domain__is_behind_the_last_at (void **state)
{
	(void)state;
	assert_string_equal (nx_address_get_domain ("ada@post.example"), "post.example");
	assert_string_equal (nx_address_get_domain ("\"a@b\"@post.example"), "post.example");
	assert_string_equal (nx_address_get_domain ("ada"), "");
	assert_string_equal (nx_address_get_domain (""), "");
}

static void
test_is_role__knows_functions_from_readers (void **state)
{
	(void)state;
	static const char *const roles[] = {
		"MAILER-DAEMON@mx.example",
		"mailer_daemon@mx.example",
		"postmaster@mx.example",
		"Postmaster+x@mx.example",
		"abuse@mx.example",
		"abuse-team@mx.example",
		"noreply@mx.example",
		"no-reply@mx.example",
		"No_Reply-123@mx.example",
		"do.not.reply@mx.example",
		"shop-noreply@mx.example",
		"support@mx.example",
		"it-support@mx.example",
		"helpdesk2@mx.example",
		"hostmaster@mx.example",
		"webmaster@mx.example",
		"security@mx.example",
		"spam@mx.example",
		"root@localhost",
		"bounce@mx.example",
		"bounces+ada=post.example@mx.example",
		"news-bounces@mx.example",
		"owner-news@mx.example",
		"news-request@mx.example",
		"\"postmaster\"@mx.example",
		"postmaster",
	};
	static const char *const readers[] = {
		"ada@mx.example",
		"info@mx.example",
		"office@mx.example",
		"rooter@mx.example",
		"bouncer@mx.example",
		"supporter@mx.example",
		"abusella@mx.example",
		"j.spamer@mx.example",
		"webmasters-friend@mx.example",
		"noreplyx@mx.example",
		"requests@mx.example",
		"ada+noreply@mx.example",
		"ada@postmaster.example",
		"",
		"@",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
		if (!nx_address_is_role (roles[i]))
			fail_msg ("%s is a role", roles[i]);
	for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
		if (nx_address_is_role (readers[i]))
			fail_msg ("%s is no role", readers[i]);
}

static void
test_is_redacted__tells_masks_from_mailboxes (void **state)
{
	(void)state;
	static const char *const redacted[] = {
		"redacted@post.example",
		"Redacted@post.example",
		"<redacted@post.example>",
		"[redacted]@post.example",
		"<[redacted]>",
		"redacted",
		"\"[redacted]\"@post.example",
		"user-redacted@post.example",
		"redacted.4711@post.example",
		"undisclosed@post.example",
		"[hidden]@post.example",
		"__removed__@post.example",
		"***@post.example",
		"j***n@post.example",
		"jo...@post.example",
		"xxxx@post.example",
		"joan@redacted.example",
		"joan@[redacted]",
		"joan@post.invalid",
		"QmFzZTY0IG9mIGEgaGFzaA@post.example",
		"QmFzZTY0IG9mIGEgaGFzaA==@post.example",
		"5d41402abc4b2a76b9719d911017c592@post.example",
		"5D41402ABC4B2A76B9719D911017C592@post.example",
		"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12@post.example",
	};
	static const char *const kept[] = {
		"joan@post.example",
		"xx@post.example",
		"maxx@post.example",
		"private@post.example",
		"removed@post.example",
		"JohnSmithTheThird1975@post.example",
		"anna_2026-11@post.example",
		"joan=lists.example@post.example",
		"0123456789012345678901234567890123456789@post.example",
		"credacted@post.example",
		"a1b2c3d4e5f6a7b8@post.example",
		"joan@invalid.example",
		"_@post.example",
		"@",
		"",
	};
	for (gsize i = 0; i < G_N_ELEMENTS (redacted); i++)
		if (!nx_address_is_redacted (redacted[i]))
			fail_msg ("%s is redacted", redacted[i]);
	for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
		if (nx_address_is_redacted (kept[i]))
			fail_msg ("%s is an address", kept[i]);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_decode_xtext__decodes_only_what_is_encoded),
		cmocka_unit_test (test_encode_xtext__leaves_only_printable_ascii),
		cmocka_unit_test (test_decode_xtext__undoes_encode),
		cmocka_unit_test (test_decode_utf8__decodes_hexpoints),
		cmocka_unit_test (test_parse__reads_every_usual_form),
		cmocka_unit_test (test_parse__finds_none_where_is_none),
		cmocka_unit_test (test_find__reads_free_text),
		cmocka_unit_test (test_find__passes_over_what_is_no_address),
		cmocka_unit_test (test_find__gives_the_span_with_its_brackets),
		cmocka_unit_test (test_find__is_linear),
		cmocka_unit_test (test_find__finds_only_what_parse_reads_back),
		cmocka_unit_test (test_is_valid__wants_what_can_be_mailed),
		cmocka_unit_test (test_make_key__makes_spellings_equal),
		cmocka_unit_test (test_make_key__of_a_key_is_the_key),
		cmocka_unit_test (test_make_key__of_a_domain_is_the_key),
		cmocka_unit_test (test_equal__tells_mailboxes_apart),
		cmocka_unit_test (test_equal__of_what_xtext_and_utf8_decode_to),
		cmocka_unit_test (test_make_key__asks_no_locale),
		cmocka_unit_test (test_rules_add_domains__takes_groups),
		cmocka_unit_test (test_get_domain__is_behind_the_last_at),
		cmocka_unit_test (test_is_role__knows_functions_from_readers),
		cmocka_unit_test (test_is_redacted__tells_masks_from_mailboxes),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("address", tests, NULL, NULL);
}
