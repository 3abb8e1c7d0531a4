/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_archive.c: nixie/source.h on what is packed: every packing, nested, from pipes, cut at every byte, damaged, and
 * made to burst. The archives are written by libarchive here; none lies about.
 */
#include "base/limits.h"
#include "source-reader.h"
#include "source/stream.h"

#include <archive.h>
#include <archive_entry.h>

/* What libarchive calls the packings. */
static const struct {
	int filter;
	NxPacking packing;
} filters[] = {
	{ ARCHIVE_FILTER_GZIP, NX_PACKING_GZIP },
	{ ARCHIVE_FILTER_BZIP2, NX_PACKING_BZIP2 },
	{ ARCHIVE_FILTER_XZ, NX_PACKING_XZ },
	{ ARCHIVE_FILTER_ZSTD, NX_PACKING_ZSTD },
};

static const int formats[] = {
	ARCHIVE_FORMAT_TAR_USTAR,          ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE,
	ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FORMAT_ZIP,
};

typedef struct {
	const char *name;
	const GByteArray *data;
	guint type;
} Entry;

#define MODIFIED 1500000000

static la_ssize_t
append_bytes (struct archive *writer, void *data, const void *bytes, size_t length)
{
	(void)writer;
	g_byte_array_append (data, bytes, (guint)length);
	return (la_ssize_t)length;
}

static void
write_entry (struct archive *writer, const Entry *entry)
{
	struct archive_entry *header = archive_entry_new ();
	archive_entry_set_pathname (header, entry->name);
	archive_entry_set_filetype (header, entry->type != 0 ? entry->type : AE_IFREG);
	archive_entry_set_perm (header, 0644);
	archive_entry_set_mtime (header, MODIFIED, 0);
	archive_entry_set_size (header, entry->data != NULL ? entry->data->len : 0);
	if (entry->type == AE_IFLNK)
		archive_entry_set_symlink (header, "1");
	assert_in_range (-archive_write_header (writer, header), 0, -ARCHIVE_WARN);
	if (entry->data != NULL)
		assert_int_equal (archive_write_data (writer, entry->data->data, entry->data->len), entry->data->len);
	archive_entry_free (header);
}

/* An archive of @entries, which end with one without a name. */
static GByteArray *
pack (int format, int filter, const Entry *entries)
{
	GByteArray *bytes = g_byte_array_new ();
	struct archive *writer = archive_write_new ();
	assert_int_equal (archive_write_add_filter (writer, filter), ARCHIVE_OK);
	assert_int_equal (archive_write_set_format (writer, format), ARCHIVE_OK);
	archive_write_set_bytes_per_block (writer, 512);
	archive_write_set_bytes_in_last_block (writer, 1);
	assert_int_equal (archive_write_open (writer, bytes, NULL, append_bytes, NULL), ARCHIVE_OK);
	for (; entries->name != NULL; entries++)
		write_entry (writer, entries);
	assert_int_equal (archive_write_close (writer), ARCHIVE_OK);
	archive_write_free (writer);
	return bytes;
}

static GByteArray *
compress (int filter, const void *data, gsize length)
{
	GByteArray *plain = g_byte_array_new ();
	g_byte_array_append (plain, data, (guint)length);
	GByteArray *bytes = pack (ARCHIVE_FORMAT_RAW, filter, (Entry[]){ { "data", plain, 0 }, { 0 } });
	g_byte_array_unref (plain);
	return bytes;
}

static GByteArray *
make_bytes (const char *text)
{
	GByteArray *bytes = g_byte_array_new ();
	g_byte_array_append (bytes, (const guint8 *)text, (guint)strlen (text));
	return bytes;
}

