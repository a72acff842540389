/* SPDX-License-Identifier: Apache-2.0 */
/* The arrival check that says whether somebody is fit for a height (docs/TEAMS.md). */
#ifndef APP_FITNESS_H
#define APP_FITNESS_H

#include "json/json.h"

/* Is ${extension}, of a PractitionerRole, that check? */
bool fitness_is(const struct json *extension);

#endif
