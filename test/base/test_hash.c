/* SPDX-License-Identifier: Apache-2.0 */
/* hash64: fixed values (stored for ever), no pattern, every bit counts. */
#include "base/hash.h"

#include "unit.h"

static void values_never_change(void **state)
{
    unsigned char counting[64];

    (void)state;
    for (unsigned i = 0; i < sizeof(counting); i++)
        counting[i] = (unsigned char)i;
    /* worked out with another program from the description in hash.c */
    assert_true(hash64(NULL, 0, 0) == 0xe220a8397b1dcdafu);
    assert_true(hash64("a", 1, 0) == 0x490e3c48961262d0u);
    assert_true(hash64("a", 1, 1) == 0xf7a7b1144db57accu);
    assert_true(hash64("abcdefgh", 8, 0) == 0x3b85f703ff0214b5u);
    assert_true(hash64("http://loinc.org|8302-2", 23, 0) == 0x4fda63243e8b1eccu);
    assert_true(hash64(counting, sizeof(counting), 7) == 0x755b981c8b443b55u);
}

/* The description in hash.c, byte by byte. */
static uint64_t slowly(const unsigned char *p, size_t len, uint64_t seed)
{
    uint64_t h = seed ^ (((uint64_t)len + 1) * 0x9E3779B97F4A7C15ull);

    for (size_t at = 0; at < len; at += 8) {
        uint64_t w = 0;

        for (size_t i = at; i < at + 8 && i < len; i++)
            w |= (uint64_t)p[i] << (8 * (i - at));
        __extension__ unsigned __int128 product =
            (unsigned __int128)(h ^ w) * 0xBB67AE8584CAA73Bull;
        h = (uint64_t)(product >> 64) ^ (uint64_t)product;
    }
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9ull;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBull;
    return h ^ (h >> 31);
}

static void every_length_as_described(void **state)
{
    unsigned char bytes[40];

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)unit_random();
    for (size_t len = 0; len <= sizeof(bytes); len++)
        assert_true(hash64(bytes, len, 3) == slowly(bytes, len, 3));
}

static int compare_words(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static void similar_keys_do_not_collide(void **state)
{
    size_t count = 1000000;
    uint64_t *seen = calloc(count, sizeof(*seen));

    (void)state;
    assert_non_null(seen);
    for (size_t i = 0; i < count; i++) {
        char key[64];
        int len = 0;

        switch (i % 4) {
        case 0:
            len = snprintf(key, sizeof(key), "http://loinc.org|%zu", i);
            break;
        case 1:
            len = snprintf(key, sizeof(key), "%zu", i);
            break;
        case 2:
            len = snprintf(key, sizeof(key), "Patient/%08zx-0000", i);
            break;
        default:
            /* nothing but zeros and a counter, at any of 8 places */
            memset(key, 0, sizeof(key));
            memcpy(key + i / 4 % 8 * 4, &i, 4);
            len = 40;
        }
        seen[i] = hash64(key, (size_t)len, 0);
    }
    qsort(seen, count, sizeof(*seen), compare_words);
    for (size_t i = 1; i < count; i++) {
        if (seen[i - 1] == seen[i])
            fail_msg("collision");
    }
    free(seen);
}

static void zeros_of_different_length_differ(void **state)
{
    static const char zeros[256];
    uint64_t seen[257];

    (void)state;
    for (size_t i = 0; i <= 256; i++)
        seen[i] = hash64(zeros, i, 0);
    qsort(seen, 257, sizeof(seen[0]), compare_words);
    for (size_t i = 1; i <= 256; i++)
        assert_true(seen[i - 1] != seen[i]);
}

/* Flipping any bit of the input flips each bit of the hash half of the time. */
static void each_bit_moves_half_of_all(void **state)
{
    enum { ROUNDS = 4000, BYTES = 21 };
    static unsigned flips[BYTES * 8][64];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        unsigned char key[BYTES];
        uint64_t base = 0;

        for (size_t i = 0; i < BYTES; i++)
            key[i] = (unsigned char)unit_random();
        base = hash64(key, BYTES, 0);
        for (size_t bit = 0; bit < BYTES * 8; bit++) {
            uint64_t diff = 0;

            key[bit / 8] ^= (unsigned char)(1u << bit % 8);
            diff = base ^ hash64(key, BYTES, 0);
            key[bit / 8] ^= (unsigned char)(1u << bit % 8);
            for (size_t k = 0; k < 64; k++)
                flips[bit][k] += (unsigned)(diff >> k & 1);
        }
    }
    for (size_t bit = 0; bit < BYTES * 8; bit++) {
        for (size_t k = 0; k < 64; k++) {
            /* six standard deviations of a fair coin thrown 4,000 times */
            if (flips[bit][k] < ROUNDS / 2 - 190 || flips[bit][k] > ROUNDS / 2 + 190)
                fail_msg("input bit %zu, hash bit %zu: %u of %d", bit, k, flips[bit][k],
                    ROUNDS);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_never_change),
        cmocka_unit_test(every_length_as_described),
        cmocka_unit_test(similar_keys_do_not_collide),
        cmocka_unit_test(zeros_of_different_length_differ),
        cmocka_unit_test(each_bit_moves_half_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
