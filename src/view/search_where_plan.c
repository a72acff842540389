/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a _filter as clauses, the same that parameters make, so that it runs as they
 * do. "not" is pushed down to the single conditions; what remains are lists of which all
 * must hold, as the plan itself is one, and lists of which one must (CLAUSE_ANY).
 * Alternatives that differ in the value alone become one clause with several values, as
 * commas make it.
 */
#include "view/search_where_internal.h"

/* Values of an operator that is a parameter's own are written the same way. */
static const char *prefix_of(enum where_operator op)
{
    if (op == WHERE_PO)
        return "ap";
    return op == WHERE_RE ? "" : search_where_operator(op);
}

static int misfit(struct search_parser *p, const struct search_where *w,
    const struct search_clause *c, const char *instead)
{
    return search_refuse(p, "\"%s\" does not fit %s; use %s.",
        search_where_operator(w->operator_), c->param->code, instead);
}

/* ---- what an operator means for a kind of parameter ---- */

static int string_operator(
    struct search_parser *p, const struct search_where *w, struct search_clause *c)
{
    switch ((int)w->operator_) {
    case WHERE_NE:
        c->unequal = true;
        c->modifier = MOD_EQUAL;
        return 0;
    case WHERE_EQ:
        c->modifier = MOD_EQUAL;
        return 0;
    case WHERE_CO:
        c->modifier = MOD_CONTAINS;
        return 0;
    case WHERE_EW:
        c->modifier = MOD_ENDS;
        return 0;
    case WHERE_SW:
        return 0;
    default:
        return misfit(p, w, c, "eq, ne, co, sw, ew or pr");
    }
}

/* Equality, the places in a hierarchy and membership. */
static int name_operator(
    struct search_parser *p, const struct search_where *w, struct search_clause *c)
{
    static const char *const instead[] = {
        [CLAUSE_TOKEN] = "eq, ne, in, ni, ss, sb or pr",
        [CLAUSE_URI] = "eq, ne, ss, sb or pr",
        [CLAUSE_REFERENCE] = "re, eq, ne, ss, sb or pr"};

    switch ((int)w->operator_) {
    case WHERE_NE:
        c->unequal = true;
        return 0;
    case WHERE_EQ:
        return 0;
    case WHERE_RE:
        return c->kind == CLAUSE_REFERENCE ? 0 : misfit(p, w, c, instead[c->kind]);
    case WHERE_SS:
        c->modifier = MOD_BELOW;
        return 0;
    case WHERE_SB:
        c->modifier = MOD_ABOVE;
        return 0;
    case WHERE_IN:
        c->modifier = MOD_IN;
        break;
    case WHERE_NI:
        c->modifier = MOD_NOT_IN;
        break;
    default:
        return misfit(p, w, c, instead[c->kind]);
    }
    return c->kind == CLAUSE_TOKEN ? 0 : misfit(p, w, c, instead[c->kind]);
}

static int range_operator(
    struct search_parser *p, const struct search_where *w, struct search_clause *c)
{
    switch ((int)w->operator_) {
    case WHERE_PO:
        if (c->kind == CLAUSE_NUMBER)
            return misfit(p, w, c, "eq, ne, gt, lt, ge, le, sa, eb, ap or pr");
        c->overlap = true;
        return 0;
    case WHERE_EQ:
    case WHERE_NE:
    case WHERE_GT:
    case WHERE_LT:
    case WHERE_GE:
    case WHERE_LE:
    case WHERE_AP:
    case WHERE_SA:
    case WHERE_EB:
        return 0;
    default:
        return misfit(p, w, c,
            c->kind == CLAUSE_NUMBER ? "eq, ne, gt, lt, ge, le, sa, eb, ap or pr"
                                     : "eq, ne, gt, lt, ge, le, sa, eb, ap, po or pr");
    }
}

