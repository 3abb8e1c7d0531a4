/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privacy.h: what is held for how long, and forgetting an address.
 *
 * An address that is not needed any more becomes a keyed hash (HMAC-SHA256): it can still be counted and told apart,
 * but not read, and without the database's own salt not guessed either. Reports stay known, so that an archive that is
 * read once more adds nothing. Nothing of this can be undone. Each call is one transaction, as in store.h.
 */
#pragma once

#include <nixie/forward.h>

G_BEGIN_DECLS

#define NX_PRIVACY_SALT_BYTES 32

/**
 * NxPurgeTerms: @now: the time of the call. @diagnostic_days: so long the words of servers are kept; @address_days: so
 * long addresses in reports, and subscriptions that have ended; 0: for ever. @salt: NX_PRIVACY_SALT_BYTES octets that
 * nobody can guess; taken only when the database has none yet.
 */
typedef struct {
	gint64 now;
	guint diagnostic_days;
	guint address_days;
	const guint8 *salt;
} NxPurgeTerms;

/**
 * NxPurged: how much was purged: events whose diagnostic, whose addresses went; subscriptions that were forgotten;
 * proposals that went with them, or were decided long ago.
 */
typedef struct {
	guint64 diagnostics;
	guint64 addresses;
	guint64 subscribers;
	guint64 proposals;
} NxPurged;

/**
 * nx_store_purge: what is older than @terms allow. No state changes by it: the events of a subscriber keep what the
 * policy looks at.
 */
NX_API gboolean nx_store_purge (NxStore *store, const NxPurgeTerms *terms, NxPurged *purged_out, GError **error);

/**
 * nx_store_forget: everything on @address: its subscriptions are deleted with their history, its reports are kept as
 * numbers under a hash without a domain. Of @terms only the salt matters. NX_ERROR_NOT_FOUND when nothing is held.
 */
NX_API gboolean nx_store_forget (NxStore *store, const char *address, const NxPurgeTerms *terms, NxPurged *purged_out,
				 GError **error);

G_END_DECLS
