/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_source.c: nixie/source.h: streams, descriptors and folders, and what a source does when something cannot be
 * read. How an mbox is split is in test_mbox.c.
 */
#include "base/limits.h"
#include "source-reader.h"

/* Streams */

static void
test_source_next__ends_more_than_once (void **state)
{
	g_autofree char *path = write_bytes (state, "a", "x: 1\n", 5);
	g_autoptr (NxSource) source = open_path (path);
	const NxRawMessage *message;
	assert_true (nx_source_next (source, &message, NULL));
	assert_non_null (message);
	for (guint i = 0; i < 3; i++) {
		assert_true (nx_source_next (source, &message, NULL));
		assert_null (message);
	}
}

static void
test_source_set_single__splits_nothing (void **state)
{
	const char *text = F1 "Subject: x\n\nreturned:\n\n" F2 "Subject: y\n\n>From z\n\n";
	write_text (state, "d/1", text);
	write_text (state, "d/2", "Subject: x\n\n" F1);
	for (guint i = 0; i < 2; i++) {
		g_autofree char *path = make_path (state, i == 0 ? "d/1" : "d");
		g_autoptr (NxSource) source = open_path (path);
		nx_source_set_single (source);
		g_autoptr (GPtrArray) mails = read_source (source);
		assert_int_equal (mails->len, i + 1);
		assert_text (mails, 0, text + strlen (F1));
		assert_string_equal (get_mail (mails, 0)->sender, "a@example.org");
		if (i == 1)
			assert_text (mails, 1, "Subject: x\n\n" F1);
	}
}

static void
test_source_next__stops_an_endless_device (void **state)
{
	(void)state;
	g_autoptr (NxSource) source = open_path ("/dev/zero");
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (mails->len, 1);
	assert_int_equal (g_bytes_get_size (get_mail (mails, 0)->data), NX_LIMIT_MESSAGE_BYTES);
	assert_true (get_mail (mails, 0)->truncated);
	assert_int_equal (nx_source_get_total_bytes (source), 0);
	g_autoptr (GPtrArray) none = read_path ("/dev/null");
	assert_int_equal (none->len, 0);
}

static void
test_source_open__reads_a_named_pipe_to_its_end (void **state)
{
	g_autofree char *path = make_path (state, "pipe");
	assert_int_equal (mkfifo (path, 0600), 0);
	/* Opened for both, so that neither side waits for the other. */
	int fd = g_open (path, O_RDWR, 0);
	g_autoptr (NxSource) source = open_path (path);
	const char *text = F1 "x: 1\n\n" F2 "x: 2\n";
	Writer writer = { fd, text, strlen (text), 1, 3 };
	GThread *thread = g_thread_new ("writer", write_chunks, &writer);
	g_autoptr (GPtrArray) mails = read_source (source);
	g_thread_join (thread);
	assert_int_equal (mails->len, 2);
	assert_text (mails, 1, "x: 2\n");
	assert_int_equal (nx_source_get_total_bytes (source), 0);
	assert_int_equal (nx_source_get_done_bytes (source), strlen (text));
}

static void
test_source_open_fd__reads_all_behind_the_cap (void **state)
{
	(void)state;
	/* A writer that is not read to the end fails in write(). */
	gsize length = NX_LIMIT_MESSAGE_BYTES + (1u << 20);
	g_autofree char *data = g_malloc0 (length);
	int fds[2];
	assert_int_equal (pipe (fds), 0);
	Writer writer = { fds[1], data, length, 1, 1u << 20 };
	GThread *thread = g_thread_new ("writer", write_chunks, &writer);
	g_autoptr (NxSource) source = nx_source_open_fd (fds[0], "-", NULL);
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (nx_source_get_done_bytes (source), length);
	g_thread_join (thread);
	close (fds[0]);
	assert_int_equal (mails->len, 1);
	assert_true (get_mail (mails, 0)->truncated);
}

static void
test_source_open_fd__waits_when_the_descriptor_does_not_block (void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal (pipe (fds), 0);
	assert_int_equal (fcntl (fds[0], F_SETFL, O_NONBLOCK), 0);
	g_autoptr (NxSource) source = nx_source_open_fd (fds[0], "-", NULL);
	Writer writer = { fds[1], "x: 1\n", 5, 1, 5 };
	GThread *thread = g_thread_new ("writer", write_chunks, &writer);
	g_autoptr (GPtrArray) mails = read_source (source);
	g_thread_join (thread);
	close (fds[0]);
	assert_int_equal (mails->len, 1);
	assert_text (mails, 0, "x: 1\n");
	assert_string_equal (get_mail (mails, 0)->file, "-");
}

