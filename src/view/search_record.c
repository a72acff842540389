/* SPDX-License-Identifier: Apache-2.0 */
/* A run's shared cursors, the record row at hand and the record at hand. */
#include "view/search_internal.h"

int search_run_init(struct search_run *run, struct store_reader *r, struct arena *a,
    const struct search_query *q, struct err *err)
{
    *run = (struct search_run){
        .r = r, .a = a, .err = err, .q = q, .plan = q ? q->plan_ : NULL};
    if (q)
        run->bases = q->plan_->request.bases;
    run->scratch = arena_new();
    return run->scratch ? search_value_sets(run) : err_nomem(err);
}

void search_run_done(struct search_run *run)
{
    unsigned i;

    for (i = 0; i < SEARCH_TABLES; i++)
        if (run->cursors[i])
            store_cursor_close(run->cursors[i]);
    arena_free(run->scratch);
    arena_free(run->names);
}

int search_cursor(struct search_run *run, enum search_table table, const void *who,
    struct store_cursor **ret)
{
    int r = 0;

    if (!run->cursors[table])
        r = store_cursor_open(
            run->r, search_first_table + table, &run->cursors[table], run->err);
    run->owner[table] = who;
    *ret = run->cursors[table];
    return r;
}

int search_top(struct search_run *run, unsigned type, uint64_t *ret)
{
    store_rid last;
    size_t count = 0;
    int r = store_rids_before(run->r, type, 0, &last, 1, &count, run->err);

    *ret = count ? (uint64_t)last & SEARCH_N_MASK : 0;
    return r;
}

/* The store's bytes are good until its next call only. */
static int keep_row(
    struct search_run *run, store_rid rid, const uint8_t *bytes, size_t len)
{
    if (len > run->row_cap) {
        uint8_t *grown = arena_alloc_raw(run->a, len * 2);
        if (!grown)
            return err_nomem(run->err);
        run->row = grown;
        run->row_cap = len * 2;
    }
    if (len)
        memcpy(run->row, bytes, len);
    run->row_len = len;
    run->row_rid = rid;
    return 0;
}

int search_record_row(struct search_run *run, store_rid rid)
{
    uint8_t key[2 * SEARCH_NUMBER_BYTES];
    struct store_row row;
    int r;

    if (run->row_rid == rid)
        return 0;
    run->row_rid = 0;
    run->seeks++;
    r = store_row_get(run->r, search_first_table + SEARCH_RECORD, key,
        search_record_key(key, rid), &row, run->err);
    if (r < 0)
        return r;
    return keep_row(run, rid, r == 1 ? row.value : NULL, r == 1 ? row.value_len : 0);
}

bool search_entry_next(const uint8_t **at, const uint8_t *end, unsigned type,
    uint16_t *ret_slot, const uint8_t **ret, size_t *ret_len)
{
    const uint8_t *p = *at;

    if (!p || end - p < 2 || end - p < 2 + p[1])
        return false;
    *ret_slot = (uint16_t)(fhir_type_slots[type] + p[0]);
    *ret = p + 2;
    *ret_len = p[1];
    *at = p + 2 + p[1];
    return true;
}

bool search_entry_rid(const uint8_t *bytes, size_t len, store_rid *ret)
{
    uint64_t type, n;
    size_t used = search_get_number(bytes, len, &type);

    if (used == 0 || search_get_number(bytes + used, len - used, &n) == 0)
        return false;
    *ret = search_rid((unsigned)type, n);
    return *ret != 0;
}

static bool among(const uint16_t *slots, size_t count, uint16_t slot)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (slots[i] == slot)
            return true;
    return count == 0;
}

int search_targets_of(struct search_run *run, store_rid rid, const uint16_t *slots,
    size_t slot_count, struct search_targets *ret)
{
    unsigned type = store_rid_type(rid);
    const uint8_t *at, *end, *bytes;
    size_t len, count = 0;
    uint16_t slot;
    int r = search_record_row(run, rid);

    if (r < 0)
        return r;
    ret->list = ret->few;
    if (run->row_len / 4 >= sizeof(ret->few) / sizeof(ret->few[0])) {
        /* an entry takes at least four bytes */
        ret->list =
            arena_alloc_raw(run->a, (run->row_len / 4 + 1) * sizeof(*ret->list));
        if (!ret->list)
            return err_nomem(run->err);
    }
    at = run->row_len ? run->row : NULL;
    end = at ? at + run->row_len : NULL;
    while (search_entry_next(&at, end, type, &slot, &bytes, &len)) {
        if (fhir_slots[slot].kind != FHIR_SEARCH_REFERENCE ||
            !among(slots, slot_count, slot))
            continue;
        if (!search_entry_rid(bytes, len, &ret->list[count]))
            continue;
        r = search_own_rid(run, slot, ret->list[count], &ret->list[count]);
        if (r < 0)
            return r;
        count++;
    }
    ret->count = count;
    return 0;
}

uint64_t search_patience_ns = LIMIT_LOOK_SECONDS * 1000000000ull;

/* Has this run read records for too long? The clock is asked now and then. */
static int check_patience(struct search_run *run)
{
    uint64_t now;

    if (run->looks % 256)
        return 0;
    now = time_monotonic_ns();
    if (run->looks == 0)
        run->look_began = now;
    if (now - run->look_began <= search_patience_ns)
        return 0;
    return err_set(run->err, E_TOO_LARGE, NULL,
        "The search has read %llu records one by one for %d seconds and was ended; "
        "narrow it by a parameter that is indexed.",
        (unsigned long long)run->looks, LIMIT_LOOK_SECONDS);
}

int search_look_at(struct search_run *run, store_rid rid)
{
    struct store_record record;
    int r;

    if (run->look_rid == rid)
        return 0;
    r = check_patience(run);
    if (r < 0)
        return r;
    run->look_rid = 0;
    run->look_json = NULL;
    run->looks++;
    arena_reset(run->scratch);
    r = store_get_rid(run->r, run->scratch, rid, true, &record, run->err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r < 0)
        return r;
    run->look_updated = record.updated;
    if (record.operation != STORE_DELETE && record.body.len) {
        r = json_read_trusted(run->scratch, record.body, &run->look_json, run->err);
        if (r < 0)
            return r;
    }
    run->look_rid = rid;
    return 0;
}

int search_by_url(struct search_run *run, unsigned type, struct str url, store_rid *ret,
    size_t cap, size_t *ret_count)
{
    const struct fhir_param *param = fhir_param_named(type, STR("url"));
    struct search_leaf leaf;
    uint8_t key[SEARCH_KEY_MAX];
    uint64_t n = 0;
    size_t count = 0, i;
    int r;

    *ret_count = 0;
    if (!param || param->kind != FHIR_SEARCH_URI)
        return 0;
    for (i = 0; i < param->slot_count; i++) {
        search_leaf_init(
            &leaf, SEARCH_URI, key, search_uri_key(key, param->slots[i], url), false);
        for (n = 0; count < cap; n++) {
            r = search_leaf_next(run, &leaf, n, &n);
            if (r < 0)
                return r;
            if (n == SEARCH_END)
                break;
            ret[count++] = search_rid(type, n);
        }
    }
    *ret_count = count;
    return 0;
}
