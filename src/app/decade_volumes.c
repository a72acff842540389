/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes of the assisted hospitals, month by month, as their own statistics would give them, and
 * how long people of the region live, as published. Written down in the month after, some late,
 * some wrongly first, some never.
 */
#include <stdio.h>

#include "app/decade_internal.h"

#define KINDS 3
#define YEARS 11

/*
 * Published of eight hospitals over five years (2019): outpatients +28 %, inpatients +70 %,
 * operations +76 %. Of 2015 = 1,000 in each year; what follows 2019 is chosen: fewer in 2020, when
 * people stayed away.
 */
static const uint16_t growth[KINDS][YEARS] = {
    {1000, 1064, 1132, 1204, 1280, 1130, 1310, 1270, 1420, 1490, 1540},
    {1000, 1142, 1304, 1489, 1700, 1480, 1760, 1720, 1930, 2040, 2120},
    {1000, 1152, 1327, 1528, 1760, 1560, 1860, 1840, 2080, 2210, 2310},
};
/* A month for ten of staff in 2015, in tenths. Chosen. */
static const uint16_t base[KINDS] = {3000, 240, 52};
/* Of twelve thousand, by month: few around the new year of the moon, most in summer. Chosen. */
static const uint16_t season[12] = {
    880, 760, 960, 1000, 1040, 1060, 1120, 1110, 1060, 1010, 1010, 990};
static const char *const kinds[KINDS] = {"outpatients", "inpatients", "surgeries"};

/* Chosen. */
#define COUNTY_STAFF 64
#define NOISE_PERMILLE 30
#define LATE_PERMILLE 40  /* one to three months */
#define WRONG_PERMILLE 15 /* two digits exchanged, mended three weeks later */
#define MISSING_PERMILLE                                                               \
    8 /* from 2020 on; who counts for the first time leaves no month out */

/* Published: years of life at birth in the region. */
static const struct {
    int year;
    const char *years;
} life[] = {{2015, "68.2"}, {2019, "70.6"}, {2021, "72.19"}};

struct decade_volumes {
    struct chance chance;
};

void decade_report_open(struct decade *d, const char *id, const char *measure)
{
    struct json_out *o = decade_open(d, "MeasureReport", id);
    char url[96];

    snprintf(url, sizeof(url), BELAY "Measure/%s", measure);
    put_text(o, "status", "complete");
    put_text(o, "type", "summary");
    put_text(o, "measure", url);
}

void decade_report_put_count(struct decade *d, uint32_t count)
{
    struct json_out *o = &d->out;

    json_name(o, "population");
    json_open(o, '[');
    json_open(o, '{');
    put_concept(o, "code", "http://terminology.hl7.org/CodeSystem/measure-population",
        "initial-population", NULL);
    put_int(o, "count", count);
    json_close(o, '}');
    json_close(o, ']');
}

void decade_report_close(struct decade *d, uint32_t count)
{
    struct json_out *o = &d->out;

    json_name(o, "group");
    json_open(o, '[');
    json_open(o, '{');
    decade_report_put_count(d, count);
    json_close(o, '}');
    json_close(o, ']');
    decade_close(d);
}

/* of: hospital, kind, the first day of the month, count. */
static int entered(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[of[0]];
    day_number first = (day_number)of[2];
    struct json_out *o = &d->out;
    char measure[32];
    char id[2 * DECADE_ID_MAX];
    char date[DECADE_DATE_MAX];
    unsigned month = 0;
    unsigned day = 0;
    int year = 0;

    (void)err;
    decade_date_of(first, &year, &month, &day);
    snprintf(
        id, sizeof(id), "%s-%.7s-%s", kinds[of[1]], decade_date(first, date), h->id);
    snprintf(measure, sizeof(measure), "volume-%s", kinds[of[1]]);
    decade_report_open(d, id, measure);
    put_period(
        o, "period", first, first + (day_number)time_month_days(year, month) - 1);
    put_reference(o, "reporter", "Organization", h->id);
    decade_report_close(d, of[3]);
    return 0;
}

