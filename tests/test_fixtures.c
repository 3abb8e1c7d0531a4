/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_fixtures.c: every mail of fixtures/mail against the .json beside it; one result a mail.
 *
 * For NAME.eml there are up to four kinds of tests, named by its path below fixtures/mail:
 *
 *     NAME.eml           read as from disk: its events are the lines of NAME.json; no .json is a failure.
 *     NAME.eml: as LF    and CRLF, CR: other line ends change nothing. Mails about line ends live in raw/ and are left
 *                        out.
 *     NAME.eml: cut      ends early at a few points: no crash, and no recipient that the whole mail does not give.
 *     NAME.eml: is no report   for not-a-report/: one event of kind none, whatever its .json says.
 *
 * Then the archive: bounces.mbox means what truth.csv says, and leads to states.csv.
 *
 * NX_UPDATE=1 writes the .json files anew: read the difference before you believe it. Nothing here judges a mail by
 * itself; what a mail means stands in its .json.
 */
#include <nixie/nixie.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#define CUT_STEPS 12
#define CUT_LINES 120
#define DEPTH_MAX 8
#define EXCERPT_BEFORE 40
#define EXCERPT_BYTES 200

/* cmocka 1.1 keeps the message of fail_msg () to itself in TAP, and print_message () cuts a long one with its newline.
 */
#define fail_saying(...)                                                 \
	do {                                                             \
		g_autofree char *saying = g_strdup_printf (__VA_ARGS__); \
		g_strdelimit (saying, "\r\n", ' ');                      \
		printf ("# %s\n", saying);                               \
		fail ();                                                 \
	} while (0)

/* Where a mail lies, and its name in results and in the file member of its events. */
typedef struct {
	char *path;
	char *name;
} Fixture;

static NxPipeline *pipeline;

static void
fixture_free_cb (gpointer data)
{
	Fixture *fixture = data;
	g_free (fixture->path);
	g_free (fixture->name);
	g_free (fixture);
}

static void
event_free_cb (gpointer data)
{
	nx_event_free (data);
}

static const char *
get_fixtures_folder (void)
{
	const char *folder = g_getenv ("NX_FIXTURES");
	return folder != NULL ? folder : "fixtures";
}

static char *
make_json_path (const Fixture *fixture)
{
	g_autofree char *stem = g_strndup (fixture->path, strlen (fixture->path) - strlen (".eml"));
	return g_strconcat (stem, ".json", NULL);
}

/* ---- reading ---- */

static void
add_events (GString *lines, const NxRawMessage *message, const char *name, gboolean recipients_only)
{
	NxRawMessage raw = *message;
	raw.file = name;
	g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
	assert_non_null (events);
	assert_true (events->len > 0);
	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);
		g_autofree char *line = recipients_only
						? g_strconcat (event->recipient, "\n", event->original_recipient, NULL)
						: nx_output_format_event (event);
		g_string_append_printf (lines, "%s\n", line);
	}
}

/* As the program reads it: the source takes a From_ line off, and an empty file holds no message. */
static char *
read_from_disk (const Fixture *fixture)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxSource) source = nx_source_open (fixture->path, &error);
	if (source == NULL)
		fail_saying ("%s", error->message);
	GString *lines = g_string_new (NULL);
	const NxRawMessage *message = NULL;
	while (nx_source_next (source, &message, &error) && message != NULL)
		add_events (lines, message, fixture->name, FALSE);
	if (error != NULL)
		fail_saying ("%s", error->message);
	return g_string_free (lines, FALSE);
}

/* From memory of exactly the message's size, so that reading beyond its end is seen. */
static char *
read_from_memory (const Fixture *fixture, const char *data, gsize length, gboolean recipients_only)
{
	g_autofree char *copy = length > 0 ? g_memdup2 (data, length) : NULL;
	const NxRawMessage raw = { .data = copy != NULL ? copy : "", .length = length, .envelope_sender = "" };
	GString *lines = g_string_new (NULL);
	add_events (lines, &raw, fixture->name, recipients_only);
	return g_string_free (lines, FALSE);
}