/* An mbox of the messages number @first to before @end, which do not compress to nothing. */
static GByteArray *
make_mbox (guint first, guint end)
{
	GByteArray *bytes = g_byte_array_new ();
	for (guint i = first; i < end; i++) {
		g_autoptr (GRand) rand = g_rand_new_with_seed (i);
		g_autoptr (GString) text = g_string_new (F1);
		g_string_append_printf (text, "Message-ID: <%u@a.example>\nX: %08x\n\n", i, g_rand_int (rand));
		for (guint n = 0; n < 6; n++)
			g_string_append_printf (text, "%08x%08x\n", g_rand_int (rand), g_rand_int (rand));
		g_string_append (text, "\n");
		g_byte_array_append (bytes, (const guint8 *)text->str, (guint)text->len);
	}
	return bytes;
}

static char *
write_array (void **state, const char *name, const GByteArray *bytes)
{
	return write_bytes (state, name, bytes->data, bytes->len);
}

static GPtrArray *
read_array (void **state, const GByteArray *bytes)
{
	/* Thousands of times: a file that is there already would be synced to disk. */
	g_autofree char *old = make_path (state, "archive");
	g_remove (old);
	g_autofree char *path = write_array (state, "archive", bytes);
	return read_path (path);
}

static gboolean
is_same_mail (const Mail *a, const Mail *b)
{
	return g_bytes_equal (a->data, b->data) && a->offset == b->offset && a->truncated == b->truncated &&
	       a->date == b->date && g_strcmp0 (a->sender, b->sender) == 0;
}

/* @got from @first on is @want from there on. */
static void
assert_same_mails (const GPtrArray *got, guint first, const GPtrArray *want, const char *what)
{
	if (got->len + first != want->len)
		fail_msg ("%s: from %u on %u mails, not %u", what, first, got->len, want->len - first);
	for (guint i = 0; i < got->len; i++) {
		const Mail *a = get_mail (got, i), *b = get_mail (want, first + i);
		if (!is_same_mail (a, b))
			fail_msg ("%s: mail %u differs", what, first + i);
	}
}

static void
assert_file (void **state, const GPtrArray *mails, guint i, const char *name, guint64 offset)
{
	g_autofree char *want = make_path (state, name);
	assert_non_null (get_mail (mails, i)->file);
	assert_string_equal (get_mail (mails, i)->file, want);
	assert_int_equal (get_mail (mails, i)->offset, offset);
}

/* An error about @name that says @words. */
static void
assert_error (void **state, const GPtrArray *mails, guint i, const char *name, const char *words)
{
	const Mail *mail = get_mail (mails, i);
	g_autofree char *path = make_path (state, name);
	g_autofree char *start = g_strconcat (path, ": ", NULL);
	g_autofree char *text = g_strndup (g_bytes_get_data (mail->data, NULL), g_bytes_get_size (mail->data));
	if (mail->file != NULL || !g_str_has_prefix (text, start) || strstr (text, words) == NULL)
		fail_msg ("no error of %s with \"%s\": %s", name, words, text);
}

/* Compression */

static void
test_compressed__is_the_file_itself (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 2000);
	g_autoptr (GPtrArray) want = read_array (state, mbox);
	assert_int_equal (want->len, 2000);
	for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
		g_autoptr (GByteArray) bytes = compress (filters[i].filter, mbox->data, mbox->len);
		assert_int_equal (nx_packing_recognise (bytes->data, bytes->len), filters[i].packing);
		g_autoptr (GPtrArray) got = read_array (state, bytes);
		assert_same_mails (got, 0, want, "compressed");
		assert_string_equal (get_mail (got, 1)->file, get_mail (want, 1)->file);
	}
}

static void
test_compressed__several_behind_each_other_are_one (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 20);
	g_autoptr (GPtrArray) want = read_array (state, mbox);
	for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
		static const guint8 zeros[1000];
		g_autoptr (GByteArray) bytes = compress (filters[i].filter, mbox->data, 700);
		g_autoptr (GByteArray) rest = compress (filters[i].filter, mbox->data + 700, mbox->len - 700);
		g_byte_array_append (bytes, rest->data, rest->len);
		g_byte_array_append (bytes, zeros, sizeof zeros);
		g_autoptr (GPtrArray) got = read_array (state, bytes);
		assert_same_mails (got, 0, want, "several");
	}
}

