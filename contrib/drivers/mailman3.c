/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mailman3.c: the driver for Mailman 3, by the REST interface of its core.
 *
 * Suspending is delivery_status, which is enabled, or who switched it off: the member himself (by_user), a moderator,
 * or bounces. Only what is enabled is switched off, and only what was switched off as --suspend-as says is switched on
 * again. Scores are read-only there and stay nixie's.
 */
#include "driver.h"

#include <string.h>

#include "http.h"

/* Members a page of "import". */
#define PAGE 500

static char *url;
static char *user;
static char *password_file;
static char *list_id;
static char *suspend_as;

static const GOptionEntry options[] = {
	{ "url", 0, 0, G_OPTION_ARG_STRING, &url, "of the REST interface: http://localhost:8001/3.1", "URL" },
	{ "user", 0, 0, G_OPTION_ARG_STRING, &user, "[webservice] admin_user: restadmin when left out", "NAME" },
	{ "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
	  "a file whose first line is [webservice] admin_pass", "FILE" },
	{ "list-id", 0, 0, G_OPTION_ARG_STRING, &list_id, "of the list: news.lists.example.org", "ID" },
	{ "suspend-as", 0, 0, G_OPTION_ARG_STRING, &suspend_as,
	  "by_bounces (when left out): Mailman warns and removes as well; or by_moderator: it does not", "STATUS" },
	G_OPTION_ENTRY_NULL,
};

static const char *const off_statuses[] = { "by_bounces", "by_user", "by_moderator", "unknown", NULL };

/* A member as a path, with the link of his user, or both NULL. @by_preference: his address is the user's preferred one.
 */
typedef struct {
	char *path;
	char *user;
	gboolean by_preference;
} Member;

static void
member_clear (Member *member)
{
	g_clear_pointer (&member->path, g_free);
	g_clear_pointer (&member->user, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Member, member_clear)

static NxHttp *
open_mailman (GError **error)
{
	if (!nx_driver_require ("--url", url, error) || !nx_driver_require ("--list-id", list_id, error) ||
	    !nx_driver_require ("--password-file", password_file, error))
		return NULL;
	if (suspend_as == NULL)
		suspend_as = g_strdup ("by_bounces");
	if (strcmp (suspend_as, "by_bounces") != 0 && strcmp (suspend_as, "by_moderator") != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "--suspend-as: \"%s\" must be by_bounces or by_moderator", suspend_as);
		return NULL;
	}
	return nx_http_new (url, user == NULL ? "restadmin" : user, password_file, error);
}

static char *
copy_text (const json_t *object, const char *key)
{
	return g_strdup (json_string_value (json_object_get (object, key)));
}

/* The links in answers name the host that Mailman knows, not that of --url: only what stands behind the version counts.
 */
static char *
copy_link (const json_t *object, const char *key, const char *room)
{
	g_autofree char *link = copy_text (object, key);
	const char *last = link == NULL ? NULL : strrchr (link, '/');

	return last == NULL ? NULL : g_strconcat (room, last + 1, NULL);
}

/* Of a list that is not there nobody is a member; that must not pass for "done already". */
static gboolean
require_list (NxHttp *http, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *id = nx_http_escape (list_id);
	g_autofree char *path = g_strconcat ("/lists/", id, NULL);

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	if (answer.status == 200)
		return TRUE;
	if (answer.status == 404)
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "Mailman at %s has no list %s; see --list-id and --url",
			     url, list_id);
	else
		nx_http_set_error (http, "GET", path, &answer, error);
	return FALSE;
}

static const json_t *
pick_member (const NxHttpAnswer *answer, const char *address)
{
	const json_t *entries = json_object_get (answer->json, "entries");

	for (gsize i = 0; i < json_array_size (entries); i++) {
		const json_t *one = json_array_get (entries, i);
		const char *there = json_string_value (json_object_get (one, "email"));

		if (there != NULL && nx_driver_is_same (there, address))
			return one;
	}
	return NULL;
}

/* By a query: in the path of a URL Mailman takes no address that has a "/". @member_out: cleared when there is none. */
static gboolean
find_member (NxHttp *http, const char *address, Member *member_out, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *id = nx_http_escape (list_id);
	g_autofree char *who = nx_http_escape (address);
	g_autofree char *path = g_strconcat ("/members/find?list_id=", id, "&role=member&subscriber=", who, NULL);
	const json_t *member = NULL;

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	if (answer.status != 200) {
		nx_http_set_error (http, "GET", path, &answer, error);
		return FALSE;
	}
	member = pick_member (&answer, address);
	if (member == NULL)
		return require_list (http, error);
	member_out->path = copy_link (member, "self_link", "/members/");
	member_out->user = copy_link (member, "user", "/users/");
	member_out->by_preference =
		g_strcmp0 (json_string_value (json_object_get (member, "subscription_mode")), "as_user") == 0;
	if (member_out->path != NULL)
		return TRUE;
	nx_http_set_error (http, "GET", path, &answer, error);
	return FALSE;
}

