/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * identity.h: whose subscription a report is about, by the return path that it came back to and the original that it
 * returned.
 */
#pragma once

#include <nixie/event.h>

G_BEGIN_DECLS

/**
 * NxIdentity: @verp_recipient: the subscriber's address inside the return path, or "". @list: the list's posting
 * address (from VERP) or its List-Id, or "".
 */
typedef struct {
	char *verp_recipient;
	char *list;
	NxProof proof;
} NxIdentity;

/**
 * nx_identity_find: @envelope_to: (nullable): the envelope recipient when the caller knows it; else the report's
 * headers tell.
 */
void nx_identity_find (const NxReport *report, const char *envelope_to, NxIdentity *identity_out);
void nx_identity_clear (NxIdentity *identity);

/**
 * nx_identity_decode_verp: takes a return path apart: "list-bounces+user=host@domain" (Mailman),
 * "list-return-12-user=host@domain" (qmail, ezmlm), "list+bounces-3-user=host@domain" (mlmmj),
 * "bounce+user==a==host==list@domain" (Sympa), "owner-list+user=host@domain" (XVERP); prvs= (BATV), SRS0= and SRS1=
 * around it are taken off. Returns: FALSE when it carries no address; @list_out is set to the list's posting address or
 * "" even then.
 */
gboolean nx_identity_decode_verp (const char *return_path, char **recipient_out, char **list_out);

G_END_DECLS
