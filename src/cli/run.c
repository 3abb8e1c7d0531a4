/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * run.c: nixie run: does what is due, and tells hooks, readers and owners. The one command in which the clock decides.
 *
 * What is to be done is written into the outbox first, in short transactions; then each row is claimed, told with no
 * lock held, and marked (nixie/outbox.h). So it may be started at any rate, twice at once, and be killed at any time.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "ask.h"
#include "caps.h"
#include "cli.h"
#include "moment.h"
#include "notify.h"
#include "options.h"
#include "program.h"
#include "screen.h"
#include "settings-policy.h"
#include "setup.h"
#include "tally.h"
#include "waiting.h"

#define SIGNAL_STATUS 128
#define STATUS_USEC (G_USEC_PER_SEC / 10)

static char *now_text;
static gboolean dry_run;
static volatile sig_atomic_t caught_signal;

static const GOptionEntry options[] = {
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "print what would be done, do nothing", NULL },
	{ "now", 0, 0, G_OPTION_ARG_FILENAME, &now_text, "take TIME for the time (YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS)",
	  "TIME" },
	G_OPTION_ENTRY_NULL,
};

/* @start: of the clock, with @began, which is monotonic. @failures: (element-type utf8): those that were shown. */
typedef struct {
	NxCli *cli;
	NxStore *store;
	NxTemplates *templates;
	GHashTable *failures;
	gint64 start;
	gint64 began;
	gint64 drawn;
	NxDeeds deeds;
	guint hooks;
	guint mails;
	guint postponed;
} Run;

/* A lease has to be counted from when it begins, so the time goes on, even one that was given. */
static gint64
get_now (const Run *run)
{
	return run->start + (g_get_monotonic_time () - run->began) / G_USEC_PER_SEC;
}

static void
catch_signal (int number)
{
	caught_signal = number;
}

/* What is being told is finished; the second one ends the program at once. */
static void
install_handlers (void)
{
	struct sigaction action = { .sa_handler = catch_signal, .sa_flags = (int)SA_RESETHAND };

	sigemptyset (&action.sa_mask);
	sigaction (SIGINT, &action, NULL);
	sigaction (SIGTERM, &action, NULL);
	/* Whoever started nixie may ignore it; then nothing would be left to wait for. */
	signal (SIGCHLD, SIG_DFL);
}

static void
show_status (Run *run, const char *what, guint count)
{
	gint64 time = g_get_monotonic_time ();
	g_autofree char *text = NULL;

	if (run->cli->quiet || !isatty (STDERR_FILENO) || time - run->drawn < STATUS_USEC)
		return;
	run->drawn = time;
	text = g_strdup_printf ("%s %u", what, count);
	nx_screen_set_status (text);
}

/* ---- what is to be told ---- */

static gboolean
perform_due (Run *run, GError **error)
{
	NxDeeds deeds = { 0 };

	do {
		if (!nx_store_perform_due (run->store, get_now (run), NX_CLI_RUN_BATCH, &deeds, error))
			return FALSE;
		run->deeds.warned += deeds.warned;
		run->deeds.probed += deeds.probed;
		run->deeds.removed += deeds.removed;
		show_status (run, "Due:", run->deeds.warned + run->deeds.probed + run->deeds.removed);
	} while (deeds.warned + deeds.probed + deeds.removed > 0 && caught_signal == 0);
	return TRUE;
}

static gboolean
queue_hooks (Run *run, const char *list, guint *queued, GError **error)
{
	const NxListSettings *own = nx_settings_find_list (run->cli->settings, list);
	guint count = 0;

	if (own == NULL || own->hook == NULL)
		return TRUE;
	do {
		if (!nx_store_queue_hooks (run->store, list, get_now (run), NX_CLI_RUN_BATCH, &count, error))
			return FALSE;
		*queued += count;
		show_status (run, "To be told:", *queued);
	} while (count > 0 && caught_signal == 0);
	return TRUE;
}

