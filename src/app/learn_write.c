/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of $learning: Parameters, with a part "enrolment" for each. */
#include "app/learn_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

/* A person or department, with its name. */
static void put_named(
    struct learn *l, struct json_out *o, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_put_reference(
        o, name, reference, procedure_name(l->call, l->seek.snapshot, reference));
}

static struct str named(const struct json *of, const char *member)
{
    return json_get_text(json_get(of, member), "reference");
}

/* ---- aims ---- */

static void put_answers(struct learn *l, struct json_out *o,
    const struct json *enrolment, int number, int month)
{
    utc_ms back = 0;
    struct json_each it = json_each(json_get(enrolment, "used"));

    if (!learn_returned(enrolment, &back))
        return;
    while (json_next(&it)) {
        if (learn_number(it.value, "aim") != number ||
            learn_number(it.value, "month") != month)
            continue;
        fhir_parts_open(o, "answer");
        fhir_part_put_flag(
            o, "used", json_kind(json_get(it.value, "used")) == JSON_TRUE);
        put_named(l, o, "by", named(it.value, "by"));
        fhir_part_put(o, "as", "valueCode", json_get_text(it.value, "as"));
        fhir_part_put(o, "on", "valueDate", json_get_text(it.value, "on"));
        if (learn_is_late(it.value, back, month))
            fhir_part_put_flag(o, "late", true);
        fhir_part_put(o, "word", "valueString", json_get_text(it.value, "word"));
        fhir_parts_close(o);
    }
}

/* Who has not answered of those who are asked, and whether the caller still may. */
static void put_missing(
    struct json_out *o, const struct learn_row *row, int number, int month)
{
    static const char *const asked[] = {"person", "head"};
    bool open = false;

    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        if (learn_said_as(row->json, number, month, asked[i]))
            continue;
        fhir_part_put(o, "missing", "valueCode", str_of(asked[i]));
        open |= strcmp(learn_answers_as(row->ties), asked[i]) == 0;
    }
    if (open)
        fhir_part_put_flag(o, "open", true);
}

static void put_uses(struct learn *l, struct json_out *o, const struct learn_row *row,
    const struct json *aim, const struct learn_work *work)
{
    static const char *const states[] = {
        "not-yet", "unknown", "used", "not-used", "unclear"};
    struct learn_use uses[LEARN_LOOKS];
    int number = learn_number(aim, "number");
    utc_ms back = 0;

    if (!learn_returned(row->json, &back))
        return;
    learn_judge(l, row->json, aim, work, uses);
    for (int i = 0; i < LEARN_LOOKS; i++) {
        fhir_parts_open(o, "use");
        fhir_part_put_int(o, "month", uses[i].month);
        fhir_part_put_day(o, "until", uses[i].until);
        fhir_part_put(o, "state", "valueCode", str_of(states[uses[i].state]));
        if (uses[i].count >= 0)
            fhir_part_put_int(o, "count", uses[i].count);
        put_answers(l, o, row->json, number, uses[i].month);
        if (!learn_aim_procedure(aim).p && l->now >= uses[i].until)
            put_missing(o, row, number, uses[i].month);
        fhir_parts_close(o);
    }
}

static void put_aim(struct learn *l, struct json_out *o, const struct learn_row *row,
    const struct json *aim, const struct learn_work *work)
{
    int asked = learn_asked(l, row->json, aim, row->ties);

    fhir_parts_open(o, "aim");
    fhir_part_put_int(o, "number", learn_number(aim, "number"));
    fhir_part_put(o, "procedure", "valueCode", learn_aim_procedure(aim));
    fhir_part_put(o, "text", "valueString", json_get_text(aim, "text"));
    if (learn_number(aim, "targetLevel"))
        fhir_part_put_int(o, "target", learn_number(aim, "targetLevel"));
    if (learn_number(aim, "operations"))
        fhir_part_put_int(o, "operations", learn_number(aim, "operations"));
    put_uses(l, o, row, aim, work);
    if (asked)
        fhir_part_put_int(o, "asked", asked);
    fhir_parts_close(o);
}

/* ---- an enrolment ---- */

