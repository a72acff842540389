/* SPDX-License-Identifier: Apache-2.0 */
/* Reading records and their versions from a snapshot. */
#include "store/driver.h"
#include "store/internal.h"

/* How many rows history looks at a time. */
#define HISTORY_STEP 64

static int no_record(struct err *err)
{
    return err_set(err, E_NOT_FOUND, NULL, "There is no such record.");
}

/* A row of the log with its record's name. */
struct row {
    const struct driver_version *version;
    struct str id; /* copied */
    bool body;
};

static int record_fill(struct store_reader *r, struct arena *a, const struct row *row,
    struct store_record *ret, struct err *err)
{
    const struct driver_version *v = row->version;
    struct store_record out = {
        .rid = v->rid,
        .seq = v->seq,
        .type = store_rid_type(v->rid),
        .updated = chain_time(v->hlc),
        .operation = v->operation,
        .erased = v->dictionary == DRIVER_BODY_ERASED,
    };
    char *copy = arena_strndup(a, row->id.p, row->id.len);
    int code = 0;

    if (!copy)
        return err_nomem(err);
    out.id = (struct str){copy, row->id.len};
    vid_write(v->hash, out.vid);
    /* the body first: other calls end the life of the row's bytes */
    if (row->body)
        code = body_unpack(r, a, v, &out.body, err);
    if (code == 0)
        code = actor_name(r->store, r->conn, v->actor, &out.actor, err);
    if (code == 0)
        *ret = out;
    return code;
}

int store_seq(struct store_reader *r, int64_t *ret, struct err *err)
{
    return r->store->driver->last_seq(r->conn, ret, err);
}

int store_position(struct store_reader *r, int64_t *ret, struct err *err)
{
    int code = 0;

    if (r->writer || r->store->read_only) {
        *ret = -1;
        return 0;
    }
    if (!r->placed)
        code = store_seq(r, &r->position, err);
    r->placed = code == 0;
    *ret = r->position;
    return code;
}

int store_find(struct store_reader *r, unsigned type, struct str id, store_rid *ret,
    struct err *err)
{
    struct driver_record record = {0};
    int code = r->store->driver->record_find(r->conn, type, id, &record, err);

    if (code == 0)
        *ret = record.rid;
    return code;
}

static int current(struct store_reader *r, struct arena *a, struct driver_current *q,
    struct store_record *ret, struct err *err)
{
    int code = r->store->driver->record_current(r->conn, q, err);
    struct row row = {&q->version, q->record.id, q->body};

    return code < 0 ? code : record_fill(r, a, &row, ret, err);
}

int store_get(struct store_reader *r, struct arena *a, unsigned type, struct str id,
    struct store_record *ret, struct err *err)
{
    struct driver_current q = {.type = type, .id = id, .body = true};

    return current(r, a, &q, ret, err);
}

int store_get_rid(struct store_reader *r, struct arena *a, store_rid rid, bool body,
    struct store_record *ret, struct err *err)
{
    struct driver_current q = {.rid = rid, .body = body};

    if (rid == 0)
        return no_record(err);
    return current(r, a, &q, ret, err);
}

int record_at(struct store_reader *r, struct arena *a, int64_t seq, bool body,
    struct store_record *ret, struct err *err)
{
    const struct driver *d = r->store->driver;
    struct driver_version v = {0};
    struct driver_record record = {0};
    struct str id = {0};
    int code = d->version_get(r->conn, seq, false, &v, err);

    if (code == 0)
        code = d->record_get(r->conn, v.rid, &record, err);
    if (code < 0)
        return code;
    id.p = arena_strndup(a, record.id.p, record.id.len);
    id.len = record.id.len;
    if (!id.p)
        return err_nomem(err);
    if (body)
        code = d->version_get(r->conn, seq, true, &v, err);
    return code < 0 ? code : record_fill(r, a, &(struct row){&v, id, body}, ret, err);
}

/*
 * Up to ${limit} seqs of a record below ${before}, newest first: its head, its further
 * heads and its past are three descending lists, merged here.
 */
