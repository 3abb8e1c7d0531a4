/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store.c: which backend a URI means, what every backend promises alike (one transaction a call, nothing written with
 * READ_ONLY), and the public structs. See nixie/store.h.
 *
 * It knows no SQL. A new backend is a row in the table below.
 */
#include "store/store-private.h"

#include <string.h>

#include <nixie/address.h>

#include "base/limits.h"
#include "base/text.h"

typedef struct {
	const char *scheme;
	NxStore *(*open) (const char *place, NxStoreFlags flags, GError **error);
} Backend;

/* The first row also takes URIs without a scheme. */
static const Backend backends[] = {
	{ "sqlite", nx_sqlite_open },
};

/* "postgresql://host/db" has a scheme; "C:x", "./a:b" and "a b:c" are paths. */
static gsize
get_scheme_length (const char *uri)
{
	gsize length = strspn (uri, "abcdefghijklmnopqrstuvwxyz+");
	return length > 1 && uri[length] == ':' ? length : 0;
}

NxStore *
nx_store_open (const char *uri, NxStoreFlags flags, GError **error)
{
	g_return_val_if_fail (uri != NULL, NULL);
	gsize length = get_scheme_length (uri);
	const Backend *backend = length == 0 ? &backends[0] : NULL;
	for (guint i = 0; i < G_N_ELEMENTS (backends) && backend == NULL; i++)
		if (strlen (backends[i].scheme) == length && strncmp (backends[i].scheme, uri, length) == 0)
			backend = &backends[i];
	if (backend == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "%s: no database of this kind; give a path, or sqlite:PATH (a file whose name has a "
			     "colon: ./NAME)",
			     uri);
		return NULL;
	}
	const char *place = length == 0 ? uri : uri + length + 1;
	if (*place == '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "no database is named; give --database PATH");
		return NULL;
	}
	NxStore *store = backend->open (place, flags, error);
	if (store == NULL)
		return NULL;
	store->address_rules = nx_address_rules_new ();
	return store;
}

void
nx_store_set_wait (NxStore *store, guint msec)
{
	g_return_if_fail (store != NULL);
	store->wait_msec = msec;
}

void
nx_store_set_keyed (NxStore *store, gint64 since)
{
	g_return_if_fail (store != NULL);
	store->keyed = since;
}

void
nx_store_free (NxStore *store)
{
	if (store == NULL)
		return;
	nx_store_rollback (store);
	g_clear_pointer (&store->address_rules, nx_address_rules_free);
	store->interface->free (store);
}

void
nx_store_set_address_rules (NxStore *store, const NxAddressRules *rules)
{
	g_return_if_fail (store != NULL && rules != NULL);
	NxAddressRules *copy = nx_address_rules_copy (rules);
	nx_address_rules_free (store->address_rules);
	store->address_rules = copy;
}

/* ---- transactions ---- */

gboolean
nx_store_begin (NxStore *store, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	if (store->in_transaction) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "a transaction is open already");
		return FALSE;
	}
	if (!store->interface->begin (store, error))
		return FALSE;
	store->in_transaction = TRUE;
	store->failed = FALSE;
	return TRUE;
}

static gboolean
refuse_failed (const NxStore *store, GError **error)
{
	if (store->in_transaction && store->failed) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "an earlier write of this transaction failed; nothing of it can be kept");
		return FALSE;
	}
	return TRUE;
}

gboolean
nx_store_commit (NxStore *store, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	if (!store->in_transaction) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "no transaction is open");
		return FALSE;
	}
	if (!refuse_failed (store, error)) {
		nx_store_rollback (store);
		return FALSE;
	}
	gboolean done = store->interface->commit (store, error);
	store->in_transaction = FALSE;
	store->failed = FALSE;
	return done;
}

void
nx_store_rollback (NxStore *store)
{
	g_return_if_fail (store != NULL);
	if (!store->in_transaction)
		return;
	store->interface->rollback (store);
	store->in_transaction = FALSE;
	store->failed = FALSE;
}