static char *
load (const char *path, gsize *length_out)
{
	g_autoptr (GError) error = NULL;
	char *data = NULL;
	if (!g_file_get_contents (path, &data, length_out, &error))
		fail_saying ("%s", error->message);
	return data;
}

/* @line from a little before @from on, for people. */
static char *
make_excerpt (const char *line, gsize from)
{
	if (line == NULL)
		return g_strdup ("(no line)");
	g_autofree char *excerpt =
		g_strndup (line + (from > EXCERPT_BEFORE ? from - EXCERPT_BEFORE : 0), EXCERPT_BYTES);
	return g_utf8_make_valid (excerpt, -1);
}

/* Shows the first difference; the whole would drown it. */
static void
assert_same_lines (const char *what, const char *got, const char *want)
{
	if (g_str_equal (got, want))
		return;
	g_auto (GStrv) got_lines = g_strsplit (got, "\n", -1);
	g_auto (GStrv) want_lines = g_strsplit (want, "\n", -1);
	guint i = 0;
	while (got_lines[i] != NULL && want_lines[i] != NULL && g_str_equal (got_lines[i], want_lines[i]))
		i++;
	gsize from = 0;
	while (got_lines[i] != NULL && want_lines[i] != NULL && got_lines[i][from] == want_lines[i][from])
		from++;
	g_autofree char *got_excerpt = make_excerpt (got_lines[i], from);
	g_autofree char *want_excerpt = make_excerpt (want_lines[i], from);
	fail_saying ("%s, line %u: want …%s… got …%s…", what, i + 1, want_excerpt, got_excerpt);
}

/* ---- the tests ---- */

static void
test_pipeline_read__gives_the_json_beside_the_mail (void **state)
{
	const Fixture *fixture = *state;
	g_autoptr (GError) error = NULL;
	g_autofree char *got = read_from_disk (fixture);
	g_autofree char *json_path = make_json_path (fixture);
	if (g_strcmp0 (g_getenv ("NX_UPDATE"), "1") == 0) {
		if (!g_file_set_contents (json_path, got, -1, &error))
			fail_saying ("%s", error->message);
		return;
	}
	g_autofree char *want = load (json_path, NULL);
	assert_same_lines (json_path, got, want);
}

static char *
convert_line_ends (const char *data, gsize length, const char *line_end, gsize *length_out)
{
	GString *text = g_string_sized_new (length * 2);
	for (gsize i = 0; i < length; i++) {
		if (data[i] == '\n')
			g_string_append (text, line_end);
		else
			g_string_append_c (text, data[i]);
	}
	*length_out = text->len;
	return g_string_free (text, FALSE);
}

static void
check_line_ends (const Fixture *fixture, const char *line_end)
{
	gsize length = 0;
	g_autofree char *data = load (fixture->path, &length);
	assert_null (memchr (data, '\r', length)); /* or the mail belongs into raw/ */
	g_autofree char *want = read_from_disk (fixture);
	gsize converted_length = 0;
	g_autofree char *converted = convert_line_ends (data, length, line_end, &converted_length);
	g_autofree char *got = read_from_memory (fixture, converted, converted_length, FALSE);
	assert_same_lines (fixture->name, got, want);
}

static void
test_pipeline_read__takes_lf (void **state)
{
	check_line_ends (*state, "\n");
}

static void
test_pipeline_read__takes_crlf (void **state)
{
	check_line_ends (*state, "\r\n");
}

static void
test_pipeline_read__takes_cr (void **state)
{
	check_line_ends (*state, "\r");
}

static gboolean
has_address (const char *lines, const char *address)
{
	g_auto (GStrv) all = g_strsplit (lines, "\n", -1);
	for (guint i = 0; all[i] != NULL; i++)
		if (g_str_equal (all[i], address) || nx_address_equal (all[i], address))
			return TRUE;
	return FALSE;
}

