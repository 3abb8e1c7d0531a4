/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * auth-results.c: reads Authentication-Results (RFC 8601 2.2). See auth-results.h.
 *
 * Servers put into this field what strangers sent them: local parts, host names, comments on both. So whatever is not
 * as the grammar has it takes the worth from a pass; a failure is believed even then. It will not check a signature,
 * and will not ask the DNS.
 */
#include "identity/auth-results.h"

#include "base/limits.h"

#include <nixie/address.h>

#include <string.h>

typedef struct {
	const char *at;
	gboolean broken;
} Reader;

static const char *const methods[] = { "dkim", "spf", "dmarc", "arc" };

static const char *const property_names[NX_AUTH_PROPERTIES] = {
	[NX_AUTH_HEADER_D] = "header.d",       [NX_AUTH_HEADER_I] = "header.i",
	[NX_AUTH_HEADER_FROM] = "header.from", [NX_AUTH_SMTP_MAILFROM] = "smtp.mailfrom",
	[NX_AUTH_SMTP_HELO] = "smtp.helo",
};

static void
break_off (Reader *reader)
{
	reader->broken = TRUE;
	reader->at += strlen (reader->at);
}

/*
 * A comment may hold anything, but who could end it from within a quoted local part would go on writing results. Then
 * one quotation mark is inside and the other one is not.
 */
static void
skip_comment (Reader *reader)
{
	guint depth = 0;
	guint quotes = 0;
	for (const char *p = reader->at; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == '"')
			quotes++;
		else if (*p == ')' && --depth == 0) {
			reader->at = p + 1;
			reader->broken = reader->broken || quotes % 2 != 0;
			return;
		}
	}
	break_off (reader);
}

static void
skip_cfws (Reader *reader)
{
	while (g_ascii_isspace (*reader->at) || *reader->at == '(') {
		if (*reader->at == '(')
			skip_comment (reader);
		else
			reader->at++;
	}
}

static void
read_quoted (Reader *reader, GString *out)
{
	const char *p = reader->at + 1;
	for (; *p != '\0' && *p != '"'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		g_string_append_c (out, *p);
	}
	if (*p == '\0')
		break_off (reader);
	else
		reader->at = p + 1;
}

/* A token, a quoted string, or both in a row ("a b"@post.example), up to white space, ";", a comment or one of @stops.
 */
static char *
read_word (Reader *reader, const char *stops)
{
	g_autoptr (GString) word = g_string_new (NULL);
	while (*reader->at != '\0' && !g_ascii_isspace (*reader->at) && strchr ("();", *reader->at) == NULL &&
	       strchr (stops, *reader->at) == NULL) {
		if (*reader->at == '"')
			read_quoted (reader, word);
		else
			g_string_append_c (word, *reader->at++);
	}
	return g_strdup (word->str);
}

static char *
read_lower (Reader *reader, const char *stops)
{
	g_autofree char *word = read_word (reader, stops);
	return g_ascii_strdown (word, -1);
}

static gboolean
is_result_end (const Reader *reader)
{
	return *reader->at == '\0' || *reader->at == ';';
}

/* TRUE when @c was next, and is behind us. */
static gboolean
take (Reader *reader, char c)
{
	skip_cfws (reader);
	if (*reader->at != c)
		return FALSE;
	reader->at++;
	skip_cfws (reader);
	return TRUE;
}

static void
set_property (NxAuthResult *result, const char *name, char *value)
{
	g_autofree char *owned = value;
	for (guint i = 0; i < NX_AUTH_PROPERTIES; i++) {
		if (strcmp (property_names[i], name) != 0)
			continue;
		if (result->properties[i] == NULL)
			result->properties[i] = g_steal_pointer (&owned);
		else if (g_ascii_strcasecmp (result->properties[i], owned) != 0)
			result->unclear = TRUE;
		return;
	}
}

/* "ptype.property = pvalue", or "reason = value", which is passed over. */
static void
read_property (Reader *reader, NxAuthResult *result)
{
	const char *start = reader->at;
	g_autofree char *type = read_lower (reader, ".=");
	g_autofree char *name = NULL;
	if (take (reader, '.')) {
		g_autofree char *property = read_lower (reader, "=");
		name = g_strconcat (type, ".", property, NULL);
	}
	if (take (reader, '='))
		set_property (result, name != NULL ? name : "", read_word (reader, ""));
	else
		result->unclear = TRUE;
	if (reader->at == start) /* a ")" that nothing has opened */
		reader->at++;
}

static void
result_free (gpointer data)
{
	NxAuthResult *result = data;
	g_free (result->method);
	g_free (result->result);
	for (guint i = 0; i < NX_AUTH_PROPERTIES; i++)
		g_free (result->properties[i]);
	g_free (result);
}

/* One resinfo, up to its ";". */
static void
read_result (Reader *reader, NxAuthField *field)
{
	NxAuthResult *result = g_new0 (NxAuthResult, 1);
	skip_cfws (reader);
	result->method = read_lower (reader, "/=");
	gboolean known = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
		known = known || strcmp (methods[i], result->method) == 0;
	if (take (reader, '/'))
		g_free (read_word (reader, "="));
	known = take (reader, '=') && known;
	result->result = read_lower (reader, "");
	for (skip_cfws (reader); !is_result_end (reader); skip_cfws (reader))
		read_property (reader, result);
	if (known && field->results->len < NX_LIMIT_AUTH_RESULTS) {
		g_ptr_array_add (field->results, result);
		return;
	}
	if (known)
		break_off (reader);
	result_free (result);
}

