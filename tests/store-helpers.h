/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store-helpers.h: what the tests of the store share: a database of their own, events, and a dump of all that the
 * public functions show, by natural keys alone: two databases with the same contents have the same dump.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include <nixie/address.h>
#include <nixie/output.h>
#include <nixie/forward.h>
#include <nixie/incident.h>

#define DAY ((gint64)86400)
#define START ((gint64)1795392000) /* 2026-11-23T00:00:00Z */

/* ---- a place for a database ---- */

typedef struct {
	char *folder;
	char *path;
	char *uri;
	NxStore *store;
} Place;

static inline void
remove_tree (const char *path)
{
	g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
	const char *name;
	while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
		g_autofree char *inner = g_build_filename (path, name, NULL);
		if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
			remove_tree (inner);
		else
			g_unlink (inner);
	}
	g_rmdir (path);
}

/* The only thing in here that knows which backend is tested. */
static inline char *
make_uri (const char *folder)
{
	return g_strdup_printf ("sqlite:%s/nixie.db", folder);
}

static inline int
set_up_place (void **state)
{
	Place *place = g_new0 (Place, 1);
	place->folder = g_dir_make_tmp ("nixie-store-XXXXXX", NULL);
	assert_non_null (place->folder);
	place->path = g_build_filename (place->folder, "nixie.db", NULL);
	place->uri = make_uri (place->folder);
	*state = place;
	return 0;
}

static inline int
tear_down_place (void **state)
{
	Place *place = *state;
	nx_store_free (place->store);
	remove_tree (place->folder);
	g_free (place->folder);
	g_free (place->path);
	g_free (place->uri);
	g_free (place);
	return 0;
}

/* By address: @call, which sets it, may be evaluated last. */
#define must(call) must_at (call, &error, __FILE__, __LINE__)

static inline void
must_at (gboolean done, GError *const *error, const char *file, int line)
{
	if (!done)
		fail_msg ("%s:%d: %s", file, line, *error != NULL ? (*error)->message : "no GError");
}

#define must_fail(call, code) must_fail_at (call, &error, code, __FILE__, __LINE__)

static inline void
must_fail_at (gboolean done, GError **error, NxError code, const char *file, int line)
{
	if (done)
		fail_msg ("%s:%d: did not fail", file, line);
	if (*error == NULL)
		fail_msg ("%s:%d: failed without a GError", file, line);
	if (!g_error_matches (*error, NX_ERROR, (int)code))
		fail_msg ("%s:%d: error %d, not %d: %s", file, line, (*error)->code, (int)code, (*error)->message);
	g_clear_error (error);
}

static inline NxStore *
open_store (const char *uri)
{
	g_autoptr (GError) error = NULL;
	NxStore *store = nx_store_open (uri, NX_STORE_CREATE, &error);
	must (store != NULL);
	return store;
}

/* Lists news (news@lists.example.org) and talk; ann and bob on news, ann on talk. */
static inline void
fill_members (NxStore *store)
{
	g_autoptr (GError) error = NULL;
	must (nx_store_add_list (store, "news", "news@lists.example.org", &error));
	must (nx_store_add_list (store, "talk", "", &error));
	must (nx_store_add_subscriber (store, "news", "Ann@Example.org", "Ann", NULL, &error));
	must (nx_store_add_subscriber (store, "news", "bob@example.org", NULL, NULL, &error));
	must (nx_store_add_subscriber (store, "talk", "ann@example.org", "", NULL, &error));
}

static inline int
set_up_store (void **state)
{
	set_up_place (state);
	Place *place = *state;
	place->store = open_store (place->uri);
	fill_members (place->store);
	return 0;
}

/* ---- events ---- */

/* @fingerprint and @recipient are needed; a verdict of NONE stands for a permanent failure. */
typedef struct {
	const char *fingerprint;
	const char *recipient;
	gint64 date;
	NxKind kind;
	NxVerdict verdict;
	NxProof proof;
	const char *original;
	const char *original_raw;
	const char *verp;
	const char *list;
	const char *forward;
	const char *diagnostic;
	const char *actual;
} Spec;

