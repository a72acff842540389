/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluating FHIRPath. Every expression takes a single value as $this and gives a
 * collection; a chain feeds the collection of each step to the next. Values made are
 * counted over the whole evaluation, so that no expression runs away.
 *
 * What resolve() gives is not the other record (it is not here) but an item without
 * value that knows its type: enough for `resolve() is Patient`.
 */
#include <stdio.h>

#include "base/limits.h"

#include "fhir/path_internal.h"
#include "fhir/value.h"

struct items {
    struct fhir_path_item *list;
    size_t count;
    size_t cap;
};

struct evaluation {
    struct arena *arena;
    struct fhir_path_item resource;
    size_t made;  /* items added so far */
    size_t steps; /* work done so far */
    const struct json *yes, *no;
    struct err *err;
};

static int evaluate(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out);

/* Count work that may give no value, so that an expression ends in bounded time. */
static int spend(struct evaluation *e, size_t steps)
{
    e->steps += steps;
    if (e->steps > LIMIT_PATH_STEPS)
        return err_set(e->err, E_TOO_LARGE, NULL,
            "The FHIRPath expression takes more than %d steps on this record.",
            LIMIT_PATH_STEPS);
    return 0;
}

/* ---- collections ---- */

static int add(struct evaluation *e, struct items *to, struct fhir_path_item item)
{
    if (++e->made > LIMIT_PATH_NODES)
        return err_set(e->err, E_TOO_LARGE, NULL,
            "The FHIRPath expression gives more than %d values.", LIMIT_PATH_NODES);
    if (to->count == to->cap) {
        size_t cap = to->cap ? to->cap * 2 : 8;
        struct fhir_path_item *grown = arena_grow(
            e->arena, to->list, to->cap * sizeof(*grown), cap * sizeof(*grown));
        if (!grown)
            return err_nomem(e->err);
        to->list = grown;
        to->cap = cap;
    }
    to->list[to->count++] = item;
    return 0;
}

static int add_bool(struct evaluation *e, struct items *to, bool v)
{
    return add(e, to,
        (struct fhir_path_item){
            .value = v ? e->yes : e->no, .type = fhir_path_type(STR("boolean"))});
}

static int add_count(struct evaluation *e, struct items *to, size_t count)
{
    struct fhir_path_item item = {.type = fhir_path_type(STR("integer"))};
    char text[24];
    int len = snprintf(text, sizeof(text), "%zu", count);
    int r = json_read_trusted(
        e->arena, (struct str){text, (size_t)len}, &item.value, e->err);
    return r < 0 ? r : add(e, to, item);
}

/* A collection as a condition: 1, 0, or -1 for empty. One value that is no boolean
 * counts as true. */
static int truth(struct evaluation *e, const struct items *c, int *ret)
{
    if (c->count > 1)
        return err_set(e->err, E_INVALID, NULL,
            "The FHIRPath expression uses %zu values where one condition is needed.",
            c->count);
    if (c->count == 0)
        *ret = -1;
    else
        *ret = json_kind(c->list[0].value) != JSON_FALSE;
    return 0;
}

static int evaluate_truth(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, int *ret)
{
    struct items found = {0};
    int r = evaluate(e, n, self, &found);
    return r < 0 ? r : truth(e, &found, ret);
}

/* ---- members ---- */

/* All values of the member ${name} (as JSON calls it). */
static int add_member(struct evaluation *e, const struct fhir_path_item *of,
    struct str name, const struct json *value, struct items *out)
{
    const struct fhir_element *element = fhir_path_element(of->type, name);
    struct json_each it = json_each(value);
    bool many = json_is_array(value);
    int r = 0;
    if (!many)
        it = (struct json_each){.value = value};
    while (r == 0 && (!many || json_next(&it))) {
        struct fhir_path_item item = {.value = it.value};
        item.pointer =
            fhir_path_below(e->arena, of->pointer, name, many ? (long)it.index : -1);
        item.type = fhir_path_actual_type(element ? element->type : 0, it.value);
        if (of->pointer && !item.pointer)
            return err_nomem(e->err);
        if (json_kind(it.value) != JSON_NULL)
            r = add(e, out, item);
        if (!many)
            break;
    }
    return r;
}

