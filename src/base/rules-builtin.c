/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules-builtin.c: the rules that nixie was built with. Apart from rules.c, which the program that writes them uses as
 * well.
 */
#include "base/rules-builtin.h"

#include "base/stanza.h"

NxRules *
nx_rules_new_builtin (void)
{
	return nx_rules_new_stored (&nx_rules_stored);
}