/* Even steps; the end of each of the first lines; and behind the "@" of each Final-Recipient, which leaves half an
 * address. */
static GArray *
make_cut_points (const char *data, gsize length)
{
	GArray *points = g_array_new (FALSE, FALSE, sizeof (gsize));
	for (gsize i = 0; i < CUT_STEPS; i++) {
		gsize point = length * i / CUT_STEPS;
		g_array_append_val (points, point);
	}
	guint lines = 0;
	for (gsize i = 0; i < length && lines < CUT_LINES; i++) {
		if (data[i] != '\n')
			continue;
		gsize point = i + 1;
		g_array_append_val (points, point);
		lines++;
	}
	const char *field = data;
	const char *end = data + length;
	for (guint i = 0; i < CUT_STEPS; i++) {
		field = g_strstr_len (field, end - field, "Final-Recipient:");
		field = field != NULL ? memchr (field, '@', (gsize)(end - field)) : NULL;
		if (field == NULL)
			break;
		gsize point = MIN ((gsize)(field - data) + 4, length);
		g_array_append_val (points, point);
	}
	return points;
}

static void
test_pipeline_read__invents_no_recipient_when_cut (void **state)
{
	const Fixture *fixture = *state;
	gsize length = 0;
	g_autofree char *data = load (fixture->path, &length);
	g_autofree char *whole = read_from_memory (fixture, data, length, TRUE);
	g_autoptr (GArray) points = make_cut_points (data, length);
	for (guint i = 0; i < points->len; i++) {
		gsize point = g_array_index (points, gsize, i);
		g_autofree char *cut = read_from_memory (fixture, data, point, TRUE);
		g_auto (GStrv) recipients = g_strsplit (cut, "\n", -1);
		for (guint j = 0; recipients[j] != NULL; j++)
			if (*recipients[j] != '\0' && !has_address (whole, recipients[j]))
				fail_saying ("cut at byte %" G_GSIZE_FORMAT " it gives the recipient %s", point,
					     recipients[j]);
	}
}

static void
test_pipeline_read__calls_an_ordinary_mail_none (void **state)
{
	const Fixture *fixture = *state;
	gsize length = 0;
	g_autofree char *data = load (fixture->path, &length);
	const NxRawMessage raw = { .file = fixture->name, .data = data, .length = length, .envelope_sender = "" };
	g_autoptr (GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
	assert_int_equal (events->len, 1);
	const NxEvent *event = g_ptr_array_index (events, 0);
	assert_int_equal (event->kind, NX_KIND_NONE);
	assert_int_equal (event->verdict, NX_VERDICT_BENIGN);
	assert_string_equal (event->recipient, "");
	assert_string_equal (event->forward, "");
}

static void
test_fixtures__every_json_has_its_mail (void **state)
{
	const GPtrArray *strays = *state;
	for (guint i = 0; i < strays->len; i++)
		print_message ("# no mail for %s\n", (const char *)g_ptr_array_index (strays, i));
	assert_int_equal (strays->len, 0);
}

/* ---- the archive ---- */

static GPtrArray *
read_archive (const char *name)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *path = g_build_filename (get_fixtures_folder (), "archive", name, NULL);
	g_autoptr (NxSource) source = nx_source_open (path, &error);
	if (source == NULL)
		fail_saying ("%s", error->message);
	GPtrArray *all = g_ptr_array_new_with_free_func (event_free_cb);
	const NxRawMessage *message = NULL;
	while (nx_source_next (source, &message, &error) && message != NULL) {
		GPtrArray *events = nx_pipeline_read (pipeline, message, NULL);
		g_ptr_array_extend_and_steal (all, events);
	}
	if (error != NULL)
		fail_saying ("%s", error->message);
	return all;
}

