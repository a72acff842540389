/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transaction Bundle's entries, one after the other: what each asks is kept, its
 * resource is checked and forgotten. All problems of all entries are found.
 */
#include <string.h>

#include "app/bundle_internal.h"

static int check_kind(const struct bundle_entry *e, struct err *err)
{
    enum rest_kind kind = e->rest.kind;
    bool writes = kind == REST_CREATE || kind == REST_UPDATE || kind == REST_PATCH;

    if (kind == REST_BUNDLE)
        return bundle_err(err, e->index, ".request.url", E_INVALID,
            "A batch or transaction cannot be part of another.");
    if (writes && !json_is_object(e->resource) && !e->json_patch)
        return bundle_err(err, e->index, ".resource", E_INVALID,
            "The entry has no resource to write.");
    return 0;
}

static enum app_space space_of(
    const struct transaction *t, const struct bundle_entry *e)
{
    struct str path = e->path;
    const struct fhir_type *type = NULL;

    if (!t->any_space)
        return t->space;
    type = fhir_resource_named(str_cut(&path, '/'));
    return type && type->own ? APP_PROGRAMME : APP_FHIR;
}

static int parse_request(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    struct app_call call = {.app = t->app, .arena = t->arena, .base = t->base};
    int r = 0;

    bundle_entry_call(e, &call);
    call.space = space_of(t, e);
    r = rest_parse(&call, &e->rest, err);
    if (r < 0) {
        /* the whole is refused as invalid, whatever one entry's own status would be */
        if (err_class(r) == ERR_CALLER)
            err->code = r = E_INVALID;
        bundle_err_place(err, e->index, ".request.url");
        return r;
    }
    return check_kind(e, err);
}

static int check_record(struct transaction *t, struct bundle_entry *e,
    struct fhir_issues *issues, struct err *err)
{
    struct str given = e->given_id;
    size_t before = issues->errors;
    int r = 0;

    if (e->rest.kind != REST_CREATE && e->rest.kind != REST_UPDATE)
        return 0;
    r = body_check(t->arena, e->resource, e->rest.type, issues, err);
    if (r < 0 && issues->errors == before)
        bundle_err_place(err, e->index, ".resource");
    if (r == 0 && e->rest.kind == REST_UPDATE && e->rest.id.p &&
        !str_eq(given, e->rest.id)) {
        return bundle_err(err, e->index, ".resource.id", E_INVALID,
            "The id of the resource must be the one in the url, %.*s.",
            (int)e->rest.id.len, e->rest.id.p);
    }
    return r;
}

int transaction_place(struct transaction *t, struct fhir_issues *issues, size_t from,
    size_t index, struct err *err)
{
    for (size_t i = from; i < issues->count; i++) {
        const char *path = issues->list[i].path;
        const char *tail = path ? strchr(path, '.') : NULL;

        path = arena_printf(
            t->arena, "Bundle.entry[%zu].resource%s", index, tail ? tail : "");
        if (!path)
            return err_nomem(err);
        issues->list[i].path = path;
    }
    return 0;
}

/* An error without an issue of its own gets one, so that all can be told together. */
static int keep_error(struct transaction *t, struct fhir_issues *issues,
    const struct err *e, struct err *err)
{
    struct fhir_issue issue = {.severity = FHIR_ERROR, .code = outcome_code(e->code)};

    issue.path = arena_strndup(t->arena, e->path, strlen(e->path));
    issue.text = arena_strndup(t->arena, e->text, strlen(e->text));
    if (!issue.path || !issue.text)
        return err_nomem(err);
    return fhir_issue_add(t->arena, issues, issue) < 0 ? err_nomem(err) : 0;
}

/* "Type/id" at the end of an absolute URL; p NULL if it does not end so. */
static struct str relative_part(struct str url)
{
    size_t slashes = 0;

    for (size_t i = url.len; i-- > 0;) {
        if (url.p[i] == '/' && ++slashes == 2)
            return (struct str){url.p + i + 1, url.len - i - 1};
    }
    return (struct str){NULL, 0};
}

static int keep_url(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    struct str relative = {NULL, 0};
    int r = 0;

    if (!bundle_writes(e)) {
        t->reads = true;
        return 0;
    }
    if (e->full_url.len == 0)
        return 0;
    r = text_map_put(t->arena, &t->urls, e->full_url, e->index, NULL);
    if (r == 0 && e->method != APP_DELETE)
        return bundle_err(err, e->index, ".fullUrl", E_INVALID,
            "Another entry has the same fullUrl, so references to it have no one "
            "meaning.");
    if (r >= 0 && e->method != APP_DELETE && !str_starts(e->full_url, "urn:"))
        relative = relative_part(e->full_url);
    if (r >= 0 && relative.p)
        r = text_map_put(t->arena, &t->relatives, relative, e->index, NULL);
    return r < 0 ? err_nomem(err) : 0;
}

