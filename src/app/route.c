/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET or POST ServiceRequest/$route, and the same below a ServiceRequest:
 *
 *   code           illness or procedure of the catalogue (system|code); several: all are needed
 *   urgency        routine, urgent, emergency
 *   patient        whose hospital is asked from; must be readable
 *   hospital       or a hospital; or
 *   place          a Location of one; else the caller's own
 *   state          altitude-illness, needs-oxygen, unstable
 *   may-travel     false: the patient cannot be moved
 *   longest        minutes of travel that can be borne
 *   limit          minutes until somebody must act; else by the urgency
 *   language       what the patient speaks, such as bo
 *   season         summer, winter; else by the month
 *   at             as of when; else now
 *   count          how many options are told; 20
 *
 * The answer is made of the directory and the programme alone: nothing of a patient goes
 * into it but where the hospital is. A patient or a request that is named is read, and goes
 * to the trail as read.
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/route_internal.h"

#define OPTIONS_TOLD 20

/* ---- what is asked: pairs ---- */

static int add_pair(
    struct route *rt, struct str name, struct str value, struct err *err)
{
    struct search_pair *grown = NULL;

    if (rt->pair_count == LIMIT_QUERY_PARAMS)
        return err_set(err, E_TOO_LARGE, NULL, "$route takes at most %d parameters.",
            LIMIT_QUERY_PARAMS);
    grown = arena_grow(rt->call->arena, rt->pairs, rt->pair_count * sizeof(*grown),
        (rt->pair_count + 1) * sizeof(*grown));
    if (!grown)
        return err_nomem(err);
    rt->pairs = grown;
    grown[rt->pair_count++] = (struct search_pair){name, value};
    return 0;
}

static int add_coding(
    struct route *rt, struct str name, const struct json *coding, struct err *err)
{
    struct str system = json_get_text(coding, "system");
    struct str code = json_get_text(coding, "code");
    char *text = NULL;

    if (!code.p)
        return err_set(err, E_INVALID, name.p, "A Coding must have a code.");
    text = arena_printf(rt->call->arena, "%.*s|%.*s", (int)system.len,
        system.p ? system.p : "", (int)code.len, code.p);
    return text ? add_pair(rt, name, str_of(text), err) : err_nomem(err);
}

static struct str plain_value(const struct json *value)
{
    struct str reference = json_get_text(value, "reference");

    if (json_kind(value) == JSON_TRUE)
        return STR("true");
    if (json_kind(value) == JSON_FALSE)
        return STR("false");
    return json_is_object(value) ? reference : json_text(value);
}

/* One of a Parameters resource. */
static int add_parameter(
    struct route *rt, const struct json *parameter, struct err *err)
{
    struct str name = json_get_text(parameter, "name");
    struct json_each it = json_each(parameter);
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));
        struct str text = {NULL, 0};

        if (!str_starts(it.name, "value"))
            continue;
        if (str_is(it.name, "valueCoding"))
            return add_coding(rt, name, it.value, err);
        if (str_is(it.name, "valueCodeableConcept")) {
            while (r == 0 && json_next(&coding))
                r = add_coding(rt, name, coding.value, err);
            return r;
        }
        text = plain_value(it.value);
        return text.p ? add_pair(rt, name, text, err)
                      : err_set(err, E_INVALID, name.p,
                            "$route does not understand a %.*s here.", (int)it.name.len,
                            it.name.p);
    }
    return err_set(err, E_INVALID, name.p, "A parameter must have a name and a value.");
}

