/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_verp.c: keyed return paths: what was made is opened again, and nothing else; the pipeline's proof by them.
 */
#include "core-helpers.h"

#include <nixie/address.h>
#include <nixie/verp.h>

#define LIST "news@lists.example.org"
#define NOW G_GINT64_CONSTANT (1795392000) /* 2026-11-23 */
#define DAY 86400

#define KEY_A "a 8d4c1d0f6a3b5e7790c2a4f1b6d8e0337f21c5a9be640d183c5f7a92e1b40d66 2026-08-01\n"
#define KEY_B "b 51c07be29f8a4d3612e5b7c90af4d86e7b3c1f52a6980d4ebf7135ca2068d94f 2026-11-01\n"

static NxVerpKeys *
make_keys (const char *text)
{
	g_autoptr (GError) error = NULL;
	NxVerpKeys *keys = nx_verp_keys_new ("keys", text, &error);
	if (keys == NULL)
		fail_msg ("%s", error->message);
	return keys;
}

static char *
make_path (const NxVerpKeys *keys, const char *list, const char *subscriber, gint64 now)
{
	g_autoptr (GError) error = NULL;
	char *path = nx_verp_make (keys, list, NULL, subscriber, now, &error);
	if (path == NULL)
		fail_msg ("%s", error->message);
	return path;
}

/* A list of readers for tokens that stand alone. */
typedef struct {
	const char *const *addresses;
	guint asked;
} Readers;

static void
lookup_cb (const char *list, NxVerpTryFunc try_func, gpointer try_data, gpointer user_data)
{
	Readers *readers = user_data;
	assert_true (*list != '\0');
	for (guint i = 0; readers->addresses[i] != NULL; i++) {
		readers->asked++;
		if (try_func (readers->addresses[i], try_data))
			return;
	}
}

static NxVerpResult
open_path (const NxVerpKeys *keys, const char *path, gint64 now)
{
	g_autoptr (NxReturnPath) read = nx_verp_open (keys, path, now, NULL, NULL);
	return read->result;
}

/* ---- making and opening ---- */

static void
test_make__writes_vectors_that_never_change (void **state)
{
	(void)state;
	/* Computed by another program. A token that was mailed yesterday must open with tomorrow's nixie. */
	static const struct {
		const char *subscriber;
		const char *path;
	} rows[] = {
		{ "joan@post.example", "news-bounces+1bm9cwans602k2rkz-joan=post.example@lists.example.org" },
		{ "Joan@POST.example", "news-bounces+1bm9cwans602k2rkz-Joan=post.example@lists.example.org" },
		{ "jörg@post.example", "news-bounces+1bm9cwabqte5dwm74w963ft@lists.example.org" },
	};
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *path = make_path (keys, LIST, rows[i].subscriber, NOW);
		if (strcmp (path, rows[i].path) != 0)
			fail_msg ("want %s got %s", rows[i].path, path);
	}
}

/* Random addresses, the same in every run. */
static char *
make_address (GRand *random)
{
	static const char *const letters[] = { "a", "b", "j", "z", "A", "Q", "0", "7", "-", "_", "=",  "+",
					       "n", "e", "s", "'", "%", "!", "/", "#", "é", "ß", "日", "1ayx3kq" };
	static const char *const domains[] = { "post.example",
					       "Mail.Example.ORG",
					       "a-b.c-d.example",
					       "grün.example",
					       "xn--grn-hoa.example",
					       "x.example",
					       "very-long-domain-name-of-a-department.of.an.institution.example" };
	for (;;) {
		g_autoptr (GString) address = g_string_new (NULL);
		gboolean plain = g_rand_boolean (random);
		guint count = (guint)g_rand_int_range (random, 1, plain ? 20 : 64);
		guint kinds = plain ? 15 : G_N_ELEMENTS (letters);
		for (guint i = 0; i < count; i++)
			g_string_append (address, letters[g_rand_int_range (random, 0, (gint32)kinds)]);
		g_string_append_printf (address, "@%s", domains[g_rand_int_range (random, 0, G_N_ELEMENTS (domains))]);
		if (nx_address_is_valid (address->str))
			return g_strdup (address->str);
	}
}

