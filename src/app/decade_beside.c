/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Beside the cases of the decade: meetings of the departments on both sides, plans of
 * rehabilitation that are followed where the patient is, patients whose vital signs both sides
 * watch. Made by the operations' own builders (app/beside_make.h).
 */
#include <stdio.h>

#include "app/beside_make.h"
#include "app/decade_case_internal.h"
#include "fhir/part.h"

/* Chosen (docs/DEMONSTRATION.md), of a thousand answered cases of those that it is done for. */
#define MEETS 200         /* of second opinions and emergencies */
#define REHABILITATES 330 /* where moving is what is lost */
#define WATCHES 600 /* of grown-ups who are in a hurry, where breath and heart count */
#define NO_MINUTES 90 /* of meetings */
#define GOAL_SAID 780 /* of plans that were followed */
#define ENDED 450     /* of watches: by somebody, before their time */
#define GROWN_UP (16 * 366)
#define DAY_MS ((utc_ms)86400000)
#define MINUTE_MS ((utc_ms)60000)

static bool is_of(
    const struct cases *c, const struct decade_case *one, const char *names)
{
    const struct decade *d = c->d;
    const char *name = decade_specialties[d->departments[one->asking].specialty].name;

    return strstr(names, name) != NULL;
}

/* ---- what is planned ---- */

static void act(struct decade_beside *b, enum beside_act what, utc_ms at)
{
    b->acts[b->count].act = what;
    b->acts[b->count++].at = at;
}

/* On a later day between nine and four in Lhasa. */
static utc_ms later(struct cases *c, utc_ms when, int32_t least, int32_t most)
{
    return (when / DAY_MS + chance_between(&c->beside, least, most)) * DAY_MS +
           chance_between(&c->beside, 60, 480) * MINUTE_MS;
}

static void plan_meeting(struct cases *c, struct decade_beside *b, utc_ms when)
{
    utc_ms called = later(c, when, 1, 1);
    utc_ms held = later(c, called, 1, 3);

    act(b, ACT_CALL, called);
    b->until = held;
    if (!chance_permille(&c->beside, NO_MINUTES))
        act(b, ACT_MINUTES, held + 50 * MINUTE_MS);
}

static void plan_sessions(struct cases *c, struct decade_beside *b, utc_ms when)
{
    utc_ms at = later(c, when, 1, 2);
    int32_t sessions = chance_between(&c->beside, 2, 5);

    act(b, ACT_PLAN, at);
    for (int32_t i = 0; i < sessions; i++) {
        at = later(c, at, 3, 9);
        act(b, ACT_SESSION, at);
    }
    if (chance_permille(&c->beside, GOAL_SAID))
        act(b, ACT_GOAL, later(c, at, 5, 30));
}

static void plan_watch(struct cases *c, struct decade_beside *b, utc_ms when)
{
    utc_ms at = when + chance_between(&c->beside, 10, 90) * MINUTE_MS;
    int32_t measured = chance_between(&c->beside, 2, 4);

    act(b, ACT_WATCH, at);
    b->until = at + chance_between(&c->beside, 1, 4) * DAY_MS;
    for (int32_t i = 1; i <= measured; i++)
        act(b, ACT_MEASURE, at + (b->until - at) * i / (measured + 1));
    act(b, ACT_END,
        b->until - (chance_permille(&c->beside, ENDED)
                           ? chance_between(&c->beside, 30, 600) * MINUTE_MS
                           : 0));
}

/* ---- what is posted ---- */

static void put_number(struct json_out *o, const char *name, int64_t value)
{
    fhir_part_open(o, name);
    put_int(o, "valuePositiveInt", value);
    json_close(o, '}');
}

