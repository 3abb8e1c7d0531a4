/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor-settings.c: nixie doctor: what the configuration names, and what the database has of lists. No DNS is asked,
 * and no program is run.
 */
#include <string.h>
#include <sys/stat.h>

#include "doctor.h"
#include "key-file.h"
#include "notify.h"
#include "settings-policy.h"
#include "setup.h"

#define PROBE "reader@post.example"

/* ---- programs ---- */

static void
check_program (NxDoctor *doctor, const char *what, const char *path)
{
	struct stat info;

	if (stat (path, &info) != 0)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "name a program that is", NULL,
				 "%s: %s is not there", what, path);
	else if (!S_ISREG (info.st_mode) || (info.st_mode & 0111) == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "chmod +x it, or name another", NULL,
				 "%s: %s cannot be executed", what, path);
	else if ((info.st_mode & S_IWOTH) != 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "chmod o-w on it",
				 "It runs as the user who runs nixie.", "%s: everybody may change %s", what, path);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: %s is there", what, path);
}

static void
check_sendmail (NxDoctor *doctor)
{
	if (doctor->settings->sendmail != NULL)
		check_program (doctor, "sendmail", doctor->settings->sendmail[0]);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "sendmail = /usr/sbin/sendmail -i -t in [notices]",
				 "Warnings to readers, questions to new addresses and notices to owners wait in the "
				 "outbox, and nobody is removed before he was warned.",
				 "no sendmail is configured: mails wait");
}

/* ---- templates ---- */

static gboolean
renders (const NxTemplates *templates, const char *language, NxOutboxKind kind)
{
	g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
	const NxNotice notice = {
		.kind = kind,
		.language = language,
		.list = "news",
		.list_address = "news@lists.example.org",
		.from = "news-bounces@lists.example.org",
		.reply_to = "news-bounces@lists.example.org",
		.to = PROBE,
		.values = values,
	};
	g_autofree char *mail = nx_notice_format (templates, &notice);
	const char *body = strstr (mail, "\n\n");

	return body != NULL && body[2] != '\0';
}

static void
check_templates (NxDoctor *doctor)
{
	static const NxOutboxKind kinds[] = { NX_OUTBOX_WARNING, NX_OUTBOX_PROBE,    NX_OUTBOX_REMOVED,
					      NX_OUTBOX_ASK,     NX_OUTBOX_INCIDENT, NX_OUTBOX_DIGEST };
	g_autoptr (GError) error = NULL;
	g_autoptr (NxTemplates) templates = nx_notify_load_templates (doctor->cli, &error);
	g_auto (GStrv) languages = templates == NULL ? NULL : nx_templates_list_languages (templates);

	if (templates == NULL) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return;
	}
	for (guint i = 0; languages[i] != NULL; i++) {
		for (guint j = 0; j < G_N_ELEMENTS (kinds); j++) {
			if (!renders (templates, languages[i], kinds[j]))
				nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "mend its template", NULL,
						 "the mail %s in the language %s is empty",
						 nx_outbox_kind_to_string (kinds[j]), languages[i]);
		}
	}
	nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "mails can be written in %u languages",
			 g_strv_length (languages));
}

/* ---- keys ---- */

static void
check_keys (NxDoctor *doctor)
{
	const char *path = doctor->settings->key_file;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxVerpKeys) keys = NULL;
	struct stat info;
	struct stat database;

	if (*path == '\0') {
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, "See nixie verp, and contrib/verp/README.",
				 "no key-file: return paths have no keys, so a report proves what it can otherwise");
		return;
	}
	keys = nx_key_file_load (path, doctor->settings->max_age_days, &error);
	if (keys == NULL)
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
	else if (stat (path, &info) == 0 && doctor->database != NULL && stat (doctor->database, &database) == 0 &&
		 info.st_uid != database.st_uid)
		nx_findings_add (
			doctor->findings, NX_LEVEL_ERROR, "chown it to the owner of the database",
			"Only its owner may read it; who takes bounces in as the owner of the database cannot.",
			"%s: has another owner than the database", path);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: its keys are read", path);
}

