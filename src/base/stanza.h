/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stanza.h: what an NxRules holds, for the modules that give it meaning. The grammar is in nixie/rules.h.
 */
#pragma once

#include <nixie/rules.h>

G_BEGIN_DECLS

/**
 * NxStanzaLine: one "key = value". @value is trimmed.
 */
typedef struct {
	const char *key;
	char *value;
	guint line;
} NxStanzaLine;

/**
 * NxStanza: @lines: of NxStanzaLine, in the file's order.
 */
typedef struct {
	char *type;
	char *id;
	char *file;
	guint line;
	GArray *lines;
} NxStanza;

/**
 * nx_rules_get_stanzas: all stanzas, (element-type NxStanza), those of one type in the order in which their ids first
 * came.
 */
const GPtrArray *nx_rules_get_stanzas (const NxRules *rules);

/**
 * nx_stanza_get: the first value of a key, or NULL.
 */
const char *nx_stanza_get (const NxStanza *stanza, const char *key);

/**
 * nx_stanza_split: all values of a key, split at blanks. Returns: (transfer full) (element-type utf8): NULL when the
 * key is not there.
 */
GPtrArray *nx_stanza_split (const NxStanza *stanza, const char *key);

/**
 * nx_stanza_fail: sets NX_ERROR_RULES "file:line: [type id] message". @line: 0 for the stanza's own. Returns: FALSE
 */
gboolean nx_stanza_fail (const NxStanza *stanza, guint line, GError **error, const char *format, ...)
	G_GNUC_PRINTF (4, 5);

G_END_DECLS