static void
test_source_open_fd__leaves_the_descriptor_open (void **state)
{
	g_autofree char *path = write_bytes (state, "a", "junk" F1 "x: 1\n", strlen ("junk" F1 "x: 1\n"));
	int fd = g_open (path, O_RDONLY, 0);
	assert_int_equal (lseek (fd, 4, SEEK_SET), 4);
	NxSource *source = nx_source_open_fd (fd, "name", NULL);
	assert_int_equal (nx_source_get_total_bytes (source), strlen (F1 "x: 1\n"));
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (nx_source_get_done_bytes (source), strlen (F1 "x: 1\n"));
	nx_source_free (source);
	assert_int_equal (mails->len, 1);
	assert_int_equal (get_mail (mails, 0)->offset, 4);
	assert_int_equal (close (fd), 0);
}

static void
test_source_open__reads_stdin (void **state)
{
	g_autofree char *path = write_bytes (state, "a", F1 "x: 1\n", strlen (F1 "x: 1\n"));
	int kept = dup (STDIN_FILENO), fd = g_open (path, O_RDONLY, 0);
	assert_int_equal (dup2 (fd, STDIN_FILENO), STDIN_FILENO);
	close (fd);
	g_autoptr (NxSource) source = nx_source_open ("-", NULL);
	g_autoptr (GPtrArray) mails = read_source (source);
	if (kept >= 0) {
		dup2 (kept, STDIN_FILENO);
		close (kept);
	}
	assert_int_equal (mails->len, 1);
	assert_string_equal (get_mail (mails, 0)->file, "-");
	assert_text (mails, 0, "x: 1\n");
}

/* Errors */

static void
test_source_open__fails_with_path_and_reason (void **state)
{
	g_autofree char *path = make_path (state, "absent");
	g_autofree char *want = g_strdup_printf ("%s: No such file or directory", path);
	g_autoptr (GError) error = NULL;
	assert_null (nx_source_open (path, &error));
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_SOURCE));
	assert_string_equal (error->message, want);
	assert_null (nx_source_open (path, NULL));
}

static void
test_source_open_fd__fails_for_what_cannot_be_read (void **state)
{
	g_autoptr (GError) error = NULL;
	assert_null (nx_source_open_fd (-1, "name", &error));
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_SOURCE));
	assert_string_equal (error->message, "name: Bad file descriptor");
	g_clear_error (&error);
	int fd = g_open (*state, O_RDONLY, 0);
	assert_null (nx_source_open_fd (fd, "name", &error));
	assert_string_equal (error->message, "name: Is a directory");
	close (fd);
}

/* Root may read everything: what is forbidden is tried as nobody. Returns: FALSE where that cannot be. */
static gboolean
lower_privileges (void **state)
{
	if (geteuid () != 0)
		return TRUE;
	return g_chmod (*state, 0755) == 0 && seteuid (65534) == 0;
}

static void
raise_privileges (void)
{
	if (getuid () == 0)
		assert_int_equal (seteuid (0), 0);
}

static void
test_source_open__fails_for_an_unreadable_path (void **state)
{
	g_autofree char *path = write_bytes (state, "a", "x: 1\n", 5);
	g_autofree char *dir = make_path (state, "d");
	g_autofree char *want_path = g_strdup_printf ("%s: Permission denied", path);
	g_autofree char *want_dir = g_strdup_printf ("%s: Permission denied", dir);
	g_autoptr (GError) path_error = NULL;
	g_autoptr (GError) dir_error = NULL;
	assert_int_equal (g_chmod (path, 0), 0);
	assert_int_equal (g_mkdir (dir, 0), 0);
	if (!lower_privileges (state))
		return;
	NxSource *file_source = nx_source_open (path, &path_error);
	NxSource *dir_source = nx_source_open (dir, &dir_error);
	raise_privileges ();
	assert_null (file_source);
	assert_null (dir_source);
	assert_string_equal (path_error->message, want_path);
	assert_string_equal (dir_error->message, want_dir);
}