void
nx_doctor_check_settings (NxDoctor *doctor)
{
	const NxSettings *settings = doctor->settings;
	g_autoptr (GError) error = NULL;
	g_autoptr (NxPipeline) pipeline = NULL;

	doctor->findings->area = "configuration";
	nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: %s",
			 *settings->file == '\0' ? NX_SETTINGS_FILE : settings->file,
			 *settings->file == '\0' ? "is not there; all is as by default" : "all keys are known");
	pipeline = nx_setup_new_pipeline (doctor->cli, &error);
	if (pipeline == NULL)
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL,
				 "rules in %s and patterns of return paths are taken", settings->rules);
	check_keys (doctor);
	check_templates (doctor);
	check_sendmail (doctor);
	for (guint i = 0; i < settings->lists->len; i++) {
		const NxListSettings *list = g_ptr_array_index (settings->lists, i);
		g_autofree char *what = g_strdup_printf ("[list %s] hook", list->name);

		if (list->hook != NULL)
			check_program (doctor, what, list->hook[0]);
	}
	if (settings->authserv_ids[0] == NULL)
		nx_findings_add (
			doctor->findings, NX_LEVEL_WARNING, "authserv-id = NAME in [proof]",
			"The name that your mail server begins Authentication-Results with. Without it a forged "
			"report is not known by its failed DMARC check.",
			"no authserv-id is set: what your mail server checked is not looked at");
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "authserv-id is set");
}

/* ---- lists ---- */

/* What nixie makes, it must know again. */
static void
check_keyed_path (NxDoctor *doctor, const NxList *list, const NxVerpKeys *keys, const NxPipeline *pipeline)
{
	const NxListSettings *own = nx_settings_find_list (doctor->settings, list->name);
	const char *pattern = own != NULL && *own->verp != '\0' ? own->verp : NULL;
	g_autoptr (GError) error = NULL;
	g_autofree char *path = NULL;
	g_autoptr (NxReturnPath) opened = NULL;

	if (pattern != NULL && strstr (pattern, "{token}") == NULL)
		return;
	path = nx_verp_make (keys, pattern == NULL ? list->address : list->name, pattern, PROBE, doctor->now, &error);
	if (path == NULL) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return;
	}
	opened = nx_pipeline_open_return_path (pipeline, path, doctor->now);
	/* A token that stands alone is checked against subscribers, and PROBE is none. */
	if (opened->result == NX_VERP_VALID || opened->result == NX_VERP_UNRESOLVED)
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, path,
				 "%s: its keyed return paths are known again", list->name);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "see verp in the group [list NAME]",
				 nx_verp_result_get_meaning (opened->result),
				 "%s: the keyed return path %s is not known again", list->name, path);
}

static void
check_plain_path (NxDoctor *doctor, const NxList *list, const NxPipeline *pipeline)
{
	const char *at = strrchr (list->address, '@');
	g_autofree char *path =
		g_strdup_printf ("%.*s-bounces+reader=post.example%s", (int)(at - list->address), list->address, at);
	g_autoptr (NxReturnPath) opened = nx_pipeline_open_return_path (pipeline, path, doctor->now);
	gboolean known = strcmp (opened->recipient, PROBE) == 0;

	nx_findings_add (doctor->findings, known ? NX_LEVEL_OK : NX_LEVEL_WARNING,
			 known ? NULL : "see verp in the group [list NAME]", NULL, "%s: the return path %s is %s",
			 list->name, path, known ? "understood" : "not understood");
}

static void
check_answers (NxDoctor *doctor, const NxList *list)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *token = nx_notify_draw_token (&error);
	g_autofree char *address = NULL;
	g_autofree char *found = NULL;
	NxAnswer answer = NX_ANSWER_NONE;
	NxRawMessage raw = { .file = "", .data = "\n", .length = 1 };
	gboolean automatic = FALSE;

	address = token == NULL ? NULL
				: nx_notify_make_address (doctor->cli, list->name, list->address, NX_ANSWER_ENABLE,
							  token, &error);
	if (address == NULL) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return;
	}
	found = nx_confirmation_find_token (&raw, address, &answer, &automatic);
	if (g_strcmp0 (found, token) == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, address,
				 "%s: addresses for answers are known again", list->name);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "see confirm in the group [list NAME]", address,
				 "%s: answers of readers would not be known again", list->name);
}

