/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_position.c: nx_source_get_position() and nx_source_open_at(): behind every message of every kind of source one
 * can go on, and where the file is not what it was, one begins anew.
 */
#include "base/limits.h"
#include "source-reader.h"

#include <archive.h>
#include <archive_entry.h>

/* A position that outlives its source. */
typedef NxSourcePosition Kept;

static void
kept_free (gpointer data)
{
	Kept *kept = data;
	g_free ((gpointer)(guintptr)kept->path);
	g_free ((gpointer)(guintptr)kept->member);
	g_free ((gpointer)(guintptr)kept->identity);
	g_free (kept);
}

static Kept *
keep (NxSource *source)
{
	NxSourcePosition position;
	assert_true (nx_source_get_position (source, &position));
	Kept *kept = g_new0 (Kept, 1);
	kept->path = g_strdup (position.path);
	kept->member = g_strdup (position.member);
	kept->identity = g_strdup (position.identity);
	kept->offset = position.offset;
	return kept;
}

/* Reads all; a position behind each message. */
static GPtrArray *
keep_all (const char *path)
{
	GPtrArray *all = g_ptr_array_new_with_free_func (kept_free);
	g_autoptr (NxSource) source = open_path (path);
	const NxRawMessage *message;
	while (nx_source_next (source, &message, NULL) && message != NULL)
		g_ptr_array_add (all, keep (source));
	return all;
}

static GPtrArray *
read_at (const char *path, const Kept *kept, gboolean *found_out)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxSource) source = nx_source_open_at (path, kept, found_out, &error);
	assert_null (error);
	GPtrArray *mails = read_source (source);
	assert_int_equal (nx_source_get_done_bytes (source), nx_source_get_total_bytes (source));
	return mails;
}

static void
assert_found (const char *path, const Kept *kept, gboolean want, guint count)
{
	gboolean found;
	g_autoptr (GPtrArray) mails = read_at (path, kept, &found);
	assert_int_equal (found, want);
	assert_int_equal (mails->len, count);
}

/* From behind each message on, the rest is what it is when all is read. */
static void
assert_resumes (void **state, const char *name, guint count)
{
	g_autofree char *path = make_path (state, name);
	g_autoptr (GPtrArray) all = read_path (path);
	g_autoptr (GPtrArray) kept = keep_all (path);
	assert_int_equal (all->len, count);
	assert_int_equal (kept->len, count);
	for (guint i = 0; i < count; i++) {
		gboolean found;
		g_autoptr (GPtrArray) rest = read_at (path, g_ptr_array_index (kept, i), &found);
		if (!found || rest->len != count - i - 1)
			fail_msg ("%s: behind message %u: found %d, %u left", name, i, found, rest->len);
		for (guint n = 0; n < rest->len; n++) {
			const Mail *a = get_mail (rest, n), *b = get_mail (all, i + 1 + n);
			if (!g_bytes_equal (a->data, b->data) || a->offset != b->offset ||
			    strcmp (a->file, b->file) != 0)
				fail_msg ("%s: behind message %u: mail %u differs", name, i, n);
		}
	}
}

#define MBOX F1 "x: 1\n\n>From a\n\n" F2 "x: 2\nContent-Length: 2\n\na\n" F3 "x: 3\n\nb\n" F1 "x: 4\n\n" F1 F2 "x: 6\n"

static void
write_packed (void **state, const char *name, int format, int filter, const char *first, ...)
{
	va_list args;
	g_autofree char *path = make_path (state, name);
	struct archive *writer = archive_write_new ();
	archive_write_add_filter (writer, filter);
	archive_write_set_format (writer, format);
	assert_int_equal (archive_write_open_filename (writer, path), ARCHIVE_OK);
	va_start (args, first);
	for (const char *member = first; member != NULL; member = va_arg (args, const char *)) {
		g_autofree char *file = make_path (state, member);
		g_autofree char *data = NULL;
		gsize length;
		assert_true (g_file_get_contents (file, &data, &length, NULL));
		struct archive_entry *entry = archive_entry_new ();
		archive_entry_set_pathname (entry, member);
		archive_entry_set_filetype (entry, AE_IFREG);
		archive_entry_set_size (entry, (la_int64_t)length);
		assert_int_equal (archive_write_header (writer, entry), ARCHIVE_OK);
		assert_int_equal (archive_write_data (writer, data, length), length);
		archive_entry_free (entry);
	}
	va_end (args);
	assert_int_equal (archive_write_close (writer), ARCHIVE_OK);
	archive_write_free (writer);
}

