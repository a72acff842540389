/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the scopes of a program leave of a request: first by its kind and type, then record
 * by record. A scope with a query is asked of the record itself; of a version both it and
 * what is current must match, of a deleted record its last content.
 */
#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/scope.h"

/* ---- what a request needs ---- */

static unsigned needs(const struct rest *rest, bool if_none_exist)
{
    unsigned condition = rest->id.p ? 0 : SCOPE_SEARCH;

    switch (rest->kind) {
    case REST_READ:
    case REST_VREAD:
    case REST_ACCESSES:
    case REST_AUDIT_READ:
        return SCOPE_READ;
    case REST_EVERYTHING: /* what it gathers is asked about record by record */
        return SCOPE_READ | SCOPE_SEARCH;
    case REST_VITALS: /* the same; a trial reads no patient's record */
        return rest->id.p ? SCOPE_READ | SCOPE_SEARCH : 0;
    case REST_HISTORY:
        return rest->id.p ? SCOPE_READ : SCOPE_SEARCH;
    case REST_SEARCH:
    case REST_AUDIT_SEARCH:
    case REST_AUDIT_CHAIN:
    case REST_CASELOAD:
    case REST_ROUTE:
    case REST_WORKLIST:
    case REST_LOGBOOK:
    case REST_LINEAGE:
    case REST_LEARNING:
    case REST_EQUIPMENT:
    case REST_TEAM:
    case REST_FIGURES:
    case REST_MAP:
    case REST_CATALOGUE:
    case REST_QUALITY:
    case REST_INDICATOR:
        return SCOPE_SEARCH;
    case REST_CREATE:
        return SCOPE_CREATE | (if_none_exist ? SCOPE_SEARCH : 0u);
    case REST_UPDATE:
        return SCOPE_UPDATE | condition;
    case REST_REPORT:
    case REST_PROCEDURE:
    case REST_APPRENTICE:
    case REST_ENROLMENT:
    case REST_CASE: /* the Task and what is said are asked about too */
        return SCOPE_UPDATE | SCOPE_READ;
    case REST_PATCH: /* what a patch tests and where it fails tells what is there */
        return SCOPE_UPDATE | SCOPE_READ | condition;
    case REST_DELETE:
        return SCOPE_DELETE | condition;
    case REST_VALIDATE:
        return rest->id.p ? SCOPE_READ : 0;
    case REST_BREAK_GLASS: /* no program does these */
    case REST_REVIEW:
    case REST_CASE_REVIEW:
    case REST_CASE_REVIEWS:
    case REST_HANDOVER:
    case REST_HANDOVER_SAY:
    case REST_PULSE:
    case REST_PULSE_SAY:
    case REST_FITNESS:
    case REST_RULE_CHANGE:
    case REST_RULES:
    case REST_SIGN_OFF:
    case REST_SIGN_OFF_LOOK:
    case REST_BUNDLE: /* each entry is asked about */
    case REST_METADATA:
        break;
    }
    return 0;
}

static int refuse(const char *type, unsigned missing, struct err *err)
{
    static const char *const words[] = {"create", "read", "update", "delete", "search"};
    const char *word = words[0];

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (missing & 1u << i)
            word = words[i];
    }
    return err_set(err, E_FORBIDDEN, "scope",
        "The scopes of this token do not let it %s %s.", word,
        type ? type : "across all types");
}

int access_scope_check(
    struct access *a, struct rest *rest, bool if_none_exist, struct err *err)
{
    const struct scopes *s = a ? a->call->caller.scopes : NULL;
    unsigned needed = needs(rest, if_none_exist);
    unsigned type = rest->type ? rest->type->number : 0;
    unsigned given = 0;

    if (!s)
        return 0;
    if (rest->type) {
        given = scopes_verbs(s, type);
        if (rest->kind == REST_VALIDATE && given == 0)
            return refuse(rest->type->name, SCOPE_READ, err);
        rest->prefer = access_scope_prefer(a, rest->type, rest->prefer);
    } else if (scopes_any(s, SCOPE_SEARCH)) {
        given = SCOPE_SEARCH; /* what is found is asked about */
    }
    if ((int)rest->kind == a->call->kind_) /* and not an entry of a transaction */
        a->looks =
            rest->kind == REST_HISTORY && !rest->id.p ? SCOPE_SEARCH : SCOPE_READ;
    if (needed & ~given)
        return refuse(rest->type ? rest->type->name : NULL, needed & ~given, err);
    return 0;
}

