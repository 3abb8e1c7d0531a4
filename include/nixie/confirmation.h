/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * confirmation.h: tokens that go out with a mail, and come back with its answer or its bounce.
 *
 * A mail with a token goes to an address; whoever sends the token back reads that address. It comes back by itself when
 * the mail is answered, since the token stands in the address that answers go to, and in the subject:
 *
 *     news-bounces+confirm-0ezyx1n5cxqy47a2xnz3kb6t@lists.example.org
 *
 * That address is the mail's return path too, so that a mail which cannot be delivered tells which one it was. Tokens
 * are 120 random bits in the alphabet of verp.h, and so survive "+", "-" and a change of case. forward.h and outbox.h
 * keep their hash; notice.h writes the mails.
 */
#pragma once

#include <nixie/source.h>

G_BEGIN_DECLS

#define NX_CONFIRMATION_RANDOM_BYTES 15
#define NX_CONFIRMATION_TOKEN_BYTES 24

/**
 * NxAnswer: what an answer with the token does. CONFIRM: the new address that was asked takes the subscription over.
 * ENABLE: the reader who was warned, probed or removed comes back. NOTICE: nothing; a mail to a list's owner. NONE:
 * nothing tells.
 */
typedef enum {
	NX_ANSWER_NONE,
	NX_ANSWER_CONFIRM,
	NX_ANSWER_ENABLE,
	NX_ANSWER_NOTICE,
} NxAnswer;

/**
 * nx_confirmation_make_token: @random: NX_CONFIRMATION_RANDOM_BYTES octets that nobody can guess. Returns: (transfer
 * full)
 */
NX_API char *nx_confirmation_make_token (const guint8 *random);

/**
 * nx_confirmation_make_mark: the token as it stands in a subject: "confirm-TOKEN". Returns: (transfer full)
 */
NX_API char *nx_confirmation_make_mark (NxAnswer answer, const char *token);

/**
 * nx_confirmation_make_address: where answers go. @list_address: the list's posting address. @pattern: (nullable): for
 * a site with addresses of another shape: "news-answers+{token}@lists.example.org". Returns: (transfer full): NULL with
 * NX_ERROR_DATA when the local part gets longer than 64 octets (RFC 5321 4.5.3.1.1), with NX_ERROR_CONFIG when the
 * pattern makes no sense.
 */
NX_API char *nx_confirmation_make_address (const char *list_address, const char *pattern, NxAnswer answer,
					   const char *token, GError **error);

/**
 * nx_confirmation_find_token: the token that a mail brings back: in @envelope_to (nullable), in the headers that repeat
 * it, in To, Cc or Subject.
 * @automatic_out: TRUE when a program wrote the mail (RFC 3834): such an answer does nothing.
 * Returns: (transfer full): NULL when there is none.
 */
NX_API char *nx_confirmation_find_token (const NxRawMessage *raw, const char *envelope_to, NxAnswer *answer_out,
					 gboolean *automatic_out);

/**
 * nx_confirmation_parse_token: the token in a text that a person typed: alone (then @answer_out is NONE), or with what
 * stands around it in the address or the subject. Returns: (transfer full): NULL when there is none.
 */
NX_API char *nx_confirmation_parse_token (const char *text, NxAnswer *answer_out);

G_END_DECLS
