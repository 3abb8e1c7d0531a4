/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * anonymizer.c: finds people and places in text, and keeps the table of their stand-ins. See anonymizer.h.
 *
 * Names under RFC 2606's .example and addresses of RFC 5737 and RFC 3849 stand for what was there. It knows what nixie
 * knows of addresses (nixie/address.h), hosts by their shape, and people by the headers that name them; somebody whom
 * only a sentence names stays, so a person has to read what comes out.
 */
#include "output/anonymizer.h"

#include "base/text.h"
#include "output/vocabulary.h"

#include <nixie/address.h>

#include <arpa/inet.h>
#include <string.h>

/* A word of a mail that is replaced wherever it stands; a token that is taken for somebody's id; a telephone number. */
#define WORD_MIN_CHARS 3
#define ID_MIN_BYTES 6
#define ID_MIN_CHANGES 3
#define NUMBER_MIN_DIGITS 9
#define PHONE_MIN_DIGITS 8

/* RFC 1035 2.3.4; "0000:…:255.255.255.255"; letters that are looked for in every line. */
#define HOST_MAX_BYTES 255
#define IP_MAX_BYTES 45
#define SUBJECTS_MAX 64

/* What is replaced, and by what. */
typedef enum {
	THING_USER,
	THING_HOST,
	THING_DOMAIN,
	THING_ID,
	THING_MESSAGE,
	THING_PERSON,
	THING_SUBJECT,
	THING_BOUNDARY,
	THING_NUMBER,
	THING_IPV4,
	THING_IPV6,
	THING_COUNT,
} Thing;

static const struct {
	const char *before;
	const char *after;
} forms[] = {
	[THING_USER] = { "user", "" },
	[THING_HOST] = { "host", "" },
	[THING_DOMAIN] = { "domain", ".example" },
	[THING_ID] = { "ID", "X" },
	[THING_MESSAGE] = { "message", "" },
	[THING_PERSON] = { "Person ", "" },
	[THING_SUBJECT] = { "Subject ", "" },
	[THING_BOUNDARY] = { "boundary-", "" },
	[THING_NUMBER] = { "1000", "000" },
	[THING_IPV4] = { "192.0.2.", "" },
	[THING_IPV6] = { "2001:db8::", "" },
};

struct _NxAnonymizer {
	GHashTable *stand_ins; /* "thing:key" to the text that stands for it */
	GHashTable *words;     /* a word in any text, case folded, to what stands for it; borrowed from stand_ins */
	GHashTable *ids;       /* keys of addresses that are Message-IDs */
	GPtrArray *subjects;   /* of the returned letters */
	guint next[THING_COUNT];
};

/* The highest number behind @before in the source, so that no stand-in is somebody's already. */
static guint
find_highest (const char *source, const char *before)
{
	guint highest = 0;
	for (const char *p = strcasestr (source, before); p != NULL; p = strcasestr (p, before)) {
		p += strlen (before);
		gsize digits = strspn (p, "0123456789");
		if (digits > 0 && digits < 5)
			highest = MAX (highest, (guint)g_ascii_strtoull (p, NULL, 10));
	}
	return highest;
}

NxAnonymizer *
nx_anonymizer_new (const char *source)
{
	NxAnonymizer *anonymizer = g_new0 (NxAnonymizer, 1);
	anonymizer->stand_ins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
	anonymizer->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	anonymizer->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	anonymizer->subjects = g_ptr_array_new_with_free_func (g_free);
	for (guint i = 0; i < THING_COUNT; i++)
		anonymizer->next[i] = find_highest (source, forms[i].before) + 1;
	return anonymizer;
}

void
nx_anonymizer_free (NxAnonymizer *anonymizer)
{
	if (anonymizer == NULL)
		return;
	g_hash_table_unref (anonymizer->words);
	g_hash_table_unref (anonymizer->ids);
	g_hash_table_unref (anonymizer->stand_ins);
	g_ptr_array_unref (anonymizer->subjects);
	g_free (anonymizer);
}

