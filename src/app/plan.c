/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan of rehabilitation: a CarePlan whose one activity is the case and whose others are
 * the kinds of session, with a Goal for each goal. The Task names the plan that is followed
 * now; a new one replaces it, and the old one stays as revoked.
 */
#include "app/beside_internal.h"
#include "fhir/put.h"

/* ---- which is followed ---- */

static bool is_plan_output(const struct json *output)
{
    struct json_each it = json_each(json_get(json_get(output, "type"), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), CASE_OUTPUT_SYSTEM) &&
            str_is(json_get_text(it.value, "code"), "plan"))
            return true;
    }
    return false;
}

int plan_load(struct beside *b, struct beside_record *ret, struct err *err)
{
    struct json_each it = json_each(json_get(b->d.task, "output"));

    *ret = (struct beside_record){.json = NULL};
    while (json_next(&it)) {
        struct str text =
            json_get_text(json_get(it.value, "valueReference"), "reference");

        if (is_plan_output(it.value))
            return beside_load(
                b, "CarePlan", beside_id_of(b, text, "CarePlan"), ret, err);
    }
    return 0;
}

void plan_task_put(struct buf *out, struct beside *b)
{
    static const char *const but[] = {"output", NULL};
    struct json_each it = json_each(json_get(b->d.task, "output"));
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, b->d.task, but);
    json_name(&o, "output");
    json_open(&o, '[');
    while (json_next(&it)) {
        if (!is_plan_output(it.value))
            json_put_value(&o, it.value);
    }
    json_open(&o, '{');
    fhir_put_concept(&o, "type", CASE_OUTPUT_SYSTEM, STR("plan"));
    fhir_put_reference_shown(&o, "valueReference",
        beside_reference(b, "CarePlan", beside_text(b->given, "id")),
        (struct str){NULL, 0});
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
}

static int name_in_task(struct beside *b, struct err *err)
{
    struct store_write *w = &b->writes[b->write_count];
    struct buf out;
    int r = 0;

    buf_init(&out, LIMIT_RECORD_BYTES);
    plan_task_put(&out, b);
    *w = (struct store_write){
        .type = case_type("Task"), .id = b->d.rest->id, .operation = STORE_UPDATE};
    record_expect(w, &b->d.task_record);
    r = case_write_prepare(&b->d, w, &out, NULL, err);
    b->write_count += r == 0;
    buf_done(&out);
    return r;
}

/* ---- goals ---- */

void plan_goal_put(
    struct buf *out, const struct beside *b, struct str id, const struct json *parts)
{
    char today[TIME_ISO_MAX];
    struct json_out o = json_out(out);

    time_iso(b->d.now, today);
    beside_put_head(&o, "Goal", id);
    json_member(&o, "lifecycleStatus", STR("active"));
    beside_put_mark(&o, "category", "rehabilitation-goal", true);
    json_name(&o, "description");
    json_open(&o, '{');
    json_member(&o, "text", beside_text(parts, "text"));
    json_close(&o, '}');
    beside_put_subject(&o, b);
    json_member(&o, "startDate", (struct str){today, 10});
    json_name(&o, "target");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "dueDate", beside_text(parts, "due"));
    json_close(&o, '}');
    json_close(&o, ']');
    beside_put_me(&o, "expressedBy", b);
    json_name(&o, "addresses");
    json_open(&o, '[');
    beside_put_case(&o, b);
    json_close(&o, ']');
    json_close(&o, '}');
}

static int plan_goals(struct beside *b, const struct str *ids, struct err *err)
{
    struct beside_values it = beside_values(b->given, "goal");
    struct buf out;
    int r = 0;

    buf_init(&out, LIMIT_RECORD_BYTES);
    while (r == 0 && beside_next(&it)) {
        buf_clear(&out);
        plan_goal_put(&out, b, *ids, it.value);
        r = beside_plan(b, "Goal", *ids++, NULL, &out, err);
    }
    buf_done(&out);
    return r;
}

/* ---- the plan ---- */

static void put_session(struct json_out *o, const struct json *parts)
{
    bool week = str_is(beside_text(parts, "per"), "week");
    int64_t times = beside_number(parts, "times");
    int64_t weeks = beside_number(parts, "weeks");

    json_open(o, '{');
    json_name(o, "detail");
    json_open(o, '{');
    json_member(o, "status", STR("scheduled"));
    json_name(o, "scheduledTiming");
    json_open(o, '{');
    json_name(o, "repeat");
    json_open(o, '{');
    json_name(o, "boundsDuration");
    json_open(o, '{');
    json_name(o, "value");
    json_put_int(o, weeks);
    json_member(o, "unit", STR("weeks"));
    json_member(o, "system", STR("http://unitsofmeasure.org"));
    json_member(o, "code", STR("wk"));
    json_close(o, '}');
    json_name(o, "count");
    json_put_int(o, times * weeks * (week ? 1 : 7));
    json_name(o, "frequency");
    json_put_int(o, times);
    json_name(o, "period");
    json_put_int(o, 1);
    json_member(o, "periodUnit", week ? STR("wk") : STR("d"));
    json_close(o, '}');
    json_close(o, '}');
    json_member(o, "description", beside_text(parts, "text"));
    json_close(o, '}');
    json_close(o, '}');
}

