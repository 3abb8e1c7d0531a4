/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * confirmation.h: asking at a new address whether its reader wants the list's mail there.
 *
 * A mail with a token goes to the new address; whoever sends the token back reads that address. It comes back by itself
 * when the mail is answered, since the token stands in the address that answers go to, and in the subject:
 *
 *     news-bounces+confirm-0ezyx1n5cxqy47a2xnz3kb6t@lists.example.org
 *
 * That address is the mail's return path too, so that a mail which cannot be delivered tells which one it was. Tokens
 * are 120 random bits in the alphabet of verp.h, and so survive "+", "-" and a change of case. forward.h keeps their
 * hash.
 */
#pragma once

#include <nixie/source.h>

G_BEGIN_DECLS

#define NX_CONFIRMATION_RANDOM_BYTES 15
#define NX_CONFIRMATION_TOKEN_BYTES 24

/**
 * NxConfirmation: what the mail says. @list: the list's name for people. @list_address: whom it is from.
 * @old_address, @new_address: the proposal's. @reply_address: from nx_confirmation_make_address(). @token_days: so long
 * it is good.
 */
typedef struct {
	const char *list;
	const char *list_address;
	const char *old_address;
	const char *new_address;
	const char *reply_address;
	const char *token;
	gint64 now;
	guint token_days;
} NxConfirmation;

/**
 * nx_confirmation_make_token: @random: NX_CONFIRMATION_RANDOM_BYTES octets that nobody can guess. Returns: (transfer
 * full)
 */
NX_API char *nx_confirmation_make_token (const guint8 *random);

/**
 * nx_confirmation_make_address: where answers go. @list_address: the list's posting address. @pattern: (nullable): for
 * a site with addresses of another shape: "news-answers+{token}@lists.example.org". Returns: (transfer full): NULL with
 * NX_ERROR_DATA when the local part gets longer than 64 octets (RFC 5321 4.5.3.1.1), with NX_ERROR_CONFIG when the
 * pattern makes no sense.
 */
NX_API char *nx_confirmation_make_address (const char *list_address, const char *pattern, const char *token,
					   GError **error);

/**
 * nx_confirmation_find_token: the token that a mail brings back: in @envelope_to (nullable), in the headers that repeat
 * it, in To, Cc or Subject.
 * @automatic_out: TRUE when a program wrote the mail (RFC 3834): such an answer confirms nothing.
 * Returns: (transfer full): NULL when there is none.
 */
NX_API char *nx_confirmation_find_token (const NxRawMessage *raw, const char *envelope_to, gboolean *automatic_out);

/**
 * nx_confirmation_parse_token: the token in a text that a person typed: alone, or with what stands around it in the
 * address or the subject. Returns: (transfer full): NULL when there is none.
 */
NX_API char *nx_confirmation_parse_token (const char *text);

/**
 * nx_confirmation_format: the mail (RFC 5322), with LF line ends; to be sent from @reply_address to @new_address.
 * Returns: (transfer full)
 */
NX_API char *nx_confirmation_format (const NxConfirmation *confirmation);

G_END_DECLS
