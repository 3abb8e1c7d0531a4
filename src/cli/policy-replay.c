/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-replay.c: nixie policy replay and compare: what another policy makes of the reports that there are.
 */
#include <string.h>

#include "policies.h"
#include "screen.h"
#include "settings-policy.h"
#include "setup.h"
#include "tally.h"

#define STATES (NX_STATE_REMOVED + 1)

/* What became of a list's subscribers. @moves: by the state before and after. */
typedef struct {
	NxProgress *progress;
	guint64 moves[STATES][STATES];
	guint64 all;
	guint64 changed;
	gboolean listed;
	gboolean json;
} Count;

/* ---- one subscriber ---- */

static void
print_json (const NxReplayed *replayed)
{
	g_autofree char *date = nx_output_format_date (replayed->cause_date);
	const NxOutputMember members[] = {
		{ .key = "list", .text = replayed->list },
		{ .key = "address", .text = replayed->address },
		{ .key = "state", .text = nx_state_to_string (replayed->before.state) },
		{ .key = "score", .number = replayed->before.score },
		{ .key = "cause", .text = replayed->before_cause },
		{ .key = "then_state", .text = nx_state_to_string (replayed->after.state) },
		{ .key = "then_score", .number = replayed->after.score },
		{ .key = "then_cause", .text = replayed->cause },
		{ .key = "then_date", .text = date },
	};
	g_autofree char *line = nx_output_format_members (members, G_N_ELEMENTS (members));

	nx_screen_print ("%s\n", line);
}

static void
print_changed (const NxReplayed *replayed)
{
	g_autofree char *list = nx_output_escape_terminal (replayed->list);
	g_autofree char *address = nx_output_escape_terminal (replayed->address);
	g_autofree char *day = nx_screen_format_day (replayed->cause_date);
	g_autofree char *then = NULL;

	nx_screen_print ("%s  %s  %s %.2f -> %s %.2f\n", list, address, nx_state_to_string (replayed->before.state),
			 replayed->before.score, nx_state_to_string (replayed->after.state), replayed->after.score);
	if (*replayed->before_cause != '\0')
		nx_screen_print_labelled ("now", 4, replayed->before_cause);
	then = *replayed->cause == '\0' ? g_strdup ("it stays active")
					: g_strdup_printf ("%s (%s)", replayed->cause, day);
	nx_screen_print_labelled ("then", 4, then);
}

static gboolean
count_cb (const NxReplayed *replayed, guint64 done, guint64 total, gpointer user_data)
{
	Count *count = user_data;

	nx_progress_count (count->progress, done, total, "subscribers");
	count->all++;
	if (replayed->before.state == replayed->after.state)
		return TRUE;
	count->changed++;
	count->moves[replayed->before.state][replayed->after.state]++;
	if (!count->listed)
		return TRUE;
	nx_screen_clear_status ();
	if (count->json)
		print_json (replayed);
	else
		print_changed (replayed);
	return TRUE;
}

/* ---- one list ---- */

static void
print_count (const char *list, const Count *count)
{
	g_autofree char *name = nx_output_escape_terminal (list);
	g_autofree char *changed = nx_screen_format_count (count->changed);
	g_autofree char *all = nx_tally_format_number (count->all, "subscriber");

	nx_screen_clear_status ();
	nx_screen_print ("%s: %s of %s with reports\n", name, count->changed == 0 ? "nothing changes for any" : changed,
			 all);
	for (guint from = NX_STATE_ACTIVE; from < STATES; from++) {
		for (guint to = NX_STATE_ACTIVE; to < STATES; to++) {
			g_autofree char *number = nx_screen_format_count (count->moves[from][to]);

			if (count->moves[from][to] != 0)
				nx_screen_print ("  %s -> %s: %s\n", nx_state_to_string ((NxState)from),
						 nx_state_to_string ((NxState)to), number);
		}
	}
}

static gboolean
compare_list (NxStore *store, const NxSettings *settings, const char *list, Count *count, GError **error)
{
	const NxPolicy policy = nx_settings_get_policy (settings, list);

	if (!nx_store_compare (store, list, &policy, count_cb, count, error))
		return FALSE;
	if (!count->json)
		print_count (list, count);
	return TRUE;
}

/* ---- compare ---- */

gboolean
nx_policies_warn_strangers (NxCli *cli, NxStore *store, const NxSettings *settings, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	if (lists == NULL)
		return FALSE;
	for (guint i = 0; i < settings->policies->len; i++) {
		const NxPolicySettings *policy = g_ptr_array_index (settings->policies, i);
		gboolean known = *policy->name == '\0';

		for (guint j = 0; j < lists->len && !known; j++)
			known = g_ascii_strcasecmp (((NxList *)g_ptr_array_index (lists, j))->name, policy->name) == 0;
		if (!known)
			nx_main_say (cli, "%s:%u: [policy %s] is of no list; see nixie list", settings->file,
				     policy->line, policy->name);
	}
	return TRUE;
}

