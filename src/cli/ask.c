/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.c: see ask.h. A token is drawn, written into a mail and forgotten; the database keeps its hash.
 */
#include "ask.h"

#include <string.h>

#include "mailer.h"
#include "notify.h"
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

/* The list's posting address, which the mail is from. Returns: (transfer full): "" when it has none. */
static char *
find_list_address (NxStore *store, const char *name, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	for (guint i = 0; lists != NULL && i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		if (g_ascii_strcasecmp (list->name, name) == 0)
			return g_strdup (list->address);
	}
	return lists == NULL ? NULL : g_strdup ("");
}

/* @address: where the answer goes; also the mail's return path. */
static char *
write_mail (const NxCli *cli, const NxTemplates *templates, const NxProposal *proposal, const char *list_address,
	    const char *address, const char *token, const NxForwardTerms *terms)
{
	g_autofree char *days = g_strdup_printf ("%u", terms->token_days);
	g_autofree char *mark = nx_confirmation_make_mark (NX_ANSWER_CONFIRM, token);
	g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);

	g_hash_table_insert (values, (gpointer)(guintptr) "old-address", proposal->subscriber);
	g_hash_table_insert (values, (gpointer)(guintptr) "new-address", proposal->forward);
	g_hash_table_insert (values, (gpointer)(guintptr) "days", days);
	g_hash_table_insert (values, (gpointer)(guintptr) "mark", mark);
	return nx_notice_format (templates, &(const NxNotice){
						    .kind = NX_OUTBOX_ASK,
						    .language = nx_notify_get_language (cli, proposal->list),
						    .list = proposal->list,
						    .list_address = list_address,
						    .from = address,
						    .reply_to = address,
						    .to = proposal->forward,
						    .values = values,
						    .date = terms->now,
					    });
}

static gboolean
hand_over (const NxCli *cli, const char *address, const char *mail, gboolean to_stdout, GError **error)
{
	const char *const *command = (const char *const *)cli->settings->sendmail;

	if (command != NULL && !to_stdout)
		return nx_mailer_send (command, address, mail, error);
	nx_screen_print ("%s", mail);
	return nx_screen_flush (error);
}

/* No lock is held while another program runs: deliveries would wait for it, and one of them may be its own. */
static gboolean
ask (const NxCli *cli, NxStore *store, const NxTemplates *templates, const NxProposal *proposal,
     const NxForwardTerms *terms, gboolean to_stdout, gint64 *step_out, GError **error)
{
	g_autofree char *token = nx_notify_draw_token (error);
	g_autofree char *list_address = token == NULL ? NULL : find_list_address (store, proposal->list, error);
	g_autofree char *address = list_address == NULL ? NULL
							: nx_notify_make_address (cli, proposal->list, list_address,
										  NX_ANSWER_CONFIRM, token, error);
	g_autofree char *mail =
		address == NULL ? NULL : write_mail (cli, templates, proposal, list_address, address, token, terms);

	if (mail == NULL || !nx_store_ask_proposal (store, proposal->id, token, terms, step_out, error))
		return FALSE;
	if (hand_over (cli, address, mail, to_stdout, error))
		return TRUE;
	nx_store_undo_step (store, *step_out, terms->now, NULL);
	return FALSE;
}

gboolean
nx_ask_proposal (NxCli *cli, NxStore *store, gint64 id, gboolean to_stdout, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, &terms, error);
	g_autoptr (NxTemplates) templates = NULL;
	gint64 step = 0;

	if (proposal == NULL)
		return FALSE;
	if (*proposal->obstacle != '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "proposal %" G_GINT64_FORMAT " (%s -> %s): %s", id,
			     proposal->subscriber, proposal->forward, proposal->obstacle);
		return FALSE;
	}
	templates = nx_notify_load_templates (cli, error);
	if (templates == NULL || !ask (cli, store, templates, proposal, &terms, to_stdout, &step, error))
		return FALSE;
	nx_main_say (cli, "step %" G_GINT64_FORMAT ": %s %s, and has %u days to answer", step, proposal->forward,
		     to_stdout || cli->settings->sendmail == NULL ? "is to be sent the mail above" : "was asked",
		     terms.token_days);
	if (proposal->proof < NX_PROOF_SIGNED)
		nx_main_say (cli, "the proof is \"%s\" only: whoever wrote the report may be who reads the new address",
			     nx_proof_to_string (proposal->proof));
	return TRUE;
}

