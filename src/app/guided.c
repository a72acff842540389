/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A procedure that is done where the patient is, with guidance from afar: $agree-slot says
 * when, who guides and who performs it (an Appointment); $record-procedure says at the end what
 * was done by whom (a Procedure, each person with a function), as logbooks read it. What is
 * said meanwhile are messages of the case.
 */
#include "app/access_internal.h"
#include "app/beside_internal.h"
#include "app/case.h"
#include "app/catalogue.h"
#include "fhir/put.h"
#include "fhir/value.h"
#include "view/procedure.h"

struct times {
    utc_ms start;
    utc_ms end;
};

/* ---- what is asked ---- */

static bool is_guided(const struct beside *b)
{
    struct json_each it = json_each(json_get(b->d.request, "category"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), CASE_KIND_SYSTEM) &&
                str_is(json_get_text(coding.value, "code"), "guided-procedure"))
                return true;
        }
    }
    return false;
}

static int check_person(
    struct beside *b, const char *name, struct str reference, struct err *err)
{
    struct str id = beside_id_of(b, reference, "Practitioner");
    struct beside_record person = {.json = NULL};
    int r = id.p ? beside_load(b, "Practitioner", id, &person, err) : 0;

    if (r == 0 && !person.json)
        r = err_set(err, E_INVALID, name, "%.*s is nobody that is known here.",
            (int)reference.len, reference.p);
    return r;
}

/* Nobody guides themselves. */
static int check_people(struct beside *b, struct err *err)
{
    struct str guide = json_get_text(beside_value(b->given, "guide"), "reference");
    struct beside_values operators = beside_values(b->given, "operator");
    int r = check_person(b, "guide", guide, err);

    while (r == 0 && beside_next(&operators)) {
        struct str one = json_get_text(operators.value, "reference");

        r = check_person(b, "operator", one, err);
        if (r == 0 && str_eq(one, guide))
            r = err_set(err, E_INVALID, "operator",
                "Who guides from afar does not perform the procedure.");
    }
    return r;
}

/* A code of the catalogue, by which logbooks count it; or none. */
static int check_code(const struct beside *b, struct err *err)
{
    struct str code = beside_text(b->given, "code");
    uint32_t thing = 0;

    if (code.len == 0 || catalogue_find(STR(PROCEDURE_SYSTEM), code, &thing))
        return 0;
    return err_set(err, E_INVALID, "code",
        "There is no procedure %.*s in the catalogue, " PROCEDURE_SYSTEM ".",
        (int)code.len, code.p);
}

static int check(struct beside *b, struct times *ret, struct err *err)
{
    utc_ms ignored = 0;

    if (!is_guided(b))
        return err_set(err, E_CONFLICT, NULL,
            "$%s is for cases of the kind guided-procedure.", b->step->step.name);
    (void)fhir_date_range(beside_text(b->given, "start"), &ret->start, &ignored);
    (void)fhir_date_range(beside_text(b->given, "end"), &ret->end, &ignored);
    if (ret->end <= ret->start)
        return err_set(err, E_INVALID, "end", "It ends after it begins.");
    return check_code(b, err) < 0 ? E_INVALID : check_people(b, err);
}

/* ---- $agree-slot ---- */

static void put_participant(
    struct json_out *o, const char *function, const struct json *who)
{
    json_open(o, '{');
    json_name(o, "type");
    json_open(o, '[');
    fhir_put_concept(o, NULL, PROCEDURE_FUNCTION_SYSTEM, str_of(function));
    json_close(o, ']');
    json_name(o, "actor");
    json_put_value(o, who);
    json_member(o, "status", STR("accepted"));
    json_close(o, '}');
}

static void put_slot(struct buf *out, const struct beside *b, const struct times *times)
{
    struct beside_values operators = beside_values(b->given, "operator");
    struct json_out o = json_out(out);

    beside_put_head(&o, "Appointment", beside_text(b->given, "id"));
    json_member(&o, "status", STR("booked"));
    beside_put_mark(&o, "appointmentType", "guided-slot", false);
    json_member(&o, "description", beside_text(b->given, "text"));
    fhir_put_time(&o, "start", times->start);
    fhir_put_time(&o, "end", times->end);
    fhir_put_time(&o, "created", b->d.now);
    json_name(&o, "basedOn");
    json_open(&o, '[');
    beside_put_case(&o, b);
    json_close(&o, ']');
    json_name(&o, "participant");
    json_open(&o, '[');
    put_participant(&o, "guide", beside_value(b->given, "guide"));
    while (beside_next(&operators))
        put_participant(&o, "operator", operators.value);
    json_close(&o, ']');
    json_close(&o, '}');
}

