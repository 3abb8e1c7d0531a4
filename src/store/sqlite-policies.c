/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-policies.c: the policies in force: see nixie/replay.h.
 *
 * lists.policy is the list's own, '' when it follows the database's: the fact 'policy', which is not there for the
 * default one. A list's own policy that is the default one is written with its preset, so that it is not ''.
 */
#include "store/sqlite-private.h"

#include <string.h>

#include "base/text.h"

#define OWN_DEFAULT "preset = nixie\n"

static gint64 *
copy_id (gint64 id)
{
	gint64 *copy = g_new (gint64, 1);
	*copy = id;
	return copy;
}

/* ---- the texts ---- */

/* @text_out: (transfer full): of the list; of the database when @list is 0. "" when nothing is set. */
static gboolean
read_text (NxSqlite *db, gint64 list, char **text_out, GError **error)
{
	static const char sql[] = "SELECT iif(?1 = 0, (SELECT value FROM facts WHERE name = 'policy'),"
				  " (SELECT policy FROM lists WHERE id = ?1))";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*text_out = g_strdup (row ? nx_sqlite_get_text (statement, 0) : "");
	return TRUE;
}

/* What holds for a list. @own_out: it is the list's own. */
static gboolean
read_in_force (NxSqlite *db, gint64 list, char **text_out, gboolean *own_out, GError **error)
{
	if (!read_text (db, list, text_out, error))
		return FALSE;
	*own_out = list != 0 && **text_out != '\0';
	if (*own_out || list == 0)
		return TRUE;
	g_clear_pointer (text_out, g_free);
	return read_text (db, 0, text_out, error);
}

static gboolean
write_text (NxSqlite *db, gint64 list, const char *text, GError **error)
{
	static const char own[] = "UPDATE lists SET policy = ?2 WHERE id = ?1";
	static const char fact[] = "INSERT INTO facts (name, value) VALUES ('policy', ?2)"
				   " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
	static const char none[] = "DELETE FROM facts WHERE name = 'policy' AND ?2 = ''";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db,
							       list != 0       ? own
							       : *text != '\0' ? fact
									       : none,
							       error);
	if (statement == NULL)
		return FALSE;
	if (list != 0)
		nx_sqlite_bind_int (statement, 1, list);
	nx_sqlite_bind_text (statement, 2, text);
	return nx_sqlite_run (db, statement, error);
}

/* ---- what is derived by them ---- */

void
nx_sqlite_forget_policies (NxSqlite *db)
{
	g_hash_table_remove_all (db->policies);
}

gboolean
nx_sqlite_apply_settings (NxSqlite *db, gint64 list, NxPolicy *policy, GError **error)
{
	static const char sql[] = "SELECT least_proof, proof_since, keyed, complaint FROM lists WHERE id = ?1";
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, list);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	if (!row)
		return TRUE;
	NxProof chosen = nx_sqlite_get_proof (statement, 0);
	gint64 keyed = sqlite3_column_int64 (statement, 2);
	NxComplaint complaint = nx_sqlite_get_complaint (statement, 3);
	if (chosen != NX_PROOF_NONE) {
		policy->least_proof = chosen;
		policy->proof_since = sqlite3_column_int64 (statement, 1);
	} else if (policy->least_proof == NX_PROOF_NONE && keyed != 0) {
		policy->least_proof = NX_PROOF_SIGNED;
		policy->proof_since = keyed;
	}
	if (complaint != NX_COMPLAINT_NONE)
		policy->complaint = complaint;
	return TRUE;
}

static gboolean
read_policy (NxSqlite *db, gint64 list, NxPolicy *policy_out, GError **error)
{
	g_autofree char *text = NULL;
	gboolean own;
	g_autoptr (GError) local = NULL;
	if (!read_in_force (db, list, &text, &own, error))
		return FALSE;
	if (nx_policy_from_text (text, policy_out, &local))
		return list == 0 || nx_sqlite_apply_settings (db, list, policy_out, error);
	g_set_error (error, NX_ERROR, NX_ERROR_STORE,
		     "%s: the policy in force cannot be read (%s); update nixie, or put the configured one in force "
		     "with nixie policy replay",
		     db->path, local->message);
	return FALSE;
}

