/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a transaction Bundle to one store_transaction. On a snapshot every condition is
 * decided and every reference resolved; what was decided is asked again by the writer
 * (the guard), inside the same transaction that writes.
 */
#include <stdio.h>
#include <string.h>

#include "app/bundle_internal.h"

/* ---- deciding ---- */

static int look(struct transaction *t, struct bundle_entry *e, struct str text,
    const char *tail, struct err *err)
{
    struct condition_request rq = {.type = e->rest.type,
        .bases = app_bases(t->arena, t->app, t->base),
        .filter = access_filter(t->access),
        .text = text,
        .pairs = e->rest.pairs,
        .pair_count = e->rest.pair_count};
    int r = 0;

    if (!e->condition) {
        e->condition = arena_alloc(t->arena, sizeof(*e->condition));
        if (!e->condition)
            return err_nomem(err);
        r = condition_parse(t->arena, &rq, e->condition, err);
    }
    if (r == 0)
        r = condition_look(t->reader, t->arena, e->condition, err);
    if (r == 0)
        r = condition_single(e->condition, NULL, err);
    if (r < 0) {
        if (err_class(r) == ERR_CALLER)
            bundle_err_place(err, e->index, tail);
        /* planned again from the beginning next time */
        e->condition = NULL;
    }
    return r;
}

static int give_id(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    char *id = NULL;

    if (e->id.p)
        return 0;
    id = arena_alloc_raw(t->arena, ID_UUID_CHARS + 1);
    if (!id)
        return err_nomem(err);
    id_uuid7(time_now(), id);
    e->id = (struct str){id, ID_UUID_CHARS};
    return 0;
}

static int decide_create(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    int r = 0;

    e->found = false;
    if (!e->if_none_exist.p)
        return give_id(t, e, err);
    r = look(t, e, e->if_none_exist, ".request.ifNoneExist", err);
    if (r < 0)
        return r;
    if (e->condition->count == 0) {
        e->id = (struct str){NULL, 0};
        return give_id(t, e, err);
    }
    e->found = true;
    e->id = e->condition->id;
    return store_get_rid(
        t->reader, t->arena, e->condition->rid, true, &e->existing, err);
}

static int decide_update(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    struct str given = e->given_id;
    int r = 0;

    if (e->rest.id.p) {
        e->id = e->rest.id;
        return 0;
    }
    r = look(t, e, (struct str){NULL, 0}, ".request.url", err);
    if (r < 0)
        return r;
    if (e->condition->count == 1) {
        e->id = e->condition->id;
        if (given.p && !str_eq(given, e->id) && !str_starts(e->full_url, "urn:"))
            return bundle_err(err, e->index, ".resource.id", E_INVALID,
                "The condition matches %.*s, but the resource has another id.",
                (int)e->id.len, e->id.p);
        return 0;
    }
    e->id = given;
    return give_id(t, e, err);
}

static int decide_other(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    int r = 0;

    e->id = e->rest.id;
    if (e->id.p)
        return 0;
    r = look(t, e, (struct str){NULL, 0}, ".request.url", err);
    if (r < 0)
        return r;
    e->id = e->condition->id; /* p NULL: none matched */
    if (!e->id.p && e->method == APP_PATCH)
        return bundle_err(err, e->index, ".request.url", E_INVALID,
            "No %s matches the condition, so there is nothing to patch.",
            e->rest.type->name);
    return 0;
}

/* One record, one entry: the order of work must not matter. */
static int name_record(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    const char *p = NULL;
    size_t other = 0;
    int r = 0;

    if (!e->id.p)
        return 0;
    p = arena_printf(t->arena, "%s/%.*s", e->rest.type->name, (int)e->id.len, e->id.p);
    if (!p)
        return err_nomem(err);
    e->target = str_of(p);
    r = text_map_put(t->arena, &t->named, e->target, e->index, &other);
    if (r < 0)
        return err_nomem(err);
    if (r == 0)
        return bundle_err(err, e->index, "", E_INVALID,
            "This entry is about the same record, %s, as entry %zu. A transaction may "
            "touch a record only once.",
            p, other);
    return 0;
}

static int decide(struct transaction *t, struct bundle_entry *e, struct err *err)
{
    int r = access_scope_check(t->access, &e->rest, e->if_none_exist.p != NULL, err);

    if (r < 0) {
        bundle_err_place(err, e->index, ".request.url");
        return r;
    }
    e->write = SIZE_MAX;
    if (e->rest.kind == REST_CREATE)
        r = decide_create(t, e, err);
    else if (e->rest.kind == REST_UPDATE)
        r = decide_update(t, e, err);
    else if (e->rest.kind == REST_PATCH || e->rest.kind == REST_DELETE)
        r = decide_other(t, e, err);
    else
        return 0; /* it writes nothing */
    return r < 0 ? r : name_record(t, e, err);
}

