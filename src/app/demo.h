/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small demonstration: the hospitals of data/places.csv with departments and invented
 * people, and a dozen cases in several states. Always the same records under the same
 * ids; only the times follow the clock, so that open cases look open. Loading it again
 * brings what it made back to that state and touches nothing else.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/app.h"

/* Names of tokens worth making for the demonstration: who can sign in as whom. */
struct app_demo_person {
    const char *name;
    const char *role;         /* clinician, expert, administrator */
    const char *practitioner; /* "Practitioner/ID" */
    const char *organization; /* "Organization/ID" */
};
extern const struct app_demo_person app_demo_people[];
extern const size_t app_demo_people_count;

/* Store it. Errors as the store's; E_BUG if a record of ours is not valid. */
int app_demo_load(struct app *app, struct err *err);

#endif
