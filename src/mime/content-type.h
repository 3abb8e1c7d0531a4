/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * content-type.h: the value of a Content-Type field. RFC 2045 5.1, RFC 2231.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxContentType NxContentType;

/**
 * nx_content_type_parse: never NULL: what cannot be read is what GMime makes of it.
 */
NxContentType *nx_content_type_parse (const char *value);

/**
 * nx_content_type_new: one without parameters. @name: "text/plain".
 */
NxContentType *nx_content_type_new (const char *name);
void nx_content_type_free (NxContentType *type);

/**
 * nx_content_type_get_name: "text/plain", in lower case.
 */
const char *nx_content_type_get_name (const NxContentType *type);

/**
 * nx_content_type_get_parameter: decoded; @name in any case. Returns: (nullable)
 */
const char *nx_content_type_get_parameter (const NxContentType *type, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxContentType, nx_content_type_free)

G_END_DECLS
