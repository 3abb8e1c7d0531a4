/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ezmlm.c: the driver for ezmlm and ezmlm-idx, by the files of a list's folder.
 *
 * Subscribers lie in 53 files, DIR/subscribers/@ to DIR/subscribers/t: records of "T", address, NUL, spread by a hash
 * of "T" and the address in lower case. ezmlm knows no suspended members: they are kept in DIR/suspended/subscribers,
 * in the same form, so that "ezmlm-list DIR suspended" shows them. Both are changed under DIR/lock. Lists whose
 * subscribers are in an SQL database (DIR/sql) are not for this driver.
 */
#include "driver.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "pair.h"

#define BUCKETS 53
#define FIRST_NAME 64

static char *folder;
static char *aside_name;

static const GOptionEntry options[] = {
	{ "dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, "the list's folder", "DIR" },
	{ "suspended", 0, 0, G_OPTION_ARG_FILENAME, &aside_name,
	  "the folder in DIR of those who are suspended: suspended when left out", "NAME" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
set_up (GError **error)
{
	g_autofree char *sql = NULL;

	if (!nx_driver_require ("--dir", folder, error))
		return FALSE;
	if (aside_name == NULL)
		aside_name = g_strdup ("suspended");
	sql = g_build_filename (folder, "sql", NULL);
	if (!g_file_test (sql, G_FILE_TEST_EXISTS))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
		     "%s: the subscribers of this list are in an SQL database; use the driver exec with ezmlm-sub and "
		     "ezmlm-unsub",
		     sql);
	return FALSE;
}

/* DJB's hash, of 32 bits, of "T" and the address in lower case. */
static guint
get_bucket (const char *record)
{
	guint32 hash = 5381;

	for (const char *p = record; *p != '\0'; p++)
		hash = (hash + (hash << 5)) ^ (guchar)(p == record ? *p : g_ascii_tolower (*p));
	return hash % BUCKETS;
}

static char *
make_path (NxPairSet set, guint bucket, const char *suffix)
{
	const char name[] = { (char)(FIRST_NAME + bucket), '\0' };
	g_autofree char *file = g_strconcat (name, suffix, NULL);

	return set == NX_PAIR_ACTIVE ? g_build_filename (folder, "subscribers", file, NULL)
				     : g_build_filename (folder, aside_name, "subscribers", file, NULL);
}

/* Each record of the @length octets at @bytes is at *at in turn. Returns: the address, or NULL at the end. */
static const char *
next_record (const char *bytes, gsize length, gsize *at)
{
	while (*at < length) {
		const char *record = bytes + *at;

		/* There is a NUL behind the last octet. */
		*at += strlen (record) + 1;
		if (*record == 'T')
			return record + 1;
	}
	return NULL;
}

static char *
find_in (const char *bytes, gsize length, const char *address)
{
	gsize at = 0;

	for (const char *p = next_record (bytes, length, &at); p != NULL; p = next_record (bytes, length, &at)) {
		if (nx_driver_is_same (p, address))
			return g_strdup (p);
	}
	return NULL;
}

/* Old versions spread by another form of the address: all files are looked at. */
static gboolean
find (gpointer data, NxPairSet set, const char *address, char **entry_out, GError **error)
{
	(void)data;
	for (guint i = 0; i < BUCKETS && set != NX_PAIR_OTHER && *entry_out == NULL; i++) {
		g_autofree char *path = make_path (set, i, "");
		gsize length = 0;
		g_autofree char *bytes = nx_file_read (path, TRUE, &length, error);

		if (bytes == NULL)
			return FALSE;
		*entry_out = find_in (bytes, length, address);
	}
	return TRUE;
}

static gboolean
replace (NxPairSet set, guint bucket, const GString *bytes, GError **error)
{
	g_autofree char *path = make_path (set, bucket, "");
	/* The name that ezmlm takes itself, under the same lock. */
	g_autofree char *temporary = make_path (set, bucket, "n");

	return nx_file_replace (path, temporary, bytes->str, bytes->len, error);
}

/* With the mode of the list's own, so that who may read these may read those. */
static gboolean
make_folders (GError **error)
{
	g_autofree char *outer = g_build_filename (folder, aside_name, NULL);
	g_autofree char *inner = g_build_filename (outer, "subscribers", NULL);
	g_autofree char *model = g_build_filename (folder, "subscribers", NULL);
	const char *const paths[] = { outer, inner };
	struct stat there;

	if (stat (model, &there) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s: %s; --dir must be the folder of an ezmlm list",
			     model, g_strerror (errno));
		return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
		if (mkdir (paths[i], 0700) == 0) {
			if (chown (paths[i], there.st_uid, there.st_gid) == 0 &&
			    chmod (paths[i], there.st_mode & 07777) == 0)
				continue;
		} else if (errno == EEXIST) {
			continue;
		}
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s cannot be made: %s", paths[i], g_strerror (errno));
		return FALSE;
	}
	return TRUE;
}

static gboolean
add (gpointer data, NxPairSet set, const char *address, const char *entry, GError **error)
{
	const char *at = strrchr (address, '@');
	g_autofree char *there = NULL;
	g_autofree char *domain = g_ascii_strdown (at, -1);
	g_autofree char *record = g_strdup_printf ("T%.*s%s", (int)(at - address), address, domain);
	g_autofree char *path = make_path (set, get_bucket (record), "");
	g_autofree char *bytes = NULL;
	g_autoptr (GString) out = g_string_new (NULL);
	gsize length = 0;

	(void)entry;
	if (!find (data, set, address, &there, error) || (set == NX_PAIR_ASIDE && !make_folders (error)))
		return FALSE;
	if (there != NULL)
		return TRUE;
	bytes = nx_file_read (path, TRUE, &length, error);
	if (bytes == NULL)
		return FALSE;
	g_string_append_len (out, bytes, (gssize)length);
	g_string_append_len (out, record, (gssize)strlen (record) + 1);
	return replace (set, get_bucket (record), out, error);
}

static gboolean
drop_from (NxPairSet set, guint bucket, const char *address, GError **error)
{
	g_autofree char *path = make_path (set, bucket, "");
	gsize length = 0;
	g_autofree char *bytes = nx_file_read (path, TRUE, &length, error);
	g_autoptr (GString) out = g_string_new (NULL);
	gboolean dropped = FALSE;

	for (gsize at = 0; bytes != NULL && at < length;) {
		const char *record = bytes + at;

		at += strlen (record) + 1;
		if (*record == 'T' && nx_driver_is_same (record + 1, address))
			dropped = TRUE;
		else
			g_string_append_len (out, record, (gssize)strlen (record) + 1);
	}
	return bytes != NULL && (!dropped || replace (set, bucket, out, error));
}

static gboolean
drop (gpointer data, NxPairSet set, const char *address, GError **error)
{
	(void)data;
	for (guint i = 0; i < BUCKETS && set != NX_PAIR_OTHER; i++) {
		if (!drop_from (set, i, address, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
check_folder (GError **error)
{
	g_autofree char *path = folder == NULL ? NULL : g_build_filename (folder, "subscribers", NULL);

	if (!set_up (error))
		return FALSE;
	if (g_file_test (path, G_FILE_TEST_IS_DIR))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s is no folder; --dir must be the folder of an ezmlm list",
		     path);
	return FALSE;
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	const NxPair pair = { .list = folder, .find = find, .add = add, .drop = drop };
	g_autofree char *path = NULL;
	gboolean done = FALSE;
	int lock = -1;

	if (!check_folder (error))
		return FALSE;
	path = g_build_filename (folder, "lock", NULL);
	lock = nx_file_lock (path, error);
	if (lock < 0)
		return FALSE;
	done = nx_pair_apply (&pair, call, error);
	close (lock);
	return done;
}

static gboolean
print_set (NxPairSet set, const char *delivery, GError **error)
{
	for (guint i = 0; i < BUCKETS; i++) {
		g_autofree char *path = make_path (set, i, "");
		gsize length = 0;
		gsize at = 0;
		g_autofree char *bytes = nx_file_read (path, TRUE, &length, error);

		if (bytes == NULL)
			return FALSE;
		for (const char *p = next_record (bytes, length, &at); p != NULL; p = next_record (bytes, length, &at))
			nx_driver_print_member (&(NxDriverMember){ p, "", delivery });
	}
	return TRUE;
}

static gboolean
import (GError **error)
{
	if (!check_folder (error))
		return FALSE;
	nx_driver_print_header ();
	return print_set (NX_PAIR_ACTIVE, "enabled", error) && print_set (NX_PAIR_ASIDE, "by_bounces", error);
}

const NxDriver nx_driver_ezmlm = {
	.name = "ezmlm",
	.summary = "ezmlm and ezmlm-idx, by the files of a list's folder",
	.about = "suspend   takes the member out of DIR/subscribers, into DIR/suspended/subscribers\n"
		 "restore   takes him back\n"
		 "remove    deletes him from both\n"
		 "move      changes the address\n"
		 "add       subscribes\n"
		 "import    prints both\n"
		 "\n"
		 "DIR/digest, DIR/allow, DIR/deny and the rest are left alone.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver ezmlm --dir /var/lib/ezmlm/news\n",
	.options = options,
	.import = import,
	.apply = apply,
};
