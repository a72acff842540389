/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readings become sets, and a set with the facts of its time becomes the engine's questions.
 * NEWS2 gets what it asks for and nothing of the altitude.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/vitals_internal.h"

#define DAY_MS ((utc_ms)24 * 60 * 60 * 1000)
#define MIDDLE_TEMPERATURE 37.0

/* ---- sets ---- */

static int by_time(const void *a, const void *b)
{
    const struct vitals_reading *one = a, *other = b;

    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    /* an order that does not hang on how they were found */
    if (!str_eq(one->record, other->record))
        return str_cmp(one->record, other->record);
    return (int)one->sign - (int)other->sign;
}

/* The same record may come twice: a case names it, and it names the case. */
static bool is_again(
    const struct vitals_reading *one, const struct vitals_reading *other)
{
    return one->record.p && str_eq(one->record, other->record) &&
           one->sign == other->sign && one->at == other->at &&
           ((!one->value && !other->value) ||
               (one->value && other->value && json_equal(one->value, other->value)));
}

static void drop_repeats(struct vitals *v)
{
    size_t kept = 0;

    for (size_t i = 0; i < v->reading_count; i++) {
        if (kept == 0 || !is_again(&v->readings[kept - 1], &v->readings[i]))
            v->readings[kept++] = v->readings[i];
    }
    v->reading_count = kept;
}

static bool belongs(const struct vitals_set *set, const struct vitals_reading *r)
{
    return r->at - set->first <= VITALS_TOGETHER_MS && !set->signs[r->sign];
}

int vitals_group(struct vitals *v, struct err *err)
{
    struct vitals_set *sets = NULL;
    size_t n = 0;
    size_t skip = 0;

    if (v->reading_count == 0)
        return 0;
    qsort(v->readings, v->reading_count, sizeof(*v->readings), by_time);
    drop_repeats(v);
    sets = arena_array(v->a, v->reading_count, sizeof(*sets));
    if (!sets)
        return err_nomem(err);
    for (size_t i = 0; i < v->reading_count; i++) {
        const struct vitals_reading *r = &v->readings[i];

        if (n == 0 || !belongs(&sets[n - 1], r))
            sets[n++].first = r->at;
        sets[n - 1].last = r->at;
        sets[n - 1].signs[r->sign] = r;
    }
    /* where there is more, the oldest set may be a part of one */
    if (v->older && n > 1)
        skip = 1;
    if (n - skip > v->count) {
        skip = n - v->count;
        v->older = true;
    }
    v->sets = sets + skip;
    v->set_count = n - skip;
    return 0;
}

/* ---- facts at a time ---- */

/* The newest of ${facts} that holds at ${at}; NULL: none. */
static const struct vitals_fact *fact_at(const struct vitals_facts *facts, utc_ms at)
{
    const struct vitals_fact *found = NULL;

    for (size_t i = 0; i < facts->count; i++) {
        const struct vitals_fact *f = &facts->list[i];

        if (f->from <= at && at < f->until && (!found || f->from > found->from))
            found = f;
    }
    return found;
}

/* Whole years from ${born} to ${at}. */
static int years_between(utc_ms born, utc_ms at)
{
    int64_t from_year = 0, to_year = 0;
    unsigned from_month = 0, to_month = 0, from_day = 0, to_day = 0;

    time_date(born / DAY_MS - (born % DAY_MS < 0), &from_year, &from_month, &from_day);
    time_date(at / DAY_MS - (at % DAY_MS < 0), &to_year, &to_month, &to_day);
    return (int)(to_year - from_year) -
           (to_month < from_month || (to_month == from_month && to_day < from_day));
}

/* The least and the most years that the date of birth allows; false: it is not known. */
static bool ages_at(const struct vitals *v, utc_ms at, int *ret_least, int *ret_most)
{
    utc_ms lo = 0, hi = 0;

    if (!fhir_date_range(json_get_text(v->patient, "birthDate"), &lo, &hi) || lo > at)
        return false;
    *ret_least = years_between(hi - 1, at);
    *ret_most = years_between(lo, at);
    if (*ret_least < 0)
        *ret_least = 0;
    return true;
}

/* ---- NEWS2 ---- */

static const struct vitals_reading *used(
    const struct vitals_set *set, enum vitals_sign sign)
{
    const struct vitals_reading *r = set->signs[sign];

    return r && !r->unused ? r : NULL;
}

/* Tenths; what lies half way between two goes away from ${middle}, so to no fewer points. */
static int32_t tenths(
    const struct vitals_set *set, enum vitals_sign sign, double middle)
{
    const struct vitals_reading *r = used(set, sign);
    double scaled, whole;

    if (!r)
        return NEWS2_NOT_KNOWN;
    scaled = r->number * 10;
    whole = floor(scaled);
    if (fabs(scaled - whole - 0.5) < 1e-6)
        return (int32_t)(r->number < middle ? whole : whole + 1);
    return (int32_t)lround(scaled);
}

static enum news2_supply supply_of(const struct vitals_set *set)
{
    const struct vitals_reading *flow = used(set, VITALS_OXYGEN_FLOW);
    const struct vitals_reading *share = used(set, VITALS_OXYGEN_SHARE);

    if (!flow && !share)
        return (enum news2_supply)0;
    /* a flow that is not a number was not written down */
    if ((flow && !(flow->number <= 0)) || (share && share->number > 21))
        return NEWS2_OXYGEN;
    return NEWS2_AIR;
}

