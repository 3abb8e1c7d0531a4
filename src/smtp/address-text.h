/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address-text.h: characters of addresses, shared by the files of this room. Texts may hold octets that are no UTF-8:
 * these are characters that no address has.
 */
#pragma once

#include <nixie/address.h>

G_BEGIN_DECLS

/**
 * nx_address_read_char: the character at @p; 0 at the end; U+FFFFFFFF for what is no UTF-8.
 */
gunichar nx_address_read_char (const char *p);

/**
 * nx_address_find_char_before: where the character before @p begins; @p must not be @text.
 */
const char *nx_address_find_char_before (const char *text, const char *p);

/**
 * nx_address_is_hidden_char: white space, controls, and what turns the direction of a text around: none of them can be
 * seen, and all can make one address look like another.
 */
gboolean nx_address_is_hidden_char (gunichar c);

/**
 * nx_address_lower: in lower case, whether UTF-8 or not, and alike in every locale.
 */
char *nx_address_lower (const char *text);

/**
 * nx_address_is_split: TRUE when @text begins with a local part that has a blank in it and no quotes ("ada
 * lovelace@post.example"). That is no address; and its last word with the domain may be another reader's.
 */
gboolean nx_address_is_split (const char *text);

/**
 * nx_address_make_domain_key: a domain as nx_address_make_key() has it.
 */
char *nx_address_make_domain_key (const char *domain);

/**
 * nx_address_make_case_local: the local part as nx_address_make_key() has it, but in the case that it came in.
 */
char *nx_address_make_case_local (const char *address);

G_END_DECLS
