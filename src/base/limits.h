/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * limits.h: every cap of nixie, in one place. A mail controls its size; these control nixie's.
 *
 * What goes beyond a cap is left out, and a defect of the report says so; nothing here makes a run fail.
 */
#pragma once

/* One message; the rest is not looked at. Bounces that return a whole original are rarely above 50 MB. */
#define NX_LIMIT_MESSAGE_BYTES (64u << 20)

/* MIME nesting, parts, headers of one block, octets of one header (unfolded). GMime's own cap on nesting is 1,024. */
#define NX_LIMIT_MIME_DEPTH 32
#define NX_LIMIT_MIME_PARTS 1000
#define NX_LIMIT_HEADERS 1000
#define NX_LIMIT_HEADER_BYTES 16384

/* Headers of all blocks of a message; addresses and parameters in them, each of which is an object to GMime; lines that
 * begin with "--" times the boundaries that GMime compares each of them with. */
#define NX_LIMIT_ALL_HEADERS 20000
#define NX_LIMIT_HEADER_PIECES 20000
#define NX_LIMIT_BOUNDARY_COMPARISONS 1000000

/* The body of one part, as it is encoded, and of all parts: what is read of a part is NX_LIMIT_TEXT_BYTES, which
 * quoted-printable makes three times as long. */
#define NX_LIMIT_PART_BYTES (4u << 20)
#define NX_LIMIT_BODY_BYTES (8u << 20)

/* ":" in an address header: GMime 3.2.13 recurses once per nested group. RFC 5322 knows no nesting. */
#define NX_LIMIT_ADDRESS_GROUPS 16

/* Decoded text of one part, and of all parts of a message that are searched for prose. */
#define NX_LIMIT_TEXT_BYTES (1u << 20)

/* Recipients of one report; a list post to one server rarely has more. */
#define NX_LIMIT_RECIPIENTS 5000

/* One address (RFC 5321 4.5.3.1: 64 + 1 + 255, times UTF-8 and quoting), one reply or diagnostic as kept. */
#define NX_LIMIT_ADDRESS_BYTES 1024
#define NX_LIMIT_DIAGNOSTIC_BYTES 4096

/* Rules: one file, one value, all texts of all phrases, the gap that a "*" in a text may span. */
#define NX_LIMIT_RULES_FILE_BYTES (4u << 20)
#define NX_LIMIT_RULE_VALUE_BYTES 4096
#define NX_LIMIT_RULE_GAP_BYTES 256

/* How far from an address the words of a bystander stanza are looked for. */
#define NX_LIMIT_BYSTANDER_BYTES 48

/* Folders inside folders that a source follows. */
#define NX_LIMIT_FOLDER_DEPTH 32

/* One From_ line of an mbox, all its words and those of its sender; empty lines in front of the first one. */
#define NX_LIMIT_FROM_LINE_BYTES 2048
#define NX_LIMIT_FROM_LINE_WORDS 24
#define NX_LIMIT_FROM_LINE_SENDER_WORDS 6
#define NX_LIMIT_MBOX_LEADING_BYTES 65536

/* How much of an archive is read at once. */
#define NX_LIMIT_READ_BYTES (256u << 10)

/* One line of a CSV import, one reply text on stdin of explain. */
#define NX_LIMIT_LINE_BYTES 65536

/* How long a writer waits for other writers. */
#define NX_LIMIT_STORE_WAIT_MSEC 60000

/* Messages and milliseconds after which a scan commits. */
#define NX_LIMIT_BATCH_MESSAGES 1000

/* How much of a mail's body its fingerprint covers. */
#define NX_LIMIT_FINGERPRINT_BYTES 8192

/* Envelope addresses of one report that are searched for VERP. */
#define NX_LIMIT_ENVELOPE_RECIPIENTS 32

/* Pieces between "*" in one text of a phrase. */
#define NX_LIMIT_RULE_PIECES 8

/*
 * The database: pages kept in memory (KiB); pages of the write-ahead log before they are written back (measured: four
 * times SQLite's own number saves a quarter of the time of a large scan); subscribers whose states are derived together
 * at the end of a batch.
 */
#define NX_LIMIT_STORE_CACHE_KIB 16384
#define NX_LIMIT_STORE_LOG_PAGES 4000
#define NX_LIMIT_STORE_TOUCHED 20000

