/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * verp.c: keyed return paths: makes and checks their tokens. See nixie/verp.h for the form.
 *
 * HMAC-SHA256 and the comparison come from nettle. No file is read here and no random number drawn: the caller brings
 * both.
 */
#include <nixie/verp.h>

#include "base/limits.h"
#include "base/text.h"
#include "identity/return-path.h"

#include <nixie/address.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>

/* No i, l, o, u: nobody has to tell them from 1 and 0, and few words come out. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

#define VERSION '1'
#define DAY_AT 2
#define DAY_DIGITS 3
#define DAY_MODULUS 32768
#define LIST_AT 5
#define LIST_DIGITS 2
#define MAC_AT 7
#define MAC_DIGITS (NX_VERP_TOKEN_BYTES - MAC_AT)
#define MAC_ALONE_DIGITS (NX_VERP_TOKEN_ALONE_BYTES - MAC_AT)

/* RFC 5321 4.5.3.1.1 */
#define LOCAL_PART_BYTES 64

#define DAY_SECONDS 86400
/* Clocks differ, and a mail's date may be a day ahead of UTC. */
#define SKEW_DAYS 2

#define SECRET_LEAST_BYTES 16
#define SECRET_MOST_BYTES 64

typedef struct {
	char id;
	guint8 secret[SECRET_MOST_BYTES];
	gsize length;
	gint64 created; /* 0 when the file does not tell */
} Key;

struct _NxVerpKeys {
	Key keys[NX_LIMIT_VERP_KEYS];
	guint count;
	guint max_age_days;
};

G_STATIC_ASSERT (sizeof alphabet - 1 == NX_LIMIT_VERP_KEYS);

static const struct {
	NxVerpResult result;
	const char *name;
	const char *meaning;
} results[] = {
	{ NX_VERP_NONE, "", "It has no keyed token." },
	{ NX_VERP_VALID, "valid", "We made it, for this list and this subscriber." },
	{ NX_VERP_UNKNOWN_KEY, "unknown-key", "It was made with a key that is not in the key file." },
	{ NX_VERP_OTHER_LIST, "other-list", "Its token was not made for this list, or it is made up." },
	{ NX_VERP_FORGED, "forged", "Its token was not made for this subscriber, or it is made up." },
	{ NX_VERP_EXPIRED, "expired", "It is older than the age limit: somebody may have kept it." },
	{ NX_VERP_UNRESOLVED, "unresolved",
	  "Its token fits no subscriber that is known: one who left, or it is made up." },
};

const char *
nx_verp_result_to_string (NxVerpResult result)
{
	for (guint i = 0; i < G_N_ELEMENTS (results); i++)
		if (results[i].result == result)
			return results[i].name;
	return "";
}

const char *
nx_verp_result_get_meaning (NxVerpResult result)
{
	for (guint i = 0; i < G_N_ELEMENTS (results); i++)
		if (results[i].result == result)
			return results[i].meaning;
	return "";
}

/* ---- keys ---- */

static gint64
parse_day (const char *text)
{
	g_autofree char *whole = g_strconcat (text, "T00:00:00Z", NULL);
	g_autoptr (GDateTime) date = strlen (text) == 10 ? g_date_time_new_from_iso8601 (whole, NULL) : NULL;
	return date != NULL ? g_date_time_to_unix (date) : -1;
}

static gboolean
parse_secret (Key *key, const char *hex)
{
	gsize digits = strlen (hex);
	if (digits % 2 != 0 || digits < 2 * SECRET_LEAST_BYTES || digits > 2 * SECRET_MOST_BYTES)
		return FALSE;
	for (gsize i = 0; i < digits; i++) {
		int value = g_ascii_xdigit_value (hex[i]);
		if (value < 0)
			return FALSE;
		key->secret[i / 2] = (guint8)(key->secret[i / 2] << 4 | value);
	}
	key->length = digits / 2;
	return TRUE;
}

