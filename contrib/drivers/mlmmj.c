/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mlmmj.c: the driver for mlmmj, by its own programs; only what a list has is read from its files.
 *
 * Suspending is the version of a subscription that gets no mail (nomailsubs.d), which readers choose too. Whom nixie
 * put there, and what version he had before, is noted in LISTDIR/nixie.suspended: "normal" or "digest", a blank, the
 * address.
 */
#include "driver.h"

#include <string.h>
#include <unistd.h>

#include <nixie/address.h>

#include "file.h"
#include "lines.h"
#include "pair.h"
#include "spawn.h"

#define NORMAL "normal"
#define DIGEST "digest"

static char *folder;
static char *programs;

static const GOptionEntry options[] = {
	{ "dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, "the list's folder: /var/spool/mlmmj/news", "DIR" },
	{ "programs", 0, 0, G_OPTION_ARG_FILENAME, &programs,
	  "the folder of mlmmj-sub and mlmmj-unsub, when PATH does not have it", "DIR" },
	G_OPTION_ENTRY_NULL,
};

/* The first line that is @address, or all of them printed when that is NULL. @notes: (nullable): whom nixie suspended.
 */
typedef struct {
	const char *address;
	GHashTable *notes;
	char *found;
} Search;

static void
print_line (const Search *search, const char *line)
{
	g_autofree char *key = search->notes == NULL ? NULL : nx_address_make_key (line);
	const char *delivery = "enabled";

	if (key != NULL)
		delivery = g_hash_table_contains (search->notes, key) ? "by_bounces" : "by_user";
	nx_driver_print_member (&(NxDriverMember){ line, "", delivery });
}

static void
look_at_file (Search *search, const char *text)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

	for (char **line = lines; *line != NULL && search->found == NULL; line++) {
		if (*g_strstrip (*line) == '\0')
			continue;
		if (search->address == NULL)
			print_line (search, *line);
		else if (nx_driver_is_same (*line, search->address))
			search->found = g_strdup (*line);
	}
}

static gboolean
look_through (const char *name, Search *search, GError **error)
{
	g_autofree char *path = g_build_filename (folder, name, NULL);
	g_autoptr (GError) local = NULL;
	g_autoptr (GDir) there = g_dir_open (path, 0, &local);
	const char *file = NULL;

	if (there == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "%s; --dir must be the folder of an mlmmj list, and readable to who nixie run runs as",
			     local->message);
		return FALSE;
	}
	while (search->found == NULL && (file = g_dir_read_name (there)) != NULL) {
		g_autofree char *full = g_build_filename (path, file, NULL);
		g_autofree char *text = *file == '.' ? g_strdup ("") : nx_file_read (full, TRUE, NULL, error);

		if (text == NULL)
			return FALSE;
		look_at_file (search, text);
	}
	return TRUE;
}

static gboolean
is_in (const char *name, const char *address, gboolean *is_in_out, GError **error)
{
	Search search = { .address = address };

	if (!look_through (name, &search, error))
		return FALSE;
	*is_in_out = search.found != NULL;
	g_free (search.found);
	return TRUE;
}

/* ---- the note ---- */

static char *
make_note_name (void)
{
	return g_build_filename (folder, "nixie.suspended", NULL);
}

static char *
find_note (const char *address, GError **error)
{
	g_autofree char *path = make_note_name ();
	g_autofree char *text = nx_file_read (path, TRUE, NULL, error);
	g_auto (GStrv) lines = text == NULL ? NULL : g_strsplit (text, "\n", -1);

	for (char **line = lines; line != NULL && *line != NULL; line++) {
		const char *blank = strchr (*line, ' ');

		if (blank != NULL && nx_driver_is_same (blank + 1, address))
			return g_strndup (*line, (gsize)(blank - *line));
	}
	return text == NULL ? NULL : g_strdup ("");
}

/* @version: "" takes the note away. */
static gboolean
set_note (const char *address, const char *version, GError **error)
{
	g_autofree char *path = make_note_name ();
	g_autofree char *temporary = g_strconcat (path, ".new", NULL);
	g_autofree char *text = nx_file_read (path, TRUE, NULL, error);
	g_auto (GStrv) lines = text == NULL ? NULL : g_strsplit (text, "\n", -1);
	g_autoptr (GString) out = g_string_new (NULL);

	if (text == NULL)
		return FALSE;
	for (char **line = lines; *line != NULL; line++) {
		const char *blank = strchr (*line, ' ');

		if (blank != NULL && !nx_driver_is_same (blank + 1, address))
			g_string_append_printf (out, "%s\n", *line);
	}
	if (*version != '\0')
		g_string_append_printf (out, "%s %s\n", version, address);
	return nx_file_replace (path, temporary, out->str, out->len, error);
}

/* ---- mlmmj's programs ---- */

static gboolean
call_program (const char *name, const char *address, const char *option, GError **error)
{
	g_autofree char *path = programs == NULL ? g_strdup (name) : g_build_filename (programs, name, NULL);
	gboolean subscribes = strcmp (name, "mlmmj-sub") == 0;
	const char *argv[10] = { path, "-L", folder, "-a", address, "-q", "-s" };
	guint count = 7;

	if (subscribes)
		argv[count++] = "-f";
	if (option != NULL)
		argv[count++] = option;
	return nx_spawn_check (argv, error);
}

