/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_notice.c: templates and the mails that are made of them (nixie/notice.h): every kind in every language, what
 * may stand in a template, and that nothing out of a mail gets anywhere else than into the text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include <nixie/confirmation.h>
#include <nixie/message.h>
#include <nixie/notice.h>

#include "mime/part.h"
#include "output/template.h"

#define TOKEN "0ezyx1n5cxqy47a2xnz3kb6t"
#define LIST "news@lists.example.org"
#define ANSWERS "news-bounces+confirm-" TOKEN "@lists.example.org"
#define NOW 1795392000 /* 2026-11-23T00:00:00Z */

static const NxOutboxKind mails[] = { NX_OUTBOX_WARNING, NX_OUTBOX_PROBE,    NX_OUTBOX_REMOVED,
				      NX_OUTBOX_ASK,     NX_OUTBOX_INCIDENT, NX_OUTBOX_DIGEST };
static const char *const languages[] = { "de", "en", "es", "fr", "ja", NULL };

/* ---- the mail ---- */

static char *
format (const char *list, const char *old_address, const char *new_address)
{
	g_autoptr (NxTemplates) templates = nx_templates_new ();
	g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
	g_hash_table_insert (values, (gpointer)(guintptr) "old-address", (gpointer)(guintptr)old_address);
	g_hash_table_insert (values, (gpointer)(guintptr) "new-address", (gpointer)(guintptr)new_address);
	g_hash_table_insert (values, (gpointer)(guintptr) "days", (gpointer)(guintptr) "7");
	g_hash_table_insert (values, (gpointer)(guintptr) "mark", (gpointer)(guintptr) "confirm-" TOKEN);
	return nx_notice_format (templates, &(const NxNotice){ .kind = NX_OUTBOX_ASK,
							       .list = list,
							       .list_address = LIST,
							       .from = ANSWERS,
							       .reply_to = ANSWERS,
							       .to = new_address,
							       .values = values,
							       .date = NOW });
}

/* Unfolded (RFC 5322 2.2.3). Returns: (transfer full): NULL when the mail has no such field, or several. */
static char *
get_field (const char *mail, const char *name)
{
	g_autofree char *head = g_strndup (mail, (gsize)(strstr (mail, "\n\n") - mail));
	g_autofree char *tabless = g_strdelimit (g_strdup (head), "\t", ' ');
	g_auto (GStrv) parts = g_strsplit (tabless, "\n ", -1);
	g_autofree char *unfolded = g_strjoinv (" ", parts);
	g_auto (GStrv) lines = g_strsplit (unfolded, "\n", -1);
	g_autofree char *start = g_strconcat (name, ": ", NULL);
	char *found = NULL;
	for (guint i = 0; lines[i] != NULL; i++) {
		if (!g_str_has_prefix (lines[i], start))
			continue;
		if (found != NULL) {
			g_free (found);
			return NULL;
		}
		found = g_strdup (lines[i] + strlen (start));
	}
	return found;
}

static guint
count_fields (const char *mail)
{
	g_autofree char *head = g_strndup (mail, (gsize)(strstr (mail, "\n\n") - mail));
	g_auto (GStrv) lines = g_strsplit (head, "\n", -1);
	guint count = 0;
	for (guint i = 0; lines[i] != NULL; i++)
		count += lines[i][0] != ' ' && lines[i][0] != '\t' ? 1 : 0;
	return count;
}

static void
check_clean (const char *mail)
{
	for (const char *p = mail; *p != '\0'; p++)
		if ((guchar)*p < ' ' && *p != '\n' && !(*p == '\t' && p > mail && p[-1] == '\n'))
			fail_msg ("control character %d in:\n%s", *p, mail);
	assert_null (strstr (mail, "\x7f"));
	for (const char *p = strstr (mail, "\n\n"); p > mail; p--)
		assert_true ((guchar)*p < 0x80);
}

