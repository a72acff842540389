/* SPDX-License-Identifier: Apache-2.0 */
/* Files that may be packed: each packing in one and several parts, read in steps of any
 * size, cut short, damaged. */
#include <unistd.h>

#include "base/arena.h"
#include "base/compress.h"

#include "unit.h"

enum { CONTENT = 700000 };

static char content[CONTENT];
static char path[] = "/tmp/belay-unpacker-XXXXXX";

static int set_up(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    if (fd < 0)
        return -1;
    close(fd);
    /* neither noise nor all the same, so that packed files span several chunks */
    for (size_t i = 0; i < CONTENT; i++)
        content[i] = (char)(unit_random() % 3 ? 'a' + unit_random() % 20 : 'x');
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(const void *data, size_t len)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    if (len > 0)
        assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

/* Read the whole file in steps of ${step}; its length or the error. */
static long read_file(char *out, size_t cap, size_t step, struct err *err)
{
    struct unpacker *u = NULL;
    unsigned long long done = 0;
    unsigned long long size = 0;
    size_t len = 0;
    long n = 0;
    int r = unpacker_open(path, &u, err);

    if (r < 0)
        return r;
    while (
        (n = unpacker_read(u, out + len, step < cap - len ? step : cap - len, err)) > 0)
        len += (size_t)n;
    unpacker_progress(u, &done, &size);
    if (n == 0 && len < cap) {
        assert_int_equal(done, size);
        assert_int_equal(unpacker_read(u, out, cap, err), 0);
    }
    unpacker_close(u);
    return n < 0 ? n : (long)len;
}

static void check_reads_as_content(void)
{
    static const size_t steps[] = {1000, 4096, 65536, CONTENT + 10};
    char *out = malloc(CONTENT + 10);
    struct err err = {0};

    assert_non_null(out);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        memset(out, 0, CONTENT);
        assert_int_equal(read_file(out, CONTENT + 10, steps[i], &err), CONTENT);
        assert_memory_equal(out, content, CONTENT);
    }
    free(out);
}

typedef int pack_function(struct str in, struct buf *out, struct err *err);

static void check_packing(pack_function *pack)
{
    struct buf b;
    struct err err = {0};
    char *out = malloc(CONTENT + 10);
    size_t whole = 0;

    assert_non_null(out);
    buf_init(&b, 10u << 20);
    assert_int_equal(pack((struct str){content, CONTENT}, &b, &err), 0);
    assert_true(b.len > 300000); /* several chunks */
    write_file(b.data, b.len);
    check_reads_as_content();
    whole = b.len;

    /* cut anywhere: an error, never a short file taken for whole */
    for (size_t cut = 10; cut < whole; cut += whole / 13) {
        write_file(b.data, cut);
        assert_int_equal(read_file(out, CONTENT + 10, 4096, &err), E_CORRUPT);
    }
    write_file(b.data, whole - 1);
    assert_int_equal(read_file(out, CONTENT + 10, 4096, &err), E_CORRUPT);
    assert_string_equal(err.path, path);

    /* two parts, one after another, and an empty one */
    buf_clear(&b);
    assert_int_equal(pack((struct str){content, 300000}, &b, &err), 0);
    assert_int_equal(pack(STR(""), &b, &err), 0);
    assert_int_equal(
        pack((struct str){content + 300000, CONTENT - 300000}, &b, &err), 0);
    write_file(b.data, b.len);
    check_reads_as_content();

    /* rubbish behind the end */
    buf_adds(&b, "rubbish that is no frame");
    write_file(b.data, b.len);
    assert_int_equal(read_file(out, CONTENT + 10, 4096, &err), E_CORRUPT);
    buf_done(&b);
    free(out);
}

static void gzip_files(void **state)
{
    (void)state;
    check_packing(compress_gzip);
}

static void zstd_files(void **state)
{
    (void)state;
    check_packing(compress_zstd);
}

static void plain_files(void **state)
{
    static const char *const starts[] = {"", "{", "\x1f", "\x28\xb5\x2f"};
    char out[16];
    struct err err = {0};

    (void)state;
    write_file(content, CONTENT);
    check_reads_as_content();
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t len = strlen(starts[i]);

        write_file(starts[i], len);
        assert_int_equal(read_file(out, sizeof(out), sizeof(out), &err), len);
        assert_memory_equal(out, starts[i], len);
    }
}

static void files_that_cannot_be_read(void **state)
{
    struct unpacker *u = NULL;
    struct err err = {0};
    char out[16];

    (void)state;
    assert_int_equal(unpacker_open("/nonexistent/file", &u, &err), E_IO);
    assert_string_equal(err.path, "/nonexistent/file");
    assert_null(u);
    /* a folder can be opened but not read */
    assert_int_equal(unpacker_open("/tmp", &u, &err), E_IO);
    write_file("\x1f\x8b this is not gzip", 20);
    assert_int_equal(read_file(out, sizeof(out), sizeof(out), &err), E_CORRUPT);
    unpacker_close(NULL);
}

static int open_and_close(void *arg)
{
    struct unpacker *u = NULL;
    struct err err = {0};
    int r = unpacker_open(path, &u, &err);

    (void)arg;
    unpacker_close(u);
    return r;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(unit_fault_loop(open_and_close, NULL) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_files),
        cmocka_unit_test(zstd_files),
        cmocka_unit_test(plain_files),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
