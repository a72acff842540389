/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a block of the audit trail, there and back. */
#include "app/audit_code.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/varint.h"

#define WHO_TEXTS 6
#define TIME_MOST ((uint64_t)INT64_MAX / 2) /* of a block, and of an entry behind it */

/* ---- encoding ---- */

static int item_order(const void *x, const void *y)
{
    const struct audit_item *a = x;
    const struct audit_item *b = y;

    if (a->patient != b->patient)
        return a->patient < b->patient ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static int rid_order(const void *x, const void *y)
{
    const store_rid *a = x;
    const store_rid *b = y;

    return *a < *b ? -1 : *a > *b;
}

/* Sort the items and leave out what is there twice. */
static void items_order(struct audit_entry *e)
{
    size_t kept = 0;

    if (e->item_count > 1)
        qsort(e->items, e->item_count, sizeof(*e->items), item_order);
    for (size_t i = 0; i < e->item_count; i++) {
        if (kept == 0 || item_order(&e->items[kept - 1], &e->items[i]) != 0)
            e->items[kept++] = e->items[i];
    }
    e->item_count = kept;
}

/* All patients of the batch, each once. */
static int subjects_collect(
    struct arena *a, const struct audit_batch *batch, struct store_block *ret)
{
    store_rid *list = NULL;
    size_t count = 0;
    size_t kept = 0;

    for (size_t i = 0; i < batch->entry_count; i++)
        count += batch->entries[i].item_count;
    list = arena_array(a, count, sizeof(*list));
    if (!list)
        return E_NOMEM;
    count = 0;
    for (size_t i = 0; i < batch->entry_count; i++) {
        const struct audit_entry *e = &batch->entries[i];

        /* ordered by patient: neighbours are alike */
        for (size_t k = 0; k < e->item_count; k++) {
            if (e->items[k].patient > 0 &&
                (count == 0 || list[count - 1] != e->items[k].patient))
                list[count++] = e->items[k].patient;
        }
    }
    if (count > 1)
        qsort(list, count, sizeof(*list), rid_order);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || list[kept - 1] != list[i])
            list[kept++] = list[i];
    }
    ret->subjects = list;
    ret->subject_count = kept;
    return 0;
}

static void text_put(struct buf *b, struct str s)
{
    struct str kept = s.p ? utf8_cut(s, LIMIT_TRAIL_TEXT) : (struct str){0};

    varint_add(b, kept.len);
    if (kept.len > 0)
        buf_add(b, kept.p, kept.len);
}

static size_t place_of(const struct store_block *block, store_rid patient)
{
    const store_rid *found =
        patient == 0 ? NULL
                     : bsearch(&patient, block->subjects, block->subject_count,
                           sizeof(patient), rid_order);

    return found ? (size_t)(found - block->subjects) + 1 : 0;
}

static void items_put(
    struct buf *b, const struct audit_entry *e, const struct store_block *block)
{
    uint64_t runs = 0;
    size_t end = 0;

    for (size_t i = 0; i < e->item_count; i++)
        runs += i == 0 || e->items[i].patient != e->items[i - 1].patient;
    varint_add(b, runs);
    for (size_t i = 0; i < e->item_count; i = end) {
        int64_t last = 0;

        end = i;
        while (end < e->item_count && e->items[end].patient == e->items[i].patient)
            end++;
        varint_add(b, place_of(block, e->items[i].patient));
        varint_add(b, end - i);
        for (size_t k = i; k < end; k++) {
            varint_add(b, (uint64_t)(e->items[k].seq - last));
            last = e->items[k].seq;
        }
    }
}

static utc_ms oldest(const struct audit_batch *batch)
{
    utc_ms t = batch->entry_count > 0 ? batch->entries[0].time : 0;

    for (size_t i = 1; i < batch->entry_count; i++)
        t = batch->entries[i].time < t ? batch->entries[i].time : t;
    return t > 0 ? t : 0;
}

static void body_put(
    struct buf *b, const struct audit_batch *batch, const struct store_block *block)
{
    utc_ms base = oldest(batch);

    varint_add(b, (uint64_t)base);
    varint_add(b, batch->who_count);
    for (size_t i = 0; i < batch->who_count; i++) {
        const struct audit_who *w = &batch->who[i];

        text_put(b, w->name);
        text_put(b, w->role);
        text_put(b, w->practitioner);
        text_put(b, w->organization);
        text_put(b, w->address);
        text_put(b, w->why);
    }
    for (size_t i = 0; i < batch->entry_count; i++) {
        const struct audit_entry *e = &batch->entries[i];

        buf_addc(b, (char)e->kind);
        varint_add(b, e->who);
        varint_add(b, e->time > base ? (uint64_t)(e->time - base) : 0);
        if (e->kind < AUDIT_SIGN_IN) {
            items_put(b, e, block);
        } else {
            varint_add(b, e->times);
            varint_add(b, e->status);
        }
    }
}

int audit_encode(struct arena *a, struct audit_batch *batch, struct store_block *ret,
    struct err *err)
{
    struct store_block block = {.count = (unsigned)batch->entry_count};
    struct buf b;
    char *body = NULL;
    int r = 0;