static void
test_nx_notice_format__fields (void **state)
{
	g_autofree char *mail = format ("News", "ann@old.example", "ann@new.example");
	g_autofree char *from = get_field (mail, "From");
	g_autofree char *to = get_field (mail, "To");
	g_autofree char *subject = get_field (mail, "Subject");
	g_autofree char *automatic = get_field (mail, "Auto-Submitted");
	g_autofree char *message_id = get_field (mail, "Message-Id");
	(void)state;
	assert_non_null (strstr (from, ANSWERS));
	assert_non_null (strstr (to, "ann@new.example"));
	assert_null (strstr (to, "old.example"));
	assert_non_null (strstr (subject, "[confirm-" TOKEN "]"));
	assert_string_equal (automatic, "auto-generated");
	assert_null (strstr (message_id, TOKEN));
	assert_non_null (strstr (strstr (mail, "\n\n"), "ann@old.example"));
	assert_non_null (strstr (strstr (mail, "\n\n"), "within 7 days"));
	check_clean (mail);
}

/* What a program answers to it by itself does not confirm, and what comes back with its headers carries the token. */
static void
test_nx_notice_format__round_trip (void **state)
{
	gboolean automatic = FALSE;
	g_autofree char *mail = format ("News", "ann@old.example", "ann@new.example");
	NxRawMessage raw = { .file = "-", .data = mail, .length = strlen (mail) };
	NxAnswer answer = NX_ANSWER_NONE;
	g_autofree char *token = nx_confirmation_find_token (&raw, NULL, &answer, &automatic);
	(void)state;
	assert_int_equal (answer, NX_ANSWER_CONFIRM);
	assert_string_equal (token, TOKEN);
	assert_true (automatic);
}

/* Old and new address come out of mail that anybody may have written. */
static void
test_nx_notice_format__nothing_slips_into_the_headers (void **state)
{
	static const struct {
		const char *list;
		const char *old_address;
		const char *new_address;
	} cases[] = {
		{ "Nachrichten für Ännchen", "ännchen@bücher.example", "ann@new.example" },
		{ "News\nBcc: eve@example.net", "ann@old.example", "ann@new.example" },
		{ "News\r\n\r\nText", "ann@old.example", "ann@new.example" },
		{ "News", "ann\r\nBcc: eve@example.net@old.example", "ann@new.example" },
		{ "News", "ann@old.example", "ann@new.example\nBcc: eve@example.net" },
	};
	g_autofree char *plain = format ("News", "ann@old.example", "ann@new.example");
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autofree char *mail = format (cases[i].list, cases[i].old_address, cases[i].new_address);
		g_autofree char *bcc = get_field (mail, "Bcc");
		g_autofree char *automatic = get_field (mail, "Auto-Submitted");
		if (bcc != NULL || automatic == NULL)
			fail_msg ("case %u:\n%s", i, mail);
		check_clean (mail);
		/* A text beyond ASCII may need fields of its own; what stood in an address makes none. */
		if (g_str_is_ascii (cases[i].old_address) && g_str_is_ascii (cases[i].list))
			assert_int_equal (count_fields (mail), count_fields (plain));
	}
}

/* ---- all templates ---- */

/* Every placeholder that any template has: what it shows must be found in the mail. */
static GHashTable *
make_values (NxOutboxKind kind)
{
	static const struct {
		const char *name;
		const char *value;
	} all[] = {
		{ "mark", "enable-" TOKEN },
		{ "diagnostic", "550 5.1.1 no such user «ü»" },
		{ "date", "2026-11-20" },
		{ "since", "2026-11-21" },
		{ "until", "2026-12-24" },
		{ "old-address", "ann@old.example" },
		{ "new-address", "ann@new.example" },
		{ "days", "77" },
		{ "domain", "mx.example" },
		{ "provider", "provider.example" },
		{ "post", "post-1@example.org" },
		{ "permanent", "yes" },
		{ "transient", "yes" },
		{ "blocked", "yes" },
		{ "held", "yes" },
		{ "addresses", "4711" },
		{ "opened", "2026-11-18" },
		{ "last", "2026-11-19" },
		{ "advice", "Publish a DKIM key." },
		{ "number", "815" },
		{ "from", "2026-11-16" },
		{ "suspended", "  s@example.org\n  t@example.org" },
		{ "suspended-count", "31" },
		{ "removed", "  r@example.org" },
		{ "removed-count", "32" },
		{ "restored", "  b@example.org" },
		{ "restored-count", "33" },
		{ "moved", "  m@example.org -> n@example.org" },
		{ "proposals", "  34  p@example.org -> q@example.org" },
		{ "incidents", "  i.example" },
		{ "complaints", "  c@example.org" },
		{ "failed", "  35  hook  f@example.org" },
	};
	GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);
	(void)kind;
	for (guint i = 0; i < G_N_ELEMENTS (all); i++)
		g_hash_table_insert (values, (gpointer)(guintptr)all[i].name, (gpointer)(guintptr)all[i].value);
	return values;
}

