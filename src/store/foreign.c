/* SPDX-License-Identifier: Apache-2.0 */
/* Versions that other nodes wrote first, and records with several heads. */
#include "store/foreign.h"

#include <stdio.h>

#include "store/apply.h"
#include "store/views.h"

/* The newest version known of another node: "tip/NAME", its number, origin_seq and seq. */
struct tip {
    char key[48];
    int64_t number;
    int64_t origin_seq;
    int64_t seq;
};

struct tips {
    struct tip *want;
    int64_t most; /* largest number given */
    bool found;
};

static int tip_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct tips *t = arg;
    const uint8_t *p = (const uint8_t *)value.p;

    (void)err;
    if (value.len != 24)
        return 0;
    if ((int64_t)bytes_get64(p) > t->most)
        t->most = (int64_t)bytes_get64(p);
    if (strcmp(name, t->want->key) == 0) {
        t->found = true;
        t->want->number = (int64_t)bytes_get64(p);
        t->want->origin_seq = (int64_t)bytes_get64(p + 8);
        t->want->seq = (int64_t)bytes_get64(p + 16);
    }
    return 0;
}

static int tip_load(
    struct writer *w, const uint8_t origin[16], struct tip *ret, struct err *err)
{
    struct tips tips = {.want = ret};
    char hex[33];
    int r = 0;

    *ret = (struct tip){0};
    hex_encode(origin, 16, hex);
    snprintf(ret->key, sizeof(ret->key), "tip/%s", hex);
    r = w->store->driver->value_scan(
        w->conn, DRIVER_OWN, "tip/", tip_visit, &tips, err);
    if (r == 0 && !tips.found)
        ret->number = tips.most + 1;
    return r;
}

static int tip_save(struct writer *w, const struct tip *tip, struct err *err)
{
    uint8_t bytes[24];

    bytes_put64(bytes, (uint64_t)tip->number);
    bytes_put64(bytes + 8, (uint64_t)tip->origin_seq);
    bytes_put64(bytes + 16, (uint64_t)tip->seq);
    return w->store->driver->value_put(w->conn, DRIVER_OWN, tip->key,
        (struct str){(const char *)bytes, sizeof(bytes)}, err);
}

/* 1: it is here already; 0: it is the next of its origin. */
static int tip_check(struct writer *w, const struct store_foreign *f,
    const struct tip *tip, struct err *err)
{
    uint8_t previous[STORE_HASH_BYTES] = {0};
    struct driver_version v;
    int r = 0;

    if (f->origin_seq <= tip->origin_seq)
        return 1;
    if (f->origin_seq != tip->origin_seq + 1)
        return err_set(err, E_CONFLICT, NULL,
            "Versions %lld and on of the other node must come first.",
            (long long)tip->origin_seq + 1);
    if (tip->seq != 0) {
        r = w->store->driver->version_get(w->conn, tip->seq, false, &v, err);
        if (r < 0)
            return r;
        memcpy(previous, v.hash, sizeof(previous));
    }
    if (memcmp(previous, f->previous, sizeof(previous)) != 0)
        return err_set(
            err, E_CORRUPT, NULL, "The other node's chain does not go on here.");
    return 0;
}

/* Every version of a record, newest first, until ${visit} returns non-zero. */
static int each_version(struct writer *w, const struct driver_record *record,
    int (*visit)(void *arg, const struct driver_version *v), void *arg, struct err *err)
{
    const struct driver *d = w->store->driver;
    int64_t seqs[2 * LIMIT_HEADS];
    struct driver_list q = {.of = record->rid, .from = INT64_MAX, .down = true};
    struct driver_version v;
    size_t n = 0;
    int r = 0;

    seqs[n++] = record->head;
    q.out = seqs + n;
    q.limit = LIMIT_HEADS;
    r = d->head_list(w->conn, &q, err);
    n += q.count;
    while (r == 0 && n > 0) {
        for (size_t i = 0; i < n && r == 0; i++) {
            r = d->version_get(w->conn, seqs[i], false, &v, err);
            if (r == 0)
                r = visit(arg, &v);
        }
        if (r != 0)
            return r;
        q.out = seqs;
        r = d->past_list(w->conn, &q, err);
        n = q.count;
        if (n > 0)
            q.from = seqs[n - 1];
    }
    return r;
}