static uint32_t volume_of(const struct decade *d, struct chance *c, uint32_t hospital,
    uint32_t kind, const int when[2])
{
    bool county = d->hospitals[hospital].tier == TIER_COUNTY;
    uint64_t staff = county ? COUNTY_STAFF : decade_hosts[hospital].staff;
    uint64_t volume = staff * base[kind] * growth[kind][when[0] - 2015] *
                      season[when[1] - 1] / 100000000;

    volume = volume *
             (uint64_t)chance_between(c, 1000 - NOISE_PERMILLE, 1000 + NOISE_PERMILLE) /
             1000;
    return decade_share(d, (uint32_t)volume);
}

/* The last two digits the other way round. */
static uint32_t mistaken(uint32_t count)
{
    return count / 100 * 100 + count % 10 * 10 + count / 10 % 10;
}

static int hospital_month(
    struct decade *d, uint32_t hospital, const int when[2], struct err *err)
{
    struct chance *c = &d->volumes->chance;
    day_number first = decade_day_of(when[0], (unsigned)when[1], 1);
    int r = 0;

    for (uint32_t kind = 0; r == 0 && kind < KINDS; kind++) {
        uint32_t count = volume_of(d, c, hospital, kind, when);
        day_number on = d->day + chance_between(c, 3, 12);
        bool wrong = chance_permille(c, WRONG_PERMILLE);

        if (chance_permille(c, LATE_PERMILLE))
            on += chance_between(c, 25, 90);
        if (chance_permille(c, MISSING_PERMILLE) && when[0] >= 2020)
            continue;
        r = decade_do_later(d, on, entered,
            (const uint32_t[4]){
                hospital, kind, (uint32_t)first, wrong ? mistaken(count) : count},
            err);
        if (r == 0 && wrong)
            r = decade_do_later(d, on + 21, entered,
                (const uint32_t[4]){hospital, kind, (uint32_t)first, count}, err);
    }
    return r;
}

/* Each month the month before is written down. */
static int month(struct decade *d, void *keep, struct err *err)
{
    unsigned number = 0;
    unsigned day = 0;
    int when[2] = {0, 0};
    int r = 0;

    (void)keep;
    decade_date_of(d->day - 1, &when[0], &number, &day);
    when[1] = (int)number;
    if (when[0] < 2015)
        return 0;
    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        const struct decade_hospital *h = &d->hospitals[i];

        if (h->written && h->since < d->day - 27 &&
            (h->tier == TIER_ASSISTED || h->tier == TIER_COUNTY))
            r = hospital_month(d, i, when, err);
    }
    return r;
}

/* of: which of life. */
static int life_entered(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct json_out *o = &d->out;
    char id[DECADE_ID_MAX];

    (void)err;
    snprintf(id, sizeof(id), "life-expectancy-%d-d-region-lhasa", life[of[0]].year);
    decade_report_open(d, id, "context-life-expectancy");
    put_reference(o, "subject", "Location", "d-region-lhasa");
    put_period(o, "period", decade_day_of(life[of[0]].year, 1, 1),
        decade_day_of(life[of[0]].year, 12, 31));
    json_name(o, "group");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "measureScore");
    json_open(o, '{');
    json_name(o, "value");
    json_put_raw(o, str_of(life[of[0]].years));
    put_text(o, "unit", "a");
    json_close(o, '}');
    json_close(o, '}');
    json_close(o, ']');
    decade_close(d);
    return 0;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    int r = 0;

    d->volumes = arena_alloc(d->arena, sizeof(*d->volumes));
    if (!d->volumes)
        return err_nomem(err);
    d->volumes->chance = chance_from(d->options.seed, "volumes");
    *keep = d->volumes;
    for (uint32_t i = 0; r == 0 && i < sizeof(life) / sizeof(life[0]); i++)
        r = decade_do_later(d, decade_day_of(life[i].year + 1, 5, 20), life_entered,
            (const uint32_t[4]){i}, err);
    return r;
}

const struct decade_part decade_volumes = {"volumes", begin, month, NULL, NULL};