/* What each kind must show whatever the language; NULL-terminated. */
static const char *const *
get_needed (NxOutboxKind kind)
{
	static const char *const warning[] = {
		"bob@example.org", "550 5.1.1 no such user «ü»", "2026-11-20", "2026-11-21", "2026-12-24", ANSWERS, NULL
	};
	static const char *const other[] = { "bob@example.org", "550 5.1.1 no such user «ü»", "2026-11-20", ANSWERS,
					     NULL };
	static const char *const ask[] = { "ann@old.example", "ann@new.example", "77", LIST, ANSWERS, NULL };
	static const char *const incident[] = { "mx.example",
						"provider.example",
						"post-1@example.org",
						"4711",
						"2026-11-18",
						"2026-11-19",
						"550 5.1.1 no such user «ü»",
						"Publish a DKIM key.",
						"nixie incident show 815",
						"nixie incident close --count 815",
						NULL };
	static const char *const digest[] = { "2026-11-16",
					      "2026-12-24",
					      "  s@example.org\n  t@example.org",
					      "31",
					      "r@example.org",
					      "32",
					      "b@example.org",
					      "33",
					      "m@example.org -> n@example.org",
					      "34  p@example.org",
					      "i.example",
					      "c@example.org",
					      "35  hook",
					      "nixie why ",
					      "nixie forward accept ",
					      "nixie outbox retry ",
					      NULL };
	switch (kind) {
	case NX_OUTBOX_WARNING:
		return warning;
	case NX_OUTBOX_ASK:
		return ask;
	case NX_OUTBOX_INCIDENT:
		return incident;
	case NX_OUTBOX_DIGEST:
		return digest;
	case NX_OUTBOX_PROBE:
	case NX_OUTBOX_REMOVED:
	case NX_OUTBOX_NONE:
	case NX_OUTBOX_HOOK:
	default:
		return other;
	}
}

static char *
format_kind (const NxTemplates *templates, NxOutboxKind kind, const char *language, GHashTable *values)
{
	return nx_notice_format (templates, &(const NxNotice){ .kind = kind,
							       .language = language,
							       .list = "Nachrichten für Ännchen",
							       .list_address = LIST,
							       .from = ANSWERS,
							       .reply_to = ANSWERS,
							       .to = "bob@example.org",
							       .values = values,
							       .date = NOW });
}

/* The decoded text. */
static char *
read_body (const char *mail)
{
	g_autoptr (NxMessage) message = nx_message_new (mail, strlen (mail));
	return nx_message_dup_part_text (message, 0);
}

static void
test_nx_notice_format__every_kind_in_every_language (void **state)
{
	g_autoptr (NxTemplates) templates = nx_templates_new ();
	g_auto (GStrv) known = nx_templates_list_languages (templates);
	g_autoptr (GHashTable) subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	(void)state;
	assert_int_equal (g_strv_length (known), 5);
	for (guint i = 0; i < 5; i++)
		assert_string_equal (known[i], languages[i]);
	for (guint i = 0; i < G_N_ELEMENTS (mails) * 5; i++) {
		const char *language = languages[i % 5];
		NxOutboxKind kind = mails[i / 5];
		g_autoptr (GHashTable) values = make_values (kind);
		g_autofree char *mail = format_kind (templates, kind, language, values);
		g_autofree char *body = read_body (mail);
		g_autofree char *subject = get_field (mail, "Subject");
		g_autofree char *automatic = get_field (mail, "Auto-Submitted");
		check_clean (mail);
		/* No two are the same: none fell back to English. */
		if (!g_hash_table_add (subjects, g_steal_pointer (&subject)))
			fail_msg ("%s/%s: not a text of its own", language, nx_outbox_kind_to_string (kind));
		assert_string_equal (automatic, "auto-generated");
		for (const char *const *need = get_needed (kind); *need != NULL; need++)
			if (strstr (body, *need) == NULL)
				fail_msg ("%s/%s lacks “%s”:\n%s", language, nx_outbox_kind_to_string (kind), *need,
					  body);
		if (strpbrk (body, "{}") != NULL)
			fail_msg ("%s/%s: a placeholder stayed:\n%s", language, nx_outbox_kind_to_string (kind), body);
	}
}

