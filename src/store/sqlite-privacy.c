/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-privacy.c: purging what is old, forgetting an address. See nixie/privacy.h.
 *
 * A hashed address reads "hash:" and 16 hexadecimal digits; ":" can stand in no local part, so it is nobody's address,
 * and what was hashed already is known by it. A purged one keeps its domain: the incidents of old days are derived from
 * domains. The key of a linked event stays: it is that of a subscriber, who is in the database anyway, and the policy
 * looks at it.
 */
#include "store/sqlite-private.h"

#include <nettle/hmac.h>
#include <nixie/address.h>
#include <nixie/privacy.h>

#include <string.h>

#define HASH_BYTES 8

/* What the SQL functions below need while they are there. */
typedef struct {
	struct hmac_sha256_ctx hmac;
} Hasher;

/* ---- hashing, as functions of SQL ---- */

static char *
hash_address (const Hasher *hasher, const char *address, gboolean keeps_domain)
{
	static const char digits[] = "0123456789abcdef";
	struct hmac_sha256_ctx hmac = hasher->hmac;
	guint8 digest[HASH_BYTES];
	char text[2 * HASH_BYTES + 1] = "";
	g_autofree char *key = nx_address_make_key (address);
	const char *at = strrchr (key, '@');
	hmac_sha256_update (&hmac, strlen (key), (const guint8 *)key);
	hmac_sha256_digest (&hmac, sizeof digest, digest);
	for (guint i = 0; i < sizeof digest; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 0xf];
	}
	return g_strconcat (NX_HASHED_PREFIX, text, keeps_domain && at != NULL ? at : "", NULL);
}

/* nx_hash (address, keeps_domain): "" and what is a hash already stay. */
static void
run_hash (sqlite3_context *context, int count, sqlite3_value **values)
{
	const Hasher *hasher = sqlite3_user_data (context);
	const char *address = (const char *)sqlite3_value_text (values[0]);
	(void)count;
	if (address == NULL || *address == '\0' || nx_sqlite_is_hashed (address)) {
		sqlite3_result_value (context, values[0]);
		return;
	}
	char *hashed = hash_address (hasher, address, sqlite3_value_int (values[1]) != 0);
	sqlite3_result_text (context, hashed, -1, g_free);
}

/* nx_key (address): what address_key columns hold. */
static void
run_key (sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *address = (const char *)sqlite3_value_text (values[0]);
	(void)count;
	if (address == NULL || *address == '\0')
		sqlite3_result_text (context, "", -1, SQLITE_STATIC);
	else
		sqlite3_result_text (context, nx_address_make_key (address), -1, g_free);
}

gboolean
nx_sqlite_is_hashed (const char *address)
{
	return g_str_has_prefix (address, NX_HASHED_PREFIX);
}

static gboolean
load_salt (NxSqlite *db, const guint8 *fresh, Hasher *hasher, GError **error)
{
	static const char write[] = "INSERT INTO facts (name, value) VALUES ('salt', ?1) ON CONFLICT DO NOTHING";
	static const char read[] = "SELECT value FROM facts WHERE name = 'salt'";
	gboolean row = FALSE;
	g_autofree char *text = g_base64_encode (fresh, NX_PRIVACY_SALT_BYTES);
	g_autoptr (NxStatement) writer = nx_sqlite_prepare (db, write, error);
	if (writer == NULL)
		return FALSE;
	nx_sqlite_bind_text (writer, 1, text);
	if (!nx_sqlite_run (db, writer, error))
		return FALSE;
	g_autoptr (NxStatement) reader = nx_sqlite_prepare (db, read, error);
	if (reader == NULL || !nx_sqlite_step (db, reader, &row, error))
		return FALSE;
	const char *salt = row ? nx_sqlite_get_text (reader, 0) : text;
	hmac_sha256_set_key (&hasher->hmac, strlen (salt), (const guint8 *)salt);
	return TRUE;
}

