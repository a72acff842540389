/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What open cases share, as a list: for a person who reads nothing else of a type, so that a
 * search need not ask about every record of the node. The list may hold too much, since
 * each record of it is asked about all the same, but never too little.
 *
 * Cases are read in the order of their rids: the rows about them then lie near one another,
 * and a cursor that steps on is several times cheaper than one that seeks.
 */
#include <stdlib.h>

#include "view/reader_internal.h"

struct listing {
    struct reader *rd;
    unsigned type;
    struct reader_set asked; /* whom cases of this person are sent to */
    struct rid_list cases;
    struct rid_list found;
    bool too_many;
};

static int rid_order(const void *x, const void *y)
{
    const store_rid *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

static void put_in_order(struct rid_list *l)
{
    size_t i = 1;

    while (i < l->count && l->list[i - 1] < l->list[i]) /* mostly they are */
        i++;
    if (i < l->count)
        qsort(l->list, l->count, sizeof(*l->list), rid_order);
}

/* Those that refer by ${param} to what was in ${set} at first, into it. */
static int widen(struct reader *rd, struct reader_set *set, size_t first,
    const struct fhir_param *param)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < first; i++)
        r = reader_sources(rd, param, set->list[i], LIMIT_READER_SET, set);
    return r;
}

/* Departments, their roles, services and the person; then teams with one of these. */
static int add_asked(struct listing *l)
{
    struct reader *rd = l->rd;
    size_t units = rd->departments.count;
    int r = 0;

    for (size_t i = 0; r == 0 && i < units; i++)
        r = reader_set_add(rd, &l->asked, rd->departments.list[i]);
    if (r == 0)
        r = widen(rd, &l->asked, units, rd->t->role_org);
    if (r == 0)
        r = widen(rd, &l->asked, units, rd->t->service_org);
    if (r == 0)
        r = reader_set_add(rd, &l->asked, rd->person);
    if (r == 0)
        r = widen(rd, &l->asked, l->asked.count, rd->t->team_member);
    l->too_many |= l->asked.full;
    return r;
}

/* Does a stream of rows in rid order hold ${n}? */
static int is_in(struct reader *rd, struct search_leaf *leaf, uint64_t n, bool *ret)
{
    uint64_t at = 0;
    int r = search_leaf_next(&rd->run, leaf, n, &at);

    *ret |= r == 0 && at == n;
    return r;
}

