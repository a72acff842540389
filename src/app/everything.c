/* SPDX-License-Identifier: Apache-2.0 */
/*
 * $everything of a patient (or an encounter): the record, all of its compartment, and
 * what those records refer to.
 *
 *   start, end   dates of care (Patient only): view/search.h says which dates count
 *   _since       changed at or after
 *   _type        of these types; may be given several times
 *   _count       on a page; 0: none, only how many there are
 *   _offset      so many from the first are left out (Patient only)
 *
 * By GET, or by POST with a Parameters resource.
 */
#include <stdlib.h>
#include <string.h>

#include "base/id.h"

#include "app/app_internal.h"
#include "fhir/part.h"

struct gathering {
    struct app_call *call;
    const struct rest *rest;
    struct store_reader *reader;
    struct search_pair *pairs; /* the query's, then those of a Parameters body */
    size_t pair_count;
    struct search_everything_request asked;
    size_t count;
    size_t offset;
    utc_ms since;
    struct str types[FHIR_TYPE_NUMBER_MAX + 1]; /* _type: lists of names */
    size_t type_lists;
    bool going_on;   /* a later page: */
    store_rid after; /* behind this rid; 0: behind the focal record */
    store_rid focal;
    store_rid *list; /* what is asked for: the focal record first, then by rid */
    size_t list_count;
    size_t from, to; /* of the list: this page */
    struct json_out out;
};

/* ---- what is asked ---- */

static int take_number(
    const struct search_pair *pair, size_t most, size_t *ret, struct err *err)
{
    int64_t n = 0;

    if (!text_int(pair->value, 0, INT64_MAX, &n))
        return err_set(err, E_INVALID, pair->name.p,
            "%s must be a whole number from 0 on.", pair->name.p);
    *ret = (uint64_t)n > most ? most : (size_t)n;
    return 0;
}

/* ${lo}, ${hi}: where the ends of the time told go; NULL: not wanted. */
static int take_time(
    const struct search_pair *pair, utc_ms *lo, utc_ms *hi, struct err *err)
{
    utc_ms from = 0;
    utc_ms until = 0;

    if (!fhir_date_range(pair->value, &from, &until))
        return err_set(err, E_INVALID, pair->name.p,
            "%s must be a date or a time as FHIR writes them, such as 2026-01-31.",
            pair->name.p);
    if (lo)
        *lo = from;
    if (hi)
        *hi = until;
    return 0;
}

static int take_types(
    struct gathering *g, const struct search_pair *pair, struct err *err)
{
    struct str left = pair->value;

    while (left.p) {
        struct str name = text_trim(str_cut(&left, ','));

        if (!fhir_resource_named(name) && !g->rest->lenient)
            return err_set(err, E_INVALID, "_type",
                "%.*s is not a resource type of FHIR R4 or of this server.",
                (int)(name.len > 80 ? 80 : name.len), name.p);
    }
    if (g->type_lists == sizeof(g->types) / sizeof(g->types[0]))
        return err_set(err, E_TOO_LARGE, "_type", "_type is given too often.");
    g->types[g->type_lists++] = pair->value;
    return 0;
}

static int take_pair(
    struct gathering *g, const struct search_pair *pair, struct err *err)
{
    bool patient = strcmp(g->rest->type->name, "Patient") == 0;
    int r = 0;

    if (str_is(pair->name, "_count"))
        r = take_number(pair, LIMIT_PAGE, &g->count, err);
    else if (str_is(pair->name, "_offset") && patient)
        r = take_number(pair, LIMIT_EVERYTHING, &g->offset, err);
    else if (str_is(pair->name, "_since"))
        r = take_time(pair, &g->since, NULL, err);
    else if (str_is(pair->name, "start") && patient)
        r = take_time(pair, &g->asked.from, NULL, err);
    else if (str_is(pair->name, "end") && patient)
        r = take_time(pair, NULL, &g->asked.until, err);
    else if (str_is(pair->name, "_type"))
        r = take_types(g, pair, err);
    else if (!g->rest->lenient)
        r = err_set(err, E_INVALID, pair->name.p,
            "%s is no parameter of $everything of %s: it knows %s_count, _since and "
            "_type.",
            pair->name.p, g->rest->type->name, patient ? "start, end, _offset, " : "");
    return r;
}