/* What is deleted is overwritten in the file, too. */
static gboolean
prepare (NxSqlite *db, const NxPurgeTerms *terms, GError **error)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	g_autofree Hasher *hasher = g_new0 (Hasher, 1);
	if (!load_salt (db, terms->salt, hasher, error))
		return FALSE;
	/* SQLite frees it, also when this fails. */
	int result = sqlite3_create_function_v2 (db->handle, "nx_hash", 2, flags, g_steal_pointer (&hasher), run_hash,
						 NULL, NULL, g_free);
	if (result == SQLITE_OK)
		result = sqlite3_create_function (db->handle, "nx_key", 1, flags, NULL, run_key, NULL, NULL);
	if (result != SQLITE_OK)
		return nx_sqlite_set_error (db, result, error);
	return nx_sqlite_execute (db, "PRAGMA secure_delete = ON", error);
}

/* Runs one statement with two values. @changed: grows by the number of rows. */
static gboolean
change_rows (NxSqlite *db, const char *sql, gint64 number, const char *text, guint64 *changed, GError **error)
{
	NxCursor *cursor = nx_sqlite_open_cursor (db, sql, error);
	if (cursor == NULL)
		return FALSE;
	nx_sqlite_bind_int (cursor, 1, number);
	if (sqlite3_bind_parameter_count (cursor) > 1)
		nx_sqlite_bind_text (cursor, 2, text);
	gboolean done = nx_sqlite_run (db, cursor, error);
	nx_cursor_free (cursor);
	if (done && changed != NULL)
		*changed += (guint64)sqlite3_changes64 (db->handle);
	return done;
}

/* ---- forgetting ---- */

/* A subscription with all that hangs on it; its events stay, as nobody's. */
static gboolean
forget_subscriber (NxSqlite *db, gint64 id, GError **error)
{
	static const char *const statements[] = {
		/* Its words may name the address. That it failed stays: what was held for others' sake is held on. */
		"UPDATE incidents SET diagnostic = '' WHERE id IN (SELECT incident_id FROM events WHERE subscriber_id "
		"= "
		"?1)",
		"UPDATE events SET subscriber_id = NULL, step_id = NULL, address_key = nx_hash (address_key, 0),"
		" recipient = nx_hash (recipient, 0), original_recipient = nx_hash (original_recipient, 0), forward = "
		"'',"
		" diagnostic = '' WHERE subscriber_id = ?1",
		"DELETE FROM transitions WHERE subscriber_id = ?1",
		"DELETE FROM outbox WHERE subscriber_id = ?1",
		"DELETE FROM tokens WHERE step_id IN (SELECT id FROM steps WHERE subscriber_id = ?1)",
		"UPDATE steps SET subscriber_id = NULL, proposal_id = NULL, note = '', old_address = nx_hash "
		"(old_address, 0),"
		" old_key = nx_hash (old_key, 0), new_address = nx_hash (new_address, 0), new_key = nx_hash (new_key, "
		"0)"
		" WHERE subscriber_id = ?1",
		("UPDATE steps SET proposal_id = NULL WHERE proposal_id IN"
		 " (SELECT id FROM proposals WHERE subscriber_id = ?1)"),
		"DELETE FROM proposals WHERE subscriber_id = ?1",
		"DELETE FROM subscribers WHERE id = ?1",
	};
	for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
		if (!change_rows (db, statements[i], id, NULL, NULL, error))
			return FALSE;
	return TRUE;
}

static gboolean
forget_subscribers (NxSqlite *db, const char *sql, gint64 number, const char *text, guint64 *count, GError **error)
{
	g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
	g_autoptr (NxCursor) cursor = nx_sqlite_open_cursor (db, sql, error);
	if (cursor == NULL)
		return FALSE;
	nx_sqlite_bind_int (cursor, 1, number);
	nx_sqlite_bind_text (cursor, 2, text);
	for (gboolean row = TRUE;;) {
		if (!nx_sqlite_step (db, cursor, &row, error))
			return FALSE;
		if (!row)
			break;
		gint64 id = sqlite3_column_int64 (cursor, 0);
		g_array_append_val (ids, id);
	}
	for (guint i = 0; i < ids->len; i++)
		if (!forget_subscriber (db, g_array_index (ids, gint64, i), error))
			return FALSE;
	*count += ids->len;
	return TRUE;
}