static void
test_source_next__fails_once_when_reading_fails (void **state)
{
	/* The first block is read; then the descriptor turns into one that cannot be read. */
	g_autoptr (GString) text = g_string_new (NULL);
	while (text->len < 2 * NX_LIMIT_READ_BYTES)
		g_string_append (text, F1 "x: 1\n\nbody\n\n");
	g_autofree char *path = write_bytes (state, "a", text->str, text->len);
	int fd = g_open (path, O_RDONLY, 0), other = g_open (path, O_WRONLY, 0);
	g_autoptr (NxSource) source = nx_source_open_fd (fd, "name", NULL);
	const NxRawMessage *message;
	assert_true (nx_source_next (source, &message, NULL));
	assert_int_equal (dup2 (other, fd), fd);
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_in_range (mails->len, 2, NX_LIMIT_READ_BYTES / strlen (F1 "x: 1\n\nbody\n\n"));
	for (guint i = 0; i + 1 < mails->len; i++)
		assert_text (mails, i, "x: 1\n\nbody\n");
	assert_text (mails, mails->len - 1, "name: Bad file descriptor");
	close (fd);
	close (other);
}

/* Folders */

static void G_GNUC_NULL_TERMINATED
assert_files (void **state, const char *name, ...)
{
	va_list args;
	g_autofree char *path = make_path (state, name);
	g_autoptr (GPtrArray) mails = read_path (path);
	guint count = 0;
	va_start (args, name);
	for (const char *want; (want = va_arg (args, const char *)) != NULL; count++) {
		g_autofree char *file = make_path (state, want);
		assert_non_null (get_mail (mails, count)->file);
		assert_string_equal (get_mail (mails, count)->file, file);
	}
	va_end (args);
	assert_int_equal (mails->len, count);
}

static void
test_source_open__reads_a_maildir_in_order_of_names (void **state)
{
	write_text (state, "m/cur/2.h:2,S", "x: 2\n");
	write_text (state, "m/cur/4.h:2,", "x: 4\n");
	write_text (state, "m/new/1.h", "x: 1\n");
	write_text (state, "m/new/3.h", "x: 3\n");
	write_text (state, "m/new/.hidden", "x: 0\n");
	write_text (state, "m/new/folder/5", "x: 0\n");
	write_text (state, "m/tmp/0.h", "x: 0\n");
	write_text (state, "m/dovecot.index", "x: 0\n");
	write_text (state, "m/.Sent/cur/1.h", "x: 0\n");
	assert_files (state, "m", "m/new/1.h", "m/cur/2.h:2,S", "m/new/3.h", "m/cur/4.h:2,", NULL);
}

static void
test_source_open__takes_no_maildir_for_one_without_cur_and_new (void **state)
{
	write_text (state, "d/a", "x: 1\n");
	write_text (state, "d/cur/1", "x: 1\n");
	write_text (state, "e/a", "x: 1\n");
	write_text (state, "e/new/1", "x: 1\n");
	assert_files (state, "d", "d/a", "d/cur/1", NULL);
	assert_files (state, "e", "e/a", "e/new/1", NULL);
}

static void
test_source_open__reads_a_tree_in_order_of_names (void **state)
{
	write_text (state, "d/10", "x: 1\n");
	write_text (state, "d/2", "x: 1\n");
	write_text (state, "d/1/b.eml", "x: 1\n");
	write_text (state, "d/1/A.eml", "x: 1\n");
	write_text (state, "d/\xC3\xA9", "x: 1\n");
	write_text (state, "d/z", "x: 1\n");
	write_text (state, "d/.hidden", "x: 1\n");
	write_text (state, "d/.git/config", "x: 1\n");
	write_text (state, "d/empty", "");
	write_text (state, "d/list/new/1", "x: 1\n");
	write_text (state, "d/list/tmp/2", "x: 1\n");
	g_autofree char *cur = make_path (state, "d/list/cur");
	assert_int_equal (g_mkdir (cur, 0700), 0);
	assert_files (state, "d", "d/1/A.eml", "d/1/b.eml", "d/10", "d/2", "d/list/new/1", "d/z", "d/\xC3\xA9", NULL);
}

static void
test_source_open__takes_an_mbox_and_any_bytes_inside_a_folder (void **state)
{
	write_text (state, "d/a", F1 "x: 1\n\n" F2 "x: 2\n");
	g_free (write_bytes (state, "d/b", "\0\1\2", 3));
	write_text (state, "d/c", "x: 3\n");
	g_autofree char *path = make_path (state, "d");
	g_autoptr (GPtrArray) mails = read_path (path);
	assert_int_equal (mails->len, 4);
	assert_text (mails, 0, "x: 1\n");
	assert_text (mails, 1, "x: 2\n");
	assert_data (mails, 2, "\0\1\2", 3);
	assert_string_equal (get_mail (mails, 2)->sender, "");
	assert_int_equal (get_mail (mails, 2)->date, 0);
	assert_text (mails, 3, "x: 3\n");
	assert_int_equal (get_mail (mails, 3)->offset, 0);
}

