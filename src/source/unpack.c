/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * unpack.c: what bytes are packed in, and compressed ones as a stream. RFC 1952 (gzip), RFC 8878 (zstd), bzip2, xz.
 *
 * Compressed bytes go through the libraries of their formats and not through libarchive, whose filters throw away the
 * block in which they meet the end of a file that was cut: up to 128 KiB of mail that is there. Here all that came
 * before the damage is handed out.
 *
 * Several compressed streams behind each other are one, as gzip(1) has it; what else stands behind the last one (the
 * zeros of a tape) is passed over. What a format may need in memory is capped: xz and zstd let the writer choose it.
 */
#include "source/stream.h"

#include "base/limits.h"

#include <bzlib.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* The longest of the marks that recognise_compression() asks for. */
#define MARK_BYTES 10

/* zstd counts its window in powers of two. */
#define ZSTD_WINDOW_LOG 27

typedef enum {
	STEP_MORE,
	STEP_END,
	STEP_DAMAGED,
	STEP_TOO_LARGE,
} Step;

typedef struct _Unpacker Unpacker;

/**
 * Method: @start: begins a compressed stream. @step: unpacks from the block into @out, moves in_at and tells how much
 * was made. @stop: frees what @start made.
 */
typedef struct {
	const char *name;
	gboolean (*start) (Unpacker *self);
	Step (*step) (Unpacker *self, char *out, gsize size, gsize *made_out);
	void (*stop) (Unpacker *self);
} Method;

/**
 * Unpacker: @block: compressed bytes from @in_at to @in_end. @last: what the last step came to. @is_last: there are no
 * more compressed bytes. @is_between: one compressed stream ended.
 */
struct _Unpacker {
	NxStream stream;
	NxStream *inner;
	const Method *method;
	NxMeter *meter;
	guint64 read_before;
	guint64 made;
	union {
		z_stream gzip;
		bz_stream bzip2;
		lzma_stream xz;
		ZSTD_DStream *zstd;
	} state;
	gsize in_at;
	gsize in_end;
	NxPacking packing;
	Step last;
	gboolean is_last;
	gboolean is_started;
	gboolean is_between;
	char block[65536];
};

static gboolean
start_gzip (Unpacker *self)
{
	/* 16: with the header and the checksum of gzip */
	return inflateInit2 (&self->state.gzip, 15 + 16) == Z_OK;
}

static Step
step_gzip (Unpacker *self, char *out, gsize size, gsize *made_out)
{
	z_stream *state = &self->state.gzip;
	state->next_in = (Bytef *)self->block + self->in_at;
	state->avail_in = (uInt)(self->in_end - self->in_at);
	state->next_out = (Bytef *)out;
	state->avail_out = (uInt)size;
	int result = inflate (state, Z_NO_FLUSH);
	self->in_at = self->in_end - state->avail_in;
	*made_out = size - state->avail_out;
	if (result == Z_STREAM_END)
		return STEP_END;
	return result == Z_OK || result == Z_BUF_ERROR ? STEP_MORE : STEP_DAMAGED;
}

static void
stop_gzip (Unpacker *self)
{
	inflateEnd (&self->state.gzip);
}

static gboolean
start_bzip2 (Unpacker *self)
{
	return BZ2_bzDecompressInit (&self->state.bzip2, 0, 0) == BZ_OK;
}

static Step
step_bzip2 (Unpacker *self, char *out, gsize size, gsize *made_out)
{
	bz_stream *state = &self->state.bzip2;
	state->next_in = self->block + self->in_at;
	state->avail_in = (unsigned)(self->in_end - self->in_at);
	state->next_out = out;
	state->avail_out = (unsigned)size;
	int result = BZ2_bzDecompress (state);
	self->in_at = self->in_end - state->avail_in;
	*made_out = size - state->avail_out;
	if (result == BZ_STREAM_END)
		return STEP_END;
	return result == BZ_OK ? STEP_MORE : STEP_DAMAGED;
}

static void
stop_bzip2 (Unpacker *self)
{
	BZ2_bzDecompressEnd (&self->state.bzip2);
}

static gboolean
start_xz (Unpacker *self)
{
	self->state.xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder (&self->state.xz, NX_LIMIT_UNPACK_MEMORY_BYTES, 0) == LZMA_OK;
}

