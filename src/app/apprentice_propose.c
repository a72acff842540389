/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apprenticeship/$propose: by the apprentice, the master or a head of one of the departments.
 *
 *   apprentice, master   Practitioner/ID: two people
 *   learning-department  Organization/ID: the apprentice has a post there when it begins
 *   teaching-department  Organization/ID: the master has one there, or is a posted expert at
 *                        the hospital that learns; of the same hospital, or of one that a
 *                        pairing in force ties it to
 *   goal                 at least one: procedure (valueCode), target-level (2 to 6; 5)
 *   start, end           days; start is today where it is not said
 *   note                 a word
 *   id                   a random one, so that it is written once though it is asked for twice
 *
 * Nothing is asked of anybody's profession. Who proposes agrees thereby; nothing is open to
 * anybody by it before all have agreed.
 */
#include "app/apprentice_internal.h"
#include "app/catalogue.h"
#include "app/person.h"
#include "engine/competence/sign_off.h"
#include "view/reader_pair.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

struct proposing {
    struct apprenticing a;
    struct str id;
    struct {
        struct str code;
        int64_t level;
    } goals[LIMIT_APPRENTICE_GOALS];
    size_t goal_count;
    struct str start; /* a->end is the end */
    utc_ms from, until;
    struct str note;
    char today[TIME_ISO_MAX];
};

/* ---- what was posted ---- */

static int take_goal(struct proposing *p, const struct json *goal, struct err *err)
{
    struct str code = json_get_text(body_part(goal, "procedure"), "valueCode");
    const struct json *level =
        json_get(body_part(goal, "target-level"), "valueInteger");
    uint32_t thing = 0;

    if (p->goal_count == LIMIT_APPRENTICE_GOALS)
        return err_set(err, E_TOO_LARGE, "goal",
            "An apprenticeship has %d goals at most.", LIMIT_APPRENTICE_GOALS);
    if (!catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), code, &thing))
        return err_set(err, E_INVALID, "goal",
            "Say what is to be learnt: procedure, a valueCode "
            "of " CATALOGUE_PROCEDURE_SYSTEM ", such as appendectomy.");
    for (size_t i = 0; i < p->goal_count; i++) {
        if (str_eq(p->goals[i].code, code))
            return err_set(err, E_INVALID, "goal", "Name each procedure once.");
    }
    p->goals[p->goal_count].level = INDEPENDENCE_ALONE;
    if (level && !text_int(json_text(level), INDEPENDENCE_HELPED, INDEPENDENCE_TEACHES,
                     &p->goals[p->goal_count].level))
        return err_set(err, E_INVALID, "goal",
            "target-level is from %d (helped) to %d (teaches others).",
            INDEPENDENCE_HELPED, INDEPENDENCE_TEACHES);
    p->goals[p->goal_count++].code = code;
    return 0;
}

static int take_goals(struct proposing *p, const struct json *body, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "goal"))
            r = take_goal(p, it.value, err);
    }
    if (r == 0 && p->goal_count == 0)
        r = err_set(err, E_INVALID, "goal",
            "Say what is to be learnt: at least one goal, with its procedure.");
    return r;
}

static int take_days(struct proposing *p, const struct json *body, struct err *err)
{
    utc_ms ignored = 0;
    int r = apprentice_day(body, "start", &p->start, &p->from, &ignored, err);

    if (r == 0)
        r = apprentice_day(body, "end", &p->a.end, &ignored, &p->until, err);
    if (r < 0)
        return r;
    if (!p->start.p) {
        time_iso(p->a.now, p->today);
        p->start = (struct str){p->today, sizeof("2026-01-01") - 1};
        (void)fhir_date_range(p->start, &p->from, &ignored);
    }
    if (!p->a.end.p)
        return err_set(
            err, E_INVALID, "end", "Say until which day: the parameter end.");
    if (p->until <= p->from || p->until <= p->a.now)
        return err_set(err, E_INVALID, "end",
            "An apprenticeship ends after it begins, and not in the past.");
    if (p->until - p->from > LIMIT_APPRENTICE_DAYS * DAY_MS)
        return err_set(err, E_INVALID, "end",
            "An apprenticeship lasts %d days at most.", LIMIT_APPRENTICE_DAYS);
    return 0;
}

