/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of the trail as bytes. Pure. The body of a block, all numbers as varints:
 *
 *   time of the block's oldest entry, in ms
 *   how many persons; of each six texts (length, bytes): struct audit_who in order
 *   entries, one after the other:
 *     kind | person | ms since that time |
 *     kinds that name records:   how many runs; of each: place of the patient among the
 *                                block's subjects, from 1 (0: none) | how many | first
 *                                version | differences
 *     the others:                how often | HTTP status
 *
 * A version is named by its number in the log, which leads to the record's type, id and
 * versionId. Versions of one patient ascend.
 */
#ifndef APP_AUDIT_CODE_H
#define APP_AUDIT_CODE_H

#include "app/audit.h"
#include "store/trail.h"

/* A version that was read or made, and a patient it is about (0: none). */
struct audit_item {
    store_rid patient;
    int64_t seq;
};

struct audit_entry {
    enum audit_kind kind;
    size_t who; /* index among the block's persons */
    utc_ms time;
    struct audit_item *items; /* by patient, then seq; encoding sorts them */
    size_t item_count;
    uint64_t times;
    unsigned status;
};

struct audit_batch {
    struct audit_who *who;
    size_t who_count;
    struct audit_entry *entries;
    size_t entry_count;
};

/* ${batch} as a block to be added; memory from ${a}. E_TOO_LARGE: LIMIT_TRAIL_BLOCK. */
int audit_encode(struct arena *a, struct audit_batch *batch, struct store_block *ret,
    struct err *err);

/* The entries of ${block}, which stays as long as they are used. E_CORRUPT. */
int audit_decode(struct arena *a, const struct store_block *block,
    struct audit_batch *ret, struct err *err);

#endif
