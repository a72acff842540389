/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PractitionerRole/ID/$fitness: a doctor decides whether somebody who is posted may work at the
 * height of the host. What is kept of it is the decision, the doctor and the day; no finding.
 *
 *   outcome   passed, conditions or failed (valueCode)
 *
 * The one who decides is the one who is signed in: nobody enters the decision of another (what
 * a plain write says of it is held by access_team.c). It is a doctor of the host or of the
 * body that sends the team, and never the person themselves.
 */
#include "app/fitness.h"

#include "app/change.h"
#include "app/person.h"
#include "app/review_internal.h"
#include "app/roster_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

struct deciding {
    struct app_call *call;
    const struct rest *rest;
    struct seek s;
    struct store_record stored;
    const struct json *post;
    struct str outcome;
    utc_ms now;
};

/* ---- what a check says ---- */

static const struct json *part_of(const struct json *check, const char *name)
{
    struct json_each it = json_each(json_get(check, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), name))
            return it.value;
    }
    return NULL;
}

bool fitness_is(const struct json *extension)
{
    return str_is(json_get_text(extension, "url"), POSTING_CHECK) &&
           str_is(json_get_text(part_of(extension, "kind"), "valueCode"),
               "altitude-fitness");
}

/* ---- who decides ---- */

static bool is_doctor_at(const struct app_caller *caller, struct str hospital)
{
    static const char *const roles[] = {"clinician", "expert", "head-of-department"};
    bool found = false;

    for (size_t i = 0; hospital.p && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (!post->organization.p || !str_eq(post->organization, hospital))
            continue;
        for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++)
            found = found || str_is(post->role, roles[k]);
    }
    return found;
}

/* Is the caller a doctor of the hospital of ${unit}, an organisation? */
static int decides_at(
    struct app_call *call, struct seek *s, struct str unit, bool *ret, struct err *err)
{
    struct str hospital = {NULL, 0};
    int r = unit.p ? review_hospital(s, unit, &hospital, err) : 0;

    *ret = *ret || is_doctor_at(&call->caller, hospital);
    return r;
}

static struct str reference_in(const struct json *record, const char *member)
{
    return json_get_text(json_get(record, member), "reference");
}

int fitness_may(struct app_call *call, struct seek *s, const struct json *post,
    bool *ret, struct err *err)
{
    const struct json *named =
        json_get(roster_extension(post, POSTING_TEAM), "valueReference");
    const struct json *team = NULL;
    bool may = false;
    int r = decides_at(call, s, reference_in(post, "organization"), &may, err);

    if (r == 0 && named)
        r = seek_reference(
            s, json_get_text(named, "reference"), "Organization", &team, err);
    if (r == 0 && team)
        r = decides_at(call, s, reference_in(team, "partOf"), &may, err);
    *ret = may && !access_is_named(
                      reference_in(post, "practitioner"), call->caller.practitioner);
    return r;
}

static int check_who(struct deciding *d, struct err *err)
{
    bool may = false;
    int r = fitness_may(d->call, &d->s, d->post, &may, err);

    if (r == 0 && !may)
        r = err_set(err, E_FORBIDDEN, NULL,
            "Whether somebody is fit for the height is decided by another doctor: who "
            "decides holds a post as clinician, expert or head of department at the "
            "host or at the body that sends the team.");
    return r;
}

/* ---- what is decided ---- */

static int take(struct deciding *d, struct err *err)
{
    static const char *const outcomes[] = {"passed", "conditions", "failed"};
    const struct json *body = NULL;
    int r = body_parameters(d->call, d->rest->word, &body, err);

    if (r < 0)
        return r;
    d->outcome = json_get_text(body_parameter(body, "outcome"), "valueCode");
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        if (str_is(d->outcome, outcomes[i]) &&
            json_count(json_get(body, "parameter")) == 1)
            return 0;
    }
    return err_set(err, E_INVALID, "outcome",
        "$fitness takes outcome (valueCode): passed, conditions or failed, and nothing "
        "else.");
}

