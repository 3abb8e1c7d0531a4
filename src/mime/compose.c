/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compose.c: a small text mail by GMime, which folds and encodes (RFC 5322 2.2.3, RFC 2047, RFC 2045 6). See compose.h.
 */
#include "mime/compose.h"

#include "mime/ptr.h"

#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeTextPart, g_object_unref)

/* RFC 5322 2.1.1 */
#define LINE_BYTES 998

static gboolean
has_long_line (const char *text)
{
	for (gsize length = strcspn (text, "\n"); *text != '\0'; length = strcspn (text, "\n")) {
		if (length > LINE_BYTES)
			return TRUE;
		text += length + (text[length] != '\0' ? 1 : 0);
	}
	return FALSE;
}

/* Quoted-printable triples every octet beyond ASCII; base64 makes four of three, whatever they are. */
static GMimeContentEncoding
choose_encoding (const char *text)
{
	gsize length = strlen (text);
	gsize beyond = 0;
	if (g_str_is_ascii (text))
		return has_long_line (text) ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE : GMIME_CONTENT_ENCODING_7BIT;
	for (gsize i = 0; i < length; i++)
		beyond += (guchar)text[i] >= 0x80 ? 1 : 0;
	return beyond > length / 6 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

static GMimeTextPart *
make_part (const char *text)
{
	GMimeTextPart *part = g_mime_text_part_new_with_subtype ("plain");
	g_mime_text_part_set_charset (part, "utf-8");
	g_mime_text_part_set_text (part, text);
	g_mime_part_set_content_encoding (GMIME_PART (part), choose_encoding (text));
	return part;
}

char *
nx_compose_mail (const NxComposition *composition)
{
	nx_headers_start_gmime ();
	g_autoptr (GMimeMessage) message = g_mime_message_new (TRUE);
	g_autoptr (GMimeTextPart) part = make_part (composition->text);
	g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (composition->date);
	GMimeObject *object = GMIME_OBJECT (message);
	g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_FROM, composition->from_name, composition->from);
	g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, composition->reply_to);
	g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_TO, NULL, composition->to);
	g_mime_message_set_subject (message, composition->subject, "utf-8");
	g_mime_message_set_date (message, date);
	g_mime_message_set_message_id (message, composition->message_id);
	for (guint i = 0; composition->fields[i].name != NULL; i++)
		g_mime_object_append_header (object, composition->fields[i].name, composition->fields[i].value,
					     "utf-8");
	g_mime_message_set_mime_part (message, GMIME_OBJECT (part));
	return g_mime_object_to_string (object, NULL);
}
