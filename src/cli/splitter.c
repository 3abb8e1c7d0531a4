/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * splitter.c: see splitter.h. It opens the PATHs one after the other, asks the database how far each file was read, and
 * copies message by message. It has a connection of its own to the database, which only reads: what it finds there is
 * recorded, and may be moved.
 *
 * A file is known by its full path; a Maildir's message by its path in cur without the flags, since mail readers move
 * it from new to cur and rename it there. That name is its own, so a known message is not even opened.
 */
#include "splitter.h"

#include <string.h>

#define MAILDIR_FLAGS ":"

/* All of ASCII that can be read, but for the "%" that the others begin with. */
#define PLAIN_OCTETS " !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"

/**
 * @source: the PATH that is being read, @path is the next one. @seen, @walked: hashes of bookmarks that were met, and
 * of the folders that Maildirs keep their messages in. @done: PATHs met, by full path. @bookmark: of the file that is
 * being read; @found: what the database says of it. @failure: of a move, to be told with the next piece. @read_bytes,
 * @passed_bytes: of the sources that are done.
 */
struct _NxSplitter {
	NxSplitterTerms terms;
	NxStore *store;
	NxSource *source;
	char **path;
	GHashTable *seen;
	GHashTable *walked;
	GHashTable *done;
	char *bookmark;
	NxBookmark *found;
	GQueue failures;
	guint64 read_bytes;
	guint64 passed_bytes;
	guint64 moved;
	gboolean in_maildir;
};

void
nx_piece_free (NxPiece *piece)
{
	if (piece == NULL)
		return;
	g_free ((char *)(guintptr)piece->raw.file);
	g_free ((char *)(guintptr)piece->raw.data);
	g_free ((char *)(guintptr)piece->raw.envelope_sender);
	g_free ((char *)(guintptr)piece->position.path);
	g_free ((char *)(guintptr)piece->position.member);
	g_free ((char *)(guintptr)piece->position.identity);
	g_clear_pointer (&piece->events, g_ptr_array_unref);
	g_clear_error (&piece->error);
	g_free (piece->bookmark);
	g_free (piece);
}

static gpointer
hash_name (const char *name)
{
	guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

	/* FNV-1a; two names of one hash would leave a bookmark too many. */
	for (; *name != '\0'; name++)
		hash = (hash ^ (guint8)*name) * G_GUINT64_CONSTANT (1099511628211);
	return GSIZE_TO_POINTER ((gsize)hash);
}

static char *
make_name (const char *path)
{
	g_autofree char *full = g_canonicalize_filename (path, NULL);

	return g_uri_escape_string (full, PLAIN_OCTETS, TRUE);
}

/* "M/new/1.host:2,S" and "M/cur/1.host" are the same message. */
static char *
make_maildir_name (const char *path)
{
	g_autofree char *folder = g_path_get_dirname (path);
	g_autofree char *maildir = g_path_get_dirname (folder);
	g_autofree char *base = g_path_get_basename (path);
	g_autofree char *place = NULL;

	base[strcspn (base, MAILDIR_FLAGS)] = '\0';
	place = g_build_filename (maildir, "cur", base, NULL);
	return make_name (place);
}

static void
look_up (NxSplitter *splitter, char *bookmark)
{
	GError *error = NULL;

	g_free (splitter->bookmark);
	splitter->bookmark = bookmark;
	g_clear_pointer (&splitter->found, nx_bookmark_free);
	if (splitter->store != NULL && !splitter->terms.again &&
	    !nx_store_find_bookmark (splitter->store, bookmark, splitter->terms.terms, &splitter->found, &error))
		g_queue_push_tail (&splitter->failures, error);
}

static void
set_position (const NxSplitter *splitter, NxSourcePosition *position)
{
	position->member = splitter->found->member;
	position->identity = splitter->found->identity;
	position->offset = splitter->found->offset;
}

