/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * headers.h: a block of header fields (RFC 5322 2.2) as a list of names and values.
 *
 * The same reader serves messages, returned headers (text/rfc822-headers) and the field groups of machine-readable
 * report parts (RFC 3464 2.1).
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct {
	char *name;
	char *value; /* unfolded, not decoded; continuation lines joined by one blank */
} NxHeader;

typedef struct _NxHeaders NxHeaders;

/**
 * nx_headers_parse: reads fields until the text or the block ends (an empty line). Lines that are no field are taken
 * as a continuation when @lenient (some servers do not fold), else passed over.
 * @end_out: (nullable): what follows the block.
 */
NxHeaders *nx_headers_parse (const char *text, gboolean lenient, const char **end_out);
void nx_headers_free (NxHeaders *headers);
guint nx_headers_get_count (const NxHeaders *headers);
const NxHeader *nx_headers_get_at (const NxHeaders *headers, guint index);

/**
 * nx_headers_get: the first raw value of a name (without case), or NULL.
 */
const char *nx_headers_get (const NxHeaders *headers, const char *name);

/**
 * nx_headers_dup: the first value of a name, decoded; "" when there is none.
 */
char *nx_headers_dup (const NxHeaders *headers, const char *name);

/**
 * nx_headers_start_gmime: GMime must be started once before any use; every function of src/mime that uses it calls this
 * first.
 */
void nx_headers_start_gmime (void);

/**
 * nx_headers_decode: RFC 2047 words and raw 8-bit octets to one line of UTF-8.
 */
char *nx_headers_decode (const char *value);

/**
 * nx_headers_parse_date: a date-time (RFC 5322 3.3, and its older forms); 0 when it is none.
 */
gint64 nx_headers_parse_date (const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxHeaders, nx_headers_free)

G_END_DECLS
