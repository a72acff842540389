/* SPDX-License-Identifier: Apache-2.0 */
/* A clause at work: its leaves found, their merge, the set collected from it. */
#include "view/search_internal.h"

#define SYSTEMS_MOST 64     /* systems of one code that are merged */
#define VALUE_SET_MOST 1000 /* codes of a value set that are looked up one by one */

struct grower {
    struct search_and *and;
    struct search_stream *s;
    size_t cap;
    bool too_many;
};

static int add_leaf(
    struct grower *g, enum search_table table, const uint8_t *key, size_t len)
{
    struct search_stream *s = g->s;

    if (s->leaf_count == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 2;
        struct search_leaf *grown = arena_grow(
            g->and->run->a, s->leaves, g->cap * sizeof(*grown), cap * sizeof(*grown));
        if (!grown)
            return err_nomem(g->and->run->err);
        s->leaves = grown;
        g->cap = cap;
    }
    search_leaf_init(&s->leaves[s->leaf_count++], table, key, len, g->and->down);
    return 0;
}

/* A leaf for each system that occurs with the code whose key begins with ${key}. */
static int add_any_system(struct grower *g, uint8_t *key)
{
    struct search_run *run = g->and->run;
    struct store_cursor *cursor;
    struct store_row row;
    unsigned systems = 0;
    uint64_t system;
    int r = search_cursor(run, SEARCH_TOKEN, g, &cursor);

    if (r < 0)
        return r;
    run->seeks++;
    r = store_cursor_seek(cursor, key, 8, &row, run->err);
    while (r == 1 && row.key_len > 11 && memcmp(row.key, key, 8) == 0) {
        if (systems++ == SYSTEMS_MOST) {
            g->too_many = true;
            return 0;
        }
        system = search_get_be(row.key + 8, 3);
        search_put_be(key + 8, system, 3);
        r = add_leaf(g, SEARCH_TOKEN, key, 11);
        if (r < 0 || system == 0xffffff)
            return r;
        search_put_be(key + 8, system + 1, 3);
        run->seeks++;
        r = store_cursor_seek(cursor, key, 11, &row, run->err);
    }
    return r < 0 ? r : 0;
}

static int token_leaf(
    struct grower *g, uint16_t slot, struct str system, struct str code)
{
    uint8_t key[SEARCH_KEY_MAX];
    size_t len = search_token_key(key, slot, system, code);

    return system.p ? add_leaf(g, SEARCH_TOKEN, key, len) : add_any_system(g, key);
}

static int value_set_leaves(struct grower *g, uint16_t slot)
{
    const struct fhir_value_set *set = g->s->clause->value_set;
    const struct fhir_code *code = &fhir_codes[set->first];
    uint32_t i;
    int r = 0;

    if (set->count > VALUE_SET_MOST)
        g->too_many = true;
    for (i = 0; r == 0 && !g->too_many && i < set->count; i++)
        if (i == 0 || strcmp(code[i].code, code[i - 1].code) != 0)
            r = token_leaf(g, slot, (struct str){NULL, 0}, str_of(code[i].code));
    return r;
}

static int token_leaves(struct grower *g, uint16_t slot)
{
    const struct search_clause *c = g->s->clause;
    size_t i;
    int r = 0;

    if (c->value_set)
        return value_set_leaves(g, slot);
    if (c->modifier == MOD_TEXT)
        g->too_many = true;
    for (i = 0; r == 0 && !g->too_many && i < c->term_count; i++) {
        const struct search_term *t = &c->terms[i];
        if (c->modifier == MOD_OF_TYPE)
            r = token_leaf(g, slot, (struct str){NULL, 0}, t->u.token.value);
        else if (t->u.token.code.p)
            r = token_leaf(g, slot, t->u.token.system, t->u.token.code);
        else
            g->too_many = true;
    }
    return r;
}

