/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of open things, how much each weighs in the handover index, and which records
 * are open. The weights are a decision of ours: what harms a patient within days if nobody
 * goes on with it weighs most, what only costs time least (docs/HANDOVER.md).
 */
#include "app/beside_internal.h"
#include "app/handover_internal.h"
#include "fhir/value.h"
#include "view/case_task.h"
#include "view/procedure.h"

#define WEIGHT_EMERGENCY 8

static struct str reference_of(const struct json *holder, const char *name)
{
    return json_get_text(json_get(holder, name), "reference");
}

static utc_ms begin_of(struct str text)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    return text.p && fhir_date_range(text, &lo, &hi) ? lo : 0;
}

static struct str first_text(const struct json *concepts)
{
    return json_get_text(json_at(concepts, 0), "text");
}

/* The first reference of ${references} to a record of ${type} ("Type/"). */
static struct str first_of(const struct json *references, const char *type)
{
    struct json_each it = json_each(references);

    while (json_next(&it)) {
        struct str text = json_get_text(it.value, "reference");

        if (text.p && str_starts(text, type))
            return text;
    }
    return (struct str){NULL, 0};
}

static bool is_one_of(struct str word, const char *const *words)
{
    for (; word.p && *words; words++) {
        if (str_is(word, *words))
            return true;
    }
    return false;
}

/* ---- cases ---- */

static bool case_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    struct case_task task;

    (void)now;
    if (!case_task_read(json, &task) || !case_task_is_open(task.state))
        return false;
    item->patient = task.patient;
    item->about = task.request;
    item->due = case_task_due(&task);
    if (task.urgency == CASE_EMERGENCY)
        item->weight = WEIGHT_EMERGENCY;
    return true;
}

static bool meeting_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    static const char *const open[] = {"proposed", "pending", "booked", NULL};

    if (!is_one_of(json_get_text(json, "status"), open) ||
        begin_of(json_get_text(json, "end")) <= now)
        return false;
    item->title = json_get_text(json, "description");
    item->about = first_of(json_get(json, "basedOn"), "ServiceRequest/");
    item->due = begin_of(json_get_text(json, "start"));
    return true;
}

static bool mdt_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    return beside_has_mark(json, "mdt") && meeting_open(json, now, item);
}

/* The case of a CarePlan is its first activity (docs/adr/0033-mdt-and-plans.md). */
static struct str case_of_plan(const struct json *json)
{
    return reference_of(json_at(json_get(json, "activity"), 0), "reference");
}

static bool care_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    utc_ms end = begin_of(json_get_text(json_get(json, "period"), "end"));

    if (!str_is(json_get_text(json, "status"), "active") || (end && end <= now))
        return false;
    item->title = json_get_text(json, "description");
    item->patient = reference_of(json, "subject");
    item->about = case_of_plan(json);
    item->due = end;
    return true;
}

static bool watch_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    return beside_has_mark(json, "watch") && care_open(json, now, item);
}

static bool plan_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    return beside_has_mark(json, "rehabilitation-plan") && care_open(json, now, item);
}

/* A goal of a plan with its date, or a slot that was agreed for a guided procedure. */
static bool promise_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    static const char *const open[] = {
        "proposed", "planned", "accepted", "active", NULL};

    if (str_is(json_get_text(json, "resourceType"), "Appointment"))
        return beside_has_mark(json, "guided-slot") && meeting_open(json, now, item);
    if (!is_one_of(json_get_text(json, "lifecycleStatus"), open))
        return false;
    item->title = json_get_text(json_get(json, "description"), "text");
    item->patient = reference_of(json, "subject");
    item->about = first_of(json_get(json, "addresses"), "ServiceRequest/");
    item->due =
        begin_of(json_get_text(json_at(json_get(json, "target"), 0), "dueDate"));
    return true;
}

/* ---- people who learn, operations ---- */

static bool apprentice_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    static const char *const open[] = {"planned", "proposed", "active", NULL};
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!is_one_of(json_get_text(json, "status"), open) ||
        (fhir_period_range(json_get(json, "period"), &lo, &hi) && hi <= now))
        return false;
    item->about = reference_of(json, "apprentice");
    return true;
}