static void put_call(struct cases *c, struct json_out *o, const struct decade_beside *b)
{
    const struct decade_case *one = &c->list[b->of];
    const struct decade *d = c->d;
    char id[PERSON_ID_MAX];

    put_part(o, "subject", "valueString", "What is done first, and by whom");
    fhir_part_put_instant(o, "start", b->until);
    fhir_part_put_instant(o, "end", b->until + 45 * MINUTE_MS);
    put_part_reference(o, "department", "Organization", d->departments[one->asking].id);
    put_part_reference(o, "department", "Organization", d->departments[one->asked].id);
    put_part_reference(o, "person", "Practitioner", person_id(d, one->asker, id));
}

static void put_minutes(
    struct cases *c, struct json_out *o, const struct decade_beside *b)
{
    const struct decade_case *one = &c->list[b->of];
    char id[PERSON_ID_MAX];

    put_part(o, "text", "valueString", "All findings were looked at together.");
    put_part(o, "decision", "valueString", "It goes on as it was advised.");
    put_part_reference(o, "present", "Practitioner", person_id(c->d, one->asker, id));
}

static void put_plan(struct json_out *o, utc_ms at)
{
    static const char *const goals[] = {
        "Walks to the door and back", "Washes and dresses alone"};
    char due[DECADE_DATE_MAX];

    put_part(
        o, "text", "valueString", "Up as early as it goes; every day a little more.");
    for (int i = 0; i < 2; i++) {
        fhir_parts_open(o, "goal");
        put_part(o, "text", "valueString", goals[i]);
        put_part(o, "due", "valueDate",
            decade_date((day_number)(at / DAY_MS) + 21 * (i + 1), due));
        fhir_parts_close(o);
    }
    fhir_parts_open(o, "session");
    put_part(o, "text", "valueString", "Standing and walking");
    put_number(o, "times", 3);
    put_part(o, "per", "valueCode", "week");
    put_number(o, "weeks", 6);
    fhir_parts_close(o);
}

static void put_session(struct cases *c, struct json_out *o)
{
    bool done = chance_permille(&c->beside, 880);

    put_number(o, "session", 1);
    fhir_part_put_flag(o, "done", done);
    put_part(o, "text", "valueString",
        done ? "A little further than the last time." : "Too tired today.");
}

static void put_goal(struct cases *c, struct json_out *o, const char *plan)
{
    static const char *const results[] = {"achieved", "partly", "not"};
    char goal[2 * CASE_ID_MAX];

    snprintf(goal, sizeof(goal), "%s-g1", plan);
    put_part(o, "goal", "valueId", goal);
    put_part(o, "result", "valueCode",
        results[chance_weighted(&c->beside, (const uint16_t[]){55, 33, 12}, 3)]);
}

static const char *beside_id(uint32_t at, char out[CASE_ID_MAX])
{
    snprintf(out, CASE_ID_MAX, "d-kx%u", at + 1);
    return out;
}

/* A Parameters for ${what} of c->besides[${at}]. */
static void put_given(
    struct cases *c, uint32_t at, enum beside_act what, struct buf *out)
{
    const struct decade_beside *b = &c->besides[at];
    struct json_out o = json_out(out);
    char own[CASE_ID_MAX];
    char id[2 * CASE_ID_MAX];

    snprintf(id, sizeof(id), "%s-%u", beside_id(at, own), b->done);
    fhir_parameters_open(&o);
    if (what == ACT_MINUTES || what == ACT_SESSION)
        put_part(&o, "id", "valueId", id);
    else if (what != ACT_GOAL)
        put_part(&o, "id", "valueId", own);
    if (what == ACT_MINUTES)
        put_part(&o, "meeting", "valueId", own);
    if (what == ACT_CALL)
        put_call(c, &o, b);
    else if (what == ACT_MINUTES)
        put_minutes(c, &o, b);
    else if (what == ACT_PLAN)
        put_plan(&o, b->acts[b->done].at);
    else if (what == ACT_SESSION)
        put_session(c, &o);
    else if (what == ACT_GOAL)
        put_goal(c, &o, own);
    else if (what == ACT_WATCH) {
        fhir_part_put_instant(&o, "until", b->until);
        put_number(&o, "every", 240);
    }
    fhir_parameters_close(&o);
}

