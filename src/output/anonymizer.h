/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * anonymizer.h: what stands for a person or a place in a mail, each replaced by the same stand-in wherever it occurs.
 *
 * The stand-ins are made so that the mail means the same to a reader of bounces: an address stays one, a return path
 * still holds its reader's address, a host stays within its domain. Words that the built-in rules look for are nobody's
 * and stay.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxAnonymizer NxAnonymizer;

/**
 * nx_anonymizer_new: @source: the mail: no stand-in is made that occurs in it already. Not kept.
 */
NxAnonymizer *nx_anonymizer_new (const char *source);
void nx_anonymizer_free (NxAnonymizer *anonymizer);

/**
 * nx_anonymizer_map_address: @address: as nx_address_parse() gives it. A role ("mailer-daemon") keeps its local part.
 */
char *nx_anonymizer_map_address (NxAnonymizer *anonymizer, const char *address);

/**
 * nx_anonymizer_map_host: a host's name, a domain, or an IP address.
 */
char *nx_anonymizer_map_host (NxAnonymizer *anonymizer, const char *host);

/**
 * nx_anonymizer_map_message_id: "<left@right>"; remembered, so that it is known for one wherever it occurs.
 */
char *nx_anonymizer_map_message_id (NxAnonymizer *anonymizer, const char *id);

/**
 * Stand-ins for what has no structure. Borrowed, for as long as @anonymizer lives. A person's name and a returned
 * letter's subject are remembered and replaced in text, too.
 */
const char *nx_anonymizer_map_person (NxAnonymizer *anonymizer, const char *name);
const char *nx_anonymizer_map_subject (NxAnonymizer *anonymizer, const char *subject);
const char *nx_anonymizer_map_id (NxAnonymizer *anonymizer, const char *id);
const char *nx_anonymizer_map_boundary (NxAnonymizer *anonymizer, const char *boundary);

/**
 * nx_anonymizer_rewrite: free text with everything in it replaced.
 */
char *nx_anonymizer_rewrite (NxAnonymizer *anonymizer, const char *text);

/**
 * nx_anonymizer_rewrite_subject: the report's own subject. It may quote the letter's, so that only known words stay.
 */
char *nx_anonymizer_rewrite_subject (NxAnonymizer *anonymizer, const char *subject);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxAnonymizer, nx_anonymizer_free)

G_END_DECLS
