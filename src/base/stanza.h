/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stanza.h: what an NxRules holds, for the modules that give it meaning. The grammar is in nixie/rules.h.
 */
#pragma once

#include "base/rules-stored.h"

#include <nixie/rules.h>

G_BEGIN_DECLS

/**
 * NxStanzaLine: one "key = value". @value is trimmed. @match: (nullable): its match form (base/text.h) when the build
 * made it. @memory: (nullable): what holds @value when it was read at run time.
 */
typedef struct {
	const char *key;
	const char *value;
	const char *match;
	char *memory;
	guint line;
} NxStanzaLine;

/**
 * NxStanza: @lines: of NxStanzaLine, in the file's order. @memory: NULL in a stanza that the build read, whose strings
 * outlive everything.
 */
typedef struct {
	const char *type;
	const char *id;
	const char *file;
	char *memory;
	GArray *lines;
	guint line;
	gatomicrefcount references;
} NxStanza;

/**
 * nx_stanza_ref: for who reads a stanza later, when its NxRules may be gone.
 */
NxStanza *nx_stanza_ref (NxStanza *stanza);
void nx_stanza_unref (NxStanza *stanza);

/**
 * nx_rules_new_stored: rules that the build has read.
 */
NxRules *nx_rules_new_stored (const NxStoredRules *stored);

/**
 * nx_rules_get_stored: Returns: (nullable)
 */
const NxStoredRules *nx_rules_get_stored (const NxRules *rules);

/**
 * nx_rules_get_stanzas: all stanzas, (element-type NxStanza), those of one type in the order in which their ids first
 * came.
 */
const GPtrArray *nx_rules_get_stanzas (const NxRules *rules);

/**
 * nx_rules_list_stanzas: those of one type, in the same order. @own: only those that were read at run time.
 * Returns: (transfer container) (element-type NxStanza)
 */
GPtrArray *nx_rules_list_stanzas (const NxRules *rules, const char *type, gboolean own);

/**
 * nx_rules_list_replaced: which of the stored stanzas of a type were replaced by own ones: TRUE at the number of each
 * among the stored stanzas of its type. Returns: (nullable) (transfer full): NULL when none was.
 */
guint8 *nx_rules_list_replaced (const NxRules *rules, const char *type);

/**
 * nx_stanza_get: the first value of a key, or NULL.
 */
const char *nx_stanza_get (const NxStanza *stanza, const char *key);

/**
 * nx_stanza_dup_match: the match form of a line's value.
 */
char *nx_stanza_dup_match (const NxStanzaLine *line);

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