static const Key *
find_key (const NxVerpKeys *keys, char id)
{
	for (guint i = 0; i < keys->count; i++)
		if (keys->keys[i].id == id)
			return &keys->keys[i];
	return NULL;
}

/* What is wrong with a line, or NULL. */
static const char *
parse_key (NxVerpKeys *keys, char *line)
{
	g_auto (GStrv) words = g_strsplit (line, " ", 4);
	guint count = g_strv_length (words);
	if (count < 2 || count > 3)
		return "this is no key; write ID HEX-KEY YYYY-MM-DD, or use \"nixie verp key\"";
	if (strlen (words[0]) != 1 || strchr (alphabet, words[0][0]) == NULL)
		return "the id is not one of 0123456789abcdefghjkmnpqrstvwxyz";
	if (find_key (keys, words[0][0]) != NULL)
		return "this id stands above already";
	Key *key = &keys->keys[keys->count];
	key->id = words[0][0];
	gboolean good = parse_secret (key, words[1]);
	explicit_bzero (words[1], strlen (words[1]));
	if (!good)
		return "the key is not 32 to 128 hex digits";
	key->created = count == 3 ? parse_day (words[2]) : 0;
	if (key->created < 0)
		return "the day is no YYYY-MM-DD";
	keys->count++;
	return NULL;
}

static void
wipe (char **lines)
{
	for (; *lines != NULL; lines++)
		explicit_bzero (*lines, strlen (*lines));
}

NxVerpKeys *
nx_verp_keys_new (const char *name, const char *text, GError **error)
{
	g_return_val_if_fail (name != NULL && text != NULL, NULL);
	g_autoptr (NxVerpKeys) keys = g_new0 (NxVerpKeys, 1);
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	const char *wrong = NULL;
	guint number = 0;
	keys->max_age_days = NX_VERP_MAX_AGE_DAYS;
	for (; lines[number] != NULL && wrong == NULL; number++) {
		char *line = g_strstrip (g_strdelimit (lines[number], "\t", ' '));
		if (*line != '\0' && *line != '#')
			wrong = parse_key (keys, line);
	}
	wipe (lines);
	if (wrong == NULL && keys->count == 0)
		wrong = "there is no key; make one with \"nixie verp key\"";
	if (wrong != NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s:%u: %s", name, MAX (number, 1), wrong);
		return NULL;
	}
	return g_steal_pointer (&keys);
}

void
nx_verp_keys_free (NxVerpKeys *keys)
{
	if (keys == NULL)
		return;
	explicit_bzero (keys, sizeof *keys);
	g_free (keys);
}

void
nx_verp_keys_set_max_age (NxVerpKeys *keys, guint days)
{
	g_return_if_fail (keys != NULL);
	keys->max_age_days = days;
}

static void
append_key (GString *text, const Key *key)
{
	g_string_append_printf (text, "%c ", key->id);
	for (gsize i = 0; i < key->length; i++)
		g_string_append_printf (text, "%02x", key->secret[i]);
	if (key->created > 0) {
		g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (key->created);
		g_autofree char *day = g_date_time_format (date, "%Y-%m-%d");
		g_string_append_printf (text, " %s", day);
	}
	g_string_append_c (text, '\n');
}

/* The one behind it took over before the oldest token was made that still counts. */
static gboolean
is_outlived (const NxVerpKeys *keys, guint index, gint64 now)
{
	gint64 age = (gint64)(keys->max_age_days + SKEW_DAYS) * DAY_SECONDS;
	gint64 successor = index + 1 < keys->count ? keys->keys[index + 1].created : 0;
	return successor > 0 && successor < now - age;
}

/* The id behind the last one's, so that an id comes again as late as possible. */
static char
choose_id (const NxVerpKeys *keys)
{
	if (keys == NULL)
		return 'a';
	const char *last = strchr (alphabet, keys->keys[keys->count - 1].id);
	for (guint i = 1; i < NX_LIMIT_VERP_KEYS; i++) {
		char id = alphabet[((guint)(last - alphabet) + i) % NX_LIMIT_VERP_KEYS];
		if (find_key (keys, id) == NULL)
			return id;
	}
	return '\0';
}

