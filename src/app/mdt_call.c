/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A meeting is called: an Appointment of the case. Whoever is invited and does not see the
 * case yet sees it from then on, by the way the ladder takes: the request names them as a
 * performer, the Task as a side that is asked, as long as the case is open. Abroad that
 * needs the consent that sending needs.
 */
#include "app/access_internal.h"
#include "app/beside_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"

#define HOUR ((utc_ms)60 * 60 * 1000)

/* ---- when ---- */

static int check_slot(struct beside *b, struct err *err)
{
    utc_ms start = 0;
    utc_ms end = 0;
    utc_ms ignored = 0;

    (void)fhir_date_range(beside_text(b->given, "start"), &start, &ignored);
    (void)fhir_date_range(beside_text(b->given, "end"), &end, &ignored);
    if (end <= start || end - start > HOUR * LIMIT_MDT_HOURS)
        return err_set(err, E_INVALID, "end",
            "The meeting must end after it begins, and within %d hours.",
            LIMIT_MDT_HOURS);
    if (end <= b->d.now)
        return err_set(err, E_INVALID, "start",
            "This time is over: a meeting is called for a time to come.");
    if (start > b->d.now + 24 * HOUR * LIMIT_MDT_DAYS)
        return err_set(err, E_INVALID, "start",
            "A meeting is called for at most %d days ahead.", LIMIT_MDT_DAYS);
    return 0;
}

/* ---- whom ---- */

struct invited {
    struct str performers[2 * LIMIT_MDT_INVITED]; /* who must be asked too */
    size_t count;
    bool anybody;
};

static bool is_asked_unit(const struct case_task *task, struct str unit)
{
    for (size_t i = 0; i < task->asked_count; i++) {
        if (str_eq(task->asked[i], unit))
            return true;
    }
    return false;
}

static bool is_performer(const struct beside *b, struct str who)
{
    struct json_each it = json_each(json_get(b->d.request, "performer"));

    while (json_next(&it)) {
        if (str_eq(json_get_text(it.value, "reference"), who))
            return true;
    }
    return false;
}

static int is_known(
    struct beside *b, struct str unit, store_rid *ret_hospital, struct err *err)
{
    *ret_hospital = 0;
    return reader_hospital_of(b->d.reader, unit, ret_hospital, err);
}

/* Do the people of ${unit} see the case already? */
static int sees(struct beside *b, const struct case_task *task, struct str unit,
    bool *ret, struct err *err)
{
    store_rid home = 0;
    store_rid there = 0;
    int r = is_known(b, b->d.hospital, &home, err);

    if (r == 0)
        r = is_known(b, unit, &there, err);
    if (r == 0 && there == 0)
        return err_set(err, E_INVALID, "department",
            "%.*s is no department that is known here.",
            (int)(unit.len > 100 ? 100 : unit.len), unit.p);
    if (r == 0)
        *ret = there == home || is_asked_unit(task, unit);
    return r;
}

static int add_department(struct beside *b, const struct case_task *task,
    struct str unit, struct invited *ret, struct err *err)
{
    bool already = false;
    int r = sees(b, task, unit, &already, err);

    if (r == 0 && !already && !is_performer(b, unit))
        ret->performers[ret->count++] = unit;
    return r;
}

static int add_person(struct beside *b, const struct case_task *task, struct str person,
    struct invited *ret, struct err *err)
{
    struct str units[LIMIT_CASE_UNITS];
    size_t count = 0;
    bool already = is_performer(b, person);
    int r = reader_units_of(b->d.reader, person, units, LIMIT_CASE_UNITS, &count, err);

    if (r == 0 && count == 0)
        return err_set(err, E_INVALID, "person",
            "%.*s holds no post that is known here.",
            (int)(person.len > 100 ? 100 : person.len), person.p);
    for (size_t i = 0; r == 0 && !already && i < count && i < LIMIT_CASE_UNITS; i++)
        r = sees(b, task, units[i], &already, err);
    if (r == 0 && !already)
        ret->performers[ret->count++] = person;
    return r;
}

