/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-show.c: nixie policy show: each value with its origin and its meaning.
 */
#include <string.h>

#include "policies.h"
#include "screen.h"
#include "settings-policy.h"
#include "setup.h"

#define VALUE_WIDTH 38

/* The policy of one list, or of all that have none of their own: then @name is "" and @list NULL. */
typedef struct {
	const NxSettings *settings;
	const NxList *list;
	const char *name;
	NxPolicy in_force;
	NxPolicy configured;
	NxPolicy usual;
	gboolean has_store;
	gboolean own;
} View;

typedef enum {
	ORIGIN_DEFAULT,
	ORIGIN_PRESET,
	ORIGIN_CONFIGURATION,
	ORIGIN_LIST,
	ORIGIN_KEYED,
	ORIGIN_IN_FORCE,
} Origin;

static const char *const origin_words[] = {
	[ORIGIN_DEFAULT] = "default", [ORIGIN_PRESET] = "preset",      [ORIGIN_CONFIGURATION] = "configuration",
	[ORIGIN_LIST] = "list",       [ORIGIN_KEYED] = "signed paths", [ORIGIN_IN_FORCE] = "in force",
};

/* ---- origins ---- */

/* By `nixie list set`, or since return paths have keys. */
static Origin
find_list_origin (const View *view, const char *key)
{
	if (view->list == NULL)
		return ORIGIN_DEFAULT;
	if (strcmp (key, "complaint") == 0 && view->list->complaint != NX_COMPLAINT_NONE)
		return ORIGIN_LIST;
	if (strcmp (key, "least-proof") != 0)
		return ORIGIN_DEFAULT;
	if (view->list->least_proof != NX_PROOF_NONE)
		return ORIGIN_LIST;
	return view->in_force.proof_since != 0 ? ORIGIN_KEYED : ORIGIN_DEFAULT;
}

static Origin
find_origin (const View *view, const char *key, const char *value)
{
	g_autofree char *configured = nx_policy_get (&view->configured, key);
	g_autofree char *usual = nx_policy_get (&view->usual, key);
	Origin origin = find_list_origin (view, key);

	if (origin != ORIGIN_DEFAULT)
		return origin;
	if (g_strcmp0 (configured, value) == 0 && nx_settings_get_policy_line (view->settings, view->name, key) != 0)
		return ORIGIN_CONFIGURATION;
	if (g_strcmp0 (usual, value) != 0)
		return ORIGIN_IN_FORCE;
	if (view->in_force.preset == NX_PRESET_NIXIE)
		return ORIGIN_DEFAULT;
	return strcmp (key, "preset") == 0 ? ORIGIN_IN_FORCE : ORIGIN_PRESET;
}

/* "nixie.conf:12", fit for people. */
static char *
format_place (const View *view, const char *key)
{
	return g_strdup_printf ("%s:%u", view->settings->file,
				nx_settings_get_policy_line (view->settings, view->name, key));
}

static char *
format_origin (const View *view, const char *key, Origin origin)
{
	g_autofree char *day = nx_screen_format_day (view->in_force.proof_since);

	switch (origin) {
	case ORIGIN_CONFIGURATION:
		return format_place (view, key);
	case ORIGIN_PRESET:
		return g_strdup_printf ("preset %s", nx_preset_to_string (view->in_force.preset));
	case ORIGIN_LIST:
		return g_strdup ("nixie list set");
	case ORIGIN_KEYED:
		return g_strdup_printf ("return paths have keys since %s", day);
	case ORIGIN_DEFAULT:
	case ORIGIN_IN_FORCE:
	default:
		return g_strdup (origin_words[origin]);
	}
}

/* ---- rows ---- */

static void
print_row (const View *view, const NxPolicyKey *key, const char *value, Origin origin)
{
	g_autofree char *left = g_strdup_printf ("%s = %s", key->name, value);
	g_autofree char *padded = nx_screen_pad (left, VALUE_WIDTH);
	g_autofree char *from = format_origin (view, key->name, origin);
	g_autofree char *safe = nx_output_escape_terminal (from);
	g_autoptr (GPtrArray) lines = nx_screen_wrap (key->meaning, nx_screen_get_width () - 6);

	nx_screen_print ("  %s  %s\n", padded, safe);
	for (guint i = 0; i < lines->len; i++)
		nx_screen_print ("      %s\n", (const char *)g_ptr_array_index (lines, i));
}

static void
print_json (const View *view, const NxPolicyKey *key, const char *value, Origin origin)
{
	g_autofree char *configured = nx_policy_get (&view->configured, key->name);
	g_autofree char *place = origin == ORIGIN_CONFIGURATION ? format_place (view, key->name) : g_strdup ("");
	const NxOutputMember members[] = {
		{ .key = "list", .text = view->name },
		{ .key = "key", .text = key->name },
		{ .key = "value", .text = value },
		{ .key = "origin", .text = origin_words[origin] },
		{ .key = "place", .text = place },
		{ .key = "configured", .text = configured == NULL ? "" : configured },
		{ .key = "allowed", .text = key->allowed },
		{ .key = "meaning", .text = key->meaning },
	};
	g_autofree char *line = nx_output_format_members (members, G_N_ELEMENTS (members));

	nx_screen_print ("%s\n", line);
}

static guint
print_rows (const View *view, gboolean all, gboolean json)
{
	const NxPolicyKey *key = NULL;
	guint count = 0;

	for (guint i = 0; (key = nx_policy_get_key (i)) != NULL; i++) {
		g_autofree char *value = nx_policy_get (&view->in_force, key->name);
		Origin origin = value == NULL ? ORIGIN_DEFAULT : find_origin (view, key->name, value);

		if (value == NULL || (!all && origin <= ORIGIN_PRESET))
			continue;
		count++;
		if (json)
			print_json (view, key, value, origin);
		else
			print_row (view, key, value, origin);
	}
	return count;
}

