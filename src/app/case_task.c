/* SPDX-License-Identifier: Apache-2.0 */
/* The Task and the ServiceRequest of a case after a step. */
#include "view/case_task.h"

#include <string.h>

#include "app/case_internal.h"
#include "fhir/put.h"

#define DESCRIPTION_BYTES 300

/* ---- parts ---- */

/* Our own state first: who knows no other finds it there. */
static void put_state(struct json_out *o, enum case_state state)
{
    const struct case_outside *outside = case_state_outside(state);

    json_name(o, "businessStatus");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    fhir_put_coding(o, CASE_STATE_SYSTEM, str_of(case_state_code(state)),
        str_of(case_state_display(state)));
    if (outside)
        fhir_put_coding(
            o, CASE_OUTSIDE_SYSTEM, str_of(outside->code), str_of(outside->display));
    json_close(o, ']');
    json_close(o, '}');
}

/* {"url":N, and the value follows */
static void open_part(struct json_out *o, const char *url)
{
    json_open(o, '{');
    json_member(o, "url", str_of(url));
}

/* ---- extensions ---- */

static void put_step(struct json_out *o, const struct case_doing *d)
{
    open_part(o, "https://belay.health/StructureDefinition/case-step");
    json_name(o, "extension");
    json_open(o, '[');
    open_part(o, "name");
    json_member(o, "valueCode", str_of(d->step->name));
    json_close(o, '}');
    open_part(o, "by");
    fhir_put_reference_shown(
        o, "valueReference", d->call->caller.practitioner, d->display);
    json_close(o, '}');
    open_part(o, "at");
    fhir_put_time(o, "valueInstant", d->now);
    json_close(o, '}');
    open_part(o, "digest");
    json_member(o, "valueString", str_of(d->given.digest));
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_sides(struct json_out *o, const struct case_doing *d)
{
    struct str none = {NULL, 0};

    open_part(o, CASE_SIDES_URL);
    json_name(o, "extension");
    json_open(o, '[');
    if (d->hospital.p) {
        open_part(o, "asking");
        fhir_put_reference_shown(o, "valueReference", d->hospital, none);
        json_close(o, '}');
    }
    for (size_t i = 0; i < d->unit_count; i++) {
        open_part(o, "asked");
        fhir_put_reference_shown(o, "valueReference", d->units[i], none);
        json_close(o, '}');
    }
    json_close(o, ']');
    json_close(o, '}');
}

static void put_ladder(struct json_out *o, const struct case_doing *d)
{
    struct str none = {NULL, 0};

    open_part(o, CASE_LADDER_URL);
    json_name(o, "extension");
    json_open(o, '[');
    for (size_t i = 0; i < d->ladder_count; i++) {
        open_part(o, "step");
        json_name(o, "extension");
        json_open(o, '[');
        open_part(o, "who");
        fhir_put_reference_shown(o, "valueReference", d->ladder[i].who, none);
        json_close(o, '}');
        open_part(o, "as");
        json_member(o, "valueCode", str_of(d->ladder[i].as));
        json_close(o, '}');
        json_close(o, ']');
        json_close(o, '}');
    }
    json_close(o, ']');
    json_close(o, '}');
}

/* Which of the extensions that we write is written anew by this step? */
static bool is_replaced(const struct case_doing *d, struct str url)
{
    if (str_is(url, CASE_CLOCK_URL))
        return d->clock.sent != 0;
    if (str_is(url, CASE_SIDES_URL))
        return d->unit_count > 0;
    if (str_is(url, CASE_LADDER_URL))
        return d->ladder_count > 0;
    if (case_milestones_is(url))
        return true;
    return str_is(url, "https://belay.health/StructureDefinition/case-step") &&
           d->step->to != CASE_UNKNOWN;
}

static void put_extensions(struct json_out *o, const struct case_doing *d)
{
    struct json_each it = json_each(json_get(d->task, "extension"));

    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it)) {
        if (!is_replaced(d, json_get_text(it.value, "url")))
            json_put_value(o, it.value);
    }
    if (d->clock.sent)
        case_clock_write(o, &d->clock);
    if (d->unit_count > 0)
        put_sides(o, d);
    if (d->ladder_count > 0)
        put_ladder(o, d);
    case_milestones_put(o, d);
    if (d->step->to != CASE_UNKNOWN)
        put_step(o, d);
    json_close(o, ']');
}

/* ---- what came of it ---- */

static void put_output(
    struct json_out *o, const char *code, const char *member, const struct json *value)
{
    json_open(o, '{');
    fhir_put_concept(o, "type", CASE_OUTPUT_SYSTEM, str_of(code));
    json_name(o, member);
    json_put_value(o, value);
    json_close(o, '}');
}

