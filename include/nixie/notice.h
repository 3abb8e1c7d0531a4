/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * notice.h: the mails that nixie writes: to readers whose mail comes back, to new addresses, to a list's owner.
 *
 * What they say stands in templates: "Subject: …", an empty line, the text, all of it UTF-8. {name} is replaced by a
 * value. A paragraph that begins with {?name} stands only where that value is not empty. Which names there are depends
 * on the kind of mail; another one is an error. What else is between braces is text.
 *
 * A notice is marked as generated (RFC 3834 5), so that programs leave it alone; its headers are encoded (RFC 2047),
 * its body is plain UTF-8 text. Control characters in values do not get through. Nothing is sent here.
 */
#pragma once

#include <nixie/outbox.h>

G_BEGIN_DECLS

typedef struct _NxTemplates NxTemplates;

#define NX_NOTICE_LANGUAGE "en"

/**
 * nx_templates_new: the built-in ones: en de fr es ja. Returns: (transfer full)
 */
NX_API NxTemplates *nx_templates_new (void);

/**
 * nx_templates_add_folder: FOLDER/LANGUAGE/NAME.txt goes above the built-in one; NAME is nx_outbox_kind_to_string() of
 * a mail. A language that is not built in needs not have all: English stands in. Returns: FALSE with NX_ERROR_CONFIG
 * "FILE:LINE: what is wrong; what to do".
 */
NX_API gboolean nx_templates_add_folder (NxTemplates *templates, const char *folder, GError **error);

/**
 * nx_templates_list_languages: Returns: (transfer full): sorted.
 */
NX_API GStrv nx_templates_list_languages (const NxTemplates *templates);
NX_API void nx_templates_free (NxTemplates *templates);

/**
 * NxNotice: @kind: any but HOOK. @language: (nullable): NULL, or one that there is not: English. @values: (element-type
 * utf8 utf8): by the names of placeholders; what is missing is empty; lines with LF. "list", "list-address", "address"
 * (@to) and "reply" (@reply_to) need not be in there. @from: what programs answer to, and the return path it should be
 * sent with. @list: for people. @date: also of the Message-ID, which holds no secret.
 */
typedef struct {
	NxOutboxKind kind;
	const char *language;
	const char *list;
	const char *list_address;
	const char *from;
	const char *reply_to;
	const char *to;
	GHashTable *values;
	gint64 date;
} NxNotice;

/**
 * nx_notice_format: the mail (RFC 5322), with LF line ends. Returns: (transfer full)
 */
NX_API char *nx_notice_format (const NxTemplates *templates, const NxNotice *notice);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxTemplates, nx_templates_free)

G_END_DECLS
