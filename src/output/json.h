/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * json.h: what the writers of JSON share. The functions are in output.c.
 */
#pragma once

#include <jansson.h>

#include <nixie/event.h>

G_BEGIN_DECLS

/**
 * nx_output_dump_json: on one line, with all that nobody sees escaped.
 */
char *nx_output_dump_json (json_t *object);

/**
 * nx_output_add_json_text: not when it is NULL or "".
 */
void nx_output_add_json_text (json_t *object, const char *key, const char *value);

/**
 * nx_output_add_json_verdict: the members verdict and reason, when there are any.
 */
void nx_output_add_json_verdict (json_t *object, NxVerdict verdict, NxReason reason);

/**
 * nx_output_make_json_event: the members of the JSON contract, in its order.
 */
json_t *nx_output_make_json_event (const NxEvent *event);

G_END_DECLS
