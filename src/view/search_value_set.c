/* SPDX-License-Identifier: Apache-2.0 */
/*
 * :in and :not-in with a ValueSet that is a record here. It is read when the search
 * begins, and its codes become the clause's values, as if written with commas. Taken are
 * codes that it lists: `expansion.contains` where there is an expansion that is whole, else
 * `compose.include` with concepts or with a whole system, less `compose.exclude` with
 * concepts. Filters and value sets that it names would have to be worked out by a
 * terminology server: then the search is refused, since a part of a set is another set.
 */
#include "view/search_filter_internal.h"

struct codes {
    struct search_run *run;
    struct search_clause *c;
    struct search_term *terms;
    size_t count, cap;
};

static int refuse(struct codes *codes, const char *why)
{
    return err_set(codes->run->err, E_UNSUPPORTED, codes->c->name,
        "The value set \"%.*s\" %s, and there is no terminology server to ask. Name "
        "the "
        "codes with commas, or store a ValueSet that lists them.",
        (int)codes->c->stored.len, codes->c->stored.p, why);
}

/* ${code} with p NULL: all of the system. */
static int add_code(struct codes *codes, struct str system, struct str code)
{
    struct arena *a = codes->run->a;
    size_t cap = codes->cap ? codes->cap * 2 : 32;
    struct search_term *grown;
    const char *copy, *copy_code;

    if (codes->count == LIMIT_VALUE_SET_CODES)
        return err_set(codes->run->err, E_TOO_LARGE, codes->c->name,
            "The value set has more than %d codes.", LIMIT_VALUE_SET_CODES);
    if (codes->count == codes->cap) {
        grown = arena_grow(
            a, codes->terms, codes->cap * sizeof(*grown), cap * sizeof(*grown));
        if (!grown)
            return err_nomem(codes->run->err);
        codes->terms = grown;
        codes->cap = cap;
    }
    copy = arena_strndup(a, system.len ? system.p : "", system.len);
    copy_code = arena_strndup(a, code.len ? code.p : "", code.len);
    if (!copy || !copy_code)
        return err_nomem(codes->run->err);
    grown = &codes->terms[codes->count++];
    *grown = (struct search_term){0};
    grown->u.token.system = (struct str){copy, system.len};
    grown->u.token.code = (struct str){code.p ? copy_code : NULL, code.len};
    return 0;
}

static void drop_code(struct codes *codes, struct str system, struct str code)
{
    size_t i, kept = 0;

    for (i = 0; i < codes->count; i++) {
        const struct search_term *t = &codes->terms[i];
        if (!str_eq(t->u.token.system, system) || !str_eq(t->u.token.code, code))
            codes->terms[kept++] = *t;
    }
    codes->count = kept;
}

/* ---- an expansion ---- */

/* Nested as deep as JSON may be, which has its limit. */
static int add_contains(
    struct codes *codes, const struct json *list, uint64_t *ret_entries)
{
    struct json_each each = json_each(list);
    int r = 0;

    while (r == 0 && json_next(&each)) {
        struct str code = json_get_text(each.value, "code");
        enum json_kind abstract = json_kind(json_get(each.value, "abstract"));
        ++*ret_entries;
        if (code.len && abstract != JSON_TRUE)
            r = add_code(codes, json_get_text(each.value, "system"), code);
        if (r == 0)
            r = add_contains(codes, json_get(each.value, "contains"), ret_entries);
    }
    return r;
}

static int add_expansion(struct codes *codes, const struct json *expansion)
{
    uint64_t entries = 0;
    int64_t total = 0, offset = 0;
    struct str text = json_text(json_get(expansion, "total"));
    int r = add_contains(codes, json_get(expansion, "contains"), &entries);

    if (r < 0)
        return r;
    if (text.p && (!text_int(text, 0, INT64_MAX, &total) || (uint64_t)total > entries))
        return refuse(codes, "is stored with a part of its expansion");
    text = json_text(json_get(expansion, "offset"));
    if (text.p && (!text_int(text, 0, INT64_MAX, &offset) || offset > 0))
        return refuse(codes, "is stored with a page of its expansion");
    return 0;
}

/* ---- a definition ---- */

static int take_part(struct codes *codes, const struct json *part, bool exclude)
{
    const struct json *concepts = json_get(part, "concept");
    struct json_each each = json_each(concepts);
    struct str system = json_get_text(part, "system");
    int r = 0;

    if (json_count(json_get(part, "filter")) || json_count(json_get(part, "valueSet")))
        return refuse(codes, "is defined by filters or by other value sets");
    if (system.len == 0)
        return refuse(codes, "has a part that names no system");
    if (json_count(concepts) == 0)
        return exclude ? refuse(codes, "leaves a whole system out")
                       : add_code(codes, system, (struct str){NULL, 0});
    while (r == 0 && json_next(&each)) {
        struct str code = json_get_text(each.value, "code");
        if (code.len && exclude)
            drop_code(codes, system, code);
        else if (code.len)
            r = add_code(codes, system, code);
    }
    return r;
}

