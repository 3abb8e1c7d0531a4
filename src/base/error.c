/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error.c: the quark of the one error domain. See nixie/error.h.
 */
#include <nixie/error.h>

G_DEFINE_QUARK (nx - error - quark, nx_error)
