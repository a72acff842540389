/* SPDX-License-Identifier: Apache-2.0 */
/* Frames and whole buffers: zstd with contexts that are used again and again, gzip. */
#include "base/compress.h"

#include <limits.h>
#include <pthread.h>
#include <zlib.h>

#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/arena.h"

#define PLAIN_LEVEL 3
#define BODY_LEVEL 1 /* bodies are packed while somebody waits */
#define BODY_GZIP_LEVEL 4

struct zdict {
    ZSTD_CDict *pack;
    ZSTD_DDict *unpack;
};

struct zcodec {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
};

/* Room for ${bound} bytes, or for as many as the ceiling leaves: what is packed is
 * usually far smaller. NULL: none at all, the buffer has failed. */
static char *pack_room(struct buf *out, size_t bound, size_t *ret_room)
{
    size_t left = out->max - out->len;

    *ret_room = left > 0 && left < bound ? left : bound;
    return buf_reserve(out, *ret_room);
}

/* A failure while packing is room, memory or our own mistake: any bytes can be packed. */
static int pack_error(size_t code, struct buf *out, struct err *err)
{
    if (ZSTD_getErrorCode(code) == ZSTD_error_dstSize_tooSmall) {
        out->error = E_TOO_LARGE;
        return buf_error(out, "The compressed data", err);
    }
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
        return err_nomem(err);
    return err_set(
        err, E_BUG, NULL, "Compressing failed: %s.", ZSTD_getErrorName(code));
}

int zdict_train(struct buf *out, size_t max, const void *samples, const size_t *sizes,
    unsigned count, struct err *err)
{
    char *room = buf_reserve(out, max);
    size_t n = 0;

    if (!room)
        return buf_error(out, "The dictionary", err);
    n = ZDICT_trainFromBuffer(room, max, samples, sizes, count);
    if (ZDICT_isError(n))
        return err_set(err, E_INVALID, NULL,
            "No dictionary can be made of these %u samples: %s.", count,
            ZDICT_getErrorName(n));
    out->len += n;
    return 0;
}

int zdict_new(struct str bytes, int level, struct zdict **ret, struct err *err)
{
    struct zdict *d = base_malloc(sizeof(*d));

    if (!d)
        return err_nomem(err);
    d->pack = ZSTD_createCDict(bytes.p, bytes.len, level);
    d->unpack = ZSTD_createDDict(bytes.p, bytes.len);
    if (!d->pack || !d->unpack) {
        zdict_free(d);
        return err_nomem(err);
    }
    *ret = d;
    return 0;
}

void zdict_free(struct zdict *d)
{
    if (!d)
        return;
    ZSTD_freeCDict(d->pack);
    ZSTD_freeDDict(d->unpack);
    base_free(d);
}

