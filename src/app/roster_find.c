/* SPDX-License-Identifier: Apache-2.0 */
/* Searches of the roster, by what the caller may read. */
#include "app/procedure_internal.h"
#include "app/roster_internal.h"

void *roster_more(struct arena *a, void **list, size_t *count, size_t *cap, size_t size)
{
    if (*count == *cap) {
        size_t more = *cap ? *cap * 2 : 16;
        void *grown = arena_grow(a, *list, *cap * size, more * size);

        if (!grown)
            return NULL;
        *list = grown;
        *cap = more;
    }
    return memset((char *)*list + (*count)++ * size, 0, size);
}

const struct json *roster_extension(const struct json *record, const char *url)
{
    struct json_each it = json_each(json_get(record, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

bool roster_has_code(const struct json *concepts, const char *system, const char *code)
{
    struct json_each it = json_each(concepts);

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), system) &&
                str_is(json_get_text(coding.value, "code"), code))
                return true;
        }
    }
    return false;
}

static int look(
    struct roster_answer *ro, store_rid rid, const struct json **ret, struct err *err)
{
    struct store_record rec = {0};
    int r = store_get_rid(ro->snapshot, ro->call->arena, rid, true, &rec, err);

    *ret = NULL;
    if (r == 0)
        r = call_saw(ro->call, &rec, err);
    if (r < 0 || rec.body.len == 0)
        return r;
    return json_read_trusted(ro->call->arena, rec.body, ret, err);
}

static int take_hits(struct roster_answer *ro, const struct roster_each *each,
    const struct search_page *page, struct err *err)
{
    int r = 0;

    if (page->next.p)
        return err_set(err, E_TOO_LARGE, NULL,
            "There are more than %d records of %s here: ask about a department, or a "
            "team.",
            LIMIT_PAGE, each->type);
    for (size_t i = 0; r == 0 && i < page->count; i++) {
        const struct json *record = NULL;

        r = look(ro, page->hits[i].rid, &record, err);
        if (r == 0 && record)
            r = each->take(ro, record, json_get_text(record, "id"), err);
    }
    return r;
}

int roster_search(struct roster_answer *ro, const struct roster_each *each,
    const struct search_pair *pairs, size_t count, struct err *err)
{
    struct arena *a = ro->call->arena;
    struct search_pair all[8];
    struct search_request rq = {.type = fhir_resource_named(str_of(each->type))->number,
        .pairs = all,
        .pair_count = count + 2,
        .bases = app_bases(a, ro->call->app, ro->call->base),
        .filter = access_filter(ro->call->access_),
        .now = ro->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    int r = 0;

    for (size_t i = 0; i < count; i++)
        all[i] = pairs[i];
    all[count] =
        (struct search_pair){STR("_count"), str_of(arena_printf(a, "%d", LIMIT_PAGE))};
    all[count + 1] = (struct search_pair){STR("_total"), STR("none")};
    if (!all[count].value.p)
        return err_nomem(err);
    r = search_parse(a, &rq, &issues, &query, err);
    if (r == 0)
        r = search_run(ro->snapshot, a, query, &page, err);
    return r == 0 ? take_hits(ro, each, &page, err) : r;
}

int roster_load(struct roster_answer *ro, struct str reference, const struct json **ret,
    struct err *err)
{
    struct fhir_reference ref =
        fhir_reference_parse(reference, ro->call->app->base[APP_FHIR]);
    store_rid rid = 0;
    bool allowed = false;
    int r = 0;

    *ret = NULL;
    if (!reference.p || ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_find(ro->snapshot, ref.type, ref.id, &rid, err);
    if (r == 0)
        r = access_allows(ro->call->access_, rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed))
        return 0;
    return r == 0 ? look(ro, rid, ret, err) : r;
}

int roster_name_of(struct roster_answer *ro, const struct json *reference,
    const char *type, struct roster_name *ret, struct err *err)
{
    struct str text = json_get_text(reference, "reference");
    struct fhir_reference ref =
        text.p ? fhir_reference_parse(text, ro->call->app->base[APP_FHIR])
               : (struct fhir_reference){.form = FHIR_REF_NONE};
    const char *made = NULL;

    *ret = (struct roster_name){.display = {NULL, 0}};
    if (ref.form != FHIR_REF_LOCAL ||
        ref.type != fhir_resource_named(str_of(type))->number)
        return 0;
    made = arena_printf(ro->call->arena, "%s/%.*s", type, (int)ref.id.len, ref.id.p);
    if (!made)
        return err_nomem(err);
    ret->reference = str_of(made);
    ret->display = procedure_name(ro->call, ro->snapshot, ret->reference);
    if (!ret->display.p)
        ret->display = json_get_text(reference, "display");
    return 0;
}
