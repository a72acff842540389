/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedure/$record: an operation that was done, in one record, by a clinician of the
 * hospital where it was done.
 *
 *   code        a procedure of the catalogue
 *   performed   when; now where it is not said
 *   department  Organization/ID, of a hospital where the caller has a clinical post; that
 *               post's where it is not said
 *   patient     Patient/ID of that hospital; none where nobody knows who it was
 *   part        at least one: who (Practitioner/ID), as (operator, assistant, supervisor or
 *               observer), step (which part of the operation)
 *   device      Device/ID of that hospital, which was used; several
 *   note        a word
 *   id          a random one, so that it is written once though it is asked for twice
 */
#include "app/catalogue.h"
#include "app/person.h"
#include "app/procedure_internal.h"

#define DATE_CHARS 10
#define EARLIEST_ZONE                                                                  \
    (14LL * 3600 * 1000)           /* where a day begins before it does in UTC */
#define A_MOMENT (5LL * 60 * 1000) /* clocks differ a little */

struct recording {
    struct app_call *call;
    struct store_reader *snapshot;
    struct reader *reader;
    struct str code;
    struct str performed;
    struct str department; /* "Organization/ID" */
    store_rid hospital;
    struct str patient; /* "Patient/ID"; p NULL: none is known */
    struct str place;   /* "Location/ID" of the hospital; p NULL: none */
    struct str note;
    struct str id;
    char now[TIME_ISO_MAX];
    struct {
        struct str who; /* "Practitioner/ID" */
        struct str as;
        struct str step;
        struct str behalf; /* "Organization/ID": a visitor's team; p NULL: at home */
    } parts[LIMIT_PROCEDURE_PARTS];
    size_t part_count;
    struct procedure_devices devices;
};

/* ---- what was posted ---- */

static int take_code(struct recording *d, const struct json *body, struct err *err)
{
    uint32_t thing = 0;

    d->code = json_get_text(body_parameter(body, "code"), "valueCode");
    if (catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), d->code, &thing))
        return 0;
    return err_set(err, E_INVALID, "code",
        "Say what was done: a valueCode of " CATALOGUE_PROCEDURE_SYSTEM
        ", such as appendectomy.");
}

static int take_time(struct recording *d, const struct json *body, struct err *err)
{
    utc_ms now = call_now(d->call);
    utc_ms from = 0, to = 0;

    time_iso(now, d->now);
    d->performed = json_get_text(body_parameter(body, "performed"), "valueDateTime");
    if (!d->performed.p)
        d->performed = str_of(d->now);
    if (!fhir_date_range(d->performed, &from, &to))
        return err_set(err, E_INVALID, "performed",
            "Say when, as a date or a date with a time: the parameter performed.");
    if (from > now + (d->performed.len <= DATE_CHARS ? EARLIEST_ZONE : A_MOMENT))
        return err_set(err, E_INVALID, "performed",
            "What has not been done yet cannot be in a logbook.");
    return 0;
}

static int take_part(struct recording *d, const struct json *part, struct err *err)
{
    struct str id = {NULL, 0};
    struct str as = json_get_text(body_part(part, "as"), "valueCode");
    struct str step = json_get_text(body_part(part, "step"), "valueString");
    const char *who = NULL;
    int r = 0;

    if (d->part_count == LIMIT_PROCEDURE_PARTS)
        return err_set(err, E_TOO_LARGE, "part", "An operation has %d parts at most.",
            LIMIT_PROCEDURE_PARTS);
    if (procedure_function_of(as) == FUNCTION_NONE)
        return err_set(err, E_INVALID, "part",
            "Say as what each took part: as (valueCode) is operator, assistant, "
            "supervisor or observer.");
    if (step.len > LIMIT_STEP_BYTES)
        return err_set(err, E_TOO_LARGE, "part", "A step may have %d bytes at most.",
            LIMIT_STEP_BYTES);
    r = procedure_person(d->call, d->snapshot,
        json_get(body_part(part, "who"), "valueReference"), "part", &id, err);
    if (r < 0)
        return r;
    who = arena_printf(d->call->arena, "Practitioner/%.*s", (int)id.len, id.p);
    if (!who)
        return err_nomem(err);
    d->parts[d->part_count].who = str_of(who);
    d->parts[d->part_count].as = as;
    d->parts[d->part_count++].step = text_trim(step);
    return 0;
}