enum rest_return access_scope_prefer(
    const struct access *a, const struct fhir_type *type, enum rest_return prefer)
{
    const struct scopes *s = a ? a->call->caller.scopes : NULL;

    if (s && prefer != REST_RETURN_OUTCOME &&
        !(scopes_plain(s, type->number) & SCOPE_READ))
        return REST_RETURN_MINIMAL;
    return prefer;
}

/* ---- queries ---- */

/* The query of the scope ${i}, planned when it is first asked. */
static int query_of(
    struct access *a, size_t i, const struct search_query **ret, struct err *err)
{
    struct app_call *call = a->call;
    const struct scope *scope = &call->caller.scopes->list[i];
    struct search_request rq = {.type = scope->type,
        /* not by the name the client calls us: it would choose what a query means */
        .bases = app_bases(call->arena, call->app, call->app->base[APP_FHIR]),
        .now = time_now()};
    struct search_pair *pairs = NULL;
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    int r = 0;

    if (!a->queries)
        a->queries = arena_array(
            call->arena, call->caller.scopes->count, sizeof(struct search_query *));
    if (!a->queries)
        return err_nomem(err);
    if (!a->queries[i]) {
        r = rest_query_parse(call->arena, scope->query, &pairs, &rq.pair_count, err);
        rq.pairs = pairs;
        if (r == 0)
            r = search_parse(call->arena, &rq, &issues, &query, err);
        a->queries[i] = query;
    }
    if (r == 0)
        *ret = a->queries[i];
    return r;
}

struct matching {
    unsigned type;
    enum scope_verb verb;
    const struct json *resource;
};

/* Do the scopes give it, with a query or without? */
static int matches(struct access *a, struct arena *scratch, const struct matching *m,
    bool *ret, struct err *err)
{
    const struct scopes *s = a->call->caller.scopes;
    int r = 0;

    *ret = (scopes_plain(s, m->type) & m->verb) != 0;
    for (size_t i = 0; r == 0 && !*ret && i < s->count; i++) {
        const struct search_query *query = NULL;

        if (s->list[i].type != m->type || !(s->list[i].verbs & m->verb) ||
            !s->list[i].query.p)
            continue;
        r = query_of(a, i, &query, err);
        if (r == 0)
            r = search_matches(a->snapshot, scratch, query, m->resource, ret, err);
    }
    return r;
}

/* The same of a version that is stored; ${rec} has its body. A search asks this of many:
 * nothing of one is kept. */
static int matches_record(struct access *a, const struct store_record *rec,
    enum scope_verb verb, bool *ret, struct err *err)
{
    struct arena *scratch = arena_new();
    const struct json *resource = NULL;
    bool match = false;
    int r = scratch ? json_read_trusted(scratch, rec->body, &resource, err)
                    : err_nomem(err);

    if (r == 0)
        r = matches(a, scratch,
            &(struct matching){store_rid_type(rec->rid), verb, resource}, &match, err);
    arena_free(scratch);
    *ret = match;
    return r;
}

/* The same of the newest content of ${rid} before ${before} (0: of all). */
static int matches_last(struct access *a, store_rid rid, int64_t before,
    enum scope_verb verb, bool *ret, struct err *err)
{
    struct store_history h = {.rid = rid, .before = before, .limit = 2, .body = true};
    struct arena *scratch = arena_new();
    struct store_record *list = NULL;
    bool match = false;
    size_t n = 0;
    int r = scratch ? store_history(a->snapshot, scratch, &h, &list, &n, err)
                    : err_nomem(err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (list[i].body.len == 0)
            continue;
        r = matches_record(a, &list[i], verb, &match, err);
        break;
    }
    arena_free(scratch);
    *ret = match;
    return r;
}

/* ---- records ---- */

