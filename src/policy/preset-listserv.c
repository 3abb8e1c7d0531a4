/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * preset-listserv.c: as LISTSERV: permanent errors over some days, or so many of them, delete.
 */
#include "policy/policy-private.h"

static void
init (NxPolicy *policy)
{
	policy->delay_days = 4;
	policy->min_events = 100;
}

const NxPolicyEngine nx_preset_listserv = {
	.meaning = "as LISTSERV: permanent errors over some days, or so many of them, delete",
	.init = init,
};
