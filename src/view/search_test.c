/* SPDX-License-Identifier: Apache-2.0 */
/* Does a clause hold of one record? By its set, its row in the index, its record row or
 * a second look, whichever is there and cheapest. */
#include "view/search_internal.h"

/* ---- by the record row ---- */

static bool date_entry(const struct search_clause *c, const uint8_t *bytes, size_t len)
{
    utc_ms lo, hi;
    size_t i;

    if (search_get_date(bytes, len, &lo, &hi) == 0)
        return false;
    for (i = 0; i < c->term_count; i++)
        if (search_date_matches(&c->terms[i], lo, hi))
            return true;
    return false;
}

static bool unit_entry(const struct search_term *t, const uint8_t *unit)
{
    if (!t->u.number.unit || !t->u.number.system.p)
        return true;
    return search_get_be(unit, 3) == search_unit_hash(t->u.number.code) &&
           search_get_be(unit + 3, 2) == search_system_hash(t->u.number.system) >> 8;
}

static bool number_entry(
    const struct search_clause *c, uint16_t slot, const uint8_t *bytes, size_t len)
{
    bool quantity = fhir_slots[slot].kind == FHIR_SEARCH_QUANTITY;
    size_t at = quantity ? 6 : 1, used, i;
    double lo, hi;

    if (len < at)
        return false;
    used = search_get_double(bytes + at, len - at, &lo);
    hi = lo;
    if (used == 0 ||
        (bytes[0] && search_get_double(bytes + at + used, len - at - used, &hi) == 0))
        return false;
    for (i = 0; i < c->term_count; i++)
        if ((!quantity || unit_entry(&c->terms[i], bytes + 1)) &&
            search_number_matches(&c->terms[i], lo, hi))
            return true;
    return false;
}

static bool place_entry(const struct search_clause *c, const uint8_t *bytes, size_t len)
{
    size_t i;

    for (i = 0; len == 16 && i < c->term_count; i++)
        if (search_near_matches(
                &c->terms[i], search_key_double(bytes), search_key_double(bytes + 8)))
            return true;
    return false;
}

static int present_entry(struct search_run *run, const struct search_clause *c,
    uint16_t slot, const uint8_t *bytes, size_t len)
{
    store_rid rid;
    int r;

    if (fhir_slots[slot].kind != FHIR_SEARCH_REFERENCE || c->targets[0] == 0 ||
        !search_entry_rid(bytes, len, &rid))
        return true;
    r = search_own_rid(run, slot, rid, &rid);
    return r < 0 ? r : search_is_target(c, store_rid_type(rid));
}

/* 1, 0 or negative. */
static int entry_counts(struct search_run *run, const struct search_clause *c,
    uint16_t slot, const uint8_t *bytes, size_t len)
{
    if (c->kind == CLAUSE_PRESENT)
        return present_entry(run, c, slot, bytes, len);
    if (c->kind == CLAUSE_DATE)
        return date_entry(c, bytes, len);
    if (c->kind == CLAUSE_NUMBER)
        return number_entry(c, slot, bytes, len);
    return place_entry(c, bytes, len);
}

/* All slots' values are in the record row. */
static bool row_decides(const struct search_clause *c)
{
    size_t i;

    if (c->updated || (c->kind != CLAUSE_DATE && c->kind != CLAUSE_NUMBER &&
                          c->kind != CLAUSE_POSITION && c->kind != CLAUSE_PRESENT))
        return false;
    for (i = 0; i < c->slot_count; i++) {
        enum fhir_search_kind kind = fhir_slots[c->slots[i]].kind;
        if (kind == FHIR_SEARCH_STRING || kind == FHIR_SEARCH_TOKEN ||
            kind == FHIR_SEARCH_URI || kind == FHIR_SEARCH_COMPOSITE)
            return false;
    }
    return true;
}

static int test_row(
    struct search_and *and, const struct search_clause *c, uint64_t n, bool *ret)
{
    struct search_run *run = and->run;
    const uint8_t *at, *end, *bytes;
    uint16_t slot;
    size_t len, i;
    int r = search_record_row(run, search_rid(and->type, n));

