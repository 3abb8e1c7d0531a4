/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * why.c: nixie why: the answer to "why was I unsubscribed?", from what the database holds.
 *
 * Each event with what it added and why it counted or not, what changed by it, and what would come next.
 */
#include <string.h>

#include "caps.h"
#include "cli.h"
#include "journal.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

#define VERDICT_WIDTH 9
#define REASON_WIDTH 14
#define CODES_WIDTH 10
#define PROOF_WIDTH 8
#define DAY_WIDTH 10
#define DETAIL_LABEL_WIDTH 12

static gboolean show_all;

static const GOptionEntry options[] = {
	{ "all", 0, 0, G_OPTION_ARG_NONE, &show_all, "all events and changes, not only the last", NULL },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	NxStore *store;
	const char *address;
	NxPolicy policy;
	gint64 now;
	NxHoldings *held;
} Why;

/* ---- events ---- */

static void
print_event_head (void)
{
	nx_screen_print ("  %-*s  %-*s  %-*s  %-*s  %-*s  WEIGHT  SCORE\n", DAY_WIDTH, "DATE", VERDICT_WIDTH, "VERDICT",
			 REASON_WIDTH, "REASON", CODES_WIDTH, "CODES", PROOF_WIDTH, "PROOF");
}

static void
print_detail (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);
	g_autofree char *padded = g_strdup_printf ("%*s", DETAIL_LABEL_WIDTH + 4, label);

	if (*safe != '\0')
		nx_screen_print_labelled (padded, DETAIL_LABEL_WIDTH + 4, safe);
}

/* @before: (nullable): the one above it, whose words are not said twice. */
static void
print_words (const NxEvent *event, const NxStoredEvent *before)
{
	if (before != NULL && strcmp (before->event->diagnostic, event->diagnostic) == 0 &&
	    strcmp (before->event->rule, event->rule) == 0)
		return;
	print_detail ("said", event->diagnostic);
	print_detail ("rule", event->rule);
}

static void
print_event (const Why *why, const NxStoredEvent *stored, const NxStoredEvent *before)
{
	const NxEvent *event = stored->event;
	g_autofree char *day = nx_screen_format_day (event->date);
	g_autofree char *verdict = nx_screen_pad (nx_verdict_to_string (event->verdict), VERDICT_WIDTH);
	g_autofree char *painted = nx_screen_paint (nx_screen_get_verdict_style (event->verdict), verdict);
	g_autofree char *codes = nx_screen_format_codes (event->reply, event->status);
	g_autofree char *weight = stored->weight > 0 ? g_strdup_printf ("%+.2f", stored->weight) : g_strdup ("-");

	nx_screen_print (
		"  %-*s  %s  %-*s  %-*s  %-*s  %6s  %5.2f\n", DAY_WIDTH, day, painted, REASON_WIDTH,
		event->reason == NX_REASON_NONE ? nx_kind_to_string (event->kind) : nx_reason_to_string (event->reason),
		CODES_WIDTH, codes, PROOF_WIDTH,
		event->proof == NX_PROOF_NONE ? "-" : nx_proof_to_string (event->proof), weight, stored->score);
	if (event->kind != NX_KIND_FAILURE)
		print_detail ("kind", nx_kind_to_string (event->kind));
	/* One that was purged is shown by no hash. */
	if (*event->recipient != '\0' && !g_str_has_prefix (event->recipient, "hash:") &&
	    !nx_address_equal (event->recipient, why->address))
		print_detail ("address", event->recipient);
	print_words (event, before);
	if (*event->subscriber != '\0')
		print_detail ("note", stored->note);
}

static gboolean
belongs_to (const NxStoredEvent *stored, const NxSubscriber *subscriber)
{
	return strcmp (stored->event->list, subscriber->list) == 0 &&
	       strcmp (stored->event->subscriber, subscriber->address) == 0;
}

