/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_settings.c: the configuration as the program reads it, and that the one that is installed as an example is true:
 * it has every key that the program knows, each one can be read, and what it gives as the default is that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "cli/settings-lines.h"
#include "cli/settings-policy.h"
#include "cli/settings.h"

static char *
read_example (void)
{
	g_autoptr (GError) error = NULL;
	char *text = NULL;

	if (!g_file_get_contents (g_getenv ("NX_EXAMPLE"), &text, NULL, &error))
		fail_msg ("%s", error->message);
	return text;
}

static gboolean
is_setting (const char *line)
{
	return *line == '#' && (line[1] == '[' || (g_ascii_islower (line[1]) && strstr (line, " = ") != NULL));
}

/* The example with every "#" in front of a group or a key taken away. */
static char *
uncomment_example (void)
{
	g_autofree char *text = read_example ();
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	GString *out = g_string_new (NULL);

	for (guint i = 0; lines[i] != NULL; i++)
		g_string_append_printf (out, "%s\n", lines[i] + (is_setting (lines[i]) ? 1 : 0));
	return g_string_free (out, FALSE);
}

static NxSettings *
parse (const char *text)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *folder = g_dir_make_tmp ("nixie-settings-XXXXXX", NULL);
	g_autofree char *path = g_build_filename (folder, "nixie.conf", NULL);
	NxSettings *settings = NULL;

	assert_true (g_file_set_contents (path, text, -1, NULL));
	settings = nx_settings_new (path, &error);
	g_unlink (path);
	g_rmdir (folder);
	if (settings == NULL)
		fail_msg ("%s", error->message);
	return settings;
}

static void
test_example__says_nothing_as_it_is (void **state)
{
	g_autofree char *text = read_example ();
	g_autoptr (NxSettings) settings = parse (text);

	(void)state;
	assert_int_equal (settings->lists->len, 0);
	assert_int_equal (settings->policies->len, 0);
	assert_string_equal (settings->database, "");
}

/* In its group, on a line of its own. */
static gboolean
has_key (const char *text, const char *group, const char *key)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	g_autofree char *start = g_strconcat (key, " = ", NULL);
	g_autofree char *head = g_strdup_printf ("[%.*s", (int)strcspn (group, " "), group);
	gboolean inside = FALSE;

	for (guint i = 0; lines[i] != NULL; i++) {
		if (*lines[i] == '[')
			inside = g_str_has_prefix (lines[i], head);
		else if (inside && g_str_has_prefix (lines[i], start))
			return TRUE;
	}
	return FALSE;
}

static void
test_example__has_every_key (void **state)
{
	g_autofree char *text = uncomment_example ();
	guint count = 0;
	const NxSettingsKey *keys = nx_settings_list_keys (&count);

	(void)state;
	assert_true (count > 10);
	for (guint i = 0; i < count; i++) {
		if (!has_key (text, keys[i].group, keys[i].name))
			fail_msg ("contrib/nixie.conf has no %s in [%s]", keys[i].name, keys[i].group);
	}
	for (guint i = 0; nx_policy_get_key (i) != NULL; i++) {
		if (!has_key (text, "policy", nx_policy_get_key (i)->name))
			fail_msg ("contrib/nixie.conf has no %s in a [policy]", nx_policy_get_key (i)->name);
	}
	assert_false (has_key (text, "nixie", "max-age-days"));
}

static void
test_example__uncommented_can_be_read (void **state)
{
	g_autofree char *text = uncomment_example ();
	/* Folders have to be there. */
	g_autoptr (GString) here = g_string_new (text);
	g_string_replace (here, "/etc/nixie/rules.d", g_get_tmp_dir (), 0);
	g_string_replace (here, "/etc/nixie/templates", g_get_tmp_dir (), 0);
	g_autoptr (NxSettings) settings = parse (here->str);

	(void)state;
	assert_int_equal (settings->lists->len, 1);
	assert_string_equal (settings->key_file, "/etc/nixie/verp.keys");
	/* What it gives is what holds without a word. */
	for (guint i = 0; i < settings->policies->len; i++) {
		const NxPolicySettings *policy = g_ptr_array_index (settings->policies, i);
		NxPolicy usual;

		nx_policy_init_preset (&usual, policy->policy.preset);
		if (!nx_policy_equal (&policy->policy, &usual)) {
			g_autofree char *differs = nx_policy_to_text (&policy->policy);

			fail_msg ("contrib/nixie.conf: [policy %s] is not the default: %s", policy->name, differs);
		}
	}
}

/* ---- policies ---- */

static void
test_nx_settings_get_policy__a_list_goes_above (void **state)
{
	g_autoptr (NxSettings) settings = parse ("[policy]\nthreshold = 4\nmin-days = 2\n"
						 "[policy news]\nthreshold = 5\n"
						 "[policy old]\nremove = no\npreset = mailman3\n");
	NxPolicy news = nx_settings_get_policy (settings, "NEWS");
	NxPolicy old = nx_settings_get_policy (settings, "old");
	NxPolicy other = nx_settings_get_policy (settings, "other");
	g_autofree char *news_text = nx_policy_to_text (&news);
	g_autofree char *old_text = nx_policy_to_text (&old);
	g_autofree char *other_text = nx_policy_to_text (&other);

	(void)state;
	assert_string_equal (news_text, "threshold = 5\nmin-days = 2\n");
	assert_string_equal (old_text, "preset = mailman3\nremove = no\n");
	assert_string_equal (other_text, "threshold = 4\nmin-days = 2\n");
	assert_int_equal (nx_settings_get_policy_line (settings, "news", "threshold"), 5);
	assert_int_equal (nx_settings_get_policy_line (settings, "news", "min-days"), 3);
	assert_int_equal (nx_settings_get_policy_line (settings, "other", "threshold"), 2);
	assert_int_equal (nx_settings_get_policy_line (settings, "", "threshold"), 2);
	assert_int_equal (nx_settings_get_policy_line (settings, "old", "preset"), 8);
	assert_int_equal (nx_settings_get_policy_line (settings, "old", "min-days"), 0);
	assert_int_equal (nx_settings_get_policy_line (settings, "news", "heal"), 0);
}

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_example__says_nothing_as_it_is),
		cmocka_unit_test (test_example__has_every_key),
		cmocka_unit_test (test_example__uncommented_can_be_read),
		cmocka_unit_test (test_nx_settings_get_policy__a_list_goes_above),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
