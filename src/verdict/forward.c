/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.c: picks the forward-path out of a reply's words. See forward.h.
 *
 * The result is untrusted input: whoever can forge a bounce can name an address here. It only ever becomes a proposal.
 * A wrong one costs a reader's trust, a missed one nothing but itself: so two candidates are none, unless they are the
 * alternatives of one offer. Words that make an address a bystander are rules, not code.
 */
#include "verdict/forward.h"

#include "base/limits.h"
#include "verdict/names.h"

#include <nixie/address.h>

#include <string.h>

/* The longest word between two alternatives, with its blanks and commas. */
#define ALTERNATIVE_BYTES 12

/* ---- what an address is in itself ---- */

/* Local part and domain of a key; the local part without its "+detail". */
static char *
make_plain_key (const char *address)
{
	g_autofree char *key = nx_address_make_key (address);
	const char *domain = nx_address_get_domain (key);
	gsize local = *domain != '\0' ? (gsize)(domain - key) - 1 : strlen (key);
	gsize plus = *key == '"' ? local : strcspn (key, "+");
	return g_strdup_printf ("%.*s@%s", (int)MIN (plus, local), key, domain);
}

static GHashTable *
make_plain_keys (const GPtrArray *addresses)
{
	GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; addresses != NULL && i < addresses->len; i++)
		g_hash_table_add (keys, make_plain_key (g_ptr_array_index (addresses, i)));
	return keys;
}

static gboolean
is_known (GHashTable *keys, const char *address)
{
	g_autofree char *raw = nx_address_decode_xtext (address);
	g_autofree char *key = make_plain_key (address);
	g_autofree char *raw_key = make_plain_key (raw);
	return g_hash_table_contains (keys, key) || g_hash_table_contains (keys, raw_key);
}

static GPtrArray *
make_keys (const GPtrArray *addresses)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
	for (guint i = 0; addresses != NULL && i < addresses->len; i++)
		g_ptr_array_add (keys, nx_address_make_key (g_ptr_array_index (addresses, i)));
	return keys;
}

/* "news" of "news-bounces+a=b@lists.example": all that begins so at that domain is the list's. */
static gboolean
is_of_list (const GPtrArray *list_keys, const char *address)
{
	g_autofree char *key = nx_address_make_key (address);
	for (guint i = 0; i < list_keys->len; i++) {
		const char *list = g_ptr_array_index (list_keys, i);
		gsize stem = strcspn (list, "-+=_@");
		if (stem > 0 && strncmp (list, key, stem) == 0 && strchr ("-+=_@", key[stem]) != NULL &&
		    strcmp (nx_address_get_domain (list), nx_address_get_domain (key)) == 0)
			return TRUE;
	}
	return FALSE;
}

/*
 * A new address is one that the whole world can reach: no bare host, no IP address. Readers have no "=" in theirs,
 * return paths do (SRS, BATV, VERP); "%" and "!" are routes of old (RFC 5321 appendix F.2, C).
 */
static gboolean
is_offerable (const char *address)
{
	const char *domain = nx_address_get_domain (address);
	if (!nx_address_is_valid (address) || strchr (domain, '.') == NULL || *domain == '[')
		return FALSE;
	return *address == '"' || strpbrk (address, "=%!") == NULL;
}

/* ---- where an address stands ---- */

static gboolean
is_in_url (const char *text, const char *mask, const char *start, const char *end)
{
	const char *at = g_strrstr_len (start, end - start, "@");
	return at != NULL && mask[at - text] == NX_NAME_HOST;
}

/* Half of a path that a line end broke, or the user of a longer name: "a@b.example:25", "a@b.example/x". */
static gboolean
is_part (const char *text, const char *start, const char *end)
{
	gboolean opened = *start != '<' && start > text && start[-1] == '<';
	if (opened && *end != '>' && !(*end == '.' && end[1] == '>'))
		return TRUE;
	if (*end == '/' || *end == '?')
		return g_ascii_isgraph (end[1]);
	return *end == ':' && g_ascii_isdigit (end[1]);
}

