/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: round trips with and without dictionaries, damage, and gzip. */
#include <zlib.h>

#include "base/arena.h"
#include "base/compress.h"

#include "unit.h"

enum { SAMPLES = 400 };

static char samples[SAMPLES * 512];
static size_t sizes[SAMPLES];

/* A record-like text; each of its numbers differs. */
static size_t make_sample(char *out, size_t cap)
{
    return (size_t)snprintf(out, cap,
        "{\"resourceType\":\"Observation\",\"id\":\"%016llx\",\"status\":\"final\","
        "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"%d-%d\"}]},"
        "\"subject\":{\"reference\":\"Patient/"
        "%016llx\"},\"valueQuantity\":{\"value\":%d.%d,"
        "\"unit\":\"mmHg\",\"system\":\"http://unitsofmeasure.org\"}}",
        (unsigned long long)unit_random(), (int)unit_between(1000, 99999),
        (int)unit_between(0, 9), (unsigned long long)unit_random(),
        (int)unit_between(0, 300), (int)unit_between(0, 99));
}

static size_t make_samples(void)
{
    size_t total = 0;

    for (size_t i = 0; i < SAMPLES; i++) {
        sizes[i] = make_sample(samples + total, sizeof(samples) - total);
        total += sizes[i];
    }
    return total;
}

static void round_trip(
    struct zcodec *c, const struct zdict *d, struct str in, struct buf *frame)
{
    struct err err = {0};
    size_t size = 1;
    char *back = NULL;

    buf_clear(frame);
    assert_int_equal(zcodec_compress(c, d, in, frame, &err), 0);
    assert_int_equal(
        zcodec_size((struct str){frame->data, frame->len}, &size, &err), 0);
    assert_int_equal(size, in.len);
    back = malloc(size + 1);
    assert_non_null(back);
    assert_int_equal(zcodec_decompress(
                         c, d, (struct str){frame->data, frame->len}, back, size, &err),
        0);
    if (size > 0)
        assert_memory_equal(back, in.p, size);
    free(back);
}

static void frames_without_dictionary(void **state)
{
    struct zcodec *c = NULL;
    struct buf frame;
    struct err err = {0};
    size_t total = make_samples();

    (void)state;
    assert_int_equal(zcodec_new(&c, &err), 0);
    buf_init(&frame, 1u << 20);
    round_trip(c, NULL, (struct str){samples, total}, &frame);
    assert_true(frame.len < total / 3);
    round_trip(c, NULL, STR(""), &frame);
    round_trip(c, NULL, (struct str){0}, &frame);
    round_trip(c, NULL, STR("x"), &frame);
    for (int i = 0; i < 300; i++) {
        char noise[2000];
        size_t len = (size_t)unit_between(0, sizeof(noise));

        for (size_t k = 0; k < len; k++)
            noise[k] = (char)unit_random();
        round_trip(c, NULL, (struct str){noise, len}, &frame);
    }
    buf_done(&frame);
    zcodec_free(c);
}

static void frames_with_dictionary(void **state)
{
    struct zcodec *c = NULL;
    struct zdict *d = NULL;
    struct zdict *other = NULL;
    struct buf bytes;
    struct buf frame;
    struct err err = {0};
    char sample[512];
    size_t with = 0;
    size_t without = 0;

    (void)state;
    make_samples();
    buf_init(&bytes, 1u << 20);
    buf_init(&frame, 1u << 20);
    assert_int_equal(zdict_train(&bytes, 8192, samples, sizes, SAMPLES, &err), 0);
    assert_true(bytes.len <= 8192);
    assert_int_equal(zdict_new((struct str){bytes.data, bytes.len}, 6, &d, &err), 0);
    assert_int_equal(
        zdict_new(STR("quite another text as dictionary"), 3, &other, &err), 0);
    assert_int_equal(zcodec_new(&c, &err), 0);
    for (int i = 0; i < 200; i++) {
        struct str in = {sample, make_sample(sample, sizeof(sample))};

        /* one codec, one dictionary after another */
        round_trip(c, d, in, &frame);
        with += frame.len;
        round_trip(c, NULL, in, &frame);
        without += frame.len;
        round_trip(c, other, in, &frame);
    }
    assert_true(with * 2 < without);
    buf_done(&bytes);
    buf_done(&frame);
    zcodec_free(c);
    zdict_free(d);
    zdict_free(other);
    zdict_free(NULL);
    zcodec_free(NULL);
}

