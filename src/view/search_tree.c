/* SPDX-License-Identifier: Apache-2.0 */
/*
 * :above and :below on references to what is part of something of its own type: places,
 * organisations, procedures ... "location:below=Location/h1" is h1 and all that is part
 * of it, however deep; ":above" h1 and all that it is part of. The tree is walked when
 * the search begins, and its members become ORed references. Records that are part of
 * each other in a ring are met once each. A record that the search's filter hides is not
 * passed through.
 */
#include "view/search_filter_internal.h"

/* The parameter by which records of ${type} are part of one another; NULL: none. */
static const struct fhir_param *part_param(unsigned type)
{
    static const char *const codes[] = {"partof", "part-of", "parent"};
    const struct fhir_param *param;
    const uint16_t *targets;
    size_t i;
    unsigned j;

    for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        param = fhir_param_named(type, str_of(codes[i]));
        if (!param || param->kind != FHIR_SEARCH_REFERENCE)
            continue;
        targets = fhir_target_lists[param->targets];
        for (j = 1; j <= targets[0]; j++)
            if (targets[j] == type)
                return param;
    }
    return NULL;
}

static int check_term(
    struct search_parser *p, const struct search_clause *c, const struct search_term *t)
{
    const struct fhir_type *type = fhir_type_numbered(t->u.reference.type);
    unsigned i;

    if (t->u.reference.version.p)
        return search_refuse(p, "A hierarchy has no versions; leave _history out.");
    if (!t->u.reference.any_type) {
        if (type && part_param(type->number))
            return 0;
        return search_refuse(p,
            "%s has no hierarchy that :above and :below could "
            "follow.",
            type ? type->name : "What is elsewhere");
    }
    for (i = 1; i <= c->targets[0]; i++)
        if (part_param(c->targets[i]))
            return 0;
    return search_refuse(p,
        "What %s refers to has no hierarchy that :above and :below could follow.",
        c->param->code);
}

int search_check_tree(struct search_parser *p, struct search_clause *c)
{
    size_t i;
    int r = 0;

    if (c->kind != CLAUSE_REFERENCE || search_by_name(c) ||
        (c->modifier != MOD_ABOVE && c->modifier != MOD_BELOW))
        return 0;
    c->tree = true;
    for (i = 0; r == 0 && i < c->term_count; i++)
        r = check_term(p, c, &c->terms[i]);
    return r;
}

/* ---- by the index ---- */

struct climber {
    struct search_run *run;
    struct rid_list *list;
    const struct fhir_param *param;
};

static int add_member(struct climber *w, store_rid rid)
{
    bool may = true;
    int r = search_allows(w->run, rid, &may);

    if (r < 0 || !may)
        return r;
    r = rid_list_add(w->list, rid, w->run->err);

    if (r == 1 && w->list->count > LIMIT_TREE_RECORDS)
        return err_set(w->run->err, E_TOO_LARGE, NULL,
            "More than %d records are part of one another; name a smaller part.",
            LIMIT_TREE_RECORDS);
    return r < 0 ? r : 0;
}

/* What is part of ${rid}. */
static int add_parts(struct climber *w, store_rid rid)
{
    struct search_edge_keys keys;
    struct search_leaf leaf;
    uint64_t n;
    size_t i, j;
    int r = 0;

    for (i = 0; r == 0 && i < w->param->slot_count; i++) {
        r = search_edge_keys(w->run, w->param->slots[i], rid, &keys);
        for (j = 0; r == 0 && j < keys.count; j++) {
            search_leaf_init(&leaf, SEARCH_EDGE, keys.key[j], keys.len[j], false);
            for (n = 0; r == 0; n++) {
                r = search_leaf_next(w->run, &leaf, n, &n);
                if (r < 0 || n == SEARCH_END)
                    break;
                r = add_member(w, search_rid(store_rid_type(rid), n));
            }
        }
    }
    return r;
}

/* What ${rid} is part of. */
static int add_wholes(struct climber *w, store_rid rid)
{
    struct search_targets targets = {.count = 0};
    size_t i;
    int r =
        search_targets_of(w->run, rid, w->param->slots, w->param->slot_count, &targets);

    for (i = 0; r == 0 && i < targets.count; i++)
        if (store_rid_type(targets.list[i]) == store_rid_type(rid))
            r = add_member(w, targets.list[i]);
    return r;
}

int search_tree_members(
    struct search_run *run, store_rid root, bool below, struct rid_list *ret)
{
    struct climber w = {
        .run = run, .list = ret, .param = part_param(store_rid_type(root))};
    size_t i = 0, level;
    unsigned depth;
    bool may = true;
    int r = rid_list_add(ret, root, run->err);