/* The documentation networks one behind the other; the last one is used up to its end and beyond it never. */
static char *
make_ipv4 (guint number)
{
	static const char *const networks[] = { "192.0.2", "198.51.100", "203.0.113" };
	guint network = MIN ((number - 1) / 254, G_N_ELEMENTS (networks) - 1);
	return g_strdup_printf ("%s.%u", networks[network], (number - 1) % 254 + 1);
}

static const char *
get_stand_in (NxAnonymizer *anonymizer, Thing thing, const char *what)
{
	g_autofree char *key = g_strdup_printf ("%d:%s", (int)thing, what);
	const char *known = g_hash_table_lookup (anonymizer->stand_ins, key);
	if (known != NULL)
		return known;
	guint number = anonymizer->next[thing]++;
	char *made = thing == THING_IPV4 ? make_ipv4 (number)
					 : g_strdup_printf ("%s%u%s", forms[thing].before, number, forms[thing].after);
	g_hash_table_insert (anonymizer->stand_ins, g_steal_pointer (&key), made);
	return made;
}

/* From now on @word is replaced in free text too, unless servers use it. */
static void
add_word (NxAnonymizer *anonymizer, const char *word, const char *stand_in)
{
	g_autofree char *match = nx_text_make_match (word);
	if (g_utf8_strlen (word, -1) < WORD_MIN_CHARS || nx_vocabulary_knows (match))
		return;
	g_hash_table_replace (anonymizer->words, g_utf8_casefold (word, -1), (gpointer)(guintptr)stand_in);
}

const char *
nx_anonymizer_map_id (NxAnonymizer *anonymizer, const char *id)
{
	return get_stand_in (anonymizer, THING_ID, id);
}

const char *
nx_anonymizer_map_boundary (NxAnonymizer *anonymizer, const char *boundary)
{
	return get_stand_in (anonymizer, THING_BOUNDARY, boundary);
}

const char *
nx_anonymizer_map_person (NxAnonymizer *anonymizer, const char *name)
{
	g_autofree char *key = g_utf8_casefold (name, -1);
	const char *stand_in = get_stand_in (anonymizer, THING_PERSON, key);
	g_auto (GStrv) words = g_strsplit_set (name, " \t,.'\"()<>/|", -1);
	for (guint i = 0; words[i] != NULL; i++)
		add_word (anonymizer, words[i], "Person");
	return stand_in;
}

const char *
nx_anonymizer_map_subject (NxAnonymizer *anonymizer, const char *subject)
{
	if (!nx_vocabulary_knows (subject) &&
	    !g_ptr_array_find_with_equal_func (anonymizer->subjects, subject, g_str_equal, NULL))
		g_ptr_array_add (anonymizer->subjects, g_strdup (subject));
	return get_stand_in (anonymizer, THING_SUBJECT, subject);
}

/* ---- hosts ---- */

/* "co.uk": a name below which names are registered. */
static gboolean
is_public_suffix (const char *second, const char *top)
{
	static const char *const seconds[] = { "co", "com", "org", "net", "ac",  "edu", "gov",  "gob", "or",
					       "ne", "go",  "ad",  "ed",  "ltd", "plc", "govt", "mil", "nom" };
	if (strlen (top) != 2)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
		if (strcmp (second, seconds[i]) == 0)
			return TRUE;
	return FALSE;
}

static char *
map_ip (NxAnonymizer *anonymizer, const char *text)
{
	guchar binary[16];
	gboolean v4 = inet_pton (AF_INET, text, binary) == 1;
	if (v4 && binary[0] == 127)
		return g_strdup (text);
	if (v4)
		return g_strdup (get_stand_in (anonymizer, THING_IPV4, text));
	if (strchr (text, ':') != NULL && inet_pton (AF_INET6, text, binary) == 1) {
		g_autofree char *key = g_ascii_strdown (text, -1);
		return g_strdup (strcmp (text, "::1") == 0 ? text : get_stand_in (anonymizer, THING_IPV6, key));
	}
	return NULL;
}

