/* SPDX-License-Identifier: Apache-2.0 */
#include "app/seek.h"

#include <assert.h>

#include "fhir/value.h"

#define PAGE "1000"  /* as many as there may be: each page is a search of its own */
#define PAIRS_MOST 8 /* that a search of ours has */

/* The pairs of ${what}, which may say how many make a page; how many. */
static size_t take_pairs(const struct seek_for *what, struct search_pair *ret)
{
    size_t n = what->pair_count;
    bool paged = false;

    assert(n <= PAIRS_MOST);
    for (size_t i = 0; i < n; i++) {
        ret[i] = what->pairs[i];
        paged = paged || str_is(ret[i].name, "_count");
    }
    if (!paged)
        ret[n++] = (struct search_pair){STR("_count"), STR(PAGE)};
    return n;
}

int seek_all(const struct seek *s, const struct seek_for *what, struct seek_list *ret,
    struct err *err)
{
    struct search_pair pairs[PAIRS_MOST + 1];
    struct search_request rq = {.type = fhir_resource_named(str_of(what->type))->number,
        .pairs = pairs,
        .pair_count = take_pairs(what, pairs),
        .bases = app_bases(s->a, s->app, s->app->base[APP_FHIR]),
        .now = time_now()};
    struct seek_list list = {NULL, 0};
    int r = 0;

    do {
        struct fhir_issues issues = {0};
        struct search_query *query = NULL;
        struct search_page page = {0};
        store_rid *longer = NULL;

        r = search_parse(s->a, &rq, &issues, &query, err);
        if (r == 0)
            r = search_run(s->snapshot, s->a, query, &page, err);
        if (r < 0)
            break;
        longer = arena_grow(s->a, list.rids, list.count * sizeof(*longer),
            (list.count + page.count + 1) * sizeof(*longer));
        if (!longer)
            return err_nomem(err);
        list.rids = longer;
        for (size_t i = 0; i < page.count && list.count < what->most; i++)
            list.rids[list.count++] = page.hits[i].rid;
        rq.cursor = page.next;
    } while (rq.cursor.p && list.count < what->most);
    if (r == 0)
        *ret = list;
    return r;
}

/* What was found, as JSON; ${r} is how finding it ended. */
static int open_found(const struct seek *s, int r, struct store_record *rec,
    const struct json **ret, struct err *err)
{
    *ret = NULL;
    if (r == E_NOT_FOUND)
        *rec = (struct store_record){0};
    if (r == E_NOT_FOUND || (r == 0 && rec->body.len == 0))
        return 0;
    return r == 0 ? json_read_trusted(s->a, rec->body, ret, err) : r;
}

int seek_record(const struct seek *s, const char *type, struct str id,
    struct store_record *ret_record, const struct json **ret, struct err *err)
{
    struct store_record own = {0};
    struct store_record *rec = ret_record ? ret_record : &own;
    int r = store_get(
        s->snapshot, s->a, fhir_resource_named(str_of(type))->number, id, rec, err);

    return open_found(s, r, rec, ret, err);
}

int seek_rid(const struct seek *s, store_rid rid, struct store_record *ret_record,
    const struct json **ret, struct err *err)
{
    struct store_record own = {0};
    struct store_record *rec = ret_record ? ret_record : &own;
    int r = store_get_rid(s->snapshot, s->a, rid, true, rec, err);

    return open_found(s, r, rec, ret, err);
}

struct str seek_id(const struct seek *s, struct str reference, const char *type)
{
    struct fhir_reference ref = fhir_reference_parse(reference, s->app->base[APP_FHIR]);

    if (!reference.p || ref.form != FHIR_REF_LOCAL ||
        ref.type != fhir_resource_named(str_of(type))->number)
        return (struct str){NULL, 0};
    return ref.id;
}

int seek_reference(const struct seek *s, struct str reference, const char *type,
    const struct json **ret, struct err *err)
{
    struct str id = seek_id(s, reference, type);

    *ret = NULL;
    return id.p ? seek_record(s, type, id, NULL, ret, err) : 0;
}
