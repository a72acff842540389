/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fast 64-bit hash for index keys and hash tables. Stable for ever and on every
 * machine: it is stored. Not for secrets (see crypto). Ours: 8 bytes a step, multiply
 * and fold, finished by the splitmix64 mixer (Steele, Lea, Flood 2014).
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash64(const void *data, size_t len, uint64_t seed);

#endif
