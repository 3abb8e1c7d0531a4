/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source-reader.h: what the tests of sources share: a fresh folder per test, archives written into it, and all messages
 * of a source as a list.
 */
#pragma once

#include <nixie/source.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define F1 "From a@example.org Mon Jan  2 10:00:00 2006\n"
#define F2 "From b@example.org Tue Jan  3 11:00:00 2006\n"
#define F3 "From c@example.org Wed Jan  4 12:00:00 2006\n"

/* What a message is expected to be, or was. */
typedef struct {
	char *file;
	guint64 offset;
	GBytes *data;
	gboolean truncated;
	char *sender;
	gint64 date;
} Mail;

static inline void
mail_free (gpointer data)
{
	Mail *mail = data;
	g_free (mail->file);
	g_bytes_unref (mail->data);
	g_free (mail->sender);
	g_free (mail);
}

static inline int
make_dir (void **state)
{
	*state = g_dir_make_tmp ("nixie-source-XXXXXX", NULL);
	return *state == NULL;
}

static inline void
remove_tree (const char *path)
{
	GDir *dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
	for (const char *name = NULL; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
		g_autofree char *inner = g_build_filename (path, name, NULL);
		remove_tree (inner);
	}
	g_clear_pointer (&dir, g_dir_close);
	g_remove (path);
}

static inline int
remove_dir (void **state)
{
	remove_tree (*state);
	g_free (*state);
	return 0;
}

/* Writes @length bytes to DIR/NAME, with the folders on the way. Returns: the path. */
static inline char *
write_bytes (void **state, const char *name, const void *data, gsize length)
{
	char *path = g_build_filename (*state, name, NULL);
	g_autofree char *dir = g_path_get_dirname (path);
	assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
	assert_true (g_file_set_contents (path, data, (gssize)length, NULL));
	return path;
}

static inline void
write_text (void **state, const char *name, const char *text)
{
	g_free (write_bytes (state, name, text, strlen (text)));
}

static inline char *
make_path (void **state, const char *name)
{
	return g_build_filename (*state, name, NULL);
}

static inline NxSource *
open_path (const char *path)
{
	g_autoptr (GError) error = NULL;
	NxSource *source = nx_source_open (path, &error);
	assert_null (error);
	assert_non_null (source);
	return source;
}

/* Reads all; errors are kept as mails whose data is the error's text and whose file is NULL. */
static inline GPtrArray *
read_source (NxSource *source)
{
	GPtrArray *mails = g_ptr_array_new_with_free_func (mail_free);
	while (TRUE) {
		const NxRawMessage *message = NULL;
		g_autoptr (GError) error = NULL;
		Mail *mail = g_new0 (Mail, 1);
		if (!nx_source_next (source, &message, &error)) {
			assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_SOURCE));
			mail->data = g_bytes_new (error->message, strlen (error->message));
		} else if (message == NULL) {
			g_free (mail);
			return mails;
		} else {
			mail->file = g_strdup (message->file);
			mail->offset = message->offset;
			mail->data = g_bytes_new (message->data, message->length);
			mail->truncated = message->truncated;
			mail->sender = g_strdup (message->envelope_sender);
			mail->date = message->envelope_date;
		}
		g_ptr_array_add (mails, mail);
	}
}

static inline GPtrArray *
read_path (const char *path)
{
	g_autoptr (NxSource) source = open_path (path);
	return read_source (source);
}

static inline GPtrArray *
read_bytes (void **state, const void *data, gsize length)
{
	g_autofree char *path = write_bytes (state, "archive", data, length);
	return read_path (path);
}

static inline const Mail *
get_mail (const GPtrArray *mails, guint i)
{
	assert_in_range (i, 0, mails->len - 1);
	return g_ptr_array_index (mails, i);
}

static inline void
assert_data (const GPtrArray *mails, guint i, const void *want, gsize length)
{
	gsize got_length;
	const void *got = g_bytes_get_data (get_mail (mails, i)->data, &got_length);
	assert_int_equal (got_length, length);
	if (length > 0)
		assert_memory_equal (got, want, length);
}

static inline void
assert_text (const GPtrArray *mails, guint i, const char *want)
{
	assert_data (mails, i, want, strlen (want));
}

/* The archive @text holds the messages that follow it, to a NULL. */
static inline void G_GNUC_NULL_TERMINATED
assert_messages (void **state, const char *text, ...)
{
	va_list args;
	g_autoptr (GPtrArray) mails = read_bytes (state, text, strlen (text));
	guint count = 0;
	va_start (args, text);
	for (const char *want; (want = va_arg (args, const char *)) != NULL; count++)
		assert_text (mails, count, want);
	va_end (args);
	assert_int_equal (mails->len, count);
}

typedef struct {
	int fd;
	const char *data;
	gsize length;
	guint32 seed;
	gsize largest;
} Writer;

static inline gpointer
write_chunks (gpointer data)
{
	Writer *writer = data;
	g_autoptr (GRand) rand = g_rand_new_with_seed (writer->seed);
	for (gsize at = 0; at < writer->length;) {
		gsize chunk = (gsize)g_rand_int_range (rand, 1, (gint32)writer->largest + 1);
		ssize_t written = write (writer->fd, writer->data + at, MIN (chunk, writer->length - at));
		if (written < 0)
			break;
		at += (gsize)written;
	}
	close (writer->fd);
	return NULL;
}
