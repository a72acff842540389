/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search as a Bundle. What matches is the search view's business; here the page is
 * written: links with sealed cursors, records spliced without parsing, warnings.
 */
#include <assert.h>
#include <string.h>

#include "base/id.h"

#include "app/app_internal.h"

/* What a page is written from. */
struct searching {
    struct app_call *call;
    const struct rest *rest;
    const struct search_query *query;
    struct search_page page;
    struct rest_view view;
    uint64_t identity;
    struct fhir_issues issues;
    struct json_out out;
};

/* {"fullUrl":"BASE/TYPE/ID","resource": */
static void write_entry_head(struct json_out *o, struct str base,
    const struct fhir_type *type, const struct store_record *rec)
{
    struct buf *b = o->buf;

    json_open(o, '{');
    buf_add(b, "\"fullUrl\":\"", 11);
    buf_add(b, base.p, base.len);
    buf_addc(b, '/');
    buf_adds(b, type->name);
    buf_addc(b, '/');
    buf_add(b, rec->id.p, rec->id.len);
    buf_add(b, "\",\"resource\":", 13);
}

static int write_hit(struct searching *s, struct store_reader *reader,
    const struct search_hit *hit, struct err *err)
{
    struct str match = STR(",\"search\":{\"mode\":\"match\"}}");
    struct str include = STR(",\"search\":{\"mode\":\"include\"}}");
    struct str tail = hit->included ? include : match;
    struct app_call *call = s->call;
    struct json_out *o = &s->out;
    struct store_record rec = {0};
    const struct fhir_type *type = NULL;
    int r = store_get_rid(reader, call->arena, hit->rid, true, &rec, err);

    if (r < 0)
        return r;
    type = fhir_type_numbered(rec.type);
    /* named by an include, but never stored or gone: nothing to show */
    if (!type || rec.operation == STORE_DELETE || rec.body.len == 0)
        return 0;
    r = call_saw(call, &rec, err);
    if (r < 0)
        return r;
    write_entry_head(o, call->base, type, &rec);
    r = record_write_view(call->arena, o->buf, &rec, &s->view, err);
    buf_add(o->buf, tail.p, tail.len);
    o->comma = true;
    return r;
}

/* Warnings, and the plan where _explain asks for it, as an entry of its own kind. */
static int write_outcome_entry(struct searching *s, struct err *err)
{
    struct json_out *o = &s->out;
    int r = 0;

    if (s->page.explain.p) {
        const char *plan =
            arena_strndup(s->call->arena, s->page.explain.p, s->page.explain.len);

        r = plan ? fhir_issue_add(s->call->arena, &s->issues,
                       (struct fhir_issue){
                           FHIR_INFORMATION, "informational", NULL, plan})
                 : E_NOMEM;
        if (r < 0)
            return err_nomem(err);
    }
    if (s->issues.count == 0)
        return 0;
    json_open(o, '{');
    json_name(o, "resource");
    outcome_write(o->buf, NULL, &s->issues);
    o->comma = true;
    json_name(o, "search");
    json_put_raw(o, STR("{\"mode\":\"outcome\"}"));
    json_close(o, '}');
    return 0;
}

static int write_link(struct searching *s, const struct page_link *link,
    const char *relation, struct str cursor, struct err *err)
{
    struct str page = {0};
    int r = 0;

    if (!cursor.p)
        return 0;
    r = page_seal(s->call->app, s->call->arena, s->identity, cursor, &page, err);
    if (r == 0)
        page_link_write(&s->out, link, relation, page);
    return r;
}

static int write_links(struct searching *s, struct err *err)
{
    struct page_link link = {
        .base = s->call->base,
        .rest = s->rest,
        .pairs = s->query->used,
        .pair_count = s->query->used_count,
    };
    int r = 0;

    json_name(&s->out, "link");
    json_open(&s->out, '[');
    page_link_write(&s->out, &link, "self", s->rest->page);
    r = write_link(s, &link, "next", s->page.next, err);
    if (r == 0)
        r = write_link(s, &link, "previous", s->page.previous, err);
    json_close(&s->out, ']');
    return r;
}

static int write_entries(
    struct searching *s, struct store_reader *reader, struct err *err)
{
    int r = 0;

    if (s->page.count == 0 && s->issues.count == 0 && !s->page.explain.p)
        return 0;
    json_name(&s->out, "entry");
    json_open(&s->out, '[');
    for (size_t i = 0; i < s->page.count && r == 0 && !s->out.buf->error; i++)
        r = write_hit(s, reader, &s->page.hits[i], err);
    if (r == 0)
        r = write_outcome_entry(s, err);
    json_close(&s->out, ']');
    return r;
}

static int write_bundle(
    struct searching *s, struct store_reader *reader, struct err *err)
{
    struct json_out *o = &s->out;
    char id[ID_UUID_CHARS + 1];
    char iso[TIME_ISO_MAX];
    int r = 0;

    id_uuid7(time_now(), id);
    time_iso(time_now(), iso);
    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "Bundle");
    json_name(o, "id");
    json_put_str(o, id);
    json_name(o, "meta");
    json_open(o, '{');
    json_name(o, "lastUpdated");
    json_put_str(o, iso);
    json_close(o, '}');
    json_name(o, "type");
    json_put_str(o, "searchset");
    if (s->page.total >= 0) {
        json_name(o, "total");
        json_put_int(o, s->page.total);
    }
    r = write_links(s, err);
    if (r == 0)
        r = write_entries(s, reader, err);
    json_close(o, '}');
    return r;
}

