/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * folder.c: lists the files of a Maildir or of a tree, in an order that is the same every time. It opens no file.
 *
 * A Maildir is a folder that holds the folders cur and new. Its messages are those of both, in the order of their
 * names, so that a message keeps its place when a mail reader moves it from new to cur; tmp and all else in a Maildir
 * is left alone, also the folders of Maildir++ (".Sent"), which are Maildirs of their own. In any other folder (MH,
 * single .eml files) files and folders are taken in the order of their names, byte by byte; those that begin with a
 * dot are hidden and left out, as are sockets, pipes and devices.
 *
 * Symbolic links are followed. A folder is entered once, so a link that leads back, or a second one to the same place,
 * adds nothing. Below NX_LIMIT_FOLDER_DEPTH, and where something cannot be read, the list holds the problem in place of
 * the file. The names are kept for the whole walk: some 70 bytes a file.
 */
#include "source/source-private.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/**
 * Item: one name in a folder. A folder has no size.
 */
typedef struct {
	NxFolderEntry entry;
	gboolean is_folder;
} Item;

/**
 * Walk: @seen: "device:inode" of the folders that were entered.
 */
typedef struct {
	NxFolder *folder;
	GHashTable *seen;
} Walk;

static void walk_folder (Walk *walk, const char *path, guint depth);

static int
compare_items (const void *a, const void *b)
{
	const Item *first = a, *second = b;
	int order = strcmp (first->entry.name, second->entry.name);
	return order != 0 ? order
			  : (first->entry.folder > second->entry.folder) - (first->entry.folder < second->entry.folder);
}

static guint32
add_folder (NxFolder *folder, const char *path)
{
	g_ptr_array_add (folder->folders, g_strdup (path));
	return folder->folders->len - 1;
}

static void
add_problem (NxFolder *folder, const char *path, const char *problem)
{
	NxFolderEntry entry = { .name = "" };
	entry.folder = add_folder (folder, path);
	entry.problem = g_string_chunk_insert_const (folder->names, problem);
	g_array_append_val (folder->entries, entry);
}

/* Returns: FALSE for what is not wanted. */
static gboolean
examine_name (NxFolder *folder, DIR *dir, const char *name, Item *item)
{
	struct stat status;
	if (name[0] == '.')
		return FALSE;
	if (fstatat (dirfd (dir), name, &status, 0) == 0) {
		item->is_folder = S_ISDIR (status.st_mode);
		item->entry.size = S_ISREG (status.st_mode) ? (guint64)status.st_size : 0;
		if (!item->is_folder && !S_ISREG (status.st_mode))
			return FALSE;
	} else {
		/* A file that is gone since readdir() was only moved away; a link that leads nowhere is a loss. */
		int failure = errno;
		if (fstatat (dirfd (dir), name, &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
			return FALSE;
		item->entry.problem = g_string_chunk_insert_const (folder->names, g_strerror (failure));
	}
	item->entry.name = g_string_chunk_insert (folder->names, name);
	return TRUE;
}

/* Appends what is in one folder to @items. Returns: 0 or what went wrong. */
static int
list_names (NxFolder *folder, const char *path, GArray *items)
{
	DIR *dir = opendir (path);
	if (dir == NULL)
		return errno;
	guint32 index = add_folder (folder, path);
	const struct dirent *found;
	errno = 0;
	while ((found = readdir (dir)) != NULL) {
		Item item = { .entry.folder = index };
		if (examine_name (folder, dir, found->d_name, &item))
			g_array_append_val (items, item);
		errno = 0;
	}
	int failure = errno;
	closedir (dir);
	return failure;
}

static gboolean
is_folder_in (const char *path, const char *name)
{
	g_autofree char *inner = g_build_filename (path, name, NULL);
	return g_file_test (inner, G_FILE_TEST_IS_DIR);
}

static void
sort_items (GArray *items)
{
	/* g_array_sort() would take as much memory again. */
	if (items->len > 1)
		qsort (items->data, items->len, sizeof (Item), compare_items);
}

static void
add_file (NxFolder *folder, const Item *item)
{
	folder->total_bytes += item->entry.size;
	g_array_append_val (folder->entries, item->entry);
}

static void
walk_maildir (Walk *walk, const char *path)
{
	static const char *const parts[] = { "new", "cur" };
	g_autoptr (GArray) items = g_array_new (FALSE, TRUE, sizeof (Item));
	for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
		g_autofree char *inner = g_build_filename (path, parts[i], NULL);
		int failure = list_names (walk->folder, inner, items);
		if (failure != 0)
			add_problem (walk->folder, inner, g_strerror (failure));
	}
	sort_items (items);
	for (guint i = 0; i < items->len; i++) {
		Item *item = &g_array_index (items, Item, i);
		item->entry.in_maildir = TRUE;
		if (!item->is_folder)
			add_file (walk->folder, item);
	}
}

static void
walk_items (Walk *walk, const char *path, const GArray *items, guint depth)
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = &g_array_index (items, Item, i);
		if (!item->is_folder) {
			add_file (walk->folder, item);
			continue;
		}
		g_autofree char *inner = g_build_filename (path, item->entry.name, NULL);
		walk_folder (walk, inner, depth + 1);
	}
}

/* Returns: FALSE when @path was entered before. */
static gboolean
enter_folder (Walk *walk, const char *path)
{
	struct stat status;
	if (stat (path, &status) != 0)
		return TRUE;
	return g_hash_table_add (walk->seen, g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
							      (guint64)status.st_dev, (guint64)status.st_ino));
}

static void
walk_folder (Walk *walk, const char *path, guint depth)
{
	if (!enter_folder (walk, path))
		return;
	if (depth > NX_LIMIT_FOLDER_DEPTH) {
		g_autofree char *problem = g_strdup_printf ("more than %d folders deep", NX_LIMIT_FOLDER_DEPTH);
		add_problem (walk->folder, path, problem);
		return;
	}
	if (is_folder_in (path, "cur") && is_folder_in (path, "new")) {
		walk_maildir (walk, path);
		return;
	}
	g_autoptr (GArray) items = g_array_new (FALSE, TRUE, sizeof (Item));
	int failure = list_names (walk->folder, path, items);
	if (failure != 0)
		add_problem (walk->folder, path, g_strerror (failure));
	sort_items (items);
	walk_items (walk, path, items, depth);
}

NxFolder *
nx_folder_new (const char *path, GError **error)
{
	DIR *dir = opendir (path);
	if (dir == NULL) {
		int failure = errno;
		g_autofree char *name = g_filename_display_name (path);
		g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "%s: %s", name, g_strerror (failure));
		return NULL;
	}
	closedir (dir);

	NxFolder *folder = g_new0 (NxFolder, 1);
	folder->entries = g_array_new (FALSE, TRUE, sizeof (NxFolderEntry));
	folder->folders = g_ptr_array_new_with_free_func (g_free);
	folder->names = g_string_chunk_new (65536);
	Walk walk = { folder, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
	walk_folder (&walk, path, 0);
	g_hash_table_unref (walk.seen);
	return folder;
}

void
nx_folder_free (NxFolder *folder)
{
	if (folder == NULL)
		return;
	g_array_unref (folder->entries);
	g_ptr_array_unref (folder->folders);
	g_string_chunk_free (folder->names);
	g_free (folder);
}

char *
nx_folder_get_path (const NxFolder *folder, const NxFolderEntry *entry)
{
	const char *path = g_ptr_array_index (folder->folders, entry->folder);
	return entry->name[0] == '\0' ? g_strdup (path) : g_build_filename (path, entry->name, NULL);
}
