/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lines.c: see lines.h. The caller holds the lock.
 */
#include "lines.h"

#include <string.h>

#include <nixie/address.h>

#include "driver.h"
#include "file.h"

char *
nx_lines_get_address (const char *line)
{
	g_autofree char *valid = g_utf8_make_valid (line, -1);

	g_strstrip (valid);
	return *valid == '\0' || *valid == '#' ? NULL : nx_address_parse (valid);
}

static gboolean
is_of (const char *line, const char *address)
{
	g_autofree char *there = nx_lines_get_address (line);

	return there != NULL && nx_driver_is_same (there, address);
}

char *
nx_lines_find (const char *text, const char *address)
{
	while (*text != '\0') {
		gsize length = strcspn (text, "\n");
		g_autofree char *line = g_strndup (text, length);

		if (is_of (line, address))
			return g_steal_pointer (&line);
		text += length + (text[length] == '\n' ? 1 : 0);
	}
	return NULL;
}

static gboolean
replace (const char *path, const GString *text, GError **error)
{
	g_autofree char *temporary = g_strconcat (path, ".new", NULL);

	return nx_file_replace (path, temporary, text->str, text->len, error);
}

gboolean
nx_lines_add (const char *path, const char *address, const char *line, GError **error)
{
	g_autofree char *text = nx_file_read (path, TRUE, NULL, error);
	g_autofree char *there = text == NULL ? NULL : nx_lines_find (text, address);
	g_autoptr (GString) out = g_string_new (text);

	if (text == NULL)
		return FALSE;
	if (there != NULL)
		return TRUE;
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append_c (out, '\n');
	g_string_append_printf (out, "%s\n", line);
	return replace (path, out, error);
}

gboolean
nx_lines_drop (const char *path, const char *address, GError **error)
{
	g_autofree char *text = nx_file_read (path, TRUE, NULL, error);
	g_autoptr (GString) out = g_string_new (NULL);
	gboolean dropped = FALSE;

	for (const char *p = text; p != NULL && *p != '\0';) {
		gsize length = strcspn (p, "\n");
		gsize whole = length + (p[length] == '\n' ? 1 : 0);
		g_autofree char *line = g_strndup (p, length);

		if (is_of (line, address))
			dropped = TRUE;
		else
			g_string_append_len (out, p, (gssize)whole);
		p += whole;
	}
	return text != NULL && (!dropped || replace (path, out, error));
}