static void
test_open__gives_back_what_make_was_given (void **state)
{
	(void)state;
	static const char *const lists[] = { LIST, "a@x.example", "c++-users@lists.example",
					     "a-list-with-a-rather-long-name@l.example", "News.Weekly@Lists.Example" };
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	g_autoptr (GRand) random = g_rand_new_with_seed (20261123);
	guint beside = 0;
	guint alone = 0;
	for (guint i = 0; i < 3000; i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *subscriber = make_address (random);
		const char *list = lists[i % G_N_ELEMENTS (lists)];
		g_autofree char *path = nx_verp_make (keys, list, NULL, subscriber, NOW, &error);
		if (path == NULL) { /* only where the list's own name is too long for a token */
			assert_int_equal (i % G_N_ELEMENTS (lists), 3);
			continue;
		}
		assert_true (strcspn (path, "@") <= 64);
		assert_true (g_str_is_ascii (path));
		const char *const readers[] = { "other@post.example", subscriber, NULL };
		Readers known = { .addresses = readers };
		g_autoptr (NxReturnPath) read = nx_verp_open (keys, path, NOW + (i % 30) * DAY, lookup_cb, &known);
		if (read->result != NX_VERP_VALID || !nx_address_equal (read->recipient, subscriber) ||
		    !nx_address_equal (read->list, list))
			fail_msg ("%s on %s: %s gives %s, \"%s\" on \"%s\"", subscriber, list, path,
				  nx_verp_result_to_string (read->result), read->recipient, read->list);
		assert_int_equal (read->date, NOW);
		beside += known.asked == 0;
		alone += known.asked > 0;
	}
	if (beside < 300 || alone < 300)
		fail_msg ("%u beside, %u alone", beside, alone);
}

static void
test_make__keeps_to_64_octets (void **state)
{
	(void)state;
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A);
	/* "news-bounces+" 13, token 17, "-" 1, "=" 1: 32 are left for the subscriber's own characters. */
	for (gsize length = 1; length <= 64; length++) {
		g_autoptr (GString) subscriber = g_string_new (NULL);
		append_repeated (subscriber, "x", length);
		g_string_append (subscriber, "@post.example");
		g_autofree char *path = make_path (keys, LIST, subscriber->str, NOW);
		gboolean whole = strstr (path, "=post.example@") != NULL;
		assert_int_equal (whole, length + strlen ("post.example") <= 32);
		assert_true (strcspn (path, "@") <= 64);
	}
	/* "-bounces+" 9, token alone 23: 32 are left for the list's name. */
	for (gsize length = 1; length <= 64; length++) {
		g_autoptr (GError) error = NULL;
		g_autoptr (GString) list = g_string_new (NULL);
		append_repeated (list, "l", length);
		g_string_append (list, "@lists.example");
		g_autofree char *path =
			nx_verp_make (keys, list->str, NULL, "someone-with-a-long-name@post.example", NOW, &error);
		assert_int_equal (path != NULL, length <= 32);
		if (path == NULL)
			assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_DATA));
	}
}

static void
test_make__refuses_what_cannot_be_told_again (void **state)
{
	(void)state;
	static const struct {
		const char *list;
		const char *pattern;
		const char *subscriber;
	} rows[] = {
		{ LIST, NULL, "no address" },
		{ LIST, NULL, "" },
		{ LIST, NULL, "a@b@c" },
		{ "news", NULL, "joan@post.example" },
		{ "", NULL, "joan@post.example" },
		{ "{token}@lists.example", NULL, "joan@post.example" },
		{ "news", "n-{user}={domain}@lists.example", "joan@post.example" },
		{ "news", "n-{token}", "joan@post.example" },
		{ "news", "n+{token}-{user}={domain}@lists.example", "jörg@post.example" },
	};
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A);
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *path =
			nx_verp_make (keys, rows[i].list, rows[i].pattern, rows[i].subscriber, NOW, &error);
		if (path != NULL)
			fail_msg ("row %u gives %s", (guint)i, path);
		assert_non_null (error);
	}
}

