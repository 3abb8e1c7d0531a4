/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-incidents.c: finding the incidents of stale days, and writing what came out different: rows of failing_days
 * and incidents, and which incident holds an event.
 *
 * Everything follows from the events, posts, members and steps as they stand, by policy/incident.h:
 *     a stale day is counted anew;
 *     groups whose numbers changed are judged anew, over all of their days; and so are the groups behind a day on which
 *     the list is now known to have posted, or not; and all of them when members or decisions changed;
 *     days whose failures or unusual groups changed are claimed anew;
 *     groups of which a day's claims changed are summed up anew, and their events held or let go.
 * A day is measured by at most 400 days before it, and a group judged as a whole, so nothing else can change: whatever
 * the order, batches and processes, the tables come to the same. Members are counted as they are now, whatever their
 * state, which itself depends on incidents.
 */
#include "store/sqlite-incidents.h"

#include <string.h>

#include "base/limits.h"
#include "smtp/organisation.h"

/* How far back a day is measured (policy/incident.c), and how long after its last failure an incident ends. */
#define MEASURED_DAYS 400
#define CLOSING_DAYS 4

/* What is at work on one day. @groups: of NxGroupDay, which NxFailure.group counts. @failures: those that an incident
 * may hold or has held. @all: all that take part, in order; NULL when they are to be loaded. */
typedef struct {
	gint64 day;
	GArray *all;
	GArray *failures;
	GArray *groups;
} Day;

/* @changed: the first day that is now a posting day, or none any more; G_MAXINT64 for none. @days: of Day, by day;
 * @groups: a set of NxGroupDay, by scope, verdict and name. @orphans, @kept: numbers of incidents. */
typedef struct {
	NxSqlite *db;
	gint64 list;
	gint64 changed;
	GHashTable *days;
	GHashTable *groups;
	GHashTable *orphans;
	GHashTable *kept;
	GArray *rulings;
	NxPolicy policy;
	gint64 subscribers;
} Settling;

/* ---- sets ---- */

static gint64 *
copy_number (gint64 number)
{
	gint64 *copy = g_new (gint64, 1);
	*copy = number;
	return copy;
}

static guint
hash_group (gconstpointer key)
{
	const NxGroupDay *group = key;
	guint64 mixed = (guint64)group->name ^ (guint64)group->scope << 8 ^ (guint64)group->verdict << 16;
	return (guint)(mixed ^ mixed >> 32);
}

static gboolean
equal_group (gconstpointer a, gconstpointer b)
{
	const NxGroupDay *x = a;
	const NxGroupDay *y = b;
	return x->name == y->name && x->scope == y->scope && x->verdict == y->verdict;
}

static void
free_day (gpointer data)
{
	Day *day = data;
	g_array_unref (day->failures);
	g_clear_pointer (&day->all, g_array_unref);
	if (day->groups != NULL)
		g_array_unref (day->groups);
	g_free (day);
}

static Day *
get_day (Settling *settling, gint64 number)
{
	Day *day = g_hash_table_lookup (settling->days, &number);
	if (day != NULL)
		return day;
	day = g_new0 (Day, 1);
	day->day = number;
	day->failures = g_array_new (FALSE, FALSE, sizeof (NxFailure));
	g_hash_table_insert (settling->days, copy_number (number), day);
	return day;
}

static void
add_group (Settling *settling, const NxGroupDay *group)
{
	if (group->scope != NX_SCOPE_LIST && !g_hash_table_contains (settling->groups, group))
		g_hash_table_add (settling->groups, g_memdup2 (group, sizeof *group));
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
	const NxGroupDay *x = *(const NxGroupDay *const *)a;
	const NxGroupDay *y = *(const NxGroupDay *const *)b;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
	gint64 x = **(const gint64 *const *)a;
	gint64 y = **(const gint64 *const *)b;
	return (x > y) - (x < y);
}

