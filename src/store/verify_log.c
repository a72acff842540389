/* SPDX-License-Identifier: Apache-2.0 */
/* Checking the log: no gap, every hash as its content makes it, every body there. */
#include <stdio.h>

#include "store/foreign.h"
#include "store/verify.h"

/* The newest version met of each node. */
#define ORIGINS_MAX 1024

struct origin {
    uint8_t name[16];
    uint8_t hash[STORE_HASH_BYTES];
    int64_t seq; /* the node's own count */
};

struct origins {
    struct origin *items; /* by number; 0 is this node */
    unsigned count;
};

static int tip_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct origins *o = arg;
    uint64_t number = 0;

    (void)err;
    if (value.len == 24)
        number = bytes_get64((const uint8_t *)value.p);
    if (number == 0 || number >= ORIGINS_MAX)
        return 0;
    if (number >= o->count)
        o->count = (unsigned)number + 1;
    /* a wrong name gives wrong hashes, which are reported */
    (void)hex_decode(name + strlen("tip/"), o->items[number].name, 16);
    return 0;
}

static int origins_load(struct verify *v, struct origins *o, struct err *err)
{
    o->items = arena_array(v->arena, ORIGINS_MAX, sizeof(*o->items));
    if (!o->items)
        return err_nomem(err);
    o->count = 1;
    memcpy(o->items[0].name, v->store->origin, 16);
    return v->store->driver->value_scan(
        v->reader->conn, DRIVER_OWN, "tip/", tip_visit, o, err);
}

/* The hash of the body as it is now: of the text itself where there is one. */
static int body_check(struct verify *v, const char *where,
    const struct driver_version *row, struct arena *a, uint8_t hash[STORE_HASH_BYTES])
{
    struct err err = {0};
    struct str body = {0};
    int r = 0;

    memset(hash, 0, STORE_HASH_BYTES);
    if (row->dictionary == DRIVER_BODY_NONE)
        return 0;
    memcpy(hash, row->body_hash, STORE_HASH_BYTES);
    if (row->dictionary == DRIVER_BODY_ERASED)
        return 0;
    r = body_unpack(v->reader, a, row, &body, &err);
    if (r == E_NOMEM)
        return r;
    if (r < 0) {
        verify_fault(v, where, "Its body cannot be read: %s", err.text);
        return 1;
    }
    crypto_digest_once(hash, body.p, body.len);
    if (row->dictionary == DRIVER_BODY_BLOB &&
        memcmp(hash, row->body_hash, STORE_HASH_BYTES) != 0)
        verify_fault(v, where, "The file of its body holds another content.");
    return 0;
}

/* Hashes of the parents; each must be an earlier version of the same record. */
static int parents_check(struct verify *v, const char *where,
    const struct driver_version *row, uint8_t hashes[][STORE_HASH_BYTES],
    struct err *err)
{
    struct driver_version parent;

    for (unsigned i = 0; i < row->parent_count; i++) {
        int64_t seq = row->parents[i];
        int r = seq > 0 && seq <= v->seq
                    ? v->store->driver->version_get(
                          v->reader->conn, seq, false, &parent, err)
                    : E_NOT_FOUND;
        if (r < 0 && r != E_NOT_FOUND)
            return r;
        if (r < 0 || seq >= row->seq || parent.rid != row->rid) {
            verify_fault(v, where,
                "Its parent %lld is no earlier version of the record.", (long long)seq);
            memset(hashes[i], 0, STORE_HASH_BYTES);
            continue;
        }
        memcpy(hashes[i], parent.hash, STORE_HASH_BYTES);
        v->superseded[seq / 8] |= (uint8_t)(1u << (seq % 8));
    }
    return 0;
}

/* The version's place in its origin's chain. */
static void chain_step(struct verify *v, const char *where, struct origin *origin,
    const struct driver_version *row)
{
    if (row->origin_seq != origin->seq + 1)
        verify_fault(v, where, "It is number %lld of its node, after number %lld.",
            (long long)row->origin_seq, (long long)origin->seq);
    origin->seq = row->origin_seq;
    memcpy(origin->hash, row->hash, STORE_HASH_BYTES);
}

static int header_check(struct verify *v, const char *where,
    const struct driver_version *row, struct origin *origin, struct arena *a,
    struct err *err)
{
    const struct driver *d = v->store->driver;
    uint8_t parents[DRIVER_PARENTS_MAX][STORE_HASH_BYTES];
    uint8_t body_hash[STORE_HASH_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    struct chain_header h = {.origin = origin->name,
        .origin_seq = row->origin_seq,
        .previous = origin->hash,
        .hlc = row->hlc,
        .type = store_rid_type(row->rid),
        .operation = row->operation,
        .parents = (const uint8_t(*)[STORE_HASH_BYTES])parents,
        .parent_count = row->parent_count,
        .body_hash = body_hash};
    struct driver_record record = {0};
    int r = body_check(v, where, row, a, body_hash);

    if (r != 0)
        return r < 0 ? err_nomem(err) : 0;
    r = parents_check(v, where, row, parents, err);
    if (r == 0)
        r = d->record_get(v->reader->conn, row->rid, &record, err);
    if (r == E_NOT_FOUND) {
        verify_fault(v, where, "Its record has no row.");
        return 0;
    }
    if (r < 0)
        return r;
    h.id.p = arena_strndup(a, record.id.p, record.id.len);
    h.id.len = record.id.len;
    if (!h.id.p)
        return err_nomem(err);
    r = actor_name(v->store, v->reader->conn, row->actor, &h.actor, err);
    if (r == E_CORRUPT) {
        verify_fault(v, where, "Who wrote it is not known.");
        return 0;
    }
    chain_hash(&h, hash);
    if (r == 0 && memcmp(hash, row->hash, sizeof(hash)) != 0)
        verify_fault(
            v, where, "Its header, its body or what came before it was changed.");
    return r;
}

/* The version is in the list of its type. */
static int type_check(struct verify *v, const char *where,
    const struct driver_version *row, struct err *err)
{
    int64_t seq = 0;
    struct driver_list q = {.of = store_rid_type(row->rid),
        .from = row->seq + 1,
        .down = true,
        .out = &seq,
        .limit = 1};
    int r = v->store->driver->type_list(v->reader->conn, &q, err);

    if (r == 0 && seq != row->seq)
        verify_fault(v, where, "It is missing from the history of its type.");
    return r;
}

static int version_check(
    struct verify *v, struct origins *o, int64_t seq, struct arena *a, struct err *err)
{
    struct driver_version row;
    char where[64];
    int r = v->store->driver->version_get(v->reader->conn, seq, true, &row, err);

    snprintf(where, sizeof(where), "version %lld", (long long)seq);
    if (r == E_NOT_FOUND) {
        verify_fault(v, where, "It is missing from the log.");
        return 0;
    }
    if (r < 0)
        return r;
    if (row.origin >= o->count) {
        verify_fault(v, where, "The node that wrote it is not known.");
        return 0;
    }
    r = header_check(v, where, &row, &o->items[row.origin], a, err);
    chain_step(v, where, &o->items[row.origin], &row);
    return r < 0 ? r : type_check(v, where, &row, err);
}

int verify_log(struct verify *v, struct err *err)
{
    struct origins origins = {0};
    struct arena *a = arena_new();
    int r = a ? origins_load(v, &origins, err) : err_nomem(err);

    for (int64_t seq = 1; seq <= v->seq && r == 0; seq++) {
        r = version_check(v, &origins, seq, a, err);
        arena_reset(a);
        verify_step(v);
    }
    arena_free(a);
    arena_reset(v->arena);
    return r;
}
