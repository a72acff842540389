/* SPDX-License-Identifier: Apache-2.0 */
/*
 * $everything of a patient (or an encounter): the record, all of its compartment, and
 * what those records refer to. In pages by rid: the cursor is the last rid shown, so that
 * records written meanwhile neither repeat nor push others out.
 */
#include <string.h>

#include "base/id.h"

#include "app/app_internal.h"
#include "fhir/value.h"

struct gathering {
    struct app_call *call;
    const struct rest *rest;
    struct store_reader *reader;
    size_t count;
    utc_ms since;
    struct str types; /* _type: comma separated; p NULL: all */
    int64_t after;    /* rid; 0: from the first */
    bool more;
    int64_t last;
    struct json_out out;
};

static int take_pair(
    struct gathering *g, const struct search_pair *pair, struct err *err)
{
    int64_t n = 0;
    utc_ms hi = 0;

    if (str_is(pair->name, "_count")) {
        if (!text_int(pair->value, 1, INT64_MAX, &n)) {
            return err_set(
                err, E_INVALID, "_count", "_count must be a whole number from 1 on.");
        }
        g->count = n > LIMIT_PAGE ? LIMIT_PAGE : (size_t)n;
    } else if (str_is(pair->name, "_since")) {
        if (!fhir_date_range(pair->value, &g->since, &hi))
            return err_set(err, E_INVALID, "_since", "_since must be an instant.");
    } else if (str_is(pair->name, "_type")) {
        g->types = pair->value;
    } else if (!g->rest->lenient) {
        return err_set(err, E_INVALID, pair->name.p,
            "%s is not offered by $everything here: it knows _count, _since and _type.",
            pair->name.p);
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
        page_identity(rest, rest->pairs, rest->pair_count), rest->page, &payload, err);
    if (r == 0 && payload.len != sizeof(g->after))
        r = err_set(err, E_INVALID, "_page", "This _page is not one of $everything.");
    if (r == 0)
        memcpy(&g->after, payload.p, payload.len);
    return r;
}

static bool type_wanted(const struct gathering *g, const struct fhir_type *type)
{
    struct str left = g->types;

    while (left.p) {
        if (str_is(text_trim(str_cut(&left, ',')), type->name))
            return true;
    }
    return !g->types.p;
}

/* Append the record, if it is wanted. 1: it was written. */
static int write_record(struct gathering *g, store_rid rid, struct err *err)
{
    const struct fhir_type *type = fhir_type_numbered(store_rid_type(rid));
    struct app_call *call = g->call;
    struct store_record rec = {0};
    struct json_out *o = &g->out;
    int r = 0;

    if (!type || !type_wanted(g, type))
        return 0;
    r = store_get_rid(g->reader, call->arena, rid, true, &rec, err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r < 0)
        return r;
    if (rec.operation == STORE_DELETE || rec.body.len == 0 ||
        (g->since && rec.updated < g->since))
        return 0;
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
    return r < 0 ? r : 1;
}

/* The focal record first, then the others by rid. */
static int write_entries(struct gathering *g, store_rid focal,
    const struct search_members *m, struct err *err)
{
    size_t written = 0;
    int r = 0;

    json_name(&g->out, "entry");
    json_open(&g->out, '[');
    if (g->after == 0) {
        r = write_record(g, focal, err);
        written += r > 0;
    }
    for (size_t i = 0; i < m->count && r >= 0 && !g->more; i++) {
        if (m->rids[i] <= g->after || m->rids[i] == focal)
            continue;
        if (written >= g->count) {
            g->more = true;
            break;
        }
        r = write_record(g, m->rids[i], err);
        written += r > 0;
        g->last = m->rids[i];
    }
    json_close(&g->out, ']');
    return r < 0 ? r : 0;
}

static int write_links(struct gathering *g, struct err *err)
{
    const struct rest *rest = g->rest;
    struct page_link link = {
        .base = g->call->base,
        .rest = rest,
        .tail = "$everything",
        .pairs = rest->pairs,
        .pair_count = rest->pair_count,
    };
    struct str page = {0};
    int r = 0;

    json_name(&g->out, "link");
    json_open(&g->out, '[');
    page_link_write(&g->out, &link, "self", rest->page);
    /* a page of one may hold the focal record alone: go on from before the first rid */
    if (g->more) {
        int64_t last = g->last > 0 ? g->last : 1;

        r = page_seal(g->call->app, g->call->arena,
            page_identity(rest, rest->pairs, rest->pair_count),
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
    char id[ID_UUID_CHARS + 1];
    struct search_members members = {0};
    store_rid focal = 0;
    int r = store_find(g->reader, g->rest->type->number, g->rest->id, &focal, err);

    if (r == 0)
        r = search_everything(g->reader, g->call->arena, g->rest->type->number,
            g->rest->id, &members, err);
    if (r < 0)
        return r;
    id_uuid7(time_now(), id);
    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "Bundle");
    json_name(o, "id");
    json_put_str(o, id);
    json_name(o, "type");
    json_put_str(o, "searchset");
    if (!g->types.p && !g->since) {
        json_name(o, "total");
        json_put_int(o, (long long)members.count);
    }
    r = write_entries(g, focal, &members, err);
    if (r == 0)
        r = write_links(g, err);
    json_close(o, '}');
    return r;
}

static int check_there(struct gathering *g, struct err *err)
{
    const struct rest *rest = g->rest;
    struct store_record rec = {0};
    int r =
        store_get(g->reader, g->call->arena, rest->type->number, rest->id, &rec, err);

    if (r == E_NOT_FOUND) {
        return err_set(err, E_NOT_FOUND, NULL, "There is no %s with the id %.*s.",
            rest->type->name, (int)rest->id.len, rest->id.p);
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
        .count = LIMIT_PAGE,
        .out = json_out(&call->answer)};
    int r = 0;

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++)
        r = take_pair(&g, &rest->pairs[i], err);
    if (r == 0)
        r = open_cursor(&g, err);
    if (r == 0)
        r = store_read_begin(call->app->store, &g.reader, err);
    if (r == 0)
        r = check_there(&g, err);
    if (r == 0)
        r = write_bundle(&g, err);
    if (g.reader)
        store_read_end(g.reader);
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