/* The lines of an archive's table behind its header, unsplit. */
static char **
load_table (const char *name)
{
	g_autofree char *path = g_build_filename (get_fixtures_folder (), "archive", name, NULL);
	g_autofree char *text = load (path, NULL);
	const char *body = strchr (text, '\n');
	assert_non_null (body);
	g_autofree char *lines = g_strchomp (g_strdup (body + 1));
	return g_strsplit (lines, "\n", -1);
}

static void
test_archive__says_what_truth_csv_says (void **state G_GNUC_UNUSED)
{
	g_autoptr (GPtrArray) events = read_archive ("bounces.mbox");
	g_auto (GStrv) truth = load_table ("truth.csv");
	assert_int_equal (events->len, g_strv_length (truth));
	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);
		g_autofree char *got =
			g_strdup_printf ("%s,%s,%s,%s", nx_kind_to_string (event->kind), event->recipient,
					 nx_verdict_to_string (event->verdict), event->forward);
		if (!g_str_equal (got, truth[i]))
			fail_saying ("offset %" G_GUINT64_FORMAT ": want %s got %s", event->offset, truth[i], got);
	}
}

static NxState
evaluate (const GPtrArray *events, const char *address)
{
	g_autoptr (GArray) history = g_array_new (FALSE, TRUE, sizeof (NxHistory));
	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);
		const NxHistory step = { .id = i,
					 .key = event->fingerprint,
					 .date = event->date,
					 .kind = event->kind,
					 .verdict = event->verdict,
					 .reason = event->reason,
					 .proof = event->proof };
		if (g_str_equal (event->recipient, address))
			g_array_append_val (history, step);
	}
	NxPolicy policy;
	nx_policy_init_default (&policy);
	return nx_policy_evaluate (&policy, (const NxHistory *)(gpointer)history->data, history->len, NULL, 0, NULL,
				   NULL)
		.state;
}

static void
test_archive__leads_to_the_states_of_states_csv (void **state G_GNUC_UNUSED)
{
	g_autoptr (GPtrArray) events = read_archive ("bounces.mbox");
	g_auto (GStrv) states = load_table ("states.csv");
	assert_true (g_strv_length (states) > 1);
	for (guint i = 0; states[i] != NULL; i++) {
		g_auto (GStrv) fields = g_strsplit (states[i], ",", 2);
		const NxState got = evaluate (events, fields[0]);
		const NxState shown = got == NX_STATE_NONE ? NX_STATE_ACTIVE : got; /* NONE: no event at all */
		if (!g_str_equal (nx_state_to_string (shown), fields[1]))
			fail_saying ("%s: want %s got %s", fields[0], fields[1], nx_state_to_string (shown));
	}
}

static void
test_archive__has_a_maildir_and_a_folder (void **state G_GNUC_UNUSED)
{
	g_autoptr (GPtrArray) maildir = read_archive ("maildir");
	g_autoptr (GPtrArray) folder = read_archive ("folder");
	assert_int_equal (maildir->len, 6);
	assert_int_equal (folder->len, 4);
}

/* ---- the list of tests ---- */

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
	const Fixture *const *left = a;
	const Fixture *const *right = b;
	return strcmp ((*left)->name, (*right)->name);
}

static void
add_file (GPtrArray *fixtures, GPtrArray *strays, const char *path, const char *name)
{
	if (g_str_has_suffix (name, ".eml")) {
		Fixture *fixture = g_new0 (Fixture, 1);
		fixture->path = g_strdup (path);
		fixture->name = g_strdup (name);
		g_ptr_array_add (fixtures, fixture);
	} else if (g_str_has_suffix (name, ".json")) {
		g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".json"));
		g_autofree char *mail = g_strconcat (stem, ".eml", NULL);
		if (!g_file_test (mail, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add (strays, g_strdup (name));
	}
}