/* Label by label from the right, so that what lies within a domain still does. */
static char *
map_labels (NxAnonymizer *anonymizer, char **labels, guint from, guint count)
{
	g_autofree char *name = g_strjoinv (".", labels + from);
	gboolean base =
		count - from == 2 || (count - from == 3 && is_public_suffix (labels[from + 1], labels[from + 2]));
	if (base)
		return g_strdup (get_stand_in (anonymizer, THING_DOMAIN, name));
	if (count - from < 2) /* a host without a domain */
		return g_strdup (get_stand_in (anonymizer, THING_HOST, name));
	g_autofree char *rest = map_labels (anonymizer, labels, from + 1, count);
	return g_strconcat (get_stand_in (anonymizer, THING_HOST, name), ".", rest, NULL);
}

char *
nx_anonymizer_map_host (NxAnonymizer *anonymizer, const char *host)
{
	char *ip = map_ip (anonymizer, host);
	if (ip != NULL || *host == '\0')
		return ip != NULL ? ip : g_strdup ("");
	if (strlen (host) > HOST_MAX_BYTES)
		return g_strdup (get_stand_in (anonymizer, THING_HOST, host));
	if (*host == '[') {
		g_autofree char *inner = g_strndup (host + 1, strcspn (host + 1, "]"));
		const char *bare = g_ascii_strncasecmp (inner, "ipv6:", 5) == 0 ? inner + 5 : inner;
		g_autofree char *mapped = nx_anonymizer_map_host (anonymizer, bare);
		return g_strconcat (bare != inner ? "[IPv6:" : "[", mapped, "]", NULL);
	}
	g_autofree char *probe = g_strconcat ("x@", host, NULL);
	g_autofree char *key = nx_address_make_key (probe); /* A-labels, lower case */
	g_auto (GStrv) labels = g_strsplit (g_str_has_prefix (key, "x@") ? key + 2 : key, ".", -1);
	guint count = g_strv_length (labels);
	if (count > 0 && strcmp (labels[0], "localhost") == 0)
		return g_strdup (host);
	if (count == 1 && !nx_vocabulary_has_word (labels[0]))
		add_word (anonymizer, labels[0], get_stand_in (anonymizer, THING_HOST, labels[0]));
	return map_labels (anonymizer, labels, 0, count);
}

/* A dotted token that is a host's name, and no sentence without a blank behind its dot, and no word of servers. */
static gboolean
is_host (const char *token)
{
	const char *last = strrchr (token, '.');
	if (last == NULL || strstr (token, "..") != NULL || *token == '.' || strlen (last) < 3)
		return FALSE;
	gboolean lower = FALSE, upper = FALSE;
	gboolean encoded = g_ascii_strncasecmp (last + 1, "xn--", 4) == 0;
	for (const char *p = last + 1; *p != '\0' && !encoded; p++) {
		if (g_ascii_isdigit (*p) || *p == '-' || *p == '_')
			return FALSE;
		lower = lower || g_ascii_islower (*p);
		upper = upper || g_ascii_isupper (*p);
	}
	if (lower && upper)
		return FALSE;
	static const char *const tops[] = { "com", "net", "org", "edu", "gov", "info", "biz", "example" };
	g_autofree char *match = nx_text_make_match (token);
	gboolean common = strlen (last + 1) == 2;
	for (guint i = 0; i < G_N_ELEMENTS (tops); i++)
		common = common || g_ascii_strcasecmp (last + 1, tops[i]) == 0;
	return common || !nx_vocabulary_has_word (match);
}

/* ---- addresses ---- */

