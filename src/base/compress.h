/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compression: zstd with and without dictionaries, gzip. The only room that sees the
 * libraries' headers. A codec is for one thread at a time; a dictionary, once made, is
 * read by any number of threads.
 */
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"

struct zdict;  /* a dictionary prepared for both directions */
struct zcodec; /* working memory of one thread */

/* Train a dictionary of at most ${max} bytes from ${count} samples that lie one after
 * another in ${samples}, with their sizes. Appends its bytes to ${out}. E_INVALID: the
 * samples are too few or too alike. */
int zdict_train(struct buf *out, size_t max, const void *samples, const size_t *sizes,
    unsigned count, struct err *err);

/* Prepare ${bytes} (copied) as a dictionary; ${level} is zstd's. */
int zdict_new(struct str bytes, int level, struct zdict **ret, struct err *err);
void zdict_free(struct zdict *d);

int zcodec_new(struct zcodec **ret, struct err *err);
void zcodec_free(struct zcodec *c);

/* Append ${in} as one frame without checksum or dictionary id to ${out}. ${d} NULL: no
 * dictionary, level 3. The frame states its content size. */
int zcodec_compress(struct zcodec *c, const struct zdict *d, struct str in,
    struct buf *out, struct err *err);

/* The content size of a frame, or E_CORRUPT. */
int zcodec_size(struct str frame, size_t *ret, struct err *err);

/* Decompress one frame into ${out} of exactly the size zcodec_size() told. */
int zcodec_decompress(struct zcodec *c, const struct zdict *d, struct str frame,
    void *out, size_t size, struct err *err);

/* Whole-buffer gzip and zstd for HTTP bodies, appended to ${out}. */
int compress_gzip(struct str in, struct buf *out, struct err *err);
int compress_zstd(struct str in, struct buf *out, struct err *err);

/* The other way, appended to ${out}, whose ceiling bounds what a small body may blow up
 * to. E_INVALID: damaged or cut short; E_TOO_LARGE: over the ceiling. */
int decompress_gzip(struct str in, struct buf *out, struct err *err);
int decompress_zstd(struct str in, struct buf *out, struct err *err);
/* The same of bare deflate (RFC 1951), as ZIP archives have it. */
int decompress_deflate(struct str in, struct buf *out, struct err *err);

/*
 * A file read as a stream, decompressed on the way: plain, gzip or zstd, told by its
 * first bytes. For one thread.
 */
struct unpacker;
int unpacker_open(const char *path, struct unpacker **ret, struct err *err);
/* Up to ${cap} bytes into ${out}; 0 at the end; negative enum err_code on failure. */
long unpacker_read(struct unpacker *u, void *out, size_t cap, struct err *err);
/* Bytes of the packed file read so far, and its size: for a progress bar. */
void unpacker_progress(const struct unpacker *u, unsigned long long *ret_done,
    unsigned long long *ret_size);
void unpacker_close(struct unpacker *u);

#endif