static gboolean
compare_all (NxCli *cli, NxStore *store, const NxSettings *settings, const Count *kind, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	if (lists == NULL)
		return FALSE;
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);
		Count count = *kind;

		if (cli->list != NULL && g_ascii_strcasecmp (cli->list, list->name) != 0)
			continue;
		if (!compare_list (store, settings, list->name, &count, error))
			return FALSE;
	}
	return nx_screen_flush (error);
}

gboolean
nx_policies_compare (NxCli *cli, const char *file, gboolean json, NxProgress *progress, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	g_autoptr (NxSettings) other = NULL;
	const Count kind = { .progress = progress, .listed = TRUE, .json = json };
	gboolean done = FALSE;

	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	if (file != NULL) {
		other = nx_settings_new (file, error);
		if (other == NULL)
			return FALSE;
	}
	/* One state of the database for all lists. */
	if (!nx_store_begin (store, error))
		return FALSE;
	done = nx_policies_warn_strangers (cli, store, other == NULL ? cli->settings : other, error) &&
	       compare_all (cli, store, other == NULL ? cli->settings : other, &kind, error);
	nx_store_rollback (store);
	return done;
}

/* ---- a new list ---- */

/* What the database's policy is, as it would be written for a list. */
static gboolean
follows (NxStore *store, const NxPolicy *policy, gboolean *follows_out, GError **error)
{
	NxPolicy in_force;

	if (!nx_store_get_policy (store, NULL, &in_force, error))
		return FALSE;
	*follows_out = nx_policy_equal (&in_force, policy);
	return TRUE;
}

gboolean
nx_policies_add_list (NxCli *cli, NxStore *store, const char *name, const char *address, GError **error)
{
	const NxPolicy policy = nx_settings_get_policy (cli->settings, name);
	g_autofree char *known = nx_store_dup_policy_text (store, name, NULL, NULL);
	gboolean same = FALSE;

	if (!nx_store_add_list (store, name, address, error) || !follows (store, &policy, &same, error))
		return FALSE;
	if (known != NULL || (same && nx_settings_find_policy (cli->settings, name) == NULL))
		return TRUE;
	return nx_store_set_policy (store, name, &policy, 0, NULL, error);
}

/* ---- replay ---- */

static gboolean
put_in_force (NxStore *store, const char *list, const NxPolicySettings *policy, gint64 now, GString *steps,
	      GError **error)
{
	gint64 step = 0;

	if (!nx_store_set_policy (store, list, policy == NULL ? NULL : &policy->policy, now, &step, error))
		return FALSE;
	if (step != 0)
		g_string_append_printf (steps, " %" G_GINT64_FORMAT, step);
	return TRUE;
}

static gboolean
replay_all (NxCli *cli, NxStore *store, NxProgress *progress, GString *steps, GError **error)
{
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	if (lists == NULL ||
	    !put_in_force (store, NULL, nx_settings_find_policy (cli->settings, ""), now, steps, error))
		return FALSE;
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);
		const NxPolicySettings *own = nx_settings_find_policy (cli->settings, list->name);

		if (!put_in_force (store, list->name, own, now, steps, error))
			return FALSE;
	}
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);
		Count count = { .progress = progress };

		if (!nx_store_replay (store, list->name, count_cb, &count, error))
			return FALSE;
		print_count (list->name, &count);
	}
	return TRUE;
}

static gboolean
replay_for_good (NxCli *cli, NxProgress *progress, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	g_autoptr (GString) steps = g_string_new (NULL);

	if (store == NULL || !nx_policies_warn_strangers (cli, store, cli->settings, error) ||
	    !nx_store_begin (store, error))
		return FALSE;
	if (!replay_all (cli, store, progress, steps, error)) {
		nx_store_rollback (store);
		return FALSE;
	}
	if (!nx_store_commit (store, error))
		return FALSE;
	if (steps->len == 0)
		nx_screen_print ("What is configured was in force already.\n");
	else
		nx_screen_print ("What is configured is in force now; nixie undo%s takes that back.\n", steps->str);
	return nx_screen_flush (error);
}

gboolean
nx_policies_replay (NxCli *cli, gboolean dry_run, NxProgress *progress, GError **error)
{
	const Count kind = { .progress = progress };
	g_autoptr (NxStore) store = NULL;
	gboolean done = FALSE;

	if (cli->list != NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "replay puts the whole configuration in force; --list does not go with it");
		return FALSE;
	}
	if (!dry_run)
		return replay_for_good (cli, progress, error);
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	if (store == NULL || !nx_store_begin (store, error))
		return FALSE;
	done = nx_policies_warn_strangers (cli, store, cli->settings, error) &&
	       compare_all (cli, store, cli->settings, &kind, error);
	nx_store_rollback (store);
	return done;
}
