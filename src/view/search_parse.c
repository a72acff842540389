/* SPDX-License-Identifier: Apache-2.0 */
/* A search request as a plan: which types, which clauses, how to answer. */
#include <stdio.h>

#include "view/search_internal.h"
#include "view/search_where_internal.h"

/* ---- types ---- */

static int add_type(struct search_parser *p, unsigned type)
{
    struct search_plan *plan = p->plan;
    size_t i;

    for (i = 0; i < plan->type_count; i++)
        if (plan->types[i].type == type)
            return 0;
    /* in the order of rids */
    for (i = plan->type_count; i > 0 && plan->types[i - 1].type > type; i--)
        plan->types[i] = plan->types[i - 1];
    plan->types[i] = (struct search_type_plan){.type = type};
    plan->type_count++;
    return 0;
}

static int add_named_types(struct search_parser *p, struct str value)
{
    struct str rest = value;

    while (rest.p) {
        struct str name = str_cut(&rest, ',');
        const struct fhir_type *type = fhir_resource_named(name);
        if (!type)
            return search_refuse(
                p, "\"%.*s\" is not a resource type.", (int)name.len, name.p);
        if (p->rq->type && p->rq->type != type->number)
            return search_refuse(p, "The search is on one type already.");
        add_type(p, type->number);
    }
    return 0;
}

static int set_types(struct search_parser *p)
{
    unsigned i;
    int r;

    p->plan->types =
        arena_array(p->a, FHIR_TYPE_NUMBER_MAX + 1, sizeof(*p->plan->types));
    if (!p->plan->types)
        return err_nomem(p->err);
    for (i = 0; i < p->rq->pair_count; i++) {
        p->name = "_type";
        if (!str_is(p->rq->pairs[i].name, "_type"))
            continue;
        r = add_named_types(p, p->rq->pairs[i].value);
        if (r < 0)
            return r;
    }
    if (p->plan->type_count > 0)
        return 0;
    if (p->rq->type)
        return add_type(p, p->rq->type);
    for (i = 1; i <= FHIR_TYPE_NUMBER_MAX; i++) {
        const struct fhir_type *type = fhir_type_numbered(i);
        if (type && !type->own)
            add_type(p, i);
    }
    return 0;
}

/* ---- clauses ---- */

int search_branch_add(
    struct search_parser *p, struct search_branch *b, struct search_clause *c)
{
    size_t each = sizeof(struct search_clause *);

    if (b->count == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 4;
        struct search_clause **grown =
            arena_grow(p->a, b->clauses, b->cap * each, cap * each);
        if (!grown)
            return err_nomem(p->err);
        b->clauses = grown;
        b->cap = cap;
    }
    b->clauses[b->count++] = c;
    return 0;
}

/* What a pair asks of records of ${type}. */
static int parse_pair(struct search_parser *p, unsigned type,
    const struct search_pair *pair, const struct search_where *where,
    struct search_branch *ret)
{
    struct search_clause *c = NULL;
    int r;

    if (where)
        return search_where_clauses(p, type, where, ret);
    r = search_parse_clause(p, type, pair->name, pair->value, 0, &c);
    return r < 0 ? r : search_branch_add(p, ret, c);
}

/* Only once all types took it, so that a lenient search leaves it out of all. */
static int add_filter(struct search_parser *p, const struct search_pair *pair)
{
    size_t count = p->plan->type_count, i, j;
    struct search_branch *found = arena_array(p->a, count + 1, sizeof(*found));
    const struct search_where *where = NULL;
    int r = found ? 0 : err_nomem(p->err);

    if (r == 0 && str_is(pair->name, "_filter"))
        r = search_where_read(p, pair->value, &where);
    for (i = 0; r == 0 && i < count; i++)
        r = parse_pair(p, p->plan->types[i].type, pair, where, &found[i]);
    for (i = 0; r == 0 && i < count; i++)
        for (j = 0; r == 0 && j < found[i].count; j++)
            r = search_branch_add(p, &p->plan->types[i].all, found[i].clauses[j]);
    return r;
}

static int compartment_clause(
    struct search_parser *p, unsigned type, struct search_clause **ret)
{
    struct search_clause *c = arena_alloc(p->a, sizeof(*c));
    size_t i, j, count = 0;