NxAuthField *
nx_auth_field_parse (const char *value)
{
	NxAuthField *field = g_new0 (NxAuthField, 1);
	Reader reader = { .at = value };
	field->results = g_ptr_array_new_with_free_func (result_free);
	skip_cfws (&reader);
	field->authserv_id = read_lower (&reader, "=");
	skip_cfws (&reader);
	if (*reader.at == '=') { /* no id, as some servers write it: that was a method */
		g_free (field->authserv_id);
		field->authserv_id = g_strdup ("");
	}
	g_autofree char *version = read_word (&reader, "");
	skip_cfws (&reader);
	if (strspn (version, "0123456789") != strlen (version) || !is_result_end (&reader))
		field->broken = TRUE;
	reader.at += strcspn (reader.at, ";");
	while (*reader.at == ';') {
		reader.at++;
		read_result (&reader, field);
	}
	field->broken = field->broken || reader.broken;
	return field;
}

void
nx_auth_field_free (NxAuthField *field)
{
	if (field == NULL)
		return;
	g_free (field->authserv_id);
	g_ptr_array_unref (field->results);
	g_free (field);
}

/* The domain of "joan@post.example", "@post.example" and "post.example", also in angle brackets. */
static char *
make_domain (const char *value)
{
	const char *at = strrchr (value, '@');
	const char *start = at != NULL ? at + 1 : value + (*value == '<');
	gsize length = strcspn (start, "> ");
	while (length > 0 && start[length - 1] == '.')
		length--;
	g_autofree char *address = g_strdup_printf ("a@%.*s", (int)MIN (length, NX_LIMIT_ADDRESS_BYTES), start);
	if (!nx_address_is_valid (address) || strchr (address, '.') == NULL || strchr (address, '[') != NULL)
		return NULL;
	g_autofree char *key = nx_address_make_key (address);
	return g_strdup (nx_address_get_domain (key));
}

static gboolean
is_empty_sender (const char *value)
{
	return value == NULL || *value == '\0' || strcmp (value, "<>") == 0;
}

char *
nx_auth_result_dup_domain (const NxAuthResult *result)
{
	char *const *properties = result->properties;
	const char *value = NULL;
	if (strcmp (result->method, "dkim") == 0)
		value = properties[properties[NX_AUTH_HEADER_D] != NULL ? NX_AUTH_HEADER_D : NX_AUTH_HEADER_I];
	else if (strcmp (result->method, "spf") == 0)
		value = properties[is_empty_sender (properties[NX_AUTH_SMTP_MAILFROM]) ? NX_AUTH_SMTP_HELO
										       : NX_AUTH_SMTP_MAILFROM];
	else if (strcmp (result->method, "dmarc") == 0)
		value = properties[NX_AUTH_HEADER_FROM];
	return value != NULL ? make_domain (value) : NULL;
}

static void
take_field (const NxAuthField *field, gboolean believed, NxAuthentication *out)
{
	for (guint i = 0; i < field->results->len; i++) {
		const NxAuthResult *result = g_ptr_array_index (field->results, i);
		if (strcmp (result->method, "dmarc") == 0 && strcmp (result->result, "fail") == 0)
			out->failed = TRUE;
		if (!believed || field->broken || result->unclear || strcmp (result->result, "pass") != 0 ||
		    out->domains->len >= NX_LIMIT_AUTH_RESULTS)
			continue;
		char *domain = nx_auth_result_dup_domain (result);
		if (domain != NULL)
			g_ptr_array_add (out->domains, domain);
	}
}

static guint
find_id (const GPtrArray *ids, const char *id)
{
	gsize length = strlen (id);
	if (length > 0 && id[length - 1] == '.')
		length--;
	guint i = 0;
	while (i < ids->len && (strlen (g_ptr_array_index (ids, i)) != length ||
				g_ascii_strncasecmp (g_ptr_array_index (ids, i), id, length) != 0))
		i++;
	return i;
}

typedef enum {
	RUN_AHEAD,
	RUN_OPEN,
	RUN_CLOSED,
} Run;

void
nx_authentication_read (const NxHeaders *headers, const GPtrArray *ids, gboolean cut,
			NxAuthentication *authentication_out)
{
	guint count = ids != NULL ? ids->len : 0;
	g_autofree Run *runs = g_new0 (Run, count + 1);
	authentication_out->domains = g_ptr_array_new_with_free_func (g_free);
	authentication_out->failed = FALSE;
	for (guint i = 0; count > 0 && i < nx_headers_get_count (headers); i++) {
		const NxHeader *header = nx_headers_get_at (headers, i);
		if (g_ascii_strcasecmp (header->name, "Received") == 0)
			for (guint id = 0; id < count; id++)
				runs[id] = runs[id] == RUN_AHEAD ? RUN_AHEAD : RUN_CLOSED;
		if (g_ascii_strcasecmp (header->name, "Authentication-Results") != 0)
			continue;
		g_autoptr (NxAuthField) field = nx_auth_field_parse (header->value);
		guint id = find_id (ids, field->authserv_id);
		if (id >= count)
			continue;
		runs[id] = runs[id] == RUN_AHEAD ? RUN_OPEN : runs[id];
		take_field (field, runs[id] == RUN_OPEN && !cut, authentication_out);
	}
}

void
nx_authentication_clear (NxAuthentication *authentication)
{
	g_clear_pointer (&authentication->domains, g_ptr_array_unref);
}