static void
test_open_at__goes_on_in_plain_files (void **state)
{
	write_text (state, "lf", MBOX);
	write_text (state, "crlf",
		    "From a Mon Jan  2 10:00:00 2006\r\nx: 1\r\n\r\nFrom b Mon Jan  2 10:00:00 2006\r\nx: 2\r\n");
	write_text (state, "cr", "From a Mon Jan  2 10:00:00 2006\rx: 1\r\rFrom b Mon Jan  2 10:00:00 2006\rx: 2\r");
	write_text (state, "mmdf", "\1\1\1\1\nx: 1\n\1\1\1\1\n\1\1\1\1\nx: 2\n\1\1\1\1\n");
	write_text (state, "mark", "\xEF\xBB\xBF\n" F1 "x: 1\n\n" F2 "x: 2\n\n\n");
	write_text (state, "single", "x: 1\n\nbody\n");
	assert_resumes (state, "lf", 6);
	assert_resumes (state, "crlf", 2);
	assert_resumes (state, "cr", 2);
	assert_resumes (state, "mmdf", 2);
	assert_resumes (state, "mark", 2);
	assert_resumes (state, "single", 1);
}

static void
test_open_at__goes_on_far_inside (void **state)
{
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint i = 0; i < 40; i++) {
		g_string_append_printf (text, F1 "x: %u\n\n", i);
		for (guint n = 0; n < 2000; n++)
			g_string_append_printf (text, "%u %u line\n", i, n);
		g_string_append (text, "\n");
	}
	write_text (state, "a", text->str);
	write_packed (state, "a.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, "a", NULL);
	assert_resumes (state, "a", 40);
	assert_resumes (state, "a.gz", 40);
}

