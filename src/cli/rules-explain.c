/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-explain.c: nixie rules explain: which rules fitted a message, and which decided.
 */
#include "rules.h"

#include <string.h>

#include "screen.h"
#include "setup.h"

#define LABEL_WIDTH 8
#define ID_WIDTH 34
#define VERDICT_WIDTH 9
#define REASON_WIDTH 14

static void
print_labelled (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	if (*safe != '\0')
		nx_screen_print_labelled (label, LABEL_WIDTH, safe);
}

/* "bounce.eml:0  2026-11-23  <id@host>" */
static void
print_head (const NxEvent *event)
{
	g_autofree char *file = nx_output_escape_terminal (event->file);
	g_autofree char *id = nx_output_escape_terminal (event->message_id);
	g_autofree char *day = nx_screen_format_day (event->date);
	g_autofree char *head = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, file, event->offset);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, head);

	nx_screen_print ("%s  %s%s%s\n", painted, day, *id == '\0' ? "" : "  ", id);
}

/* "format exim (format-exim.rules:4)", or the standard. */
static char *
describe_format (const NxExplanation *explanation, const NxRules *rules)
{
	NxRuleInfo info;

	if (*explanation->format == '\0')
		return g_strdup ("nothing: no report was recognised");
	if (nx_output_find_rule (rules, "format", explanation->format, &info))
		return g_strdup_printf ("format %s (%s:%u)", info.id, info.file, info.line);
	return g_strdup_printf ("the standard %s", explanation->format);
}

static char *
describe_bids (const GPtrArray *bids)
{
	GString *out = g_string_new (NULL);

	for (guint i = 0; i < bids->len; i++) {
		const NxFormatBid *bid = g_ptr_array_index (bids, i);

		g_string_append_printf (out, "%s%s %u%s", i > 0 ? ", " : "", bid->id, bid->bid,
					bid->chosen ? " (reads)" : "");
	}
	return g_string_free (bids->len == 0 ? g_string_append (out, "none") : out, FALSE);
}

/* "* smtp-user-unknown  2  permanent  user-unknown  smtp-user.rules:12" */
static void
print_match (const NxRuleMatch *match, const NxRules *rules)
{
	NxRuleInfo info = { .file = "", .line = 0 };
	gboolean known = nx_output_find_rule (rules, "phrase", match->id, &info);
	g_autofree char *id = nx_screen_pad (match->id, ID_WIDTH);
	g_autofree char *painted = nx_screen_paint (match->chosen ? NX_STYLE_BOLD : NX_STYLE_NONE, id);
	g_autofree char *verdict = nx_screen_pad (nx_verdict_to_string (match->verdict), VERDICT_WIDTH);
	g_autofree char *reason = nx_screen_pad (nx_reason_to_string (match->reason), REASON_WIDTH);
	g_autofree char *place = known ? g_strdup_printf ("%s:%u", info.file, info.line) : g_strdup ("");
	g_autofree char *safe = nx_output_escape_terminal (place);

	nx_screen_print ("    %s %s %u  %s  %s  %s\n", match->chosen ? "*" : " ", painted, match->weight, verdict,
			 reason, safe);
}

/* A phrase that fits by two of its texts, or by two things that were said, is one. */
static gboolean
is_repeated (const GPtrArray *matches, guint index)
{
	const NxRuleMatch *match = g_ptr_array_index (matches, index);

	for (guint i = 0; i < index; i++) {
		if (strcmp (((const NxRuleMatch *)g_ptr_array_index (matches, i))->id, match->id) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
print_event (const NxEvent *event, const GPtrArray *matches, const NxRules *rules)
{
	g_autofree char *recipient = nx_output_escape_terminal (event->recipient);
	g_autofree char *codes = nx_screen_format_codes (event->reply, event->status);
	g_autofree char *sentence = nx_output_describe_decision (event, matches);
	g_autofree char *verdict = g_strdup_printf (
		"%s%s%s", nx_verdict_to_string (event->verdict), event->reason == NX_REASON_NONE ? "" : ", ",
		event->reason == NX_REASON_NONE ? "" : nx_reason_to_string (event->reason));

	if (event->kind != NX_KIND_NONE) {
		nx_screen_print ("\n  %s\n", *recipient == '\0' ? "(no recipient named)" : recipient);
		print_labelled ("Kind", nx_kind_to_string (event->kind));
		print_labelled ("Codes", codes);
		print_labelled ("Server", event->remote_mta);
		print_labelled ("Said", event->diagnostic);
		print_labelled ("Phrases", matches->len == 0 ? "none fits" : "");
	}
	if (matches->len > 0)
		nx_screen_print ("  Phrases: the one that won has a \"*\"; id, weight, verdict, reason, place\n");
	for (guint i = 0; i < matches->len; i++) {
		if (!is_repeated (matches, i))
			print_match (g_ptr_array_index (matches, i), rules);
	}
	print_labelled ("Verdict", verdict);
	print_labelled ("Decided", sentence);
	print_labelled ("Forward", event->forward);
}

void
nx_rules_explain_message (const NxPipeline *pipeline, const NxRules *rules, const NxRawMessage *raw)
{
	g_autoptr (NxExplanation) explanation = nx_pipeline_explain_message (pipeline, raw);
	g_autofree char *format = describe_format (explanation, rules);
	g_autofree char *bids = describe_bids (explanation->bids);

	print_head (g_ptr_array_index (explanation->events, 0));
	print_labelled ("Read by", format);
	print_labelled ("Formats", bids);
	for (guint i = 0; i < explanation->events->len; i++)
		print_event (g_ptr_array_index (explanation->events, i), g_ptr_array_index (explanation->matches, i),
			     rules);
}

static void
print_json (const NxPipeline *pipeline, const NxRules *rules, const NxRawMessage *raw)
{
	g_autoptr (NxExplanation) explanation = nx_pipeline_explain_message (pipeline, raw);
	g_autofree char *line = nx_output_format_explanation (explanation, rules);

	nx_screen_print ("%s\n", line);
}

gboolean
nx_rules_explain_file (NxCli *cli, const char *path, gboolean json, GError **error)
{
	g_autoptr (NxRules) rules = nx_setup_new_rules (cli, error);
	g_autoptr (NxPipeline) pipeline = rules == NULL ? NULL : nx_pipeline_new (rules, error);
	g_autoptr (NxSource) source = pipeline == NULL ? NULL : nx_source_open (path, error);
	const NxRawMessage *raw = NULL;
	gboolean first = TRUE;

	if (source == NULL)
		return FALSE;
	while (nx_screen_check (error)) {
		if (!nx_source_next (source, &raw, error))
			return FALSE;
		if (raw == NULL)
			return TRUE;
		if (json) {
			print_json (pipeline, rules, raw);
			continue;
		}
		if (!first)
			nx_screen_print ("\n");
		first = FALSE;
		nx_rules_explain_message (pipeline, rules, raw);
	}
	return FALSE;
}