/* In an order of their own, so that new incidents have the same numbers wherever this is done. */
static gpointer *
sort_keys (GHashTable *set, int (*compare) (gconstpointer, gconstpointer), guint *count_out)
{
	gpointer *keys = g_hash_table_get_keys_as_array (set, count_out);
	qsort (keys, *count_out, sizeof keys[0], compare);
	return keys;
}

/* ---- counting stale days ---- */

static gboolean
has_post (Settling *settling, gint64 day, gboolean *has_out, GError **error)
{
	static const char sql[] = "SELECT 1 FROM posts WHERE list_id = ?1 AND date >= ?2 AND date < ?3";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, settling->list);
	nx_sqlite_bind_int (statement, 2, day * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 3, (day + 1) * NX_STORE_DAY_SECONDS);
	return nx_sqlite_step (settling->db, statement, has_out, error);
}

static NxSqliteDay *
find_row (const GArray *rows, const NxGroupDay *group)
{
	for (guint i = 0; i < rows->len; i++) {
		NxSqliteDay *row = &g_array_index (rows, NxSqliteDay, i);
		if (equal_group (&row->group, group))
			return row;
	}
	return NULL;
}

/* Columns scope, verdict, name. */
static gboolean
read_groups (Settling *settling, NxStatement *statement, GError **error)
{
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (settling->db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		const NxGroupDay group = { .scope = nx_scope_from_string (nx_sqlite_get_text (statement, 0)),
					   .verdict = nx_sqlite_get_verdict (statement, 1),
					   .name = sqlite3_column_int64 (statement, 2) };
		add_group (settling, &group);
	}
}

/* Groups are measured by all that the list had of their verdict on the days before, too. */
static gboolean
add_later_groups (Settling *settling, const NxGroupDay *group, GError **error)
{
	static const char sql[] =
		"SELECT DISTINCT scope, verdict, name FROM failing_days INDEXED BY failing_days_by_day"
		" WHERE list_id = ?1 AND day > ?2 AND scope <> 'list' AND verdict = ?3";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, settling->list);
	nx_sqlite_bind_int (statement, 2, group->day);
	nx_sqlite_bind_text (statement, 3, nx_sqlite_verdict_word (group->verdict));
	return read_groups (settling, statement, error);
}

static gboolean
note_change (Settling *settling, const NxGroupDay *group, GError **error)
{
	if (group->scope == NX_SCOPE_LIST && group->verdict == NX_VERDICT_NONE)
		settling->changed = MIN (settling->changed, group->day);
	else if (group->scope == NX_SCOPE_LIST)
		return add_later_groups (settling, group, error);
	add_group (settling, group);
	return TRUE;
}

/* Whoever was held by an incident of the row is let go with its day's claims. */
static gboolean
drop_row (Settling *settling, const NxSqliteDay *row, GError **error)
{
	if (row->incident != 0)
		g_hash_table_add (settling->orphans, copy_number (row->incident));
	return nx_sqlite_drop_day (settling->db, settling->list, &row->group, error) &&
	       note_change (settling, &row->group, error);
}

