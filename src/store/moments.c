/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was current of a record after each of its versions arrived, as the writer told it
 * then. Which of several heads is current follows from their clocks and hashes alone, so
 * it can be worked out again from the log. And versions of a type, or of all, for who reads all of
 * them.
 */
#include <stdlib.h>

#include "store/views.h"

struct walk {
    struct store_reader *r;
    struct arena *a;
    store_rid rid;
    int64_t *seqs;
    size_t count;
    struct driver_version heads[LIMIT_HEADS + 2];
    size_t head_count;
};

static int seq_add(struct walk *w, const int64_t *list, size_t n, struct err *err)
{
    int64_t *grown = arena_grow(
        w->a, w->seqs, w->count * sizeof(*grown), (w->count + n + 1) * sizeof(*grown));

    if (!grown)
        return err_nomem(err);
    w->seqs = grown;
    for (size_t i = 0; i < n; i++)
        w->seqs[w->count++] = list[i];
    return 0;
}

static int seq_cmp(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

/* Every version of the record, the oldest first. */
static int seqs_find(struct walk *w, struct err *err)
{
    const struct driver *d = w->r->store->driver;
    struct driver_record record = {0};
    int64_t page[LIMIT_HEADS];
    struct driver_list q = {.of = w->rid,
        .from = INT64_MAX,
        .down = true,
        .out = page,
        .limit = LIMIT_HEADS};
    int r = d->record_get(w->r->conn, w->rid, &record, err);

    if (r == 0)
        r = d->head_list(w->r->conn, &q, err);
    if (r == 0)
        r = seq_add(w, page, q.count, err);
    if (r == 0)
        r = seq_add(w, &record.head, record.head != 0, err);
    do {
        if (r == 0)
            r = d->past_list(w->r->conn, &q, err);
        if (r == 0)
            r = seq_add(w, page, q.count, err);
        if (r == 0 && q.count > 0)
            q.from = page[q.count - 1];
    } while (r == 0 && q.count > 0);
    if (r == 0 && w->count > 1)
        qsort(w->seqs, w->count, sizeof(*w->seqs), seq_cmp);
    return r;
}

/* ${v} has come: its parents are heads no more. ${*ret} is what is current then. */
static int heads_take(struct walk *w, const struct driver_version *v,
    struct driver_version *ret, struct err *err)
{
    const struct driver_version *best = v;
    size_t left = 0;

    for (size_t i = 0; i < w->head_count; i++) {
        bool replaced = false;

        for (unsigned k = 0; k < v->parent_count; k++)
            replaced = replaced || v->parents[k] == w->heads[i].seq;
        if (!replaced)
            w->heads[left++] = w->heads[i];
    }
    if (left > LIMIT_HEADS)
        return err_set(err, E_CORRUPT, NULL, "A record has too many heads.");
    w->heads[left++] = *v;
    w->head_count = left;
    for (size_t i = 0; i < left; i++) {
        if (foreign_wins(&w->heads[i], best))
            best = &w->heads[i];
    }
    *ret = *best;
    return 0;
}

static int walk_run(
    struct walk *w, struct store_moment *list, size_t *ret_count, struct err *err)
{
    const struct driver *d = w->r->store->driver;
    int64_t current = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < w->count; i++) {
        struct driver_version v, best = {0};

        r = d->version_get(w->r->conn, w->seqs[i], false, &v, err);
        v.body = (struct str){NULL, 0};
        if (r == 0)
            r = heads_take(w, &v, &best, err);
        if (r < 0 || best.seq == current)
            continue;
        list[(*ret_count)++] = (struct store_moment){.position = v.seq,
            .seq = best.seq,
            .updated = chain_time(v.hlc),
            .live = best.operation != STORE_DELETE};
        current = best.seq;
    }
    return r;
}

int store_moments(struct store_reader *r, struct arena *a, store_rid rid,
    struct store_moment **ret, size_t *ret_count, struct err *err)
{
    struct walk *w = arena_alloc(a, sizeof(*w));
    struct store_moment *list = NULL;
    int code = 0;

    *ret_count = 0;
    if (!w)
        return err_nomem(err);
    w->r = r;
    w->a = a;
    w->rid = rid;
    code = seqs_find(w, err);
    if (code < 0)
        return code;
    list = arena_array(a, w->count + 1, sizeof(*list));
    if (!list)
        return err_nomem(err);
    *ret = list;
    return walk_run(w, list, ret_count, err);
}

static int64_t parent_of(const struct driver_version *v)
{
    return v->parent_count == 0 ? 0 : v->parent_count == 1 ? v->parents[0] : -1;
}

static int version_fill(struct store_reader *r, struct arena *a, int64_t seq,
    struct store_version *ret, struct err *err)
{
    struct driver_version v = {0};
    int code = r->store->driver->version_get(r->conn, seq, true, &v, err);

    if (code < 0)
        return code;
    *ret = (struct store_version){.rid = v.rid, .seq = seq, .parent = parent_of(&v)};
    return body_unpack(r, a, &v, &ret->body, err);
}

int store_versions(struct store_reader *r, struct arena *a,
    const struct store_page *page, struct store_version *out, size_t *ret_count,
    struct err *err)
{
    int64_t *seqs = arena_array(a, page->limit, sizeof(*seqs));
    struct driver_list q = {.of = page->type,
        .from = page->before,
        .down = true,
        .out = seqs,
        .limit = page->limit};
    int code = 0;

    *ret_count = 0;
    if (!seqs)
        return err_nomem(err);
    code = r->store->driver->type_list(r->conn, &q, err);
    for (size_t i = 0; code == 0 && i < q.count; i++)
        code = version_fill(r, a, seqs[i], &out[i], err);
    if (code == 0)
        *ret_count = q.count;
    return code;
}

int store_log(struct store_reader *r, struct arena *a, const struct store_page *page,
    struct store_entries *ret, struct err *err)
{
    struct driver_versions q = {.before = page->before,
        .a = a,
        .out = arena_array(a, page->limit + 1, sizeof(*q.out)),
        .limit = page->limit};
    struct store_entry *list = arena_array(a, page->limit + 1, sizeof(*list));
    int code = list && q.out ? r->store->driver->version_list(r->conn, &q, err)
                             : err_nomem(err);

    if (code < 0)
        return code;
    for (size_t i = 0; i < q.count; i++)
        list[i] = (struct store_entry){.rid = q.out[i].rid,
            .seq = q.out[i].seq,
            .updated = chain_time(q.out[i].hlc),
            .operation = q.out[i].operation,
            .parent = parent_of(&q.out[i]),
            .packed_ = &q.out[i]};
    *ret = (struct store_entries){list, q.count};
    return 0;
}

int store_log_body(struct store_reader *r, struct arena *a,
    const struct store_entry *entry, struct str *ret, struct err *err)
{
    return body_unpack(r, a, entry->packed_, ret, err);
}