static void put_new_outputs(struct json_out *o, const struct case_doing *d)
{
    static const char *const outcomes[] = {
        "helpful", "plan-changed", "transfer-avoided", "patient"};
    char name[LIMIT_ID_CHARS + 32];

    for (size_t i = 0; d->step->does == CASE_DOES_OUTCOME && i < 4; i++) {
        const struct json *value = case_given_value(d->step, &d->given, outcomes[i]);

        put_output(o, outcomes[i], json_is_string(value) ? "valueCode" : "valueBoolean",
            value);
    }
    if (d->step->does == CASE_DOES_CLOSE &&
        case_given_true(d->step, &d->given, "lost-to-follow-up"))
        put_output(o, "lost-to-follow-up", "valueBoolean",
            case_given_value(d->step, &d->given, "lost-to-follow-up"));
    if (d->step->does == CASE_DOES_DEPART &&
        case_given_value(d->step, &d->given, "expected"))
        put_output(o, "expected", "valueDateTime",
            case_given_value(d->step, &d->given, "expected"));
    if (d->step->does == CASE_DOES_RETURN)
        put_output(
            o, "patient", "valueCode", case_given_value(d->step, &d->given, "patient"));
    if (d->step->does != CASE_DOES_ANSWER)
        return;
    snprintf(name, sizeof(name), "ClinicalImpression/%.*s", (int)d->words_id.len,
        d->words_id.p);
    json_open(o, '{');
    fhir_put_concept(o, "type", CASE_OUTPUT_SYSTEM, STR("opinion"));
    fhir_put_reference_shown(o, "valueReference", str_of(name), (struct str){NULL, 0});
    json_close(o, '}');
}

static bool adds_output(const struct case_doing *d)
{
    return d->step->does == CASE_DOES_OUTCOME || d->step->does == CASE_DOES_ANSWER ||
           d->step->does == CASE_DOES_RETURN ||
           (d->step->does == CASE_DOES_DEPART &&
               case_given_value(d->step, &d->given, "expected")) ||
           (d->step->does == CASE_DOES_CLOSE &&
               case_given_true(d->step, &d->given, "lost-to-follow-up"));
}

static void put_outputs(struct json_out *o, const struct case_doing *d)
{
    struct json_each it = json_each(json_get(d->task, "output"));

    json_name(o, "output");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    put_new_outputs(o, d);
    json_close(o, ']');
}

/* ---- the Task ---- */

struct str case_text_cut(struct str text, size_t most)
{
    if (text.len <= most)
        return text;
    while (most > 0 && ((unsigned char)text.p[most] & 0xc0u) == 0x80u)
        most--;
    return (struct str){text.p, most};
}

static struct str question(const struct json *request)
{
    const struct json *reason = json_at(json_get(request, "reasonCode"), 0);
    struct str text = json_get_text(reason, "text");
    const struct json *code = json_get(request, "code");

    if (!text.p)
        text = json_get_text(json_at(json_get(reason, "coding"), 0), "display");
    if (!text.p)
        text = json_get_text(code, "text");
    if (!text.p)
        text = json_get_text(json_at(json_get(code, "coding"), 0), "display");
    return case_text_cut(text, DESCRIPTION_BYTES);
}

static const char *priority(const struct json *request)
{
    switch (case_urgency_of(json_get_text(request, "priority"))) {
    case CASE_EMERGENCY:
        return "stat";
    case CASE_URGENT:
        return "urgent";
    case CASE_ROUTINE:
    case CASE_URGENCIES:
        break;
    }
    return "routine";
}

/* What a Task says from its first version on. */
static void put_new(struct json_out *o, const struct case_doing *d)
{
    char name[LIMIT_ID_CHARS + 32];

    snprintf(
        name, sizeof(name), "ServiceRequest/%.*s", (int)d->rest->id.len, d->rest->id.p);
    json_member(o, "resourceType", STR("Task"));
    json_member(o, "id", d->rest->id);
    json_member(o, "intent", STR("order"));
    json_member(o, "priority", str_of(priority(d->request)));
    fhir_put_concept(o, "code", CASE_TASK_SYSTEM, STR("answer-case"));
    json_member(o, "description", question(d->request));
    fhir_put_reference_shown(o, "focus", str_of(name), (struct str){NULL, 0});
    json_name(o, "for");
    json_put_value(o, json_get(d->request, "subject"));
    fhir_put_time(o, "authoredOn", d->now);
    fhir_put_reference_shown(o, "requester", d->call->caller.practitioner, d->display);
}

