/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patient/ID/$break-glass, and ServiceRequest/ID/$break-glass for the patient of a case. What is asked, in this order, so that nothing is told of a
 * patient to whom the caller is nothing:
 *
 *   is the caller a person with a clinical post?   else 403, whatever the id
 *   is there a reason?                             else 400, whatever the id
 *   does a hospital of theirs treat the patient?   else 404, as of one who is not there
 *   may they see all of it already?                then 409
 *
 * With a recipient the patient's own hospital lets cases cross a border: else the same.
 */
#include <stdio.h>

#include "app/app_internal.h"
#include "app/audit.h"
#include "app/emergency_internal.h"
#include "app/person.h"
#include "fhir/put.h"

/* One emergency while it is made. */
struct opening {
    struct app_call *call;
    const struct rest *rest;
    struct store_reader *snapshot;
    struct reader *reader;
    unsigned patient_type;
    store_rid patient;
    struct str patient_name; /* "Patient/ID" */
    struct reader_treating treating;
    struct str hospital; /* "Organization/ID" */
    struct str units[8]; /* of the post, up to below the hospital */
    size_t unit_count;
    struct str basis; /* p NULL: none */
    struct str reason;
    struct str recipient; /* p NULL: to open, not to send */
    const struct str *informed;
    size_t informed_count;
    utc_ms now;
};

/* ---- who may ---- */

static int check_caller(const struct app_call *call, struct err *err)
{
    bool person = call->access_ && !call->caller.client.p;

    for (size_t i = 0; person && i < call->caller.post_count; i++) {
        if (emergency_clinical(call->caller.posts[i].role))
            return 0;
    }
    return err_set(err, E_FORBIDDEN, NULL,
        "Records are opened in an emergency by a clinician, a nurse or a head of "
        "department, each for themselves: you have no such post now.");
}

/* "Type/ID" of ${rid}. */
static int name_of(struct opening *o, store_rid rid, struct str *ret, struct err *err)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = store_name(o->snapshot, o->call->arena, rid, &id, err);

    if (r < 0)
        return r;
    text = arena_printf(o->call->arena, "%s/%.*s",
        fhir_type_numbered(store_rid_type(rid))->name, (int)id.len, id.p);
    if (!text)
        return err_nomem(err);
    *ret = str_of(text);
    return 0;
}

static int no_such(struct opening *o, bool there, struct err *err)
{
    access_missing(o->call->access_, o->rest->type->number, there);
    return access_no_such(o->rest->type, o->rest->id, false, err);
}

static int check_open(struct opening *o, struct err *err)
{
    if (!o->treating.own)
        return 0;
    return err_set(err, E_CONFLICT, NULL,
        "You work at the patient's own hospital: these records are open to you "
        "already.");
}

/* Only the patient's own hospital sends, and only where a consent is missing. */
static int check_send(struct opening *o, struct err *err)
{
    struct fhir_reference to =
        fhir_reference_parse(o->recipient, o->call->app->base[APP_FHIR]);
    const struct json *request = NULL;
    const char *text = NULL;
    store_rid unit = 0;
    int r = 0;

    if (!o->treating.own)
        return no_such(o, true, err);
    if (to.form != FHIR_REF_LOCAL ||
        to.type != fhir_resource_named(STR("Organization"))->number ||
        store_find(o->snapshot, to.type, to.id, &unit, err) < 0)
        return err_set(err, E_INVALID, "recipient",
            "The recipient must be an Organization that is known here: the department "
            "or the hospital that shall see the patient's cases.");
    /* as a case that is sent there would be looked at */
    text = arena_printf(o->call->arena,
        "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":"
        "\"order\","
        "\"subject\":{\"reference\":\"%.*s\"},\"performer\":[{\"reference\":"
        "\"Organization/%.*s\"}]}",
        (int)o->patient_name.len, o->patient_name.p, (int)to.id.len, to.id.p);
    if (!text)
        return err_nomem(err);
    r = json_read_trusted(o->call->arena, str_of(text), &request, err);
    if (r == 0)
        r = reader_crosses(o->reader,
            fhir_resource_named(STR("ServiceRequest"))->number, request, &unit, err);
    if (r == 0 && unit == 0)
        r = err_set(err, E_CONFLICT, "recipient",
            "The patient's cases may go there already: no emergency is needed.");
    return r;
}

/* ---- where ---- */

/* What ${unit} is part of; p NULL: nothing, or it cannot be seen. */
static struct str above(struct opening *o, struct str unit)
{
    struct fhir_reference ref =
        fhir_reference_parse(unit, o->call->app->base[APP_FHIR]);
    struct store_record rec = {0};
    const struct json *json = NULL;