static int take_pairs(struct route *rt, struct err *err)
{
    const struct json *body = NULL;
    struct json_each it;
    int r = 0;

    for (size_t i = 0; r == 0 && i < rt->rest->pair_count; i++)
        r = add_pair(rt, rt->rest->pairs[i].name, rt->rest->pairs[i].value, err);
    if (r < 0 || rt->call->method != APP_POST || rt->call->body.len == 0)
        return r;
    r = body_read(rt->call, &body, err);
    if (r == 0 && !str_is(json_get_text(body, "resourceType"), "Parameters"))
        r = err_set(err, E_INVALID, "resourceType",
            "What is posted to $route must be a Parameters resource.");
    it = json_each(json_get(body, "parameter"));
    while (r == 0 && json_next(&it))
        r = add_parameter(rt, it.value, err);
    return r;
}

/* ---- records that are named ---- */

/* A record that the caller may read; it goes to the trail. */
static int read_record(struct route *rt, const char *type_name, struct str id,
    const struct json **ret, struct err *err)
{
    const struct fhir_type *type = fhir_resource_named(str_of(type_name));
    struct app_call *call = rt->call;
    struct store_record rec = {0};
    bool allowed = false;
    int r = store_get(rt->snapshot, call->arena, type->number, id, &rec, err);

    if (r == 0 && rec.operation == STORE_DELETE)
        r = E_NOT_FOUND;
    if (r == 0)
        r = access_allows(call->access_, rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(call->access_, type->number, r == 0);
        return access_no_such(type, id, false, err);
    }
    if (r == 0)
        r = call_saw(call, &rec, err);
    return r == 0 ? json_read_trusted(call->arena, rec.body, ret, err) : r;
}

static int take_place(struct route *rt, struct str reference, struct err *err)
{
    if (!network_hospital(rt->network, reference, &rt->question.asked.hospital))
        return err_set(err, E_INVALID, NULL,
            "%.*s is no hospital that this node knows, nor a unit or a place of one.",
            (int)(reference.len > 80 ? 80 : reference.len),
            reference.p ? reference.p : "");
    rt->placed = true;
    return 0;
}

/* "TYPE/ID" of a value that may be an id alone. */
static int full_reference(struct route *rt, const char *type, struct str value,
    struct str *ret, struct err *err)
{
    char *text = NULL;

    *ret = value;
    if (value.p && memchr(value.p, '/', value.len))
        return 0;
    text = arena_printf(
        rt->call->arena, "%s/%.*s", type, (int)value.len, value.p ? value.p : "");
    *ret = str_of(text);
    return text ? 0 : err_nomem(err);
}

static int take_patient(struct route *rt, struct str value, struct err *err)
{
    const struct json *patient = NULL;
    struct fhir_reference ref;
    struct str reference = {NULL, 0};
    int r = full_reference(rt, "Patient", value, &reference, err);

    if (r < 0)
        return r;
    ref = fhir_reference_parse(reference, rt->call->app->base[APP_FHIR]);
    if (ref.form != FHIR_REF_LOCAL || !str_starts(reference, "Patient/"))
        return err_set(err, E_INVALID, "patient", "patient must be Patient/ID.");
    r = read_record(rt, "Patient", ref.id, &patient, err);
    if (r < 0)
        return r;
    reference = json_get_text(json_get(patient, "managingOrganization"), "reference");
    if (!reference.p)
        return err_set(err, E_INVALID, "patient",
            "This patient's record names no hospital: say with hospital where the "
            "patient is.");
    return take_place(rt, reference, err);
}

/* ---- single parameters ---- */

static int add_thing(
    struct route *rt, struct str system, struct str code, struct err *err)
{
    uint32_t thing = 0;

    if (!catalogue_find(system, code, &thing))
        return err_set(err, E_INVALID, "code",
            "%.*s is no illness or procedure of the catalogue. Illnesses have codes of "
            "ICD-10, procedures those of " CATALOGUE_PROCEDURE_SYSTEM ".",
            (int)(code.len > 80 ? 80 : code.len), code.p ? code.p : "");
    for (size_t i = 0; i < rt->question.thing_count; i++) {
        if (rt->things[i] == thing)
            return 0;
    }
    if (rt->question.thing_count == LIMIT_ROUTE_CODES)
        return err_set(err, E_TOO_LARGE, "code", "$route takes at most %d codes.",
            LIMIT_ROUTE_CODES);
    rt->things[rt->question.thing_count++] = thing;
    return 0;
}