static void too_few_samples_make_no_dictionary(void **state)
{
    struct buf bytes;
    struct err err = {0};
    size_t size = 3;

    (void)state;
    buf_init(&bytes, 1u << 20);
    assert_int_equal(zdict_train(&bytes, 8192, "abc", &size, 1, &err), E_INVALID);
    assert_int_equal(bytes.len, 0);
    buf_done(&bytes);
    buf_init(&bytes, 100);
    assert_int_equal(zdict_train(&bytes, 8192, "abc", &size, 1, &err), E_TOO_LARGE);
    buf_done(&bytes);
}

static void damage_is_found(void **state)
{
    struct zcodec *c = NULL;
    struct buf frame;
    struct err err = {0};
    char back[512];
    char sample[512];
    size_t size = 0;
    struct str in = {sample, make_sample(sample, sizeof(sample))};
    struct str packed;

    (void)state;
    buf_init(&frame, 1000);
    assert_int_equal(zcodec_new(&c, &err), 0);
    assert_int_equal(zcodec_compress(c, NULL, in, &frame, &err), 0);
    packed = (struct str){frame.data, frame.len};
    assert_int_equal(zcodec_size(STR("not a frame"), &size, &err), E_CORRUPT);
    assert_int_equal(zcodec_size((struct str){0}, &size, &err), E_CORRUPT);
    assert_int_equal(zcodec_decompress(c, NULL, (struct str){packed.p, packed.len - 1},
                         back, in.len, &err),
        E_CORRUPT);
    assert_int_equal(
        zcodec_decompress(c, NULL, packed, back, in.len - 1, &err), E_CORRUPT);
    assert_int_equal(
        zcodec_decompress(c, NULL, packed, back, in.len + 1, &err), E_CORRUPT);
    /* the codec is good for the next frame */
    assert_int_equal(zcodec_decompress(c, NULL, packed, back, in.len, &err), 0);
    assert_memory_equal(back, sample, in.len);
    zcodec_free(c);
    buf_done(&frame);
}

static void bodies(void **state)
{
    struct buf out;
    struct err err = {0};
    size_t total = make_samples();
    char *back = malloc(total);
    struct zcodec *c = NULL;

    (void)state;
    assert_non_null(back);
    assert_int_equal(zcodec_new(&c, &err), 0);
    buf_init(&out, 1u << 20);
    for (int round = 0; round < 3; round++) {
        z_stream z = {0};

        buf_clear(&out);
        buf_adds(&out, "head");
        assert_int_equal(compress_gzip((struct str){samples, total}, &out, &err), 0);
        assert_memory_equal(out.data, "head\x1f\x8b", 6);
        assert_true(out.len < total / 2);
        z.next_in = (Bytef *)out.data + 4;
        z.avail_in = (uInt)out.len - 4;
        z.next_out = (Bytef *)back;
        z.avail_out = (uInt)total;
        assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, total);
        assert_memory_equal(back, samples, total);
        inflateEnd(&z);

        buf_clear(&out);
        assert_int_equal(compress_zstd((struct str){samples, total}, &out, &err), 0);
        assert_true(out.len < total / 2);
        memset(back, 0, total);
        assert_int_equal(zcodec_decompress(c, NULL, (struct str){out.data, out.len},
                             back, total, &err),
            0);
        assert_memory_equal(back, samples, total);

        buf_clear(&out);
        assert_int_equal(compress_gzip(STR(""), &out, &err), 0);
        assert_int_equal(compress_zstd((struct str){0}, &out, &err), 0);
    }
    buf_done(&out);
    buf_init(&out, 100);
    assert_int_equal(
        compress_gzip((struct str){samples, total}, &out, &err), E_TOO_LARGE);
    buf_clear(&out);
    assert_int_equal(
        compress_zstd((struct str){samples, total}, &out, &err), E_TOO_LARGE);
    buf_done(&out);
    free(back);
    zcodec_free(c);
}