static void
check_owner (NxDoctor *doctor, const NxList *list)
{
	const NxListSettings *own = nx_settings_find_list (doctor->settings, list->name);

	if (own == NULL || *own->owner == '\0')
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "owner = ADDRESS in its group",
				 "The owner is told of incidents, and once a week of all that happened.",
				 "%s: has no owner, who would be told of incidents", list->name);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: its owner is %s", list->name,
				 own->owner);
}

static void
check_policy (NxDoctor *doctor, NxStore *store, const NxList *list)
{
	NxPolicy configured = nx_settings_get_policy (doctor->settings, list->name);
	NxPolicy plain;
	g_autoptr (GError) error = NULL;
	g_autofree char *wanted = nx_policy_to_text (&configured);
	g_autofree char *text = nx_store_dup_policy_text (store, list->name, NULL, &error);
	g_autofree char *in_force = NULL;

	if (text == NULL || !nx_policy_from_text (text, &plain, &error)) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return;
	}
	in_force = nx_policy_to_text (&plain);
	if (strcmp (wanted, in_force) == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: the configured policy is in force",
				 list->name);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING,
				 "see nixie policy compare, then nixie policy replay", NULL,
				 "%s: another policy than the configured one is in force", list->name);
}

static void
check_list (NxDoctor *doctor, NxStore *store, const NxList *list, const NxPipeline *pipeline, const NxVerpKeys *keys)
{
	g_autofree char *cure = g_strdup_printf ("nixie list add %s ADDRESS", list->name);

	if (*list->address == '\0')
		nx_findings_add (
			doctor->findings, NX_LEVEL_WARNING, cure,
			"By it the list's bounces are told from those of others; mails to readers are from it.",
			"%s: has no posting address", list->name);
	else if (!nx_address_is_valid (list->address) || strchr (list->address, '@') == NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, cure, NULL, "%s: %s is no address", list->name,
				 list->address);
	else {
		check_plain_path (doctor, list, pipeline);
		if (keys != NULL)
			check_keyed_path (doctor, list, keys, pipeline);
		check_answers (doctor, list);
	}
	check_owner (doctor, list);
	check_policy (doctor, store, list);
}

/* A group for a list that there is not does nothing. */
static void
check_strangers (NxDoctor *doctor, const GPtrArray *lists)
{
	for (guint i = 0; i < doctor->settings->lists->len; i++) {
		const NxListSettings *own = g_ptr_array_index (doctor->settings->lists, i);
		gboolean known = FALSE;

		for (guint j = 0; j < lists->len && !known; j++)
			known = g_ascii_strcasecmp (((const NxList *)g_ptr_array_index (lists, j))->name, own->name) ==
				0;
		if (!known)
			nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "nixie list add, or mend the name", NULL,
					 "[list %s] is of no list", own->name);
	}
}

void
nx_doctor_check_lists (NxDoctor *doctor, NxStore *store)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (GPtrArray) lists = nx_store_list_lists (store, &error);
	g_autoptr (NxPipeline) pipeline = nx_setup_new_pipeline (doctor->cli, NULL);
	g_autoptr (NxVerpKeys) keys = NULL;

	doctor->findings->area = "lists";
	if (lists == NULL) {
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
		return;
	}
	/* What is wrong with rules or keys was said where they were looked at. */
	if (pipeline == NULL)
		return;
	if (*doctor->settings->key_file != '\0')
		keys = nx_key_file_load (doctor->settings->key_file, doctor->settings->max_age_days, NULL);
	if (keys != NULL && !nx_setup_add_keys (doctor->cli, pipeline, NULL, doctor->now, &error))
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
	if (lists->len == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "nixie list add NAME ADDRESS", NULL,
				 "there is no list yet");
	for (guint i = 0; i < lists->len; i++)
		check_list (doctor, store, g_ptr_array_index (lists, i), pipeline, keys);
	check_strangers (doctor, lists);
}
