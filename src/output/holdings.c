/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * holdings.c: all that is held of an address, read and written as JSON. See nixie/holdings.h.
 */
#include <nixie/address.h>
#include <nixie/holdings.h>
#include <nixie/output.h>

#include "output/json.h"

static void
free_subscriber (gpointer subscriber)
{
	nx_subscriber_free (subscriber);
}

static gboolean
keep_subscriber (const NxSubscriber *subscriber, gpointer user_data)
{
	NxSubscriber *copy = g_memdup2 (subscriber, sizeof *subscriber);

	copy->list = g_strdup (subscriber->list);
	copy->address = g_strdup (subscriber->address);
	copy->name = g_strdup (subscriber->name);
	g_ptr_array_add (user_data, copy);
	return TRUE;
}

/* Whose subscription it is about, and the addresses that it would be told with. */
static gboolean
is_about (const NxOutboxItem *item, const char *address)
{
	static const char *const names[] = { "address", "old_address", "old-address", "new-address" };

	if (nx_address_equal (item->subscriber, address))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
		const char *value = g_hash_table_lookup (item->values, names[i]);

		if (value != NULL && nx_address_equal (value, address))
			return TRUE;
	}
	return FALSE;
}

static gboolean
load_waiting (NxHoldings *holdings, NxStore *store, const char *list, GError **error)
{
	holdings->waiting = nx_store_list_items (store, list, 0, error);
	if (holdings->waiting == NULL)
		return FALSE;
	for (guint i = holdings->waiting->len; i > 0; i--)
		if (!is_about (g_ptr_array_index (holdings->waiting, i - 1), holdings->address))
			g_ptr_array_remove_index (holdings->waiting, i - 1);
	return TRUE;
}

static gboolean
load (NxHoldings *holdings, NxStore *store, const char *list, const NxForwardTerms *terms, GError **error)
{
	const char *address = holdings->address;

	if (!nx_store_foreach_subscriber (store, list, address, NX_STATE_NONE, keep_subscriber, holdings->subscribers,
					  error))
		return FALSE;
	holdings->events = nx_store_list_events (store, address, list, error);
	if (holdings->events == NULL)
		return FALSE;
	holdings->transitions = nx_store_list_transitions (store, address, list, error);
	if (holdings->transitions == NULL)
		return FALSE;
	holdings->proposals = nx_store_list_proposals (store, address, list, terms, error);
	if (holdings->proposals == NULL)
		return FALSE;
	holdings->steps = nx_store_list_steps (store, address, list, error);
	return holdings->steps != NULL && load_waiting (holdings, store, list, error);
}

NxHoldings *
nx_holdings_new (NxStore *store, const char *address, const char *list, const NxForwardTerms *terms, GError **error)
{
	g_return_val_if_fail (store != NULL && address != NULL, NULL);
	g_autoptr (NxHoldings) holdings = g_new0 (NxHoldings, 1);

	holdings->address = g_strdup (address);
	holdings->subscribers = g_ptr_array_new_with_free_func (free_subscriber);
	if (!load (holdings, store, list, terms, error))
		return NULL;
	return g_steal_pointer (&holdings);
}

void
nx_holdings_free (NxHoldings *holdings)
{
	if (holdings == NULL)
		return;
	g_free (holdings->address);
	g_clear_pointer (&holdings->subscribers, g_ptr_array_unref);
	g_clear_pointer (&holdings->events, g_ptr_array_unref);
	g_clear_pointer (&holdings->transitions, g_ptr_array_unref);
	g_clear_pointer (&holdings->proposals, g_ptr_array_unref);
	g_clear_pointer (&holdings->steps, g_ptr_array_unref);
	g_clear_pointer (&holdings->waiting, g_ptr_array_unref);
	g_free (holdings);
}

gboolean
nx_holdings_is_empty (const NxHoldings *holdings)
{
	return holdings->subscribers->len + holdings->events->len + holdings->proposals->len + holdings->steps->len ==
	       0;
}

/* ---- JSON ---- */

static void
add_date (json_t *object, const char *key, gint64 date)
{
	g_autofree char *text = nx_output_format_date (date);

	nx_output_add_json_text (object, key, text);
}

static void
add_id (json_t *object, const char *key, gint64 id)
{
	if (id != 0)
		json_object_set_new (object, key, json_integer (id));
}

