/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compose.h: a small text mail, written rather than read (RFC 5322, RFC 2045).
 */
#pragma once

#include "mime/headers.h"

G_BEGIN_DECLS

typedef struct {
	const char *name;
	const char *value;
} NxCompositionField;

/**
 * NxComposition: UTF-8, all of it. @from, @to, @reply_to: addresses that nx_address_is_valid(). @message_id: without
 * angle brackets. @fields: further ones, ended by a row without a name. @text: lines with LF.
 */
typedef struct {
	const char *from_name;
	const char *from;
	const char *to;
	const char *reply_to;
	const char *subject;
	const char *message_id;
	gint64 date;
	const NxCompositionField *fields;
	const char *text;
} NxComposition;

/**
 * nx_compose_mail: with LF line ends. Returns: (transfer full)
 */
char *nx_compose_mail (const NxComposition *composition);

G_END_DECLS
