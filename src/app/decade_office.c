/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The office that runs the programme: one coordinator, whose post names no hospital and so holds for all of them. No
 * chance is in it, and nothing else of the decade hangs on it.
 */
#include "app/decade_internal.h"

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct json_out *o = decade_open(d, "Practitioner", DECADE_OFFICE);

    (void)keep;
    (void)err;
    put_bool(o, "active", true);
    put_names(o, "Cao Yurong", NULL);
    decade_close(d);
    o = decade_open(d, "PractitionerRole", DECADE_OFFICE);
    put_bool(o, "active", true);
    put_period(o, "period", d->day, DECADE_NEVER);
    put_reference(o, "practitioner", "Practitioner", DECADE_OFFICE);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "role", "coordinator", "Coordinator of the programme");
    json_close(o, ']');
    decade_close(d);
    return 0;
}

const struct decade_part decade_office = {.name = "office", .begin = begin};
