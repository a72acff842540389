/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of the decade: who asks whom how often, and what is planned to come of it. */
#include <stdio.h>

#include "app/decade_abroad_internal.h"
#include "app/decade_case_internal.h"

/*
 * Chosen, by year from 2015 on (docs/DEMONSTRATION.md): cases a month of each department that has
 * a twin, in thousandths; minutes before which half are answered; of a thousand, those of which
 * what became of the patient is told, those of which nobody ever takes the question, those with
 * all that is asked for, those that are sent elsewhere, those that are declined; those of which
 * the asker would send the patient away. Published networks began at 20 hours and 20 % told and came
 * to 5 hours and 80 %; here people know each other from the beginning.
 */
#define YEARS 11
static const uint16_t a_month[YEARS] = {
    560, 660, 700, 740, 770, 980, 860, 800, 820, 850, 870};
static const uint16_t half_by[YEARS] = {
    1260, 1140, 960, 810, 690, 560, 480, 420, 380, 340, 320};
static const uint16_t told[YEARS] = {
    420, 480, 550, 610, 660, 700, 740, 780, 810, 830, 850};
static const uint16_t never[YEARS] = {70, 60, 52, 45, 40, 48, 32, 26, 22, 18, 16};
static const uint16_t complete[YEARS] = {
    560, 600, 650, 690, 730, 740, 790, 830, 860, 880, 890};
static const uint16_t elsewhere[YEARS] = {48, 44, 40, 36, 33, 30, 27, 24, 21, 19, 18};
static const uint16_t declined[YEARS] = {50, 46, 42, 38, 34, 34, 30, 26, 24, 22, 20};
static const uint16_t would_send[YEARS] = {
    460, 440, 420, 400, 380, 350, 330, 310, 290, 270, 260};
/* Can it be done where the patient is: yes, with help, no. What is learnt moves it. */
static const uint16_t here[YEARS][3] = {{38, 26, 36}, {41, 28, 31}, {44, 29, 27},
    {47, 30, 23}, {50, 30, 20}, {53, 29, 18}, {55, 29, 16}, {57, 29, 14}, {59, 29, 12},
    {61, 28, 11}, {62, 28, 10}};

/* Few around the new year of winter, more with the chests of autumn. */
const uint16_t case_season[12] = {
    830, 780, 960, 1000, 1010, 1020, 1040, 1060, 1030, 1010, 1140, 1120};

#define ASKED_BACK 160
#define WITHDRAWN 30
#define URGENT 210
#define STAT 40
#define SECOND 150
#define CLOSED_AT_ONCE 650 /* when what became of it is told */
#define NEVER_CLOSED 90
#define TOLD_LATE 120 /* after a month and more */
#define TIBETAN 860
#define INTENT_SAID 930
#define SENT_AWAY 750      /* of those who cannot stay */
#define MOST_MINUTES 19000 /* to an answer: before a routine case expires */
#define DAY_MINUTES 1440
#define NIGHT_BEGINS 840 /* in UTC: 22:00 in Lhasa */
#define NIGHT_ENDS 1410

struct cases *cases_of(const struct decade *d)
{
    for (size_t i = 0; decade_parts[i]; i++) {
        if (decade_parts[i] == &decade_cases)
            return d->parts[i];
    }
    return NULL;
}

/* ---- who answers ---- */

