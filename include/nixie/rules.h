/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules.h: the rules files: knowledge of how servers write, as data.
 *
 * A rules file is UTF-8 text made of stanzas:
 *
 *     # a comment
 *     [phrase google-no-such-user]
 *     reason  = user-unknown
 *     status  = 5.1.1
 *     text    = the email account that you tried to reach does not exist
 *     example = 550-5.1.1 The email account that you tried to reach does not exist. Please try …
 *     source  = https://support.google.com/mail/answer/6596
 *
 * "[TYPE ID]" opens a stanza; "key = value" lines follow; a key may come several times; white space
 * around key and value is dropped; a line that begins with white space continues the value before it. TYPE is phrase,
 * doubt, bystander, format, provider or sign; CONTRIBUTING.md has the keys of each. An id is unique within its type; a
 * stanza of a file that is read later replaces the one with its id, so that a local folder can override what is built
 * in.
 *
 * NxRules only holds stanzas. What they mean is the business of the modules that use them.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxRules NxRules;

/**
 * nx_rules_new_builtin: the rules that nixie was built with. Returns: (transfer full)
 */
NX_API NxRules *nx_rules_new_builtin (void);

/**
 * nx_rules_new_empty: no rules. Returns: (transfer full)
 */
NX_API NxRules *nx_rules_new_empty (void);
NX_API void nx_rules_free (NxRules *rules);

/**
 * nx_rules_add_text: reads stanzas from @text. @name: the file's name for messages.
 * Returns: FALSE with NX_ERROR_RULES "name:line: what is wrong" when a line is no stanza, key or comment, when a type
 * or a key is not known, or when an id comes twice in this text; then nothing of it was taken. Keys that a stanza must
 * have are the business of the module that uses it (verdict.h, report.h).
 */
NX_API gboolean nx_rules_add_text (NxRules *rules, const char *name, const char *text, GError **error);

/**
 * nx_rules_add_folder: reads every *.rules file of a folder, in the order of their names. A folder that is
 * not there is no error.
 */
NX_API gboolean nx_rules_add_folder (NxRules *rules, const char *folder, GError **error);

/**
 * NxRuleInfo: one stanza, for people. All borrowed. @file and @line: where it stands. @summary: its reason (phrase),
 * verdict (doubt), kind (format), hosts (provider) or meaning (sign). @text: the first text, mark, From, Subject or
 * address that it looks for, "" when it has none.
 */
typedef struct {
	const char *type;
	const char *id;
	const char *file;
	guint line;
	const char *summary;
	const char *text;
} NxRuleInfo;

/**
 * nx_rules_get_count, nx_rules_get_info: the stanzas, counted from 0.
 */
NX_API guint nx_rules_get_count (const NxRules *rules);
NX_API void nx_rules_get_info (const NxRules *rules, guint index, NxRuleInfo *info_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxRules, nx_rules_free)

G_END_DECLS
