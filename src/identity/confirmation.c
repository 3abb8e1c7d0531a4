/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * confirmation.c: tokens that go out with a mail and come back with its answer. See nixie/confirmation.h.
 *
 * What it will not do: write the mail, draw random numbers, or know which tokens were given out (forward.h and outbox.h
 * do).
 */
#include <nixie/confirmation.h>

#include "base/limits.h"
#include "identity/return-path.h"

#include <nixie/address.h>
#include <nixie/message.h>

#include <string.h>

/* Stands before the token wherever it goes, so that it is found there. */
static const struct {
	NxAnswer answer;
	const char *mark;
} marks[] = {
	{ NX_ANSWER_CONFIRM, "confirm-" },
	{ NX_ANSWER_ENABLE, "enable-" },
	{ NX_ANSWER_NOTICE, "notice-" },
};

/* RFC 5321 4.5.3.1.1 */
#define LOCAL_PART_BYTES 64

/* Where a token may come back. The envelope recipient is the caller's. */
static const char *const carriers[] = { "Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "Subject" };

char *
nx_confirmation_make_token (const guint8 *random)
{
	g_return_val_if_fail (random != NULL, NULL);
	char *token = g_malloc0 (NX_CONFIRMATION_TOKEN_BYTES + 1);
	nx_verp_encode (random, NX_CONFIRMATION_TOKEN_BYTES, token);
	return token;
}

char *
nx_confirmation_make_mark (NxAnswer answer, const char *token)
{
	g_return_val_if_fail (token != NULL, NULL);
	for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
		if (marks[i].answer == answer)
			return g_strconcat (marks[i].mark, token, NULL);
	return g_strdup (token);
}

char *
nx_confirmation_make_address (const char *list_address, const char *pattern, NxAnswer answer, const char *token,
			      GError **error)
{
	g_return_val_if_fail (list_address != NULL && token != NULL, NULL);
	const char *at = strrchr (list_address, '@');
	g_autofree char *marked = nx_confirmation_make_mark (answer, token);
	g_autofree char *address = NULL;
	if (pattern != NULL && !nx_verp_check_pattern (pattern, error))
		return NULL;
	if (pattern != NULL)
		address = nx_return_path_fill_pattern (pattern, marked, NULL, NULL);
	else if (at != NULL)
		address = g_strdup_printf ("%.*s-bounces+%s%s", (int)(at - list_address), list_address, marked, at);
	const char *end = address != NULL ? strrchr (address, '@') : NULL;
	if (end != NULL && end - address <= LOCAL_PART_BYTES && nx_address_is_valid (address))
		return g_steal_pointer (&address);
	g_set_error (error, NX_ERROR, NX_ERROR_DATA,
		     "no address for answers can be made of %s: it needs a token, and at most 64 octets before the @",
		     pattern != NULL ? pattern : list_address);
	return NULL;
}

static gboolean
is_token (const char *text)
{
	return nx_verp_measure_digits (text) == NX_CONFIRMATION_TOKEN_BYTES &&
	       !g_ascii_isalnum (text[NX_CONFIRMATION_TOKEN_BYTES]);
}

/* The first token in a text that is in lower case. Returns: NULL when there is none. */
static char *
find_marked (const char *text, NxAnswer *answer_out)
{
	const char *first = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
		for (const char *p = text; (p = strstr (p, marks[i].mark)) != NULL;) {
			p += strlen (marks[i].mark);
			if (!is_token (p) || (first != NULL && p > first))
				continue;
			first = p;
			*answer_out = marks[i].answer;
		}
	}
	return first != NULL ? g_strndup (first, NX_CONFIRMATION_TOKEN_BYTES) : NULL;
}

char *
nx_confirmation_parse_token (const char *text, NxAnswer *answer_out)
{
	g_return_val_if_fail (text != NULL && answer_out != NULL, NULL);
	g_autofree char *lower = g_ascii_strdown (text, -1);
	g_strstrip (lower);
	*answer_out = NX_ANSWER_NONE;
	if (strlen (lower) == NX_CONFIRMATION_TOKEN_BYTES && is_token (lower))
		return g_steal_pointer (&lower);
	return find_marked (lower, answer_out);
}

/* How much of a mail its headers take. */
static gsize
measure_headers (const NxRawMessage *raw)
{
	gsize most = MIN (raw->length, (gsize)NX_LIMIT_CONFIRMATION_BYTES);
	const char *lf = memmem (raw->data, most, "\n\n", 2);
	gsize length = lf != NULL ? (gsize)(lf - raw->data) : most;
	const char *crlf = memmem (raw->data, length, "\r\n\r\n", 4);
	return crlf != NULL ? (gsize)(crlf - raw->data) : length;
}

static gboolean
begins_with_mark (const char *text, gsize length)
{
	for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
		gsize mark = strlen (marks[i].mark);
		if (mark <= length && g_ascii_strncasecmp (text, marks[i].mark, mark) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Nearly every mail has none, and need not be taken apart. The case of the mark may have changed on the way. */
static gboolean
may_hold_token (const NxRawMessage *raw)
{
	gsize length = measure_headers (raw);
	for (gsize i = 0; i < length; i++)
		if (strchr ("cCeEnN", raw->data[i]) != NULL && raw->data[i] != '\0' &&
		    begins_with_mark (raw->data + i, length - i))
			return TRUE;
	return FALSE;
}

/* RFC 3834 5, and what was in use before it. */
static gboolean
is_automatic (const NxMessage *message)
{
	g_autofree char *submitted = g_ascii_strdown (nx_message_get_header (message, "Auto-Submitted"), -1);
	g_autofree char *precedence = g_ascii_strdown (nx_message_get_header (message, "Precedence"), -1);
	gboolean person = *submitted == '\0' || g_str_has_prefix (submitted, "no");
	return !person || strcmp (precedence, "bulk") == 0 || strcmp (precedence, "junk") == 0 ||
	       g_str_has_prefix (precedence, "auto") ||
	       g_str_has_prefix (nx_message_get_header (message, "Return-Path"), "<>");
}

char *
nx_confirmation_find_token (const NxRawMessage *raw, const char *envelope_to, NxAnswer *answer_out,
			    gboolean *automatic_out)
{
	g_return_val_if_fail (raw != NULL && answer_out != NULL && automatic_out != NULL, NULL);
	char *token = envelope_to != NULL ? nx_confirmation_parse_token (envelope_to, answer_out) : NULL;
	*automatic_out = FALSE;
	if (token == NULL && !may_hold_token (raw))
		return NULL;
	g_autoptr (NxMessage) message = nx_message_new (raw->data, raw->length);
	for (guint i = 0; i < G_N_ELEMENTS (carriers) && token == NULL; i++)
		token = nx_confirmation_parse_token (nx_message_get_header (message, carriers[i]), answer_out);
	*automatic_out = token != NULL && is_automatic (message);
	return token;
}