/* So many days of failures, and so many mails, are thought ahead of what holds now. */
#define NX_LIMIT_POLICY_AHEAD 100

/* The outbox: octets of an error that is kept; so soon after it was queued a mail counts as having left at once; lines
 * of one kind that a digest shows. */
#define NX_LIMIT_OUTBOX_ERROR_BYTES 500
#define NX_LIMIT_OUTBOX_PROMPT_SECONDS 3600
#define NX_LIMIT_DIGEST_LINES 50

/* One template of a mail. */
#define NX_LIMIT_TEMPLATE_BYTES 65536

/* Subscriptions looked at for one address that is not subscribed itself; more are too many to tell apart. */
#define NX_LIMIT_STORE_FITS 100

/* Host names of one diagnosis that may tell who spoke. */
#define NX_LIMIT_HOSTS 16

/* Words of the clause around an address that may be read without it; a longer one may speak of something else. */
#define NX_LIMIT_CLAUSE_WORDS 4

/* Other recipients of a report whose names are looked for in one's diagnosis. */
#define NX_LIMIT_OTHER_RECIPIENTS 32

/* Pieces of one line pattern of a format; how much of a mail's text is searched for a format's marks; lines of a
 * mail's text, as many as NX_LIMIT_TEXT_BYTES has where it is prose; lines between the mark of a returned original and
 * its first header field. */
#define NX_LIMIT_PATTERN_PIECES 12
#define NX_LIMIT_PROSE_BYTES 65536
#define NX_LIMIT_PROSE_LINES 20000
#define NX_LIMIT_PROSE_GAP_LINES 8
#define NX_LIMIT_PROSE_LABEL_BYTES 64

/* A bounce that no format knows: the first recipient is named within its head; words of failure stand so close before
 * or behind the line that it begins, or in its sentence; all of it is so long when it returns no original (and so much
 * longer for each recipient), and when it names nobody at the beginning of a line. */
#define NX_LIMIT_CLAIM_HEAD_BYTES 3000
#define NX_LIMIT_CLAIM_BEFORE_BYTES 800
#define NX_LIMIT_CLAIM_BEHIND_BYTES 400
#define NX_LIMIT_CLAIM_SENTENCE_BYTES 400
#define NX_LIMIT_CLAIM_BYTES 2000
#define NX_LIMIT_CLAIM_RECIPIENT_BYTES 300
#define NX_LIMIT_CLAIM_NAMELESS_BYTES 1500

/* One return path with all that forwarders wrapped around it; how often it is unwrapped; steps that the match of one
 * style may take; keys of one file; returned header fields kept for look-up. Where in a mail a confirmation's token is
 * looked for. */
#define NX_LIMIT_RETURN_PATH_BYTES 512
#define NX_LIMIT_CONFIRMATION_BYTES 65536
#define NX_LIMIT_RETURN_PATH_WRAPPINGS 6
#define NX_LIMIT_RETURN_PATH_STEPS 20000
#define NX_LIMIT_VERP_KEYS 32
#define NX_LIMIT_ORIGINAL_FIELDS_BYTES 32768

/* Results that are read of one field Authentication-Results, and domains that are kept of one message. */
#define NX_LIMIT_AUTH_RESULTS 100

/*
 * Archives. Packed in packed in packed: a zip of a tar.gz of an mbox.xz is 4. How many times its size something may
 * unpack to, and how much whatever its size: one compressed stream, one file with all that is in it (gzip reaches 1,032
 * at best, mail 5 to 50). What one stream may need to be unpacked: xz -9 asks for 65 MiB, zstd --ultra -22 for 128.
 */
#define NX_LIMIT_UNPACK_DEPTH 6
#define NX_LIMIT_UNPACK_RATIO ((guint64)500)
#define NX_LIMIT_UNPACK_BYTES ((guint64)64 << 20)
#define NX_LIMIT_UNPACK_FILE_BYTES ((guint64)256 << 20)
#define NX_LIMIT_UNPACK_MEMORY_BYTES ((guint64)160 << 20)

/* The name of a member, all archives that it is in counted. */
#define NX_LIMIT_MEMBER_NAME_BYTES 4096

/* By what a file and a message in it are known again. */
#define NX_LIMIT_IDENTITY_BYTES 4096
#define NX_LIMIT_MARK_BYTES 256