static Step
step_xz (Unpacker *self, char *out, gsize size, gsize *made_out)
{
	lzma_stream *state = &self->state.xz;
	state->next_in = (const guint8 *)self->block + self->in_at;
	state->avail_in = self->in_end - self->in_at;
	state->next_out = (guint8 *)out;
	state->avail_out = size;
	lzma_ret result = lzma_code (state, LZMA_RUN);
	self->in_at = self->in_end - state->avail_in;
	*made_out = size - state->avail_out;
	if (result == LZMA_STREAM_END)
		return STEP_END;
	if (result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR)
		return STEP_TOO_LARGE;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_MORE : STEP_DAMAGED;
}

static void
stop_xz (Unpacker *self)
{
	lzma_end (&self->state.xz);
}

static gboolean
start_zstd (Unpacker *self)
{
	self->state.zstd = ZSTD_createDStream ();
	return self->state.zstd != NULL &&
	       !ZSTD_isError (ZSTD_DCtx_setParameter (self->state.zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG));
}

static Step
step_zstd (Unpacker *self, char *out, gsize size, gsize *made_out)
{
	ZSTD_inBuffer in = { self->block, self->in_end, self->in_at };
	ZSTD_outBuffer made = { out, size, 0 };
	size_t result = ZSTD_decompressStream (self->state.zstd, &made, &in);
	self->in_at = in.pos;
	*made_out = made.pos;
	if (ZSTD_isError (result))
		/* zstd_errors.h, which has a name for this number, is not stable in its other parts. */
		return strstr (ZSTD_getErrorName (result), "memory") != NULL ? STEP_TOO_LARGE : STEP_DAMAGED;
	return result == 0 ? STEP_END : STEP_MORE;
}

static void
stop_zstd (Unpacker *self)
{
	ZSTD_freeDStream (self->state.zstd);
	self->state.zstd = NULL;
}

static const Method methods[] = {
	[NX_PACKING_GZIP] = { "gzip", start_gzip, step_gzip, stop_gzip },
	[NX_PACKING_BZIP2] = { "bzip2", start_bzip2, step_bzip2, stop_bzip2 },
	[NX_PACKING_XZ] = { "xz", start_xz, step_xz, stop_xz },
	[NX_PACKING_ZSTD] = { "zstd", start_zstd, step_zstd, stop_zstd },
};

static gboolean
begins_with (const guint8 *data, gsize length, const char *mark, gsize mark_length)
{
	return length >= mark_length && memcmp (data, mark, mark_length) == 0;
}

