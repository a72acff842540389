/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a clause means, said once: does this value satisfy that term? The index is
 * right where it gives the same answer as these functions.
 */
#include <math.h>

#include "view/search_internal.h"

#define EARTH_RADIUS_KM 6371.0088

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
}

/* R4: in doubt, codes are compared without regard to case. */
static bool same_code(struct str a, struct str b)
{
    size_t i;

    if (a.len != b.len)
        return false;
    for (i = 0; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool coded(
    struct str want_system, struct str want_code, struct str system, struct str code)
{
    if (want_system.p && !str_eq(want_system, system))
        return false;
    if (!want_code.p)
        return true;
    return code.len > 0 && same_code(want_code, code);
}

/* ${text} folded into the matcher's buffer; false: no memory, which is noted. */
static bool fold(struct search_folding *f, struct str text)
{
    buf_clear(&f->text);
    search_fold(&f->text, text);
    f->failed |= f->text.error != 0;
    return f->text.error == 0;
}

static bool text_begins(struct search_folding *f, struct str text, struct str folded)
{
    return fold(f, text) && f->text.len >= folded.len &&
           (folded.len == 0 || memcmp(f->text.data, folded.p, folded.len) == 0);
}

static bool text_contains(struct search_folding *f, struct str text, struct str folded)
{
    return fold(f, text) &&
           (folded.len == 0 || (f->text.len && memmem(f->text.data, f->text.len,
                                                   folded.p, folded.len)));
}

static bool text_ends(struct search_folding *f, struct str text, struct str folded)
{
    return fold(f, text) && f->text.len >= folded.len &&
           (folded.len == 0 || memcmp(f->text.data + f->text.len - folded.len, folded.p,
                                   folded.len) == 0);
}

static bool token_matches(struct search_folding *f, const struct search_clause *c,
    const struct search_term *t, const struct fhir_value *v)
{
    struct str system = v->u.token.system, code = v->u.token.code;

    if (c->modifier == MOD_TEXT)
        return v->u.token.text.len > 0 &&
               text_begins(f, v->u.token.text, t->u.string.folded);
    if (c->modifier == MOD_OF_TYPE)
        return coded(t->u.token.system.len ? t->u.token.system : (struct str){NULL, 0},
                   t->u.token.code, v->u.token.type_system, v->u.token.type_code) &&
               code.len > 0 && same_code(t->u.token.value, code);
    return coded(t->u.token.system, t->u.token.code, system, code);
}

bool search_date_matches(const struct search_term *t, utc_ms lo, utc_ms hi)
{
    utc_ms from = t->u.date.lo, to = t->u.date.hi;
    bool within = lo >= from && hi <= to;

    switch (t->prefix) {
    case PREFIX_EQ:
        return within;
    case PREFIX_NE:
        return !within;
    case PREFIX_GT:
        return hi > to;
    case PREFIX_LT:
        return lo < from;
    case PREFIX_GE:
        return hi > to || within;
    case PREFIX_LE:
        return lo < from || within;
    case PREFIX_SA:
        return lo >= to;
    case PREFIX_EB:
        return hi <= from;
    case PREFIX_AP:
        return lo < to && hi > from;
    }
    return false;
}

bool search_number_matches(const struct search_term *t, double lo, double hi)
{
    double value = t->u.number.value;
    bool within = lo >= t->u.number.lo && hi < t->u.number.hi;

    switch (t->prefix) {
    case PREFIX_EQ:
        return within;
    case PREFIX_NE:
        return !within;
    case PREFIX_GT:
        return hi > value;
    case PREFIX_LT:
        return lo < value;
    case PREFIX_GE:
        return hi >= value;
    case PREFIX_LE:
        return lo <= value;
    case PREFIX_SA:
        return lo > value;
    case PREFIX_EB:
        return hi < value;
    case PREFIX_AP:
        return lo <= t->u.number.hi && hi >= t->u.number.lo;
    }
    return false;
}

static bool unit_matches(const struct search_term *t, const struct fhir_value *v)
{
    struct str code = v->u.number.code.len ? v->u.number.code : v->u.number.unit;

    if (!t->u.number.unit)
        return true;
    if (!t->u.number.system.p)
        return str_eq(t->u.number.code, code) ||
               str_eq(t->u.number.code, v->u.number.unit);
    return str_eq(t->u.number.code, code) &&
           str_eq(t->u.number.system, v->u.number.system);
}

static bool one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* "http://a/b" has "http://a/b/c", "http://a/b|2" below it, but not "http://a/bc". */
bool search_uri_below(struct str uri, struct str above)
{
    if (above.len == 0 || uri.len < above.len || memcmp(uri.p, above.p, above.len) != 0)
        return false;
    return uri.len == above.len || one_of(above.p[above.len - 1], "/?#|:") ||
           one_of(uri.p[above.len], "/?#|");
}

static bool uri_matches(const struct search_clause *c, const struct search_term *t,
    const struct fhir_value *v)
{
    if (c->modifier == MOD_BELOW)
        return search_uri_below(v->u.uri, t->u.uri.text);
    if (c->modifier == MOD_ABOVE)
        return search_uri_below(t->u.uri.text, v->u.uri);
    return str_eq(v->u.uri, t->u.uri.text);
}

bool search_is_target(const struct search_clause *c, unsigned type)
{
    unsigned i;

    for (i = 1; i <= c->targets[0]; i++)
        if (c->targets[i] == type)
            return true;
    return c->targets[0] == 0 || type == 0;
}

/* 2 is above 2.1 and 2.1.4. */
static bool version_below(struct str version, struct str above)
{
    return version.len >= above.len && memcmp(version.p, above.p, above.len) == 0 &&
           (version.len == above.len || version.p[above.len] == '.');
}

static bool version_matches(
    enum search_modifier modifier, struct str want, struct str have)
{
    if (!want.p)
        return true;
    if (!have.p)
        return false;
    if (modifier == MOD_BELOW)
        return version_below(have, want);
    if (modifier == MOD_ABOVE)
        return version_below(want, have);
    return str_eq(want, have);
}

static bool reference_matches(const struct search_clause *c,
    const struct search_term *t, const struct fhir_value *v)
{
    const struct fhir_reference *ref = &v->u.reference.ref;
    struct str text = ref->text;

    if (c->modifier == MOD_IDENTIFIER)
        return v->u.reference.identifier_value.len > 0 &&
               coded(t->u.token.system, t->u.token.code,
                   v->u.reference.identifier_system, v->u.reference.identifier_value);
    if (ref->form == FHIR_REF_LOCAL)
        return str_eq(ref->id, t->u.reference.id) && search_is_target(c, ref->type) &&
               (t->u.reference.any_type || ref->type == t->u.reference.type) &&
               version_matches(c->modifier, t->u.reference.version, ref->version);
    if (ref->form != FHIR_REF_ABSOLUTE && ref->form != FHIR_REF_URN)
        return false;
    return !t->u.reference.any_type && t->u.reference.type == 0 &&
           str_eq(str_cut(&text, '|'), t->u.reference.id) &&
           version_matches(
               c->modifier, t->u.reference.version, v->u.reference.canonical_version);
}

bool search_near_matches(const struct search_term *t, double latitude, double longitude)
{
    double rad = M_PI / 180;
    double a = sin((latitude - t->u.position.latitude) * rad / 2);
    double b = sin((longitude - t->u.position.longitude) * rad / 2);
    double h = a * a + b * b * cos(latitude * rad) * cos(t->u.position.latitude * rad);

    return 2 * EARTH_RADIUS_KM * asin(sqrt(fmin(1, h))) <= t->u.position.km;
}

static bool string_matches(struct search_folding *f, const struct search_clause *c,
    const struct search_term *t, const struct fhir_value *v)
{
    if (c->modifier == MOD_EXACT)
        return str_eq(v->u.string, t->u.string.text);
    if (c->modifier == MOD_CONTAINS)
        return text_contains(f, v->u.string, t->u.string.folded);
    if (c->modifier == MOD_ENDS)
        return text_ends(f, v->u.string, t->u.string.folded);
    if (c->modifier == MOD_EQUAL)
        return fold(f, v->u.string) && f->text.len == t->u.string.folded.len &&
               text_ends(f, v->u.string, t->u.string.folded);
    return text_begins(f, v->u.string, t->u.string.folded);
}

bool search_value_matches(struct search_folding *f, const struct search_clause *c,
    const struct search_term *t, const struct fhir_value *v)
{
    utc_ms lo, hi;

    switch (v->kind) {
    case FHIR_SEARCH_TOKEN:
        return token_matches(f, c, t, v);
    case FHIR_SEARCH_DATE:
        lo = v->u.date.lo;
        hi = v->u.date.hi;
        search_date_clamp(&lo, &hi);
        return search_date_matches(t, lo, hi);
    case FHIR_SEARCH_NUMBER:
    case FHIR_SEARCH_QUANTITY:
        return unit_matches(t, v) &&
               search_number_matches(t, v->u.number.lo, v->u.number.hi);
    case FHIR_SEARCH_STRING:
        return string_matches(f, c, t, v);
    case FHIR_SEARCH_URI:
        return uri_matches(c, t, v);
    case FHIR_SEARCH_REFERENCE:
        return reference_matches(c, t, v);
    case FHIR_SEARCH_SPECIAL:
        return search_near_matches(t, v->u.position.latitude, v->u.position.longitude);
    case FHIR_SEARCH_COMPOSITE:
        break;
    }
    return false;
}

/* ---- a second look at a resource ---- */

/* For :missing, and for what has a value that differs. */
static bool value_is_present(const struct search_clause *c, const struct fhir_value *v)
{
    return v->kind != FHIR_SEARCH_REFERENCE ||
           v->u.reference.ref.form != FHIR_REF_LOCAL ||
           search_is_target(c, v->u.reference.ref.type);
}

static bool value_counts(
    struct search_folding *f, const struct search_clause *c, const struct fhir_value *v)
{
    size_t i;

    if (c->kind == CLAUSE_PRESENT)
        return value_is_present(c, v);
    if (c->value_set)
        return v->u.token.code.len > 0 &&
               fhir_value_set_has(c->value_set, v->u.token.system, v->u.token.code);
    for (i = 0; i < c->term_count; i++)
        if (search_value_matches(f, c, &c->terms[i], v))
            return !c->unequal;
    return c->unequal && value_is_present(c, v);
}

int search_look_values(struct search_look *look, const struct json *resource,
    uint16_t slot, struct fhir_values *values)
{
    size_t i = values->count;
    int r = fhir_extract_slot(
        look->scratch, resource, slot, (struct str){NULL, 0}, values, look->err);

    if (r < 0 || fhir_slots[slot].kind != FHIR_SEARCH_REFERENCE ||
        search_slot_by_url(slot))
        return r;
    for (; i < values->count; i++)
        search_own_reference(look->bases, &values->list[i].u.reference.ref);
    return r;
}

static int look_slots(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    struct fhir_values values = {0};
    size_t i;
    int r;

    for (i = 0; i < c->slot_count; i++) {
        r = search_look_values(look, resource, c->slots[i], &values);
        if (r < 0)
            return r;
    }
    for (i = 0; i < values.count; i++)
        if (value_counts(&look->folding, c, &values.list[i]))
            return 1;
    return 0;
}

struct root_visit {
    struct search_look *look;
    const struct search_clause *c;
    const struct json *resource;
};

/* One value of ${root} for part ${i} of ${t}. */
static int root_part(const struct root_visit *visit, const struct search_term *t,
    size_t i, const struct json *root)
{
    const struct fhir_component *component =
        &fhir_components[visit->c->param->components + i];
    const struct search_clause *part = t->u.composite.parts[i];
    struct fhir_values values = {0};
    size_t j;
    int r;

    r = fhir_extract_at(visit->look->scratch,
        component->outside ? visit->resource : root, component->slot,
        (struct str){NULL, 0}, &values, visit->look->err);
    if (r < 0)
        return r;
    for (j = 0; j < values.count; j++)
        if (value_counts(&visit->look->folding, part, &values.list[j]))
            return 1;
    return 0;
}

/* -1000: found, which ends the walk. */
#define ROOT_FOUND (-1000)

static int visit_root(const struct json *root, void *arg)
{
    const struct root_visit *visit = arg;
    size_t i, j;
    int r;

    for (i = 0; i < visit->c->term_count; i++) {
        const struct search_term *t = &visit->c->terms[i];
        for (j = 0, r = 1; r == 1 && j < t->u.composite.count; j++)
            r = root_part(visit, t, j, root);
        if (r < 0)
            return r;
        if (r == 1)
            return ROOT_FOUND;
    }
    return 0;
}

static int look_composite(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    struct root_visit visit = {.look = look, .c = c, .resource = resource};
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < c->root_count; i++)
        r = fhir_extract_roots(resource, c->roots[i], visit_root, &visit);
    return r == ROOT_FOUND ? 1 : r;
}

static int look_id(const struct search_clause *c, const struct json *resource)
{
    struct str id = json_get_text(resource, "id");
    size_t i;

    for (i = 0; i < c->term_count; i++)
        if (str_eq(c->terms[i].u.token.code, id))
            return 1;
    return 0;
}

static int look_updated(const struct search_clause *c, utc_ms updated)
{
    size_t i;

    for (i = 0; i < c->term_count; i++)
        if (search_date_matches(&c->terms[i], updated, updated + 1))
            return 1;
    return 0;
}

static int look_compartment(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    static const uint16_t any[1] = {0};
    struct search_clause reference = *c;

    if (c->self && str_eq(json_get_text(resource, "id"), c->terms[0].u.reference.id))
        return 1;
    reference.kind = CLAUSE_REFERENCE;
    reference.targets = any;
    return look_slots(look, &reference, resource);
}

static int look_by_kind(struct search_look *look, const struct search_clause *c,
    const struct json *resource, utc_ms updated)
{
    if (c->kind == CLAUSE_ID)
        return look_id(c, resource);
    if (c->tree)
        return search_look_tree(look, c, resource);
    if (c->kind == CLAUSE_TEXT)
        return search_look_words(look, c, resource);
    if (c->updated)
        return look_updated(c, updated);
    if (c->kind == CLAUSE_COMPOSITE)
        return look_composite(look, c, resource);
    if (c->kind == CLAUSE_COMPARTMENT)
        return look_compartment(look, c, resource);
    return look_slots(look, c, resource);
}

int search_look_clause(struct search_look *look, const struct search_clause *c,
    const struct json *resource, utc_ms updated)
{
    int r;

    buf_init(&look->folding.text, (size_t)LIMIT_RECORD_BYTES * 4);
    look->folding.failed = false;
    r = look_by_kind(look, c, resource, updated);
    buf_done(&look->folding.text);
    return r >= 0 && look->folding.failed ? err_nomem(look->err) : r;
}