static int take_code(struct route *rt, struct str value, struct err *err)
{
    struct str rest = value;
    struct str first = str_cut(&rest, '|');

    if (!rest.p) /* without a system */
        return add_thing(rt, (struct str){NULL, 0}, value, err);
    return add_thing(rt, first.len > 0 ? first : (struct str){NULL, 0}, rest, err);
}

/* The name of ${value} in ${names}; E_INVALID. */
static int take_word(const char *parameter, struct str value, const char *const *names,
    size_t count, size_t *ret, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(value, names[i])) {
            *ret = i;
            return 0;
        }
    }
    return err_set(err, E_INVALID, parameter, "%s cannot be %.*s.", parameter,
        (int)(value.len > 40 ? 40 : value.len), value.p ? value.p : "");
}

static int take_urgency(struct route *rt, struct str value, struct err *err)
{
    static const char *const names[] = {
        "routine", "urgent", "emergency", "asap", "stat"};
    static const enum routing_urgency urgencies[] = {ROUTING_ROUTINE, ROUTING_URGENT,
        ROUTING_EMERGENCY, ROUTING_URGENT, ROUTING_EMERGENCY};
    size_t at = 0;
    int r = take_word("urgency", value, names, 5, &at, err);

    rt->question.asked.urgency = urgencies[at];
    rt->urgent = true;
    return r;
}

static int take_state(struct route *rt, struct str value, struct err *err)
{
    static const char *const names[] = {"altitude-illness", "needs-oxygen", "unstable"};
    static const unsigned bits[] = {
        ROUTING_ALTITUDE_ILLNESS, ROUTING_NEEDS_OXYGEN, ROUTING_UNSTABLE};
    int r = 0;

    while (r == 0 && value.p && value.len > 0) {
        size_t at = 0;

        r = take_word("state", text_trim(str_cut(&value, ',')), names, 3, &at, err);
        rt->question.asked.state |= bits[at];
    }
    return r;
}

static int take_travel(struct route *rt, struct str value, struct err *err)
{
    static const char *const names[] = {"true", "false"};
    size_t at = 0;
    int r = take_word("may-travel", value, names, 2, &at, err);

    rt->question.asked.may_not_travel = at == 1;
    return r;
}

static int take_season(struct route *rt, struct str value, struct err *err)
{
    static const char *const names[] = {
        [TRAVEL_SUMMER] = "summer", [TRAVEL_WINTER] = "winter"};
    size_t at = 0;
    int r = take_word("season", value, names, 2, &at, err);

    rt->question.asked.season = (enum travel_season)at;
    rt->in_season = true;
    return r;
}

static int take_at(struct route *rt, struct str value, struct err *err)
{
    utc_ms lo = 0, hi = 0;

    if (!fhir_date_range(value, &lo, &hi))
        return err_set(
            err, E_INVALID, "at", "at must be a time such as 2026-09-01T10:00:00Z.");
    rt->question.asked.now = lo;
    return 0;
}

static int take_number(
    const char *name, struct str value, int64_t most, int64_t *ret, struct err *err)
{
    if (text_int(value, 1, most, ret))
        return 0;
    return err_set(err, E_INVALID, name, "%s must be a whole number from 1 to %lld.",
        name, (long long)most);
}

static int take_longest(struct route *rt, struct str value, struct err *err)
{
    int64_t minutes = 0;
    int r = take_number("longest", value, LIMIT_WAY_MINUTES, &minutes, err);

    rt->question.asked.longest_minutes = (int)minutes;
    return r;
}