struct parent_find {
    const struct store_foreign *f;
    struct driver_version *v;
    unsigned left;
};

static int parent_visit(void *arg, const struct driver_version *v)
{
    struct parent_find *p = arg;

    for (unsigned i = 0; i < p->f->parent_count; i++) {
        if (memcmp(p->f->parents[i], v->hash, STORE_HASH_BYTES) == 0) {
            p->v->parents[i] = v->seq;
            p->left--;
        }
    }
    return p->left == 0;
}

/* The parents' seqs, in the order the origin gave them. */
static int parents_find(struct writer *w, const struct apply_write *aw,
    struct driver_version *v, struct err *err)
{
    const struct store_foreign *f = aw->write->foreign_;
    struct parent_find find = {.f = f, .v = v, .left = f->parent_count};
    int r = 0;

    v->parent_count = f->parent_count;
    if (f->parent_count > DRIVER_PARENTS_MAX)
        return err_set(err, E_TOO_LARGE, NULL, "A version has too many parents.");
    if (f->parent_count > 0 && aw->now.known && aw->now.record.head != 0)
        r = each_version(w, &aw->now.record, parent_visit, &find, err);
    if (r < 0)
        return r;
    if (find.left > 0)
        return err_set(
            err, E_CONFLICT, NULL, "A parent of the version is not here yet.");
    return 0;
}

static int hash_check(const struct apply_write *aw, struct err *err)
{
    const struct store_write *w = aw->write;
    const struct store_foreign *f = w->foreign_;
    struct chain_header h = {.origin = f->origin,
        .origin_seq = f->origin_seq,
        .previous = f->previous,
        .hlc = f->hlc,
        .type = w->type->number,
        .id = w->id,
        .operation = w->operation,
        .actor = aw->actor_name,
        .parents = f->parents,
        .parent_count = f->parent_count,
        .body_hash = w->body_hash};
    uint8_t hash[STORE_HASH_BYTES];

    chain_hash(&h, hash);
    if (memcmp(hash, f->hash, sizeof(hash)) != 0)
        return err_set(
            err, E_CORRUPT, NULL, "The version does not come to the hash it carries.");
    return 0;
}

bool foreign_wins(const struct driver_version *a, const struct driver_version *b)
{
    if (a->hlc != b->hlc)
        return a->hlc > b->hlc;
    return memcmp(a->hash, b->hash, sizeof(a->hash)) > 0;
}

/* One of the heads there were, now that ${v} is one: replaced by it, it is past; else it
 * stays, and is in ${*best} if it wins. */
static int head_move(struct writer *w, const struct driver_version *v, int64_t seq,
    struct driver_version *best, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct driver_version other = {0};
    bool replaced = false;
    int r = d->head_remove(w->conn, v->rid, seq, err);

    for (unsigned i = 0; i < v->parent_count; i++)
        replaced = replaced || v->parents[i] == seq;
    if (r == 0 && replaced)
        return d->past_add(w->conn, v->rid, seq, err);
    if (r == 0)
        r = d->version_get(w->conn, seq, false, &other, err);
    if (r == 0)
        r = d->head_add(w->conn, v->rid, seq, err);
    if (r == 0 && foreign_wins(&other, best))
        *best = other;
    return r;
}

