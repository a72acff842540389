/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Procedure/$waiting: what a person has still to say about operations.
 *
 *   rate        what apprentices did under the caller in the last LIMIT_RATE_DAYS days, and
 *               the caller has not rated; with the steps that they did, where it was
 *               recorded by steps
 *   rated       what was said of the caller in so many days: the pages know what of it was read
 *               on their device
 *
 *   follow-up   operations of the caller's departments of which nobody knows what became, due
 *               first; what is not due yet is left out, but with all=true
 *
 *   review      for a head of department who had no part in it: operations of the hospital
 *               after which something serious happened that nobody has reviewed, those of the
 *               own departments first, with what was said of it
 *
 *   department  Organization/ID: of this department instead
 */
#include "app/logbook_internal.h"
#include "app/person.h"
#include "fhir/part.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

struct waiting {
    struct app_call *call;
    struct store_reader *snapshot;
    struct reader *reader;
    struct str department; /* p NULL: those of the caller's posts */
    bool all;
    utc_ms now;
    struct json_out out;
    size_t count;
};

static int take(struct waiting *w, const struct rest *rest, struct err *err)
{
    for (size_t i = 0; i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "department"))
            w->department = pair->value;
        else if (str_is(pair->name, "all") && str_is(pair->value, "true"))
            w->all = true;
        else if (!str_is(pair->name, "all") || !str_is(pair->value, "false"))
            return err_set(err, E_INVALID, pair->name.p,
                "$waiting takes department (Organization/ID) and all (true or false), "
                "and nothing else.");
    }
    return 0;
}

/* ---- what waits for a rating ---- */

static bool may_wait(enum procedure_function mine, enum procedure_function theirs)
{
    return (mine == FUNCTION_SUPERVISOR &&
               (theirs == FUNCTION_OPERATOR || theirs == FUNCTION_ASSISTANT)) ||
           (mine == FUNCTION_OPERATOR && theirs == FUNCTION_ASSISTANT);
}

static int is_rated(struct waiting *w, store_rid me, store_rid whom,
    store_rid procedure, bool *ret, struct err *err)
{
    struct logbook_request rq = {
        .person = whom, .procedure = procedure, .most = LIMIT_PROCEDURE_PARTS};
    struct logbook_ratings ratings = {.count = 0};
    int r = logbook_ratings(w->snapshot, w->call->arena, &rq, &ratings, err);

    *ret = false;
    for (size_t i = 0; r == 0 && i < ratings.count; i++)
        *ret = *ret || ratings.list[i].assessor == me;
    return r;
}

/* The steps that ${who} ("ID") did, where it was recorded by steps: the logbook tells masters
 * of them, whoever reads the operation. */
static int put_steps(
    struct waiting *w, store_rid procedure, struct str who, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct procedure p;
    int r = store_get_rid(w->snapshot, w->call->arena, procedure, true, &rec, err);

    if (r == 0)
        r = json_read_trusted(w->call->arena, rec.body, &json, err);
    if (r < 0 || !procedure_read(json, &p))
        return r;
    for (size_t i = 0; i < p.step_count; i++) {
        const struct procedure_step *one = &p.steps[i];

        if (!str_eq(p.parts[one->part].who, who) ||
            (one->function != FUNCTION_OPERATOR && one->function != FUNCTION_ASSISTANT))
            continue;
        fhir_parts_open(&w->out, "step");
        fhir_part_put(&w->out, "name", "valueString", one->step);
        fhir_part_put(&w->out, "function", "valueCode",
            str_of(procedure_function_code(one->function)));
        fhir_parts_close(&w->out);
    }
    return 0;
}

static int put_rate(struct waiting *w, const struct logbook_case *c,
    const struct logbook_part *part, struct err *err)
{
    struct str id = {NULL, 0};
    struct str whom = {NULL, 0};
    int r = store_name(w->snapshot, w->call->arena, c->procedure, &id, err);

    if (r == 0)
        r = store_name(w->snapshot, w->call->arena, part->who, &whom, err);
    if (r < 0)
        return r;
    fhir_parts_open(&w->out, "rate");
    fhir_part_put(&w->out, "id", "valueId", id);
    fhir_part_put(&w->out, "code", "valueCode", c->code);
    fhir_part_put_day(&w->out, "day", c->when);
    fhir_part_put(&w->out, "function", "valueCode",
        str_of(procedure_function_code(part->function)));
    r = logbook_put_who(w->call, w->snapshot, &w->out, "apprentice", part->who, err);
    if (r == 0)
        r = put_steps(w, c->procedure, whom, err);
    fhir_parts_close(&w->out);
    w->count++;
    return r;
}

