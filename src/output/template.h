/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * template.h: one text with placeholders, checked and filled in. See nixie/notice.h for what may stand in it.
 */
#pragma once

#include <nixie/outbox.h>

G_BEGIN_DECLS

/**
 * NxTemplate: @subject, @body: as they stand in the file.
 */
typedef struct {
	char *subject;
	char *body;
} NxTemplate;

/**
 * nx_template_new: @name: the file's, for errors. Returns: (transfer full): NULL with NX_ERROR_CONFIG.
 */
NxTemplate *nx_template_new (NxOutboxKind kind, const char *name, const char *text, GError **error);
void nx_template_free (NxTemplate *template);

/**
 * nx_template_fill_subject: one line. nx_template_fill_body: lines with LF. Returns: (transfer full)
 */
char *nx_template_fill_subject (const NxTemplate *template, GHashTable *values);
char *nx_template_fill_body (const NxTemplate *template, GHashTable *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxTemplate, nx_template_free)

G_END_DECLS