/* Make ${v} a head: its parents are none any more, and the winner becomes current. */
static int heads_move(struct writer *w, const struct apply_now *now,
    const struct driver_version *v, struct driver_version *ret_current, struct err *err)
{
    const struct driver *d = w->store->driver;
    int64_t seqs[LIMIT_HEADS + 1];
    struct driver_list q = {.of = v->rid,
        .from = INT64_MAX,
        .down = true,
        .out = seqs,
        .limit = LIMIT_HEADS};
    struct driver_version best = *v;
    int r = d->head_list(w->conn, &q, err);

    if (now->record.head != 0)
        seqs[q.count++] = now->record.head;
    for (size_t i = 0; i < q.count && r == 0; i++)
        r = head_move(w, v, seqs[i], &best, err);
    if (r == 0 && best.seq != v->seq)
        r = d->head_add(w->conn, v->rid, v->seq, err);
    if (r == 0 && best.seq != v->seq)
        r = d->head_remove(w->conn, v->rid, best.seq, err);
    if (r == 0)
        r = d->record_head(
            w->conn, v->rid, best.seq, best.operation != STORE_DELETE, err);
    *ret_current = best;
    return r;
}

/* Tell the views what is current now, if that changed. */
static int current_tell(struct writer *w, const struct apply_write *aw,
    const struct driver_version *best, struct err *err)
{
    const void *prepared[STORE_VIEWS_MAX] = {0};
    const void *old[STORE_VIEWS_MAX] = {0};
    const struct apply_now *now = &aw->now;
    bool was_live = now->record.live;
    bool is_live = best->operation != STORE_DELETE;
    struct store_change change = {.rid = best->rid,
        .seq = best->seq,
        .position = w->seq,
        .type = store_rid_type(best->rid),
        .id = aw->write->id,
        .updated = chain_time(best->hlc)};
    struct driver_version v;
    int r = 0;

    if (best->seq == now->record.head || (!was_live && !is_live))
        return 0;
    change.operation = !is_live ? STORE_DELETE : was_live ? STORE_UPDATE : STORE_CREATE;
    if (was_live)
        r = w->store->driver->version_get(w->conn, now->record.head, true, &v, err);
    if (r == 0 && was_live)
        r = views_prepare_version(&w->reader, w->old, &v, UINT32_MAX, old, err);
    if (r == 0 && is_live)
        r = w->store->driver->version_get(w->conn, best->seq, true, &v, err);
    if (r == 0 && is_live)
        r = views_prepare_version(&w->reader, w->old, &v, UINT32_MAX, prepared, err);
    if (r < 0)
        return r;
    return writer_tell(
        w, &change, is_live ? prepared : NULL, was_live ? old : NULL, err);
}

static int foreign_write(struct writer *w, struct apply_write *aw, struct tip *tip,
    struct driver_version *v, struct err *err)
{
    struct store_write *write = aw->write;
    const struct store_foreign *f = write->foreign_;
    struct driver_version best;
    int r = 0;

    apply_body(w->store, write, v);
    memcpy(v->hash, f->hash, sizeof(v->hash));
    v->origin = (unsigned)tip->number;
    v->origin_seq = f->origin_seq;
    v->hlc = f->hlc;
    v->actor = aw->actor;
    v->operation = write->operation;
    v->seq = w->seq + 1;
    r = writer_set(w, &w->seq, v->seq, err);
    if (r == 0 && (int64_t)f->hlc > w->hlc)
        r = writer_set(w, &w->hlc, (int64_t)f->hlc, err);
    if (r == 0)
        r = apply_intern(w, write->type->number, write->id, &v->rid, err);
    if (r == 0)
        r = w->store->driver->version_add(w->conn, v, err);
    if (r == 0)
        r = heads_move(w, &aw->now, v, &best, err);
    if (r == 0)
        r = apply_count(w, write, write->type->number, aw->now.record.live,
            best.operation != STORE_DELETE, err);
    tip->origin_seq = v->origin_seq;
    tip->seq = v->seq;
    if (r == 0)
        r = tip_save(w, tip, err);
    if (r == 0)
        r = current_tell(w, aw, &best, err);
    return r;
}

