/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operation as the logbook reads it, of a Procedure: what was done when and where, who had
 * which part in it, what became of it; and what was said of somebody's part, of the
 * Observation that rates it (docs/adr/0060-the-logbook.md). Pure; what cannot be read is as
 * if it were not there. Views follow from this alone.
 */
#ifndef VIEW_PROCEDURE_H
#define VIEW_PROCEDURE_H

#include "base/limits.h"
#include "base/time.h"

#include "json/json.h"

#define PROCEDURE_SYSTEM "https://belay.health/CodeSystem/procedure"
#define PROCEDURE_FUNCTION_SYSTEM "https://belay.health/CodeSystem/operation-function"
#define PROCEDURE_RESULT_SYSTEM "https://belay.health/CodeSystem/operation-result"
#define PROCEDURE_DEPARTMENT_URL                                                       \
    "https://belay.health/StructureDefinition/operation-department"
#define PROCEDURE_STEP_URL "https://belay.health/StructureDefinition/operation-step"
#define PROCEDURE_IMPORTED_URL                                                         \
    "https://belay.health/StructureDefinition/operation-imported"
#define PROCEDURE_FOLLOW_UP_URL                                                        \
    "https://belay.health/StructureDefinition/operation-follow-up"
#define RATING_SYSTEM "https://belay.health/CodeSystem/rating"
#define RATING_CODE "operation"

/* Where one person has several parts, the first of these counts. Who operated in some steps
 * and not in the whole assisted in the whole (docs/adr/0068-an-older-logbook.md). */
enum procedure_function {
    FUNCTION_OPERATOR,
    FUNCTION_SUPERVISOR,
    FUNCTION_ASSISTANT,
    FUNCTION_OBSERVER,
    FUNCTION_NONE,
};

enum procedure_result {
    RESULT_NOT_ASKED, /* nobody has looked yet */
    RESULT_WELL,
    RESULT_COMPLICATION, /* it mended without another operation or intensive care */
    RESULT_SERIOUS,      /* it did not, or harm remains */
    RESULT_DIED,
    RESULT_UNKNOWN, /* somebody looked, and it cannot be found out */
    RESULTS
};

enum procedure_look { LOOK_DISCHARGE, LOOK_DAY_30, LOOKS };

struct procedure_part {
    struct str who; /* the id of a Practitioner */
    enum procedure_function function;
};

/* Somebody had this function in this step alone. */
struct procedure_step {
    size_t part; /* whose: a place in parts */
    enum procedure_function function;
    struct str step;
};

/* Slices are of the resource. */
struct procedure {
    struct str code; /* of PROCEDURE_SYSTEM */
    utc_ms when;
    struct str department; /* the id of an Organization; p NULL: not said */
    struct procedure_part parts[LIMIT_PROCEDURE_PARTS];
    size_t part_count; /* each person once */
    struct procedure_step steps[LIMIT_PROCEDURE_STEPS];
    size_t step_count;
    enum procedure_result
        results[LOOKS]; /* imported: as the older logbook says, later */
    bool imported;      /* from an older logbook: nobody here saw it */
    bool reviewed;      /* a head of department has looked at what happened */
};

/* Read ${resource}; false: it is no operation that logbooks count: not completed, without a
 * code of ours, a time, or anybody with a function of ours. */
bool procedure_read(const struct json *resource, struct procedure *ret);

enum rating_scale { SCALE_NONE, SCALE_ZWISCH, SCALE_O_SCORE };

struct procedure_rating {
    struct str whom; /* ids */
    struct str by;
    struct str procedure;
    utc_ms when; /* 0: not said */
    enum rating_scale scale;
    int original;    /* on that scale */
    int level;       /* enum independence of engine/competence */
    int performance; /* 1 to 5, the words of SIMPL; 0: not said */
    int difficulty;  /* 1 to 3; 0: not said */
    bool answered;   /* by whom it is about */
    /* What was said of single steps, on the same scale; those beyond the limit are left out. */
    struct procedure_step_rating {
        struct str step;
        int original;
    } steps[LIMIT_OWN_STEPS];
    size_t step_count;
};

/* The highest value on ${scale}. */
int rating_scale_most(enum rating_scale scale);

/* The level on the common scale of ${original} on ${scale}: enum independence. */
int rating_level_of(enum rating_scale scale, int original);

/* Read ${resource}; false: it is no rating of somebody's part in an operation. */
bool procedure_rating_read(const struct json *resource, struct procedure_rating *ret);

/* The codes; the number of a code (FUNCTION_NONE, RESULTS, SCALE_NONE or 0: there is none
 * such). */
const char *procedure_function_code(enum procedure_function function);
enum procedure_function procedure_function_of(struct str code);
const char *procedure_result_code(enum procedure_result result);
enum procedure_result procedure_result_of(struct str code);
const char *procedure_look_code(enum procedure_look look);
const char *rating_scale_code(enum rating_scale scale);
enum rating_scale rating_scale_of(struct str code);
const char *rating_performance_code(int performance);
int rating_performance_of(struct str code);
const char *rating_difficulty_code(int difficulty);
int rating_difficulty_of(struct str code);

/* What is still to be found out, first of all; LOOKS: nothing. Who died needs no second
 * look. */
enum procedure_look procedure_missing(const enum procedure_result found[LOOKS]);

/* Did something serious happen that no head of department has looked at? Of what was
 * imported nobody here knows. */
bool procedure_serious(const enum procedure_result found[LOOKS], bool reviewed);

/* When that look is due. */
utc_ms procedure_due(enum procedure_look look, utc_ms performed);

#endif
