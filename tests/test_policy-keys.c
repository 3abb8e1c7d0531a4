/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_policy-keys.c: a policy as text, and back (nixie/policy.h).
 */
#include "policy-helpers.h"

#define PRESETS (NX_PRESET_RECORD_ONLY + 1)

static guint
count_keys (void)
{
	guint count = 0;
	while (nx_policy_get_key (count) != NULL)
		count++;
	return count;
}

static void
test_nx_policy_get_key__each_is_told (void **state G_GNUC_UNUSED)
{
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	assert_string_equal (nx_policy_get_key (0)->name, "preset");
	assert_null (nx_policy_get_key (G_MAXUINT));
	for (guint i = 0; i < count_keys (); i++) {
		const NxPolicyKey *key = nx_policy_get_key (i);
		gboolean known = FALSE;
		assert_true (g_hash_table_add (seen, g_strdup (key->name)));
		assert_true (strlen (key->meaning) > 10);
		assert_null (strchr (key->meaning, '\n'));
		assert_true (*key->allowed != '\0');
		for (guint preset = 0; preset < PRESETS; preset++) {
			NxPolicy policy;
			nx_policy_init_preset (&policy, (NxPreset)preset);
			known = known || nx_policy_has_key (&policy, key->name);
		}
		if (!known)
			fail_msg ("no preset knows %s", key->name);
	}
}

/* The decisions that README and configurations rest on. */
static void
test_nx_policy_get__defaults (void **state G_GNUC_UNUSED)
{
	static const struct {
		NxPreset preset;
		const char *key;
		const char *want;
	} cases[] = {
		{ NX_PRESET_NIXIE, "preset", "nixie" },
		{ NX_PRESET_NIXIE, "weight-permanent", "1" },
		{ NX_PRESET_NIXIE, "weight-transient", "0.1" },
		{ NX_PRESET_NIXIE, "weight-blocked", "0" },
		{ NX_PRESET_NIXIE, "weight-moved", "verdict" },
		{ NX_PRESET_NIXIE, "factor-claim", "1" },
		{ NX_PRESET_NIXIE, "half-life-days", "60" },
		{ NX_PRESET_NIXIE, "threshold", "2.5" },
		{ NX_PRESET_NIXIE, "min-events", "3" },
		{ NX_PRESET_NIXIE, "min-days", "3" },
		{ NX_PRESET_NIXIE, "quiet-posts", "3" },
		{ NX_PRESET_NIXIE, "quiet-days", "14" },
		{ NX_PRESET_NIXIE, "heal", "yes" },
		{ NX_PRESET_NIXIE, "warnings", "3" },
		{ NX_PRESET_NIXIE, "warn-interval-days", "7" },
		{ NX_PRESET_NIXIE, "remove", "yes" },
		{ NX_PRESET_NIXIE, "remove-after-days", "7" },
		{ NX_PRESET_NIXIE, "complaint", "unsubscribe" },
		{ NX_PRESET_NIXIE, "moved", "count" },
		{ NX_PRESET_NIXIE, "least-proof", "none" },
		{ NX_PRESET_NIXIE, "guard", "yes" },
		{ NX_PRESET_MAILMAN3, "bounce-score-threshold", "5" },
		{ NX_PRESET_MAILMAN3, "bounce-info-stale-after-days", "7" },
		{ NX_PRESET_MAILMAN3, "bounce-you-are-disabled-warnings", "3" },
		{ NX_PRESET_MAILMAN3, "bounce-you-are-disabled-warnings-interval-days", "7" },
		{ NX_PRESET_MAILMAN3, "verp-probes", "no" },
		{ NX_PRESET_MAILMAN3, "guard", "no" },
		{ NX_PRESET_SYMPA, "minimum-bouncing-count", "10" },
		{ NX_PRESET_SYMPA, "minimum-bouncing-period", "10" },
		{ NX_PRESET_SYMPA, "bounce-delay", "0" },
		{ NX_PRESET_SYMPA, "bouncers-level1-rate", "45" },
		{ NX_PRESET_SYMPA, "bouncers-level1-action", "notify_bouncers" },
		{ NX_PRESET_SYMPA, "bouncers-level2-rate", "75" },
		{ NX_PRESET_SYMPA, "bouncers-level2-action", "remove_bouncers" },
		{ NX_PRESET_SYMPA, "expire-bounce", "10" },
		{ NX_PRESET_MLMMJ, "bouncelife-seconds", "432000" },
		{ NX_PRESET_MLMMJ, "waitprobe-seconds", "43200" },
		{ NX_PRESET_EZMLM, "timeout-seconds", "864000" },
		{ NX_PRESET_EZMLM, "cookie-seconds", "3000000" },
		{ NX_PRESET_LISTMONK, "soft-count", "2" },
		{ NX_PRESET_LISTMONK, "soft-action", "none" },
		{ NX_PRESET_LISTMONK, "hard-count", "1" },
		{ NX_PRESET_LISTMONK, "hard-action", "blocklist" },
		{ NX_PRESET_LISTMONK, "complaint-count", "1" },
		{ NX_PRESET_LISTMONK, "complaint-action", "blocklist" },
		{ NX_PRESET_LISTMONK, "complaint", NULL },
		{ NX_PRESET_LISTSERV, "delay-days", "4" },
		{ NX_PRESET_LISTSERV, "max-errors", "100" },
		{ NX_PRESET_LISTSERV, "auto-delete", "yes" },
		{ NX_PRESET_MAILMAN3, "half-life-days", NULL },
		{ NX_PRESET_RECORD_ONLY, "remove", NULL },
		{ NX_PRESET_NIXIE, "no-such-key", NULL },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxPolicy policy;
		nx_policy_init_preset (&policy, cases[i].preset);
		g_autofree char *got = nx_policy_get (&policy, cases[i].key);
		if (g_strcmp0 (got, cases[i].want) != 0)
			fail_msg ("%s of %s is %s, not %s", cases[i].key, nx_preset_to_string (cases[i].preset), got,
				  cases[i].want);
		assert_int_equal (nx_policy_has_key (&policy, cases[i].key), cases[i].want != NULL);
	}
}

