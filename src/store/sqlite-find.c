/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-find.c: which subscriptions an event is about.
 *
 * Candidates are taken in their order; those that may be one mailbox by the site's rules are one group. Of a group
 * first the addresses themselves are looked for, then the same at the same domains, then with or without a tag. The
 * first step that finds anything decides, be it that it finds too much: the report then is about nobody, since its
 * other addresses are those of aliases' targets, of whom the list may know none. Every step is a look-up in an index.
 */
#include "store/sqlite-private.h"

#include "base/limits.h"
#include "smtp/address-rules.h"
#include "smtp/address-text.h"

#include <string.h>

typedef struct {
	NxCandidate what;
	char *key;
	char *base;
	gboolean done;
} Wanted;

typedef struct {
	NxSqlite *db;
	gint64 list;
	GArray *matches;
	gboolean crowded;  /* more fit than are looked at */
	const char *local; /* as it must be written, NULL when its case does not count */
	gboolean tags;     /* a tag behind it does not count either */
} Search;

static void
clear_match (gpointer data)
{
	NxSqliteMatch *match = data;
	g_free (match->list_name);
	g_free (match->address);
	g_free (match->address_key);
}

GArray *
nx_sqlite_new_matches (void)
{
	GArray *matches = g_array_new (FALSE, FALSE, sizeof (NxSqliteMatch));
	g_array_set_clear_func (matches, clear_match);
	return matches;
}

static gboolean
has_local (const Search *search, const char *address)
{
	if (search->local == NULL)
		return TRUE;
	g_autofree char *local = nx_address_make_case_local (address);
	if (search->tags && strchr (local, '+') != NULL)
		*strchr (local, '+') = '\0';
	return strcmp (local, search->local) == 0;
}

static gboolean
read_matches (Search *search, NxStatement *statement, guint *rows_out, GError **error)
{
	*rows_out = 0;
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (search->db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		(*rows_out)++;
		if (!has_local (search, nx_sqlite_get_text (statement, 3)))
			continue;
		NxSqliteMatch match = {
			.subscriber = sqlite3_column_int64 (statement, 0),
			.list = sqlite3_column_int64 (statement, 1),
			.list_name = g_strdup (nx_sqlite_get_text (statement, 2)),
			.address = g_strdup (nx_sqlite_get_text (statement, 3)),
			.address_key = g_strdup (nx_sqlite_get_text (statement, 4)),
		};
		g_array_append_val (search->matches, match);
	}
}

#define MATCH_COLUMNS                                                                 \
	"SELECT s.id, s.list_id, l.name, s.address, s.address_key FROM subscribers s" \
	" JOIN lists l ON l.id = s.list_id WHERE "

static gboolean
find_key (Search *search, const char *key, GError **error)
{
	static const char any[] = MATCH_COLUMNS "s.address_key = ?1 ORDER BY l.name";
	static const char one[] = MATCH_COLUMNS "s.list_id = ?2 AND s.address_key = ?1";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (search->db, search->list != 0 ? one : any, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, key);
	if (search->list != 0)
		nx_sqlite_bind_int (statement, 2, search->list);
	guint rows;
	return read_matches (search, statement, &rows, error);
}

/* Subscriptions that had the address once: reports on it are part of their story, whenever they are read. */
static gboolean
find_former (Search *search, const char *key, GError **error)
{
	static const char sql[] = "SELECT DISTINCT s.id, s.list_id, l.name, t.old_address, t.old_key FROM steps t"
				  " JOIN subscribers s ON s.id = t.subscriber_id JOIN lists l ON l.id = s.list_id"
				  " WHERE t.old_key = ?1 AND t.kind = 'move' AND t.undone IS NULL"
				  " AND (?2 = 0 OR s.list_id = ?2) ORDER BY l.name";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (search->db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, key);
	nx_sqlite_bind_int (statement, 2, search->list);
	guint rows;
	return read_matches (search, statement, &rows, error);
}

/* All of "user+…@domain": keys from "user+" to "user,", the octet behind "+". What follows is compared in the index. */
static gboolean
find_tagged (Search *search, const char *user, const char *domain, GError **error)
{
#define TAGGED "s.address_key >= ?1 AND s.address_key < ?3 AND substr(s.address_key, -length(?4)) = ?4"
	static const char any[] = MATCH_COLUMNS TAGGED " LIMIT ?5";
	static const char one[] = MATCH_COLUMNS "s.list_id = ?2 AND " TAGGED " LIMIT ?5";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (search->db, search->list != 0 ? one : any, error);
	g_autofree char *first = g_strconcat (user, "+", NULL);
	g_autofree char *last = g_strconcat (user, ",", NULL);
	g_autofree char *end = g_strconcat ("@", domain, NULL);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_text (statement, 1, first);
	if (search->list != 0)
		nx_sqlite_bind_int (statement, 2, search->list);
	nx_sqlite_bind_text (statement, 3, last);
	nx_sqlite_bind_text (statement, 4, end);
	nx_sqlite_bind_int (statement, 5, NX_LIMIT_STORE_FITS + 1);
	guint rows;
	if (!read_matches (search, statement, &rows, error))
		return FALSE;
	search->crowded = search->crowded || rows > NX_LIMIT_STORE_FITS;
	return TRUE;
}

/* ---- one step of a group ---- */

