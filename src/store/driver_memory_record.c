/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's records: names, heads, and the sets of versions beside them. */
#include "store/driver_memory_internal.h"

#define NAME_KEY_MAX (MEMORY_KEY + LIMIT_NAME_BYTES)

static int not_found(struct err *err)
{
    return err_set(err, E_NOT_FOUND, NULL, "There is no such record.");
}

/* ---- entries ---- */

/* An entry of MEMORY_RECORD, or NULL. */
static struct tree_entry *record_entry(
    store_rid rid, struct str id, int64_t head, bool live)
{
    uint8_t room[MEMORY_KEY];
    int64_t kept = live ? head : -head;
    struct tree_entry *e = tree_entry_new(memory_key(room, rid), sizeof(kept) + id.len);

    if (!e)
        return NULL;
    memcpy(tree_entry_room(e), &kept, sizeof(kept));
    if (id.len)
        memcpy(tree_entry_room(e) + sizeof(kept), id.p, id.len);
    return e;
}

void memory_record_read(const struct tree_entry *e, struct driver_record *ret)
{
    struct str value = tree_value(e);
    int64_t head = 0;

    memcpy(&head, value.p, sizeof(head));
    ret->rid = (store_rid)bytes_get64((const uint8_t *)e->bytes);
    ret->id = (struct str){value.p + sizeof(head), value.len - sizeof(head)};
    ret->head = head < 0 ? -head : head;
    ret->live = head > 0;
}

static const struct tree_entry *record_entry_get(
    const struct memory_state *s, store_rid rid)
{
    uint8_t room[MEMORY_KEY];

    return tree_get(&s->trees[MEMORY_RECORD], memory_key(room, rid));
}

/* The key of a name; false: longer than any name may be. */
static bool name_key(
    char room[NAME_KEY_MAX], unsigned type, struct str id, struct str *ret)
{
    if (id.len > LIMIT_NAME_BYTES)
        return false;
    bytes_put64((uint8_t *)room, type);
    if (id.len)
        memcpy(room + MEMORY_KEY, id.p, id.len);
    *ret = (struct str){room, MEMORY_KEY + id.len};
    return true;
}

static const struct tree_entry *record_entry_find(
    const struct memory_state *s, unsigned type, struct str id)
{
    char room[NAME_KEY_MAX];
    const struct tree_entry *e = NULL;
    struct str key = {0};

    if (name_key(room, type, id, &key))
        e = tree_get(&s->trees[MEMORY_NAME], key);
    if (!e)
        return NULL;
    return record_entry_get(
        s, (store_rid)bytes_get64((const uint8_t *)tree_value(e).p));
}

/* ---- records ---- */

int memory_record_find(struct driver_conn *c, unsigned type, struct str id,
    struct driver_record *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = record_entry_find(s, type, id);
    if (!e)
        return not_found(err);
    memory_record_read(e, ret);
    return 0;
}

int memory_record_get(
    struct driver_conn *c, store_rid rid, struct driver_record *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = record_entry_get(s, rid);
    if (!e)
        return not_found(err);
    memory_record_read(e, ret);
    return 0;
}

int memory_record_current(
    struct driver_conn *c, struct driver_current *q, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    const struct tree_entry *version = NULL;
    struct driver_record record = {0};
    uint8_t room[MEMORY_KEY];
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = q->rid ? record_entry_get(s, q->rid) : record_entry_find(s, q->type, q->id);
    if (!e)
        return not_found(err);
    memory_record_read(e, &record);
    version = tree_get(&s->trees[MEMORY_VERSION], memory_key(room, record.head));
    if (record.head == 0 || !version)
        return not_found(err);
    q->record = record;
    memory_version_read(version, q->body, &q->version);
    return 0;
}

int memory_record_add(
    struct driver_conn *c, const struct driver_record *record, struct err *err)
{
    struct memory_state *s = NULL;
    struct tree_entry *name = NULL;
    char room[NAME_KEY_MAX];
    struct str key = {0};
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    if (!name_key(room, store_rid_type(record->rid), record->id, &key))
        return err_set(err, E_BUG, NULL, "A name is longer than any may be.");
    r = memory_add(s, MEMORY_RECORD,
        record_entry(record->rid, record->id, record->head, record->live), err);
    if (r < 0)
        return r;
    name = tree_entry_new(key, MEMORY_KEY);
    if (name)
        bytes_put64((uint8_t *)tree_entry_room(name), (uint64_t)record->rid);
    return memory_put(s, MEMORY_NAME, name, err);
}

