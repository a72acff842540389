/* SPDX-License-Identifier: Apache-2.0 */
/* The arrival check that says whether somebody is fit for a height (docs/TEAMS.md). */
#ifndef APP_FITNESS_H
#define APP_FITNESS_H

#include "app/seek.h"
#include "json/json.h"

/* Is ${extension}, of a PractitionerRole, that check? */
bool fitness_is(const struct json *extension);

/* May the caller decide it of ${post}, a PractitionerRole? */
int fitness_may(struct app_call *call, struct seek *s, const struct json *post,
    bool *ret, struct err *err);

/* PractitionerRole/$waiting (fitness_list.c). */
int fitness_waiting(struct app_call *call, const struct rest *rest, struct err *err);

#endif