/* The addresses of a group, at their own domains or at those that are the same. */
static gboolean
find_addresses (Search *search, const Wanted *wanted, gboolean elsewhere, GError **error)
{
	const NxAddressRules *rules = search->db->base.address_rules;
	gboolean case_counts = rules->keep_case && !wanted->what.any_case;
	g_autofree char *local = case_counts ? nx_address_make_case_local (wanted->what.address) : NULL;
	search->local = local;
	search->tags = FALSE;
	if (!elsewhere)
		return find_key (search, wanted->key, error) &&
		       (search->matches->len > 0 || find_former (search, wanted->key, error));
	const char *domain = nx_address_get_domain (wanted->key);
	const char *const *same = nx_address_rules_find_domains (rules, domain);
	for (; same != NULL && *same != NULL; same++) {
		g_autofree char *user = g_strndup (wanted->key, (gsize)(domain - wanted->key));
		g_autofree char *key = g_strconcat (user, *same, NULL);
		if (strcmp (*same, domain) != 0 && !find_key (search, key, error))
			return FALSE;
	}
	return TRUE;
}

/* Without the tag when the report has one, else with any. */
static gboolean
find_subaddress (Search *search, const Wanted *wanted, gboolean tagged, GError **error)
{
	const NxAddressRules *rules = search->db->base.address_rules;
	const char *domain = nx_address_get_domain (wanted->base);
	if (*domain == '\0' || *wanted->base == '"')
		return TRUE;
	gboolean case_counts = rules->keep_case && !wanted->what.any_case;
	g_autofree char *local = case_counts ? nx_address_make_case_local (wanted->what.address) : NULL;
	if (local != NULL)
		local[strcspn (local, "+")] = '\0';
	search->local = local;
	search->tags = TRUE;
	g_autofree char *user = g_strndup (wanted->base, (gsize)(domain - wanted->base - 1));
	const char *const alone[] = { domain, NULL };
	const char *const *same = nx_address_rules_find_domains (rules, domain);
	for (same = same != NULL ? same : alone; *same != NULL; same++) {
		g_autofree char *key = g_strconcat (user, "@", *same, NULL);
		if (tagged ? !find_key (search, key, error) : !find_tagged (search, user, *same, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- several that fit ---- */

static int
compare_matches (gconstpointer a, gconstpointer b)
{
	return g_ascii_strcasecmp (((const NxSqliteMatch *)a)->list_name, ((const NxSqliteMatch *)b)->list_name);
}

/* Who fits beside others of the same list goes. */
static void
drop_ambiguous (Search *search)
{
	GArray *matches = search->matches;
	if (search->crowded)
		g_array_set_size (matches, 0);
	g_array_sort (matches, compare_matches);
	for (guint first = 0, next; first < matches->len; first = next) {
		gint64 list = g_array_index (matches, NxSqliteMatch, first).list;
		for (next = first + 1; next < matches->len;) {
			if (g_array_index (matches, NxSqliteMatch, next).list != list)
				break;
			next++;
		}
		if (next - first == 1)
			continue;
		g_array_remove_range (matches, first, next - first);
		next = first;
	}
}

/* ---- groups ---- */

/* @first: the best candidate of its group; the others follow it. @found: a step found something. */
static gboolean
find_group (Search *search, Wanted *wanted, guint first, guint count, gboolean *found, GError **error)
{
	const NxAddressRules *rules = search->db->base.address_rules;
	NxCloseness most = NX_CLOSENESS_EXACT;
	gboolean tagged = FALSE;
	for (guint step = 0; step < 2; step++)
		for (guint i = first; i < count; i++) {
			Wanted *one = &wanted[i];
			if (one->done || strcmp (one->base, wanted[first].base) != 0)
				continue;
			most = MAX (most, one->what.closeness);
			tagged = tagged || nx_address_find_tag (one->key) > 0;
			if (step == 1 && one->what.closeness < NX_CLOSENESS_DOMAIN)
				continue;
			if (!find_addresses (search, one, step == 1, error))
				return FALSE;
			*found = search->matches->len > 0;
			if (*found)
				return TRUE;
		}
	if (most == NX_CLOSENESS_SUBADDRESS && rules->ignore_subaddress &&
	    !find_subaddress (search, &wanted[first], tagged, error))
		return FALSE;
	*found = search->matches->len > 0 || search->crowded;
	for (guint i = count; i-- > first;)
		wanted[i].done = wanted[i].done || strcmp (wanted[i].base, wanted[first].base) == 0;
	return TRUE;
}

static void
fill_wanted (const NxAddressRules *rules, const NxCandidate *candidates, guint count, Wanted *wanted)
{
	for (guint i = 0; i < count; i++) {
		wanted[i].what = candidates[i];
		wanted[i].key = nx_address_make_key (candidates[i].address);
		wanted[i].base = candidates[i].closeness == NX_CLOSENESS_SUBADDRESS
					 ? nx_address_make_base (rules, wanted[i].key)
					 : g_strdup (wanted[i].key);
	}
}

gboolean
nx_sqlite_find (NxSqlite *db, const NxEvent *event, gint64 list, GArray *matches, GError **error)
{
	NxCandidate candidates[NX_STORE_CANDIDATES];
	Wanted wanted[NX_STORE_CANDIDATES] = { 0 };
	guint count = nx_store_get_candidates (event, candidates);
	Search search = { .db = db, .list = list, .matches = matches };
	gboolean found = FALSE;
	gboolean done = TRUE;
	fill_wanted (db->base.address_rules, candidates, count, wanted);
	for (guint i = 0; i < count && done && !found; i++)
		if (!wanted[i].done)
			done = find_group (&search, wanted, i, count, &found, error);
	drop_ambiguous (&search);
	for (guint i = 0; i < count; i++) {
		g_free (wanted[i].key);
		g_free (wanted[i].base);
	}
	return done;
}