static void
test_open_at__goes_on_in_archives_and_folders (void **state)
{
	write_text (state, "a", MBOX);
	write_text (state, "b", "x: 1\n");
	write_text (state, ".c", "");
	write_packed (state, "a.xz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, "a", NULL);
	write_packed (state, "t.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, "a", ".c", "a", "b", "a.xz", NULL);
	write_packed (state, "t.tgz", ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP, "b", "a", ".c", "b", NULL);
	write_packed (state, "z.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, "b", "t.tgz", ".c", "t.tar", "a", NULL);
	assert_resumes (state, "a.xz", 6);
	assert_resumes (state, "t.tar", 19);
	assert_resumes (state, "t.tgz", 8);
	assert_resumes (state, "z.zip", 1 + 8 + 19 + 6);
	assert_resumes (state, "", 6 + 6 + 1 + 19 + 8 + 34);
	write_text (state, "m/cur/1", "x: 1\n");
	write_text (state, "m/new/2", F1 "x: 1\n");
	write_text (state, "m/new/3", "x: 3\n");
	assert_resumes (state, "m", 3);
}

static void
test_open_at__reads_what_was_appended (void **state)
{
	write_text (state, "a", F1 "x: 1\n\n" F2 "x: 2\n\n");
	g_autofree char *path = make_path (state, "a");
	g_autoptr (GPtrArray) kept = keep_all (path);
	write_text (state, "a", F1 "x: 1\n\n" F2 "x: 2\n\n" F3 "x: 3\n");
	assert_found (path, g_ptr_array_index (kept, 1), TRUE, 1);
	/* a writer that finds no empty line at the end makes one */
	write_text (state, "a", F1 "x: 1\n\n" F2 "x: 2\n\n\n" F3 "x: 3\n");
	assert_found (path, g_ptr_array_index (kept, 1), TRUE, 1);
}

static void
test_open_at__begins_anew_where_the_file_is_another (void **state)
{
	g_autofree char *path = make_path (state, "a");
	write_text (state, "a", F1 "x: 1\n\n" F2 "x: 2\n\n" F3 "x: 3\n");
	g_autoptr (GPtrArray) kept = keep_all (path);
	const Kept *second = g_ptr_array_index (kept, 1), *third = g_ptr_array_index (kept, 2);
	static const char *const others[] = {
		/* the first one, the second one, the last one changed; the first one gone; cut; the last one grew */
		F1 "x: 9\n\n" F2 "x: 2\n\n" F3 "x: 3\n",
		F1 "x: 1\n\n" F2 "x: 9\n\n" F3 "x: 3\n",
		F2 "x: 2\n\n" F3 "x: 3\n\n" F3 "x: 3\n",
		F1 "x: 1\n\n" F2 "x: 2\n\n",
		"",
	};
	static const guint counts[] = { 3, 3, 3, 2, 0 };
	for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
		write_text (state, "a", others[i]);
		assert_found (path, third, FALSE, counts[i]);
		if (i != 3)
			assert_found (path, second, FALSE, counts[i]);
	}
	write_text (state, "a", F1 "x: 1\n\n" F2 "x: 2\n\n" F3 "x: 3\nand on");
	assert_found (path, third, FALSE, 3);
}

/* A long mbox whose first block stays the same while a message in the middle goes. */
static void
test_open_at__begins_anew_where_the_place_has_moved (void **state)
{
	g_autoptr (GString) text = g_string_new (NULL);
	for (guint i = 0; i < 400; i++)
		g_string_append_printf (text, F1 "x: %03u\n\nbody\n\n", i);
	gsize size = text->len / 400;
	g_autofree char *path = write_bytes (state, "a", text->str, text->len);
	g_autoptr (GPtrArray) kept = keep_all (path);
	/* All have one size, so there is a message at the place: another one. */
	g_string_erase (text, (gssize)(200 * size), (gssize)size);
	g_free (write_bytes (state, "a", text->str, text->len));
	assert_found (path, g_ptr_array_index (kept, 150), TRUE, 399 - 151);
	assert_found (path, g_ptr_array_index (kept, 250), FALSE, 399);
}

static void
test_open_at__begins_anew_where_members_have_moved (void **state)
{
	write_text (state, "a", MBOX);
	write_text (state, "b", "x: 1\n");
	write_text (state, "d/1", "x: 1\n");
	write_text (state, "d/2", "x: 2\n");
	write_packed (state, "t", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, "b", "a", NULL);
	g_autofree char *path = make_path (state, "t");
	g_autofree char *dir = make_path (state, "d");
	g_autoptr (GPtrArray) kept = keep_all (path);
	g_autoptr (GPtrArray) files = keep_all (dir);
	const Kept *position = g_ptr_array_index (kept, 3);
	assert_string_equal (position->member, "1");
	Kept wrong = *position;
	static const char *const members[] = { "", "0", "2", "1.0", "x", "99999999999999999999" };
	for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
		wrong.member = members[i];
		assert_found (path, &wrong, FALSE, 7);
	}
	static const char *const identities[] = {
		"", "1", "1-2-3-4", "99999999-0-0-0-0", "4096-0-0-256-0", "0-0-0-0-0"
	};
	for (guint i = 0; i < G_N_ELEMENTS (identities); i++) {
		wrong = *position;
		wrong.identity = identities[i];
		assert_found (path, &wrong, FALSE, 7);
	}
	write_packed (state, "t", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, "a", "b", NULL);
	assert_found (path, position, FALSE, 7);
	g_autofree char *first = make_path (state, "d/1");
	assert_int_equal (g_remove (first), 0);
	assert_found (dir, g_ptr_array_index (files, 0), FALSE, 1);
	assert_found (dir, g_ptr_array_index (files, 1), TRUE, 0);
}

static void
test_get_position__is_the_message_itself_when_it_was_cut (void **state)
{
	g_autoptr (GString) text = g_string_new (F1 "x: 1\n\n");
	g_string_set_size (text, NX_LIMIT_MESSAGE_BYTES + 100000);
	memset (text->str + 60, 'a', text->len - 60);
	g_string_append (text, "\n\n" F2 "x: 2\n");
	g_autofree char *path = write_bytes (state, "a", text->str, text->len);
	g_autoptr (GPtrArray) kept = keep_all (path);
	assert_int_equal (kept->len, 2);
	assert_int_equal (((const Kept *)g_ptr_array_index (kept, 0))->offset, 0);
	assert_found (path, g_ptr_array_index (kept, 0), TRUE, 2);
	assert_found (path, g_ptr_array_index (kept, 1), TRUE, 0);
}

static void
test_get_position__is_none_where_one_cannot_come_back (void **state)
{
	NxSourcePosition position;
	const NxRawMessage *message;
	write_text (state, "a", MBOX);
	g_autofree char *path = make_path (state, "a");
	g_autoptr (NxSource) file = open_path (path);
	assert_false (nx_source_get_position (file, &position));
	while (nx_source_next (file, &message, NULL) && message != NULL)
		assert_true (nx_source_get_position (file, &position));
	assert_false (nx_source_get_position (file, &position));
	int fds[2];
	assert_int_equal (pipe (fds), 0);
	assert_int_equal (write (fds[1], MBOX, strlen (MBOX)), strlen (MBOX));
	close (fds[1]);
	g_autoptr (NxSource) source = nx_source_open_fd (fds[0], "pipe", NULL);
	assert_true (nx_source_next (source, &message, NULL));
	assert_false (nx_source_get_position (source, &position));
	close (fds[0]);
}

static void
test_open_at__fails_as_open_does (void **state)
{
	const NxSourcePosition position = { "a", "", "0-0-0-0-0", 0 };
	g_autofree char *path = make_path (state, "absent");
	g_autoptr (GError) error = NULL;
	gboolean found = TRUE;
	assert_null (nx_source_open_at (path, &position, &found, &error));
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_SOURCE));
	assert_false (found);
}

