/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * notice.c: the set of templates, built in and the site's, and the mail that is made of one. See nixie/notice.h.
 */
#include <nixie/notice.h>

#include <nixie/address.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mime/compose.h"
#include "output/template-data.h"
#include "output/template.h"

#define SUFFIX ".txt"

static const NxOutboxKind mails[] = { NX_OUTBOX_WARNING, NX_OUTBOX_PROBE,    NX_OUTBOX_REMOVED,
				      NX_OUTBOX_ASK,     NX_OUTBOX_INCIDENT, NX_OUTBOX_DIGEST };

/* @by_name: "de/warning.txt" to NxTemplate. */
struct _NxTemplates {
	GHashTable *by_name;
};

/* ---- the set ---- */

static char *
make_name (const char *language, NxOutboxKind kind)
{
	return g_strconcat (language, "/", nx_outbox_kind_to_string (kind), SUFFIX, NULL);
}

static void
free_template_cb (gpointer template)
{
	nx_template_free (template);
}

/* NONE for a file that is no template's. */
static NxOutboxKind
get_kind (const char *name)
{
	const char *base = strrchr (name, '/');
	base = base != NULL ? base + 1 : name;
	for (guint i = 0; i < G_N_ELEMENTS (mails); i++) {
		g_autofree char *wanted = g_strconcat (nx_outbox_kind_to_string (mails[i]), SUFFIX, NULL);
		if (strcmp (base, wanted) == 0)
			return mails[i];
	}
	return NX_OUTBOX_NONE;
}

NxTemplates *
nx_templates_new (void)
{
	NxTemplates *templates = g_new0 (NxTemplates, 1);
	templates->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_template_cb);
	for (guint i = 0; nx_template_data[i].name != NULL; i++) {
		g_autoptr (GError) error = NULL;
		NxTemplate *template = nx_template_new (get_kind (nx_template_data[i].name), nx_template_data[i].name,
							nx_template_data[i].text, &error);
		/* The tests read every one. */
		if (template == NULL)
			g_error ("%s", error->message);
		g_hash_table_insert (templates->by_name, g_strdup (nx_template_data[i].name), template);
	}
	return templates;
}

void
nx_templates_free (NxTemplates *templates)
{
	if (templates == NULL)
		return;
	g_hash_table_unref (templates->by_name);
	g_free (templates);
}

static char *
read_file (const char *path, GError **error)
{
	g_autofree char *text = g_malloc (NX_LIMIT_TEMPLATE_BYTES + 1);
	FILE *file = fopen (path, "re");
	gsize length = file != NULL ? fread (text, 1, NX_LIMIT_TEMPLATE_BYTES + 1, file) : 0;
	int code = file == NULL || ferror (file) ? errno : 0;
	if (file != NULL)
		fclose (file);
	if (code != 0)
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:1: cannot read the template: %s", path,
			     g_strerror (code));
	else if (length > NX_LIMIT_TEMPLATE_BYTES || memchr (text, '\0', length) != NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:1: this is no template: too long, or no text", path);
	else {
		text[length] = '\0';
		return g_steal_pointer (&text);
	}
	return NULL;
}

static gboolean
add_language (NxTemplates *templates, const char *folder, const char *language, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS (mails); i++) {
		g_autofree char *name = make_name (language, mails[i]);
		g_autofree char *path = g_build_filename (folder, name, NULL);
		if (!g_file_test (path, G_FILE_TEST_EXISTS))
			continue;
		g_autofree char *text = read_file (path, error);
		NxTemplate *template = text != NULL ? nx_template_new (mails[i], path, text, error) : NULL;
		if (template == NULL)
			return FALSE;
		g_hash_table_insert (templates->by_name, g_steal_pointer (&name), template);
	}
	return TRUE;
}

