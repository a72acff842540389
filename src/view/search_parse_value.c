/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a search parameter: commas, escapes, prefixes, tokens, dates, numbers. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "fhir/value.h"
#include "view/search_internal.h"

#define NEAR_DEFAULT_KM 50 /* where `near` names no distance */
#define EARTH_HALF_KM 20038

int search_refuse(struct search_parser *p, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return err_set(p->err, E_INVALID, p->name, "%s", text);
}

/* Split at unescaped ${sep}; like str_cut. */
static struct str cut(struct str *rest, char sep)
{
    struct str s = *rest;
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (s.p[i] == '\\' && i + 1 < s.len) {
            i++;
        } else if (s.p[i] == sep) {
            rest->p = s.p + i + 1;
            rest->len = s.len - i - 1;
            return (struct str){s.p, i};
        }
    }
    *rest = (struct str){NULL, 0};
    return s;
}

struct str search_unescape(struct arena *a, struct str s)
{
    size_t i, len = 0;
    char *out;

    if (s.len == 0 || !memchr(s.p, '\\', s.len))
        return s.p ? s : STR("");
    out = arena_alloc_raw(a, s.len);
    if (!out)
        return (struct str){NULL, 0};
    for (i = 0; i < s.len; i++) {
        if (s.p[i] == '\\' && i + 1 < s.len && strchr("\\,|$", s.p[i + 1]))
            i++;
        out[len++] = s.p[i];
    }
    return (struct str){out, len};
}

static const char prefix_names[9][3] = {
    "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};

static enum search_prefix take_prefix(struct str *s)
{
    unsigned i;

    for (i = 0; i < 9 && s->len > 2; i++) {
        if (memcmp(s->p, prefix_names[i], 2) == 0) {
            s->p += 2;
            s->len -= 2;
            return (enum search_prefix)i;
        }
    }
    return PREFIX_EQ;
}

/* "2026-01-31T10:00" has minutes only: allowed in a search, not in a record. A '+' that
 * came as a space is put back. */
static bool date_range(struct str text, utc_ms *lo, utc_ms *hi)
{
    char copy[48];
    size_t i;

    if (text.len == 0 || text.len > 40)
        return false;
    memcpy(copy, text.p, text.len);
    for (i = 0; i < text.len; i++)
        if (copy[i] == ' ')
            copy[i] = '+';
    if (fhir_date_range((struct str){copy, text.len}, lo, hi))
        return true;
    if (text.len < 16 || copy[10] != 'T' || copy[13] != ':' ||
        (text.len > 16 && copy[16] == ':'))
        return false;
    memmove(copy + 19, copy + 16, text.len - 16);
    copy[16] = ':';
    copy[17] = copy[18] = '0';
    if (!fhir_date_range((struct str){copy, text.len + 3}, lo, hi))
        return false;
    *hi = *lo + 60000;
    return true;
}

static int parse_date(struct search_parser *p, const struct search_clause *c,
    struct search_term *t, struct str text)
{
    struct str rest = text;
    utc_ms lo, hi, gap;

    t->prefix = take_prefix(&rest);
    if (!date_range(rest, &lo, &hi))
        return search_refuse(p,
            "\"%.*s\" is not a date; write it like 2026, 2026-01-31 or "
            "ge2026-01-31T10:00:00Z.",
            (int)text.len, text.p);
    search_date_clamp(&lo, &hi);
    if (t->prefix == PREFIX_AP && !c->overlap) {
        utc_ms start = lo == UTC_MS_MIN ? hi : lo;
        gap = (p->rq->now > start ? p->rq->now - start : start - p->rq->now) / 10;
        lo = lo == UTC_MS_MIN ? lo : lo - gap;
        hi = hi == UTC_MS_MAX ? hi : hi + gap;
    }
    t->u.date.lo = lo;
    t->u.date.hi = hi;
    return 0;
}

static int parse_number(
    struct search_parser *p, struct search_term *t, struct str text, bool quantity)
{
    struct str rest = text, number, system, code;

    t->prefix = take_prefix(&rest);
    number = quantity ? cut(&rest, '|') : rest;
    if (!quantity)
        rest.p = NULL;
    if (!fhir_number_range(
            number, &t->u.number.value, &t->u.number.lo, &t->u.number.hi) ||
        !isfinite(t->u.number.value))
        return search_refuse(p, "\"%.*s\" is not a number; write it like %s.",
            (int)text.len, text.p,
            quantity ? "5.4|http://unitsofmeasure.org|mg" : "ge0.8");
    if (t->prefix == PREFIX_AP) {
        double tenth = fabs(t->u.number.value) / 10;
        t->u.number.lo = t->u.number.value - tenth;
        t->u.number.hi = t->u.number.value + tenth;
    }
    if (!rest.p)
        return 0;
    system = search_unescape(p->a, cut(&rest, '|'));
    code = rest.p ? search_unescape(p->a, rest) : (struct str){NULL, 0};
    if (code.len == 0)
        return system.len == 0
                   ? 0
                   : search_refuse(p, "A quantity's unit needs system and code: "
                                      "5.4|http://unitsofmeasure.org|mg, or 5.4||mg.");
    t->u.number.unit = true;
    t->u.number.system = system.len ? system : (struct str){NULL, 0};
    t->u.number.code = code;
    return 0;
}

static bool plain_number(struct str s, double *ret)
{
    double lo, hi;

    return fhir_number_range(s, ret, &lo, &hi) && isfinite(*ret);
}

static bool distance_in_km(double distance, struct str unit, double *ret)
{
    static const struct {
        const char *name;
        double km;
    } units[] = {{"km", 1}, {"m", 0.001}, {"[mi_i]", 1.609344}, {"mi", 1.609344},
        {"[nmi_i]", 1.852}, {"[ft_i]", 0.0003048}};
    size_t i;

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (unit.len == 0 || str_is(unit, units[i].name)) {
            *ret = distance * units[i].km;
            return true;
        }
    }
    return false;
}

