/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * notify.h: from a row of the outbox to a mail that has left (nixie/outbox.h, nixie/notice.h).
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_notify_load_templates: the built-in ones, with those of the configuration's folder above them. Returns: (transfer
 * full): NULL with NX_ERROR_CONFIG, also when a configured language has none.
 */
NxTemplates *nx_notify_load_templates (const NxCli *cli, GError **error);

/**
 * nx_notify_draw_token: Returns: (transfer full): NULL with NX_ERROR_INTERNAL.
 */
char *nx_notify_draw_token (GError **error);

/**
 * nx_notify_make_address: where the answers to a mail of @list go. Returns: (transfer full): NULL with NX_ERROR_DATA or
 * NX_ERROR_NOT_FOUND (@list_address is "").
 */
char *nx_notify_make_address (const NxCli *cli, const char *list, const char *list_address, NxAnswer answer,
			      const char *token, GError **error);

/**
 * nx_notify_get_language: of a list's mails. Borrowed; NULL when nobody chose.
 */
const char *nx_notify_get_language (const NxCli *cli, const char *list);

/**
 * nx_notify_send: sends the mail of a row that was claimed, any but HOOK and ASK. Its token is drawn now, and stands in
 * the mail alone; the database keeps its hash. No lock is held while the mail leaves. Call with a configured sendmail.
 */
gboolean nx_notify_send (const NxCli *cli, NxStore *store, const NxTemplates *templates, const NxOutboxItem *item,
			 gint64 now, GError **error);

G_END_DECLS