/* Parts of return paths that say what they are, not whose. */
static gboolean
is_machinery (const char *piece)
{
	static const char *const names[] = { "bounces", "bounce",    "return",      "owner", "request",
					     "errors",  "admin",     "verp",        "prvs",  "srs0",
					     "srs1",    "btv1",      "noreply",     "reply", "leave",
					     "join",    "subscribe", "unsubscribe", "no" };
	for (guint i = 0; i < G_N_ELEMENTS (names); i++)
		if (g_ascii_strcasecmp (piece, names[i]) == 0)
			return TRUE;
	return strlen (piece) <= 5 && strspn (piece, "0123456789") == strlen (piece);
}

static void
append_piece (NxAnonymizer *anonymizer, GString *out, const char *piece, gboolean whole)
{
	/* "anna==a==reader.example" is how Sympa writes it. */
	gboolean sympa = strcmp (piece, "a") == 0 && g_str_has_suffix (out->str, "==");
	if (sympa || (!whole && is_machinery (piece))) {
		g_string_append (out, piece);
		return;
	}
	g_autofree char *key = g_utf8_casefold (piece, -1);
	const char *stand_in = get_stand_in (anonymizer, THING_USER, key);
	add_word (anonymizer, piece, stand_in);
	g_string_append (out, stand_in);
}

/* "news-bounces+anna=reader.example": each of its parts; behind "=" there may be a domain. */
static char *
map_local (NxAnonymizer *anonymizer, const char *local)
{
	GString *out = g_string_new (NULL);
	const char *const delimiters = "+=-#%/!&~\"\\ ";
	const char *p = local;
	while (*p != '\0') {
		gsize length = strcspn (p, "+=#%/!&~\"\\ ");
		g_autofree char *run = g_strndup (p, length);
		if (p > local && p[-1] == '=' && is_host (run)) {
			g_autofree char *host = nx_anonymizer_map_host (anonymizer, run);
			g_string_append (out, host);
			p += length;
			continue;
		}
		length = strcspn (p, delimiters);
		if (length == 0) {
			g_string_append_c (out, *p++);
			continue;
		}
		g_autofree char *piece = g_strndup (p, length);
		append_piece (anonymizer, out, piece, p == local && p[length] == '\0');
		p += length;
	}
	if (strpbrk (local, "+=") == NULL)
		add_word (anonymizer, local, get_stand_in (anonymizer, THING_USER, local));
	return g_string_free (out, FALSE);
}

/* "mailer-daemon" names nobody; "news-bounces+anna=reader.example" and "news-owner" do. */
static gboolean
is_role (const char *address, const char *local)
{
	static const char *const marks[] = {
		"-bounce", "-return", "-owner", "-request", "-errors", "owner-", "bounce"
	};
	if (!nx_address_is_role (address) || strpbrk (local, "+=") != NULL)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
		if (strlen (local) > strlen (marks[i]) + 2 && strcasestr (local, marks[i]) != NULL)
			return FALSE;
	return TRUE;
}

/* "a+2Btag" carries "a+tag" (RFC 3461 4): the same reader must not get two stand-ins. */
static gboolean
is_xtext (const char *local)
{
	g_autofree char *decoded = nx_address_decode_xtext (local);
	return strcmp (decoded, local) != 0 && (strstr (local, "+2B") != NULL || strstr (local, "+3D") != NULL);
}

char *
nx_anonymizer_map_address (NxAnonymizer *anonymizer, const char *address)
{
	g_autofree char *plain = nx_address_decode_utf8 (address);
	g_autofree char *key = nx_address_make_key (plain);
	const char *at = strrchr (plain, '@');
	if (at == NULL)
		return g_strdup (get_stand_in (anonymizer, THING_USER, key));
	g_autofree char *local = g_strndup (plain, (gsize)(at - plain));
	g_autofree char *host = nx_anonymizer_map_host (anonymizer, at + 1);
	g_autofree char *mapped = NULL;
	if (g_hash_table_contains (anonymizer->ids, key))
		mapped = g_strdup (get_stand_in (anonymizer, THING_MESSAGE, local));
	else if (is_role (plain, local))
		mapped = g_strdup (local);
	else if (is_xtext (local)) {
		g_autofree char *decoded = nx_address_decode_xtext (local);
		g_autofree char *replaced = map_local (anonymizer, decoded);
		mapped = nx_address_encode_xtext (replaced);
	} else
		mapped = map_local (anonymizer, local);
	return g_strconcat (mapped, "@", host, NULL);
}

