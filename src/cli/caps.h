/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps.h: the caps of src/base/limits.h that the program needs too; it may not see the library's private headers.
 * tests/test_cli.c fails when one of them differs from its original.
 */
#pragma once

/* NX_LIMIT_MESSAGE_BYTES */
#define NX_CLI_MESSAGE_BYTES (64u << 20)

/* NX_LIMIT_LINE_BYTES */
#define NX_CLI_LINE_BYTES 65536

/* NX_LIMIT_BATCH_MESSAGES; and how long and how much a batch gathers at most. */
#define NX_CLI_BATCH_MESSAGES 1000
#define NX_CLI_BATCH_EVENTS 5000
#define NX_CLI_BATCH_USEC (2 * G_USEC_PER_SEC)

/* NX_LIMIT_RULES_FILE_BYTES */
#define NX_CLI_RULES_FILE_BYTES (4u << 20)

/* A configuration file. */
#define NX_CLI_CONFIG_BYTES (1u << 20)

/* How far ahead of ours the clock of a report may be. */
#define NX_CLI_CLOCK_SECONDS (24 * 60 * 60)

/* A file of keys for return paths. */
#define NX_CLI_KEY_FILE_BYTES 65536

/* What is kept of a program's output. How long a sendmail and a hook may take; how long a row of the outbox is claimed
 * beyond that. */
#define NX_CLI_PROGRAM_BYTES 400
#define NX_CLI_MAILER_SECONDS 300
#define NX_CLI_HOOK_SECONDS 60
#define NX_CLI_LEASE_SECONDS 60

/* Subscribers that a run works on in one transaction. */
#define NX_CLI_RUN_BATCH 200
