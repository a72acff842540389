/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's log and records. */
#include "store/driver_memory_internal.h"

static int not_found(struct err *err)
{
    return err_set(err, E_NOT_FOUND, NULL, "There is no such record.");
}

int memory_last_seq(struct driver_conn *c, int64_t *ret, struct err *err)
{
    struct memory_key k;
    struct tree_item *item =
        tree_lt(c->set.maps[MEMORY_VERSION], memory_key1(&k, INT64_MAX));

    (void)err;
    *ret = 0;
    if (item)
        *ret = (int64_t)bytes_get64((const uint8_t *)tree_item_key(item).p);
    return 0;
}

static int version_put(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    struct memory_key k;
    struct buf b;
    int r = 0;

    buf_init(&b, SIZE_MAX / 2);
    buf_add(&b, v, sizeof(*v));
    if (v->dictionary >= 0)
        buf_add(&b, v->body.p, v->body.len);
    r = buf_error(&b, "The version", err);
    if (r == 0)
        r = memory_put(c, MEMORY_VERSION, memory_key1(&k, v->seq),
            (struct str){b.data, b.len}, err);
    buf_done(&b);
    return r;
}

int memory_version_add(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    struct memory_key k;
    int r = version_put(c, v, err);

    if (r < 0)
        return r;
    return memory_put(c, MEMORY_TYPE, memory_key2(&k, store_rid_type(v->rid), v->seq),
        (struct str){0}, err);
}

int memory_version_get(struct driver_conn *c, int64_t seq, bool body,
    struct driver_version *ret, struct err *err)
{
    struct memory_key k;
    struct tree_item *item =
        tree_get(c->set.maps[MEMORY_VERSION], memory_key1(&k, seq));
    struct str value = {0};

    if (!item)
        return err_set(err, E_NOT_FOUND, NULL, "There is no version %lld in the log.",
            (long long)seq);
    value = tree_item_value(item);
    memcpy(ret, value.p, sizeof(*ret));
    ret->body = (struct str){NULL, 0};
    if (body && ret->dictionary >= 0)
        ret->body = (struct str){value.p + sizeof(*ret), value.len - sizeof(*ret)};
    /* the other driver does not keep it either */
    if (ret->dictionary >= 0 || ret->dictionary == DRIVER_BODY_NONE)
        memset(ret->body_hash, 0, sizeof(ret->body_hash));
    return 0;
}

int memory_version_body(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    struct driver_version whole;
    int r = memory_version_get(c, v->seq, false, &whole, err);

    if (r < 0)
        return r;
    whole.dictionary = v->dictionary;
    memcpy(whole.body_hash, v->body_hash, sizeof(whole.body_hash));
    whole.body = v->body;
    return version_put(c, &whole, err);
}

static void record_read(
    struct driver_conn *c, struct tree_item *item, struct driver_record *ret)
{
    struct memory_record row;
    struct str value = tree_item_value(item);
    size_t len = value.len - sizeof(row);

    memcpy(&row, value.p, sizeof(row));
    memcpy(c->id, value.p + sizeof(row), len);
    ret->rid = (store_rid)bytes_get64((const uint8_t *)tree_item_key(item).p);
    ret->id = (struct str){c->id, len};
    ret->head = row.head;
    ret->live = row.live;
}

static int record_put(
    struct driver_conn *c, const struct driver_record *record, struct err *err)
{
    struct memory_record row = {.head = record->head, .live = record->live};
    char value[sizeof(row) + LIMIT_NAME_BYTES];
    struct memory_key k;

    memcpy(value, &row, sizeof(row));
    memcpy(value + sizeof(row), record->id.p, record->id.len);
    return memory_put(c, MEMORY_RECORD, memory_key1(&k, record->rid),
        (struct str){value, sizeof(row) + record->id.len}, err);
}

/* The key of a name. */
static struct str name_key(
    char room[8 + LIMIT_NAME_BYTES], unsigned type, struct str id)
{
    size_t len = id.len < LIMIT_NAME_BYTES ? id.len : LIMIT_NAME_BYTES;

    bytes_put64((uint8_t *)room, type);
    memcpy(room + 8, id.p, len);
    return (struct str){room, 8 + len};
}

int memory_record_find(struct driver_conn *c, unsigned type, struct str id,
    struct driver_record *ret, struct err *err)
{
    char room[8 + LIMIT_NAME_BYTES];
    struct tree_item *item = NULL;

    if (id.len > 0 && id.len <= LIMIT_NAME_BYTES)
        item = tree_get(c->set.maps[MEMORY_NAME], name_key(room, type, id));
    if (!item)
        return not_found(err);
    return memory_record_get(
        c, (store_rid)bytes_get64((const uint8_t *)tree_item_value(item).p), ret, err);
}

