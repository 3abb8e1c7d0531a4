/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-data.h: the rules files as the build embeds them (src/rules/embed.py). Ends with a NULL name.
 */
#pragma once

#include <nixie/error.h>

typedef struct {
	const char *name;
	const char *text;
} NxRulesData;

extern const NxRulesData nx_rules_data[];
