/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers. A UUIDv7 here is (RFC 9562, method 1: a counter in rand_a):
 *
 *   bits   0-47  milliseconds since 1970
 *   bits  48-51  7
 *   bits  52-63  counter within the millisecond, from 0
 *   bits  64-65  binary 10
 *   bits  66-127 random
 *
 * Time and counter are one 60-bit number that only grows, shared by all threads, so
 * that the 4,097th id of one millisecond borrows from the next and order still holds.
 * The random bits come from a pool that each thread fills with one call to the kernel
 * for 64 ids; a process that forks without exec must not make ids in both halves.
 */
#include "base/id.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/limits.h"

#define COUNTER_BITS 12
#define POOL_WORDS 64
#define BACK_MS 10000 /* a clock set back further than this is believed */

void id_random(void *out, size_t len)
{
    unsigned char *p = out;

    while (len > 0) {
        ssize_t got = getrandom(p, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        p += got;
        len -= (size_t)got;
    }
}

static uint64_t pool_take(void)
{
    static _Thread_local uint64_t pool[POOL_WORDS];
    static _Thread_local size_t left;
    uint64_t word = 0;

    if (left == 0) {
        id_random(pool, sizeof(pool));
        left = POOL_WORDS;
    }
    word = pool[--left];
    pool[left] = 0; /* a later look into memory tells nothing of ids given out */
    return word;
}

/* The next value of time and counter, larger than all before it in this process,
 * unless the clock was set back by a long way. */
static uint64_t next_stamp(utc_ms now)
{
    static atomic_uint_fast64_t newest;
    uint64_t clock = ((uint64_t)now & 0xFFFFFFFFFFFFull) << COUNTER_BITS;
    uint64_t seen = atomic_load_explicit(&newest, memory_order_relaxed);
    uint64_t next = 0;

    do {
        next = seen + 1;
        if (clock > seen || seen - clock > (uint64_t)BACK_MS << COUNTER_BITS)
            next = clock;
    } while (!atomic_compare_exchange_weak_explicit(
        &newest, &seen, next, memory_order_relaxed, memory_order_relaxed));
    return next;
}

static void put_be64(uint64_t v, uint8_t *out)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        out[i] = (uint8_t)v;
}

void id_uuid7(utc_ms now, char out[ID_UUID_CHARS + 1])
{
    uint64_t stamp = next_stamp(now);
    uint64_t high = (stamp >> COUNTER_BITS << 16) | 0x7000u | (stamp & 0xFFFu);
    uint64_t low = (pool_take() >> 2) | ((uint64_t)2 << 62);
    uint8_t raw[16];

    put_be64(high, raw);
    put_be64(low, raw + 8);
    id_uuid_unpack(raw, out);
}

bool id_valid(struct str s)
{
    if (s.len == 0 || s.len > LIMIT_ID_CHARS)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                (c >= '0' && c <= '9') || c == '-' || c == '.'))
            return false;
    }
    return true;
}

static int lower_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static bool dash_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool id_uuid_pack(struct str s, uint8_t out[16])
{
    uint8_t raw[16];
    const char *p = s.p;

    if (s.len != ID_UUID_CHARS)
        return false;
    for (size_t i = 0; i < sizeof(raw); i++) {
        int high = 0;
        int low = 0;

        if (dash_before(i) && *p++ != '-')
            return false;
        high = lower_hex(p[0]);
        low = lower_hex(p[1]);
        if (high < 0 || low < 0)
            return false;
        raw[i] = (uint8_t)(high << 4 | low);
        p += 2;
    }
    memcpy(out, raw, sizeof(raw));
    return true;
}

void id_uuid_unpack(const uint8_t in[16], char out[ID_UUID_CHARS + 1])
{
    static const char digits[] = "0123456789abcdef";
    char *p = out;

    for (size_t i = 0; i < 16; i++) {
        if (dash_before(i))
            *p++ = '-';
        *p++ = digits[in[i] >> 4];
        *p++ = digits[in[i] & 15];
    }
    *p = '\0';
}

bool id_is_random(struct str s)
{
    uint8_t packed[16];

    return id_uuid_pack(s, packed) && packed[6] >> 4 == 4 && packed[8] >> 6 == 2;
}
