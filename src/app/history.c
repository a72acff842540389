/* SPDX-License-Identifier: Apache-2.0 */
/*
 * History of a record, a type or everything: newest first, in pages. The cursor is the
 * seq of the last version shown, so that a page never repeats or skips one, whatever is
 * written meanwhile.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/id.h"

#include "app/app_internal.h"
#include "fhir/value.h"

#define BLOCK 256 /* versions looked at together where some of them are left out */

struct telling {
    struct app_call *call;
    const struct rest *rest;
    struct store_reader *reader;
    struct store_history h;
    size_t count; /* per page */
    utc_ms at_lo; /* _at: versions current in [at_lo, at_hi) */
    utc_ms at_hi;
    bool at;
    struct search_pair used[8];
    size_t used_count;
    struct store_record *page;
    size_t page_count;
    bool more;
};

static int take_count(struct telling *t, struct str value, struct err *err)
{
    int64_t n = 0;

    if (!text_int(value, 0, INT64_MAX, &n)) {
        return err_set(
            err, E_INVALID, "_count", "_count must be a whole number from 0 on.");
    }
    t->count = n > LIMIT_PAGE ? LIMIT_PAGE : (size_t)n;
    return 0;
}

static int take_date(
    struct telling *t, const char *name, struct str value, struct err *err)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!fhir_date_range(value, &lo, &hi)) {
        return err_set(err, E_INVALID, name,
            "%s must be a date or a time as FHIR writes them, such as "
            "2026-01-31T12:00:00Z.",
            name);
    }
    if (strcmp(name, "_since") == 0) {
        t->h.since = lo;
    } else if (strcmp(name, "_before") == 0) {
        t->h.until = lo - 1;
    } else {
        t->at = true;
        t->at_lo = lo;
        t->at_hi = hi;
        t->h.until = hi - 1;
    }
    return 0;
}

static int take_pair(struct telling *t, const struct search_pair *pair, struct err *err)
{
    int r = 0;

    if (str_is(pair->name, "_count"))
        r = take_count(t, pair->value, err);
    else if (str_is(pair->name, "_since") || str_is(pair->name, "_before") ||
             str_is(pair->name, "_at"))
        r = take_date(t, pair->name.p, pair->value, err);
    else if (t->rest->lenient)
        return 0;
    else
        return err_set(err, E_INVALID, pair->name.p,
            "%s is not a parameter of _history: it knows _count, _since, _before and "
            "_at.",
            pair->name.p);
    if (r == 0 && t->used_count < sizeof(t->used) / sizeof(t->used[0]))
        t->used[t->used_count++] = *pair;
    return r;
}

static int open_cursor(struct telling *t, struct err *err)
{
    struct str payload = {0};
    int r = 0;

    if (!t->rest->page.p)
        return 0;
    r = page_open(t->call->app, t->call->arena,
        page_identity(t->rest, t->used, t->used_count), t->rest->page, &payload, err);
    if (r == 0 && payload.len != sizeof(t->h.before))
        r = err_set(err, E_INVALID, "_page", "This _page is not one of a history.");
    if (r == 0)
        memcpy(&t->h.before, payload.p, payload.len);
    return r;
}

static int find_record(struct telling *t, struct err *err)
{
    const struct rest *rest = t->rest;
    bool allowed = false;
    int r = 0;

    t->h.type = rest->type ? rest->type->number : 0;
    if (!rest->id.p)
        return 0;
    assert(rest->type);
    r = store_find(t->reader, rest->type->number, rest->id, &t->h.rid, err);
    if (r == 0)
        r = access_allows(t->call->access_, t->h.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(t->call->access_, rest->type->number, r == 0);
        return access_no_such(rest->type, rest->id, false, err);
    }
    return r;
}

/* Was ${rec} current at some time in [at_lo, at_hi)? It began before at_hi. */
static int was_current(
    struct telling *t, const struct store_record *rec, bool *ret, struct err *err)
{
    struct store_history h = {.rid = rec->rid, .until = t->at_lo, .limit = 1};
    struct store_record *found = NULL;
    size_t n = 0;
    int r = 0;

    *ret = !t->at || rec->updated >= t->at_lo;
    if (*ret)
        return 0;
    r = store_history(t->reader, t->call->arena, &h, &found, &n, err);
    if (r == 0)
        *ret = n == 1 && found[0].seq == rec->seq;
    return r;
}

/* Does ${rec} belong into the answer? */
static int is_told(
    struct telling *t, const struct store_record *rec, bool *ret, struct err *err)
{
    int r = was_current(t, rec, ret, err);

    if (r == 0 && *ret)
        r = access_allows_record(t->call->access_, rec, ret, err);
    return r;
}

static int collect_some(struct telling *t, struct err *err)
{
    int r = 0;
    size_t got = BLOCK;

    t->h.limit = BLOCK;
    while (r == 0 && got == BLOCK && !t->more) {
        struct store_record *list = NULL;

        r = store_history(t->reader, t->call->arena, &t->h, &list, &got, err);
        for (size_t i = 0; r == 0 && i < got; i++) {
            bool told = false;

            t->h.before = list[i].seq;
            r = is_told(t, &list[i], &told, err);
            if (r < 0 || !told)
                continue;
            t->more = t->page_count == t->count;
            if (t->more)
                break;
            t->page[t->page_count++] = list[i];
        }
    }
    return r;
}

