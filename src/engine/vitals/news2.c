/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NEWS2. The chart is a table of upper ends: a value belongs to the first row whose end it
 * does not exceed.
 */
#include "engine/vitals/news2.h"

#define WORSE_POINTS 2

/* One row of the chart: up to ${end}, in the sign's own unit, so many ${points}. */
struct row {
    int32_t end;
    int points;
};

#define REST INT32_MAX

static const struct row respiration_rows[] = {
    {8, 3}, {11, 1}, {20, 0}, {24, 2}, {REST, 3}};
static const struct row saturation_rows[] = {{91, 3}, {93, 2}, {95, 1}, {REST, 0}};
static const struct row saturation_2_air_rows[] = {
    {83, 3}, {85, 2}, {87, 1}, {REST, 0}};
static const struct row saturation_2_oxygen_rows[] = {
    {83, 3}, {85, 2}, {87, 1}, {92, 0}, {94, 1}, {96, 2}, {REST, 3}};
static const struct row systolic_rows[] = {
    {90, 3}, {100, 2}, {110, 1}, {219, 0}, {REST, 3}};
static const struct row pulse_rows[] = {
    {40, 3}, {50, 1}, {90, 0}, {110, 1}, {130, 2}, {REST, 3}};
/* in tenths of a degree, as the chart */
static const struct row temperature_rows[] = {
    {350, 3}, {360, 1}, {380, 0}, {390, 1}, {REST, 2}};

static int points_of(const struct row *rows, int32_t value)
{
    while (value > rows->end)
        rows += 1;
    return rows->points;
}

/* The points of ${tenths} in a chart of whole numbers. */
static int points_of_tenths(const struct row *rows, int32_t tenths)
{
    int64_t whole, rest;
    int below, above;

    if (tenths == NEWS2_NOT_KNOWN)
        return -1;
    whole = tenths / 10 - (tenths % 10 < 0);
    rest = tenths - whole * 10;
    below = points_of(rows, (int32_t)whole);
    above = points_of(rows, (int32_t)whole + 1);
    if (rest == 5)
        return below > above ? below : above;
    return rest < 5 ? below : above;
}

/* Scale 2 gives points for too much oxygen; one who breathes air has no such points. Whose
 * supply is not known gets the fewer, and the supply is missing anyway. */
static int points_of_saturation(const struct news2_vitals *v)
{
    const struct row *rows = saturation_rows;

    if (v->scale == NEWS2_SCALE_2)
        rows = v->supply == NEWS2_OXYGEN ? saturation_2_oxygen_rows
                                         : saturation_2_air_rows;
    return points_of_tenths(rows, v->saturation);
}

static void fill_points(int points[NEWS2_SIGNS], const struct news2_vitals *v)
{
    points[NEWS2_RESPIRATION] = points_of_tenths(respiration_rows, v->respiration);
    points[NEWS2_SATURATION] = points_of_saturation(v);
    points[NEWS2_SUPPLY] = v->supply == 0 ? -1 : v->supply == NEWS2_OXYGEN ? 2 : 0;
    points[NEWS2_SYSTOLIC] = points_of_tenths(systolic_rows, v->systolic);
    points[NEWS2_PULSE] = points_of_tenths(pulse_rows, v->pulse);
    points[NEWS2_CONSCIOUSNESS] = v->consciousness == 0             ? -1
                                  : v->consciousness == NEWS2_ALERT ? 0
                                                                    : 3;
    points[NEWS2_TEMPERATURE] = v->temperature == NEWS2_NOT_KNOWN
                                    ? -1
                                    : points_of(temperature_rows, v->temperature);
}

static enum news2_band band_of(const struct news2_score *s)
{
    if (s->total >= 7)
        return NEWS2_HIGH;
    if (s->total >= 5)
        return NEWS2_MEDIUM;
    if (s->single)
        return NEWS2_LOW_MEDIUM;
    return s->complete ? NEWS2_LOW : NEWS2_NONE;
}

static int hours_of(const struct news2_score *s)
{
    switch (s->band) {
    case NEWS2_LOW:
        return s->total == 0 ? 12 : 6;
    case NEWS2_LOW_MEDIUM:
    case NEWS2_MEDIUM:
        return 1;
    case NEWS2_HIGH:
        return 0;
    case NEWS2_NONE:
        break;
    }
    return -1;
}

static enum news2_refusal refusal_of(const struct news2_patient *patient)
{
    if (patient->age_years < 0)
        return NEWS2_AGE_UNKNOWN;
    if (patient->age_years < NEWS2_ADULT_YEARS)
        return NEWS2_CHILD;
    return patient->pregnant ? NEWS2_PREGNANT : NEWS2_SCORED;
}

struct news2_score news2_score(
    const struct news2_patient *patient, const struct news2_vitals *vitals)
{
    struct news2_score s = {.refusal = refusal_of(patient)};

    if (s.refusal != NEWS2_SCORED)
        return s;
    s.complete = true;
    fill_points(s.points, vitals);
    for (int i = 0; i < NEWS2_SIGNS; i++) {
        if (s.points[i] < 0)
            s.complete = false;
        else
            s.total += s.points[i];
        if (s.points[i] == 3)
            s.single = true;
    }
    s.band = band_of(&s);
    s.hours_between = hours_of(&s);
    return s;
}

bool news2_worse(const struct news2_score *before, const struct news2_score *now)
{
    /* from too little known to a low band is no change for the worse */
    enum news2_band was = before->band > NEWS2_LOW ? before->band : NEWS2_LOW;
    int more = 0;

    if (before->refusal != NEWS2_SCORED || now->refusal != NEWS2_SCORED)
        return false;
    if (now->band > was)
        return true;
    for (int i = 0; i < NEWS2_SIGNS; i++) {
        if (before->points[i] < 0 || now->points[i] < 0)
            continue;
        if (now->points[i] == 3 && before->points[i] < 3)
            return true;
        more += now->points[i] - before->points[i];
    }
    return more >= WORSE_POINTS;
}
