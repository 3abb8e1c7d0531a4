/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident.h: times in which many subscribers of a list failed alike, so that the failures say nothing on the
 * addresses.
 *
 * The store finds them by itself, from the events and posts of a list: far more addresses of one recipient domain, one
 * provider or one post fail on a day than on its days before. What an incident holds does not count against anybody
 * (NxHistory.held), from its first failure on. It ends with the next posting day that is as usual, or three days after
 * its last failure; failures that go on for longer are lasting and count: that is no outage. People may decide
 * otherwise; a decision is a step (forward.h). Incidents are worked out anew whenever what they rest on changes, so the
 * order of arrival does not matter; one that stays what it is keeps its number.
 *
 * Only failures take part that count by their proof (NxPolicy.least_proof).
 */
#pragma once

#include <nixie/forward.h>

G_BEGIN_DECLS

/**
 * NxIncident: @scope: "domain" (of the recipients), "provider" (a domain of the hosts that refused), "post". @name:
 * that domain, or the post's Message-ID. @verdict: of all of its failures; @reason: of most. @opened, @last: dates of
 * the first and the latest failure. @closed: when it ended; a time to come for one that is open: then it ends, if
 * nothing more comes. @addresses: how many subscribers failed on its worst day. @held: how many events it holds;
 * 0 where the policy has no guard.
 * @diagnostic: what was said to one of them; untrusted. @note: what a person decided, or that it lasts; "" else.
 * @ruling: the step kind of the decision that stands: CLOSE, COUNT, HOLD or NONE; @step: its number.
 */
typedef struct {
	gint64 id;
	gint64 opened;
	gint64 last;
	gint64 closed;
	gint64 addresses;
	gint64 held;
	gint64 step;
	char *list;
	char *scope;
	char *name;
	char *diagnostic;
	char *note;
	NxVerdict verdict;
	NxReason reason;
	NxStepKind ruling;
} NxIncident;

/**
 * nx_store_list_incidents: oldest first. @list: (nullable). nx_store_get_incident: one; NX_ERROR_NOT_FOUND.
 * Returns: (transfer full) (element-type NxIncident)
 */
NX_API GPtrArray *nx_store_list_incidents (NxStore *store, const char *list, GError **error);
NX_API NxIncident *nx_store_get_incident (NxStore *store, gint64 id, GError **error);
NX_API void nx_incident_free (NxIncident *incident);

/**
 * NxIncidentShare: how many of the subscribers whose failures an incident holds are of @domain.
 */
typedef struct {
	char *domain;
	gint64 addresses;
} NxIncidentShare;

/**
 * nx_store_count_incident_domains: most first. Returns: (transfer full) (element-type NxIncidentShare)
 */
NX_API GPtrArray *nx_store_count_incident_domains (NxStore *store, gint64 id, GError **error);
NX_API void nx_incident_share_free (NxIncidentShare *share);

/**
 * nx_store_close_incident: failures dated after @now count again. nx_store_count_incident: it was none: all of its
 * failures count. nx_store_reopen_incident: takes these back; where none of them stands, a lasting incident is held.
 * States are computed anew. @step_out: (nullable): the step, for nx_store_undo_step(). NX_ERROR_NOT_FOUND: there is
 * none. NX_ERROR_DATA: it is so already.
 */
NX_API gboolean nx_store_close_incident (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error);
NX_API gboolean nx_store_count_incident (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error);
NX_API gboolean nx_store_reopen_incident (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error);

/**
 * nx_store_set_settling: FALSE: commits do not look for incidents, until it is TRUE again or nx_store_settle() is
 * called: for who records very many events. What waits stands in the database: the next writer does it.
 * nx_store_settle: looks for incidents wherever something has changed.
 */
NX_API void nx_store_set_settling (NxStore *store, gboolean settling);
NX_API gboolean nx_store_settle (NxStore *store, GError **error);

/**
 * NxIncidentAdvice: what an incident means in plain words. @title: a few words. @cause: what happened. @cure: what to
 * do. @blocklist: the list that the diagnostic names ("zen.spamhaus.org"), or "". @look_up: where to ask it, or "".
 */
typedef struct {
	char *title;
	char *cause;
	char *cure;
	char *blocklist;
	char *look_up;
} NxIncidentAdvice;

/**
 * nx_incident_explain: from the incident's reason, verdict, scope and diagnostic. No I/O. Returns: (transfer full)
 */
NX_API NxIncidentAdvice *nx_incident_explain (const NxIncident *incident);
NX_API void nx_incident_advice_free (NxIncidentAdvice *advice);

/**
 * nx_output_format_incident: one JSON object on one line: id list scope name verdict reason opened last closed open
 * addresses held diagnostic note title cause cure blocklist look_up. @open: by the caller's clock. Returns: (transfer
 * full)
 */
NX_API char *nx_output_format_incident (const NxIncident *incident, gboolean open);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxIncident, nx_incident_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxIncidentShare, nx_incident_share_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxIncidentAdvice, nx_incident_advice_free)

G_END_DECLS