static int look_at_part(struct waiting *w, store_rid me, const struct logbook_case *c,
    const struct logbook_part *part, struct err *err)
{
    bool apprentice = false;
    bool rated = false;
    int r = 0;

    if (part->who == me || !may_wait(c->function, part->function))
        return 0;
    r = reader_is_apprentice(w->reader, part->who, &apprentice, err);
    if (r == 0 && apprentice)
        r = is_rated(w, me, part->who, c->procedure, &rated, err);
    return r == 0 && apprentice && !rated ? put_rate(w, c, part, err) : r;
}

static int put_rates(struct waiting *w, store_rid me, struct err *err)
{
    struct logbook_request rq = {.person = me,
        .since = w->now - LIMIT_RATE_DAYS * DAY_MS,
        .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    int r = me ? logbook_cases(w->snapshot, w->call->arena, &rq, &cases, err) : 0;

    w->count = 0;
    for (size_t i = 0; i < cases.count; i++) {
        const struct logbook_case *c = &cases.list[i];

        for (size_t k = 0;
             r == 0 && k < c->part_count && w->count < LIMIT_LOGBOOK_WAITING; k++)
            r = look_at_part(w, me, c, &c->parts[k], err);
    }
    return r;
}

/* ---- what was said of the caller ---- */

static int put_one_rated(
    struct waiting *w, const struct logbook_rating *rating, struct err *err)
{
    struct str id = {NULL, 0};
    int r = store_name(w->snapshot, w->call->arena, rating->procedure, &id, err);

    if (r < 0)
        return r;
    fhir_parts_open(&w->out, "rated");
    fhir_part_put(&w->out, "id", "valueId", id);
    fhir_part_put_instant(&w->out, "at", rating->when);
    r = logbook_put_who(
        w->call, w->snapshot, &w->out, "assessor", rating->assessor, err);
    if (r == 0)
        r = logbook_put_who(
            w->call, w->snapshot, &w->out, "observation", rating->observation, err);
    fhir_parts_close(&w->out);
    return r;
}

static int put_rated(struct waiting *w, store_rid me, struct err *err)
{
    struct logbook_request rq = {.person = me, .most = (size_t)2 * LIMIT_LOGBOOK_CASES};
    struct logbook_ratings ratings = {.count = 0};
    utc_ms since = w->now - LIMIT_RATE_DAYS * DAY_MS;
    int r = me ? logbook_ratings(w->snapshot, w->call->arena, &rq, &ratings, err) : 0;

    w->count = 0;
    for (size_t i = ratings.count; r == 0 && i > 0 && w->count < LIMIT_LOGBOOK_WAITING;
         i--) { /* later operations have higher numbers, as a rule */
        if (ratings.list[i - 1].when < since)
            continue;
        r = put_one_rated(w, &ratings.list[i - 1], err);
        w->count++;
    }
    return r;
}

/* ---- what nobody has asked after ---- */

/* The patient's name, where the caller may read it; the patient is named all the same. */
static int put_patient(struct waiting *w, const struct json *procedure, struct err *err)
{
    struct str subject = json_get_text(json_get(procedure, "subject"), "reference");
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    struct procedure_found found;
    bool allowed = false;
    int r = 0;

    if (subject.p)
        ref = fhir_reference_parse(subject, w->call->app->base[APP_FHIR]);
    if (ref.form != FHIR_REF_LOCAL)
        return 0;
    r = procedure_load(
        w->call, w->snapshot, fhir_type_numbered(ref.type), ref.id, &found, err);
    if (r == 0)
        r = access_allows_live(w->call->access_, found.rec.rid, &allowed, err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0 && allowed)
        r = call_saw(w->call, &found.rec, err);
    fhir_part_put_reference(&w->out, "patient", subject,
        allowed ? procedure_name(w->call, w->snapshot, subject)
                : (struct str){NULL, 0});
    return r;
}

/* The operation ${rid}, if the caller may read it; ${*ret} NULL: not. */
static int load_allowed(struct waiting *w, store_rid rid, struct store_record *rec,
    const struct json **ret, struct err *err)
{
    bool allowed = false;
    int r = access_allows_live(w->call->access_, rid, &allowed, err);

    *ret = NULL;
    if (r < 0 || !allowed)
        return r;
    r = store_get_rid(w->snapshot, w->call->arena, rid, true, rec, err);
    return r < 0 ? r : json_read_trusted(w->call->arena, rec->body, ret, err);
}

static int put_follow_up(
    struct waiting *w, const struct logbook_open *open, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct procedure procedure;
    int r = load_allowed(w, open->procedure, &rec, &json, err);

    if (r == 0 && json)
        r = call_saw(w->call, &rec, err);
    if (r < 0 || !json || !procedure_read(json, &procedure))
        return r;
    fhir_parts_open(&w->out, "follow-up");
    fhir_part_put(&w->out, "id", "valueId", rec.id);
    fhir_part_put(&w->out, "code", "valueCode", procedure.code);
    fhir_part_put_day(&w->out, "day", procedure.when);
    fhir_part_put(
        &w->out, "missing", "valueCode", str_of(procedure_look_code(open->missing)));
    fhir_part_put_day(&w->out, "due", open->due);
    r = put_patient(w, json, err);
    fhir_parts_close(&w->out);
    w->count++;
    return r;
}

/* ---- something serious ---- */

static bool took_part(const struct waiting *w, const struct procedure *p)
{
    struct str me = w->call->caller.practitioner;

    str_cut(&me, '/');
    for (size_t i = 0; i < p->part_count; i++) {
        if (str_eq(p->parts[i].who, me))
            return true;
    }
    return false;
}

/* What was said at one look, of an extension. */
static void put_look(struct waiting *w, const struct json *extension)
{
    static const char *const names[][2] = {
        {"at", "valueCode"}, {"result", "valueCode"}, {"text", "valueString"}};
    struct json_each it = json_each(json_get(extension, "extension"));

    fhir_parts_open(&w->out, "look");
    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "url");
        struct str by = {NULL, 0};

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            if (str_is(url, names[i][0]))
                fhir_part_put(&w->out, names[i][0], names[i][1],
                    json_get_text(it.value, names[i][1]));
        }
        if (str_is(url, "on"))
            fhir_part_put(
                &w->out, "on", "valueInstant", json_get_text(it.value, "valueInstant"));
        by = json_get_text(json_get(it.value, "valueReference"), "reference");
        if (!str_is(url, "by") || !by.p)
            continue;
        fhir_part_put_reference(
            &w->out, "by", by, procedure_name(w->call, w->snapshot, by));
    }
    fhir_parts_close(&w->out);
}