char *
nx_verp_keys_rotate (const NxVerpKeys *keys, const guint8 *secret, gint64 now, GError **error)
{
	g_return_val_if_fail (secret != NULL, NULL);
	Key key = { .id = choose_id (keys), .length = NX_VERP_SECRET_BYTES, .created = now };
	if (key.id == '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "there are %d keys already; remove the oldest from the file", NX_LIMIT_VERP_KEYS);
		return NULL;
	}
	g_autoptr (GString) text = g_string_sized_new (4096);
	g_string_append (text,
			 "# Keys of nixie's return paths: whoever reads them can forge bounces. The last one makes\n"
			 "# tokens, all of them open tokens. \"nixie verp key\" adds one.\n");
	for (guint i = 0; keys != NULL && i < keys->count; i++)
		if (!is_outlived (keys, i, now))
			append_key (text, &keys->keys[i]);
	memcpy (key.secret, secret, NX_VERP_SECRET_BYTES);
	append_key (text, &key);
	explicit_bzero (&key, sizeof key);
	return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- tokens ---- */

gsize
nx_verp_measure_digits (const char *text)
{
	return strspn (text, alphabet);
}

void
nx_verp_encode (const guint8 *bytes, guint digits, char *out)
{
	for (guint i = 0; i < digits; i++) {
		guint bit = 5 * i;
		guint low = bit % 8 > 3 ? bytes[bit / 8 + 1] : 0;
		guint pair = (guint)bytes[bit / 8] << 8 | low;
		out[i] = alphabet[pair >> (11 - bit % 8) & 31];
	}
}

static void
encode_day (gint64 day, char *out)
{
	guint value = (guint)(day % DAY_MODULUS);
	for (guint i = 0; i < DAY_DIGITS; i++)
		out[i] = alphabet[value >> 5 * (DAY_DIGITS - 1 - i) & 31];
}

/* The last such day that is not beyond tomorrow or so. */
static gint64
decode_day (const char *digits, gint64 today)
{
	gint64 value = 0;
	for (guint i = 0; i < DAY_DIGITS; i++)
		value = value * 32 + (strchr (alphabet, digits[i]) - alphabet);
	gint64 latest = today + SKEW_DAYS;
	return latest - (latest - value % DAY_MODULUS + DAY_MODULUS) % DAY_MODULUS;
}

gboolean
nx_verp_is_token (const char *text, gsize length)
{
	if (*text != VERSION)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (text[i] == '\0' || strchr (alphabet, g_ascii_tolower (text[i])) == NULL)
			return FALSE;
	return TRUE;
}

/* Each part with its NUL, so that no two lists of parts give the same octets. */
static void
compute_mac (const Key *key, const char *purpose, const char *list, const char *subscriber, gint64 day, guint digits,
	     char *out)
{
	struct hmac_sha256_ctx context;
	guint8 digest[SHA256_DIGEST_SIZE];
	g_autofree char *list_key = nx_address_make_key (list);
	g_autofree char *subscriber_key = nx_address_make_key (subscriber);
	g_autofree char *day_text = g_strdup_printf ("%" G_GINT64_FORMAT, day);
	const char *const parts[] = { "nixie verp 1", purpose, list_key, subscriber_key, day_text };
	hmac_sha256_set_key (&context, key->length, key->secret);
	for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
		hmac_sha256_update (&context, strlen (parts[i]) + 1, (const guint8 *)parts[i]);
	hmac_sha256_digest (&context, sizeof digest, digest);
	nx_verp_encode (digest, digits, out);
	explicit_bzero (&context, sizeof context);
}

static void
compute_list_mac (const Key *key, const char *list, gint64 day, char *out)
{
	compute_mac (key, "list", list, "", day, LIST_DIGITS, out);
}

static void
compute_subscriber_mac (const Key *key, const char *list, const char *subscriber, gint64 day, gboolean alone, char *out)
{
	compute_mac (key, alone ? "alone" : "address", list, subscriber, day, alone ? MAC_ALONE_DIGITS : MAC_DIGITS,
		     out);
}

/* ---- making ---- */

static char *
make_token (const Key *key, const char *list, const char *subscriber, gint64 day, gboolean alone)
{
	char token[NX_VERP_TOKEN_ALONE_BYTES + 1] = { VERSION, key->id };
	encode_day (day, token + DAY_AT);
	compute_list_mac (key, list, day, token + LIST_AT);
	compute_subscriber_mac (key, list, subscriber, day, alone, token + MAC_AT);
	return g_strdup (token);
}

/* Fills the pattern, and reads the result back: what cannot be told afterwards must not be mailed. */
static char *
make_path (const Key *key, const char *list, const char *pattern, const char *subscriber, gint64 day, gboolean alone)
{
	const char *at = strrchr (subscriber, '@');
	g_autofree char *token = make_token (key, list, subscriber, day, alone);
	g_autofree char *user = g_strndup (subscriber, (gsize)(at - subscriber));
	g_autofree char *folded = nx_address_make_key (subscriber);
	if (!alone &&
	    strspn (user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+=-") != strlen (user))
		return NULL;
	g_autofree char *path = nx_return_path_fill_pattern (pattern, token, alone ? NULL : user,
							     alone ? NULL : nx_address_get_domain (folded));
	if (path == NULL || !nx_address_is_valid (path))
		return NULL;
	/* Octets that the list's own address brings are its business, all others are ASCII. */
	g_autoptr (GPtrArray) patterns = g_ptr_array_new ();
	NxReturnPathPattern configured = { g_strdup (list), g_strdup (pattern) };
	if (strchr (list, '@') == NULL)
		g_ptr_array_add (patterns, &configured);
	g_autoptr (NxReturnPath) read = nx_return_path_read (path, patterns);
	gboolean same = nx_address_equal (read->list, list) && strcmp (read->token, token) == 0 &&
			(alone ? *read->recipient == '\0' : nx_address_equal (read->recipient, subscriber));
	g_free (configured.list);
	g_free (configured.pattern);
	return same ? g_steal_pointer (&path) : NULL;
}

static char *
make_either (const Key *key, const char *list, const char *beside, const char *alone, const char *subscriber,
	     gint64 day)
{
	char *path = make_path (key, list, beside, subscriber, day, FALSE);
	return path != NULL ? path : make_path (key, list, alone, subscriber, day, TRUE);
}

char *
nx_verp_make (const NxVerpKeys *keys, const char *list, const char *pattern, const char *subscriber, gint64 now,
	      GError **error)
{
	g_return_val_if_fail (keys != NULL && list != NULL && subscriber != NULL, NULL);
	const Key *key = &keys->keys[keys->count - 1];
	g_autofree char *address = nx_address_is_valid (subscriber) ? nx_address_parse (subscriber) : NULL;
	g_autofree char *path = NULL;
	gint64 day = now / DAY_SECONDS;
	if (address == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "\"%s\" is no address", subscriber);
		return NULL;
	}
	if (pattern != NULL) {
		g_autoptr (NxReturnPathPattern) checked = nx_return_path_pattern_new (list, pattern, error);
		if (checked == NULL)
			return NULL;
		path = make_either (key, list, pattern, pattern, address, day);
	} else if (nx_address_is_valid (list)) {
		const char *domain = nx_address_get_domain (list);
		g_autofree char *local = g_strndup (list, strlen (list) - strlen (domain) - 1);
		g_autofree char *beside = g_strconcat (local, "-bounces+{token}-{user}={domain}@", domain, NULL);
		g_autofree char *alone = g_strconcat (local, "-bounces+{token}@", domain, NULL);
		if (strpbrk (local, "{}\"") == NULL)
			path = make_either (key, list, beside, alone, address, day);
	} else {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA, "\"%s\" is no posting address of a list", list);
		return NULL;
	}
	if (path == NULL)
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "no return path on the list %s can carry %s within %d octets of local part", list,
			     subscriber, LOCAL_PART_BYTES);
	return g_steal_pointer (&path);
}

