/* SPDX-License-Identifier: Apache-2.0 */
/* Sets collected from hashed keys (tokens, uris), from ids, and of all that is present. */
#include "view/search_internal.h"

static bool starts(const struct store_row *row, const uint8_t *prefix, size_t len)
{
    return row->key_len > len && memcmp(row->key, prefix, len) == 0;
}

/* ---- tokens: all codes of a system, or those of a value set ---- */

static bool token_counts(const struct search_clause *c, const uint8_t *key)
{
    uint64_t system = search_get_be(key + 8, SEARCH_SYSTEM_HASH);
    uint64_t code = search_get_be(key + 2, SEARCH_TOKEN_HASH);
    size_t i;

    for (i = 0; i < c->term_count; i++) {
        const struct search_term *t = &c->terms[i];
        if (t->u.token.system.p &&
            system !=
                (t->u.token.system.len ? search_system_hash(t->u.token.system) : 0))
            continue;
        if (!t->u.token.code.p || code == search_code_hash(t->u.token.code))
            return true;
    }
    return false;
}

/* Go through the slot group by group; groups that do not count are stepped over. */
static int collect_token_slot(
    struct search_collector *c, struct store_cursor *cursor, uint16_t slot)
{
    struct search_run *run = c->and->run;
    uint8_t key[11];
    struct store_row row;
    uint64_t n;
    int r;

    search_put_be(key, slot, 2);
    r = store_cursor_seek(cursor, key, 2, &row, run->err);
    while (r == 1 && starts(&row, key, 2) && row.key_len > 11) {
        if (search_collector_spent(c))
            return 0;
        if (token_counts(c->clause, row.key)) {
            if (search_get_number(row.key + 11, row.key_len - 11, &n) > 0)
                r = rid_set_add(c->set, n, run->err);
            if (r < 0)
                return r;
            r = store_cursor_next(cursor, &row, run->err);
            continue;
        }
        memcpy(key, row.key, 11);
        for (size_t i = 11; i > 2 && ++key[i - 1] == 0; i--)
            ;
        r = store_cursor_seek(cursor, key, 11, &row, run->err);
    }
    return r < 0 ? r : 0;
}

int search_collect_tokens(struct search_collector *c)
{
    struct store_cursor *cursor;
    size_t i;
    int r = search_cursor(c->and->run, SEARCH_TOKEN, c, &cursor);

    for (i = 0; r == 0 && i < c->clause->slot_count; i++)
        r = collect_token_slot(c, cursor, c->clause->slots[i]);
    return r;
}

/* ---- uris below one ---- */

/*
 * The table knows hashes only. All rows of one hash have one text, so one second look at
 * the first record of each says whether the whole group is in: no table of names is kept,
 * and the cost is one look for each different uri.
 */
static int group_counts(struct search_collector *c, const uint8_t *key, uint64_t n)
{
    struct search_run *run = c->and->run;
    struct fhir_values values = {0};
    uint16_t slot = (uint16_t)search_get_be(key, 2);
    size_t i, j;
    int r = search_look_at(run, search_rid(c->and->type, n));

    if (r < 0 || !run->look_json)
        return r;
    r = fhir_extract_slot(
        run->scratch, run->look_json, slot, (struct str){NULL, 0}, &values, run->err);
    if (r < 0)
        return r;
    for (i = 0; i < values.count; i++) {
        if (search_uri_hash(values.list[i].u.uri) != search_get_be(key + 2, 6))
            continue;
        for (j = 0; j < c->clause->term_count; j++)
            if (search_value_matches(
                    NULL, c->clause, &c->clause->terms[j], &values.list[i]))
                return 1;
    }
    return 0;
}

static int collect_uri_slot(
    struct search_collector *c, struct store_cursor *cursor, uint16_t slot)
{
    struct search_run *run = c->and->run;
    uint8_t key[8] = {0};
    struct store_row row;
    bool first = true, in = false;
    uint64_t n;
    int r;

    search_put_be(key, slot, 2);
    r = store_cursor_seek(cursor, key, 2, &row, run->err);
    while (r == 1 && starts(&row, key, 2) && row.key_len > 8) {
        if (search_collector_spent(c) ||
            search_get_number(row.key + 8, row.key_len - 8, &n) == 0)
            return 0;
        if (first || memcmp(key, row.key, 8) != 0) {
            memcpy(key, row.key, 8);
            first = false;
            r = group_counts(c, key, n);
            in = r == 1;
        }
        if (r >= 0 && in)
            r = rid_set_add(c->set, n, run->err);
        if (r < 0)
            return r;
        if (in) {
            r = store_cursor_next(cursor, &row, run->err);
            continue;
        }
        for (size_t i = 8; i > 2 && ++key[i - 1] == 0; i--)
            ;
        first = true;
        r = store_cursor_seek(cursor, key, 8, &row, run->err);
    }
    return r < 0 ? r : 0;
}

int search_collect_uris(struct search_collector *c)
{
    struct store_cursor *cursor;
    size_t i;
    int r = search_cursor(c->and->run, SEARCH_URI, c, &cursor);

    for (i = 0; r == 0 && i < c->clause->slot_count && !c->stopped; i++)
        r = collect_uri_slot(c, cursor, c->clause->slots[i]);
    return r;
}

