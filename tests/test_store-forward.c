/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_store-forward.c: what people decide on new addresses, and taking it back (nixie/forward.h); what lists ask for.
 */
#include "store-helpers.h"

#define OLD "ann@example.org"
#define NEW "ann@new.example"
#define TOKEN "0ezyx1n5cxqy47a2xnz3kb6t"
#define TOKEN_2 "1ezyx1n5cxqy47a2xnz3kb6t"

static const NxForwardTerms terms = {
	.now = START + 10 * DAY,
	.expire_days = NX_FORWARD_EXPIRE_DAYS,
	.token_days = NX_FORWARD_TOKEN_DAYS,
};

static const char *const everybody[] = { OLD, NEW, "bob@example.org", "bob@new.example", NULL };

static NxForwardTerms
at_day (gint64 day)
{
	NxForwardTerms later = terms;
	later.now = START + day * DAY;
	return later;
}

static void
offer (NxStore *store, const char *from, const char *to, gint64 day, const char *list)
{
	g_autofree char *fingerprint = g_strdup_printf ("offer %s %s %d", from, to, (int)day);
	const Spec spec = { .fingerprint = fingerprint,
			    .recipient = from,
			    .date = START + day * DAY,
			    .forward = to,
			    .diagnostic = "551 moved" };
	record_one (store, &spec, list);
}

static gint64
find_proposal (NxStore *store, const char *from, const char *to)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) all = nx_store_list_proposals (store, NULL, NULL, &terms, &error);
	must (all != NULL);
	for (guint i = 0; i < all->len; i++) {
		const NxProposal *one = g_ptr_array_index (all, i);
		if (g_ascii_strcasecmp (one->subscriber, from) == 0 && strcmp (one->forward, to) == 0)
			return one->id;
	}
	fail_msg ("no proposal %s -> %s", from, to);
	return 0;
}

/* Three dead days of ann on news, and an offer of her new address. */
static gint64
prepare (NxStore *store)
{
	record_dead_days (store, OLD, "news");
	offer (store, OLD, NEW, 4, "news");
	return find_proposal (store, OLD, NEW);
}

static void
check_proposal (NxStore *store, gint64 id, const char *state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &terms, &error);
	must (proposal != NULL);
	assert_string_equal (proposal->state, state);
}

static gboolean
count_cb (const NxSubscriber *subscriber, gpointer data)
{
	(void)subscriber;
	++*(guint *)data;
	return TRUE;
}

static guint
count_subscribers (NxStore *store, const char *list, const char *address)
{
	g_autoptr (GError) error = NULL;
	guint count = 0;
	must (nx_store_foreach_subscriber (store, list, address, NX_STATE_NONE, count_cb, &count, &error));
	return count;
}

/* ---- accepting ---- */

static void
test_nx_store_accept_proposal__moves_the_subscription (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	gint64 step = 0;
	assert_int_equal (get_standing (store, "news", OLD).state, NX_STATE_SUSPENDED);
	must (nx_store_accept_proposal (store, id, &terms, &step, &error));
	assert_int_not_equal (step, 0);
	assert_int_equal (count_subscribers (store, "news", OLD), 0);
	NxStanding standing = get_standing (store, "news", NEW);
	assert_int_equal (standing.state, NX_STATE_ACTIVE);
	assert_true (standing.score < 0.001);
	assert_int_equal (standing.since, terms.now);
	/* On the other list she still has the old one. */
	assert_int_equal (count_subscribers (store, "talk", OLD), 1);
	check_proposal (store, id, "accepted");
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (store, NEW, NULL, &error);
	must (transitions != NULL);
	assert_int_equal (transitions->len, 2);
	const NxStoredTransition *last = g_ptr_array_index (transitions, 1);
	assert_int_equal (last->step, step);
	g_autoptr (GPtrArray) steps = nx_store_list_steps (store, OLD, NULL, &error);
	must (steps != NULL);
	assert_int_equal (steps->len, 1);
	const NxStep *move = g_ptr_array_index (steps, 0);
	assert_int_equal (move->kind, NX_STEP_MOVE);
	assert_int_equal (move->proposal, id);
	assert_string_equal (move->new_address, NEW);
	assert_string_equal (move->subscriber, NEW);
}

