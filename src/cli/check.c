/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * check.c: nixie check: what would it say? Reads like scan, prints instead of recording. No database is opened.
 *
 * One line an event, for people; --json: one JSON object a line (nixie/output.h).
 */
#include <string.h>

#include "cli.h"
#include "screen.h"
#include "setup.h"
#include "tally.h"

#define VERDICT_WIDTH 9
#define REASON_WIDTH 14
#define CODES_WIDTH 11
#define DETAIL_INDENT "              "

static gboolean json;

static const GOptionEntry options[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "one JSON object a line and (message, recipient)", NULL },
	G_OPTION_ENTRY_NULL,
};

static void
print_json (const GPtrArray *events)
{
	for (guint i = 0; i < events->len; i++) {
		g_autofree char *line = nx_output_format_event (g_ptr_array_index (events, i));

		nx_screen_print ("%s\n", line);
	}
}

/* "in.mbox:4711  2026-11-23  <id@host>" */
static void
print_message (const NxEvent *event)
{
	g_autofree char *file = nx_output_escape_terminal (event->file);
	g_autofree char *id = nx_output_escape_terminal (event->message_id);
	g_autofree char *day = nx_screen_format_day (event->date);
	g_autofree char *head = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, file, event->offset);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, head);

	nx_screen_print ("%s  %s%s%s\n", painted, day, *id == '\0' ? "" : "  ", id);
}

static void
print_detail (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	if (*safe != '\0')
		nx_screen_print (DETAIL_INDENT "%s %s\n", label, safe);
}

static void
print_event (const NxCli *cli, const NxEvent *event)
{
	const char *reason =
		event->reason != NX_REASON_NONE ? nx_reason_to_string (event->reason) : nx_kind_to_string (event->kind);
	g_autofree char *verdict = nx_screen_pad (nx_verdict_to_string (event->verdict), VERDICT_WIDTH);
	g_autofree char *painted = nx_screen_paint (nx_screen_get_verdict_style (event->verdict), verdict);
	g_autofree char *padded = nx_screen_pad (reason, REASON_WIDTH);
	g_autofree char *codes = nx_screen_format_codes (event->reply, event->status);
	g_autofree char *cell = nx_screen_pad (codes, CODES_WIDTH);
	g_autofree char *recipient = nx_output_escape_terminal (event->recipient);
	g_autofree char *forward = nx_output_escape_terminal (event->forward);

	if (event->kind == NX_KIND_NONE) {
		nx_screen_print ("  %s  not a report\n", painted);
		return;
	}
	nx_screen_print ("  %s  %s  %s  %s%s%s\n", painted, padded, cell,
			 *recipient == '\0' ? "(no recipient named)" : recipient, *forward == '\0' ? "" : " -> ",
			 forward);
	if (!cli->verbose)
		return;
	print_detail ("kind:", nx_kind_to_string (event->kind));
	print_detail ("said:", event->diagnostic);
	print_detail ("by:  ", event->remote_mta);
	print_detail ("list:", event->list);
	print_detail ("rule:", event->rule);
	print_detail ("mail:", event->defects);
}

static void
print_events (const NxCli *cli, const GPtrArray *events)
{
	print_message (g_ptr_array_index (events, 0));
	for (guint i = 0; i < events->len; i++)
		print_event (cli, g_ptr_array_index (events, i));
}

/* FALSE is for what ends the command: the output cannot be written. */
static gboolean
check_path (NxCli *cli, const NxPipeline *pipeline, const char *path, NxTally *tally, GError **error)
{
	g_autoptr (GError) local = NULL;
	g_autoptr (NxSource) source = nx_source_open (path, &local);
	const NxRawMessage *raw = NULL;

	if (source == NULL) {
		nx_main_warn (cli, local);
		return TRUE;
	}
	while (nx_screen_check (error)) {
		g_autoptr (GPtrArray) events = NULL;

		if (!nx_source_next (source, &raw, &local)) {
			nx_main_warn (cli, local);
			g_clear_error (&local);
			continue;
		}
		if (raw == NULL)
			return TRUE;
		events = nx_pipeline_read (pipeline, raw, NULL);
		nx_tally_add (tally, events, raw->length);
		if (json)
			print_json (events);
		else
			print_events (cli, events);
	}
	return FALSE;
}

static void
print_summary (const NxTally *tally)
{
	g_autofree char *messages = nx_tally_format_messages (tally);

	nx_screen_print ("\n%s\n", messages);
	nx_tally_print_verdicts (tally);
}

/* Whoever may not read the keys may check all the same. No database is opened, not for a look-up either. */
static void
add_keys (NxCli *cli, NxPipeline *pipeline)
{
	g_autoptr (GError) error = NULL;

	if (!nx_setup_add_keys (cli, pipeline, NULL, 0, &error))
		nx_main_note (cli, "signed return paths are not checked: %s", error->message);
	nx_pipeline_set_verp_lookup (pipeline, NULL, NULL);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	static const char *const standard_input[] = { "-" };
	g_autoptr (NxPipeline) pipeline = nx_setup_new_pipeline (cli, error);
	NxTally tally = { 0 };

	if (pipeline == NULL)
		return FALSE;
	add_keys (cli, pipeline);
	for (int i = 0; i < MAX (argc, 1); i++) {
		if (!check_path (cli, pipeline, argc == 0 ? standard_input[0] : argv[i], &tally, error))
			return FALSE;
	}
	if (!json && !cli->quiet && tally.messages > 1)
		print_summary (&tally);
	return nx_screen_flush (error);
}

const NxCommand nx_command_check = {
	.name = "check",
	.summary = "what would it say? Nothing is recorded",
	.usage = "check [--json] [PATH...]",
	.about = "Prints what nixie makes of each message of the PATHs, or of stdin: one line for\n"
		 "each recipient that a report names, with verdict, reason, codes and address. No\n"
		 "database is opened. With --verbose also what the server said, and the rule that\n"
		 "decided.\n"
		 "\n"
		 "With --json one object a line: file offset message_id date kind recipient\n"
		 "original_recipient verdict reason status reply forward diagnostic reporting_mta\n"
		 "remote_mta list subscriber proof rule defects. What has no value is left out; the\n"
		 "order is always this. A mail that is no report is a line of the kind \"none\".\n",
	.examples = "nixie check bounce.eml\n"
		    "nixie check --json in.mbox | jq -r 'select(.verdict == \"permanent\").recipient'",
	.statuses = " 0  all was read\n"
		    "66  some input could not be read; the others are printed\n"
		    "74  the output cannot be written\n"
		    "78  the configuration or a rules file is wrong",
	.options = options,
	.run = run,
};
