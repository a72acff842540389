/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NEWS2, the National Early Warning Score 2 of the Royal College of Physicians (2017):
 * seven signs of an adult, 0 to 3 points each, and how soon somebody must come. It is
 * computed exactly as published and never adapted; what an altitude means for a patient is
 * said beside it and not in it (altitude.h).
 *
 * Invariants of every result:
 *   1. total is the sum of the points of the signs that are known;
 *   2. where signs are missing, total and band are the least they can be, and band is
 *      NEWS2_NONE rather than NEWS2_LOW: not knowing is no reassurance;
 *   3. a band never falls when the points of a sign rise.
 *
 * Pure functions; any thread.
 */
#ifndef ENGINE_VITALS_NEWS2_H
#define ENGINE_VITALS_NEWS2_H

#include <stdbool.h>
#include <stdint.h>

enum news2_sign {
    NEWS2_RESPIRATION,   /* breaths a minute */
    NEWS2_SATURATION,    /* SpO2, per cent */
    NEWS2_SUPPLY,        /* breathing air or oxygen */
    NEWS2_SYSTOLIC,      /* blood pressure, mmHg */
    NEWS2_PULSE,         /* beats a minute */
    NEWS2_CONSCIOUSNESS, /* ACVPU */
    NEWS2_TEMPERATURE,   /* degrees Celsius */
    NEWS2_SIGNS
};

/* The charts' two scales for the saturation. The second is for patients whose target is 88
 * to 92 % because of hypercapnic respiratory failure, as a clinician decided. */
enum news2_scale { NEWS2_SCALE_1, NEWS2_SCALE_2 };

enum news2_supply { NEWS2_AIR = 1, NEWS2_OXYGEN };

enum news2_consciousness {
    NEWS2_ALERT = 1,
    NEWS2_CONFUSED, /* newly */
    NEWS2_VOICE,
    NEWS2_PAIN,
    NEWS2_UNRESPONSIVE
};

/* NEWS2_NOT_KNOWN, or a number with one decimal as an integer of tenths: 36.9 is 369, a
 * pulse of 80 is 800. The chart knows whole numbers (the temperature's tenths): what lies
 * between two of them counts as the nearer, and half way as the one with more points. */
#define NEWS2_NOT_KNOWN INT32_MIN

struct news2_vitals {
    int32_t respiration, saturation, systolic, pulse, temperature; /* tenths */
    enum news2_supply supply;                                      /* 0: not known */
    enum news2_consciousness consciousness;                        /* 0: not known */
    enum news2_scale scale;
};

/* Years from which the chart was made; under it somebody is a child here. */
#define NEWS2_ADULT_YEARS 16

/* Who may not be scored, as the publication says. */
enum news2_refusal {
    NEWS2_SCORED,
    NEWS2_CHILD,      /* signs of children have other norms */
    NEWS2_PREGNANT,   /* physiology is another: use an obstetric score */
    NEWS2_AGE_UNKNOWN /* ask for it; nobody is taken for an adult */
};

enum news2_band {
    NEWS2_NONE,       /* too little is known (invariant 2) */
    NEWS2_LOW,        /* 0 to 4 */
    NEWS2_LOW_MEDIUM, /* one sign alone gives 3 points */
    NEWS2_MEDIUM,     /* 5 or 6 */
    NEWS2_HIGH        /* 7 and more */
};

struct news2_patient {
    int age_years; /* negative: not known */
    bool pregnant;
};

struct news2_score {
    enum news2_refusal refusal; /* else than NEWS2_SCORED: nothing below is set */
    int points[NEWS2_SIGNS];    /* -1: the sign is not known */
    int total;                  /* if signs are missing, the least it can be */
    bool complete;              /* all signs are known */
    bool single;                /* a sign alone gives 3 points */
    enum news2_band band;
    int hours_between; /* at most so many hours until the signs are taken again: 12, 6 (or
                          4), 1, or 0: all the time; -1 without a band */
};

/* Score ${vitals} of ${patient}. Numbers outside of what a body can show are taken as they
 * are: whoever takes them in checks them. */
struct news2_score news2_score(
    const struct news2_patient *patient, const struct news2_vitals *vitals);

/* Has a patient under watch got worse from ${before} to ${now}, so that both sides must be
 * told? True if the band rose, if a sign newly gives 3 points, or if the signs known both
 * times give 2 points more together. The two points are a decision of ours and not of the
 * publication; the bands are its own. Scores that were refused: false. */
bool news2_worse(const struct news2_score *before, const struct news2_score *now);

#endif
