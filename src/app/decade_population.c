/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many people live in each county of the region, year by year, as an office of statistics would give it: the
 * place of each assisted hospital with what of its prefecture no hospital of the network stands in, and each county.
 * Of 2020 the prefectures are those of the census, and so are the women of Lhasa and of the region; all else is chosen:
 * in the six other prefectures women are as many of a thousand as in what the region has without Lhasa.
 */
#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"

#define FIRST_YEAR 2015
#define CENSUS_YEAR 2020
#define YEARS 11

/* Published: the Seventh National Population Census, 2020, by prefecture. */
static const struct {
    const char *place;
    uint32_t people;
} census[] = {
    {"lhasa", 867891},
    {"xigaze", 798153},
    {"qamdo", 760966},
    {"nyingchi", 238936},
    {"shannan", 354035},
    {"nagqu", 504838},
    {"ngari", 123281},
};

/* Published: the bulletins of that census of the region (2021) and of Lhasa (2021), by sex. */
#define REGION_PEOPLE 3648100u
#define REGION_WOMEN 1734512u
#define LHASA_WOMEN 397538u

/* Of a thousand of its prefecture. Chosen. */
static const struct {
    const char *place;
    uint16_t share;
} counties[] = {
    {"damxung", 55},
    {"gyantse", 85},
    {"tingri", 72},
    {"nyalam", 22},
    {"bome", 160},
    {"medog", 62},
    {"zayu", 117},
    {"lhorong", 72},
    {"amdo", 85},
    {"baingoin", 84},
    {"nyima", 66},
    {"burang", 97},
    {"gerze", 212},
};

/* Of 2020 = 1,000, from 2015 on. Chosen. */
static const uint16_t grown[YEARS] = {
    908, 926, 944, 963, 981, 1000, 1004, 1008, 1012, 1016, 1020};

static uint32_t prefecture_of(const char *place, int year)
{
    for (size_t i = 0; i < sizeof(census) / sizeof(census[0]); i++) {
        if (strcmp(census[i].place, place) == 0)
            return (
                uint32_t)((uint64_t)census[i].people * grown[year - FIRST_YEAR] / 1000);
    }
    return 0;
}

/* Of the people of the prefectures up to ${people}, without Lhasa, so many are women. */
static uint32_t women_until(uint32_t people)
{
    return (uint32_t)((uint64_t)people * (REGION_WOMEN - LHASA_WOMEN) /
                      (REGION_PEOPLE - census[0].people));
}

/* The women of 2020 of the prefecture ${place}; they add up to the region's. */
static uint32_t women_of(const char *place)
{
    uint32_t before = 0;

    if (strcmp(place, census[0].place) == 0)
        return LHASA_WOMEN;
    for (size_t i = 1; i < sizeof(census) / sizeof(census[0]); i++) {
        if (strcmp(census[i].place, place) == 0)
            return women_until(before + census[i].people) - women_until(before);
        before += census[i].people;
    }
    return 0;
}

static uint32_t share_of(const char *place)
{
    for (size_t i = 0; i < sizeof(counties) / sizeof(counties[0]); i++) {
        if (strcmp(counties[i].place, place) == 0)
            return counties[i].share;
    }
    return 0;
}

static uint32_t county_of(const struct decade_place *place, int year)
{
    return (uint32_t)((uint64_t)prefecture_of(place->parent, year) *
                      share_of(place->id) / 1000);
}

uint32_t decade_inhabitants(const struct decade_place *place, int year)
{
    uint32_t people = 0;

    if (year < FIRST_YEAR || year >= FIRST_YEAR + YEARS)
        return 0;
    if (strcmp(place->tier, "county") == 0)
        return county_of(place, year);
    people = prefecture_of(place->id, year);
    for (size_t i = 0; people > 0 && i < decade_place_count; i++) {
        if (strcmp(decade_places[i].tier, "county") == 0 &&
            strcmp(decade_places[i].parent, place->id) == 0)
            people -= county_of(&decade_places[i], year);
    }
    return people;
}