static int record_seqs(struct store_reader *r, store_rid rid, int64_t before,
    int64_t out[HISTORY_STEP], size_t *ret_count, struct err *err)
{
    const struct driver *d = r->store->driver;
    int64_t past[HISTORY_STEP];
    int64_t heads[LIMIT_HEADS + 1];
    struct driver_list q = {
        .of = rid, .from = before, .down = true, .out = past, .limit = HISTORY_STEP};
    struct driver_list h = {
        .of = rid, .from = before, .down = true, .out = heads, .limit = LIMIT_HEADS};
    struct driver_record record = {0};
    size_t i = 0;
    size_t k = 0;
    size_t n = 0;
    int code = d->record_get(r->conn, rid, &record, err);

    if (code == 0)
        code = d->past_list(r->conn, &q, err);
    if (code == 0)
        code = d->head_list(r->conn, &h, err);
    if (code < 0)
        return code;
    if (record.head != 0 && record.head < before) {
        size_t at = h.count++;
        for (; at > 0 && heads[at - 1] < record.head; at--)
            heads[at] = heads[at - 1];
        heads[at] = record.head;
    }
    while (n < HISTORY_STEP && (i < q.count || k < h.count)) {
        if (k == h.count || (i < q.count && past[i] > heads[k]))
            out[n++] = past[i++];
        else
            out[n++] = heads[k++];
    }
    *ret_count = n;
    return 0;
}

/* NOLINTNEXTLINE(readability-function-size): the contract */
int store_get_version(struct store_reader *r, struct arena *a, unsigned type,
    struct str id, struct str vid, struct store_record *ret, struct err *err)
{
    const struct driver *d = r->store->driver;
    int64_t seqs[HISTORY_STEP];
    int64_t before = INT64_MAX;
    struct driver_record record = {0};
    store_rid rid = 0;
    size_t count = 0;
    int code = d->record_find(r->conn, type, id, &record, err);

    if (code < 0)
        return code;
    rid = record.rid;
    do {
        code = record_seqs(r, rid, before, seqs, &count, err);
        for (size_t i = 0; i < count && code == 0; i++) {
            struct driver_version v = {0};
            char name[STORE_VID_CHARS + 1];
            code = d->version_get(r->conn, seqs[i], false, &v, err);
            if (code < 0)
                return code;
            vid_write(v.hash, name);
            if (str_is(vid, name))
                return record_at(r, a, seqs[i], true, ret, err);
            before = seqs[i];
        }
    } while (code == 0 && count == HISTORY_STEP);
    return code < 0 ? code
                    : err_set(err, E_NOT_FOUND, NULL, "There is no such version.");
}

/* The next seqs for ${h}, all below ${before}. */
static int history_seqs(struct store_reader *r, const struct store_history *h,
    int64_t before, int64_t out[HISTORY_STEP], size_t *ret_count, struct err *err)
{
    struct driver_list q = {
        .of = h->type, .from = before, .down = true, .out = out, .limit = HISTORY_STEP};
    int64_t last = 0;
    size_t n = 0;
    int code = 0;

    if (h->rid != 0)
        return record_seqs(r, h->rid, before, out, ret_count, err);
    if (h->type != 0) {
        code = r->store->driver->type_list(r->conn, &q, err);
        *ret_count = q.count;
        return code;
    }
    code = r->store->driver->last_seq(r->conn, &last, err);
    if (code < 0)
        return code;
    if (last < before)
        before = last + 1;
    while (n < HISTORY_STEP && before > 1)
        out[n++] = --before;
    *ret_count = n;
    return 0;
}

/* 1: ${seq} was added to ${out}; 0: it is out of the period. */
static int history_one(struct store_reader *r, struct arena *a,
    const struct store_history *h, int64_t seq, struct store_record *out,
    struct err *err)
{
    struct driver_version v = {0};
    utc_ms updated = 0;
    int code = 0;

