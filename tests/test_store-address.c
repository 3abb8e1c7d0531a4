/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-address.c: whose subscription a report is about, by the order of its addresses and by what a site says of
 * addresses (nx_store_set_address_rules()). The same cases hold for every backend.
 */
#include "store-helpers.h"

#define SAME "googlemail.com gmail.com; one.example two.example b\303\274cher.example"

/* @members: "list:address", with blanks between them. @rules: letters: c: case counts, t: tags do not, d: SAME. @want:
 * the members that the report is about, in the order of lists and addresses. */
typedef struct {
	const char *members;
	const char *rules;
	Spec spec;
	const char *list;
	const char *want;
} Case;

static void
set_rules (NxStore *store, const char *letters)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxAddressRules) rules = nx_address_rules_new ();
	g_auto (GStrv) groups = g_strsplit (SAME, ";", -1);
	rules->keep_case = strchr (letters, 'c') != NULL;
	rules->ignore_subaddress = strchr (letters, 't') != NULL;
	for (guint i = 0; strchr (letters, 'd') != NULL && groups[i] != NULL; i++)
		must (nx_address_rules_add_domains (rules, groups[i], &error));
	nx_store_set_address_rules (store, rules);
}

static void
add_members (NxStore *store, const char *members)
{
	g_autoptr (GError) error = NULL;
	g_auto (GStrv) split = g_strsplit (members, " ", -1);
	for (guint i = 0; split[i] != NULL; i++) {
		char *address = strchr (split[i], ':');
		gboolean added = FALSE;
		assert_non_null (address);
		*address++ = '\0';
		must (nx_store_add_list (store, split[i], "", &error));
		must (nx_store_add_subscriber (store, split[i], address, "", &added, &error));
		assert_true (added);
	}
}

static gboolean
append_hit_cb (const NxSubscriber *subscriber, gpointer data)
{
	GString *hits = data;
	if (subscriber->events > 0)
		g_string_append_printf (hits, "%s%s:%s", hits->len > 0 ? " " : "", subscriber->list,
					subscriber->address);
	return TRUE;
}

static void
check_cases (Place *place, const Case *cases, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autoptr (GError) error = NULL;
		g_autofree char *uri = g_strdup_printf ("%s-%d", place->uri, (int)i);
		g_autoptr (NxStore) store = open_store (uri);
		g_autoptr (GString) hits = g_string_new (NULL);
		Spec spec = cases[i].spec;
		spec.fingerprint = "f";
		if (spec.recipient == NULL)
			spec.recipient = "";
		add_members (store, cases[i].members);
		set_rules (store, cases[i].rules);
		guint added = record_one (store, &spec, cases[i].list);
		must (nx_store_foreach_subscriber (store, NULL, NULL, NX_STATE_NONE, append_hit_cb, hits, &error));
		if (strcmp (hits->str, cases[i].want) != 0)
			fail_msg ("case %d (%s): about “%s”, not “%s”", (int)i, spec.recipient, hits->str,
				  cases[i].want);
		/* Whoever it is about, it is kept. */
		assert_true (added > 0);
		assert_int_equal (record_one (store, &spec, cases[i].list), 0);
	}
}