static gboolean
queue_notices (Run *run, const char *list, GError **error)
{
	const NxSettings *settings = run->cli->settings;
	const NxListSettings *own = nx_settings_find_list (settings, list);
	guint count = 0;

	if (own == NULL || *own->owner == '\0')
		return TRUE;
	return nx_store_queue_incidents (run->store, list, get_now (run), &count, error) &&
	       (settings->digest_days == 0 ||
		nx_store_queue_digest (run->store, list, get_now (run), settings->digest_days, &count, error));
}

static gboolean
queue_asks (Run *run, const char *list, GError **error)
{
	NxForwardTerms terms = nx_ask_get_terms (run->cli);
	NxPolicy policy;
	guint count = 0;

	terms.now = get_now (run);
	return nx_store_get_policy (run->store, list, &policy, error) &&
	       (policy.moved != NX_MOVED_ASK || nx_store_queue_asks (run->store, list, &terms, &count, error));
}

/* Only policy replay puts a policy in force; whoever changed the file is to know that nothing came of it yet. */
static gboolean
compare_policy (Run *run, const char *list, GError **error)
{
	const NxSettings *settings = run->cli->settings;
	NxPolicy configured = nx_settings_get_policy (settings, list);
	NxPolicy in_force;
	g_autofree char *text =
		*settings->file == '\0' ? NULL : nx_store_dup_policy_text (run->store, list, NULL, error);

	if (text == NULL)
		return *settings->file == '\0';
	if (!nx_policy_from_text (text, &in_force, NULL) || !nx_policy_equal (&configured, &in_force))
		nx_main_say (
			run->cli,
			"list %s: the configuration has another policy than is in force; nixie policy compare says "
			"whom that would change, nixie policy replay puts it in force",
			list);
	return TRUE;
}

