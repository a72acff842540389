/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains and reverse chains. The far side is an intersection of its own, which can be
 * walked (few far records: their edges become leaves here) or asked about one record
 * at a time (many: the near record's references lead to it). So neither a chain to
 * everybody nor one from everything reads more than it must.
 */
#include "view/search_internal.h"

static int open_far(struct search_and *and, struct search_stream *s)
{
    const struct search_clause *c = s->clause;
    size_t i;
    int r;

    if (s->far)
        return 0;
    s->far = arena_array(and->run->a, c->far_count, sizeof(struct search_and *));
    if (!s->far)
        return err_nomem(and->run->err);
    for (i = 0; i < c->far_count; i++) {
        r = search_and_new(and->run,
            &(struct search_and_of){.type = c->far[i].type, .all = &c->far[i].all},
            &s->far[i]);
        if (r < 0) {
            s->far = NULL;
            return r;
        }
    }
    return 0;
}

bool search_slot_by_url(uint16_t slot)
{
    const struct fhir_slot *s = &fhir_slots[slot];
    size_t i;

    for (i = 0; i < s->count; i++)
        if (fhir_types[fhir_ways[s->first + i].type].kind == FHIR_PRIMITIVE)
            return true;
    return false;
}

bool search_by_name(const struct search_clause *c)
{
    size_t i;

    for (i = 0; i < c->slot_count; i++)
        if (search_slot_by_url(c->slots[i]))
            return true;
    return false;
}

int search_url_rid(struct search_run *run, store_rid rid, store_rid *ret)
{
    struct str url;
    int r = search_look_at(run, rid);

    *ret = 0;
    if (r < 0 || !run->look_json)
        return r;
    url = json_get_text(run->look_json, "url");
    if (!url.p)
        return 0;
    r = store_find(run->r, 0, url, ret, run->err);
    return r == E_NOT_FOUND ? 0 : r;
}

struct edges {
    struct search_and *and;
    struct search_stream *s;
    struct search_collector *c; /* NULL: add leaves */
    size_t cap;
    bool full;
};

static int add_edges_of(struct edges *e, const uint8_t *key, size_t len)
{
    struct search_run *run = e->and->run;
    struct search_leaf leaf;
    uint64_t n;
    int r;

    if (!e->c) {
        if (e->s->leaf_count == e->cap) {
            e->full = true;
            return 0;
        }
        search_leaf_init(
            &e->s->leaves[e->s->leaf_count++], SEARCH_EDGE, key, len, e->and->down);
        return 0;
    }
    search_leaf_init(&leaf, SEARCH_EDGE, key, len, false);
    for (n = 0;; n++) {
        r = search_leaf_next(run, &leaf, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        if (search_collector_spent(e->c))
            return 0;
        r = rid_set_add(e->c->set, n, run->err);
        if (r < 0)
            return r;
    }
}

static int add_edges_to(struct edges *e, uint16_t slot, store_rid target)
{
    struct search_edge_keys keys;
    size_t i;
    int r = search_edge_keys(e->and->run, slot, target, &keys);

    for (i = 0; r == 0 && i < keys.count; i++)
        r = add_edges_of(e, keys.key[i], keys.len[i]);
    return r;
}

static int add_edges(struct edges *e, store_rid target)
{
    const struct search_clause *c = e->s->clause;
    store_rid url = 0;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->slot_count; i++)
        r = add_edges_to(e, c->slots[i], target);
    if (r < 0 || !search_by_name(c))
        return r;
    r = search_url_rid(e->and->run, target, &url);
    for (i = 0; r == 0 && url && i < c->slot_count; i++)
        r = add_edges_to(e, c->slots[i], url);
    return r;
}

/* Walk all far records, as long as they are few. */
static int walk_far(struct edges *e)
{
    const struct search_clause *c = e->s->clause;
    uint64_t n;
    size_t i;
    int r;

    for (i = 0; i < c->far_count; i++) {
        struct search_and *far = e->s->far[i];
        for (n = 0; !e->full && !(e->c && e->c->stopped); n++) {
            r = search_and_next(far, n, &n);
            if (r < 0)
                return r;
            if (n == SEARCH_END)
                break;
            if (!e->c && far->tried > search_tuning.far_tried)
                e->full = true;
            r = add_edges(e, search_rid(far->type, n));
            if (r < 0)
                return r;
        }
    }
    return 0;
}

int search_chain_leaves(struct search_and *and, struct search_stream *s)
{
    struct edges e = {.and = and, .s = s};
    size_t homes = 0;
    int r = open_far(and, s);

    if (r < 0)
        return r;
    r = search_homes(and->run, &homes);
    if (r < 0)
        return r;
    e.cap = search_tuning.far_leaves *
            (s->clause->slot_count * (1 + homes) + search_by_name(s->clause));
    s->leaves = arena_alloc_raw(and->run->a, e.cap * sizeof(*s->leaves));
    if (!s->leaves)
        return err_nomem(and->run->err);
    r = walk_far(&e);
    s->leaves_known = r == 0 && !e.full;
    if (!s->leaves_known)
        s->leaf_count = 0;
    return r;
}

int search_chain_collect(
    struct search_and *and, struct search_stream *s, struct search_collector *c)
{
    struct edges e = {.and = and, .s = s, .c = c};
    int r = open_far(and, s);

    return r < 0 ? r : walk_far(&e);
}

/* ---- asking about one record ---- */

static int test_far(struct search_stream *s, size_t i, store_rid rid, bool *ret)
{
    size_t at = (size_t)((uint64_t)rid * 0x9e3779b97f4a7c15ull >> 60);
    int r;

    if (s->memo_rid[at] != rid) {
        r = search_and_test(
            s->far[i], (uint64_t)rid & SEARCH_N_MASK, &s->memo_found[at]);
        if (r < 0)
            return r;
        s->memo_rid[at] = rid;
    }
    *ret = s->memo_found[at];
    return 0;
}

/* A canonical: every far record with that url. */
static int test_url(
    struct search_run *run, struct search_stream *s, store_rid target, bool *ret)
{
    store_rid found[16];
    struct str url;
    size_t count, i, j;
    int r = store_name(run->r, run->a, target, &url, run->err);

    for (i = 0; r == 0 && !*ret && i < s->clause->far_count; i++) {
        r = search_by_url(run, s->clause->far[i].type, url, found, 16, &count);
        for (j = 0; r == 0 && !*ret && j < count; j++)
            r = search_and_test(s->far[i], (uint64_t)found[j] & SEARCH_N_MASK, ret);
    }
    return r;
}

int search_chain_test(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret)
{
    const struct search_clause *c = s->clause;
    struct search_targets targets = {.count = 0};
    size_t i, j;
    int r = open_far(and, s);

    *ret = false;
    if (r == 0)
        r = search_targets_of(and->run, search_rid(and->type, n), c->slots,
            c->slot_count, &targets);
    for (i = 0; r == 0 && !*ret && i < targets.count; i++) {
        if (store_rid_type(targets.list[i]) == 0)
            r = test_url(and->run, s, targets.list[i], ret);
        for (j = 0; r == 0 && !*ret && j < c->far_count; j++)
            if (c->far[j].type == store_rid_type(targets.list[i]))
                r = test_far(s, j, targets.list[i], ret);
    }
    return r;
}

/* ---- _has ---- */

/* What is referred to need not exist. */
static int add_target(
    struct search_and *and, struct search_collector *c, store_rid target)
{
    bool live = false;
    int r;

    if (store_rid_type(target) != and->type)
        return 0;
    r = store_live(and->run->r, target, &live, and->run->err);
    if (r < 0 || !live)
        return r;
    return rid_set_add(c->set, (uint64_t)target & SEARCH_N_MASK, and->run->err);
}

int search_has_collect(
    struct search_and *and, struct search_stream *s, struct search_collector *c)
{
    struct search_run *run = and->run;
    struct search_targets targets = {.count = 0};
    uint64_t n = 0;
    size_t i;
    int r = open_far(and, s);

    if (r == 0)
        r = search_and_rows(s->far[0], &n);
    if (r == 0 && n > c->budget) {
        c->stopped = true; /* it would be given up half way */
        return 0;
    }
    for (n = 0; r == 0; n++) {
        r = search_and_next(s->far[0], n, &n);
        if (r < 0 || n == SEARCH_END || search_collector_spent(c))
            return r;
        r = search_targets_of(run, search_rid(s->far[0]->type, n), s->clause->slots,
            s->clause->slot_count, &targets);
        for (i = 0; r == 0 && i < targets.count; i++)
            r = add_target(and, c, targets.list[i]);
    }
    return r;
}

/* The far side is one stream of exact rows: it can leap along the edges. */
static bool far_leaps(const struct search_and *far)
{
    const struct search_stream *s = far->order[0];

    return far->opened && far->has_driver && far->count == 1 &&
           (s->set ? s->set_exact
                   : !s->clause->look && s->clause->kind != CLAUSE_COMPOSITE);
}

/* Do the edges of ${leaf} and the far side have one in common? */
static int meet(
    struct search_run *run, struct search_leaf *leaf, struct search_and *far, bool *ret)
{
    uint64_t edge = 0, n = 0;
    int r;

    for (;;) {
        r = search_leaf_next(run, leaf, n, &edge);
        if (r < 0 || edge == SEARCH_END)
            return r;
        r = far_leaps(far) ? search_and_next(far, edge, &n)
                           : search_and_test(far, edge, ret);
        if (r < 0)
            return r;
        if (!far_leaps(far)) {
            if (*ret)
                return 0;
            n = edge + 1;
        } else if (n == edge || n == SEARCH_END) {
            *ret = n == edge;
            return 0;
        }
    }
}

int search_has_test(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret)
{
    struct search_edge_keys keys;
    struct search_leaf leaf;
    size_t i, j;
    int r = open_far(and, s);

    *ret = false;
    for (i = 0; r == 0 && !*ret && i < s->clause->slot_count; i++) {
        r = search_edge_keys(and->run, s->clause->slots[i], search_rid(and->type, n),
            &keys);
        for (j = 0; r == 0 && !*ret && j < keys.count; j++) {
            search_leaf_init(&leaf, SEARCH_EDGE, keys.key[j], keys.len[j], false);
            r = meet(and->run, &leaf, s->far[0], ret);
        }
    }
    return r;
}