gboolean
nx_verp_check_pattern (const char *pattern, GError **error)
{
	g_return_val_if_fail (pattern != NULL, FALSE);
	NxReturnPathPattern *checked = nx_return_path_pattern_new ("", pattern, error);
	gboolean good = checked != NULL;
	nx_return_path_pattern_free (checked);
	return good;
}

/* ---- checking ---- */

typedef struct {
	const Key *key;
	const char *list;
	const char *mac;
	gint64 day;
	char *found;
} Trial;

static gboolean
fits (const Key *key, const char *list, const char *subscriber, gint64 day, gboolean alone, const char *mac)
{
	char want[MAC_ALONE_DIGITS];
	compute_subscriber_mac (key, list, subscriber, day, alone, want);
	return memeql_sec (want, mac, alone ? MAC_ALONE_DIGITS : MAC_DIGITS) != 0;
}

static gboolean
try_cb (const char *address, gpointer data)
{
	Trial *trial = data;
	if (trial->found == NULL && nx_address_is_valid (address) &&
	    fits (trial->key, trial->list, address, trial->day, TRUE, trial->mac))
		trial->found = nx_address_parse (address);
	return trial->found != NULL;
}

static NxVerpResult
resolve (Trial *trial, NxReturnPath *path, const GPtrArray *addresses, NxVerpLookupFunc lookup, gpointer user_data)
{
	for (guint i = 0; addresses != NULL && i < addresses->len && trial->found == NULL; i++)
		try_cb (g_ptr_array_index (addresses, i), trial);
	if (trial->found == NULL && lookup != NULL)
		lookup (trial->list, try_cb, trial, user_data);
	if (trial->found == NULL)
		return NX_VERP_UNRESOLVED;
	nx_text_take (&path->recipient, g_steal_pointer (&trial->found));
	return NX_VERP_VALID;
}

