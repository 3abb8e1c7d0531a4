/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * html.h: the visible text of an HTML part, for bounces that come as HTML alone.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_html_to_text: tags go, blocks and <br> become line ends, the usual entities are resolved, script, style and head
 * are left out. Never fails; linear in the input.
 */
char *nx_html_to_text (const char *html);

G_END_DECLS