gboolean
nx_ask_send (NxCli *cli, NxStore *store, const NxTemplates *templates, gint64 id, const NxForwardTerms *terms,
	     GError **error)
{
	g_autoptr (NxProposal) proposal = nx_store_get_proposal (store, id, terms, error);
	gint64 step = 0;

	if (proposal == NULL)
		return FALSE;
	if (*proposal->obstacle != '\0' || strcmp (proposal->state, "open") != 0)
		return TRUE;
	return ask (cli, store, templates, proposal, terms, FALSE, &step, error);
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

static void
mark_events (GPtrArray *events, const char *token)
{
	for (guint i = 0; i < events->len; i++) {
		NxEvent *event = g_ptr_array_index (events, i);

		g_free (event->answers);
		event->answers = g_strdup (token);
	}
}

/* A token that is void or too old, and an obstacle, are the sender's bad luck; the mail is then an ordinary one. */
static gboolean
excuse (NxCli *cli, GError *local, GError **error)
{
	if (g_error_matches (local, NX_ERROR, NX_ERROR_NOT_FOUND) || g_error_matches (local, NX_ERROR, NX_ERROR_DATA)) {
		nx_main_note (cli, "%s", local->message);
		g_error_free (local);
		return TRUE;
	}
	g_propagate_error (error, local);
	return FALSE;
}

static gboolean
settle_proposal (NxCli *cli, NxStore *store, const char *token, gboolean confirms, gboolean *taken_out, GError **error)
{
	const NxForwardTerms terms = nx_ask_get_terms (cli);
	GError *local = NULL;
	gint64 id = 0;

	*taken_out = confirms ? nx_store_confirm_proposal (store, token, &terms, &id, &local)
			      : nx_store_return_proposal (store, token, &terms, &id, &local);
	if (!*taken_out)
		return excuse (cli, local, error);
	nx_main_note (cli, "proposal %" G_GINT64_FORMAT ": %s", id,
		      confirms ? "the new address has confirmed; the subscription has it now"
			       : "the mail that asked the new address came back");
	return TRUE;
}

static gboolean
enable_reader (NxCli *cli, NxStore *store, const char *token, gboolean *taken_out, GError **error)
{
	GError *local = NULL;
	gint64 step = 0;
	g_autofree char *list = NULL;
	g_autofree char *address = NULL;

	*taken_out = nx_store_enable_subscriber (store, token, get_now (), &step, &list, &address, &local);
	if (!*taken_out)
		return excuse (cli, local, error);
	nx_main_note (cli, "step %" G_GINT64_FORMAT ": %s has answered, and is active on %s again", step, address,
		      list);
	return TRUE;
}

static gboolean
settle (NxCli *cli, NxStore *store, NxAnswer answer, const char *token, gboolean confirms, gboolean *taken_out,
	GError **error)
{
	if (answer == NX_ANSWER_ENABLE)
		return enable_reader (cli, store, token, taken_out, error);
	return settle_proposal (cli, store, token, confirms, taken_out, error);
}

gboolean
nx_ask_take_answer (NxCli *cli, NxStore *store, const NxRawMessage *raw, const char *envelope_to, GPtrArray *events,
		    gboolean *taken_out, GError **error)
{
	NxAnswer answer = NX_ANSWER_NONE;
	gboolean automatic = FALSE;
	g_autofree char *token = nx_confirmation_find_token (raw, envelope_to, &answer, &automatic);
	gboolean ordinary = is_ordinary (events);
	g_autoptr (NxStore) own = NULL;
	g_autoptr (GError) local = NULL;

	*taken_out = FALSE;
	if (token != NULL && answer == NX_ANSWER_ENABLE && !ordinary)
		mark_events (events, token);
	if (token == NULL || (answer != NX_ANSWER_ENABLE && answer != NX_ANSWER_CONFIRM) || (ordinary && automatic) ||
	    (!ordinary && (answer == NX_ANSWER_ENABLE || !has_failed (events))))
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
	return settle (cli, store != NULL ? store : own, answer, token, ordinary, taken_out, error);
}