/* ---- the sets ---- */

static gboolean
find_active (const char *address, char **entry_out, GError **error)
{
	gboolean normal = FALSE;
	gboolean digest = FALSE;

	if (!is_in ("subscribers.d", address, &normal, error) || !is_in ("digesters.d", address, &digest, error))
		return FALSE;
	if (normal || digest)
		*entry_out = g_strdup (normal ? NORMAL : DIGEST);
	return TRUE;
}

static gboolean
find (gpointer data, NxPairSet set, const char *address, char **entry_out, GError **error)
{
	g_autofree char *note = NULL;
	gboolean there = FALSE;

	(void)data;
	if (set == NX_PAIR_ACTIVE)
		return find_active (address, entry_out, error);
	if (!is_in ("nomailsubs.d", address, &there, error))
		return FALSE;
	note = there ? find_note (address, error) : g_strdup ("");
	if (note == NULL)
		return FALSE;
	if (there && (*note != '\0') == (set == NX_PAIR_ASIDE))
		*entry_out = g_strdup (*note == '\0' ? NORMAL : note);
	return TRUE;
}

/* mlmmj-sub takes an address out of the other versions of the list itself. */
static gboolean
add (gpointer data, NxPairSet set, const char *address, const char *entry, GError **error)
{
	const char *version = g_strcmp0 (entry, DIGEST) == 0 ? DIGEST : NORMAL;

	(void)data;
	if (set == NX_PAIR_ACTIVE)
		return call_program ("mlmmj-sub", address, strcmp (version, DIGEST) == 0 ? "-d" : NULL, error);
	if (set == NX_PAIR_ASIDE && !set_note (address, version, error))
		return FALSE;
	return call_program ("mlmmj-sub", address, "-n", error);
}

static gboolean
drop_version (const char *name, const char *option, const char *address, GError **error)
{
	gboolean there = FALSE;

	return is_in (name, address, &there, error) && (!there || call_program ("mlmmj-unsub", address, option, error));
}

static gboolean
drop (gpointer data, NxPairSet set, const char *address, GError **error)
{
	g_autofree char *note = NULL;

	(void)data;
	if (set == NX_PAIR_ACTIVE)
		return drop_version ("subscribers.d", "-N", address, error) &&
		       drop_version ("digesters.d", "-d", address, error);
	note = find_note (address, error);
	if (note == NULL)
		return FALSE;
	if (set == NX_PAIR_OTHER && *note != '\0')
		return TRUE;
	return drop_version ("nomailsubs.d", "-n", address, error) && (*note == '\0' || set_note (address, "", error));
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	const NxPair pair = { .list = folder, .find = find, .add = add, .drop = drop };
	g_autofree char *lock_name = NULL;
	gboolean done = FALSE;
	int lock = -1;

	if (!nx_driver_require ("--dir", folder, error))
		return FALSE;
	lock_name = g_build_filename (folder, "nixie.lock", NULL);
	lock = nx_file_lock (lock_name, error);
	if (lock < 0)
		return FALSE;
	done = nx_pair_apply (&pair, call, error);
	close (lock);
	return done;
}

/* The notes by the key of their address; a list may have many. */
static GHashTable *
load_notes (GError **error)
{
	g_autofree char *path = make_note_name ();
	g_autofree char *text = nx_file_read (path, TRUE, NULL, error);
	g_auto (GStrv) lines = text == NULL ? NULL : g_strsplit (text, "\n", -1);
	GHashTable *notes = text == NULL ? NULL : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

	for (char **line = lines; line != NULL && *line != NULL; line++) {
		const char *blank = strchr (*line, ' ');

		if (blank != NULL)
			g_hash_table_add (notes, nx_address_make_key (blank + 1));
	}
	return notes;
}

static gboolean
import (GError **error)
{
	Search mailed = { NULL, NULL, NULL };
	Search others = { NULL, NULL, NULL };
	gboolean done = FALSE;

	if (!nx_driver_require ("--dir", folder, error))
		return FALSE;
	others.notes = load_notes (error);
	if (others.notes == NULL)
		return FALSE;
	nx_driver_print_header ();
	done = look_through ("subscribers.d", &mailed, error) && look_through ("digesters.d", &mailed, error) &&
	       look_through ("nomailsubs.d", &others, error);
	g_hash_table_unref (others.notes);
	return done;
}

const NxDriver nx_driver_mlmmj = {
	.name = "mlmmj",
	.summary = "mlmmj, by mlmmj-sub and mlmmj-unsub",
	.about = "suspend   switches the subscription to the version that gets no mail (mlmmj-sub -n)\n"
		 "restore   switches it back to what it was: normal or digest; who chose \"nomail\" himself keeps it\n"
		 "remove    unsubscribes (mlmmj-unsub), with no mail\n"
		 "move      subscribes the new address in the same version, and unsubscribes the old one\n"
		 "add       subscribes, with no mail and no question\n"
		 "import    prints the members of all three versions\n"
		 "\n"
		 "Whom nixie suspended is noted in DIR/nixie.suspended. mlmmj's programs want root or the folder's "
		 "owner.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver mlmmj --dir /var/spool/mlmmj/news\n",
	.options = options,
	.import = import,
	.apply = apply,
};
