/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * identity.h: whose subscription a report is about, by the return path that it came back to and the original that it
 * returned.
 */
#pragma once

#include <nixie/event.h>

G_BEGIN_DECLS

/**
 * NxIdentityRules: what the pipeline was told. @patterns: (nullable) (element-type NxReturnPathPattern). @headers:
 * (nullable) (element-type utf8): names. @keys: (nullable). @now: the time that a token's age is counted to.
 */
typedef struct {
	GPtrArray *patterns;
	GPtrArray *headers;
	NxVerpKeys *keys;
	gint64 now;
	NxVerpLookupFunc lookup;
	gpointer lookup_data;
} NxIdentityRules;

/**
 * NxIdentity: @verp_recipient: the subscriber's address, or "". @list: the list's posting address (from VERP), the name
 * of a configured pattern, or its List-Id, or "". @token: opaque, or "". @refused: why a keyed return path proves
 * nothing; NX_VERP_NONE when there is none, or another one is valid.
 */
typedef struct {
	char *verp_recipient;
	char *list;
	char *token;
	NxProof proof;
	NxVerpResult refused;
} NxIdentity;

/**
 * nx_identity_find: @envelope_to: (nullable): the envelope recipient when the caller knows it; else the report's
 * headers tell.
 */
void nx_identity_find (const NxIdentityRules *rules, const NxReport *report, const char *envelope_to,
		       NxIdentity *identity_out);
void nx_identity_clear (NxIdentity *identity);

G_END_DECLS
