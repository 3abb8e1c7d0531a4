/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_incident.c: policy/incident.h: which failures are an outage and which are dead readers, by tables of what failed
 * on which day.
 */
#include "incident-helpers.h"

#include <nixie/incident.h>

#define DAY ((gint64)86400)
#define START ((gint64)20000)

/* @subscribers of the list; @members at each domain. The list posts @posts times, @every so many days; with each post
 * @noise addresses of as many domains fail. */
typedef struct {
	guint subscribers;
	guint members;
	guint every;
	guint posts;
	guint noise;
} Shape;

/* @count addresses from number @from on fail on the @post-th posting day (@hour on). @domains: they are spread over so
 * many; 0: one domain. */
typedef struct {
	guint post;
	guint hour;
	guint from;
	guint count;
	guint domains;
	gint64 provider;
	gint64 letter;
	NxVerdict verdict;
	NxReason reason;
} Burst;

/* What must come out: @held failures in all; @incidents, the first of which is of @scope with @addresses. */
typedef struct {
	const char *label;
	Shape shape;
	Burst bursts[8];
	guint held;
	guint incidents;
	NxScope scope;
	guint addresses;
	gboolean lasts;
} Row;

static guint members_now;

static guint
count_members (gint64 domain)
{
	(void)domain;
	return members_now;
}

static void
add_burst (GArray *failures, const Burst *burst, guint every)
{
	for (guint i = 0; i < burst->count; i++) {
		guint domains = MAX (burst->domains, 1);
		const NxFailure failure = {
			.id = failures->len + 1,
			.subscriber = burst->from + i,
			.date = (START + (gint64)burst->post * every) * DAY + (gint64)burst->hour * 3600 + i,
			.domain = 1000 + i % domains,
			.provider = burst->provider,
			.post = burst->letter,
			.verdict = burst->verdict != NX_VERDICT_NONE ? burst->verdict : NX_VERDICT_PERMANENT,
			.reason = burst->reason != NX_REASON_NONE ? burst->reason : NX_REASON_USER_UNKNOWN,
		};
		g_array_append_val (failures, failure);
	}
}

static void
set_up_case (Case *list, const Shape *shape, const Burst *bursts, guint count)
{
	*list = (Case){
		.failures = g_array_new (FALSE, FALSE, sizeof (NxFailure)),
		.posts = g_array_new (FALSE, FALSE, sizeof (gint64)),
		.rulings = g_array_new (FALSE, FALSE, sizeof (NxRuling)),
		.count_members = count_members,
		.subscribers = shape->subscribers,
	};
	members_now = shape->members;
	for (guint i = 0; i < shape->posts; i++) {
		gint64 date = (START + (gint64)i * shape->every) * DAY + 3600;
		g_array_append_val (list->posts, date);
	}
	for (guint i = 0; i < shape->posts; i++) {
		const Burst noise = {
			.post = i, .from = 100000 + 100 * i, .count = shape->noise, .domains = shape->noise
		};
		guint first = list->failures->len;
		add_burst (list->failures, &noise, shape->every);
		for (guint j = first; j < list->failures->len; j++)
			g_array_index (list->failures, NxFailure, j).domain += 100000;
	}
	for (guint i = 0; i < count; i++)
		add_burst (list->failures, &bursts[i], shape->every);
}

