/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * listmonk.c: the driver for listmonk, by its HTTP interface.
 *
 * listmonk knows no suspended subscriptions: a subscriber is put on a list of its own (--suspended-list) and taken off
 * the list, and back. Who unsubscribed himself, which is a status of his subscription, stays so. With --webhook
 * suspending is a bounce that is told to listmonk, which counts it and acts as its own settings say.
 */
#include "driver.h"

#include <string.h>

#include "http.h"
#include "pair.h"

#define PAGE 1000

static char *url;
static char *user;
static char *password_file;
static int list_id;
static int aside_id;
static gboolean by_webhook;

static const GOptionEntry options[] = {
	{ "url", 0, 0, G_OPTION_ARG_STRING, &url, "of listmonk: http://localhost:9000", "URL" },
	{ "user", 0, 0, G_OPTION_ARG_STRING, &user, "the name of an API user", "NAME" },
	{ "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file, "a file whose first line is its token",
	  "FILE" },
	{ "list-id", 0, 0, G_OPTION_ARG_INT, &list_id, "the list's number", "ID" },
	{ "suspended-list", 0, 0, G_OPTION_ARG_INT, &aside_id, "the number of the list of those who are suspended",
	  "ID" },
	{ "webhook", 0, 0, G_OPTION_ARG_NONE, &by_webhook, "suspend by telling listmonk of a bounce instead", NULL },
	G_OPTION_ENTRY_NULL,
};

static NxHttp *
open_listmonk (GError **error)
{
	if (!nx_driver_require ("--url", url, error) || !nx_driver_require ("--user", user, error) ||
	    !nx_driver_require ("--password-file", password_file, error) ||
	    !nx_driver_require ("--list-id", list_id > 0 ? "set" : NULL, error) ||
	    !nx_driver_require ("--suspended-list (or --webhook)", aside_id > 0 || by_webhook ? "set" : NULL, error))
		return NULL;
	return nx_http_new (url, user, password_file, error);
}

/* listmonk's query is an expression of SQL, there is no other way to ask for an address; so it is one literal. */
static char *
make_query (const char *address)
{
	g_autofree char *lower = g_utf8_strdown (address, -1);
	g_auto (GStrv) parts = g_strsplit (lower, "'", -1);
	g_autofree char *quoted = g_strjoinv ("''", parts);
	g_autofree char *query = g_strconcat ("subscribers.email = '", quoted, "'", NULL);
	g_autofree char *escaped = nx_http_escape (query);

	return g_strconcat ("/api/subscribers?per_page=10&query=", escaped, NULL);
}

static const json_t *
get_results (const NxHttpAnswer *answer)
{
	return json_object_get (json_object_get (answer->json, "data"), "results");
}

/* @subscriber_out: (transfer full) (nullable) */
static gboolean
find_subscriber (NxHttp *http, const char *address, json_t **subscriber_out, GError **error)
{
	g_autofree char *path = make_query (address);
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	g_autofree char *lower = g_utf8_strdown (address, -1);

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	if (answer.status != 200 || !json_is_array (get_results (&answer))) {
		nx_http_set_error (http, "GET", path, &answer, error);
		return FALSE;
	}
	for (gsize i = 0; i < json_array_size (get_results (&answer)); i++) {
		json_t *one = json_array_get (get_results (&answer), i);
		const char *email = json_string_value (json_object_get (one, "email"));
		g_autofree char *there = email == NULL ? NULL : g_utf8_strdown (email, -1);

		if (g_strcmp0 (there, lower) == 0 && json_is_integer (json_object_get (one, "id"))) {
			*subscriber_out = json_incref (one);
			return TRUE;
		}
	}
	return TRUE;
}

/* What he has on list @id: "confirmed", "unconfirmed", "unsubscribed", or NULL. */
static const char *
get_subscription (const json_t *subscriber, int id)
{
	const json_t *lists = json_object_get (subscriber, "lists");

	for (gsize i = 0; i < json_array_size (lists); i++) {
		const json_t *list = json_array_get (lists, i);

		if (json_integer_value (json_object_get (list, "id")) == id)
			return json_string_value (json_object_get (list, "subscription_status"));
	}
	return NULL;
}

static gboolean
is_in (const json_t *subscriber, NxPairSet set)
{
	const char *status = get_subscription (subscriber, set == NX_PAIR_ASIDE ? aside_id : list_id);
	gboolean unsubscribed = g_strcmp0 (status, "unsubscribed") == 0;

	return status != NULL && (set == NX_PAIR_OTHER) == unsubscribed;
}