static gboolean
queue_all (Run *run, GError **error)
{
	g_autoptr (GPtrArray) lists = nx_store_list_lists (run->store, error);
	guint queued = 0;

	/* Before anything is made of failures: are they an outage's? */
	if (lists == NULL || !nx_store_settle (run->store, error) || !perform_due (run, error))
		return FALSE;
	for (guint i = 0; i < lists->len && caught_signal == 0; i++) {
		const char *name = ((const NxList *)g_ptr_array_index (lists, i))->name;

		if (!compare_policy (run, name, error) || !queue_hooks (run, name, &queued, error) ||
		    !queue_notices (run, name, error) || !queue_asks (run, name, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- telling ---- */

/* What a hook finds around it is the same wherever nixie is started from. */
static gboolean
call_hook (const Run *run, const NxOutboxItem *item, GError **error)
{
	static const char *const environment[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
						   "LC_ALL=C.UTF-8", "TZ=UTC", NULL };
	const NxListSettings *own = nx_settings_find_list (run->cli->settings, item->list);
	g_autofree char *input = g_strconcat (item->payload, "\n", NULL);

	if (own != NULL && own->hook != NULL)
		return nx_program_run ((const char *const *)own->hook, input, (char **)(guintptr)environment,
				       run->cli->settings->hook_seconds, error);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "list %s has no hook any more; see [list %s] hook",
		     item->list, item->list);
	return FALSE;
}

static gboolean
tell (Run *run, const NxOutboxItem *item, GError **error)
{
	NxForwardTerms terms = nx_ask_get_terms (run->cli);

	if (item->kind == NX_OUTBOX_HOOK)
		return call_hook (run, item, error);
	if (item->kind != NX_OUTBOX_ASK)
		return nx_notify_send (run->cli, run->store, run->templates, item, get_now (run), error);
	terms.now = get_now (run);
	return nx_ask_send (run->cli, run->store, run->templates, item->proposal, &terms, error);
}

/* The same one is enough for people; nixie outbox has them all. */
static void
show_failure (const Run *run, const GError *error)
{
	if (g_hash_table_add (run->failures, g_strdup (error->message)))
		nx_main_say (run->cli, "%s", error->message);
}

/* Returns: FALSE only when the database fails. */
static gboolean
tell_item (Run *run, const NxOutboxItem *item, GError **error)
{
	g_autoptr (GError) local = NULL;

	if (tell (run, item, &local)) {
		if (item->kind == NX_OUTBOX_HOOK)
			run->hooks++;
		else
			run->mails++;
		return nx_store_finish_item (run->store, item, get_now (run), error);
	}
	if (g_error_matches (local, NX_ERROR, NX_ERROR_STORE) ||
	    g_error_matches (local, NX_ERROR, NX_ERROR_STORE_BUSY)) {
		g_propagate_error (error, g_steal_pointer (&local));
		return FALSE;
	}
	run->postponed++;
	show_failure (run, local);
	return nx_store_postpone_item (run->store, item, local->message, get_now (run), error);
}

static gboolean
tell_kind (Run *run, NxOutboxKind kind, GError **error)
{
	guint limit = kind == NX_OUTBOX_HOOK ? run->cli->settings->hook_seconds : NX_CLI_MAILER_SECONDS;

	while (caught_signal == 0) {
		g_autoptr (NxOutboxItem) item = NULL;

		if (!nx_store_claim_item (run->store, kind, get_now (run), limit + NX_CLI_LEASE_SECONDS, &item, error))
			return FALSE;
		if (item == NULL)
			return TRUE;
		if (!tell_item (run, item, error))
			return FALSE;
		show_status (run, "Told:", run->hooks + run->mails);
	}
	return TRUE;
}

static gboolean
tell_all (Run *run, GError **error)
{
	static const NxOutboxKind mails[] = { NX_OUTBOX_INCIDENT, NX_OUTBOX_WARNING, NX_OUTBOX_PROBE,
					      NX_OUTBOX_REMOVED,  NX_OUTBOX_ASK,     NX_OUTBOX_DIGEST };

	if (!tell_kind (run, NX_OUTBOX_HOOK, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (mails) && run->cli->settings->sendmail != NULL; i++) {
		if (!tell_kind (run, mails[i], error))
			return FALSE;
	}
	return TRUE;
}

/* ---- all of it ---- */

static gboolean
print_waiting (NxStore *store, GError **error)
{
	g_autoptr (GPtrArray) items = nx_store_list_items (store, NULL, 0, error);

	if (items == NULL)
		return FALSE;
	for (guint i = 0; i < items->len; i++) {
		const NxOutboxItem *item = g_ptr_array_index (items, i);
		g_autofree char *line = nx_waiting_describe (item);

		nx_screen_print ("would %s\n", line);
	}
	return TRUE;
}

/* What would be done is done, looked at and taken back. */
static gboolean
try_all (Run *run, GError **error)
{
	gboolean done = FALSE;

	if (!nx_store_begin (run->store, error))
		return FALSE;
	done = queue_all (run, error) && print_waiting (run->store, error);
	nx_store_rollback (run->store);
	return done && nx_screen_flush (error);
}

static void
add_count (GString *line, guint count, const char *what)
{
	if (count > 0)
		g_string_append_printf (line, "%s%u %s", line->len == 0 ? "" : ", ", count, what);
}

static gboolean
print_summary (const Run *run, GError **error)
{
	g_autoptr (GString) line = g_string_new (NULL);
	gboolean can_send = run->cli->settings->sendmail != NULL;
	NxOutboxCounts counts = { 0 };

	if (!nx_store_count_items (run->store, &counts, error))
		return FALSE;
	add_count (line, run->deeds.warned, "warned");
	add_count (line, run->deeds.probed, "probed");
	add_count (line, run->deeds.removed, "removed");
	add_count (line, run->hooks, run->hooks == 1 ? "hook call" : "hook calls");
	add_count (line, run->mails, run->mails == 1 ? "mail sent" : "mails sent");
	add_count (line, run->postponed, "put off");
	add_count (line, counts.hooks, counts.hooks == 1 ? "hook call waits" : "hook calls wait");
	add_count (line, counts.mails, counts.mails == 1 ? "mail waits" : "mails wait");
	add_count (line, counts.failed, "given up");
	if (!run->cli->quiet)
		nx_screen_print ("%s\n", line->len == 0 ? "nothing to do" : line->str);
	if (counts.mails > 0 && !can_send)
		nx_main_say (run->cli, "no mail can be sent: the configuration names no sendmail in [notices]");
	if (run->postponed + counts.failed > 0)
		nx_main_say (run->cli, "see nixie outbox for what was put off or given up");
	return nx_screen_flush (error);
}

static gboolean
do_all (Run *run, GError **error)
{
	gboolean done = FALSE;
	guint told = 0;

	/* What a hook has done may make the next call necessary: added, then suspended. */
	do {
		told = run->hooks;
		done = queue_all (run, error) && tell_all (run, error);
	} while (done && caught_signal == 0 && run->hooks > told);
	nx_screen_clear_status ();
	if (!done || !nx_store_clean_outbox (run->store, get_now (run), error) || !print_summary (run, error))
		return FALSE;
	if (run->postponed > 0)
		run->cli->status = EX_TEMPFAIL;
	if (caught_signal != 0)
		run->cli->status = SIGNAL_STATUS + caught_signal;
	return TRUE;
}

static gboolean
start (Run *run, int argc, GError **error)
{
	if (argc > 0 || run->cli->list != NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "run is about all lists, and takes no argument");
		return FALSE;
	}
	run->start = g_get_real_time () / G_USEC_PER_SEC;
	if (now_text != NULL && !nx_moment_parse (now_text, FALSE, &run->start, error))
		return FALSE;
	if (!nx_setup_load (run->cli, error))
		return FALSE;
	run->began = g_get_monotonic_time ();
	run->templates = nx_notify_load_templates (run->cli, error);
	if (run->templates == NULL)
		return FALSE;
	install_handlers ();
	run->store = nx_setup_open_store (run->cli, NX_STORE_NONE, error);
	return run->store != NULL;
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	Run run = { .cli = cli, .failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
	gboolean done = start (&run, argc, error) && (dry_run ? try_all (&run, error) : do_all (&run, error));

	(void)argv;
	nx_screen_clear_status ();
	g_hash_table_unref (run.failures);
	nx_templates_free (run.templates);
	nx_store_free (run.store);
	g_clear_pointer (&now_text, g_free);
	return done;
}

const NxCommand nx_command_run = {
	.name = "run",
	.summary = "what is due: warnings, removals, hooks, notices; from a timer",
	.usage = "run [--dry-run] [--now TIME]",
	.about = "Does what time has made due, and tells it: warns or probes suspended readers, ends the subscriptions "
		 "of those who did not answer, runs each list's hook for every change that its list manager does not "
		 "know of, mails the owner about incidents and, once a week, about all that happened, and asks new "
		 "addresses where the policy says so. Nothing of that happens without this command; start it from a "
		 "timer or cron, every few minutes or once a day.\n"
		 "\n"
		 "It may run twice at once, and be killed: what is to be told stands in the outbox (nixie outbox) and "
		 "is told once, or once more after a crash in the very moment. What fails is tried again after a "
		 "minute, two, four, at most a day, and given up after 30 days. Nobody is removed while a mail that "
		 "was to warn him has not left. Without a sendmail in the configuration mails wait.\n"
		 "\n"
		 "--dry-run prints what would be done, and changes nothing. With --now it takes another time for the "
		 "present one, which is good for tests and for a look ahead together with --dry-run.\n",
	.examples = "nixie run\n"
		    "nixie run --dry-run --now 2027-01-01\n"
		    "*/10 * * * *  nixie run --quiet      (in a crontab)",
	.statuses = "  0  done, or nothing to do\n"
		    " 66  there is no database\n"
		    " 73  the database cannot be opened, read or written\n"
		    " 75  a hook or a mail failed and is tried again later; or the database was locked for too long\n"
		    " 78  the configuration or a template is wrong\n"
		    "130  ended by SIGINT, 143 by SIGTERM; the next run goes on",
	.options = options,
	.run = run,
};
