/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * incident.c: nixie incident: when many failed alike: what happened, what to do about it, and what is decided on it.
 *
 * Whether one is open is asked of the clock here only; the database holds the time at which it ends.
 */
#include <string.h>

#include "cli.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

#define LABEL_WIDTH 9
#define ID_WIDTH 4
#define DAY_WIDTH 10
#define STATE_WIDTH 6
#define COUNT_WIDTH 9
#define VERDICT_WIDTH 9
#define REASON_WIDTH 14
#define BAR_WIDTH 24
#define MAX_BARS 10
#define MAX_DIAGNOSTIC 500

enum {
	VERB_LIST,
	VERB_SHOW,
	VERB_CLOSE,
	VERB_REOPEN
};

static const char *const verbs[] = { "list", "show", "close", "reopen", NULL };

static gboolean as_json;
static gboolean counts;
static gboolean dry_run;

static const GOptionEntry options[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "list, show: one JSON object a line", NULL },
	{ "count", 0, 0, G_OPTION_ARG_NONE, &counts, "close: it was no incident, all of its failures count", NULL },
	{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "close, reopen: say what would change, change nothing", NULL },
	G_OPTION_ENTRY_NULL,
};

static gint64
get_now (void)
{
	return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
is_open (const NxIncident *incident)
{
	return incident->closed > get_now ();
}

/* ---- list ---- */

/* Open ones first, then the latest: what a person looks for. */
static int
compare_incidents (gconstpointer a, gconstpointer b)
{
	const NxIncident *x = *(const NxIncident *const *)a;
	const NxIncident *y = *(const NxIncident *const *)b;

	if (is_open (x) != is_open (y))
		return is_open (x) ? -1 : 1;
	if (x->opened != y->opened)
		return x->opened > y->opened ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static void
print_line (const NxIncident *incident)
{
	g_autofree char *day = nx_screen_format_day (incident->opened);
	g_autofree char *state = nx_screen_pad (is_open (incident) ? "open" : "closed", STATE_WIDTH);
	g_autofree char *painted = nx_screen_paint (is_open (incident) ? NX_STYLE_YELLOW : NX_STYLE_DIM, state);
	g_autofree char *count = nx_screen_format_count ((guint64)incident->addresses);
	g_autofree char *name = nx_output_escape_terminal (incident->name);
	g_autofree char *list = nx_output_escape_terminal (incident->list);

	nx_screen_print ("%*" G_GINT64_FORMAT "  %s  %s  %*s  %-*s  %-*s  %s: %s %s\n", ID_WIDTH, incident->id, day,
			 painted, COUNT_WIDTH, count, VERDICT_WIDTH, nx_verdict_to_string (incident->verdict),
			 REASON_WIDTH, nx_reason_to_string (incident->reason), list, incident->scope, name);
}

static gboolean
list_incidents (NxCli *cli, NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) incidents = nx_store_list_incidents (store, cli->list, error);

	if (incidents == NULL)
		return FALSE;
	g_ptr_array_sort (incidents, compare_incidents);
	if (incidents->len == 0 && !as_json)
		nx_main_say (cli, "there was no incident");
	else if (!as_json)
		nx_screen_print ("%*s  %-*s  %-*s  %*s  %-*s  %-*s  %s\n", ID_WIDTH, "NO", DAY_WIDTH, "SINCE",
				 STATE_WIDTH, "STATE", COUNT_WIDTH, "ADDRESSES", VERDICT_WIDTH, "VERDICT", REASON_WIDTH,
				 "REASON", "WHERE");
	for (guint i = 0; i < incidents->len; i++) {
		const NxIncident *incident = g_ptr_array_index (incidents, i);
		g_autofree char *json = as_json ? nx_output_format_incident (incident, is_open (incident)) : NULL;

		if (as_json)
			nx_screen_print ("%s\n", json);
		else
			print_line (incident);
		if (!nx_screen_check (error))
			return FALSE;
	}
	return nx_screen_flush (error);
}

/* ---- show ---- */

static void
print_labelled (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	if (*safe != '\0')
		nx_screen_print_labelled (label, LABEL_WIDTH, safe);
}

static char *
format_time (gint64 date)
{
	g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (date);

	return time == NULL ? g_strdup ("no date") : g_date_time_format (time, "%Y-%m-%d %H:%M");
}

static void
print_time (const NxIncident *incident)
{
	g_autofree char *first = format_time (incident->opened);
	g_autofree char *last = format_time (incident->last);
	g_autofree char *closed = format_time (incident->closed);
	g_autofree char *span = g_strdup_printf ("%s to %s UTC", first, last);
	g_autofree char *state =
		is_open (incident) ? g_strdup_printf ("open; ends with the next post that is as usual, or by itself "
						      "on %s UTC",
						      closed)
				   : g_strdup_printf ("closed since %s UTC", closed);

	print_labelled ("Failures", span);
	print_labelled ("State", state);
	print_labelled ("Note", incident->note);
}

static void
print_bars (const GPtrArray *shares)
{
	gint64 most = 1;
	guint width = 0;
	guint count = MIN (shares->len, MAX_BARS);

	for (guint i = 0; i < count; i++) {
		const NxIncidentShare *share = g_ptr_array_index (shares, i);
		g_autofree char *safe = nx_output_escape_terminal (share->domain);

		most = MAX (most, share->addresses);
		width = MAX (width, nx_screen_get_text_width (safe));
	}
	for (guint i = 0; i < count; i++) {
		const NxIncidentShare *share = g_ptr_array_index (shares, i);
		g_autofree char *safe = nx_output_escape_terminal (share->domain);
		g_autofree char *padded = nx_screen_pad (safe, MIN (width, 40));
		g_autofree char *bar = g_strnfill (MAX (1, (gsize)(share->addresses * BAR_WIDTH / most)), '#');

		nx_screen_print ("%s    %s  %6" G_GINT64_FORMAT "  %s\n", i == 0 ? "\n" : "", padded, share->addresses,
				 bar);
	}
	if (shares->len > count)
		nx_screen_print ("    and %u domains more\n", shares->len - count);
}

static void
print_advice (const NxIncident *incident)
{
	g_autoptr (NxIncidentAdvice) advice = nx_incident_explain (incident);

	print_labelled ("Cause", advice->cause);
	if (*advice->blocklist != '\0') {
		g_autofree char *line = g_strdup_printf (
			"%s%s%s", advice->blocklist, *advice->look_up == '\0' ? "" : "; ask it at ", advice->look_up);

		print_labelled ("Blocklist", line);
	}
	print_labelled ("Cure", advice->cure);
}

static void
print_incident (const NxIncident *incident, const GPtrArray *shares)
{
	g_autoptr (NxIncidentAdvice) advice = nx_incident_explain (incident);
	g_autofree char *name = nx_output_escape_terminal (incident->name);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, advice->title);
	g_autofree char *held = nx_screen_format_count ((guint64)incident->held);
	g_autofree char *count = nx_screen_format_count ((guint64)incident->addresses);
	g_autofree char *where = g_strdup_printf ("%s %s", incident->scope, name);
	g_autofree char *many =
		incident->held > 0
			? g_strdup_printf ("%s on the worst day; %s failures are held and do not count", count, held)
			: g_strdup_printf ("%s on the worst day; none of its failures is held back", count);
	g_autofree char *what = g_strdup_printf ("%s, %s", nx_verdict_to_string (incident->verdict),
						 nx_reason_to_string (incident->reason));
	/* It is somebody else's text, and one screen is for the whole incident. */
	g_autofree char *said = nx_screen_cut (incident->diagnostic, MAX_DIAGNOSTIC);

	nx_screen_print ("Incident %" G_GINT64_FORMAT ": %s\n\n", incident->id, painted);
	print_labelled ("List", incident->list);
	print_labelled ("Where", where);
	print_labelled ("What", what);
	print_labelled ("Addresses", many);
	print_time (incident);
	print_labelled ("Said", said);
	print_advice (incident);
	print_bars (shares);
	nx_screen_print ("\n");
}

