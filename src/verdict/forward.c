/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forward.c: picks the forward-path out of a reply's words. See forward.h.
 *
 * The result is untrusted input: whoever can forge a bounce can name an address here. It only ever becomes a proposal.
 */
#include "verdict/forward.h"

#include "base/text.h"

#include <nixie/address.h>

#include <string.h>

/* Words near before an address that make it somebody to talk to, not somewhere to send to. In match form. */
static const char *const contacts[] = {
	"contact",       "write to", "questions", "complain",   "report to", "help",      "support",    "webmaster",
	"administrator", "kontakt",  "contactez", "contacte",   "colleague", "successor", "takes over", "assistant",
	"urgent",        "dringend", "kolleg",    "vertretung", "nachfolg",  "collègue",  "colega",     "collega",
	"kollega",       "kollég",   "коллег",    "колег",      "同事",
};

/* Words that do so only as the last ones before it. */
static const char *const prepositions[] = { "from", "sender", "by", "rcpt to:", "mail from:", "//", "of" };

/* How far before the address a contact's word counts, in bytes. */
#define CONTACT_REACH 24

static gboolean
is_contact (const char *text, const char *start)
{
	gsize reach = MIN ((gsize)(start - text), CONTACT_REACH);
	g_autofree char *before = g_strndup (start - reach, reach);
	g_autofree char *valid = g_utf8_make_valid (before, -1);
	g_autofree char *lower = nx_text_make_match (valid);
	g_strchomp (lower);
	for (guint i = 0; i < G_N_ELEMENTS (contacts); i++)
		if (strstr (lower, contacts[i]) != NULL)
			return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS (prepositions); i++) {
		if (!g_str_has_suffix (lower, prepositions[i]))
			continue;
		gsize at = strlen (lower) - strlen (prepositions[i]);
		if (at == 0 || !g_ascii_isalpha (lower[at - 1]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_known (const GPtrArray *known, const char *address)
{
	for (guint i = 0; known != NULL && i < known->len; i++)
		if (nx_address_equal (g_ptr_array_index (known, i), address))
			return TRUE;
	return FALSE;
}

/* A new address is one that the whole world can reach: no bare host, no IP address. */
static gboolean
is_offerable (const char *address)
{
	const char *domain = nx_address_get_domain (address);
	return nx_address_is_valid (address) && strchr (domain, '.') != NULL && *domain != '[';
}

char *
nx_forward_find (const char *text, const GPtrArray *known)
{
	const char *start = NULL;
	const char *end = text;
	for (;;) {
		g_autofree char *address = nx_address_find (end, &start, &end);
		if (address == NULL)
			return NULL;
		if (is_offerable (address) && !nx_address_is_role (address) && !is_known (known, address) &&
		    !is_contact (text, start))
			return g_steal_pointer (&address);
	}
}