static int parse_near(struct search_parser *p, struct search_term *t, struct str text)
{
    struct str rest = text;
    struct str latitude = str_cut(&rest, '|');
    struct str longitude = str_cut(&rest, '|');
    struct str distance = str_cut(&rest, '|');
    double km = NEAR_DEFAULT_KM;

    if (!plain_number(latitude, &t->u.position.latitude) ||
        !plain_number(longitude, &t->u.position.longitude) ||
        fabs(t->u.position.latitude) > 90 || fabs(t->u.position.longitude) > 180)
        return search_refuse(p,
            "\"%.*s\" is not a place; write latitude|longitude|distance|unit, like "
            "29.65|91.14|50|km.",
            (int)text.len, text.p);
    if (distance.len && (!plain_number(distance, &km) || km < 0))
        return search_refuse(p, "The distance \"%.*s\" is not a number of at least 0.",
            (int)distance.len, distance.p);
    if (distance.len && !distance_in_km(km, rest, &km))
        return search_refuse(p,
            "The unit \"%.*s\" is not known; use km, m, [mi_i], [nmi_i] or [ft_i].",
            (int)rest.len, rest.p);
    t->u.position.km = fmin(km, EARTH_HALF_KM);
    return 0;
}

static int parse_of_type(
    struct search_parser *p, struct search_term *t, struct str text)
{
    struct str rest = text;

    t->u.token.system = search_unescape(p->a, cut(&rest, '|'));
    t->u.token.code = search_unescape(p->a, cut(&rest, '|'));
    t->u.token.value = search_unescape(p->a, rest);
    if (t->u.token.code.len == 0 || t->u.token.value.len == 0)
        return search_refuse(
            p, "With :of-type a value is written type-system|type-code|value.");
    return 0;
}

static int parse_token(struct search_parser *p, struct search_clause *c,
    struct search_term *t, struct str text)
{
    struct str rest = text, first = cut(&rest, '|');

