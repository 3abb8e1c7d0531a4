/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bystander.h: the bystander stanzas: words beside an address that is named in a reply and not offered by it.
 */
#pragma once

#include <nixie/rules.h>

G_BEGIN_DECLS

typedef struct _NxBystanders NxBystanders;

/**
 * nx_bystanders_new: Returns: (transfer full): NULL with NX_ERROR_RULES when a stanza makes no sense.
 */
NxBystanders *nx_bystanders_new (const NxRules *rules, GError **error);
void nx_bystanders_free (NxBystanders *bystanders);

/**
 * nx_bystanders_find: the id of the stanza by which the address at @start up to @end of @text is a bystander, or NULL.
 * @mask: @text in ASCII lower case, by nx_names_mask(). Looks no further than NX_LIMIT_BYSTANDER_BYTES either way.
 */
const char *nx_bystanders_find (const NxBystanders *bystanders, const char *mask, gsize start, gsize end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxBystanders, nx_bystanders_free)

G_END_DECLS