static void
test_open__does_not_mind_case_and_delimiters (void **state)
{
	(void)state;
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A);
	g_autofree char *path = make_path (keys, LIST, "joan@post.example", NOW);
	g_autofree char *upper = g_ascii_strup (path, -1);
	g_autofree char *dash = g_strdup (path);
	g_autofree char *wrapped =
		g_strdup_printf ("SRS0=ab=cd=lists.example.org=%.*s@relay.example", (int)strcspn (path, "@"), path);
	*strchr (dash, '+') = '-';
	assert_int_equal (open_path (keys, path, NOW), NX_VERP_VALID);
	assert_int_equal (open_path (keys, upper, NOW), NX_VERP_VALID);
	assert_int_equal (open_path (keys, dash, NOW), NX_VERP_VALID);
	assert_int_equal (open_path (keys, wrapped, NOW), NX_VERP_VALID);
}

/* Every bit of the return path; where the change is one of case or of a delimiter, it must mean the same. */
static void
check_flips (const NxVerpKeys *keys, const char *path, const char *subscriber)
{
	guint refused = 0;
	for (gsize i = 0; i < strlen (path) * 8; i++) {
		g_autofree char *flipped = g_strdup (path);
		flipped[i / 8] = (char)(flipped[i / 8] ^ 1 << i % 8);
		g_autoptr (NxReturnPath) read = nx_verp_open (keys, flipped, NOW, NULL, NULL);
		if (read->result != NX_VERP_VALID) {
			refused++;
			continue;
		}
		if (!nx_address_equal (read->recipient, subscriber) || !nx_address_equal (read->list, LIST))
			fail_msg ("%s opens as %s on %s", flipped, read->recipient, read->list);
		gboolean delimiter = path[i / 8] == '+' || path[i / 8] == '-' || path[i / 8] == '=';
		gboolean folded = g_ascii_tolower (flipped[i / 8]) == g_ascii_tolower (path[i / 8]);
		if (!delimiter && !folded)
			fail_msg ("%s is taken for %s", flipped, path);
	}
	assert_true (refused > strlen (path) * 6);
}

static void
test_open__refuses_each_flipped_bit (void **state)
{
	(void)state;
	static const char *const subscribers[] = { "joan@post.example", "j.o+tag@a-b.example", "x=y@z.example" };
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	for (gsize i = 0; i < G_N_ELEMENTS (subscribers); i++) {
		g_autofree char *path = make_path (keys, LIST, subscribers[i], NOW);
		check_flips (keys, path, subscribers[i]);
	}
}

static void
test_open__refuses_each_flipped_bit_of_a_token_alone (void **state)
{
	(void)state;
	static const char *const readers[] = { "a@post.example", "jörg@post.example", NULL };
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	g_autofree char *path = make_path (keys, LIST, "jörg@post.example", NOW);
	gsize begin = strlen ("news-bounces+");
	for (gsize i = begin * 8; i < strcspn (path, "@") * 8; i++) {
		g_autofree char *flipped = g_strdup (path);
		Readers known = { .addresses = readers };
		flipped[i / 8] = (char)(flipped[i / 8] ^ 1 << i % 8);
		gboolean same = g_ascii_tolower (flipped[i / 8]) == g_ascii_tolower (path[i / 8]);
		g_autoptr (NxReturnPath) read = nx_verp_open (keys, flipped, NOW, lookup_cb, &known);
		assert_int_equal (read->result == NX_VERP_VALID, same);
	}
}

/* ---- reasons to refuse ---- */