    if (r < 0)
        return r;
    at = run->row_len ? run->row : NULL;
    end = at ? at + run->row_len : NULL;
    *ret = false;
    while (r == 0 && search_entry_next(&at, end, and->type, &slot, &bytes, &len))
        for (i = 0; r == 0 && i < c->slot_count; i++)
            if (c->slots[i] == slot)
                r = entry_counts(run, c, slot, bytes, len);
    if (r < 0)
        return r;
    *ret = r == 1;
    return 0;
}

/* ---- by looking ---- */

static int test_look(
    struct search_and *and, const struct search_clause *c, uint64_t n, bool *ret)
{
    struct search_run *run = and->run;
    struct search_look look = {.r = run->r, .bases = &run->bases, .err = run->err};
    int r = search_look_at(run, search_rid(and->type, n));

    *ret = false;
    if (r < 0 || !run->look_json)
        return r;
    look.scratch = run->scratch;
    r = search_look_clause(&look, c, run->look_json, run->look_updated);
    *ret = r == 1;
    return r < 0 ? r : 0;
}

static int test_updated(
    struct search_and *and, const struct search_clause *c, uint64_t n, bool *ret)
{
    struct search_run *run = and->run;
    struct store_record record;
    size_t i;
    int r;

    run->look_rid = 0;
    arena_reset(run->scratch);
    r = store_get_rid(
        run->r, run->scratch, search_rid(and->type, n), false, &record, run->err);
    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    if (record.operation == STORE_DELETE)
        return 0;
    for (i = 0; !*ret && i < c->term_count; i++)
        *ret = search_date_matches(&c->terms[i], record.updated, record.updated + 1);
    return 0;
}

/* ---- by leaves ---- */

static int test_leaves(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret)
{
    bool done = false;
    size_t i;
    int r = 0;

    if (s->leaf_count > search_tuning.leaves_tested) {
        if (s->estimate > search_tuning.rows_tested)
            return test_look(and, s->clause, n, ret);
        r = search_stream_collect(and, s, 0, &done);
        if (r == 0)
            *ret = rid_set_has(s->set, n);
        return r;
    }
    for (i = 0; r == 0 && !*ret && i < s->leaf_count; i++)
        r = search_leaf_has(and->run, &s->leaves[i], n, ret);
    return r;
}

/* Any term of which all parts hold. */
static int test_composite(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret)
{
    size_t count = s->clause->param->component_count, i, j;
    bool all = false;
    int r;

    for (i = 0; !all && i < s->clause->term_count; i++) {
        all = true;
        for (j = 0; all && j < count; j++) {
            r = search_stream_test(and, &s->parts[i * count + j], n, &all);
            if (r < 0)
                return r;
        }
    }
    *ret = all;
    return 0;
}

/* ${*ret_sure} false: ${*ret} true means "perhaps". */
static int test_index(struct search_and *and, struct search_stream *s, uint64_t n,
    bool *ret, bool *ret_sure)
{
    const struct search_clause *c = s->clause;

    *ret_sure = !c->look;
    *ret = false;
    if (s->set) {
        *ret = rid_set_has(s->set, n);
        *ret_sure = s->set_exact;
        return 0;
    }
    if (c->kind == CLAUSE_COMPOSITE)
        return test_composite(and, s, n, ret);
    if (c->kind == CLAUSE_HAS)
        return search_has_test(and, s, n, ret);
    if (c->kind == CLAUSE_ANY)
        return search_any_test(s, n, ret);
    if (c->kind == CLAUSE_CHAIN && !(s->leaves_known && s->leaf_count <= 2))
        return search_chain_test(and, s, n, ret);
    if (s->leaves_known)
        return test_leaves(and, s, n, ret);
    if (c->updated && c->kind == CLAUSE_DATE)
        return test_updated(and, c, n, ret);
    if (row_decides(c))
        return test_row(and, c, n, ret);
    *ret_sure = true;
    return test_look(and, c, n, ret);
}

int search_stream_test(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret)
{
    const struct search_clause *c = s->clause;
    bool sure = false;
    int r;

    r = test_index(and, s, n, ret, &sure);
    if (r == 0 && *ret && !sure)
        r = c->kind == CLAUSE_POSITION ? test_row(and, c, n, ret)
                                       : test_look(and, c, n, ret);
    if (r == 0 && c->negate)
        *ret = !*ret;
    return r;
}