static int take_parts(struct recording *d, const struct json *body, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    int r = 0;

    d->part_count = 0;
    while (r == 0 && json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "part"))
            r = take_part(d, it.value, err);
    }
    if (r == 0 && d->part_count == 0)
        r = err_set(err, E_INVALID, "part",
            "Say who did it: at least one part, with who and as.");
    return r;
}

/* ---- where ---- */

/* The first clinical post of the caller at ${hospital} (0: at any); NULL: none. */
static int find_post(struct recording *d, store_rid hospital,
    const struct app_post **ret, struct err *err)
{
    const struct app_caller *caller = &d->call->caller;
    int r = 0;

    *ret = NULL;
    for (size_t i = 0; r == 0 && !*ret && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        store_rid at = 0;

        if (!person_clinical(post->role) || !post->organization.p)
            continue;
        r = reader_hospital_of(d->reader, post->organization, &at, err);
        if (r == 0 && at && (!hospital || at == hospital))
            *ret = post;
    }
    return r;
}

static int take_department(
    struct recording *d, const struct json *body, struct err *err)
{
    const struct app_post *post = NULL;
    int r = 0;

    d->department = json_get_text(
        json_get(body_parameter(body, "department"), "valueReference"), "reference");
    if (d->department.p)
        r = reader_hospital_of(d->reader, d->department, &d->hospital, err);
    if (r == 0 && (!d->department.p || d->hospital))
        r = find_post(d, d->hospital, &post, err);
    if (r == 0 && !post)
        return err_set(err, E_FORBIDDEN, "department",
            "An operation is recorded by a clinician, a nurse, a technician, a "
            "therapist "
            "or a head of department of the hospital where it was done.");
    if (r == 0 && !d->department.p) {
        d->department = post->department.p ? post->department : post->organization;
        r = reader_hospital_of(d->reader, d->department, &d->hospital, err);
    }
    return r;
}

static int take_patient(struct recording *d, const struct json *body, struct err *err)
{
    const struct json *given = body_parameter(body, "patient");
    store_rid hospital = 0;
    int r = 0;

    d->patient = json_get_text(json_get(given, "valueReference"), "reference");
    if (!given)
        return 0;
    if (d->patient.p)
        r = reader_hospital_of(d->reader, d->patient, &hospital, err);
    if (r == 0 && (!hospital || hospital != d->hospital))
        r = err_set(err, E_INVALID, "patient",
            "The patient must be one of the hospital where it was done. Leave the "
            "patient out where nobody knows who it was.");
    return r;
}

/* A Location of the hospital: without a patient it says whose record this is. */
static int find_place(struct recording *d, struct err *err)
{
    int r = procedure_place(d->call, d->snapshot, d->hospital, &d->place, err);

    if (r == 0 && !d->place.p && !d->patient.p)
        r = err_set(err, E_INVALID, "patient",
            "Without a patient an operation is its hospital's by the hospital's "
            "Location, and none is known: name the patient.");
    return r;
}

/* Who of them was a visitor there then. */
static int find_visitors(struct recording *d, struct err *err)
{
    struct seek s = {d->call->app, d->snapshot, d->call->arena};
    int r = 0;

    for (size_t i = 0; r == 0 && i < d->part_count; i++) {
        const struct procedure_visit visit = {
            d->parts[i].who, d->hospital, d->performed};

        r = procedure_behalf(&s, d->reader, &visit, &d->parts[i].behalf, err);
    }
    return r;
}

/* ---- the record ---- */

static void put_subject(struct json_out *o, const struct recording *d)
{
    if (d->patient.p) {
        fhir_put_reference(o, "subject", d->patient);
        return;
    }
    json_name(o, "subject");
    json_open(o, '{');
    json_member(o, "display", STR("No patient is named"));
    json_close(o, '}');
}

