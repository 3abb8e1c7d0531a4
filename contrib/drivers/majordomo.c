/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * majordomo.c: the driver for Majordomo 1.9x, and for any list that is a text file with one address a line.
 *
 * Majordomo knows no suspended members: their lines are kept in a file beside the list's. Both are changed under the
 * list's lock (L.NAME, which names the process that holds it), and replaced as a whole.
 */
#include "driver.h"

#include <stdio.h>
#include <string.h>

#include "file.h"
#include "lines.h"
#include "pair.h"

static char *list_file;
static char *aside_file;

static const GOptionEntry options[] = {
	{ "file", 0, 0, G_OPTION_ARG_FILENAME, &list_file, "the list's file: one address a line", "FILE" },
	{ "suspended-file", 0, 0, G_OPTION_ARG_FILENAME, &aside_file,
	  "where suspended members are kept; when left out, the list's file with .suspended", "FILE" },
	G_OPTION_ENTRY_NULL,
};

static gboolean
set_up (GError **error)
{
	if (!nx_driver_require ("--file", list_file, error))
		return FALSE;
	if (aside_file == NULL)
		aside_file = g_strconcat (list_file, ".suspended", NULL);
	return TRUE;
}

static const char *
get_path (NxPairSet set)
{
	return set == NX_PAIR_ACTIVE ? list_file : aside_file;
}

static gboolean
find (gpointer data, NxPairSet set, const char *address, char **entry_out, GError **error)
{
	g_autofree char *text = NULL;

	(void)data;
	if (set == NX_PAIR_OTHER)
		return TRUE;
	text = nx_file_read (get_path (set), set == NX_PAIR_ASIDE, NULL, error);
	if (text == NULL)
		return FALSE;
	*entry_out = nx_lines_find (text, address);
	return TRUE;
}

/* The name around the address stays when the address changes. */
static char *
make_line (const char *address, const char *entry)
{
	g_autofree char *old = entry == NULL ? NULL : nx_lines_get_address (entry);
	g_autofree char *lower_old = old == NULL ? NULL : g_ascii_strdown (old, -1);
	g_autofree char *lower = entry == NULL ? NULL : g_ascii_strdown (entry, -1);
	const char *at = old == NULL ? NULL : strstr (lower, lower_old);

	if (old != NULL && nx_driver_is_same (old, address))
		return g_strdup (entry);
	if (at == NULL)
		return g_strdup (address);
	return g_strdup_printf ("%.*s%s%s", (int)(at - lower), entry, address, entry + (at - lower) + strlen (old));
}

static gboolean
add (gpointer data, NxPairSet set, const char *address, const char *entry, GError **error)
{
	g_autofree char *line = make_line (address, entry);

	(void)data;
	return nx_lines_add (get_path (set), address, line, error);
}

static gboolean
drop (gpointer data, NxPairSet set, const char *address, GError **error)
{
	(void)data;
	return set == NX_PAIR_OTHER || nx_lines_drop (get_path (set), address, error);
}

static char *
make_lock_name (void)
{
	g_autofree char *folder = g_path_get_dirname (list_file);
	g_autofree char *name = g_path_get_basename (list_file);

	return g_strdup_printf ("%s/L.%s", folder, name);
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	const NxPair pair = { .list = list_file, .find = find, .add = add, .drop = drop };
	g_autofree char *lock = NULL;
	gboolean done = FALSE;

	if (!set_up (error))
		return FALSE;
	lock = make_lock_name ();
	if (!nx_file_lock_by_name (lock, error))
		return FALSE;
	done = nx_pair_apply (&pair, call, error);
	nx_file_unlock_by_name (lock);
	return done;
}

static void
print_members (const char *text, const char *delivery)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		g_autofree char *address = nx_lines_get_address (*line);
		g_autofree char *valid = g_utf8_make_valid (g_strstrip (*line), -1);

		if (address != NULL)
			nx_driver_print_member (&(NxDriverMember){ address, "", delivery });
		else if (*valid != '\0' && *valid != '#')
			fprintf (stderr, "nixie-driver: %s: a line has no address, and is left out: %s\n", list_file,
				 valid);
	}
}

static gboolean
import (GError **error)
{
	g_autofree char *active = NULL;
	g_autofree char *aside = NULL;

	if (!set_up (error))
		return FALSE;
	active = nx_file_read (list_file, FALSE, NULL, error);
	aside = active == NULL ? NULL : nx_file_read (aside_file, TRUE, NULL, error);
	if (aside == NULL)
		return FALSE;
	nx_driver_print_header ();
	print_members (active, "enabled");
	print_members (aside, "by_bounces");
	return TRUE;
}

const NxDriver nx_driver_majordomo = {
	.name = "majordomo",
	.summary = "Majordomo 1.9x, or any file with one address a line",
	.about = "suspend   takes the member's line out of the list's file, into the file of those who are suspended\n"
		 "restore   takes it back\n"
		 "remove    deletes it from both\n"
		 "move      changes the address in it; a name beside it stays\n"
		 "add       appends the address\n"
		 "import    prints both files\n"
		 "\n"
		 "The list is locked as Majordomo does it, by L.NAME beside the file.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver majordomo --file /var/lib/majordomo/lists/news\n",
	.options = options,
	.import = import,
	.apply = apply,
};
