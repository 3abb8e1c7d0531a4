/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * content-type.c: see content-type.h. A plain value, as nearly all are, is read here; whatever has encoded or continued
 * parameters (RFC 2231), comments, escapes, doubles or mistakes is GMime's, which has seen them all.
 */
#include "mime/content-type.h"

#include "mime/headers.h"
#include "mime/ptr.h"

#include <string.h>

/* More parameters than any Content-Type has that needs no second look. */
#define PLAIN_PARAMETERS 8

typedef struct {
	const char *name;
	const char *value;
} Parameter;

struct _NxContentType {
	char *name;
	char *memory;           /* of the parameters below */
	GMimeContentType *full; /* NULL for a plain one */
	guint count;
	Parameter parameters[PLAIN_PARAMETERS];
};

void
nx_content_type_free (NxContentType *type)
{
	if (type == NULL)
		return;
	g_free (type->name);
	g_free (type->memory);
	g_clear_object (&type->full);
	g_free (type);
}

static char *
skip (char *p, const char *others)
{
	while (g_ascii_isalnum (*p) || (*p != '\0' && strchr (others, *p) != NULL))
		p++;
	return p;
}

static char *
skip_white (char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Behind a plain value that begins at @p; NULL when it is none. */
static char *
take_value (char *p, const char **value_out)
{
	gboolean quoted = *p == '"';
	p += quoted;
	*value_out = p;
	char *end = p;
	if (quoted)
		while (*end >= ' ' && *end < 0x7F && *end != '"' && *end != '\\')
			end++;
	else
		end = skip (p, "._+'-");
	if (end == p || *p == ' ' || end[-1] == ' ' || (quoted && *end != '"') ||
	    g_strstr_len (p, end - p, "=?") != NULL)
		return NULL;
	char *after = end + quoted;
	if (*after != '\0' && *after != ';' && *after != ' ' && *after != '\t')
		return NULL;
	char *next = skip_white (after);
	if (*next != '\0' && *next != ';')
		return NULL;
	next += *next == ';';
	*end = '\0';
	return next;
}

static gboolean
read_parameters (NxContentType *type, char *p)
{
	for (p = skip_white (p); *p != '\0'; p = skip_white (p)) {
		Parameter parameter = { .name = p };
		char *equals = skip (p, "-");
		if (equals == p || *equals != '=' || type->count == PLAIN_PARAMETERS)
			return FALSE;
		*equals = '\0';
		p = take_value (equals + 1, &parameter.value);
		if (p == NULL || nx_content_type_get_parameter (type, parameter.name) != NULL)
			return FALSE;
		type->parameters[type->count++] = parameter;
	}
	return TRUE;
}

/* FALSE when the value is not plain. */
static gboolean
read_plain (NxContentType *type, const char *value)
{
	type->memory = g_strdup (value);
	char *name = skip_white (type->memory);
	char *slash = skip (name, "-");
	char *end = *slash == '/' ? skip (slash + 1, ".+-") : slash;
	if (slash == name || *slash != '/' || end == slash + 1)
		return FALSE;
	char *next = skip_white (end);
	if (*next != '\0' && *next != ';')
		return FALSE;
	type->name = g_ascii_strdown (name, end - name);
	return *next == '\0' || read_parameters (type, next + 1);
}

NxContentType *
nx_content_type_parse (const char *value)
{
	NxContentType *type = g_new0 (NxContentType, 1);
	if (read_plain (type, value))
		return type;
	type->count = 0;
	nx_headers_start_gmime ();
	type->full = g_mime_content_type_parse (NULL, value);
	g_autofree char *name = g_mime_content_type_get_mime_type (type->full);
	g_free (type->name);
	type->name = g_ascii_strdown (name, -1);
	return type;
}

NxContentType *
nx_content_type_new (const char *name)
{
	NxContentType *type = g_new0 (NxContentType, 1);
	type->name = g_strdup (name);
	return type;
}

const char *
nx_content_type_get_name (const NxContentType *type)
{
	return type->name;
}

const char *
nx_content_type_get_parameter (const NxContentType *type, const char *name)
{
	if (type->full != NULL)
		return g_mime_content_type_get_parameter (type->full, name);
	for (guint i = 0; i < type->count; i++)
		if (g_ascii_strcasecmp (type->parameters[i].name, name) == 0)
			return type->parameters[i].value;
	return NULL;
}