static gboolean
belongs_to_any (const NxStoredEvent *stored, const GPtrArray *subscribers)
{
	for (guint i = 0; i < subscribers->len; i++) {
		if (belongs_to (stored, g_ptr_array_index (subscribers, i)))
			return TRUE;
	}
	return FALSE;
}

/* How many of @count are not shown. */
static guint
count_hidden (guint count)
{
	return show_all || count <= NX_CLI_WHY_ROWS ? 0 : count - NX_CLI_WHY_ROWS;
}

static void
print_hidden (guint hidden, const char *one, const char *many)
{
	if (hidden > 0)
		nx_screen_print ("  ... %u earlier %s; --all shows %s\n", hidden, hidden == 1 ? one : many,
				 hidden == 1 ? "it" : "them");
}

/* @subscriber: (nullable): NULL for the events that are no subscription's of this address. */
static void
print_events (const Why *why, const NxSubscriber *subscriber)
{
	g_autoptr (GPtrArray) own = g_ptr_array_new ();
	guint hidden = 0;

	for (guint i = 0; i < why->held->events->len; i++) {
		NxStoredEvent *stored = g_ptr_array_index (why->held->events, i);

		if (subscriber != NULL ? belongs_to (stored, subscriber)
				       : !belongs_to_any (stored, why->held->subscribers))
			g_ptr_array_add (own, stored);
	}
	if (own->len == 0) {
		nx_screen_print ("\n  No report has come.\n");
		return;
	}
	nx_screen_print ("\n");
	print_event_head ();
	hidden = count_hidden (own->len);
	print_hidden (hidden, "event", "events");
	for (guint i = hidden; i < own->len; i++)
		print_event (why, g_ptr_array_index (own, i), i > hidden ? g_ptr_array_index (own, i - 1) : NULL);
}

/* ---- what changed, what may come ---- */

static void
print_transition (const NxStoredTransition *transition)
{
	g_autofree char *day = nx_screen_format_day (transition->date);
	g_autofree char *cause = nx_output_escape_terminal (transition->cause);

	nx_screen_print ("  %s  %s -> %s: %s (score %.2f; change %" G_GINT64_FORMAT ")\n", day,
			 nx_state_to_string (transition->from), nx_state_to_string (transition->to), cause,
			 transition->score, transition->id);
}

static void
print_transitions (const Why *why, const NxSubscriber *subscriber)
{
	g_autoptr (GPtrArray) own = g_ptr_array_new ();
	guint hidden = 0;

	for (guint i = 0; i < why->held->transitions->len; i++) {
		NxStoredTransition *transition = g_ptr_array_index (why->held->transitions, i);

		if (strcmp (transition->list, subscriber->list) == 0)
			g_ptr_array_add (own, transition);
	}
	if (own->len > 0)
		nx_screen_print ("\n  CHANGES\n");
	hidden = count_hidden (own->len);
	print_hidden (hidden, "change", "changes");
	for (guint i = hidden; i < own->len; i++)
		print_transition (g_ptr_array_index (own, i));
}

/* What people decided on a subscription; of the address alone when @list is "". */
static void
print_steps (const Why *why, const char *list)
{
	g_autoptr (GPtrArray) own = g_ptr_array_new ();
	guint hidden = 0;

	for (guint i = 0; i < why->held->steps->len; i++) {
		NxStep *step = g_ptr_array_index (why->held->steps, i);

		if (strcmp (step->list, list) == 0)
			g_ptr_array_add (own, step);
	}
	if (own->len > 0)
		nx_screen_print ("\n  DECIDED\n");
	hidden = count_hidden (own->len);
	print_hidden (hidden, "step", "steps");
	for (guint i = hidden; i < own->len; i++) {
		g_autofree char *line = nx_journal_format_step (g_ptr_array_index (own, i));

		nx_screen_print ("  %s\n", line);
	}
}

