/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * template-data.h: the templates as the build embeds them (src/rules/embed.py): "de/warning.txt". Ends with a NULL
 * name.
 */
#pragma once

#include "base/rules-data.h"

extern const NxRulesData nx_template_data[];
