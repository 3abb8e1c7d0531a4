/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.h: asking new addresses, and taking the answers that come back with a token (nixie/confirmation.h).
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_ask_get_terms: the configuration's terms, as of now. Call nx_setup_load() before.
 */
NxForwardTerms nx_ask_get_terms (const NxCli *cli);

/**
 * nx_ask_proposal: makes the mail to the new address of a proposal, and sends it with the configured command, or writes
 * it to stdout when there is none or @to_stdout. When that fails, the step is taken back.
 */
gboolean nx_ask_proposal (NxCli *cli, NxStore *store, gint64 id, gboolean to_stdout, GError **error);

/**
 * nx_ask_send: the same for a row of the outbox, without a word. A proposal that was decided meanwhile, or that
 * something speaks against now, is not asked, which is no error.
 */
gboolean nx_ask_send (NxCli *cli, NxStore *store, const NxTemplates *templates, gint64 id, const NxForwardTerms *terms,
		      GError **error);

/**
 * nx_ask_take_answer: is this mail the answer to one of ours: of a new address, or of a reader who was warned? Or is it
 * our own mail that came back? Then that is carried out; the events of a warning that came back are marked, to be
 * recorded (NxEvent.answers). @events: what the mail was read as. @store: (nullable): opened when it is NULL and
 * needed.
 * @taken_out: TRUE when the mail was what somebody waited for.
 * Returns: FALSE only for what may work later, or with a broken database.
 */
gboolean nx_ask_take_answer (NxCli *cli, NxStore *store, const NxRawMessage *raw, const char *envelope_to,
			     GPtrArray *events, gboolean *taken_out, GError **error);

G_END_DECLS
