/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of names: an array of sets with two entries each. */
#include "store/rid_cache.h"

#include "base/hash.h"
#include "base/limits.h"

#define WAYS 2
#define SETS (LIMIT_RID_CACHE / WAYS)

int rid_cache_init(struct rid_cache *c)
{
    *c = (struct rid_cache){0};
    c->entries = base_malloc(LIMIT_RID_CACHE * sizeof(*c->entries));
    c->put = base_malloc(LIMIT_RID_CACHE * sizeof(*c->put));
    if (!c->entries || !c->put) {
        rid_cache_done(c);
        return E_NOMEM;
    }
    rid_cache_clear(c);
    return 0;
}

void rid_cache_done(struct rid_cache *c)
{
    base_free(c->entries);
    base_free(c->put);
    *c = (struct rid_cache){0};
}

static struct rid_cache_entry *set_of(
    const struct rid_cache *c, unsigned type, struct str id)
{
    return &c->entries[WAYS * (hash64(id.p, id.len, type) % SETS)];
}

static bool entry_is(const struct rid_cache_entry *e, unsigned type, struct str id)
{
    return e->rid != 0 && store_rid_type(e->rid) == type && e->len == id.len &&
           memcmp(e->id, id.p, id.len) == 0;
}

store_rid rid_cache_get(const struct rid_cache *c, unsigned type, struct str id)
{
    const struct rid_cache_entry *set = NULL;

    if (id.len > LIMIT_ID_CHARS)
        return 0;
    set = set_of(c, type, id);
    for (unsigned i = 0; i < WAYS; i++) {
        if (entry_is(&set[i], type, id))
            return set[i].rid;
    }
    return 0;
}

void rid_cache_put(struct rid_cache *c, store_rid rid, struct str id)
{
    struct rid_cache_entry *set = NULL;

    /* a full list of what was put cannot be undone singly: hold no more until kept */
    if (id.len > LIMIT_ID_CHARS || c->put_count == LIMIT_RID_CACHE)
        return;
    set = set_of(c, store_rid_type(rid), id);
    set[1] = set[0];
    set[0].rid = rid;
    set[0].len = (uint32_t)id.len;
    memcpy(set[0].id, id.p, id.len);
    c->put[c->put_count++] = (uint32_t)(set - c->entries);
}

void rid_cache_undo(struct rid_cache *c, struct rid_cache_mark mark)
{
    /* a set that was touched is emptied: what moved within it is not told apart */
    while (c->put_count > mark.put_count) {
        struct rid_cache_entry *set = &c->entries[c->put[--c->put_count]];
        for (unsigned i = 0; i < WAYS; i++)
            set[i].rid = 0;
    }
}

void rid_cache_keep(struct rid_cache *c)
{
    c->put_count = 0;
}

void rid_cache_clear(struct rid_cache *c)
{
    for (size_t i = 0; i < LIMIT_RID_CACHE; i++)
        c->entries[i].rid = 0;
    c->put_count = 0;
}
