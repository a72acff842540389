/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A version that another node wrote first, to be taken into the log as it is: its
 * header is given, its hash follows, and a record may come to have several heads. Of
 * several heads the one with the greatest clock (then hash) is current, on every node.
 */
#ifndef STORE_FOREIGN_H
#define STORE_FOREIGN_H

#include "store/store.h"

#define STORE_PARENTS_MAX 8

struct store_foreign {
    uint8_t origin[16];
    int64_t origin_seq;
    uint8_t previous[STORE_HASH_BYTES]; /* zeros for the origin's first */
    uint64_t hlc;
    uint8_t parents[STORE_PARENTS_MAX][STORE_HASH_BYTES];
    unsigned parent_count;
    uint8_t hash[STORE_HASH_BYTES]; /* what it must come to; else E_CORRUPT */
};

/*
 * Put it in ${w->foreign_} after store_prepare; type, id, operation, body and the
 * transaction's actor are the version's, expect is not looked at. A version that is
 * there already is left unchanged. E_CONFLICT: a parent is not here yet, or the origin's
 * chain has a gap.
 */

/* The version ${seq} as another node must be given it; ${ret_record} is its header and
 * body, in ${a}. E_NOT_FOUND. */
int store_foreign_get(struct store_reader *r, struct arena *a, int64_t seq,
    struct store_foreign *ret, struct store_record *ret_record, struct err *err);

/* All heads of a record, current first: seqs, at most ${limit}. */
int store_heads(struct store_reader *r, store_rid rid, int64_t *out, size_t limit,
    size_t *ret_count, struct err *err);

#endif