static void
test_record__takes_addresses_in_order (void **state)
{
	static const Case cases[] = {
		/* the return path, the original recipient as it came, decoded, the recipient, where an alias led */
		{ "n:v@a.example n:w@a.example n:o@a.example n:r@a.example n:t@a.example",
		  "",
		  { .verp = "v@a.example",
		    .original_raw = "w@a.example",
		    .original = "o@a.example",
		    .recipient = "r@a.example",
		    .actual = "t@a.example" },
		  NULL,
		  "n:v@a.example" },
		{ "n:w@a.example n:o@a.example n:r@a.example n:t@a.example",
		  "",
		  { .verp = "v@a.example",
		    .original_raw = "w@a.example",
		    .original = "o@a.example",
		    .recipient = "r@a.example",
		    .actual = "t@a.example" },
		  NULL,
		  "n:w@a.example" },
		{ "n:o@a.example n:r@a.example n:t@a.example",
		  "",
		  { .verp = "v@a.example",
		    .original_raw = "w@a.example",
		    .original = "o@a.example",
		    .recipient = "r@a.example",
		    .actual = "t@a.example" },
		  NULL,
		  "n:o@a.example" },
		{ "n:r@a.example n:t@a.example",
		  "",
		  { .original = "o@a.example", .recipient = "r@a.example", .actual = "t@a.example" },
		  NULL,
		  "n:r@a.example" },
		{ "n:t@a.example",
		  "",
		  { .original = "o@a.example", .recipient = "r@a.example", .actual = "t@a.example" },
		  NULL,
		  "n:t@a.example" },
		/* the alias was written to; its target is another subscription, here or on another list */
		{ "n:alias@a.example n:target@b.example",
		  "",
		  { .recipient = "alias@a.example", .actual = "target@b.example" },
		  "n",
		  "n:alias@a.example" },
		{ "n:alias@a.example n:target@b.example",
		  "",
		  { .original = "alias@a.example", .recipient = "target@b.example" },
		  "n",
		  "n:alias@a.example" },
		{ "n:alias@a.example t:target@b.example",
		  "",
		  { .recipient = "alias@a.example", .actual = "target@b.example" },
		  NULL,
		  "n:alias@a.example" },
		{ "n:alias@a.example t:target@b.example",
		  "",
		  { .recipient = "alias@a.example", .actual = "target@b.example" },
		  "t",
		  "t:target@b.example" },
		/* xtext: the raw form first, since many never encode; then what it says */
		{ "n:joan+2Btag@a.example n:joan+tag@a.example",
		  "",
		  { .original_raw = "joan+2Btag@a.example", .original = "joan+tag@a.example" },
		  NULL,
		  "n:joan+2Btag@a.example" },
		{ "n:joan@a.example n:joan+tag@a.example",
		  "",
		  { .original_raw = "joan+2Btag@a.example", .original = "joan+tag@a.example" },
		  NULL,
		  "n:joan+tag@a.example" },
		/* a signed return path is about its own reader or nobody */
		{ "n:r@a.example",
		  "",
		  { .proof = NX_PROOF_SIGNED,
		    .verp = "v@a.example",
		    .recipient = "r@a.example",
		    .actual = "r@a.example" },
		  NULL,
		  "" },
		{ "n:r@a.example",
		  "ctd",
		  { .proof = NX_PROOF_SIGNED, .verp = "r+x@a.example", .recipient = "r@a.example" },
		  NULL,
		  "" },
	};
	check_cases (*state, cases, G_N_ELEMENTS (cases));
}

static void
test_record__case_of_local_parts (void **state)
{
	static const Case cases[] = {
		{ "n:joan@a.example", "", { .recipient = "JOAN@A.Example" }, NULL, "n:joan@a.example" },
		{ "n:joan@a.example", "c", { .recipient = "JOAN@a.example" }, NULL, "" },
		{ "n:Joan@a.example", "c", { .recipient = "joan@a.example" }, NULL, "" },
		{ "n:Joan@a.example", "c", { .recipient = "Joan@A.EXAMPLE." }, NULL, "n:Joan@a.example" },
		{ "n:Joan@a.example", "c", { .recipient = "\"Jo\\an\"@a.example" }, NULL, "n:Joan@a.example" },
		{ "n:J\303\266rg@a.example",
		  "c",
		  { .recipient = "Jo\314\210rg@a.example" },
		  NULL,
		  "n:J\303\266rg@a.example" },
		{ "n:J\303\266rg@a.example", "c", { .recipient = "J\303\226rg@a.example" }, NULL, "" },
		/* each list has its own spelling */
		{ "n:Joan@a.example t:joan@a.example",
		  "c",
		  { .recipient = "joan@a.example" },
		  NULL,
		  "t:joan@a.example" },
		{ "n:Joan@a.example",
		  "c",
		  { .recipient = "joan@a.example", .actual = "Joan@a.example" },
		  NULL,
		  "n:Joan@a.example" },
		/* mail servers fold the case of return paths, which are ours */
		{ "n:Joan@a.example", "c", { .verp = "joan@a.example" }, NULL, "n:Joan@a.example" },
		{ "n:Joan@a.example",
		  "c",
		  { .proof = NX_PROOF_SIGNED, .verp = "joan@a.example" },
		  NULL,
		  "n:Joan@a.example" },
		/* with tags, and at domains that are the same */
		{ "n:Joan+News@a.example", "ct", { .recipient = "Joan@a.example" }, NULL, "n:Joan+News@a.example" },
		{ "n:Joan+News@a.example", "ct", { .recipient = "joan@a.example" }, NULL, "" },
		{ "n:Joan@a.example", "ct", { .recipient = "Joan+News@a.example" }, NULL, "n:Joan@a.example" },
		{ "n:Joan@a.example", "ct", { .recipient = "joan+News@a.example" }, NULL, "" },
		{ "n:Joan+News@a.example n:joan+x@a.example",
		  "ct",
		  { .recipient = "Joan@a.example" },
		  NULL,
		  "n:Joan+News@a.example" },
		{ "n:Joan@gmail.com", "cd", { .recipient = "Joan@googlemail.com" }, NULL, "n:Joan@gmail.com" },
		{ "n:Joan@gmail.com", "cd", { .recipient = "joan@googlemail.com" }, NULL, "" },
	};
	check_cases (*state, cases, G_N_ELEMENTS (cases));
}

