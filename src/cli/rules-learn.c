/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-learn.c: nixie rules learn: from a bounce that nixie does not understand to a stanza and a fixture.
 *
 * The draft is a guess for a person to mend. It writes two new files and overwrites none.
 */
#include "rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "screen.h"
#include "setup.h"

#define NAME_MAX_BYTES 40

/**
 * Draft: @name: of the stanza and the files. @type: "format" or "phrase".
 */
typedef struct {
	const char *type;
	char *name;
	char *stanza;
	char *mail;
} Draft;

static void
draft_clear (Draft *draft)
{
	g_free (draft->name);
	g_free (draft->stanza);
	g_free (draft->mail);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static NxRawMessage
make_raw (const char *file, const char *data)
{
	NxRawMessage raw = { .file = file, .data = data, .length = strlen (data), .envelope_sender = "" };

	return raw;
}

/* ---- what is missing ---- */

static gboolean
has_chosen (const GPtrArray *matches)
{
	for (guint i = 0; i < matches->len; i++) {
		if (((const NxRuleMatch *)g_ptr_array_index (matches, i))->chosen)
			return TRUE;
	}
	return FALSE;
}

/* A failure or delay that no phrase fits, and that has words to make one of. */
static const NxEvent *
find_unexplained (const NxExplanation *explanation)
{
	for (guint i = 0; i < explanation->events->len; i++) {
		const NxEvent *event = g_ptr_array_index (explanation->events, i);
		gboolean asked = event->kind == NX_KIND_FAILURE || event->kind == NX_KIND_DELAYED;

		if (asked && *event->diagnostic != '\0' && !has_chosen (g_ptr_array_index (explanation->matches, i)))
			return event;
	}
	return NULL;
}

static void
say_known (const NxExplanation *explanation)
{
	const NxEvent *event = g_ptr_array_index (explanation->events, 0);
	const GPtrArray *matches = g_ptr_array_index (explanation->matches, 0);
	g_autofree char *sentence = nx_output_describe_decision (event, matches);

	nx_screen_print ("It is known already: kind %s, read by %s. %s\n"
			 "There is nothing to learn; \"nixie rules explain\" tells more.\n",
			 nx_kind_to_string (event->kind), explanation->format, sentence);
}

/* ---- its name ---- */

/* The label of the sender's domain that was registered: "town" of mx.town.example. */
static char *
make_base_name (const NxRawMessage *raw)
{
	g_autoptr (NxMessage) message = nx_message_new (raw->data, raw->length);
	g_autofree char *from = nx_address_parse (nx_message_get_header (message, "From"));
	g_auto (GStrv) labels = g_strsplit (from == NULL ? "" : nx_address_get_domain (from), ".", -1);
	guint count = g_strv_length (labels);
	guint at = count < 2 ? 0 : count - 2;
	char *name = NULL;

	if (count > 2 && strlen (labels[at]) <= 3 && strlen (labels[count - 1]) == 2)
		at--; /* "town.co.uk" */
	name = g_strdup (count < 2 ? "learned" : labels[at]);
	g_strcanon (name, "abcdefghijklmnopqrstuvwxyz0123456789-", '-');
	if (strlen (name) > NAME_MAX_BYTES)
		name[NAME_MAX_BYTES] = '\0';
	return name;
}

static char *
make_name (const NxRules *rules, const char *type, const NxRawMessage *raw)
{
	g_autofree char *base = make_base_name (raw);
	char *name = g_strdup (base);
	NxRuleInfo info;

	for (guint i = 2; nx_output_find_rule (rules, type, name, &info); i++) {
		g_free (name);
		name = g_strdup_printf ("%s-%u", base, i);
	}
	return name;
}

/* ---- the draft ---- */

/* FALSE when the mail gives nothing to know it by. */
static gboolean
make_draft (const NxPipeline *pipeline, const NxRules *rules, const NxRawMessage *raw, const char *type, Draft *draft,
	    GError **error)
{
	draft->type = type;
	draft->name = make_name (rules, type, raw);
	draft->mail = nx_output_anonymize (raw->data, raw->length);
	if (strcmp (type, "format") == 0) {
		draft->stanza = nx_output_draft_format (draft->name, draft->mail, strlen (draft->mail));
	} else {
		NxRawMessage copy = make_raw (draft->name, draft->mail);
		g_autoptr (NxExplanation) explanation = nx_pipeline_explain_message (pipeline, &copy);
		const NxEvent *event = find_unexplained (explanation);

		draft->stanza = event == NULL ? NULL : nx_output_draft_phrase (draft->name, event);
	}
	if (draft->stanza != NULL)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "%s: says nothing by which another mail like it could be known; write a stanza by hand "
		     "(CONTRIBUTING.md)",
		     raw->file);
	return FALSE;
}

static void
print_escaped (const char *text)
{
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *safe = nx_output_escape_terminal (g_strdelimit (lines[i], "\t", ' '));

		if (lines[i + 1] != NULL || *safe != '\0')
			nx_screen_print ("%s\n", safe);
	}
}

