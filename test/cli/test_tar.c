/* SPDX-License-Identifier: Apache-2.0 */
/* Archives made block by block here: sound, damaged in each of their parts, cut short. */
#include <unistd.h>

#include "cli/tar.h"
#include "unit.h"

#define BLOCK 512

struct archive {
    unsigned char bytes[16 * BLOCK];
    size_t len;
};

static void add_header(struct archive *a, const char *name, char kind, size_t size)
{
    unsigned char *block = a->bytes + a->len;
    unsigned sum = 0;

    memset(block, 0, BLOCK);
    memcpy(block, name, strlen(name) < 100 ? strlen(name) : 100);
    snprintf((char *)block + 124, 12, "%011o", (unsigned)size & 0777777777u);
    memset(block + 148, ' ', 8);
    block[156] = (unsigned char)kind;
    memcpy(block + 257, "ustar\00000", 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum & 0777777u);
    a->len += BLOCK;
}

static void add_file(struct archive *a, const char *name, char kind, const char *text)
{
    size_t len = strlen(text);

    add_header(a, name, kind, len);
    memset(a->bytes + a->len, 0, (len + BLOCK - 1) / BLOCK * BLOCK);
    memcpy(a->bytes + a->len, text, len);
    a->len += (len + BLOCK - 1) / BLOCK * BLOCK;
}

static void add_end(struct archive *a)
{
    memset(a->bytes + a->len, 0, (size_t)2 * BLOCK);
    a->len += (size_t)2 * BLOCK;
}

/* Read it all: names and contents as "name=content;" in ${out}; the last result. */
static int read_all(const struct archive *a, size_t len, char *out, size_t size)
{
    char path[] = "/tmp/belay-tar-XXXXXX";
    int fd = mkstemp(path);
    struct unpacker *from = NULL;
    struct tar *t = NULL;
    const char *name = NULL;
    int r;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, a->bytes, len), (ssize_t)len);
    close(fd);
    assert_int_equal(unpacker_open(path, &from, NULL), 0);
    t = tar_new(from);
    assert_non_null(t);
    out[0] = 0;
    while ((r = tar_next(t, &name, NULL)) == 1) {
        char part[7]; /* odd, so that reads end anywhere */
        long n;
        size_t at = strlen(out);

        at += (size_t)snprintf(out + at, size - at, "%s=", name);
        while ((n = tar_read(t, part, sizeof(part), NULL)) > 0) {
            assert_true(at + (size_t)n + 2 < size);
            memcpy(out + at, part, (size_t)n);
            at += (size_t)n;
        }
        memcpy(out + at, ";", 2);
        if (n < 0) {
            r = (int)n;
            break;
        }
    }
    tar_free(t);
    unpacker_close(from);
    unlink(path);
    return r;
}

static void sound(void **state)
{
    struct archive a = {.len = 0};
    char out[2048];

    (void)state;
    add_file(&a, "folder/", '5', "");
    add_file(&a, "a.json", '0', "hello");
    add_header(&a, "link", '2', 0);
    add_file(&a, "././@LongLink", 'L', "a/very/long/name.json");
    add_file(&a, "short", '0', "second");
    add_file(&a, "pax", 'x', "26 path=another/name.json\n");
    add_file(&a, "short", 0, "");
    add_file(&a, "last", '0', "x");
    add_end(&a);
    assert_int_equal(read_all(&a, a.len, out, sizeof(out)), 0);
    assert_string_equal(
        out, "a.json=hello;a/very/long/name.json=second;another/name.json=;last=x;");
}

static void cut_short(void **state)
{
    struct archive a = {.len = 0};
    char out[2048];

    (void)state;
    add_file(&a, "a.json", '0', "hello");
    add_file(&a, "b.json", '0', "world");
    assert_int_equal(
        read_all(&a, a.len, out, sizeof(out)), 0); /* no end mark: as tar */
    for (size_t len = 1; len < a.len; len++) {
        int r = read_all(&a, len, out, sizeof(out));

        if (len % (2 * BLOCK) == 0)
            assert_int_equal(r, 0);
        else
            assert_int_equal(r, E_INVALID);
    }
}

static void damaged(void **state)
{
    struct archive a = {.len = 0};
    char out[2048];

    (void)state;
    add_file(&a, "a.json", '0', "hello");
    add_end(&a);
    for (size_t i = 0; i < BLOCK; i++) {
        static struct archive b;

        if (i == 155)
            continue; /* behind the NUL that ends the sum: means nothing */
        b = a;
        b.bytes[i] ^= 0x55;
        assert_int_equal(read_all(&b, b.len, out, sizeof(out)), E_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound),
        cmocka_unit_test(cut_short),
        cmocka_unit_test(damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