static void
test_compressed__nothing_holds_nothing (void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
		g_autoptr (GByteArray) bytes = compress (filters[i].filter, "", 0);
		g_autoptr (GPtrArray) got = read_array (state, bytes);
		assert_int_equal (got->len, 0);
	}
}

/* Cut anywhere: all that is before the cut is there, and one error says that it is not all. */
static void
test_compressed__is_read_up_to_the_cut (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 6);
	g_autoptr (GPtrArray) want = read_array (state, mbox);
	for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
		g_autoptr (GByteArray) whole = compress (filters[i].filter, mbox->data, mbox->len);
		for (guint length = 12; length < whole->len; length++) {
			g_autoptr (GByteArray) cut = g_byte_array_new ();
			g_byte_array_append (cut, whole->data, length);
			g_autoptr (GPtrArray) got = read_array (state, cut);
			assert_in_range (got->len, 1, want->len + 1);
			assert_error (state, got, got->len - 1, "archive", "too early");
			for (guint n = 0; n + 2 < got->len; n++)
				if (!is_same_mail (get_mail (got, n), get_mail (want, n)))
					fail_msg ("filter %u, %u bytes: mail %u differs", i, length, n);
			if (got->len == 1)
				continue;
			/* What is cut says so, and ends with a line. */
			const Mail *last = get_mail (got, got->len - 2);
			gsize size;
			const char *data = g_bytes_get_data (last->data, &size);
			if (!is_same_mail (last, get_mail (want, got->len - 2)) &&
			    (!last->truncated || size == 0 || data[size - 1] != '\n'))
				fail_msg ("filter %u, %u bytes: the last mail is not cut as it should be", i, length);
		}
		/* Only the checksum is missing: every mail is there. zstd has none here, but whole blocks or nothing.
		 */
		if (filters[i].packing == NX_PACKING_ZSTD)
			continue;
		g_autoptr (GByteArray) nearly = g_byte_array_new ();
		g_byte_array_append (nearly, whole->data, whole->len - 1);
		g_autoptr (GPtrArray) got = read_array (state, nearly);
		assert_int_equal (got->len, want->len + 1);
	}
}

static void
test_packed__survives_any_damage (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 3);
	for (guint i = 0; i < G_N_ELEMENTS (filters) * G_N_ELEMENTS (formats); i++) {
		int format = formats[i / G_N_ELEMENTS (filters)];
		const Entry entries[] = { { "a/1", mbox, 0 }, { "2.gz", mbox, 0 }, { 0 } };
		g_autoptr (GByteArray) whole = pack (format, ARCHIVE_FILTER_NONE, entries);
		if (format != ARCHIVE_FORMAT_ZIP) {
			g_autoptr (GByteArray) plain = g_steal_pointer (&whole);
			whole = compress (filters[i % G_N_ELEMENTS (filters)].filter, plain->data, plain->len);
		}
		g_autoptr (GRand) rand = g_rand_new_with_seed (i);
		for (guint n = 0; n < 60; n++) {
			g_autoptr (GByteArray) bad = g_byte_array_new ();
			g_byte_array_append (bad, whole->data, whole->len);
			for (guint k = 0; k < 1 + n % 3; k++)
				bad->data[g_rand_int_range (rand, 0, (gint32)bad->len)] = (guint8)g_rand_int (rand);
			if (n % 5 == 0)
				g_byte_array_set_size (bad, (guint)g_rand_int_range (rand, 0, (gint32)bad->len));
			g_autoptr (GPtrArray) got = read_array (state, bad);
			assert_in_range (got->len, 0, 60);
		}
	}
}

