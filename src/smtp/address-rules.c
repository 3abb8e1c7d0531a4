/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address-rules.c: what a site knows of mailboxes beyond their keys: the case of local parts (RFC 5321 2.4),
 * subaddresses (RFC 5233), domains that are one and the same.
 *
 * All of it works on keys (nx_address_make_key()). What it will not do: look anything up.
 */
#include "smtp/address-rules.h"

#include "base/text.h"
#include "smtp/address-text.h"

#include <string.h>

static void
group_free_cb (gpointer data)
{
	g_strfreev (data);
}

NxAddressRules *
nx_address_rules_new (void)
{
	NxAddressRules *rules = g_new0 (NxAddressRules, 1);
	rules->same_domains = g_ptr_array_new_with_free_func (group_free_cb);
	return rules;
}

NxAddressRules *
nx_address_rules_copy (const NxAddressRules *rules)
{
	g_return_val_if_fail (rules != NULL, NULL);
	NxAddressRules *copy = nx_address_rules_new ();
	copy->keep_case = rules->keep_case;
	copy->ignore_subaddress = rules->ignore_subaddress;
	for (guint i = 0; i < rules->same_domains->len; i++)
		g_ptr_array_add (copy->same_domains, g_strdupv (g_ptr_array_index (rules->same_domains, i)));
	return copy;
}

void
nx_address_rules_free (NxAddressRules *rules)
{
	if (rules == NULL)
		return;
	g_ptr_array_unref (rules->same_domains);
	g_free (rules);
}

const char *const *
nx_address_rules_find_domains (const NxAddressRules *rules, const char *domain)
{
	for (guint i = 0; i < rules->same_domains->len; i++) {
		const char *const *group = g_ptr_array_index (rules->same_domains, i);
		if (g_strv_contains (group, domain))
			return group;
	}
	return NULL;
}

static gboolean
add_domain (const NxAddressRules *rules, GPtrArray *group, const char *domain, GError **error)
{
	g_autofree char *shown = nx_text_make_line (domain, 100);
	g_autofree char *key = nx_address_make_domain_key (domain);
	g_autofree char *probe = g_strconcat ("x@", key, NULL);
	if (!nx_address_is_valid (probe)) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "“%s” is no domain", shown);
		return FALSE;
	}
	gboolean known = nx_address_rules_find_domains (rules, key) != NULL;
	for (guint i = 0; i < group->len; i++)
		known = known || strcmp (g_ptr_array_index (group, i), key) == 0;
	g_ptr_array_add (group, g_steal_pointer (&key));
	if (known)
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "“%s” is named twice", shown);
	return !known;
}

gboolean
nx_address_rules_add_domains (NxAddressRules *rules, const char *domains, GError **error)
{
	g_return_val_if_fail (rules != NULL && domains != NULL, FALSE);
	g_auto (GStrv) words = g_strsplit_set (domains, " \t", -1);
	g_autoptr (GPtrArray) group = g_ptr_array_new_with_free_func (g_free);
	for (guint i = 0; words[i] != NULL; i++)
		if (*words[i] != '\0' && !add_domain (rules, group, words[i], error))
			return FALSE;
	if (group->len < 2) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "a domain that stands alone is the same as none");
		return FALSE;
	}
	g_ptr_array_add (group, NULL);
	g_ptr_array_add (rules->same_domains, g_ptr_array_free (g_steal_pointer (&group), FALSE));
	return TRUE;
}

gsize
nx_address_find_tag (const char *key)
{
	const char *at = strrchr (key, '@');
	const char *plus = strchr (key, '+');
	gboolean tagged = at != NULL && *key != '"' && plus != NULL && plus != key && plus < at;
	return tagged ? (gsize)(plus - key) : 0;
}

char *
nx_address_make_base (const NxAddressRules *rules, const char *key)
{
	const char *at = strrchr (key, '@');
	if (at == NULL)
		return g_strdup (key);
	const char *const *group = nx_address_rules_find_domains (rules, at + 1);
	gsize tag = rules->ignore_subaddress ? nx_address_find_tag (key) : 0;
	g_autofree char *local = g_strndup (key, tag > 0 ? tag : (gsize)(at - key));
	return g_strconcat (local, "@", group != NULL ? group[0] : at + 1, NULL);
}
