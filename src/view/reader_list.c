/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What open cases share, as a list: for a person who reads nothing else of a type, so that a
 * search need not ask about every record of the node. The list may hold too much, since
 * each record of it is asked about all the same, but never too little.
 */
#include "view/reader_internal.h"

struct listing {
    struct reader *rd;
    unsigned type;
    struct rid_list found;
    bool too_many;
};

static int found(struct listing *l, store_rid rid)
{
    int r = store_rid_type(rid) == l->type
                ? rid_list_add(&l->found, rid, l->rd->run.err)
                : 0;

    return r < 0 ? r : 0;
}

/* What cases name of the type, and the cases. */
static int add_named(struct listing *l)
{
    const struct reader_kept *circle = l->rd->circle;
    int r = 0;

    for (size_t i = 0; r == 0 && i < circle->count[READER_NAMED]; i++)
        r = found(l, circle->set[READER_NAMED][i]);
    return r;
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

/* The rows of edges of ${slot} that lead to a case. */
static int walk(struct listing *l, uint16_t slot)
{
    const struct reader_kept *circle = l->rd->circle;
    struct store_cursor *c = NULL;
    struct store_row row = {.key = NULL};
    uint8_t key[SEARCH_KEY_MAX];
    int r = store_cursor_open(
        l->rd->run.r, search_first_table + SEARCH_EDGE, &c, l->rd->run.err);

    for (size_t i = 0; r >= 0 && i < circle->count[READER_CASES]; i++) {
        size_t len = search_edge_key(key, slot, circle->set[READER_CASES][i]);

        r = reader_reach(l->rd, c, key, len, &row);
        while (r == 1 && row.key_len >= len && memcmp(row.key, key, len) == 0) {
            r = add_source(l, &row);
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

static int add_sources(struct listing *l)
{
    const struct reader_terms *t = l->rd->t;
    int r = 0;

    for (size_t i = 0; r == 0 && i < t->link_count; i++) {
        const struct fhir_param *param = t->links[i].param;

        for (uint16_t s = 0;
             r == 0 && t->links[i].type == l->type && s < param->slot_count; s++)
            r = walk(l, param->slots[s]);
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
    int r = add_named(l);

    if (r == 0)
        r = add_sources(l);
    if (r == 0)
        r = add_ratings(l);
    reader_put_in_order(&l->found);
    return r;
}

/* Keep it for the next request; ${ret} NULL: it is too long, or there is no memory. */
static void keep(
    struct listing *l, const struct reader_kept_key *key, struct reader_kept **ret)
{
    struct reader_kept *k = reader_kept_new(key, l->found.count);

    *ret = k;
    if (!k)
        return;
    k->count[0] = l->found.count;
    if (l->found.count)
        memcpy(k->set[0], l->found.list, l->found.count * sizeof(*l->found.list));
    if (l->rd->memory)
        reader_kept_put(l->rd->memory, k);
}

/* The list of ${type}; ${*ret} NULL: it is not to be had. */
static int find_list(struct reader *rd, unsigned type, struct reader_kept **ret)
{
    struct reader_kept_key key = {.kind = READER_KEPT_LIST,
        .type = type,
        .who = rd->who,
        .position = rd->position};
    struct listing l = {.rd = rd, .type = type, .found = {.a = rd->run.a}};
    size_t types = reader_circle_types(rd, &key);
    size_t homes = 0;
    int r = search_homes(&rd->run, &homes);

    key.types[types++] = type;
    if (type == rd->t->observation)
        key.types[types] = rd->t->apprenticeship;
    if (r == 0 && homes == 0 && rd->memory)
        *ret = reader_kept_get(rd->memory, &key);
    if (r < 0 || *ret)
        return r;
    r = reader_know_circle(rd, true);
    if (r < 0 || !rd->circle)
        return r;
    r = make_list(&l);
    if (r == 0 && !l.too_many)
        keep(&l, &key, ret);
    return r;
}

int reader_few(
    void *arg, unsigned type, const store_rid **ret, size_t *ret_count, struct err *err)
{
    const size_t most =
        sizeof(((struct reader *)0)->lists) / sizeof(struct reader_kept *);
    struct reader *rd = arg;
    struct reader_kept *list = NULL;
    int r = 0;

    *ret = NULL;
    if (!listable(rd, type))
        return 0;
    for (size_t i = 0; i < rd->list_count && !list; i++)
        list = rd->lists[i]->type == type ? rd->lists[i] : NULL;
    if (!list && rd->list_count == most)
        return 0;
    rd->run.err = err;
    if (!list) {
        r = find_list(rd, type, &list);
        if (list)
            rd->lists[rd->list_count++] = list;
    }
    if (r == 0 && list) {
        *ret = list->set[0];
        *ret_count = list->count[0];
    }
    return r;
}