/* ---- who, and where ---- */

static int take_person(struct proposing *p, const struct json *body, const char *name,
    struct str *ret, struct err *err)
{
    return procedure_person(p->a.call, p->a.snapshot,
        json_get(body_parameter(body, name), "valueReference"), name, ret, err);
}

/* The id of the department, and its hospital. */
static int take_department(struct proposing *p, const struct json *body,
    const char *name, struct str *ret, store_rid *ret_hospital, struct err *err)
{
    struct seek s = {p->a.call->app, p->a.snapshot, p->a.call->arena};
    struct str given = json_get_text(
        json_get(body_parameter(body, name), "valueReference"), "reference");
    struct str id = {NULL, 0};
    store_rid hospital = 0;
    int r = 0;

    if (given.p)
        id = seek_id(&s, given, "Organization");
    if (id.p)
        r = reader_hospital_of(p->a.call->access_->reader,
            apprentice_reference(&p->a, "Organization", id), &hospital, err);
    if (r == 0 && !hospital)
        return err_set(err, E_INVALID, name,
            "Say which department, as a reference to an Organization of a hospital: "
            "the parameter %s.",
            name);
    *ret = id;
    *ret_hospital = hospital;
    return r;
}

static bool is_at(struct str reference, struct str id)
{
    str_cut(&reference, '/');
    return reference.p && str_eq(reference, id);
}

/* Does ${post} lie in the department ${unit}, or in the whole of its hospital ${hospital}? */
static bool lies_in(const struct app_post *post, struct str unit, struct str hospital)
{
    if (post->department.p)
        return is_at(post->department, unit);
    return is_at(post->organization, unit) || is_at(post->organization, hospital);
}

/* Where somebody must have a post when it begins. */
struct place {
    struct str unit, hospital; /* ids */
    const char *role;          /* NULL: any post */
};

static int has_post(struct proposing *p, struct str person, const struct place *places,
    size_t count, bool *ret, struct err *err)
{
    struct person_ask ask = {p->a.call->app->persons, p->a.snapshot, p->a.call->arena,
        p->from > p->a.now ? p->from : p->a.now};
    struct str name = apprentice_reference(&p->a, "Practitioner", person);
    struct person_posts posts = {NULL, 0};
    int r = name.p ? person_posts_in(&ask, name, &posts, err) : err_nomem(err);

    *ret = false;
    for (size_t i = 0; r == 0 && i < posts.count; i++) {
        for (size_t k = 0; k < count; k++)
            *ret = *ret ||
                   ((!places[k].role || str_is(posts.list[i].role, places[k].role)) &&
                       lies_in(&posts.list[i], places[k].unit, places[k].hospital));
    }
    return r;
}

static int note_pairing(
    void *arg, const struct json *affiliation, size_t distance, struct err *err)
{
    bool *found = arg;

    (void)affiliation;
    (void)distance;
    (void)err;
    *found = true;
    return 0;
}

/* One hospital, or two that a pairing ties together. */
static int check_pair(
    struct proposing *p, struct str hospital, bool same, struct err *err)
{
    bool paired = same;
    int r = 0;

    if (!same)
        r = reader_pairings(p->a.call->access_->reader,
            apprentice_reference(&p->a, "Organization", p->a.learning),
            apprentice_reference(&p->a, "Organization", hospital), note_pairing,
            &paired, err);
    if (r == 0 && !paired)
        r = err_set(err, E_INVALID, "teaching-department",
            "No pairing that is in force ties these two departments or their "
            "hospitals together.");
    return r;
}

static int check_posts(struct proposing *p, struct str learning_hospital,
    struct str teaching_hospital, struct err *err)
{
    const struct place learns[] = {{p->a.learning, learning_hospital, NULL}};
    const struct place teaches[] = {{p->a.teaching, teaching_hospital, NULL},
        {p->a.learning, learning_hospital, "expert"}};
    bool there = false;
    int r = has_post(p, p->a.apprentice, learns, 1, &there, err);