static int set_operator(
    struct search_parser *p, const struct search_where *w, struct search_clause *c)
{
    if (w->operator_ == WHERE_PR) {
        c->modifier = MOD_MISSING;
        return 0;
    }
    switch ((int)c->kind) {
    case CLAUSE_STRING:
        return string_operator(p, w, c);
    case CLAUSE_TOKEN:
    case CLAUSE_URI:
    case CLAUSE_REFERENCE:
        return name_operator(p, w, c);
    case CLAUSE_DATE:
    case CLAUSE_NUMBER:
        return range_operator(p, w, c);
    case CLAUSE_ID:
        if (w->operator_ != WHERE_EQ && w->operator_ != WHERE_NE)
            return misfit(p, w, c, "eq or ne");
        c->negate = w->operator_ == WHERE_NE; /* a record has one id */
        c->modifier = c->negate ? MOD_NOT : MOD_NONE;
        return 0;
    default:
        return w->operator_ == WHERE_EQ ? 0 : misfit(p, w, c, "eq or pr");
    }
}

/* ---- the value, as a parameter writes it ---- */

/* In a text all characters mean themselves; elsewhere only a comma gets no meaning. */
static struct str escape(struct search_parser *p, struct str value, const char *set)
{
    char *out = arena_alloc_raw(p->a, value.len * 2 + 1);
    size_t i, len = 0;

    if (!out)
        return (struct str){NULL, 0};
    for (i = 0; i < value.len; i++) {
        if (value.p[i] != '\0' && strchr(set, value.p[i]))
            out[len++] = '\\';
        out[len++] = value.p[i];
    }
    return (struct str){out, len};
}

/* "eq2020-01" from "eq" and "2020-01". */
static struct str with_prefix(struct search_parser *p, const char *prefix, struct str s)
{
    const char *out = arena_printf(p->a, "%s%.*s", prefix, (int)s.len, s.p);

    return out ? str_of(out) : (struct str){NULL, 0};
}

static int write_value(struct search_parser *p, const struct search_where *w,
    const struct search_clause *c, struct str *ret)
{
    struct str value = w->value;

    if (w->operator_ == WHERE_PR) {
        if (!str_is(value, "true") && !str_is(value, "false"))
            return search_refuse(p, "Behind \"pr\" comes true or false.");
        *ret = str_is(value, "true") ? STR("false") : STR("true"); /* of :missing */
        return 0;
    }
    if (c->kind == CLAUSE_STRING)
        value = escape(p, value, "\\,$|");
    else
        value = escape(p, value, ",");
    if (value.p && (c->kind == CLAUSE_DATE || c->kind == CLAUSE_NUMBER))
        value = with_prefix(p, prefix_of(w->operator_), value);
    if (!value.p)
        return err_nomem(p->err);
    *ret = value;
    return 0;
}

/* ---- one condition ---- */

/* _text, _content and _list: theirs is one operator. */
static int special_test(struct search_parser *p, unsigned type,
    const struct search_where *w, struct str name, struct search_clause **ret)
{
    bool list = str_is(name, "_list");
    struct str value = escape(p, w->value, list ? "," : "\\,$|\"");

    if (!value.p)
        return err_nomem(p->err);
    if (w->operator_ != (list ? WHERE_EQ : WHERE_CO))
        return search_refuse(p, "\"%s\" does not fit %.*s; use %s.",
            search_where_operator(w->operator_), (int)name.len, name.p,
            list ? "eq" : "co");
    return search_parse_clause(p, type, name, value, 0, ret);
}

static int plain_test(struct search_parser *p, unsigned type,
    const struct search_where *w, struct str name, struct search_clause **ret)
{
    struct str target = name, code = str_cut(&target, ':'), value = {NULL, 0};
    const struct fhir_type *to = target.p ? fhir_resource_named(target) : NULL;
    struct search_clause *c = NULL;
    int r;

    if (str_is(name, "_text") || str_is(name, "_content") || str_is(name, "_list"))
        return special_test(p, type, w, name, ret);
    r = search_clause_begin(p, type, code, &c);
    if (r < 0 || !c)
        return r;
    if (target.p && (!to || c->kind != CLAUSE_REFERENCE))
        r = search_refuse(p,
            "In a filter only a type may stand behind the name of a reference, not "
            "\":%.*s\"; operators say the rest.",
            (int)target.len, target.p);
    else if (target.p)
        r = search_set_target(p, c, to->number);
    if (r == 0)
        r = set_operator(p, w, c);
    if (r == 0)
        r = write_value(p, w, c, &value);
    if (r == 0)
        r = search_clause_fill(p, c, value);
    if (r < 0)
        return r;
    c->look |= c->unequal;
    *ret = c;
    return 0;
}

