/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * output.c: events and decisions as JSON lines (RFC 8259), CSV records (RFC 4180) and safe terminal text.
 *
 * Writes into strings only; where they go is the caller's business. Bytes that are no UTF-8 become U+FFFD in JSON, so
 * that a line is always valid; on a terminal each such byte is shown by its number.
 */
#include "base/text.h"

#include "output/json.h"

#include <nixie/output.h>

/* Scores are kept to six digits behind the point; with more, 2.9 would read 2.8999999999999999. */
#define NUMBER_DIGITS 12

/* Whole numbers up to here are exact as a double. */
#define MOST_WHOLE 9007199254740992.0

/* What nobody sees and what turns the text behind it around: control, format (bidi, zero width, tags), line ends. */
static gboolean
is_invisible (gunichar c)
{
	switch (g_unichar_type (c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return TRUE;
	default:
		return FALSE;
	}
}

/* JSON leaves DEL, C1 and the direction marks as they are, but its lines are read on terminals too. They occur inside
 * strings only, where \u says the same. */
static void
append_json_escape (GString *out, gunichar c)
{
	if (c > 0xFFFF) {
		guint rest = c - 0x10000;

		g_string_append_printf (out, "\\u%04X\\u%04X", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
		return;
	}
	g_string_append_printf (out, "\\u%04X", c);
}

char *
nx_output_dump_json (json_t *object)
{
	char *text = json_dumps (object, JSON_COMPACT | JSON_REAL_PRECISION (NUMBER_DIGITS));
	GString *out = g_string_sized_new (text == NULL ? 0 : strlen (text));

	/* jansson gives NULL only when memory ran out, which GLib would not have survived either. */
	g_assert (text != NULL);
	for (const char *p = text; *p != '\0'; p = nx_text_skip_char (p)) {
		gunichar c = g_utf8_get_char (p);

		if (is_invisible (c))
			append_json_escape (out, c);
		else
			g_string_append_len (out, p, nx_text_skip_char (p) - p);
	}
	free (text);
	return g_string_free (out, FALSE);
}

void
nx_output_add_json_text (json_t *object, const char *key, const char *value)
{
	g_autofree char *valid = NULL;

	if (value == NULL || *value == '\0')
		return;
	valid = g_utf8_make_valid (value, -1);
	json_object_set_new (object, key, json_string_nocheck (valid));
}

static void
add_number (json_t *object, const char *key, guint64 value)
{
	json_object_set_new (object, key, json_integer ((json_int_t)MIN (value, (guint64)G_MAXINT64)));
}

static void
add_status (json_t *object, NxStatus status)
{
	char buffer[NX_STATUS_STRLEN];

	nx_output_add_json_text (object, "status", nx_status_format (status, buffer));
}

void
nx_output_add_json_verdict (json_t *object, NxVerdict verdict, NxReason reason)
{
	if (verdict != NX_VERDICT_NONE)
		nx_output_add_json_text (object, "verdict", nx_verdict_to_string (verdict));
	if (reason != NX_REASON_NONE)
		nx_output_add_json_text (object, "reason", nx_reason_to_string (reason));
}

json_t *
nx_output_make_json_event (const NxEvent *event)
{
	json_t *object = json_object ();
	g_autofree char *date = nx_output_format_date (event->date);

	nx_output_add_json_text (object, "file", event->file);
	add_number (object, "offset", event->offset);
	nx_output_add_json_text (object, "message_id", event->message_id);
	nx_output_add_json_text (object, "date", date);
	nx_output_add_json_text (object, "kind", nx_kind_to_string (event->kind));
	nx_output_add_json_text (object, "recipient", event->recipient);
	nx_output_add_json_text (object, "original_recipient", event->original_recipient);
	nx_output_add_json_verdict (object, event->verdict, event->reason);
	add_status (object, event->status);
	if (event->reply != 0)
		add_number (object, "reply", event->reply);
	nx_output_add_json_text (object, "forward", event->forward);
	nx_output_add_json_text (object, "diagnostic", event->diagnostic);
	nx_output_add_json_text (object, "reporting_mta", event->reporting_mta);
	nx_output_add_json_text (object, "remote_mta", event->remote_mta);
	nx_output_add_json_text (object, "list", event->list);
	nx_output_add_json_text (object, "subscriber", event->subscriber);
	if (event->proof != NX_PROOF_NONE)
		nx_output_add_json_text (object, "proof", nx_proof_to_string (event->proof));
	nx_output_add_json_text (object, "rule", event->rule);
	nx_output_add_json_text (object, "defects", event->defects);
	return object;
}

char *
nx_output_format_event (const NxEvent *event)
{
	json_t *object = nx_output_make_json_event (event);
	char *line = nx_output_dump_json (object);

	json_decref (object);
	return line;
}

char *
nx_output_format_members (const NxOutputMember *members, guint count)
{
	json_t *object = json_object ();
	char *line = NULL;

	for (guint i = 0; i < count; i++) {
		double number = members[i].number;

		if (members[i].text != NULL)
			nx_output_add_json_text (object, members[i].key, members[i].text);
		else if (number >= -MOST_WHOLE && number <= MOST_WHOLE && number == (double)(gint64)number)
			json_object_set_new (object, members[i].key, json_integer ((json_int_t)number));
		else
			json_object_set_new (object, members[i].key, json_real (number));
	}
	line = nx_output_dump_json (object);
	json_decref (object);
	return line;
}

char *
nx_output_format_decision (const NxDecision *decision)
{
	json_t *object = json_object ();
	char *line = NULL;

	nx_output_add_json_verdict (object, decision->verdict, decision->reason);
	add_status (object, decision->status);
	if (decision->reply != 0)
		add_number (object, "reply", decision->reply);
	nx_output_add_json_text (object, "forward", decision->forward);
	nx_output_add_json_text (object, "rule", decision->rule);
	line = nx_output_dump_json (object);
	json_decref (object);
	return line;
}

/* The characters that make a spreadsheet calculate, also in their full-width forms. */
static gboolean
is_formula (const char *field)
{
	static const gunichar starts[] = { '=', '+', '-', '@', '\t', '\r', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
	gunichar first = g_utf8_get_char_validated (field, -1);

	for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
		if (first == starts[i])
			return TRUE;
	}
	return FALSE;
}

static void
append_csv_field (GString *out, const char *field)
{
	gsize length = strlen (field);
	gboolean quoted = strpbrk (field, ",\"\r\n") != NULL ||
			  (length > 0 && (g_ascii_isspace (field[0]) || g_ascii_isspace (field[length - 1])));

	if (quoted)
		g_string_append_c (out, '"');
	if (is_formula (field))
		g_string_append_c (out, '\'');
	for (const char *p = field; *p != '\0'; p++) {
		if (*p == '"')
			g_string_append_c (out, '"');
		g_string_append_c (out, *p);
	}
	if (quoted)
		g_string_append_c (out, '"');
}

char *
nx_output_format_csv (const char *const *fields, guint count)
{
	GString *out = g_string_new (NULL);

	for (guint i = 0; i < count; i++) {
		if (i > 0)
			g_string_append_c (out, ',');
		append_csv_field (out, fields[i] == NULL ? "" : fields[i]);
	}
	/* A record of one empty field would be an empty line, which readers pass over. */
	if (count == 1 && out->len == 0)
		g_string_append (out, "\"\"");
	return g_string_free (out, FALSE);
}

char *
nx_output_escape_terminal (const char *text)
{
	GString *out = g_string_new (NULL);

	if (text == NULL)
		return g_string_free (out, FALSE);
	for (const char *p = text; *p != '\0';) {
		gunichar c = g_utf8_get_char_validated (p, -1);

		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_printf (out, "\\x{%02X}", (guchar)*p);
			p++;
			continue;
		}
		if (is_invisible (c))
			g_string_append_printf (out, "\\x{%X}", c);
		else
			g_string_append_len (out, p, nx_text_skip_char (p) - p);
		p = nx_text_skip_char (p);
	}
	return g_string_free (out, FALSE);
}

char *
nx_output_format_date (gint64 date)
{
	g_autoptr (GDateTime) time = NULL;

	if (date == 0)
		return g_strdup ("");
	time = g_date_time_new_from_unix_utc (date);
	if (time == NULL)
		return g_strdup ("");
	/* Not g_date_time_format(): it gives years before 1000 fewer digits than RFC 3339 wants. */
	return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year (time),
				g_date_time_get_month (time), g_date_time_get_day_of_month (time),
				g_date_time_get_hour (time), g_date_time_get_minute (time),
				g_date_time_get_second (time));
}
