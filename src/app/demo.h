/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demonstration: the hospitals of data/places.csv with departments and invented people,
 * and 300 cases in every state, or in small a dozen of them. Always the same records under
 * the same ids; only the times follow the clock, so that open cases look open. Loading it
 * again brings what it made back to that state and touches nothing else.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/app.h"

/* Names of tokens worth making for the demonstration: who can sign in as whom. */
struct app_demo_person {
    const char *name;
    const char *role;         /* clinician, expert, administrator */
    const char *practitioner; /* "Practitioner/ID" */
    const char *organization; /* "Organization/ID"; "": all of them */
    bool small;               /* of the small demonstration too */
};
extern const struct app_demo_person app_demo_people[];
extern const size_t app_demo_people_count;

/* Store it; ${small}: only the part that is small. Errors as the store's; E_BUG if a record of
 * ours is not valid. */
int app_demo_load(struct app *app, bool small, struct err *err);

#endif
