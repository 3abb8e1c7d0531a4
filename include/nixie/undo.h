/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * undo.h: taking back what reports did: events are set aside, so that they do not count.
 *
 * Nothing is deleted. Setting aside is a step in the journal (forward.h), and nx_store_undo_step() takes that back in
 * turn. Each call is one transaction, as in store.h; a caller that only wants to know what would change rolls it back.
 */
#pragma once

#include <nixie/forward.h>

G_BEGIN_DECLS

/**
 * NxEventScope: which events: those that all of these fit. @list: (nullable). @domain: (nullable): the domain of the
 * address that failed. @run: the run that recorded them (store.h), 0 for any. @since, @until: by the event's date;
 * @until 0: no end.
 */
typedef struct {
	const char *list;
	const char *domain;
	gint64 run;
	gint64 since;
	gint64 until;
} NxEventScope;

/**
 * NxChange: what became of one subscription.
 */
typedef struct {
	char *list;
	char *address;
	NxStanding before;
	NxStanding after;
} NxChange;

/**
 * NxTakenBack: what was done. @step: the step that set events aside or undid another; 0 when there was nothing to do.
 * @events: how many were set aside. @changes: (element-type NxChange): the subscriptions whose state or score is not
 * what it was, by list and address.
 */
typedef struct {
	gint64 step;
	guint64 events;
	GPtrArray *changes;
} NxTakenBack;

/**
 * nx_store_set_aside: events that are aside already stay as they are. @note: for the journal. @now: the step's date.
 * Returns: (transfer full): NULL with an error; NX_ERROR_NOT_FOUND when there is no such list or run.
 */
NX_API NxTakenBack *nx_store_set_aside (NxStore *store, const NxEventScope *scope, const char *note, gint64 now,
					GError **error);

/**
 * nx_store_undo_transition: @transition: NxStoredTransition.id. What a step did is undone; else the events that led to
 * it are set aside. NX_ERROR_NOT_FOUND, NX_ERROR_DATA as for nx_store_undo_step().
 * nx_store_undo_address: the last transition of the subscription that @address has on @list; without any, what makes up
 * its score.
 */
NX_API NxTakenBack *nx_store_undo_transition (NxStore *store, gint64 transition, gint64 now, GError **error);
NX_API NxTakenBack *nx_store_undo_address (NxStore *store, const char *list, const char *address, gint64 now,
					   GError **error);

NX_API void nx_change_free (NxChange *change);
NX_API void nx_taken_back_free (NxTakenBack *taken_back);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxChange, nx_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxTakenBack, nx_taken_back_free)

G_END_DECLS
