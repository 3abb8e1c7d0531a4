/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor-database.c: nixie doctor: the database, its folder, the room on the disk, and what waits.
 */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "caps.h"
#include "doctor.h"
#include "screen.h"
#include "setup.h"

#define DAY_SECONDS (24 * 60 * 60)
#define LATE_RUN_SECONDS (2 * DAY_SECONDS)

static char *
name_user (uid_t uid)
{
	const struct passwd *user = getpwuid (uid);

	return user == NULL ? g_strdup_printf ("number %u", (guint)uid) : g_strdup (user->pw_name);
}

/* ---- permissions ---- */

static void
check_modes (NxDoctor *doctor, const struct stat *file)
{
	g_autofree char *folder = g_path_get_dirname (doctor->database);
	g_autofree char *owner = name_user (file->st_uid);
	struct stat info;

	if ((file->st_mode & S_IRWXO) != 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "chmod o= on it",
				 "It holds the addresses of readers and what servers said of them.",
				 "%s: everybody may read it", doctor->database);
	if (stat (folder, &info) == 0 && (info.st_mode & S_IWOTH) != 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "chmod o-w on it",
				 "Who may write the folder may put another database into its place.",
				 "%s: everybody may write into the folder", folder);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s belongs to the user %s",
				 doctor->database, owner);
}

/* A command that root ran may leave files that the owner of the database cannot write. */
static void
check_company (NxDoctor *doctor, const struct stat *file)
{
	static const char *const suffixes[] = { "-wal", "-shm" };
	struct stat info;

	for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
		g_autofree char *path = g_strconcat (doctor->database, suffixes[i], NULL);
		g_autofree char *owner = name_user (file->st_uid);
		g_autofree char *cure = g_strdup_printf ("chown it to %s, and run nixie as this user", owner);

		if (stat (path, &info) == 0 && info.st_uid != file->st_uid)
			nx_findings_add (doctor->findings, NX_LEVEL_ERROR, cure,
					 "SQLite keeps its log beside the database; who may not write it cannot write "
					 "the database.",
					 "%s: has another owner than the database", path);
	}
}

static void
check_self (NxDoctor *doctor, const struct stat *file)
{
	g_autoptr (GArray) groups = g_array_sized_new (FALSE, FALSE, sizeof (gid_t), NGROUPS_MAX + 1);
	g_autofree char *obstacle = NULL;
	g_autofree char *self = name_user (geteuid ());
	g_autofree char *owner = name_user (file->st_uid);
	gid_t effective = getegid ();
	int count = getgroups (NGROUPS_MAX, (gid_t *)(gpointer)groups->data);

	g_array_set_size (groups, (guint)MAX (count, 0));
	g_array_append_val (groups, effective);
	obstacle = nx_doctor_find_obstacle (doctor->database, geteuid (), groups);
	if (obstacle != NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "run nixie as the owner, or give the user the right",
				 NULL, "the user %s %s", self, obstacle);
	else if (geteuid () == 0 && file->st_uid != 0)
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL,
				 "What root writes, others may not be able to write later.",
				 "root may write it; commands that write should be run as the user %s", owner);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "the user %s may write it", self);
}

static void
check_room (NxDoctor *doctor, const struct stat *file)
{
	g_autofree char *folder = g_path_get_dirname (doctor->database);
	struct statvfs disk;
	guint64 free_bytes = 0;
	g_autofree char *text = NULL;
	NxLevel level = NX_LEVEL_OK;

	if (statvfs (folder, &disk) != 0)
		return;
	free_bytes = (guint64)disk.f_bavail * disk.f_frsize;
	text = nx_screen_format_bytes (free_bytes);
	if (free_bytes < NX_CLI_DOCTOR_LEAST_BYTES)
		level = NX_LEVEL_ERROR;
	else if (free_bytes < NX_CLI_DOCTOR_GOOD_BYTES || free_bytes < (guint64)file->st_size)
		level = NX_LEVEL_WARNING;
	nx_findings_add (
		doctor->findings, level, level == NX_LEVEL_OK ? NULL : "make room",
		"On a full disk bounces stay with the mail server. A change of the policy writes as much again as "
		"the database has.",
		"%s is free for %s", text, folder);
}

/* ---- what is in it ---- */