/* Returns: (transfer full) (nullable) */
static char *
read_delivery (NxHttp *http, const Member *member, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *path = g_strconcat (member->path, "/preferences", NULL);
	char *status = NULL;

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return NULL;
	if (answer.status != 200) {
		nx_http_set_error (http, "GET", path, &answer, error);
		return NULL;
	}
	status = copy_text (answer.json, "delivery_status");
	return status == NULL ? g_strdup ("enabled") : status;
}

static gboolean
set_delivery (NxHttp *http, const char *address, const char *from, const char *to, GError **error)
{
	g_auto (Member) member = { NULL, NULL, FALSE };
	g_autofree char *path = NULL;
	g_autofree char *status = NULL;

	if (!find_member (http, address, &member, error))
		return FALSE;
	if (member.path == NULL) {
		nx_driver_note ("%s is no member of %s (any more): nothing to do", address, list_id);
		return TRUE;
	}
	status = read_delivery (http, &member, error);
	if (status == NULL)
		return FALSE;
	if (strcmp (status, from) != 0) {
		nx_driver_note ("the delivery of %s is %s: nothing to do", address, status);
		return TRUE;
	}
	path = g_strconcat (member.path, "/preferences", NULL);
	return !nx_driver_begin ("set delivery_status of %s on %s from %s to %s", address, list_id, from, to) ||
	       nx_http_change (http, "PATCH", path, json_pack ("{ss}", "delivery_status", to), 0, error);
}

static gboolean
remove_member (NxHttp *http, const char *address, GError **error)
{
	g_auto (Member) member = { NULL, NULL, FALSE };

	if (!find_member (http, address, &member, error))
		return FALSE;
	if (member.path == NULL) {
		nx_driver_note ("%s is no member of %s: nothing to do", address, list_id);
		return TRUE;
	}
	return !nx_driver_begin ("remove %s from %s", address, list_id) ||
	       nx_http_change (http, "DELETE", member.path, NULL, 404, error);
}

static gboolean
subscribe (NxHttp *http, const char *address, const char *delivery, GError **error)
{
	json_t *body = json_pack ("{ss, ss, ss, sb, sb, sb, sb}", "list_id", list_id, "subscriber", address,
				  "delivery_status", delivery, "pre_verified", 1, "pre_confirmed", 1, "pre_approved", 1,
				  "send_welcome_message", 0);

	/* 409: somebody was faster. */
	return nx_http_change (http, "POST", "/members", body, 409, error);
}

static gboolean
add_member (NxHttp *http, const char *address, GError **error)
{
	g_auto (Member) member = { NULL, NULL, FALSE };

	if (!find_member (http, address, &member, error))
		return FALSE;
	if (member.path != NULL)
		return set_delivery (http, address, suspend_as, "enabled", error);
	return !nx_driver_begin ("subscribe %s to %s", address, list_id) || subscribe (http, address, "enabled", error);
}

/* The address as Mailman has it: whose it is, as a path. *user_out is NULL when it is nobody's, or unknown. */
static gboolean
find_user (NxHttp *http, const char *address, char **user_out, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *who = nx_http_escape (address);
	g_autofree char *path = g_strconcat ("/addresses/", who, NULL);

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	if (answer.status != 200 && answer.status != 404) {
		nx_http_set_error (http, "GET", path, &answer, error);
		return FALSE;
	}
	*user_out = answer.status == 404 ? NULL : copy_link (answer.json, "user", "/users/");
	return TRUE;
}

/* A member's address must be his user's, and verified, before it can be the member's. Each step may have been done
 * already. */
static gboolean
register_address (NxHttp *http, const Member *member, const char *address, gboolean known, GError **error)
{
	g_autofree char *who = nx_http_escape (address);
	g_autofree char *verify = g_strconcat ("/addresses/", who, "/verify", NULL);
	g_autofree char *mine = g_strconcat (member->user, "/addresses", NULL);

	/* Absorbing one that is nobody's. */
	if (!known && !nx_http_change (http, "POST", mine,
				       json_pack ("{ss, sb}", "email", address, "absorb_existing", 1), 0, error))
		return FALSE;
	return nx_http_change (http, "POST", verify, json_object (), 0, error);
}

/* A membership with the new address in place of the old one: two users are not made one by a bounce, and a user's
 * preferred address is that of all his lists. */
static gboolean
hand_over (NxHttp *http, const Member *member, const char *address, GError **error)
{
	g_autofree char *delivery = read_delivery (http, member, error);

	return delivery != NULL && subscribe (http, address, delivery, error) &&
	       nx_http_change (http, "DELETE", member->path, NULL, 404, error);
}