static int uri_leaves(struct grower *g, uint16_t slot)
{
    const struct search_clause *c = g->s->clause;
    uint8_t key[SEARCH_KEY_MAX];
    size_t i, j;
    int r = 0;

    if (c->modifier == MOD_BELOW)
        g->too_many = true;
    for (i = 0; r == 0 && !g->too_many && i < c->term_count; i++) {
        const struct search_term *t = &c->terms[i];
        if (c->modifier != MOD_ABOVE)
            r = add_leaf(g, SEARCH_URI, key, search_uri_key(key, slot, t->u.uri.text));
        for (j = 0; r == 0 && j < t->u.uri.above_count; j++)
            r = add_leaf(
                g, SEARCH_URI, key, search_uri_key(key, slot, t->u.uri.above[j]));
    }
    return r;
}

static int rid_leaves(struct grower *g, uint16_t slot, store_rid rid)
{
    struct search_edge_keys keys;
    size_t i;
    int r = search_edge_keys(g->and->run, slot, rid, &keys);

    for (i = 0; r == 0 && i < keys.count; i++)
        r = add_leaf(g, SEARCH_EDGE, keys.key[i], keys.len[i]);
    return r;
}

/* The record that a term names, if it was ever mentioned, or the hierarchy it stands for. */
static int edge_leaf(struct grower *g, uint16_t slot, unsigned type, struct str id)
{
    const struct search_clause *c = g->s->clause;
    struct search_run *run = g->and->run;
    struct rid_list list = {.a = run->a};
    store_rid rid;
    size_t i;
    int r = store_find(run->r, type, id, &rid, run->err);

    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    if (!c->tree)
        return rid_leaves(g, slot, rid);
    r = search_tree_members(run, rid, c->modifier == MOD_BELOW, &list);
    for (i = 0; r == 0 && i < list.count; i++)
        r = rid_leaves(g, slot, list.list[i]);
    return r;
}

static int reference_term(struct grower *g, uint16_t slot, const struct search_term *t)
{
    const uint16_t *targets = g->s->clause->targets;
    unsigned count, i;
    int r = 0;

    if (!t->u.reference.any_type) {
        for (i = 1; targets && i <= targets[0]; i++)
            if (targets[i] == t->u.reference.type)
                break;
        if (t->u.reference.type && targets && targets[0] && i > targets[0])
            return 0;
        return edge_leaf(g, slot, t->u.reference.type, t->u.reference.id);
    }
    count = targets[0] ? targets[0] : FHIR_TYPE_NUMBER_MAX;
    for (i = 1; r == 0 && i <= count; i++) {
        unsigned type = targets[0] ? targets[i] : i;
        if (fhir_type_numbered(type))
            r = edge_leaf(g, slot, type, t->u.reference.id);
    }
    return r;
}

static int reference_leaves(struct grower *g, uint16_t slot)
{
    const struct search_clause *c = g->s->clause;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->term_count; i++) {
        const struct search_term *t = &c->terms[i];
        if (c->modifier != MOD_IDENTIFIER)
            r = reference_term(g, slot, t);
        else if (t->u.token.code.p)
            r = token_leaf(g, slot, t->u.token.system, t->u.token.code);
        else
            g->too_many = true;
    }
    return r;
}

static int slot_leaves(struct grower *g, uint16_t slot)
{
    switch (g->s->clause->kind) {
    case CLAUSE_TOKEN:
        return token_leaves(g, slot);
    case CLAUSE_URI:
        return uri_leaves(g, slot);
    case CLAUSE_REFERENCE:
    case CLAUSE_COMPARTMENT:
        return reference_leaves(g, slot);
    case CLAUSE_DATE:
    case CLAUSE_NUMBER:
    case CLAUSE_STRING:
    case CLAUSE_POSITION:
    case CLAUSE_COMPOSITE:
    case CLAUSE_PRESENT:
    case CLAUSE_ID:
    case CLAUSE_CHAIN:
    case CLAUSE_HAS:
    case CLAUSE_TEXT:
    case CLAUSE_ANY:
        break;
    }
    g->too_many = true;
    return 0;
}