/* True when ${json_name} is the choice ${name} with a type behind it. */
static bool is_choice_of(uint16_t type, struct str json_name, struct str name)
{
    const struct fhir_element *element = NULL;
    if (json_name.len <= name.len || memcmp(json_name.p, name.p, name.len) != 0)
        return false;
    element = fhir_path_element(type, json_name);
    return element && element->choice > 0 &&
           strlen(fhir_types[element->type].name) == json_name.len - name.len;
}

static int member(struct evaluation *e, const struct fhir_path_item *of,
    struct str name, struct items *out)
{
    const struct json *value = json_getn(of->value, name);
    struct json_each it;
    int r = spend(e, 1);
    if (r < 0)
        return r;
    if (value && (of->type == 0 || fhir_path_element(of->type, name)))
        return add_member(e, of, name, value, out);
    it = json_each(json_is_object(of->value) ? of->value : NULL);
    while (r == 0 && json_next(&it))
        if (is_choice_of(of->type, it.name, name))
            r = add_member(e, of, it.name, it.value, out);
    return r;
}

/* ---- functions ---- */

static int resolve_one(
    struct evaluation *e, const struct fhir_path_item *item, struct items *out)
{
    struct str text = json_is_object(item->value)
                          ? json_get_text(item->value, "reference")
                          : json_text(item->value);
    struct fhir_reference ref = fhir_reference_parse(text, (struct str){NULL, 0});
    struct json_each it;
    if (ref.form == FHIR_REF_LOCAL || ref.form == FHIR_REF_SEARCH) {
        const struct fhir_type *type = fhir_type_numbered(ref.type);
        return add(
            e, out, (struct fhir_path_item){.type = (uint16_t)(type - fhir_types)});
    }
    if (ref.form != FHIR_REF_CONTAINED)
        return 0;
    if (ref.id.len == 0)
        return add(e, out, e->resource);
    it = json_each(json_get(e->resource.value, "contained"));
    while (json_next(&it)) {
        struct fhir_path_item found = {.value = it.value};
        if (!str_eq(json_get_text(it.value, "id"), ref.id))
            continue;
        found.pointer = fhir_path_below(
            e->arena, e->resource.pointer, STR("contained"), (long)it.index);
        found.type =
            fhir_path_actual_type(fhir_path_type(STR("Resource")), found.value);
        return found.pointer ? add(e, out, found) : err_nomem(e->err);
    }
    return 0;
}

static int filter(struct evaluation *e, const struct fhir_path *criteria,
    const struct items *in, struct items *out)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < in->count; i++) {
        int true_here = 0;
        r = evaluate_truth(e, criteria, &in->list[i], &true_here);
        if (r == 0 && true_here == 1)
            r = add(e, out, in->list[i]);
    }
    return r;
}

static int of_type(
    struct evaluation *e, uint16_t type, const struct items *in, struct items *out)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < in->count; i++)
        if (fhir_path_is(in->list[i].type, type))
            r = add(e, out, in->list[i]);
    return r;
}

static int is_type(
    struct evaluation *e, uint16_t type, const struct items *in, struct items *out)
{
    if (in->count == 0)
        return 0;
    if (in->count > 1)
        return err_set(e->err, E_INVALID, NULL,
            "The FHIRPath expression asks for the type of %zu values at once.",
            in->count);
    return add_bool(e, out, fhir_path_is(in->list[0].type, type));
}