static void
check_run (NxDoctor *doctor, const NxHealth *health)
{
	g_autofree char *date = nx_output_format_date (health->ran);

	if (health->ran > doctor->now + NX_CLI_CLOCK_SECONDS)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "set the clock",
				 "Dates of reports in the future are not believed, and nothing comes due.",
				 "the clock is wrong: nixie run ended at %s, which is still to come", date);
	else if (health->ran == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "start it from a timer (nixie-run.timer) or cron",
				 "Nobody is warned or removed, and no list manager told, but by this command.",
				 "nixie run has never come to its end on this database");
	else if (health->ran < doctor->now - LATE_RUN_SECONDS)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "look at the timer (nixie-run.timer) or at cron",
				 "Nobody is warned or removed, and no list manager told, but by this command.",
				 "nixie run ended last at %s", date);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "nixie run ended last at %s", date);
}

static void
check_health (NxDoctor *doctor, NxStore *store)
{
	NxHealth health = { 0 };
	g_autoptr (GError) error = NULL;

	if (!nx_store_check_health (store, &health, &error))
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
	else if (*health.damage != '\0')
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR,
				 "restore it from a backup, or save what is left with sqlite3's .recover", NULL,
				 "%s: is damaged: %s", doctor->database, health.damage);
	else if (health.strays > 0)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "restore it from a backup", NULL,
				 "%s: %" G_GINT64_FORMAT " rows refer to what is not there", doctor->database,
				 health.strays);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL,
				 "%s is whole: schema %" G_GINT64_FORMAT ", all that rows refer to is there",
				 doctor->database, health.schema);
	if (error == NULL && health.stale_days > 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "nixie run does it",
				 "A program that was to look for incidents was ended before it had.",
				 "incidents of %" G_GINT64_FORMAT " days are still to be looked for",
				 health.stale_days);
	if (error == NULL)
		check_run (doctor, &health);
	nx_health_clear (&health);
}

/* The first that waits, of those that are looked at. */
static const NxOutboxItem *
find_oldest (const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const NxOutboxItem *item = g_ptr_array_index (items, i);

		if (item->failed == 0)
			return item;
	}
	return NULL;
}

static void
check_outbox (NxDoctor *doctor, NxStore *store)
{
	NxOutboxCounts counts = { 0 };
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) items = nx_store_list_items (store, NULL, NX_CLI_DOCTOR_ITEMS, &error);
	const NxOutboxItem *oldest = items == NULL ? NULL : find_oldest (items);

	if (items == NULL || !nx_store_count_items (store, &counts, &error)) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return;
	}
	if (counts.failed > 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "see nixie outbox", NULL,
				 "outbox: %u calls and mails were given up", counts.failed);
	if (oldest != NULL && oldest->created < doctor->now - DAY_SECONDS)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "see nixie outbox",
				 *oldest->error == '\0' ? NULL : oldest->error,
				 "outbox: %u calls of hooks and %u mails wait, the oldest for more than a day",
				 counts.hooks, counts.mails);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL,
				 "outbox: %u calls of hooks and %u mails wait", counts.hooks, counts.mails);
}

/* The year in which this was written is past. */
static void
check_clock (NxDoctor *doctor, const struct stat *file)
{
	g_autofree char *date = nx_output_format_date (doctor->now);

	if (doctor->now < NX_CLI_DOCTOR_CLOCK || file->st_mtime > doctor->now + NX_CLI_CLOCK_SECONDS)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "set the clock",
				 "Dates of reports in the future are not believed, and nothing comes due.",
				 "the clock is wrong: it says %s", date);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "the clock says %s", date);
}

NxStore *
nx_doctor_check_database (NxDoctor *doctor)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxStore) store = NULL;
	struct stat file = { 0 };

	doctor->findings->area = "database";
	if (stat (doctor->database, &file) != 0 && errno == ENOENT) {
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "nixie list add NAME ADDRESS makes it", NULL,
				 "there is no database %s yet", doctor->database);
		return NULL;
	}
	store = nx_setup_open_store (doctor->cli, NX_STORE_READ_ONLY, &error);
	if (store == NULL) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return NULL;
	}
	check_health (doctor, store);
	check_outbox (doctor, store);
	check_modes (doctor, &file);
	check_company (doctor, &file);
	check_self (doctor, &file);
	check_room (doctor, &file);
	check_clock (doctor, &file);
	return g_steal_pointer (&store);
}