static void
test_nx_store_accept_proposal__member_is_merged (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id;
	offer (store, OLD, "bob@example.org", 1, "news");
	id = find_proposal (store, OLD, "bob@example.org");
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &terms, &error);
	must (proposal != NULL);
	assert_true (proposal->member);
	assert_string_equal (proposal->obstacle, "");
	must (nx_store_accept_proposal (store, id, &terms, NULL, &error));
	assert_int_equal (get_standing (store, "news", OLD).state, NX_STATE_REMOVED);
	assert_int_equal (get_standing (store, "news", "bob@example.org").state, NX_STATE_ACTIVE);
}

static void
test_nx_store_reject_proposal__stays_rejected (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	must (nx_store_reject_proposal (store, id, &terms, NULL, &error));
	offer (store, OLD, NEW, 5, "news");
	check_proposal (store, id, "rejected");
	must_fail (nx_store_reject_proposal (store, id, &terms, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_accept_proposal (store, id, &terms, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_reject_proposal (store, 4711, &terms, NULL, &error), NX_ERROR_NOT_FOUND);
	assert_int_equal (count_subscribers (store, "news", OLD), 1);
}

/* ---- obstacles: each is met by what its function does beside the offer of NEW for OLD ---- */

typedef void (*HinderFunc) (NxStore *store, gint64 id);

static void
hinder_decided (NxStore *store, gint64 id)
{
	g_autoptr (GError) error = NULL;
	must (nx_store_reject_proposal (store, id, &terms, NULL, &error));
}

static void
hinder_ended (NxStore *store, gint64 id)
{
	g_autoptr (GError) error = NULL;
	(void)id;
	must (nx_store_remove_subscriber (store, "news", OLD, START + 9 * DAY, NULL, &error));
}

static void
hinder_moved (NxStore *store, gint64 id)
{
	g_autoptr (GError) error = NULL;
	(void)id;
	offer (store, OLD, "ann@other.example", 5, "news");
	must (nx_store_accept_proposal (store, find_proposal (store, OLD, "ann@other.example"), &terms, NULL, &error));
}

static void
hinder_own_domain (NxStore *store, gint64 id)
{
	g_autoptr (GError) error = NULL;
	(void)id;
	must (nx_store_add_list (store, "late", "late@new.example", &error));
}

static void
hinder_loop (NxStore *store, gint64 id)
{
	(void)id;
	offer (store, NEW, OLD, 5, NULL);
}

static void
hinder_chain (NxStore *store, gint64 id)
{
	(void)id;
	offer (store, NEW, "ann@third.example", 5, NULL);
}

static void
hinder_dead (NxStore *store, gint64 id)
{
	const Spec spec = { .fingerprint = "dead", .recipient = NEW, .date = START + 5 * DAY };
	(void)id;
	record_one (store, &spec, NULL);
}

static void
hinder_left (NxStore *store, gint64 id)
{
	g_autoptr (GError) error = NULL;
	(void)id;
	must (nx_store_add_subscriber (store, "news", NEW, NULL, NULL, &error));
	must (nx_store_remove_subscriber (store, "news", NEW, START + 9 * DAY, NULL, &error));
}

static void
check_obstacle (NxStore *store, gint64 id, const NxForwardTerms *when, const char *part)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *before = dump_store (store, everybody);
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, when, &error);
	must (proposal != NULL);
	if (strstr (proposal->obstacle, part) == NULL)
		fail_msg ("not “%s”, but “%s”", part, proposal->obstacle);
	must_fail (nx_store_accept_proposal (store, id, when, NULL, &error), NX_ERROR_DATA);
	must_fail (nx_store_ask_proposal (store, id, TOKEN, when, NULL, &error), NX_ERROR_DATA);
	g_autofree char *after = dump_store (store, everybody);
	assert_string_equal (after, before);
}