    if (ref.form != FHIR_REF_LOCAL ||
        store_get(o->snapshot, o->call->arena, ref.type, ref.id, &rec, NULL) < 0 ||
        json_read_trusted(o->call->arena, rec.body, &json, NULL) < 0)
        return (struct str){NULL, 0};
    return json_get_text(json_get(json, "partOf"), "reference");
}

/* The clinical post at the hospital that treats: its department, and what that is part of. */
static void take_units(struct opening *o)
{
    const struct app_caller *caller = &o->call->caller;
    struct str unit = {NULL, 0};

    for (size_t i = 0; i < caller->post_count && !unit.p; i++) {
        const struct app_post *post = &caller->posts[i];

        if (emergency_clinical(post->role) && post->organization.p &&
            str_eq(post->organization, o->hospital))
            unit = post->department;
    }
    while (unit.p && !str_eq(unit, o->hospital) &&
           o->unit_count < sizeof(o->units) / sizeof(o->units[0])) {
        o->units[o->unit_count++] = unit;
        unit = above(o, unit);
    }
}

/* ---- who is told ---- */

static bool reviews(const struct opening *o, const struct app_post *post)
{
    bool here = post->organization.p && str_eq(post->organization, o->hospital);

    if (str_is(post->role, "quality-officer"))
        return here;
    if (!here || !str_is(post->role, "head-of-department"))
        return false;
    for (size_t i = 0; post->department.p && i < o->unit_count; i++) {
        if (str_eq(post->department, o->units[i]))
            return true;
    }
    return !post->department.p;
}

static bool is_listed(const struct str *list, size_t count, struct str one)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i], one))
            return true;
    }
    return false;
}

/* Is who holds ${role}, a PractitionerRole, one to be told now? */
static int is_told(
    struct opening *o, store_rid role, struct str *ret, bool *ret_told, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct person_posts posts = {0};
    int r = store_get_rid(o->snapshot, o->call->arena, role, true, &rec, err);

    *ret_told = false;
    if (r == 0)
        r = json_read_trusted(o->call->arena, rec.body, &json, err);
    if (r < 0)
        return r;
    *ret = json_get_text(json_get(json, "practitioner"), "reference");
    if (!ret->p || str_eq(*ret, o->call->caller.practitioner))
        return 0;
    r = person_posts_in(&(struct person_ask){o->call->app->persons, o->snapshot,
                            o->call->arena, o->now},
        *ret, &posts, err);
    for (size_t i = 0; r == 0 && !*ret_told && i < posts.count; i++)
        *ret_told = reviews(o, &posts.list[i]);
    return r;
}