static gboolean
find (gpointer data, NxPairSet set, const char *address, char **entry_out, GError **error)
{
	json_t *subscriber = NULL;

	if (set == NX_PAIR_ASIDE && aside_id == 0)
		return TRUE;
	if (!find_subscriber (data, address, &subscriber, error))
		return FALSE;
	if (subscriber != NULL && is_in (subscriber, set)) {
		const char *name = json_string_value (json_object_get (subscriber, "name"));

		*entry_out = g_strdup (name == NULL ? "" : name);
	}
	json_decref (subscriber);
	return TRUE;
}

static json_t *
make_change (const json_t *subscriber, const char *action, int list)
{
	return json_pack ("{s[O], ss, s[i], ss}", "ids", json_object_get (subscriber, "id"), "action", action,
			  "target_list_ids", list, "status", "confirmed");
}

static gboolean
add (gpointer data, NxPairSet set, const char *address, const char *entry, GError **error)
{
	int list = set == NX_PAIR_ASIDE ? aside_id : list_id;
	json_t *subscriber = NULL;
	gboolean done = FALSE;

	/* Who unsubscribed and moved is not subscribed by that. */
	if (set == NX_PAIR_OTHER)
		return TRUE;
	if (!find_subscriber (data, address, &subscriber, error))
		return FALSE;
	if (subscriber == NULL)
		done = nx_http_change (data, "POST", "/api/subscribers",
				       json_pack ("{ss, ss, ss, s[i], sb}", "email", address, "name",
						  entry == NULL ? "" : entry, "status", "enabled", "lists", list,
						  "preconfirm_subscriptions", 1),
				       0, error);
	else
		done = is_in (subscriber, set) || nx_http_change (data, "PUT", "/api/subscribers/lists",
								  make_change (subscriber, "add", list), 0, error);
	json_decref (subscriber);
	return done;
}

static gboolean
drop (gpointer data, NxPairSet set, const char *address, GError **error)
{
	int list = set == NX_PAIR_ASIDE ? aside_id : list_id;
	json_t *subscriber = NULL;
	gboolean done = FALSE;

	if (list == 0)
		return TRUE;
	if (!find_subscriber (data, address, &subscriber, error))
		return FALSE;
	done = subscriber == NULL || !is_in (subscriber, set) ||
	       nx_http_change (data, "PUT", "/api/subscribers/lists", make_change (subscriber, "remove", list), 0,
			       error);
	json_decref (subscriber);
	return done;
}

/* ---- the webhook ---- */

static char *
make_bounces_path (const json_t *subscriber)
{
	return g_strdup_printf ("/api/subscribers/%" JSON_INTEGER_FORMAT "/bounces",
				json_integer_value (json_object_get (subscriber, "id")));
}

/* Bounces are counted: the same call must not be told twice. */
static gboolean
is_told (NxHttp *http, const NxDriverCall *call, const json_t *subscriber, gboolean *told_out, GError **error)
{
	g_autofree char *path = make_bounces_path (subscriber);
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	const json_t *bounces = NULL;

	if (!nx_http_call (http, "GET", path, NULL, &answer, error))
		return FALSE;
	bounces = json_object_get (answer.json, "data");
	if (answer.status != 200) {
		nx_http_set_error (http, "GET", path, &answer, error);
		return FALSE;
	}
	for (gsize i = 0; i < json_array_size (bounces); i++) {
		const json_t *meta = json_object_get (json_array_get (bounces, i), "meta");

		if (json_is_integer (json_object_get (meta, "nixie_call")) &&
		    json_integer_value (json_object_get (meta, "nixie_call")) == call->id)
			*told_out = TRUE;
	}
	return TRUE;
}

static gboolean
tell_bounce (NxHttp *http, const NxDriverCall *call, const json_t *subscriber, GError **error)
{
	gboolean told = FALSE;

	if (!is_told (http, call, subscriber, &told, error))
		return FALSE;
	if (told) {
		nx_driver_note ("listmonk knows of this bounce of %s: nothing to do", call->address);
		return TRUE;
	}
	return !nx_driver_begin ("tell listmonk of a hard bounce of %s", call->address) ||
	       nx_http_change (http, "POST", "/webhooks/bounce",
			       json_pack ("{ss, ss, ss, s{sI, ss}}", "email", call->address, "source", "nixie", "type",
					  "hard", "meta", "nixie_call", (json_int_t)call->id, "cause", call->cause),
			       0, error);
}