static void
test_open__tells_why_it_refuses (void **state)
{
	(void)state;
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	g_autoptr (NxVerpKeys) old = make_keys (KEY_A);
	g_autoptr (NxVerpKeys) new = make_keys (KEY_B);
	g_autofree char *path = make_path (keys, LIST, "joan@post.example", NOW);
	g_autofree char *by_old = make_path (old, LIST, "joan@post.example", NOW);
	g_autoptr (GString) other_list = g_string_new (path);
	g_autoptr (GString) other_reader = g_string_new (path);
	g_string_replace (other_list, "news-", "talk-", 1);
	g_string_replace (other_reader, "joan=", "jean=", 1);
	const struct {
		const NxVerpKeys *keys;
		const char *path;
		gint64 now;
		NxVerpResult result;
	} rows[] = {
		{ keys, path, NOW, NX_VERP_VALID },
		{ keys, by_old, NOW, NX_VERP_VALID }, /* a key that was followed by another still opens */
		{ old, by_old, NOW, NX_VERP_VALID },
		{ new, by_old, NOW, NX_VERP_UNKNOWN_KEY },
		{ old, path, NOW, NX_VERP_UNKNOWN_KEY },
		{ keys, other_list->str, NOW, NX_VERP_OTHER_LIST },
		{ keys, other_reader->str, NOW, NX_VERP_FORGED },
		{ keys, path, NOW + 30 * DAY, NX_VERP_VALID },
		{ keys, path, NOW + 31 * DAY, NX_VERP_EXPIRED },
		{ keys, path, NOW + 400 * DAY, NX_VERP_EXPIRED },
		{ keys, path, NOW - DAY, NX_VERP_VALID }, /* the reporter's clock is slow */
		/* Days come again after 32768; the MAC is of the day itself. */
		{ keys, path, NOW + (gint64)32768 * DAY, NX_VERP_OTHER_LIST },
		{ keys, path, 0, NX_VERP_OTHER_LIST },
		{ NULL, path, NOW, NX_VERP_NONE },
		{ keys, "news-bounces+joan=post.example@lists.example.org", NOW, NX_VERP_NONE },
		{ keys, "news-bounces@lists.example.org", NOW, NX_VERP_NONE },
		{ keys, "", NOW, NX_VERP_NONE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		NxVerpResult result = open_path (rows[i].keys, rows[i].path, rows[i].now);
		if (result != rows[i].result)
			fail_msg ("row %u: want %s got %s", (guint)i, nx_verp_result_to_string (rows[i].result),
				  nx_verp_result_to_string (result));
	}
}

static void
test_keys_set_max_age__moves_the_limit (void **state)
{
	(void)state;
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A);
	g_autofree char *path = make_path (keys, LIST, "joan@post.example", NOW);
	nx_verp_keys_set_max_age (keys, 7);
	assert_int_equal (open_path (keys, path, NOW + 7 * DAY), NX_VERP_VALID);
	assert_int_equal (open_path (keys, path, NOW + 8 * DAY), NX_VERP_EXPIRED);
}

static void
test_open__asks_for_readers_only_when_the_token_stands_alone (void **state)
{
	(void)state;
	static const char *const readers[] = { "joan@post.example", "jörg@post.example", NULL };
	static const char *const others[] = { "joan@post.example", "not an address", "", NULL };
	Readers known = { .addresses = readers };
	Readers unknown = { .addresses = others };
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A);
	g_autofree char *beside = make_path (keys, LIST, "joan@post.example", NOW);
	g_autofree char *alone = make_path (keys, LIST, "jörg@post.example", NOW);
	g_autoptr (NxReturnPath) first = nx_verp_open (keys, beside, NOW, lookup_cb, &known);
	assert_int_equal (first->result, NX_VERP_VALID);
	assert_int_equal (known.asked, 0);
	g_autoptr (NxReturnPath) second = nx_verp_open (keys, alone, NOW, lookup_cb, &known);
	assert_int_equal (known.asked, 2);
	assert_string_equal (second->recipient, "jörg@post.example");
	g_autoptr (NxReturnPath) third = nx_verp_open (keys, alone, NOW, lookup_cb, &unknown);
	assert_int_equal (third->result, NX_VERP_UNRESOLVED);
	/* What is too old is not worth a search. */
	g_autoptr (NxReturnPath) fourth = nx_verp_open (keys, alone, NOW + 40 * DAY, lookup_cb, &known);
	assert_int_equal (fourth->result, NX_VERP_EXPIRED);
	assert_int_equal (known.asked, 2);
}

/* ---- patterns ---- */

static void
test_pipeline_open__knows_patterns (void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		const char *subscriber;
	} rows[] = {
		{ "b.{token}-{user}={domain}@lists.example", "joan@post.example" },
		{ "b.{number}.{token}+{user}+{domain}@lists.example", "joan@post.example" },
		{ "b.{user}={domain}.{token}@lists.example", "joan@post.example" },
		{ "news-verp-{token}@lists.example", "jörg@post.example" },
	};
	static const char *const readers[] = { "jörg@post.example", NULL };
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (GError) error = NULL;
		Readers known = { .addresses = readers };
		g_autoptr (NxRules) rules = nx_rules_new_empty ();
		g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, &error);
		g_autoptr (NxVerpKeys) keys = make_keys (KEY_A);
		g_autofree char *path = nx_verp_make (keys, "news", rows[i].pattern, rows[i].subscriber, NOW, &error);
		if (path == NULL)
			fail_msg ("%s", error->message);
		assert_true (nx_pipeline_add_return_path (pipeline, "news", rows[i].pattern, &error));
		nx_pipeline_set_verp_keys (pipeline, g_steal_pointer (&keys), NOW);
		nx_pipeline_set_verp_lookup (pipeline, lookup_cb, &known);
		g_autoptr (NxReturnPath) read = nx_pipeline_open_return_path (pipeline, path, NOW);
		assert_int_equal (read->result, NX_VERP_VALID);
		assert_string_equal (read->list, "news");
		assert_string_equal (read->recipient, rows[i].subscriber);
	}
}

