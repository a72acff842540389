/* SPDX-License-Identifier: Apache-2.0 */
/* The expected saturation: formulas and their sources are in the header. */
#include "engine/vitals/altitude.h"

#include <math.h>

#define WATER_VAPOUR 47.0 /* torr, in warm airways */
#define OXYGEN_SHARE 0.2093
#define EXCHANGE_RATIO 0.85

struct body {
    double carbon_dioxide_slope; /* torr less a kilometre */
    double gradient;             /* alveolar to arterial, torr */
    double acidity;              /* pH */
};

static const struct body arrived = {2.75, 6, 7.42}, settled = {2.5, 0, 7.45};

double altitude_pressure(double altitude_m)
{
    double km = altitude_m / 1000;

    return exp(6.63268 - 0.1112 * km - 0.00149 * km * km);
}

double altitude_inspired_oxygen(double altitude_m)
{
    return OXYGEN_SHARE * (altitude_pressure(altitude_m) - WATER_VAPOUR);
}

static double saturation_of(const struct body *body, double altitude_m)
{
    double carbon_dioxide = 40 - body->carbon_dioxide_slope * altitude_m / 1000;
    double alveolar =
        altitude_inspired_oxygen(altitude_m) -
        carbon_dioxide * (OXYGEN_SHARE + (1 - OXYGEN_SHARE) / EXCHANGE_RATIO);
    double x = (alveolar - body->gradient) * pow(10, 0.48 * (body->acidity - 7.40));

    return 100 / (23400 / (x * x * x + 150 * x) + 1);
}

static enum altitude_refusal refusal_of(const struct altitude_question *q)
{
    if (!(q->altitude_m >= ALTITUDE_LOWEST_M && q->altitude_m <= ALTITUDE_HIGHEST_M))
        return ALTITUDE_OUT_OF_RANGE; /* NAN too */
    if (q->on_oxygen)
        return ALTITUDE_ON_OXYGEN;
    return q->age_years < 1 ? ALTITUDE_INFANT : ALTITUDE_ANSWERED;
}

static enum altitude_stay stay_of(int days)
{
    if (days < 0)
        return ALTITUDE_BETWEEN;
    if (days <= ALTITUDE_ARRIVAL_DAYS)
        return ALTITUDE_ARRIVED;
    return days < ALTITUDE_SETTLED_DAYS ? ALTITUDE_BETWEEN : ALTITUDE_SETTLED;
}

static double deviation_of(const struct altitude_answer *answer, double saturation)
{
    if (saturation < answer->middle_low)
        return saturation - answer->middle_low;
    if (saturation > answer->middle_high)
        return saturation - answer->middle_high;
    return saturation - saturation; /* 0, and NAN of NAN */
}

struct altitude_answer altitude_saturation(const struct altitude_question *question)
{
    struct altitude_answer answer = {.refusal = refusal_of(question)};

    if (answer.refusal != ALTITUDE_ANSWERED)
        return answer;
    answer.stay = stay_of(question->days_since_ascent);
    answer.middle_low = saturation_of(
        answer.stay == ALTITUDE_SETTLED ? &settled : &arrived, question->altitude_m);
    answer.middle_high = saturation_of(
        answer.stay == ALTITUDE_ARRIVED ? &arrived : &settled, question->altitude_m);
    answer.low = answer.middle_low - ALTITUDE_BAND_POINTS;
    answer.deviation = deviation_of(&answer, question->saturation);
    answer.below = question->saturation < answer.low;
    return answer;
}