    if (c->modifier == MOD_OF_TYPE)
        return parse_of_type(p, t, text);
    t->u.token.system = (struct str){NULL, 0};
    if (rest.p || (text.len && text.p[text.len - 1] == '|' && first.len < text.len)) {
        t->u.token.system = search_unescape(p->a, first);
        t->u.token.code = search_unescape(p->a, rest);
        if (t->u.token.code.len == 0)
            t->u.token.code.p = NULL;
        if (t->u.token.system.len == 0 && !t->u.token.code.p)
            return search_refuse(p, "\"|\" alone names neither a system nor a code.");
    } else {
        t->u.token.code = search_unescape(p->a, first);
    }
    if (t->u.token.system.len > LIMIT_CODE_CHARS ||
        t->u.token.code.len > LIMIT_CODE_CHARS)
        return search_refuse(
            p, "A code or system is longer than %d characters.", LIMIT_CODE_CHARS);
    return 0;
}

static int parse_string(struct search_parser *p, struct search_clause *c,
    struct search_term *t, struct str text)
{
    struct buf folded;
    const char *copy;
    int r = 0;

    buf_init(&folded, (size_t)LIMIT_URL_BYTES * 4);
    t->u.string.text = search_unescape(p->a, text);
    search_fold(&folded, t->u.string.text);
    copy = arena_strndup(p->a, folded.len ? folded.data : "", folded.len);
    if (folded.error || !copy)
        r = err_nomem(p->err);
    t->u.string.folded = (struct str){copy, folded.len};
    if (r == 0 && folded.len == 0 && c->modifier != MOD_EXACT)
        r = search_refuse(p, "The text to look for is empty.");
    buf_done(&folded);
    return r;
}

/* The texts that are above a URI: itself, and what is left when parts are cut off. */
static int parse_uri(struct search_parser *p, struct search_clause *c,
    struct search_term *t, struct str text)
{
    struct str uri = search_unescape(p->a, text);
    size_t i;

    t->u.uri.text = uri;
    if (c->modifier != MOD_ABOVE)
        return 0;
    t->u.uri.above = arena_array(p->a, uri.len * 2 + 1, sizeof(*t->u.uri.above));
    if (!t->u.uri.above)
        return err_nomem(p->err);
    for (i = uri.len; i > 0; i--)
        if (search_uri_below(uri, (struct str){uri.p, i}))
            t->u.uri.above[t->u.uri.above_count++] = (struct str){uri.p, i};
    return 0;
}