static int put_operators(struct waiting *w, const struct procedure *p, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->part_count; i++) {
        const char *who = arena_printf(w->call->arena, "Practitioner/%.*s",
            (int)p->parts[i].who.len, p->parts[i].who.p);

        if (!who)
            return err_nomem(err);
        fhir_part_put_reference(&w->out, procedure_function_code(p->parts[i].function),
            str_of(who), procedure_name(w->call, w->snapshot, str_of(who)));
    }
    return r;
}

static int put_event(
    struct waiting *w, const struct logbook_event *event, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct procedure procedure;
    struct json_each it;
    int r = load_allowed(w, event->procedure, &rec, &json, err);

    if (r < 0 || !json || !procedure_read(json, &procedure) || took_part(w, &procedure))
        return r;
    r = call_saw(w->call, &rec, err);
    if (r < 0)
        return r;
    fhir_parts_open(&w->out, "review");
    fhir_part_put(&w->out, "id", "valueId", rec.id);
    fhir_part_put(&w->out, "code", "valueCode", procedure.code);
    fhir_part_put_day(&w->out, "day", procedure.when);
    r = put_patient(w, json, err);
    if (r == 0)
        r = put_operators(w, &procedure, err);
    it = json_each(json_get(json, "extension"));
    while (r == 0 && json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), PROCEDURE_FOLLOW_UP_URL))
            put_look(w, it.value);
    }
    fhir_parts_close(&w->out);
    return r;
}

static int put_events(struct waiting *w, store_rid department, struct err *err)
{
    struct logbook_events events = {.count = 0};
    int r = logbook_events(
        w->snapshot, w->call->arena, department, LIMIT_LOGBOOK_WAITING, &events, err);

    for (size_t i = 0; r == 0 && i < events.count; i++)
        r = put_event(w, &events.list[i], err);
    return r;
}

static bool is_unit(const struct reader_places *places, store_rid rid)
{
    for (size_t i = 0; i < places->unit_count; i++) {
        if (places->units[i] == rid)
            return true;
    }
    return false;
}

