/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * confirmation.c: the mail that asks a new address, and the token that comes back. See nixie/confirmation.h.
 *
 * What it will not do: send, draw random numbers, or know which tokens were given out (forward.h does).
 */
#include <nixie/confirmation.h>

#include "base/limits.h"
#include "identity/return-path.h"
#include "mime/compose.h"

#include <nixie/address.h>
#include <nixie/message.h>

#include <string.h>

/* Stands before the token wherever it goes, so that it is found there. */
#define MARK "confirm-"

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
nx_confirmation_make_address (const char *list_address, const char *pattern, const char *token, GError **error)
{
	g_return_val_if_fail (list_address != NULL && token != NULL, NULL);
	const char *at = strrchr (list_address, '@');
	g_autofree char *marked = g_strconcat (MARK, token, NULL);
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

char *
nx_confirmation_parse_token (const char *text)
{
	g_return_val_if_fail (text != NULL, NULL);
	g_autofree char *lower = g_ascii_strdown (text, -1);
	g_strstrip (lower);
	if (strlen (lower) == NX_CONFIRMATION_TOKEN_BYTES && is_token (lower))
		return g_steal_pointer (&lower);
	for (const char *p = lower; (p = strstr (p, MARK)) != NULL;) {
		p += strlen (MARK);
		if (is_token (p))
			return g_strndup (p, NX_CONFIRMATION_TOKEN_BYTES);
	}
	return NULL;
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

/* Nearly every mail has none, and need not be taken apart. The case of the mark may have changed on the way. */
static gboolean
may_hold_token (const NxRawMessage *raw)
{
	gsize length = measure_headers (raw);
	for (gsize i = 0; i + strlen (MARK) <= length; i++)
		if ((raw->data[i] == 'c' || raw->data[i] == 'C') &&
		    g_ascii_strncasecmp (raw->data + i, MARK, strlen (MARK)) == 0)
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
nx_confirmation_find_token (const NxRawMessage *raw, const char *envelope_to, gboolean *automatic_out)
{
	g_return_val_if_fail (raw != NULL && automatic_out != NULL, NULL);
	char *token = envelope_to != NULL ? nx_confirmation_parse_token (envelope_to) : NULL;
	*automatic_out = FALSE;
	if (token == NULL && !may_hold_token (raw))
		return NULL;
	g_autoptr (NxMessage) message = nx_message_new (raw->data, raw->length);
	for (guint i = 0; i < G_N_ELEMENTS (carriers) && token == NULL; i++)
		token = nx_confirmation_parse_token (nx_message_get_header (message, carriers[i]));
	*automatic_out = token != NULL && is_automatic (message);
	return token;
}

static char *
write_text (const NxConfirmation *confirmation)
{
	return g_strdup_printf ("Hello,\n"
				"\n"
				"the mailing list %s <%s> has a reader\n"
				"\n"
				"    %s\n"
				"\n"
				"Mail to that address came back, with the note that its reader is now to be\n"
				"found at your address:\n"
				"\n"
				"    %s\n"
				"\n"
				"Is that you, and would you like to get the list's mail here?\n"
				"\n"
				"  Yes:  Answer this mail, within %u days. You need not write anything.\n"
				"  No, or you know nothing of it:  Do nothing. Nothing will change, and nobody\n"
				"        will ask you again because of this mail.\n"
				"\n"
				"Should your mail program not answer to the right place, the address is\n"
				"\n"
				"    %s\n",
				confirmation->list, confirmation->list_address, confirmation->old_address,
				confirmation->new_address, confirmation->token_days, confirmation->reply_address);
}

char *
nx_confirmation_format (const NxConfirmation *confirmation)
{
	g_return_val_if_fail (confirmation != NULL, NULL);
	g_autofree char *text = write_text (confirmation);
	g_autofree char *subject =
		g_strdup_printf ("%s: is this your address now? [" MARK "%s]", confirmation->list, confirmation->token);
	/* Not the token: a Message-ID is shown in places where a secret should not be. */
	g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
	g_autofree char *message_id = g_strdup_printf ("%" G_GINT64_FORMAT ".%.16s@%s", confirmation->now, hash,
						       nx_address_get_domain (confirmation->list_address));
	const NxComposition composition = {
		.from_name = confirmation->list,
		.from = confirmation->reply_address,
		.reply_to = confirmation->reply_address,
		.to = confirmation->new_address,
		.subject = subject,
		.message_id = message_id,
		.date = confirmation->now,
		/* So that programs which answer mail leave it alone (RFC 3834 2, 5). */
		.fields = (const NxCompositionField[]){ { "Auto-Submitted", "auto-generated" },
							{ "Precedence", "bulk" },
							{ "X-Auto-Response-Suppress", "All" },
							{ NULL, NULL } },
		.text = text,
	};
	return nx_compose_mail (&composition);
}