gboolean
nx_store_enter_write (NxStore *store, gboolean *own_out, GError **error)
{
	if ((store->flags & NX_STORE_READ_ONLY) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "the database was opened for reading only");
		return FALSE;
	}
	if (!refuse_failed (store, error))
		return FALSE;
	*own_out = !store->in_transaction;
	return !*own_out || nx_store_begin (store, error);
}

gboolean
nx_store_leave_write (NxStore *store, gboolean own, gboolean done, GError **error)
{
	if (!own)
		return done;
	if (done)
		return nx_store_commit (store, error);
	nx_store_rollback (store);
	return FALSE;
}

/* ---- lists and subscribers ---- */

static const char *
or_empty (const char *text)
{
	return text != NULL ? text : "";
}

/* A name goes to terminals, file names and other programs' arguments. */
static gboolean
check_name (const char *what, const char *name, GError **error)
{
	gboolean good = g_utf8_validate (name, -1, NULL) && strlen (name) <= NX_LIMIT_ADDRESS_BYTES;
	for (const char *p = name; good && *p != '\0'; p = g_utf8_find_next_char (p, NULL))
		good = !g_unichar_iscntrl (g_utf8_get_char (p));
	if (good)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA, "the %s is too long, no UTF-8, or has a control character in it",
		     what);
	return FALSE;
}

static gboolean
check_address (const char *address, GError **error)
{
	if (strlen (address) <= NX_LIMIT_ADDRESS_BYTES && g_utf8_validate (address, -1, NULL) &&
	    nx_address_is_valid (address))
		return TRUE;
	g_autofree char *shown = nx_text_make_line (address, 100);
	g_set_error (error, NX_ERROR, NX_ERROR_DATA, "“%s” is not a mail address (local@domain)", shown);
	return FALSE;
}

gboolean
nx_store_add_list (NxStore *store, const char *name, const char *address, GError **error)
{
	g_return_val_if_fail (store != NULL && name != NULL && address != NULL, FALSE);
	gboolean own;
	if (*name == '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "a list needs a name");
		return FALSE;
	}
	if (!check_name ("list's name", name, error) || (*address != '\0' && !check_address (address, error)))
		return FALSE;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->add_list (store, name, address, error);
	return nx_store_leave_write (store, own, done, error);
}

static gboolean
set_list (NxStore *store, const char *name, const NxProof *least, gint64 since, const NxComplaint *complaint,
	  GError **error)
{
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->set_list (store, name, least, since, complaint, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_set_list_proof (NxStore *store, const char *name, NxProof least, gint64 since, GError **error)
{
	g_return_val_if_fail (store != NULL && name != NULL, FALSE);
	return set_list (store, name, &least, since, NULL, error);
}

gboolean
nx_store_set_list_complaint (NxStore *store, const char *name, NxComplaint complaint, GError **error)
{
	g_return_val_if_fail (store != NULL && name != NULL, FALSE);
	return set_list (store, name, NULL, 0, &complaint, error);
}

gboolean
nx_store_get_policy (NxStore *store, const char *list, NxPolicy *policy_out, GError **error)
{
	g_return_val_if_fail (store != NULL && policy_out != NULL, FALSE);
	return store->interface->get_policy (store, list != NULL ? list : "", policy_out, error);
}

gboolean
nx_store_foretell (NxStore *store, const char *list, const char *address, gint64 now, NxForetold *foretold_out,
		   GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && address != NULL && foretold_out != NULL, FALSE);
	return store->interface->foretell (store, list, address, now, foretold_out, error);
}

char *
nx_store_dup_policy_text (NxStore *store, const char *list, gboolean *own_out, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	gboolean own = FALSE;
	char *text = store->interface->dup_policy_text (store, or_empty (list), &own, error);
	if (text != NULL && own_out != NULL)
		*own_out = own;
	return text;
}

gboolean
nx_store_set_policy (NxStore *store, const char *list, const NxPolicy *policy, gint64 now, gint64 *step_out,
		     GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	g_autofree char *text = policy != NULL ? nx_policy_to_text (policy) : NULL;
	gboolean own;
	gint64 step = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->set_policy (store, or_empty (list), text, now, &step, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (step_out != NULL)
		*step_out = step;
	return TRUE;
}

gboolean
nx_store_compare (NxStore *store, const char *list, const NxPolicy *policy, NxReplayFunc func, gpointer user_data,
		  GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && policy != NULL && func != NULL, FALSE);
	return store->interface->compare (store, list, policy, func, user_data, error);
}

gboolean
nx_store_replay (NxStore *store, const char *list, NxReplayFunc func, gpointer user_data, GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL, FALSE);
	gboolean own;
	gboolean more = TRUE;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->replay (store, list, func, user_data, &more, error);
	if (done && !more) {
		nx_store_rollback (store);
		return TRUE;
	}
	return nx_store_leave_write (store, own, done, error);
}