static void put_course(struct json_out *o, const struct learn_row *row)
{
    const struct json *course = row->course;

    fhir_part_put_reference(
        o, "course", named(row->json, "course"), json_get_text(course, "title"));
    fhir_part_put(o, "kind", "valueCode", json_get_text(course, "kind"));
    fhir_part_put(o, "place", "valueString", json_get_text(course, "place"));
    fhir_part_put(o, "course-status", "valueCode", json_get_text(course, "status"));
}

/* What was changed of the course, and the person has not seen yet. */
static void put_change(struct learn *l, struct json_out *o, const struct learn_row *row)
{
    const struct json *change = learn_untold(row->json, row->course);

    if (!change)
        return;
    fhir_parts_open(o, "change");
    fhir_part_put(o, "what", "valueCode", json_get_text(change, "what"));
    fhir_part_put(o, "on", "valueDateTime", json_get_text(change, "on"));
    put_named(l, o, "by", named(change, "by"));
    fhir_part_put(o, "reason", "valueString", json_get_text(change, "reason"));
    fhir_parts_close(o);
}

static void put_result(struct learn *l, struct json_out *o, const struct json *result)
{
    if (!result)
        return;
    fhir_parts_open(o, "result");
    fhir_part_put_flag(o, "passed", json_kind(json_get(result, "passed")) == JSON_TRUE);
    put_named(l, o, "by", named(result, "by"));
    fhir_part_put(o, "on", "valueDate", json_get_text(result, "on"));
    fhir_part_put(o, "word", "valueString", json_get_text(result, "word"));
    fhir_parts_close(o);
}

/* What the caller may do next, without the "$". */
static void put_steps(struct json_out *o, const struct learn_row *row)
{
    enum learn_status status = learn_status_of(row->json);

    for (size_t i = 0; i < learn_step_count; i++) {
        const struct learn_step *step = &learn_steps[i];

        if (learn_may(step, row->ties) &&
            learn_fits(step, status, learn_is_cancelled(row->course)) &&
            (step->to != status || step->to == LEARN_COMPLETED))
            fhir_part_put(o, "may", "valueCode", str_of(step->word + 1));
    }
    if (learn_names_supervisors(row->ties, status))
        fhir_part_put(o, "may", "valueCode", STR("supervise"));
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
    struct learn_dates dates = learn_dates_of(row->json, row->course);
    struct json_each it = json_each(json_get(row->json, "aim"));
    unsigned waits = learn_waits(l, row);
    struct learn_work work = {.shown = false};
    int r = learn_read_work(l, row->json, &work, err);

    if (r < 0)
        return r;
    fhir_parts_open(o, "enrolment");
    fhir_part_put(o, "id", "valueId", row->id);
    fhir_part_put(o, "status", "valueCode",
        str_of(learn_status_code(learn_status_of(row->json))));
    put_course(o, row);
    put_change(l, o, row);
    put_people(l, o, row->json);
    fhir_part_put(o, "start", "valueDate", dates.start);
    fhir_part_put(o, "end", "valueDate", dates.end);
    fhir_part_put_flag(o, "agreed", json_get(row->json, "accepted") != NULL);
    put_result(l, o, json_get(row->json, "result"));
    while (json_next(&it))
        put_aim(l, o, row, it.value, &work);
    put_steps(o, row);
    if (waits & LEARN_WAIT_ACCEPT)
        fhir_part_put(o, "waits", "valueCode", STR("accept"));
    if (waits & LEARN_WAIT_RESULT)
        fhir_part_put(o, "waits", "valueCode", STR("result"));
    if (waits & LEARN_WAIT_CHANGE)
        fhir_part_put(o, "waits", "valueCode", STR("change"));
    fhir_parts_close(o);
    return 0;
}

int learn_write(struct learn *l, const struct learn_course_may *may,
    const struct learn_row *rows, size_t count, struct err *err)
{
    struct json_out out = json_out(&l->call->answer);
    int r = 0;

    json_open(&out, '{');
    json_member(&out, "resourceType", STR("Parameters"));
    if (count > 0 || may->plan) {
        json_name(&out, "parameter");
        json_open(&out, '[');
        if (may->plan)
            fhir_part_put(&out, "may", "valueCode", STR("plan"));
        if (may->cancel)
            fhir_part_put(&out, "may", "valueCode", STR("cancel"));
        for (size_t i = 0; r == 0 && i < count; i++)
            r = put_row(l, &out, &rows[i], err);
        json_close(&out, ']');
    }
    json_close(&out, '}');
    return r;
}
