/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network across borders: a hospital that treats patients of five countries, the hospitals
 * there that are linked to it, and who goes to and fro.
 *
 *   decade_abroad.c    hospitals, links, agreements, research, experts who go abroad
 *   decade_visitors.c  patients from abroad, the beds set aside for them
 *   decade_students.c  who comes from abroad to study
 */
#ifndef APP_DECADE_ABROAD_INTERNAL_H
#define APP_DECADE_ABROAD_INTERNAL_H

#include "app/decade_internal.h"

struct decade_bed {
    day_number free;  /* from this day on */
    day_number since; /* set aside; DECADE_NEVER: not yet */
};

struct decade_visitor {
    uint8_t country; /* index in decade_countries */
    uint8_t name[2];
    bool female;
    uint16_t born; /* year */
};

struct decade_episode {
    uint32_t number;
    uint32_t visitor;
    uint32_t department;
    uint32_t bed; /* DECADE_NONE */
    day_number from, until;
    uint8_t kind;  /* 0 ambulatory, 1 inpatient, 2 emergency */
    bool stranger; /* speaks no language of those who treat them */
    bool translator;
    bool protocol; /* it is named */
};

#define DECADE_BEDS 500
struct decade_abroad {
    struct chance chance;
    struct chance visits;
    struct chance papers; /* which of them name their protocol */
    struct chance students;
    uint32_t hub;   /* hospital */
    uint32_t first; /* hospital abroad; 22 of them stand in a row */
    uint32_t count;
    struct decade_bed beds[DECADE_BEDS];
    struct decade_visitor *visitors;
    uint32_t visitor_count, visitor_room;
    struct decade_episode *episodes; /* that are not over */
    uint32_t episode_count, episode_room;
};

struct decade_country {
    const char *code;
    const char *language;
    uint8_t people;  /* enum decade_names */
    uint16_t weight; /* of its patients */
};
#define DECADE_COUNTRIES 5
extern const struct decade_country decade_countries[DECADE_COUNTRIES];
/* The index of the one in which ${place} lies, which must be one of them. */
uint32_t decade_country_of(const struct decade_place *place);

/* A department of the hospital that treats their patients, by the weights of specialties. */
uint32_t decade_department_visited(const struct decade *d, struct chance *c);

int decade_visitors_begin(struct decade *d, struct err *err);
int decade_visitors_month(struct decade *d, struct err *err);
int decade_students_begin(struct decade *d, struct err *err);

#endif