static void
link_to (void **state, const char *target, const char *name)
{
	g_autofree char *path = make_path (state, name);
	assert_int_equal (symlink (target, path), 0);
}

static void
test_source_open__follows_links_but_no_loops (void **state)
{
	write_text (state, "d/1", "x: 1\n");
	write_text (state, "d/sub/2", "x: 2\n");
	write_text (state, "other/3", "x: 3\n");
	write_text (state, "file", "x: 4\n");
	link_to (state, "../file", "d/link");
	link_to (state, "../other", "d/other");
	link_to (state, "../other", "d/other2");
	link_to (state, ".", "d/self");
	link_to (state, "../../d", "d/sub/up");
	assert_files (state, "d", "d/1", "d/link", "d/other/3", "d/sub/2", NULL);
	link_to (state, "d", "root");
	assert_files (state, "root", "root/1", "root/link", "root/other/3", "root/sub/2", NULL);
}

static void
test_source_open__leaves_pipes_and_sockets_in_folders_alone (void **state)
{
	write_text (state, "d/2", "x: 1\n");
	g_autofree char *path = make_path (state, "d/1");
	assert_int_equal (mkfifo (path, 0600), 0);
	link_to (state, "/dev/zero", "d/3");
	assert_files (state, "d", "d/2", NULL);
}

static void
test_source_next__goes_on_behind_a_pipe_that_took_a_files_place (void **state)
{
	write_text (state, "d/1", "x: 1\n");
	write_text (state, "d/2", "x: 2\n");
	g_autofree char *dir = make_path (state, "d");
	g_autofree char *path = make_path (state, "d/1");
	g_autofree char *want = g_strdup_printf ("%s: no longer a regular file", path);
	g_autoptr (NxSource) source = open_path (dir);
	assert_int_equal (g_remove (path), 0);
	assert_int_equal (mkfifo (path, 0600), 0);
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (mails->len, 2);
	assert_text (mails, 0, want);
	assert_text (mails, 1, "x: 2\n");
}

static void
test_source_open__has_a_cap_on_depth (void **state)
{
	g_autoptr (GString) name = g_string_new ("d");
	g_autofree char *path = make_path (state, "d");
	g_autofree char *want = NULL;
	for (guint depth = 0; depth <= NX_LIMIT_FOLDER_DEPTH + 2; depth++) {
		g_autofree char *file = g_strconcat (name->str, "/1", NULL);
		write_text (state, file, "x: 1\n");
		if (depth == NX_LIMIT_FOLDER_DEPTH + 1)
			want = g_strdup_printf ("%s/%s: more than 32 folders deep", (const char *)*state, name->str);
		g_string_append (name, "/2");
	}
	/* the files of the first folder and of 32 inside it, and the word on the one left out */
	g_autoptr (GPtrArray) mails = read_path (path);
	assert_int_equal (mails->len, NX_LIMIT_FOLDER_DEPTH + 2);
	for (guint i = 0; i <= NX_LIMIT_FOLDER_DEPTH; i++)
		assert_text (mails, i, "x: 1\n");
	assert_text (mails, NX_LIMIT_FOLDER_DEPTH + 1, want);
}

static void
test_source_next__names_what_it_cannot_read_and_goes_on (void **state)
{
	write_text (state, "d/1", "x: 1\n");
	write_text (state, "d/3", "x: 3\n");
	write_text (state, "d/4", "x: 4\n");
	write_text (state, "d/5", "x: 5\n");
	link_to (state, "nowhere", "d/2");
	g_autofree char *dir = make_path (state, "d");
	g_autofree char *gone = make_path (state, "d/4");
	g_autofree char *dangling = make_path (state, "d/2");
	g_autofree char *want_gone = g_strdup_printf ("%s: No such file or directory", gone);
	g_autofree char *want_dangling = g_strdup_printf ("%s: No such file or directory", dangling);
	g_autoptr (NxSource) source = open_path (dir);
	assert_int_equal (g_remove (gone), 0);
	write_text (state, "d/5", "x:\n");
	g_autoptr (GPtrArray) mails = read_source (source);
	assert_int_equal (mails->len, 5);
	assert_text (mails, 0, "x: 1\n");
	assert_text (mails, 1, want_dangling);
	assert_text (mails, 2, "x: 3\n");
	assert_text (mails, 3, want_gone);
	assert_text (mails, 4, "x:\n");
	assert_int_equal (nx_source_get_done_bytes (source), nx_source_get_total_bytes (source));
}

