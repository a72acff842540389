/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sort values and their order. A record with several values sorts by the smallest, or,
 * downwards, by the largest; an interval by its start; what has no value comes last
 * either way; equals go by rid. Texts count up to SEARCH_TEXT_MAX bytes, as the index
 * has them, so that sorting by index and by looking agree.
 */
#include "view/search_internal.h"

static struct search_sort_value value_of(const void *bytes, size_t len)
{
    struct search_sort_value v = {.missing = false};

    v.len = (uint8_t)(len < SEARCH_SORT_BYTES ? len : SEARCH_SORT_BYTES);
    if (v.len)
        memcpy(v.bytes, bytes, v.len);
    return v;
}

static int order_values(
    const struct search_sort_value *x, const struct search_sort_value *y)
{
    int order = memcmp(x->bytes, y->bytes, x->len < y->len ? x->len : y->len);

    return order ? order : (int)x->len - (int)y->len;
}

/* Keep the better of the two. */
static void take(struct search_sort_value *best, const struct search_sort_key *key,
    const struct search_sort_value *v)
{
    int order;

    if (!best->missing) {
        order = order_values(v, best);
        if (key->down ? order <= 0 : order >= 0)
            return;
    }
    *best = *v;
}

static struct search_sort_value date_value(utc_ms ms)
{
    uint8_t bytes[8];

    search_put_be(bytes, (uint64_t)ms ^ 1ull << 63, 8);
    return value_of(bytes, 8);
}

static bool in_slots(const struct search_sort_key *key, uint16_t slot)
{
    size_t i;

    for (i = 0; i < key->slot_count; i++)
        if (key->slots[i] == slot)
            return true;
    return false;
}

/* ---- from the record row ---- */

static int entry_value(struct search_run *run, const struct search_sort_key *key,
    const uint8_t *bytes, size_t len, struct search_sort_value *best)
{
    struct search_sort_value v;
    uint8_t number[8];
    utc_ms lo, hi;
    double x;
    size_t at;

    (void)run;
    if (key->kind == FHIR_SEARCH_DATE) {
        if (search_get_date(bytes, len, &lo, &hi) == 0)
            return 0;
        v = date_value(lo);
    } else {
        at = key->kind == FHIR_SEARCH_QUANTITY ? 6 : 1;
        if (len < at || search_get_double(bytes + at, len - at, &x) == 0)
            return 0;
        search_double_key(number, x);
        v = value_of(number, 8);
    }
    take(best, key, &v);
    return 0;
}

static int row_value(struct search_run *run, const struct search_sort_key *key,
    store_rid rid, struct search_sort_value *best)
{
    unsigned type = store_rid_type(rid);
    const uint8_t *at, *end, *bytes;
    uint16_t slot;
    size_t len;
    int r = search_record_row(run, rid);

    at = run->row_len ? run->row : NULL;
    end = at ? at + run->row_len : NULL;
    while (r == 0 && search_entry_next(&at, end, type, &slot, &bytes, &len))
        if (in_slots(key, slot))
            r = entry_value(run, key, bytes, len, best);
    return r;
}

static int reference_value(struct search_run *run, const struct search_sort_key *key,
    store_rid rid, struct search_sort_value *best)
{
    struct search_targets targets = {.count = 0};
    struct search_sort_value v;
    const struct fhir_type *type;
    struct str name;
    char text[SEARCH_SORT_BYTES + 64];
    size_t i, len;
    int r = search_targets_of(run, rid, key->slots, key->slot_count, &targets);

    for (i = 0; r == 0 && i < targets.count; i++) {
        r = store_name(run->r, run->scratch, targets.list[i], &name, run->err);
        if (r < 0)
            return r;
        type = fhir_type_numbered(store_rid_type(targets.list[i]));
        len = type ? strlen(type->name) : 0;
        if (type) {
            memcpy(text, type->name, len);
            text[len++] = '/';
        }
        if (name.len > SEARCH_SORT_BYTES)
            name.len = SEARCH_SORT_BYTES;
        memcpy(text + len, name.p, name.len);
        v = value_of(text, len + name.len);
        take(best, key, &v);
    }
    return r;
}

/* ---- by looking ---- */

static int folded_value(
    struct search_run *run, struct str text, struct search_sort_value *ret)
{
    struct buf b;
    int r;

    buf_init(&b, (size_t)LIMIT_RECORD_BYTES * 4);
    search_fold(&b, text);
    *ret = value_of(b.data, b.len);
    r = buf_error(&b, "text to sort by", run->err);
    buf_done(&b);
    return r;
}