/* Of the message of a Maildir: it was read before, or for a packed one it may have been. */
static NxSourceChoice
choose_message (NxSplitter *splitter, const NxSourceFile *file, NxSourcePosition *position)
{
	GError *error = NULL;

	if (splitter->found->offset == file->size && *splitter->found->member == '\0') {
		if (splitter->terms.maildir == NULL)
			return NX_SOURCE_PASS;
		if (nx_maildir_take (splitter->terms.maildir, file->path, &error)) {
			g_hash_table_remove (splitter->seen, hash_name (splitter->bookmark));
			splitter->moved++;
		} else {
			g_queue_push_tail (&splitter->failures, error);
		}
		return NX_SOURCE_PASS;
	}
	if (splitter->terms.maildir != NULL)
		return NX_SOURCE_READ;
	set_position (splitter, position);
	return NX_SOURCE_GO_ON;
}

static NxSourceChoice
choose_cb (const NxSourceFile *file, NxSourcePosition *position, gpointer user_data)
{
	NxSplitter *splitter = user_data;

	splitter->in_maildir = file->in_maildir;
	look_up (splitter, file->in_maildir ? make_maildir_name (file->path) : make_name (file->path));
	g_hash_table_add (splitter->seen, hash_name (splitter->bookmark));
	if (file->in_maildir) {
		g_autofree char *folder = g_path_get_dirname (splitter->bookmark);

		g_hash_table_add (splitter->walked, hash_name (folder));
	}
	if (splitter->found == NULL)
		return NX_SOURCE_READ;
	if (file->in_maildir)
		return choose_message (splitter, file, position);
	set_position (splitter, position);
	return NX_SOURCE_GO_ON;
}

static gboolean
open_source (NxSplitter *splitter, const char *path, GError **error)
{
	NxSourcePosition position = { .path = path };

	g_clear_pointer (&splitter->bookmark, g_free);
	splitter->in_maildir = FALSE;
	if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
		splitter->source = nx_source_open (path, error);
		if (splitter->source != NULL)
			nx_source_set_choose (splitter->source, choose_cb, splitter);
		return splitter->source != NULL;
	}
	if (strcmp (path, "-") == 0) {
		splitter->source = nx_source_open (path, error);
		return splitter->source != NULL;
	}
	look_up (splitter, make_name (path));
	if (splitter->found == NULL) {
		splitter->source = nx_source_open (path, error);
		return splitter->source != NULL;
	}
	set_position (splitter, &position);
	splitter->source = nx_source_open_at (path, &position, NULL, error);
	return splitter->source != NULL;
}

void
nx_splitter_get_bytes (const NxSplitter *splitter, guint64 *done_out, guint64 *passed_out)
{
	*done_out = splitter->read_bytes;
	*passed_out = splitter->passed_bytes;
	if (splitter->source == NULL)
		return;
	*done_out += nx_source_get_done_bytes (splitter->source);
	*passed_out += nx_source_get_passed_bytes (splitter->source);
}

guint64
nx_splitter_get_moved (const NxSplitter *splitter)
{
	return splitter->moved;
}

static NxPiece *
make_piece (const NxSplitter *splitter)
{
	NxPiece *piece = g_new0 (NxPiece, 1);

	nx_splitter_get_bytes (splitter, &piece->done_bytes, &piece->passed_bytes);
	return piece;
}

static NxPiece *
make_message (const NxSplitter *splitter, const NxRawMessage *raw)
{
	NxPiece *piece = make_piece (splitter);
	NxSourcePosition position = { 0 };

	piece->raw = *raw;
	piece->raw.file = g_strdup (raw->file);
	piece->raw.data = g_memdup2 (raw->data, raw->length);
	piece->raw.envelope_sender = g_strdup (raw->envelope_sender);
	piece->in_maildir = splitter->in_maildir;
	if (splitter->bookmark == NULL || !nx_source_get_position (splitter->source, &position))
		return piece;
	piece->bookmark = g_strdup (splitter->bookmark);
	piece->position.path = g_strdup (position.path);
	piece->position.member = g_strdup (position.member);
	piece->position.identity = g_strdup (position.identity);
	piece->position.offset = position.offset;
	return piece;
}

static NxPiece *
make_failure (const NxSplitter *splitter, GError *error)
{
	NxPiece *piece = make_piece (splitter);

	piece->error = error;
	return piece;
}