char *
nx_store_find_list (NxStore *store, const char *hint, GError **error)
{
	g_return_val_if_fail (store != NULL && hint != NULL, NULL);
	GError *local = NULL;
	char *name = store->interface->find_list (store, hint, &local);
	if (name != NULL)
		return name;
	if (local != NULL) {
		g_propagate_error (error, local);
		return NULL;
	}
	g_autofree char *shown = nx_text_make_line (hint, 100);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "no list is meant by “%s”, or several are", shown);
	return NULL;
}

GPtrArray *
nx_store_list_lists (NxStore *store, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->list_lists (store, error);
}

gboolean
nx_store_add_subscriber (NxStore *store, const char *list, const char *address, const char *name, gboolean *added_out,
			 GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && address != NULL, FALSE);
	gboolean own;
	gboolean added = FALSE;
	if (name == NULL)
		name = "";
	if (!check_address (address, error) || !check_name ("subscriber's name", name, error))
		return FALSE;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->add_subscriber (store, list, address, name, &added, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (added_out != NULL)
		*added_out = added;
	return TRUE;
}

static gboolean
decide_subscriber (NxStore *store, const char *list, const char *address, NxStepKind kind, gint64 now, gint64 *step_out,
		   GError **error)
{
	gboolean own;
	gint64 step = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->decide_subscriber (store, list, address, kind, now, &step, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (step_out != NULL)
		*step_out = step;
	return TRUE;
}

gboolean
nx_store_restore_subscriber (NxStore *store, const char *list, const char *address, gint64 now, gint64 *step_out,
			     GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && address != NULL, FALSE);
	return decide_subscriber (store, list, address, NX_STEP_RESTORE, now, step_out, error);
}

gboolean
nx_store_remove_subscriber (NxStore *store, const char *list, const char *address, gint64 now, gint64 *step_out,
			    GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && address != NULL, FALSE);
	return decide_subscriber (store, list, address, NX_STEP_REMOVE, now, step_out, error);
}

gboolean
nx_store_foreach_subscriber (NxStore *store, const char *list, const char *address, NxState state,
			     NxSubscriberFunc func, gpointer user_data, GError **error)
{
	g_return_val_if_fail (store != NULL && func != NULL, FALSE);
	return store->interface->foreach_subscriber (store, or_empty (list), or_empty (address), state, func, user_data,
						     error);
}

/* ---- events ---- */

static gboolean
check_events (GPtrArray *events, guint *count_out, GError **error)
{
	for (guint i = 0; i < events->len; i++) {
		const NxEvent *event = g_ptr_array_index (events, i);
		if (event->kind == NX_KIND_NONE)
			continue;
		(*count_out)++;
		if (*event->fingerprint != '\0')
			continue;
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "an event has no fingerprint of its report");
		return FALSE;
	}
	return TRUE;
}