static gboolean
write_counts (Settling *settling, gint64 day, const GArray *groups, GError **error)
{
	g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	g_autoptr (GHashTable) found = g_hash_table_new (hash_group, equal_group);
	g_autoptr (GHashTable) known = g_hash_table_new (hash_group, equal_group);
	if (!nx_sqlite_load_day (settling->db, settling->list, day, old, error))
		return FALSE;
	for (guint i = 0; i < old->len; i++)
		g_hash_table_add (known, &g_array_index (old, NxSqliteDay, i));
	for (guint i = 0; i < groups->len; i++) {
		NxGroupDay *group = &g_array_index (groups, NxGroupDay, i);
		const NxSqliteDay *stored = g_hash_table_lookup (known, group);
		NxSqliteDay row = { .group = *group };
		g_hash_table_add (found, group);
		if (stored != NULL)
			row = *stored;
		if (stored != NULL && stored->group.addresses == group->addresses && stored->group.fits == group->fits)
			continue;
		row.group.addresses = group->addresses;
		row.group.fits = group->fits;
		if (!nx_sqlite_put_day (settling->db, settling->list, &row, error) ||
		    !note_change (settling, group, error))
			return FALSE;
	}
	for (guint i = 0; i < old->len; i++) {
		const NxSqliteDay *row = &g_array_index (old, NxSqliteDay, i);
		if (!g_hash_table_contains (found, &row->group) && !drop_row (settling, row, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
load_day (Settling *settling, Day *day, GError **error)
{
	if (day->all != NULL)
		return TRUE;
	day->all = g_array_new (FALSE, FALSE, sizeof (NxFailure));
	return nx_sqlite_load_failures (settling->db, settling->list, day->day, &settling->policy, day->all,
					day->failures, error);
}

/* A batch of days may have millions of failures: only those of one day alone stay in memory. */
static void
unload_day (Day *day)
{
	g_clear_pointer (&day->all, g_array_unref);
	g_array_set_size (day->failures, 0);
}

static gboolean
count_day (Settling *settling, gint64 number, gboolean alone, GError **error)
{
	gboolean posted = FALSE;
	Day *day = get_day (settling, number);
	if (!has_post (settling, number, &posted, error) || !load_day (settling, day, error))
		return FALSE;
	g_autoptr (GArray) groups = nx_incident_count (day->all, number);
	if (posted || day->all->len > 0) {
		const NxGroupDay marker = { .day = number, .scope = NX_SCOPE_LIST };
		g_array_append_val (groups, marker);
	}
	if (!alone)
		unload_day (day);
	return write_counts (settling, number, groups, error);
}

/* ---- which groups are to be judged ---- */

/* With a row on @from or later. */
static gboolean
add_groups_since (Settling *settling, gint64 from, GError **error)
{
	static const char sql[] = "SELECT DISTINCT scope, verdict, name FROM failing_days"
				  " WHERE list_id = ?1 AND day >= ?2 AND scope <> 'list'";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, settling->list);
	nx_sqlite_bind_int (statement, 2, from);
	return read_groups (settling, statement, error);
}

/* Members matter where too few posting days are known to measure by, and for posts. */
static gboolean
add_groups_by_members (Settling *settling, GError **error)
{
	static const char posting[] = "SELECT day FROM failing_days WHERE list_id = ?1 AND scope = 'list'"
				      " AND verdict = '' AND name = 0 AND day >= ?2 ORDER BY day";
	static const char posts[] = "SELECT DISTINCT day FROM failing_days WHERE list_id = ?1 AND scope = 'post'"
				    " AND verdict IN ('permanent', 'transient') AND addresses >= ?2";
	g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	if (!nx_sqlite_load_numbers (settling->db, posts, settling->list, 0, days, error) ||
	    !nx_sqlite_load_numbers (settling->db, posting, settling->list, G_MININT64, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++)
		if (!nx_incident_is_measured (all, g_array_index (all, gint64, i)))
			g_array_append_val (days, g_array_index (all, gint64, i));
	for (guint i = 0; i < days->len; i++)
		if (!nx_sqlite_load_day (settling->db, settling->list, g_array_index (days, gint64, i), rows, error))
			return FALSE;
	for (guint i = 0; i < rows->len; i++)
		add_group (settling, &g_array_index (rows, NxSqliteDay, i).group);
	return TRUE;
}

/* ---- judging ---- */

static gboolean
get_number (Settling *settling, const char *sql, gint64 value, gint64 *number_out, GError **error)
{
	g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
	if (!nx_sqlite_load_numbers (settling->db, sql, settling->list, value, numbers, error))
		return FALSE;
	*number_out = numbers->len > 0 ? g_array_index (numbers, gint64, 0) : 0;
	return TRUE;
}

static GArray *
take_groups (const GArray *rows)
{
	GArray *groups = g_array_sized_new (FALSE, FALSE, sizeof (NxGroupDay), rows->len);
	for (guint i = 0; i < rows->len; i++)
		g_array_append_val (groups, g_array_index (rows, NxSqliteDay, i).group);
	return groups;
}

/* A group at work. @rows: of NxSqliteDay; @days: of NxGroupDay, of the same days, judged. */
typedef struct {
	const NxGroupDay *key;
	GArray *rows;
	GArray *days;
	GArray *posting;
	GArray *usual;
	NxSurroundings around;
} Group;

static void
group_clear (Group *group)
{
	g_clear_pointer (&group->rows, g_array_unref);
	g_clear_pointer (&group->days, g_array_unref);
	g_clear_pointer (&group->posting, g_array_unref);
	g_clear_pointer (&group->usual, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Group, group_clear)

static gboolean
load_usual (Settling *settling, Group *group, gint64 first, GError **error)
{
	const NxGroupDay measure = { .scope = NX_SCOPE_LIST, .verdict = group->key->verdict };
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	if (!nx_sqlite_load_group (settling->db, settling->list, &measure, first, rows, error))
		return FALSE;
	group->usual = take_groups (rows);
	return TRUE;
}

static gboolean
load_surroundings (Settling *settling, Group *group, GError **error)
{
	static const char posting[] = "SELECT day FROM failing_days WHERE list_id = ?1 AND scope = 'list'"
				      " AND verdict = '' AND name = 0 AND day >= ?2 ORDER BY day";
	static const char members[] = "SELECT count(*) FROM subscribers WHERE list_id = ?1 AND domain = ?2";
	static const char subscribers[] = "SELECT count(*) FROM subscribers WHERE list_id = ?1 AND id > ?2";
	gint64 count = 0;
	gint64 first = g_array_index (group->rows, NxSqliteDay, 0).group.day - MEASURED_DAYS;
	group->posting = g_array_new (FALSE, FALSE, sizeof (gint64));
	if (!nx_sqlite_load_numbers (settling->db, posting, settling->list, first, group->posting, error))
		return FALSE;
	if (group->key->scope == NX_SCOPE_DOMAIN && !get_number (settling, members, group->key->name, &count, error))
		return FALSE;
	if (settling->subscribers < 0 && !get_number (settling, subscribers, 0, &settling->subscribers, error))
		return FALSE;
	if (!load_usual (settling, group, first, error))
		return FALSE;
	group->around = (NxSurroundings){
		.posting = group->posting,
		.usual = group->usual,
		.rulings = settling->rulings,
		.members = (guint)count,
		.subscribers = (guint)settling->subscribers,
	};
	return TRUE;
}

static gboolean
load_group (Settling *settling, const NxGroupDay *key, Group *group_out, GError **error)
{
	group_out->key = key;
	group_out->rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	if (!nx_sqlite_load_group (settling->db, settling->list, key, G_MININT64, group_out->rows, error))
		return FALSE;
	group_out->days = take_groups (group_out->rows);
	if (group_out->rows->len == 0)
		return TRUE;
	if (!load_surroundings (settling, group_out, error))
		return FALSE;
	nx_incident_judge (group_out->days, &group_out->around);
	return TRUE;
}

static gboolean
judge_group (Settling *settling, const NxGroupDay *key, GError **error)
{
	g_auto (Group) group = { 0 };
	if (!load_group (settling, key, &group, error))
		return FALSE;
	for (guint i = 0; i < group.rows->len; i++) {
		NxSqliteDay *row = &g_array_index (group.rows, NxSqliteDay, i);
		const NxGroupDay *judged = &g_array_index (group.days, NxGroupDay, i);
		if (row->group.unusual == judged->unusual && row->group.until == judged->until)
			continue;
		row->group.unusual = judged->unusual;
		row->group.until = judged->until;
		get_day (settling, row->group.day);
		if (!nx_sqlite_put_day (settling->db, settling->list, row, error))
			return FALSE;
	}
	return TRUE;
}

typedef gboolean (*GroupFunc) (Settling *settling, const NxGroupDay *key, GError **error);

static gboolean
foreach_group (Settling *settling, GroupFunc func, GError **error)
{
	guint count = 0;
	g_autofree gpointer *keys = sort_keys (settling->groups, compare_groups, &count);
	for (guint i = 0; i < count; i++)
		if (!func (settling, keys[i], error))
			return FALSE;
	return TRUE;
}

/* ---- claiming ---- */

static gboolean
is_same_claim (const NxGroupDay *a, const NxGroupDay *b)
{
	return a->claimed == b->claimed && a->first == b->first && a->last == b->last && a->reason == b->reason &&
	       a->example == b->example;
}

static gboolean
write_claims (Settling *settling, const GArray *rows, const GArray *groups, GError **error)
{
	for (guint i = 0; i < rows->len; i++) {
		NxSqliteDay row = g_array_index (rows, NxSqliteDay, i);
		NxGroupDay claim = { 0 };
		for (guint j = 0; j < groups->len; j++)
			if (equal_group (&g_array_index (groups, NxGroupDay, j), &row.group))
				claim = g_array_index (groups, NxGroupDay, j);
		if (row.incident == 0 && is_same_claim (&row.group, &claim))
			continue;
		add_group (settling, &row.group);
		if (is_same_claim (&row.group, &claim))
			continue;
		row.group.claimed = claim.claimed;
		row.group.first = claim.first;
		row.group.last = claim.last;
		row.group.reason = claim.reason;
		row.group.example = claim.example;
		if (!nx_sqlite_put_day (settling->db, settling->list, &row, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
claim_day (Settling *settling, Day *day, GError **error)
{
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	gboolean loaded = day->all != NULL;
	day->groups = g_array_new (FALSE, FALSE, sizeof (NxGroupDay));
	if (!nx_sqlite_load_day (settling->db, settling->list, day->day, rows, error) ||
	    !load_day (settling, day, error))
		return FALSE;
	if (!loaded)
		nx_incident_sort (day->all);
	for (guint i = 0; i < rows->len; i++)
		if (g_array_index (rows, NxSqliteDay, i).group.unusual)
			g_array_append_val (day->groups, g_array_index (rows, NxSqliteDay, i).group);
	nx_incident_claim (day->all, day->groups);
	for (guint i = 0; i < day->all->len; i++) {
		const NxFailure *failure = &g_array_index (day->all, NxFailure, i);
		if (failure->group >= 0 || failure->held != 0)
			g_array_append_val (day->failures, *failure);
	}
	g_clear_pointer (&day->all, g_array_unref);
	return write_claims (settling, rows, day->groups, error);
}

typedef gboolean (*DayFunc) (Settling *settling, Day *day, GError **error);

static gboolean
foreach_day (Settling *settling, DayFunc func, GError **error)
{
	guint count = 0;
	g_autofree gpointer *keys = sort_keys (settling->days, compare_numbers, &count);
	for (guint i = 0; i < count; i++)
		if (!func (settling, g_hash_table_lookup (settling->days, keys[i]), error))
			return FALSE;
	return TRUE;
}

/* ---- incidents ---- */

static char *
make_note (const NxOutcome *outcome)
{
	static const char *const rulings[] = {
		[NX_RULING_NONE] = "",
		[NX_RULING_CLOSE] = "closed by hand: what came later counts",
		[NX_RULING_COUNT] = "no incident, by hand: its failures count",
		[NX_RULING_HOLD] = "held by hand, however long it lasts",
	};
	if (outcome->ruling != NX_RULING_NONE || outcome->lasts == 0)
		return g_strdup (rulings[outcome->ruling]);
	g_autoptr (GDateTime) day = g_date_time_new_from_unix_utc (outcome->lasts * NX_STORE_DAY_SECONDS);
	g_autofree char *date = day != NULL ? g_date_time_format (day, "%Y-%m-%d") : g_strdup ("then");
	return g_strdup_printf ("lasts: since %s its failures count", date);
}

/* The name and the words of an incident are those of its example. */
typedef struct {
	char *name;
	char *diagnostic;
} Words;

static void
words_clear (Words *words)
{
	g_free (words->name);
	g_free (words->diagnostic);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
load_words (Settling *settling, NxScope scope, gint64 event, Words *words_out, GError **error)
{
	static const char sql[] = "SELECT address_key, remote_mta, original_message_id, diagnostic FROM events"
				  " WHERE id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, event);
	if (!nx_sqlite_step (settling->db, statement, &row, error))
		return FALSE;
	if (scope == NX_SCOPE_DOMAIN)
		words_out->name = g_strdup (nx_address_get_domain (nx_sqlite_get_text (statement, 0)));
	else if (scope == NX_SCOPE_PROVIDER)
		words_out->name = nx_organisation_make_name (nx_sqlite_get_text (statement, 1));
	else
		words_out->name = g_strdup (nx_sqlite_get_text (statement, 2));
	words_out->diagnostic = g_strdup (nx_sqlite_get_text (statement, 3));
	return TRUE;
}

static void
bind_outcome (NxStatement *statement, const NxGroupDay *key, const NxOutcome *outcome, const Words *words,
	      const char *note)
{
	nx_sqlite_bind_text (statement, 2, nx_scope_to_string (key->scope));
	nx_sqlite_bind_text (statement, 3, words->name);
	nx_sqlite_bind_text (statement, 4, nx_sqlite_verdict_word (key->verdict));
	nx_sqlite_bind_int (statement, 5, outcome->opened);
	nx_sqlite_bind_int (statement, 6, outcome->last);
	nx_sqlite_bind_int (statement, 7, outcome->closed);
	nx_sqlite_bind_int (statement, 8, outcome->addresses);
	nx_sqlite_bind_text (statement, 9, nx_sqlite_reason_word (outcome->reason));
	nx_sqlite_bind_text (statement, 10, words->diagnostic);
	nx_sqlite_bind_text (statement, 11, note);
}

/* @id: 0 for a new one; it is set then. */
static gboolean
write_outcome (Settling *settling, const NxGroupDay *key, const NxOutcome *outcome, gint64 *id, GError **error)
{
	static const char insert[] =
		"INSERT INTO incidents (list_id, scope, name, verdict, opened, last, closed, addresses, reason,"
		" diagnostic, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
	static const char update[] = "UPDATE incidents SET opened = ?5, last = ?6, closed = ?7, addresses = ?8, reason "
				     "= ?9, diagnostic = ?10,"
				     " note = ?11 WHERE id = ?1 AND scope = ?2 AND name = ?3 AND verdict = ?4"
				     " AND (opened, last, closed, addresses, reason, diagnostic, note)"
				     " <> (?5, ?6, ?7, ?8, ?9, ?10, ?11)";
	g_auto (Words) words = { 0 };
	g_autofree char *note = make_note (outcome);
	if (!load_words (settling, key->scope, outcome->example, &words, error))
		return FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, *id == 0 ? insert : update, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, *id == 0 ? settling->list : *id);
	bind_outcome (statement, key, outcome, &words, note);
	if (!nx_sqlite_run (settling->db, statement, error))
		return FALSE;
	if (*id == 0)
		*id = sqlite3_last_insert_rowid (settling->db->handle);
	return TRUE;
}

/* A day whose failures are not looked at again: it is the incident's number alone that is another. */
static gboolean
renumber_day (Settling *settling, gint64 day, gint64 old, gint64 id, GError **error)
{
	static const char sql[] = "UPDATE events SET incident_id = ?5 WHERE incident_id = ?4 AND list_id = ?1"
				  " AND date >= ?2 AND date < ?3";
	if (old == 0 || g_hash_table_contains (settling->days, &day))
		return TRUE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (settling->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, settling->list);
	nx_sqlite_bind_int (statement, 2, day * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 3, (day + 1) * NX_STORE_DAY_SECONDS);
	nx_sqlite_bind_int (statement, 4, old);
	nx_sqlite_bind_id (statement, 5, id);
	return nx_sqlite_run (settling->db, statement, error);
}

/* @wanted: the number of each row's incident. */
static gboolean
number_days (Settling *settling, Group *group, const gint64 *wanted, GError **error)
{
	for (guint i = 0; i < group->rows->len; i++) {
		NxSqliteDay *row = &g_array_index (group->rows, NxSqliteDay, i);
		if (row->incident == wanted[i])
			continue;
		if (!renumber_day (settling, row->group.day, row->incident, wanted[i], error))
			return FALSE;
		row->incident = wanted[i];
		if (!nx_sqlite_put_day (settling->db, settling->list, row, error))
			return FALSE;
	}
	return TRUE;
}

/* The number that the chain has by its earliest day that has one; 0 for none. */
static gint64
find_id (Settling *settling, const Group *group, int chain)
{
	for (guint i = 0; i < group->rows->len; i++) {
		const NxSqliteDay *row = &g_array_index (group->rows, NxSqliteDay, i);
		if (g_array_index (group->days, NxGroupDay, i).chain == chain && row->incident != 0 &&
		    !g_hash_table_contains (settling->kept, &row->incident))
			return row->incident;
	}
	return 0;
}

static void
set_wanted (const Group *group, int chain, gint64 id, gint64 *wanted)
{
	for (guint i = 0; i < group->days->len; i++) {
		const NxGroupDay *day = &g_array_index (group->days, NxGroupDay, i);
		if (day->chain == chain && day->claimed > 0)
			wanted[i] = id;
	}
}

static gboolean
sum_up_group (Settling *settling, const NxGroupDay *key, GError **error)
{
	g_auto (Group) group = { 0 };
	if (!load_group (settling, key, &group, error))
		return FALSE;
	if (group.rows->len == 0)
		return TRUE;
	for (guint i = 0; i < group.rows->len; i++) {
		gint64 id = g_array_index (group.rows, NxSqliteDay, i).incident;
		if (id != 0)
			g_hash_table_add (settling->orphans, copy_number (id));
	}
	g_autofree gint64 *wanted = g_new0 (gint64, group.rows->len);
	g_autoptr (GArray) outcomes = nx_incident_sum_up (group.days, &group.around);
	for (guint i = 0; i < outcomes->len; i++) {
		const NxOutcome *outcome = &g_array_index (outcomes, NxOutcome, i);
		gint64 id = find_id (settling, &group, outcome->chain);
		if (!write_outcome (settling, key, outcome, &id, error))
			return FALSE;
		g_hash_table_add (settling->kept, copy_number (id));
		set_wanted (&group, outcome->chain, id, wanted);
	}
	return number_days (settling, &group, wanted, error);
}

/* ---- holding ---- */

static gboolean
hold_event (Settling *settling, const NxFailure *failure, gint64 incident, GError **error)
{
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (settling->db, "UPDATE events SET incident_id = ?2 WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, failure->id);
	nx_sqlite_bind_id (statement, 2, incident);
	if (!nx_sqlite_run (settling->db, statement, error))
		return FALSE;
	/* One that is held and one that is not: the policy sees no other difference. */
	return (failure->held != 0) == (incident != 0) || nx_sqlite_touch (settling->db, failure->subscriber, error);
}

static gboolean
hold_day (Settling *settling, Day *day, GError **error)
{
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	if (!nx_sqlite_load_day (settling->db, settling->list, day->day, rows, error))
		return FALSE;
	g_autofree const NxSqliteDay **holders = g_new0 (const NxSqliteDay *, day->groups->len + 1);
	for (guint i = 0; i < day->groups->len; i++)
		holders[i] = find_row (rows, &g_array_index (day->groups, NxGroupDay, i));
	for (guint i = 0; i < day->failures->len; i++) {
		const NxFailure *failure = &g_array_index (day->failures, NxFailure, i);
		const NxSqliteDay *holder = failure->group >= 0 ? holders[failure->group] : NULL;
		gint64 wanted = holder != NULL && failure->date <= holder->group.until ? holder->incident : 0;
		if (wanted != failure->held && !hold_event (settling, failure, wanted, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
drop_orphans (Settling *settling, GError **error)
{
	guint count = 0;
	g_autofree gpointer *ids = sort_keys (settling->orphans, compare_numbers, &count);
	for (guint i = 0; i < count; i++) {
		if (g_hash_table_contains (settling->kept, ids[i]))
			continue;
		g_autoptr (NxStatement) statement =
			nx_sqlite_prepare (settling->db, "DELETE FROM incidents WHERE id = ?1", error);
		if (statement == NULL)
			return FALSE;
		nx_sqlite_bind_int (statement, 1, *(const gint64 *)ids[i]);
		if (!nx_sqlite_run (settling->db, statement, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- a list ---- */

static gboolean
count_stale (Settling *settling, GError **error)
{
	static const char sql[] = "SELECT day FROM stale_days WHERE list_id = ?1 AND day >= ?2 ORDER BY day";
	g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (gint64));
	if (!nx_sqlite_load_numbers (settling->db, sql, settling->list, G_MININT64, days, error))
		return FALSE;
	gboolean members = FALSE;
	for (guint i = 0; i < days->len; i++) {
		gint64 day = g_array_index (days, gint64, i);
		if (day == NX_SQLITE_RULINGS)
			settling->changed = NX_SQLITE_RULINGS + CLOSING_DAYS;
		else if (day == NX_SQLITE_MEMBERS)
			members = TRUE;
		else if (!count_day (settling, day, days->len == 1, error))
			return FALSE;
	}
	if (members && !add_groups_by_members (settling, error))
		return FALSE;
	return settling->changed == G_MAXINT64 || add_groups_since (settling, settling->changed - CLOSING_DAYS, error);
}

static gboolean
forget_stale (Settling *settling, GError **error)
{
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (settling->db, "DELETE FROM stale_days WHERE list_id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, settling->list);
	return nx_sqlite_run (settling->db, statement, error);
}

static gboolean
settle_list (NxSqlite *db, gint64 list, GError **error)
{
	g_autoptr (GHashTable) days = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_day);
	g_autoptr (GHashTable) groups = g_hash_table_new_full (hash_group, equal_group, g_free, NULL);
	g_autoptr (GHashTable) orphans = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr (GHashTable) kept = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr (GArray) rulings = nx_sqlite_load_rulings (db, list, error);
	Settling settling = {
		.db = db,
		.list = list,
		.changed = G_MAXINT64,
		.days = days,
		.groups = groups,
		.orphans = orphans,
		.kept = kept,
		.rulings = rulings,
		.subscribers = -1,
	};
	return rulings != NULL && nx_sqlite_load_policy (db, list, 0, &settling.policy, error) &&
	       count_stale (&settling, error) && foreach_group (&settling, judge_group, error) &&
	       foreach_day (&settling, claim_day, error) && foreach_group (&settling, sum_up_group, error) &&
	       foreach_day (&settling, hold_day, error) && drop_orphans (&settling, error) &&
	       forget_stale (&settling, error);
}

gboolean
nx_sqlite_settle_stale (NxSqlite *db, GError **error)
{
	static const char sql[] = "SELECT DISTINCT list_id FROM stale_days WHERE ?1 = 0 AND ?2 = 0 ORDER BY list_id";
	g_autoptr (GArray) lists = g_array_new (FALSE, FALSE, sizeof (gint64));
	if (!nx_sqlite_load_numbers (db, sql, 0, 0, lists, error))
		return FALSE;
	for (guint i = 0; i < lists->len; i++)
		if (!settle_list (db, g_array_index (lists, gint64, i), error))
			return FALSE;
	return TRUE;
}

gboolean
nx_sqlite_settle_changes (NxSqlite *db, GError **error)
{
	guint count = 0;
	g_autofree gpointer *touched = g_hash_table_get_keys_as_array (db->touched_lists, &count);
	for (guint i = 0; i < count; i++)
		if (!nx_sqlite_mark_all_days (db, *(const gint64 *)touched[i], error))
			return FALSE;
	return db->base.leaves_stale || nx_sqlite_settle_stale (db, error);
}