    if (r == 0 && !there)
        r = err_set(err, E_INVALID, "apprentice",
            "The apprentice has no post in the learning department on the day on "
            "which it begins.");
    if (r == 0)
        r = has_post(p, p->a.master, teaches, 2, &there, err);
    if (r == 0 && !there)
        r = err_set(err, E_INVALID, "master",
            "The master has no post in the teaching department, nor as an expert at "
            "the one that learns, on the day on which it begins.");
    return r;
}

static int take_departments(
    struct proposing *p, const struct json *body, struct err *err)
{
    struct arena *arena = p->a.call->arena;
    store_rid learning = 0;
    store_rid teaching = 0;
    struct str learning_id = {NULL, 0};
    struct str teaching_id = {NULL, 0};
    int r =
        take_department(p, body, "learning-department", &p->a.learning, &learning, err);

    if (r == 0)
        r = take_department(
            p, body, "teaching-department", &p->a.teaching, &teaching, err);
    if (r == 0)
        r = store_name(p->a.snapshot, arena, learning, &learning_id, err);
    if (r == 0)
        r = store_name(p->a.snapshot, arena, teaching, &teaching_id, err);
    if (r == 0)
        r = apprentice_voices(&p->a, err);
    if (r == 0 && p->a.mine == 0)
        r = err_set(err, E_FORBIDDEN, NULL,
            "An apprenticeship is proposed by the apprentice, the master or the head "
            "of one of the two departments.");
    if (r == 0)
        r = check_pair(p, teaching_id, learning == teaching, err);
    return r < 0 ? r : check_posts(p, learning_id, teaching_id, err);
}

/* ---- others between the two ---- */

static bool has_goal(const struct proposing *p, const struct json *other)
{
    struct json_each goal = json_each(json_get(other, "goal"));

    while (json_next(&goal)) {
        struct json_each it =
            json_each(json_get(json_get(goal.value, "procedure"), "coding"));

        while (json_next(&it)) {
            for (size_t i = 0; i < p->goal_count; i++) {
                if (str_eq(json_get_text(it.value, "code"), p->goals[i].code))
                    return true;
            }
        }
    }
    return false;
}

static bool overlaps(const struct proposing *p, const struct json *other)
{
    const struct json *period = json_get(other, "period");
    utc_ms from = UTC_MS_MIN;
    utc_ms until = UTC_MS_MAX;
    utc_ms ignored = 0;

    (void)fhir_date_range(json_get_text(period, "start"), &from, &ignored);
    (void)fhir_date_range(json_get_text(period, "end"), &ignored, &until);
    return from < p->until && p->from < until;
}

/* Is the same proposed already, or under way? What the caller may not read is passed over. */
static int check_others(struct proposing *p, struct err *err)
{
    struct seek s = {p->a.call->app, p->a.snapshot, p->a.call->arena};
    const struct search_pair pairs[] = {
        {STR("apprentice"),
            apprentice_reference(&p->a, "Practitioner", p->a.apprentice)},
        {STR("master"), apprentice_reference(&p->a, "Practitioner", p->a.master)},
        {STR("status"), STR("planned,active")},
    };
    struct seek_list found = {NULL, 0};
    int r = seek_all(&s,
        &(struct seek_for){"Apprenticeship", pairs, sizeof(pairs) / sizeof(pairs[0]),
            LIMIT_APPRENTICE_OTHERS},
        &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct store_record rec = {0};
        const struct json *other = NULL;
        bool allowed = false;

        r = access_allows_live(p->a.call->access_, found.rids[i], &allowed, err);
        if (r == 0 && allowed)
            r = seek_rid(&s, found.rids[i], &rec, &other, err);
        if (r == 0 && other && overlaps(p, other) && has_goal(p, other))
            r = err_set(err, E_CONFLICT, "goal",
                "These two have an apprenticeship for one of these procedures at "
                "that time already: Apprenticeship/%.*s. Extend or stop that one.",
                (int)rec.id.len, rec.id.p);
    }
    return r;
}

/* ---- the record ---- */

