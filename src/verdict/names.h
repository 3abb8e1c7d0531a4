/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * names.h: where a reply names somebody or something instead of saying something.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands in a mask in place of a name's bytes. No text in match form has these. */
enum {
	NX_NAME_ADDRESS = 1, /* local@domain */
	NX_NAME_HOST = 2,    /* a host name, and a URL behind its "://" */
};

/**
 * nx_names_mask: a copy of @text (in match form), of the same length, with the bytes of all names overwritten by their
 * sort. "please try <a@b.example>" keeps its "<". Returns: (transfer full)
 */
char *nx_names_mask (const char *text);

/**
 * nx_names_cut_address: "sorry, user <a@b.example> unknown." to "sorry, user unknown.": @text without the one address
 * that it names and what encloses it. Returns: (transfer full): NULL when it names none, or several. @clause_out:
 * (transfer full): what of it stands around the address up to the next punctuation: "user unknown".
 */
char *nx_names_cut_address (const char *text, char **clause_out);

/**
 * nx_names_say: TRUE when @words begin at the begin of a word in @mask ("host" is not in "localhost").
 */
gboolean nx_names_say (const char *mask, const char *words);

/**
 * nx_names_is_word: TRUE when a word, or what is none, begins at @at.
 */
gboolean nx_names_is_word (const char *text, gsize at);

G_END_DECLS