static void
test_record__subaddresses (void **state)
{
	static const Case cases[] = {
		/* kept apart unless told otherwise */
		{ "n:joan+x@a.example", "", { .recipient = "joan@a.example" }, NULL, "" },
		{ "n:joan@a.example", "", { .recipient = "joan+x@a.example" }, NULL, "" },
		{ "n:joan+x@a.example", "t", { .recipient = "JOAN@A.example" }, NULL, "n:joan+x@a.example" },
		{ "n:joan@a.example", "t", { .recipient = "joan+x@a.example" }, NULL, "n:joan@a.example" },
		/* the very address first */
		{ "n:joan@a.example n:joan+x@a.example",
		  "t",
		  { .recipient = "joan@a.example" },
		  NULL,
		  "n:joan@a.example" },
		{ "n:joan@a.example n:joan+x@a.example",
		  "t",
		  { .recipient = "joan+x@a.example" },
		  NULL,
		  "n:joan+x@a.example" },
		{ "n:joan+x@a.example t:joan@a.example",
		  "t",
		  { .recipient = "joan@a.example" },
		  NULL,
		  "t:joan@a.example" },
		/* never guess */
		{ "n:joan+x@a.example n:joan+y@a.example", "t", { .recipient = "joan@a.example" }, NULL, "" },
		{ "n:joan+x@a.example n:joan+y@a.example t:joan+z@a.example",
		  "t",
		  { .recipient = "joan@a.example" },
		  NULL,
		  "t:joan+z@a.example" },
		{ "n:joan+x@a.example n:joan+y@a.example n:target@b.example",
		  "t",
		  { .recipient = "joan@a.example", .actual = "target@b.example" },
		  NULL,
		  "" },
		{ "n:joan+x@a.example", "t", { .recipient = "joan+y@a.example" }, NULL, "" },
		/* one address of the report has the tag that another has lost */
		{ "n:joan+x@a.example n:joan+y@a.example",
		  "t",
		  { .original = "joan+y@a.example", .recipient = "joan@a.example" },
		  NULL,
		  "n:joan+y@a.example" },
		{ "n:joan+x@a.example n:joan+y@a.example",
		  "t",
		  { .verp = "joan@a.example", .recipient = "joan+y@a.example" },
		  NULL,
		  "n:joan+y@a.example" },
		{ "n:joan+x@a.example",
		  "t",
		  { .original = "joan+y@a.example", .recipient = "joan@a.example" },
		  NULL,
		  "" },
		/* the alias that was written to, by its tag, and not its target */
		{ "n:joan+x@a.example n:target@b.example",
		  "t",
		  { .original = "joan@a.example", .recipient = "target@b.example" },
		  NULL,
		  "n:joan+x@a.example" },
		/* "+" in xtext begins no tag */
		{ "n:a@a.example n:a=b@a.example",
		  "t",
		  { .original_raw = "a+3Db@a.example", .original = "a=b@a.example" },
		  NULL,
		  "n:a=b@a.example" },
		{ "n:a@a.example", "t", { .original_raw = "a+3Db@a.example", .original = "a=b@a.example" }, NULL, "" },
		{ "n:joan@a.example",
		  "t",
		  { .original_raw = "joan+2Bx@a.example", .original = "joan+x@a.example" },
		  NULL,
		  "n:joan@a.example" },
		/* only "+", only in front of this domain, only behind a user, only without quotes */
		{ "n:joan-x@a.example n:joanna@a.example n:joan*x@a.example n:joan@b.example",
		  "t",
		  { .recipient = "joan@a.example" },
		  NULL,
		  "" },
		{ "n:joan+x@b.example n:joan+x@ba.example", "t", { .recipient = "joan@a.example" }, NULL, "" },
		{ "n:joan+x@b.example n:joan+x@a.example",
		  "t",
		  { .recipient = "joan@a.example" },
		  NULL,
		  "n:joan+x@a.example" },
		{ "n:+x@a.example", "t", { .recipient = "+y@a.example" }, NULL, "" },
		{ "n:joan@a.example", "t", { .recipient = "joan+x+y@a.example" }, NULL, "n:joan@a.example" },
		{ "n:joan+x+y@a.example", "t", { .recipient = "joan@a.example" }, NULL, "n:joan+x+y@a.example" },
		{ "n:joan@a.example", "t", { .recipient = "\"joan+x y\"@a.example" }, NULL, "" },
		{ "n:joan@a.example", "t", { .recipient = "\"joan+x\"@a.example" }, NULL, "n:joan@a.example" },
		{ "n:joan+x@a.example n:joan%y@a.example", "t", { .recipient = "joan+%@a.example" }, NULL, "" },
	};
	check_cases (*state, cases, G_N_ELEMENTS (cases));
}

