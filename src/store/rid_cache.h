/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names the writer met lately, with their rids: a record refers to a few others again and
 * again. Bounded; two ways a set, the older goes. Entries put since a mark can be
 * taken out again. Writer's thread.
 */
#ifndef STORE_RID_CACHE_H
#define STORE_RID_CACHE_H

#include "base/limits.h"

#include "store/store.h"

struct rid_cache_entry {
    store_rid rid; /* 0: empty */
    uint32_t len;
    char id[LIMIT_ID_CHARS];
};

struct rid_cache {
    struct rid_cache_entry *entries;
    uint32_t *put; /* slots filled since the last commit */
    size_t put_count;
};

struct rid_cache_mark {
    size_t put_count;
};

int rid_cache_init(struct rid_cache *c);
void rid_cache_done(struct rid_cache *c);

/* The rid, or 0. Names longer than LIMIT_ID_CHARS are never held. */
store_rid rid_cache_get(const struct rid_cache *c, unsigned type, struct str id);

void rid_cache_put(struct rid_cache *c, store_rid rid, struct str id);

/* Take out what was put since ${mark}. */
void rid_cache_undo(struct rid_cache *c, struct rid_cache_mark mark);

/* Keep all that was put. */
void rid_cache_keep(struct rid_cache *c);

void rid_cache_clear(struct rid_cache *c);

#endif