static void put_who(struct json_out *o, const struct proposing *p, const char *name,
    const char *type, struct str id)
{
    struct str reference = apprentice_reference(&p->a, type, id);

    fhir_put_reference_shown(
        o, name, reference, procedure_name(p->a.call, p->a.snapshot, reference));
}

static void put_goals(struct json_out *o, const struct proposing *p)
{
    json_name(o, "goal");
    json_open(o, '[');
    for (size_t i = 0; i < p->goal_count; i++) {
        json_open(o, '{');
        fhir_put_concept(o, "procedure", CATALOGUE_PROCEDURE_SYSTEM, p->goals[i].code);
        json_name(o, "targetLevel");
        json_put_int(o, (long long)p->goals[i].level);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_record(struct buf *b, const struct proposing *p)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Apprenticeship"));
    json_member(&o, "id", p->id);
    json_member(&o, "status", STR("planned"));
    put_who(&o, p, "apprentice", "Practitioner", p->a.apprentice);
    put_who(&o, p, "master", "Practitioner", p->a.master);
    put_who(&o, p, "learningDepartment", "Organization", p->a.learning);
    put_who(&o, p, "teachingDepartment", "Organization", p->a.teaching);
    json_name(&o, "period");
    json_open(&o, '{');
    json_member(&o, "start", p->start);
    json_member(&o, "end", p->a.end);
    json_close(&o, '}');
    put_goals(&o, p);
    json_name(&o, "agreement");
    json_open(&o, '[');
    apprentice_put_agreements(&o, &p->a, p->a.mine, (struct str){NULL, 0});
    json_close(&o, ']');
    if (p->note.p) {
        json_name(&o, "note");
        json_open(&o, '[');
        apprentice_put_note(&o, &p->a, p->note);
        json_close(&o, ']');
    }
    json_close(&o, '}');
}

/* ---- the way ---- */

static int look(struct proposing *p, const struct json *body, struct err *err)
{
    int r = access_make(p->a.call->access_, err);

    if (r == 0)
        r = take_person(p, body, "apprentice", &p->a.apprentice, err);
    if (r == 0)
        r = take_person(p, body, "master", &p->a.master, err);
    if (r == 0 && str_eq(p->a.apprentice, p->a.master))
        r = err_set(err, E_INVALID, "master", "Nobody is their own master.");
    if (r == 0)
        r = take_goals(p, body, err);
    if (r == 0)
        r = take_days(p, body, err);
    if (r == 0)
        r = procedure_word(body, "note", &p->note, err);
    if (r == 0)
        r = take_departments(p, body, err);
    return r < 0 ? r : check_others(p, err);
}

/* Was it written already, by the same person, under this id? */
static int look_for_it(struct proposing *p, bool *ret, struct err *err)
{
    struct app_call *call = p->a.call;
    struct procedure_found found;
    int r = procedure_load(call, p->a.snapshot,
        fhir_resource_named(STR("Apprenticeship")), p->id, &found, err);

    *ret = r == 0;
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0 && !str_eq(found.rec.actor, call_actor(call)))
        r = err_set(err, E_CONFLICT, "id",
            "There is another apprenticeship with this id: give each a random one.");
    if (r < 0)
        return r;
    record_headers(call, &found.rec, false);
    record_write(&call->answer, &found.rec);
    return call_saw(call, &found.rec, err);
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct proposing p = {
        .a = {.call = call, .now = call_now(call)}, .id = w->write.id, .goal_count = 0};
    const struct json *body = w->resource;
    bool repeated = false;
    struct buf b;
    int r = call_read_begin(call, &p.a.snapshot, err);

    (void)rest;
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = look_for_it(&p, &repeated, err);
    if (r == 0 && !repeated)
        r = look(&p, body, err);
    if (r == 0 && !repeated) {
        put_record(&b, &p);
        r = procedure_take(call, w, &b, false, err);
    }
    call_read_end(call, p.a.snapshot);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : repeated ? 0 : WRITING_READY;
}

int rest_apprentice_propose(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_new(call, rest, "$propose", decide, &w, err);

    if (r < 0)
        return r;
    w->write.expect = STORE_EXPECT_ABSENT;
    w->write.expect_soft = true;
    return writing_go(call, err);
}
