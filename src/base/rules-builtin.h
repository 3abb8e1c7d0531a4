/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-builtin.h: what the build made of the rules files: see src/rules/make-tables.c, which writes them.
 */
#pragma once

#include "base/matcher.h"
#include "base/rules-stored.h"

extern const NxStoredRules nx_rules_stored;

/* The marks of the formats; the near words of the bystanders. */
extern const NxMatcherTable nx_rules_marks;
extern const NxMatcherTable nx_rules_near;