/* Is a whole system in it, of which something is left out? */
static bool leaves_out_of_all(const struct codes *codes, const struct json *compose)
{
    size_t i;

    for (i = 0; i < codes->count; i++)
        if (!codes->terms[i].u.token.code.p)
            return json_count(json_get(compose, "exclude")) > 0;
    return false;
}

static int add_compose(struct codes *codes, const struct json *compose)
{
    struct json_each include = json_each(json_get(compose, "include"));
    struct json_each exclude = json_each(json_get(compose, "exclude"));
    int r = 0;

    while (r == 0 && json_next(&include))
        r = take_part(codes, include.value, false);
    if (r == 0 && leaves_out_of_all(codes, compose))
        return refuse(codes, "leaves codes out of a whole system");
    while (r == 0 && json_next(&exclude))
        r = take_part(codes, exclude.value, true);
    return r;
}

/* ---- finding it ---- */

static int not_here(struct codes *codes)
{
    return refuse(codes, "is neither bundled nor a ValueSet here");
}

/* The record that ValueSet/id names; 0: it is no such reference. */
static int find_by_id(struct codes *codes, struct str url, store_rid *ret)
{
    struct search_run *run = codes->run;
    const struct fhir_type *type = fhir_resource_named(STR("ValueSet"));
    struct fhir_reference ref = fhir_reference_parse(url, (struct str){NULL, 0});
    int r;

    *ret = 0;
    search_own_reference(&run->bases, &ref);
    if (ref.form != FHIR_REF_LOCAL || ref.type != type->number)
        return 0;
    r = store_find(run->r, ref.type, ref.id, ret, run->err);
    return r == E_NOT_FOUND ? 0 : r;
}

/* Is the record at hand the set that was named, and for this reader? */
static int is_it(
    struct codes *codes, store_rid rid, struct str url, struct str version, bool *ret)
{
    struct search_run *run = codes->run;
    int r = search_look_at(run, rid);

    *ret = false;
    if (r < 0 || !run->look_json)
        return r;
    if (url.p && !str_eq(json_get_text(run->look_json, "url"), url))
        return 0;
    if (version.p && !str_eq(json_get_text(run->look_json, "version"), version))
        return 0;
    return search_allows(run, rid, ret);
}

static int find_by_url(
    struct codes *codes, struct str url, struct str version, store_rid *ret)
{
    const struct fhir_type *type = fhir_resource_named(STR("ValueSet"));
    store_rid found[16];
    size_t count = 0, i;
    bool it = false;
    int r = search_by_url(codes->run, type->number, url, found, 16, &count);

    *ret = 0;
    for (i = 0; r == 0 && i < count; i++) {
        r = is_it(codes, found[i], url, version, &it);
        if (r == 0 && it && *ret)
            return err_set(codes->run->err, E_INVALID, codes->c->name,
                "Several value sets here have the URL \"%.*s\"; add |version.",
                (int)url.len, url.p);
        if (r == 0 && it)
            *ret = found[i];
    }
    return r;
}

/* Look at the record of the set: run->look_json. */
static int find_set(struct codes *codes)
{
    struct str version = codes->c->stored, url = str_cut(&version, '|');
    store_rid rid = 0;
    bool it = false;
    int r = find_by_id(codes, url, &rid);

    if (r == 0 && rid) {
        r = is_it(codes, rid, (struct str){NULL, 0}, version, &it);
        return r < 0 ? r : it ? 0 : not_here(codes);
    }
    if (r == 0)
        r = find_by_url(codes, url, version, &rid);
    if (r < 0)
        return r;
    return rid ? search_look_at(codes->run, rid) : not_here(codes);
}

static int read_set(struct search_run *run, struct search_clause *c)
{
    struct codes codes = {.run = run, .c = c};
    struct search_parser p = {.a = run->a, .err = run->err, .name = c->name};
    const struct json *part;
    int r = find_set(&codes);

    if (r < 0)
        return r;
    part = json_get(run->look_json, "expansion");
    if (json_is_array(json_get(part, "contains")))
        r = add_expansion(&codes, part);
    else if (json_is_array(json_get(json_get(run->look_json, "compose"), "include")))
        r = add_compose(&codes, json_get(run->look_json, "compose"));
    else
        r = refuse(&codes, "lists no codes");
    if (r < 0)
        return r;
    c->terms = codes.terms;
    c->term_count = codes.count;
    return search_imply_systems(&p, c);
}

int search_value_sets(struct search_run *run)
{
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && run->plan && i < run->plan->stored.count; i++)
        r = read_set(run, run->plan->stored.clauses[i]);
    return r;
}