static inline void
set_text (char **field, const char *text)
{
	g_free (*field);
	*field = g_strdup (text != NULL ? text : "");
}

static inline NxEvent *
make_event (const Spec *spec)
{
	NxEvent *event = nx_event_new ();
	set_text (&event->fingerprint, spec->fingerprint);
	set_text (&event->recipient, spec->recipient);
	set_text (&event->original_recipient, spec->original);
	set_text (&event->original_recipient_raw, spec->original_raw);
	set_text (&event->actual_recipient, spec->actual);
	set_text (&event->verp_recipient, spec->verp);
	set_text (&event->list, spec->list);
	set_text (&event->forward, spec->forward);
	set_text (&event->diagnostic, spec->diagnostic);
	set_text (&event->rule, "RFC 3463 3.2");
	event->date = spec->date;
	event->kind = spec->kind != NX_KIND_NONE ? spec->kind : NX_KIND_FAILURE;
	event->verdict = spec->verdict != NX_VERDICT_NONE ? spec->verdict : NX_VERDICT_PERMANENT;
	event->reason = NX_REASON_USER_UNKNOWN;
	event->status = (NxStatus){ 5, 1, 1 };
	event->reply = 550;
	event->proof = spec->proof;
	return event;
}

static inline void
free_event (gpointer event)
{
	nx_event_free (event);
}

static inline GPtrArray *
make_events (const Spec *specs, guint count)
{
	GPtrArray *events = g_ptr_array_new_with_free_func (free_event);
	for (guint i = 0; i < count; i++)
		g_ptr_array_add (events, make_event (&specs[i]));
	return events;
}

/* Records one event alone; returns how many rows were added. */
static inline guint
record_one (NxStore *store, const Spec *spec, const char *list)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = make_events (spec, 1);
	guint added = 4711;
	must (nx_store_record (store, events, list, START, &added, &error));
	return added;
}

/* Three dead days for one address. */
static inline void
record_dead_days (NxStore *store, const char *recipient, const char *list)
{
	for (gint64 day = 0; day < 3; day++) {
		g_autofree char *fingerprint = g_strdup_printf ("dead-%s-%d", recipient, (int)day);
		const Spec spec = { .fingerprint = fingerprint, .recipient = recipient, .date = START + day * DAY };
		record_one (store, &spec, list);
	}
}

/* ---- dumps ---- */

static inline gboolean
dump_subscriber_cb (const NxSubscriber *subscriber, gpointer data)
{
	GString *dump = data;
	g_string_append_printf (dump, "subscriber %s %s “%s” %d events, %s %.6f %d %d\n", subscriber->list,
				subscriber->address, subscriber->name, (int)subscriber->events,
				nx_state_to_string (subscriber->standing.state), subscriber->standing.score,
				(int)subscriber->standing.score_date, (int)subscriber->standing.since);
	return TRUE;
}

static inline void
dump_address (NxStore *store, const char *address, GString *dump)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = nx_store_list_events (store, address, NULL, &error);
	must (events != NULL);
	for (guint i = 0; i < events->len; i++) {
		const NxStoredEvent *stored = g_ptr_array_index (events, i);
		g_autofree char *line = nx_output_format_event (stored->event);
		/* Incidents have their numbers in the order in which they were found. */
		const char *note = g_str_has_prefix (stored->note, "held by incident ") ? strchr (stored->note, '(')
											: stored->note;
		g_string_append_printf (dump, "event %s %s %s %.6f %.6f %s\n", address, stored->event->fingerprint,
					line, stored->weight, stored->score, note);
	}
	g_autoptr (GPtrArray) transitions = nx_store_list_transitions (store, address, NULL, &error);
	must (transitions != NULL);
	for (guint i = 0; i < transitions->len; i++) {
		const NxStoredTransition *transition = g_ptr_array_index (transitions, i);
		g_string_append_printf (dump, "transition %s %s %d %s %s %.6f %s %s\n", transition->list,
					transition->subscriber, (int)transition->date,
					nx_state_to_string (transition->from), nx_state_to_string (transition->to),
					transition->score, transition->cause, transition->rule);
	}
}

