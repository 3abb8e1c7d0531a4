/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * notify.c: see notify.h.
 */
#include "notify.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "mailer.h"
#include "screen.h"

#define NOTICE_WIDTH 76

/* ---- templates ---- */

static gboolean
check_language (const NxTemplates *templates, const char *where, const char *language, GError **error)
{
	g_auto (GStrv) known = nx_templates_list_languages (templates);
	g_autofree char *names = NULL;

	if (*language == '\0' || g_strv_contains ((const char *const *)known, language))
		return TRUE;
	names = g_strjoinv (" ", known);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
		     "%s: there are no mails in the language \"%s\"; there are: %s. See templates in the group "
		     "[notices]",
		     where, language, names);
	return FALSE;
}

NxTemplates *
nx_notify_load_templates (const NxCli *cli, GError **error)
{
	const NxSettings *settings = cli->settings;
	g_autoptr (NxTemplates) templates = nx_templates_new ();

	if (*settings->templates != '\0' && !nx_templates_add_folder (templates, settings->templates, error))
		return NULL;
	if (!check_language (templates, "[notices]", settings->language, error))
		return NULL;
	for (guint i = 0; i < settings->lists->len; i++) {
		const NxListSettings *list = g_ptr_array_index (settings->lists, i);
		g_autofree char *where = g_strdup_printf ("[list %s]", list->name);

		if (!check_language (templates, where, list->language, error))
			return NULL;
	}
	return g_steal_pointer (&templates);
}

const char *
nx_notify_get_language (const NxCli *cli, const char *list)
{
	const NxListSettings *own = nx_settings_find_list (cli->settings, list);

	if (own != NULL && *own->language != '\0')
		return own->language;
	return *cli->settings->language != '\0' ? cli->settings->language : NULL;
}

/* ---- addresses ---- */

char *
nx_notify_draw_token (GError **error)
{
	guint8 random[NX_CONFIRMATION_RANDOM_BYTES];

	if (getrandom (random, sizeof random, 0) == (gssize)sizeof random)
		return nx_confirmation_make_token (random);
	g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "no random numbers are to be had: %s", g_strerror (errno));
	return NULL;
}

char *
nx_notify_make_address (const NxCli *cli, const char *list, const char *list_address, NxAnswer answer,
			const char *token, GError **error)
{
	const NxListSettings *own = nx_settings_find_list (cli->settings, list);
	const char *pattern = own != NULL && *own->confirm != '\0' ? own->confirm : NULL;

	if (*list_address != '\0')
		return nx_confirmation_make_address (list_address, pattern, answer, token, error);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND,
		     "list %s has no posting address, which the mail is to be from; give it one with \"nixie "
		     "list add %s ADDRESS\"",
		     list, list);
	return NULL;
}

/* ---- one mail ---- */

/* What a template may ask for with {?name} alone. */
static void
add_marks (const NxOutboxItem *item)
{
	static const char *const keys[] = { "scope", "verdict" };

	for (guint i = 0; item->kind == NX_OUTBOX_INCIDENT && i < G_N_ELEMENTS (keys); i++) {
		const char *word = g_hash_table_lookup (item->values, keys[i]);
		const char *name = g_hash_table_lookup (item->values, "name");

		if (word != NULL && name != NULL)
			g_hash_table_insert (item->values, g_strdup (word), g_strdup (i == 0 ? name : "yes"));
	}
}

static void
append_wrapped (GString *out, const char *text)
{
	g_autoptr (GPtrArray) lines = nx_screen_wrap (text, NOTICE_WIDTH);

	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "",
					(const char *)g_ptr_array_index (lines, i));
}

static const char *
get_value (const NxOutboxItem *item, const char *key)
{
	const char *value = g_hash_table_lookup (item->values, key);

	return value != NULL ? value : "";
}

/* What the incident means and what to do, as nixie incident show has it. */
static void
add_advice (const NxOutboxItem *item)
{
	NxIncident incident = { .scope = (char *)(guintptr)get_value (item, "scope"),
				.name = (char *)(guintptr)get_value (item, "name"),
				.diagnostic = (char *)(guintptr)get_value (item, "diagnostic") };
	g_autoptr (NxIncidentAdvice) advice = NULL;
	g_autoptr (GString) text = g_string_new (NULL);

	if (item->kind != NX_OUTBOX_INCIDENT ||
	    !nx_verdict_from_string (get_value (item, "verdict"), &incident.verdict))
		return;
	nx_reason_from_string (get_value (item, "reason"), &incident.reason);
	advice = nx_incident_explain (&incident);
	append_wrapped (text, advice->cause);
	append_wrapped (text, advice->cure);
	if (*advice->look_up != '\0')
		append_wrapped (text, advice->look_up);
	g_hash_table_insert (item->values, g_strdup ("advice"), g_strdup (text->str));
}

static gboolean
send_mail (const NxCli *cli, const NxTemplates *templates, const NxOutboxItem *item, const char *to, NxAnswer answer,
	   const char *token, gint64 now, GError **error)
{
	gboolean to_owner = answer == NX_ANSWER_NOTICE;
	g_autofree char *reply = nx_notify_make_address (cli, item->list, item->list_address, answer, token, error);
	g_autofree char *mail = NULL;

	if (reply == NULL)
		return FALSE;
	add_marks (item);
	add_advice (item);
	if (!to_owner)
		g_hash_table_insert (item->values, g_strdup ("mark"), nx_confirmation_make_mark (answer, token));
	mail = nx_notice_format (templates, &(const NxNotice){
						    .kind = item->kind,
						    .language = nx_notify_get_language (cli, item->list),
						    .list = item->list,
						    .list_address = item->list_address,
						    .from = reply,
						    .reply_to = to_owner ? to : reply,
						    .to = to,
						    .values = item->values,
						    .date = now,
					    });
	return nx_mailer_send ((const char *const *)cli->settings->sendmail, reply, mail, error);
}

static gboolean
send_to_owner (const NxCli *cli, const NxTemplates *templates, const NxOutboxItem *item, gint64 now, GError **error)
{
	const NxListSettings *own = nx_settings_find_list (cli->settings, item->list);
	g_autofree char *token = nx_notify_draw_token (error);

	if (token == NULL)
		return FALSE;
	if (own != NULL && *own->owner != '\0')
		return send_mail (cli, templates, item, own->owner, NX_ANSWER_NOTICE, token, now, error);
	g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "list %s has no owner any more; see [list %s] owner",
		     item->list, item->list);
	return FALSE;
}

gboolean
nx_notify_send (const NxCli *cli, NxStore *store, const NxTemplates *templates, const NxOutboxItem *item, gint64 now,
		GError **error)
{
	g_autofree char *token = NULL;

	if (item->kind == NX_OUTBOX_INCIDENT || item->kind == NX_OUTBOX_DIGEST)
		return send_to_owner (cli, templates, item, now, error);
	token = nx_notify_draw_token (error);
	return token != NULL && nx_store_add_token (store, item->step, token, error) &&
	       send_mail (cli, templates, item, item->subscriber, NX_ANSWER_ENABLE, token, now, error);
}