/* What listmonk did by itself with the bounces is its own to undo. */
static gboolean
forget_bounces (NxHttp *http, const NxDriverCall *call, const json_t *subscriber, GError **error)
{
	g_autofree char *path = make_bounces_path (subscriber);

	if (nx_driver_begin ("delete the bounces of %s", call->address) &&
	    !nx_http_change (http, "DELETE", path, NULL, 404, error))
		return FALSE;
	if (g_strcmp0 (json_string_value (json_object_get (subscriber, "status")), "blocklisted") != 0)
		return TRUE;
	g_set_error (
		error, NX_ERROR, NX_ERROR_DATA,
		"listmonk has blocklisted %s for his bounces; set his status to enabled there, and his subscription",
		call->address);
	return FALSE;
}

static gboolean
apply_bounce (NxHttp *http, const NxDriverCall *call, GError **error)
{
	json_t *subscriber = NULL;
	gboolean done = TRUE;

	if (!find_subscriber (http, call->address, &subscriber, error))
		return FALSE;
	if (subscriber == NULL)
		nx_driver_note ("listmonk has no subscriber %s: nothing to do", call->address);
	else if (call->action == NX_DRIVER_SUSPEND)
		done = tell_bounce (http, call, subscriber, error);
	else
		done = forget_bounces (http, call, subscriber, error);
	json_decref (subscriber);
	return done;
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	g_autoptr (NxHttp) http = open_listmonk (error);
	g_autofree char *name = g_strdup_printf ("list %d", list_id);
	const NxPair pair = { .list = name, .data = http, .find = find, .add = add, .drop = drop };

	if (http == NULL)
		return FALSE;
	if (by_webhook && (call->action == NX_DRIVER_SUSPEND || call->action == NX_DRIVER_RESTORE))
		return apply_bounce (http, call, error);
	return nx_pair_apply (&pair, call, error);
}

/* ---- import ---- */

static void
print_subscriber (const json_t *subscriber)
{
	const char *email = json_string_value (json_object_get (subscriber, "email"));
	const char *name = json_string_value (json_object_get (subscriber, "name"));
	const char *status = json_string_value (json_object_get (subscriber, "status"));
	const char *delivery = "enabled";

	if (email == NULL || is_in (subscriber, NX_PAIR_OTHER))
		return;
	if (aside_id > 0 && is_in (subscriber, NX_PAIR_ASIDE))
		delivery = "by_bounces";
	else if (g_strcmp0 (status, "enabled") != 0)
		delivery = "by_moderator";
	nx_driver_print_member (&(NxDriverMember){ email, name == NULL ? "" : name, delivery });
}

static gboolean
print_list (NxHttp *http, int list, GError **error)
{
	for (guint page = 1;; page++) {
		g_auto (NxHttpAnswer) answer = { NULL, 0 };
		g_autofree char *path = g_strdup_printf (
			"/api/subscribers?list_id=%d&order_by=id&order=ASC&per_page=%d&page=%u", list, PAGE, page);
		const json_t *results = NULL;

		if (!nx_http_call (http, "GET", path, NULL, &answer, error))
			return FALSE;
		results = get_results (&answer);
		if (answer.status != 200 || !json_is_array (results)) {
			nx_http_set_error (http, "GET", path, &answer, error);
			return FALSE;
		}
		for (gsize i = 0; i < json_array_size (results); i++)
			print_subscriber (json_array_get (results, i));
		if (json_array_size (results) < PAGE)
			return TRUE;
	}
}

static gboolean
import (GError **error)
{
	g_autoptr (NxHttp) http = open_listmonk (error);

	if (http == NULL)
		return FALSE;
	nx_driver_print_header ();
	return print_list (http, list_id, error) && (aside_id == 0 || print_list (http, aside_id, error));
}

const NxDriver nx_driver_listmonk = {
	.name = "listmonk",
	.summary = "listmonk, by its HTTP interface",
	.about = "suspend   puts the subscriber on --suspended-list, and takes him off the list\n"
		 "restore   does the opposite; who unsubscribed himself stays so\n"
		 "remove    takes him off both; as a subscriber of other lists he stays\n"
		 "move      puts the new address on the list, and takes the old one off\n"
		 "add       subscribes, confirmed\n"
		 "import    prints the subscribers of both lists, without those who unsubscribed\n"
		 "\n"
		 "With --webhook suspending is a hard bounce that listmonk is told of, once a call: what follows from "
		 "it is what\n"
		 "its settings say. Restoring deletes the bounces; who was blocklisted for them is yours to enable.\n"
		 "\n"
		 "The API user needs subscribers:get, subscribers:manage, lists:get_all, and with --webhook "
		 "bounces:get,\n"
		 "bounces:manage and webhooks:post_bounce.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver listmonk --url http://localhost:9000 --user nixie "
		   "--password-file "
		   "/etc/nixie/listmonk.token --list-id 3 --suspended-list 4\n",
	.options = options,
	.import = import,
	.apply = apply,
};
