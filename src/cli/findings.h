/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * findings.h: what nixie doctor has found: collected, counted, printed.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * NxLevel: ERROR: bounces are lost, or wait for ever. WARNING: something that is wanted will not work, or is not as
 * safe as it could be.
 */
typedef enum {
	NX_LEVEL_OK,
	NX_LEVEL_WARNING,
	NX_LEVEL_ERROR,
} NxLevel;

/**
 * NxFindings: @area: what the next findings are about: "database" …; a constant.
 */
typedef struct {
	GPtrArray *rows;
	const char *area;
	guint counts[NX_LEVEL_ERROR + 1];
} NxFindings;

NxFindings *nx_findings_new (void);
void nx_findings_free (NxFindings *findings);

/**
 * nx_findings_add: @cure: (nullable): what to do. @why: (nullable): for those who want to know more. @format: what was
 * found, with the file and the line where there is one.
 */
void nx_findings_add (NxFindings *findings, NxLevel level, const char *cure, const char *why, const char *format, ...)
	G_GNUC_PRINTF (5, 6);

/**
 * nx_findings_add_error: what an error says, which names its cure itself.
 */
void nx_findings_add_error (NxFindings *findings, NxLevel level, const GError *error);

/**
 * nx_findings_print: one line each, and their number; with --verbose the reasons too, with --quiet only what is not
 * well. @json: one object a line. Returns: FALSE with NX_ERROR_OUTPUT.
 */
gboolean nx_findings_print (const NxFindings *findings, const NxCli *cli, gboolean json, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxFindings, nx_findings_free)

G_END_DECLS
