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
	{ "list-id", 0, 0, G_OPTION_ARG_STRING, &list_id, "news.lists.example.org, or the posting address", "ID" },
	{ "suspend-as", 0, 0, G_OPTION_ARG_STRING, &suspend_as,
	  "by_bounces (when left out): Mailman warns and removes as well; or by_moderator: it does not", "STATUS" },
	G_OPTION_ENTRY_NULL,
};

static const char *const off_statuses[] = { "by_bounces", "by_user", "by_moderator", "unknown", NULL };

/* A member as a path, with the link of his user, or both NULL. */
typedef struct {
	char *path;
	char *user;
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

/* A 404 may also be about the list: then nothing that is said of it would ever be true. */
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

/* @member_out: cleared when there is no such member. */
static gboolean
find_member (NxHttp *http, const char *address, Member *member_out, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *id = nx_http_escape (list_id);
	g_autofree char *who = nx_http_escape (address);
	g_autofree char *path = g_strconcat ("/lists/", id, "/member/", who, NULL);

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	if (answer.status == 404)
		return require_list (http, error);
	member_out->path = copy_link (answer.json, "self_link", "/members/");
	member_out->user = copy_link (answer.json, "user", "/users/");
	if (answer.status == 200 && member_out->path != NULL)
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
	g_auto (Member) member = { NULL, NULL };
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
	g_auto (Member) member = { NULL, NULL };

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
add_member (NxHttp *http, const char *address, GError **error)
{
	g_auto (Member) member = { NULL, NULL };
	json_t *body = NULL;

	if (!find_member (http, address, &member, error))
		return FALSE;
	if (member.path != NULL)
		return set_delivery (http, address, suspend_as, "enabled", error);
	if (!nx_driver_begin ("subscribe %s to %s", address, list_id))
		return TRUE;
	body = json_pack ("{ss, ss, sb, sb, sb, sb}", "list_id", list_id, "subscriber", address, "pre_verified", 1,
			  "pre_confirmed", 1, "pre_approved", 1, "send_welcome_message", 0);
	/* 409: somebody was faster. */
	return nx_http_change (http, "POST", "/members", body, 409, error);
}

/* A member's address must be some user's, and verified, before it can be his. Each step may have been done already. */
static gboolean
register_address (NxHttp *http, const Member *member, const char *address, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *who = nx_http_escape (address);
	g_autofree char *path = g_strconcat ("/addresses/", who, NULL);
	g_autofree char *verify = g_strconcat (path, "/verify", NULL);
	g_autofree char *mine = NULL;

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	if (answer.status != 200 && answer.status != 404) {
		nx_http_set_error (http, "GET", path, &answer, error);
		return FALSE;
	}
	if (answer.status == 404 || json_object_get (answer.json, "user") == NULL) {
		if (member->user == NULL) {
			g_set_error (error, NX_ERROR, NX_ERROR_DATA,
				     "Mailman names no user for the member: %s cannot be given to him", address);
			return FALSE;
		}
		mine = g_strconcat (member->user, "/addresses", NULL);
		if (!nx_http_change (http, "POST", mine, json_pack ("{ss, sb}", "email", address, "absorb_existing", 1),
				     0, error))
			return FALSE;
	}
	return nx_http_change (http, "POST", verify, json_object (), 0, error);
}

static gboolean
move_member (NxHttp *http, const char *from, const char *to, GError **error)
{
	g_auto (Member) old = { NULL, NULL };
	g_auto (Member) new = { NULL, NULL };

	if (!find_member (http, from, &old, error) || !find_member (http, to, &new, error))
		return FALSE;
	if (old.path == NULL) {
		nx_driver_note ("%s is no member of %s (any more): nothing to do", from, list_id);
		return TRUE;
	}
	/* In Mailman addresses differ by more than by their case; both may be one member then. */
	if (new.path != NULL && strcmp (new.path, old.path) != 0)
		return remove_member (http, from, error);
	if (!nx_driver_begin ("change the address of %s on %s to %s", from, list_id, to))
		return TRUE;
	return register_address (http, &old, to, error) &&
	       nx_http_change (http, "PATCH", old.path, json_pack ("{ss}", "address", to), 0, error);
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
		 "move      gives the member the new address, which is registered for his user and counts as verified\n"
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
