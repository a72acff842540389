/* SPDX-License-Identifier: Apache-2.0 */
/* One parameter's name and value as a clause: a plain one, with its modifier. Chains and
 * _has are in search_parse_chain.c. */
#include "view/search_internal.h"

static const struct {
    const char *name;
    enum search_modifier modifier;
} modifier_names[] = {
    {"exact", MOD_EXACT},
    {"contains", MOD_CONTAINS},
    {"missing", MOD_MISSING},
    {"not", MOD_NOT},
    {"text", MOD_TEXT},
    {"above", MOD_ABOVE},
    {"below", MOD_BELOW},
    {"in", MOD_IN},
    {"not-in", MOD_NOT_IN},
    {"of-type", MOD_OF_TYPE},
    {"identifier", MOD_IDENTIFIER},
};

static int unsupported(struct search_parser *p, const char *why)
{
    return err_set(p->err, E_UNSUPPORTED, p->name, "%s", why);
}

struct search_clause *search_clause_new(struct search_parser *p, unsigned type,
    enum clause_kind kind, const struct fhir_param *param)
{
    struct search_clause *c = arena_alloc(p->a, sizeof(*c));
    size_t i;

    if (!c)
        return NULL;
    c->kind = kind;
    c->type = type;
    c->param = param;
    c->name = p->name;
    c->slots = arena_array(p->a, FHIR_PARAM_SLOTS, sizeof(*c->slots));
    if (!c->slots)
        return NULL;
    for (i = 0; param && i < param->slot_count; i++)
        c->slots[c->slot_count++] = param->slots[i];
    if (param)
        c->targets = fhir_target_lists[param->targets];
    return c;
}

const struct fhir_param *search_find_param(
    struct search_parser *p, unsigned type, struct str name)
{
    const struct fhir_param *param = fhir_param_named(type, name);
    const struct fhir_type *t = fhir_type_numbered(type);

    if (!param)
        search_refuse(p, "%s has no search parameter \"%.*s\".", t ? t->name : "It",
            (int)name.len, name.p);
    return param;
}

static int kind_of(const struct fhir_param *param, enum clause_kind *ret)
{
    switch (param->kind) {
    case FHIR_SEARCH_NUMBER:
    case FHIR_SEARCH_QUANTITY:
        *ret = CLAUSE_NUMBER;
        return 0;
    case FHIR_SEARCH_DATE:
        *ret = CLAUSE_DATE;
        return 0;
    case FHIR_SEARCH_STRING:
        *ret = CLAUSE_STRING;
        return 0;
    case FHIR_SEARCH_TOKEN:
        *ret = CLAUSE_TOKEN;
        return 0;
    case FHIR_SEARCH_REFERENCE:
        *ret = CLAUSE_REFERENCE;
        return 0;
    case FHIR_SEARCH_COMPOSITE:
        *ret = CLAUSE_COMPOSITE;
        return 0;
    case FHIR_SEARCH_URI:
        *ret = CLAUSE_URI;
        return 0;
    case FHIR_SEARCH_SPECIAL:
        *ret = CLAUSE_POSITION;
        return 0;
    }
    return E_UNSUPPORTED;
}

/* ---- modifiers ---- */

static bool modifier_fits(enum search_modifier modifier, enum clause_kind kind)
{
    switch (modifier) {
    case MOD_NONE:
    case MOD_MISSING:
        return true;
    case MOD_EXACT:
    case MOD_CONTAINS:
        return kind == CLAUSE_STRING;
    case MOD_NOT:
        return kind == CLAUSE_TOKEN || kind == CLAUSE_ID;
    case MOD_TEXT:
    case MOD_IN:
    case MOD_NOT_IN:
    case MOD_OF_TYPE:
        return kind == CLAUSE_TOKEN;
    case MOD_ABOVE:
    case MOD_BELOW:
        return kind == CLAUSE_URI || kind == CLAUSE_REFERENCE || kind == CLAUSE_TOKEN;
    case MOD_IDENTIFIER:
    case MOD_TYPE:
        return kind == CLAUSE_REFERENCE;
    case MOD_EQUAL:
    case MOD_ENDS:
        break;
    }
    return false;
}

/* One target type, as a list. */
int search_set_target(struct search_parser *p, struct search_clause *c, unsigned type)
{
    const uint16_t *allowed = c->targets;
    uint16_t *list;
    unsigned i;

    for (i = 1; i <= allowed[0] && allowed[i] != type; i++)
        ;
    if (allowed[0] && i > allowed[0])
        return search_refuse(p, "%s does not refer to %s.", c->param->code,
            fhir_type_numbered(type)->name);
    list = arena_array(p->a, 2, sizeof(*list));
    if (!list)
        return err_nomem(p->err);
    list[0] = 1;
    list[1] = (uint16_t)type;
    c->targets = list;
    return 0;
}