static void put_activities(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "session");

    json_name(o, "activity");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "reference");
    beside_put_case(o, b);
    json_close(o, '}');
    while (beside_next(&it))
        put_session(o, it.value);
    json_close(o, ']');
}

static void put_attachments(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "attachment");

    if (!beside_value(b->given, "attachment"))
        return;
    json_name(o, "extension");
    json_open(o, '[');
    while (beside_next(&it)) {
        beside_open_extension(o, PLAN_ATTACHMENT_URL);
        json_name(o, "valueAttachment");
        json_put_value(o, it.value);
        json_close(o, '}');
    }
    json_close(o, ']');
}

void plan_put(struct buf *out, struct beside *b, const struct plan_names *names)
{
    struct json_out o = json_out(out);

    beside_put_head(&o, "CarePlan", beside_text(b->given, "id"));
    put_attachments(&o, b);
    fhir_put_references(&o, "replaces", &names->before, names->before.p ? 1 : 0);
    json_member(&o, "status", STR("active"));
    json_member(&o, "intent", STR("plan"));
    beside_put_mark(&o, "category", "rehabilitation-plan", true);
    json_member(&o, "description", beside_text(b->given, "text"));
    beside_put_subject(&o, b);
    json_name(&o, "period");
    json_open(&o, '{');
    fhir_put_time(&o, "start", b->d.now);
    json_close(&o, '}');
    fhir_put_time(&o, "created", b->d.now);
    beside_put_me(&o, "author", b);
    fhir_put_references(&o, "goal", names->goals, names->count);
    put_activities(&o, b);
    json_close(&o, '}');
}

/* ---- the plan before it ---- */

/* ${record} with another status; of a goal that was reached, nothing. */
static int change_status(struct beside *b, const struct beside_record *record,
    const char *member, const char *status, struct err *err)
{
    const char *const but[] = {member, NULL};
    struct json_out o;
    struct buf out;
    int r = 0;

    buf_init(&out, LIMIT_RECORD_BYTES);
    o = json_out(&out);
    json_open(&o, '{');
    fhir_put_but(&o, record->json, but);
    json_member(&o, member, str_of(status));
    json_close(&o, '}');
    r = beside_plan(b, record->type->name, record->id, record, &out, err);
    buf_done(&out);
    return r;
}

static int revoke(struct beside *b, const struct beside_record *plan, struct err *err)
{
    struct json_each it = json_each(json_get(plan->json, "goal"));
    int r = change_status(b, plan, "status", "revoked", err);

    while (r == 0 && json_next(&it)) {
        struct beside_record goal;

        r = beside_load(b, "Goal",
            beside_id_of(b, json_get_text(it.value, "reference"), "Goal"), &goal, err);
        if (r == 0 && goal.json &&
            str_is(json_get_text(goal.json, "lifecycleStatus"), "active"))
            r = change_status(b, &goal, "lifecycleStatus", "cancelled", err);
    }
    return r;
}

/* ---- all of it ---- */

static int name_goals(struct beside *b, struct plan_names *ret, struct err *err)
{
    struct beside_values it = beside_values(b->given, "goal");

    while (beside_next(&it)) {
        struct str id = beside_new_id(b);

        if (!id.p)
            return err_nomem(err);
        ret->goal_ids[ret->count] = id;
        ret->goals[ret->count++] = beside_reference(b, "Goal", id);
    }
    return 0;
}

int plan_make(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    struct plan_names names = {.count = 0};
    struct beside_record before;
    struct buf out;
    int r = beside_is_there(b, "CarePlan", id, err);

    if (r < 0 || b->repeated)
        return r;
    r = plan_load(b, &before, err);
    if (r == 0 && before.json)
        names.before = beside_reference(b, "CarePlan", before.id);
    if (r == 0)
        r = name_goals(b, &names, err);
    if (r < 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    plan_put(&out, b, &names);
    r = beside_plan(b, "CarePlan", id, NULL, &out, err);
    buf_done(&out);
    if (r == 0)
        r = plan_goals(b, names.goal_ids, err);
    if (r == 0 && before.json)
        r = revoke(b, &before, err);
    return r < 0 ? r : name_in_task(b, err);
}