    if (!c)
        return err_nomem(p->err);
    for (i = 0; i < fhir_compartment_link_count; i++)
        count += fhir_compartment_links[i].compartment == p->rq->compartment &&
                 fhir_compartment_links[i].type == type;
    c->kind = CLAUSE_COMPARTMENT;
    c->type = type;
    c->name = "compartment";
    c->self = type == p->rq->compartment;
    c->slots = arena_array(p->a, count * FHIR_PARAM_SLOTS + 1, sizeof(*c->slots));
    c->terms = arena_array(p->a, 1, sizeof(*c->terms));
    if (!c->slots || !c->terms)
        return err_nomem(p->err);
    c->term_count = 1;
    c->terms[0].u.reference.type = p->rq->compartment;
    c->terms[0].u.reference.id = p->rq->compartment_id;
    for (i = 0; i < fhir_compartment_link_count; i++) {
        const struct fhir_compartment_link *link = &fhir_compartment_links[i];
        if (link->compartment != p->rq->compartment || link->type != type)
            continue;
        for (j = 0; j < fhir_params[link->param].slot_count; j++)
            c->slots[c->slot_count++] = fhir_params[link->param].slots[j];
    }
    *ret = c;
    return 0;
}

/* Types that have no part in the compartment are left out of a search over many. */
static int parse_compartment(struct search_parser *p)
{
    struct search_clause *c = NULL;
    size_t kept = 0, i;
    int r;

    if (p->rq->compartment == 0)
        return 0;
    for (i = 0; i < p->plan->type_count; i++) {
        r = compartment_clause(p, p->plan->types[i].type, &c);
        if (r < 0)
            return r;
        if (c->slot_count == 0 && !c->self && p->rq->type == 0)
            continue;
        p->plan->types[kept] = p->plan->types[i];
        r = search_branch_add(p, &p->plan->types[kept++].all, c);
        if (r < 0)
            return r;
    }
    p->plan->type_count = kept;
    return 0;
}

/* ---- parameters about the answer ---- */

static int one_of(struct search_parser *p, struct str value, const char *const *names)
{
    int i;

    for (i = 0; names[i]; i++)
        if (str_is(value, names[i]))
            return i;
    return search_refuse(
        p, "\"%.*s\" is not a value this parameter takes.", (int)value.len, value.p);
}

static int set_count(struct search_parser *p, struct search_query *q, struct str value)
{
    int64_t count;

    if (!text_int(value, 0, INT64_MAX, &count))
        return search_refuse(p, "The number of records a page is 0 to %d.", LIMIT_PAGE);
    q->count = count > LIMIT_PAGE ? LIMIT_PAGE : (size_t)count;
    return 0;
}

static int set_elements(
    struct search_parser *p, struct search_query *q, struct str value)
{
    struct str rest = value;
    size_t count = q->element_count + 1, i;
    struct str *list;

    for (i = 0; i < value.len; i++)
        count += value.p[i] == ',';
    list = arena_array(p->a, count, sizeof(*list));
    if (!list)
        return err_nomem(p->err);
    for (i = 0; i < q->element_count; i++)
        list[i] = q->elements[i];
    while (rest.p) {
        struct str name = str_cut(&rest, ',');
        if (name.len)
            list[q->element_count++] = name;
    }
    q->elements = list;
    return 0;
}

static int set_total(struct search_parser *p, struct search_query *q, struct str value)
{
    static const char *const names[] = {"none", "estimate", "accurate", NULL};
    int i = one_of(p, value, names);

    if (i < 0)
        return i;
    q->total = (enum search_total)(SEARCH_TOTAL_NONE + i);
    return 0;
}

static int set_summary(
    struct search_parser *p, struct search_query *q, struct str value)
{
    static const char *const names[] = {"false", "true", "text", "data", "count", NULL};
    int i = one_of(p, value, names);

    if (i < 0)
        return i;
    q->summary = (enum search_summary)i;
    return 0;
}

static int set_explain(
    struct search_parser *p, struct search_query *q, struct str value)
{
    static const char *const names[] = {"false", "true", NULL};
    int i = one_of(p, value, names);

    if (i < 0)
        return i;
    q->explain = i == 1;
    return 0;
}

static int set_contained(struct search_parser *p, struct str value)
{
    if (str_is(value, "false"))
        return 0;
    return err_set(p->err, E_UNSUPPORTED, p->name,
        "Searching contained resources is not supported; only _contained=false is.");
}

/* 1: ${pair} was about the answer; 0: it is not. */
static int answer_param(
    struct search_parser *p, struct search_query *q, const struct search_pair *pair)
{
    struct str name = pair->name, value = pair->value;
    int r;