static void put_part(struct json_out *o, const struct recording *d, size_t at)
{
    struct str who = d->parts[at].who;

    json_open(o, '{');
    if (d->parts[at].step.len > 0) {
        json_name(o, "extension");
        json_open(o, '[');
        json_open(o, '{');
        json_member(o, "url", STR(PROCEDURE_STEP_URL));
        json_member(o, "valueString", d->parts[at].step);
        json_close(o, '}');
        json_close(o, ']');
    }
    fhir_put_concept(o, "function", PROCEDURE_FUNCTION_SYSTEM, d->parts[at].as);
    fhir_put_reference_shown(
        o, "actor", who, procedure_name(d->call, d->snapshot, who));
    if (d->parts[at].behalf.p)
        fhir_put_reference(o, "onBehalfOf", d->parts[at].behalf);
    json_close(o, '}');
}

static void put_record(struct buf *b, const struct recording *d)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Procedure"));
    json_member(&o, "id", d->id);
    json_name(&o, "extension");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "url", STR(PROCEDURE_DEPARTMENT_URL));
    fhir_put_reference(&o, "valueReference", d->department);
    json_close(&o, '}');
    json_close(&o, ']');
    json_member(&o, "status", STR("completed"));
    fhir_put_concept(&o, "code", CATALOGUE_PROCEDURE_SYSTEM, d->code);
    put_subject(&o, d);
    json_member(&o, "performedDateTime", d->performed);
    fhir_put_reference(&o, "recorder", d->call->caller.practitioner);
    json_name(&o, "performer");
    json_open(&o, '[');
    for (size_t i = 0; i < d->part_count; i++)
        put_part(&o, d, i);
    json_close(&o, ']');
    if (d->place.p)
        fhir_put_reference(&o, "location", d->place);
    procedure_put_devices(&o, &d->devices);
    if (d->note.p) {
        json_name(&o, "note");
        json_open(&o, '[');
        json_open(&o, '{');
        json_member(&o, "text", d->note);
        json_close(&o, '}');
        json_close(&o, ']');
    }
    json_close(&o, '}');
}

/* ---- the way ---- */

static int look(struct recording *d, const struct json *body, struct err *err)
{
    int r = access_make(d->call->access_, err);

    d->reader = d->call->access_->reader;
    if (r == 0)
        r = take_code(d, body, err);
    if (r == 0)
        r = take_time(d, body, err);
    if (r == 0)
        r = take_department(d, body, err);
    if (r == 0)
        r = take_patient(d, body, err);
    if (r == 0)
        r = take_parts(d, body, err);
    if (r == 0)
        r = procedure_devices(
            &(struct procedure_where){d->call, d->snapshot, d->reader, d->hospital},
            body, &d->devices, err);
    if (r == 0)
        r = find_visitors(d, err);
    if (r == 0)
        r = procedure_word(body, "note", &d->note, err);
    return r == 0 ? find_place(d, err) : r;
}

/* Was it written already, by the same person, under this id? */
static int look_for_it(struct recording *d, bool *ret, struct err *err)
{
    struct procedure_found found;
    int r = procedure_load(d->call, d->snapshot, fhir_resource_named(STR("Procedure")),
        d->id, &found, err);

    *ret = r == 0;
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0 && !str_eq(found.rec.actor, call_actor(d->call)))
        r = err_set(err, E_CONFLICT, "id",
            "There is another operation with this id: give each a random one.");
    if (r < 0)
        return r;
    record_headers(d->call, &found.rec, false);
    record_write(&d->call->answer, &found.rec);
    return call_saw(d->call, &found.rec, err);
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct recording d = {.call = call, .id = w->write.id};
    const struct json *body = w->resource;
    bool repeated = false;
    struct buf b;
    int r = call_read_begin(call, &d.snapshot, err);

    (void)rest;
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = look_for_it(&d, &repeated, err);
    if (r == 0 && !repeated)
        r = look(&d, body, err);
    if (r == 0 && !repeated) {
        put_record(&b, &d);
        r = procedure_take(call, w, &b, true, err);
    }
    call_read_end(call, d.snapshot);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : repeated ? 0 : WRITING_READY;
}

int rest_procedure_record(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_new(call, rest, "$record", decide, &w, err);

    if (r < 0)
        return r;
    w->write.expect = STORE_EXPECT_ABSENT;
    w->write.expect_soft = true;
    return writing_go(call, err);
}