/* ---- what the configuration says otherwise ---- */

static void
print_difference (const View *view, const NxPolicyKey *key)
{
	g_autofree char *configured = nx_policy_get (&view->configured, key->name);
	g_autofree char *in_force = nx_policy_get (&view->in_force, key->name);
	guint line = nx_settings_get_policy_line (view->settings, view->name, key->name);
	g_autofree char *place = line == 0 ? g_strdup ("default") : format_place (view, key->name);
	g_autofree char *safe = nx_output_escape_terminal (place);

	/* Only one of the presets has the key: the difference of the presets says it. */
	if (configured == NULL || in_force == NULL || strcmp (configured, in_force) == 0 ||
	    find_list_origin (view, key->name) != ORIGIN_DEFAULT)
		return;
	nx_screen_print ("  %s = %s (%s); in force is %s\n", key->name, configured, safe, in_force);
}

/* @text: in force, without what is set for the list. */
static gboolean
differs (const View *view, const char *text)
{
	NxPolicy plain;
	g_autofree char *configured = nx_policy_to_text (&view->configured);
	g_autofree char *in_force = NULL;

	if (!nx_policy_from_text (text, &plain, NULL))
		return TRUE;
	in_force = nx_policy_to_text (&plain);
	return strcmp (configured, in_force) != 0;
}

static void
print_differences (const View *view)
{
	nx_screen_print ("\nThe configuration says something else:\n");
	for (guint i = 0; nx_policy_get_key (i) != NULL; i++)
		print_difference (view, nx_policy_get_key (i));
	nx_screen_print ("nixie policy compare says whom that would change; nixie policy replay puts it in force.\n");
}

/* ---- all of it ---- */

static void
print_head (const View *view)
{
	g_autofree char *name = nx_output_escape_terminal (view->name);
	g_autofree char *title = g_strdup_printf (
		"%s: preset %s, %s", *name == '\0' ? "lists without a policy of their own" : name,
		nx_preset_to_string (view->in_force.preset), nx_preset_get_meaning (view->in_force.preset));
	g_autoptr (GPtrArray) lines = nx_screen_wrap (title, nx_screen_get_width () - 1);

	for (guint i = 0; i < lines->len; i++)
		nx_screen_print ("%s\n", (const char *)g_ptr_array_index (lines, i));
	if (view->list != NULL && !view->own)
		nx_screen_print ("It has no policy of its own: what holds for all such lists.\n");
	if (!view->has_store)
		nx_screen_print ("There is no database yet: this is what the configuration says.\n");
}

static void
print_others (const GPtrArray *lists, NxStore *store)
{
	g_autoptr (GString) names = g_string_new (NULL);

	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);
		gboolean own = FALSE;
		g_autofree char *text = nx_store_dup_policy_text (store, list->name, &own, NULL);
		g_autofree char *name = nx_output_escape_terminal (list->name);

		if (text != NULL && own)
			g_string_append_printf (names, "%s%s", names->len == 0 ? "" : ", ", name);
	}
	if (names->len > 0)
		nx_screen_print ("\nWith a policy of their own (nixie policy show --list NAME): %s\n", names->str);
}

static gboolean
print_view (const View *view, const char *text, gboolean all, gboolean json, GError **error)
{
	if (json) {
		print_rows (view, all, TRUE);
		return nx_screen_flush (error);
	}
	print_head (view);
	nx_screen_print ("\n");
	if (print_rows (view, all, FALSE) == 0)
		nx_screen_print ("  all as by default; --all shows it\n");
	if (differs (view, text))
		print_differences (view);
	return TRUE;
}

static const NxList *
find_list (const GPtrArray *lists, const char *name)
{
	for (guint i = 0; name != NULL && i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0)
			return list;
	}
	return NULL;
}

static gboolean
show_in_force (NxCli *cli, NxStore *store, gboolean all, gboolean json, GError **error)
{
	View view = { .settings = cli->settings, .name = "", .has_store = TRUE };
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);
	g_autofree char *text = NULL;

	if (lists == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	view.list = find_list (lists, cli->list);
	if (view.list != NULL)
		view.name = view.list->name;
	text = nx_store_dup_policy_text (store, cli->list, &view.own, error);
	if (text == NULL || !nx_store_get_policy (store, cli->list, &view.in_force, error))
		return FALSE;
	nx_policy_init_preset (&view.usual, view.in_force.preset);
	view.configured = nx_settings_get_policy (cli->settings, view.name);
	if (!print_view (&view, text, all, json, error))
		return FALSE;
	if (view.list == NULL && !json)
		print_others (lists, store);
	return nx_screen_flush (error) && nx_policies_warn_strangers (cli, store, cli->settings, error);
}

static gboolean
show_configured (NxCli *cli, gboolean all, gboolean json, GError **error)
{
	const char *name = cli->list == NULL ? "" : cli->list;
	View view = { .settings = cli->settings, .name = name };
	g_autofree char *text = NULL;

	view.configured = nx_settings_get_policy (cli->settings, name);
	view.in_force = view.configured;
	nx_policy_init_preset (&view.usual, view.configured.preset);
	text = nx_policy_to_text (&view.configured);
	return print_view (&view, text, all, json, error) && nx_screen_flush (error);
}

gboolean
nx_policies_show (NxCli *cli, gboolean all, gboolean json, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, &local);

	if (store != NULL)
		return show_in_force (cli, store, all, json, error);
	if (g_error_matches (local, NX_ERROR, NX_ERROR_NOT_FOUND))
		return show_configured (cli, all, json, error);
	g_propagate_error (error, g_steal_pointer (&local));
	return FALSE;
}
