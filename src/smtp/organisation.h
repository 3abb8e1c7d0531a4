/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * organisation.h: which part of a domain somebody registered, by the public suffix list that libpsl brings along.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * nx_organisation_is_registry: TRUE for a public suffix ("com", "co.uk", "qc.ca", "uk.com"), below which strangers have
 * names, and for what is no name (an IP address, ""). @domain: in lower case, A-labels.
 */
gboolean nx_organisation_is_registry (const char *domain);

/**
 * nx_organisation_make_name: of a host, the domain that its owner registered: "google.com" of
 * "ASPMX.l.google.com.". What stands behind a blank is left out. Returns: (transfer full): in lower case, A-labels; ""
 * of an IP address, of a public suffix itself, and of what is no host.
 */
char *nx_organisation_make_name (const char *host);

G_END_DECLS
