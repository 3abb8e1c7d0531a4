/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident.c: the part of incidents that is the same for every backend: transactions, what may be decided, names. See
 * nixie/incident.h.
 */
#include "store/store-private.h"

#include <string.h>

#include "policy/incident.h"
#include "smtp/organisation.h"

/* ---- names ---- */

gint64
nx_store_make_domain_name (const char *address_key)
{
	return nx_incident_make_name (nx_address_get_domain (address_key));
}

gint64
nx_store_make_provider_name (const char *host)
{
	g_autofree char *organisation = nx_organisation_make_name (host);
	return nx_incident_make_name (organisation);
}

/* ---- reading ---- */

GPtrArray *
nx_store_list_incidents (NxStore *store, const char *list, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->list_incidents (store, 0, list != NULL ? list : "", error);
}

NxIncident *
nx_store_get_incident (NxStore *store, gint64 id, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	g_autoptr (GPtrArray) one = id > 0 ? store->interface->list_incidents (store, id, "", error) : NULL;
	if (one == NULL && id > 0)
		return NULL;
	if (one != NULL && one->len > 0)
		return g_ptr_array_steal_index (one, 0);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "there is no incident %" G_GINT64_FORMAT "; nixie incident list shows them", id);
	return NULL;
}

GPtrArray *
nx_store_count_incident_domains (NxStore *store, gint64 id, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->count_incident_domains (store, id, error);
}

/* ---- deciding ---- */

static gboolean
refuse_needless (const NxIncident *incident, NxStepKind kind, gint64 now, GError **error)
{
	const char *state = NULL;
	if (kind == NX_STEP_COUNT && incident->ruling == NX_STEP_COUNT)
		state = "counts already";
	else if (kind == NX_STEP_CLOSE && incident->ruling != NX_STEP_HOLD && incident->closed <= now)
		state = "is closed already; --count lets its failures count";
	else if (kind == NX_STEP_HOLD && incident->ruling == NX_STEP_HOLD)
		state = "is held already";
	if (state == NULL)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA, "incident %" G_GINT64_FORMAT " %s", incident->id, state);
	return FALSE;
}

/* What another process writes meanwhile must not change what is decided on: it is read under the write lock. */
static gboolean
decide (NxStore *store, gint64 id, NxStepKind kind, gint64 now, gint64 *step_out, GError **error)
{
	gboolean own;
	gint64 step = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	g_autoptr (NxIncident) incident = nx_store_get_incident (store, id, error);
	gboolean done = incident != NULL && refuse_needless (incident, kind, now, error) &&
			store->interface->decide_incident (store, id, kind, now, &step, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (step_out != NULL)
		*step_out = step;
	return TRUE;
}

gboolean
nx_store_close_incident (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	return decide (store, id, NX_STEP_CLOSE, now, step_out, error);
}

gboolean
nx_store_count_incident (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	return decide (store, id, NX_STEP_COUNT, now, step_out, error);
}

gboolean
nx_store_reopen_incident (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	return decide (store, id, NX_STEP_HOLD, now, step_out, error);
}

/* ---- settling ---- */

void
nx_store_set_settling (NxStore *store, gboolean settling)
{
	g_return_if_fail (store != NULL);
	store->leaves_stale = !settling;
}

gboolean
nx_store_settle (NxStore *store, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->settle (store, error);
	return nx_store_leave_write (store, own, done, error);
}

/* ---- public structs ---- */

void
nx_incident_free (NxIncident *incident)
{
	if (incident == NULL)
		return;
	g_free (incident->list);
	g_free (incident->scope);
	g_free (incident->name);
	g_free (incident->diagnostic);
	g_free (incident->note);
	g_free (incident);
}

void
nx_incident_share_free (NxIncidentShare *share)
{
	if (share == NULL)
		return;
	g_free (share->domain);
	g_free (share);
}
