/* SPDX-License-Identifier: Apache-2.0 */
/* A plan of rehabilitation is followed: each session is a Procedure of who reports it; a goal
 * says what became of it. */
#include "app/beside_internal.h"
#include "fhir/put.h"

/* ---- sessions ---- */

const struct json *plan_session_find(const struct json *plan, int64_t number)
{
    struct json_each it = json_each(json_get(plan, "activity"));

    while (json_next(&it)) {
        const struct json *detail = json_get(it.value, "detail");

        if (detail && --number == 0)
            return detail;
    }
    return NULL;
}

static void put_marks(struct json_out *o, const struct beside *b)
{
    struct str next = beside_text(b->given, "next");

    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, PLAN_SESSION_URL);
    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, "number");
    json_name(o, "valuePositiveInt");
    json_put_int(o, beside_number(b->given, "session"));
    json_close(o, '}');
    beside_put_extension_text(o, "next", "valueDate", next);
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

static void put_said(struct json_out *o, const struct beside *b)
{
    bool done = beside_true(b->given, "done");

    if (!done) {
        json_name(o, "statusReason");
        json_open(o, '{');
        json_member(o, "text", beside_text(b->given, "text"));
        json_close(o, '}');
        return;
    }
    json_name(o, "note");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "text", beside_text(b->given, "text"));
    json_close(o, '}');
    json_close(o, ']');
}

void plan_session_put(struct buf *out, struct beside *b,
    const struct beside_record *plan, const struct json *session)
{
    struct str at = beside_text(b->given, "at");
    struct json_out o = json_out(out);

    beside_put_head(&o, "Procedure", beside_text(b->given, "id"));
    put_marks(&o, b);
    json_name(&o, "basedOn");
    json_open(&o, '[');
    beside_put_case(&o, b);
    json_open(&o, '{');
    json_member(&o, "reference", beside_reference(b, "CarePlan", plan->id));
    json_close(&o, '}');
    json_close(&o, ']');
    json_member(&o, "status",
        beside_true(b->given, "done") ? STR("completed") : STR("not-done"));
    beside_put_mark(&o, "category", "rehabilitation-session", false);
    json_name(&o, "code");
    json_open(&o, '{');
    json_member(&o, "text", json_get_text(session, "description"));
    json_close(&o, '}');
    beside_put_subject(&o, b);
    if (at.p)
        json_member(&o, "performedDateTime", at);
    else
        fhir_put_time(&o, "performedDateTime", b->d.now);
    beside_put_me(&o, "recorder", b);
    json_name(&o, "performer");
    json_open(&o, '[');
    json_open(&o, '{');
    beside_put_me(&o, "actor", b);
    json_close(&o, '}');
    json_close(&o, ']');
    put_said(&o, b);
    json_close(&o, '}');
}

int plan_session(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    const struct json *session = NULL;
    struct beside_record plan;
    struct buf out;
    int r = beside_is_there(b, "Procedure", id, err);

    if (r < 0 || b->repeated)
        return r;
    r = plan_load(b, &plan, err);
    if (r < 0)
        return r;
    if (!plan.json)
        return err_set(err, E_CONFLICT, NULL,
            "This case has no plan of rehabilitation yet: who is asked makes it by "
            "$plan.");
    session = plan_session_find(plan.json, beside_number(b->given, "session"));
    if (!session)
        return err_set(err, E_INVALID, "session",
            "The plan has no session with the number %lld.",
            (long long)beside_number(b->given, "session"));
    buf_init(&out, LIMIT_RECORD_BYTES);
    plan_session_put(&out, b, &plan, session);
    r = beside_plan(b, "Procedure", id, NULL, &out, err);
    buf_done(&out);
    return r;
}

/* ---- goals ---- */

#define ACHIEVEMENT_SYSTEM "http://terminology.hl7.org/CodeSystem/goal-achievement"
#define RESULT_SYSTEM "https://belay.health/CodeSystem/goal-result"

/* FHIR's own word for ours. */
static const char *achievement(struct str result)
{
    if (str_is(result, "achieved"))
        return "achieved";
    return str_is(result, "partly") ? "improving" : "not-achieved";
}

static void put_achievement(struct json_out *o, struct str result)
{
    json_name(o, "achievementStatus");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    fhir_put_coding(
        o, ACHIEVEMENT_SYSTEM, str_of(achievement(result)), (struct str){NULL, 0});
    fhir_put_coding(o, RESULT_SYSTEM, result, (struct str){NULL, 0});
    json_close(o, ']');
    json_close(o, '}');
}

/* Who said so, and what else: what was said before stays. */
static void put_notes(
    struct json_out *o, const struct beside *b, const struct json *goal)
{
    struct json_each it = json_each(json_get(goal, "note"));
    struct str text = beside_text(b->given, "text");

    json_name(o, "note");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    json_open(o, '{');
    beside_put_me(o, "authorReference", b);
    fhir_put_time(o, "time", b->d.now);
    json_member(o, "text", text.p ? text : beside_text(b->given, "result"));
    json_close(o, '}');
    json_close(o, ']');
}

void plan_judged_put(struct buf *out, const struct beside *b, const struct json *goal)
{
    static const char *const but[] = {
        "lifecycleStatus", "achievementStatus", "statusDate", "note", NULL};
    struct str result = beside_text(b->given, "result");
    struct json_out o = json_out(out);
    char today[TIME_ISO_MAX];

    time_iso(b->d.now, today);
    json_open(&o, '{');
    fhir_put_but(&o, goal, but);
    json_member(&o, "lifecycleStatus",
        str_is(result, "achieved") ? STR("completed") : STR("active"));
    put_achievement(&o, result);
    json_member(&o, "statusDate", (struct str){today, 10});
    put_notes(&o, b, goal);
    json_close(&o, '}');
}

/* What was said of it last. */
static struct str result_of(const struct json *goal)
{
    struct json_each it =
        json_each(json_get(json_get(goal, "achievementStatus"), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), RESULT_SYSTEM))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

/* Did who calls say just this, last? */
static bool said_the_same(const struct beside *b, const struct json *goal)
{
    const struct json *notes = json_get(goal, "note");
    size_t count = json_count(notes);
    const struct json *last = count ? json_at(notes, count - 1) : NULL;
    struct str text = beside_text(b->given, "text");

    return last && str_eq(result_of(goal), beside_text(b->given, "result")) &&
           str_eq(json_get_text(json_get(last, "authorReference"), "reference"),
               b->d.call->caller.practitioner) &&
           str_eq(json_get_text(last, "text"),
               text.p ? text : beside_text(b->given, "result"));
}

int plan_goal(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "goal");
    struct beside_record goal;
    struct buf out;
    int r = beside_load(b, "Goal", id, &goal, err);

    if (r < 0)
        return r;
    if (!goal.json || !beside_has_mark(goal.json, "rehabilitation-goal") ||
        !beside_is_about(b, json_get(goal.json, "addresses")))
        return err_set(err, E_NOT_FOUND, "goal",
            "This case has no goal with the id %.*s.", (int)id.len, id.p);
    if (str_is(json_get_text(goal.json, "lifecycleStatus"), "cancelled"))
        return err_set(err, E_CONFLICT, NULL,
            "This goal was of a plan that another one has replaced. Nothing was "
            "changed.");
    if (said_the_same(b, goal.json)) {
        b->repeated = true;
        b->there = goal.rec;
        return 0;
    }
    buf_init(&out, LIMIT_RECORD_BYTES);
    plan_judged_put(&out, b, goal.json);
    r = beside_plan(b, "Goal", id, &goal, &out, err);
    buf_done(&out);
    return r;
}
