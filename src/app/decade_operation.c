/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operation: who does it, what becomes of it, and what is found and written of it, when. The
 * first ones of a technique are the visiting expert's; then somebody local operates and the
 * expert supervises; in the end the local doctor operates alone and others learn from them.
 */
#include "app/catalogue.h"
#include "app/decade_clinic_internal.h"

/* Chosen, permille unless it is said otherwise. */
#define FIRST_BY_EXPERT 3     /* cases: the next are led by local doctors */
#define LOCAL_LEADS 790       /* where an expert is there */
#define INDEPENDENT_LEADS 620 /* where somebody local is signed off */
#define LEFT_OUT 450          /* where nobody can teach it now: sent elsewhere */
#define ELDEST_FIRST 650      /* of the learners of a line; else by turns */
#define RATED 860
#define RATED_LATE 160
#define WRITTEN_LATE 110
#define WRITTEN_WRONG 5
#define FOUND_WRONG 6
#define AT_DISCHARGE 240
#define ASKED_LATE 180
#define UNKNOWN 12
#define REVIEWED 880
#define GOES_ALONG_DAYS 4
#define AGAIN_OF 8 /* one in so many was operated there before */
#define AGAIN_LEAST 10
#define AGAIN_MOST 40
#define NO_PATIENT 12
#define DEVICE_NAMED 850 /* of those done with a device that is no room or supply */

/* Nobody asks what became of so many, by year from 2015 on: it gets better. */
static const uint16_t never_asked[] = {110, 80, 55, 42, 34, 30, 26, 24, 22, 20, 20};

/* Complications, something serious and deaths of a case in hand at mastery, by how hard it is; a
 * beginner's are up to three times as many. */
static const uint16_t risks[4][3] = {{0, 0, 0}, {20, 4, 1}, {38, 9, 2}, {62, 20, 6}};

/* ---- who ---- */

static bool is_signed(const struct clinic *c, const struct clinic_learner *l)
{
    return l->signed_from != 0 && !l->lapsed && c->d->day <= l->signed_until;
}

/* The learner of ${line} who operates: by turns; ${independent}: one who is signed off. */
static uint32_t who_operates(
    struct clinic *c, const struct clinic_line *line, bool independent)
{
    uint32_t start =
        line->learner_count ? chance_below(&c->way, line->learner_count) : 0;
    /* the eldest of them gets most, so that one after the other arrives */
    if (chance_permille(&c->way, ELDEST_FIRST))
        start = 0;
    for (uint32_t i = 0; i < line->learner_count; i++) {
        uint32_t one = line->learners[(start + i) % line->learner_count];

        if (is_signed(c, &c->learners[one]) == independent)
            return one;
    }
    return DECADE_NONE;
}

static uint32_t assistant_of(
    struct clinic *c, const struct clinic_line *line, const struct clinic_operation *o)
{
    uint32_t person = DECADE_NONE;

    if (line->learner_count > 1)
        person = c->learners[line->learners[chance_below(&c->way, line->learner_count)]]
                     .person;
    else
        person = decade_doctor_at(c->d, &c->way, line->department);
    return person == o->people[FUNCTION_OPERATOR] ? DECADE_NONE : person;
}

/* What was decided of who does it. */
struct team {
    uint32_t learner; /* who operates; DECADE_NONE: the expert does */
    uint32_t posting; /* of the expert who is there; DECADE_NONE */
};

static bool team_choose(
    struct clinic *c, const struct clinic_line *line, struct team *ret)
{
    const struct decade_technique *t = &decade_techniques[line->technique];
    uint32_t independent = who_operates(c, line, true);
    struct team team = {.posting = decade_expert_at(c->d, &c->way, line->department)};
    bool known = t->year <= 15; /* it was done here before the programme */

    team.learner = who_operates(c, line, false);
    if (independent != DECADE_NONE &&
        (team.posting == DECADE_NONE || chance_permille(&c->way, INDEPENDENT_LEADS)))
        team = (struct team){independent, DECADE_NONE};
    else if (team.posting == DECADE_NONE && !known &&
             chance_permille(&c->way, LEFT_OUT))
        return false;
    else if ((!known && line->done < FIRST_BY_EXPERT) ||
             (team.posting != DECADE_NONE && !chance_permille(&c->way, LOCAL_LEADS)))
        team.learner = DECADE_NONE;
    *ret = team;
    return team.learner != DECADE_NONE || team.posting != DECADE_NONE;
}

