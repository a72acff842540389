/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transfers of the decade: a county sends to the hospital of its prefecture, a prefecture to the
 * region's, the region's two to their twins far away. Some follow an answer that the patient
 * cannot stay, the others are sent without asking first.
 */
#include <ctype.h>
#include <stdio.h>

#include "app/catalogue.h"
#include "app/decade_case_internal.h"

/*
 * Chosen, by year from 2015 on (docs/DEMONSTRATION.md): transfers a month that nobody asked about
 * before, of an assisted and of a county hospital, in thousandths: fewer as more can be done at
 * home, and in 2020, when roads were closed. Of a thousand arrivals, those without a note back
 * home; minutes before which half are promised a bed.
 */
static const uint16_t assisted_month[] = {
    7600, 7400, 7000, 6500, 6000, 3900, 5000, 4500, 4100, 3700, 3400};
static const uint16_t county_month[] = {0, 0, 0, 0, 0, 0, 3600, 3300, 3000, 2700, 2400};
static const uint16_t no_note[] = {240, 210, 180, 160, 140, 130, 110, 95, 85, 75, 70};
static const uint16_t half_promised[] = {
    600, 550, 500, 450, 410, 430, 330, 280, 240, 210, 190};

#define STAT 340
#define URGENT 420
#define REFUSED 60
#define NOT_NEEDED 35 /* after the promise: the patient is better, or has died */
#define DIED 55
#define BED_LEFT_DAYS 12 /* where no note says when the patient left it */
#define FLIGHT_KM 900
#define WAY_LEAST 60
#define FLIGHT_MINUTES 480
#define DAY_MINUTES 1440
#define MINUTE_MS ((utc_ms)60000)

/* ---- beds ---- */

const char *transfer_bed_id(uint32_t bed, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-kb%u", bed + 1);
    return out;
}

static void put_bed(struct cases *c, uint32_t bed, struct buf *b)
{
    const struct decade_hospital *h = &c->d->hospitals[c->beds[bed].hospital];
    struct json_out o = json_out(b);
    char id[PERSON_ID_MAX];
    char name[PERSON_ID_MAX];

    snprintf(name, sizeof(name), "Bed %u", bed + 1);
    json_open(&o, '{');
    put_text(&o, "resourceType", "Location");
    put_text(&o, "id", transfer_bed_id(bed, id));
    put_text(&o, "status", "active");
    json_name(&o, "operationalStatus");
    json_open(&o, '{');
    put_text(&o, "system", "http://terminology.hl7.org/CodeSystem/v2-0116");
    put_text(&o, "code", "U");
    json_close(&o, '}');
    put_text(&o, "name", name);
    put_text(&o, "mode", "instance");
    put_concept(&o, "physicalType",
        "http://terminology.hl7.org/CodeSystem/location-physical-type", "bd", "Bed");
    put_reference(&o, "managingOrganization", "Organization", h->id);
    put_reference(&o, "partOf", "Location", h->id);
    json_close(&o, '}');
}

/* The bed ${bed} is free: as it was when it was set up. */
static int bed_clear(struct cases *c, uint32_t bed, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    put_bed(c, bed, &b);
    r = buf_error(&b, "A bed", err);
    if (r == 0)
        r = case_text_keep(c, &c->beds[bed].text, (struct str){b.data, b.len}, err);
    if (r == 0) {
        buf_add(&c->d->lines, b.data, b.len);
        buf_addc(&c->d->lines, '\n');
    }
    c->beds[bed].taken = false;
    buf_done(&b);
    return r;
}

uint32_t transfer_bed(struct cases *c, uint32_t hospital, struct err *err)
{
    for (uint32_t i = 0; i < c->bed_count; i++) {
        if (c->beds[i].hospital == hospital && !c->beds[i].taken)
            return i;
    }
    if (decade_room(c->d, (void **)&c->beds, c->bed_count, &c->bed_room,
            sizeof(*c->beds), err) < 0)
        return DECADE_NONE;
    c->beds[c->bed_count] = (struct case_place){.hospital = hospital};
    if (bed_clear(c, c->bed_count, err) < 0)
        return DECADE_NONE;
    return c->bed_count++;
}

/* A deed: who lay in the bed of the case of[0] is not there any more, and nobody wrote a note. */
static int bed_left(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct cases *c = cases_of(d);
    struct decade_case *one = &c->list[of[0]];
    uint32_t bed = one->bed;

    one->bed = DECADE_NONE;
    return bed == DECADE_NONE ? 0 : bed_clear(c, bed, err);
}

/* ---- where to ---- */

/* The hospital that takes what ${hospital} cannot treat; DECADE_NONE: its twins far away. */
static uint32_t above(const struct decade *d, uint32_t hospital)
{
    const struct decade_hospital *h = &d->hospitals[hospital];

    if (h->tier == TIER_ASSISTED)
        return hospital < 2 ? DECADE_NONE : 0;
    for (uint32_t i = 0; i < DECADE_HOSTS; i++) {
        if (strcmp(d->hospitals[i].place->id, h->place->parent) == 0)
            return i;
    }
    return 0;
}