static void add_base(struct search_bases *bases, struct str base)
{
    for (size_t i = 0; i < bases->count; i++) {
        if (str_eq(bases->list[i], base))
            return;
    }
    if (base.len > 0 && bases->count < SEARCH_BASES)
        bases->list[bases->count++] = base;
}

struct search_bases app_bases(struct arena *a, struct app *app, struct str base)
{
    struct str fhir = STR("/fhir");
    struct str programme = STR("/programme");
    struct search_bases bases = {.none = app->read_only ? NULL : &app->no_addresses};
    struct str root = base;
    const char *other = NULL;

    add_base(&bases, app->base[APP_FHIR]);
    add_base(&bases, app->base[APP_PROGRAMME]);
    if (str_eq(base, bases.list[0]) || str_eq(base, bases.list[1]))
        return bases;
    add_base(&bases, base);
    for (int i = 0; i < 2; i++) {
        struct str tail = i ? programme : fhir;
        struct str sibling = i ? fhir : programme;

        if (!str_ends(base, tail.p))
            continue;
        root.len = base.len - tail.len;
        other =
            arena_printf(a, "%.*s%s", (int)root.len, root.p ? root.p : "", sibling.p);
        if (other) /* without memory it is one address less */
            add_base(&bases, str_of(other));
    }
    return bases;
}

static int open_cursor(struct searching *s, struct search_request *rq, struct err *err)
{
    s->identity = page_identity(s->rest, s->rest->pairs, s->rest->pair_count);
    if (!s->rest->page.p)
        return 0;
    return page_open(
        s->call->app, s->call->arena, s->identity, s->rest->page, &rq->cursor, err);
}

static int parse(struct searching *s, struct err *err)
{
    const struct rest *rest = s->rest;
    struct search_request rq = {
        .type = rest->type ? rest->type->number : 0,
        .compartment = rest->compartment ? rest->compartment->number : 0,
        .compartment_id = rest->compartment_id,
        .pairs = rest->pairs,
        .pair_count = rest->pair_count,
        .bases = app_bases(s->call->arena, s->call->app, s->call->base),
        .lenient = rest->lenient,
        .filter = access_filter(s->call->access_),
        .now = time_now(),
    };
    struct search_query *query = NULL;
    int r = open_cursor(s, &rq, err);

    for (size_t i = 0; r == 0 && rq.filter && i < rest->pair_count; i++) {
        if (str_is(rest->pairs[i].name, "_explain"))
            r = err_set(err, E_FORBIDDEN, "_explain",
                "_explain tells of records that are not yours to see. It is for the "
                "operator's programs.");
    }
    if (r == 0)
        r = search_parse(s->call->arena, &rq, &s->issues, &query, err);
    if (r < 0)
        return r;
    assert(query);
    /* links carry what was understood; the next page must come to the same identity */
    s->identity = page_identity(rest, query->used, query->used_count);
    s->query = query;
    s->view = (struct rest_view){.summary = query->summary,
        .elements = query->elements,
        .element_count = query->element_count};
    return 0;
}

/* Something that was asked for by name was not found: it is hidden, or not there. */
static bool lacks_named(const struct searching *s)
{
    size_t found = s->page.matches;

    if (s->page.total > 0 && (uint64_t)s->page.total > found)
        found = (size_t)s->page.total;
    return found < search_named(s->query);
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct searching s = {.call = call, .rest = rest, .out = json_out(&call->answer)};
    struct store_reader *reader = NULL;
    int r = parse(&s, err);

    if (r == 0)
        r = call_read_begin(call, &reader, err);
    if (r == 0)
        r = search_run(reader, call->arena, s.query, &s.page, err);
    if (r == 0)
        r = write_bundle(&s, reader, err);
    call_read_end(call, reader);
    if (r < 0)
        return r;
    call->status = 200;
    if (lacks_named(&s))
        access_wait(call->access_);
    return 0;
}

/* A guess, from the query alone, that an answer takes long enough to be in the way of
 * other connections of the same thread. */
static bool looks_long(const struct rest *rest)
{
    if (!rest->type)
        return true;
    for (size_t i = 0; i < rest->pair_count; i++) {
        struct str name = rest->pairs[i].name;
        int64_t count = 0;

        if (str_is(name, "_count") &&
            text_int(rest->pairs[i].value, 0, 1 << 20, &count) && count > 100)
            return true;
        if (str_starts(name, "_include") || str_starts(name, "_revinclude") ||
            str_starts(name, "_has") || str_is(name, "_total") ||
            str_is(name, "_text") || str_is(name, "_content") ||
            str_is(name, "_filter") || str_is(name, "_sort") ||
            str_ends(name, ":contains") || str_ends(name, ":not") ||
            str_ends(name, ":missing") || str_ends(name, ":text") ||
            str_ends(name, ":above") || str_ends(name, ":below") ||
            memchr(name.p, '.', name.len))
            return true;
    }
    return false;
}

int rest_search(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (looks_long(rest))
        return call_pool(call, rest, run, err);
    return run(call, rest, err);
}
