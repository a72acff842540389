/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unzip.h"

#include "base/compress.h"

#define END_BYTES ((size_t)22)
#define PART_BYTES ((size_t)46)
#define HEAD_BYTES ((size_t)30)
#define COMMENT_MAX ((size_t)65535)
#define ENCRYPTED 1u
#define STORED 0u
#define DEFLATED 8u

static int damaged(struct err *err)
{
    return err_set(err, E_INVALID, NULL, "This is no whole ZIP archive.");
}

static size_t number(struct str s, size_t at, size_t bytes)
{
    size_t n = 0;

    for (size_t i = bytes; i > 0; i--)
        n = n << 8 | (unsigned char)s.p[at + i - 1];
    return n;
}

/* Are there ${bytes} at ${at}, which begin with ${sign}? */
static bool begins(struct str s, size_t at, size_t bytes, const char *sign)
{
    return at <= s.len && s.len - at >= bytes && memcmp(s.p + at, sign, 4) == 0;
}

static bool find_end(struct str s, size_t *ret)
{
    for (size_t back = END_BYTES; back <= s.len && back <= END_BYTES + COMMENT_MAX;
         back++) {
        if (begins(s, s.len - back, END_BYTES, "PK\5\6")) {
            *ret = s.len - back;
            return true;
        }
    }
    return false;
}

static int unpack(struct str archive, size_t part, struct buf *out, struct err *err)
{
    size_t method = number(archive, part + 10, 2);
    size_t packed = number(archive, part + 20, 4);
    size_t head = number(archive, part + 42, 4);
    size_t at = 0;

    if ((number(archive, part + 8, 2) & ENCRYPTED) ||
        (method != STORED && method != DEFLATED))
        return err_set(err, E_UNSUPPORTED, NULL,
            "The archive is encrypted, or packed in a way that is not read.");
    if (!begins(archive, head, HEAD_BYTES, "PK\3\4"))
        return damaged(err);
    at = head + HEAD_BYTES + number(archive, head + 26, 2) +
         number(archive, head + 28, 2);
    if (at > archive.len || archive.len - at < packed)
        return damaged(err);
    if (method == DEFLATED)
        return decompress_deflate((struct str){archive.p + at, packed}, out, err);
    buf_add(out, archive.p + at, packed);
    return buf_error(out, "The part of the archive", err);
}

int unzip_part(struct str archive, const char *name, struct buf *out, struct err *err)
{
    size_t end = 0, at = 0, parts = 0;

    if (!find_end(archive, &end))
        return damaged(err);
    at = number(archive, end + 16, 4);
    parts = number(archive, end + 10, 2);
    for (size_t i = 0; i < parts; i++) {
        struct str own = {NULL, 0};

        if (!begins(archive, at, PART_BYTES, "PK\1\2"))
            return damaged(err);
        own.len = number(archive, at + 28, 2);
        if (archive.len - at - PART_BYTES < own.len)
            return damaged(err);
        own.p = archive.p + at + PART_BYTES;
        if (str_is(own, name))
            return unpack(archive, at, out, err);
        at += PART_BYTES + own.len + number(archive, at + 30, 2) +
              number(archive, at + 32, 2);
    }
    return err_set(err, E_NOT_FOUND, NULL, "The archive has no part %s.", name);
}