/* Returns: FALSE at the end of the PATHs. One that is given twice is read once. */
static gboolean
open_next (NxSplitter *splitter, GError **error)
{
	for (; *splitter->path != NULL; splitter->path++) {
		char *name = make_name (*splitter->path);

		if (!g_hash_table_add (splitter->done, name))
			continue;
		open_source (splitter, *splitter->path++, error);
		return TRUE;
	}
	return FALSE;
}

static void
close_source (NxSplitter *splitter)
{
	splitter->read_bytes += nx_source_get_done_bytes (splitter->source);
	splitter->passed_bytes += nx_source_get_passed_bytes (splitter->source);
	g_clear_pointer (&splitter->source, nx_source_free);
}

NxPiece *
nx_splitter_next (NxSplitter *splitter)
{
	const NxRawMessage *raw = NULL;
	GError *error = NULL;

	while (TRUE) {
		if (!g_queue_is_empty (&splitter->failures))
			return make_failure (splitter, g_queue_pop_head (&splitter->failures));
		if (splitter->source == NULL) {
			if (!open_next (splitter, &error))
				return NULL;
			if (error != NULL)
				return make_failure (splitter, error);
			continue;
		}
		if (!nx_source_next (splitter->source, &raw, &error))
			return make_failure (splitter, error);
		if (raw != NULL)
			return make_message (splitter, raw);
		close_source (splitter);
	}
}

NxSplitter *
nx_splitter_new (const NxSplitterTerms *terms, GError **error)
{
	g_autoptr (NxSplitter) splitter = g_new0 (NxSplitter, 1);

	splitter->terms = *terms;
	splitter->path = terms->paths;
	splitter->seen = g_hash_table_new (NULL, NULL);
	splitter->walked = g_hash_table_new (NULL, NULL);
	splitter->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	g_queue_init (&splitter->failures);
	if (terms->database == NULL)
		return g_steal_pointer (&splitter);
	splitter->store = nx_store_open (terms->database, NX_STORE_READ_ONLY, error);
	return splitter->store == NULL ? NULL : g_steal_pointer (&splitter);
}

void
nx_splitter_free (NxSplitter *splitter)
{
	if (splitter == NULL)
		return;
	nx_source_free (splitter->source);
	nx_store_free (splitter->store);
	nx_bookmark_free (splitter->found);
	g_hash_table_unref (splitter->seen);
	g_hash_table_unref (splitter->walked);
	g_hash_table_unref (splitter->done);
	g_queue_clear_full (&splitter->failures, (GDestroyNotify)g_error_free);
	g_free (splitter->bookmark);
	g_free (splitter);
}

/* ---- bookmarks of files that are gone ---- */

static gboolean
is_gone_cb (const char *name, gpointer user_data)
{
	const NxSplitter *splitter = user_data;
	g_autofree char *folder = g_path_get_dirname (name);
	g_autofree char *path = NULL;

	if (g_hash_table_contains (splitter->seen, hash_name (name)))
		return FALSE;
	if (g_hash_table_contains (splitter->walked, hash_name (folder)))
		return TRUE;
	/* A message of a Maildir that was not looked at, whose flags nobody knows, stays. */
	if (g_str_has_suffix (folder, "/cur"))
		return FALSE;
	path = g_uri_unescape_string (name, NULL);
	return path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
nx_splitter_drop_gone (const NxSplitter *splitter, NxStore *store, GError **error)
{
	for (char **path = splitter->terms.paths; *path != NULL; path++) {
		g_autofree char *name = make_name (*path);

		if (!g_file_test (*path, G_FILE_TEST_IS_DIR))
			continue;
		if (nx_maildir_is (*path)) {
			g_autofree char *cur = g_build_filename (name, "cur", NULL);

			g_hash_table_add (splitter->walked, hash_name (cur));
		}
		if (!nx_store_drop_bookmarks (store, name, is_gone_cb, (gpointer)(guintptr)splitter, error))
			return FALSE;
	}
	return TRUE;
}