char *
nx_anonymizer_map_message_id (NxAnonymizer *anonymizer, const char *id)
{
	g_autofree char *inner = g_strndup (id + (*id == '<'), strcspn (id + (*id == '<'), ">"));
	const char *at = strrchr (inner, '@');
	g_autofree char *host = at != NULL ? nx_anonymizer_map_host (anonymizer, at + 1) : NULL;
	g_autofree char *left = at != NULL ? g_strndup (inner, (gsize)(at - inner)) : g_strdup (inner);
	if (at != NULL)
		g_hash_table_add (anonymizer->ids, nx_address_make_key (inner));
	return g_strdup_printf ("<%s%s%s>", get_stand_in (anonymizer, THING_MESSAGE, left), at != NULL ? "@" : "",
				host != NULL ? host : "");
}

/* ---- free text ---- */

/* Letters and digits in turn, as no word has them: a queue id, a token. */
static gboolean
is_id (const char *token)
{
	guint changes = 0;
	gsize length = strlen (token);
	for (gsize i = 1; i < length; i++)
		if ((g_ascii_isdigit (token[i]) && g_ascii_isalpha (token[i - 1])) ||
		    (g_ascii_isalpha (token[i]) && g_ascii_isdigit (token[i - 1])))
			changes++;
	if (length < ID_MIN_BYTES || changes < ID_MIN_CHANGES)
		return FALSE;
	return !nx_vocabulary_knows (token);
}

static const char *
find_word (const NxAnonymizer *anonymizer, const char *word)
{
	g_autofree char *key = g_utf8_casefold (word, -1);
	return g_hash_table_lookup (anonymizer->words, key);
}

static void
append_piece_of_token (NxAnonymizer *anonymizer, GString *out, const char *piece)
{
	const char *stand_in = find_word (anonymizer, piece);
	gboolean number = strspn (piece, "0123456789") == strlen (piece);
	if (stand_in == NULL && is_id (piece))
		stand_in = get_stand_in (anonymizer, THING_ID, piece);
	else if (stand_in == NULL && number && strlen (piece) >= NUMBER_MIN_DIGITS)
		stand_in = get_stand_in (anonymizer, THING_NUMBER, piece);
	g_string_append (out, stand_in != NULL ? stand_in : piece);
}

/* A run of letters, digits, and ".-_" between them. */
static void
append_token (NxAnonymizer *anonymizer, GString *out, const char *token)
{
	const char *stand_in = find_word (anonymizer, token);
	if (stand_in != NULL) {
		g_string_append (out, stand_in);
		return;
	}
	g_autofree char *host =
		is_host (token) ? nx_anonymizer_map_host (anonymizer, token) : map_ip (anonymizer, token);
	if (host != NULL) {
		g_string_append (out, host);
		return;
	}
	for (const char *p = token; *p != '\0';) {
		gsize length = strcspn (p, ".-_");
		g_autofree char *piece = g_strndup (p, length);
		append_piece_of_token (anonymizer, out, piece);
		p += length;
		if (*p != '\0')
			g_string_append_c (out, *p++);
	}
}

/* Each of these takes something at @p. Returns: how many bytes; 0 when it is not there. */