static int collect(struct telling *t, struct err *err)
{
    int r = 0;

    t->h.body = true;
    if (t->at || t->call->access_) {
        t->page = arena_array(t->call->arena, t->count + 1, sizeof(*t->page));
        return t->page ? collect_some(t, err) : err_nomem(err);
    }
    t->h.limit = t->count + 1;
    r = store_history(t->reader, t->call->arena, &t->h, &t->page, &t->page_count, err);
    t->more = r == 0 && t->page_count > t->count;
    if (t->more)
        t->page_count = t->count;
    return r;
}

static void write_request(
    struct json_out *o, const struct store_record *rec, const struct fhir_type *type)
{
    static const struct {
        const char *method;
        const char *status;
    } words[] = {
        [STORE_CREATE] = {"PUT", "201"},
        [STORE_UPDATE] = {"PUT", "200"},
        [STORE_DELETE] = {"DELETE", "204"},
    };
    char text[128];
    char iso[TIME_ISO_MAX];

    snprintf(text, sizeof(text), "%s/%.*s", type->name, (int)rec->id.len, rec->id.p);
    time_iso(rec->updated, iso);
    json_name(o, "request");
    json_open(o, '{');
    json_name(o, "method");
    json_put_str(o, words[rec->operation].method);
    json_name(o, "url");
    json_put_str(o, text);
    json_close(o, '}');
    json_name(o, "response");
    json_open(o, '{');
    json_name(o, "status");
    json_put_str(o, words[rec->operation].status);
    snprintf(text, sizeof(text), "W/\"%s\"", rec->vid);
    json_name(o, "etag");
    json_put_str(o, text);
    json_name(o, "lastModified");
    json_put_str(o, iso);
    json_close(o, '}');
}

static int write_version(struct telling *t, struct json_out *o,
    const struct store_record *rec, struct err *err)
{
    const struct fhir_type *type = fhir_type_numbered(rec->type);
    struct app_call *call = t->call;
    int r = 0;

    if (!type)
        return 0;
    json_open(o, '{');
    json_name(o, "fullUrl");
    buf_addf(o->buf, "\"%.*s/%s/%.*s\"", (int)call->base.len, call->base.p, type->name,
        (int)rec->id.len, rec->id.p);
    o->comma = true;
    if (rec->body.len > 0) {
        r = call_saw(call, rec, err);
        if (r < 0)
            return r;
        json_name(o, "resource");
        r = record_write_view(call->arena, o->buf, rec, &t->rest->view, err);
        o->comma = true;
    }
    write_request(o, rec, type);
    json_close(o, '}');
    return r;
}

static int write_links(struct telling *t, struct json_out *o, struct err *err)
{
    struct page_link link = {
        .base = t->call->base,
        .rest = t->rest,
        .tail = "_history",
        .pairs = t->used,
        .pair_count = t->used_count,
    };
    struct str page = {0};
    int64_t last = 0;
    int r = 0;

    json_name(o, "link");
    json_open(o, '[');
    page_link_write(o, &link, "self", t->rest->page);
    if (t->more && t->page_count > 0) {
        last = t->page[t->page_count - 1].seq;
        r = page_seal(t->call->app, t->call->arena,
            page_identity(t->rest, t->used, t->used_count),
            (struct str){(const char *)&last, sizeof(last)}, &page, err);
        if (r == 0)
            page_link_write(o, &link, "next", page);
    }
    json_close(o, ']');
    return r;
}

static int write_bundle(struct telling *t, struct err *err)
{
    struct json_out o = json_out(&t->call->answer);
    int r = 0;

    bundle_open(&o, "history");
    /* how many there are is known for free only when this page holds all of them */
    if (!t->more && !t->rest->page.p) {
        json_name(&o, "total");
        json_put_int(&o, (long long)t->page_count);
    }
    r = write_links(t, &o, err);
    if (t->page_count > 0) {
        json_name(&o, "entry");
        json_open(&o, '[');
        for (size_t i = 0; r == 0 && i < t->page_count && !o.buf->error; i++)
            r = write_version(t, &o, &t->page[i], err);
        json_close(&o, ']');
    }
    json_close(&o, '}');
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct telling t = {.call = call, .rest = rest, .count = LIMIT_PAGE_DEFAULT};
    int r = 0;

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++)
        r = take_pair(&t, &rest->pairs[i], err);
    if (r == 0)
        r = open_cursor(&t, err);
    if (r == 0)
        r = call_read_begin(call, &t.reader, err);
    if (r == 0)
        r = find_record(&t, err);
    if (r == 0)
        r = collect(&t, err);
    if (r == 0)
        r = write_bundle(&t, err);
    call_read_end(call, t.reader);
    return r;
}

int rest_history(struct app_call *call, const struct rest *rest, struct err *err)
{
    /* one record's versions are few; a type's may be many */
    return rest->id.p ? run(call, rest, err) : call_pool(call, rest, run, err);
}
