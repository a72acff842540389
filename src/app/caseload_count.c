/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of a quarter. Each is counted as it stood when the quarter ended, or as it first
 * came here if that was later: so what happens to it afterwards changes no number, and
 * whoever asks again tomorrow is told the same.
 */
#include "app/case.h"
#include "app/caseload_internal.h"

#define VERSIONS 64 /* of a record, looked at at once */

/* The number of ${code} on ${axis}, which is put there if need be; E_TOO_LARGE. */
static int axis_put(struct caseload *c, enum caseload_axis_kind kind, struct str code,
    uint32_t *ret, struct err *err)
{
    struct caseload_axis *axis = &c->axes[kind];
    struct arena *a = c->call->arena;
    size_t at = axis->count;
    struct str kept = {NULL, code.len};
    int r = 0;

    if (text_map_get(&axis->map, code, &at)) {
        *ret = (uint32_t)at;
        return 0;
    }
    if (axis->count == LIMIT_CASELOAD_AXIS)
        return err_set(err, E_TOO_LARGE, NULL,
            "There are more than %d kinds of %s in this quarter.", LIMIT_CASELOAD_AXIS,
            caseload_axis_name(kind));
    if (axis->count == axis->cap) {
        size_t cap = axis->cap ? axis->cap * 2 : 16;
        struct str *grown = arena_grow(
            a, axis->codes, axis->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        axis->codes = grown;
        axis->cap = cap;
    }
    kept.p = arena_strndup(a, code.p ? code.p : "", code.len);
    r = kept.p ? text_map_put(a, &axis->map, kept, at, NULL) : E_NOMEM;
    if (r < 0)
        return err_nomem(err);
    axis->codes[axis->count++] = kept;
    *ret = (uint32_t)at;
    return 0;
}

/* ---- versions ---- */

/* A draft was sent to nobody yet. */
static bool is_draft(const struct json *request)
{
    return str_is(json_get_text(request, "resourceType"), "ServiceRequest") &&
           str_is(json_get_text(request, "status"), "draft");
}

/* ${*ret} becomes the first of ${list}, newest first, that has content and was sent; it stays
 * where there is none. */
static int first_sent(struct caseload *c, const struct store_record *list, size_t n,
    const struct json **ret, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct json *one = NULL;

        if (list[i].body.len == 0)
            continue;
        r = json_read_trusted(c->scratch, list[i].body, &one, err);
        if (r == 0 && !is_draft(one))
            *ret = one;
    }
    return r;
}

/* ${rid} as it stood at the end of the quarter; what came here later, as history that was
 * brought in does, as it first was, drafts apart. ${*ret} NULL: without content. */
static int version(
    struct caseload *c, store_rid rid, const struct json **ret, struct err *err)
{
    struct store_history h = {
        .rid = rid, .until = c->quarter.until - 1, .limit = 1, .body = true};
    struct store_record *list = NULL;
    size_t n = 0;
    int r = store_history(c->snapshot, c->scratch, &h, &list, &n, err);

    *ret = NULL;
    if (r < 0)
        return r;
    if (n > 0)
        return list->body.len > 0 ? json_read_trusted(c->scratch, list->body, ret, err)
                                  : 0;
    h = (struct store_history){.rid = rid, .limit = VERSIONS, .body = true};
    do {
        r = store_history(c->snapshot, c->scratch, &h, &list, &n, err);
        if (r == 0)
            r = first_sent(c, list, n, ret, err);
        h.before = r == 0 && n == VERSIONS ? list[n - 1].seq : 0;
    } while (r == 0 && h.before);
    return r;
}

/* The code of ${system} in a CodeableConcept; p NULL: none. */
static struct str code_in(const struct json *concept, const char *system)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

/* ---- one case ---- */

/* Where it was sent: the first it names. Whom a person or a team stands for is not looked up. */
static struct str department_of(const struct json *request)
{
    const struct json *first = json_at(json_get(request, "performer"), 0);
    struct str reference = json_get_text(first, "reference");

    if (!first)
        return STR("none");
    return str_starts(reference, "Organization/") ? reference : STR("other");
}

static struct str urgency_of(const struct json *request)
{
    struct str priority = json_get_text(request, "priority");

    if (str_is(priority, "stat"))
        return priority;
    return str_is(priority, "urgent") || str_is(priority, "asap") ? STR("urgent")
                                                                  : STR("routine");
}

