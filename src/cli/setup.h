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
 * nx_setup_new_pipeline: the built-in rules, and those of the local folder. Returns: NULL with NX_ERROR_RULES or
 * NX_ERROR_CONFIG.
 */
NxPipeline *nx_setup_new_pipeline (NxCli *cli, GError **error);

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

G_END_DECLS
