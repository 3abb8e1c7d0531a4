/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.c: the part of deciding on new addresses that is the same for every backend. See nixie/forward.h.
 *
 * Of a token only its SHA-256 goes to the backend: who can read the database, or a backup of it, cannot confirm with
 * it.
 */
#include "store/store-private.h"

#include "base/text.h"

/* ---- steps ---- */

GPtrArray *
nx_store_list_steps (NxStore *store, const char *address, const char *list, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->list_steps (store, address != NULL ? address : "", list != NULL ? list : "", error);
}

gboolean
nx_store_undo_step (NxStore *store, gint64 step, gint64 now, GError **error)
{
	g_return_val_if_fail (store != NULL, FALSE);
	gboolean own;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->undo_step (store, step, now, error);
	return nx_store_leave_write (store, own, done, error);
}

void
nx_step_free (NxStep *step)
{
	if (step == NULL)
		return;
	g_free (step->list);
	g_free (step->subscriber);
	g_free (step->old_address);
	g_free (step->new_address);
	g_free (step->note);
	g_free (step);
}

/* ---- proposals ---- */

GPtrArray *
nx_store_list_proposals (NxStore *store, const char *address, const char *list, const NxForwardTerms *terms,
			 GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	return store->interface->list_proposals (store, 0, address != NULL ? address : "", list != NULL ? list : "",
						 terms, error);
}

NxProposal *
nx_store_get_proposal (NxStore *store, gint64 id, const NxForwardTerms *terms, GError **error)
{
	g_return_val_if_fail (store != NULL, NULL);
	g_autoptr (GPtrArray) one = id > 0 ? store->interface->list_proposals (store, id, "", "", terms, error) : NULL;
	if (one == NULL && id > 0)
		return NULL;
	if (one != NULL && one->len > 0)
		return g_ptr_array_steal_index (one, 0);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "there is no proposal %" G_GINT64_FORMAT "; nixie forward list shows them", id);
	return NULL;
}

char *
nx_store_hash_token (const char *token)
{
	g_autofree char *lower = g_ascii_strdown (token, -1);
	return g_compute_checksum_for_string (G_CHECKSUM_SHA256, lower, -1);
}

static gboolean
decide (NxStore *store, gint64 id, NxStepKind kind, const char *token_hash, const NxForwardTerms *terms,
	gint64 *step_out, GError **error)
{
	gboolean own;
	gint64 step = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = store->interface->decide_proposal (store, id, kind, token_hash, terms, &step, error);
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (step_out != NULL)
		*step_out = step;
	return TRUE;
}

gboolean
nx_store_accept_proposal (NxStore *store, gint64 id, const NxForwardTerms *terms, gint64 *step_out, GError **error)
{
	g_return_val_if_fail (store != NULL && terms != NULL, FALSE);
	return decide (store, id, NX_STEP_MOVE, "", terms, step_out, error);
}

gboolean
nx_store_reject_proposal (NxStore *store, gint64 id, const NxForwardTerms *terms, gint64 *step_out, GError **error)
{
	g_return_val_if_fail (store != NULL && terms != NULL, FALSE);
	return decide (store, id, NX_STEP_REJECT, "", terms, step_out, error);
}

gboolean
nx_store_ask_proposal (NxStore *store, gint64 id, const char *token, const NxForwardTerms *terms, gint64 *step_out,
		       GError **error)
{
	g_return_val_if_fail (store != NULL && token != NULL && *token != '\0' && terms != NULL, FALSE);
	g_autofree char *hash = nx_store_hash_token (token);
	return decide (store, id, NX_STEP_ASK, hash, terms, step_out, error);
}

/* Under the write lock: the token's proposal. */
static gboolean
find_asked (NxStore *store, const char *token, const NxForwardTerms *terms, gboolean must_be_fresh, gint64 *id_out,
	    GError **error)
{
	gint64 asked = 0;
	g_autofree char *hash = nx_store_hash_token (token);
	if (!store->interface->find_token (store, hash, id_out, &asked, error))
		return FALSE;
	if (*id_out == 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "no proposal waits for this token: it was used, replaced or taken back, or is none");
		return FALSE;
	}
	if (!must_be_fresh || asked >= terms->now - (gint64)terms->token_days * NX_STORE_DAY_SECONDS)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "the token of proposal %" G_GINT64_FORMAT " is older than %u days; ask the new address once more",
		     *id_out, terms->token_days);
	return FALSE;
}

/* What a token that came back does: confirm and move, or nothing but note that the mail was returned. */
static gboolean
take_token (NxStore *store, const char *token, const NxForwardTerms *terms, gboolean confirms, gint64 *id_out,
	    GError **error)
{
	const NxStoreInterface *interface = store->interface;
	NxStepKind kind = confirms ? NX_STEP_CONFIRM : NX_STEP_RETURNED;
	gboolean own;
	gint64 id = 0;
	gint64 step = 0;
	if (!nx_store_enter_write (store, &own, error))
		return FALSE;
	gboolean done = find_asked (store, token, terms, confirms, &id, error) &&
			interface->decide_proposal (store, id, kind, "", terms, &step, error) &&
			(!confirms || interface->decide_proposal (store, id, NX_STEP_MOVE, "", terms, &step, error));
	if (!nx_store_leave_write (store, own, done, error))
		return FALSE;
	if (id_out != NULL)
		*id_out = id;
	return TRUE;
}

gboolean
nx_store_confirm_proposal (NxStore *store, const char *token, const NxForwardTerms *terms, gint64 *id_out,
			   GError **error)
{
	g_return_val_if_fail (store != NULL && token != NULL && terms != NULL, FALSE);
	return take_token (store, token, terms, TRUE, id_out, error);
}

gboolean
nx_store_return_proposal (NxStore *store, const char *token, const NxForwardTerms *terms, gint64 *id_out,
			  GError **error)
{
	g_return_val_if_fail (store != NULL && token != NULL && terms != NULL, FALSE);
	return take_token (store, token, terms, FALSE, id_out, error);
}

void
nx_proposal_free (NxProposal *proposal)
{
	if (proposal == NULL)
		return;
	g_free (proposal->list);
	g_free (proposal->subscriber);
	g_free (proposal->forward);
	g_free (proposal->state);
	g_free (proposal->evidence);
	g_free (proposal->rule);
	g_free (proposal->obstacle);
	g_free (proposal);
}
