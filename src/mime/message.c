/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * message.c: a mail as a flat list of parts with decoded texts. See nixie/message.h and mime/part.h. RFC 2045, RFC
 * 2046, RFC 2183.
 *
 * GMime parses, behind the walls of prescan.c. This file owns the GMime tree; nothing of GMime is seen outside of
 * src/mime.
 */
#include "mime/part.h"

#include "base/limits.h"
#include "base/text.h"
#include "mime/html.h"
#include "mime/prescan.h"
#include "mime/ptr.h"

#include <string.h>

typedef struct {
	NxPart part; /* what others see: first, so that a const NxPart * is borrowed from here */
	GMimeObject *object;
} Node;

/* A header, decoded. */
typedef struct {
	char *name;
	char *text;
	char *match; /* NULL until somebody asks */
} Value;

struct _NxMessage {
	NxPrescan *prescan;
	GMimeMessage *mime;
	GPtrArray *nodes;
	NxHeaders *headers;
	GHashTable *values; /* name, in any case, to Value */
	char *fingerprint;
	gint64 date;
	char *defects;
};

static void
node_free (gpointer data)
{
	Node *node = data;
	g_free (node->part.type);
	g_free (node);
}

static void
value_free (gpointer data)
{
	Value *value = data;
	g_free (value->name);
	g_free (value->text);
	g_free (value->match);
	g_free (value);
}

static guint
hash_name (gconstpointer name)
{
	guint hash = 5381;
	for (const char *p = name; *p != '\0'; p++)
		hash = hash * 33 + (guint)g_ascii_tolower (*p);
	return hash;
}

static gboolean
is_same_name (gconstpointer a, gconstpointer b)
{
	return g_ascii_strcasecmp (a, b) == 0;
}

static void
add_node (NxMessage *message, GMimeObject *object, guint parent, gboolean enclosed)
{
	if (object == NULL)
		return;
	Node *node = g_new0 (Node, 1);
	GMimeContentType *type = g_mime_object_get_content_type (object);
	g_autofree char *name = g_mime_content_type_get_mime_type (type);
	node->part.type = g_ascii_strdown (name, -1);
	node->part.parent = parent;
	node->part.enclosed = enclosed;
	node->object = object;
	guint index = message->nodes->len;
	g_ptr_array_add (message->nodes, node);
	/* The recursion is as deep as NX_LIMIT_MIME_DEPTH lets prescan.c pass. */
	if (GMIME_IS_MULTIPART (object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART (object);
		for (gint i = 0; i < g_mime_multipart_get_count (multipart); i++)
			add_node (message, g_mime_multipart_get_part (multipart, i), index, enclosed);
	} else if (GMIME_IS_MESSAGE_PART (object)) {
		GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (object));
		if (inner != NULL)
			add_node (message, g_mime_message_get_mime_part (inner), index, TRUE);
	}
}

/* The date that the nearest server wrote behind the last ";" of its Received header. */
static gint64
find_received_date (const NxHeaders *headers)
{
	for (guint i = 0; i < nx_headers_get_count (headers); i++) {
		const NxHeader *field = nx_headers_get_at (headers, i);
		const char *semicolon =
			g_ascii_strcasecmp (field->name, "Received") == 0 ? strrchr (field->value, ';') : NULL;
		gint64 date = semicolon != NULL ? nx_headers_parse_date (semicolon + 1) : 0;
		if (date != 0)
			return date;
	}
	return 0;
}

/* The body's first NX_LIMIT_FINGERPRINT_BYTES, with what transport and archives change made alike. */
static void
hash_body (GChecksum *checksum, const char *body)
{
	gsize left = NX_LIMIT_FINGERPRINT_BYTES;
	while (*body != '\0' && left > 0) {
		gsize length = strcspn (body, "\n");
		const char *line = body;
		gsize bare = length;
		body += length + (body[length] == '\n');
		const char *quoted = line;
		while (*quoted == '>')
			quoted++;
		if (quoted > line && strncmp (quoted, "From ", 5) == 0) {
			bare -= (gsize)(quoted - line);
			line = quoted;
		}
		while (bare > 0 && g_ascii_isspace (line[bare - 1]))
			bare--;
		if (bare == 0)
			continue;
		bare = MIN (bare, left);
		g_checksum_update (checksum, (const guchar *)line, (gssize)bare);
		g_checksum_update (checksum, (const guchar *)"\n", 1);
		left -= bare;
	}
}