static int test_clause(struct search_parser *p, unsigned type,
    const struct search_where *w, size_t step, struct search_clause **ret);

/* The far side of a step: what stands in its brackets, and the rest of the path. */
struct far_step {
    const struct search_where *w;
    size_t step;
};

static int make_far(
    struct search_parser *p, void *arg, unsigned type, struct search_far *ret)
{
    const struct far_step *far = arg;
    const struct where_step *step = &far->w->steps[far->step];
    struct search_clause *c = NULL;
    int r = 0;

    *ret = (struct search_far){.type = type};
    if (step->inner)
        r = search_where_clauses(p, type, step->inner, &ret->all);
    if (r == 0 && far->step + 1 < far->w->step_count) {
        r = test_clause(p, type, far->w, far->step + 1, &c);
        if (r == 0)
            r = search_branch_add(p, &ret->all, c);
    }
    return r;
}

/* "a[...] pr true": whether there is an a of which it holds. */
static int bracket_end(
    struct search_parser *p, const struct search_where *w, struct search_clause *c)
{
    bool present = str_is(w->value, "true");

    if (w->operator_ != WHERE_PR || (!present && !str_is(w->value, "false")))
        return search_refuse(p, "Behind \"]\" comes \".\" and a parameter of what was "
                                "found, or \"pr true\" "
                                "or \"pr false\".");
    c->negate = !present;
    return 0;
}

static int test_clause(struct search_parser *p, unsigned type,
    const struct search_where *w, size_t step, struct search_clause **ret)
{
    bool last = step + 1 == w->step_count;
    struct far_step far = {.w = w, .step = step};
    struct search_clause *c = NULL;
    int r;

    if (++p->where_tests > LIMIT_FILTER_CLAUSES)
        return err_set(p->err, E_TOO_LARGE, p->name,
            "Spelled out for each type, the filters have more than %d conditions; name "
            "types, as in subject:Patient.name.",
            LIMIT_FILTER_CLAUSES);
    if (last && !w->steps[step].inner)
        return plain_test(p, type, w, w->steps[step].name, ret);
    r = search_chain_begin(p, type, w->steps[step].name, &c);
    if (r < 0 || !c)
        return r;
    if (last)
        r = bracket_end(p, w, c);
    if (r == 0)
        r = search_chain_fars(p, c, make_far, &far);
    if (r == 0)
        *ret = c;
    return r;
}

/* Say where in the filter, unless it was said further within. */
static int say_where(struct search_parser *p, const struct search_where *w, int code)
{
    struct err was;

    if (!p->err || code == E_NOMEM || str_starts(str_of(p->err->text), "At character"))
        return code;
    was = *p->err;
    return err_set(
        p->err, code, "_filter", "At character %zu of the filter: %s", w->at, was.text);
}

static int add_test(struct search_parser *p, unsigned type,
    const struct search_where *w, bool negate, struct search_branch *ret)
{
    const char *name = p->name;
    struct search_clause *c = NULL;
    int r;

    p->name = arena_printf(p->a, "_filter: %.*s", (int)w->text.len, w->text.p);
    if (!p->name) {
        p->name = name;
        return err_nomem(p->err);
    }
    r = test_clause(p, type, w, 0, &c);
    p->name = name;
    if (r < 0 || !c)
        return say_where(p, w, r);
    c->negate ^= negate;
    return search_branch_add(p, ret, c);
}

/* ---- alternatives ---- */

static bool same_slots(const struct search_clause *a, const struct search_clause *b)
{
    return a->param == b->param && a->slot_count == b->slot_count &&
           a->targets == b->targets;
}

