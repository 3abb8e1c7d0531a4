/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signs.h: the sign stanzas of the rules: by what a mail system, a list, an answer, an automatic reply is known.
 *
 * A stanza has one meaning and any number of lines; one line that fits is enough.
 */
#pragma once

#include <nixie/message.h>
#include <nixie/rules.h>

G_BEGIN_DECLS

/**
 * NxSign: what a stanza's lines are signs of, by its key "means". CONTRIBUTING.md tells what each is for.
 */
typedef enum {
	NX_SIGN_MAIL_SYSTEM,
	NX_SIGN_POSTMASTER,
	NX_SIGN_FAILED_HEADER,
	NX_SIGN_LIST,
	NX_SIGN_CRON,
	NX_SIGN_ANSWER,
	NX_SIGN_FORWARD,
	NX_SIGN_AUTO_REPLY,
	NX_SIGN_PROGRAM,
	NX_SIGN_RETURN_PATH,
	NX_SIGN_OWNER,
	NX_SIGN_MAIL_WORD,
	NX_SIGN_DELIVERY,
	NX_SIGN_LETTER,
	NX_SIGN_LABEL,
	NX_SIGN_CAUSE,
	NX_SIGN_OFFER,
	NX_SIGN_ALIAS_TARGET,
	NX_SIGN_ALIAS_SOURCE,
	NX_SIGN_CONJUNCTION,
	NX_SIGN_ACTION_FAILURE,
	NX_SIGN_ACTION_DELAYED,
	NX_SIGN_ACTION_DELIVERED,
	NX_SIGN_ACTION_RELAYED,
	NX_SIGN_ACTION_EXPANDED,
	NX_SIGN_ABSENCE,
	NX_SIGN_COMPLAINT,
	NX_SIGN_REFUSAL,
	NX_SIGN_EXPIRED,
	NX_SIGNS
} NxSign;

typedef struct _NxSigns NxSigns;

/**
 * nx_signs_new: Returns: NULL with NX_ERROR_RULES "file:line: …" when a stanza makes no sense or misses its own
 * example. Keeps nothing of @rules.
 */
NxSigns *nx_signs_new (const NxRules *rules, GError **error);
void nx_signs_free (NxSigns *signs);

/**
 * nx_signs_has_header: a header of the message fits. One that says "no" never does.
 */
gboolean nx_signs_has_header (const NxSigns *signs, NxSign sign, const NxMessage *message);

/**
 * nx_signs_has_address: the address fits. It need not be lower case.
 */
gboolean nx_signs_has_address (const NxSigns *signs, NxSign sign, const char *address);

/**
 * nx_signs_has_text: one of the texts stands in @match, which is in match form (base/text.h).
 */
gboolean nx_signs_has_text (const NxSigns *signs, NxSign sign, const char *match);

/**
 * nx_signs_is_text: one of the texts is @match, which is in match form.
 */
gboolean nx_signs_is_text (const NxSigns *signs, NxSign sign, const char *match);

/**
 * nx_signs_get_text: the texts one by one, in match form. Returns: NULL behind the last.
 */
const char *nx_signs_get_text (const NxSigns *signs, NxSign sign, guint index);

/**
 * nx_signs_get_prefix: @line: valid UTF-8, as it stands. Returns: how many of its bytes the longest of the texts takes
 * that it begins with, in any case of any script; 0 for none.
 */
gsize nx_signs_get_prefix (const NxSigns *signs, NxSign sign, const char *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSigns, nx_signs_free)

G_END_DECLS