static void
print_proposals (const Why *why, const char *list)
{
	guint count = 0;

	for (guint i = 0; i < why->held->proposals->len; i++) {
		const NxProposal *proposal = g_ptr_array_index (why->held->proposals, i);
		g_autofree char *day = nx_screen_format_day (proposal->date);
		g_autofree char *forward = nx_output_escape_terminal (proposal->forward);

		if (strcmp (proposal->list, list) != 0 || strcmp (proposal->state, "accepted") == 0 ||
		    strcmp (proposal->state, "rejected") == 0)
			continue;
		if (count++ == 0)
			nx_screen_print ("\n  NEW ADDRESSES OFFERED\n");
		nx_screen_print ("  %s  %s  (proposal %" G_GINT64_FORMAT "%s)\n", day, forward, proposal->id,
				 strcmp (proposal->state, "asked") == 0 ? ", was asked" : "");
		print_detail ("said", proposal->evidence);
		print_detail ("rule", proposal->rule);
	}
}

/* Was it a complaint that changed the state last? */
static gboolean
has_complained (const Why *why, const char *list)
{
	const char *cause = "";

	for (guint i = 0; i < why->held->transitions->len; i++) {
		const NxStoredTransition *transition = g_ptr_array_index (why->held->transitions, i);

		if (strcmp (transition->list, list) == 0)
			cause = transition->cause;
	}
	return strcmp (cause, "the reader complained") == 0;
}

/* What nixie run does next. */
static char *
describe_deed (const NxStanding *standing, const NxForetold *foretold)
{
	if (standing->due == NX_ACTION_REMOVE)
		return g_strdup ("the subscription ends");
	if (standing->due == NX_ACTION_PROBE || standing->state == NX_STATE_ACTIVE)
		return g_strdup ("the reader gets a mail, to see whether it arrives");
	return g_strdup_printf ("the reader gets a warning (%u of %u)", foretold->sent + 1,
				foretold->sent + foretold->mails);
}

static char *
describe_due (const Why *why, const NxStanding *standing, const NxForetold *foretold)
{
	g_autofree char *day = nx_screen_format_day (standing->due_date);
	g_autofree char *end = nx_screen_format_day (foretold->end);
	g_autofree char *deed = describe_deed (standing, foretold);
	GString *text = g_string_new (NULL);

	if (standing->due == NX_ACTION_NONE)
		return g_string_free (text, FALSE);
	if (standing->due_date <= why->now)
		g_string_append_printf (text, " With the next nixie run %s.", deed);
	else
		g_string_append_printf (text, " With the first nixie run after %s %s.", day, deed);
	if (standing->due != NX_ACTION_REMOVE && foretold->end != 0)
		g_string_append_printf (text, " If nothing comes in, the subscription ends on %s.", end);
	return g_string_free (text, FALSE);
}

static gboolean
heals (const NxPolicy *policy)
{
	return policy->heal && nx_policy_has_key (policy, "heal");
}

static char *
describe_suspended (const Why *why, const NxForetold *foretold)
{
	static const char delivered[] = "a report says that mail was delivered to the address";
	gboolean answers = foretold->sent + foretold->mails > 0;

	if (!heals (&why->policy) && !answers)
		return g_strdup ("suspended until nixie subscriber restore.");
	return g_strdup_printf ("suspended until %s%s%s; then it is active again.",
				heals (&why->policy) ? delivered : "", heals (&why->policy) && answers ? ", or " : "",
				answers ? "the reader answers a warning" : "");
}

static const char *
describe_outcome (const NxForetold *foretold)
{
	if (foretold->state == NX_STATE_REMOVED || foretold->action == NX_ACTION_REMOVE)
		return "end it";
	return foretold->action == NX_ACTION_NONE ? "suspend it" : "bring the reader a mail, to see whether it arrives";
}

