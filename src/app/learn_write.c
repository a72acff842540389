/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of $learning: Parameters, with a part "enrolment" for each. */
#include "app/learn_internal.h"
#include "app/logbook_internal.h"

static void put_int(struct json_out *o, const char *name, long long value)
{
    logbook_open_part(o, name);
    json_name(o, "valueInteger");
    json_put_int(o, value);
    json_close(o, '}');
}

static void put_truth(struct json_out *o, const char *name, bool value)
{
    logbook_open_part(o, name);
    json_name(o, "valueBoolean");
    json_put_bool(o, value);
    json_close(o, '}');
}

/* A person or department, with its name. */
static void put_named(
    struct learn *l, struct json_out *o, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    logbook_open_part(o, name);
    fhir_put_reference_shown(o, "valueReference", reference,
        procedure_name(l->call, l->seek.snapshot, reference));
    json_close(o, '}');
}

static struct str named(const struct json *of, const char *member)
{
    return json_get_text(json_get(of, member), "reference");
}

/* ---- aims ---- */

static void put_answers(struct learn *l, struct json_out *o,
    const struct json *enrolment, int number, int month)
{
    struct json_each it = json_each(json_get(enrolment, "used"));

    while (json_next(&it)) {
        if (learn_number(it.value, "aim") != number ||
            learn_number(it.value, "month") != month)
            continue;
        logbook_open_parts(o, "answer");
        put_truth(o, "used", json_kind(json_get(it.value, "used")) == JSON_TRUE);
        put_named(l, o, "by", named(it.value, "by"));
        logbook_put(o, "on", "valueDate", json_get_text(it.value, "on"));
        logbook_put(o, "word", "valueString", json_get_text(it.value, "word"));
        logbook_close_parts(o);
    }
}

static void put_uses(struct learn *l, struct json_out *o, const struct json *enrolment,
    const struct json *aim, const struct learn_work *work)
{
    static const char *const states[] = {
        "not-yet", "unknown", "used", "not-used", "unclear"};
    struct learn_use uses[LEARN_LOOKS];
    utc_ms back = 0;

    if (!learn_returned(enrolment, &back))
        return;
    learn_judge(l, enrolment, aim, work, uses);
    for (int i = 0; i < LEARN_LOOKS; i++) {
        logbook_open_parts(o, "use");
        put_int(o, "month", uses[i].month);
        logbook_put_day(o, "until", uses[i].until);
        logbook_put(o, "state", "valueCode", str_of(states[uses[i].state]));
        if (uses[i].count >= 0)
            put_int(o, "count", uses[i].count);
        put_answers(l, o, enrolment, learn_number(aim, "number"), uses[i].month);
        logbook_close_parts(o);
    }
}

static void put_aim(struct learn *l, struct json_out *o, const struct learn_row *row,
    const struct json *aim, const struct learn_work *work)
{
    int asked = learn_asked(l, row->json, aim, row->ties);

    logbook_open_parts(o, "aim");
    put_int(o, "number", learn_number(aim, "number"));
    logbook_put(o, "procedure", "valueCode", learn_aim_procedure(aim));
    logbook_put(o, "text", "valueString", json_get_text(aim, "text"));
    if (learn_number(aim, "targetLevel"))
        put_int(o, "target", learn_number(aim, "targetLevel"));
    if (learn_number(aim, "operations"))
        put_int(o, "operations", learn_number(aim, "operations"));
    put_uses(l, o, row->json, aim, work);
    if (asked)
        put_int(o, "asked", asked);
    logbook_close_parts(o);
}

/* ---- an enrolment ---- */

static int put_course(
    struct learn *l, struct json_out *o, const struct json *enrolment, struct err *err)
{
    struct str reference = named(enrolment, "course");
    const struct json *course = NULL;
    int r = seek_reference(&l->seek, reference, "Course", &course, err);

    if (r < 0)
        return r;
    logbook_open_part(o, "course");
    fhir_put_reference_shown(
        o, "valueReference", reference, json_get_text(course, "title"));
    json_close(o, '}');
    logbook_put(o, "kind", "valueCode", json_get_text(course, "kind"));
    logbook_put(o, "place", "valueString", json_get_text(course, "place"));
    return 0;
}

static void put_result(struct learn *l, struct json_out *o, const struct json *result)
{
    if (!result)
        return;
    logbook_open_parts(o, "result");
    put_truth(o, "passed", json_kind(json_get(result, "passed")) == JSON_TRUE);
    put_named(l, o, "by", named(result, "by"));
    logbook_put(o, "on", "valueDate", json_get_text(result, "on"));
    logbook_put(o, "word", "valueString", json_get_text(result, "word"));
    logbook_close_parts(o);
}

/* What the caller may do next, without the "$". */
static void put_steps(struct json_out *o, const struct learn_row *row)
{
    enum learn_status status = learn_status_of(row->json);

    for (size_t i = 0; i < learn_step_count; i++) {
        const struct learn_step *step = &learn_steps[i];

        if (learn_may(step, row->ties) && (step->from >> status & 1) &&
            (step->to != status || step->to == LEARN_COMPLETED))
            logbook_put(o, "may", "valueCode", str_of(step->word + 1));
    }
}

static void put_people(
    struct learn *l, struct json_out *o, const struct json *enrolment)
{
    struct json_each it = json_each(json_get(enrolment, "supervisor"));

    put_named(l, o, "person", named(enrolment, "person"));
    while (json_next(&it))
        put_named(l, o, "supervisor", json_get_text(it.value, "reference"));
    put_named(l, o, "learning-department", named(enrolment, "learningDepartment"));
    put_named(l, o, "teaching-department", named(enrolment, "teachingDepartment"));
}

static int put_row(
    struct learn *l, struct json_out *o, const struct learn_row *row, struct err *err)
{
    const struct json *period = json_get(row->json, "period");
    struct json_each it = json_each(json_get(row->json, "aim"));
    unsigned waits = learn_waits(l, row->json, row->ties);
    struct learn_work work = {.shown = false};
    int r = learn_read_work(l, row->json, &work, err);

    if (r < 0)
        return r;
    logbook_open_parts(o, "enrolment");
    logbook_put(o, "id", "valueId", row->id);
    logbook_put(o, "status", "valueCode",
        str_of(learn_status_code(learn_status_of(row->json))));
    r = put_course(l, o, row->json, err);
    put_people(l, o, row->json);
    logbook_put(o, "start", "valueDate", json_get_text(period, "start"));
    logbook_put(o, "end", "valueDate", json_get_text(period, "end"));
    put_truth(o, "agreed", json_get(row->json, "accepted") != NULL);
    put_result(l, o, json_get(row->json, "result"));
    while (json_next(&it))
        put_aim(l, o, row, it.value, &work);
    put_steps(o, row);
    if (waits & LEARN_WAIT_ACCEPT)
        logbook_put(o, "waits", "valueCode", STR("accept"));
    if (waits & LEARN_WAIT_RESULT)
        logbook_put(o, "waits", "valueCode", STR("result"));
    logbook_close_parts(o);
    return r;
}

int learn_write(
    struct learn *l, const struct learn_row *rows, size_t count, struct err *err)
{
    struct json_out out = json_out(&l->call->answer);
    int r = 0;

    json_open(&out, '{');
    json_member(&out, "resourceType", STR("Parameters"));
    if (count > 0) {
        json_name(&out, "parameter");
        json_open(&out, '[');
        for (size_t i = 0; r == 0 && i < count; i++)
            r = put_row(l, &out, &rows[i], err);
        json_close(&out, ']');
    }
    json_close(&out, '}');
    return r;
}
