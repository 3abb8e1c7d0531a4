/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call.c: the one JSON object that nixie run writes to a hook. See driver.h.
 *
 * The addresses in it came from mails once. What could be two words, two lines or an option to anybody stops here.
 */
#include "driver.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include <nixie/address.h>

static const char *const action_names[NX_DRIVER_ACTIONS] = {
	[NX_DRIVER_SUSPEND] = "suspend", [NX_DRIVER_RESTORE] = "restore", [NX_DRIVER_REMOVE] = "remove",
	[NX_DRIVER_MOVE] = "move",       [NX_DRIVER_ADD] = "add",
};

const char *
nx_driver_action_get_name (NxDriverAction action)
{
	return action_names[action];
}

/* What has only these octets is its own key but for the case. */
static gboolean
is_plain (const char *address)
{
	for (const char *p = address; *p != '\0'; p++) {
		if (!g_ascii_isalnum (*p) && strchr ("@.+-_=", *p) == NULL)
			return FALSE;
	}
	return !g_str_has_suffix (address, ".");
}

gboolean
nx_driver_is_same (const char *a, const char *b)
{
	if (g_ascii_strcasecmp (a, b) == 0)
		return TRUE;
	return !(is_plain (a) && is_plain (b)) && nx_address_equal (a, b);
}

void
nx_driver_call_free (NxDriverCall *call)
{
	if (call == NULL)
		return;
	g_free (call->list);
	g_free (call->list_address);
	g_free (call->address);
	g_free (call->old_address);
	g_free (call->cause);
	g_free (call->text);
	g_free (call);
}

static char *
copy_text (const json_t *object, const char *key)
{
	const char *value = json_string_value (json_object_get (object, key));

	return g_strdup (value == NULL ? "" : value);
}

static gboolean
check_address (const char *key, const char *address, GError **error)
{
	if (nx_address_is_valid (address))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA, "the call's \"%s\" is no mail address: \"%s\"", key, address);
	return FALSE;
}

static gboolean
take_action (NxDriverCall *call, const json_t *object, GError **error)
{
	g_autofree char *name = copy_text (object, "action");

	for (guint i = 0; i < NX_DRIVER_ACTIONS; i++) {
		if (strcmp (name, action_names[i]) == 0) {
			call->action = (NxDriverAction)i;
			return TRUE;
		}
	}
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "the call's \"action\" is \"%s\"; it must be suspend, restore, remove, move or add", name);
	return FALSE;
}

static void
take_date (NxDriverCall *call, const json_t *object)
{
	g_autofree char *text = copy_text (object, "date");
	g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (text, NULL);

	if (date != NULL)
		call->date = g_date_time_to_unix (date);
}

static gboolean
fill (NxDriverCall *call, const json_t *object, GError **error)
{
	call->list = copy_text (object, "list");
	call->list_address = copy_text (object, "list_address");
	call->address = copy_text (object, "address");
	call->old_address = copy_text (object, "old_address");
	call->cause = copy_text (object, "cause");
	call->score = json_number_value (json_object_get (object, "score"));
	call->id = json_integer_value (json_object_get (object, "id"));
	take_date (call, object);
	return take_action (call, object, error) && check_address ("address", call->address, error) &&
	       (call->action != NX_DRIVER_MOVE || check_address ("old_address", call->old_address, error));
}

NxDriverCall *
nx_driver_call_parse (const char *text, GError **error)
{
	json_error_t wrong;
	json_t *object = json_loads (text, JSON_REJECT_DUPLICATES, &wrong);
	g_autoptr (NxDriverCall) call = g_new0 (NxDriverCall, 1);
	gboolean good = FALSE;

	if (!json_is_object (object)) {
		json_decref (object);
		g_set_error (
			error, NX_ERROR, NX_ERROR_USAGE,
			"there is no call of a hook on standard input (%s); name this program as the hook of a list "
			"in nixie's configuration, or say \"import\"",
			object == NULL ? wrong.text : "it is no JSON object");
		return NULL;
	}
	call->text = g_strdup (text);
	good = fill (call, object, error);
	json_decref (object);
	return good ? g_steal_pointer (&call) : NULL;
}

NxDriverCall *
nx_driver_call_read (GError **error)
{
	g_autoptr (GString) text = g_string_new (NULL);

	for (char chunk[4096];;) {
		gssize count = read (STDIN_FILENO, chunk, sizeof chunk);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "standard input cannot be read: %s",
				     g_strerror (errno));
			return NULL;
		}
		if (count == 0)
			return nx_driver_call_parse (text->str, error);
		g_string_append_len (text, chunk, count);
		if (text->len > NX_DRIVER_CALL_BYTES) {
			g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
				     "standard input has more than %u octets; a call of a hook is one line of JSON",
				     NX_DRIVER_CALL_BYTES);
			return NULL;
		}
	}
}