static void
test_nx_store_accept_proposal__obstacles (void **state)
{
	static const struct {
		HinderFunc hinder;
		const char *part;
	} cases[] = {
		{ hinder_decided, "it is rejected already" },
		{ hinder_ended, "the subscription has ended" },
		{ hinder_moved, "the subscription's address is ann@other.example by now" },
		{ hinder_own_domain, "a domain of our own, that of list late" },
		{ hinder_loop, "a loop: " NEW " is said to have moved to the old address" },
		{ hinder_chain, "a chain: the new address is said to have moved on to ann@third.example" },
		{ hinder_dead, "mail to the new address has failed for good on 2026-11-28" },
		{ hinder_left, "the new address was a subscriber of the list, and left it" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		void *inner = NULL;
		set_up_store (&inner);
		NxStore *store = ((Place *)inner)->store;
		g_autoptr (GError) error = NULL;
		gint64 id = prepare (store);
		g_autoptr (NxProposal) clear = nx_store_get_proposal (store, id, &terms, &error);
		must (clear != NULL);
		assert_string_equal (clear->obstacle, "");
		cases[i].hinder (store, id);
		check_obstacle (store, id, &terms, cases[i].part);
		tear_down_place (&inner);
	}
}

static void
test_nx_store_accept_proposal__no_subscriber (void **state)
{
	NxStore *store = ((Place *)*state)->store;
	offer (store, "eve@example.org", "eve@new.example", 1, NULL);
	check_obstacle (store, find_proposal (store, "eve@example.org", "eve@new.example"), &terms,
			"the old address is no subscriber");
}

static void
test_nx_store_accept_proposal__expired (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	NxForwardTerms late = at_day (5 + NX_FORWARD_EXPIRE_DAYS);
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &late, &error);
	must (proposal != NULL);
	assert_string_equal (proposal->state, "expired");
	check_obstacle (store, id, &late, "it is expired");
	/* A later offer is news again. */
	offer (store, OLD, NEW, 5, "news");
	must (nx_store_accept_proposal (store, id, &late, NULL, &error));
}

static void
test_nx_store_accept_proposal__the_next_move_waits (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	must (nx_store_accept_proposal (store, prepare (store), &terms, NULL, &error));
	offer (store, NEW, "ann@third.example", 11, "news");
	offer (store, NEW, OLD, 11, "news");
	gint64 id = find_proposal (store, NEW, "ann@third.example");
	NxForwardTerms soon = at_day (30);
	NxForwardTerms later = at_day (41);
	check_obstacle (store, id, &soon, "a chain: the subscription has moved on 2026-12-03, only just");
	check_obstacle (store, find_proposal (store, NEW, OLD), &later,
			"a loop: the subscription had the address Ann@Example.org before");
	must (nx_store_accept_proposal (store, id, &later, NULL, &error));
	assert_int_equal (count_subscribers (store, "news", "ann@third.example"), 1);
}

/* ---- asking ---- */

static void
test_nx_store_confirm_proposal__a_token_is_good_once (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	gint64 got = 0;
	must (nx_store_ask_proposal (store, id, TOKEN, &terms, NULL, &error));
	check_proposal (store, id, "asked");
	must_fail (nx_store_confirm_proposal (store, TOKEN_2, &terms, &got, &error), NX_ERROR_NOT_FOUND);
	must_fail (nx_store_confirm_proposal (store, "", &terms, &got, &error), NX_ERROR_NOT_FOUND);
	assert_int_equal (count_subscribers (store, "news", OLD), 1);
	must (nx_store_confirm_proposal (store, TOKEN, &terms, &got, &error));
	assert_int_equal (got, id);
	check_proposal (store, id, "accepted");
	assert_int_equal (count_subscribers (store, "news", NEW), 1);
	must_fail (nx_store_confirm_proposal (store, TOKEN, &terms, &got, &error), NX_ERROR_NOT_FOUND);
}

static void
test_nx_store_confirm_proposal__too_old_or_replaced (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	NxForwardTerms last = at_day (10 + NX_FORWARD_TOKEN_DAYS);
	NxForwardTerms late = at_day (11 + NX_FORWARD_TOKEN_DAYS);
	must (nx_store_ask_proposal (store, id, TOKEN, &terms, NULL, &error));
	must_fail (nx_store_confirm_proposal (store, TOKEN, &late, NULL, &error), NX_ERROR_DATA);
	must (nx_store_ask_proposal (store, id, TOKEN_2, &terms, NULL, &error));
	must_fail (nx_store_confirm_proposal (store, TOKEN, &last, NULL, &error), NX_ERROR_NOT_FOUND);
	assert_int_equal (count_subscribers (store, "news", OLD), 1);
	must (nx_store_confirm_proposal (store, TOKEN_2, &last, NULL, &error));
	assert_int_equal (count_subscribers (store, "news", NEW), 1);
}

