/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address-rules.h: keys of addresses under the rules of a site (nixie/address.h), for who looks subscriptions up.
 */
#pragma once

#include <nixie/address.h>

G_BEGIN_DECLS

/**
 * nx_address_rules_find_domains: the group that a domain's key is in, NULL-terminated. Returns: (nullable): borrowed.
 */
const char *const *nx_address_rules_find_domains (const NxAddressRules *rules, const char *domain);

/**
 * nx_address_find_tag: the octets before the "+" of a key's subaddress; 0 when it has none. A quoted local part has
 * none.
 */
gsize nx_address_find_tag (const char *key);

/**
 * nx_address_make_base: a key without what the rules call indifferent: two addresses that may be one mailbox have the
 * same. Returns: (transfer full)
 */
char *nx_address_make_base (const NxAddressRules *rules, const char *key);

G_END_DECLS