int guided_slot(struct beside *b, struct err *err)
{
    struct times times = {0, 0};
    struct buf out;
    int r = check(b, &times, err);

    if (r == 0 && times.end <= b->d.now)
        r = err_set(err, E_INVALID, "start", "A slot is agreed before it is over.");
    if (r == 0)
        r = beside_is_there(b, "Appointment", beside_text(b->given, "id"), err);
    if (r < 0 || b->repeated)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_slot(&out, b, &times);
    r = beside_plan(b, "Appointment", beside_text(b->given, "id"), NULL, &out, err);
    buf_done(&out);
    return r;
}

/* ---- $record-procedure ---- */

static void put_performer(
    struct json_out *o, const char *function, const struct json *who)
{
    json_open(o, '{');
    fhir_put_concept(o, "function", PROCEDURE_FUNCTION_SYSTEM, str_of(function));
    json_name(o, "actor");
    json_put_value(o, who);
    json_close(o, '}');
}

static void put_what(struct json_out *o, const struct beside *b)
{
    struct str code = beside_text(b->given, "code");

    json_name(o, "code");
    json_open(o, '{');
    if (code.len > 0) {
        json_name(o, "coding");
        json_open(o, '[');
        json_open(o, '{');
        json_member(o, "system", STR(PROCEDURE_SYSTEM));
        json_member(o, "code", code);
        json_close(o, '}');
        json_close(o, ']');
    }
    json_member(o, "text", beside_text(b->given, "text"));
    json_close(o, '}');
}

/* Whose people ask what became of it (Procedure/$waiting). */
static void put_where(struct json_out *o, const struct beside *b)
{
    if (!b->d.hospital.p)
        return;
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR(PROCEDURE_DEPARTMENT_URL));
    fhir_put_reference_shown(o, "valueReference", b->d.hospital, (struct str){NULL, 0});
    json_close(o, '}');
    json_close(o, ']');
}

static void put_procedure(
    struct buf *out, const struct beside *b, const struct times *times)
{
    struct beside_values operators = beside_values(b->given, "operator");
    struct str complication = beside_text(b->given, "complication");
    struct json_out o = json_out(out);

    beside_put_head(&o, "Procedure", beside_text(b->given, "id"));
    put_where(&o, b);
    json_name(&o, "basedOn");
    json_open(&o, '[');
    beside_put_case(&o, b);
    json_close(&o, ']');
    json_member(&o, "status", beside_text(b->given, "result"));
    beside_put_mark(&o, "category", "guided-procedure", false);
    put_what(&o, b);
    beside_put_subject(&o, b);
    json_name(&o, "performedPeriod");
    json_open(&o, '{');
    fhir_put_time(&o, "start", times->start);
    fhir_put_time(&o, "end", times->end);
    json_close(&o, '}');
    beside_put_me(&o, "recorder", b);
    json_name(&o, "performer");
    json_open(&o, '[');
    while (beside_next(&operators))
        put_performer(&o, "operator", operators.value);
    put_performer(&o, "guide", beside_value(b->given, "guide"));
    json_close(&o, ']');
    if (complication.len > 0) {
        json_name(&o, "complication");
        json_open(&o, '[');
        json_open(&o, '{');
        json_member(&o, "text", complication);
        json_close(&o, '}');
        json_close(&o, ']');
    }
    json_close(&o, '}');
}

int guided_record(struct beside *b, struct err *err)
{
    struct times times = {0, 0};
    struct buf out;
    int r = check(b, &times, err);

    if (r == 0 && times.end > b->d.now)
        r = err_set(
            err, E_INVALID, "end", "What was done is recorded when it has ended.");
    if (r == 0)
        r = beside_is_there(b, "Procedure", beside_text(b->given, "id"), err);
    if (r < 0 || b->repeated)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_procedure(&out, b, &times);
    r = beside_plan(b, "Procedure", beside_text(b->given, "id"), NULL, &out, err);
    buf_done(&out);
    return r;
}
