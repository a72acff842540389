/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching without any index, chains by fetching what is referred to and _has by
 * going through all records of the far type: the answer the index must agree with.
 */
#include "view/search_internal.h"

/* Links of chains, each perhaps within alternatives of a filter as deep as may be. */
#define LOOK_DEPTH (2 * LIMIT_CHAIN_DEPTH + LIMIT_FILTER_DEPTH)

/* Clauses of any kind, negation and chains included. 1, 0 or negative. */
static int look_branch(struct search_look *look, const struct search_branch *all,
    const struct json *resource, utc_ms updated);

/* May ${rid} be looked at? 1, 0 or negative. */
static int may_look(const struct search_look *look, store_rid rid)
{
    bool may = true;
    int r = look->filter ? look->filter->allows(look->filter->arg, rid, &may, look->err)
                         : 0;

    return r < 0 ? r : may;
}

/* Call ${visit} for a record that is not deleted; 1, 0 or negative. */
static int look_record(struct search_look *look, const struct search_branch *all,
    store_rid rid,
    int (*visit)(struct search_look *, const struct search_branch *,
        const struct json *, store_rid, const void *),
    const void *arg)
{
    struct store_record record;
    const struct json *json = NULL;
    struct search_look inner = *look;
    int r = may_look(look, rid);

    if (r != 1)
        return r;
    inner.scratch = arena_new();
    if (!inner.scratch)
        return err_nomem(look->err);
    r = store_get_rid(look->r, inner.scratch, rid, true, &record, look->err);
    if (r == E_NOT_FOUND)
        r = 0;
    else if (r == 0 && record.operation != STORE_DELETE && record.body.len) {
        r = json_read_trusted(inner.scratch, record.body, &json, look->err);
        if (r == 0)
            r = visit(&inner, all, json, rid, arg ? arg : &record.updated);
    }
    arena_free(inner.scratch);
    return r;
}

static int visit_branch(struct search_look *look, const struct search_branch *all,
    const struct json *resource, store_rid rid, const void *arg)
{
    const utc_ms *updated = arg;

    (void)rid;
    return look_branch(look, all, resource, *updated);
}

/* ---- chains ---- */

/* Records of ${type} whose url is ${url} and that satisfy ${c}. */
struct by_url {
    struct str url;
    utc_ms updated;
};

static int visit_by_url(struct search_look *look, const struct search_branch *all,
    const struct json *resource, store_rid rid, const void *arg)
{
    const struct by_url *by = arg;

    (void)rid;
    if (!str_eq(json_get_text(resource, "url"), by->url))
        return 0;
    return look_branch(look, all, resource, by->updated);
}

static int each_of_type(struct search_look *look, const struct search_branch *all,
    unsigned type,
    int (*visit)(struct search_look *, const struct search_branch *,
        const struct json *, store_rid, const void *),
    const void *arg)
{
    store_rid batch[64], after = 0;
    size_t count = 0, i;
    int r = 0;

    do {
        r = store_rids(look->r, type, after, batch, 64, &count, look->err);
        for (i = 0; r == 0 && i < count; i++)
            r = look_record(look, all, batch[i], visit, arg);
        if (count)
            after = batch[count - 1];
    } while (r == 0 && count == 64);
    return r;
}

static int look_target(
    struct search_look *look, const struct search_clause *c, const struct fhir_value *v)
{
    const struct fhir_reference *ref = &v->u.reference.ref;
    struct str text = ref->text;
    struct by_url by = {.url = str_cut(&text, '|')};
    store_rid rid;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->far_count; i++) {
        if (ref->form == FHIR_REF_LOCAL && ref->type == c->far[i].type) {
            r = store_find(look->r, ref->type, ref->id, &rid, look->err);
            if (r == E_NOT_FOUND)
                return 0;
            if (r == 0)
                r = look_record(look, &c->far[i].all, rid, visit_branch, NULL);
        } else if ((ref->form == FHIR_REF_ABSOLUTE || ref->form == FHIR_REF_URN) &&
                   fhir_param_named(c->far[i].type, STR("url"))) {
            r = each_of_type(look, &c->far[i].all, c->far[i].type, visit_by_url, &by);
        }
    }
    return r;
}

static int look_chain(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    struct fhir_values values = {0};
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->slot_count; i++)
        r = search_look_values(look, resource, c->slots[i], &values);
    for (i = 0; r == 0 && i < values.count; i++)
        r = look_target(look, c, &values.list[i]);
    return r;
}

/* ---- _has ---- */

struct has_visit {
    const struct search_clause *has;
    struct str id;
};

