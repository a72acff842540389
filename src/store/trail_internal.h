/* SPDX-License-Identifier: Apache-2.0 */
/* What adding to the trail and checking it share. */
#ifndef STORE_TRAIL_INTERNAL_H
#define STORE_TRAIL_INTERNAL_H

#include <assert.h>

#include "crypto/seal.h"
#include "store/trail.h"
#include "store/writer.h"

/* What comes after the last block. */
struct trail_head {
    int64_t next; /* number of the next entry */
    int64_t log;
    utc_ms time;
    uint8_t hash[STORE_HASH_BYTES];
};

/* The hash of ${b} behind a block with the hash ${previous}. */
void trail_hash(const uint8_t previous[STORE_HASH_BYTES], const struct driver_block *b,
    uint8_t out[STORE_HASH_BYTES]);

/* The subjects of a row, in ${a}. E_CORRUPT. */
int trail_subjects(struct arena *a, struct str packed, const store_rid **ret,
    size_t *ret_count, struct err *err);

/* The head, opened with ${key}. E_NOT_FOUND: none; E_CORRUPT: not sealed with it. */
int trail_head_load(const struct driver *d, struct driver_conn *c,
    const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct trail_head *ret, struct err *err);

#endif