/* ---- key files ---- */

static void
test_keys_new__names_the_line_that_is_wrong (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *message;
	} rows[] = {
		{ "", "keys:1: there is no key" },
		{ "# nothing\n", "there is no key" },
		{ KEY_A "nonsense\n", "keys:2: this is no key" },
		{ KEY_A "\n\n" KEY_A, "keys:4: this id stands above already" },
		{ "ab 00112233445566778899aabbccddeeff\n", "keys:1: the id" },
		{ "o 00112233445566778899aabbccddeeff\n", "keys:1: the id" },
		{ "A 00112233445566778899aabbccddeeff\n", "keys:1: the id" },
		{ "a 00112233445566778899aabbccddee\n", "keys:1: the key" },
		{ "a 00112233445566778899aabbccddeef\n", "keys:1: the key" },
		{ "a 00112233445566778899aabbccddeefg\n", "keys:1: the key" },
		{ "a 00112233445566778899aabbccddeeff yesterday\n", "keys:1: the day" },
		{ "a 00112233445566778899aabbccddeeff 2026-02-30\n", "keys:1: the day" },
		{ "a 00112233445566778899aabbccddeeff 2026-02-03 x\n", "keys:1: this is no key" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *copy = copy_exact (rows[i].text, strlen (rows[i].text) + 1);
		assert_null (nx_verp_keys_new ("keys", copy, &error));
		assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_CONFIG));
		assert_has (error->message, rows[i].message);
	}
}

static void
test_keys_rotate__adds_a_key_and_drops_the_outlived (void **state)
{
	(void)state;
	guint8 secret[NX_VERP_SECRET_BYTES];
	g_autoptr (GError) error = NULL;
	memset (secret, 0x5a, sizeof secret);
	g_autofree char *first = nx_verp_keys_rotate (NULL, secret, NOW, &error);
	assert_has (first, "\na 5a5a5a5a");
	assert_has (first, "5a 2026-11-23\n");
	g_autoptr (NxVerpKeys) keys = make_keys (first);
	g_autofree char *path = make_path (keys, LIST, "joan@post.example", NOW);
	g_autofree char *second = nx_verp_keys_rotate (keys, secret, NOW + 10 * DAY, &error);
	assert_has (second, "\na 5a");
	assert_has (second, "\nb 5a");
	/* b makes tokens since day 10; a's last one is of day 10, and counts until day 40. */
	g_autoptr (NxVerpKeys) both = make_keys (second);
	g_autofree char *early = nx_verp_keys_rotate (both, secret, NOW + 40 * DAY, &error);
	assert_has (early, "\na 5a");
	g_autofree char *late = nx_verp_keys_rotate (both, secret, NOW + 50 * DAY, &error);
	assert_lacks (late, "\na 5a");
	assert_has (late, "\nb 5a");
	assert_has (late, "\nc 5a");
	g_autoptr (NxVerpKeys) kept = make_keys (early);
	assert_int_equal (open_path (kept, path, NOW + 30 * DAY), NX_VERP_VALID);
}

static void
test_keys_rotate__ends_when_all_ids_are_taken (void **state)
{
	(void)state;
	const guint8 secret[NX_VERP_SECRET_BYTES] = { 0 };
	g_autofree char *text = NULL;
	for (guint i = 0; i < 32; i++) {
		g_autoptr (NxVerpKeys) keys = text != NULL ? make_keys (text) : NULL;
		g_free (text);
		text = nx_verp_keys_rotate (keys, secret, NOW, NULL);
		assert_non_null (text);
	}
	g_autoptr (GError) error = NULL;
	g_autoptr (NxVerpKeys) full = make_keys (text);
	assert_null (nx_verp_keys_rotate (full, secret, NOW, &error));
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_DATA));
	assert_has (error->message, "32 keys");
}

