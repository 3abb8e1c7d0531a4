/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * deliver.h: what main.c needs of deliver beyond its row in the table.
 */
#pragma once

#include "cli.h"

G_BEGIN_DECLS

/**
 * nx_deliver_drain_input: reads stdin to its end if that was not done yet: procmail and Sieve take a program that
 * leaves some of it for a failed one, whatever its exit status.
 */
void nx_deliver_drain_input (void);

G_END_DECLS