static int take_limit(struct route *rt, struct str value, struct err *err)
{
    int64_t minutes = 0;
    int r = take_number("limit", value, LIMIT_WAY_MINUTES, &minutes, err);

    rt->question.asked.limit_minutes = (int)minutes;
    return r;
}

static int take_count(struct route *rt, struct str value, struct err *err)
{
    int64_t count = 0;
    int r = take_number("count", value, LIMIT_PAGE, &count, err);

    rt->most = (size_t)count;
    return r;
}

static int take_language(struct route *rt, struct str value, struct err *err)
{
    (void)err;
    while (value.p && value.len > 0)
        rt->question.asked.languages |=
            network_language(rt->network, text_trim(str_cut(&value, ',')));
    return 0;
}

static int take_hospital(struct route *rt, struct str value, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = full_reference(rt, "Organization", value, &reference, err);

    return r == 0 ? take_place(rt, reference, err) : r;
}

static int take_location(struct route *rt, struct str value, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = full_reference(rt, "Location", value, &reference, err);

    return r == 0 ? take_place(rt, reference, err) : r;
}

static const struct {
    const char *name;
    int (*take)(struct route *rt, struct str value, struct err *err);
    bool many;
} parameters[] = {
    {"at", take_at, false},
    {"code", take_code, true},
    {"count", take_count, false},
    {"hospital", take_hospital, false},
    {"language", take_language, true},
    {"limit", take_limit, false},
    {"longest", take_longest, false},
    {"may-travel", take_travel, false},
    {"patient", take_patient, false},
    {"place", take_location, false},
    {"season", take_season, false},
    {"state", take_state, true},
    {"urgency", take_urgency, false},
};
#define PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

static int take_all(struct route *rt, struct err *err)
{
    bool had[PARAMETERS] = {false};
    int r = 0;

    for (size_t i = 0; r == 0 && i < rt->pair_count; i++) {
        const struct search_pair *pair = &rt->pairs[i];
        size_t at = 0;

        while (at < PARAMETERS && !str_is(pair->name, parameters[at].name))
            at++;
        if (at == PARAMETERS)
            return err_set(err, E_INVALID, pair->name.p,
                "$route knows no parameter %.*s.",
                (int)(pair->name.len > 40 ? 40 : pair->name.len),
                pair->name.p ? pair->name.p : "");
        if (had[at] && !parameters[at].many)
            return err_set(err, E_INVALID, parameters[at].name,
                "%s can be said only once.", parameters[at].name);
        had[at] = true;
        r = parameters[at].take(rt, pair->value, err);
    }
    return r;
}

/* ---- what is not said ---- */