static int read_modifier(
    struct search_parser *p, struct search_clause *c, struct str text)
{
    const struct fhir_type *type = fhir_resource_named(text);
    size_t i;

    if (type) {
        c->modifier = MOD_TYPE;
        if (c->kind != CLAUSE_REFERENCE)
            return search_refuse(p, "Only references take a type as modifier.");
        return search_set_target(p, c, type->number);
    }
    for (i = 0; i < sizeof(modifier_names) / sizeof(modifier_names[0]); i++)
        if (str_is(text, modifier_names[i].name))
            c->modifier = modifier_names[i].modifier;
    if (c->modifier == MOD_NONE)
        return search_refuse(
            p, "The modifier \":%.*s\" is not known.", (int)text.len, text.p);
    if (!modifier_fits(c->modifier, c->kind))
        return search_refuse(p,
            "The modifier \":%.*s\" does not fit this parameter's type.", (int)text.len,
            text.p);
    return 0;
}

/* How many value sets are bundled: bindings name them by index. */
static size_t value_set_count(void)
{
    size_t most = 0, i;

    for (i = 0; i < fhir_element_count; i++)
        if (fhir_elements[i].binding > most)
            most = fhir_elements[i].binding;
    return most + 1;
}

static int set_value_set(
    struct search_parser *p, struct search_clause *c, struct str value)
{
    struct str rest = search_unescape(p->a, value);
    struct str url = str_cut(&rest, '|');
    size_t count = value_set_count(), i;

    for (i = 0; i < count; i++)
        if (fhir_value_sets[i].url && str_is(url, fhir_value_sets[i].url))
            c->value_set = &fhir_value_sets[i];
    if (c->value_set && c->value_set->complete) {
        c->look = true;
        return 0;
    }
    c->value_set = NULL;
    c->stored = search_unescape(p->a, value);
    return c->stored.p ? search_branch_add(p, &p->plan->stored, c) : err_nomem(p->err);
}

/* ---- plain clauses ---- */

/* Where index rows are candidates only. */
static bool needs_look(const struct search_clause *c)
{
    size_t i;

    switch (c->kind) {
    case CLAUSE_TOKEN:
        return c->modifier == MOD_TEXT || c->modifier == MOD_OF_TYPE;
    case CLAUSE_STRING:
        return c->modifier == MOD_EXACT;
    case CLAUSE_NUMBER:
        for (i = 0; i < c->term_count; i++)
            if (c->terms[i].u.number.unit && !c->terms[i].u.number.system.p)
                return true;
        return false;
    case CLAUSE_REFERENCE:
        for (i = 0; c->modifier != MOD_IDENTIFIER && i < c->term_count; i++)
            if (c->terms[i].u.reference.version.p)
                return true;
        return false;
    case CLAUSE_COMPOSITE:
        return true;
    case CLAUSE_DATE:
    case CLAUSE_URI:
    case CLAUSE_POSITION:
    case CLAUSE_PRESENT:
    case CLAUSE_ID:
    case CLAUSE_CHAIN:
    case CLAUSE_HAS:
    case CLAUSE_COMPARTMENT:
    case CLAUSE_TEXT:
    case CLAUSE_ANY:
        break;
    }
    return false;
}

static int parse_missing(
    struct search_parser *p, struct search_clause *c, struct str value)
{
    bool missing = str_is(value, "true");

    if (!missing && !str_is(value, "false"))
        return search_refuse(p, "With :missing the value is true or false.");
    if (c->kind == CLAUSE_COMPOSITE)
        return search_refuse(
            p, "A composite parameter cannot be missing; ask its parts.");
    c->negate = missing;
    if (c->kind != CLAUSE_ID && !c->updated) {
        c->kind = CLAUSE_PRESENT;
        return 0;
    }
    /* every record has an id and a time of change */
    c->kind = CLAUSE_ID;
    c->negate = !missing;
    return 0;
}

int search_clause_fill(
    struct search_parser *p, struct search_clause *c, struct str value)
{
    int r;

    if (c->modifier == MOD_MISSING)
        return parse_missing(p, c, value);
    c->negate = c->modifier == MOD_NOT || c->modifier == MOD_NOT_IN;
    if (c->modifier == MOD_IN || c->modifier == MOD_NOT_IN)
        return set_value_set(p, c, value);
    r = search_parse_terms(p, c, value);
    if (r == 0)
        r = search_check_tree(p, c);
    if (r == 0)
        r = search_spread_codes(p, c);
    if (r < 0)
        return r;
    c->look = needs_look(c);
    return search_imply_systems(p, c);
}

