/* SPDX-License-Identifier: Apache-2.0 */
/* Reading scopes, and what they give. */
#include "app/scope.h"

#include <string.h>

#include "app/app_internal.h"

static const char letters[] = "cruds"; /* by bit */

/* ---- reading ---- */

struct reading {
    struct arena *a;
    struct str whole; /* the scope being read, for errors */
    struct err *err;
};

static int refuse(const struct reading *rd, const char *why)
{
    return err_set(rd->err, E_INVALID, "scope", "The scope %.*s %s",
        (int)(rd->whole.len > 120 ? 120 : rd->whole.len), rd->whole.p, why);
}

static int read_type(const struct reading *rd, struct str name, unsigned *ret)
{
    const struct fhir_type *type = NULL;

    *ret = 0;
    if (str_is(name, "*"))
        return 0;
    type = fhir_resource_named(name);
    if (!type)
        return refuse(rd, "names no resource type of FHIR R4 or of this server.");
    *ret = type->number;
    return 0;
}

static int read_verbs(const struct reading *rd, struct str text, unsigned *ret)
{
    const char *at = letters;

    *ret = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *found = text.p[i] ? strchr(at, text.p[i]) : NULL;

        if (!found)
            return refuse(rd,
                "must end with some of the letters c, r, u, d and s, in this order: "
                "system/Patient.rs is for reading and searching.");
        *ret |= 1u << (found - letters);
        at = found + 1;
    }
    return text.len ? 0 : refuse(rd, "gives nothing: no letter follows the type.");
}

/* A parameter that is decided by looking at the record alone. */
static bool is_plain(struct str name)
{
    static const char *const known[] = {
        "_id", "_profile", "_security", "_source", "_tag"};
    struct str bare = name;

    if (name.len == 0 || memchr(name.p, '.', name.len))
        return false;
    bare = str_cut(&bare, ':');
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (str_is(bare, known[i]))
            return true;
    }
    return bare.len > 0 && bare.p[0] != '_';
}

static int check_query(const struct reading *rd, const struct scope *scope)
{
    struct search_request rq = {.type = scope->type, .now = time_now()};
    struct search_pair *pairs = NULL;
    struct fhir_issues issues = {0};
    struct search_query *query = NULL;
    struct err why = {0};
    int r = rest_query_parse(rd->a, scope->query, &pairs, &rq.pair_count, &why);

    if (r < 0)
        return refuse(rd, "has a query that is not percent-encoded UTF-8.");
    rq.pairs = pairs;
    if (scope->type == 0)
        return refuse(rd, "has a query but no type to search.");
    if (rq.pair_count == 0)
        return refuse(rd, "has a query without a parameter.");
    for (size_t i = 0; i < rq.pair_count; i++) {
        if (!is_plain(pairs[i].name) || pairs[i].value.len == 0)
            return refuse(rd,
                "has a query that reaches beyond the record itself. Plain search "
                "parameters of the type can be kept to, such as category=vital-signs; "
                "chains, _has and those of an answer's form cannot.");
    }
    r = search_parse(rd->a, &rq, &issues, &query, &why);
    if (r == E_NOMEM)
        return err_nomem(rd->err);
    return r < 0 ? refuse(rd, why.text) : 0;
}

static int read_one(const struct reading *rd, struct scope *ret)
{
    struct str rest = rd->whole;
    struct str context = str_cut(&rest, '/');
    struct str verbs = {NULL, 0};
    struct str type = {NULL, 0};
    struct scope scope = {0};
    int r = 0;

    if (!str_is(context, "system") || !rest.p)
        return refuse(rd,
            "is not one of a program. They are written as system/Type.letters, such as "
            "system/Patient.rs or system/*.rs.");
    scope.query = rest;
    rest = str_cut(&scope.query, '?');
    verbs = rest;
    type = str_cut(&verbs, '.');
    r = read_type(rd, type, &scope.type);
    if (r == 0)
        r = read_verbs(rd, verbs.p ? verbs : STR(""), &scope.verbs);
    if (r == 0 && scope.query.p)
        r = check_query(rd, &scope);
    if (r == 0)
        *ret = scope;
    return r;
}

