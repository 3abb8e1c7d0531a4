/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * author.c: reads who wrote a message off its headers. See author.h. What RFC 5321 and RFC 3834 say is here, what
 * systems write is in the sign stanzas of the rules.
 *
 * It does not look at the text.
 */
#include "report/author.h"

#include "mime/part.h"

#include <nixie/address.h>

#include <string.h>

static gboolean
has_null_path (const NxMessage *message)
{
	const char *path = nx_message_get_header (message, "Return-Path");
	return g_str_has_prefix (path, "<>") || strcasestr (path, "mailer-daemon") != NULL ||
	       strstr (nx_message_get_header (message, "From"), "<>") != NULL;
}

/* No mailer writes answers without a null return path, nor a machine "Auto-Submitted". A forward needs no reference. */
static gboolean
is_answer (const NxAuthor *author, const NxMessage *message)
{
	if (author->null_path || *nx_message_get_header (message, "Auto-Submitted") != '\0')
		return FALSE;
	if (nx_signs_has_header (author->signs, NX_SIGN_FORWARD, message))
		return TRUE;
	gboolean refers = *nx_message_get_header (message, "In-Reply-To") != '\0' ||
			  *nx_message_get_header (message, "References") != '\0';
	return refers && !author->unknown_path && nx_signs_has_header (author->signs, NX_SIGN_ANSWER, message);
}

/* Bounces copy the headers of the post that they return, List-Id too; then a mailer wrote them, or they go to a return
 * path. */
static gboolean
is_list (const NxAuthor *author, const NxMessage *message)
{
	if (author->mailer || author->failed_header)
		return FALSE;
	if (nx_signs_has_header (author->signs, NX_SIGN_CRON, message))
		return TRUE;
	return !author->to_return_path && nx_signs_has_header (author->signs, NX_SIGN_LIST, message);
}

NxAuthor
nx_author_find (const NxSigns *signs, const NxMessage *message)
{
	const char *path = nx_headers_get (nx_message_get_headers (message), "Return-Path");
	const char *from = nx_message_get_header (message, "From");
	const char *submitted = nx_message_get_header (message, "Auto-Submitted");
	g_autofree char *to = nx_address_parse (nx_message_get_header (message, "To"));
	g_autofree char *sender = nx_address_parse (from);
	NxAuthor author = { .signs = signs };
	author.null_path = has_null_path (message);
	author.unknown_path = path == NULL;
	author.postmaster = nx_signs_has_header (signs, NX_SIGN_POSTMASTER, message) &&
			    !nx_signs_has_header (signs, NX_SIGN_MAIL_SYSTEM, message);
	author.mailer = strstr (from, "<>") != NULL || author.postmaster ||
			nx_signs_has_header (signs, NX_SIGN_MAIL_SYSTEM, message) ||
			(author.null_path && *from == '\0');
	author.failed_header = nx_signs_has_header (signs, NX_SIGN_FAILED_HEADER, message);
	author.to_return_path = to != NULL && nx_signs_has_address (signs, NX_SIGN_RETURN_PATH, to);
	author.to_self = to != NULL && sender != NULL && nx_address_equal (to, sender);
	author.generated = g_ascii_strncasecmp (submitted, "auto-generated", 14) == 0;
	author.replied = g_ascii_strncasecmp (submitted, "auto-replied", 12) == 0;
	author.automatic = author.replied || (path != NULL && g_str_has_prefix (path, "<>")) || author.mailer ||
			   author.failed_header || author.to_return_path;
	author.list = is_list (&author, message);
	author.answer = is_answer (&author, message);
	return author;
}

gboolean
nx_author_is_mail_system (const NxAuthor *author)
{
	return author->failed_header || (author->mailer && (!author->postmaster || author->null_path));
}
