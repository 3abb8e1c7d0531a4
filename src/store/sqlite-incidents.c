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
get_day (NxSqliteSettling *settling, gint64 number)
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
add_group (NxSqliteSettling *settling, const NxGroupDay *group)
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
has_post (NxSqliteSettling *settling, gint64 day, gboolean *has_out, GError **error)
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
read_groups (NxSqliteSettling *settling, NxStatement *statement, GError **error)
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
add_later_groups (NxSqliteSettling *settling, const NxGroupDay *group, GError **error)
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
note_change (NxSqliteSettling *settling, const NxGroupDay *group, GError **error)
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
drop_row (NxSqliteSettling *settling, const NxSqliteDay *row, GError **error)
{
	if (row->incident != 0)
		g_hash_table_add (settling->orphans, copy_number (row->incident));
	return nx_sqlite_drop_day (settling->db, settling->list, &row->group, error) &&
	       note_change (settling, &row->group, error);
}

static gboolean
write_counts (NxSqliteSettling *settling, gint64 day, const GArray *groups, GError **error)
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
load_day (NxSqliteSettling *settling, Day *day, GError **error)
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
count_day (NxSqliteSettling *settling, gint64 number, gboolean alone, GError **error)
{
	gboolean posted = FALSE;
	Day *day = get_day (settling, number);
	if (!has_post (settling, number, &posted, error) || !load_day (settling, day, error))
		return FALSE;
	g_autoptr (GArray) groups = nx_incident_count (day->all, number);
	if (posted || day->all->len > 0) {
		const NxGroupDay marker = nx_incident_make_marker (day->all, number, posted);
		g_array_append_val (groups, marker);
	}
	if (!alone)
		unload_day (day);
	return write_counts (settling, number, groups, error);
}

/* ---- which groups are to be judged ---- */

/* With a row on @from or later. */
static gboolean
add_groups_since (NxSqliteSettling *settling, gint64 from, GError **error)
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

static GArray *
take_groups (const GArray *rows)
{
	GArray *groups = g_array_sized_new (FALSE, FALSE, sizeof (NxGroupDay), rows->len);
	for (guint i = 0; i < rows->len; i++)
		g_array_append_val (groups, g_array_index (rows, NxSqliteDay, i).group);
	return groups;
}

static GArray *
load_markers (NxSqliteSettling *settling, gint64 first, GError **error)
{
	const NxGroupDay marker = { .scope = NX_SCOPE_LIST };
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	if (!nx_sqlite_load_group (settling->db, settling->list, &marker, first, rows, error))
		return NULL;
	return take_groups (rows);
}

/* Members matter where too little is known to measure by, and for posts. */
static gboolean
add_groups_by_members (NxSqliteSettling *settling, GError **error)
{
	static const char posts[] = "SELECT DISTINCT day FROM failing_days WHERE list_id = ?1 AND scope = 'post'"
				    " AND verdict IN ('permanent', 'transient') AND addresses >= ?2";
	g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	g_autoptr (GArray) markers = load_markers (settling, G_MININT64, error);
	if (markers == NULL || !nx_sqlite_load_numbers (settling->db, posts, settling->list, 0, days, error))
		return FALSE;
	g_autoptr (GArray) posting = nx_incident_find_posting (markers);
	for (guint i = 0; i < markers->len; i++) {
		gint64 day = g_array_index (markers, NxGroupDay, i).day;
		if (!nx_incident_is_measured (posting, day))
			g_array_append_val (days, day);
	}
	for (guint i = 0; i < days->len; i++)
		if (!nx_sqlite_load_day (settling->db, settling->list, g_array_index (days, gint64, i), rows, error))
			return FALSE;
	for (guint i = 0; i < rows->len; i++)
		add_group (settling, &g_array_index (rows, NxSqliteDay, i).group);
	return TRUE;
}

/* ---- judging ---- */

static gboolean
get_number (NxSqliteSettling *settling, const char *sql, gint64 value, gint64 *number_out, GError **error)
{
	g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
	if (!nx_sqlite_load_numbers (settling->db, sql, settling->list, value, numbers, error))
		return FALSE;
	*number_out = numbers->len > 0 ? g_array_index (numbers, gint64, 0) : 0;
	return TRUE;
}

void
nx_sqlite_group_clear (NxSqliteGroup *group)
{
	g_clear_pointer (&group->rows, g_array_unref);
	g_clear_pointer (&group->days, g_array_unref);
	g_clear_pointer (&group->posting, g_array_unref);
	g_clear_pointer (&group->usual, g_array_unref);
}

