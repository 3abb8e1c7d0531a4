/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * claim.c: what a bounce in prose has and a letter about bounces has not. See claim.h.
 *
 * A bounce says at its beginning of whom it speaks, and what happened beside it; then it ends, or returns the original.
 * Manuals, logs and posts name many addresses anywhere and speak of failures elsewhere. How much is asked depends on
 * who wrote: least of a mail system.
 */
#include "report/claim.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* Where in the text a recipient is named first; its beginning when it was decoded from something else. */
static gsize
find_recipient (const NxClaim *claim, const NxRecipient *recipient)
{
	g_autofree char *address = nx_text_make_match (recipient->final_recipient);
	const char *at = *address != '\0' ? strstr (claim->match, address) : NULL;
	return at != NULL ? (gsize)(at - claim->match) : 0;
}

/* A sentence that names somebody says by itself what failed; behind a heading there may be a list. */
static gboolean
has_failure_near (const NxClaim *claim, gsize position)
{
	gsize before = claim->loose ? NX_LIMIT_CLAIM_SENTENCE_BYTES : NX_LIMIT_CLAIM_BEFORE_BYTES;
	gsize behind = claim->loose ? NX_LIMIT_CLAIM_SENTENCE_BYTES : NX_LIMIT_CLAIM_BEHIND_BYTES;
	for (guint i = 0; i < claim->failures->len; i++) {
		gsize at = g_array_index (claim->failures, gsize, i);
		if (at + before >= position && at <= position + behind)
			return TRUE;
	}
	return FALSE;
}

/*
 * What happened is said near the recipient. Of a mail system the letter that comes back says enough, and so does the
 * subject of a text that is little more than an address.
 */
static gboolean
says_what_failed (const NxClaim *claim, gsize position, gboolean failed)
{
	const NxAuthor *author = claim->author;
	if (failed || claim->replied)
		return TRUE;
	if (claim->loose)
		return FALSE;
	if (!nx_author_is_mail_system (author))
		return claim->trace;
	gboolean bare = claim->subject && claim->read_bytes <= NX_LIMIT_CLAIM_NAMELESS_BYTES &&
			position <= NX_LIMIT_CLAIM_SENTENCE_BYTES;
	return bare || claim->original;
}

/* Somebody else than a mail system must show that mail is meant: parcels are not delivered either. */
static gboolean
is_about_mail (const NxClaim *claim, gsize position, gboolean failed)
{
	const NxAuthor *author = claim->author;
	if (claim->loose && !author->null_path && !claim->part)
		return FALSE; /* a sentence in somebody's letter */
	if (claim->trace || (claim->original && claim->subject))
		return TRUE;
	if (author->generated && !author->to_return_path)
		return FALSE; /* logs, statistics, monitors */
	if (!failed && position > NX_LIMIT_CLAIM_SENTENCE_BYTES)
		return FALSE;
	gboolean returned = author->null_path && author->to_return_path && claim->subject;
	return (claim->replied || returned) && nx_signs_has_text (author->signs, NX_SIGN_MAIL_WORD, claim->match);
}

/* What returns no letter is short, and does not go to who wrote it: reports to oneself are statistics. */
static gboolean
is_whole (const NxClaim *claim, guint recipients)
{
	gsize most = claim->loose ? NX_LIMIT_CLAIM_NAMELESS_BYTES
				  : NX_LIMIT_CLAIM_BYTES + recipients * NX_LIMIT_CLAIM_RECIPIENT_BYTES;
	return claim->original || (claim->read_bytes <= most && !claim->author->to_self);
}

gboolean
nx_claim_is_credible (const NxClaim *claim, const NxReport *report)
{
	if (claim->author->failed_header && claim->author->mailer)
		return TRUE; /* whom it means stands in the header */
	gsize position = find_recipient (claim, nx_report_get_recipient (report, 0));
	gboolean failed = has_failure_near (claim, position);
	gsize head = claim->original && nx_author_is_mail_system (claim->author) ? NX_LIMIT_CLAIM_HEAD_BYTES
										 : NX_LIMIT_CLAIM_NAMELESS_BYTES;
	if (position > head || !says_what_failed (claim, position, failed) ||
	    !is_whole (claim, report->recipients->len))
		return FALSE;
	return nx_author_is_mail_system (claim->author) || is_about_mail (claim, position, failed);
}

/* In match form. "n?o ? poss?vel" is no question: its charset is lost. */
static gboolean
asks (const char *match)
{
	gboolean asked = FALSE;
	for (const char *p = strchr (match, '?'); p != NULL; p = strchr (p + 1, '?')) {
		gboolean word = p > match &&
				(g_ascii_isalnum (p[-1]) || (guchar)p[-1] >= 0x80 || strchr ("\"')", p[-1]) != NULL);
		if (!word || g_ascii_isalpha (p[1]))
			return FALSE;
		asked = asked || p[1] == ' ' || p[1] == '\0';
	}
	return asked;
}

gboolean
nx_claim_is_by_person (const NxClaim *claim, gboolean general, const NxReport *report)
{
	gsize head = find_recipient (claim, nx_report_get_recipient (report, 0));
	gboolean alone = general && !claim->original;
	gsize length = alone ? claim->read_bytes : head;
	if (alone && !claim->labelled && !nx_signs_has_text (claim->author->signs, NX_SIGN_DELIVERY, claim->match) &&
	    (claim->delivery == G_MAXSIZE || claim->delivery > head + NX_LIMIT_CLAIM_SENTENCE_BYTES))
		return TRUE;
	g_autofree char *words = g_strndup (claim->match, length);
	return asks (words) || nx_signs_has_text (claim->author->signs, NX_SIGN_LETTER, words);
}

gboolean
nx_claim_is_credible_of_nobody (const NxClaim *claim)
{
	const NxAuthor *author = claim->author;
	if (!author->null_path || !author->mailer)
		return FALSE;
	if (claim->original)
		return TRUE;
	if (claim->own_reader || claim->read_bytes > NX_LIMIT_CLAIM_NAMELESS_BYTES)
		return FALSE; /* a notice to its reader (full, held), or a manual */
	/* Those who imitate bounces want a click. */
	gboolean link = strstr (claim->match, "http://") != NULL || strstr (claim->match, "https://") != NULL;
	gboolean failed = claim->failures->len > 0;
	if (author->to_return_path)
		return failed || (claim->subject && !link);
	return failed && claim->subject && !link;
}