static bool same_place(const struct scope *one, const struct scope *other)
{
    if (one->type != other->type || !one->query.p || !other->query.p)
        return one->type == other->type && !one->query.p && !other->query.p;
    return str_eq(one->query, other->query);
}

/* Add ${scope}, to one of the same type and query if there is one. */
static int add(struct scopes *s, const struct scope *scope, struct err *err)
{
    for (size_t i = 0; i < s->count; i++) {
        if (same_place(&s->list[i], scope)) {
            s->list[i].verbs |= scope->verbs;
            return 0;
        }
    }
    if (s->count == LIMIT_SCOPES)
        return err_set(
            err, E_TOO_LARGE, "scope", "There may be at most %d scopes.", LIMIT_SCOPES);
    s->list[s->count++] = *scope;
    return 0;
}

/* Visible ASCII without '"' and '\', as RFC 6749 has it. */
static bool is_text(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];

        if (c < ' ' || c > '~' || c == '"' || c == '\\')
            return false;
    }
    return true;
}

int scopes_parse(
    struct arena *a, struct str text, const struct scopes **ret, struct err *err)
{
    struct scopes *s = arena_alloc(a, sizeof(*s));
    struct str rest = {NULL, text.len};
    int r = 0;

    if (text.len > LIMIT_SCOPE_BYTES)
        return err_set(err, E_TOO_LARGE, "scope",
            "The scopes together may have at most %d characters.", LIMIT_SCOPE_BYTES);
    if (!is_text(text))
        return err_set(err, E_INVALID, "scope",
            "Scopes are written in visible ASCII, with single spaces between them.");
    rest.p = arena_strndup(a, text.p ? text.p : "", text.len);
    if (s)
        s->list = arena_array(a, LIMIT_SCOPES, sizeof(*s->list));
    if (!s || !s->list || !rest.p)
        return err_nomem(err);
    while (r == 0 && rest.p) {
        const struct reading rd = {.a = a, .whole = str_cut(&rest, ' '), .err = err};
        struct scope one = {0};

        if (rd.whole.len == 0)
            continue;
        r = read_one(&rd, &one);
        if (r == 0)
            r = add(s, &one, err);
    }
    if (r == 0 && s->count == 0)
        r = err_set(err, E_INVALID, "scope",
            "A program needs a scope, such as system/Patient.rs; without one it could "
            "do nothing.");
    if (r == 0)
        *ret = s;
    return r;
}

/* ---- writing ---- */

void scopes_write(struct buf *b, const struct scopes *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct scope *scope = &s->list[i];
        const struct fhir_type *type =
            scope->type ? fhir_type_numbered(scope->type) : NULL;

        buf_adds(b, i ? " system/" : "system/");
        buf_adds(b, type ? type->name : "*");
        buf_addc(b, '.');
        for (size_t k = 0; letters[k]; k++) {
            if (scope->verbs & 1u << k)
                buf_addc(b, letters[k]);
        }
        if (scope->query.p)
            buf_addc(b, '?');
        buf_add(b, scope->query.p, scope->query.len);
    }
}

/* ---- what they give ---- */

unsigned scopes_verbs(const struct scopes *s, unsigned type)
{
    unsigned verbs = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (s->list[i].type == 0 || s->list[i].type == type)
            verbs |= s->list[i].verbs;
    }
    return verbs;
}

unsigned scopes_plain(const struct scopes *s, unsigned type)
{
    unsigned verbs = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (!s->list[i].query.p && (s->list[i].type == 0 || s->list[i].type == type))
            verbs |= s->list[i].verbs;
    }
    return verbs;
}

bool scopes_any(const struct scopes *s, enum scope_verb verb)
{
    unsigned verbs = 0;

    for (size_t i = 0; i < s->count; i++)
        verbs |= s->list[i].verbs;
    return (verbs & verb) != 0;
}

bool scopes_within(const struct scopes *asked, const struct scopes *granted)
{
    for (size_t i = 0; i < asked->count; i++) {
        const struct scope *one = &asked->list[i];
        unsigned given = 0;

        for (size_t k = 0; k < granted->count; k++) {
            const struct scope *other = &granted->list[k];

            if (same_place(one, other) ||
                (!other->query.p && (other->type == 0 || other->type == one->type)))
                given |= other->verbs;
        }
        if (one->verbs & ~given)
            return false;
    }
    return true;
}
