/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes of hospitals and departments, and figures of places: MeasureReports that somebody
 * writes down, a month or a year each (docs/VOLUMES.md). What one is of is its id, so that no
 * month is counted twice, whoever writes it and at whichever node.
 */
#ifndef APP_VOLUME_H
#define APP_VOLUME_H

#include "app/access_internal.h"
#include "app/app_internal.h"

#define VOLUME_MEASURE "https://belay.health/Measure/"
#define VOLUME_STRATUM_SYSTEM "https://belay.health/CodeSystem/indicator-stratum"
#define VOLUME_ID_MAX 64

struct volume_kind {
    const char *name;    /* that its id begins with; of an indicator too */
    const char *measure; /* behind VOLUME_MEASURE */
    bool place;          /* of a place and a year; else of a unit and a month */
    bool score;          /* measureScore.value, in years of a life; else a count */
    bool parts;          /* it may be of those of one sex, or who speak one language */
};

/* Of whom it is: of everybody, or of those whom the code of one stratum names. */
enum volume_part { VOLUME_WHOLE, VOLUME_SEX, VOLUME_LANGUAGE, VOLUME_PARTS };

#define VOLUME_CODE_MAX 16 /* characters of that code */

/* "sex" and "language", as strata of figures are called, and where their codes are from; "" of the whole. */
extern const char *const volume_part_names[VOLUME_PARTS];
extern const char *const volume_part_systems[VOLUME_PARTS];

/* Is ${code} one of ${part}: a sex of FHIR that somebody has, or a language as "bo" or "zh-CN"? */
bool volume_part_has(enum volume_part part, struct str code);

extern const struct volume_kind volume_kinds[];
extern const size_t volume_kind_count;

struct volume {
    const struct volume_kind *kind;
    struct str of;  /* the id of the Organization or Location */
    struct str ref; /* the same as it is referred to */
    int64_t year;
    unsigned month; /* 0: the whole year */
    enum volume_part part;
    struct str code; /* of the part */
    double value;
};

/* The id of what ${v} is of. */
void volume_id(const struct volume *v, char out[VOLUME_ID_MAX + 1]);

/* Is ${write} of a volume under the id that it has to have? Nobody else's can be there. */
bool volume_has_own_id(const struct access_write *write);

/* Does ${write}, if it is of a volume, say what can be counted, under its own id? E_INVALID. */
int volume_check_form(const struct access_write *write, struct err *err);

/* May the caller write it? Coordinators, and the directors, heads of departments and programs of the
 * hospital; figures of a place coordinators and the programme. E_FORBIDDEN. */
int volume_check(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err);

#endif