static int extensions(struct evaluation *e, const struct fhir_path *n,
    const struct items *in, const struct fhir_path_item *self, struct items *out)
{
    struct items url = {0};
    int r = evaluate(e, n->operands, self, &url);
    if (r == 0 && (url.count != 1 || !json_is_string(url.list[0].value)))
        r = err_set(e->err, E_INVALID, NULL,
            "The function extension() of FHIRPath needs one text, the extension's "
            "URL.");
    for (size_t i = 0; r == 0 && i < in->count; i++) {
        struct items all = {0};
        r = member(e, &in->list[i], STR("extension"), &all);
        for (size_t k = 0; r == 0 && k < all.count; k++)
            if (str_eq(json_get_text(all.list[k].value, "url"),
                    json_text(url.list[0].value)))
                r = add(e, out, all.list[k]);
    }
    return r;
}

static int add_from(struct evaluation *e, const struct items *in, size_t from,
    size_t to, struct items *out)
{
    int r = 0;
    for (size_t i = from; r == 0 && i < to && i < in->count; i++)
        r = add(e, out, in->list[i]);
    return r;
}

static int negate(struct evaluation *e, const struct items *in, struct items *out)
{
    int v = 0;
    int r = truth(e, in, &v);
    if (r < 0 || v < 0)
        return r;
    return add_bool(e, out, v == 0);
}

static int exists(struct evaluation *e, const struct fhir_path *n,
    const struct items *in, struct items *out)
{
    struct items left = *in;
    int r = 0;
    if (n->operands) {
        left = (struct items){0};
        r = filter(e, n->operands, in, &left);
    }
    return r < 0 ? r : add_bool(e, out, left.count > 0);
}

static int call(struct evaluation *e, const struct fhir_path *n, const struct items *in,
    const struct fhir_path_item *self, struct items *out)
{
    int r = 0;
    switch (n->function) {
    case PATH_F_WHERE:
        return filter(e, n->operands, in, out);
    case PATH_F_EXISTS:
        return exists(e, n, in, out);
    case PATH_F_EMPTY:
        return add_bool(e, out, in->count == 0);
    case PATH_F_FIRST:
        return add_from(e, in, 0, 1, out);
    case PATH_F_LAST:
        return add_from(e, in, in->count ? in->count - 1 : 0, in->count, out);
    case PATH_F_TAIL:
        return add_from(e, in, 1, in->count, out);
    case PATH_F_COUNT:
        return add_count(e, out, in->count);
    case PATH_F_NOT:
        return negate(e, in, out);
    case PATH_F_OF_TYPE:
    case PATH_F_AS:
        return of_type(e, n->type, in, out);
    case PATH_F_IS:
        return is_type(e, n->type, in, out);
    case PATH_F_RESOLVE:
        for (size_t i = 0; r == 0 && i < in->count; i++)
            r = resolve_one(e, &in->list[i], out);
        return r;
    case PATH_F_EXTENSION:
        return extensions(e, n, in, self, out);
    }
    return E_BUG;
}

/* ---- chains ---- */

static int index_into(struct evaluation *e, const struct fhir_path *n,
    const struct items *in, const struct fhir_path_item *self, struct items *out)
{
    struct items index = {0};
    int64_t i = 0;
    int r = evaluate(e, n->operands, self, &index);
    if (r < 0)
        return r;
    if (index.count == 0)
        return 0;
    if (index.count > 1 || json_kind(index.list[0].value) != JSON_NUMBER ||
        !text_int(json_text(index.list[0].value), 0, INT32_MAX, &i))
        return err_set(e->err, E_INVALID, NULL,
            "The FHIRPath expression has an index that is not a whole number.");
    return add_from(e, in, (size_t)i, (size_t)i + 1, out);
}

static int step(struct evaluation *e, const struct fhir_path *n, const struct items *in,
    const struct fhir_path_item *self, struct items *out)
{
    int r = 0;
    if (n->op == PATH_CALL)
        return call(e, n, in, self, out);
    if (n->op == PATH_INDEX)
        return index_into(e, n, in, self, out);
    for (size_t i = 0; r == 0 && i < in->count; i++)
        r = member(e, &in->list[i], n->name, out);
    return r;
}