/* The unit that was asked last; p NULL: none is known. */
static struct str last_unit(const struct case_doing *d)
{
    struct case_task task;

    if (d->unit_count > 0)
        return d->units[d->unit_count - 1];
    if (!case_task_read(d->task, &task) || task.asked_count == 0)
        return (struct str){NULL, 0};
    return task.asked[task.asked_count - 1];
}

static void put_owner(struct json_out *o, const struct case_doing *d)
{
    struct str none = {NULL, 0};
    struct str unit = {NULL, 0};

    if (d->step->does == CASE_DOES_ESCALATE) /* who had it has it no longer */
        unit = last_unit(d);
    else if (d->unit_count > 0)
        unit = d->units[0];

    if (d->step->takes)
        fhir_put_reference_shown(o, "owner", d->call->caller.practitioner, d->display);
    else if (unit.p)
        fhir_put_reference_shown(o, "owner", unit, none);
    else if (json_get(d->task, "owner")) {
        json_name(o, "owner");
        json_put_value(o, json_get(d->task, "owner"));
    }
}

static void put_reason(struct json_out *o, const struct case_doing *d)
{
    struct str reason = case_given_text(d->step, &d->given, "reason");

    if (d->to != CASE_DECLINED && d->to != CASE_WITHDRAWN)
        return;
    json_name(o, "statusReason");
    json_open(o, '{');
    json_member(o, "text", reason);
    json_close(o, '}');
}

void case_task_put(struct buf *b, const struct case_doing *d)
{
    static const char *const replaced[] = {"status", "businessStatus", "lastModified",
        "owner", "location", "extension", "output", "statusReason", NULL};
    struct json_out o = json_out(b);

    json_open(&o, '{');
    if (d->task)
        fhir_put_but(&o, d->task, replaced);
    else
        put_new(&o, d);
    json_member(&o, "status", str_of(case_task_status(d->to)));
    put_state(&o, d->to);
    fhir_put_time(&o, "lastModified", d->now);
    put_reason(&o, d);
    put_owner(&o, d);
    case_bed_put(&o, d);
    put_extensions(&o, d);
    if (adds_output(d) || json_get(d->task, "output"))
        put_outputs(&o, d);
    json_close(&o, '}');
}

/* ---- the ServiceRequest ---- */

static void put_performers(struct json_out *o, const struct case_doing *d)
{
    struct json_each it = json_each(json_get(d->request, "performer"));

    json_name(o, "performer");
    json_open(o, '[');
    if (d->step->does == CASE_DOES_REROUTE) {
        json_put_value(o, case_given_value(d->step, &d->given, "to"));
        json_close(o, ']');
        return;
    }
    while (json_next(&it))
        json_put_value(o, it.value);
    json_open(o, '{');
    json_member(o, "reference", case_ladder_rung(d->task, d->clock.level));
    json_close(o, '}');
    json_close(o, ']');
}

static bool asks(const struct json *request, struct str who)
{
    struct json_each it = json_each(json_get(request, "performer"));

    while (json_next(&it)) {
        if (str_eq(json_get_text(it.value, "reference"), who))
            return true;
    }
    return false;
}

/* The rung that an escalation comes to, where it is not asked yet. */
static bool adds_performer(const struct case_doing *d)
{
    struct str who = {NULL, 0};

    if (d->step->does == CASE_DOES_ESCALATE)
        who = case_ladder_rung(d->task, d->clock.level);
    /* a coordinator sees no patient, and is asked for nothing but help */
    return who.p && !str_starts(who, "Practitioner/") && !asks(d->request, who);
}

bool case_request_put(struct buf *b, const struct case_doing *d)
{
    static const char *const sent[] = {
        "status", "intent", "authoredOn", "requester", NULL};
    static const char *const kept[] = {"status", NULL};
    static const char *const asked[] = {"status", "performer", NULL};
    bool send = d->step->does == CASE_DOES_SEND;
    bool performers = d->step->does == CASE_DOES_REROUTE || adds_performer(d);
    const char *status = case_request_status(d->to);
    struct json_out o = json_out(b);

    if (!performers && str_is(json_get_text(d->request, "status"), status))
        return false;
    json_open(&o, '{');
    fhir_put_but(&o, d->request, send ? sent : performers ? asked : kept);
    json_member(&o, "status", str_of(status));
    if (performers)
        put_performers(&o, d);
    if (send) {
        json_member(&o, "intent", STR("order"));
        fhir_put_time(&o, "authoredOn", d->now);
        fhir_put_reference_shown(
            &o, "requester", d->call->caller.practitioner, d->display);
    }
    json_close(&o, '}');
    return true;
}
