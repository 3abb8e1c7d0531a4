/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor-access.c: may this user write the database? Reckoned from owners and modes, since access(2) only knows of
 * whoever asks; access lists and security modules are not looked at.
 */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "doctor.h"

static FILE *
open_table (const char *root, const char *path)
{
	g_autofree char *full = g_strconcat (root, path, NULL);

	return fopen (full, "re");
}

static void
add_groups (const char *root, const char *name, GArray *groups)
{
	FILE *file = open_table (root, "/etc/group");
	struct group *group = NULL;

	while (file != NULL && (group = fgetgrent (file)) != NULL) {
		if (g_strv_contains ((const char *const *)group->gr_mem, name))
			g_array_append_val (groups, group->gr_gid);
	}
	if (file != NULL)
		fclose (file);
}

gboolean
nx_doctor_find_user (const char *root, const char *name, uid_t *uid_out, GArray **groups_out)
{
	FILE *file = open_table (root, "/etc/passwd");
	struct passwd *user = NULL;

	while (file != NULL && (user = fgetpwent (file)) != NULL && strcmp (user->pw_name, name) != 0)
		;
	if (user != NULL) {
		*uid_out = user->pw_uid;
		*groups_out = g_array_new (FALSE, FALSE, sizeof (gid_t));
		g_array_append_val (*groups_out, user->pw_gid);
		add_groups (root, name, *groups_out);
	}
	if (file != NULL)
		fclose (file);
	return user != NULL;
}

GStrv
nx_doctor_list_homes (const char *root)
{
	FILE *file = open_table (root, "/etc/passwd");
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	GPtrArray *homes = g_ptr_array_new ();
	struct passwd *user = NULL;

	while (file != NULL && (user = fgetpwent (file)) != NULL) {
		if (strlen (user->pw_dir) > 1 && g_hash_table_add (seen, g_strdup (user->pw_dir)))
			g_ptr_array_add (homes, g_strdup_printf ("%s:%s", user->pw_name, user->pw_dir));
	}
	if (file != NULL)
		fclose (file);
	g_ptr_array_add (homes, NULL);
	return (GStrv)g_ptr_array_free (homes, FALSE);
}

const char *
nx_doctor_split_home (char *entry)
{
	char *colon = strchr (entry, ':');

	*colon = '\0';
	return colon + 1;
}

/* The first that fits decides, as the kernel has it: an owner who may not is not helped by his group. */
static gboolean
may (const struct stat *info, uid_t uid, const GArray *groups, mode_t bits)
{
	if (uid == 0)
		return TRUE;
	if (info->st_uid == uid)
		return (info->st_mode >> 6 & bits) == bits;
	for (guint i = 0; i < groups->len; i++) {
		if (g_array_index (groups, gid_t, i) == info->st_gid)
			return (info->st_mode >> 3 & bits) == bits;
	}
	return (info->st_mode & bits) == bits;
}

/* Each folder on the way must be passed. */
static char *
find_barrier (const char *folder, uid_t uid, const GArray *groups)
{
	g_autofree char *parent = g_path_get_dirname (folder);
	struct stat info;
	char *barrier = strcmp (parent, folder) == 0 ? NULL : find_barrier (parent, uid, groups);

	if (barrier != NULL)
		return barrier;
	if (stat (folder, &info) != 0 || may (&info, uid, groups, 1))
		return NULL;
	return g_strdup_printf ("may not pass the folder %s", folder);
}

char *
nx_doctor_find_obstacle (const char *database, uid_t uid, const GArray *groups)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	g_autofree char *folder = g_path_get_dirname (database);
	char *barrier = find_barrier (folder, uid, groups);
	struct stat info;

	if (barrier != NULL)
		return barrier;
	if (stat (folder, &info) == 0 && !may (&info, uid, groups, 3))
		return g_strdup_printf ("may not write into the folder %s", folder);
	for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
		g_autofree char *path = g_strconcat (database, suffixes[i], NULL);

		if (stat (path, &info) == 0 && !may (&info, uid, groups, 6))
			return g_strdup_printf ("may not write %s", path);
	}
	return NULL;
}
