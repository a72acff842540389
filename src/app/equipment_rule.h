/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equipment from the order to the first patient, and its faults: the words, and what is
 * counted from dates and never typed. Pure; any thread (docs/EQUIPMENT.md).
 */
#ifndef APP_EQUIPMENT_RULE_H
#define APP_EQUIPMENT_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/time.h"

#include "json/json.h"

#define EQUIPMENT_WORK_SYSTEM "https://belay.health/CodeSystem/work"
#define EQUIPMENT_STEP_SYSTEM "https://belay.health/CodeSystem/equipment-step"
#define EQUIPMENT_FAULT_SYSTEM "https://belay.health/CodeSystem/equipment-fault"
#define EQUIPMENT_SERVICE_URL "https://belay.health/StructureDefinition/in-service"
#define EQUIPMENT_EXPECTED_URL                                                         \
    "https://belay.health/StructureDefinition/equipment-expected"
#define EQUIPMENT_DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* In the order in which they usually come. */
enum equipment_step {
    EQUIPMENT_FUNDED,
    EQUIPMENT_ORDERED,
    EQUIPMENT_ARRIVED,
    EQUIPMENT_SITE_READY,
    EQUIPMENT_INSTALLED,
    EQUIPMENT_ACCEPTED,
    EQUIPMENT_TRAINED,
    EQUIPMENT_IN_SERVICE,
    EQUIPMENT_FIRST_PATIENT,
    EQUIPMENT_STEPS
};

const char *equipment_step_code(enum equipment_step step);
enum equipment_step equipment_step_of(struct str code); /* EQUIPMENT_STEPS: none */

/* Whole days that what was due by the end of the day of ${due} is late: until it was done
 * (${done}; 0: it is not), or until ${now}. 0: it is not late, or no day was promised. */
int64_t equipment_days_late(utc_ms due, utc_ms done, utc_ms now);

/* Begun days from ${from} to ${until} (0: now), at least 0. */
int64_t equipment_days_between(utc_ms from, utc_ms until, utc_ms now);

struct equipment_span {
    utc_ms from;
    utc_ms until; /* 0: it goes on */
};

/* Of the time since ${since} or the last ${window} before ${now}, whichever is shorter,
 * how much the ${spans} (which do not overlap) cover, in tenths of a percent, rounded down,
 * so that no fault is rounded away; -1: no time has passed. */
int equipment_uptime(const struct equipment_span *spans, size_t count, utc_ms now,
    int64_t window, int64_t *ret_days);

/* The ${at}th time in service of ${device}; false: there are no more. A time that cannot be
 * read covers nothing. */
bool equipment_span_at(
    const struct json *device, size_t at, struct equipment_span *ret);

/* Does ${concept} hold ${code} of ${system}? */
bool equipment_has_code(
    const struct json *concept, const char *system, const char *code);

#endif