gboolean
nx_store_record (NxStore *store, GPtrArray *events, const char *list, gint64 fallback_date, guint *added_out,
		 GError **error)
{
	g_return_val_if_fail (store != NULL && events != NULL, FALSE);
	gboolean own;
	guint added = 0;
	guint reports = 0;
	if (list == NULL)
		list = "";
	if (!check_events (events, &reports, error))
		return FALSE;
	/* Most of what a pipe delivers is no report: that must not queue up behind other writers. */
	if (reports == 0 && *list == '\0') {
		if (added_out != NULL)
			*added_out = 0;
		return refuse_failed (store, error);
	}
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->record (store, events, list, fallback_date, &added, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (added_out != NULL)
		*added_out = added;
	return TRUE;
}

GPtrArray *
nx_store_list_events (NxStore *store, const char *address, const char *list, GError **error)
{
	g_return_val_if_fail (store != NULL && address != NULL, NULL);
	return store->interface->list_events (store, address, or_empty (list), error);
}

GPtrArray *
nx_store_list_transitions (NxStore *store, const char *address, const char *list, GError **error)
{
	g_return_val_if_fail (store != NULL && address != NULL, NULL);
	return store->interface->list_transitions (store, address, or_empty (list), error);
}

/* ---- posts ---- */

gboolean
nx_store_add_post (NxStore *store, const char *list, const char *message_id, gint64 date, gboolean *added_out,
		   GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && message_id != NULL, FALSE);
	gboolean own;
	gboolean added = FALSE;
	g_autofree char *id = nx_store_make_message_id (message_id);
	if (id == NULL || date <= 0) {
		g_autofree char *shown = nx_text_make_line (message_id, 100);
		if (id == NULL)
			g_set_error (error, NX_ERROR, NX_ERROR_DATA, "“%s” is no Message-ID", shown);
		else
			g_set_error (error, NX_ERROR, NX_ERROR_DATA, "the post %s has no date", shown);
		return FALSE;
	}
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->add_post (store, list, id, date, &added, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (added_out != NULL)
		*added_out = added;
	return TRUE;
}

GPtrArray *
nx_store_list_posts (NxStore *store, const char *list, gint64 since, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->list_posts (store, or_empty (list), since, error);
}

/* ---- health ---- */

gboolean
nx_store_check_health (NxStore *store, NxHealth *health_out, GError **error)
{
	g_return_val_if_fail (store != NULL && health_out != NULL, FALSE);
	*health_out = (NxHealth){ 0 };
	return store->interface->check_health (store, health_out, error);
}

void
nx_health_clear (NxHealth *health)
{
	g_free (health->damage);
	health->damage = NULL;
}

/* ---- runs ---- */

gboolean
nx_store_start_run (NxStore *store, const char *command, gint64 now, gint64 *run_out, GError **error)
{
	g_return_val_if_fail (store != NULL && command != NULL && run_out != NULL, FALSE);
	gboolean own;
	gint64 run = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->start_run (store, command, now, &run, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*run_out = run;
	store->run = run;
	return TRUE;
}

gboolean
nx_store_update_run (NxStore *store, gint64 run, const char *file, guint64 offset, guint64 messages, guint64 events,
		     gint64 finished, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done =
		store->interface->update_run (store, run, or_empty (file), offset, messages, events, finished, error);
	return nx_store_leave_write (store, own, done, error);
}

GPtrArray *
nx_store_list_runs (NxStore *store, guint count, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->list_runs (store, count, error);
}

/* ---- public structs ---- */

void
nx_run_free (NxRun *run)
{
	if (run == NULL)
		return;
	g_free (run->command);
	g_free (run);
}

void
nx_list_free (NxList *list)
{
	if (list == NULL)
		return;
	g_free (list->name);
	g_free (list->address);
	g_free (list);
}

void
nx_post_free (NxPost *post)
{
	if (post == NULL)
		return;
	g_free (post->list);
	g_free (post->message_id);
	g_free (post);
}

void
nx_subscriber_free (NxSubscriber *subscriber)
{
	if (subscriber == NULL)
		return;
	g_free (subscriber->list);
	g_free (subscriber->address);
	g_free (subscriber->name);
	g_free (subscriber);
}

void
nx_stored_event_free (NxStoredEvent *event)
{
	if (event == NULL)
		return;
	nx_event_free (event->event);
	g_free (event->note);
	g_free (event);
}

void
nx_stored_transition_free (NxStoredTransition *transition)
{
	if (transition == NULL)
		return;
	g_free (transition->list);
	g_free (transition->subscriber);
	g_free (transition->cause);
	g_free (transition->rule);
	g_free (transition);
}