/* All codings of a request's ${member} that are in the catalogue. */
static int take_concepts(struct route *rt, const struct json *concept, struct err *err)
{
    struct json_each it = json_each(json_get(concept, "coding"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str system = json_get_text(it.value, "system");
        struct str code = json_get_text(it.value, "code");
        uint32_t ignored = 0;

        if (system.p && catalogue_find(system, code, &ignored))
            r = add_thing(rt, system, code, err);
    }
    return r;
}

/* What the request says, where the call does not. */
static int take_request(struct route *rt, struct err *err)
{
    const struct json *request = NULL;
    bool coded = rt->question.thing_count > 0;
    struct str priority;
    struct json_each reason;
    int r = read_record(rt, "ServiceRequest", rt->rest->id, &request, err);

    if (r < 0)
        return r;
    priority = json_get_text(request, "priority");
    if (!rt->urgent && priority.p)
        r = take_urgency(rt, priority, err);
    if (r == 0 && !coded)
        r = take_concepts(rt, json_get(request, "code"), err);
    reason = json_each(json_get(request, "reasonCode"));
    while (r == 0 && !coded && json_next(&reason))
        r = take_concepts(rt, reason.value, err);
    if (r == 0 && !rt->placed)
        r = take_patient(
            rt, json_get_text(json_get(request, "subject"), "reference"), err);
    return r;
}

static int take_rest(struct route *rt, struct err *err)
{
    const struct app_caller *caller = &rt->call->caller;
    int r = 0;

    if (rt->rest->id.p)
        r = take_request(rt, err);
    for (size_t i = 0; r == 0 && !rt->placed && i < caller->post_count; i++) {
        if (caller->posts[i].organization.p)
            r = take_place(rt, caller->posts[i].organization, err);
    }
    if (r == 0 && !rt->placed && caller->organization.p)
        r = take_place(rt, caller->organization, err);
    if (r < 0)
        return r;
    if (!rt->placed)
        return err_set(err, E_INVALID, "hospital",
            "Say where the patient is: patient, hospital or place.");
    if (rt->question.thing_count == 0)
        return err_set(err, E_INVALID, "code",
            "Say what the patient has or needs: code, with an illness or a procedure "
            "of the catalogue.");
    if (!rt->in_season)
        rt->question.asked.season = network_season(rt->question.asked.now);
    return 0;
}

/* ---- answering ---- */

/* Who learns what is not for everybody: only who may read the apprenticeship is told. */
static int decide_named(struct route *rt, struct err *err)
{
    int r = 0;

    rt->named =
        arena_array(rt->call->arena, rt->answer.actor_count + 1, sizeof(*rt->named));
    if (!rt->named)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < rt->answer.actor_count; i++) {
        store_rid learns = rt->answer.actors[i].learns;

        rt->named[i] = true;
        if (learns)
            r = access_allows(rt->call->access_, learns, &rt->named[i], err);
    }
    return r;
}

const struct network_actor *route_actor(const struct route *rt, uint32_t person)
{
    const struct network_actor *actor = NULL;

    if (person == ROUTING_NOBODY || person >= rt->answer.actor_count)
        return NULL;
    actor = &rt->answer.actors[person];
    return rt->named[person] && actor->name.reference.p ? actor : NULL;
}

static int answer(struct route *rt, struct err *err)
{
    int r = take_pairs(rt, err);

    if (r == 0)
        r = take_all(rt, err);
    if (r == 0)
        r = take_rest(rt, err);
    if (r == 0)
        r = network_route(rt->network, rt->call->arena, &rt->question,
            &routing_rules_default, &rt->answer, err);
    if (r == 0)
        r = decide_named(rt, err);
    if (r == 0)
        r = route_times(rt, err);
    return r == 0 ? route_write(rt, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct route rt = {
        .call = call, .rest = rest, .most = OPTIONS_TOLD, .question = {0}};
    int r = networks_take(call->app->networks, &rt.network, err);

    rt.question.things = rt.things;
    rt.question.asked.now = time_now();
    rt.question.pace = route_pace;
    rt.question.pace_arg = &rt;
    if (r == 0)
        r = call_read_begin(call, &rt.snapshot, err);
    if (r == 0)
        r = answer(&rt, err);
    call_read_end(call, rt.snapshot);
    network_release(rt.network);
    return r;
}

/* A program needs leave for what the answer is made of. */
static int check_program(const struct app_call *call, struct err *err)
{
    static const char *const types[] = {
        "Organization", "Location", "Practitioner", "PractitionerRole"};

    for (size_t i = 0; call->caller.scopes && i < 4; i++) {
        if (access_scope_none(
                call->access_, fhir_resource_named(str_of(types[i]))->number))
            return err_set(err, E_FORBIDDEN, "scope",
                "$route tells of Organization, Location, Practitioner and "
                "PractitionerRole: the token needs scopes to search them.");
    }
    return 0;
}

int rest_route(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = 0;

    if (strcmp(rest->type->name, "ServiceRequest") != 0)
        return err_set(err, E_NOT_FOUND, NULL,
            "$route is offered for ServiceRequest, not %s.", rest->type->name);
    r = check_program(call, err);
    return r == 0 ? call_pool(call, rest, run, err) : r;
}