/* ---- proof ---- */

#define REPORT(to, date, recipient, original)                                                            \
	"From: mailer-daemon@mx.example\nTo: " to "\nDate: " date                                        \
	"\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" \
	"Final-Recipient: rfc822; " recipient                                                            \
	"\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\n" original "\n--b--\n"

static NxEvent *
read_event (const NxPipeline *pipeline, const char *text, const char *envelope_to)
{
	NxRawMessage raw = { .file = "-", .data = text, .length = strlen (text), .envelope_sender = "" };
	g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, envelope_to);
	assert_int_equal (events->len, 1);
	return g_ptr_array_steal_index (events, 0);
}

static NxPipeline *
make_pipeline (gint64 now)
{
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	NxPipeline *pipeline = nx_pipeline_new (rules, NULL);
	nx_pipeline_set_verp_keys (pipeline, make_keys (KEY_A KEY_B), now);
	return pipeline;
}

static void
test_pipeline_set_verp_now__moves_the_clock (void **state)
{
	static const struct {
		gint64 now;
		NxProof proof;
	} rows[] = { { NOW, NX_PROOF_SIGNED }, { NOW + 60 * DAY, NX_PROOF_CLAIM }, { NOW + DAY, NX_PROOF_SIGNED } };
	(void)state;
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	g_autofree char *path = make_path (keys, LIST, "joan@post.example", NOW);
	g_autoptr (NxPipeline) pipeline = make_pipeline (NOW + 90 * DAY);
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		nx_pipeline_set_verp_now (pipeline, rows[i].now);
		g_autoptr (NxEvent) event =
			read_event (pipeline,
				    REPORT ("x@lists.example.org", "Tue, 24 Nov 2026 12:00:00 +0000",
					    "alias@other.example", "Subject: x\n"),
				    path);
		assert_int_equal (event->proof, rows[i].proof);
	}
}

static void
test_pipeline_read__proves_by_the_token (void **state)
{
	(void)state;
	static const struct {
		const char *change; /* in the return path: what, and by what */
		const char *by;
		gint64 now;
		NxProof proof;
		const char *recipient;
		const char *defect;
	} rows[] = {
		{ "", "", NOW, NX_PROOF_SIGNED, "joan@post.example", "" },
		{ "joan=", "jean=", NOW, NX_PROOF_CLAIM, "jean@post.example", "verp-forged" },
		{ "news-", "talk-", NOW, NX_PROOF_CLAIM, "joan@post.example", "verp-other-list" },
		{ "+1b", "+1c", NOW, NX_PROOF_CLAIM, "joan@post.example", "verp-unknown-key" },
		{ "", "", NOW + 60 * DAY, NX_PROOF_CLAIM, "joan@post.example", "verp-expired" },
		{ "", "", 0, NX_PROOF_SIGNED, "joan@post.example", "" }, /* by the report's own date */
	};
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *made = make_path (keys, LIST, "joan@post.example", NOW);
		g_autoptr (GString) path = g_string_new (made);
		if (*rows[i].change != '\0')
			assert_int_equal (g_string_replace (path, rows[i].change, rows[i].by, 1), 1);
		g_autoptr (NxPipeline) pipeline = make_pipeline (rows[i].now);
		/* The original's Message-ID would prove more than a claim, but for the token. */
		g_autoptr (NxEvent) event =
			read_event (pipeline,
				    REPORT ("x@lists.example.org", "Tue, 24 Nov 2026 12:00:00 +0000",
					    "alias@other.example", "Message-ID: <1@lists.example.org>\n"),
				    path->str);
		if (event->proof != rows[i].proof || strcmp (event->verp_recipient, rows[i].recipient) != 0 ||
		    strcmp (event->defects, rows[i].defect) != 0)
			fail_msg ("row %u: %s, %s, \"%s\"", (guint)i, nx_proof_to_string (event->proof),
				  event->verp_recipient, event->defects);
		assert_string_equal (event->recipient, "alias@other.example");
	}
}

