/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * holdings.h: all that a database holds of one address, in one place.
 */
#pragma once

#include <nixie/outbox.h>

G_BEGIN_DECLS

/**
 * NxHoldings: @subscribers: of NxSubscriber. @events: of NxStoredEvent. @transitions: of NxStoredTransition.
 * @proposals: of NxProposal, those that offer a new address for this one. @steps: of NxStep. @waiting: of NxOutboxItem,
 * what a hook or the reader is still to be told.
 */
typedef struct {
	char *address;
	GPtrArray *subscribers;
	GPtrArray *events;
	GPtrArray *transitions;
	GPtrArray *proposals;
	GPtrArray *steps;
	GPtrArray *waiting;
} NxHoldings;

/**
 * nx_holdings_new: reads it. @list: (nullable): only what is of this list. @terms: (nullable): as in forward.h.
 * Returns: (transfer full): NULL with an error; with nothing in it when nothing is held.
 */
NX_API NxHoldings *nx_holdings_new (NxStore *store, const char *address, const char *list, const NxForwardTerms *terms,
				    GError **error);
NX_API void nx_holdings_free (NxHoldings *holdings);
NX_API gboolean nx_holdings_is_empty (const NxHoldings *holdings);

/**
 * nx_holdings_format: one JSON object: address subscriptions events transitions proposals steps waiting, each of the
 * latter an array that is left out when it is empty. An event has the members of the JSON contract (output.h), then
 * weight, score and note. Returns: (transfer full)
 */
NX_API char *nx_holdings_format (const NxHoldings *holdings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxHoldings, nx_holdings_free)

G_END_DECLS