/* @addresses: NULL-terminated: whose events to show. */
static inline char *
dump_store (NxStore *store, const char *const *addresses)
{
	g_autoptr (GError) error = NULL;
	GString *dump = g_string_new (NULL);
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, &error);
	must (lists != NULL);
	for (guint i = 0; i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);
		g_string_append_printf (dump, "list %s %s %d %d %d\n", list->name, list->address, (int)list->active,
					(int)list->suspended, (int)list->removed);
	}
	must (nx_store_foreach_subscriber (store, NULL, NULL, NX_STATE_NONE, dump_subscriber_cb, dump, &error));
	for (; *addresses != NULL; addresses++)
		dump_address (store, *addresses, dump);
	g_autoptr (GPtrArray) proposals = nx_store_list_proposals (store, NULL, NULL, NULL, &error);
	must (proposals != NULL);
	for (guint i = 0; i < proposals->len; i++) {
		const NxProposal *proposal = g_ptr_array_index (proposals, i);
		g_string_append_printf (dump, "proposal %s %s %s %s %d %s %s %s\n", proposal->list,
					proposal->subscriber, proposal->forward, proposal->state, (int)proposal->date,
					nx_proof_to_string (proposal->proof), proposal->evidence, proposal->rule);
	}
	g_autoptr (GPtrArray) incidents = nx_store_list_incidents (store, NULL, &error);
	must (incidents != NULL);
	for (guint i = 0; i < incidents->len; i++) {
		const NxIncident *incident = g_ptr_array_index (incidents, i);
		g_string_append_printf (dump, "incident %s %s %s %s %d %d %d %d %d %s %s\n", incident->list,
					incident->scope, incident->name, nx_verdict_to_string (incident->verdict),
					(int)incident->opened, (int)incident->last, (int)incident->closed,
					(int)incident->addresses, (int)incident->held, incident->diagnostic,
					incident->note);
	}
	return g_string_free (dump, FALSE);
}

static inline char *
dump_place (const char *uri, const char *const *addresses)
{
	g_autoptr (NxStore) store = open_store (uri);
	return dump_store (store, addresses);
}

static inline guint
count_events (NxStore *store, const char *address)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) events = nx_store_list_events (store, address, NULL, &error);
	must (events != NULL);
	return events->len;
}

static inline gboolean
copy_standing_cb (const NxSubscriber *subscriber, gpointer data)
{
	*(NxStanding *)data = subscriber->standing;
	return FALSE;
}

static inline NxStanding
get_standing (NxStore *store, const char *list, const char *address)
{
	g_autoptr (GError) error = NULL;
	NxStanding standing = { 0 };
	must (nx_store_foreach_subscriber (store, list, address, NX_STATE_NONE, copy_standing_cb, &standing, &error));
	assert_int_not_equal (standing.state, NX_STATE_NONE);
	return standing;
}

/* ---- children ---- */

typedef void (*ChildFunc) (const Place *place, guint number, gpointer data);

/* A child that fails ends with _exit (1): cmocka's longjmp would run the parent's other tests in it. */
static inline pid_t
start_child (const Place *place, guint number, ChildFunc func, gpointer data)
{
	fflush (NULL);
	pid_t child = fork ();
	assert_true (child >= 0);
	if (child == 0) {
		func (place, number, data);
		_exit (0);
	}
	return child;
}

#define child_must(call) child_must_at (call, &error, __LINE__)

static inline void
child_must_at (gboolean done, GError *const *error, int line)
{
	if (done)
		return;
	fprintf (stderr, "# child, line %d: %s\n", line, *error != NULL ? (*error)->message : "failed");
	_exit (1);
}

static inline void
await_child (pid_t child)
{
	int status = 0;
	assert_int_equal (waitpid (child, &status, 0), child);
	assert_true (WIFEXITED (status));
	assert_int_equal (WEXITSTATUS (status), 0);
}
