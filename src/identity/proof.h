/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * proof.h: the last word on the proof of one event: what the site's own server has checked, held against whom the event
 * is about.
 */
#pragma once

#include "identity/auth-results.h"

#include <nixie/event.h>

G_BEGIN_DECLS

/**
 * nx_proof_is_same_organisation: TRUE when one domain is the other, or lies below it, and the upper one is nobody's
 * registry, by the public suffix list ("co.uk", "k12.ca.us", "eu.org", "uk.com"). Both in lower case, as A-labels.
 */
gboolean nx_proof_is_same_organisation (const char *a, const char *b);

/**
 * nx_proof_settle: raises or lowers @event's proof by @authentication; adds "auth-failed" to its defects where DMARC
 * failed. Leaves SIGNED alone, and CLAIM where @refused says that a keyed return path did not verify.
 */
void nx_proof_settle (NxEvent *event, const NxAuthentication *authentication, NxVerpResult refused);

/**
 * nx_event_add_defect: one word more.
 */
void nx_event_add_defect (NxEvent *event, const char *name);

G_END_DECLS
