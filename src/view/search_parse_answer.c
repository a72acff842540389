/* SPDX-License-Identifier: Apache-2.0 */
/* _sort, _include and _revinclude. */
#include "view/search_internal.h"

/* ---- _sort ---- */

static int sort_key(struct search_parser *p, unsigned type, struct str code, bool down,
    struct search_sort_key *ret)
{
    const struct fhir_param *param = fhir_param_named(type, code);
    size_t i;

    *ret = (struct search_sort_key){.down = down};
    if (!param)
        return search_refuse(p, "%s has no search parameter \"%.*s\" to sort by.",
            fhir_type_numbered(type)->name, (int)code.len, code.p);
    ret->kind = param->kind;
    if (str_is(code, "_id"))
        ret->what = SORT_ID;
    else if (str_is(code, "_lastUpdated"))
        ret->what = SORT_UPDATED;
    else if (param->kind == FHIR_SEARCH_COMPOSITE ||
             param->kind == FHIR_SEARCH_SPECIAL || param->slot_count == 0)
        return search_refuse(p, "The parameter \"%.*s\" has no order to sort by.",
            (int)code.len, code.p);
    for (i = 0; i < param->slot_count; i++)
        ret->slots[ret->slot_count++] = param->slots[i];
    return 0;
}

static int sort_keys(struct search_parser *p, struct search_type_plan *t,
    struct str value, size_t *ret_count)
{
    struct str rest = value;
    size_t count = 0;
    int r;

    t->sort = arena_array(p->a, LIMIT_SORT_KEYS, sizeof(*t->sort));
    if (!t->sort)
        return err_nomem(p->err);
    while (rest.p) {
        struct str code = str_cut(&rest, ',');
        bool down = str_starts(code, "-");
        if (down)
            code = (struct str){code.p + 1, code.len - 1};
        if (count == LIMIT_SORT_KEYS)
            return err_set(p->err, E_TOO_LARGE, p->name,
                "More than %d keys to sort by.", LIMIT_SORT_KEYS);
        r = sort_key(p, t->type, code, down, &t->sort[count]);
        if (r < 0)
            return r;
        count++;
    }
    *ret_count = count;
    return 0;
}

int search_parse_sort(struct search_parser *p, struct str value)
{
    size_t count = 0, i;
    int r;

    if (p->plan->sort_given)
        return search_refuse(
            p, "_sort may be given once; put commas between its keys.");
    for (i = 0; i < p->plan->type_count; i++) {
        r = sort_keys(p, &p->plan->types[i], value, &count);
        if (r < 0)
            return r;
    }
    p->plan->sort_given = true;
    p->plan->sort_count = count;
    return 0;
}

/* ---- _include, _revinclude ---- */

static int include_param(
    struct search_parser *p, struct search_include *include, struct str code)
{
    if (str_is(code, "*")) {
        include->all = true;
        return 0;
    }
    include->param = fhir_param_named(include->source, code);
    if (!include->param || include->param->kind != FHIR_SEARCH_REFERENCE)
        return search_refuse(p, "%s has no reference parameter \"%.*s\".",
            fhir_type_numbered(include->source)->name, (int)code.len, code.p);
    return 0;
}

static int parse_include(
    struct search_parser *p, struct search_include *include, struct str value)
{
    struct str rest = value, source = str_cut(&rest, ':'), code = str_cut(&rest, ':');
    const struct fhir_type *type;

    if (str_is(source, "*") && !code.p) {
        include->all = true;
        return 0;
    }
    type = fhir_resource_named(source);
    if (!type)
        return search_refuse(
            p, "\"%.*s\" is not a resource type.", (int)source.len, source.p);
    include->source = type->number;
    if (!code.p)
        return search_refuse(p,
            "It is written Type:parameter, Type:parameter:Target or "
            "Type:*.");
    if (rest.p) {
        type = fhir_resource_named(rest);
        if (!type)
            return search_refuse(
                p, "\"%.*s\" is not a resource type.", (int)rest.len, rest.p);
        include->target = type->number;
    }
    return include_param(p, include, code);
}

int search_parse_include(struct search_parser *p, struct str name, struct str value)
{
    struct search_plan *plan = p->plan;
    struct search_include include = {0};
    struct str modifier = name, base = str_cut(&modifier, ':');
    struct search_include *grown;
    int r;

    include.reverse = str_is(base, "_revinclude");
    if (!include.reverse && !str_is(base, "_include"))
        return search_refuse(p, "This parameter is not known.");
    if (modifier.p && !str_is(modifier, "iterate") && !str_is(modifier, "recurse"))
        return search_refuse(p, "The only modifier here is :iterate.");
    include.iterate = modifier.p != NULL;
    r = parse_include(p, &include, value);
    if (r < 0)
        return r;
    grown = arena_grow(p->a, plan->includes, plan->include_count * sizeof(*grown),
        (plan->include_count + 1) * sizeof(*grown));
    if (!grown)
        return err_nomem(p->err);
    grown[plan->include_count++] = include;
    plan->includes = grown;
    return 0;
}
