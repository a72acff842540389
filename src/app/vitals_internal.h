/* SPDX-License-Identifier: Apache-2.0 */
/*
 * $vitals: what was measured of a patient, as sets taken together, each with its NEWS2 and,
 * beside it and under its own name, what the altitude means. docs/VITALS.md says what is
 * computed and what is not validated; the computing is engine/vitals'.
 *
 *   vitals.c         who may ask, what is asked
 *   vitals_find.c    the records, each asked about before it is read
 *   vitals_take.c    an Observation becomes readings, and facts about the patient
 *   vitals_judge.c   readings become sets; a set and the facts become the engine's questions
 *   vitals_write.c   the answer, as Parameters
 *
 * Memory is the call's arena throughout. One thread at a time.
 */
#ifndef APP_VITALS_INTERNAL_H
#define APP_VITALS_INTERNAL_H

#include "app/app_internal.h"
#include "engine/vitals/altitude.h"
#include "engine/vitals/lake_louise.h"
#include "engine/vitals/news2.h"

/* Readings of one round at a bed: so long after its first, unless a sign comes again. */
#define VITALS_TOGETHER_MS ((utc_ms)15 * 60 * 1000)

/* A place so much above where somebody lives is no ascent that matters. Ours, after the
 * rule of at most 500 m more a night. */
#define VITALS_HOME_METRES 500.0

/* A pregnancy that was noted counts so long. */
#define VITALS_PREGNANT_MS ((utc_ms)300 * 24 * 60 * 60 * 1000)

enum vitals_sign {
    VITALS_RESPIRATION,
    VITALS_SATURATION,
    VITALS_OXYGEN_FLOW,
    VITALS_OXYGEN_SHARE,
    VITALS_SYSTOLIC,
    VITALS_DIASTOLIC,
    VITALS_PULSE,
    VITALS_CONSCIOUSNESS,
    VITALS_TEMPERATURE,
    /* the Lake Louise questions: 0 to 3, then the red flags: yes or no */
    VITALS_HEADACHE,
    VITALS_STOMACH,
    VITALS_FATIGUE,
    VITALS_DIZZINESS,
    VITALS_UNSTEADY,
    VITALS_MIND_CHANGED,
    VITALS_BREATHLESS,
    VITALS_FROTH,
    VITALS_BELOW_PEERS,
    VITALS_SIGNS
};

/* What the answer calls a sign. */
const char *vitals_sign_name(enum vitals_sign sign);

/* Is ${observation} of vital signs that are taken? Is one of its values beyond what a body shows? */
bool vitals_is(const struct json *observation);
bool vitals_impossible(const struct json *observation);

struct vitals_reading {
    enum vitals_sign sign;
    utc_ms at;
    struct str at_text;        /* as written; p NULL: the time of asking */
    struct str record;         /* "Observation/ID"; p NULL: it has no id */
    struct str value_name;     /* "valueQuantity"; p NULL: none */
    const struct json *value;  /* as written */
    const struct json *height; /* Quantity: where it was measured, if it says so */
    struct str display;        /* the code's LOINC name; p NULL: a code of ours */
    double number;             /* of a quantity; 0 to 3; a flag: 0 or 1 */
    int code;                  /* consciousness: enum news2_consciousness */
    const char *unused;        /* why the value does not count; NULL: it does */
};

/* A fact from a point in time on. */
struct vitals_fact {
    utc_ms from, until;
    struct str text; /* the point in time, as written */
    struct str record;
    bool yes;
};

struct vitals_facts {
    struct vitals_fact *list;
    size_t count, cap;
};

struct vitals_set {
    utc_ms first, last;
    const struct vitals_reading *signs[VITALS_SIGNS]; /* NULL: not taken */
};

struct vitals_place {
    const char *from; /* "observation", "hospital", "address"; NULL: not known */
    double metres;
    const struct json *value; /* the number as written */
    struct str record;
};

/* What was given to the engine for one set, and what it said. */
struct vitals_judgement {
    struct news2_score score;
    const struct vitals_fact *scale_2; /* NULL: scale 1 */
    const struct vitals_fact *pregnant;
    struct vitals_place place;
    const struct vitals_fact *ascent; /* NULL: none is recorded */
    const char *stay_from;            /* "recorded", "lives-here", or NULL: not known */
    int days;                         /* since the ascent; negative: not known */
    const char *age_group;            /* "infant", "child", "adult", "unknown" */
    struct altitude_answer altitude;
    bool sickness_asked; /* a Lake Louise answer or a red flag is recorded */
    struct lake_louise_signs signs;
    struct lake_louise_score sickness;
};

/* A record that could not be placed. */
struct vitals_left_out {
    struct str record;
    const char *why;
};

struct vitals {
    struct app_call *call;
    const struct rest *rest;
    struct arena *a;
    struct store_reader *snapshot;
    struct search_bases bases;
    bool trial; /* a Bundle was posted: nothing else is looked at */
    bool of_case;

    /* what is asked */
    size_t count;
    utc_ms from, until;

    /* what there is */
    const struct json *patient;
    struct str patient_name; /* "Patient/ID"; p NULL: none */
    struct vitals_reading *readings;
    size_t reading_count, reading_cap;
    struct vitals_facts ascents, pregnancies, failures;
    struct vitals_place hospital, address;
    struct vitals_left_out *left_out;
    size_t left_out_count, left_out_cap;
    size_t looked_at;        /* Observations */
    bool older;              /* there are older sets than those below */
    struct vitals_set *sets; /* the oldest first */
    size_t set_count;
};

/* ---- vitals.c ---- */

/* What the case ${id} shares, gathered, grouped and ready to be judged, for the node's own use:
 * ${call} is one in its name, and nobody is asked. Memory from ${call}'s arena. */
int vitals_of_case(struct app_call *call, struct store_reader *snapshot, struct str id,
    struct vitals *ret, struct err *err);

/* ---- vitals_find.c ---- */

/* Fill ${v} by what the caller may read of ${v->rest}'s patient or case. */
int vitals_find(struct vitals *v, struct err *err);

/* The altitude of the hospital that looks after ${v->patient}, from its Location. */
int vitals_find_hospital(struct vitals *v, struct err *err);

/* ---- vitals_take.c ---- */

/* Readings and facts in ${resource}, an Observation or a Condition. ${sets} false: only the
 * facts. */
int vitals_take(
    struct vitals *v, const struct json *resource, bool sets, struct err *err);

/* Codes of all that is taken, as values of a search: "system|code,...". */
const char *vitals_codes(void);
const char *vitals_fact_codes(void);
const char *vitals_condition_codes(void);

/* The altitude extension of an Address or an Observation: its Quantity; NULL: none. */
const struct json *vitals_height(const struct json *element);

/* ${quantity} in metres: true and ${ret_metres}, ${ret_value}. */
bool vitals_metres(
    const struct json *quantity, double *ret_metres, const struct json **ret_value);

/* ---- vitals_judge.c ---- */

/* Order ${v->readings} and make ${v->sets} of them, the newest ${v->count}. */
int vitals_group(struct vitals *v, struct err *err);

void vitals_judge(
    const struct vitals *v, const struct vitals_set *set, struct vitals_judgement *ret);

/* ---- vitals_write.c ---- */

void vitals_write(const struct vitals *v);

#endif
