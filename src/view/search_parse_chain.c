/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on other records:
 *     name[:Type].rest           a chain; rest is a name on the target
 *     _has:Type:reference:rest   a reverse chain; rest is a name on Type
 */
#include "view/search_internal.h"

/* The far side of a plain chain: one clause from a name and a value. */
struct plain_far {
    struct str rest;
    struct str value;
    unsigned depth;
};

static int make_plain_far(
    struct search_parser *p, void *arg, unsigned type, struct search_far *ret)
{
    const struct plain_far *far = arg;

    struct search_clause *c = NULL;
    int r = search_parse_clause(p, type, far->rest, far->value, far->depth + 1, &c);

    ret->type = type;
    return r < 0 ? r : search_branch_add(p, &ret->all, c);
}

int search_chain_fars(
    struct search_parser *p, struct search_clause *c, search_far_make make, void *arg)
{
    unsigned count = c->targets[0] ? c->targets[0] : FHIR_TYPE_NUMBER_MAX, i;
    struct err first = {0};
    int r;

    c->far = arena_array(p->a, count, sizeof(*c->far));
    if (!c->far)
        return err_nomem(p->err);
    for (i = 1; i <= count; i++) {
        unsigned type = c->targets[0] ? c->targets[i] : i;
        if (!fhir_type_numbered(type))
            continue;
        size_t stored = p->plan->stored.count;
        r = make(p, arg, type, &c->far[c->far_count]);
        if (r < 0)
            p->plan->stored.count = stored;
        c->far_count += r == 0;
        if (r == E_NOMEM || r == E_TOO_LARGE)
            return r;
        if (r < 0 && !first.code && p->err)
            first = *p->err;
    }
    if (c->far_count > 0)
        return 0;
    if (first.code && p->err)
        *p->err = first;
    return first.code ? first.code : search_refuse(p, "The chain leads nowhere.");
}

int search_chain_begin(
    struct search_parser *p, unsigned type, struct str head, struct search_clause **ret)
{
    struct str modifier = head, code = str_cut(&modifier, ':');
    const struct fhir_param *param = search_find_param(p, type, code);
    const struct fhir_type *target;
    struct search_clause *c;
    int r = 0;

    if (!param)
        return E_INVALID;
    if (param->kind != FHIR_SEARCH_REFERENCE)
        return search_refuse(p,
            "\"%.*s\" is not a reference, so nothing can be chained to "
            "it.",
            (int)code.len, code.p);
    c = search_clause_new(p, type, CLAUSE_CHAIN, param);
    if (!c)
        return err_nomem(p->err);
    if (modifier.p) {
        target = fhir_resource_named(modifier);
        if (!target)
            return search_refuse(
                p, "\"%.*s\" is not a resource type.", (int)modifier.len, modifier.p);
        r = search_set_target(p, c, target->number);
    }
    if (r == 0)
        *ret = c;
    return r;
}

int search_parse_chain(struct search_parser *p, unsigned type, struct str name,
    struct str value, unsigned depth, struct search_clause **ret)
{
    struct plain_far far = {.rest = name, .value = value, .depth = depth};
    struct str head = str_cut(&far.rest, '.');
    struct search_clause *c = NULL;
    int r = search_chain_begin(p, type, head, &c);

    if (r == 0 && c)
        r = search_chain_fars(p, c, make_plain_far, &far);
    if (r == 0)
        *ret = c;
    return r;
}

int search_parse_has(struct search_parser *p, unsigned type, struct str name,
    struct str value, unsigned depth, struct search_clause **ret)
{
    struct str rest = name; /* "_has:Type:parameter:rest" */
    struct str word = str_cut(&rest, ':');
    struct str far_name = str_cut(&rest, ':');
    struct str code = str_cut(&rest, ':');
    const struct fhir_type *far = fhir_resource_named(far_name);
    const struct fhir_param *param;
    struct plain_far plain;
    struct search_clause *c;
    int r;

    (void)word;
    if (!far || !rest.p || rest.len == 0)
        return search_refuse(p, "It is written _has:Type:reference:parameter=value.");
    param = search_find_param(p, far->number, code);
    if (!param)
        return E_INVALID;
    if (param->kind != FHIR_SEARCH_REFERENCE)
        return search_refuse(
            p, "\"%.*s\" of %s is not a reference.", (int)code.len, code.p, far->name);
    c = search_clause_new(p, type, CLAUSE_HAS, param);
    if (!c)
        return err_nomem(p->err);
    r = search_set_target(p, c, type);
    if (r < 0)
        return r;
    c->far = arena_array(p->a, 1, sizeof(*c->far));
    if (!c->far)
        return err_nomem(p->err);
    plain = (struct plain_far){.rest = rest, .value = value, .depth = depth};
    r = make_plain_far(p, &plain, far->number, &c->far[0]);
    if (r < 0)
        return r;
    c->far_count = 1;
    *ret = c;
    return 0;
}
