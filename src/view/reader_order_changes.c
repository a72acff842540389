/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shortlist is brought up to date. Since it was made its records may have changed, or come
 * or gone; a patient may have moved to this person's hospital, with all that is about them;
 * a request may have become a case of theirs, with what it names and what names it. What
 * may be read no longer stays in the list: each record is asked about all the same.
 */
#include <stdlib.h>

#include "view/reader_order_internal.h"

struct following {
    struct reader *rd;
    const struct search_order *order;
    struct rid_list changed; /* of the type: looked at anew */
    bool too_many;
};

static int add(struct following *f, store_rid rid)
{
    int r = store_rid_type(rid) == f->order->type
                ? rid_list_add(&f->changed, rid, f->rd->run.err)
                : 0;

    f->too_many |= f->changed.count > LIMIT_READER_ORDER;
    return r < 0 ? r : 0;
}

/* ---- what changes bring with them ---- */

static int add_edges(struct following *f, uint16_t slot, store_rid target)
{
    struct search_edge_keys keys;
    struct search_leaf leaf;
    uint64_t n = 0;
    int r = search_edge_keys(&f->rd->run, slot, target, &keys);

    for (size_t k = 0; r == 0 && k < keys.count; k++) {
        search_leaf_init(&leaf, SEARCH_EDGE, keys.key[k], keys.len[k], false);
        for (n = 0; r == 0 && !f->too_many; n++) {
            r = search_leaf_next(&f->rd->run, &leaf, n, &n);
            if (r < 0 || n == SEARCH_END)
                break;
            r = add(f, search_rid(f->order->type, n));
        }
    }
    return r;
}

/* All that refers to a patient who is of this person's hospitals now. */
static int add_of_patient(struct following *f, store_rid patient)
{
    unsigned first = fhir_type_slots[f->order->type];
    unsigned count = fhir_type_slot_counts[f->order->type];
    store_rid hospital = 0;
    int r = reader_patient_hospital(f->rd, patient, &hospital);

    if (r < 0 || !hospital || !reader_set_has(&f->rd->hospitals, hospital))
        return r;
    for (unsigned slot = first; r == 0 && slot < first + count; slot++) {
        if (fhir_slots[slot].kind == FHIR_SEARCH_REFERENCE)
            r = add_edges(f, (uint16_t)slot, patient);
    }
    return r;
}

/* What a request that may be a case of this person's names, and what names it. */
static int add_of_case(struct following *f, store_rid request)
{
    const struct reader_terms *t = f->rd->t;
    struct reader_refs refs;
    int r = 0;

    if (!f->rd->circle || !reader_circle_names(f->rd, request))
        return 0;
    r = reader_refs_of(f->rd, request, &refs);
    for (size_t i = 0; r == 0 && i < refs.count; i++)
        r = add(f, refs.list[i].target);
    for (size_t i = 0; r == 0 && i < t->link_count; i++) {
        const struct fhir_param *param = t->links[i].param;

        for (uint16_t s = 0;
             r == 0 && t->links[i].type == f->order->type && s < param->slot_count; s++)
            r = add_edges(f, param->slots[s], request);
    }
    return r;
}

/* All records of the type that have to be looked at anew since ${after}. */
static int add_changed(struct following *f, int64_t after)
{
    struct reader *rd = f->rd;
    const struct reader_changes which = {.after = after,
        .until = rd->position,
        .types = {f->order->type, rd->t->patient, rd->t->request},
        .type_count = 3};
    store_rid *rids = arena_array(rd->run.a, LIMIT_READER_CHANGES, sizeof(*rids));
    size_t count = 0;
    int r = rids ? 0 : err_nomem(rd->run.err);

    if (r == 0)
        f->too_many = !reader_memory_changes(
            rd->memory, &which, rids, LIMIT_READER_CHANGES, &count);
    for (size_t i = 0; r == 0 && !f->too_many && i < count; i++) {
        r = add(f, rids[i]);
        if (r == 0 && store_rid_type(rids[i]) == rd->t->patient)
            r = add_of_patient(f, rids[i]);
        else if (r == 0 && store_rid_type(rids[i]) == rd->t->request)
            r = add_of_case(f, rids[i]);
    }
    reader_put_in_order(&f->changed);
    return r;
}

/* ---- the new list ---- */

static int rid_order(store_rid a, store_rid b)
{
    return a < b ? -1 : a > b;
}

int reader_place_upwards(const void *x, const void *y)
{
    const struct reader_place *a = x, *b = y;

    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return rid_order(a->rid, b->rid);
}

int reader_place_downwards(const void *x, const void *y)
{
    const struct reader_place *a = x, *b = y;

    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return rid_order(a->rid, b->rid);
}