static NxPacking
recognise_compression (const guint8 *data, gsize length)
{
	if (begins_with (data, length, "\x1F\x8B\x08", 3))
		return NX_PACKING_GZIP;
	if (begins_with (data, length,
			 "\xFD"
			 "7zXZ\0",
			 6))
		return NX_PACKING_XZ;
	if (begins_with (data, length, "\x28\xB5\x2F\xFD", 4) ||
	    (length >= 4 && (data[0] & 0xF0) == 0x50 && memcmp (data + 1, "\x2A\x4D\x18", 3) == 0))
		return NX_PACKING_ZSTD;
	/* "BZh9", and then a block (the digits of pi) or the end (those of its root): "BZh" alone may be a word. */
	if (begins_with (data, length, "BZh", 3) && length >= MARK_BYTES && data[3] >= '1' && data[3] <= '9' &&
	    (memcmp (data + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
	     memcmp (data + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0))
		return NX_PACKING_BZIP2;
	return NX_PACKING_NONE;
}

/* All dialects of tar have a checksum in the header, as octal digits; old ones have nothing else. A tar with nothing in
 * it is zeros, and so is the hole that a crash leaves in an mbox: no tar. */
static gboolean
is_tar (const guint8 *data, gsize length)
{
	static const gsize block = 512, field = 148, field_length = 8;
	guint sum = 0, want = 0, digits = 0;
	if (length < block)
		return FALSE;
	for (gsize i = 0; i < block; i++) {
		sum += i >= field && i < field + field_length ? ' ' : data[i];
	}
	for (gsize i = field; i < field + field_length; i++) {
		if (data[i] >= '0' && data[i] <= '7') {
			want = want * 8 + (guint)(data[i] - '0');
			digits++;
		} else if (data[i] != ' ' || digits > 0) {
			break;
		}
	}
	return digits > 0 && want == sum && data[0] != 0;
}

NxPacking
nx_packing_recognise (const guint8 *data, gsize length)
{
	NxPacking packing = recognise_compression (data, length);
	if (packing != NX_PACKING_NONE)
		return packing;
	/* a member, or the end of one that holds none */
	if (begins_with (data, length, "PK\3\4", 4) || begins_with (data, length, "PK\5\6", 4))
		return NX_PACKING_ZIP;
	return is_tar (data, length) ? NX_PACKING_TAR : NX_PACKING_NONE;
}

static gssize
fail (Unpacker *self, const char *problem)
{
	g_autofree char *text = g_strdup_printf ("%s: %s", self->method->name, problem);
	return nx_stream_fail (&self->stream, TRUE, text);
}

/* Gets @want bytes into the block if there are so many. Returns: FALSE when reading failed. */
static gboolean
fill_block (Unpacker *self, gsize want)
{
	gsize left = self->in_end - self->in_at;
	if (left >= want)
		return TRUE;
	memmove (self->block, self->block + self->in_at, left);
	self->in_at = 0;
	self->in_end = left;
	while (self->in_end < want && !self->is_last) {
		gssize got =
			nx_stream_read (self->inner, self->block + self->in_end, sizeof self->block - self->in_end);
		if (got < 0)
			return FALSE;
		self->is_last = got == 0;
		self->in_end += (gsize)got;
	}
	return TRUE;
}

/* Begins the next compressed stream. Returns: 1, 0 when there is none, -1 on failure. */
static gssize
start_next (Unpacker *self)
{
	if (self->is_started) {
		self->method->stop (self);
		self->is_started = FALSE;
	}
	if (!fill_block (self, MARK_BYTES))
		return nx_stream_fail (&self->stream, self->inner->is_damage, self->inner->problem);
	const guint8 *next = (const guint8 *)self->block + self->in_at;
	if (recognise_compression (next, self->in_end - self->in_at) != self->packing)
		return 0;
	self->is_started = TRUE;
	self->is_between = FALSE;
	self->last = STEP_MORE;
	memset (&self->state, 0, sizeof self->state);
	return self->method->start (self) ? 1 : fail (self, "out of memory");
}

static gssize
read_unpacked (NxStream *stream, char *buffer, gsize size)
{
	Unpacker *self = (Unpacker *)stream;
	gsize made = 0;
	while (made == 0) {
		gssize started = self->is_between ? start_next (self) : 1;
		if (started <= 0)
			return started;
		gboolean is_cut = !fill_block (self, 1);
		if (self->last == STEP_MORE)
			self->last = self->method->step (self, buffer, size, &made);
		self->is_between = self->last == STEP_END;
		if (made > 0 || self->is_between)
			continue;
		if (self->last == STEP_DAMAGED)
			return fail (self, "damaged; what stands before that is read");
		if (self->last == STEP_TOO_LARGE)
			return fail (self, "needs too much memory to be unpacked");
		if (is_cut)
			return nx_stream_fail (stream, self->inner->is_damage, self->inner->problem);
		if (self->is_last && self->in_at == self->in_end)
			return fail (self, "ends too early; what is there is read");
	}
	self->made += made;
	return nx_stream_count_unpacked (stream, self->meter, self->read_before, self->made, made);
}

static void
close_unpacked (NxStream *stream)
{
	Unpacker *self = (Unpacker *)stream;
	if (self->is_started)
		self->method->stop (self);
	nx_stream_free (self->inner);
	g_free (self);
}

NxStream *
nx_stream_new_unpacked (NxStream *inner, NxPacking packing, NxMeter *meter)
{
	g_return_val_if_fail (packing >= NX_PACKING_GZIP && packing <= NX_PACKING_ZSTD, NULL);
	Unpacker *self = g_new0 (Unpacker, 1);
	self->stream.read = read_unpacked;
	self->stream.close = close_unpacked;
	self->inner = inner;
	self->method = &methods[packing];
	self->packing = packing;
	self->meter = meter;
	self->read_before = meter->read;
	self->is_between = TRUE;
	return &self->stream;
}