typedef int body_function(struct str in, struct buf *out, struct err *err);

/* Pack, unpack under ceilings around the true size, cut short, spoil, repeat. */
static void check_body(body_function *pack, body_function *unpack)
{
    struct buf packed;
    struct buf back;
    struct err err = {0};
    size_t total = make_samples();
    size_t whole = 0;

    buf_init(&packed, 1u << 20);
    assert_int_equal(pack((struct str){samples, total}, &packed, &err), 0);
    whole = packed.len;
    for (size_t max = total - 1; max <= total + 1; max++) {
        buf_init(&back, max);
        assert_int_equal(unpack((struct str){packed.data, whole}, &back, &err),
            max < total ? E_TOO_LARGE : 0);
        if (max >= total) {
            assert_int_equal(back.len, total);
            assert_memory_equal(back.data, samples, total);
        }
        assert_true(back.cap <= max);
        buf_done(&back);
    }
    for (size_t cut = 0; cut < whole; cut += cut < 30 ? 1 : 997) {
        buf_init(&back, 1u << 20);
        assert_int_equal(
            unpack((struct str){packed.data, cut}, &back, &err), E_INVALID);
        buf_done(&back);
    }
    buf_init(&back, 1u << 20);
    assert_int_equal(unpack(STR("this is not packed"), &back, &err), E_INVALID);
    buf_clear(&back);
    /* one behind another, and an empty one */
    assert_int_equal(pack(STR(""), &packed, &err), 0);
    assert_int_equal(pack(STR("tail"), &packed, &err), 0);
    assert_int_equal(unpack((struct str){packed.data, packed.len}, &back, &err), 0);
    assert_int_equal(back.len, total + 4);
    assert_memory_equal(back.data + total, "tail", 4);
    buf_done(&back);
    buf_done(&packed);
}

static void bodies_are_unpacked_under_their_ceiling(void **state)
{
    (void)state;
    check_body(compress_gzip, decompress_gzip);
    check_body(compress_zstd, decompress_zstd);
}

static void a_small_body_that_unpacks_large_is_refused(void **state)
{
    size_t size = 64u << 20;
    char *zeros = calloc(1, size);
    struct buf packed;
    struct buf back;
    struct err err = {0};

    (void)state;
    assert_non_null(zeros);
    buf_init(&packed, size);
    buf_init(&back, 100000);
    assert_int_equal(compress_zstd((struct str){zeros, size}, &packed, &err), 0);
    assert_true(packed.len < 100000);
    assert_int_equal(
        decompress_zstd((struct str){packed.data, packed.len}, &back, &err),
        E_TOO_LARGE);
    assert_true(back.cap <= 100000);
    buf_clear(&packed);
    buf_clear(&back);
    assert_int_equal(compress_gzip((struct str){zeros, size}, &packed, &err), 0);
    assert_int_equal(
        decompress_gzip((struct str){packed.data, packed.len}, &back, &err),
        E_TOO_LARGE);
    buf_done(&packed);
    buf_done(&back);
    free(zeros);
}

static int use_everything(void *arg)
{
    struct zcodec *c = NULL;
    struct zdict *d = NULL;
    struct buf out;
    struct err err = {0};
    int r = 0;

    (void)arg;
    buf_init(&out, 1u << 20);
    r = zcodec_new(&c, &err);
    if (r == 0)
        r = zdict_new(STR("some text as dictionary"), 3, &d, &err);
    if (r == 0)
        r = zcodec_compress(c, d, STR("some text as content"), &out, &err);
    if (r == 0)
        r = compress_gzip(STR("some text as body"), &out, &err);
    if (r == 0)
        r = compress_zstd((struct str){samples, 2000}, &out, &err);
    buf_done(&out);
    zcodec_free(c);
    zdict_free(d);
    return r;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(unit_fault_loop(use_everything, NULL) >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_without_dictionary),
        cmocka_unit_test(frames_with_dictionary),
        cmocka_unit_test(too_few_samples_make_no_dictionary),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(bodies),
        cmocka_unit_test(bodies_are_unpacked_under_their_ceiling),
        cmocka_unit_test(a_small_body_that_unpacks_large_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