static void judge_news2(
    const struct vitals *v, const struct vitals_set *set, struct vitals_judgement *j)
{
    const struct vitals_reading *mind = used(set, VITALS_CONSCIOUSNESS);
    struct news2_patient patient = {.age_years = -1};
    struct news2_vitals vitals = {
        .respiration = tenths(set, VITALS_RESPIRATION, 0),
        .saturation = tenths(set, VITALS_SATURATION, 101),
        .systolic = tenths(set, VITALS_SYSTOLIC, 0),
        .pulse = tenths(set, VITALS_PULSE, 0),
        .temperature = tenths(set, VITALS_TEMPERATURE, MIDDLE_TEMPERATURE),
        .supply = supply_of(set),
        .consciousness =
            mind ? (enum news2_consciousness)mind->code : (enum news2_consciousness)0,
    };
    int least = 0, most = 0;

    /* a year of birth alone may leave it open */
    if (ages_at(v, set->last, &least, &most) &&
        (least >= NEWS2_ADULT_YEARS || most < NEWS2_ADULT_YEARS))
        patient.age_years = least;
    j->pregnant = fact_at(&v->pregnancies, set->last);
    if (j->pregnant && !j->pregnant->yes)
        j->pregnant = NULL;
    patient.pregnant = j->pregnant != NULL;
    j->scale_2 = fact_at(&v->failures, set->last);
    vitals.scale = j->scale_2 ? NEWS2_SCALE_2 : NEWS2_SCALE_1;
    j->score = news2_score(&patient, &vitals);
}

/* ---- the altitude ---- */

/* Where the set was taken: as it says itself, else the hospital, else the home. */
static void judge_place(
    const struct vitals *v, const struct vitals_set *set, struct vitals_judgement *j)
{
    const struct vitals_reading *r = set->signs[VITALS_SATURATION];

    if (r && vitals_metres(r->height, &j->place.metres, &j->place.value)) {
        j->place.from = "observation";
        j->place.record = r->record;
    } else {
        j->place = v->hospital.from ? v->hospital : v->address;
    }
    if (!j->place.from)
        j->place.metres = ALTITUDE_NOT_KNOWN;
}

static void judge_stay(
    const struct vitals *v, const struct vitals_set *set, struct vitals_judgement *j)
{
    j->days = -1;
    j->ascent = fact_at(&v->ascents, set->last);
    if (j->ascent) {
        utc_ms days = (set->last - j->ascent->from) / DAY_MS;

        j->days = days > INT32_MAX ? INT32_MAX : (int)days;
        j->stay_from = "recorded";
    } else if (j->place.from && v->address.from &&
               j->place.metres - v->address.metres <= VITALS_HOME_METRES) {
        j->stay_from = "lives-here";
    }
}

static void judge_altitude(
    const struct vitals *v, const struct vitals_set *set, struct vitals_judgement *j)
{
    const struct vitals_reading *saturation = used(set, VITALS_SATURATION);
    bool lives_here = j->stay_from && !j->ascent;
    int least = 0, most = 0;
    bool aged = ages_at(v, set->last, &least, &most);
    struct altitude_question q = {.altitude_m = j->place.metres,
        .days_since_ascent = lives_here ? ALTITUDE_SETTLED_DAYS : j->days,
        .age_years = aged ? least : ALTITUDE_NOT_KNOWN,
        .on_oxygen = supply_of(set) == NEWS2_OXYGEN,
        .saturation = saturation ? saturation->number : ALTITUDE_NOT_KNOWN};

    j->age_group = "unknown";
    if (aged && most < 1)
        j->age_group = "infant";
    else if (aged && least >= 1 && most < NEWS2_ADULT_YEARS)
        j->age_group = "child";
    else if (aged && least >= NEWS2_ADULT_YEARS)
        j->age_group = "adult";
    j->altitude = altitude_saturation(&q);
}

/* ---- Lake Louise ---- */

static int points_of(const struct vitals_set *set, enum vitals_sign sign)
{
    const struct vitals_reading *r = used(set, sign);

    return r ? (int)r->number : LAKE_LOUISE_NOT_KNOWN;
}

static bool flag_of(const struct vitals_set *set, enum vitals_sign sign)
{
    const struct vitals_reading *r = used(set, sign);

    return r && r->number > 0;
}

static void judge_sickness(const struct vitals_set *set, struct vitals_judgement *j)
{
    for (int i = VITALS_HEADACHE; i < VITALS_SIGNS; i++)
        j->sickness_asked |= used(set, (enum vitals_sign)i) != NULL;
    /* whoever lives here has not just come up */
    j->signs = (struct lake_louise_signs){.headache = points_of(set, VITALS_HEADACHE),
        .stomach = points_of(set, VITALS_STOMACH),
        .fatigue = points_of(set, VITALS_FATIGUE),
        .dizziness = points_of(set, VITALS_DIZZINESS),
        .days_since_ascent =
            j->stay_from && !j->ascent ? LAKE_LOUISE_RECENT_DAYS + 1 : j->days,
        .unsteady = flag_of(set, VITALS_UNSTEADY),
        .mind_changed = flag_of(set, VITALS_MIND_CHANGED),
        .breathless_at_rest = flag_of(set, VITALS_BREATHLESS),
        .cough_with_froth = flag_of(set, VITALS_FROTH),
        .far_below_peers = flag_of(set, VITALS_BELOW_PEERS)};
    j->sickness = lake_louise_score(&j->signs);
}

void vitals_judge(
    const struct vitals *v, const struct vitals_set *set, struct vitals_judgement *ret)
{
    *ret = (struct vitals_judgement){.days = -1};
    judge_news2(v, set, ret);
    judge_place(v, set, ret);
    judge_stay(v, set, ret);
    judge_altitude(v, set, ret);
    judge_sickness(set, ret);
}