/* The department that is asked to take a patient of ${asking}; DECADE_NONE. */
static uint32_t receiver(const struct decade *d, uint32_t asking)
{
    const struct decade_department *from = &d->departments[asking];
    uint32_t hospital = above(d, from->hospital);
    uint32_t to = hospital == DECADE_NONE
                      ? from->twin
                      : decade_department_of(d, hospital, from->specialty);

    return to != DECADE_NONE && d->departments[to].written ? to : from->twin;
}

static bool is_serious(size_t illness, const char *specialty)
{
    return catalogue_illnesses[illness].level == CATALOGUE_SERIOUS &&
           strcmp(catalogue_illnesses[illness].specialty, specialty) == 0;
}

static const char *area_of(const struct decade_place *place)
{
    return strcmp(place->tier, "county") == 0 ? place->parent : place->id;
}

const char *transfer_reach(const struct decade *d, const struct decade_case *one)
{
    const struct decade_hospital *home =
        &d->hospitals[d->departments[one->asking].hospital];
    const struct decade_hospital *to =
        &d->hospitals[d->departments[one->asked].hospital];

    if (to->tier == TIER_SENDING)
        return "beyond";
    return strcmp(area_of(home->place), area_of(to->place)) == 0 ? "prefecture"
                                                                 : "region";
}

/* The specialty ${name} where the catalogue calls it by another name. */
static const char *other_name(const char *name)
{
    static const char *const others[][2] = {{"Emergency", "trauma"},
        {"Critical care", "trauma"}, {"Obstetrics and gynaecology", "obstetrics"},
        {"Ear, nose and throat", "ear-nose-throat"}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (strcmp(name, others[i][0]) == 0)
            return others[i][1];
    }
    return name;
}

/* What the catalogue calls the specialty ${name}. */
static void specialty_write(const char *name, char out[DECADE_NAME_MAX])
{
    snprintf(out, DECADE_NAME_MAX, "%s", other_name(name));
    for (char *p = out; *p; p++) {
        *p = (char)tolower((unsigned char)*p);
        if (*p == ' ')
            *p = '-';
    }
}

/* An illness that the department ${of} treats and for which nobody should have to leave the
 * region; DECADE_NONE: the catalogue has none of its specialty. */
static uint32_t illness_of(struct cases *c, uint32_t of)
{
    char specialty[DECADE_NAME_MAX];
    uint32_t count = 0;
    uint32_t at = 0;

    specialty_write(
        decade_specialties[c->d->departments[of].specialty].name, specialty);
    for (size_t i = 0; i < catalogue_illness_count; i++)
        count += is_serious(i, specialty);
    at = count ? chance_below(&c->moves, count) : 0;
    for (size_t i = 0; count && i < catalogue_illness_count; i++) {
        if (is_serious(i, specialty) && at-- == 0)
            return (uint32_t)i;
    }
    return DECADE_NONE;
}

/* Why it is sent away: less often because nobody can do it, as years go by. */
static uint8_t why_of(struct cases *c, uint32_t year)
{
    const uint16_t weights[] = {24, (uint16_t)(52 - 3 * year), 12, 13, 5, 9};

    return (uint8_t)chance_weighted(&c->moves, weights, 6); /* the last: not said */
}

/* ---- what is planned ---- */

static void plan_journey(struct cases *c, struct decade_case *one, uint32_t year)
{
    struct chance *chance = &c->moves;
    const struct decade *d = c->d;
    struct network_way way = case_way_between(d, d->departments[one->asking].hospital,
        d->departments[one->asked].hospital,
        (utc_ms)one->day * DAY_MINUTES * MINUTE_MS);
    bool flies = way.kilometres > FLIGHT_KM;
    int32_t journey = flies             ? FLIGHT_MINUTES
                      : way.minutes > 0 ? way.minutes
                                        : WAY_LEAST;
    const struct case_plan *last = NULL;

    one->means = flies ? 2 : one->urgency ? 0 : (uint8_t)chance_below(chance, 2);
    case_then(
        c, one, DEED_DEPART, chance_between(chance, 20, one->urgency ? 240 : 2000));
    last = &one->plan[one->planned - 1];
    one->expected =
        ((utc_ms)one->day * DAY_MINUTES + last->minute + (uint32_t)journey) * MINUTE_MS;
    case_then(
        c, one, DEED_ARRIVE, journey * chance_between(chance, 85, 150) / 100 + 10);
    if (chance_permille(chance, no_note[year]))
        return;
    case_then(c, one, DEED_RETURN, chance_between(chance, 4, 26) * DAY_MINUTES);
    if (one->patient != 3 && one->told)
        case_then(c, one, DEED_OUTCOME, chance_between(chance, 3, 40) * DAY_MINUTES);
    case_then(c, one, DEED_CLOSE, chance_between(chance, 1, 21) * DAY_MINUTES);
}

