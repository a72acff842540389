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

/* Room for the next step, less where the ceiling is near; NULL with the buffer failed
 * when there is none. */
static char *room_for_step(struct buf *out, size_t *ret_room)
{
    size_t left = out->max - out->len;

    *ret_room = left < STEP && left > 0 ? left : STEP;
    return buf_reserve(out, *ret_room);
}

static int damaged(struct err *err, const char *format)
{
    return err_set(
        err, E_INVALID, NULL, "The body is not whole %s data; send it again.", format);
}

static int gzip_steps(z_stream *z, struct buf *out, struct err *err)
{
    int r = Z_OK;

    while (r != Z_STREAM_END) {
        size_t room = 0;
        char *to = room_for_step(out, &room);

        if (!to)
            return buf_error(out, "The decompressed body", err);
        z->next_out = (Bytef *)to;
        z->avail_out = (uInt)room;
        r = inflate(z, Z_NO_FLUSH);
        out->len += room - z->avail_out;
        if (r == Z_STREAM_END && z->avail_in > 0)
            r = inflateReset(z); /* gzip files may stand one behind another */
        else if (r != Z_OK && r != Z_STREAM_END)
            return r == Z_MEM_ERROR ? err_nomem(err) : damaged(err, "gzip");
    }
    return 0;
}

int decompress_gzip(struct str in, struct buf *out, struct err *err)
{
    z_stream z = {0};
    int r;

    if (in.len > UINT_MAX)
        return err_set(err, E_TOO_LARGE, NULL, "The data is too large for gzip.");
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return err_nomem(err);
    z.next_in = (Bytef *)(uintptr_t)in.p; /* zlib does not write there */
    z.avail_in = (uInt)in.len;
    r = gzip_steps(&z, out, err);
    inflateEnd(&z);
    return r;
}

int decompress_zstd(struct str in, struct buf *out, struct err *err)
{
    ZSTD_DStream *stream = ZSTD_createDStream();
    ZSTD_inBuffer input = {.src = in.p, .size = in.len};
    size_t wanted = 1; /* 0 at the end of a frame */
    int r = 0;

    if (!stream)
        return err_nomem(err);
    while (input.pos < input.size || wanted != 0) {
        ZSTD_outBuffer output = {0};
        size_t before = input.pos;
        size_t room = 0;
        char *to = room_for_step(out, &room);

        if (!to) {
            r = buf_error(out, "The decompressed body", err);
            break;
        }
        output.dst = to;
        output.size = room;
        wanted = ZSTD_decompressStream(stream, &output, &input);
        if (ZSTD_isError(wanted) ||
            (wanted != 0 && output.pos == 0 && input.pos == before)) {
            r = damaged(err, "zstd");
            break;
        }
        out->len += output.pos;
    }
    ZSTD_freeDStream(stream);
    return r;
}