    if (h->since != 0 || h->until != 0) {
        code = r->store->driver->version_get(r->conn, seq, false, &v, err);
        if (code < 0)
            return code;
        updated = chain_time(v.hlc);
        if ((h->since != 0 && updated < h->since) ||
            (h->until != 0 && updated > h->until))
            return 0;
    }
    code = record_at(r, a, seq, h->body, out, err);
    return code < 0 ? code : 1;
}

int store_history(struct store_reader *r, struct arena *a,
    const struct store_history *h, struct store_record **ret, size_t *ret_count,
    struct err *err)
{
    struct store_record *out = arena_array(a, h->limit, sizeof(*out));
    int64_t seqs[HISTORY_STEP];
    int64_t before = h->before > 0 ? h->before : INT64_MAX;
    size_t count = 0;
    size_t n = 0;
    int code = 0;

    if (!out)
        return err_nomem(err);
    do {
        code = history_seqs(r, h, before, seqs, &count, err);
        for (size_t i = 0; i < count && code >= 0 && n < h->limit; i++) {
            code = history_one(r, a, h, seqs[i], &out[n], err);
            if (code == 1)
                n++;
            before = seqs[i];
        }
    } while (code >= 0 && n < h->limit && count == HISTORY_STEP);
    if (code < 0)
        return code;
    *ret = out;
    *ret_count = n;
    return 0;
}

int store_hash(
    struct store_reader *r, int64_t seq, uint8_t ret[STORE_HASH_BYTES], struct err *err)
{
    struct driver_version v = {0};
    int64_t last = 0;
    int code = store_seq(r, &last, err);

    if (code < 0)
        return code;
    if (seq < 1 || seq > last)
        return no_record(err);
    code = r->store->driver->version_get(r->conn, seq, false, &v, err);
    if (code == 0)
        memcpy(ret, v.hash, STORE_HASH_BYTES);
    return code;
}

int store_count(struct store_reader *r, unsigned type, int64_t *ret, struct err *err)
{
    return count_get(r->store, r->conn, type, ret, err);
}

/* NOLINTBEGIN(readability-function-size, readability-non-const-parameter): the contract;
 * what is written through ${out} is written by the driver */
int store_rids(struct store_reader *r, unsigned type, store_rid after, store_rid *out,
    size_t limit, size_t *ret_count, struct err *err)
{
    struct driver_list q = {.of = type, .from = after, .out = out, .limit = limit};
    int code = 0;

    if (q.from < store_rid_first(type))
        q.from = store_rid_first(type);
    code = r->store->driver->record_list(r->conn, &q, err);
    if (code == 0)
        *ret_count = q.count;
    return code;
}
/* NOLINTEND(readability-function-size, readability-non-const-parameter) */

/* NOLINTBEGIN(readability-function-size, readability-non-const-parameter): the contract;
 * what is written through ${out} is written by the driver */
int store_rids_before(struct store_reader *r, unsigned type, store_rid before,
    store_rid *out, size_t limit, size_t *ret_count, struct err *err)
{
    struct driver_list q = {
        .of = type, .from = before, .down = true, .out = out, .limit = limit};
    int code = 0;

    if (q.from == 0 || q.from > store_rid_first(type + 1))
        q.from = store_rid_first(type + 1);
    code = r->store->driver->record_list(r->conn, &q, err);
    if (code == 0)
        *ret_count = q.count;
    return code;
}
/* NOLINTEND(readability-function-size, readability-non-const-parameter) */

int store_live(struct store_reader *r, store_rid rid, bool *ret, struct err *err)
{
    struct driver_record record = {0};
    int code = r->store->driver->record_get(r->conn, rid, &record, err);

    if (code < 0 && code != E_NOT_FOUND)
        return code;
    *ret = code == 0 && record.live;
    return 0;
}

int store_name(struct store_reader *r, struct arena *a, store_rid rid,
    struct str *ret_id, struct err *err)
{
    struct driver_record record = {0};
    char *copy = NULL;
    int code = r->store->driver->record_get(r->conn, rid, &record, err);

    if (code < 0)
        return code;
    copy = arena_strndup(a, record.id.p, record.id.len);
    if (!copy)
        return err_nomem(err);
    *ret_id = (struct str){copy, record.id.len};
    return 0;
}
