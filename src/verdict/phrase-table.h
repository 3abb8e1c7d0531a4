/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phrase-table.h: phrase or doubt stanzas, compiled: numbers into arrays, which the build writes for the built-in rules
 * (src/rules/make-tables.c) and which are made at run time for those of a local folder.
 */
#pragma once

#include "base/matcher.h"
#include "base/stanza.h"

#include <nixie/verdict.h>

G_BEGIN_DECLS

/**
 * NxPhraseRow: one stanza. @id: a string. @reply and the next: lists, 0 for those that the stanza has not: globs
 * (@reply, @status), globs and "@provider" (@mta), texts in match form (@unless), ids and "@reason" (@over), names of
 * verdicts and reasons (@of). @texts: how many it has.
 */
typedef struct {
	guint32 id;
	guint32 reply;
	guint32 status;
	guint32 mta;
	guint32 unless;
	guint32 over;
	guint32 of;
	guint32 texts;
	guint32 reason;
	guint32 verdict;
} NxPhraseRow;

/**
 * NxPhraseText: one "text" line: @count pieces between "*". @literal: the line in match form. @row: whose it is.
 * @first: where the ends of its pieces stand among those of all texts of several pieces.
 */
typedef struct {
	guint32 literal;
	guint32 count;
	guint32 first;
	guint32 row;
} NxPhraseText;

/**
 * NxPhraseUse: which text, and which of its pieces, a literal of the matcher serves. @name: it looks for a name itself:
 * "prs.proofpoint", "?p=overquota".
 */
typedef struct {
	guint32 text;
	guint16 piece;
	guint16 name;
} NxPhraseUse;

/**
 * NxPhraseProvider: @mta, @domain: lists of globs.
 */
typedef struct {
	guint32 id;
	guint32 mta;
	guint32 domain;
} NxPhraseProvider;

/**
 * NxPhraseTable: a string is a place in @strings, a list a place in @lists, where strings follow up to a 0.
 * @first_uses: by literal, where its uses begin, and one more for the end. @bare: rows without texts. @ends: pieces of
 * all texts of several pieces.
 */
typedef struct {
	NxMatcherTable matcher;
	const char *strings;
	const NxPhraseRow *rows;
	const NxPhraseText *texts;
	const NxPhraseUse *uses;
	const guint32 *first_uses;
	const guint32 *lists;
	const NxPhraseProvider *providers;
	const guint32 *bare;
	guint32 row_count;
	guint32 text_count;
	guint32 list_count;
	guint32 provider_count;
	guint32 bare_count;
	guint32 ends;
	gsize string_bytes;
} NxPhraseTable;

/**
 * NxPhraseTables: the tables of nx_rules_stored (base/rules-builtin.h), which the build wrote.
 */
typedef struct {
	NxPhraseTable phrases;
	NxPhraseTable doubts;
} NxPhraseTables;

extern const NxPhraseTables nx_phrase_tables;

typedef struct _NxPhraseBuild NxPhraseBuild;

/**
 * nx_phrase_build_new: compiles stanzas. @type: "phrase" or "doubt". @base: (nullable): a table that the rules have
 * already: only stanzas beside it are compiled, which may name its providers. Returns: NULL with NX_ERROR_RULES when a
 * stanza makes no sense.
 */
NxPhraseBuild *nx_phrase_build_new (const NxRules *rules, const char *type, const NxPhraseTable *base, GError **error);
void nx_phrase_build_free (NxPhraseBuild *build);

/**
 * nx_phrase_build_get_table: Borrowed.
 */
const NxPhraseTable *nx_phrase_build_get_table (const NxPhraseBuild *build);

/**
 * nx_phrase_table_find_provider: Returns: (nullable)
 */
const NxPhraseProvider *nx_phrase_table_find_provider (const NxPhraseTable *table, const char *id);

/**
 * nx_phrase_is_name: TRUE when a literal looks for a name itself: "prs.proofpoint", "?p=overquota"; not "rbl.", which
 * ends a sentence too.
 */
gboolean nx_phrase_is_name (const char *literal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxPhraseBuild, nx_phrase_build_free)

G_END_DECLS