/* Decided by the type alone? Then ${ret} says how. */
static bool by_type(
    const struct access *a, unsigned type, enum scope_verb verb, bool *ret)
{
    const struct scopes *s = a->call->caller.scopes;

    *ret = !s || (scopes_plain(s, type) & verb);
    return *ret || !(scopes_verbs(s, type) & verb);
}

int access_scope_allows(
    struct access *a, store_rid rid, enum scope_verb verb, bool *ret, struct err *err)
{
    bool allowed = false;
    int r = 0;

    if (!by_type(a, store_rid_type(rid), verb, &allowed))
        r = matches_last(a, rid, 0, verb, &allowed, err);
    if (r == 0)
        *ret = allowed;
    return r;
}

int access_scope_allows_record(
    struct access *a, const struct store_record *rec, bool *ret, struct err *err)
{
    enum scope_verb verb = a->looks ? a->looks : SCOPE_READ;
    bool allowed = false;
    bool current = true;
    int r = 0;

    if (!by_type(a, store_rid_type(rec->rid), verb, &allowed)) {
        if (rec->body.len > 0)
            r = matches_record(a, rec, verb, &allowed, err);
        else
            r = matches_last(a, rec->rid, rec->seq, verb, &allowed, err);
        if (r == 0 && allowed)
            r = matches_last(a, rec->rid, 0, verb, &current, err);
    }
    if (r == 0)
        *ret = allowed && current;
    return r;
}

bool access_scope_none(const struct access *a, unsigned type)
{
    const struct scopes *s = a->call->caller.scopes;

    return s && !(scopes_verbs(s, type) & SCOPE_SEARCH);
}

/* ---- writing ---- */

/* What is there now; ${ret_live} false: nothing, or it was deleted. */
static int look(struct access *a, const struct access_write *write,
    struct store_record *ret, bool *ret_live, struct err *err)
{
    int r = store_get(
        a->snapshot, a->call->arena, write->type->number, write->id, ret, err);

    *ret_live = r == 0 && ret->operation != STORE_DELETE && ret->body.len > 0;
    return r == E_NOT_FOUND ? 0 : r;
}

/* What is not there is written by an update: a new record, under an id that is said. That
 * it may be made tells that the id is free, so a scope with a query does not do. */
static int check_absent(struct access *a, const struct access_write *write,
    unsigned needed, struct err *err)
{
    unsigned plain = scopes_plain(a->call->caller.scopes, write->type->number);

    if (needed & ~plain)
        return access_no_such(write->type, write->id, false, err);
    return 0;
}

static int check_after(struct access *a, const struct access_write *write,
    enum scope_verb verb, struct err *err)
{
    const struct matching m = {write->type->number, verb, write->resource};
    bool allowed = true;
    int r = 0;

    if (write->resource)
        r = matches(a, a->call->arena, &m, &allowed, err);
    if (r == 0 && !allowed)
        r = err_set(err, E_FORBIDDEN, "scope",
            "The scopes of this token do not let it write such a %s.",
            write->type->name);
    return r;
}

int access_scope_check_write(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err)
{
    const struct scopes *s = a->call->caller.scopes;
    enum scope_verb verb = write->resource ? SCOPE_UPDATE : SCOPE_DELETE;
    struct store_record rec = {0};
    unsigned needed = write->resource ? SCOPE_CREATE | SCOPE_UPDATE : SCOPE_DELETE;
    bool live = false;
    bool allowed = true;
    int r = 0;

    if (!s)
        return 0;
    if (!write->id.p)
        return check_after(a, write, SCOPE_CREATE, err);
    if (!(needed & ~scopes_plain(s, write->type->number)))
        return 0;
    r = look(a, write, &rec, &live, err);
    if (r == 0 && !live)
        return check_absent(a, write, needed, err);
    if (r == 0)
        r = matches_record(a, &rec, verb, &allowed, err);
    if (r == 0 && !allowed) {
        access_missing(a, write->type->number, true);
        return access_no_such(write->type, write->id, false, err);
    }
    if (r == 0)
        r = check_after(a, write, verb, err);
    if (r == 0 && ret_vid)
        memcpy(ret_vid, rec.vid, sizeof(rec.vid));
    return r;
}
