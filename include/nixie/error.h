/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error.h: the one error domain of libnixie, and what every public header needs.
 *
 * A malformed message is never an error: it is a report with defects. A GError says that the library
 * could not do its job. The codes are sorted by how much is lost; nixie(1) maps them to exit statuses
 * in one place.
 *
 * Conventions of all headers: inputs are const; a const result is borrowed and lives as long as the
 * object it came from; a result without const is the caller's to free. Out-parameters are untouched on
 * failure. Texts are UTF-8 and "" when absent, never NULL, unless a function says otherwise. Times are
 * seconds since 1970-01-01 UTC, 0 when absent. GLib aborts when memory runs out; therefore every size
 * that a message controls is capped (src/base/limits.h).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#if defined(__GNUC__)
#define NX_API __attribute__ ((visibility ("default")))
#else
#define NX_API
#endif

/**
 * NxError: what could not be done.
 * @NX_ERROR_USAGE: an argument makes no sense.
 * @NX_ERROR_SOURCE: an input is not there, not readable, or no mail archive; other inputs are unharmed.
 * @NX_ERROR_RULES: a rules file is wrong; the message names file and line.
 * @NX_ERROR_CONFIG: a configuration file is wrong; the message names file and line.
 * @NX_ERROR_STORE_BUSY: the database is locked by others for too long; the same call may work later.
 * @NX_ERROR_STORE: the database cannot be opened, read or written.
 * @NX_ERROR_OUTPUT: an output cannot be written.
 * @NX_ERROR_NOT_FOUND: a list, subscriber or other named thing does not exist.
 * @NX_ERROR_DATA: an input file (CSV, say) holds something that cannot be taken; names the line.
 * @NX_ERROR_INTERNAL: a fault of nixie itself.
 */
typedef enum {
	NX_ERROR_USAGE = 1,
	NX_ERROR_SOURCE,
	NX_ERROR_RULES,
	NX_ERROR_CONFIG,
	NX_ERROR_STORE_BUSY,
	NX_ERROR_STORE,
	NX_ERROR_OUTPUT,
	NX_ERROR_NOT_FOUND,
	NX_ERROR_DATA,
	NX_ERROR_INTERNAL,
} NxError;

#define NX_ERROR (nx_error_quark ())
NX_API GQuark nx_error_quark (void);

G_END_DECLS
