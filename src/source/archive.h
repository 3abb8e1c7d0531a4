/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * archive.h: a tar or a zip as a row of members, each of them a stream.
 */
#pragma once

#include "source/stream.h"

G_BEGIN_DECLS

typedef struct _NxArchive NxArchive;

/**
 * NxMember: borrowed until the next call. @number: counts all that is in the archive from 0 on, also what is no file.
 * @modified: seconds since 1970, 0 when the archive does not say.
 */
typedef struct {
	const char *name;
	gint64 modified;
	guint number;
} NxMember;

/**
 * nx_archive_new: @inner: (transfer full). @packing: TAR or ZIP. @meter: outlives the archive. Returns: (transfer full)
 */
NxArchive *nx_archive_new (NxStream *inner, NxPacking packing, NxMeter *meter);
void nx_archive_free (NxArchive *archive);

/**
 * nx_archive_next: goes to the next file that may be mail, or be packed mail; none before @first.
 * Returns: 1, 0 at the end, -1 on failure; the next call goes on with what can be read behind it.
 */
int nx_archive_next (NxArchive *archive, guint first, NxMember *member_out);

/**
 * nx_archive_open_member: the bytes of the current member; to be freed before the next call of nx_archive_next().
 * Returns: (transfer full)
 */
NxStream *nx_archive_open_member (NxArchive *archive);

/**
 * nx_archive_get_problem: why nx_archive_next() failed.
 */
const char *nx_archive_get_problem (const NxArchive *archive);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxArchive, nx_archive_free)

G_END_DECLS