int memory_record_get(
    struct driver_conn *c, store_rid rid, struct driver_record *ret, struct err *err)
{
    struct memory_key k;
    struct tree_item *item = tree_get(c->set.maps[MEMORY_RECORD], memory_key1(&k, rid));

    if (!item)
        return not_found(err);
    record_read(c, item, ret);
    return 0;
}

int memory_record_current(
    struct driver_conn *c, struct driver_current *q, struct err *err)
{
    int r = q->rid != 0 ? memory_record_get(c, q->rid, &q->record, err)
                        : memory_record_find(c, q->type, q->id, &q->record, err);

    if (r == 0 && q->record.head == 0)
        r = not_found(err);
    return r < 0 ? r : memory_version_get(c, q->record.head, q->body, &q->version, err);
}

int memory_record_add(
    struct driver_conn *c, const struct driver_record *record, struct err *err)
{
    char room[8 + LIMIT_NAME_BYTES];
    struct memory_key k;
    struct str key = name_key(room, store_rid_type(record->rid), record->id);
    int r = record_put(c, record, err);

    return r < 0 ? r
                 : memory_put(c, MEMORY_NAME, key, memory_key1(&k, record->rid), err);
}

int memory_record_head(
    struct driver_conn *c, store_rid rid, int64_t head, bool live, struct err *err)
{
    struct driver_record record;
    int r = memory_record_get(c, rid, &record, err);

    record.head = head;
    record.live = live;
    return r < 0 ? r : record_put(c, &record, err);
}

int memory_record_last(
    struct driver_conn *c, unsigned type, store_rid *ret, struct err *err)
{
    struct memory_key k;
    struct tree_item *item =
        tree_lt(c->set.maps[MEMORY_RECORD], memory_key1(&k, store_rid_first(type + 1)));
    store_rid rid = 0;

    (void)err;
    if (item)
        rid = (store_rid)bytes_get64((const uint8_t *)tree_item_key(item).p);
    *ret = rid > store_rid_first(type) ? rid : store_rid_first(type);
    return 0;
}

int memory_record_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    struct tree *t = c->set.maps[MEMORY_RECORD];
    struct driver_record record;
    struct memory_key k;
    struct tree_item *item = NULL;
    int64_t at = q->from;

    (void)err;
    q->count = 0;
    while (q->count < q->limit) {
        item =
            q->down ? tree_lt(t, memory_key1(&k, at)) : tree_gt(t, memory_key1(&k, at));
        if (!item)
            break;
        record_read(c, item, &record);
        at = record.rid;
        if (store_rid_type(at) != (unsigned)q->of)
            break;
        if (record.live)
            q->out[q->count++] = at;
    }
    return 0;
}

int memory_record_next(
    struct driver_conn *c, store_rid after, struct driver_record *ret, struct err *err)
{
    struct memory_key k;
    struct tree_item *item =
        tree_gt(c->set.maps[MEMORY_RECORD], memory_key1(&k, after));

    if (!item)
        return not_found(err);
    record_read(c, item, ret);
    return 0;
}

int memory_past_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    struct memory_key k;

    return memory_put(c, MEMORY_PAST, memory_key2(&k, rid, seq), (struct str){0}, err);
}

int memory_head_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    struct memory_key k;

    return memory_put(c, MEMORY_HEAD, memory_key2(&k, rid, seq), (struct str){0}, err);
}

int memory_head_remove(
    struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    struct memory_key k;

    return memory_del(c, MEMORY_HEAD, memory_key2(&k, rid, seq), err);
}

/* Seqs of the pairs (${q->of}, seq) in ${map}, downwards. */
static int pairs(struct driver_conn *c, unsigned map, struct driver_list *q)
{
    int64_t at = q->from;

    q->count = 0;
    while (q->count < q->limit) {
        struct memory_key k;
        struct tree_item *item = tree_lt(c->set.maps[map], memory_key2(&k, q->of, at));
        const uint8_t *p = NULL;
        if (!item)
            break;
        p = (const uint8_t *)tree_item_key(item).p;
        if ((int64_t)bytes_get64(p) != q->of)
            break;
        at = (int64_t)bytes_get64(p + 8);
        q->out[q->count++] = at;
    }
    return 0;
}

int memory_past_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    (void)err;
    return pairs(c, MEMORY_PAST, q);
}

int memory_head_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    (void)err;
    return pairs(c, MEMORY_HEAD, q);
}

int memory_type_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    (void)err;
    return pairs(c, MEMORY_TYPE, q);
}