    if (str_is(name, "_type"))
        r = 0;
    else if (str_is(name, "_count"))
        r = set_count(p, q, value);
    else if (str_is(name, "_total"))
        r = set_total(p, q, value);
    else if (str_is(name, "_summary"))
        r = set_summary(p, q, value);
    else if (str_is(name, "_elements"))
        r = set_elements(p, q, value);
    else if (str_is(name, "_explain"))
        r = set_explain(p, q, value);
    else if (str_is(name, "_contained"))
        r = set_contained(p, value);
    else if (str_is(name, "_sort"))
        r = search_parse_sort(p, value);
    else if (str_starts(name, "_include") || str_starts(name, "_revinclude"))
        r = search_parse_include(p, name, value);
    else
        return 0;
    return r < 0 ? r : 1;
}

/* ---- all ---- */

/* The caller's own parameters; not ours, and not told as unknown. */
static bool is_callers(struct str name)
{
    return str_is(name, "_format") || str_is(name, "_pretty") ||
           str_is(name, "_cursor");
}

static int take_pair(
    struct search_parser *p, struct search_query *q, const struct search_pair *pair)
{
    int r = answer_param(p, q, pair);

    if (r == 0)
        r = add_filter(p, pair);
    return r < 0 ? r : 0;
}

/* Note what was understood: of a _count beyond the ceiling, the ceiling. */
static int note_used(
    struct search_parser *p, struct search_query *q, const struct search_pair *pair)
{
    struct search_pair used = *pair;
    int64_t count;
    char *text;

    if (str_is(pair->name, "_count") &&
        text_int(pair->value, LIMIT_PAGE + 1, INT64_MAX, &count)) {
        text = arena_printf(p->a, "%d", LIMIT_PAGE);
        if (!text)
            return err_nomem(p->err);
        used.value = str_of(text);
    }
    q->used[q->used_count++] = used;
    return 0;
}

static int take_pairs(
    struct search_parser *p, struct search_query *q, struct fhir_issues *issues)
{
    struct err local = {0};
    struct err *given = p->err;
    size_t i;
    int r = 0;

    for (i = 0; i < p->rq->pair_count; i++) {
        const struct search_pair *pair = &p->rq->pairs[i];
        size_t stored = p->plan->stored.count;
        if (is_callers(pair->name))
            continue;
        p->name =
            arena_strndup(p->a, pair->name.len ? pair->name.p : "", pair->name.len);
        if (!p->name)
            return err_nomem(given);
        p->err = &local;
        r = take_pair(p, q, pair);
        if (r == 0)
            r = note_used(p, q, pair);
        p->err = given;
        if (r == 0)
            continue;
        p->plan->stored.count = stored;
        if (!p->rq->lenient || !issues || (r != E_INVALID && r != E_UNSUPPORTED)) {
            if (given)
                *given = local;
            return r;
        }
        r = fhir_issue_add(p->a, issues,
            (struct fhir_issue){.severity = FHIR_WARNING,
                .code = "not-supported",
                .path = p->name,
                .text = arena_strndup(p->a, local.text, strlen(local.text))});
        if (r < 0)
            return err_nomem(given);
    }
    return 0;
}

int search_parse(struct arena *a, const struct search_request *rq,
    struct fhir_issues *issues, struct search_query **ret, struct err *err)
{
    struct search_query *q = arena_alloc(a, sizeof(*q));
    struct search_plan *plan = arena_alloc(a, sizeof(*plan));
    struct search_parser p = {.a = a, .rq = rq, .plan = plan, .err = err, .name = ""};
    int r;

    if (!q || !plan)
        return err_nomem(err);
    if (rq->pair_count > LIMIT_QUERY_PARAMS)
        return err_set(err, E_TOO_LARGE, NULL, "The query has more than %d parameters.",
            LIMIT_QUERY_PARAMS);
    plan->request = *rq;
    q->plan_ = plan;
    q->count = LIMIT_PAGE_DEFAULT;
    q->used = arena_array(a, rq->pair_count + 1, sizeof(*q->used));
    if (!q->used)
        return err_nomem(err);
    r = set_types(&p);
    if (r == 0)
        r = parse_compartment(&p);
    if (r == 0)
        r = take_pairs(&p, q, issues);
    if (r < 0)
        return r;
    plan->counting = q->summary == SEARCH_SUMMARY_COUNT || q->count == 0;
    *ret = q;
    return 0;
}