void
nx_verp_check (const NxVerpKeys *keys, NxReturnPath *path, gint64 now, const GPtrArray *addresses,
	       NxVerpLookupFunc lookup, gpointer user_data)
{
	gboolean alone = *path->recipient == '\0';
	gsize length = alone ? NX_VERP_TOKEN_ALONE_BYTES : NX_VERP_TOKEN_BYTES;
	path->result = NX_VERP_NONE;
	if (strlen (path->token) != length || !nx_verp_is_token (path->token, length))
		return;
	g_autofree char *token = g_ascii_strdown (path->token, -1);
	const Key *key = find_key (keys, token[1]);
	if (key == NULL) {
		path->result = NX_VERP_UNKNOWN_KEY;
		return;
	}
	char list_mac[LIST_DIGITS];
	gint64 today = now / DAY_SECONDS;
	gint64 day = decode_day (token + DAY_AT, today);
	compute_list_mac (key, path->list, day, list_mac);
	path->date = day * DAY_SECONDS;
	if (memeql_sec (list_mac, token + LIST_AT, LIST_DIGITS) == 0)
		path->result = NX_VERP_OTHER_LIST;
	else if (!alone && !fits (key, path->list, path->recipient, day, FALSE, token + MAC_AT))
		path->result = NX_VERP_FORGED;
	else if (today - day > (gint64)keys->max_age_days)
		path->result = NX_VERP_EXPIRED;
	else if (!alone)
		path->result = NX_VERP_VALID;
	else {
		Trial trial = { .key = key, .list = path->list, .mac = token + MAC_AT, .day = day };
		path->result = resolve (&trial, path, addresses, lookup, user_data);
	}
}

NxReturnPath *
nx_verp_open (const NxVerpKeys *keys, const char *return_path, gint64 now, NxVerpLookupFunc lookup, gpointer user_data)
{
	g_return_val_if_fail (return_path != NULL, NULL);
	NxReturnPath *path = nx_return_path_read (return_path, NULL);
	if (keys != NULL)
		nx_verp_check (keys, path, now, NULL, lookup, user_data);
	return path;
}
