/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References inside a transaction: to other entries by their fullUrl, to records by a
 * search (Type?query), to this server by its full address.
 */
#include <stdio.h>
#include <string.h>

#include "app/bundle_internal.h"
#include "fhir/value.h"

static int fail(
    struct transaction *t, int code, struct err *err, struct str text, const char *why)
{
    return bundle_err(err, t->current, ".resource", code, "The reference %.*s %s",
        (int)(text.len > 200 ? 200 : text.len), text.p, why);
}

/* How many of the records that this very transaction writes match ${c}; the last of
 * them in ${ret}. The one that the store knows already is not counted twice. */
static int count_own(struct transaction *t, const struct condition *c,
    size_t *ret_count, const struct bundle_entry **ret, struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < t->count; i++) {
        const struct bundle_entry *e = &t->entries[i];
        const struct json *resource = NULL;
        bool match = false;
        int r = 0;

        if ((e->rest.kind != REST_CREATE && e->rest.kind != REST_UPDATE) || e->found ||
            e->rest.type != c->type || (c->count == 1 && str_eq(e->id, c->id)))
            continue;
        r = transaction_resource(t, t->look, e, &resource, err);
        if (r == 0)
            r = search_matches(t->reader, t->look, c->query, resource, &match, err);
        arena_reset(t->look);
        if (r < 0)
            return r;
        if (match) {
            count++;
            *ret = e;
        }
    }
    *ret_count = count;
    return 0;
}

static struct transaction_reference *new_reference(struct transaction *t)
{
    if (t->reference_count == t->reference_cap) {
        size_t cap = t->reference_cap ? t->reference_cap * 2 : 16;
        struct transaction_reference *more = arena_grow(t->arena, t->references,
            t->reference_cap * sizeof(*more), cap * sizeof(*more));

        if (!more)
            return NULL;
        t->references = more;
        t->reference_cap = cap;
    }
    return &t->references[t->reference_count];
}

/* Look for what ${text} means: in the store and in this transaction. */
static int find_target(struct transaction *t, struct transaction_reference *ref,
    const struct condition_request *rq, struct str text, struct err *err)
{
    const struct bundle_entry *own = NULL;
    size_t own_count = 0;
    const char *p = NULL;
    int r = condition_parse(t->arena, rq, &ref->condition, err);

    if (r == 0)
        r = condition_look(t->reader, t->arena, &ref->condition, err);
    if (r == 0)
        r = count_own(t, &ref->condition, &own_count, &own, err);
    if (r < 0) {
        if (err_class(r) == ERR_CALLER)
            bundle_err_place(err, t->current, ".resource");
        return r;
    }
    if (own_count + ref->condition.count > 1)
        return fail(t, E_MULTIPLE, err, text, "matches more than one record.");
    if (own_count + ref->condition.count == 0) {
        t->unresolved = true;
        return fail(t, E_INVALID, err, text, "matches no record.");
    }
    if (own) {
        ref->target = own->target;
        return 0;
    }
    p = arena_printf(t->arena, "%s/%.*s", rq->type->name, (int)ref->condition.id.len,
        ref->condition.id.p);
    if (!p)
        return err_nomem(err);
    ref->target = str_of(p);
    return 0;
}

static int resolve_search(struct transaction *t, const struct fhir_reference *parsed,
    struct str text, struct str *ret, struct err *err)
{
    struct condition_request rq = {.type = fhir_type_numbered(parsed->type),
        .bases = app_bases(t->arena, t->app, t->base),
        .filter = access_filter(t->access),
        .text = parsed->text};
    struct transaction_reference *ref = NULL;
    size_t at = 0;
    int r = 0;

    if (text_map_get(&t->asked, text, &at)) {
        *ret = t->references[at].target;
        return 1;
    }
    ref = new_reference(t);
    if (!ref)
        return err_nomem(err);
    if (!rq.type)
        return fail(t, E_INVALID, err, text, "names no type of record.");
    r = find_target(t, ref, &rq, text, err);
    if (r == 0 && text_map_put(t->arena, &t->asked, text, t->reference_count, NULL) < 0)
        r = err_nomem(err);
    if (r < 0)
        return r;
    *ret = ref->target;
    t->reference_count++;
    return 1;
}

static bool entry_target(const struct transaction *t, const struct text_map *map,
    struct str text, struct str *ret)
{
    size_t at = 0;

    if (!text_map_get(map, text, &at) || !t->entries[at].target.p)
        return false;
    *ret = t->entries[at].target;
    return true;
}

/* The root of a fullUrl that ends in Type/id; p NULL: it does not end so. */
static struct str root_of(struct str url)
{
    size_t slashes = 0;

    for (size_t i = url.len; i-- > 0 && !str_starts(url, "urn:");) {
        if (url.p[i] == '/' && ++slashes == 2)
            return (struct str){url.p, i + 1};
    }
    return (struct str){NULL, 0};
}

/* A relative reference is one to the place that the record which has it came from. Where it
 * is not told, another entry's place will do. */
static int resolve_relative(
    struct transaction *t, struct str text, struct str *ret, struct err *err)
{
    struct str root = root_of(t->entries[t->current].full_url);
    const char *url = NULL;

    if (!root.p)
        return entry_target(t, &t->relatives, text, ret) ? 1 : 0;
    url =
        arena_printf(t->look, "%.*s%.*s", (int)root.len, root.p, (int)text.len, text.p);
    if (!url)
        return err_nomem(err);
    return entry_target(t, &t->urls, str_of(url), ret) ? 1 : 0;
}

int transaction_resolve(struct rewrite *rw, struct str text, enum rewrite_kind kind,
    struct str *ret, struct err *err)
{
    struct transaction *t = rw->arg;
    struct fhir_reference parsed;

    if (text.len == 0 || text.p[0] == '#')
        return 0;
    if (entry_target(t, &t->urls, text, ret))
        return 1;
    if (kind == REWRITE_REFERENCE && str_starts(text, "urn:uuid:"))
        return fail(t, E_INVALID, err, text,
            "is the fullUrl of no entry in this transaction, so it leads nowhere.");
    parsed = fhir_reference_parse(text, t->base);
    if (kind == REWRITE_REFERENCE && parsed.form == FHIR_REF_SEARCH)
        return resolve_search(t, &parsed, text, ret, err);
    if (parsed.form != FHIR_REF_LOCAL)
        return 0;
    return resolve_relative(t, text, ret, err);
}