/* What came up meanwhile holds the confirmation up, and nothing of it is written. */
static void
test_nx_store_confirm_proposal__obstacle_meanwhile (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	must (nx_store_ask_proposal (store, id, TOKEN, &terms, NULL, &error));
	hinder_chain (store, id);
	must_fail (nx_store_confirm_proposal (store, TOKEN, &terms, NULL, &error), NX_ERROR_DATA);
	check_proposal (store, id, "asked");
	g_autoptr (GPtrArray) steps = nx_store_list_steps (store, OLD, NULL, &error);
	must (steps != NULL);
	assert_int_equal (steps->len, 1);
}

static void
test_nx_store_return_proposal__is_open_again (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 id = prepare (store);
	gint64 got = 0;
	must (nx_store_ask_proposal (store, id, TOKEN, &terms, NULL, &error));
	must_fail (nx_store_return_proposal (store, TOKEN_2, &terms, &got, &error), NX_ERROR_NOT_FOUND);
	must (nx_store_return_proposal (store, TOKEN, &terms, &got, &error));
	assert_int_equal (got, id);
	check_proposal (store, id, "open");
	must_fail (nx_store_confirm_proposal (store, TOKEN, &terms, NULL, &error), NX_ERROR_NOT_FOUND);
}

/* ---- undoing ---- */

static gboolean
do_step (NxStore *store, NxStepKind kind, gint64 id, gint64 *step_out, GError **error)
{
	switch (kind) {
	case NX_STEP_ASK:
		return nx_store_ask_proposal (store, id, TOKEN, &terms, step_out, error);
	case NX_STEP_MOVE:
	case NX_STEP_MERGE:
		return nx_store_accept_proposal (store, id, &terms, step_out, error);
	case NX_STEP_REJECT:
		return nx_store_reject_proposal (store, id, &terms, step_out, error);
	case NX_STEP_RESTORE:
		return nx_store_restore_subscriber (store, "news", OLD, terms.now, step_out, error);
	case NX_STEP_REMOVE:
		return nx_store_remove_subscriber (store, "news", OLD, terms.now, step_out, error);
	case NX_STEP_NONE:
	case NX_STEP_CONFIRM:
	case NX_STEP_RETURNED:
	case NX_STEP_UNDO:
	case NX_STEP_WARN:
	case NX_STEP_PROBE:
	case NX_STEP_ENABLE:
	case NX_STEP_EXPIRE:
	case NX_STEP_ASIDE:
	case NX_STEP_CLOSE:
	case NX_STEP_COUNT:
	case NX_STEP_HOLD:
	case NX_STEP_POLICY:
	default:
		fail_msg ("kind %d", (int)kind);
		return FALSE;
	}
}

