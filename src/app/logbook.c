/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Practitioner/ID/$logbook: what a person did, what was said of it, what is missing for
 * a sign-off; by the person, the masters and the heads of an Apprenticeship. No patient
 * stands in it: only what was done on which day in which part.
 *
 *   procedure  a code: only of this procedure
 *   _count     rows of a page
 */
#include "app/apprentice_internal.h"
#include "app/logbook_internal.h"

/* ---- parameters ---- */

static int take(const struct rest *rest, struct logbook_answer *l, int64_t *ret_count,
    struct err *err)
{
    *ret_count = LIMIT_PAGE_DEFAULT;
    for (size_t i = 0; i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "procedure"))
            l->code = pair->value;
        else if (!str_is(pair->name, "_count"))
            return err_set(err, E_INVALID, pair->name.p,
                "$logbook takes procedure, _count and _page, and nothing else.");
        else if (!text_int(pair->value, 0, LIMIT_PAGE, ret_count))
            return err_set(err, E_INVALID, "_count",
                "_count must be a number from 0 to %d.", LIMIT_PAGE);
    }
    return 0;
}

/* ---- who may ---- */

static int check(struct logbook_answer *l, const struct rest *rest, struct err *err)
{
    struct access *access = l->call->access_;
    struct reader_verdict v = {.allowed = !access || access->whole};
    int r = store_find(l->snapshot, rest->type->number, rest->id, &l->rid, err);

    if (r == E_NOT_FOUND)
        return access_no_such(rest->type, rest->id, false, err);
    if (r == 0 && !v.allowed)
        r = access_make(access, err);
    if (r == 0 && !v.allowed)
        r = reader_learner(access->reader, l->person, &v, err);
    if (r == 0 && !v.allowed)
        r = err_set(err, E_FORBIDDEN, NULL,
            "A logbook is open to whose it is, and to the masters and heads of "
            "department of an apprenticeship.");
    return r;
}

/* That this person's logbook was looked at is in the trail. */
static int note(struct logbook_answer *l, struct err *err)
{
    struct store_record rec = {0};
    int r = store_get_rid(l->snapshot, l->call->arena, l->rid, true, &rec, err);

    return r == 0 ? call_saw(l->call, &rec, err) : r;
}

/* ---- rotations ---- */

static int take_rotation(struct logbook_answer *l, store_rid rid,
    struct logbook_rotation *ret, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    const struct json *period = NULL;
    struct fhir_reference master = {.form = FHIR_REF_NONE};
    struct str text = {NULL, 0};
    utc_ms ignored = 0;
    int r = store_get_rid(l->snapshot, l->call->arena, rid, true, &rec, err);

    *ret = (struct logbook_rotation){
        .record = rid, .from = UTC_MS_MIN, .until = UTC_MS_MAX};
    if (r == 0)
        r = json_read_trusted(l->call->arena, rec.body, &json, err);
    if (r < 0)
        return r;
    if (!apprentice_was_agreed(json))
        return 0; /* nobody's: it was only proposed */
    text = json_get_text(json_get(json, "master"), "reference");
    period = json_get(json, "period");
    if (text.p)
        master = fhir_reference_parse(text, l->call->app->base[APP_FHIR]);
    (void)fhir_date_range(json_get_text(period, "start"), &ret->from, &ignored);
    (void)fhir_date_range(json_get_text(period, "end"), &ignored, &ret->until);
    if (master.form != FHIR_REF_LOCAL)
        return 0;
    r = store_find(l->snapshot, master.type, master.id, &ret->master, err);
    return r == E_NOT_FOUND ? 0 : r;
}

