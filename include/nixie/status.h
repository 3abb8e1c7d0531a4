/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * status.h: enhanced mail system status codes: class.subject.detail.
 *
 * RFC 3463 defines them, RFC 5248 keeps their registry. The table behind nx_status_get_info() holds
 * every registered code with its meaning, when it is seen and what to do about it.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * NxStatus: one code. @class_ is 2, 4 or 5; 0 says that there is none. @subject and @detail are 0 to 999.
 */
typedef struct {
	guint16 class_;
	guint16 subject;
	guint16 detail;
} NxStatus;

/**
 * NxStatusInfo: what the registry knows of a code. @classes holds the classes that the code is registered
 * with, as digits ("245", "45"). @section is the standard that defines it ("RFC 3463 3.2").
 */
typedef struct {
	guint16 subject;
	guint16 detail;
	const char *classes;
	const char *name;
	const char *meaning;
	const char *seen;
	const char *cure;
	const char *section;
} NxStatusInfo;

#define NX_STATUS_STRLEN 12 /* "5.999.999" and its NUL */

/**
 * nx_status_is_set: TRUE when there is a code.
 */
NX_API gboolean nx_status_is_set (NxStatus status);

/**
 * nx_status_is_generic: TRUE for X.0.0, which says no more than its class.
 */
NX_API gboolean nx_status_is_generic (NxStatus status);

/**
 * nx_status_equal: TRUE when all three numbers are the same.
 */
NX_API gboolean nx_status_equal (NxStatus a, NxStatus b);

/**
 * nx_status_parse: reads a code at the start of @text ("5.1.1", "5.1.1 (mailbox unknown)").
 * @end_out: (nullable): the first character behind the code.
 * Returns: FALSE when there is none there: the class must be 2, 4 or 5, subject and detail one to three
 * digits each, and no further digit or ".digit" may follow (so that an address like 4.2.2.1 is none).
 */
NX_API gboolean nx_status_parse (const char *text, NxStatus *status_out, const char **end_out);

/**
 * nx_status_find: the first code in a reply text that stands where replies carry it, not inside an IP
 * address, a version, a queue id or a word.
 */
NX_API gboolean nx_status_find (const char *text, NxStatus *status_out);

/**
 * nx_status_format: writes "x.y.z", or "" when there is none. @buffer: NX_STATUS_STRLEN bytes.
 * Returns: @buffer.
 */
NX_API const char *nx_status_format (NxStatus status, char *buffer);

/**
 * nx_status_get_info: the registry's row, or NULL when the code is not registered.
 */
NX_API const NxStatusInfo *nx_status_get_info (NxStatus status);

/**
 * nx_status_get_subject_name: what the second number stands for ("addressing status"), or NULL.
 */
NX_API const char *nx_status_get_subject_name (guint subject);

/**
 * nx_status_get_class_name: "success", "persistent transient failure", "permanent failure", or NULL.
 */
NX_API const char *nx_status_get_class_name (guint class_);

/**
 * nx_status_list_infos: all rows, ordered by subject and detail. @count_out: their number.
 */
NX_API const NxStatusInfo *nx_status_list_infos (guint *count_out);

G_END_DECLS