static void
print_draft (const Draft *draft)
{
	nx_screen_print ("======== %s.rules ========\n", draft->name);
	print_escaped (draft->stanza);
	nx_screen_print ("======== %s.eml ========\n", draft->name);
	print_escaped (draft->mail);
}

/* ---- writing ---- */

/* For who cannot create a file; the statuses have one for it (sysexits EX_CANTCREAT), and it is this error's. */
static gboolean
fail_create (const char *path, int number, GError **error)
{
	if (number == EEXIST)
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "%s is there already, and stays as it is; take it away, or name another folder", path);
	else
		g_set_error (error, NX_ERROR, NX_ERROR_STORE, "cannot make %s: %s", path, g_strerror (number));
	return FALSE;
}

static gboolean
write_new (const char *path, const char *text, GError **error)
{
	FILE *file = fopen (path, "wxe");
	gboolean good = FALSE;

	if (file == NULL)
		return fail_create (path, errno, error);
	good = fputs (text, file) >= 0;
	good = fclose (file) == 0 && good;
	return good || fail_create (path, errno, error);
}

static gboolean
write_draft (const Draft *draft, const char *folder, GError **error)
{
	g_autofree char *rules_name = g_strconcat (draft->name, ".rules", NULL);
	g_autofree char *mail_name = g_strconcat (draft->name, ".eml", NULL);
	g_autofree char *rules_path = g_build_filename (folder, rules_name, NULL);
	g_autofree char *mail_path = g_build_filename (folder, mail_name, NULL);

	/* Both or none. */
	if (g_file_test (mail_path, G_FILE_TEST_EXISTS))
		return fail_create (mail_path, EEXIST, error);
	if (!write_new (rules_path, draft->stanza, error) || !write_new (mail_path, draft->mail, error))
		return FALSE;
	nx_screen_print ("%s\n%s\n", rules_path, mail_path);
	return TRUE;
}

/* ---- trying it ---- */

static void
print_problems (const NxRules *rules, const char *file)
{
	g_autoptr (GPtrArray) problems = nx_phrases_check (rules);
	g_autofree char *place = g_strconcat (file, ":", NULL);

	for (guint i = 0; i < problems->len; i++) {
		const char *problem = g_ptr_array_index (problems, i);
		g_autofree char *safe = nx_output_escape_terminal (problem);

		if (g_str_has_prefix (problem, place))
			nx_screen_print ("  %s\n", safe);
	}
}

/* The draft on its own mail, beside all other rules. */
static gboolean
try_draft (NxCli *cli, const Draft *draft, GError **error)
{
	g_autoptr (NxRules) rules = nx_setup_new_rules (cli, error);
	g_autofree char *file = g_strconcat (draft->name, ".rules", NULL);
	g_autofree char *mail = g_strconcat (draft->name, ".eml", NULL);
	g_autoptr (NxPipeline) pipeline = NULL;
	NxRawMessage raw = make_raw (mail, draft->mail);

	if (rules == NULL || !nx_rules_add_text (rules, file, draft->stanza, error))
		return FALSE;
	pipeline = nx_pipeline_new (rules, error);
	if (pipeline == NULL)
		return FALSE;
	nx_screen_print ("======== with this draft ========\n");
	nx_rules_explain_message (pipeline, rules, &raw);
	print_problems (rules, file);
	nx_main_say (cli,
		     "a draft: read both before you give them away, mend the %s, then try \"nixie rules check %s\"",
		     draft->type, file);
	return TRUE;
}

static gboolean
learn (NxCli *cli, const NxRules *rules, const NxRawMessage *raw, const char *folder, GError **error)
{
	g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, error);
	g_autoptr (NxExplanation) explanation = pipeline == NULL ? NULL : nx_pipeline_explain_message (pipeline, raw);
	g_auto (Draft) draft = { 0 };
	gboolean unread = FALSE;

	if (explanation == NULL)
		return FALSE;
	unread = ((const NxEvent *)g_ptr_array_index (explanation->events, 0))->kind == NX_KIND_NONE;
	if (!unread && find_unexplained (explanation) == NULL) {
		say_known (explanation);
		return TRUE;
	}
	if (!make_draft (pipeline, rules, raw, unread ? "format" : "phrase", &draft, error))
		return FALSE;
	if (folder == NULL)
		print_draft (&draft);
	else if (!write_draft (&draft, folder, error))
		return FALSE;
	return try_draft (cli, &draft, error);
}

gboolean
nx_rules_learn_file (NxCli *cli, const char *path, const char *folder, GError **error)
{
	g_autoptr (NxRules) rules = nx_setup_new_rules (cli, error);
	g_autoptr (NxSource) source = rules == NULL ? NULL : nx_source_open (path, error);
	const NxRawMessage *raw = NULL;

	if (source == NULL || !nx_source_next (source, &raw, error))
		return FALSE;
	if (raw == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "%s: holds no message", path);
		return FALSE;
	}
	return learn (cli, rules, raw, folder, error);
}