static int refuse_special(struct search_parser *p, struct str name)
{
    static const struct {
        const char *name;
        const char *why;
    } refused[] = {
        {"_query", "The parameter _query names a query that a server defines, and R4 "
                   "defines none; this server has none either."},
        {"_filter", "The parameter _filter takes no modifier, and cannot be chained or "
                    "lie within another."},
        {"_containedType", "The parameter _containedType is not supported."},
    };
    size_t i;

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (str_is(name, refused[i].name))
            return unsupported(p, refused[i].why);
    return 0;
}

/* _text, _content */
static int text_clause(struct search_parser *p, unsigned type, struct str name,
    struct str value, struct search_clause **ret)
{
    struct search_clause *c = search_clause_new(p, type, CLAUSE_TEXT, NULL);
    int r;

    if (!c)
        return err_nomem(p->err);
    if (memchr(name.p, ':', name.len))
        return search_refuse(p, "This parameter takes no modifier.");
    c->whole = str_is(name, "_content");
    c->look = true;
    r = search_parse_words(p, c, value);
    if (r == 0)
        *ret = c;
    return r;
}

/* _list=id: what the List's entries refer to, as _has says it. */
static int list_clause(struct search_parser *p, unsigned type, struct str value,
    unsigned depth, struct search_clause **ret)
{
    if (value.p[0] == '$')
        return unsupported(p,
            "Lists that a server works out, such as $current-problems, are not "
            "supported; name a List by its id.");
    return search_parse_clause(p, type, STR("_has:List:item:_id"), value, depth, ret);
}

int search_clause_begin(
    struct search_parser *p, unsigned type, struct str code, struct search_clause **ret)
{
    const struct fhir_param *param;
    struct search_clause *c;
    enum clause_kind kind;
    int r = refuse_special(p, code);

    if (r < 0)
        return r;
    param = search_find_param(p, type, code);
    if (!param)
        return E_INVALID;
    r = kind_of(param, &kind);
    if (r == 0 && str_is(code, "_id"))
        kind = CLAUSE_ID;
    else if (r < 0 || param->slot_count == 0)
        return unsupported(
            p, "This parameter has no definition that could be searched.");
    c = search_clause_new(p, type, kind, param);
    if (!c)
        return err_nomem(p->err);
    c->updated = str_is(code, "_lastUpdated");
    if (kind == CLAUSE_COMPOSITE) {
        c->roots = c->slots;
        c->root_count = c->slot_count;
    }
    *ret = c;
    return 0;
}

static int plain_clause(struct search_parser *p, unsigned type, struct str name,
    struct str value, struct search_clause **ret)
{
    struct str modifier = name, code = str_cut(&modifier, ':');
    struct search_clause *c = NULL;
    int r = search_clause_begin(p, type, code, &c);

    if (r < 0 || !c)
        return r;
    if (modifier.p)
        r = read_modifier(p, c, modifier);
    if (r == 0)
        r = search_clause_fill(p, c, value);
    if (r == 0)
        *ret = c;
    return r;
}

int search_parse_part(struct search_parser *p, const struct search_clause *whole,
    const struct fhir_component *component, struct str value,
    struct search_clause **ret)
{
    const struct fhir_param *param = &fhir_params[component->param];
    struct search_clause *c;
    enum clause_kind kind;
    int r;

    c = search_clause_new(p, whole->type, CLAUSE_TOKEN, param);
    if (!c)
        return err_nomem(p->err);
    r = kind_of(param, &kind);
    if (r < 0 || kind == CLAUSE_COMPOSITE)
        return unsupported(p, "A part of this composite cannot be searched.");
    c->kind = kind;
    /* a comma cannot occur: terms were split at it before */
    r = search_clause_fill(p, c, value);
    if (r == 0)
        *ret = c;
    return r;
}

int search_parse_clause(struct search_parser *p, unsigned type, struct str name,
    struct str value, unsigned depth, struct search_clause **ret)
{
    struct str rest = name, code = str_cut(&rest, ':');

    if (depth > LIMIT_CHAIN_DEPTH)
        return err_set(p->err, E_TOO_LARGE, p->name,
            "The chain has more than %d links.", LIMIT_CHAIN_DEPTH);
    if (value.len == 0)
        return search_refuse(p, "The parameter has no value.");
    if (str_starts(name, "_has:"))
        return search_parse_has(p, type, name, value, depth, ret);
    if (name.len && memchr(name.p, '.', name.len))
        return search_parse_chain(p, type, name, value, depth, ret);
    if (str_is(code, "_text") || str_is(code, "_content"))
        return text_clause(p, type, name, value, ret);
    if (str_is(name, "_list"))
        return list_clause(p, type, value, depth, ret);
    return plain_clause(p, type, name, value, ret);
}
