/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident.c: see incident.h. Counting, judging and claiming the failures of a list's days.
 *
 * A posting day is one of posting-days.c. A day without a post is measured by other days without one, and by the ninth
 * of ten of these: some failures, such as full mailboxes, come days after each post.
 *
 * Why these numbers. A day is measured by the median of the list's earlier posting days, not by a mean of those that
 * were usual: the answer is the same where it matters (an outage among twenty days moves neither), but each day's
 * answer rests on numbers alone and on no other day's answer, so a late report changes what lies within the window
 * behind it and nothing else. Of an even number the lower middle is taken: rather hold once too often than count a
 * provider's bad day. The window is 60 days; a list that posts seldom is measured by its last three posting days within
 * 400, so that a monthly list has a measure at all.
 *
 * n > 4 * usual + 2 lets numbers of ordinary size do as they like (usual 0: up to 2; usual 10: up to 42) and finds what
 * an outage does, which fails a third of a provider's members or all of them. And one domain must fail more than the
 * whole list does on a usual day: in a list of 20,000 eight dead addresses at its biggest provider are no news. While
 * no measure is known, a tenth of the members must fail: a list whose first post finds 5 % dead addresses has a dirty
 * list and no incident.
 *
 * What goes on is no outage: of a chain the first two unusual days are held, and all within three days of its first.
 * Then the failures count. A domain that died is so held twice; a provider that is down from Friday to Monday is held
 * throughout.
 */
#include "policy/incident.h"

#include <string.h>

#define DAY_SECONDS 86400
#define WINDOW_DAYS NX_INCIDENT_WINDOW_DAYS
#define FAR_WINDOW_DAYS 400
#define KNOWN_DAYS 3
#define HELD_DAYS 3
#define HELD_TIMES 2
#define CLOSE_DAYS 3
#define LEAST_OF_POST 5
#define LEAST_OF_PROVIDER 10
#define REASONS ((guint)NX_REASON_OTHER + 1)

static const struct {
	NxScope scope;
	const char *name;
} scopes[] = {
	{ NX_SCOPE_NONE, "" },         { NX_SCOPE_POST, "post" }, { NX_SCOPE_PROVIDER, "provider" },
	{ NX_SCOPE_DOMAIN, "domain" }, { NX_SCOPE_LIST, "list" },
};

const char *
nx_scope_to_string (NxScope scope)
{
	for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
		if (scopes[i].scope == scope)
			return scopes[i].name;
	return scopes[0].name;
}

NxScope
nx_scope_from_string (const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
		if (strcmp (scopes[i].name, text) == 0)
			return scopes[i].scope;
	return NX_SCOPE_NONE;
}

gint64
nx_incident_make_name (const char *name)
{
	guint8 digest[32];
	gsize length = sizeof digest;
	guint64 number = 0;
	if (*name == '\0')
		return 0;
	g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
	g_checksum_update (sum, (const guchar *)name, (gssize)strlen (name));
	g_checksum_get_digest (sum, digest, &length);
	for (guint i = 0; i < 8; i++)
		number = number << 8 | digest[i];
	number &= G_MAXINT64;
	return number != 0 ? (gint64)number : 1;
}

gint64
nx_incident_get_day (gint64 date)
{
	gint64 day = date / DAY_SECONDS;
	return date % DAY_SECONDS < 0 ? day - 1 : day;
}

/* ---- counting ---- */

/* A group, or the part of one that lies in another: @inner is then that other's name and @part its scope. */
typedef struct {
	gint64 name;
	gint64 inner;
	NxScope scope;
	NxScope part;
	NxVerdict verdict;
	guint addresses;
} Count;

static guint
hash_count (gconstpointer key)
{
	const Count *count = key;
	guint64 mixed = (guint64)count->name * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^ (guint64)count->inner;
	mixed ^= (guint64)count->scope << 40 ^ (guint64)count->part << 48 ^ (guint64)count->verdict << 56;
	return (guint)(mixed ^ mixed >> 32);
}

static gboolean
equal_count (gconstpointer a, gconstpointer b)
{
	const Count *x = a;
	const Count *y = b;
	return x->name == y->name && x->inner == y->inner && x->scope == y->scope && x->part == y->part &&
	       x->verdict == y->verdict;
}