static int find_invited(struct beside *b, struct invited *ret, struct err *err)
{
    struct beside_values it = beside_values(b->given, "department");
    struct case_task task;
    int r = 0;

    *ret = (struct invited){.count = 0};
    if (!case_task_read(b->d.task, &task))
        return err_set(err, E_CONFLICT, NULL, "This case has no sides.");
    while (r == 0 && beside_next(&it)) {
        ret->anybody = true;
        r = add_department(b, &task, json_get_text(it.value, "reference"), ret, err);
    }
    it = beside_values(b->given, "person");
    while (r == 0 && beside_next(&it)) {
        ret->anybody = true;
        r = add_person(b, &task, json_get_text(it.value, "reference"), ret, err);
    }
    if (r == 0 && !ret->anybody)
        return err_set(err, E_INVALID, "department",
            "Say who is invited: departments, persons, or both.");
    return r;
}

/* ---- the case after it ---- */

static void put_request(
    struct buf *out, const struct beside *b, const struct invited *invited)
{
    static const char *const but[] = {"performer", NULL};
    struct json_each it = json_each(json_get(b->d.request, "performer"));
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, b->d.request, but);
    json_name(&o, "performer");
    json_open(&o, '[');
    while (json_next(&it))
        json_put_value(&o, it.value);
    for (size_t i = 0; i < invited->count; i++) {
        json_open(&o, '{');
        json_member(&o, "reference", invited->performers[i]);
        json_close(&o, '}');
    }
    json_close(&o, ']');
    json_close(&o, '}');
}

static void put_side(struct json_out *o, const char *name, struct str who)
{
    if (!who.p)
        return;
    beside_open_extension(o, name);
    fhir_put_reference_shown(o, "valueReference", who, (struct str){NULL, 0});
    json_close(o, '}');
}

/* Who is asked already stays last: an escalation tells the last that it is theirs. */
static void put_sides(struct json_out *o, const struct beside *b)
{
    struct case_task task;
    bool read = case_task_read(b->d.task, &task);

    beside_open_extension(o, CASE_SIDES_URL);
    json_name(o, "extension");
    json_open(o, '[');
    put_side(o, "asking", read ? task.asking : b->d.hospital);
    for (size_t i = 0; i < b->d.unit_count; i++) {
        if (!read || !is_asked_unit(&task, b->d.units[i]))
            put_side(o, "asked", b->d.units[i]);
    }
    for (size_t i = 0; read && i < task.asked_count; i++)
        put_side(o, "asked", task.asked[i]);
    json_close(o, ']');
    json_close(o, '}');
}

static void put_task(struct buf *out, const struct beside *b)
{
    static const char *const but[] = {"extension", NULL};
    struct json_each it = json_each(json_get(b->d.task, "extension"));
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, b->d.task, but);
    json_name(&o, "extension");
    json_open(&o, '[');
    while (json_next(&it)) {
        if (!str_is(json_get_text(it.value, "url"), CASE_SIDES_URL))
            json_put_value(&o, it.value);
    }
    put_sides(&o, b);
    json_close(&o, ']');
    json_close(&o, '}');
}

/* Units of the request as it shall be; nothing leaves the country without a consent. */
static int check_request(struct beside *b, const struct json *request, struct err *err)
{
    struct case_doing *d = &b->d;
    const struct access_write write = {
        .type = d->rest->type, .id = d->rest->id, .resource = request};
    int r = reader_units_asked(
        d->reader, request, d->units, LIMIT_CASE_UNITS, &d->unit_count, err);

    if (r == 0 && d->unit_count == LIMIT_CASE_UNITS)
        return err_set(err, E_TOO_LARGE, "department",
            "A case is open to fewer than %d departments at one time.",
            LIMIT_CASE_UNITS);
    if (r < 0 || !d->call->access_ || d->call->access_->whole)
        return r;
    return access_check_consent(d->call->access_, &write, d->request, err);
}

/* The case's own records: by the case's own rules, as a step of it writes them. */
static int plan_own(struct beside *b, const char *type, const struct store_record *rec,
    const struct buf *text, const struct json **ret, struct err *err)
{
    struct store_write *w = &b->writes[b->write_count];
    int r = 0;

    *w = (struct store_write){
        .type = case_type(type), .id = b->d.rest->id, .operation = STORE_UPDATE};
    record_expect(w, rec);
    r = case_write_prepare(&b->d, w, text, ret, err);
    b->write_count += r == 0;
    return r;
}

