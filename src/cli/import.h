/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * import.h: subscribers from a CSV file.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * NxImport: what an import did.
 */
typedef struct {
	guint64 added;
	guint64 known;
	guint64 bad;
} NxImport;

/**
 * nx_import_read: puts the addresses of @path ("-": stdin) on a list. Lines that cannot be taken are reported
 * (nx_main_warn()) and counted, the good ones are in. @import_out: set in any case.
 */
gboolean nx_import_read (NxCli *cli, NxStore *store, const char *list, const char *path, NxImport *import_out,
			 GError **error);

G_END_DECLS