gboolean
nx_sqlite_load_policy (NxSqlite *db, gint64 list, NxPolicy *policy_out, GError **error)
{
	const NxPolicy *known = g_hash_table_lookup (db->policies, &list);
	if (known == NULL) {
		NxPolicy *policy = g_new0 (NxPolicy, 1);
		g_hash_table_insert (db->policies, copy_id (list), policy);
		if (!read_policy (db, list, policy, error)) {
			g_hash_table_remove (db->policies, &list);
			return FALSE;
		}
		known = policy;
	}
	*policy_out = *known;
	return TRUE;
}

gboolean
nx_sqlite_get_policy (NxStore *store, const char *list, NxPolicy *policy_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return FALSE;
	gboolean done = nx_sqlite_require_list (db, list, &list_id, error) &&
			nx_sqlite_load_policy (db, list_id, policy_out, error);
	nx_sqlite_end_read (db, own);
	return done;
}

char *
nx_sqlite_dup_policy_text (NxStore *store, const char *list, gboolean *own_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	g_autofree char *text = NULL;
	gboolean own;
	if (!nx_sqlite_begin_read (db, &own, error))
		return NULL;
	gboolean done = nx_sqlite_require_list (db, list, &list_id, error) &&
			read_in_force (db, list_id, &text, own_out, error);
	nx_sqlite_end_read (db, own);
	return done ? g_steal_pointer (&text) : NULL;
}

/* ---- another one ---- */

/* All lists whose states follow from it. */
static gboolean
touch_followers (NxSqlite *db, gint64 list, GError **error)
{
	nx_sqlite_forget_policies (db);
	if (list != 0) {
		nx_sqlite_touch_list (db, list);
		return TRUE;
	}
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "SELECT id FROM lists WHERE policy = ''", error);
	if (statement == NULL)
		return FALSE;
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		nx_sqlite_touch_list (db, sqlite3_column_int64 (statement, 0));
	}
}

static gboolean
insert_step (NxSqlite *db, gint64 list, const char *before, gint64 now, gint64 *step_out, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (
		db, "INSERT INTO steps (date, kind, list_id, note) VALUES (?1, 'policy', ?2, ?3)", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, now);
	nx_sqlite_bind_id (statement, 2, list);
	nx_sqlite_bind_text (statement, 3, before);
	if (!nx_sqlite_run (db, statement, error))
		return FALSE;
	*step_out = sqlite3_last_insert_rowid (db->handle);
	return TRUE;
}

gboolean
nx_sqlite_set_policy (NxStore *store, const char *list, const char *text, gint64 now, gint64 *step_out, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	gint64 list_id = 0;
	g_autofree char *before = NULL;
	if (!nx_sqlite_require_list (db, list, &list_id, error) || !read_text (db, list_id, &before, error))
		return FALSE;
	if (list_id != 0 && text != NULL && *text == '\0')
		text = OWN_DEFAULT;
	if (text == NULL)
		text = "";
	if (strcmp (before, text) == 0)
		return TRUE;
	if (now != 0 && !insert_step (db, list_id, before, now, step_out, error))
		return FALSE;
	return write_text (db, list_id, text, error) && touch_followers (db, list_id, error);
}

static gboolean
write_note (NxSqlite *db, gint64 step, const char *note, GError **error)
{
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, "UPDATE steps SET note = ?2 WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, step);
	nx_sqlite_bind_text (statement, 2, note);
	return nx_sqlite_run (db, statement, error);
}

static gboolean
read_step (NxSqlite *db, gint64 step, gint64 *list_out, char **note_out, GError **error)
{
	gboolean row = FALSE;
	g_autoptr (NxStatement) statement =
		nx_sqlite_prepare (db, "SELECT list_id, note FROM steps WHERE id = ?1", error);
	if (statement == NULL)
		return FALSE;
	nx_sqlite_bind_int (statement, 1, step);
	if (!nx_sqlite_step (db, statement, &row, error))
		return FALSE;
	*list_out = row ? sqlite3_column_int64 (statement, 0) : 0;
	*note_out = g_strdup (row ? nx_sqlite_get_text (statement, 1) : "");
	return TRUE;
}

gboolean
nx_sqlite_swap_policy (NxSqlite *db, gint64 step, GError **error)
{
	gint64 list = 0;
	g_autofree char *noted = NULL;
	g_autofree char *in_force = NULL;
	return read_step (db, step, &list, &noted, error) && read_text (db, list, &in_force, error) &&
	       write_note (db, step, in_force, error) && write_text (db, list, noted, error) &&
	       touch_followers (db, list, error);
}