/* Clauses that differ in their values alone. */
static bool may_merge(const struct search_clause *a, const struct search_clause *b)
{
    return a->kind == b->kind && a->modifier == b->modifier && same_slots(a, b) &&
           !a->negate && !b->negate && !a->unequal && !b->unequal && !a->value_set &&
           !b->value_set && a->overlap == b->overlap && a->tree == b->tree &&
           a->updated == b->updated && a->term_count > 0 && b->term_count > 0 &&
           a->kind != CLAUSE_TEXT &&
           a->term_count + b->term_count <= LIMIT_QUERY_VALUES;
}

static int merge_terms(
    struct search_parser *p, struct search_clause *a, const struct search_clause *b)
{
    struct search_term *terms =
        arena_array(p->a, a->term_count + b->term_count, sizeof(*terms));

    if (!terms)
        return err_nomem(p->err);
    memcpy(terms, a->terms, a->term_count * sizeof(*terms));
    memcpy(terms + a->term_count, b->terms, b->term_count * sizeof(*terms));
    a->terms = terms;
    a->term_count += b->term_count;
    a->look |= b->look;
    a->name = "_filter: several values";
    return 0;
}

static int add_branch(
    struct search_parser *p, struct search_clause *any, const struct search_branch *b)
{
    size_t each = sizeof(*any->branches), i;
    struct search_branch *grown;

    for (i = 0; b->count == 1 && i < any->branch_count; i++) {
        struct search_branch *other = &any->branches[i];
        if (other->count == 1 && may_merge(other->clauses[0], b->clauses[0]))
            return merge_terms(p, other->clauses[0], b->clauses[0]);
    }
    grown = arena_grow(
        p->a, any->branches, any->branch_count * each, (any->branch_count + 1) * each);
    if (!grown)
        return err_nomem(p->err);
    any->branches = grown;
    any->branches[any->branch_count++] = *b;
    return 0;
}

static int add_node(struct search_parser *p, unsigned type,
    const struct search_where *w, bool negate, struct search_branch *ret);

static bool is_any(const struct search_where *w, bool negate)
{
    return w->kind == (negate ? WHERE_AND : WHERE_OR);
}

/* Alternatives within alternatives are alternatives. */
static int add_branches(struct search_parser *p, unsigned type,
    const struct search_where *w, bool negate, struct search_clause *any)
{
    struct search_branch b = {0};
    int r;

    for (; w->kind == WHERE_NOT; w = w->left)
        negate = !negate;
    if (is_any(w, negate)) {
        r = add_branches(p, type, w->left, negate, any);
        return r < 0 ? r : add_branches(p, type, w->right, negate, any);
    }
    r = add_node(p, type, w, negate, &b);
    return r < 0 ? r : add_branch(p, any, &b);
}

static int add_any(struct search_parser *p, unsigned type, const struct search_where *w,
    bool negate, struct search_branch *ret)
{
    struct search_clause *any = search_clause_new(p, type, CLAUSE_ANY, NULL);
    size_t i;
    int r;

    if (!any)
        return err_nomem(p->err);
    any->name = "_filter: alternatives";
    r = add_branches(p, type, w, negate, any);
    if (r < 0 || any->branch_count > 1)
        return r < 0 ? r : search_branch_add(p, ret, any);
    for (i = 0; r == 0 && i < any->branches[0].count; i++)
        r = search_branch_add(p, ret, any->branches[0].clauses[i]);
    return r;
}

static int add_node(struct search_parser *p, unsigned type,
    const struct search_where *w, bool negate, struct search_branch *ret)
{
    int r;

    for (; w->kind == WHERE_NOT; w = w->left)
        negate = !negate;
    if (w->kind == WHERE_TEST)
        return add_test(p, type, w, negate, ret);
    if (is_any(w, negate))
        return add_any(p, type, w, negate, ret);
    r = add_node(p, type, w->left, negate, ret);
    return r < 0 ? r : add_node(p, type, w->right, negate, ret);
}

int search_where_clauses(struct search_parser *p, unsigned type,
    const struct search_where *where, struct search_branch *ret)
{
    return add_node(p, type, where, false, ret);
}
