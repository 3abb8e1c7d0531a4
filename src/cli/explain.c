/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * explain.c: nixie explain: what a code, or a server's whole reply, means.
 *
 * Words that are codes are looked up; anything else is a reply text, and is judged as a server's word would be in a
 * bounce. --json judges texts only: one in, one line out, whatever the text.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "code.h"
#include "screen.h"
#include "setup.h"

#define LABEL_WIDTH 10

static gboolean json;

static const GOptionEntry options[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "one JSON object a line and text", NULL },
	G_OPTION_ENTRY_NULL,
};

static void
print_json (const NxPipeline *pipeline, const char *text)
{
	g_autoptr (NxDecision) decision = nx_pipeline_explain (pipeline, text);
	g_autofree char *line = nx_output_format_decision (decision);

	nx_screen_print ("%s\n", line);
}

static void
print_codes_of (const NxPipeline *pipeline, const NxDecision *decision)
{
	NxCode code;
	char status[NX_STATUS_STRLEN];
	g_autofree char *reply = g_strdup_printf ("%u", decision->reply);

	if (decision->reply != 0 && nx_code_parse (reply, &code)) {
		nx_screen_print ("\n");
		nx_code_print (pipeline, &code);
	}
	if (nx_code_parse (nx_status_format (decision->status, status), &code)) {
		nx_screen_print ("\n");
		nx_code_print (pipeline, &code);
	}
}

static void
print_labelled (const char *label, const char *text)
{
	g_autofree char *safe = nx_output_escape_terminal (text);

	nx_screen_print_labelled (label, LABEL_WIDTH, safe);
}

static void
print_text (const NxPipeline *pipeline, const char *text)
{
	g_autoptr (NxDecision) decision = nx_pipeline_explain (pipeline, text);
	g_autofree char *safe = nx_output_escape_terminal (text);
	g_autofree char *codes = nx_screen_format_codes (decision->reply, decision->status);
	g_autofree char *verdict = g_strdup_printf ("%s: %s", nx_verdict_to_string (decision->verdict),
						    nx_code_get_verdict_meaning (decision->verdict));
	g_autofree char *reason = g_strdup_printf ("%s: %s", nx_reason_to_string (decision->reason),
						   nx_reason_get_meaning (decision->reason));

	nx_screen_print ("%s\n\n", safe);
	print_labelled ("Verdict", verdict);
	print_labelled ("Reason", reason);
	print_labelled ("Rule", decision->rule);
	print_labelled ("Codes", codes);
	if (*decision->forward != '\0') {
		g_autofree char *forward = g_strdup_printf (
			"%s; a proposal only, for whoever forges a bounce could write it", decision->forward);

		print_labelled ("Forward", forward);
	}
	print_codes_of (pipeline, decision);
}

/* Every line gives one line; a line longer than the cap is cut, a NUL in it ends it. */
static gboolean
explain_lines (const NxPipeline *pipeline, GError **error)
{
	g_autoptr (GString) line = g_string_new (NULL);
	gboolean pending = FALSE;
	int c = 0;

	while ((c = getc (stdin)) != EOF) {
		pending = TRUE;
		if (c != '\n') {
			if (line->len < NX_CLI_LINE_BYTES)
				g_string_append_c (line, (char)c);
			continue;
		}
		print_json (pipeline, line->str);
		if (!nx_screen_check (error))
			return FALSE;
		g_string_truncate (line, 0);
		pending = FALSE;
	}
	if (ferror (stdin)) {
		g_set_error (error, NX_ERROR, NX_ERROR_SOURCE, "cannot read stdin");
		return FALSE;
	}
	if (pending)
		print_json (pipeline, line->str);
	return TRUE;
}

/* "550 5.1.1 no such user" as four words is one text; several words with blanks in each are several texts. */
static GPtrArray *
collect_texts (int argc, char **argv)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
	gboolean apart = TRUE;

	for (int i = 0; i < argc; i++)
		apart = apart && strchr (argv[i], ' ') != NULL;
	for (int i = 0; i < argc; i++) {
		if (apart || json)
			g_ptr_array_add (texts, g_strdup (argv[i]));
	}
	if (texts->len == 0)
		g_ptr_array_add (texts, g_strjoinv (" ", argv));
	return texts;
}

static void
explain_texts (const NxPipeline *pipeline, int argc, char **argv)
{
	g_autoptr (GPtrArray) texts = collect_texts (argc, argv);

	for (guint i = 0; i < texts->len; i++) {
		if (json) {
			print_json (pipeline, g_ptr_array_index (texts, i));
			continue;
		}
		if (i > 0)
			nx_screen_print ("\n");
		print_text (pipeline, g_ptr_array_index (texts, i));
	}
}

/* Returns: (nullable): NULL when one of the words is no code. */
static GArray *
collect_codes (int argc, char **argv)
{
	g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (NxCode));

	for (int i = 0; i < argc; i++) {
		NxCode code;

		if (!nx_code_parse (argv[i], &code))
			return NULL;
		g_array_append_val (codes, code);
	}
	return g_steal_pointer (&codes);
}

static void
explain_codes (const NxPipeline *pipeline, const GArray *codes)
{
	const NxCode *first = &g_array_index (codes, NxCode, 0);

	if (codes->len > 1) {
		nx_code_print_beside (pipeline, first, codes->len);
		return;
	}
	nx_code_print (pipeline, first);
	nx_screen_print ("\nThe code alone never decides: give the whole reply to see the verdict on it.\n");
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxPipeline) pipeline = NULL;
	g_autoptr (GArray) codes = argc == 0 || json ? NULL : collect_codes (argc, argv);

	if (argc == 0 && !json) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "a CODE or a reply's TEXT is missing; --json reads texts from stdin");
		return FALSE;
	}
	pipeline = nx_setup_new_pipeline (cli, error);
	if (pipeline == NULL)
		return FALSE;
	if (argc == 0 && !explain_lines (pipeline, error))
		return FALSE;
	if (codes != NULL)
		explain_codes (pipeline, codes);
	else if (argc > 0)
		explain_texts (pipeline, argc, argv);
	return nx_screen_flush (error);
}

const NxCommand nx_command_explain = {
	.name = "explain",
	.summary = "what a code or a server's reply means, and what to do",
	.usage = "explain CODE...\n"
		 "explain TEXT\n"
		 "explain --json [TEXT...]",
	.about = "A CODE is a reply code (551), an enhanced status code (5.1.6) or both (551-5.1.6).\n"
		 "One is told in full: what it means, when it is seen, what to do, what nixie makes of\n"
		 "it. Several stand side by side, with how they differ.\n"
		 "\n"
		 "Anything else is the TEXT of a reply, as servers write it into bounces: the verdict,\n"
		 "the reason, the rule that decided, a new address if one is offered, and the codes in\n"
		 "it.\n"
		 "\n"
		 "--json judges every TEXT, or every line of stdin, and writes one object a line:\n"
		 "verdict reason status reply forward rule.\n",
	.examples = "nixie explain 252 551\n"
		    "nixie explain \"551 5.1.6 please try <new@example.com>\"\n"
		    "nixie explain --json < replies.txt",
	.statuses = " 0  done\n"
		    "64  wrong usage\n"
		    "74  the output cannot be written\n"
		    "78  the configuration or a rules file is wrong",
	.options = options,
	.run = run,
};