static void
test_source_next__names_an_unreadable_file_and_folder (void **state)
{
	write_text (state, "d/1", "x: 1\n");
	write_text (state, "d/2/1", "x: 1\n");
	write_text (state, "d/3", "x: 3\n");
	g_autofree char *dir = make_path (state, "d");
	g_autofree char *file = make_path (state, "d/1");
	g_autofree char *inner = make_path (state, "d/2");
	g_autofree char *want_file = g_strdup_printf ("%s: Permission denied", file);
	g_autofree char *want_inner = g_strdup_printf ("%s: Permission denied", inner);
	assert_int_equal (g_chmod (file, 0), 0);
	assert_int_equal (g_chmod (inner, 0), 0);
	assert_int_equal (g_chmod (dir, 0755), 0);
	g_autofree char *third = make_path (state, "d/3");
	assert_int_equal (g_chmod (third, 0644), 0);
	if (!lower_privileges (state))
		return;
	g_autoptr (GPtrArray) mails = read_path (dir);
	raise_privileges ();
	assert_int_equal (g_chmod (inner, 0700), 0);
	assert_int_equal (mails->len, 3);
	assert_text (mails, 0, want_file);
	assert_text (mails, 1, want_inner);
	assert_text (mails, 2, "x: 3\n");
}

static void
test_source_get_done_bytes__grows_to_the_total (void **state)
{
	write_text (state, "d/1", F1 "x: 1\n\n" F2 "x: 2\n");
	write_text (state, "d/2", "");
	write_text (state, "d/3", "x: 3\n");
	g_autofree char *dir = make_path (state, "d");
	g_autoptr (NxSource) source = open_path (dir);
	const guint64 first = strlen (F1 "x: 1\n\n"), second = strlen (F2 "x: 2\n"), third = 5;
	const guint64 want[] = { first, first + second, first + second + third };
	assert_int_equal (nx_source_get_total_bytes (source), want[2]);
	assert_int_equal (nx_source_get_done_bytes (source), 0);
	for (guint i = 0; i < G_N_ELEMENTS (want); i++) {
		const NxRawMessage *message = NULL;
		assert_true (nx_source_next (source, &message, NULL));
		assert_non_null (message);
		assert_int_equal (nx_source_get_done_bytes (source), want[i]);
	}
	g_autoptr (GPtrArray) rest = read_source (source);
	assert_int_equal (rest->len, 0);
	assert_int_equal (nx_source_get_done_bytes (source), want[2]);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, make_dir, remove_dir)

int
main (void)
{
	const struct CMUnitTest tests[] = {
		TEST (test_source_next__ends_more_than_once),
		TEST (test_source_set_single__splits_nothing),
		TEST (test_source_next__stops_an_endless_device),
		TEST (test_source_open__reads_a_named_pipe_to_its_end),
		TEST (test_source_open_fd__reads_all_behind_the_cap),
		TEST (test_source_open_fd__waits_when_the_descriptor_does_not_block),
		TEST (test_source_open_fd__leaves_the_descriptor_open),
		TEST (test_source_open__reads_stdin),
		TEST (test_source_open__fails_with_path_and_reason),
		TEST (test_source_open_fd__fails_for_what_cannot_be_read),
		TEST (test_source_open__fails_for_an_unreadable_path),
		TEST (test_source_next__fails_once_when_reading_fails),
		TEST (test_source_open__reads_a_maildir_in_order_of_names),
		TEST (test_source_open__takes_no_maildir_for_one_without_cur_and_new),
		TEST (test_source_open__reads_a_tree_in_order_of_names),
		TEST (test_source_open__takes_an_mbox_and_any_bytes_inside_a_folder),
		TEST (test_source_open__follows_links_but_no_loops),
		TEST (test_source_open__leaves_pipes_and_sockets_in_folders_alone),
		TEST (test_source_next__goes_on_behind_a_pipe_that_took_a_files_place),
		TEST (test_source_open__has_a_cap_on_depth),
		TEST (test_source_next__names_what_it_cannot_read_and_goes_on),
		TEST (test_source_next__names_an_unreadable_file_and_folder),
		TEST (test_source_get_done_bytes__grows_to_the_total),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name ("source", tests, NULL, NULL);
}
