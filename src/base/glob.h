/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * glob.h: "*" and "?" in the values of rules.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_glob_match: TRUE when all of @text, which is UTF-8, fits @glob: "*" is any text, "?" one character, anything else
 * itself. Steps at most as many as the product of their lengths; GPatternSpec, which means the same, allocates and
 * compiles each glob first.
 */
gboolean nx_glob_match (const char *glob, const char *text);

G_END_DECLS