int memory_record_head(
    struct driver_conn *c, store_rid rid, int64_t head, bool live, struct err *err)
{
    struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct driver_record record = {0};
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    e = record_entry_get(s, rid);
    if (!e)
        return 0;
    memory_record_read(e, &record);
    return memory_put(s, MEMORY_RECORD, record_entry(rid, record.id, head, live), err);
}

/* The rid of ${e} if there is one and it is of ${type}; else 0. */
static store_rid rid_of(const struct tree_entry *e, unsigned type)
{
    store_rid rid = e ? (store_rid)bytes_get64((const uint8_t *)e->bytes) : 0;

    return store_rid_type(rid) == type ? rid : 0;
}

int memory_record_last(
    struct driver_conn *c, unsigned type, store_rid *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    struct tree_walk walk;
    uint8_t room[MEMORY_KEY];
    store_rid last = 0;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    last = rid_of(tree_walk_below(&walk, &s->trees[MEMORY_RECORD],
                      memory_key(room, store_rid_first(type + 1))),
        type);
    *ret = last ? last : store_rid_first(type);
    return 0;
}

/* The first with a rid above ${after}, or NULL. */
static const struct tree_entry *record_after(
    struct tree_walk *walk, const struct memory_state *s, store_rid after)
{
    uint8_t room[MEMORY_KEY];

    if (after == INT64_MAX)
        return NULL;
    return tree_walk_from(
        walk, &s->trees[MEMORY_RECORD], memory_key(room, after < 0 ? 0 : after + 1));
}

/* The first that a list of records of ${type} looks at: what is asked for may lie outside
 * of the type. */
static const struct tree_entry *record_list_start(
    struct tree_walk *walk, const struct memory_state *s, const struct driver_list *q)
{
    store_rid first = store_rid_first((unsigned)q->of);
    store_rid end = store_rid_first((unsigned)q->of + 1);
    store_rid from = q->from;
    uint8_t room[MEMORY_KEY];

    if (!q->down)
        return record_after(walk, s, from < first ? first - 1 : from);
    if (from < first)
        return NULL;
    if (from > end)
        from = end;
    return tree_walk_below(walk, &s->trees[MEMORY_RECORD], memory_key(room, from));
}

int memory_record_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct driver_record record = {0};
    struct tree_walk walk;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    q->count = 0;
    e = record_list_start(&walk, s, q);
    while (q->count < q->limit && e) {
        memory_record_read(e, &record);
        if (store_rid_type(record.rid) != q->of)
            break;
        if (record.live)
            q->out[q->count++] = record.rid;
        e = q->down ? tree_walk_prev(&walk) : tree_walk_next(&walk);
    }
    return 0;
}

int memory_record_next(
    struct driver_conn *c, store_rid after, struct driver_record *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct tree_walk walk;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = record_after(&walk, s, after);
    if (!e)
        return not_found(err);
    memory_record_read(e, ret);
    return 0;
}

/* ---- sets of versions ---- */

int memory_pair_add(struct driver_conn *c, enum memory_tree tree, int64_t first,
    int64_t second, struct err *err)
{
    struct memory_state *s = NULL;
    uint8_t room[2 * MEMORY_KEY];
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    return memory_add(
        s, tree, tree_entry_new(memory_pair(room, first, second), 0), err);
}

int memory_pair_list(struct driver_conn *c, enum memory_tree tree,
    struct driver_list *q, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct tree_walk walk;
    uint8_t room[2 * MEMORY_KEY];
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    q->count = 0;
    if (q->from < 0)
        return 0;
    e = tree_walk_below(&walk, &s->trees[tree], memory_pair(room, q->of, q->from));
    while (q->count < q->limit && e && memcmp(e->bytes, room, MEMORY_KEY) == 0) {
        q->out[q->count++] =
            (int64_t)bytes_get64((const uint8_t *)e->bytes + MEMORY_KEY);
        e = tree_walk_prev(&walk);
    }
    return 0;
}

int memory_past_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    return memory_pair_add(c, MEMORY_PAST, rid, seq, err);
}

int memory_head_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    return memory_pair_add(c, MEMORY_HEAD, rid, seq, err);
}

int memory_head_remove(
    struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    struct memory_state *s = NULL;
    uint8_t room[2 * MEMORY_KEY];
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    r = tree_del(&s->trees[MEMORY_HEAD], memory_pair(room, rid, seq));
    return r < 0 ? err_nomem(err) : 0;
}

int memory_past_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return memory_pair_list(c, MEMORY_PAST, q, err);
}

int memory_head_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return memory_pair_list(c, MEMORY_HEAD, q, err);
}

int memory_type_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return memory_pair_list(c, MEMORY_TYPE, q, err);
}
