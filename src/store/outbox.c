/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * outbox.c: the part of the outbox that is the same for every backend. See nixie/outbox.h.
 */
#include "store/store-private.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static const struct {
	NxOutboxKind kind;
	const char *name;
} kinds[] = {
	{ NX_OUTBOX_NONE, "" },
	{ NX_OUTBOX_HOOK, "hook" },
	{ NX_OUTBOX_WARNING, "warning" },
	{ NX_OUTBOX_PROBE, "probe" },
	{ NX_OUTBOX_REMOVED, "removed" },
	{ NX_OUTBOX_ASK, "ask" },
	{ NX_OUTBOX_INCIDENT, "incident" },
	{ NX_OUTBOX_DIGEST, "digest" },
};

const char *
nx_outbox_kind_to_string (NxOutboxKind kind)
{
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "";
}

NxOutboxKind
nx_outbox_kind_from_string (const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
		if (strcmp (kinds[i].name, text) == 0)
			return kinds[i].kind;
	return NX_OUTBOX_NONE;
}

void
nx_outbox_item_free (NxOutboxItem *item)
{
	if (item == NULL)
		return;
	g_free (item->list);
	g_free (item->list_address);
	g_free (item->subscriber);
	g_free (item->payload);
	g_free (item->error);
	g_clear_pointer (&item->values, g_hash_table_unref);
	g_free (item);
}

/* ---- what is due ---- */

gboolean
nx_store_perform_due (NxStore *store, gint64 now, guint most, NxDeeds *deeds_out, GError **error)
{
	g_return_val_if_fail (store != NULL && deeds_out != NULL, FALSE);
	gboolean own;
	NxDeeds deeds = { 0 };
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->perform_due (store, now, most, &deeds, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*deeds_out = deeds;
	return TRUE;
}

gboolean
nx_store_queue_hooks (NxStore *store, const char *list, gint64 now, guint most, guint *count_out, GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && count_out != NULL, FALSE);
	gboolean own;
	guint count = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->queue_hooks (store, list, now, most, &count, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*count_out = count;
	return TRUE;
}

gboolean
nx_store_queue_incidents (NxStore *store, const char *list, gint64 now, guint *count_out, GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && count_out != NULL, FALSE);
	gboolean own;
	guint count = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->queue_incidents (store, list, now, &count, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*count_out = count;
	return TRUE;
}

gboolean
nx_store_queue_digest (NxStore *store, const char *list, gint64 now, guint days, guint *count_out, GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && days > 0 && count_out != NULL, FALSE);
	gboolean own;
	guint count = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->queue_digest (store, list, now, days, &count, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*count_out = count;
	return TRUE;
}

gboolean
nx_store_queue_asks (NxStore *store, const char *list, const NxForwardTerms *terms, guint *count_out, GError **error)
{
	g_return_val_if_fail (store != NULL && list != NULL && terms != NULL && count_out != NULL, FALSE);
	gboolean own;
	guint count = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->queue_asks (store, list, terms, &count, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*count_out = count;
	return TRUE;
}

/* ---- telling ---- */

gboolean
nx_store_claim_item (NxStore *store, NxOutboxKind kind, gint64 now, guint lease, NxOutboxItem **item_out,
		     GError **error)
{
	g_return_val_if_fail (store != NULL && item_out != NULL, FALSE);
	gboolean own;
	g_autoptr (NxOutboxItem) item = NULL;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->claim_item (store, kind, now, lease, &item, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*item_out = g_steal_pointer (&item);
	return TRUE;
}

gboolean
nx_store_finish_item (NxStore *store, const NxOutboxItem *item, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL && item != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->finish_item (store, item, now, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_postpone_item (NxStore *store, const NxOutboxItem *item, const char *why, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL && item != NULL && why != NULL, FALSE);
	gboolean own;
	g_autofree char *line = nx_text_make_line (why, NX_LIMIT_OUTBOX_ERROR_BYTES);
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->postpone_item (store, item, line, now, error);
	return nx_store_leave_write (store, own, done, error);
}

GPtrArray *
nx_store_list_items (NxStore *store, const char *list, guint most, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->outbox->list_items (store, list != NULL ? list : "", most, error);
}

gboolean
nx_store_count_items (NxStore *store, NxOutboxCounts *counts_out, GError **error)
{
	g_return_val_if_fail (store != NULL && counts_out != NULL, FALSE);
	return store->interface->outbox->count_items (store, counts_out, error);
}

gboolean
nx_store_retry_item (NxStore *store, gint64 id, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->retry_item (store, id, now, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_drop_item (NxStore *store, gint64 id, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->drop_item (store, id, now, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_clean_outbox (NxStore *store, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->clean (store, now, error);
	return nx_store_leave_write (store, own, done, error);
}

/* ---- readers who come back ---- */

gboolean
nx_store_add_token (NxStore *store, gint64 step, const char *token, GError **error)
{
	g_return_val_if_fail (store != NULL && token != NULL && *token != '\0', FALSE);
	gboolean own;
	g_autofree char *hash = nx_store_hash_token (token);
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->add_token (store, step, hash, error);
	return nx_store_leave_write (store, own, done, error);
}

gboolean
nx_store_enable_subscriber (NxStore *store, const char *token, gint64 now, gint64 *step_out, char **list_out,
			    char **address_out, GError **error)
{
	g_return_val_if_fail (store != NULL && token != NULL && step_out != NULL, FALSE);
	gboolean own;
	gint64 step = 0;
	g_autofree char *hash = nx_store_hash_token (token);
	g_autofree char *list = NULL;
	g_autofree char *address = NULL;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->outbox->enable_subscriber (store, hash, now, &step, &list, &address, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	*step_out = step;
	if (list_out != NULL)
		*list_out = g_steal_pointer (&list);
	if (address_out != NULL)
		*address_out = g_steal_pointer (&address);
	return TRUE;
}