static void
test_nx_policy_set__values (void **state G_GNUC_UNUSED)
{
	static const struct {
		const char *key;
		const char *value;
		const char *want; /* NULL: refused */
	} cases[] = {
		{ "threshold", "3", "3" },
		{ "threshold", "0.1", "0.1" },
		{ "threshold", "2.50", "2.5" },
		{ "threshold", "1e-3", "0.001" },
		{ "threshold", "0", "0" },
		{ "threshold", "-0", "0" },
		{ "threshold", "1000000", "1000000" },
		{ "threshold", "0.30000000000000004", "0.30000000000000004" },
		{ "threshold", "1000001", NULL },
		{ "threshold", "-1", NULL },
		{ "threshold", "nan", NULL },
		{ "threshold", "inf", NULL },
		{ "threshold", "1e400", NULL },
		{ "threshold", "0x10", NULL },
		{ "threshold", "3,5", NULL },
		{ "threshold", "3 days", NULL },
		{ "threshold", "", NULL },
		{ "threshold", "verdict", NULL },
		{ "weight-moved", "0.5", "0.5" },
		{ "weight-moved", "0", "0" },
		{ "weight-moved", "verdict", "verdict" },
		{ "weight-moved", "-1", NULL },
		{ "min-days", "7", "7" },
		{ "min-days", "1.5", NULL },
		{ "min-days", "-1", NULL },
		{ "min-days", "1000001", NULL },
		{ "heal", "no", "no" },
		{ "heal", "yes", "yes" },
		{ "heal", "true", NULL },
		{ "complaint", "suspend", "suspend" },
		{ "complaint", "none", NULL },
		{ "moved", "ask", "ask" },
		{ "least-proof", "signed", "signed" },
		{ "least-proof", "Signed", NULL },
		{ "preset", "sympa", "sympa" },
		{ "preset", "majordomo", NULL },
		{ "bounce-score-threshold", "4", NULL },
		{ "weight-vacation", "1", NULL },
		{ "no-such-key", "1", NULL },
		{ "", "1", NULL },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxPolicy policy;
		NxPolicy plain;
		g_autoptr (GError) error = NULL;
		nx_policy_init_default (&policy);
		nx_policy_init_default (&plain);
		gboolean taken = nx_policy_set (&policy, cases[i].key, cases[i].value, &error);
		if (taken != (cases[i].want != NULL))
			fail_msg ("%s = %s: %s", cases[i].key, cases[i].value, taken ? "taken" : error->message);
		if (!taken) {
			assert_true (g_error_matches (error, NX_ERROR, NX_ERROR_CONFIG));
			assert_true (nx_policy_equal (&policy, &plain));
			continue;
		}
		g_autofree char *got = nx_policy_get (&policy, cases[i].key);
		assert_string_equal (got, cases[i].want);
	}
}