/* A composite's leaves are those of one part of each term, whichever has some. */
static int composite_leaves(struct grower *g, uint64_t from)
{
    const struct search_clause *c = g->s->clause;
    size_t count = c->param->component_count, i, j, k;
    int r = 0;

    g->s->parts =
        arena_array(g->and->run->a, c->term_count * count, sizeof(*g->s->parts));
    if (!g->s->parts)
        return err_nomem(g->and->run->err);
    for (i = 0; i < c->term_count; i++) {
        struct search_stream *best = NULL;
        for (j = 0; j < count; j++) {
            struct search_stream *part = &g->s->parts[i * count + j];
            part->clause = c->terms[i].u.composite.parts[j];
            r = search_stream_open(g->and, part, from);
            if (r < 0)
                return r;
            if (part->leaves_known && !part->set &&
                (!best || part->estimate < best->estimate))
                best = part;
        }
        if (!best)
            g->too_many = true;
        for (k = 0; r == 0 && best && k < best->leaf_count; k++)
            r = add_leaf(
                g, best->leaves[k].table, best->leaves[k].key, best->leaves[k].key_len);
        if (r < 0)
            return r;
    }
    return r;
}

static int estimate(struct search_and *and, struct search_stream *s, uint64_t from)
{
    struct search_estimate leaf;
    size_t i;
    int r;

    s->estimate = 0;
    s->counted = true;
    for (i = 0; i < s->leaf_count; i++) {
        /* wrong by much, the edges of a few far records would never be collected */
        r = search_leaf_estimate(and->run, &s->leaves[i], from, and->top,
            s->clause->kind == CLAUSE_CHAIN, &leaf);
        if (r < 0)
            return r;
        s->estimate += leaf.rows;
        s->counted &= leaf.counted;
    }
    return 0;
}

static int find_leaves(struct search_and *and, struct search_stream *s, uint64_t from)
{
    struct grower g = {.and = and, .s = s, .too_many = s->clause->unequal};
    size_t i;
    int r = 0;

    if (s->clause->kind == CLAUSE_COMPOSITE)
        r = composite_leaves(&g, from);
    else
        for (i = 0; r == 0 && !g.too_many && i < s->clause->slot_count; i++)
            r = slot_leaves(&g, s->clause->slots[i]);
    if (r < 0)
        return r;
    if (g.too_many)
        s->leaf_count = 0;
    else
        s->leaves_known = true;
    return 0;
}

int search_stream_open(struct search_and *and, struct search_stream *s, uint64_t from)
{
    bool done;
    int r = 0;

    if (s->leaves_tried)
        return 0;
    s->leaves_tried = true;
    s->estimate = and->top;
    if (s->clause->kind == CLAUSE_ID ||
        (s->clause->kind == CLAUSE_COMPARTMENT && s->clause->self)) {
        if (s->clause->kind == CLAUSE_COMPARTMENT)
            r = find_leaves(and, s, from);
        return r < 0 ? r : search_stream_collect(and, s, 0, &done);
    }
    if (s->clause->kind == CLAUSE_TEXT)
        return 0;
    if (s->clause->kind == CLAUSE_ANY)
        return search_any_open(and, s);
    if (s->clause->kind == CLAUSE_CHAIN)
        r = search_chain_leaves(and, s);
    else if (s->clause->kind != CLAUSE_HAS)
        r = find_leaves(and, s, from);
    if (r < 0 || !s->leaves_known)
        return r;
    r = estimate(and, s, from);
    if (r == 0 && s->leaf_count > search_tuning.leaves_merged &&
        (and->thorough || s->estimate <= search_tuning.rows_collected))
        r = search_stream_collect(and, s, 0, &done);
    return r;
}

/* ---- collecting ---- */