/* RFC 5322 2.1.1: 78 columns are for people; the longest value is not ours. */
static void
test_nx_notice_format__paragraphs_without_a_value_go (void **state)
{
	g_autoptr (NxTemplates) templates = nx_templates_new ();
	g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (mails) * 5; i++) {
		g_autofree char *mail = format_kind (templates, mails[i / 5], languages[i % 5], none);
		g_autofree char *body = read_body (mail);
		g_auto (GStrv) lines = g_strsplit (body, "\n", -1);
		if (strpbrk (body, "{}") != NULL || strstr (body, "\n\n\n") != NULL)
			fail_msg ("%s/%s:\n%s", languages[i % 5], nx_outbox_kind_to_string (mails[i / 5]), body);
		for (guint j = 0; lines[j] != NULL; j++)
			if (strstr (lines[j], "Ännchen") == NULL && g_utf8_strlen (lines[j], -1) > 80)
				fail_msg ("%s/%s: “%s” is too long", languages[i % 5],
					  nx_outbox_kind_to_string (mails[i / 5]), lines[j]);
	}
}

static void
test_nx_notice_format__hostile_values (void **state)
{
	g_autoptr (NxTemplates) templates = nx_templates_new ();
	g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
	(void)state;
	g_hash_table_insert (values, (gpointer)(guintptr) "diagnostic",
			     (gpointer)(guintptr) "\x1b[31mred\x1b[0m \x07 \xe2\x80\xae evil {until} \xff");
	g_hash_table_insert (values, (gpointer)(guintptr) "mark", (gpointer)(guintptr) "a\r\nBcc: eve@example.net");
	for (guint i = 0; i < 5; i++) {
		g_autofree char *mail = format_kind (templates, NX_OUTBOX_WARNING, languages[i], values);
		g_autofree char *body = read_body (mail);
		g_autofree char *bcc = get_field (mail, "Bcc");
		check_clean (mail);
		assert_null (bcc);
		assert_non_null (strstr (body, "[31mred[0m"));
		/* What comes out of a value is no placeholder. */
		assert_non_null (strstr (body, "evil {until}"));
		assert_null (strstr (body, "\xe2\x80\xae"));
	}
}

/* A line of a mail has at most 998 octets. */
static void
test_nx_notice_format__long_lines_are_encoded (void **state)
{
	g_autoptr (NxTemplates) templates = nx_templates_new ();
	g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
	g_autofree char *diagnostic = g_strnfill (4000, 'x');
	(void)state;
	g_hash_table_insert (values, (gpointer)(guintptr) "diagnostic", diagnostic);
	g_autofree char *mail = format_kind (templates, NX_OUTBOX_WARNING, "en", values);
	g_auto (GStrv) lines = g_strsplit (mail, "\n", -1);
	g_autofree char *body = read_body (mail);
	for (guint i = 0; lines[i] != NULL; i++)
		assert_true (strlen (lines[i]) <= 998);
	assert_non_null (strstr (body, diagnostic));
}

/* ---- templates of the site ---- */

