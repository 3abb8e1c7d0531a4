/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * program.c: the smallest program that uses libnixie; check-install.py builds it against what is installed.
 */
#include <nixie/nixie.h>
#include <stdio.h>

int
main (void)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	g_autoptr (NxPipeline) pipeline = nx_pipeline_new (rules, &error);
	if (!pipeline) {
		fprintf (stderr, "%s\n", error->message);
		return 1;
	}
	g_autoptr (NxDecision) decision = nx_pipeline_explain (pipeline, "550 5.1.1 User unknown");
	printf ("%s %s\n", nx_verdict_to_string (decision->verdict), nx_reason_to_string (decision->reason));
	return 0;
}