/* Does the far record refer to the one at hand, and satisfy the far clause? */
static int visit_has(struct search_look *look, const struct search_branch *all,
    const struct json *resource, store_rid rid, const void *arg)
{
    const struct has_visit *visit = arg;
    struct fhir_values values = {0};
    struct store_record record;
    bool refers = false;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < visit->has->slot_count; i++)
        r = search_look_values(look, resource, visit->has->slots[i], &values);
    for (i = 0; r == 0 && i < values.count; i++) {
        const struct fhir_reference *ref = &values.list[i].u.reference.ref;
        refers |= ref->form == FHIR_REF_LOCAL && ref->type == visit->has->type &&
                  str_eq(ref->id, visit->id);
    }
    if (r < 0 || !refers)
        return r;
    r = store_get_rid(look->r, look->scratch, rid, false, &record, look->err);
    return r < 0 ? r : look_branch(look, all, resource, record.updated);
}

static int look_has(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    struct has_visit visit = {.has = c, .id = json_get_text(resource, "id")};

    return each_of_type(look, &c->far[0].all, c->far[0].type, visit_has, &visit);
}

/* ---- all of them ---- */

static int look_any(struct search_look *look, const struct search_clause *c,
    const struct json *resource, utc_ms updated)
{
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->branch_count; i++)
        r = look_branch(look, &c->branches[i], resource, updated);
    return r;
}

static int look_all(struct search_look *look, const struct search_clause *c,
    const struct json *resource, utc_ms updated)
{
    int r;

    if (++look->depth > LOOK_DEPTH)
        return err_set(look->err, E_TOO_LARGE, c->name, "The chain is too long.");
    if (c->kind == CLAUSE_CHAIN)
        r = look_chain(look, c, resource);
    else if (c->kind == CLAUSE_HAS)
        r = look_has(look, c, resource);
    else if (c->kind == CLAUSE_ANY)
        r = look_any(look, c, resource, updated);
    else
        r = search_look_clause(look, c, resource, updated);
    look->depth--;
    if (r < 0)
        return r;
    return c->negate ? !r : r;
}

static int look_branch(struct search_look *look, const struct search_branch *all,
    const struct json *resource, utc_ms updated)
{
    size_t i;
    int r = 1;

    for (i = 0; r == 1 && i < all->count; i++)
        r = look_all(look, all->clauses[i], resource, updated);
    return r;
}

/* The time of change is the version's: the resource may not tell it. */
static int find_updated(const struct search_look *look, unsigned type,
    const struct json *resource, utc_ms *ret)
{
    struct store_record record;
    utc_ms lo, hi;
    int e = E_NOT_FOUND;

    if (look->r)
        e = store_get(look->r, look->scratch, type, json_get_text(resource, "id"),
            &record, look->err);

    if (e == 0)
        e = may_look(look, record.rid);
    if (e == 1) {
        *ret = record.updated;
        return 0;
    }
    e = e == 0 ? E_NOT_FOUND : e; /* hidden is as good as not there */
    if (e != E_NOT_FOUND)
        return e;
    if (fhir_date_range(
            json_get_text(json_get(resource, "meta"), "lastUpdated"), &lo, &hi))
        *ret = lo;
    return 0;
}

/* Value sets that are records are read by a run. */
static int read_value_sets(struct store_reader *r, struct arena *a,
    const struct search_query *q, struct err *err)
{
    struct search_run run;
    int e;

    if (q->plan_->stored.count == 0)
        return 0;
    e = search_run_init(&run, r, a, q, err);
    search_run_done(&run);
    return e;
}

int search_matches(struct store_reader *r, struct arena *a,
    const struct search_query *q, const struct json *resource, bool *ret,
    struct err *err)
{
    const struct fhir_type *type =
        fhir_resource_named(json_get_text(resource, "resourceType"));
    const struct search_plan *plan = q->plan_;
    struct search_look look = {.r = r,
        .scratch = a,
        .bases = &plan->request.bases,
        .filter = plan->request.filter,
        .err = err};
    utc_ms updated = 0;
    bool found = false;
    size_t i, j;
    int e;

    if (!type)
        return err_set(
            err, E_INVALID, "resourceType", "The resource has no known type.");
    e = read_value_sets(r, a, q, err);
    if (e == 0)
        e = find_updated(&look, type->number, resource, &updated);
    for (i = 0; e == 0 && i < plan->type_count; i++) {
        if (plan->types[i].type != type->number)
            continue;
        found = true;
        for (j = 0; found && j < plan->types[i].all.count; j++) {
            const struct search_clause *c = plan->types[i].all.clauses[j];
            if (c->kind == CLAUSE_COMPARTMENT)
                continue;
            e = look_all(&look, c, resource, updated);
            if (e < 0)
                return e;
            found = e == 1;
            e = 0;
        }
    }
    if (e < 0)
        return e;
    *ret = found;
    return 0;
}