static void
test_nx_policy_set__errors_say_what_is_allowed (void **state G_GNUC_UNUSED)
{
	static const struct {
		NxPreset preset;
		const char *key;
		const char *value;
		const char *want;
	} cases[] = {
		{ NX_PRESET_NIXIE, "threshold", "much",
		  "threshold cannot be \"much\"; it is a number from 0 to 1000000" },
		{ NX_PRESET_NIXIE, "heal", "maybe", "heal cannot be \"maybe\"; it is yes or no" },
		{ NX_PRESET_NIXIE, "moved", "a\nb", "moved cannot be \"a b\"; it is count, ask or record" },
		{ NX_PRESET_RECORD_ONLY, "thresh", "1",
		  "unknown key \"thresh\"; the preset record-only has: preset, complaint, moved, least-proof, guard" },
		{ NX_PRESET_RECORD_ONLY, "threshold", "1",
		  "this preset has no key \"threshold\"; the preset record-only has: preset, complaint, moved, "
		  "least-proof, guard" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxPolicy policy;
		g_autoptr (GError) error = NULL;
		nx_policy_init_preset (&policy, cases[i].preset);
		assert_false (nx_policy_set (&policy, cases[i].key, cases[i].value, &error));
		assert_string_equal (error->message, cases[i].want);
	}
}

/* Whatever an error says is allowed is taken. */
static void
test_nx_policy_set__all_that_is_allowed (void **state G_GNUC_UNUSED)
{
	for (guint preset = 0; preset < PRESETS; preset++) {
		for (guint i = 1; i < count_keys (); i++) {
			const NxPolicyKey *key = nx_policy_get_key (i);
			NxPolicy policy;
			nx_policy_init_preset (&policy, (NxPreset)preset);
			if (!nx_policy_has_key (&policy, key->name))
				continue;
			g_autoptr (GString) words = g_string_new (key->allowed);
			gboolean number = strstr (key->allowed, "number") != NULL;
			g_string_replace (words, number ? "," : " or ", ",", 0);
			g_auto (GStrv) values =
				number ? g_strsplit ("0,1,1000000", ",", -1) : g_strsplit (words->str, ",", -1);
			for (guint n = 0; values[n] != NULL; n++) {
				g_autoptr (GError) error = NULL;
				const char *value = g_strstrip (values[n]);
				if (!nx_policy_set (&policy, key->name, value, &error))
					fail_msg ("%s", error->message);
				g_autofree char *got = nx_policy_get (&policy, key->name);
				assert_string_equal (got, value);
			}
		}
	}
}

static void
test_nx_policy_set__each_weight_is_its_reasons (void **state G_GNUC_UNUSED)
{
	guint found = 0;
	for (guint reason = 1; reason < NX_POLICY_REASONS; reason++) {
		NxPolicy policy;
		g_autofree char *key = g_strconcat ("weight-", nx_reason_to_string ((NxReason)reason), NULL);
		nx_policy_init_default (&policy);
		gboolean bounces = reason != NX_REASON_FEEDBACK && reason != NX_REASON_VACATION;
		assert_int_equal (nx_policy_has_key (&policy, key), bounces);
		if (!bounces)
			continue;
		found++;
		assert_true (nx_policy_set (&policy, key, "0.5", NULL));
		for (guint other = 0; other < NX_POLICY_REASONS; other++)
			assert_true ((policy.weight_reason[other] > 0) == (other == reason));
	}
	assert_int_equal (found, NX_POLICY_REASONS - 3);
}

static void
test_nx_policy_to_text__only_what_differs (void **state G_GNUC_UNUSED)
{
	NxPolicy policy;
	nx_policy_init_default (&policy);
	g_autofree char *empty = nx_policy_to_text (&policy);
	assert_string_equal (empty, "");
	policy.proof_since = START;
	policy.guard = FALSE;
	policy.threshold = 0.1;
	policy.weight_reason[NX_REASON_SPAM] = 0;
	g_autofree char *some = nx_policy_to_text (&policy);
	assert_string_equal (some, "weight-spam = 0\nthreshold = 0.1\nguard = no\n");
	nx_policy_init_preset (&policy, NX_PRESET_MAILMAN3);
	g_autofree char *preset = nx_policy_to_text (&policy);
	assert_string_equal (preset, "preset = mailman3\n");
	policy.threshold = 7;
	g_autofree char *more = nx_policy_to_text (&policy);
	assert_string_equal (more, "preset = mailman3\nbounce-score-threshold = 7\n");
}

static void
test_nx_policy_from_text__reads (void **state G_GNUC_UNUSED)
{
	static const struct {
		const char *text;
		const char *want; /* as nx_policy_to_text() writes it */
		const char *error;
	} cases[] = {
		{ "", "", NULL },
		{ "threshold=3", "threshold = 3\n", NULL },
		{ "# a comment\n\n  threshold =  3  \r\n", "threshold = 3\n", NULL },
		{ "threshold = 2.5\n", "", NULL },
		{ "preset = nixie\n", "", NULL },
		{ "bounce-score-threshold = 4\npreset = mailman2\n", "preset = mailman2\nbounce-score-threshold = 4\n",
		  NULL },
		{ "guard = no\nthreshold = 3\n", "threshold = 3\nguard = no\n", NULL },
		{ "threshold = 3\nthreshold", NULL, "line 2: a line is \"key = value\"" },
		{ "\nheal = maybe\n", NULL, "line 2: heal cannot be \"maybe\"; it is yes or no" },
		{ "heal = no\nheal = yes\n", NULL, "line 2: this key stands above already" },
		{ "preset = sympa\npreset = sympa\n", NULL, "line 2: this key stands above already" },
	};
	for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
		NxPolicy policy;
		g_autoptr (GError) error = NULL;
		memset (&policy, 0x55, sizeof policy);
		NxPolicy before = policy;
		gboolean read = nx_policy_from_text (cases[i].text, &policy, &error);
		assert_int_equal (read, cases[i].want != NULL);
		if (!read) {
			assert_string_equal (error->message, cases[i].error);
			assert_memory_equal (&policy, &before, sizeof policy);
			continue;
		}
		g_autofree char *got = nx_policy_to_text (&policy);
		assert_string_equal (got, cases[i].want);
	}
}