static char *
describe_active (const Why *why, const NxForetold *foretold)
{
	const NxPolicy *policy = &why->policy;
	GString *text = g_string_new (NULL);

	if (policy->preset == NX_PRESET_RECORD_ONLY) {
		g_string_append (text, "nothing; this policy never suspends.");
		return g_string_free (text, FALSE);
	}
	if (foretold->days == 0)
		g_string_append (text, "permanent failures on 100 more days in a row would change nothing");
	else
		g_string_append_printf (text, "permanent failures on %u more day%s in a row would %s", foretold->days,
					foretold->days == 1 ? "" : "s", describe_outcome (foretold));
	if (policy->half_life_days > 0)
		g_string_append_printf (text, "; without failures the score halves every %.0f days",
					policy->half_life_days);
	if (heals (policy))
		g_string_append_printf (text, "%s a delivery report sets it to 0",
					policy->half_life_days > 0 ? ", and" : ";");
	g_string_append_c (text, '.');
	return g_string_free (text, FALSE);
}

static char *
describe_next (const Why *why, const NxStanding *standing, const char *list, const NxForetold *foretold)
{
	g_autofree char *due = describe_due (why, standing, foretold);
	g_autofree char *state = NULL;

	if (standing->state == NX_STATE_SUSPENDED && has_complained (why, list))
		return g_strdup ("suspended until nixie subscriber restore: the reader complained.");
	if (standing->state == NX_STATE_REMOVED)
		return g_strdup ("nothing; the subscription has ended. nixie subscriber restore brings it back.");
	/* More of the same does not change what is due. */
	if (standing->state == NX_STATE_ACTIVE && standing->due != NX_ACTION_NONE && foretold->days == 0) {
		g_strchug (due);
		*due = g_ascii_tolower (*due);
		return g_steal_pointer (&due);
	}
	state = standing->state == NX_STATE_SUSPENDED ? describe_suspended (why, foretold)
						      : describe_active (why, foretold);
	return g_strconcat (state, due, NULL);
}

/* Presets that know no such number have 0. */
static char *
describe_threshold (const NxPolicy *policy)
{
	if (policy->threshold > 0)
		return g_strdup_printf ("; %.2f suspends.", policy->threshold);
	return g_strdup (".");
}

static void
print_standing (const Why *why, const NxSubscriber *subscriber)
{
	const NxStanding *standing = &subscriber->standing;
	g_autofree char *threshold = describe_threshold (&why->policy);
	g_autofree char *list = nx_output_escape_terminal (subscriber->list);
	g_autofree char *name = nx_output_escape_terminal (subscriber->name);
	g_autofree char *day = nx_screen_format_day (standing->since);
	g_autofree char *head =
		g_strdup_printf ("%s: %s%s%s", list, nx_state_to_string (standing->state),
				 standing->since == 0 ? "" : " since ", standing->since == 0 ? "" : day);
	g_autofree char *painted =
		nx_screen_paint (standing->state == NX_STATE_ACTIVE ? NX_STYLE_GREEN : NX_STYLE_RED, head);

	nx_screen_print ("\n%s%s%s%s\n", painted, *name == '\0' ? "" : " (", name, *name == '\0' ? "" : ")");
	if (standing->score_date != 0) {
		g_autofree char *as_of = nx_screen_format_day (standing->score_date);

		nx_screen_print ("  Score %.2f on %s, %.2f today%s\n", standing->score, as_of,
				 nx_policy_get_score_at (&why->policy, standing, why->now), threshold);
	} else {
		nx_screen_print ("  Score %.2f%s\n", standing->score, threshold);
	}
	if (why->policy.least_proof > NX_PROOF_CLAIM) {
		g_autofree char *since = nx_screen_format_day (why->policy.proof_since);

		nx_screen_print ("  A report needs the proof \"%s\" to count%s%s.\n",
				 nx_proof_to_string (why->policy.least_proof),
				 why->policy.proof_since == 0 ? "" : ", if it came in since ",
				 why->policy.proof_since == 0 ? "" : since);
	}
}