static gboolean
move_member (NxHttp *http, const char *from, const char *to, GError **error)
{
	g_auto (Member) old = { NULL, NULL, FALSE };
	g_auto (Member) new = { NULL, NULL, FALSE };
	g_autofree char *user_of_new = NULL;

	if (!find_member (http, from, &old, error) || !find_member (http, to, &new, error))
		return FALSE;
	if (old.path == NULL) {
		nx_driver_note ("%s is no member of %s (any more): nothing to do", from, list_id);
		return TRUE;
	}
	/* In Mailman addresses differ by more than by their case; both may be one member then. */
	if (new.path != NULL && strcmp (new.path, old.path) != 0)
		return remove_member (http, from, error);
	if (!find_user (http, to, &user_of_new, error))
		return FALSE;
	if (!nx_driver_begin ("change the address of %s on %s to %s", from, list_id, to))
		return TRUE;
	if (old.user == NULL || (user_of_new != NULL && strcmp (user_of_new, old.user) != 0))
		return hand_over (http, &old, to, error);
	if (!register_address (http, &old, to, user_of_new != NULL, error))
		return FALSE;
	if (old.by_preference)
		return hand_over (http, &old, to, error);
	return nx_http_change (http, "PATCH", old.path, json_pack ("{ss}", "address", to), 0, error);
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	g_autoptr (NxHttp) http = open_mailman (error);

	if (http == NULL)
		return FALSE;
	switch (call->action) {
	case NX_DRIVER_SUSPEND:
		return set_delivery (http, call->address, "enabled", suspend_as, error);
	case NX_DRIVER_RESTORE:
		return set_delivery (http, call->address, suspend_as, "enabled", error);
	case NX_DRIVER_REMOVE:
		return remove_member (http, call->address, error);
	case NX_DRIVER_MOVE:
		return move_member (http, call->old_address, call->address, error);
	case NX_DRIVER_ADD:
	default:
		return add_member (http, call->address, error);
	}
}

/* ---- import ---- */

typedef gboolean (*EntryFunc) (const json_t *member, gpointer user_data);

/* All members, or those with the @status, page by page. */
static gboolean
walk_members (NxHttp *http, const char *status, EntryFunc func, gpointer user_data, GError **error)
{
	g_autofree char *id = nx_http_escape (list_id);

	for (guint page = 1;; page++) {
		g_auto (NxHttpAnswer) answer = { NULL, 0 };
		g_autofree char *path = g_strdup_printf (
			"/members/find?list_id=%s&role=member%s%s&count=%d&page=%u", id,
			status == NULL ? "" : "&delivery_status=", status == NULL ? "" : status, PAGE, page);
		const json_t *entries = NULL;

		if (!nx_http_call (http, "GET", path, NULL, &answer, error))
			return FALSE;
		if (answer.status != 200) {
			nx_http_set_error (http, "GET", path, &answer, error);
			return FALSE;
		}
		entries = json_object_get (answer.json, "entries");
		for (gsize i = 0; i < json_array_size (entries); i++) {
			if (!func (json_array_get (entries, i), user_data))
				return TRUE;
		}
		if (json_array_size (entries) < PAGE)
			return TRUE;
	}
}

static gboolean
note_address (const json_t *member, gpointer user_data)
{
	const char *address = json_string_value (json_object_get (member, "email"));

	if (address != NULL)
		g_hash_table_add (user_data, g_strdup (address));
	return TRUE;
}

static gboolean
print_member (const json_t *member, gpointer user_data)
{
	GHashTable *const *off = user_data;
	const char *address = json_string_value (json_object_get (member, "email"));
	const char *name = json_string_value (json_object_get (member, "display_name"));
	const char *delivery = "enabled";

	for (guint i = 0; address != NULL && off_statuses[i] != NULL; i++) {
		if (g_hash_table_contains (off[i], address))
			delivery = off_statuses[i];
	}
	if (address != NULL)
		nx_driver_print_member (&(NxDriverMember){ address, name == NULL ? "" : name, delivery });
	return TRUE;
}

static gboolean
import (GError **error)
{
	g_autoptr (NxHttp) http = open_mailman (error);
	GHashTable *off[G_N_ELEMENTS (off_statuses)] = { NULL };
	gboolean done = http != NULL && require_list (http, error);

	for (guint i = 0; off_statuses[i] != NULL; i++) {
		off[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
		done = done && walk_members (http, off_statuses[i], note_address, off[i], error);
	}
	if (done) {
		nx_driver_print_header ();
		done = walk_members (http, NULL, print_member, off, error);
	}
	for (guint i = 0; off_statuses[i] != NULL; i++)
		g_hash_table_unref (off[i]);
	return done;
}

const NxDriver nx_driver_mailman3 = {
	.name = "mailman3",
	.summary = "Mailman 3, by the REST interface of its core",
	.about = "suspend   sets delivery_status from enabled to by_bounces (or see --suspend-as)\n"
		 "restore   sets it back; what the member or a moderator has set stays as it is\n"
		 "remove    ends the membership, with no question\n"
		 "move      gives the member the new address, which is registered for his user and counts as verified; "
		 "when it is\n"
		 "          another user's, that one becomes a member in his place\n"
		 "add       subscribes, with no welcome and no question\n"
		 "import    prints all members, with their delivery_status\n"
		 "\n"
		 "A member by_bounces gets Mailman's own warnings and is removed by it in the end; where nixie is to "
		 "warn and\n"
		 "remove, use --suspend-as by_moderator.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver mailman3 --url http://localhost:8001/3.1 --password-file "
		   "/etc/nixie/mailman3.pass --list-id news.lists.example.org\n",
	.options = options,
	.import = import,
	.apply = apply,
};
