/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose-text.c: what a walk over prose begins with: a format's patterns, and the text that a person reads. See prose.h.
 *
 * It takes the text of the message's own parts; what is enclosed, the returned mail above all, is not read.
 */
#include "base/limits.h"
#include "report/prose.h"

#include <string.h>

static void
pattern_free_cb (gpointer data)
{
	nx_pattern_free (data);
}

static void
section_clear (gpointer data)
{
	nx_pattern_free (((NxProseSection *)data)->pattern);
}

void
nx_prose_init (NxProse *prose)
{
	prose->kind = NX_KIND_FAILURE;
	prose->starts = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->ends = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->recipients = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->diagnostics = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->skips = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->reporters = g_ptr_array_new_with_free_func (pattern_free_cb);
	prose->header_recipients = g_ptr_array_new_with_free_func (g_free);
	prose->sections = g_array_new (FALSE, TRUE, sizeof (NxProseSection));
	g_array_set_clear_func (prose->sections, section_clear);
}

void
nx_prose_clear (NxProse *prose)
{
	g_ptr_array_unref (prose->starts);
	g_ptr_array_unref (prose->ends);
	g_ptr_array_unref (prose->recipients);
	g_ptr_array_unref (prose->diagnostics);
	g_ptr_array_unref (prose->skips);
	g_ptr_array_unref (prose->reporters);
	g_ptr_array_unref (prose->header_recipients);
	g_array_unref (prose->sections);
}

/* Each line is tried on every format: a mail that is all line ends costs more than one that is all text. */
static void
cut_lines (GString *text)
{
	const char *p = text->str;
	for (guint lines = 0; (p = strchr (p, '\n')) != NULL && lines < NX_LIMIT_PROSE_LINES; lines++)
		p++;
	if (p != NULL)
		g_string_truncate (text, (gsize)(p - text->str));
}

char *
nx_prose_dup_text (const NxMessage *message)
{
	static const char *const types[] = { "text/plain", "text/html" };
	GString *all = g_string_new (NULL);
	for (guint t = 0; t < G_N_ELEMENTS (types) && all->len == 0; t++) {
		for (guint i = 0; i < nx_message_get_part_count (message) && all->len < NX_LIMIT_TEXT_BYTES; i++) {
			const NxPart *part = nx_message_get_part (message, i);
			if (part->enclosed || strcmp (part->type, types[t]) != 0)
				continue;
			g_autofree char *text = nx_message_dup_part_text (message, i);
			g_string_append (all, text);
			g_string_append_c (all, '\n');
		}
	}
	if (all->len == 0) { /* boundaries that fit nothing leave no parts */
		const char *body = nx_message_get_body (message);
		g_string_append_len (all, body, (gssize)strnlen (body, NX_LIMIT_TEXT_BYTES));
	}
	cut_lines (all);
	return g_string_free (all, FALSE);
}