static gsize
take_url (NxAnonymizer *anonymizer, GString *out, const char *p)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://" };
	gsize scheme = 0;
	for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
		if (g_ascii_strncasecmp (p, schemes[i], strlen (schemes[i])) == 0)
			scheme = strlen (schemes[i]);
	if (scheme == 0)
		return 0;
	gsize host_length = strcspn (p + scheme, "/:?#\"'<>)] \t\n\\");
	gsize length = scheme + host_length + strcspn (p + scheme + host_length, "\"'<>)] \t\n\\");
	g_autofree char *host = g_strndup (p + scheme, host_length);
	g_autofree char *mapped = nx_anonymizer_map_host (anonymizer, host);
	g_autofree char *path = g_strndup (p + scheme + host_length, length - scheme - host_length);
	g_string_append_len (out, p, (gssize)scheme);
	g_string_append (out, mapped);
	g_string_append (out, nx_vocabulary_knows (path) ? path : "/");
	return length;
}

static gsize
take_ip (NxAnonymizer *anonymizer, GString *out, const char *p)
{
	gsize length = 0;
	while (length <= IP_MAX_BYTES && p[length] != '\0' && strchr ("0123456789abcdefABCDEF:.", p[length]) != NULL)
		length++;
	while (length > 0 && (p[length - 1] == '.' || (p[length - 1] == ':' && p[length] != ':')))
		length--;
	if (length < 3 || nx_vocabulary_is_word_char (g_utf8_get_char (p + length)))
		return 0;
	g_autofree char *token = g_strndup (p, length);
	g_autofree char *mapped = map_ip (anonymizer, token);
	if (mapped == NULL)
		return 0;
	g_string_append (out, mapped);
	return length;
}

static gsize
take_phone (GString *out, const char *p)
{
	gsize length = *p == '+' ? 1 + strspn (p + 1, "0123456789 -()/.") : 0;
	guint digits = 0;
	for (gsize i = 0; i < length; i++)
		digits += g_ascii_isdigit (p[i]);
	while (length > 0 && !g_ascii_isdigit (p[length - 1]))
		length--;
	if (digits < PHONE_MIN_DIGITS)
		return 0;
	g_string_append (out, "+1 555 0100");
	return length;
}

/* "/O=FIRM/OU=TOWN/CN=ANNA": who somebody is in an X.500 directory. */
static gsize
take_x500 (GString *out, const char *p)
{
	if (g_ascii_strncasecmp (p, "/o=", 3) != 0 && g_ascii_strncasecmp (p, "/cn=", 4) != 0)
		return 0;
	g_string_append (out, "/o=org/cn=user");
	return strcspn (p, ">;,\"'\n)");
}

/* "subject": "…" in the JSON of a notification, which may stand in JSON itself. */
static gsize
take_json_subject (NxAnonymizer *anonymizer, GString *out, const char *p)
{
	if (g_ascii_strncasecmp (p, "\"subject", 8) != 0)
		return 0;
	gsize head = 8 + strspn (p + 8, "\\\": ");
	gsize length = strcspn (p + head, "\"\\");
	if (head < 11 || length == 0)
		return 0;
	g_autofree char *subject = g_strndup (p + head, length);
	g_string_append_len (out, p, (gssize)head);
	g_string_append (out, nx_anonymizer_map_subject (anonymizer, subject));
	return head + length;
}

static gsize
take_token (NxAnonymizer *anonymizer, GString *out, const char *p)
{
	const char *end = p;
	while (nx_vocabulary_is_word_char (g_utf8_get_char (end)) ||
	       (end > p && strchr (".-_", *end) != NULL && *end != '\0' &&
		nx_vocabulary_is_word_char (g_utf8_get_char (end + 1))))
		end += g_utf8_skip[(guchar)*end];
	if (end == p)
		return 0;
	g_autofree char *token = g_strndup (p, (gsize)(end - p));
	append_token (anonymizer, out, token);
	return (gsize)(end - p);
}