static void plan(struct cases *c, struct decade_case *one, uint32_t year)
{
    struct chance *chance = &c->moves;
    static const int32_t sooner[] = {1, 3, 14}; /* by urgency */
    int32_t half = half_promised[year] / sooner[one->urgency];

    case_then(c, one, DEED_SEND, chance_between(chance, 0, 700));
    if (chance_permille(chance, REFUSED)) {
        case_then(c, one, DEED_DECLINE, 5 + case_spread(chance, half));
        return;
    }
    case_then(c, one, DEED_PROMISE, 3 + case_spread(chance, half));
    if (chance_permille(chance, NOT_NEEDED))
        case_then(c, one, DEED_WITHDRAW, chance_between(chance, 30, 900));
    else
        plan_journey(c, one, year);
}

/* ---- one of them ---- */

/* Who answers at ${department}: one of its doctors, or of a twin the one who always does. */
static int answerer(
    struct cases *c, uint32_t department, uint32_t *ret, struct err *err)
{
    const struct decade *d = c->d;

    if (d->hospitals[d->departments[department].hospital].tier == TIER_ASSISTED) {
        *ret = decade_doctor_at(c->d, &c->moves, department);
        return 0;
    }
    *ret = case_answerer_of(c, department, err);
    return *ret == DECADE_NONE ? E_NOMEM : 0;
}

/* ${one} has its patient, its urgency and who asks. */
static int move(struct cases *c, struct decade_case *one, struct err *err)
{
    struct chance *chance = &c->moves;
    struct decade *d = c->d;
    unsigned month = 0, day = 0;
    int year = 0;
    int r = 0;

    decade_date_of(d->day, &year, &month, &day);
    one->kind = KIND_TRANSFER;
    one->day = d->day;
    one->asked = receiver(d, one->asking);
    one->elsewhere = DECADE_NONE;
    if (one->asked == DECADE_NONE || one->asker == DECADE_NONE)
        return 0;
    r = answerer(c, one->asked, &one->answerer, err);
    if (r < 0 || one->answerer == DECADE_NONE)
        return r;
    one->why = why_of(c, (uint32_t)(year - 2015));
    one->illness = illness_of(c, one->asking);
    one->told = chance_permille(chance, 880);
    one->helpful = (uint8_t)chance_weighted(chance, (const uint16_t[]){84, 13, 3}, 3);
    one->plan_changed = true;
    one->patient =
        chance_permille(chance, DIED)
            ? 3
            : (uint8_t)chance_weighted(chance, (const uint16_t[]){80, 15, 5}, 3);
    one->told = one->told || one->patient == 3; /* the note says it */
    plan(c, one, (uint32_t)(year - 2015));
    r = case_open(c, one, err);
    if (r < 0 || one->planned == 0)
        return r;
    return one->plan[one->planned - 1].deed != DEED_ARRIVE
               ? 0
               : decade_do_later(d,
                     one->day +
                         (day_number)(one->plan[one->planned - 1].minute /
                                      DAY_MINUTES) +
                         BED_LEFT_DAYS,
                     bed_left, (const uint32_t[4]){c->count - 1}, err);
}

int transfer_after(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct cases *c = cases_of(d);
    const struct decade_case *before = &c->list[of[0]];
    struct decade_case one = {.patient_of = before->patient_of,
        .asking = before->asking,
        .urgency = before->urgency,
        .female = before->female,
        .tibetan = before->tibetan,
        .born = before->born,
        .asker = decade_doctor_at(d, &c->moves, before->asking)};

    return before->answered ? move(c, &one, err) : 0;
}

/* A deed: a department of the hospital of[0] sends a patient away without asking first. */
static int transfer_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct cases *c = cases_of(d);
    struct chance *chance = &c->moves;
    const struct decade_hospital *h = &d->hospitals[of[0]];
    struct decade_case one = {.patient_of = DECADE_NONE,
        .asking = h->first_department + chance_below(chance, h->department_count),
        .urgency = chance_permille(chance, STAT)     ? 2
                   : chance_permille(chance, URGENT) ? 1
                                                     : 0,
        .female = chance_permille(chance, 470),
        .tibetan = chance_permille(chance, 870),
        .born = d->day - chance_between(chance, 30, 30000)};

    one.missing =
        chance_permille(chance, 720) ? 0 : (uint8_t)chance_between(chance, 1, 3);
    one.asker = decade_doctor_at(d, chance, one.asking);
    return move(c, &one, err);
}

int transfers_month(struct cases *c, uint32_t year, unsigned month, struct err *err)
{
    struct decade *d = c->d;
    uint32_t share = d->options.share ? d->options.share : 1;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        const struct decade_hospital *h = &d->hospitals[i];
        uint32_t rate = h->tier == TIER_ASSISTED ? assisted_month[year]
                        : h->tier == TIER_COUNTY ? county_month[year]
                                                 : 0;
        uint32_t count =
            rate ? chance_about(&c->moves, rate * case_season[month - 1] / 1000 / share)
                 : 0;

        for (; r == 0 && h->written && count > 0; count--)
            r = decade_do_later(d, d->day + chance_between(&c->moves, 1, 27),
                transfer_due, (const uint32_t[4]){i}, err);
    }
    return r;
}
