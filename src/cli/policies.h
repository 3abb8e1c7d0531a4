/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policies.h: the halves of nixie policy.
 */
#pragma once

#include "cli.h"
#include "progress.h"

G_BEGIN_DECLS

/**
 * nx_policies_show: the policy of the list of --list, or of all that have none of their own. @all: what is default too.
 */
gboolean nx_policies_show (NxCli *cli, gboolean all, gboolean json, GError **error);

/**
 * nx_policies_warn_strangers: says which groups [policy NAME] are of no list.
 */
gboolean nx_policies_warn_strangers (NxCli *cli, NxStore *store, const NxSettings *settings, GError **error);

/**
 * nx_policies_add_list: makes a list and puts what is configured for it in force; for one that is there, only the
 * address is new.
 */
gboolean nx_policies_add_list (NxCli *cli, NxStore *store, const char *name, const char *address, GError **error);

/**
 * nx_policies_replay: puts what is configured in force, and computes all states anew.
 */
gboolean nx_policies_replay (NxCli *cli, gboolean dry_run, NxProgress *progress, GError **error);

/**
 * nx_policies_compare: who would change. @file: (nullable): a configuration whose policies to take; NULL for the
 * configuration itself.
 */
gboolean nx_policies_compare (NxCli *cli, const char *file, gboolean json, NxProgress *progress, GError **error);

G_END_DECLS