static void
test_nx_store_undo_step__all_is_as_before (void **state)
{
	static const NxStepKind kinds[] = { NX_STEP_ASK,    NX_STEP_MOVE,    NX_STEP_MERGE,
					    NX_STEP_REJECT, NX_STEP_RESTORE, NX_STEP_REMOVE };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
		void *inner = NULL;
		set_up_store (&inner);
		NxStore *store = ((Place *)inner)->store;
		g_autoptr (GError) error = NULL;
		gint64 step = 0;
		gint64 id = prepare (store);
		if (kinds[i] == NX_STEP_MERGE)
			must (nx_store_add_subscriber (store, "news", NEW, NULL, NULL, &error));
		g_autofree char *before = dump_store (store, everybody);
		must (do_step (store, kinds[i], id, &step, &error));
		g_autofree char *between = dump_store (store, everybody);
		g_autoptr (GPtrArray) steps = nx_store_list_steps (store, NULL, NULL, &error);
		must (steps != NULL);
		assert_int_equal (((const NxStep *)g_ptr_array_index (steps, 0))->kind, kinds[i]);
		must (nx_store_undo_step (store, step, terms.now + 60, &error));
		g_autofree char *after = dump_store (store, everybody);
		assert_string_not_equal (between, before);
		assert_string_equal (after, before);
		if (kinds[i] == NX_STEP_ASK)
			must_fail (nx_store_confirm_proposal (store, TOKEN, &terms, NULL, &error), NX_ERROR_NOT_FOUND);
		must_fail (nx_store_undo_step (store, step, terms.now + 60, &error), NX_ERROR_DATA);
		must_fail (nx_store_undo_step (store, step + 2, terms.now + 60, &error), NX_ERROR_NOT_FOUND);
		/* The undo can be taken back, but for a mail that is out; then the step stands as it did. */
		if (kinds[i] == NX_STEP_ASK) {
			must_fail (nx_store_undo_step (store, step + 1, terms.now + 60, &error), NX_ERROR_DATA);
		} else {
			must (nx_store_undo_step (store, step + 1, terms.now + 60, &error));
			g_autofree char *again = dump_store (store, everybody);
			assert_string_equal (again, between);
			must_fail (nx_store_undo_step (store, step + 2, terms.now + 60, &error), NX_ERROR_DATA);
			must (nx_store_undo_step (store, step, terms.now + 60, &error));
			g_autofree char *at_last = dump_store (store, everybody);
			assert_string_equal (at_last, before);
		}
		tear_down_place (&inner);
	}
}

static void
test_nx_store_undo_step__what_rests_on_it_goes_first (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 move = 0;
	gint64 remove = 0;
	gint64 id = prepare (store);
	g_autofree char *before = dump_store (store, everybody);
	must (nx_store_accept_proposal (store, id, &terms, &move, &error));
	must (nx_store_remove_subscriber (store, "news", NEW, terms.now + 1, &remove, &error));
	must_fail (nx_store_undo_step (store, move, terms.now + 2, &error), NX_ERROR_DATA);
	must (nx_store_undo_step (store, remove, terms.now + 2, &error));
	must (nx_store_undo_step (store, move, terms.now + 2, &error));
	g_autofree char *after = dump_store (store, everybody);
	assert_string_equal (after, before);
	/* And it can be done again. */
	must (nx_store_accept_proposal (store, id, &terms, &move, &error));
	assert_int_equal (count_subscribers (store, "news", NEW), 1);
}

static void
test_nx_store_undo_step__old_address_is_taken (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 move = 0;
	must (nx_store_accept_proposal (store, prepare (store), &terms, &move, &error));
	must (nx_store_add_subscriber (store, "news", OLD, NULL, NULL, &error));
	g_autofree char *before = dump_store (store, everybody);
	must_fail (nx_store_undo_step (store, move, terms.now + 1, &error), NX_ERROR_DATA);
	g_autofree char *after = dump_store (store, everybody);
	assert_string_equal (after, before);
}

/* A token that was given out and taken back is good for nothing, whatever was asked before it. */
static void
test_nx_store_undo_step__an_ask_takes_its_token_along (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	gint64 second = 0;
	gint64 id = prepare (store);
	must (nx_store_ask_proposal (store, id, TOKEN, &terms, NULL, &error));
	must (nx_store_ask_proposal (store, id, TOKEN_2, &terms, &second, &error));
	must (nx_store_undo_step (store, second, terms.now + 1, &error));
	must_fail (nx_store_confirm_proposal (store, TOKEN_2, &terms, NULL, &error), NX_ERROR_NOT_FOUND);
	must_fail (nx_store_return_proposal (store, TOKEN_2, &terms, NULL, &error), NX_ERROR_NOT_FOUND);
	assert_int_equal (count_subscribers (store, "news", OLD), 1);
}