/* Whom ${b} invites sees the case from now on: the request and the Task after it, where
 * somebody is invited who does not see it yet. */
static int plan_invitation(struct beside *b, struct err *err)
{
    const struct json *request = NULL;
    struct invited invited;
    struct buf out;
    int r = find_invited(b, &invited, err);

    if (r < 0 || invited.count == 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_request(&out, b, &invited);
    r = plan_own(b, "ServiceRequest", &b->d.request_record, &out, &request, err);
    if (r == 0)
        r = check_request(b, request, err);
    buf_clear(&out);
    if (r == 0) {
        put_task(&out, b);
        r = plan_own(b, "Task", &b->d.task_record, &out, NULL, err);
    }
    buf_done(&out);
    return r;
}

/* ---- the Appointment ---- */

static void put_patient(struct json_out *o, const struct beside *b)
{
    json_open(o, '{');
    json_name(o, "actor");
    json_put_value(o, json_get(b->d.request, "subject"));
    json_member(o, "required", STR("information-only"));
    json_member(o, "status", STR("accepted"));
    json_close(o, '}');
}

static void put_caller(struct json_out *o, const struct beside *b)
{
    json_open(o, '{');
    json_name(o, "type");
    json_open(o, '[');
    fhir_put_concept(
        o, NULL, "https://belay.health/CodeSystem/mdt-part", STR("caller"));
    json_close(o, ']');
    beside_put_me(o, "actor", b);
    json_member(o, "required", STR("required"));
    json_member(o, "status", STR("accepted"));
    json_close(o, '}');
}

static void put_invited(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "person");

    while (beside_next(&it)) {
        struct str person = json_get_text(it.value, "reference");
        struct beside_values before = beside_values(b->given, "person");
        bool twice = str_eq(person, b->d.call->caller.practitioner);

        while (!twice && beside_next(&before) && before.value != it.value)
            twice = str_eq(person, json_get_text(before.value, "reference"));
        if (twice)
            continue;
        json_open(o, '{');
        json_name(o, "actor");
        json_put_value(o, it.value);
        json_member(o, "required", STR("required"));
        json_member(o, "status", STR("needs-action"));
        json_close(o, '}');
    }
}

static void put_departments(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "department");

    if (!beside_value(b->given, "department"))
        return;
    json_name(o, "extension");
    json_open(o, '[');
    while (beside_next(&it)) {
        beside_open_extension(o, MDT_DEPARTMENT_URL);
        json_name(o, "valueReference");
        json_put_value(o, it.value);
        json_close(o, '}');
    }
    json_close(o, ']');
}

void mdt_meeting_put(struct buf *out, const struct beside *b)
{
    struct json_out o = json_out(out);

    beside_put_head(&o, "Appointment", beside_text(b->given, "id"));
    put_departments(&o, b);
    json_member(&o, "status",
        beside_value(b->given, "person") ? STR("pending") : STR("booked"));
    beside_put_mark(&o, "appointmentType", "mdt", false);
    json_member(&o, "description", beside_text(b->given, "subject"));
    json_member(&o, "start", beside_text(b->given, "start"));
    json_member(&o, "end", beside_text(b->given, "end"));
    fhir_put_time(&o, "created", b->d.now);
    json_name(&o, "basedOn");
    json_open(&o, '[');
    beside_put_case(&o, b);
    json_close(&o, ']');
    json_name(&o, "participant");
    json_open(&o, '[');
    put_patient(&o, b);
    put_caller(&o, b);
    put_invited(&o, b);
    json_close(&o, ']');
    json_close(&o, '}');
}

int mdt_call(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    struct buf out;
    int r = beside_is_there(b, "Appointment", id, err);

    if (r < 0 || b->repeated)
        return r;
    r = check_slot(b, err);
    if (r < 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    mdt_meeting_put(&out, b);
    r = beside_plan(b, "Appointment", id, NULL, &out, err);
    buf_done(&out);
    return r < 0 ? r : plan_invitation(b, err);
}
