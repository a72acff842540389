/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demonstration's parts.
 *
 *   demo.c          loading, and how records are written
 *   demo_network.c  hospitals, departments, pairs, people
 *   demo_case.c     patients and cases
 *   demo_places.c, demo_people.c, demo_cases.c     the data
 */
#ifndef APP_DEMO_INTERNAL_H
#define APP_DEMO_INTERNAL_H

#include "app/app_internal.h"
#include "app/demo.h"

struct demo_place {
    const char *id;
    const char *name;
    const char *country;
    const char *tier; /* region, prefecture, county, sending, abroad */
    const char *parent;
    const char *latitude; /* as written, so that decimals stay */
    const char *longitude;
    int altitude; /* metres */
    const char *twin;
};
extern const struct demo_place demo_places[];
extern const size_t demo_place_count;

struct demo_doctor {
    const char *id;
    const char *family;
    const char *given;
    const char *gender;
    const char *place;      /* whose hospital */
    const char *department; /* demo_departments[].id, or NULL */
    const char *role;       /* in words */
};
extern const struct demo_doctor demo_doctors[];
extern const size_t demo_doctor_count;

struct demo_department {
    const char *id;
    const char *name;
};
extern const struct demo_department demo_departments[];
extern const size_t demo_department_count;

struct demo_vitals {
    const char *breaths;
    const char *saturation;
    const char *oxygen; /* L/min; "0": air */
    const char *systolic;
    const char *diastolic;
    const char *pulse;
    const char *temperature;
    const char *consciousness;
};

struct demo_message {
    const char *kind; /* answer, question, message; NULL: no more */
    const char *from; /* demo_doctors[].id */
    int after;        /* minutes after the case was opened */
    const char *text;
};

#define DEMO_MESSAGES 3

struct demo_case {
    const char *id;
    /* the patient */
    const char *name;
    const char *gender;
    const char *birth_date; /* NULL: years */
    int days;               /* old, where there is no birth_date */
    const char *place;
    /* the case */
    const char *asker;
    const char *expert; /* who took it; NULL: nobody yet */
    const char *urgency;
    const char *state; /* waiting, taken, question-back, answered */
    int age;           /* minutes since it was opened */
    const char *question;
    const char *story;
    struct demo_vitals vitals;
    struct demo_message messages[DEMO_MESSAGES];
};
extern const struct demo_case demo_cases[];
extern const size_t demo_case_count;

/* A transaction being written. */
struct demo {
    struct app *app;
    utc_ms now;
    struct json_out out;
};

/* Begin an entry that PUTs ${type}/${id}: the resource is open, its type and id are
 * written. demo_end() closes it. */
void demo_begin(struct demo *d, const char *type, const char *id);
void demo_end(struct demo *d, const char *type, const char *id);

void demo_put(struct demo *d, const char *name, const char *text);
/* name: {"reference": "type/id", "display": display} */
void demo_refer(struct demo *d, const char *name, const char *type, const char *id,
    const char *display);
/* An open '{' for the member ${name}; '[' where ${list}. */
void demo_open(struct demo *d, const char *name, char bracket);
void demo_close(struct demo *d, char bracket);
/* name: {"coding":[{"system","code"}],"text"} */
void demo_concept(struct demo *d, const char *name, const char *system,
    const char *code, const char *text);
/* An instant ${minutes} before now. */
void demo_time(struct demo *d, const char *name, int minutes);

const struct demo_place *demo_place_find(const char *id);
const struct demo_doctor *demo_doctor_find(const char *id);
/* "Tenzin Lhamo" into ${out}. */
void demo_doctor_name(const struct demo_doctor *doctor, char out[128]);
/* The town without what stands in brackets, into ${out}. */
void demo_town(const struct demo_place *place, char out[128]);

/* ---- what is written ---- */

void demo_write_network(struct demo *d);
void demo_write_cases(struct demo *d);
/* The second step of cases that were taken: their Task as it stands now. */
void demo_write_progress(struct demo *d);

#endif