/* Where ${rid} belongs, if it does. */
static int place_of(struct following *f, const struct reader_kept *k, store_rid rid,
    struct reader_place *ret, bool *ret_in)
{
    const struct search_sort_key key = {
        .what = f->order->updated ? SORT_UPDATED : SORT_SLOTS,
        .kind = FHIR_SEARCH_DATE,
        .down = f->order->down,
        .slots = {f->order->slot},
        .slot_count = 1};
    const struct reader_place edge = {k->edge[0], k->edge[1]};
    struct search_sort_value value = {.missing = true};
    struct search_item item = {.rid = rid, .values = &value};
    struct reader *rd = f->rd;
    bool in = false;
    int r = store_live(rd->run.r, rid, &in, rd->run.err);

    *ret_in = false;
    if (r == 0 && in)
        r = reader_ever(rd, rid, &in, rd->run.err);
    if (r == 0 && in)
        r = search_sort_values(&rd->run, &key, 1, &item);
    if (r < 0 || !in || value.missing)
        return r;
    *ret = (struct reader_place){
        (int64_t)(search_get_be(value.bytes, 8) ^ 1ull << 63), rid};
    *ret_in = k->flags[0] || (f->order->down ? reader_place_downwards
                                             : reader_place_upwards)(ret, &edge) <= 0;
    return 0;
}

static bool is_changed(const struct following *f, store_rid rid)
{
    size_t low = 0;
    size_t high = f->changed.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (f->changed.list[middle] == rid)
            return true;
        if (f->changed.list[middle] < rid)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The old list without what changed, and ${fresh}, as one. */
static int merge(struct following *f, const struct reader_kept *k,
    const struct reader_place *fresh, size_t count, struct reader_kept **ret)
{
    int (*order)(const void *, const void *) =
        f->order->down ? reader_place_downwards : reader_place_upwards;
    size_t olds = k->count[READER_ORDER_RIDS];
    int64_t *values = arena_array(f->rd->run.a, olds + count + 1, sizeof(*values));
    store_rid *rids = arena_array(f->rd->run.a, olds + count + 1, sizeof(*rids));
    struct search_shortlist list = {.values = values,
        .rids = rids,
        .begun = true,
        .whole = k->flags[0],
        .edge_value = k->edge[0],
        .edge = k->edge[1]};
    size_t at = 0;

    if (!values || !rids)
        return err_nomem(f->rd->run.err);
    for (size_t i = 0; i < olds || at < count;) {
        struct reader_place old = {0, 0};

        if (i < olds)
            old = (struct reader_place){
                k->set[READER_ORDER_VALUES][i], k->set[READER_ORDER_RIDS][i]};
        if (i < olds && is_changed(f, old.rid)) {
            i++;
            continue;
        }
        if (i == olds || (at < count && order(&fresh[at], &old) < 0))
            old = fresh[at++];
        else
            i++;
        values[list.count] = old.value;
        rids[list.count++] = old.rid;
    }
    if (list.count > (list.whole ? LIMIT_READER_ORDER_WHOLE : 2 * LIMIT_READER_ORDER)) {
        list.count = LIMIT_READER_ORDER;
        list.whole = false;
        list.edge_value = values[list.count - 1];
        list.edge = rids[list.count - 1];
    }
    return reader_order_new(f->rd, f->order, &list, ret);
}

static int renew(struct following *f, struct reader_kept **k)
{
    struct reader_kept *old = *k;
    struct reader_place *fresh =
        arena_array(f->rd->run.a, f->changed.count + 1, sizeof(*fresh));
    size_t count = 0;
    bool in = false;
    int r = fresh ? 0 : err_nomem(f->rd->run.err);

    for (size_t i = 0; r == 0 && i < f->changed.count; i++) {
        r = place_of(f, old, f->changed.list[i], &fresh[count], &in);
        count += r == 0 && in;
    }
    *k = NULL;
    if (r == 0) {
        qsort(fresh, count, sizeof(*fresh),
            f->order->down ? reader_place_downwards : reader_place_upwards);
        r = merge(f, old, fresh, count, k);
    }
    reader_kept_release(old);
    return r;
}

int reader_order_follow(
    struct reader *rd, const struct search_order *order, struct reader_kept **k)
{
    int64_t after = atomic_load(&(*k)->position);
    struct following f = {.rd = rd, .order = order, .changed = {.a = rd->run.a}};
    int r = after < rd->position ? add_changed(&f, after) : 0;

    if (r == 0 && !f.too_many && f.changed.count)
        return renew(&f, k);
    if (r == 0 && !f.too_many) {
        reader_kept_confirm(*k, rd->position);
        return 0;
    }
    reader_kept_release(*k);
    *k = NULL;
    return r;
}