static int token_value(struct search_run *run, const struct fhir_value *found,
    struct search_sort_value *ret)
{
    struct str code = found->u.token.code;
    size_t i;

    if (code.len == 0)
        return folded_value(run, found->u.token.text, ret);
    *ret = value_of(code.p, code.len);
    for (i = 0; i < ret->len; i++)
        if (ret->bytes[i] >= 'A' && ret->bytes[i] <= 'Z')
            ret->bytes[i] |= 32;
    return 0;
}

static int looked_value(struct search_run *run, const struct search_sort_key *key,
    store_rid rid, struct search_sort_value *best)
{
    struct fhir_values values = {0};
    struct search_sort_value v;
    size_t i;
    int r = search_look_at(run, rid);

    if (r < 0 || !run->look_json)
        return r;
    for (i = 0; r == 0 && i < key->slot_count; i++)
        r = fhir_extract_slot(run->scratch, run->look_json, key->slots[i],
            (struct str){NULL, 0}, &values, run->err);
    for (i = 0; r == 0 && i < values.count; i++) {
        if (key->kind == FHIR_SEARCH_TOKEN)
            r = token_value(run, &values.list[i], &v);
        else if (key->kind == FHIR_SEARCH_STRING)
            r = folded_value(run, values.list[i].u.string, &v);
        else
            v = value_of(values.list[i].u.uri.p, values.list[i].u.uri.len);
        take(best, key, &v);
    }
    return r;
}

static int header_value(struct search_run *run, const struct search_sort_key *key,
    store_rid rid, struct search_sort_value *best)
{
    struct store_record record;
    int r;

    run->look_rid = 0;
    arena_reset(run->scratch);
    r = store_get_rid(run->r, run->scratch, rid, false, &record, run->err);
    if (r < 0)
        return r;
    *best = key->what == SORT_ID ? value_of(record.id.p, record.id.len)
                                 : date_value(record.updated);
    return 0;
}

int search_sort_values(struct search_run *run, const struct search_sort_key *keys,
    size_t count, struct search_item *item)
{
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < count; i++) {
        struct search_sort_value *v = &item->values[i];
        v->missing = true;
        v->len = 0;
        if (keys[i].what != SORT_SLOTS)
            r = header_value(run, &keys[i], item->rid, v);
        else if (keys[i].kind == FHIR_SEARCH_REFERENCE)
            r = reference_value(run, &keys[i], item->rid, v);
        else if (keys[i].kind == FHIR_SEARCH_DATE ||
                 keys[i].kind == FHIR_SEARCH_NUMBER ||
                 keys[i].kind == FHIR_SEARCH_QUANTITY)
            r = row_value(run, &keys[i], item->rid, v);
        else
            r = looked_value(run, &keys[i], item->rid, v);
    }
    return r;
}

/* Order of two items; ${back}: the other way round. */
static int order_items(const struct search_sort_key *keys, size_t count, bool back,
    const struct search_item *x, const struct search_item *y)
{
    int order = 0;
    size_t i;

    for (i = 0; order == 0 && i < count; i++) {
        const struct search_sort_value *a = &x->values[i], *b = &y->values[i];
        if (a->missing || b->missing)
            order = (int)a->missing - (int)b->missing;
        else
            order = keys[i].down ? order_values(b, a) : order_values(a, b);
    }
    if (order == 0)
        order = x->rid < y->rid ? -1 : x->rid > y->rid;
    return back ? -order : order;
}

int search_found_offer(struct search_run *run, struct search_found *f,
    const struct search_boundary *b, const struct search_item *item)
{
    const struct search_plan *plan = run->plan;
    const struct search_sort_key *keys = plan->types[0].sort;
    size_t count = plan->sort_count, lo = 0, hi = f->count, mid;
    struct search_sort_value *values;

    if (b->given && order_items(keys, count, b->back, &b->item, item) >= 0)
        return 0;
    while (lo < hi) {
        mid = lo + (hi - lo) / 2;
        if (order_items(keys, count, b->back, &f->items[mid], item) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == f->want)
        return 0;
    if (f->count == f->want) {
        values = f->items[--f->count].values;
    } else {
        values = arena_alloc_raw(run->a, (count + 1) * sizeof(*values));
        if (!values)
            return err_nomem(run->err);
    }
    memmove(&f->items[lo + 1], &f->items[lo], (f->count - lo) * sizeof(*f->items));
    if (count)
        memcpy(values, item->values, count * sizeof(*values));
    f->items[lo] = (struct search_item){.rid = item->rid, .values = values};
    f->count++;
    return 0;
}