/* What the new address answered is taken back behind the move that followed from it. */
static void
test_nx_store_undo_step__confirm_and_returned (void **state)
{
	for (guint returned = 0; returned < 2; returned++) {
		void *inner = NULL;
		set_up_store (&inner);
		NxStore *store = ((Place *)inner)->store;
		g_autoptr (GError) error = NULL;
		gint64 id = prepare (store);
		must (nx_store_ask_proposal (store, id, TOKEN, &terms, NULL, &error));
		g_autofree char *before = dump_store (store, everybody);
		if (returned)
			must (nx_store_return_proposal (store, TOKEN, &terms, NULL, &error));
		else
			must (nx_store_confirm_proposal (store, TOKEN, &terms, NULL, &error));
		g_autoptr (GPtrArray) steps = nx_store_list_steps (store, NULL, NULL, &error);
		must (steps != NULL);
		assert_int_equal (steps->len, returned ? 2 : 3);
		if (!returned)
			must_fail (nx_store_undo_step (store, ((const NxStep *)steps->pdata[1])->id, terms.now, &error),
				   NX_ERROR_DATA);
		for (guint i = steps->len - 1; i > 0; i--)
			must (nx_store_undo_step (store, ((const NxStep *)steps->pdata[i])->id, terms.now + 1, &error));
		g_autofree char *after = dump_store (store, everybody);
		assert_string_equal (after, before);
		/* A token is good once, even so. */
		must_fail (nx_store_confirm_proposal (store, TOKEN, &terms, NULL, &error), NX_ERROR_NOT_FOUND);
		tear_down_place (&inner);
	}
	(void)state;
}

/* ---- reports behind a move ---- */

static void
test_nx_store_record__reports_on_the_left_address_do_not_count (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	must (nx_store_accept_proposal (store, prepare (store), &terms, NULL, &error));
	guint before = count_events (store, NEW);
	for (gint64 day = 12; day < 17; day++) {
		g_autofree char *fingerprint = g_strdup_printf ("late %d", (int)day);
		const Spec spec = { .fingerprint = fingerprint, .recipient = OLD, .date = START + day * DAY };
		assert_int_equal (record_one (store, &spec, "news"), 1);
	}
	assert_int_equal (count_events (store, NEW), before + 5);
	assert_int_equal (get_standing (store, "news", NEW).state, NX_STATE_ACTIVE);
	assert_true (get_standing (store, "news", NEW).score < 0.001);
}

static void
test_nx_store_record__before_or_after_the_move (void **state)
{
	char *dumps[2];
	(void)state;
	for (guint after = 0; after < 2; after++) {
		void *inner = NULL;
		set_up_store (&inner);
		NxStore *store = ((Place *)inner)->store;
		g_autoptr (GError) error = NULL;
		offer (store, OLD, NEW, 4, "news");
		if (after == 0)
			record_dead_days (store, OLD, "news");
		must (nx_store_accept_proposal (store, find_proposal (store, OLD, NEW), &terms, NULL, &error));
		if (after == 1)
			record_dead_days (store, OLD, "news");
		dumps[after] = dump_store (store, everybody);
		tear_down_place (&inner);
	}
	assert_non_null (strstr (dumps[0], "dead-ann@example.org-2"));
	assert_string_equal (dumps[0], dumps[1]);
	g_free (dumps[0]);
	g_free (dumps[1]);
}

/* ---- what lists ask for ---- */

static void
record_signed (NxStore *store, gint64 day)
{
	const Spec spec = { .fingerprint = "signed",
			    .recipient = "bob@example.org",
			    .verp = "bob@example.org",
			    .date = START + day * DAY,
			    .proof = NX_PROOF_SIGNED };
	record_one (store, &spec, "news");
}

static void
test_nx_store_set_list_proof__states_are_computed_anew (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	const Spec original = {
		.fingerprint = "original", .recipient = "bob@example.org", .date = START, .proof = NX_PROOF_ORIGINAL
	};
	record_dead_days (store, OLD, "news");
	record_one (store, &original, "news");
	g_autofree char *before = dump_store (store, everybody);
	assert_int_equal (get_standing (store, "news", OLD).state, NX_STATE_SUSPENDED);
	must (nx_store_set_list_proof (store, "news", NX_PROOF_SIGNED, 0, &error));
	assert_int_equal (get_standing (store, "news", OLD).state, NX_STATE_ACTIVE);
	assert_true (get_standing (store, "news", "bob@example.org").score < 0.001);
	must (nx_store_set_list_proof (store, "news", NX_PROOF_CLAIM, 0, &error));
	assert_int_equal (get_standing (store, "news", OLD).state, NX_STATE_ACTIVE);
	assert_true (get_standing (store, "news", "bob@example.org").score > 0.9);
	must_fail (nx_store_set_list_proof (store, "none", NX_PROOF_SIGNED, 0, &error), NX_ERROR_NOT_FOUND);
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, &error);
	must (lists != NULL);
	assert_int_equal (((const NxList *)g_ptr_array_index (lists, 0))->least_proof, NX_PROOF_CLAIM);
	assert_int_equal (((const NxList *)g_ptr_array_index (lists, 1))->least_proof, NX_PROOF_NONE);
	must (nx_store_set_list_proof (store, "news", NX_PROOF_NONE, 0, &error));
	g_autofree char *after = dump_store (store, everybody);
	assert_string_equal (after, before);
}

