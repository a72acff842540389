/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a file that may be packed. The first bytes decide: 1f 8b is gzip, 28 b5 2f fd
 * is zstd, all else is plain. Several members or frames one after another are read as
 * one, as gzip and zstd themselves do. A file that ends within one is E_CORRUPT.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <zstd.h>

#include "base/arena.h"
#include "base/compress.h"

#define CHUNK ((size_t)128 << 10)

enum packing { PLAIN, GZIP, ZSTD };

struct unpacker {
    int fd;
    enum packing packing;
    bool eof;    /* the file has no more bytes */
    bool within; /* a member or frame has begun and not ended */
    bool gzip_ready;
    z_stream gzip;
    ZSTD_DStream *zstd;
    size_t at; /* chunk[at..len) is read and not yet unpacked */
    size_t len;
    unsigned long long done;
    unsigned long long size;
    char path[ERR_PATH_MAX];
    char chunk[CHUNK];
};

/* Fill the empty chunk from the file; it stays empty at the end. */
static int fill(struct unpacker *u, struct err *err)
{
    ssize_t n = 0;

    do {
        n = read(u->fd, u->chunk, sizeof(u->chunk));
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(err, errno, u->path, "The file cannot be read");
    u->at = 0;
    u->len = (size_t)n;
    u->done += (size_t)n;
    u->eof = n == 0;
    return 0;
}

static int begin(struct unpacker *u, struct err *err)
{
    static const char zstd_magic[4] = {0x28, (char)0xB5, 0x2F, (char)0xFD};
    int r = fill(u, err);

    if (r < 0)
        return r;
    if (u->len >= 2 && memcmp(u->chunk, "\x1f\x8b", 2) == 0) {
        u->packing = GZIP;
        u->gzip_ready = inflateInit2(&u->gzip, 15 + 16) == Z_OK;
        return u->gzip_ready ? 0 : err_nomem(err);
    }
    if (u->len >= 4 && memcmp(u->chunk, zstd_magic, 4) == 0) {
        u->packing = ZSTD;
        u->zstd = ZSTD_createDStream();
        return u->zstd ? 0 : err_nomem(err);
    }
    return 0;
}

int unpacker_open(const char *path, struct unpacker **ret, struct err *err)
{
    struct unpacker *u = NULL;
    struct stat st;
    int r = 0;

    u = base_malloc(sizeof(*u));
    if (!u)
        return err_nomem(err);
    memset(u, 0, offsetof(struct unpacker, chunk));
    snprintf(u->path, sizeof(u->path), "%s", path);
    u->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (u->fd < 0 || fstat(u->fd, &st) < 0) {
        r = err_sys(err, errno, path, "The file cannot be opened");
        goto out;
    }
    u->size = st.st_size > 0 ? (unsigned long long)st.st_size : 0;
    posix_fadvise(u->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    r = begin(u, err);
    if (r < 0)
        goto out;
    *ret = u;
    u = NULL;
out:
    unpacker_close(u);
    return r;
}

static int damaged(const struct unpacker *u, const char *why, struct err *err)
{
    return err_set(err, E_CORRUPT, u->path, "The packed file is damaged: %s.", why);
}

/* Unpack from the chunk into ${out}; how many bytes came out. */
static long step_gzip(struct unpacker *u, void *out, size_t cap, struct err *err)
{
    int r = 0;

    if (!u->within && inflateReset(&u->gzip) != Z_OK)
        return damaged(u, "it cannot be read", err);
    u->gzip.next_in = (Bytef *)u->chunk + u->at;
    u->gzip.avail_in = (uInt)(u->len - u->at);
    u->gzip.next_out = out;
    u->gzip.avail_out = (uInt)cap;
    r = inflate(&u->gzip, Z_NO_FLUSH);
    if (r == Z_MEM_ERROR)
        return err_nomem(err);
    if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
        return damaged(u, u->gzip.msg ? u->gzip.msg : "it cannot be read", err);
    u->within = r != Z_STREAM_END;
    u->at = u->len - u->gzip.avail_in;
    return (long)(cap - u->gzip.avail_out);
}

static long step_zstd(struct unpacker *u, void *out, size_t cap, struct err *err)
{
    ZSTD_inBuffer from = {u->chunk + u->at, u->len - u->at, 0};
    ZSTD_outBuffer to = {out, cap, 0};
    size_t r = ZSTD_decompressStream(u->zstd, &to, &from);

    if (ZSTD_isError(r))
        return damaged(u, ZSTD_getErrorName(r), err);
    u->within = r != 0;
    u->at += from.pos;
    return (long)to.pos;
}

static long step_plain(struct unpacker *u, void *out, size_t cap)
{
    size_t n = u->len - u->at < cap ? u->len - u->at : cap;

    memcpy(out, u->chunk + u->at, n);
    u->at += n;
    return (long)n;
}

static long step(struct unpacker *u, void *out, size_t cap, struct err *err)
{
    if (u->packing == PLAIN)
        return step_plain(u, out, cap);
    if (u->at == u->len && !u->within)
        return 0;
    return u->packing == GZIP ? step_gzip(u, out, cap, err)
                              : step_zstd(u, out, cap, err);
}

long unpacker_read(struct unpacker *u, void *out, size_t cap, struct err *err)
{
    if (cap > CHUNK * 1024) /* zlib counts in 32 bits */
        cap = CHUNK * 1024;
    while (cap > 0) {
        int r = u->at == u->len && !u->eof ? fill(u, err) : 0;
        long n = r < 0 ? r : step(u, out, cap, err);

        if (n != 0)
            return n;
        if (u->at == u->len && u->eof)
            return u->within ? damaged(u, "it ends too early", err) : 0;
    }
    return 0;
}

void unpacker_progress(const struct unpacker *u, unsigned long long *ret_done,
    unsigned long long *ret_size)
{
    *ret_done = u->done;
    *ret_size = u->size;
}

void unpacker_close(struct unpacker *u)
{
    if (!u)
        return;
    if (u->fd >= 0)
        close(u->fd);
    if (u->gzip_ready)
        inflateEnd(&u->gzip);
    ZSTD_freeDStream(u->zstd);
    base_free(u);
}