static void
test_packing_recognise__takes_no_mail_for_packed (void **state)
{
	static const char *const texts[] = {
		"BZh9 is no archive\n", "PK: 1\n\nPK\3\4", "\x1F\x8B", "\xFD\x37zXZ: 1\n", "From: 1\n", "", "\n"
	};
	for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
		assert_int_equal (nx_packing_recognise ((const guint8 *)texts[i], strlen (texts[i])), NX_PACKING_NONE);
		g_autoptr (GPtrArray) mails = read_bytes (state, texts[i], strlen (texts[i]));
		assert_int_equal (mails->len, texts[i][0] != '\0');
	}
	/* The hole that a crash leaves is no tar, and what is behind it is there. */
	g_autofree char *hole = g_malloc0 (4096);
	memcpy (hole + 4000, "\n\n" F1 "x: 1\n", strlen ("\n\n" F1 "x: 1\n"));
	g_autoptr (GPtrArray) mails = read_bytes (state, hole, 4096);
	assert_int_equal (mails->len, 1);
}

/* Archives */

static void
test_archive__has_members_of_every_kind (void **state)
{
	g_autoptr (GByteArray) one = make_mbox (0, 1);
	g_autoptr (GByteArray) three = make_mbox (1, 4);
	g_autoptr (GByteArray) junk = make_bytes ("junk");
	g_autoptr (GByteArray) single = make_bytes ("x: 1\n");
	g_autoptr (GByteArray) zipped = compress (ARCHIVE_FILTER_BZIP2, three->data, three->len);
	const Entry entries[] = {
		{ "m/", NULL, AE_IFDIR },
		{ "m/dovecot-uidlist", junk, 0 },
		{ "m/cur/1:2,S", one, 0 },
		{ "m/link", NULL, AE_IFLNK },
		{ "m/.hidden", junk, 0 },
		{ "./.bounces/new/2", single, 0 },
		{ "empty", NULL, 0 },
		{ "../../etc/in.mbox", three, 0 },
		{ "\xC3\xA9.bz2", zipped, 0 },
		{ "empty", single, 0 },
		{ 0 },
	};
	/* A zip tells only at its end what is a link: that is another test. */
	for (guint i = 0; i < G_N_ELEMENTS (formats) && formats[i] != ARCHIVE_FORMAT_ZIP; i++) {
		g_autoptr (GByteArray) bytes = pack (formats[i], ARCHIVE_FILTER_NONE, entries);
		g_autoptr (GPtrArray) mails = read_array (state, bytes);
		assert_int_equal (mails->len, 9);
		assert_file (state, mails, 0, "archive/m/cur/1:2,S", 0);
		assert_file (state, mails, 1, "archive/.bounces/new/2", 0);
		assert_text (mails, 1, "x: 1\n");
		assert_file (state, mails, 2, "archive/../../etc/in.mbox", 0);
		assert_file (state, mails, 4, "archive/../../etc/in.mbox", 2 * three->len / 3);
		assert_file (state, mails, 6, "archive/\xC3\xA9.bz2", three->len / 3);
		assert_file (state, mails, 8, "archive/empty", 0);
	}
}

static void
test_archive__of_zip_has_its_links_as_files (void **state)
{
	g_autoptr (GByteArray) single = make_bytes ("x: 1\n");
	const Entry entries[] = {
		{ "d/", NULL, AE_IFDIR },
		{ "d/link", NULL, AE_IFLNK },
		{ ".x", single, 0 },
		{ "d/1", single, 0 },
		{ 0 },
	};
	g_autoptr (GByteArray) bytes = pack (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, entries);
	g_autoptr (GPtrArray) mails = read_array (state, bytes);
	assert_int_equal (mails->len, 2);
	assert_file (state, mails, 0, "archive/d/link", 0);
	assert_file (state, mails, 1, "archive/d/1", 0);
}