/* Could it be a bare id? */
static bool id_like(struct str s)
{
    size_t i;

    for (i = 0; i < s.len; i++)
        if (s.p[i] != '-' && s.p[i] != '.' && !(s.p[i] >= '0' && s.p[i] <= '9') &&
            !((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z'))
            return false;
    return s.len > 0 && s.len <= LIMIT_ID_CHARS;
}

static int parse_reference(struct search_parser *p, struct search_clause *c,
    struct search_term *t, struct str text)
{
    struct str rest = search_unescape(p->a, text);
    struct str url = str_cut(&rest, '|');
    struct fhir_reference ref;
    const struct fhir_type *type;

    t->u.reference.version = rest;
    if (c->modifier == MOD_TYPE || id_like(url)) {
        if (!id_like(url))
            return search_refuse(p,
                "\"%.*s\" is not an id; behind :Type only the id is "
                "written.",
                (int)url.len, url.p);
        t->u.reference.any_type = true;
        t->u.reference.id = url;
        return 0;
    }
    ref = fhir_reference_parse(url, (struct str){NULL, 0});
    if (!search_by_name(
            c)) /* a canonical is a name, even where it looks like an address */
        search_own_reference(&p->rq->bases, &ref);
    if (ref.form == FHIR_REF_LOCAL) {
        type = fhir_type_numbered(ref.type);
        if (!type)
            return search_refuse(
                p, "\"%.*s\" names no resource type.", (int)url.len, url.p);
        t->u.reference.type = ref.type;
        t->u.reference.id = ref.id;
        if (ref.version.len)
            t->u.reference.version = ref.version;
        return 0;
    }
    if (ref.form != FHIR_REF_ABSOLUTE && ref.form != FHIR_REF_URN)
        return search_refuse(p,
            "\"%.*s\" is not a reference; write Type/id, id or a URL.", (int)url.len,
            url.p);
    t->u.reference.id = url;
    return 0;
}

static int parse_composite(struct search_parser *p, struct search_clause *c,
    struct search_term *t, struct str text)
{
    const struct fhir_param *param = c->param;
    struct str rest = text;
    unsigned i;
    int r;

    t->u.composite.count = param->component_count;
    t->u.composite.parts =
        arena_array(p->a, param->component_count, sizeof(struct search_clause *));
    if (!t->u.composite.parts)
        return err_nomem(p->err);
    for (i = 0; i < param->component_count; i++) {
        struct str part = rest.p ? cut(&rest, '$') : (struct str){NULL, 0};
        if (part.len == 0)
            return search_refuse(p, "%s takes %u values with $ between them.",
                param->code, (unsigned)param->component_count);
        r = search_parse_part(p, c, &fhir_components[param->components + i], part,
            &t->u.composite.parts[i]);
        if (r < 0)
            return r;
    }
    if (rest.p)
        return search_refuse(p, "%s takes %u values with $ between them.", param->code,
            (unsigned)param->component_count);
    return 0;
}

static int parse_term(struct search_parser *p, struct search_clause *c,
    struct search_term *t, struct str text)
{
    switch (c->kind) {
    case CLAUSE_TOKEN:
        return c->modifier == MOD_TEXT ? parse_string(p, c, t, text)
                                       : parse_token(p, c, t, text);
    case CLAUSE_DATE:
        return parse_date(p, c, t, text);
    case CLAUSE_NUMBER:
        return parse_number(p, t, text, c->param->kind == FHIR_SEARCH_QUANTITY);
    case CLAUSE_STRING:
        return parse_string(p, c, t, text);
    case CLAUSE_URI:
        return parse_uri(p, c, t, text);
    case CLAUSE_REFERENCE:
        return c->modifier == MOD_IDENTIFIER ? parse_token(p, c, t, text)
                                             : parse_reference(p, c, t, text);
    case CLAUSE_POSITION:
        return parse_near(p, t, text);
    case CLAUSE_COMPOSITE:
        return parse_composite(p, c, t, text);
    case CLAUSE_ID:
        t->u.token.code = search_unescape(p->a, text);
        return 0;
    case CLAUSE_PRESENT:
    case CLAUSE_CHAIN:
    case CLAUSE_HAS:
    case CLAUSE_COMPARTMENT:
    case CLAUSE_TEXT:
    case CLAUSE_ANY:
        break;
    }
    return err_set(p->err, E_BUG, p->name, "A clause without values was given some.");
}

int search_parse_terms(
    struct search_parser *p, struct search_clause *c, struct str value)
{
    struct str rest = value;
    size_t count = 1, i;
    int r;

    for (i = 0; i < value.len; i++)
        count += value.p[i] == ',';
    c->terms = arena_array(p->a, count, sizeof(*c->terms));
    if (!c->terms)
        return err_nomem(p->err);
    while (rest.p) {
        struct str text = cut(&rest, ',');
        if (text.len == 0)
            continue;
        if (c->term_count == LIMIT_QUERY_VALUES)
            return err_set(p->err, E_TOO_LARGE, p->name,
                "More than %d values are ORed.", LIMIT_QUERY_VALUES);
        r = parse_term(p, c, &c->terms[c->term_count], text);
        if (r < 0)
            return r;
        c->term_count++;
    }
    if (c->term_count == 0)
        return search_refuse(p, "The parameter has no value.");
    return 0;
}