static char *
make_fingerprint (const NxMessage *message)
{
	static const char *const names[] = { "Message-ID", "Date", "From", "Subject", "To" };
	g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
	for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
		const char *value = nx_headers_get (message->headers, names[i]);
		for (const char *p = value != NULL ? value : ""; *p != '\0'; p++)
			if (!g_ascii_isspace (*p))
				g_checksum_update (checksum, (const guchar *)p, 1);
		g_checksum_update (checksum, (const guchar *)"\n", 1);
	}
	hash_body (checksum, message->prescan->bytes->str + message->prescan->body);
	return g_strndup (g_checksum_get_string (checksum), 32);
}

NxMessage *
nx_message_new (const char *data, gsize length)
{
	nx_headers_start_gmime ();
	NxMessage *message = g_new0 (NxMessage, 1);
	message->prescan = nx_prescan_new (data, length);
	message->defects = g_strdup (message->prescan->defects);
	const GString *bytes = message->prescan->bytes;
	g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (bytes->str, bytes->len);
	g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
	g_mime_parser_set_format (parser, GMIME_FORMAT_MESSAGE);
	g_mime_parser_set_persist_stream (parser, FALSE);
	message->mime = g_mime_parser_construct_message (parser, NULL);
	message->nodes = g_ptr_array_new_with_free_func (node_free);
	if (message->mime != NULL)
		add_node (message, g_mime_message_get_mime_part (message->mime), NX_PART_NONE, FALSE);
	g_autofree char *block = g_strndup (bytes->str, message->prescan->body);
	message->headers = nx_headers_parse (block, FALSE, NULL);
	message->values = g_hash_table_new_full (hash_name, is_same_name, NULL, value_free);
	message->fingerprint = make_fingerprint (message);
	message->date = nx_headers_parse_date (nx_headers_get (message->headers, "Date"));
	if (message->date == 0)
		message->date = find_received_date (message->headers);
	return message;
}

void
nx_message_free (NxMessage *message)
{
	if (message == NULL)
		return;
	g_ptr_array_unref (message->nodes);
	g_clear_object (&message->mime);
	nx_prescan_free (message->prescan);
	nx_headers_free (message->headers);
	g_hash_table_unref (message->values);
	g_free (message->fingerprint);
	g_free (message->defects);
	g_free (message);
}

static Value *
get_value (const NxMessage *message, const char *name)
{
	Value *value = g_hash_table_lookup (message->values, name);
	if (value != NULL)
		return value;
	value = g_new0 (Value, 1);
	value->name = g_strdup (name);
	value->text = nx_headers_dup (message->headers, name);
	g_hash_table_insert (message->values, value->name, value);
	return value;
}

const char *
nx_message_get_header (const NxMessage *message, const char *name)
{
	g_return_val_if_fail (message != NULL && name != NULL, "");
	return get_value (message, name)->text;
}

const char *
nx_message_get_header_match (const NxMessage *message, const char *name)
{
	Value *value = get_value (message, name);
	if (value->match == NULL)
		value->match = nx_text_make_match (value->text);
	return value->match;
}

const NxHeaders *
nx_message_get_headers (const NxMessage *message)
{
	return message->headers;
}

const char *
nx_message_get_body (const NxMessage *message)
{
	return message->prescan->bytes->str + message->prescan->body;
}

gboolean
nx_message_is_unfinished (const NxMessage *message)
{
	return message->prescan->unfinished;
}

gboolean
nx_message_is_open (const NxMessage *message)
{
	return message->prescan->open;
}

gint64
nx_message_get_date (const NxMessage *message)
{
	g_return_val_if_fail (message != NULL, 0);
	return message->date;
}

const char *
nx_message_get_fingerprint (const NxMessage *message)
{
	g_return_val_if_fail (message != NULL, "");
	return message->fingerprint;
}

const char *
nx_message_get_defects (const NxMessage *message)
{
	g_return_val_if_fail (message != NULL, "");
	return message->defects;
}

guint
nx_message_get_part_count (const NxMessage *message)
{
	return message->nodes->len;
}

static const Node *
get_node (const NxMessage *message, guint index)
{
	return index < message->nodes->len ? g_ptr_array_index (message->nodes, index) : NULL;
}

const NxPart *
nx_message_get_part (const NxMessage *message, guint index)
{
	const Node *node = get_node (message, index);
	return node != NULL ? &node->part : NULL;
}

guint
nx_message_find_part (const NxMessage *message, const char *type)
{
	for (guint i = 0; i < message->nodes->len; i++) {
		const NxPart *part = nx_message_get_part (message, i);
		if (!part->enclosed && strcmp (part->type, type) == 0)
			return i;
	}
	return NX_PART_NONE;
}