/* Counted by arrival: events that came in before the term keep their weight. */
static void
test_nx_store_set_list_proof__since (void **state)
{
	static const struct {
		gint64 arrival;
		gboolean counts;
	} cases[] = { { START + 4 * DAY, TRUE }, { START + 5 * DAY, FALSE }, { 0, FALSE } };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		void *inner = NULL;
		set_up_store (&inner);
		NxStore *store = ((Place *)inner)->store;
		g_autoptr (GError) error = NULL;
		const Spec spec = { .fingerprint = "one", .recipient = OLD, .date = START };
		g_autoptr (GPtrArray) events = make_events (&spec, 1);
		((NxEvent *)g_ptr_array_index (events, 0))->arrival = cases[i].arrival;
		must (nx_store_record (store, events, "news", START, NULL, &error));
		must (nx_store_set_list_proof (store, "news", NX_PROOF_SIGNED, START + 5 * DAY, &error));
		if ((get_standing (store, "news", OLD).score > 0.5) != cases[i].counts)
			fail_msg ("case %u", i);
		tear_down_place (&inner);
	}
}

static void
test_nx_store_record__a_signed_report_makes_the_list_keyed (void **state)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = ((Place *)*state)->store;
	NxPolicy policy;
	record_signed (store, 3);
	must (nx_store_get_policy (store, "news", &policy, &error));
	assert_int_equal (policy.least_proof, NX_PROOF_SIGNED);
	assert_int_equal (policy.proof_since, START + 3 * DAY);
	must (nx_store_get_policy (store, "talk", &policy, &error));
	assert_int_equal (policy.least_proof, NX_PROOF_NONE);
	record_dead_days (store, OLD, "news");
	assert_int_equal (get_standing (store, "news", OLD).state, NX_STATE_ACTIVE);
	/* What a person chose goes first. */
	must (nx_store_set_list_proof (store, "news", NX_PROOF_VERP, START, &error));
	must (nx_store_get_policy (store, "news", &policy, &error));
	assert_int_equal (policy.least_proof, NX_PROOF_VERP);
	assert_int_equal (policy.proof_since, START);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up_store, tear_down_place)

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		TEST (test_nx_store_accept_proposal__moves_the_subscription),
		TEST (test_nx_store_accept_proposal__member_is_merged),
		TEST (test_nx_store_reject_proposal__stays_rejected),
		TEST (test_nx_store_accept_proposal__obstacles),
		TEST (test_nx_store_accept_proposal__no_subscriber),
		TEST (test_nx_store_accept_proposal__expired),
		TEST (test_nx_store_accept_proposal__the_next_move_waits),
		TEST (test_nx_store_confirm_proposal__a_token_is_good_once),
		TEST (test_nx_store_confirm_proposal__too_old_or_replaced),
		TEST (test_nx_store_confirm_proposal__obstacle_meanwhile),
		TEST (test_nx_store_return_proposal__is_open_again),
		TEST (test_nx_store_undo_step__all_is_as_before),
		TEST (test_nx_store_undo_step__what_rests_on_it_goes_first),
		TEST (test_nx_store_undo_step__old_address_is_taken),
		TEST (test_nx_store_undo_step__an_ask_takes_its_token_along),
		TEST (test_nx_store_undo_step__confirm_and_returned),
		TEST (test_nx_store_record__reports_on_the_left_address_do_not_count),
		TEST (test_nx_store_record__before_or_after_the_move),
		TEST (test_nx_store_set_list_proof__states_are_computed_anew),
		TEST (test_nx_store_set_list_proof__since),
		TEST (test_nx_store_record__a_signed_report_makes_the_list_keyed),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
