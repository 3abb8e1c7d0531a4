/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.c: see ask.h. A token is drawn, written into a mail and forgotten; the database keeps its hash.
 */
#include "ask.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "mailer.h"
#include "screen.h"
#include "setup.h"

static gint64
get_now (void)
{
	return g_get_real_time () / G_USEC_PER_SEC;
}

NxForwardTerms
nx_ask_get_terms (const NxCli *cli)
{
	return (NxForwardTerms){
		.now = get_now (),
		.expire_days = cli->settings->expire_days,
		.token_days = cli->settings->token_days,
	};
}

/* ---- asking ---- */

static char *
draw_token (GError **error)
{
	guint8 random[NX_CONFIRMATION_RANDOM_BYTES];

	if (getrandom (random, sizeof random, 0) == (gssize)sizeof random)
		return nx_confirmation_make_token (random);
	g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "no random numbers are to be had: %s", g_strerror (errno));
	return NULL;
}

/* The list's posting address, which the mail is from. */
static char *
find_list_address (NxStore *store, const char *name, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	for (guint i = 0; lists != NULL && i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0 && *list->address != '\0')
			return g_strdup (list->address);
	}
	if (lists != NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "list %s has no posting address, which the mail is to be from; give it one with \"nixie "
			     "list add %s ADDRESS\"",
			     name, name);
	return NULL;
}

static gboolean
hand_over (NxCli *cli, const NxConfirmation *confirmation, gboolean to_stdout, GError **error)
{
	const char *const *command = (const char *const *)cli->settings->sendmail;
	g_autofree char *mail = nx_confirmation_format (confirmation);

	if (command != NULL && !to_stdout)
		return nx_mailer_send (command, confirmation->reply_address, mail, error);
	nx_screen_print ("%s", mail);
	return nx_screen_flush (error);
}

/* No lock is held while another program runs: deliveries would wait for it, and one of them may be its own. */
static gboolean
ask (NxCli *cli, NxStore *store, const NxProposal *proposal, gboolean to_stdout, gint64 *step_out, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	const NxListSettings *settings = nx_settings_find_list (cli->settings, proposal->list);
	const char *pattern = settings != NULL && *settings->confirm != '\0' ? settings->confirm : NULL;
	g_autofree char *token = draw_token (error);
	g_autofree char *list_address = token == NULL ? NULL : find_list_address (store, proposal->list, error);
	g_autofree char *reply_address =
		list_address == NULL ? NULL : nx_confirmation_make_address (list_address, pattern, token, error);
	const NxConfirmation confirmation = { .list = proposal->list,
					      .list_address = list_address,
					      .old_address = proposal->subscriber,
					      .new_address = proposal->forward,
					      .reply_address = reply_address,
					      .token = token,
					      .now = terms.now,
					      .token_days = terms.token_days };

	if (reply_address == NULL || !nx_store_ask_proposal (store, proposal->id, token, &terms, step_out, error))
		return FALSE;
	if (hand_over (cli, &confirmation, to_stdout, error))
		return TRUE;
	nx_store_undo_step (store, *step_out, terms.now, NULL);
	return FALSE;
}

gboolean
nx_ask_proposal (NxCli *cli, NxStore *store, gint64 id, gboolean to_stdout, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &terms, error);
	gint64 step = 0;

	if (proposal == NULL)
		return FALSE;
	if (*proposal->obstacle != '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "proposal %" G_GINT64_FORMAT " (%s -> %s): %s", id,
			     proposal->subscriber, proposal->forward, proposal->obstacle);
		return FALSE;
	}
	if (!ask (cli, store, proposal, to_stdout, &step, error))
		return FALSE;
	nx_main_say (cli, "step %" G_GINT64_FORMAT ": %s %s, and has %u days to answer", step, proposal->forward,
		     to_stdout || cli->settings->sendmail == NULL ? "is to be sent the mail above" : "was asked",
		     terms.token_days);
	if (proposal->proof < NX_PROOF_SIGNED)
		nx_main_say (cli, "the proof is \"%s\" only: whoever wrote the report may be who reads the new address",
			     nx_proof_to_string (proposal->proof));
	return TRUE;
}

/* ---- answers ---- */

static gboolean
is_ordinary (const GPtrArray *events)
{
	for (guint i = 0; i < events->len; i++) {
		if (((const NxEvent *)g_ptr_array_index (events, i))->kind != NX_KIND_NONE)
			return FALSE;
	}
	return TRUE;
}

static gboolean
has_failed (const GPtrArray *events)
{
	for (guint i = 0; i < events->len; i++) {
		if (((const NxEvent *)g_ptr_array_index (events, i))->kind == NX_KIND_FAILURE)
			return TRUE;
	}
	return FALSE;
}

/* A token that is void or too old, and an obstacle, are the sender's bad luck; the mail is then an ordinary one. */
static gboolean
settle (NxCli *cli, NxStore *store, const char *token, gboolean confirms, gboolean *taken_out, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	g_autoptr (GError) local = NULL;
	gint64 id = 0;

	*taken_out = confirms ? nx_store_confirm_proposal (store, token, &terms, &id, &local)
			      : nx_store_return_proposal (store, token, &terms, &id, &local);
	if (*taken_out) {
		nx_main_note (cli, "proposal %" G_GINT64_FORMAT ": %s", id,
			      confirms ? "the new address has confirmed; the subscription has it now"
				       : "the mail that asked the new address came back");
		return TRUE;
	}
	if (g_error_matches (local, NX_ERROR, NX_ERROR_NOT_FOUND) || g_error_matches (local, NX_ERROR, NX_ERROR_DATA)) {
		nx_main_note (cli, "%s", local->message);
		return TRUE;
	}
	g_propagate_error (error, g_steal_pointer (&local));
	return FALSE;
}

gboolean
nx_ask_take_answer (NxCli *cli, NxStore *store, const NxRawMessage *raw, const char *envelope_to,
		    const GPtrArray *events, gboolean *taken_out, GError **error)
{
	gboolean automatic = FALSE;
	g_autofree char *token = nx_confirmation_find_token (raw, envelope_to, &automatic);
	gboolean confirms = is_ordinary (events) && !automatic;
	g_autoptr (NxStore) own = NULL;
	g_autoptr (GError) local = NULL;

	*taken_out = FALSE;
	if (token == NULL || (!confirms && !has_failed (events)))
		return TRUE;
	if (store == NULL) {
		own = nx_setup_open_store (cli, NX_STORE_NONE, &local);
		/* Without a database nothing can have been asked. */
		if (own == NULL && g_error_matches (local, NX_ERROR, NX_ERROR_NOT_FOUND))
			return TRUE;
		if (own == NULL) {
			g_propagate_error (error, g_steal_pointer (&local));
			return FALSE;
		}
	}
	return settle (cli, store != NULL ? store : own, token, confirms, taken_out, error);
}