/* Two creates under one condition would both find nothing and make two. */
static int check_conditions(struct transaction *t, struct err *err)
{
    struct text_map seen = {0};

    for (size_t i = 0; i < t->count; i++) {
        struct bundle_entry *e = &t->entries[i];
        const char *key = NULL;
        int r = 0;

        if (!e->if_none_exist.p || e->found)
            continue;
        key = arena_printf(t->arena, "%s?%.*s", e->rest.type->name,
            (int)e->if_none_exist.len, e->if_none_exist.p);
        r = key ? text_map_put(t->arena, &seen, str_of(key), i, NULL) : E_NOMEM;
        if (r < 0)
            return err_nomem(err);
        if (r == 0)
            return bundle_err(err, i, ".request.ifNoneExist", E_INVALID,
                "Another entry creates a %s under the same condition.",
                e->rest.type->name);
    }
    return 0;
}

/* ---- preparing ---- */

static int expect(struct transaction *t, const struct bundle_entry *e,
    struct store_write *w, struct err *err)
{
    struct str vid = rest_etag(e->if_match);

    (void)t;
    if (e->if_match.p && str_is(vid, "*")) {
        w->expect = STORE_EXPECT_LIVE;
    } else if (e->if_match.p) {
        if (vid.len != STORE_VID_CHARS)
            return bundle_err(err, e->index, ".request.ifMatch", E_PRECONDITION,
                "The record never had the version that ifMatch names.");
        w->expect = STORE_EXPECT_VID;
        memcpy(w->expect_vid, vid.p, vid.len);
        w->expect_vid[vid.len] = '\0';
    } else if (e->if_none_match.p && e->method != APP_GET) {
        w->expect = STORE_EXPECT_ABSENT;
    }
    return 0;
}

static int current_version(struct transaction *t, const struct bundle_entry *e,
    struct store_record *ret, struct err *err)
{
    int r = store_get(t->reader, t->scratch, e->rest.type->number, e->id, ret, err);

    if (r == 0 && ret->operation == STORE_DELETE)
        r = E_GONE;
    return r;
}

/* ${*resource}: the patch, and then what it makes of the record. */
static int patched(struct transaction *t, struct bundle_entry *e, struct store_write *w,
    struct fhir_issues *issues, const struct json **resource, struct err *err)
{
    struct patch_request rq = {.patch = *resource,
        .json_patch = e->json_patch,
        .type = e->rest.type,
        .id = e->id};
    struct store_record rec = {0};
    const struct json *current = NULL;
    bool allowed = false;
    int r = current_version(t, e, &rec, err);

    /* before the patch is tried: what fails in it would tell of the content */
    if (r == 0)
        r = access_allows(t->access, rec.rid, &allowed, err);
    if (r == 0 && !allowed) {
        access_missing(t->access, e->rest.type->number, true);
        r = E_NOT_FOUND;
    }
    if (r == E_NOT_FOUND || r == E_GONE)
        return bundle_err(err, e->index, ".request.url", E_INVALID,
            "There is no record here that could be patched.");
    if (r == 0)
        r = record_json(t->scratch, &rec, &current, err);
    if (r == 0)
        /* the list of issues stays */
        r = patch_apply(t->arena, &rq, current, issues, resource, err);
    if (r < 0) {
        if (err_class(r) == ERR_CALLER && issues->errors == 0)
            bundle_err_place(err, e->index, ".resource");
        return r;
    }
    if (w->expect == STORE_EXPECT_ANY) {
        w->expect = STORE_EXPECT_VID;
        w->expect_soft = true;
        memcpy(w->expect_vid, rec.vid, sizeof(rec.vid));
    }
    return 0;
}

/* What is sent in the same transaction may lean on this Consent. */
static int expect_consent(
    struct transaction *t, const struct store_write *w, struct err *err)
{
    char *body = arena_strndup(t->arena, w->body.p, w->body.len);

    return body ? access_expect_consent(t->access, (struct str){body, w->body.len}, err)
                : err_nomem(err);
}

/* May the caller write this? Asked of what is stored, its references resolved. */
static int check_write(struct transaction *t, struct bundle_entry *e,
    struct store_write *w, struct err *err)
{
    struct access_write write = {.type = e->rest.type};
    char vid[STORE_VID_CHARS + 1] = ACCESS_NOT_LOOKED;
    int r = 0;