static gboolean
load_usual (NxSqliteSettling *settling, NxSqliteGroup *group, gint64 first, GError **error)
{
	const NxGroupDay measure = { .scope = NX_SCOPE_LIST, .verdict = group->key->verdict };
	g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (NxSqliteDay));
	if (!nx_sqlite_load_group (settling->db, settling->list, &measure, first, rows, error))
		return FALSE;
	group->usual = take_groups (rows);
	return TRUE;
}

static gboolean
load_surroundings (NxSqliteSettling *settling, NxSqliteGroup *group, GError **error)
{
	static const char members[] = "SELECT count(*) FROM subscribers WHERE list_id = ?1 AND domain = ?2";
	static const char subscribers[] = "SELECT count(*) FROM subscribers WHERE list_id = ?1 AND id > ?2";
	gint64 count = 0;
	gint64 first = g_array_index (group->rows, NxSqliteDay, 0).group.day - MEASURED_DAYS;
	/* What the first day is measured by is itself told by what lies before it. */
	g_autoptr (GArray) markers = load_markers (settling, first - MEASURED_DAYS, error);
	if (markers == NULL)
		return FALSE;
	group->posting = nx_incident_find_posting (markers);
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

gboolean
nx_sqlite_open_group (NxSqliteSettling *settling, const NxGroupDay *key, NxSqliteGroup *group_out, GError **error)
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
judge_group (NxSqliteSettling *settling, const NxGroupDay *key, GError **error)
{
	g_auto (NxSqliteGroup) group = { 0 };
	if (!nx_sqlite_open_group (settling, key, &group, error))
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

typedef gboolean (*GroupFunc) (NxSqliteSettling *settling, const NxGroupDay *key, GError **error);

static gboolean
foreach_group (NxSqliteSettling *settling, GroupFunc func, GError **error)
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

/* Of events that are alike in one second the one with the smallest key, for their numbers tell in which order they
 * came.
 */
static gboolean
choose_example (NxSqliteSettling *settling, gint64 *example, GError **error)
{
	static const char sql[] =
		"SELECT e.id FROM events x JOIN events e ON e.list_id = x.list_id AND e.date = x.date"
		" AND e.subscriber_id = x.subscriber_id AND e.verdict = x.verdict AND e.reason = x.reason"
		" AND e.domain = x.domain AND e.provider = x.provider AND e.post = x.post AND e.domain <> 0"
		" WHERE x.list_id = ?1 AND x.id = ?2 ORDER BY e.key LIMIT 1";
	return *example == 0 || get_number (settling, sql, *example, example, error);
}

static gboolean
write_claims (NxSqliteSettling *settling, const GArray *rows, const GArray *groups, GError **error)
{
	for (guint i = 0; i < rows->len; i++) {
		NxSqliteDay row = g_array_index (rows, NxSqliteDay, i);
		NxGroupDay claim = { 0 };
		for (guint j = 0; j < groups->len; j++)
			if (equal_group (&g_array_index (groups, NxGroupDay, j), &row.group))
				claim = g_array_index (groups, NxGroupDay, j);
		if (!choose_example (settling, &claim.example, error))
			return FALSE;
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
claim_day (NxSqliteSettling *settling, Day *day, GError **error)
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

typedef gboolean (*DayFunc) (NxSqliteSettling *settling, Day *day, GError **error);

static gboolean
foreach_day (NxSqliteSettling *settling, DayFunc func, GError **error)
{
	guint count = 0;
	g_autofree gpointer *keys = sort_keys (settling->days, compare_numbers, &count);
	for (guint i = 0; i < count; i++)
		if (!func (settling, g_hash_table_lookup (settling->days, keys[i]), error))
			return FALSE;
	return TRUE;
}

/* ---- holding ---- */

static gboolean
hold_event (NxSqliteSettling *settling, const NxFailure *failure, gint64 incident, GError **error)
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
	return failure->subscriber < 0 || (failure->held != 0) == (incident != 0) ||
	       nx_sqlite_touch (settling->db, failure->subscriber, error);
}

static gboolean
hold_day (NxSqliteSettling *settling, Day *day, GError **error)
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
drop_orphans (NxSqliteSettling *settling, GError **error)
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
count_stale (NxSqliteSettling *settling, GError **error)
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
forget_stale (NxSqliteSettling *settling, GError **error)
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
	NxSqliteSettling settling = {
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
	return rulings != NULL && nx_sqlite_load_policy (db, list, &settling.policy, error) &&
	       count_stale (&settling, error) && foreach_group (&settling, judge_group, error) &&
	       foreach_day (&settling, claim_day, error) && foreach_group (&settling, nx_sqlite_sum_up_group, error) &&
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