/* ---- everything that is there ---- */

/* Add ${n}, whose row names ${target} (0: nothing), unless that is of a type not meant. */
static int add_present(
    struct search_collector *c, uint16_t slot, uint64_t n, store_rid target)
{
    int r = 0;

    if (c->clause->targets[0] && target)
        r = search_own_rid(c->and->run, slot, target, &target);
    if (r < 0 || !search_is_target(c->clause, store_rid_type(target)))
        return r;
    return rid_set_add(c->set, n, c->and->run->err);
}

/* n of a row of any table, and where it is one of `edge` its target; false: it has none. */
static bool present_number(enum search_table table, const struct store_row *row,
    uint64_t *ret, store_rid *ret_target)
{
    const uint8_t *key = row->key;
    size_t len = row->key_len, at = 2, used;
    uint64_t type = 0, target = 0;
    utc_ms lo, hi;
    double x;

    switch (table) {
    case SEARCH_TOKEN:
        at = 11;
        break;
    case SEARCH_URI:
        at = 8;
        break;
    case SEARCH_POSITION:
        at = 10;
        break;
    case SEARCH_DATE:
        at += search_get_date(key + 2, len - 2, &lo, &hi);
        break;
    case SEARCH_STRING:
        while (at < len && at < 2 + SEARCH_TEXT_MAX && key[at] > 1)
            at++;
        at++;
        break;
    case SEARCH_NUMBER:
        if (fhir_slots[search_get_be(key, 2) & ~(uint64_t)SEARCH_RANGE_SLOT].kind ==
            FHIR_SEARCH_QUANTITY)
            at += 5;
        used = search_get_double(key + at, len - at, &x);
        if (search_get_be(key, 2) & SEARCH_RANGE_SLOT)
            used += search_get_double(key + at + used, len - at - used, &x);
        at += used;
        break;
    case SEARCH_EDGE:
        used = search_get_number(key + at, len - at, &type);
        used += search_get_number(key + at + used, len - at - used, &target);
        at += used;
        *ret_target = search_rid((unsigned)type, target);
        break;
    case SEARCH_RECORD:
    case SEARCH_TABLES:
        return false;
    }
    return at < len && search_get_number(key + at, len - at, ret) > 0;
}

static int present_rows(
    struct search_collector *c, enum search_table table, unsigned slot)
{
    struct search_run *run = c->and->run;
    struct store_cursor *cursor = NULL;
    store_rid target = 0;
    struct store_row row;
    uint8_t key[2];
    uint64_t n;
    size_t homes;
    int r = search_homes(run, &homes); /* now: it moves the cursor */

    if (r == 0)
        r = search_cursor(run, table, c, &cursor);
    if (r < 0)
        return r;
    search_put_be(key, slot, 2);
    for (r = store_cursor_seek(cursor, key, 2, &row, run->err);
         r == 1 && starts(&row, key, 2);
         r = store_cursor_next(cursor, &row, run->err)) {
        if (search_collector_spent(c))
            return 0;
        if (!present_number(table, &row, &n, &target))
            continue;
        r = add_present(c, (uint16_t)slot, n, target);
        if (r < 0)
            return r;
    }
    return r < 0 ? r : 0;
}

int search_collect_present(struct search_collector *c)
{
    static const enum search_table tables[] = {
        [FHIR_SEARCH_NUMBER] = SEARCH_NUMBER,
        [FHIR_SEARCH_DATE] = SEARCH_DATE,
        [FHIR_SEARCH_STRING] = SEARCH_STRING,
        [FHIR_SEARCH_TOKEN] = SEARCH_TOKEN,
        [FHIR_SEARCH_REFERENCE] = SEARCH_EDGE,
        [FHIR_SEARCH_COMPOSITE] = SEARCH_TABLES,
        [FHIR_SEARCH_QUANTITY] = SEARCH_NUMBER,
        [FHIR_SEARCH_URI] = SEARCH_URI,
        [FHIR_SEARCH_SPECIAL] = SEARCH_POSITION,
    };
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->clause->slot_count && !c->stopped; i++) {
        uint16_t slot = c->clause->slots[i];
        enum search_table table = tables[fhir_slots[slot].kind];
        r = present_rows(c, table, slot);
        if (r == 0 && table == SEARCH_NUMBER)
            r = present_rows(c, table, slot | SEARCH_RANGE_SLOT);
    }
    return r;
}

/* ---- ids ---- */

int search_collect_ids(struct search_collector *c)
{
    struct search_run *run = c->and->run;
    store_rid rid;
    bool live = false;
    size_t i;
    int r;

    for (i = 0; i < c->clause->term_count; i++) {
        r = store_find(
            run->r, c->and->type, c->clause->terms[i].u.token.code, &rid, run->err);
        if (r == E_NOT_FOUND)
            continue;
        if (r == 0)
            r = store_live(run->r, rid, &live, run->err);
        if (r == 0 && live)
            r = rid_set_add(c->set, (uint64_t)rid & SEARCH_N_MASK, run->err);
        if (r < 0)
            return r;
    }
    return 0;
}
