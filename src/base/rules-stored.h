/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-stored.h: stanzas as the build writes them (src/rules/make-tables.c): numbers into one array of strings, so
 * that a process has nothing to read, to allocate or to relocate.
 */
#pragma once

#include <nixie/error.h>

/**
 * NxStoredLine: one "key = value" of NxStanzaLine. @match: 0 when its match form was not made.
 */
typedef struct {
	guint32 key;
	guint32 value;
	guint32 match;
	guint32 line;
} NxStoredLine;

/**
 * NxStoredStanza: its lines are @count from @first on.
 */
typedef struct {
	guint32 type;
	guint32 id;
	guint32 file;
	guint32 line;
	guint32 first;
	guint32 count;
} NxStoredStanza;

typedef struct {
	const char *strings; /* the one at 0 is "" */
	const NxStoredStanza *stanzas;
	const NxStoredLine *lines;
	gsize count;
} NxStoredRules;