    for (size_t i = 0; i < batch->entry_count; i++)
        items_order(&batch->entries[i]);
    if (subjects_collect(a, batch, &block) < 0)
        return err_nomem(err);
    buf_init(&b, LIMIT_TRAIL_BLOCK);
    body_put(&b, batch, &block);
    r = buf_error(&b, "The trail's block", err);
    if (r == 0) {
        body = arena_strndup(a, b.data, b.len);
        block.body = (struct str){body, b.len};
        if (body)
            *ret = block;
        else
            r = err_nomem(err);
    }
    buf_done(&b);
    return r;
}

/* ---- decoding ---- */

static bool text_take(struct str *s, struct str *ret)
{
    uint64_t len = 0;

    if (!varint_take(s, &len) || len > s->len)
        return false;
    *ret = (struct str){s->p, (size_t)len};
    s->p += len;
    s->len -= (size_t)len;
    return true;
}

static bool who_take(struct str *s, struct audit_who *w)
{
    struct str *const texts[WHO_TEXTS] = {
        &w->name, &w->role, &w->practitioner, &w->organization, &w->address, &w->why};

    for (size_t i = 0; i < WHO_TEXTS; i++) {
        if (!text_take(s, texts[i]))
            return false;
    }
    return true;
}

/* Step over ${runs} runs, or, where ${items} is not NULL, take them. */
static bool runs_take(struct str *s, uint64_t runs, const struct store_block *block,
    struct audit_item *items, size_t *ret_count)
{
    size_t n = 0;

    for (; runs > 0; runs--) {
        uint64_t place = 0;
        uint64_t count = 0;
        uint64_t step = 0;
        uint64_t last = 0;

        if (!varint_take(s, &place) || place > block->subject_count ||
            !varint_take(s, &count) || count > s->len)
            return false;
        for (; count > 0; count--) {
            if (!varint_take(s, &step) || step > INT64_MAX - last)
                return false;
            last += step;
            if (items)
                items[n] = (struct audit_item){
                    place ? block->subjects[place - 1] : 0, (int64_t)last};
            n++;
        }
    }
    *ret_count = n;
    return true;
}

static int items_take(struct arena *a, struct str *s, const struct store_block *block,
    struct audit_entry *e)
{
    struct str ahead;
    uint64_t runs = 0;

    if (!varint_take(s, &runs) || runs > s->len)
        return E_CORRUPT;
    ahead = *s;
    if (!runs_take(&ahead, runs, block, NULL, &e->item_count))
        return E_CORRUPT;
    e->items = arena_array(a, e->item_count, sizeof(*e->items));
    if (!e->items)
        return E_NOMEM;
    runs_take(s, runs, block, e->items, &e->item_count);
    return 0;
}

static int entry_take(struct arena *a, struct str *s, const struct store_block *block,
    utc_ms base, struct audit_entry *e)
{
    uint64_t who = 0;
    uint64_t age = 0;
    uint64_t status = 0;

    if (s->len == 0)
        return E_CORRUPT;
    e->kind = (enum audit_kind)(unsigned char)s->p[0];
    s->p++;
    s->len--;
    if (!varint_take(s, &who) || !varint_take(s, &age) || age > TIME_MOST)
        return E_CORRUPT;
    e->who = (size_t)who;
    e->time = base + (utc_ms)age;
    e->times = 1;
    if (e->kind < AUDIT_SIGN_IN)
        return items_take(a, s, block, e);
    if (!varint_take(s, &e->times) || !varint_take(s, &status))
        return E_CORRUPT;
    e->status = (unsigned)status;
    return 0;
}

static int body_take(
    struct arena *a, const struct store_block *block, struct audit_batch *ret)
{
    struct str s = block->body;
    uint64_t base = 0;
    uint64_t count = 0;
    int r = 0;

    /* a person takes six bytes at least, an entry four */
    if (!varint_take(&s, &base) || base > TIME_MOST || !varint_take(&s, &count) ||
        count > s.len || block->count > s.len)
        return E_CORRUPT;
    ret->who = arena_array(a, (size_t)count, sizeof(*ret->who));
    ret->entries = arena_array(a, block->count, sizeof(*ret->entries));
    if (!ret->who || !ret->entries)
        return E_NOMEM;
    for (ret->who_count = 0; ret->who_count < count; ret->who_count++) {
        if (!who_take(&s, &ret->who[ret->who_count]))
            return E_CORRUPT;
    }
    for (ret->entry_count = 0; r == 0 && ret->entry_count < block->count;
         ret->entry_count++) {
        struct audit_entry *e = &ret->entries[ret->entry_count];

        r = entry_take(a, &s, block, (utc_ms)base, e);
        if (r == 0 && e->who >= ret->who_count)
            r = E_CORRUPT;
    }
    return r == 0 && s.len > 0 ? E_CORRUPT : r;
}

int audit_decode(struct arena *a, const struct store_block *block,
    struct audit_batch *ret, struct err *err)
{
    struct audit_batch batch = {0};
    int r = body_take(a, block, &batch);

    if (r == E_NOMEM)
        return err_nomem(err);
    if (r < 0)
        return err_set(err, r, NULL,
            "Block %lld of the audit trail cannot be read; run belay verify.",
            (long long)block->seq);
    *ret = batch;
    return 0;
}
