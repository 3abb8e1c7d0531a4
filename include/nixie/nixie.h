/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nixie.h: all of libnixie: what a bounce means for the address it names.
 *
 *     g_autoptr(NxRules) rules = nx_rules_new_builtin ();
 *     g_autoptr(NxPipeline) pipeline = nx_pipeline_new (rules, &error);
 *     NxRawMessage raw = { .file = "-", .data = data, .length = length };
 *     g_autoptr(GPtrArray) events = nx_pipeline_read (pipeline, &raw, NULL);
 *
 * The library never prints, reads no configuration of the user's, and never exits; GLib aborts when memory runs out.
 */
#pragma once

#include <nixie/address.h>
#include <nixie/bookmark.h>
#include <nixie/confirmation.h>
#include <nixie/error.h>
#include <nixie/event.h>
#include <nixie/forward.h>
#include <nixie/health.h>
#include <nixie/holdings.h>
#include <nixie/incident.h>
#include <nixie/message.h>
#include <nixie/notice.h>
#include <nixie/outbox.h>
#include <nixie/output.h>
#include <nixie/policy.h>
#include <nixie/post.h>
#include <nixie/privacy.h>
#include <nixie/replay.h>
#include <nixie/reply.h>
#include <nixie/report.h>
#include <nixie/rules.h>
#include <nixie/source.h>
#include <nixie/status.h>
#include <nixie/store.h>
#include <nixie/undo.h>
#include <nixie/verdict.h>
#include <nixie/verp.h>