/* A POST tells its parameters in a resource of that name. */
static int take_body(struct gathering *g, struct err *err)
{
    const struct json *body = NULL;
    struct json_each it;
    int r = body_read(g->call, &body, err);

    if (r < 0)
        return r;
    if (!str_is(json_get_text(body, "resourceType"), "Parameters"))
        return err_set(err, E_INVALID, "resourceType",
            "What is posted to $everything must be a Parameters resource.");
    if (json_count(json_get(body, "parameter")) > LIMIT_QUERY_PARAMS)
        return err_set(err, E_TOO_LARGE, "Parameters.parameter",
            "There may be at most %d parameters.", LIMIT_QUERY_PARAMS);
    it = json_each(json_get(body, "parameter"));
    while (json_next(&it)) {
        struct search_pair *pair = &g->pairs[g->pair_count];
        struct str name = json_get_text(it.value, "name");

        pair->name.p = arena_strndup(g->call->arena, name.p ? name.p : "", name.len);
        if (!pair->name.p)
            return err_nomem(err);
        pair->name.len = name.len;
        pair->value = fhir_part_value(it.value);
        if (!pair->value.p)
            return err_set(err, E_INVALID, "Parameters.parameter",
                "The parameter %s has no value.", pair->name.p);
        g->pair_count++;
    }
    return 0;
}

static int open_cursor(struct gathering *g, struct err *err)
{
    const struct rest *rest = g->rest;
    struct str payload = {0};
    int r = 0;

    if (!rest->page.p)
        return 0;
    r = page_open(g->call->app, g->call->arena,
        page_identity(rest, g->pairs, g->pair_count), rest->page, &payload, err);
    if (r == 0 && payload.len != sizeof(g->after))
        r = err_set(err, E_INVALID, "_page", "This _page is not one of $everything.");
    if (r == 0) {
        memcpy(&g->after, payload.p, payload.len);
        g->going_on = true;
    }
    return r;
}

static int take_all(struct gathering *g, struct err *err)
{
    const struct rest *rest = g->rest;
    bool body =
        g->call->method == APP_POST && (g->call->body.len || g->call->resource_);
    int r = 0;

    g->pairs = arena_array(
        g->call->arena, rest->pair_count + LIMIT_QUERY_PARAMS, sizeof(*g->pairs));
    if (!g->pairs)
        return err_nomem(err);
    for (; g->pair_count < rest->pair_count; g->pair_count++)
        g->pairs[g->pair_count] = rest->pairs[g->pair_count];
    if (body)
        r = take_body(g, err);
    for (size_t i = 0; r == 0 && i < g->pair_count; i++)
        r = take_pair(g, &g->pairs[i], err);
    if (r == 0)
        r = open_cursor(g, err);
    return r;
}

/* ---- what there is ---- */

static bool type_wanted(const struct gathering *g, unsigned number)
{
    const struct fhir_type *type = fhir_type_numbered(number);

    for (size_t i = 0; type && i < g->type_lists; i++) {
        struct str left = g->types[i];

        while (left.p) {
            if (str_is(text_trim(str_cut(&left, ',')), type->name))
                return true;
        }
    }
    return type && g->type_lists == 0;
}

static int is_wanted(struct gathering *g, struct arena *scratch, store_rid rid,
    bool *ret, struct err *err)
{
    struct store_record rec = {0};
    int r = 0;

    *ret = type_wanted(g, store_rid_type(rid));
    if (!*ret || g->since == 0)
        return 0;
    r = store_get_rid(g->reader, scratch, rid, false, &rec, err);
    arena_reset(scratch);
    *ret = r == 0 && rec.updated >= g->since;
    return r == E_NOT_FOUND ? 0 : r;
}

static int gather(struct gathering *g, struct err *err)
{
    struct search_members members = {0};
    struct arena *scratch = arena_new();
    bool wanted = false;
    int r = scratch ? 0 : err_nomem(err);

    if (r == 0)
        r = store_find(g->reader, g->asked.type, g->asked.id, &g->focal, err);
    if (r == 0)
        r = search_everything(g->reader, g->call->arena, &g->asked, &members, err);
    if (r == 0) {
        g->list = arena_array(g->call->arena, members.count + 1, sizeof(*g->list));
        r = g->list ? is_wanted(g, scratch, g->focal, &wanted, err) : err_nomem(err);
    }
    if (r == 0 && wanted)
        g->list[g->list_count++] = g->focal;
    for (size_t i = 0; r == 0 && i < members.count; i++) {
        r = is_wanted(g, scratch, members.rids[i], &wanted, err);
        if (r == 0 && wanted && members.rids[i] != g->focal)
            g->list[g->list_count++] = members.rids[i];
    }
    arena_free(scratch);
    return r;
}

/* Which part of the list is this page. A page begins behind the last rid shown, so that
 * records that come or go meanwhile neither repeat others nor push them out. */