gboolean
nx_templates_add_folder (NxTemplates *templates, const char *folder, GError **error)
{
	g_return_val_if_fail (templates != NULL && folder != NULL, FALSE);
	g_autoptr (GError) local = NULL;
	g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
	if (dir == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s", local->message);
		return FALSE;
	}
	for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
		if (*name != '.' && !add_language (templates, folder, name, error))
			return FALSE;
	return TRUE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
	return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GStrv
nx_templates_list_languages (const NxTemplates *templates)
{
	g_return_val_if_fail (templates != NULL, NULL);
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	GPtrArray *languages = g_ptr_array_new ();
	GHashTableIter iter;
	gpointer name;
	g_hash_table_iter_init (&iter, templates->by_name);
	while (g_hash_table_iter_next (&iter, &name, NULL)) {
		char *language = g_strndup (name, strcspn (name, "/"));
		if (g_hash_table_add (seen, language))
			g_ptr_array_add (languages, g_strdup (language));
	}
	g_ptr_array_sort (languages, compare_texts);
	g_ptr_array_add (languages, NULL);
	return (GStrv)g_ptr_array_free (languages, FALSE);
}

static const NxTemplate *
find_template (const NxTemplates *templates, const char *language, NxOutboxKind kind)
{
	g_autofree char *name = make_name (language != NULL ? language : NX_NOTICE_LANGUAGE, kind);
	const NxTemplate *template = g_hash_table_lookup (templates->by_name, name);
	if (template != NULL)
		return template;
	g_autofree char *english = make_name (NX_NOTICE_LANGUAGE, kind);
	return g_hash_table_lookup (templates->by_name, english);
}

/* ---- one mail ---- */

static GHashTable *
gather_values (const NxNotice *notice)
{
	const struct {
		const char *name;
		const char *value;
	} own[] = { { "list", notice->list },
		    { "list-address", notice->list_address },
		    { "address", notice->to },
		    { "reply", notice->reply_to } };
	GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer name;
	gpointer value;
	if (notice->values != NULL) {
		g_hash_table_iter_init (&iter, notice->values);
		while (g_hash_table_iter_next (&iter, &name, &value))
			g_hash_table_insert (values, name, value);
	}
	for (guint i = 0; i < G_N_ELEMENTS (own); i++)
		g_hash_table_insert (values, (gpointer)(guintptr)own[i].name, (gpointer)(guintptr)own[i].value);
	return values;
}

char *
nx_notice_format (const NxTemplates *templates, const NxNotice *notice)
{
	g_return_val_if_fail (templates != NULL && notice != NULL, NULL);
	const NxTemplate *template = find_template (templates, notice->language, notice->kind);
	g_return_val_if_fail (template != NULL, NULL);
	g_autoptr (GHashTable) values = gather_values (notice);
	g_autofree char *subject = nx_template_fill_subject (template, values);
	g_autofree char *text = nx_template_fill_body (template, values);
	g_autofree char *name = nx_text_make_line (notice->list, 0);
	g_autofree char *to = nx_text_make_line (notice->to, 0);
	/* Not the token: a Message-ID is shown in places where a secret should not be. */
	g_autofree char *seed = g_strconcat (to, "\n", text, NULL);
	g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
	g_autofree char *message_id = g_strdup_printf ("%" G_GINT64_FORMAT ".%.16s@%s", notice->date, hash,
						       nx_address_get_domain (notice->from));
	const NxComposition composition = {
		.from_name = name,
		.from = notice->from,
		.reply_to = notice->reply_to,
		.to = to,
		.subject = subject,
		.message_id = message_id,
		.date = notice->date,
		/*
		 * So that programs which answer mail leave it alone (RFC 3834 2, 5). RFC 3834 recommends no Precedence
		 * (3.1.8), but programs older than it look at nothing else, and their answer would count as the
		 * reader's. Of Exchange's suppressions not NDR: whether this mail comes back is what we want to know.
		 */
		.fields = (const NxCompositionField[]){ { "Auto-Submitted", "auto-generated" },
							{ "Precedence", "bulk" },
							{ "X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply" },
							{ NULL, NULL } },
		.text = text,
	};
	return nx_compose_mail (&composition);
}