static struct str request_status(const struct json *request)
{
    struct str status = json_get_text(request, "status");

    if (str_is(status, "revoked"))
        return STR("withdrawn");
    return str_is(status, "completed") ? STR("answered") : STR("waiting");
}

static struct str task_status(const struct json *task)
{
    struct str status = json_get_text(task, "status");

    switch (case_state_of(task)) {
    case CASE_SENT:
        return STR("waiting");
    case CASE_ALLOCATED:
        return STR("taken");
    case CASE_INFORMATION_ASKED:
        return STR("question-back");
    case CASE_ANSWERED:
    case CASE_ACTED_ON:
    case CASE_OUTCOME_KNOWN:
    case CASE_CLOSED:
    case CASE_BED_ACCEPTED:
    case CASE_ON_THE_WAY:
    case CASE_ARRIVED:
    case CASE_BACK_HOME:
        return STR("answered");
    case CASE_DECLINED:
    case CASE_WITHDRAWN:
    case CASE_EXPIRED:
        return STR("withdrawn");
    case CASE_UNKNOWN:
    case CASE_DRAFT:
    case CASE_STATES:
        break;
    }
    /* a Task that another program wrote */
    if (str_is(status, "completed"))
        return STR("answered");
    if (str_is(status, "cancelled") || str_is(status, "rejected") ||
        str_is(status, "failed") || str_is(status, "entered-in-error"))
        return STR("withdrawn");
    return str_is(status, "requested") ? STR("waiting") : STR("taken");
}

static unsigned month_of(const struct caseload *c, struct str authored)
{
    utc_ms lo = 0, hi = 0;
    int64_t year = 0;
    unsigned month = 0, day = 0;

    if (!fhir_date_range(authored, &lo, &hi) || lo < c->quarter.from ||
        lo >= c->quarter.until)
        return 0;
    time_date(lo / ((utc_ms)24 * 60 * 60 * 1000), &year, &month, &day);
    return month;
}

static struct caseload_case *case_new(struct caseload *c, struct err *err)
{
    size_t cap = c->cap ? c->cap * 2 : 256;
    struct caseload_case *grown = c->cases;

    if (c->count == LIMIT_CASELOAD_CASES) {
        err_set(err, E_TOO_LARGE, "period",
            "There are more than %d cases in this quarter.", LIMIT_CASELOAD_CASES);
        return NULL;
    }
    if (c->count == c->cap) {
        grown = arena_grow(
            c->call->arena, grown, c->cap * sizeof(*grown), cap * sizeof(*grown));
        if (!grown) {
            err_nomem(err);
            return NULL;
        }
        c->cases = grown;
        c->cap = cap;
    }
    return &c->cases[c->count];
}

/* "Organization/ID" of ${patient}'s hospital; p NULL: it has none. */
static int hospital_name(
    struct caseload *c, struct str patient, struct str *ret, struct err *err)
{
    struct str id = {NULL, 0};
    store_rid hospital = 0;
    char *name = NULL;
    int r = reader_hospital_of(c->reader, patient, &hospital, err);

    *ret = (struct str){NULL, 0};
    if (r == 0 && hospital)
        r = store_name(c->snapshot, c->scratch, hospital, &id, err);
    if (r < 0 || !id.p)
        return r;
    name = arena_printf(c->scratch, "Organization/%.*s", (int)id.len, id.p);
    *ret = str_of(name);
    return name ? 0 : err_nomem(err);
}

/* Put ${request} on all axes; what has no hospital or no kind is no case of a programme. */
static int add_case(struct caseload *c, const struct json *request, struct err *err)
{
    struct str kind =
        code_in(json_at(json_get(request, "category"), 0), CASE_KIND_SYSTEM);
    unsigned month = month_of(c, json_get_text(request, "authoredOn"));
    struct str codes[CASELOAD_AXES] = {[CASELOAD_DEPARTMENT] = department_of(request),
        [CASELOAD_KIND] = kind,
        [CASELOAD_URGENCY] = urgency_of(request),
        [CASELOAD_STATUS] = request_status(request)};
    struct caseload_case *one = NULL;
    char *text = arena_printf(c->scratch, "%04d-%02u", (int)c->quarter.year, month);
    struct str id = json_get_text(request, "id");
    int r = hospital_name(c, json_get_text(json_get(request, "subject"), "reference"),
        &codes[CASELOAD_HOSPITAL], err);

    if (r < 0 || !kind.p || month == 0 || !codes[CASELOAD_HOSPITAL].p ||
        is_draft(request) ||
        str_is(json_get_text(request, "status"), "entered-in-error"))
        return r;
    codes[CASELOAD_MONTH] = str_of(text);
    one = text ? case_new(c, err) : NULL;
    if (!one)
        return text ? err->code : err_nomem(err);
    for (int i = 0; r == 0 && i < CASELOAD_AXES; i++)
        r = axis_put(c, (enum caseload_axis_kind)i, codes[i], &one->on[i], err);
    id.p = arena_strndup(c->call->arena, id.p ? id.p : "", id.len);
    if (r == 0 &&
        (!id.p || text_map_put(c->call->arena, &c->by_id, id, c->count, NULL) < 0))
        r = err_nomem(err);
    c->count += r == 0;
    return r;
}

