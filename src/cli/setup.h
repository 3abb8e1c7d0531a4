/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup.h: from the options, the environment and the configuration to a pipeline and an open database.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_setup_load: reads the configuration, once. Returns: FALSE with NX_ERROR_CONFIG.
 */
gboolean nx_setup_load (NxCli *cli, GError **error);

/**
 * nx_setup_new_rules: the built-in rules, and those of the local folder. Returns: NULL with NX_ERROR_RULES or
 * NX_ERROR_CONFIG.
 */
NxRules *nx_setup_new_rules (NxCli *cli, GError **error);

/**
 * nx_setup_new_pipeline: the same, ready for use.
 */
NxPipeline *nx_setup_new_pipeline (NxCli *cli, GError **error);

/**
 * nx_setup_add_keys: gives the pipeline the keys of return paths, and the look-up among the subscribers of the
 * database. Not part of nx_setup_new_pipeline(), since most who run nixie may not read the keys. @path: (nullable):
 * NULL for the configuration's; without one there either nothing is done. @now: as for nx_pipeline_set_verp_keys().
 */
gboolean nx_setup_add_keys (NxCli *cli, NxPipeline *pipeline, const char *path, gint64 now, GError **error);

/**
 * nx_setup_get_database: where the database is. Call nx_setup_load() before. Returns: (transfer full)
 */
char *nx_setup_get_database (const NxCli *cli);

/**
 * nx_setup_open_store: without NX_STORE_CREATE a database that is not there is NX_ERROR_NOT_FOUND.
 */
NxStore *nx_setup_open_store (NxCli *cli, NxStoreFlags flags, GError **error);

/**
 * nx_setup_get_list: the list to work on: --list, else the configuration's. Borrowed; NULL when neither says one.
 */
const char *nx_setup_get_list (const NxCli *cli);

/**
 * nx_setup_choose_list: as above, else the only list that there is. Returns: (transfer full): NULL with NX_ERROR_USAGE
 * or NX_ERROR_NOT_FOUND.
 */
char *nx_setup_choose_list (const NxCli *cli, NxStore *store, GError **error);

/**
 * nx_setup_check_list: @name: (nullable). FALSE with NX_ERROR_NOT_FOUND when it names no list.
 */
gboolean nx_setup_check_list (NxStore *store, const char *name, GError **error);

/**
 * nx_setup_drop_future_dates: takes the date of events that are dated later than tomorrow away, so that the store
 * uses its fallback.
 */
void nx_setup_drop_future_dates (GPtrArray *events, gint64 now);

G_END_DECLS
