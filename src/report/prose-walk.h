/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose-walk.h: what is known while a bounce in prose is read line by line (prose.c), and what follows from it at the
 * end.
 */
#pragma once

#include "report/claim.h"
#include "report/prose.h"

G_BEGIN_DECLS

/**
 * NxWalk: the state of reading one text.
 */
typedef struct {
	const NxProse *prose;
	const NxProseSource *source;
	const NxSigns *signs;
	NxReport *report;
	NxKind kind;
	NxRecipient *current; /* whose words the next lines are; NULL between recipients */
	NxRecipient *last;    /* who was named last */
	gboolean started;
	gboolean labelled;   /* a label, a command or a row of a table named somebody */
	gboolean own_reader; /* an address was no recipient because the mail itself went there */
	gsize indent;        /* of this line, and of the one that named the current recipient */
	gsize current_indent;
	gboolean loose;     /* no line begins with a recipient: the first address in a sentence is taken */
	gboolean expecting; /* the next paragraph is a diagnosis */
	char *label;        /* what stood before the first recipient, in a language that has no label in the rules */
	char *asked;        /* whom the last RCPT of a session named, until it is answered */
	gsize read_bytes;   /* before the returned original */
	GString *reply;     /* the first reply that stands in no recipient's words, to the end of its paragraph */
	gboolean replying;
	GString *answer;       /* what the server answered, on the lines right above */
	gboolean answered;     /* it is complete */
	GString *general;      /* a diagnosis that belongs to no single recipient */
	char *reporter;        /* the host that names itself */
	GString *original;     /* the returned original's header fields, when the text has them */
	GHashTable *strangers; /* keys of addresses that are never recipients */
	GHashTable *seen;      /* keys of recipients to NxRecipient */
	GPtrArray *listed;     /* recipients that another followed before anything was said of them */
} NxWalk;

/**
 * nx_walk_has_original: the text holds the returned letter, or a part of the message does.
 */
gboolean nx_walk_has_original (const NxWalk *walk);

/**
 * nx_walk_keep_original: keeps the header fields of the original that begins at or soon behind a line; before it when
 * the mark was a field.
 */
void nx_walk_keep_original (NxWalk *walk, char **lines, guint number);

/**
 * nx_walk_make_claim: what the walk has found that speaks for a report.
 */
NxClaim nx_walk_make_claim (const NxWalk *walk);

/**
 * nx_walk_finish: takes over what the returned letter tells: the original, and what completes the recipients.
 */
void nx_walk_finish (NxWalk *walk);

G_END_DECLS
