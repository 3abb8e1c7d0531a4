/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compose.c: a small text mail by GMime, which folds and encodes (RFC 5322 2.2.3, RFC 2047, RFC 2045 6). See compose.h.
 */
#include "mime/compose.h"

#include "mime/ptr.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeTextPart, g_object_unref)

static GMimeTextPart *
make_part (const char *text)
{
	GMimeTextPart *part = g_mime_text_part_new_with_subtype ("plain");
	g_mime_text_part_set_charset (part, "utf-8");
	g_mime_text_part_set_text (part, text);
	g_mime_part_set_content_encoding (GMIME_PART (part), g_str_is_ascii (text)
								     ? GMIME_CONTENT_ENCODING_7BIT
								     : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
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