static void
test_record__domains_that_are_the_same (void **state)
{
	static const Case cases[] = {
		{ "n:joan@gmail.com", "", { .recipient = "joan@googlemail.com" }, NULL, "" },
		{ "n:joan@gmail.com", "d", { .recipient = "joan@GOOGLEMAIL.com" }, NULL, "n:joan@gmail.com" },
		{ "n:joan@googlemail.com", "d", { .recipient = "joan@gmail.com" }, NULL, "n:joan@googlemail.com" },
		{ "n:joan@gmail.com n:joan@googlemail.com",
		  "d",
		  { .recipient = "joan@gmail.com" },
		  NULL,
		  "n:joan@gmail.com" },
		{ "n:joan@xn--bcher-kva.example",
		  "d",
		  { .recipient = "joan@one.example" },
		  NULL,
		  "n:joan@xn--bcher-kva.example" },
		{ "n:joan@two.example",
		  "d",
		  { .recipient = "joan@B\303\234cher.example" },
		  NULL,
		  "n:joan@two.example" },
		{ "n:joan@two.example n:joan@xn--bcher-kva.example",
		  "d",
		  { .recipient = "joan@one.example" },
		  NULL,
		  "" },
		{ "n:joan@two.example", "d", { .recipient = "joan@gmail.com" }, NULL, "" },
		{ "n:joan@mail.gmail.com", "d", { .recipient = "joan@googlemail.com" }, NULL, "" },
		{ "n:jo.an@gmail.com", "d", { .recipient = "joan@googlemail.com" }, NULL, "" },
		{ "n:joan@gmail.com",
		  "d",
		  { .verp = "joan@googlemail.com", .recipient = "x@a.example" },
		  NULL,
		  "n:joan@gmail.com" },
		{ "n:joan@gmail.com", "d", { .original_raw = "joan@googlemail.com" }, NULL, "n:joan@gmail.com" },
		/* one of the domains comes before a tag */
		{ "n:joan+x@gmail.com", "d", { .recipient = "joan@googlemail.com" }, NULL, "" },
		{ "n:joan+x@gmail.com", "td", { .recipient = "joan@googlemail.com" }, NULL, "n:joan+x@gmail.com" },
		{ "n:joan@gmail.com", "td", { .recipient = "joan+x@googlemail.com" }, NULL, "n:joan@gmail.com" },
		{ "n:joan@gmail.com n:joan+x@googlemail.com",
		  "td",
		  { .recipient = "joan@googlemail.com" },
		  NULL,
		  "n:joan@gmail.com" },
		{ "n:joan+x@gmail.com n:joan+y@googlemail.com", "td", { .recipient = "joan@gmail.com" }, NULL, "" },
	};
	check_cases (*state, cases, G_N_ELEMENTS (cases));
}

