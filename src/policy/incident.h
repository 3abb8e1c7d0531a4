/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident.h: when many subscribers of a list fail alike, and what of it is held back: pure functions, no clock, no
 * I/O.
 *
 * Failures are counted by UTC days, in groups: those at one recipient domain, those that hosts of one provider told,
 * those of one post; and each by its verdict. A group's day is unusual when it has far more addresses than the days
 * before it. Unusual days with no usual posting day between them are a chain; a chain that holds anything is an
 * incident. Everything follows from the numbers of days, so late reports, other orders and repetition come to the same.
 *
 * Names are numbers in here (nx_incident_make_name()): only who shows an incident needs its text.
 */
#pragma once

#include <nixie/policy.h>

G_BEGIN_DECLS

/* What does not come up to this number of addresses a day is never unusual, and needs no memory. */
#define NX_INCIDENT_LEAST 3

/* A day is measured by those of so many days before it. */
#define NX_INCIDENT_WINDOW_DAYS 60

/**
 * NxScope: what the failures of a group have in common. LIST: nothing but the list: what its days are like.
 */
typedef enum {
	NX_SCOPE_NONE,
	NX_SCOPE_POST,
	NX_SCOPE_PROVIDER,
	NX_SCOPE_DOMAIN,
	NX_SCOPE_LIST,
} NxScope;

const char *nx_scope_to_string (NxScope scope);
NxScope nx_scope_from_string (const char *text);

/**
 * nx_incident_make_name: a number for a name; 0 for "". Two names have the same number by chance only, once in 2^63.
 */
gint64 nx_incident_make_name (const char *name);

/**
 * NxFailure: a report that a subscriber could not be reached. @id: the caller's number. @domain (of the subscriber's
 * address), @provider, @post: names; 0 when unknown. @verdict: PERMANENT, TRANSIENT or BLOCKED.
 * @held: the caller's own.
 * @group: set by nx_incident_claim(): index of the group day that it belongs to, or -1.
 */
typedef struct {
	gint64 id;
	gint64 subscriber;
	gint64 date;
	gint64 domain;
	gint64 provider;
	gint64 post;
	gint64 held;
	NxVerdict verdict;
	NxReason reason;
	int group;
} NxFailure;

/**
 * NxGroupDay: what one group had on one UTC day. @addresses: distinct subscribers. @fits: it may be an incident of its
 * scope: a post's failures are not nine in ten at one domain or provider, a provider's not all at one domain.
 * Set by nx_incident_judge(): @unusual, @chain (counts a group's chains from 0; -1 for a usual day), @until: which of
 * the day's failures are held, those up to then: 0 for none, G_MAXINT64 for all.
 * Set by nx_incident_claim() on unusual days: @claimed: how many of the addresses belong to it, not to a group of a
 * wider scope. @first, @last: when. @reason: the one most have. @example: the first failure with it; of several in one
 * second that are alike in all that NxFailure has, any.
 */
typedef struct {
	gint64 name;
	gint64 day;
	gint64 until;
	gint64 first;
	gint64 last;
	gint64 example;
	NxScope scope;
	NxVerdict verdict;
	NxReason reason;
	guint addresses;
	guint claimed;
	int chain;
	gboolean fits;
	gboolean unusual;
} NxGroupDay;

/**
 * nx_incident_get_day: the UTC day of a date.
 */
gint64 nx_incident_get_day (gint64 date);

/**
 * nx_incident_sort: puts failures in the order that counting and claiming need.
 * nx_incident_count: the groups of one day's failures, in an order that follows from the numbers. Of scope LIST one for
 * each verdict that occurs; of the others those with NX_INCIDENT_LEAST addresses. @failures is put in order.
 * Returns: (transfer full) (element-type NxGroupDay)
 */
void nx_incident_sort (GArray *failures);
GArray *nx_incident_count (GArray *failures, gint64 day);

/**
 * NxRuling: what a person decided on the chain of the group that has @day in it. @kind: CLOSE holds nothing after
 * @date, COUNT nothing at all, HOLD all.
 */
typedef enum {
	NX_RULING_NONE,
	NX_RULING_CLOSE,
	NX_RULING_COUNT,
	NX_RULING_HOLD,
} NxRulingKind;

typedef struct {
	gint64 name;
	gint64 day;
	gint64 date;
	NxScope scope;
	NxVerdict verdict;
	NxRulingKind kind;
} NxRuling;

/**
 * NxSurroundings: what a group is judged by. @posting: from nx_incident_find_posting(). @usual: (element-type
 * NxGroupDay): the list's days with the same verdict, ascending.
 * @members: at the domain; @subscribers: of the list. @rulings: (element-type NxRuling): oldest first; those on other
 * groups are passed over.
 */
typedef struct {
	const GArray *posting;
	const GArray *usual;
	const GArray *rulings;
	guint members;
	guint subscribers;
} NxSurroundings;

/**
 * nx_incident_make_marker: a day as nx_incident_find_posting() sees it. @failures: as nx_incident_sort() put them in
 * order. @posted: the list is known to have posted.
 * nx_incident_find_posting: the days by which others are measured: those on which failures of posts come. @markers:
 * (element-type NxGroupDay): one for each day with a post or a failure, ascending. Whether a day is one follows from
 * the markers of 60 days before it and of one behind it. Returns: (transfer full) (element-type gint64): ascending.
 */
NxGroupDay nx_incident_make_marker (const GArray *failures, gint64 day, gboolean posted);
GArray *nx_incident_find_posting (const GArray *markers);

/**
 * nx_incident_is_measured: FALSE when too few of the list's posting days lie before @day to tell what is usual, or it
 * is none of them.
 */
gboolean nx_incident_is_measured (const GArray *posting, gint64 day);

/**
 * nx_incident_judge: @days: (element-type NxGroupDay): all of one group, ascending.
 */
void nx_incident_judge (GArray *days, const NxSurroundings *around);

/**
 * nx_incident_claim: gives each of a day's failures to at most one of its unusual groups: those of posts first, then
 * providers, then domains; a group that is left with fewer than NX_INCIDENT_LEAST addresses gets none.
 * @failures: as nx_incident_count() put them in order. @groups: (element-type NxGroupDay): of that day, judged; they
 * are put in order too.
 */
void nx_incident_claim (GArray *failures, GArray *groups);

/**
 * NxOutcome: a chain as an incident. @day: its first day. @closed: when it ended, or, where the list has not posted
 * since, will end if nothing more comes: so it does not depend on when it is asked. @addresses: of its worst day.
 * @lasts: the first day that is not held since the failures go on and on; 0 for none. @ruling: the person's.
 */
typedef struct {
	gint64 day;
	gint64 last_day;
	gint64 opened;
	gint64 last;
	gint64 closed;
	gint64 lasts;
	gint64 example;
	gint64 ruled;
	NxReason reason;
	NxRulingKind ruling;
	guint addresses;
	int chain;
} NxOutcome;

/**
 * nx_incident_sum_up: the incidents of a group that was judged and whose days have claimed.
 * Returns: (transfer full) (element-type NxOutcome): in time order.
 */
GArray *nx_incident_sum_up (const GArray *days, const NxSurroundings *around);

G_END_DECLS