static char *
make_value (const NxPolicyKey *key, GRand *random)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	if (strstr (key->allowed, "whole") != NULL)
		return g_strdup_printf ("%d", g_rand_int_range (random, 0, 1000000));
	if (strstr (key->allowed, "number") != NULL)
		return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, g_rand_double_range (random, 0, 1000)));
	g_autoptr (GString) words = g_string_new (key->allowed);
	g_string_replace (words, " or ", ", ", 0);
	g_auto (GStrv) values = g_strsplit (words->str, ", ", -1);
	return g_strdup (values[g_rand_int_range (random, 0, (gint32)g_strv_length (values))]);
}

/* Property: any policy at all, to text and back, is the same; and two that differ have different texts. */
static void
test_nx_policy_from_text__round_trip (void **state G_GNUC_UNUSED)
{
	g_autoptr (GRand) random = g_rand_new_with_seed (11);
	for (guint round = 0; round < 900; round++) {
		NxPolicy policy;
		NxPolicy back;
		NxPolicy plain;
		g_autoptr (GError) error = NULL;
		gboolean changed = FALSE;
		nx_policy_init_preset (&policy, (NxPreset)(round % PRESETS));
		plain = policy;
		for (guint i = 1; i < count_keys (); i++) {
			const NxPolicyKey *key = nx_policy_get_key (i);
			if (!nx_policy_has_key (&policy, key->name) || g_rand_int_range (random, 0, 4) != 0)
				continue;
			g_autofree char *before = nx_policy_get (&policy, key->name);
			g_autofree char *value = make_value (key, random);
			if (!nx_policy_set (&policy, key->name, value, &error))
				fail_msg ("%s", error->message);
			g_autofree char *after = nx_policy_get (&policy, key->name);
			changed = changed || strcmp (before, after) != 0;
		}
		assert_int_equal (nx_policy_equal (&policy, &plain), !changed);
		g_autofree char *text = nx_policy_to_text (&policy);
		if (!nx_policy_from_text (text, &back, &error))
			fail_msg ("%s\n%s", error->message, text);
		assert_true (nx_policy_equal (&policy, &back));
		assert_memory_equal (&policy, &back, offsetof (NxPolicy, probes) + sizeof back.probes);
	}
}

static void
test_nx_policy_equal__proof_since_too (void **state G_GNUC_UNUSED)
{
	NxPolicy a;
	NxPolicy b;
	nx_policy_init_default (&a);
	nx_policy_init_default (&b);
	assert_true (nx_policy_equal (&a, &b));
	b.proof_since = 1;
	assert_false (nx_policy_equal (&a, &b));
	nx_policy_init_preset (&b, NX_PRESET_SYMPA);
	assert_false (nx_policy_equal (&a, &b));
}

int
main (void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_nx_policy_get_key__each_is_told),
		cmocka_unit_test (test_nx_policy_get__defaults),
		cmocka_unit_test (test_nx_policy_set__values),
		cmocka_unit_test (test_nx_policy_set__errors_say_what_is_allowed),
		cmocka_unit_test (test_nx_policy_set__all_that_is_allowed),
		cmocka_unit_test (test_nx_policy_set__each_weight_is_its_reasons),
		cmocka_unit_test (test_nx_policy_to_text__only_what_differs),
		cmocka_unit_test (test_nx_policy_from_text__reads),
		cmocka_unit_test (test_nx_policy_from_text__round_trip),
		cmocka_unit_test (test_nx_policy_equal__proof_since_too),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, NULL, NULL);
}