static int collect_leaves(struct search_collector *c, const struct search_stream *s)
{
    struct search_run *run = c->and->run;
    uint64_t n = 0;
    size_t i;
    int r;

    for (i = 0; i < s->leaf_count; i++) {
        struct search_leaf leaf;
        search_leaf_init(
            &leaf, s->leaves[i].table, s->leaves[i].key, s->leaves[i].key_len, false);
        leaf.batch = 32;
        for (n = 0;; n++) {
            r = search_leaf_next(run, &leaf, n, &n);
            if (r < 0)
                return r;
            if (n == SEARCH_END)
                break;
            if (search_collector_spent(c))
                return 0;
            r = rid_set_add(c->set, n, run->err);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

static int add_self(struct search_collector *c)
{
    struct search_run *run = c->and->run;
    store_rid rid;
    bool live = false;
    int r = store_find(
        run->r, c->clause->type, c->clause->terms[0].u.reference.id, &rid, run->err);

    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        r = store_live(run->r, rid, &live, run->err);
    if (r == 0 && live)
        r = rid_set_add(c->set, (uint64_t)rid & SEARCH_N_MASK, run->err);
    return r;
}

static int collect(struct search_collector *c, struct search_stream *s);

/* A composite of ranges only: candidates are what its terms' first parts give. */
static int collect_parts(struct search_collector *c, struct search_stream *s)
{
    const struct search_clause *whole = c->clause;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < whole->term_count; i++) {
        struct search_stream *part = &s->parts[i * whole->param->component_count];
        c->clause = part->clause;
        r = collect(c, part);
    }
    c->clause = whole;
    return r;
}

static int collect(struct search_collector *c, struct search_stream *s)
{
    int r;

    if (s->leaves_known) {
        r = collect_leaves(c, s);
        if (r == 0 && s->clause->kind == CLAUSE_COMPARTMENT && s->clause->self)
            r = add_self(c);
        return r;
    }
    if (s->clause->unequal)
        return search_collect_present(c);
    switch (s->clause->kind) {
    case CLAUSE_DATE:
        return search_collect_dates(c);
    case CLAUSE_NUMBER:
        return search_collect_numbers(c);
    case CLAUSE_STRING:
        return search_collect_strings(c);
    case CLAUSE_POSITION:
        return search_collect_places(c);
    case CLAUSE_URI:
        return search_collect_uris(c);
    case CLAUSE_ID:
        return search_collect_ids(c);
    case CLAUSE_CHAIN:
        return search_chain_collect(c->and, s, c);
    case CLAUSE_HAS:
        return search_has_collect(c->and, s, c);
    case CLAUSE_TOKEN:
        /* texts and large value sets: whoever has a value may match */
        return s->clause->look ? search_collect_present(c) : search_collect_tokens(c);
    case CLAUSE_REFERENCE: /* :identifier=system| */
        return search_collect_tokens(c);
    case CLAUSE_COMPOSITE:
        return collect_parts(c, s);
    case CLAUSE_COMPARTMENT:
    case CLAUSE_PRESENT:
        return search_collect_present(c);
    case CLAUSE_ANY:
        return search_any_collect(c->and, s, c);
    case CLAUSE_TEXT: /* there is nothing to collect it from */
        c->stopped = true;
        return 0;
    }
    return 0;
}

/* Candidates that the index cannot decide: places by exact distance, what needs a look. */
static bool exact(const struct search_clause *c)
{
    return !c->look && c->kind != CLAUSE_POSITION;
}

int search_stream_collect(
    struct search_and *and, struct search_stream *s, uint64_t budget, bool *ret_done)
{
    struct search_run *run = and->run;
    struct rid_set *set = arena_alloc(run->a, sizeof(*set));
    struct search_collector c = {.and = and,
        .clause = s->clause,
        .set = set,
        .budget = budget ? budget : UINT64_MAX};
    int r;

    if (!set)
        return err_nomem(run->err);
    rid_set_init(set, run->a, and->top);
    r = collect(&c, s);
    if (r < 0)
        return r;
    *ret_done = !c.stopped;
    if (c.stopped) {
        s->estimate = and->top;
        return 0;
    }
    rid_set_finish(set);
    s->set = set;
    s->set_exact = exact(s->clause);
    s->estimate = set->count;
    s->counted = true;
    return 0;
}

/* ---- going on ---- */

bool search_stream_drives(const struct search_stream *s)
{
    return !s->clause->negate && (s->set || s->leaves_known || search_any_drives(s));
}

int search_stream_next(
    struct search_and *and, struct search_stream *s, uint64_t from, uint64_t *ret)
{
    uint64_t best = SEARCH_END, n;
    size_t i;
    int r;

    if (s->set) {
        *ret = rid_set_next(s->set, from, and->down);
        return 0;
    }
    if (s->any)
        return search_any_next(and, s, from, ret);
    for (i = 0; i < s->leaf_count; i++) {
        r = search_leaf_next(and->run, &s->leaves[i], from, &n);
        if (r < 0)
            return r;
        if (n != SEARCH_END &&
            (best == SEARCH_END || (and->down ? n > best : n < best)))
            best = n;
        if (best == from)
            break;
    }
    *ret = best;
    return 0;
}
