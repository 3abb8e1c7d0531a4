/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address.h: mail addresses as bounces carry them (RFC 5321 4.1.2, RFC 3461 4, RFC 6533 3).
 *
 * An address is kept as received; nx_address_make_key() gives the second form by which two spellings of
 * one mailbox are found equal.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/**
 * nx_address_decode_xtext: RFC 3461 xtext to text ("user+2Btag@x" to "user+tag@x"). A "+" that no two
 * upper-case hex digits follow, or that would give a control character, stays as it is: raw forms occur.
 * Returns: (transfer full)
 */
NX_API char *nx_address_decode_xtext (const char *text);

/**
 * nx_address_encode_xtext: the opposite. Returns: (transfer full)
 */
NX_API char *nx_address_encode_xtext (const char *text);

/**
 * nx_address_decode_utf8: RFC 6533 utf-8-addr-xtext, utf-8-addr-unitext and plain UTF-8 to UTF-8
 * ("D\x{F6}rte@x" to "Dörte@x"). Surrogates, values above 10FFFF and control characters stay as they are.
 * Returns: (transfer full)
 */
NX_API char *nx_address_decode_utf8 (const char *text);

/**
 * nx_address_parse: the address in a field's or a reply's text: "<a@b>", "<@relay:a@b>" (the source route
 * goes), "a@b.", "Name <a@b>", "a@b (comment)", "mailto:a@b". Quoted local parts and UTF-8 are taken.
 * The domain comes out in lower case without a trailing dot, the local part as it is.
 * Returns: (transfer full) (nullable): NULL when there is no address.
 */
NX_API char *nx_address_parse (const char *text);

/**
 * nx_address_find: the next address in free text.
 * @text: where to begin.
 * @start_out, @end_out: (nullable): the span in @text, with its angle brackets if it has them.
 * Returns: (transfer full) (nullable): as from nx_address_parse(); NULL when none is left. URLs and
 * message-ids are not told apart here; callers look at what stands before @start_out.
 */
NX_API char *nx_address_find (const char *text, const char **start_out, const char **end_out);

/**
 * nx_address_is_valid: TRUE for local@domain that could be mailed: lengths within RFC 5321 4.5.3.1 (UTF-8
 * octets), a domain of labels or an address literal, no control characters, no space outside quotes.
 */
NX_API gboolean nx_address_is_valid (const char *address);

/**
 * nx_address_make_key: the form to compare by: local part in NFC and lower case (nearly every server
 * ignores its case), needless quotes gone; domain as A-labels in lower case without a trailing dot
 * (RFC 5891, nontransitional), an address literal in one spelling of its number. Nothing else is guessed: "a.b"
 * is not "ab", "a%b@c" not "a@b". Two addresses with the same key are taken for one mailbox. The key is the same
 * in every locale.
 * Returns: (transfer full): never NULL; what is no address comes back in lower case.
 */
NX_API char *nx_address_make_key (const char *address);

/**
 * nx_address_equal: TRUE when both have the same key.
 */
NX_API gboolean nx_address_equal (const char *a, const char *b);

/**
 * NxAddressRules: what a site knows of mailboxes beyond their keys; used where a subscription is looked for
 * (nx_store_set_address_rules()), never for the key itself.
 * @keep_case: the case of a local part counts (RFC 5321 2.4). The domain's never does.
 * @ignore_subaddress: servers may strip "+tag" from a local part (RFC 5233), or add one.
 * @same_domains: (element-type GStrv): groups of keys of domains that are one; nx_address_rules_add_domains() fills
 * it.
 */
typedef struct {
	gboolean keep_case;
	gboolean ignore_subaddress;
	GPtrArray *same_domains;
} NxAddressRules;

/**
 * nx_address_rules_new: Returns: (transfer full): the rules that hold when nothing is said: no case, every tag a
 * mailbox of its own, no domain the same as another.
 */
NX_API NxAddressRules *nx_address_rules_new (void);
NX_API NxAddressRules *nx_address_rules_copy (const NxAddressRules *rules);
NX_API void nx_address_rules_free (NxAddressRules *rules);

/**
 * nx_address_rules_add_domains: @domains: "googlemail.com gmail.com": two or more that take the same mailboxes,
 * with blanks between them. Returns: FALSE with NX_ERROR_CONFIG when one is no domain, stands alone, or is in
 * a group already; then nothing is added.
 */
NX_API gboolean nx_address_rules_add_domains (NxAddressRules *rules, const char *domains, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxAddressRules, nx_address_rules_free)

/**
 * nx_address_get_domain: the part behind the last "@", or "". Borrowed from @address.
 */
NX_API const char *nx_address_get_domain (const char *address);

/**
 * nx_address_is_role: TRUE for mailboxes that stand for a function, never for a reader: mailer-daemon,
 * postmaster, abuse, noreply … (RFC 2142 and usage). Such an address is never offered as a forward.
 */
NX_API gboolean nx_address_is_role (const char *address);

/**
 * nx_address_is_redacted: TRUE when somebody made an address unreadable (RFC 6590): "redacted@x", "[hidden]@x",
 * "j***@x", a hash in hex or base64 for a local part, a domain "redacted" or below "invalid". @text: an address, or its
 * local part alone. For complaints: whoever takes it for a mailbox takes it for a wrong one.
 */
NX_API gboolean nx_address_is_redacted (const char *text);

G_END_DECLS