int foreign_apply(struct writer *w, struct apply_write *aw, struct err *err)
{
    struct store_write *write = aw->write;
    const struct store_foreign *f = write->foreign_;
    struct driver_version v = {0};
    struct tip tip;
    int r = tip_load(w, f->origin, &tip, err);

    if (r < 0)
        return r;
    if (memcmp(f->origin, w->store->origin, 16) == 0) {
        tip.number = 0;
        tip.origin_seq = w->origin_seq;
    }
    r = tip_check(w, f, &tip, err);
    if (r == 1) {
        write->unchanged = true;
        write->done = write->operation;
        return 0;
    }
    if (r == 0)
        r = apply_find(w, write->type->number, write->id, &aw->now.record, err);
    aw->now.known = r == 0;
    aw->now.record.id = write->id;
    if (r == E_NOT_FOUND)
        r = 0;
    if (r == 0)
        r = hash_check(aw, err);
    if (r == 0)
        r = parents_find(w, aw, &v, err);
    if (r == 0)
        r = foreign_write(w, aw, &tip, &v, err);
    if (r < 0)
        return r;
    write->unchanged = false;
    write->rid = v.rid;
    write->seq = v.seq;
    write->updated = chain_time(v.hlc);
    write->done = v.operation;
    vid_write(v.hash, write->vid);
    return 0;
}

/* ---- giving versions to others ---- */

struct name_find {
    unsigned number;
    uint8_t *out;
};

static int name_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct name_find *f = arg;

    (void)err;
    if (value.len == 24 && bytes_get64((const uint8_t *)value.p) == f->number)
        (void)hex_decode(name + strlen("tip/"), f->out, 16);
    return 0;
}

/* The hash of what the origin of ${v} wrote before it; zeros for its first. */
static int previous_find(struct store_reader *r, const struct driver_version *v,
    uint8_t out[STORE_HASH_BYTES], struct err *err)
{
    struct driver_version other;
    int code = 0;

    memset(out, 0, STORE_HASH_BYTES);
    for (int64_t seq = v->seq - 1; v->origin_seq > 1 && seq > 0; seq--) {
        code = r->store->driver->version_get(r->conn, seq, false, &other, err);
        if (code < 0)
            return code;
        if (other.origin == v->origin) {
            memcpy(out, other.hash, STORE_HASH_BYTES);
            break;
        }
    }
    return 0;
}

int store_foreign_get(struct store_reader *r, struct arena *a, int64_t seq,
    struct store_foreign *ret, struct store_record *ret_record, struct err *err)
{
    const struct driver *d = r->store->driver;
    struct store_foreign f = {0};
    struct name_find find = {.out = f.origin};
    struct driver_version v;
    struct driver_version parent;
    int code = d->version_get(r->conn, seq, false, &v, err);

    if (code < 0)
        return code;
    f.origin_seq = v.origin_seq;
    f.hlc = v.hlc;
    f.parent_count = v.parent_count;
    memcpy(f.hash, v.hash, sizeof(f.hash));
    find.number = v.origin;
    if (v.origin == 0)
        memcpy(f.origin, r->store->origin, sizeof(f.origin));
    else
        code = d->value_scan(r->conn, DRIVER_OWN, "tip/", name_visit, &find, err);
    for (unsigned i = 0; i < v.parent_count && code == 0; i++) {
        code = d->version_get(r->conn, v.parents[i], false, &parent, err);
        memcpy(f.parents[i], parent.hash, sizeof(f.parents[i]));
    }
    if (code == 0)
        code = previous_find(r, &v, f.previous, err);
    if (code == 0)
        code = record_at(r, a, seq, true, ret_record, err);
    if (code == 0)
        *ret = f;
    return code;
}

int store_heads(struct store_reader *r, store_rid rid, int64_t *out, size_t limit,
    size_t *ret_count, struct err *err)
{
    struct driver_list q = {
        .of = rid, .from = INT64_MAX, .down = true, .out = out + 1, .limit = limit - 1};
    struct driver_record record;
    int code = r->store->driver->record_get(r->conn, rid, &record, err);

    if (code == 0)
        code = r->store->driver->head_list(r->conn, &q, err);
    if (code < 0)
        return code;
    out[0] = record.head;
    *ret_count = record.head != 0 ? 1 + q.count : 0;
    return 0;
}