/* The cases that are sent to whom ${key} names and that are active or on hold. */
static int add_cases(struct listing *l, const uint8_t *key, size_t len)
{
    static const char *const states[] = {"active", "on-hold"};
    struct reader *rd = l->rd;
    struct search_leaf sent, state[2];
    uint8_t code[SEARCH_KEY_MAX];
    uint64_t n = 0;
    int r = 0;

    search_leaf_init(&sent, SEARCH_EDGE, key, len, false);
    for (size_t i = 0; i < 2; i++)
        search_leaf_init(&state[i], SEARCH_TOKEN, code,
            search_token_key(code, rd->t->request_status->slots[0], (struct str){"", 0},
                str_of(states[i])),
            false);
    for (n = 0; r == 0 && !l->too_many; n++) {
        bool open = false;

        r = search_leaf_next(&rd->run, &sent, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        for (size_t i = 0; r == 0 && !open && i < 2; i++)
            r = is_in(rd, &state[i], n, &open);
        if (r == 0 && open)
            r = rid_list_add(&l->cases, search_rid(rd->t->request, n), rd->run.err);
        r = r > 0 ? 0 : r;
        l->too_many = l->cases.count > LIMIT_READER_CASES;
    }
    return r;
}

static int add_all_cases(struct listing *l)
{
    const struct fhir_param *param = l->rd->t->request_performer;
    struct search_edge_keys keys;
    int r = 0;

    for (size_t i = 0; r == 0 && i < l->asked.count; i++) {
        for (uint16_t s = 0; r == 0 && s < param->slot_count; s++) {
            r = search_edge_keys(&l->rd->run, param->slots[s], l->asked.list[i], &keys);
            for (size_t k = 0; r == 0 && k < keys.count; k++)
                r = add_cases(l, keys.key[k], keys.len[k]);
        }
    }
    put_in_order(&l->cases);
    return r;
}

static int found(struct listing *l, store_rid rid)
{
    int r = store_rid_type(rid) == l->type
                ? rid_list_add(&l->found, rid, l->rd->run.err)
                : 0;

    return r < 0 ? r : 0;
}

/* ---- what cases name ---- */

/* Among the references of a case: its patient, what it lists, the team it was sent to. */
static int add_named(struct listing *l, const struct store_row *row)
{
    const struct reader_terms *t = l->rd->t;
    const uint8_t *at = row->value, *bytes = NULL;
    store_rid target = 0;
    uint16_t slot = 0;
    size_t len = 0;
    int r = 0;

    while (r == 0 && search_entry_next(&at, row->value + row->value_len, t->request,
                         &slot, &bytes, &len)) {
        if (fhir_slots[slot].kind != FHIR_SEARCH_REFERENCE ||
            !search_entry_rid(bytes, len, &target))
            continue;
        if (store_rid_type(target) == 0)
            l->too_many = true; /* by an address: asked one by one instead */
        else if (reader_slot_in(slot, t->request_subject) ||
                 reader_slot_in(slot, t->request_shared) ||
                 reader_slot_in(slot, t->request_performer))
            r = found(l, target);
    }
    return r;
}

#define STEPS 4 /* rows stepped over before a seek is cheaper */

/* The first row at or behind ${key}, from where the cursor stands. */
static int reach(struct listing *l, struct store_cursor *c, const uint8_t *key,
    size_t len, struct store_row *row)
{
    int r = 1;

    for (int i = 0; r == 1 && row->key && i < STEPS; i++) {
        size_t most = row->key_len < len ? row->key_len : len;
        int order = memcmp(row->key, key, most);

        if (order > 0 || (order == 0 && row->key_len >= len))
            return 1;
        r = store_cursor_next(c, row, l->rd->run.err);
    }
    return r == 1 ? store_cursor_seek(c, key, len, row, l->rd->run.err) : r;
}

/* ${each} of the rows of ${table} that begin with the key of a case. */
static int walk(struct listing *l, enum search_table table,
    size_t (*key_of)(uint8_t *out, uint16_t slot, store_rid request), uint16_t slot,
    int (*each)(struct listing *l, const struct store_row *row))
{
    struct store_cursor *c = NULL;
    struct store_row row = {.key = NULL};
    uint8_t key[SEARCH_KEY_MAX];
    int r =
        store_cursor_open(l->rd->run.r, search_first_table + table, &c, l->rd->run.err);

    for (size_t i = 0; r >= 0 && !l->too_many && i < l->cases.count; i++) {
        size_t len = key_of(key, slot, l->cases.list[i]);

        r = reach(l, c, key, len, &row);
        while (r == 1 && row.key_len >= len && memcmp(row.key, key, len) == 0) {
            r = each(l, &row);
            if (r == 0)
                r = store_cursor_next(c, &row, l->rd->run.err);
        }
        if (r == 0) /* the end: what comes before it can still be sought */
            row.key = NULL;
    }
    if (c)
        store_cursor_close(c);
    return r < 0 ? r : 0;
}

static size_t record_key(uint8_t *out, uint16_t slot, store_rid request)
{
    (void)slot;
    return search_record_key(out, request);
}

static size_t edge_key(uint8_t *out, uint16_t slot, store_rid request)
{
    return search_edge_key(out, slot, request);
}

/* ---- what names cases ---- */

/* The record at the end of an edge's key. */
static int add_source(struct listing *l, const struct store_row *row)
{
    uint64_t part = 0;
    uint64_t n = 0;
    size_t at = 2;

    for (int i = 0; i < 2; i++)
        at += search_get_number(row->key + at, row->key_len - at, &part);
    if (search_get_number(row->key + at, row->key_len - at, &n) == 0)
        return 0;
    return found(l, search_rid(l->type, n));
}

static int add_sources(struct listing *l)
{
    const struct reader_terms *t = l->rd->t;
    size_t homes = 0;
    int r = search_homes(&l->rd->run, &homes);

    if (homes)
        l->too_many = true; /* references by an address: asked one by one instead */
    for (size_t i = 0; r == 0 && i < t->link_count; i++) {
        const struct fhir_param *param = t->links[i].param;

        for (uint16_t s = 0;
             r == 0 && t->links[i].type == l->type && s < param->slot_count; s++)
            r = walk(l, SEARCH_EDGE, edge_key, param->slots[s], add_source);
    }
    return r;
}

/* ---- ratings ---- */

/* Observations by which ${who} is rated, or rates. */
static int add_ratings_of(
    struct listing *l, const struct fhir_param *param, store_rid who)
{
    struct reader_set ratings = {0};
    int r = reader_sources(l->rd, param, who, LIMIT_READER_SET, &ratings);

    l->too_many |= ratings.full;
    for (size_t i = 0; r == 0 && i < ratings.count; i++)
        r = found(l, ratings.list[i]);
    return r;
}

static int add_ratings(struct listing *l)
{
    struct reader *rd = l->rd;
    struct reader_set ties = {0};
    struct reader_set apprentices = {0};
    int r = 0;

    if (rd->person == 0 || l->type != rd->t->observation)
        return 0;
    r = reader_set_add(rd, &apprentices, rd->person);
    if (r == 0)
        r = reader_sources(rd, rd->t->master, rd->person, LIMIT_READER_SET, &ties);
    for (size_t i = 0; r == 0 && i < rd->heads.count; i++)
        r = reader_sources(
            rd, rd->t->department, rd->heads.list[i], LIMIT_READER_SET, &ties);
    for (size_t i = 0; r == 0 && i < ties.count; i++)
        r = reader_targets(rd, ties.list[i], rd->t->apprentice, &apprentices);
    l->too_many |= ties.full || apprentices.full;
    for (size_t i = 0; r == 0 && i < apprentices.count; i++)
        r = add_ratings_of(l, rd->t->focus, apprentices.list[i]);
    return r < 0 ? r : add_ratings_of(l, rd->t->rater, rd->person);
}

/* ---- the list ---- */

/* Can all that this person may read of ${type} be had from cases and ratings? */
static bool listable(const struct reader *rd, unsigned type)
{
    return rd->hospitals.count == 0 && rd->granted.count == 0 &&
           type != rd->t->binary && reader_class_of(type, NULL) == READER_CLINICAL;
}

static int make_list(struct listing *l)
{
    int r = add_asked(l);

    if (r == 0)
        r = add_all_cases(l);
    if (r == 0)
        r = walk(l, SEARCH_RECORD, record_key, 0, add_named);
    for (size_t i = 0; r == 0 && l->type == l->rd->t->request && i < l->cases.count;
         i++)
        r = found(l, l->cases.list[i]);
    if (r == 0)
        r = add_sources(l);
    if (r == 0)
        r = add_ratings(l);
    put_in_order(&l->found);
    return r;
}

static const struct reader_listed *listed_before(const struct reader *rd, unsigned type)
{
    for (size_t i = 0; i < rd->listed_count; i++) {
        if (rd->listed[i].type == type)
            return &rd->listed[i];
    }
    return NULL;
}

int reader_few(
    void *arg, unsigned type, const store_rid **ret, size_t *ret_count, struct err *err)
{
    static const store_rid nothing[1];
    struct reader *rd = arg;
    const struct reader_listed *before = listed_before(rd, type);
    struct listing l = {
        .rd = rd, .type = type, .cases = {.a = rd->run.a}, .found = {.a = rd->run.a}};
    struct reader_listed one = {.type = type};
    int r = 0;

    *ret = NULL;
    if (!listable(rd, type))
        return 0;
    rd->run.err = err;
    if (!before) {
        r = make_list(&l);
        if (r == 0 && !l.too_many)
            one = (struct reader_listed){
                type, l.found.count ? l.found.list : nothing, l.found.count};
        if (r == 0 && rd->listed_count < sizeof(rd->listed) / sizeof(rd->listed[0]))
            rd->listed[rd->listed_count++] = one;
        before = &one;
    }
    *ret = before->list;
    *ret_count = before->count;
    return r;
}
