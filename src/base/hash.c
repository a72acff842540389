/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash64. State h, starting from seed and length; for each 8 bytes w, read as a
 * little-endian number (the last one filled up with zeros; the length in the start
 * keeps "a" and "a\0" apart):
 *
 *   p = (h ^ w) * MULTIPLIER      as a 128-bit product
 *   h = (p >> 64) ^ p             fold
 *
 * and at the end h is finished by the splitmix64 mixer. The numbers are fixed for ever.
 */
#include "base/hash.h"

#include <string.h>

#define MULTIPLIER 0xBB67AE8584CAA73Bull  /* 2^64 times the fraction of sqrt(3) */
#define LENGTH_STEP 0x9E3779B97F4A7C15ull /* 2^64 over the golden ratio */

__extension__ typedef unsigned __int128 uint128;

static inline uint64_t load8(const unsigned char *p)
{
    uint64_t w = 0;

    memcpy(&w, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

static inline uint64_t load4(const unsigned char *p)
{
    uint32_t w = 0;

    memcpy(&w, p, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap32(w);
#endif
    return w;
}

/* The last 1 to 7 bytes. Two reads that overlap, or three bytes that may be the same, put
 * each byte in its place without copying a number of bytes that is not known before. */
static inline uint64_t load_rest(const unsigned char *p, size_t len)
{
    if (len >= 4)
        return load4(p) | load4(p + len - 4) << (8 * (len - 4));
    return p[0] | (uint64_t)p[len / 2] << (8 * (len / 2)) |
           (uint64_t)p[len - 1] << (8 * (len - 1));
}

static inline uint64_t fold(uint64_t h, uint64_t w)
{
    uint128 p = (uint128)(h ^ w) * MULTIPLIER;

    return (uint64_t)(p >> 64) ^ (uint64_t)p;
}

static inline uint64_t finish(uint64_t h)
{
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9ull;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBull;
    return h ^ (h >> 31);
}

uint64_t hash64(const void *data, size_t len, uint64_t seed)
{
    const unsigned char *p = data;
    uint64_t h = seed ^ (((uint64_t)len + 1) * LENGTH_STEP);

    for (; len >= 8; len -= 8, p += 8)
        h = fold(h, load8(p));
    if (len > 0)
        h = fold(h, load_rest(p, len));
    return finish(h);
}
