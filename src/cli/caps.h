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

/* nixie scan: messages that are judged at a time, when nobody says and at most; messages and bytes that are read ahead
 * of the recorder. */
#define NX_CLI_SCAN_JOBS 8
#define NX_CLI_SCAN_MAX_JOBS 64
#define NX_CLI_SCAN_AHEAD 256
#define NX_CLI_SCAN_AHEAD_BYTES (8u << 20)

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

/*
 * nixie serve: what it takes when the configuration says nothing, and the most that this may say (serve-settings.c).
 * Messages that one session may have under way; seconds are RFC 5321's 4.5.3.2.7 for an idle client. A batch is what
 * one transaction takes; a worker is given as many messages as it fills one with before the next worker gets any, so
 * that few transactions are made. What one read takes; output that a client does not fetch.
 */
#define NX_CLI_SERVE_WORKERS 2
#define NX_CLI_SERVE_MAX_WORKERS 64
#define NX_CLI_SERVE_CONNECTIONS 100
#define NX_CLI_SERVE_MAX_CONNECTIONS 10000
#define NX_CLI_SERVE_RECIPIENTS 1000
#define NX_CLI_SERVE_MAX_RECIPIENTS 10000
#define NX_CLI_SERVE_MEMORY_BYTES (256u << 20)
#define NX_CLI_SERVE_MAX_MEMORY_BYTES (2u << 30)
#define NX_CLI_SERVE_LINE_BYTES 4096
#define NX_CLI_SERVE_BAD_COMMANDS 20
#define NX_CLI_SERVE_MAX_BAD_COMMANDS 1000
#define NX_CLI_SERVE_IDLE_SECONDS 300
#define NX_CLI_SERVE_TOTAL_SECONDS 3600
#define NX_CLI_SERVE_PARSE_SECONDS 60
#define NX_CLI_SERVE_STORE_SECONDS 30
#define NX_CLI_SERVE_STOP_SECONDS 30
#define NX_CLI_SERVE_MAX_SECONDS 86400
#define NX_CLI_SERVE_SOCKET_MODE 0660
#define NX_CLI_SERVE_WAITING 100
#define NX_CLI_SERVE_BATCH_MESSAGES 500
#define NX_CLI_SERVE_BATCH_USEC (G_USEC_PER_SEC / 5)
#define NX_CLI_SERVE_FILL_MESSAGES 16
#define NX_CLI_SERVE_READ_BYTES 65536
#define NX_CLI_SERVE_OUTPUT_BYTES 65536

/* How often a message is tried that was with a worker when that ended, though the worker was not reading it. */
#define NX_CLI_SERVE_ATTEMPTS 3

/* So many messages in a row that cannot be recorded alone show that it is not they. */
#define NX_CLI_SERVE_FAILURES 3

/* How long a worker may take for the database beyond the time that it waits for others. */
#define NX_CLI_SERVE_GRACE_SECONDS 60

/* So many events, changes and decisions nixie why shows of one subscription, so that it fits one screen. */
#define NX_CLI_WHY_ROWS 8

/*
 * nixie doctor: free bytes that a database needs and should have; the time that a clock must have reached
 * (2026-11-01); a file of another program; rows of the outbox that are looked at for their age.
 */
#define NX_CLI_DOCTOR_LEAST_BYTES (16u << 20)
#define NX_CLI_DOCTOR_GOOD_BYTES (256u << 20)
#define NX_CLI_DOCTOR_CLOCK 1793491200
#define NX_CLI_DOCTOR_FILE_BYTES (4u << 20)
#define NX_CLI_DOCTOR_ITEMS 1000