static uint32_t county_women(const struct decade_place *place, int year)
{
    return (uint32_t)((uint64_t)county_of(place, year) * women_of(place->parent) /
                      prefecture_of(place->parent, CENSUS_YEAR));
}

uint32_t decade_women(const struct decade_place *place, int year)
{
    uint32_t women = 0;

    if (decade_inhabitants(place, year) == 0)
        return 0;
    if (strcmp(place->tier, "county") == 0)
        return county_women(place, year);
    women = (uint32_t)((uint64_t)women_of(place->id) * grown[year - FIRST_YEAR] / 1000);
    for (size_t i = 0; i < decade_place_count; i++) {
        if (strcmp(decade_places[i].tier, "county") == 0 &&
            strcmp(decade_places[i].parent, place->id) == 0)
            women -= county_women(&decade_places[i], year);
    }
    return women;
}

static void part_put(struct decade *d, const struct decade_hospital *h, int year,
    const char *sex, uint32_t count)
{
    struct json_out *o = &d->out;
    char id[2 * DECADE_ID_MAX];

    snprintf(id, sizeof(id), "population-%d.sex-%s.%s", year, sex, h->id);
    decade_report_open(d, id, "context-population");
    put_reference(o, "subject", "Location", h->id);
    put_period(o, "period", decade_day_of(year, 1, 1), decade_day_of(year, 12, 31));
    json_name(o, "group");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "stratifier");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "indicator-stratum", "sex", NULL);
    json_close(o, ']');
    json_name(o, "stratum");
    json_open(o, '[');
    json_open(o, '{');
    put_concept(o, "value", "http://hl7.org/fhir/administrative-gender", sex, NULL);
    decade_report_put_count(d, count);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
    decade_close(d);
}

/* of: the hospital whose place it is, the year. */
static int entered(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[of[0]];
    char id[2 * DECADE_ID_MAX];
    int year = (int)of[1];
    uint32_t people = decade_inhabitants(h->place, year);
    uint32_t women = decade_women(h->place, year);

    (void)err;
    snprintf(id, sizeof(id), "population-%d-%s", year, h->id);
    decade_report_open(d, id, "context-population");
    put_reference(&d->out, "subject", "Location", h->id);
    put_period(
        &d->out, "period", decade_day_of(year, 1, 1), decade_day_of(year, 12, 31));
    decade_report_close(d, people);
    part_put(d, h, year, "female", women);
    part_put(d, h, year, "male", people - women);
    return 0;
}

/* Does another hospital before ${hospital} stand in the same place? */
static bool stands_again(const struct decade *d, uint32_t hospital)
{
    for (uint32_t i = 0; i < hospital; i++) {
        if (d->hospitals[i].place == d->hospitals[hospital].place)
            return true;
    }
    return false;
}

/* The year after, in May; of counties when they are there. */
static int years_plan(struct decade *d, uint32_t hospital, struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[hospital];
    day_number there = decade_day_of(2021, 6, 20);
    int r = 0;

    for (int year = FIRST_YEAR; r == 0 && year < FIRST_YEAR + YEARS; year++) {
        day_number day = decade_day_of(year + 1, 5, 20);

        if (h->tier == TIER_COUNTY && day < there)
            day = there;
        r = decade_do_later(
            d, day, entered, (const uint32_t[4]){hospital, (uint32_t)year}, err);
    }
    return r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    int r = 0;

    (void)keep;
    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        const struct decade_hospital *h = &d->hospitals[i];

        if ((h->tier == TIER_ASSISTED || h->tier == TIER_COUNTY) &&
            !stands_again(d, i) && decade_inhabitants(h->place, CENSUS_YEAR) > 0)
            r = years_plan(d, i, err);
    }
    return r;
}

const struct decade_part decade_population = {"population", begin, NULL, NULL, NULL};
