/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole bodies unpacked from gzip and zstd, in steps, so that no more memory is taken
 * than the buffer's ceiling allows, whatever the body says of its own size.
 */
#include <limits.h>
#include <zlib.h>

#include <zstd.h>

#include "base/compress.h"

#define STEP ((size_t)64 << 10)

/* One step's place to write to. Where the ceiling is reached it is a spare byte: the
 * data may be at its end without having said so, or is too large and writes there. */
struct step {
    char *to; /* NULL: memory is out, the buffer has failed */
    size_t room;
    char spare;
};

static void step_begin(struct step *s, struct buf *out)
{
    size_t left = out->max - out->len;

    s->room = left == 0 ? 1 : left < STEP ? left : STEP;
    s->to = left == 0 ? &s->spare : buf_reserve(out, s->room);
}

/* ${count} bytes were written; 0 or the buffer's error. */
static int step_end(
    const struct step *s, struct buf *out, size_t count, struct err *err)
{
    if (s->to != &s->spare)
        out->len += count;
    else if (count > 0)
        out->error = E_TOO_LARGE;
    return buf_error(out, "The decompressed body", err);
}

static int damaged(struct err *err, const char *format)
{
    return err_set(
        err, E_INVALID, NULL, "The body is not whole %s data; send it again.", format);
}

static int inflate_steps(
    z_stream *z, const char *format, struct buf *out, struct err *err)
{
    int r = Z_OK;

    while (r != Z_STREAM_END) {
        struct step s;

        step_begin(&s, out);
        if (!s.to)
            return buf_error(out, "The decompressed body", err);
        z->next_out = (Bytef *)s.to;
        z->avail_out = (uInt)s.room;
        r = inflate(z, Z_NO_FLUSH);
        if (r == Z_STREAM_END && z->avail_in > 0)
            r = inflateReset(z); /* gzip files may stand one behind another */
        else if (r != Z_OK && r != Z_STREAM_END)
            return r == Z_MEM_ERROR ? err_nomem(err) : damaged(err, format);
        if (step_end(&s, out, s.room - z->avail_out, err) < 0)
            return out->error;
    }
    return 0;
}

/* ${bits} tell zlib which format it is. */
static int inflate_all(
    struct str in, int bits, const char *format, struct buf *out, struct err *err)
{
    z_stream z = {0};
    int r = 0;

    if (in.len > UINT_MAX)
        return err_set(err, E_TOO_LARGE, NULL, "The data is too large for %s.", format);
    if (inflateInit2(&z, bits) != Z_OK)
        return err_nomem(err);
    z.next_in = (Bytef *)(uintptr_t)in.p; /* zlib does not write there */
    z.avail_in = (uInt)in.len;
    r = inflate_steps(&z, format, out, err);
    inflateEnd(&z);
    return r;
}

int decompress_gzip(struct str in, struct buf *out, struct err *err)
{
    return inflate_all(in, 15 + 16, "gzip", out, err);
}

int decompress_deflate(struct str in, struct buf *out, struct err *err)
{
    return inflate_all(in, -15, "deflate", out, err);
}

int decompress_zstd(struct str in, struct buf *out, struct err *err)
{
    ZSTD_DStream *stream = ZSTD_createDStream();
    ZSTD_inBuffer input = {.src = in.p, .size = in.len};
    size_t wanted = 1; /* 0 at the end of a frame */
    int r = 0;

    if (!stream)
        return err_nomem(err);
    while (r == 0 && (input.pos < input.size || wanted != 0)) {
        ZSTD_outBuffer output = {0};
        size_t before = input.pos;
        struct step s;

        step_begin(&s, out);
        output.dst = s.to;
        output.size = s.to ? s.room : 0;
        wanted = s.to ? ZSTD_decompressStream(stream, &output, &input) : 0;
        if (ZSTD_isError(wanted) ||
            (wanted != 0 && output.pos == 0 && input.pos == before))
            r = damaged(err, "zstd");
        else
            r = step_end(&s, out, output.pos, err);
    }
    ZSTD_freeDStream(stream);
    return r;
}