    if (r >= 0 && !below) /* what it is part of is its content */
        r = search_allows(run, root, &may);
    if (r < 0 || !may)
        return r;
    for (depth = 0; r >= 0 && w.param && i < ret->count; depth++) {
        if (depth > LIMIT_TREE_DEPTH)
            return err_set(run->err, E_TOO_LARGE, NULL,
                "The hierarchy is more than %d levels deep.", LIMIT_TREE_DEPTH);
        for (level = ret->count; r >= 0 && i < level; i++)
            r = below ? add_parts(&w, ret->list[i]) : add_wholes(&w, ret->list[i]);
    }
    return r < 0 ? r : 0;
}

/* ---- by looking ---- */

struct look_climb {
    struct search_look *look;
    struct arena *a; /* of one record */
    const struct fhir_param *param;
    struct rid_list seen;
};

/* Add what the record ${rid} is part of, by its own content. */
static int climb_one(struct look_climb *climb, store_rid rid)
{
    struct search_look look = *climb->look;
    struct fhir_values values = {0};
    const struct json *json = NULL;
    struct store_record record;
    store_rid whole;
    size_t i;
    int r;

    arena_reset(climb->a);
    look.scratch = climb->a;
    r = store_get_rid(look.r, climb->a, rid, true, &record, look.err);
    if (r < 0 || record.operation == STORE_DELETE || record.body.len == 0)
        return r == E_NOT_FOUND ? 0 : r;
    r = json_read_trusted(climb->a, record.body, &json, look.err);
    for (i = 0; r == 0 && i < climb->param->slot_count; i++)
        r = search_look_values(&look, json, climb->param->slots[i], &values);
    for (i = 0; r >= 0 && i < values.count; i++) {
        const struct fhir_reference *ref = &values.list[i].u.reference.ref;
        if (ref->form != FHIR_REF_LOCAL || ref->type != store_rid_type(rid))
            continue;
        r = store_find(look.r, ref->type, ref->id, &whole, look.err);
        r = r == E_NOT_FOUND ? 0
            : r < 0          ? r
                             : rid_list_add(&climb->seen, whole, look.err);
    }
    return r < 0 ? r : 0;
}

/* The same, if the record may be looked at. */
static int climb_if_seen(struct look_climb *climb, store_rid rid)
{
    const struct search_filter *filter = climb->look->filter;
    bool may = true;
    int r = filter ? filter->allows(filter->arg, rid, &may, climb->look->err) : 0;

    return r < 0 || !may ? r : climb_one(climb, rid);
}

/* Is ${from} ${to}, or part of it? */
static int is_part(
    struct search_look *look, unsigned type, struct str from, struct str to)
{
    struct look_climb climb = {.look = look, .param = part_param(type)};
    store_rid start = 0, goal = 0;
    size_t i = 0, level;
    unsigned depth;
    int r = 0;

    if (str_eq(from, to)) /* whether or not there is such a record */
        return 1;
    r = store_find(look->r, type, from, &start, look->err);
    if (r == 0)
        r = store_find(look->r, type, to, &goal, look->err);
    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    climb.a = arena_new();
    if (!climb.a)
        return err_nomem(look->err);
    climb.seen.a = look->scratch;
    r = rid_list_add(&climb.seen, start, look->err);
    for (depth = 0; r >= 0 && climb.param && depth <= LIMIT_TREE_DEPTH; depth++)
        for (level = climb.seen.count; r >= 0 && i < level; i++)
            r = climb_if_seen(&climb, climb.seen.list[i]);
    arena_free(climb.a);
    for (i = 0; r >= 0 && i < climb.seen.count; i++)
        if (climb.seen.list[i] == goal)
            return 1;
    return r < 0 ? r : 0;
}

static int term_has(struct search_look *look, const struct search_clause *c,
    const struct search_term *t, const struct fhir_reference *ref)
{
    if (ref->form != FHIR_REF_LOCAL || !search_is_target(c, ref->type) ||
        (!t->u.reference.any_type && ref->type != t->u.reference.type))
        return 0;
    if (c->modifier == MOD_BELOW)
        return is_part(look, ref->type, ref->id, t->u.reference.id);
    return is_part(look, ref->type, t->u.reference.id, ref->id);
}

int search_look_tree(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    struct fhir_values values = {0};
    size_t i, j;
    int r = 0;

    for (i = 0; r == 0 && i < c->slot_count; i++)
        r = search_look_values(look, resource, c->slots[i], &values);
    for (i = 0; r == 0 && i < values.count; i++)
        for (j = 0; r == 0 && j < c->term_count; j++)
            r = term_has(look, c, &c->terms[j], &values.list[i].u.reference.ref);
    return r;
}