static void
test_archive__tells_when_a_member_was_written (void **state)
{
	g_autoptr (GByteArray) one = make_mbox (0, 1);
	g_autoptr (GByteArray) bytes =
		pack (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, (Entry[]){ { "1", one, 0 }, { 0 } });
	g_autofree char *packed = write_array (state, "a", bytes);
	g_autofree char *plain = write_array (state, "b", one);
	struct stat status;
	const NxRawMessage *message;
	assert_int_equal (stat (plain, &status), 0);
	g_autoptr (NxSource) source = open_path (packed);
	assert_true (nx_source_next (source, &message, NULL));
	assert_int_equal (message->modified, MODIFIED);
	g_autoptr (NxSource) other = open_path (plain);
	assert_true (nx_source_next (other, &message, NULL));
	assert_int_equal (message->modified, status.st_mtime);
}

/* all.zip with mails.tar.gz with in.mbox.xz, beside other things in a folder. */
static GByteArray *
make_nested (void)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 3);
	g_autoptr (GByteArray) other = make_mbox (3, 5);
	g_autoptr (GByteArray) packed = compress (ARCHIVE_FILTER_XZ, mbox->data, mbox->len);
	const Entry inner[] = { { "readme", NULL, 0 }, { "in.mbox.xz", packed, 0 }, { "2", other, 0 }, { 0 } };
	g_autoptr (GByteArray) tar = pack (ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP, inner);
	const Entry outer[] = { { "0", other, 0 }, { "mails.tar.gz", tar, 0 }, { "1", other, 0 }, { 0 } };
	return pack (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, outer);
}

static void
assert_nested (void **state, const GPtrArray *mails, const char *name)
{
	static const char *const files[] = { "0",
					     "0",
					     "mails.tar.gz/in.mbox.xz",
					     "mails.tar.gz/in.mbox.xz",
					     "mails.tar.gz/in.mbox.xz",
					     "mails.tar.gz/2",
					     "mails.tar.gz/2",
					     "1",
					     "1" };
	assert_int_equal (mails->len, G_N_ELEMENTS (files));
	for (guint i = 0; i < mails->len; i++) {
		g_autofree char *file = g_strconcat (name, "/", files[i], NULL);
		if (state != NULL)
			assert_file (state, mails, i, file, get_mail (mails, i)->offset);
		else
			assert_string_equal (get_mail (mails, i)->file, file);
	}
}

static void
test_archive__may_be_in_archives_and_folders (void **state)
{
	g_autoptr (GByteArray) zip = make_nested ();
	g_free (write_array (state, "d/all.zip", zip));
	g_autofree char *path = make_path (state, "d");
	g_autoptr (GPtrArray) mails = read_path (path);
	assert_nested (state, mails, "d/all.zip");
}

static void
test_archive__may_come_through_a_pipe (void **state)
{
	(void)state;
	g_autoptr (GByteArray) zip = make_nested ();
	for (gsize largest = 1; largest <= 4096; largest *= 16) {
		int fds[2];
		assert_int_equal (pipe (fds), 0);
		Writer writer = { fds[1], (const char *)zip->data, zip->len, 1, largest };
		GThread *thread = g_thread_new ("writer", write_chunks, &writer);
		g_autoptr (NxSource) source = nx_source_open_fd (fds[0], "-", NULL);
		g_autoptr (GPtrArray) mails = read_source (source);
		assert_int_equal (nx_source_get_done_bytes (source), zip->len);
		g_thread_join (thread);
		close (fds[0]);
		assert_nested (NULL, mails, "-");
	}
}

static void
test_source_set_single__unpacks_nothing (void **state)
{
	g_autoptr (GByteArray) bytes = compress (ARCHIVE_FILTER_GZIP, "x: 1\n", 5);
	g_autofree char *path = write_array (state, "a", bytes);
	g_autoptr (NxSource) source = open_path (path);
	nx_source_set_single (source);
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (mails->len, 1);
	assert_data (mails, 0, bytes->data, bytes->len);
}

