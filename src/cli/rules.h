/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules.h: the two larger halves of nixie rules.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_rules_explain_file: tells of each message of a file, or of stdin ("-"), what read it and what decided.
 */
gboolean nx_rules_explain_file (NxCli *cli, const char *path, gboolean json, GError **error);

/**
 * nx_rules_explain_message: the same for one message.
 */
void nx_rules_explain_message (const NxPipeline *pipeline, const NxRules *rules, const NxRawMessage *raw);

/**
 * nx_rules_learn_file: drafts a stanza and a fixture from the first message of a file.
 * @folder: (nullable): where to write them; NULL for stdout.
 */
gboolean nx_rules_learn_file (NxCli *cli, const char *path, const char *folder, GError **error);

G_END_DECLS