/* Where the address stands without being a subscription of its own: as recipient, as offer, in moves of others. */
static gboolean
forget_traces (NxSqlite *db, const char *address, const char *key, NxPurged *purged, GError **error)
{
	static const char events[] =
		"UPDATE events SET address_key = iif(address_key = ?2, nx_hash (address_key, 0), address_key),"
		" recipient = iif(nx_key (recipient) = ?2, nx_hash (recipient, 0), recipient),"
		" original_recipient = iif(nx_key (original_recipient) = ?2, nx_hash (original_recipient, 0),"
		" original_recipient), diagnostic = '', forward = iif(nx_key (forward) = ?2, '', forward)"
		" WHERE ?1 = 0 AND (address_key = ?2 OR (recipient <> '' AND nx_key (recipient) = ?2)"
		" OR (original_recipient <> '' AND nx_key (original_recipient) = ?2)"
		" OR (forward <> '' AND nx_key (forward) = ?2))";
	static const char loose[] = "UPDATE steps SET proposal_id = NULL WHERE ?1 = 0 AND proposal_id IN"
				    " (SELECT id FROM proposals WHERE address_key = ?2 OR forward_key = ?2)";
	static const char proposals[] = "DELETE FROM proposals WHERE ?1 = 0 AND (address_key = ?2 OR forward_key = ?2)";
	static const char old[] =
		"UPDATE steps SET old_address = nx_hash (old_address, 0), old_key = nx_hash (old_key, 0)"
		" WHERE ?1 = 0 AND old_key = ?2";
	static const char new[] =
		"UPDATE steps SET new_address = nx_hash (new_address, 0), new_key = nx_hash (new_key, 0)"
		" WHERE ?1 = 0 AND new_key = ?2";
	/* What waits: a hook's call with the address, a mail to it, and the words of servers and the owner's mails that
	 * name it. A move that the list's hook was not told yet it will not be told now. */
	static const char calls[] =
		"DELETE FROM outbox WHERE ?1 = 0 AND ((kind = 'hook' AND done = 0 AND ?2 IN"
		" (nx_key (json_extract(payload, '$.address')), nx_key (json_extract(payload, '$.old_address'))))"
		" OR proposal_id IN (SELECT id FROM proposals WHERE address_key = ?2 OR forward_key = ?2))";
	static const char said[] = "UPDATE outbox SET payload = json_set(payload, '$.diagnostic', '') WHERE ?1 = 0"
				   " AND instr(lower(json_extract(payload, '$.diagnostic')), lower(?2)) > 0";
	static const char digests[] = "UPDATE outbox SET payload = replace(payload, ?2, '(forgotten)')"
				      " WHERE ?1 = 0 AND kind = 'digest' AND instr(payload, ?2) > 0";
	static const char told[] = "UPDATE subscribers SET told_address = ''"
				   " WHERE ?1 = 0 AND told_address <> '' AND nx_key (told_address) = ?2";
	return change_rows (db, calls, 0, key, NULL, error) && change_rows (db, said, 0, key, NULL, error) &&
	       change_rows (db, digests, 0, address, NULL, error) && change_rows (db, digests, 0, key, NULL, error) &&
	       change_rows (db, told, 0, key, NULL, error) &&
	       change_rows (db, events, 0, key, &purged->addresses, error) &&
	       change_rows (db, loose, 0, key, NULL, error) &&
	       change_rows (db, proposals, 0, key, &purged->proposals, error) &&
	       change_rows (db, old, 0, key, NULL, error) && change_rows (db, new, 0, key, NULL, error);
}