/* A leading name is the type of $this ("Patient.name") or a member of it. */
static int leading_name(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    if (n->name.p[0] >= 'A' && n->name.p[0] <= 'Z') {
        uint16_t type = fhir_path_type(n->name);
        if (type == 0)
            return err_set(e->err, E_INVALID, NULL,
                "The FHIRPath expression begins with %.*s, which is no FHIR type.",
                (int)(n->name.len > 64 ? 64 : n->name.len), n->name.p);
        return fhir_path_is(self->type, type) ? add(e, out, *self) : 0;
    }
    return member(e, self, n->name, out);
}

static int chain(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    const struct fhir_path *at = n->operands;
    struct items now = {0};
    int r = 0;
    if (at->op == PATH_CALL) {
        r = add(e, &now, *self);
    } else {
        r = evaluate(e, at, self, &now);
        at = at->next;
    }
    for (; r == 0 && at; at = at->next) {
        struct items next = {0};
        r = step(e, at, &now, self, &next);
        now = next;
    }
    if (r == 0)
        *out = now;
    return r;
}

/* ---- operators ---- */

static int unite(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    int r = 0;
    for (const struct fhir_path *o = n->operands; r == 0 && o; o = o->next) {
        struct items found = {0};
        r = evaluate(e, o, self, &found);
        for (size_t i = 0; r == 0 && i < found.count; i++) {
            size_t k = 0;
            while (k < out->count &&
                   fhir_path_equal(&out->list[k], &found.list[i]) != PATH_SAME)
                k++;
            r = spend(e, k + 1);
            if (r == 0 && k == out->count)
                r = add(e, out, found.list[i]);
        }
    }
    return r;
}

static int concatenate(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    struct fhir_path_item joined = {0};
    int r = 0;
    for (const struct fhir_path *o = n->operands; r == 0 && o; o = o->next) {
        struct items found = {0};
        r = evaluate(e, o, self, &found);
        if (r == 0)
            r = fhir_path_join(e->arena, &joined, found.list, found.count, e->err);
    }
    return r == 0 ? add(e, out, joined) : r;
}

/* Three-valued: one false decides an "and", one true an "or"; else empty if any is. */
static int logic(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    int decides = n->op == PATH_OR;
    bool unknown = false;
    for (const struct fhir_path *o = n->operands; o; o = o->next) {
        int v = 0;
        int r = evaluate_truth(e, o, self, &v);
        if (r < 0)
            return r;
        if (v == decides)
            return add_bool(e, out, decides);
        unknown |= v < 0;
    }
    return unknown ? 0 : add_bool(e, out, !decides);
}

static int equality(struct evaluation *e, const struct fhir_path *n,
    const struct items *a, const struct items *b, struct items *out)
{
    bool equal = a->count == b->count;
    if (a->count == 0 || b->count == 0)
        return 0;
    for (size_t i = 0; equal && i < a->count; i++) {
        enum path_order order = fhir_path_equal(&a->list[i], &b->list[i]);
        if (order == PATH_UNCLEAR)
            return 0;
        equal = order == PATH_SAME;
    }
    return add_bool(e, out, equal == (n->op == PATH_EQUAL));
}

static int inequality(struct evaluation *e, const struct fhir_path *n,
    const struct items *a, const struct items *b, struct items *out)
{
    enum path_order order;
    if (a->count == 0 || b->count == 0)
        return 0;
    order = a->count == 1 && b->count == 1 ? fhir_path_compare(a->list, b->list)
                                           : PATH_UNLIKE;
    if (order == PATH_UNLIKE)
        return err_set(e->err, E_INVALID, NULL,
            "The FHIRPath expression compares values that have no order.");
    if (order == PATH_UNCLEAR)
        return 0;
    if (n->op == PATH_LESS)
        return add_bool(e, out, order == PATH_BEFORE);
    if (n->op == PATH_LESS_EQUAL)
        return add_bool(e, out, order != PATH_AFTER);
    if (n->op == PATH_GREATER)
        return add_bool(e, out, order == PATH_AFTER);
    return add_bool(e, out, order != PATH_BEFORE);
}