static int check_post(struct deciding *d, struct err *err)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!roster_has_code(json_get(d->post, "code"), PERSON_ROLE_SYSTEM, "expert") ||
        json_kind(json_get(d->post, "active")) == JSON_FALSE ||
        !fhir_period_range(json_get(d->post, "period"), &lo, &hi) || hi <= d->now)
        return err_set(err, E_INVALID, NULL,
            "%.*s is not the post of an expert that is there or to come, and nobody "
            "goes up to a height by it.",
            (int)d->rest->id.len, d->rest->id.p);
    return 0;
}

static void put_part(
    struct json_out *o, const char *name, const char *kind, struct str value)
{
    json_open(o, '{');
    json_member(o, "url", str_of(name));
    json_member(o, kind, value);
    json_close(o, '}');
}

static void put_check(struct json_out *o, const struct deciding *d)
{
    char day[TIME_ISO_MAX];

    time_iso(d->now, day);
    json_open(o, '{');
    json_member(o, "url", STR(POSTING_CHECK));
    json_name(o, "extension");
    json_open(o, '[');
    put_part(o, "kind", "valueCode", STR("altitude-fitness"));
    put_part(o, "outcome", "valueCode", d->outcome);
    json_open(o, '{');
    json_member(o, "url", STR("by"));
    fhir_put_reference(o, "valueReference", d->call->caller.practitioner);
    json_close(o, '}');
    put_part(o, "on", "valueDate", (struct str){day, 10});
    json_close(o, ']');
    json_close(o, '}');
}

/* The post with this decision in the place of an earlier one, which stays in the history. */
static void put_post(struct json_out *o, const struct deciding *d)
{
    static const char *const but[] = {"extension", NULL};
    struct json_each it = json_each(json_get(d->post, "extension"));

    json_open(o, '{');
    fhir_put_but(o, d->post, but);
    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it)) {
        if (!fitness_is(it.value))
            json_put_value(o, it.value);
    }
    put_check(o, d);
    json_close(o, ']');
    json_close(o, '}');
}

static int write_post(struct deciding *d, struct err *err)
{
    struct change change = {.call = d->call};
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    put_post(&o, d);
    r = change_put(&change, fhir_resource_named(STR("PractitionerRole")), d->rest->id,
        &d->stored, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}

/* ---- the way ---- */

static int look(struct deciding *d, struct err *err)
{
    int r =
        seek_record(&d->s, "PractitionerRole", d->rest->id, &d->stored, &d->post, err);

    if (r == 0 && !d->post)
        return access_no_such(d->rest->type, d->rest->id, false, err);
    if (r == 0)
        r = call_saw(d->call, &d->stored, err);
    if (r == 0)
        r = check_who(d, err);
    return r == 0 ? check_post(d, err) : r;
}

static int try_once(struct deciding *d, struct err *err)
{
    int r = call_read_begin(d->call, &d->s.snapshot, err);

    if (r == 0)
        r = look(d, err);
    call_read_end(d->call, d->s.snapshot);
    return r == 0 ? write_post(d, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct deciding d = {.call = call, .rest = rest, .now = call_now(call)};
    struct json_out o;
    int r = take(&d, err);

    d.s.app = call->app;
    d.s.a = call->arena;
    if (r < 0)
        return r;
    r = E_CONFLICT;
    for (int i = 0; r == E_CONFLICT && i < LIMIT_RACE_TRIES; i++)
        r = try_once(&d, err);
    if (r < 0)
        return r;
    o = json_out(&call->answer);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Parameters"));
    json_name(&o, "parameter");
    json_open(&o, '[');
    fhir_part_put(&o, "outcome", "valueCode", d.outcome);
    json_close(&o, ']');
    json_close(&o, '}');
    return 0;
}

int rest_fitness(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (call->inner_)
        return err_set(err, E_UNSUPPORTED, NULL,
            "%s is asked for by itself and not within a Bundle.", rest->word);
    if (!call->caller.practitioner.p || call->caller.client.p || !call->access_)
        return err_set(err, E_FORBIDDEN, NULL,
            "Whether somebody is fit for the height is decided by a doctor, and by no "
            "program.");
    return call_pool(call, rest, rest->id.p ? run : fitness_waiting, err);
}