gboolean
nx_sqlite_forget (NxStore *store, const char *address, const NxPurgeTerms *terms, NxPurged *purged, GError **error)
{
	static const char sql[] = "SELECT id FROM subscribers WHERE ?1 = 0 AND address_key = ?2 ORDER BY id";
	NxSqlite *db = (NxSqlite *)store;
	g_autofree char *key = nx_address_make_key (address);
	if (!nx_sqlite_derive_touched (db, error) || !prepare (db, terms, error) ||
	    !forget_subscribers (db, sql, 0, key, &purged->subscribers, error) ||
	    !forget_traces (db, address, key, purged, error))
		return FALSE;
	if (purged->subscribers + purged->addresses + purged->proposals > 0)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "nothing is held of %s; is it spelled right?", address);
	return FALSE;
}

/* ---- purging ---- */

static gint64
get_limit (gint64 now, guint days)
{
	return now - (gint64)days * NX_STORE_DAY_SECONDS;
}

static gboolean
purge_diagnostics (NxSqlite *db, gint64 limit, NxPurged *purged, GError **error)
{
	static const char events[] = "UPDATE events SET diagnostic = '' WHERE date < ?1 AND diagnostic <> ''";
	static const char proposals[] = "UPDATE proposals SET evidence = '' WHERE last_date < ?1 AND evidence <> ''";
	static const char incidents[] = "UPDATE incidents SET diagnostic = '' WHERE last < ?1 AND diagnostic <> ''";
	static const char outbox[] =
		"UPDATE outbox SET payload = json_remove(payload, '$.diagnostic')"
		" WHERE created < ?1 AND kind <> 'hook' AND json_extract(payload, '$.diagnostic') <> ''";
	return change_rows (db, events, limit, NULL, &purged->diagnostics, error) &&
	       change_rows (db, proposals, limit, NULL, NULL, error) &&
	       change_rows (db, incidents, limit, NULL, NULL, error) &&
	       change_rows (db, outbox, limit, NULL, NULL, error);
}

static gboolean
purge_addresses (NxSqlite *db, gint64 limit, NxPurged *purged, GError **error)
{
	static const char ended[] =
		"SELECT id FROM subscribers WHERE state = 'removed' AND max(since, score_date) < ?1"
		" AND ?2 = '' AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.subscriber_id = subscribers.id"
		" AND o.done = 0 AND o.failed = 0) ORDER BY id";
	static const char events[] =
		"UPDATE events SET recipient = nx_hash (recipient, 1), original_recipient = nx_hash "
		"(original_recipient, 1),"
		" forward = '', diagnostic = '',"
		" address_key = iif(subscriber_id IS NULL, nx_hash (address_key, 1), address_key)"
		" WHERE date < ?1 AND ((recipient <> '' AND recipient NOT LIKE 'hash:%')"
		" OR (original_recipient <> '' AND original_recipient NOT LIKE 'hash:%') OR forward <> ''"
		" OR (subscriber_id IS NULL AND address_key <> '' AND address_key NOT LIKE 'hash:%'))";
	static const char loose[] = "UPDATE steps SET proposal_id = NULL WHERE proposal_id IN"
				    " (SELECT id FROM proposals WHERE subscriber_id IS NULL AND last_date < ?1)";
	static const char proposals[] = "DELETE FROM proposals WHERE subscriber_id IS NULL AND last_date < ?1";
	return forget_subscribers (db, ended, limit, "", &purged->subscribers, error) &&
	       change_rows (db, events, limit, NULL, &purged->addresses, error) &&
	       change_rows (db, loose, limit, NULL, NULL, error) &&
	       change_rows (db, proposals, limit, NULL, &purged->proposals, error);
}

gboolean
nx_sqlite_purge (NxStore *store, const NxPurgeTerms *terms, NxPurged *purged, GError **error)
{
	NxSqlite *db = (NxSqlite *)store;
	if (!nx_sqlite_derive_touched (db, error) || !prepare (db, terms, error))
		return FALSE;
	if (terms->diagnostic_days > 0 &&
	    !purge_diagnostics (db, get_limit (terms->now, terms->diagnostic_days), purged, error))
		return FALSE;
	return terms->address_days == 0 ||
	       purge_addresses (db, get_limit (terms->now, terms->address_days), purged, error);
}
