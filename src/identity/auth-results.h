/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * auth-results.h: Authentication-Results (RFC 8601): what a site's own server has checked before it took a report in.
 *
 * It is read here and not in src/report because it is no word of the report: the site's server wrote it on top, and it
 * only ever bears on the proof.
 */
#pragma once

#include "mime/headers.h"

G_BEGIN_DECLS

/**
 * NxAuthProperty: the properties (RFC 8601 2.2, "ptype.property") that name a domain.
 */
typedef enum {
	NX_AUTH_HEADER_D,
	NX_AUTH_HEADER_I,
	NX_AUTH_HEADER_FROM,
	NX_AUTH_SMTP_MAILFROM,
	NX_AUTH_SMTP_HELO,
	NX_AUTH_PROPERTIES,
} NxAuthProperty;

/**
 * NxAuthResult: one resinfo. @method: "dkim", @result: "pass", in lower case. @properties: NULL when absent.
 * @unclear: it holds what the grammar does not, or one property twice with two values: then it proves nothing.
 */
typedef struct {
	char *method;
	char *result;
	char *properties[NX_AUTH_PROPERTIES];
	gboolean unclear;
} NxAuthResult;

/**
 * NxAuthField: one field. @authserv_id: without quotes, in lower case; "" when there is none. @results: (element-type
 * NxAuthResult): of dkim, spf, dmarc and arc only; none for "none".
 * @broken: a comment or a quoted string is not closed, a comment was left in the middle of a quotation, or there were
 * more than NX_LIMIT_AUTH_RESULTS: no pass in it proves anything.
 */
typedef struct {
	char *authserv_id;
	GPtrArray *results;
	gboolean broken;
} NxAuthField;

/**
 * nx_auth_field_parse: never fails. Returns: (transfer full)
 */
NxAuthField *nx_auth_field_parse (const char *value);
void nx_auth_field_free (NxAuthField *field);

/**
 * nx_auth_result_dup_domain: the domain that a result is about: dkim: header.d, else that of header.i; spf: that of
 * smtp.mailfrom, or when this is empty smtp.helo (beside a sender it was not what was checked); dmarc: header.from.
 * As A-labels in lower case. Returns: (transfer full) (nullable): NULL when it is none, or of one label only.
 */
char *nx_auth_result_dup_domain (const NxAuthResult *result);

/**
 * NxAuthentication: what the site's servers found. @domains: (element-type utf8): those that a pass of dkim, spf or
 * dmarc vouches for. @failed: DMARC failed for the report's From.
 */
typedef struct {
	GPtrArray *domains;
	gboolean failed;
} NxAuthentication;

/**
 * nx_authentication_read: reads those fields of a message's own headers whose authserv-id is one of @ids (nullable)
 * (element-type utf8); without ids, none.
 * @cut: some header of the message was cut, perhaps one of these: then no pass counts.
 *
 * A server writes its fields on top, and has to remove those that came in under its name (RFC 8601 5). Where one does
 * not, a forger may bring his own. So a pass counts in the topmost run of an id's fields only, which ends at the first
 * Received below its first one; a failure counts in all of them.
 */
void nx_authentication_read (const NxHeaders *headers, const GPtrArray *ids, gboolean cut,
			     NxAuthentication *authentication_out);
void nx_authentication_clear (NxAuthentication *authentication);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxAuthField, nx_auth_field_free)

G_END_DECLS
