/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-private.h: what the presets share. A preset is one NxPolicyEngine, in a file of its own (preset-*.c), and one
 * row in presets.c; policy.c drives it through a history.
 */
#pragma once

#include <nixie/policy.h>

G_BEGIN_DECLS

/* How much of a wrong key or value an error message shows. */
#define NX_POLICY_SHOWN 80

typedef struct {
	const char *name;
	guint value;
} NxPolicyWord;

extern const NxPolicyWord nx_policy_preset_words[];

/**
 * nx_policy_word_to_string: @words end with a NULL. Returns: the first word for a value that has none.
 */
const char *nx_policy_word_to_string (const NxPolicyWord *words, guint value);
gboolean nx_policy_word_from_string (const NxPolicyWord *words, const char *text, guint *value_out);

/* The indexes of NxPolicy.count and NxPolicy.measure. */
enum {
	NX_LISTMONK_SOFT,
	NX_LISTMONK_HARD,
	NX_LISTMONK_COMPLAINT,
};

/**
 * NxPolicyEngine: one preset. @init: what differs from nx_policy_init_plain().
 */
typedef struct {
	const char *meaning;
	void (*init) (NxPolicy *policy);
} NxPolicyEngine;

extern const NxPolicyEngine nx_preset_nixie;
extern const NxPolicyEngine nx_preset_mailman3;
extern const NxPolicyEngine nx_preset_mailman2;
extern const NxPolicyEngine nx_preset_sympa;
extern const NxPolicyEngine nx_preset_mlmmj;
extern const NxPolicyEngine nx_preset_ezmlm;
extern const NxPolicyEngine nx_preset_listmonk;
extern const NxPolicyEngine nx_preset_listserv;
extern const NxPolicyEngine nx_preset_record_only;

const NxPolicyEngine *nx_policy_get_engine (NxPreset preset);

G_END_DECLS