/* Somebody who is taught, until it is said what came of it. */
static bool placement_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    static const char *const open[] = {"planned", "accepted", "attending", NULL};

    (void)now;
    if (!is_one_of(json_get_text(json, "status"), open))
        return false;
    item->about = reference_of(json, "person");
    item->due = begin_of(json_get_text(json_get(json, "period"), "end"));
    return true;
}

static bool operation_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    struct procedure procedure;

    (void)now;
    if (!procedure_read(json, &procedure))
        return false;
    item->title = procedure.code;
    item->patient = reference_of(json, "subject");
    item->due = procedure.when;
    return true;
}

static bool follow_up_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    struct procedure procedure;

    if (!operation_open(json, now, item) || !procedure_read(json, &procedure) ||
        procedure_missing(procedure.results) == LOOKS)
        return false;
    item->due = procedure_due(procedure_missing(procedure.results), procedure.when);
    return true;
}

/* ---- the rest ---- */

static bool task_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    static const char *const open[] = {"draft", "requested", "received", "accepted",
        "ready", "in-progress", "on-hold", NULL};

    (void)now;
    if (!is_one_of(json_get_text(json, "status"), open))
        return false;
    item->title = json_get_text(json, "description");
    if (!item->title.p)
        item->title = json_get_text(json_get(json, "code"), "text");
    item->about = reference_of(json, "focus");
    item->due = begin_of(
        json_get_text(json_get(json_get(json, "restriction"), "period"), "end"));
    return true;
}

/* Money that was promised and is paid from. */
static bool funding_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    (void)now;
    item->title = json_get_text(json, "title");
    return str_is(json_get_text(json, "status"), "committed");
}

static bool review_open(const struct json *json, utc_ms now, struct handover_item *item)
{
    (void)now;
    item->due = begin_of(json_get_text(json, "due"));
    return str_is(json_get_text(json, "status"), "waiting");
}

static bool pairing_open(
    const struct json *json, utc_ms now, struct handover_item *item)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    (void)item;
    item->title = first_text(json_get(json, "code"));
    if (json_kind(json_get(json, "active")) == JSON_FALSE)
        return false;
    return !json_get(json, "period") ||
           (fhir_period_range(json_get(json, "period"), &lo, &hi) && now < hi);
}

/* ---- the table ---- */

const struct handover_rule handover_rules[HANDOVER_KINDS] = {
    [HANDOVER_CASE] = {"case", "Task", 5, false, true, case_open},
    [HANDOVER_TRANSFER] = {"transfer", "Task", 8, false, true, case_open},
    [HANDOVER_WATCH] = {"watch", "CarePlan", 8, false, true, watch_open},
    [HANDOVER_MEETING] = {"meeting", "Appointment", 3, false, true, mdt_open},
    [HANDOVER_PLAN] = {"plan", "CarePlan", 3, false, true, plan_open},
    [HANDOVER_PROMISE] = {"promise", "Goal", 4, false, true, promise_open},
    [HANDOVER_APPRENTICE] = {"apprentice", "Apprenticeship", 5, false, false,
        apprentice_open},
    [HANDOVER_PLACEMENT] = {"placement", "Enrolment", 3, false, false, placement_open},
    [HANDOVER_RATING] = {"rating", "Procedure", 2, true, false, operation_open},
    [HANDOVER_FOLLOW_UP] = {"follow-up", "Procedure", 3, false, false, follow_up_open},
    [HANDOVER_GAP] = {"gap", "Task", 2, false, false, task_open},
    [HANDOVER_EQUIPMENT] = {"equipment", "Task", 2, false, false, task_open},
    [HANDOVER_FUNDING] = {"funding", "Funding", 2, false, false, funding_open},
    [HANDOVER_REVIEW] = {"review", "CaseReview", 1, true, false, review_open},
    [HANDOVER_CONTACT] = {"contact", "OrganizationAffiliation", 1, false, false,
        pairing_open},
};

enum handover_kind handover_kind_of(struct str code)
{
    int kind = 0;

    while (
        kind < HANDOVER_KINDS && !(code.p && str_is(code, handover_rules[kind].code)))
        kind++;
    return (enum handover_kind)kind;
}

bool handover_is_open(enum handover_kind kind, const struct json *json, utc_ms now,
    struct handover_item *item)
{
    item->kind = kind;
    item->json = json;
    item->weight = handover_rules[kind].weight;
    return json && handover_rules[kind].open(json, now, item);
}