static void
case_clear (Case *list)
{
	g_array_unref (list->failures);
	g_array_unref (list->posts);
	g_array_unref (list->rulings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

static void
check_row (const Row *row)
{
	g_auto (Case) list = { 0 };
	set_up_case (&list, &row->shape, row->bursts, G_N_ELEMENTS (row->bursts));
	g_autoptr (Result) result = detect (&list);
	const Found *first = result->outcomes->len > 0 ? &g_array_index (result->outcomes, Found, 0) : NULL;
	if (g_hash_table_size (result->held) != row->held || result->outcomes->len != row->incidents)
		fail_msg ("%s: %u held, %u incidents; want %u and %u", row->label, g_hash_table_size (result->held),
			  result->outcomes->len, row->held, row->incidents);
	if (first == NULL)
		return;
	if (first->group.scope != row->scope || first->outcome.addresses != row->addresses)
		fail_msg ("%s: %s of %u addresses; want %s of %u", row->label, nx_scope_to_string (first->group.scope),
			  first->outcome.addresses, nx_scope_to_string (row->scope), row->addresses);
	if ((first->outcome.lasts != 0) != row->lasts)
		fail_msg ("%s: lasts since %d", row->label, (int)first->outcome.lasts);
}

static void
test_nx_incident__tells_outages_from_dead_readers (void **state)
{
	(void)state;
	static const Row rows[] = {
		{ .label = "two of a small domain are no incident",
		  .shape = { 10, 10, 7, 3, 0 },
		  .bursts = { { .post = 1, .count = 2 } } },
		{ .label = "three of a small list's ten",
		  .shape = { 10, 10, 7, 3, 0 },
		  .bursts = { { .post = 1, .count = 3 } },
		  .held = 3,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 3 },
		{ .label = "three of a small list's ten, at three domains",
		  .shape = { 10, 4, 7, 3, 0 },
		  .bursts = { { .post = 1, .count = 3, .domains = 3 } } },
		{ .label = "one subscriber who fails three times is one address",
		  .shape = { 10, 10, 7, 3, 0 },
		  .bursts = { { .post = 1, .count = 1 },
			      { .post = 1, .hour = 1, .count = 1 },
			      { .post = 1, .hour = 2, .count = 1 } } },
		{ .label = "a provider's bad hours in a big list",
		  .shape = { 20000, 5000, 1, 30, 12 },
		  .bursts = { { .post = 3, .count = 8 },
			      { .post = 9, .from = 20, .count = 7 },
			      { .post = 15, .from = 40, .count = 9 },
			      { .post = 20, .from = 1000, .count = 3500 } },
		  .held = 3500,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 3500 },
		{ .label = "usual numbers are usual",
		  .shape = { 20000, 5000, 1, 10, 0 },
		  .bursts = { { .post = 0, .count = 12 },
			      { .post = 1, .from = 20, .count = 12 },
			      { .post = 2, .from = 40, .count = 15 },
			      { .post = 3, .from = 60, .count = 30 },
			      { .post = 4, .from = 100, .count = 50 },
			      { .post = 5, .from = 300, .count = 63 } },
		  .held = 63,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 63 },
		{ .label = "an outage over midnight",
		  .shape = { 20000, 5000, 1, 30, 0 },
		  .bursts = { { .post = 20, .hour = 20, .count = 2000 }, { .post = 21, .from = 2000, .count = 1500 } },
		  .held = 3500,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 2000 },
		{ .label = "a provider's many domains are one incident",
		  .shape = { 20000, 100, 1, 30, 0 },
		  .bursts = { { .post = 20, .count = 600, .domains = 60, .provider = 7 } },
		  .held = 600,
		  .incidents = 1,
		  .scope = NX_SCOPE_PROVIDER,
		  .addresses = 600 },
		{ .label = "a provider with one domain is that domain",
		  .shape = { 20000, 5000, 1, 30, 0 },
		  .bursts = { { .post = 20, .count = 600, .provider = 7 } },
		  .held = 600,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 600 },
		{ .label = "a post that everybody's provider refuses",
		  .shape = { 1000, 100, 7, 5, 0 },
		  .bursts = { { .post = 2,
				.count = 200,
				.domains = 40,
				.letter = 9,
				.verdict = NX_VERDICT_BLOCKED,
				.reason = NX_REASON_AUTH } },
		  .held = 200,
		  .incidents = 1,
		  .scope = NX_SCOPE_POST,
		  .addresses = 200 },
		{ .label = "a post that one domain refuses is the domain's",
		  .shape = { 1000, 400, 7, 5, 0 },
		  .bursts = { { .post = 2, .count = 200, .letter = 9, .verdict = NX_VERDICT_BLOCKED },
			      { .post = 2,
				.from = 500,
				.count = 4,
				.domains = 4,
				.letter = 9,
				.verdict = NX_VERDICT_BLOCKED } },
		  .held = 201,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 201 },
		{ .label = "a first post that finds 5 % dead counts",
		  .shape = { 4000, 100, 7, 3, 0 },
		  .bursts = { { .post = 0, .count = 200, .domains = 40, .letter = 9 } } },
		{ .label = "a third of a list by a post's permanent failures",
		  .shape = { 60, 3, 7, 3, 0 },
		  .bursts = { { .post = 0, .count = 20, .domains = 20, .letter = 9 } },
		  .held = 20,
		  .incidents = 1,
		  .scope = NX_SCOPE_POST,
		  .addresses = 20 },
		{ .label = "a firm that closed is held twice, then counts",
		  .shape = { 500, 20, 7, 10, 0 },
		  .bursts = { { .post = 5, .count = 20 },
			      { .post = 6, .count = 20 },
			      { .post = 7, .count = 20 },
			      { .post = 8, .count = 20 } },
		  .held = 40,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 20,
		  .lasts = TRUE },
		{ .label = "on a new daily list: twice, then it is usual",
		  .shape = { 500, 20, 1, 9, 0 },
		  .bursts = { { .post = 1, .count = 20 },
			      { .post = 2, .count = 20 },
			      { .post = 3, .count = 20 },
			      { .post = 4, .count = 20 },
			      { .post = 5, .count = 20 } },
		  .held = 40,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 20 },
		{ .label = "down for a long weekend",
		  .shape = { 500, 20, 1, 30, 0 },
		  .bursts = { { .post = 20, .count = 18 },
			      { .post = 21, .count = 18 },
			      { .post = 22, .count = 18 },
			      { .post = 23, .count = 18 } },
		  .held = 72,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 18 },
		{ .label = "on an old list four days are held, later ones count",
		  .shape = { 500, 20, 1, 40, 0 },
		  .bursts = { { .post = 30, .count = 18 },
			      { .post = 31, .count = 18 },
			      { .post = 32, .count = 18 },
			      { .post = 33, .count = 18 },
			      { .post = 34, .count = 18 },
			      { .post = 35, .count = 18 } },
		  .held = 72,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 18,
		  .lasts = TRUE },
		{ .label = "a second outage after a good post is held again",
		  .shape = { 500, 20, 7, 9, 0 },
		  .bursts = { { .post = 3, .count = 18 }, { .post = 5, .count = 18 }, { .post = 7, .count = 18 } },
		  .held = 54,
		  .incidents = 3,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 18 },
		{ .label = "a monthly list's outage",
		  .shape = { 500, 20, 30, 9, 0 },
		  .bursts = { { .post = 5, .count = 18 } },
		  .held = 18,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 18 },
		{ .label = "a monthly list's dead domain",
		  .shape = { 500, 20, 30, 9, 0 },
		  .bursts = { { .post = 3, .count = 18 },
			      { .post = 4, .count = 18 },
			      { .post = 5, .count = 18 },
			      { .post = 6, .count = 18 } },
		  .held = 36,
		  .incidents = 1,
		  .scope = NX_SCOPE_DOMAIN,
		  .addresses = 18,
		  .lasts = FALSE },
		{ .label = "verdicts are apart",
		  .shape = { 500, 20, 7, 9, 0 },
		  .bursts = { { .post = 4, .count = 2 },
			      { .post = 4, .from = 4, .count = 2, .verdict = NX_VERDICT_TRANSIENT },
			      { .post = 4, .from = 8, .count = 2, .verdict = NX_VERDICT_BLOCKED } } },
		{ .label = "what is left of a domain besides a post is no incident",
		  .shape = { 1000, 100, 7, 5, 0 },
		  .bursts = { { .post = 2, .count = 200, .domains = 40, .letter = 9, .verdict = NX_VERDICT_BLOCKED },
			      { .post = 2, .from = 500, .count = 2, .letter = 8, .verdict = NX_VERDICT_BLOCKED } },
		  .held = 200,
		  .incidents = 1,
		  .scope = NX_SCOPE_POST,
		  .addresses = 200 },
	};
	for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
		check_row (&rows[i]);
}

/* ---- when it ends ---- */

static NxOutcome
get_only_outcome (const Case *list)
{
	g_autoptr (Result) result = detect (list);
	assert_int_equal (result->outcomes->len, 1);
	return g_array_index (result->outcomes, Found, 0).outcome;
}

static void
test_nx_incident_sum_up__ends_with_the_next_usual_post (void **state)
{
	(void)state;
	static const struct {
		guint every;
		guint posts;
		gint64 closed;
	} rows[] = {
		/* The next post, when that is sooner than three days after the last failure; the day after has none. */
		{ 1, 9, (START + 6) * DAY },
		{ 2, 9, (START + 12) * DAY },
		{ 7, 9, (START + 38) * DAY + 17 },
		{ 1, 6, (START + 8) * DAY + 17 },
	};
	for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
		const Shape shape = { 500, 20, rows[i].every, rows[i].posts, 0 };
		const Burst burst = { .post = 5, .count = 18 };
		g_auto (Case) list = { 0 };
		set_up_case (&list, &shape, &burst, 1);
		const NxOutcome outcome = get_only_outcome (&list);
		assert_int_equal (outcome.opened, (START + 5 * (gint64)rows[i].every) * DAY);
		assert_int_equal (outcome.last, outcome.opened + 17);
		assert_int_equal (outcome.closed, rows[i].closed);
	}
}

/* ---- what people decide ---- */

static guint
count_held (const Case *list)
{
	g_autoptr (Result) result = detect (list);
	return g_hash_table_size (result->held);
}

static void
test_nx_incident_judge__does_as_people_decided (void **state)
{
	(void)state;
	static const Shape shape = { 500, 20, 7, 9, 0 };
	static const Burst bursts[] = { { .post = 5, .count = 20 },
					{ .post = 6, .count = 20 },
					{ .post = 7, .count = 20 } };
	g_auto (Case) list = { 0 };
	set_up_case (&list, &shape, bursts, G_N_ELEMENTS (bursts));
	assert_int_equal (count_held (&list), 40);
	NxRuling ruling = { .name = 1000,
			    .day = START + 35,
			    .date = (START + 42) * DAY + 9,
			    .scope = NX_SCOPE_DOMAIN,
			    .verdict = NX_VERDICT_PERMANENT,
			    .kind = NX_RULING_CLOSE };
	g_array_append_val (list.rulings, ruling);
	assert_int_equal (count_held (&list), 30);
	ruling.kind = NX_RULING_COUNT;
	g_array_append_val (list.rulings, ruling);
	assert_int_equal (count_held (&list), 0);
	ruling.kind = NX_RULING_HOLD;
	g_array_append_val (list.rulings, ruling);
	assert_int_equal (count_held (&list), 60);
	/* On another incident: nothing. */
	ruling.kind = NX_RULING_COUNT;
	ruling.day = START;
	g_array_append_val (list.rulings, ruling);
	ruling.day = START + 35;
	ruling.verdict = NX_VERDICT_BLOCKED;
	g_array_append_val (list.rulings, ruling);
	assert_int_equal (count_held (&list), 60);
}

/* ---- any order ---- */

static void
add_random (GArray *failures, GRand *random, guint count)
{
	static const NxVerdict verdicts[] = { NX_VERDICT_PERMANENT, NX_VERDICT_TRANSIENT, NX_VERDICT_BLOCKED };
	for (guint i = 0; i < count; i++) {
		gint64 subscriber = g_rand_int_range (random, 1, 60);
		const NxFailure failure = {
			.id = i + 1,
			.subscriber = subscriber,
			.date = (START + g_rand_int_range (random, 0, 40)) * DAY + g_rand_int_range (random, 0, 86400),
			.domain = 1 + subscriber % 7,
			.provider = subscriber % 4,
			.post = g_rand_int_range (random, 0, 6),
			.verdict = verdicts[g_rand_int_range (random, 0, 3)],
			.reason = (NxReason)g_rand_int_range (random, 1, 20),
		};
		g_array_append_val (failures, failure);
	}
}

static void
shuffle_failures (GArray *failures, GRand *random)
{
	for (guint i = failures->len; i > 1; i--) {
		guint other = (guint)g_rand_int_range (random, 0, (gint32)i);
		NxFailure kept = g_array_index (failures, NxFailure, other);
		g_array_index (failures, NxFailure, other) = g_array_index (failures, NxFailure, i - 1);
		g_array_index (failures, NxFailure, i - 1) = kept;
	}
}

static char *
describe (const Result *result)
{
	GString *text = g_string_new (NULL);
	for (guint i = 0; i < result->outcomes->len; i++) {
		const Found *found = &g_array_index (result->outcomes, Found, i);
		const NxOutcome *outcome = &found->outcome;
		g_string_append_printf (text, "%s %d %d: %d %d %d %u %d %d %d\n",
					nx_scope_to_string (found->group.scope), (int)found->group.name,
					found->group.verdict, (int)outcome->opened, (int)outcome->last,
					(int)outcome->closed, outcome->addresses, outcome->reason,
					(int)outcome->example, (int)outcome->lasts);
	}
	for (gint64 id = 1; id <= 2000; id++)
		if (g_hash_table_contains (result->held, &id))
			g_string_append_printf (text, "%d ", (int)id);
	return g_string_free (text, FALSE);
}

static void
test_nx_incident__order_does_not_matter (void **state)
{
	(void)state;
	guint found = 0;
	for (guint32 seed = 1; seed <= 20; seed++) {
		static const Shape shape = { 60, 9, 3, 10, 0 };
		g_autoptr (GRand) random = g_rand_new_with_seed (seed);
		g_auto (Case) list = { 0 };
		set_up_case (&list, &shape, NULL, 0);
		add_random (list.failures, random, 300);
		g_autoptr (Result) result = detect (&list);
		g_autofree char *want = describe (result);
		found += result->outcomes->len;
		for (guint i = 0; i < 5; i++) {
			shuffle_failures (list.failures, random);
			g_autoptr (Result) again = detect (&list);
			g_autofree char *got = describe (again);
			assert_string_equal (got, want);
		}
	}
	assert_true (found > 20);
}

/* ---- in plain words ---- */

static void
test_nx_incident_explain__names_cause_and_cure (void **state)
{
	(void)state;
	static const struct {
		NxVerdict verdict;
		NxReason reason;
		const char *diagnostic;
		const char *title;
		const char *blocklist;
	} rows[] = {
		{ NX_VERDICT_BLOCKED, NX_REASON_AUTH, "550 5.7.1 Message rejected due to the domain's DMARC policy",
		  "refused because of DMARC", "" },
		{ NX_VERDICT_BLOCKED, NX_REASON_AUTH, "550 SPF check failed", "refused because of SPF", "" },
		{ NX_VERDICT_BLOCKED, NX_REASON_POLICY, "554 no PTR record for 192.0.2.1", "refused: no reverse DNS",
		  "" },
		{ NX_VERDICT_BLOCKED, NX_REASON_REPUTATION,
		  "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; "
		  "https://www.spamhaus.org/query/ip/192.0.2.1",
		  "refused: the sending server's reputation", "zen.spamhaus.org" },
		{ NX_VERDICT_BLOCKED, NX_REASON_REPUTATION, "550 see https://www.spamhaus.org/query/ip/192.0.2.1",
		  "refused: the sending server's reputation", "spamhaus.org" },
		{ NX_VERDICT_BLOCKED, NX_REASON_REPUTATION, "550 listed in BL.SpamCop.net.",
		  "refused: the sending server's reputation", "bl.spamcop.net" },
		{ NX_VERDICT_BLOCKED, NX_REASON_REPUTATION, "550 listed at dnsbl.example.org (mx.example.com)",
		  "refused: the sending server's reputation", "dnsbl.example.org" },
		{ NX_VERDICT_BLOCKED, NX_REASON_REPUTATION, "550 notspamhaus.org.example says no",
		  "refused: the sending server's reputation", "" },
		{ NX_VERDICT_PERMANENT, NX_REASON_USER_UNKNOWN, "550 5.1.1 no such user; see zen.spamhaus.org",
		  "many addresses unknown at once", "" },
		{ NX_VERDICT_TRANSIENT, NX_REASON_GREYLISTED, "451 greylisted", "greylisting", "" },
		{ NX_VERDICT_TRANSIENT, NX_REASON_MAILBOX_FULL, "452 full", "full disks", "" },
		{ NX_VERDICT_PERMANENT, NX_REASON_NONE, "", "many failures alike", "" },
		{ NX_VERDICT_BLOCKED, NX_REASON_OTHER, "", "mail of the list was refused", "" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *diagnostic = g_strdup (rows[i].diagnostic);
		const NxIncident incident = { .verdict = rows[i].verdict,
					      .reason = rows[i].reason,
					      .diagnostic = diagnostic };
		g_autoptr (NxIncidentAdvice) advice = nx_incident_explain (&incident);
		assert_string_equal (advice->title, rows[i].title);
		assert_string_equal (advice->blocklist, rows[i].blocklist);
		assert_true (*advice->cause != '\0' && *advice->cure != '\0');
	}
}

/*
 * A weekly list as it is: with each post twenty dead addresses of its biggest domain fail and some readers' servers
 * take it for spam; a few reports come on the days behind, full mailboxes on the fifth. Nothing of that is an incident;
 * an outage of one post is, and what it did not touch counts on.
 */
static void
test_nx_incident__reports_trickle_in (void **state)
{
	static const struct {
		const char *label;
		gboolean posts_known;
		guint hour;
		guint outages;
	} cases[] = {
		{ "posts known", TRUE, 10, 0 },
		{ "posts unknown", FALSE, 10, 0 },
		{ "posts late in the evening", TRUE, 30, 0 },
		{ "posts known, an outage", TRUE, 10, 1 },
		{ "posts unknown, an outage", FALSE, 10, 1 },
		{ "posts late in the evening, an outage", TRUE, 30, 1 },
		{ "posts known, two outages", TRUE, 10, 2 },
		{ "posts unknown, two outages", FALSE, 10, 2 },
	};
	const Shape shape = { .subscribers = 5000, .members = 800, .every = 7, .posts = 40 };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_auto (Case) list = { 0 };
		set_up_case (&list, &shape, NULL, 0);
		for (guint post = 0; post < shape.posts; post++) {
			guint hour = cases[i].hour;
			const Burst bursts[] = {
				{ .post = post, .hour = hour, .from = 1, .count = 20 + post % 7 },
				{ .post = post,
				  .hour = hour,
				  .from = 100,
				  .count = 9,
				  .domains = 9,
				  .letter = 500 + post,
				  .verdict = NX_VERDICT_BLOCKED },
				{ .post = post, .hour = hour + 24, .from = 200 + post, .count = 2 },
				{ .post = post, .hour = hour + 72, .from = 300 + post, .count = 1 },
				{ .post = post,
				  .hour = hour + 120,
				  .from = 400 + post,
				  .count = 3 + post % 2,
				  .verdict = NX_VERDICT_TRANSIENT },
				{ .post = post,
				  .hour = hour + 1,
				  .from = 2000,
				  .count = (post == 30 && cases[i].outages > 0) || (post == 33 && cases[i].outages > 1)
						   ? 600
						   : 0 },
			};
			for (guint j = 0; j < G_N_ELEMENTS (bursts); j++)
				add_burst (list.failures, &bursts[j], shape.every);
		}
		if (!cases[i].posts_known)
			g_array_set_size (list.posts, 0);
		g_autoptr (Result) result = detect (&list);
		/* Of the domain that is down the dead are held too; they fail with the next post. */
		guint held = g_hash_table_size (result->held);
		guint least = 600 * cases[i].outages;
		if (result->outcomes->len != cases[i].outages || held < least || held > least + 30 * cases[i].outages)
			fail_msg ("%s: %u held, %u incidents", cases[i].label, held, result->outcomes->len);
	}
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nx_incident__reports_trickle_in),
		cmocka_unit_test (test_nx_incident__tells_outages_from_dead_readers),
		cmocka_unit_test (test_nx_incident_sum_up__ends_with_the_next_usual_post),
		cmocka_unit_test (test_nx_incident_judge__does_as_people_decided),
		cmocka_unit_test (test_nx_incident__order_does_not_matter),
		cmocka_unit_test (test_nx_incident_explain__names_cause_and_cure),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