/* ---- how it goes ---- */

static uint8_t what_becomes(
    struct clinic *c, const struct clinic_line *line, uint32_t distance)
{
    const uint16_t *risk = risks[decade_techniques[line->technique].hard];
    uint32_t more = 100 + 2 * distance; /* percent */
    uint32_t drawn = chance_below(&c->way, 100000);
    uint32_t died = risk[2] * more;
    uint32_t serious = died + risk[1] * more;

    return drawn < died                       ? RESULT_DIED
           : drawn < serious                  ? RESULT_SERIOUS
           : drawn < serious + risk[0] * more ? RESULT_COMPLICATION
                                              : RESULT_WELL;
}

/* What the master says, on the O-SCORE: 1 to 5. */
static uint32_t what_is_said(struct clinic *c, uint32_t distance)
{
    int32_t hundredths = 500 - 4 * (int32_t)distance;
    uint32_t value = 0;

    for (int i = 0; i < 3; i++)
        hundredths += chance_between(&c->way, -22, 22);
    value = hundredths < 100 ? 1 : (uint32_t)(hundredths + 50) / 100;
    return value > 5 ? 5 : value;
}

/* ---- what is written when ---- */

static int write_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);

    if (of[1])
        c->operations[of[0]].flags &= (uint8_t)~CLINIC_WRONG;
    clinic_operation_write(c, of[0]);
    return clinic_gap_operation(c, of[0], err);
}

static int rate_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);

    (void)err;
    clinic_rating_write(c, &(struct clinic_rating){.operation = of[0],
                               .rated = FUNCTION_OPERATOR,
                               .value = of[1],
                               .distance = of[2],
                               .difficulty = 1 + chance_below(&c->paper, 3)});
    return 0;
}

/* Somebody looks: at discharge or at day 30. of: operation, look, result */
static int look_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);
    struct clinic_operation *o = &c->operations[of[0]];
    uint32_t looker = decade_doctor_at(d, &c->paper, c->lines[o->line].department);

    o->results[of[1]] = (uint8_t)of[2];
    o->looked[of[1]] = d->day;
    o->lookers[of[1]] = looker == DECADE_NONE ? o->recorder : looker;
    clinic_operation_write(c, of[0]);
    return clinic_gap_operation(c, of[0], err);
}

/* The head of the department says that it was looked at, where they had no part in it. */
static int review_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);
    struct clinic_operation *o = &c->operations[of[0]];
    uint32_t head = d->departments[c->lines[o->line].department].head;

    if (head == DECADE_NONE || head == o->people[0] || head == o->people[1] ||
        head == o->people[2])
        return 0;
    o->flags |= CLINIC_REVIEWED;
    o->looked[LOOKS] = d->day;
    o->lookers[LOOKS] = head;
    clinic_operation_write(c, of[0]);
    return clinic_gap_operation(c, of[0], err);
}

static int plan_looks(struct clinic *c, uint32_t at, struct err *err)
{
    struct clinic_operation *o = &c->operations[at];
    struct decade *d = c->d;
    bool bad = o->truth == RESULT_SERIOUS || o->truth == RESULT_DIED;
    day_number home = o->day + chance_between(&c->paper, 2, 12);
    day_number last = o->day + 30 + chance_between(&c->paper, 0, 9);
    uint32_t found = o->truth;
    int r = 0;

    if (bad || chance_permille(&c->paper, AT_DISCHARGE))
        r = decade_do_later(
            d, home, look_due, (const uint32_t[4]){at, LOOK_DISCHARGE, o->truth}, err);
    if (r == 0 && bad && chance_permille(&c->paper, REVIEWED))
        r = decade_do_later(d, home + chance_between(&c->paper, 7, 75), review_due,
            (const uint32_t[4]){at}, err);
    if (r < 0 || o->truth == RESULT_DIED ||
        chance_permille(&c->paper, never_asked[decade_year(d)]))
        return r;
    if (chance_permille(&c->paper, ASKED_LATE))
        last += chance_between(&c->paper, 10, 110);
    if (chance_permille(&c->paper, UNKNOWN))
        found = RESULT_UNKNOWN;
    else if (chance_permille(&c->paper, FOUND_WRONG)) { /* and mended when it is seen */
        found = found == RESULT_WELL ? RESULT_COMPLICATION : RESULT_WELL;
        r = decade_do_later(d, last + chance_between(&c->paper, 5, 90), look_due,
            (const uint32_t[4]){at, LOOK_DAY_30, o->truth}, err);
    }
    return r < 0 ? r
                 : decade_do_later(d, last, look_due,
                       (const uint32_t[4]){at, LOOK_DAY_30, found}, err);
}