static void put_post(struct decade *d, uint32_t person, uint32_t department)
{
    char id[DECADE_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-kr%u", d->people[person].number);
    o = decade_open(d, "PractitionerRole", id);
    put_bool(o, "active", true);
    put_period(o, "period", d->day, DECADE_NEVER);
    put_person(d, o, "practitioner", person);
    put_reference(o, "organization", "Organization", d->departments[department].id);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(
        o, "role", "clinician", decade_specialties[d->people[person].specialty].doctor);
    json_close(o, ']');
    decade_close(d);
}

uint32_t case_answerer_of(struct cases *c, uint32_t department, struct err *err)
{
    struct decade *d = c->d;
    const struct decade_department *at = &d->departments[department];
    const struct decade_person like = {.role = ROLE_DOCTOR,
        .department = DECADE_NONE,
        .hospital = at->hospital,
        .specialty = at->specialty,
        .from = d->day,
        .until = DECADE_NEVER,
        .people =
            d->hospitals[at->hospital].tier == TIER_ABROAD
                ? decade_countries[decade_country_of(d->hospitals[at->hospital].place)]
                      .people
                : NAMES_CN};
    struct case_answerer *one = NULL;

    for (uint32_t i = 0; i < c->answerer_count; i++) {
        if (c->answerers[i].department == department)
            return c->answerers[i].person;
    }
    if (decade_room(d, (void **)&c->answerers, c->answerer_count, &c->answerer_room,
            sizeof(*c->answerers), err) < 0)
        return DECADE_NONE;
    one = &c->answerers[c->answerer_count];
    *one = (struct case_answerer){
        department, decade_person_new(d, &c->chance, &like, err)};
    if (one->person == DECADE_NONE)
        return DECADE_NONE;
    put_post(d, one->person, department);
    return c->answerers[c->answerer_count++].person;
}

/* ---- how long it takes ---- */

int32_t case_spread(struct chance *c, int32_t median)
{
    /* of 1,000 as the median, what each sixteenth of cases comes to */
    static const int32_t parts[17] = {40, 130, 220, 310, 410, 530, 670, 830, 1000, 1190,
        1420, 1720, 2150, 2800, 3900, 6200, 16000};
    uint32_t at = chance_below(c, 16);
    int32_t part = chance_between(c, parts[at], parts[at + 1]);

    return (int32_t)((int64_t)median * part / 1000);
}

static int32_t bounded(int32_t minutes, int32_t least, int32_t most)
{
    return minutes < least ? least : minutes > most ? most : minutes;
}

/* Nobody answers at night but to an emergency: the first to look does in the morning. */
static uint32_t awake(struct cases *c, const struct decade_case *one, uint32_t minute)
{
    uint32_t clock = minute % DAY_MINUTES;

    if (one->urgency == 2 || clock < NIGHT_BEGINS || clock >= NIGHT_ENDS)
        return minute;
    return minute - clock + NIGHT_ENDS + chance_below(&c->chance, 120);
}

/* ---- what is planned ---- */

void case_then(
    struct cases *c, struct decade_case *one, enum case_deed deed, int32_t minutes)
{
    uint32_t last = one->planned ? one->plan[one->planned - 1].minute : 0;

    one->plan[one->planned++] =
        (struct case_plan){deed, awake(c, one, last + (uint32_t)minutes)};
}

static void plan_end(struct cases *c, struct decade_case *one)
{
    struct chance *chance = &c->chance;
    bool late = chance_permille(chance, TOLD_LATE);
    int32_t days = 0;

    if (one->told || chance_permille(chance, 700))
        case_then(c, one, DEED_ACT, chance_between(chance, 30, 2900));
    if (one->told) {
        days = late                             ? chance_between(chance, 30, 80)
               : one->intent == INTENT_TRANSFER ? chance_between(chance, 1, 8)
                                                : chance_between(chance, 2, 24);
        case_then(c, one, DEED_OUTCOME, days * DAY_MINUTES);
        case_then(c, one, DEED_CLOSE,
            chance_permille(chance, CLOSED_AT_ONCE) ? chance_between(chance, 1, 30)
                                                    : chance_between(chance, 60, 2880));
    } else if (!chance_permille(chance, NEVER_CLOSED)) {
        case_then(c, one, DEED_CLOSE, chance_between(chance, 21, 42) * DAY_MINUTES);
    }
}

static int32_t half_of(const struct decade_case *one, uint32_t year)
{
    return one->urgency == 2   ? 6 + half_by[year] / 160
           : one->urgency == 1 ? half_by[year] / 6
                               : half_by[year];
}

static void plan_answer(struct cases *c, struct decade_case *one, uint32_t year)
{
    struct chance *chance = &c->chance;
    int32_t minutes =
        bounded(case_spread(chance, half_of(one, year)), 3, MOST_MINUTES * 2 / 3);
    int32_t taken = bounded(minutes / chance_between(chance, 2, 9), 1, 600);

    if (chance_permille(chance, declined[year])) {
        case_then(c, one, DEED_DECLINE, minutes);
        return;
    }
    case_then(c, one, DEED_ACCEPT, taken);
    if (one->elsewhere != DECADE_NONE) {
        case_then(c, one, DEED_REROUTE, chance_between(chance, 4, 200));
        case_then(c, one, DEED_ACCEPT, taken);
    }
    if (one->urgency == 0 && chance_permille(chance, ASKED_BACK + 60u * one->missing)) {
        case_then(c, one, DEED_ASK_BACK, chance_between(chance, 2, 60));
        case_then(c, one, DEED_INFORM, chance_between(chance, 20, 1500));
    }
    case_then(c, one, DEED_ANSWER, minutes - taken + 1);
    plan_end(c, one);
}

static void plan(struct cases *c, struct decade_case *one, uint32_t year)
{
    struct chance *chance = &c->chance;
    uint32_t sent =
        one->urgency == 2 ? chance_below(chance, 700) : 60 + chance_below(chance, 500);

    case_then(c, one, DEED_SEND, (int32_t)sent);
    if (chance_permille(chance, WITHDRAWN))
        case_then(c, one, DEED_WITHDRAW, chance_between(chance, 3, 25));
    else if (!chance_permille(chance, never[year]))
        plan_answer(c, one, year);
}

/* ---- who asks whom ---- */

/* A department beside the one that is asked, which another of the same hospital has as its twin. */
static uint32_t beside(struct cases *c, const struct decade_case *one)
{
    const struct decade *d = c->d;
    const struct decade_hospital *h =
        &d->hospitals[d->departments[one->asking].hospital];
    uint32_t start = chance_below(&c->chance, h->department_count);

    for (uint32_t i = 0; i < h->department_count; i++) {
        uint32_t at = h->first_department + (start + i) % h->department_count;
        uint32_t twin = d->departments[at].twin;

        if (twin != DECADE_NONE && twin != one->asked)
            return twin;
    }
    return DECADE_NONE;
}

static void draw(struct cases *c, struct decade_case *one, uint32_t year)
{
    struct chance *chance = &c->chance;

    one->urgency = chance_permille(chance, STAT)     ? 2
                   : chance_permille(chance, URGENT) ? 1
                                                     : 0;
    one->kind = chance_permille(chance, SECOND) ? KIND_SECOND : KIND_ADVICE;
    one->told = chance_permille(chance, told[year]);
    one->intent = !chance_permille(chance, INTENT_SAID)       ? INTENT_NOT_SAID
                  : chance_permille(chance, would_send[year]) ? INTENT_TRANSFER
                                                              : INTENT_STAY;
    one->missing = chance_permille(chance, complete[year])
                       ? 0
                       : (uint8_t)chance_between(chance, 1, 4);
    one->illness = DECADE_NONE;
    one->elsewhere =
        chance_permille(chance, elsewhere[year]) ? beside(c, one) : DECADE_NONE;
    one->here = (uint8_t)chance_weighted(chance, here[year], 3);
    one->helpful = (uint8_t)chance_weighted(chance, (const uint16_t[]){80, 15, 5}, 3);
    one->plan_changed = chance_permille(chance, 480);
    one->patient =
        (uint8_t)chance_weighted(chance, (const uint16_t[]){62, 20, 8, 4, 6}, 5);
    one->avoided = one->intent == INTENT_TRANSFER && one->here != 2 &&
                   chance_permille(chance, 880);
    one->female = chance_permille(chance, 510);
    one->tibetan = chance_permille(chance, TIBETAN);
    one->born = one->day - chance_between(chance, 30, 30000);
}

int case_open(struct cases *c, struct decade_case *one, struct err *err)
{
    int r =
        decade_room(c->d, (void **)&c->list, c->count, &c->room, sizeof(*c->list), err);

    if (r < 0)
        return r;
    one->bed = DECADE_NONE;
    if (one->patient_of == DECADE_NONE)
        one->patient_of = c->count;
    c->list[c->count] = *one;
    if (one->patient_of == c->count)
        case_patient_write(c, c->count);
    if (one->country)
        case_consent_write(c, c->count);
    return case_begin(c, c->count++, err);
}

/* Whoever cannot stay goes where it can be done, some days after the answer. */
static int send_away(struct cases *c, struct err *err)
{
    const struct decade_case *one = &c->list[c->count - 1];
    uint32_t minute = 0;

    for (uint32_t i = 0; i < one->planned; i++)
        minute = one->plan[i].deed == DEED_ANSWER ? one->plan[i].minute : minute;
    if (!minute || !chance_permille(&c->moves, SENT_AWAY))
        return 0;
    return decade_do_later(c->d,
        one->day + (day_number)(minute / DAY_MINUTES) + chance_between(&c->moves, 1, 3),
        transfer_after, (const uint32_t[4]){c->count - 1}, err);
}

int case_ask(struct cases *c, struct decade_case *one, uint32_t year, struct err *err)
{
    one->answerer = case_answerer_of(c, one->asked, err);
    if (one->answerer == DECADE_NONE)
        return E_NOMEM;
    draw(c, one, year);
    plan(c, one, year);
    return case_open(c, one, err);
}

/* A deed: the department of[0] asks today; of[1] is the year from 2015 on. */
static int ask(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct cases *c = cases_of(d);
    struct decade_case one = {.patient_of = DECADE_NONE,
        .asking = of[0],
        .asked = d->departments[of[0]].twin,
        .day = d->day,
        .asker = decade_doctor_at(d, &c->chance, of[0])};
    int r = 0;

    if (one.asker == DECADE_NONE || !d->departments[one.asked].written)
        return 0;
    r = case_ask(c, &one, of[1], err);
    return r == 0 && one.intent == INTENT_TRANSFER && one.here == 2 ? send_away(c, err)
                                                                    : r;
}

/* ---- the part ---- */

/* So many of a department in a month, in thousandths. */
static uint32_t rate_of(const struct decade *d, uint32_t year, unsigned month)
{
    uint32_t rate = (uint32_t)a_month[year] * case_season[month - 1] / 1000;

    return d->options.share > 1 ? rate / d->options.share : rate;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    struct cases *c = keep;
    unsigned month = 0, day = 0;
    int year = 0;
    int r = 0;

    decade_date_of(d->day, &year, &month, &day);
    if (year == 2015 && month < 10)
        return 0;
    for (uint32_t i = 0; r == 0 && i < d->department_count; i++) {
        uint32_t count = 0;

        if (d->departments[i].twin == DECADE_NONE)
            continue;
        count = chance_about(&c->chance, rate_of(d, (uint32_t)(year - 2015), month));
        for (; r == 0 && count > 0; count--)
            r = decade_do_later(d, d->day + chance_between(&c->chance, 1, 27), ask,
                (const uint32_t[4]){i, (uint32_t)(year - 2015)}, err);
    }
    if (r == 0)
        r = cases_abroad_month(c, (uint32_t)(year - 2015), err);
    return r == 0 ? transfers_month(c, (uint32_t)(year - 2015), month, err) : r;
}

static void forget(void *arg)
{
    arena_free(arg);
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct cases *c = arena_alloc(d->arena, sizeof(*c));

    if (!c)
        return err_nomem(err);
    *c = (struct cases){.d = d,
        .chance = chance_from(d->options.seed, "cases"),
        .moves = chance_from(d->options.seed, "transfers"),
        .beside = chance_from(d->options.seed, "beside"),
        .arena = arena_new()};
    *keep = c;
    if (!c->arena)
        return err_nomem(err);
    if (arena_cleanup(d->arena, forget, c->arena) < 0) {
        arena_free(c->arena);
        return err_nomem(err);
    }
    return 0;
}

const struct decade_part decade_cases = {"cases", begin, month, NULL};
