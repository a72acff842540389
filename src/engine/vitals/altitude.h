/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What oxygen saturation is to be expected of a healthy body at an altitude, so that a
 * number can be read where it was taken. This is context and not a score: it is not
 * validated, it never changes NEWS2 and never orders oxygen, and every answer carries its
 * source. It goes by altitude and days since the ascent, never by ethnicity.
 *
 * The source is a model (West's atmosphere, the alveolar gas equation and Severinghaus'
 * curve), fitted to two published anchors and no more than illustrative:
 *   PB    = exp(6.63268 - 0.1112 h - 0.00149 h^2) torr, h in km
 *   PIO2  = 0.2093 (PB - 47)
 *   PaCO2 = 40 - s h
 *   PAO2  = PIO2 - PaCO2 (0.2093 + 0.7907 / 0.85)
 *   x     = (PAO2 - AaD) 10^(0.48 (pH - 7.40))
 *   SaO2  = 100 / (23400 / (x^3 + 150 x) + 1) per cent
 * just arrived s 2.75, AaD 6, pH 7.42; settled s 2.5, AaD 0, pH 7.45. The lower end of the
 * band is five points below the middle, as measured in Quito (children, 2,810 m: median
 * 94.5 %, 2.5th percentile 90 %). A table of measured percentiles replaces it as soon as
 * one can be cited.
 *
 * Pure functions; any thread.
 */
#ifndef ENGINE_VITALS_ALTITUDE_H
#define ENGINE_VITALS_ALTITUDE_H

#include <math.h>
#include <stdbool.h>

/* A number of a question that is not known; tested by isnan(). */
#define ALTITUDE_NOT_KNOWN ((double)NAN)

/* Where the model is asked; above is nobody's home and no hospital. */
#define ALTITUDE_LOWEST_M 0
#define ALTITUDE_HIGHEST_M 5500

/* Up to and including this day somebody has just arrived, and from the second on has
 * settled; between the two the band reaches over both. The first is the days of the
 * measurements that the model was fitted to, the second a decision of ours. */
#define ALTITUDE_ARRIVAL_DAYS 3
#define ALTITUDE_SETTLED_DAYS 14

#define ALTITUDE_BAND_POINTS 5.0

enum altitude_stay {
    ALTITUDE_ARRIVED,
    ALTITUDE_BETWEEN, /* also: days since the ascent not known */
    ALTITUDE_SETTLED
};

enum altitude_refusal {
    ALTITUDE_ANSWERED,
    ALTITUDE_OUT_OF_RANGE, /* the altitude is not known, or the model was not made for it */
    ALTITUDE_ON_OXYGEN, /* the model is of people who breathe air */
    ALTITUDE_INFANT     /* under a year: no anchor at all */
};

struct altitude_question {
    double altitude_m;     /* of the place where it was measured; or not known */
    int days_since_ascent; /* since coming up to here; negative: not known. Somebody who
                              lives here: ALTITUDE_SETTLED_DAYS */
    double age_years;      /* not known: taken for over a year */
    bool on_oxygen;
    double saturation; /* measured, per cent; not known: only the band is asked */
};

struct altitude_answer {
    /* else than ALTITUDE_ANSWERED: nothing below is set */
    enum altitude_refusal refusal;
    enum altitude_stay stay;
    /* per cent; the two middles differ for ALTITUDE_BETWEEN alone */
    double low, middle_low, middle_high;
    /* measured minus the nearer middle, 0 between them; not known if only the band was
     * asked */
    double deviation;
    bool below; /* measured below the band */
};

struct altitude_answer altitude_saturation(const struct altitude_question *question);

/* Barometric pressure and inspired oxygen, torr, at ${altitude_m} (0 to 5,500). */
double altitude_pressure(double altitude_m);
double altitude_inspired_oxygen(double altitude_m);

#endif