static void choose_page(struct gathering *g)
{
    size_t at = 0;

    if (g->going_on) {
        while (
            at < g->list_count && (g->list[at] == g->focal || g->list[at] <= g->after))
            at++;
    } else {
        at = g->offset < g->list_count ? g->offset : g->list_count;
    }
    g->from = at;
    g->to = g->list_count - at > g->count ? at + g->count : g->list_count;
}

/* ---- the answer ---- */

static int write_record(struct gathering *g, store_rid rid, struct err *err)
{
    const struct fhir_type *type = fhir_type_numbered(store_rid_type(rid));
    struct app_call *call = g->call;
    struct store_record rec = {0};
    struct json_out *o = &g->out;
    int r = store_get_rid(g->reader, call->arena, rid, true, &rec, err);

    if (r == 0)
        r = call_saw(call, &rec, err);
    if (r < 0)
        return r;
    json_open(o, '{');
    json_name(o, "fullUrl");
    buf_addf(o->buf, "\"%.*s/%s/%.*s\"", (int)call->base.len, call->base.p, type->name,
        (int)rec.id.len, rec.id.p);
    o->comma = true;
    json_name(o, "resource");
    r = record_write_view(call->arena, o->buf, &rec, &g->rest->view, err);
    o->comma = true;
    json_name(o, "search");
    json_put_raw(o, STR("{\"mode\":\"match\"}"));
    json_close(o, '}');
    return r;
}

static int write_links(struct gathering *g, struct err *err)
{
    const struct rest *rest = g->rest;
    struct page_link link = {
        .base = g->call->base,
        .rest = rest,
        .tail = "$everything",
        .pairs = g->pairs,
        .pair_count = g->pair_count,
    };
    struct str page = {0};
    int r = 0;

    json_name(&g->out, "link");
    json_open(&g->out, '[');
    page_link_write(&g->out, &link, "self", rest->page);
    if (g->to > g->from && g->to < g->list_count) {
        store_rid last = g->list[g->to - 1];

        last = last == g->focal ? 0 : last;
        r = page_seal(g->call->app, g->call->arena,
            page_identity(rest, g->pairs, g->pair_count),
            (struct str){(const char *)&last, sizeof(last)}, &page, err);
        if (r == 0)
            page_link_write(&g->out, &link, "next", page);
    }
    json_close(&g->out, ']');
    return r;
}

static int write_bundle(struct gathering *g, struct err *err)
{
    struct json_out *o = &g->out;
    int r = 0;

    bundle_open(o, "searchset");
    json_name(o, "total");
    json_put_int(o, (long long)g->list_count);
    r = write_links(g, err);
    if (r == 0 && g->to > g->from) {
        json_name(o, "entry");
        json_open(o, '[');
        for (size_t i = g->from; r == 0 && i < g->to && !o->buf->error; i++)
            r = write_record(g, g->list[i], err);
        json_close(o, ']');
    }
    json_close(o, '}');
    return r;
}

static int check_there(struct gathering *g, struct err *err)
{
    const struct rest *rest = g->rest;
    struct store_record rec = {0};
    bool allowed = false;
    int r =
        store_get(g->reader, g->call->arena, rest->type->number, rest->id, &rec, err);

    if (r == 0)
        r = access_allows(g->call->access_, rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(g->call->access_, rest->type->number, r == 0);
        return access_no_such(rest->type, rest->id, false, err);
    }
    if (r == 0 && rec.operation == STORE_DELETE) {
        return err_set(err, E_GONE, NULL, "%s/%.*s was deleted.", rest->type->name,
            (int)rest->id.len, rest->id.p);
    }
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct gathering g = {.call = call,
        .rest = rest,
        .asked = {.filter = access_filter(call->access_),
            .bases = app_bases(call->arena, call->app, call->base),
            .type = rest->type->number,
            .id = rest->id,
            .from = UTC_MS_MIN,
            .until = UTC_MS_MAX},
        .count = LIMIT_PAGE,
        .out = json_out(&call->answer)};
    int r = take_all(&g, err);

    if (r == 0)
        r = call_read_begin(call, &g.reader, err);
    if (r == 0)
        r = check_there(&g, err);
    if (r == 0)
        r = gather(&g, err);
    if (r == 0) {
        choose_page(&g);
        r = write_bundle(&g, err);
    }
    call_read_end(call, g.reader);
    return r;
}

int rest_everything(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->type->name, "Patient") != 0 &&
        strcmp(rest->type->name, "Encounter") != 0) {
        return err_set(err, E_NOT_FOUND, NULL,
            "$everything is offered for Patient and Encounter, not for %s.",
            rest->type->name);
    }
    return call_pool(call, rest, run, err);
}
