/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * author.h: who wrote a message, as far as its headers tell: a mail system, another program, a list, a person.
 */
#pragma once

#include "report/signs.h"

G_BEGIN_DECLS

/**
 * NxAuthor: @signs: borrowed. @mailer: From names a mail system or nobody. @postmaster: by a name that people bear too.
 * @automatic: a program answered another mail. @null_path: nobody is to answer: a null return path (RFC 5321 4.5.5), a
 * mailer's own, or nobody in From. @unknown_path: no Return-Path at all; archives lose it. @replied:
 * "Auto-Submitted: auto-replied" (RFC 3834 5.1). @generated: "Auto-Submitted: auto-generated", what cron jobs, shops
 * and newsletters say of themselves (RFC 3834 5.1).
 * @failed_header: a header that only bounces have. @list: a list's post, or a cron job's. @answer: a person's own
 * answer, or a bounce that they pass on. @to_return_path: where no person writes to. @to_self: it went to who sent it.
 */
typedef struct {
	const NxSigns *signs;
	gboolean mailer;
	gboolean postmaster;
	gboolean automatic;
	gboolean null_path;
	gboolean unknown_path;
	gboolean replied;
	gboolean generated;
	gboolean failed_header;
	gboolean list;
	gboolean answer;
	gboolean to_return_path;
	gboolean to_self;
} NxAuthor;

NxAuthor nx_author_find (const NxSigns *signs, const NxMessage *message);

/**
 * nx_author_is_mail_system: FALSE when it may be a person or any other program: a postmaster may be a person who writes
 * letters, about bounces above all; a mailer-daemon and a null return path are programs.
 */
gboolean nx_author_is_mail_system (const NxAuthor *author);

G_END_DECLS