int transaction_keep(struct transaction *t, struct str *text, struct err *err)
{
    const char *p = text->p ? arena_strndup(t->arena, text->p, text->len) : NULL;

    if (text->p && !p)
        return err_nomem(err);
    text->p = p;
    return 0;
}

/* What is needed of an entry when it is not at hand any more. */
static int keep_entry(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    struct str *const texts[] = {&e->path, &e->query, &e->full_url, &e->if_match,
        &e->if_none_match, &e->if_none_exist, &e->if_modified_since, &e->given_id};
    int r = 0;

    e->given_id = json_get_text(e->resource, "id");
    for (size_t i = 0; r == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
        r = transaction_keep(t, texts[i], err);
    return r;
}

static int read_entry(struct transaction *t, const struct json *json, size_t index,
    struct fhir_issues *issues, struct err *err)
{
    struct bundle_entry *e = &t->entries[index];
    struct err own = {0};
    size_t listed = issues->count;
    size_t errors = issues->errors;
    int r = bundle_entry_read(t->scratch, json, index, t->base, e, &own);

    if (r == 0)
        r = keep_entry(t, e, &own);
    if (r == 0)
        r = parse_request(t, e, &own);
    if (r == 0)
        r = check_record(t, e, issues, &own);
    e->resource = NULL;
    if (r == 0)
        r = keep_url(t, e, &own);
    if (r < 0 && err_class(r) != ERR_CALLER) {
        *err = own;
        return r;
    }
    if (issues->count > listed)
        r = transaction_place(t, issues, listed, index, err);
    else if (r < 0 && issues->errors == errors)
        r = keep_error(t, issues, &own, err);
    else
        r = 0;
    return r;
}

/* The entry ${index} as JSON. What is wrong with it is told with its place in the whole
 * text. */
static int read_item(
    struct transaction *t, size_t index, const struct json **ret, struct err *err)
{
    const struct json *whole = NULL;
    int r = json_read(t->scratch, t->parts.items[index], LIMIT_IMPORT_FILE, ret, err);

    if (r == E_INVALID && t->parts.text.p &&
        json_read(t->scratch, t->parts.text, LIMIT_IMPORT_FILE, &whole, err) == 0)
        r = err_set(err, E_INVALID, NULL, "An entry of the Bundle is not JSON.");
    return r;
}

static int read_entries(
    struct transaction *t, struct fhir_issues *issues, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < t->count; i++) {
        const struct json *json = NULL;

        r = read_item(t, i, &json, err);
        if (r == 0)
            r = read_entry(t, json, i, issues, err);
        arena_reset(t->scratch);
    }
    return r;
}

int transaction_read(struct transaction *t, struct fhir_issues *issues, struct err *err)
{
    int r = 0;

    t->count = t->parts.count;
    t->entries = arena_array(t->arena, t->count, sizeof(*t->entries));
    t->writes = arena_array(t->arena, t->count, sizeof(*t->writes));
    t->write_entries = arena_array(t->arena, t->count, sizeof(*t->write_entries));
    t->made = arena_array(t->arena, t->count, sizeof(*t->made));
    t->scratch = arena_new();
    if (!t->entries || !t->writes || !t->write_entries || !t->made || !t->scratch)
        r = err_nomem(err);
    if (r == 0)
        r = read_entries(t, issues, err);
    arena_free(t->scratch);
    t->scratch = NULL;
    if (r == 0 && issues->errors > 0) {
        r = err_set(err, E_INVALID, issues->count ? issues->list[0].path : NULL, "%s",
            issues->count ? issues->list[0].text : "The Bundle breaks rules of FHIR.");
    }
    return r;
}

int transaction_resource(const struct transaction *t, struct arena *a,
    const struct bundle_entry *e, const struct json **ret, struct err *err)
{
    struct bundle_entry again = {0};
    const struct json *json = NULL;
    int r = json_read_trusted(a, t->parts.items[e->index], &json, err);

    if (r == 0)
        r = bundle_entry_read(a, json, e->index, t->base, &again, err);
    if (r == 0)
        *ret = again.resource;
    return r;
}

bool transaction_writes_posts(const struct transaction *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->count; i++)
        count += bundle_writes(&t->entries[i]) && t->entries[i].rest.type &&
                 strcmp(t->entries[i].rest.type->name, "PractitionerRole") == 0;
    return count > 1;
}
