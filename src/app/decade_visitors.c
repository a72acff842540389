/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patients from abroad: who comes, whether they lie in one of the beds set aside for them, who
 * translates, by which protocol an admission is treated.
 */
#include <stdio.h>

#include "app/decade_abroad_internal.h"

/*
 * Published: over 25,000 by the end of 2023; 500 beds. Persons who come for the first time, by
 * year from 2015: chosen, with the years in which borders were shut.
 */
static const uint16_t newcomers[] = {
    2300, 2900, 3300, 3700, 4200, 900, 1100, 1900, 5000, 5400, 3800};
static const struct {
    int year;
    uint16_t beds;
} aside[] = {{2015, 120}, {2017, 220}, {2019, 350}, {2023, 500}};

/* Chosen. */
#define AGAIN_PERMILLE 180 /* of visits: somebody who came before */
#define INPATIENT_PERMILLE 400
#define EMERGENCY_PERMILLE 50
#define STRANGER_PERMILLE 860 /* speaks no language of those who treat them */
#define PROTOCOLS 6
/* By year from 2015: strangers with an interpreter; admissions that name their protocol. */
static const uint16_t translated[] = {
    560, 590, 620, 650, 670, 660, 690, 715, 740, 765, 785};
static const uint16_t by_protocol[] = {
    830, 855, 880, 900, 915, 905, 925, 940, 950, 960, 965};

static const char *const protocols[PROTOCOLS] = {"admission-from-abroad",
    "surgery-from-abroad", "infection-from-abroad", "heart-from-abroad",
    "child-from-abroad", "cancer-from-abroad"};
static const char *const classes[] = {"AMB", "IMP", "EMER"};
static const uint16_t months[12] = {6, 5, 8, 9, 9, 9, 9, 10, 10, 10, 8, 7};

/* ---- records ---- */

static int protocols_write(struct decade *d, const uint32_t of[4], struct err *err)
{
    (void)of;
    (void)err;
    for (int i = 0; i < PROTOCOLS; i++) {
        char id[DECADE_ID_MAX];
        char url[96];
        struct json_out *o = NULL;

        snprintf(id, sizeof(id), "d-%s", protocols[i]);
        snprintf(url, sizeof(url), BELAY "PlanDefinition/d-%s", protocols[i]);
        o = decade_open(d, "PlanDefinition", id);
        put_text(o, "url", url);
        put_text(o, "name", "Protocol");
        put_text(o, "title", protocols[i]);
        put_text(o, "status", "active");
        put_date(o, "date", d->day);
        decade_close(d);
    }
    return 0;
}

static void bed_write(struct decade *d, uint32_t bed)
{
    const struct decade_hospital *hub = &d->hospitals[d->abroad->hub];
    char id[PERSON_ID_MAX];
    char name[PERSON_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-b%u", bed + 1);
    snprintf(name, sizeof(name), "Bed %u", bed + 1);
    o = decade_open(d, "Location", id);
    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "bed-for-international");
    put_period(o, "valuePeriod", d->day, DECADE_NEVER);
    json_close(o, '}');
    json_close(o, ']');
    put_text(o, "status", "active");
    put_text(o, "name", name);
    put_text(o, "mode", "instance");
    put_concept(o, "physicalType",
        "http://terminology.hl7.org/CodeSystem/location-physical-type", "bd", "Bed");
    put_reference(o, "managingOrganization", "Organization", hub->id);
    put_reference(o, "partOf", "Location", hub->id);
    decade_close(d);
}

/* of: the first bed and the one behind the last. */
static int beds_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    int r = decade_hospital_write(d, d->abroad->hub, err);

    for (uint32_t i = of[0]; i < of[1] && i < DECADE_BEDS; i++) {
        d->abroad->beds[i].since = d->day;
        bed_write(d, i);
    }
    return r;
}