/* Text without an address in it. */
static void
rewrite_gap (NxAnonymizer *anonymizer, GString *out, const char *text)
{
	for (const char *p = text; *p != '\0';) {
		gsize length = take_url (anonymizer, out, p);
		if (length == 0)
			length = take_ip (anonymizer, out, p);
		if (length == 0)
			length = take_phone (out, p);
		if (length == 0)
			length = take_x500 (out, p);
		if (length == 0)
			length = take_json_subject (anonymizer, out, p);
		if (length == 0)
			length = take_token (anonymizer, out, p);
		if (length == 0) {
			length = (gsize)(nx_text_skip_char (p) - p);
			g_string_append_len (out, p, (gssize)length);
		}
		p += length;
	}
}

static char *
replace_subjects (NxAnonymizer *anonymizer, const char *text)
{
	char *replaced = g_strdup (text);
	for (guint i = 0; i < anonymizer->subjects->len; i++) {
		const char *subject = g_ptr_array_index (anonymizer->subjects, i);
		if (strstr (replaced, subject) == NULL)
			continue;
		g_auto (GStrv) pieces = g_strsplit (replaced, subject, -1);
		g_free (replaced);
		replaced = g_strjoinv (get_stand_in (anonymizer, THING_SUBJECT, subject), pieces);
	}
	return replaced;
}

/* "Anna Miller <anna@reader.example>": the name at the end of a gap, or NULL. */
static char *
find_name_before (const char *gap)
{
	const char *end = gap + strlen (gap);
	while (end > gap && strchr (" \"\\", end[-1]) != NULL)
		end--;
	const char *start = end;
	while (start > gap && strchr ("\"':,;([{<>\n\t=", start[-1]) == NULL)
		start--;
	g_autofree char *name = g_strstrip (g_strndup (start, (gsize)(end - start)));
	g_auto (GStrv) words = g_strsplit (name, " ", -1);
	guint count = g_strv_length (words);
	for (guint i = 0; i < count; i++)
		if (!g_unichar_isupper (g_utf8_get_char (words[i])) || nx_vocabulary_knows (words[i]))
			return NULL;
	return count == 2 || count == 3 ? g_steal_pointer (&name) : NULL;
}

char *
nx_anonymizer_rewrite (NxAnonymizer *anonymizer, const char *text)
{
	g_autofree char *plain = replace_subjects (anonymizer, text);
	GString *out = g_string_sized_new (strlen (plain));
	const char *p = plain;
	const char *start = NULL;
	const char *end = NULL;
	while (TRUE) {
		g_autofree char *address = nx_address_find (p, &start, &end);
		if (address == NULL)
			break;
		g_autofree char *gap = g_strndup (p, (gsize)(start - p));
		g_autofree char *mapped = nx_anonymizer_map_address (anonymizer, address);
		g_autofree char *name = *start == '<' ? find_name_before (gap) : NULL;
		if (name != NULL)
			nx_anonymizer_map_person (anonymizer, name);
		rewrite_gap (anonymizer, out, gap);
		g_string_append_printf (out, *start == '<' ? "<%s>" : "%s", mapped);
		p = end;
	}
	rewrite_gap (anonymizer, out, p);
	return g_string_free (out, FALSE);
}

char *
nx_anonymizer_rewrite_subject (NxAnonymizer *anonymizer, const char *subject)
{
	g_autofree char *rewritten = nx_anonymizer_rewrite (anonymizer, subject);
	g_auto (GStrv) words = g_strsplit (rewritten, " ", -1);
	GString *out = g_string_new (NULL);
	gboolean dropped = FALSE;
	for (guint i = 0; words[i] != NULL; i++) {
		gboolean made = strstr (words[i], ".example") != NULL || strcmp (words[i], "Person") == 0 ||
				strcmp (words[i], "Subject") == 0;
		if (made || nx_vocabulary_knows (words[i])) {
			g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", words[i]);
			dropped = FALSE;
		} else if (!dropped) {
			g_string_append_printf (out, "%sxxx", out->len > 0 ? " " : "");
			dropped = TRUE;
		}
	}
	return g_string_free (out, FALSE);
}