    if (!t->access && strcmp(e->rest.type->name, "MeasureReport") != 0)
        return 0; /* of a volume the form is asked of everybody */
    if (e->rest.kind != REST_CREATE)
        write.id = e->id;
    if (w->operation != STORE_DELETE)
        r = json_read_trusted(t->scratch, w->body, &write.resource, err);
    if (r == 0)
        r = access_check_write(t->access, &write, vid, err);
    if (r < 0) {
        if (err_class(r) == ERR_CALLER)
            bundle_err_place(err, e->index, ".request.url");
        return r;
    }
    if (e->rest.kind == REST_CREATE && strcmp(e->rest.type->name, "Patient") == 0) {
        t->made[t->made_count++] = e->id;
        access_expect(t->access, t->made, t->made_count);
    }
    if (w->operation != STORE_DELETE && strcmp(e->rest.type->name, "Consent") == 0)
        r = expect_consent(t, w, err);
    if (r < 0 || strcmp(vid, ACCESS_NOT_LOOKED) == 0)
        return r;
    if (!vid[0] && write.id.p && write.resource && w->expect == STORE_EXPECT_ANY) {
        w->expect = STORE_EXPECT_ABSENT;
        w->expect_soft = true;
    }
    if (vid[0] && (w->expect_soft || w->expect == STORE_EXPECT_ANY ||
                      w->expect == STORE_EXPECT_LIVE)) {
        w->expect = STORE_EXPECT_VID;
        w->expect_soft = true;
        memcpy(w->expect_vid, vid, sizeof(vid));
    }
    return 0;
}

/* A delete of what is not there needs no write. */
static int prepare_delete(struct transaction *t, struct bundle_entry *e,
    struct store_write *w, bool *ret_skip, struct err *err)
{
    struct store_record rec = {0};
    int r = 0;

    w->operation = STORE_DELETE;
    r = check_write(t, e, w, err);
    if (r < 0)
        return r;
    r = current_version(t, e, &rec, err);
    *ret_skip = (r == E_NOT_FOUND || r == E_GONE) && !e->if_match.p;
    if (*ret_skip || r == E_NOT_FOUND || r == E_GONE)
        r = 0;
    if (w->expect == STORE_EXPECT_ANY)
        w->expect = STORE_EXPECT_LIVE;
    if (r == 0 && !*ret_skip)
        r = store_prepare(t->app->store, t->arena, w, err);
    return r;
}

/* The stored form goes, unless the answer shows it. */
static int keep_body(struct transaction *t, struct store_write *w, struct err *err)
{
    if (!t->bodies) {
        w->body = (struct str){NULL, 0};
        return 0;
    }
    return transaction_keep(t, &w->body, err);
}

static int prepare_record(struct transaction *t, struct bundle_entry *e,
    struct store_write *w, struct fhir_issues *issues, struct err *err)
{
    struct rewrite rw = {.resolve = transaction_resolve, .arg = t};
    struct record_room room = {t->app, t->arena, t->scratch};
    const struct json *resource = NULL;
    int r = transaction_resource(t, t->scratch, e, &resource, err);

    if (r == 0 && e->rest.kind == REST_PATCH)
        r = patched(t, e, w, issues, &resource, err);
    if (r == 0)
        r = record_prepare(&room, w, resource, &rw, err);
    if (r == 0)
        r = check_write(t, e, w, err);
    return r < 0 ? r : keep_body(t, w, err);
}

static int prepare_entry(struct transaction *t, struct bundle_entry *e,
    struct fhir_issues *issues, struct err *err)
{
    struct store_write *w = &t->writes[t->write_count];
    bool skip = !e->id.p || e->found;
    size_t before = issues->count;
    int r = 0;

    if (skip)
        return 0;
    t->current = e->index;
    *w = (struct store_write){
        .type = e->rest.type, .id = e->id, .operation = STORE_UPDATE};
    if (e->rest.kind == REST_CREATE) {
        w->operation = STORE_CREATE;
        w->expect = STORE_EXPECT_ABSENT;
    }
    r = expect(t, e, w, err);
    if (r == 0 && e->rest.kind == REST_DELETE)
        r = prepare_delete(t, e, w, &skip, err);
    else if (r == 0)
        r = prepare_record(t, e, w, issues, err);
    if (issues->count > before)
        transaction_place(t, issues, before, e->index, err);
    arena_reset(t->scratch);
    arena_reset(t->look);
    if (r == 0 && !skip) {
        e->write = t->write_count;
        t->write_entries[t->write_count++] = e->index;
    }
    return r;
}

/* ---- the plan ---- */