static int within(struct evaluation *e, const struct items *a, const struct items *b,
    struct items *out)
{
    if (a->count == 0)
        return 0;
    if (a->count > 1)
        return err_set(e->err, E_INVALID, NULL,
            "The FHIRPath expression looks for %zu values at once with \"in\".",
            a->count);
    for (size_t i = 0; i < b->count; i++)
        if (fhir_path_equal(a->list, &b->list[i]) == PATH_SAME)
            return add_bool(e, out, true);
    return add_bool(e, out, false);
}

static int binary(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    struct items a = {0}, b = {0};
    int r = evaluate(e, n->operands, self, &a);
    if (r == 0)
        r = evaluate(e, n->operands->next, self, &b);
    if (r < 0)
        return r;
    if (n->op == PATH_IN)
        return within(e, &a, &b, out);
    if (n->op == PATH_EQUAL || n->op == PATH_NOT_EQUAL)
        return equality(e, n, &a, &b, out);
    return inequality(e, n, &a, &b, out);
}

static int type_operator(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    struct items in = {0};
    int r = evaluate(e, n->operands, self, &in);
    if (r < 0)
        return r;
    return n->op == PATH_IS ? is_type(e, n->type, &in, out)
                            : of_type(e, n->type, &in, out);
}

/* Depth: that of the expression, at most a few LIMIT_PATH_DEPTH. */
static int evaluate(struct evaluation *e, const struct fhir_path *n,
    const struct fhir_path_item *self, struct items *out)
{
    int r = spend(e, 1);
    if (r < 0)
        return r;
    switch (n->op) {
    case PATH_LITERAL:
        return add(
            e, out, (struct fhir_path_item){.value = n->literal, .type = n->type});
    case PATH_EMPTY:
        return 0;
    case PATH_THIS:
        return add(e, out, *self);
    case PATH_RESOURCE:
        return add(e, out, e->resource);
    case PATH_NAME:
    case PATH_MEMBER:
        return leading_name(e, n, self, out);
    case PATH_CHAIN:
    case PATH_INDEX:
    case PATH_CALL:
        return chain(e, n, self, out);
    case PATH_CONCATENATE:
        return concatenate(e, n, self, out);
    case PATH_UNION:
        return unite(e, n, self, out);
    case PATH_AND:
    case PATH_OR:
        return logic(e, n, self, out);
    case PATH_EQUAL:
    case PATH_NOT_EQUAL:
    case PATH_LESS:
    case PATH_LESS_EQUAL:
    case PATH_GREATER:
    case PATH_GREATER_EQUAL:
    case PATH_IN:
        return binary(e, n, self, out);
    case PATH_IS:
    case PATH_AS:
        return type_operator(e, n, self, out);
    }
    return E_BUG;
}

int fhir_path_evaluate(struct arena *a, const struct fhir_path *path,
    const struct json *resource, struct fhir_path_result *ret, struct err *err)
{
    return fhir_path_evaluate_on(a, path, resource, NULL, ret, err);
}

int fhir_path_evaluate_on(struct arena *a, const struct fhir_path *path,
    const struct json *resource, const struct fhir_path_item *focus,
    struct fhir_path_result *ret, struct err *err)
{
    struct evaluation e = {.arena = a, .err = err};
    struct items out = {0};
    int r;
    e.resource.value = resource;
    e.resource.pointer = "";
    e.resource.type = fhir_path_actual_type(fhir_path_type(STR("Resource")), resource);
    r = json_read_trusted(a, STR("true"), &e.yes, err);
    if (r == 0)
        r = json_read_trusted(a, STR("false"), &e.no, err);
    if (r == 0)
        r = evaluate(&e, path, focus ? focus : &e.resource, &out);
    if (r < 0)
        return r;
    ret->items = out.list;
    ret->count = out.count;
    return 0;
}