static int plan_paper(struct clinic *c, uint32_t at, struct err *err)
{
    struct clinic_operation *o = &c->operations[at];
    day_number day = o->day;
    int r = 0;

    if (chance_permille(&c->paper, WRITTEN_LATE))
        day += chance_between(&c->paper, 1, 13);
    if (chance_permille(&c->paper, WRITTEN_WRONG)) {
        o->flags |= CLINIC_WRONG;
        r = decade_do_later(c->d, day + chance_between(&c->paper, 1, 25), write_due,
            (const uint32_t[4]){at, 1}, err);
    }
    if (r == 0)
        r = decade_do_later(c->d, day, write_due, (const uint32_t[4]){at, 0}, err);
    return r == 0 ? plan_looks(c, at, err) : r;
}

/* ---- the operation ---- */

/* Another case as operator of ${at}, of which ${value} was said (0: nothing). */
static int case_add(
    struct clinic *c, uint32_t at, const struct clinic_case *one, struct err *err)
{
    struct clinic_learner *l = &c->learners[at];
    int r =
        decade_room(c->d, (void **)&l->list, l->cases, &l->room, sizeof(*l->list), err);

    if (r == 0)
        l->list[l->cases++] = *one;
    clinic_learnt(l);
    return r;
}

static int learn(
    struct clinic *c, const struct team *team, uint32_t operation, struct err *err)
{
    struct clinic_learner *l = &c->learners[team->learner];
    uint32_t distance = clinic_distance(l);
    struct clinic_case one = {.operation = operation, .assessor = DECADE_NONE};
    uint32_t value = 0;
    int32_t later = 0;
    int r = 0;

    if (team->posting != DECADE_NONE)
        r = clinic_apprenticed(c, l, team->posting, &one.rotation, err);
    if (r == 0 && team->posting != DECADE_NONE && chance_permille(&c->paper, RATED)) {
        value = what_is_said(c, distance);
        one.level = (uint8_t)independence_of_o_score((int)value);
        one.assessor = c->d->postings[team->posting].person;
        later = chance_permille(&c->paper, RATED_LATE) ? chance_between(&c->paper, 1, 9)
                                                       : 0;
        /* behind the operation, however late that is written */
        if (c->operations[operation].flags & CLINIC_WRONG)
            later += 1;
        r = decade_do_later(c->d, c->d->day + later, rate_due,
            (const uint32_t[4]){operation, value, distance}, err);
    }
    return r == 0 ? case_add(c, team->learner, &one, err) : r;
}

static void people_set(struct clinic *c, const struct clinic_line *line,
    const struct team *team, struct clinic_operation *o)
{
    uint32_t expert = team->posting == DECADE_NONE
                          ? DECADE_NONE
                          : c->d->postings[team->posting].person;

    o->people[FUNCTION_OPERATOR] =
        team->learner == DECADE_NONE ? expert : c->learners[team->learner].person;
    o->people[FUNCTION_SUPERVISOR] =
        team->learner == DECADE_NONE ? DECADE_NONE : expert;
    o->people[FUNCTION_ASSISTANT] = assistant_of(c, line, o);
    o->recorder =
        team->learner == DECADE_NONE && o->people[FUNCTION_ASSISTANT] != DECADE_NONE
            ? o->people[FUNCTION_ASSISTANT]
            : o->people[FUNCTION_OPERATOR];
}