static void
walk (GPtrArray *fixtures, GPtrArray *strays, const char *folder, const char *prefix, guint depth)
{
	g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
	if (dir == NULL || depth > DEPTH_MAX)
		return;
	const char *entry = NULL;
	while ((entry = g_dir_read_name (dir)) != NULL) {
		g_autofree char *path = g_build_filename (folder, entry, NULL);
		g_autofree char *name = *prefix == '\0' ? g_strdup (entry) : g_build_filename (prefix, entry, NULL);
		if (g_file_test (path, G_FILE_TEST_IS_DIR))
			walk (fixtures, strays, path, name, depth + 1);
		else
			add_file (fixtures, strays, path, name);
	}
}

static void
add_test (GArray *tests, GPtrArray *names, const char *name, const char *aspect, CMUnitTestFunction function,
	  gpointer state)
{
	char *full = *aspect == '\0' ? g_strdup (name) : g_strconcat (name, ": ", aspect, NULL);
	g_ptr_array_add (names, full);
	const struct CMUnitTest test = { .name = full, .test_func = function, .initial_state = state };
	g_array_append_val (tests, test);
}

static void
add_tests (GArray *tests, GPtrArray *names, Fixture *fixture)
{
	const char *name = fixture->name;
	add_test (tests, names, name, "", test_pipeline_read__gives_the_json_beside_the_mail, fixture);
	if (!g_str_has_prefix (name, "raw/")) {
		add_test (tests, names, name, "as LF", test_pipeline_read__takes_lf, fixture);
		add_test (tests, names, name, "as CRLF", test_pipeline_read__takes_crlf, fixture);
		add_test (tests, names, name, "as CR", test_pipeline_read__takes_cr, fixture);
	}
	add_test (tests, names, name, "cut", test_pipeline_read__invents_no_recipient_when_cut, fixture);
	if (g_str_has_prefix (name, "not-a-report/"))
		add_test (tests, names, name, "is no report", test_pipeline_read__calls_an_ordinary_mail_none, fixture);
}

/* The keys of the return paths in return-path/; their age counts to the day on which each mail came in. */
static void
set_keys (void)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *path = g_build_filename (get_fixtures_folder (), "verp", "keys", NULL);
	g_autofree char *text = NULL;
	NxVerpKeys *keys =
		g_file_get_contents (path, &text, NULL, &error) ? nx_verp_keys_new (path, text, &error) : NULL;
	if (keys == NULL)
		g_error ("%s", error->message);
	nx_pipeline_set_verp_keys (pipeline, keys, 0);
}

int
main (void)
{
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (GError) error = NULL;
	pipeline = nx_pipeline_new (rules, &error);
	if (pipeline == NULL)
		g_error ("%s", error->message);
	set_keys ();
	g_autoptr (GPtrArray) fixtures = g_ptr_array_new_with_free_func (fixture_free_cb);
	g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func (g_free);
	g_autofree char *folder = g_build_filename (get_fixtures_folder (), "mail", NULL);
	walk (fixtures, strays, folder, "", 0);
	if (fixtures->len == 0)
		g_error ("no mails in %s", folder);
	g_ptr_array_sort (fixtures, compare_names_cb);
	g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
	g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
	for (guint i = 0; i < fixtures->len; i++)
		add_tests (tests, names, g_ptr_array_index (fixtures, i));
	add_test (tests, names, "every .json has its mail", "", test_fixtures__every_json_has_its_mail, strays);
	add_test (tests, names, "archive: truth.csv", "", test_archive__says_what_truth_csv_says, NULL);
	add_test (tests, names, "archive: states.csv", "", test_archive__leads_to_the_states_of_states_csv, NULL);
	add_test (tests, names, "archive: maildir and folder", "", test_archive__has_a_maildir_and_a_folder, NULL);
	cmocka_set_message_output (CM_OUTPUT_TAP);
	int failed = _cmocka_run_group_tests ("fixtures", (const struct CMUnitTest *)(gpointer)tests->data, tests->len,
					      NULL, NULL);
	nx_pipeline_free (pipeline);
	return failed != 0; /* 256 failures are no success */
}