static gboolean
show_incident (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	g_autoptr (NxIncident) incident = nx_store_get_incident (store, id, error);
	g_autoptr (GPtrArray) shares = incident == NULL ? NULL : nx_store_count_incident_domains (store, id, error);

	(void)cli;
	if (shares == NULL)
		return FALSE;
	if (as_json) {
		g_autofree char *json = nx_output_format_incident (incident, is_open (incident));

		nx_screen_print ("%s\n", json);
	} else {
		print_incident (incident, shares);
	}
	return nx_screen_check (error);
}

/* ---- deciding ---- */

typedef struct {
	gint64 active;
	gint64 suspended;
} Standing;

static gboolean
count_standing (NxStore *store, Standing *standing_out, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, error);

	*standing_out = (Standing){ 0 };
	for (guint i = 0; lists != NULL && i < lists->len; i++) {
		const NxList *list = g_ptr_array_index (lists, i);

		standing_out->active += list->active;
		standing_out->suspended += list->suspended;
	}
	return lists != NULL;
}

typedef gboolean (*DecideFunc) (NxStore *store, gint64 id, gint64 now, gint64 *step_out, GError **error);

/* How many more, or fewer, are suspended by it. */
static void
say_change (const NxCli *cli, gint64 id, const Standing *before, const Standing *after, gint64 held)
{
	gint64 change = after->suspended - before->suspended;

	nx_main_say (cli,
		     "incident %" G_GINT64_FORMAT ": %s%" G_GINT64_FORMAT " failures held, %" G_GINT64_FORMAT
		     " %s suspended",
		     id, dry_run ? "would be: " : "", held, ABS (change), change < 0 ? "fewer" : "more");
}

