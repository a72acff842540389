/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All of a compartment, and what it refers to outside: $everything. Dates are read from the
 * row of each record, so that nothing is parsed.
 */
#include <stdlib.h>

#include "view/search_filter_internal.h"

/* The records of the rows that ${leaf} gives. */
static int add_rows(struct search_run *run, struct rid_list *list, uint16_t slot,
    struct search_leaf *leaf)
{
    uint64_t n;
    int r;

    for (n = 0;; n++) {
        store_rid rid = 0;
        bool allowed = false;

        r = search_leaf_next(run, leaf, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        rid = search_rid(fhir_slots[slot].type, n);
        r = search_allows(run, rid, &allowed);
        if (r == 0 && allowed)
            r = rid_list_add(list, rid, run->err);
        if (r < 0)
            return r;
        if (list->count > LIMIT_EVERYTHING)
            return err_set(run->err, E_TOO_LARGE, NULL,
                "The compartment has more than %d records; search it by type.",
                LIMIT_EVERYTHING);
    }
}

static int add_slot(
    struct search_run *run, struct rid_list *list, uint16_t slot, store_rid focal)
{
    struct search_edge_keys keys;
    struct search_leaf leaf;
    size_t i;
    int r = search_edge_keys(run, slot, focal, &keys);

    for (i = 0; r == 0 && i < keys.count; i++) {
        search_leaf_init(&leaf, SEARCH_EDGE, keys.key[i], keys.len[i], false);
        r = add_rows(run, list, slot, &leaf);
    }
    return r;
}

static int add_members(
    struct search_run *run, struct rid_list *list, unsigned type, store_rid focal)
{
    size_t i, j;
    int r = 0;

    for (i = 0; r == 0 && i < fhir_compartment_link_count; i++) {
        const struct fhir_compartment_link *link = &fhir_compartment_links[i];
        const struct fhir_param *param = &fhir_params[link->param];
        for (j = 0; r == 0 && link->compartment == type && j < param->slot_count; j++)
            r = add_slot(run, list, param->slots[j], focal);
    }
    return r;
}

/* Types that a compartment has as members: others' records are left where they are. */
static bool is_member_type(unsigned compartment, unsigned type)
{
    size_t i;

    for (i = 0; i < fhir_compartment_link_count; i++)
        if (fhir_compartment_links[i].compartment == compartment &&
            fhir_compartment_links[i].type == type)
            return true;
    return type == compartment;
}

static int add_outside(struct search_run *run, struct rid_list *list, unsigned type)
{
    struct search_targets targets = {.count = 0};
    size_t members = list->count, i, j;
    bool live;
    int r = 0;

    for (i = 0; r >= 0 && i < members; i++) {
        r = search_targets_of(run, list->list[i], NULL, 0, &targets);
        for (j = 0; r >= 0 && j < targets.count; j++) {
            if (store_rid_type(targets.list[j]) == 0 ||
                is_member_type(type, store_rid_type(targets.list[j])))
                continue;
            r = store_live(run->r, targets.list[j], &live, run->err);
            if (r == 0 && live)
                r = search_allows(run, targets.list[j], &live);
            if (r == 0 && live)
                r = rid_list_add(list, targets.list[j], run->err);
        }
    }
    return r < 0 ? r : 0;
}

/* ---- dates of care ---- */

/* Is the date parameter ${slot} belongs to about something else than care? */
static bool is_other_date(unsigned type, uint16_t slot)
{
    static const char *const others[] = {"birthdate", "death-date", "value-date"};
    size_t i, j;

    if (search_slot_is_updated(slot))
        return true;
    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const struct fhir_param *param = fhir_param_named(type, str_of(others[i]));

        for (j = 0; param && j < param->slot_count; j++)
            if (param->slots[j] == slot)
                return true;
    }
    return false;
}

/* [lo, hi) from the first to the last date of care of ${rid}; lo >= hi: it has none. */
static int care_dates(
    struct search_run *run, store_rid rid, utc_ms *ret_lo, utc_ms *ret_hi)
{
    unsigned type = store_rid_type(rid);
    const uint8_t *at, *end, *bytes;
    size_t len;
    uint16_t slot;
    utc_ms lo, hi;
    int r = search_record_row(run, rid);

    if (r < 0)
        return r;
    at = run->row;
    end = at ? at + run->row_len : NULL;
    *ret_lo = UTC_MS_MAX;
    *ret_hi = UTC_MS_MIN;
    while (search_entry_next(&at, end, type, &slot, &bytes, &len)) {
        if (fhir_slots[slot].kind != FHIR_SEARCH_DATE || is_other_date(type, slot) ||
            search_get_date(bytes, len, &lo, &hi) == 0)
            continue;
        if (lo < *ret_lo)
            *ret_lo = lo;
        if (hi > *ret_hi)
            *ret_hi = hi;
    }
    return 0;
}

/* Keep of ${list} what is in the range of ${rq}; the focal record always. */
static int keep_in_range(struct search_run *run, struct rid_list *list,
    const struct search_everything_request *rq, store_rid focal)
{
    struct rid_list kept = {.a = list->a};
    size_t i;
    int r = 0;

    if (rq->from == UTC_MS_MIN && rq->until == UTC_MS_MAX)
        return 0;
    for (i = 0; r >= 0 && i < list->count; i++) {
        utc_ms lo = UTC_MS_MAX, hi = UTC_MS_MIN;

        r = care_dates(run, list->list[i], &lo, &hi);
        if (r == 0 &&
            (lo >= hi || (lo < rq->until && hi > rq->from) || list->list[i] == focal))
            r = rid_list_add(&kept, list->list[i], run->err);
    }
    *list = kept;
    return r < 0 ? r : 0;
}

static int rid_order(const void *x, const void *y)
{
    const store_rid *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

int search_everything(struct store_reader *r, struct arena *a,
    const struct search_everything_request *rq, struct search_members *ret,
    struct err *err)
{
    const struct search_plan plan = {.request = {.filter = rq->filter}};
    struct rid_list list = {.a = a};
    struct search_run run;
    store_rid focal = 0;
    bool live = false;
    int e = search_run_init(&run, r, a, NULL, err);

    run.plan = &plan;
    run.bases = rq->bases;
    if (e == 0)
        e = store_find(r, rq->type, rq->id, &focal, err);
    if (e == 0)
        e = store_live(r, focal, &live, err);
    if (e == 0 && live)
        e = search_allows(&run, focal, &live);
    if (e == E_NOT_FOUND || (e == 0 && !live)) /* in the same words */
        e = err_set(err, E_NOT_FOUND, NULL, "There is no such record.");
    if (e == 0)
        e = rid_list_add(&list, focal, err);
    if (e >= 0)
        e = add_members(&run, &list, rq->type, focal);
    if (e >= 0)
        e = keep_in_range(&run, &list, rq, focal);
    if (e >= 0)
        e = add_outside(&run, &list, rq->type);
    search_run_done(&run);
    if (e < 0)
        return e;
    if (list.count > 0)
        qsort(list.list, list.count, sizeof(*list.list), rid_order);
    ret->rids = list.list;
    ret->count = list.count;
    return 0;
}