/* Where a case stands is told by its Task. */
static int add_task(struct caseload *c, const struct json *task, struct err *err)
{
    struct str focus = json_get_text(json_get(task, "focus"), "reference");
    struct caseload_case *one = NULL;
    size_t at = 0;

    str_cut(&focus, '/');
    if (!focus.p || !text_map_get(&c->by_id, focus, &at))
        return 0;
    one = &c->cases[at];
    if (str_is(c->axes[CASELOAD_STATUS].codes[one->on[CASELOAD_STATUS]], "withdrawn"))
        return 0;
    return axis_put(
        c, CASELOAD_STATUS, task_status(task), &one->on[CASELOAD_STATUS], err);
}

/* ---- all of them ---- */

static int add_page(struct caseload *c, const struct search_page *page, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < page->count; i++) {
        const struct json *json = NULL;

        arena_reset(c->scratch);
        r = version(c, page->hits[i].rid, &json, err);
        if (r == 0 && json)
            r = page->hits[i].included ? add_task(c, json, err)
                                       : add_case(c, json, err);
    }
    return r;
}

/* What can stand on an axis whatever the cases are, in its order. */
static int put_fixed(struct caseload *c, struct err *err)
{
    static const char *const urgencies[] = {"stat", "urgent", "routine"};
    static const char *const states[] = {
        "waiting", "taken", "question-back", "answered", "withdrawn"};
    uint32_t ignored = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < 3; i++)
        r = axis_put(c, CASELOAD_URGENCY, str_of(urgencies[i]), &ignored, err);
    for (size_t i = 0; r == 0 && i < 5; i++)
        r = axis_put(c, CASELOAD_STATUS, str_of(states[i]), &ignored, err);
    for (unsigned i = 0; r == 0 && i < 3; i++) {
        char *text = arena_printf(c->call->arena, "%04d-%02u", (int)c->quarter.year,
            c->quarter.first_month + i);

        r = text ? axis_put(c, CASELOAD_MONTH, str_of(text), &ignored, err)
                 : err_nomem(err);
    }
    return r;
}

int caseload_count(struct caseload *c, struct err *err)
{
    char from[TIME_ISO_MAX], until[TIME_ISO_MAX];
    struct arena *a = c->call->arena;
    char *since = NULL, *before = NULL;
    struct search_page page = {0};
    struct search_request rq = {
        .type = fhir_resource_named(STR("ServiceRequest"))->number,
        .bases = app_bases(a, c->call->app, c->call->base),
        .now = time_now()};
    int r = put_fixed(c, err);

    time_iso(c->quarter.from, from);
    time_iso(c->quarter.until, until);
    since = arena_printf(a, "ge%s", from);
    before = arena_printf(a, "lt%s", until);
    if (!since || !before)
        return err_nomem(err);
    rq.pairs = (struct search_pair[]){{STR("authored"), str_of(since)},
        {STR("authored"), str_of(before)}, {STR("category"), STR(CASE_KIND_SYSTEM "|")},
        {STR("_revinclude"), STR("Task:focus")}, {STR("_count"), STR("1000")}};
    rq.pair_count = 5;
    do {
        struct search_query *query = NULL;

        rq.cursor = page.next;
        page = (struct search_page){.hits = NULL};
        if (r == 0)
            r = search_parse(a, &rq, NULL, &query, err);
        if (r == 0)
            r = search_run(c->snapshot, a, query, &page, err);
        if (r == 0)
            r = add_page(c, &page, err);
    } while (r == 0 && page.next.p);
    return r;
}