static int find_informed(struct opening *o, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("role"), STR(PERSON_ROLE_SYSTEM "|head-of-department," PERSON_ROLE_SYSTEM
                                             "|quality-officer")},
        {STR("organization:below"), o->hospital},
        {STR("_count"), STR("200")},
        {STR("_total"), STR("none")},
    };
    struct arena *a = o->call->arena;
    struct search_request rq = {
        .type = fhir_resource_named(STR("PractitionerRole"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = o->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    struct str *list = NULL;
    int r = search_parse(a, &rq, &issues, &query, err);

    if (r == 0)
        r = search_run(o->snapshot, a, query, &page, err);
    list = arena_array(a, page.count + 1, sizeof(*list));
    if (r == 0 && !list)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < page.count; i++) {
        struct str who = {NULL, 0};
        bool told = false;

        r = is_told(o, page.hits[i].rid, &who, &told, err);
        if (r == 0 && told && !is_listed(list, o->informed_count, who))
            list[o->informed_count++] = who;
    }
    o->informed = list;
    return r;
}

/* ---- the record ---- */

static void put_period(struct json_out *o, utc_ms from, utc_ms until)
{
    json_name(o, "period");
    json_open(o, '{');
    fhir_put_time(o, "start", from);
    fhir_put_time(o, "end", until);
    json_close(o, '}');
}

static void put_record(struct buf *b, const struct opening *o)
{
    struct json_out out = json_out(b);

    json_open(&out, '{');
    json_member(&out, "resourceType", STR("EmergencyAccess"));
    json_member(&out, "status", STR("waiting"));
    json_member(&out, "kind", o->recipient.p ? STR("send") : STR("open"));
    fhir_put_reference(&out, "patient", o->patient_name);
    fhir_put_reference(&out, "practitioner", o->call->caller.practitioner);
    fhir_put_reference(&out, "organization", o->hospital);
    fhir_put_references(&out, "department", o->units, o->unit_count);
    if (o->recipient.p)
        fhir_put_reference(&out, "recipient", o->recipient);
    if (o->basis.p)
        fhir_put_reference(&out, "basis", o->basis);
    json_member(&out, "reason", o->reason);
    put_period(&out, o->now, o->now + LIMIT_EMERGENCY_MS);
    fhir_put_references(&out, "informed", o->informed, o->informed_count);
    json_close(&out, '}');
}

/* ---- the way ---- */

/* Not so often that a whole ward is read under the name of emergencies. */
static int check_often(struct opening *o, struct err *err)
{
    struct emergency_open open = {NULL, 0};
    int r = emergency_grants(
        o->call->app, o->call->arena, &o->call->caller, o->now, &open, err);

    if (r == 0 && open.count >= LIMIT_EMERGENCIES_PERSON)
        r = err_set(err, E_TOO_OFTEN, NULL,
            "You have opened patients' records %zu times in the last hour. Ask the "
            "quality officer.",
            open.count);
    return r;
}

/* The patient that is meant: the record, or whom the case is about. */
static int find_patient(struct opening *o, struct err *err)
{
    const struct fhir_type *type = o->rest->type;
    struct fhir_reference subject;
    struct store_record rec = {0};
    const struct json *json = NULL;
    int r = 0;

    if (type->number == o->patient_type)
        return store_find(o->snapshot, type->number, o->rest->id, &o->patient, err);
    r = store_get(o->snapshot, o->call->arena, type->number, o->rest->id, &rec, err);
    if (r == 0 && rec.body.len == 0)
        return E_NOT_FOUND;
    if (r == 0)
        r = json_read_trusted(o->call->arena, rec.body, &json, err);
    if (r < 0)
        return r;
    subject =
        fhir_reference_parse(json_get_text(json_get(json, "subject"), "reference"),
            o->call->app->base[APP_FHIR]);
    if (subject.form != FHIR_REF_LOCAL || subject.type != o->patient_type)
        return E_NOT_FOUND;
    return store_find(o->snapshot, subject.type, subject.id, &o->patient, err);
}

/* Find out all that the record says. */
static int look(struct opening *o, struct err *err)
{
    int r = access_make(o->call->access_, err);

    o->reader = o->call->access_->reader;
    if (r == 0)
        r = find_patient(o, err);
    if (r == E_NOT_FOUND)
        return no_such(o, false, err);
    if (r == 0)
        r = reader_treating(o->reader, o->patient, &o->treating, err);
    if (r == 0 && !o->treating.treats)
        return no_such(o, true, err);
    if (r == 0)
        r = name_of(o, o->patient, &o->patient_name, err);
    if (r == 0)
        r = o->recipient.p ? check_send(o, err) : check_open(o, err);
    if (r == 0)
        r = check_often(o, err);
    if (r == 0)
        r = name_of(o, o->treating.hospital, &o->hospital, err);
    if (r == 0 && o->treating.basis)
        r = name_of(o, o->treating.basis, &o->basis, err);
    if (r < 0)
        return r;
    take_units(o);
    return find_informed(o, err);
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct opening o = {.call = call,
        .rest = rest,
        .patient_type = fhir_resource_named(STR("Patient"))->number,
        .now = time_now()};
    struct buf b;
    const struct json *body = w->resource;
    int r = emergency_text(body, "reason", "why you do this", &o.reason, err);

    o.recipient = json_get_text(
        json_get(body_parameter(body, "recipient"), "valueReference"), "reference");
    if (r == 0)
        r = call_read_begin(call, &o.snapshot, err);
    if (r == 0)
        r = look(&o, err);
    call_read_end(call, o.snapshot);
    if (r < 0)
        return r;
    call->why_ = o.reason;
    buf_init(&b, LIMIT_RECORD_BYTES);
    put_record(&b, &o);
    r = emergency_take(call, w, &b, err);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int rest_break_glass(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    char *id = arena_alloc_raw(call->arena, ID_UUID_CHARS + 1);
    int r = check_caller(call, err);

    if (r == 0)
        r = call_alone(call, "$break-glass", err);
    if (r == 0 && !id)
        r = err_nomem(err);
    if (r == 0)
        r = writing_start(call, rest, &w, err);
    if (r == 0)
        r = body_parameters(call, "$break-glass", &w->resource, err);
    if (r < 0 || !w)
        return r;
    id_uuid7(time_now(), id);
    w->decide = decide;
    w->answer = writing_answer_made;
    w->write = (struct store_write){.type = emergency_type(),
        .id = {id, ID_UUID_CHARS},
        .operation = STORE_CREATE,
        .expect = STORE_EXPECT_ABSENT};
    return writing_go(call, err);
}
