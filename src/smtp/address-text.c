/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address-text.c: the encodings of addresses (RFC 3461 section 4, RFC 6533 section 3) and the key to compare them by.
 *
 * A decoder never loses a character: what is not well encoded stays as it is. What it will not do: tell whether a text
 * was encoded at all; "user+2Btag@x" may be a raw address, and callers that know addresses try both.
 */
#include "smtp/address-text.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>

/* HEXPOINT of RFC 6533 3 has two to six digits. */
#define HEXPOINT_MIN 2
#define HEXPOINT_MAX 6

#define IPV6_TAG "ipv6:"

#define NO_CHAR ((gunichar)-1)

#define CAPITAL_I_WITH_DOT 0x130
#define FINAL_SIGMA "\317\202"
#define SIGMA "\317\203"

gunichar
nx_address_read_char (const char *p)
{
	if ((guchar)*p < 0x80)
		return (guchar)*p;
	gunichar c = g_utf8_get_char_validated (p, -1);
	return c == (gunichar)-2 ? NO_CHAR : c;
}

const char *
nx_address_find_char_before (const char *text, const char *p)
{
	const char *end = p--;
	while (p > text && ((guchar)*p & 0xC0) == 0x80 && end - p < 4)
		p--;
	/* A stray continuation octet stands for itself. */
	gunichar c = nx_address_read_char (p);
	return c != NO_CHAR && nx_text_skip_char (p) == end ? p : end - 1;
}

