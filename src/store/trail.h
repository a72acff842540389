/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trail: who read and changed what, as blocks of entries that are only ever added.
 * The store keeps the blocks, their chain and the index from a subject to the blocks
 * that are about it; what an entry says is its writer's business (app/audit.h).
 *
 *     block 1 ─hash─► block 2 ─hash─► block 3 ─hash─► head, sealed with the node's key
 *
 * What holds (store_verify checks it):
 *  1. numbers of entries go from 1 on without a gap;
 *  2. a block's hash is BLAKE2b-256 over the hash before it and all that the block
 *     holds;
 *  3. the head names the number, the hash and the time after the last block;
 *  4. once there is a block, every version of the log is covered by one: its entries
 *     are in the transaction that wrote the version;
 *  5. the index has a row for each subject of each block, and no other.
 */
#ifndef STORE_TRAIL_H
#define STORE_TRAIL_H

#include "store/store.h"

/* A block. To add one only count, subjects and body are given. */
struct store_block {
    int64_t seq; /* number of its first entry, from 1 */
    unsigned count;
    int64_t log; /* versions up to this one are told of in this block or before */
    utc_ms time; /* never before that of an earlier block */
    const store_rid *subjects; /* ascending, none twice */
    size_t subject_count;
    struct str body;
    uint8_t hash[STORE_HASH_BYTES];
};

/*
 * Who tells of changes: called on the writer's thread after all of a group's transactions
 * were applied and before they are committed together. Those with result 0 are in. A
 * block without entries: there is nothing to tell. Negative: the whole group fails.
 * Memory from ${a}.
 */
struct store_trail_source {
    int (*changes)(void *arg, struct store_tx *tx, struct arena *a,
        const struct store_transaction *first, struct store_block *ret,
        struct err *err);
    void *arg;
};

/* From now on ask ${source}, which stays where it is (NULL: nobody). Before anything is
 * submitted, or when nothing is under way. */
void store_trail_source(struct store *s, const struct store_trail_source *source);

/* Add a block, as a commit of its own, and wait for it. Not from the writer's thread. A
 * store opened beside another process does it too, waiting for that one's transaction. */
int store_trail_add(struct store *s, const struct store_block *block, struct err *err);

/* Give the trail another key, made here: its head is sealed anew and the chain goes on as it was, in one
 * transaction. Nothing where there is no trail yet. E_CORRUPT: the head is not sealed by the old key,
 * and stays. Not from the writer's thread; only where this process writes. */
int store_trail_rekey(struct store *s, struct err *err);

/* Check the trail alone, as store_verify does with all (store/store.h): ${report} gets a
 * sentence and a place for each fault. ${ret_head}, in ${a}: what store_trail_head says
 * of what was checked. 0: sound; E_CORRUPT: faults were reported. */
int store_trail_verify(struct store *s, struct arena *a,
    void (*report)(void *arg, const char *where, const char *what), void *arg,
    struct str *ret_head, struct err *err);

/* store_read_begin, seeing also what other processes have added; ends with
 * store_read_end. */
int store_trail_begin(struct store *s, struct store_reader **ret, struct err *err);

/* The first block that begins at number ${seq} or after it; ${down}: the last that
 * begins below it. Memory from ${a}. E_NOT_FOUND: there is none. */
int store_block_step(struct store_reader *r, struct arena *a, int64_t seq, bool down,
    struct store_block *ret, struct err *err);

/* Blocks about a subject, the newest first, by their seq: the answer is the first count
 * of out. */
struct store_block_list {
    store_rid subject;
    int64_t below; /* only those that begin below it */
    int64_t *out;
    size_t limit;
    size_t count;
};
int store_block_list(
    struct store_reader *r, struct store_block_list *list, struct err *err);

/* The head as text to be noted elsewhere, "NUMBER:HASH" with the number of entries, and
 * "0" where there is none; in ${a}. */
int store_trail_head(
    struct store_reader *r, struct arena *a, struct str *ret, struct err *err);

/* The version ${seq} of the log. E_NOT_FOUND. Memory from ${a}. */
int store_get_seq(struct store_reader *r, struct arena *a, int64_t seq, bool body,
    struct store_record *ret, struct err *err);

#endif