/* Cut anywhere: the members before the cut are there, and at most one error; none only where nothing is missing. */
static void
test_archive__is_read_up_to_the_cut (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 2);
	const Entry entries[] = { { "1", mbox, 0 }, { "2", mbox, 0 }, { "3", mbox, 0 }, { 0 } };
	for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
		g_autoptr (GByteArray) whole = pack (formats[i], ARCHIVE_FILTER_NONE, entries);
		g_autoptr (GPtrArray) want = read_array (state, whole);
		assert_int_equal (want->len, 6);
		for (guint length = 512; length < whole->len; length += 7) {
			guint errors = 0, mails = 0;
			g_autoptr (GByteArray) cut = g_byte_array_new ();
			g_byte_array_append (cut, whole->data, length);
			g_autoptr (GPtrArray) got = read_array (state, cut);
			for (guint n = 0; n < got->len; n++) {
				const Mail *mail = get_mail (got, n);
				errors += mail->file == NULL;
				if (mail->file == NULL || mail->truncated)
					continue;
				if (mails == want->len || !is_same_mail (mail, get_mail (want, mails)))
					fail_msg ("format %u, %u bytes: mail %u differs", i, length, mails);
				mails++;
			}
			if (errors > 1 || (errors == 0 && mails < want->len))
				fail_msg ("format %u, %u bytes: %u mails, %u errors", i, length, mails, errors);
		}
	}
}

static void
test_archive__goes_on_behind_a_broken_header (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 1);
	const Entry entries[] = { { "1", mbox, 0 }, { "2", mbox, 0 }, { "3", mbox, 0 }, { 0 } };
	g_autoptr (GByteArray) bytes = pack (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, entries);
	bytes->data[1024] ^= 1; /* the name of the second */
	g_autoptr (GPtrArray) mails = read_array (state, bytes);
	assert_int_equal (mails->len, 3);
	assert_file (state, mails, 0, "archive/1", 0);
	assert_error (state, mails, 1, "archive", "damaged");
	assert_file (state, mails, 2, "archive/3", 0);
}

static void
test_archive__goes_on_behind_a_damaged_member (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 40);
	g_autoptr (GByteArray) bad = compress (ARCHIVE_FILTER_GZIP, mbox->data, mbox->len);
	memset (bad->data + bad->len / 2, 0xFF, 20);
	const Entry entries[] = { { "1", mbox, 0 }, { "bad.gz", bad, 0 }, { "3", mbox, 0 }, { 0 } };
	for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
		g_autoptr (GByteArray) bytes = pack (formats[i], ARCHIVE_FILTER_NONE, entries);
		g_autoptr (GPtrArray) mails = read_array (state, bytes);
		assert_in_range (mails->len, 82, 120);
		assert_file (state, mails, mails->len - 40, "archive/3", 0);
		assert_error (state, mails, mails->len - 41, "archive/bad.gz", "gzip: damaged");
	}
}

/* Bombs */

static GByteArray *
make_bomb (gsize size)
{
	g_autofree char *zeros = g_malloc0 (size);
	g_autoptr (GByteArray) once = compress (ARCHIVE_FILTER_BZIP2, zeros, size);
	return compress (ARCHIVE_FILTER_BZIP2, once->data, once->len);
}

static void
test_bomb__is_given_up_and_what_follows_is_read (void **state)
{
	g_autoptr (GByteArray) mbox = make_mbox (0, 1);
	g_autoptr (GByteArray) bomb = make_bomb (NX_LIMIT_UNPACK_BYTES + (8u << 20));
	const Entry entries[] = { { "1", mbox, 0 }, { "bomb", bomb, 0 }, { "2", mbox, 0 }, { 0 } };
	g_autoptr (GByteArray) bytes = pack (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, entries);
	g_autoptr (GPtrArray) mails = read_array (state, bytes);
	guint last = mails->len - 1;
	assert_in_range (mails->len, 3, 4);
	assert_file (state, mails, 0, "archive/1", 0);
	assert_error (state, mails, last - 1, "archive/bomb", "500 times its size");
	assert_file (state, mails, last, "archive/2", 0);
}