static gboolean
print_subscription (Why *why, const NxSubscriber *subscriber, GError **error)
{
	g_autofree char *next = NULL;
	NxForetold foretold;

	if (!nx_store_get_policy (why->store, subscriber->list, &why->policy, error) ||
	    !nx_store_foretell (why->store, subscriber->list, subscriber->address, why->now, &foretold, error))
		return FALSE;
	next = describe_next (why, &subscriber->standing, subscriber->list, &foretold);

	print_standing (why, subscriber);
	print_events (why, subscriber);
	print_transitions (why, subscriber);
	print_steps (why, subscriber->list);
	print_proposals (why, subscriber->list);
	nx_screen_print ("\n");
	nx_screen_print_labelled ("Next:", (guint)strlen ("Next:"), next);
	return TRUE;
}

/* Of an address that is no subscriber any more: where its subscriptions went. */
static void
print_other_steps (const Why *why)
{
	if (why->held->subscribers->len > 0)
		return;
	for (guint i = 0; i < why->held->steps->len; i++) {
		const NxStep *step = g_ptr_array_index (why->held->steps, i);
		g_autofree char *line = nx_journal_format_step (step);
		g_autofree char *list = nx_output_escape_terminal (step->list);

		nx_screen_print ("%s  %s%s%s\n", i == 0 ? "\n  DECIDED\n" : "", line, *list == '\0' ? "" : ", list ",
				 list);
	}
}

static gboolean
has_other_events (const Why *why)
{
	for (guint i = 0; i < why->held->events->len; i++) {
		if (!belongs_to_any (g_ptr_array_index (why->held->events, i), why->held->subscribers))
			return TRUE;
	}
	return FALSE;
}

static gboolean
print (Why *why, GError **error)
{
	g_autofree char *safe = nx_output_escape_terminal (why->address);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, safe);

	if (nx_holdings_is_empty (why->held)) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
			     "nothing is known of %s: no subscription and no report; is it spelled right, and is this "
			     "the right --database?",
			     why->address);
		return FALSE;
	}
	nx_screen_print ("%s\n", painted);
	for (guint i = 0; i < why->held->subscribers->len; i++)
		if (!print_subscription (why, g_ptr_array_index (why->held->subscribers, i), error))
			return FALSE;
	if (why->held->subscribers->len > 0 && !has_other_events (why))
		return nx_screen_flush (error);
	nx_screen_print ("\n%s\n", why->held->subscribers->len == 0
					   ? "No subscriber of any list. Reports on this address:"
					   : "Reports on this address that no subscription has:");
	print_events (why, NULL);
	print_proposals (why, "");
	print_other_steps (why);
	return nx_screen_flush (error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	g_autoptr (NxHoldings) held = NULL;
	Why why = { .now = g_get_real_time () / G_USEC_PER_SEC };

	if (!nx_options_check_count (argc, argv, 1, 1, "the ADDRESS", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	held = nx_holdings_new (store, argv[0], cli->list, NULL, error);
	if (held == NULL)
		return FALSE;
	why.store = store;
	why.address = argv[0];
	why.held = held;
	return print (&why, error);
}

const NxCommand nx_command_why = {
	.name = "why",
	.summary = "the whole story of an address: events, score, rule by rule",
	.usage = "why [--all] ADDRESS",
	.about = "Answers \"why was I unsubscribed?\". For every list that ADDRESS is on: its state, the\n"
		 "score against the threshold, each report with its verdict, the words of the server,\n"
		 "the rule that decided, how well it is proven, what it added to the score and why; the\n"
		 "changes of state, new addresses that were offered, and what would come next.\n"
		 "\n"
		 "So that it fits one screen, words that are those of the event above are left out, and\n"
		 "of many events, changes and decisions the last eight are shown; --all shows all.\n"
		 "\n"
		 "ADDRESS need not be a subscriber; then its reports are shown.\n",
	.examples = "nixie why reader@example.com\n"
		    "nixie why reader@example.com --list news",
	.statuses = " 0  done\n"
		    "66  nothing is known of ADDRESS, or there is no such database or list\n"
		    "73  the database cannot be opened or read\n"
		    "74  the output cannot be written",
	.options = options,
	.run = run,
};
