/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tar archive is a row of 512-byte blocks: a header, then the file's bytes filled up to
 * a whole block; two blocks of zeros end it. Of a header this reads:
 *
 *   offset  size  meaning
 *        0   100  name
 *      124    12  size: octal digits, or binary when the first byte has its top bit set
 *      148     8  sum of the header's bytes with this field as spaces
 *      156     1  kind: '0' or NUL file, 'x' pax record, 'g' pax for all, 'L' long name
 *      257     6  "ustar" and a NUL or a space
 *      345   155  what stands before the name, for "ustar" and NUL
 *
 * A pax record is "LENGTH key=value\n" repeated; only path and size count here.
 */
#include "cli/tar.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/limits.h"

#define BLOCK 512
#define NAME_MAX_BYTES 4096

struct tar {
    struct unpacker *from;
    int64_t left;    /* bytes of the file not read yet */
    int64_t padding; /* behind them */
    char name[NAME_MAX_BYTES];
    char long_name[NAME_MAX_BYTES]; /* from a record before the header; "" if none */
    int64_t long_size;              /* the same of a size; -1 */
};

struct tar *tar_new(struct unpacker *from)
{
    struct tar *t = base_malloc(sizeof(*t));

    if (t)
        *t = (struct tar){.from = from, .long_size = -1};
    return t;
}

void tar_free(struct tar *t)
{
    base_free(t);
}

static int damaged(struct err *err, const char *what)
{
    return err_set(err, E_INVALID, NULL, "The tar archive is damaged: %s.", what);
}

/* All of ${len} bytes: 1, or 0 when the stream ends before the first. */
static int read_whole(struct tar *t, void *out, size_t len, struct err *err)
{
    size_t done = 0;

    while (done < len) {
        long n = unpacker_read(t->from, (char *)out + done, len - done, err);

        if (n < 0)
            return (int)n;
        if (n == 0)
            return done == 0 ? 0 : damaged(err, "it ends in the middle of a block");
        done += (size_t)n;
    }
    return 1;
}

static int skip(struct tar *t, int64_t len, struct err *err)
{
    char scratch[8192];

    while (len > 0) {
        size_t part = len < (int64_t)sizeof(scratch) ? (size_t)len : sizeof(scratch);
        int r = read_whole(t, scratch, part, err);

        if (r <= 0)
            return r < 0 ? r : damaged(err, "a file is cut short");
        len -= (int64_t)part;
    }
    return 0;
}

/* Octal digits, or the binary form for large files; -1: neither. */
static int64_t header_number(const unsigned char *field, size_t len)
{
    int64_t value = 0;
    size_t i = 0;

    if (field[0] & 0x80) {
        for (i = 4; i < len; i++)
            value = (int64_t)(((uint64_t)value << 8) | field[i]);
        return value;
    }
    while (i < len && field[i] == ' ')
        i++;
    for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
        value = value * 8 + (field[i] - '0');
    if (i < len && field[i] != 0 && field[i] != ' ')
        return -1;
    return value;
}

static bool header_sound(const unsigned char *block)
{
    int64_t sum = 0;

    for (int i = 0; i < BLOCK; i++)
        sum += i >= 148 && i < 156 ? ' ' : block[i];
    return sum == header_number(block + 148, 8);
}

static bool all_zero(const unsigned char *block)
{
    for (int i = 0; i < BLOCK; i++) {
        if (block[i] != 0)
            return false;
    }
    return true;
}

/* What a pax record says of the next file. */
static int pax_take(struct tar *t, struct str text, struct err *err)
{
    while (text.len > 0) {
        struct str rest = text;
        int64_t len = 0;
        struct str line;
        struct str key;

        if (!text_int(str_cut(&rest, ' '), 1, (int64_t)text.len, &len) || !rest.p)
            return damaged(err, "a pax record has no length");
        if (rest.p > text.p + len)
            return damaged(err, "a pax record is too short");
        line = (struct str){rest.p, (size_t)(text.p + len - rest.p)};
        text = (struct str){text.p + len, text.len - (size_t)len};
        if (line.len > 0 && line.p[line.len - 1] == '\n')
            line.len--;
        key = str_cut(&line, '=');
        if (str_is(key, "path") && line.p && line.len < sizeof(t->long_name))
            snprintf(t->long_name, sizeof(t->long_name), "%.*s", (int)line.len, line.p);
        if (str_is(key, "size") && line.p &&
            !text_int(line, 0, INT64_MAX / 2, &t->long_size))
            return damaged(err, "a pax size is no number");
    }
    return 0;
}

/* A record that describes the next file: pax ('x') or a long name ('L'). */
static int describe(struct tar *t, char kind, int64_t size, struct err *err)
{
    char text[2 * NAME_MAX_BYTES];
    int64_t padding = (BLOCK - size % BLOCK) % BLOCK;
    int r;

    if (size >= (int64_t)sizeof(text))
        return damaged(err, "a record about a file is too long");
    r = read_whole(t, text, (size_t)size, err);
    if (r < 0)
        return r;
    if (size > 0 && r == 0)
        return damaged(err, "a record about a file is missing");
    r = skip(t, padding, err);
    if (r < 0)
        return r;
    if (kind == 'x')
        return pax_take(t, (struct str){text, (size_t)size}, err);
    text[size] = 0;
    snprintf(t->long_name, sizeof(t->long_name), "%.*s", NAME_MAX_BYTES - 1, text);
    return 0;
}

/* The header's file becomes the current one. */
static void begin_file(struct tar *t, const unsigned char *block, int64_t size)
{
    char plain[257] = "";

    if (memcmp(block + 257, "ustar", 6) == 0 && block[345] != 0)
        snprintf(plain, sizeof(plain), "%.155s/", (const char *)block + 345);
    snprintf(plain + strlen(plain), sizeof(plain) - strlen(plain), "%.100s",
        (const char *)block);
    snprintf(t->name, sizeof(t->name), "%s", t->long_name[0] ? t->long_name : plain);
    t->left = t->long_size >= 0 ? t->long_size : size;
    t->padding = (BLOCK - t->left % BLOCK) % BLOCK;
    t->long_name[0] = 0;
    t->long_size = -1;
}

int tar_next(struct tar *t, const char **ret_name, struct err *err)
{
    unsigned char block[BLOCK];
    int r = skip(t, t->left + t->padding, err);

    t->left = 0;
    t->padding = 0;
    while (r == 0) {
        int64_t size;
        char kind;

        r = read_whole(t, block, BLOCK, err);
        if (r <= 0 || all_zero(block))
            return r < 0 ? r : 0;
        size = header_number(block + 124, 12);
        kind = (char)block[156];
        if (size < 0 || !header_sound(block))
            return damaged(err, "a header does not add up");
        if (kind == 'x' || kind == 'L') {
            r = describe(t, kind, size, err);
            continue;
        }
        begin_file(t, block, size);
        if (kind == '0' || kind == 0) {
            *ret_name = t->name;
            return 1;
        }
        if (kind == '1' || kind == '2')
            t->left = t->padding = 0; /* a link has no bytes, whatever its size */
        r = skip(t, t->left + t->padding, err);
        t->left = t->padding = 0;
    }
    return r;
}

long tar_read(struct tar *t, void *out, size_t cap, struct err *err)
{
    size_t part = (int64_t)cap < t->left ? cap : (size_t)t->left;
    long n;

    if (part == 0)
        return 0;
    n = unpacker_read(t->from, out, part, err);
    if (n == 0)
        return damaged(err, "a file is cut short");
    if (n > 0)
        t->left -= n;
    return n;
}