static int read_rotations(struct logbook_answer *l, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("apprentice"), l->person},
        {STR("_count"), STR("200")},
        {STR("_total"), STR("none")},
    };
    struct arena *a = l->call->arena;
    struct search_request rq = {
        .type = fhir_resource_named(STR("Apprenticeship"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = l->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    int r = search_parse(a, &rq, &issues, &query, err);

    if (r == 0)
        r = search_run(l->snapshot, a, query, &page, err);
    l->rotations =
        r == 0 ? arena_array(a, page.count + 1, sizeof(*l->rotations)) : NULL;
    if (r == 0 && !l->rotations)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < page.count; i++)
        r = take_rotation(l, page.hits[i].rid, &l->rotations[l->rotation_count++], err);
    return r;
}

/* ---- pages ---- */

static bool is_shown(const struct logbook_answer *l, size_t at)
{
    return !l->code.p || str_eq(l->cases.list[at].code, l->code);
}

/* A place is "instant procedure": what comes behind it in the order of the list. */
static int take_page(struct logbook_answer *l, const struct rest *rest, struct err *err)
{
    uint64_t identity = page_identity(rest, rest->pairs, rest->pair_count);
    struct str place = {NULL, 0};
    struct str word = {NULL, 0};
    int64_t when = 0;
    int64_t rid = 0;
    int r = 0;

    if (!rest->page.p)
        return 0;
    r = page_open(l->call->app, l->call->arena, identity, rest->page, &place, err);
    if (r < 0)
        return r;
    word = str_cut(&place, ' ');
    if (!text_int(word, INT64_MIN, INT64_MAX, &when) ||
        !text_int(place, 0, INT64_MAX, &rid))
        return err_set(err, E_INVALID, "_page", "This is no place in a logbook.");
    while (l->from < l->cases.count) {
        const struct logbook_case *c = &l->cases.list[l->from];

        if (c->when < when || (c->when == when && c->procedure > rid))
            break;
        l->from++;
    }
    return 0;
}

static int end_page(
    struct logbook_answer *l, const struct rest *rest, int64_t count, struct err *err)
{
    uint64_t identity = page_identity(rest, rest->pairs, rest->pair_count);
    const struct logbook_case *last = NULL;
    const char *place = NULL;
    int64_t rows = 0;

    for (l->to = l->from; l->to < l->cases.count; l->to++) {
        if (is_shown(l, l->to) && rows++ == count)
            break;
    }
    if (l->to == l->cases.count || l->to == l->from)
        return 0;
    last = &l->cases.list[l->to - 1];
    place = arena_printf(
        l->call->arena, "%lld %lld", (long long)last->when, (long long)last->procedure);
    return place ? page_seal(l->call->app, l->call->arena, identity, str_of(place),
                       &l->next, err)
                 : err_nomem(err);
}

/* ---- the way ---- */

int logbook_read(struct logbook_answer *l, struct err *err)
{
    struct logbook_request rq = {
        .person = l->rid, .imported = true, .most = LIMIT_LOGBOOK_CASES};
    int r = logbook_cases(l->snapshot, l->call->arena, &rq, &l->cases, err);

    rq.most = (size_t)2 * LIMIT_LOGBOOK_CASES;
    if (r == 0)
        r = logbook_ratings(l->snapshot, l->call->arena, &rq, &l->ratings, err);
    return r == 0 ? read_rotations(l, err) : r;
}

static int answer(struct logbook_answer *l, const struct rest *rest, struct err *err)
{
    int64_t count = 0;
    int r = take(rest, l, &count, err);

    if (r == 0)
        r = call_read_begin(l->call, &l->snapshot, err);
    if (r == 0)
        r = check(l, rest, err);
    if (r == 0)
        r = note(l, err);
    if (r == 0)
        r = logbook_read(l, err);
    if (r == 0)
        r = take_page(l, rest, err);
    if (r == 0)
        r = end_page(l, rest, count, err);
    if (r == 0)
        r = logbook_judge(l, err);
    return r == 0 ? logbook_write(l, err) : r;
}

int rest_logbook(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct logbook_answer l = {.call = call, .now = time_now()};
    const char *person = NULL;
    int r = 0;

    if (strcmp(rest->word, "$waiting") == 0)
        return rest_waiting(call, rest, err);
    person =
        arena_printf(call->arena, "Practitioner/%.*s", (int)rest->id.len, rest->id.p);
    if (!person)
        return err_nomem(err);
    l.person = str_of(person);
    r = answer(&l, rest, err);
    call_read_end(call, l.snapshot);
    return r;
}

int rest_procedure(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->word, "$record") == 0)
        return rest_procedure_record(call, rest, err);
    if (strcmp(rest->word, "$import") == 0)
        return rest_procedure_import(call, rest, err);
    if (strcmp(rest->word, "$follow-up") == 0)
        return rest_procedure_follow(call, rest, err);
    if (strcmp(rest->word, "$rate") == 0)
        return rest_procedure_rate(call, rest, err);
    return rest_procedure_respond(call, rest, err);
}