static void
test_nx_template_new__table (void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
		{ "Subject: {list}\n\nText {address}\n", NULL },
		{ "Subject: {list}:\n goes on\n\nText\n", NULL },
		{ "Subject: x\r\n\r\nText\r\n", NULL },
		{ "Subject: x\n\nA { brace } and {Names} and {}\n", NULL },
		{ "Subject: x\n\n{?until}\nUntil {until}\n", NULL },
		{ "Subject: x\n\nOne\n\nTwo {adress}\n", "t.txt:5: there is no placeholder {adress}" },
		{ "Subject: {days}\n\nText\n", "t.txt:1: there is no placeholder {days}" },
		{ "Subject: x\n\n{?suspended}\nText\n", "t.txt:3: there is no placeholder {suspended}" },
		{ "Subject: x\nText\n", "t.txt:1: a template begins" },
		{ "Text\n\nText\n", "t.txt:1: a template begins" },
		{ "", "t.txt:1: a template begins" },
		{ "Subject:\n\nText\n", "t.txt:1: the subject or the text" },
		{ "Subject: x\n\n \n", "t.txt:1: the subject or the text" },
		{ "Subject: \xff\n\nText\n", "t.txt:1: this is no UTF-8" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		g_autoptr (GError) error = NULL;
		g_autoptr (NxTemplate) template = nx_template_new (NX_OUTBOX_WARNING, "t.txt", cases[i].text, &error);
		if ((template == NULL) != (cases[i].error != NULL))
			fail_msg ("case %u: %s", i, error != NULL ? error->message : "was taken");
		if (error != NULL && !g_str_has_prefix (error->message, cases[i].error))
			fail_msg ("case %u: %s", i, error->message);
	}
}

static void
write_file (const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename (folder, name, NULL);
	g_autofree char *inner = g_path_get_dirname (path);
	assert_int_equal (g_mkdir_with_parents (inner, 0700), 0);
	assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_file (const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename (folder, name, NULL);
	g_remove (path);
}

static void
test_nx_templates_add_folder__goes_above (void **state)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxTemplates) templates = nx_templates_new ();
	g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
	g_autofree char *folder = g_dir_make_tmp ("nixie-templates-XXXXXX", NULL);
	(void)state;
	write_file (folder, "de/warning.txt", "Subject: eigen\n\nEigen.\n");
	write_file (folder, "it/warning.txt", "Subject: proprio\n\nProprio.\n");
	write_file (folder, "de/notes.txt", "{nothing}");
	assert_true (nx_templates_add_folder (templates, folder, &error));
	g_autofree char *own = format_kind (templates, NX_OUTBOX_WARNING, "de", values);
	g_autofree char *italian = format_kind (templates, NX_OUTBOX_WARNING, "it", values);
	g_autofree char *builtin = format_kind (templates, NX_OUTBOX_PROBE, "de", values);
	g_autofree char *english = format_kind (templates, NX_OUTBOX_PROBE, "it", values);
	g_autofree char *want = format_kind (templates, NX_OUTBOX_PROBE, "en", values);
	assert_non_null (strstr (own, "Eigen."));
	assert_non_null (strstr (italian, "Proprio."));
	assert_null (strstr (builtin, "Eigen."));
	assert_string_equal (english, want);
	write_file (folder, "fr/ask.txt", "Subject: x\n\n{nom}\n");
	assert_false (nx_templates_add_folder (templates, folder, &error));
	assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_CONFIG));
	assert_non_null (strstr (error->message, "/fr/ask.txt:3: there is no placeholder {nom}"));
	for (const char *const *name = (const char *const[]){ "de/warning.txt", "it/warning.txt", "de/notes.txt",
							      "fr/ask.txt", "de", "it", "fr", "", NULL };
	     *name != NULL; name++)
		remove_file (folder, *name);
}

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nx_notice_format__fields),
		cmocka_unit_test (test_nx_notice_format__round_trip),
		cmocka_unit_test (test_nx_notice_format__nothing_slips_into_the_headers),
		cmocka_unit_test (test_nx_notice_format__every_kind_in_every_language),
		cmocka_unit_test (test_nx_notice_format__paragraphs_without_a_value_go),
		cmocka_unit_test (test_nx_notice_format__hostile_values),
		cmocka_unit_test (test_nx_notice_format__long_lines_are_encoded),
		cmocka_unit_test (test_nx_template_new__table),
		cmocka_unit_test (test_nx_templates_add_folder__goes_above),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