int zcodec_new(struct zcodec **ret, struct err *err)
{
    struct zcodec *c = base_malloc(sizeof(*c));

    if (!c)
        return err_nomem(err);
    c->pack = ZSTD_createCCtx();
    c->unpack = ZSTD_createDCtx();
    if (!c->pack || !c->unpack) {
        zcodec_free(c);
        return err_nomem(err);
    }
    ZSTD_CCtx_setParameter(c->pack, ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_setParameter(c->pack, ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_setParameter(c->pack, ZSTD_c_contentSizeFlag, 1);
    ZSTD_CCtx_setParameter(c->pack, ZSTD_c_compressionLevel, PLAIN_LEVEL);
    *ret = c;
    return 0;
}

void zcodec_free(struct zcodec *c)
{
    if (!c)
        return;
    ZSTD_freeCCtx(c->pack);
    ZSTD_freeDCtx(c->unpack);
    base_free(c);
}

int zcodec_compress(struct zcodec *c, const struct zdict *d, struct str in,
    struct buf *out, struct err *err)
{
    size_t room = 0;
    char *to = pack_room(out, ZSTD_compressBound(in.len), &room);
    size_t n = 0;

    if (!to)
        return buf_error(out, "The compressed data", err);
    /* with a dictionary, its level counts; NULL ends the use of the one before */
    n = ZSTD_CCtx_refCDict(c->pack, d ? d->pack : NULL);
    if (!ZSTD_isError(n))
        n = ZSTD_compress2(c->pack, to, room, in.p, in.len);
    if (ZSTD_isError(n))
        return pack_error(n, out, err);
    out->len += n;
    return 0;
}

int zcodec_size(struct str frame, size_t *ret, struct err *err)
{
    unsigned long long size = ZSTD_getFrameContentSize(frame.p, frame.len);

    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ||
        size > SIZE_MAX)
        return err_set(err, E_CORRUPT, NULL,
            "The compressed data does not start as a frame that states its size.");
    *ret = (size_t)size;
    return 0;
}

int zcodec_decompress(struct zcodec *c, const struct zdict *d, struct str frame,
    void *out, size_t size, struct err *err)
{
    size_t n = 0;

    n = ZSTD_DCtx_refDDict(c->unpack, d ? d->unpack : NULL);
    if (!ZSTD_isError(n))
        n = ZSTD_decompressDCtx(c->unpack, out, size, frame.p, frame.len);
    if (ZSTD_isError(n)) {
        if (ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation)
            return err_nomem(err);
        return err_set(
            err, E_CORRUPT, NULL, "Decompressing failed: %s.", ZSTD_getErrorName(n));
    }
    if (n != size)
        return err_set(err, E_CORRUPT, NULL,
            "Decompressing gave %zu bytes where %zu were stated.", n, size);
    return 0;
}

/*
 * Working memory for bodies: one of each a thread, made at first use, freed when the
 * thread ends. Making them anew costs more than packing a usual body.
 */
struct body_codec {
    ZSTD_CCtx *zstd;
    z_stream gzip;
    bool gzip_ready;
};

static pthread_key_t body_key;
static pthread_once_t body_once = PTHREAD_ONCE_INIT;
static bool body_key_ready;

static void body_codec_free(void *arg)
{
    struct body_codec *c = arg;

    ZSTD_freeCCtx(c->zstd);
    if (c->gzip_ready)
        deflateEnd(&c->gzip);
    base_free(c);
}

static void body_key_make(void)
{
    body_key_ready = pthread_key_create(&body_key, body_codec_free) == 0;
}

/* This thread's codec, or NULL when memory is out. */
static struct body_codec *body_codec(void)
{
    struct body_codec *c = NULL;

    pthread_once(&body_once, body_key_make);
    if (!body_key_ready)
        return NULL;
    c = pthread_getspecific(body_key);
    if (c)
        return c;
    c = base_malloc(sizeof(*c));
    if (!c)
        return NULL;
    *c = (struct body_codec){0};
    if (pthread_setspecific(body_key, c) != 0) {
        base_free(c);
        return NULL;
    }
    return c;
}

static bool gzip_start(struct body_codec *c)
{
    if (c->gzip_ready)
        return deflateReset(&c->gzip) == Z_OK;
    /* 15 + 16: the full window, with gzip's head and tail */
    c->gzip_ready = deflateInit2(&c->gzip, BODY_GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8,
                        Z_DEFAULT_STRATEGY) == Z_OK;
    return c->gzip_ready;
}

int compress_gzip(struct str in, struct buf *out, struct err *err)
{
    struct body_codec *c = body_codec();
    Bytef nothing = 0;
    size_t room = 0;
    char *to = NULL;
    int r = 0;

    if (!c || !gzip_start(c))
        return err_nomem(err);
    to = pack_room(out, deflateBound(&c->gzip, in.len), &room);
    if (in.len > UINT_MAX || room > UINT_MAX)
        return err_set(err, E_TOO_LARGE, NULL, "The data is too large for gzip.");
    if (!to)
        return buf_error(out, "The compressed data", err);
    /* zlib does not write to its input, though its type does not say so */
    c->gzip.next_in = in.len ? (Bytef *)(uintptr_t)in.p : &nothing;
    c->gzip.avail_in = (uInt)in.len;
    c->gzip.next_out = (Bytef *)to;
    c->gzip.avail_out = (uInt)room;
    r = deflate(&c->gzip, Z_FINISH);
    if (r != Z_STREAM_END && c->gzip.avail_out == 0) {
        out->error = E_TOO_LARGE;
        return buf_error(out, "The compressed data", err);
    }
    if (r != Z_STREAM_END)
        return err_set(err, E_BUG, NULL, "Compressing with gzip failed (%d).", r);
    out->len += room - c->gzip.avail_out;
    return 0;
}

int compress_zstd(struct str in, struct buf *out, struct err *err)
{
    struct body_codec *c = body_codec();
    size_t room = 0;
    char *to = NULL;
    size_t n = 0;

    if (c && !c->zstd)
        c->zstd = ZSTD_createCCtx();
    if (!c || !c->zstd)
        return err_nomem(err);
    to = pack_room(out, ZSTD_compressBound(in.len), &room);
    if (!to)
        return buf_error(out, "The compressed data", err);
    n = ZSTD_compressCCtx(c->zstd, to, room, in.p, in.len, BODY_LEVEL);
    if (ZSTD_isError(n))
        return pack_error(n, out, err);
    out->len += n;
    return 0;
}