static void patient_write(struct decade *d, uint32_t visitor)
{
    const struct decade_visitor *v = &d->abroad->visitors[visitor];
    const struct decade_country *country = &decade_countries[v->country];
    const struct decade_person like = {.people = country->people,
        .female = v->female,
        .name = {v->name[0], v->name[1], 0}};
    char name[DECADE_NAME_MAX];
    char also[DECADE_NAME_MAX];
    char id[PERSON_ID_MAX];
    char born[8];
    struct json_out *o = NULL;

    decade_name_write(&like, name, also);
    snprintf(id, sizeof(id), "d-v%u", visitor + 1);
    snprintf(born, sizeof(born), "%u", (unsigned)v->born);
    o = decade_open(d, "Patient", id);
    put_bool(o, "active", true);
    put_names(o, name, NULL);
    put_text(o, "gender", v->female ? "female" : "male");
    put_text(o, "birthDate", born);
    json_name(o, "address");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "country", country->code);
    json_close(o, '}');
    json_close(o, ']');
    put_reference(
        o, "managingOrganization", "Organization", d->hospitals[d->abroad->hub].id);
    decade_close(d);
}

static void put_extensions(
    struct decade *d, struct json_out *o, const struct decade_episode *e)
{
    const struct decade_country *country =
        &decade_countries[d->abroad->visitors[e->visitor].country];

    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "encounter-from-country");
    put_text(o, "valueCode", country->code);
    json_close(o, '}');
    if (e->stranger) {
        open_extension(o, "encounter-language");
        put_text(o, "valueCode", country->language);
        json_close(o, '}');
    }
    if (e->protocol) {
        char url[96];

        snprintf(url, sizeof(url), BELAY "PlanDefinition/d-%s",
            protocols[d->departments[e->department].specialty % PROTOCOLS]);
        open_part(o,
            "http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical");
        put_text(o, "valueCanonical", url);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_bed(struct json_out *o, const struct decade_episode *e, bool over)
{
    char id[PERSON_ID_MAX];

    snprintf(id, sizeof(id), "d-b%u", e->bed + 1);
    json_name(o, "location");
    json_open(o, '[');
    json_open(o, '{');
    put_reference(o, "location", "Location", id);
    put_period(o, "period", e->from, over ? e->until : DECADE_NEVER);
    json_close(o, '}');
    json_close(o, ']');
}

static void episode_write(struct decade *d, const struct decade_episode *e, bool over)
{
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-z%u", e->number);
    o = decade_open(d, "Encounter", id);
    put_extensions(d, o, e);
    put_text(o, "status", over ? "finished" : "in-progress");
    json_name(o, "class");
    json_open(o, '{');
    put_text(o, "system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
    put_text(o, "code", classes[e->kind]);
    json_close(o, '}');
    snprintf(id, sizeof(id), "d-v%u", e->visitor + 1);
    put_reference(o, "subject", "Patient", id);
    if (e->translator) {
        json_name(o, "participant");
        json_open(o, '[');
        json_open(o, '{');
        json_name(o, "type");
        json_open(o, '[');
        put_concept_value(o, "http://terminology.hl7.org/CodeSystem/participant-type",
            "translator", NULL);
        json_close(o, ']');
        json_close(o, '}');
        json_close(o, ']');
    }
    put_period(o, "period", e->from, over ? e->until : DECADE_NEVER);
    if (e->bed != DECADE_NONE)
        put_bed(o, e, over);
    put_reference(
        o, "serviceProvider", "Organization", d->departments[e->department].id);
    decade_close(d);
}

/* ---- a visit ---- */

static int goes_home(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_episode *e = &d->abroad->episodes[of[0]];

    (void)err;
    episode_write(d, e, true);
    return 0;
}

static uint32_t bed_taken(struct decade *d, day_number until)
{
    struct decade_abroad *a = d->abroad;

    for (uint32_t i = 0; i < DECADE_BEDS; i++) {
        if (a->beds[i].since <= d->day && a->beds[i].free <= d->day) {
            a->beds[i].free = until + 1;
            return i;
        }
    }
    return DECADE_NONE;
}

static uint32_t visitor_new(struct decade *d, struct err *err)
{
    struct decade_abroad *a = d->abroad;
    struct chance *c = &a->visits;
    uint16_t weights[DECADE_COUNTRIES];
    uint16_t name[3];
    struct decade_visitor v = {0};

    for (int i = 0; i < DECADE_COUNTRIES; i++)
        weights[i] = decade_countries[i].weight;
    if (decade_room(d, (void **)&a->visitors, a->visitor_count, &a->visitor_room,
            sizeof(*a->visitors), err) < 0)
        return DECADE_NONE;
    v.country = (uint8_t)chance_weighted(c, weights, DECADE_COUNTRIES);
    v.female = chance_permille(c, 520);
    v.born = (uint16_t)(2015 - chance_between(c, 1, 78));
    decade_name_pick(c, decade_countries[v.country].people, name);
    v.name[0] = (uint8_t)name[0];
    v.name[1] = (uint8_t)name[1];
    a->visitors[a->visitor_count] = v;
    patient_write(d, a->visitor_count);
    return a->visitor_count++;
}

uint32_t decade_department_visited(const struct decade *d, struct chance *c)
{
    const struct decade_hospital *hub = &d->hospitals[d->abroad->hub];
    uint16_t weights[DECADE_SPECIALTIES];

    for (uint32_t i = 0; i < hub->department_count; i++)
        weights[i] =
            decade_specialties[d->departments[hub->first_department + i].specialty]
                .weight;
    return hub->first_department + chance_weighted(c, weights, hub->department_count);
}

/* of: 1: somebody who was there before. */
static int comes(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_abroad *a = d->abroad;
    struct chance *c = &a->visits;
    uint32_t kind = chance_below(c, 1000);
    struct decade_episode e = {.number = a->episode_count + 1,
        .visitor = of[0] && a->visitor_count ? chance_below(c, a->visitor_count)
                                             : visitor_new(d, err),
        .department = decade_department_visited(d, c),
        .bed = DECADE_NONE,
        .from = d->day,
        .until = d->day};

    if (e.visitor == DECADE_NONE)
        return E_NOMEM;
    e.kind = kind < INPATIENT_PERMILLE                        ? 1
             : kind < INPATIENT_PERMILLE + EMERGENCY_PERMILLE ? 2
                                                              : 0;
    if (e.kind != 0)
        e.until += chance_between(c, 2, 9) + chance_between(c, 0, e.kind == 1 ? 9 : 2);
    if (e.kind == 1)
        e.bed = bed_taken(d, e.until);
    e.stranger = chance_permille(c, STRANGER_PERMILLE);
    e.translator = e.stranger && chance_permille(c, translated[decade_year(d)]);
    e.protocol =
        e.kind == 1 && chance_permille(&a->papers, by_protocol[decade_year(d)]);
    if (decade_room(d, (void **)&a->episodes, a->episode_count, &a->episode_room,
            sizeof(*a->episodes), err) < 0)
        return E_NOMEM;
    a->episodes[a->episode_count++] = e;
    episode_write(d, &e, e.kind == 0);
    return e.kind == 0 ? 0
                       : decade_do_later(d, e.until, goes_home,
                             (const uint32_t[4]){a->episode_count - 1}, err);
}

/* The visits of a month, in days as they fall. */
int decade_visitors_month(struct decade *d, struct err *err)
{
    struct chance *c = &d->abroad->visits;
    unsigned month = 0;
    unsigned day = 0;
    int year = 0;
    uint32_t sum = 0;
    uint32_t before = 0;
    uint32_t until = 0;
    int r = 0;

    decade_date_of(d->day, &year, &month, &day);
    for (unsigned m = 1; m <= (year == 2025 ? 8 : 12); m++) {
        sum += months[m - 1];
        until += m <= month ? months[m - 1] : 0;
        before += m < month ? months[m - 1] : 0;
    }
    if (sum > 0) {
        uint32_t all = decade_share(d, newcomers[year - 2015]);

        for (uint32_t n = all * until / sum - all * before / sum; r == 0 && n > 0;
             n--) {
            r = decade_do_later(d, d->day + chance_between(c, 1, 27), comes,
                (const uint32_t[4]){0}, err);
            if (r == 0 && chance_permille(c, AGAIN_PERMILLE))
                r = decade_do_later(d, d->day + chance_between(c, 1, 27), comes,
                    (const uint32_t[4]){1}, err);
        }
    }
    return r;
}

int decade_visitors_begin(struct decade *d, struct err *err)
{
    uint32_t before = 0;
    int r = decade_do_later(d, d->day, protocols_write, (const uint32_t[4]){0}, err);

    for (uint32_t i = 0; i < DECADE_BEDS; i++)
        d->abroad->beds[i].since = DECADE_NEVER;
    for (size_t i = 0; r == 0 && i < sizeof(aside) / sizeof(aside[0]); i++) {
        r = decade_do_later(d, decade_day_of(aside[i].year, i == 0 ? 1 : 3, 1),
            beds_due, (const uint32_t[4]){before, aside[i].beds}, err);
        before = aside[i].beds;
    }
    return r;
}
