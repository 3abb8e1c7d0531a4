/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.h: asking new addresses, and taking their answers (nixie/confirmation.h).
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
 * nx_ask_take_answer: is this mail the answer of a new address, or our own mail to it that came back? Then it is
 * carried out. @events: what the mail was read as. @store: (nullable): opened when it is NULL and needed.
 * @taken_out: TRUE when the mail was what somebody waited for.
 * Returns: FALSE only for what may work later, or with a broken database.
 */
gboolean nx_ask_take_answer (NxCli *cli, NxStore *store, const NxRawMessage *raw, const char *envelope_to,
			     const GPtrArray *events, gboolean *taken_out, GError **error);

G_END_DECLS
