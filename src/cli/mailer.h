/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mailer.h: hands a mail to the site's sendmail(1).
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_mailer_send: runs @command (argv, from the configuration) with "-f @return_path" behind it and @message on its
 * stdin, without a shell; it takes the recipient from the message's To (sendmail -t). Returns: FALSE with
 * NX_ERROR_OUTPUT when it cannot be started, or does not end with 0.
 */
gboolean nx_mailer_send (const char *const *command, const char *return_path, const char *message, GError **error);

G_END_DECLS