static gboolean
decide (NxCli *cli, NxStore *store, gint64 id, DecideFunc func, GError **error)
{
	Standing before;
	Standing after;
	gint64 step = 0;
	gboolean done = nx_store_begin (store, error) && count_standing (store, &before, error) &&
			func (store, id, get_now (), &step, error);
	g_autoptr (NxIncident) incident = done ? nx_store_get_incident (store, id, error) : NULL;

	done = incident != NULL && count_standing (store, &after, error);
	if (!done || dry_run)
		nx_store_rollback (store);
	if (!done || (!dry_run && !nx_store_commit (store, error)))
		return FALSE;
	if (step != 0 && !dry_run)
		nx_main_say (cli, "step %" G_GINT64_FORMAT "; nixie undo takes it back", step);
	say_change (cli, id, &before, &after, incident->held);
	return TRUE;
}

static gboolean
close_incident (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	return decide (cli, store, id, counts ? nx_store_count_incident : nx_store_close_incident, error);
}

static gboolean
reopen_incident (NxCli *cli, NxStore *store, gint64 id, GError **error)
{
	return decide (cli, store, id, nx_store_reopen_incident, error);
}

/* ---- the command ---- */

static gboolean
parse_id (const char *word, gint64 *id_out, GError **error)
{
	guint64 id = 0;

	if (g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, &id, NULL)) {
		*id_out = (gint64)id;
		return TRUE;
	}
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "\"%s\" is no number of an incident; nixie incident lists them",
		     word);
	return FALSE;
}

static gboolean
check_options (int verb, GError **error)
{
	if (counts && verb != VERB_CLOSE)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--count goes with close only");
	else if (dry_run && verb != VERB_CLOSE && verb != VERB_REOPEN)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--dry-run goes with close and reopen only");
	else if (as_json && verb != VERB_LIST && verb != VERB_SHOW)
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--json goes with list and show only");
	else
		return TRUE;
	return FALSE;
}

static gboolean
run_verb (NxCli *cli, int verb, int count, char **words, GError **error)
{
	static gboolean (*const functions[]) (NxCli *, NxStore *, gint64, GError **) = {
		[VERB_LIST] = NULL,
		[VERB_SHOW] = show_incident,
		[VERB_CLOSE] = close_incident,
		[VERB_REOPEN] = reopen_incident,
	};
	gboolean reads = verb == VERB_LIST || verb == VERB_SHOW;
	g_autoptr (NxStore) store = NULL;

	if (!check_options (verb, error) ||
	    !nx_options_check_count (count, words, verb == VERB_LIST ? 0 : 1, verb == VERB_LIST ? 0 : G_MAXINT,
				     "the number of an incident", error))
		return FALSE;
	store = nx_setup_open_store (cli, reads ? NX_STORE_READ_ONLY : NX_STORE_NONE, error);
	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	if (verb == VERB_LIST)
		return list_incidents (cli, store, error);
	for (; *words != NULL; words++) {
		gint64 id = 0;

		if (!parse_id (*words, &id, error) || !functions[verb](cli, store, id, error))
			return FALSE;
	}
	return nx_screen_flush (error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "incident", argc == 0 ? NULL : argv[0], error);

	return verb >= 0 && run_verb (cli, verb, MAX (argc - 1, 0), argv + MIN (argc, 1), error);
}

const NxCommand nx_command_incident = {
	.name = "incident",
	.summary = "when many fail alike: what happened, what to do, what counts",
	.usage = "incident [list] [--json]\n"
		 "incident show [--json] NUMBER...\n"
		 "incident close [--count] [--dry-run] NUMBER...\n"
		 "incident reopen [--dry-run] NUMBER...",
	.about = "When far more readers of one domain, one provider or one post fail on a day than on\n"
		 "the days before, that is a provider's bad day or a refusal of the list, and no hundred\n"
		 "dead readers. nixie finds such incidents by itself, and holds their failures: none of\n"
		 "them counts, from the first one on. An incident ends with the next post that is as\n"
		 "usual, or three days after its last failure. What goes on for longer is no outage: it\n"
		 "lasts, and counts.\n"
		 "\n"
		 "list prints them, open ones first. show says of one what was said, the cause and the\n"
		 "cure, and which domains it met.\n"
		 "\n"
		 "close ends one now: what is dated later counts. With --count it was none: all of its\n"
		 "failures count. reopen takes that back, or holds one that lasts. Each is a step with a\n"
		 "number; nixie undo takes it back.\n",
	.examples = "nixie incident --list news\n"
		    "nixie incident show 3\n"
		    "nixie incident close 3 --count --dry-run",
	.statuses = " 0  done\n"
		    "65  an incident is closed, counted or held already\n"
		    "66  there is no such database, list or incident\n"
		    "73  the database cannot be opened, read or written\n"
		    "74  the output cannot be written\n"
		    "75  the database was locked for too long",
	.options = options,
	.run = run,
};