/* The path that opens at @open with its blanks taken out, or NULL: they must touch a "@" or a dot, as in a fold. */
static char *
join_path (const char *open, const char *close)
{
	GString *path = g_string_new (NULL);
	gboolean broken = FALSE, good = TRUE;
	for (const char *p = open + 1; p < close; p++) {
		if (*p != ' ') {
			g_string_append_c (path, *p);
			continue;
		}
		broken = TRUE;
		good = good && (strchr ("@.", p[-1]) != NULL || strchr ("@.", p[1]) != NULL);
	}
	good = good && broken && strchr (path->str, '"') == NULL && nx_address_is_valid (path->str);
	return g_string_free (path, !good);
}

/* @text with its broken paths whole again. */
static char *
join_paths (const char *text)
{
	GString *out = g_string_sized_new (strlen (text));
	while (*text != '\0') {
		gsize length = strcspn (text + 1, "<>") + 1;
		g_autofree char *path = *text == '<' && text[length] == '>' && length <= NX_LIMIT_ADDRESS_BYTES
						? join_path (text, text + length)
						: NULL;
		if (path != NULL)
			g_string_append_printf (out, "<%s", path);
		else
			g_string_append_len (out, text, (gssize)length);
		text += length;
	}
	return g_string_free (out, FALSE);
}

static gint
count_depth (const char *from, const char *to)
{
	gint depth = 0;
	for (; from < to; from++)
		depth += *from == '(' ? 1 : *from == ')' ? -1 : 0;
	return depth;
}

/* ---- choosing ---- */

/* The first of its kind. @end: of the last that was offered with it. */
typedef struct {
	char *address;
	const char *end;
	gboolean several;
} Candidate;

/* "<a@x> or <b@y>" in any language: paths of one offer, the first preferred. */
static gboolean
is_alternative (const Candidate *candidate, const char *start)
{
	gssize gap = start - candidate->end;
	return *start == '<' && candidate->end[-1] == '>' && gap <= ALTERNATIVE_BYTES &&
	       memchr (candidate->end, '.', (gsize)gap) == NULL;
}

static void
candidate_add (Candidate *candidate, char *address, const char *start, const char *end)
{
	if (candidate->address == NULL)
		candidate->address = address;
	else if (nx_address_equal (candidate->address, address) || is_alternative (candidate, start))
		g_free (address);
	else {
		candidate->several = TRUE;
		g_free (address);
	}
	candidate->end = end;
}

char *
nx_forward_find (const NxBystanders *bystanders, const char *text, const GPtrArray *known, const GPtrArray *lists)
{
	g_autofree char *joined = join_paths (text);
	g_autofree char *lower = g_ascii_strdown (joined, -1);
	g_autofree char *mask = nx_names_mask (lower);
	g_autoptr (GPtrArray) list_keys = make_keys (lists);
	g_autoptr (GHashTable) keys = make_plain_keys (known);
	Candidate plain = { NULL, NULL, FALSE }, aside = { NULL, NULL, FALSE }; /* the latter in parentheses */
	const char *done = joined;
	const char *start = NULL;
	const char *end = joined;
	gint depth = 0;
	for (char *found; !plain.several && (found = nx_address_find (end, &start, &end)) != NULL;) {
		g_autofree char *address = found;
		depth += count_depth (done, start);
		done = start;
		gsize from = (gsize)(start - joined);
		gsize to = (gsize)(end - joined);
		if (is_offerable (address) && !nx_address_is_role (address) && !is_known (keys, address) &&
		    !is_of_list (list_keys, address) && !is_in_url (joined, mask, start, end) &&
		    !is_part (joined, start, end) && nx_bystanders_find (bystanders, mask, from, to) == NULL)
			candidate_add (depth > 0 ? &aside : &plain, g_steal_pointer (&address), start, end);
	}
	g_autofree char *second = aside.address;
	if (plain.address == NULL) {
		plain = aside;
		second = NULL;
	}
	if (plain.several)
		g_clear_pointer (&plain.address, g_free);
	return plain.address;
}