/* Somebody who makes an address for each shop; a report on the bare one is about none of them, nor slow to read. */
static void
test_record__too_many_tags_are_nobody (void **state)
{
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (GString) hits = g_string_new (NULL);
	const Spec spec = { .fingerprint = "f", .recipient = "joan@a.example" };
	place->store = open_store (place->uri);
	must (nx_store_begin (place->store, &error));
	for (guint i = 0; i < 500; i++) {
		g_autofree char *member = g_strdup_printf ("l%u:joan+%u@a.example", i / 2, i);
		add_members (place->store, member);
	}
	add_members (place->store, "z:joan+last@a.example");
	must (nx_store_commit (place->store, &error));
	set_rules (place->store, "t");
	assert_int_equal (record_one (place->store, &spec, NULL), 1);
	must (nx_store_foreach_subscriber (place->store, NULL, NULL, NX_STATE_NONE, append_hit_cb, hits, &error));
	assert_string_equal (hits->str, "");
	/* Its list known, it is about the only one there. */
	assert_int_equal (record_one (place->store, &spec, "z"), 0);
	must (nx_store_foreach_subscriber (place->store, NULL, NULL, NX_STATE_NONE, append_hit_cb, hits, &error));
	assert_string_equal (hits->str, "z:joan+last@a.example");
}

static void
test_set_address_rules__keeps_a_copy (void **state)
{
	Place *place = *state;
	const Spec spec = { .fingerprint = "f", .recipient = "joan@a.example" };
	g_autoptr (NxAddressRules) rules = nx_address_rules_new ();
	place->store = open_store (place->uri);
	add_members (place->store, "n:joan+x@a.example");
	nx_store_set_address_rules (place->store, rules);
	rules->ignore_subaddress = TRUE;
	record_one (place->store, &spec, NULL);
	assert_int_equal (count_events (place->store, "joan+x@a.example"), 0);
	/* A report that stood alone is linked by the rules of the day on which a copy comes. */
	nx_store_set_address_rules (place->store, rules);
	assert_int_equal (record_one (place->store, &spec, NULL), 0);
	assert_int_equal (count_events (place->store, "joan+x@a.example"), 1);
}

/* "Expanded" says that an alias was taken apart, whatever code stands beside it (RFC 3464 2.3.3). */
static void
test_record__expanded_counts_against_nobody (void **state)
{
	static const char mail[] =
		"From: mailer-daemon@mx.example\nTo: news-bounces@lists.example\n"
		"Date: Mon, 23 Nov 2026 13:05:00 +0000\n"
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
		"Final-Recipient: rfc822; alias@a.example\nX-Actual-Recipient: rfc822; target@b.example\n"
		"Action: expanded\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n\n--b--\n";
	static const char *const members[] = { "alias@a.example", "target@b.example" };
	Place *place = *state;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, &error);
	must (pipeline != NULL);
	for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
		g_autofree char *uri = g_strdup_printf ("%s-%u", place->uri, i);
		g_autoptr (NxStore) store = open_store (uri);
		must (nx_store_add_list (store, "n", "", &error));
		must (nx_store_add_subscriber (store, "n", members[i], "", NULL, &error));
		for (guint day = 0; day < 5; day++) {
			g_autofree char *text = g_strdup_printf ("Message-ID: <%u@mx.example>\n%s", day, mail);
			const NxRawMessage raw = { .data = text, .length = strlen (text), .file = "-" };
			g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
			NxEvent *event = g_ptr_array_index (events, 0);
			assert_int_equal (event->kind, NX_KIND_EXPANDED);
			assert_string_equal (event->actual_recipient, "target@b.example");
			event->date += day * DAY;
			must (nx_store_record (store, events, NULL, START, NULL, &error));
			assert_string_equal (event->subscriber, members[i]);
		}
		assert_int_equal (count_events (store, members[i]), 5);
		NxStanding standing = get_standing (store, "n", members[i]);
		assert_int_equal (standing.state, NX_STATE_ACTIVE);
		assert_true (standing.score < 0.001);
	}
}

int
main (void)
{
#define at_place(test) cmocka_unit_test_setup_teardown (test, set_up_place, tear_down_place)
	const struct CMUnitTest tests[] = {
		at_place (test_record__takes_addresses_in_order),
		at_place (test_record__case_of_local_parts),
		at_place (test_record__subaddresses),
		at_place (test_record__domains_that_are_the_same),
		at_place (test_record__too_many_tags_are_nobody),
		at_place (test_set_address_rules__keeps_a_copy),
		at_place (test_record__expanded_counts_against_nobody),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("store-address", tests, NULL, NULL);
}