/* What is chosen for the files of one name; the others are read. */
typedef struct {
	const char *name;
	NxSourceChoice choice;
	const Kept *kept;
	guint asked;
	guint in_maildir;
} Choice;

static NxSourceChoice
choose_cb (const NxSourceFile *file, NxSourcePosition *position_out, gpointer user_data)
{
	Choice *choice = user_data;
	g_autofree char *name = g_path_get_basename (file->path);
	struct stat status;
	assert_int_equal (stat (file->path, &status), 0);
	assert_int_equal (file->size, status.st_size);
	choice->asked++;
	choice->in_maildir += file->in_maildir ? 1 : 0;
	if (strcmp (name, choice->name) != 0)
		return NX_SOURCE_READ;
	if (choice->choice == NX_SOURCE_GO_ON)
		*position_out = *choice->kept;
	return choice->choice;
}

static void
assert_chosen (const char *path, Choice choice, guint files, guint maildir, guint count, guint64 passed)
{
	g_autoptr (NxSource) source = open_path (path);
	nx_source_set_choose (source, choose_cb, &choice);
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (mails->len, count);
	assert_int_equal (choice.asked, files);
	assert_int_equal (choice.in_maildir, maildir);
	assert_int_equal (nx_source_get_passed_bytes (source), passed);
	assert_int_equal (nx_source_get_done_bytes (source), nx_source_get_total_bytes (source));
}

static void
test_set_choose__passes_over_and_goes_on (void **state)
{
	static const char *const folders[] = { "d", "d/m", "d/m/cur", "d/m/new" };
	for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
		g_autofree char *folder = make_path (state, folders[i]);
		assert_int_equal (g_mkdir (folder, 0700), 0);
	}
	write_text (state, "d/a.mbox", F1 "x: 1\n\n" F2 "x: 2\n\n" F3 "x: 3\n");
	write_text (state, "d/m/new/1", "x: 4\n");
	write_text (state, "d/m/cur/2:2,S", "x: 5\n");
	write_text (state, "d/z.eml", "x: 6\n");
	g_autofree char *path = make_path (state, "d");
	g_autofree char *mbox = make_path (state, "d/a.mbox");
	g_autoptr (GPtrArray) kept = keep_all (mbox);
	const Kept *second = g_ptr_array_index (kept, 1);
	assert_chosen (path, (Choice){ .name = "" }, 4, 2, 6, 0);
	assert_chosen (path, (Choice){ .name = "2:2,S", .choice = NX_SOURCE_PASS }, 4, 2, 5, 5);
	assert_chosen (path, (Choice){ .name = "z.eml", .choice = NX_SOURCE_PASS }, 4, 2, 5, 5);
	assert_chosen (path, (Choice){ "a.mbox", NX_SOURCE_GO_ON, second, 0, 0 }, 4, 2, 4, second->offset);
	/* Where the place is not there, the file is read as if nobody had chosen. */
	assert_chosen (path, (Choice){ "z.eml", NX_SOURCE_GO_ON, second, 0, 0 }, 4, 2, 6, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, make_dir, remove_dir)

int
main (void)
{
	const struct CMUnitTest tests[] = {
		TEST (test_open_at__goes_on_in_plain_files),
		TEST (test_open_at__goes_on_far_inside),
		TEST (test_open_at__goes_on_in_archives_and_folders),
		TEST (test_open_at__reads_what_was_appended),
		TEST (test_open_at__begins_anew_where_the_file_is_another),
		TEST (test_open_at__begins_anew_where_the_place_has_moved),
		TEST (test_open_at__begins_anew_where_members_have_moved),
		TEST (test_get_position__is_the_message_itself_when_it_was_cut),
		TEST (test_get_position__is_none_where_one_cannot_come_back),
		TEST (test_open_at__fails_as_open_does),
		TEST (test_set_choose__passes_over_and_goes_on),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("position", tests, NULL, NULL);
}
