/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.h: the new addresses that reports offer, what people decide on them, and how to take that back.
 *
 * Whoever can write a report can offer an address, so an offer is a proposal only (RFC 5321 3.4: a client must not
 * change addresses by itself). It is accepted by an operator, or by whoever reads the new address, once an operator has
 * asked there. Every decision is a step in a journal; states follow from events and steps, so a step can be taken back.
 * Each call that changes something is one transaction, as in store.h.
 */
#pragma once

#include <nixie/store.h>

G_BEGIN_DECLS

/* ---- steps ---- */

/**
 * NxStepKind: what people decide, by command or by answering a mail. ASK: the new address was sent a mail; CONFIRM: it
 * answered; RETURNED: that mail came back. MOVE: the subscription got its new address; MERGE: it ended, since the new
 * address is a subscriber too. UNDO: takes another step back. WARN, PROBE, ENABLE, EXPIRE: NxDeed's. ASIDE: events were
 * set aside. CLOSE, COUNT, HOLD: on an incident: it holds no more from then on; it was none; it is one after all.
 * POLICY: a list got another policy.
 */
typedef enum {
	NX_STEP_NONE,
	NX_STEP_ASK,
	NX_STEP_CONFIRM,
	NX_STEP_RETURNED,
	NX_STEP_MOVE,
	NX_STEP_MERGE,
	NX_STEP_REJECT,
	NX_STEP_RESTORE,
	NX_STEP_REMOVE,
	NX_STEP_UNDO,
	NX_STEP_WARN,
	NX_STEP_PROBE,
	NX_STEP_ENABLE,
	NX_STEP_EXPIRE,
	NX_STEP_ASIDE,
	NX_STEP_CLOSE,
	NX_STEP_COUNT,
	NX_STEP_HOLD,
	NX_STEP_POLICY,
} NxStepKind;

/**
 * NxStep: @subscriber: the address that the subscription has now; of a step on an incident what that is about ("domain
 * example.org"). @old_address, @new_address: of a MOVE and a MERGE.
 * @note: for people. @proposal, @undoes: 0 for none. @undone: the UNDO that took this one back, 0 while it stands.
 */
typedef struct {
	gint64 id;
	gint64 date;
	NxStepKind kind;
	char *list;
	char *subscriber;
	char *old_address;
	char *new_address;
	char *note;
	gint64 proposal;
	gint64 undoes;
	gint64 undone;
} NxStep;

/**
 * nx_store_list_steps: the journal of what was decided on an address's subscriptions, those too that had it once,
 * oldest first. @address, @list: (nullable). Returns: (transfer full) (element-type NxStep)
 */
NX_API GPtrArray *nx_store_list_steps (NxStore *store, const char *address, const char *list, GError **error);

/**
 * nx_store_undo_step: takes a step back; everything that followed from it is as before. NX_ERROR_NOT_FOUND: there is
 * none. NX_ERROR_DATA: it cannot be taken back (an undo; taken back already; a later step rests on it).
 */
NX_API gboolean nx_store_undo_step (NxStore *store, gint64 step, gint64 now, GError **error);

NX_API const char *nx_step_kind_to_string (NxStepKind kind);
NX_API void nx_step_free (NxStep *step);

/* ---- proposals ---- */

/**
 * NxProposal: a new address that reports offer for an old one. @list: "" and @subscriber the old address when that is
 * no subscriber. @state: "open", "asked" (the new address was sent a mail), "accepted", "rejected", "expired".
 * @date, @proof (CLAIM for an automatic reply), @evidence (the reply text), @rule: of the best proven report, of these
 * the earliest. @last_date: of
 * the latest one.
 * @member: the new address is a subscriber of the list already. @obstacle: why it cannot be accepted; "" when it can.
 */
typedef struct {
	gint64 id;
	char *list;
	char *subscriber;
	char *forward;
	char *state;
	gint64 date;
	gint64 last_date;
	NxProof proof;
	char *evidence;
	char *rule;
	gboolean member;
	char *obstacle;
} NxProposal;

/**
 * NxForwardTerms: @now: the time of the call, which is the date of its steps. @expire_days: a proposal that no report
 * has offered for so long is expired. @token_days: so long a token is good.
 */
typedef struct {
	gint64 now;
	guint expire_days;
	guint token_days;
} NxForwardTerms;

#define NX_FORWARD_EXPIRE_DAYS 365
#define NX_FORWARD_TOKEN_DAYS 7

/**
 * nx_store_list_proposals: @address, @list: (nullable): the old address. Oldest first. nx_store_get_proposal: one;
 * NX_ERROR_NOT_FOUND. Returns: (transfer full) (element-type NxProposal)
 */
NX_API GPtrArray *nx_store_list_proposals (NxStore *store, const char *address, const char *list,
					   const NxForwardTerms *terms, GError **error);
NX_API NxProposal *nx_store_get_proposal (NxStore *store, gint64 id, const NxForwardTerms *terms, GError **error);

/**
 * nx_store_accept_proposal: the subscription gets the new address, its history with it, and a score of 0; or it ends,
 * when the new address is a subscriber already. NX_ERROR_DATA with the obstacle: expired, decided already, no
 * subscriber, a loop, a chain, an address of our own domains. nx_store_reject_proposal: it stays rejected, whatever is
 * reported later.
 * @step_out: (nullable): the step's number, for nx_store_undo_step().
 */
NX_API gboolean nx_store_accept_proposal (NxStore *store, gint64 id, const NxForwardTerms *terms, gint64 *step_out,
					  GError **error);
NX_API gboolean nx_store_reject_proposal (NxStore *store, gint64 id, const NxForwardTerms *terms, gint64 *step_out,
					  GError **error);

/**
 * nx_store_ask_proposal: the new address is about to be sent @token (confirmation.h); an earlier token is void from now
 * on. Only a hash of it is kept. NX_ERROR_DATA with the obstacle.
 * nx_store_confirm_proposal: whoever reads the new address has sent @token back: the proposal is accepted. A token is
 * good once. NX_ERROR_NOT_FOUND when it is none, or void; NX_ERROR_DATA when it is too old, or with the obstacle that
 * came up meanwhile.
 * nx_store_return_proposal: the mail with @token could not be delivered; the proposal is open again.
 * @id_out: (nullable): the proposal.
 */
NX_API gboolean nx_store_ask_proposal (NxStore *store, gint64 id, const char *token, const NxForwardTerms *terms,
				       gint64 *step_out, GError **error);
NX_API gboolean nx_store_confirm_proposal (NxStore *store, const char *token, const NxForwardTerms *terms,
					   gint64 *id_out, GError **error);
NX_API gboolean nx_store_return_proposal (NxStore *store, const char *token, const NxForwardTerms *terms,
					  gint64 *id_out, GError **error);
NX_API void nx_proposal_free (NxProposal *proposal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxStep, nx_step_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxProposal, nx_proposal_free)

G_END_DECLS