static gint64
get_name (const NxFailure *failure, NxScope scope)
{
	switch (scope) {
	case NX_SCOPE_POST:
		return failure->post;
	case NX_SCOPE_PROVIDER:
		return failure->provider;
	case NX_SCOPE_DOMAIN:
		return failure->domain;
	case NX_SCOPE_NONE:
	case NX_SCOPE_LIST:
	default:
		return 0;
	}
}

/* By subscriber, so that one who failed twice is seen at once; then by what is the same in every database. */
static int
compare_failures (gconstpointer a, gconstpointer b)
{
	const NxFailure *x = a;
	const NxFailure *y = b;
	if (x->subscriber != y->subscriber)
		return x->subscriber < y->subscriber ? -1 : 1;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	if (x->post != y->post)
		return x->post < y->post ? -1 : 1;
	if (x->provider != y->provider)
		return x->provider < y->provider ? -1 : 1;
	return (x->reason > y->reason) - (x->reason < y->reason);
}

void
nx_incident_sort (GArray *failures)
{
	g_array_sort (failures, compare_failures);
}

/* Which counts a failure is part of. PROVIDER and POST are also counted by what lies in them. */
static const struct {
	NxScope scope;
	NxScope part;
} counted[] = {
	{ NX_SCOPE_LIST, NX_SCOPE_NONE },     { NX_SCOPE_DOMAIN, NX_SCOPE_NONE },
	{ NX_SCOPE_PROVIDER, NX_SCOPE_NONE }, { NX_SCOPE_PROVIDER, NX_SCOPE_DOMAIN },
	{ NX_SCOPE_POST, NX_SCOPE_NONE },     { NX_SCOPE_POST, NX_SCOPE_DOMAIN },
	{ NX_SCOPE_POST, NX_SCOPE_PROVIDER },
};

static Count
make_count (const NxFailure *failure, guint kind)
{
	return (Count){
		.name = get_name (failure, counted[kind].scope),
		.inner = get_name (failure, counted[kind].part),
		.scope = counted[kind].scope,
		.part = counted[kind].part,
		.verdict = failure->verdict,
	};
}

/* Did the same subscriber, whose failures begin at @start, count for this already? */
static gboolean
was_counted (const NxFailure *start, const NxFailure *failure, guint kind, const Count *count)
{
	for (; start < failure; start++) {
		Count other = make_count (start, kind);
		if (equal_count (&other, count))
			return TRUE;
	}
	return FALSE;
}

/* @last: found last for this kind: on a bad day it is nearly always the same. */
static Count *
get_count (GHashTable *counts, const Count *wanted, Count *last)
{
	if (last != NULL && equal_count (last, wanted))
		return last;
	Count *known = g_hash_table_lookup (counts, wanted);
	if (known != NULL)
		return known;
	known = g_memdup2 (wanted, sizeof *wanted);
	g_hash_table_add (counts, known);
	return known;
}