static void
test_pipeline_read__counts_the_age_to_the_last_date_written (void **state)
{
	(void)state;
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	g_autofree char *path = make_path (keys, LIST, "joan@post.example", NOW);
	g_autoptr (NxPipeline) pipeline = make_pipeline (0);
	/* A kept token, with a Date that suits it; but our own server wrote when it came. */
	g_autoptr (NxEvent) event =
		read_event (pipeline,
			    "Received: from x by lists.example.org; Sun, 28 Feb 2027 12:00:00 +0000\n" REPORT (
				    "x@lists.example.org", "Tue, 24 Nov 2026 12:00:00 +0000", "joan@post.example", ""),
			    path);
	assert_string_equal (event->defects, "verp-expired");
	assert_int_equal (event->proof, NX_PROOF_CLAIM);
}

static void
test_pipeline_read__resolves_a_token_alone (void **state)
{
	(void)state;
	static const char *const readers[] = { "a@post.example", "jörg@post.example", NULL };
	g_autoptr (NxVerpKeys) keys = make_keys (KEY_A KEY_B);
	g_autofree char *path = make_path (keys, LIST, "jörg@post.example", NOW);
	g_autoptr (NxPipeline) pipeline = make_pipeline (NOW);
	/* By the address that the report names … */
	g_autoptr (NxEvent) named = read_event (
		pipeline, REPORT ("x@y.example", "Tue, 24 Nov 2026 12:00:00 +0000", "jörg@post.example", ""), path);
	assert_int_equal (named->proof, NX_PROOF_SIGNED);
	assert_string_equal (named->verp_recipient, "jörg@post.example");
	/* … or not, when it names another … */
	g_autoptr (NxEvent) other = read_event (
		pipeline, REPORT ("x@y.example", "Tue, 24 Nov 2026 12:00:00 +0000", "alias@post.example", ""), path);
	assert_int_equal (other->proof, NX_PROOF_CLAIM);
	assert_string_equal (other->defects, "verp-unresolved");
	/* … or by the list's readers. */
	Readers known = { .addresses = readers };
	nx_pipeline_set_verp_lookup (pipeline, lookup_cb, &known);
	g_autoptr (NxEvent) found = read_event (
		pipeline, REPORT ("x@y.example", "Tue, 24 Nov 2026 12:00:00 +0000", "alias@post.example", ""), path);
	assert_int_equal (found->proof, NX_PROOF_SIGNED);
	assert_string_equal (found->verp_recipient, "jörg@post.example");
	assert_int_equal (known.asked, 2);
}

static void
test_results__have_names_and_meanings (void **state)
{
	(void)state;
	for (guint result = NX_VERP_NONE; result <= NX_VERP_UNRESOLVED; result++) {
		assert_int_equal (*nx_verp_result_to_string ((NxVerpResult)result) == '\0', result == NX_VERP_NONE);
		assert_true (strlen (nx_verp_result_get_meaning ((NxVerpResult)result)) > 10);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_make__writes_vectors_that_never_change),
		cmocka_unit_test (test_open__gives_back_what_make_was_given),
		cmocka_unit_test (test_make__keeps_to_64_octets),
		cmocka_unit_test (test_make__refuses_what_cannot_be_told_again),
		cmocka_unit_test (test_open__does_not_mind_case_and_delimiters),
		cmocka_unit_test (test_open__refuses_each_flipped_bit),
		cmocka_unit_test (test_open__refuses_each_flipped_bit_of_a_token_alone),
		cmocka_unit_test (test_open__tells_why_it_refuses),
		cmocka_unit_test (test_keys_set_max_age__moves_the_limit),
		cmocka_unit_test (test_open__asks_for_readers_only_when_the_token_stands_alone),
		cmocka_unit_test (test_pipeline_open__knows_patterns),
		cmocka_unit_test (test_keys_new__names_the_line_that_is_wrong),
		cmocka_unit_test (test_keys_rotate__adds_a_key_and_drops_the_outlived),
		cmocka_unit_test (test_keys_rotate__ends_when_all_ids_are_taken),
		cmocka_unit_test (test_pipeline_read__proves_by_the_token),
		cmocka_unit_test (test_pipeline_set_verp_now__moves_the_clock),
		cmocka_unit_test (test_pipeline_read__counts_the_age_to_the_last_date_written),
		cmocka_unit_test (test_pipeline_read__resolves_a_token_alone),
		cmocka_unit_test (test_results__have_names_and_meanings),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
