/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ten years of a programme, invented from one seed: hospitals that join, teams that come and
 * go, people who learn, money, and what followed. The same seed makes the same records with
 * the same ids in the same order, each at the moment at which it would have been written, so
 * that what was known when can be asked for over all ten years. docs/DEMONSTRATION.md says
 * what is made and where each rate comes from.
 */
#ifndef APP_DECADE_H
#define APP_DECADE_H

#include "app/app.h"
#include "app/demo.h"

#define APP_DECADE_SEED 20150801

struct app_decade_options {
    uint64_t seed;
    unsigned share; /* 1: everything; 50: one in fifty of what is counted */
    int last_year;  /* the walk ends with this year's December; 2025: with August */
    int32_t
        last_day; /* with this day instead, in days since 1970-01-01; 0: it does not */
};

struct app_decade_result {
    int64_t records;
    int64_t versions;
};

/* The first moment of it. */
utc_ms app_decade_begin(void);

/*
 * Fill ${app}, a node that holds nothing and was opened for bulk while time was held at
 * app_decade_begin(). Nobody else writes to it meanwhile. E_BUG: a record of ours is not
 * valid; else as the store's.
 */
int app_decade_make(struct app *app, const struct app_decade_options *options,
    struct app_decade_result *ret, struct err *err);

#define APP_DECADE_PEOPLE 7

/*
 * Into ${ret} and ${count}: who of the ten years in ${app} can sign in today: the coordinator of the
 * programme, and at one of its hospitals one of each role that somebody holds; who sees most comes first. Names and
 * references live in ${a}. E_NOMEM; E_BUG; the store's. Any thread.
 */
int app_decade_people(struct app *app, struct arena *a,
    struct app_demo_person ret[APP_DECADE_PEOPLE], size_t *count, struct err *err);

#endif