static GHashTable *
count_all (const NxFailure *failures, guint length)
{
	GHashTable *counts = g_hash_table_new_full (hash_count, equal_count, g_free, NULL);
	Count *last[G_N_ELEMENTS (counted)] = { NULL };
	const NxFailure *start = failures;
	for (const NxFailure *failure = failures; failure < failures + length; failure++) {
		if (failure->subscriber != start->subscriber)
			start = failure;
		for (guint kind = 0; kind < G_N_ELEMENTS (counted); kind++) {
			Count count = make_count (failure, kind);
			if (count.name == 0 && count.scope != NX_SCOPE_LIST)
				continue;
			if (count.part != NX_SCOPE_NONE && count.inner == 0)
				continue;
			if (was_counted (start, failure, kind, &count))
				continue;
			last[kind] = get_count (counts, &count, last[kind]);
			last[kind]->addresses++;
		}
	}
	return counts;
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
	const NxGroupDay *x = a;
	const NxGroupDay *y = b;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

/* A part that is nearly all makes the wider group the wrong one to blame. */
static gboolean
is_too_much (const Count *part, guint whole)
{
	if (part->scope == NX_SCOPE_PROVIDER)
		return whole - part->addresses < NX_INCIDENT_LEAST;
	return part->addresses * 10 >= whole * 9;
}

static NxGroupDay *
find_group (const GArray *groups, const NxGroupDay *wanted)
{
	guint index = 0;
	if (!g_array_binary_search ((GArray *)(guintptr)groups, wanted, compare_groups, &index))
		return NULL;
	return &g_array_index (groups, NxGroupDay, index);
}

static void
find_misfits (GHashTable *counts, GArray *groups)
{
	GHashTableIter iterator;
	gpointer key;
	g_hash_table_iter_init (&iterator, counts);
	while (g_hash_table_iter_next (&iterator, &key, NULL)) {
		const Count *count = key;
		const NxGroupDay wanted = { .name = count->name, .scope = count->scope, .verdict = count->verdict };
		NxGroupDay *group = count->part != NX_SCOPE_NONE ? find_group (groups, &wanted) : NULL;
		if (group != NULL && is_too_much (count, group->addresses))
			group->fits = FALSE;
	}
}

GArray *
nx_incident_count (GArray *failures, gint64 day)
{
	GArray *groups = g_array_new (FALSE, TRUE, sizeof (NxGroupDay));
	nx_incident_sort (failures);
	g_autoptr (GHashTable) counts = count_all ((const NxFailure *)(void *)failures->data, failures->len);
	GHashTableIter iterator;
	gpointer key;
	g_hash_table_iter_init (&iterator, counts);
	while (g_hash_table_iter_next (&iterator, &key, NULL)) {
		const Count *count = key;
		if (count->part != NX_SCOPE_NONE)
			continue;
		if (count->scope != NX_SCOPE_LIST && count->addresses < NX_INCIDENT_LEAST)
			continue;
		const NxGroupDay group = {
			.name = count->name,
			.day = day,
			.scope = count->scope,
			.verdict = count->verdict,
			.addresses = count->addresses,
			.chain = -1,
			.fits = count->scope != NX_SCOPE_LIST,
		};
		g_array_append_val (groups, group);
	}
	g_array_sort (groups, compare_groups);
	find_misfits (counts, groups);
	return groups;
}

/* ---- measuring ---- */

/* The first of @days, ascending, that is @day or later. */
static guint
find_day (const GArray *days, gint64 day)
{
	guint low = 0;
	guint high = days->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (g_array_index (days, gint64, middle) < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static guint
find_row (const GArray *rows, gint64 day)
{
	guint low = 0;
	guint high = rows->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (g_array_index (rows, NxGroupDay, middle).day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
	guint x = *(const guint *)a;
	guint y = *(const guint *)b;
	return (x > y) - (x < y);
}

static gboolean
is_posting (const GArray *posting, gint64 day)
{
	guint index = find_day (posting, day);
	return index < posting->len && g_array_index (posting, gint64, index) == day;
}

/* Numbers of the days in [first, last) that are posting days, or that are none; a day without a row had none. Returns:
 * the one that @rank of @count days do not exceed. */
static guint
get_ranked (const GArray *rows, const GArray *posting, gboolean posted, gint64 first, gint64 last, guint count,
	    guint rank)
{
	g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
	for (guint i = find_row (rows, first); i < rows->len; i++) {
		const NxGroupDay *row = &g_array_index (rows, NxGroupDay, i);
		if (row->day >= last)
			break;
		if (is_posting (posting, row->day) == posted)
			g_array_append_val (numbers, row->addresses);
	}
	guint zeros = count - MIN (count, numbers->len);
	if (rank < zeros)
		return 0;
	g_array_sort (numbers, compare_numbers);
	return g_array_index (numbers, guint, rank - zeros);
}

/* @first_out, @count_out: from which day on, and how many posting days. */
static gboolean
get_window (const GArray *posting, gint64 day, gint64 *first_out, guint *count_out)
{
	guint end = find_day (posting, day);
	guint start = find_day (posting, day - WINDOW_DAYS);
	*first_out = day - WINDOW_DAYS;
	*count_out = end - start;
	if (end - start >= KNOWN_DAYS)
		return TRUE;
	if (end < KNOWN_DAYS)
		return FALSE;
	*first_out = g_array_index (posting, gint64, end - KNOWN_DAYS);
	*count_out = KNOWN_DAYS;
	return *first_out >= day - FAR_WINDOW_DAYS;
}

gboolean
nx_incident_is_measured (const GArray *posting, gint64 day)
{
	gint64 first = 0;
	guint count = 0;
	return is_posting (posting, day) && get_window (posting, day, &first, &count);
}

/* How many days without a post, but with failures, there were. */
static guint
count_between (const NxSurroundings *around, gint64 first, gint64 last)
{
	guint count = 0;
	for (guint i = find_row (around->usual, first); i < around->usual->len; i++) {
		gint64 day = g_array_index (around->usual, NxGroupDay, i).day;
		if (day >= last)
			break;
		count += !is_posting (around->posting, day);
	}
	return count;
}

/* @rows: whose numbers. Returns: FALSE when too little is known. */
static gboolean
get_usual (const NxSurroundings *around, const GArray *rows, gint64 day, guint *usual_out)
{
	gint64 first = day - WINDOW_DAYS;
	guint count = 0;
	if (is_posting (around->posting, day)) {
		if (!get_window (around->posting, day, &first, &count))
			return FALSE;
		*usual_out = get_ranked (rows, around->posting, TRUE, first, day, count, (count - 1) / 2);
		return TRUE;
	}
	count = count_between (around, first, day);
	if (count < KNOWN_DAYS)
		return FALSE;
	*usual_out = get_ranked (rows, around->posting, FALSE, first, day, count, (count - 1) * 9 / 10);
	return TRUE;
}

/* ---- judging ---- */

static guint
get_tenth (guint number)
{
	return number / 10 + (number % 10 != 0);
}

static gboolean
is_unusual (const NxGroupDay *group, const GArray *days, const NxSurroundings *around)
{
	guint own = 0;
	guint all = 0;
	guint n = group->addresses;
	if (!group->fits)
		return FALSE;
	if (group->scope == NX_SCOPE_POST && group->verdict != NX_VERDICT_BLOCKED)
		return n >= LEAST_OF_POST && (guint64)n * 4 >= around->subscribers;
	gboolean known = get_usual (around, around->usual, group->day, &all);
	/* A few servers take anything for spam: on a list that is new, one refusal in a hundred is no news. */
	if (group->scope == NX_SCOPE_POST)
		return n >= LEAST_OF_POST && (known ? n > 4 * all + 2 : (guint64)n * 100 >= around->subscribers);
	if (known && get_usual (around, days, group->day, &own))
		return n > 4 * own + 2 && n > all;
	if (group->scope == NX_SCOPE_DOMAIN)
		return n >= MAX (NX_INCIDENT_LEAST, get_tenth (around->members));
	return n >= MAX (LEAST_OF_PROVIDER, get_tenth (around->subscribers));
}

/* The first and the last of a chain's days. */
typedef struct {
	gint64 first;
	gint64 last;
} Span;

static const NxRuling *
find_ruling (const NxGroupDay *group, const Span *span, const NxSurroundings *around)
{
	for (guint i = around->rulings->len; i > 0; i--) {
		const NxRuling *ruling = &g_array_index (around->rulings, NxRuling, i - 1);
		if (ruling->scope == group->scope && ruling->name == group->name && ruling->verdict == group->verdict &&
		    ruling->day >= span->first && ruling->day <= span->last)
			return ruling;
	}
	return NULL;
}

static gint64
get_until (const NxRuling *ruling, gboolean lasting)
{
	NxRulingKind kind = ruling != NULL ? ruling->kind : NX_RULING_NONE;
	gint64 all = lasting ? 0 : G_MAXINT64;
	switch (kind) {
	case NX_RULING_CLOSE:
		return MIN (all, ruling->date);
	case NX_RULING_COUNT:
		return 0;
	case NX_RULING_HOLD:
		return G_MAXINT64;
	case NX_RULING_NONE:
	default:
		return all;
	}
}

static gboolean
is_lasting (gint64 first, gint64 day, guint before)
{
	return before >= HELD_TIMES && day - first > HELD_DAYS;
}

static void
settle_chain (GArray *days, guint start, guint end, const NxSurroundings *around)
{
	const NxGroupDay *head = &g_array_index (days, NxGroupDay, start);
	const Span span = { head->day, g_array_index (days, NxGroupDay, end - 1).day };
	const NxRuling *ruling = find_ruling (head, &span, around);
	guint before = 0;
	for (guint i = start; i < end; i++) {
		NxGroupDay *group = &g_array_index (days, NxGroupDay, i);
		if (group->unusual)
			group->until = get_until (ruling, is_lasting (span.first, group->day, before++));
	}
}

void
nx_incident_judge (GArray *days, const NxSurroundings *around)
{
	int chain = -1;
	guint start = 0;
	guint end = 0;
	for (guint i = 0; i < days->len; i++) {
		NxGroupDay *group = &g_array_index (days, NxGroupDay, i);
		group->chain = -1;
		group->until = 0;
		group->unusual = is_unusual (group, days, around);
		if (!group->unusual)
			continue;
		gint64 before = end > 0 ? g_array_index (days, NxGroupDay, end - 1).day : 0;
		guint next = end > 0 ? find_day (around->posting, before + 1) : 0;
		gboolean broken = end == 0 || (next < around->posting->len &&
					       g_array_index (around->posting, gint64, next) < group->day);
		if (broken && end > 0)
			settle_chain (days, start, end, around);
		if (broken) {
			start = i;
			chain++;
		}
		group->chain = chain;
		end = i + 1;
	}
	if (end > 0)
		settle_chain (days, start, end, around);
}

/* ---- claiming ---- */

/* @last: whom it claimed last; failures are in the order of subscribers. */
typedef struct {
	gint64 last;
	guint addresses;
	guint reasons[REASONS];
} Claim;

static int
find_claimant (const NxFailure *failure, NxScope scope, const GArray *groups)
{
	const NxGroupDay wanted = { .name = get_name (failure, scope), .scope = scope, .verdict = failure->verdict };
	NxGroupDay *group = wanted.name != 0 ? find_group (groups, &wanted) : NULL;
	if (group == NULL || !group->unusual)
		return -1;
	return (int)(group - &g_array_index (groups, NxGroupDay, 0));
}

static gboolean
has_unusual (const GArray *groups, NxScope scope)
{
	for (guint i = 0; i < groups->len; i++) {
		const NxGroupDay *group = &g_array_index (groups, NxGroupDay, i);
		if (group->scope == scope && group->unusual)
			return TRUE;
	}
	return FALSE;
}

/* The reason that most have; of two alike the one that comes first in the list of reasons. */
static NxReason
get_commonest (const Claim *claim)
{
	guint best = 0;
	for (guint i = 1; i < REASONS; i++)
		if (claim->reasons[i] > claim->reasons[best])
			best = i;
	return (NxReason)best;
}

static void
claim_scope (GArray *failures, NxScope scope, const GArray *groups, Claim *claims)
{
	for (guint i = 0; i < failures->len; i++) {
		NxFailure *failure = &g_array_index (failures, NxFailure, i);
		int group = failure->group < 0 ? find_claimant (failure, scope, groups) : -1;
		if (group < 0)
			continue;
		failure->group = group;
		claims[group].addresses += claims[group].last != failure->subscriber;
		claims[group].last = failure->subscriber;
		claims[group].reasons[(guint)failure->reason < REASONS ? (guint)failure->reason : 0]++;
	}
	/* What is left of a group after wider ones took theirs may be nothing unusual. */
	for (guint i = 0; i < failures->len; i++) {
		NxFailure *failure = &g_array_index (failures, NxFailure, i);
		if (failure->group >= 0 && claims[failure->group].addresses < NX_INCIDENT_LEAST)
			failure->group = -1;
	}
}

static void
describe_claims (const GArray *failures, GArray *groups, const Claim *claims)
{
	for (guint i = 0; i < groups->len; i++) {
		NxGroupDay *group = &g_array_index (groups, NxGroupDay, i);
		gboolean holds = claims[i].addresses >= NX_INCIDENT_LEAST;
		group->claimed = holds ? claims[i].addresses : 0;
		group->reason = holds ? get_commonest (&claims[i]) : NX_REASON_NONE;
		group->first = group->last = group->example = 0;
	}
	gint64 *examples = g_new0 (gint64, groups->len);
	for (guint i = 0; i < failures->len; i++) {
		const NxFailure *failure = &g_array_index (failures, NxFailure, i);
		if (failure->group < 0)
			continue;
		NxGroupDay *group = &g_array_index (groups, NxGroupDay, failure->group);
		if (group->last == 0 || failure->date < group->first)
			group->first = failure->date;
		group->last = MAX (group->last, failure->date);
		if (failure->reason != group->reason ||
		    (group->example != 0 && failure->date >= examples[failure->group]))
			continue;
		group->example = failure->id;
		examples[failure->group] = failure->date;
	}
	g_free (examples);
}

void
nx_incident_claim (GArray *failures, GArray *groups)
{
	static const NxScope order[] = { NX_SCOPE_POST, NX_SCOPE_PROVIDER, NX_SCOPE_DOMAIN };
	g_array_sort (groups, compare_groups);
	g_autofree Claim *claims = g_new0 (Claim, MAX (groups->len, 1));
	for (guint i = 0; i < groups->len; i++)
		claims[i].last = G_MININT64;
	for (guint i = 0; i < failures->len; i++)
		g_array_index (failures, NxFailure, i).group = -1;
	for (guint i = 0; i < G_N_ELEMENTS (order); i++)
		if (has_unusual (groups, order[i]))
			claim_scope (failures, order[i], groups, claims);
	describe_claims (failures, groups, claims);
}

/* ---- incidents ---- */

static gint64
get_closed (const NxOutcome *outcome, const NxRuling *ruling, const GArray *posting)
{
	gint64 closed = outcome->last + CLOSE_DAYS * (gint64)DAY_SECONDS;
	gboolean holds = ruling != NULL && ruling->kind == NX_RULING_HOLD;
	guint next = find_day (posting, outcome->last_day + 1);
	if (next < posting->len)
		closed = MIN (closed, g_array_index (posting, gint64, next) * DAY_SECONDS);
	if (outcome->lasts != 0 && !holds)
		closed = MIN (closed, outcome->lasts * DAY_SECONDS);
	if (ruling != NULL && !holds)
		closed = MIN (closed, ruling->date);
	return closed;
}

static void
add_day (NxOutcome *outcome, const NxGroupDay *group)
{
	outcome->last_day = group->day;
	if (group->claimed == 0)
		return;
	if (outcome->addresses == 0 || group->first < outcome->opened)
		outcome->opened = group->first;
	outcome->last = MAX (outcome->last, group->last);
	if (group->claimed <= outcome->addresses)
		return;
	outcome->addresses = group->claimed;
	outcome->reason = group->reason;
	outcome->example = group->example;
}

GArray *
nx_incident_sum_up (const GArray *days, const NxSurroundings *around)
{
	GArray *outcomes = g_array_new (FALSE, TRUE, sizeof (NxOutcome));
	for (guint i = 0; i < days->len;) {
		const NxGroupDay *head = &g_array_index (days, NxGroupDay, i);
		NxOutcome outcome = { .day = head->day, .chain = head->chain };
		guint before = 0;
		if (head->chain < 0) {
			i++;
			continue;
		}
		for (; i < days->len; i++) {
			const NxGroupDay *group = &g_array_index (days, NxGroupDay, i);
			if (group->chain != head->chain && group->chain >= 0)
				break;
			if (group->chain < 0)
				continue;
			if (is_lasting (head->day, group->day, before++) && outcome.lasts == 0)
				outcome.lasts = group->day;
			add_day (&outcome, group);
		}
		if (outcome.addresses == 0)
			continue;
		const Span span = { outcome.day, outcome.last_day };
		const NxRuling *ruling = find_ruling (head, &span, around);
		outcome.ruling = ruling != NULL ? ruling->kind : NX_RULING_NONE;
		outcome.ruled = ruling != NULL ? ruling->date : 0;
		outcome.closed = get_closed (&outcome, ruling, around->posting);
		g_array_append_val (outcomes, outcome);
	}
	return outcomes;
}
