/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * message.c: a mail as a flat list of parts with decoded texts. See nixie/message.h and mime/part.h. RFC 2045, RFC
 * 2046, RFC 2183.
 *
 * The parts are those that prescan.c has seen; GMime reads what stands in a header and decodes what stands in a part.
 * Nothing of GMime is seen outside of src/mime.
 */
#include "mime/part.h"

#include "base/limits.h"
#include "base/text.h"
#include "mime/html.h"
#include "mime/prescan.h"
#include "mime/ptr.h"

#include <nettle/sha2.h>
#include <string.h>

/* A header, decoded. */
typedef struct {
	char *name;
	char *text;
	char *match; /* NULL until somebody asks */
} Value;

struct _NxMessage {
	NxPrescan *prescan;
	GArray *parts;    /* of NxPart, by the numbers of the outline */
	GPtrArray *texts; /* by part: its decoded text, NULL until somebody asked */
	NxHeaders *headers;
	GHashTable *values; /* name, in any case, to Value */
	char *fingerprint;
	gint64 date;
	char *defects;
};

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
add_parts (NxMessage *message)
{
	const NxOutline *outline = message->prescan->outline;
	message->parts = g_array_new (FALSE, TRUE, sizeof (NxPart));
	for (guint i = 0; i < nx_outline_get_count (outline); i++) {
		const NxOutlinePart *source = nx_outline_get_part (outline, i);
		NxPart part = { .type = nx_content_type_get_name (source->type), .parent = source->parent };
		if (part.parent != NX_PART_NONE)
			part.enclosed = g_array_index (message->parts, NxPart, part.parent).enclosed ||
					nx_outline_get_part (outline, part.parent)->kind == NX_OUTLINE_MESSAGE;
		g_array_append_val (message->parts, part);
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
append_body (GString *out, const char *body)
{
	gsize left = NX_LIMIT_FINGERPRINT_BYTES;
	while (*body != '\0' && left > 0) {
		const char *end = strchrnul (body, '\n');
		const char *line = body;
		gsize bare = (gsize)(end - body);
		body = end + (*end == '\n');
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
		g_string_append_len (out, line, (gssize)bare);
		g_string_append_c (out, '\n');
		left -= bare;
	}
}

static char *
make_fingerprint (const NxMessage *message)
{
	static const char *const names[] = { "Message-ID", "Date", "From", "Subject", "To" };
	g_autoptr (GString) text = g_string_sized_new (2048);
	for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
		const char *value = nx_headers_get (message->headers, names[i]);
		for (const char *p = value != NULL ? value : ""; *p != '\0'; p++)
			if (!g_ascii_isspace (*p))
				g_string_append_c (text, *p);
		g_string_append_c (text, '\n');
	}
	append_body (text, message->prescan->bytes->str + message->prescan->body);
	struct sha256_ctx context;
	guint8 digest[16];
	sha256_init (&context);
	sha256_update (&context, text->len, (const guint8 *)text->str);
	sha256_digest (&context, sizeof digest, digest);
	char *hex = g_malloc (2 * sizeof digest + 1);
	for (gsize i = 0; i < sizeof digest; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	hex[2 * sizeof digest] = '\0';
	return hex;
}

NxMessage *
nx_message_new (const char *data, gsize length)
{
	NxMessage *message = g_new0 (NxMessage, 1);
	message->prescan = nx_prescan_new (data, length);
	message->defects = g_strdup (message->prescan->defects);
	const GString *bytes = message->prescan->bytes;
	add_parts (message);
	message->texts = g_ptr_array_new_with_free_func (g_free);
	g_ptr_array_set_size (message->texts, (gint)message->parts->len);
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
	g_array_unref (message->parts);
	g_ptr_array_unref (message->texts);
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
	return message->parts->len;
}

const NxPart *
nx_message_get_part (const NxMessage *message, guint index)
{
	return index < message->parts->len ? &g_array_index (message->parts, NxPart, index) : NULL;
}

guint
nx_message_find_part (const NxMessage *message, const char *type)
{
	for (guint i = 0; i < message->parts->len; i++) {
		const NxPart *part = nx_message_get_part (message, i);
		if (!part->enclosed && strcmp (part->type, type) == 0)
			return i;
	}
	return NX_PART_NONE;
}

static const NxOutlinePart *
get_outline (const NxMessage *message, guint index)
{
	return index < message->parts->len ? nx_outline_get_part (message->prescan->outline, index) : NULL;
}

const char *
nx_message_get_part_parameter (const NxMessage *message, guint index, const char *name)
{
	const NxOutlinePart *part = get_outline (message, index);
	return part != NULL ? nx_content_type_get_parameter (part->type, name) : NULL;
}

/* The header block of a part. For an enclosed message's first part that is the message's own. */
static NxHeaders *
read_block (const NxMessage *message, const NxOutlinePart *part)
{
	g_autofree char *block = g_strndup (message->prescan->bytes->str + part->header, part->body - part->header);
	return nx_headers_parse (block, FALSE, NULL);
}

char *
nx_message_dup_part_header (const NxMessage *message, guint index, const char *name)
{
	const NxOutlinePart *part = get_outline (message, index);
	if (part == NULL)
		return g_strdup ("");
	g_autoptr (NxHeaders) headers = read_block (message, part);
	return nx_headers_dup (headers, name);
}

static GMimeContentEncoding
get_encoding (const NxMessage *message, const NxOutlinePart *part)
{
	g_autoptr (NxHeaders) headers = read_block (message, part);
	const char *value = NULL; /* of several the last counts, as in GMime */
	for (guint i = 0; i < nx_headers_get_count (headers); i++) {
		const NxHeader *field = nx_headers_get_at (headers, i);
		if (g_ascii_strcasecmp (field->name, "Content-Transfer-Encoding") == 0)
			value = field->value;
	}
	return value != NULL ? g_mime_content_encoding_from_string (value) : GMIME_CONTENT_ENCODING_DEFAULT;
}

/* Appends the content, decoded; in steps, so that nothing is decoded in vain. */
static void
decode (GString *text, GMimeContentEncoding encoding, char *bytes, gsize length)
{
	const gsize step = 4096;
	nx_headers_start_gmime ();
	g_autoptr (GMimeFilter) decoder = g_mime_filter_basic_new (encoding, FALSE);
	char *out = NULL;
	gsize out_length = 0;
	gsize before = 0;
	for (gsize at = 0; text->len < NX_LIMIT_TEXT_BYTES && at < length; at += step) {
		g_mime_filter_filter (decoder, bytes + at, MIN (step, length - at), 0, &out, &out_length, &before);
		g_string_append_len (text, out, (gssize)out_length);
	}
	g_mime_filter_complete (decoder, bytes + length, 0, 0, &out, &out_length, &before);
	g_string_append_len (text, out, (gssize)out_length);
}

/* The decoded bytes of a leaf, at most NX_LIMIT_TEXT_BYTES of them. */
static GString *
read_content (const NxMessage *message, const NxOutlinePart *part)
{
	char *bytes = message->prescan->bytes->str + part->body;
	gsize length = part->end - part->body;
	GMimeContentEncoding encoding = get_encoding (message, part);
	GString *text = g_string_sized_new (MIN (length, NX_LIMIT_TEXT_BYTES));
	if (encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	    encoding == GMIME_CONTENT_ENCODING_UUENCODE)
		decode (text, encoding, bytes, length);
	else
		g_string_append_len (text, bytes, (gssize)MIN (length, NX_LIMIT_TEXT_BYTES));
	if (text->len >= NX_LIMIT_TEXT_BYTES) {
		/* Half a character at the end would make another charset of the whole text. */
		gsize end = NX_LIMIT_TEXT_BYTES;
		while (end > NX_LIMIT_TEXT_BYTES - 4 && (text->str[end - 1] & 0xC0) == 0x80)
			end--;
		end -= (guchar)text->str[end - 1] >= 0xC0;
		g_string_truncate (text, end);
	}
	return text;
}

static char *
remove_returns (char *text)
{
	char *to = strchr (text, '\r');
	if (to == NULL)
		return text;
	for (const char *from = to; *from != '\0'; from++)
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

static char *
make_text (const NxMessage *message, guint index)
{
	const NxOutlinePart *part = get_outline (message, index);
	if (part == NULL || part->kind != NX_OUTLINE_LEAF)
		return g_strdup ("");
	g_autoptr (GString) bytes = read_content (message, part);
	const char *charset = nx_message_get_part_parameter (message, index, "charset");
	g_autofree char *text = nx_text_to_utf8 (bytes->str, bytes->len, charset);
	remove_returns (text);
	/* A part that the mail was cut in: a decoded line without its end is half a line. */
	gsize length = strlen (text);
	gboolean is_cut = message->prescan->open && part->end == message->prescan->bytes->len;
	if (is_cut && length > 0 && text[length - 1] != '\n') {
		char *newline = strrchr (text, '\n');
		text[newline != NULL ? newline + 1 - text : 0] = '\0';
	}
	if (strcmp (nx_message_get_part (message, index)->type, "text/html") != 0)
		return g_steal_pointer (&text);
	if (message->parts->len == 1)
		drop_half_word (text); /* no boundary shows that all of it came */
	return nx_html_to_text (text);
}

/* Several readers ask for the same text. A long one is not worth the memory. */
#define KEPT_BYTES 65536

char *
nx_message_dup_part_text (const NxMessage *message, guint index)
{
	if (index >= message->texts->len)
		return g_strdup ("");
	const char *known = g_ptr_array_index (message->texts, index);
	if (known != NULL)
		return g_strdup (known);
	char *text = make_text (message, index);
	if (strlen (text) <= KEPT_BYTES)
		g_ptr_array_index (message->texts, index) = g_strdup (text);
	return text;
}

NxHeaders *
nx_message_read_part_headers (const NxMessage *message, guint index)
{
	static const char *const types[] = {
		"text/rfc822-headers", "message/global-headers", "message/rfc822",
		"message/global",      "text/rfc822-header",     "message/rfc822-headers"
	};
	const NxOutlinePart *part = get_outline (message, index);
	if (part == NULL)
		return NULL;
	if (part->kind == NX_OUTLINE_MESSAGE) {
		const NxOutlinePart *inner = get_outline (message, index + 1);
		return inner != NULL && inner->parent == index ? read_block (message, inner)
							       : nx_headers_parse ("", FALSE, NULL);
	}
	for (guint i = 0; i < G_N_ELEMENTS (types); i++)
		if (strcmp (nx_message_get_part (message, index)->type, types[i]) == 0) {
			g_autofree char *text = nx_message_dup_part_text (message, index);
			return nx_headers_parse (text, FALSE, NULL);
		}
	return NULL;
}