/* What is done for somebody who is operated elsewhere in the house. */
static bool goes_along(const struct clinic *c, uint32_t line)
{
    static const char *const codes[] = {
        "general-anaesthesia", "spinal-anaesthesia", "intensive-care"};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (strcmp(decade_techniques[c->lines[line].technique].code, codes[i]) == 0)
            return true;
    }
    return false;
}

/* Somebody who was operated at the hospital of ${line}, ${least} to ${most} days ago, the last
 * of them; DECADE_NONE. */
static uint32_t operated(
    const struct clinic *c, uint32_t line, day_number least, day_number most)
{
    const struct decade *d = c->d;
    uint32_t hospital = d->departments[c->lines[line].department].hospital;

    for (uint32_t i = c->operation_count; i-- > 0;) {
        const struct clinic_operation *one = &c->operations[i];

        if (one->day < d->day - most)
            break;
        if (one->day <= d->day - least &&
            d->departments[c->lines[one->line].department].hospital == hospital &&
            !(one->flags & CLINIC_NO_PATIENT) && !goes_along(c, one->line))
            return one->patient;
    }
    return DECADE_NONE;
}

static void patient_choose(struct clinic *c, struct clinic_operation *o)
{
    uint32_t known = DECADE_NONE;

    if (goes_along(c, o->line))
        known = operated(c, o->line, 0, GOES_ALONG_DAYS);
    else if (c->operation_count % AGAIN_OF == AGAIN_OF - 1)
        known = operated(c, o->line, AGAIN_LEAST, AGAIN_MOST);
    if (known != DECADE_NONE)
        o->patient = known;
    clinic_patient_write(
        c, o->patient, c->lines[o->line].department, known != DECADE_NONE);
    c->patients += known == DECADE_NONE;
}

/* Every operation has these: nobody names them. */
static bool is_everywhere(const char *kind)
{
    static const char *const kinds[] = {"operating-theatre", "oxygen-supply",
        "laboratory", "blood-bank", "microbiology", "patient-monitor"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i], kind) == 0)
            return true;
    }
    return false;
}

/* The device that is named: the first that the catalogue asks for and that serves there today. */
static uint32_t device_choose(struct clinic *c, const struct clinic_line *line)
{
    const char *code = decade_techniques[line->technique].code;
    uint32_t hospital = c->d->departments[line->department].hospital;
    bool named = chance_permille(&c->means, DEVICE_NAMED);
    uint32_t device = DECADE_NONE;
    uint32_t thing = 0;

    if (!named ||
        !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), str_of(code), &thing))
        return DECADE_NONE;
    for (uint16_t i = 0;
         device == DECADE_NONE && i < catalogue_thing(thing)->need_count; i++) {
        uint32_t kind = catalogue_thing(thing)->needs[i];

        if (!is_everywhere(catalogue_devices[kind].code))
            device = decade_device_at(c->d, hospital, kind, line->done);
    }
    return device;
}

int clinic_operate(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);
    struct clinic_line *line = &c->lines[of[0]];
    struct clinic_operation *o = NULL;
    struct team team = {0};
    uint32_t distance = 0;
    int r = 0;

    if (!d->departments[line->department].written)
        return 0;
    r = clinic_learners(c, of[0], err);
    if (r < 0 || !team_choose(c, line, &team))
        return r;
    r = decade_room(d, (void **)&c->operations, c->operation_count, &c->operation_room,
        sizeof(*c->operations), err);
    if (r < 0)
        return r;
    o = &c->operations[c->operation_count];
    *o = (struct clinic_operation){.line = of[0],
        .patient = c->patients,
        .device = device_choose(c, line),
        .day = d->day,
        .minute = (uint16_t)chance_between(&c->way, 30, 600)};
    people_set(c, line, &team, o);
    if (team.learner != DECADE_NONE)
        distance = clinic_distance(&c->learners[team.learner]);
    o->truth =
        what_becomes(c, line, team.posting == DECADE_NONE ? distance : distance / 2);
    if (chance_permille(&c->paper, NO_PATIENT))
        o->flags |= CLINIC_NO_PATIENT;
    else
        patient_choose(c, o);
    line->done++;
    r = plan_paper(c, c->operation_count, err);
    if (r == 0 && team.learner != DECADE_NONE)
        r = learn(c, &team, c->operation_count, err);
    c->operation_count++;
    return r;
}