static void
test_bomb__of_many_small_ones_ends_the_file (void **state)
{
	g_autoptr (GByteArray) bomb = make_bomb (48u << 20);
	Entry entries[21] = { 0 };
	for (guint i = 0; i < 20; i++)
		entries[i] = (Entry){ "bomb", bomb, 0 };
	g_autoptr (GByteArray) tar = pack (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, entries);
	g_free (write_array (state, "d/1", tar));
	write_text (state, "d/2", "x: 1\n");
	g_autofree char *path = make_path (state, "d");
	g_autoptr (GPtrArray) mails = read_path (path);
	assert_in_range (mails->len, 3, 2 + NX_LIMIT_UNPACK_FILE_BYTES / (48u << 20));
	assert_error (state, mails, mails->len - 2, "d/1/bomb", "times its size");
	assert_file (state, mails, mails->len - 1, "d/2", 0);
}

static void
test_bomb__has_a_cap_on_depth (void **state)
{
	for (guint depth = 1; depth <= NX_LIMIT_UNPACK_DEPTH + 2; depth++) {
		g_autoptr (GByteArray) bytes = make_bytes ("x: 1\n");
		for (guint i = 0; i < depth; i++) {
			g_autoptr (GByteArray) inner = g_steal_pointer (&bytes);
			bytes = i % 2 == 0 ? compress (ARCHIVE_FILTER_GZIP, inner->data, inner->len)
					   : pack (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE,
						   (Entry[]){ { "a", inner, 0 }, { 0 } });
		}
		g_autoptr (GPtrArray) mails = read_array (state, bytes);
		assert_int_equal (mails->len, 1);
		assert_int_equal (get_mail (mails, 0)->file != NULL, depth <= NX_LIMIT_UNPACK_DEPTH);
	}
}

static void
test_bomb__of_memory_is_refused (void **state)
{
	/* xz with a dictionary of 1.5 GiB: the header says so; made by xz --lzma2=dict=1536MiB */
	static const guint8 xz[] = {
		0xFD, '7',  'z',  'X',  'Z',  0x00, 0x00, 0x01, 0x69, 0x22, 0xDE, 0x36, 0x02, 0x00,
		0x21, 0x01, 0x25, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00
	};
	/* a zstd frame with a window of 2 GiB */
	static const guint8 zstd[] = { 0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x01, 0x00, 0x00 };
	g_autoptr (GPtrArray) second = read_bytes (state, zstd, sizeof zstd);
	assert_int_equal (second->len, 1);
	assert_error (state, second, 0, "archive", "zstd: needs too much memory");
	g_autoptr (GPtrArray) first = read_bytes (state, xz, sizeof xz);
	assert_int_equal (first->len, 1);
	assert_null (get_mail (first, 0)->file);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, make_dir, remove_dir)

int
main (void)
{
	const struct CMUnitTest tests[] = {
		TEST (test_compressed__is_the_file_itself),
		TEST (test_compressed__several_behind_each_other_are_one),
		TEST (test_compressed__nothing_holds_nothing),
		TEST (test_compressed__is_read_up_to_the_cut),
		TEST (test_packed__survives_any_damage),
		TEST (test_packing_recognise__takes_no_mail_for_packed),
		TEST (test_archive__has_members_of_every_kind),
		TEST (test_archive__of_zip_has_its_links_as_files),
		TEST (test_archive__tells_when_a_member_was_written),
		TEST (test_archive__may_be_in_archives_and_folders),
		TEST (test_archive__may_come_through_a_pipe),
		TEST (test_source_set_single__unpacks_nothing),
		TEST (test_archive__is_read_up_to_the_cut),
		TEST (test_archive__goes_on_behind_a_broken_header),
		TEST (test_archive__goes_on_behind_a_damaged_member),
		TEST (test_bomb__is_given_up_and_what_follows_is_read),
		TEST (test_bomb__of_many_small_ones_ends_the_file),
		TEST (test_bomb__has_a_cap_on_depth),
		TEST (test_bomb__of_memory_is_refused),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("archive", tests, NULL, NULL);
}
