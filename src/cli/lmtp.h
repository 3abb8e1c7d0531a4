/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lmtp.h: one LMTP session as a state machine: bytes go in, replies and messages come out.
 *
 * RFC 2033 (LMTP), with RFC 2920 (PIPELINING), 6152 (8BITMIME), 6531 (SMTPUTF8), 2034 (ENHANCEDSTATUSCODES), 1870
 * (SIZE) and 3030 (CHUNKING). It owns no socket, no clock and no database, and so can be tested a byte at a time.
 *
 * A message gets one reply for each of its recipients, once nx_lmtp_answer() says what became of it. What the client
 * sent behind the message is worked on meanwhile, as far as NxLmtpLimits.waiting goes; its replies stand in line.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _NxLmtp NxLmtp;

/**
 * NxLmtpLimits: @message_bytes: one message; announced as SIZE. @line_bytes: a command with its line end. @recipients:
 * of one message. @bad_commands: so many end the session. @waiting: messages that are not answered yet.
 */
typedef struct {
	gsize message_bytes;
	gsize line_bytes;
	guint recipients;
	guint bad_commands;
	guint waiting;
} NxLmtpLimits;

/**
 * NxLmtpMessage: @id: of this session, from 1 on. @sender: "" for the null sender. @recipients: (element-type utf8), at
 * least one. @body: with its line ends as they came, dots taken off.
 */
typedef struct {
	guint64 id;
	char *sender;
	GPtrArray *recipients;
	GByteArray *body;
} NxLmtpMessage;

/**
 * NxLmtpAnswer: what became of a message for one recipient. All but the first two say "try again".
 */
typedef enum {
	NX_LMTP_RECORDED,
	NX_LMTP_NOTHING,
	NX_LMTP_BUSY,
	NX_LMTP_FAILED,
	NX_LMTP_CRASHED,
	NX_LMTP_NO_ROOM,
	NX_LMTP_ANSWERS
} NxLmtpAnswer;

/**
 * NxLmtpEnd: why the server ends a session.
 */
typedef enum {
	NX_LMTP_END_STOPPING,
	NX_LMTP_END_IDLE,
	NX_LMTP_END_TOTAL,
	NX_LMTP_END_CROWD,
} NxLmtpEnd;

/**
 * nx_lmtp_new: @host: the name that the server gives itself. The greeting is in the output already.
 */
NxLmtp *nx_lmtp_new (const char *host, const NxLmtpLimits *limits);
void nx_lmtp_free (NxLmtp *lmtp);

/**
 * nx_lmtp_feed: Returns: how much was taken. Less than @length means: first take what came out, and answer.
 */
gsize nx_lmtp_feed (NxLmtp *lmtp, const char *bytes, gsize length);

/**
 * nx_lmtp_take_message: the next message that came in whole. Returns: (transfer full): NULL when there is none.
 */
NxLmtpMessage *nx_lmtp_take_message (NxLmtp *lmtp);
void nx_lmtp_message_free (NxLmtpMessage *message);

/**
 * nx_lmtp_answer: @answers: NxLmtpAnswer as octets, one for each recipient, in their order.
 */
void nx_lmtp_answer (NxLmtp *lmtp, guint64 id, const guint8 *answers, guint count);

/**
 * nx_lmtp_take_output: appends the replies that may be sent now.
 */
void nx_lmtp_take_output (NxLmtp *lmtp, GString *output);

/**
 * nx_lmtp_get_held_bytes: of the message that comes in. nx_lmtp_drop_body: lets go of it: there is no room. The rest of
 * it is passed over, and the client is told to try again.
 */
gsize nx_lmtp_get_held_bytes (const NxLmtp *lmtp);
void nx_lmtp_drop_body (NxLmtp *lmtp);

/**
 * nx_lmtp_end: no more is taken in; 421 follows the replies that are due, or stands in the greeting's place.
 * nx_lmtp_drain: the same as soon as no transaction is open.
 */
void nx_lmtp_end (NxLmtp *lmtp, NxLmtpEnd end);
void nx_lmtp_drain (NxLmtp *lmtp);

/**
 * nx_lmtp_is_finished: nothing more is taken in, and all replies have been taken. nx_lmtp_is_waiting: a message is not
 * answered yet.
 */
gboolean nx_lmtp_is_finished (const NxLmtp *lmtp);
gboolean nx_lmtp_is_waiting (const NxLmtp *lmtp);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxLmtp, nx_lmtp_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxLmtpMessage, nx_lmtp_message_free)

G_END_DECLS