static json_t *
make_subscriber (gconstpointer data)
{
	const NxSubscriber *subscriber = data;
	const NxStanding *standing = &subscriber->standing;
	json_t *object = json_object ();

	nx_output_add_json_text (object, "list", subscriber->list);
	nx_output_add_json_text (object, "address", subscriber->address);
	nx_output_add_json_text (object, "name", subscriber->name);
	nx_output_add_json_text (object, "state", nx_state_to_string (standing->state));
	add_date (object, "since", standing->since);
	json_object_set_new (object, "score", json_real (standing->score));
	add_date (object, "score_date", standing->score_date);
	if (standing->due != NX_ACTION_NONE)
		nx_output_add_json_text (object, "due", nx_action_to_string (standing->due));
	add_date (object, "due_date", standing->due_date);
	return object;
}

static json_t *
make_event (gconstpointer data)
{
	const NxStoredEvent *stored = data;
	json_t *object = nx_output_make_json_event (stored->event);

	/* Where the report lay is not kept. */
	json_object_del (object, "offset");
	add_date (object, "arrival", stored->event->arrival);
	nx_output_add_json_text (object, "original_message_id", stored->event->original_message_id);
	nx_output_add_json_text (object, "feedback_type", stored->event->feedback_type);
	json_object_set_new (object, "weight", json_real (stored->weight));
	json_object_set_new (object, "score", json_real (stored->score));
	nx_output_add_json_text (object, "note", stored->note);
	return object;
}

static json_t *
make_transition (gconstpointer data)
{
	const NxStoredTransition *transition = data;
	json_t *object = json_object ();

	add_id (object, "change", transition->id);
	nx_output_add_json_text (object, "list", transition->list);
	add_date (object, "date", transition->date);
	nx_output_add_json_text (object, "from", nx_state_to_string (transition->from));
	nx_output_add_json_text (object, "to", nx_state_to_string (transition->to));
	json_object_set_new (object, "score", json_real (transition->score));
	nx_output_add_json_text (object, "cause", transition->cause);
	nx_output_add_json_text (object, "rule", transition->rule);
	add_id (object, "step", transition->step);
	return object;
}

static json_t *
make_proposal (gconstpointer data)
{
	const NxProposal *proposal = data;
	json_t *object = json_object ();

	add_id (object, "proposal", proposal->id);
	nx_output_add_json_text (object, "list", proposal->list);
	nx_output_add_json_text (object, "forward", proposal->forward);
	nx_output_add_json_text (object, "state", proposal->state);
	add_date (object, "date", proposal->date);
	add_date (object, "last_date", proposal->last_date);
	nx_output_add_json_text (object, "evidence", proposal->evidence);
	nx_output_add_json_text (object, "rule", proposal->rule);
	return object;
}

static json_t *
make_step (gconstpointer data)
{
	const NxStep *step = data;
	json_t *object = json_object ();

	add_id (object, "step", step->id);
	add_date (object, "date", step->date);
	nx_output_add_json_text (object, "kind", nx_step_kind_to_string (step->kind));
	nx_output_add_json_text (object, "list", step->list);
	nx_output_add_json_text (object, "old_address", step->old_address);
	nx_output_add_json_text (object, "new_address", step->new_address);
	nx_output_add_json_text (object, "note", step->note);
	add_id (object, "proposal", step->proposal);
	add_id (object, "undoes", step->undoes);
	add_id (object, "undone", step->undone);
	return object;
}

static json_t *
make_waiting (gconstpointer data)
{
	const NxOutboxItem *item = data;
	json_t *object = json_object ();
	json_t *payload = json_loads (item->payload, 0, NULL);

	add_id (object, "outbox", item->id);
	nx_output_add_json_text (object, "kind", nx_outbox_kind_to_string (item->kind));
	nx_output_add_json_text (object, "list", item->list);
	add_date (object, "date", item->created);
	add_id (object, "step", item->step);
	add_id (object, "proposal", item->proposal);
	nx_output_add_json_text (object, "error", item->error);
	if (payload != NULL)
		json_object_set_new (object, "payload", payload);
	return object;
}

static void
add_array (json_t *object, const char *key, const GPtrArray *rows, json_t *(*make) (gconstpointer))
{
	json_t *array = json_array ();

	for (guint i = 0; i < rows->len; i++)
		json_array_append_new (array, make (g_ptr_array_index (rows, i)));
	if (rows->len > 0)
		json_object_set (object, key, array);
	json_decref (array);
}

char *
nx_holdings_format (const NxHoldings *holdings)
{
	json_t *object = json_object ();
	char *text = NULL;

	nx_output_add_json_text (object, "address", holdings->address);
	add_array (object, "subscriptions", holdings->subscribers, make_subscriber);
	add_array (object, "events", holdings->events, make_event);
	add_array (object, "transitions", holdings->transitions, make_transition);
	add_array (object, "proposals", holdings->proposals, make_proposal);
	add_array (object, "steps", holdings->steps, make_step);
	add_array (object, "waiting", holdings->waiting, make_waiting);
	text = nx_output_dump_json (object);
	json_decref (object);
	return text;
}