/* What is measured in thin air: less than below, and better from day to day. */
static void measure(struct cases *c, uint32_t at)
{
    const struct decade_beside *b = &c->besides[at];
    const struct decade_case *one = &c->list[b->of];
    struct decade *d = c->d;
    char own[CASE_ID_MAX];
    char id[2 * CASE_ID_MAX];
    char patient[CASE_ID_MAX];
    char of[CASE_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "%s-%u", beside_id(at, own), b->done);
    snprintf(patient, sizeof(patient), "d-kp%u", one->patient_of + 1);
    o = decade_open(d, "Observation", id);
    json_name(o, "basedOn");
    json_open(o, '[');
    put_reference_value(o, "ServiceRequest", case_id(b->of, of));
    json_close(o, ']');
    put_text(o, "status", "final");
    put_concept(o, "code", "http://loinc.org", "59408-5", NULL);
    put_reference(o, "subject", "Patient", patient);
    put_instant(o, "effectiveDateTime", (day_number)(b->acts[b->done].at / DAY_MS),
        (int32_t)(b->acts[b->done].at % DAY_MS / MINUTE_MS));
    json_name(o, "performer");
    json_open(o, '[');
    put_reference_value(o, "Practitioner", person_id(d, one->asker, of));
    json_close(o, ']');
    json_name(o, "valueQuantity");
    json_open(o, '{');
    put_int(o, "value",
        (d->hospitals[d->departments[one->asking].hospital].place->altitude > 3600
                ? 79
                : 83) +
            2 * (int32_t)b->done + (int32_t)chance_below(&c->beside, 6));
    put_text(o, "unit", "%");
    put_text(o, "system", "http://unitsofmeasure.org");
    put_text(o, "code", "%");
    json_close(o, '}');
    decade_close(d);
}

/* ---- one act ---- */

static const char *step_of(enum beside_act what)
{
    static const char *const steps[] = {
        [ACT_CALL] = "$call-mdt",
        [ACT_MINUTES] = "$mdt-minutes",
        [ACT_PLAN] = "$plan",
        [ACT_SESSION] = "$session",
        [ACT_GOAL] = "$goal",
        [ACT_WATCH] = "$watch",
        [ACT_MEASURE] = NULL,
        [ACT_END] = "$end-watch",
    };

    return steps[what];
}

static bool begins(enum beside_act what)
{
    return what == ACT_CALL || what == ACT_PLAN || what == ACT_WATCH;
}

static int keep(struct cases *c, struct decade_beside *b, enum beside_act what,
    const struct beside_made *made, struct err *err)
{
    struct decade_case *one = &c->list[b->of];
    int r = 0;

    for (size_t i = 0; i < made->count; i++)
        case_line(c->d, made->records[i]);
    if (made->changed.p)
        case_line(c->d, made->changed);
    if (begins(what))
        r = case_text_keep(c, &b->text, made->records[0], err);
    if (r == 0 && what == ACT_PLAN)
        r = case_text_keep(c, &b->goal, made->records[1], err);
    if (r == 0 && made->task.p) {
        case_line(c->d, made->task);
        r = case_text_keep(c, &c->texts[one->kept][CASE_TASK], made->task, err);
    }
    return r;
}

static int do_step(
    struct cases *c, uint32_t at, enum beside_act what, uint32_t doer, struct err *err)
{
    struct decade_beside *b = &c->besides[at];
    const struct decade_case *one = &c->list[b->of];
    const struct case_text *before = what == ACT_GOAL ? &b->goal : &b->text;
    struct beside_made made = {.count = 0};
    char id[CASE_ID_MAX];
    struct buf given;
    struct beside_make m = {.app = c->d->app,
        .arena = c->arena,
        .id = str_of(case_id(b->of, id)),
        .step = step_of(what),
        .by = case_reference(c, doer),
        .display = case_display(c, doer),
        .at = b->acts[b->done].at,
        .request = case_text_of(c, one, CASE_REQUEST),
        .task = case_text_of(c, one, CASE_TASK)};
    int r = 0;