/* Of the other departments of ${hospital}: whose own head had a part in it needs another. */
static int put_neighbours(struct waiting *w, const struct reader_places *places,
    store_rid hospital, struct err *err)
{
    struct arena *a = w->call->arena;
    struct search_pair pairs[] = {
        {STR("partof"), {NULL, 0}},
        {STR("_count"), STR("200")},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {
        .type = fhir_resource_named(STR("Organization"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = w->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    struct str id = {NULL, 0};
    int r = store_name(w->snapshot, a, hospital, &id, err);

    pairs[0].value =
        str_of(arena_printf(a, "Organization/%.*s", (int)id.len, id.p ? id.p : ""));
    if (r == 0)
        r = search_parse(a, &rq, &issues, &query, err);
    if (r == 0)
        r = search_run(w->snapshot, a, query, &page, err);
    if (r == 0 && !is_unit(places, hospital))
        r = put_events(w, hospital, err);
    for (size_t i = 0; r == 0 && i < page.count; i++) {
        if (!is_unit(places, page.hits[i].rid))
            r = put_events(w, page.hits[i].rid, err);
    }
    return r;
}

/* Those of the caller's own departments first. */
static int put_reviews(
    struct waiting *w, const struct reader_places *places, struct err *err)
{
    int r = 0;

    if (w->department.p || !person_holds(&w->call->caller, "head-of-department"))
        return 0;
    for (size_t i = 0; r == 0 && i < places->unit_count; i++)
        r = put_events(w, places->units[i], err);
    for (size_t i = 0; r == 0 && i < places->hospital_count; i++)
        r = put_neighbours(w, places, places->hospitals[i], err);
    return r;
}

/* ---- a department ---- */

static int put_department(struct waiting *w, store_rid department, struct err *err)
{
    struct logbook_opens open = {.count = 0};
    int r = logbook_open(
        w->snapshot, w->call->arena, department, LIMIT_LOGBOOK_WAITING, &open, err);

    for (size_t i = 0; r == 0 && i < open.count && w->count < LIMIT_LOGBOOK_WAITING;
         i++) {
        if (w->all || open.list[i].due <= w->now)
            r = put_follow_up(w, &open.list[i], err);
    }
    return r;
}

static int put_named(struct waiting *w, struct err *err)
{
    struct fhir_reference ref =
        fhir_reference_parse(w->department, w->call->app->base[APP_FHIR]);
    store_rid rid = 0;
    int r = 0;

    if (ref.form != FHIR_REF_LOCAL ||
        ref.type != fhir_resource_named(STR("Organization"))->number)
        return err_set(err, E_INVALID, "department",
            "department must be a reference to an Organization, such as "
            "Organization/ID.");
    r = store_find(w->snapshot, ref.type, ref.id, &rid, err);
    if (r == E_NOT_FOUND)
        return 0;
    return r == 0 ? put_department(w, rid, err) : r;
}

static int put_follow_ups(
    struct waiting *w, const struct reader_places *places, struct err *err)
{
    int r = 0;

    w->count = 0;
    if (w->department.p)
        return put_named(w, err);
    for (size_t i = 0; r == 0 && i < places->unit_count; i++)
        r = put_department(w, places->units[i], err);
    for (size_t i = 0; r == 0 && i < places->hospital_count; i++) {
        if (!is_unit(places, places->hospitals[i]))
            r = put_department(w, places->hospitals[i], err);
    }
    return r;
}

/* ---- the way ---- */

static int answer(struct waiting *w, struct err *err)
{
    struct reader_places places;
    int r = access_make(w->call->access_, err);

    if (r < 0)
        return r;
    w->reader = w->call->access_->reader;
    places = reader_places(w->reader);
    fhir_parameters_open(&w->out);
    r = put_rates(w, places.person, err);
    if (r == 0)
        r = put_rated(w, places.person, err);
    if (r == 0)
        r = put_follow_ups(w, &places, err);
    if (r == 0)
        r = put_reviews(w, &places, err);
    fhir_parameters_close(&w->out);
    return r;
}

int rest_waiting(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct waiting w = {
        .call = call, .now = time_now(), .out = json_out(&call->answer)};
    int r = 0;

    if (!call->access_ || call->access_->whole || !call->caller.practitioner.p)
        return err_set(
            err, E_FORBIDDEN, NULL, "What waits is asked by a person, and no program.");
    r = take(&w, rest, err);
    if (r == 0)
        r = call_read_begin(call, &w.snapshot, err);
    if (r == 0)
        r = answer(&w, err);
    call_read_end(call, w.snapshot);
    return r;
}