const char *
nx_message_get_part_parameter (const NxMessage *message, guint index, const char *name)
{
	const Node *node = get_node (message, index);
	if (node == NULL)
		return NULL;
	return g_mime_content_type_get_parameter (g_mime_object_get_content_type (node->object), name);
}

char *
nx_message_dup_part_header (const NxMessage *message, guint index, const char *name)
{
	const Node *node = get_node (message, index);
	const char *value = node != NULL ? g_mime_object_get_header (node->object, name) : NULL;
	return value != NULL ? nx_headers_decode (value) : g_strdup ("");
}

/* The decoded bytes of a leaf, at most NX_LIMIT_TEXT_BYTES of them. */
static GByteArray *
read_content (GMimeObject *object)
{
	GMimeDataWrapper *content = g_mime_part_get_content (GMIME_PART (object));
	GByteArray *bytes = g_byte_array_new ();
	if (content == NULL)
		return bytes;
	GMimeStream *raw = g_mime_data_wrapper_get_stream (content);
	g_autoptr (GMimeStream) filtered = g_mime_stream_filter_new (raw);
	g_mime_stream_reset (raw);
	GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding (content);
	if (encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	    encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
		g_autoptr (GMimeFilter) decoder = g_mime_filter_basic_new (encoding, FALSE);
		g_mime_stream_filter_add (GMIME_STREAM_FILTER (filtered), decoder);
	}
	char block[4096];
	gssize got = 0;
	while (bytes->len < NX_LIMIT_TEXT_BYTES && (got = g_mime_stream_read (filtered, block, sizeof block)) > 0)
		g_byte_array_append (bytes, (const guint8 *)block, (guint)got);
	if (bytes->len >= NX_LIMIT_TEXT_BYTES) {
		/* Half a character at the end would make another charset of the whole text. */
		guint length = NX_LIMIT_TEXT_BYTES;
		while (length > NX_LIMIT_TEXT_BYTES - 4 && (bytes->data[length - 1] & 0xC0) == 0x80)
			length--;
		length -= bytes->data[length - 1] >= 0xC0;
		g_byte_array_set_size (bytes, length);
	}
	return bytes;
}

static char *
remove_returns (char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++)
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
	return text;
}

/* HTML ends with a tag or a line: where it does not, its encoding was cut in the middle of a word, maybe of an address.
 */
static void
drop_half_word (char *html)
{
	gsize length = strlen (html);
	if (length == 0 || strchr ("\n>", html[length - 1]) != NULL)
		return;
	while (length > 0 && !g_ascii_isspace (html[length - 1]) && html[length - 1] != '>')
		length--;
	html[length] = '\0';
}

char *
nx_message_dup_part_text (const NxMessage *message, guint index)
{
	const Node *node = get_node (message, index);
	if (node == NULL || !GMIME_IS_PART (node->object))
		return g_strdup ("");
	g_autoptr (GByteArray) bytes = read_content (node->object);
	const char *charset = nx_message_get_part_parameter (message, index, "charset");
	g_autofree char *text = nx_text_to_utf8 ((const char *)bytes->data, bytes->len, charset);
	remove_returns (text);
	/* The last part of a mail that was cut: a decoded line without its end is half a line. */
	gsize length = strlen (text);
	if (message->prescan->open && index + 1 == message->nodes->len && length > 0 && text[length - 1] != '\n') {
		char *newline = strrchr (text, '\n');
		text[newline != NULL ? newline + 1 - text : 0] = '\0';
	}
	if (strcmp (node->part.type, "text/html") != 0)
		return g_steal_pointer (&text);
	if (message->nodes->len == 1)
		drop_half_word (text); /* no boundary shows that all of it came */
	return nx_html_to_text (text);
}

NxHeaders *
nx_message_read_part_headers (const NxMessage *message, guint index)
{
	static const char *const types[] = {
		"text/rfc822-headers", "message/global-headers", "message/rfc822",
		"message/global",      "text/rfc822-header",     "message/rfc822-headers"
	};
	const Node *node = get_node (message, index);
	if (node == NULL)
		return NULL;
	if (GMIME_IS_MESSAGE_PART (node->object)) {
		GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (node->object));
		g_autofree char *text = inner != NULL ? g_mime_object_get_headers (GMIME_OBJECT (inner), NULL) : NULL;
		return nx_headers_parse (text != NULL ? text : "", FALSE, NULL);
	}
	for (guint i = 0; i < G_N_ELEMENTS (types); i++)
		if (strcmp (node->part.type, types[i]) == 0) {
			g_autofree char *text = nx_message_dup_part_text (message, index);
			return nx_headers_parse (text, FALSE, NULL);
		}
	return NULL;
}