    m.node =
        what == ACT_END && (m.at >= b->until || one->over || one->state == CASE_CLOSED);
    if (!begins(what))
        m.before = (struct str){before->at, before->len};
    buf_init(&given, LIMIT_RECORD_BYTES);
    put_given(c, at, what, &given);
    r = buf_error(&given, "What is done beside a case", err);
    m.parameters = (struct str){given.data, given.len};
    if (r == 0)
        r = beside_make(&m, &made, err);
    if (r == 0)
        r = keep(c, b, what, &made, err);
    buf_done(&given);
    return r;
}

/* May what begins today begin? Its case may have ended since. */
static bool may_begin(const struct decade_case *one)
{
    return one->state == CASE_ANSWERED || one->state == CASE_ACTED_ON ||
           one->state == CASE_OUTCOME_KNOWN;
}

/* Meetings and plans are of who was asked; who asks follows them. Who called a meeting writes
 * its minutes, and is no longer there in one that stays without. */
static bool is_askers(enum beside_act what)
{
    return what == ACT_SESSION || what == ACT_GOAL || what == ACT_WATCH ||
           what == ACT_END;
}

/* A deed: the next act of c->besides[of[0]]. */
static int act_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct cases *c = cases_of(d);
    struct decade_beside *b = &c->besides[of[0]];
    struct decade_case *one = &c->list[b->of];
    enum beside_act what = b->acts[b->done].act;
    uint32_t doer = case_doer(c, one, is_askers(what));
    int r = 0;

    if (doer == DECADE_NONE || (begins(what) && !may_begin(one)))
        b->count = b->done;
    else if (what == ACT_MEASURE)
        measure(c, of[0]);
    else
        r = do_step(c, of[0], what, doer, err);
    arena_reset(c->arena);
    if (r < 0)
        return r;
    if (b->done < b->count && ++b->done < b->count)
        return decade_do_later(
            d, (day_number)(b->acts[b->done].at / DAY_MS), act_due, of, err);
    one->holds--;
    return case_let_go(c, one, err);
}

/* ---- after an answer ---- */

static int begin(struct cases *c, const struct decade_beside *like, struct err *err)
{
    int r = decade_room(c->d, (void **)&c->besides, c->beside_count, &c->beside_room,
        sizeof(*c->besides), err);

    if (r < 0)
        return r;
    c->besides[c->beside_count] = *like;
    c->list[like->of].holds++;
    return decade_do_later(c->d, (day_number)(like->acts[0].at / DAY_MS), act_due,
        (const uint32_t[4]){c->beside_count++}, err);
}

int beside_begin(struct cases *c, uint32_t at, utc_ms when, struct err *err)
{
    const struct decade_case *one = &c->list[at];
    bool meets = (one->kind == KIND_SECOND || one->urgency == 2) &&
                 chance_permille(&c->beside, MEETS);
    bool moves = one->here != 2 &&
                 is_of(c, one, "Neurology Orthopaedics Neurosurgery Rehabilitation") &&
                 chance_permille(&c->beside, REHABILITATES);
    bool watched = one->urgency > 0 && one->day - one->born > GROWN_UP &&
                   is_of(c, one,
                       "Respiratory medicine Cardiology Critical care Emergency "
                       "Internal medicine Infectious diseases") &&
                   chance_permille(&c->beside, WATCHES);
    struct decade_beside b = {.of = at};
    int r = 0;

    if (meets) {
        plan_meeting(c, &b, when);
        r = begin(c, &b, err);
    }
    b = (struct decade_beside){.of = at};
    if (r == 0 && moves) {
        plan_sessions(c, &b, when);
        r = begin(c, &b, err);
    }
    b = (struct decade_beside){.of = at};
    if (r == 0 && watched) {
        plan_watch(c, &b, when);
        r = begin(c, &b, err);
    }
    return r;
}
