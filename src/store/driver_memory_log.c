/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's log: entries of MEMORY_VERSION. */
#include "store/driver_memory_internal.h"

/* The beginning of a version's value. Behind it: parent_count seqs of 8 bytes, the
 * body's hash if body_hash, the body. Copied in and out, since no place in an entry is
 * aligned. */
struct memory_version {
    store_rid rid;
    int64_t origin_seq;
    uint64_t hlc;
    unsigned origin;
    unsigned actor;
    int dictionary;
    uint8_t operation;
    uint8_t parent_count;
    uint8_t body_hash;
    uint8_t hash[STORE_HASH_BYTES];
};

int memory_last_seq(struct driver_conn *c, int64_t *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct tree_walk walk;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = tree_walk_last(&walk, &s->trees[MEMORY_VERSION]);
    *ret = e ? (int64_t)bytes_get64((const uint8_t *)e->bytes) : 0;
    return 0;
}

/* The hash of a body that is not in its row is kept with it. */
static bool hash_kept(const struct driver_version *v)
{
    return v->dictionary == DRIVER_BODY_BLOB || v->dictionary == DRIVER_BODY_ERASED;
}

static char *write_out(char *to, const void *from, size_t len)
{
    if (len)
        memcpy(to, from, len);
    return to + len;
}

/* An entry for ${v}, or NULL. */
static struct tree_entry *version_entry(const struct driver_version *v)
{
    struct memory_version head = {.rid = v->rid,
        .origin_seq = v->origin_seq,
        .hlc = v->hlc,
        .origin = v->origin,
        .actor = v->actor,
        .dictionary = v->dictionary,
        .operation = (uint8_t)v->operation,
        .parent_count = (uint8_t)v->parent_count,
        .body_hash = hash_kept(v)};
    uint8_t room[MEMORY_KEY];
    size_t parents = v->parent_count * sizeof(v->parents[0]);
    size_t hash = head.body_hash ? STORE_HASH_BYTES : 0;
    size_t body = v->dictionary >= 0 ? v->body.len : 0;
    struct tree_entry *e =
        tree_entry_new(memory_key(room, v->seq), sizeof(head) + parents + hash + body);
    char *p = NULL;

    if (!e)
        return NULL;
    memcpy(head.hash, v->hash, sizeof(head.hash));
    p = write_out(tree_entry_room(e), &head, sizeof(head));
    p = write_out(p, v->parents, parents);
    p = write_out(p, v->body_hash, hash);
    write_out(p, v->body.p, body);
    return e;
}

void memory_version_read(
    const struct tree_entry *e, bool body, struct driver_version *ret)
{
    struct str value = tree_value(e);
    struct memory_version head;
    size_t at = sizeof(head);

    memcpy(&head, value.p, sizeof(head));
    *ret = (struct driver_version){
        .seq = (int64_t)bytes_get64((const uint8_t *)e->bytes),
        .rid = head.rid,
        .origin = head.origin,
        .origin_seq = head.origin_seq,
        .hlc = head.hlc,
        .actor = head.actor,
        .operation = (enum store_operation)head.operation,
        .parent_count = head.parent_count,
        .dictionary = head.dictionary,
    };
    memcpy(ret->hash, head.hash, sizeof(ret->hash));
    memcpy(ret->parents, value.p + at, head.parent_count * sizeof(ret->parents[0]));
    at += head.parent_count * sizeof(ret->parents[0]);
    if (head.body_hash) {
        memcpy(ret->body_hash, value.p + at, sizeof(ret->body_hash));
        at += sizeof(ret->body_hash);
    }
    if (body && head.dictionary >= 0)
        ret->body = (struct str){value.p + at, value.len - at};
}

int memory_version_add(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    struct memory_state *s = NULL;
    uint8_t room[2 * MEMORY_KEY];
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    r = memory_add(s, MEMORY_VERSION, version_entry(v), err);
    if (r < 0)
        return r;
    return memory_add(s, MEMORY_TYPE,
        tree_entry_new(memory_pair(room, store_rid_type(v->rid), v->seq), 0), err);
}

/* The entry of ${seq} or NULL. */
static const struct tree_entry *version_find(const struct memory_state *s, int64_t seq)
{
    uint8_t room[MEMORY_KEY];

    return tree_get(&s->trees[MEMORY_VERSION], memory_key(room, seq));
}

int memory_version_get(struct driver_conn *c, int64_t seq, bool body,
    struct driver_version *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = version_find(s, seq);
    if (!e)
        return err_set(err, E_NOT_FOUND, NULL, "There is no version %lld in the log.",
            (long long)seq);
    memory_version_read(e, body, ret);
    return 0;
}

int memory_version_list(
    struct driver_conn *c, struct driver_versions *q, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct tree_walk walk;
    uint8_t room[MEMORY_KEY];
    int r = memory_read(c, &s, err);

    q->count = 0;
    if (r < 0 || q->before < 0)
        return r;
    e = tree_walk_below(&walk, &s->trees[MEMORY_VERSION], memory_key(room, q->before));
    while (q->count < q->limit && e) {
        struct driver_version *out = &q->out[q->count++];
        struct driver_version v;

        memory_version_read(e, true, &v);
        *out = (struct driver_version){.seq = v.seq,
            .rid = v.rid,
            .hlc = v.hlc,
            .operation = v.operation,
            .parent_count = v.parent_count,
            .dictionary = v.dictionary};
        memcpy(out->parents, v.parents, v.parent_count * sizeof(*v.parents));
        memcpy(out->body_hash, v.body_hash, sizeof(out->body_hash));
        if (v.dictionary >= 0) {
            out->body =
                (struct str){arena_strndup(q->a, v.body.p, v.body.len), v.body.len};
            if (!out->body.p)
                return err_nomem(err);
        }
        e = tree_walk_prev(&walk);
    }
    return 0;
}

int memory_version_body(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct driver_version changed;
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    e = version_find(s, v->seq);
    if (!e)
        return 0;
    memory_version_read(e, false, &changed);
    changed.dictionary = v->dictionary;
    memcpy(changed.body_hash, v->body_hash, sizeof(changed.body_hash));
    changed.body = v->body;
    return memory_put(s, MEMORY_VERSION, version_entry(&changed), err);
}