gboolean
nx_address_is_hidden_char (gunichar c)
{
	if (c < 0x80)
		return c <= ' ' || c == 0x7F;
	if (c == NO_CHAR || g_unichar_isspace (c) || g_unichar_iscntrl (c))
		return TRUE;
	return (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
	       c == 0x200B || c == 0x061C || c == 0xFEFF || c == 0x00AD;
}

static gboolean
is_ascii (const char *text)
{
	for (; *text != '\0'; text++)
		if ((guchar)*text >= 0x80)
			return FALSE;
	return TRUE;
}

/* Character by character: g_utf8_strdown() asks the locale, and in a Turkish one JOINT would be another key. */
char *
nx_address_lower (const char *text)
{
	if (is_ascii (text) || !g_utf8_validate (text, -1, NULL))
		return g_ascii_strdown (text, -1);
	GString *out = g_string_sized_new (strlen (text));
	for (; *text != '\0'; text = nx_text_skip_char (text)) {
		gunichar c = g_utf8_get_char (text);
		if (c == CAPITAL_I_WITH_DOT)
			g_string_append (out, "i\314\207"); /* as Unicode has it where no language is meant */
		else
			g_string_append_unichar (out, g_unichar_tolower (c));
	}
	return g_string_free (out, FALSE);
}

gboolean
nx_address_is_split (const char *text)
{
	text += strspn (text, " \t");
	gsize words = strcspn (text, "<>()[]:;,\"|/\\@");
	return text[words] == '@' && strcspn (text, " \t") < words;
}

/* xtext's hexadecimal digits are upper-case (RFC 3461 4). */
static int
read_xdigit (char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The octet of "+HH" at @p, or -1. */
static int
read_hexchar (const char *p)
{
	if (p[0] != '+' || read_xdigit (p[1]) < 0 || read_xdigit (p[2]) < 0)
		return -1;
	return read_xdigit (p[1]) * 16 + read_xdigit (p[2]);
}

/* Decodes the character that begins with the hexchar at @p; UTF-8 needs several. Returns: how many, 0 for none. */
static guint
read_xtext_char (const char *p, char octets[4])
{
	guint count = 0;
	for (int octet; count < 4 && (octet = read_hexchar (p + 3 * count)) >= 0; count++)
		octets[count] = (char)octet;
	if (count == 0)
		return 0;
	if ((guchar)octets[0] < 0x80)
		return g_ascii_iscntrl (octets[0]) ? 0 : 1;
	gunichar c = g_utf8_get_char_validated (octets, count);
	if (c == (gunichar)-1 || c == (gunichar)-2 || g_unichar_iscntrl (c))
		return 0;
	return (guint)g_unichar_to_utf8 (c, NULL);
}

char *
nx_address_decode_xtext (const char *text)
{
	GString *out = g_string_sized_new (strlen (text));
	while (*text != '\0') {
		char octets[4];
		guint count = read_xtext_char (text, octets);
		if (count == 0)
			g_string_append_c (out, *text++);
		else
			g_string_append_len (out, octets, count);
		text += 3 * count;
	}
	return g_string_free (out, FALSE);
}

char *
nx_address_encode_xtext (const char *text)
{
	GString *out = g_string_sized_new (strlen (text));
	for (; *text != '\0'; text++) {
		guchar c = (guchar)*text;
		if (c <= ' ' || c >= 0x7F || c == '+' || c == '=')
			g_string_append_printf (out, "+%02X", c);
		else
			g_string_append_c (out, *text);
	}
	return g_string_free (out, FALSE);
}

/* Reads "\x{HEX}" at @p. Returns: what follows, or NULL when it is none or stands for what may not be encoded. */
static const char *
read_hexpoint (const char *p, gunichar *c_out)
{
	if (p[0] != '\\' || p[1] != 'x' || p[2] != '{')
		return NULL;
	gunichar c = 0;
	const char *digits = p + 3;
	for (p = digits; g_ascii_isxdigit (*p) && p - digits < HEXPOINT_MAX; p++)
		c = c * 16 + (gunichar)g_ascii_xdigit_value (*p);
	if (*p != '}' || p - digits < HEXPOINT_MIN || !g_unichar_validate (c) || g_unichar_iscntrl (c))
		return NULL;
	*c_out = c;
	return p + 1;
}

char *
nx_address_decode_utf8 (const char *text)
{
	GString *out = g_string_sized_new (strlen (text));
	while (*text != '\0') {
		gunichar c;
		const char *end = read_hexpoint (text, &c);
		if (end == NULL) {
			g_string_append_c (out, *text++);
			continue;
		}
		g_string_append_unichar (out, c);
		text = end;
	}
	return g_string_free (out, FALSE);
}

/* Could the local part stand without quotes? (Dot-string of RFC 5321 4.1.2) */
static gboolean
is_dot_string (const char *local)
{
	if (*local == '\0' || *local == '.' || g_str_has_suffix (local, ".") || strstr (local, "..") != NULL)
		return FALSE;
	for (const char *p = local; *p != '\0'; p++)
		if ((guchar)*p <= ' ' || *p == 0x7F || strchr ("()<>[]:;@\\,\"", *p) != NULL)
			return FALSE;
	return TRUE;
}

/* A quoted local part as shortly as it can be written: "a" as a, "\a b" as "a b". */
static char *
make_plain_local (const char *quoted, gsize length)
{
	GString *content = g_string_sized_new (length);
	for (gsize i = 1; i + 1 < length; i++) {
		if (quoted[i] == '\\' && i + 2 < length)
			i++;
		g_string_append_c (content, quoted[i]);
	}
	if (is_dot_string (content->str))
		return g_string_free (content, FALSE);
	GString *out = g_string_new ("\"");
	for (const char *p = content->str; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c (out, '\\');
		g_string_append_c (out, *p);
	}
	g_string_append_c (out, '"');
	g_string_free (content, TRUE);
	return g_string_free (out, FALSE);
}

static gboolean
is_quoted (const char *local, gsize length)
{
	return length >= 2 && local[0] == '"' && local[length - 1] == '"';
}

/* The local part in NFC, without needless quotes, its case as it is. */
static char *
make_local (const char *local, gsize length)
{
	g_autofree char *plain =
		is_quoted (local, length) ? make_plain_local (local, length) : g_strndup (local, length);
	char *composed = g_utf8_normalize (plain, -1, G_NORMALIZE_NFC);
	return composed != NULL ? composed : g_steal_pointer (&plain);
}

/* Lower case may undo NFC, hence twice. The capital of both sigmas is one and the same. */
static char *
make_local_key (const char *local, gsize length)
{
	g_autofree char *composed = make_local (local, length);
	g_autofree char *lower = nx_address_lower (composed);
	g_autoptr (GString) folded = g_string_new (lower);
	g_string_replace (folded, FINAL_SIGMA, SIGMA, 0);
	char *key = g_utf8_normalize (folded->str, -1, G_NORMALIZE_NFC);
	return key != NULL ? key : g_strdup (folded->str);
}

char *
nx_address_make_case_local (const char *address)
{
	const char *at = strrchr (address, '@');
	return at != NULL ? make_local (address, (gsize)(at - address)) : g_strdup (address);
}

/* Snum of RFC 5321 4.1.3: one to three decimal digits. Returns: what follows, or NULL. */
static const char *
read_snum (const char *p, guint *value_out)
{
	guint value = 0;
	gsize digits = strspn (p, "0123456789");
	if (digits == 0 || digits > 3)
		return NULL;
	for (gsize i = 0; i < digits; i++)
		value = value * 10 + (guint)g_ascii_digit_value (p[i]);
	*value_out = value;
	return value <= 255 ? p + digits : NULL;
}

/* "192.0.2.1" and "192.000.002.001" are one host; inet_pton() takes only the first. */
static char *
make_ipv4_key (const char *text)
{
	guint octets[4];
	for (guint i = 0; i < 4; i++) {
		text = read_snum (text, &octets[i]);
		if (text == NULL || *text != (i < 3 ? '.' : '\0'))
			return NULL;
		text++;
	}
	return g_strdup_printf ("[%u.%u.%u.%u]", octets[0], octets[1], octets[2], octets[3]);
}

/*
 * An address literal (RFC 5321 4.1.3) stands for a number, and an IPv6 address has many spellings (RFC 5952 1). NULL:
 * none, or of a kind that nobody knows.
 */
static char *
make_literal_key (const char *domain)
{
	gsize length = strlen (domain);
	if (length < 2 || domain[0] != '[' || domain[length - 1] != ']')
		return NULL;
	g_autofree char *content = g_strndup (domain + 1, length - 2);
	if (g_ascii_strncasecmp (content, IPV6_TAG, strlen (IPV6_TAG)) != 0)
		return make_ipv4_key (content);
	struct in6_addr number;
	char text[INET6_ADDRSTRLEN];
	if (inet_pton (AF_INET6, content + strlen (IPV6_TAG), &number) != 1 ||
	    inet_ntop (AF_INET6, &number, text, sizeof text) == NULL)
		return NULL;
	return g_strconcat ("[", IPV6_TAG, text, "]", NULL);
}

static void
cut_trailing_dots (char *domain)
{
	gsize length = strlen (domain);
	while (length > 0 && domain[length - 1] == '.')
		domain[--length] = '\0';
}

/* One label as an A-label; what IDNA does not let be a label, in lower case. */
static void
append_label_key (GString *key, const char *label)
{
	char *alabel = NULL;
	if (!is_ascii (label) && idn2_to_ascii_8z (label, &alabel, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK) {
		g_autofree char *lower = g_ascii_strdown (alabel, -1);
		g_string_append (key, lower);
	} else {
		g_autofree char *lower = nx_address_lower (label);
		g_autofree char *composed = g_utf8_normalize (lower, -1, G_NORMALIZE_NFC);
		g_string_append (key, composed != NULL ? composed : lower);
	}
	idn2_free (alabel);
}

/* Label by label: names that the DNS has and IDNA would not let be ("r3---x", "a_b") spoil none beside them. */
static char *
make_name_key (const char *domain)
{
	/* The full stops of RFC 3490 3.1. */
	static const char *const stops[] = { "\343\200\202", "\357\274\216", "\357\275\241" };
	g_autoptr (GString) name = g_string_new (domain);
	for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
		g_string_replace (name, stops[i], ".", 0);
	g_auto (GStrv) labels = g_strsplit (name->str, ".", -1);
	GString *key = g_string_new (NULL);
	for (guint i = 0; labels[i] != NULL; i++) {
		if (i > 0)
			g_string_append_c (key, '.');
		append_label_key (key, labels[i]);
	}
	return g_string_free (key, FALSE);
}

char *
nx_address_make_domain_key (const char *text)
{
	g_autofree char *domain = g_strdup (text);
	cut_trailing_dots (domain);
	char *key = make_literal_key (domain);
	if (key != NULL)
		return key;
	if (*domain == '[' || is_ascii (domain) || !g_utf8_validate (domain, -1, NULL))
		key = nx_address_lower (domain);
	else
		key = make_name_key (domain);
	cut_trailing_dots (key); /* a full stop of another script has become one */
	return key;
}

char *
nx_address_make_key (const char *address)
{
	const char *at = strrchr (address, '@');
	if (at == NULL || at == address || at[1] == '\0')
		return nx_address_lower (address);
	g_autofree char *local = make_local_key (address, (gsize)(at - address));
	g_autofree char *domain = nx_address_make_domain_key (at + 1);
	return g_strconcat (local, "@", domain, NULL);
}

gboolean
nx_address_equal (const char *a, const char *b)
{
	g_autofree char *key_a = nx_address_make_key (a);
	g_autofree char *key_b = nx_address_make_key (b);
	return strcmp (key_a, key_b) == 0;
}