static int guard(struct store_reader *r, void *arg, struct err *err)
{
    struct transaction *t = arg;
    int e = 0;

    access_begin(t->access, r);
    for (size_t i = 0; i < t->count && e == 0; i++) {
        if (t->entries[i].condition)
            e = condition_hold(r, t->arena, t->entries[i].condition, err);
    }
    for (size_t i = 0; i < t->reference_count && e == 0; i++)
        e = condition_hold(r, t->arena, &t->references[i].condition, err);
    access_end(t->access);
    return e;
}

static bool has_conditions(const struct transaction *t)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->entries[i].condition)
            return true;
    }
    return t->reference_count > 0;
}

static int decide_all(struct transaction *t, struct err *err)
{
    int r = 0;

    for (size_t i = 0; i < t->count && r == 0; i++)
        r = decide(t, &t->entries[i], err);
    return r < 0 ? r : check_conditions(t, err);
}

/* access_makes(): a new record under an id that the server gave it. */
static bool makes(void *arg, struct str reference)
{
    const struct transaction *t = arg;
    size_t at = 0;

    return text_map_get(&t->named, reference, &at) &&
           t->entries[at].rest.kind == REST_CREATE && !t->entries[at].found;
}

/* Of whom access must know before it judges what names them. */
static bool makes_patient(const struct transaction *t, const struct bundle_entry *e)
{
    return t->access && e->rest.kind == REST_CREATE &&
           strcmp(e->rest.type->name, "Patient") == 0;
}

/* The entries of one phase, those that make patients or the others. */
static int prepare_some(struct transaction *t, unsigned phase, bool patients,
    struct fhir_issues *issues, struct err *err)
{
    int r = 0;

    for (size_t i = 0; i < t->count && r == 0; i++) {
        struct bundle_entry *e = &t->entries[i];

        if (bundle_writes(e) && bundle_phase(e->method) == phase &&
            makes_patient(t, e) == patients)
            r = prepare_entry(t, e, issues, err);
    }
    return r;
}

static int prepare_all(
    struct transaction *t, struct fhir_issues *issues, struct err *err)
{
    int r = 0;

    t->made_count = 0;
    access_expect(t->access, NULL, 0);
    access_makes(t->access, makes, t);
    access_together(t->access, transaction_writes_posts(t));
    for (unsigned phase = 0; phase < BUNDLE_PHASES - 1 && r == 0; phase++) {
        r = prepare_some(t, phase, true, issues, err);
        if (r == 0)
            r = prepare_some(t, phase, false, issues, err);
    }
    access_makes(t->access, NULL, NULL);
    access_together(t->access, false);
    return r;
}

int transaction_plan(struct transaction *t, struct fhir_issues *issues, struct err *err)
{
    int r = store_read_begin(t->app->store, &t->reader, err);

    t->named = (struct text_map){0};
    t->asked = (struct text_map){0};
    t->reference_count = 0;
    t->write_count = 0;
    t->unresolved = false;
    t->scratch = arena_new();
    t->look = arena_new();
    if (r == 0 && (!t->scratch || !t->look))
        r = err_nomem(err);
    if (r == 0) {
        access_begin(t->access, t->reader);
        r = decide_all(t, err);
    }
    if (r == 0)
        r = prepare_all(t, issues, err);
    access_end(t->access);
    if (t->reader)
        store_read_end(t->reader);
    arena_free(t->look);
    arena_free(t->scratch);
    t->reader = NULL;
    t->scratch = NULL;
    t->look = NULL;
    t->tx = (struct store_transaction){
        .writes = t->writes,
        .count = t->write_count,
        .actor = t->actor,
        .who = t->who,
        .guard = has_conditions(t) ? guard : NULL,
        .guard_arg = t,
    };
    return r;
}

bool transaction_raced(const struct transaction *t)
{
    const struct store_write *w = NULL;

    if (t->tx.result == E_CONFLICT)
        return true;
    if (t->tx.result != E_GONE && t->tx.result != E_NOT_FOUND)
        return false;
    /* what this transaction deletes was deleted by another: that is no failure */
    if (t->tx.failed >= t->write_count)
        return false;
    w = &t->writes[t->tx.failed];
    return w->operation == STORE_DELETE && w->expect == STORE_EXPECT_LIVE &&
           !t->entries[t->write_entries[t->tx.failed]].if_match.p;
}

int transaction_error(const struct transaction *t, struct err *err)
{
    int r = t->tx.result;

    *err = t->tx.err;
    if (r == E_GONE || r == E_NOT_FOUND)
        r = err_set(err, E_PRECONDITION, NULL,
            "ifMatch asks for a record that is there, but there is none.");
    if (t->tx.failed < t->write_count && err_class(r) == ERR_CALLER)
        bundle_err_place(err, t->write_entries[t->tx.failed], ".request");
    return r;
}
