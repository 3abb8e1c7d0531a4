/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-incidents.h: what the files on incidents share, and what others call so that incidents stay true.
 *
 * Whoever writes something that an incident may rest on marks it; what is marked is worked out before the transaction
 * commits, or later by whoever settles (NxStore.leaves_stale).
 */
#pragma once

#include "policy/incident.h"
#include "store/sqlite-private.h"

G_BEGIN_DECLS

/* ---- sqlite-failing.c: the rows ---- */

/**
 * nx_sqlite_mark_stale: incidents of the day of @date must be looked for anew: whoever writes, links or changes a
 * failure or a post calls it. nx_sqlite_mark_members: a subscription was added, deleted, or got another address.
 * nx_sqlite_mark_step: @step was added or taken back; if it is a decision on an incident, its list's are judged anew.
 * nx_sqlite_mark_all_days: every day with failures, since other proof is asked for now.
 */
gboolean nx_sqlite_mark_stale (NxSqlite *db, gint64 list, gint64 date, GError **error);
gboolean nx_sqlite_mark_members (NxSqlite *db, gint64 list, GError **error);
gboolean nx_sqlite_mark_step (NxSqlite *db, gint64 step, GError **error);
gboolean nx_sqlite_mark_all_days (NxSqlite *db, gint64 list, GError **error);

/* No days, but what days are judged by: what nx_sqlite_mark_step() and nx_sqlite_mark_members() write. */
#define NX_SQLITE_RULINGS G_MININT64
#define NX_SQLITE_MEMBERS (G_MININT64 + 1)

/**
 * NxSqliteDay: a row of failing_days. @incident: what it is part of, 0 for none. @until, @unusual in @group are what
 * was written; NxGroupDay.chain is not kept.
 */
typedef struct {
	NxGroupDay group;
	gint64 incident;
} NxSqliteDay;

/**
 * nx_sqlite_load_group: all days of @group's scope, verdict and name, ascending, from @first on. nx_sqlite_load_day:
 * all of one day. @rows: of NxSqliteDay; appended to.
 */
gboolean nx_sqlite_load_group (NxSqlite *db, gint64 list, const NxGroupDay *group, gint64 first, GArray *rows,
			       GError **error);
gboolean nx_sqlite_load_day (NxSqlite *db, gint64 list, gint64 day, GArray *rows, GError **error);

/**
 * nx_sqlite_put_day: writes a row. nx_sqlite_drop_day: deletes it.
 */
gboolean nx_sqlite_put_day (NxSqlite *db, gint64 list, const NxSqliteDay *row, GError **error);
gboolean nx_sqlite_drop_day (NxSqlite *db, gint64 list, const NxGroupDay *group, GError **error);

/**
 * nx_sqlite_load_failures: of one day; @failures: of NxFailure: those that count by their proof. @weak: of NxFailure:
 * the others, if an incident holds them. NxFailure.held: by which.
 */
gboolean nx_sqlite_load_failures (NxSqlite *db, gint64 list, gint64 day, const NxPolicy *policy, GArray *failures,
				  GArray *weak, GError **error);

/**
 * nx_sqlite_load_numbers: the column of numbers that a query with the list's number, and @from, gives; appended.
 */
gboolean nx_sqlite_load_numbers (NxSqlite *db, const char *sql, gint64 list, gint64 from, GArray *numbers,
				 GError **error);

/* ---- sqlite-incidents.c ---- */

/**
 * NxSqliteSettling: a list whose stale days are worked out. @changed: the first day that is now a posting day, or none
 * any more; G_MAXINT64 for none. @days: what is at work on a day, by day; @groups: a set of NxGroupDay, by scope,
 * verdict and name. @orphans, @kept: numbers of incidents that groups had, and those that they still have.
 * @subscribers: -1 while they were not counted.
 */
typedef struct {
	NxSqlite *db;
	gint64 list;
	gint64 changed;
	gint64 subscribers;
	GHashTable *days;
	GHashTable *groups;
	GHashTable *orphans;
	GHashTable *kept;
	GArray *rulings;
	NxPolicy policy;
} NxSqliteSettling;

/**
 * NxSqliteGroup: all days of a group. @rows: of NxSqliteDay; @days: of NxGroupDay, of the same days, judged.
 */
typedef struct {
	const NxGroupDay *key;
	GArray *rows;
	GArray *days;
	GArray *posting;
	GArray *usual;
	NxSurroundings around;
} NxSqliteGroup;

/**
 * nx_sqlite_open_group: loads and judges it. @group_out: zeroed.
 */
gboolean nx_sqlite_open_group (NxSqliteSettling *settling, const NxGroupDay *key, NxSqliteGroup *group_out,
			       GError **error);
void nx_sqlite_group_clear (NxSqliteGroup *group);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NxSqliteGroup, nx_sqlite_group_clear)

/**
 * nx_sqlite_settle_changes: before a commit and before reading: works out what is stale, unless NxStore.leaves_stale.
 * nx_sqlite_settle_stale: works it out.
 */
gboolean nx_sqlite_settle_changes (NxSqlite *db, GError **error);
gboolean nx_sqlite_settle_stale (NxSqlite *db, GError **error);

/* ---- sqlite-incident-rows.c ---- */

/**
 * nx_sqlite_sum_up_group: writes what the group's incidents are now, and which of its days belong to which.
 */
gboolean nx_sqlite_sum_up_group (NxSqliteSettling *settling, const NxGroupDay *key, GError **error);

/* ---- sqlite-incident-list.c ---- */

/**
 * nx_sqlite_load_rulings: the decisions on a list's incidents that stand. (element-type NxRuling): oldest first.
 */
GArray *nx_sqlite_load_rulings (NxSqlite *db, gint64 list, GError **error);

GPtrArray *nx_sqlite_list_incidents (NxStore *store, gint64 id, const char *list, GError **error);
GPtrArray *nx_sqlite_count_incident_domains (NxStore *store, gint64 id, GError **error);
gboolean nx_sqlite_decide_incident (NxStore *store, gint64 id, NxStepKind kind, gint64 now, gint64 *step_out,
				    GError **error);

G_END_DECLS
