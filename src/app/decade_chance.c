/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chance: xoshiro256** by Blackman and Vigna, its state filled by splitmix64 from the seed and
 * the name of the stream. Whole numbers alone.
 */
#include "app/decade_internal.h"

static uint64_t mixed(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct chance chance_from(uint64_t seed, const char *name)
{
    struct chance c = {.state = {0}};
    uint64_t state = seed;

    for (const char *p = name; *p; p++) {
        state ^= (unsigned char)*p;
        state *= 0x100000001b3u; /* FNV-1a */
    }
    for (int i = 0; i < 4; i++)
        c.state[i] = mixed(&state);
    return c;
}

static uint64_t turned(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t chance_next(struct chance *c)
{
    uint64_t *s = c->state;
    uint64_t result = turned(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turned(s[3], 45);
    return result;
}

/* The high half times the count: a bias of less than one in 2^32 / count, which nobody sees. */
uint32_t chance_below(struct chance *c, uint32_t count)
{
    return (uint32_t)(((chance_next(c) >> 32) * count) >> 32);
}

int32_t chance_between(struct chance *c, int32_t least, int32_t most)
{
    return least + (int32_t)chance_below(c, (uint32_t)(most - least) + 1);
}

bool chance_permille(struct chance *c, uint32_t permille)
{
    return chance_below(c, 1000) < permille;
}

bool chance_millionth(struct chance *c, uint32_t parts)
{
    return chance_below(c, 1000000) < parts;
}

uint32_t chance_about(struct chance *c, uint32_t thousandths)
{
    return thousandths / 1000 + (uint32_t)chance_permille(c, thousandths % 1000);
}

uint32_t chance_weighted(struct chance *c, const uint16_t *weights, uint32_t count)
{
    uint32_t sum = 0;
    uint32_t at = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += weights[i];
    at = chance_below(c, sum);
    for (uint32_t i = 0; i < count; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
    return count - 1;
}
